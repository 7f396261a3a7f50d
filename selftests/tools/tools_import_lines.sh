#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl import": names of interfaces, what is translated and how, what is
# refused, and input that nobody meant.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)
test_begin 40
on_exit rm -rf "$dir"

outside=(--interface FastEthernet0/0=eth0)
both=(--interface FastEthernet0/0=eth0 --interface FastEthernet0/1=eth1)

# said STATUS ARGUMENT...: succeeds if an import of r.txt with these arguments exits so,
# and the standard input is what it says and writes
said()
{
	local status=$1
	shift
	(cd "$dir" && rm -f conf host frr && says "$status" "$VPNHACTL" import "$@" r.txt)
}

# wrote FILE ARGUMENT...: succeeds if an import of r.txt with these arguments is done,
# and the standard input is in this file of conf, host and frr
wrote()
{
	local file=$1
	shift
	(cd "$dir" && rm -f conf host frr && "$VPNHACTL" import "$@" --output conf --host host \
		--frr frr r.txt > out 2> said && [ ! -s out ]) || { cat "$dir/said"; return 1; }
	diff -u - "$dir/$file"
}

# nothing_written: succeeds if none of the three is there, nor a part of one
nothing_written()
{
	! compgen -G "$dir/conf*" && ! compgen -G "$dir/host*" && ! compgen -G "$dir/frr*"
}

# router: the standard input is r.txt
router()
{
	cat > "$dir/r.txt"
}

# Names.

router << 'EOF'
interface fa0/0
 standby 1 ip 192.0.2.3
 standby 1 track FastEthernet 0/1 50
interface FastEthernet 0/1
 standby 2 ip 10.0.0.3
interface Serial2/0.5 point-to-point
 ip address 10.5.0.1 255.255.255.252
EOF
check "names that are abbreviated, and numbers that stand apart" wrote conf \
	--interface FASTETHERNET0/0=eth0 --interface fast0/1=eth1.7 --interface s2/0.5=wan << 'EOF'
! a router without a name, imported by vpnhactl
!
interface eth0
 standby 1 ip 192.0.2.3
 standby 1 track eth1.7 50
!
interface eth1.7
 standby 2 ip 10.0.0.3
!
end
EOF

check "a name of no known form" said 1 --interface FastEthernet0/0 << 'EOT'
vpnhactl: --interface: 'FastEthernet0/0' is not of the form FastEthernet0/0=eth0
EOT
check "no name in front" said 1 --interface =eth0 << 'EOT'
vpnhactl: --interface: '=eth0' is not of the form FastEthernet0/0=eth0
EOT
check "a name that Linux does not take" said 1 --interface Fa0/0=FastEthernet0/0 << 'EOT'
vpnhactl: --interface: 'FastEthernet0/0' is not a Linux interface name: it contains '/'
EOT
check "a name twice" said 1 "${outside[@]}" --interface fa0/0=eth1 << 'EOT'
vpnhactl: --interface: FastEthernet0/0 is eth0 already
EOT
check "two names in one" said 1 "${outside[@]}" --interface Fa0/1=eth0 << 'EOT'
vpnhactl: --interface: eth0 is FastEthernet0/0 already
EOT

too_many()
{
	local -a names=()
	local n
	for n in {1..65}; do
		names+=(--interface "Vlan$n=eth$n")
	done
	"$VPNHACTL" import "${names[@]}" "$dir/r.txt" > "$dir/out" 2>&1
	[ $? -eq 1 ] && grep -q 'more than 64 of this kind' "$dir/out"
}
check "more names than anybody gives" too_many

router << 'EOF'
interface FastEthernet0/0
 ip address 192.0.2.2 255.255.255.0
interface FastEthernet0/1
 description nothing
interface FastEthernet0/2
 standby 1 ip 192.0.2.3
 shutdown
interface Loopback0
 ip address 9.9.9.9 255.255.255.255
EOF
check "interfaces without a name that need none" said 0 --interface Fa9/9=eth9 << 'EOT'
r.txt: warning: there is no interface FastEthernet9/9
r.txt: what is the host's is not written: no --host FILE
r.txt:1:11: warning: interface FastEthernet0/0 is left out with its address 192.0.2.2/24: no --interface FastEthernet0/0=IFNAME
  interface FastEthernet0/0
            ^
r.txt:3: interface FastEthernet0/1 is left out: nothing needs it
r.txt:5: interface FastEthernet0/2 is shut down, and left out
r.txt:9: the host's: ip address 9.9.9.9 255.255.255.255 -> ip address replace 9.9.9.9/32 dev lo
! a router without a name, imported by vpnhactl
!
end
EOT

router << 'EOF'
interface FastEthernet0/0
 standby 1 ip 192.0.2.3
 standby 1 track FastEthernet0/1
interface FastEthernet0/1
 ip address 10.1.1.1 255.255.255.0
interface FastEthernet0/2
 crypto map vpn
interface FastEthernet0/3
 ip address 10.3.0.1 255.255.255.0
interface FastEthernet0/4
 ip ospf cost 5
router ospf 1
 network 10.3.0.0 0.0.255.255 area 0
EOF
missing_names()
{
	said 1 --output conf --host host --frr frr << 'EOT' && nothing_written
r.txt:1:11: error: FastEthernet0/0 has no name here: say --interface FastEthernet0/0=IFNAME
  interface FastEthernet0/0
            ^
r.txt:3:18: error: FastEthernet0/1 has no name here: say --interface FastEthernet0/1=IFNAME
   standby 1 track FastEthernet0/1
                   ^
r.txt:6:11: error: FastEthernet0/2 has no name here: say --interface FastEthernet0/2=IFNAME
  interface FastEthernet0/2
            ^
r.txt:8:11: error: FastEthernet0/3 has no name here: say --interface FastEthernet0/3=IFNAME
  interface FastEthernet0/3
            ^
r.txt:11:2: error: FastEthernet0/4 has no name here: say --interface FastEthernet0/4=IFNAME
   ip ospf cost 5
   ^
r.txt:12: FRR's: router ospf 1 -> router ospf
r.txt:13: FRR's: network 10.3.0.0 0.0.255.255 area 0 -> network 10.3.0.0/16 area 0
EOT
}
check "interfaces without a name that need one" missing_names

# Mistakes, and what this version does not understand.

router << 'EOF'
hostname R1
foo bar
interface FastEthernet0/0
 standby 1 prioritty 5
 standby 1 ip 224.0.0.1
crypto ipsec transform-set s esp-3des
crypto map m 0 ipsec-isakmp
EOF
mistakes()
{
	echo before > "$dir/old"
	(cd "$dir" && says 1 "$VPNHACTL" import "${outside[@]}" --output old --host host --frr frr r.txt) << 'EOT' || return
r.txt:1: the host's: hostname R1
r.txt:2:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  foo bar
  ^
r.txt:4:12: error: unknown word 'prioritty'; expected authentication, follow, ip, ipv6, mac-address, name, preempt, priority, timers or track
   standby 1 prioritty 5
             ^
r.txt:5:15: error: virtual IP 224.0.0.1 is a multicast address
   standby 1 ip 224.0.0.1
                ^
r.txt:6:30: error: esp-3des needs a transform that authenticates, such as esp-sha256-hmac
  crypto ipsec transform-set s esp-3des
                               ^
r.txt:7:14: error: '0' is out of range, expected 1 to 65535
  crypto map m 0 ipsec-isakmp
               ^
EOT
	nothing_written && [ "$(cat "$dir/old")" = before ]
}
check "mistakes, and nothing is written" mistakes

router << 'EOF'
username admin password 7 0822455D0A16
crypto keyring k
 pre-shared-key address 1.2.3.4 key verysecret
crypto isakmp key 6 verysecret address 1.2.3.4
crypto ipsec transform-set s esp-aes 256 esp-sha-hmac
 mode transport
crypto ipsec transform-set weak esp-3des esp-sha-hmac
crypto ipsec transform-set ah ah-sha-hmac
 mode transport
crypto map vpn local-address Loopback0
crypto map vpn 10 ipsec-isakmp
 description to the branch
 set peer 192.0.2.9
 set transform-set s
 set pfs group2
 match address 101
crypto map vpn 20 ipsec-isakmp dynamic clients discover
crypto dynamic-map mobile 10
 description whoever comes
 set transform-set s
 set pfs group19
 set pfs group5
 set security-association lifetime seconds 28800
 reverse-route
 match address 103
crypto map vpn 30 ipsec-isakmp dynamic mobile
access-list 103 permit ip 10.0.0.0 0.255.255.255 30.0.0.0 0.255.255.255
interface FastEthernet0/0
 standby 1 ip 192.0.2.3
 standby 1 ip 192.0.2.4 secondary
 standby 1 preempt delay minimum 30
 standby 1 authentication md5 key-string shared5ecret
 standby 1 mac-address 0000.0C07.ac42
 standby 1 track 10 decrement 5
 standby 1 name A
 standby 1 track FastEthernet0/1
 crypto map vpn redundancy A stateful
interface FastEthernet0/1
 standby use-bia scope interface
 standby arp gratuitous count 3 interval 4
 standby mac-refresh 100
 standby preempt delay minimum 5
 standby ip 10.1.1.1
 standby name A
 standby track fa0/0
 standby 2 ip 10.1.1.4
 standby 2 follow A
access-list 101 remark to the branch
access-list 101 permit ip 10.0.0.0 0.255.255.255 20.0.0.0 0.255.255.255
EOF
check "what is kept of what is not supported" wrote conf "${both[@]}" << 'EOF'
! a router without a name, imported by vpnhactl
!
crypto ipsec transform-set s esp-aes 256 esp-sha-hmac
 mode transport
!
crypto ipsec transform-set weak esp-3des esp-sha-hmac allow-weak
!
crypto map vpn 10 ipsec-isakmp
 ! to the branch
 set peer 192.0.2.9
 set transform-set s
 set pfs group2
 match address 101
!
crypto dynamic-map mobile 10
 ! whoever comes
 set transform-set s
 set pfs group19
 set pfs group5
 set security-association lifetime seconds 28800
 reverse-route
 match address 103
!
crypto map vpn 30 ipsec-isakmp dynamic mobile
!
access-list 103 permit ip 10.0.0.0 0.255.255.255 30.0.0.0 0.255.255.255
!
interface eth0
 standby 1 ip 192.0.2.3
 standby 1 ip 192.0.2.4 secondary
 standby 1 preempt delay minimum 30
 standby 1 authentication md5 key-string shared5ecret
 standby 1 mac-address 0000.0C07.ac42
 standby 1 name A
 standby 1 track eth1
 crypto map vpn redundancy A
!
interface eth1
 standby use-bia scope interface
 standby arp gratuitous count 3 interval 4
 standby mac-refresh 100
 standby preempt delay minimum 5
 standby ip 10.1.1.1
 standby track eth0
 standby 2 ip 10.1.1.4
 standby 2 follow A
!
! to the branch
!
access-list 101 permit ip 10.0.0.0 0.255.255.255 20.0.0.0 0.255.255.255
!
end
EOF
not_supported()
{
	grep -E '^r\.txt:.*(warning|error)' "$dir/said" | diff -u - <(cat << 'EOT'
r.txt:1:1: warning: not supported by this version; the line is left out
r.txt:2:1: warning: not supported by this version; the line is left out
r.txt:3:2: warning: not supported by this version; the line is left out
r.txt:4:1: warning: not supported by this version; the line is left out
r.txt:7:33: warning: esp-3des is weak: 'allow-weak' was added
r.txt:8:31: warning: 'ah-sha-hmac' is not supported by this version; the line is left out
r.txt:10:1: warning: not supported by this version; the line is left out
r.txt:15:2: warning: not supported by this version; the line is kept for a later one
r.txt:17:48: warning: 'discover' is not supported by this version; the line is left out
r.txt:22:2: warning: not supported by this version; the line is kept for a later one
r.txt:34:18: warning: there is no object 10 here: the line is left out
r.txt:37:30: warning: 'stateful' is not supported by this version; the line is kept without it
r.txt:44:15: warning: only one group can have the name A: the line is left out, and group 1 of eth0 keeps it
EOT
	)
}
check "that is told line by line" not_supported
no_keys()
{
	grep -q verysecret "$dir/r.txt" && grep -q 0822455D0A16 "$dir/r.txt" &&
		! grep -E 'verysecret|0822455D0A16' "$dir/said" "$dir/conf" "$dir/host" "$dir/frr" &&
		! grep shared5ecret "$dir/said" "$dir/host" "$dir/frr" &&
		[ "$(stat -c %a "$dir/conf")" = 600 ]
}
check "no keys are told" no_keys

check_takes_it()
{
	"$VPNHACTL" check "$dir/conf"
}
check "the check takes it" check_takes_it

router << 'EOF'
access-list 10 permit 10.0.0.0
access-list 101 permit ip 10.0.0.0 0.255.255.255 any
access-list 102 permit tcp any any established log
access-list 102 remark for the outside
ip access-list extended NAT
 deny ip any any log-input
 permit icmp any any echo
ip access-list extended VPN
 remark to the branch
 permit ip host 10.1.1.1 host 20.1.1.1
ipv6 access-list SIX
 permit tcp any any established
ip access-list standard S
 permit any
crypto map vpn 10 ipsec-manual
 set peer 192.0.2.9
 match address VPN
 set session-key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f01020304
EOF
check "access lists of packet filters" said 0 --host /dev/null << 'EOT'
r.txt:1: the host's: access-list 10 permit 10.0.0.0
r.txt:2: the host's, no crypto map uses it: access-list 101 permit ip 10.0.0.0 0.255.255.255 any
r.txt:3: the host's, no crypto map uses it: access-list 102 permit tcp any any established log
r.txt:5: the host's, no crypto map uses it: ip access-list extended NAT
r.txt:6: the host's: deny ip any any log-input
r.txt:7: the host's: permit icmp any any echo
r.txt:11: the host's, no crypto map uses it: ipv6 access-list SIX
r.txt:12: the host's: permit tcp any any established
r.txt:13:1: warning: not supported by this version; the line is left out
  ip access-list standard S
  ^
r.txt:14:2: warning: not supported by this version; the line is left out
   permit any
   ^
r.txt:15:16: warning: entry 10 of crypto map vpn is incomplete and protects nothing: no 'set transform-set'
  crypto map vpn 10 ipsec-manual
                 ^
! a router without a name, imported by vpnhactl
!
ip access-list extended VPN
 ! to the branch
 permit ip host 10.1.1.1 host 20.1.1.1
!
crypto map vpn 10 ipsec-manual
 set peer 192.0.2.9
 match address VPN
 set session-key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f01020304
!
end
EOT

modes()
{
	(cd "$dir" && rm -f conf host frr && "$VPNHACTL" import --output conf --host host --frr frr \
		r.txt 2> said && [ "$(stat -c %a conf host frr | paste -sd ' ')" = "600 755 644" ] &&
		! grep 000102030405060708090a0b0c0d0e0f01020304 said)
}
check "a file with keys is for its owner" modes

# What is the host's.

router << 'EOF'
hostname R1
interface Loopback0
 ip address 9.9.9.9 255.255.255.255
interface Loopback1
 ip address 9.9.9.8 255.255.255.255
interface FastEthernet0/0
 description it's "the" outside $HOME
 mtu 1400
 mac-address 0000.0c07.ac01
 ip address 192.0.2.2 255.255.255.0
 ip address 198.51.100.2 255.255.255.0 secondary
 ip address dhcp
 mac-address none
interface FastEthernet0/1
 ip address 10.1.1.1 255.255.255.0
 shutdown
ip route 0.0.0.0 0.0.0.0 192.0.2.1
ip route 20.0.0.0 255.0.0.0 192.0.2.1 250 name branch permanent
ip route 21.0.0.0 255.0.0.0 FastEthernet0/0 192.0.2.1 tag 5
ip route 22.1.2.3 255.0.0.0 FastEthernet0/0
ip route 23.0.0.0 255.0.0.0 Null0
ip route 24.0.0.0 255.0.0.0 10.1.1.9
ip route 25.0.0.0 255.0.0.0 FastEthernet9/9
ip route 26.0.0.0 255.0.255.0 192.0.2.1
ip route 27.0.0.0 255.0.0.0 192.0.2.1 track 5
ip route 28.0.0.0 255.0.0.0 192.0.2.1 256
ip route vrf red 29.0.0.0 255.0.0.0 192.0.2.1
ip route 30.0.0.0 255.0.0.0
EOF
check "addresses and routes of the host" wrote host "${both[@]}" --interface Loopback1=dummy1 << 'EOF'
#!/bin/sh
# R1: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# FastEthernet0/0
ip link set dev eth0 alias 'it'\''s "the" outside $HOME'
ip link set dev eth0 mtu 1400
ip link set dev eth0 address 00:00:0c:07:ac:01
ip address replace 192.0.2.2/24 dev eth0
ip address replace 198.51.100.2/24 dev eth0
ip link set dev eth0 up

# FastEthernet0/1
ip address replace 10.1.1.1/24 dev eth1
ip link set dev eth1 down

# Loopback1
ip link show dev dummy1 > /dev/null 2>&1 || ip link add dummy1 type dummy
ip address replace 9.9.9.8/32 dev dummy1
ip link set dev dummy1 up

# Loopback0
ip address replace 9.9.9.9/32 dev lo
ip link set dev lo up

# static routes
ip route replace 0.0.0.0/0 via 192.0.2.1
ip route replace 20.0.0.0/8 via 192.0.2.1 metric 250
ip route replace 21.0.0.0/8 via 192.0.2.1 dev eth0
ip route replace 22.0.0.0/8 dev eth0
ip route replace blackhole 23.0.0.0/8
EOF
not_translated()
{
	grep -E '^r\.txt:.*warning' "$dir/said" | diff -u - <(cat << 'EOT'
r.txt:12:2: warning: the host's, and not translated
r.txt:22:1: warning: the host's, and not translated: no interface is on link with the next hop
r.txt:23:1: warning: the host's, and not translated
r.txt:24:1: warning: the host's, and not translated
r.txt:25:1: warning: the host's, and not translated
r.txt:26:1: warning: the host's, and not translated
r.txt:27:1: warning: the host's, and not translated
r.txt:28:1: warning: the host's, and not translated
EOT
	)
}
check "what is not translated is told" not_translated

router << 'EOF'
no ip routing
EOF
check "a host that does not route" wrote host << 'EOF'
#!/bin/sh
# a router without a name: what vpnhactl imported for the host
set -e
EOF

# What is FRR's.

router << 'EOF'
hostname -R1
interface Loopback0
 ip address 9.9.9.9 255.255.255.255
interface FastEthernet0/0
 ip address 192.0.2.2 255.255.255.0
 ip ospf cost 7
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 verysecret
 ip ospf dead-interval minimal hello-multiplier 4
 ip ospf flood-reduction
 ip ospf authentication-key 7 0822455D0A16
 no ip ospf cost
interface FastEthernet0/1
 ip address 10.1.1.1 255.255.255.0
 ip address 10.2.1.1 255.255.255.0 secondary
interface Serial0
 ip address 10.3.0.1 255.255.255.252
 ip ospf 1 area 3
interface Ethernet5
 ip address 172.31.0.1 255.255.255.0
 bandwidth 2000
router ospf 1
 router-id 8.8.8.8
 log-adjacency-changes detail
 auto-cost reference-bandwidth 1000
 passive-interface default
 no passive-interface FastEthernet0/1
 passive-interface Loopback0
 passive-interface Tunnel7
 area 1 stub no-summary
 area 1 range 10.0.0.0 255.0.0.0 not-advertise
 summary-address 11.0.0.0 255.0.0.0 not-advertise
 max-metric router-lsa
 redistribute connected subnets metric-type 1
 redistribute static metric 5 metric-type 1 subnets
 redistribute static
 redistribute static subnets route-map X
 redistribute bgp 65000 subnets
 network 10.1.1.1 0.0.0.0 area 0
 network 0.0.0.1 255.255.255.0 area 1
 network 192.0.2.0 0.0.0.255 area 0.0.0.0
 network 10.9.9.9 0.0.0.0 area 4
 network 172.31.0.0 0.0.255.255 area 0
 default-information originate always metric 5
 default-information originate route-map X
 maximum-paths 4
 capability transit
router ospf 2
 network 10.0.0.0 0.255.255.255 area 0
router bgp 65000
 neighbor 1.2.3.4 remote-as 65001
ip route 0.0.0.0 0.0.0.0 10.99.99.99 250
ip route 20.0.0.0 255.0.0.0 FastEthernet0/0 192.0.2.1 tag 5
ip route 23.0.0.0 255.0.0.0 Null0
EOF
names=("${both[@]}" --interface Serial0=ppp0 --interface Ethernet5=eth5)
check "OSPF and static routes" wrote frr "${names[@]}" << 'EOF'
! -R1, imported by vpnhactl
frr defaults traditional
!
ip route 0.0.0.0/0 10.99.99.99 250
ip route 20.0.0.0/8 192.0.2.1 eth0 tag 5
ip route 23.0.0.0/8 Null0
!
interface eth0
 ip ospf cost 7
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 verysecret
 ip ospf dead-interval minimal hello-multiplier 4
exit
!
interface eth1
 ip ospf cost 10
 no ip ospf passive
exit
!
interface ppp0
 ip ospf cost 647
 ip ospf area 3
exit
!
interface eth5
 ip ospf cost 500
exit
!
interface lo
 ip ospf passive
exit
!
router ospf
 ospf router-id 8.8.8.8
 log-adjacency-changes detail
 auto-cost reference-bandwidth 1000
 passive-interface default
 area 1 stub no-summary
 area 1 range 10.0.0.0/8 not-advertise
 summary-address 11.0.0.0/8 no-advertise
 max-metric router-lsa administrative
 redistribute connected metric-type 1
 redistribute kernel metric 5 metric-type 1
 redistribute static metric 5 metric-type 1
 redistribute kernel
 redistribute static
 network 10.1.1.0/24 area 0
 network 10.1.1.0/24 area 1
 network 10.2.1.0/24 area 1
 network 10.3.0.0/30 area 1
 network 172.31.0.0/24 area 1
 network 192.0.2.0/24 area 0.0.0.0
 network 10.9.9.9/32 area 4
 network 172.31.0.0/16 area 0
 default-information originate always metric 5
 maximum-paths 4
exit
!
EOF
frr_not_translated()
{
	grep -E '^r\.txt:.*warning' "$dir/said" | diff -u - <(cat << 'EOT'
r.txt:10:2: warning: FRR's, and not translated
r.txt:11:2: warning: FRR's, and not translated
r.txt:12:2: warning: FRR's, and not translated
r.txt:36:2: warning: without 'subnets' a router tells of classful networks only; FRR tells of all
r.txt:37:2: warning: FRR's, and not translated
r.txt:38:2: warning: FRR's, and not translated
r.txt:45:2: warning: FRR's, and not translated
r.txt:47:2: warning: FRR's, and not translated
r.txt:48:1: warning: FRR's, and not translated
r.txt:49:2: warning: FRR's, and not translated
r.txt:50:1: warning: FRR's, and not translated
r.txt:51:2: warning: FRR's, and not translated
EOT
	) && ! grep -E 'verysecret|0822455D0A16' "$dir/said" &&
		[ "$(stat -c %a "$dir/frr")" = 600 ] && ! grep 'ip route' "$dir/host"
}
check "what is not translated is told, and no key" frr_not_translated

router << 'EOF'
interface FastEthernet0/0
 ip address 192.0.2.200 255.255.255.0
 shutdown
interface FastEthernet0/1
 ip address 10.9.0.1 255.255.255.0
interface FastEthernet0/2
 ip address 10.10.0.1 255.255.255.0
router ospf 1
 network 10.9.0.0 0.0.0.255 area 0
EOF
router_id()
{
	wrote frr --interface fa0/1=eth1 < <(cat << EOF
! a router without a name, imported by vpnhactl
frr defaults traditional
!
interface eth1
 ip ospf cost 1
exit
!
router ospf
 ospf router-id $1
 network 10.9.0.0/24 area 0
exit
!
EOF
	)
}
check "the router's id is its highest address" router_id 10.10.0.1

sed -i '1i interface Loopback1\n ip address 1.1.1.2 255.255.255.255\
interface Loopback0\n ip address 1.1.1.1 255.255.255.255' "$dir/r.txt"
check "unless it has loopback addresses" router_id 1.1.1.2

# How it may be written.

# same COMMAND...: succeeds if an import does not change when this filter changes the file
same()
{
	local name=7204VXR-1 file
	"$VPNHACTL" import "${both[@]}" --host "$dir/host" --frr "$dir/frr" ios/$name.txt \
		> "$dir/conf" 2> "$dir/said" || return
	mkdir -p "$dir/other"
	"$@" < ios/$name.txt > "$dir/r.txt" && ! cmp -s ios/$name.txt "$dir/r.txt" || return
	"$VPNHACTL" import "${both[@]}" --host "$dir/other/host" --frr "$dir/other/frr" \
		- < "$dir/r.txt" > "$dir/other/conf" 2> "$dir/other/said" || return
	for file in conf host frr; do
		diff "$dir/$file" "$dir/other/$file" || return
	done
}

check "lines of DOS" same sed 's/$/\r/'
check "hyphens that are none" same sed 's/−/-/g'
check "lines that are indented" same sed -E 's/^(standby|ip address|set|match|network|redistribute|shutdown|reverse|crypto map vpn red|hash|auth|stopbits|exec|duplex|speed|no (ip address|atm))/ \t&/'
check "page breaks" same sed 's/^$/\f/; s/^!$/\f!/; s/^interface/\f&/'
check "blanks of a typesetter" same sed 's/standby 1 /standby\xc2\xa01\xc2\xa0/; s/$/\xc2\xa0/'
check "a byte order mark, and no end of the last line" same \
	sh -c "printf '\357\273\277'; head -c -1"
check "a session around it" same sed 's/^end$/&\n7204VXR-1#/; s/#show run/> sh ru/'

# What nobody meant.

: > "$dir/r.txt"
check "an empty file" said 0 --host /dev/null << 'EOT'
! a router without a name, imported by vpnhactl
!
end
EOT

binary()
{
	head -c 100000 "$VPNHACTL" > "$dir/r.txt"
	"$VPNHACTL" import --output "$dir/conf" "$dir/r.txt" > "$dir/out" 2>&1
	[ $? -eq 1 ] && grep -q 'control character' "$dir/out" && [ ! -e "$dir/conf" ]
}
check "a program" binary

endless()
{
	head -c 3000000 /dev/zero | tr '\0' x > "$dir/r.txt"
	"$VPNHACTL" import "$dir/r.txt" > "$dir/out" 2>&1
	[ $? -eq 1 ] && grep -q 'unknown word' "$dir/out" && [ "$(wc -c < "$dir/out")" -lt 1000 ] ||
		return
	{ printf 'interface Fa0/0\n standby 1 track'; yes ' Fa0/1' | head -n 300000 | tr -d '\n'; } \
		> "$dir/r.txt"
	"$VPNHACTL" import "${both[@]}" "$dir/r.txt" > "$dir/out" 2>&1
	[ $? -eq 1 ] && grep -q ":2:24: error: unknown word 'Fa0/1'" "$dir/out"
}
check "endless lines" endless

check "a directory" says 1 "$VPNHACTL" import "$dir" << EOT
vpnhactl: $dir: Is a directory
EOT
check "no file" says 1 "$VPNHACTL" import "$dir/none" << EOT
vpnhactl: $dir/none: No such file or directory
EOT

# Where it goes.

router << 'EOF'
hostname R1
router ospf 1
EOF
all_or_nothing()
{
	rm -f "$dir"/{conf,host,frr}*
	mkdir "$dir/frr"
	(cd "$dir" && says 1 "$VPNHACTL" import -j --output conf --host none/host r.txt) << 'EOT' || return
{
  "errors": [
    {
      "level": "error",
      "message": "none/host: No such file or directory"
    }
  ]
}
EOT
	(cd "$dir" && "$VPNHACTL" import --output conf --host host --frr frr r.txt > out 2>&1)
	[ $? -eq 1 ] && tail -n 1 "$dir/out" | grep -qx 'vpnhactl: frr: Is a directory' &&
		rmdir "$dir/frr" && nothing_written
}
check "files that cannot be written: none is" all_or_nothing

special()
{
	ln -sf target "$dir/link"
	echo before > "$dir/target"
	"$VPNHACTL" import --output "$dir/link" --host /dev/null --frr /dev/stdout "$dir/r.txt" \
		2> "$dir/said" | grep -qx 'router ospf' || return
	[ -L "$dir/link" ] && grep -q '^! R1' "$dir/target" && [ -c /dev/null ] && [ -L /dev/stdout ]
}
check "links are followed, and devices stay" special

check "two files in one" said 1 --host x --frr x << 'EOT'
vpnhactl: two outputs to x
EOT
check "two files on the standard output" said 1 --frr - << 'EOT'
vpnhactl: two outputs to the standard output
EOT

json()
{
	(cd "$dir" && "$VPNHACTL" -j import --frr frr r.txt) > "$dir/json" 2> "$dir/said" || return
	[ ! -s "$dir/said" ] && jq -e '(keys == ["configuration", "frr", "host", "messages"]) and
		(.configuration == "! R1, imported by vpnhactl\n!\nend\n") and
		(.host | startswith("#!/bin/sh\n# R1: ")) and
		(.messages == [
			{ "level": "note", "file": "r.txt", "line": 1, "message": "the host'"'"'s: hostname R1" },
			{ "level": "note", "file": "r.txt", "line": 2,
			  "message": "FRR'"'"'s: router ospf 1 -> router ospf" }])' "$dir/json" &&
		[ "$(jq -r .frr "$dir/json")" = "$(cat "$dir/frr")" ] || return
	echo foo > "$dir/r.txt"
	(cd "$dir" && "$VPNHACTL" -j import r.txt) > "$dir/json" 2>&1
	[ $? -eq 1 ] && jq -e '.errors[0].line == 1' "$dir/json"
}
check "JSON" json

test_end
