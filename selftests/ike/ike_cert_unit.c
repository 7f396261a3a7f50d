// SPDX-License-Identifier: GPL-2.0
/*
 * Trustpoints as they are put together from files, right ones and wrong ones, what
 * is sent of them, and identities as they are compared and written.
 *
 * lab: native
 */
#include <pthread.h>

#include "cert_unit.h"

static const struct ike_revocation unchecked;

static void drop(struct octets *o)
{
	OPENSSL_free(o->data);
	o->data = NULL;
}

/* Why a trustpoint with this certificate and key is refused, "" if it is not. */
static const char *own(struct ike_trust **t, struct ike_chunk cas, struct ike_chunk certs,
		       struct ike_chunk key)
{
	static char reason[IKE_REASON_LEN];

	*reason = '\0';
	*t = ike_trust_new(&unchecked);
	if (!(cas.len && !ike_trust_add_cas(*t, cas, reason)) &&
	    !(certs.len && !ike_trust_set_certs(*t, certs, reason)) &&
	    !(key.len && !ike_trust_set_key(*t, key, reason)) && ike_trust_finish(*t, reason))
		return "";
	ike_trust_unref(*t);
	*t = NULL;
	return *reason && !ERR_peek_error() ? reason : "no reason";
}

/* Where a reason begins with these words. */
static bool begins(const char *reason, const char *words)
{
	return !strncmp(reason, words, strlen(words));
}

#define NOTHING	((struct ike_chunk){})

TEST_F(pki, own)
{
	const struct pki *p = &self->p;
	const struct made *const chain[] = { &p->peer, &p->sub, &p->root };
	const struct made *const turned[] = { &p->root, &p->sub, &p->peer };
	struct octets key = key_pem(p->peer.key, NULL), key_bin = key_der(p->peer.key, NULL);
	struct octets files[] = { pem_of(chain, 3), pem_of(turned, 3), pem_of(chain, 2),
				  joined(key_pem(p->peer.key, NULL), pem_of(chain, 3)) };
	const struct ike_chunk keys[] = { octets_chunk(&key), octets_chunk(&key_bin),
					  octets_chunk(&files[3]) };
	struct ike_chunk cert, dn;
	struct ike_trust *t;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
			ASSERT_STREQ("", own(&t, made_chunk(&p->root), octets_chunk(&files[i]),
					     keys[k]));
			EXPECT_EQ(1, EVP_PKEY_eq(ike_trust_key(t), p->peer.key));
			/* the one of the key first, the anchor never */
			ASSERT_EQ(2, ike_trust_n_certs(t));
			cert = ike_trust_cert(t, 0);
			ASSERT_EQ(p->peer.len, cert.len);
			EXPECT_EQ(0, memcmp(cert.data, p->peer.der, cert.len));
			cert = ike_trust_cert(t, 1);
			ASSERT_EQ(p->sub.len, cert.len);
			EXPECT_EQ(0, memcmp(cert.data, p->sub.der, cert.len));
			EXPECT_EQ(0, ike_trust_cert(t, 2).len);
			dn = ike_trust_subject(t);
			EXPECT_TRUE(ike_id_equal(IKE_ID_DER_ASN1_DN, dn, dn));
			ike_trust_unref(t);
		}

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		drop(&files[i]);
	drop(&key);
	drop(&key_bin);
}

TEST_F(pki, own_path)
{
	const struct pki *p = &self->p;
	const struct made *const cas[] = { &p->sub, &p->root };
	struct octets key = key_pem(p->peer.key, NULL), both = pem_of(cas, 2);
	struct made alone = CERT(.subject = "/CN=alone");
	struct octets alone_key = key_pem(alone.key, NULL);
	struct ike_trust *t;

	ASSERT_STREQ("", own(&t, octets_chunk(&both), made_chunk(&p->peer), octets_chunk(&key)));
	EXPECT_EQ(2, ike_trust_n_certs(t));
	EXPECT_EQ(2 * IKE_CERTREQ_HASH_LEN, ike_trust_certreq(t).len);
	ike_trust_unref(t);
	ASSERT_STREQ("", own(&t, made_chunk(&p->sub), made_chunk(&p->peer), octets_chunk(&key)));
	EXPECT_EQ(1, ike_trust_n_certs(t));
	ike_trust_unref(t);
	ASSERT_STREQ("", own(&t, made_chunk(&p->root), made_chunk(&p->peer), octets_chunk(&key)));
	EXPECT_EQ(1, ike_trust_n_certs(t));
	ike_trust_unref(t);
	ASSERT_STREQ("", own(&t, NOTHING, made_chunk(&alone), octets_chunk(&alone_key)));
	EXPECT_EQ(1, ike_trust_n_certs(t));
	EXPECT_EQ(0, ike_trust_certreq(t).len);
	ike_trust_unref(t);
	ASSERT_STREQ("", own(&t, made_chunk(&p->root), NOTHING, NOTHING));
	EXPECT_EQ(NULL, ike_trust_key(t));
	EXPECT_EQ(0, ike_trust_n_certs(t));
	EXPECT_EQ(0, ike_trust_subject(t).len);
	EXPECT_FALSE(ike_trust_wanted(t, NOTHING));
	ike_trust_unref(t);
	made_free(&alone);
	drop(&alone_key);
	drop(&key);
	drop(&both);
}

TEST_F(pki, own_identity)
{
	struct octets key = key_pem(self->p.peer.key, NULL);
	char reason[IKE_REASON_LEN] = "";
	struct ike_trust *t;

	ASSERT_STREQ("", own(&t, NOTHING, made_chunk(&self->p.peer), octets_chunk(&key)));
	EXPECT_TRUE(ike_trust_has_id(t, IKE_ID_FQDN, TEXT("gw.example.org"), reason));
	EXPECT_TRUE(ike_trust_has_id(t, IKE_ID_DER_ASN1_DN, ike_trust_subject(t), reason));
	EXPECT_FALSE(ike_trust_has_id(t, IKE_ID_FQDN, TEXT("other"), reason));
	EXPECT_TRUE(begins(reason, "not issued to fqdn \"other\" but to gw.example.org, "));
	ike_trust_unref(t);
	ASSERT_STREQ("", own(&t, NOTHING, NOTHING, NOTHING));
	EXPECT_FALSE(ike_trust_has_id(t, IKE_ID_FQDN, TEXT("other"), reason));
	EXPECT_STREQ("there is no certificate of our own", reason);
	ike_trust_unref(t);
	drop(&key);
}

TEST_F(pki, own_refused)
{
	const struct pki *p = &self->p;
	struct octets key = key_pem(p->peer.key, NULL), other = key_pem(p->sub.key, NULL);
	struct octets locked = key_pem(p->peer.key, "secret");
	struct octets locked_der = key_der(p->peer.key, "secret");
	struct octets two = joined(key_pem(p->peer.key, NULL), key_pem(p->sub.key, NULL));
	static const char legacy[] =
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n"
		"-----END RSA PRIVATE KEY-----\n";
	static const char encrypted_at[] = "line 1: the private key is encrypted: "
		"decrypt it, and let the mode of its file protect it";
	static const char *const encrypted = encrypted_at + 8;
	struct made brief = CERT(.subject = "/CN=brief", .key = make_key("RSA", 1024));
	struct made odd = CERT(.subject = "/CN=odd", .key = make_key("ED448", 0));
	struct made mute = CERT(.subject = "/CN=mute", .usage = "keyAgreement");
	struct made code = CERT(.subject = "/CN=code", .extended = "codeSigning");
	struct {
		const struct made *m;
		const char *reason;
	} unfit[] = {
		{ &brief, "an RSA key of 1024 bits, fewer than 2048: CN=brief" },
		{ &odd, "a key of an unsupported type: CN=odd" },
		{ &mute, "its key usage lacks digitalSignature: CN=mute" },
		{ &code, "its extended key usage is not for IKE: CN=code" },
	};
	const struct ike_chunk cert = made_chunk(&p->peer);
	struct ike_trust *t;

	EXPECT_STREQ("the private key is not that of the certificate: " PEER,
		     own(&t, NOTHING, cert, octets_chunk(&other)));
	EXPECT_STREQ("a certificate without a private key: " PEER,
		     own(&t, NOTHING, cert, NOTHING));
	EXPECT_STREQ("a private key without a certificate",
		     own(&t, NOTHING, NOTHING, octets_chunk(&key)));
	EXPECT_STREQ(encrypted_at, own(&t, NOTHING, cert, octets_chunk(&locked)));
	EXPECT_STREQ(encrypted, own(&t, NOTHING, cert, octets_chunk(&locked_der)));
	EXPECT_STREQ(encrypted_at, own(&t, NOTHING, cert, TEXT(legacy)));
	EXPECT_STREQ("line 6: a second private key", own(&t, NOTHING, cert, octets_chunk(&two)));
	EXPECT_STREQ("there is no private key in it",
		     own(&t, NOTHING, cert, TEXT("-----BEGIN NOTHING-----\nAAAA\n"
						 "-----END NOTHING-----\n")));
	for (size_t i = 0; i < ARRAY_SIZE(unfit); i++) {
		struct octets its = key_pem(unfit[i].m->key, NULL);

		EXPECT_STREQ(unfit[i].reason, own(&t, NOTHING, made_chunk(unfit[i].m),
						  octets_chunk(&its)));
		drop(&its);
		made_free((struct made *)unfit[i].m);
	}
	drop(&key);
	drop(&other);
	drop(&locked);
	drop(&locked_der);
	drop(&two);
}

/* Of every kind that may sign. The two halves of a key have to fit each other, too. */
TEST_F(pki, keys)
{
	static const struct {
		const char *type;
		size_t bits;
	} kinds[] = { { "RSA", 2048 }, { "RSA-PSS", 2048 }, { "P-256", 0 }, { "P-384", 0 },
		      { "P-521", 0 }, { "ED25519", 0 } };
	struct ike_trust *t;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct made m = CERT(.subject = "/CN=m",
				     .key = make_key(kinds[i].type, kinds[i].bits));
		struct octets pem = key_pem(m.key, NULL), der = key_der(m.key, NULL);

		EXPECT_STREQ("", own(&t, NOTHING, made_chunk(&m), octets_chunk(&pem)))
			TH_LOG("%s", kinds[i].type);
		ike_trust_unref(t);
		EXPECT_STREQ("", own(&t, NOTHING, made_chunk(&m), octets_chunk(&der)));
		ike_trust_unref(t);
		for (size_t at = 0; at < der.len; at += 1 + der.len / 50) {
			der.data[at] ^= 0x10;
			own(&t, NOTHING, made_chunk(&m), octets_chunk(&der));
			ike_trust_unref(t);
			der.data[at] ^= 0x10;
		}
		drop(&pem);
		drop(&der);
		made_free(&m);
	}

	struct made rsa = CERT(.subject = "/CN=rsa", .key = make_key("RSA", 2048));
	struct octets der = key_der(rsa.key, NULL);

	/* in the middle is the private exponent, the public half stays as it was */
	der.data[der.len * 4 / 10] ^= 0x10;
	EXPECT_STREQ("the private key is damaged: CN=rsa",
		     own(&t, NOTHING, made_chunk(&rsa), octets_chunk(&der)));
	drop(&der);
	made_free(&rsa);
}

/* Where the second certificate begins, as an editor counts. */
static unsigned int second_line(const struct octets *pem)
{
	unsigned int line = 1, found = 0;

	for (size_t i = 0; i < pem->len; line += pem->data[i++] == '\n')
		if (!strncmp((char *)pem->data + i, "-----BEGIN", 10) && ++found == 2)
			break;
	return line;
}

TEST_F(pki, cas_refused)
{
	const struct pki *p = &self->p;
	const struct made *const mixed[] = { &p->root, &p->peer };
	struct octets pem = pem_of(mixed, 2);
	struct made v1 = make_cert(&(const struct spec){ .subject = "/CN=v1", .v1 = true });
	struct made brief = CA(.subject = "/CN=brief", .key = make_key("RSA", 1024));
	struct made forged = CA(.subject = "/CN=forged", .forged = true);
	struct {
		struct ike_chunk octets;
		const char *reason;
	} cases[] = {
		{ made_chunk(&p->peer), "not the certificate of a CA: " PEER },
		{ made_chunk(&v1), "not the certificate of a CA: CN=v1" },
		{ made_chunk(&brief), "its key of 1024 bits is too short: CN=brief" },
		{ made_chunk(&forged), "its signature is wrong: CN=forged" },
		{ TEXT("hello"), "it is neither PEM nor DER" },
		{ TEXT("0"), "it is no certificate: " },
		{ TEXT("-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n"),
		  "there is no certificate in it" },
		{ TEXT("a\nb\n-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----\n"),
		  "line 3: bad base64 decode" },
		{ TEXT("a\n-----BEGIN CERTIFICATE-----\nAAAA\n"), "line 2: " },
		{ TEXT("\n\n\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
		  "line 4: it is no certificate: " },
		{ TEXT("-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n"),
		  "line 1: bad end line" },
	};
	char reason[IKE_REASON_LEN];
	struct ike_trust *t;
	char line[100];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *why = own(&t, cases[i].octets, NOTHING, NOTHING);

		EXPECT_TRUE(begins(why, cases[i].reason))
			TH_LOG("case %zu: %s", i, why);
	}
	snprintf(line, sizeof(line), "line %u: not the certificate of a CA: " PEER,
		 second_line(&pem));
	EXPECT_STREQ(line, own(&t, octets_chunk(&pem), NOTHING, NOTHING));
	t = ike_trust_new(&unchecked);
	EXPECT_FALSE(ike_trust_add_cas(t, NOTHING, reason));
	EXPECT_STREQ("it is empty", reason);
	EXPECT_FALSE(ike_trust_add_crls(t, made_chunk(&p->root), reason));
	EXPECT_TRUE(begins(reason, "it is no CRL: "));
	EXPECT_FALSE(ike_trust_add_ocsp(t, made_chunk(&p->root), reason));
	EXPECT_TRUE(begins(reason, "it is no OCSP response: "));
	EXPECT_FALSE(ike_trust_set_key(t, made_chunk(&p->root), reason));
	EXPECT_TRUE(begins(reason, "it is no private key: "));
	ike_trust_unref(t);
	made_free(&forged);
	made_free(&brief);
	made_free(&v1);
	drop(&pem);
}

/* Many times the same is one; many are too many. */
TEST_F(pki, number_of_cas)
{
	struct ike_trust *t = ike_trust_new(&unchecked);
	char reason[IKE_REASON_LEN], name[32];

	for (int i = 0; i <= IKE_TRUST_CAS_MAX; i++) {
		struct made ca;

		snprintf(name, sizeof(name), "/CN=ca%d", i);
		ca = CA(.subject = name);
		EXPECT_EQ(i < IKE_TRUST_CAS_MAX, ike_trust_add_cas(t, made_chunk(&ca), reason));
		EXPECT_EQ(i < IKE_TRUST_CAS_MAX, ike_trust_add_cas(t, made_chunk(&ca), reason));
		made_free(&ca);
	}
	EXPECT_STREQ("more than 64 CAs", reason);
	EXPECT_TRUE(ike_trust_finish(t, reason));
	EXPECT_EQ(IKE_TRUST_CAS_MAX * IKE_CERTREQ_HASH_LEN, ike_trust_certreq(t).len);
	ike_trust_unref(t);
}

TEST_F(pki, requests)
{
	const struct pki *p = &self->p;
	struct octets key = key_pem(p->peer.key, NULL);
	struct made stranger = CA(.subject = "/CN=stranger"), alone = CERT(.subject = "/CN=alone");
	struct octets alone_key = key_pem(alone.key, NULL);
	uint8_t hash[20], buf[100];
	struct ike_trust *wide, *foreign, *self_signed, *nobody;
	const struct ike_trust *all[4];
	struct ike_chunk reqs[3];
	unsigned char *der = NULL;
	int len;

	wide = TRUST(.cas = { &p->root });
	/* the formula of RFC 7296: SHA-1 of the SubjectPublicKeyInfo */
	len = i2d_PUBKEY(p->root.key, &der);
	ASSERT_GT(len, 0);
	EVP_Digest(der, len, hash, NULL, EVP_sha1(), NULL);
	OPENSSL_free(der);
	ASSERT_EQ(20, ike_trust_certreq(wide).len);
	EXPECT_EQ(0, memcmp(hash, ike_trust_certreq(wide).data, 20));
	ike_trust_unref(wide);

	{
		const struct made *const cas[] = { &p->root, &p->sub };
		struct octets both = pem_of(cas, 2);

		ASSERT_STREQ("", own(&wide, octets_chunk(&both), made_chunk(&p->peer),
				     octets_chunk(&key)));
		drop(&both);
	}
	foreign = TRUST(.cas = { &stranger });
	ASSERT_STREQ("", own(&self_signed, NOTHING, made_chunk(&alone), octets_chunk(&alone_key)));
	nobody = TRUST(.cas = { &p->root });

	EXPECT_TRUE(ike_trust_wanted(wide, TEXT("")));
	EXPECT_TRUE(ike_trust_wanted(wide, (struct ike_chunk){ hash, 20 }));
	EXPECT_FALSE(ike_trust_wanted(wide, (struct ike_chunk){ hash, 19 }));
	EXPECT_FALSE(ike_trust_wanted(wide, ike_trust_certreq(foreign)));
	EXPECT_FALSE(ike_trust_wanted(nobody, (struct ike_chunk){ hash, 20 }));
	EXPECT_FALSE(ike_trust_wanted(self_signed, (struct ike_chunk){ hash, 20 }));
	memset(buf, 7, sizeof(buf));
	memcpy(buf + 40, hash, 20);
	EXPECT_TRUE(ike_trust_wanted(wide, (struct ike_chunk){ buf, 100 }));
	EXPECT_TRUE(ike_trust_wanted(wide, (struct ike_chunk){ buf, 60 }));
	EXPECT_FALSE(ike_trust_wanted(wide, (struct ike_chunk){ buf, 59 }));
	EXPECT_FALSE(ike_trust_wanted(wide, (struct ike_chunk){ buf + 1, 99 }));

	all[0] = nobody;
	all[1] = self_signed;
	all[2] = wide;
	reqs[0] = ike_trust_certreq(foreign);
	reqs[1] = (struct ike_chunk){ hash, 20 };
	reqs[2] = TEXT("");
	EXPECT_EQ(wide, ike_trust_choose(all, 3, reqs, 2));
	EXPECT_EQ(self_signed, ike_trust_choose(all, 3, reqs, 1));
	EXPECT_EQ(self_signed, ike_trust_choose(all, 3, reqs, 0));
	EXPECT_EQ(self_signed, ike_trust_choose(all, 3, reqs + 2, 1));
	EXPECT_EQ(NULL, ike_trust_choose(all, 1, reqs, 3));
	EXPECT_EQ(NULL, ike_trust_choose(all, 0, reqs, 3));
	ike_trust_unref(wide);
	ike_trust_unref(foreign);
	ike_trust_unref(self_signed);
	ike_trust_unref(nobody);
	made_free(&alone);
	made_free(&stranger);
	drop(&alone_key);
	drop(&key);
}

TEST_F(pki, own_times)
{
	const struct made *const cas[] = { &self->p.root };
	struct made brief = CERT(.subject = "/CN=brief", .issuer = &self->p.root,
				 .until = NOW + 20 * DAY);
	struct octets key = key_pem(brief.key, NULL), ca = pem_of(cas, 1);
	char reason[IKE_REASON_LEN], expected[100], time[32];
	struct ike_trust *t, *other;

	ASSERT_STREQ("", own(&t, octets_chunk(&ca), made_chunk(&brief), octets_chunk(&key)));
	EXPECT_TRUE(ike_trust_check_time(t, NOW, reason));
	EXPECT_TRUE(ike_trust_check_time(t, NOW + 20 * DAY - 1, reason));
	EXPECT_FALSE(ike_trust_check_time(t, NOW + 20 * DAY, reason));
	snprintf(expected, sizeof(expected), "expired %s: CN=brief", utc(time, NOW + 20 * DAY));
	EXPECT_STREQ(expected, reason);
	EXPECT_FALSE(ike_trust_check_time(t, NOW - 180LL * DAY - 1, reason));
	snprintf(expected, sizeof(expected), "not valid before %s: CN=brief",
		 utc(time, NOW - 180LL * DAY));
	EXPECT_STREQ(expected, reason);

	/* The old one stays for whom it serves. */
	other = ike_trust_ref(t);
	ike_trust_unref(t);
	EXPECT_EQ(1, ike_trust_n_certs(other));
	ike_trust_unref(other);
	ike_trust_unref(NULL);

	struct octets ocsp = OCSP(.issuer = &self->p.root, .about = &brief);

	t = TRUST(.cas = { &self->p.root }, .ocsp = { &ocsp }, .revocation = { .ocsp = true });
	EXPECT_TRUE(ike_trust_check_time(t, NOW, reason));
	EXPECT_FALSE(ike_trust_check_time(t, NOW + 2 * DAY, reason));
	EXPECT_TRUE(begins(reason, "the OCSP response is stale since "));
	ike_trust_unref(t);
	drop(&ocsp);
	drop(&ca);
	drop(&key);
	made_free(&brief);
}

TEST(texts)
{
	static const struct {
		uint8_t type;
		struct ike_chunk id;
		const char *text;
	} cases[] = {
		{ IKE_ID_IPV4_ADDR, TEXT("\300\0\2\1"), "192.0.2.1" },
		{ IKE_ID_IPV4_ADDR, TEXT("\300\0\2"), "0xc00002" },
		{ IKE_ID_IPV6_ADDR, TEXT("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), "2001:db8::1" },
		{ IKE_ID_IPV6_ADDR, TEXT("\300\0\2\1"), "0xc0000201" },
		{ IKE_ID_FQDN, TEXT("gw.example.org"), "gw.example.org" },
		{ IKE_ID_FQDN, TEXT("gw\nerror: all is lost\0\x7f\xff"),
		  "gw\\0Aerror:\\20all\\20is\\20lost\\00\\7F\\FF" },
		{ IKE_ID_FQDN, TEXT("\033[2Ja\"b\\c"), "\\1B[2Ja\\22b\\5Cc" },
		{ IKE_ID_FQDN, TEXT(""), "" },
		{ IKE_ID_RFC822_ADDR, TEXT("a@b"), "a@b" },
		{ IKE_ID_KEY_ID, TEXT("group one"), "group\\20one" },
		{ IKE_ID_KEY_ID, TEXT("\1\2z"), "0x01027a" },
		{ IKE_ID_KEY_ID, TEXT(""), "" },
		{ IKE_ID_DER_ASN1_DN, TEXT("\x30\0"), "(no name)" },
		{ IKE_ID_DER_ASN1_DN, TEXT("\x30\1"), "0x3001" },
		{ IKE_ID_DER_ASN1_DN, TEXT(""), "0x" },
		{ IKE_ID_DER_ASN1_DN,
		  TEXT("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02\x61\n"),
		  "CN=a\\0A" },
		{ IKE_ID_DER_ASN1_DN,
		  TEXT("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02\xc3\xa4"),
		  "CN=\\C3\\A4" },
		{ IKE_ID_DER_ASN1_GN, TEXT("ab"), "0x6162" },
		{ IKE_ID_NULL, TEXT(""), "0x" },
		{ 99, TEXT("ab"), "0x6162" },
	};
	uint8_t many[300];
	char buf[IKE_ID_TEXT_LEN];
	const char *text;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_STREQ(cases[i].text, ike_id_text(buf, cases[i].type, cases[i].id));
	}

	/* What is too long ends in dots, never in half of an escape. */
	for (size_t len = 0; len < sizeof(many); len++)
		for (int c = 0; c < 2; c++) {
			memset(many, c ? 'x' : '\n', sizeof(many));
			text = ike_id_text(buf, IKE_ID_FQDN, (struct ike_chunk){ many, len });
			if (len * (c ? 1 : 3) < IKE_ID_TEXT_LEN) {
				EXPECT_EQ(len * (c ? 1 : 3), strlen(text));
			} else {
				EXPECT_STREQ("...", text + strlen(text) - 3);
			}
			EXPECT_EQ(NULL, strchr(text, '\n'));
			text = ike_id_text(buf, IKE_ID_DER_ASN1_GN, (struct ike_chunk){ many, len });
			EXPECT_LT(strlen(text), IKE_ID_TEXT_LEN);
		}
	EXPECT_STREQ("fqdn", ike_id_type_text(IKE_ID_FQDN));
	EXPECT_STREQ("address", ike_id_type_text(IKE_ID_IPV6_ADDR));
	EXPECT_STREQ("unknown", ike_id_type_text(99));
}

/* A certificate's author cannot write into the log, nor past what is said. */
TEST_F(pki, hostile_subjects)
{
	char name[600] = "/CN=";
	struct ike_trust *t = TRUST(.cas = { &self->p.root });
	struct made evil = CERT(.subject = "/CN=a\nb\x1b[2J, CN=root", .issuer = &self->p.root,
				.names = "DNS:x.example.org");
	struct made wide;
	const char *why;

	EXPECT_STREQ("not issued to fqdn \"gw.example.org\" but to x.example.org: "
		     "CN=a\\0Ab\\1B[2J\\, CN=root", TRY(t, { &evil }));
	for (int i = 0; i < 9; i++)
		strcat(name, i ? "/OU=" "0123456789012345678901234567890123456789" : "wide");
	wide = CERT(.subject = name, .issuer = &self->p.root, .names = "DNS:x.example.org");
	why = TRY(t, { &wide });
	EXPECT_STREQ("...", why + strlen(why) - 3);
	EXPECT_LT(strlen(why), IKE_REASON_LEN);
	made_free(&wide);
	made_free(&evil);
	ike_trust_unref(t);
}

TEST(equal_identities)
{
	static const struct {
		uint8_t type;
		struct ike_chunk a, b;
		bool same;
	} cases[] = {
		{ IKE_ID_IPV4_ADDR, TEXT("abcd"), TEXT("abcd"), true },
		{ IKE_ID_IPV4_ADDR, TEXT("abcd"), TEXT("abcD") },
		{ IKE_ID_IPV4_ADDR, TEXT("abc"), TEXT("abc") },
		{ IKE_ID_IPV6_ADDR, TEXT("abcd"), TEXT("abcd") },
		{ IKE_ID_IPV6_ADDR, TEXT("0123456789abcdef"), TEXT("0123456789abcdef"), true },
		{ IKE_ID_FQDN, TEXT("a.B"), TEXT("A.b"), true },
		{ IKE_ID_FQDN, TEXT("a.b"), TEXT("a.b\0") },
		{ IKE_ID_FQDN, TEXT("a[b"), TEXT("a{b") },
		{ IKE_ID_FQDN, TEXT("*.b"), TEXT("*.b") },
		{ IKE_ID_FQDN, TEXT(""), TEXT("") },
		{ IKE_ID_RFC822_ADDR, TEXT("a@B"), TEXT("a@b"), true },
		{ IKE_ID_RFC822_ADDR, TEXT("A@b"), TEXT("a@b") },
		{ IKE_ID_RFC822_ADDR, TEXT("x@a@b"), TEXT("x@a@b"), true },
		{ IKE_ID_RFC822_ADDR, TEXT("a"), TEXT("a") },
		{ IKE_ID_KEY_ID, TEXT("A"), TEXT("A"), true },
		{ IKE_ID_KEY_ID, TEXT("A"), TEXT("a") },
		{ IKE_ID_KEY_ID, TEXT(""), TEXT("") },
		{ IKE_ID_DER_ASN1_GN, TEXT("A"), TEXT("A"), true },
		{ IKE_ID_DER_ASN1_DN, TEXT("A"), TEXT("A") },
		{ IKE_ID_DER_ASN1_DN, TEXT("\x30\0"), TEXT("\x30\0") },
		{ IKE_ID_NULL, TEXT("A"), TEXT("A") },
		{ 99, TEXT("A"), TEXT("A") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(cases[i].same, ike_id_equal(cases[i].type, cases[i].a, cases[i].b))
			TH_LOG("case %zu", i);
	}
}

struct worker {
	const struct ike_trust *t;
	const struct made *peer;
	unsigned int accepted, refused;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	const struct ike_chunk cert = made_chunk(w->peer);
	char reason[IKE_REASON_LEN];
	struct ike_peer_cert peer;

	for (int i = 0; i < 200; i++) {
		if (ike_trust_verify(w->t, &cert, 1, i & 1 ? NOW : NOW + 2 * DAY, IKE_ID_FQDN,
				     TEXT("gw.example.org"), &peer, reason))
			w->accepted++;
		else
			w->refused++;
		ike_peer_cert_clear(&peer);
	}
	return NULL;
}

TEST_F(pki, threads)
{
	const struct pki *p = &self->p;
	struct octets root = CRL(.issuer = &p->root), sub = OCSP(.issuer = &p->sub,
								 .about = &p->peer);
	struct ike_trust *t = TRUST(.cas = { &p->root, &p->sub }, .crls = { &root },
				    .ocsp = { &sub }, .revocation = { true, true, false });
	struct worker workers[4];
	pthread_t threads[4];

	for (int i = 0; i < 4; i++) {
		workers[i] = (struct worker){ .t = t, .peer = &p->peer };
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, work, &workers[i]));
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		EXPECT_EQ(100, workers[i].accepted);
		EXPECT_EQ(100, workers[i].refused);
	}
	ike_trust_unref(t);
	drop(&root);
	drop(&sub);
}

TEST_HARNESS_MAIN
