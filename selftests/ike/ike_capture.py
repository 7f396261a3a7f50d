#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: own-machine mem=2G kernels=6.12 timeout=18000
"""What vpnhad says, as tshark reads it with keys that a build for tests has logged: all of it
is decrypted and understood, and the payloads are in the order of RFC 7296, appendix C. The
build that is installed logs none."""

import os
import re
import select
import socket
import tempfile

from connection import Esp, Ike
from ikeforge import first
from ikelab import (GATEWAY, GATEWAY_NAME, INSIDE, OUTSIDE, PEER, PEER_NAME, Capture, Lab, Report,
                    Topology, host, wait)
from meeting import Meeting
from pki import Pki
from strongswan import StrongSwan
from vpnhad import KEYLOG, RELEASE, VpnHa

INIT, AUTH, CREATE, INFORM = "34", "35", "36", "37"
EXCHANGES = {INIT: "IKE_SA_INIT", AUTH: "IKE_AUTH", CREATE: "CREATE_CHILD_SA",
             INFORM: "INFORMATIONAL"}
PAYLOADS = {"33": "SA", "34": "KE", "35": "IDi", "36": "IDr", "37": "CERT", "38": "CERTREQ",
            "39": "AUTH", "40": "Nonce", "41": "N", "42": "D", "43": "V", "44": "TSi",
            "45": "TSr", "46": "SK", "47": "CP", "48": "EAP", "53": "SKF"}
NOTIFIES = {"17": "INVALID_KE_PAYLOAD", "16384": "INITIAL_CONTACT",
            "16386": "ADDITIONAL_TS_POSSIBLE", "16388": "NAT_DETECTION_SOURCE_IP",
            "16389": "NAT_DETECTION_DESTINATION_IP", "16390": "COOKIE", "16393": "REKEY_SA",
            "16394": "ESP_TFC_PADDING_NOT_SUPPORTED", "16395": "NON_FIRST_FRAGMENTS_ALSO"}

# what appendix C leaves out for the reader's sake
MORE = r"(V |N:\w+ )*"
PORTS = r"((N:NAT_DETECTION_SOURCE_IP )+N:NAT_DETECTION_DESTINATION_IP )?"
CHILD = (r"(CP )?(N:ESP_TFC_PADDING_NOT_SUPPORTED )?(N:NON_FIRST_FRAGMENTS_ALSO )?")
#: so many half-open SAs make charon ask for cookies
STRANGERS = 4
#: octets of a datagram that uses up kilobytes; tcpdump leaves out what is so large: it does not
#: keep up, and misses messages of IKE
LOAD = 1200
REQUEST, RESPONSE = "request", "response"

#: (exchange, direction): {what it is: order of its payloads}, without the encrypted one
ORDERS = {
    (INIT, REQUEST): {
        "first message": rf"SA KE Nonce {PORTS}{MORE}",
        "first message with a cookie": rf"N:COOKIE SA KE Nonce {PORTS}{MORE}"},
    (INIT, RESPONSE): {
        "its answer": rf"SA KE Nonce {PORTS}(CERTREQ )*{MORE}",
        "request for a cookie": rf"N:COOKIE {MORE}",
        "request for another group": rf"N:INVALID_KE_PAYLOAD {MORE}"},
    (AUTH, REQUEST): {
        "proof by a secret": rf"IDi (N:INITIAL_CONTACT )?(IDr )?AUTH {CHILD}SA TSi TSr {MORE}",
        "proof by a certificate":
            rf"IDi (CERT )+(N:INITIAL_CONTACT )?(CERTREQ )*(IDr )?AUTH {CHILD}SA TSi TSr {MORE}"},
    (AUTH, RESPONSE): {
        "answer to a proof, by a secret":
            rf"IDr AUTH {CHILD}SA TSi TSr (N:ADDITIONAL_TS_POSSIBLE )?{MORE}",
        "answer to a proof, by a certificate":
            rf"IDr (CERT )+AUTH {CHILD}SA TSi TSr (N:ADDITIONAL_TS_POSSIBLE )?{MORE}"},
    (CREATE, REQUEST): {
        "rekey of a child SA": rf"N:REKEY_SA {CHILD}SA Nonce TSi TSr {MORE}",
        "rekey of a child SA with a key exchange":
            rf"N:REKEY_SA {CHILD}SA Nonce KE TSi TSr {MORE}",
        "rekey of the IKE SA": rf"SA Nonce KE {MORE}"},
    (CREATE, RESPONSE): {
        "answer to a rekey of a child SA":
            rf"{CHILD}SA Nonce TSi TSr (N:ADDITIONAL_TS_POSSIBLE )?{MORE}",
        "answer to a rekey of a child SA with a key exchange":
            rf"{CHILD}SA Nonce KE TSi TSr (N:ADDITIONAL_TS_POSSIBLE )?{MORE}",
        "answer to a rekey of the IKE SA": rf"SA Nonce KE {MORE}"},
    (INFORM, REQUEST): {"question whether it lives": r"", "deletion": r"D "},
    (INFORM, RESPONSE): {"answer to that": r"", "answer to a deletion": r"D "},
}


FIELDS = ("frame.number", "ip.src", "ip.dst", "isakmp.exchangetype", "isakmp.flags",
          "isakmp.typepayload", "isakmp.notify.msgtype", "isakmp.enc.pad_length", "esp.spi",
          "esp.icv_good", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message")
# severities
WARNING = 0x600000
# of what is in the tunnel
OTHERS_FAULTS = ("No response seen to ICMP request",)


class Frame:
    """A message of IKE or a packet of ESP, as tshark tells of it; of several fragments
    only the last one has payloads."""

    def __init__(self, line):
        fields = dict(zip(FIELDS, line.split("\t")))
        self.number = fields["frame.number"]
        self.path = tuple(zip(fields["ip.src"].split(","), fields["ip.dst"].split(",")))
        self.exchange = fields["isakmp.exchangetype"]
        self.spi, self.icv = fields["esp.spi"], fields["esp.icv_good"]
        self.opened = fields["isakmp.enc.pad_length"] != ""
        self.complaints = []
        if fields["_ws.malformed"] or any(int(word) >= WARNING for word in
                                          fields["_ws.expert.severity"].split(",") if word):
            self.complaints = [text for text in fields["_ws.expert.message"].split(",")
                               if text not in OTHERS_FAULTS]
        if self.exchange:
            self.direction = RESPONSE if int(fields["isakmp.flags"], 16) & 0x20 else REQUEST
            words = self._words(fields["isakmp.typepayload"].split(","),
                                iter(fields["isakmp.notify.msgtype"].split(",")))
            self.outside = [word for word in words if word in ("SK", "SKF")]
            self.payloads = "".join(f"{word} " for word in words if word not in ("SK", "SKF"))

    @staticmethod
    def _words(payloads, notifies):
        words = []
        for one in payloads:
            # a proposal and a transform are parts of SA
            if one in ("", "2", "3"):
                continue
            word = PAYLOADS.get(one, one)
            if word == "N":
                number = next(notifies)
                word = f"N:{NOTIFIES.get(number, number)}"
            words.append(word)
        return words

    def __str__(self):
        what = f"ESP {self.spi}" if self.spi else \
            f"{EXCHANGES.get(self.exchange)} {self.direction}: {self.outside} {self.payloads}"
        return f"frame {self.number}, {self.path}: {what} {self.complaints}"

    def kind(self):
        """What appendix C calls it; None: nothing."""
        for name, order in ORDERS.get((self.exchange, self.direction), {}).items():
            if re.fullmatch(order, self.payloads):
                return name
        return None


class Film:
    """All that happens between vpnhad as the gateway and charon as the peer."""

    def __init__(self, lab, pki, directory):
        self.lab, self.pki = lab, pki
        self.keys = os.path.join(directory, "wireshark")
        os.makedirs(self.keys, exist_ok=True)
        self.gateway = VpnHa(lab, keys=self.keys)
        self.peer = StrongSwan(lab.topology, lab.peer, cookie_threshold=STRANGERS)
        self.meeting = Meeting(lab, self.gateway, self.peer)
        self.capture = Capture(lab, os.path.join(directory, "capture.pcap"),
                               wanted=f"not (esp and greater {LOAD})")

    def secrets(self, end):
        """One end deletes what the other has begun."""
        group = "19" if end == "gateway" else ""
        faults = self.meeting.connect(self.lab.sides(), end, esp=(Esp(group=group),))
        self.rekey("child")
        self.rekey("ike")
        self.meeting.daemons["peer" if end == "gateway" else "gateway"].drop_all()
        for daemon in self.meeting.daemons.values():
            daemon.wait_sas(0, 0)
        return faults

    def rekey(self, kind):
        """The peer does."""
        before = {sa.key() for sa in self.gateway.sas() if sa.kind == kind}
        self.peer.rekey(kind, "lab")
        wait(lambda: {sa.key() for sa in self.gateway.sas() if sa.kind == kind} - before,
             f"there is a new {kind} SA")
        self.meeting.settled()

    def own_rekeys(self, kinds, group="", traffic=None, **lifetimes):
        """vpnhad rekeys."""
        self.meeting.prepare(self.lab.sides(), peer={"responder_only": True}, gateway=lifetimes,
                             esp=(Esp(group=group),))
        self.meeting.up("gateway")
        return self.meeting.under_traffic(self.meeting.count, self.gateway, kinds,
                                          **traffic or {})

    def certificates(self, end, **more):
        sides = self.lab.sides(self.pki.issue("gateway", [GATEWAY_NAME, GATEWAY], "rsa-2048"),
                               self.pki.issue("peer", [PEER_NAME, PEER], "ecdsa-256"), "name")
        return self.meeting.connect(sides, end, authorities=(self.pki.root,), **more)

    def cookies(self, end):
        """Both ask for one: charon after strangers have begun something."""
        self.meeting.prepare(self.lab.sides(), gateway={"cookies": True})
        for _ in range(STRANGERS):
            self.stranger()
        self.meeting.up(end)
        return self.meeting.passes()

    def stranger(self):
        """Something half open, of which charon asks for cookies for a while."""
        with self.lab.gateway.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((GATEWAY, 4242))

            def answered():
                sock.sendto(first(), (PEER, 500))
                return select.select([sock], [], [], 5)[0]
            wait(answered, "the peer answers a stranger")

    def other_group(self, end):
        """The one that begins guesses wrong."""
        near, far = ("gateway", "peer")[::1 if end == "gateway" else -1]
        return self.meeting.connect(self.lab.sides(), end, **{
            near: {"ike": (Ike(group="31"), Ike())}, far: {"ike": (Ike(),)}})

    def lives(self):
        """The peer says nothing, and is asked whether it lives."""
        faults = self.meeting.connect(self.lab.sides(), "gateway", dpd=10)
        self.gateway.wait_said("dead peer detection is sent", self.gateway.mark())
        return faults

    def scenes(self):
        for end, daemon in self.meeting.daemons.items():
            yield f"preshared key, {daemon.NAME} initiates", self.secrets, end
            yield f"certificates, {daemon.NAME} initiates", self.certificates, end
            yield f"another group, {daemon.NAME} initiates", self.other_group, end
        yield "AES-CBC with HMAC", lambda: self.meeting.connect(
            self.lab.sides(), "gateway", ike=(Ike("aes-cbc-256", "sha256"),),
            esp=(Esp("aes-cbc-256", "sha256"),))
        for name, group in (("", ""), (", with a key exchange", "19")):
            yield f"rekeys that vpnhad begins, after kilobytes{name}", \
                lambda group=group: self.own_rekeys(
                    {"child": 2}, group, {"seconds": 0.002, "size": LOAD},
                    kilobytes=VpnHa.KILOBYTES)
        yield "rekeys that vpnhad begins, after seconds", lambda: self.own_rekeys(
            {"ike": 2}, traffic={"seconds": 0.5}, ike_lifetime=VpnHa.SECONDS)
        # the peer's host does not forget a small MTU soon: nothing large comes after this
        yield "fragments", lambda: self.certificates("gateway", mtu=600, fragmentation="force")
        yield "a NAT before the gateway", lambda: self.certificates("gateway", nat="gateway")
        yield "dead peer detection", self.lives
        for end, daemon in self.meeting.daemons.items():
            yield f"cookies, {daemon.NAME} initiates", self.cookies, end

    # -- what tshark makes of it ---------------------------------------------------

    def frames(self):
        return [Frame(line) for line in self.capture.tshark(
            "isakmp || esp", *FIELDS, keys=self.keys, options=(
                "esp.enable_encryption_decode:TRUE", "esp.enable_authentication_check:TRUE",
                # tcpdump may miss packets
                "esp.do_esp_sequence_analysis:FALSE"))]


def judge(film, report):
    """Lines of all that was captured."""
    frames = film.frames()
    packets = [one for one in frames if one.spi]
    sealed = [one for one in frames if one.exchange and one.outside]
    messages = [one for one in frames if one.exchange and one.path[0][0] == GATEWAY]
    report.line("tshark understands all of it", [one for one in frames if one.complaints][:9])
    report.line("tshark decrypts each message", [
        one for one in sealed if not one.opened][:9])
    report.line("tshark decrypts each packet, and its ICV is right", [
        one for one in packets if one.icv != "1" or len(one.path) < 2][:9])
    found = {one.path[1] for one in packets if len(one.path) > 1}
    here, there = host(INSIDE[0]), host(OUTSIDE[0])
    report.line("ESP has what the hosts have sent, both ways", [
        f"found {found}" for pair in ((here, there), (there, here)) if pair not in found])
    # of a message in fragments the last one has what was in all
    parts = [one for one in messages if "SKF" in one.outside and not one.payloads]
    report.line("there are fragments", [] if parts else [f"{len(messages)} messages"])
    rest = [one for one in messages if one not in parts]
    report.line("all payloads are in the order of RFC 7296", [
        one for one in rest if one.kind() is None])
    seen = {(one.exchange, one.direction, one.kind()) for one in rest}
    for (exchange, direction), orders in ORDERS.items():
        report.line(f"{EXCHANGES[exchange]} {direction}s: {', '.join(orders)}", [
            f"there was no {kind}" for kind in orders if (exchange, direction, kind) not in seen])


def release():
    """What a build that logs its keys has, and no other."""
    faults = []
    for path, wanted in ((KEYLOG, True), (RELEASE, False)):
        with open(path, "rb") as file:
            program = file.read()
        faults += [f"{path}: {word}" for word in (
            b"VPNHAD_KEYLOG", b"ikev2_decryption_table", b"esp_sa", b"keylog_")
                   if (word in program) != wanted]
    return faults


def main():
    directory = os.environ.get("VPNHA_OUT") or tempfile.mkdtemp()
    with tempfile.TemporaryDirectory(dir="/run") as place, Topology() as topology:
        film = Film(Lab(topology), Pki(os.path.join(place, "pki")), directory)
        os.chmod(place, 0o755)
        scenes = list(film.scenes())
        report = Report(len(scenes) + 7 + len(ORDERS))
        report.line("the build that is installed logs no keys", release())
        for daemon in film.meeting.daemons.values():
            daemon.start()
        for name, scene, *arguments in scenes:
            report.line(name, film.meeting.run(scene, *arguments))
        for daemon in film.meeting.daemons.values():
            daemon.stop()
        film.capture.stop()
        judge(film, report)
        report.end()


if __name__ == "__main__":
    main()
