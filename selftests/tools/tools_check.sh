#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check": what good, bad and absurd configurations are told.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

test_begin 29
on_exit rm -rf "$dir"

golden "a gateway" 0 << 'EOF' 3<< 'EOT'
! comment
# another
interface lo
 standby version 2
 standby 0 ip
 standby ip 10.0.0.1
 standby 1 ip 172.16.172.53   ! behind a line, too
 standby 1 timers 1 3
 standby 1 priority 200
 standby 1 preempt
 standby 1 name VPNHA-is-exactly-25-long.
 standby 1 track lo 150
 standby 1 track lo
 standby 4095 timers msec 15 msec 50
 no standby 4095 timers
 no standby 4095
end
EOF
x.conf: ok
EOT

golden "an empty file" 0 < /dev/null 3<< 'EOT'
x.conf: ok
EOT

golden "abbreviated words" 0 << 'EOF' 3<< 'EOT'
int lo
st 1 ip 10.0.0.1
st 1 pri 5
st 1 pre
st 1 ti 1 3
no st 1 pri
EOF
x.conf: ok
EOT

printf 'interface lo\r\n standby 1 ip 10.0.0.1\r\n' > "$dir/x.conf"
check "lines of DOS" said 0 <<< "x.conf: ok"

printf '\xef\xbb\xbfinterface lo\n standby 1 ip 10.0.0.1' > "$dir/x.conf"
check "a byte order mark, and no end of the last line" said 0 <<< "x.conf: ok"

# A router's own, as a typesetter left it: U+2212 for the hyphen, no indentation.
golden "the host's business" 0 << 'EOF' 3<< 'EOT'
Building configuration...
Current configuration : 2493 bytes
version 12.3
service timestamps debug datetime msec
no service password−encryption
hostname 7204VXR−2
boot−start−marker
boot system flash disk1:c7200−a3jk9s−mz.123−7.T1 and a great deal more behind it
no aaa new−model
ip cef!
interface lo
ip address 172.16.172.54 255.255.255.240
duplex full
standby 1 ip 172.16.172.53
no shutdown
standby 1 preempt
!
router ospf 1
log−adjacency−changes
redistribute static subnets
 indented
!
ip classless
no ip http server
line con 0
exec−timeout 0 0
line vty 0 4
login
!
end
EOF
x.conf:1: skipped, the host's business: Building configuration...
x.conf:2: skipped, the host's business: Current configuration : 2493 bytes
x.conf:3: skipped, the host's business: version 12.3
x.conf:4: skipped, the host's business: service timestamps debug datetime msec
x.conf:5: skipped, the host's business: no service password−encryption
x.conf:6: skipped, the host's business: hostname 7204VXR−2
x.conf:7: skipped, the host's business: boot−start−marker
x.conf:8: skipped, the host's business: boot system flash disk1:c7200−a3jk9s−mz.123−7.T1 and a...
x.conf:9: skipped, the host's business: no aaa new−model
x.conf:10: skipped, the host's business: ip cef!
x.conf:12: skipped, the host's business: ip address 172.16.172.54 255.255.255.240
x.conf:13: skipped, the host's business: duplex full
x.conf:15: skipped, the host's business: no shutdown
x.conf:18: skipped, the host's business: router ospf 1
x.conf:19: skipped, the host's business: log−adjacency−changes
x.conf:20: skipped, the host's business: redistribute static subnets
x.conf:21: skipped, the host's business: indented
x.conf:23: skipped, the host's business: ip classless
x.conf:24: skipped, the host's business: no ip http server
x.conf:25: skipped, the host's business: line con 0
x.conf:26: skipped, the host's business: exec−timeout 0 0
x.conf:27: skipped, the host's business: line vty 0 4
x.conf:28: skipped, the host's business: login
x.conf: ok
EOT

golden "words of a later version" 1 << 'EOF' 3<< 'EOT'
crypto isakmp policy 1
hash md5
 authentication pre-share
crypto map vpn 10 ipsec-isakmp dynamic clients
 set peer 1.2.3.4
interface lo
 standby 1 ip 10.0.0.1
 crypto map vpn redundancy VPNHA stateful
 standby bfd
 standby redirect advertise
 standby 1 authentication md5 key-chain x
crypto ipsec transform-set x ah-sha-hmac esp-aes
aaa new-model
redundancy inter-device
 scheme standby HA
EOF
x.conf:1: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp policy 1
x.conf:2: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): hash md5
x.conf:3: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): authentication pre-share
x.conf:4:40: warning: there is no dynamic crypto map clients
  crypto map vpn 10 ipsec-isakmp dynamic clients
                                         ^
x.conf:5:11: error: dynamic crypto map clients says all of entry 10 of crypto map vpn
   set peer 1.2.3.4
            ^
x.conf:8:28: warning: no standby group of lo has the name VPNHA; group 1 has no name
   crypto map vpn redundancy VPNHA stateful
                             ^
x.conf:8:34: error: 'stateful' is not supported by this version
   crypto map vpn redundancy VPNHA stateful
                                   ^
x.conf:9:10: error: 'bfd' is not supported by this version
   standby bfd
           ^
x.conf:10:19: error: 'advertise' is not supported by this version
   standby redirect advertise
                    ^
x.conf:11:31: error: 'key-chain' is not supported by this version
   standby 1 authentication md5 key-chain x
                                ^
x.conf:12:30: error: 'ah-sha-hmac' is not supported by this version
  crypto ipsec transform-set x ah-sha-hmac esp-aes
                               ^
x.conf:13:1: error: 'aaa' is not supported by this version
  aaa new-model
  ^
x.conf:14:1: error: 'redundancy' is not supported by this version
  redundancy inter-device
  ^
EOT

golden "authentication" 1 << 'EOF' 3<< 'EOT'
interface eth0
 standby 1 ip 10.0.0.1
 standby 1 authentication secret12
 standby 2 authentication text secret
 standby 3 authentication md5 key-string 0 7 timeout 32767
 standby 4 auth md5 key-str hex 00ff
 no standby 4 authentication
 standby 5 authentication secret123
 standby 5 authentication text
 standby 5 authentication md5 key-string 7 0822455D0A1
 standby 5 authentication md5 key-string 7 0822455D0A16
 standby 5 authentication md5 key-string hex 0f0
 standby 5 authentication md5 key-string key timeout 0
 standby 5 authentication md5 key-string 1234567890123456789012345678901234567890123456789012345x
 standby 5 authentication md5 key-string <removed>
 standby 5 authentication text secret timeout 5
EOF
x.conf:8:27: error: the text is longer than 8 characters
   standby 5 authentication *********
                            ^
x.conf:9:31: error: incomplete line; expected WORD
   standby 5 authentication text
                                ^
x.conf:10:44: error: this is no key of type 7
   standby 5 authentication md5 key-string * ***********
                                             ^
x.conf:12:46: error: the key has an odd number of hexadecimal digits
   standby 5 authentication md5 key-string *** ***
                                               ^
x.conf:13:54: error: '0' is out of range, expected 1 to 32767
   standby 5 authentication md5 key-string *** timeout 0
                                                       ^
x.conf:14:42: error: the key is longer than 55 octets
   standby 5 authentication md5 key-string ************************************************...
                                           ^
x.conf:15:42: error: the key was removed from this configuration when it was shown
   standby 5 authentication md5 key-string *********
                                           ^
x.conf:16:39: error: unknown word 'timeout'; expected the end of the line
   standby 5 authentication text ****** timeout 5
                                        ^
EOT

golden "words that nobody knows" 1 << 'EOF' 3<< 'EOT'
foo bar
standby 1 ip 10.0.0.1
interface lo
 standby 1 prioritty 5
 standby 1 t lo
 standby 1 ip 10.0.0.1 extra
 standby
 standby 1
 foo
interface
EOF
x.conf:1:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  foo bar
  ^
x.conf:2:1: error: unknown word 'standby'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  standby 1 ip 10.0.0.1
  ^
x.conf:4:12: error: unknown word 'prioritty'; expected authentication, follow, ip, ipv6, mac-address, name, preempt, priority, timers or track
   standby 1 prioritty 5
             ^
x.conf:5:12: error: ambiguous: 't' can be timers or track
   standby 1 t lo
             ^
x.conf:6:24: error: unknown word 'extra'; expected secondary or the end of the line
   standby 1 ip 10.0.0.1 extra
                         ^
x.conf:7:9: error: incomplete line; expected arp, authentication, delay, follow, ip, ipv6, mac-address, mac-refresh, name, preempt, priority, redirect, timers, track, use-bia, version or <0-4095>
   standby
          ^
x.conf:8:11: error: incomplete line; expected authentication, follow, ip, ipv6, mac-address, name, preempt, priority, timers or track
   standby 1
            ^
x.conf:9:2: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no, standby or track
   foo
   ^
x.conf:10:10: error: incomplete line; expected IFNAME
  interface
           ^
EOT

golden "bad addresses" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 ip 0.0.0.0
 standby 1 ip 0.1.2.3
 standby 1 ip 127.0.0.1
 standby 1 ip 224.0.0.2
 standby 1 ip 255.255.255.255
 standby 1 ip 10.0.0.256
 standby 1 ip 10.0.0
 standby 1 ip fe80::1
EOF
x.conf:2:15: error: virtual IP 0.0.0.0 is no address
   standby 1 ip 0.0.0.0
                ^
x.conf:3:15: error: virtual IP 0.1.2.3 is in 0.0.0.0/8, which is no host's address
   standby 1 ip 0.1.2.3
                ^
x.conf:4:15: error: virtual IP 127.0.0.1 is a loopback address
   standby 1 ip 127.0.0.1
                ^
x.conf:5:15: error: virtual IP 224.0.0.2 is a multicast address
   standby 1 ip 224.0.0.2
                ^
x.conf:6:15: error: virtual IP 255.255.255.255 is the broadcast address
   standby 1 ip 255.255.255.255
                ^
x.conf:7:15: error: '10.0.0.256' is not an IPv4 address
   standby 1 ip 10.0.0.256
                ^
x.conf:8:15: error: '10.0.0' is not an IPv4 address
   standby 1 ip 10.0.0
                ^
x.conf:9:15: error: unknown word 'fe80::1'; expected A.B.C.D or the end of the line
   standby 1 ip fe80::1
                ^
EOT

golden "numbers out of range" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby version 3
 standby 4096 ip
 standby 1 priority 256
 standby 1 priority 99999999999999999999
 standby 1 track lo 0
 standby 1 track lo 256
 standby 1 timers 0 3
 standby 1 timers 255 256
 standby 1 timers msec 14 1
 standby 1 timers msec 254001 3
 standby 1 timers msec 15 msec 49
EOF
x.conf:2:18: error: '3' is out of range, expected 1 to 2
   standby version 3
                   ^
x.conf:3:10: error: '4096' is out of range, expected 0 to 4095
   standby 4096 ip
           ^
x.conf:4:21: error: '256' is out of range, expected 0 to 255
   standby 1 priority 256
                      ^
x.conf:5:21: error: '99999999999999999999' is out of range, expected 0 to 255
   standby 1 priority 99999999999999999999
                      ^
x.conf:6:21: error: '0' is out of range, expected 1 to 255
   standby 1 track lo 0
                      ^
x.conf:7:21: error: '256' is out of range, expected 1 to 255
   standby 1 track lo 256
                      ^
x.conf:8:19: error: '0' is out of range, expected 1 to 254
   standby 1 timers 0 3
                    ^
x.conf:9:19: error: '255' is out of range, expected 1 to 254
   standby 1 timers 255 256
                    ^
x.conf:10:24: error: '14' is out of range, expected 15 to 254000
   standby 1 timers msec 14 1
                         ^
x.conf:11:24: error: '254001' is out of range, expected 15 to 254000
   standby 1 timers msec 254001 3
                         ^
x.conf:12:32: error: '49' is out of range, expected 50 to 255000
   standby 1 timers msec 15 msec 49
                                 ^
EOT

golden "timers that do not fit each other" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 timers 3 3
 standby 2 timers msec 999 msec 500
 standby 3 timers 3 8
EOF
x.conf:2:21: error: hold time (3 sec) must be greater than hello time (3 sec)
   standby 1 timers 3 3
                      ^
x.conf:3:33: error: hold time (msec 500) must be greater than hello time (msec 999)
   standby 2 timers msec 999 msec 500
                                  ^
x.conf:4:21: warning: hold time (8 sec) should be at least three times the hello time (3 sec)
   standby 3 timers 3 8
                      ^
EOT

golden "groups of the wrong version" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby version 2
 standby 256 ip
 no standby version
EOF
x.conf:3:10: error: group 256 is out of range for version 1, expected 0 to 255 (or say 'standby version 2')
   standby 256 ip
           ^
EOT

golden "secondary virtual IPs" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 ip 10.0.0.1
 standby 1 ip 10.0.0.1 secondary
 standby 1 ip 10.0.0.2 secondary
 standby 1 ip 224.0.0.1 secondary
 standby 2 ip 10.0.0.2 secondary
 no standby 1 ip 10.0.0.9 secondary
 standby 3 ip
 standby 3 ip 10.0.0.3 secondary
 standby 4 ip 10.0.0.5
 standby 4 ip 10.0.0.4 secondary
 no standby 4 ip 10.0.0.5
EOF
x.conf:3:15: error: virtual IP 10.0.0.1 belongs to group 1 of lo already
   standby 1 ip 10.0.0.1 secondary
                ^
x.conf:5:15: error: virtual IP 224.0.0.1 is a multicast address
   standby 1 ip 224.0.0.1 secondary
                ^
x.conf:6:15: error: secondary virtual IP 10.0.0.2 needs a primary one ('standby 2 ip ADDRESS')
   standby 2 ip 10.0.0.2 secondary
                ^
x.conf:6:15: error: virtual IP 10.0.0.2 belongs to group 1 of lo already
   standby 2 ip 10.0.0.2 secondary
                ^
x.conf:9:15: error: secondary virtual IP 10.0.0.3 needs a primary one ('standby 3 ip ADDRESS')
   standby 3 ip 10.0.0.3 secondary
                ^
x.conf:11:15: error: secondary virtual IP 10.0.0.4 needs a primary one ('standby 4 ip ADDRESS')
   standby 4 ip 10.0.0.4 secondary
                ^
EOT

golden "groups that follow others" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 ip 10.0.0.1
 standby 1 name A
 standby 2 ip 10.0.0.2
 standby 2 follow A bundle
 standby 2 name B
 standby 2 priority 110
 standby 2 preempt
 standby 2 timers 1 3
 standby 2 authentication secret
 standby 2 track lo 20
 standby 2 track lo shutdown
 standby 2 track 7
 standby 3 ip
 standby 3 follow B
 standby 4 follow C
 standby 4 name D
 standby 5 follow E bundle
 standby 5 name E
 standby 6 follow name-of-26-characters-xyz1
 standby 6 follow A bundles
 standby 7 ip 10.0.0.7
 standby 7 follow E
EOF
x.conf:7:21: warning: 'standby 2 priority' has no effect while the group follows another one
   standby 2 priority 110
                      ^
x.conf:8:12: warning: 'standby 2 preempt' has no effect while the group follows another one
   standby 2 preempt
             ^
x.conf:9:19: warning: 'standby 2 timers' has no effect while the group follows another one
   standby 2 timers 1 3
                    ^
x.conf:10:27: warning: 'standby 2 authentication' has no effect while the group follows another one
   standby 2 authentication ******
                            ^
x.conf:13:18: warning: tracking object 7 has no effect while the group follows another one, unless by 'shutdown'
   standby 2 track 7
                   ^
x.conf:13:18: error: object 7, which group 2 of lo tracks, does not exist
   standby 2 track 7
                   ^
x.conf:14:2: error: a group that follows another one learns no virtual IP ('standby 3 ip ADDRESS')
   standby 3 ip
   ^
x.conf:15:19: error: group B follows group A, and cannot be followed itself
   standby 3 follow B
                    ^
x.conf:16:19: warning: no group has the name C: this one does not run until one has
   standby 4 follow C
                    ^
x.conf:18:19: error: a group cannot follow itself
   standby 5 follow E bundle
                    ^
x.conf:20:19: error: name is longer than 25 characters
   standby 6 follow name-of-26-characters-xyz1
                    ^
x.conf:21:21: error: unknown word 'bundles'; expected bundle or the end of the line
   standby 6 follow A bundles
                      ^
EOT

golden "virtual MAC addresses, and how they are told" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 mac-address 02fe.0000.0001
 standby 2 mac-address 02:fe:00:00:00:01
 standby 3 mac-address 02fe.0000.000
 standby 3 mac-address 0100.5e00.0002
 standby 3 mac-address 0000.0000.0000
 standby use-bia scope
 standby arp gratuitous count 61
 standby arp gratuitous interval 1
 standby arp gratuitous count 1 count 2
 standby mac-refresh 256
interface lo
 standby use-bia
EOF
x.conf:2:24: error: group 1 of lo cannot have a virtual MAC address where 'standby use-bia' has the interface's own one used
   standby 1 mac-address 02fe.0000.0001
                         ^
x.conf:2:24: warning: group 2 of lo has this virtual MAC address, too
   standby 1 mac-address 02fe.0000.0001
                         ^
x.conf:3:24: error: group 2 of lo cannot have a virtual MAC address where 'standby use-bia' has the interface's own one used
   standby 2 mac-address 02:fe:00:00:00:01
                         ^
x.conf:3:24: warning: group 1 of lo has this virtual MAC address, too
   standby 2 mac-address 02:fe:00:00:00:01
                         ^
x.conf:4:24: error: 02fe.0000.000 is no MAC address, such as 0000.0c07.ac01
   standby 3 mac-address 02fe.0000.000
                         ^
x.conf:5:24: error: 0100.5e00.0002 is no unicast MAC address
   standby 3 mac-address 0100.5e00.0002
                         ^
x.conf:6:24: error: 0000.0000.0000 is no unicast MAC address
   standby 3 mac-address 0000.0000.0000
                         ^
x.conf:7:23: error: incomplete line; expected interface
   standby use-bia scope
                        ^
x.conf:8:31: error: '61' is out of range, expected 0 to 60
   standby arp gratuitous count 61
                                ^
x.conf:9:34: error: '1' is out of range, expected 2 to 1800
   standby arp gratuitous interval 1
                                   ^
x.conf:10:33: error: unknown word 'count'; expected interval or the end of the line
   standby arp gratuitous count 1 count 2
                                  ^
x.conf:11:22: error: '256' is out of range, expected 0 to 255
   standby mac-refresh 256
                       ^
EOT

{
	printf 'interface lo\n standby 1 ip 10.0.0.1\n'
	printf ' standby 1 ip 10.0.1.%s secondary\n' {1..17}
} > "$dir/x.conf"
check "too many secondary virtual IPs" said 1 << 'EOT'
x.conf:19:15: error: more than 16 secondary virtual IPs
   standby 1 ip 10.0.1.17 secondary
                ^
EOT

golden "what belongs to one group only" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 2 ip 10.0.0.1
 standby 1 ip 10.0.0.1
 standby 1 name A
 standby 3 name A
interface lo2
 standby 1 ip 10.0.0.1
EOF
x.conf:3:15: error: virtual IP 10.0.0.1 belongs to group 2 of lo already
   standby 1 ip 10.0.0.1
                ^
x.conf:5:17: error: name A belongs to group 1 of lo already
   standby 3 name A
                  ^
x.conf:6:11: warning: interface lo2 does not exist
  interface lo2
            ^
x.conf:7:15: error: virtual IP 10.0.0.1 belongs to group 1 of lo already
   standby 1 ip 10.0.0.1
                ^
EOT

golden "names" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 name VPNHA-is-exactly-26-long..
 standby 1 track FastEthernet0/0
interface eth0:1
 standby 1 preempt
interface sixteen-letters.
interface ..
EOF
x.conf:2:17: error: name is longer than 25 characters
   standby 1 name VPNHA-is-exactly-26-long..
                  ^
x.conf:3:18: error: 'FastEthernet0/0' is not a Linux interface name: it contains '/'
   standby 1 track FastEthernet0/0
                   ^
x.conf:4:11: error: 'eth0:1' is not a Linux interface name: it contains ':'
  interface eth0:1
            ^
x.conf:6:11: error: 'sixteen-letters.' is longer than the 15 characters of a Linux interface name
  interface sixteen-letters.
            ^
x.conf:7:11: error: '..' is not a Linux interface name
  interface ..
            ^
EOT

golden "interfaces that do not exist" 0 << 'EOF' 3<< 'EOT'
interface nosuch0
 standby 1 ip 10.0.0.1
 standby 1 track nosuch1
 standby 1 preempt
interface nosuch2
EOF
x.conf:1:11: warning: interface nosuch0 does not exist
  interface nosuch0
            ^
x.conf:3:18: warning: interface nosuch1 does not exist; it counts as down
   standby 1 track nosuch1
                   ^
x.conf: ok
EOT

golden "columns are characters, carets stand below" 1 << 'EOF' 3<< 'EOT'
interface lo
	standby	1 name	Jürgen	x
 standby 1 name ü über
EOF
x.conf:2:24: error: unknown word 'x'; expected the end of the line
   standby 1 name Jürgen x
                         ^
x.conf:3:19: error: unknown word 'über'; expected the end of the line
   standby 1 name ü über
                    ^
EOT

printf 'interface lo\n standby 1 name \001A\0B\n stan\033dby\n' > "$dir/x.conf"
check "control characters" said 1 << 'EOT'
x.conf:2:17: error: control character 0x01
   standby 1 name ?A?B
                  ^
x.conf:3:6: error: control character 0x1b
   stan?dby
       ^
EOT

printf 'interface lo\n standby \xff\xfe 1\n' > "$dir/x.conf"
check "bytes that are no UTF-8" said 1 << EOT
x.conf:2:10: error: unknown word '??'; expected arp, authentication, delay, follow, ip, ipv6, mac-address, mac-refresh, name, preempt, priority, redirect, timers, track, use-bia, version or <0-4095>
   standby $(printf '\xff\xfe') 1
           ^
EOT

printf 'interface lo\n standby 1 ip 10.0.0.1 %01000000d x\n' 7 > "$dir/x.conf"
check "a line of a megabyte" said 1 << EOT
x.conf:2:24: error: unknown word '0000000000000000000000000000000000000000...'; expected secondary or the end of the line
   standby 1 ip 10.0.0.1 000000000000000000000000000000000000000000000000...
                         ^
EOT

{
	echo 'interface lo'
	for ((i = 0; i < 25; i++)); do
		echo "x$i"
	done
} > "$dir/x.conf"
twenty()
{
	local output
	output=$("$VPNHACTL" check "$dir/x.conf" 2>&1) && return 1
	[ "$(grep -c ': error: ' <<< "$output")" -eq 20 ] &&
		[ "$(tail -n 1 <<< "$output")" = "$dir/x.conf: 5 more errors" ]
}
check "more errors than anybody reads" twenty

check "no file" says 1 "$VPNHACTL" check "$dir/none" << EOT
vpnhactl: $dir/none: No such file or directory
EOT

check "a directory" says 1 "$VPNHACTL" check "$dir" << EOT
vpnhactl: $dir: Is a directory
EOT

from_stdin()
{
	[ "$(printf 'interface lo\nfoo\n' | "$VPNHACTL" check - 2>&1)" = \
		"stdin:2:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no, standby or track
  foo
  ^" ]
}
check "the standard input" from_stdin

printf 'interface lo\n standby 1 priority 300\nhostname x\n' > "$dir/x.conf"
json()
{
	local output
	output=$("$VPNHACTL" -j check "$dir/x.conf") && return 1
	/usr/bin/python3 -c '
import json, sys
path = sys.argv[2]
assert json.loads(sys.argv[1]) == {"errors": [
    {"level": "error", "file": path, "line": 2, "column": 21,
     "message": "\x27300\x27 is out of range, expected 0 to 255"},
    {"level": "note", "file": path, "line": 3,
     "message": "skipped, the host\x27s business: hostname x"}]}, sys.argv[1]
' "$output" "$dir/x.conf"
}
check "errors as JSON" json

test_end
