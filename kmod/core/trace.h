/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vpnha

#if !defined(_VPNHA_CORE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VPNHA_CORE_TRACE_H

#include <linux/if.h>
#include <linux/in6.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include <linux/vpnha.h>

#include "core/sockaddr.h"

#define vpnha_show_state(s) __print_symbolic(s,			\
	{ VPNHA_STATE_INITIAL, "Init" },			\
	{ VPNHA_STATE_LEARN, "Learn" },				\
	{ VPNHA_STATE_LISTEN, "Listen" },			\
	{ VPNHA_STATE_SPEAK, "Speak" },				\
	{ VPNHA_STATE_STANDBY, "Standby" },			\
	{ VPNHA_STATE_ACTIVE, "Active" })

#define vpnha_show_opcode(o) __print_symbolic(o,		\
	{ VPNHA_OPCODE_HELLO, "Hello" },			\
	{ VPNHA_OPCODE_COUP, "Coup" },				\
	{ VPNHA_OPCODE_RESIGN, "Resign" },			\
	{ VPNHA_OPCODE_ADVERTISE, "Advertise" })

/* A standby group went from one state to another. */
TRACE_EVENT(vpnha_hsrp_state,
	TP_PROTO(const char *ifname, u16 group, u8 old, u8 state, u8 event),
	TP_ARGS(ifname, group, old, state, event),
	TP_STRUCT__entry(
		__array(char, ifname, IFNAMSIZ)
		__field(u16, group)
		__field(u8, old)
		__field(u8, state)
		__field(u8, event)
	),
	TP_fast_assign(
		strscpy(__entry->ifname, ifname, IFNAMSIZ);
		__entry->group = group;
		__entry->old = old;
		__entry->state = state;
		__entry->event = event;
	),
	TP_printk("%s group %u %s -> %s event %c", __entry->ifname,
		  __entry->group, vpnha_show_state(__entry->old),
		  vpnha_show_state(__entry->state),
		  'a' + __entry->event - VPNHA_EVENT_ENABLED)
);

DECLARE_EVENT_CLASS(vpnha_hsrp_packet,
	TP_PROTO(const char *ifname, u16 group, u8 opcode, u8 state,
		 u32 priority, const struct in6_addr *addr),
	TP_ARGS(ifname, group, opcode, state, priority, addr),
	TP_STRUCT__entry(
		__array(char, ifname, IFNAMSIZ)
		__field(u16, group)
		__field(u8, opcode)
		__field(u8, state)
		__field(u32, priority)
		__array(u8, addr, sizeof(union vpnha_sockaddr))
	),
	TP_fast_assign(
		const union vpnha_sockaddr from = vpnha_sockaddr(addr);

		strscpy(__entry->ifname, ifname, IFNAMSIZ);
		__entry->group = group;
		__entry->opcode = opcode;
		__entry->state = state;
		__entry->priority = priority;
		memcpy(__entry->addr, &from, sizeof(from));
	),
	TP_printk("%s group %u %s from %pISc %s priority %u", __entry->ifname,
		  __entry->group, vpnha_show_opcode(__entry->opcode),
		  __entry->addr, vpnha_show_state(__entry->state),
		  __entry->priority)
);

/* A packet was obeyed. */
DEFINE_EVENT(vpnha_hsrp_packet, vpnha_hsrp_rx,
	TP_PROTO(const char *ifname, u16 group, u8 opcode, u8 state,
		 u32 priority, const struct in6_addr *addr),
	TP_ARGS(ifname, group, opcode, state, priority, addr)
);

/* A packet was sent. */
DEFINE_EVENT(vpnha_hsrp_packet, vpnha_hsrp_tx,
	TP_PROTO(const char *ifname, u16 group, u8 opcode, u8 state,
		 u32 priority, const struct in6_addr *addr),
	TP_ARGS(ifname, group, opcode, state, priority, addr)
);

/* A packet was not obeyed; reason is an enum vpnha_drop_reason. */
TRACE_EVENT(vpnha_hsrp_drop,
	TP_PROTO(const char *ifname, const struct in6_addr *addr, u8 reason),
	TP_ARGS(ifname, addr, reason),
	TP_STRUCT__entry(
		__array(char, ifname, IFNAMSIZ)
		__array(u8, addr, sizeof(union vpnha_sockaddr))
		__field(u8, reason)
	),
	TP_fast_assign(
		const union vpnha_sockaddr from = vpnha_sockaddr(addr);

		strscpy(__entry->ifname, ifname, IFNAMSIZ);
		memcpy(__entry->addr, &from, sizeof(from));
		__entry->reason = reason;
	),
	TP_printk("%s from %pISc reason %u", __entry->ifname, __entry->addr,
		  __entry->reason)
);

/* An SA got older; states are of enum vpnha_sa_state. */
TRACE_EVENT(vpnha_esp_sa,
	TP_PROTO(u32 spi, bool out, u8 old, u8 state),
	TP_ARGS(spi, out, old, state),
	TP_STRUCT__entry(
		__field(u32, spi)
		__field(bool, out)
		__field(u8, old)
		__field(u8, state)
	),
	TP_fast_assign(
		__entry->spi = spi;
		__entry->out = out;
		__entry->old = old;
		__entry->state = state;
	),
	TP_printk("spi 0x%08x %s state %u -> %u", __entry->spi,
		  __entry->out ? "out" : "in", __entry->old, __entry->state)
);

/* A packet was dropped; reason is an enum vpnha_esp_drop_reason. */
TRACE_EVENT(vpnha_esp_drop,
	TP_PROTO(u32 spi, u8 reason),
	TP_ARGS(spi, reason),
	TP_STRUCT__entry(
		__field(u32, spi)
		__field(u8, reason)
	),
	TP_fast_assign(
		__entry->spi = spi;
		__entry->reason = reason;
	),
	TP_printk("spi 0x%08x reason %u", __entry->spi, __entry->reason)
);

#endif /* _VPNHA_CORE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
