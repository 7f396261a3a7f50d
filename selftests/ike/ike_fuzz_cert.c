// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Any octets may be a peer's certificates and identity, or the operator's files. An
 * input is a type of identity, and parts that each have their length in two octets
 * before them: the identity, and certificates.
 */
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "cert_make.h"
#include "ike/cert.h"

#define PARTS	20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_line(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);

	check(end && end != text);
	for (; text < end; text++)
		check(*text >= 0x20 && *text < 0x7f);
}

/* Always the same CA, so that certificates of a corpus stay good. */
static struct ike_trust *make_trust(bool hard)
{
	static const struct spec spec = {
		.subject = "/CN=root", .constraints = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign", .serial = 1,
	};
	struct spec of_root = spec;
	char reason[IKE_REASON_LEN];
	struct ike_trust *t;
	struct made root;

	of_root.key = seeded_key(1);
	root = make_cert(&of_root);
	t = ike_trust_new(&(const struct ike_revocation){ .crl = true, .ocsp = true,
							  .soft = !hard });
	check(t && ike_trust_add_cas(t, made_chunk(&root), reason) &&
	      ike_trust_finish(t, reason));
	made_free(&root);
	return t;
}

static void try_verify(const struct ike_trust *t, uint8_t type, const struct ike_chunk *parts,
		       size_t n)
{
	char reason[IKE_REASON_LEN] = "", text[IKE_ID_TEXT_LEN];
	struct ike_peer_cert peer;

	if (ike_trust_verify(t, parts + 1, n - 1, NOW, type, parts[0], &peer, reason)) {
		check(peer.key && peer.not_after > NOW);
		check_line(peer.subject, sizeof(peer.subject));
		/* there is no CRL and no response of OCSP */
		check_line(peer.note, sizeof(peer.note));
		check(ike_id_equal(type, parts[0], parts[0]));
	} else {
		check(!peer.key);
		check_line(reason, sizeof(reason));
	}
	ike_peer_cert_clear(&peer);
	ike_id_text(text, type, parts[0]);
	check(memchr(text, '\0', sizeof(text)));
	if (*text)
		check_line(text, sizeof(text));
}

/* As if the whole input were a file. */
static void try_files(struct ike_chunk file)
{
	static bool (*const add[])(struct ike_trust *t, struct ike_chunk octets,
				   char reason[IKE_REASON_LEN]) = {
		ike_trust_add_cas, ike_trust_add_crls, ike_trust_add_ocsp,
		ike_trust_set_certs, ike_trust_set_key,
	};
	struct ike_trust *t = ike_trust_new(&(const struct ike_revocation){ .crl = true });
	char reason[IKE_REASON_LEN];

	for (size_t i = 0; i < sizeof(add) / sizeof(*add); i++)
		if (!add[i](t, file, reason))
			check_line(reason, sizeof(reason));
	if (!ike_trust_finish(t, reason))
		check_line(reason, sizeof(reason));
	ike_trust_unref(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ike_trust *hard, *soft;
	struct ike_chunk parts[PARTS];
	const uint8_t type = size ? data[0] : 0;
	size_t n = 0, at = 1, len;

	if (!hard) {
		hard = make_trust(true);
		soft = make_trust(false);
	}
	while (n < PARTS && at + 2 <= size) {
		len = (size_t)data[at] << 8 | data[at + 1];
		at += 2;
		if (len > size - at)
			len = size - at;
		parts[n++] = (struct ike_chunk){ .data = data + at, .len = len };
		at += len;
	}
	if (n) {
		try_verify(hard, type, parts, n);
		try_verify(soft, type, parts, n);
	}
	try_files((struct ike_chunk){ .data = data, .len = size });
	check(!ERR_peek_error());
	return 0;
}
