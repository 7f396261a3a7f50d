# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the shell tests share: KTAP, waiting, captures. On top of the kernel's
# own net/lib.sh (namespaces) and ktap_helpers.sh, which come from linux-source.

# A bound on waiting is there to notice a hang: no machine is as slow as this.
: "${WAIT_LIMIT:=300}"

# shellcheck source=/dev/null
. "$KSRC_SELFTESTS/kselftest/ktap_helpers.sh"
# shellcheck source=/dev/null
. "$KSRC_SELFTESTS/net/lib.sh"

# test_begin PLAN: the test's number of results
test_begin()
{
	ktap_print_header
	ktap_set_plan "$1"
	trap lab_cleanup EXIT
}

# test_end: the totals; exits with 1 if a result failed or is missing
test_end()
{
	ktap_finished
}

# check NAME COMMAND...: one result. What the command prints is shown if it fails.
check()
{
	local name=$1 output rc
	shift

	output=$(mktemp)
	"$@" > "$output" 2>&1
	rc=$?
	if [ $rc -eq 0 ]; then
		ktap_test_pass "$name"
	else
		echo "# $* exited with $rc"
		sed 's/^/# /' "$output"
		ktap_test_fail "$name"
	fi
	rm -f "$output"
	return $rc
}

# skip NAME REASON...: one result that could not be had, and why
skip()
{
	local name=$1
	shift

	__ktap_test ok "$name" "SKIP $*"
	KTAP_CNT_SKIP=$((KTAP_CNT_SKIP + 1))
}

# wait_for COMMAND...: until it succeeds; what it printed last is printed. Without
# KVM a look is dear: it may take a tenth of the time.
wait_for()
{
	local end=$((SECONDS + WAIT_LIMIT)) began output pause

	while began=${EPOCHREALTIME/./}; ! output=$("$@"); do
		if [ "$SECONDS" -gt "$end" ]; then
			printf '%s' "$output"
			return 1
		fi
		pause=$((9 * (${EPOCHREALTIME/./} - began)))
		pause=$((pause < 100000 ? 100000 : pause))
		sleep "$((pause / 1000000)).$(printf '%06d' $((pause % 1000000)))"
	done
	printf '%s' "$output"
}

# refuses COMMAND...: succeeds if the command fails as one that was refused
# does (status 1), and prints what it said
refuses()
{
	local rc

	"$@"
	rc=$?
	[ $rc -eq 1 ]
}

declare -A CAPTURES=()

# capture_start NAMESPACE INTERFACE FILE [FILTER...]: returns once packets are
# being captured
capture_start()
{
	local namespace=$1 interface=$2 file=$3 pid
	shift 3

	mkdir -p "$(dirname "$file")"
	# --immediate-mode and -U: a packet is in the file when it has passed
	ip netns exec "$namespace" tcpdump -q --immediate-mode -U -Z root -n -i "$interface" \
		-w "$file" "$@" > "$file.log" 2>&1 &
	pid=$!
	CAPTURES[$file]=$pid
	# tcpdump says so when its socket is bound and its filter attached
	if ! wait_for grep -q 'listening on' "$file.log" || ! kill -0 "$pid"; then
		sed 's/^/# tcpdump: /' "$file.log"
		return 1
	fi
}

# capture_stop FILE: ends a capture; fails if the kernel dropped packets of it
capture_stop()
{
	local file=$1
	local pid=${CAPTURES[$file]}

	unset "CAPTURES[$file]"
	kill -INT "$pid"
	wait "$pid"
	grep -q '^0 packets dropped by kernel' "$file.log"
}

# capture_show FILE FILTER [FIELD...]: the packets of a capture, running or not,
# that a tshark display filter selects; the fields tab-separated, if given
capture_show()
{
	local file=$1 filter=$2 field
	local -a fields=()
	shift 2

	for field in "$@"; do
		fields+=(-e "$field")
	done
	[ $# -gt 0 ] && fields=(-T fields "${fields[@]}")
	# a capture that goes on may end within a packet, of which tshark complains
	tshark -n -r "$file" -Y "$filter" "${fields[@]}" 2>/dev/null
}

# capture_holds FILE FILTER: waits until a packet is there that the filter selects
capture_holds()
{
	wait_for capture_has "$1" "$2"
}

capture_has()
{
	[ -n "$(capture_show "$1" "$2")" ]
}

# Ends what the test started. Tests that have more to clean up append to it by
# on_exit COMMAND, run last in, first out.
ON_EXIT=()

on_exit()
{
	ON_EXIT=("$*" "${ON_EXIT[@]}")
}

lab_cleanup()
{
	local rc=$? command file

	trap - EXIT
	for command in "${ON_EXIT[@]}"; do
		eval "$command"
	done
	for file in "${!CAPTURES[@]}"; do
		kill "${CAPTURES[$file]}" 2>/dev/null
		wait "${CAPTURES[$file]}" 2>/dev/null
	done
	cleanup_all_ns
	exit $rc
}
