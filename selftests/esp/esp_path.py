#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,kcsan,(6.1),(debug)
"""What the path asks for: packets of all sizes over links of all sizes, fragments
before and after encryption, path MTU both ways, the DF bit, and the traffic
class (RFC 4301 section 5.1.2, RFC 6040)."""

import struct

import openssl
from esplab import (DEVICE, GATEWAY, GCM, GUARD, HOST, IP_HEADER, PEER, UDP_HEADER, Report, Site,
                    Topology, batch, wait)
from gateway import checksum
from packets import (CE, DF, ECT0, ECT1, ESP, ICMP, ICMPV6, NOT_ECT, ethernet, ip, ip_of,
                     payload_of, protocol_of, tos_of, udp, without_ttl)

MF = 0x2000
OFFSET = 0x1fff


def fragment_of(packet):
    """The field of IPv4 that says so."""
    return struct.unpack_from("!H", packet, 6)[0]


class Lab(Site):
    """Frames are made at the host and at the peer, and seen between them."""

    def __init__(self, topology):
        super().__init__(topology)
        self.configure(transport=False)
        self.soft = openssl.Esp(GCM)
        self.macs = {name: namespace.mac(ifname) for name, namespace, ifname in (
            ("host", self.host, "eth0"), ("router", self.gateway, "eth1"),
            ("gateway", self.gateway, "eth0"), ("peer", self.peer, "eth0"))}
        self.near = type(self.wire)(self.host, "eth0")
        self.far = type(self.wire)(self.peer, "eth0")
        batch(self.gateway,
              [f"neigh replace {PEER[version]} lladdr {self.macs['peer']} dev eth0"
               for version in (4, 6)] +
              [f"neigh replace {HOST[version]} lladdr {self.macs['host']} dev eth1"
               for version in (4, 6)])

    def from_host(self, packet):
        self.near.send(ethernet(self.macs["host"], self.macs["router"], packet))

    def from_peer(self, packet):
        self.far.send(ethernet(self.macs["peer"], self.macs["gateway"], packet))

    def esp_sent(self):
        """Outer packets of ESP that the gateway has sent."""
        self.wire.pull()
        source = bytes.fromhex(self.macs["gateway"].replace(":", ""))
        return [packet for frame in self.wire.heard if frame[6:12] == source
                for packet in [ip_of(frame)] if packet and protocol_of(packet) in (ESP, 44)]

    def outer(self, packet, count=1):
        """What becomes of a packet of the host's."""
        self.wire.drain()
        self.from_host(packet)
        wait(lambda: len(self.esp_sent()) >= count, "ESP leaves", pause=0.01)
        return self.esp_sent()

    def inner(self, payload, next_header=4, tos=0):
        """What comes out of a packet of the peer's, at the host."""
        self.near.drain()
        self.from_peer(ip(PEER[4], GATEWAY[4], ESP, self.soft.make(
            self.spis[1], self.next_number(), payload, next_header), tos))

        def mine(frame):
            packet = ip_of(frame)
            return packet if packet and packet[-8:] == payload[-8:] else None
        return self.near.wait_for(mine, "the packet comes out")

    def next_number(self):
        self.number += 1
        return self.number

    def fresh(self, **more):
        """New SAs; the peer is XFRM or packets."""
        self.number = 0
        self.spis = self.connect(GCM, **more)
        return self.esp.sa("out", self.spis[0])["mtu"]


def frames_to(lab, target, size, frag=0, tos=0, version=4):
    return lab.outer(udp(HOST[version], target[version], 9, 9, b"y" * size, frag=frag, tos=tos))


# -- sizes ---------------------------------------------------------------------

def all_sizes(lab, mtu):
    """Links of this MTU, datagrams and streams up to it and above."""
    for namespace, name in ((lab.host, "eth0"), (lab.gateway, "eth0"), (lab.gateway, "eth1"),
                            (lab.peer, "eth0")):
        batch(namespace, [f"link set {name} mtu {mtu}"])
    try:
        inside = lab.fresh()
        lab.traffic.drain()
        faults = [] if mtu - 60 < inside < mtu else [f"the SA passes {inside} bytes"]
        fits = inside - IP_HEADER[4] - UDP_HEADER
        for target in (DEVICE, GUARD):
            lab.traffic.exchange(4, (1, fits - 1, fits, fits + 1, mtu, 3 * mtu, 20000), target[4])
            lab.traffic.stream(4, target[4], 5 * mtu)
        device = lab.gateway.json(f"link show {lab.device}")[0]["mtu"]
        return faults + ([] if device == inside else [f"the device's MTU is {device}"])
    finally:
        lab.disconnect()


def fragments(lab, target, outside):
    """Into the device: the kernel cuts what goes into the tunnel. By the guard: the
    tunnel's packets are cut."""
    lab.fresh()
    sent = frames_to(lab, target, 1460)
    wait(lambda: len(lab.esp_sent()) == 2, "there are two packets", pause=0.01)
    sent = lab.esp_sent()
    cut = [packet for packet in sent if fragment_of(packet) & (MF | OFFSET)]
    lab.disconnect()
    return [] if len(cut) == (2 if outside else 0) else [f"{len(cut)} of {len(sent)} are fragments"]


def fragments_in(lab):
    """ESP that comes in fragments, in disorder."""
    lab.fresh()
    payload = udp(DEVICE[4], HOST[4], 7, 7008, b"z" * 1000)
    esp = lab.soft.make(lab.spis[1], 1, payload)
    lab.near.drain()
    for start, end in ((480, len(esp)), (0, 480)):
        more = MF if end < len(esp) else 0
        lab.from_peer(ip(PEER[4], GATEWAY[4], ESP, esp[start:end], frag=more | start // 8))
    lab.near.wait_for(lambda frame: ip_of(frame) and
                      without_ttl(ip_of(frame)) == without_ttl(payload), "it comes out")
    lab.disconnect()


# -- path MTU ------------------------------------------------------------------

def icmp_too_big(outer, mtu):
    """What a router says of an outer packet of the gateway's."""
    if outer[0] >> 4 == 4:
        icmp = struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + outer[:28]
        icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
        return ip(PEER[4], GATEWAY[4], ICMP, icmp)
    icmp = struct.pack("!BBHI", 2, 0, 0, mtu) + outer[:200]
    packet = ip(PEER[6], GATEWAY[6], ICMPV6, icmp)
    total = checksum(packet[8:40] + struct.pack("!II", len(icmp), ICMPV6) + icmp)
    return ip(PEER[6], GATEWAY[6], ICMPV6, icmp[:2] + struct.pack("!H", total) + icmp[4:])


def path_mtu(lab, outer, target):
    """A router on the way passes less: the SA does too, and the sender is told."""
    before = lab.fresh(outer=outer)
    packet = frames_to(lab, target, 500, DF)[0]
    lab.from_peer(icmp_too_big(packet, 1300))
    wait(lambda: lab.esp.sa("out", lab.spis[0])["mtu"] < 1300, "the SA passes less")
    mtu = lab.esp.sa("out", lab.spis[0])["mtu"]
    faults = [] if before - mtu == 200 else [f"MTU was {before}, is {mtu}"]
    lab.near.drain()
    lab.from_host(udp(HOST[4], target[4], 9, 9, b"y" * (mtu - 27), frag=DF))

    def told(frame):
        inner = ip_of(frame)
        return inner and inner[9] == ICMP and payload_of(inner)[:2] == b"\3\4" and (
            struct.unpack_from("!H", payload_of(inner), 6)[0])
    got = lab.near.wait_for(told, "the sender is told")
    if got != mtu:
        faults.append(f"the sender is told of {got}, not {mtu}")
    for packet in frames_to(lab, target, mtu - 28, DF):
        if len(packet) > 1300:
            faults.append(f"a packet of {len(packet)} bytes leaves")
    lab.disconnect()
    lab.gateway.sh("ip route flush cache; ip -6 route flush cache")
    return faults


# -- headers -------------------------------------------------------------------

def df_bit(lab):
    faults = []
    lab.fresh()
    for kind in ("copy", "clear", "set"):
        lab.esp.do("binding-set", ifname="eth0", df=kind)
        for inner in (0, DF):
            for name, target in (("device", DEVICE), ("guard", GUARD)):
                got = fragment_of(frames_to(lab, target, 100, inner)[0]) & DF
                wanted = {"copy": inner, "clear": 0, "set": DF}[kind]
                if got != wanted:
                    faults.append(f"{kind}, {name}: {inner:#x} becomes {got:#x}")
    lab.esp.do("binding-set", ifname="eth0", df="copy")
    lab.disconnect()
    return faults


def traffic_class_out(lab):
    """RFC 4301: the DSCP is copied. RFC 6040 section 4.1: so is the ECN field."""
    faults = []
    for outer in (4, 6):
        lab.fresh(outer=outer)
        for version in (4, 6):
            for tos in (0xb8 | NOT_ECT, 0xb8 | ECT0, ECT1, 0x28 | CE):
                got = tos_of(frames_to(lab, DEVICE, 100, 0, tos, version)[0])
                if got != tos:
                    faults.append(f"v{outer}/v{version}: {tos:#x} becomes {got:#x}")
    lab.disconnect()
    return faults


def traffic_class_in(lab):
    """RFC 6040 section 4.2; the DSCP inside stays."""
    faults = []
    lab.fresh()
    for version, next_header in ((4, 4), (6, 41)):
        for inner, outer, wanted in (
                (NOT_ECT, NOT_ECT, NOT_ECT), (NOT_ECT, ECT0, NOT_ECT), (NOT_ECT, ECT1, NOT_ECT),
                (ECT0, NOT_ECT, ECT0), (ECT0, ECT0, ECT0), (ECT0, ECT1, ECT1), (ECT0, CE, CE),
                (ECT1, NOT_ECT, ECT1), (ECT1, ECT0, ECT1), (ECT1, ECT1, ECT1), (ECT1, CE, CE),
                (CE, NOT_ECT, CE), (CE, ECT0, CE), (CE, ECT1, CE), (CE, CE, CE)):
            packet = udp(DEVICE[version], HOST[version], 7, 7008,
                         b"%08d" % (64 * version + 16 * inner + outer), tos=0x28 | inner)
            got = tos_of(lab.inner(packet, next_header, 0xb8 | outer))
            if got != 0x28 | wanted:
                faults.append(f"IPv{version}: {0x28 | inner:#x} in {0xb8 | outer:#x} becomes "
                              f"{got:#x}, not {0x28 | wanted:#x}")
    lab.disconnect()
    return faults


# -- others that look at packets ------------------------------------------------

def firewall(lab):
    """A connection counts as established however its packets leave."""
    lab.gateway.sh("nft 'table inet lab { chain forward { type filter hook forward priority 0; "
                   "policy drop; ct state established accept; iifname eth1 accept; }; }'")
    try:
        # the hook of the last who came is the first that is asked
        lab.esp.do("binding-del", ifname="eth0")
        lab.esp.do("binding-new", ifname="eth0", map="vpn")
        lab.routes()
        lab.fresh()
        lab.traffic.drain()
        for version in (4, 6):
            for target in (DEVICE, GUARD):
                lab.traffic.exchange(version, (100,), target[version])
                lab.traffic.stream(version, target[version], 5000)
    finally:
        lab.disconnect()
        lab.gateway.sh("nft delete table inet lab")


def main():
    with Topology() as topology:
        lab = Lab(topology)
        tests = [("fragments: into the device they are cut before encryption", fragments, lab,
                  DEVICE, False),
                 ("fragments: by the guard they are cut after encryption", fragments, lab, GUARD,
                  True),
                 ("fragments: ESP is put together before decryption", fragments_in, lab)]
        tests += [(f"path MTU: a router over IPv{outer} passes less, {name}", path_mtu, lab, outer,
                   target)
                  for outer in (4, 6) for name, target in (("guard", GUARD), ("device", DEVICE))]
        tests += [("DF bit outside: copied, cleared, set", df_bit, lab),
                  ("DSCP and ECN outwards", traffic_class_out, lab),
                  ("DSCP and ECN inwards", traffic_class_in, lab),
                  ("xfrm: a stateful firewall at the gateway", firewall, lab)]
        tests += [(f"xfrm: links of {mtu} bytes", all_sizes, lab, mtu)
                  for mtu in (9000, 2304, 1500, 1280, 1006, 576)]
        report = Report(len(tests))
        for what, function, *arguments in tests:
            report.run(what, function, *arguments)
    report.end()


if __name__ == "__main__":
    main()
