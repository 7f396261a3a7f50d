#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Groups that follow another one, and bundles: two gateways between an inside and an
outside, on whose addresses they disagree which of them is first. Whatever fails, in
the order of all changes of state of both gateways, as the kernel traces them, a
gateway that takes or leaves one of the two groups does so with the other one next,
and the other gateway does nothing in between. And hosts that ping through them go on."""

import errno
import os
import re
import tempfile

from gateway import (ACTIVE, INITIAL, STANDBY, Family, Report, Switch, Topology, Wire,
                     arp_frame, arp_of, wait)
from hsrp_groups import HELLO, STATE_ACTIVE, busy, mac_bytes
from one_gateway import faults
from scapy_router import V2_GROUP_MAC, Router, heard, virtual_mac

TRACE = "/sys/kernel/tracing"
LANS = {"in": "10.1.1", "out": "192.0.2"}
# On the inside gw2 has the higher address, on the outside gw1.
OWN = {"gw1": {"in": "10.1.1.2", "out": "192.0.2.3"},
       "gw2": {"in": "10.1.1.3", "out": "192.0.2.2"}}
# Unlike in all of the machine, so that the trace tells whose they are.
IFNAME = {"gw1": {"in": "a0", "out": "a1"}, "gw2": {"in": "b0", "out": "b1"}}
OTHER = {"gw1": "gw2", "gw2": "gw1"}
VIP = {lan: f"{net}.1" for lan, net in LANS.items()}
MAC = {"in": virtual_mac(1), "out": virtual_mac(2)}
GROUP = {"in": 1, "out": 2}
TIMERS = "1 3"
# Each is dear where locks and memory are watched.
FOLLOWERS = 299 if os.environ.get("KERNEL") == "debug" else 3999


def separate(gateway):
    """Two groups that track each other's interface, as seed 002 has them."""
    inside, outside = (IFNAME[gateway][lan] for lan in LANS)
    return f"""\
interface {inside}
 standby delay minimum 0
 standby 1 ip {VIP["in"]}
 standby 1 timers {TIMERS}
 standby 1 preempt
 standby 1 name INSIDE
 standby 1 track {outside}
interface {outside}
 standby delay minimum 0
 standby 2 ip {VIP["out"]}
 standby 2 timers {TIMERS}
 standby 2 preempt
 standby 2 name OUTSIDE
 standby 2 track {inside}
"""


def bundled(gateway):
    inside, outside = (IFNAME[gateway][lan] for lan in LANS)
    return f"""\
track 9 stub-object
 default-state up
interface {inside}
 standby delay minimum 0
 standby 1 ip {VIP["in"]}
 standby 1 timers {TIMERS}
 standby 1 preempt
 standby 1 name INSIDE
interface {outside}
 standby delay minimum 0
 standby 2 ip {VIP["out"]}
 standby 2 name OUTSIDE
 standby 2 follow INSIDE bundle
 standby 2 track 9 shutdown
"""


class Trace:
    """The changes of state of all groups of the machine, in their order."""

    def __init__(self):
        self.write("trace", "")
        self.write("events/vpnha/vpnha_hsrp_state/enable", "1")
        self.done = 0

    @staticmethod
    def write(file, text):
        with open(os.path.join(TRACE, file), "w", encoding="ascii") as out:
            out.write(text)

    def changes(self):
        """(seconds, gateway, LAN, is active) of each since the last time."""
        with open(os.path.join(TRACE, "trace"), encoding="ascii") as trace:
            found = re.findall(r" ([\d.]+): vpnha_hsrp_state: (\w+) group \d+ (\w+) -> (\w+)",
                               trace.read())
        where = {name: (gateway, lan) for gateway, names in IFNAME.items()
                 for lan, name in names.items()}
        new, self.done = found[self.done:], len(found)
        return [(float(at), *where[ifname], state == "Active")
                for at, ifname, _, state in new]

    def close(self):
        self.write("events/vpnha/vpnha_hsrp_state/enable", "0")


class Lab:
    def __init__(self, topology):
        self.topology = topology
        self.switch = Switch(topology, *LANS)
        self.gateway, self.family, self.host, self.wire = {}, {}, {}, {}
        for name in OWN:
            self.gateway[name] = topology.add(name)
            for lan in LANS:
                self.plug_in(name, lan)
            self.gateway[name].sh("sysctl -qw net.ipv4.ip_forward=1")
            self.family[name] = Family(self.gateway[name])
        for lan, net in LANS.items():
            host = self.host[lan] = topology.add(f"h-{lan}")
            self.switch.join(lan, host, "eth0", f"{net}.100/24")
            host.ip(f"route add default via {VIP[lan]}")
            self.wire[lan] = Wire(host, "eth0")
        self.trace = Trace()
        self.active = {gateway: set() for gateway in OWN}
        self.faults = []

    def plug_in(self, name, lan):
        self.switch.join(lan, self.gateway[name], IFNAME[name][lan], f"{OWN[name][lan]}/24")

    def load(self, name, text):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write(text)
            file.flush()
            return self.gateway[name].sh(f"vpnhactl load {file.name}")

    def configure(self, name, *lines):
        self.gateway[name].sh("vpnhactl configure " + " ".join(f"'{line}'" for line in lines))

    def group(self, name, lan):
        return self.family[name].group(IFNAME[name][lan], GROUP[lan])

    def states(self, name):
        return [self.group(name, lan)["state"] for lan in LANS]

    def wait_states(self, name, *states):
        wait(lambda: self.states(name) == list(states), f"{name} is {states}")

    # -- what must never be

    def watch(self):
        """Goes on with the trace: faults of what was between its steps."""
        longest = {}
        for at, gateway, lan, active in self.trace.changes():
            mine, theirs = self.active[gateway], self.active[OTHER[gateway]]
            before = set(mine)
            (mine.add if active else mine.discard)(lan)
            if mine != before and len(theirs) == 1:
                self.faults.append(f"{at}: {gateway} has {mine} while {OTHER[gateway]} has "
                                   f"{theirs} only")
            if len(before) == len(mine) == 1:
                self.faults.append(f"{at}: {gateway} goes on with {mine} only")
            elif len(mine) == 1:
                longest[gateway] = at
            elif gateway in longest:
                print(f"# {gateway} {('has left', 'is active')[bool(mine)]}: "
                      f"{(at - longest.pop(gateway)) * 1e6:.0f} us between its groups")
        self.faults += [f"{gateway} has {lans} only" for gateway, lans in self.active.items()
                        if len(lans) == 1]
        found, self.faults = self.faults, []
        return found

    # -- pings through the gateways

    def ping(self):
        with tempfile.NamedTemporaryFile("w", prefix="ping.", delete=False) as log:
            self.topology.start(self.host["in"], "stdbuf", "-oL", "ping", "-n", "-i", "0.2",
                                f"{LANS['out']}.100", stdout=log)
        self.log = log.name

    def replies(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read().count("bytes from")

    def answers(self, name):
        """Faults of who answers for the virtual IPs, which is to be this gateway only."""
        other, found = OTHER[name], []
        for lan, wire in self.wire.items():
            before = self.group(other, lan)["counters"]["arp-reply-tx"]
            wire.drain()
            wire.send(arp_frame(wire.mac, f"{LANS[lan]}.100", "ff:ff:ff:ff:ff:ff", VIP[lan],
                                request=True))
            arp = wire.wait_for(lambda frame, lan=lan: (arp_of(frame) or [0] * 6)[3] == VIP[lan]
                                and arp_of(frame), f"an answer for {VIP[lan]}")
            found += faults(**{
                f"{lan}: from {arp[1]}, {arp[2]}": arp[1] == arp[2] == MAC[lan],
                f"{lan}: {other} answers": before == self.group(other, lan)["counters"]
                ["arp-reply-tx"]})
            wait(lambda lan=lan: self.has(name, lan), f"{name} has {VIP[lan]}")
            wait(lambda lan=lan: not self.has(other, lan), f"{other} does not have {VIP[lan]}")
        return found

    def has(self, name, lan):
        # an interface that is not there has no address
        text = self.gateway[name].ip(f"-o addr show dev {IFNAME[name][lan]}", check=False)
        return f" {VIP[lan]}/" in text

    def moved(self, name, *others):
        """Faults of a move of all to a gateway, the other one's groups being in these states."""
        self.wait_states(name, ACTIVE, ACTIVE)
        if others:
            self.wait_states(OTHER[name], *others)
        before = self.replies()
        wait(lambda: self.replies() > before + 2, "the ping goes on")
        return self.watch() + (self.answers(name) if others else [])

    def back(self):
        return self.moved("gw2", STANDBY, STANDBY)


# -- a bundle ------------------------------------------------------------------

def apart(lab):
    """What a bundle is against; show says so."""
    for name in OWN:
        lab.load(name, separate(name))
    lab.wait_states("gw1", STANDBY, ACTIVE)
    lab.wait_states("gw2", ACTIVE, STANDBY)
    found = {name: lab.gateway[name].sh("vpnhactl show standby | grep Split") for name in OWN}
    lab.trace.changes()
    return faults(
        gw1_says_it=found["gw1"] == f"  Split: group 1 of a0 is active at {OWN['gw2']['in']}\n",
        gw2_says_it=found["gw2"] == f"  Split: group 2 of b1 is active at {OWN['gw1']['out']}\n")


def together(lab):
    """Both become active at once, and the election is the leader's: gw2's inside."""
    for name in OWN:
        lab.load(name, "")
    lab.trace.changes()
    for name in OWN:
        lab.load(name, bundled(name))
        lab.wait_states(name, ACTIVE, ACTIVE)
    lab.ping()
    found = lab.back()
    shown = lab.gateway["gw2"].sh("vpnhactl show standby")
    return found + faults(
        follower_is_shown=re.search(r'Following "INSIDE", bundle', shown),
        leader_is_shown=re.search(r"Followed by groups:\n    b1 Grp 2 Active 192.0.2.1 "
                                  r"0000.0c07.ac02 next refresh [\d.]+ secs bundle\n", shown),
        no_split_is_shown="Split" not in shown)


def silent(lab):
    """gw2 is cut off, and still believes to be active; then it hears of the other again."""
    for lan in LANS:
        lab.switch.cut(lan, lab.gateway["gw2"])
    found = lab.moved("gw1")
    for lan in LANS:
        lab.switch.heal(lan, lab.gateway["gw2"])
    return found + lab.back()


def link(lan):
    """An interface is set down, and later up again."""
    def test(lab):
        def announced():
            return {one: lab.group("gw1", one)["counters"]["garp-tx"] for one in LANS}
        ifname, before = IFNAME["gw2"][lan], announced()
        lab.gateway["gw2"].ip(f"link set {ifname} down")
        found = lab.moved("gw1", INITIAL, INITIAL)
        wait(lambda: all(announced()[one] > before[one] for one in LANS), "both LANs are told")
        reasons = {one: lab.group("gw2", one)["init-reason"] for one in LANS}
        want = {"in": "interface-down", "out": "follow"} if lan == "in" else \
            {"in": "bundle", "out": "interface-down"}
        found += [] if reasons == want else [f"reasons {reasons}"]
        lab.gateway["gw2"].ip(f"link set {ifname} up")
        return found + lab.back()
    return test


def removal(lab):
    lab.gateway["gw2"].ip(f"link del {IFNAME['gw2']['out']}")
    found = lab.moved("gw1", INITIAL, INITIAL)
    found += faults(reason=lab.group("gw2", "out")["init-reason"] == "interface-absent")
    lab.plug_in("gw2", "out")
    return found + lab.back()


def address_lost(lab):
    where = f"{OWN['gw2']['out']}/24 dev {IFNAME['gw2']['out']}"
    lab.gateway["gw2"].ip(f"addr del {where}")
    found = lab.moved("gw1", INITIAL, INITIAL)
    found += faults(reason=lab.group("gw2", "out")["init-reason"] == "no-address")
    lab.gateway["gw2"].ip(f"addr add {where}")
    return found + lab.back()


def shutdown(lab):
    lab.gateway["gw2"].sh("vpnhactl track 9 down")
    found = lab.moved("gw1", INITIAL, INITIAL)
    shown = lab.gateway["gw2"].sh("vpnhactl show standby")
    lab.gateway["gw2"].sh("vpnhactl track 9 up")
    return found + faults(
        leader_says_why="State is Init (held by its bundle)" in shown,
        it_shows_by_whom="b1 Grp 2 Init (tracked object down) 192.0.2.1" in shown) + lab.back()


def priority(lab):
    """A coup; the resign that answers it leaves when all have left."""
    lab.configure("gw1", f"interface {IFNAME['gw1']['in']}", "standby 1 priority 200")
    found = lab.moved("gw1", STANDBY, STANDBY)
    lab.configure("gw1", f"interface {IFNAME['gw1']['in']}", "no standby 1 priority")
    return found + lab.back()


def leader_removed(lab):
    """Those that followed wait for another one of the name; a new one takes them along."""
    before = lab.group("gw2", "out")["state-changes"]
    lab.configure("gw2", f"interface {IFNAME['gw2']['in']}", "no standby 1")
    wait(lambda: lab.group("gw2", "out")["state"] == INITIAL, "it waits")
    found = faults(reason=lab.group("gw2", "out")["init-reason"] == "follow",
                   one_change=lab.group("gw2", "out")["state-changes"] == before + 1,
                   shown="State is Init (waits for group INSIDE)" in
                   lab.gateway["gw2"].sh("vpnhactl show standby"))
    lab.wait_states("gw1", ACTIVE, ACTIVE)
    lab.load("gw2", bundled("gw2"))
    return found + lab.back()


def change_in_place(lab):
    """What a member is told anew does not move the pair; a member that leaves does not either."""
    before = {name: lab.group(name, "in")["state-changes"] for name in OWN}
    outside = f"interface {IFNAME['gw2']['out']}"
    lab.configure("gw2", outside, "standby 2 ip 192.0.2.9")
    lab.configure("gw2", outside, f"standby 2 ip {VIP['out']}", "standby mac-refresh 5",
                  f"interface {IFNAME['gw2']['in']}", "standby mac-refresh 5")
    lab.wait_states("gw2", ACTIVE, ACTIVE)
    lab.configure("gw2", outside, "standby 2 follow INSIDE")
    lab.wait_states("gw2", ACTIVE, ACTIVE)
    lab.configure("gw2", outside, "no standby 2")
    lab.load("gw2", bundled("gw2"))
    found = lab.back()
    return found + faults(nobody_moved=before == {
        name: lab.group(name, "in")["state-changes"] for name in OWN})


# -- groups that follow, but are not bundled ------------------------------------

def follows_only(lab):
    """Its own interface is its own affair; and it says nothing, and obeys none."""
    for name in OWN:
        lab.configure(name, f"interface {IFNAME[name]['out']}", "standby 2 follow INSIDE",
                      "standby mac-refresh 1")
    lab.wait_states("gw2", ACTIVE, ACTIVE)
    lab.wait_states("gw1", STANDBY, STANDBY)
    wire = lab.wire["out"]
    wire.drain()
    router = Router(wire, f"{LANS['out']}.250", 255)
    router.hello(2, ACTIVE, vip=VIP["out"], hello=1, hold=3)
    router.coup(2, vip=VIP["out"], hello=1, hold=3)
    wait(lambda: lab.family["gw2"].drops(IFNAME["gw2"]["out"]).get("following", 0) == 2,
         "the packets are counted")
    garps = lab.group("gw2", "out")["counters"]["garp-tx"]
    wait(lambda: lab.group("gw2", "out")["counters"]["garp-tx"] > garps + 3, "it is refreshed")
    wire.pull()
    packets = heard(wire.heard)
    found = faults(
        no_hellos=not [one for one in packets if one.kind != "garp" and one.source_mac != wire.mac
                       and one.kind != "advertise"],
        gratuitous_ARP_from_the_virtual_MAC=[one for one in packets if one.kind == "garp"
                                             and one.source_mac == MAC["out"]],
        still_active=lab.states("gw2") == [ACTIVE, ACTIVE],
        none_is_to_come="hello-next-ms" not in lab.group("gw2", "out"),
        counters=lab.group("gw2", "out")["counters"]["hello-tx"] == 0)
    lab.gateway["gw2"].ip(f"link set {IFNAME['gw2']['out']} down")
    lab.wait_states("gw2", ACTIVE, INITIAL)
    lab.gateway["gw2"].ip(f"link set {IFNAME['gw2']['out']} up")
    lab.wait_states("gw2", ACTIVE, ACTIVE)
    lab.trace.changes()
    return found


def crypto_map(lab):
    """A crypto map may name a group that follows, as any other."""
    lab.family["gw2"].do("binding-new", ifname=IFNAME["gw2"]["out"], map="none",
                         redundancy="OUTSIDE")

    def active():
        return lab.family["gw2"].do("binding-get", ifname=IFNAME["gw2"]["out"])["role"] == "active"
    wait(active, "the map is active")
    lab.configure("gw1", f"interface {IFNAME['gw1']['in']}", "standby 1 priority 200")
    wait(lambda: not active(), "the map is standby")
    lab.configure("gw1", f"interface {IFNAME['gw1']['in']}", "no standby 1 priority")
    wait(active, "the map is active again")
    lab.family["gw2"].do("binding-del", ifname=IFNAME["gw2"]["out"])
    lab.trace.changes()
    return []


def refused(lab):
    family, (inside, outside) = lab.family["gw2"], IFNAME["gw2"].values()
    before = [(group["name"], group.get("follow")) for group in family.dump("group-get")]

    def is_refused(operation, error, attribute, **attributes):
        result = family.refused(operation, **attributes)
        return result and (result[0], result[2]) == (error, attribute) and result[1]
    third = {"ifname": outside, "number": 3}
    found = faults(
        itself=is_refused("group-set", errno.ELOOP, ".follow", ifname=inside, number=1,
                          follow="INSIDE"),
        a_leader_that_follows=is_refused("group-set", errno.ELOOP, ".follow", ifname=inside,
                                         number=1, follow="NONE"),
        one_that_follows=is_refused("group-new", errno.ELOOP, ".follow", **third,
                                    follow="OUTSIDE"),
        by_its_name=is_refused("group-set", errno.ELOOP, ".name", ifname=outside, number=2,
                               name="INSIDE"),
        to_learn=is_refused("group-new", errno.EINVAL, ".vip", **third, follow="INSIDE",
                            enabled=1, vip=0),
        a_bundle_of_one=is_refused("group-new", errno.EINVAL, ".bundle", **third, bundle=1),
        a_name_that_is_none=is_refused("group-new", errno.EINVAL, ".follow", **third,
                                       follow="a b"))
    return found + faults(nothing_changed=before == [
        (group["name"], group.get("follow")) for group in family.dump("group-get")])


# -- many ------------------------------------------------------------------------

def many(topology):
    """As many groups as an interface has cost the packets of one."""
    gateway, peer = topology.add("gw", "peer")
    topology.cable(gateway, "eth0", peer, "eth0")
    gateway.ip("addr add 10.1.0.1/16 dev eth0")
    family, wire = Family(gateway), Wire(peer, "eth0")
    lines = ["interface eth0", " standby version 2", " standby delay minimum 0",
             f" standby mac-refresh 255\n standby 0 ip 10.1.16.0\n standby 0 timers {TIMERS}",
             " standby 0 name LEADER"]
    lines += [f" standby {n} ip 10.1.{16 + (n >> 8)}.{n & 0xff}\n"
              f" standby {n} follow LEADER bundle" for n in range(1, FOLLOWERS + 1)]
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        gateway.sh(f"vpnhactl load {file.name}")

    def counts():
        interface = family.interface("eth0")
        return interface["active-groups"], interface["passive-groups"]
    wait(lambda: counts() == (FOLLOWERS + 1, 0), "all are active", pause=1)
    # the first announcements are over when the slowest of them is
    wait(lambda: family.group("eth0", FOLLOWERS)["counters"]["garp-tx"] >= 3, "they are told")
    wire.drain()
    before = busy()

    def hellos():
        wire.pull()
        return [int.from_bytes(frame[48:50], "big") for frame in wire.heard
                if frame[:6] == mac_bytes(V2_GROUP_MAC) and frame[42] == 1 and
                frame[45] == HELLO and frame[46] == STATE_ACTIVE]
    wait(lambda: len(hellos()) >= 5, "five hellos", pause=1)
    print(f"# five hellos: {busy() - before:.2f} s of the processor")
    said = set(hellos())
    before = busy()
    gateway.ip("link set eth0 down")
    found = faults(**{f"said by {sorted(said)[:5]}": said == {0}},
                   all_stop=counts() == (0, 0))
    gateway.ip("link set eth0 up")
    wait(lambda: counts() == (FOLLOWERS + 1, 0), "all are active again", pause=1)
    print(f"# down and up: {busy() - before:.2f} s of the processor")
    gateway.sh("vpnhactl load /dev/null")
    return found + faults(gone=not family.dump("group-get"))


TESTS = (
    ("two groups that only track each other split, and show says so", apart),
    ("a bundle is where its leader is", together),
    ("the active gateway falls silent, and comes back", silent),
    ("the leader's interface is set down", link("in")),
    ("a member's interface is set down", link("out")),
    ("a member's interface is removed", removal),
    ("a member's address is removed", address_lost),
    ("a member is shut down by a tracked object", shutdown),
    ("another gateway takes over by its priority", priority),
    ("the leader is removed, and comes back", leader_removed),
    ("changes of a member in place move nothing", change_in_place),
    ("scapy: a group that follows says nothing, and obeys none", follows_only),
    ("a crypto map names a group that follows", crypto_map),
    ("what makes no sense is refused", refused),
)


def main():
    report = Report(len(TESTS) + 1)
    with Topology() as topology:
        lab = Lab(topology)
        try:
            for what, function in TESTS:
                report.run(what, function, lab)
        finally:
            lab.trace.close()
        report.run(f"scapy: {FOLLOWERS} groups follow one", many, topology)
    report.end()


if __name__ == "__main__":
    main()
