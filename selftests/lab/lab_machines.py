#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: host kernels=6.12
"""The lab's machines: statuses, reports, sudden death, cables and captures."""

import os
import subprocess
import tempfile
import unittest

import console
import ktap_unittest
import machine

KERNEL = os.environ.get("KERNEL", "6.12")
VM = os.path.join(machine.LAB, "vm")


def vm(*words):
    with tempfile.TemporaryDirectory(prefix="vpnha-out.") as out:
        done = subprocess.run([VM, "run", "--kernel", KERNEL, "--out", out, *words],
                              check=False, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        files = {}
        for name in os.listdir(out):
            with open(os.path.join(out, name), encoding="utf-8", errors="replace") as content:
                files[name] = content.read()
    return done, files


class Run(unittest.TestCase):
    def test_status(self):
        """vm run: output, exit status and results come back"""
        done, files = vm("--", "sh", "-c", "echo said; echo kept > /out/result; exit 3")
        self.assertEqual((done.stdout, done.returncode), ("said\n", 3))
        self.assertEqual(files["result"], "kept\n")

    def test_report(self):
        """vm run: a kernel's report fails a command that succeeds"""
        done, _ = vm("--", "sh", "-c", "echo '<4>WARNING: provoked' > /dev/kmsg")
        self.assertEqual(done.returncode, 125)
        self.assertIn("WARNING: provoked", done.stderr)

    def test_crash(self):
        """vm run: a kernel that crashes is a failure"""
        done, files = vm("--", "sh", "-c", "echo c > /proc/sysrq-trigger; echo survived")
        self.assertEqual(done.returncode, 125)
        self.assertNotIn("survived", done.stdout)
        self.assertIn("Kernel panic", files["guest.1.console"])

    def test_gone(self):
        """vm run: a guest that goes away without a status is a failure"""
        done, _ = vm("--", "sh", "-c", "echo b > /proc/sysrq-trigger; sleep infinity")
        self.assertEqual(done.returncode, 125)

    def test_icount(self):
        """vm run: guest time under --icount is instructions executed"""
        script = ("read a _ < /proc/uptime; i=0; while [ $i -lt 60000 ]; do i=$((i + 1)); done; "
                  "read b _ < /proc/uptime; echo $a $b")
        spans = []
        for _ in range(2):
            done, _ = vm("--icount", "--", "sh", "-c", script)
            self.assertEqual(done.returncode, 0, done.stderr)
            begin, end = map(float, done.stdout.split())
            spans.append(end - begin)
        self.assertGreater(spans[0], 0.05)
        self.assertAlmostEqual(spans[0], spans[1], delta=max(0.02, spans[0] * 0.05))


class Machines(unittest.TestCase):
    def test_lab(self):
        """machines: a cable, a capture, SIGKILL and a second life"""
        with tempfile.TemporaryDirectory(prefix="vpnha-out.") as out, \
                machine.Lab(out, KERNEL) as lab:
            near = lab.start("near", links=[
                machine.Link("cable", lab.socket("cable"), listen=True)])
            far = lab.start("far", links=[machine.Link("eth0", lab.socket("cable"))])
            near.shell("ip address add 10.0.0.1/24 dev cable; ip link set cable up")
            bring_up = "ip address add 10.0.0.2/24 dev eth0; ip link set eth0 up"
            far.shell(bring_up)
            capture = near.begin("tcpdump", "-U", "-n", "-i", "cable", "-w", "/out/cable.pcap")
            near.wait_until("ss -0 -n -p | grep -q tcpdump")
            near.wait_until("ping -c 1 -W 1 10.0.0.2")
            # what is captured is on the host at once, however the machine ends
            near.wait_until("[ -n \"$(tcpdump -n -r /out/cable.pcap 'icmp[icmptype] = icmp-echoreply' "
                            "2>/dev/null)\" ]")
            capture.signal()
            self.assertEqual(capture.wait(), 0)
            self.assertGreater(os.path.getsize(os.path.join(out, "cable.pcap")), 100)

            running = far.begin("sleep", "infinity")
            far.kill()
            with self.assertRaises(machine.LabError):
                running.wait()
            self.assertFalse(far.running)
            status, _ = near.run("ping", "-c", "1", "-W", "1", "10.0.0.2")
            self.assertNotEqual(status, 0)
            self.assertEqual(near.check("cat", "/sys/class/net/cable/carrier"), "1\n",
                             "the death of the far end is silent")

            far.start()
            far.shell(bring_up)
            near.wait_until("ping -c 1 -W 1 10.0.0.2")
            self.assertEqual(far.boots, 2)

    def test_report(self):
        """machines: a command that hangs is killed and named; a report of one of them fails all"""
        with tempfile.TemporaryDirectory(prefix="vpnha-out.") as out:
            with self.assertRaises(machine.KernelReport):
                with machine.Lab(out, KERNEL) as lab:
                    guest = lab.start("guest_of_a_test")
                    with self.assertRaises(TimeoutError):
                        guest.run("sleep", "infinity", timeout=1)
                    self.assertEqual(guest.check("echo", "alive"), "alive\n")
                    guest.mark("the provocation")
                    guest.shell("echo '<4>BUG: provoked' > /dev/kmsg")
            self.assertEqual([owner for owner, _ in console.reports(guest.console_text())],
                             ["the provocation"])


if __name__ == "__main__":
    ktap_unittest.main()
