#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""HSRP on every kind of device: a host finds the virtual IP at the virtual MAC
address, and what is behind the gateway through it; nothing is left of a group that
is removed, of a device that goes in whatever state its groups are, and of a
namespace that ends; and what happens to a device in between does no harm."""

import struct
import subprocess

from devices import (GROUP, HOST, MAC, OTHER, OWN, PEER, TIMERS, VIP, Bond, Bridge, Lab, Macvlan,
                     Team, Vlan, Vrf, batch)
from gateway import (INITIAL, LISTEN, ACTIVE, Family, Report, Topology, Wire, arp_frame, arp_of,
                     echo_frame, echo_reply_of, ksft, wait)
from one_gateway import faults
from scapy_router import heard, raw_packet

KINDS = ((Lab,), (Vlan,), (Bond,), (Bridge,), (Team,), (Macvlan, "bridge"),
         (Macvlan, "private", True), (Macvlan, "passthru"), (Vrf,))


def works(lab):
    """A host reaches the group; it goes, and leaves nothing."""
    lab.new()
    lab.active()
    found = lab.reaches()
    wait(lab.told_arp, "gratuitous ARP")
    found += lab.special()
    lab.family.do("interface-del", ifname=lab.ifname)
    lab.clean()
    return found


def goes(lab):
    """The device is removed, then its namespace, under groups in every state."""
    lab.new_interface()
    lab.each_state()
    lab.remove()
    found = [f"group {number}: {group['state']}, {group['init-reason']}"
             for number, group in lab.family.groups(lab.ifname).items()
             if group["init-reason"] != ("disabled" if number == 1 else "interface-absent")]
    lab.clean()
    lab.make()
    lab.drive_each()
    return found


def of_kind(report, topology, kind, *arguments):
    lab = kind(topology, *arguments)
    report.run(f"{lab.what}: a group works, and leaves nothing", works, lab)
    report.run(f"{lab.what}: removed under groups in each state", goes, lab)
    lab.end()


# -- what HSRP cannot run on -------------------------------------------------

NOT_ETHERNET = ("Ethernet-like", "is not Ethernet-like")
REFUSED = (
    ("lo", None, NOT_ETHERNET),
    ("tun0", "tuntap add dev tun0 mode tun", NOT_ETHERNET),
    ("ipip0", "link add ipip0 type ipip local 10.8.8.1 remote 10.8.8.2", NOT_ETHERNET),
    ("dummy0", "link add dummy0 type dummy", NOT_ETHERNET),
    ("red", "link add red type vrf table 10", NOT_ETHERNET),
    ("ipv0", "link add ipv0 link eth0 type ipvlan mode l2",
     ("MAC address of its own", "has no MAC address of its own")),
)


def refused(lab):
    """Those that are there are refused; on those to come groups say why they do not run."""
    found = []
    # which has the node in /dev made
    subprocess.call(["modprobe", "-q", "tun"])
    for ifname, make, (error, phrase) in REFUSED:
        if make:
            lab.family.do("group-new", ifname=ifname, number=2, enabled=1, vip="10.1.1.102")
            there = lab.gateway.ip(make, check=False)
            told = lab.gateway.sh("vpnhactl show standby")
            lab.family.do("interface-del", ifname=ifname)
            if there:
                ksft.print_msg(f"not on this kernel: {make}: {there}")
                continue
            if f"Init (interface {phrase})" not in told:
                found.append(f"{ifname}: {told}")
        told = lab.family.refused("group-new", ifname=ifname, number=2)
        if not told or error not in told[1] or told[2] != ".ifname":
            found.append(f"{ifname}: {told}")
        if make:
            batch(lab.gateway, f"link del {ifname}")
    return found


def without_arp(lab):
    """It does not run, until there is ARP, on an interface that it has and on one to come."""
    lab.active()
    batch(lab.gateway, "link set eth0 arp off")
    lab.reason("wrong-device")
    batch(lab.gateway, "link set eth0 arp on")
    lab.active()
    batch(lab.gateway, "link set eth0 arp off", "link set eth0 down")
    lab.family.do("group-new", ifname="eth9", number=GROUP, enabled=1, vip="10.1.1.102", **TIMERS)
    lab.family.do("interface-del", ifname="eth0")
    batch(lab.gateway, "link set eth0 name eth9", "link set eth9 up")
    found = faults(says_why=lab.family.group("eth9", GROUP)["init-reason"] == "wrong-device")
    batch(lab.gateway, "link set eth9 arp on")
    lab.family.wait_state("eth9", GROUP, LISTEN)
    return found


# -- a device that changes under an active group ------------------------------

def answers(lab, target, tag=b""):
    """To a request for a MAC address: (Ethernet source, sender's MAC)."""
    lab.wire.drain()
    frame = arp_frame(lab.wire.mac, HOST, "ff:ff:ff:ff:ff:ff", target, request=True)
    lab.wire.send(frame[:12] + tag + frame[12:])
    lab.wire.flush(OWN, PEER)
    return [(arp[1], arp[2]) for arp in map(arp_of, lab.wire.heard)
            if arp and arp[0] == 2 and (arp[3], arp[5]) == (target, HOST)]


def own_mac(lab):
    """Its own MAC address changes: the virtual one is another matter."""
    lab.active()
    found = []
    for mac in ("02:00:00:00:00:55", lab.gateway.mac("eth0")):
        batch(lab.gateway, f"link set eth0 address {mac}")
        lab.wire.drain()
        lab.family.do("group-set", ifname="eth0", number=GROUP,
                      priority=lab.group()["priority"] + 1)
        sent = lab.wire.wait_for(lambda frame: heard([frame]), "a hello")[0]
        found += faults(hello_is_from_the_virtual_MAC=(sent.kind, sent.source_mac) ==
                        ("hello", MAC),
                        virtual_MAC_is_answered=answers(lab, VIP) == [(MAC, MAC)],
                        own_MAC_is_answered=answers(lab, OWN) == [(mac, mac)],
                        stays_active=lab.group()["state"] == ACTIVE)
        found += lab.reaches()
    return found


def whatever(lab):
    """MTU, promiscuous or not: a group does not care."""
    before = lab.group()["state-changes"]
    found = []
    for change in ("mtu 1280", "promisc on", "promisc off"):
        batch(lab.gateway, f"link set eth0 {change}")
        found += [f"{change}: {fault}" for fault in lab.reaches()]
    return found + faults(was_active_throughout=lab.group()["state-changes"] == before)


def tagged(lab):
    """A tag of VLAN 0 is a priority; of another VLAN it is not for this interface."""
    found = []
    lab.gateway.ip(f"neigh replace {OTHER} lladdr {lab.wire.mac} dev eth0 nud permanent")
    for vlan, ours in ((0, True), (7, False)):
        tag = struct.pack("!HH", 0x8100, 5 << 13 | vlan)
        found += faults(**{f"ARP_of_VLAN_{vlan}":
                           answers(lab, VIP, tag) == [(MAC, MAC)] * ours})
        lab.wire.drain()
        frame = echo_frame(lab.wire.mac, OTHER, MAC, VIP, vlan + 1)
        lab.wire.send(frame[:12] + tag + frame[12:])
        lab.wire.flush(OWN, PEER)
        count = sum(echo_reply_of(frame) == vlan + 1 for frame in lab.wire.heard)
        if count != ours:
            found.append(f"{count} replies to an echo of VLAN {vlan}")
    return found


def nobody_answers(lab, address):
    """To a request for the virtual IP; another address of the machine tells when."""
    lab.wire.drain()
    lab.wire.send(arp_frame(lab.wire.mac, HOST, "ff:ff:ff:ff:ff:ff", VIP, request=True))
    lab.wire.flush(address, PEER)
    return [f"{arp}" for arp in map(arp_of, lab.wire.heard)
            if arp and arp[0] == 2 and arp[3] == VIP]


def becomes_port(lab):
    """Of a bridge: the group says so, nobody answers for it, and HSRP of others passes."""
    lab.active()
    lab.topology.cable(lab.gateway, "eth1", lab.far, "eth1")
    behind = Wire(lab.far, "eth1")
    batch(lab.gateway, "link add br0 type bridge forward_delay 0 mcast_snooping 0",
          f"addr add {OTHER}/32 dev br0", "link set br0 up", "link set eth1 master br0")
    lab.wire.drain()
    batch(lab.gateway, "link set eth0 master br0")
    lab.reason("interface-port")
    lab.wire.wait_for(lambda frame: [packet for packet in heard([frame])
                                     if packet.kind == "resign"], "a resign")
    found = faults(is_initial=lab.group()["state"] == INITIAL,
                   says_why="Init (interface is a port of another one)" in
                   lab.gateway.sh("vpnhactl show standby"))
    found += nobody_answers(lab, OTHER)
    lab.clean("multicast")
    found += nobody_answers(lab, OTHER)
    raw_packet(lab.wire, PEER, bytes(20))
    behind.wait_for(lambda frame: heard([frame]), "HSRP of others")
    batch(lab.gateway, "link set eth0 nomaster", "link del br0", "link del eth1")
    lab.active()
    return found + lab.reaches()


def becomes_slave(lab):
    """Of a bond, and is released."""
    lab.active()
    batch(lab.gateway, "link add bond0 type bond mode active-backup miimon 50",
          "link set bond0 up", f"addr add {OTHER}/32 dev bond0", "link set eth0 down",
          "link set eth0 master bond0")
    lab.reason("interface-port")
    found = nobody_answers(lab, OTHER)
    lab.clean("multicast")
    batch(lab.gateway, "link del bond0", "link set eth0 up", f"addr replace {OWN}/24 dev eth0")
    lab.active()
    return found + lab.reaches()


CHANGES = (
    ("its own MAC address", own_mac),
    ("MTU and promiscuous mode", whatever),
    ("frames with a tag", tagged),
    ("becomes a port of a bridge", becomes_port),
    ("becomes a slave of a bond", becomes_slave),
    ("without ARP", without_arp),
)


def main():
    report = Report(2 * len(KINDS) + len(CHANGES) + 1)
    with Topology() as topology:
        # whose socket is copied for all others, and keeps its namespace
        Family(topology.add("home"))
        for kind, *arguments in KINDS:
            if kind is Team and subprocess.call(["modprobe", "-q", "team_mode_activebackup"]):
                for _ in range(2):
                    ksft.test_result_skip("team: not on this kernel")
                continue
            of_kind(report, topology, kind, *arguments)
        lab = Lab(topology)
        report.run("what HSRP cannot run on", refused, lab)
        lab.new()
        for what, function in CHANGES:
            report.run(what, function, lab)
    report.end()


if __name__ == "__main__":
    main()
