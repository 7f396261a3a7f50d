#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Authentication of packets, by a text and by keyed MD5: scapy's and what is calculated
here are obeyed, what differs by a bit is not; keys change without a flap; they are
told to nobody but who may have them."""

import errno
import hashlib
import json
import os
import socket
import struct
import subprocess
import tempfile

import one_gateway
from gateway import (ACTIVE, LISTEN, STANDBY, V1_GROUP, V2_GROUP, Family, Report, Topology,
                     open_client, wait)
from one_gateway import GROUP, OWN, VIP, faults
from scapy_router import Router, raw_packet

OTHER, PEER = "172.16.172.54", "172.16.172.250"
KEY, NEXT, THIRD = b"password12345", b"another key", b"yet another one"
#: longest key, and one that no line of configuration could have as a word
LONGEST, ODD = b"k" * 55, bytes(range(1, 40))
DIGEST, DIGEST_AT = 16, {1: 34, 2: 56}
TEXT, MD5 = "text", "md5"

#: of John the Ripper's hsrp_fmt_plug.c, whose authors have seen it on a wire
VECTOR = (bytes.fromhex("000004030a64010000000000000000000a000064041c010000000a00001400000000"),
          bytes.fromhex("52e1db09d18d695b8fefb3730ff8d9d6"))


def digest(key, payload, at):
    """RFC 1828, over a payload whose digest is zeros."""
    zeroed = payload[:at] + bytes(DIGEST) + payload[at + DIGEST:]
    padded = key + b"\x80" + bytes(55 - len(key)) + struct.pack("<Q", 8 * len(key))
    return hashlib.md5(padded + zeroed + key).digest()


def tlv(source, algorithm=1):
    return bytes([4, 28, algorithm, 0, 0, 0]) + socket.inet_aton(source) + bytes(4 + DIGEST)


def hello(version=1, state=None, priority=200, text=bytes(8), tail=b""):
    """Of an active router, of which a text or a digest is still to be added in version 2."""
    if version == 1:
        return (bytes([0, 0, 16 if state is None else state, 100, 200, priority, GROUP, 0]) +
                text + socket.inet_aton(VIP) + tail)
    return (bytes([1, 40, 2, 0, 6 if state is None else state, 4, 0, GROUP]) + bytes(6) +
            struct.pack("!III", priority, 100000, 200000) + socket.inet_aton(VIP) + bytes(12) +
            tail)


def signed(key, source=PEER, version=1, given=None, **values):
    """A hello with its digest."""
    payload = hello(version, tail=tlv(given or source), **values)
    at = DIGEST_AT[version]
    return payload[:at] + digest(key, payload, at) + payload[at + DIGEST:]


class Lab(one_gateway.Lab):
    """Of a group whose version changes."""

    def __init__(self, topology):
        super().__init__(topology)
        self.gateway.ip("addr add 10.0.0.1/24 dev eth0")
        self.version = 1

    def fresh(self, version=1, **attributes):
        """A group that listens."""
        self.remove_group()
        if version != self.version:
            self.family.do("interface-set", ifname="eth0", version=version)
            self.version = version
        self.new_group(**attributes)
        self.family.wait_state("eth0", GROUP, LISTEN)
        self.settle()
        self.wire.drain()

    def send(self, payload, source=PEER):
        raw_packet(self.wire, source, payload, V1_GROUP if self.version == 1 else V2_GROUP)

    def obeyed(self, payload, source=PEER):
        """Is it? What is not is counted as what it is."""
        def counted():
            return (self.family.group("eth0", GROUP)["counters"]["hello-rx"],
                    self.family.drops("eth0").get("bad-authentication", 0))
        before = counted()
        self.send(payload, source)
        self.settle()
        obeyed, dropped = (b - a for a, b in zip(before, counted()))
        if obeyed + dropped != 1:
            raise RuntimeError(f"{obeyed} obeyed, {dropped} dropped for its authentication")
        return bool(obeyed)

    def ours(self):
        """The next hello, which a new priority brings forward: its UDP payload."""
        self.wire.drain()
        self.set(priority=self.group()["priority"] % 250 + 1)
        self.settle()
        return next(frame[42:] for frame in self.wire.heard
                    if frame[12:14] == b"\x08\x00" and frame[23] == socket.IPPROTO_UDP and
                    frame[36:38] == b"\x07\xc1" and len(frame[42:]) in (20, 50, 52, 72))


# -- a text --------------------------------------------------------------------

def text(lab):
    """Eight bytes of it count, and nothing else is taken for it."""
    scapy = Router(lab.wire, PEER, 200)
    found = []
    for word in (b"secret", b"exactly8", b"a"):
        lab.fresh(authentication=TEXT, key=word)
        drops = lab.family.drops("eth0").get("bad-authentication", 0)
        scapy.hello(GROUP, STANDBY, vip=VIP, hello=3, hold=10, auth=word.ljust(8, b"\0"))
        lab.settle()
        heard = lab.group()["counters"]["hello-rx"]
        scapy.hello(GROUP, STANDBY, vip=VIP, hello=3, hold=10)
        scapy.hello(GROUP, STANDBY, vip=VIP, hello=3, hold=10, auth=word[:-1].ljust(8, b"\1"))
        lab.settle()
        found += faults(**{f"scapy's {word} obeyed": heard == 1,
                           f"others than {word} refused":
                           lab.group()["counters"]["hello-rx"] == 1 and
                           lab.family.drops("eth0")["bad-authentication"] == drops + 2})
        found += faults(a_digest_is_none=not lab.obeyed(signed(word)))
    return found


def text_v2(lab):
    """In its TLV; without one it is the default."""
    lab.fresh(2, authentication=TEXT, key=b"secret")
    found = faults(obeyed=lab.obeyed(hello(2, tail=b"\3\x08secret\0\0")),
                   default=not lab.obeyed(hello(2)),
                   other=not lab.obeyed(hello(2, tail=b"\3\x08cisco\0\0\0")))
    lab.set(authentication=TEXT)
    return found + faults(default_again=lab.obeyed(hello(2)),
                          not_the_text=not lab.obeyed(hello(2, tail=b"\3\x08secret\0\0")))


# -- a digest ------------------------------------------------------------------

def vector(lab):
    """What others have seen on a wire is what is calculated here, and is obeyed."""
    payload, seen = VECTOR
    payload += bytes(DIGEST)
    lab.fresh(authentication=MD5, key=KEY)
    found = faults(calculated=digest(KEY, payload, 34) == seen)
    return found + faults(obeyed=lab.obeyed(payload[:34] + seen, "10.0.0.20"),
                          of_another_key=not lab.obeyed(payload[:34] + bytes(16), "10.0.0.20"))


def digests(lab, version):
    """Of keys of all lengths."""
    found = []
    for key in (b"k", KEY, LONGEST[:-1], LONGEST, ODD):
        lab.fresh(version, authentication=MD5, key=key)
        found += faults(**{f"with {key}": lab.obeyed(signed(key, version=version)),
                           f"with less than {key}":
                           not lab.obeyed(signed(key[:-1], version=version)),
                           f"with more than {key}":
                           not lab.obeyed(signed(key[1:] + b"x", version=version))})
    return found


def bits(lab, version):
    """Whichever byte of it is another one, it is not obeyed."""
    lab.fresh(version, authentication=MD5, key=KEY)
    right = signed(KEY, version=version)
    before = lab.group()["counters"]["hello-rx"], sum(lab.family.drops("eth0").values())
    for at in range(len(right)):
        wrong = bytearray(right)
        wrong[at] ^= 1 << at % 8
        lab.send(bytes(wrong))
    lab.settle()
    group = lab.group()
    return faults(none_obeyed=group["counters"]["hello-rx"] == before[0],
                  all_counted=sum(lab.family.drops("eth0").values()) == before[1] + len(right),
                  still_listening=group["state"] == LISTEN,
                  right_one_obeyed=lab.obeyed(right))


def others(lab, version):
    """What is no digest of the sender's."""
    lab.fresh(version, authentication=MD5, key=KEY)
    plain = hello(version, text=b"cisco\0\0\0") + (b"" if version == 1 else b"\3\x08cisco\0\0\0")
    algorithm = hello(version, tail=tlv(PEER, algorithm=2))
    at = DIGEST_AT[version]
    algorithm = algorithm[:at] + digest(KEY, algorithm, at) + algorithm[at + DIGEST:]
    return faults(text=not lab.obeyed(plain),
                  of_another_sender=not lab.obeyed(signed(KEY, given=OTHER, version=version)),
                  sent_again_by_another=not lab.obeyed(signed(KEY, version=version), OTHER),
                  another_algorithm=not lab.obeyed(algorithm),
                  right_one=lab.obeyed(signed(KEY, version=version)))


def ours(lab, version):
    """What we send: the digest is right, and tshark reads what surrounds it."""
    lab.fresh(version, authentication=MD5, key=KEY, preempt=1)
    lab.send(signed(KEY, version=version, priority=1, state={1: 16, 2: 6}[version]))
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    payload = lab.ours()
    at = DIGEST_AT[version]
    found = faults(digest=payload[at:at + DIGEST] == digest(KEY, payload, at))
    with tempfile.NamedTemporaryFile() as pcap:
        pcap.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        frame = next(one for one in lab.wire.heard if one[42:] == payload)
        pcap.write(struct.pack("=IIII", 0, 0, len(frame), len(frame)) + frame)
        pcap.flush()
        told = json.loads(subprocess.run(["tshark", "-r", pcap.name, "-T", "json"], check=True,
                                         capture_output=True).stdout)[0]["_source"]["layers"]
    whole = json.dumps(told)
    return found + faults(
        tshark_sees_our_address=f'"hsrp.md5_ip_address": "{OWN}"' in whole,
        tshark_sees_the_algorithm='"hsrp2.md5_algorithm": "1"' in whole,
        tshark_sees_the_digest=payload[at:at + DIGEST].hex(":") in whole,
        tshark_complains_of_nothing="_ws.malformed" not in whole)


# -- another key ---------------------------------------------------------------

def is_signed(payload, key):
    return payload[34:] == digest(key, payload, 34)


def rollover(lab):
    """Both are good for a while; ours is the new one as soon as another router has it."""
    lab.fresh(authentication=MD5, key=KEY, key_timeout=3600, preempt=1)
    lab.send(signed(KEY, priority=1, state=16))
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    found = faults(no_previous_key="key-old-left-ms" not in lab.group())
    lab.set(authentication=MD5, key=NEXT)
    left = lab.group().get("key-old-left-ms", 0)
    found += faults(time_left=3000000 < left <= 3600000,
                    ours_is_the_old_one=is_signed(lab.ours(), KEY),
                    theirs_may_be=lab.obeyed(signed(KEY, priority=1, state=8)),
                    ours_still_is=is_signed(lab.ours(), KEY))
    # nobody has the second one yet: the first is what they know
    lab.set(authentication=MD5, key=THIRD)
    found += faults(still_the_first=is_signed(lab.ours(), KEY),
                    never_sent_with=not lab.obeyed(signed(NEXT, priority=1, state=8)),
                    theirs_is_new=lab.obeyed(signed(THIRD, priority=1, state=8)),
                    ours_is_new=is_signed(lab.ours(), THIRD),
                    old_is_accepted=lab.obeyed(signed(KEY, priority=1, state=8)),
                    ours_stays_new=is_signed(lab.ours(), THIRD))
    lab.set(key_timeout=0)
    return found + faults(forgotten=not lab.obeyed(signed(KEY, priority=1, state=8)),
                          and_not_shown="key-old-left-ms" not in lab.group(),
                          state=lab.group()["state"] == ACTIVE)


def runs_out(lab):
    """After its time the old one is good for nothing; without a time, at once."""
    lab.fresh(authentication=MD5, key=KEY, key_timeout=1)
    lab.set(authentication=MD5, key=NEXT)
    wait(lambda: "key-old-left-ms" not in lab.group(), "the previous key's time is over")
    found = faults(old=not lab.obeyed(signed(KEY)), new=lab.obeyed(signed(NEXT)))
    lab.fresh(authentication=MD5, key=KEY)
    lab.set(authentication=MD5, key=NEXT)
    found += faults(old_at_once=not lab.obeyed(signed(KEY)), new_at_once=lab.obeyed(signed(NEXT)))
    # a group that is made again remembers nothing, whatever its timeout
    lab.fresh(authentication=MD5, key=KEY, key_timeout=3600)
    lab.fresh(authentication=MD5, key=NEXT, key_timeout=3600)
    return found + faults(made_again=not lab.obeyed(signed(KEY)))


def from_text(lab):
    """The text that was before is a previous key, too."""
    lab.fresh(key_timeout=3600)
    lab.set(authentication=MD5, key=KEY)
    return faults(the_text=lab.obeyed(hello(text=b"cisco\0\0\0")),
                  another=not lab.obeyed(hello(text=b"secret\0\0")),
                  the_digest=lab.obeyed(signed(KEY)))


class Pair:
    """Two gateways that share a group."""

    def __init__(self, topology):
        self.gateways = topology.add("hsrp-a", "hsrp-b")
        topology.cable(self.gateways[0], "eth0", self.gateways[1], "eth0")
        self.families = []
        for gateway, address in zip(self.gateways, (OWN, OTHER)):
            gateway.ip(f"addr add {address}/24 dev eth0")
            self.families.append(Family(gateway))

    def do(self, one, **attributes):
        self.families[one].do("group-set", ifname="eth0", number=GROUP, **attributes)

    def groups(self):
        return [family.group("eth0", GROUP) for family in self.families]

    def hellos(self, more=3):
        """Waits until each has heard some more of the other."""
        begin = [group["counters"]["hello-rx"] for group in self.groups()]
        wait(lambda: all(group["counters"]["hello-rx"] >= count + more
                         for group, count in zip(self.groups(), begin)), "hellos are heard")

    def refused(self):
        return [family.drops("eth0").get("bad-authentication", 0) for family in self.families]


def no_flap(pair):
    """Neither has ever refused a packet of the other, and nobody's state has changed."""
    for number, family in enumerate(pair.families):
        family.do("group-new", ifname="eth0", number=GROUP, enabled=1, vip=VIP, hello_ms=200,
                  hold_ms=2000, priority=100 + number, authentication=MD5, key=KEY,
                  key_timeout=3600)
    wait(lambda: sorted(group["state"] for group in pair.groups()) == [ACTIVE, STANDBY],
         "one is active, one standby")
    for family in pair.families:
        family.do("group-set", ifname="eth0", number=GROUP, hold_ms=200000, hello_ms=200)
    pair.hellos()
    before = [group["state-changes"] for group in pair.groups()]
    refused = pair.refused()
    found = []
    for first, key in ((0, NEXT), (1, THIRD), (0, LONGEST)):
        for one in (first, 1 - first):
            pair.do(one, authentication=MD5, key=key)
            pair.hellos()
        found += faults(**{f"no packet was refused with {key}": pair.refused() == refused})
    return found + faults(
        no_state_changed=[group["state-changes"] for group in pair.groups()] == before)


# -- who is told ---------------------------------------------------------------

def secret(lab):
    """Keys are told by one command to those who may have them; no event has them."""
    listener = open_client(lab.gateway)
    listener.ntf_subscribe("events")
    lab.fresh(authentication=MD5, key=KEY, key_timeout=60)
    told = lab.family.do("group-key-get", ifname="eth0", number=GROUP)
    everybody = [lab.group(), *lab.family.dump("group-get")]
    listener.check_ntf()
    events = [message["msg"] for message in listener.async_msg_queue]
    found = faults(group_key_get=told.get("key") == KEY,
                   dump=[one.get("key") for one in lab.family.dump("group-key-get")] == [KEY],
                   how_is_no_secret=all(one.get("authentication") == MD5 for one in everybody),
                   timeout=all(one.get("key-timeout") == 60 for one in everybody),
                   key_is=not any("key" in one for one in everybody),
                   there_are_events=bool(events),
                   none_has_a_key=not any("key" in one for one in events))
    lab.fresh()
    told = lab.family.do("group-key-get", ifname="eth0", number=GROUP)
    return found + faults(default_is_not_told="key" not in told and "authentication" not in told)


REFUSALS = (
    ({"key": KEY}, "it must be said how the key is used", ".key"),
    ({"authentication": MD5}, "key must be 1 to 55 bytes", ".authentication"),
    ({"authentication": MD5, "key": b""}, "key must be 1 to 55 bytes", ".key"),
    ({"authentication": MD5, "key": LONGEST + b"k"}, "key must be 1 to 55 bytes", ".key"),
    ({"authentication": TEXT, "key": b"ninechars"},
     "text must be 1 to 8 printable characters, the first no ! or <", ".key"),
    ({"authentication": TEXT, "key": b"a b"},
     "text must be 1 to 8 printable characters, the first no ! or <", ".key"),
    ({"authentication": TEXT, "key": b""},
     "text must be 1 to 8 printable characters, the first no ! or <", ".key"),
)


def refusals(lab):
    """What is wrong is refused, and what was is still there."""
    lab.fresh(authentication=MD5, key=KEY, key_timeout=60)
    found = []
    for attributes, why, at in REFUSALS:
        got = lab.family.refused("group-set", ifname="eth0", number=GROUP, **attributes)
        if got != (errno.EINVAL, why, at):
            found.append(f"{attributes}: {got}")
    got = lab.family.refused("group-set", ifname="eth0", number=GROUP, key_timeout=32768)
    if not got or got[0] != errno.ERANGE or got[2] != ".key-timeout":
        found.append(f"timeout: {got}")
    return found + faults(still_there=lab.obeyed(signed(KEY)))


# -- the tool ------------------------------------------------------------------

def vpnhactl(namespace, *lines, check=True):
    """Lines of configuration, loaded; what it says."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        return namespace.sh(f"vpnhactl load {file.name}", check=check)


def lines(lab):
    """What is loaded is shown to who may see it, loads again to nothing, and is saved
    for its owner only."""
    found = []
    for line in ("standby 1 authentication md5 key-string password12345 timeout 30",
                 "standby 1 authentication md5 key-string 0 7",
                 "standby 1 authentication md5 key-string hex 0102ff",
                 "standby 1 authentication text secret"):
        config = ("interface eth0", f" {line}", f" standby 1 ip {VIP}")
        vpnhactl(lab.gateway, *config)
        running = lab.gateway.sh("vpnhactl show running-config")
        shown = lab.gateway.sh("vpnhactl show standby; vpnhactl -j show standby; "
                               "vpnhactl -j show running-config")
        key = line.split(" timeout")[0].split()[-1]
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "saved")
            lab.gateway.sh(f"vpnhactl copy running-config {path}", check=False)
            mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else None
        found += faults(**{
            f"{line}: {running}": f" {line}\n" in running,
            f"{line}: shown": "Authentication " + ("MD5" if "md5" in line else "text") in shown,
            f"{line}: without it": len(key) < 3 or key not in shown,
            f"{line}: for its owner, not {mode}": mode == 0o600,
            f"{line}: again": "no change" in vpnhactl(lab.gateway, *config).lower()})
    # as routers of others show it
    vpnhactl(lab.gateway, "interface eth0", f" standby 1 ip {VIP}",
             " standby 1 authentication md5 key-string 7 0822455D0A16")
    found += faults(obscured=lab.family.do("group-key-get", ifname="eth0",
                                           number=GROUP)["key"] == b"cisco")
    # keys are told neither by a dry run nor by a message
    said = vpnhactl(lab.gateway, "interface eth0", " standby 1 authentication md5 key-string " +
                    "x" * 56, f" standby 1 ip {VIP}", check=False)
    found += faults(**{f"told {said}": "x" * 56 not in said and "longer than 55" in said})
    return found


def main():
    with Topology() as topology:
        lab = Lab(topology)
        scenes = [("scapy: a text, version 1", text, lab),
                  ("a text, version 2", text_v2, lab),
                  ("keyed MD5: what was seen on a wire", vector, lab)]
        for version in (1, 2):
            scenes += [
                (f"keyed MD5, version {version}: keys of all lengths", digests, lab, version),
                (f"keyed MD5, version {version}: every byte counts", bits, lab, version),
                (f"keyed MD5, version {version}: what is none", others, lab, version),
                (f"tshark: keyed MD5, version {version}, as we send it", ours, lab, version)]
        scenes += [("a new key: the previous one is good for a while", rollover, lab),
                   ("a new key: the previous one's time ends", runs_out, lab),
                   ("a new key: where a text was", from_text, lab),
                   ("a pair changes its keys: no packet is refused", no_flap, Pair(topology)),
                   ("a key is told to who may have it", secret, lab),
                   ("wrong keys are refused", refusals, lab),
                   ("lines of configuration", lines, lab)]
        report = Report(len(scenes))
        for name, scene, *arguments in scenes:
            report.run(name, scene, *arguments)
    report.end()


if __name__ == "__main__":
    main()
