# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A ping that goes on while gateways come and go, and what became of it.
# Source lib.sh first.

declare -A PINGS=()

# ping_start NAMESPACE ADDRESS FILE [INTERVAL]: returns when the first reply is there
ping_start()
{
	ip netns exec "$1" ping -n -D -O -i "${4:-0.2}" "$2" > "$3" 2>&1 &
	PINGS[$3]=$!
	on_exit ping_stop "$3"
	ping_goes_on "$3" 1
}

ping_replies()
{
	grep -c ' bytes from ' "$1"
}

ping_has()
{
	[ "$(ping_replies "$1")" -ge "$2" ]
}

# ping_goes_on FILE [N]: waits for N more replies
ping_goes_on()
{
	wait_for ping_has "$1" "$(($(ping_replies "$1") + ${2:-5}))"
}

ping_stop()
{
	local pid=${PINGS[$1]-}

	[ -n "$pid" ] || return 0
	unset "PINGS[$1]"
	# the summary comes at SIGINT, which a background job ignores from its
	# start but ping asks for again
	kill -INT "$pid"
	wait "$pid"
}

# ping_sent FILE, ping_lost FILE: requests, and those that nothing answered
ping_sent()
{
	awk '/packets transmitted/ { print $1 }' "$1"
}

ping_lost()
{
	awk '/packets transmitted/ { print $1 - $4 }' "$1"
}

# ping_gap FILE: the longest time between two replies, in milliseconds
ping_gap()
{
	awk '/ bytes from / {
		now = substr($1, 2) * 1000
		if (last && now - last > gap)
			gap = now - last
		last = now
	}
	END { printf "%d\n", gap }' "$1"
}
