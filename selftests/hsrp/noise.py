#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""noise.py INTERFACE: until it is killed, sends HSRP packets of both versions
and ARP requests that every group has something to do with: hellos of all states
and priorities, coups, resigns, and broken ones."""

import random
import socket
import struct
import sys
import time

from gateway import V1_GROUP, V2_GROUP, arp_frame
from scapy_router import raw_packet

SOURCES = [f"10.1.1.{number}" for number in (20, 21, 250, 251)]
VIRTUAL = [f"10.1.1.{number}" for number in range(101, 105)]


class Interface:
    """As much of gateway.Wire as raw_packet() needs."""

    def __init__(self, ifname):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind((ifname, 0))
        with open(f"/sys/class/net/{ifname}/address", encoding="ascii") as mac:
            self.mac = mac.read().strip()

    def send(self, frame):
        try:
            self.socket.send(frame)
        except OSError:
            # its other end may be gone for now
            pass


def v1(rng):
    return struct.pack("!8B8s4s", 0, rng.choice((0, 0, 0, 1, 2)), rng.choice((4, 8, 16)),
                       rng.choice((0, 1)), rng.choice((0, 3)), rng.choice((1, 50, 150, 255)),
                       rng.randint(1, 4), 0, b"cisco",
                       socket.inet_aton(rng.choice(VIRTUAL)))


def v2(rng):
    return struct.pack("!BBBBBBH6sIII4s12x", 1, 40, 2, rng.choice((0, 0, 0, 1, 2)),
                       rng.choice((4, 5, 6)), 4, rng.randint(1, 4), bytes(6),
                       rng.choice((1, 50, 150, 255)), rng.choice((15, 1000)),
                       rng.choice((50, 3000)), socket.inet_aton(rng.choice(VIRTUAL)))


def main():
    wire = Interface(sys.argv[1])
    rng = random.Random(1985)
    while True:
        for build, group in ((v1, V1_GROUP), (v2, V2_GROUP)):
            payload = bytearray(build(rng))
            if rng.random() < 0.2:
                payload[rng.randrange(len(payload))] ^= 1 << rng.randrange(8)
            raw_packet(wire, rng.choice(SOURCES), bytes(payload), group)
        wire.send(arp_frame(wire.mac, "10.1.1.9", "ff:ff:ff:ff:ff:ff", rng.choice(VIRTUAL),
                            request=True))
        time.sleep(0.01)


if __name__ == "__main__":
    main()
