#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""esp_bench.py OUTPUT: what ESP costs, in instructions per packet, beside XFRM.

pktgen in S -> gateway A -> ESP tunnel -> gateway B -> dropped in D. In a guest
whose time is instructions executed (one processor), the time of a packet is
their number. What plain forwarding costs is taken off both. Writes a list of
{"name", "unit", "ours", "peer", "peer_name", "ratio"} and prints a table."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "netlink"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Namespace, sh  # noqa: E402
from netlink_family import Client  # noqa: E402

SIZES = {64: 20000, 1400: 10000}
KEY = bytes(range(1, 21))
HMAC = bytes(range(32))
NETS = (bytes((10, 1, 0, 0)), bytes((10, 2, 0, 0)))
MASK = bytes((255, 255, 255, 0))
A, B = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))

# name of the figure, our transform set, XFRM's words, bytes of the cipher's key
TRANSFORMS = {
    "gcm": ({"cipher": "aes-gcm", "key-bits": 128},
            f"aead 'rfc4106(gcm(aes))' 0x{KEY.hex()} 128", 20),
    "null": ({"cipher": "null", "auth": "sha256"},
             f"enc 'ecb(cipher_null)' '' auth-trunc 'hmac(sha256)' 0x{HMAC.hex()} 128", 0),
    "cbc_sha256": ({"cipher": "aes-cbc", "key-bits": 128, "auth": "sha256"},
                   f"enc 'cbc(aes)' 0x{KEY[:16].hex()} auth-trunc 'hmac(sha256)' "
                   f"0x{HMAC.hex()} 128", 16),
}
FIGURES = (("gcm", 64), ("gcm", 1400), ("null", 64), ("cbc_sha256", 64), ("cbc_sha256", 1400))


class Path:
    """The four namespaces."""

    def __init__(self):
        sh("modprobe -a veth pktgen esp4 xfrm_user aesni_intel nf_tables 2>/dev/null || :")
        self.s, self.a, self.b, self.d = (Namespace(name) for name in "sabd")
        for space in (self.a, self.b):
            space.sh("sysctl -qw net.ipv4.ip_forward=1")
        for one, dev, ip, other, peer, peer_ip in (
                (self.s, "sa", "10.1.0.2", self.a, "as", "10.1.0.1"),
                (self.a, "ab", "10.0.0.1", self.b, "ba", "10.0.0.2"),
                (self.b, "bd", "10.2.0.1", self.d, "db", "10.2.0.2")):
            sh(f"ip link add {dev} netns {one.name} type veth "
               f"peer name {peer} netns {other.name}")
            one.sh(f"ip addr add {ip}/24 dev {dev}; ip link set {dev} up; "
                   f"ethtool -K {dev} gro on")
            other.sh(f"ip addr add {peer_ip}/24 dev {peer}; ip link set {peer} up; "
                     f"ethtool -K {peer} gro on")
        self.s.sh("ip route add 10.2.0.0/24 via 10.1.0.1")
        self.d.sh("ip route add 10.1.0.0/24 via 10.2.0.1; nft 'add table netdev t; "
                  "add chain netdev t i { type filter hook ingress device db priority 0; }'")
        self.route("via 10.0.0.2", "via 10.0.0.1")
        self.mac = json.loads(self.a.sh("ip -j link show dev as"))[0]["address"]
        self.s.sh("ping -c 1 10.2.0.2")

    def route(self, a, b):
        self.a.sh(f"ip route replace 10.2.0.0/24 {a}")
        self.b.sh(f"ip route replace 10.1.0.0/24 {b}")

    def measure(self, size, count):
        """Instructions for each packet from S to D."""
        self.d.sh("nft flush chain netdev t i; "
                  "nft 'add rule netdev t i udp dport 9 counter drop'")
        words = (f"pkt_size {size}", f"count {count}", "delay 0", "dst_min 10.2.0.2",
                 "dst_max 10.2.0.2", "src_min 10.1.0.2", "src_max 10.1.0.2",
                 f"dst_mac {self.mac}", "xmit_mode start_xmit", "udp_dst_min 9",
                 "udp_dst_max 9", "flag NO_TIMESTAMP")
        script = ["echo rem_device_all > /proc/net/pktgen/kpktgend_0",
                  "echo add_device sa > /proc/net/pktgen/kpktgend_0"]
        script += [f"echo {word} > /proc/net/pktgen/sa" for word in words]
        script += ["echo start > /proc/net/pktgen/pgctrl", "cat /proc/net/pktgen/sa"]
        result = self.s.sh("; ".join(script))
        usec = int(re.search(r"Result: OK: (\d+)", result).group(1))
        passed = int(re.search(r"packets (\d+)",
                               self.d.sh("nft list table netdev t")).group(1))
        if passed != count:
            raise RuntimeError(f"{count - passed} of {count} packets of {size} bytes were lost")
        return usec * 1000 / count

    def both(self):
        for size, count in SIZES.items():
            self.measure(size, count // 20)
        return {size: self.measure(size, count) for size, count in SIZES.items()}


def xfrm(path, words):
    for space, way in ((path.a, "out"), (path.b, "fwd")):
        space.sh(f"ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x101 reqid 1 "
                 f"mode tunnel {words} replay-window 64; "
                 f"ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir {way} "
                 "tmpl src 10.0.0.1 dst 10.0.0.2 proto esp reqid 1 mode tunnel")
    figures = path.both()
    for space in (path.a, path.b):
        space.sh("ip xfrm state flush; ip xfrm policy flush")
    return figures


def ours(path, clients, transform, key_len):
    ends = ((path.a, "ab", B, NETS, 0x101, 0x102), (path.b, "ba", A, NETS[::-1], 0x102, 0x101))
    for (_, dev, peer, nets, out, back), client in zip(ends, clients):
        keys = {"cipher-key": KEY[:key_len]} if key_len else {}
        if "auth" in transform:
            keys["auth-key"] = HMAC
        client.ynl.do("batch", {
            "transform-set-new": [{"name": "t", **transform}],
            "acl-new": [{"name": "101", "number": 10, "action": "permit", "protocol": 0,
                         "src": nets[0], "src-mask": MASK, "dst": nets[1], "dst-mask": MASK}],
            "map-new": [{"name": "vpn", "number": 10, "kind": "manual", "peer": [peer],
                         "transform-set": "t", "acl": "101",
                         "session-key-in": {"spi": back, **keys},
                         "session-key-out": {"spi": out, **keys}}],
            "binding-new": [{"ifname": dev, "map": "vpn"}]})
    path.route("dev vpnha0", "dev vpnha0")
    figures = path.both()
    path.route("via 10.0.0.2", "via 10.0.0.1")
    for (_, dev, *_), client in zip(ends, clients):
        client.ynl.do("batch", {
            "binding-del": [{"ifname": dev}], "map-del": [{"name": "vpn", "number": 10}],
            "acl-del": [{"name": "101", "number": 10}], "transform-set-del": [{"name": "t"}]})
    return figures


def main():
    path = Path()
    plain = path.both()
    results = {}
    for name, (transform, words, key_len) in TRANSFORMS.items():
        peer = xfrm(path, words)
        clients = [Client(space) for space in (path.a, path.b)]
        mine = ours(path, clients, transform, key_len)
        for size in SIZES:
            results[name, size] = (mine[size] - plain[size], peer[size] - plain[size])
    rows = []
    print("plain forwarding: " + ", ".join(f"{value:.0f} at {size} bytes"
                                            for size, value in plain.items()))
    print(f"{'':24}{'ours':>10}{'XFRM':>10}{'ratio':>8}   instructions above that")
    for name, size in FIGURES:
        mine, peer = results[name, size]
        rows.append({"name": f"esp_{name}_{size}", "unit": "instructions/packet",
                     "ours": round(mine), "peer": round(peer), "peer_name": "XFRM",
                     "ratio": round(mine / peer, 3)})
        print(f"{rows[-1]['name']:24}{mine:10.0f}{peer:10.0f}{mine / peer:8.2f}")
    with open(sys.argv[1], "w", encoding="ascii") as file:
        json.dump(rows, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
