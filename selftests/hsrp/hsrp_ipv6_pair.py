#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Two gateways and a host that speak IPv6: the host's neighbour entries name one MAC
address through switchover, preemption, the silent death of the active router and a split
that heals, and are of use all along; a host that wants a virtual IP for itself is told that
it is taken, and none of the gateways ever is. With the module everything goes."""

import re
import tempfile

from gateway import ACTIVE, STANDBY, Family, Report, Switch, Topology, Wire, load_module, sh, wait
from one_gateway import faults
from scapy_router6 import ALL_NODES, GROUP6, TARGET_LL, heard6, made, octets, virtual_mac6

GROUP = 5
VIP6, MAC = made(GROUP), virtual_mac6(GROUP)
GLOBAL, BEHIND = "2001:db8::1", "2001:db8:ff::1"
PRIORITY = {"gw1": 110, "gw2": 100}
LAN = "lan"


class Lab:
    def __init__(self, topology):
        self.topology = topology
        self.switch = Switch(topology, LAN)
        self.gateway, self.family = {}, {}
        self.host = topology.add("host6")
        for name in PRIORITY:
            self.gateway[name] = topology.add(name)
        for number, namespace in enumerate((self.host, *self.gateway.values()), 0x10):
            namespace.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                         "net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.default.accept_ra=0 "
                         "net.ipv6.conf.all.forwarding=1")
            self.switch.join(LAN, namespace, "eth0")
            namespace.ip(f"addr add 2001:db8::{number:x}/64 dev eth0")
        self.host.sh("sysctl -qw net.ipv6.conf.all.forwarding=0")
        for namespace in (self.host, *self.gateway.values()):
            wait(lambda namespace=namespace: "tentative" not in namespace.ip(
                "-6 addr show dev eth0"), "addresses are unique")
        self.host.ip(f"route add default via {VIP6} dev eth0")
        self.wire = Wire(self.host, "eth0")
        self.logs = {}
        for name, namespace in self.gateway.items():
            namespace.ip(f"addr add {BEHIND}/128 dev lo")
            self.family[name] = Family(namespace)
            self.family[name].do("interface-new", ifname="eth0", version=2)
            self.log(name, namespace, "ip", "-6", "monitor", "address")
        self.log("neigh", self.host, "ip", "-6", "monitor", "neigh")

    def log(self, name, namespace, *argv):
        with tempfile.NamedTemporaryFile("w", prefix=f"{name}.", delete=False) as log:
            self.topology.start(namespace, "stdbuf", "-oL", *argv, stdout=log)
        self.logs[name] = log.name

    def read(self, name):
        with open(self.logs[name], encoding="ascii") as log:
            return log.read()

    def configure(self, name, **attributes):
        self.family[name].do("group-new", ifname="eth0", number=GROUP, enabled=1, ipv6=1,
                             global6=[{"address": octets(GLOBAL), "prefix-len": 64}],
                             priority=PRIORITY[name], hello_ms=300, hold_ms=1000, **attributes)

    def state(self, name):
        return self.family[name].state("eth0", GROUP)

    def roles(self, active, standby):
        def are():
            return self.state(active) == ACTIVE and self.state(standby) == STANDBY and \
                self.virtual(active) == {VIP6, GLOBAL} and not self.virtual(standby)
        wait(are, f"{active} is active, {standby} standby, and its are the addresses")

    def virtual(self, name):
        """Virtual IPs among the addresses of a gateway."""
        entries = self.gateway[name].json("-6 addr show dev eth0")[0].get("addr_info", ())
        return {entry["local"] for entry in entries} & {VIP6, GLOBAL}

    def ping(self):
        for name, target in (("behind", BEHIND), ("global", GLOBAL)):
            self.log(name, self.host, "ping", "-6", "-n", "-i", "0.2", target)
        self.goes_on()

    def replies(self, name):
        return len(re.findall("icmp_seq=", self.read(name)))

    def goes_on(self):
        """Both pings are answered again."""
        before = {name: self.replies(name) for name in ("behind", "global")}
        for name, count in before.items():
            wait(lambda name=name, count=count: self.replies(name) >= count + 5,
                 f"the ping to {name} is answered")

    def entries(self):
        """MAC addresses that the host has had for the virtual IPs."""
        now = self.host.ip("-6 neigh show dev eth0")
        return set(re.findall(rf"^(?:{VIP6}|{GLOBAL}) .*lladdr (\S+)", self.read("neigh") + now,
                              re.MULTILINE))

    def same(self):
        self.goes_on()
        macs = self.entries()
        return faults(one_mac_address=macs == {MAC}) and [f"the host had {macs}"]


def together(lab):
    """The one of higher priority is active, and has the addresses; the host finds it."""
    lab.configure("gw1", preempt=1)
    lab.family["gw1"].wait_state("eth0", GROUP, ACTIVE)
    lab.configure("gw2", preempt=1)
    lab.roles("gw1", "gw2")
    lab.ping()
    return lab.same()


def switchover(lab):
    """Down, and up again."""
    lab.family["gw1"].do("group-del", ifname="eth0", number=GROUP)
    lab.family["gw2"].wait_state("eth0", GROUP, ACTIVE)
    found = lab.same()
    lab.configure("gw1", preempt=1)
    lab.roles("gw1", "gw2")
    return found + lab.same()


def death(lab):
    """The active router is heard no more; when it is again it is the one that stays, and
    tells so."""
    lab.switch.cut(LAN, lab.gateway["gw1"])
    lab.family["gw2"].wait_state("eth0", GROUP, ACTIVE)
    found = lab.same() + faults(both=lab.state("gw1") == ACTIVE)
    lab.wire.drain()
    lab.switch.heal(LAN, lab.gateway["gw1"])
    lab.roles("gw1", "gw2")
    for target in (VIP6, GLOBAL):
        lab.wire.wait_for(lambda frame, target=target: any(
            na.target == target and na.destination == ALL_NODES and na.lladdr(TARGET_LL) == MAC
            for na in heard6([frame], "na")), f"{target} is announced again")
    return found + lab.same()


def taken(lab):
    """A host that wants a virtual IP for itself does not get it."""
    for target in (VIP6, GLOBAL):
        lab.host.ip(f"addr add {target}/64 dev eth0")
        wait(lambda target=target: re.search(rf"{target}/64 .*dadfailed", lab.host.ip(
            "-6 addr show dev eth0")), f"{target} is taken")
        lab.host.ip(f"addr del {target}/64 dev eth0")
    return lab.same()


def never_tentative(lab):
    """No gateway looked for others that have a virtual IP, nor gave it up."""
    found = []
    for name in lab.gateway:
        lines = [line for line in lab.read(name).splitlines()
                 if re.search(rf"inet6 (?:{VIP6}|{GLOBAL})/", line)]
        found += faults(**{f"{name}_had_them": len(lines) > 2})
        found += [line for line in lines if re.search("tentative|dadfailed", line)]
    return found


def gone(lab):
    """Nothing is left when the module is gone, and the host does without."""
    members = [GROUP6 in gateway.sh("ip -6 maddr show dev eth0")
               for gateway in lab.gateway.values()]
    wait(lambda: not sh("rmmod vpnha", check=False), "the module can be removed")
    found = faults(were_members=all(members))
    for name, gateway in lab.gateway.items():
        found += faults(**{f"{name}_has_none": not lab.virtual(name),
                           f"{name}_is_no_member":
                               GROUP6 not in gateway.sh("ip -6 maddr show dev eth0"),
                           f"{name}_route": "proto kernel" in gateway.ip("-6 route show 2001:db8::/64"),
                           f"{name}_filter": MAC not in gateway.sh("bridge fdb show dev eth0")})
    load_module()
    for family in lab.family.values():
        family.reload()
    lab.family["gw2"].do("interface-new", ifname="eth0", version=2)
    lab.configure("gw2")
    lab.family["gw2"].wait_state("eth0", GROUP, ACTIVE)
    return found + lab.same()


TESTS = (("two gateways and a host", together), ("switchover and preemption", switchover),
         ("silent death, and a split that heals", death),
         ("a host that wants a virtual IP for itself", taken),
         ("no search for duplicates by the gateways", never_tentative),
         ("nothing is left behind by the module", gone))


def main():
    report = Report(len(TESTS))
    with Topology() as topology:
        lab = Lab(topology)
        for name, function in TESTS:
            report.follow(name, function, lab)
    report.end()


if __name__ == "__main__":
    main()
