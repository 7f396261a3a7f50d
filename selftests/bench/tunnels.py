# SPDX-License-Identifier: GPL-2.0
"""The tunnels between the gateways that are measured, by who makes them: the
kernel's own IPsec, the project, WireGuard. All of them in both directions, and
where there is such a thing with an anti-replay window of 64."""

import ipaddress
import struct
import subprocess

from netlink_family import Client
from netlink_raw import Bytes, Raw
from path import A, B, FAR, NETS, S

KEY = bytes(range(1, 21))
HMAC = bytes(range(32))
PER_BATCH = 500

# name, ours, XFRM's words
TRANSFORMS = {
    "gcm": ({"cipher": "aes-gcm", "cipher-key": KEY},
            f"aead rfc4106(gcm(aes)) 0x{KEY.hex()} 128"),
    "null": ({"cipher": "null", "auth": "sha256", "auth-key": HMAC},
             f"enc ecb(cipher_null) '' auth-trunc hmac(sha256) 0x{HMAC.hex()} 128"),
    "cbc_sha256": ({"cipher": "aes-cbc", "cipher-key": KEY[:16], "auth": "sha256",
                    "auth-key": HMAC},
                   f"enc cbc(aes) 0x{KEY[:16].hex()} auth-trunc hmac(sha256) "
                   f"0x{HMAC.hex()} 128"),
}


def host(at):
    """The one behind D that the tunnel of this number is for."""
    return ipaddress.ip_network(FAR)[at + 1]


def spis(at):
    """From A to B, and back: as good as random, as SPIs are, and each once."""
    return tuple((2 * at + 1 + back) * 2654435761 % (1 << 32) for back in (0, 1))


class Xfrm:
    """The kernel's own IPsec."""

    def __init__(self, path):
        self.path = path
        self.pairs = 0

    @staticmethod
    def _states(at, words):
        for src, dst, spi in ((A, B, spis(at)[0]), (B, A, spis(at)[1])):
            yield (f"xfrm state add src {src} dst {dst} proto esp spi {spi:#x} reqid {at + 1} "
                   f"mode tunnel {words} replay-window 64")

    @staticmethod
    def _policies(at, near, far, ways):
        for way, src, dst, one, other in ((ways[0], near, far, A, B), (ways[1], far, near, B, A)):
            yield (f"xfrm policy add src {src} dst {dst} dir {way} "
                   f"tmpl src {one} dst {other} proto esp reqid {at + 1} mode tunnel")

    def _add(self, words, pairs):
        for space, ways in ((self.path.a, ("out", "fwd")), (self.path.b, ("fwd", "out"))):
            with space.popen("ip", "-batch", "-", stdin=subprocess.PIPE) as ip:
                for at, near, far in pairs:
                    for line in (*self._states(at, words), *self._policies(at, near, far, ways)):
                        ip.stdin.write(line + "\n")
            if ip.returncode:
                raise RuntimeError("ip has not added what it should")

    def add_one(self, name):
        self._add(TRANSFORMS[name][1], [(0, *NETS)])

    def grow(self, count):
        """As many pairs of SAs at each gateway, each pair for a host of its own."""
        self._add(TRANSFORMS["gcm"][1],
                  [(at, f"{S}/32", f"{host(at)}/32") for at in range(self.pairs, count)])
        self.pairs = count

    def remove(self):
        for space in (self.path.a, self.path.b):
            space.sh("ip xfrm state flush; ip xfrm policy flush")
        self.pairs = 0


class Template:
    """An operation of a batch, made once for each tunnel: a request that a library
    makes is a hundred times as slow."""

    # what takes the place of a value, by the value's name; as long as that
    MARKS = {"number": b"\xf1\xf2\xf3\xf4", "spi": b"\xf5\xf6\xf7\xf8",
             "host": b"\xf9\xfa\xfb\xfc", "acl": b"#####"}

    def __init__(self, raw, operation, space, **values):
        self.data = raw.nest(operation, raw.attrs(space, **values)).place(0)

    def __call__(self, **values):
        data = self.data
        for name, value in values.items():
            data = data.replace(self.MARKS[name], value)
        return data


MARKED_NUMBER, MARKED_SPI = (struct.unpack("I", Template.MARKS[name])[0]
                             for name in ("number", "spi"))
MARKED_HOST, MARKED_ACL = Template.MARKS["host"], Template.MARKS["acl"].decode()


class End:
    """A gateway of ours: a crypto map on the interface towards the other one."""

    def __init__(self, space, dev, ends, out):
        self.dev, self.out = dev, out
        self.here, self.there = ends if out == 0 else ends[::-1]
        self.client = Client(space)
        self.raw = Raw(self.client, space)
        self.templates = None

    # -- one tunnel ----------------------------------------------------------

    def add_one(self, transform):
        near, far = (ipaddress.ip_network(net) for net in (NETS if not self.out else NETS[::-1]))
        self.client.batch(
            ("transform-set-new", {"name": "t", **{name: value for name, value
                                                   in transform.items() if "key" not in name}}),
            ("acl-new", {"name": "101", "number": 10, "action": "permit", "protocol": 0,
                         "src": near.network_address.packed, "src-mask": near.netmask.packed,
                         "dst": far.network_address.packed, "dst-mask": far.netmask.packed}),
            ("map-new", {"name": "vpn", "number": 1, "kind": "isakmp", "peer": [self.there],
                         "transform-set": ["t"], "acl": "101"}),
            ("binding-new", {"ifname": self.dev, "map": "vpn"}),
            *[("sa-new", {**self._sa(way, transform), "number": 1, "spi": spis(0)[back]})
              for way, back in (("out", self.out), ("in", 1 - self.out))])

    def _sa(self, way, transform):
        src, dst = (self.here, self.there)[::1 if way == "out" else -1]
        return {"direction": way, "src": src, "dst": dst, "ifname": self.dev, "map": "vpn",
                "replay-window": 64, **transform}

    def remove(self):
        self.client.delete_all()

    # -- many tunnels --------------------------------------------------------

    def _make_templates(self):
        gcm = TRANSFORMS["gcm"][0]
        near, far = ((S, MARKED_HOST) if not self.out else (MARKED_HOST, S))
        everyone = b"\xff\xff\xff\xff"
        self.templates = {
            "acl": Template(self.raw, "acl-new", "acl", name=MARKED_ACL, number=10,
                            action="permit", protocol=0, src=near, src_mask=everyone,
                            dst=far, dst_mask=everyone),
            "map": Template(self.raw, "map-new", "map", name="vpn", number=MARKED_NUMBER,
                            kind="isakmp", peer=self.there, transform_set=["t"], acl=MARKED_ACL),
            **{way: Template(self.raw, "sa-new", "sa", number=MARKED_NUMBER, spi=MARKED_SPI,
                             **{name.replace("-", "_"): value for name, value
                                in self._sa(way, gcm).items()})
               for way in ("in", "out")}}
        self.client.batch(("transform-set-new", {"name": "t", "cipher": gcm["cipher"]}))

    def _configuration(self, at):
        acl = b"%05d" % at
        yield self.templates["acl"](acl=acl, host=host(at).packed)
        yield self.templates["map"](acl=acl, number=struct.pack("I", at + 1))

    def _sas(self, at):
        for way, back in (("out", self.out), ("in", 1 - self.out)):
            yield self.templates[way](number=struct.pack("I", at + 1),
                                      spi=struct.pack("I", spis(at)[back]))

    def _request(self, tunnels, make):
        for first in range(tunnels.start, tunnels.stop, PER_BATCH):
            batch = range(first, min(first + PER_BATCH, tunnels.stop))
            answer = self.raw.request("batch", [Bytes(data) for at in batch for data in make(at)])
            if answer.error:
                raise RuntimeError(f"{self.dev}: tunnels {batch}: {answer}")

    def grow(self, have, count):
        """SAs go with the binding: all of them are made again."""
        if self.templates is None:
            self._make_templates()
        else:
            self.client.do("binding-del", ifname=self.dev)
        self._request(range(have, count), self._configuration)
        self.client.do("binding-new", ifname=self.dev, map="vpn")
        self._request(range(count), self._sas)


class Ours:
    """The project."""

    def __init__(self, path):
        self.path = path
        self.ends = (End(path.a, "ab", (A, B), 0), End(path.b, "ba", (A, B), 1))
        self.pairs = 0

    def add_one(self, name):
        for end in self.ends:
            end.add_one(TRANSFORMS[name][0])
        self.path.route("dev vpnha0", "dev vpnha0")

    def grow(self, count):
        """As many pairs of SAs at each gateway, each pair for a host of its own."""
        self.path.direct()
        for end in self.ends:
            end.grow(self.pairs, count)
        self.path.route("dev vpnha0", "dev vpnha0")
        self.pairs = count

    def remove(self):
        self.path.direct()
        for end in self.ends:
            end.remove()
        self.pairs = 0


class WireGuard:
    """What is in the kernel beside IPsec."""

    def __init__(self, path):
        self.path = path

    def add_one(self, _name):
        secrets = [self.path.a.sh("wg genkey").strip() for _ in range(2)]
        publics = [self.path.a.sh(f"wg pubkey <<< {secret}").strip() for secret in secrets]
        for space, secret, public, peer, net in (
                (self.path.a, secrets[0], publics[1], B, NETS[1]),
                (self.path.b, secrets[1], publics[0], A, NETS[0])):
            space.sh(f"ip link add wg0 type wireguard; wg set wg0 private-key <(echo {secret}) "
                     f"listen-port 5000 peer {public} endpoint {peer}:5000 allowed-ips {net}; "
                     "ip link set wg0 up")
        self.path.route("dev wg0", "dev wg0")

    def remove(self):
        self.path.direct()
        for space in (self.path.a, self.path.b):
            space.sh("ip link del wg0")
