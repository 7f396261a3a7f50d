#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Packets that have no SA yet: the keying daemon is asked for each line of an access
list, a few packets wait for what it makes, and none of them is in the way of what
goes."""

import time

from esplab import (DEVICE, GCM, GUARD, HOST, HOST_NET, PEER, TUNNEL, Capture, Client, Report,
                    Site, Topology, Wire, added, batch, line, wait)
from packets import ESP, UDP, ethernet, ip_of, payload_of, protocol_of, udp

# as the module has them
OF_ENTRY, OF_NAMESPACE = 16, 1024
BYTES = 4 << 20
SECONDS = 30


class Lab(Site):
    """The peer is made of packets; who listens is the keying daemon."""

    def __init__(self, topology):
        super().__init__(topology)
        self.inside = Wire(self.host, "eth0")
        self.line = Capture(self.peer, "eth0")
        self.configure(transport=False)
        self.macs = self.host.mac("eth0"), self.gateway.mac("eth1")
        batch(self.gateway, [f"neigh replace {PEER[4]} lladdr {self.peer.mac('eth0')} dev eth0"])
        self.daemon = None
        self.listen()

    def listen(self, yes=True):
        if self.daemon:
            self.daemon.ynl.sock.sock.close()
            self.daemon = None
        if yes:
            self.daemon = Client(self.gateway)
            self.daemon.subscribe("events")

    def asked(self):
        return [message for name, message in self.daemon.notifications()
                if name == "acquire-event"]

    def send(self, *targets, size=1):
        for target in targets:
            self.inside.send(ethernet(*self.macs, udp(HOST[4], target, 9, 9, b"x" * size)))

    def seen(self):
        """Lengths of the ESP packets that have left, and None for each in clear."""
        self.line.pull()
        return [len(payload_of(packet)) if protocol_of(packet) == ESP else None
                for packet in map(ip_of, self.line.heard)
                if packet and protocol_of(packet) in (ESP, UDP)]

    def begin(self):
        """Nothing is held, nothing was sent, nobody was asked."""
        self.esp.do("esp-clear")
        self.bind_again()
        self.line.drain()
        self.asked()
        return self.esp.drops()

    def bind_again(self):
        """All that is held goes, and lines that were asked for lately are new ones."""
        self.esp.do("binding-del", ifname="eth0")
        self.esp.do("binding-new", ifname="eth0", map="vpn")
        self.routes()

    def outbound(self, *selectors, **more):
        self.serial += 1
        self.esp.do("sa-new", **self.sa("out", self.SPI_OUT + self.serial, GCM,
                                        selector=[line(HOST_NET[4], one) for one in selectors] or
                                        None, **more))

    def gone(self, before, held):
        """Until that many packets were given up, and nothing else has become of any."""
        wait(lambda: added(before, self.esp.drops()).get("held", 0) >= held,
             f"{held} packets are given up: {added(before, self.esp.drops())}")
        return unlike("dropped", added(before, self.esp.drops()), {"held": held})


def unlike(what, got, wanted):
    return [] if got == wanted else [f"{what}: {got} rather than {wanted}"]


def released(lab):
    """What waits is sent in its order when there is an SA, by device and guard."""
    before = lab.begin()
    for size in (1, 101, 201):
        lab.send(DEVICE[4] if size == 101 else GUARD[4], size=size)
    wait(lab.asked, "somebody is asked")
    faults = unlike("dropped", added(before, lab.esp.drops()), {})
    lab.outbound()
    wait(lambda: len(lab.seen()) >= 3, f"three packets leave: {lab.seen()}")
    faults += unlike("in order", sorted(lab.seen()), lab.seen())
    return faults + unlike("dropped then", added(before, lab.esp.drops()), {})


def not_for_it(lab):
    """An SA for something else leaves what waits where it is."""
    before = lab.begin()
    lab.send(GUARD[4], DEVICE[4], GUARD[4], size=5)
    wait(lab.asked, "somebody is asked")
    lab.outbound(f"{DEVICE[4]}/32")
    wait(lambda: len(lab.seen()) >= 1, "one packet leaves")
    lab.outbound(f"{GUARD[4]}/32")
    wait(lambda: len(lab.seen()) >= 3, "the others leave")
    return unlike("in clear", None in lab.seen(), False) + unlike(
        "dropped", added(before, lab.esp.drops()), {})


def not_protected(lab):
    """What waits is not sent by an SA of an entry that does not protect it any more."""
    before = lab.begin()
    lab.send(GUARD[4], DEVICE[4], size=7)
    wait(lab.asked, "somebody is asked")
    lab.esp.do("acl-new", name="tunnel", number=1, action="deny",
               **line(HOST_NET[4], f"{GUARD[4]}/32"))
    lab.outbound()
    wait(lab.seen, "the other packet leaves")
    lab.esp.do("acl-del", name="tunnel", number=1)
    faults = unlike("packets", len(lab.seen()), 1) + unlike(
        "dropped", added(before, lab.esp.drops()), {})
    lab.bind_again()
    return faults + lab.gone(before, 1)


def each_line(lab):
    """Two lines of an entry are both asked for, at once, and again while packets come."""
    lab.begin()
    lab.esp.batch(("acl-new", {"name": "tunnel", "number": 1, "action": "permit",
                               **line(HOST_NET[4], f"{GUARD[4]}/32")}))
    try:
        lab.send(GUARD[4], DEVICE[4])
        lines = []

        def both():
            lines.extend(message["line"] for message in lab.asked())
            return len(set(lines)) == 2
        wait(both, f"both lines are asked for: {lines}")
        faults = unlike("lines", sorted(lines), [1, 41])

        def again():
            lab.send(GUARD[4])
            return any(message["line"] == 1 for message in lab.asked())
        wait(again, "one is asked for again")
        return faults
    finally:
        lab.esp.do("acl-del", name="tunnel", number=1)


def bounded(lab):
    """Of an entry the last ones wait; the oldest give way."""
    before = lab.begin()
    for at in range(OF_ENTRY + 4):
        lab.send(GUARD[4], size=1 + 16 * at)
    faults = lab.gone(before, 4)
    lab.outbound()
    wait(lambda: len(lab.seen()) >= OF_ENTRY, "the others leave")
    sizes = lab.seen()
    return faults + unlike("packets", len(sizes), OF_ENTRY) + unlike(
        "order", sizes, sorted(sizes)) + unlike("oldest are gone", min(sizes) > 4 * 16, True)


def all_bounded(lab):
    """Of a namespace, too, however many entries there are, and in memory."""
    count = OF_NAMESPACE // OF_ENTRY + 4
    entries = [(str(1000 + at), 1000 + at, f"20.1.2.{64 + at}") for at in range(count)]
    lab.esp.batch(("acl-new", {"name": "tunnel", "number": 2, "action": "deny",
                               **line(HOST_NET[4], "20.1.2.64/26")}),
                  ("acl-new", {"name": "tunnel", "number": 3, "action": "deny",
                               **line(HOST_NET[4], "20.1.2.128/26")}),
                  *[("acl-new", {"name": name, "number": 1, "action": "permit",
                                 **line(HOST_NET[4], f"{address}/32")})
                    for name, _, address in entries],
                  *[("map-new", {"name": "vpn", "number": number, "kind": "isakmp",
                                 "peer": [PEER[4]], "transform-set": ["tunnel"], "acl": name})
                    for name, number, _ in entries])
    try:
        before, began = lab.begin(), time.monotonic()
        for _, _, address in entries:
            lab.send(*[address] * OF_ENTRY)
        faults = lab.gone(before, 4 * OF_ENTRY)
        # on a machine that takes longer the first ones have waited long enough
        if time.monotonic() - began >= SECONDS:
            faults = []
        return faults + large(lab, [one for _, _, one in entries[:8]])
    finally:
        lab.esp.batch(*[("map-del", {"name": "vpn", "number": number})
                        for _, number, _ in entries],
                      *[("acl-del", {"name": name, "number": 1}) for name, _, _ in entries],
                      ("acl-del", {"name": "tunnel", "number": 2}),
                      ("acl-del", {"name": "tunnel", "number": 3}))


def large(lab, targets, size=60000):
    """Packets of which fewer fit into what memory may be held."""
    for space, name in ((lab.host, "eth0"), (lab.gateway, "eth1")):
        batch(space, [f"link set {name} mtu 65535"])
    before, began, count = lab.begin(), time.monotonic(), len(targets) * OF_ENTRY

    def given_up():
        return added(before, lab.esp.drops()).get("held", 0)
    for target in targets:
        lab.send(*[target] * OF_ENTRY, size=size)
    wait(lambda: (count - given_up()) * size < BYTES, "some are given up")
    faults = unlike("as many as fit", (count - given_up()) * size > BYTES // 4 or
                    time.monotonic() - began >= SECONDS, True)
    faults += unlike("reasons", list(added(before, lab.esp.drops())), ["held"])
    for space, name in ((lab.host, "eth0"), (lab.gateway, "eth1")):
        batch(space, [f"link set {name} mtu 1500"])
    return faults


def nobody(lab):
    """Nothing waits for an SA that nobody is there to make."""
    before = lab.begin()
    lab.listen(False)
    try:
        lab.send(GUARD[4])
        wait(lambda: added(before, lab.esp.drops()), "it is dropped")
        return unlike("dropped", added(before, lab.esp.drops()), {"no-sa": 1})
    finally:
        lab.listen()


def role(lab):
    """What waits goes with the role, and with the entry, and with the binding."""
    before = lab.begin()
    lab.send(GUARD[4], GUARD[4])
    wait(lab.asked, "somebody is asked")
    lab.esp.do("interface-new", ifname="eth1")
    lab.esp.do("group-new", ifname="eth1", number=1, name="HA")
    lab.esp.do("binding-set", ifname="eth0", redundancy="HA")
    faults = lab.gone(before, 2)
    lab.esp.do("binding-set", ifname="eth0", redundancy="")
    lab.esp.do("interface-del", ifname="eth1")
    before = lab.begin()
    lab.send(GUARD[4])
    wait(lab.asked, "somebody is asked")
    lab.esp.do("map-del", name="vpn", number=TUNNEL)
    faults += lab.gone(before, 1)
    lab.esp.do("map-new", name="vpn", number=TUNNEL, kind="isakmp", peer=[PEER[4]],
               transform_set=["tunnel"], acl="tunnel")
    before = lab.begin()
    lab.send(GUARD[4])
    wait(lab.asked, "somebody is asked")
    lab.bind_again()
    return faults + lab.gone(before, 1)


def too_late(lab):
    """What has waited for half a minute is given up."""
    before = lab.begin()
    lab.send(GUARD[4], DEVICE[4])
    wait(lab.asked, "somebody is asked")
    wait(lambda: added(before, lab.esp.drops()), "they are given up")
    return lab.gone(before, 2)


def device(lab):
    """Its route does not keep an interface that goes."""
    before = lab.begin()
    lab.send(GUARD[4], DEVICE[4])
    wait(lab.asked, "somebody is asked")
    lab.gateway.sh("ip link del eth0")
    faults = lab.gone(before, 2)
    lab.topology.cable(lab.gateway, "eth0", lab.peer, "eth0")
    return faults


def namespace(lab):
    """Nor a namespace, which goes with all that waits in it."""
    site = Lab(lab)
    site.send(GUARD[4], DEVICE[4])
    wait(site.asked, "somebody is asked")
    return []


TESTS = (released, not_for_it, not_protected, each_line, bounded, all_bounded, nobody, role,
         too_late, device)


def main():
    report = Report(len(TESTS) + 1)
    with Topology() as topology:
        lab = Lab(topology)
        for test in TESTS:
            report.run(test.__doc__.split(",", maxsplit=1)[0].rstrip("."), test, lab)
    with Topology() as topology:
        report.run("Nor does it keep a namespace", namespace, topology)
    report.end()


if __name__ == "__main__":
    main()
