// SPDX-License-Identifier: GPL-2.0-or-later
/* "show crypto ipsec sa". */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/show_crypto.h"
#include "lib/text.h"

#define MS_PER_SECOND	1000

static void show_spi(FILE *out, const char *indent, uint32_t spi)
{
	fprintf(out, "%sspi: 0x%X(%u)\n", indent, spi, spi);
}

static uint64_t remaining(uint64_t limit, uint64_t used)
{
	return limit > used ? limit - used : 0;
}

static void show_timing(FILE *out, const struct crypto_sa *sa)
{
	uint64_t kilobytes = remaining(sa->hard_bytes, sa->lifetime_bytes) / 1024;
	uint64_t seconds = remaining(sa->hard_seconds, sa->age_ms / MS_PER_SECOND);

	if (sa->hard_bytes && sa->hard_seconds)
		fprintf(out, "        sa timing: remaining key lifetime (k/sec): (%" PRIu64
			"/%" PRIu64 ")\n", kilobytes, seconds);
	else if (sa->hard_bytes)
		fprintf(out, "        sa timing: remaining key lifetime (k): (%" PRIu64 ")\n",
			kilobytes);
	else if (sa->hard_seconds)
		fprintf(out, "        sa timing: remaining key lifetime (sec): (%" PRIu64 ")\n",
			seconds);
	else
		fputs("        no sa timing\n", out);
}

static void show_lifetimes(FILE *out, const char *which, uint64_t bytes, uint64_t packets,
			   uint64_t seconds)
{
	const char *comma = "";

	fprintf(out, "        %s lifetime: ", which);
	if (bytes)
		fprintf(out, "%" PRIu64 " bytes", bytes);
	if (bytes)
		comma = ", ";
	if (packets)
		fprintf(out, "%s%" PRIu64 " packets", comma, packets);
	if (packets)
		comma = ", ";
	if (seconds)
		fprintf(out, "%s%" PRIu64 " sec", comma, seconds);
	fputs(bytes || packets || seconds ? "\n" : "none\n", out);
}

static void show_sa_drops(FILE *out, const struct crypto_sa *sa)
{
	bool any = false;

	fputs("        packets dropped", out);
	for (uint32_t reason = 0; reason < CRYPTO_DROP_REASONS; reason++) {
		if (!sa->drops[reason])
			continue;
		fprintf(out, "%s %s %" PRIu64, any ? "," : ":", text_esp_drop_reason(reason),
			sa->drops[reason]);
		any = true;
	}
	fputs(any ? "\n" : ": none\n", out);
}

static void show_detail(FILE *out, const struct crypto_sa *sa)
{
	char buf[TEXT_TIME_LEN];

	fprintf(out, "        packets: %" PRIu64 ", bytes: %" PRIu64 "\n", sa->packets,
		sa->bytes);
	fprintf(out, "        sequence number: %" PRIu64 ", extended: %s\n", sa->seq,
		sa->esn ? "Y" : "N");
	if (sa->direction == VPNHA_ESP_DIRECTION_IN)
		fprintf(out, "        replay window size: %u\n", sa->replay_window);
	if (sa->ceiling)
		fprintf(out, "        sequence number ceiling: %" PRIu64 ", margin: %" PRIu64
			"\n", sa->ceiling, sa->ceiling_margin);
	show_lifetimes(out, "hard", sa->hard_bytes, sa->hard_packets, sa->hard_seconds);
	show_lifetimes(out, "soft", sa->soft_bytes, sa->soft_packets, sa->soft_seconds);
	fprintf(out, "        age: %s, last used: ", text_age(buf, sa->age_ms));
	fprintf(out, "%s\n", sa->used ? text_age(buf, sa->last_used_ms) : "never");
	show_sa_drops(out, sa);
}

static void show_status(FILE *out, const struct crypto_sa *sa, uint32_t role)
{
	const char *key = text_role_key(role);

	fputs("        Status: ", out);
	for (; *key; key++)
		fputc(toupper((unsigned char)*key), out);
	if (sa->state != VPNHA_SA_STATE_MATURE)
		fprintf(out, " (%s)", text_sa_state_key(sa->state));
	fputc('\n', out);
}

static void show_one(FILE *out, const struct crypto_sa *sa, uint32_t role, bool detail)
{
	char buf[TRANSFORM_TEXT_LEN];

	show_spi(out, "      ", sa->spi);
	fprintf(out, "        transform: %s ,\n", transform_text(buf, &sa->transform));
	fprintf(out, "        in use settings ={%s%s, }\n",
		sa->mode == VPNHA_ESP_MODE_TRANSPORT ? "Transport" : "Tunnel",
		sa->encap_dport ? " UDP-Encaps" : "");
	fprintf(out, "        conn id: %u, crypto map: %s\n", sa->id, sa->map);
	show_timing(out, sa);
	fprintf(out, "        IV size: %u bytes\n", transform_cipher(sa->transform.cipher)->iv);
	/*
	 * Outbound there is a sequence number, and the peer decides what to do
	 * with it; that of session keys may begin anew at any time.
	 */
	fprintf(out, "        replay detection support: %s\n",
		(sa->direction == VPNHA_ESP_DIRECTION_OUT && !sa->manual) || sa->replay_window ?
			"Y" : "N");
	show_status(out, sa, role);
	if (detail)
		show_detail(out, sa);
}

static void show_ident(FILE *out, const char *which, const struct address *a,
		       const struct address *mask, uint32_t protocol, const uint16_t ports[2])
{
	char address[ADDRESS_LEN], text[ADDRESS_LEN];
	int length = address_mask_length(mask);

	fprintf(out, "   %s ident (addr/mask/prot/port): (%s/", which, address_text(address, a));
	if (a->family == AF_INET6 && length >= 0)
		fprintf(out, "%d", length);
	else
		fputs(address_text(text, mask), out);
	fprintf(out, "/%u/", protocol);
	if (ports[0] == ports[1])
		fprintf(out, "%u)\n", ports[0]);
	else if (!ports[0] && ports[1] == UINT16_MAX)
		fputs("0)\n", out);
	else
		fprintf(out, "%u-%u)\n", ports[0], ports[1]);
}

static void show_identity(FILE *out, const struct sa_block *b)
{
	const struct crypto_selector *s = b->match;
	const struct crypto_sa *current = sa_block_current(b);
	uint64_t encaps = sa_block_packets(b, VPNHA_ESP_DIRECTION_OUT);
	uint64_t decaps = sa_block_packets(b, VPNHA_ESP_DIRECTION_IN);
	char peer[ADDRESS_LEN];

	show_ident(out, "local ", &s->src, &s->src_mask, s->protocol, s->src_port);
	show_ident(out, "remote", &s->dst, &s->dst_mask, s->protocol, s->dst_port);
	fprintf(out, "   current_peer: %s", address_text(peer, sa_block_remote(b)));
	if (current && current->encap_dport)
		fprintf(out, ":%u", current->encap_dport);
	fprintf(out, "\n     PERMIT, flags={%s}\n", b->line ? "origin_is_acl," : "");
	fprintf(out, "    #pkts encaps: %" PRIu64 ", #pkts encrypt: %" PRIu64
		", #pkts digest: %" PRIu64 "\n", encaps, encaps, encaps);
	fprintf(out, "    #pkts decaps: %" PRIu64 ", #pkts decrypt: %" PRIu64
		", #pkts verify: %" PRIu64 "\n", decaps, decaps, decaps);
	fprintf(out, "    #send errors %" PRIu64 ", #recv errors %" PRIu64 "\n",
		sa_block_drops(b, VPNHA_ESP_DIRECTION_OUT),
		sa_block_drops(b, VPNHA_ESP_DIRECTION_IN));
}

/* What is not known is not shown. */
static void show_mtus(FILE *out, const struct sa_block *b)
{
	const struct crypto_sa *current = sa_block_current(b);
	const char *before = "     ";

	if (current && current->path_mtu) {
		fprintf(out, "%spath mtu %u", before, current->path_mtu);
		before = ", ";
	}
	if (b->binding->state.media_mtu) {
		fprintf(out, "%smedia mtu %u", before, b->binding->state.media_mtu);
		before = ", ";
	}
	if (current && current->mtu) {
		fprintf(out, "%splaintext mtu %u", before, current->mtu);
		before = ", ";
	}
	if (before[0] == ',')
		fputc('\n', out);
}

static void show_direction(FILE *out, const struct sa_block *b, uint32_t direction, bool detail)
{
	const char *way = direction == VPNHA_ESP_DIRECTION_IN ? "inbound" : "outbound";

	fprintf(out, "\n     %s esp sas:\n", way);
	for (size_t n = 0; n < b->n_sas; n++)
		if (b->sas[n]->direction == direction)
			show_one(out, b->sas[n], b->binding->state.role, detail);
	fprintf(out, "\n     %s ah sas:\n\n     %s pcp sas:\n", way, way);
}

static void show_block(FILE *out, const struct sa_block *b, const struct show_sa *what)
{
	const struct crypto_sa *current = sa_block_current(b);
	char local[ADDRESS_LEN], remote[ADDRESS_LEN];

	fputc('\n', out);
	show_identity(out, b);
	if (what->kind == SHOW_SA_IDENTITY)
		return;
	fprintf(out, "\n     local crypto endpt.: %s, remote crypto endpt.: %s\n",
		address_text(local, sa_block_local(b)), address_text(remote, sa_block_remote(b)));
	show_mtus(out, b);
	fprintf(out, "     current outbound spi: 0x%X(%u)\n", current ? current->spi : 0,
		current ? current->spi : 0);
	show_direction(out, b, VPNHA_ESP_DIRECTION_IN, what->detail);
	show_direction(out, b, VPNHA_ESP_DIRECTION_OUT, what->detail);
}

static void show_by_address(FILE *out, const struct crypto *c, const struct show_sa *what)
{
	size_t n_sas;
	const struct crypto_sa **sas = sa_by_address(c, what, &n_sas);
	char buf[ADDRESS_LEN];

	for (size_t n = 0; n < n_sas; n++) {
		const struct crypto_binding *b = crypto_binding_find(c, sas[n]->ifname);

		if (!n || !address_equal(&sas[n]->dst, &sas[n - 1]->dst))
			fprintf(out, "%sdest address: %s\n   protocol: ESP\n", n ? "\n" : "",
				address_text(buf, &sas[n]->dst));
		show_one(out, sas[n], b->state.role, what->detail);
	}
	free(sas);
}

/**
 * show_sas() - Print what is protected, and by which SAs.
 * @out: where to
 * @c: with the kernel's state
 * @what: what is to be shown
 */
void show_sas(FILE *out, const struct crypto *c, const struct show_sa *what)
{
	const struct crypto_binding *heading = NULL;
	struct sa_blocks blocks;
	char buf[ADDRESS_LEN];

	if (what->kind == SHOW_SA_ADDRESS) {
		show_by_address(out, c, what);
		return;
	}
	sa_blocks_find(&blocks, c, what);
	for (size_t n = 0; n < blocks.n_items; n++) {
		const struct sa_block *b = &blocks.items[n];

		if (!heading || b->binding != heading)
			fprintf(out, "%sinterface: %s\n    Crypto map tag: %s, local addr. %s\n",
				heading ? "\n" : "", b->binding->ifname, b->binding->map,
				address_text(buf, b->binding->state.local.family ?
						     &b->binding->state.local :
						     &b->binding->state.local6));
		heading = b->binding;
		show_block(out, b, what);
	}
	sa_blocks_free(&blocks);
}
