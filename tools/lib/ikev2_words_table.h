/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of the words of "crypto ikev2 proposal". It has no guard: it is
 * included in the middle of other tables, where a macro makes a row of each of
 * its lines: word, what help says, and its name in this program.
 */

/* Ciphers. */
#ifdef IKEV2_CIPHER
IKEV2_CIPHER("aes-cbc-128", "AES, 128 bits", AES_CBC_128)
IKEV2_CIPHER("aes-cbc-192", "AES, 192 bits", AES_CBC_192)
IKEV2_CIPHER("aes-cbc-256", "AES, 256 bits", AES_CBC_256)
IKEV2_CIPHER("aes-gcm-128", "AES in Galois/counter mode, 128 bits", AES_GCM_128)
IKEV2_CIPHER("aes-gcm-192", "AES in Galois/counter mode, 192 bits", AES_GCM_192)
IKEV2_CIPHER("aes-gcm-256", "AES in Galois/counter mode, 256 bits", AES_GCM_256)
IKEV2_CIPHER("aes-gcm-128-icv-96", "Likewise, integrity check value of 96 bits", AES_GCM_128_ICV_96)
IKEV2_CIPHER("aes-gcm-192-icv-96", "Likewise, integrity check value of 96 bits", AES_GCM_192_ICV_96)
IKEV2_CIPHER("aes-gcm-256-icv-96", "Likewise, integrity check value of 96 bits", AES_GCM_256_ICV_96)
IKEV2_CIPHER("aes-gcm-128-icv-64", "Likewise, integrity check value of 64 bits", AES_GCM_128_ICV_64)
IKEV2_CIPHER("aes-gcm-192-icv-64", "Likewise, integrity check value of 64 bits", AES_GCM_192_ICV_64)
IKEV2_CIPHER("aes-gcm-256-icv-64", "Likewise, integrity check value of 64 bits", AES_GCM_256_ICV_64)
IKEV2_CIPHER("chacha20-poly1305", "ChaCha20 and Poly1305", CHACHA20_POLY1305)
#undef IKEV2_CIPHER
#endif

/* Hashes, of what authenticates and of pseudorandom functions. */
#ifdef IKEV2_HASH
IKEV2_HASH("sha1", "HMAC of SHA-1, weak", SHA1)
IKEV2_HASH("sha256", "HMAC of SHA-2, 256 bits", SHA256)
IKEV2_HASH("sha384", "HMAC of SHA-2, 384 bits", SHA384)
IKEV2_HASH("sha512", "HMAC of SHA-2, 512 bits", SHA512)
#undef IKEV2_HASH
#endif

/* Diffie-Hellman groups. */
#ifdef IKEV2_DH
IKEV2_DH("14", "MODP, 2048 bits", GROUP_14)
IKEV2_DH("15", "MODP, 3072 bits", GROUP_15)
IKEV2_DH("16", "MODP, 4096 bits", GROUP_16)
IKEV2_DH("17", "MODP, 6144 bits", GROUP_17)
IKEV2_DH("18", "MODP, 8192 bits", GROUP_18)
IKEV2_DH("19", "ECP, 256 bits", GROUP_19)
IKEV2_DH("20", "ECP, 384 bits", GROUP_20)
IKEV2_DH("21", "ECP, 521 bits", GROUP_21)
IKEV2_DH("31", "Curve25519", GROUP_31)
#undef IKEV2_DH
#endif
