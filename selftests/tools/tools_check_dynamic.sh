#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check": dynamic crypto maps.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

test_begin 5
on_exit rm -rf "$dir"

golden "whoever comes" 0 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
crypto ipsec transform-set t esp-aes esp-sha-hmac
access-list 101 permit ip 10.0.0.0/8 any
crypto dynamic-map clients 10
 set transform-set s t
crypto dynamic clients 20
 set transform-set t
 set peer 172.16.172.69
 set pfs group19
 set security-association lifetime kilobytes disable
 set security-association idle-time 600
 set ikev2-profile mobile
 match address 101
 reverse-route remote-peer 172.16.172.49 tag 7 distance 9
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.70
 set transform-set s
 match address 101
crypto map vpn 65535 ipsec-isakmp dynamic clients
crypto dynamic-map clients 30 set transform-set s
no crypto dynamic-map clients 30
no crypto map vpn 65535 ipsec-isakmp dynamic clients
crypto map vpn 65535 ipsec-isakmp dynamic clients
EOF
x.conf: ok
EOT

golden "names are a space of their own" 0 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8
crypto dynamic-map vpn 10
 set transform-set s
crypto map vpn 10 ipsec-isakmp
 set peer 172.16.172.69
 set transform-set s
 match address 101
no crypto dynamic-map vpn
crypto map vpn 10
 set pfs group14
EOF
x.conf: ok
EOT

golden "what is missing" 0 << 'EOF' 3<< 'EOT'
crypto dynamic-map clients 10
 match address 101
crypto dynamic-map clients 20
 set transform-set s
crypto map vpn 10 ipsec-isakmp dynamic nobody
EOF
x.conf:1:28: warning: entry 10 of dynamic crypto map clients is incomplete and protects nothing: no 'set transform-set'
  crypto dynamic-map clients 10
                             ^
x.conf:2:16: warning: there is no access list 101
   match address 101
                 ^
x.conf:4:20: warning: there is no transform set s
   set transform-set s
                     ^
x.conf:5:40: warning: there is no dynamic crypto map nobody
  crypto map vpn 10 ipsec-isakmp dynamic nobody
                                         ^
x.conf: ok
EOT

golden "what a dynamic map says already" 1 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
crypto dynamic-map clients 10
 set transform-set s
crypto map vpn 10 ipsec-isakmp dynamic clients
 set peer 172.16.172.69
 set transform-set s
 set pfs group14
 set security-association idle-time 60
 reverse-route
EOF
x.conf:5:11: error: dynamic crypto map clients says all of entry 10 of crypto map vpn
   set peer 172.16.172.69
            ^
x.conf:6:20: error: dynamic crypto map clients says all of entry 10 of crypto map vpn
   set transform-set s
                     ^
x.conf:7:10: error: dynamic crypto map clients says all of entry 10 of crypto map vpn
   set pfs group14
           ^
x.conf:8:37: error: dynamic crypto map clients says all of entry 10 of crypto map vpn
   set security-association idle-time 60
                                      ^
x.conf:9:2: error: dynamic crypto map clients says all of entry 10 of crypto map vpn
   reverse-route
   ^
EOT

golden "what makes no sense" 1 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
crypto dynamic-map
crypto dynamic-map clients
crypto dynamic-map clients 0
crypto dynamic-map clients 10
 set transform-set s
 reverse-route static
 set session-key inbound esp 256 cipher 000102030405060708090a0b0c0d0e0f01020304
crypto dynamic-map thirty-two-characters-are-too-long 10
crypto map vpn 10 ipsec-manual dynamic clients
crypto map vpn 20 ipsec-isakmp dynamic
crypto map vpn 30 ipsec-isakmp dynamic thirty-two-characters-are-too-long
crypto map vpn 40 ipsec-isakmp dynamic clients discover
EOF
x.conf:2:19: error: incomplete line; expected WORD
  crypto dynamic-map
                    ^
x.conf:3:27: error: incomplete line; expected <1-65535>
  crypto dynamic-map clients
                            ^
x.conf:4:28: error: '0' is out of range, expected 1 to 65535
  crypto dynamic-map clients 0
                             ^
x.conf:7:16: error: routes of a dynamic crypto map come and go with its SAs: nothing is known before
   reverse-route static
                 ^
x.conf:8:18: error: session keys belong to an ipsec-manual entry, and this is an ipsec-isakmp one
   set session-key inbound esp 256 cipher *************************...
                   ^
x.conf:9:20: error: name is longer than 31 characters
  crypto dynamic-map thirty-two-characters-are-too-long 10
                     ^
x.conf:10:32: error: unknown word 'dynamic'; expected match, no, reverse-route, set or the end of the line
  crypto map vpn 10 ipsec-manual dynamic clients
                                 ^
x.conf:11:39: error: incomplete line; expected WORD
  crypto map vpn 20 ipsec-isakmp dynamic
                                        ^
x.conf:12:16: warning: entry 30 of crypto map vpn is incomplete and protects nothing: no 'set peer'
  crypto map vpn 30 ipsec-isakmp dynamic thirty-two-characters-ar...
                 ^
x.conf:12:40: error: name is longer than 31 characters
  crypto map vpn 30 ipsec-isakmp dynamic thirty-two-characters-are-too-long
                                         ^
x.conf:13:16: warning: entry 40 of crypto map vpn is incomplete and protects nothing: no 'set peer'
  crypto map vpn 40 ipsec-isakmp dynamic clients discover
                 ^
x.conf:13:48: error: 'discover' is not supported by this version
  crypto map vpn 40 ipsec-isakmp dynamic clients discover
                                                 ^
EOT
