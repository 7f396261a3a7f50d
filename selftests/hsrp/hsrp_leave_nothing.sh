#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: load-module=no timeout=7200
# The module is loaded and unloaded, and namespaces end, while groups are active
# and packets come in: they resign, and nothing stays behind.
set -u
. ../lib/lib.sh

# ROUNDS=200 for the long run: see Documentation/testing.md
rounds=${ROUNDS:-40}

module=$(mktemp)
on_exit rm -f "$module"
# the debug information would be read and thrown away each time
strip -g -o "$module" "$VPNHA_KO"

conf=$(mktemp)
on_exit rm -f "$conf"
cat > "$conf" <<-EOF2
	interface eth0
	 standby 1 ip 10.1.1.101
	 standby 1 timers msec 15 msec 50
	 standby 1 preempt
	 standby 1 track eth1
	 standby 2 ip 10.1.1.102
	 standby 2 timers msec 50 msec 200
	 standby 2 name SECOND
	 standby 3 ip
	interface eth1
	 standby version 2
	 standby 4 ip 10.1.2.104
	 standby 4 timers msec 15 msec 50
	 standby 4 track eth0 20
	 standby 4095 ip 10.1.2.105
EOF2

# gateway NAMESPACE HOST ADDRESS: two interfaces, whose other ends are HOST's
gateway()
{
	local number

	for number in 0 1; do
		ip link add "eth$number" netns "$1" type veth peer name "$4$number" netns "$2"
		ip -n "$1" link set "eth$number" up
		ip -n "$2" link set "$4$number" up
		ip -n "$1" address add "10.1.$((number + 1)).$3/24" dev "eth$number"
	done
}

# what a namespace has of what the module could leave there
snapshot()
{
	local number

	for number in 0 1; do
		ip -n "$1" -o -4 address show dev "eth$number" | sed 's/valid_lft.*//'
		bridge -n "$1" fdb show dev "eth$number" | sort
		ip -n "$1" maddr show dev "eth$number" | sort
	done
	ip -n "$1" route show table all
}

# any_active NAMESPACE: one group at the least
any_active()
{
	ip netns exec "$1" vpnhactl show standby -j | jq -e 'any(.[]; .state == "active")' > /dev/null
}

has_vip()
{
	ip -n "$1" address show | grep -q '10\.1\.[12]\.10[1-5]/'
}

same_as_before()
{
	snapshot "$gw" > "$after" && diff "$before" "$after"
}

loaded()
{
	[ -e /sys/module/vpnha ]
}

# resigns FILE: how many a capture holds
resigns()
{
	capture_show "$1" 'hsrp.opcode == 2 || hsrp2.opcode == 2' frame.number | wc -l
}

load_and_unload()
{
	local round

	for ((round = 1; round <= rounds; round++)); do
		insmod "$module" || return
		ip netns exec "$gw" vpnhactl load "$conf" > /dev/null || return
		# every fourth time in the middle of it all
		if ((round % 4)); then
			wait_for any_active "$gw" || return
		fi
		if ((round % 4 == 1)); then
			wait_for has_vip "$gw" || return
			[ "$(cat /sys/module/vpnha/refcnt)" = 0 ] || return
		fi
		rmmod vpnha || return
		loaded && return 1
		if ! same_as_before; then
			echo "after round $round"
			return 1
		fi
	done
}

heard_resigns()
{
	# one from an active group of one round in four at the very least
	capture_holds "$out/unload.pcapng" 'hsrp.opcode == 2' || return
	count=$(resigns "$out/unload.pcapng")
	echo "$count resigns in $rounds rounds"
	[ "$count" -ge $((rounds / 4)) ]
}

# namespace NAME: a gateway whose interfaces' other ends are in $far
namespace()
{
	ip netns add "$1" || return
	ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	gateway "$1" "$far" 1 "$1-" || return
	ip netns exec "$1" vpnhactl load "$conf" > /dev/null
}

make_and_destroy()
{
	local round name

	for ((round = 1; round <= rounds; round++)); do
		name=n$round
		namespace "$name" || return
		if ((round % 4)); then
			wait_for any_active "$name" || return
		fi
		# four die at once
		if ((round % 4 == 0)); then
			for name in "n$round" "n$((round - 1))" "n$((round - 2))" "n$((round - 3))"; do
				ip netns delete "$name" || return
			done
		fi
	done
}

namespaces_gone()
{
	[ "$(ip -n "$far" -o link show | grep -c '@')" = 0 ]
}

unreclaimable()
{
	awk '/^(SUnreclaim|Percpu|VmallocUsed|KernelStack):/ { sum += $2 } END { print sum }' /proc/meminfo
}

# The kernel frees much of it later: what stays is compared.
no_growth()
{
	local base=$1 limit=$2

	sync
	echo 3 > /proc/sys/vm/drop_caches
	echo "$(($(unreclaimable) - base)) KiB more than before"
	[ $(($(unreclaimable) - base)) -lt "$limit" ]
}

out=$VPNHA_OUT
gw='' peer='' far=''
after=$(mktemp)
before=$(mktemp)
on_exit rm -f "$after" "$before"
test_begin 7
setup_ns gw peer far
for namespace in "$gw" "$peer"; do
	ip netns exec "$namespace" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
done
gateway "$gw" "$peer" 1 peer
ip -n "$peer" address add 10.1.1.9/24 dev peer0
ip -n "$peer" address add 10.1.2.9/24 dev peer1
snapshot "$gw" > "$before"

capture_start "$peer" peer0 "$out/unload.pcapng" udp port 1985 and src 10.1.1.1
for number in 0 1; do
	ip netns exec "$peer" ./noise.py "peer$number" &
	on_exit kill $!
	ip netns exec "$peer" ping -q -i 0.01 "10.1.$((number + 1)).10$((number * 3 + 1))" > /dev/null &
	on_exit kill $!
done

# the first rounds fill the caches of all that is used later
rounds_wanted=$rounds
rounds=4
load_and_unload
rounds=$rounds_wanted
base=$(unreclaimable)
check "$rounds loads and unloads under traffic leave nothing" load_and_unload
check "unloading resigns" heard_resigns
capture_stop "$out/unload.pcapng"
check "memory does not grow with them" wait_for no_growth "$base" 4096

check "the module is loaded for namespaces" insmod "$module"
base=$(unreclaimable)
check "$rounds namespaces made and destroyed while groups are active" make_and_destroy
wait_for namespaces_gone
check "memory does not grow with them" wait_for no_growth "$base" 4096
check "the module can be removed" rmmod vpnha
test_end
