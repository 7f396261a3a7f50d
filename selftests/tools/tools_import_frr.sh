#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12
# What "vpnhactl import" has written is used: the host's script builds the host, the
# kernel takes the vpnha.conf, and FRR the frr.conf.
set -u

VPNHACTL=$VPNHA_TOP/build/tools/vpnhactl
. ./tools_lib.sh

dir=$(mktemp -d)
daemons=/usr/lib/frr

# import ROUTER NAME=IFNAME...: into files of the router's name
import()
{
	local router=$1 name
	local -a names=()
	shift

	for name; do
		names+=(--interface "$name")
	done
	"$VPNHACTL" import "${names[@]}" --output "$dir/$router.conf" --host "$dir/$router.sh" \
		--frr "$dir/$router.frr" "ios/$router.txt" 2> "$dir/said"
}

# host NAMESPACE ROUTER
host()
{
	ip netns exec "$1" "$dir/$2.sh"
}

# addresses NAMESPACE: interfaces with their IPv4 addresses
addresses()
{
	ip -n "$1" -o -4 address show up | awk '{ print $2, $4 }' | sort
}

# routes NAMESPACE: other than those of the kernel's own
routes()
{
	ip -n "$1" -o route show | grep -v 'proto kernel' | sed 's/ *$//' | sort
}

# vty NAMESPACE COMMAND: what FRR says there
vty()
{
	vtysh -N "$1" -c "$2" 2> /dev/null
}

# frr_start NAMESPACE ROUTER: with its frr.conf
frr_start()
{
	local ns=$1 daemon

	install -d -o frr -g frr "/var/run/frr/$ns"
	install -d -o frr -g frr "/etc/frr/$ns"
	: > "/etc/frr/$ns/vtysh.conf"
	on_exit frr_stop "$ns"
	for daemon in zebra staticd ospfd; do
		ip netns exec "$ns" "$daemons/$daemon" -d -N "$ns" -f /dev/null || return
	done
	vtysh -N "$ns" -f "$dir/$2.frr"
}

ended()
{
	! kill -0 "$1" 2> /dev/null
}

frr_stop()
{
	local file pid

	for file in /var/run/frr/"$1"/*.pid; do
		[ -e "$file" ] || continue
		pid=$(cat "$file")
		kill "$pid"
		wait_for ended "$pid"
	done
	rm -rf "/var/run/frr/$1" "/etc/frr/$1"
}

test_begin 13
on_exit rm -rf "$dir"
import vpn7200 FastEthernet0/1=eth0
import 7204VXR-1 FastEthernet0/0=eth0 FastEthernet0/1=eth1
import 7204VXR-2 FastEthernet0/0=eth0 FastEthernet1/0=eth1
import 7206-1 FastEthernet0/1=eth0 Loopback0=dummy0

PEER='' GW='' IN=''
setup_ns PEER GW IN
ip link add eth0 netns "$GW" type veth peer name eth0 netns "$PEER"
ip link add eth1 netns "$GW" type veth peer name eth0 netns "$IN"

check "a gateway's script" host "$GW" 7204VXR-1
check "a peer's script" host "$PEER" vpn7200
peers_addresses()
{
	diff - <(addresses "$PEER") << 'EOF'
eth0 172.16.172.69/28
lo 127.0.0.1/8
lo 20.1.1.1/32
EOF
}
check "its addresses" peers_addresses
peers_routes()
{
	diff - <(routes "$PEER") << 'EOF'
10.1.1.0/24 via 172.16.172.65 dev eth0
172.16.172.48/28 via 172.16.172.65 dev eth0
99.99.99.99 via 172.16.172.65 dev eth0
EOF
}
check "its routes" peers_routes
forwards()
{
	[ "$(ip netns exec "$PEER" sysctl -n net.ipv4.ip_forward)" = 1 ]
}
check "it forwards" forwards
again()
{
	host "$PEER" vpn7200 && peers_addresses && peers_routes
}
check "its script again changes nothing" again

inside()
{
	host "$IN" 7206-1 && diff - <(addresses "$IN") << 'EOF'
dummy0 99.99.99.99/32
eth0 10.1.1.3/24
lo 127.0.0.1/8
EOF
}
check "a loopback interface with a name of its own" inside

# What is kept for a later version is not in what the kernel has.
loaded()
{
	ip netns exec "$GW" "$VPNHACTL" load "$dir/7204VXR-1.conf" &&
		ip netns exec "$GW" "$VPNHACTL" show running-config > "$dir/running" &&
		grep -E '^ (standby|crypto)' "$dir/running" |
		diff <(grep -E '^ (standby|crypto)' "$dir/7204VXR-1.conf") -
}
check "the kernel takes the gateway's configuration" loaded

check "frr: the gateway's frr.conf" frr_start "$GW" 7204VXR-1
running()
{
	diff <(grep -vE '^(!|hostname|frr)' "$dir/$2.frr" | sort) \
		<(vty "$1" 'show running-config' | sed '1,/^Current/d' |
			grep -vE '^(!|hostname|frr|end|no ipv6 forwarding|$)' | sort)
}
check "frr: understands all of it" running "$GW" 7204VXR-1

# As vpnha has its routes: the kernel's, and nobody's that FRR knows.
ip -n "$GW" route add 20.1.1.0/24 via 172.16.172.49 dev eth0 proto 72
tells_of()
{
	vty "$GW" 'show ip ospf database external self-originate' |
		awk '/Link State ID/ { print $4 }' | sort | diff - <(printf '%s\n' "$@")
}
check "frr: tells of static routes and of the kernel's" \
	wait_for tells_of 172.16.172.64 20.1.1.0

check "frr: the inside router's frr.conf" frr_start "$IN" 7206-1
understood_inside()
{
	running "$IN" 7206-1 &&
		vty "$IN" 'show ip ospf' | grep 'OSPF Routing Process, Router ID: 99.99.99.99'
}
check "frr: understands all of it there, too" understood_inside

test_end
