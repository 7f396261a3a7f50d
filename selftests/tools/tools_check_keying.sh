#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check": what is negotiated for an entry of a crypto map.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

test_begin 4
on_exit rm -rf "$dir"

sets()
{
	local name

	for name in a b c d e f; do
		echo "crypto ipsec transform-set $name esp-gcm"
	done
	echo "access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8"
}

{
	sets
	cat << 'EOF'
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.69
 set peer 172.16.172.70
 set transform-set a b c d e f
 set pfs group14
 set pfs group31
 set security-association lifetime seconds 2592000
 set security-association lifetime kilobytes 4294967294
 set security-association lifetime kilobytes disable
 set security-association idle-time 86400
 set ikev2-profile branch
 match address 101
 no set pfs
 no set security-association lifetime seconds
 no set security-association lifetime kilobytes 2560
 no set security-association idle-time
 no set ikev2-profile
 no set transform-set a
 set transform-set f e
EOF
} > "$dir/y.conf"
golden "all that there is, and taken back" 0 < "$dir/y.conf" 3<< 'EOT'
x.conf: ok
EOT

golden "what is negotiated for session keys" 1 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set a esp-gcm
crypto ipsec transform-set b esp-gcm
access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8
crypto map vpn 10 ipsec-manual
 set peer 172.16.172.69
 set transform-set a b
 set pfs group14
 set security-association lifetime seconds 300
 set ikev2-profile branch
 match address 101
 no set pfs
EOF
x.conf:4:16: warning: entry 10 of crypto map vpn is incomplete and protects nothing: no 'set session-key inbound'
  crypto map vpn 10 ipsec-manual
                 ^
x.conf:6:22: error: a manual entry has one transform set: there is nobody to agree with
   set transform-set a b
                       ^
x.conf:7:10: error: nothing is negotiated for an ipsec-manual entry: its session keys are all
   set pfs group14
           ^
x.conf:8:44: error: nothing is negotiated for an ipsec-manual entry: its session keys are all
   set security-association lifetime seconds 300
                                             ^
x.conf:9:20: error: nothing is negotiated for an ipsec-manual entry: its session keys are all
   set ikev2-profile branch
                     ^
EOT

golden "values that cannot be" 1 << 'EOF' 3<< 'EOT'
crypto map vpn 10 ipsec-isakmp
 set transform-set a b a
 set transform-set a b c d e f g
 set pfs group22
 set pfs
 set security-association lifetime seconds 119
 set security-association lifetime kilobytes 2559
 set security-association idle-time 59
 set ikev2-profile thirty-two-characters-are-too-long
EOF
x.conf:1:16: warning: entry 10 of crypto map vpn is incomplete and protects nothing: no 'set peer'
  crypto map vpn 10 ipsec-isakmp
                 ^
x.conf:2:24: error: transform set a is named twice
   set transform-set a b a
                         ^
x.conf:3:32: error: more than 6 transform sets
   set transform-set a b c d e f g
                                 ^
x.conf:4:10: error: unknown word 'group22'; expected group14, group15, group16, group17, group18, group19, group20, group21 or group31
   set pfs group22
           ^
x.conf:5:9: error: incomplete line; expected group14, group15, group16, group17, group18, group19, group20, group21 or group31
   set pfs
          ^
x.conf:6:44: error: '119' is out of range, expected 120 to 2592000
   set security-association lifetime seconds 119
                                             ^
x.conf:7:46: error: '2559' is out of range, expected 2560 to 4294967294
   set security-association lifetime kilobytes 2559
                                               ^
x.conf:8:37: error: '59' is out of range, expected 60 to 86400
   set security-association idle-time 59
                                      ^
x.conf:9:20: error: name is longer than 31 characters
   set ikev2-profile thirty-two-characters-are-too-long
                     ^
EOT

golden "sets of which one is missing" 0 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set a esp-gcm
access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.69
 set transform-set a b
 match address 101
EOF
x.conf:5:22: warning: there is no transform set b
   set transform-set a b
                       ^
x.conf: ok
EOT
