#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: own-machine mem=2G kernels=6.12
"""Configurations of routers with IKEv1, as documents have them: 'import' writes them as
IKEv2, 'load' takes that, and a tunnel comes up between two of them."""

import os
import traceback
import types

from ikelab import Report, Topology, batch, wait
from vpnhad import TOP, VpnHa

IOS = os.path.join(TOP, "selftests/tools/ios")

KEYS = """crypto isakmp policy 1
 encr 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp key cisco123 address 0.0.0.0 0.0.0.0
crypto ipsec transform-set {name} {transforms}
"""

# The other end of the pair of gateways with an extended access list of a name.
OUTSIDE_PEER = KEYS.format(name="trans1", transforms="esp-aes esp-sha-hmac") + """\
crypto isakmp keepalive 10 3 periodic
crypto map to-pair 10 ipsec-isakmp
 set peer 209.165.201.3
 set transform-set trans1
 match address pair
interface Ethernet0/0
 ip address 209.165.200.225 255.255.255.224
 crypto map to-pair
ip access-list extended pair
 permit ip host 172.16.0.1 host 192.168.0.1
"""

ROUTES = KEYS.format(name="my-transform-set", transforms="esp-3des esp-sha-hmac")

DYNAMIC_HUB = ROUTES + """\
crypto dynamic mydynmap 1
  set transform-set my-transform-set
  reverse-route
crypto map mymap 3 ipsec-isakmp dynamic mydynmap
interface FastEthernet 0/0
  crypto map mymap
"""

STATIC = ROUTES + """\
crypto map mymap 1 ipsec-isakmp
  set peer {peer}
  reverse-route
  set transform-set my-transform-set
  match address 101
crypto map mymap 2 ipsec-isakmp
  set peer 10.1.1.1
  set transform-set my-transform-set
  match address 102
access-list 101 permit ip {near} 0.0.0.255 {far} 0.0.0.255
access-list 102 permit ip {near} 0.0.0.255 10.0.0.0 0.0.255.255
interface FastEthernet 0/0
  crypto map mymap
"""


def ios(name):
    with open(os.path.join(IOS, name), encoding="utf-8") as file:
        return file.read()


class End:
    """A router that was imported: text, its outside interface in it, more lines behind
    what is imported, addresses, and what it speaks from."""

    def __init__(self, text, outside, addresses, routes, host, inside="", more=""):
        self.text, self.more, self.host = text, more, host
        self.names = [f"{outside}=eth0"] + ([f"{inside}=eth1"] if inside else [])
        self.addresses, self.routes = addresses, routes
        self.namespace = self.daemon = None

    def start(self, topology, namespace):
        self.namespace = namespace
        namespace.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 "
                     "net.ipv4.conf.default.rp_filter=0")
        batch(namespace, [f"addr add {self.addresses[0]} dev eth0",
                          # HSRP wants an Ethernet
                          "link add eth1 type veth peer name in0", "link set in0 up",
                          "link set eth1 up"] +
              [f"addr add {address} dev eth1" for address in self.addresses[1:]] +
              [f"route add {route}" for route in self.routes])
        self.daemon = VpnHa(types.SimpleNamespace(topology=topology, gateway=namespace))
        self.daemon.start()
        router = self.daemon.write("router.txt", self.text)
        written = self.daemon.path("imported.conf")
        self.daemon.ctl("import", *(word for name in self.names for word in ("--interface", name)),
                        "--output", written, "--host", self.daemon.path("host"), "--frr",
                        self.daemon.path("frr"), router)
        with open(written, encoding="utf-8") as file:
            self.daemon.configure(file.read().replace("\nend\n", "\n") + self.more)


def tunnel(left, right, begins):
    """The end that begins reaches the other; both tell of it. Returns faults."""
    faults = []
    with Topology() as topology:
        namespaces = topology.add("left", "right")
        topology.cable(namespaces[0], "eth0", namespaces[1], "eth0")
        try:
            for end, namespace in zip((left, right), namespaces):
                end.start(topology, namespace)
            far = right if begins is left else left
            wait(lambda: begins.namespace.sh(
                f"ping -n -q -c1 -W5 -I {begins.host} {far.host} >/dev/null && echo yes",
                check=False), "a ping gets through")
            for end in (left, right):
                (session,) = [one for one in end.daemon.show("crypto", "session", "detail")
                              if one["status"] == "UP-ACTIVE"]
                if not session["profile"]:
                    faults.append(f"no profile: {session}")
                if "QM_IDLE" not in end.daemon.ctl("show", "crypto", "isakmp", "sa"):
                    faults.append(end.daemon.ctl("show", "crypto", "isakmp", "sa"))
        except Exception:
            faults.append(traceback.format_exc())
        if faults:
            faults += [text for end in (left, right) if end.daemon for text in
                       (end.daemon.tail(), end.daemon.ctl("show", "crypto", "session", "detail"),
                        end.daemon.ctl("show", "running-config"))]
    return faults


def case_study():
    """A gateway of a pair and the peer, each as the case study has it."""
    gateway = End(ios("7204VXR-1.txt"), "FastEthernet0/0",
                  ["172.16.172.52/28", "10.1.1.1/24"], ["172.16.172.64/28 dev eth0"],
                  "10.1.1.1", "FastEthernet0/1")
    peer = End(ios("vpn7200.txt"), "FastEthernet0/1", ["172.16.172.69/28", "20.1.1.1/24"],
               ["172.16.172.48/28 dev eth0", "10.1.1.0/24 via 172.16.172.53 dev eth0 onlink"],
               "20.1.1.1", "FastEthernet0/0")
    return tunnel(gateway, peer, peer)


def pair():
    """The access list has a name; the transform set is one with AH, which is left out."""
    gateway = End(ios("Ha-R1.txt"), "Ethernet0/0", ["209.165.201.1/27", "192.168.0.1/24"],
                  ["209.165.200.224/27 dev eth0", "172.16.0.1 via 209.165.200.225 dev eth0 onlink"],
                  "192.168.0.1", "Ethernet1/0",
                  "crypto ipsec transform-set trans1 esp-aes esp-sha-hmac\n")
    peer = End(OUTSIDE_PEER, "Ethernet0/0", ["209.165.200.225/27", "172.16.0.1/24"],
               ["209.165.201.0/27 dev eth0", "192.168.0.1 via 209.165.201.3 dev eth0 onlink"],
               "172.16.0.1")
    return tunnel(gateway, peer, gateway)


def dynamic_routes():
    """Routes of a dynamic map: the peer with a static one comes."""
    hub = End(DYNAMIC_HUB, "FastEthernet0/0", ["192.0.2.1/24", "172.17.11.1/24"], [],
              "172.17.11.1")
    peer = End(STATIC.format(peer="192.0.2.1", near="192.168.1.0", far="172.17.11.0"),
               "FastEthernet0/0", ["192.0.2.2/24", "192.168.1.1/24"], [], "192.168.1.1")
    return tunnel(hub, peer, peer)


def static_routes():
    """Routes of a static map, whose peer is in the network that it protects."""
    router = End(STATIC.format(peer="172.17.11.1", near="192.168.1.0", far="172.17.11.0"),
                 "FastEthernet0/0", ["192.0.2.1/24", "192.168.1.1/24"],
                 ["172.17.11.1 dev eth0"], "192.168.1.1")
    peer = End(STATIC.format(peer="192.0.2.1", near="172.17.11.0", far="192.168.1.0"),
               "FastEthernet0/0", ["172.17.11.1/24", "172.17.11.2/32"],
               ["192.0.2.1 dev eth0"], "172.17.11.2")
    return tunnel(router, peer, router)


def main():
    report = Report(4)
    for what, test in (("the case study's gateway and its peer", case_study),
                       ("a pair's gateway and a peer", pair),
                       ("a dynamic map with routes and a peer", dynamic_routes),
                       ("a static map with routes and a peer", static_routes)):
        report.line(what, test())
    report.end()


if __name__ == "__main__":
    main()
