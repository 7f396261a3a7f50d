# SPDX-License-Identifier: GPL-2.0
"""The protocol by which charon is controlled, from the client's end: a process of
swanctl for each question would cost more than the answer."""

import socket
import struct

REQUEST, RESPONSE, UNKNOWN, REGISTER, UNREGISTER, CONFIRM, NO_EVENT, EVENT = range(8)
SECTION, SECTION_END, VALUE, LIST, ITEM, LIST_END = range(1, 7)


class ViciError(Exception):
    """charon refused a command."""


def _short(text):
    data = text.encode()
    return bytes([len(data)]) + data


def _long(value):
    data = value if isinstance(value, bytes) else str(value).encode()
    return struct.pack("!H", len(data)) + data


def encode(message):
    out = b""
    for name, value in message.items():
        if isinstance(value, dict):
            out += bytes([SECTION]) + _short(name) + encode(value) + bytes([SECTION_END])
        elif isinstance(value, (list, tuple)):
            out += bytes([LIST]) + _short(name)
            out += b"".join(bytes([ITEM]) + _long(one) for one in value) + bytes([LIST_END])
        else:
            out += bytes([VALUE]) + _short(name) + _long(value)
    return out


def decode(data):
    """A message as dictionaries and lists of text."""
    top = {}
    stack, items, at = [top], None, 0

    def take(size):
        nonlocal at
        at += size
        return data[at - size:at]

    def short():
        return take(take(1)[0]).decode()

    def long():
        return take(struct.unpack("!H", take(2))[0]).decode(errors="replace")

    while at < len(data):
        kind = take(1)[0]
        if kind == SECTION:
            section = {}
            stack[-1][short()] = section
            stack.append(section)
        elif kind == SECTION_END:
            stack.pop()
        elif kind == VALUE:
            name = short()
            stack[-1][name] = long()
        elif kind == LIST:
            items = []
            stack[-1][short()] = items
        elif kind == ITEM:
            items.append(long())
    return top


class Vici:
    """A connection to charon."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)

    def close(self):
        self.socket.close()

    def _send(self, kind, name, message=None):
        data = bytes([kind]) + _short(name) + encode(message or {})
        self.socket.sendall(struct.pack("!I", len(data)) + data)

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ViciError("charon closed the connection")
            data += more
        return data

    def _receive(self):
        """(type, name of an event, message)"""
        data = self._exactly(struct.unpack("!I", self._exactly(4))[0])
        kind, data = data[0], data[1:]
        name = None
        if kind == EVENT:
            name, data = data[1:1 + data[0]].decode(), data[1 + data[0]:]
        return kind, name, decode(data)

    def request(self, command, message=None):
        """The answer to a command, and what it streamed before."""
        self._send(REQUEST, command, message)
        events = []
        while True:
            kind, _, answer = self._receive()
            if kind == EVENT:
                events.append(answer)
                continue
            if kind != RESPONSE:
                raise ViciError(f"charon does not know {command}")
            return answer, events

    def command(self, command, **arguments):
        """The answer to a command that may fail."""
        answer, _ = self.request(command, {name.replace("_", "-"): value
                                           for name, value in arguments.items()})
        if answer.get("success", "yes") != "yes":
            raise ViciError(answer.get("errmsg", "no reason given"))
        return answer

    def stream(self, command, event, message=None):
        """What a command streams as events of a name."""
        for kind in (REGISTER, UNREGISTER):
            self._send(kind, event)
            if self._receive()[0] != CONFIRM:
                raise ViciError(f"charon does not know the event {event}")
            if kind == REGISTER:
                _, events = self.request(command, message)
        return events
