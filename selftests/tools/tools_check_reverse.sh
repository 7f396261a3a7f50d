#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check" and completion: what is said about reverse route injection.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

test_begin 14
on_exit rm -rf "$dir"

# entry LINE...: an entry that is complete, with these lines
entry()
{
	echo "crypto ipsec transform-set s esp-gcm"
	echo "crypto map vpn 10 ipsec-isakmp"
	echo " set peer 172.16.172.69"
	echo " set transform-set s"
	echo " match address 101"
	printf '%s\n' "$@"
}

entry ' reverse-route' \
	'access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255' \
	'access-list 101 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255' \
	'access-list 101 permit ip 0.0.0.0 0.255.255.255 0.0.0.0/1' \
	'access-list 101 deny ip any any' > "$dir/y.conf"
golden "as a router has it" 0 < "$dir/y.conf" 3<< 'EOT'
x.conf: ok
EOT

every_order()
{
	local a b c d
	local -a words=(static 'tag 7' 'distance 200' 'remote-peer 172.16.172.49')

	for a in 0 1 2 3; do
		for b in 0 1 2 3; do
			for c in 0 1 2 3; do
				d=$((6 - a - b - c))
				if [ $a = $b ] || [ $a = $c ] || [ $b = $c ]; then
					continue
				fi
				entry " reverse-route ${words[a]} ${words[b]} ${words[c]} ${words[d]}" \
					'access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8' > "$dir/x.conf"
				said 0 <<< "x.conf: ok" || return
			done
		done
	done
}
check "options in every order" every_order

entry ' rev' ' reverse-route st' ' reverse-route r' ' reverse-route rem 10.0.0.1 s t 4294967295' \
	' reverse-route d 255 r t 1' ' no reverse-route' ' no reverse-route static tag 5' \
	'access-list 101 permit ip any any' > "$dir/y.conf"
golden "abbreviated, and taken back" 0 < "$dir/y.conf" 3<< 'EOT'
x.conf: ok
EOT

entry ' reverse-route remote-peer 2001:db8::1' \
	'access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8' > "$dir/y.conf"
golden "a gateway of another IP version" 0 < "$dir/y.conf" 3<< 'EOT'
x.conf:6:28: warning: gateway of IPv6, and no peer is of IPv6
   reverse-route remote-peer 2001:db8::1
                             ^
x.conf: ok
EOT

golden "options that make no sense" 1 << 'EOF' 3<< 'EOT'
crypto map m 1 ipsec-manual
 set peer 1.2.3.4
 reverse-route foo
 reverse-route tag
 reverse-route tag 0
 reverse-route tag 4294967296
 reverse-route tag 18446744073709551617
 reverse-route tag x
 reverse-route distance 0
 reverse-route distance 256
 reverse-route distance
 reverse-route 10.0.0.1
 reverse-route remote-peer 10.0.0.256
 reverse-route remote-peer 224.0.0.5
 reverse-route remote-peer ::
 reverse-route remote-peer 10.0.0.1 10.0.0.2
 no reverse-route tag 0
EOF
x.conf:1:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'match address'
  crypto map m 1 ipsec-manual
               ^
x.conf:3:16: error: unknown word 'foo'; expected distance, remote-peer, static, tag or the end of the line
   reverse-route foo
                 ^
x.conf:4:19: error: incomplete line; expected <1-4294967295>
   reverse-route tag
                    ^
x.conf:5:20: error: '0' is out of range, expected 1 to 4294967295
   reverse-route tag 0
                     ^
x.conf:6:20: error: '4294967296' is out of range, expected 1 to 4294967295
   reverse-route tag 4294967296
                     ^
x.conf:7:20: error: '18446744073709551617' is out of range, expected 1 to 4294967295
   reverse-route tag 18446744073709551617
                     ^
x.conf:8:20: error: unknown word 'x'; expected <1-4294967295>
   reverse-route tag x
                     ^
x.conf:9:25: error: '0' is out of range, expected 1 to 255
   reverse-route distance 0
                          ^
x.conf:10:25: error: '256' is out of range, expected 1 to 255
   reverse-route distance 256
                          ^
x.conf:11:24: error: incomplete line; expected <1-255>
   reverse-route distance
                         ^
x.conf:12:16: error: unknown word '10.0.0.1'; expected distance, remote-peer, static, tag or the end of the line
   reverse-route 10.0.0.1
                 ^
x.conf:13:28: error: '10.0.0.256' is not an address
   reverse-route remote-peer 10.0.0.256
                             ^
x.conf:14:28: error: gateway 224.0.0.5 is a multicast address
   reverse-route remote-peer 224.0.0.5
                             ^
x.conf:15:28: error: gateway :: is no address
   reverse-route remote-peer ::
                             ^
x.conf:16:37: error: unknown word '10.0.0.2'; expected distance, static, tag or the end of the line
   reverse-route remote-peer 10.0.0.1 10.0.0.2
                                      ^
x.conf:17:23: error: '0' is out of range, expected 1 to 4294967295
   no reverse-route tag 0
                        ^
EOT

golden "options said twice" 1 << 'EOF' 3<< 'EOT'
crypto map m 1 ipsec-manual
 set peer 1.2.3.4
 match address 101
 set transform-set s
 reverse-route static tag 5 static
 reverse-route tag 5 distance 5 t 6
 reverse-route distance 5 distance 5
 reverse-route remote-peer remote-peer 10.0.0.1
 reverse-route static remote-peer 10.0.0.1 tag 5 distance 5 remote-peer
access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8
crypto ipsec transform-set s esp-gcm
EOF
x.conf:1:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'set session-key inbound'
  crypto map m 1 ipsec-manual
               ^
x.conf:5:29: error: 'static' was said already; expected distance, remote-peer or the end of the line
   reverse-route static tag 5 static
                              ^
x.conf:6:33: error: 't' was said already; expected remote-peer, static or the end of the line
   reverse-route tag 5 distance 5 t 6
                                  ^
x.conf:7:27: error: 'distance' was said already; expected remote-peer, static, tag or the end of the line
   reverse-route distance 5 distance 5
                            ^
x.conf:8:28: error: 'remote-peer' was said already; expected distance, static, tag, ADDRESS or the end of the line
   reverse-route remote-peer remote-peer 10.0.0.1
                             ^
x.conf:9:61: error: 'remote-peer' was said already; expected the end of the line
   reverse-route static remote-peer 10.0.0.1 tag 5 distance 5 remote-peer
                                                              ^
EOT

golden "below another heading" 1 << 'EOF' 3<< 'EOT'
reverse-route
crypto ipsec transform-set s esp-gcm
 reverse-route
crypto dynamic-map d 1
 reverse-route
EOF
x.conf:1:1: error: unknown word 'reverse-route'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  reverse-route
  ^
x.conf:3:2: error: unknown word 'reverse-route'; expected access-list, crypto, end, exit, interface, ip, ipv6, mode, no or track
   reverse-route
   ^
x.conf:4:22: warning: entry 1 of dynamic crypto map d is incomplete and protects nothing: no 'set transform-set'
  crypto dynamic-map d 1
                       ^
EOT

# A route is one to a prefix that somebody named.
entry ' reverse-route static' 'access-list 101 permit ip any 20.1.1.0 0.0.0.255' \
	'access-list 101 permit ip 10.0.0.0/8 20.0.1.0 0.255.0.255' \
	'access-list 101 deny ip any any' 'access-list 101 permit tcp 0.0.0.0/0 eq www any' \
	'access-list 101 permit ip 10.0.1.0 0.255.0.255 host 20.1.1.1' \
	'access-list 101 permit ipv6 ::/0 2001:db8:: ffff::' > "$dir/y.conf"
golden "lists that cannot be made into routes" 1 < "$dir/y.conf" 3<< 'EOT'
x.conf:7:27: error: the source is any, and entry 10 of crypto map vpn has reverse-route
  access-list 101 permit ip any 20.1.1.0 0.0.0.255
                            ^
x.conf:8:38: error: the destination is no prefix, and entry 10 of crypto map vpn has reverse-route
  access-list 101 permit ip 10.0.0.0/8 20.0.1.0 0.255.0.255
                                       ^
x.conf:10:28: error: the source is any, and entry 10 of crypto map vpn has reverse-route
  access-list 101 permit tcp 0.0.0.0/0 eq www any
                             ^
x.conf:10:45: error: the destination is any, and entry 10 of crypto map vpn has reverse-route
  access-list 101 permit tcp 0.0.0.0/0 eq www any
                                              ^
x.conf:12:29: error: the source is any, and entry 10 of crypto map vpn has reverse-route
  access-list 101 permit ipv6 ::/0 2001:db8:: ffff::
                              ^
x.conf:12:34: error: the destination is no prefix, and entry 10 of crypto map vpn has reverse-route
  access-list 101 permit ipv6 ::/0 2001:db8:: ffff::
                                   ^
EOT

entry ' no reverse-route' 'access-list 101 permit ip any any' \
	'crypto map vpn 20 ipsec-isakmp' ' set peer 172.16.172.70' ' set transform-set s' \
	' match address L' ' reverse-route' 'ip access-list extended L' \
	' permit ip 10.0.0.0/8 20.0.0.0/8' > "$dir/y.conf"
golden "any where there is no reverse-route" 0 < "$dir/y.conf" 3<< 'EOT'
x.conf: ok
EOT

check "one line with its heading" \
	says 2 "$VPNHACTL" crypto map m 1 ipsec-isakmp reverse-route tag 5 tag 6 << 'EOT'
vpnhactl: error: 'tag' was said already; expected distance, remote-peer, static or the end of the line
  crypto map m 1 ipsec-isakmp reverse-route tag 5 tag 6
                                                  ^
EOT

check "help, with what is still to be said" says 0 "$VPNHACTL" \
	crypto map m 1 ipsec-isakmp reverse-route tag 5 remote-peer '?' << 'EOT'
  distance  Administrative distance of the routes
  static    Routes are there without SAs, too
  ADDRESS   Next hop to the peer, to which there is a route then, too
  <cr>
EOT

check "help for the command" says 0 "$VPNHACTL" show crypto route '?' << 'EOT'
  map   Routes of a crypto map
  <cr>
EOT

check "completion" says 0 "$VPNHACTL" --complete show crypto r << EOT
route	Routes of reverse route injection
EOT

check "completion of an option" says 0 "$VPNHACTL" \
	--complete crypto map m 1 ipsec-manual no rev << EOT
reverse-route	Inject a route for each destination that is protected
EOT

test_end
