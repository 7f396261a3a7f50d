#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12,(6.1),(debug)
"""As ike_roles.py, of groups of IPv6: a tunnel of IPv6 packets ends at the global virtual IP,
and hosts send to the link-local one."""

import ike_roles
from ike_roles import (comes_back, death_seen_by_host, death_seen_by_peer, normal, peer_begins,
                       standby_is_silent)
from rolelab import IPV6

TESTS = (
    ("the active gateway has the tunnel with the first packet", normal),
    ("the standby gateway is silent", standby_is_silent),
    ("the peer's traffic brings it up", peer_begins),
    ("traffic from the gateways: silent death, the other one begins", death_seen_by_host),
    ("preempted, the loser has nothing left", comes_back),
    ("traffic from the peer: silent death, its DPD, the other gateway", death_seen_by_peer),
)

if __name__ == "__main__":
    ike_roles.main(IPV6, TESTS)
