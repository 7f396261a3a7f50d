#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: smp=2 kernels=6.12,kcsan,(debug)
"""Ciphers that are late, busy or fail: what is late loses nothing and keeps its
order, what fails is counted by name, nothing leaves in clear and no IV twice, and
what is removed with packets under way lets go of everything. The ciphers are
those of the module esp_faulty, on our side only; the peer has XFRM."""

import errno
import os
import select
import socket

import faulty
from esplab import (CBC, DEVICE, FAMILY, GATEWAY, GCM, GUARD, HANGS, HOST, PEER, TUNNEL, Esp, Hang,
                    Report, Site, Topology, added, sa_drops, wait)
from gateway import mac_bytes
from packets import ESP, ip_of, payload_of, protocol_of

PORT = 7900
MARK = b"none of the wire's business "
# What the debug kernel takes ten times as long for is the same there: less of it.
DEBUG = os.environ.get("KERNEL") == "debug"
BURST = 30 if DEBUG else 150
# packets: by how many others one may be overtaken without being lost
WINDOW = 64

AT_ONCE, LATER, BUSY = {}, {"later": 1}, {"busy": 1}
ERRORS = {errno.EIO: "crypto-error", errno.ENOSPC: "crypto-error", errno.ENOMEM: "no-memory",
          errno.EBADMSG: "crypto-error"}


class Lab(Site):
    """The wire is captured at the gateway, both ends of the traffic are here."""

    def __init__(self, topology):
        super().__init__(topology)
        self.mac = mac_bytes(self.wire.mac)
        self.near = {version: self.host.inside(self._socket, version, HOST)
                     for version in self.versions}
        self.far = {(version, target is GUARD): self.peer.inside(self._socket, version, target)
                    for version in self.versions for target in (DEVICE, GUARD)}
        self.ivs, self.packets = set(), 0
        self.spis = None

    @staticmethod
    def _socket(version, address):
        sock = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.bind((address[version], PORT))
        return sock

    def xfrm_sas(self, *arguments, **more):
        """Only ours are of the faulty kind: they come next."""
        faulty.be(enrol=0)
        super().xfrm_sas(*arguments, **more)
        faulty.be(enrol=1)

    def pair(self, algorithm=GCM, *arguments, **more):
        self.spis = self.connect(algorithm, *arguments, **more)
        return self.spis

    def pull(self):
        """Faults of what the gateway has sent since the last time."""
        self.wire.pull()
        frames, self.wire.heard = self.wire.heard, []
        faults = []
        for frame in frames:
            if frame[6:12] != self.mac:
                continue
            if MARK in frame:
                faults.append(f"in clear: {frame[:80].hex()}")
            packet = ip_of(frame)
            if packet and protocol_of(packet) == ESP and not is_later_fragment(packet):
                esp = payload_of(packet)
                # GCM's is behind the header; CBC's are 16 bytes of the same place
                iv = esp[:4] + esp[8:16]
                if iv in self.ivs:
                    faults.append(f"an IV twice: {packet[:60].hex()}")
                self.ivs.add(iv)
                self.packets += 1
        return faults[:3]

    # -- bursts ----------------------------------------------------------------

    def send(self, count, version=4, guard=False):
        """So many numbered packets each way, none of which waits for another."""
        near, far = self.near[version], self.far[version, guard]
        for number in range(count):
            data = MARK + b"%d" % number
            near.sendto(data, (far.getsockname()[0], PORT))
            far.sendto(data, (HOST[version], PORT))

    def ends(self, version=4, guard=False):
        """(direction, socket) of who receives."""
        return ("out", self.far[version, guard]), ("in", self.near[version])

    def collect(self, sock, count, before):
        """Numbers of what has come: so many, or without what is counted as lost."""
        numbers, waited = [], 0
        while len(numbers) < count:
            if select.select([sock], [], [], 0.5)[0]:
                numbers.append(int(sock.recv(2048)[len(MARK):]))
                continue
            if added(before, self.traffic.losses()):
                break
            waited += 0.5
            if waited > HANGS:
                raise Hang(f"{len(numbers)} of {count} packets are there")
        return numbers

    def drain(self):
        for sock in (*self.near.values(), *self.far.values()):
            while select.select([sock], [], [], 0)[0]:
                sock.recv(2048)


def is_later_fragment(packet):
    return packet[0] >> 4 == 4 and bool(int.from_bytes(packet[6:8], "big") & 0x1fff)


def displaced(numbers):
    """How far the most overtaken packet is behind."""
    highest, most = -1, 0
    for number in numbers:
        highest = max(highest, number)
        most = max(most, highest - number)
    return most


# -- late ------------------------------------------------------------------------

def nothing_lost(lab, how, algorithm, outer=4, mode="tunnel", **more):
    """Bursts both ways, all lengths, and TCP."""
    # what is still under way takes the new SAs as soon as they are there
    requests = faulty.get("requests")
    lab.pair(algorithm, outer, mode, **more)
    faulty.be(**how)
    lab.pull()
    before = lab.traffic.losses()
    faults = []
    if mode == "transport":
        lab.traffic.exchange(4, (1, 100, 1400, 3000), PEER[4], "gateway")
        lab.traffic.stream(4, PEER[4], 20000, "gateway")
    else:
        for version, guard in ((4, False), (6, True)):
            lab.send(BURST, version, guard)
            for direction, sock in lab.ends(version, guard):
                numbers = lab.collect(sock, BURST, before)
                if sorted(numbers) != list(range(BURST)):
                    faults.append(f"{direction}: {len(numbers)} of {BURST}")
                if displaced(numbers) >= WINDOW:
                    faults.append(f"{direction}: overtaken by {displaced(numbers)}")
        lab.traffic.exchange(4, (1, 100, 1300, 3000), DEVICE[4])
        lab.traffic.stream(4, GUARD[4], 30000)
    lost = added(before, lab.traffic.losses())
    lost.pop("too-big", None)
    if lost:
        faults.append(f"lost: {lost}")
    # all of it has been through the faulty cipher; of a packet that comes in between, that knows
    packets = sum(lab.esp.sa(direction, spi)["packets"]
                  for direction, spi in zip(("out", "in"), lab.spis))
    if faulty.get("requests") - requests < packets:
        faults.append("not all went through the faulty cipher")
    faults += lab.pull()
    faulty.be()
    lab.disconnect()
    return faults


# -- failing ---------------------------------------------------------------------

def all_fail(lab, how, error, algorithm, **more):
    """Every packet fails both ways, then none does: with the same SAs."""
    reason = ERRORS[error]
    lab.pair(algorithm, **more)
    faulty.be(**how, error=error)
    lab.drain()
    lab.pull()
    before = lab.esp.drops()
    lab.send(BURST)
    # a failed check of integrity is what only decryption can have
    wanted = {}
    for direction in ("out", "in"):
        name = "bad-icv" if error == errno.EBADMSG and direction == "in" else reason
        wanted[direction] = {name: BURST}

    def dropped():
        return {direction: sa_drops(lab.esp.sa(direction, spi))
                for direction, spi in zip(("out", "in"), lab.spis)}
    faults = []
    wait(lambda: sum(added(before, lab.esp.drops()).values()) >= 2 * BURST,
         f"all are dropped: {reason}")
    if dropped() != wanted:
        faults.append(f"dropped {dropped()} rather than {wanted}")
    faulty.be()
    faults += lab.pull()
    # what comes first now was sent now
    before = lab.traffic.losses()
    near, far = lab.near[4], lab.far[4, False]
    for one, other, target in ((near, far, DEVICE), (far, near, HOST)):
        one.sendto(MARK + b"9999", (target[4], PORT))
        numbers = lab.collect(other, 1, before)
        if numbers != [9999]:
            faults.append(f"{numbers} got there, which had failed" if numbers else
                          f"lost afterwards: {added(before, lab.traffic.losses())}")
    lab.disconnect()
    return faults + lab.pull()


def some_fail(lab, how):
    """One in three: the rest gets there."""
    lab.pair(GCM)
    faulty.be(**how, error=errno.EIO, every=3)
    lab.drain()
    lab.pull()
    before = lab.esp.drops()
    lab.send(BURST)
    faults, passed = [], 0

    def failed():
        return added(before, lab.esp.drops()).get("crypto-error", 0)
    # what fails outbound is not seen by the other direction, nor does that matter
    wait(lambda: failed() + sum(lab.xfrm.states()[lab.spis[0]].packets if direction == "out" else
                                lab.esp.sa("in", lab.spis[1])["packets"]
                                for direction in ("out", "in")) == 2 * BURST,
         "every packet is either through or counted")
    wanted = 2 * BURST // 3
    if not wanted - 1 <= failed() <= wanted + 1:
        faults.append(f"{failed()} of {2 * BURST} failed")
    for direction, sock in lab.ends():
        numbers = lab.collect(sock, BURST, before)
        passed += len(numbers)
        if displaced(numbers) >= WINDOW or len(set(numbers)) != len(numbers):
            faults.append(f"{direction}: {numbers}")
    if passed + failed() != 2 * BURST:
        faults.append(f"{passed} got there, {failed()} failed")
    faulty.be()
    lab.disconnect()
    return faults + lab.pull()


# -- removed with packets under way ----------------------------------------------

def removals(lab):
    """(what, remove, restore)"""
    def none():
        pass

    def sas():
        out, into = lab.spis
        lab.esp.batch(("sa-del", {"direction": "out", "spi": out, "dst": PEER[4]}),
                      ("sa-del", {"direction": "in", "spi": into, "dst": GATEWAY[4]}))

    def entry():
        lab.esp.do("map-del", name="vpn", number=TUNNEL)

    def new_entry():
        lab.esp.do("map-new", name="vpn", number=TUNNEL, kind="isakmp", peer=[PEER[4]],
                   transform_set=["tunnel"], acl="tunnel")

    def binding():
        lab.esp.do("binding-del", ifname="eth0")

    def new_binding():
        lab.esp.do("binding-new", ifname="eth0", map="vpn")
        lab.routes()

    def bound_again():
        binding()
        new_binding()

    return (("SAs", sas, none), ("SAs by esp-clear", lambda: lab.esp.do("esp-clear"), none),
            ("the entry", entry, new_entry), ("the binding", binding, new_binding),
            ("the binding, and it is made again", bound_again, none))


def removed_under_way(lab, how, remove, restore):
    """Nothing that is under way gets out of the cipher into anything."""
    lab.pair(GCM)
    faulty.be(**how, hold=1)
    lab.drain()
    lab.pull()
    before = lab.esp.drops()
    lab.send(BURST)
    faulty.wait_for_waiting(2 * BURST)
    remove()
    faults = []
    # their memory is there as long as they are under way
    if faulty.get("waiting") != 2 * BURST or faulty.users() < 2:
        faults.append(f"{faulty.get('waiting')} are under way, {faulty.users()} transforms")
    faulty.release()
    drops = added(before, lab.esp.drops())
    if drops != {"expired": 2 * BURST}:
        faults.append(f"dropped: {drops}")
    restore()
    lab.xfrm.flush()
    wait(lambda: not faulty.users(), "the transforms are freed")
    return faults + lab.pull()


def interface_removed(topology, namespace_too):
    """The interface goes with packets under way, or all of its namespace."""
    lone = topology.add("lone")
    lone.sh("ip link add eth0 type dummy; ip addr add 172.16.1.1/24 dev eth0; "
            "ip link set eth0 up; ip route add 20.1.0.0/16 via 172.16.1.2; "
            "ip neigh add 172.16.1.2 lladdr 02:00:00:00:00:02 dev eth0")
    esp = Esp(lone)
    faulty.be(enrol=1)
    esp.batch(("transform-set-new", {"name": "t", **GCM.transform_set()}),
              ("acl-new", {"name": "all", "number": 1, "action": "permit", "protocol": 0,
                           "src": GATEWAY[4], "src-mask": b"\0" * 4,
                           "dst": DEVICE[4], "dst-mask": b"\xff" * 4}),
              ("map-new", {"name": "vpn", "number": TUNNEL, "kind": "manual", "peer": [PEER[4]],
                           "transform-set": ["t"], "acl": "all",
                           "session-key-in": GCM.session_key(0x3002),
                           "session-key-out": GCM.session_key(0x3001)}),
              ("binding-new", {"ifname": "eth0", "map": "vpn"}))
    wait(lambda: len(esp.dump("sa-get")) == 2, "the map works")
    faulty.be(hold=1)
    sock = lone.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(BURST):
        sock.sendto(MARK, (DEVICE[4], PORT))
    faulty.wait_for_waiting(BURST)
    faults = []
    if namespace_too:
        # what has a socket there would keep it
        sock.close()
        esp.ynl.sock.close()
        lone.delete()
        faulty.release()
    else:
        lone.ip("link del eth0")
        wait(lambda: not esp.dump("sa-get"), "the SAs are gone")
        faulty.release()
        if esp.drops() != {"expired": BURST}:
            faults.append(f"dropped: {esp.drops()}")
        sock.close()
        esp.ynl.sock.close()
        lone.delete()
    topology.namespaces.remove(lone)
    wait(lambda: not faulty.users(), "the transforms are freed")
    return faults


def name_of(how):
    return "at once" if how is AT_ONCE else "later" if how is LATER else "from the backlog"


def main():
    with Topology() as topology:
        lab = Lab(topology)
        lab.configure()
        faulty.load()
        try:
            tests = plan(lab, topology)
            report = Report(len(tests) + 2)
            for what, function, *arguments in tests:
                report.run(what, function, *arguments)
            faulty.be()
            lab.disconnect()
            report.check(f"invariant 2: no IV twice in {lab.packets} packets",
                         len(lab.ivs) == lab.packets and lab.packets > 5 * BURST)
            wait(lambda: not faulty.users(), "the transforms are freed")
            faulty.unload()
            report.check("the ciphers can be unloaded: nobody has any of them",
                         not faulty.loaded())
        finally:
            if faulty.loaded():
                faulty.be()
                lab.disconnect()
                wait(lambda: not faulty.users(), "the transforms are freed")
                faulty.unload()
    report.end()


def plan(lab, topology):
    tests = []
    for how in (LATER, BUSY):
        for algorithm, esn in ((GCM, False), (CBC, True)) if DEBUG else (
                (GCM, False), (CBC, False), (CBC, True)):
            tests.append((f"xfrm: {algorithm}{' esn' if esn else ''} done {name_of(how)}: nothing "
                          "is lost, nothing out of order",
                          lambda how=how, algorithm=algorithm, esn=esn:
                          nothing_lost(lab, how, algorithm, esn=esn)))
        for what, more in (("IPv6 outside", {"outer": 6}), ("NAT-T", {"natt": True}),
                           ("transport", {"mode": "transport"}))[2 * DEBUG:]:
            tests.append((f"xfrm: {GCM} {what} done {name_of(how)}: nothing is lost",
                          lambda how=how, more=more: nothing_lost(lab, how, GCM, **more)))
    for how in (AT_ONCE, LATER, BUSY):
        for error, reason in ERRORS.items():
            if DEBUG and error not in (errno.EIO, errno.ENOMEM):
                continue
            for algorithm in (GCM, CBC) if error == errno.EIO and not DEBUG else (GCM,):
                tests.append((f"invariant 1: drop {reason}: {algorithm} fails {name_of(how)} with "
                              f"{errno.errorcode[error]}: nothing in clear",
                              all_fail, lab, how, error, algorithm))
        tests.append((f"drop crypto-error: one in three fails {name_of(how)}: the rest gets there",
                      some_fail, lab, how))
    for how in (LATER, BUSY)[DEBUG:]:
        for what, remove, restore in removals(lab):
            tests.append((f"{what} removed while packets are under way, done {name_of(how)}",
                          removed_under_way, lab, how, remove, restore))
    tests += [("the interface removed while packets are under way", interface_removed, topology,
               False),
              ("the namespace removed while packets are under way", interface_removed, topology,
               True)]
    return tests


if __name__ == "__main__":
    main()
