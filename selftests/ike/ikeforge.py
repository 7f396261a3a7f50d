# SPDX-License-Identifier: GPL-2.0
"""Messages of IKE that nobody's daemon would write, with any field as one likes it. They are
made by the thousand where all is emulated: scapy would take ten times as long."""

import os
import struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

INIT, AUTH, CREATE, INFORM = 34, 35, 36, 37
SA, KE, IDI, IDR, CERT, CERTREQ, PROOF, NONCE, NOTIFY, DELETE, VENDOR, TSI, TSR, SK, CP, EAP = \
    range(33, 49)
SKF = 53
INITIATOR, RESPONSE = 0x08, 0x20

GROUP = 19
NOBODY = bytes(8)


def sa(*transforms, protocol=1, spi=b"", number=1):
    """A proposal as an SA payload has it: (type, ID, bits of the key or none)."""
    body = b""
    for at, (kind, number_of, bits) in enumerate(transforms, 1):
        attribute = struct.pack("!HH", 0x800e, bits) if bits else b""
        body += struct.pack("!BBHBBH", 0 if at == len(transforms) else 3, 0, 8 + len(attribute),
                            kind, 0, number_of) + attribute
    return struct.pack("!BBHBBBB", 0, 0, 8 + len(spi) + len(body), number, protocol, len(spi),
                       len(transforms)) + spi + body


#: what the lab's ends use unless they are told otherwise
OFFER = sa((1, 20, 256), (2, 5, 0), (4, GROUP, 0))


def public(group=GROUP):
    """A KE payload with a point of P-256, whatever group it says it is of."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return struct.pack("!HH", group, 0) + point[1:]


def notify(kind, data=b"", protocol=0, spi=b""):
    return struct.pack("!BBH", protocol, len(spi), kind) + spi + data


def payload(body, next_payload, flags=0, length=None):
    return struct.pack("!BBH", next_payload, flags,
                       4 + len(body) if length is None else length) + body


def message(payloads, exchange=INIT, flags=INITIATOR, spi_i=None, spi_r=NOBODY, number=0,
            version=0x20):
    """Octets. A payload is (type, octets), and fields of its generic header that are to be
    otherwise if there is a third member."""
    kinds = [one[0] for one in payloads] + [0]
    chain = b"".join(payload(body, **{"next_payload": after, **(more[0] if more else {})})
                     for (_, body, *more), after in zip(payloads, kinds[1:]))
    return (os.urandom(8) if spi_i is None else spi_i) + spi_r + struct.pack(
        "!BBBBII", kinds[0], version, exchange, flags, number, 28 + len(chain)) + chain


def first(*before, offer=OFFER, ke=None, nonce=None, after=(), **more):
    """A first message, as right as the lab's ends want it."""
    return message([*before, (SA, offer), (KE, public() if ke is None else ke),
                    (NONCE, os.urandom(32) if nonce is None else nonce), *after], **more)
