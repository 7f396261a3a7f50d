#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
"""All 4,096 groups that version 2 has, on one interface: they come, change and go in
one transaction each, become active and say so, and what happens to all of them at
once does not take each of them for each."""

import os
import re
import socket
import struct

from devices import read, write
from gateway import Family, RawNetlink, Report, Topology, Wire, mac_bytes, wait
from one_gateway import faults
from scapy_router import V2_GROUP_MAC

GROUPS = 4096
OWN, OTHER = "10.1.0.1", "10.2.0.1"
HELLO, RESIGN = 0, 2
STATE_ACTIVE = 6
RTM_GETADDR, RTM_GETNEIGH = 22, 30
NLM_F_DUMP = 0x300
AF_BRIDGE = 7


def vip(number):
    return f"10.1.{16 + (number >> 8)}.{number & 0xff}"


def configuration(timers):
    return "".join(["interface eth0\n standby version 2\n standby delay minimum 0\n"] + [
        f" standby {number} ip {vip(number)}\n standby {number} timers {timers}\n"
        for number in range(GROUPS)])


def busy():
    """Seconds that the processors have worked."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


class Lab:
    def __init__(self, topology):
        self.gateway, self.peer = topology.add("gw", "peer")
        topology.cable(self.gateway, "eth0", self.peer, "eth0")
        self.gateway.ip(f"addr add {OWN}/16 dev eth0")
        self.family = Family(self.gateway)
        self.routing = RawNetlink(self.gateway, 0)
        self.wire = Wire(self.peer, "eth0")
        self.last = busy()
        self.said_by = {}

    def took(self, what):
        """Seconds of the processor since the last time."""
        now = busy()
        took, self.last = now - self.last, now
        print(f"# {what}: {took:.2f} s of the processor", flush=True)
        return took

    def load(self, text):
        path = os.path.join(os.environ.get("VPNHA_OUT", "/tmp"), "groups.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        self.gateway.sh(f"vpnhactl load {path}")
        return self.took("load")

    def counts(self):
        """Groups that are active, and that run at all."""
        interface = self.family.interface("eth0")
        return interface["active-groups"], interface["passive-groups"]

    def dump(self, kind, family):
        return b"".join(self.routing.request(kind, NLM_F_DUMP, struct.pack("=B15x", family)))

    def addresses(self):
        return len(set(re.findall(rb"\x0a\x01[\x10-\x1f].", self.dump(RTM_GETADDR, socket.AF_INET),
                                  re.DOTALL)))

    def macs(self):
        return len(set(re.findall(rb"\x00\x00\x0c\x9f[\xf0-\xff].",
                                  self.dump(RTM_GETNEIGH, AF_BRIDGE), re.DOTALL)))

    def said(self, opcode, state=None):
        """Groups of which such a packet has been heard since the last time that all were."""
        said = self.said_by.setdefault(opcode, set())
        self.wire.pull()
        said |= {int.from_bytes(frame[48:50], "big") for frame in self.wire.heard
                 if frame[:6] == mac_bytes(V2_GROUP_MAC) and frame[42] == 1 and
                 frame[45] == opcode and (not state or frame[46] == state)}
        self.wire.heard.clear()
        return said


def all_active(lab):
    lab.load(configuration("1 3"))
    wait(lambda: lab.counts() == (GROUPS, 0), "all groups are active", pause=1)
    lab.took("active")
    wait(lambda: lab.addresses() == GROUPS, "all addresses are there", pause=1)
    lab.took("with their addresses")
    found = faults(virtual_MACs=lab.macs() == GROUPS)
    lab.took("python")
    return found


def changed(lab):
    """The timers of all of them; and all of them say hello."""
    lab.load(configuration("10 30"))
    lab.wire.drain()
    wait(lambda: lab.said(HELLO, STATE_ACTIVE) == set(range(GROUPS)), "hellos of all", pause=1)
    lab.took("hellos")
    return []


def shown(lab):
    lines = lab.gateway.sh("vpnhactl show standby brief").splitlines()
    lab.took("shown")
    found = [line for line in lines if re.search(r"\bActive\s+local\b", line)]
    lab.took("python")
    return [] if len(found) == GROUPS else lines[:10]


def address_changes(lab):
    """Each group asks whether it can run still."""
    lab.took("counts")
    lab.gateway.ip(f"addr add {OTHER}/16 dev eth0")
    lab.gateway.ip(f"addr del {OTHER}/16 dev eth0")
    lab.took("another address, twice")
    return faults(all_are_active=lab.counts() == (GROUPS, 0))


def link_lost(lab):
    """All stop at once, and their addresses go."""
    load = lab.load(configuration("1 3"))
    lab.gateway.ip("link set eth0 down")
    wait(lambda: lab.addresses() == 0, "the addresses go")
    down = lab.took("down")
    lab.gateway.ip("link set eth0 up")
    # half as much, or six times as much when each address had all groups looked at
    found = faults(all_resigned=lab.said(RESIGN) == set(range(GROUPS)),
                   takes_no_longer_than_to_read_the_configuration_twice=down < 2 * load)
    lab.said_by.clear()
    wait(lambda: lab.counts() == (GROUPS, 0) and lab.addresses() == GROUPS,
         "all groups are active again", pause=1)
    lab.took("up")
    return found


def one_more(lab):
    error = lab.gateway.sh("vpnhactl interface eth0 standby 4096 ip 10.1.0.9", check=False)
    refused = lab.family.refused("group-new", ifname="eth0", number=GROUPS)
    return faults(refused_by_vpnhactl="4096" in error and "4095" in error,
                  refused_by_the_kernel=bool(refused))


def removed(lab):
    lab.wire.drain()
    lab.load("")
    wait(lambda: lab.said(RESIGN) == set(range(GROUPS)), "resigns of all")
    wait(lambda: lab.addresses() == 0, "the addresses go")
    lab.took("gone")
    return faults(no_groups=not lab.family.dump("group-get"), no_MAC_addresses=lab.macs() == 0)


TESTS = (
    (f"{GROUPS} groups become active", all_active),
    ("they change in one transaction", changed),
    ("all are shown", shown),
    ("another address comes", address_changes),
    ("there is no group 4096", one_more),
    ("they stop and start with their interface", link_lost),
    ("they go in one transaction", removed),
)


def main():
    report = Report(len(TESTS))
    # where softirqs wait for ksoftirqd, 6.1, all resigns are between the ends of a cable
    backlog = "/proc/sys/net/core/netdev_max_backlog"
    usual = read(backlog)
    write(backlog, str(4 * GROUPS))
    with Topology() as topology:
        lab = Lab(topology)
        for what, function in TESTS:
            report.run(what, function, lab)
    write(backlog, usual)
    report.end()


if __name__ == "__main__":
    main()
