# SPDX-License-Identifier: GPL-2.0
"""The network in which IKE daemons meet: a host, its gateway, a router that may
translate addresses or have a small MTU, the peer, and a host behind that one."""

import ctypes
import ipaddress
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "esp"))

from esplab import Client, Hang, Report, Topology, batch, sh, wait  # noqa: E402,F401

from connection import Side  # noqa: E402

GATEWAY6, PEER6 = "2001:db8:16::1", "2001:db8:98::1"
GATEWAY, PEER = "172.16.1.1", "198.51.100.1"
ROUTER = {"gateway": "172.16.1.254", "peer": "198.51.100.254"}
ROUTER6 = {"gateway": "2001:db8:16::ff", "peer": "2001:db8:98::ff"}
#: Two networks behind each; the first host of each is there.
INSIDE = ("10.1.1.0/24", "10.1.2.0/24")
OUTSIDE = ("20.1.1.0/24", "20.1.2.0/24")
INSIDE6 = ("2001:db8:a1:1::/64", "2001:db8:a1:2::/64")
OUTSIDE6 = ("2001:db8:b1:1::/64", "2001:db8:b1:2::/64")
GATEWAY_NAME, PEER_NAME = "gw.lab.example", "peer.lab.example"

ECHO = 7
#: of the links on both sides of the router
MTU = 1500


def host(net):
    """The address of a host in a network."""
    return str(ipaddress.ip_network(net)[2])


def router_of(net):
    return str(ipaddress.ip_network(net)[1])


def prefixed(address):
    """An address of a link, with the length of its prefix."""
    return f"{address}/{64 if ':' in address else 24}"


class Nft:
    """nft in a namespace, in this process."""

    JSON = 1 << 4

    def __init__(self, namespace):
        self.nft = ctypes.CDLL("libnftables.so.1")
        self.nft.nft_ctx_new.restype = ctypes.c_void_p
        self.nft.nft_ctx_get_output_buffer.restype = ctypes.c_char_p
        self.nft.nft_ctx_get_error_buffer.restype = ctypes.c_char_p
        self.context = ctypes.c_void_p(namespace.inside(self.nft.nft_ctx_new, 0))
        self.nft.nft_ctx_buffer_output(self.context)
        self.nft.nft_ctx_buffer_error(self.context)
        self.nft.nft_ctx_output_set_flags(self.context, self.JSON)

    def __call__(self, text):
        failed = self.nft.nft_run_cmd_from_buffer(self.context, text.encode())
        said = self.nft.nft_ctx_get_output_buffer(self.context).decode()
        error = self.nft.nft_ctx_get_error_buffer(self.context).decode()
        if failed:
            raise RuntimeError(f"nft: {error}\n{text}")
        return said


class Lab:
    """Namespaces: inside, gw, router, peer, outside."""

    def __init__(self, topology):
        self.topology = topology
        self.now = {}
        self.version = 4
        self.nft = None
        self.inside, self.gateway, self.router, self.peer, self.outside = topology.add(
            "inside", "gw", "router", "peer", "outside")
        for namespace in (self.gateway, self.router, self.peer):
            namespace.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 "
                         "net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 "
                         "net.ipv6.conf.all.forwarding=1")
        for namespace in (self.inside, self.gateway, self.router, self.peer, self.outside):
            namespace.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                         "net.ipv6.conf.default.disable_ipv6=0 "
                         "net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0")
        self.nft = Nft(self.router)
        topology.cable(self.inside, "eth0", self.gateway, "eth1")
        topology.cable(self.gateway, "eth0", self.router, "gateway")
        topology.cable(self.router, "peer", self.peer, "eth0")
        topology.cable(self.peer, "eth1", self.outside, "eth0")
        batch(self.router, [f"addr add {prefixed(there)} dev {name}"
                            for routers in (ROUTER, ROUTER6) for name, there in routers.items()])
        for namespace, far, end, addresses, both in (
                (self.gateway, self.inside, "gateway", (GATEWAY, GATEWAY6), (INSIDE, INSIDE6)),
                (self.peer, self.outside, "peer", (PEER, PEER6), (OUTSIDE, OUTSIDE6))):
            for address, routers, nets in zip(addresses, (ROUTER, ROUTER6), both):
                batch(namespace, [f"addr add {prefixed(address)} dev eth0",
                                  f"route add default via {routers[end]}"] +
                      [f"addr add {prefixed(router_of(net))} dev eth1" for net in nets])
                batch(far, [f"addr add {prefixed(host(net))} dev eth0" for net in nets] +
                      [f"route add default via {router_of(nets[0])}"])
        self.path()

    # -- what lies between -------------------------------------------------------

    def path(self, nat=None, mtu=MTU, ports="1024-65535", cut=False, delay_ms=0):
        """How the router is from now on: nat is the side that is behind it, which is
        forwarded what comes for IKE; cut loses all that should pass, or all that should
        to one side; a delay holds back what goes to the peer."""
        now = {"nat": nat, "mtu": mtu, "ports": ports, "cut": cut, "delay_ms": delay_ms}
        before, self.now = self.now, now
        # processes are dear where all is emulated, and most tests leave the path as it was
        if before == now:
            if nat:
                self._forget()
            return
        if delay_ms or before.get("delay_ms"):
            self.router.sh(f"tc qdisc replace dev peer root netem delay {delay_ms}ms limit 100000"
                           if delay_ms else "tc qdisc del dev peer root")
        if mtu != before.get("mtu", MTU):
            for namespace, names in ((self.gateway, ["eth0"]), (self.peer, ["eth0"]),
                                     (self.router, ["gateway", "peer"])):
                batch(namespace, [f"link set {name} mtu {mtu}" for name in names])
        rules = ["flush ruleset"]
        if nat:
            far = {"gateway": "peer", "peer": "gateway"}[nat]
            hidden = {"gateway": GATEWAY, "peer": PEER}[nat]
            rules.append(f"""
                table ip nat {{
                    chain out {{
                        type nat hook postrouting priority srcnat;
                        oifname {far} meta l4proto udp masquerade to :{ports}
                        oifname {far} masquerade
                    }}
                    chain in {{
                        type nat hook prerouting priority dstnat;
                        iifname {far} ip daddr {ROUTER[far]} udp dport {{ 500, 4500 }} \\
                            dnat to {hidden}
                    }}
                }}""")
        if cut:
            rule = f"oifname {cut} drop" if isinstance(cut, str) else "drop"
            rules.append("table inet cut {\n chain passing {\n"
                         f"type filter hook forward priority 0\n{rule}\n}}\n}}")
        # before the kernel puts fragments together
        clear = "; ".join(f"{family} saddr {net} counter name clear" for family, nets in (
            ("ip", INSIDE + OUTSIDE), ("ip6", INSIDE6 + OUTSIDE6)) for net in nets)
        counters = "".join(f"counter {name} {{ }}\n" for name in self.COUNTERS)
        hooks = "".join(f"""
            chain {name} {{
                type filter hook ingress device {name} priority -500;
                {clear}
                meta l4proto esp counter name tunnel
                udp dport 500 counter name {name}_ike
                udp dport 4500 counter name natt
                udp sport 4500 udp dport != 4500 counter name natt
                ip frag-off & 0x3fff != 0 counter name {name}_fragments
                exthdr frag exists counter name {name}_fragments
            }}""" for name in ("gateway", "peer"))
        rules.append(f"table netdev watch {{\n{counters}{hooks}\n}}")
        self.nft("\n".join(rules) + "\n")
        if nat or before.get("nat"):
            self._forget()

    COUNTERS = ("clear", "tunnel", "natt", *(f"{end}_{what}" for what in ("ike", "fragments")
                                             for end in ("gateway", "peer")))

    @staticmethod
    def xfrm_losses(namespace):
        """Packets that XFRM of a namespace has dropped."""
        def read():
            with open("/proc/thread-self/net/xfrm_stat", encoding="ascii") as file:
                return dict(line.split() for line in file)
        return sum(int(packets) for packets in namespace.inside(read).values())

    def _forget(self):
        """Connections that the router's address translation knows."""
        ctnetlink_delete = 0x0102
        request_ack = 5
        sock = self.router.inside(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW,
                                  socket.NETLINK_NETFILTER if hasattr(
                                      socket, "NETLINK_NETFILTER") else 12)
        with sock:
            sock.bind((0, 0))
            sock.send(struct.pack("=IHHIIBBH", 20, ctnetlink_delete, request_ack, 1, 0, 0, 0, 0))
            error = struct.unpack_from("=i", sock.recv(4096), 16)[0]
        # without the module there are none
        if error and -error not in (2, 22, 95):
            raise OSError(-error, os.strerror(-error))

    def counted(self):
        """{name: packets} that entered the router since path() changed something: in clear,
        ESP, all on port 4500, and IKE on port 500 and fragments by the end that sent them."""
        listed = json.loads(self.nft("list counters table netdev watch"))
        return {one["counter"]["name"]: one["counter"]["packets"]
                for one in listed["nftables"] if "counter" in one}

    # -- what passes -------------------------------------------------------------

    def hosts(self, net=0):
        """The host inside and the one outside, for a stream between them."""
        return (self.inside, host(INSIDE[net])), (self.outside, host(OUTSIDE[net]))

    def nets(self):
        """Those inside and those outside, of the version of IP that is looked at."""
        return (INSIDE6, OUTSIDE6) if self.version == 6 else (INSIDE, OUTSIDE)

    def ping(self, net=0, size=56, back=False):
        """Until a host behind one end hears from one behind the other. Returns faults."""
        inside, outside = (host(nets[net]) for nets in self.nets())
        here, there = (outside, inside) if back else (inside, outside)

        def once():
            return (self.outside if back else self.inside).inside(subprocess.run, [
                "ping", "-n", "-q", "-c1", "-W5", "-s", str(size), "-I", here, there],
                stdout=subprocess.DEVNULL, check=False).returncode == 0
        try:
            wait(once, f"ping of {size} octets {'to the gateway' if back else 'to the peer'}")
        except Hang as hang:
            return [str(hang)]
        return []

    @staticmethod
    def sides(gateway=None, peer=None, identity="address", nets=1, version=4):
        """Both ends: identities are their addresses or their names, certificates are
        given or none."""
        near, far = (GATEWAY6, PEER6) if version == 6 else (GATEWAY, PEER)
        names = {"address": (near, far), "name": (GATEWAY_NAME, PEER_NAME),
                 "dn": ("dn", "dn")}[identity]
        inside, outside = (INSIDE6, OUTSIDE6) if version == 6 else (INSIDE, OUTSIDE)
        return (Side(near, names[0], inside[:nets], gateway),
                Side(far, names[1], outside[:nets], peer))

    @staticmethod
    def seen_as(side, end, nat):
        """An end as the other has it."""
        if nat == end:
            return side.but(address=ROUTER["peer" if end == "gateway" else "gateway"])
        return side


class Stream(threading.Thread):
    """Datagrams from a host to the other and back, all the time; stop() returns which
    never came back. What was sent last comes back last: no time is waited for."""

    def __init__(self, here, there, seconds=0.1, size=64):
        """Both are (namespace, address)."""
        super().__init__(daemon=True)
        self.there = there[1]
        self.near = here[0].inside(self._socket, here[1], 0)
        self.far = there[0].inside(self._socket, self.there, ECHO)
        self.seconds, self.size = seconds, size
        self.sent, self.back = 0, set()
        #: when each was, by the monotonic clock
        self.sent_at = []
        self.over = threading.Event()
        self.broken = None
        self.start()

    @staticmethod
    def _socket(address, port):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, port))
        sock.setblocking(False)
        return sock

    def _send(self):
        self.sent_at.append(time.monotonic())
        try:
            self.near.sendto(struct.pack("!Q", self.sent) + bytes(self.size), (self.there, ECHO))
        except OSError as error:
            self.broken = error
        self.sent += 1

    def _pump(self, seconds):
        for sock in select.select([self.near, self.far], [], [], seconds)[0]:
            try:
                data, sender = sock.recvfrom(65536)
            except OSError as error:
                self.broken = error
                continue
            if sock is self.far:
                self.far.sendto(data, sender)
            else:
                self.back.add(struct.unpack_from("!Q", data)[0])

    def run(self):
        due = time.monotonic()
        while not self.over.is_set():
            now = time.monotonic()
            if now >= due:
                self._send()
                due = max(due + self.seconds, now)
            self._pump(max(0, due - time.monotonic()))

    def passed(self):
        """Datagrams that have come back."""
        return len(self.back)

    def outside(self, window, numbers):
        """Those that were not sent in a window."""
        return [number for number in numbers
                if not window.begin <= self.sent_at[number] <= window.end]

    def stop(self):
        """(how many were sent, the numbers of those that are lost)"""
        self.over.set()
        self.join()
        wanted = self.sent

        def last():
            self._send()
            self._pump(0.2)
            self._pump(0.2)
            return any(number >= wanted for number in self.back)
        try:
            wait(last, "the last datagram comes back")
        finally:
            self.near.close()
            self.far.close()
        return wanted, sorted(set(range(wanted)) - self.back)

    def end(self, window=None, excused=None):
        """Stops it. Returns faults: what is lost, but for what was sent in a window, unless
        as many are excused."""
        sent, lost = self.stop()
        if window:
            lost = self.outside(window, lost)
        return [f"of {sent} datagrams are lost: {lost}"] \
            if len(lost) > (excused() if excused else 0) else []


class Window:
    """When something happened, by the monotonic clock: not before it was last seen not to
    have begun."""

    def __init__(self, begun):
        self.begun = begun
        self.begin = self.end = time.monotonic()

    def begins(self, what):
        """Waits for it."""
        def look():
            now = time.monotonic()
            if self.begun():
                return True
            self.begin = now
            return False
        wait(look, what)

    def ends(self):
        self.end = time.monotonic()


class Capture:
    """tcpdump at the router."""

    def __init__(self, lab, path, side="gateway", wanted=""):
        """wanted is a filter."""
        self.lab, self.path = lab, path
        with open(f"{path}.log", "wb") as log:
            self.process = lab.topology.start(
                lab.router, "tcpdump", "-q", "--immediate-mode", "-U", "-Z", "root", "-n", "-i",
                side, "-w", path, *([wanted] if wanted else []), stderr=log)
        wait(self._listens, "tcpdump listens")

    def _listens(self):
        with open(f"{self.path}.log", encoding="utf-8") as log:
            return "listening on" in log.read()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def tshark(self, display, *fields, keys=None, options=()):
        """Lines of a display filter's packets. keys is a directory with tshark's tables."""
        arguments = " ".join([f"-e {field}" for field in fields] +
                             [f"-o {option}" for option in options])
        # tshark complains that it is root's, and of a packet that is not whole yet
        return sh(f"WIRESHARK_CONFIG_DIR='{keys or '/nonexistent'}' tshark -n -r '{self.path}' "
                  f"-Y '{display}' -T fields {arguments} 2>/dev/null").splitlines()
