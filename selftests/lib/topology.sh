# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Networks out of namespaces. Source lib.sh first.
#
#	topo_pair_up builds
#
#	             far                  upstream host
#	              |
#	  ------------+------------       outside LAN (bridge in sw)
#	      |               |
#	     gw1             gw2          the pair
#	      |               |
#	  ------------+------------       inside LAN (bridge in sw)
#	              |
#	             host                 default route: the inside virtual address
#
# and sets $sw $gw1 $gw2 $host $far (names of namespaces). A gateway's
# interfaces are $outside_if and $inside_if, as are far's and host's. The
# addresses below may be set before.

: "${outside_prefix:=28}" "${outside_vip:=172.16.172.53}"
: "${gw1_outside:=172.16.172.52}" "${gw2_outside:=172.16.172.54}" "${far_outside:=172.16.172.57}"
: "${inside_prefix:=24}" "${inside_vip:=10.1.1.254}"
: "${gw1_inside:=10.1.1.1}" "${gw2_inside:=10.1.1.2}" "${host_inside:=10.1.1.3}"

outside_if=eth0 inside_if=eth1
outside_br=outside inside_br=inside

# net/lib.sh's setup_ns asks whether these are set
sw='' gw1='' gw2='' host='' far=''

# lan_add LAN: a bridge in sw, deaf to nothing and forwarding at once
lan_add()
{
	ip -n "$sw" link add "$1" type bridge forward_delay 0 stp_state 0 mcast_snooping 0
	ip -n "$sw" link set "$1" up
}

# lan_port LAN NAMESPACE: the switch's port of a member
lan_port()
{
	printf '%.3s-%s' "$1" "${2##*-}"
}

# lan_join LAN NAMESPACE INTERFACE [ADDRESS/PREFIX]: plugs a namespace in
lan_join()
{
	local lan=$1 namespace=$2 interface=$3 address=${4-} port

	port=$(lan_port "$lan" "$namespace")
	ip link add "$port" netns "$sw" type veth peer name "$interface" netns "$namespace"
	ip -n "$sw" link set "$port" master "$lan" up
	ip -n "$namespace" link set "$interface" up
	[ -z "$address" ] || ip -n "$namespace" address add "$address" dev "$interface"
	wait_for lan_forwards "$port"
}

lan_forwards()
{
	[ "$(ip netns exec "$sw" cat "/sys/class/net/$1/brport/state")" = 3 ]
}

# lan_cut LAN NAMESPACE: the switch drops a member's frames, both ways, and the
# member's carrier stays: what a dead switch in between looks like
lan_cut()
{
	bridge -n "$sw" link set dev "$(lan_port "$1" "$2")" state 0
}

lan_heal()
{
	bridge -n "$sw" link set dev "$(lan_port "$1" "$2")" state 3
}

# lan_unplug LAN NAMESPACE: as lan_cut, and the member's carrier goes
lan_unplug()
{
	ip -n "$sw" link set "$(lan_port "$1" "$2")" down
}

lan_plug()
{
	ip -n "$sw" link set "$(lan_port "$1" "$2")" up
	wait_for lan_forwards "$(lan_port "$1" "$2")"
}

# die_silently NAMESPACE: a gateway falls silent on all LANs and knows nothing of it
die_silently()
{
	lan_cut "$outside_br" "$1"
	lan_cut "$inside_br" "$1"
}

come_back()
{
	lan_heal "$outside_br" "$1"
	lan_heal "$inside_br" "$1"
}

topo_pair_up()
{
	local gateway namespace

	setup_ns sw gw1 gw2 host far
	for namespace in "$gw1" "$gw2" "$host" "$far"; do
		# the tests' captures hold what the tests are about
		ip netns exec "$namespace" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	done
	for gateway in "$gw1" "$gw2"; do
		ip netns exec "$gateway" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
	done
	lan_add "$outside_br"
	lan_add "$inside_br"
	lan_join "$outside_br" "$gw1" "$outside_if" "$gw1_outside/$outside_prefix"
	lan_join "$outside_br" "$gw2" "$outside_if" "$gw2_outside/$outside_prefix"
	lan_join "$outside_br" "$far" "$outside_if" "$far_outside/$outside_prefix"
	lan_join "$inside_br" "$gw1" "$inside_if" "$gw1_inside/$inside_prefix"
	lan_join "$inside_br" "$gw2" "$inside_if" "$gw2_inside/$inside_prefix"
	lan_join "$inside_br" "$host" "$inside_if" "$host_inside/$inside_prefix"
	ip -n "$host" route add default via "$inside_vip"
	# the way back is by the pair's outside virtual address
	ip -n "$far" route add default via "$outside_vip"
}

topo_pair_down()
{
	cleanup_ns "$sw" "$gw1" "$gw2" "$host" "$far"
}
