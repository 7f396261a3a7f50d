/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways to sign, and the AlgorithmIdentifiers that name them: RFC 7427. */
#ifndef VPNHA_IKE_AUTH_SCHEME_H
#define VPNHA_IKE_AUTH_SCHEME_H

#include <stddef.h>
#include <stdint.h>

#include "ike/crypt.h"
#include "ike/types.h"

/* The longest AlgorithmIdentifier that is written or compared with. */
#define IKE_SCHEME_ID_MAX	80

enum ike_scheme_kind {
	IKE_SCHEME_PKCS1,
	IKE_SCHEME_PSS,
	IKE_SCHEME_ECDSA,
	IKE_SCHEME_ED25519,
};

/**
 * struct ike_scheme - a way to sign
 * @kind: with what
 * @hash: enum ike_hash
 * @salt: octets of the salt of RSASSA-PSS: those of the hash
 */
struct ike_scheme {
	enum ike_scheme_kind kind;
	enum ike_hash hash;
	uint8_t salt;
};

const struct ike_scheme *ike_scheme_find(enum ike_scheme_kind kind, enum ike_hash hash);
const struct ike_scheme *ike_scheme_of_id(struct ike_chunk id);
size_t ike_scheme_id(const struct ike_scheme *scheme, uint8_t out[IKE_SCHEME_ID_MAX]);

#endif /* VPNHA_IKE_AUTH_SCHEME_H */
