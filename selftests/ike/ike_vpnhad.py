#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12,(6.1),(debug)
"""Two vpnhad's in two namespaces with a link between them: traffic brings a tunnel
up, a configuration that stays the same leaves it alone, a daemon that is killed loses
nothing, and whoever stops says so."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Report, Topology, wait  # noqa: E402
from ikelab import Stream, Window  # noqa: E402

ENDS = {"left": ("192.0.2.1", "10.1.1.0 0.0.0.255", "10.1.1.1"),
        "right": ("192.0.2.2", "10.1.2.0 0.0.0.255", "10.1.2.1")}
OTHER = {"left": "right", "right": "left"}


def configuration(name, secret="a-secret-of-the-lab", profile="lab", more=""):
    near, far = ENDS[name], ENDS[OTHER[name]]
    return f"""crypto ikev2 keyring lab
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key {secret}
crypto ikev2 profile {profile}
 match identity remote address {far[0]} 255.255.255.255
 authentication local pre-share
 authentication remote pre-share
 keyring local lab
 dpd 5 2 periodic
crypto ipsec transform-set lab esp-gcm 256
crypto map lab 10 ipsec-isakmp
 set peer {far[0]}
 set transform-set lab
 match address 101
{more}interface eth0
 crypto map lab
access-list 101 permit ip {near[1]} {far[1]}
"""


class End:
    """A gateway: a namespace and its daemon."""

    def __init__(self, topology, name):
        self.topology, self.name = topology, name
        self.namespace = topology.add(name)
        self.directory = tempfile.mkdtemp(prefix=f"{name}.", dir="/run")
        self.socket, self.file = self.path("vpnhad.sock"), self.path("vpnha.conf")
        self.log = os.path.join(os.environ.get("VPNHA_OUT", self.directory), f"{name}.log")
        self.process = None

    def path(self, name):
        return os.path.join(self.directory, name)

    def addresses(self):
        near, far = ENDS[self.name], ENDS[OTHER[self.name]]
        self.namespace.sh(f"ip addr add {near[0]}/24 dev eth0; ip link add in0 type dummy; "
                          f"ip link set in0 up; ip addr add {near[2]}/24 dev in0; "
                          f"ip route add {far[2]}/32 via {far[0]}")

    def start(self):
        with open(self.log, "ab") as log:
            mark = len(self.said())
            self.process = self.topology.start(self.namespace, "vpnhad", "-n", "-f", self.file,
                                               "-s", self.socket, stderr=log)
        wait(lambda: " is ready\n" in self.said(mark) or self.process.poll() is not None,
             "vpnhad is ready")
        if self.process.poll() is not None:
            raise RuntimeError(self.said())
        return self

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait()

    def said(self, mark=0):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[mark:]

    def load(self, **more):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(configuration(self.name, **more))
        return self.namespace.sh(f"VPNHA_SOCKET={self.socket} vpnhactl load {self.file}")

    def ask(self, op, **more):
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(self.socket)
            control.sendall(json.dumps({"op": op, **more}).encode() + b"\n")
            return json.loads(control.makefile("rb").readline())

    def ikes(self):
        """Those that are established."""
        return [sa for sa in self.ask("show", what="ike-sa")["items"]
                if sa["state"] == "established"]

    def session(self):
        items = self.ask("show", what="session")["items"]
        assert len(items) == 1, items
        return items[0]

    def kernel_spis(self):
        text = self.namespace.sh("vpnhactl -j show crypto ipsec sa")
        return set(re.findall(r'"spi": *([0-9]+)', text))

    def ping(self, count=1):
        """Whether all of them come back."""
        near, far = ENDS[self.name], ENDS[OTHER[self.name]]
        return self.namespace.inside(
            subprocess.run, ["ping", "-n", "-q", "-c", str(count), "-i0.2", "-W5", "-I", near[2],
                             far[2]], stdout=subprocess.DEVNULL, check=False).returncode == 0


def stream_between(left, right):
    """Datagrams to the other one and back, until they are stopped."""
    return Stream(*((end.namespace, ENDS[end.name][2]) for end in (left, right)), seconds=0.2)


def comes_up(left, right):
    """Traffic alone brings it up."""
    wait(left.ping, "a ping gets through")
    faults = []
    for end in (left, right):
        wait(end.ikes, f"{end.name} has an IKE SA")
        session = end.session()
        if session["status"] != "UP-ACTIVE":
            faults.append(f"{end.name}: {session}")
        if [flow["active_sas"] for flow in session["flows"]] != [2]:
            faults.append(f"{end.name}: {session['flows']}")
        if len(end.kernel_spis()) != 2:
            faults.append(f"{end.name}: {end.kernel_spis()}")
    one, other = left.ikes()[0], right.ikes()[0]
    if (one["spi_i"], one["spi_r"]) != (other["spi_i"], other["spi_r"]):
        faults.append(f"they have different ones: {one} {other}")
    if {one["role"], other["role"]} != {"initiator", "responder"}:
        faults.append(f"roles: {one['role']}, {other['role']}")
    return faults


def spis(end):
    return sorted(sa["spi_i"] for sa in end.ikes())


def reloaded(left, right):
    """The same configuration, and one with another entry, leave what is there."""
    before = spis(left), left.kernel_spis()
    stream = stream_between(left, right)
    wait(lambda: stream.passed() > 1, "datagrams pass")
    left.load()
    left.load(more="crypto map lab 20 ipsec-isakmp\n set peer 192.0.2.77\n"
                   " set transform-set lab\n match address 102\n"
                   "access-list 102 permit ip host 10.9.9.9 host 10.8.8.8\n")
    left.load()
    left.process.send_signal(signal.SIGHUP)
    passed = stream.passed()
    wait(lambda: stream.passed() > passed + 3, "datagrams still pass")
    faults = stream.end()
    if (spis(left), left.kernel_spis()) != before:
        faults.append(f"before {before}, now {spis(left)} {left.kernel_spis()}")
    return faults


def killed(left, right):
    """Without a daemon packets pass, and the next one replaces the SAs. What is on its way
    when the peer has replaced its own already may be lost."""
    stream = stream_between(left, right)
    wait(lambda: stream.passed() > 1, "datagrams pass")
    old, old_spis = spis(left), left.kernel_spis()
    left.end(signal.SIGKILL)
    faults = [] if left.ping(5) else ["no packets pass without a daemon"]
    if left.kernel_spis() != old_spis:
        faults.append("SAs went with the daemon")
    window = Window(lambda: left.ask("show", what="counters")["items"][0]["initiated"])
    left.start()
    window.begins("vpnhad begins anew")
    wait(lambda: spis(left) and spis(left) != old, "there is a new IKE SA")
    window.ends()
    wait(lambda: len(left.kernel_spis()) == 2 and not left.kernel_spis() & old_spis,
         "SAs are replaced")
    wait(lambda: spis(right) == spis(left), "both have the same one")
    return faults + stream.end(window)


def cleared(left, right):
    """What is cleared by hand is gone at both ends, and comes again with traffic."""
    before = spis(left)
    left.ask("clear", what="session")
    wait(lambda: not left.ikes() and not right.ikes(), "no IKE SA is left")
    wait(lambda: not left.kernel_spis() and not right.kernel_spis(), "no SA is left")
    wait(right.ping, "a ping from the other end brings it up")
    wait(left.ikes, "there is an IKE SA")
    return [] if spis(left) != before else ["it is the same one"]


def stopped(left, right):
    """A daemon that stops tells its peers."""
    if left.end() != 0:
        return [left.said()]
    wait(lambda: not right.ikes(), "the peer has heard of it")
    faults = [] if not left.kernel_spis() else ["SAs stay"]
    left.start()
    wait(left.ping, "a ping gets through")
    return faults


def wrong_secret(left, right):
    """Why there is no tunnel is told at both ends."""
    left.load(secret="another-secret")
    left.ask("clear", what="session")
    wait(lambda: not left.ikes() and not right.ikes(), "no IKE SA is left")
    # a packet that comes while an IKE SA is being closed may be lost to it
    wait(lambda: left.ping() or left.session()["last_error"], "the initiator knows why")
    wait(lambda: right.session()["last_error"], "the responder knows why")
    faults = [f"{end.name}: {end.session()}"
              for end, why in ((left, "AUTHENTICATION_FAILED"), (right, "preshared keys differ"))
              if why not in end.session()["last_error"]["text"]]
    if left.ikes() or right.ikes():
        faults.append("there is an IKE SA")
    left.load()
    wait(left.ping, "a ping gets through with the right one")
    return faults


def main():
    tests = (("traffic brings a tunnel up", comes_up),
             ("a reload leaves it alone", reloaded),
             ("a daemon that is killed loses nothing until it is replaced", killed),
             ("what is cleared goes at both ends", cleared),
             ("a daemon that stops tells its peer", stopped),
             ("a wrong secret is told at both ends", wrong_secret))
    with Topology() as topology:
        left, right = End(topology, "left"), End(topology, "right")
        topology.cable(left.namespace, "eth0", right.namespace, "eth0")
        report = Report(len(tests))
        for end in (left, right):
            end.addresses()
            with open(end.file, "w", encoding="utf-8") as file:
                file.write(configuration(end.name))
            end.start()
            end.load()
        for what, test in tests:
            try:
                faults = test(left, right)
            except Exception:
                faults = [traceback.format_exc()]
            if faults:
                faults += [f"{end.name}: {line}" for end in (left, right)
                           for line in end.said().splitlines()[-60:]]
            report.line(what, faults)
        for end in (left, right):
            end.end()
        report.end()


if __name__ == "__main__":
    main()
