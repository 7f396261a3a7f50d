# SPDX-License-Identifier: GPL-2.0
"""Somebody between the gateway and its peer, who sees what passes, and sends what he likes
from whatever address."""

import collections
import os
import select
import socket
import struct
import subprocess
import threading
import typing

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import ikeforge
from ikeforge import INITIATOR, RESPONSE, SK, SKF, message
from ikelab import GATEWAY, PEER

from gateway import lose_nothing

IKE, NATT = 500, 4500
MARKER = bytes(4)
ETH_P_ALL = 3
HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.realpath(os.path.join(HERE, "..", ".."))
FLOOD = os.path.join(TOP, "build", "selftests", "ike", "ike_flood")


class Seen(typing.NamedTuple):
    """A message of IKE that passed, without a marker."""
    src: tuple      # address, port
    dst: tuple
    data: bytes

    @property
    def spis(self):
        return self.data[:8], self.data[8:16]

    @property
    def exchange(self):
        return self.data[18]

    @property
    def is_response(self):
        return bool(self.data[19] & RESPONSE)

    @property
    def number(self):
        return struct.unpack_from("!I", self.data, 20)[0]


class Attacker:
    """In the router. What he has seen is in seen; react(), if there is one, is called
    with each message as it passes."""

    def __init__(self, lab):
        self.lab = lab
        self.raw = lab.router.inside(socket.socket, socket.AF_INET, socket.SOCK_RAW,
                                     socket.IPPROTO_RAW)
        self.ear = lab.router.inside(socket.socket, socket.AF_PACKET, socket.SOCK_DGRAM,
                                     socket.htons(ETH_P_ALL))
        # a flood's messages wait there, too, until they are passed over
        lose_nothing(self.ear, 64 << 20)
        self.ear.bind(("gateway", ETH_P_ALL))
        # the sources of floods are nowhere
        lab.router.ip("route add blackhole 100.64.0.0/10")
        self.seen = []
        # what he has sent himself is not heard again
        self.own = set()
        self.octets = collections.Counter()
        self.react = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        self.thread.join()

    @staticmethod
    def _message(packet):
        """Of IKE, if it is one."""
        header = 4 * (packet[0] & 15)
        if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_UDP:
            return None
        if struct.unpack_from("!H", packet, 6)[0] & 0x3fff:
            return None
        source, to = struct.unpack_from("!HH", packet, header)
        data = packet[header + 8:]
        if NATT in (source, to) and data[:4] == MARKER:
            data = data[4:]
        elif IKE not in (source, to):
            return None
        if len(data) < 28:
            return None
        return Seen((socket.inet_ntoa(packet[12:16]), source),
                    (socket.inet_ntoa(packet[16:20]), to), data)

    def _listen(self):
        while not self.over.is_set():
            if not select.select([self.ear], [], [], 0.2)[0]:
                continue
            one = self._message(self.ear.recv(65536))
            if one is None or one.src[0].startswith("100.") or one.dst[0].startswith("100."):
                continue
            if one.data in self.own and one.src[0] != GATEWAY:
                continue
            self.seen.append(one)
            if self.react:
                self.react(one)

    def send(self, data, src=(PEER, IKE), port=IKE):
        """A message to the gateway."""
        self.octets[src] += len(data)
        self.own.add(bytes(data))
        data = (MARKER if port == NATT else b"") + data
        # the kernel fills in what is 0, but for UDP's checksum: there is none
        self.raw.sendto(struct.pack(
            "!BBHHHBBH4s4sHHHH", 0x45, 0, 28 + len(data), 0, 0, 64, socket.IPPROTO_UDP, 0,
            socket.inet_aton(src[0]), socket.inet_aton(GATEWAY), src[1], port, 8 + len(data),
            0) + data, (GATEWAY, 0))

    def of(self, src, since=0):
        """What an address has sent."""
        return [one for one in self.seen[since:] if one.src[0] == src]

    def answers(self, to, since=0):
        """What the gateway has sent to somebody."""
        return [one for one in self.seen[since:] if one.src[0] == GATEWAY and one.dst == to]

    def flood(self, path, rate, seconds):
        """The process; it prints how many, and in how many milliseconds."""
        return self.lab.topology.start(self.lab.router, FLOOD, path, GATEWAY, str(rate),
                                       str(seconds), stdout=subprocess.PIPE)


class Insider:
    """The peer's keys of an IKE SA in wrong hands: what they sign is authentic. They are a
    line of tshark's table, of AES-GCM with an ICV of 16 octets."""

    IV, ICV, SALT = 8, 16, 4

    def __init__(self, line, gateway_began):
        spi_i, spi_r, key_i, key_r = (bytes.fromhex(field) for field in line.split(",")[:4])
        self.spis = spi_i, spi_r
        self.flags = 0 if gateway_began else INITIATOR
        self.key = key_r if gateway_began else key_i

    def message(self, payloads, number, exchange=ikeforge.INFORM, response=False, part=None):
        """Octets. part is (number, total, first payload) of a fragment, and payloads are
        its octets then."""
        if part:
            plain, first = payloads, part[2]
            before = struct.pack("!HH", *part[:2])
        else:
            chain = message(payloads)
            plain, first, before = chain[28:], chain[16], b""
        plain += b"\0"
        iv = os.urandom(self.IV)
        whole = message([(SKF if part else SK, before + iv + plain + bytes(self.ICV),
                          {"next_payload": first})], exchange=exchange, number=number,
                        flags=self.flags | (RESPONSE if response else 0),
                        spi_i=self.spis[0], spi_r=self.spis[1])
        clear = whole[:28 + 4 + len(before)]
        sealed = AESGCM(self.key[:-self.SALT]).encrypt(self.key[-self.SALT:] + iv, plain, clear)
        return clear + iv + sealed
