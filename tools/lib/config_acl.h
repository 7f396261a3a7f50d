/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the lines of access lists name things. */
#ifndef VPNHA_CONFIG_ACL_H
#define VPNHA_CONFIG_ACL_H

#include <stdint.h>

#define CONFIG_ACL_LINE_MAX	2147483647
#define CONFIG_ACL_OSPF		89

const char *config_protocol_name(uint32_t protocol, int family);

#endif
