#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check": what lines about IKEv2 and trustpoints are told.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

test_begin 12
on_exit rm -rf "$dir"

golden "all there is" 0 << 'EOF' 3<< 'EOT'
crypto pki trustpoint T
 ca /etc/vpnha/ca.pem
 ca /etc/vpnha/ca2.pem
 certificate /etc/vpnha/gw.pem
 private-key /etc/vpnha/gw.key
 crl /etc/vpnha/crl.pem
 ocsp /etc/vpnha/ocsp.der
 revocation-check ocsp crl none
crypto ikev2 proposal P
 encryption aes-gcm-256 aes-cbc-128 chacha20-poly1305
 integrity sha256 sha384
 prf sha512
 group 19 31 14
crypto ikev2 policy L
 match fvrf any
 match address local 192.0.2.1
 proposal P default
crypto ikev2 keyring K
 peer A
  description a peer of old, with blanks
  address 10.0.0.0 255.0.0.0
  pre-shared-key local 0123456789abcdef-0123456789
  pre-shared-key remote hex 00112233445566778899aabbccddeeff
 peer B
  identity fqdn b.example.com
  pre-shared-key file /etc/vpnha/b.key
  ppk manual id x key 0 required-required-required required
crypto ikev2 profile R
 description who comes from there
 match address local 192.0.2.1
 match identity remote address 10.0.0.1
 match identity remote address 2001:db8::/32
 match identity remote fqdn domain example.com
 match identity remote email a@example.com
 match identity remote key-id k
 identity local dn
 authentication remote pre-share
 authentication remote ecdsa-sig
 authentication local rsa-sig
 keyring local K
 keyring ppk K
 pki trustpoint T
 dpd 10 2 on-demand
 nat keepalive 30
 lifetime 3600
 initial-contact force
 connect auto
crypto ikev2 dpd 10 3 periodic
crypto ikev2 nat keepalive 25
crypto ikev2 limit max-in-negotation-sa 5
crypto ikev2 limit max-in-negotiation-sa 6
crypto ikev2 limit max-sa 10
crypto ikev2 cookie-challenge 0
crypto ikev2 fragmentation mtu 600
no crypto ikev2 fragmentation
crypto ikev2 window 1
EOF
x.conf: ok
EOT

golden "abbreviated words, and no" 0 << 'EOF' 3<< 'EOT'
cry ik prop P
 enc aes-gcm-256
 pr sha256
 gr 31
 no integ
cry ik key K
 pe A
  ad 10.0.0.1
  pre 0123456789abcdef
  no pre rem
  no ad
  id f gw.example
  pre rem 0 0123456789abcdef
 no pe B
cry pk tr T
 no ca
 no cry ik prof X
no cry ik lim max-sa
EOF
x.conf:15:11: warning: trustpoint T has neither 'ca' nor 'certificate'
  cry pk tr T
            ^
x.conf: ok
EOT

golden "algorithms" 1 << 'EOF' 3<< 'EOT'
crypto ikev2 proposal P
 encryption aes-gcm-256 aes-gcm-256
 encryption 3des
 integrity sha1
 group 99
 prf
EOF
x.conf:1:23: warning: proposal P is incomplete and is not used: no 'encryption'
  crypto ikev2 proposal P
                        ^
x.conf:2:25: error: 'aes-gcm-256' was said already
   encryption aes-gcm-256 aes-gcm-256
                          ^
x.conf:3:13: error: '3des' is not supported by this version
   encryption 3des
              ^
x.conf:4:12: warning: sha1 is weak
   integrity sha1
             ^
x.conf:5:8: error: unknown word '99'; expected 14, 15, 16, 17, 18, 19, 20, 21 or 31
   group 99
         ^
x.conf:6:5: error: incomplete line; expected sha1, sha256, sha384 or sha512
   prf
      ^
EOT

golden "keys and peers" 1 << 'EOF' 3<< 'EOT'
crypto ikev2 keyring K
 peer A
  hostname gw.example.com
  pre-shared-key 6 secretsecret
  pre-shared-key my secret
  pre-shared-key hex 123
  pre-shared-key hex 12x4
  pre-shared-key file key.txt
  pre-shared-key <removed>
  address 10.0.0.0 0.0.0.255
  address 2001:db8::1 255.0.0.0
  address gw.example.com
  identity email nobody
  identity fqdn a@b
  ppk dynamic
EOF
x.conf:2:7: warning: peer A is for nobody: no 'address' and no 'identity'
   peer A
        ^
x.conf:2:7: warning: peer A has no key: no 'pre-shared-key'
   peer A
        ^
x.conf:3:3: error: a name would have to be looked up, and whoever answers is not the peer yet: give 'address', or 'identity fqdn'
    hostname gw.example.com
    ^
x.conf:4:18: error: a key of type 6 is encrypted with a key that only its router has: give the key itself, or 'file'
    pre-shared-key 6 ************
                   ^
x.conf:5:21: error: unknown word '...'; expected the end of the line
    pre-shared-key ** ******
                      ^
x.conf:6:22: error: the key has an odd number of hexadecimal digits
    pre-shared-key hex ***
                       ^
x.conf:7:22: error: the key is not hexadecimal
    pre-shared-key hex ****
                       ^
x.conf:8:23: error: the name of a file begins with '/': a daemon reads it
    pre-shared-key file key.txt
                        ^
x.conf:9:18: error: the key was removed from this configuration when it was shown
    pre-shared-key *********
                   ^
x.conf:10:20: error: 0.0.0.255 is no mask, such as 255.255.255.0
    address 10.0.0.0 0.0.0.255
                     ^
x.conf:11:23: error: an address of IPv6 takes the length of its prefix, as in 2001:db8::/32
    address 2001:db8::1 255.0.0.0
                        ^
x.conf:12:11: error: unknown word 'gw.example.com'; expected ADDRESS or ADDRESS/LENGTH
    address gw.example.com
            ^
x.conf:13:18: error: no address of e-mail, such as gw@example.com
    identity email nobody
                   ^
x.conf:14:17: error: no domain name, such as gw.example.com
    identity fqdn a@b
                  ^
x.conf:15:7: error: 'dynamic' is not supported by this version
    ppk dynamic
        ^
EOT

golden "ranges" 1 << 'EOF' 3<< 'EOT'
crypto ikev2 profile default
 dpd 0 2 on-demand
 dpd 10 61 periodic
 lifetime 119
 nat keepalive 4
 authentication remote pre-share key 0123456789abcdef
 authentication local pre-share key 0123456789abcdef
crypto ikev2 limit max-sa 0
crypto ikev2 cookie-challenge -1
crypto ikev2 fragmentation mtu 1501
crypto ikev2 window 21
crypto ikev2 keyring a-name-that-has-thirty-two-bytes
 peer A
  address 1.2.3.4
EOF
x.conf:2:6: error: '0' is out of range, expected 1 to 3600
   dpd 0 2 on-demand
       ^
x.conf:3:9: error: '61' is out of range, expected 1 to 60
   dpd 10 61 periodic
          ^
x.conf:4:11: error: '119' is out of range, expected 120 to 86400
   lifetime 119
            ^
x.conf:5:16: error: '4' is out of range, expected 5 to 3600
   nat keepalive 4
                 ^
x.conf:8:27: error: '0' is out of range, expected 1 to 1000000
  crypto ikev2 limit max-sa 0
                            ^
x.conf:9:31: error: unknown word '-1'; expected <0-1000000>
  crypto ikev2 cookie-challenge -1
                                ^
x.conf:10:32: error: '1501' is out of range, expected 256 to 1500
  crypto ikev2 fragmentation mtu 1501
                                 ^
x.conf:11:21: error: '21' is out of range, expected 1 to 20
  crypto ikev2 window 21
                      ^
x.conf:12:22: error: name is longer than 31 characters
  crypto ikev2 keyring a-name-that-has-thirty-two-bytes
                       ^
EOT

golden "names that nothing has" 0 << 'EOF' 3<< 'EOT'
crypto ikev2 policy L
 proposal P
crypto ikev2 policy M
crypto ikev2 profile R
 match identity remote any
 authentication remote rsa-sig
 authentication local pre-share
 keyring local K
 keyring ppk Q
 pki trustpoint T
EOF
x.conf:2:11: warning: there is no proposal P
   proposal P
            ^
x.conf:3:21: warning: policy M is incomplete and is not used: no 'proposal'
  crypto ikev2 policy M
                      ^
x.conf:8:16: warning: there is no keyring K
   keyring local K
                 ^
x.conf:9:14: warning: there is no keyring Q
   keyring ppk Q
               ^
x.conf:10:17: warning: there is no trustpoint T
   pki trustpoint T
                  ^
x.conf: ok
EOT

golden "no way to authenticate" 0 << 'EOF' 3<< 'EOT'
crypto ikev2 profile A
crypto ikev2 profile B
 match identity remote any
 authentication remote pre-share
 authentication local eddsa-sig
crypto ikev2 profile C
 match identity remote any
 identity local dn
 authentication remote ecdsa-sig
 authentication local rsa-sig
 pki trustpoint T
crypto pki trustpoint T
 certificate /c
 revocation-check crl ocsp
EOF
x.conf:1:22: warning: profile A is for nobody: no 'match identity remote'
  crypto ikev2 profile A
                       ^
x.conf:1:22: warning: profile A has no way to authenticate: no 'authentication local'
  crypto ikev2 profile A
                       ^
x.conf:1:22: warning: profile A has no way to authenticate: no 'authentication remote'
  crypto ikev2 profile A
                       ^
x.conf:4:24: warning: profile B has no preshared keys: no 'keyring local'
   authentication remote pre-share
                         ^
x.conf:5:23: warning: profile B has no certificates: no 'pki trustpoint'
   authentication local eddsa-sig
                        ^
x.conf:11:17: warning: trustpoint T has no 'private-key', so nothing can be signed
   pki trustpoint T
                  ^
x.conf:11:17: warning: trustpoint T has no 'ca', so no peer is believed
   pki trustpoint T
                  ^
x.conf:13:14: warning: trustpoint T has no 'private-key'
   certificate /c
               ^
x.conf:14:19: warning: trustpoint T has no 'crl'
   revocation-check crl ocsp
                    ^
x.conf:14:19: warning: trustpoint T has no 'ocsp'
   revocation-check crl ocsp
                    ^
x.conf: ok
EOT

golden "peers of crypto maps" 0 << 'EOF' 3<< 'EOT'
crypto ikev2 keyring K
 peer A
  address 10.0.0.1
  pre-shared-key 0123456789abcdef
 peer B
  address 10.0.0.1
  pre-shared-key short
crypto ikev2 profile R
 match identity remote address 10.0.0.0 255.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec transform-set s esp-gcm 256
crypto map m 1 ipsec-isakmp
 set peer 10.0.0.1
 set peer 10.0.0.2
 set peer 192.0.2.1
 set transform-set s
 match address 101
access-list 101 permit ip host 1.1.1.1 host 2.2.2.2
EOF
x.conf:5:7: warning: peer B is the same as peer A, whose keys are used
   peer B
        ^
x.conf:7:18: a preshared key of 5 octets can be guessed by who talks to the other end: 16 random ones cannot
    pre-shared-key *****
                   ^
x.conf:16:11: warning: keyring K of profile R has no key for peer 10.0.0.2
   set peer 10.0.0.2
            ^
x.conf:17:11: warning: no profile of crypto ikev2 is for peer 192.0.2.1
   set peer 192.0.2.1
            ^
x.conf: ok
EOT

golden "what a router says of IKEv1 and of enrolment" 0 << 'EOF' 3<< 'EOT'
crypto isakmp policy 1
 encr 3des
crypto isakmp key 0 cisco123 address 10.0.0.1
crypto isakmp keepalive 10
crypto pki trustpoint T
 enrollment url http://ca
 ca /ca.pem
crypto ikev2 http-url cert
crypto ikev2 window 5
EOF
x.conf:1: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp policy 1
x.conf:2: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): encr 3des
x.conf:3: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp key * ******** address 10.0.0.1
x.conf:4: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp keepalive 10
x.conf:6: warning: skipped, certificates are files here: enrollment url http://ca
x.conf:8: skipped, the host's business: crypto ikev2 http-url cert
x.conf:9:21: a window of 1 is used: exchanges wait for each other, and none is lost by that
  crypto ikev2 window 5
                      ^
x.conf: ok
EOT

golden "headings that are wrong have lines of their own" 1 << 'EOF' 3<< 'EOT'
crypto ikev2 proposal P extra
 encryption nothing
crypto ikev2 keyring
 peer A
  address nowhere
crypto pki trustpoint T extra
 ca nowhere
EOF
x.conf:1:25: error: unknown word 'extra'; expected encryption, group, integrity, no, prf or the end of the line
  crypto ikev2 proposal P extra
                          ^
x.conf:2:13: error: unknown word 'nothing'; expected aes-cbc-128, aes-cbc-192, aes-cbc-256, aes-gcm-128, aes-gcm-128-icv-64, aes-gcm-128-icv-96, aes-gcm-192, aes-gcm-192-icv-64, aes-gcm-192-icv-96, aes-gcm-256, aes-gcm-256-icv-64, aes-gcm-256-icv-96 or chacha20-poly1305
   encryption nothing
              ^
x.conf:3:21: error: incomplete line; expected WORD
  crypto ikev2 keyring
                      ^
x.conf:5:11: error: unknown word 'nowhere'; expected ADDRESS or ADDRESS/LENGTH
    address nowhere
            ^
x.conf:6:25: error: unknown word 'extra'; expected ca, certificate, crl, no, ocsp, private-key, revocation-check or the end of the line
  crypto pki trustpoint T extra
                          ^
x.conf:7:5: error: the name of a file begins with '/': a daemon reads it
   ca nowhere
      ^
EOT

# explained: the words that may come next
explained()
{
	says 0 "$VPNHACTL" crypto ikev2 keyring K peer A pre-shared-key '?' << 'EOT'
  0       The key itself follows
  file    A file has the key
  hex     The key is hexadecimal
  local   The key that this gateway proves to have
  remote  The key that the peer proves to have
  WORD    The key
EOT
}
check "help in one line with both headings" explained

# one line says heading and mistake
oneshot()
{
	says 1 "$VPNHACTL" crypto ikev2 profile P match identity remote address 1.2.3.4 0.0.0.255 << 'EOT'
vpnhactl: error: 0.0.0.255 is no mask, such as 255.255.255.0
  crypto ikev2 profile P match identity remote address 1.2.3.4 0.0.0.255
                                                               ^
EOT
}
check "a line with its heading" oneshot

test_end
