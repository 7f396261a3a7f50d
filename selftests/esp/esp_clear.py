#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Whatever happens to keys, maps and interfaces, nothing that the map protects is
seen in clear, no IV twice, and nothing is left behind: from captures of every
wire, with traffic running all the time."""

import json
import socket
import struct
import threading

import xfrm
from esplab import (BITS, DEVICE, DENIED, FAMILY, GATEWAY, GCM, GUARD, HOST, HOST_NET, PEER, TUNNEL,
                    Algorithm, Esp, Report, Site, Topology, added, batch, sh, wait)
from gateway import mac_bytes
from packets import ESP, ip_of, payload_of, protocol_of

MARK = b"none of the wire's business"
OTHER = Algorithm("aes-gcm", 256)


class Traffic(threading.Thread):
    """Datagrams both ways until it is stopped; it does not mind what gets there."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.over, self.rounds = site, threading.Event(), 0
        self.inside = {version: site.peer.inside(self._inside, version)
                       for version in site.versions}
        self.start()

    @staticmethod
    def _inside(version):
        """A socket of what is behind the peer."""
        sock = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
        sock.bind((DEVICE[version], 0))
        return sock

    def run(self):
        udp = self.site.traffic.udp
        while not self.over.is_set():
            for version in self.site.versions:
                for target in (DEVICE, GUARD):
                    self._send(udp["host", version], (target[version], 9))
                self._send(self.inside[version], (HOST[version], 9))
            self.rounds += 1

    @staticmethod
    def _send(sock, target):
        try:
            sock.sendto(MARK, target)
        except OSError:
            # no route, no SA, nobody at home: as it may be
            pass

    def more(self, rounds=20):
        """Waits until so much more has been sent."""
        wanted = self.rounds + rounds
        wait(lambda: self.rounds >= wanted, "traffic goes on", pause=0.01)

    def stop(self):
        self.over.set()
        self.join()
        for sock in self.inside.values():
            sock.close()


def in_clear(lab, frames):
    """What the gateway has sent in clear."""
    return [f"in clear: {frame.hex()}" for frame in frames
            if MARK in frame and frame[6:12] == lab.mac][:3]


def esp_of(frames):
    """ESP packets that the gateway has sent."""
    found = []
    for frame in frames:
        packet = ip_of(frame)
        if packet and protocol_of(packet) == ESP and packet[0] >> 4 == 4 and (
                packet[12:16] == bytes(map(int, GATEWAY[4].split(".")))):
            found.append(payload_of(packet))
    return found


class Lab(Site):
    """Captures the wire at the gateway: at the peer a tap would see what XFRM has
    decrypted."""

    def __init__(self, topology):
        super().__init__(topology)
        self.sent = []
        self.mac = mac_bytes(self.wire.mac)
        # Hooks that are there all the time: without them the kernel would patch its
        # code under traffic, of which QEMU's TCG may go on executing what it was.
        elsewhere = topology.add("elsewhere")
        elsewhere.sh("ip link add eth0 type dummy; ip link set eth0 up")
        Esp(elsewhere).do("binding-new", ifname="eth0", map="none")
        # an interface that goes down keeps its addresses
        self.gateway.sh("sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=1")

    def pull(self):
        """What has been on the wire since the last time."""
        self.wire.pull()
        frames, self.wire.heard = self.wire.heard, []
        self.sent += esp_of(frames)
        return frames


# -- invariant 1 -------------------------------------------------------------

def stages(lab):
    """(what, function): each changes something under traffic."""
    def manual(out, into):
        return ("map-set", {"name": "vpn", "number": TUNNEL, "kind": "manual",
                            "session-key-in": GCM.session_key(into),
                            "session-key-out": GCM.session_key(out)})

    def keying():
        return ("map-set", {"name": "vpn", "number": TUNNEL, "session-key-in": {},
                            "session-key-out": {}, "kind": "isakmp"})

    def key_changes():
        for _ in range(10):
            lab.connect(OTHER)
            lab.connect(GCM)

    def deletions():
        for _ in range(10):
            lab.connect(GCM)
            lab.esp.do("esp-clear")

    def expiry():
        for _ in range(5):
            spis = lab.connect(GCM, **{"hard-packets": 5})
            wait(lambda spis=spis: lab.esp.sa("out", spis[0])["state"] == "dead", "the SA ends")

    def session_keys():
        lab.esp.batch(manual(0x3001, 0x3002))
        lab.esp.batch(manual(0x3003, 0x3004))
        lab.esp.batch(keying())

    def incomplete():
        """An entry that lacks something protects all the same."""
        lab.connect(GCM)
        lab.esp.do("map-set", name="vpn", number=TUNNEL, transform_set=[""])
        lab.esp.do("esp-clear")
        lab.esp.do("map-set", name="vpn", number=TUNNEL, transform_set=["tunnel"])

    def other_map():
        """Another map of the same access list, and back."""
        lab.esp.batch(("map-new", {"name": "other", "number": 5, "kind": "isakmp",
                                   "peer": [PEER[4]], "transform-set": ["tunnel"],
                                   "acl": "tunnel"}),
                      ("binding-set", {"ifname": "eth0", "map": "other"}))
        lab.esp.batch(("binding-set", {"ifname": "eth0", "map": "vpn"}),
                      ("map-del", {"name": "other", "number": 5}))

    def standby():
        lab.connect(GCM)
        lab.esp.do("group-new", ifname="eth1", number=1, name="HA")
        lab.esp.do("binding-set", ifname="eth0", redundancy="HA")
        lab.esp.do("binding-set", ifname="eth0", redundancy="")
        lab.esp.do("interface-del", ifname="eth1")

    def device_down():
        lab.connect(GCM)
        batch(lab.gateway, [f"link set {lab.device} down", f"link set {lab.device} up"])
        lab.routes()

    def interface_down():
        lab.connect(GCM)
        batch(lab.gateway, ["link set eth0 down", "link set eth0 up"])
        lab.gateway_routes()

    return (("before the first SA", lambda: None), ("set-up and key change", key_changes),
            ("SAs are deleted", deletions), ("SAs expire", expiry),
            ("session keys come and go", session_keys),
            ("the entry is not complete", incomplete),
            ("another map takes its place", other_map), ("standby", standby),
            ("the tunnel device goes down", device_down),
            ("the interface goes down", interface_down))


def never_in_clear(lab, stage):
    lab.pull()
    before = lab.esp.drops()
    traffic = Traffic(lab)
    try:
        traffic.more()
        stage()
        traffic.more()
    finally:
        traffic.stop()
    lab.disconnect()
    faults = in_clear(lab, lab.pull())
    # what was not sent was dropped for a reason
    if not added(before, lab.esp.drops()).keys() & {"no-sa", "expired", "standby", "no-route",
                                                    "no-endpoint"} and stage.__name__ != "expiry":
        faults.append(f"nothing was dropped: {added(before, lab.esp.drops())}")
    return faults


def unbound(lab):
    """The capture does see what is in clear: without the map all of it is."""
    lab.xfrm.flush()
    lab.pull()
    lab.esp.do("binding-del", ifname="eth0")
    traffic = Traffic(lab)
    try:
        traffic.more()
    finally:
        traffic.stop()
    seen = in_clear(lab, lab.pull())
    lab.esp.do("binding-new", ifname="eth0", map="vpn")
    lab.routes()
    return () if seen else ["the capture does not see packets in clear"]


# -- invariant 2 -------------------------------------------------------------

def no_iv_twice(lab):
    """Of counter modes, with the same key and SPI again and again."""
    lab.pull()
    lab.sent.clear()
    keys = {"session-key-in": GCM.session_key(0x3002), "session-key-out": GCM.session_key(0x3001)}
    entry = {"name": "vpn", "number": TUNNEL, "kind": "manual", "peer": [PEER[4]],
             "transform-set": ["tunnel"], "acl": "tunnel", **keys}
    traffic = Traffic(lab)
    try:
        for _ in range(5):
            lab.esp.batch(("map-del", {"name": "vpn", "number": TUNNEL}), ("map-new", entry))
            traffic.more(5)
            lab.esp.do("esp-clear")
            traffic.more(5)
            lab.esp.do("binding-del", ifname="eth0")
            lab.esp.do("binding-new", ifname="eth0", map="vpn")
            lab.routes()
            traffic.more(5)
    finally:
        traffic.stop()
    lab.esp.batch(("map-set", {"name": "vpn", "number": TUNNEL, "session-key-in": {},
                               "session-key-out": {}, "kind": "isakmp"}))
    lab.pull()
    pairs = [(esp[:4], esp[8:16]) for esp in lab.sent]
    faults = [] if len(pairs) > 50 else [f"only {len(pairs)} packets"]
    resets = sum(struct.unpack_from("!I", esp, 4)[0] == 1 for esp in lab.sent)
    if resets < 10:
        faults.append(f"sequence numbers began anew only {resets} times")
    return faults + ([f"{len(pairs) - len(set(pairs))} of {len(pairs)} pairs twice"]
                     if len(set(pairs)) != len(pairs) else [])


# -- invariant 6 -------------------------------------------------------------

def state_of(namespace):
    """Links, addresses, routes, hooks and IPsec of a namespace."""
    state = {}
    for what in ("link", "addr", "route", "-6 route", "rule", "maddr"):
        state[what] = namespace.json(what)
    state["hooks"] = namespace.sh("nft list hooks")
    state["xfrm"] = sh(f"ip -n {namespace.name} xfrm state; ip -n {namespace.name} xfrm policy")
    return {what: json.dumps(value, sort_keys=True) for what, value in state.items()}


def nothing_left(lab, topology):
    """Everything that was configured and removed again leaves what was before."""
    alone = topology.add("alone")
    alone.sh("ip link add eth0 type dummy; ip addr add 172.16.1.1/24 dev eth0; ip link set eth0 up")
    xfrm.Xfrm(alone).add_sa("172.16.1.1", "172.16.1.2", 0x7777, GCM)
    before = state_of(alone)
    esp = type(lab.esp)(alone)
    for _ in range(3):
        esp.batch(("transform-set-new", {"name": "t", **GCM.transform_set()}), *lab.lines(),
                  ("map-new", {"name": "vpn", "number": TUNNEL, "kind": "manual",
                               "peer": [PEER[4]], "transform-set": ["t"], "acl": "tunnel",
                               "session-key-in": GCM.session_key(0x3002),
                               "session-key-out": GCM.session_key(0x3001)}),
                  ("binding-new", {"ifname": "eth0", "map": "vpn"}))
        during = state_of(alone)
        esp.do("sa-new", **lab.sa("out", 0x4001, GCM))
        esp.batch(("binding-del", {"ifname": "eth0"}), ("map-del", {"name": "vpn",
                                                                   "number": TUNNEL}),
                  ("transform-set-del", {"name": "t"}),
                  *[("acl-del", {"name": attributes["name"], "number": attributes["number"]})
                    for _, attributes in lab.lines()])
    seen = [("link", "no device")]
    # 6.1 does not tell of hooks
    if not sh("modprobe nfnetlink_hook", check=False):
        seen.append(("hooks", "no hook"))
    faults = [f"{what}: {kind}" for what, kind in seen if before[what] == during[what]]
    for what, after in state_of(alone).items():
        if after != before[what]:
            faults.append(f"{what} was {before[what]}, is {after}")
    for kind in ("transform-set", "acl", "map", "binding", "sa"):
        faults += [f"{kind} is left: {one}" for one in esp.dump(f"{kind}-get")]
    return faults


def interface_gone(topology):
    """Removal of the interface takes SAs and hooks along; a new one of its name is
    taken up."""
    lone = topology.add("lone")
    esp = None
    faults = []
    for _ in range(3):
        lone.sh("ip link add eth0 type dummy; ip addr add 172.16.1.1/24 dev eth0; "
                "ip link set eth0 up")
        if not esp:
            esp = Esp(lone)
            esp.batch(("transform-set-new", {"name": "t", **GCM.transform_set()}),
                      ("map-new", {"name": "vpn", "number": TUNNEL, "kind": "manual",
                                   "peer": [PEER[4]], "transform-set": ["t"], "acl": "all",
                                   "session-key-in": GCM.session_key(0x3002),
                                   "session-key-out": GCM.session_key(0x3001)}),
                      ("acl-new", {"name": "all", "number": 1, "action": "permit",
                                   "protocol": 0, "src": HOST[4], "src-mask": b"\xff" * 4,
                                   "dst": DEVICE[4], "dst-mask": b"\xff" * 4}),
                      ("binding-new", {"ifname": "eth0", "map": "vpn"}))
        wait(lambda: esp.do("binding-get", ifname="eth0").get("problem") == "none" and
             len(esp.dump("sa-get")) == 2, "the map works")
        lone.ip("link del eth0")
        wait(lambda: esp.do("binding-get", ifname="eth0").get("problem") == "interface-absent" and
             not esp.dump("sa-get"), "the SAs are gone")
    esp.do("binding-del", ifname="eth0")
    left = [link["ifname"] for link in lone.json("link") if link["ifname"] != "lo"]
    return faults + [f"{name} is left" for name in left]


# -- beside XFRM, and what is not protected ------------------------------------

def beside_xfrm(lab):
    """The kernel's own IPsec on the gateway, for what our map denies."""
    lab.connect(GCM)
    own = xfrm.Xfrm(lab.gateway)
    ends = (GATEWAY[4], PEER[4])
    nets = (HOST_NET[4], f"{DENIED[4]}/{BITS[4]}")
    try:
        for side in (own, lab.xfrm):
            side.add_sa(*ends, 0x9001, OTHER, reqid=9)
            side.add_sa(*ends[::-1], 0x9002, OTHER, reqid=9)
        own.add_policy(xfrm.OUT, *nets, ends, 9)
        own.add_policy(xfrm.FWD, *nets[::-1], ends[::-1], 9)
        lab.xfrm.add_policy(xfrm.IN, *nets, ends, 9)
        lab.xfrm.add_policy(xfrm.OUT, *nets[::-1], ends[::-1], 9)
        lab.pull()
        for target in (DENIED, DEVICE, GUARD, DENIED):
            lab.traffic.exchange(4, (1, 1000), target[4])
            lab.traffic.stream(4, target[4], 10000)
        spis = {int.from_bytes(esp[:4], "big") for esp in esp_of(lab.pull())}
        return [] if len(spis) == 2 and 0x9001 in spis else [f"SPIs on the wire: {spis}"]
    finally:
        own.flush()
        lab.disconnect()


def denied(lab):
    """What a deny line takes out leaves in clear, and comes in so."""
    lab.connect(GCM)
    lab.pull()
    for version in (4, 6):
        lab.traffic.exchange(version, (1, 1000), DENIED[version])
    frames = lab.pull()
    clear = [frame for frame in frames if ip_of(frame) and protocol_of(ip_of(frame)) == 17]
    lab.disconnect()
    return [] if len(clear) == 8 and not esp_of(frames) else [f"{len(clear)} packets in clear, "
                                                             f"{len(esp_of(frames))} of ESP"]


# -- make before break -----------------------------------------------------------

def nothing_lost(lab, change):
    """Numbered datagrams both ways while something changes; all get there."""
    spis = lab.connect(GCM)
    before = lab.traffic.losses()
    near, far = lab.traffic.udp["host", 4], lab.traffic.udp["peer", 4]
    number = 0
    for step in change(lab, spis):
        for _ in range(30):
            number += 1
            data = b"%d" % number
            for target in (DEVICE, GUARD):
                near.sendto(data, (target[4], lab.traffic.ECHO))
                got, control, sender = lab.traffic.receive(far, before, f"{data} out, {step}")
                far.sendmsg([got], control, 0, sender)
                back = lab.traffic.receive(near, before, f"{data} back, {step}")[0]
                if back != data:
                    return [f"{step}: {back} rather than {data}"]
    lost = added(before, lab.traffic.losses())
    lab.disconnect()
    return [f"lost: {lost}"] if lost else []


def new_sas(lab, spis):
    """New SAs beside the old ones, then without these."""
    yield "before"
    for number in range(1, 11):
        new = tuple(spi + 0x100 * number for spi in spis)
        # inbound at both ends first, then outbound, then the old ones go
        lab.xfrm.add_sa(GATEWAY[4], PEER[4], new[0], GCM)
        lab.esp.do("sa-new", **lab.sa("in", new[1], GCM))
        yield f"{number}: inbound"
        lab.xfrm.add_sa(PEER[4], GATEWAY[4], new[1], GCM)
        lab.esp.batch(("sa-new", lab.sa("out", new[0], GCM)),
                      ("sa-del", {"direction": "out", "spi": spis[0], "dst": PEER[4]}))
        yield f"{number}: outbound"
        lab.xfrm.delete_sa(GATEWAY[4], spis[1])
        lab.esp.do("sa-del", direction="in", spi=spis[1], dst=GATEWAY[4])
        lab.xfrm.delete_sa(PEER[4], spis[0])
        yield f"{number}: old ones gone"
        spis = new


def new_lines(lab, _spis):
    """Lines of the access list, peers and the DF bit change; SAs stay."""
    yield "before"
    for number in range(1, 11):
        lab.esp.do("acl-new", name="tunnel", number=number, action="deny", protocol=0,
                   src=HOST[4], src_mask=b"\xff" * 4, dst="192.0.2.1", dst_mask=b"\xff" * 4)
        yield f"{number}: a line more"
        lab.esp.do("map-set", name="vpn", number=TUNNEL, peer=[PEER[4], "192.0.2.2"])
        yield f"{number}: a peer more"
        lab.esp.do("binding-set", ifname="eth0", df=("clear", "set", "copy")[number % 3])
        yield f"{number}: DF"
        lab.esp.batch(("acl-del", {"name": "tunnel", "number": number}),
                      ("map-set", {"name": "vpn", "number": TUNNEL, "peer": [PEER[4]]}))
        yield f"{number}: as before"
    lab.esp.do("binding-set", ifname="eth0", df="copy")


def main():
    with Topology() as topology:
        lab = Lab(topology)
        lab.configure(transport=False)
        tests = [(f"invariant 1: no protected packet in clear: {what}", never_in_clear, lab, stage)
                 for what, stage in stages(lab)]
        tests += [
            ("invariant 1: without a map there is clear text, and the capture sees it",
             unbound, lab),
            ("invariant 2: no IV twice with a key, however often its SA is made", no_iv_twice, lab),
            ("invariant 6: nothing is left of a map that was removed", nothing_left, lab,
             topology),
            ("invariant 6: nothing is left of an interface that was removed", interface_gone,
             topology),
            ("deny lines leave in clear", denied, lab),
            ("xfrm: SAs of the gateway's own kernel work beside ours", beside_xfrm, lab),
            ("xfrm: SAs replaced under traffic lose no packet", nothing_lost, lab, new_sas),
            ("xfrm: maps changed under traffic lose no packet", nothing_lost, lab, new_lines)]
        report = Report(len(tests))
        for what, function, *arguments in tests:
            report.run(what, function, *arguments)
    report.end()


if __name__ == "__main__":
    main()
