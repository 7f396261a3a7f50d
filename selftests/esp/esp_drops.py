#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,6.1,(debug)
"""Every reason to drop a packet, by name: each is provoked, counted once in all
and once at the SA that the packet met, and nothing of it reaches the inside. The
peer is made of packets that libcrypto encrypts."""

import ipaddress
import socket
import struct

import openssl
from esplab import (DEVICE, GATEWAY, GCM, GUARD, HOST, NATT, PEER, Capture, Report,
                    Site, Topology, Traffic, Wire, added, batch, sa_drops, wait)
from packets import CE, DF, ESP, ICMP, ICMPV6, UDP, ethernet, ip, ip_of, payload_of, udp, without_ttl

INNER = {4: 4, 6: 41}
NONE = 59

# no entry's, and on no network of the gateway's
STRAY = {4: "203.0.113.77", 6: "2001:db8:77::1"}


class Lab(Site):
    """The peer sends what it is told to, and answers nothing."""

    def __init__(self, topology):
        super().__init__(topology)
        self.soft = openssl.Esp(GCM)
        self.inside = Wire(self.host, "eth0")
        self.macs = self.peer.mac("eth0"), self.gateway.mac("eth0")
        self.line = Capture(self.peer, "eth0")
        # what the gateway itself tells the peer is none of the map's
        self.configure(transport=False)
        # neighbours that packets have to be sent to are known
        batch(self.gateway, [f"neigh replace {PEER[version]} lladdr {self.macs[0]} dev eth0"
                             for version in (4, 6)])
        self.spi_out = self.spi_in = 0
        self.seq = 0

    def pair(self, outbound=None, inbound=None, **more):
        """New SAs of ours in place of the old ones."""
        self.serial += 1
        self.seq = 0
        self.spi_out, self.spi_in = self.SPI_OUT + self.serial, self.SPI_IN + self.serial
        self.esp.do("esp-clear")
        self.esp.batch(("sa-new", self.sa("out", self.spi_out, GCM, **more, **(outbound or {}))),
                       ("sa-new", self.sa("in", self.spi_in, GCM, **more, **(inbound or {}))))

    # -- from the peer ---------------------------------------------------------

    def inner(self, version=4, data=b"hello, inside", **more):
        # to a socket that is there: no answer is sent
        return udp(DEVICE[version], HOST[version], 7, Traffic.ECHO + 1, data, **more)

    def esp_packet(self, payload, version=4, seq=None, **more):
        """ESP of the peer's; the sequence number is the next one unless given."""
        if seq is None:
            self.seq += 1
            seq = self.seq
        return self.soft.make(self.spi_in, seq, payload, more.pop("next_header", INNER[version]),
                              **more)

    def send(self, packet):
        self.line.send(ethernet(*self.macs, packet))

    def send_esp(self, esp, outer=4, tos=0):
        self.send(ip(PEER[outer], GATEWAY[outer], ESP, esp, tos))

    def arrives(self, packet):
        """The host gets this, and nothing else has come before it."""
        def mine(frame):
            got = ip_of(frame)
            return got and without_ttl(got) == without_ttl(packet)
        self.inside.wait_for(mine, "the packet gets to the host")
        others = [frame.hex() for frame in self.inside.heard if ip_of(frame) and
                  not mine(frame) and not is_noise(frame)]
        self.inside.drain()
        return [f"came out inside: {frame}" for frame in others]

    def good(self, version=4):
        """A packet that is let in, and nothing before it was."""
        packet = self.inner(version, b"good %d" % self.seq)
        self.send_esp(self.esp_packet(packet, version))
        return self.arrives(packet)

    # -- from the host ---------------------------------------------------------

    def from_host(self, size=10, version=4, target=None, frag=0):
        """A packet from the host, by the gateway."""
        packet = udp(HOST[version], (target or DEVICE)[version], 9, 9, b"x" * size, frag=frag)
        self.inside.send(ethernet(self.host_mac, self.router_mac, packet))
        return packet

    def learn(self):
        self.host_mac, self.router_mac = self.host.mac("eth0"), self.gateway.mac("eth1")
        batch(self.gateway, [f"neigh replace {HOST[version]} lladdr {self.host_mac} dev eth1"
                             for version in (4, 6)])


def is_noise(frame):
    """Neighbour discovery and what the host says by itself."""
    packet = ip_of(frame)
    return packet[0] >> 4 == 6 and (packet[6] in (0, ICMPV6) and packet[24] == 0xff or
                                    packet[6] == ICMPV6 and packet[40] in range(130, 144))


def dropped(lab, reason, provoke, direction=None, **where):
    """Faults if a packet is not dropped for the reason, once here and at the SA."""
    spi = {"in": lab.spi_in, "out": lab.spi_out}.get(direction)
    lab.inside.drain()
    before = lab.esp.drops()
    sa_before = sa_drops(lab.esp.sa(direction, spi)) if direction else {}
    provoke(**where)
    got = wait(lambda: added(before, lab.esp.drops()), f"something is dropped: {reason}")
    faults = []
    if got != {reason: 1}:
        faults.append(f"dropped: {got} rather than {reason}: 1")
    if direction:
        at_sa = added(sa_before, sa_drops(lab.esp.sa(direction, spi)))
        if at_sa != {reason: 1}:
            faults.append(f"at the SA: {at_sa} rather than {reason}: 1")
    return faults


def bad_packets(lab):
    """(reason, what, ESP packet) of what the peer may send on a good SA."""
    inner = {version: lab.inner(version) for version in (4, 6)}
    soft, spi = lab.soft, lab.spi_in

    def number():
        lab.seq += 1
        return lab.seq

    def make(payload, next_header=INNER[4], **more):
        return soft.make(spi, number(), payload, next_header, **more)

    sealed = make(inner[4])
    yield "bad-icv", "last byte of the ICV", sealed[:-1] + bytes([sealed[-1] ^ 1])
    yield "bad-icv", "a byte of the payload", sealed[:30] + bytes([sealed[30] ^ 0x80]) + sealed[31:]
    yield "bad-icv", "sequence number", sealed[:4] + struct.pack("!I", 4000) + sealed[8:]
    yield "bad-icv", "cut short by 4 bytes", sealed[:-4]
    yield "bad-padding", "not 1, 2, 3", make(inner[4], padding=b"\2\1")
    yield "bad-padding", "longer than the packet", make(b"", padding=b"\1\2\xfa")
    yield "bad-padding", "longer than the packet by one byte", make(b"", padding=b"\1\2\3")
    for length in (0, 1, 7, 8, 12, 15, 31, 33):
        yield ("truncated", f"{length} bytes behind the header",
               struct.pack("!II", spi, number()) + b"\xa5" * length)
    for next_header in (0, 6, 17, 50, 255):
        yield "bad-next-header", f"{next_header}", make(inner[4], next_header)
    yield "bad-inner", "empty", make(b"")
    yield "bad-inner", "version 6 in IPv4", make(b"\x65" + inner[4][1:])
    yield "bad-inner", "header of 16 bytes", make(b"\x44" + inner[4][1:])
    yield "bad-inner", "shorter than it says", make(inner[4][:-8])
    yield "bad-inner", "says that it is shorter than its header", make(
        inner[4][:2] + b"\0\x13" + inner[4][4:])
    yield "bad-inner", "IPv4 as IPv6", make(inner[4], INNER[6])
    yield "bad-inner", "IPv6 as IPv4", make(inner[6])
    yield "bad-inner", "IPv6 shorter than it says", make(inner[6][:-4], INNER[6])
    yield "bad-inner", "IPv6 header cut", make(inner[6][:36], INNER[6])
    yield "wrong-selector", "source", make(udp("20.9.1.1", HOST[4], 7, 7, b"x"))
    yield "wrong-selector", "destination", make(udp(DEVICE[4], "10.9.1.1", 7, 7, b"x"))
    yield "wrong-selector", "denied by a line", make(udp("20.1.9.2", HOST[4], 7, 7, b"x"))
    yield "wrong-selector", "IPv6 source", make(udp("2001:db8:99::1", HOST[6], 7, 7, b"x"),
                                                INNER[6])
    yield "wrong-selector", "the other way round", make(udp(HOST[4], DEVICE[4], 7, 7, b"x"))
    yield "dummy", "no next header", make(b"\xa5" * 40, NONE)
    yield "dummy", "no next header, IPv4 inside", make(inner[4], NONE)


def inbound(lab, report):
    lab.pair()
    for reason, what, esp in bad_packets(lab):
        def one(reason=reason, esp=esp):
            return dropped(lab, reason, lambda: lab.send_esp(esp), "in") + lab.good()
        report.append((f"{reason}: {what}", one))


def replays(lab):
    """(what, function) of the anti-replay window."""
    def replayed():
        lab.pair()
        packet = lab.inner()
        esp = lab.esp_packet(packet)
        lab.send_esp(esp)
        return (lab.arrives(packet) + dropped(lab, "replayed", lambda: lab.send_esp(esp), "in") +
                lab.good())

    def zero():
        lab.pair()
        return dropped(lab, "replayed", lambda: lab.send_esp(
            lab.esp_packet(lab.inner(), seq=0)), "in") + lab.good()

    def too_old(window):
        lab.pair(inbound={"replay-window": window})
        lab.seq = 9999
        faults = lab.good()
        packet = lab.inner(data=b"last one")
        lab.send_esp(lab.esp_packet(packet, seq=10000 - window + 1))
        faults += lab.arrives(packet)
        esp = lab.esp_packet(lab.inner(), seq=10000 - window)
        return faults + dropped(lab, "too-old", lambda: lab.send_esp(esp), "in") + lab.good()

    yield "replayed", replayed
    yield "replayed: number 0", zero
    for window in (32, 64, 100, 4096):
        yield f"too-old: window of {window}", lambda window=window: too_old(window)


def others(lab):
    """(what, function) of the rest of what comes in."""
    def clear_in(version):
        lab.pair()
        return dropped(lab, "clear-in", lambda: lab.send(lab.inner(version))) + lab.good()

    def unknown_spi():
        lab.pair()
        esp = lab.soft.make(0xdeadbeef, 1, lab.inner())
        return dropped(lab, "unknown-spi", lambda: lab.send_esp(esp)) + lab.good()

    def bad_ecn():
        lab.pair()
        esp = lab.esp_packet(lab.inner())
        return dropped(lab, "bad-ecn", lambda: lab.send_esp(esp, tos=CE), "in") + lab.good()

    def plain_for_natt():
        lab.pair(natt=True)
        esp = lab.esp_packet(lab.inner())
        return dropped(lab, "wrong-encapsulation", lambda: lab.send_esp(esp), "in")

    def natt_for_plain():
        lab.pair()
        esp = lab.esp_packet(lab.inner())
        return dropped(lab, "wrong-encapsulation", lambda: lab.send(udp(
            PEER[4], GATEWAY[4], NATT, NATT, esp)), "in") + lab.good()

    def expired_in():
        lab.pair(inbound={"hard-packets": 1})
        faults = lab.good()
        esp = lab.esp_packet(lab.inner())
        return faults + dropped(lab, "expired", lambda: lab.send_esp(esp), "in")

    def cleared_in():
        """Keys do not become younger with their counters."""
        lab.pair(inbound={"hard-packets": 2})
        faults = lab.good()
        lab.esp.do("esp-clear", counters=1)
        sa = lab.esp.sa("in", lab.spi_in)
        if (sa["packets"], sa["lifetime-packets"]) != (0, 1):
            faults.append(f"packets {sa['packets']}, of the lifetime {sa['lifetime-packets']}")
        faults += lab.good()
        esp = lab.esp_packet(lab.inner())
        return faults + dropped(lab, "expired", lambda: lab.send_esp(esp), "in")

    def padded(version, count):
        """TFC padding (RFC 4303 section 2.7) is no drop: it is cut."""
        lab.pair()
        packet = lab.inner(version)
        before = lab.esp.drops()
        lab.send_esp(lab.esp_packet(packet + b"\xa5" * count, version))
        faults = lab.arrives(packet)
        return faults + [f"dropped: {one}" for one in added(before, lab.esp.drops()).items()]

    for version in (4, 6):
        yield f"clear-in: IPv{version}", lambda version=version: clear_in(version)
    yield "unknown-spi", unknown_spi
    yield "bad-ecn: outside CE, inside not ECN-capable", bad_ecn
    yield "wrong-encapsulation: plain for an SA in UDP", plain_for_natt
    yield "wrong-encapsulation: in UDP for a plain SA", natt_for_plain
    yield "expired: inbound, after its last packet", expired_in
    yield "expired: inbound, its counters were cleared before", cleared_in
    for version in (4, 6):
        for count in (1, 300):
            yield (f"no drop: IPv{version} with {count} bytes of TFC padding",
                   lambda version=version, count=count: padded(version, count))


def outbound(lab):
    """(what, function) of what leaves."""
    def sent():
        """ESP on the wire; nobody else sends any."""
        return [frame for frame in lab.wire.heard if (ip_of(frame) or b"\0" * 10)[9] == ESP]

    def out(reason, version=4, direction="out", target=None, **more):
        lab.wire.drain()
        faults = dropped(lab, reason, lambda: lab.from_host(version=version, target=target,
                                                            **more), direction)
        lab.wire.pull()
        leaked = [frame.hex() for frame in lab.wire.heard
                  if (ip_of(frame) or b"\0" * 10)[0] >> 4 in (4, 6) and not is_noise(frame)]
        return faults + [f"left: {frame}" for frame in leaked]

    def no_sa(version, target):
        lab.esp.do("esp-clear")
        return out("no-sa", version, None, target)

    def no_endpoint(version):
        lab.esp.do("esp-clear")
        interface = f"{GATEWAY[4]}/24 dev eth0"
        batch(lab.gateway, [f"addr del {interface}"])
        try:
            wait(lambda: "local" not in lab.esp.do("binding-get", ifname="eth0"),
                 "the endpoint is gone")
            faults = out("no-endpoint", version, None, DEVICE)
        finally:
            batch(lab.gateway, [f"addr add {interface}"])
            lab.gateway_routes()
        wait(lambda: "local" in lab.esp.do("binding-get", ifname="eth0"), "it is back")
        return faults + out("no-sa", version, None, DEVICE)

    def expired():
        lab.pair(outbound={"hard-packets": 1})
        lab.wire.drain()
        lab.from_host()
        lab.wire.wait_for(lambda frame: bool(sent()), "the last packet leaves")
        return out("expired", direction=None)

    def exhausted(esn, last):
        lab.pair(outbound={"esn": int(esn), "seq": last})
        return out("sequence-exhausted")

    def last_one():
        """The number before the last one can still be used."""
        lab.pair(outbound={"seq": 2 ** 32 - 2})
        lab.wire.drain()
        lab.from_host()
        lab.wire.wait_for(lambda frame: bool(sent()), "the last packet leaves")
        esp = payload_of(ip_of(sent()[-1]))
        number = struct.unpack_from("!I", esp, 4)[0]
        faults = [] if number == 2 ** 32 - 1 else [f"the last number is {number}"]
        return faults + out("sequence-exhausted") + out("expired", direction=None)

    def past(version):
        """What no entry takes leaves by the interface if a route leads there, and is
        not taken for a neighbour if none does."""
        lab.pair()
        stray = STRAY[version]
        batch(lab.gateway, [f"route add {stray} dev {lab.device}"])
        try:
            faults = out("no-route", version, None, STRAY)
            asked = ipaddress.ip_address(stray).packed
            return faults + [f"asked for: {frame.hex()}" for frame in lab.wire.heard
                             if asked in frame]
        finally:
            batch(lab.gateway, [f"route del {stray} dev {lab.device}"])

    def to_nowhere(reason, address, commands):
        batch(lab.gateway, [f"route add {one}" for one in commands])
        try:
            lab.pair(outbound={"dst": address})
            return out(reason)
        finally:
            batch(lab.gateway, [f"route del {one}" for one in commands])

    def too_big(version, target):
        lab.pair()
        mtu = lab.esp.sa("out", lab.spi_out)["mtu"]
        head = 28 if version == 4 else 48
        frag = DF if version == 4 else 0
        lab.wire.drain()
        # what fits leaves
        lab.from_host(mtu - head, version, target, frag)
        lab.wire.wait_for(lambda frame: bool(sent()), "what fits leaves")
        size = len(ip_of(sent()[-1]))
        faults = [] if 1496 < size <= 1500 else [f"{size} bytes outside"]
        if target is DEVICE:
            # the device's own MTU is the kernel's to check
            batch(lab.gateway, [f"link set {lab.device} mtu 1500"])
        faults += out("too-big", version, target=target, size=mtu - head + 1, frag=frag)
        told = lab.inside.wait_for(told_mtu(version), "the sender is told")
        return faults + ([] if told == mtu else [f"the sender is told of an MTU of {told}, "
                                                 f"not {mtu}"])

    def not_ip(data):
        lab.pair()
        sock = lab.gateway.inside(socket.socket, socket.AF_PACKET, socket.SOCK_DGRAM)
        return dropped(lab, "not-ip", lambda: sock.sendto(data, (lab.device, 0x86dd)))

    for version in (4, 6):
        for name, target in (("device", DEVICE), ("guard", GUARD)):
            yield (f"no-sa: IPv{version}, {name}",
                   lambda version=version, target=target: no_sa(version, target))
        yield (f"no-endpoint: IPv{version}, the interface has no address",
               lambda version=version: no_endpoint(version))
    yield "expired: outbound, after its last packet", expired
    yield "sequence-exhausted", lambda: exhausted(False, 2 ** 32 - 1)
    yield "sequence-exhausted: the last number is used first", last_one
    yield "no-route", lambda: to_nowhere("no-route", "192.0.2.9", ["unreachable 192.0.2.9"])
    yield "loop", lambda: to_nowhere("loop", "192.0.2.9", [f"192.0.2.9 dev {lab.device}"])
    for version in (4, 6):
        yield (f"no-route: IPv{version}, past the tunnel, where nothing leads",
               lambda version=version: past(version))
    for version in (4, 6):
        for name, target in (("guard", GUARD), ("device", DEVICE)):
            yield (f"too-big: IPv{version}, {name}, and the sender is told",
                   lambda version=version, target=target: too_big(version, target))
    for data in (b"\x45", b"\x55" * 60, b"\x60" * 20):
        yield f"not-ip: {data[:1].hex()}, {len(data)} bytes", (
            lambda data=data: not_ip(data))


def told_mtu(version):
    """The MTU in an ICMP error, for Wire.wait_for()."""
    def match(frame):
        packet = ip_of(frame)
        if not packet or packet[0] >> 4 != version:
            return None
        icmp = payload_of(packet)
        if version == 4 and packet[9] == ICMP and icmp[:2] == b"\3\4":
            return struct.unpack_from("!H", icmp, 6)[0]
        if version == 6 and packet[6] == ICMPV6 and icmp[0] == 2:
            return struct.unpack_from("!I", icmp, 4)[0]
        return None
    return match


def standby(lab):
    """Both ways, while the standby group is not active here."""
    lab.pair()
    lab.esp.do("group-new", ifname="eth1", number=1, name="HA")
    lab.esp.do("binding-set", ifname="eth0", redundancy="HA")
    try:
        esp = lab.esp_packet(lab.inner())
        return (dropped(lab, "standby", lambda: lab.send_esp(esp), "in") +
                dropped(lab, "standby", lab.from_host) +
                dropped(lab, "standby", lab.from_host, target=GUARD))
    finally:
        lab.esp.do("binding-set", ifname="eth0", redundancy="")


def main():
    with Topology() as topology:
        lab = Lab(topology)
        lab.learn()
        tests = []
        inbound(lab, tests)
        tests += replays(lab)
        tests += others(lab)
        tests += outbound(lab)
        tests += [("standby: both ways", lambda: standby(lab))]
        report = Report(len(tests))
        # those of one pair of SAs come first, and use their numbers in order
        for what, function in tests:
            report.run(f"drop {what}" if not what.startswith("no drop") else what, function)
    report.end()


if __name__ == "__main__":
    main()
