# SPDX-License-Identifier: GPL-2.0
"""A gateway on one end of a cable, scapy's routers on the other."""

from gateway import Family, Wire

OWN = "172.16.172.52"
PREFIX = 24
VIP = "172.16.172.53"
PROBE = "172.16.172.9"		# asks for OWN's MAC address, to see where things stand
GROUP = 1
# Long enough to be no part of the test
TIMERS = {"hello_ms": 240000, "hold_ms": 250000}


def faults(**claims):
    """Those that are not true, in words."""
    return [what.replace("_", " ") for what, true in claims.items() if not true]


class Lab:
    """Two namespaces, and what speaks to each."""

    def __init__(self, topology):
        self.topology = topology
        self.gateway, self.peer = topology.add("hsrp-gw", "hsrp-scapy")
        topology.cable(self.gateway, "eth0", self.peer, "eth0")
        self.gateway.ip(f"addr add {OWN}/{PREFIX} dev eth0")
        self.family = Family(self.gateway)
        self.wire = Wire(self.peer, "eth0")

    def settle(self):
        """Whatever was sent has been dealt with; its answers are in wire.heard."""
        return self.wire.flush(OWN, PROBE)

    def group(self):
        """It, after all that was sent."""
        self.settle()
        return self.family.group("eth0", GROUP)

    def new_group(self, **attributes):
        self.family.do("group-new", ifname="eth0", number=GROUP, enabled=1,
                       **{"vip": VIP, **TIMERS, **attributes})

    def remove_group(self):
        if GROUP in self.family.groups("eth0"):
            self.family.do("group-del", ifname="eth0", number=GROUP)

    def set(self, **attributes):
        self.family.do("group-set", ifname="eth0", number=GROUP, **attributes)
