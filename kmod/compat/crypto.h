/* SPDX-License-Identifier: GPL-2.0 */
/* What the crypto API hands to a completion. */
#ifndef _VPNHA_COMPAT_CRYPTO_H
#define _VPNHA_COMPAT_CRYPTO_H

#include <linux/crypto.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
typedef void vpnha_crypto_data;

static inline void *vpnha_crypto_ctx(vpnha_crypto_data *data)
{
	return data;
}
#else
typedef struct crypto_async_request vpnha_crypto_data;

static inline void *vpnha_crypto_ctx(vpnha_crypto_data *data)
{
	return data->data;
}
#endif

#endif /* _VPNHA_COMPAT_CRYPTO_H */
