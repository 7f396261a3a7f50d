#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""esp_bench.py OUTPUT: what ESP costs, beside XFRM and WireGuard, in the same run.

In instructions: in a guest whose time they are (one processor), the time that
something takes is their number. Prints a table and adds to the figures in OUTPUT.
The exit status is 1 when a goal was missed."""

import sys

from figures import Figures
from path import Path
from tunnels import TRANSFORMS, Ours, WireGuard, Xfrm, host

SIZES = {64: 20000, 1400: 10000}
# What is shown: transform, bytes, and what part of XFRM's cost ours may be.
FIGURES = (("gcm", 64, 0.5), ("gcm", 1400, 0.6), ("null", 64, 1), ("cbc_sha256", 64, 1),
           ("cbc_sha256", 1400, 1))
PAIRS = (1, 1000, 50000)
# XFRM looks through all of its policies for each that is added: it would take
# hours for the most. What a pair takes is told by the last two.
XFRM_PAIRS = (1, 1000, 3000)
SPREAD = 1000
# However many pairs there are, a packet costs that much more at most.
GROWTH = 1.1
PAIR_BYTES = 12.5 * 1024


def both_sizes(path):
    for size, count in SIZES.items():
        path.packets(size, count // 20)
    return {size: path.packets(size, count) for size, count in SIZES.items()}


def with_one(tunnel, name, measure):
    """What is measured while there is a tunnel."""
    tunnel.add_one(name)
    result = measure()
    tunnel.remove()
    return result


def transforms(path, ours, xfrm, figures):
    plain = both_sizes(path)
    print("plain forwarding: " + ", ".join(f"{value:.0f} at {size} bytes"
                                           for size, value in plain.items()))
    cost = {name: [with_one(tunnel, name, lambda: both_sizes(path)) for tunnel in (ours, xfrm)]
            for name in TRANSFORMS}
    for name, size, limit in FIGURES:
        mine, peer = (result[size] - plain[size] for result in cost[name])
        figures.add(f"esp_{name}_{size}", "instructions/packet", mine, peer, "XFRM", limit)


def stream(path, ours, xfrm, figures):
    plain = path.stream()
    mine = with_one(ours, "gcm", path.stream)
    others = {"XFRM": with_one(xfrm, "gcm", path.stream),
              "WireGuard": with_one(WireGuard(path), "", path.stream)}
    for name, peer in others.items():
        figures.add("esp_tcp_gcm", "instructions/KiB", mine, peer, name, 1)
    # an instruction takes a nanosecond
    print("which is, in Mbit/s: " + ", ".join(
        f"{name} {1024 * 8 * 1000 / cost:.0f}" for name, cost in
        (("plain", plain), ("ours", mine), *others.items())))


def available():
    """Bytes that could be had, once what is freed behind the back is free."""
    last = None
    while True:
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as stream_:
            stream_.write("3\n")
        with open("/proc/meminfo", encoding="ascii") as stream_:
            now = next(int(line.split()[1]) for line in stream_ if
                       line.startswith("MemAvailable")) * 1024
        if last is not None and abs(now - last) < 1 << 18:
            return now
        last = now


def spread(path, count):
    """A packet's cost when each goes through another tunnel than the one before:
    through the newest thousand in turn."""
    ends = host(max(0, count - SPREAD)), host(count - 1)
    path.packets(64, SPREAD, *ends)
    return path.packets(64, SIZES[64], *ends)


def pairs_of(path, tunnel, counts):
    """By number of pairs, a packet's cost; and bytes for each pair."""
    cost, free = {}, {}
    for count in counts:
        tunnel.grow(count)
        free[count] = available()
        cost[count] = spread(path, count)
    few, many = counts[-2:]
    # at both gateways
    return cost, (free[few] - free[many]) / (many - few) / 2


def pairs(path, ours, xfrm, figures):
    plain = {count: spread(path, count) for count in {*PAIRS, *XFRM_PAIRS}}
    peer, peer_bytes = pairs_of(path, xfrm, XFRM_PAIRS)
    xfrm.remove()
    mine, my_bytes = pairs_of(path, ours, PAIRS)
    for cost in (mine, peer):
        for count in cost:
            cost[count] -= plain[count]
    for count in PAIRS[:2]:
        figures.add(f"esp_gcm_64_pairs_{count}", "instructions/packet", mine[count],
                    peer[count], "XFRM", 0.5)
    for count in PAIRS[1:]:
        figures.add(f"esp_gcm_64_pairs_{count}", "instructions/packet", mine[count],
                    mine[PAIRS[0]], "one pair", GROWTH)
    figures.add("esp_pair_bytes", "bytes", my_bytes, peer_bytes, "XFRM", 1)
    figures.add("esp_pair_bytes", "bytes", my_bytes, PAIR_BYTES, "goal", 1)


def main():
    path = Path()
    ours, xfrm = Ours(path), Xfrm(path)
    figures = Figures()
    for part in (transforms, stream, pairs):
        part(path, ours, xfrm, figures)
    figures.write(sys.argv[1])


if __name__ == "__main__":
    main()
