/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where vpnhad listens, and vpnhactl looks for it. */
#ifndef VPNHA_CONTROL_PATH_H
#define VPNHA_CONTROL_PATH_H

#define CONTROL_SOCKET	"/run/vpnha/vpnhad.sock"
#define CONTROL_ENV	"VPNHA_SOCKET"

#endif
