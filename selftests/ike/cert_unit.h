/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of certificates have in common: a root, a CA below it, and a peer. */
#ifndef CERT_UNIT_H
#define CERT_UNIT_H

#include <openssl/err.h>
#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cert_make.h"
#include "ike/cert.h"
#include "ike/number.h"
#include "kselftest_harness.h"

#define NAMES	"DNS:gw.example.org,DNS:*.wild.example.org,IP:192.0.2.1,IP:2001:db8::1,"	\
		"email:vpn@example.org"
#define PEER	"CN=peer,O=Example"

#define TEXT(s)	((struct ike_chunk){ .data = (const uint8_t *)(s), .len = sizeof(s) - 1 })

struct pki {
	struct made root, sub, peer;
};

static inline void pki_make(struct pki *p)
{
	p->root = CA(.subject = "/O=Example/CN=root");
	p->sub = CA(.subject = "/O=Example/CN=sub", .issuer = &p->root);
	p->peer = CERT(.subject = "/O=Example/CN=peer", .issuer = &p->sub, .names = NAMES);
}

static inline void pki_free(struct pki *p)
{
	made_free(&p->root);
	made_free(&p->sub);
	made_free(&p->peer);
}

static inline const char *utc(char buf[32], int64_t t)
{
	time_t seconds = t;

	strftime(buf, 32, "%F %T UTC", gmtime(&seconds));
	return buf;
}

/* A trustpoint of these CAs, CRLs and responses; each list ends where there is nothing. */
struct parts {
	const struct made *cas[4];
	struct octets *crls[4], *ocsp[4];
	struct ike_revocation revocation;
};

#define TRUST(...)	trust_make(&(const struct parts){ __VA_ARGS__ })

static inline struct ike_trust *trust_make(const struct parts *parts)
{
	struct ike_trust *t = ike_trust_new(&parts->revocation);
	char reason[IKE_REASON_LEN] = "";
	bool ok = t;

	for (int i = 0; i < 4 && parts->cas[i]; i++)
		ok = ok && ike_trust_add_cas(t, made_chunk(parts->cas[i]), reason);
	for (int i = 0; i < 4 && parts->crls[i]; i++)
		ok = ok && ike_trust_add_crls(t, octets_chunk(parts->crls[i]), reason);
	for (int i = 0; i < 4 && parts->ocsp[i]; i++)
		ok = ok && ike_trust_add_ocsp(t, octets_chunk(parts->ocsp[i]), reason);
	if (ok && ike_trust_finish(t, reason))
		return t;
	fprintf(stderr, "# %s\n", reason);
	abort();
}

/* What a peer sends, and what comes of it. */
struct attempt {
	const struct made *certs[10];
	int64_t now;		/* NOW */
	uint8_t type;		/* IKE_ID_FQDN */
	struct ike_chunk id;	/* gw.example.org */
};

/* The certificates come first, in braces. */
#define TRY(t, ...)	attempt_do(t, &(const struct attempt){ __VA_ARGS__ })

/* "" if it was accepted, after that the note if there is one, or why it was not. */
static inline const char *attempt_do(const struct ike_trust *t, const struct attempt *a)
{
	static char text[IKE_REASON_LEN];
	struct ike_chunk certs[10], id = a->id;
	struct ike_peer_cert peer;
	size_t n = 0;
	bool ok;

	for (; n < 10 && a->certs[n]; n++)
		certs[n] = made_chunk(a->certs[n]);
	if (!id.data)
		id = TEXT("gw.example.org");
	memset(text, 0x55, sizeof(text));
	ok = ike_trust_verify(t, certs, n, a->now ? a->now : NOW,
			      a->type ? a->type : IKE_ID_FQDN, id, &peer, text);
	if (ok != !!peer.key || ok != !!*peer.subject || ERR_peek_error())
		abort();
	if (ok && EVP_PKEY_eq(peer.key, a->certs[0]->key) != 1)
		abort();
	if (ok)
		strcpy(text, peer.note);
	ike_peer_cert_clear(&peer);
	return text;
}

FIXTURE(pki) {
	struct pki p;
};

FIXTURE_SETUP(pki)
{
	pki_make(&self->p);
}

FIXTURE_TEARDOWN(pki)
{
	pki_free(&self->p);
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

#endif
