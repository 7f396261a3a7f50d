#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""A batch takes effect as a whole or not at all. Each refusal that an operation
can meet is met behind operations that could be done, and nothing may be left of
those. What depends on the order within a batch is done in that order."""

import errno

from netlink_esp import GOOD, GOOD_BINDING
from netlink_family import Client, Report, Topology
from netlink_raw import NLA_F_NESTED, Attr, Bytes, Case, Missing, faults_of
from netlink_refusals import OTHER_VIP, VIP, Place, by_operation, cases, each


class Spot(Place):
    """Where batches are refused."""

    # operations that were refused behind one that makes a tunnel device: that and its
    # end take their time
    with_device = set()

    def good(self, *more):
        """Operations of every kind that could be done, on objects of every kind,
        and do not stand in the way of the one that follows; and more."""
        raw = self.raw
        return [raw.nest(operation, raw.attrs(raw.space(operation), **values))
                for operation, values in (
                    ("interface-new", {"ifname": "n0", "version": 2}),
                    ("group-new", {"ifname": "n0", "number": 4095, "enabled": 1,
                                   "vip": "10.0.7.1", "name": "seven"}),
                    ("track-new", {"ifname": "n0", "number": 4095, "target": "n1"}),
                    ("group-new", {"ifname": "n2", "number": 0}),
                    ("interface-set", {"ifname": "x0", "version": 2}),
                    ("group-set", {"ifname": "e1", "number": 1, "priority": 7, "hello_ms": 15,
                                   "hold_ms": 50}),
                    ("track-set", {"ifname": "e0", "number": 300, "target": "e1",
                                   "decrement": 77}),
                    ("track-new", {"ifname": "e0", "number": 300, "target": "lo"}),
                    ("track-del", {"ifname": "e0", "number": 300, "target": "lo"}),
                    ("group-new", {"ifname": "n2", "number": 1, "vip": "10.0.7.2"}),
                    ("group-del", {"ifname": "n2", "number": 1}),
                    ("interface-new", {"ifname": "n3"}),
                    ("interface-del", {"ifname": "n3"}), *GOOD, *more)]

    def refuse(self, case):
        """The faults of a case behind what could be done."""
        nest = self.raw.nest(case.operation, case.attributes)
        more = () if case.operation in self.with_device else GOOD_BINDING
        self.with_device.add(case.operation)
        answer = self.raw.request("batch", self.good(*more) + [nest])
        return faults_of(answer, case, self.raw, nest) + self.touched()

    def refuse_all(self, case, operations, suspects):
        """The faults of a case that is operations; any of the suspects may be
        the offending attribute."""
        answer = self.raw.request("batch", self.good() + operations)
        faults = faults_of(answer, case, self.raw)
        if suspects and answer.bad not in [attribute.offset for attribute in suspects]:
            faults.append(f"the attribute at {answer.bad} is blamed")
        return faults + self.touched()


def batches(raw):
    """(Case, operations, suspects) of what only a batch can be refused for."""
    def group(verb, **values):
        return raw.nest(f"group-{verb}", raw.attrs("group", **values))

    def interface(verb, **values):
        return raw.nest(f"interface-{verb}", raw.attrs("interface", **values))

    def case(name, error, operations, suspects, says=""):
        return Case(name, "batch", [], error, None, says), operations, suspects

    for name, vip in (("virtual IP given twice", "10.0.0.9"),
                      ("virtual IP of a group that stays", VIP)):
        twice = [group("new", ifname="e0", number=3, enabled=1, vip="10.0.0.9"),
                 group("new", ifname="e1", number=3, enabled=1, vip=vip)]
        # of two that are new, either may be blamed
        suspects = [one.payload[3] for one in (twice if vip != VIP else twice[1:])]
        yield case(name, errno.EADDRINUSE, twice, suspects, "another group")
    twice = [group("new", ifname="e0", number=3, name="x"),
             group("new", ifname="e1", number=3, name="x")]
    yield case("name given twice", errno.EEXIST, twice,
               [one.payload[2] for one in twice], "another group")
    for operations, says in (
            ([group("new", ifname="e0", number=3), group("new", ifname="e0", number=3)],
             "already"),
            ([group("del", ifname="e0", number=1), group("del", ifname="e0", number=1)],
             "no such group"),
            ([group("del", ifname="e0", number=1), group("set", ifname="e0", number=1)],
             "no such group"),
            ([group("new", ifname="e0", number=3), group("del", ifname="e0", number=3),
              group("set", ifname="e0", number=3)], "no such group")):
        last = operations[-1]
        verbs = ", ".join(_names(raw, operations))
        yield case(verbs, errno.EEXIST if says == "already" else errno.ENOENT, operations,
                   [last.payload[1]], says)
    for verb in ("set", "del"):
        operations = [interface("del", ifname="e0"), interface(verb, ifname="e0")]
        yield case(f"interface-del, interface-{verb}", errno.ENOENT, operations,
                   [operations[1].payload[0]], "HSRP is not configured")
    operations = [interface("del", ifname="e0"), group("set", ifname="e0", number=1)]
    yield case("interface-del, group-set", errno.ENOENT, operations, [operations[1].payload[0]],
               "HSRP is not configured")
    track = raw.nest("track-new", raw.attrs("track", ifname="e0", number=1, target="up1"))
    yield case("group-del, track-new", errno.ENOENT,
               [group("del", ifname="e0", number=1), track], [track.payload[1]],
               "no such group")
    high = group("new", ifname="e1", number=256)
    yield case("version 1, number 256", errno.ERANGE, [interface("set", ifname="e1", version=1),
                                                       high], [high.payload[1]], "end at 255")
    yield from _malformed(raw)


def _malformed(raw):
    """(Case, operations, suspects) of what is no operation."""
    key = raw.attrs("group", ifname="e0", number=1)
    for name, attribute in (
            ("an operation without the bit of a nest", Attr(raw.kind("batch", "group-del"), key)),
            ("an unknown operation", Attr(100 | NLA_F_NESTED, key)),
            ("operation 0", Attr(0 | NLA_F_NESTED, key))):
        yield Case(name, "batch", [], errno.EINVAL), [attribute], [attribute]
    for name, attribute in (("trailing bytes", Bytes(b"\1\2\3\0")),
                            ("an operation that is longer than the message",
                             Attr(raw.kind("batch", "group-del") | NLA_F_NESTED, key, 2000))):
        yield Case(name, "batch", [], errno.EINVAL, None, "leftover"), [attribute], []


def _names(raw, operations):
    by_value = raw.ynl.attr_sets["batch"].attrs_by_val
    return [by_value[operation.kind & ~NLA_F_NESTED].name for operation in operations]


# What is said to be missing where there is nothing.
EMPTY = {
    None: ("ifname", "interface name is missing"),
    "object": ("id", "the number of the object is missing"),
    "transform-set": ("name", "name of the transform set is missing"),
    "acl": ("name", "name of the access list is missing"),
    "map": ("name", "name of the crypto map is missing"),
    "dynamic-map": ("name", "name of the dynamic crypto map is missing"),
    "sa": ("direction", "direction is missing"),
}


def empty_nests(raw):
    """Operations without anything in them."""
    for operation in raw.ynl.attr_sets["batch"]:
        missing, says = EMPTY.get(operation.rsplit("-", 1)[0], EMPTY[None])
        yield Case(f"{operation} of nothing", operation, [], errno.EINVAL, Missing(missing), says)


# -- what is done in order --------------------------------------------------

class Order:
    """Batches that must succeed, each in a configuration made for it."""

    def __init__(self, namespace):
        for name in ("e0", "e1"):
            namespace.sh(f"ip link add {name} type veth peer name {name}p; "
                         f"ip link set {name} up; ip link set {name}p up")
        self.client = Client(namespace)
        self.watcher = Client(namespace)
        self.watcher.subscribe("events")

    def fresh(self):
        for interface in self.client.dump("interface-get"):
            self.client.do("interface-del", ifname=interface["ifname"])
        self.client.do("group-new", ifname="e0", number=1, enabled=1, vip=VIP, name="one",
                       priority=120, preempt=1, hello_ms=1000, hold_ms=3000)
        self.client.do("group-new", ifname="e0", number=2, enabled=1, vip=OTHER_VIP, name="two")
        self.client.do("track-new", ifname="e0", number=1, target="up0", decrement=50)
        self.watcher.notifications()

    def groups(self):
        return {(group["ifname"], group["number"]): group
                for group in self.client.dump("group-get")}

    def told(self):
        return [name for name, _ in self.watcher.notifications()]


KEY1, KEY2 = {"ifname": "e0", "number": 1}, {"ifname": "e0", "number": 2}
TRACK = {**KEY1, "target": "up0"}


def differs(message, **wanted):
    """Faults: what of a message is not as wanted; None is absent."""
    return [f"{name} is {message.get(name)}, not {value}"
            for name, value in ((name.replace("_", "-"), value)
                                for name, value in wanted.items())
            if message.get(name) != value]


def del_new(order):
    """group-del, group-new of the same: as if it had not been"""
    order.client.batch(("group-del", KEY1), ("group-new", {**KEY1, "priority": 7}))
    faults = differs(order.groups()["e0", 1], priority=7, priority_used=7, enabled=0, vip=None,
                     name=None, preempt=0, hello_ms=None, hold_ms=None, vip_used=None,
                     hello_used_ms=3000, hold_used_ms=10000, state="initial",
                     init_reason="disabled")
    if order.client.dump("track-get"):
        faults.append("it still tracks something")
    if "track-del-ntf" not in order.told():
        faults.append("nobody was told of the track's end")
    return faults


def swap_vips(order):
    """two groups swap their virtual IPs"""
    order.client.batch(("group-set", {**KEY1, "vip": OTHER_VIP}),
                       ("group-set", {**KEY2, "vip": VIP}))
    groups = order.groups()
    return (differs(groups["e0", 1], vip=OTHER_VIP, name="one", priority=120) +
            differs(groups["e0", 2], vip=VIP, name="two"))


def swap_names(order):
    """two groups swap their names"""
    order.client.batch(("group-set", {**KEY1, "name": "two"}),
                       ("group-set", {**KEY2, "name": "one"}))
    groups = order.groups()
    faults = differs(groups["e0", 1], name="two") + differs(groups["e0", 2], name="one")
    error = order.client.error(order.client.do, "group-set", **KEY2, name="two")
    if not error or error[0] != errno.EEXIST:
        faults.append(f"the name is not found where it is now: {error}")
    return faults


def move_vip(order):
    """a virtual IP goes from a group that ends to another"""
    order.client.batch(("group-set", {**KEY2, "vip": VIP}), ("group-del", KEY1))
    groups = order.groups()
    faults = differs(groups["e0", 2], vip=VIP)
    if list(groups) != [("e0", 2)]:
        faults.append(f"groups are {list(groups)}")
    return faults


def new_del(order):
    """group-new, track-new, group-del: never was"""
    key = {"ifname": "e0", "number": 3}
    before = order.client.snapshot()
    order.client.batch(("group-new", {**key, "vip": "10.0.0.9", "enabled": 1, "name": "x"}),
                       ("track-new", {**key, "target": "up0"}), ("group-del", key))
    after = order.client.snapshot()
    faults = [] if before == after else [f"{before} has become {after}"]
    told = order.told()
    if told:
        faults.append(f"told: {told}")
    # its address and its name are free again
    order.client.do("group-new", ifname="e1", number=1, vip="10.0.0.9", enabled=1, name="x")
    return faults


def interface_new_del(order):
    """interface-new, group-new, interface-del: never was"""
    before = order.client.snapshot()
    order.client.batch(("interface-new", {"ifname": "e1", "version": 2}),
                       ("group-new", {"ifname": "e1", "number": 3000}),
                       ("interface-del", {"ifname": "e1"}))
    after = order.client.snapshot()
    told = order.told()
    faults = [] if before == after else [f"{before} has become {after}"]
    return faults + ([f"told: {told}"] if told else [])


def interface_del_group_new(order):
    """interface-del, group-new on it: all is default"""
    order.client.do("interface-set", ifname="e0", version=2)
    order.told()
    order.client.batch(("interface-del", {"ifname": "e0"}),
                       ("group-new", {"ifname": "e0", "number": 7}))
    faults = differs(order.client.do("interface-get", ifname="e0"), version=1, groups=1)
    groups = order.groups()
    if list(groups) != [("e0", 7)]:
        faults.append(f"groups are {list(groups)}")
    faults += differs(groups["e0", 7], mac="00:00:0c:07:ac:07", version=1)
    if order.told().count("group-del-ntf") != 2:
        faults.append("the end of the two groups was not told twice")
    return faults


def interface_del_new(order):
    """interface-del, interface-new: no group is left"""
    order.client.batch(("interface-del", {"ifname": "e0"}),
                       ("interface-new", {"ifname": "e0", "version": 2}))
    faults = differs(order.client.do("interface-get", ifname="e0"), version=2, groups=0)
    return faults + [f"{key} is left" for key in order.groups()]


def version_last(order):
    """group-new 300, then version 2 on the interface"""
    order.client.batch(("group-new", {"ifname": "e0", "number": 300}),
                       ("interface-set", {"ifname": "e0", "version": 2}))
    return (differs(order.groups()["e0", 300], version=2, mac="00:00:0c:9f:f1:2c") +
            differs(order.groups()["e0", 1], version=2, mac="00:00:0c:9f:f0:01"))


def version_first(order):
    """version 1 on the interface when its high group ends with it"""
    order.client.do("interface-set", ifname="e0", version=2)
    order.client.do("group-new", ifname="e0", number=300)
    order.client.batch(("interface-set", {"ifname": "e0", "version": 1}),
                       ("group-del", {"ifname": "e0", "number": 300}))
    return differs(order.groups()["e0", 1], version=1, mac="00:00:0c:07:ac:01")


def track_del_new(order):
    """track-del, track-new: its decrement is the default"""
    order.client.batch(("track-del", TRACK), ("track-new", TRACK))
    return (differs(order.client.do("track-get", **TRACK), decrement=10) +
            differs(order.groups()["e0", 1], priority_used=110))


def last_wins(order):
    """of two group-set the last one counts"""
    order.client.batch(("group-set", {**KEY1, "priority": 1, "name": "x"}),
                       ("group-set", {**KEY1, "priority": 2}),
                       ("track-set", {**TRACK, "decrement": 1}))
    return differs(order.groups()["e0", 1], priority=2, name="x", priority_used=1)


def refused_keeps(order):
    """what a refused change would have given up is still taken"""
    faults = []
    for given in ({"vip": "10.0.0.8", "name": "two"}, {"vip": OTHER_VIP, "name": "three"}):
        error = order.client.error(order.client.do, "group-set", **KEY1, **given)
        if not error:
            faults.append(f"{given} is not refused")
        for taken, number in (({"vip": VIP}, errno.EADDRINUSE), ({"name": "one"}, errno.EEXIST)):
            error = order.client.error(order.client.do, "group-new", ifname="e1", number=1,
                                       enabled=1, **taken)
            if not error or error[0] != number:
                faults.append(f"{taken} can be had: {error}")
    # and what it would have taken is free
    order.client.do("group-new", ifname="e1", number=1, enabled=1, vip="10.0.0.8", name="three")
    return faults


def everything(order):
    """all operations in one batch"""
    order.client.do("interface-new", ifname="e1", version=2)
    order.client.do("group-new", ifname="e1", number=9)
    order.client.do("track-new", ifname="e0", number=2, target="up2")
    order.client.batch(
        ("interface-new", {"ifname": "n0", "version": 2}),
        ("interface-del", {"ifname": "e1"}),
        ("interface-set", {"ifname": "e0", "version": 2}),
        ("group-new", {"ifname": "n0", "number": 4095, "enabled": 1}),
        ("group-set", {**KEY2, "preempt": 1}), ("group-del", KEY1),
        ("track-new", {**KEY2, "target": "up1", "decrement": 255}),
        ("track-set", {**KEY2, "target": "up1", "decrement": 3}),
        ("track-del", {**KEY2, "target": "up2"}))
    groups = order.groups()
    faults = [] if set(groups) == {("e0", 2), ("n0", 4095)} else [f"groups are {list(groups)}"]
    faults += differs(groups["e0", 2], preempt=1, priority_used=97, version=2)
    return faults + differs(order.client.do("track-get", **KEY2, target="up1"), decrement=3)


def nothing(order):
    """an empty batch changes nothing"""
    before = order.client.snapshot()
    order.client.batch()
    told = order.told()
    faults = [] if before == order.client.snapshot() else ["something is not as it was"]
    return faults + ([f"told: {told}"] if told else [])


def many(order):
    """four hundred operations"""
    order.client.batch(
        ("interface-set", {"ifname": "e0", "version": 2}),
        *[("group-new", {"ifname": "e0", "number": number, "name": f"g{number}"})
          for number in range(100, 300)],
        *[("track-new", {"ifname": "e0", "number": number, "target": f"up{number % 7}"})
          for number in range(100, 300)])
    groups, tracks = order.groups(), order.client.dump("track-get")
    return ([] if len(groups) == 202 else [f"{len(groups)} groups"]) + \
        ([] if len(tracks) == 201 else [f"{len(tracks)} tracks"])


ORDERED = (del_new, swap_vips, swap_names, move_vip, new_del, interface_new_del,
           interface_del_group_new, interface_del_new, version_last, version_first, track_del_new,
           last_wins, refused_keeps, everything, nothing, many)


def ordered(order, test):
    order.fresh()
    return test(order)


def main():
    with Topology() as topology:
        spot = Spot(topology.add("nl-refuse"))
        alone = [case for case in cases(spot.raw)
                 if case.batch and not case.dump and not case.operation.endswith("-get")]
        alone = by_operation([*alone, *empty_nests(spot.raw)])
        together = list(batches(spot.raw))
        report = Report(len(alone) + len(together) + len(ORDERED) + 1)
        for operation, some in alone.items():
            report.run(f"in a batch: {operation}: {len(some)} operations that cannot be done",
                       each, some, spot.refuse)
        for case, operations, suspects in together:
            report.run(f"in a batch: {case.name}", spot.refuse_all, case, operations, suspects)
        answer = spot.raw.request("batch", spot.good(*GOOD_BINDING))
        report.check("what stood before every refusal can be done", not answer.error, answer)

        order = Order(topology.add("nl-order"))
        for test in ORDERED:
            report.run(f"in order: {test.__doc__}", ordered, order, test)
    report.end()


if __name__ == "__main__":
    main()
