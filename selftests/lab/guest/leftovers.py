# SPDX-License-Identifier: GPL-2.0
"""Removes what a test left in the guest that others share, and names it. It runs after every
test, within the agent: a process, or one for each thing that there is, would take seconds."""

import contextlib
import os
import signal
import subprocess
import time

NETNS = "/run/netns"
LINKS = "/sys/class/net"
#: the kernel makes them with a module, which stays
FALLBACKS = {"bond0", "erspan0", "gre0", "gretap0", "ifb0", "ifb1", "ip6_vti0", "ip6gre0",
             "ip6tnl0", "ip_vti0", "sit0", "tunl0", "dummy0", "bonding_masters"}

#: seconds that a process may take which has been killed
DYING = 0.5


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _ip(*arguments):
    subprocess.run(["ip", *arguments], check=False, stderr=subprocess.DEVNULL)


class Leftovers:
    """What is there when it is made may stay."""

    def __init__(self):
        self.links = set(os.listdir(LINKS)) | FALLBACKS

    @staticmethod
    def _running():
        """{pid: command line}; process 1 and this one stay, and so do kernel threads: those
        have no file."""
        running = {}
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            try:
                os.readlink(f"/proc/{pid}/exe")
                words = _read(f"/proc/{pid}/cmdline").replace(b"\0", b" ")
            except OSError:
                continue
            if pid not in (1, os.getpid()):
                running[pid] = words.decode(errors="replace")
        return running

    def _processes(self):
        first = self._running()
        if first:
            # the group of the test's process has been killed, but may not be dead yet
            time.sleep(DYING)
        for pid, words in self._running().items():
            if pid in first:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                yield f"process {pid}: {words}"

    @staticmethod
    def _namespaces():
        for name in os.listdir(NETNS) if os.path.isdir(NETNS) else ():
            _ip("netns", "delete", name)
            yield f"namespace {name}"

    def _interfaces(self):
        for name in sorted(set(os.listdir(LINKS)) - self.links):
            # the other end of a veth goes with the first one
            _ip("link", "delete", name)
            yield f"interface {name}"

    @staticmethod
    def _rules():
        rules = subprocess.run(["nft", "list", "ruleset"], check=False, stdout=subprocess.PIPE)
        if rules.stdout.strip():
            subprocess.run(["nft", "flush", "ruleset"], check=False)
            yield "nftables rules"

    def remove(self):
        """Returns a line for each."""
        return [line for kind in (self._processes, self._namespaces, self._interfaces,
                                  self._rules) for line in kind()]
