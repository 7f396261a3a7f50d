# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # topology.sh sets them
# The pair of topo_pair_up as gateways that share a virtual address on each
# side. Source lib.sh and topology.sh first.

: "${outside_group:=1}" "${inside_group:=2}"
: "${pair_timers:=1 3}"

# what a test adds to it: lines before the interfaces, and of the outside one
: "${pair_global:=}" "${pair_outside:=}"

# pair_conf PRIORITY: a gateway's configuration. A side that goes down takes the
# other with it: a gateway is active on both sides or on none.
pair_conf()
{
	cat <<-EOF
	${pair_global:+$pair_global
	}interface $outside_if
	 standby $outside_group ip $outside_vip
	 standby $outside_group timers $pair_timers
	 standby $outside_group priority $1
	 standby $outside_group preempt
	 standby $outside_group name OUTSIDE
	 standby $outside_group track $inside_if 150
	${pair_outside:+$pair_outside
	}interface $inside_if
	 standby $inside_group ip $inside_vip
	 standby $inside_group timers $pair_timers
	 standby $inside_group priority $1
	 standby $inside_group preempt
	 standby $inside_group name INSIDE
	 standby $inside_group track $outside_if 150
	EOF
}

# pair_load NAMESPACE PRIORITY DIRECTORY: writes a gateway's file and loads it
pair_load()
{
	local file=$3/${1%%-*}.conf

	mkdir -p "$3"
	pair_conf "$2" > "$file"
	ip netns exec "$1" vpnhactl load "$file" > /dev/null
}

# standby_states NAMESPACE: a line "INTERFACE GROUP STATE" for each of its groups. This
# is what most of the waiting is for: no more than one process looks.
standby_states()
{
	local word second third rest interface group

	ip netns exec "$1" vpnhactl show standby |
		while read -r word second third rest; do
			case "$word $second" in
			*" -") interface=$word group=${rest%% *} ;;
			"State is") third=${third,,} && echo "$interface $group ${third%,}" ;;
			esac
		done
}

# pair_state NAMESPACE INTERFACE: the state of its group there
pair_state()
{
	local interface group state

	while read -r interface group state; do
		[ "$interface" != "$2" ] || echo "$state"
	done < <(standby_states "$1")
}

# pair_is NAMESPACE STATE: on both sides
pair_is()
{
	local interface group state are=

	while read -r interface group state; do
		case $interface in
		"$outside_if" | "$inside_if") are+=" $state" ;;
		esac
	done < <(standby_states "$1")
	[ "$are" = " $2 $2" ]
}

# pair_up DIRECTORY: both gateways configured, gw1 active and gw2 standby
pair_up()
{
	pair_load "$gw1" 200 "$1" && pair_load "$gw2" 100 "$1" || return
	wait_for pair_is "$gw1" active && wait_for pair_is "$gw2" standby
}
