#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
# Reverse route injection in the words of vpnhactl: loaded, shown, followed,
# refused, and gone with the line that asked for it.
set -u
. ../lib/lib.sh

dir=$(mktemp -d)
cd "$dir" || exit

ctl()
{
	ip netns exec "$NS" vpnhactl "$@"
}

route()
{
	ip -n "$NS" -4 route show proto 72
}

# routes_are DESTINATION...: in the order of sort
routes_are()
{
	[ "$(route | cut -d' ' -f1 | sort | paste -sd' ')" = "$*" ]
}

test_begin 11
on_exit rm -rf "$dir"
NS=
setup_ns NS
ip -n "$NS" link add eth0 type veth peer name peer0
ip -n "$NS" link set eth0 up
ip -n "$NS" link set peer0 up
ip -n "$NS" addr add 172.16.172.52/28 dev eth0
ip -n "$NS" route add 172.16.172.64/28 via 172.16.172.49

cat > vpn.conf << EOF
crypto ipsec transform-set myset esp-aes 128 esp-sha256-hmac
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.69
 set transform-set myset
 match address 101
 reverse-route
access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255
access-list 101 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255
access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.2.0 0.0.0.255
interface eth0
 crypto map vpn
EOF

follow()
{
	ctl debug crypto ipsec > debug.log 2>&1 &
	on_exit kill $!
	wait_for follows
}
follows()
{
	grep -q 'debugging is on' debug.log
}
check "debug crypto ipsec" follow

loaded()
{
	ctl load vpn.conf && wait_for routes_are 20.1.1.0/24 20.1.2.0/24 && route &&
		route | grep -q '20.1.1.0/24 via 172.16.172.69 dev vpnha0 metric 1 onlink'
}
check "load: a route for each destination" loaded

shown()
{
	ctl show crypto route > shown && cat shown &&
		grep -q '^ *20.1.1.0/255.255.255.0 \[1/0\] via 172.16.172.69' shown &&
		grep -q 'next hop 172.16.172.49, eth0' shown && ! grep -q 'not installed' shown &&
		ctl -j show crypto route | jq -e 'length == 2' &&
		ctl show crypto route map vpn | diff shown - &&
		ctl show crypto map | grep -q 'Reverse Route Injection Enabled'
}
check "show crypto route" shown

told()
{
	grep -q 'VPN Route Added 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP DEFAULT TABLE' debug.log
}
check "the debug line of a route that is added" wait_for told

round_trip()
{
	ctl show running-config > saved.conf && grep -qx ' reverse-route' saved.conf &&
		ctl load saved.conf | grep -q 'no changes'
}
check "the running configuration can be loaded" round_trip

reason()
{
	ip -n "$NS" route del 172.16.172.64/28
	wait_for routes_are && ctl show crypto route | grep 'not installed: no path to the peer' || return
	ip -n "$NS" route add 172.16.172.64/28 via 172.16.172.49
	wait_for routes_are 20.1.1.0/24 20.1.2.0/24
}
check "why a route is not installed" reason

# of a whole file the tool finds it; of a line alone the kernel
refused()
{
	local status

	sed 's/host 99.99.99.99/any/' vpn.conf > any.conf
	ctl load any.conf > said 2>&1
	status=$?
	cat said
	[ $status -ne 0 ] && grep -q '^any.conf:8:' said || return
	ctl configure 'access-list 101 permit ip any 20.9.0.0/16' > said 2>&1
	status=$?
	cat said
	[ $status -ne 0 ] && grep -q any said && routes_are 20.1.1.0/24 20.1.2.0/24
}
check "any is refused, and nothing has changed" refused

changed()
{
	sed 's/^ reverse-route$/ reverse-route remote-peer 172.16.172.50 tag 7 distance 30/' \
		vpn.conf > more.conf
	ctl load more.conf && wait_for routes_are 172.16.172.69 20.1.1.0/24 20.1.2.0/24 && route &&
		wait_for reached_by_gateway
	[ "$(route | grep -c 'metric 30 .*realm 7\|realm 7 .*metric 30')" = 3 ]
}
reached_by_gateway()
{
	ctl show crypto route | grep -q 'next hop 172.16.172.50, eth0'
}
check "a gateway, a tag and another distance" changed

removed()
{
	ctl configure 'crypto map vpn 10' 'no reverse-route' || return
	wait_for routes_are && wait_for told_removed
}
told_removed()
{
	grep -q 'VPN Route Removed 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP DEFAULT TABLE' debug.log
}
check "no reverse-route" removed

gone()
{
	ctl load vpn.conf && wait_for routes_are 20.1.1.0/24 20.1.2.0/24 || return
	echo '!' > empty.conf
	ctl load empty.conf && wait_for routes_are && wait_for none_shown
}
# the group goes with its address, and comes back; the map has to be applied again
applied_again()
{
	sed 's/^ crypto map vpn$/ standby 1 ip 172.16.172.53\n standby 1 name HA\n&  redundancy HA/' \
		vpn.conf > group.conf
	ctl load group.conf && wait_for endpoint_is 172.16.172.53 &&
		ctl configure 'interface eth0' 'no standby 1 ip' && wait_for endpoint_is 172.16.172.52 &&
		ctl show crypto map | grep 'standby group is gone: apply it again' &&
		ctl load group.conf && wait_for endpoint_is 172.16.172.53 &&
		ctl load group.conf | grep 'no changes'
}
endpoint_is()
{
	ip netns exec "$NS" vpnhactl -j show crypto map | jq -e --arg address "$1" \
		'[.. | objects | select(.local? == $address)] | length > 0'
}
check "a map whose group was gone is applied again by load" applied_again

none_shown()
{
	ctl -j show crypto route | jq -e 'length == 0'
}
check "an empty configuration leaves none" gone
test_end
