#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""ESP in the family through the kernel tree's own YNL client and our YAML: every
operation, every attribute with every kind of value, every notification and
event; keys come where they were asked for and nowhere else; and at the end a
look back on whether every operation was used, and every attribute came. HSRP is
in netlink_ynl.py.
"""

import socket
import struct

import netlink_esp_events
import netlink_esp_values
from netlink_esp import CONFIGURATION, LINE, MAP_IN, SA_IN, SA_OUT, SECRETS, inbound, key_in
from netlink_family import ESP_OBJECTS, KEY, Report, Topology, key_of, strip
from netlink_raw import Raw
from netlink_seen import SEEN, Followed, Interposed, Watched, of_hsrp, of_rri

# What cannot come: a device that is gone; what is found out under RTNL only.
NEVER = {
    "binding-del-ntf": {"ifindex", "device", "device-ifindex", "local", "local6", "role",
                        "problem"},
    "sa-ntf": {"mtu"},
    "sa-del-ntf": {"mtu"},
    # where packets come from: no peer moves here
    "sa-event": {"src", "sport"},
}
# What is found out for who asks.
FOLLOWS = {"mtu"}


# -- dumps --------------------------------------------------------------------

def fill(client):
    """Hundreds of each kind; the keys of each in the order of a dump."""
    client.delete_all()
    keys = {kind: [] for kind in ESP_OBJECTS}
    keys["transform-set"] = [(f"t{number:03}",) for number in range(200)]
    keys["acl"] = [(name, number) for name in ("a", "b", "c") for number in range(60)]
    keys["map"] = [(name, number) for name in ("m", "n") for number in range(1, 101)]
    keys["dynamic-map"] = [(name, number) for name in ("d", "e") for number in range(1, 101)]
    keys["binding"] = [("x0",), ("x1",)]
    client.batch(*[("transform-set-new", {"name": name, "cipher": "aes-gcm"})
                   for name, in keys["transform-set"]])
    client.batch(*[("acl-new", {"name": name, "number": number, **LINE})
                   for name, number in keys["acl"]])
    client.batch(*[("map-new", {"name": name, "number": number, "kind": "isakmp",
                                "peer": ["10.0.0.9"]}) for name, number in keys["map"]])
    client.batch(*[("dynamic-map-new", {"name": name, "number": number})
                   for name, number in keys["dynamic-map"]])
    client.batch(*[("binding-new", {"ifname": name, "map": "m"}) for name, in keys["binding"]])
    given = [{**inbound(0x1000 + number, number=1 + number), "ifname": f"x{number % 2}",
              "direction": ("in", "out")[number % 3 == 0], "dst": f"10.0.0.{number % 5}"}
             for number in range(70)]
    client.batch(*[("sa-new", sa) for sa in given])
    keys["sa"] = [(sa["direction"], sa["spi"], socket.inet_aton(sa["dst"])) for sa in given]
    return keys


FILTERS = {
    "transform-set": ({"name": "t007"}, {"name": "none"}),
    "acl": ({"name": "b"}, {"name": "b", "number": 7}, {"number": 59}, {"number": 1000},
            {"name": "none"}),
    "map": ({"name": "n"}, {"name": "n", "number": 100}, {"number": 1}, {"number": 65535}),
    "map-key": ({"name": "m"},),
    "dynamic-map": ({"name": "e"}, {"name": "e", "number": 100}, {"number": 1}),
    "binding": ({"ifname": "x1"}, {"ifname": "none"}),
    "sa": ({"direction": "in"}, {"direction": "out"}, {"spi": 0x1007}, {"dst": "10.0.0.3"},
           {"direction": "out", "dst": "10.0.0.1"}, {"direction": "in", "spi": 0x1000},
           {"dst": "2001:db8::1"}),
    "sa-key": ({"direction": "out"},),
}


def dump_all(client):
    """All of a dump in its order, each of its filters, and a get of what it has."""
    keys, faults = fill(client), []
    for name, filters in FILTERS.items():
        kind = name.removesuffix("-key")
        operation = f"{name}-get"
        for wanted in ({}, *filters):
            match = client.encode(kind, wanted)
            chosen = [key for key in keys[kind]
                      if all(key[KEY[kind].index(one)] == value for one, value in match.items())]
            got = client.dump(operation, **wanted)
            if [key_of(kind, message) for message in got] != chosen:
                faults.append(f"{operation} {wanted}: {len(got)}, not {len(chosen)}")
        for message in client.dump(operation)[::29]:
            key = {one: message[one] for one in KEY[kind]}
            if strip(client.do(operation, **key)) != strip(message):
                faults.append(f"{operation} {key} is not the same in a dump")
    return faults


class Between(Interposed):
    """Calls something between two parts of a dump."""

    after, function = 0, None

    def recv(self, *arguments):
        data = self.sock.recv(*arguments)
        self.after -= 1
        if not self.after:
            self.function()
        return data


def dump_while_changing(namespace, other):
    """A dump is told when it met a change, and no other is; what does not change
    comes once whatever happens."""
    client, faults = Watched(namespace), []
    keys = fill(other)
    client.ynl._recv_size = 4096
    between = Between(client)
    changes = {
        "acl": (("acl-set", {"name": "c", "number": 59, "protocol": 7}),
                ("acl-del", {"name": "a", "number": 0}),
                ("acl-new", {"name": "a", "number": 1000, **LINE}),
                ("map-set", {"name": "m", "number": 1, "acl": "a"})),
        "map": (("map-del", {"name": "n", "number": 1}),
                ("map-new", {"name": "n", "number": 1, "kind": "isakmp"})),
        "dynamic-map": (("dynamic-map-del", {"name": "e", "number": 1}),
                        ("dynamic-map-new", {"name": "e", "number": 1})),
        "transform-set": (("transform-set-del", {"name": "t000"}),),
        "sa": (("sa-set", {"direction": "out", "spi": 0x1000, "dst": "10.0.0.0", "ceiling": 7}),
               ("sa-del", {"direction": "in", "spi": 0x1001, "dst": "10.0.0.1"}),
               ("sa-new", inbound(0x7000, ifname="x0", number=3)),
               ("esp-clear", {"spi": 0x1002})),
    }
    refused = (("acl-new", {"name": "a", "number": 2000, **LINE, "src": b"\1"}),
               ("map-set", {"name": "n", "number": 2, "peer": [b"\1"]}),
               ("sa-new", inbound(0x7001, ifname="x0", number=3, cipher_key=b"\1")))
    for kind, some in changes.items():
        for operation, values in (*some, *refused):
            done = (operation, values) not in refused
            between.after = 2
            if done:
                between.function = lambda op=operation, given=values: other.do(op, **given)
            else:
                between.function = lambda op=operation, given=values: other.error(
                    other.batch, ("acl-set", {"name": "a", "number": 5, "protocol": 9}),
                    ("sa-del", {"direction": "in", "spi": 0x1005, "dst": "10.0.0.0"}),
                    (op, given))
            got = [key_of(kind, message) for message in client.dump(f"{kind}-get")]
            if between.after > 0:
                faults.append(f"{operation}: the dump of {kind} has one part only")
            if client.ynl.sock.interrupted != done:
                faults.append(f"{operation} during a dump of {kind}: "
                              f"told that something changed: {not done}")
            fixed = [key for key in keys[kind] if key in got]
            if len(fixed) < len(keys[kind]) - len(some) or len(set(got)) != len(got):
                faults.append(f"{operation}: {kind} are not each there once")
    return faults


# -- notifications ------------------------------------------------------------

CHANGES = (
    ("transform-set-new", {"name": "t2", "cipher": "aes-gcm"}, ["transform-set-ntf"]),
    ("transform-set-set", {"name": "t2", "key_bits": 256}, ["transform-set-ntf"]),
    ("transform-set-del", {"name": "t2"}, ["transform-set-del-ntf"]),
    ("acl-new", {"name": "102", "number": 5, **LINE, "protocol": 6, "src_port_min": 1,
                 "dst_port_max": 7}, ["acl-ntf"]),
    ("acl-set", {"name": "102", "number": 5, "src_port_max": 7}, ["acl-ntf"]),
    ("acl-del", {"name": "102", "number": 5}, ["acl-del-ntf"]),
    ("map-new", {"name": "m", "number": 30, "kind": "isakmp"}, ["map-ntf"]),
    ("map-set", {"name": "m", "number": 30, "peer": ["10.0.0.9"]}, ["map-ntf"]),
    ("sa-new", inbound(0x4001, number=30, replay_notify=1, esn=1), ["sa-ntf"]),
    ("map-del", {"name": "m", "number": 30}, ["map-del-ntf", "sa-del-ntf"]),
    ("dynamic-map-new", {"name": "d", "number": 20}, ["dynamic-map-ntf"]),
    ("dynamic-map-set", {"name": "d", "number": 20, "pfs": 31}, ["dynamic-map-ntf"]),
    ("dynamic-map-del", {"name": "d", "number": 20}, ["dynamic-map-del-ntf"]),
    ("binding-set", {"ifname": "e1", "df": "copy"}, ["binding-ntf"]),
    ("sa-new", inbound(0x4002, soft_bytes=1, hard_bytes=2, soft_packets=1, hard_packets=2,
                       soft_seconds=10000, hard_seconds=20000, ceiling=1, ceiling_margin=1,
                       replay_notify=1, encap_sport=4500, encap_dport=4500,
                       selector=[netlink_esp_values.SELECTOR]), ["sa-ntf"]),
    ("sa-set", {**key_in(0x4002), "hard_bytes": 7}, ["sa-ntf"]),
    ("sa-set", {**key_in(0x4002), "peer": "10.0.0.77", "encap_sport": 4501}, ["sa-ntf"]),
    ("sa-del", key_in(0x4002), ["sa-del-ntf"]),
    # session keys: other SAs
    ("map-set", {"name": "m", "number": 10,
                 "session_key_in": {"spi": 0x1003, "cipher_key": MAP_IN}},
     ["map-ntf", "sa-ntf", "sa-del-ntf"]),
    ("acl-del", {"name": "101", "number": 10}, ["acl-del-ntf"]),
    ("acl-del", {"name": "101", "number": 20}, ["acl-del-ntf", "sa-del-ntf"]),
    ("esp-clear", {}, ["sa-del-ntf"]),
    ("binding-set", {"ifname": "e0", "map": "other"}, ["binding-ntf"]),
    ("map-del", {"name": "m", "number": 10}, ["map-del-ntf"]),
    ("binding-del", {"ifname": "e0"}, ["binding-del-ntf"]),
    ("binding-del", {"ifname": "e1"}, ["binding-del-ntf"]),
)


def configure(namespace, client):
    """What is common to the tests of netlink; the group is active."""
    client.delete_all()
    client.do("group-new", ifname="e0", number=1, enabled=1, vip="10.0.0.100", name="one",
              hello_ms=1000, hold_ms=3000)
    client.wait_group("e0", 1, state="active")
    client.batch(*CONFIGURATION)


def notifications(namespace, client, watcher):
    """Each change is told, with what a get says."""
    client.delete_all()
    watcher.notifications()
    followed = Followed(client, watcher, ESP_OBJECTS, FOLLOWS)
    configure(namespace, client)
    faults = followed.expect("the configuration", *[f"{kind}-ntf" for kind in ESP_OBJECTS])
    for operation, values, names in CHANGES:
        client.do(operation, **values)
        faults += followed.expect(f"{operation} {values}", *names)
    configure(namespace, client)
    faults += followed.faults("the configuration again")
    client.batch(("sa-del", key_in(0x2001)), ("sa-new", inbound(0x2001, esn=1)),
                 ("binding-set", {"ifname": "e1", "map": "n"}), ("acl-del", {"name": "spare",
                                                                            "number": 10}))
    faults += followed.expect("batch", "sa-ntf", "sa-del-ntf", "binding-ntf", "acl-del-ntf")
    client.delete_all()
    return faults + followed.expect("all is removed", *[f"{kind}-del-ntf" for kind in ESP_OBJECTS])


# -- keys ---------------------------------------------------------------------

class Listening(Interposed):
    """Looks for keys in all that a socket receives."""

    found = []

    def recv(self, *arguments):
        data = self.sock.recv(*arguments)
        self.found += [(secret, data) for secret in SECRETS if secret in data]
        return data


def secrets(namespace, client):
    """Keys come with the two operations that are for them; every other answer,
    every notification and every event is free of them."""
    mine, watcher = Watched(namespace), Watched(namespace)
    watcher.subscribe("events")
    Listening(mine)
    Listening(watcher)
    Listening.found.clear()
    configure(namespace, mine)
    faults = []
    for operation, values, _ in CHANGES:
        mine.do(operation, **values)
        for kind in ESP_OBJECTS:
            mine.dump(f"{kind}-get")
            for message in client.dump(f"{kind}-get")[:1]:
                mine.get(kind, **{name: message[name] for name in KEY[kind]})
        watcher.notifications()
    configure(namespace, mine)
    mine.do("esp-clear")
    mine.do("sa-new", **inbound(0x2001, cipher_key=SA_IN))
    mine.get("sa", **key_in(0x1001))
    watcher.notifications()
    if Listening.found:
        faults.append(f"a key came: {Listening.found[0]}")
    maps = {message["number"]: message for message in mine.dump("map-key-get", name="m")}
    keys = {message["spi"]: message["cipher-key"] for message in mine.dump("sa-key-get")}
    keys["m 10"] = maps[10]["session-key-in"]["cipher-key"]
    wanted = {0x1001: MAP_IN, 0x1002: SECRETS[1], 0x2001: SA_IN, "m 10": MAP_IN}
    faults += [f"the key of {name} is {keys.get(name)}, not {key}"
               for name, key in wanted.items() if keys.get(name) != key]
    if mine.do("sa-key-get", **key_in(0x1001))["cipher-key"] != MAP_IN:
        faults.append("sa-key-get of one")
    # as little as that is found by whoever looks for it
    return faults if Listening.found else [*faults, "nothing has been looked at"]


def wiped(namespace, client):
    """A refusal gives the request back to who has not asked it not to: without keys."""
    configure(namespace, client)
    raw, faults = Raw(client, namespace), []
    raw.socket.setsockopt(270, 10, struct.pack("I", 0))
    nest = [raw.nest("sa-new", raw.attrs("sa", **values)) for values in
            (inbound(0x4001, cipher_key=SA_OUT), inbound(0x2001),
             inbound(0x4002, cipher_key=SA_OUT))]
    session = {"session_key_in": {"spi": 0x1001, "cipher_key": MAP_IN}}
    for what, operation, attributes in (
            ("an SA that is there", "sa-new", raw.attrs("sa", **inbound(0x2001))),
            ("no cipher", "sa-new", raw.attrs("sa", **inbound(0x4001))[:-2] +
             raw.attrs("sa", cipher_key=SA_IN)),
            ("key of an SA that stays", "sa-set", raw.attrs("sa", **key_in(0x2001),
                                                            cipher_key=SA_IN)),
            ("an entry that is there", "map-new",
             raw.attrs("map", name="m", number=10, kind="manual", **session)),
            ("no kind", "map-new", raw.attrs("map", name="m", number=11, **session)),
            ("in a batch", "batch", nest)):

        answer = raw.request(operation, attributes)
        if not answer.error:
            faults.append(f"{what}: it is not refused")
        if len(raw.seen) < 60:
            faults.append(f"{what}: the request is not given back")
        faults += [f"{what}: {secret} is" for secret in SECRETS if secret in raw.seen]
    return faults


def main():
    with Topology() as topology:
        alone = topology.add("nl-esp")
        for name, own in (("e0", "10.0.0.1"), ("e1", "10.0.1.1")):
            alone.sh(f"ip link add {name} type veth peer name {name}p; ip link set {name} up; "
                     f"ip link set {name}p up; ip addr add {own}/24 dev {name}")
        client, other, watcher = Watched(alone), Watched(alone), Watched(alone)
        watcher.subscribe("events")
        report = Report(len(ESP_OBJECTS) + len(netlink_esp_events.TESTS) + 10)
        report.run("the values tried are all that the specification has",
                   netlink_esp_values.complete, client)
        for kind in ESP_OBJECTS:
            report.run(f"{kind}: every kind of value", netlink_esp_values.read_back, client, kind)
        report.run("all that can be changed of an SA", netlink_esp_values.change_sa, client)
        report.run("what an empty value takes away", netlink_esp_values.removed, client)
        report.run("keys of every length and size", netlink_esp_values.read_keys, client)
        report.run("a dump has everything in order, and only what its filter lets through",
                   dump_all, client)
        report.run("a dump while something changes", dump_while_changing, alone, other)
        watcher.notifications()
        report.run("every change is told, with what a get says", notifications, alone, client,
                   watcher)
        report.run("keys come only where they were asked for", secrets, alone, client)
        report.run("keys are wiped in the request", wiped, alone, client)
        client.delete_all()
        ends = netlink_esp_events.Ends(topology)
        for test in netlink_esp_events.TESTS:
            report.run(test.__doc__.split(":")[0].split(",")[0].rstrip("."), test, ends)
        report.run("every operation was exercised, every attribute came, and no other",
                   SEEN.missing, NEVER, lambda name: not (of_hsrp(name) or of_rri(name)),
                   ("selector", "session-key", "esp-drop"))
    report.end()


if __name__ == "__main__":
    main()
