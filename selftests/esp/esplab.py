# SPDX-License-Identifier: GPL-2.0
"""What the ESP tests share: a host behind a gateway, a peer that has the kernel's
own IPsec or is made of packets, the algorithms, and traffic from within one
process: a process each would cost more than all the packets."""

import errno
import hashlib
import ipaddress
import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "netlink"))

from netlink_family import Client, Report, Topology, sh, wait  # noqa: E402,F401
from gateway import HANGS, Hang, Wire  # noqa: E402,F401
import ksft  # noqa: E402,F401

import xfrm  # noqa: E402

HOST = {4: "10.1.1.2", 6: "2001:db8:1::2"}
HOST_NET = {4: "10.1.1.0/24", 6: "2001:db8:1::/64"}
ROUTER = {4: "10.1.1.1", 6: "2001:db8:1::1"}
GATEWAY = {4: "172.16.1.1", 6: "2001:db8:16::1"}
PEER = {4: "172.16.1.2", 6: "2001:db8:16::2"}
# What is behind the peer: one network that the gateway routes into the tunnel
# device, one that it routes to the peer, where the guard finds it, and one that
# the access list denies.
DEVICE = {4: "20.1.1.2", 6: "2001:db8:20:1::2"}
GUARD = {4: "20.1.2.2", 6: "2001:db8:20:2::2"}
DENIED = {4: "20.1.9.2", 6: "2001:db8:20:9::2"}
PEER_NET = {4: "20.1.0.0/16", 6: "2001:db8:20::/48"}
BITS = {4: 32, 6: 128}
NETWORK_BITS = {4: 24, 6: 64}

TUNNEL, TRANSPORT = 10, 20

NATT = 4500
UDP_ENCAP = 100
ESPINUDP = 2

IP_HEADER = {4: 20, 6: 40}
UDP_HEADER = 8

FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}


def version_of(address):
    return ipaddress.ip_address(address).version


# -- algorithms --------------------------------------------------------------

def key_of(what, length):
    """A key that looks like one, always the same."""
    return hashlib.shake_256(f"{what} {length}".encode()).digest(length)


class Algorithm:
    """A transform, in our words and in the kernel's."""

    AEAD = {"aes-gcm": ("rfc4106(gcm(aes))", 4), "aes-ccm": ("rfc4309(ccm(aes))", 3),
            "aes-gmac": ("rfc4543(gcm(aes))", 4),
            "chacha20-poly1305": ("rfc7539esp(chacha20,poly1305)", 4)}
    CRYPT = {"aes-cbc": ("cbc(aes)", 0), "aes-ctr": ("rfc3686(ctr(aes))", 4),
             "null": ("ecb(cipher_null)", 0), "des": ("cbc(des)", 0),
             "3des": ("cbc(des3_ede)", 0)}
    HMAC = {"md5": (128, 96), "sha1": (160, 96), "sha256": (256, 128), "sha384": (384, 192),
            "sha512": (512, 256)}

    def __init__(self, cipher, key_bits=0, auth="none", icv_bits=0):
        self.cipher, self.key_bits, self.auth = cipher, key_bits, auth
        self.aead = self.crypt = self.hmac = None
        self.auth_key = b""
        if cipher in self.AEAD:
            self.aead, salt = self.AEAD[cipher]
            self.icv_bits = icv_bits or 128
        else:
            self.crypt, salt = self.CRYPT[cipher]
            length, self.icv_bits = self.HMAC[auth]
            self.hmac = f"hmac({auth})"
            self.auth_key = key_of(auth, length // 8)
        self.cipher_key = key_of(cipher, key_bits // 8 + salt) if key_bits else b""
        self.weak = cipher in ("des", "3des") or auth == "md5"

    def __str__(self):
        name = self.cipher + (f"-{self.key_bits}" if self.key_bits and "des" not in self.cipher
                              else "")
        return f"{name}+{self.auth}" if self.hmac else f"{name} icv {self.icv_bits}"

    def attributes(self):
        """Of an SA."""
        return {"cipher": self.cipher, "auth": self.auth, "icv-bits": self.icv_bits,
                "allow-weak": int(self.weak), "cipher-key": self.cipher_key or None,
                "auth-key": self.auth_key or None}

    def transform_set(self, mode="tunnel"):
        return {"cipher": self.cipher, "auth": self.auth, "icv-bits": self.icv_bits,
                "key-bits": self.key_bits or None, "allow-weak": int(self.weak), "mode": mode}

    def session_key(self, spi):
        return {"spi": spi, "cipher-key": self.cipher_key or None,
                "auth-key": self.auth_key or None}


GCM = Algorithm("aes-gcm", 128)
CBC = Algorithm("aes-cbc", 128, "sha256")
CHACHA = Algorithm("chacha20-poly1305", 256)

ALGORITHMS = (
    [Algorithm(cipher, bits, icv_bits=icv) for cipher in ("aes-gcm", "aes-ccm")
     for bits in (128, 192, 256) for icv in (64, 96, 128)] +
    [Algorithm("aes-gmac", bits) for bits in (128, 192, 256)] +
    [CHACHA] +
    [Algorithm("aes-cbc", bits, "sha256") for bits in (128, 192, 256)] +
    [Algorithm("aes-cbc", 128, "sha1"), Algorithm("aes-cbc", 256, "sha384"),
     Algorithm("aes-cbc", 256, "sha512")] +
    [Algorithm("aes-ctr", bits, "sha256") for bits in (128, 192, 256)] +
    [Algorithm("null", 0, "sha256"), Algorithm("null", 0, "sha1")] +
    [Algorithm("3des", 192, "sha1"), Algorithm("3des", 192, "md5"),
     Algorithm("des", 64, "md5")])


# -- our side ----------------------------------------------------------------

def packed(address):
    return ipaddress.ip_address(address).packed


def line(src, dst, **more):
    """What a line of an access list, or a selector, matches."""
    src, dst = ipaddress.ip_network(src), ipaddress.ip_network(dst)
    return {"protocol": 0, "src": src.network_address.packed, "src-mask": src.netmask.packed,
            "dst": dst.network_address.packed, "dst-mask": dst.netmask.packed, **more}


class Esp(Client):
    """The family vpnha; addresses are text."""

    def __init__(self, namespace, schema=""):
        super().__init__(namespace, schema)
        self.ends = {}      # (direction, SPI): destination of an SA

    def encode(self, space, attributes):
        encoded = {}
        for name, value in attributes.items():
            name = name.replace("_", "-")
            spec = self.ynl.attr_sets[space][name]
            if isinstance(value, dict):
                value = self.encode(spec["nested-attributes"], value)
            elif isinstance(value, list):
                value = [self.encode(spec["nested-attributes"], one) if isinstance(one, dict)
                         else packed(one) if spec.type == "binary" else one for one in value]
            elif spec.type == "binary" and isinstance(value, str):
                value = packed(value)
            if value is not None:
                encoded[name] = value
        return encoded

    def drops(self):
        """{reason: packets} of the namespace."""
        return {drop["reason"]: drop["packets"]
                for drop in self.do("esp-stats-get").get("drop", ())}

    def sas(self, **match):
        return [sa for sa in self.dump("sa-get")
                if all(sa.get(name.replace("_", "-")) == value for name, value in match.items())]

    def sa(self, direction, spi):
        """The SA of a direction and an SPI. Where it ends is its key, too, and found out
        once at most: to read all SAs each time takes a hundred times as long as one."""
        dst = self.ends.get((direction, spi))
        if dst is None:
            dst = self.ends[direction, spi] = self.sas(direction=direction, spi=spi)[0]["dst"]
        return self.do("sa-get", direction=direction, spi=spi, dst=dst)


def sa_drops(sa):
    return {drop["reason"]: drop["packets"] for drop in sa.get("drop", ())}


def added(before, after):
    """What counters have grown by."""
    return {name: value - before.get(name, 0) for name, value in after.items()
            if value != before.get(name, 0)}


class Site:
    """Host, gateway and peer, with a crypto map whose SAs come over netlink: an
    entry in tunnel mode, and one in transport mode between the two ends."""

    SPI_OUT, SPI_IN = 0x1000, 0x2000

    def __init__(self, topology, mtu=1500):
        self.topology = topology
        self.host, self.gateway, self.peer = topology.add("host", "gw", "peer")
        for namespace in (self.host, self.gateway, self.peer):
            namespace.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 "
                         "net.ipv6.conf.default.disable_ipv6=0 "
                         "net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 "
                         "net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
        topology.cable(self.gateway, "eth1", self.host, "eth0")
        topology.cable(self.gateway, "eth0", self.peer, "eth0")
        self._addresses(mtu)
        self.esp = Esp(self.gateway)
        self.xfrm = xfrm.Xfrm(self.peer)
        self.wire = Capture(self.gateway, "eth0")
        self.traffic = Traffic(self)
        self.serial = 0

    def _addresses(self, mtu):
        host, gateway, peer = [], [], []
        if mtu != 1500:
            for commands, name in ((host, "eth0"), (gateway, "eth0"), (gateway, "eth1"),
                                   (peer, "eth0")):
                commands.append(f"link set {name} mtu {mtu}")
        for version in (4, 6) if mtu >= 1280 else (4,):
            bits = NETWORK_BITS[version]
            nodad = " nodad" if version == 6 else ""
            host += [f"addr add {HOST[version]}/{bits} dev eth0{nodad}",
                     f"route add default via {ROUTER[version]}"]
            gateway += [f"addr add {ROUTER[version]}/{bits} dev eth1{nodad}",
                        f"addr add {GATEWAY[version]}/{bits} dev eth0{nodad}"]
            gateway += [f"route add {ipaddress.ip_interface(f'{one}/{bits}').network} "
                        f"via {PEER[version]}"
                        for one in (GUARD[version], DENIED[version])]
            peer += [f"addr add {PEER[version]}/{bits} dev eth0{nodad}"]
            peer += [f"addr add {one}/{BITS[version]} dev lo{nodad}"
                     for one in (DEVICE[version], GUARD[version], DENIED[version])]
            peer += [f"route add {HOST_NET[version]} via {GATEWAY[version]}"]
        for namespace, commands in ((self.host, host), (self.gateway, gateway),
                                    (self.peer, peer)):
            batch(namespace, commands)
        self.versions = (4, 6) if mtu >= 1280 else (4,)

    def lines(self):
        """The access lists: what goes through the tunnel, and between the ends."""
        operations = []
        for version in self.versions:
            operations += [
                ("acl-new", {"name": "tunnel", "number": 10 * version, "action": "deny",
                             **line(HOST_NET[version],
                                    f"{DENIED[version]}/{BITS[version]}")}),
                ("acl-new", {"name": "tunnel", "number": 10 * version + 1, "action": "permit",
                             **line(HOST_NET[version], PEER_NET[version])}),
                ("acl-new", {"name": "transport", "number": 10 * version, "action": "permit",
                             **line(f"{GATEWAY[version]}/{BITS[version]}",
                                    f"{PEER[version]}/{BITS[version]}")})]
        return operations

    def configure(self, algorithm=GCM, outer=4, transport=True, **binding):
        """The crypto map, with all that belongs to it, and routes into its device."""
        entries = [("tunnel", TUNNEL)] + [("transport", TRANSPORT)] * transport
        self.esp.batch(
            ("transform-set-new", {"name": "tunnel", **algorithm.transform_set()}),
            ("transform-set-new", {"name": "transport",
                                   **algorithm.transform_set("transport")}),
            *self.lines(),
            *[("map-new", {"name": "vpn", "number": number, "kind": "isakmp",
                           "peer": [PEER[outer]], "transform-set": [name], "acl": name})
              for name, number in entries],
            ("binding-new", {"ifname": "eth0", "map": "vpn", **binding}))
        self.routes()

    def routes(self):
        """Into the tunnel device, which a new binding makes anew."""
        self.device = self.esp.do("binding-get", ifname="eth0")["device"]
        batch(self.gateway, [
            f"route replace "
            f"{ipaddress.ip_interface(f'{DEVICE[version]}/{NETWORK_BITS[version]}').network} "
            f"dev {self.device}" for version in self.versions])

    def gateway_routes(self):
        """By the peer; they go with the interface."""
        batch(self.gateway, [
            f"route replace {ipaddress.ip_interface(f'{one}/{NETWORK_BITS[version]}').network} "
            f"via {PEER[version]}" for version in self.versions
            for one in (GUARD[version], DENIED[version])])

    def sa(self, direction, spi, algorithm, outer=4, mode="tunnel", natt=False, **more):
        """Attributes of an SA of ours."""
        ends = (GATEWAY[outer], PEER[outer])
        src, dst = ends if direction == "out" else ends[::-1]
        encap = {"encap-sport": NATT, "encap-dport": NATT} if natt else {}
        return {"ifname": "eth0", "map": "vpn",
                "number": TUNNEL if mode == "tunnel" else TRANSPORT, "direction": direction,
                "spi": spi, "src": src, "dst": dst, "mode": mode, **algorithm.attributes(),
                **encap, **more}

    def xfrm_sas(self, algorithm, spi_out, spi_in, outer=4, mode="tunnel", esn=False, natt=False,
                 reqid=1):
        """The peer's SAs, for ours of these SPIs."""
        kernel_mode = xfrm.TUNNEL if mode == "tunnel" else xfrm.TRANSPORT
        encap = (NATT, NATT) if natt else None
        self.xfrm.add_sa(GATEWAY[outer], PEER[outer], spi_out, algorithm, kernel_mode, reqid,
                         esn, encap=encap)
        self.xfrm.add_sa(PEER[outer], GATEWAY[outer], spi_in, algorithm, kernel_mode, reqid, esn,
                         encap=encap)

    def xfrm_policies(self, outer=4, mode="tunnel", inner=(4, 6), reqid=1):
        """The peer sends and takes nothing of that in clear."""
        if mode == "transport":
            ends = [f"{one[outer]}/{BITS[outer]}" for one in (GATEWAY, PEER)]
            for protocol in (socket.IPPROTO_UDP, socket.IPPROTO_TCP):
                self.xfrm.add_policy(xfrm.IN, *ends, reqid=reqid, protocol=protocol)
                self.xfrm.add_policy(xfrm.OUT, *ends[::-1], reqid=reqid, protocol=protocol)
            return
        for version in inner:
            for inside in (DEVICE, GUARD):
                nets = (HOST_NET[version], f"{inside[version]}/{BITS[version]}")
                self.xfrm.add_policy(xfrm.IN, *nets, (GATEWAY[outer], PEER[outer]), reqid)
                self.xfrm.add_policy(xfrm.OUT, *nets[::-1], (PEER[outer], GATEWAY[outer]), reqid)

    def connect(self, algorithm=GCM, outer=4, mode="tunnel", esn=False, natt=False, **more):
        """SAs at both ends; returns the SPIs. They are new ones every time."""
        self.serial += 1
        out, into = self.SPI_OUT + self.serial, self.SPI_IN + self.serial
        self.xfrm.flush()
        self.xfrm_sas(algorithm, out, into, outer, mode, esn, natt)
        self.xfrm_policies(outer, mode)
        sas = [self.sa(direction, spi, algorithm, outer, mode, natt, esn=int(esn), **more)
               for direction, spi in (("out", out), ("in", into))]
        self.esp.batch(*[("sa-new", sa) for sa in sas])
        self.esp.ends.update({(sa["direction"], sa["spi"]): sa["dst"] for sa in sas})
        return out, into

    def disconnect(self):
        self.esp.do("esp-clear")
        self.xfrm.flush()


def batch(namespace, commands):
    """Several commands of ip in one process."""
    sh(f"ip -n {namespace.name} -batch - <<'END'\n" + "\n".join(commands) + "\nEND")


class Capture(Wire):
    """All frames of an interface, those that leave too. One that has no addresses
    of the link layer will do."""

    def __init__(self, namespace, ifname):
        self.namespace, self.ifname = namespace, ifname
        self.mac = namespace.json(f"link show {ifname}")[0].get("address")
        self.socket = namespace.inside(self._open)
        self.heard = []

    def pull(self, timeout=0):
        new = []
        while select.select([self.socket], [], [], 0 if new else timeout)[0]:
            try:
                new.append(self.receive()[0])
            except OSError as error:
                # told once; what was captured before is still there
                if error.errno != errno.ENETDOWN:
                    raise
        self.heard += new
        return new


# -- traffic -----------------------------------------------------------------

class Lost(Exception):
    """A packet did not get there, with what is known of it."""


class Traffic:
    """Sockets in the namespaces, for packets through the gateway (tunnel) and
    between the gateway and the peer (transport)."""

    ECHO = 7007
    MARKER = b"what is in front of this is lost "

    def __init__(self, site):
        self.site = site
        self.markers = 0
        self.udp = {}
        for version in site.versions:
            for name, namespace, port in (("host", site.host, self.ECHO + 1),
                                          ("gateway", site.gateway, self.ECHO + 1),
                                          ("peer", site.peer, self.ECHO)):
                self.udp[name, version] = namespace.inside(self._socket, version, port)
        self.listener = {version: site.peer.inside(self._listen, version)
                         for version in site.versions}
        # Packets to this port go to the kernel's IPsec.
        self.natt = [site.peer.inside(self._natt, version) for version in site.versions]

    @staticmethod
    def _socket(version, port):
        sock = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
        if version == 6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        else:
            ip_pktinfo, ip_mtu_discover, dont = 8, 10, 0
            sock.setsockopt(socket.IPPROTO_IP, ip_mtu_discover, dont)
            sock.setsockopt(socket.IPPROTO_IP, ip_pktinfo, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.bind(("", port))
        return sock

    @staticmethod
    def _listen(version):
        sock = socket.socket(FAMILY[version])
        if version == 6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", Traffic.ECHO))
        sock.listen(16)
        return sock

    @staticmethod
    def _natt(version):
        sock = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
        if version == 6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # policies look at what it takes out of UDP, not at UDP itself
        for direction in (xfrm.IN, xfrm.OUT):
            xfrm.bypass(sock, version, direction)
        sock.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP, ESPINUDP)
        sock.bind(("", NATT))
        return sock

    def losses(self):
        """What may have become of a packet, at both ends."""
        return {**self.site.esp.drops(), **self.site.xfrm.errors()}

    def drain(self):
        """Forgets what came before."""
        for sock in self.udp.values():
            while select.select([sock], [], [], 0)[0]:
                sock.recv(65536)

    def receive(self, sock, before, what, follow=None):
        """The next datagram, and where it came from and to. When it does not come,
        follow() sends others after it: what these overtake is lost."""
        overtaken, waited = 0, 0
        while True:
            if select.select([sock], [], [], 0.5)[0]:
                data, control, _, sender = sock.recvmsg(65536, 256)
                if not data.startswith(self.MARKER):
                    return data, control, sender[:2]
                # those of packets before may still be there
                overtaken += data == self._marker()
                if overtaken < 3:
                    continue
            lost = added(before, self.losses())
            if lost or overtaken == 3:
                self.markers += 1
                raise Lost(f"{what}: lost: {lost or 'later ones get there'}")
            waited += 0.5
            if waited > HANGS:
                raise Hang(f"{what}: not there")
            if follow:
                follow(self._marker())

    def _marker(self):
        return self.MARKER + b"%d" % self.markers

    def exchange(self, inner, sizes, target, near="host"):
        """Datagrams of these sizes to the peer's address, and back."""
        one, other = self.udp[near, inner], self.udp["peer", inner]
        before = self.losses()
        for size in sizes:
            sent = key_of(f"{size} {target}", size)
            one.sendto(sent, (target, self.ECHO))
            data, control, sender = self.receive(
                other, before, f"{size} bytes to {target}",
                lambda marker: one.sendto(marker, (target, self.ECHO)))
            self.markers += 1
            if data != sent:
                raise Lost(f"{size} bytes to {target}: changed on their way")
            # from the address that they were sent to
            other.sendmsg([data], control, 0, sender)
            data = self.receive(
                one, before, f"{size} bytes from {target}",
                lambda marker, control=control, sender=sender:
                other.sendmsg([marker], control, 0, sender))[0]
            self.markers += 1
            if data != sent:
                raise Lost(f"{size} bytes from {target}: changed on their way")

    def stream(self, inner, target, length, near="host"):
        """A TCP connection to the peer, which sends back what it gets."""
        namespace = self.site.host if near == "host" else self.site.gateway
        client = namespace.inside(socket.socket, FAMILY[inner])
        server = None
        data = key_of(f"tcp {target}", length)
        try:
            client.setblocking(False)
            client.connect_ex((target, self.ECHO))
            self._ready([self.listener[inner]], [], f"connection to {target}")
            server = self.listener[inner].accept()[0]
            server.setblocking(False)
            echo = self._pump(client, server, data)
            if echo != data:
                raise Lost(f"{length} bytes over TCP to {target}: changed on their way")
            back = self._pump(server, client, echo)
            if back != data:
                raise Lost(f"{length} bytes over TCP from {target}: changed on their way")
        finally:
            # nothing of it is to come later
            for sock in (client, server):
                if sock:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    sock.close()

    def _ready(self, readers, writers, what):
        waited = 0
        while True:
            readable, writable, _ = select.select(readers, writers, [], 1)
            if readable or writable:
                return readable, writable
            waited += 1
            if waited > HANGS:
                raise Hang(f"{what}: nothing moves; {self.losses()}")

    def _pump(self, sender, receiver, data):
        sent, received = 0, []
        length = 0
        while length < len(data):
            readable, writable = self._ready(
                [receiver], [sender] if sent < len(data) else [], "TCP")
            if writable:
                sent += sender.send(data[sent:])
            if readable:
                got = receiver.recv(1 << 20)
                if not got:
                    break
                received.append(got)
                length += len(got)
        return b"".join(received)

    def frame_limit(self, inner, mtu):
        """IPv6 is fragmented by who sends it, or not at all."""
        if inner == 6:
            ipv6_mtu = 24
            for name in ("host", "gateway", "peer"):
                self.udp[name, 6].setsockopt(socket.IPPROTO_IPV6, ipv6_mtu, mtu)
