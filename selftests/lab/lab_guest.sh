#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
# What a test may expect of the guest it runs in, and of the helpers in ../lib.
set -u
. ../lib/lib.sh
. ../lib/topology.sh

says()
{
	local wanted=$1
	shift

	[ "$("$@" 2>&1)" = "$wanted" ]
}

writable_and_gone()
{
	echo changed > /etc/motd && ! touch /vpnha/touched 2>/dev/null
}

silent_cut()
{
	local member=$1 address=$2

	lan_cut inside "$member"
	says 1 ip netns exec "$member" cat "/sys/class/net/$inside_if/carrier" &&
		! ip netns exec "$host" ping -q -c 1 -W 1 "$address" >/dev/null &&
		lan_heal inside "$member" &&
		wait_for ip netns exec "$host" ping -q -c 1 -W 1 "$address"
}

carrier_cut()
{
	local member=$1 address=$2

	lan_unplug inside "$member"
	wait_for says 0 ip netns exec "$member" cat "/sys/class/net/$inside_if/carrier" &&
		lan_plug inside "$member" &&
		wait_for ip netns exec "$host" ping -q -c 1 -W 1 "$address"
}

captured()
{
	local file=$VPNHA_OUT/inside.pcapng

	capture_start "$sw" "$inside_br" "$file" icmp
	ip netns exec "$host" ping -q -c 1 -W 5 "$gw1_inside" >/dev/null || return
	capture_holds "$file" 'icmp.type == 0' &&
		capture_stop "$file"
}

test_begin 10

check "debugfs and tracefs are mounted" test -d /sys/kernel/debug/tracing -a -d /sys/kernel/tracing/events
check "the kernel's selftests are in reach" test -e "$KSRC_SELFTESTS/net/lib.sh" -a -e "$YNL_DIR/cli.py"
check "results can be written" touch "$VPNHA_OUT/touched"
check "the project and the image cannot" writable_and_gone
check "no uplink" says "" ip route show default
topo_pair_up
check "the host reaches both gateways" \
	ip netns exec "$host" ping -q -c 1 -W 5 "$gw1_inside"
check "the upstream host reaches both gateways" \
	ip netns exec "$far" ping -q -c 1 -W 5 "$gw2_outside"
check "a link cut at the switch keeps its carrier" silent_cut "$gw1" "$gw1_inside"
check "a link unplugged loses it" carrier_cut "$gw1" "$gw1_inside"
check "a capture runs when it is said to, and holds what passed" captured

test_end
