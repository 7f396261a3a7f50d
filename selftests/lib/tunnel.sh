# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # pair.sh and topology.sh use and set them
# A tunnel between the pair's outside virtual address and far, where plain XFRM
# is the peer, with manual keys. Source lib.sh, topology.sh and pair.sh first.

: "${remote_net:=20.1.1.0/24}" "${remote_host:=20.1.1.1}" "${inside_net:=10.1.1.0/24}"
spi_to_pair=0x1001 spi_to_far=0x1002

# tunnel_key BYTES
tunnel_key()
{
	od -An -vtx1 -N "$1" /dev/urandom | tr -d ' \n'
}

# tunnel_conf: for the configuration of both gateways, by pair_conf
tunnel_conf()
{
	cipher_in=$(tunnel_key 16) auth_in=$(tunnel_key 32)
	cipher_out=$(tunnel_key 16) auth_out=$(tunnel_key 32)
	pair_global=$(cat <<-EOF
	crypto ipsec transform-set strong esp-aes 128 esp-sha256-hmac
	access-list 101 permit ip $inside_net $remote_net
	crypto map vpn 10 ipsec-manual
	 set peer $far_outside
	 set transform-set strong
	 match address 101
	 set session-key inbound esp $((spi_to_pair)) cipher $cipher_in authenticator $auth_in
	 set session-key outbound esp $((spi_to_far)) cipher $cipher_out authenticator $auth_out
	EOF
	)
	pair_outside=" crypto map vpn redundancy OUTSIDE"
}

# xfrm_half NAMESPACE SRC DST SPI CIPHER AUTH
xfrm_half()
{
	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi "$4" reqid 1 mode tunnel \
		enc 'cbc(aes)' "0x$5" auth-trunc 'hmac(sha256)' "0x$6" 128
}

# tunnel_peer_up: far is the other end, and the remote host behind it
tunnel_peer_up()
{
	local way

	ip -n "$far" address add "$remote_host/32" dev lo &&
	xfrm_half "$far" "$far_outside" "$outside_vip" $spi_to_pair "$cipher_in" "$auth_in" &&
	xfrm_half "$far" "$outside_vip" "$far_outside" $spi_to_far "$cipher_out" "$auth_out" &&
	ip -n "$far" xfrm policy add src "$remote_net" dst "$inside_net" dir out \
		tmpl src "$far_outside" dst "$outside_vip" proto esp reqid 1 mode tunnel || return
	for way in in fwd; do
		ip -n "$far" xfrm policy add src "$inside_net" dst "$remote_net" dir $way \
			tmpl src "$outside_vip" dst "$far_outside" proto esp reqid 1 mode tunnel ||
			return
	done
	ip -n "$gw1" route add "$remote_net" via "$far_outside" &&
	ip -n "$gw2" route add "$remote_net" via "$far_outside"
}

# tunnel_packets FILE FILTER: how many packets of a capture a filter takes
tunnel_packets()
{
	tcpdump -nr "$1" "$2" 2> /dev/null | wc -l
}

# What must not be seen outside: the two networks, in clear
tunnel_clear="net $inside_net and net $remote_net"
