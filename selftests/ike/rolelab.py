# SPDX-License-Identifier: GPL-2.0
"""Two gateways that share addresses by HSRP, each with a vpnhad, strongSwan as their peer,
and a witness of every frame that they send.

    host 10.1.1.10 ---+--- gw1 .2 ---+
                      |  .1 virtual  |  .1 virtual
                      +--- gw2 .3 ---+--- peer 172.16.1.9, 20.1.1.1
                    inside         outside

The same of IPv6: 2001:db8:10:: inside, 2001:db8:16:: outside, 2001:db8:20::1 behind the peer.
"""

import collections
import dataclasses
import ipaddress
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

for _area in ("hsrp", "lab"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", _area))

from gateway import Hang, Report, Switch, Topology, lose_nothing, wait  # noqa: E402,F401

from connection import Connection, Side  # noqa: E402
from late import Late  # noqa: E402,F401
from strongswan import StrongSwan  # noqa: E402
from vpnhad import VpnHa  # noqa: E402

#: of the outside and the inside group, seconds: hello, and what a silent death takes
HELLO, HOLD = 1, 4


@dataclasses.dataclass(frozen=True)
class Plan:
    """Networks and addresses."""
    version: int
    outside: str
    inside: str
    behind: str
    router: str                     # whom the host sends to
    standby: str                    # lines of an interface; virtual is the group's address
    permit: str

    def at(self, lan, number):
        return str(ipaddress.ip_network(getattr(self, lan))[number])

    def prefix(self, lan, number):
        return f"{self.at(lan, number)}/{ipaddress.ip_network(self.outside).prefixlen}"

    @property
    def virtual(self):
        return self.at("outside", 1)

    @property
    def peer(self):
        return self.at("outside", 9)

    @property
    def host(self):
        return self.at("inside", 10)

    @property
    def far(self):
        """A host behind the peer."""
        return self.at("behind", 1)

    def is_clear(self, source, target):
        """Is a packet of these addresses one that a tunnel is for?"""
        ends = {source, target}
        return all(any(ipaddress.ip_address(end) in ipaddress.ip_network(lan) for end in ends)
                   for lan in (self.inside, self.behind))


IPV4 = Plan(4, "172.16.1.0/24", "10.1.1.0/24", "20.1.1.0/24", "10.1.1.1",
            " standby {group} ip {virtual}\n", "ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255")
#: a host has the link-local address from the router's advertisements
IPV6 = Plan(6, "2001:db8:16::/64", "2001:db8:10::/64", "2001:db8:20::/64", "fe80::5:73ff:fea0:2",
            " standby version 2\n standby {group} ipv6 {virtual}/64\n",
            "ipv6 2001:db8:10::/64 2001:db8:20::/64")

GATEWAY = """crypto ikev2 keyring lab
 peer far
  address {peer}
  pre-shared-key a-secret-of-the-lab
crypto ikev2 profile lab
 match identity remote address {peer}
 authentication local pre-share
 authentication remote pre-share
 keyring local lab
{profile}crypto ipsec transform-set lab esp-gcm 256
crypto map lab 10 ipsec-isakmp
 set peer {peer}
 set transform-set lab
 match address 101
 reverse-route
access-list 101 permit {permit}
interface eth0
{outside} standby 1 timers {hello} {hold}
 standby 1 priority {priority}
 standby 1 preempt
 standby 1 name OUTSIDE
 crypto map lab redundancy OUTSIDE
interface eth1
{inside} standby 2 timers {hello} {hold}
 standby 2 priority {priority}
 standby 2 preempt
"""

Dpd = collections.namedtuple("Dpd", "interval retry retries")
Frame = collections.namedtuple("Frame", "at port sent kind detail")


def promise(dpd):
    """Seconds from the last that was heard of a peer until it is taken for dead."""
    return dpd.interval + dpd.retry * (dpd.retries + 1)


def member(topology, plan, name):
    """A namespace whose addresses are there at once."""
    namespace = topology.add(name)
    if plan.version == 6:
        namespace.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                     "net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.default.accept_ra=0 "
                     "net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0")
    return namespace


class Where:
    """What vpnhad's class takes for the lab: a topology and the gateway's namespace."""

    def __init__(self, topology, gateway):
        self.topology, self.gateway = topology, gateway


class Gateway(VpnHa):
    """A gateway of the pair."""

    def __init__(self, topology, plan, switch, name, number, priority):
        namespace = member(topology, plan, name)
        super().__init__(Where(topology, namespace))
        self.plan, self.name, self.switch, self.priority = plan, name, switch, priority
        switch.join("outside", namespace, "eth0", plan.prefix("outside", number))
        switch.join("inside", namespace, "eth1", plan.prefix("inside", number))
        namespace.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 "
                     "net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 "
                     "net.ipv6.conf.all.forwarding=1")

    def load(self, profile, priority=None):
        outside, inside = (self.plan.standby.format(group=group, virtual=self.plan.at(lan, 1))
                           for group, lan in ((1, "outside"), (2, "inside")))
        self.configure(GATEWAY.format(
            peer=self.plan.peer, outside=outside, inside=inside, permit=self.plan.permit,
            hello=HELLO, hold=HOLD, priority=priority or self.priority, profile=profile))

    def state(self):
        return {group["name"]: group["state"].lower() for group in self.show("standby")
                if group.get("name")}.get("OUTSIDE")

    def cut(self):
        """As when its power fails, for everybody else."""
        for lan in ("outside", "inside"):
            self.switch.cut(lan, self.namespace)

    def heal(self):
        for lan in ("outside", "inside"):
            self.switch.heal(lan, self.namespace)

    def sockets(self):
        """Local addresses at which it can hear of IKE."""
        return re.findall(r"(\S+):(?:500|4500)\s", self.namespace.sh("ss -Hlun"))


class Peer(StrongSwan):
    """strongSwan, which finds out that a gateway is dead, and lets traffic begin anew."""

    AFTER = {"start_action": "trap", "dpd_action": "clear"}

    def __init__(self, topology, plan, namespace, dpd):
        super().__init__(topology, namespace, retransmit_base=1.0,
                         retransmit_timeout=float(dpd.retry), retransmit_tries=dpd.retries)
        self.plan, self.dpd = plan, dpd

    @classmethod
    def swanctl(cls, *connections):
        configured = super().swanctl(*connections)
        for one in configured["connections"].values():
            for child in one["children"].values():
                child.update(cls.AFTER)
        return configured

    def connect(self):
        plan = self.plan
        self.load(Connection(Side(plan.peer, plan.peer, (plan.behind,)),
                             Side(plan.virtual, plan.virtual, (plan.inside,)),
                             dpd=self.dpd.interval))

    def spis(self):
        """Of the IKE SAs that are up."""
        return {sa.spis for sa in self.ikes()}


class Witness(threading.Thread):
    """Frames at ports of the switch. What is not IKE, ESP, HSRP or of a tunnel's traffic is of
    no interest."""

    OUTGOING = 4
    SO_TIMESTAMPNS = 35

    def __init__(self, plan, switch, *ports):
        super().__init__(daemon=True)
        self.plan = plan
        self.frames = []
        self.over = threading.Event()
        self.sockets = {switch.namespace.inside(self._open, port): port for port in ports}
        self.start()

    def _open(self, port):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        lose_nothing(sock, 16 << 20)
        sock.setsockopt(socket.SOL_SOCKET, self.SO_TIMESTAMPNS, 1)
        sock.bind((port, 3))
        sock.setblocking(False)
        return sock

    def run(self):
        while not self.over.is_set():
            for sock in select.select(list(self.sockets), [], [], 0.2)[0]:
                self._take(sock)

    def _take(self, sock):
        while True:
            try:
                data, more, _, sender = sock.recvmsg(65536, 256)
            except OSError:
                # nothing is left, or the port is not up, which is told once
                return
            at = next((seconds + nano / 1e9 for _, kind, value in more
                       if kind == self.SO_TIMESTAMPNS
                       for seconds, nano in [struct.unpack("qq", value[:16])]), time.time())
            kind, detail = self.kind(data)
            if kind:
                # what the switch hears is what the member sent
                self.frames.append(Frame(at, self.sockets[sock], sender[2] == self.OUTGOING, kind,
                                         detail))

    def kind(self, data):
        """(kind, what there is to know of it)"""
        if data[12:14] == b"\x08\x00":
            header = 14 + 4 * (data[14] & 15)
            protocol, source, target = data[23], data[26:30], data[30:34]
        elif data[12:14] == b"\x86\xdd":
            header = 54
            protocol, source, target = data[20], data[22:38], data[38:54]
        else:
            return None, None
        if protocol == 50:
            return "esp", data[header:header + 4].hex()
        if self.plan.is_clear(source, target):
            if protocol in (1, 58):
                return "clear", struct.unpack_from("!BxxxHH", data, header)
            return "clear", None
        if protocol != 17:
            return None, None
        ports = struct.unpack_from("!HH", data, header)
        body = data[header + 8:]
        if 500 in ports:
            return "ike", Message(body)
        if 4500 in ports:
            return ("ike", Message(body[4:])) if body[:4] == bytes(4) else ("natt", None)
        if 1985 in ports:
            return "hsrp", (body[1], body[2] == 16, body[6])
        if 2029 in ports and body[0] == 1:
            return "hsrp", (body[3], body[4] == 6, int.from_bytes(body[6:8], "big"))
        return None, None

    def mark(self):
        return len(self.frames)

    def seen(self, mark=0, **match):
        return [frame for frame in self.frames[mark:]
                if all(getattr(frame, key) == value for key, value in match.items())]

    def wait_for(self, what, mark, good=lambda frame: True, **match):
        """The first frame that matches."""
        return wait(lambda: next(iter(filter(good, self.seen(mark, **match))), None), what)

    def stop(self):
        self.over.set()
        self.join()

    def write(self, path):
        """What was seen, for who looks into a failure."""
        with open(path, "w", encoding="utf-8") as file:
            for frame in sorted(self.frames, key=lambda frame: frame.at):
                way = "to" if frame.sent else "from"
                file.write(f"{frame.at:.6f} {way} {frame.port}: {frame.kind} {frame.detail}\n")


class Message:
    """The header of a message of IKE."""
    INIT, AUTH, CREATE, INFORMATIONAL = 34, 35, 36, 37
    RESPONSE = 0x20

    def __init__(self, data):
        self.spi_i, self.spi_r = data[:8].hex(), data[8:16].hex()
        self.exchange, self.flags, self.number = struct.unpack_from("!BBI", data, 18)

    def __repr__(self):
        return (f"IKE {self.exchange} {'answer' if self.flags & self.RESPONSE else 'request'} "
                f"{self.number} {self.spi_i}/{self.spi_r}")

    def is_request(self, exchange):
        return self.exchange == exchange and not self.flags & self.RESPONSE


def out_of_turn(frames, port, group=1):
    """What a gateway sent that its last words of HSRP gave it no right to, as it sent it."""
    hello, coup, advertise = 0, 1, 3
    entitled, faults = False, []
    for frame in frames:
        if frame.port != port or frame.sent:
            continue
        if frame.kind == "hsrp":
            op, active, number = frame.detail
            if number == group and op != advertise:
                entitled = op == coup or (op == hello and active)
        elif frame.kind == "clear" or not entitled:
            faults.append(f"{frame.at:.6f} {port}: {frame.kind} {frame.detail}")
    return faults


class Ping:
    """A ping five times a second; each reply with its time."""

    def __init__(self, namespace, source, target):
        self.process = namespace.popen("ping", "-n", "-D", "-O", "-i", "0.2", "-I", source,
                                       target, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def replies(self):
        """[(time, number)]"""
        return [(float(found[1]), int(found[2])) for found in
                (re.match(r"\[([\d.]+)\] \d+ bytes from .* icmp_seq=(\d+)", line)
                 for line in list(self.lines)) if found]

    def goes_on(self, more=5, after=0):
        """Waits for more replies, to pings after the one with this number."""
        def enough():
            return len([1 for _, number in self.replies() if number > after]) >= more
        wait(enough, "the ping goes on")

    def last(self):
        return self.replies()[-1]

    def stop(self):
        """(sent, numbers that are lost, longest time between two replies in seconds)"""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        wait(lambda: any("packets transmitted" in line for line in self.lines), "ping ends")
        text = "".join(self.lines)
        sent = int(re.search(r"(\d+) packets transmitted", text)[1])
        replies = self.replies()
        lost = sorted(set(range(1, sent + 1)) - {number for _, number in replies})
        return sent, lost, max(b[0] - a[0] for a, b in zip(replies, replies[1:]))
