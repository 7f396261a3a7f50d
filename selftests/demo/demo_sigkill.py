#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: host timeout=3600 kernels=(6.12),(6.1)
"""The network of the case study with its gateways as machines of their own, set
up as the guide says: what becomes of the ping, the tunnel and the routes when
the active one's power fails and when it comes back, when a keying daemon is killed,
and when the remote peer starts anew."""

import json
import re
import unittest

import guide
import ktap_unittest
import machine
from late import Late
from ping import Ping, told

GATEWAYS = {"7204VXR-1": "10.1.1.1", "7204VXR-2": "10.1.1.2"}
NET = "20.1.1.0/24"

# Seconds that dead peer detection may take less and more: it counts whole ones, and a packet
# has to come.
LESS, MORE = 1.5, 3

# requests for a new IKE SA, and who makes them
BEGINS = "udp dst port 500 and udp[26] = 34 and udp[27] & 0x20 = 0"
REMOTE, VIRTUAL = "172.16.172.69", "172.16.172.53"

# What is not a gateway: namespaces in one machine, with the switches of both sides.
NETWORK = """
set -e
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for side in outside inside; do
    ip link add $side type bridge forward_delay 0 mcast_snooping 0
    ip link set $side up
    for gateway in 1 2; do ip link set gw$gateway-$side master $side up; done
done
for host in vpn7200 isp 7206-1; do
    ip netns add $host
    ip -n $host link set lo up
    mkdir -p /root/$host
    [ $host = isp ] || cp /vpnha/selftests/tools/ios/$host.txt /root/$host
done
ip link add eth0 netns vpn7200 type veth peer name eth0 netns isp
ip link add isp type veth peer name eth1 netns isp
ip link add r7206 type veth peer name eth0 netns 7206-1
ip link set isp master outside up
ip link set r7206 master inside up
ip -n isp link set eth0 up
ip -n isp link set eth1 up
ip -n isp address add 172.16.172.65/28 dev eth0
ip -n isp address add 172.16.172.49/28 dev eth1
ip netns exec isp sysctl -qw net.ipv4.ip_forward=1
"""


STEPS = guide.case_study()
PROMISE = next(step.promise for step in STEPS if step.kind == "outage")
CHARON = next(step.command for step in STEPS if step.command.startswith("charon-systemd"))
VPNHAD = next(step.command for step in STEPS if step.command.startswith("vpnhad"))
CONNECT = next(step.command for step in STEPS if step.command.startswith("swanctl --load"))


def established(output):
    """SPIs of the IKE SAs that are up, of what vpnhactl says."""
    return {(sa["spi_i"], sa["spi_r"]) for sa in json.loads(output)
            if sa["state"] == "established"}


def setup(host):
    """What the guide has typed on a host until the pair works."""
    for step in STEPS:
        if step.kind == "expect":
            return
        if step.kind == "command" and step.host == host and not step.asks:
            yield step.command


def type_at(guest, *prefix_and_command):
    """As in a terminal: what is to go on in the background is not waited for."""
    *prefix, command = prefix_and_command
    there = [*prefix, "bash", "-euc", command.removesuffix("&")]
    if command.endswith("&"):
        guest.begin(*there)
    else:
        guest.check(*there)


class Outage(unittest.TestCase):
    """One network; its stages follow each other in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.lab = lab = machine.Lab()
        cls.addClassCleanup(lab.__exit__, None, None, None)
        cls.addClassCleanup(cls.keep_logs)
        cls.net = lab.start("net", mem="2G", links=[
            machine.Link(f"gw{number}-{side}", lab.socket(f"{number}{side}"), listen=True)
            for number in (1, 2) for side in ("outside", "inside")])
        cls.net.shell(NETWORK)
        for host in ("vpn7200", "7206-1"):
            for command in setup(host):
                cls.type(host, command)
        cls.net.wait_until(f"ip netns exec vpn7200 {CONNECT}")
        cls.gateways = {}
        for number, name in enumerate(GATEWAYS, 1):
            cls.gateways[name] = lab.start(name, links=[
                machine.Link("eth0", lab.socket(f"{number}outside")),
                machine.Link("eth1", lab.socket(f"{number}inside"))])
            cls.bring_up(name)
        cls.clear = cls.net.begin("ip", "netns", "exec", "isp", "tcpdump", "-n", "-i", "eth1",
                                  "net 20.1.1.0/24 or host 99.99.99.99")
        cls.begins = cls.net.begin("ip", "netns", "exec", "isp", "tcpdump", "-n", "-tt", "-l",
                                   "--immediate-mode", "-i", "eth0", BEGINS)
        cls.net.wait_until("[ $(ss -N isp -0 -n -p | grep -c tcpdump) = 2 ]")

    @classmethod
    def keep_logs(cls):
        """What the daemons have said, for who looks into a failure."""
        for machine in cls.lab.machines:
            if machine.running:
                machine.shell("find /root -name '*.log' | while read -r log; do "
                              "cp \"$log\" \"/out/${log//\\//_}.$HOSTNAME\"; done")

    @classmethod
    def type(cls, host, command):
        type_at(cls.net, "ip", "netns", "exec", host, f"cd /root/{host}; {command}")

    @classmethod
    def bring_up(cls, name):
        gateway = cls.gateways[name]
        gateway.shell(f"cp /vpnha/selftests/tools/ios/{name}.txt /root; "
                      "/vpnha/selftests/lab/guest/load-module")
        for command in setup(name):
            # as the guide says: not active before the others know the way to it
            if command.startswith("vpnhactl load"):
                cls.converged(gateway)
            type_at(gateway, f"cd /root; {command}")

    @classmethod
    def converged(cls, gateway):
        gateway.wait_until("vtysh -c 'show ip ospf neighbor' | grep Full && "
                           "ip route show 99.99.99.99 | grep ospf")

    def wait_for(self, active, standby=None):
        """Roles, and with them the way of the internal router."""
        for name, state in ((active, "active"), (standby, "standby")):
            if name:
                self.gateways[name].wait_until(
                    "vpnhactl -j show standby",
                    lambda output, state=state: json.loads(output)[0]["state"] == state)
        self.net.wait_until(f"ip -n 7206-1 route show {NET} | grep -q 'via {GATEWAYS[active]} '")

    def ping(self):
        """The remote site's, of the internal router."""
        self.late = Late()
        self.addCleanup(self.late.stop)
        return Ping(self.net, "vpn7200", "-I", "20.1.1.1", "99.99.99.99")

    def begun(self, by):
        """When somebody has asked for a new IKE SA."""
        return [float(at) for at in re.findall(rf"^(\d+\.\d+) IP {re.escape(by)}\.",
                                               self.begins.output, re.M)]

    def is_as_promised(self, what, ping):
        """From the last reply until the remote site begins anew it takes what dead peer
        detection promises; the rest of the gap is the handshake, and as slow as the machine."""
        told(what, ping.stop())
        last, first = ping.gap
        begun = [at for at in self.begun(REMOTE) if last < at < first]
        self.assertTrue(begun)
        took = begun[0] - last
        print(f"# after {took:.1f} s it began anew, promised are {PROMISE:g} s", flush=True)
        self.assertGreaterEqual(took, PROMISE - LESS)
        self.assertLessEqual(took, self.late.most(PROMISE + MORE))

    def spis(self, name):
        """Of the gateway's IKE SAs that are up."""
        return established(self.gateways[name].wait_until("vpnhactl -j show crypto ikev2 sa"))

    def peers_charon(self):
        """Its process."""
        return self.net.shell("pidof charon-systemd").strip()

    def packets(self, name):
        """That came by any of its tunnels."""
        return int(self.gateways[name].shell(
            "vpnhactl show crypto ipsec sa | sed -n 's/.*#pkts decaps: \\([0-9]*\\).*/\\1/p' | "
            "awk '{ n += $1 } END { print n + 0 }'"))

    def test_1_normal(self):
        """the first gateway is active, has the tunnel and the internal router's route"""
        self.wait_for("7204VXR-1", "7204VXR-2")
        self.ping().stop()
        self.assertGreater(self.packets("7204VXR-1"), 0)
        self.assertEqual(len(self.spis("7204VXR-1")), 1)
        self.assertEqual(self.spis("7204VXR-2"), set())

    def test_2_sigkill(self):
        """its machine is killed with SIGKILL: the outage is what the peer's DPD promises"""
        ping = self.ping()
        self.gateways["7204VXR-1"].kill()
        self.wait_for("7204VXR-2")
        ping.goes_on()
        self.is_as_promised("SIGKILL of 7204VXR-1's machine", ping)
        self.assertGreater(self.packets("7204VXR-2"), 0)

    def test_3_return(self):
        """it comes back, preempts, and the internal router follows"""
        ping = self.ping()
        self.gateways["7204VXR-1"].start()
        self.bring_up("7204VXR-1")
        self.wait_for("7204VXR-1", "7204VXR-2")
        ping.goes_on()
        self.is_as_promised("return of 7204VXR-1", ping)
        self.assertGreater(self.packets("7204VXR-1"), 0)
        self.assertEqual(self.spis("7204VXR-2"), set())

    def test_4_standby(self):
        """the standby gateway's machine is killed and comes back: nobody notices"""
        ping = self.ping()
        before = self.spis("7204VXR-1")
        self.gateways["7204VXR-2"].kill()
        self.gateways["7204VXR-2"].start()
        self.bring_up("7204VXR-2")
        self.wait_for("7204VXR-1", "7204VXR-2")
        ping.goes_on()
        result = ping.stop()
        told("reboot of the standby gateway", result)
        self.assertLessEqual(result[1], 1)
        self.assertEqual(self.spis("7204VXR-1"), before)

    def test_5_vpnhad(self):
        """vpnhad is killed with SIGKILL: packets pass, the next one replaces the SAs"""
        gateway, before = self.gateways["7204VXR-1"], self.spis("7204VXR-1")
        ping = self.ping()
        gateway.shell("kill -KILL $(pidof vpnhad)")
        ping.goes_on()
        type_at(gateway, f"cd /root; {VPNHAD}")
        gateway.wait_until("vpnhactl -j show crypto ikev2 sa", established)
        ping.goes_on()
        result = ping.stop()
        told("SIGKILL of vpnhad", result)
        if result[1]:
            # the peer has replaced its SAs before its answer is here
            self.assertGreater(ping.gap[0] + 0.2, self.begun(VIRTUAL)[-1])
            self.assertLess(result[1], (ping.gap[1] - ping.gap[0]) / 0.2)
        self.assertFalse(self.spis("7204VXR-1") & before)

    def test_6_charon(self):
        """charon is killed with SIGKILL and started again: packets pass"""
        ping = self.ping()
        self.net.shell(f"kill -KILL {self.peers_charon()}")
        ping.goes_on()
        self.type("vpn7200", CHARON)
        self.net.wait_until(f"ip netns exec vpn7200 {CONNECT}")
        ping.goes_on()
        told("SIGKILL of charon", ping.stop())

    def test_7_peer(self):
        """the peer starts anew and knows of nothing: it begins, and what was is found dead"""
        ping, before = self.ping(), self.spis("7204VXR-1")
        self.net.shell(f"kill -KILL {self.peers_charon()}; ip -n vpn7200 xfrm state flush; "
                       "ip -n vpn7200 xfrm policy flush")
        self.type("vpn7200", CHARON)
        self.net.wait_until(f"ip netns exec vpn7200 {CONNECT}")
        ping.goes_on()
        told("the peer starts anew", ping.stop())
        # it does not say so, for it is configured to take whoever answers: vpnhad asks
        self.gateways["7204VXR-1"].wait_until(
            "vpnhactl -j show crypto ikev2 sa", lambda output: len(established(output)) == 1)
        self.assertFalse(self.spis("7204VXR-1") & before)

    def test_8_clear(self):
        """nothing passed the provider in clear"""
        self.clear.signal(2)
        self.clear.wait()
        self.assertIn("\n0 packets captured", self.clear.output)


if __name__ == "__main__":
    ktap_unittest.main()
