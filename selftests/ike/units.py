#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""systemctl and journalctl, by these names, for a host that is a namespace and has no
systemd: a service is begun as its unit says, and is up when it has said so."""

import os
import re
import select
import shlex
import signal
import socket
import subprocess
import sys

PLACES = ("/usr/local/lib/systemd/system", "/lib/systemd/system")
STATE = "/run/units"


def unit_of(name):
    """{key: [values]} of its [Service]"""
    found = {}
    for place in PLACES:
        path = os.path.join(place, f"{name.removesuffix('.service')}.service")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for key, value in re.findall(r"^(\w+)=(.*)$", file.read(), re.M):
                    found.setdefault(key, []).append(value.lstrip("-"))
            return found
    sys.exit(f"Unit {name}.service not found.")


def state(name, what):
    return os.path.join(STATE, f"{name}.{what}")


def pid_of(name):
    try:
        with open(state(name, "pid"), encoding="ascii") as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


def start(name):
    unit = unit_of(name)
    if pid_of(name):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, \
            open(state(name, "log"), "ab") as log:
        manager.bind(state(name, "notify"))
        os.chmod(state(name, "notify"), 0o666)
        command, = unit["ExecStart"]
        process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, env={**os.environ, "NOTIFY_SOCKET": manager.getsockname()})
        manager.settimeout(1)
        while unit["Type"] == ["notify"]:
            try:
                if b"READY=1" in manager.recv(4096):
                    break
            except TimeoutError:
                if process.poll() is not None:
                    sys.exit(f"{name} ended with {process.returncode}")
        os.unlink(manager.getsockname())
        for then in unit.get("ExecStartPost", []):
            subprocess.run(shlex.split(then), stdout=log, stderr=log, check=True)
    with open(state(name, "pid"), "w", encoding="ascii") as file:
        file.write(str(process.pid))


def stop(name):
    pid = pid_of(name)
    if not pid:
        return
    os.unlink(state(name, "pid"))
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGTERM)
    # readable when it has ended
    select.select([handle], [], [])


def systemctl(action, *names):
    for name in names:
        name = name.removesuffix(".service")
        if action in ("stop", "restart"):
            stop(name)
        if action in ("start", "restart", "enable"):
            start(name)
        if action == "reload":
            os.kill(pid_of(name), signal.SIGHUP)


def journalctl(*arguments):
    name = arguments[arguments.index("-u") + 1]
    with open(state(name, "log"), encoding="utf-8", errors="replace") as log:
        for line in log:
            print(re.sub(r"^<\d>", "", line), end="")


def main():
    os.makedirs(STATE, exist_ok=True)
    words = [word for word in sys.argv[1:] if word not in ("--now", "-q")]
    if os.path.basename(sys.argv[0]) == "journalctl":
        journalctl(*words)
    else:
        systemctl(*words)


if __name__ == "__main__":
    main()
