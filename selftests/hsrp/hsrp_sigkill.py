#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: host timeout=3600 kernels=6.12,(6.1)
"""Two gateways that are machines of their own: what a plain Linux host behind
them sees when the active one's power fails, when it comes back and preempts,
and when its module is removed."""

import json
import unittest

import ktap_unittest
import machine
from ping import Ping, told

OUTSIDE_VIP, INSIDE_VIP = "172.16.172.53", "10.1.1.254"
VIRTUAL_MAC = "00:00:0c:07:ac:02"
FAR, HOST = "172.16.172.60", "10.1.1.3"
GATEWAYS = {"gw1": (52, 1, 200), "gw2": (54, 2, 100)}

# The switches of both sides, and namespaces for the hosts on them.
NETWORK = f"""
for side in out in; do
    ip link add $side type bridge
    ip link set $side up
    for gateway in gw1 gw2; do ip link set $gateway-$side master $side up; done
done
add_host()
{{
    ip netns add "$1"
    ip link add "$1" type veth peer name eth0 netns "$1"
    ip link set "$1" master "$2" up
    ip -n "$1" address add "$3" dev eth0
    ip -n "$1" link set eth0 up
    ip -n "$1" route add default via "$4"
}}
add_host far out {FAR}/28 {OUTSIDE_VIP}
add_host host in {HOST}/24 {INSIDE_VIP}
"""

CONFIGURATION = """
interface eth0
 standby 1 ip {outside}
 standby 1 timers 1 3
 standby 1 priority {priority}
 standby 1 preempt
 standby 1 track eth1 150
interface eth1
 standby 2 ip {inside}
 standby 2 timers 1 3
 standby 2 priority {priority}
 standby 2 preempt
 standby 2 track eth0 150
"""


def bring_up(gateway):
    outside, inside, priority = GATEWAYS[gateway.name]
    configuration = CONFIGURATION.format(outside=OUTSIDE_VIP, inside=INSIDE_VIP,
                                         priority=priority)
    gateway.shell(f"""
        set -e
        sysctl -qw net.ipv4.ip_forward=1
        ip address add 172.16.172.{outside}/28 dev eth0
        ip address add 10.1.1.{inside}/24 dev eth1
        ip link set eth0 up
        ip link set eth1 up
        /vpnha/selftests/lab/guest/load-module
        vpnhactl load - <<'EOF'
{configuration}
EOF
    """)


def wait_for_state(gateway, state):
    gateway.wait_until("vpnhactl -j show standby", lambda output: [
        group["state"] for group in json.loads(output)] == [state] * 2)


class Outage(unittest.TestCase):
    """One pair of machines; its stages follow each other in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.lab = machine.Lab()
        cls.addClassCleanup(cls.lab.__exit__, None, None, None)
        lab = cls.lab
        cls.net = lab.start("net", links=[
            machine.Link(f"{gateway}-{side}", lab.socket(f"{gateway}-{side}"), listen=True)
            for gateway in GATEWAYS for side in ("out", "in")])
        cls.net.shell(NETWORK)
        # who is said to have the virtual IP, by whatever ARP the host's side carries
        cls.arp = cls.net.begin("tcpdump", "-U", "-n", "-e", "-i", "in", "-w", "/out/arp.pcap",
                                "arp")
        cls.net.wait_until("ss -0 -n -p | grep -q tcpdump")
        cls.neighbours = cls.net.begin("ip", "-n", "host", "monitor", "neigh")
        for name in GATEWAYS:
            setattr(cls, name, lab.start(name, links=[
                machine.Link("eth0", lab.socket(f"{name}-out")),
                machine.Link("eth1", lab.socket(f"{name}-in"))]))
            bring_up(getattr(cls, name))
        wait_for_state(cls.gw1, "active")
        wait_for_state(cls.gw2, "standby")
        cls.net.wait_until(f"ip netns exec host ping -c 1 -W 1 {FAR}")

    def ping(self):
        """The host's, of the far side."""
        return Ping(self.net, "host", FAR)

    def same_neighbour(self):
        entry = self.net.check("ip", "-n", "host", "neighbour", "show", INSIDE_VIP)
        self.assertIn(VIRTUAL_MAC, entry)

    def test_1_sigkill(self):
        """a host keeps its ping when the active gateway's machine is killed with SIGKILL"""
        ping = self.ping()
        self.gw1.kill()
        wait_for_state(self.gw2, "active")
        ping.goes_on()
        result = ping.stop()
        told("SIGKILL of the active gateway's machine", result)
        self.assertGreater(result[1], 0, "the gateway that was killed was not the one in use")
        self.same_neighbour()

    def test_2_return(self):
        """the machine comes back, preempts, and the host's ping goes on"""
        ping = self.ping()
        self.gw1.start()
        bring_up(self.gw1)
        wait_for_state(self.gw1, "active")
        wait_for_state(self.gw2, "standby")
        ping.goes_on()
        told("return and preemption", ping.stop())
        self.same_neighbour()

    def test_3_unload(self):
        """the active gateway's module is removed: it resigns, and leaves no address"""
        ping = self.ping()
        self.gw1.check("rmmod", "vpnha")
        wait_for_state(self.gw2, "active")
        ping.goes_on()
        told("removal of the active gateway's module", ping.stop())
        left = self.gw1.shell("ip -4 address show; bridge fdb show")
        self.assertNotIn(INSIDE_VIP, left)
        self.assertNotIn(OUTSIDE_VIP, left)
        self.assertNotIn("00:00:0c:07:ac", left)
        groups = json.loads(self.gw2.shell("vpnhactl -j show standby"))
        self.assertTrue(all(group["counters"]["resign_rx"] for group in groups),
                        "no resign was heard")
        self.same_neighbour()

    def test_4_one_mac(self):
        """nobody ever told the host another MAC address for the virtual IP"""
        self.neighbours.signal()
        self.neighbours.wait()
        entries = [line for line in self.neighbours.output.splitlines()
                   if line.startswith(INSIDE_VIP + " ") and "lladdr" in line]
        self.assertTrue(entries)
        for line in entries:
            self.assertIn(VIRTUAL_MAC, line)
        self.arp.signal()
        self.arp.wait()
        senders = self.net.shell("tshark -r /out/arp.pcap -T fields -e arp.src.hw_mac -e eth.src "
                                 f"-Y 'arp.src.proto_ipv4 == {INSIDE_VIP}' 2>/dev/null | sort -u")
        self.assertEqual(senders.split(), [VIRTUAL_MAC, VIRTUAL_MAC])


if __name__ == "__main__":
    ktap_unittest.main()
