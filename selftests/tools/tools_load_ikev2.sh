#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
# vpnhactl with the kernel module and vpnhad: a configuration goes to both, or to none.
set -u

VPNHACTL=$VPNHA_TOP/build/tools/vpnhactl
. ./tools_lib.sh

tests=$PWD
dir=$(mktemp -d)
cd "$dir" || exit
export VPNHA_SOCKET=$dir/socket

ctl()
{
	ip netns exec "$NS" "$VPNHACTL" "$@"
}

running()
{
	diff - <(ctl show running-config)
}

# asked: succeeds if the standard input is what vpnhad was asked since last time
asked()
{
	diff - ops && : > ops
}

# has FILE: succeeds if vpnhad has the lines of the file
has()
{
	diff "$1" text
}

test_begin 15
on_exit rm -rf "$dir"
NS=
setup_ns NS

cat > ike.conf << 'EOT'
crypto ikev2 keyring K
 peer A
  address 10.0.0.9
  pre-shared-key 0123456789abcdef
!
crypto ikev2 profile P
 match identity remote address 10.0.0.9
 authentication remote pre-share
 authentication local pre-share
 keyring local K
!
EOT
cat > kernel.conf << 'EOT'
crypto ipsec transform-set s esp-gcm 256
!
access-list 101 permit ip host 10.1.1.1 host 10.2.2.2
!
crypto map m 10 ipsec-isakmp
 set peer 10.0.0.9
 set transform-set s
 match address 101
!
end
EOT
cat ike.conf kernel.conf > all.conf

# Nobody listens yet.
check "without vpnhad the rest is loaded" says 0 ctl load all.conf << 'EOT'
all.conf: warning: vpnhad is not running: lines of crypto ikev2 and crypto pki take effect when it starts and reads /etc/vpnha/vpnha.conf
all.conf: 3 changes
EOT
without()
{
	{
		echo "! vpnhad is not running: its lines, crypto ikev2 and crypto pki, are not here"
		echo "!"
		cat kernel.conf
	} | running
}
check "the running configuration says what is not there" without
check "what would be lost is not overwritten" says 1 ctl copy running-config all.conf << 'EOT'
vpnhactl: vpnhad is not running, and its lines in all.conf would be lost
EOT
printf 'end\n' > empty.conf
ctl load empty.conf

/usr/bin/python3 "$tests/fake_vpnhad.py" "$dir" &
fake=$!
on_exit kill "$fake"
listens()
{
	"$VPNHACTL" crypto ikev2 dpd 9 3 periodic && "$VPNHACTL" no crypto ikev2 dpd
}
wait_for listens
: > ops

check "a dry run says what both would do" says 0 ctl load --dry-run all.conf \
	< <(sed '/^!$/d; /^end$/d; s/^access-list 101/ip access-list extended 101\n 10/' kernel.conf
	    sed 's/0123456789abcdef/<removed>/' ike.conf)
check "and asks only" asked << 'EOT'
running
check
EOT
check "load" says 0 ctl load all.conf <<< "all.conf: 5 changes"
check "vpnhad checks before the kernel commits" asked << 'EOT'
running
check
load
EOT
check "it has its lines" has ike.conf
both()
{
	{ echo "!"; cat ike.conf kernel.conf; } | running
}
check "the running configuration has both parts" both
round_trip()
{
	ctl copy running-config saved.conf && [ "$(stat -c %a saved.conf)" = 600 ] &&
		says 0 ctl load saved.conf <<< "saved.conf: no changes"
}
check "it can be loaded" round_trip

# Another peer in both parts.
sed 's/10\.0\.0\.9/10.0.0.8/' all.conf > other.conf
echo '{"message": "no such peer", "line": 3, "column": 3}' > refuse-check
check "refused before" says 1 ctl load other.conf << 'EOT'
other.conf:3:11: error: vpnhad: no such peer
    address 10.0.0.8
            ^
EOT
check "nothing has changed" both
rm refuse-check
echo '{"message": "too late"}' > refuse-load
check "refused after the kernel has committed" says 1 ctl load other.conf <<< \
	"other.conf: error: vpnhad: too late"
check "the kernel's part is taken back" both
rm refuse-load
check "a line of the kernel's part does not ask vpnhad" says 0 ctl no crypto map m 10 < /dev/null

test_end
