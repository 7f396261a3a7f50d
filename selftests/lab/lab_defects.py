#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: host kernels=6.12,debug,kcsan,(6.1)
"""Real defects of a module in a real kernel are seen, and charged to their test."""

import os
import shutil
import subprocess
import tempfile
import unittest

import console
import ktap_unittest
import machine

KERNEL = os.environ.get("KERNEL", "6.12")

# What the kernel says, for each defect; leaks come out at the end. The order
# matters: lockdep says one thing and then nothing more, and KASAN's report
# switches it off.
ALWAYS = {"warning": "WARNING: CPU"}
SEEN_BY = {
    "debug": {"lock-inversion": "possible circular locking dependency",
              "use-after-free": "KASAN: slab-use-after-free",
              "sleep-in-atomic": "sleeping function called from invalid context",
              "leak": "kmemleak: unreferenced object"},
    "kcsan": {"data-race": "KCSAN: data-race in race [lab_defects]"},
}


def build(directory):
    """The module with the defects, in the results of its machine."""
    for name in os.listdir(os.path.join(machine.LAB, "defects")):
        shutil.copy(os.path.join(machine.LAB, "defects", name), directory)
    tree = os.path.realpath(os.path.join(machine.path_of("kernel.sh", KERNEL), "build"))
    subprocess.run(["make", "-s", "-C", tree, f"M={directory}", "modules"], check=True)


class Defects(unittest.TestCase):
    def test_defects(self):
        """defects: each is reported, and nothing else is"""
        wanted = dict(ALWAYS, **SEEN_BY.get(KERNEL, {}))
        with tempfile.TemporaryDirectory(prefix="vpnha-out.") as out:
            build(out)
            guest = machine.Machine("guest", out, kernel=KERNEL,
                                    smp=2 if KERNEL == machine.KCSAN else 1)
            try:
                guest.start()
                for kind in ["none", *wanted]:
                    guest.mark(kind)
                    guest.check("insmod", "/out/lab_defects.ko", f"kind={kind}")
                    guest.check("rmmod", "lab_defects")
                guest.mark("end")
                guest.stop()
            finally:
                guest.kill()
            found = console.reports(guest.console_text())
            for kind, words in wanted.items():
                owner = "end" if kind == "leak" else kind
                self.assertTrue(any(who == owner and words in line for who, line in found),
                                f"{kind} was not reported: {found[:30]}")
            leak = {"end"} if "leak" in wanted else set()
            self.assertEqual({who for who, _ in found}, set(wanted) - {"leak"} | leak)
            self.assertIn("warning", console.taints(guest.taint))
            self.assertTrue(guest.reports())


if __name__ == "__main__":
    ktap_unittest.main()
