#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The part of the demonstration that runs in the guest: see ../lab/demo.sh.
set -u
cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./topology.sh
. ./pair.sh
. ./ping.sh
. ./tunnel.sh

work=$(mktemp -d)
trap lab_cleanup EXIT

title()
{
	printf '\n== %s\n\n' "$*"
}

fail()
{
	printf '\nThis is not as it should be: %s\n' "$*"
	exit 1
}

indent()
{
	sed 's/^/    /'
}

show_both()
{
	printf 'gw1# vpnhactl show standby\n'
	ip netns exec "$gw1" vpnhactl show standby | indent
	printf '\ngw2# vpnhactl show standby\n'
	ip netns exec "$gw2" vpnhactl show standby | indent
}

# what the host believes its gateway's MAC to be
neighbour()
{
	ip -n "$host" -j neighbour show "$inside_vip" | jq -r '.[0].lladdr // "none"'
}

report_ping()
{
	printf '    %d pings sent, %d lost, longest gap between replies %d.%03d s\n' \
		"$(ping_sent "$1")" "$(ping_lost "$1")" \
		"$(($(ping_gap "$1") / 1000))" "$(($(ping_gap "$1") % 1000))"
}

../lab/guest/load-module || fail "the module does not load"
topo_pair_up || fail "the network could not be built"

cat <<EOF

Two gateways that everybody else takes for one:

                  far  $far_outside             plain Linux: a host upstream, and a peer
                   |                           with IPsec and $remote_net behind it
     --------------+--------------     outside  virtual gateway $outside_vip
        |                     |
       gw1                   gw2                priority 200 and 100, hello 1 s, hold 3 s
        |                     |
     --------------+--------------     inside   virtual gateway $inside_vip
                   |
                  host $host_inside                 a plain Linux host: default via $inside_vip
EOF

title "gw1's configuration (gw2 has the same with priority 100)"
pair_conf 200 | indent

title "The gateways elect an active one"
pair_up "$work" || fail "gw1 does not become active and gw2 standby"
show_both

title "The host pings upstream, and gw1 dies without a word"
ping_start "$host" "$far_outside" "$work/death" || fail "the host does not reach far"
ping_goes_on "$work/death" || fail "the ping does not go on"
before=$(neighbour)
die_silently "$gw1"
printf 'Both of its links have gone dead, though their carrier is still there.\n'
wait_for pair_is "$gw2" active || fail "gw2 does not take over"
ping_goes_on "$work/death" || fail "the ping does not come back"
after=$(neighbour)
ping_stop "$work/death"
printf 'gw2 heard no hello for the hold time and took over. What the host saw of it:\n\n'
report_ping "$work/death"
printf '    its neighbour entry for %s: %s before, %s after\n' "$inside_vip" "$before" "$after"
[ "$after" != none ] || fail "the host has no neighbour entry"
[ "$before" = "$after" ] || fail "the MAC changed"

title "After the failover (gw1, cut off from everybody, believes itself alone)"
show_both

title "gw1 is back, and preempts"
ping_start "$host" "$far_outside" "$work/return" || fail "the host does not reach far"
come_back "$gw1"
wait_for pair_is "$gw2" standby || fail "gw2 does not step back"
wait_for pair_is "$gw1" active || fail "gw1 does not take over again"
ping_goes_on "$work/return" || fail "the ping does not go on"
ping_stop "$work/return"
report_ping "$work/return"
printf '    its neighbour entry for %s: %s\n\n' "$inside_vip" "$(neighbour)"
[ "$(neighbour)" = "$before" ] || fail "the MAC changed"
for gateway in gw1 gw2; do
	printf '%s# vpnhactl show standby brief\n' "$gateway"
	ip netns exec "${!gateway}" vpnhactl show standby brief | indent
done

tunnel_conf
title "A tunnel between the pair's virtual address and far, which runs the kernel's own IPsec"
pair_conf 200 | sed -e 's/\(cipher\|authenticator\) \(....\)[0-9a-f]*/\1 \2.../g' -e '/standby/d' | indent
tunnel_peer_up || fail "the peer cannot be set up"
# in between, for what far decrypts passes its own captures again, in clear
capture_start "$sw" "$(lan_port "$outside_br" "$far")" "$work/wire.pcap" || fail "nothing can be captured"
pair_load "$gw1" 200 "$work" || fail "gw1 does not load it"
pair_load "$gw2" 100 "$work" || fail "gw2 does not load it"
ping_start "$host" "$remote_host" "$work/tunnel" || fail "nothing passes the tunnel"
ping_goes_on "$work/tunnel" || fail "the ping does not go on"
printf '\ngw1# vpnhactl show crypto ipsec sa\n'
ip netns exec "$gw1" vpnhactl show crypto ipsec sa | indent

title "The host pings $remote_host through the tunnel, and gw1 dies without a word"
die_silently "$gw1"
wait_for pair_is "$gw2" active || fail "gw2 does not take over"
ping_goes_on "$work/tunnel" || fail "the ping does not come back"
ping_stop "$work/tunnel"
report_ping "$work/tunnel"
capture_stop "$work/wire.pcap"
printf '\ngw2# vpnhactl show crypto ipsec sa\n'
ip netns exec "$gw2" vpnhactl show crypto ipsec sa | grep -E 'pkts|endpt|current_peer' | indent

esp=$(tunnel_packets "$work/wire.pcap" "esp and host $outside_vip and host $far_outside")
clear=$(tunnel_packets "$work/wire.pcap" "$tunnel_clear and not esp")
printf '\nOn the wire outside between the two networks: %d packets of ESP, %d in clear\n\n' "$esp" "$clear"
[ "$esp" -gt 0 ] || fail "no ESP was captured"
[ "$clear" -eq 0 ] || fail "packets between the two networks were seen in clear"
