// SPDX-License-Identifier: GPL-2.0-or-later
/* An IKE SA in JSON, as "show" has it; what the loop knows of it is added there. */
#include <arpa/inet.h>
#include <stdio.h>

#include "ike/alg.h"
#include "ike/cert.h"
#include "vpnhad/conn.h"
#include "vpnhad/show.h"

/* Strings of a peer's may be anything but UTF-8. */
json_t *show_text(const char *text)
{
	json_t *s = json_string(text);

	return s ? s : json_string("?");
}

json_t *show_endpoint(const struct ike_endpoint *e)
{
	char address[INET6_ADDRSTRLEN];

	if (!e->family || !inet_ntop(e->family, e->address, address, sizeof(address)))
		return json_null();
	return json_pack("{s:s,s:i}", "address", address, "port", e->port);
}

json_t *show_identity(const struct ike_identity *id)
{
	char text[IKE_ID_TEXT_LEN];

	if (!id || !id->type)
		return json_null();
	return show_text(ike_id_text(text, id->type, (struct ike_chunk){ id->data, id->len }));
}

json_t *show_error(const struct conn_error *e, uint64_t now_ms)
{
	json_t *o = json_object();

	json_object_set_new(o, "text", show_text(e->text));
	json_object_set_new(o, "theirs", show_text(e->theirs));
	json_object_set_new(o, "ours", show_text(e->ours));
	json_object_set_new(o, "age_s", json_integer(show_seconds_since(e->at_ms, now_ms)));
	return o;
}

static json_t *error_of(const struct ike_sa_info *info, uint64_t now_ms)
{
	struct conn_error e = { .at_ms = info->error_ms };

	if (!info->error || !info->error[0])
		return json_null();
	snprintf(e.text, sizeof(e.text), "%s", info->error);
	snprintf(e.theirs, sizeof(e.theirs), "%s", info->error_theirs ? info->error_theirs : "");
	snprintf(e.ours, sizeof(e.ours), "%s", info->error_ours ? info->error_ours : "");
	return show_error(&e, now_ms);
}

static json_t *alg_text(const struct ike_alg *alg, enum ike_protocol protocol)
{
	char text[IKE_ALG_TEXT_LEN];

	return alg ? json_string(ike_alg_text(text, alg, protocol)) : json_null();
}

static json_t *spi64(const uint8_t *spi)
{
	char text[2 * IKE_SPI_LEN_MAX + 1];

	for (size_t n = 0; n < IKE_SPI_LEN_MAX; n++)
		snprintf(text + 2 * n, 3, "%02x", spi[n]);
	return json_string(text);
}

static json_t *spi32(uint32_t spi)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08X", spi);
	return json_string(text);
}

static const char *proof(unsigned int proved)
{
	switch (proved) {
	case IKE_PROVE_PSK:
		return "pre-share";
	case IKE_PROVE_RSA:
		return "rsa-sig";
	case IKE_PROVE_ECDSA:
		return "ecdsa-sig";
	case IKE_PROVE_EDDSA:
		return "eddsa-sig";
	default:
		return "";
	}
}

static json_t *selectors(const struct ike_selectors *s)
{
	char text[IKE_SELECTOR_TEXT_LEN];
	json_t *list = json_array();

	for (unsigned int n = 0; s && n < s->n; n++)
		json_array_append_new(list, json_string(ike_selector_text(text, &s->list[n])));
	return list;
}

static json_t *child(const struct ike_child_info *info, uint64_t now_ms)
{
	const struct ike_child_policy *policy = info->policy;
	const struct ike_suite *suite = info->suite;
	json_t *o = json_object();

	json_object_set_new(o, "interface", show_text(policy ? policy->ifname : ""));
	json_object_set_new(o, "map", show_text(policy ? policy->map : ""));
	json_object_set_new(o, "number", json_integer(policy ? policy->number : 0));
	json_object_set_new(o, "dynamic_number", policy && policy->dynamic_number ?
			    json_integer(policy->dynamic_number) : json_null());
	json_object_set_new(o, "state", json_string(info->state));
	json_object_set_new(o, "spi_in", spi32(info->spi_in));
	json_object_set_new(o, "spi_out", spi32(info->spi_out));
	json_object_set_new(o, "local_ts", selectors(info->local));
	json_object_set_new(o, "remote_ts", selectors(info->remote));
	json_object_set_new(o, "encryption", alg_text(suite ? suite->encr : NULL,
						      IKE_PROTOCOL_ESP));
	json_object_set_new(o, "integrity", alg_text(suite ? suite->integ : NULL,
						     IKE_PROTOCOL_ESP));
	json_object_set_new(o, "pfs", alg_text(suite ? suite->dh : NULL, IKE_PROTOCOL_ESP));
	json_object_set_new(o, "esn", json_boolean(suite && suite->esn));
	json_object_set_new(o, "mode", json_string(info->transport ? "transport" : "tunnel"));
	json_object_set_new(o, "age_s", json_integer(show_seconds_since(info->since_ms, now_ms)));
	json_object_set_new(o, "rekey_in_s", show_seconds_until(info->rekey_ms, now_ms));
	json_object_set_new(o, "rekeys", json_integer(info->rekeys));
	return o;
}

static json_t *children(const struct ike_sa_info *info, uint64_t now_ms)
{
	json_t *list = json_array();

	for (size_t n = 0; n < info->n_children; n++)
		json_array_append_new(list, child(&info->children[n], now_ms));
	return list;
}

static void add_suite(json_t *o, const struct ike_suite *suite)
{
	json_object_set_new(o, "encryption", alg_text(suite ? suite->encr : NULL,
						      IKE_PROTOCOL_IKE));
	json_object_set_new(o, "integrity", alg_text(suite ? suite->integ : NULL,
						     IKE_PROTOCOL_IKE));
	json_object_set_new(o, "prf", alg_text(suite ? suite->prf : NULL, IKE_PROTOCOL_IKE));
	json_object_set_new(o, "group", alg_text(suite ? suite->dh : NULL, IKE_PROTOCOL_IKE));
}

static void add_profile(json_t *o, const struct ike_sa_info *info)
{
	const struct ike_profile *p = info->profile;
	json_t *dpd = json_object(), *nat = json_object();

	json_object_set_new(o, "profile", show_text(p ? p->name : ""));
	json_object_set_new(o, "lifetime_s", json_integer(p ? (json_int_t)(p->lifetime_ms / 1000) :
							      0));
	json_object_set_new(dpd, "interval_s", json_integer(p ? (json_int_t)(p->dpd_ms / 1000) :
								0));
	json_object_set_new(dpd, "retry_s", json_integer(p ? (json_int_t)(p->dpd_retry_ms / 1000) :
							     0));
	json_object_set_new(dpd, "mode", json_string(p && p->dpd_periodic ? "periodic" :
									   "on-demand"));
	json_object_set_new(dpd, "outstanding", json_boolean(info->dpd_outstanding));
	json_object_set_new(o, "dpd", dpd);
	json_object_set_new(nat, "local", json_boolean(info->nat_local));
	json_object_set_new(nat, "remote", json_boolean(info->nat_remote));
	json_object_set_new(nat, "keepalive_s",
			    json_integer(p ? (json_int_t)(p->nat_keepalive_ms / 1000) : 0));
	json_object_set_new(o, "nat", nat);
}

/**
 * conn_show() - An IKE SA in JSON.
 * @sa: it
 * @now_ms: what time it is
 *
 * Context: whoever runs @sa.
 *
 * Return: the caller's, or NULL.
 */
json_t *conn_show(const struct ike_sa *sa, uint64_t now_ms)
{
	struct ike_sa_info info;
	json_t *o, *ids;

	if (!ike_sa_info(sa, &info))
		return NULL;
	o = json_object();
	ids = json_object();
	json_object_set_new(o, "version", json_integer(2));
	json_object_set_new(o, "role", json_string(info.initiator ? "initiator" : "responder"));
	json_object_set_new(o, "state", json_string(ike_state_text(info.state)));
	json_object_set_new(o, "local", show_endpoint(&info.path->local));
	json_object_set_new(o, "remote", show_endpoint(&info.path->remote));
	json_object_set_new(o, "local_id", show_identity(info.local_id));
	json_object_set_new(o, "remote_id", show_identity(info.remote_id));
	json_object_set_new(o, "spi_i", spi64(info.spi_i));
	json_object_set_new(o, "spi_r", spi64(info.spi_r));
	add_suite(o, info.suite);
	json_object_set_new(o, "auth_local", json_string(proof(info.proved_local)));
	json_object_set_new(o, "auth_remote", json_string(proof(info.proved_remote)));
	add_profile(o, &info);
	json_object_set_new(o, "age_s", json_integer(show_seconds_since(info.since_ms, now_ms)));
	json_object_set_new(o, "rekey_in_s", show_seconds_until(info.rekey_ms, now_ms));
	json_object_set_new(o, "fragmentation", json_boolean(info.fragmentation));
	json_object_set_new(o, "ppk", json_boolean(info.ppk));
	json_object_set_new(ids, "sent", json_integer(info.sent));
	json_object_set_new(ids, "received", json_integer(info.received));
	json_object_set_new(o, "message_ids", ids);
	json_object_set_new(o, "retransmits", json_integer(info.retransmits));
	json_object_set_new(o, "children", children(&info, now_ms));
	json_object_set_new(o, "last_error", error_of(&info, now_ms));
	ike_sa_info_free(&info);
	return o;
}
