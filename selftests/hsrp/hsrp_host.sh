#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
# A host that knows nothing of HSRP keeps its neighbour entry, one MAC address
# throughout, and its ping, whatever becomes of the active gateway.
set -u
. ../lib/lib.sh
. ../lib/topology.sh
. ../lib/pair.sh
. ../lib/ping.sh

inside_mac=00:00:0c:07:ac:02
out=$VPNHA_OUT

# group_state NAMESPACE GROUP: whatever its interface is called now
group_state()
{
	standby_states "$1" | awk -v group="$2" '$2 == group { print $3 }'
}

group_is()
{
	[ "$(group_state "$1" "$2")" = "$3" ]
}

normal()
{
	pair_is "$gw1" active && pair_is "$gw2" standby
}

# the_host_through NAME BREAK MEND [LIMIT]: pings while the active gateway fails
# and comes back. BREAK returns when the other one must have taken over. With
# LIMIT no gap between replies may be as long as that many milliseconds.
the_host_through()
{
	local name=$1 break=$2 mend=$3 limit=${4-} file gap rc=0

	file=$out/ping-${name// /-}
	wait_for normal || return
	ping_start "$host" "$far_outside" "$file" || return
	$break || rc=1
	ping_goes_on "$file" || rc=1
	$mend || rc=1
	wait_for normal || rc=1
	ping_goes_on "$file" || rc=1
	ping_stop "$file"
	gap=$(ping_gap "$file")
	echo "# $name: $(ping_lost "$file") of $(ping_sent "$file") lost, longest gap $gap ms" >&3
	if [ -n "$limit" ] && [ "$gap" -ge "$limit" ]; then
		echo "the gap is not that of a gateway that said goodbye"
		rc=1
	fi
	return $rc
}

taken_over()
{
	wait_for pair_is "$gw2" active
}

# what the active gateway cannot announce

link_down()
{
	lan_unplug "$inside_br" "$gw1"
	taken_over
}

link_up()
{
	lan_plug "$inside_br" "$gw1"
}

silent_death()
{
	die_silently "$gw1"
	taken_over
}

resurrection()
{
	come_back "$gw1"
}

# what it can

preempted()
{
	ip netns exec "$gw2" vpnhactl configure "interface $outside_if" \
		"standby $outside_group priority 250" "interface $inside_if" \
		"standby $inside_group priority 250"
	taken_over
}

not_preempted()
{
	ip netns exec "$gw2" vpnhactl configure "interface $outside_if" \
		"standby $outside_group priority 100" "interface $inside_if" \
		"standby $inside_group priority 100"
}

no_standby()
{
	ip netns exec "$gw1" vpnhactl configure "interface $outside_if" \
		"no standby $outside_group" "interface $inside_if" "no standby $inside_group"
	taken_over
}

standby_again()
{
	pair_load "$gw1" 200 "$out"
}

shut()
{
	ip -n "$gw1" link set "$inside_if" down
	taken_over
}

not_shut()
{
	ip -n "$gw1" link set "$inside_if" up
}

# The other end of a veth goes with the interface and takes the resign along.
removed()
{
	ip -n "$gw1" link del "$inside_if"
	taken_over
}

made_again()
{
	lan_join "$inside_br" "$gw1" "$inside_if" "$gw1_inside/$inside_prefix"
}

# The group goes by the new name; what tracks the old one sees it gone.
renamed()
{
	ip -n "$gw1" link set "$inside_if" down
	taken_over || return
	ip -n "$gw1" link set "$inside_if" name lan0
	ip -n "$gw1" link set lan0 up
	wait_for group_is "$gw1" "$inside_group" active &&
		wait_for group_is "$gw2" "$inside_group" standby
}

named_as_before()
{
	ip -n "$gw1" link set lan0 down
	ip -n "$gw1" link set lan0 name "$inside_if"
	ip -n "$gw1" link set "$inside_if" up
}

moved_away()
{
	ip -n "$gw1" link set "$inside_if" netns "$elsewhere"
	taken_over
}

moved_back()
{
	ip -n "$elsewhere" link set "$inside_if" netns "$gw1"
	ip -n "$gw1" link set "$inside_if" up
	ip -n "$gw1" address add "$gw1_inside/$inside_prefix" dev "$inside_if"
}

addresses_gone()
{
	ip -n "$gw1" address flush dev "$inside_if"
	ip -n "$gw1" address flush dev "$outside_if"
	taken_over
}

other_addresses()
{
	ip -n "$gw1" address add "10.1.1.4/$inside_prefix" dev "$inside_if"
	ip -n "$gw1" address add "172.16.172.58/$outside_prefix" dev "$outside_if"
}

speaks_from()
{
	[ "$(ip netns exec "$gw1" vpnhactl show standby -j |
		jq -r --argjson group "$inside_group" '.[] | select(.group == $group) | .address')" = "$1" ]
}

# Another address of the same network takes over at once: nothing ends.
renumbered()
{
	ip netns exec "$gw1" sysctl -qw "net.ipv4.conf.$inside_if.promote_secondaries=1"
	ip -n "$gw1" address add "$gw1_inside/$inside_prefix" dev "$inside_if"
	ip -n "$gw1" address del "10.1.1.4/$inside_prefix" dev "$inside_if"
	wait_for speaks_from "$gw1_inside" && normal
}

# what the host saw of it all

one_neighbour()
{
	local other

	other=$(grep -F "$inside_vip " "$out/neighbours" |
		grep -vE "^$inside_vip dev $inside_if lladdr $inside_mac (ref [0-9]+ )?[A-Z]+ ?\$")
	echo "$other"
	[ -z "$other" ]
}

one_mac()
{
	local wrong

	capture_holds "$out/arp.pcapng" \
		"arp.src.proto_ipv4 == $inside_vip && arp.src.hw_mac == $inside_mac" || return
	wrong=$(capture_show "$out/arp.pcapng" "arp.src.proto_ipv4 == $inside_vip && \
		!(arp.src.hw_mac == $inside_mac && eth.src == $inside_mac)")
	echo "$wrong"
	[ -z "$wrong" ]
}

own_addresses()
{
	local wrong

	# a gateway's own address never comes with the virtual MAC
	wrong=$(capture_show "$out/arp.pcapng" "arp.src.hw_mac == $inside_mac && \
		!(arp.src.proto_ipv4 == $inside_vip)")
	echo "$wrong"
	[ -z "$wrong" ]
}

exec 3>&1
elsewhere=''
test_begin 16
topo_pair_up
setup_ns elsewhere
pair_timers="msec 300 msec 1000"
check "gw1 becomes active, gw2 standby" pair_up "$out"
capture_start "$host" "$inside_if" "$out/arp.pcapng" arp
ping_start "$host" "$far_outside" "$out/ping-first"
ping_stop "$out/ping-first"
stdbuf -oL ip -n "$host" monitor neigh > "$out/neighbours" &
monitor=$!
on_exit kill "$monitor"

for unannounced in "link down:link_down:link_up" "silent death:silent_death:resurrection" \
	"interface removed:removed:made_again"; do
	IFS=: read -r name break mend <<< "$unannounced"
	check "the host keeps its ping through $name" the_host_through "$name" "$break" "$mend"
done

# With this hold time only a resign or a coup makes the outage short.
pair_timers="1 8"
standby_again
pair_load "$gw2" 100 "$out"
for announced in "preemption:preempted:not_preempted" "no standby:no_standby:standby_again" \
	"shutdown:shut:not_shut" "interface renamed:renamed:named_as_before" \
	"interface moved away:moved_away:moved_back" \
	"addresses removed:addresses_gone:other_addresses" "address changed:renumbered:true"; do
	IFS=: read -r name break mend <<< "$announced"
	check "the host keeps its ping through $name" \
		the_host_through "$name" "$break" "$mend" 6000
done
check "the pair is as before" wait_for normal

check "the host's neighbour entry never changes and never fails" one_neighbour
check "the virtual address has one MAC address in all ARP" one_mac
check "no other address has it" own_addresses
check "the capture is whole" capture_stop "$out/arp.pcapng"
test_end
