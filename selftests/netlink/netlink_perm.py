#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Who may: everybody may look, CAP_NET_ADMIN in the namespace is needed to change
anything. Root of a user namespace has it in the network namespace that it made,
and nowhere else."""

import ctypes
import errno
import json
import os
import struct
import sys
import traceback

from netlink_esp import LINE, PEER3, ROUTE, inbound, key_in
from netlink_family import OBJECTS, Client, Report, Topology, wait
from netlink_raw import Raw
from netlink_refusals import Place

NOBODY = 65534
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

# Every operation that changes something, in a form that root would be allowed.
CHANGES = (
    ("interface-new", {"ifname": "e7"}),
    ("interface-set", {"ifname": "e0", "version": 2}),
    ("interface-del", {"ifname": "e0"}),
    ("group-new", {"ifname": "e0", "number": 7}),
    ("group-set", {"ifname": "e0", "number": 1, "priority": 7}),
    ("group-del", {"ifname": "e0", "number": 1}),
    ("track-new", {"ifname": "e0", "number": 1, "target": "up7"}),
    ("track-set", {"ifname": "e0", "number": 1, "target": "up0", "decrement": 7}),
    ("track-del", {"ifname": "e0", "number": 1, "target": "up0"}),
    ("object-new", {"id": 7, "kind": "stub"}),
    ("object-set", {"id": 1, "up": 1}),
    ("object-del", {"id": 1}),
    ("transform-set-new", {"name": "x", "cipher": "aes-gcm"}),
    ("transform-set-set", {"name": "spare", "key_bits": 256}),
    ("transform-set-del", {"name": "spare"}),
    ("acl-new", {"name": "x", "number": 7, **LINE}),
    ("acl-set", {"name": "101", "number": 10, "protocol": 7}),
    ("acl-del", {"name": "spare", "number": 10}),
    ("map-new", {"name": "m", "number": 7, "kind": "isakmp"}),
    ("map-set", {"name": "m", "number": 20, "peer": PEER3}),
    ("map-del", {"name": "spare", "number": 10}),
    ("dynamic-map-new", {"name": "d", "number": 7}),
    ("dynamic-map-set", {"name": "d", "number": 10, "pfs": 14}),
    ("dynamic-map-del", {"name": "spare", "number": 10}),
    ("binding-new", {"ifname": "e7", "map": "m"}),
    ("binding-set", {"ifname": "e1", "df": "clear"}),
    ("sa-new", inbound(0x7777)),
    ("sa-set", {**key_in(0x2001), "hard_packets": 7}),
    ("sa-del", key_in(0x2001)),
    ("binding-del", {"ifname": "e1"}),
)
# What changes something, and is not for a batch.
ALONE = (
    ("esp-clear", {"counters": 1}),
    ("esp-clear", {}),
)
# What shows keys.
SECRETS = (
    ("group-key-get", {"ifname": "e0", "number": 1}),
    ("map-key-get", {"name": "m", "number": 10}),
    ("sa-key-get", key_in(0x1001)),
)
LOOKS = (
    ("interface-get", {"ifname": "e0"}),
    ("group-get", {"ifname": "e0", "number": 1}),
    ("track-get", {"ifname": "e0", "number": 1, "target": "up0"}),
    ("object-get", {"id": 1}),
    ("transform-set-get", {"name": "t"}),
    ("acl-get", {"name": "101", "number": 10}),
    ("map-get", {"name": "m", "number": 10}),
    ("dynamic-map-get", {"name": "d", "number": 10}),
    ("binding-get", {"ifname": "e0"}),
    ("sa-get", key_in(0x1001)),
    ("route-get", ROUTE),
)


def call(function, *arguments):
    if function(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def in_child(function, *arguments):
    """What a function returns in a process of its own: faults."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(read)
            try:
                faults = function(*arguments)
            except Exception:
                faults = [traceback.format_exc()]
            os.write(write, json.dumps(faults or []).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return json.loads(data) if data else ["the process died"]


def become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # it is to read its own /proc, for maps of users
    pr_set_dumpable = 4
    call(_libc.prctl, pr_set_dumpable, 1, 0, 0, 0)


def request(raw, operation, values):
    space = raw.space(operation)
    return raw.request(operation, raw.attrs(space, **values))


def changes(raw):
    """(what, answer) of every change, alone and as a batch, and of every look at keys."""
    for operation, values in CHANGES:
        yield operation, request(raw, operation, values)
    for operation, values in CHANGES:
        space = raw.space(operation)
        yield (f"batch of {operation}",
               raw.request("batch", [raw.nest(operation, raw.attrs(space, **values))]))
    yield "an empty batch", raw.request("batch", [])
    for operation, values in SECRETS:
        yield operation, request(raw, operation, values)
        yield f"dump of {operation}", raw.request(operation, [], dump=True)
    for operation, values in ALONE:
        yield f"{operation} {values}", request(raw, operation, values)


def all_refused(raw):
    return [f"{what}: error {answer.error}, not EPERM"
            for what, answer in changes(raw) if answer.error != errno.EPERM]


def all_seen(raw):
    faults = []
    for operation, values in LOOKS:
        for what, answer in ((operation, request(raw, operation, values)),
                             (f"dump of {operation}", raw.request(operation, [], dump=True))):
            if answer.error:
                faults.append(f"{what}: error {answer.error}")
    answer = raw.request("esp-stats-get", [])
    return faults + ([f"esp-stats-get: error {answer.error}"] if answer.error else [])


def complete(raw):
    """Operations of the specification that are in none of the tables."""
    known = {operation for operation, _ in (*CHANGES, *LOOKS, *ALONE, *SECRETS)}
    known |= {"batch", "esp-stats-get"}
    return [f"{operation} is not tried" for operation in raw.ynl.ops.keys() - known]


def nobody(check, client, sock=None):
    """A check as a user without any capability; the socket is its own or one
    that root has opened."""
    become_nobody()
    return check(Raw(client, sock=sock))


def without_one(check, client):
    """A check as root without CAP_NET_ADMIN."""
    cap_net_admin, version3 = 12, 0x20080522
    header = struct.pack("Ii", version3, 0)
    data = ctypes.create_string_buffer(24)
    call(_libc.capget, header, data)
    words = list(struct.unpack("6I", data.raw))
    for index in range(3):
        words[index] &= ~(1 << cap_net_admin)
    call(_libc.capset, header, struct.pack("6I", *words))
    return check(Raw(client))


class Here:
    """The namespace that the process is in already."""

    @staticmethod
    def inside(function, *arguments, **options):
        return function(*arguments, **options)


def sh(command):
    status = os.system(f"({command}) >/tmp/netlink_perm.{os.getpid()} 2>&1")
    with open(f"/tmp/netlink_perm.{os.getpid()}", encoding="utf-8") as stream:
        output = stream.read()
    os.unlink(f"/tmp/netlink_perm.{os.getpid()}")
    return status, output


def own_namespace(client, parent_sock):
    """As a user who makes a user namespace and a network namespace in it."""
    parent = open("/proc/self/ns/net", "rb")
    become_nobody()
    call(_libc.unshare, CLONE_NEWUSER | CLONE_NEWNET)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {NOBODY} 1"),
                       ("gid_map", f"0 {NOBODY} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as stream:
            stream.write(text)
    faults = in_own(client)
    # from there to where it came from
    faults += [f"on a socket in the parent's namespace: {fault}"
               for fault in all_refused(Raw(client, sock=parent_sock))]
    if not _libc.setns(parent.fileno(), CLONE_NEWNET):
        faults.append("it may enter the parent's network namespace")
    return faults


def in_own(_client):
    """Faults of what root of the new namespace may do there."""
    status, output = sh("ip link set lo up; "
                        "ip link add e0 type veth peer name e0p && ip link set e0p up && "
                        "ip link set e0 up && ip addr add 10.0.0.1/24 dev e0")
    if status:
        return [f"interfaces: {output}"]
    mine, watcher = Client(Here()), Client(Here())
    watcher.subscribe("events")
    if any(mine.dump(f"{kind}-get") for kind in OBJECTS):
        return ["it sees objects of another namespace"]
    mine.do("group-new", ifname="e0", number=1, enabled=1, vip="10.0.0.100", hello_ms=100,
            hold_ms=300)
    mine.do("track-new", ifname="e0", number=1, target="up0")
    mine.wait_group("e0", 1, state="active")
    wait(lambda: "10.0.0.100" in sh("ip addr show dev e0")[1], "the virtual IP is there")
    mine.batch(("transform-set-new", {"name": "t", "cipher": "aes-gcm"}),
               ("acl-new", {"name": "a", "number": 1, **LINE}),
               ("map-new", {"name": "m", "number": 20, "kind": "isakmp", "peer": [PEER3],
                            "transform_set": ["t"], "acl": "a"}),
               ("binding-new", {"ifname": "e0", "map": "m"}), ("sa-new", inbound(0x7777)))
    if len(mine.dump("sa-key-get")) != 1:
        return ["its own keys are not shown"]
    mine.do("esp-clear")
    mine.do("binding-del", ifname="e0")
    mine.do("interface-del", ifname="e0")
    wait(lambda: "10.0.0.100" not in sh("ip addr show dev e0")[1], "the virtual IP is gone")
    told = {name for name, _ in watcher.notifications()}
    return [f"{name} was not told" for name in
            ("group-ntf", "group-del-ntf", "interface-del-ntf", "sa-ntf", "sa-del-ntf",
             "binding-del-ntf") if name not in told]


def untouched(place, function, *arguments):
    """Faults of a check in a process of its own in the namespace; and what it
    may not have changed."""
    return place.namespace.inside(in_child, function, *arguments) + place.touched()


def main():
    with Topology() as topology:
        place = Place(topology.add("nl-perm"))
        client = place.client
        report = Report(9)
        report.run("every operation is tried", complete, place.raw)
        report.run("a user may change nothing", untouched, place, nobody, all_refused, client)
        report.run("a user may look at everything", untouched, place, nobody, all_seen, client)
        report.run("nor on a socket that root has opened", untouched, place, nobody, all_refused,
                   client, place.raw.socket)
        report.run("root without CAP_NET_ADMIN may change nothing", untouched, place, without_one,
                   all_refused, client)
        report.run("root without CAP_NET_ADMIN may look", untouched, place, without_one, all_seen,
                   client)
        sock = place.namespace.inside(Raw.open)
        report.run("root of a user namespace: its own network namespace, and no other",
                   untouched, place, own_namespace, client, sock)
        other = Client(topology.add("nl-other"))
        report.check("no object is seen in another namespace",
                     not any(other.dump(f"{kind}-get") for kind in OBJECTS))
        answers = list(changes(place.raw))
        refused = [f"{what}: {answer}" for what, answer in answers if answer.error == errno.EPERM]
        report.line("root may do what all those were refused", refused)
    report.end()


if __name__ == "__main__":
    sys.exit(main())
