/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What vpnhactl has to do with vpnhad. */
#ifndef VPNHA_CTL_IKE_H
#define VPNHA_CTL_IKE_H

#include "lib/control.h"
#include "lib/text.h"
#include "vpnhactl/ctl.h"

/**
 * struct ctl_ike - vpnhad, as one command sees it.
 * @control: connection
 * @absent: there is none: vpnhad is not running
 * @now: configuration that it has, by ctl_ike_get()
 * @keys_removed: but without its keys, which the user may not see
 */
struct ctl_ike {
	struct control control;
	bool absent;
	struct ikev2_config now;
	bool keys_removed;
};

int ctl_fail_control(const struct ctl *ctl, struct control_error *e);
int ctl_ike_open(const struct ctl *ctl, struct ctl_ike *ike);
void ctl_ike_close(struct ctl_ike *ike);
int ctl_ike_text(const struct ctl *ctl, struct ctl_ike *ike, char **text);
int ctl_ike_get(const struct ctl *ctl, struct ctl_ike *ike);
int ctl_ike_hand(const struct ctl *ctl, struct ctl_ike *ike, const char *op, struct config *c);

#endif
