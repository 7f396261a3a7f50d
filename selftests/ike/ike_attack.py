#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: own-machine icount=yes mem=2G kernels=6.12 timeout=7200
"""A tunnel between vpnhad and strongSwan, and somebody on the path who wants it gone: a flood
of first messages, everything malformed, replays, other message IDs and SPIs, lies in clear, and
keys in wrong hands. The tunnel stays as it is and loses no packet. Time is instructions
executed, so that a rate means something. FLOOD= is how many seconds a flood lasts, ROUNDS= how
many random messages of a kind there are."""

import os
import random
import re
import struct
import tempfile
import time

import ikeforge
from attacker import IKE, NATT, Attacker, Insider
from connection import Ike
from daemon import Refused
from ikeforge import (AUTH, CREATE, DELETE, EAP, IDI, INFORM, INIT, INITIATOR, KE, NOBODY, NONCE,
                      NOTIFY, OFFER, RESPONSE, SA, SK, SKF, VENDOR, first, message, notify)
from ikelab import GATEWAY, PEER, Lab, Report, Stream, Topology, wait
from meeting import Meeting
from strongswan import StrongSwan
from vpnhad import VpnHa

RATE = 10000
SECONDS = int(os.environ.get("FLOOD", 1))
ROUNDS = int(os.environ.get("ROUNDS", 10))

#: that the gateway offers to whoever leads it on
GROUPS = ("19", "31", "20")

#: limits of vpnhad's configuration
COOKIES, HALF_OPEN = 100, 200

#: KiB that it may need for HALF_OPEN IKE SAs
MEMORY = 8192
#: KiB that the same again may need: what a heap has between what is used
SLACK = 1024
#: lines of the log that all strangers together may cause, at once and in a second: those of
#: tools/vpnhad/log.c, with some of nobody's, and those that tell how many were not written
LINES, MORE_LINES = 100 + 20, 3 * 10

#: whom answers are seen of
STRANGER, CLIENT = ("192.0.2.66", 4242), "192.0.2.7"
AUTHENTICATION_FAILED, INVALID_IKE_SPI, INVALID_SYNTAX, INVALID_MESSAGE_ID, INVALID_SPI, \
    NO_PROPOSAL, INVALID_KE, REDIRECT, COOKIE, INITIAL_CONTACT = \
    24, 4, 7, 9, 11, 14, 17, 16407, 16390, 16384
LIES = (AUTHENTICATION_FAILED, INVALID_IKE_SPI, INVALID_SYNTAX, INVALID_MESSAGE_ID, INVALID_SPI,
        NO_PROPOSAL, INVALID_KE, REDIRECT, COOKIE, INITIAL_CONTACT)


class Siege:
    """The tunnel, and what is tried against it. Methods of attacks return faults."""

    def __init__(self, lab, directory):
        self.lab = lab
        self.directory = directory
        self.gateway = VpnHa(lab, keys=directory, quiet=True, limits=(
            f"crypto ikev2 cookie-challenge {COOKIES}",
            f"crypto ikev2 limit max-in-negotation-sa {HALF_OPEN}"))
        self.peer = StrongSwan(lab.topology, lab.peer)
        self.meeting = Meeting(lab, self.gateway, self.peer)
        self.attacker = Attacker(lab)
        self.stream = None
        self.random = random.Random(1)
        self.expected, self.after = None, {}

    # -- what must not change ------------------------------------------------------

    def tunnel(self):
        """SPIs of the IKE SA and of the kernel's SAs, at both ends."""
        ike = [sa.spis for sa in self.gateway.ikes()]
        kernel = sorted((sa["direction"], sa["spi"]) for sa in self.gateway.kernel_sas())
        return ike, kernel, [sa.key() for sa in self.peer.sas()]

    def memory(self):
        """KiB of it that are in memory."""
        with open(f"/proc/{self.pid()}/status", encoding="ascii") as status:
            return int(next(line for line in status if line.startswith("VmRSS:")).split()[1])

    def pid(self):
        """ip netns exec becomes what it starts."""
        return self.gateway.process.pid

    def counters(self):
        return self.gateway.counters()

    def connect(self):
        """Traffic of the gateway's side brings it up."""
        faults = self.meeting.connect(self.lab.sides(), "gateway", gateway={"dpd": 10})
        self.stream = Stream(*self.lab.hosts(), seconds=0.05)
        wait(lambda: self.stream.passed() > 3, "datagrams pass")
        return faults

    def unharmed(self, attack):
        """What comes of an attack on the tunnel that there is."""
        self.expected, passed = self.tunnel(), self.stream.passed()
        faults = attack() or []
        if self.gateway.process.poll() is not None:
            return faults + [f"vpnhad ended with {self.gateway.process.returncode}"]
        after = self.tunnel()
        if after != self.expected:
            faults.append(f"before {self.expected}, after {after}")
        wait(lambda: self.stream.passed() > passed + 3, "datagrams still pass")
        return faults

    def lossless(self):
        """All of it together has lost nothing."""
        return self.stream.end() + [f"{reason}: {packets} packets" for reason, packets in
                         self.gateway.drops().items() if packets]

    # -- floods ------------------------------------------------------------------------

    def flood(self, data):
        """Returns faults, and how the daemon was meanwhile."""
        path = os.path.join(self.directory, "flood")
        with open(path, "wb") as file:
            file.write(data)
        before, memory = self.counters(), self.memory()
        mark, most = self.gateway.mark(), {"half_open": 0, "memory": 0}
        flood = self.attacker.flood(path, RATE, SECONDS)
        while flood.poll() is None:
            most["half_open"] = max(most["half_open"], self.counters()["half_open"])
            most["memory"] = max(most["memory"], self.memory() - memory)
            time.sleep(0.1)
        sent, ms = (int(word) for word in flood.stdout.read().split())
        after = self.counters()
        grown = {name: after[name] - before[name] for name in ("received", "cookies", "unknown",
                                                               "refused_half_open", "responded")}
        lines = len(self.gateway.since(mark).splitlines())
        print(f"# {sent} first messages in {ms} ms, {sent * 1000 // ms} in a second; "
              f"{grown}; {lines} lines of the log, {most['memory']} KiB more")
        faults = []
        if sent * 1000 < ms * RATE * 95 // 100:
            faults.append(f"{sent} in {ms} ms are no flood")
        if grown["received"] * 10 < sent:
            faults.append(f"of {sent} only {grown['received']} were looked at")
        if most["half_open"] > HALF_OPEN:
            faults.append(f"{most['half_open']} were half open")
        if most["memory"] > MEMORY:
            faults.append(f"{most['memory']} KiB more")
        if lines > LINES + MORE_LINES * (ms // 1000 + 2):
            faults.append(f"{lines} lines of the log")
        return faults, grown

    def half_open(self):
        """As right as a first message can be."""
        faults, grown = self.flood(first())
        if grown["cookies"] < grown["received"] * 9 // 10:
            faults.append("it has not asked for cookies")
        return faults

    def refused(self):
        """With a proposal that is not accepted: nothing stays half open, and no cookie is
        asked for."""
        return self.flood(first(offer=ikeforge.sa((1, 12, 128), (2, 2, 0), (3, 2, 0),
                                                  (4, 19, 0))))[0]

    def incomplete(self):
        """Without a key exchange."""
        return self.flood(message([(SA, OFFER), (NONCE, bytes(32))]))[0]

    def with_cookies(self):
        """Somebody who receives what is sent to him: half of them more than there may be."""
        key, mark = ikeforge.public(), len(self.attacker.seen)
        before = self.counters()["refused_half_open"]
        asked = {(CLIENT, port): first(ke=key) for port in range(5000, 5000 + HALF_OPEN * 3 // 2)}

        def answers():
            return {one.dst: one for one in self.attacker.seen[mark:] if one.dst in asked}

        def again():
            """As often as it takes: a socket's buffer may be full."""
            silent = asked.keys() - answers()
            for source in silent:
                self.attacker.send(asked[source], source)
            return not silent
        wait(again, "each of them is answered")
        for source, answer in answers().items():
            if answer.data[16] == NOTIFY:
                self.attacker.send(self.repeated(asked[source], answer.data[28 + 8:]), source)
        wait(lambda: self.counters()["refused_half_open"] > before, "there is an end of them")
        return [f"{most} are half open" for most in [self.counters()["half_open"]]
                if most > HALF_OPEN]

    @staticmethod
    def repeated(one, cookie):
        """The same with a cookie before all else."""
        chain = one[28:]
        body = notify(COOKIE, cookie)
        head = struct.pack("!BBH", one[16], 0, 4 + len(body))
        whole = one[:16] + bytes([NOTIFY]) + one[17:24] + \
            struct.pack("!I", 28 + len(head) + len(body) + len(chain))
        return whole + head + body + chain

    def comes_back(self, what):
        """What is half open ends by itself; the same again needs no more than at first."""
        wait(lambda: self.counters()["ike_sas"] == 1, "no other IKE SA is left")
        memory = self.memory()
        grown = memory - self.after.setdefault(what, memory)
        return [f"{grown} KiB more than after the first time"] if grown > SLACK else []

    def flood_is_over(self):
        return self.comes_back(self.half_open)

    def cookies_are_over(self):
        return self.comes_back(self.with_cookies)

    # -- malformed -----------------------------------------------------------------------

    def anywhere(self, data, longest=None):
        """From the peer and from a stranger, to both ports."""
        for source in ((PEER, IKE), STRANGER):
            self.attacker.send(data, source)
        self.attacker.send(data, (PEER, NATT), NATT)

    def octets(self, most):
        return self.random.randbytes(self.random.randrange(most))

    def spis(self):
        """Nobody's, and the tunnel's."""
        (spi_i, spi_r), = (tuple(bytes.fromhex(spi) for spi in spis)
                           for spis in self.tunnel()[0][:1])
        return (os.urandom(8), NOBODY), (os.urandom(8), os.urandom(8)), (spi_i, spi_r)

    def each_payload(self):
        """Of each type and of some that are none: lengths, and critical bits."""
        nobody, _, ours = self.spis()
        for kind in (*range(1, 4), *range(SA, EAP + 1), 49, SKF, 54, 127, 128, 255):
            for fields in ({}, {"length": 0}, {"length": 3}, {"length": 65535}, {"flags": 0x80},
                           {"next_payload": kind}, {"next_payload": 255, "flags": 0xff}):
                body = self.octets(80)
                for exchange, (spi_i, spi_r) in ((INIT, (os.urandom(8), nobody[1])),
                                                 (AUTH, ours), (INFORM, ours)):
                    self.attacker.send(message([(kind, body, fields)], exchange=exchange,
                                               spi_i=spi_i, spi_r=spi_r,
                                               number=int(exchange != INIT)),
                                       self.random.choice(((PEER, IKE), STRANGER)))
        return self.heard()

    def lengths(self):
        """Headers that say something else than there is, and much of the same."""
        one = first()
        for length in (0, 1, 27, 28, len(one) - 1, len(one) + 1, 65535, 1 << 31, (1 << 32) - 1):
            self.anywhere(one[:24] + struct.pack("!I", length) + one[28:])
        for cut in range(0, len(one), 7):
            self.anywhere(one[:cut])
        for payloads in ([(VENDOR, b"")] * 300, [(NOTIFY, notify(COOKIE))] * 100,
                         [(SA, OFFER)] * 20, [(NONCE, bytes(32))] * 30,
                         [(SA, b"".join([ikeforge.sa(*[(1, 20, 256)] * 100)] * 1))]):
            self.anywhere(first(*payloads))
        for version in (0x00, 0x10, 0x21, 0x30, 0xff):
            self.anywhere(first(version=version))
        for exchange in (0, 33, 37, 38, 43, 239, 255):
            self.anywhere(first(exchange=exchange))
        return self.heard()

    def mangled(self):
        """Right ones with wrong octets."""
        spis = self.spis()
        for _ in range(ROUNDS * 10):
            one = bytearray(first(spi_i=self.random.choice(spis)[0]))
            for _ in range(self.random.randrange(1, 6)):
                one[self.random.randrange(16, len(one))] = self.random.randrange(256)
            self.attacker.send(bytes(one), STRANGER)
        return self.heard()

    def garbage(self):
        """As if it were encrypted, with the tunnel's SPIs."""
        spi_i, spi_r = self.spis()[2]
        for exchange in (AUTH, CREATE, INFORM, 38):
            for flags in (0, INITIATOR, RESPONSE, INITIATOR | RESPONSE):
                for number in range(4):
                    for kind, body in ((SK, self.octets(300)), (SK, b""), (SK, bytes(17)),
                                       (SKF, b""), (SKF, bytes(3)),
                                       (SKF, b"\0\1\0\1" + self.octets(99)),
                                       (SKF, b"\0\0\0\0" + bytes(40)),
                                       (SKF, b"\0\2\0\1" + bytes(40))):
                        self.attacker.send(message(
                            [(kind, body, {"next_payload": DELETE})], exchange=exchange,
                            flags=flags, number=number, spi_i=spi_i, spi_r=spi_r))
        return self.heard()

    def heard(self):
        """All that was sent so far has been looked at. Whoever lies about his address does
        not gain much by it: what is answered is no more than twice what he sent."""
        source = (CLIENT, 4000 + len(self.attacker.seen) % 1000)
        mark = len(self.attacker.seen)
        self.attacker.send(message([(SA, OFFER)]), source)
        wait(lambda: self.attacker.answers(source, mark), "a message gets its answer")
        sent = self.attacker.octets[STRANGER]
        answered = sum(len(one.data) for one in self.attacker.answers(STRANGER))
        return [f"{sent} octets are answered by {answered}"] if answered > 2 * sent else []

    # -- what was recorded -------------------------------------------------------------

    def requests(self):
        """The peer's, of the IKE SA that there is."""
        spis = self.spis()[2]
        return [one for one in self.attacker.of(PEER) if one.spis == spis and
                not one.is_response]

    def rekeyed(self):
        """That is what will be replayed."""
        before = {sa.key() for sa in self.gateway.children()}
        self.peer.rekey("child")
        wait(lambda: {sa.key() for sa in self.gateway.children()} - before, "there is a new SA")
        self.meeting.settled()
        self.expected = self.tunnel()
        return []

    def replays(self):
        """The last request gets the same answer once more, and those before it none."""
        requests = self.requests()
        last = max(one.number for one in requests)
        faults = []
        for one in requests:
            answers = [answer.data for answer in self.attacker.answers(one.src)
                       if answer.number == one.number and answer.is_response and
                       answer.spis == one.spis]
            mark = len(self.attacker.seen)
            for _ in range(3):
                self.attacker.send(one.data, one.src, one.dst[1])
            if one.number == last:
                wait(lambda one=one, mark=mark: len(self.attacker.answers(one.src, mark)) >= 3,
                     "it is answered as often as it came")
            self.heard()
            again = [answer.data for answer in self.attacker.answers(one.src, mark)
                     if answer.is_response and answer.number == one.number]
            if again != answers[:1] * (3 if one.number == last else 0):
                faults.append(f"request {one.number}: {len(again)} answers, "
                              f"{len(set(again + answers))} different ones")
        return faults

    def everything(self):
        """All that the peer has ever sent, backwards."""
        for one in reversed(self.attacker.of(PEER)[:200]):
            self.attacker.send(one.data, one.src, one.dst[1])
        return self.heard()

    # -- lies ------------------------------------------------------------------------------

    def in_clear(self):
        """That the peer wants it deleted, knows of no such SPI, or refuses."""
        spi_i, spi_r = self.spis()[2]
        spis = [struct.pack("!I", spi) for _, spi in self.tunnel()[1]]
        said = [[(DELETE, struct.pack("!BBH", 1, 0, 0))],
                [(DELETE, struct.pack("!BBH", 3, 4, len(spis)) + b"".join(spis))], [],
                *[[(NOTIFY, notify(kind))] for kind in LIES],
                *[[(NOTIFY, notify(INVALID_SPI, spi, 3, spi))] for spi in spis]]
        for payloads in said:
            for exchange in (INIT, AUTH, CREATE, INFORM):
                for flags in (0, INITIATOR, RESPONSE, INITIATOR | RESPONSE):
                    for number in (0, 1, 2, 3, 1000, 0xffffffff):
                        self.attacker.send(message(
                            payloads, exchange=exchange, flags=flags, number=number,
                            spi_i=spi_i, spi_r=spi_r))
        return self.heard()

    def other_spis(self):
        """Of what there is not: no answer may help anybody to flood somebody else."""
        mark, ours = len(self.attacker.seen), self.spis()[2]
        for exchange in (INIT, AUTH, CREATE, INFORM):
            for flags in (0, INITIATOR, RESPONSE, INITIATOR | RESPONSE):
                for spi_i, spi_r in ((os.urandom(8), os.urandom(8)), (NOBODY, os.urandom(8)),
                                     (NOBODY, NOBODY), ours[::-1]):
                    self.attacker.send(message([(SK, bytes(60))], exchange=exchange, flags=flags,
                                               number=1, spi_i=spi_i, spi_r=spi_r))
        faults = self.heard()
        answers = [one for one in self.attacker.answers((PEER, IKE), mark)
                   if one.spis != ours]
        return faults + [f"it has answered {answers}"] * bool(answers)

    # -- keys in wrong hands ---------------------------------------------------------------

    def insider(self):
        spi = self.spis()[2][0].hex()
        with open(os.path.join(self.directory, "ikev2_decryption_table"),
                  encoding="ascii") as table:
            return Insider(next(line for line in table if line.startswith(spi)),
                           self.gateway.ikes()[0].details["role"] == "initiator")

    def next_number(self):
        return max((one.number for one in self.requests()), default=-1) + 1

    def numbers(self):
        """Authentic deletions with message IDs that are not the next one's."""
        insider, here = self.insider(), self.next_number()
        deletion = [(DELETE, struct.pack("!BBH", 1, 0, 0))]
        for number in (here + 1, here + 2, here + 1000, 0x7fffffff, 0x80000000, 0xffffffff,
                       *range(max(here - 3, 0), here)):
            self.attacker.send(insider.message(deletion, number))
        for number in (*range(here + 3), 0xffffffff):
            self.attacker.send(insider.message(deletion, number, response=True))
        return self.heard()

    def fragments(self):
        """Authentic ones that never become a message, or change their minds of how many they
        are; then those of messages that come later."""
        insider, here, memory = self.insider(), self.next_number(), self.memory()
        self.attacker.send(insider.message(b"a", here, part=(1, 2, NOTIFY)))
        for total in (3, 60, 64, 65, 1000, 65535, 2):
            for number in (0, 1, total, total + 1):
                self.attacker.send(insider.message(bytes(1000), here, part=(
                    number & 0xffff, total, NOTIFY if number == 1 else 0)))
        for number in range(ROUNDS * 10):
            self.attacker.send(insider.message(bytes(1000), here + 1 + number, part=(1, 64, 0)))
        faults = self.heard()
        grown = self.memory() - memory
        return faults + [f"{grown} KiB more"] * (grown > SLACK)

    def deletion(self):
        """An authentic one with the right message ID is heard: what insiders sign is good."""
        gone = self.tunnel()[0][0]
        self.attacker.send(self.insider().message([(DELETE, struct.pack("!BBH", 1, 0, 0))],
                                                  self.next_number()))
        wait(lambda: gone not in [sa.spis for sa in self.gateway.ikes()], "the SA is gone")
        return []

    # -- while it comes up -----------------------------------------------------------------

    def answer(self, payloads, one, flags=RESPONSE):
        """As the peer might to a request of the gateway's."""
        self.attacker.send(message(payloads, exchange=one.exchange, number=one.number,
                                   flags=flags, spi_i=one.spis[0],
                                   spi_r=one.spis[1] if one.exchange != INIT else os.urandom(8)))

    def arrives(self):
        """There is a tunnel, whatever the gateway says until then."""
        def there():
            self.gateway.poke()
            return self.gateway.children()
        wait(there, "there is a tunnel")
        self.meeting.settled()
        return self.meeting.passes()

    def lied_to(self):
        """What is heard before the genuine answer, which takes a while: refusals and worse."""
        kinds = [kind for kind in LIES if kind not in (COOKIE, INVALID_KE)]
        said = [[(NOTIFY, notify(kind))] for kind in kinds] + [
            [(NOTIFY, notify(INVALID_KE, struct.pack("!H", 2)))],
            [(DELETE, struct.pack("!BBH", 1, 0, 0))], [(SK, bytes(60))], [],
            [(SA, ikeforge.sa((1, 12, 128), (2, 2, 0), (3, 2, 0), (4, 2, 0))), (KE, bytes(132)),
             (NONCE, bytes(16))]]

        def lie(one):
            if one.src[0] == GATEWAY and not one.is_response:
                for payloads in said:
                    self.answer(payloads, one)
        self.meeting.prepare(self.lab.sides())
        self.lab.path(delay_ms=200)
        self.attacker.react = lie
        try:
            faults = self.arrives()
        finally:
            self.attacker.react = None
            self.lab.path()
        return faults

    def led_on(self, lie, *words):
        """Whoever answers only so is given up soon, and an operator hears why."""
        self.meeting.prepare(self.lab.sides(), gateway={"ike": tuple(
            Ike(group=group) for group in GROUPS)})
        self.lab.path(cut=True)
        mark, said = len(self.attacker.seen), self.gateway.mark()
        self.attacker.react = lambda one: lie(one) if one.src[0] == GATEWAY else None
        try:
            try:
                self.gateway.initiate()
            except Refused as refused:
                why = str(refused)
            else:
                return ["there is a tunnel"]
        finally:
            self.attacker.react = None
        asked = [one for one in self.attacker.of(GATEWAY, mark) if one.exchange == INIT]
        begun = len({one.spis[0] for one in asked})
        print(f"# {len(asked)} messages for {begun} IKE SAs")
        faults = [f"{len(asked)} messages for {begun} IKE SAs"] if len(asked) > 12 * begun else []
        faults += [f"it says {why}"] if not all(
            word in why + self.gateway.since(said) for word in words) else []
        self.lab.path()
        return faults + self.arrives()

    def cookie_after_cookie(self):
        return self.led_on(lambda one: self.answer([(NOTIFY, notify(COOKIE, os.urandom(32)))], one),
                           "one cookie after the other")

    def group_after_group(self):
        def lie(one):
            group = self.random.choice(GROUPS)
            self.answer([(NOTIFY, notify(INVALID_KE, struct.pack("!H", int(group))))], one)
        return self.led_on(lie, "asks for group", "again")

    def redirected(self):
        return self.led_on(lambda one: self.answer(
            [(NOTIFY, notify(REDIRECT, b"\x01\x04\xc6\x33\x64\x63"))], one), "REDIRECT")

    # -- all of it -------------------------------------------------------------------------

    def attacks(self):
        """(test line, function) of those on the tunnel."""
        return (("a flood of first messages", self.half_open),
                ("their memory is given back", self.flood_is_over),
                ("another one takes no more", self.half_open),
                ("its memory is given back", self.flood_is_over),
                ("more half-open SAs, with cookies, than there may be", self.with_cookies),
                ("they end by themselves", self.cookies_are_over),
                ("a flood of proposals that are refused", self.refused),
                ("a flood of first messages that lack something", self.incomplete),
                ("each payload, malformed", self.each_payload),
                ("lengths, versions, exchanges, and too much", self.lengths),
                ("right messages with wrong octets", self.mangled),
                ("garbage as if it were encrypted", self.garbage),
                ("the peer rekeys", self.rekeyed),
                ("requests that are replayed", self.replays),
                ("all that the peer has said, replayed", self.everything),
                ("notifications and deletions in clear", self.in_clear),
                ("SPIs of nobody", self.other_spis),
                ("authentic messages with other message IDs", self.numbers),
                ("authentic fragments that are never complete", self.fragments))

    def rest(self):
        """Those that end the tunnel, or begin without one."""
        return (("an authentic deletion is heard", self.deletion),
                ("lies during the handshake", self.lied_to),
                ("one cookie after the other", self.cookie_after_cookie),
                ("one group after the other", self.group_after_group),
                ("a redirection", self.redirected))


def main():
    directory = os.environ.get("VPNHA_OUT") or tempfile.mkdtemp()
    with Topology() as topology:
        siege = Siege(Lab(topology), directory)
        attacks, rest = siege.attacks(), siege.rest()
        wanted = re.compile(os.environ.get("CELLS", ""))
        report = Report(len([name for name, _ in (*attacks, *rest) if wanted.search(name)]) + 2)
        for daemon in siege.meeting.daemons.values():
            daemon.start()
        report.line("the tunnel comes up", siege.meeting.run(siege.connect))
        for name, attack in attacks:
            if wanted.search(name):
                report.line(name, siege.meeting.run(siege.unharmed, attack))
        report.line("no datagram of the tunnel was lost", siege.meeting.run(siege.lossless))
        for name, attack in rest:
            if wanted.search(name):
                report.line(name, siege.meeting.run(attack))
        siege.attacker.stop()
        for daemon in siege.meeting.daemons.values():
            daemon.stop()
        report.end()


if __name__ == "__main__":
    main()
