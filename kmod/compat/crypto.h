/* SPDX-License-Identifier: GPL-2.0 */
/* What the crypto API hands to a completion. */
#ifndef _VPNHA_COMPAT_CRYPTO_H
#define _VPNHA_COMPAT_CRYPTO_H

#include <linux/crypto.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define VPNHA_CRYPTO_DATA	void

static inline void *vpnha_crypto_ctx(VPNHA_CRYPTO_DATA *data)
{
	return data;
}
#else
#define VPNHA_CRYPTO_DATA	struct crypto_async_request

static inline void *vpnha_crypto_ctx(VPNHA_CRYPTO_DATA *data)
{
	return data->data;
}
#endif

#endif /* _VPNHA_COMPAT_CRYPTO_H */
