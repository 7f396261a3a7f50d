#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl import": what becomes of the routers of the documents on stateless and
# on stateful failover, whose configurations are in ios/ as they were printed.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)
test_begin 38
on_exit rm -rf "$dir"

# import ROUTER NAME=IFNAME...: into files of the router's name
import()
{
	local router=$1 name
	local -a names=()
	shift

	for name; do
		names+=(--interface "$name")
	done
	(cd ios && "$VPNHACTL" import "${names[@]}" --output "$dir/$router.conf" \
		--host "$dir/$router.sh" --frr "$dir/$router.frr" "$router.txt") \
		> "$dir/$router.out" 2> "$dir/$router.said"
}

# is FILE: succeeds if it is the standard input
is()
{
	diff -u - "$dir/$1"
}

# accepted ROUTER: by the check, which says no more than that a machine has other
# interfaces, that addresses are the host's, and what no version carries out yet
accepted()
{
	[ ! -s "$dir/$1.out" ] && "$VPNHACTL" check "$dir/$1.conf"
}

# Plain IPsec on one side.
check "vpn7200 is imported" import vpn7200 FastEthernet0/1=eth0
check "vpn7200: what is vpnha's" is vpn7200.conf << 'EOF'
! vpn7200, imported by vpnhactl
!
! What crypto isakmp says of IKEv1, as IKEv2:
! crypto isakmp policy 1
crypto ikev2 proposal isakmp-1
 encryption aes-cbc-128
 integrity sha256
 group 14
!
crypto ikev2 policy isakmp
 proposal isakmp-1
!
! crypto isakmp key
crypto ikev2 keyring isakmp
 peer 172.16.172.53
  address 172.16.172.53
  pre-shared-key 0 cisco123
!
crypto ikev2 profile isakmp-172.16.172.53
 match identity remote address 172.16.172.53
 authentication remote pre-share
 authentication local pre-share
 keyring local isakmp
!
! crypto isakmp keepalive
crypto ikev2 dpd 10 2 on-demand
!
crypto ipsec transform-set myset esp-des esp-md5-hmac allow-weak
!
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.53
 set transform-set myset
 match address 101
!
interface eth0
 ip address 172.16.172.69 255.255.255.240
 crypto map vpn
!
access-list 101 permit ip 20.1.1.0 0.0.0.255 10.1.1.0 0.0.0.255
access-list 101 permit ip 20.1.1.0 0.0.0.255 host 99.99.99.99
!
end
EOF
check "vpn7200: what is the host's" is vpn7200.sh << 'EOF'
#!/bin/sh
# vpn7200: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# FastEthernet0/1
ip address replace 172.16.172.69/28 dev eth0
ip link set dev eth0 up

# Loopback0
ip address replace 20.1.1.1/32 dev lo
ip link set dev lo up

# static routes
ip route replace 10.1.1.0/24 via 172.16.172.65
ip route replace 99.99.99.99/32 via 172.16.172.65
ip route replace 172.16.172.48/28 via 172.16.172.65
EOF
check "vpn7200: what is FRR's" is vpn7200.frr << 'EOF'
! vpn7200, imported by vpnhactl
frr defaults traditional
hostname vpn7200
!
EOF
check "vpn7200: whose each line is" is vpn7200.said << 'EOF'
vpn7200.txt:9: the host's: version 12.2
vpn7200.txt:10: the host's: service timestamps debug datetime msec
vpn7200.txt:11: the host's: service timestamps log datetime msec
vpn7200.txt:12: the host's: no service password-encryption
vpn7200.txt:14: the host's: hostname vpn7200
vpn7200.txt:17: the host's: ip subnet-zero
vpn7200.txt:18: the host's: ip cef
vpn7200.txt:24: vpnha's, as IKEv2: crypto isakmp policy 1 -> crypto ikev2 proposal isakmp-1
vpn7200.txt:25: vpnha's, as IKEv2: hash md5 -> integrity sha256
vpn7200.txt:25:1: warning: md5 is weak, and no part of IKEv2 here: sha256 stands for it
  hash md5
  ^
vpn7200.txt:26: vpnha's, as IKEv2: authentication pre-share -> authentication local and remote pre-share
vpn7200.txt:27: vpnha's, as IKEv2: crypto isakmp key ******** address 172.16.172.53 -> crypto ikev2 keyring isakmp and a profile
vpn7200.txt:33: vpnha's, as IKEv2: crypto isakmp keepalive 10 -> crypto ikev2 dpd 10 2 on-demand
vpn7200.txt:36:34: warning: esp-des is weak: 'allow-weak' was added
  crypto ipsec transform−set myset esp−des esp−md5−hmac 
                                   ^
vpn7200.txt:47: the host's: ip address 20.1.1.1 255.255.255.255 -> ip address replace 20.1.1.1/32 dev lo
vpn7200.txt:49:11: warning: interface FastEthernet0/0 is left out with its address 10.48.66.66/23: no --interface FastEthernet0/0=IFNAME
  interface FastEthernet0/0
            ^
vpn7200.txt:55: the host's: ip address 172.16.172.69 255.255.255.240 -> ip address replace 172.16.172.69/28 dev eth0
vpn7200.txt:56: the host's: duplex full
vpn7200.txt:57: the host's: speed 100
vpn7200.txt:60: the host's: ip classless
vpn7200.txt:61: the host's: ip route 10.1.1.0 255.255.255.0 172.16.172.65 -> ip route replace 10.1.1.0/24 via 172.16.172.65
vpn7200.txt:62: the host's: ip route 99.99.99.99 255.255.255.255 172.16.172.65 -> ip route replace 99.99.99.99/32 via 172.16.172.65
vpn7200.txt:63: the host's: ip route 172.16.172.48 255.255.255.240 172.16.172.65 -> ip route replace 172.16.172.48/28 via 172.16.172.65
vpn7200.txt:64: the host's: no ip http server
vpn7200.txt:69: the host's: line con 0
vpn7200.txt:70: the host's: exec-timeout 0 0
vpn7200.txt:71: the host's: line aux 0
vpn7200.txt:75: the host's: line vty 0 4
vpn7200.txt:76: the host's: login
EOF
check "vpn7200: the check takes it" accepted vpn7200

# The preferred one of the pair.
check "7204VXR-1 is imported" import 7204VXR-1 FastEthernet0/0=eth0 FastEthernet0/1=eth1
check "7204VXR-1: what is vpnha's" is 7204VXR-1.conf << 'EOF'
! 7204VXR-1, imported by vpnhactl
!
! What crypto isakmp says of IKEv1, as IKEv2:
! crypto isakmp policy 1
crypto ikev2 proposal isakmp-1
 encryption aes-cbc-128
 integrity sha256
 group 14
!
crypto ikev2 policy isakmp
 proposal isakmp-1
!
! crypto isakmp key
crypto ikev2 keyring isakmp
 peer 172.16.172.69
  address 172.16.172.69
  pre-shared-key 0 cisco123
!
crypto ikev2 profile isakmp-172.16.172.69
 match identity remote address 172.16.172.69
 authentication remote pre-share
 authentication local pre-share
 keyring local isakmp
!
! crypto isakmp keepalive
crypto ikev2 dpd 10 2 on-demand
!
crypto ipsec transform-set myset esp-des esp-md5-hmac allow-weak
!
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.69
 set transform-set myset
 match address 101
 reverse-route
!
interface eth0
 ip address 172.16.172.52 255.255.255.240
 standby 1 ip 172.16.172.53
 standby 1 priority 200
 standby 1 preempt
 standby 1 name VPNHA
 standby 1 track eth1 150
 crypto map vpn redundancy VPNHA
!
access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255
access-list 101 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255
!
end
EOF
check "7204VXR-1: what is the host's" is 7204VXR-1.sh << 'EOF'
#!/bin/sh
# 7204VXR-1: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# FastEthernet0/0
ip address replace 172.16.172.52/28 dev eth0
ip link set dev eth0 up

# FastEthernet0/1
ip address replace 10.1.1.1/24 dev eth1
ip link set dev eth1 up
EOF
check "7204VXR-1: what is FRR's" is 7204VXR-1.frr << 'EOF'
! 7204VXR-1, imported by vpnhactl
frr defaults traditional
hostname 7204VXR-1
!
ip route 172.16.172.64/28 172.16.172.49
!
interface eth1
 ip ospf cost 1
exit
!
router ospf
 ospf router-id 172.16.172.52
 log-adjacency-changes
 redistribute kernel
 redistribute static
 network 10.1.1.0/24 area 0
exit
!
EOF
check "7204VXR-1: the check takes it" accepted 7204VXR-1

# Its partner.
check "7204VXR-2 is imported" import 7204VXR-2 FastEthernet0/0=eth0 FastEthernet1/0=eth1
check "7204VXR-2: what is vpnha's" is 7204VXR-2.conf << 'EOF'
! 7204VXR-2, imported by vpnhactl
!
! What crypto isakmp says of IKEv1, as IKEv2:
! crypto isakmp policy 1
crypto ikev2 proposal isakmp-1
 encryption aes-cbc-128
 integrity sha256
 group 14
!
crypto ikev2 policy isakmp
 proposal isakmp-1
!
! crypto isakmp key
crypto ikev2 keyring isakmp
 peer 172.16.172.69
  address 172.16.172.69
  pre-shared-key 0 cisco123
!
crypto ikev2 profile isakmp-172.16.172.69
 match identity remote address 172.16.172.69
 authentication remote pre-share
 authentication local pre-share
 keyring local isakmp
!
! crypto isakmp keepalive
crypto ikev2 dpd 10 2 on-demand
!
crypto ipsec transform-set myset esp-des esp-md5-hmac allow-weak
!
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.69
 set transform-set myset
 match address 101
 reverse-route
!
interface eth0
 ip address 172.16.172.54 255.255.255.240
 standby 1 ip 172.16.172.53
 standby 1 preempt
 standby 1 name VPNHA
 standby 1 track eth1
 crypto map vpn redundancy VPNHA
!
access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255
access-list 101 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255
!
end
EOF
check "7204VXR-2: what is the host's" is 7204VXR-2.sh << 'EOF'
#!/bin/sh
# 7204VXR-2: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# FastEthernet0/0
ip address replace 172.16.172.54/28 dev eth0
ip link set dev eth0 up

# FastEthernet1/0
ip address replace 10.1.1.2/24 dev eth1
ip link set dev eth1 up
EOF
check "7204VXR-2: what is FRR's" is 7204VXR-2.frr << 'EOF'
! 7204VXR-2, imported by vpnhactl
frr defaults traditional
hostname 7204VXR-2
!
ip route 172.16.172.64/28 172.16.172.49
!
interface eth1
 ip ospf cost 1
exit
!
router ospf
 ospf router-id 172.16.172.54
 log-adjacency-changes
 redistribute kernel
 redistribute static
 network 10.1.1.0/24 area 0
exit
!
EOF
check "7204VXR-2: the check takes it" accepted 7204VXR-2

# Nothing of it is vpnha's.
check "7206-1 is imported" import 7206-1 FastEthernet0/1=eth0
check "7206-1: what is vpnha's" is 7206-1.conf << 'EOF'
! 7206-1, imported by vpnhactl
!
end
EOF
check "7206-1: what is the host's" is 7206-1.sh << 'EOF'
#!/bin/sh
# 7206-1: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# FastEthernet0/1
ip address replace 10.1.1.3/24 dev eth0
ip link set dev eth0 up

# Loopback0
ip address replace 99.99.99.99/32 dev lo
ip link set dev lo up
EOF
check "7206-1: what is FRR's" is 7206-1.frr << 'EOF'
! 7206-1, imported by vpnhactl
frr defaults traditional
hostname 7206-1
!
interface eth0
 ip ospf cost 1
exit
!
interface lo
 ip ospf cost 1
 ip ospf passive
exit
!
router ospf
 ospf router-id 99.99.99.99
 log-adjacency-changes
 network 10.1.1.0/24 area 0
 network 99.99.99.99/32 area 0
exit
!
EOF
check "7206-1: whose each line is" is 7206-1.said << 'EOF'
7206-1.txt:7: the host's: version 12.2
7206-1.txt:8: the host's: no service pad
7206-1.txt:9: the host's: service timestamps debug datetime msec localtime
7206-1.txt:10: the host's: service timestamps log datetime msec localtime
7206-1.txt:11: the host's: no service password-encryption
7206-1.txt:13: the host's: hostname 7206-1
7206-1.txt:15: the host's: ip subnet-zero
7206-1.txt:16: the host's: no ip source-route
7206-1.txt:17: the host's: ip cef
7206-1.txt:20: the host's: ip address 99.99.99.99 255.255.255.255 -> ip address replace 99.99.99.99/32 dev lo
7206-1.txt:22: interface FastEthernet0/0 is shut down, and left out
7206-1.txt:35: the host's: ip address 10.1.1.3 255.255.255.0 -> ip address replace 10.1.1.3/24 dev eth0
7206-1.txt:36: the host's: duplex full
7206-1.txt:37: the host's: speed 100
7206-1.txt:39: FRR's: router ospf 1 -> router ospf
7206-1.txt:40: FRR's: log-adjacency-changes
7206-1.txt:41: FRR's: passive-interface Loopback0 -> ip ospf passive
7206-1.txt:42: FRR's: network 10.1.1.0 0.0.0.255 area 0 -> network 10.1.1.0/24 area 0
7206-1.txt:43: FRR's: network 99.99.99.99 0.0.0.0 area 0 -> network 99.99.99.99/32 area 0
7206-1.txt:45: the host's: ip classless
7206-1.txt:46: the host's: no ip http server
7206-1.txt:50: the host's: line con 0
7206-1.txt:51: the host's: exec-timeout 0 0
7206-1.txt:52: the host's: line aux 0
7206-1.txt:53: the host's: line vty 0 4
7206-1.txt:54: the host's: login
EOF
check "7206-1: the check takes it" accepted 7206-1

# What of stateful failover is not there yet is left out.
check "Ha-R1 is imported" import Ha-R1 Ethernet0/0=eth0 Ethernet1/0=eth1
check "Ha-R1: what is vpnha's" is Ha-R1.conf << 'EOF'
! ha-R1, imported by vpnhactl
!
! What crypto isakmp says of IKEv1, as IKEv2:
! crypto isakmp policy 1
crypto ikev2 proposal isakmp-1
 encryption aes-cbc-128
 integrity sha256
 group 14
!
crypto ikev2 policy isakmp
 proposal isakmp-1
!
! crypto isakmp key
crypto ikev2 keyring isakmp
 peer 0.0.0.0
  address 0.0.0.0 0.0.0.0
  pre-shared-key 0 cisco123
!
crypto ikev2 profile default
 match identity remote any
 authentication remote pre-share
 authentication local pre-share
 keyring local isakmp
!
crypto map to-peer-outside 10 ipsec-isakmp
 set peer 209.165.200.225
 set transform-set trans1
 match address peer-outside
!
interface eth0
 ip address 209.165.201.1 255.255.255.224
 standby 1 ip 209.165.201.3
 standby 1 preempt
 standby 1 name HA-out
 standby 1 track eth1
 standby delay reload 120
 crypto map to-peer-outside redundancy HA-out
!
interface eth1
 ip address 10.0.0.1 255.255.255.0
 standby 2 ip 10.0.0.3
 standby 2 preempt
 standby delay reload 120
 standby 2 track eth0
!
ip access-list extended peer-outside
 permit ip host 192.168.0.1 host 172.16.0.1
!
end
EOF
check "Ha-R1: what is the host's" is Ha-R1.sh << 'EOF'
#!/bin/sh
# ha-R1: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# Ethernet0/0
ip address replace 209.165.201.1/27 dev eth0
ip link set dev eth0 up

# Ethernet1/0
ip address replace 10.0.0.1/24 dev eth1
ip link set dev eth1 up

# static routes
ip route replace 0.0.0.0/0 via 209.165.201.5
EOF
check "Ha-R1: what is FRR's" is Ha-R1.frr << 'EOF'
! ha-R1, imported by vpnhactl
frr defaults traditional
hostname ha-R1
!
EOF
check "Ha-R1: whose each line is" is Ha-R1.said << 'EOF'
Ha-R1.txt:7: the host's: version 12.3
Ha-R1.txt:8: the host's: service timestamps debug datetime msec
Ha-R1.txt:9: the host's: service timestamps log datetime msec
Ha-R1.txt:10: the host's: no service password-encryption
Ha-R1.txt:12: the host's: hostname ha-R1
Ha-R1.txt:14: the host's: boot-start-marker
Ha-R1.txt:15: the host's: boot-end-marker
Ha-R1.txt:18:1: warning: not supported by this version; the line is left out
  redundancy inter-device
  ^
Ha-R1.txt:19:1: warning: not supported by this version; the line is left out
  scheme standby HA-out
  ^
Ha-R1.txt:20:1: warning: not supported by this version; the line is left out
  security ipsec sso-secure
  ^
Ha-R1.txt:22: the host's: logging buffered 10000000 debugging
Ha-R1.txt:23: the host's: logging rate-limit console 10000
Ha-R1.txt:26:1: warning: not supported by this version; the line is left out
  ipc zone default
  ^
Ha-R1.txt:27:1: warning: not supported by this version; the line is left out
  association 1
  ^
Ha-R1.txt:28:1: warning: not supported by this version; the line is left out
  no shutdown
  ^
Ha-R1.txt:29:1: warning: not supported by this version; the line is left out
  protocol sctp
  ^
Ha-R1.txt:30:1: warning: not supported by this version; the line is left out
  local-port 5000
  ^
Ha-R1.txt:31:1: warning: not supported by this version; the line is left out
  local-ip 10.0.0.1
  ^
Ha-R1.txt:32:1: warning: not supported by this version; the line is left out
  remote-port 5000
  ^
Ha-R1.txt:33:1: warning: not supported by this version; the line is left out
  remote-ip 10.0.0.2
  ^
Ha-R1.txt:35: the host's: clock timezone PST 0
Ha-R1.txt:36: the host's: no aaa new-model
Ha-R1.txt:37: the host's: ip subnet-zero
Ha-R1.txt:39: vpnha's, as IKEv2: crypto isakmp policy 1 -> crypto ikev2 proposal isakmp-1
Ha-R1.txt:40: vpnha's, as IKEv2: authentication pre-share -> authentication local and remote pre-share
Ha-R1.txt:41: vpnha's, as IKEv2: crypto isakmp key ******** address 0.0.0.0 0.0.0.0 no-xauth -> crypto ikev2 keyring isakmp and a profile
Ha-R1.txt:44:35: warning: 'ah-md5-hmac' is not supported by this version; the line is left out
  crypto ipsec transform-set trans1 ah-md5-hmac esp-3des
                                    ^
Ha-R1.txt:45:35: warning: 'ah-md5-hmac' is not supported by this version; the line is left out
  crypto ipsec transform-set trans2 ah-md5-hmac esp-aes
                                    ^
Ha-R1.txt:47:1: warning: not supported by this version; the line is left out
  crypto ipsec profile sso-secure
  ^
Ha-R1.txt:48:1: warning: not supported by this version; the line is left out
  set transform-set trans2
  ^
Ha-R1.txt:51:1: warning: not supported by this version; the line is left out
  crypto map to-peer-outside redundancy replay-int...
  ^
Ha-R1.txt:54:19: warning: there is no transform set trans1
  set transform-set trans1
                    ^
Ha-R1.txt:60: the host's: ip address 209.165.201.1 255.255.255.224 -> ip address replace 209.165.201.1/27 dev eth0
Ha-R1.txt:66:46: warning: 'stateful' is not supported by this version; the line is kept without it
  crypto map to-peer-outside redundancy HA-out stateful
                                               ^
Ha-R1.txt:69: the host's: ip address 10.0.0.1 255.255.255.0 -> ip address replace 10.0.0.1/24 dev eth1
Ha-R1.txt:72:16: warning: only one group can have the name HA-out: the line is left out, and group 1 of eth0 keeps it
  standby 2 name HA-out
                 ^
Ha-R1.txt:76: interface Serial2/0 is shut down, and left out
Ha-R1.txt:81: interface Serial3/0 is shut down, and left out
Ha-R1.txt:86: the host's: ip classless
Ha-R1.txt:87: the host's: ip route 0.0.0.0 0.0.0.0 209.165.201.5 -> ip route replace 0.0.0.0/0 via 209.165.201.5
Ha-R1.txt:88:1: warning: the host's, and not translated
  ip route 192.168.0.0 255.255.0.0
  ^
Ha-R1.txt:89: the host's: no ip http server
Ha-R1.txt:90: the host's: no ip http secure-server
Ha-R1.txt:98: the host's: control-plane
Ha-R1.txt:101: the host's: line con 0
Ha-R1.txt:102: the host's: exec-timeout 0 0
Ha-R1.txt:103: the host's: transport preferred all
Ha-R1.txt:104: the host's: transport output all
Ha-R1.txt:105: the host's: line aux 0
Ha-R1.txt:106: the host's: transport preferred all
Ha-R1.txt:107: the host's: transport output all
Ha-R1.txt:108: the host's: line vty 0 4
Ha-R1.txt:109: the host's: login
Ha-R1.txt:110: the host's: transport preferred all
Ha-R1.txt:111: the host's: transport input all
Ha-R1.txt:112: the host's: transport output all
EOF
check "Ha-R1: the check takes it" accepted Ha-R1

check "Ha-R2 is imported" import Ha-R2 Ethernet0/0=eth0 Ethernet1/0=eth1
check "Ha-R2: what is vpnha's" is Ha-R2.conf << 'EOF'
! ha-R2, imported by vpnhactl
!
! What crypto isakmp says of IKEv1, as IKEv2:
! crypto isakmp policy 1
crypto ikev2 proposal isakmp-1
 encryption aes-cbc-128
 integrity sha256
 group 14
!
crypto ikev2 policy isakmp
 proposal isakmp-1
!
! crypto isakmp key
crypto ikev2 keyring isakmp
 peer 0.0.0.0
  address 0.0.0.0 0.0.0.0
  pre-shared-key 0 cisco123
!
crypto ikev2 profile default
 match identity remote any
 authentication remote pre-share
 authentication local pre-share
 keyring local isakmp
 lifetime 120
!
crypto map to-peer-outside 10 ipsec-isakmp
 set peer 209.165.200.225
 set transform-set trans1
 match address peer-outside
!
interface eth0
 ip address 209.165.201.2 255.255.255.224
 standby 1 ip 209.165.201.3
 standby 1 preempt
 standby 1 name HA-out
 standby 1 track eth1
 standby delay reload 120
 crypto map to-peer-outside redundancy HA-out
!
interface eth1
 ip address 10.0.0.2 255.255.255.0
 standby 2 ip 10.0.0.3
 standby 2 preempt
 standby delay reload 120
 standby 2 track eth0
!
ip access-list extended peer-outside
 permit ip host 192.168.0.1 host 172.16.0.1
!
end
EOF
check "Ha-R2: what is the host's" is Ha-R2.sh << 'EOF'
#!/bin/sh
# ha-R2: what vpnhactl imported for the host
set -e

sysctl -q -w net.ipv4.ip_forward=1

# Ethernet0/0
ip address replace 209.165.201.2/27 dev eth0
ip link set dev eth0 up

# Ethernet1/0
ip address replace 10.0.0.2/24 dev eth1
ip link set dev eth1 up

# static routes
ip route replace 0.0.0.0/0 via 209.165.201.5
EOF
check "Ha-R2: what is FRR's" is Ha-R2.frr << 'EOF'
! ha-R2, imported by vpnhactl
frr defaults traditional
hostname ha-R2
!
EOF
check "Ha-R2: the check takes it" accepted Ha-R2

# The routers as they are together: no more than a hint is to be told.
told()
{
	local expected
	expected=$(cat)
	[ "$(cd "$dir" && "$VPNHACTL" check "$@" 2>&1 |
		grep -vE 'does not exist|skipped|^ |: ok$')" = "$expected" ]
}

check "the pair of the document on stateless failover" told 7204VXR-1.conf 7204VXR-2.conf << 'EOF'
7204VXR-1.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
7204VXR-1.conf:39:21: priority 200 here, and 100 in 7204VXR-2.conf: the gateway of the higher one takes over again when it has recovered, and tunnels start anew a second time
7204VXR-2.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
EOF

check "a gateway and the peer of that document" told vpn7200.conf 7204VXR-1.conf 7204VXR-2.conf << 'EOF'
vpn7200.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
7204VXR-1.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
7204VXR-2.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
EOF

check "the pair of the document on stateful failover" told Ha-R1.conf Ha-R2.conf << 'EOF'
Ha-R1.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
Ha-R1.conf:27:20: warning: there is no transform set trans1
Ha-R2.conf:17:20: a preshared key of 8 octets can be guessed by who talks to the other end: 16 random ones cannot
Ha-R2.conf:28:20: warning: there is no transform set trans1
EOF

# The document prints a key. It is in what is vpnha's, which nobody else can read.
no_keys()
{
	grep -l cisco ios/*.txt > "$dir/with" && [ "$(wc -l < "$dir/with")" -eq 5 ] &&
		[ "$(grep -l cisco123 "$dir"/*.conf | wc -l)" -eq 5 ] &&
		[ "$(grep -l cisco123 "$dir"/*.conf | xargs stat -c %a | sort -u)" = 600 ] &&
		! grep -r --exclude='*.conf' cisco123 "$dir"
}
check "no keys are told" no_keys

cat > "$dir/r.txt" << 'EOF'
hostname R9
track 1 interface FastEthernet0/1 line-protocol
 delay up 10 down 5
track 2 rtr 1 reachability
track 3 ip route 10.0.0.0 255.0.0.0 reachability
track 4 list boolean and
 object 1
 object 2
 object 3 not
interface FastEthernet0/0
 standby 1 ip 192.0.2.3
 standby 1 track 4 shutdown
 standby 1 track 2 decrement 20
EOF
tracked_objects()
{
	diff - <("$VPNHACTL" import --interface FastEthernet0/0=eth0 \
		--interface FastEthernet0/1=eth1 "$dir/r.txt" 2> /dev/null)
}
check "tracked objects, and who refers to one that is not supported" tracked_objects << 'EOF'
! R9, imported by vpnhactl
!
track 1 interface eth1 line-protocol
 delay up 10 down 5
!
track 3 ip route 10.0.0.0 255.0.0.0 reachability
!
track 4 list boolean and
 object 1
 object 3 not
!
interface eth0
 standby 1 ip 192.0.2.3
 standby 1 track 4 shutdown
!
end
EOF

test_end
