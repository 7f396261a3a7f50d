# SPDX-License-Identifier: GPL-2.0
"""The family vpnha through the kernel tree's own YNL client, as the netlink
tests use it: on top of what the HSRP tests have."""

import ipaddress
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import (RawNetlink, Report, Topology, lose_nothing, open_client, sh,  # noqa: E402,F401
                     unreclaimable, wait)
from lib import Netlink, NlError  # noqa: E402

# The specification is the same on all kernels. To hold it against its schema takes
# seconds without KVM, and is done on one.
SCHEMA = os.path.join(os.environ["KSRC"], "Documentation/netlink/genetlink-legacy.yaml") \
    if os.environ.get("KERNEL") == "6.12" else ""

# The key of each kind of object.
KEY = {
    "interface": ("ifname",),
    "group": ("ifname", "number"),
    "track": ("ifname", "number", "target"),
    "object": ("id",),
    "transform-set": ("name",),
    "acl": ("name", "number"),
    "map": ("name", "number"),
    "dynamic-map": ("name", "number"),
    "binding": ("ifname",),
    "sa": ("direction", "spi", "dst"),
}
OBJECTS = tuple(KEY)
HSRP_OBJECTS, ESP_OBJECTS = OBJECTS[:4], OBJECTS[4:]
# Where a get leaves out what a secret-minded one tells.
KEY_GET = {"group": "group-key-get", "map": "map-key-get", "sa": "sa-key-get"}

# Whose attributes a kind of object has, if not its own.
SPACE = {"dynamic-map": "map"}

# What changes although nobody changes anything.
VOLATILE = frozenset((
    "state-age-ms", "hello-next-ms", "expires-ms", "change-age-ms", "counters", "advertise-rx",
    "advertise-tx", "drop", "age-ms", "last-used-ms", "key-old-left-ms", "delay-left-ms", "value",
    "garp-next-ms"))


def kind_of(operation):
    """The kind of object that an operation is about; None of what is no object of
    the configuration."""
    return next((kind for kind in OBJECTS if operation.startswith(f"{kind}-")), None)


def key_of(kind, message):
    return tuple(message[name] for name in KEY[kind])


class _Socket:
    """YNL's socket; notes what YNL does not look at: that objects changed
    while they were being dumped."""

    DUMP_INTR = 0x10

    def __init__(self, sock):
        self.sock = sock
        self.interrupted = False

    def recv(self, *arguments):
        data = self.sock.recv(*arguments)
        offset = 0
        while offset < len(data):
            length, _, flags = struct.unpack_from("IHH", data, offset)
            # in an acknowledgment the bit means something else
            self.interrupted |= bool(flags & self.DUMP_INTR)
            offset += (length + 3) & ~3
        return data

    def __getattr__(self, name):
        return getattr(self.sock, name)


class Client:
    """The family in a namespace. Attributes are named as in the specification,
    with _ for -; addresses are text."""

    def __init__(self, namespace, schema=""):
        self.ynl = open_client(namespace, schema)
        try:
            lose_nothing(self.ynl.sock, 64 << 20)
        except PermissionError:
            # root of a user namespace has to do with what everybody may have
            pass
        self.ynl.sock = _Socket(self.ynl.sock)

    def encode(self, space, attributes):
        """Attributes as YNL wants them; None is left out."""
        encoded = {}
        for name, value in attributes.items():
            name = name.replace("_", "-")
            spec = self.ynl.attr_sets[SPACE.get(space, space)][name]
            if isinstance(value, list):
                value = [self._encode_one(spec, one) for one in value]
            elif value is not None:
                value = self._encode_one(spec, value)
            if value is not None:
                encoded[name] = value
        return encoded

    def _encode_one(self, spec, value):
        if isinstance(value, dict):
            return self.encode(spec["nested-attributes"], value)
        if spec.display_hint == "ipv4":
            return int(ipaddress.ip_address(value))
        if spec.display_hint == "mac":
            return bytes.fromhex(value.replace(":", ""))
        if spec["type"] == "binary" and isinstance(value, str):
            return ipaddress.ip_address(value).packed
        return value

    def space(self, operation):
        return self.ynl.msgs[operation].attr_set.name

    def saw(self, operation, mode, message):
        """To be overridden by who wants to see every answer."""

    def do(self, operation, **attributes):
        reply = self.ynl.do(operation, self.encode(self.space(operation), attributes))
        self.saw(operation, "do", reply)
        return reply

    def dump(self, operation, **attributes):
        self.ynl.sock.interrupted = False
        replies = self.ynl.dump(operation, self.encode(self.space(operation), attributes)) or []
        for reply in replies:
            self.saw(operation, "dump", reply)
        return replies

    def dump_undisturbed(self, operation, **attributes):
        """A dump during which nothing changed."""
        while True:
            replies = self.dump(operation, **attributes)
            if not self.ynl.sock.interrupted:
                return replies

    def batch(self, *operations):
        """A batch of (operation, attributes), in this order. YNL's own requests
        are dictionaries, in which the same operation cannot come twice, with
        another one between."""
        space = "batch"
        ordered = _Ordered((name, self.encode(self.ynl.attr_sets[space][name]["nested-attributes"],
                                              attributes))
                           for name, attributes in operations)
        return self.ynl.do("batch", ordered)

    def error(self, function, *arguments, **attributes):
        """(errno, message) of a request that must be refused, or None."""
        try:
            function(*arguments, **attributes)
        except NlError as error:
            return error.error, (error.nl_msg.extack or {}).get("msg")
        return None

    # -- what there is ------------------------------------------------------

    def snapshot(self):
        """Every object with all that does not change by itself."""
        return {kind: [strip(message)
                       for message in self.dump(KEY_GET.get(kind, f"{kind}-get"))]
                for kind in OBJECTS}

    def delete_all(self):
        """Removes everything; SAs go with the binding that they belong to."""
        self.batch(*[(f"{kind}-del", {name: message[name] for name in KEY[kind]})
                     for kind in ("binding", "map", "dynamic-map", "acl", "transform-set",
                                  "interface", "object")
                     for message in self.dump(f"{kind}-get")])

    # -- notifications ------------------------------------------------------

    def subscribe(self, group, *more):
        """To multicast groups; before anything is requested, since YNL binds."""
        self.ynl.ntf_subscribe(group)
        for name in more:
            self.ynl.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP,
                                     self.ynl.nlproto.get_mcast_id(name, self.ynl.mcast_groups))

    def notifications(self):
        """[(name, message)] of what has come since the last time."""
        self.ynl.check_ntf()
        queue = [(ntf["name"], ntf["msg"]) for ntf in self.ynl.async_msg_queue]
        self.ynl.async_msg_queue.clear()
        for name, message in queue:
            self.saw(name, "ntf", message)
        return queue

    def wait_group(self, ifname, number, **wanted):
        """Waits until attributes of a group have these values."""
        wanted = {name.replace("_", "-"): value for name, value in wanted.items()}

        def there():
            group = self.do("group-get", ifname=ifname, number=number)
            return all(group.get(name) == value for name, value in wanted.items()) and group
        return wait(there, f"{ifname} group {number}: {wanted}")


class _Ordered(list):
    """Pairs that look like a dictionary's to YNL."""

    def items(self):
        return list(self)


def strip(message):
    """A message without what changes by itself."""
    if isinstance(message, dict):
        return {name: strip(value) for name, value in message.items() if name not in VOLATILE}
    return message


def difference(before, after):
    """In words, what differs between two snapshots."""
    faults = []
    for kind, old in before.items():
        old, new = _keyed(kind, old), _keyed(kind, after[kind])
        faults += [f"{kind} {key} is new" for key in new.keys() - old.keys()]
        faults += [f"{kind} {key} is gone" for key in old.keys() - new.keys()]
        faults += [f"{kind} {key}: {name} was {old[key].get(name)}, is {new[key].get(name)}"
                   for key in old.keys() & new.keys()
                   for name in sorted(old[key].keys() | new[key].keys())
                   if old[key].get(name) != new[key].get(name)]
    return faults


def _keyed(kind, messages):
    return {" ".join(str(part) for part in key_of(kind, message)): message
            for message in messages}
