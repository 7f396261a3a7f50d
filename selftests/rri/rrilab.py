# SPDX-License-Identifier: GPL-2.0
"""What the tests of reverse route injection share: a gateway with a crypto map
whose peers are behind a router, and its routing tables as the kernel has them."""

import ipaddress
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "esp"))

from esplab import GCM, Esp, Hang, Report, Topology, batch, line, sh, wait  # noqa: E402,F401
from gateway import ACTIVE, Netlink, RawNetlink, Wire, ynl  # noqa: E402,F401
from netlink_family import NlError  # noqa: E402,F401
from netlink_seen import SEEN, of_rri  # noqa: E402,F401

PROTOCOL = 72
MAIN = 254

# of linux/rtnetlink.h
RTM_GETROUTE = 26
RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_FLOW, RTA_TABLE = 1, 4, 5, 6, 11, 15
RTPROT_KERNEL, RTPROT_STATIC, RTM_F_CLONED = 2, 4, 0x200

GATEWAY = {4: "172.16.1.1", 6: "2001:db8:16::1"}
ROUTER = {4: "172.16.1.254", 6: "2001:db8:16::fe"}
OTHER_ROUTER = {4: "172.16.1.253", 6: "2001:db8:16::fd"}
PEERS = {4: "198.51.100.0/24", 6: "2001:db8:51::/64"}
INSIDE = {4: "10.1.1.0/24", 6: "2001:db8:1::/64"}


def peer(number, version=4):
    """Address of a peer, which is behind the router."""
    return str(ipaddress.ip_network(PEERS[version])[number])


class Watched(Esp):
    """The family; what it says is held against its specification."""

    def __init__(self, namespace):
        super().__init__(namespace)
        SEEN.spec = self.ynl

    def saw(self, operation, mode, message):
        SEEN.message(operation, mode, message)


class Route:
    """A route as the kernel has it."""

    def __init__(self, tables, family, header, attributes):
        length, table, protocol = header
        size = 4 if family == socket.AF_INET else 16

        def number(kind, default=0):
            return struct.unpack("=I", attributes[kind])[0] if kind in attributes else default

        self.tables = tables
        self.dst = ipaddress.ip_network((attributes.get(RTA_DST, bytes(size)), length))
        self.table = number(RTA_TABLE, table)
        self.metric = number(RTA_PRIORITY)
        self.oif = number(RTA_OIF)
        self.via = str(ipaddress.ip_address(attributes[RTA_GATEWAY])) \
            if RTA_GATEWAY in attributes else None
        self.protocol = protocol
        self.realm = str(number(RTA_FLOW) & 0xffff) if RTA_FLOW in attributes else None

    @property
    def device(self):
        return self.tables.namespace.inside(socket.if_indextoname, self.oif) if self.oif else None

    def key(self):
        return self.table, self.dst, self.metric

    def __str__(self):
        return (f"{self.dst} via {self.via} oif {self.oif} table {self.table} "
                f"metric {self.metric} proto {self.protocol}")


class Tables:
    """The routing tables of a namespace, asked of the kernel by a socket of our own: a
    process for each look takes many times as long."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.netlink = RawNetlink(namespace, socket.NETLINK_ROUTE)

    def _dump(self, family):
        """Routes of a family."""
        for data in self.netlink.request(RTM_GETROUTE, Netlink.NLM_F_DUMP,
                                         struct.pack("=B11x", family)):
            _, length, _, _, table, protocol, _, _, flags = struct.unpack_from("=8BI", data)
            if protocol != RTPROT_KERNEL and not flags & RTM_F_CLONED:
                yield Route(self, family, (length, table, protocol),
                            {attr.type: attr.raw for attr in ynl.NlAttrs(data, 12)})

    def routes(self):
        """All but those that addresses bring."""
        found = []
        for family in (socket.AF_INET, socket.AF_INET6):
            some = list(self._dump(family))
            while self.netlink.interrupted:
                some = list(self._dump(family))
            found += some
        return found


class Lab:
    """A gateway: outside on eth0 the router that leads to all peers, inside on eth1
    a host that is told nothing."""

    def __init__(self, topology):
        self.topology = topology
        self.gateway, self.router, self.inside = topology.add("gw", "router", "inside")
        for namespace in (self.gateway, self.router):
            namespace.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                         "net.ipv6.conf.default.disable_ipv6=0 "
                         "net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 "
                         "net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
        topology.cable(self.gateway, "eth0", self.router, "eth0")
        topology.cable(self.gateway, "eth1", self.inside, "eth0")
        self.addresses()
        batch(self.router, [f"addr add {one[4]}/24 dev eth0" for one in (ROUTER, OTHER_ROUTER)] +
              [f"addr add {one[6]}/64 dev eth0 nodad" for one in (ROUTER, OTHER_ROUTER)])
        self.esp = Watched(self.gateway)
        self.tables = Tables(self.gateway)
        self.ways()

    def addresses(self):
        """Of the gateway; those of an interface go with it."""
        batch(self.gateway, [f"addr replace {GATEWAY[4]}/24 dev eth0",
                             f"addr replace {GATEWAY[6]}/64 dev eth0 nodad",
                             "addr replace 10.1.1.1/24 dev eth1",
                             "addr replace 2001:db8:1::1/64 dev eth1 nodad"])

    def ways(self, router=None):
        """To the peers, by a router."""
        router = router or ROUTER
        batch(self.gateway, [f"route replace {PEERS[version]} via {router[version]}"
                             for version in (4, 6)])

    def no_ways(self):
        for version in (4, 6):
            self.gateway.sh(f"ip route del {PEERS[version]}")

    # -- the map -----------------------------------------------------------------

    def acl(self, name, number, dst, action="permit"):
        dst = ipaddress.ip_network(dst)
        return "acl-new", {"name": name, "number": number, "action": action,
                           **line(INSIDE[dst.version], str(dst))}

    def entry(self, number, acl, address=None, kind="static", **more):
        return "map-new", {"name": "vpn", "number": number, "kind": "isakmp",
                           "peer": [address or peer(number)], "transform-set": ["tunnel"],
                           "acl": acl, "reverse-route": kind,
                           **{f"reverse-route-{name}": value for name, value in more.items()}}

    def bind(self, **more):
        return "binding-new", {"ifname": "eth0", "map": "vpn", **more}

    def transform_set(self):
        return "transform-set-new", {"name": "tunnel", **GCM.transform_set()}

    def configure(self, *operations, **binding):
        """A map of these operations, applied to eth0; removes what was before."""
        self.clear()
        self.esp.batch(self.transform_set(), *operations, self.bind(**binding))

    def clear(self):
        self.esp.delete_all()
        wait(lambda: not self.ours(), "no route is left")

    @property
    def device(self):
        return self.esp.do("binding-get", ifname="eth0")["device"]

    def sa(self, number, spi, dst=None, selectors=(), direction="out"):
        """Operation that makes an SA of an entry."""
        far = dst or peer(number)
        near = GATEWAY[ipaddress.ip_address(far).version]
        ends = (near, far) if direction == "out" else (far, near)
        more = {}
        if selectors:
            more["selector"] = [line(INSIDE[ipaddress.ip_network(one).version], one)
                                for one in selectors]
        return "sa-new", {"ifname": "eth0", "map": "vpn", "number": number,
                          "direction": direction, "spi": spi, "src": ends[0], "dst": ends[1],
                          "mode": "tunnel", **GCM.attributes(), **more}

    # -- routes --------------------------------------------------------------------

    def routes(self):
        """All routes of the gateway but those that addresses bring."""
        return self.tables.routes()

    def has_realms(self):
        """Does the kernel keep the realm of a route, which is where a tag goes? One
        without IP_ROUTE_CLASSID drops it."""
        self.gateway.sh("ip route add 192.0.2.77 dev lo realms 5")
        found = [route.realm for route in self.routes() if str(route.dst) == "192.0.2.77/32"]
        self.gateway.sh("ip route del 192.0.2.77 dev lo")
        return found == ["5"]

    def ours(self):
        return [route for route in self.routes() if route.protocol == PROTOCOL]

    def foreign(self):
        return [route for route in self.routes() if route.protocol != PROTOCOL]

    def injected(self):
        """{destination as text: route} of ours."""
        return {str(route.dst): route for route in self.ours()}

    def wait_injected(self, *destinations):
        """Until these are the destinations of our routes, and no others."""
        def there():
            return sorted(str(route.dst) for route in self.ours()) == sorted(destinations)
        try:
            wait(there, f"routes to {', '.join(destinations) or 'nothing'}")
        except Hang:
            raise Hang(f"wanted {destinations}, there are "
                       f"{[str(route) for route in self.ours()]}; "
                       f"{self.esp.dump('route-get')}") from None
        return self.injected()

    def told(self, dst, **match):
        """What the module says of the route to a destination."""
        dst = ipaddress.ip_network(dst)
        for route in self.esp.dump("route-get"):
            if route["dst"] == dst.network_address.packed and \
                    route["prefix-len"] == dst.prefixlen and \
                    all(route.get(name) == value for name, value in match.items()):
                return route
        return None

    def wait_state(self, dst, state, **match):
        return wait(lambda: self.told(dst, state=state, **match),
                    f"the route to {dst} is {state}: {self.told(dst)}")
