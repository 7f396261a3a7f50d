#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12 timeout=3600
"""A hub with a dynamic crypto map: peers that nobody has named come, are given what its
access list permits, have a route each for as long as their SAs live, and are many at
once: PEERS= says how many."""

import json
import os
import time
import traceback
import types

from connection import Connection, Side
from daemon import Refused
from ikelab import Report, Topology, batch, wait
from strongswan import StrongSwan
from vpnhad import VpnHa, masked

# more than 128, from which on a list of them is sorted in another way
PEERS = int(os.environ.get("PEERS", "140"))

HUB, INSIDE = "198.18.0.1", "10.1.1.0/24"
HUB_HOST = "10.1.1.1"
SECRET = "a-secret-of-the-lab"


def address(number):
    """Of a peer; 0 is played by vpnhad."""
    return f"198.18.{1 + number // 250}.{1 + number % 250}"


def network(number):
    """What is behind it."""
    return f"20.{number // 250}.{number % 250}.0/24"


def host(number):
    return network(number).replace("0/24", "1")


def keys(match):
    return f"""crypto ikev2 keyring all
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key {SECRET}
crypto ikev2 profile all
 match identity remote {match}
 authentication local pre-share
 authentication remote pre-share
 keyring local all
crypto ipsec transform-set strong esp-gcm 256
"""


def hub_config(entry="", more=""):
    return keys("any") + f"""crypto dynamic-map peers 10
 set transform-set strong
 reverse-route
{entry}crypto map vpn 65000 ipsec-isakmp dynamic peers
interface eth0
 crypto map vpn
{more}"""


def spoke_config():
    return keys(f"address {HUB} 255.255.255.255") + f"""crypto map vpn 10 ipsec-isakmp
 set peer {HUB}
 set transform-set strong
 match address 101
access-list 101 permit ip {masked(network(0))} {masked(INSIDE)}
interface eth0
 crypto map vpn
"""


def connection(number, nets=None, inside=(INSIDE,)):
    """As strongSwan has it."""
    return Connection(Side(address(number), address(number), tuple(nets or [network(number)])),
                      Side(HUB, HUB, inside), name=f"peer{number}", secret=SECRET)


class Lab:
    """The hub, vpnhad as one peer, and strongSwan as all others, on one segment."""

    def __init__(self, topology):
        self.topology = topology
        self.hub, self.spoke, self.many = topology.add("hub", "spoke", "many")
        self.segment = topology.add("segment")
        self.segment.ip("link add br0 type bridge")
        self.segment.ip("link set br0 up")
        for name, namespace in (("hub", self.hub), ("spoke", self.spoke), ("many", self.many)):
            topology.cable(namespace, "eth0", self.segment, name)
            self.segment.ip(f"link set {name} master br0")
            namespace.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 "
                         "net.ipv4.conf.default.rp_filter=0")
        batch(self.hub, [f"addr add {HUB}/15 dev eth0", "link add in0 type dummy",
                         "link set in0 up", f"addr add {HUB_HOST}/24 dev in0"])
        batch(self.spoke, [f"addr add {address(0)}/15 dev eth0", "link add in0 type dummy",
                           "link set in0 up", f"addr add {host(0)}/24 dev in0",
                           f"route add {INSIDE} via {HUB}"])
        batch(self.many, [line for number in range(1, PEERS + 1) for line in
                          (f"addr add {address(number)}/15 dev eth0",
                           f"addr add {host(number)}/32 dev lo")] +
              [f"route add {INSIDE} via {HUB}"])
        self.gateway = VpnHa(types.SimpleNamespace(topology=topology, gateway=self.hub))
        self.peer = VpnHa(types.SimpleNamespace(topology=topology, gateway=self.spoke))
        self.swan = StrongSwan(topology, self.many, threads=32)

    def start(self):
        for daemon in (self.gateway, self.peer, self.swan):
            daemon.start()
        self.gateway.configure(hub_config())
        self.peer.configure(spoke_config())

    def routes(self):
        """Destinations of peers that the hub has routes for."""
        return sorted(route["dst"] for route in json.loads(self.hub.sh("ip -j route show"))
                      if route["dst"].startswith("20."))

    def ping(self, namespace, source, target):
        return namespace.sh(f"ping -n -q -c1 -W5 -I {source} {target} >/dev/null && echo yes",
                            check=False).strip() == "yes"

    def all_gone(self):
        self.swan.clear()
        wait(lambda: not self.gateway.ikes() and not self.gateway.children(),
             "the hub has no SA left")
        wait(lambda: not self.routes(), "the hub has no route left")


def differs(what, found, wanted):
    return [] if found == wanted else [f"{what}: {found!r}, wanted {wanted!r}"]


def shown(lab):
    """A set of transforms is all that an entry needs; until somebody comes there is nothing."""
    text = lab.gateway.ctl("show", "crypto", "dynamic-map")
    faults = [] if "peers" in text and "strong" in text else [text]
    told = lab.gateway.show("crypto", "dynamic-map")
    faults += differs("entries", [(one["dynamic_map"], one["entry"]) for one in told],
                      [("peers", 10)])
    text = lab.gateway.ctl("show", "crypto", "map")
    faults += [] if "Dynamic map template tag: peers" in text else [text]
    faults += differs("sessions", lab.gateway.show("crypto", "session"), [])
    return faults + differs("routes", lab.routes(), [])


def vpnhad_comes(lab):
    """Traffic of a peer that the hub does not know."""
    wait(lambda: lab.ping(lab.spoke, host(0), HUB_HOST), "the peer's ping gets through")
    faults = differs("routes", lab.routes(), [network(0)])
    wait(lambda: lab.ping(lab.hub, HUB_HOST, host(0)), "the hub's ping gets through")
    (session,) = lab.gateway.show("crypto", "session")
    faults += differs("status", session["status"], "UP-ACTIVE")
    faults += differs("peer", session["peer"]["address"], address(0))
    faults += differs("origin", [flow["origin"] for flow in session["flows"]],
                      ["dynamic crypto map"])
    faults += differs("SAs", [flow["active_sas"] for flow in session["flows"]], [2])
    for sa in lab.gateway.kernel_sas():
        faults += differs("entry", (sa["map"], sa["entry"], sa["dynamic_map"],
                                    sa["dynamic_entry"]), ("vpn", 65000, "peers", 10))
    return faults


def goes_with_its_sa(lab):
    """The route is there as long as the SA is."""
    lab.peer.ctl("clear", "crypto", "session")
    wait(lambda: not lab.gateway.children(), "the hub's SAs are gone")
    wait(lambda: not lab.routes(), "the route is gone")
    wait(lambda: lab.ping(lab.spoke, host(0), HUB_HOST), "the peer's ping gets through again")
    faults = differs("routes", lab.routes(), [network(0)])
    lab.gateway.ctl("clear", "crypto", "session")
    wait(lambda: not lab.gateway.children() and not lab.routes(), "nothing is left")
    return faults


def strongswan_comes(lab):
    """Two networks of one peer in one SA, with a route each."""
    nets = [network(1), f"{host(2)}/32"]
    lab.swan.load(connection(1, nets))
    lab.swan.initiate("peer1")
    wait(lambda: lab.routes() == sorted([network(1), host(2)]), "a route for each")
    faults = []
    for source in (host(1), host(2)):
        wait(lambda source=source: lab.ping(lab.many, source, HUB_HOST), f"{source} gets through")
    lab.all_gone()
    return faults


def narrowed(lab):
    """The entry's access list has the last word."""
    acl = f"access-list 101 permit ip {masked(INSIDE)} 20.0.0.0 0.255.255.255\n"
    lab.gateway.configure(hub_config(" match address 101\n", acl))
    lab.swan.load(connection(1, inside=("10.0.0.0/8",)))
    lab.swan.initiate("peer1")
    faults = []
    (child,) = lab.swan.children()
    faults += differs("remote selectors", child.details["remote-ts"], [INSIDE])
    faults += differs("local selectors", child.details["local-ts"], [network(1)])
    wait(lambda: lab.routes() == [network(1)], "the route is there")
    wait(lambda: lab.ping(lab.many, host(1), HUB_HOST), "its ping gets through")
    lab.all_gone()
    lab.swan.load(connection(1, nets=["30.0.0.0/24"]))
    try:
        lab.swan.initiate("peer1")
        faults.append("what the access list does not permit is protected")
    except Refused:
        pass
    wait(lambda: "TS_UNACCEPT" in lab.swan.log_text(), "strongSwan is told so")
    lab.all_gone()
    lab.gateway.configure(hub_config())
    return faults


def resident(daemon):
    """KiB of memory."""
    with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def many_at_once(lab):
    """All at once, each with its route, and nothing is left of them."""
    lab.swan.load(*(connection(number) for number in range(1, PEERS + 1)))
    before, began = resident(lab.gateway), time.monotonic()
    for number in range(1, PEERS + 1):
        lab.swan.initiate_later(f"peer{number}")
    wanted = sorted(network(number) for number in range(1, PEERS + 1))
    wait(lambda: len(lab.routes()) >= PEERS, f"there are {PEERS} routes")
    took = time.monotonic() - began
    faults = differs("routes", lab.routes(), wanted)
    wait(lambda: len(lab.swan.children()) == PEERS, "strongSwan has them all")
    for number in (1, PEERS // 2, PEERS):
        wait(lambda number=number: lab.ping(lab.hub, HUB_HOST, host(number)),
             f"the hub reaches peer {number}")
    faults += differs("IKE SAs", len(lab.gateway.ikes()), PEERS)
    faults += differs("SAs", len(lab.gateway.children()), PEERS)
    faults += differs("sessions", len([one for one in lab.gateway.show("crypto", "session")
                                       if one["status"] == "UP-ACTIVE"]), PEERS)
    print(f"# {PEERS} peers in {took:.1f} s, "
          f"{(resident(lab.gateway) - before) / PEERS:.1f} KiB of vpnhad's for each", flush=True)
    lab.all_gone()
    return faults


def main():
    tests = (("without a peer there is nothing but the entry", shown),
             ("vpnhad comes", vpnhad_comes),
             ("a route goes with its SA", goes_with_its_sa),
             ("strongSwan comes with two networks", strongswan_comes),
             ("an access list narrows", narrowed),
             (f"{PEERS} peers at once", many_at_once))
    with Topology() as topology:
        lab = Lab(topology)
        lab.start()
        report = Report(len(tests))
        for what, test in tests:
            try:
                faults = test(lab)
            except Exception:
                faults = [traceback.format_exc()]
            if faults:
                faults += [daemon.tail() for daemon in (lab.gateway, lab.peer, lab.swan)]
            report.line(what, faults)
        report.end()


if __name__ == "__main__":
    main()
