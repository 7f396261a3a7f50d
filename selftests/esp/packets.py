# SPDX-License-Identifier: GPL-2.0
"""Packets made by hand: as much of IP as the ESP tests need, without what an
import of scapy costs in a guest."""

import ipaddress
import struct

from gateway import checksum, mac_bytes

UDP, ESP, ICMP, ICMPV6 = 17, 50, 1, 58
DF = 0x4000
NOT_ECT, ECT1, ECT0, CE = range(4)


def ip(src, dst, protocol, payload, tos=0, ttl=64, frag=0, identification=1):
    """An IPv4 or IPv6 packet; frag is the whole field of IPv4."""
    src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if src.version == 6:
        return struct.pack("!IHBB", 6 << 28 | tos << 20, len(payload), protocol,
                           ttl) + src.packed + dst.packed + payload
    header = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), identification, frag, ttl,
                         protocol, 0, src.packed, dst.packed)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def udp(src, dst, sport, dport, data, **more):
    """A UDP packet with its IP header."""
    length = 8 + len(data)
    header = struct.pack("!HHHH", sport, dport, length, 0)
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    total = checksum(source.packed + target.packed + struct.pack("!IHBB", length, 0, 0, UDP) +
                     header + data) or 0xffff
    return ip(src, dst, UDP, header[:6] + struct.pack("!H", total) + data, **more)


def ethernet(src, dst, packet):
    kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
    return mac_bytes(dst) + mac_bytes(src) + kind + packet


def without_ttl(packet):
    """What forwarding leaves as it is."""
    if packet[0] >> 4 == 4:
        return packet[:8] + packet[9:10] + packet[12:]
    return packet[:7] + packet[8:]


def ip_of(frame):
    """The IP packet in a frame, without what Ethernet pads with; or None."""
    if frame[12:14] == b"\x08\x00":
        return frame[14:14 + struct.unpack_from("!H", frame, 16)[0]]
    if frame[12:14] == b"\x86\xdd":
        return frame[14:54 + struct.unpack_from("!H", frame, 18)[0]]
    return None


def protocol_of(packet):
    return packet[9] if packet[0] >> 4 == 4 else packet[6]


def payload_of(packet):
    return packet[(packet[0] & 15) * 4:] if packet[0] >> 4 == 4 else packet[40:]


def tos_of(packet):
    return packet[1] if packet[0] >> 4 == 4 else struct.unpack_from("!H", packet)[0] >> 4 & 0xff
