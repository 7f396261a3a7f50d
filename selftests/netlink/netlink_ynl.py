#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,6.1,(debug)
"""HSRP in the family through the kernel tree's own YNL client and our YAML, so that
specification and kernel cannot drift apart: every operation, every attribute with
every kind of value, every notification; and at the end a look back on whether
every operation was used, and every attribute that the specification lists came.
What is not HSRP's is in netlink_esp_ynl.py.
"""

import re
import socket
import struct

from netlink_family import (HSRP_OBJECTS, Netlink, NlError, RawNetlink, Report, Topology, strip,
                            wait)
from netlink_raw import Raw
from netlink_seen import SEEN, Followed, Interposed, Watched, limits, of_hsrp

GW1, GW2 = "10.0.0.1", "10.0.0.2"
VIP = "10.0.0.100"
HSRP_PORT, HSRP_GROUP = 1985, "224.0.0.102"

# What cannot come, for what it is told is over by then.
NEVER = {
    "group-del-ntf": {"address", "vip-used", "hello-next-ms", "active-router", "standby-router",
                      "key-old-left-ms", "preempt-left-ms", "garp-next-ms", "address6",
                      "vip6-used"},
    "interface-del-ntf": {"ifindex"},
}
# and a rival is heard by its hellos
NEVER_OF_KIND = {"rival": {"active-groups", "passive-groups"}}


# For what those of a group of IPv6 stand
OF_IPV4 = {"address6": "address", "address6-old": "address-old", "vip6": "vip"}

# What an interface counts is told by its groups.
COUNTED = {"groups", "active-groups", "passive-groups"}

# -- every value --------------------------------------------------------------

KEYS = {"interface": {"ifname": "x0"}, "group": {"ifname": "x0", "number": 1},
        "track": {"ifname": "x0", "number": 1, "target": "x1"}, "object": {"id": 1}}

# Values that are accepted, the default first, None where there is nothing to be read then.
VALUES = {
    ("interface", "version"): (1, 2),
    ("interface", "delay-min"): (1, 0, 10000),
    ("interface", "delay-reload"): (0, 1, 10000),
    ("group", "enabled"): (0, 1),
    ("group", "vip"): (None, "1.0.0.0", "10.0.0.100", "223.255.255.255"),
    ("group", "priority"): (100, 0, 1, 254, 255),
    ("group", "preempt"): (0, 1),
    ("group", "hello-ms"): (None, 15, 3000, 254000),
    ("group", "hold-ms"): (None, 50, 10000, 255000),
    ("group", "name"): (None, "n", "n" * 25, "VPN-HA_1.a"),
    ("group", "authentication"): (None, "text", "md5"),
    ("group", "key"): (None, b"k", b"k" * 55, bytes(range(32))),
    ("group", "key-timeout"): (0, 1, 32767),
    ("group", "preempt-min"): (0, 1, 3600),
    ("group", "preempt-reload"): (0, 1, 3600),
    ("group", "preempt-sync"): (0, 1, 3600),
    ("group", "sync-pending"): (0, 1),
    ("interface", "use-bia"): (0, 1),
    ("interface", "garp-count"): (3, 0, 1, 60),
    ("interface", "garp-interval"): (2, 3, 1800),
    ("interface", "mac-refresh"): (0, 1, 255),
    ("interface", "redirect"): (0, 1),
    ("group", "mac-address"): (None, "02:00:00:00:00:01", "00:00:5e:00:01:ff"),
    ("group", "follow"): (None, "n", "n" * 25, "VPN-HA_1.a"),
    ("group", "bundle"): (0, 1),
    ("group", "secondary"): (None, ["1.0.0.0"], [f"10.0.1.{n}" for n in range(16, 0, -1)]),
    ("group", "ipv6"): (0, 1),
    ("group", "vip6"): (None, "fe80::1", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("group", "autoconfig"): (0, 1),
    ("group", "global6"): (None, [{"address": "1::", "prefix-len": 1}],
                           [{"address": f"2001:db8::{n}", "prefix-len": 129 - n}
                            for n in range(16, 0, -1)]),
    ("track", "decrement"): (10, 1, 255),
    ("track", "shutdown"): (0, 1),
    ("object", "kind"): ("boolean-and", "boolean-or", "threshold-weight", "threshold-percentage",
                         "stub"),
    ("object", "ifname"): ("a", "i" * 15),
    ("object", "prefix"): ("0.0.0.0", "255.255.255.255"),
    ("object", "prefix-len"): (0, 1, 32),
    ("object", "threshold-up"): (1, 8160),
    ("object", "threshold-down"): (0, 8159),
    ("object", "delay-up"): (0, 1, 180),
    ("object", "delay-down"): (0, 1, 180),
    ("object", "default-up"): (0, 1),
    ("object", "up"): (0, 1),
}
# What has a test of its own: nests, and the other key of a track.
ELSEWHERE = (("object", "member"), ("track", "object"))
# What an object needs to have an attribute.
BASE = {"kind": {"kind": "boolean-and"}, "ifname": {"kind": "line-protocol", "ifname": "a"},
        "prefix": {"kind": "ip-route", "prefix": 0, "prefix_len": 32},
        "prefix-len": {"kind": "ip-route", "prefix": 0, "prefix_len": 0},
        "threshold-up": {"kind": "threshold-weight"},
        "threshold-down": {"kind": "threshold-weight"}}
# What an attribute is set to, to have none.
NONE = {"vip": "0.0.0.0", "hello-ms": 0, "hold-ms": 0, "name": "", "authentication": "text",
        "key": b"cisco", "secondary": ["0.0.0.0"], "mac-address": "00:00:00:00:00:00",
        "follow": "", "vip6": "::", "global6": [{"address": "::"}]}
# What only a group of IPv6 has.
OF_IPV6 = ("vip6", "autoconfig", "global6")
KEY_VALUES = {
    ("interface", "ifname"): ("a", "i" * 15, "eth0.100"),
    ("group", "ifname"): ("a", "i" * 15),
    ("group", "number"): (0, 1, 255, 256, 4095),
    ("track", "ifname"): ("a", "i" * 15),
    ("track", "number"): (0, 4095),
    ("track", "target"): ("a", "t" * 15, "x0"),
    ("object", "id"): (1, 1000),
}


def values_are_complete(client):
    """No attribute of the specification is forgotten here, and no limit."""
    faults = []
    for space in KEYS:
        tables = {**VALUES, **KEY_VALUES}
        for name in client.ynl.attr_sets[f"{space}-config"]:
            values = tables.get((space, name))
            if (space, name) in ELSEWHERE:
                continue
            if not values:
                faults.append(f"{space} {name} has no values here")
                continue
            known = [len(value) if isinstance(value, str) else value
                     for value in values if value is not None]
            for kind, limit in limits(client, space, name).items():
                if limit not in known:
                    faults.append(f"{space} {name}: {kind} {limit} is not tried")
    return faults


def companions(name, value):
    """What goes with an attribute."""
    if name == "hello-ms":
        return {"hold-ms": 0 if value in (None, 0) else value + 1000}
    if name == "hold-ms":
        return {"hello-ms": 0 if value in (None, 0) else 15}
    if name == "authentication":
        return {"key": b"secret"} if value else {}
    if name == "key":
        return {"authentication": "md5" if value else "text"}
    if name == "prefix":
        return {"prefix-len": 32}
    if name == "prefix-len":
        return {"prefix": 0}
    if name == "threshold-down":
        return {"threshold-up": 8160}
    if name == "bundle":
        return {"follow": "n"} if value else {}
    if name == "secondary":
        return {"enabled": 1, "vip": VIP}
    if name == "global6":
        return {"enabled": 1, "ipv6": 1, "autoconfig": 1}
    return {"ipv6": 1} if name in OF_IPV6 else {}


def base_of(space, name):
    """What has to be said of an object when it is new."""
    if name in OF_IPV6:
        return {"ipv6": 1}
    return BASE.get(name, {"kind": "stub"}) if space == "object" else {}


def read_back(client, space, name):
    """Each value of an attribute: at first, by a change, and through a batch."""
    faults = []
    key, base = KEYS[space], base_of(space, name)
    kinds = {"group": ("group", "group-key")[name == "key":]}.get(space, (space,))

    def expect(how, value):
        for kind in kinds:
            got = client.get(kind, **key).get(name)
            if got != value:
                faults.append(f"{name} {how} {value}: it is {got} by {kind}-get")

    client.delete_all()
    if space == "track":
        client.do("group-new", **KEYS["group"])
    if name == "ipv6" or name in OF_IPV6:
        client.do("interface-new", ifname=key["ifname"], version=2)
    client.do(f"{space}-new", **key, **base)
    default = VALUES[space, name][0]
    expect("by default", default)
    for value in (*VALUES[space, name], *reversed(VALUES[space, name])):
        given = {name: NONE.get(name) if value is None else value, **companions(name, value)}
        given = {one.replace("-", "_"): text for one, text in given.items()}
        client.do(f"{space}-set", **key, **given)
        expect("set to", value)
        # nothing but the key: all stays
        client.do(f"{space}-set", **key)
        expect("left at", value)
        client.do(f"{space}-del", **key)
        client.do(f"{space}-new", **{**key, **base, **given})
        expect("new with", value)
        client.batch((f"{space}-del", key), (f"{space}-new", {**key, **base}),
                     (f"{space}-set", {**key, **given}))
        expect("in a batch", value)
    return faults


def read_keys(client):
    """Names and numbers of every length and size."""
    faults = []
    for (space, name), values in KEY_VALUES.items():
        for value in values:
            client.delete_all()
            key = {**KEYS[space], name: value}
            if space == "object":
                client.do("object-new", **key, kind="stub")
            else:
                client.do("interface-new", ifname=key["ifname"], version=2)
            if space in ("group", "track"):
                client.do("group-new", ifname=key["ifname"], number=key["number"])
            if space == "track":
                client.do("track-new", **key)
            got = client.get(space, **key)
            faults += [f"{space} {one} is {got[one]}, not {text}"
                       for one, text in key.items() if got[one] != text]
            client.do(f"{space}-del", **key)
            if client.dump(f"{space}-get"):
                faults.append(f"{space} {key} is still there")
    return faults


# -- dumps --------------------------------------------------------------------

GROUPS = 300
BIG = ("d0", "d1", "d2")


def keys_of(messages):
    return [tuple(message[name] for name in ("ifname", "number", "target") if name in message)
            for message in messages]


def fill(client):
    """300 groups on 3 interfaces; every third tracks one or two interfaces."""
    client.delete_all()
    wanted = []
    for at, ifname in enumerate(BIG):
        numbers = range(at, 4096, 4096 // GROUPS * 3 + 1)[:GROUPS // 3]
        wanted += [(ifname, number) for number in numbers]
        client.batch(("interface-new", {"ifname": ifname, "version": 2}),
                     *[("group-new", {"ifname": ifname, "number": number,
                                      "name": f"{ifname}-{number}", "priority": number % 256})
                       for number in numbers])
    tracks = [(*key, target) for at, key in enumerate(wanted) if at % 3 == 0
              for target in ("up0", "up1")[:1 + at % 2]]
    client.batch(*[("track-new", {"ifname": ifname, "number": number, "target": target})
                   for ifname, number, target in tracks])
    return sorted(wanted), sorted(tracks)


def same_keys(what, messages, wanted):
    return same(what, keys_of(messages), wanted)


def same(what, got, wanted):
    faults = []
    if len(got) != len(set(got)):
        faults.append(f"{what}: {len(got) - len(set(got))} come twice")
    if set(got) - set(wanted):
        faults.append(f"{what}: there is no {sorted(set(got) - set(wanted))[:5]}")
    if set(wanted) - set(got):
        faults.append(f"{what}: {sorted(set(wanted) - set(got))[:5]} did not come")
    return faults


def dump_all(client):
    """All of a dump, and each of its filters."""
    groups, tracks = fill(client)
    faults = same_keys("interfaces", client.dump("interface-get"), [(name,) for name in BIG])
    faults += same_keys("groups", client.dump("group-get"), groups)
    faults += same_keys("tracks", client.dump("track-get"), tracks)
    # what a dump says of an object, a get does
    for kind in ("interface", "group", "track"):
        for message in client.dump(f"{kind}-get")[::7]:
            key = {name: message[name] for name in ("ifname", "number", "target")
                   if name in message}
            if strip(client.get(kind, **key)) != strip(message):
                faults.append(f"{kind} {key} is not the same in a dump")
    number = groups[150][1]
    for kind, every in (("interface", [(name,) for name in BIG]), ("group", groups),
                        ("track", tracks)):
        for wanted in ({"ifname": "d1"}, {"number": number}, {"ifname": "d1", "number": number},
                       {"target": "up1"}, {"ifname": "d0", "target": "up0"}, {"ifname": "none"},
                       {"target": "none"}, {"number": 4095}):
            names = ("ifname", "number", "target")[:len(every[0])]
            if not wanted.keys() <= set(names):
                continue
            chosen = [key for key in every
                      if all(key[names.index(name)] == value for name, value in wanted.items())]
            faults += same_keys(f"{kind} {wanted}", client.dump(f"{kind}-get", **wanted), chosen)
    return faults


def dump_objects(client):
    """More than go into one message, the longest ones among them."""
    client.delete_all()
    members = [{"object": number, "weight": number} for number in range(1, 33)]
    client.batch(*[("object-new", {"id": number, "kind": "stub"}) for number in range(1, 101)],
                 *[("object-new", {"id": number, "kind": "threshold-weight", "member": members})
                   for number in range(901, 1001)])
    dumped = client.dump("object-get")
    faults = [] if [one["id"] for one in dumped] == [*range(1, 101), *range(901, 1001)] else \
        [f"objects {[one['id'] for one in dumped]}"]
    for message in dumped[::33]:
        if strip(client.get("object", id=message["id"])) != strip(message):
            faults.append(f"object {message['id']} is not the same in a dump")
    if dumped[-1]["member"] != members:
        faults.append(f"members {dumped[-1]['member']}")
    client.delete_all()
    return faults + ([] if not client.dump("object-get") else ["not all are removed"])


def dump_while_changing(namespace, other):
    """A dump is told when it met a change; one that was not is whole. Changes
    come between two of its parts."""
    client = Watched(namespace)
    groups, _ = fill(other)
    fixed = [key for key in groups if key[0] != "d1"]
    changing = [key for key in groups if key[0] == "d1"]
    faults, interrupted, between = [], 0, Between(client, other, changing)
    raw = Raw(client, sock=between)
    for at in range(40):
        between.arm(at)
        got = raw.keys("group-get", "ifname", "number")
        if between.interrupted:
            interrupted += 1
        elif between.changed:
            faults.append(f"dump {at} does not say that something changed")
        else:
            faults += same(f"dump {at}", got, fixed + between.there)
        # a change in place moves nothing
        if between.in_place:
            faults += same(f"dump {at}", got, fixed + between.there)
    if not interrupted:
        faults.append("no dump met a change")
    return faults + same_keys("undisturbed", other.dump_undisturbed("group-get"),
                              fixed + between.there)


class Between(Interposed):
    """Changes something between two parts of a dump of another socket."""

    # little room from the first part on, so that it takes many
    ROOM = 4096

    def __init__(self, client, other, there):
        self.other, self.there = other, list(there)
        super().__init__(client)
        self.parts = self.at = 0
        self.changed = self.in_place = False
        self.kind = 0

    def arm(self, at):
        """For the next dump: after which part, and what; every fourth dump is
        left alone."""
        self.parts, self.at, self.kind = 0, 1 + at % 5, at % 4
        self.changed = self.in_place = False
        self.sock.interrupted = False

    def recv(self, *_):
        data = self.sock.recv(self.ROOM)
        self.parts += 1
        if self.parts == self.at and self.kind:
            self._change()
        return data

    def _change(self):
        self.changed = True
        if self.kind == 1:
            ifname, number = self.there[0]
            self.other.do("group-set", ifname=ifname, number=number, priority=self.at)
            self.in_place = True
        elif self.kind == 2:
            ifname, number = self.there.pop(0)
            self.other.do("group-del", ifname=ifname, number=number)
        else:
            number = max(number for _, number in self.there) + 1
            self.there.append(("d1", number))
            self.other.do("group-new", ifname="d1", number=number)


# -- notifications ------------------------------------------------------------

def notifications(client, watcher):
    """Each change is told, with what a get says."""
    client.delete_all()
    watcher.notifications()
    followed = Followed(client, watcher, HSRP_OBJECTS, COUNTED)
    faults = []
    for operation, attributes, names in (
            ("interface-new", {"ifname": "x0"}, ["interface-ntf"]),
            ("interface-set", {"ifname": "x0", "version": 2}, ["interface-ntf"]),
            ("group-new", {"ifname": "x0", "number": 1, "name": "one"}, ["group-ntf"]),
            ("group-new", {"ifname": "x9", "number": 1}, ["group-ntf", "interface-ntf"]),
            ("group-set", {"ifname": "x0", "number": 1, "priority": 1}, ["group-ntf"]),
            ("group-set", {"ifname": "x0", "number": 1, "vip": VIP, "enabled": 1}, ["group-ntf"]),
            ("track-new", {"ifname": "x0", "number": 1, "target": "lo"},
             ["track-ntf", "group-ntf"]),
            ("track-set", {"ifname": "x0", "number": 1, "target": "lo", "decrement": 9},
             ["track-ntf", "group-ntf"]),
            ("track-new", {"ifname": "x0", "number": 1, "target": "no0", "decrement": 9},
             ["track-ntf", "group-ntf"]),
            ("interface-set", {"ifname": "x0", "version": 1}, ["interface-ntf", "group-ntf"]),
            ("track-del", {"ifname": "x0", "number": 1, "target": "lo"},
             ["track-del-ntf", "group-ntf"]),
            ("group-del", {"ifname": "x0", "number": 1}, ["group-del-ntf", "track-del-ntf"]),
            ("interface-del", {"ifname": "x0"}, ["interface-del-ntf"]),
            ("interface-del", {"ifname": "x9"}, ["interface-del-ntf", "group-del-ntf"])):
        client.do(operation, **attributes)
        faults += followed.expect(f"{operation} {attributes}", *names)
    client.batch(("group-new", {"ifname": "x0", "number": 300}),
                 ("interface-set", {"ifname": "x0", "version": 2}),
                 ("track-new", {"ifname": "x0", "number": 300, "target": "no0"}))
    faults += followed.expect("batch", "interface-ntf", "group-ntf", "track-ntf")
    for name, message in followed.last:
        if name == "group-ntf" and message["version"] != 2:
            faults.append(f"a group that never was is told: {message}")
    return faults


def objects_told(client, watcher):
    """Objects of every kind, and who tracks them, are told with what a get says."""
    client.delete_all()
    watcher.notifications()
    client.batch(("object-new", {"id": 1, "kind": "line-protocol", "ifname": "lo"}),
                 ("object-new", {"id": 2, "kind": "ip-route", "prefix": 0, "prefix_len": 0}),
                 ("object-new", {"id": 3, "kind": "threshold-weight", "threshold_up": 3,
                                 "member": [{"object": 1, "weight": 3}, {"object": 2}]}),
                 ("object-new", {"id": 4, "kind": "stub", "up": 1, "delay_down": 180}),
                 ("object-new", {"id": 5, "kind": "boolean-or",
                                 "member": [{"object": 4, "negated": True}]}),
                 ("group-new", {"ifname": "x0", "number": 1}),
                 ("track-new", {"ifname": "x0", "number": 1, "object": 1, "shutdown": 1}))
    client.do("object-set", id=4, up=0)
    faults, told = [], {}
    for name, message in watcher.notifications():
        if name == "object-ntf":
            told[message["id"]] = strip(message)
        if name == "track-ntf" and strip(message) != strip(
                client.do("track-get", ifname="x0", number=1, object=1)):
            faults.append(f"a track is told as {message}")
    for message in client.dump("object-get"):
        if told.get(message["id"]) != strip(message) or \
                strip(client.get("object", id=message["id"])) != strip(message):
            faults.append(f"{told.get(message['id'])} was told of {message}")
    if "delay-left-ms" not in client.get("object", id=4):
        faults.append("a change is not held back")
    if [one["object"] for one in client.dump("track-get", object=1)] != [1] or \
            client.dump("track-get", object=2) or client.dump("track-get", target="lo"):
        faults.append("a dump of what tracks an object has others")
    client.do("group-del", ifname="x0", number=1)
    client.batch(*[("object-del", {"id": number}) for number in range(1, 6)])
    names = [name for name, _ in watcher.notifications()]
    if names.count("object-del-ntf") != 5 or names.count("track-del-ntf") != 1:
        faults.append(f"of their end was told {names}")
    return faults


def events_of_devices(gw1, client, watcher):
    """What devices do is told as well, with what a get says."""
    followed = Followed(client, watcher, HSRP_OBJECTS, COUNTED)
    followed.watcher.notifications()
    client.delete_all()
    client.do("group-new", ifname="m0", number=1, enabled=1, vip="10.0.9.100", hello_ms=1000,
              hold_ms=3000)
    client.do("track-new", ifname="m0", number=1, target="m1")
    faults = followed.expect("new", "interface-ntf", "group-ntf", "track-ntf")
    for command, names, state in (
            ("link add m0 type veth peer name m1", ["interface-ntf", "track-ntf"], "initial"),
            ("addr add 10.0.9.1/24 dev m0", [], "initial"),
            ("link set m0 up", [], "initial"),
            ("link set m1 up", ["interface-ntf", "group-ntf", "track-ntf"], "active"),
            ("link set m1 down", ["interface-ntf", "group-ntf", "track-ntf"], "initial"),
            ("link del m0", ["interface-ntf"], "initial")):
        told = set()

        def settled(told=told, state=state, names=names):
            followed.follow()
            told.update(name for name, _ in followed.last)
            return client.get("group", ifname="m0", number=1)["state"] == state and \
                told >= set(names)
        gw1.ip(command)
        wait(settled, f"{command}: {state}, and {names} are told")
        faults += followed.faults(command)
    client.delete_all()
    return faults + followed.expect("del", "interface-del-ntf", "group-del-ntf", "track-del-ntf")


# -- the protocol, and what "debug" tells of it --------------------------------

def documented(client):
    """Attributes that go with each kind of debug event, by its documentation."""
    kinds = {}
    for name, entry in client.ynl.consts["debug-kind"].entries.items():
        brackets = re.search(r"\[([^]]*)\]", entry.doc or "")
        text = brackets[1] if brackets else ""
        words = re.sub(r"for advertise", "", text).replace(";", ",").split(",")
        same = re.search(r"attributes as for ([a-z-]+)", entry.doc or "")
        kinds[name] = kinds[same[1]] if same else {word.strip() for word in words if word.strip()}
    return kinds


class Pair:
    """Two gateways on a cable, and a third interface that is tracked."""

    def __init__(self, topology):
        self.gw1, self.gw2 = topology.add("nl-gw1", "nl-gw2")
        topology.cable(self.gw1, "eth0", self.gw2, "eth0")
        topology.cable(self.gw1, "eth1", self.gw2, "eth1")
        self.gw1.ip(f"addr add {GW1}/24 dev eth0")
        self.gw2.ip(f"addr add {GW2}/24 dev eth0")
        self.one, self.two = Watched(self.gw1), Watched(self.gw2)
        self.watchers = [Watched(namespace) for namespace in (self.gw1, self.gw2)]
        for watcher in self.watchers:
            watcher.subscribe("debug", "events")

    def kinds(self):
        for watcher in self.watchers:
            watcher.notifications()
        return SEEN.kinds

    def wait_kinds(self, *kinds):
        wait(lambda: set(kinds) <= self.kinds().keys(), f"{kinds} are told")

    def elect(self):
        """gw1 becomes active, gw2 learns everything from it."""
        # version 1 has no milliseconds
        for client in (self.one, self.two):
            client.do("interface-new", ifname="eth0", version=2)
        self.one.do("group-new", ifname="eth0", number=1, enabled=1, vip=VIP, priority=110,
                    preempt=1, hello_ms=300, hold_ms=1000, name="vpn")
        self.two.do("group-new", ifname="eth0", number=1, enabled=1)
        self.one.wait_group("eth0", 1, state="active")
        learned = self.two.wait_group("eth0", 1, state="standby")
        group = wait(lambda: "standby-router" in (group := self.one.get(
            "group", ifname="eth0", number=1)) and group, "the standby router is known")
        faults = [f"the standby router is {group['standby-router']}"
                  ] if group["standby-router"]["address"] != GW2 else []
        wanted = {"vip": None, "vip-used": VIP, "hello-ms": None, "hello-used-ms": 300,
                  "hold-used-ms": 1000, "address": GW2, "mac": "00:00:0c:9f:f0:01"}
        faults += [f"{name} is {learned.get(name)}, not {value}"
                   for name, value in wanted.items() if learned.get(name) != value]
        if learned["active-router"]["address"] != GW1:
            faults.append(f"the active router is {learned['active-router']}")
        self.wait_kinds("fsm-event", "state-change", "active-router", "standby-router",
                        "redundancy", "learned", "packet-in", "packet-out")
        return faults

    def keys(self):
        """Both get another key, and the standby router learns of it in time."""
        for client in (self.one, self.two):
            client.do("group-set", ifname="eth0", number=1, key_timeout=3600)
            client.do("group-set", ifname="eth0", number=1, authentication="md5", key=b"k")
        faults = [] if "key-old-left-ms" in self.one.get("group", ifname="eth0", number=1) else \
            ["there is no previous key"]
        told = [self.one.do("group-key-get", ifname="eth0", number=1),
                *self.one.dump("group-key-get", ifname="eth0")]
        faults += [f"the key is {one.get('key')}" for one in told if one.get("key") != b"k"]
        # what is told of the group has it
        self.one.do("group-set", ifname="eth0", number=1)
        for client in (self.one, self.two):
            client.do("group-set", ifname="eth0", number=1, authentication="text", key_timeout=0)
        return faults

    def delays(self):
        """gw2 could take over, and waits; an interface waits, and is removed meanwhile."""
        self.two.do("group-set", ifname="eth0", number=1, priority=120, preempt=1,
                    preempt_min=3600)
        wait(lambda: "preempt-left-ms" in self.two.get("group", ifname="eth0", number=1),
             "it waits")
        told = [self.two.do("group-key-get", ifname="eth0", number=1),
                *self.two.dump("group-key-get", ifname="eth0")]
        # what is told of the group has it
        self.two.do("group-set", ifname="eth0", number=1)
        self.wait_kinds("preempt-delay")
        self.two.do("group-set", ifname="eth0", number=1, priority=100, preempt=0, preempt_min=0)
        self.gw1.ip("link add wait0 type veth peer name wait1")
        self.gw1.ip("link set wait1 up")
        self.gw1.ip("link set wait0 up")
        self.one.do("interface-new", ifname="wait0", delay_reload=10000)
        told.append(self.one.get("interface", ifname="wait0"))
        self.wait_kinds("reload-delay-start")
        self.one.do("interface-del", ifname="wait0")
        self.gw1.ip("link del wait0")
        return [f"nothing is left: {one}" for one in told
                if not {"preempt-left-ms", "delay-left-ms"} & one.keys()]

    def track(self):
        """A tracked interface goes down and up."""
        self.one.do("track-new", ifname="eth0", number=1, target="eth1", decrement=20)
        self.two.do("group-set", ifname="eth0", number=1, preempt=1)
        self.gw1.ip("link set eth1 down")
        self.two.wait_group("eth0", 1, state="active")
        self.gw1.ip("link set eth1 up")
        self.one.wait_group("eth0", 1, state="active")
        self.wait_kinds("track", "priority")

    def send(self, payload):
        """A packet from gw2, whatever it is."""
        def send():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                interface = socket.if_nametoindex("eth0")
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                                struct.pack("4s4si", bytes(4), bytes(4), interface))
                sock.sendto(payload, (HSRP_GROUP, HSRP_PORT))
        self.gw2.inside(send)

    def drop(self):
        """A packet that is none."""
        self.send(b"\0")
        drops = wait(lambda: self.one.get("interface", ifname="eth0").get("drop"),
                     "the packet is counted")
        self.wait_kinds("packet-drop")
        # what is told of the interface has it
        self.one.do("interface-set", ifname="eth0")
        return [] if [drop["packets"] for drop in drops] == [1] else [f"drops: {drops}"]

    def rival(self):
        """A hello of an active router of higher priority."""
        hello, active, ipv4 = 0, 6, 4
        self.send(struct.pack(">BBBBBBH6sIII4s12x", 1, 40, 2, hello, active, ipv4, 1, bytes(6), 200,
                              300, 1000, socket.inet_aton(VIP)))
        self.wait_kinds("rival")
        self.one.wait_group("eth0", 1, state="active")

    def ipv6(self):
        """A group of IPv6: its addresses stand in attributes of their own."""
        for namespace in (self.gw1, self.gw2):
            namespace.sh("sysctl -qw net.ipv6.conf.eth0.accept_dad=0 "
                         "net.ipv6.conf.eth0.disable_ipv6=0")
        own = {}
        for client, priority in ((self.one, 110), (self.two, 100)):
            client.do("group-new", ifname="eth0", number=6, enabled=1, ipv6=1, vip6="fe80::1",
                      priority=priority, hello_ms=300, hold_ms=1000)
            group = client.wait_group("eth0", 6, state="active" if priority > 100 else "standby")
            own[priority] = group["address6"]
        group = wait(lambda: "standby-router" in (group := self.one.get(
            "group", ifname="eth0", number=6)) and group, "the standby router is known")
        faults = [f"{name}: {value}" for name, value in {
            "vip6": group.get("vip6") != "fe80::1", "vip6-used": group["vip6-used"] != "fe80::1",
            "standby": group["standby-router"].get("address6") != own[100],
            "active": group["active-router"].get("address6") != own[110],
            "of IPv4": {"address", "vip", "vip-used"} & group.keys(),
            "counters": {"garp-tx", "arp-reply-tx"} & group["counters"].keys(),
            "mac": group["mac"] != "00:05:73:a0:00:06"}.items() if value]
        told = [self.one.do("group-key-get", ifname="eth0", number=6),
                *self.one.dump("group-key-get", ifname="eth0")]
        faults += [] if told[0]["address6"] == own[110] else [f"group-key-get: {told[0]}"]
        self.one.do("group-del", ifname="eth0", number=6)
        self.two.wait_group("eth0", 6, state="active")
        self.kinds()
        self.two.do("group-del", ifname="eth0", number=6)
        return faults

    def down_and_up(self):
        """The interface is shut and opened."""
        self.gw1.ip("link set eth0 down")
        self.one.wait_group("eth0", 1, init_reason="interface-down")
        self.gw1.ip("link set eth0 up")
        self.one.wait_group("eth0", 1, state="active")
        self.wait_kinds("interface-going-down", "interface-down", "interface-coming-up",
                        "interface-up", "delay-start", "delay-end")
        for client in (self.one, self.two):
            client.do("group-set", ifname="eth0", number=1, authentication="md5", key=b"k")
            client.delete_all()

    def address_error(self):
        """An address that the kernel does not let us have: it is there already, as if it
        were of our making."""
        self.gw1.ip("link add base type veth peer name other")
        for line in ("link set other up", "link set base up", "addr add 10.0.5.1/24 dev base"):
            self.gw1.ip(line)
        # the addresses of ip(8) have no protocol in Debian 12
        rtm_newaddr, create = 20, Netlink.NLM_F_ACK | 0x400
        index = self.gw1.inside(socket.if_nametoindex, "base")
        vip = socket.inet_aton("10.0.5.100")
        RawNetlink(self.gw1, 0).request(rtm_newaddr, create, struct.pack(
            "=BBBBIHH4sHH4sHHB3x", socket.AF_INET, 32, 0, 0, index, 8, 1, vip, 8, 2, vip,
            5, 11, 72))
        self.one.do("group-new", ifname="base", number=1, enabled=1, vip="10.0.5.100",
                    hello_ms=100, hold_ms=300)
        self.wait_kinds("address-error")
        self.one.do("interface-del", ifname="base")
        self.gw1.ip("link del base")

    def by_kind(self):
        """Faults of debug events against the documentation of their kinds."""
        faults, kinds = [], documented(self.one)
        for kind, wanted in kinds.items():
            # the key comes with every kind
            got = self.kinds().get(kind, set()) - {"kind", "ifname", "number"}
            got = {OF_IPV4.get(name, name) for name in got}
            wanted = wanted - NEVER_OF_KIND.get(kind, set())
            if kind not in SEEN.kinds:
                faults.append(f"no {kind} came")
            faults += [f"{kind}: {name} came" for name in got - wanted]
            faults += [f"{kind}: {name} did not come" for name in wanted - got]
        return faults


def refused(client):
    """What a refusal says reaches a user of YNL."""
    client.delete_all()
    client.do("group-new", ifname="x0", number=1)
    try:
        client.do("group-set", ifname="x0", number=1, priority=256)
    except NlError as error:
        extack = error.nl_msg.extack or {}
        wanted = {"bad-attr": ".priority", "policy": {"type": "u32", "max-value": 255,
                                                      "min-value": 0}}
        return [f"{name} is {extack.get(name)}" for name, value in wanted.items()
                if extack.get(name) != value]
    return ["it is not refused"]


def main():
    with Topology() as topology:
        pair = Pair(topology)
        alone = topology.add("nl-ynl")
        client, other, watcher = Watched(alone), Watched(alone), Watched(alone)
        watcher.subscribe("events")
        report = Report(len(VALUES) + 20)
        report.run("the values tried are all that the specification has", values_are_complete,
                   client)
        for space, name in VALUES:
            report.run(f"{space} {name}: every kind of value", read_back, client, space, name)
        report.run("keys of every length and size", read_keys, client)
        report.run("a dump has everything once, and only what its filter lets through", dump_all,
                   client)
        report.run("a dump of objects has everything once", dump_objects, client)
        report.run("a dump while groups change", dump_while_changing, alone, other)
        report.run("every change is told, with what a get says", notifications, client, watcher)
        report.run("what becomes of objects is told", objects_told, client, watcher)
        report.run("what devices do is told", events_of_devices, alone, client, watcher)
        report.run("a refusal names the attribute and its limits", refused, client)

        report.run("two gateways elect", pair.elect)
        report.run("keys that change", pair.keys)
        report.run("what waits", pair.delays)
        report.run("a tracked interface", pair.track)
        report.run("a packet that is dropped", pair.drop)
        report.run("a rival", pair.rival)
        report.run("a group of IPv6", pair.ipv6)
        report.run("an interface that goes down and up", pair.down_and_up)
        report.run("an address that cannot be put", pair.address_error)
        report.run("debug events carry what their kind says", pair.by_kind)
        report.run("every operation was exercised, every attribute came, and no other",
                   SEEN.missing, NEVER,
                   lambda name: of_hsrp(name) or name == "batch",
                   ("router", "counters", "drop", "object-member", "global"))
    report.end()


if __name__ == "__main__":
    main()
