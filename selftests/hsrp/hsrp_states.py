#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),debug
"""Every cell of the state table of RFC 2281 section 5.7, driven by packets that
scapy builds: a gateway with one group a cell is put into the cell's state, gets
the cell's event, and must do the cell's actions and go to the cell's state.

All groups run side by side, so that what takes a hold time takes it once.
"""

import os

import one_gateway
from gateway import (ACTIVE, HANGS, INITIAL, LEARN, LISTEN, SPEAK, STANDBY, STATES, Debug, Report,
                     Topology, wait)
from scapy_router import Router, heard, virtual_mac

# Copied from the RFC with its column widths: '|' in a cell is text.
RFC2281 = """\
|  a  |  AB/2|3+ |          |          |          |          |          |
|  b  |          |   CD/1   |   CD/1   |   CD/1   |   CD/1   |   CDH/1  |
|  c  |          |          |   AB/4   |          |  CDFI/6  |          |
|  d  |          |          |   B/4    |   D/5    |          |          |
|  e  |          |          |          |    F     |    F     |    F     |
|  f  |          |          |          |   B/3    |   B/3    |          |
|  g  |          |   EAB/3  |    EA    |   EA     |   EA     |   AB/4   |
|  h  |          |   EAB/3  | A|BGFI/6*| A|BGFI/6*| A|BGFI/6*|    G     |
|  i  |          |          |   AB/4   |   A      |  CFI/6   |          |
|  j  |          |          |          |          |          |   ABH/4  |
|  k  |          |          |    B     |   B/3    |  B/3     |    B     |
|  l  |          |          |    B/4   |   D/5    |          |    B     |
"""
# Where the gateway does more than the RFC: one that yields to a hello resigns, and one that
# hears of another active router sends gratuitous ARP again.
DEVIATIONS = {("g", ACTIVE): "H", ("h", ACTIVE): "I", ("i", ACTIVE): "I"}

SPEAKS = (SPEAK, STANDBY, ACTIVE)

# Long enough to be no part of the test. A group whose own timers are, has these.
LONG = (240000, 250000)
SHORT_HOLD = (800, 2000)
# less than what timers are armed with, where they cannot be
LEARN_TIMERS = (30000, 90000)
SHORT_HELLO = (1000, 250000)
# Seconds in packets: what arms a timer before the event, what the event brings,
# and what makes a timer expire.
ARMED, BROUGHT, SOON = 100, 200, 2


class Cell:
    """A cell of the table, and the group that is to show it."""

    def __init__(self, number, letter, state, preempt=False, has_vip=True):
        self.number = number
        self.letter = letter
        self.state = state
        self.preempt = preempt
        self.has_vip = has_vip and state != LEARN
        self.vip = f"172.16.172.{100 + number}"
        self.actions, self.next = expected(letter, state, preempt, self.has_vip)
        self.faults = []

    def name(self):
        text = f"scapy: {self.letter} in {self.state}"
        if self.letter == "a" and self.state == INITIAL:
            text += " with" if self.has_vip else " without"
            text += " virtual IP"
        if self.preempt:
            text += " with preemption"
        return f"{text}: {self.actions or 'nothing'}, {self.next}"

    def timers(self):
        if self.letter in "cd" and self.state in (INITIAL, LEARN):
            return SHORT_HOLD
        if self.letter == "e":
            return SHORT_HELLO
        if self.state == LEARN:
            return LEARN_TIMERS
        return LONG

    def fault(self, text):
        self.faults.append(text)

    def equal(self, what, got, want):
        if got != want:
            self.fault(f"{what} is {got}, not {want}")


def expected(letter, state, preempt, has_vip):
    """(actions, next state) of a cell."""
    row = next(line for line in RFC2281.splitlines() if line.startswith(f"|  {letter}  |"))
    column = 7 + 11 * STATES.index(state)
    text = row[column:column + 10].replace(" ", "")
    alternatives = text.rstrip("+*").split("|")
    choice = alternatives[0]
    if text.endswith("*") and preempt:
        choice = alternatives[1]
    actions, _, number = choice.partition("/")
    if text.endswith("+") and has_vip:
        number = alternatives[1]
    actions += DEVIATIONS.get((letter, state), "")
    return actions, STATES[int(number) - 1] if number else state


def cells():
    """Every cell once, those with alternatives twice."""
    made = []
    for letter in "abcdefghijkl":
        for state in STATES:
            variants = [{}]
            if letter == "a" and state == INITIAL:
                variants = [{"has_vip": False}, {"has_vip": True}]
            if letter == "h":
                variants = [{}, {"preempt": True}]
            for variant in variants:
                made.append(Cell(len(made) + 1, letter, state, **variant))
    return made


class Lab(one_gateway.Lab):
    """With the routers that are heard; a group for each cell."""

    def __init__(self, topology):
        super().__init__(topology)
        self.debug = Debug(self.gateway)
        # ranks: LOW and LOWER below the gateway, HIGH and HIGHER above it
        self.lower = Router(self.wire, "172.16.172.20", 40)
        self.low = Router(self.wire, "172.16.172.21", 50)
        self.high = Router(self.wire, "172.16.172.250", 200)
        self.higher = Router(self.wire, "172.16.172.251", 201)

    def groups(self):
        return self.family.groups("eth0")

    def settle_all(self):
        self.settle()
        return self.wire.heard

    def set_cell(self, cell, **attributes):
        self.family.do("group-set", ifname="eth0", number=cell.number, **attributes)

    def wait_states(self, wanted, what):
        """Waits until each of these cells' groups is in the state wanted of it."""
        def there():
            groups = self.groups()
            return all(groups[cell.number]["state"] == state for cell, state in wanted)
        wait(there, what, HANGS)

    # -- towards the state ------------------------------------------------

    def make(self, cell):
        hello, hold = cell.timers()
        self.family.do("group-new", ifname="eth0", number=cell.number, priority=99,
                       preempt=int(cell.preempt), hello_ms=hello, hold_ms=hold,
                       enabled=int(cell.state != INITIAL), vip=cell.vip if cell.has_vip else 0)

    def reach(self, cell):
        """By packets only: none of the steps takes time. A router that resigns
        while none is known as active is event i."""
        number = cell.number
        if cell.state in (SPEAK, STANDBY, ACTIVE):
            self.low.resign(number)
        if cell.state in (STANDBY, ACTIVE):
            self.low.hello(number, STANDBY, vip=cell.vip)
        if cell.state == ACTIVE:
            self.low.resign(number)

    def arm(self, cell):
        """Timers whose value is known, where they can run."""
        number, vip = cell.number, cell.vip
        active = SOON if cell.letter == "c" else ARMED
        standby = SOON if cell.letter == "d" else ARMED
        if cell.state in (LISTEN, SPEAK, STANDBY):
            self.higher.hello(number, ACTIVE, vip=vip, hello=1, hold=active)
        if cell.state in (LISTEN, ACTIVE):
            self.high.hello(number, STANDBY, vip=vip, hello=1, hold=standby)

    def special(self, cell):
        """States whose timer has to be started on the way to them."""
        number, vip = cell.number, cell.vip
        key = cell.letter, cell.state
        if key == ("d", SPEAK):
            # from Listen, by a hello of the standby router, whose hold time counts
            self.higher.hello(number, ACTIVE, vip=vip, hello=1, hold=ARMED)
            self.low.hello(number, STANDBY, vip=vip, hello=1, hold=SOON)
        elif key == ("c", ACTIVE):
            # a router that preempts does not stop its active timer
            self.set_cell(cell, preempt=1)
            self.low.resign(number)
            self.higher.hello(number, ACTIVE, vip=vip, hello=1, hold=SOON)
            self.low.hello(number, STANDBY, vip=vip, hello=1, hold=ARMED)
            self.low.hello(number, ACTIVE, vip=vip, hello=1, hold=ARMED)
        elif cell.state == INITIAL:
            # timers that are stopped on the way back to Initial
            self.set_cell(cell, enabled=1)
            self.set_cell(cell, enabled=0)
        else:
            self.reach(cell)
            self.arm(cell)

    # -- the event --------------------------------------------------------

    def deliver(self, cell):
        number, letter, vip = cell.number, cell.letter, cell.vip
        told = {"vip": vip, "hello": 1, "hold": BROUGHT}
        if letter == "a":
            self.set_cell(cell, enabled=1, **({"vip": vip} if cell.has_vip else {}))
        elif letter == "b":
            self.set_cell(cell, enabled=0)
        elif letter == "f":
            self.high.hello(number, SPEAK, **told)
        elif letter == "g":
            self.high.hello(number, ACTIVE, **told)
        elif letter == "h":
            self.low.hello(number, ACTIVE, **told)
        elif letter == "i":
            # of the active router, where one is known
            router = self.higher if cell.state in (LISTEN, SPEAK, STANDBY) else self.low
            router.resign(number, **told)
        elif letter == "j":
            self.higher.coup(number, **told)
        elif letter == "k":
            self.higher.hello(number, STANDBY, **told)
        elif letter == "l":
            self.lower.hello(number, STANDBY, **told)


def count(group, *names):
    return sum(group["counters"][name] for name in names)


RECEIVED = {"f": "hello-rx", "g": "hello-rx", "h": "hello-rx", "k": "hello-rx", "l": "hello-rx",
            "i": "resign-rx", "j": "coup-rx"}


def check_sent(cell, packets, after):
    """What the gateway sent in answer to the event."""
    mine = [packet for packet in packets
            if (packet.kind == "garp" and packet.vip == cell.vip) or
            (packet.kind in ("hello", "coup", "resign") and packet.group == cell.number)]
    if ("F" in cell.actions or cell.letter in "cd") and cell.state in SPEAKS and \
            cell.state != after["state"]:
        # those of the state before, whose turn came ahead of the event; nobody knows when
        # a timer runs out
        while mine and mine[0].kind == "hello" and mine[0].state == cell.state:
            mine.pop(0)
    kinds = [packet.kind for packet in mine]
    cell.equal("number of coups", kinds.count("coup"), int("G" in cell.actions))
    cell.equal("number of resigns", kinds.count("resign"), int("H" in cell.actions))
    # one now, more of them later
    if "I" in cell.actions:
        if "garp" not in kinds:
            cell.fault("no gratuitous ARP")
    else:
        cell.equal("number of gratuitous ARPs", kinds.count("garp"), 0)
    hellos = [packet for packet in mine if packet.kind == "hello"]
    if "F" in cell.actions:
        if not hellos:
            cell.fault("no hello")
    elif cell.state in SPEAKS or cell.next not in SPEAKS:
        # unlike these, a new speaker says so soon
        cell.equal("number of hellos", len(hellos), 0)
    for packet in mine:
        if packet.kind in ("hello", "coup") and packet.state != after["state"]:
            cell.fault(f"{packet.kind} says {packet.state} in {after['state']}")
        if packet.kind == "hello":
            virtual = packet.source_mac == virtual_mac(cell.number)
            cell.equal("hello from the virtual MAC", virtual, packet.state == ACTIVE)


def check_router(cell, role, action, router, sender):
    """Started anew, a timer has more left than it was armed with."""
    if not router or router.get("local"):
        return
    left = router["expires-ms"]
    restarted = left > ARMED * 1000
    cell.equal(f"{role} timer started", restarted, action in cell.actions)
    if restarted and sender:
        cell.equal(f"{role} router", router["address"], sender.address)
        # a coup brings no hold time: the gateway's own counts
        most = LONG[1] if cell.letter == "j" else BROUGHT * 1000
        if left > most:
            cell.fault(f"{role} timer has {left} ms left, of {most} ms")


def check_packet(cell, lab, before, after, packets):
    """A cell whose event is a packet or a configuration."""
    cell.equal("state", after["state"], cell.next)
    cell.equal("number of state changes", after["state-changes"] - before["state-changes"],
               int(cell.next != cell.state))
    if cell.letter in RECEIVED and cell.state != INITIAL:
        name = RECEIVED[cell.letter]
        cell.equal(name, count(after, name) - count(before, name), 1)
    check_sent(cell, packets, after)
    if cell.letter not in RECEIVED:
        return
    sender = {"g": lab.high, "h": lab.low, "j": lab.higher, "k": lab.higher, "l": lab.lower}
    check_router(cell, "active", "A", after.get("active-router"),
                 sender.get(cell.letter) if cell.letter in "ghj" else None)
    check_router(cell, "standby", "B", after.get("standby-router"),
                 sender.get(cell.letter) if cell.letter in "kl" else None)


def run_packets(lab, chosen):
    """Cells whose event is there at once."""
    for cell in chosen:
        lab.make(cell)
    for cell in chosen:
        lab.reach(cell)
    lab.wait_states([(cell, cell.state) for cell in chosen], "every group is in its state")
    # the last of the gratuitous ARPs that lead to Active must be out
    wait(lambda: all(count(group, "garp-tx") == 3 for group in lab.groups().values()
                     if group["state"] == ACTIVE), "gratuitous ARPs are out")
    for cell in chosen:
        lab.arm(cell)
    lab.settle()

    # a new priority is told at once: the next hello is far away then
    for cell in chosen:
        lab.set_cell(cell, priority=100)
    lab.settle()
    for cell in chosen:
        drops = lab.family.drops("eth0")
        before = lab.family.group("eth0", cell.number)
        cell.equal("state before", before["state"], cell.state)
        lab.wire.drain()
        lab.deliver(cell)
        if "I" in cell.actions and cell.next == cell.state:
            # no sooner than an interval after the last one
            wait(lambda: count(lab.family.group("eth0", cell.number), "garp-tx") >
                 count(before, "garp-tx"), f"{cell.name()}: gratuitous ARP again")
        packets = heard(lab.settle())
        after = lab.family.group("eth0", cell.number)
        check_packet(cell, lab, before, after, packets)
        if cell.state == INITIAL and cell.letter in RECEIVED:
            cell.equal("packets dropped because it does not run",
                       lab.family.drops("eth0").get("not-running", 0) -
                       drops.get("not-running", 0), 1)


def run_expiries(lab, chosen):
    """Cells whose event is that the active or the standby timer expires. Where
    nothing may happen, the timer is started first: it has expired when those
    started after it have, which shows by a change of state."""
    still = [cell for cell in chosen if cell.next == cell.state]
    moving = [cell for cell in chosen if cell.next != cell.state]
    lab.debug.clear()
    lab.wire.drain()
    for cell in still + moving:
        lab.make(cell)
        lab.special(cell)
    lab.wait_states([(cell, cell.next) for cell in chosen], "what is to happen has happened")
    packets = heard(lab.settle_all())
    groups = lab.groups()
    for cell in chosen:
        after = groups[cell.number]
        name = {"c": "active-timer", "d": "standby-timer"}[cell.letter]
        events = lab.debug.events(number=cell.number)
        found = [index for index, event in enumerate(events)
                 if event["kind"] == "fsm-event" and event["event"] == name]
        cell.equal("times that the event is shown", len(found), int(cell in moving))
        if found:
            cell.equal("state in which it came", events[found[0]]["state"], cell.state)
            change = next((event for event in events[found[0]:]
                           if event["kind"] == "state-change"), {})
            cell.equal("change of state", (change.get("state-old"), change.get("state")),
                       (cell.state, cell.next))
            check_sent(cell, packets, after)
        if (cell.letter, cell.state) == ("c", SPEAK) and "active-router" in after:
            cell.fault("the active router is still known")
        if (cell.letter, cell.state) == ("d", ACTIVE) and "standby-router" in after:
            cell.fault("the standby router is still known")
        lab.family.do("group-del", ifname="eth0", number=cell.number)
    lab.settle()


def run_hellos(lab, chosen):
    """Cells whose event is that the hello timer expires: again and again, where it
    runs at all."""
    for cell in chosen:
        lab.make(cell)
        lab.reach(cell)
    lab.wait_states([(cell, cell.state) for cell in chosen], "every group is in its state")
    lab.wire.drain()

    def counted():
        found = {cell.number: 0 for cell in chosen}
        for packet in heard(lab.wire.heard):
            if packet.kind == "hello":
                found[packet.group] += 1
        return found

    def enough():
        lab.wire.pull()
        found = counted()
        return all(found[cell.number] >= 3 for cell in chosen if "F" in cell.actions)

    wait(enough, "three hellos of each group that speaks")
    found = counted()
    groups = lab.groups()
    for cell in chosen:
        cell.equal("state", groups[cell.number]["state"], cell.next)
        if "F" not in cell.actions:
            cell.equal("number of hellos", found[cell.number], 0)
            cell.equal("hello timer runs", "hello-next-ms" in groups[cell.number], False)
        for packet in heard(lab.wire.heard):
            if packet.kind in ("hello", "coup", "resign") and packet.group == cell.number:
                cell.equal("packet and state", (packet.kind, packet.state), ("hello", cell.state))
        lab.family.do("group-del", ifname="eth0", number=cell.number)
    lab.settle()


def main():
    os.sched_setaffinity(0, {0})
    every = cells()
    report = Report(len(every))
    with Topology() as topology:
        lab = Lab(topology)
        run_hellos(lab, [cell for cell in every if cell.letter == "e"])
        run_expiries(lab, [cell for cell in every if cell.letter in "cd"])
        run_packets(lab, [cell for cell in every if cell.letter not in "cde"])
    for cell in every:
        report.line(cell.name(), cell.faults)
    report.end()


if __name__ == "__main__":
    main()
