#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""rri_bench.py OUTPUT: how long it takes until the routes of 10,000 networks are
there once the gateway is active, and until ip(8) has put the same ones there. In
a guest whose time is instructions executed (one processor). Prints a table and
adds to the figures in OUTPUT. The exit status is 1 when a goal was missed."""

import ipaddress
import os
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "rri"))

from rrilab import ACTIVE, Lab, Topology, line, peer  # noqa: E402
from figures import Figures  # noqa: E402

ROUTES = 10000
PER_BATCH = 500
SECOND_MS = 1000
VIP = int(ipaddress.ip_address("10.1.1.100"))

RTM_NEWROUTE, RTM_DELROUTE, RTMGRP_IPV4_ROUTE = 24, 25, 0x40
SO_RCVBUFFORCE = 33


def nets():
    first = int(ipaddress.ip_address("20.0.0.0"))
    return [f"{ipaddress.ip_address(first + number * 256)}/24" for number in range(ROUTES)]


class Listener:
    """Hears of the routes of a protocol."""

    def __init__(self, namespace, protocol):
        self.sock = namespace.inside(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.sock.bind((0, RTMGRP_IPV4_ROUTE))
        self.protocol = protocol

    def wait(self, kind, count=ROUTES):
        """The moment at which the last of so many was heard of."""
        while count:
            data = self.sock.recv(1 << 16)
            # type of the message, protocol of the route
            count -= int.from_bytes(data[4:6], sys.byteorder) == kind and \
                data[21] == self.protocol
        return time.monotonic()


def configure(lab):
    lab.esp.batch(lab.transform_set(), lab.entry(10, "101"), lab.bind(redundancy="HA"))
    numbered = list(enumerate(nets(), 1))
    for at in range(0, ROUTES, PER_BATCH):
        lab.esp.batch(*[("acl-new", {"name": "101", "number": number, "action": "permit",
                                     **line("10.1.1.0/24", net)})
                        for number, net in numbered[at:at + PER_BATCH]])


def take_over(lab):
    """Milliseconds from the moment in which the group is active."""
    listener = Listener(lab.gateway, 72)
    lab.esp.do("group-new", ifname="eth1", number=1, name="HA", vip=VIP, enabled=1,
               **{"hello-ms": 50, "hold-ms": 200})
    end = listener.wait(RTM_NEWROUTE)
    group = lab.esp.do("group-get", ifname="eth1", number=1)
    now = time.monotonic()
    if group["state"] != ACTIVE or len(lab.ours()) != ROUTES:
        sys.exit(f"the group is {group['state']}, and there are {len(lab.ours())} routes")
    return group["state-age-ms"] - (now - end) * SECOND_MS


def with_ip(lab):
    """Milliseconds that ip -batch takes for the same."""
    listener = Listener(lab.gateway, 4)
    with tempfile.NamedTemporaryFile("w") as batch:
        batch.writelines(f"route add {net} via {peer(10)} dev eth0 onlink proto static\n"
                         for net in nets())
        batch.flush()
        begin = time.monotonic()
        with subprocess.Popen(["ip", "-n", lab.gateway.name, "-batch", batch.name]) as process:
            end = listener.wait(RTM_NEWROUTE)
            process.wait()
    return (end - begin) * SECOND_MS


def main():
    figures = Figures()
    with Topology() as topology:
        lab = Lab(topology)
        configure(lab)
        ours = take_over(lab)
        lab.clear()
        peers = with_ip(lab)
    figures.add("rri_takeover_ms", "ms", ours, SECOND_MS, "goal", limit=1)
    figures.add("rri_takeover_ms", "ms", ours, peers, "ip -batch", limit=1)
    figures.add("rri_routes_per_second", "routes/s", ROUTES * SECOND_MS / ours,
                ROUTES * SECOND_MS / peers, "ip -batch", floor=1)
    figures.write(sys.argv[1])


if __name__ == "__main__":
    main()
