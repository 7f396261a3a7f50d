// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <net/genetlink.h>

#include "core/net.h"
#include "esp/upcall.h"
#include "hsrp/upcall.h"
#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

/*
 * The ladder: the family stands before all else does and outlasts it, so that
 * what happens on the way up and down is told; requests are refused there.
 */
static int __init vpnha_init(void)
{
	int err;

	err = vpnha_net_init();
	if (err)
		return err;
	err = genl_register_family(&vpnha_nl_family);
	if (err)
		goto err_net;
	hsrp_up = &vpnha_nl_hsrp_upcalls;
	esp_up = &vpnha_nl_esp_upcalls;
	rri_up = &vpnha_nl_rri_upcalls;
	err = hsrp_init();
	if (err)
		goto err_family;
	err = esp_init();
	if (err)
		goto err_hsrp;
	err = rri_init();
	if (err)
		goto err_esp;
	hsrp_set_open(true);
	return 0;

err_esp:
	esp_exit();
err_hsrp:
	hsrp_exit();
err_family:
	genl_unregister_family(&vpnha_nl_family);
err_net:
	vpnha_net_exit();
	return err;
}

static void __exit vpnha_exit(void)
{
	hsrp_set_open(false);
	rri_exit();
	esp_exit();
	hsrp_exit();
	genl_unregister_family(&vpnha_nl_family);
	/* Objects are freed by RCU callbacks; none may outlive this code. */
	rcu_barrier();
	vpnha_net_exit();
}

module_init(vpnha_init);
module_exit(vpnha_exit);

MODULE_DESCRIPTION("High-availability IPsec gateway: HSRP and ESP");
MODULE_AUTHOR("The vpnha authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(VPNHA_VERSION);
MODULE_ALIAS_GENL_FAMILY("vpnha");
