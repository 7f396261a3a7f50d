#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Split brain: the cable between two switches is cut for 30 s, and each of two gateways is
active on its side. When it is mended, the one of higher rank stays active in each group,
whoever hears the other first; the switches and the hosts on both sides find it within a
hello, and it sends gratuitous ARP again. CUT= is how many seconds."""

import itertools
import json
import os
import re
import tempfile
import time

from gateway import ACTIVE, SPEAK, STANDBY, Family, Report, Switch, Topology, Wire, wait
from scapy_router import heard, virtual_mac

CUT = float(os.environ.get("CUT", "30"))
HELLO_MS, HOLD_MS = 1000, 3000
# Where one is to be heard first, the other one does not speak, and no hold time matters.
SLOW_MS, LONG_MS = 240000, 250000
PING_S = 0.2
ADDRESS = {"gw1": "10.1.1.1", "gw2": "10.1.1.2"}
LANS = {"gw1": "left", "gw2": "right"}
OTHER = {"gw1": "gw2", "gw2": "gw1"}

# What decides, the priorities, and who is to stay.
RANKS = (("priority", {"gw1": 200, "gw2": 100}, "gw1"),
         ("priority", {"gw1": 100, "gw2": 200}, "gw2"),
         ("address", {"gw1": 100, "gw2": 100}, "gw2"))
# Who hears the other first; None: it depends.
FIRST = (None, "loser", "winner")


class Case:
    """A group, and what is to become of it."""

    def __init__(self, number, rank, preempt, first):
        self.number = number
        self.decides, self.priority, self.winner = rank
        self.loser = OTHER[self.winner]
        self.preempt = preempt
        self.first = first
        self.slow = {None: None, "loser": self.loser, "winner": self.winner}[first]
        self.vip = f"10.1.1.{100 + number}"
        self.mac = virtual_mac(number)
        self.before = {}

    def name(self):
        who = f"the {self.first} hears the other first" if self.first else "whoever is first"
        preempt = "preempt" if self.preempt else "no preempt"
        return f"{self.winner} stays active by its {self.decides}, {preempt}, {who}"


class Lab:
    """A gateway and a host on each of two switches, and a cable between those."""

    def __init__(self, topology):
        self.topology = topology
        self.switch = Switch(topology, *LANS.values())
        switch = self.switch.namespace
        switch.ip("link add to-right type veth peer name to-left")
        for lan, port in (("left", "to-right"), ("right", "to-left")):
            switch.ip(f"link set {port} up master {lan}")
        for port in ("to-right", "to-left"):
            wait(lambda port=port: self.switch.forwards(port), f"{port} forwards")
        self.gateway, self.family, self.host, self.wire = {}, {}, {}, {}
        for number, (name, lan) in enumerate(LANS.items(), 3):
            self.gateway[name], self.host[name] = topology.add(name, f"h-{name}")
            self.switch.join(lan, self.gateway[name], "eth0", f"{ADDRESS[name]}/24")
            self.switch.join(lan, self.host[name], "eth0", f"10.1.1.{number}/24")
            self.family[name] = Family(self.gateway[name])
            self.wire[name] = Wire(self.host[name], "eth0")
        self.cases = [Case(number, *case) for number, case in
                      enumerate(itertools.product(RANKS, (False, True), FIRST), 1)]
        self.pings = {}
        self.groups = {}

    def configure(self, gateway):
        for case in self.cases:
            self.family[gateway].do(
                "group-new", ifname="eth0", number=case.number, enabled=1, vip=case.vip,
                priority=case.priority[gateway], preempt=int(case.preempt),
                hello_ms=HELLO_MS, hold_ms=HOLD_MS)

    def are(self, predicate):
        """Whether something is true of the groups of each case: (case, {gateway: group})."""
        self.groups = {name: family.groups("eth0") for name, family in self.family.items()}
        return all(predicate(case, self.of(case)) for case in self.cases)

    def of(self, case):
        """Its groups, as they were when last looked at."""
        return {name: groups[case.number] for name, groups in self.groups.items()}

    def together(self):
        """One is active from the beginning, or the one that preempts."""
        self.configure("gw1")
        wait(lambda: all(group["state"] == ACTIVE
                         for group in self.family["gw1"].groups("eth0").values()),
             "gw1 is active")
        self.configure("gw2")

        def settled(case, groups):
            active = case.winner if case.preempt else "gw1"
            return (groups[active]["state"], groups[OTHER[active]]["state"]) == (ACTIVE, STANDBY)
        wait(lambda: self.are(settled), "one is active, the other one standby")

    def cable(self, state):
        self.switch.namespace.sh(f"bridge link set dev to-right state {state}")

    def port(self, gateway, lan):
        """Where a gateway is to be found in a LAN."""
        if LANS[gateway] == lan:
            return Switch.port(lan, self.gateway[gateway])
        return f"to-{LANS[gateway]}"

    def forwards(self, finds):
        """Whether both switches have each virtual MAC address behind the port to the
        gateway that finds(case, lan) tells."""
        for lan in LANS.values():
            entries = json.loads(self.switch.namespace.sh(f"bridge -j fdb show br {lan}"))
            found = {entry["mac"]: entry["ifname"] for entry in entries}
            if any(found.get(case.mac) != self.port(finds(case, lan), lan)
                   for case in self.cases):
                return False
        return True

    # -- pings, of a case for each rank, by both hosts

    def ping(self):
        for case in self.cases:
            if case.preempt or case.first:
                continue
            for side, host in self.host.items():
                with tempfile.NamedTemporaryFile("w", prefix="ping.", delete=False) as log:
                    self.topology.start(host, "stdbuf", "-oL", "ping", "-n", "-O", "-i",
                                        str(PING_S), case.vip, stdout=log)
                self.pings[case, side] = log.name
        self.ping_goes_on()

    def seen(self, key):
        """Numbers of a ping's requests that were answered, and of those that were not
        when the next one was sent."""
        with open(self.pings[key], encoding="utf-8") as log:
            text = log.read()
        return tuple({int(number) for number in re.findall(rf"{word}.*icmp_seq=(\d+)", text)}
                     for word in ("bytes from", "no answer yet"))

    def last(self):
        """By ping, the number of the last request that is known of."""
        return {key: max(set().union(*self.seen(key), {0})) for key in self.pings}

    def ping_goes_on(self, more=5):
        after = {key: last + more for key, last in self.last().items()}
        wait(lambda: all(max(self.seen(key)[0], default=0) >= number
                         for key, number in after.items()), "the pings go on")

    # -- the test

    def split(self):
        """Faults of 30 seconds with two active gateways."""
        began = time.monotonic()
        self.cable(0)
        wait(lambda: self.are(lambda _, groups: all(group["state"] == ACTIVE
                                                    for group in groups.values())),
             "both are active")
        for case in filter(lambda case: case.slow, self.cases):
            for name, family in self.family.items():
                family.do("group-set", ifname="eth0", number=case.number, hold_ms=LONG_MS,
                          hello_ms=SLOW_MS if name == case.slow else HELLO_MS)
        wait(lambda: self.are(lambda case, groups: not case.slow or
                              groups[case.slow]["hello-next-ms"] > SLOW_MS // 2),
             "the slow ones have sent their last hello")
        wait(lambda: self.forwards(lambda _, lan: {lan: name for name, lan in LANS.items()}[lan]),
             "each switch has its own gateway")
        self.ping_goes_on()
        wait(lambda: time.monotonic() > began + CUT, f"{CUT} s are over")
        # the last of the gratuitous ARPs of becoming active
        wait(lambda: self.are(lambda _, groups: all(group["counters"]["garp-tx"] >= 3
                                                    for group in groups.values())),
             "gratuitous ARP is over")
        for case in self.cases:
            case.before = self.of(case)

    def heal(self):
        for wire in self.wire.values():
            wire.drain()
        mended = self.last()
        self.cable(3)
        wait(lambda: self.are(lambda case, groups: groups[case.loser]["state"] ==
                              (SPEAK if case.slow else STANDBY)), "the losers leave")
        wait(lambda: self.forwards(lambda case, _: case.winner), "the switches have the winners")
        wait(lambda: self.are(lambda case, groups: groups[case.winner]["counters"]["garp-tx"] >=
                              case.before[case.winner]["counters"]["garp-tx"] + 3),
             "gratuitous ARP is sent again")
        self.ping_goes_on()
        for wire in self.wire.values():
            wire.pull()
        # all of it is to stay as it is
        self.are(lambda *_: True)
        faults = [] if self.forwards(lambda case, _: case.winner) else ["the switches are wrong"]
        return faults + self.lost(mended)

    def lost(self, mended):
        """Pings that were lost after the cable was mended: those of a hello time at most."""
        faults = []
        for key, number in mended.items():
            case, side = key
            replies, late = self.seen(key)
            lost = sorted(late - replies - set(range(number)) - {max(late, default=0)})
            print(f"# h-{side} to {case.vip} of {case.winner}: {len(replies)} replies, "
                  f"{len(lost)} lost since it was mended")
            if len(lost) > HELLO_MS / 1000 / PING_S:
                faults.append(f"h-{side} to {case.vip} of {case.winner}: lost {lost}")
        return faults

    def addresses(self):
        """The virtual addresses are the winners' only."""
        def has(gateway):
            return {info["local"] for link in self.gateway[gateway].json("addr show eth0")
                    for info in link["addr_info"]}
        wait(lambda: not any(case.vip in has(case.loser) for case in self.cases),
             "the losers have no virtual address")
        return [f"{case.winner} does not have {case.vip}" for case in self.cases
                if case.vip not in has(case.winner)]


def counted(case, groups, gateway, what):
    """What a counter has grown since the cable was mended."""
    return groups[gateway]["counters"][what] - case.before[gateway]["counters"][what]


def outcome(lab, case):
    """Faults of a group after all is over."""
    groups = lab.of(case)
    winner, loser = groups[case.winner], groups[case.loser]
    changes = {name: groups[name]["state-changes"] - case.before[name]["state-changes"]
               for name in groups}
    coups = counted(case, groups, case.winner, "coup-tx")
    claims = {
        f"the winner is {winner['state']}": winner["state"] == ACTIVE,
        f"the loser is {loser['state']}": loser["state"] == (SPEAK if case.slow else STANDBY),
        f"the winner changed its state {changes[case.winner]} times": not changes[case.winner],
        f"the loser changed its state {changes[case.loser]} times":
            changes[case.loser] == (1 if case.slow else 2),
        "the loser does not know the winner":
            loser.get("active-router", {}).get("address") == ADDRESS[case.winner],
        "the loser did not resign once": counted(case, groups, case.loser, "resign-tx") == 1,
        "the winner resigned": not counted(case, groups, case.winner, "resign-tx"),
        "the loser sent gratuitous ARP": not counted(case, groups, case.loser, "garp-tx"),
        # who yields without having been heard needs no coup
        f"{coups} coups": coups in {"winner": (1,), "loser": (0,), None: (0, 1)}[case.first],
    }
    for side in lab.wire:
        packets = [packet for packet in heard(lab.wire[side].heard)
                   if packet.kind in ("hello", "coup", "resign") and packet.group == case.number]
        arps = [packet for packet in heard(lab.wire[side].heard)
                if packet.kind == "garp" and packet.vip == case.vip]
        false = sum(packet.source == ADDRESS[case.loser] and packet.source_mac == case.mac
                    for packet in packets)
        if side == case.winner:
            claims[f"{false} hellos of the loser crossed the cable"] = false <= 1
        claims[f"h-{side} heard no gratuitous ARP"] = arps
        claims[f"h-{side} heard gratuitous ARP of {[arp.source_mac for arp in arps]}"] = \
            all(arp.source_mac == case.mac for arp in arps)
    return [what for what, true in claims.items() if not true]


def main():
    with Topology() as topology:
        lab = Lab(topology)
        report = Report(4 + len(lab.cases))
        report.run("one gateway is active in each group", lab.together)
        lab.ping()
        report.follow(f"both are active while the cable is cut for {CUT:g} s", lab.split)
        report.follow("switches and hosts find those that stay, within a hello", lab.heal)
        report.follow("the virtual addresses are theirs only", lab.addresses)
        for case in lab.cases:
            report.follow(case.name(), outcome, lab, case)
    report.end()


if __name__ == "__main__":
    main()
