#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""SAs whose peer moves behind a NAT keep their keys and numbers; those that are no more
what their entry asks for are removed, and no others. The peer is made of packets."""

import struct

import openssl
from esplab import (DEVICE, GATEWAY, GCM, GUARD, HOST, HOST_NET, NATT, PEER, TUNNEL, Capture,
                    Client, Report, Site, Topology, Traffic, Wire, added, batch, line, wait)
from packets import UDP, ethernet, ip_of, payload_of, protocol_of, udp

# where the peer goes
OTHER, OTHER_PORT = "172.16.1.77", 61234


class Lab(Site):
    def __init__(self, topology):
        super().__init__(topology)
        self.soft = openssl.Esp(GCM)
        self.inside = Wire(self.host, "eth0")
        self.line = Capture(self.peer, "eth0")
        self.configure(transport=False)
        self.macs = self.peer.mac("eth0"), self.gateway.mac("eth0")
        batch(self.gateway, [f"neigh replace {one} lladdr {self.macs[0]} dev eth0"
                             for one in (PEER[4], OTHER)] +
              [f"neigh replace {HOST[4]} lladdr {self.host.mac('eth0')} dev eth1"])
        self.daemon = Client(self.gateway)
        self.daemon.subscribe("events")

    def pair(self, **more):
        self.serial += 1
        spis = self.SPI_OUT + self.serial, self.SPI_IN + self.serial
        self.esp.do("esp-clear")
        self.esp.batch(*[("sa-new", self.sa(way, spi, GCM, **more))
                         for way, spi in zip(("out", "in"), spis)])
        self.daemon.notifications()
        return spis

    def told(self, kind):
        return [message for name, message in self.daemon.notifications()
                if name == "sa-event" and message["kind"] == kind]

    def leaves(self):
        """A packet from the host as it leaves: (destination, ports, SPI, sequence)."""
        self.line.drain()
        self.inside.send(ethernet(self.host.mac("eth0"), self.gateway.mac("eth1"),
                                  udp(HOST[4], GUARD[4], 9, 9, b"x")))

        def outside(frame):
            packet = ip_of(frame)
            return packet and protocol_of(packet) == UDP and packet
        packet = self.line.wait_for(outside, "the packet leaves")
        sport, dport, _, _, spi, seq = struct.unpack_from("!4HII", payload_of(packet))
        return ".".join(map(str, packet[16:20])), (sport, dport), spi, seq

    def send(self, spi, seq, src, sport, flip=0):
        """A packet of the peer's, whose last byte may be another one."""
        inner = udp(DEVICE[4], HOST[4], 7, Traffic.ECHO + 1, b"in %d" % seq)
        esp = self.soft.make(spi, seq, inner)
        esp = esp[:-1] + bytes([esp[-1] ^ flip])
        self.line.send(ethernet(*self.macs, udp(src, GATEWAY[4], sport, NATT, esp)))

    def comes(self, spi, seq, src, sport):
        """Gets to the host."""
        self.inside.drain()
        self.send(spi, seq, src, sport)
        self.inside.wait_for(lambda frame: ip_of(frame) and ip_of(frame).endswith(b"in %d" % seq),
                             f"packet {seq} gets to the host")


def unlike(what, got, wanted):
    return [] if got == wanted else [f"{what}: {got} rather than {wanted}"]


def mapping(lab):
    """A packet from elsewhere is let in, and told; one that is overtaken is not."""
    _, into = lab.pair(natt=True)
    lab.comes(into, 1, PEER[4], NATT)
    lab.comes(into, 5, PEER[4], NATT)
    lab.comes(into, 3, OTHER, OTHER_PORT)
    faults = unlike("told of what is expected or late", lab.told("mapping"), [])
    before = lab.esp.drops()
    lab.send(into, 9, OTHER, OTHER_PORT, flip=1)
    lab.send(into, 5, OTHER, OTHER_PORT)
    wait(lambda: added(before, lab.esp.drops()) == {"bad-icv": 1, "replayed": 1},
         f"both are dropped: {added(before, lab.esp.drops())}")
    faults += unlike("told of what is forged or sent again", lab.told("mapping"), [])
    lab.comes(into, 6, OTHER, OTHER_PORT)
    got = wait(lambda: lab.told("mapping"), "it is told")[0]
    faults += unlike("told", (got["spi"], got["direction"], bytes(got["src"]), got["sport"]),
                     (into, "in", bytes(map(int, OTHER.split("."))), OTHER_PORT))
    lab.esp.do("sa-set", direction="in", spi=into, dst=GATEWAY[4], peer=OTHER,
               encap_sport=OTHER_PORT)
    lab.daemon.notifications()
    lab.comes(into, 7, OTHER, OTHER_PORT)
    faults += unlike("told when it is known", lab.told("mapping"), [])

    def again():
        again.seq += 1
        lab.comes(into, again.seq, PEER[4], NATT)
        return lab.told("mapping")
    again.seq = 7
    wait(again, "another move is told")
    return faults


def moved(lab):
    """What leaves goes to the new address; numbers go on, and the SA is the same."""
    out, _ = lab.pair(natt=True)
    one = lab.esp.sa("out", out)
    faults = unlike("before", lab.leaves(), (PEER[4], (NATT, NATT), out, 1))
    lab.esp.do("sa-set", direction="out", spi=out, dst=PEER[4], peer=OTHER,
               encap_dport=OTHER_PORT)
    faults += unlike("after", lab.leaves(), (OTHER, (NATT, OTHER_PORT), out, 2))
    two = lab.esp.sas(direction="out", spi=out)[0]
    faults += unlike("id", two["id"], one["id"])
    faults += unlike("dst", bytes(two["dst"]), bytes(map(int, OTHER.split("."))))
    lab.esp.do("sa-set", direction="out", spi=out, dst=OTHER, encap_dport=NATT)
    faults += unlike("port only", lab.leaves(), (OTHER, (NATT, NATT), out, 3))
    lab.esp.do("sa-new", **{**lab.sa("out", out, GCM, natt=True)})
    refused = lab.esp.error(lab.esp.do, "sa-set", direction="out", spi=out, dst=OTHER,
                            peer=PEER[4])
    faults += unlike("to where one is", (refused or (0, ""))[1],
                     "there is an SA of this SPI already")
    # a request after the other within a batch, too: there is none any more at PEER
    lab.esp.do("sa-del", direction="out", spi=out, dst=PEER[4])
    lab.esp.batch(("sa-set", {"direction": "out", "spi": out, "dst": OTHER, "peer": PEER[4]}),
                  ("sa-new", lab.sa("out", out, GCM, natt=True, dst=OTHER)),
                  ("sa-set", {"direction": "out", "spi": out, "dst": PEER[4],
                              "encap-dport": OTHER_PORT}))
    faults += unlike("in a batch", sorted((sa["id"] == one["id"], ".".join(map(str, sa["dst"])),
                                           sa["encap-dport"])
                                          for sa in lab.esp.sas(direction="out")),
                     [(False, OTHER, NATT), (True, PEER[4], OTHER_PORT)])
    return faults + unlike("to where a batch makes one", lab.esp.error(
        lab.esp.batch, ("sa-del", {"direction": "out", "spi": out, "dst": OTHER}),
        ("sa-set", {"direction": "out", "spi": out, "dst": PEER[4], "peer": OTHER}),
        ("sa-new", lab.sa("out", out, GCM, natt=True, dst=OTHER)))[1],
        "there is an SA of this SPI already")


def soft_once(lab):
    """A soft lifetime is told once, whatever else is changed of the SA."""
    out, _ = lab.pair(natt=True, **{"soft-packets": 1, "hard-packets": 100})
    lab.leaves()
    faults = unlike("told", len(lab.told("soft-expiry")), 1)
    lab.esp.do("sa-set", direction="out", spi=out, dst=PEER[4], peer=OTHER)
    lab.leaves()
    faults += unlike("told after a move", lab.told("soft-expiry"), [])
    lab.esp.do("sa-set", direction="out", spi=out, dst=OTHER, soft_packets=3)
    lab.leaves()
    return faults + unlike("of another lifetime", len(lab.told("soft-expiry")), 1)


# What is changed of the configuration, how it is taken back, and whether SAs go.
CHANGES = (
    ("another peer beside it", ("map-set", {"peer": [OTHER, PEER[4]]}), False),
    ("another peer", ("map-set", {"peer": [OTHER]}), True),
    ("another transform set beside it", ("map-set", {"transform-set": ["other", "tunnel"]}), False),
    ("another transform set", ("map-set", {"transform-set": ["other"]}), True),
    ("session keys", ("map-set", {"kind": "manual"}), True),
    ("PFS and lifetimes", ("map-set", {"pfs": 14, "lifetime-seconds": 300}), False),
    ("no access list", ("map-set", {"acl": ""}), True),
    ("another cipher of its transform set", ("transform-set-set", {"key-bits": 256}), True),
    ("transport mode of its transform set", ("transform-set-set", {"mode": "transport"}), True),
    ("its line is wider", ("acl-set", {"dst": "20.0.0.0", "dst-mask": "255.0.0.0"}), False),
    ("its line is elsewhere", ("acl-set", {"dst": "20.9.0.0"}), True),
    ("its line denies", ("acl-set", {"action": "deny"}), True),
)
KEYS = {"map-set": {"name": "vpn", "number": TUNNEL}, "transform-set-set": {"name": "tunnel"},
        "acl-set": {"name": "tunnel", "number": 41}}
BACK = {"map-set": {"peer": [PEER[4]], "transform-set": ["tunnel"], "kind": "isakmp", "pfs": 0,
                    "lifetime-seconds": 0, "acl": "tunnel"},
        "transform-set-set": {"key-bits": 128, "mode": "tunnel"},
        "acl-set": {"dst": "20.1.0.0", "dst-mask": "255.255.0.0", "action": "permit"}}


def fit(lab):
    """An SA goes when a change of its entry makes it wrong, and at no other."""
    lab.esp.do("transform-set-new", name="other", cipher="chacha20-poly1305")
    faults = []
    for what, (operation, change), goes in CHANGES:
        lab.pair(selector=[line(HOST_NET[4], "20.1.2.0/24")])
        lab.esp.do(operation, **KEYS[operation], **{
            name: value for name, value in change.items()})
        faults += unlike(f"{what}: SAs", len(lab.esp.sas()), 0 if goes else 2)
        lab.esp.do(operation, **KEYS[operation], **BACK[operation])
    lab.pair(selector=[line(HOST_NET[4], "20.1.2.0/24")])
    lab.esp.do("acl-new", name="tunnel", number=1, action="deny",
               **line(HOST_NET[4], "20.1.2.128/25"))
    faults += unlike("a line denies a part: SAs", len(lab.esp.sas()), 0)
    lab.pair(selector=[line(HOST_NET[4], "20.1.3.0/24")])
    lab.esp.do("acl-del", name="tunnel", number=1)
    lab.esp.do("acl-del", name="tunnel", number=40)
    faults += unlike("lines beside it: SAs", len(lab.esp.sas()), 2)
    lab.esp.batch(("map-set", {**KEYS["map-set"], "peer": [OTHER]}),
                  ("map-set", {**KEYS["map-set"], "peer": [PEER[4]]}))
    faults += unlike("changed and changed back: SAs", len(lab.esp.sas()), 2)
    lab.esp.do("sa-set", direction="out", spi=lab.SPI_OUT + lab.serial, dst=PEER[4], peer=OTHER)
    lab.esp.do("map-set", **KEYS["map-set"], pfs=14)
    return faults + unlike("of a peer that has moved: SAs", len(lab.esp.sas()), 2)


TESTS = (mapping, moved, soft_once, fit)


def main():
    report = Report(len(TESTS))
    with Topology() as topology:
        lab = Lab(topology)
        for test in TESTS:
            report.run(test.__doc__.split(";", maxsplit=1)[0].rstrip("."), test, lab)
    report.end()


if __name__ == "__main__":
    main()
