/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ESP tells to those above it, who are not to be included from here.
 */
#ifndef _VPNHA_ESP_UPCALL_H
#define _VPNHA_ESP_UPCALL_H

#include "esp/esp.h"

/**
 * struct esp_acquire - traffic that has no SA
 * @match: what protects it
 * @ifname: name of the interface
 * @tuple: the packet
 */
struct esp_acquire {
	const struct esp_match *match;
	const char *ifname;
	const struct esp_tuple *tuple;
};

/**
 * struct esp_upcalls - who is told
 * @object: a configuration object was made or changed, or removed; RTNL
 * @sa: an SA was made or changed, or removed
 * @sa_event: something happened to an SA
 * @mapping: packets of an inbound SA come from another address or port (host
 *	order)
 * @acquire: traffic has no SA
 * @heard: does somebody listen?
 * @changed: bindings, what they protect, SAs or a role may have changed
 *
 * All of them in any context unless said otherwise.
 */
struct esp_upcalls {
	void (*object)(struct esp_net *en, struct esp_object *o, bool removed);
	void (*sa)(struct esp_sa *sa, bool removed);
	void (*sa_event)(struct esp_sa *sa, enum vpnha_sa_event_kind kind,
			 enum vpnha_expiry_cause cause, u64 seq);
	void (*mapping)(struct esp_sa *sa, const struct esp_addr *src,
			u16 sport);
	void (*acquire)(struct esp_net *en, const struct esp_acquire *a);
	bool (*heard)(struct esp_net *en);
	void (*changed)(struct esp_net *en);
};

extern const struct esp_upcalls *esp_up;

#endif /* _VPNHA_ESP_UPCALL_H */
