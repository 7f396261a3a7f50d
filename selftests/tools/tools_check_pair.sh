#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# "vpnhactl check": what a gateway's configuration should not say, and with more
# than one file what the two of a pair, or a gateway and its peer, say of each other.
set -u

. ./tools_lib.sh

dir=$(mktemp -d)

# told STATUS FILE...: succeeds if the check exits with this status and what it tells,
# without the lines that are the host's and interfaces that this machine lacks, is
# the standard input
told()
{
	local status=$1 expected output rc
	shift

	expected=$(cat)
	output=$(cd "$dir" && "$VPNHACTL" check "$@" 2>&1 < /dev/null)
	rc=$?
	output=$(grep '^[a-z]*\.conf[:]' <<< "$output" |
		grep -vE "skipped, the host's business|does not exist|\.conf: ok$")
	if [ "$output" != "$expected" ]; then
		diff <(echo "$expected") <(echo "$output")
		return 1
	fi
	if [ $rc -ne "$status" ]; then
		echo "exit status $rc, not $status"
		return 1
	fi
}

# gateway ADDRESS INSIDE: one of a pair without faults
gateway()
{
	cat << EOF
crypto ipsec transform-set s esp-gcm
crypto map vpn 10 ipsec-isakmp
 set peer 192.0.2.9
 set transform-set s
 match address 101
interface lo
 ip address $1 255.255.255.0
 standby 1 ip 192.0.2.3
 standby 1 preempt
 standby 1 name OUT
 standby 1 track lo1
 crypto map vpn redundancy OUT
interface lo1
 ip address $2/24
 standby 2 ip 10.1.1.3
 standby 2 preempt
 standby 2 name IN
 standby 2 track lo
access-list 101 permit ip 10.1.1.0/24 20.1.1.0/24
access-list 101 permit ip host 99.99.99.99 20.1.1.0/24
EOF
}

# their peer
peer()
{
	cat << 'EOF'
crypto ipsec transform-set mine esp-gcm
crypto map m 1 ipsec-isakmp
 set peer 192.0.2.3
 set transform-set mine
 match address L
interface lo
 ip address 20.1.1.1 255.255.255.0
interface lo2
 ip address 192.0.2.9 255.255.255.0
 crypto map m
ip access-list extended L
 permit ip 20.1.1.0/24 host 99.99.99.99
 permit ip 20.1.1.0/24 10.1.1.0/24
EOF
}

# pair [SED-SCRIPT [SED-SCRIPT]]: a.conf and b.conf with these changes
pair()
{
	gateway 192.0.2.2 10.1.1.2 | sed "${1-}" > "$dir/a.conf"
	gateway 192.0.2.1 10.1.1.1 | sed "${2-}" > "$dir/b.conf"
}

# tunnel [SED-SCRIPT [SED-SCRIPT]]: a.conf and peer.conf with these changes
tunnel()
{
	gateway 192.0.2.2 10.1.1.2 | sed "${1-}" > "$dir/a.conf"
	peer | sed "${2-}" > "$dir/peer.conf"
}

test_begin 48
on_exit rm -rf "$dir"

# One file.

pair
check "a gateway without faults" told 0 a.conf < /dev/null

pair 's/^ standby 1 ip .*/&\n standby 1 ip 192.0.2.77 secondary/'
check "other secondary virtual IPs" told 0 a.conf b.conf << 'EOT'
a.conf:9:15: warning: the secondary virtual IPs are others in b.conf
EOT

pair 's/^ standby 1 ip .*/&\n standby 1 mac-address 02fe.0000.0001/'
check "another virtual MAC address" told 0 a.conf b.conf << 'EOT'
a.conf:9:24: warning: the virtual MAC address is another one in b.conf: it changes with the active gateway
EOT

pair '/track lo1/d'
check "an inside interface that is not tracked" told 0 a.conf << 'EOT'
a.conf:8:15: warning: group 1 of lo does not track lo1, which has a group, too: a gateway could be active on one side only, unless these are bundled ('follow NAME bundle')
EOT

pair '/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/' \
	'/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/'
check "a bundle, which needs no tracking" told 0 a.conf b.conf < /dev/null

pair '/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/' \
	'/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/; s/10\.1\.1\.1/10.1.1.9/'
check "a bundle, though the addresses are not in the same order" told 0 a.conf b.conf < /dev/null

pair '/track/d; s/standby 2 preempt/standby 2 follow OUT/' \
	'/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/'
check "bundled on one gateway only" told 0 a.conf b.conf << 'EOT'
a.conf:8:15: warning: group 1 of lo does not track lo1, which has a group, too: a gateway could be active on one side only, unless these are bundled ('follow NAME bundle')
a.conf:15:19: warning: group OUT stays active when lo1 fails, and this one is active nowhere then ('standby 2 follow OUT bundle' has both move)
a.conf:15:19: warning: the group is bundled with OUT in b.conf only
EOT

pair '/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/' 's/track lo.*/& 150/'
check "following on one gateway only" told 0 a.conf b.conf << 'EOT'
a.conf:15:19: warning: the group follows OUT here, and takes part in an election in b.conf: both become active
EOT

pair '/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/' \
	'/track/d; s/standby 1 preempt/standby 1 follow IN bundle/'
check "two that follow each other" told 0 a.conf b.conf << 'EOT'
a.conf:8:15: warning: the group follows IN in b.conf, and takes part in an election here: both become active
a.conf:15:19: warning: the group follows OUT here, and takes part in an election in b.conf: both become active
EOT

pair '/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/' \
	'/track/d; s/standby 2 preempt/standby 2 follow OUT bundle/; s/standby 2 /standby 3 /'
check "other numbers of those that follow" told 0 a.conf b.conf << 'EOT'
a.conf:14:15: warning: the virtual MAC address is another one in b.conf: it changes with the active gateway
EOT

pair '13,18d; /track/d'
check "a single interface, and nothing tracked" told 0 a.conf << 'EOT'
a.conf:8:15: group 1 of lo tracks no interface: it stays active when another one of this gateway fails
EOT

pair '/standby 1 preempt/d'
check "tracking without preemption" told 0 a.conf << 'EOT'
a.conf:10:18: warning: without 'standby 1 preempt' a tracked interface that is down at the other gateway is no reason to take over from it
EOT

pair 's/ redundancy OUT//'
check "a crypto map that follows no group" told 0 a.conf << 'EOT'
a.conf:12:13: warning: crypto map vpn follows no group of lo: the tunnels end at the interface's own address and do not move (redundancy NAME)
EOT

pair '/name OUT/d'
check "a group without the name" told 0 a.conf << 'EOT'
a.conf:11:28: warning: no standby group of lo has the name OUT; group 1 has no name
EOT

pair 's/name OUT/name OUTSIDE/'
check "a group of another name" told 0 a.conf << 'EOT'
a.conf:12:28: warning: no standby group of lo has the name OUT
EOT

pair '/standby 1 ip/d'
check "a group that does not run" told 0 a.conf << 'EOT'
a.conf:11:28: warning: group 1, which is called OUT, does not run: it has no 'standby 1 ip'
EOT

pair 's/\(standby 1 ip\) .*/\1/'
check "a virtual IP that is learned" told 0 a.conf << 'EOT'
a.conf:8:2: the virtual IP is not configured: tunnels have no end here until it is learned
EOT

# The two of a pair.

pair
check "a pair without faults" told 0 a.conf b.conf < /dev/null

# As the document on stateless failover has it: one is preferred, and takes over again.
pair 's/\(standby .\) preempt/&\n \1 priority 200/; s/track .*/& 150/'
check "a preferred gateway" told 0 a.conf b.conf << 'EOT'
a.conf:10:21: priority 200 here, and 100 in b.conf: the gateway of the higher one takes over again when it has recovered, and tunnels start anew a second time
EOT

pair '/track/d; s/\(standby .\) preempt/\1 priority 200/'
check "a higher priority without preemption" told 0 a.conf b.conf << 'EOT'
a.conf:8:15: warning: group 1 of lo does not track lo1, which has a group, too: a gateway could be active on one side only, unless these are bundled ('follow NAME bundle')
a.conf:9:21: warning: priority 200 here, and 100 in b.conf: the higher one does not preempt, so which gateway is active depends on which was there first
a.conf:14:15: warning: group 2 of lo1 does not track lo, which has a group, too: a gateway could be active on one side only, unless these are bundled ('follow NAME bundle')
EOT

pair 's/redundancy OUT/& stateful/; s/standby 1 preempt/&\n standby 1 priority 110/; s/track lo1/& 20/'
check "unequal priorities of a stateful pair" told 1 a.conf b.conf << 'EOT'
a.conf:10:21: warning: priority 110 here, and 100 in b.conf: with stateful failover they should be equal, or the gateway of the higher one takes over needlessly, perhaps before it has the state
a.conf:13:32: error: 'stateful' is not supported by this version
EOT

pair 's/\(standby .\) preempt/&\n \1 priority 120/' 's/standby 1 preempt/&\n standby 1 priority 105/; s/track lo1/& 200/'
check "too little taken off for what is tracked" told 0 a.conf b.conf << 'EOT'
a.conf:10:21: priority 120 here, and 105 in b.conf: the gateway of the higher one takes over again when it has recovered, and tunnels start anew a second time
a.conf:12:18: warning: priority 120 less 10 is 110, still above 105 in b.conf: the group does not move when lo1 is down
a.conf:20:18: warning: priority 120 less 10 is 110, still above 100 in b.conf: the group does not move when lo is down
EOT

gateway 192.0.2.2 10.1.1.1 > "$dir/a.conf"
gateway 192.0.2.1 10.1.1.2 > "$dir/b.conf"
check "addresses in another order inside than outside" told 0 a.conf b.conf << 'EOT'
a.conf:14:13: warning: by its address this gateway is not preferred to that of b.conf on lo1, and the reverse on lo: one of them becomes active on each side
EOT

sed -i '/ip address/d' "$dir/b.conf"
check "addresses that are not known" told 0 a.conf b.conf < /dev/null

pair 's/standby 1 preempt/&\n standby 1 priority 110/; s/track lo1/& 50/' 's/standby 2 preempt/&\n standby 2 priority 110/; s/track lo$/& 50/'
check "one preferred outside, the other inside" told 0 a.conf b.conf << 'EOT'
a.conf:10:21: priority 110 here, and 100 in b.conf: the gateway of the higher one takes over again when it has recovered, and tunnels start anew a second time
a.conf:16:15: warning: by its priority this gateway is not preferred to that of b.conf on lo1, and the reverse on lo: one of them becomes active on each side
EOT

# Two headends, each active for one of two remote sites.
for side in a b; do
	for n in 1 2; do
		if [ $side$n = a1 ] || [ $side$n = b2 ]; then
			priority=110
		else
			priority=100
		fi
		cat << EOF
interface lo
 standby $n ip 192.0.2.10$n
 standby $n priority $priority
 standby $n preempt
 standby $n track lo1 20
interface lo1
 standby 1$n ip 10.1.1.10$n
 standby 1$n priority $priority
 standby 1$n preempt
 standby 1$n track lo 20
EOF
	done > "$dir/$side.conf"
	cat >> "$dir/$side.conf" << 'EOF'
interface lo
 standby 1 name ONE
 crypto map vpn redundancy ONE
EOF
done
shares_load()
{
	! (cd "$dir" && "$VPNHACTL" check a.conf b.conf 2>&1) | grep -E 'on each side'
}
check "a load that is shared" shares_load

pair '/crypto/d; /^ set/d; /match/d; s/standby 1 preempt/standby 1 priority 90/; /track/d'
sed -i '/crypto map vpn redundancy/d' "$dir/b.conf"
check "priorities of groups that no crypto map follows" told 0 a.conf b.conf < /dev/null

pair 's/standby 2/standby 4/'
check "two groups of one virtual IP" told 0 a.conf b.conf << 'EOT'
a.conf:15:10: warning: virtual IP 10.1.1.3 is that of group 4 here, and of group 2 in b.conf: both become active
EOT

pair 's/interface lo$/&\n standby version 2/'
check "versions of HSRP" told 0 a.conf b.conf << 'EOT'
a.conf:9:10: warning: version 2 of HSRP here, and version 1 in b.conf: they do not hear each other
EOT

pair 's/standby 1 preempt/&\n standby 1 timers 1 4/' 's/standby 1 preempt/&\n standby 1 timers 1 3/'
check "timers" told 0 a.conf b.conf << 'EOT'
a.conf:10:19: warning: the timers are others in b.conf
EOT

pair 's/192\.0\.2\.2/192.0.2.1/'
check "one address of both" told 0 a.conf b.conf << 'EOT'
a.conf:7:13: warning: lo in b.conf has this address, too
EOT

pair 's/99\.99\.99\.99/99.99.99.98/'
check "access lists that differ" told 0 a.conf b.conf << 'EOT'
a.conf:5:16: warning: the access list of entry 10 is not that of the entry in b.conf: both gateways need the same
EOT

pair 's/match address.*/&\n reverse-route/'
check "routes that only one injects" told 0 a.conf b.conf << 'EOT'
a.conf:6:2: warning: reverse-route of entry 10 is not that of the entry in b.conf: both gateways need the same
EOT

pair 's/esp-gcm/& 256/; s/192\.0\.2\.9/192.0.2.8/; s/ipsec-isakmp/ipsec-manual/'
check "entries that differ" told 0 a.conf b.conf << 'EOT'
a.conf:2:16: warning: entry 10 of crypto map vpn is incomplete and protects nothing: no 'set session-key inbound'
a.conf:2:19: warning: the kind of entry 10 is not that of the entry in b.conf: both gateways need the same
a.conf:3:11: warning: the peer of entry 10 is not that of the entry in b.conf: both gateways need the same
a.conf:4:20: warning: the transform set of entry 10 is not that of the entry in b.conf: both gateways need the same
EOT

keys='s/ipsec-isakmp/ipsec-manual\n set session-key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f01020304\n set session-key outbound esp 300 cipher 000102030405060708090a0b0c0d0e0f01020304/'
pair "$keys" "$keys; s/inbound esp 300/inbound esp 301/; s/\(outbound .*\)04/\105/"
check "session keys that differ, without a word of them" told 0 a.conf b.conf << 'EOT'
a.conf:3:30: warning: the inbound session key of entry 10 is not that of the entry in b.conf: both gateways need the same
a.conf:4:31: warning: the outbound session key of entry 10 is not that of the entry in b.conf: both gateways need the same
EOT

more='crypto map vpn 20 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set s\n match address 101'
pair "1s/^/$more\n/" "1s/^/${more/20/30}\n/"
check "entries that one lacks" told 0 a.conf b.conf << 'EOT'
a.conf:1:16: warning: crypto map vpn has no entry 20 in b.conf
b.conf:1:16: warning: crypto map vpn has no entry 30 in a.conf
EOT

pair '' '/crypto map vpn redundancy/d'
check "only one follows the group" told 0 a.conf b.conf << 'EOT'
a.conf:12:28: warning: no crypto map follows this group in b.conf
EOT
check "only the other one does" told 0 b.conf a.conf << 'EOT'
b.conf:8:10: warning: crypto map vpn follows this group in a.conf, and none does here
EOT

# A gateway and its peer.

tunnel
check "a gateway and its peer without faults" told 0 a.conf peer.conf < /dev/null
check "likewise the peer and the gateway" told 0 peer.conf a.conf < /dev/null

tunnel 's/10\.1\.1\.0/10.1.0.0/' 's/permit ip 20.1.1.0\/24 host/permit tcp 20.1.1.0\/24 host/'
check "access lists that are not mirrored" told 0 a.conf peer.conf << 'EOT'
a.conf:19:17: warning: no line of peer.conf mirrors this one, source and destination exchanged
a.conf:20:17: warning: no line of peer.conf mirrors this one, source and destination exchanged
peer.conf:12:2: warning: no line of a.conf mirrors this one, source and destination exchanged
peer.conf:13:2: warning: no line of a.conf mirrors this one, source and destination exchanged
EOT

tunnel 's/permit ip host/permit tcp host/; s/\(99.99.99.99\) \(20.*\)/\1 eq www \2 gt 1023/' \
	's/permit ip \(.*\) \(host.*\)/permit tcp \1 gt 1023 \2 eq www/'
check "ports that are mirrored" told 0 a.conf peer.conf < /dev/null

tunnel '' 's/esp-gcm/& 256/'
check "transform sets of a tunnel" told 0 a.conf peer.conf << 'EOT'
a.conf:4:20: warning: no entry of peer.conf has such a transform set
peer.conf:4:20: warning: no entry of a.conf has such a transform set
EOT

tunnel '' 's/192\.0\.2\.3/192.0.2.2/'
check "no way back" told 0 a.conf peer.conf << 'EOT'
a.conf:3:11: warning: the peer is that of peer.conf, which has no entry whose peer is this gateway
EOT

tunnel 's/192\.0\.2\.9/192.0.2.8/'
check "no way there" told 0 a.conf peer.conf << 'EOT'
peer.conf:3:11: warning: the peer is that of a.conf, which has no entry whose peer is this gateway
EOT

tunnel '' 's/192\.0\.2/192.0.3/'
check "files that have nothing to do with each other" told 0 a.conf peer.conf << 'EOT'
a.conf: nothing to do with peer.conf: no virtual IP in common, and neither is a peer of the other
EOT

# All in one.
several()
{
	pair '' 's/99\.99\.99\.99/99.99.99.98/'
	peer > "$dir/peer.conf"
	told 0 a.conf b.conf peer.conf << 'EOT' || return
a.conf:5:16: warning: the access list of entry 10 is not that of the entry in b.conf: both gateways need the same
EOT
	(cd "$dir" && "$VPNHACTL" -j check a.conf b.conf peer.conf) > "$dir/json" || return
	jq -e '[.messages[] | select(.level == "warning" and .line == 5)] == [{
		"level": "warning", "file": "a.conf", "line": 5, "column": 16,
		"message": "the access list of entry 10 is not that of the entry in b.conf: both gateways need the same"}]' \
		"$dir/json"
}
check "several files, and JSON" several

mistakes()
{
	pair '' 's/preempt/premt/'
	told 1 a.conf b.conf << 'EOT' || return
b.conf:9:12: error: unknown word 'premt'; expected authentication, follow, ip, ipv6, mac-address, name, preempt, priority, timers or track
b.conf:16:12: error: unknown word 'premt'; expected authentication, follow, ip, ipv6, mac-address, name, preempt, priority, timers or track
EOT
	"$VPNHACTL" -j check "$dir/a.conf" "$dir/b.conf" > "$dir/json"
	[ $? -eq 1 ] && jq -e '[.errors[] | select(.level == "error")] | length == 2' "$dir/json" &&
		says 1 "$VPNHACTL" check "$dir/a.conf" "$dir/none" << EOT
vpnhactl: $dir/none: No such file or directory
EOT
}
check "mistakes of another file" mistakes

test_end
