# SPDX-License-Identifier: GPL-2.0
"""A gateway on a device of each kind, with a host on the other side of it and another
one behind the gateway. Processes are what takes time in a guest: so this starts few."""

import errno
import json
import os
import socket
import struct
import subprocess

from gateway import (ACTIVE, INITIAL, LEARN, LISTEN, SPEAK, STANDBY, Family, Namespace, NlError,
                     RawNetlink, Wire, YnlFamily, echo_frame, echo_reply_of, mac_bytes, wait, ynl)
from one_gateway import faults
from scapy_router import (HELLO, RESIGN, V1_GROUP_MAC, WIRE_STATE, heard, raw_packet, virtual_mac)

OWN, HOST, OTHER, PEER = (f"10.1.1.{n}" for n in (1, 3, 4, 9))
FAR, BEHIND = "10.9.9.9", "10.9.9.1"
GROUP = 1
# No part of the test: what the peer says moves the groups.
TIMERS = {"hello_ms": 240000, "hold_ms": 250000}
STATES = (INITIAL, LEARN, LISTEN, SPEAK, STANDBY, ACTIVE)
# What the peer says to a group that listens, by the state that it shall have
SAYS = {LISTEN: (), SPEAK: ((HELLO, STANDBY),), STANDBY: ((HELLO, STANDBY),) * 2,
        ACTIVE: ((HELLO, STANDBY), (HELLO, STANDBY), (RESIGN, ACTIVE))}
RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH = 22, 26, 30
NLM_F_DUMP = 0x300
AF_BRIDGE = 7


def vip(number):
    return f"10.1.1.{100 + number}"


VIP = vip(GROUP)
MAC = virtual_mac(GROUP)


def batch(namespace, *lines):
    """Lines of ip(8) in a namespace, or outside of all."""
    words = ["ip"] + (["-n", namespace.name] if namespace else []) + ["-batch", "-"]
    done = subprocess.run(words, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, input="".join(f"{line}\n" for line in lines))
    if done.returncode:
        raise RuntimeError(f"{words}: {lines}: {done.stdout}")


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


class Lab:
    """On Ethernet; other kinds say what is different."""

    what = "Ethernet"
    ifname = "eth0"		# of the gateway
    other_end = "eth0"		# of the host

    def __init__(self, topology):
        self.topology = topology
        batch(None, *(f"netns add {name}" for name in ("gw", "host", "far")),
              "link add far0 netns gw type veth peer name eth0 netns far")
        self.members = [Namespace(name, create=False) for name in ("gw", "host", "far")]
        topology.namespaces += self.members
        self.gateway, self.host, self.far = self.members
        for member in self.members:
            for conf in ("all", "default"):
                member.inside(write, f"/proc/sys/net/ipv6/conf/{conf}/disable_ipv6", "1")
        self.gateway.inside(write, "/proc/sys/net/ipv4/ip_forward", "1")
        batch(self.far, "link set lo up", "link set eth0 up", f"addr add {FAR}/24 dev eth0",
              f"route add default via {BEHIND}")
        self.first = ["link set lo up", "link set far0 up", f"addr add {BEHIND}/24 dev far0"]
        self.family = Family(self.gateway)
        self.routing = {member: RawNetlink(member, 0) for member in (self.gateway, self.far)}
        self.wire = None
        self.make()
        self.new_interface()

    # -- of each kind ---------------------------------------------------------

    def build(self):
        """What makes the cables, the device, and the host's end."""
        return self.cables("eth0"), ["link set eth0 up"], ["link set eth0 up"]

    def remove(self):
        batch(self.gateway, f"link del {self.ifname}")

    def special(self):
        """What only this kind does, while the group is active."""
        return []

    # -- of all ---------------------------------------------------------------

    def cables(self, *names, gateway=None):
        return [f"link add {name} netns {(gateway or self.gateway).name} type veth "
                f"peer name {name} netns {self.host.name}" for name in names]

    def switch(self):
        """Two cables to a switch, which is the host, too."""
        return self.cables("eth0", "eth1"), [
            "link add lan0 type bridge forward_delay 0 mcast_snooping 0", "link set lan0 up"] + [
                line for port in ("eth0", "eth1")
                for line in (f"link set {port} up", f"link set {port} master lan0")]

    def make(self):
        cables, ours, theirs = self.build()
        batch(None, *cables)
        batch(self.gateway, *self.first, *ours, f"addr add {OWN}/24 dev {self.ifname}",
              f"link set {self.ifname} up")
        self.first = []
        batch(self.host, *theirs, f"addr add {HOST}/24 dev {self.other_end}",
              f"route add 10.9.9.0/24 via {VIP}")
        self.wire = Wire(self.host, self.other_end)

    def new_interface(self):
        self.family.do("interface-new", ifname=self.ifname, delay_min=0)

    def new(self, number=GROUP, **attributes):
        self.family.do("group-new", ifname=self.ifname, number=number,
                       **{"enabled": 1, "vip": vip(number), **TIMERS, **attributes})

    def group(self, number=GROUP):
        return self.family.group(self.ifname, number)

    def says(self, opcode, state, priority, number=GROUP):
        """A packet of another router."""
        raw_packet(self.wire, PEER, struct.pack(
            "!8B8s4s", 0, opcode, WIRE_STATE[state], 240, 250, priority, number, 0, b"cisco",
            socket.inet_aton(vip(number))))

    def drive(self, number=GROUP, state=ACTIVE):
        """Moves a group that runs, or is about to."""
        if SAYS.get(state):
            wait(lambda: self.group(number)["state"] != INITIAL, f"group {number} runs")
        for opcode, theirs in SAYS.get(state, ()):
            self.says(opcode, theirs, 50, number)
        self.family.wait_state(self.ifname, number, state)

    def active(self):
        self.drive()
        wait(lambda: VIP in self.gateway.inside(read, "/proc/thread-self/net/fib_trie"),
             "the virtual address is there")

    def reaches(self):
        """From the host, which knows nothing yet."""
        told = self.host.sh(f"ip neigh flush dev {self.other_end}; ping -q -c 1 -w 60 {VIP} && "
                            f"ping -q -c 1 -w 60 {FAR} && ip neigh show {VIP}", check=False)
        return [] if told.count(" 0% packet loss") == 2 and f"lladdr {MAC}" in told else [told]

    def told_arp(self):
        """Gratuitous ARP of the group, heard by now; the kernel's own are requests."""
        self.wire.pull(0.2)
        return [packet for packet in heard(self.wire.heard)
                if packet.kind == "garp" and packet.arp[0] == 2]

    def reason(self, reason):
        wait(lambda: self.group()["init-reason"] == reason, f"the reason is {reason}")

    def traces(self):
        """Of groups, in all namespaces but the host's."""
        found = set()
        for member, routing in self.routing.items():
            def dump(kind, family, routing=routing):
                return b"".join(routing.request(kind, NLM_F_DUMP, struct.pack("=B15x", family)))
            addresses = dump(RTM_GETADDR, socket.AF_INET) + dump(RTM_GETROUTE, socket.AF_INET)
            if any(socket.inet_aton(vip(number)) in addresses for number in range(len(STATES) + 1)):
                found.add("address")
            if mac_bytes(MAC)[:5] in dump(RTM_GETNEIGH, AF_BRIDGE):
                found.add("MAC address")
            if mac_bytes(V1_GROUP_MAC).hex() in member.inside(read,
                                                              "/proc/thread-self/net/dev_mcast"):
                found.add("multicast")
        return found

    def clean(self, *but):
        wait(lambda: not self.traces() - set(but), "nothing is left")

    def each_state(self):
        """A group in each, all at once."""
        for number, state in enumerate(STATES, 1):
            self.new(number, enabled=int(state != INITIAL),
                     **({"vip": "0.0.0.0"} if state == LEARN else {}))
        self.drive_each()

    def drive_each(self):
        for number, state in enumerate(STATES, 1):
            self.drive(number, state)

    def end(self):
        """The namespaces go, whatever the groups do."""
        for sock in (self.family.ynl.sock, self.wire.socket,
                     *(routing.socket for routing in self.routing.values())):
            sock.close()
        batch(None, "netns del gw", "netns del far")
        wait(lambda: "eth0" not in self.host.inside(read, "/proc/thread-self/net/dev"),
             "the namespaces end")
        batch(None, "netns del host")
        for member in self.members:
            self.topology.namespaces.remove(member)


class Vlan(Lab):
    what = "VLAN"
    ifname = other_end = "eth0.5"

    def build(self):
        cables, ours, theirs = super().build()
        vlan = ["link add link eth0 name eth0.5 type vlan id 5", "link set eth0.5 up"]
        return cables, ours + vlan, theirs + vlan

    def remove(self):
        """It goes with the device below."""
        batch(self.gateway, "link del eth0")


class Bond(Lab):
    what = "bond"
    ifname, other_end = "bond0", "lan0"

    def build(self):
        cables, theirs = self.switch()
        return cables, ["link add bond0 type bond mode active-backup miimon 50",
                        "link set eth0 master bond0", "link set eth1 master bond0"], theirs

    def remove(self):
        batch(self.gateway, f"link del {self.ifname}", "link del eth0", "link del eth1")
        batch(self.host, f"link del {self.other_end}")

    def slave(self, port):
        return self.gateway.json(f"-d link show {port}")[0]["linkinfo"]["info_slave_data"]

    def port_of_mac(self):
        """Where the switch believes the virtual MAC address to be."""
        return [entry["ifname"] for entry in
                json.loads(self.host.sh("bridge -j fdb show br lan0")) if entry["mac"] == MAC]

    def fail_over(self, old, new):
        wait(lambda: self.slave(new)["mii_status"] == "UP", f"{new} is up")
        if self.slave(old)["state"] != "ACTIVE":
            return [f"{old} is not the active slave"]
        self.wire.drain()
        batch(self.host, f"link set {old} down")
        wait(lambda: self.slave(new)["state"] == "ACTIVE", f"{new} is the active slave")
        wait(self.told_arp, "gratuitous ARP")
        found = faults(the_switch_learns_the_port=self.port_of_mac() == [new],
                       the_virtual_MAC_is_received=MAC in self.gateway.sh(
                           f"bridge fdb show dev {new}"))
        found += [f"ARP {packet.arp}" for packet in self.told_arp()
                  if (packet.source_mac, packet.arp[2], packet.vip) != (MAC, MAC, VIP)]
        found += self.reaches()
        batch(self.host, f"link set {old} up")
        return found

    def special(self):
        before = self.group()["state-changes"]
        found = self.fail_over("eth0", "eth1") + self.fail_over("eth1", "eth0")
        return found + faults(was_active_throughout=self.group()["state-changes"] == before)


class Bridge(Lab):
    """With a second port, at which another host is."""
    what = "bridge"
    ifname = "br0"

    def build(self):
        cables, _, theirs = super().build()
        cables.append("link add eth1 netns gw type veth peer name eth1 netns far")
        return cables, ["link add br0 type bridge forward_delay 0 mcast_snooping 0"] + [
            line for port in ("eth0", "eth1")
            for line in (f"link set {port} up", f"link set {port} master br0")], theirs

    def remove(self):
        batch(self.gateway, "link del br0", "link del eth0", "link del eth1")


class Team(Lab):
    what = "team"
    ifname, other_end = "team0", "lan0"

    def build(self):
        """Its mode cannot be set by ip(8), and not when it has ports."""
        batch(self.gateway, "link add team0 type team")
        # families that came with a module since the list was read
        ynl.genl_family_name_to_id = None
        self.team = self.gateway.inside(YnlFamily, os.path.join(
            os.environ["KSRC"], "Documentation/netlink/specs/team.yaml"), schema="")
        self.set("mode", 5, b"activebackup\0")
        cables, theirs = self.switch()
        return cables, ["link set eth0 master team0", "link set eth1 master team0"], theirs

    def make(self):
        super().make()
        self.use("eth0")
        self.team.sock.close()

    def set(self, name, kind, data):
        try:
            self.team.do("options-set", {"team-ifindex": self.index("team0"), "list-option": {
                "option": {"name": name, "type": kind, "data": data}}})
        except NlError as error:
            # done, but nobody listens to the driver's notifications
            if -error.nl_msg.error != errno.ESRCH:
                raise

    def index(self, ifname):
        return self.gateway.inside(socket.if_nametoindex, ifname)

    def use(self, port):
        self.set("activeport", 3, struct.pack("=I", self.index(port)))

    remove = Bond.remove


class Macvlan(Lab):
    ifname = "mv0"
    other_end = "eth0"

    def __init__(self, topology, mode, elsewhere=False):
        self.mode = mode
        self.what = f"macvlan, {mode}" + (", of another namespace's device" if elsewhere else "")
        self.elsewhere = elsewhere
        super().__init__(topology)

    def build(self):
        lines = ["link set low0 up", f"link add mv0 link low0 type macvlan mode {self.mode}"]
        below = self.far if self.elsewhere else self.gateway
        cable = f"link add low0 netns {below.name} type veth peer name eth0 netns host"
        if not self.elsewhere:
            return [cable], lines, ["link set eth0 up"]
        batch(None, cable)
        batch(self.far, *lines, "link set mv0 netns gw")
        return [], [], ["link set eth0 up"]

    def remove(self):
        """It goes with the device below."""
        batch(self.far if self.elsewhere else self.gateway, "link del low0")

    def received(self):
        return self.gateway.json("-s link show mv0")[0]["stats64"]["rx"]["packets"]

    def special(self):
        before = self.received()
        found = self.reaches()
        # a request for the MAC address, and two for an echo
        found += faults(received_packets_are_counted=self.received() - before >= 3)
        self.says(HELLO, ACTIVE, 200)
        wait(lambda: self.group()["state"] != ACTIVE, "the group gives way")
        self.wire.drain()
        self.gateway.ip(f"neigh replace {OTHER} lladdr {self.wire.mac} dev mv0 nud permanent")
        self.wire.send(echo_frame(self.wire.mac, OTHER, MAC, OWN, 1))
        self.wire.flush(OWN, PEER)
        return found + faults(who_is_not_active_takes_nothing=not any(
            echo_reply_of(frame) for frame in self.wire.heard))


class Vrf(Lab):
    what = "interface of a VRF"

    def build(self):
        if self.first:
            self.first += ["link add red type vrf table 10", "link set red up",
                           "link set far0 master red"]
        return self.cables("eth0"), ["link set eth0 master red", "link set eth0 up"], [
            "link set eth0 up"]

    def echo(self):
        """A process of the VRF answers at the virtual IP."""
        with self.gateway.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as server, \
                self.host.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as client:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"red")
            server.bind((VIP, 7))
            server.settimeout(60)
            client.settimeout(60)
            client.sendto(b"hello", (VIP, 7))
            data, sender = server.recvfrom(100)
            server.sendto(data, sender)
            answer = client.recvfrom(100)
        return [] if answer == (b"hello", (VIP, 7)) else [f"answer {answer}"]

    def where(self, table):
        return [] if f"local {VIP} " in self.gateway.ip(f"route show table {table}") else [
            f"not in table {table}"]

    def special(self):
        found = self.where(10) + self.echo()
        # which goes down and up with it
        for command, table in (("nomaster", "local"), ("master red", 10)):
            batch(self.gateway, f"link set eth0 {command}", f"link set far0 {command}")
            self.active()
            found += self.where(table) + self.reaches()
        return found + self.echo()
