#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What a gateway makes of packets that scapy builds, where the table of states
alone does not say it: which ones it obeys, who counts as active, what it learns,
what it shows, and why it drops the rest."""

import os
import socket

import one_gateway
from gateway import (ACTIVE, LEARN, LISTEN, SPEAK, STANDBY, V2_GROUP, Debug, Report, Topology,
                     wait)
from one_gateway import GROUP, OWN, TIMERS, VIP
from scapy_router import Router, heard, raw_packet

NONE = {"hello_ms": 0, "hold_ms": 0}


class Lab(one_gateway.Lab):
    """With the routers that are heard."""

    def __init__(self, topology):
        super().__init__(topology)
        self.low = Router(self.wire, "172.16.172.20", 50)
        self.high = Router(self.wire, "172.16.172.250", 200)
        self.higher = Router(self.wire, "172.16.172.251", 201)

    def fresh(self, state, vip=VIP, **attributes):
        """A new group in a state; its packets up to there are forgotten."""
        self.remove_group()
        self.new_group(vip=vip, **attributes)
        if state in (SPEAK, STANDBY, ACTIVE):
            self.low.resign(GROUP)
        if state in (STANDBY, ACTIVE):
            self.low.hello(GROUP, STANDBY, vip=VIP)
        if state == ACTIVE:
            self.low.resign(GROUP)
        if self.group()["state"] != state:
            raise RuntimeError(f"the group is not in {state}")
        self.wire.drain()

    def sent(self):
        """Kinds of packets of the group sent since fresh()."""
        self.settle()
        return [packet.kind for packet in heard(self.wire.heard)
                if packet.kind in ("hello", "coup", "resign")]


def differs(what, got, want):
    return [] if got == want else [f"{what} is {got}, not {want}"]


def state_is(lab, want):
    return differs("state", lab.group()["state"], want)


def router_is(lab, role, address, left=None):
    """Who is the active or standby router, and that its timer has so many seconds
    at most, and hardly fewer."""
    router = lab.group().get(f"{role}-router")
    if address is None:
        return differs(f"{role} router", router, None)
    if not router:
        return [f"no {role} router"]
    faults = differs(f"{role} router", router.get("address"), address)
    if left is not None:
        expires = router["expires-ms"] / 1000
        if not left * 0.6 < expires <= left:
            faults.append(f"{role} router expires in {expires} s, not {left} s")
    return faults


# -- who ranks higher --------------------------------------------------------

def equal_priority(lab):
    """The address decides: higher is g, lower is h."""
    lab.fresh(ACTIVE)
    Router(lab.wire, "172.16.172.51", 100).hello(GROUP, ACTIVE, vip=VIP)
    faults = state_is(lab, ACTIVE) + differs("packets", lab.sent().count("coup"), 1)
    Router(lab.wire, "172.16.172.54", 100).hello(GROUP, ACTIVE, vip=VIP)
    return faults + state_is(lab, SPEAK) + differs("packets", lab.sent().count("resign"), 1)


def address_beats_nothing(lab):
    """A higher address does not make up for a lower priority."""
    lab.fresh(ACTIVE)
    Router(lab.wire, "172.16.172.254", 99).hello(GROUP, ACTIVE, vip=VIP)
    faults = state_is(lab, ACTIVE)
    Router(lab.wire, "172.16.172.1", 101).hello(GROUP, ACTIVE, vip=VIP)
    return faults + state_is(lab, SPEAK)


def lower_speaker(lab):
    """f is of a higher priority only."""
    lab.fresh(STANDBY)
    lab.low.hello(GROUP, SPEAK, vip=VIP)
    faults = state_is(lab, STANDBY)
    lab.high.hello(GROUP, SPEAK, vip=VIP)
    return faults + state_is(lab, LISTEN)


def lower_coup(lab):
    """j is of a higher priority only, and its sender is the new active router."""
    lab.fresh(ACTIVE)
    lab.low.coup(GROUP, vip=VIP)
    faults = state_is(lab, ACTIVE)
    lab.high.coup(GROUP, vip=VIP)
    return faults + state_is(lab, SPEAK) + router_is(lab, "active", lab.high.address, 250)


# -- who may resign ----------------------------------------------------------

def resign_of_active(lab):
    lab.fresh(STANDBY)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=1, hold=200)
    faults = router_is(lab, "active", lab.high.address)
    lab.low.resign(GROUP)
    faults += state_is(lab, STANDBY) + router_is(lab, "active", lab.high.address)
    lab.high.resign(GROUP)
    return faults + state_is(lab, ACTIVE)


def resign_while_unknown(lab):
    lab.fresh(LISTEN)
    lab.low.resign(GROUP)
    return state_is(lab, SPEAK)


# -- times -------------------------------------------------------------------

def times_of_hello(lab):
    lab.fresh(LISTEN)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=40, hold=120)
    lab.low.hello(GROUP, LISTEN, vip=VIP, hello=1, hold=3)
    faults = router_is(lab, "active", lab.high.address, 120)
    lab.higher.hello(GROUP, STANDBY, vip=VIP, hello=40, hold=150)
    faults += router_is(lab, "standby", lab.higher.address, 150)
    return faults + router_is(lab, "active", lab.high.address, 120)


def no_times(lab):
    """0 in both fields: the receiver's own hold time."""
    lab.fresh(LISTEN)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=0, hold=0)
    lab.higher.hello(GROUP, STANDBY, vip=VIP, hello=0, hold=0)
    return (router_is(lab, "active", lab.high.address, 250) +
            router_is(lab, "standby", lab.higher.address, 250))


def heard_as_standby(lab):
    """c in Speak is blank, so that a router may become standby while no active
    timer runs. It is heard as that before it takes over."""
    lab.fresh(SPEAK, hello_ms=1000, hold_ms=250000)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=1, hold=2)
    wait(lambda: "active-router" not in lab.group(), "the active router is lost")
    faults = state_is(lab, SPEAK)
    lab.low.hello(GROUP, STANDBY, vip=VIP)
    wait(lambda: lab.group()["state"] == ACTIVE, "it takes over")
    lab.settle()
    states = [packet.state for packet in heard(lab.wire.heard) if packet.kind == "hello"]
    order = [state for state, before in zip(states, [None] + states) if state != before]
    return faults + differs("order of hellos", order, [SPEAK, STANDBY, ACTIVE])


# -- learning ----------------------------------------------------------------

def used(lab):
    group = lab.group()
    return group.get("vip-used", "0.0.0.0"), group["hello-used-ms"], group["hold-used-ms"]


def learn_all(lab):
    """In Learn from any active router; all of it forgotten at the end."""
    faults = []
    for router in (lab.high, lab.low):
        lab.fresh(LEARN, vip=0, **NONE)
        faults += differs("used before", used(lab), ("0.0.0.0", 3000, 10000))
        router.hello(GROUP, ACTIVE, vip=VIP, hello=60, hold=200)
        faults += differs("used", used(lab), (VIP, 60000, 200000))
        lab.set(enabled=0)
        faults += differs("used after", used(lab), ("0.0.0.0", 3000, 10000))
    return faults


def learn_not_of(lab):
    """Not from routers that are not active, nor from a resign or a coup."""
    lab.fresh(LEARN, vip=0, **NONE)
    for state in (SPEAK, STANDBY, LISTEN):
        lab.high.hello(GROUP, state, vip=VIP, hello=60, hold=200)
    lab.high.coup(GROUP, vip=VIP, hello=60, hold=200)
    lab.high.resign(GROUP, vip=VIP, hello=60, hold=200)
    return differs("used", used(lab), ("0.0.0.0", 3000, 10000)) + state_is(lab, LEARN)


def learn_timers(lab):
    """From an active router of higher priority in Listen, Speak and Standby; in
    Learn alone from one of lower priority; never what is configured."""
    faults = []
    for state in (LISTEN, SPEAK, STANDBY):
        lab.fresh(state, **TIMERS)
        lab.high.hello(GROUP, ACTIVE, vip="172.16.172.99", hello=60, hold=200)
        faults += differs(f"used in {state}, configured", used(lab), (VIP, 240000, 250000))
        lab.set(**NONE)
        faults += differs(f"used in {state}, nothing learned yet", used(lab)[0], VIP)
        before = used(lab)
        lab.low.hello(GROUP, ACTIVE, vip=VIP, hello=70, hold=210)
        faults += differs(f"used in {state}, lower", used(lab), before)
        lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=60, hold=200)
        faults += differs(f"used in {state}, higher", used(lab), (VIP, 60000, 200000))
        lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=0, hold=0)
        faults += differs(f"used in {state}, no times", used(lab), (VIP, 60000, 200000))
    return faults


def learn_not_active(lab):
    """An active router keeps what it learned, and learns no more."""
    lab.fresh(STANDBY)
    lab.set(**NONE)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=60, hold=200)
    lab.high.resign(GROUP)
    faults = state_is(lab, ACTIVE)
    lab.low.hello(GROUP, ACTIVE, vip=VIP, hello=70, hold=210)
    return faults + differs("used", used(lab), (VIP, 60000, 200000))


# -- what is shown, and when it begins ---------------------------------------

def shown(lab):
    """Neither hello timers nor hellos that change nothing are events to show; a
    resign is."""
    debug = Debug(lab.gateway)
    lab.fresh(STANDBY, hello_ms=1000, hold_ms=250000)
    debug.clear()
    start = lab.group()["counters"]["hello-tx"]
    for router, state in ((lab.high, ACTIVE), (lab.low, SPEAK), (lab.low, ACTIVE)):
        router.hello(GROUP, state, vip=VIP, hello=1, hold=200)
    wait(lambda: lab.group()["counters"]["hello-tx"] >= start + 2, "hellos")
    faults = differs("events", [event["event"] for event in debug.events(kind="fsm-event")], [])
    lab.low.resign(GROUP)
    lab.settle()
    return faults + differs("events", [(event["event"], event["state"], event["address"],
                                        event["priority"])
                                       for event in debug.events(kind="fsm-event")],
                            [("resign", STANDBY, lab.low.address, lab.low.priority)])


def minimum_delay(lab):
    """An interface that comes up waits a second; one that was up does not."""
    debug = Debug(lab.gateway)
    lab.fresh(LISTEN)
    faults = differs("kinds", [event["kind"] for event in debug.events()
                               if event["kind"].startswith("delay")], [])
    lab.peer.ip("link set eth0 down")
    wait(lambda: lab.family.group("eth0", GROUP)["init-reason"] == "interface-down",
         "it is down")
    debug.clear()
    lab.peer.ip("link set eth0 up")
    lab.family.wait_state("eth0", GROUP, LISTEN)
    # a socket keeps the error of the time when its device was down
    lab.wire.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    faults += differs("kinds", [event["kind"] for event in debug.events()
                                if event["kind"] in ("interface-up", "delay-start",
                                                     "delay-end")],
                      ["interface-up", "delay-start", "delay-end"])
    faults += differs("delay", [event.get("delay-ms") for event in
                                debug.events(kind="delay-start")], [1000])
    return faults


# -- what is dropped ---------------------------------------------------------

V2_HELLO = (bytes([1, 40, 2, 0, 6, 4, 0, GROUP]) + bytes(6) + bytes([0, 0, 0, 200]) +
            bytes([0, 0, 3, 232, 0, 0, 11, 184, 172, 16, 172, 53]) + bytes(12))


def v1(**changes):
    """A hello that an active gateway would yield to, with bytes changed."""
    data = bytearray(bytes([0, 0, 16, 100, 200, 200, GROUP, 0]) + b"cisco\0\0\0" +
                     bytes([172, 16, 172, 53]))
    for name, value in changes.items():
        offset = int(name[1:])
        data[offset:offset + len(value)] = value
    return bytes(data)


def md5():
    return v1(b8=bytes(8)) + bytes([4, 28, 1, 0, 0, 0]) + bytes(24)


# (name, reason, what to send: keywords of raw_packet)
DROPS = (
    ("19 bytes", "truncated", {"payload": v1()[:19]}),
    ("a datagram longer than its packet", "truncated", {"payload": v1(), "udp_length": 60}),
    ("a datagram shorter than its header", "truncated", {"payload": v1(), "udp_length": 7}),
    ("a wrong UDP checksum", "bad-checksum", {"payload": v1(), "damage": 0x0100}),
    ("a forwarded one", "bad-ttl", {"payload": v1(), "ttl": 2}),
    ("one of 254 hops", "bad-ttl", {"payload": v1(), "ttl": 254}),
    ("21 bytes", "bad-length", {"payload": v1() + b"\0"}),
    ("1000 bytes", "bad-length", {"payload": v1() + bytes(980)}),
    ("version 2 in version 1's place", "bad-version", {"payload": V2_HELLO}),
    ("version 2", "bad-version", {"payload": V2_HELLO, "destination": V2_GROUP}),
    ("an unknown operation", "bad-opcode", {"payload": v1(b1=b"\4")}),
    ("an unknown state", "bad-state", {"payload": v1(b2=b"\3")}),
    ("hold time not above hello time", "bad-timers", {"payload": v1(b3=b"\5\5")}),
    ("another password", "bad-authentication", {"payload": v1(b8=b"secret\0\0")}),
    ("our password and more", "bad-authentication", {"payload": v1(b8=b"ciscos\0\0")}),
    ("MD5", "bad-authentication", {"payload": md5()}),
    ("our own address", "own-address", {"payload": v1(), "source": OWN}),
    ("a group that is not there", "unknown-group", {"payload": v1(b6=b"\7")}),
)


def drop(lab, reason, arguments):
    lab.fresh(ACTIVE)
    before = lab.family.drops("eth0")
    raw_packet(lab.wire, **{"source": lab.high.address, **arguments})
    lab.settle()
    after = lab.family.drops("eth0")
    changed = {name: after[name] - before.get(name, 0) for name in after
               if after[name] != before.get(name, 0)}
    return differs("drops", changed, {reason: 1}) + state_is(lab, ACTIVE)


def obey(lab, arguments):
    lab.fresh(ACTIVE)
    before = lab.family.drops("eth0")
    raw_packet(lab.wire, **{"source": lab.high.address, "payload": v1(), **arguments})
    return state_is(lab, SPEAK) + differs("drops", lab.family.drops("eth0"), before)


def different_vip(lab):
    """Counted, but obeyed: the pair must not split over it."""
    lab.fresh(ACTIVE)
    before = lab.family.drops("eth0").get("different-vip", 0)
    raw_packet(lab.wire, lab.high.address, v1(b16=bytes([172, 16, 172, 99])))
    faults = state_is(lab, SPEAK)
    faults += differs("different-vip", lab.family.drops("eth0").get("different-vip", 0), before + 1)
    return faults + differs("virtual IP", lab.group()["vip-used"], VIP)


def advertisement(lab):
    """Read, counted, and of no effect."""
    lab.fresh(ACTIVE)
    before = lab.family.interface("eth0").get("advertise-rx", 0)
    raw_packet(lab.wire, lab.high.address, bytes([0, 3, 0, 1, 0, 10, 3, 0, 0, 1] + [0] * 6))
    faults = state_is(lab, ACTIVE)
    return faults + differs("advertise-rx", lab.family.interface("eth0")["advertise-rx"],
                            before + 1)


TESTS = (
    ("with equal priority the higher address wins", equal_priority),
    ("priority comes before the address", address_beats_nothing),
    ("a speaker of lower priority is no event", lower_speaker),
    ("a coup of lower priority is no event", lower_coup),
    ("only the active router can resign", resign_of_active),
    ("anybody can resign while no active router is known", resign_while_unknown),
    ("timers take the hold time of the hello", times_of_hello),
    ("a hello without times leaves them to the gateway", no_times),
    ("a new standby router is heard as such before it takes over", heard_as_standby),
    ("virtual IP and timers are learned", learn_all),
    ("nothing is learned from routers that are not active", learn_not_of),
    ("timers are learned where they are not configured", learn_timers),
    ("an active router learns nothing", learn_not_active),
    ("debug shows what changes the state and no more", shown),
    ("an interface that comes up waits", minimum_delay),
)


def main():
    os.sched_setaffinity(0, {0})
    accepted = (("TTL 255", {"ttl": 255}), ("no UDP checksum", {"damage": None}))
    report = Report(len(TESTS) + len(DROPS) + len(accepted) + 2)
    with Topology() as topology:
        lab = Lab(topology)
        for name, function in TESTS:
            report.run(f"scapy: {name}", function, lab)
        for name, reason, arguments in DROPS:
            report.run(f"scapy: {name} is dropped: {reason}", drop, lab, reason, arguments)
        for name, arguments in accepted:
            report.run(f"scapy: {name} is accepted", obey, lab, arguments)
        report.run("scapy: another virtual IP is counted but obeyed", different_vip, lab)
        report.run("scapy: an advertisement changes nothing", advertisement, lab)
    report.end()


if __name__ == "__main__":
    main()
