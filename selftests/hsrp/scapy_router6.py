# SPDX-License-Identifier: GPL-2.0
"""HSRP and neighbour discovery over IPv6, made by scapy and read from the octets, without
a line of ours: what there is to a frame is told by RFC 4861 and by tshark's dissector."""

import hashlib
import importlib
import socket
import struct

from gateway import ACTIVE, INITIAL, LEARN, LISTEN, SPEAK, STANDBY, mac_text

HELLO, COUP, RESIGN, ADVERTISE = range(4)
WIRE_STATE = {INITIAL: 1, LEARN: 2, LISTEN: 3, SPEAK: 4, STANDBY: 5, ACTIVE: 6}
STATE_NAME = {value: name for name, value in WIRE_STATE.items()}
OPCODES = ("hello", "coup", "resign")

PORT6 = 2029
GROUP6 = "ff02::66"
GROUP6_MAC = "33:33:00:00:00:66"
ALL_NODES, ALL_NODES_MAC = "ff02::1", "33:33:00:00:00:01"
NS, NA, RA, RS, REDIRECT = 135, 136, 134, 133, 137
SOURCE_LL, TARGET_LL = 1, 2


def octets(address):
    return socket.inet_pton(socket.AF_INET6, address)


def text(address):
    return socket.inet_ntop(socket.AF_INET6, address)


def virtual_mac6(group):
    return f"00:05:73:a0:{group >> 8:02x}:{group & 0xff:02x}"


def made(group):
    """The link-local virtual IP that autoconfig makes."""
    return text(octets("fe80::5:73ff:fea0:0")[:14] + group.to_bytes(2, "big"))


def solicited_node(address):
    return text(octets("ff02::1:ff00:0")[:13] + octets(address)[13:])


def multicast_mac(address):
    return "33:33:" + mac_text(octets(address)[12:])


def digest(payload, key):
    """Keyed MD5 (RFC 1828) of a payload whose digest counts as zeros."""
    padded = key + b"\x80" + bytes(55 - len(key)) + struct.pack("<Q", 8 * len(key))
    return hashlib.md5(padded + payload + key).digest()


class Router6:
    """One that is not there but for the packets that scapy makes for it."""

    def __init__(self, wire, address, priority):
        self.wire = wire
        self.address = address
        self.priority = priority
        inet6 = importlib.import_module("scapy.layers.inet6")
        self.ether = importlib.import_module("scapy.layers.l2").Ether
        self.udp = importlib.import_module("scapy.layers.inet").UDP
        self.raw = importlib.import_module("scapy.packet").Raw
        self.ipv6, self.nd = inet6.IPv6, inet6

    def group_tlv(self, group, opcode, state, vip="::", hello=3000, hold=10000, family=6,
                  priority=None):
        return struct.pack("!BBBBBBH6sIII16s", 1, 40, 2, opcode, WIRE_STATE.get(state, state),
                           family, group, bytes.fromhex(self.wire.mac.replace(":", "")),
                           self.priority if priority is None else priority, hello, hold,
                           octets(vip))

    def payload(self, group, opcode, state, key=None, sender=None, **fields):
        tlv = self.group_tlv(group, opcode, state, **fields)
        if key is None:
            return tlv + b"\x03\x08cisco\0\0\0"
        head = tlv + struct.pack("!BBBBH4sI", 4, 28, 1, 0, 0,
                                 sender or octets(self.address)[12:], 0)
        return head + digest(head + bytes(16), key)

    def send(self, payload, source=None, hlim=255, destination=GROUP6, mac=GROUP6_MAC, **udp):
        """Any payload to HSRP's port."""
        udp = {"sport": PORT6, "dport": PORT6, **udp}
        self.wire.send(self.ether(src=self.wire.mac, dst=mac) /
                       self.ipv6(src=source or self.address, dst=destination, hlim=hlim) /
                       self.udp(**udp) / self.raw(payload))

    def hello(self, group, state, **fields):
        self.send(self.payload(group, HELLO, state, **fields))

    def coup(self, group, state=SPEAK, **fields):
        self.send(self.payload(group, COUP, state, **fields))

    def resign(self, group, state=ACTIVE, **fields):
        self.send(self.payload(group, RESIGN, state, **fields))

    def solicit(self, target, source=None, mac=None, unicast=False, option=True, hlim=255):
        """A neighbour solicitation; one for duplicates where the source is ::."""
        source = source or self.address
        group = solicited_node(target)
        packet = (self.ether(src=self.wire.mac, dst=mac or multicast_mac(group)) /
                  self.ipv6(src=source, dst=target if unicast else group, hlim=hlim) /
                  self.nd.ICMPv6ND_NS(tgt=target))
        if option and source != "::":
            packet /= self.nd.ICMPv6NDOptSrcLLAddr(lladdr=self.wire.mac)
        self.wire.send(packet)


class Heard6:
    """HSRP or neighbour discovery over IPv6 that a gateway has sent."""

    def __init__(self, frame):
        self.kind = None
        self.frame = frame
        if frame[12:14] != b"\x86\xdd":
            return
        self.to_mac, self.from_mac = mac_text(frame[:6]), mac_text(frame[6:12])
        self.hop_limit = frame[21]
        self.source, self.destination = text(frame[22:38]), text(frame[38:54])
        if frame[20] == socket.IPPROTO_UDP and frame[56:58] == PORT6.to_bytes(2, "big"):
            self.hsrp(frame[62:])
        elif frame[20] == socket.IPPROTO_ICMPV6:
            self.neighbour(frame[54:])

    def hsrp(self, data):
        if data[0] == 2:
            self.kind = "advertise"
            self.active, self.passive = struct.unpack_from("!HH", data, 2)
            return
        (_, _, _, opcode, state, self.family, self.group, identifier, self.priority, self.hello,
         self.hold, vip) = struct.unpack_from("!BBBBBBH6sIII16s", data)
        self.kind = OPCODES[opcode]
        self.state = STATE_NAME.get(state)
        self.identifier = mac_text(identifier)
        self.vip = text(vip)
        self.payload = data

    def neighbour(self, data):
        names = {NS: "ns", NA: "na", RS: "rs", RA: "ra", REDIRECT: "redirect"}
        self.kind = names.get(data[0])
        at = {NS: 24, NA: 24, RS: 8, RA: 16, REDIRECT: 40}.get(data[0])
        if self.kind in ("ns", "na", "redirect"):
            self.target = text(data[8:24])
        self.flags = data[4] >> 5
        self.options = {}
        while self.kind and at + 2 <= len(data) and data[at + 1]:
            self.options[data[at]] = data[at + 2:at + 8 * data[at + 1]]
            at += 8 * data[at + 1]

    def lladdr(self, kind):
        return mac_text(self.options[kind]) if kind in self.options else None


def heard6(frames, *kinds):
    return [item for item in map(Heard6, frames) if item.kind and
            (not kinds or item.kind in kinds)]
