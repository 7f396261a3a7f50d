#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs commands in a guest for the host, over a virtio-serial port.

One JSON object a line. From the host:
  {"op": "run", "id": N, "argv": [...], "env": {...}}
  {"op": "signal", "id": N, "signal": 15}     to the command's process group
  {"op": "tidy", "id": N}                     removes what was left, and fails if there was any
  {"op": "mark", "text": "..."}               a line in the kernel's log
  {"op": "end"}                               last checks, then power off
To the host:
  {"op": "ready"}
  {"op": "out", "id": N, "data": "..."}       bytes as latin-1
  {"op": "exit", "id": N, "status": S}        as a shell would give it
  {"op": "end", "taint": T}
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import time

from leftovers import Leftovers

PORT = "org.vpnha.control"
KMEMLEAK = "/sys/kernel/debug/kmemleak"
# kmemleak names no object younger than this (its MSECS_MIN_AGE)
KMEMLEAK_AGE = 5


def open_port():
    for entry in os.listdir("/sys/class/virtio-ports"):
        with open(f"/sys/class/virtio-ports/{entry}/name", encoding="ascii") as name:
            if name.read().strip() == PORT:
                return os.open(f"/dev/{entry}", os.O_RDWR)
    raise SystemExit(f"no virtio port {PORT}")


def kmsg(text):
    with open("/dev/kmsg", "w", encoding="utf-8") as log:
        log.write(f"<4>{text}\n")


def environment():
    release = os.uname().release
    return {
        "PATH": "/vpnha/build/tools:/usr/local/sbin:/usr/local/bin:"
                "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "PYTHONDONTWRITEBYTECODE": "1",
        "VPNHA_TOP": "/vpnha",
        "VPNHA_KO": f"/vpnha/build/{release}/vpnha.ko",
        "VPNHA_OUT": "/out",
        "KSRC": "/ksrc",
        "KSRC_SELFTESTS": "/ksrc/tools/testing/selftests",
        "YNL_DIR": "/ksrc/tools/net/ynl",
    }


def leaks():
    """Two scans: the first takes checksums, and what is still unreferenced and
    unchanged in the second has leaked."""
    if not os.path.exists(KMEMLEAK):
        return
    for wait in (KMEMLEAK_AGE + 1, 0):
        with open(KMEMLEAK, "w", encoding="ascii") as control:
            control.write("scan")
        time.sleep(wait)
    with open(KMEMLEAK, encoding="utf-8", errors="replace") as report:
        for line in report:
            kmsg("vpnha-lab: kmemleak: " + line.rstrip())


class Agent:
    def __init__(self):
        self.port = open_port()
        self.selector = selectors.DefaultSelector()
        self.children = {}
        self.pending = b""
        self.leftovers = Leftovers()

    def send(self, **message):
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(self.port, data):]

    def run(self, request):
        number = request["id"]
        env = environment()
        env.update(request.get("env", {}))
        try:
            child = subprocess.Popen(
                request["argv"], env=env, cwd=request.get("cwd", "/"),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True)
        except OSError as error:
            self.send(op="out", id=number, data=f"{request['argv'][0]}: {error.strerror}\n")
            self.send(op="exit", id=number, status=127)
            return
        os.set_blocking(child.stdout.fileno(), False)
        self.children[number] = child
        self.selector.register(child.stdout, selectors.EVENT_READ, (self.output, number))
        pidfd = os.pidfd_open(child.pid)
        self.selector.register(pidfd, selectors.EVENT_READ, (self.ended, number, pidfd))

    def output(self, number):
        pipe = self.children[number].stdout
        try:
            data = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:
            if pipe in self.selector.get_map():
                self.selector.unregister(pipe)
            return False
        self.send(op="out", id=number, data=data.decode("latin-1"))
        return True

    def ended(self, number, pidfd):
        """The command is over when its first process is, whatever it left
        running in its group: that is killed, and may hold the pipe no longer."""
        child = self.children[number]
        self.selector.unregister(pidfd)
        os.close(pidfd)
        status = child.wait()
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        while self.output(number):
            pass
        if child.stdout in self.selector.get_map():
            self.selector.unregister(child.stdout)
        child.stdout.close()
        del self.children[number]
        self.send(op="exit", id=number, status=status if status >= 0 else 128 - status)

    def signal(self, request):
        child = self.children.get(request["id"])
        if child:
            os.killpg(child.pid, request["signal"])

    def tidy(self, request):
        left = self.leftovers.remove()
        self.send(op="out", id=request["id"], data="".join(line + "\n" for line in left))
        self.send(op="exit", id=request["id"], status=1 if left else 0)

    def end(self):
        leaks()
        with open("/proc/sys/kernel/tainted", encoding="ascii") as taint:
            self.send(op="end", taint=int(taint.read()))
        os.sync()
        # with -no-reboot the machine is off, with or without ACPI
        with open("/proc/sysrq-trigger", "w", encoding="ascii") as trigger:
            trigger.write("b")

    def requests(self):
        data = os.read(self.port, 65536)
        self.pending += data
        *lines, self.pending = self.pending.split(b"\n")
        for line in lines:
            request = json.loads(line)
            {"run": self.run, "signal": self.signal, "tidy": self.tidy,
             "mark": lambda request: kmsg(request["text"]),
             "end": lambda _: self.end()}[request["op"]](request)

    def loop(self):
        self.selector.register(self.port, selectors.EVENT_READ, (self.requests,))
        self.send(op="ready")
        while True:
            for key, _ in self.selector.select():
                handler, *arguments = key.data
                # an earlier event of this round may have ended the command
                if handler == self.output and arguments[0] not in self.children:
                    continue
                handler(*arguments)


def keep_timestamps():
    """A socket that wants packets stamped. Every capture wants that, too, and the
    static key of it comes and goes with these: see guest/init for what becomes of
    that on two processors."""
    keeper = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    so_timestamp = 29
    keeper.setsockopt(socket.SOL_SOCKET, so_timestamp, 1)
    return keeper


if __name__ == "__main__":
    KEPT = keep_timestamps() if os.cpu_count() > 1 else None
    Agent().loop()
