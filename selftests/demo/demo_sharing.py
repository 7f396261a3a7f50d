#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12,(6.1)
"""Two headends share the load: Router A serves Remote A and Router B Remote B,
each takes over from the other, and the inside router follows.

     Remote A 192.0.2.9          Remote B 198.51.100.9
          |                           |
      ----+----- 192.0.2.0/24     ----+----- 198.51.100.0/24
      eth0|    |eth0              eth1|    |eth1
      Router A | Router B         Router A | Router B       virtual .1 on either side
         .2    |    .3               .2    |    .3
          +----+------ 10.1.1.0/24 --------+
                           |
                      inside router 10.1.1.9
"""

import os
import sys

import hosts

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Report  # noqa: E402

CABLES = (("RemoteA", "eth0", "a"), ("RemoteB", "eth0", "b"),
          ("RouterA", "eth0", "a"), ("RouterA", "eth1", "b"), ("RouterA", "eth2", "inside"),
          ("RouterB", "eth0", "a"), ("RouterB", "eth1", "b"), ("RouterB", "eth2", "inside"),
          ("Inside", "eth0", "inside"))

REMOTES = {"A": ("192.0.2", "20.1.1", 1, "eth0"), "B": ("198.51.100", "20.2.2", 2, "eth1")}
INSIDE = {"A": "10.1.1.2", "B": "10.1.1.3"}
KEYS = ("00112233445566778899aabbccddeeff", "0123456789abcdef" * 4,
        "ffeeddccbbaa99887766554433221100", "fedcba9876543210" * 4)

MAP = """
access-list 10{number} permit ip 10.1.1.0/24 {far}.0/24
crypto map {name} 10 ipsec-manual
 set peer {outside}.9
 set transform-set strong
 match address 10{number}
 reverse-route
 set session-key inbound esp {number}001 cipher {0} authenticator {1}
 set session-key outbound esp {number}002 cipher {2} authenticator {3}
interface {interface}
 standby {number} ip {outside}.1
 standby {number} timers msec 250 msec 1000
 standby {number} priority {priority}
 standby {number} preempt
 standby {number} name {name}
 standby {number} track eth2 150
 crypto map {name} redundancy {name}
"""

OSPF = """
interface {interface}
 ip ospf hello-interval 1
 ip ospf dead-interval 4
exit
router ospf
 ospf router-id {address}
 {redistribute}
 network 10.1.1.0/24 area 0
exit
"""

# What is said of it, where what is typed, and who serves which site then.
STAGES = (
    ("each headend serves its own site", "RouterA", ":", {"A": "A", "B": "B"}),
    ("Router A loses Remote A's side: Router B serves both",
     "RouterA", "ip link set eth0 down", {"A": "B", "B": "B"}),
    ("it has that back, and its site", "RouterA", "ip link set eth0 up", {"A": "A", "B": "B"}),
    ("Router B loses the inside: Router A serves both",
     "RouterB", "ip link set eth2 down", {"A": "A", "B": "A"}),
    ("it has that back, and its site", "RouterB", "ip link set eth2 up", {"A": "A", "B": "B"}),
)


def routing(host, interface, address, redistribute):
    text = OSPF.format(interface=interface, address=address, redistribute=redistribute)
    host.check(f"ip address add {address}/24 dev {interface}; cat > /etc/frr/frr.conf << 'EOF'\n"
               f"{text}EOF\nsed -i 's/^ospfd=no/ospfd=yes/' /etc/frr/daemons; "
               "/usr/lib/frr/frrinit.sh start")


def headend(host, name):
    last = {"A": 2, "B": 3}[name]
    text = "crypto ipsec transform-set strong esp-aes 128 esp-sha256-hmac\n"
    for remote, (outside, far, number, interface) in REMOTES.items():
        host.check(f"ip address add {outside}.{last}/24 dev {interface}")
        text += MAP.format(*KEYS, number=number, far=far, name=remote, outside=outside,
                           interface=interface, priority=200 if remote == name else 100)
    host.check("sysctl -qw net.ipv4.ip_forward=1")
    routing(host, "eth2", INSIDE[name], "redistribute kernel")
    host.check(f"cat > vpnha.conf << 'EOF'\n{text}EOF\nvpnhactl load vpnha.conf")


def remote(host, name):
    outside, far, number, _ = REMOTES[name]
    here, there = f"{outside}.9", f"{outside}.1"
    host.check("\n".join((
        f"ip address add {here}/24 dev eth0; ip address add {far}.1/32 dev lo",
        f"ip route add 10.1.1.0/24 via {there}",
        *(f"ip xfrm state add src {src} dst {dst} proto esp spi {spi} reqid 1 mode tunnel "
          f"enc 'cbc(aes)' 0x{cipher} auth-trunc 'hmac(sha256)' 0x{auth} 128"
          for src, dst, spi, cipher, auth in ((here, there, f"{number}001", *KEYS[:2]),
                                              (there, here, f"{number}002", *KEYS[2:]))),
        *(f"ip xfrm policy add src {src} dst {dst} dir {way} tmpl src {tsrc} dst {tdst} "
          "proto esp reqid 1 mode tunnel"
          for src, dst, way, tsrc, tdst in (
              (f"{far}.0/24", "10.1.1.0/24", "out", here, there),
              ("10.1.1.0/24", f"{far}.0/24", "in", there, here))))))


class Sharing:
    """The network and what is asked of it."""

    def __init__(self, network):
        self.hosts = network.hosts

    def wait(self, host, script):
        return self.hosts[host].until(script, lambda status, _: status == 0)

    def packets(self, router, name):
        """Packets that a gateway decrypted for a remote site, up to now."""
        return int(self.wait(router, "vpnhactl show crypto ipsec sa | "
                                     f"sed -n '/tag: {name},/,/^interface/p' | "
                                     "sed -n 's/.*#pkts decaps: \\([0-9]*\\).*/\\1/p' | grep .")[0])

    def served(self, **by):
        """Each remote site is served by this gateway, and by it alone."""
        for name, router in by.items():
            _, far, _, _ = REMOTES[name]
            self.wait("Inside", f"ip route show {far}.0/24 | grep 'via {INSIDE[router]} '")
            self.wait(f"Remote{name}", f"ping -c 3 -i 0.2 -I {far}.1 10.1.1.9")
            before = {each: self.packets(f"Router{each}", name) for each in "AB"}
            self.wait(f"Remote{name}", f"ping -c 5 -i 0.2 -I {far}.1 10.1.1.9")
            after = {each: self.packets(f"Router{each}", name) for each in "AB"}
            idle = {"A": "B", "B": "A"}[router]
            if after[router] - before[router] < 5 or after[idle] != before[idle]:
                raise hosts.Failed(f"Remote {name}: {before} packets before, {after} after")
            routes = self.wait(f"Router{router}", f"ip route show {far}.0/24 proto 72 | grep .")
            status, lines = self.hosts[f"Router{idle}"].run(
                f"ip route show {far}.0/24 proto 72 | grep .")
            if len(routes) != 1 or status == 0:
                raise hosts.Failed(f"routes to {far}.0/24: {routes} and {lines}")

    def stage(self, host, command, by):
        """Faults once a command was typed on a host: who has to serve each site."""
        try:
            self.hosts[host].check(command)
            self.served(**by)
        except hosts.Failed as error:
            return [error]
        return ()


def main():
    report = Report(len(STAGES))
    with hosts.Network(CABLES) as network:
        headend(network.hosts["RouterA"], "A")
        headend(network.hosts["RouterB"], "B")
        for name in REMOTES:
            remote(network.hosts[f"Remote{name}"], name)
        routing(network.hosts["Inside"], "eth0", "10.1.1.9", "log-adjacency-changes")
        sharing = Sharing(network)
        for what, *stage in STAGES:
            report.follow(what, sharing.stage, *stage)
    report.end()


if __name__ == "__main__":
    main()
