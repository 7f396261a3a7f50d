#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""What waits: interfaces that come up, before their groups run; and groups that could
take over from the active router. Packets of other routers are scapy's. Times are promised
from below only: who waits so many seconds waits no fewer."""

import errno
import socket
import time

import one_gateway
from gateway import ACTIVE, INITIAL, LISTEN, SPEAK, Debug, run_tests, wait
from one_gateway import GROUP, VIP, faults
from scapy_router import Router, heard

LONG = 3600


class Lab(one_gateway.Lab):
    """With the routers that are heard."""

    def __init__(self, topology):
        super().__init__(topology)
        self.low = Router(self.wire, "172.16.172.20", 50)
        self.high = Router(self.wire, "172.16.172.250", 200)

    def interface(self):
        return self.family.do("interface-get", ifname="eth0")

    def remove(self):
        if any(one["ifname"] == "eth0" for one in self.family.dump("interface-get")):
            self.family.do("interface-del", ifname="eth0")

    def fresh(self, delays=None, **attributes):
        """A new interface with a group, which listens."""
        self.remove()
        self.family.do("interface-new", ifname="eth0", **(delays or {}))
        self.new_group(**{"preempt": 1, **attributes})

    def lower(self):
        """An active router of lower priority is heard; what the group is then."""
        self.low.hello(GROUP, ACTIVE, vip=VIP)
        return self.group()

    def takes_over(self, what):
        """Hellos go on until it does; the seconds since the first one."""
        began = time.monotonic()
        wait(lambda: self.lower()["state"] == ACTIVE, what)
        return time.monotonic() - began


# -- interfaces --------------------------------------------------------------------

def up_again(lab):
    """Seconds from the cable's being plugged in until the group runs."""
    lab.peer.ip("link set eth0 down")
    wait(lambda: lab.family.group("eth0", GROUP)["init-reason"] == "interface-down",
         "the interface is down")
    began = time.monotonic()
    lab.peer.ip("link set eth0 up")
    wait(lambda: lab.family.group("eth0", GROUP)["state"] != INITIAL, "the group runs")
    seconds = time.monotonic() - began
    # the socket reports once that its interface was down
    lab.wire.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return seconds


def minimum(lab):
    lab.fresh({"delay_min": 3})
    found = faults(an_interface_that_is_up_does_not_wait=lab.group()["state"] == LISTEN)
    found += faults(three_seconds=up_again(lab) >= 3)
    lab.family.do("interface-set", ifname="eth0", delay_min=0)
    return found + faults(the_interface_is_up=up_again(lab) > 0 and
                          lab.interface()["link"] == "up")


def reload_first(lab):
    """The first time that the interface is up; what is configured while it waits counts."""
    lab.fresh({"delay_min": 1, "delay_reload": 10000})
    one = lab.group()
    found = faults(it_waits=one["state"] == INITIAL and one["init-reason"] == "interface-delay",
                   link=lab.interface()["link"] == "delay",
                   left=9000000 < lab.interface()["delay-left-ms"] <= 10000000)
    lab.family.do("interface-set", ifname="eth0", delay_reload=1)
    wait(lambda: lab.group()["state"] == LISTEN, "the shorter delay is over")
    found += faults(nothing_is_left="delay-left-ms" not in lab.interface())
    lab.family.do("interface-set", ifname="eth0", delay_reload=10000)
    up_again(lab)
    return found


def down_while_it_waits(lab):
    """A delay that was cut short begins anew, and is no longer that of a reload."""
    lab.fresh({"delay_min": 2, "delay_reload": 10000})
    return faults(two_seconds=up_again(lab) >= 2)


# -- preemption --------------------------------------------------------------------

def at_once(lab):
    lab.fresh()
    return faults(active=lab.lower()["state"] == ACTIVE)


def preempt_minimum(lab):
    """The active router of lower priority stays that long, from its first hello on."""
    lab.fresh(preempt_min=3)
    one = lab.lower()
    found = faults(it_waits=one["state"] == LISTEN,
                   left=2000 < one.get("preempt-left-ms", 0) <= 3000)
    found += faults(three_seconds=lab.takes_over("the delay is over") >= 2)
    coups = [packet for packet in heard(lab.wire.heard) if packet.kind == "coup"]
    return found + faults(a_coup_is_sent=coups, nothing_is_left="preempt-left-ms" not in lab.group())


def begins_anew(lab):
    """Who cannot take over in between waits from the beginning."""
    lab.fresh(preempt_min=LONG)
    lab.lower()
    time.sleep(2)
    before = lab.lower()["preempt-left-ms"]
    lab.high.hello(GROUP, ACTIVE, vip=VIP)
    found = faults(it_has_waited=before <= LONG * 1000 - 2000,
                   it_cannot="preempt-left-ms" not in lab.group())
    found += faults(from_the_beginning=lab.lower()["preempt-left-ms"] > before)
    lab.set(preempt=0)
    found += faults(not_without_preemption="preempt-left-ms" not in lab.lower())
    lab.set(preempt=1)
    return found + faults(and_again=lab.lower()["preempt-left-ms"] > before)


def changed_while_it_waits(lab):
    """The time that has passed counts for the new delay."""
    lab.fresh(preempt_min=LONG)
    lab.lower()
    lab.set(preempt_min=0)
    return faults(active=lab.lower()["state"] == ACTIVE)


def no_delay_for_the_dead(lab):
    """An active router that is gone is succeeded at once."""
    found = []
    for gone in ("resigns", "is silent"):
        lab.fresh(preempt_min=LONG, **({"hello_ms": 300, "hold_ms": 1000} if gone == "is silent"
                                       else {}))
        lab.lower()
        if gone == "resigns":
            lab.low.resign(GROUP)
            found += faults(it_speaks=lab.group()["state"] == SPEAK)
        else:
            wait(lambda: lab.group()["state"] == ACTIVE, "the silent one is succeeded")
    return found


def rival(lab):
    """Who is active already does not wait to tell another one so."""
    lab.fresh(preempt_min=LONG, hello_ms=300, hold_ms=1000)
    wait(lambda: lab.group()["state"] == ACTIVE, "the group is active")
    lab.lower()
    return faults(a_coup_is_sent=any(packet.kind == "coup" for packet in heard(lab.wire.heard)),
                  it_does_not_wait="preempt-left-ms" not in lab.group())


def preempt_reload(lab):
    """From the moment in which the interface was up first, and not when it was down since."""
    lab.fresh(preempt_reload=LONG)
    one = lab.lower()
    found = faults(it_waits=one["state"] == LISTEN and
                   (LONG - 600) * 1000 < one.get("preempt-left-ms", 0) <= LONG * 1000)
    up_again(lab)
    return found + faults(active=lab.lower()["state"] == ACTIVE)


def preempt_sync(lab):
    """Until it is said that the rest is here, or the time is over."""
    lab.fresh(preempt_sync=LONG)
    found = faults(nothing_is_pending=lab.lower()["state"] == ACTIVE)
    lab.fresh(preempt_sync=LONG, sync_pending=1)
    one = lab.lower()
    found += faults(it_waits=one["state"] == LISTEN and one.get("preempt-left-ms", 0) > 0)
    lab.set(sync_pending=0)
    found += faults(active=lab.lower()["state"] == ACTIVE)
    lab.fresh(preempt_sync=2, sync_pending=1)
    lab.lower()
    found += faults(two_seconds=lab.takes_over("the time is over") >= 1)
    lab.fresh(sync_pending=1)
    return found + faults(without_a_time_nothing_waits=lab.lower()["state"] == ACTIVE)


# -- who is told -------------------------------------------------------------------

def vpnhactl(lab, *lines):
    return lab.gateway.sh("vpnhactl configure " + " ".join(f"'{line}'" for line in lines))


def tool(lab):
    """The lines load, are shown, and load again to nothing; each is taken back."""
    lab.remove()
    vpnhactl(lab, "interface eth0", "standby delay minimum 5 reload 120", f"standby 1 ip {VIP}",
             "standby 1 preempt delay minimum 60 reload 180 sync 30")
    shown = lab.gateway.sh("vpnhactl show standby")
    delay = lab.gateway.sh("vpnhactl show standby delay")
    running = lab.gateway.sh("vpnhactl show running-config")
    again = lab.gateway.sh("vpnhactl show running-config > /tmp/running && "
                           "vpnhactl load --dry-run /tmp/running")
    found = faults(
        preemption="Preemption enabled, delay min 60 secs, delay reload 180 secs, "
                   "delay sync 30 secs" in shown,
        interface_delay="Interface delay expires in 1" in shown,
        show_standby_delay="eth0               5       120    1" in delay,
        running_config=" standby delay minimum 5 reload 120\n" in running and
                       " standby 1 preempt delay minimum 60 reload 180 sync 30\n" in running,
        nothing_to_do="no changes" in again)
    vpnhactl(lab, "interface eth0", "no standby delay", "no standby 1 preempt delay")
    running = lab.gateway.sh("vpnhactl show running-config")
    found += faults(taken_back="standby delay" not in running and
                    " standby 1 preempt\n" in running)
    wait(lambda: lab.group()["state"] == LISTEN, "without a delay nothing waits")
    vpnhactl(lab, "interface eth0", "no standby 1 preempt")
    return found + faults(all="preempt" not in lab.gateway.sh("vpnhactl show running-config"))


def refusals(lab):
    lab.fresh(preempt_min=7)
    found = []
    for op, attribute, value in (("interface-set", "delay_min", 10001),
                                 ("interface-set", "delay_reload", 10001),
                                 ("group-set", "preempt_min", 3601),
                                 ("group-set", "preempt_reload", 3601),
                                 ("group-set", "preempt_sync", 3601),
                                 ("group-set", "sync_pending", 2)):
        key = {"ifname": "eth0", **({"number": GROUP} if op == "group-set" else {})}
        got = lab.family.refused(op, **key, **{attribute: value})
        if not got or got[0] != errno.ERANGE or got[2] != "." + attribute.replace("_", "-"):
            found.append(f"{attribute}: {got}")
    for line in ("standby delay", "standby delay minimum 10001", "standby 1 preempt delay",
                 "standby 1 preempt delay minimum 3601", "standby 1 preempt delay sync",
                 "standby 1 preempt delay reload 5 minimum 5"):
        said = lab.gateway.sh(f"vpnhactl configure 'interface eth0' '{line}'", check=False)
        if "error" not in said and "incomplete" not in said and "expected" not in said:
            found.append(f"{line}: {said}")
    return found + faults(what_was_is_still_there=lab.group()["preempt-min"] == 7)


def debugged(lab):
    """Each delay that begins is told."""
    debug = Debug(lab.gateway)
    lab.fresh({"delay_reload": 2}, preempt_min=1)
    wait(lambda: debug.events(kind="delay-end"), "the interface delay is over")
    lab.takes_over("the preemption delay is over")

    def told(kind):
        return [event.get("delay-ms") for event in debug.events(kind=kind)]
    return faults(reload=told("reload-delay-start") == [2000], no_minimum=not told("delay-start"),
                  preemption=told("preempt-delay") == [1000])


TESTS = (
    ("an interface that comes up waits for its minimum delay", minimum),
    ("the first time it waits for its reload delay", reload_first),
    ("one that goes down while it waits begins anew", down_while_it_waits),
    ("without a delay a group takes over at once", at_once),
    ("preempt delay minimum", preempt_minimum),
    ("who cannot take over in between waits anew", begins_anew),
    ("a delay that is changed counts from where it began", changed_while_it_waits),
    ("a router that is gone is succeeded without delay", no_delay_for_the_dead),
    ("an active group does not wait", rival),
    ("preempt delay reload", preempt_reload),
    ("preempt delay sync", preempt_sync),
    ("vpnhactl loads, shows and takes back", tool),
    ("what is out of range is refused, and what was is there", refusals),
    ("debug events tell of delays", debugged),
)


if __name__ == "__main__":
    run_tests(Lab, TESTS)
