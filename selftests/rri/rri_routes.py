#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,6.1,kcsan,(debug)
"""Which routes a crypto map injects and when, and what it does not touch."""

import errno
import ipaddress
import os
import select
import subprocess

from rrilab import (ACTIVE, GATEWAY, MAIN, OTHER_ROUTER, PEERS, ROUTER, SEEN, Lab, NlError, Report,
                    Topology, Wire, batch, of_rri, peer, wait)

A4, B4, C4 = "20.1.1.0/24", "20.1.2.0/24", "20.1.3.7/32"
A6 = "2001:db8:20::/48"
VIP = int(ipaddress.ip_address("10.1.1.100"))


def differs(what, found, wanted):
    return [] if found == wanted else [f"{what}: {found!r}, wanted {wanted!r}"]


def static(lab):
    """A route for each destination that is permitted."""
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, B4, "deny"), lab.acl("101", 30, C4),
                  lab.entry(10, "101"))
    routes = lab.wait_injected(A4, C4)
    route = routes[A4]
    faults = differs("device", route.device, lab.device)
    faults += differs("next hop", route.via, peer(10))
    faults += differs("metric", route.metric, 1)
    faults += differs("table", route.table, MAIN)
    told = lab.wait_state(A4, "installed")
    for name, value in (("table", MAIN), ("distance", 1), ("ifname", "eth0"), ("map", "vpn"),
                        ("number", 10), ("kind", "static"), ("to-peer", 0), ("uses", 1),
                        ("device", lab.device), ("next-hop-device", "eth0"),
                        ("peer", ipaddress.ip_address(peer(10)).packed),
                        ("next-hop", ipaddress.ip_address(ROUTER[4]).packed)):
        faults += differs(name, told.get(name), value)
    return faults


def shared(lab):
    """Overlapping entries: one route, as long as one of them asks for it."""
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, A4), lab.acl("102", 10, A4),
                  lab.entry(10, "101"), lab.entry(20, "102"))
    lab.wait_injected(A4)
    faults = differs("uses", lab.wait_state(A4, "installed")["uses"], 3)
    faults += differs("entry", lab.told(A4)["number"], 10)
    lab.esp.do("map-del", name="vpn", number=10)
    lab.wait_injected(A4)
    wait(lambda: lab.told(A4)["uses"] == 1 and lab.told(A4)["number"] == 20, "one use is left")
    wait(lambda: lab.injected()[A4].via == peer(20), "the other entry's peer")
    lab.esp.do("acl-del", name="102", number=10)
    lab.wait_injected()
    return faults


def ipv6(lab):
    """IPv6 inside, over either family outside."""
    lab.configure(lab.acl("101", 10, A6), lab.entry(10, "101", peer(10, 6)))
    route = lab.wait_injected(A6)[A6]
    faults = differs("device", route.device, lab.device)
    faults += differs("metric", route.metric, 1)
    told = lab.wait_state(A6, "installed")
    faults += differs("next hop", told["next-hop"], ipaddress.ip_address(ROUTER[6]).packed)
    lab.configure(lab.acl("101", 10, A6), lab.acl("101", 20, A4), lab.entry(10, "101"))
    lab.wait_injected(A6, A4)
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101", peer(10, 6)))
    route = lab.wait_injected(A4)[A4]
    return faults + differs("next hop of another family", route.via, None)


def options(lab):
    """Tag, distance and gateway."""
    lab.configure(lab.acl("101", 10, A4),
                  lab.entry(10, "101", tag=77, distance=20, gateway=OTHER_ROUTER[4]))
    host = f"{peer(10)}/32"
    routes = lab.wait_injected(A4, host)
    faults = differs("distance", routes[A4].metric, 20)
    faults += differs("tag", routes[A4].realm, "77")
    faults += differs("gateway", (routes[host].via, routes[host].device),
                      (OTHER_ROUTER[4], "eth0"))
    faults += differs("to the peer", lab.told(host)["to-peer"], 1)
    wait(lambda: lab.told(A4)["next-hop"] == ipaddress.ip_address(OTHER_ROUTER[4]).packed,
         "the peer is reached by its gateway")
    lab.esp.do("map-set", name="vpn", number=10, **{"reverse-route-distance": 30,
                                                   "reverse-route-gateway": b""})
    routes = lab.wait_injected(A4)
    faults += differs("new distance", routes[A4].metric, 30)
    lab.esp.do("map-set", name="vpn", number=10, **{"reverse-route-tag": 78})
    wait(lambda: lab.injected()[A4].realm == "78", "another tag")
    lab.esp.do("map-set", name="vpn", number=10, **{"reverse-route": "none"})
    lab.wait_injected()
    return faults


def refused(lab):
    """What no route can be made of, in whatever order it comes."""
    faults = []
    any_word = "any is not possible in an access list with reverse-route"
    no_prefix = "destination is not a prefix, which reverse-route needs"
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101"),
                  ("acl-new", {**lab.acl("102", 10, A4)[1]}))
    lab.wait_injected(A4)

    def refuse(what, wanted, operation, attributes):
        try:
            lab.esp.do(operation, **attributes)
        except NlError as error:
            message = (error.nl_msg.extack or {}).get("msg")
            return differs(what, (error.error, message), wanted) + differs(
                f"{what}: attribute", "bad-attr" in error.nl_msg.extack, True)
        return [f"{what} is accepted"]

    zero = bytes(4)
    inside = lab.acl("101", 20, B4)[1]
    faults += refuse("any destination", (errno.EINVAL, any_word), "acl-new",
                     {**inside, "dst": zero, "dst-mask": zero})
    faults += refuse("any source", (errno.EINVAL, any_word), "acl-new",
                     {**inside, "src": zero, "src-mask": zero})
    faults += refuse("odd mask", (errno.EINVAL, no_prefix), "acl-new",
                     {**inside, "dst-mask": bytes((255, 0, 255, 0))})
    lab.esp.do("acl-new", **{**lab.acl("103", 10, B4)[1], "dst": zero, "dst-mask": zero})
    faults += refuse("a list with any", (errno.EINVAL, any_word), "map-set",
                     {"name": "vpn", "number": 10, "acl": "103"})
    lab.esp.do("map-new", **lab.entry(20, "103", kind="none")[1])
    faults += refuse("reverse-route of a list with any", (errno.EINVAL, any_word), "map-set",
                     {"name": "vpn", "number": 20, "reverse-route": "static"})
    faults += refuse("distance 0", (errno.ERANGE, "distance is 1 to 255"), "map-set",
                     {"name": "vpn", "number": 10, "reverse-route-distance": 0})
    faults += refuse("distance 256", (errno.ERANGE, "distance is 1 to 255"), "map-set",
                     {"name": "vpn", "number": 10, "reverse-route-distance": 256})
    faults += refuse("kind", (errno.ERANGE, "integer out of range"), "map-set",
                     {"name": "vpn", "number": 10, "reverse-route": 3})
    faults += refuse("gateway of another family",
                     (errno.EINVAL, "gateway and peer are not of one family"), "map-set",
                     {"name": "vpn", "number": 10, "reverse-route-gateway": ROUTER[6]})
    faults += refuse("options without routes", (errno.EINVAL, "the entry injects no routes"),
                     "map-set", {"name": "vpn", "number": 20, "reverse-route-tag": 5})
    # any may be denied, and what one operation breaks another may mend
    lab.esp.do("acl-new", **{**inside, "action": "deny", "src": zero, "src-mask": zero,
                             "dst": zero, "dst-mask": zero})
    lab.esp.batch(("map-set", {"name": "vpn", "number": 20, "reverse-route": "static"}),
                  ("acl-del", {"name": "103", "number": 10}))
    lab.wait_injected(A4)
    return faults


def follows_the_peer(lab):
    """The way to the peer: resolved again when routes change."""
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101"))
    lab.wait_injected(A4)
    lab.ways(OTHER_ROUTER)
    wait(lambda: lab.told(A4).get("next-hop") ==
         ipaddress.ip_address(OTHER_ROUTER[4]).packed, "another next hop is followed")
    lab.no_ways()
    lab.wait_injected()
    faults = differs("state", lab.wait_state(A4, "no-path").get("next-hop"), None)
    # a less specific one, and one that refuses
    lab.gateway.sh(f"ip route add default via {ROUTER[4]}")
    lab.wait_injected(A4)
    lab.gateway.sh(f"ip route add unreachable {PEERS[4]}")
    lab.wait_injected()
    lab.gateway.sh(f"ip route del unreachable {PEERS[4]}; ip route del default")
    lab.ways()
    lab.wait_injected(A4)
    return faults


def never_by_itself(lab):
    """The peer is within what its own entry protects."""
    lab.configure(lab.acl("101", 10, PEERS[4].replace("/24", "/16").replace("100.0", "0.0")),
                  lab.entry(10, "101"))
    net = "198.51.0.0/16"
    lab.wait_injected(net)
    # without the more specific way the tunnel would be the only one but the default
    lab.gateway.sh(f"ip route add default via {ROUTER[4]}; ip route del {PEERS[4]}")
    wait(lambda: lab.told(net).get("next-hop") == ipaddress.ip_address(ROUTER[4]).packed,
         "the peer is reached by the default route")
    lab.esp.batch(lab.sa(10, 0x1001))
    wire = Wire(lab.router, "eth0")
    lab.gateway.sh("ping -c 1 -W 1 -I 10.1.1.1 198.51.7.7 || true")
    frame = wire.wait_for(lambda frame: frame if frame[12:14] == b"\x08\x00" and frame[23] == 50
                          else None, "ESP leaves by the interface")
    faults = differs("destination", str(ipaddress.ip_address(frame[30:34])), peer(10))
    # ESP of ESP would be longer: 84 of the ping, 20, 8, 8, 2 to 5, 16
    faults += [f"{len(frame)} bytes"] if len(frame) > 14 + 140 else []
    lab.gateway.sh("ip route del default")
    lab.wait_state(net, "no-path")
    lab.ways()
    lab.wait_injected(net)
    return faults


def of_the_user(lab):
    """Routes of others: not replaced, not taken over, not removed."""
    faults = []
    lab.gateway.sh(f"ip route add {A4} via {ROUTER[4]} metric 1; "
                   f"ip route add {A6} via {ROUTER[6]} metric 1; "
                   f"ip route add {B4} via {ROUTER[4]} metric 5")
    before = sorted(str(route) for route in lab.foreign())
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, B4), lab.acl("101", 30, A6),
                  lab.entry(10, "101"))
    lab.wait_injected(B4)
    lab.wait_state(A4, "clash")
    lab.wait_state(A6, "clash")
    faults += differs("routes of the user", sorted(str(route) for route in lab.foreign()), before)
    lab.gateway.sh(f"ip route del {A4} metric 1; ip route del {A6} metric 1")
    lab.wait_injected(A4, A6, B4)
    # the user's will be done
    lab.gateway.sh(f"ip route replace {A4} via {ROUTER[4]} metric 1")
    lab.wait_injected(A6, B4)
    lab.wait_state(A4, "clash")
    lab.esp.do("acl-del", name="101", number=10)
    lab.wait_injected(A6, B4)
    faults += differs("the user's own", [str(route.dst) for route in lab.foreign()
                                         if str(route.dst) == A4], [A4])
    # one with our protocol's number is still not ours
    lab.gateway.sh(f"ip route replace {A4} via {ROUTER[4]} metric 1 proto 72")
    lab.esp.do("acl-new", **lab.acl("101", 10, A4)[1])
    lab.wait_state(A4, "clash")
    faults += differs("next hop", lab.injected()[A4].via, ROUTER[4])
    lab.esp.delete_all()
    faults += differs("left alone", lab.injected()[A4].via, ROUTER[4])
    lab.gateway.sh(f"ip route del {A4} metric 1; ip route del {B4} metric 5")
    return faults


def comes_back(lab):
    """A route that somebody removes by hand comes back."""
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, A6), lab.entry(10, "101"))
    lab.wait_injected(A4, A6)
    lab.gateway.sh(f"ip route del {A4} proto 72; ip route del {A6} proto 72")
    lab.wait_injected(A4, A6)
    lab.gateway.sh("ip route flush proto 72; ip -6 route flush proto 72")
    lab.wait_injected(A4, A6)


def not_the_best(lab):
    """What becomes of a route that shares its prefix with a route of another metric."""
    better, worse = 3, 9
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, A6),
                  lab.entry(10, "101", distance=5))
    lab.wait_injected(A4, A6)
    for metric in (worse, better):
        lab.gateway.sh(f"ip route add blackhole {A4} metric {metric}; "
                       f"ip route add blackhole {A6} metric {metric}")
        lab.gateway.sh(f"ip route del {A4} proto 72; ip route del {A6} proto 72")
        lab.wait_injected(A4, A6)
        # whose place is taken
        lab.gateway.sh(f"ip route replace {A4} via {ROUTER[4]} metric 5; "
                       f"ip route replace {A6} via {ROUTER[6]} metric 5")
        lab.wait_state(A4, "clash")
        lab.wait_state(A6, "clash")
        lab.gateway.sh(f"ip route del {A4} metric 5; ip route del {A6} metric 5")
        lab.wait_injected(A4, A6)
    lab.gateway.sh(f"ip route del {A4} metric {better}; ip route del {A4} metric {worse}; "
                   f"ip route del {A6} metric {better}; ip route del {A6} metric {worse}")
    # even one that has our number
    lab.gateway.sh(f"ip route replace {A4} via {ROUTER[4]} metric 5 proto 72")
    lab.wait_state(A4, "clash")
    lab.gateway.sh(f"ip route del {A4} metric 5")
    lab.wait_injected(A4, A6)


def devices(lab):
    """Tunnel device and interface go down, up and away."""
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, A6), lab.entry(10, "101"))
    lab.wait_injected(A4, A6)
    device = lab.device
    lab.gateway.sh(f"ip link set {device} down")
    lab.wait_injected()
    lab.wait_state(A4, "device-down")
    lab.gateway.sh(f"ip link set {device} up")
    lab.wait_injected(A4, A6)
    lab.gateway.sh("ip link set eth0 down")
    lab.wait_injected()
    lab.wait_state(A4, "device-down")
    lab.gateway.sh("ip link set eth0 up")
    lab.addresses()
    lab.ways()
    lab.wait_injected(A4, A6)
    lab.gateway.sh("ip link del eth0")
    lab.wait_injected()
    lab.topology.cable(lab.gateway, "eth0", lab.router, "eth0")
    lab.addresses()
    batch(lab.router, [f"addr add {ROUTER[4]}/24 dev eth0", f"addr add {ROUTER[6]}/64 dev eth0 nodad",
                       f"addr add {OTHER_ROUTER[4]}/24 dev eth0",
                       f"addr add {OTHER_ROUTER[6]}/64 dev eth0 nodad"])
    lab.ways()
    lab.wait_injected(A4, A6)
    lab.esp.do("binding-del", ifname="eth0")
    lab.wait_injected()


def vrf(lab):
    """The tunnel device in a VRF: the routes are in that one's table."""
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101"))
    lab.wait_injected(A4)
    lab.gateway.sh("ip link add blue type vrf table 77; ip link set blue up; "
                   f"ip link set {lab.device} master blue")
    wait(lambda: [route.table for route in lab.ours()] == [77], "the route is in the VRF's table")
    faults = differs("told", lab.wait_state(A4, "installed")["table"], 77)
    lab.gateway.sh(f"ip link set {lab.device} nomaster; ip link del blue")
    wait(lambda: [route.table for route in lab.ours()] == [MAIN], "back in the main table")
    return faults


def dynamic(lab):
    """A route for each subnet that SAs protect, gone with the last of them."""
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, A6),
                  lab.entry(10, "101", kind="dynamic"))
    lab.wait_injected()
    lab.esp.batch(lab.sa(10, 0x1001, selectors=[B4]), lab.sa(10, 0x2001, direction="in",
                                                             selectors=[B4]))
    route = lab.wait_injected(B4)[B4]
    faults = differs("next hop", route.via, peer(10))
    faults += differs("kind", lab.wait_state(B4, "installed")["kind"], "dynamic")
    lab.esp.batch(lab.sa(10, 0x1002, selectors=[B4, C4]))
    lab.wait_injected(B4, C4)
    wait(lambda: lab.told(B4)["uses"] == 2, "two SAs ask for it")
    far = ipaddress.ip_address(peer(10)).packed
    lab.esp.do("sa-del", direction="out", spi=0x1001, dst=far)
    lab.wait_injected(B4, C4)
    lab.esp.do("sa-del", direction="out", spi=0x1002, dst=far)
    lab.wait_injected()
    # without selectors of its own it protects what the list says
    lab.esp.batch(lab.sa(10, 0x1003))
    lab.wait_injected(A4, A6)
    lab.esp.do("esp-clear")
    lab.wait_injected()
    # one that expires is no reason any more
    operation, attributes = lab.sa(10, 0x1004, selectors=[B4])
    lab.esp.batch((operation, {**attributes, "hard-seconds": 1}))
    lab.wait_injected()
    wait(lambda: lab.esp.sa("out", 0x1004)["state"] == "dead", "the SA expires")
    lab.wait_injected()
    return faults


def dynamic_map(lab):
    """Each peer of a dynamic map brings a route for each of its subnets or hosts, by
    itself as next hop, and takes it away again."""
    lab.clear()
    lab.esp.batch(lab.transform_set(),
                  ("dynamic-map-new", {"name": "d", "number": 1, "transform-set": ["tunnel"],
                                       "reverse-route": "dynamic", "reverse-route-tag": 7,
                                       "reverse-route-distance": 9}),
                  ("map-new", {"name": "vpn", "number": 50, "kind": "isakmp", "dynamic": "d"}),
                  lab.bind())

    def sa(number, *selectors, spi=0x1000):
        operation, attributes = lab.sa(50, spi + number, dst=peer(number), selectors=selectors)
        return operation, {**attributes, "dynamic-number": 1}
    lab.wait_injected()
    lab.esp.batch(sa(10, A4, C4), sa(11, B4))
    routes = lab.wait_injected(A4, B4, C4)
    faults = differs("next hops", [routes[dst].via for dst in (A4, B4, C4)],
                     [peer(10), peer(11), peer(10)])
    told = lab.wait_state(B4, "installed", distance=9)
    for name, value in (("number", 50), ("kind", "dynamic"), ("tag", 7), ("map", "vpn"),
                        ("peer", ipaddress.ip_address(peer(11)).packed)):
        faults += differs(name, told.get(name), value)
    # all there is would be everybody's way out
    lab.esp.batch(sa(12, "0.0.0.0/0"))
    lab.wait_injected(A4, B4, C4)
    # rekeying: made before broken, the route stays
    lab.esp.batch(sa(11, B4, spi=0x2000))
    lab.esp.do("sa-del", direction="out", spi=0x1000 + 11, dst=peer(11))
    lab.wait_injected(A4, B4, C4)
    # the peer moves: so does its route
    lab.esp.do("sa-set", direction="out", spi=0x2000 + 11, dst=peer(11), peer=peer(13))
    wait(lambda: lab.injected()[B4].via == peer(13), "the route leads to where the peer is")
    lab.esp.do("esp-clear", peer=peer(10))
    lab.wait_injected(B4)
    # many at once
    many = [f"20.2.{at}.0/24" for at in range(200)]
    lab.esp.batch(*[sa(20 + at, net) for at, net in enumerate(many)])
    lab.wait_injected(B4, *many)
    lab.esp.do("dynamic-map-del", name="d", number=1)
    lab.wait_injected()
    return faults


class Monitor:
    """What `ip monitor route` says."""

    def __init__(self, lab):
        self.lab = lab
        self.process = lab.topology.start(lab.gateway, "stdbuf", "-oL", "ip", "monitor", "route",
                                          stdout=subprocess.PIPE)
        self.serial = 0
        self.lines = []
        self.flush()

    def flush(self):
        """Everything that was said before a route that we put ourselves; again and
        again, for nothing is heard until the monitor listens."""
        self.serial += 1
        mark = f"203.0.113.{self.serial}"
        text, output = "", self.process.stdout.fileno()
        while f"Deleted blackhole {mark}" not in text:
            self.lab.gateway.sh(f"ip route add blackhole {mark}; ip route del blackhole {mark}")
            while select.select([output], [], [], 0.2)[0]:
                data = os.read(output, 65536)
                if not data:
                    raise RuntimeError("ip monitor has ended")
                text += data.decode()
        self.lines += text.splitlines()

    def about(self, dst):
        text = dst.removesuffix("/32")
        return [line.split()[0] for line in self.lines if f"{text} " in line]


def roles(lab):
    """Only with the active role, and each is told exactly once."""
    nets = [f"20.2.{number}.0/24" for number in range(50)]
    lab.configure(*[lab.acl("101", 10 + number, net) for number, net in enumerate(nets)],
                  lab.entry(10, "101"), redundancy="HA")
    lab.wait_injected()
    lab.wait_state(nets[0], "standby")
    monitor = Monitor(lab)
    group(lab, "new", name="HA", vip=VIP, **TIMERS)
    lab.esp.wait_group("eth1", 1, state=ACTIVE)
    lab.wait_injected(*nets)
    monitor.flush()
    faults = differs("told at take-over", {len(monitor.about(net)) for net in nets}, {1})
    monitor.lines.clear()
    lab.gateway.sh("ip link set eth1 down")
    lab.wait_injected()
    lab.wait_state(nets[0], "standby")
    monitor.flush()
    faults += differs("told when the role is lost",
                      {tuple(monitor.about(net)) for net in nets}, {("Deleted",)})
    monitor.process.kill()
    lab.gateway.sh("ip link set eth1 up")
    lab.wait_injected(*nets)
    return faults


def binding(lab):
    return lab.esp.do("binding-get", ifname="eth0")


def packed(address):
    return ipaddress.ip_address(address).packed


def group(lab, operation, **more):
    lab.esp.do(f"group-{operation}", ifname="eth1", number=1, **more)


TIMERS = {"enabled": 1, "hello-ms": 50, "hold-ms": 200}


def group_gone(lab):
    """Name or address of the standby group are changed, removed, and added again."""
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101"), redundancy="HA")
    group(lab, "new", name="HA", vip=VIP, **TIMERS)
    lab.wait_injected(A4)
    faults = differs("endpoint", binding(lab)["local"], packed("10.1.1.100"))

    def gone(what):
        now = wait(lambda: binding(lab)["problem"] == "group-gone" and binding(lab), what)
        lab.wait_injected(A4)
        return (differs(f"{what}: endpoint", now["local"], packed(GATEWAY[4])) +
                differs(f"{what}: role", now["role"], "active") +
                differs(f"{what}: SAs", lab.esp.sas(), []))

    def back(what):
        # it has to be applied again
        now = binding(lab)
        found = differs(f"{what}: problem", now["problem"], "group-gone")
        lab.esp.do("binding-set", ifname="eth0", redundancy="HA")
        lab.esp.wait_group("eth1", 1, state=ACTIVE)
        wait(lambda: binding(lab)["role"] == "active", f"{what}: active")
        lab.wait_injected(A4)
        return (found + differs(f"{what}: problem", binding(lab)["problem"], "none") +
                differs(f"{what}: endpoint", binding(lab)["local"], packed("10.1.1.100")))

    sa = lab.sa(10, 0x1001)
    lab.esp.batch(sa)
    group(lab, "del")
    faults += gone("removed")
    group(lab, "new", name="HA", vip=VIP, **TIMERS)
    faults += back("added again")
    lab.esp.batch(sa)
    group(lab, "set", name="other")
    faults += gone("renamed")
    group(lab, "set", name="HA")
    faults += back("renamed again")
    # another address: SAs of the one before are no use
    far = {"direction": "out", "dst": packed(peer(10))}
    operation, attributes = lab.sa(10, 0x1002)
    lab.esp.batch(sa, (operation, {**attributes, "src": "10.1.1.100"}))
    group(lab, "set", vip=VIP + 1)
    wait(lambda: binding(lab)["local"] == packed("10.1.1.101"), "the endpoint follows")
    faults += differs("SAs left", [one["spi"] for one in lab.esp.sas()], [0x1001])
    lab.esp.do("sa-del", spi=0x1001, **far)
    # a group that is yet to come is waited for
    lab.esp.do("binding-set", ifname="eth0", redundancy="later")
    lab.wait_injected()
    faults += differs("not yet", (binding(lab)["problem"], binding(lab)["role"]),
                      ("no-group", "standby"))
    group(lab, "set", name="later")
    lab.wait_injected(A4)
    return faults


def events(lab):
    """Every change is told, on the family's group of events."""
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101", tag=9))
    lab.wait_injected(A4)
    lab.wait_state(A4, "installed")
    listener = type(lab.esp)(lab.gateway)
    listener.subscribe("events")
    lab.no_ways()
    lab.wait_state(A4, "no-path")
    lab.ways()
    lab.wait_state(A4, "installed")
    # a gateway that is not on link
    host = f"{peer(10)}/32"
    lab.esp.do("map-set", name="vpn", number=10, **{"reverse-route-gateway": "192.0.2.77"})
    faults = differs("error", lab.wait_state(host, "refused")["error"], -errno.ENETUNREACH)
    lab.esp.do("map-set", name="vpn", number=10, **{"reverse-route-gateway": b""})
    wait(lambda: not lab.told(host), "the host route is forgotten")
    lab.esp.do("acl-del", name="101", number=10)
    wait(lambda: not lab.told(A4), "the route is forgotten")
    said = [(name, message["state"]) for name, message in listener.notifications()
            if name.startswith("route-")]
    return faults + differs("told", said, [
        ("route-del-ntf", "no-path"), ("route-ntf", "installed"), ("route-ntf", "refused"),
        ("route-del-ntf", "standby")])


def gets(lab):
    """One route by its key, and a filtered dump."""
    lab.configure(lab.acl("101", 10, A4), lab.acl("101", 20, A6), lab.entry(10, "101"))
    lab.wait_injected(A4, A6)
    key = {"table": MAIN, "dst": ipaddress.ip_network(A4).network_address.packed,
           "prefix-len": 24, "distance": 1}
    faults = differs("get", lab.esp.do("route-get", **key)["map"], "vpn")
    faults += differs("another", lab.esp.error(lab.esp.do, "route-get", **{**key, "distance": 2}),
                      (errno.ENOENT, "no crypto map asks for such a route"))
    for name in key:
        rest = {other: value for other, value in key.items() if other != name}
        faults += differs(f"without {name}", (lab.esp.error(lab.esp.do, "route-get", **rest) or
                                              (0,))[0], errno.EINVAL)
    faults += differs("dump of a prefix", len(lab.esp.dump("route-get", **{"prefix-len": 48})), 1)
    faults += differs("dump of a table", len(lab.esp.dump("route-get", table=9)), 0)
    return faults


# A route that has gone leads nowhere any more.
NEVER = {"route-del-ntf": {"next-hop", "next-hop-device", "error", "tag"}}


def complete():
    """Every operation about routes was used, and every attribute came."""
    return SEEN.missing(NEVER, of_rri, ())


def ends(lab):
    """The namespace ends, with a host route on a device that outlasts it."""
    lab.configure(lab.acl("101", 10, A4), lab.entry(10, "101", gateway=OTHER_ROUTER[4]))
    lab.wait_injected(A4, f"{peer(10)}/32")
    return []


TESTS = (
    ("a route for each destination that is permitted", static),
    ("overlapping entries share a route", shared),
    ("IPv6", ipv6),
    ("tag, distance and gateway", options),
    ("what no route can be made of is refused", refused),
    ("the way to the peer is followed", follows_the_peer),
    ("the tunnel is no way to its own peer", never_by_itself),
    ("routes of others stay", of_the_user),
    ("a route that is removed by hand comes back", comes_back),
    ("routes whose prefix has others of other metrics", not_the_best),
    ("devices go down, up and away", devices),
    ("VRF", vrf),
    ("SAs bring routes", dynamic),
    ("peers of a dynamic map bring routes", dynamic_map),
    ("the role brings and takes them, each told once", roles),
    ("the standby group changes, goes and comes back", group_gone),
    ("every change is told", events),
    ("get and dump", gets),
    ("the end of a namespace", ends),
)


def main():
    report = Report(len(TESTS) + 1)
    with Topology() as topology:
        lab = Lab(topology)
        for what, function in TESTS:
            report.run(what, function, lab)
        report.run("all of the specification was seen", complete)
    report.end()


if __name__ == "__main__":
    main()
