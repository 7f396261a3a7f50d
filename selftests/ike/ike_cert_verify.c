// SPDX-License-Identifier: GPL-2.0
/*
 * Peers and their certificates: every chain that is accepted, every one that is not,
 * and the words an operator gets to read.
 *
 * lab: native
 */
#include "cert_unit.h"

TEST_F(pki, chains)
{
	const struct pki *p = &self->p;
	struct ike_trust *both = TRUST(.cas = { &p->root, &p->sub });
	struct ike_trust *root = TRUST(.cas = { &p->root });
	struct ike_trust *sub = TRUST(.cas = { &p->sub });
	struct ike_trust *none = TRUST();
	const char unknown[] = "its issuer is not known (CN=sub,O=Example): " PEER;

	EXPECT_STREQ("", TRY(both, { &p->peer }));
	EXPECT_STREQ("", TRY(both, { &p->peer, &p->sub, &p->root }));
	EXPECT_STREQ("", TRY(root, { &p->peer, &p->sub }));
	EXPECT_STREQ("", TRY(root, { &p->peer, &p->root, &p->sub, &p->sub }));
	EXPECT_STREQ("", TRY(sub, { &p->peer }));
	EXPECT_STREQ("", TRY(sub, { &p->peer, &p->sub, &p->root }));
	EXPECT_STREQ(unknown, TRY(root, { &p->peer }));
	EXPECT_STREQ(unknown, TRY(root, { &p->peer, &p->root }));
	EXPECT_STREQ("no CA is trusted", TRY(none, { &p->peer, &p->sub, &p->root }));
	EXPECT_STREQ("the peer sent no certificate", TRY(root, { NULL }));
	/* who comes first is the peer */
	EXPECT_STREQ("its key usage lacks digitalSignature: CN=sub,O=Example",
		     TRY(root, { &p->sub, &p->peer }));
	ike_trust_unref(both);
	ike_trust_unref(root);
	ike_trust_unref(sub);
	ike_trust_unref(none);
}

/* A root of the peer's own, be its name and key identifier those of ours. */
TEST_F(pki, strangers)
{
	const struct pki *p = &self->p;
	struct pki q;
	struct ike_trust *t = TRUST(.cas = { &p->root });
	struct made self_signed, nameless, twin, forged, forged_sub, below_forged;

	pki_make(&q);
	EXPECT_STREQ("its issuer is not known (CN=root,O=Example): CN=sub,O=Example",
		     TRY(t, { &q.peer, &q.sub, &q.root }));
	EXPECT_STREQ("its issuer is not known (CN=root,O=Example): CN=sub,O=Example",
		     TRY(t, { &q.peer, &q.sub }));
	self_signed = CERT(.subject = "/CN=peer", .names = NAMES);
	EXPECT_STREQ("it is self-signed and not trusted: CN=peer", TRY(t, { &self_signed }));
	twin = CA(.subject = "/O=Example/CN=root", .nameless_key = true);
	nameless = CERT(.subject = "/CN=peer", .issuer = &twin, .names = NAMES,
			.nameless_key = true);
	EXPECT_STREQ("its signature is wrong: CN=peer", TRY(t, { &nameless }));
	EXPECT_STREQ("its signature is wrong: CN=peer", TRY(t, { &nameless, &twin }));
	forged = CERT(.subject = "/CN=peer", .issuer = &p->sub, .names = NAMES, .forged = true);
	EXPECT_STREQ("its signature is wrong: CN=peer", TRY(t, { &forged, &p->sub }));
	forged_sub = CA(.subject = "/CN=forged", .issuer = &p->root, .forged = true);
	below_forged = CERT(.subject = "/CN=peer", .issuer = &forged_sub, .names = NAMES);
	EXPECT_STREQ("its signature is wrong: CN=forged", TRY(t, { &below_forged, &forged_sub }));
	made_free(&below_forged);
	made_free(&forged_sub);
	made_free(&forged);
	made_free(&nameless);
	made_free(&twin);
	made_free(&self_signed);
	ike_trust_unref(t);
	pki_free(&q);
}

TEST_F(pki, in_time)
{
	static const char *const names[] = { NULL, "CN=sub", "CN=peer" };
	const int64_t early = NOW - 10 * DAY, late = NOW + 10 * DAY;
	struct ike_trust *t = TRUST(.cas = { &self->p.root });
	char expected[128], time[32];

	for (int bad = 1; bad < 3; bad++)
		for (int late_one = 0; late_one < 2; late_one++) {
			int64_t from[3] = {}, until[3] = {};
			struct made sub, peer;

			if (late_one)
				from[bad] = late;
			else
				until[bad] = early;
			sub = CA(.subject = "/CN=sub", .issuer = &self->p.root,
				 .from = from[1], .until = until[1]);
			peer = CERT(.subject = "/CN=peer", .issuer = &sub, .names = NAMES,
				    .from = from[2], .until = until[2]);
			snprintf(expected, sizeof(expected), "%s %s: %s",
				 late_one ? "not valid before" : "expired",
				 utc(time, late_one ? late : early), names[bad]);
			EXPECT_STREQ(expected, TRY(t, { &peer, &sub }));
			/* to the second */
			EXPECT_STREQ("", TRY(t, { &peer, &sub },
					     .now = late_one ? late : early - 1));
			EXPECT_STRNE("", TRY(t, { &peer, &sub },
					     .now = late_one ? late - 1 : early));
			made_free(&peer);
			made_free(&sub);
		}
	snprintf(expected, sizeof(expected), "expired %s: CN=root,O=Example",
		 utc(time, NOW + 180LL * DAY));
	EXPECT_STREQ(expected, TRY(t, { &self->p.peer, &self->p.sub },
				   .now = NOW + 181LL * DAY));
	ike_trust_unref(t);
}

/* The anchor's own time counts, too, and the result says when all is over. */
TEST_F(pki, anchor_in_time)
{
	struct made old = CA(.subject = "/CN=old", .until = NOW - DAY);
	struct made short_ca = CA(.subject = "/CN=short", .until = NOW + 3 * DAY);
	struct made peer = CERT(.subject = "/CN=peer", .issuer = &old, .names = NAMES);
	struct made other = CERT(.subject = "/CN=other", .issuer = &short_ca, .names = NAMES);
	struct ike_trust *t = TRUST(.cas = { &old, &short_ca });
	char expected[128], time[32], reason[IKE_REASON_LEN];
	const struct ike_chunk cert = made_chunk(&other);
	struct ike_peer_cert found;

	snprintf(expected, sizeof(expected), "expired %s: CN=old", utc(time, NOW - DAY));
	EXPECT_STREQ(expected, TRY(t, { &peer }));
	ASSERT_TRUE(ike_trust_verify(t, &cert, 1, NOW, IKE_ID_FQDN, TEXT("GW.Example.org"),
				     &found, reason));
	EXPECT_EQ(NOW + 3 * DAY, found.not_after);
	EXPECT_STREQ("CN=other", found.subject);
	EXPECT_STREQ("", found.note);
	ike_peer_cert_clear(&found);
	EXPECT_EQ(NULL, found.key);
	ike_peer_cert_clear(&found);
	made_free(&peer);
	made_free(&other);
	made_free(&short_ca);
	made_free(&old);
	ike_trust_unref(t);
}

/* What a certificate may be used for. */
TEST_F(pki, usages)
{
	static const struct {
		const char *usage, *extended, *reason;
	} cases[] = {
		{ NULL, NULL, "" },
		{ "digitalSignature", NULL, "" },
		{ "nonRepudiation", NULL, "" },
		{ "critical,keyEncipherment,digitalSignature", NULL, "" },
		{ "critical,keyEncipherment,keyAgreement", NULL,
		  "its key usage lacks digitalSignature: CN=peer" },
		{ "keyCertSign", NULL, "its key usage lacks digitalSignature: CN=peer" },
		{ NULL, "serverAuth", "" },
		{ NULL, "clientAuth", "" },
		{ NULL, "critical,anyExtendedKeyUsage", "" },
		{ NULL, "1.3.6.1.5.5.7.3.17", "" },
		{ NULL, "1.3.6.1.5.5.8.2.2", "" },
		{ NULL, "codeSigning,emailProtection,1.3.6.1.5.5.7.3.17", "" },
		{ NULL, "codeSigning", "its extended key usage is not for IKE: CN=peer" },
		{ NULL, "1.3.6.1.5.5.7.3.170", "its extended key usage is not for IKE: CN=peer" },
	};
	struct ike_trust *t = TRUST(.cas = { &self->p.root });

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct made peer = make_cert(&(const struct spec){
			.subject = "/CN=peer", .issuer = &self->p.root, .names = NAMES,
			.usage = cases[i].usage, .extended = cases[i].extended });

		EXPECT_STREQ(cases[i].reason, TRY(t, { &peer }))
			TH_LOG("case %zu", i);
		made_free(&peer);
	}
	ike_trust_unref(t);
}

/* Who may issue one. */
TEST_F(pki, issuers)
{
	static const struct {
		const char *constraints, *usage, *extended, *reason;
		bool v1;
	} cases[] = {
		{ "critical,CA:TRUE", "critical,keyCertSign", NULL, "" },
		{ "CA:TRUE", NULL, NULL, "" },
		{ "CA:TRUE", NULL, "clientAuth", "" },
		{ "CA:TRUE,pathlen:0", NULL, NULL, "" },
		{ "critical,CA:FALSE", NULL, NULL,
		  "it issued a certificate, but is not a CA: CN=issuer" },
		{ NULL, NULL, NULL, "it issued a certificate, but is not a CA: CN=issuer" },
		{ NULL, "keyCertSign", NULL, "it issued a certificate, but is not a CA: CN=issuer" },
		{ .reason = "it issued a certificate, but is not a CA: CN=issuer", .v1 = true },
		{ "CA:TRUE", "digitalSignature", NULL,
		  "it issued a certificate, but is not a CA: CN=issuer" },
		{ "CA:TRUE", NULL, "codeSigning",
		  "a CA with an extended key usage not for IKE: CN=issuer" },
	};
	struct ike_trust *t = TRUST(.cas = { &self->p.root });

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct made issuer = make_cert(&(const struct spec){
			.subject = "/CN=issuer", .issuer = &self->p.root, .v1 = cases[i].v1,
			.constraints = cases[i].constraints, .usage = cases[i].usage,
			.extended = cases[i].extended });
		struct made peer = CERT(.subject = "/CN=peer", .issuer = &issuer, .names = NAMES,
					.nameless_key = cases[i].v1);

		EXPECT_STREQ(cases[i].reason, TRY(t, { &peer, &issuer }))
			TH_LOG("case %zu", i);
		made_free(&peer);
		made_free(&issuer);
	}
	ike_trust_unref(t);
}

/* A peer that has a certificate is no CA, whatever hangs below it. */
TEST_F(pki, below_a_peer)
{
	struct made below = CERT(.subject = "/CN=below", .issuer = &self->p.peer, .names = NAMES);
	struct ike_trust *t = TRUST(.cas = { &self->p.root, &self->p.sub });

	EXPECT_STRNE("", TRY(t, { &below, &self->p.peer, &self->p.sub }));
	made_free(&below);
	ike_trust_unref(t);
}

TEST_F(pki, algorithms)
{
	static const struct {
		const char *type;
		size_t bits;
		const char *reason;
	} cases[] = {
		{ "P-256", 0, "" }, { "P-384", 0, "" }, { "P-521", 0, "" },
		{ "ED25519", 0, "" }, { "RSA", 2048, "" },
		{ "RSA", 1024, "an RSA key of 1024 bits, fewer than 2048: CN=peer" },
		{ "P-224", 0, "an EC key of an unsupported curve: CN=peer" },
		{ "secp256k1", 0, "an EC key of an unsupported curve: CN=peer" },
		{ "ED448", 0, "a key of an unsupported type: CN=peer" },
	};
	struct made sha1 = CERT(.subject = "/CN=peer", .issuer = &self->p.root, .names = NAMES,
				.md = EVP_sha1());
	struct made old_sub = CA(.subject = "/CN=sub", .issuer = &self->p.root, .md = EVP_sha1());
	struct made short_sub = CA(.subject = "/CN=sub", .issuer = &self->p.root,
				   .key = make_key("RSA", 1024));
	struct made below_old = CERT(.subject = "/CN=peer", .issuer = &old_sub, .names = NAMES);
	struct made below_short = CERT(.subject = "/CN=peer", .issuer = &short_sub, .names = NAMES);
	struct made old_root = CA(.subject = "/CN=old", .md = EVP_sha1());
	struct made below_root = CERT(.subject = "/CN=peer", .issuer = &old_root, .names = NAMES);
	struct ike_trust *t = TRUST(.cas = { &self->p.root, &old_root });

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct made peer = CERT(.subject = "/CN=peer", .issuer = &self->p.root,
					.names = NAMES,
					.key = make_key(cases[i].type, cases[i].bits));

		EXPECT_STREQ(cases[i].reason, TRY(t, { &peer }));
		made_free(&peer);
	}
	EXPECT_STREQ("signed with SHA-1 or weaker: CN=peer", TRY(t, { &sha1 }));
	EXPECT_STREQ("signed with SHA-1 or weaker: CN=sub", TRY(t, { &below_old, &old_sub }));
	EXPECT_STREQ("its key is too short: CN=sub", TRY(t, { &below_short, &short_sub }));
	/* nobody has to believe the signature of an anchor */
	EXPECT_STREQ("", TRY(t, { &below_root }));
	made_free(&below_root);
	made_free(&old_root);
	made_free(&below_short);
	made_free(&below_old);
	made_free(&short_sub);
	made_free(&old_sub);
	made_free(&sha1);
	ike_trust_unref(t);
}

TEST_F(pki, depth)
{
	struct ike_trust *t = TRUST(.cas = { &self->p.root });
	struct made cas[8], peer, strict, deep, below;

	for (int i = 0; i < 8; i++) {
		char name[32];

		snprintf(name, sizeof(name), "/CN=ca%d", i);
		cas[i] = CA(.subject = name, .issuer = i ? &cas[i - 1] : &self->p.root);
	}
	/* the root, six CAs and the peer are IKE_CHAIN_MAX */
	peer = CERT(.subject = "/CN=peer", .issuer = &cas[5], .names = NAMES);
	EXPECT_STREQ("", TRY(t, { &peer, &cas[5], &cas[4], &cas[3], &cas[2], &cas[1], &cas[0] }));
	EXPECT_STREQ("", TRY(t, { &peer, &cas[0], &cas[1], &cas[2], &cas[3], &cas[4], &cas[5] }));
	made_free(&peer);
	peer = CERT(.subject = "/CN=peer", .issuer = &cas[6], .names = NAMES);
	EXPECT_STRNE("", TRY(t, { &peer, &cas[6], &cas[5], &cas[4], &cas[3], &cas[2], &cas[1],
				  &cas[0] }));
	made_free(&peer);
	for (int i = 0; i < 8; i++)
		made_free(&cas[i]);

	strict = CA(.subject = "/CN=strict", .issuer = &self->p.root,
		    .constraints = "critical,CA:TRUE,pathlen:0");
	deep = CA(.subject = "/CN=deep", .issuer = &strict);
	below = CERT(.subject = "/CN=peer", .issuer = &deep, .names = NAMES);
	EXPECT_STREQ("path length constraint exceeded: CN=strict", TRY(t, { &below, &deep, &strict }));
	made_free(&below);
	made_free(&deep);
	made_free(&strict);
	ike_trust_unref(t);
}

/* Two CAs that have signed each other, with or without something above them. */
TEST_F(pki, loops)
{
	struct made a = CA(.subject = "/CN=a"), b = CA(.subject = "/CN=b");
	struct made a_by_b, b_by_a, a_by_root, peer;
	struct ike_trust *t = TRUST(.cas = { &self->p.root });

	EVP_PKEY_up_ref(a.key);
	EVP_PKEY_up_ref(a.key);
	EVP_PKEY_up_ref(b.key);
	a_by_b = CA(.subject = "/CN=a", .key = a.key, .issuer = &b);
	b_by_a = CA(.subject = "/CN=b", .key = b.key, .issuer = &a);
	a_by_root = CA(.subject = "/CN=a", .key = a.key, .issuer = &self->p.root);
	peer = CERT(.subject = "/CN=peer", .issuer = &a, .names = NAMES);
	EXPECT_STRNE("", TRY(t, { &peer, &a_by_b, &b_by_a }));
	EXPECT_STREQ("", TRY(t, { &peer, &a_by_root }));
	EXPECT_STREQ("", TRY(t, { &peer, &a_by_root, &a_by_b, &b_by_a }));
	EXPECT_STREQ("", TRY(t, { &peer, &a_by_b, &b_by_a, &a_by_root }));
	ike_trust_unref(t);

	/* A loop that the operator trusts hangs on one of them, the first. */
	t = TRUST(.cas = { &a_by_b, &b_by_a });
	EXPECT_STREQ("", TRY(t, { &peer }));
	ike_trust_unref(t);
	t = TRUST(.cas = { &b });
	EXPECT_STREQ("", TRY(t, { &peer, &a_by_b }));
	EXPECT_STREQ("", TRY(t, { &peer, &a, &a_by_b, &b_by_a }));
	ike_trust_unref(t);
	made_free(&peer);
	made_free(&a_by_root);
	made_free(&b_by_a);
	made_free(&a_by_b);
	made_free(&b);
	made_free(&a);
}

TEST_F(pki, constrained_names)
{
	struct made ca = CA(.subject = "/CN=ca", .issuer = &self->p.root,
			    .permitted = "critical,permitted;DNS:example.org");
	struct made good = CERT(.subject = "/CN=good", .issuer = &ca, .names = "DNS:gw.example.org");
	struct made bad = CERT(.subject = "/CN=bad", .issuer = &ca,
			       .names = "DNS:gw.example.org,DNS:gw.example.net");
	struct made critical = CERT(.subject = "/CN=critical", .issuer = &self->p.root,
				    .names = NAMES, .other = "critical,ASN1:UTF8String:what");
	struct made other = CERT(.subject = "/CN=other", .issuer = &self->p.root,
				 .names = NAMES, .other = "ASN1:UTF8String:what");
	struct ike_trust *t = TRUST(.cas = { &self->p.root });

	EXPECT_STREQ("", TRY(t, { &good, &ca }));
	EXPECT_STREQ("permitted subtree violation: CN=bad", TRY(t, { &bad, &ca }));
	EXPECT_STREQ("unhandled critical extension: CN=critical", TRY(t, { &critical }));
	EXPECT_STREQ("", TRY(t, { &other }));
	made_free(&other);
	made_free(&critical);
	made_free(&bad);
	made_free(&good);
	made_free(&ca);
	ike_trust_unref(t);
}

TEST_F(pki, identities)
{
	static const uint8_t v4[] = { 192, 0, 2, 1 }, v4_other[] = { 192, 0, 2, 2 };
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	static const uint8_t v6_other[16] = { 0x20, 1, 0xd, 0xb8, [15] = 2 };
	static const struct {
		uint8_t type;
		struct ike_chunk id;
		bool good;
	} cases[] = {
		{ IKE_ID_IPV4_ADDR, { v4, 4 }, true },
		{ IKE_ID_IPV4_ADDR, { v4_other, 4 } },
		{ IKE_ID_IPV4_ADDR, { v4, 3 } },
		{ IKE_ID_IPV4_ADDR, { v4, 0 } },
		{ IKE_ID_IPV6_ADDR, { v4, 4 } },
		{ IKE_ID_IPV6_ADDR, { v6, 16 }, true },
		{ IKE_ID_IPV6_ADDR, { v6_other, 16 } },
		{ IKE_ID_IPV6_ADDR, { v6, 15 } },
		{ IKE_ID_FQDN, TEXT("gw.example.org"), true },
		{ IKE_ID_FQDN, TEXT("GW.EXAMPLE.ORG"), true },
		{ IKE_ID_FQDN, TEXT("gw.example.or") },
		{ IKE_ID_FQDN, TEXT("gw.example.org.") },
		{ IKE_ID_FQDN, TEXT("gw.example.org\0") },
		{ IKE_ID_FQDN, TEXT("x.wild.example.org") },
		{ IKE_ID_FQDN, TEXT("*.wild.example.org") },
		{ IKE_ID_FQDN, TEXT("wild.example.org") },
		{ IKE_ID_FQDN, TEXT("*") },
		{ IKE_ID_FQDN, TEXT("") },
		{ IKE_ID_FQDN, TEXT("peer") },
		{ IKE_ID_FQDN, TEXT("vpn@example.org") },
		{ IKE_ID_FQDN, TEXT("192.0.2.1") },
		{ IKE_ID_RFC822_ADDR, TEXT("vpn@example.org"), true },
		{ IKE_ID_RFC822_ADDR, TEXT("vpn@EXAMPLE.org"), true },
		{ IKE_ID_RFC822_ADDR, TEXT("VPN@example.org") },
		{ IKE_ID_RFC822_ADDR, TEXT("vpn@example.org\0") },
		{ IKE_ID_RFC822_ADDR, TEXT("gw.example.org") },
		{ IKE_ID_RFC822_ADDR, TEXT("@example.org") },
		{ IKE_ID_RFC822_ADDR, TEXT("") },
		{ IKE_ID_KEY_ID, TEXT("gw.example.org") },
		{ IKE_ID_DER_ASN1_GN, TEXT("gw.example.org") },
		{ IKE_ID_NULL, TEXT("") },
		{ 0, TEXT("gw.example.org") },
		{ 200, TEXT("gw.example.org") },
		{ IKE_ID_DER_ASN1_DN, TEXT("CN=peer,O=Example") },
		{ IKE_ID_DER_ASN1_DN, TEXT("") },
	};
	struct ike_trust *t = TRUST(.cas = { &self->p.root, &self->p.sub });
	const struct ike_chunk cert = made_chunk(&self->p.peer);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char reason[IKE_REASON_LEN] = "";
		struct ike_peer_cert peer;

		EXPECT_EQ(cases[i].good, ike_trust_verify(t, &cert, 1, NOW, cases[i].type,
							  cases[i].id, &peer, reason))
			TH_LOG("case %zu: %s", i, reason);
		EXPECT_EQ(cases[i].good, !*reason);
		ike_peer_cert_clear(&peer);
	}
	EXPECT_STREQ("not issued to fqdn \"other\" but to gw.example.org, *.wild.example.org, "
		     "192.0.2.1, 2001:db8::1, vpn@example.org: " PEER,
		     TRY(t, { &self->p.peer }, .id = TEXT("other")));
	EXPECT_STREQ("an identity of type 11 (key-id) cannot be that of a certificate: " PEER,
		     TRY(t, { &self->p.peer }, .type = IKE_ID_KEY_ID));
	ike_trust_unref(t);
}

static struct ike_chunk name_der(const X509_NAME *name)
{
	struct ike_chunk c;

	X509_NAME_get0_der(name, &c.data, &c.len);
	return c;
}

TEST_F(pki, distinguished_names)
{
	const struct pki *p = &self->p;
	struct made like = CERT(.subject = "/O=EXAMPLE/CN=peer", .issuer = &p->sub);
	struct made longer = CERT(.subject = "/O=Example/CN=peer/CN=peer", .issuer = &p->sub);
	struct made swapped = CERT(.subject = "/CN=peer/O=Example", .issuer = &p->sub);
	struct made empty = CERT(.subject = "", .issuer = &p->sub, .names = NAMES);
	struct ike_trust *t = TRUST(.cas = { &p->root, &p->sub });
	struct ike_chunk dn = name_der(X509_get_subject_name(p->peer.x));
	uint8_t tailed[128] = {};

	EXPECT_STREQ("", TRY(t, { &p->peer }, .type = IKE_ID_DER_ASN1_DN, .id = dn));
	EXPECT_STREQ("", TRY(t, { &like }, .type = IKE_ID_DER_ASN1_DN, .id = dn));
	EXPECT_STREQ("not issued to dn \"" PEER "\": CN=peer,CN=peer,O=Example",
		     TRY(t, { &longer }, .type = IKE_ID_DER_ASN1_DN, .id = dn));
	EXPECT_STREQ("not issued to dn \"" PEER "\": O=Example,CN=peer",
		     TRY(t, { &swapped }, .type = IKE_ID_DER_ASN1_DN, .id = dn));
	memcpy(tailed, dn.data, dn.len);
	EXPECT_STRNE("", TRY(t, { &p->peer }, .type = IKE_ID_DER_ASN1_DN,
			     .id = { tailed, dn.len + 1 }));
	EXPECT_STRNE("", TRY(t, { &p->peer }, .type = IKE_ID_DER_ASN1_DN,
			     .id = { dn.data, dn.len - 1 }));
	/* nobody is not a name */
	EXPECT_STREQ("", TRY(t, { &empty }));
	EXPECT_STREQ("not issued to dn \"(no name)\": (no name)",
		     TRY(t, { &empty }, .type = IKE_ID_DER_ASN1_DN, .id = TEXT("\x30\0")));
	/* a name that stands in the subject only proves nothing else */
	EXPECT_STREQ("not issued to fqdn \"peer\" but to no name: CN=peer,O=EXAMPLE",
		     TRY(t, { &like }, .id = TEXT("peer")));
	made_free(&empty);
	made_free(&swapped);
	made_free(&longer);
	made_free(&like);
	ike_trust_unref(t);
}

TEST_F(pki, many_certificates)
{
	struct ike_trust *t = TRUST(.cas = { &self->p.root });
	struct ike_chunk certs[100];
	char reason[IKE_REASON_LEN];
	struct ike_peer_cert peer;
	static uint8_t large[IKE_CERT_LEN_MAX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(certs); i++)
		certs[i] = made_chunk(i ? &self->p.sub : &self->p.peer);
	EXPECT_FALSE(ike_trust_verify(t, certs, 100, NOW, IKE_ID_FQDN, TEXT("gw.example.org"),
				      &peer, reason));
	EXPECT_STREQ("the peer sent 100 certificates, more than 16", reason);
	EXPECT_FALSE(ike_trust_verify(t, certs, IKE_CERTS_MAX + 1, NOW, IKE_ID_FQDN,
				      TEXT("gw.example.org"), &peer, reason));
	EXPECT_TRUE(ike_trust_verify(t, certs, IKE_CERTS_MAX, NOW, IKE_ID_FQDN,
				     TEXT("gw.example.org"), &peer, reason));
	ike_peer_cert_clear(&peer);
	certs[1] = (struct ike_chunk){ large, sizeof(large) };
	EXPECT_FALSE(ike_trust_verify(t, certs, 2, NOW, IKE_ID_FQDN, TEXT("gw.example.org"),
				      &peer, reason));
	EXPECT_STREQ("certificate 2 of the peer: 16385 octets, more than 16384", reason);
	certs[1] = (struct ike_chunk){ NULL, 0 };
	EXPECT_FALSE(ike_trust_verify(t, certs, 2, NOW, IKE_ID_FQDN, TEXT("gw.example.org"),
				      &peer, reason));
	EXPECT_EQ(0, strncmp(reason, "certificate 2 of the peer: it is no certificate", 47));
	ike_trust_unref(t);
}

/* No octet of a certificate can be another one, nor be missing, nor follow. */
TEST_F(pki, damage)
{
	struct ike_trust *t = TRUST(.cas = { &self->p.root, &self->p.sub });
	const struct made *m = &self->p.peer;
	char reason[IKE_REASON_LEN];
	struct ike_peer_cert peer;
	struct ike_chunk cert;
	uint8_t *copy;

	for (size_t i = 0; i < m->len; i++)
		for (int how = 0; how < 3; how++) {
			copy = malloc(m->len);
			memcpy(copy, m->der, m->len);
			copy[i] = how == 2 ? (uint8_t)~copy[i] : copy[i] ^ (how ? 0x80 : 1);
			cert = (struct ike_chunk){ copy, m->len };
			EXPECT_FALSE(ike_trust_verify(t, &cert, 1, NOW, IKE_ID_FQDN,
						      TEXT("gw.example.org"), &peer, reason))
				TH_LOG("octet %zu", i);
			free(copy);
		}
	for (size_t len = 0; len < m->len; len++) {
		copy = malloc(len ? len : 1);
		memcpy(copy, m->der, len);
		cert = (struct ike_chunk){ copy, len };
		EXPECT_FALSE(ike_trust_verify(t, &cert, 1, NOW, IKE_ID_FQDN,
					      TEXT("gw.example.org"), &peer, reason));
		free(copy);
	}
	copy = calloc(1, m->len + 1);
	memcpy(copy, m->der, m->len);
	cert = (struct ike_chunk){ copy, m->len + 1 };
	EXPECT_FALSE(ike_trust_verify(t, &cert, 1, NOW, IKE_ID_FQDN, TEXT("gw.example.org"),
				      &peer, reason));
	EXPECT_STREQ("certificate 1 of the peer: something follows the certificate", reason);
	free(copy);
	ike_trust_unref(t);
}

TEST_HARNESS_MAIN
