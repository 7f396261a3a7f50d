// SPDX-License-Identifier: GPL-2.0
/*
 * What CRLs and OCSP say of a peer, what they cannot say, and what is made of that by
 * each policy.
 *
 * lab: native
 */
#include "cert_unit.h"

#define HARD_CRL	{ .crl = true }
#define SOFT_CRL	{ .crl = true, .soft = true }
#define HARD_OCSP	{ .ocsp = true }
#define SOFT_OCSP	{ .ocsp = true, .soft = true }
#define UNKNOWN		"not known whether it is revoked: "

static void drop(struct octets *o)
{
	OPENSSL_free(o->data);
	o->data = NULL;
}

/* One CRL for each CA is enough, and no fewer are. */
TEST_F(pki, lists)
{
	const struct pki *p = &self->p;
	struct octets root = CRL(.issuer = &p->root), sub = CRL(.issuer = &p->sub);
	struct ike_trust *t;

	t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &root, &sub }, .revocation = HARD_CRL);
	EXPECT_STREQ("", TRY(t, { &p->peer }));
	ike_trust_unref(t);
	t = TRUST(.cas = { &p->root }, .crls = { &root, &sub }, .revocation = HARD_CRL);
	EXPECT_STREQ("", TRY(t, { &p->peer, &p->sub }));
	ike_trust_unref(t);
	t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &root }, .revocation = HARD_CRL);
	EXPECT_STREQ(UNKNOWN "no CRL of CN=sub,O=Example covers it: " PEER, TRY(t, { &p->peer }));
	ike_trust_unref(t);
	t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &sub }, .revocation = HARD_CRL);
	EXPECT_STREQ(UNKNOWN "no CRL of CN=root,O=Example covers it: CN=sub,O=Example",
		     TRY(t, { &p->peer }));
	ike_trust_unref(t);
	/* what is not known is told, but only to an operator who wants to know */
	t = TRUST(.cas = { &p->root, &p->sub }, .revocation = SOFT_CRL);
	EXPECT_STREQ(UNKNOWN "no CRL of CN=sub,O=Example covers it: " PEER, TRY(t, { &p->peer }));
	EXPECT_STRNE("", TRY(t, { &p->peer }, .id = TEXT("other")));
	ike_trust_unref(t);
	t = TRUST(.cas = { &p->root, &p->sub });
	EXPECT_STREQ("", TRY(t, { &p->peer }));
	ike_trust_unref(t);
	/* an anchor is nobody's to revoke */
	t = TRUST(.cas = { &p->sub }, .crls = { &sub }, .revocation = HARD_CRL);
	EXPECT_STREQ("", TRY(t, { &p->peer }));
	ike_trust_unref(t);
	drop(&root);
	drop(&sub);
}

static bool is_accepted(const struct ike_trust *t, const struct made *peer, int64_t now)
{
	const struct ike_chunk cert = made_chunk(peer);
	char reason[IKE_REASON_LEN];
	struct ike_peer_cert found;
	bool ok;

	ok = ike_trust_verify(t, &cert, 1, now, IKE_ID_FQDN, TEXT("gw.example.org"), &found,
			      reason);
	ike_peer_cert_clear(&found);
	return ok;
}

/* Nothing that is listed gets in, be the policy soft and the list stale. */
TEST_F(pki, revoked_by_crl)
{
	const struct pki *p = &self->p;
	struct octets root = CRL(.issuer = &p->root), sub = CRL(.issuer = &p->sub);
	struct octets bad_peer = CRL(.issuer = &p->sub, .revoked = { p->root.x, p->peer.x });
	struct octets bad_sub = CRL(.issuer = &p->root, .revoked = { p->sub.x });
	struct octets bad_root = CRL(.issuer = &p->root, .revoked = { p->root.x });
	const struct ike_revocation policies[] = {
		HARD_CRL, SOFT_CRL, { true, true, false }, { true, true, true }
	};

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		struct ike_trust *t = TRUST(.cas = { &p->root, &p->sub },
					    .crls = { &root, &bad_peer },
					    .revocation = policies[i]);

		EXPECT_STREQ("revoked by the CRL of CN=sub,O=Example: " PEER,
			     TRY(t, { &p->peer }));
		EXPECT_FALSE(is_accepted(t, &p->peer, NOW));
		EXPECT_FALSE(is_accepted(t, &p->peer, NOW + 2 * DAY));
		ike_trust_unref(t);
		t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &sub, &bad_sub },
			  .revocation = policies[i]);
		EXPECT_STREQ("revoked by the CRL of CN=root,O=Example: CN=sub,O=Example",
			     TRY(t, { &p->peer }));
		ike_trust_unref(t);
	}
	struct ike_trust *t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &sub, &bad_root },
				    .revocation = HARD_CRL);
	EXPECT_STREQ("", TRY(t, { &p->peer }));
	ike_trust_unref(t);
	/* not asked */
	t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &bad_sub, &bad_peer });
	EXPECT_STREQ("", TRY(t, { &p->peer }));
	ike_trust_unref(t);
	drop(&root);
	drop(&sub);
	drop(&bad_peer);
	drop(&bad_sub);
	drop(&bad_root);
}

TEST_F(pki, stale_lists)
{
	const struct pki *p = &self->p;
	struct octets stale = CRL(.issuer = &p->root, .from = NOW - 9 * DAY, .until = NOW - DAY);
	struct octets early = CRL(.issuer = &p->root, .from = NOW + DAY, .until = NOW + 9 * DAY);
	struct octets now = CRL(.issuer = &p->root);
	struct made peer = CERT(.subject = "/CN=peer", .issuer = &p->root, .names = NAMES);
	char expected[200], time[32], reason[IKE_REASON_LEN];
	struct ike_trust *t, *soft;

	t = TRUST(.cas = { &p->root }, .crls = { &stale }, .revocation = HARD_CRL);
	soft = TRUST(.cas = { &p->root }, .crls = { &stale }, .revocation = SOFT_CRL);
	snprintf(expected, sizeof(expected),
		 UNKNOWN "the CRL of CN=root,O=Example is stale since %s: CN=peer",
		 utc(time, NOW - DAY));
	EXPECT_STREQ(expected, TRY(t, { &peer }));
	EXPECT_STREQ(expected, TRY(soft, { &peer }));
	EXPECT_FALSE(is_accepted(t, &peer, NOW));
	EXPECT_TRUE(is_accepted(soft, &peer, NOW));
	EXPECT_TRUE(is_accepted(t, &peer, NOW - 2 * DAY));
	EXPECT_TRUE(ike_trust_check_time(t, NOW - 2 * DAY, reason));
	EXPECT_FALSE(ike_trust_check_time(t, NOW, reason));
	snprintf(expected, sizeof(expected), "the CRL is stale since %s: CN=root,O=Example",
		 utc(time, NOW - DAY));
	EXPECT_STREQ(expected, reason);
	ike_trust_unref(t);
	ike_trust_unref(soft);

	t = TRUST(.cas = { &p->root }, .crls = { &early }, .revocation = HARD_CRL);
	snprintf(expected, sizeof(expected),
		 UNKNOWN "the CRL of CN=root,O=Example is not valid before %s: CN=peer",
		 utc(time, NOW + DAY));
	EXPECT_STREQ(expected, TRY(t, { &peer }));
	ike_trust_unref(t);
	/* one that is valid is enough, wherever it stands */
	t = TRUST(.cas = { &p->root }, .crls = { &stale, &now, &early }, .revocation = HARD_CRL);
	EXPECT_STREQ("", TRY(t, { &peer }));
	ike_trust_unref(t);
	made_free(&peer);
	drop(&stale);
	drop(&early);
	drop(&now);
}

/* A list by nobody's key says nothing, not even that somebody is revoked. */
TEST_F(pki, forged_lists)
{
	const struct pki *p = &self->p;
	struct octets root = CRL(.issuer = &p->root);
	struct octets sub = CRL(.issuer = &p->sub, .forged = true, .revoked = { p->peer.x });
	struct octets twisted = CRL(.issuer = &p->root, .forged = true);
	struct made mute = CA(.subject = "/CN=mute", .issuer = &p->root, .usage = "keyCertSign");
	struct made peer = CERT(.subject = "/CN=peer", .issuer = &mute, .names = NAMES);
	struct octets by_mute = CRL(.issuer = &mute, .revoked = { peer.x });
	const struct ike_chunk certs[] = { made_chunk(&p->peer), made_chunk(&p->sub) };
	char reason[IKE_REASON_LEN];
	struct ike_peer_cert found;
	struct ike_trust *t;

	/* With the CA at hand it is seen at once. */
	t = ike_trust_new(&(const struct ike_revocation)HARD_CRL);
	EXPECT_TRUE(ike_trust_add_cas(t, made_chunk(&p->root), reason));
	EXPECT_TRUE(ike_trust_add_crls(t, octets_chunk(&twisted), reason));
	EXPECT_FALSE(ike_trust_finish(t, reason));
	EXPECT_STREQ("the signature of the CRL is not that of its CA: CN=root,O=Example", reason);
	ike_trust_unref(t);

	/* Here the peer sends the CA. */
	t = TRUST(.cas = { &p->root }, .crls = { &root, &sub }, .revocation = HARD_CRL);
	EXPECT_STREQ(UNKNOWN "the CRL of CN=sub,O=Example cannot be used: CRL signature failure: "
		     PEER, TRY(t, { &p->peer, &p->sub }));
	ike_trust_unref(t);
	t = TRUST(.cas = { &p->root }, .crls = { &root, &sub }, .revocation = SOFT_CRL);
	EXPECT_TRUE(ike_trust_verify(t, certs, 2, NOW, IKE_ID_FQDN, TEXT("gw.example.org"),
				     &found, reason));
	EXPECT_EQ(0, strncmp(found.note, UNKNOWN, strlen(UNKNOWN)));
	ike_peer_cert_clear(&found);
	ike_trust_unref(t);

	t = TRUST(.cas = { &p->root, &mute }, .crls = { &root, &by_mute }, .revocation = HARD_CRL);
	EXPECT_STREQ(UNKNOWN "the CRL of CN=mute cannot be used: "
		     "key usage does not include CRL signing: CN=peer", TRY(t, { &peer }));
	ike_trust_unref(t);
	drop(&by_mute);
	made_free(&peer);
	made_free(&mute);
	drop(&root);
	drop(&sub);
	drop(&twisted);
}

/* Lists that are not about everything. */
TEST_F(pki, partial_lists)
{
	static const struct {
		const char *point;
		bool good;
	} cases[] = {
		{ "critical,onlyuser:TRUE", true },
		{ "critical,onlyCA:TRUE", false },
		{ "critical,onlyAA:TRUE", false },
		{ "critical,indirectCRL:TRUE", false },
		{ "critical,onlysomereasons:keyCompromise", false },
	};
	struct made peer = CERT(.subject = "/CN=peer", .issuer = &self->p.root, .names = NAMES);
	struct made pss = CA(.subject = "/CN=pss", .key = make_key("RSA-PSS", 2048));
	struct octets by_pss = CRL(.issuer = &pss);
	char reason[IKE_REASON_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct octets crl = CRL(.issuer = &self->p.root, .point = cases[i].point);
		struct ike_trust *t = TRUST(.cas = { &self->p.root }, .crls = { &crl },
					    .revocation = HARD_CRL);

		EXPECT_EQ(cases[i].good, is_accepted(t, &peer, NOW))
			TH_LOG("%s", cases[i].point);
		ike_trust_unref(t);
		drop(&crl);
	}

	const struct {
		struct octets crl;
		const char *reason;
	} refused[] = {
		{ CRL(.issuer = &self->p.root, .delta = true),
		  "a CRL that is only the difference to another one: CN=root,O=Example" },
		{ CRL(.issuer = &self->p.root, .until = -1),
		  "a CRL that does not say until when it is valid: CN=root,O=Example" },
		{ CRL(.issuer = &self->p.root, .md = EVP_sha1()),
		  "a CRL signed with SHA-1 or weaker: CN=root,O=Example" },
		{ CRL(.issuer = &pss, .md = EVP_sha1()),
		  "a CRL signed with SHA-1 or weaker: CN=pss" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct ike_trust *t = ike_trust_new(&(const struct ike_revocation)HARD_CRL);

		EXPECT_FALSE(ike_trust_add_crls(t, octets_chunk(&refused[i].crl), reason));
		EXPECT_STREQ(refused[i].reason, reason);
		ike_trust_unref(t);
		OPENSSL_free(refused[i].crl.data);
	}
	ike_trust_unref(TRUST(.cas = { &pss }, .crls = { &by_pss }));
	drop(&by_pss);
	made_free(&pss);
	made_free(&peer);
}

TEST_F(pki, ocsp)
{
	const struct pki *p = &self->p;
	struct octets sub = OCSP(.issuer = &p->root, .about = &p->sub);
	struct octets good[] = {
		OCSP(.issuer = &p->sub, .about = &p->peer),
		OCSP(.issuer = &p->sub, .about = &p->peer, .id_md = EVP_sha256()),
		OCSP(.issuer = &p->sub, .about = &p->peer, .without_signer = true),
		OCSP(.issuer = &p->sub, .about = &p->peer, .md = EVP_sha512()),
	};
	struct ike_trust *t;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		t = TRUST(.cas = { &p->root, &p->sub }, .ocsp = { &sub, &good[i] },
			  .revocation = HARD_OCSP);
		EXPECT_STREQ("", TRY(t, { &p->peer }));
		ike_trust_unref(t);
		t = TRUST(.cas = { &p->root }, .ocsp = { &good[i], &sub }, .revocation = HARD_OCSP);
		EXPECT_STREQ("", TRY(t, { &p->peer, &p->sub }));
		ike_trust_unref(t);
		t = TRUST(.cas = { &p->root, &p->sub }, .ocsp = { &good[i] },
			  .revocation = HARD_OCSP);
		EXPECT_STREQ(UNKNOWN "no OCSP response is about it: CN=sub,O=Example",
			     TRY(t, { &p->peer }));
		ike_trust_unref(t);
		drop(&good[i]);
	}
	t = TRUST(.cas = { &p->root, &p->sub }, .ocsp = { &sub }, .revocation = HARD_OCSP);
	EXPECT_STREQ(UNKNOWN "no OCSP response is about it: " PEER, TRY(t, { &p->peer }));
	EXPECT_FALSE(is_accepted(t, &p->peer, NOW));
	ike_trust_unref(t);
	t = TRUST(.cas = { &p->root, &p->sub }, .ocsp = { &sub }, .revocation = SOFT_OCSP);
	EXPECT_STREQ(UNKNOWN "no OCSP response is about it: " PEER, TRY(t, { &p->peer }));
	EXPECT_TRUE(is_accepted(t, &p->peer, NOW));
	ike_trust_unref(t);
	drop(&sub);
}

/* Answers that say nothing, to a hard and to a soft policy; and those that say it all. */
TEST_F(pki, answers)
{
	const struct made *ca = &self->p.root;
	struct made peer = CERT(.subject = "/CN=peer", .issuer = ca, .names = NAMES);
	struct made other = CERT(.subject = "/CN=other", .issuer = ca);
	struct made twin = CA(.subject = "/O=Example/CN=root");
	char stale[80], early[80], time[32];
	struct {
		struct octets response;
		const char *reason;
		bool revoked;
	} cases[] = {
		{ OCSP(.issuer = ca, .about = &other), "no OCSP response is about it" },
		{ OCSP(.issuer = &twin, .about = &peer), "no OCSP response is about it" },
		{ OCSP(.issuer = ca, .about = &peer, .forged = true),
		  "the signature of the OCSP response is wrong" },
		{ OCSP(.issuer = ca, .about = &peer, .forged = true,
		       .status = V_OCSP_CERTSTATUS_REVOKED),
		  "the signature of the OCSP response is wrong" },
		{ OCSP(.issuer = ca, .about = &peer, .status = V_OCSP_CERTSTATUS_UNKNOWN),
		  "the OCSP responder does not know it" },
		{ OCSP(.issuer = ca, .about = &peer, .until = -1),
		  "the OCSP response does not say until when it is valid" },
		{ OCSP(.issuer = ca, .about = &peer, .from = NOW - 9 * DAY, .until = NOW - DAY),
		  stale },
		{ OCSP(.issuer = ca, .about = &peer, .from = NOW + DAY, .until = NOW + 9 * DAY),
		  early },
		{ OCSP(.issuer = ca, .about = &peer, .status = V_OCSP_CERTSTATUS_REVOKED),
		  "revoked, says OCSP", true },
		{ OCSP(.issuer = ca, .about = &peer, .status = V_OCSP_CERTSTATUS_REVOKED,
		       .from = NOW - 9 * DAY, .until = NOW - DAY),
		  "revoked, says OCSP", true },
	};
	struct octets good = OCSP(.issuer = ca, .about = &peer);

	snprintf(stale, sizeof(stale), "the OCSP response is stale since %s",
		 utc(time, NOW - DAY));
	snprintf(early, sizeof(early), "the OCSP response is not valid before %s",
		 utc(time, NOW + DAY));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct octets *o = &cases[i].response;
		struct ike_trust *t;
		char expected[200];

		t = TRUST(.cas = { ca }, .ocsp = { o }, .revocation = HARD_OCSP);
		snprintf(expected, sizeof(expected), "%s%s: CN=peer",
			 cases[i].revoked ? "" : UNKNOWN, cases[i].reason);
		EXPECT_STREQ(expected, TRY(t, { &peer }));
		EXPECT_FALSE(is_accepted(t, &peer, NOW));
		ike_trust_unref(t);
		t = TRUST(.cas = { ca }, .ocsp = { o }, .revocation = SOFT_OCSP);
		EXPECT_STREQ(expected, TRY(t, { &peer }));
		EXPECT_EQ(!cases[i].revoked, is_accepted(t, &peer, NOW));
		ike_trust_unref(t);
		/* beside a good one it only counts if it is current */
		t = TRUST(.cas = { ca }, .ocsp = { o, &good }, .revocation = HARD_OCSP);
		EXPECT_EQ(i != 8, is_accepted(t, &peer, NOW));
		ike_trust_unref(t);
		t = TRUST(.cas = { ca }, .ocsp = { &good, o }, .revocation = HARD_OCSP);
		EXPECT_EQ(i != 8, is_accepted(t, &peer, NOW));
		ike_trust_unref(t);
		drop(o);
	}
	drop(&good);
	made_free(&twin);
	made_free(&other);
	made_free(&peer);
}

/* Who may answer in the place of the CA. */
TEST_F(pki, responders)
{
	const struct made *ca = &self->p.root, *sub = &self->p.sub;
	struct made peer = CERT(.subject = "/CN=peer", .issuer = ca, .names = NAMES);
	struct made old = CERT(.subject = "/CN=old", .issuer = ca, .extended = "OCSPSigning",
			       .until = NOW - DAY);
	struct {
		struct made responder;
		const char *reason;
		bool without;
	} cases[] = {
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "OCSPSigning"), "" },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "OCSPSigning"),
		  UNKNOWN "the certificate of the OCSP responder is not known: CN=peer", true },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca),
		  UNKNOWN "the CA does not let CN=ocsp respond to OCSP: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "serverAuth"),
		  UNKNOWN "the CA does not let CN=ocsp respond to OCSP: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "anyExtendedKeyUsage"),
		  UNKNOWN "the CA does not let CN=ocsp respond to OCSP: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "OCSPSigning",
		       .usage = "keyAgreement"),
		  UNKNOWN "the CA does not let CN=ocsp respond to OCSP: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .issuer = sub, .extended = "OCSPSigning"),
		  UNKNOWN "the CA has not certified the OCSP responder CN=ocsp: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "OCSPSigning",
		       .forged = true),
		  UNKNOWN "the CA has not certified the OCSP responder CN=ocsp: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .issuer = ca, .extended = "OCSPSigning",
		       .md = EVP_sha1()),
		  UNKNOWN "the CA has not certified the OCSP responder CN=ocsp: CN=peer" },
		{ CERT(.subject = "/CN=ocsp", .extended = "OCSPSigning"),
		  UNKNOWN "the CA has not certified the OCSP responder CN=ocsp: CN=peer" },
	};
	struct octets by_old = OCSP(.issuer = ca, .about = &peer, .signer = &old);
	char expected[200], time[32];
	struct ike_trust *t;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct octets o = OCSP(.issuer = ca, .about = &peer,
				       .signer = &cases[i].responder,
				       .without_signer = cases[i].without);

		t = TRUST(.cas = { ca }, .ocsp = { &o }, .revocation = HARD_OCSP);
		EXPECT_STREQ(cases[i].reason, TRY(t, { &peer }));
		EXPECT_EQ(!i, is_accepted(t, &peer, NOW));
		ike_trust_unref(t);
		drop(&o);
		made_free(&cases[i].responder);
	}
	t = TRUST(.cas = { ca }, .ocsp = { &by_old }, .revocation = HARD_OCSP);
	snprintf(expected, sizeof(expected),
		 UNKNOWN "the OCSP responder's certificate: expired %s: CN=old: CN=peer",
		 utc(time, NOW - DAY));
	EXPECT_STREQ(expected, TRY(t, { &peer }));
	ike_trust_unref(t);
	drop(&by_old);
	made_free(&old);
	made_free(&peer);
}

/* Both are asked: each can do what the other one cannot, and each can revoke. */
TEST_F(pki, both_ways)
{
	const struct made *ca = &self->p.root;
	struct made peer = CERT(.subject = "/CN=peer", .issuer = ca, .names = NAMES);
	struct octets crl = CRL(.issuer = ca), bad_crl = CRL(.issuer = ca, .revoked = { peer.x });
	struct octets stale = CRL(.issuer = ca, .from = NOW - 9 * DAY, .until = NOW - DAY);
	struct octets ocsp = OCSP(.issuer = ca, .about = &peer);
	struct octets bad_ocsp = OCSP(.issuer = ca, .about = &peer,
				      .status = V_OCSP_CERTSTATUS_REVOKED);
	struct {
		struct octets *crl, *ocsp;
		bool hard, soft;
	} cases[] = {
		{ NULL, NULL, false, true },
		{ &crl, NULL, true, true },
		{ NULL, &ocsp, true, true },
		{ &stale, &ocsp, true, true },
		{ &stale, NULL, false, true },
		{ &crl, &ocsp, true, true },
		{ &bad_crl, &ocsp, false, false },
		{ &crl, &bad_ocsp, false, false },
		{ &stale, &bad_ocsp, false, false },
		{ NULL, &bad_ocsp, false, false },
		{ &bad_crl, NULL, false, false },
	};
	struct ike_trust *t;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (int soft = 0; soft < 2; soft++) {
			t = TRUST(.cas = { ca }, .crls = { cases[i].crl },
				  .ocsp = { cases[i].ocsp },
				  .revocation = { .crl = true, .ocsp = true, .soft = soft });
			EXPECT_EQ(soft ? cases[i].soft : cases[i].hard,
				  is_accepted(t, &peer, NOW))
				TH_LOG("case %zu, soft %d", i, soft);
			ike_trust_unref(t);
		}
	t = TRUST(.cas = { ca }, .revocation = { .crl = true, .ocsp = true });
	EXPECT_STREQ(UNKNOWN "no CRL of CN=root,O=Example covers it, and no OCSP response is "
		     "about it: CN=peer", TRY(t, { &peer }));
	ike_trust_unref(t);
	drop(&crl);
	drop(&bad_crl);
	drop(&stale);
	drop(&ocsp);
	drop(&bad_ocsp);
	made_free(&peer);
}

TEST_F(pki, damaged_files)
{
	const struct made *ca = &self->p.root;
	struct made peer = CERT(.subject = "/CN=peer", .issuer = ca, .names = NAMES);
	struct octets files[] = {
		CRL(.issuer = ca, .revoked = { self->p.sub.x }),
		OCSP(.issuer = ca, .about = &peer, .without_signer = true),
	};
	struct octets later = OCSP(.issuer = ca, .about = &self->p.sub,
				   .response_status = OCSP_RESPONSE_STATUS_TRYLATER);
	struct octets weak = OCSP(.issuer = ca, .about = &self->p.sub, .md = EVP_sha1());
	struct ike_trust *t = ike_trust_new(&(const struct ike_revocation)HARD_OCSP);
	char reason[IKE_REASON_LEN];

	EXPECT_FALSE(ike_trust_add_ocsp(t, octets_chunk(&later), reason));
	EXPECT_STREQ("the OCSP responder answered \"trylater\"", reason);
	EXPECT_FALSE(ike_trust_add_ocsp(t, octets_chunk(&weak), reason));
	EXPECT_STREQ("an OCSP response signed with SHA-1 or weaker", reason);
	ike_trust_unref(t);

	/* Each is believed as it is; with another octet it may be read, but not believed. */
	for (size_t i = 0; i < 2; i++)
		for (size_t at = 0; at <= files[i].len; at++) {
			const bool whole = at == files[i].len;
			struct ike_trust *damaged;
			struct ike_chunk c;
			bool ok;

			if (!whole)
				files[i].data[at] ^= 0x41;
			c = octets_chunk(&files[i]);
			damaged = ike_trust_new(&(const struct ike_revocation){
				.crl = !i, .ocsp = i, });
			ASSERT_TRUE(ike_trust_add_cas(damaged, made_chunk(ca), reason));
			ok = (i ? ike_trust_add_ocsp(damaged, c, reason) :
				  ike_trust_add_crls(damaged, c, reason)) &&
			     ike_trust_finish(damaged, reason) && is_accepted(damaged, &peer, NOW);
			EXPECT_EQ(whole, ok)
				TH_LOG("file %zu, octet %zu", i, at);
			ike_trust_unref(damaged);
			if (!whole)
				files[i].data[at] ^= 0x41;
		}
	made_free(&peer);
	drop(&files[0]);
	drop(&files[1]);
	drop(&later);
	drop(&weak);
}

TEST_HARNESS_MAIN
