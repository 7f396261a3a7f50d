#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,kcsan,(6.1),(debug)
"""The virtual IP and MAC address of a pair on a LAN: they are the active gateway's
and nobody else's, whoever that is, and go with the group."""

import json
import socket
import subprocess

from gateway import (ACTIVE, STANDBY, Family, Report, Switch, Topology, Wire, arp_frame, arp_of,
                     echo_frame, echo_reply_of, wait)
from scapy_router import virtual_mac

FIRST, SECOND, VIP, HOST, PROBE, OTHER = (f"10.1.1.{n}" for n in (1, 2, 254, 3, 9, 8))
GROUP = 2
MAC = virtual_mac(GROUP)
TIMERS = {"hello_ms": 1000, "hold_ms": 3000}


class Lab:
    def __init__(self, topology):
        self.first, self.second, self.host, self.probe = topology.add("r1", "r2", "host", "probe")
        self.switch = Switch(topology, "lan")
        for member, address in ((self.first, FIRST), (self.second, SECOND), (self.host, HOST)):
            self.switch.join("lan", member, "eth0", f"{address}/24")
        self.switch.join("lan", self.probe, "eth0")
        self.wire = Wire(self.probe, "eth0")
        self.topology = topology
        self.family = {gateway: Family(gateway) for gateway in (self.first, self.second)}
        for gateway in self.family:
            gateway.sh("sysctl -qw net.ipv4.ip_forward=1")

    def make(self, gateway, priority):
        self.family[gateway].do("group-new", ifname="eth0", number=GROUP, enabled=1, vip=VIP,
                                priority=priority, preempt=1, **TIMERS)

    def up(self):
        self.make(self.first, 200)
        self.family[self.first].wait_state("eth0", GROUP, ACTIVE)
        self.make(self.second, 100)
        self.family[self.second].wait_state("eth0", GROUP, STANDBY)
        wait(lambda: has_address(self.first), "the address is there")


def addresses(gateway):
    return gateway.json("addr show dev eth0")[0].get("addr_info", [])


def has_address(gateway):
    return any(entry["local"] == VIP for entry in addresses(gateway))


def unicast_filter(gateway):
    """MAC addresses beside its own that the device receives."""
    return [entry["mac"] for entry in
            json.loads(gateway.sh("bridge -j fdb show dev eth0"))]


def multicast_filter(gateway):
    return [entry["link"] for entry in gateway.json("maddr show dev eth0")[0]["maddr"]
            if "link" in entry]


def where(lab):
    """Who has what, as far as can be seen from inside."""
    faults = []
    for gateway, active in ((lab.first, True), (lab.second, False)):
        if has_address(gateway) != active:
            faults.append(f"{gateway.name}: has the address: {not active}")
        if MAC not in unicast_filter(gateway):
            faults.append(f"{gateway.name}: the virtual MAC is not in its filter")
        if "01:00:5e:00:00:02" not in multicast_filter(gateway):
            faults.append(f"{gateway.name}: the group's MAC is not in its filter")
    return faults


def ask(lab, target, sender=PROBE):
    """Every answer to one ARP request. That all have come, the two gateways' own
    addresses tell: they answer in order."""
    lab.wire.drain()
    lab.wire.send(arp_frame(lab.wire.mac, sender, "ff:ff:ff:ff:ff:ff", target, request=True))
    for own in (FIRST, SECOND, HOST):
        lab.wire.flush(own, OTHER)
    return [arp for arp in map(arp_of, lab.wire.heard) if arp and arp[0] == 2 and arp[3] == target
            and arp[5] == sender]


def one_answer(lab):
    """Of the active gateway, in its virtual MAC address throughout."""
    faults = []
    for _ in range(5):
        answers = ask(lab, VIP)
        wanted = [(2, MAC, MAC, VIP, lab.wire.mac, PROBE)]
        if answers != wanted:
            faults.append(f"answers {answers}, not {wanted}")
    return faults


def own_address(lab):
    """The gateways' own addresses are answered as ever."""
    answers = ask(lab, FIRST)
    macs = {answer[2] for answer in answers}
    return [] if macs == {lab.first.mac("eth0")} else [f"answers {answers}"]


def icmp_echo(lab, number, destination=VIP, destination_mac=MAC):
    lab.wire.send(echo_frame(lab.wire.mac, PROBE, destination_mac, destination, number))


def one_echo(lab):
    """A frame to the virtual MAC is one gateway's, wherever the switch sends it."""
    faults = []
    # the answer needs the probe's address
    for gateway in (lab.first, lab.second):
        gateway.ip(f"neigh replace {PROBE} lladdr {lab.wire.mac} dev eth0 nud permanent")
    lab.switch.namespace.sh("bridge link set dev lan-r1 flood on; "
                            "bridge link set dev lan-r2 flood on")
    for number in range(5):
        lab.wire.drain()
        # the switch knows it no more: both gateways get the frame
        lab.switch.namespace.sh(f"bridge fdb del {MAC} dev lan-r1 master; "
                                f"bridge fdb del {MAC} dev lan-r2 master", check=False)
        icmp_echo(lab, number)
        lab.wire.wait_for(lambda frame, number=number: echo_reply_of(frame) == number, "echo reply")
        for own in (FIRST, SECOND):
            lab.wire.flush(own, PROBE)
        count = sum(echo_reply_of(frame) == number for frame in lab.wire.heard)
        if count != 1:
            faults.append(f"{count} answers")
    return faults


SERVE = """
import json
import socket
server = socket.create_server(("%s", 7))
print("ready", flush=True)
while True:
    connection, _ = server.accept()
    connection.sendall(b"active")
    connection.close()
""" % VIP


def local_process(lab):
    """A process on the active gateway serves at the virtual address."""
    server = lab.topology.start(lab.first, "/usr/bin/python3", "-c", SERVE,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    line = server.stdout.readline().strip()
    if line != "ready":
        return [line, server.stdout.read()]
    got = lab.host.sh(f"cat < /dev/tcp/{VIP}/7")
    server.kill()
    server.wait()
    return [] if got == "active" else [f"the host was told {got!r}"]


def no_local_process(lab):
    """On the standby gateway no process can."""
    said = lab.second.sh(f"timeout 600 /usr/bin/python3 -c '{SERVE}'", check=False)
    return [] if "Cannot assign requested address" in said else [said]


def own_request(lab):
    """Who asks by the virtual address says the virtual MAC, or the hosts would
    learn the gateway's own."""
    lab.wire.drain()
    lab.first.ip("neigh flush dev eth0")
    lab.first.sh(f"ping -c 1 -W 1 -I {VIP} 10.1.1.77", check=False)
    lab.wire.flush(FIRST, PROBE)
    requests = [arp for arp in map(arp_of, lab.wire.heard) if arp and arp[0] == 1 and
                arp[5] == "10.1.1.77"]
    wrong = [arp for arp in requests if arp[1:4] != (MAC, MAC, VIP)]
    return (["no request was heard"] if not requests else []) + [f"{arp}" for arp in wrong]


def reaches_host(lab):
    """And gets its answers."""
    lab.first.ip("neigh flush dev eth0")
    lab.first.sh(f"ping -c 3 -W 60 -I {VIP} {HOST}")
    return []


def no_redirect(lab):
    """RFC 2281 section 6.3: hosts must not learn of a gateway's own address."""
    lab.wire.drain()
    for number in range(100, 105):
        # to somebody on the same LAN, by way of the gateway
        icmp_echo(lab, number, destination=HOST)
    for own in (FIRST, SECOND):
        lab.wire.flush(own, PROBE)
    sent = [frame for frame in lab.wire.heard if frame[12:14] == b"\x08\0" and frame[23] == 1 and
            frame[34] == 5]
    return [f"an ICMP redirect to {socket.inet_ntoa(frame[38:42])} was sent" for frame in sent]


def comes_back(lab):
    """An address that somebody removed by hand."""
    faults = []
    for _ in range(3):
        entry = next(entry for entry in addresses(lab.first) if entry["local"] == VIP)
        lab.first.ip(f"addr del {VIP}/{entry['prefixlen']} dev eth0")
        wait(lambda: has_address(lab.first), "the address is back")
    if lab.family[lab.first].state("eth0", GROUP) != ACTIVE:
        faults.append("the gateway is not active any more")
    return faults + one_answer(lab)


def flushed(lab):
    """All addresses of the interface at once, and the gateway's own again."""
    lab.first.ip("addr flush dev eth0")
    wait(lambda: lab.family[lab.first].group("eth0", GROUP)["init-reason"] == "no-address",
         "the gateway has no address")
    faults = ["the virtual address is still there"] if has_address(lab.first) else []
    lab.first.ip(f"addr add {FIRST}/24 dev eth0")
    lab.family[lab.first].wait_state("eth0", GROUP, ACTIVE)
    wait(lambda: has_address(lab.first), "the address is there")
    lab.family[lab.second].wait_state("eth0", GROUP, STANDBY)
    wait(lambda: not has_address(lab.second), "and not on the other gateway")
    return faults + one_answer(lab)


def takeover(lab):
    """The other gateway has it all now, and the first one nothing."""
    lab.family[lab.first].do("group-set", ifname="eth0", number=GROUP, priority=50)
    lab.family[lab.second].wait_state("eth0", GROUP, ACTIVE)
    lab.family[lab.first].wait_state("eth0", GROUP, STANDBY)
    wait(lambda: has_address(lab.second) and not has_address(lab.first), "the address moves")
    return one_answer(lab) + one_echo(lab)


def new_address(lab):
    """Another virtual IP: the group starts anew, and the old one is gone."""
    for gateway in (lab.first, lab.second):
        lab.family[gateway].do("group-set", ifname="eth0", number=GROUP, vip="10.1.1.253")
    wait(lambda: any(family.state("eth0", GROUP) == ACTIVE for family in lab.family.values()),
         "a gateway is active")
    faults = [f"{VIP} is answered"] if ask(lab, VIP) else []
    faults += [f"{gateway.name} has {VIP}" for gateway in lab.family if has_address(gateway)]
    answers = ask(lab, "10.1.1.253")
    if [answer[1:3] for answer in answers] != [(MAC, MAC)]:
        faults.append(f"answers {answers}")
    return faults


def nothing_left(lab):
    """Without the groups everything is as before."""
    faults = []
    for gateway in (lab.first, lab.second):
        lab.family[gateway].do("interface-del", ifname="eth0")
        wait(lambda gateway=gateway: len(addresses(gateway)) == 1, "one address is left")
        if MAC in unicast_filter(gateway):
            faults.append(f"{gateway.name}: virtual MAC {unicast_filter(gateway)}")
        if "01:00:5e:00:00:02" in multicast_filter(gateway):
            faults.append(f"{gateway.name}: multicast {multicast_filter(gateway)}")
    for address in (VIP, "10.1.1.253"):
        if ask(lab, address):
            faults.append(f"{address} is answered")
    return faults


TESTS = (
    ("the active gateway has the address, both the filters", where),
    ("one answer to ARP, with the virtual MAC", one_answer),
    ("a gateway's own address is answered with its own MAC", own_address),
    ("one answer to a frame that both gateways get", one_echo),
    ("a local process serves at the virtual address", local_process),
    ("no process of the standby can bind it", no_local_process),
    ("ARP requests from the virtual address carry the virtual MAC", own_request),
    ("the virtual address reaches a host", reaches_host),
    ("no ICMP redirect", no_redirect),
    ("an address removed by hand comes back", comes_back),
    ("all addresses flushed, and the own one restored", flushed),
    ("addresses move with the active role", takeover),
    ("another virtual address", new_address),
    ("nothing is left without groups", nothing_left),
)


def main():
    report = Report(len(TESTS))
    with Topology() as topology:
        lab = Lab(topology)
        lab.up()
        for name, function in TESTS:
            report.run(name, function, lab)
    report.end()


if __name__ == "__main__":
    main()
