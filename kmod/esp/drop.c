// SPDX-License-Identifier: GPL-2.0
/* Every packet that is dropped is counted by its reason, and can be traced. */
#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "core/trace.h"
#include "esp/esp.h"

/**
 * esp_count() - count a reason
 * @en: namespace
 * @sa: SA that the packet met, or NULL
 * @reason: why it was dropped, or would have been
 *
 * Context: any, under RCU if @sa is given.
 */
void esp_count(struct esp_net *en, struct esp_sa *sa,
	       enum vpnha_esp_drop_reason reason)
{
	this_cpu_inc(en->drops->count[reason]);
	if (sa)
		atomic64_inc(&sa->drops[reason]);
	trace_vpnha_esp_drop(sa ? ntohl(sa->spi) : 0, reason);
}

/**
 * esp_drop() - drop a packet
 * @en: namespace
 * @sa: SA that the packet met, or NULL
 * @skb: packet, consumed
 * @reason: why
 *
 * Context: any, under RCU if @sa is given.
 */
void esp_drop(struct esp_net *en, struct esp_sa *sa, struct sk_buff *skb,
	      enum vpnha_esp_drop_reason reason)
{
	esp_count(en, sa, reason);
	kfree_skb(skb);
}

/**
 * esp_drops_sum() - packets of a namespace that were dropped
 * @en: namespace
 * @reason: for this reason
 *
 * Context: any. Return: number of packets.
 */
u64 esp_drops_sum(struct esp_net *en, enum vpnha_esp_drop_reason reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(en->drops, cpu)->count[reason]);
	return sum;
}

/**
 * esp_drops_clear() - set the counters of a namespace to zero
 * @en: namespace
 *
 * Context: process. What another CPU counts at the same moment may get lost.
 */
void esp_drops_clear(struct esp_net *en)
{
	int cpu, reason;

	for_each_possible_cpu(cpu)
		for (reason = 0; reason < ESP_DROPS; reason++)
			WRITE_ONCE(per_cpu_ptr(en->drops, cpu)->count[reason], 0);
}
