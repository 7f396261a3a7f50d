#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1)
"""The first trace of the document: the active router loses its interface, and the
standby router takes over when the active timer expires."""

from gateway import ACTIVE, INITIAL, Report, wait
from trace_pair import Follower, Pair, compare, of_document

# 7204VXR-1, the active router.
FIRST = """\
HSRP: Fa0/0 API Software interface going down
HSRP: Fa0/0 API Software interface going down
HSRP: Fa0/0 Interface down
HSRP: Fa0/0 Grp 1 Active: b/HSRP disabled
HSRP: Fa0/0 Grp 1 Active router is unknown, was local
HSRP: Fa0/0 Grp 1 Standby router is unknown, was 172.16.172.54
HSRP: Fa0/0 Grp 1 Active -> Init
%HSRP-6-STATECHANGE: FastEthernet0/0 Grp 1 state Active -> Init
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Active -> Init
%CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN.
   Peer 172.16.172.69:500 Id: 172.16.172.69
HSRP: Fa0/0 Grp 1 Redundancy enquiry for VPNHA succeeded
HSRP: Fa0/0 API Add active HSRP addresses to ARP table
%LINK-5-CHANGED: Interface FastEthernet0/0,
   changed state to administratively down
HSRP: API Hardware state change
%LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/0,
   changed state to down
"""

# 7204VXR-2, the standby router.
SECOND = """\
HSRP: Fa0/0 Grp 1 Standby: c/Active timer expired (172.16.172.52)
HSRP: Fa0/0 Grp 1 Active router is local, was 172.16.172.52
HSRP: Fa0/0 Grp 1 Standby router is unknown, was local
HSRP: Fa0/0 Grp 1 Standby -> Active (active 0->1, passive 2->1)
%HSRP-6-STATECHANGE: FastEthernet0/0 Grp 1 state Standby -> Active
HSRP: Fa0/0 Grp 1 Redundancy "VPNHA" state Standby -> Active
"""


def main():
    report = Report(3)
    with Pair() as pair:
        pair.settle()
        report.check("both routers use the document's timers",
                     pair.default_timers(pair.first) and pair.default_timers(pair.second))
        first, second = Follower(pair, pair.first), Follower(pair, pair.second)
        # without a carrier no resign can leave: the standby has its timer only
        pair.switch.unplug("outside", pair.first)
        wait(lambda: pair.is_in(pair.first, INITIAL) and pair.is_in(pair.second, ACTIVE),
             "the second router takes over")
        for name, follower, document in (("7204VXR-1", first, FIRST), ("7204VXR-2", second, SECOND)):
            wanted = of_document(document)
            report.line(f"failover: {name} says what the document says",
                        compare(name, follower.end(wanted[-1]), wanted))
    report.end()


if __name__ == "__main__":
    main()
