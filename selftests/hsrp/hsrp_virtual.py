#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""What is virtual about a group, as far as it is configured: its secondary virtual IPs,
its MAC address, how it tells of them, and who is told of other addresses. Packets of other routers are scapy's."""

import json
import socket
import time

import one_gateway
from gateway import (ACTIVE, STANDBY, address, arp_frame, arp_of, checksum, mac_bytes, mac_text,
                     run_tests, wait)
from one_gateway import GROUP, OWN, PROBE, VIP, faults
from scapy_router import Router, heard, virtual_mac

MAC = virtual_mac(GROUP)
# One in the subnet of the virtual IP, the others in another one of the interface
NEAR, FAR, FAR2 = "172.16.172.60", "10.9.9.1", "10.9.9.3"
FAR_OWN = "10.9.9.2"
FAST = {"hello_ms": 200, "hold_ms": 800}
CONFIGURED, OTHER = "02:fe:00:00:00:01", "02:fe:00:00:00:02"


class Lab(one_gateway.Lab):
    """With a router that is heard, and a second subnet."""

    def __init__(self, topology):
        super().__init__(topology)
        self.gateway.ip(f"addr add {FAR_OWN}/24 dev eth0")
        self.high = Router(self.wire, "172.16.172.250", 200)

    def active(self, **attributes):
        """A new group, which is active and has put its addresses."""
        self.remove_group()
        self.wire.drain()
        self.new_group(**{**FAST, **attributes})
        self.family.wait_state("eth0", GROUP, ACTIVE)
        self.has(VIP, *map(text, attributes.get("secondary", ())))

    def secondary(self, *addresses):
        self.set(secondary=[address(one) for one in addresses or ("0.0.0.0",)])

    def addresses(self):
        """Those that the module has put."""
        return {entry["local"] for entry in
                self.gateway.json("addr show dev eth0")[0].get("addr_info", ())
                if entry["prefixlen"] == 32}

    def has(self, *wanted):
        wait(lambda: self.addresses() == set(wanted), f"{wanted} are on the interface")

    def ask(self, target):
        """Every answer to an ARP request."""
        self.wire.drain()
        self.wire.send(arp_frame(self.wire.mac, PROBE, "ff:ff:ff:ff:ff:ff", target, request=True))
        self.settle()
        return [arp for arp in map(arp_of, self.wire.heard)
                if arp and arp[0] == 2 and arp[3] == target and arp[5] == PROBE]

    def answers(self, *targets, mac=MAC):
        """What is wrong with the answers: there has to be one, with this MAC address."""
        found = []
        for target in targets:
            got = self.ask(target)
            if got != [(2, mac, mac, target, self.wire.mac, PROBE)]:
                found.append(f"{target} is answered with {got}")
        return found

    def silent(self, *targets):
        return [f"{target} is answered" for target in targets if self.ask(target)]

    def announced(self, vip, mac=MAC):
        """Waits for a gratuitous ARP, in which nothing but the MAC address is told."""
        self.wire.wait_for(lambda frame: arp_of(frame) == (2, mac, mac, vip, mac, vip),
                           f"{vip} is announced at {mac}")

    def spoken(self, mac):
        """Waits for a hello of an active router from this MAC address."""
        self.wire.wait_for(lambda frame: any(packet.kind == "hello" and packet.state == ACTIVE and
                                             packet.source_mac == mac for packet in heard([frame])),
                           f"a hello from {mac}")

    def echo(self, mac, source, destination):
        """The ICMP packets that an echo request brings about, from their type on."""
        self.gateway.ip(f"neigh replace {source} lladdr {self.wire.mac} dev eth0 nud permanent")
        body = b"\x08\0\0\0\0\1\0\1"
        body = body[:2] + checksum(body).to_bytes(2, "big") + body[4:]
        head = (bytes([0x45, 0, 0, 20 + len(body), 0, 0, 0, 0, 64, 1, 0, 0]) +
                socket.inet_aton(source) + socket.inet_aton(destination))
        head = head[:10] + checksum(head).to_bytes(2, "big") + head[12:]
        self.wire.drain()
        self.wire.send(mac_bytes(mac) + mac_bytes(self.wire.mac) + b"\x08\0" + head + body)
        self.settle()
        return [frame[34:] for frame in self.wire.heard
                if frame[12:14] == b"\x08\0" and frame[23] == 1]

    def takes(self, mac):
        """Whether it takes an IP packet to this MAC address for its own."""
        return any(icmp[0] == 0 for icmp in self.echo(mac, PROBE, OWN))

    def filter(self):
        """MAC addresses beside its own that the device receives."""
        return {entry["mac"] for entry in json.loads(self.gateway.sh("bridge -j fdb show dev eth0"))}

    def is_at(self, mac, *not_at):
        """Waits until the group has told that it is at a MAC address; what is wrong then."""
        self.spoken(mac)
        self.announced(VIP, mac)
        own = self.gateway.mac("eth0")
        found = self.answers(VIP, mac=mac)
        found += [f"{one} is not its own" for one in {mac, own} if not self.takes(one)]
        found += [f"{one} is its own" for one in not_at if self.takes(one)]
        return found + faults(
            it_is_told=self.group()["mac"] == mac,
            filter=self.filter() & {MAC, CONFIGURED, OTHER, *not_at} == {mac} - {own})

    def vpnhactl(self, *lines):
        return self.gateway.sh("vpnhactl configure " + " ".join(f"'{line}'" for line in lines))


def text(number):
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def numbers(*addresses):
    return [address(one) for one in addresses]


# -- secondary virtual IPs -----------------------------------------------------------

def secondary(lab):
    """They are the active router's, with the virtual MAC address; packets have the first."""
    lab.active(secondary=numbers(NEAR, FAR))
    for vip in (VIP, NEAR, FAR):
        lab.announced(vip)
    vips = {packet.vip for packet in heard(lab.wire.heard) if packet.kind == "hello"}
    found = faults(packets_have_the_virtual_ip_only=vips == {VIP})
    return found + lab.answers(VIP, NEAR, FAR)


def own_request(lab):
    """Who asks by a secondary address says the virtual MAC."""
    lab.wire.drain()
    lab.gateway.sh(f"ping -c 1 -W 1 -I {FAR} 10.9.9.77", check=False)
    lab.settle()
    asked = [arp[1:4] for arp in map(arp_of, lab.wire.heard)
             if arp and arp[0] == 1 and arp[5] == "10.9.9.77"]
    return faults(it_is_asked=asked, by_the_virtual_mac=set(asked) == {(MAC, MAC, FAR)})


def live(lab):
    """Those of an active group change: it stays active, and the new one is announced."""
    before = lab.group()["state-changes"]
    lab.wire.drain()
    lab.secondary(FAR2, FAR)
    lab.has(VIP, FAR, FAR2)
    lab.announced(FAR2)
    found = lab.answers(VIP, FAR, FAR2) + lab.silent(NEAR)
    lab.secondary()
    lab.has(VIP)
    found += lab.answers(VIP) + lab.silent(FAR, FAR2)
    lab.secondary(FAR)
    lab.has(VIP, FAR)
    return found + faults(it_stayed_active=lab.group()["state-changes"] == before)


def new_primary(lab):
    """The primary one becomes a secondary one, and the other way round."""
    lab.set(vip=FAR, secondary=numbers(VIP))
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP, FAR)
    found = lab.answers(VIP, FAR)
    lab.set(vip=VIP, secondary=numbers(FAR))
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP, FAR)
    return found


def by_hand(lab):
    """One that somebody removes comes back; one that somebody else has stops the group."""
    lab.gateway.ip(f"addr del {FAR}/32 dev eth0")
    lab.has(VIP, FAR)
    found = lab.answers(FAR)
    lab.secondary()
    lab.has(VIP)
    lab.gateway.ip(f"addr add {FAR2}/24 dev lo")
    refused = lab.family.refused("group-set", ifname="eth0", number=GROUP,
                                 secondary=numbers(FAR, FAR2))
    found += faults(it_is_refused=refused and "address of this machine" in refused[1])
    lab.gateway.ip(f"addr del {FAR2}/24 dev lo")
    lab.secondary(FAR2)
    lab.has(VIP, FAR2)
    lab.gateway.ip(f"addr add {FAR2}/24 dev lo")
    reason = lab.group()["init-reason"]
    wait(lambda: lab.addresses() == set(), "its addresses are gone")
    lab.gateway.ip(f"addr del {FAR2}/24 dev lo")
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP, FAR2)
    return found + faults(address_conflict=reason == "address-conflict")


def lost(lab):
    """With the role everything goes, and comes again."""
    lab.secondary(NEAR, FAR)
    lab.has(VIP, NEAR, FAR)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=250, hold=255)
    lab.settle()
    lab.has()
    found = lab.silent(VIP, NEAR, FAR)
    lab.high.resign(GROUP, vip=VIP)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP, NEAR, FAR)
    found += lab.answers(VIP, NEAR, FAR)
    lab.remove_group()
    lab.has()
    return found + lab.silent(VIP, NEAR, FAR)


def most(lab):
    """Sixteen, each of them."""
    every = [f"10.9.9.{n}" for n in range(101, 117)]
    lab.active(secondary=numbers(*every))
    for vip in every:
        lab.announced(vip)
    return lab.answers(every[0], every[7], every[15])


def secondary_tool(lab):
    """The lines load, are shown, and load again to nothing; each is taken back."""
    lab.remove_group()
    lab.vpnhactl("interface eth0", f"standby 1 ip {VIP}", f"standby 1 ip {NEAR} secondary",
                 f"standby 1 ip {FAR} secondary")
    shown = lab.gateway.sh("vpnhactl show standby")
    running = lab.gateway.sh("vpnhactl show running-config")
    again = lab.gateway.sh("vpnhactl show running-config > /tmp/running && "
                           "vpnhactl load --dry-run /tmp/running")
    found = faults(
        shown=f"  Virtual IP address is {VIP}\n    Secondary virtual IP address {FAR}\n"
              f"    Secondary virtual IP address {NEAR}\n" in shown,
        running_config=f" standby 1 ip {FAR} secondary\n standby 1 ip {NEAR} secondary\n" in running,
        nothing_to_do="no changes" in again)
    said = lab.gateway.sh(f"vpnhactl configure 'interface eth0' 'standby 1 ip {OWN} secondary'",
                          check=False)
    lab.gateway.sh(f"printf 'interface eth0\\n standby 1 ip {VIP}\\n standby 1 ip {FAR} secondary\\n"
                   f" standby 1 ip {OWN} secondary\\n' > /tmp/refused")
    line = lab.gateway.sh("vpnhactl load /tmp/refused", check=False)
    found += faults(the_kernel_refuses_it="address of this machine" in said,
                    it_says_where="/tmp/refused:4:15: " in line)
    lab.vpnhactl("interface eth0", f"no standby 1 ip {NEAR} secondary")
    found += faults(one_is_left=lab.group().get("secondary") == [FAR])
    lab.vpnhactl("interface eth0", "no standby 1 ip")
    return found + faults(none_is_left="standby 1" not in
                          lab.gateway.sh("vpnhactl show running-config"))


# -- its MAC address -----------------------------------------------------------------

def configured(lab):
    lab.active(mac_address=mac_bytes(CONFIGURED))
    return lab.is_at(CONFIGURED, MAC)


def live_mac(lab):
    """Another one, and the usual one again, while it is active."""
    before = lab.group()["state-changes"]
    lab.wire.drain()
    lab.set(mac_address=mac_bytes(OTHER))
    found = lab.is_at(OTHER, CONFIGURED, MAC)
    lab.wire.drain()
    lab.set(mac_address=bytes(6))
    found += lab.is_at(MAC, CONFIGURED, OTHER)
    return found + faults(it_stayed_active=lab.group()["state-changes"] == before)


def interface_set(lab, **attributes):
    lab.family.do("interface-set", ifname="eth0", **attributes)


def own_mac(lab):
    """That of the interface, also when it changes; and no other one beside it."""
    before, own = lab.group()["state-changes"], lab.gateway.mac("eth0")
    lab.wire.drain()
    interface_set(lab, use_bia=1)
    found = lab.is_at(own, MAC)
    refused = lab.family.refused("group-set", ifname="eth0", number=GROUP,
                                 mac_address=mac_bytes(OTHER))
    lab.wire.drain()
    lab.gateway.ip(f"link set eth0 address {OTHER}")
    found += lab.is_at(OTHER, own, MAC)
    lab.gateway.ip(f"link set eth0 address {own}")
    lab.wire.drain()
    interface_set(lab, use_bia=0)
    found += lab.is_at(MAC, OTHER)
    lab.set(mac_address=mac_bytes(CONFIGURED))
    beside = lab.family.refused("interface-set", ifname="eth0", use_bia=1)
    return found + faults(it_stayed_active=lab.group()["state-changes"] == before,
                          another_one_is_refused=refused and refused[2] == ".mac-address",
                          it_is_refused_beside_another_one=beside and beside[2] == ".use-bia")


def come_and_gone(lab):
    """A group that waits for its interface has the MAC address that comes with it."""
    lab.family.do("interface-new", ifname="late0", use_bia=1)
    lab.family.do("group-new", ifname="late0", number=GROUP)
    found = faults(none_yet="mac" not in lab.family.group("late0", GROUP))
    lab.gateway.ip(f"link add late0 address {OTHER} type veth peer name late1")
    found += faults(that_of_the_interface=lab.family.group("late0", GROUP)["mac"] == OTHER)
    lab.gateway.ip("link del late0")
    found += faults(it_is_gone="mac" not in lab.family.group("late0", GROUP))
    lab.family.do("interface-del", ifname="late0")
    return found


def active_mac(lab):
    """That of the active router is known by its packets."""
    lab.remove_group()
    lab.new_group()
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=250, hold=255)
    group = lab.group()
    shown = lab.gateway.sh("vpnhactl show standby")
    dotted = mac_bytes(lab.wire.mac).hex()
    dotted = ".".join(dotted[n:n + 4] for n in (0, 4, 8))
    return faults(it_is_told=group["active-router"].get("mac") == lab.wire.mac,
                  shown=f"  Active virtual MAC address is {dotted}\n" in shown)


def mac_tool(lab):
    """The lines load, are shown, and load again to nothing; each is taken back."""
    lab.remove_group()
    lab.vpnhactl("interface eth0", f"standby 1 ip {VIP}", "standby 1 mac-address 02fe.0000.0001")
    shown = lab.gateway.sh("vpnhactl show standby")
    running = lab.gateway.sh("vpnhactl show running-config")
    found = faults(
        shown="Local virtual MAC address is 02fe.0000.0001 (configured)\n" in shown,
        running_config=" standby 1 mac-address 02fe.0000.0001\n" in running)
    lab.vpnhactl("interface eth0", "no standby 1 mac-address", "standby use-bia")
    shown = lab.gateway.sh("vpnhactl show standby")
    own = mac_text(mac_bytes(lab.gateway.mac("eth0"))).replace(":", "")
    own = ".".join(own[n:n + 4] for n in (0, 4, 8))
    again = lab.gateway.sh("vpnhactl show running-config > /tmp/running && "
                           "vpnhactl load --dry-run /tmp/running")
    found += faults(shown_bia=f"Local virtual MAC address is {own} (bia)\n" in shown,
                    nothing_to_do="no changes" in again)
    lab.vpnhactl("interface eth0", "no standby use-bia")
    shown = lab.gateway.sh("vpnhactl show standby")
    return found + faults(
        shown_default="Local virtual MAC address is 0000.0c07.ac01 (v1 default)\n" in shown)


# -- how it tells of them ------------------------------------------------------------

def told(lab):
    """How often it has announced itself."""
    return lab.group()["counters"]["garp-tx"]


def quiet(lab):
    """Waits until it has nothing more to tell; how often it did in all."""
    wait(lambda: "garp-next-ms" not in lab.group(), "it announces itself no more")
    return told(lab)


def announcements(lab):
    """As many as are configured, and no sooner after one another."""
    lab.remove_group()
    interface_set(lab, garp_count=2, garp_interval=3)
    began = time.monotonic()
    lab.active()
    times = quiet(lab)
    heard_of = [packet for packet in heard(lab.wire.heard) if packet.kind == "garp"]
    found = faults(twice=times == 2, heard_twice=[one.vip for one in heard_of] == [VIP] * 2,
                   three_seconds=time.monotonic() - began >= 3)
    # those of a group that is active begin anew
    began = time.monotonic()
    interface_set(lab, garp_count=3, garp_interval=2)
    times = quiet(lab)
    return found + faults(three_more=times == 5, four_seconds=time.monotonic() - began >= 4)


def refresh(lab):
    """Once in so many seconds after these, until it is told otherwise."""
    before = told(lab)
    began = time.monotonic()
    interface_set(lab, garp_count=1, mac_refresh=1)
    wait(lambda: told(lab) >= before + 4, "it goes on")
    found = faults(three_seconds=time.monotonic() - began >= 3)
    before = told(lab)
    interface_set(lab, mac_refresh=0)
    found += faults(it_ends=quiet(lab) <= before + 2)
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=250, hold=255)
    return found + faults(no_longer_active="garp-next-ms" not in lab.group())


def without_end(lab):
    """As long as it is active."""
    interface_set(lab, garp_count=0, garp_interval=2)
    # the first is sent somewhere in lab.active(), which may take its time
    began = time.monotonic()
    lab.active()
    wait(lambda: told(lab) >= 4, "it goes on")
    found = faults(six_seconds=time.monotonic() - began >= 6, it_goes_on="garp-next-ms" in lab.group())
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=250, hold=255)
    found += faults(no_longer_active="garp-next-ms" not in lab.group())
    interface_set(lab, garp_count=3)
    return found


def garp_tool(lab):
    """The lines load, are shown, and load again to nothing; each is taken back."""
    lab.remove_group()
    lab.vpnhactl("interface eth0", f"standby 1 ip {VIP}",
                 "standby arp gratuitous count 0 interval 1800", "standby mac-refresh 255")
    running = lab.gateway.sh("vpnhactl show running-config")
    again = lab.gateway.sh("vpnhactl show running-config > /tmp/running && "
                           "vpnhactl load --dry-run /tmp/running")
    detail = lab.gateway.sh("vpnhactl show standby detail")
    found = faults(
        running_config=" standby arp gratuitous count 0 interval 1800\n standby mac-refresh 255\n"
                       in running,
        detail="  Gratuitous ARP continuously, interval 1800 secs; MAC refresh 255 secs\n" in detail,
        nothing_to_do="no changes" in again)
    lab.vpnhactl("interface eth0", "no standby arp gratuitous", "no standby mac-refresh")
    running = lab.gateway.sh("vpnhactl show running-config")
    return found + faults(as_usual="gratuitous" not in running and "mac-refresh" not in running)


# -- who is told of other addresses --------------------------------------------------

REACHED = "10.5.5.5"


def redirects(lab):
    """None, unless they are asked for; and never to a router that the group knows."""
    sources = (f"172.16.172.{n}" for n in range(101, 200))     # each is told for the first time

    def led_to(via):
        """Where a redirect leads a host to whose way is by that router."""
        lab.gateway.ip(f"route replace {REACHED}/32 via {via}")
        answers = lab.echo(lab.gateway.mac("eth0"), next(sources), REACHED)
        return [socket.inet_ntoa(icmp[4:8]) for icmp in answers if icmp[0] == 5]

    lab.gateway.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=1 "
                   "net.ipv4.conf.eth0.send_redirects=1")
    lab.remove_group()
    other, known = "172.16.172.77", "172.16.172.20"
    found = faults(without_groups=led_to(other) == [other])
    lab.active()
    found += faults(none=not led_to(other))
    interface_set(lab, redirect=1)
    found += faults(as_it_is_asked_for=led_to(other) == [other],
                    nobody_knows_it_yet=led_to(known) == [known])
    low = Router(lab.wire, known, 50)
    low.hello(GROUP, STANDBY, vip=VIP, hello=250, hold=255)
    found += faults(not_to_the_standby_router=not led_to(known),
                    to_another_one=led_to(other) == [other])
    lab.high.hello(GROUP, ACTIVE, vip=VIP, hello=250, hold=255)
    found += faults(not_to_the_active_router=not led_to(lab.high.address))
    interface_set(lab, redirect=0)
    return found + faults(none_again=not led_to(other))


def redirect_tool(lab):
    """The line loads, is shown, and loads again to nothing; it is taken back."""
    lab.vpnhactl("interface eth0", "standby redirect")
    running = lab.gateway.sh("vpnhactl show running-config")
    again = lab.gateway.sh("vpnhactl show running-config > /tmp/running && "
                           "vpnhactl load --dry-run /tmp/running")
    detail = lab.gateway.sh("vpnhactl show standby detail")
    found = faults(running_config=" standby redirect\n" in running,
                   detail="  ICMP redirects enabled\n" in detail,
                   nothing_to_do="no changes" in again)
    lab.vpnhactl("interface eth0", "no standby redirect")
    return found + faults(
        as_usual="redirect" not in lab.gateway.sh("vpnhactl show running-config"),
        shown="  ICMP redirects disabled\n" in lab.gateway.sh("vpnhactl show standby detail"))


TESTS = (
    ("secondary virtual IPs are the active router's", secondary),
    ("an ARP request of a secondary virtual IP", own_request),
    ("secondary virtual IPs change while it is active", live),
    ("a secondary virtual IP becomes the primary one", new_primary),
    ("secondary virtual IPs that somebody else touches", by_hand),
    ("secondary virtual IPs go with the role, and with the group", lost),
    ("as many secondary virtual IPs as there can be", most),
    ("vpnhactl: secondary virtual IPs", secondary_tool),
    ("a configured virtual MAC address", configured),
    ("the virtual MAC address changes while it is active", live_mac),
    ("the interface's own MAC address", own_mac),
    ("the MAC address of an interface that comes and goes", come_and_gone),
    ("the active router's MAC address", active_mac),
    ("vpnhactl: virtual MAC addresses", mac_tool),
    ("so many announcements", announcements),
    ("announcements that refresh", refresh),
    ("announcements without end", without_end),
    ("vpnhactl: announcements", garp_tool),
    ("ICMP redirects", redirects),
    ("vpnhactl: ICMP redirects", redirect_tool),
)


if __name__ == "__main__":
    run_tests(Lab, TESTS)
