#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
# vpnhactl with the kernel module: loads are atomic and apply the difference
# only, and a refusal of the kernel leads to the line that asked for it.
set -u

VPNHACTL=$VPNHA_TOP/build/tools/vpnhactl
. ./tools_lib.sh

dir=$(mktemp -d)
cd "$dir" || exit

ctl()
{
	ip netns exec "$NS" "$VPNHACTL" "$@"
}

# running: succeeds if the running configuration is the standard input
running()
{
	diff - <(ctl show running-config)
}

# field GROUP KEY: a value of a group of eth0
field()
{
	ctl -j show standby eth0 "$1" |
		/usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)[0][sys.argv[1]])' "$2"
}

test_begin 21
on_exit rm -rf "$dir"
NS=
setup_ns NS
ip -n "$NS" link add eth0 type veth peer name peer0
ip -n "$NS" link set eth0 up
ip -n "$NS" link set peer0 up
ip -n "$NS" addr add 10.0.0.1/24 dev eth0

cat > good.conf << 'EOF'
interface eth0
 standby 1 ip 10.0.0.3
 standby 1 timers msec 50 msec 200
 standby 1 priority 110
 standby 1 name A
 standby 1 track peer0 20
 standby 2 ip 10.0.0.4
 standby 2 preempt
EOF

cp good.conf wanted
check "a dry run says what a load would do" says 0 ctl load --dry-run good.conf < wanted
check "a dry run does nothing" running << 'EOF'
!
end
EOF
check "load" says 0 ctl load good.conf <<< "good.conf: 3 changes"
check "load again" says 0 ctl load good.conf <<< "good.conf: no changes"

round_trip()
{
	ctl copy running-config saved.conf && ctl show running-config | diff - saved.conf &&
		says 0 ctl load saved.conf <<< "saved.conf: no changes"
}
check "the running configuration can be loaded" round_trip

is_active()
{
	[ "$(field "$1" state)" = active ]
}
wait_for is_active 1
wait_for is_active 2
changes=$(field 1 state_changes)

sed 's/ standby 2 preempt/ standby 2 priority 90/' good.conf > other.conf
untouched()
{
	says 0 ctl load other.conf <<< "other.conf: 1 change" &&
		[ "$(field 1 state)" = active ] && [ "$(field 2 state)" = active ] &&
		[ "$(field 1 state_changes)" -eq "$changes" ] &&
		[ "$(field 2 priority)" -eq 90 ]
}
check "other groups do not notice a load" untouched

ctl show running-config > before
unchanged()
{
	running < before && [ "$(field 1 state_changes)" -eq "$changes" ]
}

{
	cat good.conf
	echo '! an address of this machine, after much that is right'
	echo ' standby 3 priority 7'
	echo ' standby 3 ip 10.0.0.1'
} > bad.conf
check "the kernel's refusal has file, line and column" says 1 ctl load bad.conf << 'EOF'
bad.conf:11:15: error: virtual IP is an address of this machine
   standby 3 ip 10.0.0.1
                ^
EOF
check "after the kernel's refusal nothing has changed" unchanged

cat > wrong.conf << 'EOF'
interface eth0
 standby 1 ip 10.0.0.3
 standby 1 timers 3 3
interface nosuch0
 standby 1 ip 10.9.0.1
EOF
check "the tool's refusal" says 1 ctl load wrong.conf << 'EOF'
wrong.conf:3:21: error: hold time (3 sec) must be greater than hello time (3 sec)
   standby 1 timers 3 3
                      ^
wrong.conf:4:11: error: interface nosuch0 does not exist
  interface nosuch0
            ^
EOF
check "after the tool's refusal nothing has changed" unchanged

check "one-shot lines are one transaction" says 1 ctl configure 'interface eth0' \
	'standby 3 priority 7' 'standby 3 ip 10.0.0.1' << 'EOF'
line:3:14: error: virtual IP is an address of this machine
  standby 3 ip 10.0.0.1
               ^
EOF
check "after a refused one-shot nothing has changed" unchanged

names_swap()
{
	ctl configure 'interface eth0' 'standby 1 name A' 'standby 2 name B' &&
		ctl configure 'interface eth0' 'standby 1 name B' 'standby 2 name A' &&
		[ "$(field 1 name)$(field 2 name)" = BA ]
}
check "names change hands" names_swap

# Groups of IPv6.
ip -n "$NS" addr add fe80::a/64 dev eth0 nodad
cat > six.conf << 'EOF'
interface eth0
 standby version 2
 standby 1 ipv6 autoconfig
 standby 1 ipv6 2001:db8::1/64
 standby 1 ipv6 2001:db8::2/128
 standby 1 timers msec 50 msec 200
 standby 2 ip 10.0.0.4
 standby 3 ipv6 fe80::3
 standby 3 ipv6 2001:db8::3/64
 standby 4 ipv6 2001:db8::4/64
 standby 5 ipv6
EOF
six()
{
	ctl load six.conf && says 0 ctl load six.conf <<< "six.conf: no changes" || return
	wait_for is_active 1
	round_trip || return
	diff - <(ctl show standby eth0 1 | sed -n '/Virtual IP/p') << 'EOF'
  Link-Local Virtual IPv6 address is fe80::5:73ff:fea0:1 (conf auto EUI64)
    Virtual IPv6 address 2001:db8::1/64
    Virtual IPv6 address 2001:db8::2/128
EOF
}
check "groups of IPv6" six

six_is_other()
{
	local changes
	changes=$(field 1 state_changes)
	ctl configure 'interface eth0' 'no standby 1 ipv6 2001:db8::2' \
		'standby 1 ipv6 2001:db8::1/80' 'standby 1 ipv6 2001:db8::9/64' || return
	[ "$(field 1 virtual_ips_global)" = "['2001:db8::1/80', '2001:db8::9/64']" ] &&
		[ "$(field 1 state_changes)" -eq "$changes" ] && round_trip
}
check "global addresses of a group that runs" six_is_other

families()
{
	ctl configure 'interface eth0' 'no standby 2 ip' 'standby 2 ipv6 autoconfig' &&
		[ "$(field 2 family)" = ipv6 ] &&
		ctl configure 'interface eth0' 'no standby 2 ipv6' 'standby 2 ip 10.0.0.4' &&
		[ "$(field 2 family)" = ipv4 ] && [ "$(field 2 virtual_ip)" = 10.0.0.4 ]
}
check "from one version of IP to the other, and back" families

ctl show running-config > before
{
	cat six.conf
	echo ' standby 6 ipv6 2001:db8::6/64'
	echo ' standby 6 ipv6 fe80::a'
} > bad.conf
check "the kernel's refusal of an address of IPv6" says 1 ctl load bad.conf << 'EOF'
bad.conf:13:17: error: virtual IP is an address of this machine
   standby 6 ipv6 fe80::a
                  ^
EOF
check "after it nothing has changed" running < before
ctl configure 'no interface eth0'

missing()
{
	printf 'interface nosuch0\n standby 1 ip 10.9.0.1\n' > missing.conf
	ctl load --allow-missing missing.conf &&
		ctl show standby nosuch0 | grep -q 'State is Init (interface removed)'
}
check "an interface may be missing when asked" missing

# Far more than a socket's buffer takes unless it is told to.
many()
{
	local n
	{
		echo 'interface eth0'
		echo ' standby version 2'
		for ((n = 0; n < 4096; n++)); do
			echo " standby $n ip 10.$((n / 1000 + 1)).$((n / 250)).$((n % 250 + 1))"
			echo " standby $n name group-$n"
		done
	} > many.conf
	says 0 ctl load many.conf <<< "many.conf: 4098 changes" &&
		says 0 ctl load many.conf <<< "many.conf: no changes" &&
		[ "$(ctl show standby brief | grep -c '^eth0 ')" -eq 4096 ]
}
check "4096 groups in one transaction" many

nobody()
{
	says 1 ip netns exec "$NS" setpriv --reuid 65534 --clear-groups \
		"$VPNHACTL" interface eth0 standby 1 priority 5 << 'EOF'
vpnha: operation not permitted: needs CAP_NET_ADMIN
EOF
}
check "who may not is told so" nobody

test_end
