# SPDX-License-Identifier: GPL-2.0
"""A router made of scapy, which builds HSRP version 1 packets; and what a gateway
sends, read without scapy: without KVM its import takes seconds and each packet some
hundredths of one."""

import importlib
import socket
import struct

from gateway import (ACTIVE, INITIAL, LEARN, LISTEN, PORT, SPEAK, STANDBY, V1_GROUP, V2_GROUP,
                     arp_of, checksum, mac_text)

HELLO, COUP, RESIGN, ADVERTISE = range(4)
WIRE_STATE = {INITIAL: 0, LEARN: 1, LISTEN: 2, SPEAK: 4, STANDBY: 8, ACTIVE: 16}
STATE_NAME = {value: name for name, value in WIRE_STATE.items()}

V1_GROUP_MAC = "01:00:5e:00:00:02"
V2_GROUP_MAC = "01:00:5e:00:00:66"


def virtual_mac(group, version=1):
    if version == 1:
        return f"00:00:0c:07:ac:{group:02x}"
    return f"00:00:0c:9f:f{group >> 8:x}:{group & 0xff:02x}"


class Router:
    """One that is not there but for the packets that scapy makes for it."""

    def __init__(self, wire, address, priority):
        self.wire = wire
        self.address = address
        self.priority = priority
        self.layers = [getattr(importlib.import_module(f"scapy.layers.{module}"), layer)
                       for module, layer in (("l2", "Ether"), ("inet", "IP"), ("inet", "UDP"),
                                             ("hsrp", "HSRP"))]

    def packet(self, group, opcode, state, vip="0.0.0.0", hello=0, hold=0, ttl=1,
               udp=None, **fields):
        hsrp = {"opcode": opcode, "state": WIRE_STATE.get(state, state), "hellotime": hello,
                "holdtime": hold, "priority": self.priority, "group": group,
                "virtualIP": vip}
        hsrp.update(fields)
        ether, ipv4, udp4, hsrp1 = self.layers
        return (ether(src=self.wire.mac, dst=V1_GROUP_MAC) /
                ipv4(src=self.address, dst=V1_GROUP, ttl=ttl) /
                udp4(sport=PORT, dport=PORT, **(udp or {})) / hsrp1(**hsrp))

    def hello(self, group, state, **fields):
        self.wire.send(self.packet(group, HELLO, state, **fields))

    def coup(self, group, state=SPEAK, **fields):
        self.wire.send(self.packet(group, COUP, state, **fields))

    def resign(self, group, state=ACTIVE, **fields):
        self.wire.send(self.packet(group, RESIGN, state, **fields))


class Heard:
    """An HSRP packet or a gratuitous ARP that a gateway has sent."""

    def __init__(self, frame):
        self.frame = frame
        self.kind = None
        self.source_mac = mac_text(frame[6:12])
        arp = arp_of(frame)
        if arp:
            if arp[3] == arp[5]:
                self.kind = "garp"
                self.vip = arp[3]
                self.arp = arp
            return
        # IPv4 without options, UDP
        if frame[12:15] != b"\x08\x00\x45" or frame[23] != socket.IPPROTO_UDP or \
                int.from_bytes(frame[36:38], "big") != PORT or \
                frame[30:34] != socket.inet_aton(V1_GROUP):
            return
        if frame[43] == ADVERTISE:
            self.kind = "advertise"
            return
        _, operation, state, self.hello, self.hold, self.priority, self.group, vip = \
            struct.unpack_from("!7B9x4s", frame, 42)
        self.kind = ("hello", "coup", "resign")[operation]
        self.state = STATE_NAME.get(state)
        self.vip = socket.inet_ntoa(vip)
        self.source = socket.inet_ntoa(frame[26:30])


def heard(frames):
    return [item for item in map(Heard, frames) if item.kind]


def raw_packet(wire, source, payload, destination=V1_GROUP, ttl=1, damage=0, udp_length=None,
               ip_length=None):
    """Any payload to the HSRP port, where scapy has no layer for it. The checksum
    is left out when damage is None."""
    length = udp_length if udp_length is not None else 8 + len(payload)
    src, dst = socket.inet_aton(source), socket.inet_aton(destination)
    udp = struct.pack("!HHHH", PORT, PORT, length, 0) + payload
    pseudo = src + dst + struct.pack("!BBH", 0, 17, length)
    total = 0 if damage is None else (checksum(pseudo + udp) or 0xffff) ^ damage
    udp = udp[:6] + struct.pack("!H", total) + udp[8:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0xc0, ip_length or 20 + len(udp), 0, 0, ttl, 17, 0,
                     src, dst)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    mac = V2_GROUP_MAC if destination == V2_GROUP else V1_GROUP_MAC
    wire.send(bytes.fromhex((mac + wire.mac).replace(":", "")) + b"\x08\x00" + ip + udp)
