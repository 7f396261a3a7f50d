# SPDX-License-Identifier: GPL-2.0
"""vpnhad in a namespace, with the kernel module's crypto map there."""

import ipaddress
import json
import os
import socket

from daemon import TOP, Daemon, Hang, Refused, Sa, wait
from ikelab import Client, host

TOOLS = os.path.join(TOP, "build", "tools")
RELEASE = os.path.join(TOOLS, "vpnhad")
#: the same with keys in a form that tshark knows, never for use
KEYLOG = os.path.join(TOP, "build", "selftests", "ike", "vpnhad_keylog")

INTERFACE, MAP, NUMBER = "eth0", "lab", 10


def is_address(text):
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def masked(net):
    """Network and wildcard, as a line of an access list has them."""
    net = ipaddress.ip_network(net)
    return str(net) if net.version == 6 else f"{net.network_address} {net.hostmask}"


def _identity(side):
    if side.identity == "dn":
        return "dn"
    return f"{'address' if is_address(side.identity) else 'fqdn'} {side.identity}"


def _match(side):
    if side.identity == "dn":
        return "any"
    if is_address(side.identity):
        return f"address {ipaddress.ip_network(side.identity)}"
    return f"fqdn {side.identity}"


def _auth(side):
    if not side.certificate:
        return "pre-share"
    return {"rsa": "rsa-sig", "ecdsa": "ecdsa-sig"}[side.certificate.family]


def _policy(one):
    lines = []
    for number, ike in enumerate(one.ike):
        lines += [f"crypto ikev2 proposal lab{number}", f" encryption {ike.encryption}",
                  *([f" integrity {ike.integrity}"] if ike.integrity else []),
                  f" prf {ike.prf}", f" group {ike.group}"]
    return lines + ["crypto ikev2 policy lab",
                    *[f" proposal lab{number}" for number in range(len(one.ike))]]


def _keyring(one):
    lines = ["crypto ikev2 keyring lab", " peer far", f"  address {one.remote.address}",
             f"  pre-shared-key {one.secret}"]
    if one.ppk:
        lines.append(f"  ppk manual id {one.ppk[0]} key {one.ppk[1]}" +
                     (" required" if one.ppk_required else ""))
    return lines


def _trustpoint(one):
    certificate = one.local.certificate
    lines = ["crypto pki trustpoint lab"]
    lines += [f" ca {authority.certificate}" for authority in one.authorities]
    if certificate:
        lines += [f" certificate {certificate.bundle}",
                  f" private-key {certificate.private_key}"]
    lines += [f" crl {path}" for path in one.crls] + [f" ocsp {path}" for path in one.ocsp]
    ways = [way for way, files in (("crl", one.crls), ("ocsp", one.ocsp)) if files]
    return lines + [f" revocation-check {' '.join(ways or ['none'])}"]


def _profile(one):
    lines = ["crypto ikev2 profile lab", f" match identity remote {_match(one.remote)}",
             f" identity local {_identity(one.local)}",
             f" authentication local {_auth(one.local)}",
             f" authentication remote {_auth(one.remote)}"]
    if not (one.local.certificate and one.remote.certificate) or one.ppk:
        lines.append(" keyring local lab")
    if one.ppk:
        lines.append(" keyring ppk lab")
    if one.authorities:
        lines.append(" pki trustpoint lab")
    if one.dpd:
        lines.append(f" dpd {one.dpd} 2 periodic")
    if one.ike_lifetime:
        lines.append(f" lifetime {one.ike_lifetime}")
    return lines


def config(one, interface=INTERFACE):
    """vpnha.conf of a connection as the local end sees it."""
    lines = _policy(one)
    if not (one.local.certificate and one.remote.certificate) or one.ppk:
        lines += _keyring(one)
    if one.authorities:
        lines += _trustpoint(one)
    lines += _profile(one)
    if one.cookies:
        lines.append("crypto ikev2 cookie-challenge 0")
    if one.fragmentation == "no":
        lines.append("no crypto ikev2 fragmentation")
    sets = [f"lab{number}" for number in range(len(one.esp))]
    for name, esp in zip(sets, one.esp):
        lines += [f"crypto ipsec transform-set {name} {esp.vpnha()}", " mode tunnel"]
    protocol = "ipv6" if ":" in one.local.address else "ip"
    lines += [f"access-list 101 permit {protocol} {masked(near)} {masked(far)}"
              for near in one.local.nets for far in one.remote.nets]
    lines += [f"crypto map {MAP} {NUMBER} ipsec-isakmp", f" set peer {one.remote.address}",
              f" set transform-set {' '.join(sets)}", " set ikev2-profile lab"]
    if one.esp[0].group:
        lines.append(f" set pfs group{one.esp[0].group}")
    if one.lifetime:
        lines.append(f" set security-association lifetime seconds {one.lifetime}")
    if one.kilobytes:
        lines.append(f" set security-association lifetime kilobytes {one.kilobytes}")
    lines += [" match address 101", f"interface {interface}", f" crypto map {MAP}"]
    return "\n".join(lines) + "\n"


class VpnHa(Daemon):
    """vpnhad; its configuration is text, or what config() makes of a connection. Traffic
    of the lab's host inside is what makes it begin."""

    NAME = "vpnhad"
    #: what begins a line of its log that says what went wrong
    FAULT = "<4>"
    #: what it has no shorter lifetimes than
    SECONDS, KILOBYTES = 120, 2560

    def __init__(self, lab, text="", keys=None, quiet=False, limits=()):
        """quiet is as a service, which does not log each step; limits are lines of any
        configuration."""
        super().__init__(lab.topology, lab.gateway)
        self.lab = lab
        self.socket = self.path("vpnhad.sock")
        self.file = self.write("vpnha.conf", text)
        self.keys, self.quiet, self.limits = keys, quiet, limits
        self.module = None

    def argv(self):
        return [KEYLOG if self.keys else RELEASE, "-f", self.file, "-s", self.socket,
                *(("-u", "root") if self.quiet else ("-n",))]

    def environment(self):
        return {"VPNHAD_KEYLOG": self.keys} if self.keys else {}

    def ctl(self, *arguments, check=True):
        return self.run(os.path.join(TOOLS, "vpnhactl"), "-s", self.socket, *arguments,
                        check=check)

    def show(self, *words):
        return json.loads(self.ctl("-j", "show", *words))

    def ready(self):
        if not os.path.exists(self.socket):
            return False
        try:
            self.ask("ike-sa")
        except (OSError, ValueError):
            return False
        return True

    def ask(self, what):
        """What vpnhactl would show; a process for each look would cost more than all else."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.connect(self.socket)
            sock.sendall(json.dumps({"op": "show", "what": what, "detail": True}).encode() +
                         b"\n")
            with sock.makefile(encoding="utf-8") as answer:
                return json.loads(answer.readline())["items"]

    def end(self, number):
        super().end(number)
        if os.path.exists(self.socket):
            os.unlink(self.socket)

    def flush(self):
        self.ctl("clear", "crypto", "sa")

    def configure(self, text):
        """Loads a configuration; raises Refused with what is wrong with it."""
        return self.ctl("load", self.write("vpnha.conf", text))

    def load(self, *connections):
        self.connections = {one.name: one for one in connections}
        return self.configure("".join([*(f"{line}\n" for line in self.limits),
                                       *(config(one) for one in connections)]))

    def sas(self):
        """IKE SAs that are up, and pairs of SAs that the kernel has."""
        found = [Sa("ike", ike["spi_i"], ike.get("profile", ""), (ike["spi_i"], ike["spi_r"]),
                    ike)
                 for ike in self.ask("ike-sa") if ike["state"].lower() in ("established", "ready")]
        self.module = self.module or Client(self.namespace)
        return found + [Sa("child", str(sa["spi"]), sa["map"], (f"{sa['spi']:08x}",), sa)
                        for sa in self.module.dump("sa-get") if sa["direction"] == "in"]

    def kernel_sas(self):
        found = []

        def look(node):
            if isinstance(node, dict):
                if "spi" in node and "direction" in node:
                    found.append(node)
                node = list(node.values())
            for one in node if isinstance(node, list) else ():
                look(one)
        look(self.show("crypto", "ipsec", "sa"))
        return found

    def errors(self):
        """Why tunnels are down, as it tells: [{"text", "theirs", "ours"}]."""
        return [one["last_error"] for what in ("ike-sa", "session")
                for one in self.ask(what) if one.get("last_error")]

    def counters(self):
        return self.ask("counters")[0]

    def drops(self):
        """{reason: packets} of all its SAs."""
        total = {}
        for sa in self.kernel_sas():
            for reason, packets in (sa.get("drops") or {}).items():
                total[reason] = total.get(reason, 0) + packets
        return total

    def unknown_spis(self):
        """Packets that came by SAs which the kernel did not have."""
        self.module = self.module or Client(self.namespace)
        return sum(drop["packets"] for drop in self.module.do("esp-stats-get").get("drop", ())
                   if drop["reason"] == "unknown-spi")

    def poke(self, net=0):
        """A datagram for what is behind the peer, from a host that is protected."""
        inside, outside = self.lab.nets()
        with self.lab.inside.inside(socket.socket, socket.AF_INET6 if self.lab.version == 6
                                    else socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((host(inside[net]), 0))
            sock.sendto(b"poke", (host(outside[net]), 9))

    def initiate(self, name="lab", timeout=0):
        """Traffic that wants the tunnel; until it is up, or it is told why it is not."""
        mark = self.mark()

        def over():
            self.poke()
            return self.children() or self.FAULT in self.since(mark)
        wait(over, f"{self.NAME} has a child SA, or says why not")
        if not self.children():
            raise Refused(f"{self.errors()}\n{self.tail()}")

    def clear(self):
        """No SA is left, nor is one on its way."""
        left = []

        def empty():
            left[:] = [*self.sas(), *self.ask("ike-sa")]
            if left:
                self.drop_all()
            return not left
        try:
            wait(empty, f"{self.NAME} has no SA")
        except Hang as hang:
            raise Hang(f"{hang}\n{left}") from None

    def drop_all(self):
        self.ctl("clear", "crypto", "session", check=False)
