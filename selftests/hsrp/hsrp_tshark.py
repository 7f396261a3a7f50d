#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
"""Every kind of packet that a gateway sends, as tshark reads it: without
complaint, and with the values that were configured."""

import json
import socket
import statistics
import struct
import subprocess
import tempfile

from gateway import (ACTIVE, PORT, SPEAK, STANDBY, V1_GROUP, V2_GROUP, Family, Report, Topology,
                     Wire, arp_frame, arp_reply_of, wait)
from scapy_router import V1_GROUP_MAC, V2_GROUP_MAC, raw_packet, virtual_mac

SO_TIMESTAMPNS = 35
HELLOS = 12		# of an active group, to judge the intervals by
STATE = {1: {SPEAK: 4, STANDBY: 8, ACTIVE: 16}, 2: {SPEAK: 4, STANDBY: 5, ACTIVE: 6}}


class Group:
    """A group, and what tshark is to say of its packets."""

    def __init__(self, what, version, number, hello, hold, priority, told):
        self.what = what
        self.version = version
        self.ifname = f"eth{version}"
        self.own = f"172.16.{version}.52"
        self.vip = f"172.16.{version}.{100 + number % 100}"
        self.number = number
        self.hello = hello
        self.hold = hold
        self.priority = priority
        self.told = told	# the times in its packets
        self.mac = virtual_mac(number, version)
        self.destination = (V1_GROUP, V1_GROUP_MAC) if version == 1 else (V2_GROUP, V2_GROUP_MAC)

    def layer(self):
        return "hsrp" if self.version == 1 else "hsrp2"

    def lower(self):
        """A hello of an active router that is no match, which asks for a coup."""
        if self.version == 1:
            head = struct.pack("!BBBBBBBB", 0, 0, 16, 0, 0, 0, self.number, 0)
            return head + b"cisco\0\0\0" + bytes([172, 16, 1, 100 + self.number % 100])
        head = struct.pack("!BBBBBBH6sIII", 1, 40, 2, 0, 6, 4, self.number, bytes(6), 0, 250, 750)
        return head + bytes([172, 16, 2, 100 + self.number % 100]) + bytes(12)


GROUPS = (
    Group("v1", 1, 5, 1000, 3000, 110, (1, 3)),
    Group("v1 ms", 1, 255, 250, 750, 255, (0, 0)),
    Group("v2", 2, 2748, 250, 800, 120, (250, 800)),
    Group("v2 s", 2, 4095, 1000, 3000, 1, (1000, 3000)),
)


def capture(lab, wires, groups):
    """Leads the groups from the cradle to the grave."""
    for version in (1, 2):
        lab.do("interface-new", ifname=f"eth{version}", version=version)
    for group in groups:
        lab.do("group-new", ifname=group.ifname, number=group.number, enabled=1,
               vip=group.vip, priority=group.priority, hello_ms=group.hello,
               hold_ms=group.hold)
    for group in groups:
        lab.wait_state(group.ifname, group.number, ACTIVE)

    def sent(name, number):
        for wire in wires.values():
            wire.pull()
        return all(lab.group(group.ifname, group.number)["counters"][name] >= number
                   for group in groups)

    start = {group: lab.group(group.ifname, group.number)["counters"]["hello-tx"]
             for group in groups}
    wait(lambda: sent("hello-tx", 0) and all(
        lab.group(group.ifname, group.number)["counters"]["hello-tx"] >= start[group] + HELLOS
        for group in groups), "hellos of active groups")
    wait(lambda: sent("garp-tx", 3), "gratuitous ARP")

    for group in groups:
        wire = wires[group.version]
        wire.send(arp_frame(wire.mac, f"172.16.{group.version}.9", "ff:ff:ff:ff:ff:ff", group.vip,
                            request=True))
        wire.wait_for(lambda frame, vip=group.vip: (arp_reply_of(frame) or ("",))[0] == vip,
                      "ARP reply")
        raw_packet(wire, f"172.16.{group.version}.20", group.lower(), group.destination[0])
    wait(lambda: sent("coup-tx", 1), "coup")
    wait(lambda: sent("garp-tx", 4), "gratuitous ARP again")
    for group in groups:
        lab.do("group-set", ifname=group.ifname, number=group.number, enabled=0)
    wait(lambda: sent("resign-tx", 1), "resign")
    for version, wire in wires.items():
        wire.flush(f"172.16.{version}.52", f"172.16.{version}.9")


# What tshark says of every protocol but some that it sends less far than RFC 3171
# foresees; HSRP's time to live is 1, as RFC 2281 says.
EXPECTED = '"Time To Live" != 255 for a packet sent to the Local Network Control Block (see RFC 3171)'


def flatten(tree, into):
    """All fields of all layers; of those that a packet has twice the first, but
    all that tshark complains of."""
    for key, value in tree.items():
        for item in value if isinstance(value, list) else [value]:
            if key == "_ws.expert.message" or key in ("_ws.malformed", "_ws.short"):
                into.setdefault("complaints", []).append(item if isinstance(item, str) else key)
            if isinstance(item, dict):
                into.setdefault(key, "")
                flatten(item, into)
            else:
                into.setdefault(key, item)
    return into


def dissect(wires):
    """Every frame as tshark's fields."""
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for wire in wires.values():
            for frame in wire.heard:
                file.write(struct.pack("=IIII", int(frame.stamp),
                                       int(frame.stamp % 1 * 1000000),
                                       len(frame), len(frame)) + frame)
        file.flush()
        output = subprocess.run(
            ["tshark", "-r", file.name, "-T", "json", "--no-duplicate-keys",
             "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True).stdout
    return [flatten(packet["_source"]["layers"], {}) for packet in json.loads(output)]


def complaints(packets):
    return [f"frame {packet['frame.number']}: {complaint}" for packet in packets
            for complaint in packet.get("complaints", ())
            if not (complaint == EXPECTED and packet["ip.ttl"] == "1")]


def number(packet, field):
    value = packet.get(field)
    return int(value, 0) if value is not None else None


def of_group(packets, group):
    field = f"{group.layer()}.group"
    return [packet for packet in packets if number(packet, field) == group.number]


def kind(group, packet):
    """("hello", STANDBY) and the like."""
    layer = group.layer()
    opcode = ("hello", "coup", "resign")[number(packet, f"{layer}.opcode")]
    state = next((name for name, value in STATE[group.version].items()
                  if value == number(packet, f"{layer}.state")), None)
    return opcode, state


def wrong(packet, wanted):
    """What is not as it is wanted."""
    faults = []
    for field, value in wanted.items():
        got = packet.get(field)
        if isinstance(value, int):
            got = number(packet, field)
        if got != value:
            faults.append(f"frame {packet['frame.number']}: {field} is {got}, not {value}")
    return faults


def frame_values(group):
    return {"eth.dst": group.destination[1], "ip.src": group.own,
            "ip.dst": group.destination[0], "ip.ttl": 1, "ip.checksum.status": 1,
            "udp.srcport": PORT, "udp.dstport": PORT, "udp.checksum.status": 1}


def values(group, opcode, state, device_mac):
    layer = group.layer()
    wanted = frame_values(group)
    wanted["eth.src"] = group.mac if state == ACTIVE and opcode != "resign" else device_mac
    wanted.update({
        f"{layer}.version": 0 if group.version == 1 else 2,
        f"{layer}.opcode": ("hello", "coup", "resign").index(opcode),
        f"{layer}.state": STATE[group.version][state],
        f"{layer}.hellotime": group.told[0], f"{layer}.holdtime": group.told[1],
        f"{layer}.priority": group.priority, f"{layer}.group": group.number,
        f"{layer}.auth_data": "cisco", f"{layer}.virt_ip": group.vip})
    if group.version == 2:
        wanted.update({"hsrp2.ipversion": 4, "hsrp2.identifier": device_mac})
    else:
        wanted["hsrp.reserved"] = 0
    return wanted


def check_kind(packets, group, opcode, state, device_mac):
    mine = [packet for packet in of_group(packets, group) if kind(group, packet) == (opcode, state)]
    if not mine:
        return ["there is none"]
    wanted = values(group, opcode, state, device_mac)
    return [fault for packet in mine for fault in wrong(packet, wanted)]


def check_only(packets, group):
    """No packet of the group beside the kinds that were asked for."""
    wanted = {("hello", SPEAK), ("hello", STANDBY), ("hello", ACTIVE), ("coup", ACTIVE),
              ("resign", ACTIVE)}
    return [f"{extra} was sent" for extra in {kind(group, packet)
                                              for packet in of_group(packets, group)} - wanted]


def check_garp(packets, group):
    mine = [packet for packet in packets if packet.get("arp.src.proto_ipv4") == group.vip and
            packet.get("arp.dst.proto_ipv4") == group.vip]
    # three, and again once another active router has been heard
    faults = [] if len(mine) > 3 else [f"{len(mine)} were sent, not 4"]
    for packet in mine:
        faults += wrong(packet, {"eth.src": group.mac, "eth.dst": "ff:ff:ff:ff:ff:ff",
                                 "arp.opcode": 2, "arp.src.hw_mac": group.mac})
    # each 2 s: never early
    stamps = [float(packet["frame.time_epoch"]) for packet in mine]
    faults += [f"{later - sooner:.3f} s apart" for sooner, later in zip(stamps, stamps[1:])
               if later - sooner < 1.9]
    return faults


def check_arp_reply(packets, group, peer_mac):
    mine = [packet for packet in packets if packet.get("arp.src.proto_ipv4") == group.vip and
            packet.get("arp.dst.proto_ipv4") == f"172.16.{group.version}.9"]
    faults = [] if len(mine) == 1 else [f"{len(mine)} were sent, not 1"]
    for packet in mine:
        faults += wrong(packet, {"eth.src": group.mac, "eth.dst": peer_mac, "arp.opcode": 2,
                                 "arp.src.hw_mac": group.mac, "arp.dst.hw_mac": peer_mac})
    return faults


def check_advertise(packets, version, device_mac):
    """The interface tells when it gets its first running group, its first active
    one, and when it loses the last."""
    names = (("hsrp.adv.activegrp", "hsrp.adv.passivegrp") if version == 1 else
             ("hsrp2.active_groups", "hsrp2.passive_groups"))
    mine = [packet for packet in packets if names[0] in packet]
    faults = []
    counts = []
    for packet in mine:
        active, passive = (number(packet, name) for name in names)
        counts.append((active, passive))
        wanted = frame_values(next(group for group in GROUPS if group.version == version))
        wanted["eth.src"] = device_mac
        if version == 1:
            wanted.update({"hsrp.version": 0, "hsrp.opcode": 3, "hsrp.adv.tlvtype": 1,
                           "hsrp.adv.tlvlength": 10,
                           "hsrp.adv.state": 3 if active else 2 if passive else 1})
        faults += wrong(packet, wanted)
    if not any(active == 0 and passive for active, passive in counts):
        faults.append(f"none says passive: {counts}")
    if not any(active for active, passive in counts):
        faults.append(f"none says active: {counts}")
    return faults


def check_jitter(packets, group):
    """The hello timer is jittered, and hellos never come late: half of them at
    the least are in time even on a machine that is."""
    stamps = [float(packet["frame.time_epoch"]) for packet in of_group(packets, group)
              if kind(group, packet) == ("hello", ACTIVE)]
    # the first follows another state's timer
    gaps = [later - sooner for sooner, later in zip(stamps[1:], stamps[2:])]
    hello = group.hello / 1000
    faults = []
    if statistics.median(gaps) > hello * 1.2:
        faults.append(f"median interval {statistics.median(gaps):.3f} s")
    if min(gaps) > hello * 0.97:
        faults.append("no interval is shorter than the hello time")
    if max(gaps) - min(gaps) < hello * 0.02:
        faults.append("all intervals are the same")
    return [f"{fault}: {' '.join(f'{gap:.3f}' for gap in gaps)}" for fault in faults]


class Frame(bytes):
    """A frame that knows when the kernel took it."""
    stamp = 0.0


class StampedWire(Wire):
    def __init__(self, namespace, ifname):
        super().__init__(namespace, ifname)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def receive(self):
        data, ancillary, _, sender = self.socket.recvmsg(65536, 64)
        seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
        frame = Frame(data)
        frame.stamp = seconds + nanoseconds / 1e9
        return frame, sender


def main():
    report = Report(2 + len(GROUPS) * 9 + 2)
    with Topology() as topology:
        gateway, peer = topology.add("hsrp-gw", "hsrp-tshark")
        wires = {}
        for version in (1, 2):
            topology.cable(gateway, f"eth{version}", peer, f"eth{version}")
            gateway.ip(f"addr add 172.16.{version}.52/24 dev eth{version}")
            wires[version] = StampedWire(peer, f"eth{version}")
        lab = Family(gateway)
        macs = {version: gateway.mac(f"eth{version}") for version in (1, 2)}
        capture(lab, wires, GROUPS)
        packets = dissect(wires)

    seen = {version: sum("hsrp" in packet and packet.get("ip.dst") == destination
                         for packet in packets)
            for version, destination in ((1, V1_GROUP), (2, V2_GROUP))}
    report.check("tshark reads HSRP of both versions", min(seen.values()) > 2 * HELLOS,
                 f"number of packets by version: {seen}")
    report.line("tshark has no complaint", complaints(packets))
    for group in GROUPS:
        name = f"tshark {group.what}"
        for opcode, state in (("hello", SPEAK), ("hello", STANDBY), ("hello", ACTIVE),
                              ("coup", ACTIVE), ("resign", ACTIVE)):
            report.run(f"{name}: {opcode} in {state}", check_kind, packets, group, opcode,
                       state, macs[group.version])
        report.run(f"{name}: nothing else", check_only, packets, group)
        report.run(f"{name}: gratuitous ARP", check_garp, packets, group)
        report.run(f"{name}: ARP reply", check_arp_reply, packets, group,
                   wires[group.version].mac)
        report.run(f"{name}: jitter of hellos", check_jitter, packets, group)
    for version in (1, 2):
        report.run(f"tshark v{version}: advertise", check_advertise, packets, version,
                   macs[version])
    report.end()


if __name__ == "__main__":
    main()
