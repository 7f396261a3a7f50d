# SPDX-License-Identifier: GPL-2.0
"""Hosts in one guest, those of the case study first of all: each has its own network, its own
/etc/frr, /run/frr and /root, and its name. What is typed on them is what would
be typed on machines.

           20.1.1.1  vpn7200  172.16.172.69
                        |
                        |     172.16.172.65
                       isp
                        |     172.16.172.49
          --------------+--------------           outside
              | .52                | .54
          7204VXR-1            7204VXR-2          virtual 172.16.172.53
              | .1                 | .2
          --------------+--------------           inside
                        | 10.1.1.3
                      7206-1  99.99.99.99
"""

import os
import signal
import subprocess
import sys
import threading
import time

import guide

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "lab"))

from late import Late  # noqa: E402
from scratch import scratch  # noqa: E402

# A bound on waiting is there to notice a hang: no machine is as slow as this.
HANGS = int(os.environ.get("WAIT_LIMIT", "900"))

# host, interface, LAN
CABLES = (("vpn7200", "eth0", "far"), ("isp", "eth0", "far"), ("isp", "eth1", "outside"),
          ("7204VXR-1", "eth0", "outside"), ("7204VXR-1", "eth1", "inside"),
          ("7204VXR-2", "eth0", "outside"), ("7204VXR-2", "eth1", "inside"),
          ("7206-1", "eth0", "inside"))

# The host exists when its name is told: from then on its namespaces can be entered.
_HOST = r"""
hostname "$0"
mount -t sysfs sys /sys
""" + scratch("/root", "/run", "/etc/frr", "/etc/swanctl", "/etc/strongswan.d") + r"""
chown frr:frr /etc/frr
install -d -o frr -g frr /run/frr
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link set lo up
echo there
exec sleep infinity
"""

_PROVIDER = """
sysctl -qw net.ipv4.ip_forward=1
ip address add 172.16.172.65/28 dev eth0
ip address add 172.16.172.49/28 dev eth1
"""


class Failed(Exception):
    """What was typed did not have the effect that the guide tells of."""


class Terminal:
    """A terminal in which something goes on."""

    def __init__(self, host, command):
        self.command = command
        self.lines = []            # (time it came, line)
        self.seen = 0              # how many of them the guide has told of
        self.changed = threading.Condition()
        self.over = False
        self.process = host.popen(f"exec {command}")
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append((time.monotonic(), line.rstrip("\n")))
                self.changed.notify_all()
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def expect(self, wanted):
        """Waits for lines; returns them as they came, with their times."""
        def found():
            return guide.comes([line for _, line in self.lines[self.seen:]], wanted)

        with self.changed:
            self.changed.wait_for(lambda: found() is not None or self.over, HANGS)
            count = found()
            if count is None:
                raise Failed("\n".join(["these lines did not come:", *wanted, "but:",
                                        *(line for _, line in self.lines[self.seen:])]))
            new = self.lines[self.seen:self.seen + count]
            self.seen += count
        named = {guide.even(line) for line in wanted}
        return [(when, line) for when, line in new if guide.even(line) in named]

    def goes_on(self, more=5):
        """Waits until it has said more: what was broken before works again."""
        with self.changed:
            count = self._replies() + more
            if not self.changed.wait_for(lambda: self._replies() >= count or self.over, HANGS):
                raise Failed(f"{self.command} does not go on")

    def _replies(self):
        return sum(" bytes from " in line for _, line in self.lines)

    def interrupt(self):
        """^C"""
        os.killpg(self.process.pid, signal.SIGINT)
        with self.changed:
            self.changed.wait_for(lambda: self.over, HANGS)
        self.process.wait()

    def pings(self):
        """(sent, lost, longest time between two replies in seconds) of a ping."""
        times = [when for when, line in self.lines if " bytes from " in line]
        for _, line in self.lines:
            if " packets transmitted" in line:
                words = line.split()
                return (int(words[0]), int(words[0]) - int(words[3]),
                        max(b - a for a, b in zip(times, times[1:])))
        return None

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Host:
    """A host of the case study."""

    def __init__(self, name):
        self.name = name
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--uts", "--propagation", "private", "bash", "-euc",
             _HOST, name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True)
        said = self.holder.stdout.readline()
        if said != "there\n":
            raise Failed(f"{name} cannot be made: {said}{self.holder.stdout.read()}")

    def _enter(self, script):
        return ["nsenter", "-t", str(self.holder.pid), "--net", "--mount", "--uts",
                "bash", "-c", f"cd /root; {script}"]

    def popen(self, script):
        return subprocess.Popen(self._enter(script), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                start_new_session=True)

    def run(self, script):
        """(status, lines)"""
        with subprocess.Popen(self._enter(script), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True) as child:
            output = child.communicate(timeout=HANGS)[0]
        return child.returncode, [line.rstrip() for line in output.splitlines()]

    def until(self, script, good, hangs=HANGS):
        """Runs it until good(status, lines); returns these lines. Without KVM a look is
        dear: it may take a tenth of the time."""
        deadline = time.monotonic() + hangs
        while True:
            began = time.monotonic()
            status, lines = self.run(script)
            if good(status, lines):
                return lines
            now = time.monotonic()
            if now >= deadline:
                raise Failed("\n".join([f"{self.name}: {script}", f"exit status {status}", *lines]))
            time.sleep(max(0.2, 9 * (now - began)))

    def check(self, script):
        status, lines = self.run(f"set -e; {script}")
        if status:
            raise Failed("\n".join([f"{self.name}: {script}", *lines]))

    def kill(self):
        """With all that runs in it: FRR's daemons have their own sessions."""
        inode = os.stat(f"/proc/{self.holder.pid}/ns/mnt").st_ino
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.stat(f"/proc/{pid}/ns/mnt").st_ino == inode:
                    os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass       # it went by itself
        self.holder.wait()


class Network:
    """Hosts, cabled: (host, interface, LAN) for each cable."""

    def __init__(self, cables):
        self.cables = cables
        self.hosts = {}
        self.terminals = {}

    def __enter__(self):
        switch = self.hosts["switch"] = Host("switch")
        for lan in dict.fromkeys(lan for _, _, lan in self.cables):
            switch.check(f"ip link add name {lan} type bridge forward_delay 0 mcast_snooping 0; "
                         f"ip link set dev {lan} up")
        for index, (name, interface, lan) in enumerate(self.cables):
            if name not in self.hosts:
                self.hosts[name] = Host(name)
            switch.check(f"ip link add port{index} type veth peer name {interface} "
                         f"netns {self.hosts[name].holder.pid}; "
                         f"ip link set port{index} master {lan} up")
            self.hosts[name].check(f"ip link set {interface} up")
        return self

    def __exit__(self, kind, value, trace):
        for terminal in self.terminals.values():
            terminal.kill()
        for host in self.hosts.values():
            host.kill()


class CaseStudy(Network):
    """The case study's, with the routers' configurations and the provider's own."""

    def __init__(self):
        super().__init__(CABLES)

    def __enter__(self):
        super().__enter__()
        self.hosts["isp"].check(_PROVIDER)
        for name in ("vpn7200", "7204VXR-1", "7204VXR-2", "7206-1"):
            self.hosts[name].check(f"cp {guide.TOP}/selftests/tools/ios/{name}.txt /root")
        return self


class Player:
    """Does what a guide's steps say."""

    #: seconds that an outage may differ from what is promised: whole ones are counted, a
    #: packet has to come, and there are two exchanges before the next one gets through
    LESS, MORE = 1.5, 4

    def __init__(self, network):
        self.network = network
        self.late = Late()
        self.acted = time.monotonic()      # when the last thing was done that is no question

    def play(self, step):
        """Returns the lines that came, each with its seconds after the last action
        if it came by itself; raises Failed unless they are the guide's."""
        if step.kind == "command":
            return self._command(step)
        if step.kind == "follow":
            host = self.network.hosts[step.host]
            if step.command.startswith("ping"):
                self.late.reset()
            terminal = Terminal(host, step.command)
            self.network.terminals[step.host, step.terminal] = terminal
            return [(None, line) for _, line in terminal.expect(step.lines)]
        if step.kind == "expect":
            terminal = self.network.terminals[step.host, step.terminal]
            if step.ends:
                if terminal.command.startswith("ping"):
                    terminal.goes_on()
                terminal.interrupt()
            return [(when - self.acted, line) for when, line in terminal.expect(step.wanted)]
        if step.kind == "outage":
            return self._outage(step)
        return []

    def told(self, step):
        """Plays a step, tells when lines came and what became of a ping that ends, and
        returns its faults."""
        try:
            lines = self.play(step)
        except Failed as error:
            return [error]
        for after, line in lines:
            if after is not None:
                print(f"# {after:8.3f} s after the last command: {line}")
            elif step.kind == "outage":
                print(f"# {line}")
        pings = step.ends and self.network.terminals[step.host, step.terminal].pings()
        if pings:
            print("# {} pings sent, {} lost, longest gap {:.3f} s".format(*pings))
        return ()

    def follow(self, report, steps, place=lambda step: f"line {step.line}"):
        """A test line for each step; place() says where it stands."""
        for step in steps:
            what = (step.command or "".join(step.wanted[:1]) or "^C").splitlines()[0]
            what = what.replace("#", "")
            report.follow(f"{place(step)}: {step.host}: {what}", self.told, step)

    def _outage(self, step):
        _, _, gap = self.network.terminals[step.host, step.terminal].pings()
        text = f"{step.lines[0]} = {step.promise:g} s are promised, and no reply came for {gap:.1f} s"
        if not step.promise - self.LESS <= gap <= self.late.most(step.promise + self.MORE):
            raise Failed(f"{text}; this machine was up to {self.late.worst:.1f} s late")
        return [(None, text)]

    def _command(self, step):
        def as_in_guide(status, lines):
            return guide.same(lines, step.lines) and (step.asks or status == 0)

        if not step.asks:
            self.acted = time.monotonic()
        try:
            lines = self.network.hosts[step.host].until(step.command, as_in_guide,
                                                        HANGS if step.asks else 0)
        except Failed as error:
            raise Failed("\n".join([str(error), "instead of:", *step.lines])) from None
        return [(None, line) for line in lines]
