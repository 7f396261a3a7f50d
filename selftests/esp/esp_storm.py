#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: smp=2 kernels=debug timeout=7200
"""What must not get a word out of the debug kernel: thousands of wrong packets,
each of them accounted for; memory that is short; and all that can be removed,
removed and made again with packets on every processor."""

import os
import random
import select
import socket
import struct

import mutate
import openssl
from esplab import (DEVICE, FAMILY, GATEWAY, GCM, GUARD, HOST, HOST_NET, NATT, PEER, PEER_NET,
                    TUNNEL, Client, Esp, Hang, Report, Site, Topology, added, batch, line,
                    sa_drops, sh, wait)
from flood import Flood, side_by_side
from gateway import HANGS, mac_bytes
from packets import ESP, ethernet, ip, ip_of, protocol_of, udp

# More for a long run: see Documentation/testing.md
PACKETS = int(os.environ.get("PACKETS", "300"))
ROUNDS = int(os.environ.get("ROUNDS", "1"))
SEED = int(os.environ.get("SEED", "4303"))
SENDERS = 2
MARK = b"none of the wire's business"
BACKLOG = "/proc/sys/net/core/netdev_max_backlog"
FAILSLAB = "/sys/kernel/debug/failslab"


def put(path, value):
    """Returns what was there."""
    with open(path, encoding="ascii") as file:
        before = file.read().strip()
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))
    return before


def elsewhere(topology):
    """Hooks that are there all the time: without them the kernel would patch its
    code under traffic, of which QEMU's TCG may go on executing what it was."""
    space = topology.add("elsewhere")
    space.sh("ip link add eth0 type dummy; ip link set eth0 up")
    Esp(space).do("binding-new", ifname="eth0", map="none")


# -- wrong packets -----------------------------------------------------------------

class Wrong(Site):
    """SAs of every kind, and a peer that sends what it should not."""

    def __init__(self, topology):
        # whatever is added to a packet, it can be sent
        super().__init__(topology, mtu=9000)
        self.configure()
        self.macs = self.peer.mac("eth0"), self.gateway.mac("eth0")
        self.line = self.peer.inside(socket.socket, socket.AF_PACKET, socket.SOCK_RAW)
        self.line.bind(("eth0", 0))
        # fragments of packets that never get whole are not to push out the others
        self.gateway.sh("sysctl -qw net.ipv4.ipfrag_high_thresh=67108864 "
                        "net.ipv6.ip6frag_high_thresh=67108864")
        self.spis = range(self.SPI_IN, self.SPI_IN + len(mutate.SAS))
        for spi, (algorithm, mode, outer, natt, esn, window) in zip(self.spis, mutate.SAS):
            self.esp.do("sa-new", **self.sa("in", spi, algorithm, outer, mode, natt, esn=int(esn),
                                            **{"replay-window": window}))

    def streams(self, sender=0, senders=1):
        return [mutate.Stream(spi, sender, senders, *kind)
                for spi, kind in zip(self.spis, mutate.SAS)]

    def send(self, packet):
        # what is shorter than the header of any protocol is not passed on
        self.line.send(ethernet(*self.macs, packet) if packet else b"\0" * 14)

    def storm(self, number, counted):
        """What one of several senders does. [(SPI, packets)], frames"""
        rng = random.Random(f"{SEED} {number} {counted}")
        streams = self.streams(number, SENDERS)
        sent = {stream.spi: 0 for stream in streams}
        frames = 0
        for _ in range(PACKETS // 2 // SENDERS):
            stream = rng.choice(streams)
            for packet in stream.counted(rng) if counted else stream.garbled(rng):
                self.send(packet)
                frames += 1
            sent[stream.spi] += 1
        return [*sent.items()], frames

    def accounts(self):
        """{SPI: packets that passed or were dropped}"""
        return {sa["spi"]: sa["packets"] + sum(sa_drops(sa).values())
                for sa in self.esp.sas(direction="in")}


def with_backlog(function):
    """Nothing gets lost between the two ends of a cable."""
    before = put(BACKLOG, 1000000)
    try:
        return function()
    finally:
        put(BACKLOG, before)


def all_accounted(lab):
    """Each packet that meets an SA has passed or was dropped there, once."""
    before, drops = lab.accounts(), lab.esp.drops()
    results = with_backlog(lambda: side_by_side(lambda number: lab.storm(number, True), SENDERS))
    sent = dict.fromkeys(lab.spis, 0)
    for by_sa, _ in results:
        for spi, count in by_sa:
            sent[spi] += count

    def passed():
        return added(before, lab.accounts())
    faults = []
    try:
        wait(lambda: sum(passed().values()) >= sum(sent.values()), "all are accounted for",
             hangs=60)
    except Hang:
        pass
    got = passed()
    faults += [f"SPI {spi:#x} {mutate.SAS[spi - lab.SPI_IN][1:]}: {sent[spi]} sent, "
               f"{got.get(spi, 0)} accounted for" for spi in lab.spis if sent[spi] != got.get(spi, 0)]
    reasons = added(drops, lab.esp.drops())
    # the storm is what it is said to be
    missing = {"bad-icv", "bad-padding", "truncated", "bad-next-header", "bad-inner", "wrong-selector",
               "dummy", "replayed", "too-old"} - reasons.keys()
    if missing:
        faults.append(f"no packet was dropped for {missing}: {reasons}")
    return faults


def nothing_invented(lab):
    """Of what is wrong from the outer header on, no more is counted than was sent."""
    before = lab.accounts()
    results = with_backlog(lambda: side_by_side(lambda number: lab.storm(number, False), SENDERS))
    frames = sum(count for _, count in results)
    got = sum(added(before, lab.accounts()).values())
    return [] if 0 < got <= frames else [f"{got} are counted, of {frames}"]


def right_ones_pass(lab):
    """On each of the SAs."""
    # numbers that nobody has had
    first = mutate.FIRST + PACKETS * 2
    for sock in lab.traffic.udp.values():
        sock.setblocking(False)
    faults = []
    for stream in lab.streams():
        stream.seq = first
        data = b"right on %x" % stream.spi
        name = "host" if stream.mode == "tunnel" else "gateway"
        before = lab.esp.drops()
        lab.send(stream.packet(stream.seal(*stream.good(data))))
        if not arrives(lab.traffic.udp[name, stream.outer], data, lambda before=before: added(
                before, lab.esp.drops())):
            faults.append(f"SPI {stream.spi:#x}: dropped: {added(before, lab.esp.drops())}")
    return faults


def arrives(sock, data, dropped):
    """What else came before it is passed over."""
    waited = 0
    while waited < HANGS:
        if select.select([sock], [], [], 0.5)[0]:
            try:
                if sock.recv(65536) == data:
                    return True
            except BlockingIOError:
                # what made it ready had a wrong checksum, which is looked at only now
                pass
            continue
        if dropped():
            return False
        waited += 0.5
    raise Hang(f"{data} is not there")


# -- memory is short ---------------------------------------------------------------

class Short(Site):
    """A peer with XFRM, traffic both ways; captures make packets that are shared, which
    have to be copied."""

    def __init__(self, topology):
        super().__init__(topology)
        self.configure(transport=False)
        self.mac = mac_bytes(self.wire.mac)
        self.inside = self.gateway.inside(socket.socket, socket.AF_PACKET, socket.SOCK_RAW,
                                          socket.htons(3))
        self.inside.bind(("eth1", 0))
        # nobody reads it
        self.inside.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sends = []
        for version in self.versions:
            far = self.peer.inside(self._socket, version, DEVICE)
            near = self.host.inside(self._socket, version, HOST)
            for size in (1, 200, 1200):
                data = MARK + b"x" * size
                self.sends += [(near, data, (DEVICE[version], 9)), (near, data, (GUARD[version], 9)),
                               (far, data, (HOST[version], 9))]

    @staticmethod
    def _socket(version, address):
        sock = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
        sock.bind((address[version], 0))
        return sock

    def in_clear(self):
        self.wire.pull()
        frames, self.wire.heard = self.wire.heard, []
        esp = sum(protocol_of(packet) == ESP for packet in map(ip_of, frames) if packet)
        return esp, [f"in clear: {frame[:80].hex()}" for frame in frames
                     if MARK in frame and frame[6:12] == self.mac][:3]


def short_of_memory(lab):
    """One allocation in ten that must not wait fails, of everything in the kernel."""
    if not os.path.isdir(FAILSLAB):
        return ["the kernel has no failslab"]
    faults = []
    spis = lab.connect(GCM)
    lab.in_clear()
    before = {spi: sa_drops(lab.esp.sa(direction, spi))
              for direction, spi in zip(("out", "in"), spis)}

    def dropped():
        return {spi: added(before[spi], sa_drops(lab.esp.sa(direction, spi)))
                for direction, spi in zip(("out", "in"), spis)}
    peer_before = lab.xfrm.errors()
    settings = {"task-filter": "N", "ignore-gfp-wait": "Y", "verbose": 0, "interval": 1,
                "times": -1, "space": 0}
    old = {name: put(f"{FAILSLAB}/{name}", value) for name, value in settings.items()}
    flood = Flood(lab.sends, lab.sends)
    try:
        flood.go()
        flood.more(1)
        for _ in range(50):
            put(f"{FAILSLAB}/probability", 10)
            flood.more(10)
            put(f"{FAILSLAB}/probability", 0)
            if all(drops.get("no-memory", 0) > 10 for drops in dropped().values()):
                break
        flood.more(1)
    finally:
        put(f"{FAILSLAB}/probability", 0)
        flood.stop()
        for name, value in old.items():
            put(f"{FAILSLAB}/{name}", value)
    faults += [f"SPI {spi:#x}: dropped: {drops}" for spi, drops in dropped().items()
               if not drops.get("no-memory")]
    esp, clear = lab.in_clear()
    if esp < 100:
        faults.append(f"only {esp} packets of ESP")
    # captures miss what there was no memory for; of these, the peer's policies know
    refused = {name: count for name, count in added(peer_before, lab.xfrm.errors()).items()
               if name in ("XfrmInNoPols", "XfrmInTmplMismatch", "XfrmInPolBlock")}
    if refused:
        faults.append(f"in clear at the peer: {refused}")
    # the same SAs go on
    lab.traffic.drain()
    for version in lab.versions:
        lab.traffic.exchange(version, (1, 1000), DEVICE[version])
        lab.traffic.exchange(version, (1, 1000), GUARD[version])
    lab.disconnect()
    return faults + clear


# -- removed and made again --------------------------------------------------------

class Again:
    """A gateway with manual keys between two ends that send all the time; it can be
    made anew in whole and in part."""

    # what a keying daemon makes SAs for, and what those of a dynamic map's are for
    KEYED, CLIENT, FAR = "20.2.7.2", "20.2.8.2", "20.2.0.0/16"
    CLIENT_OUT, CLIENT_IN = 0x7001, 0x7002
    HOST_MAC, PEER_MAC = "02:00:00:00:00:02", "02:00:00:00:00:03"
    INSIDE_MAC, OUTSIDE_MAC = "02:00:00:00:00:12", "02:00:00:00:00:13"
    OUT, IN = 0x5001, 0x5002

    def __init__(self, topology):
        self.topology = topology
        self.host, self.peer = topology.add("host2", "peer2")
        self.gateway = self.esp = self.daemon = None

    def _cable(self, ifname, other, mac, other_mac):
        # the other end of the one before goes some time after it
        wait(lambda: not any(link["ifname"] == "eth0" for link in other.json("link")),
             "the old cable is gone")
        sh(f"ip link add {ifname} netns {self.gateway.name} address {mac} type veth "
           f"peer name eth0 address {other_mac} netns {other.name}")
        batch(other, ["link set eth0 up"])

    def inside(self):
        self._cable("eth1", self.host, self.INSIDE_MAC, self.HOST_MAC)
        batch(self.gateway, ["link set eth1 up"] + [
            f"{command} dev eth1" for version, bits in ((4, 24), (6, 64))
            for command in (f"addr add {'10.1.1.1' if version == 4 else '2001:db8:1::1'}/{bits}",
                            f"neigh replace {HOST[version]} lladdr {self.HOST_MAC}")])

    def outside(self):
        self._cable("eth0", self.peer, self.OUTSIDE_MAC, self.PEER_MAC)
        batch(self.gateway, ["link set eth0 up"] + [
            f"{command} dev eth0" for version, bits in ((4, 24), (6, 64))
            for command in (f"addr add {GATEWAY[version]}/{bits}" + " nodad" * (version == 6),
                            f"neigh replace {PEER[version]} lladdr {self.PEER_MAC}")] + [
            f"route replace {network(GUARD, version)} via {PEER[version]}" for version in (4, 6)] + [
            f"route replace {self.FAR} via {PEER[4]}"])

    def entry(self, out=OUT, into=IN):
        return {"name": "vpn", "number": TUNNEL, "kind": "manual", "peer": [PEER[4]],
                "transform-set": ["t"], "acl": "all", "session-key-in": GCM.session_key(into),
                "session-key-out": GCM.session_key(out)}

    def lines(self):
        return [("acl-new", {"name": "all", "number": version, "action": "permit",
                             **line(HOST_NET[version], PEER_NET[version])}) for version in (4, 6)]

    def bind(self):
        self.esp.do("binding-new", ifname="eth0", map="vpn")
        self.routes()

    def routes(self):
        device = self.esp.do("binding-get", ifname="eth0")["device"]
        batch(self.gateway, [f"route replace {network(DEVICE, version)} dev {device}"
                             for version in (4, 6)])

    def make(self):
        self.gateway = self.topology.add("gw2")
        self.gateway.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                        "net.ipv6.conf.default.disable_ipv6=0 net.ipv4.ip_forward=1 "
                        "net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.forwarding=1")
        self.inside()
        self.outside()
        self.esp = Esp(self.gateway)
        self.esp.batch(("transform-set-new", {"name": "t", **GCM.transform_set()}),
                       *self.lines(), ("map-new", self.entry()), *self.keyed())
        self.bind()
        self.clients()
        # nobody reads it
        self.daemon = Client(self.gateway)
        self.daemon.subscribe("events")

    def keyed(self):
        """Entries whose SAs come from somebody else."""
        return [("acl-new", {"name": "keyed", "number": 1, "action": "permit",
                             **line(HOST_NET[4], f"{self.KEYED}/32")}),
                ("map-new", {"name": "vpn", "number": 30, "kind": "isakmp", "peer": [PEER[4]],
                             "transform-set": ["t"], "acl": "keyed"}),
                ("dynamic-map-new", {"name": "clients", "number": 1, "transform-set": ["t"]}),
                ("map-new", {"name": "vpn", "number": 40, "kind": "isakmp", "dynamic": "clients"})]

    def clients(self):
        """SAs of the dynamic map; what comes in may be sent again."""
        common = {"ifname": "eth0", "map": "vpn", "number": 40, "dynamic-number": 1,
                  "mode": "tunnel", "encap-sport": NATT, "encap-dport": NATT, "replay-window": 0,
                  "selector": [line(HOST_NET[4], f"{self.CLIENT}/32")], **GCM.attributes()}
        self.esp.batch(*[("sa-new", {**common, "direction": way, "spi": spi, "src": src,
                                     "dst": dst})
                         for way, spi, src, dst in (
                             ("out", self.CLIENT_OUT, GATEWAY[4], PEER[4]),
                             ("in", self.CLIENT_IN, PEER[4], GATEWAY[4]))])

    def destroy(self):
        """What has a socket there would keep the namespace."""
        self.daemon.ynl.sock.sock.close()
        self.esp.ynl.sock.close()
        self.topology.namespaces.remove(self.gateway)
        self.gateway.delete()

    # -- what both ends send -----------------------------------------------------------

    def sends(self):
        """From the host what is to be protected; from the peer what is right once after
        each key, streams that GRO holds, clear text, and wrong ones."""
        host, peer = (space.inside(socket.socket, socket.AF_PACKET, socket.SOCK_RAW)
                      for space in (self.host, self.peer))
        stream = mutate.Stream(self.IN, 0, 1, GCM, "tunnel", 4, False, False, 64)
        stream.seq = 0
        stream.whole = stream.seal(*stream.good(b"whole"))
        frames = []
        for version in (4, 6):
            for number, target in enumerate((DEVICE, GUARD) * 4):
                frames.append((host, ethernet(self.HOST_MAC, self.INSIDE_MAC, udp(
                    HOST[version], target[version], 9, 9, MARK + b"x" * 100 * number))))
            for number in range(20):
                inner = (tcp(version, number * 400) if number % 2 else
                         udp(DEVICE[version], HOST[version], 9, 9, MARK))
                frames.append((peer, self._from_peer(stream.packet(
                    stream.seal(inner, mutate.INNER[version])))))
            frames.append((peer, self._from_peer(udp(DEVICE[version], HOST[version], 9, 9, MARK))))
        # the same from one port and another, as of a peer that moves all the time
        client = openssl.Esp(GCM).make(self.CLIENT_IN, 5, udp(self.CLIENT, HOST[4], 9, 9, MARK))
        for target, port in ((self.KEYED, NATT), (self.CLIENT, NATT + 1)) * 4:
            frames += [(host, ethernet(self.HOST_MAC, self.INSIDE_MAC,
                                       udp(HOST[4], target, 9, 9, MARK))),
                       (peer, self._from_peer(udp(PEER[4], GATEWAY[4], port, NATT, client)))]
        frames += [(peer, self._from_peer(packet)) for packet in stream.fragments(
            stream.seal(*stream.good(b"y" * 500)), [10, 20])]
        rng = random.Random(SEED)
        frames += [(peer, self._from_peer(stream.packet(stream.behind_spi(rng))))
                   for _ in range(10)]
        return [(sock, frame, ("eth0", 0)) for sock, frame in frames]

    def _from_peer(self, packet):
        return ethernet(self.PEER_MAC, self.OUTSIDE_MAC, packet)

    def works(self, what):
        """Packets pass both ways."""
        def passing():
            sas = self.esp.sas(manual=1)
            return {sa["direction"] for sa in sas if sa["packets"]} == {"in", "out"}
        wait(passing, f"packets pass both ways again: {what}")


def network(where, version):
    address = where[version]
    return f"{address[:-1]}0/24" if version == 4 else f"{address[:-1]}/64"


def tcp(version, seq):
    """A segment of a stream, from behind the peer; its checksum is not looked at
    before a socket does."""
    header = struct.pack("!HHIIHHHH", 1024, 1025, seq, 1, 0x5010, 0xffff, 0, 0)
    return ip(DEVICE[version], HOST[version], socket.IPPROTO_TCP, header + b"z" * 400)


def removals(lab):
    """(what, function)"""
    def sas():
        for _ in range(5):
            lab.esp.do("esp-clear")

    def one_sa():
        """One after the other, beside those that are there."""
        for number in range(10):
            lab.esp.do("sa-new", ifname="eth0", map="vpn", number=TUNNEL, direction="out",
                       spi=0x6000 + number, src=GATEWAY[4], dst=PEER[4], mode="tunnel",
                       **GCM.attributes())
            if number:
                lab.esp.do("sa-del", direction="out", spi=0x5fff + number, dst=PEER[4])
        lab.esp.do("sa-del", direction="out", spi=0x6009, dst=PEER[4])

    def held():
        """Packets wait for SAs that come and go; and the entry goes with those that wait."""
        for number in range(10):
            lab.esp.do("sa-new", ifname="eth0", map="vpn", number=30, direction="out",
                       spi=0x6100 + number, src=GATEWAY[4], dst=PEER[4], mode="tunnel",
                       **GCM.attributes())
            lab.esp.do("sa-del", direction="out", spi=0x6100 + number, dst=PEER[4])
        for _ in range(3):
            lab.esp.do("map-del", name="vpn", number=30)
            lab.esp.batch(lab.keyed()[1])

    def moves():
        """There and back."""
        for number in range(10):
            here, there = (PEER[4], "172.16.1.77")[::1 if number % 2 == 0 else -1]
            lab.esp.batch(("sa-set", {"direction": "out", "spi": lab.CLIENT_OUT, "dst": here,
                                      "peer": there, "encap-dport": NATT + number}),
                          ("sa-set", {"direction": "in", "spi": lab.CLIENT_IN, "dst": GATEWAY[4],
                                      "peer": there, "encap-sport": NATT + number}))

    def dynamic():
        for _ in range(3):
            lab.esp.do("dynamic-map-del", name="clients", number=1)
            lab.esp.do("dynamic-map-new", name="clients", number=1, transform_set=["t"])
            lab.clients()

    def keys():
        for number in range(5):
            lab.esp.do("map-set", **lab.entry(lab.OUT + 2 * number + 2))
        lab.esp.do("map-set", **lab.entry())

    def entry():
        for _ in range(5):
            lab.esp.do("map-del", name="vpn", number=TUNNEL)
            lab.esp.do("map-new", **lab.entry())

    def lines():
        for _ in range(3):
            for _, attributes in lab.lines():
                lab.esp.do("acl-del", name="all", number=attributes["number"])
            lab.esp.batch(*lab.lines())

    def binding():
        for _ in range(3):
            lab.esp.do("binding-del", ifname="eth0")
            lab.bind()

    def device_down():
        device = lab.esp.do("binding-get", ifname="eth0")["device"]
        for _ in range(3):
            batch(lab.gateway, [f"link set {device} down", f"link set {device} up"])
        lab.routes()

    def outer_interface():
        lab.gateway.ip("link del eth0")
        lab.outside()

    def inner_interface():
        lab.gateway.ip("link del eth1")
        lab.inside()

    def namespace():
        lab.destroy()
        lab.make()

    return (("the peer of SAs", moves), ("the dynamic map", dynamic),
            ("SAs that packets wait for", held), ("SAs", sas),
            ("one SA beside another", one_sa), ("session keys", keys),
            ("the entry of the map", entry), ("lines of the access list", lines),
            ("the binding", binding), ("the tunnel device goes down", device_down),
            ("the bound interface", outer_interface), ("the other interface", inner_interface),
            ("the namespace", namespace))


def again(lab, flood, what, remove):
    for number in range(ROUNDS):
        flood.more()
        remove()
        flood.more()
        lab.works(f"{what}, round {number}")


def main():
    names = [what for what, _ in removals(None)]
    report = Report(4 + len(names))
    with Topology() as topology:
        elsewhere(topology)
        lab = Wrong(topology)
        report.run(f"{PACKETS // 2} packets wrong inside or behind the SPI: each is accounted for",
                   all_accounted, lab)
        report.run(f"{PACKETS // 2} packets wrong from the outer header on", nothing_invented, lab)
        report.run("right packets still pass on each SA", right_ones_pass, lab)
    with Topology() as topology:
        elsewhere(topology)
        report.run("drop no-memory, invariant 1: short of memory, nothing in clear, and on it goes",
                   short_of_memory, Short(topology))
    with Topology() as topology:
        elsewhere(topology)
        lab = Again(topology)
        sends = lab.sends()
        # before the gateway is there: they are to keep nothing of it
        flood = Flood(sends, sends)
        try:
            lab.make()
            flood.go()
            for what, remove in removals(lab):
                report.run(f"removed and made again under traffic: {what}", again, lab, flood, what,
                           remove)
        finally:
            flood.stop()
    report.end()


if __name__ == "__main__":
    main()
