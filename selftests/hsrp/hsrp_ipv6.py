#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""HSRP for IPv6: packets, states, virtual IPs and what neighbours are told of them. The
other routers and hosts are scapy's; what is sent is read octet by octet, and by tshark."""

import struct
import subprocess
import tempfile

import one_gateway
from gateway import (ACTIVE, LEARN, LISTEN, SPEAK, STANDBY, Wire, mac_bytes, run_tests, wait)
from one_gateway import GROUP, faults
from scapy_router import raw_packet, virtual_mac
from scapy_router6 import (ALL_NODES, ALL_NODES_MAC, GROUP6, GROUP6_MAC, HELLO, SOURCE_LL,
                           TARGET_LL, Router6, digest, heard6, made, octets, text, virtual_mac6)

OWN6 = "fe80::52"
VIP6, MAC = made(GROUP), virtual_mac6(GROUP)
GLOBAL, GLOBAL_OWN = "2001:db8::1", "2001:db8::52"
FAST = {"hello_ms": 200, "hold_ms": 800}
SLOW = {"hello_ms": 240000, "hold_ms": 250000}
LONG = {"hello": 240000, "hold": 250000}
KEY = b"shibboleth"
CONFIGURED = "02:fe:00:00:00:01"
ROUTER, SOLICITED, OVERRIDE = 4, 2, 1


def globals6(*addresses):
    """As netlink has them: "ADDRESS" or "ADDRESS/LENGTH"."""
    found = []
    for one in addresses:
        address, _, length = one.partition("/")
        found.append({"address": octets(address), **({"prefix-len": int(length)} if length else {})})
    return found


class Lab(one_gateway.Lab):
    """The gateway speaks IPv6; IPv4 is there to see where things stand."""

    def __init__(self, topology):
        super().__init__(topology)
        self.gateway.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                        "net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.eth0.addr_gen_mode=1 "
                        "net.ipv6.conf.eth0.accept_ra=0; ip -6 addr flush dev eth0")
        self.gateway.ip(f"addr add {OWN6}/64 dev eth0 nodad")
        self.gateway.ip(f"addr add {GLOBAL_OWN}/64 dev eth0 nodad")
        self.family.do("interface-new", ifname="eth0", version=2)
        self.low = Router6(self.wire, "fe80::9", 50)
        self.high = Router6(self.wire, "fe80::250", 200)
        self.host = Router6(self.wire, "fe80::77", 0)
        self.own_mac = self.gateway.mac("eth0")
        self.frames = []	# all that was heard, for tshark

    def new(self, **attributes):
        self.remove_group()
        self.settle()
        self.drain()
        self.family.do("group-new", ifname="eth0", number=GROUP, enabled=1, ipv6=1,
                       **{"autoconfig": 1, **SLOW, **attributes})

    def drain(self):
        self.wire.pull()
        self.frames += self.wire.heard
        self.wire.drain()

    def active(self, **attributes):
        self.new(**{**FAST, **attributes})
        self.family.wait_state("eth0", GROUP, ACTIVE)
        self.has(VIP6, *(text(one["address"]) for one in attributes.get("global6", ())))

    def addresses(self):
        """Those that the module has put, as `ip` tells them."""
        entries = self.gateway.json("-6 addr show dev eth0")
        return {entry["local"]: entry for entry in (entries[0] if entries else {}).get(
            "addr_info", ()) if entry.get("deprecated")}

    def has(self, *wanted):
        wait(lambda: set(self.addresses()) == set(wanted), f"{wanted} are on the interface")

    def state(self):
        return self.group()["state"]

    def reason(self, wanted):
        """Waits for a reason not to run."""
        wait(lambda: self.family.group("eth0", GROUP)["init-reason"] == wanted, wanted)

    def heard(self, *kinds):
        return heard6(self.wire.heard, *kinds)

    def first(self, kind, **values):
        """Waits for a packet of which these values are true."""
        def match(frame):
            return next((item for item in heard6([frame], kind) if all(
                getattr(item, name) == value for name, value in values.items())), None)
        return self.wire.wait_for(match, f"{kind} {values}")

    def ask(self, target, **how):
        """The advertisements that a solicitation brings about."""
        self.drain()
        self.host.solicit(target, **how)
        self.settle()
        return [na for na in self.heard("na") if na.target == target]

    def answers(self, *targets, mac=MAC):
        found = []
        for target in targets:
            got = [(na.from_mac, na.to_mac, na.source, na.destination, na.flags, na.hop_limit,
                    na.lladdr(TARGET_LL)) for na in self.ask(target)]
            if got != [(mac, self.wire.mac, target, self.host.address,
                        ROUTER | SOLICITED | OVERRIDE, 255, mac)]:
                found.append(f"{target} is answered with {got}")
        return found

    def silent(self, *targets):
        return [f"{target} is answered" for target in targets if self.ask(target)]

    def drops(self):
        self.settle()
        return self.family.drops("eth0")


# -- packets and states --------------------------------------------------------------

def cradle(lab):
    """From nothing to active, as who hears nobody; each packet from the right addresses."""
    lab.active(priority=120)
    found = []
    for state in (SPEAK, STANDBY, ACTIVE):
        hello = lab.first("hello", state=state)
        found += faults(**{
            f"{state}_from_{GROUP6}": (hello.source, hello.destination, hello.to_mac) ==
                                      (OWN6, GROUP6, GROUP6_MAC),
            f"{state}_hop_limit": hello.hop_limit == 255,
            f"{state}_mac": hello.from_mac == (MAC if state == ACTIVE else lab.own_mac),
            f"{state}_values": (hello.family, hello.group, hello.priority, hello.hello, hello.hold,
                                hello.vip, hello.identifier) ==
                               (6, GROUP, 120, 200, 800, VIP6, lab.own_mac)})
    group = lab.group()
    return found + faults(
        mac=group["mac"] == MAC, vip=group.get("vip6-used") == VIP6,
        address=group.get("address6") == OWN6, autoconfig=group.get("autoconfig") == 1,
        no_vip_configured="vip6" not in group, no_ipv4="address" not in group,
        local=group["active-router"].get("address6") == OWN6)


def grave(lab):
    """An active group that goes resigns from its own MAC address, and leaves nothing."""
    members = lab.gateway.sh("ip -6 maddr show dev eth0")
    lab.drain()
    lab.remove_group()
    resign = lab.first("resign")
    lab.has()
    wait(lambda: GROUP6 not in lab.gateway.sh("ip -6 maddr show dev eth0"), "it is no member")
    return faults(it_was_a_member=GROUP6 in members, from_its_own=resign.from_mac == lab.own_mac,
                  silent_since=not lab.silent(VIP6))


def learned(lab):
    """What is not configured is the active router's: virtual IP and times."""
    lab.new(autoconfig=0, hello_ms=0, hold_ms=0)
    found = faults(learn=lab.state() == LEARN)
    lab.high.hello(GROUP, ACTIVE, vip=OWN6, **LONG)
    found += faults(not_our_own_address="vip6-used" not in lab.group())
    lab.high.hello(GROUP, ACTIVE, vip="2001:db8::99", **LONG)
    found += faults(no_global_one="vip6-used" not in lab.group())
    lab.high.hello(GROUP, ACTIVE, vip="fe80::abc", hello=700, hold=2200)
    group = lab.group()
    found += faults(listen=group["state"] == LISTEN, vip=group.get("vip6-used") == "fe80::abc",
                    times=(group["hello-used-ms"], group["hold-used-ms"]) == (700, 2200),
                    active_router=group["active-router"].get("address6") == lab.high.address,
                    its_mac=group["active-router"].get("mac") == lab.wire.mac)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has("fe80::abc")
    return found + lab.answers("fe80::abc")


def states(lab):
    """Coup, resign, hellos of higher and lower priority."""
    lab.active(preempt=1)
    lab.high.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
    found = faults(yields_to_higher=lab.state() in (SPEAK, STANDBY))
    lab.family.wait_state("eth0", GROUP, STANDBY)
    lab.high.resign(GROUP, vip=VIP6)
    found += faults(takes_over=lab.state() == ACTIVE)
    lab.drain()
    lab.low.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
    lab.settle()
    found += faults(coup_at_lower=bool(lab.heard("coup")), stays=lab.state() == ACTIVE)
    lab.high.coup(GROUP, vip=VIP6)
    return found + faults(coup_from_higher=lab.state() in (SPEAK, STANDBY))


def tie(lab):
    """Of equals the one with the higher address is higher."""
    found = []
    for address, wins in (("fe80::51", False), ("fe80::53", True), ("fe80::5100", True)):
        lab.active(priority=100)
        lab.drain()
        equal = Router6(lab.wire, address, 100)
        equal.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
        found += faults(**{f"{address}": (lab.state() == ACTIVE) != wins})
    return found


def authentication(lab):
    """MD5, as somebody else computes it; and text."""
    lab.new(authentication="md5", key=KEY)
    other = b"sibboleth"
    good = lab.high.payload(GROUP, HELLO, ACTIVE, key=KEY, vip=VIP6, **LONG)
    before = lab.drops().get("bad-authentication", 0)
    for payload in (lab.high.payload(GROUP, HELLO, ACTIVE, vip=VIP6, **LONG),
                    lab.high.payload(GROUP, HELLO, ACTIVE, key=other, vip=VIP6, **LONG),
                    lab.high.payload(GROUP, HELLO, ACTIVE, key=KEY, sender=bytes(4), vip=VIP6,
                                     **LONG),
                    good[:17] + bytes([good[17] ^ 1]) + good[18:]):
        lab.high.send(payload)
    lab.host.send(good)		# what was heard, said by another one
    group = lab.group()
    found = faults(none_is_obeyed="active-router" not in group,
                   all_are_counted=lab.drops().get("bad-authentication", 0) - before == 5)
    lab.high.send(good)
    found += faults(this_one_is="active-router" in lab.group())
    lab.active(authentication="md5", key=KEY)
    sent = lab.first("hello", state=ACTIVE).payload
    body, said = sent[:-16], sent[-16:]
    found += faults(ours=digest(body + bytes(16), KEY) == said,
                    end_of_our_address=body[-8:-4] == octets(OWN6)[12:])
    lab.new(authentication="text", key=b"open")
    lab.high.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
    found += faults(wrong_text="active-router" not in lab.group())
    tlv = lab.high.group_tlv(GROUP, HELLO, ACTIVE, vip=VIP6, **LONG)
    lab.high.send(tlv + b"\x03\x08open\0\0\0\0")
    return found + faults(right_text="active-router" in lab.group())


def hostile(lab):
    """What nobody sends who means well is counted by its reason, and not obeyed."""
    lab.new()
    good = lab.high.payload(GROUP, HELLO, ACTIVE, vip=VIP6, **LONG)
    foreign = lab.high.group_tlv(GROUP, HELLO, ACTIVE, family=4, **LONG)
    cases = (("bad-ttl", lambda: lab.high.send(good, hlim=64)),
             ("bad-source", lambda: lab.high.send(good, source="2001:db8::250")),
             ("bad-source", lambda: lab.high.send(good, source="::")),
             ("bad-checksum", lambda: lab.high.send(good, chksum=0x1234)),
             ("bad-checksum", lambda: lab.high.send(good, chksum=0)),
             ("truncated", lambda: lab.high.send(good, len=200)),
             ("truncated", lambda: lab.high.send(good[:30])),
             ("bad-length", lambda: lab.high.send(good + bytes(100))),
             ("bad-family", lambda: lab.high.send(foreign)),
             ("own-address", lambda: lab.high.send(good, source=OWN6)),
             ("unknown-group", lambda: lab.high.hello(99, ACTIVE, **LONG)),
             ("bad-family", lambda: raw_packet(lab.wire, "172.16.172.250", good, "224.0.0.102")),
             ("bad-family", lambda: raw_packet(lab.wire, "172.16.172.250", foreign,
                                               "224.0.0.102")))
    found = []
    for reason, send in cases:
        before = lab.drops().get(reason, 0)
        send()
        if lab.drops().get(reason, 0) != before + 1:
            found.append(f"{reason} is not counted: {lab.drops()}")
    found += faults(none_is_obeyed="active-router" not in lab.group())
    lab.high.send(good, hlim=64)
    lab.settle()
    offender = lab.family.interface("eth0")["offender"]
    found += faults(offender=(offender.get("address6"), offender["reason"], offender["mac"]) ==
                             (lab.high.address, "bad-ttl", lab.wire.mac))
    lab.high.send(good, hlim=1)
    return found + faults(hop_limit_1_is_good="active-router" in lab.group())


# -- neighbours ----------------------------------------------------------------------

def neighbours(lab):
    """Solicitations by multicast and unicast, and for duplicates, are answered by the
    active router, from the virtual MAC address, to who asks."""
    lab.active(global6=globals6(GLOBAL + "/64"))
    found = lab.answers(VIP6, GLOBAL)
    for target in (VIP6, GLOBAL):
        one = lab.ask(target, mac=MAC, unicast=True, option=False)
        found += faults(unicast=[na.lladdr(TARGET_LL) for na in one] == [MAC])
        dad = [(na.to_mac, na.source, na.destination, na.flags, na.lladdr(TARGET_LL))
               for na in lab.ask(target, source="::")]
        found += faults(for_duplicates=dad == [(ALL_NODES_MAC, target, ALL_NODES,
                                                ROUTER | OVERRIDE, MAC)])
        found += faults(not_one_that_was_forwarded=not lab.ask(target, hlim=254))
    before = lab.group()["counters"]["na-reply-tx"]
    lab.ask(VIP6)
    found += faults(counted=lab.group()["counters"]["na-reply-tx"] == before + 1)
    lab.high.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
    lab.settle()
    found += lab.silent(VIP6, GLOBAL)
    lab.has()
    return found + lab.silent(VIP6, GLOBAL)


def announced(lab):
    """Unsolicited advertisements, to all nodes: three on becoming active, and again when
    another active router was heard."""
    lab.new(**FAST, global6=globals6(GLOBAL))
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    wait(lambda: lab.group()["counters"]["na-tx"] == 6, "three of each")
    got = [(na.from_mac, na.to_mac, na.source, na.destination, na.flags, na.hop_limit,
            na.lladdr(TARGET_LL)) for na in lab.heard("na")]
    wanted = [(MAC, ALL_NODES_MAC, target, ALL_NODES, ROUTER | OVERRIDE, 255, MAC)
              for target in (VIP6, GLOBAL)]
    found = faults(three=got == 3 * wanted)
    lab.drain()
    lab.low.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
    for target in (VIP6, GLOBAL):
        lab.first("na", target=target)
    return found


def own_words(lab):
    """Whatever the stack itself says of a virtual IP, it does not tell its own MAC address."""
    lab.active(global6=globals6(GLOBAL))
    lab.drain()
    lab.gateway.sh(f"ping -6 -c 1 -W 1 -I {GLOBAL} 2001:db8::77", check=False)
    lab.gateway.sh(f"ping -6 -c 1 -W 1 -I {GLOBAL_OWN} 2001:db8::78", check=False)
    lab.settle()
    asked = {ns.target: (ns.source, ns.lladdr(SOURCE_LL)) for ns in lab.heard("ns")}
    found = faults(by_the_virtual_one=asked.get("2001:db8::77") == (GLOBAL, MAC),
                   by_its_own=asked.get("2001:db8::78") == (GLOBAL_OWN, lab.own_mac))
    # what tells neighbours of all addresses that it has
    lab.drain()
    lab.gateway.sh("sysctl -qw net.ipv6.conf.eth0.ndisc_notify=1")
    lab.gateway.ip(f"link set eth0 address {CONFIGURED}")
    lab.settle()
    told = {na.target: na.lladdr(TARGET_LL) for na in lab.heard("na")}
    lab.gateway.ip(f"link set eth0 address {lab.own_mac}")
    lab.gateway.sh("sysctl -qw net.ipv6.conf.eth0.ndisc_notify=0")
    found += faults(all_are_told={VIP6, GLOBAL, GLOBAL_OWN} <= set(told),
                    of_virtual_ones_the_virtual_mac={told.get(VIP6), told.get(GLOBAL)} == {MAC},
                    of_its_own_its_own=told.get(GLOBAL_OWN) == CONFIGURED)
    return found


def echo(lab, mac, destination):
    """Whether an echo request to this MAC address is answered."""
    lab.gateway.ip(f"neigh replace {lab.host.address} lladdr {lab.wire.mac} dev eth0 nud permanent")
    lab.drain()
    lab.wire.send(lab.host.ether(src=lab.wire.mac, dst=mac) /
                  lab.host.ipv6(src=lab.host.address, dst=destination) /
                  lab.host.nd.ICMPv6EchoRequest(data=b"vpnha"))
    lab.settle()
    return any(frame[12:14] == b"\x86\xdd" and frame[20] == 58 and frame[54] == 129
               for frame in lab.wire.heard)


def macs(lab):
    """A MAC address that is configured, or the interface's own; frames to it are ours."""
    lab.active()
    found = faults(usual=echo(lab, MAC, VIP6), own=echo(lab, lab.own_mac, OWN6))
    for what, mac, attributes in (("group-set", CONFIGURED, {"mac_address": mac_bytes(CONFIGURED)}),
                                  ("group-set", MAC, {"mac_address": bytes(6)}),
                                  ("interface-set", lab.own_mac, {"use_bia": 1}),
                                  ("interface-set", MAC, {"use_bia": 0})):
        key = {"number": GROUP} if what == "group-set" else {}
        lab.drain()
        lab.family.do(what, ifname="eth0", **key, **attributes)
        na = lab.first("na", target=VIP6)
        found += faults(told=na.lladdr(TARGET_LL) == mac, taken=echo(lab, mac, VIP6))
        found += lab.answers(VIP6, mac=mac)
        found += faults(address_stays=lab.group()["vip6-used"] == VIP6)
    lab.high.hello(GROUP, ACTIVE, vip=VIP6, **LONG)
    lab.settle()
    return found + faults(not_taken_by_a_standby=not echo(lab, MAC, OWN6))


# -- addresses -----------------------------------------------------------------------

def on_the_interface(lab):
    """Without a search for duplicates, no source of the stack's own, and with the route of
    the prefix only where one was given; those of an active group change in place."""
    lab.active(global6=globals6("2001:db8:1::1/64", "2001:db8:2::1"))
    entries = lab.addresses()
    lengths = {address: entry["prefixlen"] for address, entry in entries.items()}
    found = faults(
        lengths=lengths == {VIP6: 128, "2001:db8:1::1": 64, "2001:db8:2::1": 128},
        no_search=all(entry.get("nodad") for entry in entries.values()),
        not_tentative=not any(entry.get("tentative") for entry in entries.values()))

    def routed(prefix):
        return any(route["dst"] == prefix for route in lab.gateway.json("-6 route show dev eth0"))
    found += faults(a_route=routed("2001:db8:1::/64"),
                    no_route=not routed("2001:db8:2::1") and not routed("2001:db8:2::/64"))
    before = lab.group()["state-changes"]
    lab.set(global6=globals6("2001:db8:1::1", "2001:db8:3::1"))
    lab.has(VIP6, "2001:db8:1::1", "2001:db8:3::1")
    wait(lambda: not routed("2001:db8:1::/64"), "the route is gone")
    found += lab.answers("2001:db8:3::1", "2001:db8:1::1") + lab.silent("2001:db8:2::1")
    lab.gateway.ip("addr del 2001:db8:3::1/128 dev eth0")
    lab.has(VIP6, "2001:db8:1::1", "2001:db8:3::1")
    lab.set(global6=globals6("::"))
    lab.has(VIP6)
    return found + faults(it_stayed_active=lab.group()["state-changes"] == before)


def given(lab):
    """A link-local address that is given, a global one that makes one; the other version."""
    lab.new(autoconfig=0, vip6=octets("fe80::1"), **FAST)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has("fe80::1")
    found = lab.answers("fe80::1") + faults(told=lab.group().get("vip6") == "fe80::1")
    lab.new(autoconfig=0, global6=globals6(GLOBAL), **FAST)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP6, GLOBAL)
    group = lab.group()
    found += faults(made=group["vip6-used"] == VIP6, not_asked_for=group["autoconfig"] == 0)
    lab.set(ipv6=0, autoconfig=0, global6=globals6("::"), vip=one_gateway.VIP)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has()
    group = lab.group()
    found += faults(of_ipv4=group.get("vip-used") == one_gateway.VIP and "vip6-used" not in group,
                    mac_of_ipv4=group["mac"] == virtual_mac(GROUP, 2),
                    no_member=GROUP6 not in lab.gateway.sh("ip -6 maddr show dev eth0"))
    lab.set(ipv6=1, autoconfig=1, vip=0)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP6)
    return found + faults(mac_of_ipv6=lab.group()["mac"] == MAC)


def reasons(lab):
    """Why a group does not run, and that it does once there is no reason any more."""
    lab.active()
    lab.gateway.ip(f"addr del {OWN6}/64 dev eth0")
    lab.reason("no-address")
    lab.gateway.ip(f"addr add {OWN6}/64 dev eth0 nodad")
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP6)
    lab.gateway.sh("sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1")
    lab.reason("no-ipv6")
    lab.gateway.sh("sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0")
    # as the kernel looks for duplicates: found to be unique, the group runs
    lab.gateway.sh("sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=3")
    lab.gateway.ip(f"addr add {OWN6}/64 dev eth0")
    lab.reason("tentative-address")
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP6)
    # another one has it: never
    lab.gateway.ip(f"addr del {OWN6}/64 dev eth0")
    lab.reason("no-address")
    lab.gateway.ip("addr add fe80::53/64 dev eth0")
    lab.wire.send(lab.host.ether(src=lab.wire.mac, dst=ALL_NODES_MAC) /
                  lab.host.ipv6(src="fe80::53", dst=ALL_NODES) /
                  lab.host.nd.ICMPv6ND_NA(tgt="fe80::53", R=0, S=0, O=1) /
                  lab.host.nd.ICMPv6NDOptDstLLAddr(lladdr=lab.wire.mac))
    wait(lambda: "dadfailed" in lab.gateway.ip("-6 addr show dev eth0"), "another one has it")
    lab.reason("tentative-address")
    lab.gateway.ip("addr del fe80::53/64 dev eth0")
    lab.gateway.ip(f"addr add {OWN6}/64 dev eth0 nodad")
    lab.gateway.ip(f"addr add {GLOBAL_OWN}/64 dev eth0 nodad", check=False)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    # somebody else's
    lab.gateway.ip("addr add fe80::1/64 dev eth0 nodad")
    refused = lab.family.refused("group-set", ifname="eth0", number=GROUP, autoconfig=0,
                                 vip6=octets("fe80::1"))
    lab.gateway.ip("addr del fe80::1/64 dev eth0")
    lab.set(global6=globals6("2001:db8:7::1"))
    lab.has(VIP6, "2001:db8:7::1")
    lab.gateway.ip("addr add 2001:db8:7::1/64 dev lo")
    lab.reason("address-conflict")
    lab.gateway.ip("addr del 2001:db8:7::1/64 dev lo")
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    # the link, and the size of what it carries
    lab.gateway.ip("link set eth0 mtu 1200")
    lab.reason("no-ipv6")
    lab.gateway.ip("link set eth0 mtu 1500")
    lab.gateway.sh("sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=1; ip -6 addr flush dev eth0")
    lab.gateway.ip(f"addr add {OWN6}/64 dev eth0 nodad")
    lab.gateway.ip(f"addr add {GLOBAL_OWN}/64 dev eth0 nodad")
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    member = GROUP6 in lab.gateway.sh("ip -6 maddr show dev eth0")
    return faults(its_own_address_is_refused=refused and refused[2] == ".vip6",
                  a_member_again=member)


def new_address(lab):
    """Another address of its own, and packets come from that."""
    lab.active()
    lab.gateway.ip("addr add fe80::99/64 dev eth0 nodad")
    lab.gateway.ip(f"addr del {OWN6}/64 dev eth0")
    lab.first("hello", source="fe80::99")
    found = faults(told=lab.group()["address6"] == "fe80::99", still_active=lab.state() == ACTIVE)
    lab.gateway.ip(f"addr add {OWN6}/64 dev eth0 nodad")
    lab.gateway.ip("addr del fe80::99/64 dev eth0")
    lab.first("hello", source=OWN6)
    return found


def refusals(lab):
    """What does not go together, with the attribute that is at fault."""
    lab.new()
    lab.family.do("group-new", ifname="eth0", number=2, enabled=1, ipv6=1, **SLOW)
    found = []

    def check(attribute, text_, **attributes):
        got = lab.family.refused("group-set", ifname="eth0", number=2, **attributes)
        if not got or text_ not in got[1] or got[2] != f".{attribute}":
            found.append(f"{attributes}: {got}")
    check("vip", "no IPv4 address", vip="10.1.1.1")
    check("secondary", "no IPv4 address", secondary=[0x0a010101])
    check("autoconfig", "no IPv6 address", ipv6=0, autoconfig=1)
    check("global6", "no IPv6 address", ipv6=0, global6=globals6(GLOBAL))
    check("vip6", "no IPv6 address", ipv6=0, vip6=octets("fe80::1"))
    check("vip6", "not both", autoconfig=1, vip6=octets("fe80::1"))
    check("vip6", "link-local", vip6=octets(GLOBAL))
    for address in ("fe80::1", "ff02::1", "::1", "::ffff:1.2.3.4"):
        check("global6", "unicast", global6=globals6(address))
    check("global6", "too many", global6=globals6(*(f"2001:db8::{n}" for n in range(17))))
    check("global6", "twice", global6=globals6(GLOBAL, GLOBAL))
    check("vip6", "another group", vip6=octets(VIP6))
    got = lab.family.refused("interface-set", ifname="eth0", version=1)
    found += faults(version_1=got and "version 2" in got[1] and got[2] == ".version")
    lab.family.do("interface-new", ifname="other0", version=1)
    got = lab.family.refused("group-new", ifname="other0", number=1, ipv6=1)
    found += faults(on_version_1=got and "version 2" in got[1] and got[2] == ".ipv6")
    lab.family.do("interface-set", ifname="other0", version=2)
    # links have link-local addresses of their own
    lab.family.do("group-new", ifname="other0", number=GROUP, enabled=1, ipv6=1, autoconfig=1)
    lab.family.do("interface-del", ifname="other0")
    lab.family.do("group-del", ifname="eth0", number=2)
    return found


def redirects(lab):
    """No redirect gives the real address away, but where they are asked for."""
    lab.active()
    lab.gateway.sh("sysctl -qw net.ipv6.conf.all.forwarding=1")
    lab.gateway.ip("route add 2001:db8:99::/64 via fe80::abc dev eth0")
    for address in ("fe80::abc", "2001:db8::77"):
        lab.gateway.ip(f"neigh replace {address} lladdr {lab.wire.mac} dev eth0 nud permanent")

    def provoke(number):
        lab.drain()
        lab.wire.send(lab.host.ether(src=lab.wire.mac, dst=MAC) /
                      lab.host.ipv6(src="2001:db8::77", dst=f"2001:db8:99::{number}") /
                      lab.host.udp(sport=9, dport=9))
        lab.settle()
        return bool(lab.heard("redirect"))
    found = faults(none=not provoke(1))
    lab.family.do("interface-set", ifname="eth0", redirect=1)
    found += faults(one_where_asked_for=provoke(2))
    lab.low.address, usual = "fe80::abc", lab.low.address
    lab.low.hello(GROUP, STANDBY, vip=VIP6, **LONG)
    lab.settle()
    lab.low.address = usual
    found += faults(none_to_a_router_of_the_group=not provoke(3))
    lab.family.do("interface-set", ifname="eth0", redirect=0)
    lab.gateway.ip("route del 2001:db8:99::/64")
    return found


def both(lab):
    """Groups of both versions on an interface; advertisements over each of them."""
    lab.active()
    lab.drain()
    lab.family.do("group-new", ifname="eth0", number=7, enabled=1, vip=one_gateway.VIP, **FAST)
    lab.family.wait_state("eth0", 7, ACTIVE)
    interface = lab.family.interface("eth0")
    lab.family.do("group-del", ifname="eth0", number=7)
    lab.drain()
    lab.remove_group()
    adv = lab.first("advertise")
    return faults(both_are_active=interface["active-groups"] == 2,
                  from_its_own=(adv.source, adv.active) == (OWN6, 0))


def follower(lab):
    """A group of IPv6 is where one of IPv4 is, and in a bundle the reverse as well."""
    lab.new(follow="BOTH", bundle=1)
    lab.reason("follow")
    lab.family.do("group-new", ifname="eth0", number=7, enabled=1, vip=one_gateway.VIP,
                  name="BOTH", **FAST)
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP6)
    wait(lambda: lab.group()["counters"]["na-tx"], "the hosts are told")
    lab.gateway.ip(f"addr del {OWN6}/64 dev eth0")
    lab.reason("no-address")
    wait(lambda: lab.family.group("eth0", 7)["init-reason"] == "bundle", "the leader waits")
    lab.gateway.ip(f"addr add {OWN6}/64 dev eth0 nodad")
    lab.family.wait_state("eth0", 7, ACTIVE)
    found = faults(with_it=lab.state() == ACTIVE)
    lab.family.do("group-del", ifname="eth0", number=7)
    lab.reason("follow")
    lab.has()
    lab.remove_group()
    return found


def tool(lab):
    """The lines of the configuration load, are shown, and load again to nothing; each is
    taken back."""
    lab.remove_group()

    def configure(*lines):
        return lab.gateway.sh("vpnhactl configure 'interface eth0' " +
                              " ".join(f"'{line}'" for line in lines), check=False)
    said = configure(f"standby {GROUP} ipv6 autoconfig", f"standby {GROUP} ipv6 {GLOBAL}/64",
                     f"standby {GROUP} timers msec 200 msec 800")
    lab.family.wait_state("eth0", GROUP, ACTIVE)
    lab.has(VIP6, GLOBAL)
    found = lab.answers(VIP6, GLOBAL)
    shown = lab.gateway.sh("vpnhactl show standby").lower()
    running = lab.gateway.sh("vpnhactl show running-config").lower()
    again = lab.gateway.sh("vpnhactl show running-config > /tmp/running && "
                           "vpnhactl load --dry-run /tmp/running")
    found += faults(shown=VIP6 in shown and GLOBAL in shown and "0005.73a0.0001" in shown,
                    running_config=f"standby {GROUP} ipv6 autoconfig" in running and
                                   f"standby {GROUP} ipv6 {GLOBAL}/64" in running,
                    nothing_to_do="no changes" in again)
    configure(f"no standby {GROUP} ipv6")
    lab.has()
    configure(f"no standby {GROUP}")
    return found + faults(none_is_left=f"standby {GROUP}" not in
                          lab.gateway.sh("vpnhactl show running-config")) + \
        ([said] if "rror" in said else [])


DEVICES = {
    "VLAN": ("ip link add name top link low type vlan id 7",
             "ip link add name top link low type vlan id 7; ip link set top up"),
    "bond": ("ip link add top type bond mode active-backup; ip link set low down; "
             "ip link set low master top", None),
    "bridge": ("ip link add top type bridge mcast_snooping 0; ip link set low master top", None),
    "macvlan": ("ip link add top link low type macvlan mode bridge", None),
    "member of a VRF": ("ip link add red type vrf table 9; ip link set red up; "
                        "ip link set low down; ip link set low name top; "
                        "ip link set top master red", None),
}


def devices(lab):
    """An answer, and frames to the virtual MAC address, on devices of every kind."""
    found = []
    for kind, (ours, theirs) in DEVICES.items():
        lab.topology.cable(lab.gateway, "low", lab.peer, "low")
        lab.gateway.sh(ours)
        lab.gateway.sh("sysctl -qw net.ipv6.conf.top.addr_gen_mode=1; ip link set top up; "
                       "ip -6 addr flush dev top; ip addr add fe80::52/64 dev top nodad")
        if theirs:
            lab.peer.sh(theirs)
        wire = Wire(lab.peer, "top" if theirs else "low")
        host = Router6(wire, "fe80::77", 0)
        lab.family.do("interface-new", ifname="top", version=2, delay_min=0)
        lab.family.do("group-new", ifname="top", number=3, enabled=1, ipv6=1, autoconfig=1, **FAST)
        lab.family.wait_state("top", 3, ACTIVE)
        mac = virtual_mac6(3)

        def asked(host=host, wire=wire):
            host.solicit(made(3))
            wire.pull(0.2)
            return [na for na in heard6(wire.heard, "na") if na.destination == host.address]
        na = wait(asked, f"{kind}: an answer")[0]

        def echoed(host=host, wire=wire, mac=mac):
            wire.send(host.ether(src=wire.mac, dst=mac) / host.ipv6(src=host.address, dst=made(3)) /
                      host.nd.ICMPv6EchoRequest())
            wire.pull(0.2)
            return any(frame[12:14] == b"\x86\xdd" and frame[54] == 129 for frame in wire.heard)
        lab.gateway.ip(f"neigh replace {host.address} lladdr {wire.mac} dev top nud permanent")
        wait(echoed, f"{kind}: a frame to the virtual MAC address is taken")
        found += faults(**{f"{kind}": (na.from_mac, na.lladdr(TARGET_LL)) == (mac, mac)})
        lab.family.do("interface-del", ifname="top")
        members = lab.gateway.sh("ip -6 maddr show dev top")
        wait(lambda: made(3) not in lab.gateway.ip("-6 addr show dev top"), "its address is gone")
        found += faults(**{f"{kind}_no_member": GROUP6 not in members})
        wire.socket.close()
        lab.gateway.sh("ip link del top; ip link del low; ip link del red", check=False)
    return found


def tshark(lab):
    """Reads all that was sent, without a complaint."""
    lab.drain()
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for frame in lab.frames:
            file.write(struct.pack("=IIII", 0, 0, len(frame), len(frame)) + frame)
        file.flush()

        def run(*options):
            return subprocess.run(["tshark", "-r", file.name, "-o", "udp.check_checksum:TRUE",
                                   *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  check=True, text=True).stdout
        hsrp = run("-Y", "hsrp && ipv6", "-T", "fields", "-e", "hsrp2.ipversion", "-e",
                   "hsrp2.virt_ip_v6", "-e", "hsrp2.opcode", "-e", "udp.checksum.status")
        complaints = run("-Y", "ipv6 && (_ws.expert.severity >= 0x400000 || _ws.malformed || "
                         "icmpv6.checksum.status == 0 || udp.checksum.status == 0)")
    lines = [line.split("\t") for line in hsrp.splitlines()]
    groups = [line for line in lines if line[0]]
    return faults(
        all_kinds={line[2] for line in groups} == {"0", "1", "2"}, of_ipv6={line[0] for line in groups} == {"6"},
        virtual_ip=VIP6 in {line[1] for line in groups},
        checksums={line[3] for line in lines} == {"1"}) + complaints.splitlines()


TESTS = (
    ("scapy: from nothing to active", cradle),
    ("scapy: resign, and nothing is left", grave),
    ("scapy: learned from the active router", learned),
    ("scapy: coup, resign and priorities", states),
    ("scapy: equals are told apart by their addresses", tie),
    ("scapy: authentication", authentication),
    ("scapy: hostile packets", hostile),
    ("scapy: neighbour solicitations", neighbours),
    ("unsolicited neighbour advertisements", announced),
    ("what the stack says of virtual IPs", own_words),
    ("virtual MAC addresses", macs),
    ("virtual IPs on the interface", on_the_interface),
    ("link-local addresses, and the other IP version", given),
    ("why a group does not run", reasons),
    ("another address of its own", new_address),
    ("refusals", refusals),
    ("ICMPv6 redirects", redirects),
    ("groups of both IP versions", both),
    ("one of IPv6 is bundled with one of IPv4", follower),
    ("vpnhactl: IPv6", tool),
    ("devices of every kind", devices),
    ("tshark has no complaint", tshark),
)


if __name__ == "__main__":
    run_tests(Lab, TESTS)
