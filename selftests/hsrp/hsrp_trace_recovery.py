#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
"""The second trace of the document: the first router's interface comes back. It
does not hear the active router at first, as behind a switch port that learns
before it forwards, becomes active by its timers, and the second router yields."""

from gateway import ACTIVE, INITIAL, STANDBY, Report, wait
from trace_pair import FIRST as FIRST_ADDRESS
from trace_pair import HURRY, Follower, Pair, compare, of_document
from trace_pair import SECOND as SECOND_ADDRESS

# 7204VXR-1, which comes back.
FIRST = """\
HSRP: Fa0/0 API 172.16.172.52 is not an HSRP address
HSRP: Fa0/0 API MAC address update
HSRP: Fa0/0 API Software interface coming up
%LINK-3-UPDOWN: Interface FastEthernet0/0, changed state to up
HSRP: API Hardware state change
HSRP: Fa0/0 API Software interface coming up
%LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/0,
   changed state to up
HSRP: Fa0/0 Interface up
HSRP: Fa0/0 Starting minimum interface delay (1 secs)
HSRP: Fa0/0 Interface min delay expired
HSRP: Fa0/0 Grp 1 Init: a/HSRP enabled
HSRP: Fa0/0 Grp 1 Init -> Listen
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Init -> Backup
HSRP: Fa0/0 Grp 1 Listen: c/Active timer expired (unknown)
HSRP: Fa0/0 Grp 1 Listen -> Speak
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Backup -> Speak
HSRP: Fa0/0 Grp 1 Speak: d/Standby timer expired (unknown)
HSRP: Fa0/0 Grp 1 Standby router is local
HSRP: Fa0/0 Grp 1 Speak -> Standby
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Speak -> Standby
HSRP: Fa0/0 Grp 1 Redundancy enquiry for VPNHA succeeded
HSRP: Fa0/0 Grp 1 Standby: c/Active timer expired (unknown)
HSRP: Fa0/0 Grp 1 Active router is local
HSRP: Fa0/0 Grp 1 Standby router is unknown, was local
HSRP: Fa0/0 Grp 1 Standby -> Active
%HSRP-6-STATECHANGE: FastEthernet0/0 Grp 1 state Standby -> Active
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Standby -> Active
HSRP: Fa0/0 Grp 1 Active: i/Resign rcvd (100/172.16.172.54)
HSRP: Fa0/0 Grp 1 Redundancy group VPNHA state Active -> Active
HSRP: Fa0/0 Grp 1 Redundancy group VPNHA state Active -> Active
HSRP: Fa0/0 Grp 1 Standby router is 172.16.172.54
"""

# 7204VXR-2, which yields.
SECOND = """\
HSRP: Fa0/0 Grp 1 Standby router is 172.16.172.52
HSRP: Fa0/0 Grp 1 Hello in 172.16.172.52 Active pri 200 vIP 172.16.172.53
   hel 3000 hol 10000 id 0000.0c07.ac01
HSRP: Fa0/0 Grp 1 Active router is 172.16.172.52, was local
HSRP: Fa0/0 Grp 1 Standby router is unknown, was 172.16.172.52
HSRP: Fa0/0 Grp 1 Active: g/Hello rcvd from
   higher pri Active router (200/172.16.172.52)
HSRP: Fa0/0 Grp 1 Active -> Speak (active 1->0, passive 0->1)
%HSRP-6-STATECHANGE: FastEthernet0/0 Grp 1 state Active -> Speak
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Active -> Speak
HSRP: Fa0/0 Grp 1 Speak: d/Standby timer expired (unknown)
HSRP: Fa0/0 Grp 1 Standby router is local
HSRP: Fa0/0 Grp 1 Speak -> Standby (active 0, passive 1)
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Speak -> Standby
HSRP: Fa0/0 Grp 1 Redundancy enquiry for VPNHA succeeded
addr 172.16.172.53 name VPNHA state Speak
active 172.16.172.52 standby 172.16.172.54
IPSEC(rte_mgr): VPN Route Removed 20.1.1.0 255.255.255.0
   via 172.16.172.69 in IP DEFAULT TABLE
"""


def main():
    report = Report(4)
    with Pair() as pair:
        pair.load(pair.first)
        pair.switch.unplug("outside", pair.first)
        wait(lambda: pair.is_in(pair.first, INITIAL), "the first router is out of order")
        pair.load(pair.second, HURRY)
        wait(lambda: pair.is_in(pair.second, ACTIVE), "the second router is active")
        pair.load(pair.second)
        report.check("both routers use the document's timers",
                     pair.default_timers(pair.first) and pair.default_timers(pair.second))

        # what the switch's port keeps from the first router: the hellos of an
        # active router (version 0, opcode 0, state 16 behind the UDP header)
        pair.switch.namespace.sh(f"""
            nft add table netdev lab
            nft add chain netdev lab late '{{ type filter hook egress device out-r1 priority 0; }}'
            nft add rule netdev lab late ip saddr {SECOND_ADDRESS} udp dport 1985 \\
                @th,64,24 0x000010 counter drop""")
        first, second = Follower(pair, pair.first), Follower(pair, pair.second)
        pair.switch.plug("outside", pair.first)
        wait(lambda: pair.is_in(pair.first, ACTIVE, standby=SECOND_ADDRESS) and
             pair.is_in(pair.second, STANDBY, active=FIRST_ADDRESS),
             "the first router is active again, the second standby")
        kept = pair.switch.namespace.sh("nft list chain netdev lab late")
        report.check("hellos were kept from the first router",
                     "counter packets" in kept and "packets 0 " not in kept, kept)
        for name, follower, document in (("7204VXR-1", first, FIRST), ("7204VXR-2", second, SECOND)):
            wanted = of_document(document)
            report.line(f"recovery: {name} says what the document says",
                        compare(name, follower.end(wanted[-1]), wanted))
    report.end()


if __name__ == "__main__":
    main()
