#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: load-module=no smp=2 kernels=6.12,kcsan timeout=7200
"""The module is loaded and unloaded, and namespaces end, again and again while
groups are active, packets come in, and others wait for an SA: groups resign, and
nothing stays behind.

Every process costs a guest without KVM a tenth of a second: so this starts few."""

import ctypes
import os
import socket
import subprocess
import tempfile

from gateway import (ACTIVE, Family, Namespace, Netlink, Report, Topology, Wire, address, ksft,
                     sh, unreclaimable, wait)
from scapy_router import heard, virtual_mac

# More for a long run: see Documentation/testing.md
ROUNDS = int(os.environ.get("ROUNDS", "24"))
AT_ONCE = 10		# namespaces
LOCAL = "10.1.{}.1"
# what a crypto map protects, and there is no peer to make an SA
PROTECTED = "10.9.0.1"
# KiB. A group or an interface that leaked each round would be more.
GROWTH = 2048
KMEMLEAK = "/sys/kernel/debug/kmemleak"

libc = ctypes.CDLL(None, use_errno=True)
SYS_FINIT_MODULE = 313
O_NONBLOCK = os.O_NONBLOCK


class Module:
    """Loads and unloads without a process of its own."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.directory.name, "vpnha.ko")
        # what it depends on stays
        sh(f"modprobe -a $(modinfo -F depends {os.environ['VPNHA_KO']} | tr , ' ') || :")
        # what is for debuggers would be read and thrown away each time
        sh(f"strip -g -o {self.file} {os.environ['VPNHA_KO']}")

    def load(self):
        with open(self.file, "rb") as file:
            if libc.syscall(SYS_FINIT_MODULE, file.fileno(), b"", 0):
                raise OSError(ctypes.get_errno(), "finit_module")

    @staticmethod
    def unload():
        if libc.delete_module(b"vpnha", O_NONBLOCK):
            raise OSError(ctypes.get_errno(), "delete_module")

    @staticmethod
    def loaded():
        return os.path.exists("/sys/module/vpnha")

    @staticmethod
    def users():
        with open("/sys/module/vpnha/refcnt", encoding="ascii") as count:
            return int(count.read())


def configure(family):
    """Groups of both versions, with and without an address, that track each other's
    interface; some soon active, some in the middle of it, some that learn. A crypto map
    that waits for a keying daemon, and one whose peers come."""
    def group(ifname, number, vip, hello, hold, **more):
        return {"ifname": ifname, "number": number, "enabled": 1, "vip": address(vip),
                "hello-ms": hello, "hold-ms": hold, **more}

    family.do("batch", **{
        "interface-new": [{"ifname": "eth1", "version": 2}],
        "group-new": [group("eth0", 1, "10.1.1.101", 15, 50, preempt=1),
                      group("eth0", 2, "10.1.1.102", 50, 200, name="SECOND"),
                      group("eth0", 3, "0.0.0.0", 1000, 3000),
                      group("eth1", 4, "10.1.2.104", 15, 50),
                      group("eth1", 4095, "10.1.2.105", 1000, 3000)],
        "track-new": [{"ifname": "eth0", "number": 1, "target": "eth1"},
                      {"ifname": "eth1", "number": 4, "target": "eth0", "decrement": 20}],
        "transform-set-new": [{"name": "t", "cipher": "aes-gcm"}],
        "acl-new": [{"name": "a", "number": 1, "action": "permit", "src": bytes(4),
                     "src-mask": bytes(4), "dst": socket.inet_aton(PROTECTED)}],
        "dynamic-map-new": [{"name": "d", "number": 1, "transform-set": ["t"]}],
        "map-new": [{"name": "m", "number": 10, "kind": "isakmp", "transform-set": ["t"],
                     "acl": "a", "peer": [socket.inet_aton("10.1.1.9")]},
                    {"name": "m", "number": 20, "kind": "isakmp", "dynamic": "d"}],
        "binding-new": [{"ifname": "eth0", "map": "m"}]})


def hold(family):
    """Packets wait for an SA, when who has sent them and who has listened is gone."""
    inside = family.namespace.inside
    with inside(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW,
                family.ynl.nlproto.proto_num) as daemon, \
            inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as sender:
        daemon.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP,
                          family.ynl.nlproto.get_mcast_id("events", family.ynl.mcast_groups))
        for _ in range(3):
            sender.sendto(b"x", (PROTECTED, 9))
    drops = family.do("esp-stats-get").get("drop", ())
    return [f"dropped: {drops}"] if drops else []


def any_active(family):
    return any(group["state"] == ACTIVE for group in family.dump("group-get"))


def local_addresses(namespace):
    """Of a namespace, without a process."""
    def read():
        with open("/proc/thread-self/net/fib_trie", encoding="ascii") as trie:
            return trie.read()
    return namespace.inside(read)


def snapshot(namespace):
    """All that the module puts there: addresses, routes, unicast and multicast
    filters."""
    return namespace.sh("""
        ip -o address show | sed 's/valid_lft.*//'
        ip route show table all
        for dev in eth0 eth1; do
            bridge fdb show dev $dev | sort
            ip maddr show dev $dev | sort
        done""")


def two_cables(gateway, peer, prefix):
    """Lines for `ip -batch`: eth0 and eth1 of one, their other ends at the other."""
    return [f"link add eth{number} netns {gateway} type veth peer name {prefix}{number} "
            f"netns {peer}" for number in (0, 1)]


def bring_up():
    return [line for number in (0, 1)
            for line in (f"link set eth{number} up",
                         f"address add {LOCAL.format(number + 1)}/24 dev eth{number}")] + [
                             f"route add {PROTECTED} via 10.1.1.9"]


def batch(lines, namespace=None):
    words = ["ip"] + (["-n", namespace] if namespace else []) + ["-batch", "-"]
    subprocess.run(words, input="\n".join(lines) + "\n", text=True, check=True)


def load_and_unload(module, gateway, family, wire, rounds, before):
    """Returns faults, and how many resigns were heard."""
    faults, resigns = [], 0
    for number in range(1, rounds + 1):
        module.load()
        family.reload()
        configure(family)
        faults += hold(family)
        # every fourth time in the middle of it all
        if number % 4:
            wait(lambda: any_active(family), f"round {number}: a group is active")
        if number % 4 == 1:
            wait(lambda: "10.1.1.10" in local_addresses(gateway) or
                 "10.1.2.10" in local_addresses(gateway), f"round {number}: an address")
            if module.users():
                faults.append(f"round {number}: {module.users()} users of the module")
        module.unload()
        if module.loaded():
            faults.append(f"round {number}: the module is still there")
        wire.pull()
        packets = [packet for packet in heard(wire.heard) if packet.kind == "resign"]
        resigns += bool(packets)
        if any(packet.source_mac == virtual_mac(packet.group) for packet in packets):
            faults.append(f"round {number}: a resign from the virtual MAC")
        wire.heard.clear()
        if number % 20 == 0 or number == rounds:
            after = snapshot(gateway)
            if after != before:
                faults.append(f"after round {number}:\n{after}\nand before:\n{before}")
                break
    return faults, resigns


def make_and_destroy(far, rounds):
    """Namespaces by the dozen, each with active groups, gone all at once."""
    faults = []
    for start in range(0, rounds, AT_ONCE):
        names = [f"n{number}" for number in range(start, min(start + AT_ONCE, rounds))]
        batch([f"netns add {name}" for name in names])
        batch([line for name in names for line in two_cables(name, far.name, f"{name}-")])
        families = []
        for index, name in enumerate(names):
            batch(bring_up(), name)
            namespace = Namespace(name, create=False)
            families.append(Family(namespace))
            configure(families[-1])
            faults += hold(families[-1])
            # one pair of cables is whole, so that groups run; the rest hang
            if index % 2 == 0:
                batch([f"link set {name}-0 up", f"link set {name}-1 up"], far.name)
        for family in families[::2][:-1]:
            wait(lambda family=family: any_active(family),
                 f"{family.namespace.name}: a group is active")
        # a socket would keep the namespace
        for family in families:
            family.ynl.sock.close()
        batch([f"netns del {name}" for name in names])
    wait(lambda: not sh(f"ip -n {far.name} -o link show type veth"), "the namespaces are gone")
    return faults


def settles(before):
    """What is freed later is waited for."""
    wait(lambda: unreclaimable() - before < GROWTH,
         f"less than {GROWTH} KiB more than {before}", hangs=120)


def grows_not(report, what, before):
    if os.path.exists(KMEMLEAK):
        ksft.test_result_skip(f"{what}: KASAN keeps what was freed for a while; "
                              "kmemleak is asked for leaks at the end")
    else:
        report.run(what, settles, before)


def main():
    report = Report(8)
    module = Module()
    if not module.loaded():
        module.load()
    with Topology() as topology:
        gateway, peer, far = topology.add("gw", "peer", "far")
        batch(two_cables(gateway.name, peer.name, "eth"))
        batch(bring_up(), gateway.name)
        batch(["link set eth0 up", "link set eth1 up", "address add 10.1.1.9/24 dev eth0",
               "address add 10.1.2.9/24 dev eth1"], peer.name)
        family = Family(gateway)
        module.unload()
        topology.loaded = False
        before = snapshot(gateway)
        wire = Wire(peer, "eth0")
        for number in (0, 1):
            topology.start(peer, "./noise.py", f"eth{number}")
            topology.start(peer, "ping", "-q", "-i", "0.02", f"10.1.{number + 1}.10{number * 3 + 1}",
                           stdout=subprocess.DEVNULL)

        # the first rounds fill the caches of what all the others use
        load_and_unload(module, gateway, family, wire, 8, before)
        used = unreclaimable()
        faults, resigns = load_and_unload(module, gateway, family, wire, ROUNDS, before)
        report.line(f"{ROUNDS} loads and unloads under traffic leave nothing", faults)
        report.check("groups resign when the module goes", resigns >= ROUNDS // 4,
                     f"in {resigns} of {ROUNDS} rounds")
        grows_not(report, "memory does not grow with loads", used)
        for process in topology.processes:
            process.kill()
            process.wait()

        module.load()
        family.reload()
        make_and_destroy(far, AT_ONCE)
        used = unreclaimable()
        report.run(f"{ROUNDS} namespaces end while groups are active", make_and_destroy, far, ROUNDS)
        grows_not(report, "memory does not grow with namespaces", used)
        report.check("nothing uses the module", module.users() == 0, f"{module.users()} users")
        module.unload()
        report.check("the module is gone", not module.loaded())
        report.check("nothing is left in the first namespace", snapshot(gateway) == before,
                     snapshot(gateway))
    report.end()


if __name__ == "__main__":
    main()
