#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: smp=2 kernels=6.12,kcsan,(6.1),(debug)
"""Keys, entries and maps are replaced while iperf3 counts what it sends and gets:
made before broken, they cost no packet."""

import json
import subprocess

import xfrm
from esplab import (DEVICE, GATEWAY, GCM, GUARD, HOST, HOST_NET, PEER, TUNNEL, Report, Site,
                    Topology, added, line, wait)
from gateway import sh

BLOCKS = 600
# at the least, in each run of iperf3
CHANGES = 10


class Lab(Site):
    """A pair of SAs at each end that is replaced by the next one."""

    def __init__(self, topology):
        super().__init__(topology)
        self.topology = topology
        self.configure(transport=False)
        # what iperf3 does not read in time is not to be missed
        sh("sysctl -qw net.core.rmem_max=8388608 net.core.wmem_max=8388608")
        self.map = "vpn"
        self.spis = self.next_spis()
        self.begin()

    def begin(self):
        """What the peer sends takes the SA that its policy names: with that it goes over
        to another one, without a packet that holds one which is deleted."""
        self.xfrm.flush()
        for ends in self.insides():
            self.xfrm.add_policy(xfrm.IN, *ends[::-1], (GATEWAY[4], PEER[4]), 0)
        self.theirs(self.spis, "out")
        self.theirs(self.spis, "in")
        self.esp.batch(self.ours("in", self.spis[1]), self.ours("out", self.spis[0]))

    @staticmethod
    def insides():
        """What the peer's policies are about, from its side."""
        return [(f"{inside[4]}/32", HOST_NET[4]) for inside in (DEVICE, GUARD)]

    def ours(self, direction, spi):
        return ("sa-new", {**self.sa(direction, spi, GCM), "map": self.map})

    def theirs(self, spis, direction):
        ends = (GATEWAY[4], PEER[4]) if direction == "out" else (PEER[4], GATEWAY[4])
        spi = spis["in" == direction]
        self.xfrm.add_sa(*ends, spi, GCM, reqid=spi)
        if direction == "in":
            for inside in self.insides():
                self.xfrm.add_policy(xfrm.OUT, *inside, ends, spi, kind=xfrm.UPDPOLICY)

    def next_spis(self):
        self.serial += 1
        return self.SPI_OUT + self.serial, self.SPI_IN + self.serial

    def counts(self, spis, direction):
        """Packets of an SA at the end that sends, and at the one that receives."""
        spi = spis["in" == direction]
        pair = self.esp.sa(direction, spi)["packets"], self.xfrm.states()[spi].packets
        return pair if direction == "out" else pair[::-1]

    def used(self, new, old=()):
        """Waits until the new SAs are in use, and of the old ones nothing is under
        way. [(direction, SPIs)]"""
        def reached():
            # iperf3 may be done
            self.traffic.exchange(4, (1,), DEVICE[4])
            return all(self.counts(new, way)[1] for way in ("out", "in")) and all(
                len(set(self.counts(spis, way))) == 1 for way, spis in old)
        wait(reached, "the new SAs are in use")

    def drop_old(self, old, ours=("out", "in")):
        self.esp.batch(*[("sa-del", {"direction": way, "spi": old["in" == way],
                                     "dst": (PEER if way == "out" else GATEWAY)[4]})
                         for way in ours])
        self.xfrm.delete_sa(PEER[4], old[0])
        self.xfrm.delete_sa(GATEWAY[4], old[1])


# -- what is replaced --------------------------------------------------------------

def keys(lab):
    """The receiving end of each direction comes first."""
    old, new = lab.spis, lab.next_spis()
    lab.esp.batch(lab.ours("in", new[1]))
    lab.theirs(new, "out")
    lab.esp.batch(lab.ours("out", new[0]))
    lab.theirs(new, "in")
    lab.used(new, (("out", old), ("in", old)))
    lab.drop_old(old)
    lab.spis = new


def neighbours(lab):
    """Entries and lines beside those that are in use."""
    other = {version: line(HOST_NET[version], "198.51.100.0/24" if version == 4 else
                           "2001:db8:99::/64") for version in lab.versions}
    lab.esp.batch(("acl-new", {"name": "other", "number": 1, "action": "permit", **other[4]}),
                  ("map-new", {"name": lab.map, "number": 5, "kind": "isakmp", "peer": [PEER[4]],
                               "transform-set": ["tunnel"], "acl": "other"}),
                  ("acl-new", {"name": "tunnel", "number": 1, "action": "deny", **other[6]}))
    lab.esp.do("binding-set", ifname="eth0", df="set")
    lab.esp.do("binding-set", ifname="eth0", df="copy")
    lab.esp.batch(("map-del", {"name": lab.map, "number": 5}),
                  ("acl-del", {"name": "other", "number": 1}),
                  ("acl-del", {"name": "tunnel", "number": 1}))


def whole_map(lab):
    """Another map takes its place, with all that goes on: one transaction."""
    old, new = lab.spis, lab.next_spis()
    before, lab.map = lab.map, {"vpn": "vpn2", "vpn2": "vpn"}[lab.map]
    lab.theirs(new, "out")
    lab.esp.batch(("map-new", {"name": lab.map, "number": TUNNEL, "kind": "isakmp",
                               "peer": [PEER[4]], "transform-set": ["tunnel"], "acl": "tunnel"}),
                  ("sa-del", {"direction": "in", "spi": old[1], "dst": GATEWAY[4]}),
                  ("binding-set", {"ifname": "eth0", "map": lab.map}),
                  lab.ours("in", old[1]), lab.ours("in", new[1]), lab.ours("out", new[0]),
                  ("map-del", {"name": before, "number": TUNNEL}))
    lab.theirs(new, "in")
    lab.used(new)
    lab.drop_old(old, ours=("in",))
    lab.spis = new


def traffic(lab, what, target):
    """iperf3 both ways, in datagrams, each of which is missed; what() is done again and again
    meanwhile. Returns (faults, how often)."""
    faults, changes = [], 0
    runs = []
    for port, more in ((5201, ()), (5202, ("--reverse",))):
        server = lab.topology.start(lab.peer, "iperf3", "-s", "-1", "-B", target[4], "-p",
                                    str(port), "--forceflush", stdout=subprocess.PIPE)
        while "listening" not in server.stdout.readline():
            pass
        runs.append(lab.topology.start(
            lab.host, "iperf3", "-c", target[4], "-B", HOST[4], "-p", str(port), "-u", "-J",
            "-l", "400", "-b", "300K", "-w", "2M", "-k", str(BLOCKS), *more,
            stdout=subprocess.PIPE))
    before = lab.traffic.losses()
    while any(run.poll() is None for run in runs):
        what(lab)
        changes += 1
    for run, direction in zip(runs, ("out", "in")):
        result = json.loads(run.stdout.read())
        if "error" in result:
            faults.append(f"{direction}: {result['error']}")
            continue
        total = result["end"]["sum"]
        if total["lost_packets"] or total["packets"] < BLOCKS:
            faults.append(f"{direction}: {total['lost_packets']} of {total['packets']} are lost")
        strays = result["end"]["streams"][0]["udp"]["out_of_order"]
        if strays:
            faults.append(f"{direction}: {strays} are overtaken")
    lost = added(before, lab.traffic.losses())
    if lost:
        faults.append(f"lost: {lost}")
    return faults, changes


def replaced(lab, what, target):
    """As often as it has to be, however slow the machine is."""
    faults, changes = [], 0
    while changes < CHANGES and not faults:
        faults, more = traffic(lab, what, target)
        changes += more
    return faults


def main():
    changes = (("SAs, made before broken", keys),
               ("entries and lines beside them", neighbours),
               ("the whole map", whole_map))
    report = Report(2 * len(changes))
    with Topology() as topology:
        lab = Lab(topology)
        for what, change in changes:
            for name, target in (("device", DEVICE), ("guard", GUARD)):
                report.run(f"iperf3 loses nothing while they are replaced: {what}, {name}",
                           replaced, lab, change, target)
    report.end()


if __name__ == "__main__":
    main()
