# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the tests of vpnhactl share, on top of lib.sh.

# shellcheck source=selftests/lib/lib.sh
. ../lib/lib.sh

VPNHACTL=${VPNHACTL:-$VPNHA_TOP/build/selftests/tools/vpnhactl}

# says STATUS COMMAND...: succeeds if the command exits with this status and its
# output, both streams, is the standard input
says()
{
	local status=$1 expected output rc
	shift

	expected=$(cat; echo x)
	output=$("$@" 2>&1 < /dev/null; rc=$?; echo x; exit $rc)
	rc=$?
	if [ "$output" != "$expected" ]; then
		diff <(printf '%s' "${expected%x}") <(printf '%s' "${output%x}")
		return 1
	fi
	if [ $rc -ne "$status" ]; then
		echo "exit status $rc, not $status"
		return 1
	fi
}

# golden NAME STATUS: a test: the standard input is a file in $dir, descriptor 3 what
# "check" says about it
golden()
{
	cat > "${dir:?}/x.conf"
	check "$1" said "$2" <&3
}

said()
{
	(cd "${dir:?}" && says "$1" "$VPNHACTL" check x.conf)
}
