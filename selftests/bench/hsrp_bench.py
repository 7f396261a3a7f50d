#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""hsrp_bench.py OUTPUT: how long a host is cut off when the active gateway dies without a
word, by a ping through the pair, with the shortest times that the protocol has; and how many
instructions a second many groups cost. Beside keepalived's VRRP in its place. In a guest
whose time is instructions executed (one processor). Prints a table and adds to the figures in
OUTPUT. The exit status is 1 when a goal was missed."""

import os
import re
import select
import socket
import struct
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "hsrp"))

from gateway import (ACTIVE, HANGS, STANDBY, Family, Hang, Netlink, RawNetlink,  # noqa: E402
                     Switch, Topology, checksum, sh, wait)
from figures import Figures  # noqa: E402

#: by name of the gateway: its number, and what it has in all groups
GATEWAYS = {"gw1": (1, 200), "gw2": (2, 100)}
#: the host's network and that of whom it pings
LANS = {"eth0": ("outside", "172.16.172"), "eth1": ("inside", "10.1.1")}
FAR = "172.16.172.9"
OUTAGE_MS = 60
HELLO_MS, HOLD_MS, ADVERT_S = 15, 50, 0.01
#: times that the active gateway dies, of which the longest outage counts
DEATHS = int(os.environ.get("DEATHS", 10))
PING_S = 0.002
#: replies before a death, and after it
BEFORE, AFTER = 50, 100

# of linux/rtnetlink.h and its like
AF_BRIDGE, RTM_SETLINK, IFLA_PROTINFO, IFLA_BRPORT_STATE, NLA_F_NESTED = 7, 19, 12, 1, 0x8000

#: what many groups are: a VRID is a byte
INTERFACES, GROUPS = 4, 250
SLOW_S = 3
#: until all is told that begins with being active
SETTLE_S = 10
MEASURE_S = 120
SECOND = 10 ** 9


class Ours:
    """vpnha at both gateways."""

    NAME = "vpnha"

    def __init__(self, _, gateways):
        self.family = {gateway.name: Family(gateway) for gateway in gateways}

    def start(self, gateway, groups, hello_ms, hold_ms, _):
        """groups: (interface, number, virtual address)"""
        family = self.family[gateway.name]
        for ifname in dict.fromkeys(group[0] for group in groups):
            family.do("interface-new", ifname=ifname, version=2)
        for ifname, number, vip in groups:
            family.do("group-new", ifname=ifname, number=number, vip=vip, enabled=1, preempt=1,
                      priority=GATEWAYS[gateway.name][1], hello_ms=hello_ms, hold_ms=hold_ms)

    def is_active(self, gateway, groups):
        return self._are(gateway, groups, ACTIVE)

    def is_ready(self, gateway, groups):
        """To take over."""
        return self._are(gateway, groups, STANDBY)

    def _are(self, gateway, groups, state):
        return all(group["state"] == state for ifname in {group[0] for group in groups}
                   for group in self.family[gateway.name].groups(ifname).values())

    def stop(self):
        for family in self.family.values():
            for interface in family.dump("interface-get"):
                family.do("interface-del", ifname=interface["ifname"])


class Keepalived:
    """VRRP version 3 at both gateways."""

    NAME = "keepalived"

    def __init__(self, topology, _):
        self.topology = topology
        self.directory = tempfile.mkdtemp(prefix="keepalived.")
        self.processes = []

    def start(self, gateway, groups, _, __, advert_s, vmac=False):
        text = "global_defs {\n vrrp_version 3\n}\n" + "".join(
            f"vrrp_instance {ifname}.{number} {{\n interface {ifname}\n"
            f" state BACKUP\n virtual_router_id {number}\n"
            f" priority {GATEWAYS[gateway.name][1]}\n advert_int {advert_s}\n" +
            (" use_vmac\n" if vmac else "") +
            f" virtual_ipaddress {{\n  {vip}/32\n }}\n}}\n" for ifname, number, vip in groups)
        path = os.path.join(self.directory, gateway.name)
        with open(f"{path}.conf", "w", encoding="ascii") as file:
            file.write(text)
        with open(f"{path}.log", "w", encoding="utf-8") as log:
            self.processes.append(self.topology.start(
                gateway, "keepalived", "--dont-fork", "--log-console", "--vrrp", "--use-file",
                f"{path}.conf", "--pid", f"{path}.pid", "--vrrp_pid", f"{path}.vrrp.pid",
                stdout=log, stderr=log))

    @staticmethod
    def has(gateway, groups):
        """How many of the virtual addresses."""
        found = set(re.findall(r"inet ([\d.]+)", gateway.ip("-4 addr show")))
        return len(found & {vip for _, _, vip in groups})

    def is_active(self, gateway, groups):
        return self.has(gateway, groups) == len(groups)

    def is_ready(self, gateway, groups):
        with open(os.path.join(self.directory, f"{gateway.name}.log"), encoding="utf-8") as log:
            heard = log.read().count("Entering BACKUP STATE")
        return heard >= len(groups) and not self.has(gateway, groups)

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait()
        self.processes.clear()


class Vmac(Keepalived):
    """With the virtual MAC address, as HSRP has one."""

    def start(self, *arguments):
        super().start(*arguments, vmac=True)


# -- outage ----------------------------------------------------------------

class Pair:
    """A host, the pair, and who is pinged through it."""

    GROUPS = tuple((ifname, number, f"{net}.5")
                   for number, (ifname, (_, net)) in enumerate(LANS.items(), 1))

    def __init__(self, topology):
        self.topology = topology
        self.switch = Switch(topology, *(lan for lan, _ in LANS.values()))
        self.gateways = topology.add(*GATEWAYS)
        self.host, self.far = topology.add("host", "far")
        for gateway in self.gateways:
            gateway.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 "
                       "net.ipv4.conf.default.rp_filter=0")
            for ifname, (lan, net) in LANS.items():
                self.switch.join(lan, gateway, ifname, f"{net}.{GATEWAYS[gateway.name][0]}/24")
        self.switch.join("inside", self.host, "eth0", "10.1.1.9/24")
        self.switch.join("outside", self.far, "eth0", f"{FAR}/24")
        self.host.ip("route add default via 10.1.1.5")
        self.far.ip("route add default via 172.16.172.5")
        self.rtnl = RawNetlink(self.switch.namespace, socket.NETLINK_ROUTE)
        self.icmp = self.host.inside(socket.socket, socket.AF_INET, socket.SOCK_RAW,
                                     socket.IPPROTO_ICMP)

    def links(self, gateway, state):
        """Both of a gateway's links at once, without a process; its carriers stay."""
        for lan, _ in LANS.values():
            self.rtnl.request(RTM_SETLINK, Netlink.NLM_F_ACK, struct.pack(
                "=BxHiIIHHHHB3x", AF_BRIDGE, 0, self.switch.namespace.inside(
                    socket.if_nametoindex, Switch.port(lan, gateway)), 0, 0,
                12, NLA_F_NESTED | IFLA_PROTINFO, 5, IFLA_BRPORT_STATE, state))

    def normal(self, kind):
        first, second = self.gateways
        wait(lambda: kind.is_active(first, self.GROUPS) and kind.is_ready(second, self.GROUPS),
             f"{kind.NAME}: the first gateway is active, the second one ready", pause=1)

    def outage(self, kind):
        """Milliseconds between two replies, at most, as the active gateway dies. iputils'
        ping sends less often while there are no replies."""
        self.normal(kind)
        replies, number, until = [], 0, time.monotonic() + HANGS
        due = time.monotonic()
        while len(replies) < BEFORE + AFTER:
            if time.monotonic() >= due:
                number += 1
                echo = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xffff, number & 0xffff)
                self.icmp.sendto(echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:], (FAR, 0))
                due += PING_S
            if select.select([self.icmp], [], [], max(0, due - time.monotonic()))[0] and \
                    self.icmp.recv(128)[20] == 0:
                replies.append(time.monotonic())
                if len(replies) == BEFORE:
                    self.links(self.gateways[0], 0)
            if due > until:
                raise Hang(f"{kind.NAME}: the ping does not go on")
        self.links(self.gateways[0], 3)
        return max(later - earlier for earlier, later in zip(replies, replies[1:])) * 1000

    def outages(self, kind):
        for gateway in self.gateways:
            kind.start(gateway, self.GROUPS, HELLO_MS, HOLD_MS, ADVERT_S)
        found = [self.outage(kind) for _ in range(DEATHS)]
        kind.stop()
        print(f"# {kind.NAME}: outages in ms: {', '.join(f'{ms:.1f}' for ms in found)}")
        return max(found)


# -- processor ---------------------------------------------------------------

def busy(seconds=MEASURE_S):
    """Instructions of a second in which the processor is not idle."""
    def idle():
        with open("/proc/uptime", encoding="ascii") as uptime:
            return float(uptime.read().split()[1])
    began, before = time.monotonic(), idle()
    time.sleep(seconds)
    return (1 - (idle() - before) / (time.monotonic() - began)) * SECOND


class Many:
    """Two gateways, and cables between them."""

    GROUPS = tuple((f"eth{link}", number, f"10.{link + 1}.1.{number}")
                   for link in range(INTERFACES) for number in range(1, GROUPS + 1))

    def __init__(self, topology):
        self.gateways = topology.add("gw1", "gw2")
        for link in range(INTERFACES):
            topology.cable(self.gateways[0], f"eth{link}", self.gateways[1], f"eth{link}")
            for gateway in self.gateways:
                gateway.ip(f"addr add 10.{link + 1}.0.{GATEWAYS[gateway.name][0]}/16 "
                           f"dev eth{link}")
        self.idle = busy()
        print(f"# without groups: {self.idle:.0f} instructions/s")

    def cost(self, kind):
        """Instructions a second of all groups: active, with nobody there; and of both."""
        found = []
        for gateway, there in zip(self.gateways, (kind.is_active, kind.is_ready)):
            kind.start(gateway, self.GROUPS, SLOW_S * 1000, SLOW_S * 3000 + 1000, SLOW_S)
            wait(lambda gateway=gateway, there=there: there(gateway, self.GROUPS),
                 f"{kind.NAME}: {gateway.name} has its groups", pause=1)
            time.sleep(SETTLE_S)
            found.append(busy() - self.idle)
        kind.stop()
        print(f"# {kind.NAME}: {', '.join(f'{cost:.0f}' for cost in found)} instructions/s")
        return found


def main():
    figures = Figures()
    sh("modprobe -a veth bridge macvlan")
    with Topology() as topology:
        pair = Pair(topology)
        ours, peer = (pair.outages(kind(topology, pair.gateways)) for kind in (Ours, Vmac))
    figures.add("hsrp_outage_ms", "ms", ours, OUTAGE_MS, "goal", limit=1)
    # VRRP has shorter ones: told, not a goal
    figures.add("hsrp_outage_ms", "ms", ours, peer, "keepalived")
    with Topology() as topology:
        many = Many(topology)
        costs = zip(*(many.cost(kind(topology, many.gateways)) for kind in (Ours, Keepalived)))
    for name, (ours, peer) in zip(("hsrp_cpu", "hsrp_cpu_pair"), costs):
        figures.add(name, "instructions/s", ours, peer, "keepalived", limit=1)
    figures.write(sys.argv[1])


if __name__ == "__main__":
    main()
