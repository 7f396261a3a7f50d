/* SPDX-License-Identifier: GPL-2.0 */
/* Refusals whose text is not known where they are written down. */
#ifndef _VPNHA_CORE_REFUSE_H
#define _VPNHA_CORE_REFUSE_H

#include <linux/netlink.h>

/**
 * vpnha_refuse() - say why a request is refused
 * @extack: takes message and attribute; may be NULL
 * @attr: offending attribute; may be NULL
 * @err: negative errno
 * @why: message; a string that lasts
 *
 * Context: any. Return: @err.
 */
static inline int vpnha_refuse(struct netlink_ext_ack *extack,
			       const struct nlattr *attr, int err,
			       const char *why)
{
	if (extack) {
		extack->_msg = why;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return err;
}

#endif /* _VPNHA_CORE_REFUSE_H */
