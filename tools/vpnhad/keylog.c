// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef VPNHAD_KEYLOG

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vpnhad/keylog.h"

/* Names as tshark's tables have them; a table with any other one is not read at all. */
struct name {
	uint16_t id, bits;
	const char *ike, *esp;
};

static const struct name ciphers[] = {
	{ IKE_ENCR_3DES, 0, "3DES [RFC2451]", "TripleDES-CBC [RFC2451]" },
	{ IKE_ENCR_DES, 0, NULL, "DES-CBC [RFC2405]" },
	{ IKE_ENCR_NULL, 0, "NULL [RFC2410]", "NULL" },
	{ IKE_ENCR_AES_CBC, 128, "AES-CBC-128 [RFC3602]", "AES-CBC [RFC3602]" },
	{ IKE_ENCR_AES_CBC, 192, "AES-CBC-192 [RFC3602]", "AES-CBC [RFC3602]" },
	{ IKE_ENCR_AES_CBC, 256, "AES-CBC-256 [RFC3602]", "AES-CBC [RFC3602]" },
	{ IKE_ENCR_AES_CTR, 0, NULL, "AES-CTR [RFC3686]" },
	{ IKE_ENCR_AES_GCM_8, 128, "AES-GCM-128 with 8 octet ICV [RFC5282]",
	  "AES-GCM with 8 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_8, 192, "AES-GCM-192 with 8 octet ICV [RFC5282]",
	  "AES-GCM with 8 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_8, 256, "AES-GCM-256 with 8 octet ICV [RFC5282]",
	  "AES-GCM with 8 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_12, 128, "AES-GCM-128 with 12 octet ICV [RFC5282]",
	  "AES-GCM with 12 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_12, 192, "AES-GCM-192 with 12 octet ICV [RFC5282]",
	  "AES-GCM with 12 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_12, 256, "AES-GCM-256 with 12 octet ICV [RFC5282]",
	  "AES-GCM with 12 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_16, 128, "AES-GCM-128 with 16 octet ICV [RFC5282]",
	  "AES-GCM with 16 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_16, 192, "AES-GCM-192 with 16 octet ICV [RFC5282]",
	  "AES-GCM with 16 octet ICV [RFC4106]" },
	{ IKE_ENCR_AES_GCM_16, 256, "AES-GCM-256 with 16 octet ICV [RFC5282]",
	  "AES-GCM with 16 octet ICV [RFC4106]" },
};

static const struct name hashes[] = {
	{ IKE_INTEG_HMAC_MD5_96, 0, "HMAC_MD5_96 [RFC2403]", "HMAC-MD5-96 [RFC2403]" },
	{ IKE_INTEG_HMAC_SHA1_96, 0, "HMAC_SHA1_96 [RFC2404]", "HMAC-SHA-1-96 [RFC2404]" },
	{ IKE_INTEG_HMAC_SHA2_256_128, 0, "HMAC_SHA2_256_128 [RFC4868]",
	  "HMAC-SHA-256-128 [RFC4868]" },
	{ IKE_INTEG_HMAC_SHA2_384_192, 0, "HMAC_SHA2_384_192 [RFC4868]",
	  "HMAC-SHA-384-192 [RFC4868]" },
	{ IKE_INTEG_HMAC_SHA2_512_256, 0, "HMAC_SHA2_512_256 [RFC4868]",
	  "HMAC-SHA-512-256 [RFC4868]" },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *ike, *esp;

static FILE *open_one(const char *dir, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return fopen(path, "ae");
}

/**
 * keylog_open() - Begin to write keys.
 * @dir: directory of the files ikev2_decryption_table and esp_sa
 */
bool keylog_open(const char *dir)
{
	ike = open_one(dir, "ikev2_decryption_table");
	esp = open_one(dir, "esp_sa");
	return ike && esp;
}

static const struct name *find(const struct name *list, size_t n, const struct ike_alg *alg)
{
	for (size_t k = 0; alg && k < n; k++)
		if (list[k].id == alg->id && (!list[k].bits || list[k].bits == alg->key_bits))
			return &list[k];
	return NULL;
}

static const struct name *cipher_of(const struct ike_suite *s)
{
	return find(ciphers, sizeof(ciphers) / sizeof(*ciphers), s->encr);
}

static const struct name *hash_of(const struct ike_suite *s)
{
	return find(hashes, sizeof(hashes) / sizeof(*hashes), s->integ);
}

static void hex(FILE *out, const uint8_t *data, size_t len)
{
	for (size_t n = 0; n < len; n++)
		fprintf(out, "%02x", data[n]);
}

/**
 * keylog_ike() - Write the keys of an IKE SA.
 * @sa: it
 * @suite: its algorithms
 * @keys: its keys
 */
void keylog_ike(const struct ike_sa *sa, const struct ike_suite *suite,
		const struct ike_keys *keys)
{
	const struct name *cipher = cipher_of(suite), *hash = hash_of(suite);
	struct ike_sa_info info;

	if (!ike || !cipher || !cipher->ike || !ike_sa_info(sa, &info))
		return;
	pthread_mutex_lock(&lock);
	hex(ike, info.spi_i, IKE_SPI_LEN_MAX);
	fputc(',', ike);
	hex(ike, info.spi_r, IKE_SPI_LEN_MAX);
	fputc(',', ike);
	hex(ike, keys->i.encr, suite->encr->key_len);
	fputc(',', ike);
	hex(ike, keys->r.encr, suite->encr->key_len);
	fprintf(ike, ",\"%s\",", cipher->ike);
	hex(ike, keys->i.integ, suite->integ ? suite->integ->key_len : 0);
	fputc(',', ike);
	hex(ike, keys->r.integ, suite->integ ? suite->integ->key_len : 0);
	fprintf(ike, ",\"%s\"\n", hash ? hash->ike : "NONE [RFC4306]");
	fflush(ike);
	pthread_mutex_unlock(&lock);
	ike_sa_info_free(&info);
}

static const char *address(char buf[INET6_ADDRSTRLEN], const struct ike_endpoint *e)
{
	return inet_ntop(e->family, e->address, buf, INET6_ADDRSTRLEN);
}

/**
 * keylog_esp() - Write the keys of an SA of ESP.
 * @k: it
 */
void keylog_esp(const struct ike_kernel_sa *k)
{
	const struct name *cipher = cipher_of(k->suite), *hash = hash_of(k->suite);
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	if (!esp || !cipher)
		return;
	pthread_mutex_lock(&lock);
	fprintf(esp, "\"%s\",\"%s\",\"%s\",\"0x%08x\",\"%s\",\"0x",
		k->src.family == AF_INET ? "IPv4" : "IPv6", address(src, &k->src),
		address(dst, &k->dst), k->spi, cipher->esp);
	hex(esp, k->keys->encr, k->suite->encr->key_len);
	fprintf(esp, "\",\"%s\",\"0x", hash ? hash->esp : "NULL");
	hex(esp, k->keys->integ, k->suite->integ ? k->suite->integ->key_len : 0);
	fputs("\"\n", esp);
	fflush(esp);
	pthread_mutex_unlock(&lock);
}

#endif
