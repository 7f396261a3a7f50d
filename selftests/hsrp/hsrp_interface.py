#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,kcsan,(6.1),(debug)
"""A group follows its interface: down, removed, renamed, moved to another
namespace, without its address. It says why it does not run, resigns where a
packet can still leave, and takes up its work again."""

import json
import subprocess

from gateway import (ACTIVE, INITIAL, Debug, Family, Report, Switch, Topology, Wire, wait)
from scapy_router import heard, virtual_mac

OWN, VIP = "10.1.1.1", "10.1.1.254"
GROUP = 2
MAC = virtual_mac(GROUP)
TIMERS = {"hello_ms": 500, "hold_ms": 1500}


class Lab:
    def __init__(self, topology):
        self.gateway, self.other, self.monitor = topology.add("r1", "elsewhere", "monitor")
        self.topology = topology
        self.switch = Switch(topology, "lan")
        self.join()
        self.switch.join("lan", self.monitor, "eth0")
        self.wire = Wire(self.monitor, "eth0")
        self.family = Family(self.gateway)
        self.ifname = "eth0"

    def join(self):
        self.switch.join("lan", self.gateway, "eth0", f"{OWN}/24")

    def make(self, **attributes):
        self.family.do("group-new", **{"ifname": self.ifname, "number": GROUP, "enabled": 1,
                                       "vip": VIP, **TIMERS, **attributes})

    def group(self):
        return self.family.group(self.ifname, GROUP)

    def active(self):
        self.family.wait_state(self.ifname, GROUP, ACTIVE)
        wait(self.has_address, "the virtual address is there")

    def has_address(self, namespace=None, ifname=None):
        links = (namespace or self.gateway).json(f"addr show dev {ifname or self.ifname}")
        return any(entry["local"] == VIP for entry in links[0].get("addr_info", []))

    def is_initial(self, reason):
        """Waits until the group has come to rest for this reason, and checks that
        show standby says so and that its interface has no trace of it."""
        wait(lambda: self.group()["init-reason"] == reason, f"the reason is {reason}")
        faults = []
        group = self.group()
        if group["state"] != INITIAL:
            faults.append(f"state is {group['state']}")
        for name in ("active-router", "standby-router", "hello-next-ms"):
            if name in group:
                faults.append(f"{name} is known")
        words = self.gateway.sh("vpnhactl show standby")
        if f"State is {PHRASES[reason]}" not in words:
            faults.append(f"show standby does not say {PHRASES[reason]}:\n{words}")
        told = json.loads(self.gateway.sh("vpnhactl show standby -j"))[0]
        if told["state"] != "initial":
            faults.append(f"show standby -j says {told['state']}")
        return faults

    def resigns(self):
        self.wire.pull(0.2)
        return [packet for packet in heard(self.wire.heard) if packet.kind == "resign"]

    def resigned(self, wanted):
        """Whether the group said goodbye; from its own MAC address."""
        if wanted:
            wait(self.resigns, "a resign")
        count = len(self.resigns())
        faults = [] if count == int(wanted) else [f"{count} resigns, not {int(wanted)}"]
        return faults + ["a resign from the virtual MAC" for packet in self.resigns()
                         if packet.source_mac == MAC]


# What show standby says
PHRASES = {
    "disabled": "Disabled",
    "interface-absent": "Init (interface removed)",
    "interface-down": "Init (interface down)",
    "no-address": "Init (no IP address on interface)",
    "wrong-subnet": "Init (virtual IP in wrong subnet)",
    "address-conflict": "Init (virtual IP is an address of this machine)",
    "wrong-device": "Init (interface is not Ethernet-like)",
}


def shut(lab):
    """Shut by the administrator: it can still resign."""
    lab.active()
    lab.wire.drain()
    lab.gateway.ip("link set eth0 down")
    faults = lab.is_initial("interface-down") + lab.resigned(True)
    lab.gateway.ip("link set eth0 up")
    lab.active()
    return faults


def carrier(lab):
    """Without a carrier nothing can be sent."""
    lab.active()
    lab.wire.drain()
    lab.switch.unplug("lan", lab.gateway)
    faults = lab.is_initial("interface-down") + lab.resigned(False)
    wait(lambda: not lab.has_address(), "the virtual address goes")
    lab.switch.plug("lan", lab.gateway)
    lab.active()
    return faults


def removed(lab):
    """The device is deleted, and made again."""
    lab.active()
    before = lab.group()["counters"]["resign-tx"]
    lab.gateway.ip("link del eth0")
    faults = lab.is_initial("interface-absent")
    # the other end of a veth goes with it, so that nothing is to be heard
    if lab.group()["counters"]["resign-tx"] != before + 1:
        faults.append("no resign")
    if "ifindex" in lab.group():
        faults.append("an ifindex is shown")
    lab.join()
    lab.active()
    return faults


def renamed(lab):
    """The group is the device's: it goes by the new name."""
    lab.active()
    lab.gateway.ip("link set eth0 down")
    lab.gateway.ip("link set eth0 name lan0")
    lab.ifname = "lan0"
    faults = lab.is_initial("interface-down")
    lab.gateway.ip("link set lan0 up")
    lab.active()
    names = [group["ifname"] for group in lab.family.dump("group-get")]
    if names != ["lan0"]:
        faults.append(f"groups on {names}")
    lab.gateway.ip("link set lan0 down")
    lab.gateway.ip("link set lan0 name eth0")
    lab.ifname = "eth0"
    lab.gateway.ip("link set eth0 up")
    lab.active()
    return faults


def moved(lab):
    """Into another namespace, where it is nobody's, and back."""
    lab.active()
    lab.wire.drain()
    lab.gateway.ip(f"link set eth0 netns {lab.other.name}")
    faults = lab.is_initial("interface-absent") + lab.resigned(True)
    if lab.has_address(lab.other):
        faults.append("it took the virtual address with it")
    if MAC in lab.other.sh("bridge fdb show dev eth0"):
        faults.append("it took the virtual MAC with it")
    if "01:00:5e:00:00:02" in lab.other.sh("ip maddr show dev eth0"):
        faults.append("it took the group's MAC with it")
    lab.other.ip(f"link set eth0 netns {lab.gateway.name}")
    lab.gateway.ip("link set eth0 up")
    faults += lab.is_initial("no-address")
    lab.gateway.ip(f"addr add {OWN}/24 dev eth0")
    lab.active()
    return faults


def addressed(lab):
    """Its own address goes, another one of the subnet comes, and one of another."""
    lab.active()
    lab.wire.drain()
    lab.gateway.ip(f"addr del {OWN}/24 dev eth0")
    faults = lab.is_initial("no-address")
    lab.gateway.ip("addr add 10.2.2.1/24 dev eth0")
    faults += lab.is_initial("wrong-subnet")
    lab.gateway.ip("addr add 10.1.1.4/24 dev eth0")
    lab.active()
    if lab.group()["address"] != "10.1.1.4":
        faults.append(f"its address is {lab.group()['address']}")
    # an address more in the same subnet changes nothing, one less neither
    before = lab.group()["state-changes"]
    lab.gateway.ip(f"addr add {OWN}/24 dev eth0")
    lab.gateway.ip(f"addr del {OWN}/24 dev eth0")
    if lab.group()["state-changes"] != before:
        faults.append("a second address disturbs the group")
    lab.gateway.ip("addr flush dev eth0")
    lab.gateway.ip(f"addr add {OWN}/24 dev eth0")
    lab.active()
    return faults


def conflict(lab):
    """The virtual IP is an address that somebody else gave to this machine."""
    lab.family.do("group-set", ifname="eth0", number=GROUP, enabled=0)
    faults = lab.is_initial("disabled")
    wait(lambda: not lab.has_address(), "the virtual address goes")
    lab.gateway.ip(f"addr add {VIP}/32 dev lo")
    error = lab.family.refused("group-set", ifname="eth0", number=GROUP, enabled=1)
    if not error or error[2] != ".number":
        faults.append(f"enabled with it: {error}")
    lab.gateway.ip(f"addr del {VIP}/32 dev lo")
    lab.family.do("group-set", ifname="eth0", number=GROUP, enabled=1)
    lab.active()
    # it comes while the group does not run
    lab.gateway.ip("link set eth0 down")
    faults += lab.is_initial("interface-down")
    wait(lambda: not lab.has_address(), "the virtual address goes")
    lab.gateway.ip(f"addr add {VIP}/32 dev lo")
    lab.gateway.ip("link set eth0 up")
    faults += lab.is_initial("address-conflict")
    lab.gateway.ip(f"addr del {VIP}/32 dev lo")
    lab.active()
    return faults


def wrong_device(lab):
    """A device that is no Ethernet: refused, or no good when it comes later."""
    error = lab.family.refused("group-new", ifname="lo", number=1)
    faults = [] if error and error[2] == ".ifname" else [f"lo: {error}"]
    lab.gateway.ip("link del eth0")
    faults += lab.is_initial("interface-absent")
    lab.gateway.ip("link add eth0 type ipip local 10.9.9.1 remote 10.9.9.2")
    faults += lab.is_initial("wrong-device")
    lab.gateway.ip("link del eth0")
    faults += lab.is_initial("interface-absent")
    lab.join()
    lab.active()
    return faults


def awaited(lab):
    """A group of an interface that is yet to come."""
    lab.family.do("interface-del", ifname="eth0")
    lab.gateway.ip("link del eth0")
    lab.make()
    faults = lab.is_initial("interface-absent")
    lab.join()
    lab.active()
    return faults


def minimum_delay(lab):
    """An interface that comes up waits a second, and says so; one that was up when
    the group was made does not."""
    debug = Debug(lab.gateway)
    kinds = ("interface-going-down", "interface-coming-up", "interface-down", "interface-up",
             "delay-start", "delay-end")

    def told():
        return [event["kind"] for event in debug.events() if event["kind"] in kinds]

    lab.family.do("interface-del", ifname="eth0")
    lab.make()
    lab.active()
    faults = [] if not told() else [f"told {told()} of an interface that was up"]
    lab.gateway.ip("link set eth0 down")
    wait(lambda: lab.group()["init-reason"] == "interface-down", "it is down")
    lab.gateway.ip("link set eth0 up")
    lab.active()
    wanted = ["interface-going-down", "interface-down", "interface-coming-up", "interface-up",
              "delay-start", "delay-end"]
    return faults + ([] if told() == wanted else [f"told {told()}, not {wanted}"])


def flapping(lab):
    """However often and fast: in the end the last word counts."""
    lab.active()
    flap = "; ".join(["ip link set eth0 down; ip link set eth0 up"] * 20)
    flaps = lab.gateway.popen("bash", "-c", flap, stdout=subprocess.DEVNULL)
    for _ in range(20):
        lab.switch.unplug("lan", lab.gateway)
        lab.switch.plug("lan", lab.gateway)
    flaps.wait()
    lab.active()
    entries = [entry["local"] for entry in
               lab.gateway.json("addr show dev eth0")[0]["addr_info"]]
    faults = [] if sorted(entries) == sorted([OWN, VIP]) else [f"addresses {entries}"]
    lab.gateway.ip("link set eth0 down")
    faults += lab.is_initial("interface-down")
    wait(lambda: not lab.has_address(), "the virtual address goes")
    lab.gateway.ip("link set eth0 up")
    return faults


TESTS = (
    ("shut", shut),
    ("without carrier", carrier),
    ("removed and made again", removed),
    ("renamed", renamed),
    ("moved to another namespace and back", moved),
    ("its address changed", addressed),
    ("the virtual IP is the machine's own", conflict),
    ("of the wrong type", wrong_device),
    ("yet to come", awaited),
    ("coming up waits a second", minimum_delay),
    ("up and down in haste", flapping),
)


def main():
    report = Report(len(TESTS))
    with Topology() as topology:
        lab = Lab(topology)
        lab.make()
        for name, function in TESTS:
            report.run(f"interface {name}", function, lab)
    report.end()


if __name__ == "__main__":
    main()
