#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12
"""`make install` as an administrator meets it, and vpnhad as systemd runs it: which
privileges it has and no others, when it is ready, who may ask it what, what it says of
wrong files, and what is left of it when it ends."""

import ctypes
import os
import platform
import re
import signal
import sys
import traceback

from booted import TOP, Machine, sh, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Report  # noqa: E402

# CAP_NET_BIND_SERVICE and CAP_NET_ADMIN
CAPABILITIES = 1 << 10 | 1 << 12

ADDRESS = "192.0.2.1"
CONFIGURATION = f"""crypto ikev2 keyring ring
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key file /etc/vpnha/psk
crypto ikev2 profile prof
 match identity remote any
 authentication local pre-share
 authentication remote pre-share
 keyring local ring
crypto ipsec transform-set strong esp-gcm 256
access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255
crypto map vpn 10 ipsec-isakmp
 set peer 192.0.2.9
 set transform-set strong
 match address 101
interface eth0
 crypto map vpn
"""
SECRET = "what-nobody-may-read"


def said(pattern, text):
    """Faults unless the text has the pattern."""
    if not re.search(pattern, text):
        return [f"no {pattern!r} in:", text]
    return []


class Install:
    """The steps, each of which returns faults or nothing."""

    def __init__(self, machine):
        self.machine = machine

    def show(self, *properties):
        return dict(line.partition("=")[::2] for line in self.machine.sh(
            f"systemctl show vpnhad -p {','.join(properties)}").splitlines())

    def pid(self):
        """As the guest has it, not the machine."""
        inner = self.show("MainPID")["MainPID"]
        for one in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{one}/status", encoding="ascii") as status:
                    found = re.search(r"^NSpid:\t\d+\t(\d+)$", status.read(), re.M)
            except OSError:
                continue
            if found and found[1] == inner and inner != "0":
                return int(one)
        return 0

    def status(self, pid=None):
        with open(f"/proc/{pid or self.pid()}/status", encoding="ascii") as status:
            return dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)

    def told(self, step):
        """Faults of a step, with what the daemon said last."""
        try:
            faults = step() or []
        except Exception:
            faults = [traceback.format_exc()]
        if faults:
            faults = faults + self.machine.journal("vpnhad").splitlines()[-20:] + \
                self.machine.run("systemctl --no-pager status vpnhad")[1].splitlines()
        return faults

    # -- what is installed

    def installs(self):
        self.machine.sh("make -s -C /vpnha -o tools install-tools")
        found = self.machine.sh(
            "id -un vpnha; stat -c '%n %a %U:%G' /etc/vpnha; ls /usr/local/sbin; "
            "man -w vpnhad vpnhactl vpnha-standby")
        return [fault for pattern in (r"(?m)^vpnha$", r"(?m)^/etc/vpnha 750 root:vpnha$",
                                      r"(?m)^vpnhactl$", r"(?m)^vpnhad$",
                                      r"/usr/local/(share/)?man/man5/vpnha-standby.5",
                                      r"/usr/local/(share/)?man/man8/vpnhad.8",
                                      r"/usr/local/(share/)?man/man8/vpnhactl.8")
                for fault in said(pattern, found)]

    def unit(self):
        status, told = self.machine.run("systemd-analyze verify vpnhad.service vpnha.service")
        faults = [told] if status or told else []
        status, told = self.machine.run(
            "systemd-analyze security --offline=yes --threshold=21 --no-pager "
            "/usr/local/lib/systemd/system/vpnhad.service")
        print(f"# {told.splitlines()[-1]}")
        return faults + ([told] if status else [])

    def no_keys(self):
        """A release does not know how to log keys."""
        with open(os.path.join(TOP, "build", "tools", "vpnhad"), "rb") as program:
            return ["it can write keys"] if b"KEYLOG" in program.read() else []

    # -- files

    def files(self):
        """A key that others can read is refused, and systemctl status tells."""
        self.machine.sh(f"ip link add eth0 type dummy; ip link set eth0 up; "
                        f"ip addr add {ADDRESS}/24 dev eth0; ip route add 20.1.1.0/24 dev eth0")
        self.machine.write("/etc/vpnha/vpnha.conf", CONFIGURATION, 0o640, "root:vpnha")
        self.machine.write("/etc/vpnha/psk", SECRET + "\n", 0o644)
        self.machine.sh("vpnhactl load /etc/vpnha/vpnha.conf; systemctl daemon-reload; "
                        "systemctl start vpnhad")
        faults = said("/etc/vpnha/psk can be read by others: its mode must be 0600",
                      self.show("StatusText")["StatusText"])
        self.machine.sh("chmod 600 /etc/vpnha/psk")
        self.reloads("Permission denied.*0640")
        return faults

    def reloads(self, wanted):
        """Until systemd has been told that it is over."""
        self.machine.sh("systemctl reload vpnhad")

        def over():
            state = self.show("StatusText", "ActiveState")
            return state["ActiveState"] == "active" and re.search(wanted, state["StatusText"])
        wait(over, f"systemctl status tells {wanted!r}: {self.show('StatusText')}")

    def good_files(self):
        self.machine.sh("chgrp vpnha /etc/vpnha/psk; chmod 640 /etc/vpnha/psk")
        self.reloads("^1 profiles, following crypto maps")
        self.machine.sh("chown vpnha:vpnha /etc/vpnha/psk; chmod 600 /etc/vpnha/psk")
        self.reloads("^1 profiles, following crypto maps")
        return [f"it is told: {line}" for line in self.machine.journal("vpnhad").splitlines()
                if SECRET in line]

    # -- how it runs

    def ready(self):
        """Once systemctl start returns there are sockets and a configuration."""
        self.machine.sh("systemctl stop vpnhad; systemctl start vpnhad")
        state = self.show("ActiveState", "SubState", "NRestarts")
        faults = [] if state == {"ActiveState": "active", "SubState": "running",
                                 "NRestarts": "0"} else [str(state)]
        for port in (500, 4500):
            faults += said(rf"{re.escape(ADDRESS)}:{port} ", self.machine.sh("ss -uln"))
        return faults + said("crypto ikev2 profile prof",
                             self.machine.sh("vpnhactl show running-config"))

    def few_privileges(self, pid=None):
        status = self.status(pid)
        uid = int(self.machine.sh("id -u vpnha"))
        gid = int(self.machine.sh("id -g vpnha"))
        wanted = {"Uid": "\t".join(4 * [str(uid)]), "Gid": "\t".join(4 * [str(gid)]),
                  "NoNewPrivs": "1", "Seccomp": "2",
                  **{name: f"{CAPABILITIES:016x}" for name in ("CapPrm", "CapEff", "CapBnd")},
                  **{name: f"{0:016x}" for name in ("CapInh", "CapAmb")}}
        faults = [f"{name}: {status[name]}, not {value}" for name, value in wanted.items()
                  if status[name] != value]
        if status["Groups"].split() not in ([], [str(gid)]):
            faults.append(f"Groups: {status['Groups']}")
        if int(status["VmLck"].split()[0]) < 0.9 * int(status["VmRSS"].split()[0]):
            faults.append(f"locked: {status['VmLck']}, of {status['VmRSS']}")
        return faults

    def no_cores(self):
        pid = self.pid()
        with open(f"/proc/{pid}/limits", encoding="ascii") as limits:
            core = next(line.split()[4:6] for line in limits if line.startswith("Max core"))
        faults = [] if core == ["0", "0"] else [f"core files: {core}"]
        # not even its own user may look into it
        status, told = self.machine.run(
            f"setpriv --reuid vpnha --regid vpnha --clear-groups "
            f"cat /proc/{self.show('MainPID')['MainPID']}/environ")
        return faults + ([] if status and "Permission denied" in told else [told])

    # -- who may ask

    def asks(self, who, command):
        return self.machine.run(f"setpriv --reuid nobody --regid nogroup {who} vpnhactl {command}")

    def strangers(self):
        status, told = self.asks("--clear-groups", "show crypto ikev2 sa")
        faults = said("operation not permitted: only root and the group of "
                      "/run/vpnha/vpnhad.sock may ask", told)
        return faults + ([] if status == 1 else [f"exit status {status}"])

    def group(self):
        """It may look, but sees no secrets and changes nothing."""
        group = "--groups vpnha"
        status, told = self.asks(group, "show crypto ikev2 sa")
        faults = [told] if status else []
        self.machine.write("/tmp/literal.conf", CONFIGURATION.replace(
            "file /etc/vpnha/psk", SECRET), 0o644)
        self.machine.sh("vpnhactl load /tmp/literal.conf")
        faults += said(SECRET, self.machine.sh("vpnhactl show running-config"))
        status, told = self.asks(group, "show running-config")
        faults += said("pre-shared-key <removed>", told)
        if SECRET in told:
            faults.append("the secret is shown")
        status, told = self.asks(group, "show crypto ikev2 profile")
        faults += said("prof", told) + ([told] if status else [])
        for command in ("clear crypto session", "load /tmp/literal.conf"):
            status, told = self.asks(group, command)
            faults += said("not permitted", told) + ([] if status == 1 else [f"{command}: done"])
        return faults

    def writes(self):
        """What vpnhactl writes with secrets is the daemon's to read, and nobody else's."""
        self.machine.sh("vpnhactl write memory")
        faults = said(r"^640 root:vpnha\n", self.machine.sh(
            "stat -c '%a %U:%G' /etc/vpnha/vpnha.conf"))
        self.reloads("^1 profiles, following crypto maps")
        return faults

    # -- how it ends

    def dies(self, kill, wanted):
        """It is begun anew, and goes on with what was in force."""
        before = self.pid()
        if not before:
            return ["it does not run"]
        sh("echo /tmp/core > /proc/sys/kernel/core_pattern")
        mark = len(self.machine.journal("vpnhad"))
        kill(before)
        wait(lambda: self.show("ActiveState")["ActiveState"] == "active" and
             self.pid() not in (0, before), "it is begun anew")
        new = self.machine.journal("vpnhad")[mark:]
        faults = said(wanted, new) + said("going on with the configuration from before", new)
        for path in ("/tmp/core", "/var/lib/systemd/coredump/*"):
            status, told = self.machine.run(f"ls {path}*")
            if not status:
                faults.append(f"there is a core file: {told}")
        return faults + said(r"^600 vpnha:vpnha\n", self.machine.sh(
            "stat -c '%a %U:%G' /run/vpnha/vpnhad.sock.conf"))

    def worker_dies(self):
        def kill(pid):
            worker = max(int(task) for task in os.listdir(f"/proc/{pid}/task"))
            if worker == pid:
                raise RuntimeError("there is no worker")
            tgkill = {"x86_64": 234}.get(platform.machine(), 131)
            ctypes.CDLL(None).syscall(tgkill, pid, worker, signal.SIGSEGV)
        return self.dies(kill, "(?i)status=11/SEGV")

    def killed(self):
        return self.dies(lambda pid: os.kill(pid, signal.SIGKILL), "status=9/KILL")

    def foreign_kept(self):
        """What others could have written is not gone on with."""
        self.machine.sh("systemctl stop vpnhad; install -d -o vpnha -g vpnha /run/vpnha")
        self.machine.write("/run/vpnha/vpnhad.sock.conf", "crypto ikev2 limit max-sa 1\n", 0o666,
                           "vpnha:vpnha")
        mark = len(self.machine.journal("vpnhad"))
        self.machine.sh("systemctl start vpnhad")
        new = self.machine.journal("vpnhad")[mark:]
        return said("vpnhad.sock.conf is not ours alone, and is not read", new) + \
            said("/etc/vpnha/vpnha.conf was read: 1 profiles", new)

    def stops(self):
        mark = len(self.machine.journal("vpnhad"))
        self.machine.sh("systemctl stop vpnhad")
        state = self.show("ActiveState", "Result", "ExecMainStatus")
        faults = [] if state == {"ActiveState": "inactive", "Result": "success",
                                 "ExecMainStatus": "0"} else [str(state)]
        new = self.machine.journal("vpnhad")[mark:]
        if not self.machine.run("ls /run/vpnha")[0]:
            faults.append(self.machine.sh("ls -la /run/vpnha"))
        return faults + said("(?s)stopping: 0 IKE SAs are closed.*stopped", new)

    # -- without systemd

    def by_root(self):
        """Begun by root it becomes the user, with the same privileges."""
        self.machine.sh("(vpnhad < /dev/null > /tmp/said 2>&1 & echo $! > /tmp/pid)")
        wait(lambda: "is ready" in self.machine.sh("cat /tmp/said"), "vpnhad is ready")
        inner = self.machine.sh("cat /tmp/pid").strip()
        self.show = lambda *_: {"MainPID": inner}
        pid = self.pid()
        del self.show
        faults = self.few_privileges(pid)
        os.kill(pid, signal.SIGTERM)
        wait(lambda: self.machine.run(f"test -e /proc/{inner}")[0], "it has ended")
        return faults

    def without_capabilities(self):
        status, told = self.machine.run(
            "prlimit --memlock=unlimited setpriv --reuid vpnha --regid vpnha --clear-groups "
            "--bounding-set -all vpnhad -s /tmp/s")
        return said("CAP_NET_ADMIN and CAP_NET_BIND_SERVICE are needed", told) + \
            ([] if status == 1 else [f"exit status {status}"])

    def uninstalls(self):
        self.machine.sh("rm -r /etc/vpnha/*; make -s -C /vpnha uninstall-tools")
        return self.machine.sh(
            "find /usr/local /etc -name '*vpnha*' ! -path '/usr/local/share/man/*'").splitlines()


def main():
    pattern = sh("cat /proc/sys/kernel/core_pattern").strip()
    machine = Machine(os.path.join(os.environ["VPNHA_OUT"], "install.console"))
    install = Install(machine)
    steps = (
        ("make install-tools installs programs, pages, unit, user and directory",
         install.installs),
        ("the units are without faults, and what the daemon's allows is little", install.unit),
        ("a release cannot write keys", install.no_keys),
        ("a key that others can read is refused, and so is one that the daemon cannot",
         install.files),
        ("one that only the daemon, or root and its group can read is taken", install.good_files),
        ("when it is ready there are sockets and a configuration", install.ready),
        ("its user, capabilities, filter and locked memory are as they should be",
         install.few_privileges),
        ("no core files, and nobody looks into it", install.no_cores),
        ("strangers may not ask, and are told", install.strangers),
        ("the group may look, and no more", install.group),
        ("what is written with secrets is readable to the daemon only", install.writes),
        ("a worker's crash leaves no core and one that goes on", install.worker_dies),
        ("so does SIGKILL", install.killed),
        ("what others could have written is not gone on with", install.foreign_kept),
        ("it stops, and leaves nothing", install.stops),
        ("begun by root it gives the same up", install.by_root),
        ("without its capabilities it says so", install.without_capabilities),
        ("make uninstall leaves nothing", install.uninstalls),
    )
    report = Report(len(steps))
    try:
        for what, step in steps:
            report.follow(what, install.told, step)
    finally:
        sh(f"echo '{pattern}' > /proc/sys/kernel/core_pattern")
        machine.end()
    report.end()


if __name__ == "__main__":
    main()
