#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""ike_bench.py OUTPUT: how many handshakes vpnhad answers in a second of a processor, what
memory a tunnel takes, how long a thousand of them take, and how long a packet waits that
needs a tunnel: beside strongSwan's charon in its place. Whoever begins is the same program,
ike_load; with packets charon answers. In a guest whose time is instructions executed (one
processor). Prints a table and adds to the figures in OUTPUT. The exit status is 1 when a goal
was missed."""

import glob
import os
import socket
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "ike"))

from connection import Connection, Esp, Ike  # noqa: E402
from ikelab import GATEWAY, INSIDE, OUTSIDE, PEER, Lab, Topology, host, wait  # noqa: E402
from meeting import Meeting  # noqa: E402
from strongswan import StrongSwan  # noqa: E402
from vpnhad import VpnHa  # noqa: E402
from figures import Figures  # noqa: E402
from gateway import HANGS, TOP, Hang, unreclaimable  # noqa: E402

LOAD = os.path.join(TOP, "build", "bench", "ike_load")
#: where clients are, and what is behind them
FROM, CLIENTS = "10.64.0.0", "10.100.0.0/16"

#: of a measurement, and at once
HANDSHAKES, PARALLEL = int(os.environ.get("HANDSHAKES", 200)), 8
#: which are up before memory is looked at, and in all
WARM, TUNNELS = 100, int(os.environ.get("TUNNELS", 1000))
GROUPS = ("19", "31")
#: milliseconds between two packets that want a tunnel
PAUSE_MS = 10
#: first packets, whose median is told
FIRSTS = 5
SECOND_NS, SECOND_MS = 10 ** 9, 1000

OURS = f"""crypto ikev2 proposal load
 encryption aes-gcm-256
 prf sha256
 group {" ".join(GROUPS)}
crypto ikev2 policy load
 proposal load
crypto ikev2 keyring load
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key a-secret-of-the-lab
crypto ikev2 profile load
 match identity remote any
 identity local address {GATEWAY}
 authentication local pre-share
 authentication remote pre-share
 keyring local load
crypto ikev2 cookie-challenge 10000
crypto ipsec transform-set load esp-gcm 256
 mode tunnel
crypto dynamic-map any 10
 set transform-set load
 set ikev2-profile load
crypto map lab 10 ipsec-isakmp dynamic any
interface eth0
 crypto map lab
"""


class Charon(StrongSwan):
    """With tables for many SAs, and a log of what is new only."""

    def __init__(self, lab):
        super().__init__(lab.topology, lab.gateway, ikesa_table_size=1024,
                         ikesa_table_segments=16, threads=16)
        self.levels = {"default": 0}

    def serve(self):
        """Whoever knows the secret."""
        self.load_text({
            "connections": {"load": {
                "version": 2, "local_addrs": GATEWAY, "remote_addrs": "%any", "unique": "never",
                "proposals": [Ike(group=group).strongswan() for group in GROUPS],
                "mobike": False, "rekey_time": "0s", "dpd_delay": "0s",
                "local": {"auth": "psk", "id": GATEWAY}, "remote": {"auth": "psk", "id": "%any"},
                "children": {"load": {
                    "local_ts": INSIDE[0], "remote_ts": CLIENTS, "mode": "tunnel",
                    "esp_proposals": [Esp().strongswan()], "rekey_time": "0s"}}}},
            "secrets": {"ike-load": {"secret": Connection.secret}}})


class Ours(VpnHa):
    """As a service."""

    def __init__(self, lab):
        super().__init__(lab, quiet=True)

    def serve(self):
        """Whoever knows the secret."""
        self.configure(OURS)


def threads(daemon):
    """Nanoseconds of a processor that its threads have had."""
    total = 0
    for path in glob.glob(f"/proc/{daemon.process.pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as schedstat:
            total += int(schedstat.read().split()[0])
    return total


def resident(daemon):
    """KiB of it that are in memory."""
    with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmRSS:")).split()[1])


class Server:
    """A daemon in the gateway's place, that answers."""

    def __init__(self, lab, kind):
        self.lab, self.daemon = lab, kind(lab)
        self.clients = 0
        self.daemon.start()
        self.daemon.serve()

    def load(self, count, group):
        """Handshakes of as many clients more; milliseconds until the last of them was up."""
        said = self.lab.peer.sh(
            f"{LOAD} {FROM} {GATEWAY} {self.clients} {count} {PARALLEL} {group}")
        self.clients += count
        up, failed, ms = (int(word) for word in said.split()[-3:])
        if failed or up != count:
            raise RuntimeError(f"{self.daemon.NAME}: {up} of {count} tunnels are up\n{said}"
                               f"{self.daemon.tail()}")
        return ms

    def handshakes(self, group):
        """In a second of a processor that the daemon has to itself."""
        self.load(PARALLEL, group)
        before = threads(self.daemon)
        self.load(HANDSHAKES, group)
        return HANDSHAKES * SECOND_NS / (threads(self.daemon) - before)

    def tunnels(self):
        """{what: value} of many that are up at the same time."""
        self.load(WARM, GROUPS[0])
        memory, kernel = resident(self.daemon), unreclaimable()
        ms = self.load(TUNNELS - WARM, GROUPS[0])
        count = TUNNELS - WARM
        return {"bytes": (resident(self.daemon) - memory) * 1024 / count,
                "kernel": (unreclaimable() - kernel) * 1024 / count,
                "ms": ms * TUNNELS / count}

    def stop(self):
        self.daemon.stop()
        self.daemon.flush()


def measure(lab, kind, function, *arguments):
    """What a new daemon makes of a method of Server."""
    server = Server(lab, kind)
    try:
        found = function(server, *arguments)
    finally:
        server.stop()
    print(f"# {server.daemon.NAME}, {function.__name__} {' '.join(arguments)}: {found}")
    return found


def first_packet(meeting):
    """(milliseconds from the first datagram that needs a tunnel to the first that arrives,
    number of that one)"""
    lab = meeting.lab
    near = lab.inside.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    far = lab.outside.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    with near, far:
        near.bind((host(INSIDE[0]), 0))
        far.bind((host(OUTSIDE[0]), 9))
        far.settimeout(PAUSE_MS / SECOND_MS)
        begin, sent = time.monotonic(), 0
        while True:
            near.sendto(sent.to_bytes(4, "big"), (host(OUTSIDE[0]), 9))
            sent += 1
            try:
                data = far.recv(64)
            except TimeoutError:
                if time.monotonic() > begin + HANGS:
                    raise Hang("the first packet never arrives") from None
                continue
            return (time.monotonic() - begin) * SECOND_MS, int.from_bytes(data, "big")


def firsts(lab, gateway):
    """The median of some, each with no SA before it."""
    peer = StrongSwan(lab.topology, lab.peer)
    peer.levels = {"default": 0}
    meeting = Meeting(lab, gateway, peer)
    for daemon in (gateway, peer):
        daemon.start()
    found = []
    for _ in range(FIRSTS):
        meeting.prepare(lab.sides(), gateway={"trap": True})
        found.append(first_packet(meeting))
        meeting.clear()
    for daemon in (gateway, peer):
        daemon.stop()
        daemon.flush()
    # the next one is not to meet this one's crypto map
    lab.gateway.sh("vpnhactl load /dev/null")
    print(f"# {gateway.NAME}: (ms, first that arrived): "
          f"{', '.join(f'({ms:.1f}, {number})' for ms, number in found)}")
    return sorted(ms for ms, _ in found)[len(found) // 2]


def main():
    figures = Figures()
    with Topology() as topology:
        lab = Lab(topology)
        lab.peer.ip(f"route add local {FROM}/16 dev lo")
        lab.router.ip(f"route add {FROM}/16 via {PEER}")
        for group in GROUPS:
            rates = [measure(lab, kind, Server.handshakes, group) for kind in (Ours, Charon)]
            figures.add(f"ike_handshakes_{group}", "1/s", *rates, "charon", floor=1.5)
        ours, other = (measure(lab, kind, Server.tunnels) for kind in (Ours, Charon))
        for name, unit, key in (("ike_memory", "bytes", "bytes"),
                                ("ike_memory_kernel", "bytes", "kernel"),
                                (f"ike_{TUNNELS}_tunnels", "ms", "ms")):
            figures.add(name, unit, ours[key], other[key], "charon", limit=1)
        figures.add("ike_first_packet", "ms", firsts(lab, Ours(lab)), firsts(lab, Charon(lab)),
                    "trap policy", limit=1)
    figures.write(sys.argv[1])


if __name__ == "__main__":
    main()
