#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
# A tunnel with manual keys between a pair's virtual address and plain XFRM,
# through the death of the active gateway and its return.
set -u
. ../lib/lib.sh
. ../lib/topology.sh
. ../lib/pair.sh
. ../lib/ping.sh
. ../lib/tunnel.sh

out=$VPNHA_OUT
wire=$out/wire.pcap

sas()
{
	ip netns exec "$1" vpnhactl show crypto ipsec sa -j
}

passes_by()
{
	ip netns exec "$1" vpnhactl clear crypto sa counters || return
	ping_goes_on "$out/ping" || return
	sas "$1" > "$out/sas" || return
	jq -e 'any(.. | objects | select(has("packets")) | .packets; . > 0)' "$out/sas"
}

silent()
{
	ip netns exec "$1" vpnhactl clear crypto sa counters || return
	ping_goes_on "$out/ping" || return
	sas "$1" > "$out/sas" || return
	jq -e 'all(.. | objects | select(has("packets")) | .packets; . == 0)' "$out/sas"
}

takes_over()
{
	die_silently "$gw1"
	wait_for pair_is "$gw2" active && ping_goes_on "$out/ping"
}

comes_back()
{
	come_back "$gw1"
	wait_for pair_is "$gw2" standby && wait_for pair_is "$gw1" active &&
		ping_goes_on "$out/ping"
}

# the capture is taken on a port of the switch, where nobody decrypts
only_esp()
{
	[ "$(tunnel_packets "$wire" "esp and src $outside_vip")" -gt 0 ] &&
	[ "$(tunnel_packets "$wire" "esp and dst $outside_vip")" -gt 0 ] &&
	[ "$(tunnel_packets "$wire" "$tunnel_clear")" -eq 0 ]
}

counter_mode_is_refused()
{
	pair_conf 200 | sed > "$out/gcm.conf" \
		-e 's/^\(crypto ipsec transform-set strong\) .*/\1 esp-gcm 128/' \
		-e "s/^\( set session-key [a-z]* esp [0-9]*\) .*/\1 cipher $(tunnel_key 20)/"
	refuses ip netns exec "$gw1" vpnhactl load "$out/gcm.conf" > "$out/refused" 2>&1
	cat "$out/refused"
	grep -q 'random IVs' "$out/refused"
}

nothing_is_left()
{
	local gateway

	for gateway in "$gw1" "$gw2"; do
		ip netns exec "$gateway" vpnhactl configure "interface $outside_if" "no crypto map" ||
			return
		[ -z "$(ip -n "$gateway" link show type vpnha)" ] || return
		[ "$(sas "$gateway" | jq '[.. | objects | select(has("spi"))] | length')" = 0 ] ||
			return
	done
}

test_begin 9
topo_pair_up
tunnel_conf
tunnel_peer_up
capture_start "$sw" "$(lan_port "$outside_br" "$far")" "$wire"
check "xfrm: the pair forms with a tunnel at its virtual address" pair_up "$out"
check "xfrm: a host reaches the remote one" ping_start "$host" "$remote_host" "$out/ping"
check "xfrm: packets pass by the active gateway" passes_by "$gw1"
check "the standby passes none" silent "$gw2"
check "xfrm: the standby takes the tunnel over" takes_over
check "xfrm: the first gateway takes it back" comes_back
ping_stop "$out/ping" || :
capture_stop "$wire"
check "invariant 1: no protected packet in clear on the wire" only_esp
check "keys that two gateways share are not used in counter mode" counter_mode_is_refused
check "invariant 6: without the crypto map no SA and no device is left" nothing_is_left
test_end
