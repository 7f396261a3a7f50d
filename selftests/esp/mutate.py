# SPDX-License-Identifier: GPL-2.0
"""ESP packets that are wrong in every way: inside, where only who has the key can
put it; behind the SPI; and from the outer header on."""

import struct

import openssl
from esplab import CBC, DEVICE, GATEWAY, GCM, HOST, NATT, PEER, Algorithm, Traffic
from packets import ESP, UDP, ip, udp

NULL = Algorithm("null", 0, "sha256")
INNER = {4: 4, 6: 41}
DEST_OPTIONS, HOP_BY_HOP, FRAGMENT = 60, 0, 44
MORE = 0x2000
FIRST = 10000

# (algorithm, mode, outer, NAT-T, ESN, window)
SAS = ((GCM, "tunnel", 4, False, False, 64), (GCM, "tunnel", 6, False, True, 4096),
       (CBC, "tunnel", 4, False, True, 64), (CBC, "tunnel", 6, True, False, 4096),
       (NULL, "tunnel", 4, False, False, 4096), (NULL, "tunnel", 6, False, False, 64),
       (GCM, "transport", 4, False, False, 64), (CBC, "transport", 6, False, False, 4096),
       (NULL, "transport", 4, True, False, 64), (NULL, "transport", 6, False, True, 64),
       (GCM, "tunnel", 4, True, False, 4096), (CBC, "transport", 4, True, False, 64))


def flip(rng, data, start=0, most=8):
    """The same with some bits changed."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, most)):
        if len(changed) > start:
            changed[rng.randrange(start, len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


class Stream:
    """What the peer sends on an inbound SA of ours. Numbers are those of one of
    several senders that share the SA."""

    def __init__(self, spi, sender, senders, algorithm, mode, outer, natt, esn, _window):
        self.spi, self.mode, self.outer, self.natt = spi, mode, outer, natt
        self.soft = openssl.Esp(algorithm, esn)
        # so that there are numbers that are too old
        self.seq, self.step = FIRST + sender, senders
        self.serial = 0x4000 | sender << 12
        self.whole = self.seal(*self.good(b"first"))

    def number(self):
        self.seq += self.step
        return self.seq

    # -- right -------------------------------------------------------------------

    def good(self, data, version=None):
        """(payload, next header) that is as it should be."""
        if self.mode == "tunnel":
            version = version or self.outer
            return udp(DEVICE[version], HOST[version], 7, Traffic.ECHO + 1, data), INNER[version]
        packet = udp(PEER[self.outer], GATEWAY[self.outer], 7, Traffic.ECHO + 1, data)
        return packet[20 if self.outer == 4 else 40:], UDP

    def seal(self, payload, next_header, padding=None):
        return self.soft.make(self.spi, self.number(), payload, next_header, padding=padding)

    def body(self, esp):
        """(protocol, what follows the outer IP header)"""
        if not self.natt:
            return ESP, esp
        return UDP, struct.pack("!HHHH", NATT, NATT, 8 + len(esp), 0) + esp

    def packet(self, esp, **more):
        protocol, body = self.body(esp)
        return ip(PEER[self.outer], GATEWAY[self.outer], protocol, body,
                  **{"identification": 0, **more})

    def fragments(self, esp, cuts, identification=None):
        """The packet in fragments that begin at these multiples of 8."""
        protocol, body = self.body(esp)
        self.serial = (self.serial & 0xf000) | (self.serial + 1) & 0xfff
        name = identification or self.serial
        places = [0, *sorted(set(cut for cut in cuts if 0 < cut * 8 < len(body)))]
        made = []
        for place, following in zip(places, places[1:] + [None]):
            part = body[place * 8:following and following * 8]
            more = following is not None
            if self.outer == 4:
                made.append(ip(PEER[4], GATEWAY[4], protocol, part, identification=name,
                               frag=place | MORE * more))
            else:
                header = struct.pack("!BBHI", protocol, 0, place << 3 | more, name)
                made.append(ip(PEER[6], GATEWAY[6], FRAGMENT, header + part))
        return made

    def headers(self, rng, esp):
        """With options, or extension headers, that a packet may have."""
        protocol, body = self.body(esp)
        if self.outer == 4:
            words = rng.randint(1, 10)
            packet = ip(PEER[4], GATEWAY[4], protocol, b"\1" * 4 * words + body, identification=0)
            header = bytearray(packet[:20 + 4 * words])
            header[0] += words
            return fix_checksum(header) + body
        chain = b""
        kinds = [DEST_OPTIONS] * rng.randint(1, 3)
        if rng.random() < 0.5:
            kinds[0] = HOP_BY_HOP
        for following in kinds[1:] + [protocol]:
            length = rng.choice((0, 0, 1, 5))
            # one option that pads all of it
            chain += bytes((following, length, 1, 8 * length + 4)) + bytes(8 * length + 4)
        return ip(PEER[6], GATEWAY[6], kinds[0], chain + body)

    # -- wrong: inside -------------------------------------------------------------

    def inside(self, rng):
        """Packets that are authentic, whatever they contain."""
        payload, following = self.good(rng.randbytes(rng.choice((0, 1, 8, 40, 200))),
                                       rng.choice((4, 6)))
        padding = None
        kind = rng.randrange(9)
        if kind == 0:
            payload = flip(rng, payload)
        elif kind == 1:
            # the headers, and a length that is none
            payload = flip(rng, payload[:48], most=3) + payload[48:]
        elif kind == 2:
            payload = payload[:rng.randrange(len(payload) + 1)]
        elif kind == 3:
            payload += rng.randbytes(rng.choice((1, 4, 100, 1200)))
        elif kind == 4:
            following = rng.randrange(256)
        elif kind == 5:
            padding = rng.randbytes(rng.choice((1, 2, 3, 4, 5, 17)))
            short = -(len(payload) + len(padding) + 1) % self.soft.block
            padding = rng.randbytes(short) + padding
        elif kind == 6:
            payload = self.chained(rng)
            following = INNER[6]
        elif kind == 7:
            payload = rng.randbytes(rng.choice((0, 1, 19, 20, 39, 40, 60, 300)))
            following = rng.choice((4, 41, 59, UDP))
        else:
            at = rng.choice((0, 2, 3, 4, 5, 6))
            lie = rng.choice((0, 1, 0x14, 0x27, 0x28, 0x45, 0x4f, 0x60, 0x7f, 0xff))
            payload = payload[:at] + bytes((lie,)) + payload[at + 1:]
        return self.seal(payload, following, padding)

    @staticmethod
    def chained(rng):
        """IPv6 with extension headers of whatever kind and length."""
        kinds = [rng.choice((0, 43, 44, 50, 51, 59, 60, 135, UDP)) for _ in range(rng.randint(1, 6))]
        data = b""
        for following in kinds[1:] + [UDP]:
            length = rng.choice((0, 0, 1, 3, 255))
            data += bytes((following, length)) + rng.randbytes(6 + 8 * min(length, 3))
        return ip(DEVICE[6], HOST[6], kinds[0], data)

    # -- wrong: what comes to the SA ---------------------------------------------------

    def behind_spi(self, rng):
        """Packets as the wire may garble them; the SA is found."""
        if rng.random() < 0.2:
            self.whole = self.seal(*self.good(rng.randbytes(rng.choice((1, 100, 700)))))
        esp = self.whole
        kind = rng.randrange(6)
        if kind == 0:
            return flip(rng, esp, 4)
        if kind == 1:
            return esp[:rng.randrange(8, len(esp) + 1)]
        if kind == 2:
            return esp + rng.randbytes(rng.choice((1, 2, 3, 4, 16, 600)))
        if kind == 3:
            number = rng.choice((rng.randrange(1 << 32), rng.randrange(2 * FIRST)))
            return esp[:4] + struct.pack("!I", number) + esp[8:]
        if kind == 4:
            return esp[:8] + rng.randbytes(rng.choice((0, 1, 15, 16, 17, 32, 48, 64, 1000)))
        return esp

    def counted(self, rng):
        """Frames' IP packets of one ESP packet that the SA has to account for."""
        esp = self.inside(rng) if rng.random() < 0.5 else self.behind_spi(rng)
        kind = rng.randrange(12)
        if kind == 0:
            # the kernel's own ESP in UDP over IPv6 takes no fragments
            if not (self.natt and self.outer == 6):
                return self.fragments(esp, [rng.randint(1, 20) for _ in range(rng.randint(1, 3))])
        elif kind == 1:
            return [self.headers(rng, esp)]
        elif kind == 2:
            # behind what the outer header says there is nothing
            return [self.packet(esp) + rng.randbytes(rng.choice((1, 30, 300)))]
        return [self.packet(esp)]

    # -- wrong: from the outer header on -------------------------------------------------

    def garbled(self, rng):
        """Frames' IP packets of which nothing can be said."""
        esp = self.behind_spi(rng)
        kind = rng.randrange(7)
        if kind == 0:
            return [flip(rng, self.packet(esp))]
        if kind == 1:
            return [flip(rng, self.packet(esp)[:60], most=3) + self.packet(esp)[60:]]
        if kind == 2:
            return [self.lie(rng, self.packet(esp))]
        if kind == 3:
            whole = self.packet(esp)
            return [whole[:rng.randrange(1, len(whole))]]
        if kind == 4:
            made = self.fragments(esp, [rng.randint(1, 20) for _ in range(rng.randint(1, 4))],
                                  0x8000 | rng.randrange(0x100))
            made = [one if rng.random() < 0.5 else flip(rng, one, most=2) for one in made]
            made += [rng.choice(made)] * rng.randint(0, 2)
            rng.shuffle(made)
            return made[rng.randint(0, 1):]
        if kind == 5:
            return [flip(rng, self.headers(rng, esp)[:120], most=3)]
        if self.natt:
            whole = self.packet(esp)
            at = (20 if self.outer == 4 else 40) + 4
            return [whole[:at] + struct.pack("!H", rng.choice((0, 7, 8, 15, 16, 17, 0xffff))) +
                    whole[at + 2:]]
        return [self.packet(rng.randbytes(rng.randrange(12)))]

    def lie(self, rng, packet):
        """Another length outside."""
        length = rng.choice((0, 1, 8, 19, 20, 21, 28, 40, len(packet) - 1, len(packet) + 1, 0xffff))
        if self.outer == 6:
            return packet[:4] + struct.pack("!H", length) + packet[6:]
        return fix_checksum(packet[:2] + struct.pack("!H", length) + packet[4:20]) + packet[20:]


def fix_checksum(header):
    """The header of IPv4 with the checksum that belongs to it."""
    header = bytes(header[:10]) + b"\0\0" + bytes(header[12:])
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return header[:10] + struct.pack("!H", total ^ 0xffff) + header[12:]
