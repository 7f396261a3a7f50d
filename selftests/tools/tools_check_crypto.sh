#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check": what configurations with crypto maps are told.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

test_begin 21
on_exit rm -rf "$dir"

key20=000102030405060708090a0b0c0d0e0f01020304

golden "a manual entry and one for a daemon" 0 << EOF 3<< 'EOT'
crypto ipsec transform-set strong esp-gcm 128
crypto ipsec transform-set cbc esp-sha256-hmac esp-aes 256
 mode transport
crypto map vpn 10 ipsec-manual
 set peer 172.16.172.69
 set transform-set strong
 match address 101
 set session-key inbound esp 256 cipher $key20
 set session-key outbound esp 0xffffffff cipher 0x$key20
crypto map vpn 20 ipsec-isakmp
 set peer 172.16.172.70
 set peer 172.16.172.71
 set transform-set cbc
 match address L
access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0/24
ip access-list extended L
 15 permit tcp host 10.1.1.1 any eq www
 no 15
 permit udp any range 5 isakmp 20.0.0.0/8
interface lo
 standby 1 ip 10.0.0.1
 standby 1 name VPNHA
 crypto map vpn redundancy VPNHA
 crypto ipsec df-bit clear
EOF
x.conf:21:15: group 1 of lo tracks no interface: it stays active when another one of this gateway fails
   standby 1 ip 10.0.0.1
                ^
x.conf: ok
EOT

# A key is one behind a typesetter's hyphen, too.
golden "keys in lines that are shown" 1 << 'EOF' 3<< 'EOT'
crypto map m 1 ipsec-isakmp
set session−key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f
exit
foo key−string 0 verysecret
foo message−digest−key 1 md5 7 verysecret
foo authentication-key verysecret
snmp-server community verysecret RO
EOF
x.conf:1:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 1 ipsec-isakmp
               ^
x.conf:2:17: error: session keys belong to an ipsec-manual entry, and this is an ipsec-isakmp one
  set session−key inbound esp 300 cipher *************************...
                  ^
x.conf:4:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  foo key−string * **********
  ^
x.conf:5:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  foo message−digest−key 1 md5 * **********
  ^
x.conf:6:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
  foo authentication-key **********
  ^
x.conf:7: skipped, the host's business: snmp-server community ********** RO
EOT

# A router's own, as a typesetter left it: U+2212 for the hyphen, no indentation.
golden "the configuration of a router" 0 << 'EOF' 3<< 'EOT'
crypto isakmp policy 1
hash md5
authentication pre−share
crypto isakmp key cisco123 address 172.16.172.69
crypto isakmp keepalive 10
!
crypto ipsec transform−set myset esp−des esp−md5−hmac allow-weak
crypto ipsec security-association lifetime seconds 300
crypto map vpn 10 ipsec−isakmp
set peer 172.16.172.69
set security-association lifetime seconds 120
set pfs group2
set transform−set myset
match address 101
reverse−route
!
interface lo
ip address 172.16.172.54 255.255.255.240
standby 1 ip 172.16.172.53
standby 1 name VPNHA
crypto map vpn redundancy VPNHA
!
access−list 10 permit 10.0.0.0
access−list 101 remark both sides
access−list 101 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255
ip access-list standard S
 permit any
crypto pki trustpoint T
 enrollment url http://ca
EOF
x.conf:1: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp policy 1
x.conf:2: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): hash md5
x.conf:3: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): authentication pre−share
x.conf:4: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp key ******** address 172.16.172.69
x.conf:5: warning: skipped, IKEv1 is not active yet ('import' writes it as IKEv2): crypto isakmp keepalive 10
x.conf:8: warning: skipped, not carried out by this version: crypto ipsec security-association lifetime seconds 300
x.conf:12: warning: skipped, not carried out by this version: set pfs group2
x.conf:18: skipped, the host's business: ip address 172.16.172.54 255.255.255.240
x.conf:19:14: group 1 of lo tracks no interface: it stays active when another one of this gateway fails
  standby 1 ip 172.16.172.53
               ^
x.conf:23: warning: skipped, not an extended access list, which a crypto map needs: access−list 10 permit 10.0.0.0
x.conf:24: skipped, the host's business: access−list 101 remark both sides
x.conf:26: warning: skipped, not carried out by this version: ip access-list standard S
x.conf:28:23: warning: trustpoint T has neither 'ca' nor 'certificate'
  crypto pki trustpoint T
                        ^
x.conf:29: warning: skipped, certificates are files here: enrollment url http://ca
x.conf: ok
EOT

golden "transforms that do not go together" 1 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set a esp-aes 256
 mode tunnel
crypto ipsec transform-set b esp-gcm 256 esp-sha-hmac
crypto ipsec transform-set c esp-sha-hmac esp-gcm
crypto ipsec transform-set d esp-sha-hmac
crypto ipsec transform-set e esp-des esp-sha-hmac
crypto ipsec transform-set f esp-sha-hmac esp-3des
crypto ipsec transform-set g esp-aes esp-md5-hmac
crypto ipsec transform-set h ah-md5-hmac
crypto ipsec transform-set i esp-gcm 255
crypto ipsec transform-set j esp-gmac icv 64
crypto ipsec transform-set k esp-chacha20-poly1305 256
crypto ipsec transform-set l esp-gcm icv 32
 mode tunnel
EOF
x.conf:1:30: error: esp-aes needs a transform that authenticates, such as esp-sha256-hmac
  crypto ipsec transform-set a esp-aes 256
                               ^
x.conf:3:42: error: esp-gcm authenticates by itself and takes no esp-sha-hmac
  crypto ipsec transform-set b esp-gcm 256 esp-sha-hmac
                                           ^
x.conf:4:30: error: esp-gcm authenticates by itself and takes no esp-sha-hmac
  crypto ipsec transform-set c esp-sha-hmac esp-gcm
                               ^
x.conf:5:30: error: esp-sha-hmac needs a transform that encrypts (esp-null encrypts nothing)
  crypto ipsec transform-set d esp-sha-hmac
                               ^
x.conf:6:30: error: esp-des is weak: add 'allow-weak' if it has to be
  crypto ipsec transform-set e esp-des esp-sha-hmac
                               ^
x.conf:7:43: error: esp-3des is weak: add 'allow-weak' if it has to be
  crypto ipsec transform-set f esp-sha-hmac esp-3des
                                            ^
x.conf:8:30: error: esp-md5-hmac is weak: add 'allow-weak' if it has to be
  crypto ipsec transform-set g esp-aes esp-md5-hmac
                               ^
x.conf:9:30: error: 'ah-md5-hmac' is not supported by this version
  crypto ipsec transform-set h ah-md5-hmac
                               ^
x.conf:10:38: error: unknown word '255'; expected 128, 192, 256, allow-weak, icv or the end of the line
  crypto ipsec transform-set i esp-gcm 255
                                       ^
x.conf:11:39: error: unknown word 'icv'; expected 128, 192, 256, allow-weak or the end of the line
  crypto ipsec transform-set j esp-gmac icv 64
                                        ^
x.conf:12:52: error: unknown word '256'; expected allow-weak or the end of the line
  crypto ipsec transform-set k esp-chacha20-poly1305 256
                                                     ^
x.conf:13:42: error: unknown word '32'; expected 128, 64 or 96
  crypto ipsec transform-set l esp-gcm icv 32
                                           ^
EOT

# lengths TRANSFORM CIPHER AUTH: succeeds if exactly these bytes of keys are taken
lengths()
{
	local cipher=$2 auth=$3 off key output
	key=$(printf '%0140d' 0)
	for off in 0 -1 1; do
		{
			echo "crypto ipsec transform-set s $1"
			echo "crypto map m 1 ipsec-manual"
			echo " set transform-set s"
			if [ "$cipher" -gt 0 ]; then
				printf ' set session-key inbound esp 256 cipher %s%s\n' \
					"${key:0:2 * (cipher + off)}" \
					"${auth:+ authenticator ${key:0:2 * auth}}"
			else
				printf ' set session-key inbound esp 256 authenticator %s\n' \
					"${key:0:2 * (auth + off)}"
			fi
		} > "$dir/x.conf"
		output=$("$VPNHACTL" check "$dir/x.conf" 2>&1)
		if [ $off -eq 0 ]; then
			! grep -q error <<< "$output" || return
		else
			grep -q ':4:[0-9]*: error: .* key of .* takes one of ' <<< "$output" ||
				return
		fi
	done
}

all_lengths()
{
	lengths esp-gcm 20 "" && lengths "esp-gcm 192 icv 64" 28 "" && lengths "esp-gcm 256" 36 "" &&
		lengths esp-gmac 20 "" && lengths "esp-ccm 256" 35 "" &&
		lengths esp-chacha20-poly1305 36 "" &&
		lengths "esp-aes esp-sha-hmac" 16 20 && lengths "esp-aes 192 esp-sha256-hmac" 24 32 &&
		lengths "esp-aes-ctr 256 esp-sha384-hmac" 36 48 &&
		lengths "esp-3des esp-sha512-hmac allow-weak" 24 64 &&
		lengths "esp-des esp-md5-hmac allow-weak" 8 16 &&
		lengths "esp-null esp-sha256-hmac" 0 32
}
check "lengths of keys" all_lengths

golden "keys that a transform does not take, without a word of them" 1 << EOF 3<< 'EOT'
crypto ipsec transform-set strong esp-gcm 128
crypto ipsec transform-set nothing esp-null esp-sha-hmac
crypto map m 1 ipsec-manual
 set transform-set strong
 set session-key inbound esp 256 cipher $key20 authenticator $key20
 set session-key outbound esp 257 authenticator $key20
crypto map m 2 ipsec-manual
 set transform-set nothing
 set session-key inbound esp 258 cipher $key20 authenticator $key20
 set session-key outbound esp 255 cipher $key20
 set session-key outbound esp 300 cipher 0$key20
 set session-key outbound esp 300 cipher xyz
 set session-key outbound esp 300 $key20
 set session-key $key20
 set session-key inbound ah 300 $key20
crypto map m 3 ipsec-isakmp
 set session-key inbound esp 300 cipher $key20
EOF
x.conf:3:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 1 ipsec-manual
               ^
x.conf:5:96: error: esp-gcm 128 takes no authenticator key
  ...d esp 256 cipher **************************************** authenticator ****************************************
                                                                             ^
x.conf:6:31: error: esp-gcm 128 needs a cipher key of 20 bytes
   set session-key outbound esp 257 authenticator ******************************...
                                ^
x.conf:6:49: error: esp-gcm 128 takes no authenticator key
   set session-key outbound esp 257 authenticator ****************************************
                                                  ^
x.conf:7:14: warning: entry 2 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 2 ipsec-manual
               ^
x.conf:9:41: error: esp-null esp-sha-hmac takes no cipher key
   set session-key inbound esp 258 cipher **************************************** authent...
                                          ^
x.conf:10:31: error: '255' is no SPI, expected 256 to 4294967295 or 0x100 to 0xffffffff
   set session-key outbound esp 255 cipher *************************************...
                                ^
x.conf:11:42: error: the key has an odd number of hexadecimal digits
   set session-key outbound esp 300 cipher *****************************************
                                           ^
x.conf:12:42: error: the key is not hexadecimal
   set session-key outbound esp 300 cipher ***
                                           ^
x.conf:13:35: error: unknown word '...'; expected authenticator or cipher
   set session-key outbound esp 300 ****************************************
                                    ^
x.conf:14:18: error: unknown word '...'; expected inbound or outbound
   set session-key ****************************************
                   ^
x.conf:15:26: error: 'ah' is not supported by this version
   set session-key inbound ah 300 ****************************************
                           ^
x.conf:16:14: warning: entry 3 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 3 ipsec-isakmp
               ^
x.conf:17:18: error: session keys belong to an ipsec-manual entry, and this is an ipsec-isakmp one
   set session-key inbound esp 300 cipher *************************...
                   ^
EOT

golden "a set that does not fit the keys of an entry" 1 << EOF 3<< 'EOT'
crypto map m 1 ipsec-manual
 set peer 1.2.3.4
 match address 101
 set session-key inbound esp 256 cipher $key20
 set session-key outbound esp 0x100 cipher $key20
 set transform-set strong
access-list 101 permit ip any any
crypto ipsec transform-set strong esp-gcm 256
EOF
x.conf:4:41: error: cipher key of 20 bytes, and esp-gcm 256 takes one of 36, its salt included
   set session-key inbound esp 256 cipher ****************************************
                                          ^
x.conf:5:44: error: cipher key of 20 bytes, and esp-gcm 256 takes one of 36, its salt included
   set session-key outbound esp 0x100 cipher ****************************************
                                             ^
EOT

golden "entries that are incomplete" 1 << EOF 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
access-list 101 permit ip any any
crypto map m 1 ipsec-isakmp
 set transform-set s
 match address 101
crypto map m 2 ipsec-isakmp
 set peer 1.2.3.4
 set transform-set s
crypto map m 3 ipsec-isakmp
 set peer 1.2.3.4
 match address 101
crypto map m 4 ipsec-manual
 set peer 1.2.3.4
 set transform-set s
 match address 101
crypto map m 5 ipsec-manual
 set peer 1.2.3.4
 set transform-set s
 match address 101
 set session-key inbound esp 256 cipher $key20
crypto map m 6
EOF
x.conf:3:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 1 ipsec-isakmp
               ^
x.conf:6:14: warning: entry 2 of crypto map m is incomplete and protects nothing: no 'match address'
  crypto map m 2 ipsec-isakmp
               ^
x.conf:9:14: warning: entry 3 of crypto map m is incomplete and protects nothing: no 'set transform-set'
  crypto map m 3 ipsec-isakmp
               ^
x.conf:12:14: warning: entry 4 of crypto map m is incomplete and protects nothing: no 'set session-key inbound'
  crypto map m 4 ipsec-manual
               ^
x.conf:16:14: warning: entry 5 of crypto map m is incomplete and protects nothing: no 'set session-key outbound'
  crypto map m 5 ipsec-manual
               ^
x.conf:21:14: error: crypto map m has no entry 6 yet: add ipsec-manual or ipsec-isakmp
  crypto map m 6
               ^
EOT

golden "names that nothing has" 0 << 'EOF' 3<< 'EOT'
crypto map m 1 ipsec-isakmp
 set peer 1.2.3.4
 set transform-set none
 match address NONE
interface lo
 crypto map other redundancy NOBODY
interface nosuch0
 crypto map m
EOF
x.conf:3:20: warning: there is no transform set none
   set transform-set none
                     ^
x.conf:4:16: warning: there is no access list NONE
   match address NONE
                 ^
x.conf:6:13: warning: there is no crypto map other
   crypto map other redundancy NOBODY
              ^
x.conf:6:30: warning: no standby group of lo has the name NOBODY
   crypto map other redundancy NOBODY
                               ^
x.conf:7:11: warning: interface nosuch0 does not exist
  interface nosuch0
            ^
x.conf: ok
EOT

golden "peers that cannot be" 1 << 'EOF' 3<< 'EOT'
crypto map m 1 ipsec-manual
 set peer 0.0.0.0
 set peer 127.0.0.1
 set peer 224.0.0.1
 set peer 255.255.255.255
 set peer ::
 set peer ::1
 set peer ff02::1
 set peer 1.2.3
 set peer 1.2.3.4
 set peer 1.2.3.4
 set peer 1.2.3.5
 no set peer
 set peer 1.2.3.4
 set peer 2001:db8::1
EOF
x.conf:1:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'match address'
  crypto map m 1 ipsec-manual
               ^
x.conf:2:11: error: peer 0.0.0.0 is no address
   set peer 0.0.0.0
            ^
x.conf:3:11: error: peer 127.0.0.1 is a loopback address
   set peer 127.0.0.1
            ^
x.conf:4:11: error: peer 224.0.0.1 is a multicast address
   set peer 224.0.0.1
            ^
x.conf:5:11: error: peer 255.255.255.255 is the broadcast address
   set peer 255.255.255.255
            ^
x.conf:6:11: error: peer :: is no address
   set peer ::
            ^
x.conf:7:11: error: peer ::1 is a loopback address
   set peer ::1
            ^
x.conf:8:11: error: peer ff02::1 is a multicast address
   set peer ff02::1
            ^
x.conf:9:11: error: '1.2.3' is not an address
   set peer 1.2.3
            ^
x.conf:15:11: error: a manual entry has one peer: its keys are those of one
   set peer 2001:db8::1
            ^
EOT

golden "an IP version that the interface has no address of" 0 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
access-list 101 permit ip any any
crypto map m 1 ipsec-isakmp
 set peer 2001:db8::1
 set transform-set s
 match address 101
interface lo
 standby 1 ip 10.0.0.1
 standby 1 name A
 crypto map m redundancy A
EOF
x.conf:4:11: warning: peer of IPv6, and a standby group of lo has no address of IPv6
   set peer 2001:db8::1
            ^
x.conf:8:15: group 1 of lo tracks no interface: it stays active when another one of this gateway fails
   standby 1 ip 10.0.0.1
                ^
x.conf: ok
EOT

golden "an inbound SPI for two" 1 << EOF 3<< 'EOT'
crypto map m 2 ipsec-manual
 set session-key inbound esp 300 cipher $key20
 set session-key outbound esp 300 cipher $key20
crypto map m 1 ipsec-manual
 set session-key inbound esp 0x12c cipher $key20
 set session-key outbound esp 300 cipher $key20
crypto map m 3 ipsec-manual
 set session-key inbound esp 300 cipher $key20
 no set session-key inbound
EOF
x.conf:1:14: warning: entry 2 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 2 ipsec-manual
               ^
x.conf:4:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 1 ipsec-manual
               ^
x.conf:5:30: error: inbound SPI 300 belongs to entry 2 of crypto map m already
   set session-key inbound esp 0x12c cipher ***********************************...
                               ^
x.conf:7:14: warning: entry 3 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 3 ipsec-manual
               ^
EOT

golden "standard lists" 1 << 'EOF' 3<< 'EOT'
access-list 10 permit 10.0.0.0
access-list 1300 permit any
access-list 700 permit 0000.0000.0000
crypto map m 1 ipsec-isakmp
 match address 10
 match address 1999
 match address 700
ip access-list extended 99
 permit ip any any
ip access-list extended 700
EOF
x.conf:1: warning: skipped, not an extended access list, which a crypto map needs: access-list 10 permit 10.0.0.0
x.conf:2: warning: skipped, not an extended access list, which a crypto map needs: access-list 1300 permit any
x.conf:3: warning: skipped, not an extended access list, which a crypto map needs: access-list 700 permit 0000.0000.0000
x.conf:4:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'set peer'
  crypto map m 1 ipsec-isakmp
               ^
x.conf:5:16: error: access list 10 is a standard one; a crypto map needs an extended one (100-199, 2000-2699 or a name)
   match address 10
                 ^
x.conf:6:16: error: access list 1999 is a standard one; a crypto map needs an extended one (100-199, 2000-2699 or a name)
   match address 1999
                 ^
x.conf:7:16: error: access list 700 is not an extended one (100-199, 2000-2699 or a name)
   match address 700
                 ^
x.conf:8:25: error: access list 99 is not an extended one (100-199, 2000-2699 or a name)
  ip access-list extended 99
                          ^
x.conf:10:25: error: access list 700 is not an extended one (100-199, 2000-2699 or a name)
  ip access-list extended 700
                          ^
EOT

golden "lines of lists that make no sense" 1 << 'EOF' 3<< 'EOT'
access-list 101 permit ip 10.0.0.0 20.0.0.0
access-list 101 permit ip 10.0.0.0 0.0.0.255
access-list 101 permit ip host 10.0.0.1 2001:db8::/32
access-list 101 permit ipv6 10.0.0.0/8 any
access-list 101 permit ipv6 any host 10.0.0.1
access-list 101 permit ip 10.0.0.0/33 any
access-list 101 permit ip 10.0.0.0/8/8 any
access-list 101 permit ip 10.0.0.0 ::1 any
access-list 101 permit ip 10.0.0.256 any any
access-list 101 permit ip any eq 5 any
access-list 101 permit 47 any eq 5 any
access-list 101 permit tcp any eq 65536 any
access-list 101 permit tcp any gt 65535 any
access-list 101 permit tcp any lt 0 any
access-list 101 permit tcp any range 9 8 any
access-list 101 permit tcp any eq ftpx any
EOF
x.conf:1:44: error: incomplete line; expected any, host, ADDRESS or ADDRESS/LENGTH
  access-list 101 permit ip 10.0.0.0 20.0.0.0
                                             ^
x.conf:2:45: error: incomplete line; expected any, host, ADDRESS or ADDRESS/LENGTH
  access-list 101 permit ip 10.0.0.0 0.0.0.255
                                              ^
x.conf:3:41: error: source and destination are of different IP versions
  access-list 101 permit ip host 10.0.0.1 2001:db8::/32
                                          ^
x.conf:4:29: error: an IPv4 address, and the protocol is ipv6
  access-list 101 permit ipv6 10.0.0.0/8 any
                              ^
x.conf:5:38: error: an IPv4 address, and the protocol is ipv6
  access-list 101 permit ipv6 any host 10.0.0.1
                                       ^
x.conf:6:27: error: '10.0.0.0/33' is not an address and the length of its prefix
  access-list 101 permit ip 10.0.0.0/33 any
                            ^
x.conf:7:27: error: '10.0.0.0/8/8' is not an address and the length of its prefix
  access-list 101 permit ip 10.0.0.0/8/8 any
                            ^
x.conf:8:36: error: address and wildcard are of different IP versions
  access-list 101 permit ip 10.0.0.0 ::1 any
                                     ^
x.conf:9:27: error: '10.0.0.256' is not an address
  access-list 101 permit ip 10.0.0.256 any any
                            ^
x.conf:10:31: error: unknown word 'eq'; expected any, host, ADDRESS or ADDRESS/LENGTH
  access-list 101 permit ip any eq 5 any
                                ^
x.conf:11:31: error: protocol 47 has no ports
  access-list 101 permit 47 any eq 5 any
                                ^
x.conf:12:35: error: '65536' is no port, expected 0 to 65535 or a name, such as www
  access-list 101 permit tcp any eq 65536 any
                                    ^
x.conf:13:35: error: no port is greater than 65535
  access-list 101 permit tcp any gt 65535 any
                                    ^
x.conf:14:35: error: no port is less than 0
  access-list 101 permit tcp any lt 0 any
                                    ^
x.conf:15:40: error: the last port of a range is less than the first
  access-list 101 permit tcp any range 9 8 any
                                         ^
x.conf:16:35: error: 'ftpx' is no port, expected 0 to 65535 or a name, such as www
  access-list 101 permit tcp any eq ftpx any
                                    ^
EOT

golden "more of them" 1 << 'EOF' 3<< 'EOT'
access-list 101 permit 256 any any
access-list 101 permit foo any any
access-list 101 allow ip any any
access-list 2700 permit ip any any
access-list
ip access-list extended
ip access-list extended L
 permit ip any any log
 0 permit ip any any
 2147483648 permit ip any any
 2147483647 permit ip any any
 permit ip any host 1.2.3.4
 no permit
EOF
x.conf:1:24: error: '256' is out of range, expected 0 to 255
  access-list 101 permit 256 any any
                         ^
x.conf:2:24: error: unknown word 'foo'; expected ahp, esp, gre, icmp, icmp6, ip, ipv6, ospf, sctp, tcp, udp or <0-255>
  access-list 101 permit foo any any
                         ^
x.conf:3:17: error: unknown word 'allow'; expected deny or permit
  access-list 101 allow ip any any
                  ^
x.conf:4: warning: skipped, not an extended access list, which a crypto map needs: access-list 2700 permit ip any any
x.conf:5:12: error: incomplete line; expected <1-2699>
  access-list
             ^
x.conf:6:24: error: incomplete line; expected WORD
  ip access-list extended
                         ^
x.conf:8:20: error: unknown word 'log'; expected the end of the line
   permit ip any any log
                     ^
x.conf:9:2: error: '0' is out of range, expected 1 to 2147483647
   0 permit ip any any
   ^
x.conf:10:2: error: '2147483648' is out of range, expected 1 to 2147483647
   2147483648 permit ip any any
   ^
x.conf:12:2: error: the list has no number left for this line
   permit ip any host 1.2.3.4
   ^
x.conf:13:11: error: incomplete line; expected ahp, esp, gre, icmp, icmp6, ip, ipv6, ospf, sctp, tcp, udp or <0-255>
   no permit
            ^
EOT

golden "maps that make no sense" 1 << 'EOF' 3<< 'EOT'
crypto map m 0 ipsec-manual
 set peer 1.2.3.4
crypto map m 65536 ipsec-manual
crypto map m 1 ipsec-manuel
crypto map m
crypto map
crypto ipsec
crypto
crypto map thirty-two-characters-are-too-long 1 ipsec-manual
 set peer
 set
 match address thirty-two-characters-are-too-long
interface lo
 crypto map
 crypto map m redundancy
 crypto map m redundancy twenty-six-characters-long
 crypto ipsec df-bit
 crypto ipsec df-bit maybe
EOF
x.conf:1:14: error: '0' is out of range, expected 1 to 65535
  crypto map m 0 ipsec-manual
               ^
x.conf:3:14: error: '65536' is out of range, expected 1 to 65535
  crypto map m 65536 ipsec-manual
               ^
x.conf:4:16: error: unknown word 'ipsec-manuel'; expected ipsec-isakmp, ipsec-manual or the end of the line
  crypto map m 1 ipsec-manuel
                 ^
x.conf:5:13: error: incomplete line; expected <1-65535>
  crypto map m
              ^
x.conf:6:11: error: incomplete line; expected WORD
  crypto map
            ^
x.conf:7:13: error: incomplete line; expected transform-set
  crypto ipsec
              ^
x.conf:8:7: error: incomplete line; expected dynamic-map, ikev2, ipsec, map or pki
  crypto
        ^
x.conf:9:12: error: name is longer than 31 characters
  crypto map thirty-two-characters-are-too-long 1 ipsec-manua...
             ^
x.conf:10:10: error: incomplete line; expected ADDRESS
   set peer
           ^
x.conf:11:5: error: incomplete line; expected ikev2-profile, peer, pfs, security-association, session-key or transform-set
   set
      ^
x.conf:12:16: error: name is longer than 31 characters
   match address thirty-two-characters-are-too-long
                 ^
x.conf:14:12: error: incomplete line; expected WORD
   crypto map
             ^
x.conf:15:25: error: incomplete line; expected WORD
   crypto map m redundancy
                          ^
x.conf:16:26: error: name is longer than 25 characters
   crypto map m redundancy twenty-six-characters-long
                           ^
x.conf:17:21: error: incomplete line; expected clear, copy or set
   crypto ipsec df-bit
                      ^
x.conf:18:22: error: unknown word 'maybe'; expected clear, copy or set
   crypto ipsec df-bit maybe
                       ^
EOT

golden "a DF bit without a tunnel" 1 << 'EOF' 3<< 'EOT'
interface lo
 crypto ipsec df-bit set
EOF
x.conf:2:22: error: interface lo has no crypto map, and so no tunnel whose DF bit could be set
   crypto ipsec df-bit set
                       ^
EOT

golden "abbreviated words" 0 << 'EOF' 3<< 'EOT'
cry ips tra s esp-gcm 2 icv 9
cry m v 1 ipsec-i
 se pe 1.2.3.4
 se tr s
 m a 101
no cry m v 1
access-li 101 p ip a a
no access-li 101
int lo
 cry m v
 no cry m
EOF
x.conf: ok
EOT

golden "what ends a mode" 1 << 'EOF' 3<< 'EOT'
crypto map m 1 ipsec-isakmp
 set peer 1.2.3.4
exit
 set peer 1.2.3.5
ip access-list extended L
 permit ip any any
interface lo
 permit ip any any
crypto ipsec transform-set s esp-gcm
 set peer 1.2.3.4
EOF
x.conf:1:14: warning: entry 1 of crypto map m is incomplete and protects nothing: no 'match address'
  crypto map m 1 ipsec-isakmp
               ^
x.conf:4:2: error: unknown word 'set'; expected access-list, crypto, end, exit, interface, ip, ipv6, no or track
   set peer 1.2.3.5
   ^
x.conf:8:2: error: unknown word 'permit'; expected access-list, crypto, end, exit, interface, ip, ipv6, no, standby or track
   permit ip any any
   ^
x.conf:10:2: error: unknown word 'set'; expected access-list, crypto, end, exit, interface, ip, ipv6, mode, no or track
   set peer 1.2.3.4
   ^
EOT

refused_keys_are_not_told()
{
	local output

	printf 'crypto map m 1 ipsec-manual\n set session-key inbound esp 1 cipher %s\n' "$key20" \
		> "$dir/x.conf"
	output=$("$VPNHACTL" -j check "$dir/x.conf" 2>&1)
	[ $? -eq 1 ] && ! grep -q "$key20" <<< "$output"
}
check "errors as JSON hold no keys" refused_keys_are_not_told

one_shot()
{
	says 1 "$VPNHACTL" crypto map m 1 ipsec-isakmp set session-key inbound esp 300 \
		cipher "$key20" << 'EOT'
vpnhactl: error: session keys belong to an ipsec-manual entry, and this is an ipsec-isakmp one
  crypto map m 1 ipsec-isakmp set session-key inbound esp 300 cipher *************************...
                                              ^
EOT
}
check "a one-shot line" one_shot

test_end
