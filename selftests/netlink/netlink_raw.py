# SPDX-License-Identifier: GPL-2.0
"""Requests of the family byte by byte, and everything that a refusal says: for
what a library would not send, and for offsets of attributes."""

import dataclasses
import ipaddress
import socket
import struct
import sys

_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_F_REQUEST, _F_ACK, _F_DUMP = 0x1, 0x4, 0x300
_F_CAPPED, _F_ACK_TLVS = 0x100, 0x200
_SOL_NETLINK, _CAP_ACK, _EXT_ACK, _STRICT_CHK = 270, 10, 11, 12
_MSG, _OFFS, _POLICY, _MISS_TYPE, _MISS_NEST = 1, 2, 4, 5, 6
NLA_F_NESTED = 0x8000
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}
_HEADERS = 16 + 4


class Attr:
    """An attribute: its type, and bytes or attributes. Once a message has been
    made of it, it knows where it is."""

    def __init__(self, kind, payload=b"", length=None):
        self.kind = kind
        self.payload = payload
        self.length = length		# what it claims
        self.offset = None

    def place(self, offset):
        """Its bytes, when it stands at this offset."""
        self.offset = offset
        payload = self.payload
        if not isinstance(payload, bytes):
            payload = b"".join(_placed(payload, offset + 4))
        length = 4 + len(payload) if self.length is None else self.length
        return struct.pack("HH", length, self.kind) + payload + b"\0" * (-len(payload) % 4)


class Bytes:
    """Bytes that are no attribute."""

    def __init__(self, data):
        self.data = data

    def place(self, _offset):
        return self.data


def _placed(attributes, offset):
    for attribute in attributes:
        data = attribute.place(offset)
        offset += len(data)
        yield data


def _attributes(data, at, end, passed_over):
    while at < end:
        length, kind = struct.unpack_from("HH", data, at)
        if kind & ~NLA_F_NESTED not in passed_over:
            yield data[at:at + length]
        at += (length + 3) & ~3


@dataclasses.dataclass
class Answer:
    """An acknowledgment: errno, 0 when it was done, and what it says about it."""
    error: int
    msg: str = None
    bad: int = None		# offset of the offending attribute
    miss_type: int = None
    miss_nest: int = None	# offset of the nest in which it is missing


class Raw:
    """A socket of the family in a namespace."""

    def __init__(self, client, namespace=None, sock=None):
        self.ynl = client.ynl
        self.family = self.ynl.nlproto.family_id
        self.seq = 0
        self.seen = b""		# all that came of the last request
        if sock is None:
            sock = namespace.inside(self.open) if namespace else self.open()
        self.socket = sock

    @staticmethod
    def open():
        netlink_generic = 16
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, netlink_generic)
        for option in (_CAP_ACK, _EXT_ACK, _STRICT_CHK):
            sock.setsockopt(_SOL_NETLINK, option, 1)
        sock.bind((0, 0))
        return sock

    # -- attributes by the names of the specification ------------------------

    def kind(self, space, name):
        return self.ynl.attr_sets[space][name].value

    def attr(self, space, name, value):
        """An attribute with a value of its type, which may be out of range."""
        spec = self.ynl.attr_sets[space][name]
        if isinstance(value, bytes):
            payload = value
        elif spec["type"] == "nest":
            return Attr(spec.value | NLA_F_NESTED,
                        self.attrs(spec["nested-attributes"], **value))
        elif spec["type"] == "string":
            payload = value.encode() + b"\0"
        elif spec.display_hint == "ipv4":
            payload = socket.inet_aton(value)
        elif spec["type"] == "binary":
            payload = ipaddress.ip_address(value).packed
        else:
            if isinstance(value, str):
                value = self.ynl.consts[spec["enum"]].entries[value].value
            payload = struct.pack(FORMATS[spec["type"]], value)
        return Attr(spec.value, payload)

    def attrs(self, space, **values):
        """Attributes in the order of the arguments; a list is one that comes
        several times."""
        return [self.attr(space, name.replace("_", "-"), one)
                for name, value in values.items()
                for one in (value if isinstance(value, list) else [value])]

    def space(self, operation):
        """The attribute space of an operation."""
        return self.ynl.msgs[operation].attr_set.name

    def nest(self, operation, attributes):
        """An operation of a batch."""
        return Attr(self.kind("batch", operation) | NLA_F_NESTED, attributes)

    # -- the request ---------------------------------------------------------

    def request(self, operation, attributes, dump=False, header=None):
        """The answer to a request; replies that come before it are passed over."""
        self.seq += 1
        body = b"".join(_placed(attributes, _HEADERS))
        if header is None:
            header = struct.pack("BBH", self.ynl.ops[operation].req_value, 1, 0)
        flags = _F_REQUEST | _F_ACK | (_F_DUMP if dump else 0)
        self.socket.send(struct.pack("IHHII", _HEADERS + len(body), self.family, flags,
                                     self.seq, 0) + header + body)
        self.seen = b""
        while True:
            data = self.socket.recv(1 << 17)
            self.seen += data
            while data:
                length, kind, flags, seq, _ = struct.unpack_from("IHHII", data)
                if seq == self.seq and kind in (_NLMSG_ERROR, _NLMSG_DONE):
                    return self._answer(data[:length], kind, flags)
                data = data[(length + 3) & ~3:]

    def dump(self, operation, passed_over):
        """The attributes of each object, as they come, without those whose names are
        to be passed over. To be compared: a hundred times as fast as to be read."""
        space = self.space(operation)
        return self._dump(operation, {self.kind(space, name) for name in self.ynl.attr_sets[space]
                                      if name in passed_over})

    def keys(self, operation, *names):
        """These attributes of each object, strings or numbers, and nothing else of it."""
        space = self.space(operation)
        wanted = {self.kind(space, name): self.ynl.attr_sets[space][name]["type"] == "string"
                  for name in names}
        others = {self.kind(space, name) for name in self.ynl.attr_sets[space]} - wanted.keys()

        def read(attribute):
            kind, payload = struct.unpack_from("H", attribute, 2)[0], attribute[4:]
            return kind, payload.rstrip(b"\0").decode() if wanted[kind] else \
                int.from_bytes(payload, sys.byteorder)

        return [tuple(found[kind] for kind in wanted)
                for found in (dict(map(read, each)) for each in self._dump(operation, others))]

    def _dump(self, operation, passed_over):
        self.seq += 1
        self.socket.send(struct.pack("IHHIIBBH", _HEADERS, self.family, _F_REQUEST | _F_DUMP,
                                     self.seq, 0, self.ynl.ops[operation].req_value, 1, 0))
        objects = []
        while True:
            data = self.socket.recv(1 << 17)
            at = 0
            while at < len(data):
                length, kind, _, seq, _ = struct.unpack_from("IHHII", data, at)
                if seq == self.seq and kind == _NLMSG_DONE:
                    return objects
                assert kind == self.family, f"{operation}: {self._answer(data[at:], kind, 0)}"
                objects.append(list(_attributes(data, at + _HEADERS, at + length, passed_over)))
                at += (length + 3) & ~3

    @staticmethod
    def _answer(data, kind, flags):
        answer = Answer(-struct.unpack_from("i", data, 16)[0])
        if not flags & _F_ACK_TLVS:
            return answer
        # the request is repeated, with NLM_F_CAPPED its header alone
        request = 16 if flags & _F_CAPPED or not answer.error else \
            struct.unpack_from("I", data, 16 + 4)[0]
        data = data[16 + 4 + (0 if kind == _NLMSG_DONE else (request + 3) & ~3):]
        while len(data) >= 4:
            length, kind = struct.unpack_from("HH", data)
            value = data[4:length]
            if kind == _MSG:
                answer.msg = value.rstrip(b"\0").decode()
            elif kind in (_OFFS, _MISS_TYPE, _MISS_NEST):
                field = {_OFFS: "bad", _MISS_TYPE: "miss_type", _MISS_NEST: "miss_nest"}[kind]
                setattr(answer, field, struct.unpack("I", value)[0])
            data = data[(length + 3) & ~3:]
        return answer


@dataclasses.dataclass
class Missing:
    """The fault of a request: this attribute is not there; in a nest of a space
    of its own, if it is not the request that lacks it."""
    name: str
    space: str = None
    nest: Attr = None


@dataclasses.dataclass
class Case:
    """A request that must be refused."""
    name: str
    operation: str
    attributes: list
    error: int
    fault: object = None	# Attr or Missing; None where there is nothing to point to
    says: str = ""		# words of the message
    dump: bool = False
    batch: bool = True		# it is refused in a batch as well


def faults_of(answer, case, raw, nest=None):
    """What is wrong with the answer to a case; nest is the operation of a batch
    that the case is."""
    faults = []
    if answer.error != case.error:
        faults.append(f"error {answer.error}, not {case.error} ({answer})")
    if not answer.msg or case.says not in answer.msg:
        faults.append(f"the message is {answer.msg!r}, without {case.says!r}")
    if isinstance(case.fault, Missing):
        kind = raw.kind(case.fault.space or raw.space(case.operation), case.fault.name)
        if answer.miss_type != kind:
            faults.append(f"missing is attribute {answer.miss_type}, not {kind}")
        where = (case.fault.nest or nest).offset if case.fault.nest or nest else None
        if answer.miss_nest != where:
            faults.append(f"it is missing in the nest at {answer.miss_nest}, not {where}")
    elif case.fault and answer.bad != case.fault.offset:
        faults.append(f"the attribute at {answer.bad} is blamed, not at {case.fault.offset}")
    return faults
