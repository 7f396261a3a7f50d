#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: host kernels=6.12,(6.1)
"""A kernel that was started with ipv6.disable=1 has no tables of IPv6: groups and crypto
maps of IPv6 are configured and wait, those of IPv4 work."""

import json
import unittest

import ktap_unittest
import machine

CONFIGURATION = """
interface eth0
 standby version 2
 standby delay minimum 0
 standby 1 ip 10.0.0.1
 standby 1 timers msec 100 msec 300
 standby 6 ipv6 autoconfig
 standby 6 ipv6 2001:db8::1/64
crypto ipsec transform-set set esp-gcm
crypto map six 10 ipsec-manual
 set peer 2001:db8:9::2
 set session-key outbound esp 1000 cipher {key}
 set session-key inbound esp 1001 cipher {key}
 set transform-set set
 match address 101
access-list 101 permit ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255
interface eth0
 crypto map six
"""


class NoIpv6(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lab = machine.Lab()
        cls.addClassCleanup(lab.__exit__, None, None, None)
        cls.gateway = lab.start("gateway", append="ipv6.disable=1")
        cls.gateway.shell(f"""
            set -e
            ip link add eth0 type veth peer name eth1
            ip address add 10.0.0.2/24 dev eth0
            ip link set eth0 up
            ip link set eth1 up
            ip route add 10.9.0.0/16 via 10.0.0.3
            /vpnha/selftests/lab/guest/load-module
            vpnhactl load - <<'EOF'
{CONFIGURATION.format(key="0123456789abcdef" * 2 + "01234567")}
EOF
        """)

    def group(self, number, good):
        self.gateway.wait_until("vpnhactl -j show standby", lambda output: good(next(
            group for group in json.loads(output) if group["group"] == number)))

    def test_1_groups(self):
        """a group of IPv4 is active, and one of IPv6 says why it is not"""
        self.group(1, lambda group: group["state"] == "active")
        self.group(6, lambda group: group["init_reason"] == "no-ipv6")

    def test_2_map(self):
        """what is for a peer of IPv6 goes nowhere: nobody asks for the next hop"""
        self.gateway.run("ping", "-c", "2", "-W", "1", "-I", "10.0.0.2", "10.9.0.1")
        self.assertEqual(self.gateway.check("ip", "neigh", "show", "to", "10.0.0.3"), "")
        self.gateway.shell("vpnhactl configure 'interface eth0' 'no crypto map six'")
        self.gateway.run("ping", "-c", "1", "-W", "1", "-I", "10.0.0.2", "10.9.0.1")
        self.assertIn("10.0.0.3", self.gateway.check("ip", "neigh", "show", "to", "10.0.0.3"))

    def test_3_unload(self):
        """the module goes"""
        self.gateway.check("/vpnha/selftests/lab/guest/unload-module")


if __name__ == "__main__":
    ktap_unittest.main()
