#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
# vpnhactl with the kernel module: crypto maps are loaded as a whole and by
# difference, and keys are shown to nobody who may not see them.
set -u

VPNHACTL=$VPNHA_TOP/build/tools/vpnhactl
. ./tools_lib.sh

dir=$(mktemp -d)
cd "$dir" || exit

ctl()
{
	ip netns exec "$NS" "$VPNHACTL" "$@"
}

nobody()
{
	ip netns exec "$NS" setpriv --reuid 65534 --clear-groups "$VPNHACTL" "$@"
}

# sa DIRECTION KEY: of the only entry's SA
sa()
{
	ctl -j show crypto ipsec sa > sa.json
	/usr/bin/python3 - "$@" << 'EOF'
import json, sys
def find(node):
    if isinstance(node, dict):
        if node.get("direction") == sys.argv[1] and sys.argv[2] in node:
            print(node[sys.argv[2]])
            sys.exit()
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            find(one)
with open("sa.json") as file:
    find(json.load(file))
sys.exit(1)
EOF
}

test_begin 15
on_exit rm -rf "$dir"
NS=
setup_ns NS
ip -n "$NS" link add eth0 type veth peer name peer0
ip -n "$NS" link set eth0 up
ip -n "$NS" link set peer0 up
ip -n "$NS" addr add 10.0.0.1/24 dev eth0

key_in=00112233445566778899aabbccddeeff
auth_in=${key_in}$key_in
key_out=ffeeddccbbaa99887766554433221100
cat > good.conf << EOF
crypto ipsec transform-set strong esp-aes 128 esp-sha256-hmac
crypto map vpn 10 ipsec-manual
 set peer 10.0.0.2
 set transform-set strong
 match address 101
 set session-key inbound esp 4097 cipher $key_in authenticator $auth_in
 set session-key outbound esp 4098 cipher $key_out authenticator $auth_in
access-list 101 permit ip 10.1.1.0/24 20.1.1.0/24
access-list 101 deny udp any any eq domain
interface eth0
 crypto map vpn
EOF

check "load" ctl load good.conf
check "load again" says 0 ctl load good.conf <<< "good.conf: no changes"

round_trip()
{
	ctl copy running-config saved.conf && [ "$(stat -c %a saved.conf)" = 600 ] &&
		grep -q "$key_in" saved.conf && says 0 ctl load saved.conf <<< "saved.conf: no changes"
}
check "the running configuration can be loaded, and has the keys" round_trip

# All that is only negotiated, and maps whose peers are not known yet.
cat > negotiated.conf << 'EOF'
crypto ipsec transform-set strong esp-gcm 256
crypto ipsec transform-set other esp-aes 128 esp-sha256-hmac
crypto dynamic-map clients 10
 set transform-set strong other
 set pfs group31
 reverse-route tag 5
crypto dynamic-map clients 20
 set transform-set other
 match address 101
crypto map vpn 10 ipsec-isakmp
 set peer 10.0.0.2
 set peer 10.0.0.3
 set transform-set other strong
 set pfs group14
 set security-association lifetime seconds 600
 set security-association lifetime kilobytes disable
 set security-association idle-time 60
 set ikev2-profile branch
 match address 101
crypto map vpn 20 ipsec-isakmp dynamic clients
access-list 101 permit ip 10.1.1.0/24 20.1.1.0/24
interface eth0
 crypto map vpn
EOF

# no_changes FILE: whatever it is warned of
no_changes()
{
	[ "$(ctl load "$1" 2> warnings)" = "$1: no changes" ]
}

negotiated()
{
	ctl load negotiated.conf && no_changes negotiated.conf &&
		grep -q 'warning: there is no profile branch' warnings &&
		ctl copy running-config saved.conf && no_changes saved.conf &&
		ctl show crypto map | grep -q 'Dynamic map template tag: clients' &&
		ctl show crypto dynamic-map tag clients | grep -c 'Crypto Map Template' | grep -qx 2 &&
		! ctl show crypto dynamic-map tag vpn
}
check "what is negotiated, and dynamic maps, and back" negotiated

by_difference()
{
	sed -e '/set pfs group14/d' -e 's/lifetime seconds 600/lifetime seconds 700/' \
		-e 's/other strong/strong/' -e '/^ reverse-route/d' \
		-e '/^crypto dynamic-map clients 20/,/^ match/d' \
		-e 's/20 ipsec-isakmp dynamic clients/20 ipsec-isakmp/' negotiated.conf > less.conf
	ctl load less.conf && ctl copy running-config saved.conf &&
		no_changes less.conf &&
		! grep -e 'group14' -e 'clients 20' -e 'dynamic clients' -e 'reverse-route' saved.conf &&
		grep -q 'lifetime seconds 700' saved.conf && ctl load negotiated.conf &&
		ctl load good.conf && says 0 ctl load good.conf <<< "good.conf: no changes"
}
check "and by difference" by_difference

no_key()
{
	! grep -e "$key_in" -e "$key_out" -e "${key_in^^}" "$@"
}

hidden()
{
	nobody show running-config > hidden && grep 'session-key inbound esp 4097' hidden && no_key hidden
}
check "without the right to see them keys are left out" hidden

shows()
{
	local what

	for what in "crypto map" "crypto ipsec transform-set" "access-lists" "crypto ipsec sa" \
		"crypto ipsec sa detail" "crypto ipsec counters"; do
		# shellcheck disable=SC2086 # words
		ctl show $what > "shown" && ctl -j show $what > shown.json || return
		no_key shown shown.json || return
	done
	ctl show crypto map | grep -q '20.1.1.0' && [ "$(sa in spi)" = 4097 ] && [ "$(sa out spi)" = 4098 ]
}
check "show, without keys" shows

id=$(sa out id)
add_line()
{
	{
		sed '/^interface/,$d' good.conf
		echo 'access-list 101 permit ip 10.1.2.0/24 20.1.1.0/24'
		sed -n '/^interface/,$p' good.conf
	} > more.conf
	says 0 ctl load more.conf <<< "more.conf: 1 change" && [ "$(sa out id)" = "$id" ]
}
check "an access list changes and the SAs stay" add_line

rekey()
{
	sed "s/$key_out/${key_out//f/e}/" more.conf > rekey.conf
	says 0 ctl load rekey.conf <<< "rekey.conf: 1 change" && [ "$(sa out id)" != "$id" ]
}
check "another key makes another SA" rekey

ctl show running-config > before
unchanged()
{
	ctl show running-config | diff before -
}

sed -e 's/esp 4098/esp 4097/' rekey.conf > both.conf
{
	cat both.conf
	echo 'crypto map other 10 ipsec-manual'
	sed -n '/set peer/,/session-key outbound/p' rekey.conf
	echo 'interface peer0'
	echo ' crypto map other'
} > twice.conf
refused()
{
	local status

	ctl load twice.conf > refused 2>&1
	status=$?
	cat refused
	[ $status -eq 1 ] && grep -q SPI refused && no_key refused
}
check "an SPI that is there twice is refused" refused
check "after a refusal nothing has changed" unchanged

cleared()
{
	id=$(sa in id)
	ctl clear crypto sa counters && [ "$(sa in id)" = "$id" ] &&
		ctl clear crypto sa map vpn && [ "$(sa in id)" != "$id" ]
}
check "clear crypto sa" cleared

may_not()
{
	says 1 nobody clear crypto sa <<< "vpnha: operation not permitted: needs CAP_NET_ADMIN" &&
		says 1 nobody configure 'no access-list 101' \
			<<< "vpnha: operation not permitted: needs CAP_NET_ADMIN"
}
check "who may not is told so" may_not

follows()
{
	ctl debug crypto ipsec > debug.log &
	on_exit kill $!
	# it says nothing before something happens: make something happen until it does
	wait_for heard && no_key debug.log
}
heard()
{
	ctl clear crypto sa
	[ -s debug.log ]
}
check "debug crypto ipsec follows what happens" follows

gone()
{
	: > empty.conf
	echo '!' > empty.conf
	ctl load empty.conf && [ -z "$(ip -n "$NS" link show type vpnha)" ] &&
		! sa out id && ctl show running-config | diff - <(printf '!\nend\n')
}
check "an empty configuration removes all of it" gone
test_end
