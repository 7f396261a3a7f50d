#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check" and "vpnhactl import": groups of IPv6, alone, beside others and in
# a pair.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)
test_begin 11
on_exit rm -rf "$dir"

golden "all that can be said" 0 << 'EOF' 3<< 'EOT'
interface lo
 standby version 2
 standby 1 ipv6 autoconfig
 standby 1 ipv6 2001:DB8::1/64
 standby 1 ipv6 fd00::1/128
 standby 2 ipv6 fe80::2
 standby 3 ipv6 2001:db8::3/64
 standby 4 ipv6
 standby 5 ip 10.0.0.1
 no standby 5 ip
 standby 5 ipv6 au
 standby ipv6 fe80::5:73ff:fea0:6
 no standby 4 ipv6 2001:db8::4
 no standby 9 ipv6
EOF
x.conf: ok
EOT

golden "addresses that cannot be virtual ones" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby version 2
 standby 8 ipv6 2001:db8::8
 standby 8 ipv6 fe80::8/64
 standby 8 ipv6 2001:db8::/64
 standby 8 ipv6 fe80::
 standby 8 ipv6 ff02::1
 standby 8 ipv6 ff02::1/64
 standby 8 ipv6 ::
 standby 8 ipv6 ::1/128
 standby 8 ipv6 ::ffff:1.2.3.4/96
 standby 8 ipv6 ::1.2.3.4/96
EOF
x.conf:3:17: error: virtual IP 2001:db8::8 is no link-local address; a global one has a length, as 2001:db8::1/64
   standby 8 ipv6 2001:db8::8
                  ^
x.conf:4:17: error: virtual IP fe80::8/64 is a link-local address, which has no length of a prefix
   standby 8 ipv6 fe80::8/64
                  ^
x.conf:5:17: error: virtual IP 2001:db8::/64 is a prefix and no address in it
   standby 8 ipv6 2001:db8::/64
                  ^
x.conf:6:17: error: virtual IP fe80:: is an address of all routers (subnet-router anycast)
   standby 8 ipv6 fe80::
                  ^
x.conf:7:17: error: virtual IP ff02::1 is a multicast address
   standby 8 ipv6 ff02::1
                  ^
x.conf:8:17: error: virtual IP ff02::1/64 is a multicast address
   standby 8 ipv6 ff02::1/64
                  ^
x.conf:9:17: error: virtual IP :: is no address
   standby 8 ipv6 ::
                  ^
x.conf:10:17: error: virtual IP ::1/128 is a loopback address
   standby 8 ipv6 ::1/128
                  ^
x.conf:11:17: error: virtual IP ::ffff:1.2.3.4/96 is an IPv4 address mapped to IPv6
   standby 8 ipv6 ::ffff:1.2.3.4/96
                  ^
x.conf:12:17: error: virtual IP ::1.2.3.4/96 is an IPv4 address in ::/96
   standby 8 ipv6 ::1.2.3.4/96
                  ^
EOT

golden "what is no address at all" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby version 2
 standby 8 ipv6 2001:db8::8/129
 standby 8 ipv6 2001:db8::8/0
 standby 8 ipv6 2001:db8::8/
 standby 8 ipv6 2001:db8::8/64/64
 standby 8 ipv6 /64
 standby 8 ipv6 2001:db8::g/64
 standby 8 ipv6 10.0.0.1
 standby 8 ipv6 10.0.0.1/24
 standby 8 ipv6 fe80::1%eth0
 standby 8 ipv6 fe80:1
 standby 8 ipv6 foo
 standby 8 ipv6 autoconfig extra
 standby 8 ipv6 fe80::1 fe80::2
 no standby 8 ipv6 10.0.0.1
EOF
x.conf:3:17: error: prefix length '129' is out of range, expected 1 to 128
   standby 8 ipv6 2001:db8::8/129
                  ^
x.conf:4:17: error: prefix length '0' is out of range, expected 1 to 128
   standby 8 ipv6 2001:db8::8/0
                  ^
x.conf:5:17: error: prefix length '' is out of range, expected 1 to 128
   standby 8 ipv6 2001:db8::8/
                  ^
x.conf:6:17: error: prefix length '64/64' is out of range, expected 1 to 128
   standby 8 ipv6 2001:db8::8/64/64
                  ^
x.conf:7:17: error: '' is not an IPv6 address
   standby 8 ipv6 /64
                  ^
x.conf:8:17: error: '2001:db8::g' is not an IPv6 address
   standby 8 ipv6 2001:db8::g/64
                  ^
x.conf:9:17: error: '10.0.0.1' is not an IPv6 address
   standby 8 ipv6 10.0.0.1
                  ^
x.conf:10:17: error: '10.0.0.1' is not an IPv6 address
   standby 8 ipv6 10.0.0.1/24
                  ^
x.conf:11:17: error: 'fe80::1%eth0' is not an IPv6 address
   standby 8 ipv6 fe80::1%eth0
                  ^
x.conf:12:17: error: 'fe80:1' is not an IPv6 address
   standby 8 ipv6 fe80:1
                  ^
x.conf:13:17: error: unknown word 'foo'; expected autoconfig, X:X::X, X:X::X/<1-128> or the end of the line
   standby 8 ipv6 foo
                  ^
x.conf:14:28: error: unknown word 'extra'; expected the end of the line
   standby 8 ipv6 autoconfig extra
                             ^
x.conf:15:25: error: unknown word 'fe80::2'; expected the end of the line
   standby 8 ipv6 fe80::1 fe80::2
                          ^
x.conf:16:20: error: '10.0.0.1' is not an IPv6 address
   no standby 8 ipv6 10.0.0.1
                     ^
EOT

golden "groups are of one version of IP" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby version 2
 standby 1 ipv6 autoconfig
 standby 1 ip 10.0.0.1
 standby 1 ip
 standby 1 ip 10.0.0.1 secondary
 standby 2 ip
 standby 2 ipv6
 standby 2 ipv6 autoconfig
 standby 2 ipv6 2001:db8::2/64
EOF
x.conf:4:15: error: group 1 of lo is one of IPv6 ('no standby 1 ipv6' ends that)
   standby 1 ip 10.0.0.1
                ^
x.conf:5:12: error: group 1 of lo is one of IPv6 ('no standby 1 ipv6' ends that)
   standby 1 ip
             ^
x.conf:6:15: error: group 1 of lo is one of IPv6 ('no standby 1 ipv6' ends that)
   standby 1 ip 10.0.0.1 secondary
                ^
x.conf:8:12: error: group 2 of lo is one of IPv4 ('no standby 2 ip' ends that)
   standby 2 ipv6
             ^
x.conf:9:17: error: group 2 of lo is one of IPv4 ('no standby 2 ip' ends that)
   standby 2 ipv6 autoconfig
                  ^
x.conf:10:17: error: group 2 of lo is one of IPv4 ('no standby 2 ip' ends that)
   standby 2 ipv6 2001:db8::2/64
                  ^
EOT

golden "version 1 of HSRP" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby 1 ipv6 autoconfig
 standby 2 ipv6 2001:db8::2/64
 no standby 2 ipv6 2001:db8::3/64
 standby 3 ipv6
EOF
x.conf:2:17: error: IPv6 needs version 2 of HSRP: say 'standby version 2'
   standby 1 ipv6 autoconfig
                  ^
x.conf:3:17: error: IPv6 needs version 2 of HSRP: say 'standby version 2'
   standby 2 ipv6 2001:db8::2/64
                  ^
x.conf:5:12: error: IPv6 needs version 2 of HSRP: say 'standby version 2'
   standby 3 ipv6
             ^
EOT

golden "an address of two groups" 1 << 'EOF' 3<< 'EOT'
interface lo
 standby version 2
 standby 1 ipv6 autoconfig
 standby 1 ipv6 2001:db8::1/64
 standby 2 ipv6 fe80::2
 standby 3 ipv6 2001:db8::3/64
 standby 4 ipv6 fe80::5:73ff:fea0:1
 standby 5 ipv6 fe80::5:73ff:fea0:3
 standby 6 ipv6 2001:db8::1/80
 standby 7 ipv6 fe80::2
interface lo2
 standby version 2
 standby 1 ipv6 autoconfig
 standby 2 ipv6 fe80::2
 standby 3 ipv6 2001:0db8:0::3/64
EOF
x.conf:7:17: error: virtual IP fe80::5:73ff:fea0:1 belongs to group 1 of lo already
   standby 4 ipv6 fe80::5:73ff:fea0:1
                  ^
x.conf:8:17: error: virtual IP fe80::5:73ff:fea0:3 belongs to group 3 of lo already
   standby 5 ipv6 fe80::5:73ff:fea0:3
                  ^
x.conf:9:17: error: virtual IP 2001:db8::1 belongs to group 1 of lo already
   standby 6 ipv6 2001:db8::1/80
                  ^
x.conf:10:17: error: virtual IP fe80::2 belongs to group 2 of lo already
   standby 7 ipv6 fe80::2
                  ^
x.conf:11:11: warning: interface lo2 does not exist
  interface lo2
            ^
x.conf:15:17: error: virtual IP 2001:db8::3 belongs to group 3 of lo already
   standby 3 ipv6 2001:0db8:0::3/64
                  ^
EOT

{
	printf 'interface lo\n standby version 2\n'
	printf ' standby 1 ipv6 2001:db8::%x/64\n' {1..17}
} > "$dir/x.conf"
check "too many global virtual IPs" said 1 << 'EOT'
x.conf:19:17: error: more than 16 global virtual IPs
   standby 1 ipv6 2001:db8::11/64
                  ^
EOT

golden "a crypto map that follows a group of IPv6" 0 << 'EOF' 3<< 'EOT'
crypto ipsec transform-set s esp-gcm
access-list 101 permit ip any any
crypto map m 1 ipsec-isakmp
 set peer 2001:db8::9
 set peer 192.0.2.9
 set transform-set s
 match address 101
interface lo
 standby version 2
 standby 1 ipv6 2001:db8::1/64
 standby 1 name A
 standby 2 ipv6 autoconfig
 crypto map m redundancy A
EOF
x.conf:5:11: warning: peer of IPv4, and a standby group of lo has no address of IPv4
   set peer 192.0.2.9
            ^
x.conf:10:17: group 1 of lo tracks no interface: it stays active when another one of this gateway fails
   standby 1 ipv6 2001:db8::1/64
                  ^
x.conf:12:17: group 2 of lo tracks no interface: it stays active when another one of this gateway fails
   standby 2 ipv6 autoconfig
                  ^
x.conf: ok
EOT

pair()
{
	cat > "$dir/a.conf" << 'EOF'
interface lo
 standby version 2
 standby 1 ipv6 autoconfig
 standby 1 ipv6 2001:db8::1/64
 standby 2 ipv6 2001:db8::2/64
 standby 3 ipv6 autoconfig
 standby 3 name THREE
 standby 4 ipv6 autoconfig
EOF
	cat > "$dir/b.conf" << 'EOF'
interface lo
 standby version 2
 standby 1 ipv6 fe80::1
 standby 1 ipv6 2001:db8::1/64
 standby 1 ipv6 2001:db8::11/64
 standby 5 ipv6 2001:db8::2/64
 standby 4 ipv6 autoconfig
 standby 4 timers 1 4
interface lo1
 standby version 2
 standby 3 ipv6 fe80::3
 standby 3 name THREE
EOF
	sed -i 's/standby 4 ipv6.*/&\n standby 4 timers 1 5/' "$dir/a.conf"
	(cd "$dir" && says 0 sh -c "'$VPNHACTL' check a.conf b.conf 2>&1 | grep '^a'") << 'EOT'
a.conf:3:17: warning: the link-local virtual IP is another one in b.conf
a.conf:4:17: warning: the global virtual IPs are others in b.conf
a.conf:5:10: warning: virtual IP 2001:db8::2 is that of group 2 here, and of group 5 in b.conf: both become active
a.conf:6:17: warning: the link-local virtual IP is another one in b.conf
a.conf:9:19: warning: the timers are others in b.conf
a.conf: ok
EOT
}
check "a pair, and what differs" pair

# tunnel_end OWN PEER LOCAL REMOTE NAME: the file of one end of a tunnel
tunnel_end()
{
	cat << EOF
crypto ipsec transform-set s esp-gcm
ipv6 access-list L
 permit ipv6 2001:db8:$3::/64 2001:db8:$4::/64
crypto map m 1 ipsec-isakmp
 set peer 2001:db8::$2
 set transform-set s
 match address L
interface lo
 standby version 2
 standby $1 ipv6 2001:db8::$1/64
 standby $1 name $5
 crypto map m redundancy $5
EOF
}

tunnel()
{
	tunnel_end 1 9 1 2 A > "$dir/a.conf"
	tunnel_end 9 1 2 1 B > "$dir/b.conf"
	tunnel_end 9 1 3 1 B > "$dir/c.conf"
	(cd "$dir" && says 0 sh -c "'$VPNHACTL' check a.conf b.conf 2>&1 | grep 'warning'; :") \
		< /dev/null || return
	(cd "$dir" && says 0 sh -c "'$VPNHACTL' check a.conf c.conf 2>&1 | grep 'warning'; :") << 'EOT'
a.conf:3:2: warning: no line of c.conf mirrors this one, source and destination exchanged
c.conf:3:2: warning: no line of a.conf mirrors this one, source and destination exchanged
EOT
}
check "a tunnel between two of them" tunnel

import()
{
	cat > "$dir/r.txt" << 'EOF'
hostname R1
interface GigabitEthernet0/0
 ip address 10.1.1.2 255.255.255.0
 ipv6 address FE80::2 link-local
 ipv6 address 2001:DB8::2/64
 ipv6 address 2001:DB8:1::/64 eui-64
 ipv6 address FE80::1/64 link-local
 ipv6 enable
 ipv6 nd ra suppress
 standby version 2
 standby 1 ip 10.1.1.1
 standby 2 ipv6 autoconfig
 standby 2 ipv6 2001:DB8::1/64
 standby 2 preempt
 standby 3 ipv6 FE80::3
interface GigabitEthernet0/1
 ipv6 address 2001:DB8:2::2/64
EOF
	(cd "$dir" && says 0 "$VPNHACTL" import --interface Gi0/0=eth0 --output conf --host host r.txt) << 'EOT' || return
r.txt:1: the host's: hostname R1
r.txt:3: the host's: ip address 10.1.1.2 255.255.255.0 -> ip address replace 10.1.1.2/24 dev eth0
r.txt:4: the host's: ipv6 address FE80::2 link-local -> ip address replace FE80::2/64 dev eth0
r.txt:5: the host's: ipv6 address 2001:DB8::2/64 -> ip address replace 2001:DB8::2/64 dev eth0
r.txt:6:2: warning: the host's, and not translated
   ipv6 address 2001:DB8:1::/64 eui-64
   ^
r.txt:7:2: warning: the host's, and not translated
   ipv6 address FE80::1/64 link-local
   ^
r.txt:8: the host's: ipv6 enable
r.txt:9: the host's: ipv6 nd ra suppress
r.txt:16: interface GigabitEthernet0/1 is left out: nothing needs it
EOT
	(cd "$dir" && "$VPNHACTL" check conf > /dev/null 2>&1) || return
	sed -n '/^ip address/p' "$dir/host" >> "$dir/conf"
	diff - "$dir/conf"
}
check "a router" import << 'EOF'
! R1, imported by vpnhactl
!
interface eth0
 ip address 10.1.1.2 255.255.255.0
 standby version 2
 standby 1 ip 10.1.1.1
 standby 2 ipv6 autoconfig
 standby 2 ipv6 2001:DB8::1/64
 standby 2 preempt
 standby 3 ipv6 FE80::3
!
end
ip address replace 10.1.1.2/24 dev eth0
ip address replace FE80::2/64 dev eth0
ip address replace 2001:DB8::2/64 dev eth0
EOF

test_end
