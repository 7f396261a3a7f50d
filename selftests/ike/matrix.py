# SPDX-License-Identifier: GPL-2.0
"""What vpnhad is to do with each of the other daemons. A test line is a cell. A sample of
them is run; all with MATRIX=all, or those that CELLS= picks, which matches a part of their
names, or is FIRST-LAST by their numbers. Cells share the daemons of both ends."""

import dataclasses
import os
import re
import signal
import tempfile
import time

from connection import ENCRYPTION, GROUP, Esp, Ike
from daemon import Refused
from ikelab import (GATEWAY, GATEWAY6, GATEWAY_NAME, INSIDE, OUTSIDE, PEER, PEER6, PEER_NAME, Lab,
                    Report, Topology, Window, wait)
from libreswan import LibreSwan
from meeting import Meeting
from pki import CURVES, Pki
from vpnhad import VpnHa

#: or the sample of it that is always run
WHOLE = os.environ.get("MATRIX") == "all"

#: of those rekeys that come every few seconds
REKEYS = int(os.environ.get("REKEYS", 60 if WHOLE else 6))

HASHES = ("sha256", "sha384", "sha512")


@dataclasses.dataclass(frozen=True)
class Line:
    """A test line: its function returns faults."""
    name: str
    function: object
    sample: bool


class Cells:
    """Test lines."""

    def __init__(self, meeting, pki):
        self.meeting, self.lab, self.pki = meeting, meeting.lab, pki
        self.gateway, self.peer = meeting.gateway, meeting.peer
        self.is_strong = not isinstance(self.peer, LibreSwan)
        self.lines = []
        for add in (self.proposals, self.certificates, self.paths, self.selectors, self.rekeys,
                    self.collisions, self.keys, self.refusals, self.ends):
            add()

    def cell(self, name, function, *arguments, sample=False, **options):
        """sample: it is one of those that are always run."""
        self.lines.append(Line(f"{self.peer.NAME}: {name}",
                               lambda: function(*arguments, **options), sample))

    def both(self, name, function, *arguments, sample=None, **options):
        """A cell for each end that begins; the function's first argument is which.
        sample: the end that always begins with strongSwan; with libreswan it is the
        other one."""
        for end, daemon in self.meeting.daemons.items():
            self.cell(f"{name}, {daemon.NAME} initiates", function, end, *arguments,
                      sample=sample and (end == sample) == self.is_strong, **options)

    def connect(self, end, sides=None, **options):
        return self.meeting.connect(sides or self.lab.sides(), end, **options)

    # -- algorithms --------------------------------------------------------------

    @staticmethod
    def suites():
        """Each cipher, hash and group, of IKE and of ESP, at least once."""
        ciphers, groups = list(ENCRYPTION), list(GROUP)
        for number in range(max(len(ciphers), len(groups))):
            cipher = ciphers[number % len(ciphers)]
            digest = HASHES[number % len(HASHES)]
            integrity = digest if "cbc" in cipher else ""
            group = groups[number % len(groups)]
            # ESP of vpnha has GCM with the whole of its ICV
            esp = cipher.split("-icv")[0]
            yield Ike(cipher, integrity, digest, group), \
                Esp(esp, integrity, group if number % 2 else "")

    def proposals(self):
        for number, (ike, esp) in enumerate(self.suites()):
            self.both(f"IKE {ike}, ESP {esp}", self.connect, ike=(ike,), esp=(esp,),
                      sample={2: "gateway", 8: "peer", 12: "peer"}.get(number))
        self.both("the one proposal of several that both have", self.connect, sample="peer",
                  gateway={"ike": (Ike("aes-cbc-256", "sha512", "sha512", "16"), Ike()),
                           "esp": (Esp("aes-cbc-256", "sha512"), Esp())},
                  peer={"ike": (Ike("aes-gcm-128", "", "sha256", "31"), Ike()),
                        "esp": (Esp("aes-gcm-128"), Esp())})

    # -- who they are --------------------------------------------------------------

    def sides(self, kind, identity="name", issuer=None, version=4):
        below = f"-{issuer.name}" if issuer else ""
        return self.lab.sides(
            self.pki.issue(f"gateway-{kind}{below}", [GATEWAY_NAME, GATEWAY, GATEWAY6], kind,
                           issuer),
            self.pki.issue(f"peer-{kind}{below}", [PEER_NAME, PEER, PEER6], kind, issuer),
            identity, version=version)

    def with_certificates(self, end, *arguments, options=(), rfc7427=True, **more):
        mark = self.peer.mark()
        faults = self.connect(end, self.sides(*arguments, **dict(options)), rfc7427=rfc7427,
                              authorities=(self.pki.root,), **more)
        said = self.peer.since(mark)
        return faults + [f"{word} signature is not {'' if rfc7427 else 'from before '}RFC 7427's"
                         for word, new in self.peer.signatures(said) if new != rfc7427]

    def certificates(self):
        self.both("preshared key, names", lambda end: self.connect(
            end, self.lab.sides(identity="name")))
        for kind in ("rsa-2048", "rsa-3072", *CURVES):
            self.both(f"certificates {kind}", self.with_certificates, kind,
                      sample={"rsa-2048": "gateway", "ecdsa-384": "peer"}.get(kind))
        self.both("certificates, addresses as identities", self.with_certificates, "ecdsa-256",
                  options={"identity": "address"})
        self.both("certificates, distinguished names", self.with_certificates, "ecdsa-256",
                  options={"identity": "dn"}, sample="peer")
        self.both("certificates of an intermediate authority", lambda end: self.with_certificates(
            end, "ecdsa-256", options={"issuer": self.pki.intermediate()}))
        # those of RSA are made with SHA-1, which vpnhad never takes (RFC 8247 section 3.2)
        if self.is_strong:
            self.both("certificates ecdsa-256, signatures from before RFC 7427",
                      self.with_certificates, "ecdsa-256", rfc7427=False, sample="peer")
        self.both("certificates that a list does not revoke", lambda end: self.with_certificates(
            end, "ecdsa-256", gateway={"crls": (self.pki.crl(),)}))
        self.both("certificates that OCSP does not revoke", lambda end: self.with_certificates(
            end, "ecdsa-256", gateway={"ocsp": (self.pki.ocsp(
                self.sides("ecdsa-256")[1].certificate),)}))

    # -- what lies between ---------------------------------------------------------

    def mapping_changes(self, nat):
        """The router's translation is another one from one packet to the next."""
        faults = self.connect("gateway" if nat == "gateway" else "peer",
                              self.lab.sides(identity="name"), nat=nat)
        for ports in ("20000-20999", "30000-30999"):
            self.lab.path(nat=nat, ports=ports)
            faults += self.meeting.passes(udp=True)
        return faults

    def small_mtu(self, end):
        """No message of IKE is longer than the path takes."""
        sides = self.sides("ecdsa-256", issuer=self.pki.intermediate())
        self.meeting.prepare(sides, mtu=600, fragmentation="force",
                             authorities=(self.pki.root,))
        before = self.lab.counted()
        self.meeting.up(end)
        after = self.lab.counted()
        sent = {name: after[name] - before[name] for name in after}
        faults = [f"fragments of IP: {sent}"] if sent["gateway_fragments"] else []
        # a message of each exchange, and one of them in parts
        faults += [f"no message in fragments: {sent}"] if sent["gateway_ike"] < 3 else []
        return faults + self.meeting.passes()

    def paths(self):
        for nat in ("gateway", "peer"):
            self.both(f"the {nat} behind NAT", lambda end, nat=nat: self.connect(
                end, self.lab.sides(identity="name"), nat=nat), sample=nat)
            self.cell(f"the {nat} behind NAT, whose mapping changes", self.mapping_changes, nat,
                      sample=(nat == "peer") == self.is_strong)
        self.both("IPv6", lambda end: self.connect(end, self.lab.sides(version=6)))
        self.both("IPv6, certificates, addresses as identities", self.with_certificates,
                  "ecdsa-256", options={"identity": "address", "version": 6}, sample="gateway")
        self.both("UDP without NAT, as the peer wants", self.connect,
                  peer={"encapsulation": True}, udp=True)
        self.both("fragmentation at an MTU of 600", self.small_mtu, sample="peer")
        self.both("certificates without fragmentation", self.with_certificates, "ecdsa-256",
                  fragmentation="no")

    # -- selectors -------------------------------------------------------------------

    def several(self, end):
        """Two networks at each end, a pair of SAs for each line of the access list that
        sees traffic."""
        near, far = self.lab.sides(nets=2)
        self.meeting.prepare((near, far))
        self.meeting.daemons[end].initiate()
        return self.meeting.passes(nets=(0, 1))

    def narrowed(self, end):
        """The peer would protect more than the access list does."""
        self.meeting.prepare(self.lab.sides())
        one = next(iter(self.peer.connections.values()))
        self.peer.load(one.but(narrowing=True, local=one.local.but(nets=("20.1.0.0/16",)),
                               remote=one.remote.but(nets=("10.1.0.0/16",))))
        self.meeting.up(end)
        selectors = [child for ike in self.gateway.ikes() for child in ike.details["children"]]
        told = [(child["local_ts"], child["remote_ts"]) for child in selectors]
        wanted = (INSIDE[0].split("/", maxsplit=1)[0], OUTSIDE[0].split("/", maxsplit=1)[0])
        faults = [f"selectors are {told}"] if not all(
            name in str(one) for pair in told for name, one in zip(wanted, pair)) else []
        return faults + self.meeting.passes()

    def selectors(self):
        self.both("several networks", self.several, sample="gateway")
        if self.is_strong:
            self.both("selectors are narrowed by the access list", self.narrowed, sample="peer")
        else:
            self.cell("selectors are narrowed by the access list", self.narrowed, "peer",
                      sample=True)

    # -- rekeys ------------------------------------------------------------------------

    def excused(self):
        """Packets that the peer, not we, lost: libreswan removes SAs too early, and sends
        by new ones before its answer is here (RFC 7296 section 2.8: they are dropped then)."""
        if self.is_strong:
            return 0
        return self.lab.xfrm_losses(self.lab.peer) + self.gateway.unknown_spis()

    def lossless(self, function, *arguments, **options):
        excused = self.excused()
        faults = self.meeting.under_traffic(
            function, *arguments, lost_elsewhere=lambda: self.excused() - excused, **options)
        return faults + [f"{reason}: {packets} packets" for reason, packets in
                         self.gateway.drops().items() if packets and reason != "too-big"]

    def rekeyed_by_peer(self, kinds, **lifetimes):
        self.meeting.prepare(self.lab.sides(), peer=lifetimes)
        self.meeting.up("peer")
        return self.lossless(self.meeting.count, self.peer, kinds)

    def rekeyed_by_kilobytes(self, end, **peer):
        """Traffic for a rekey every few seconds."""
        self.meeting.prepare(self.lab.sides(), gateway={"kilobytes": VpnHa.KILOBYTES},
                             peer={"responder_only": True, **peer})
        self.meeting.up(end)
        return self.lossless(self.meeting.count, self.gateway, {"child": 4},
                             seconds=0.002, size=1200)

    def rekeyed_by_peers_kilobytes(self):
        self.meeting.prepare(self.lab.sides(), peer={"kilobytes": 1024})
        self.meeting.up("peer")
        return self.lossless(self.meeting.count, self.peer, {"child": 4}, seconds=0.002, size=1200)

    def rekeyed_by_seconds(self, kinds, **lifetimes):
        self.meeting.prepare(self.lab.sides(), gateway=lifetimes, peer={"responder_only": True})
        self.meeting.up("gateway")
        return self.lossless(self.meeting.count, self.gateway, kinds)

    def rekeys(self):
        self.cell("it rekeys child SAs every few seconds", self.rekeyed_by_peer,
                  {"child": REKEYS}, lifetime=4)
        self.cell("it rekeys the IKE SA every few seconds", self.rekeyed_by_peer,
                  {"ike": REKEYS}, ike_lifetime=4)
        self.cell("it rekeys both every few seconds", self.rekeyed_by_peer,
                  {"child": REKEYS, "ike": REKEYS // 2}, lifetime=4, ike_lifetime=7, sample=True)
        self.cell("it rekeys child SAs with a key exchange each", lambda: (
            self.meeting.prepare(self.lab.sides(), esp=(Esp(group="19"),), peer={"lifetime": 4})
            or self.meeting.up("peer")
            or self.lossless(self.meeting.count, self.peer, {"child": REKEYS // 2})))
        self.cell("it rekeys child SAs after kilobytes", self.rekeyed_by_peers_kilobytes)
        self.both("vpnhad rekeys child SAs after kilobytes", self.rekeyed_by_kilobytes,
                  sample="gateway")
        if self.is_strong:
            self.cell("both rekey after as many kilobytes", self.rekeyed_by_kilobytes, "gateway",
                      kilobytes=VpnHa.KILOBYTES * 9 // 10, responder_only=False)
        self.cell("vpnhad rekeys child SAs after seconds", self.rekeyed_by_seconds, {"child": 2},
                  lifetime=VpnHa.SECONDS)
        self.cell("vpnhad rekeys the IKE SA after seconds", self.rekeyed_by_seconds, {"ike": 2},
                  ike_lifetime=VpnHa.SECONDS)

    def collided(self, kind):
        """The peer begins to rekey when our request to do so is on its way: what goes to
        the peer takes a second, so that the requests pass each other."""
        lifetimes = {"lifetime" if kind == "child" else "ike_lifetime": VpnHa.SECONDS}
        self.meeting.prepare(self.lab.sides(), gateway=lifetimes, peer={"responder_only": True})
        self.meeting.up("gateway")
        self.lab.path(delay_ms=1000)

        def collide():
            before = {daemon.NAME: {sa.key() for sa in daemon.sas() if sa.kind == kind}
                      for daemon in self.meeting.daemons.values()}
            sent = self.lab.counted()["gateway_ike"]
            wait(lambda: self.lab.counted()["gateway_ike"] > sent, "vpnhad begins to rekey")
            self.peer.rekey(kind)
            for daemon in self.meeting.daemons.values():
                wait(lambda daemon=daemon: {sa.key() for sa in daemon.sas() if sa.kind == kind} -
                     before[daemon.NAME], f"{daemon.NAME} has a new {kind} SA")
            self.meeting.settled()
        return self.lossless(collide)

    def collisions(self):
        self.cell("both rekey the child SA at the same time", self.collided, "child")
        self.cell("both rekey the IKE SA at the same time", self.collided, "ike")

    # -- keys and exchanges that are not everybody's -----------------------------------

    def keys(self):
        ppk = ("lab-ppk", "another-secret-of-the-lab")
        self.both("postquantum preshared key", self.connect, ppk=ppk, ppk_required=True,
                  sample="peer")
        self.both("postquantum preshared key that only the gateway has", self.connect,
                  gateway={"ppk": ppk})
        self.both("postquantum preshared key that only the peer has", self.connect,
                  peer={"ppk": ppk})
        self.both("postquantum preshared key that differs", lambda end: self.refused(
            end, "preshared key", "differ" if end == "peer" else "AUTHENTICATION_FAILED", ppk=ppk,
            ppk_required=True, peer={"ppk": (ppk[0], "not-the-secret-of-the-lab")}))
        if self.is_strong:
            self.cell("childless, as the peer insists", self.connect, "peer",
                      peer={"childless": True}, sample=True)
        self.cell("the peer wants a cookie", self.cookies_for_peer, sample=not self.is_strong)
        self.cell("vpnhad wants a cookie", self.cookies_for_us, sample=self.is_strong)

    def cookies_for_peer(self):
        with self.peer.wanting_cookies():
            self.meeting.prepare(self.lab.sides())
            # what it answers does not arrive, so that one is half open when another begins
            self.lab.path(cut="gateway")
            self.gateway.poke()
            wait(self.peer.half_open, f"{self.peer.NAME} has a half-open SA")
            self.gateway.drop_all()
            self.lab.path()
            mark = self.peer.mark()
            before = self.lab.counted()["gateway_ike"]
            self.meeting.up("gateway")
            faults = self.meeting.passes()
        sent = self.lab.counted()["gateway_ike"] - before
        if sent < 3 or not self.peer.wanted_cookie(self.peer.since(mark)):
            faults.append(f"{self.peer.NAME} wants no cookie, after {sent} messages")
        return faults

    def cookies_for_us(self):
        before = self.gateway.counters()["cookies"]
        faults = self.connect("peer", gateway={"cookies": True})
        if self.gateway.counters()["cookies"] == before:
            faults.append("vpnhad wants no cookie")
        return faults

    # -- what must fail ------------------------------------------------------------------

    def refused(self, end, *words, sides=None, then=None, **options):
        """No tunnel; vpnhad tells why in these words; and it comes up once it may."""
        sides = sides or self.lab.sides()
        faults, marks = self.meeting.refused(sides, end, **options)
        said = self.gateway.since(marks["gateway"])

        def told():
            text = f"{self.gateway.errors()}\n{self.gateway.since(marks['gateway'])}".lower()
            return all(word.lower() in text for word in words)
        try:
            wait(told, f"vpnhad speaks of {words}")
        except Exception as hang:
            faults.append(f"{hang}; it said {said}; {self.gateway.errors()}")
        return faults + self.connect(end, then or self.lab.sides(),
                                     authorities=options.get("authorities", ()))

    def refusals(self):
        self.both("wrong preshared key", lambda end: self.refused(
            end, "preshared key", "differ" if end == "peer" else "AUTHENTICATION_FAILED",
            peer={"secret": "not-the-secret"}), sample="peer")
        near, far = self.lab.sides()
        # strongSwan refuses by itself who asks for an identity that it does not have
        for end in ("peer",) if self.is_strong else ("peer", "gateway"):
            self.cell(f"wrong identity, {self.meeting.daemons[end].NAME} initiates",
                      self.refused, end, "stranger.example", PEER, sides=(near, far), peer={
                          "local": far.but(identity="stranger.example")}, sample=end == "peer")
        near, far = self.lab.sides(identity="name")
        # libreswan says who it is, whoever is asked for
        self.both("an identity that the peer does not have", lambda end: self.refused(
            end, *(("AUTHENTICATION_FAILED", GATEWAY_NAME) if end == "gateway" and self.is_strong
                   else ("stranger.example", PEER_NAME)), sides=(near, far), peer={
                "local": far.but(identity="stranger.example")}))
        self.both("IKE proposal mismatch", self.refused, "theirs", "ours", sample="peer",
                  peer={"ike": (Ike("aes-cbc-128", "sha256", "sha256", "14"),)})
        self.both("ESP proposal mismatch", self.refused, "theirs", "ours", sample="gateway",
                  peer={"esp": (Esp("aes-cbc-128", "sha256"),)})
        self.both("selectors that have nothing in common", self.strange_selectors)
        for name, word, certificate, more in (
                ("expired", "expired", lambda: self.pki.issue(
                    "peer-expired", [PEER_NAME, PEER], "ecdsa-256", expired=True), None),
                ("revoked by a list", "revoked", self._revoked, "crls"),
                ("revoked by OCSP", "revoked", self._revoked, "ocsp"),
                ("of an unknown authority", "issuer is not known", self._stranger, None)):
            # libreswan does not load one of its own that has expired
            if name == "expired" and not self.is_strong:
                continue
            self.both(f"certificate {name}", self.bad_certificate, word, certificate, more,
                      sample={"expired": "peer", "of an unknown authority": None}.get(
                          name, "gateway"))

    def _revoked(self):
        certificate = self.pki.issue("peer-revoked", [PEER_NAME, PEER], "ecdsa-256")
        self.pki.revoke(certificate)
        return certificate

    def _stranger(self):
        strange = Pki(os.path.join(self.pki.directory, "strange"))
        return strange.issue("peer-strange", [PEER_NAME, PEER], "ecdsa-256")

    def bad_certificate(self, end, word, certificate, knows_by):
        good = self.sides("ecdsa-256")
        bad = certificate()
        files = {None: lambda: (), "crls": lambda: (self.pki.crl(),),
                 "ocsp": lambda: (self.pki.ocsp(bad),)}[knows_by]()
        lists = {"gateway": {knows_by: files}} if files else {}
        return self.refused(end, word, then=good, authorities=(self.pki.root,), sides=(
            good[0], good[1].but(certificate=bad)), **lists)

    def strange_selectors(self, end):
        near, far = self.lab.sides()
        other = {"local": far.but(nets=("20.99.0.0/24",)), "remote": near.but(nets=("10.99.0.0/24",))}
        return self.refused(end, "TS_UNACCEPTABLE" if end == "gateway" else "nothing of the traffic",
                            peer=other)

    # -- how tunnels end --------------------------------------------------------------

    def ends(self):
        self.cell("it deletes the tunnel", self.deleted, "peer", sample=self.is_strong)
        self.cell("vpnhad deletes the tunnel", self.deleted, "gateway", sample=not self.is_strong)
        self.cell("a path that is cut is found out, and healed", self.cut)
        self.cell("the peer dies and comes back", self.dies, "peer")
        self.cell("the gateway dies and comes back", self.dies, "gateway", sample=self.is_strong)
        self.cell("vpnhad is killed under traffic and comes back", self.killed,
                  sample=self.is_strong)

    def deleted(self, end):
        faults = self.connect("gateway")
        self.meeting.daemons[end].drop_all()
        for daemon in self.meeting.daemons.values():
            daemon.wait_sas(0, 0)
        return faults + self.connect("peer")

    def cut(self):
        """Dead peer detection, both ends'."""
        with self.peer.impatient():
            faults = self.connect("gateway", dpd=10)
            self.lab.path(cut=True)
            self.gateway.wait_sas(0, 0)
            self.peer.wait_sas(0, 0)
            self.lab.path()
            self.meeting.up("gateway")
            return faults + self.meeting.passes()

    def dies(self, end):
        """INITIAL_CONTACT: what it had before is gone when it begins anew."""
        faults = self.connect(end)
        one = self.meeting.daemons[end]
        other = self.meeting.daemons["gateway" if end == "peer" else "peer"]
        before = {sa.key() for sa in other.sas()}
        loaded = tuple(one.connections.values())
        one.kill()
        one.flush()
        one.start()
        one.load(*loaded)
        one.initiate()
        self.meeting.settled()
        if before & {sa.key() for sa in other.sas()}:
            faults.append("SAs from before are still there")
        return faults + self.meeting.passes()

    def killed(self):
        """What the kernel has goes on; the new daemon replaces it. The peer takes its new
        SAs, and forgets the old ones because of INITIAL_CONTACT, before its answer has
        arrived: what is on its way then may be lost, and nothing else."""
        faults = self.connect("gateway", peer={"dpd": 10})
        before = {sa.key() for sa in self.gateway.sas()}
        sent = self.lab.counted()["gateway_ike"]
        window = Window(lambda: self.lab.counted()["gateway_ike"] > sent)

        def kill():
            self.gateway.end(signal.SIGKILL)
            self.gateway.start()
            window.begins("vpnhad begins anew")
            wait(lambda: {"ike", "child"} == {
                sa.kind for sa in self.gateway.sas() if sa.key() not in before},
                "vpnhad has new SAs")
            window.ends()
            self.meeting.settled()
        return faults + self.lossless(kill, window=window) + self.meeting.passes()


def picked(lines):
    """Those that CELLS= picks, or MATRIX=all, or a sample."""
    wanted = os.environ.get("CELLS", "")
    numbers = re.fullmatch(r"(\d+)-(\d+)", wanted)
    if numbers:
        return lines[int(numbers[1]) - 1:int(numbers[2])]
    if wanted:
        return [line for line in lines if re.search(wanted, line.name)]
    return [line for line in lines if line.sample or WHOLE]


def main(peer_class, **options):
    with tempfile.TemporaryDirectory(dir="/run") as place, Topology() as topology:
        lab = Lab(topology)
        os.chmod(place, 0o755)
        pki = Pki(os.path.join(place, "pki"))
        meeting = Meeting(lab, VpnHa(lab), peer_class(topology, lab.peer, **options))
        lines = picked(Cells(meeting, pki).lines)
        report = Report(len(lines))
        try:
            for daemon in meeting.daemons.values():
                daemon.start()
        except Refused as refused:
            for line in lines:
                report.line(line.name, [refused])
            lines = []
        for line in lines:
            began = time.monotonic()
            report.line(line.name, meeting.run(line.function))
            print(f"# {time.monotonic() - began:.1f} s", flush=True)
        for daemon in meeting.daemons.values():
            daemon.stop()
        report.end()
