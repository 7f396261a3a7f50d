#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: native
# vpnhactl's command line as far as it needs no kernel module: abbreviations,
# help, completion, exit statuses.
set -u

. ./tools_lib.sh

test_begin 20

check "usage" says 0 "$VPNHACTL" -h << 'EOT'
usage: vpnhactl [-j] [-s SOCKET] [COMMAND...]
       vpnhactl -h | -V
Without a command a shell takes commands from the standard input.
Give '?' as the last word to see what may come next.
EOT

check "an unknown option" says 2 "$VPNHACTL" -x << 'EOT'
vpnhactl: unknown option -x
usage: vpnhactl [-j] [-s SOCKET] [COMMAND...]
       vpnhactl -h | -V
Without a command a shell takes commands from the standard input.
Give '?' as the last word to see what may come next.
EOT

check "an unknown command" says 2 "$VPNHACTL" foo << 'EOT'
vpnhactl: error: unknown word 'foo'; expected access-list, check, clear, configure, copy, crypto, debug, help, import, interface, ip, ipv6, load, no, show, track or write
  foo
  ^
EOT

check "an unfinished command" says 2 "$VPNHACTL" show << 'EOT'
vpnhactl: error: incomplete line; expected access-lists, crypto, running-config, standby, track or version
  show
      ^
EOT

check "an ambiguous command" says 2 "$VPNHACTL" co << 'EOT'
vpnhactl: error: ambiguous: 'co' can be configure or copy
  co
  ^
EOT

check "an ambiguous word" says 2 "$VPNHACTL" int lo st 1 pr 5 << 'EOT'
vpnhactl: error: ambiguous: 'pr' can be preempt or priority
  int lo st 1 pr 5
              ^
EOT

check "a value out of range is refused, not misunderstood" \
	says 1 "$VPNHACTL" interface lo standby 1 priority 256 << 'EOT'
vpnhactl: error: '256' is out of range, expected 0 to 255
  interface lo standby 1 priority 256
                                  ^
EOT

check "a bad address" says 1 "$VPNHACTL" interface lo standby 1 ip 127.0.0.1 << 'EOT'
vpnhactl: error: virtual IP 127.0.0.1 is a loopback address
  interface lo standby 1 ip 127.0.0.1
                            ^
EOT

check "lines of configuration" \
	says 1 "$VPNHACTL" configure 'interface lo' 'standby 1 timers 3 2' 'foo' << 'EOT'
line:2:20: error: hold time (2 sec) must be greater than hello time (3 sec)
  standby 1 timers 3 2
                     ^
line:3:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, no, standby or track
  foo
  ^
EOT

# The kernel may have the entry, of whatever kind.
check "lines below a heading that only the kernel knows" \
	says 1 "$VPNHACTL" configure 'crypto map m 6' 'set session-key in esp 300 cipher 00' foo << 'EOT'
line:3:1: error: unknown word 'foo'; expected access-list, crypto, end, exit, interface, ip, ipv6, match, no, reverse-route, set or track
  foo
  ^
EOT

check "help for security associations" says 0 "$VPNHACTL" show crypto ipsec sa '?' << 'EOT'
  active     SAs that carry traffic here
  address    SAs by destination
  detail     With drops, windows and lifetimes
  identity   What is protected, without SAs
  interface  SAs of an interface
  map        SAs of a crypto map
  peer       SAs of a peer
  standby    SAs that carry none
  <cr>
EOT

check "help for what is cleared" says 0 "$VPNHACTL" clear crypto sa counters '?' << 'EOT'
  entry      The SA of a peer and an SPI
  interface  SAs of an interface
  map        SAs of a crypto map or an entry
  peer       SAs of a peer
  <cr>
EOT

check "an unknown word as JSON" says 2 "$VPNHACTL" show foo -j << 'EOT'
{
  "errors": [
    {
      "level": "error",
      "line": 1,
      "column": 6,
      "message": "unknown word 'foo'; expected access-lists, crypto, running-config, standby, track or version"
    }
  ]
}
EOT

check "help after a command" says 0 "$VPNHACTL" show '?' << 'EOT'
  access-lists    Access lists
  crypto          Protection of packets
  running-config  Current configuration
  standby         HSRP information
  track           Tracked objects
  version         Version of the tool and of the kernel module
EOT

check "help after abbreviations, with values" \
	says 0 "$VPNHACTL" int lo st 1 ti m 100 '?' << 'EOT'
  msec     Specify hold time in milliseconds
  <1-255>  Hold time in seconds
EOT

check "help where the line may end" says 0 "$VPNHACTL" int lo st 1 ip '?' << 'EOT'
  A.B.C.D  Virtual IP address
  <cr>
EOT

check "completion of a word" says 0 "$VPNHACTL" --complete sh st << EOT
standby	HSRP information
EOT

check "completion after a word" says 0 "$VPNHACTL" --complete debug standby '' << EOT
errors	HSRP errors
events	HSRP events
packets	HSRP packets
EOT

interfaces()
{
	local name
	for name in /sys/class/net/*; do
		[ -e "$name/ifindex" ] || continue
		"$VPNHACTL" --complete interface lo standby 1 track '' |
			grep -qx "${name##*/}"$'\tInterface' || return
	done
}
check "completion of interfaces" interfaces

bash_completes()
{
	local PATH=${VPNHACTL%/*}:$PATH
	local -a COMP_WORDS COMPREPLY
	local COMP_CWORD

	# shellcheck source=tools/vpnhactl/vpnhactl.bash
	. "$VPNHA_TOP/tools/vpnhactl/vpnhactl.bash"
	COMP_WORDS=("$VPNHACTL" -j show st) COMP_CWORD=3
	_vpnhactl
	[ "${COMPREPLY[*]}" = standby ] || return
	COMP_WORDS=("$VPNHACTL" "") COMP_CWORD=1
	_vpnhactl
	[ "${COMPREPLY[*]}" = "access-list check clear configure copy crypto debug help import interface ip ipv6 load no show track write" ] || return
	# bash makes three words of what holds a "="
	COMP_WORDS=("$VPNHACTL" import --interface Fa0/0 "=" eth0 --f) COMP_CWORD=6
	_vpnhactl
	[ "${COMPREPLY[*]}" = --frr ]
}
check "completion in bash" bash_completes

test_end
