#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Dynamic crypto maps: whoever comes gets SAs for what was negotiated, hundreds of
them under one entry, each packet goes by the one that is for it, and what is to be
protected never leaves or comes in clear. The peers are made of packets."""

import ipaddress
import struct

from esplab import (DEVICE, GATEWAY, GCM, GUARD, HOST, HOST_NET, PEER, Capture, Client, Report,
                    Site, Topology, Wire, added, batch, line, wait)
from netlink_family import NlError
from packets import ESP, UDP, ethernet, ip_of, payload_of, protocol_of, udp

PEERS = 500
# All that the gateway routes into the tunnel device.
FAR = "20.1.1.0/24"
MANY = "20.8.0.0/16"


def spi_of(packet):
    return struct.unpack_from("!I", payload_of(packet))[0]


class Lab(Site):
    """A map that has nothing but a dynamic one, whose first entry takes anything."""

    MAP = {"name": "vpn", "number": 50, "kind": "isakmp", "dynamic": "clients"}
    ENTRY = {"name": "clients", "number": 1}

    def __init__(self, topology):
        super().__init__(topology)
        self.inside = Wire(self.host, "eth0")
        self.line = Capture(self.peer, "eth0")
        self.esp.batch(
            ("transform-set-new", {"name": "t", **GCM.transform_set()}),
            ("dynamic-map-new", {**self.ENTRY, "transform-set": ["t"]}),
            ("map-new", self.MAP), ("binding-new", {"ifname": "eth0", "map": "vpn"}))
        self.routes()
        macs = self.host.mac("eth0"), self.gateway.mac("eth1"), self.peer.mac("eth0")
        self.host_mac, self.router_mac, self.peer_mac = macs
        batch(self.gateway, [f"route replace {MANY} dev {self.device}",
                             f"neigh replace {PEER[4]} lladdr {macs[2]} dev eth0",
                             f"neigh replace {HOST[4]} lladdr {macs[0]} dev eth1"])
        self.spi = 0x10000

    def client(self, *selectors, number=1, peer=PEER[4], entry=50, **more):
        """SAs of a client, in a batch; returns the SPI of what goes there."""
        self.spi += 2
        ends = {"out": (GATEWAY[4], peer), "in": (peer, GATEWAY[4])}
        common = {"ifname": "eth0", "map": "vpn", "number": entry, "mode": "tunnel",
                  "selector": [line(*one) if isinstance(one, tuple) else line(HOST_NET[4], one)
                               for one in selectors], **GCM.attributes(), **more}
        if number:
            common["dynamic-number"] = number
        self.esp.batch(*[("sa-new", {**common, "direction": way, "spi": self.spi + at,
                                     "src": ends[way][0], "dst": ends[way][1]})
                         for at, way in enumerate(("out", "in"))])
        return self.spi

    def gone(self):
        self.esp.do("esp-clear")

    def send(self, *targets, protocol_port=9):
        """A packet from the host to each of the targets; returns what leaves for the
        peer: SPIs, and None for what is in clear."""
        before = self.esp.drops()
        self.line.drain()
        for target in targets:
            self.inside.send(ethernet(self.host_mac, self.router_mac,
                                      udp(HOST[4], target, protocol_port, protocol_port, b"x")))
        seen = []

        def all_done():
            self.line.pull()
            seen[:] = [spi_of(packet) if protocol_of(packet) == ESP else None
                       for packet in map(ip_of, self.line.heard)
                       if packet and protocol_of(packet) in (ESP, UDP)]
            return len(seen) + sum(added(before, self.esp.drops()).values()) >= len(targets)
        wait(all_done, f"{len(targets)} packets leave or are dropped")
        return seen, added(before, self.esp.drops())

    def from_peer(self, source):
        """A packet in clear from behind the peer; returns what it is dropped for."""
        before = self.esp.drops()
        self.inside.drain()
        packet = udp(source, HOST[4], 9, 9, b"clear")
        self.line.send(ethernet(self.peer_mac, self.gateway.mac("eth0"), packet))

        def there():
            self.inside.pull()
            return added(before, self.esp.drops()) or any(
                packet and payload_of(packet).endswith(b"clear")
                for packet in map(ip_of, self.inside.heard))
        wait(there, "the packet gets to the host or is dropped")
        return added(before, self.esp.drops())


def unlike(what, got, wanted):
    return [] if got == wanted else [f"{what}: {got} rather than {wanted}"]


def no_sa(lab):
    """Nothing is protected before somebody comes: the peer is not known."""
    lab.gone()
    return (unlike("to the guard", lab.send(GUARD[4]), ([None], {})) +
            unlike("from there", lab.from_peer(GUARD[4]), {}))


def one_client(lab):
    """What its selectors say is protected, both ways, and nothing else."""
    lab.gone()
    spi = lab.client(f"{GUARD[4]}/32", f"{DEVICE[4]}/32")
    faults = unlike("by guard and device", lab.send(GUARD[4], DEVICE[4]), ([spi, spi], {}))
    faults += unlike("in clear to the inside", lab.from_peer(GUARD[4]), {"clear-in": 1})
    faults += unlike("beside it", lab.send("20.1.2.3"), ([None], {}))
    sa = lab.esp.sa("out", spi)
    faults += unlike("SA", {name: sa[name] for name in ("number", "dynamic-map",
                                                         "dynamic-number", "packets")},
                     {"number": 50, "dynamic-map": "clients", "dynamic-number": 1, "packets": 2})
    lab.gone()
    return faults + unlike("when it has gone", lab.send(GUARD[4]), ([None], {}))


def ended(lab):
    """What an SA protected is not sent in clear because its lifetime is over."""
    lab.gone()
    spi = lab.client(f"{GUARD[4]}/32", **{"hard-packets": 1})
    faults = unlike("the last", lab.send(GUARD[4]), ([spi], {}))
    faults += unlike("one more", lab.send(GUARD[4]), ([], {"expired": 1}))
    faults += unlike("in clear", lab.from_peer(GUARD[4]), {"clear-in": 1})
    new = lab.client(f"{GUARD[4]}/32")
    return faults + unlike("with the next", lab.send(GUARD[4]), ([new], {}))


def many(lab):
    """Hundreds at once, each with networks of its own: all get what is theirs."""
    lab.gone()
    hosts = [str(ipaddress.ip_network(MANY)[at * 64]) for at in range(PEERS)]
    spis = {lab.client(f"{host}/26" if at % 2 else f"{host}/32", peer=f"172.16.1.{2 + at % 200}"):
            host for at, host in enumerate(hosts)}
    batch(lab.gateway, [f"neigh replace 172.16.1.{2 + at} lladdr {lab.peer_mac} dev eth0"
                        for at in range(200)])
    faults = []
    for begin in range(0, PEERS, 50):
        part = hosts[begin:begin + 50]
        got, lost = lab.send(*part)
        faults += unlike(f"dropped of {begin}", lost, {})
        faults += unlike(f"SPIs of {begin}", [spis.get(spi) for spi in got], part)
    faults += unlike("SAs", len(lab.esp.sas()), 2 * PEERS)
    lab.esp.do("sa-del", direction="out", spi=next(iter(spis)), dst="172.16.1.2")
    faults += unlike("of one that is gone", lab.send(hosts[0])[0], [])
    return faults + unlike("of its neighbour", [spis[spi] for spi in lab.send(hosts[1])[0]],
                           hosts[1:2])


def choice(lab):
    """Of equal selectors the newest SA, of several the narrowest."""
    lab.gone()
    whole = lab.client("20.1.0.0/16")
    first = lab.client(f"{GUARD[4]}/32")
    faults = unlike("narrow", lab.send(GUARD[4], "20.1.2.3"), ([first, whole], {}))
    second = lab.client(f"{GUARD[4]}/32")
    faults += unlike("newest", lab.send(GUARD[4]), ([second], {}))
    wider = lab.client("20.1.2.0/24")
    faults += unlike("wider", lab.send(GUARD[4], "20.1.2.3"), ([second, wider], {}))
    for spi, left in ((second, first), (first, wider), (wider, whole)):
        lab.esp.do("sa-del", direction="out", spi=spi, dst=PEER[4])
        faults += unlike(f"without {spi:#x}", lab.send(GUARD[4]), ([left], {}))
    return faults


def ports(lab):
    """Protocols and ranges of ports, which stand at one place of the index."""
    lab.gone()
    net = {"selector": None}
    spis = []
    for low, high in ((1, 99), (100, 199)):
        more = {**line(HOST_NET[4], f"{GUARD[4]}/32"), "protocol": UDP, "dst-port-min": low,
                "dst-port-max": high}
        net["selector"] = [more]
        spis.append(lab.client(**net))
    faults = (unlike("lower", lab.send(GUARD[4], protocol_port=99), (spis[:1], {})) +
              unlike("higher", lab.send(GUARD[4], protocol_port=100), (spis[1:], {})) +
              unlike("beyond", lab.send(GUARD[4], protocol_port=200), ([None], {})))
    # the narrower one was there before
    wide = lab.client(selector=[{**line(HOST_NET[4], f"{GUARD[4]}/32"), "protocol": UDP}])
    faults += unlike("beyond, with one of all", lab.send(GUARD[4], protocol_port=200), ([wide], {}))
    return faults + unlike("lower, with one of all", lab.send(GUARD[4], protocol_port=99),
                           (spis[:1], {}))


def access_list(lab):
    """What it permits never leaves in clear, SA or not, and nobody is asked for one;
    SAs are within it."""
    lab.gone()
    events = Client(lab.gateway)
    events.subscribe("events")
    lab.esp.batch(("acl-new", {"name": "a", "number": 5, "action": "deny",
                               **line(HOST_NET[4], "20.1.2.128/25")}),
                  ("acl-new", {"name": "a", "number": 10, "action": "permit",
                               **line(HOST_NET[4], "20.1.0.0/16")}),
                  ("dynamic-map-set", {**lab.ENTRY, "acl": "a"}))
    try:
        faults = unlike("permitted", lab.send(GUARD[4], DEVICE[4]), ([], {"no-sa": 2}))
        faults += unlike("denied", lab.send("20.1.2.200"), ([None], {}))
        spi = lab.client("20.1.2.0/26")
        faults += unlike("by the SA", lab.send(GUARD[4], DEVICE[4]), ([spi], {"no-sa": 1}))
        for what, selector in (("wider", "20.0.0.0/8"), ("elsewhere", "20.2.0.0/24"),
                               ("denied", "20.1.2.192/26"), ("in part", "20.1.2.0/24"),
                               ("of another source", ("10.0.0.0/8", "20.1.2.0/26"))):
            try:
                lab.client(selector)
                faults.append(f"{what}: not refused")
            except NlError as error:
                if "access list does not permit" not in str(error.nl_msg.extack):
                    faults.append(f"{what}: {error}")
        told = [name for name, _ in events.notifications()]
        return faults + ([f"asked for: {told}"] if "acquire-event" in told else [])
    finally:
        lab.gone()
        lab.esp.batch(("dynamic-map-set", {**lab.ENTRY, "acl": ""}),
                      ("acl-del", {"name": "a", "number": 5}),
                      ("acl-del", {"name": "a", "number": 10}))


def order(lab):
    """Entries in front of the dynamic one come first, and those behind it do not."""
    lab.gone()
    entry = {"kind": "isakmp", "peer": [PEER[4]], "transform-set": ["t"]}
    lab.esp.batch(("acl-new", {"name": "front", "number": 1, "action": "permit",
                               **line(HOST_NET[4], f"{GUARD[4]}/32")}),
                  ("acl-new", {"name": "behind", "number": 1, "action": "permit",
                               **line(HOST_NET[4], "20.1.0.0/16")}),
                  ("map-new", {"name": "vpn", "number": 10, "acl": "front", **entry}),
                  ("map-new", {"name": "vpn", "number": 60, "acl": "behind", **entry}))
    try:
        front = lab.client((HOST_NET[4], f"{GUARD[4]}/32"), number=None, entry=10)
        behind = lab.client((HOST_NET[4], "20.1.0.0/16"), number=None, entry=60)
        faults = unlike("without clients", lab.send(GUARD[4], DEVICE[4]), ([front, behind], {}))
        spi = lab.client("20.1.0.0/16")
        return faults + unlike("with one", lab.send(GUARD[4], DEVICE[4]), ([front, spi], {}))
    finally:
        lab.esp.batch(*[("map-del", {"name": "vpn", "number": number}) for number in (10, 60)],
                      *[("acl-del", {"name": name, "number": 1}) for name in ("front", "behind")])


def entries(lab):
    """Several entries of the dynamic map, each with SAs of its own; they go with it."""
    lab.gone()
    lab.esp.do("dynamic-map-new", name="clients", number=2, transform_set=["t"])
    one = lab.client(f"{GUARD[4]}/32", number=2)
    two = lab.client(f"{DEVICE[4]}/32", number=1)
    faults = unlike("of two", lab.send(GUARD[4], DEVICE[4]), ([one, two], {}))
    lab.esp.do("dynamic-map-del", name="clients", number=2)
    faults += unlike("left", [sa["spi"] for sa in lab.esp.sas(direction="out")], [two])
    faults += unlike("then", lab.send(GUARD[4], DEVICE[4]), ([None, two], {}))
    lab.esp.batch(("dynamic-map-new", {"name": "others", "number": 1, "transform-set": ["t"]}),
                  ("map-set", {"name": "vpn", "number": 50, "dynamic": "others"}))
    faults += unlike("of another map", lab.esp.sas(), [])
    lab.esp.batch(("map-set", {"name": "vpn", "number": 50, "dynamic": "clients"}),
                  ("dynamic-map-del", {"name": "others", "number": 1}))
    return faults


def standby(lab):
    """What an SA protects is dropped, not sent, by a gateway that is not active."""
    lab.gone()
    lab.esp.do("interface-new", ifname="eth1")
    lab.esp.do("group-new", ifname="eth1", number=1, name="HA")
    lab.client(f"{GUARD[4]}/32")
    lab.esp.do("binding-set", ifname="eth0", redundancy="HA")
    try:
        return unlike("standby", lab.send(GUARD[4]), ([], {"standby": 1}))
    finally:
        lab.esp.do("binding-set", ifname="eth0", redundancy="")


def too_many(lab):
    """A few objects must not make a map larger than the kernel can count."""
    lab.gone()
    count = 1025
    lines = [("acl-new", {"name": "long", "number": number, "action": "permit",
                          **line(f"10.{number >> 8}.{number & 255}.0/24", MANY)})
             for number in range(1, count + 1)]
    ones = [("map-new", {"name": "vpn", "number": 1000 + number, "kind": "isakmp",
                         "dynamic": "long"}) for number in range(count)]
    lab.esp.do("dynamic-map-new", name="long", number=1)
    for begin in range(0, count, 300):
        lab.esp.batch(*lines[begin:begin + 300])
        lab.esp.batch(*ones[begin:begin + 300])
    refused = lab.esp.error(lab.esp.do, "dynamic-map-set", name="long", number=1, acl="long")
    faults = unlike("refused", (refused or (0, ""))[1],
                    "the crypto map has too many entries or lines")
    spi = lab.client(f"{GUARD[4]}/32")
    faults += unlike("and all goes on", lab.send(GUARD[4]), ([spi], {}))
    for begin in range(0, count, 300):
        lab.esp.batch(*[("map-del", {"name": "vpn", "number": one["number"]})
                        for _, one in ones[begin:begin + 300]])
        lab.esp.batch(*[("acl-del", {"name": "long", "number": one["number"]})
                        for _, one in lines[begin:begin + 300]])
    lab.esp.do("dynamic-map-del", name="long", number=1)
    return faults


TESTS = (no_sa, one_client, ended, many, choice, ports, access_list, order, entries, too_many,
         standby)


def main():
    report = Report(len(TESTS))
    with Topology() as topology:
        lab = Lab(topology)
        for test in TESTS:
            report.run(test.__doc__.split("\n", maxsplit=1)[0], test, lab)
    report.end()


if __name__ == "__main__":
    main()
