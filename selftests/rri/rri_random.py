#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=7200 kernels=debug,kcsan,(6.12),(6.1)
"""Random changes to maps, access lists, SAs, roles, addresses, interfaces and
routes: after each the routing table is what a model makes of the configuration,
and every route of others is where it was.

STEPS and SEED, from the environment, make it longer or another one."""

import ipaddress
import os
import random

from rrilab import PROTOCOL, ROUTER, RTPROT_STATIC, Hang, Lab, Report, Topology, peer, wait

VIP = int(ipaddress.ip_address("10.1.1.100"))

STEPS = int(os.environ.get("STEPS", 150 if os.environ.get("KERNEL") == "6.12" else 30))
SEED = int(os.environ.get("SEED", 1))

# few, so that they meet each other
NETS = [f"20.1.{number}.0/24" for number in range(5)] + ["20.1.0.0/16", "20.1.2.0/25", "20.1.2.9/32",
                                                        "2001:db8:20::/48", "2001:db8:20:1::/64"]
LISTS = ("101", "102", "103")
ENTRIES = (10, 20, 30)
DISTANCES = (1, 1, 1, 7)


class Model:
    """The configuration as it should be, and the routes that follow from it."""

    def __init__(self, realms):
        self.realms = realms
        self.lines = {}             # (list, number): (action, net)
        self.entries = {}           # number: attributes
        self.sas = {}               # spi: (entry, nets)
        self.bound = False
        self.redundancy = ""
        self.active = True
        self.device_up = self.interface_up = True
        self.way = True             # the router leads to the peers
        self.default = False        # it leads everywhere
        self.others = set()         # (net, metric): routes of the user

    def wishes(self):
        """{(net, distance): (next hop, tag)}: the first entry's that asks."""
        found = {}

        def wish(number, net):
            entry = self.entries[number]
            same = ipaddress.ip_network(net).version == ipaddress.ip_address(entry["peer"]).version
            hop = entry["peer"] if same and "." in net else None
            tag = str(entry["tag"]) if self.realms and entry["tag"] and "." in net else None
            found.setdefault((net, entry["distance"]), (hop, tag))

        for number in sorted(self.entries):
            entry = self.entries[number]
            permitted = [net for (name, _), (action, net) in sorted(self.lines.items())
                         if name == entry["acl"] and action == "permit"]
            if entry["kind"] == "static":
                for net in permitted:
                    wish(number, net)
            elif entry["kind"] == "dynamic":
                for owner, nets in self.sas.values():
                    for net in (nets or permitted) if owner == number else ():
                        wish(number, net)
        return found

    def routes(self):
        """What there should be of ours."""
        if not (self.bound and self.active and self.device_up and self.interface_up and
                (self.way or self.default)):
            return {}
        return {key: value for key, value in self.wishes().items() if key not in self.others}


class Walk:
    """Steps, each in the model and in the machine."""

    def __init__(self, lab):
        self.lab = lab
        self.model = Model(lab.has_realms())
        self.random = random.Random(SEED)
        self.spi = 0x1000
        self.done = []
        lab.esp.batch(lab.transform_set())

    # -- steps -----------------------------------------------------------------------

    def step_line(self):
        key = self.random.choice(LISTS), self.random.randrange(1, 5)
        model, esp = self.model, self.lab.esp
        if key in model.lines and self.random.random() < 0.5:
            del model.lines[key]
            esp.do("acl-del", name=key[0], number=key[1])
            return f"no line {key}"
        action = self.random.choice(("permit", "permit", "deny"))
        net = self.random.choice(NETS)
        if key in model.lines:
            esp.do("acl-del", name=key[0], number=key[1])
        model.lines[key] = action, net
        esp.do("acl-new", **self.lab.acl(*key, net, action)[1])
        return f"line {key} {action} {net}"

    def step_entry(self):
        number = self.random.choice(ENTRIES)
        model, lab = self.model, self.lab
        if number in model.entries:
            lab.esp.do("map-del", name="vpn", number=number)
            # SAs go with their entry
            model.sas = {spi: sa for spi, sa in model.sas.items() if sa[0] != number}
            del model.entries[number]
            if self.random.random() < 0.4:
                return f"no entry {number}"
        entry = {"acl": self.random.choice(LISTS), "peer": peer(number),
                 "kind": self.random.choice(("none", "static", "static", "dynamic")),
                 "tag": self.random.choice((0, 0, 7)),
                 "distance": self.random.choice(DISTANCES)}
        options = {} if entry["kind"] == "none" else {"tag": entry["tag"],
                                                      "distance": entry["distance"]}
        lab.esp.do("map-new", **lab.entry(number, entry["acl"], entry["peer"], entry["kind"],
                                          **options)[1])
        model.entries[number] = entry
        return f"entry {number} {entry}"

    def step_binding(self):
        model, lab = self.model, self.lab
        if model.bound:
            lab.esp.do("binding-del", ifname="eth0")
            model.bound, model.sas = False, {}
            return "no map on the interface"
        redundancy = self.random.choice(("", "HA", "HA", "nobody"))
        operation, attributes = lab.bind(redundancy=redundancy)
        lab.esp.do(operation, **attributes)
        model.bound, model.redundancy, model.device_up = True, redundancy, True
        return f"map on the interface, redundancy {redundancy!r}"

    def step_sa(self):
        model, lab = self.model, self.lab
        if model.sas and self.random.random() < 0.5:
            spi = self.random.choice(sorted(model.sas))
            number, _ = model.sas.pop(spi)
            lab.esp.do("sa-del", direction="out", spi=spi,
                       dst=ipaddress.ip_address(peer(number)).packed)
            return f"no SA {spi:#x}"
        candidates = [number for number in model.entries] if model.bound else []
        if not candidates:
            return None
        number = self.random.choice(sorted(candidates))
        nets = self.random.sample(NETS, self.random.randrange(3))
        self.spi += 1
        lab.esp.batch(lab.sa(number, self.spi, selectors=nets))
        model.sas[self.spi] = number, nets
        return f"SA {self.spi:#x} of {number}: {nets}"

    def step_clear(self):
        self.lab.esp.do("esp-clear")
        self.model.sas = {}
        return "all SAs are cleared"

    def step_role(self):
        lab = self.lab
        groups = {group["number"] for group in lab.esp.dump("group-get")}
        if 1 in groups:
            lab.esp.do("group-del", ifname="eth1", number=1)
            # who followed it is on its own now, and its SAs are gone
            if self.model.redundancy == "HA":
                self.model.redundancy, self.model.sas = "", {}
            return "no group"
        lab.esp.do("group-new", ifname="eth1", number=1, name="HA", vip=VIP,
                   **{"enabled": 1, "hello-ms": 20, "hold-ms": 80})
        return "a group"

    def step_device(self):
        if not self.model.bound:
            return None
        self.model.device_up = not self.model.device_up
        state = "up" if self.model.device_up else "down"
        self.lab.gateway.sh(f"ip link set {self.lab.device} {state}")
        return f"tunnel device {state}"

    def step_interface(self):
        model, lab = self.model, self.lab
        model.interface_up = not model.interface_up
        if model.interface_up:
            lab.gateway.sh("ip link set eth0 up")
            lab.addresses()
            # routes went with the interface
            if model.way:
                lab.ways()
            if model.default:
                lab.gateway.sh(f"ip route add default via {ROUTER[4]}")
        else:
            lab.gateway.sh("ip link set eth0 down")
        return f"interface {'up' if model.interface_up else 'down'}"

    def step_way(self):
        if not self.model.interface_up:
            return None
        self.model.way = not self.model.way
        if self.model.way:
            self.lab.ways()
        else:
            self.lab.no_ways()
        return f"way to the peers: {self.model.way}"

    def step_default(self):
        if not self.model.interface_up:
            return None
        self.model.default = not self.model.default
        if self.model.default:
            self.lab.gateway.sh(f"ip route add default via {ROUTER[4]}")
        else:
            self.lab.gateway.sh("ip route del default")
        return f"default route: {self.model.default}"

    def step_other(self):
        """A route of the user's, often of the key of one of ours: it takes its place."""
        net, metric = self.random.choice(NETS), self.random.choice(DISTANCES)
        key = net, metric
        if key in self.model.others:
            self.lab.gateway.sh(f"ip route del {net} metric {metric} proto static")
            self.model.others.remove(key)
            return f"no route {key} of the user"
        # blackholes do not depend on the interface
        self.lab.gateway.sh(f"ip route replace blackhole {net} metric {metric} proto static")
        self.model.others.add(key)
        return f"route {key} of the user"

    def step_steal(self):
        """Somebody removes all of ours by hand."""
        self.lab.gateway.sh("ip route flush proto 72; ip -6 route flush proto 72")
        return "flush of ours"

    def step_address(self):
        address = f"172.16.1.{self.random.randrange(10, 20)}/24"
        self.lab.gateway.sh(f"ip addr add {address} dev eth0; ip addr del {address} dev eth0")
        return "an address comes and goes"

    STEPS = (("line", 6), ("entry", 4), ("binding", 2), ("sa", 5), ("clear", 1), ("role", 2),
             ("device", 1), ("interface", 1), ("way", 2), ("default", 1), ("other", 5),
             ("steal", 1), ("address", 1))

    # -- the comparison ------------------------------------------------------------------

    def look(self):
        """(ours as they are, ours as they should be, the user's likewise)"""
        binding = next(iter(self.lab.esp.dump("binding-get")), None)
        self.model.active = bool(binding) and binding["role"] == "active"
        routes = self.lab.routes()
        ours = {(str(route.dst), route.metric): (route.via, route.realm)
                for route in routes if route.protocol == PROTOCOL}
        others = {(str(route.dst), route.metric) for route in routes
                  if route.protocol == RTPROT_STATIC}
        return ours, self.model.routes(), others, self.model.others

    def settled(self):
        ours, wanted, others, wanted_others = self.look()
        return ours == wanted and others == wanted_others

    def run(self):
        names = [name for name, _ in self.STEPS]
        weights = [weight for _, weight in self.STEPS]
        for number in range(STEPS):
            name = self.random.choices(names, weights)[0]
            said = getattr(self, f"step_{name}")()
            if not said:
                continue
            self.done.append(f"{number}: {said}")
            try:
                wait(self.settled, "the table is what the model says")
            except Hang:
                ours, wanted, others, wanted_others = self.look()
                return [f"seed {SEED}, after", *self.done[-12:],
                        f"missing: {sorted(set(wanted.items()) - set(ours.items()), key=str)}",
                        f"too many: {sorted(set(ours.items()) - set(wanted.items()), key=str)}",
                        f"user's: {sorted(others ^ wanted_others)}",
                        *map(str, self.lab.esp.dump("route-get"))]
        return []


def main():
    report = Report(2)
    with Topology() as topology:
        lab = Lab(topology)
        walk = Walk(lab)
        report.run(f"after each of {STEPS} random changes the table is what it should be",
                   walk.run)
        lab.gateway.sh("for net in $(ip -4 route show type blackhole | cut -d' ' -f2); do "
                       "ip route del $net; done")
        report.run("in the end none is left", lab.clear)
    report.end()


if __name__ == "__main__":
    main()
