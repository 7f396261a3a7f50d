# SPDX-License-Identifier: GPL-2.0
"""The kernel's own IPsec in a namespace, over netlink: faster than a process for
each change, and refusals come as an errno."""

import errno
import ipaddress
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Netlink, RawNetlink  # noqa: E402

NETLINK_XFRM = 6

NEWSA, DELSA, GETSA, NEWPOLICY, UPDPOLICY, FLUSHSA, FLUSHPOLICY = (
    0x10, 0x11, 0x12, 0x13, 0x19, 0x1c, 0x1d)

ALG_CRYPT, ENCAP, TMPL, ALG_AEAD, ALG_AUTH_TRUNC, REPLAY_ESN_VAL = 2, 4, 5, 18, 20, 23

TRANSPORT, TUNNEL = 0, 1
IN, OUT, FWD = 0, 1, 2

STATE_AF_UNSPEC, STATE_ESN = 32, 128
ENCAP_ESPINUDP = 2
FOREVER = struct.pack("=8Q", *[2 ** 64 - 1] * 4, 0, 0, 0, 0)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _address(text):
    return ipaddress.ip_address(text).packed.ljust(16, b"\0")


def _selector(src, dst, protocol=0, family=None):
    src, dst = ipaddress.ip_network(src), ipaddress.ip_network(dst)
    return struct.pack("=16s16sHHHHHBBB3xiI", dst.network_address.packed,
                       src.network_address.packed, 0, 0, 0, 0,
                       family or family_of(str(src)), dst.prefixlen, src.prefixlen, protocol,
                       0, 0)


def _id(dst, spi):
    return _address(dst) + struct.pack("!IB3x", spi, socket.IPPROTO_ESP)


def _attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def _algorithm(name, key, *lengths):
    return struct.pack(f"=64sI{len(lengths)}I", name.encode(), len(key) * 8, *lengths) + key


def _policy(selector, direction):
    return (selector + FOREVER + struct.pack("=4Q", 0, 0, 0, 0) +
            struct.pack("=IIBBBB4x", 1000, 0, direction, 0, 0, 0))


def bypass(sock, version, direction):
    """Lets a socket send and take everything in clear, as a keying daemon's."""
    level, option = ((socket.IPPROTO_IP, 17) if version == 4 else (socket.IPPROTO_IPV6, 35))
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    anything = struct.pack("=40xHBBB3xiI", family, 0, 0, 0, 0, 0)
    sock.setsockopt(level, option, _policy(anything, direction))


class State:
    """What an SA of the kernel says of itself."""

    def __init__(self, data):
        self.spi = struct.unpack_from("!I", data, 72)[0]
        self.bytes, self.packets = struct.unpack_from("=QQ", data, 160)
        self.replayed, self.bad_window, self.bad_icv = (
            struct.unpack_from("=III", data, 192)[i] for i in (1, 0, 2))


class Xfrm:
    """SAs and policies of a namespace."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.netlink = RawNetlink(namespace, NETLINK_XFRM)

    def add_sa(self, src, dst, spi, algorithm, mode=TUNNEL, reqid=1, esn=False, window=64,
               encap=None, seq=0, oseq=0):
        """An SA; it is inbound or outbound by who uses it."""
        inner = struct.pack("=56x") if mode == TUNNEL else _selector(
            src, dst, family=family_of(src))
        flags = (STATE_ESN if esn else 0) | (STATE_AF_UNSPEC if mode == TUNNEL else 0)
        info = (inner + _id(dst, spi) + _address(src) + FOREVER + struct.pack("=4Q", 0, 0, 0, 0) +
                struct.pack("=IIIIIHBBB7x", 0, 0, 0, 0, reqid, family_of(src), mode, 0, flags))
        attributes = b""
        if algorithm.aead:
            attributes += _attribute(ALG_AEAD, _algorithm(
                algorithm.aead, algorithm.cipher_key, algorithm.icv_bits))
        else:
            attributes += _attribute(ALG_CRYPT, _algorithm(algorithm.crypt, algorithm.cipher_key))
            attributes += _attribute(ALG_AUTH_TRUNC, _algorithm(
                algorithm.hmac, algorithm.auth_key, algorithm.icv_bits))
        words = (window + 31) // 32
        attributes += _attribute(REPLAY_ESN_VAL, struct.pack(
            f"=6I{words}I", words, oseq & 0xffffffff, seq & 0xffffffff, oseq >> 32, seq >> 32,
            window, *[0] * words))
        if encap:
            attributes += _attribute(ENCAP, struct.pack("=HHHH16x", ENCAP_ESPINUDP,
                                                        socket.htons(encap[0]),
                                                        socket.htons(encap[1]), 0))
        self.netlink.request(NEWSA, Netlink.NLM_F_ACK, info + attributes)

    def delete_sa(self, dst, spi):
        self.netlink.request(DELSA, Netlink.NLM_F_ACK, _address(dst) + struct.pack(
            "!I", spi) + struct.pack("=HBx", family_of(dst), socket.IPPROTO_ESP))

    def add_policy(self, direction, src, dst, tunnel=None, reqid=1, protocol=0, kind=NEWPOLICY):
        """Packets from src to dst need an SA; tunnel is a pair of ends. UPDPOLICY takes the
        place of one that is there."""
        info = _policy(_selector(src, dst, protocol), direction)
        ends = tunnel or (str(ipaddress.ip_network(src).network_address),
                          str(ipaddress.ip_network(dst).network_address))
        template = (_id(ends[1], 0) + struct.pack("=H2x", family_of(ends[0])) +
                    _address(ends[0]) + struct.pack("=IBBBxIII", reqid,
                                                    TUNNEL if tunnel else TRANSPORT, 0, 0,
                                                    *[0xffffffff] * 3))
        self.netlink.request(kind, Netlink.NLM_F_ACK, info + _attribute(TMPL, template))

    def states(self):
        return {state.spi: state for state in map(State, self.netlink.request(
            GETSA, Netlink.NLM_F_DUMP, b""))}

    def flush(self):
        for kind, data in ((FLUSHSA, b"\0"), (FLUSHPOLICY, b"")):
            try:
                self.netlink.request(kind, Netlink.NLM_F_ACK, data)
            except OSError as error:
                # nothing was there
                if error.errno != errno.ESRCH:
                    raise

    def errors(self):
        """Counters of /proc/net/xfrm_stat that are not zero."""
        def read():
            with open("/proc/thread-self/net/xfrm_stat", encoding="ascii") as stat:
                return dict(line.split() for line in stat)
        return {name: int(value) for name, value in self.namespace.inside(read).items()
                if int(value)}
