/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of transforms. It has no guard: it is included in the middle of
 * other tables, where a macro makes a row of each of its lines.
 */

/*
 * Ciphers that authenticate, too: word, enum vpnha_esp_cipher, which sizes the
 * word takes, bytes of the salt or nonce that ends the key, bytes of the IV in a
 * packet, bits of the shortest and of the longest key, weak.
 */
#ifdef TRANSFORM_AEAD
TRANSFORM_AEAD("esp-gcm", AES_GCM, bits_icv, 4, 8, 128, 256, false)
TRANSFORM_AEAD("esp-gmac", AES_GMAC, bits, 4, 8, 128, 256, false)
TRANSFORM_AEAD("esp-ccm", AES_CCM, bits_icv, 3, 8, 128, 256, false)
TRANSFORM_AEAD("esp-chacha20-poly1305", CHACHA20_POLY1305, none, 4, 8, 256, 256, false)
#undef TRANSFORM_AEAD
#endif

/* Ciphers that need a transform that authenticates, likewise. */
#ifdef TRANSFORM_CIPHER
TRANSFORM_CIPHER("esp-aes", AES_CBC, bits, 0, 16, 128, 256, false)
TRANSFORM_CIPHER("esp-aes-ctr", AES_CTR, bits, 4, 8, 128, 256, false)
TRANSFORM_CIPHER("esp-3des", 3DES, none, 0, 8, 192, 192, true)
TRANSFORM_CIPHER("esp-des", DES, none, 0, 8, 64, 64, true)
TRANSFORM_CIPHER("esp-null", NULL, none, 0, 0, 0, 0, false)
#undef TRANSFORM_CIPHER
#endif

/* What authenticates: word, enum vpnha_esp_auth, bytes of the key, weak. */
#ifdef TRANSFORM_AUTH
TRANSFORM_AUTH("esp-md5-hmac", MD5, 16, true)
TRANSFORM_AUTH("esp-sha-hmac", SHA1, 20, false)
TRANSFORM_AUTH("esp-sha256-hmac", SHA256, 32, false)
TRANSFORM_AUTH("esp-sha384-hmac", SHA384, 48, false)
TRANSFORM_AUTH("esp-sha512-hmac", SHA512, 64, false)
#undef TRANSFORM_AUTH
#endif
