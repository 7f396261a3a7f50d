#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: own-machine kernels=6.12,(6.1),(debug)
"""ESP in batches: what depends on the order within one is done in that order;
SAs are replaced as a whole; ten thousand SAs are installed, dumped and removed,
and their memory comes back."""

import os
import struct

from netlink_esp import (CONFIGURATION, HMAC, LINE, MAP_IN, MAP_OUT, MANUAL, PEER2, PEER3, SA_IN,
                         inbound, key_in, key_out, outbound, session)
from netlink_family import Client, Report, Topology, unreclaimable, wait
from netlink_raw import NLA_F_NESTED, Attr, Raw

SAS, PER_BATCH = 10000, 500
KMEMLEAK = "/sys/kernel/debug/kmemleak"
GROUP = {"ifname": "e1", "number": 1}


class Order:
    """Batches that must succeed or be refused, each in a configuration made for it."""

    def __init__(self, namespace):
        for name, own in (("e0", "10.0.0.1"), ("e1", "10.0.1.1")):
            namespace.sh(f"ip link add {name} type veth peer name {name}p; "
                         f"ip link set {name} up; ip link set {name}p up; "
                         f"ip addr add {own}/24 dev {name}")
        self.namespace = namespace
        self.client, self.watcher = Client(namespace), Client(namespace)
        self.watcher.subscribe("events")

    def fresh(self):
        self.client.delete_all()
        self.client.do("group-new", **GROUP, name="one")
        self.client.batch(*CONFIGURATION)
        self.watcher.notifications()

    def sas(self):
        """SAs by direction and SPI."""
        return {(sa["direction"], sa["spi"]): sa for sa in self.client.dump("sa-key-get")}

    def told(self):
        return [name for name, _ in self.watcher.notifications()]

    def devices(self):
        return {link["ifname"] for link in self.namespace.json("link show type vpnha")}


def differs(what, got, wanted):
    return [] if got == wanted else [f"{what}: {got}, not {wanted}"]


def whole(order):
    """transform set, access list, map, binding, group and SAs in one batch"""
    order.client.delete_all()
    order.client.batch(
        ("transform-set-new", {"name": "t", "cipher": "aes-gcm"}),
        ("acl-new", {"name": "a", "number": 1, **LINE}),
        ("map-new", {"name": "m", "number": 20, "kind": "isakmp", "peer": [PEER2],
                     "transform_set": ["t"], "acl": "a"}),
        ("binding-new", {"ifname": "e0", "map": "m"}),
        ("sa-new", inbound(0x2001)), ("sa-new", outbound(0x2002)),
        ("interface-new", {"ifname": "e1", "version": 2}),
        ("group-new", {**GROUP, "name": "two", "vip": "10.0.1.100", "enabled": 1}),
        ("binding-new", {"ifname": "e1", "map": "m", "redundancy": "two"}),
        ("sa-new", inbound(0x2003, ifname="e1")))
    faults = differs("SAs", set(order.sas()), {("in", 0x2001), ("out", 0x2002), ("in", 0x2003)})
    faults += differs("problem", order.client.do("map-get", name="m", number=20)["problem"],
                      "none")
    wait(lambda: order.client.do("binding-get", ifname="e1").get("local") ==
         bytes((10, 0, 1, 100)), "the group's address is the endpoint")
    return faults + differs("tunnel devices", len(order.devices()), 2)


def backwards(order):
    """what refers to others comes before them, SAs as soon as they can"""
    order.client.delete_all()
    order.client.batch(
        ("binding-new", {"ifname": "e0", "map": "m"}),
        ("map-new", {"name": "m", "number": 20, "kind": "isakmp", "peer": [PEER2],
                     "transform_set": ["t"], "acl": "a"}),
        ("sa-new", inbound(0x2001)),
        ("acl-new", {"name": "a", "number": 1, **LINE}), ("sa-new", outbound(0x2002)),
        ("map-new", {"name": "m", "number": 30, "kind": "isakmp"}),
        ("sa-new", inbound(0x2003, number=30)),
        ("transform-set-new", {"name": "t", "cipher": "aes-gcm"}))
    numbers = {key: sa["number"] for key, sa in order.sas().items()}
    return differs("SAs", numbers, {("in", 0x2001): 20, ("out", 0x2002): 20, ("in", 0x2003): 30})


def replace(order):
    """SAs are replaced by others of the same SPI"""
    before = order.sas()
    order.client.batch(("sa-del", key_in(0x2001)), ("sa-new", inbound(0x2001, esn=1)),
                       ("sa-new", outbound(0x2004)), ("sa-del", key_out(0x2002)),
                       ("sa-set", {**key_in(0x2001), "hard_packets": 9}))
    after = order.sas()
    faults = differs("SAs", set(after) - set(before), {("out", 0x2004)})
    faults += differs("gone", set(before) - set(after), {("out", 0x2002)})
    sa = after["in", 0x2001]
    faults += differs("the new one", (sa["esn"], sa.get("hard-packets"), sa["state"]),
                      (1, 9, "mature"))
    return faults if sa["id"] > before["in", 0x2001]["id"] else [*faults, "it is the old one"]


def never_was(order):
    """what comes and goes within a batch never was"""
    before, devices = order.client.snapshot(), order.devices()
    order.client.batch(
        ("sa-new", inbound(0x3001, hard_packets=1)), ("sa-set", {**key_in(0x3001),
                                                                 "hard_packets": 2}),
        ("sa-del", key_in(0x3001)),
        ("map-new", {"name": "m", "number": 30, "kind": "isakmp"}),
        ("sa-new", inbound(0x3002, number=30)), ("map-del", {"name": "m", "number": 30}),
        ("binding-new", {"ifname": "n0", "map": "m"}),
        ("sa-new", inbound(0x3003, ifname="n0")), ("binding-del", {"ifname": "n0"}))
    faults = [] if order.client.snapshot() == before else ["something is not as it was"]
    return faults + differs("tunnel devices", order.devices(), devices)


def set_then_del(order):
    """an SA is changed and removed"""
    order.client.batch(("sa-set", {**key_in(0x2001), "hard_packets": 9}),
                       ("sa-del", key_in(0x2001)))
    faults = [] if ("in", 0x2001) not in order.sas() else ["it is still there"]
    return faults + differs("told", [name for name in order.told() if name == "sa-del-ntf"],
                            ["sa-del-ntf"])


def other_map(order):
    """SAs of a map go when its interface gets another, and the SAs of that stay"""
    order.client.batch(
        ("sa-new", inbound(0x3001)),
        ("map-new", {"name": "spare", "number": 20, "kind": "isakmp"}),
        ("binding-set", {"ifname": "e0", "map": "spare"}),
        ("sa-new", inbound(0x3002, map="spare")),
        ("acl-new", {"name": "x", "number": 1, **LINE}))
    faults = differs("SAs", set(order.sas()), {("in", 0x3002)})
    order.client.batch(("binding-set", {"ifname": "e0", "map": "m"}),
                       ("sa-new", inbound(0x3003)),
                       ("binding-set", {"ifname": "e0", "map": "spare"}),
                       ("sa-new", inbound(0x3004, map="spare")))
    return faults + differs("SAs", set(order.sas()), {("in", 0x3002), ("in", 0x3004)})


def kept(order):
    """SAs stay while their entry does and asks for them, whatever else changes"""
    before = order.sas()
    order.client.batch(("map-set", {"name": "m", "number": 20, "peer": [PEER3, PEER2],
                                    "pfs": 14}),
                       ("acl-new", {"name": "102", "number": 20, **LINE}),
                       ("map-del", {"name": "spare", "number": 10}),
                       ("acl-set", {"name": "101", "number": 10, "protocol": 6}),
                       ("transform-set-set", {"name": "t", "mode": "tunnel"}),
                       ("binding-set", {"ifname": "e0", "df": "set"}))
    faults = differs("SAs", {key: sa["id"] for key, sa in order.sas().items()},
                     {key: sa["id"] for key, sa in before.items()})
    # as are those of session keys: what they are for is the same
    order.client.batch(("map-del", {"name": "m", "number": 10}),
                       ("map-new", {"name": "m", "number": 10, **MANUAL,
                                    "session_key_in": session(0x1001, MAP_IN),
                                    "session_key_out": session(0x1002, MAP_OUT)}))
    return faults + differs("SAs", {key: sa["id"] for key, sa in order.sas().items()},
                            {key: sa["id"] for key, sa in before.items()})


def session_keys(order):
    """session keys change hands and directions"""
    order.client.batch(
        ("map-set", {"name": "m", "number": 10, "session_key_in": session(0x1003, MAP_OUT)}),
        ("map-new", {"name": "m", "number": 15, **MANUAL,
                     "session_key_in": session(0x1001, MAP_IN),
                     "session_key_out": session(0x1005, MAP_OUT)}))
    sas = order.sas()
    faults = differs("entries", {spi: sa["number"] for (_, spi), sa in sas.items()
                                 if sa["manual"]},
                     {0x1001: 15, 0x1005: 15, 0x1002: 10, 0x1003: 10})
    order.client.do("map-del", name="m", number=10)
    return faults + differs("left", {spi for _, spi in order.sas() if spi < 0x2000},
                            {0x1001, 0x1005})


def refused_at_end(order):
    """refusals that are found at the end leave tunnel devices, groups and SAs as they were"""
    faults = []
    before, devices = order.client.snapshot(), order.devices()
    good = (("interface-new", {"ifname": "n0", "version": 2}), ("group-del", GROUP),
            ("group-new", {"ifname": "n0", "number": 4095, "name": "one"}),
            ("binding-new", {"ifname": "n0", "map": "other", "redundancy": "one"}),
            ("sa-new", inbound(0x3001)), ("sa-del", key_in(0x2003)),
            ("sa-new", inbound(0x3002, ifname="n0", map="other", number=10)),
            ("sa-set", {**key_in(0x2001), "ceiling": 9}), ("binding-del", {"ifname": "e1"}))
    keys = {"session_key_in": session(0x1007, MAP_IN), "session_key_out": session(0x1008, MAP_IN)}
    for says, bad in (
            ("an SA of this SPI", ("map-new", {"name": "m", "number": 5, **MANUAL, **keys,
                                               "session_key_in": session(0x2001, MAP_IN)})),
            ("wrong length", ("map-new", {"name": "m", "number": 5, **MANUAL, **keys,
                                          "session_key_out": session(0x1008, SA_IN[1:])})),
            ("key of the HMAC", ("map-set", {"name": "m", "number": 10, "session_key_in":
                                             {**session(0x1001, MAP_IN), "auth_key": HMAC}})),
            ("wrong length", ("transform-set-set", {"name": "t", "key_bits": 192})),
            ("another group", ("group-new", {"ifname": "x8", "number": 1, "name": "one"}))):
        for operations in ((bad, *good), (*good, bad)):
            error = order.client.error(order.client.batch, *operations)
            if not error or says not in error[1]:
                faults.append(f"{bad}: {error}")
            faults += [f"{bad}: {kind} are not as they were" for kind, objects in
                       order.client.snapshot().items() if objects != before[kind]]
            faults += differs(f"{bad}: tunnel devices", order.devices(), devices)
            faults += differs(f"{bad}: told", order.told(), [])
    order.client.batch(*good)
    return faults


# -- ten thousand -----------------------------------------------------------------------

class Many:
    """Ten thousand SAs: half of them inbound, each with an SPI of its own."""

    def __init__(self, order):
        self.order = order
        self.raw = Raw(order.client, order.namespace)

    def nest(self, operation, spi):
        values = (inbound if spi % 2 else outbound)(spi)
        if operation == "sa-del":
            values = (key_in if spi % 2 else key_out)(spi)
        return self.raw.nest(operation, self.raw.attrs("sa", **values))

    def batches(self, operation):
        """Batches of an operation on all; made once, and the SPI put in."""
        spi = self.raw.kind("sa", "spi")
        templates = [self.nest(operation, at).payload for at in (0, 1)]
        for first in range(0, SAS, PER_BATCH):
            yield [Attr(self.raw.kind("batch", operation) | NLA_F_NESTED,
                        [Attr(spi, struct.pack("I", 0x10000 + at)) if one.kind == spi else one
                         for one in templates[at % 2]])
                   for at in range(first, first + PER_BATCH)]

    def carry_out(self, operation):
        return [f"{operation}: {answer}" for answer in
                (self.raw.request("batch", batch) for batch in self.batches(operation))
                if answer.error]

    def dumped(self):
        """SPIs in a dump."""
        spi = self.raw.kind("sa", "spi")
        return [struct.unpack("4xI", attribute)[0] for attributes in self.raw.dump("sa-get", ())
                for attribute in attributes if struct.unpack_from("2xH", attribute)[0] == spi]


def many(order):
    """ten thousand SAs, installed, dumped, removed one by one and at once"""
    order.fresh()
    order.client.do("esp-clear")
    run, faults = Many(order), []
    before = unreclaimable()
    for way in ("sa-del", "esp-clear"):
        others = run.dumped()
        faults += run.carry_out("sa-new")
        got = run.dumped()
        wanted = {*others, *range(0x10000, 0x10000 + SAS)}
        if len(got) != len(set(got)) or set(got) != wanted:
            faults.append(f"{len(got)} are dumped, not {len(wanted)}")
        taken = unreclaimable() - before
        if taken < SAS:
            faults.append(f"they take {taken} KiB, which cannot be")
        if way == "sa-del":
            faults += run.carry_out(way)
        else:
            order.client.do(way)
        left = [spi for spi in run.dumped() if spi >= 0x10000]
        faults += differs(f"left by {way}", left, [])
        # What is freed is freed behind the back of the request. KASAN keeps it for
        # a while; there kmemleak tells of leaks at the end.
        if not os.path.exists(KMEMLEAK):
            wait(lambda taken=taken: unreclaimable() - before < taken // 4,
                 f"{way} gives back {taken} KiB")
    order.watcher.notifications()
    return faults


ORDERED = (whole, backwards, replace, never_was, set_then_del, other_map, kept, session_keys,
           refused_at_end)


def ordered(order, test):
    order.fresh()
    return test(order)


def main():
    with Topology() as topology:
        order = Order(topology.add("nl-order"))
        report = Report(len(ORDERED) + 1)
        for test in ORDERED:
            report.run(f"in order: {test.__doc__}", ordered, order, test)
        # nobody listens to so many
        order.watcher.ynl.sock.close()
        order.watcher = Client(order.namespace)
        report.run(many.__doc__, many, order)
    report.end()


if __name__ == "__main__":
    main()
