# SPDX-License-Identifier: GPL-2.0
"""The path that is measured: S - gateway A - gateway B - D, each a namespace of
one guest. Its time is instructions executed, so what is told here in nanoseconds
is a number of instructions, of all four together."""

import json
import os
import re
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "netlink"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Namespace, sh, wait  # noqa: E402

S, A, B, D = "10.1.0.2", "10.0.0.1", "10.0.0.2", "10.2.0.2"
NETS = ("10.1.0.0/24", "10.2.0.0/24")
# Behind D, for many tunnels: a host for each.
FAR = "10.3.0.0/16"
# What XFRM asks for has the maker of its IVs around what we ask for.
ALGORITHMS = ("seqiv(rfc4106(gcm(aes)))", "echainiv(authenc(hmac(sha256),cbc(aes)))",
              "authenc(hmac(sha256),ecb(cipher_null))")
STREAM_PORT, WARM, STREAM = 5001, 16 << 20, 64 << 20


def is_ready(algorithm):
    """The crypto API gives up on an algorithm whose module takes a minute to load;
    a guest of this kind takes that for long, as it does not see the disk's time."""
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as user:
        try:
            user.bind(("aead", algorithm))
        except OSError:
            return False
    return True


class Path:
    """The four namespaces."""

    def __init__(self):
        sh("modprobe -a veth pktgen esp4 xfrm_user aesni_intel nf_tables wireguard "
           "2>/dev/null || :")
        for algorithm in ALGORITHMS:
            wait(lambda name=algorithm: is_ready(name), f"there is {algorithm}")
        self.s, self.a, self.b, self.d = (Namespace(name) for name in "sabd")
        for space in (self.a, self.b):
            space.sh("sysctl -qw net.ipv4.ip_forward=1")
        for one, dev, ip, other, peer, peer_ip in (
                (self.s, "sa", S, self.a, "as", "10.1.0.1"),
                (self.a, "ab", A, self.b, "ba", B),
                (self.b, "bd", "10.2.0.1", self.d, "db", D)):
            sh(f"ip link add {dev} netns {one.name} type veth "
               f"peer name {peer} netns {other.name}")
            one.sh(f"ip addr add {ip}/24 dev {dev}; ip link set {dev} up; "
                   f"ethtool -K {dev} gro on")
            other.sh(f"ip addr add {peer_ip}/24 dev {peer}; ip link set {peer} up; "
                     f"ethtool -K {peer} gro on")
        self.s.sh("ip route add default via 10.1.0.1")
        self.b.sh(f"ip route add {FAR} via {D}")
        self.d.sh("ip route add default via 10.2.0.1; nft 'add table netdev t; "
                  "add chain netdev t i { type filter hook ingress device db priority 0; }'")
        self.direct()
        self.mac = json.loads(self.a.sh("ip -j link show dev as"))[0]["address"]
        self.s.sh(f"ping -c 1 {D}")

    def route(self, a, b):
        self.a.sh(f"ip route replace {NETS[1]} {a}; ip route replace {FAR} {a}")
        self.b.sh(f"ip route replace {NETS[0]} {b}")

    def direct(self):
        self.route(f"via {B}", f"via {A}")

    def packets(self, size, count, first=D, last=D):
        """Instructions for each UDP packet from S to where D drops it; the
        destinations are taken in turn."""
        self.d.sh("nft flush chain netdev t i; "
                  "nft 'add rule netdev t i udp dport 9 counter drop'")
        words = (f"pkt_size {size}", f"count {count}", "delay 0", f"dst_min {first}",
                 f"dst_max {last}", f"src_min {S}", f"src_max {S}",
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

    def stream(self):
        """Instructions for each KiB of a TCP stream from S to D that is under way,
        those of the two hosts among them."""
        listener = self.d.inside(socket.create_server, (D, STREAM_PORT))
        sender = os.fork()
        if not sender:
            try:
                self.s.inside(_send, WARM + STREAM)
                os._exit(0)
            finally:
                os._exit(1)
        connection, _ = listener.accept()
        listener.close()
        begin = 0
        with connection:
            buffer, got = bytearray(1 << 20), 0
            while got < WARM + STREAM:
                now = connection.recv_into(buffer)
                if not now:
                    raise RuntimeError(f"the stream ended after {got} bytes")
                if got < WARM <= got + now:
                    begin, warm = time.monotonic_ns(), got + now
                got += now
            spent = time.monotonic_ns() - begin
        if os.waitpid(sender, 0)[1]:
            raise RuntimeError("the sender of the stream failed")
        return spent * 1024 / (got - warm)


def _send(count):
    data = bytes(1 << 20)
    with socket.create_connection((D, STREAM_PORT)) as connection:
        while count:
            count -= connection.send(data[:count])
