#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Tracked objects: interfaces, routes, lists and stubs, what states they have, and what
groups make of them."""

import errno
import json

import one_gateway
from gateway import ACTIVE, INITIAL, LISTEN, Debug, Report, Topology, address, wait
from one_gateway import GROUP, VIP, faults
from scapy_router import heard

NEAR, FAR = "eth1", "eth2"
#: deeper ones are refused
DEPTH = 8
SHORT = {"hello_ms": 300, "hold_ms": 1000}


class Lab(one_gateway.Lab):
    """With two more cables, and objects by their numbers."""

    def __init__(self, topology):
        super().__init__(topology)
        for ifname in (NEAR, FAR):
            topology.cable(self.gateway, ifname, self.peer, f"peer-{ifname}")
        self.gateway.ip(f"addr add 10.1.0.1/24 dev {NEAR}")
        self.gateway.ip(f"addr add 10.2.0.1/24 dev {FAR}")
        self.debug = Debug(self.gateway)

    def clear(self):
        """Nothing is left of the test before."""
        self.remove_group()
        for command in ("sysctl -qw net.ipv4.conf.all.forwarding=1",
                        f"ip link set {NEAR} up", f"ip link set {FAR} up",
                        "ip route flush table main proto static"):
            self.gateway.sh(command)
        left = [one["id"] for one in self.family.dump("object-get")]
        self.family.do("batch", object_del=[{"id": number} for number in left])
        wait(lambda: self.line(NEAR) and self.line(FAR), "the cables are plugged in")

    def line(self, ifname):
        return "LOWER_UP" in self.gateway.json(f"link show {ifname}")[0]["flags"]

    def new(self, number, kind, **attributes):
        self.family.do("object-new", id=number, kind=kind, **attributes)

    def stub(self, number, up=1):
        self.new(number, "stub", up=up)

    def list_of(self, number, kind, *members, **attributes):
        """Members are numbers, negative ones where they are negated, or (number, weight)."""
        nests = []
        for member in members:
            if isinstance(member, tuple):
                nests.append({"object": member[0], "weight": member[1]})
            elif member < 0:
                nests.append({"object": -member, "negated": True})
            else:
                nests.append({"object": member})
        self.new(number, kind, member=nests, **attributes)

    def put(self, number, up):
        self.family.do("object-set", id=number, up=int(up))

    def object(self, number):
        return self.family.do("object-get", id=number)

    def up(self, number):
        return bool(self.object(number)["up"])

    def becomes(self, number, up, what):
        wait(lambda: self.up(number) == up, what)

    def track(self, number, **attributes):
        self.family.do("track-new", ifname="eth0", number=GROUP, object=number, **attributes)

    def priority(self):
        return self.group()["priority-used"]


# -- what objects stand for ----------------------------------------------------

def line_protocol(lab):
    lab.new(1, "line-protocol", ifname=NEAR)
    lab.new(2, "line-protocol", ifname="eth9")
    found = faults(up=lab.up(1), no_such_interface=not lab.up(2))
    lab.peer.ip(f"link set peer-{NEAR} down")
    lab.becomes(1, False, "the cable is unplugged")
    lab.peer.ip(f"link set peer-{NEAR} up")
    lab.becomes(1, True, "it is plugged in")
    lab.gateway.ip(f"link set {NEAR} down")
    found += faults(down_at_once=not lab.up(1))
    lab.gateway.ip(f"link set {NEAR} name eth9")
    lab.gateway.ip("link set eth9 up")
    lab.becomes(2, True, "an interface of that name came")
    found += faults(the_one_that_was_renamed=lab.object(1)["ifname"] == "eth9" and lab.up(1))
    lab.gateway.ip("link set eth9 down")
    lab.gateway.ip(f"link set eth9 name {NEAR}")
    found += faults(both=not lab.up(1) and not lab.up(2),
                    names=[lab.object(one)["ifname"] for one in (1, 2)] == [NEAR, NEAR])
    return found


def ip_routing(lab):
    """Up, an address, and forwarding: nobody tells of the last one."""
    lab.new(1, "ip-routing", ifname=NEAR)
    found = faults(up=lab.up(1))
    lab.gateway.sh(f"sysctl -qw net.ipv4.conf.{NEAR}.forwarding=0")
    lab.becomes(1, False, "it does not forward")
    lab.gateway.sh(f"sysctl -qw net.ipv4.conf.{NEAR}.forwarding=1")
    lab.becomes(1, True, "it forwards")
    lab.gateway.ip(f"addr del 10.1.0.1/24 dev {NEAR}")
    found += faults(no_address=not lab.up(1))
    lab.gateway.ip(f"addr add 10.1.0.1/24 dev {NEAR}")
    return found + faults(an_address=lab.up(1))


def ip_route(lab):
    """Exactly that prefix, in the main table, and one that leads somewhere."""
    route = {"prefix": address("10.64.0.0"), "prefix-len": 12}
    lab.new(1, "ip-route", **{key.replace("-", "_"): value for key, value in route.items()})
    lab.new(2, "ip-route", prefix=address("10.2.0.0"), prefix_len=24)
    lab.new(3, "ip-route", prefix=0, prefix_len=0)
    lab.becomes(1, False, "there is no such route")
    lab.becomes(3, False, "there is no default route")
    found = faults(connected=lab.up(2))
    others = ("10.64.0.0/13 via 10.1.0.2", "10.64.0.0/11 via 10.1.0.2",
              "10.64.0.0/12 via 10.1.0.2 table 77", "blackhole 10.64.0.0/12 metric 5")
    for other in others:
        lab.gateway.ip(f"route add {other} proto static")
    lab.gateway.ip("route add default via 10.1.0.2 proto static")
    lab.becomes(3, True, "there is a default route")
    found += faults(others_do_not_count=not lab.up(1))
    lab.gateway.ip("route del blackhole 10.64.0.0/12 metric 5")
    lab.gateway.ip("route add 10.64.0.0/12 via 10.2.0.2 proto static")
    lab.becomes(1, True, "there is the route")
    lab.gateway.ip("route add 10.64.0.0/12 via 10.1.0.2 metric 9 proto static")
    lab.gateway.ip("route del 10.64.0.0/12 via 10.2.0.2")
    lab.gateway.ip("route del default")
    lab.becomes(3, False, "the default route is gone")
    found += faults(the_other_one_will_do=lab.up(1))
    lab.gateway.ip(f"link set {NEAR} down")
    lab.becomes(1, False, "its interface went down")
    lab.gateway.ip("route flush table 77")
    return found


def unknown_is_up(lab):
    """A route that is there is never down, not even when its object is new."""
    lab.gateway.ip("route add 10.64.0.0/12 via 10.2.0.2 proto static")
    lab.new_group()
    lab.debug.clear()
    lab.family.do("batch", object_new=[{"id": 1, "kind": "ip-route", "prefix-len": 12,
                                        "prefix": address("10.64.0.0")}],
                  track_new=[{"ifname": "eth0", "number": GROUP, "object": 1}])
    lab.gateway.ip("route add 10.96.0.0/12 via 10.2.0.2 proto static")
    lab.new(2, "ip-route", prefix=address("10.96.0.0"), prefix_len=12)
    lab.gateway.ip("route del 10.96.0.0/12")
    lab.becomes(2, False, "another route has been looked at")
    return faults(up=lab.up(1), always=lab.object(1)["changes"] == 0,
                  priority=lab.priority() == 100, silence=not lab.debug.events(kind="track"))


def stubs(lab):
    """Whoever may tells them what they are."""
    lab.new(1, "stub")
    lab.new(2, "stub", default_up=1)
    found = faults(down=not lab.up(1), up=lab.up(2))
    lab.gateway.sh("vpnhactl track 1 up; vpnhactl track 2 down")
    found += faults(up=lab.up(1), down=not lab.up(2), changes=lab.object(1)["changes"] == 1)
    lab.family.do("object-set", id=2, kind="stub", default_up=1, delay_down=0)
    found += faults(configured_anew_it_stays=not lab.up(2))
    lab.new(3, "line-protocol", ifname=NEAR)
    said = lab.gateway.sh("vpnhactl track 3 down; vpnhactl track 4 up; true")
    return found + faults(no_stub="has no such thing" in said, nothing="no such object" in said,
                          untouched=lab.up(3))


# -- lists -----------------------------------------------------------------------

def booleans(lab):
    lab.stub(1)
    lab.stub(2, 0)
    lab.list_of(10, "boolean-and", 1, 2)
    lab.list_of(11, "boolean-or", 1, 2)
    lab.list_of(12, "boolean-and", 1, -2)
    lab.list_of(13, "boolean-and")
    found = faults(conjunction=not lab.up(10), disjunction=lab.up(11), negation=lab.up(12),
                   nothing=not lab.up(13))
    lab.put(2, True)
    found += faults(both=lab.up(10), one_is_not=not lab.up(12))
    lab.put(1, False)
    lab.put(2, False)
    return found + faults(none=not lab.up(10), neither=not lab.up(11))


def thresholds(lab):
    """Between the two values a list stays what it is."""
    for number in (1, 2, 3):
        lab.stub(number, 0)
    lab.list_of(10, "threshold-weight", (1, 20), 2, (3, 5), threshold_up=30, threshold_down=10)
    lab.list_of(11, "threshold-percentage", 1, 2, 3, threshold_up=66, threshold_down=33)
    found = []
    for steps, weight, percentage, up in (
            ([(1, True)], 20, 33, (False, False)), ([(2, True)], 30, 66, (True, True)),
            ([(3, True), (1, False)], 15, 66, (True, True)),
            ([(3, False)], 10, 33, (False, False)), ([(1, True)], 30, 66, (True, True))):
        for step in steps:
            lab.put(*step)
        got = [lab.object(number) for number in (10, 11)]
        if [one["value"] for one in got] != [weight, percentage] or \
                [bool(one["up"]) for one in got] != list(up):
            found.append(f"after {steps}: {[(one['value'], one['up']) for one in got]}")
    return found


def nested(lab):
    """Lists of lists are never seen half changed."""
    lab.stub(1)
    lab.list_of(500, "boolean-and", 1)
    lab.list_of(20, "boolean-and", 500)
    lab.list_of(3, "boolean-or", 20, -1)
    found = faults(up=lab.up(3))
    for up in (False, True) * 3:
        lab.put(1, up)
    return found + faults(always=lab.object(3)["changes"] == 0,
                          others=lab.object(20)["changes"] == 6)


# -- delays ------------------------------------------------------------------------

def delays(lab):
    """What goes back in time has never been."""
    lab.new(1, "stub", up=1, delay_up=1, delay_down=180)
    lab.list_of(2, "boolean-and", 1)
    lab.put(1, False)
    one = lab.object(1)
    found = faults(it_waits=one["up"] == 1 and 170000 < one["delay-left-ms"] <= 180000,
                   the_list_too=lab.up(2))
    lab.put(1, True)
    one = lab.object(1)
    found += faults(back=one["up"] == 1 and "delay-left-ms" not in one, changes=one["changes"] == 0)
    lab.family.do("object-set", id=1, delay_down=0, up=0)
    found += faults(at_once=not lab.up(1) and not lab.up(2))
    lab.put(1, True)
    found += faults(not_at_once=not lab.up(1))
    lab.becomes(2, True, "a second has passed")
    return found


# -- groups ------------------------------------------------------------------------

def decrements(lab):
    """They add up, and stop at nothing."""
    lab.new_group(priority=110)
    for number in (1, 2, 3):
        lab.stub(number)
    lab.track(1)
    lab.track(2, decrement=20)
    lab.track(3, decrement=255)
    lab.family.do("track-new", ifname="eth0", number=GROUP, target=FAR, decrement=5)
    found, got = [], [lab.priority()]
    for number in (1, 2, 3):
        lab.put(number, False)
        got.append(lab.priority())
    lab.put(3, True)
    lab.gateway.ip(f"link set {FAR} down")
    got.append(lab.priority())
    if got != [110, 100, 80, 0, 75]:
        found.append(f"priorities {got}")
    text = lab.gateway.sh("vpnhactl show standby")
    return found + faults(
        show_standby="    Track object 2 state Down decrement 20\n" in text and
        f"    Track interface {FAR} state Down decrement 5\n" in text)


def shutdown(lab):
    """The group resigns, and is back when the object is."""
    lab.stub(1)
    lab.new_group(**SHORT)
    lab.track(1, shutdown=1)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.wire.drain()
    lab.debug.clear()
    lab.put(1, False)
    group = lab.group()
    sent = [packet.kind for packet in heard(lab.wire.heard)]
    found = faults(initial=group["state"] == INITIAL, resigned="resign" in sent,
                   reason=group["init-reason"] == "tracked-object",
                   priority=group["priority-used"] == 100,
                   no_address=VIP not in lab.gateway.sh("ip -4 -br addr show dev eth0"),
                   shown="tracked object" in lab.gateway.sh("vpnhactl show standby").lower(),
                   told=[event["track-id"] for event in lab.debug.events(kind="track")] == [1])
    lab.put(1, True)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.family.do("track-set", ifname="eth0", number=GROUP, object=1, shutdown=0, decrement=30)
    lab.put(1, False)
    found += faults(a_decrement=lab.group()["state"] == ACTIVE and lab.priority() == 70)
    lab.family.do("track-set", ifname="eth0", number=GROUP, object=1, shutdown=1)
    return found + faults(again=lab.group()["state"] == INITIAL)


def new_group_waits(lab):
    """A group that begins with what shuts it down does not run."""
    lab.stub(1, 0)
    lab.family.do("batch", group_new=[{"ifname": "eth0", "number": GROUP, "enabled": 1,
                                       "vip": address(VIP)}],
                  track_new=[{"ifname": "eth0", "number": GROUP, "object": 1, "shutdown": 1}])
    found = faults(initial=lab.group()["state"] == INITIAL)
    lab.family.do("track-del", ifname="eth0", number=GROUP, object=1)
    return found + faults(it_runs=lab.group()["state"] == LISTEN)


# -- requests ------------------------------------------------------------------------

def refusals(lab):
    """Each is refused with a reason, and nothing has changed."""
    lab.new_group()
    lab.stub(1)
    lab.new(2, "line-protocol", ifname=NEAR)
    lab.list_of(3, "boolean-and", 1)
    lab.list_of(4, "boolean-or", 3)
    lab.new(5, "threshold-weight", threshold_up=5, threshold_down=3)
    lab.track(4)
    before = lab.family.dump("object-get"), lab.family.dump("track-get")
    nest = [{"object": 1}]
    cases = (
        ("object-new", {"id": 1, "kind": "stub"}, errno.EEXIST, "exists already"),
        ("object-new", {"id": 9}, errno.EINVAL, "stands for is missing"),
        ("object-new", {"kind": "stub"}, errno.EINVAL, "number of the object is missing"),
        ("object-set", {"id": 9, "up": 1}, errno.ENOENT, "no such object"),
        ("object-del", {"id": 9}, errno.ENOENT, "no such object"),
        ("object-del", {"id": 1}, errno.EBUSY, "member of a list"),
        ("object-del", {"id": 4}, errno.EBUSY, "group tracks"),
        ("object-new", {"id": 9, "kind": "line-protocol"}, errno.EINVAL, "interface is missing"),
        ("object-new", {"id": 9, "kind": "ip-route"}, errno.EINVAL, "prefix is missing"),
        ("object-new", {"id": 9, "kind": "ip-route", "prefix": 0}, errno.EINVAL, "together"),
        ("object-new", {"id": 9, "kind": "ip-route", "prefix": address("10.0.0.1"),
                        "prefix_len": 8}, errno.EINVAL, "beyond its length"),
        ("object-new", {"id": 9, "kind": "stub", "ifname": NEAR}, errno.EINVAL, "no such thing"),
        ("object-set", {"id": 2, "up": 0}, errno.EINVAL, "no such thing"),
        ("object-new", {"id": 9, "kind": "boolean-or", "member": [{"object": 8}]}, errno.ENOENT,
         "does not exist"),
        ("object-new", {"id": 9, "kind": "boolean-or", "member": [{"object": 9}]}, errno.ELOOP,
         "contain each other"),
        ("object-set", {"id": 3, "member": [{"object": 4}]}, errno.ELOOP, "contain each other"),
        ("object-new", {"id": 9, "kind": "boolean-or", "member": nest + nest}, errno.EEXIST,
         "in the list already"),
        ("object-new", {"id": 9, "kind": "boolean-or", "member": [{}]}, errno.EINVAL,
         "number of the member"),
        ("object-new", {"id": 9, "kind": "boolean-or", "member": [{"object": 1, "weight": 3}]},
         errno.EINVAL, "weights"),
        ("object-set", {"id": 5, "member": [{"object": 1, "negated": True}]}, errno.EINVAL,
         "boolean list"),
        ("object-new", {"id": 9, "kind": "boolean-or",
                        "member": [{"object": number} for number in range(10, 43)]},
         errno.E2BIG, "32 members"),
        ("object-set", {"id": 5, "threshold_down": 5}, errno.EINVAL, "above where"),
        ("object-new", {"id": 9, "kind": "threshold-percentage", "threshold_up": 101},
         errno.EINVAL, "100 at most"),
        ("track-new", {"ifname": "eth0", "number": GROUP, "object": 9}, errno.ENOENT,
         "no such object"),
        ("track-new", {"ifname": "eth0", "number": GROUP, "object": 4}, errno.EEXIST,
         "tracks the object already"),
        ("track-del", {"ifname": "eth0", "number": GROUP, "object": 1}, errno.ENOENT,
         "does not track the object"),
        ("track-new", {"ifname": "eth0", "number": GROUP, "object": 1, "target": NEAR},
         errno.EINVAL, "not both"),
    )
    found = []
    for operation, attributes, error, words in cases:
        refusal = lab.family.refused(operation, **attributes)
        if refusal is None or refusal[0] != error or words not in str(refusal[1]):
            found.append(f"{operation} {attributes}: {refusal}")
    after = lab.family.dump("object-get"), lab.family.dump("track-get")
    for side in (*before[0], *before[1], *after[0], *after[1]):
        side.pop("change-age-ms")
    return found + faults(nothing_has_changed=before == after)


def depth(lab):
    lab.stub(1)
    for number in range(2, 2 + DEPTH):
        lab.list_of(number, "boolean-and", number - 1)
    refusal = lab.family.refused("object-new", id=99, kind="boolean-or",
                                 member=[{"object": 1 + DEPTH}])
    lab.put(1, False)
    return faults(refused=refusal and refusal[0] == errno.ELOOP,
                  the_deepest_one=not lab.up(1 + DEPTH))


def numbers(lab):
    """Who has a number by chance gives way to who was given it."""
    lab.new_group()
    lab.family.do("track-new", ifname="eth0", number=GROUP, target=FAR)
    by_chance = lab.family.dump("track-get")[0]["id"]
    lab.stub(by_chance)
    moved = lab.family.dump("track-get")[0]["id"]
    lab.family.do("track-new", ifname="eth0", number=GROUP, target=NEAR)
    every = [one["id"] for one in lab.family.dump("track-get")] + [by_chance]
    return faults(another=moved != by_chance, each_its_own=len(set(every)) == 3)


def changed_hands(lab):
    """All of it in one transaction, in any order."""
    lab.stub(1)
    lab.new_group()
    lab.track(1)
    lab.family.do(
        "batch", object_del=[{"id": 1}],
        track_del=[{"ifname": "eth0", "number": GROUP, "object": 1}],
        track_new=[{"ifname": "eth0", "number": GROUP, "object": 7, "decrement": 40}],
        object_new=[{"id": 7, "kind": "boolean-and", "member": [{"object": 8}]},
                    {"id": 8, "kind": "stub", "up": 0}])
    found = faults(priority=lab.priority() == 60,
                   objects=[one["id"] for one in lab.family.dump("object-get")] == [7, 8])
    lab.family.do("object-set", id=7, kind="line-protocol", ifname=NEAR)
    found += faults(another_kind=lab.priority() == 100)
    lab.family.do("batch", object_del=[{"id": 7}], object_new=[{"id": 7, "kind": "stub"}])
    return found + faults(made_anew=lab.priority() == 60 and lab.object(7)["kind"] == "stub")


CONFIG = """\
!
track 1 interface eth1 line-protocol
 delay up 10 down 5
!
track 2 list boolean and
 object 1
 object 3 not
!
track 3 stub-object
 default-state up
!
track 4 list threshold weight
 object 1 weight 20
 object 2
 threshold weight up 30 down 10
!
track 5 ip route 10.2.0.0/24 reachability
!
track 6 list threshold percentage
 object 5
 threshold percentage up 60 down 59
!
track 7 interface eth2 ip routing
!
interface eth0
 standby 1 ip 172.16.172.53
 standby 1 timers 240 250
 standby 1 track 1 decrement 20
 standby 1 track 2 shutdown
 standby 1 track eth2 30
 standby 1 track eth1 shutdown
!
end
"""


def tool(lab):
    """A file is loaded, written, shown and changed."""
    path = "/tmp/track.conf"
    with open(path, "w", encoding="ascii") as file:
        file.write(CONFIG)
    lab.gateway.sh(f"vpnhactl load {path}")
    found = faults(written=lab.gateway.sh("vpnhactl show running-config") == CONFIG,
                   nothing_to_do="no changes" in lab.gateway.sh(f"vpnhactl load --dry-run {path}"))
    lab.becomes(6, True, "the route has been looked at")
    text = lab.gateway.sh("vpnhactl show track")
    for part in ("Track 2\n  List boolean and\n  Boolean AND is Down\n",
                 "    object 1 Up\n    object 3 not Up\n  Tracked by:\n    HSRP eth0 1\n"
                 "    Track-list 4\n",
                 "Track 5\n  IP route 10.2.0.0/24 reachability\n  Reachability is Up\n",
                 "  Threshold percentage is Up (100; up 60, down 59)\n",
                 "  Interface eth2 ip routing\n  IP routing is Up\n", "  Delay up 10 secs, down 5",
                 "  Stub-object\n  State is Up\n", "  Default state is Up\n",
                 "(via HSRP)\n  Interface eth2 line-protocol\n"):
        if part not in text:
            found.append(f"{part!r} is not shown in {text}")
    one = json.loads(lab.gateway.sh("vpnhactl -j show track 4"))[0]
    found += faults(json={"kind": "threshold-weight", "value": 20, "up": False}.items() <=
                    one.items() and len(one["members"]) == 2)
    lab.gateway.sh("vpnhactl track 9 list boolean or object 1")
    lab.gateway.sh("vpnhactl track 10 stub-object default-state up")
    lab.gateway.sh("vpnhactl configure 'no track 6' 'interface eth0' 'no standby 1 track 1'")
    lab.gateway.sh("vpnhactl track 3 down")
    left = lab.gateway.sh("vpnhactl show running-config")
    said = lab.gateway.sh("vpnhactl no track 2; true")
    return found + faults(
        changed="track 6" not in left and "track 1 decrement" not in left and
        "track 9 list boolean or\n object 1\n" in left and
        "track 10 stub-object\n default-state up\n" in left, set=not lab.up(3) and lab.up(2),
        in_use="group 1 of eth0" in said and "does not exist" in said)


def main():
    tests = (
        ("an interface's line protocol", line_protocol),
        ("an interface that routes", ip_routing),
        ("a route", ip_route),
        ("a route that is there is never down", unknown_is_up),
        ("stubs are what they were told", stubs),
        ("boolean lists", booleans),
        ("lists with a threshold", thresholds),
        ("lists of lists", nested),
        ("eight lists one in another, and no more", depth),
        ("delays", delays),
        ("decrements add up", decrements),
        ("shutdown", shutdown),
        ("shutdown of a group that begins", new_group_waits),
        ("what is wrong is refused, and what was is there", refusals),
        ("numbers that are given, and those that are not", numbers),
        ("objects change hands in a transaction", changed_hands),
        ("vpnhactl loads, writes, shows and changes", tool),
    )
    report = Report(len(tests))
    with Topology() as topology:
        lab = Lab(topology)
        for name, function in tests:
            lab.clear()
            report.run(name, function, lab)
    report.end()


if __name__ == "__main__":
    main()
