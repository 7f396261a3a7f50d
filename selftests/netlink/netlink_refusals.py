# SPDX-License-Identifier: GPL-2.0
"""The requests that must be refused, alone and in a batch, and a namespace in
which they are."""

import errno
import socket

import netlink_esp_refusals
from netlink_esp import CONFIGURATION
from netlink_family import KEY_GET, OBJECTS, VOLATILE, Client, difference, wait
from netlink_raw import NLA_F_NESTED, Attr, Bytes, Case, Missing, Raw

VIP, OTHER_VIP = "10.0.0.100", "10.0.1.100"
OWN, OTHER_OWN = "10.0.0.1", "10.0.1.1"
NAME_MAX, IFNAME_MAX = 25, 15
SLOW = {"hello_ms": 1000, "hold_ms": 3000}
# Nests with a timer in them.
ROUTERS = ("active-router", "standby-router")

# name, command that makes it
FOREIGN = (
    ("lo", ""),
    ("dummy1", "ip link add dummy1 type dummy"),
    ("gre1", "ip link add gre1 type gre local 10.0.0.1 remote 10.0.0.9"),
    ("tun1", "modprobe -q tun || true; ip tuntap add dev tun1 mode tun"),
)


class Place:
    """A namespace with two interfaces, three groups on one and one on the other,
    crypto maps on both, in states in which they stay, and somebody who watches."""

    def __init__(self, namespace):
        for name, own in (("e0", OWN), ("e1", OTHER_OWN)):
            namespace.sh(f"ip link add {name} type veth peer name {name}p; "
                         f"ip link set {name} up; ip link set {name}p up; "
                         f"ip addr add {own}/24 dev {name}")
        for _, command in FOREIGN:
            namespace.sh(command)
        self.namespace = namespace
        self.client = Client(namespace)
        self.raw = Raw(self.client, namespace)
        self.watcher = Client(namespace)
        self.watcher.subscribe("events")
        self.before = self.bytes = self.devices = None
        self.configure()

    def configure(self):
        """Makes everything anew."""
        client = self.client
        client.delete_all()
        client.do("interface-new", ifname="e0", version=2)
        client.do("group-new", ifname="e0", number=1, enabled=1, vip=VIP, priority=110, preempt=1,
                  name="one", **SLOW)
        # not enabled, it may have another's address
        client.do("group-new", ifname="e0", number=2, vip=VIP, name="two")
        client.do("group-new", ifname="e0", number=300, enabled=1)
        client.do("track-new", ifname="e0", number=1, target="up0", decrement=20)
        client.do("track-new", ifname="e0", number=300, target="e1")
        client.do("object-new", id=1, kind="stub")
        client.do("group-new", ifname="e1", number=1, enabled=1, vip=OTHER_VIP,
                  mac_address="02:00:00:00:00:01", **SLOW)
        # one without a device
        client.do("interface-new", ifname="x0", use_bia=1)
        client.wait_group("e0", 1, state="active")
        client.wait_group("e1", 1, state="active")
        client.wait_group("e0", 300, state="learn")
        # their addresses are put there behind the back of their change of state
        wait(lambda: {VIP, OTHER_VIP} <= self._addresses(), "the virtual addresses are there")
        client.batch(*CONFIGURATION)
        self.watcher.notifications()
        self.before = client.snapshot()
        self.bytes = self._bytes()
        self.devices = self._devices()

    def _addresses(self):
        return {info["local"] for link in self.namespace.json("-4 addr")
                for info in link["addr_info"]}

    def _devices(self):
        return self.namespace.inside(socket.if_nameindex)

    def _bytes(self):
        return [self.raw.dump(KEY_GET.get(kind, f"{kind}-get"), {*VOLATILE, *ROUTERS})
                for kind in OBJECTS]

    def touched(self):
        """What is not as it was, or was told."""
        faults = []
        if self._bytes() != self.bytes:
            faults = difference(self.before, self.client.snapshot()) or ["a dump is not the same"]
        devices = self._devices()
        if devices != self.devices:
            faults.append(f"devices were {self.devices}, are {devices}")
        faults += [f"{name} was told: {message}"
                   for name, message in self.watcher.notifications()]
        if faults:
            # or all that follows would fail as well
            self.configure()
        return faults


def by_operation(chosen):
    """Cases sorted by what is requested."""
    found = {}
    for case in chosen:
        found.setdefault(("dump of " if case.dump else "") + case.operation, []).append(case)
    return found


def each(chosen, function):
    """What function finds of each case, with its name."""
    return [f"{case.name}: {fault}" for case in chosen for fault in function(case)]


def cases(raw):
    """Every Case."""
    return [*_interfaces(raw), *_groups(raw), *_group_values(raw), *_tracks(raw), *_forms(raw),
            *_dumps(raw), *netlink_esp_refusals.cases(raw)]


def _interfaces(raw):
    def case(name, operation, error, fault, says="", batch=True, **values):
        attributes = raw.attrs("interface", **values)
        if isinstance(fault, int):
            fault = attributes[fault]
        return Case(f"{operation}: {name}", operation, attributes, error, fault, says, batch=batch)

    for verb in ("get", "new", "set", "del"):
        yield case("no interface name", f"interface-{verb}", errno.EINVAL, Missing("ifname"),
                   "interface name is missing")
    for verb in ("get", "set", "del"):
        for what, name in (("unknown interface", "e9"), ("no HSRP on the interface", "e1p"),
                           ("empty interface name", "")):
            yield case(what, f"interface-{verb}", errno.ENOENT, 0,
                       "HSRP is not configured on the interface", ifname=name)
    yield case("there already", "interface-new", errno.EEXIST, 0, "already", ifname="e0")
    for name in ("", ".", "..", "a/b", "a b", "a:b"):
        yield case(f"invalid interface name '{name}'", "interface-new", errno.EINVAL, 0,
                   "not a valid interface name", ifname=name)
    for name, _ in FOREIGN:
        yield case(f"{name} is not Ethernet-like", "interface-new", errno.EOPNOTSUPP, 0,
                   "Ethernet-like", ifname=name)
    for verb in ("new", "set"):
        ifname = "e9" if verb == "new" else "e0"
        for version in (0, 3):
            yield case(f"version {version}", f"interface-{verb}", errno.ERANGE, 1, ifname=ifname,
                       version=version)
    for verb in ("new", "set"):
        yield case("use-bia 2", f"interface-{verb}", errno.ERANGE, 1,
                   ifname="e9" if verb == "new" else "e0", use_bia=2)
        for name, value in (("garp_count", 61), ("garp_interval", 1), ("garp_interval", 1801),
                            ("mac_refresh", 256), ("redirect", 2)):
            yield case(f"{name} {value}", f"interface-{verb}", errno.ERANGE, 1,
                       ifname="e9" if verb == "new" else "e0", **{name: value})
    yield case("use-bia, where a group has a MAC address", "interface-set", errno.EINVAL, 1,
               "own MAC address", ifname="e1", use_bia=1)
    yield case("version 1, with group numbers above 255", "interface-set", errno.ERANGE, 1,
               "group numbers end at 255", ifname="e0", version=1)
    yield case("version, which it does not take", "interface-get", errno.EINVAL, 1, ifname="e0",
               version=2)
    # in a batch all operations on an interface have one attribute space
    yield case("version, which it does not take", "interface-del", errno.EINVAL, 1, batch=False,
               ifname="e0", version=2)


def _groups(raw):
    def case(name, operation, error, fault, says="", batch=True, **values):
        attributes = raw.attrs("group", **values)
        if isinstance(fault, int):
            fault = attributes[fault]
        return Case(f"{operation}: {name}", operation, attributes, error, fault, says, batch=batch)

    for verb in ("get", "new", "set", "del"):
        yield case("no interface name", f"group-{verb}", errno.EINVAL, Missing("ifname"),
                   "interface name is missing", number=1)
        yield case("no number", f"group-{verb}", errno.EINVAL, Missing("number"),
                   "group number is missing", ifname="e0")
        yield case("number 4096", f"group-{verb}", errno.ERANGE, 1, ifname="e0", number=4096)
    for verb in ("get", "set", "del"):
        yield case("unknown interface", f"group-{verb}", errno.ENOENT, 0,
                   "HSRP is not configured on the interface", ifname="e9", number=1)
        yield case("unknown group", f"group-{verb}", errno.ENOENT, 1, "no such group",
                   ifname="e0", number=9)
    yield case("there already", "group-new", errno.EEXIST, 1, "already", ifname="e0", number=1)
    yield case("number 256 in version 1", "group-new", errno.ERANGE, 1,
               "group numbers end at 255", ifname="e1", number=256)
    yield case("number 256 on a new interface", "group-new", errno.ERANGE, 1,
               "group numbers end at 255", ifname="e9", number=256)
    for name in ("", "a/b"):
        yield case(f"invalid interface name '{name}'", "group-new", errno.EINVAL, 0,
                   "not a valid interface name", ifname=name, number=1)
    for name, _ in FOREIGN:
        yield case(f"{name} is not Ethernet-like", "group-new", errno.EOPNOTSUPP, 0,
                   "Ethernet-like", ifname=name, number=1)
    yield case("priority, which it does not take", "group-get", errno.EINVAL, 2, ifname="e0",
               number=1, priority=1)
    yield case("virtual IP, which it does not take", "group-del", errno.EINVAL, 2, batch=False,
               ifname="e0", number=1, vip="10.0.0.8")
    for name in ("state", "mac", "version"):
        value = bytes(6) if name == "mac" else 1
        yield case(f"{name}, which is read only", "group-set", errno.EINVAL, 2, ifname="e0",
                   number=1, **{name: value})


def _group_values(raw):
    """What cannot be configured, on a new group and on one that is there."""
    def both(what, error, fault, says="", /, **values):
        for verb, number in (("new", 3), ("set", 300)):
            attributes = raw.attrs("group", ifname="e0", number=number, enabled=1, **values)
            yield Case(f"group-{verb}: {what}", f"group-{verb}", attributes, error,
                       attributes[3 + fault], says)

    for vip in ("0.0.0.1", "127.0.0.1", "224.0.0.5", "239.255.255.255", "255.255.255.255"):
        yield from both(f"virtual IP {vip}", errno.EADDRNOTAVAIL, 0, "unicast", vip=vip)
    for what, vip in (("of the interface", OWN), ("of another interface", OTHER_OWN)):
        yield from both(f"virtual IP is an address {what}", errno.EADDRINUSE, 0,
                        "address of this machine", vip=vip)
    for what, vip in (("", VIP), (" on another interface", OTHER_VIP)):
        yield from both(f"virtual IP of another group{what}", errno.EADDRINUSE, 0,
                        "another group", vip=vip)
    for what, error, says, more in (
            ("127.0.0.1", errno.EADDRNOTAVAIL, "unicast", "127.0.0.1"),
            ("of the interface", errno.EADDRINUSE, "address of this machine", OWN),
            ("of another group", errno.EADDRINUSE, "another group", VIP),
            ("that is the primary one", errno.EADDRINUSE, "twice", "10.0.0.8")):
        yield from both(f"secondary virtual IP {what}", error, 2, says, vip="10.0.0.8",
                        secondary=["10.0.0.7", more])
    yield from both("secondary virtual IP without a primary one", errno.EINVAL, 0, "needs a primary",
                    secondary="10.0.0.7")
    yield from both("secondary virtual IP given twice", errno.EADDRINUSE, 1, "twice",
                    vip="10.0.0.8", secondary=["10.0.0.7", "10.0.0.7"])
    yield from both("17 secondary virtual IPs", errno.E2BIG, 17, "too many", vip="10.0.0.8",
                    secondary=[f"10.0.0.{n}" for n in range(101, 118)])
    for what, error, at, says, values in (
            ("an address of IPv4 in a group of IPv6", errno.EINVAL, 1, "no IPv4 address",
             {"ipv6": 1, "vip": "10.0.0.8"}),
            ("an address of IPv6 in a group of IPv4", errno.EINVAL, 0, "no IPv6 address",
             {"vip6": "fe80::8"}),
            ("a global address in a group of IPv4", errno.EINVAL, 0, "no IPv6 address",
             {"global6": {"address": "2001:db8::8"}}),
            ("autoconfig in a group of IPv4", errno.EINVAL, 0, "no IPv6 address",
             {"autoconfig": 1}),
            ("a link-local address that is made and given", errno.EINVAL, 2, "not both",
             {"ipv6": 1, "autoconfig": 1, "vip6": "fe80::8"}),
            ("a link-local address that is none", errno.EADDRNOTAVAIL, 1, "link-local",
             {"ipv6": 1, "vip6": "2001:db8::8"}),
            ("a multicast address for a global one", errno.EADDRNOTAVAIL, 1, "unicast",
             {"ipv6": 1, "global6": {"address": "ff02::8"}}),
            ("a global address of which there is none", errno.EINVAL, 1, "missing",
             {"ipv6": 1, "global6": {"prefix_len": 64}}),
            ("a global address twice", errno.EADDRINUSE, 1, "twice",
             {"ipv6": 1, "global6": [{"address": "2001:db8::8"}] * 2}),
            ("17 global addresses", errno.E2BIG, 17, "too many",
             {"ipv6": 1, "global6": [{"address": f"2001:db8::{n}"} for n in range(1, 18)]})):
        yield from both(what, error, at, says, **values)
    yield from both("ipv6 2", errno.ERANGE, 0, ipv6=2)
    yield from both("an address of 15 bytes", errno.ERANGE, 0, vip6=bytes(15))
    old = raw.attrs("group", ifname="e1", number=2, ipv6=1)
    yield Case("group-new: IPv6 on an interface of version 1", "group-new", old, errno.EINVAL,
               old[2], "version 2")
    enable = raw.attrs("group", ifname="e0", number=2, enabled=1)
    yield Case("group-set: enabled, its virtual IP is another group's", "group-set", enable,
               errno.EADDRINUSE, enable[1], "another group")

    yield from both("name of another group", errno.EEXIST, 0, "another group", name="one")
    yield from both(f"name of {NAME_MAX + 1} characters", errno.EINVAL, 0,
                    name="n" * (NAME_MAX + 1))
    for what, mac, error in (("multicast", b"\1\0\x5e\0\0\2", errno.EADDRNOTAVAIL),
                             ("broadcast", b"\xff" * 6, errno.EADDRNOTAVAIL),
                             ("of 5 bytes", b"\2" * 5, errno.ERANGE),
                             ("of 7 bytes", b"\2" * 7, errno.ERANGE)):
        yield from both(f"MAC address {what}", error, 0,
                        "unicast" if error == errno.EADDRNOTAVAIL else "", mac_address=mac)
    bia = raw.attrs("group", ifname="x0", number=1, mac_address=b"\2" * 6)
    yield Case("group-new: MAC address on an interface whose own is used", "group-new", bia,
               errno.EINVAL, bia[2], "own MAC address")
    for what, error, says, follow in (
            ("one that learns its virtual IP", errno.EINVAL, "learns no virtual IP", "one"),
            ("two words", errno.EINVAL, "printable", "two words"),
            (f"{NAME_MAX + 1} characters", errno.EINVAL, "", "n" * (NAME_MAX + 1))):
        yield from both(f"follow: {what}", error, 0, says, follow=follow)
    yield from both("follow: itself", errno.ELOOP, 1, "itself", name="three", follow="three")
    yield from both("bundle with none", errno.EINVAL, 0, "only a group that follows", bundle=1)
    yield from both("bundle 2", errno.ERANGE, 1, follow="one", bundle=2)
    yield from both("priority 256", errno.ERANGE, 0, priority=256)
    yield from both("preempt 2", errno.ERANGE, 0, preempt=2)

    yield from both("hello time alone", errno.EINVAL, 0, "go together", hello_ms=1000)
    yield from both("hold time alone", errno.EINVAL, 0, "go together", hold_ms=1000)
    for hello, hold, error, fault, says in (
            (14, 1000, errno.ERANGE, 0, "15 ms"), (254001, 255000, errno.ERANGE, 0, "254 s"),
            (0, 1000, errno.ERANGE, 0, "15 ms"), (1000, 0, errno.ERANGE, 1, "50 ms"),
            (15, 49, errno.ERANGE, 1, "50 ms"), (1000, 255001, errno.ERANGE, 1, "255 s"),
            (0xffffffff, 0xffffffff, errno.ERANGE, 0, "254 s"),
            (1000, 1000, errno.EINVAL, 1, "greater than hello"),
            (1000, 999, errno.EINVAL, 1, "greater than hello")):
        yield from both(f"hello time {hello} ms and hold time {hold} ms", error, fault, says,
                        hello_ms=hello, hold_ms=hold)

    twice = raw.attrs("group", ifname="e0", number=2, enabled=2)
    yield Case("group-set: enabled 2", "group-set", twice, errno.ERANGE, twice[2])


def _tracks(raw):
    key = {"ifname": "e0", "number": 1, "target": "up0"}

    def case(name, verb, error, fault, says="", batch=True, **values):
        attributes = raw.attrs("track", **values)
        if isinstance(fault, str):
            names = [one.replace("_", "-") for one in values]
            fault = attributes[names.index(fault)]
        return Case(f"track-{verb}: {name}", f"track-{verb}", attributes, error, fault, says,
                    batch=batch)

    missing = {"ifname": "interface name is missing", "number": "group number is missing",
               "target": "tracked interface is missing"}
    for verb in ("get", "new", "set", "del"):
        for name, says in missing.items():
            yield case(f"no {name}", verb, errno.EINVAL, Missing(name), says,
                       **{one: value for one, value in key.items() if one != name})
        yield case("unknown interface", verb, errno.ENOENT, "ifname",
                   "HSRP is not configured on the interface", **key | {"ifname": "e9"})
        yield case("unknown group", verb, errno.ENOENT, "number", "no such group",
                   **key | {"number": 9})
    for verb in ("get", "set", "del"):
        yield case("unknown target", verb, errno.ENOENT, "target", "does not track",
                   **key | {"target": "up9"})
    yield case("there already", "new", errno.EEXIST, "target", "already", **key)
    for name in ("", "..", "a/b", "a b"):
        yield case(f"invalid target '{name}'", "new", errno.EINVAL, "target",
                   "not a valid interface name", **key | {"target": name})
    for verb, target in (("new", "up1"), ("set", "up0")):
        for decrement in (0, 256):
            yield case(f"decrement {decrement}", verb, errno.ERANGE, "decrement",
                       **key | {"target": target}, decrement=decrement)
    for verb in ("get", "del"):
        yield case("decrement, which it does not take", verb, errno.EINVAL, "decrement",
                   batch=False, **key, decrement=1)


# a request of each kind that would be done, and the attributes that it can be spoilt at
_GOOD = {
    "interface-new": {"ifname": "e9", "version": 2},
    "interface-set": {"ifname": "e0", "version": 2},
    "interface-del": {"ifname": "e0"},
    "group-new": {"ifname": "e9", "number": 1, "enabled": 1, "vip": "10.0.9.9", "priority": 1,
                  "preempt": 1, "hello_ms": 1000, "hold_ms": 3000, "name": "nine",
                  "secondary": "10.0.9.8"},
    "group-set": {"ifname": "e0", "number": 1, "enabled": 0, "vip": "10.0.0.9", "priority": 1,
                  "preempt": 0, "hello_ms": 2000, "hold_ms": 6000, "name": "nine"},
    "group-del": {"ifname": "e0", "number": 1},
    "track-new": {"ifname": "e0", "number": 1, "target": "up9", "decrement": 1},
    "track-set": {"ifname": "e0", "number": 1, "target": "up0", "decrement": 1},
    "track-del": {"ifname": "e0", "number": 1, "target": "up0"},
    "object-new": {"id": 9, "kind": 7, "delay_up": 1, "delay_down": 1, "default_up": 1, "up": 1},
    "object-set": {"id": 1, "delay_up": 1, "up": 1},
    "object-del": {"id": 1},
}


def _spoilt(raw, space, spec):
    """(what, attribute, errno) of attributes in the wrong form."""
    name = spec.name
    if spec["type"] == "string":
        most = NAME_MAX if name == "name" else IFNAME_MAX
        yield f"{name} without its end", Attr(spec.value, b"x" * 5), errno.EINVAL
        yield f"{name} of no length", Attr(spec.value), errno.EINVAL
        if name != "name":
            yield (f"{name} of {most + 1} characters",
                   raw.attr(space, name, "x" * (most + 1)), errno.EINVAL)
        yield f"{name} of a page", raw.attr(space, name, "x" * 4096), errno.EINVAL
    else:
        size = {"u8": 1, "u32": 4}[spec["type"]]
        for wrong in (0, size - 1, size + 1, 8):
            if wrong != size and wrong >= 0:
                yield f"{name} of {wrong} bytes", Attr(spec.value, b"\1" * wrong), errno.EINVAL
    yield f"{name} as a nest", Attr(spec.value | NLA_F_NESTED, b"\0" * 4), errno.EINVAL


def _forms(raw):
    """Each attribute of each operation in wrong forms, and what is no attribute."""
    for operation, values in _GOOD.items():
        space = raw.space(operation)
        specs = raw.ynl.attr_sets[space]
        seen = set()
        for at, name in enumerate(values):
            for what, wrong, error in _spoilt(raw, space, specs[name.replace("_", "-")]):
                if what in seen:
                    continue
                seen.add(what)
                attributes = raw.attrs(space, **values)
                attributes[at] = wrong
                yield Case(f"{operation}: {what}", operation, attributes, error, wrong)
        for what, wrong in (("an unknown attribute", Attr(200, b"\0" * 4)),
                            ("attribute 0", Attr(0, b"\0" * 4)),
                            ("padding", Attr(specs["pad"].value, b"\0" * 4))):
            yield Case(f"{operation}: {what}", operation,
                       [*raw.attrs(space, **values), wrong], errno.EINVAL, wrong)
        for what, wrong in (("trailing bytes", Bytes(b"\1\2\3\0")),
                            ("an attribute that is shorter than its head", Attr(3, b"", 2)),
                            ("an attribute that is longer than the message", Attr(3, b"", 200))):
            yield Case(f"{operation}: {what}", operation,
                       [*raw.attrs(space, **values), wrong], errno.EINVAL, None, "leftover")


def _dumps(raw):
    """Filters that are none."""
    for operation, name, value, error in (
            ("interface-get", "version", 1, errno.EINVAL),
            ("group-get", "number", 4096, errno.ERANGE),
            ("group-get", "vip", VIP, errno.EINVAL),
            ("track-get", "ifname", "x" * (IFNAME_MAX + 1), errno.EINVAL),
            ("track-get", "decrement", 1, errno.EINVAL)):
        space = raw.space(operation)
        attributes = raw.attrs(space, **{name: value})
        yield Case(f"dump of {operation}: {name}", operation, attributes, error, attributes[0],
                   dump=True)
