#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Stands for vpnhad where only its configuration matters: fake_vpnhad.py DIR.
The socket, the configuration and a line for each request are in DIR; an
operation is refused while DIR/refuse-OPERATION exists, with what it holds."""

import json
import os
import socket
import sys

DIR = sys.argv[1]
TEXT = os.path.join(DIR, "text")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text, mode="w"):
    with open(path, mode, encoding="utf-8") as file:
        file.write(text)


def answer(request):
    op = request["op"]
    write(os.path.join(DIR, "ops"), op + "\n", "a")
    refusal = os.path.join(DIR, "refuse-" + op)
    if os.path.exists(refusal):
        return {"error": json.loads(read(refusal))}
    if op == "running":
        return {"text": read(TEXT)}
    if op == "load":
        write(TEXT, request["text"])
    return {"ok": True}


def main():
    write(TEXT, "")
    write(os.path.join(DIR, "ops"), "")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.join(DIR, "socket"))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                for line in stream:
                    stream.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
                    stream.flush()


main()
