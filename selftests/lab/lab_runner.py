#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: native
"""What the runner makes of a test's output and of a kernel's console."""

import os
import tempfile
import unittest

import console
import ktap
import ktap_unittest
import past
import suite


def read(text, status=0):
    parser = ktap.Parser()
    for line in text.splitlines():
        parser.line(line)
    parser.end(status)
    return tuple(parser.count(status) for status in ("passed", "failed", "skipped"))


class Ktap(unittest.TestCase):
    def test_flat(self):
        """KTAP: results with and without names and dashes"""
        self.assertEqual(read("KTAP version 1\n1..3\nok 1 one\nok 2 - two\nok 3\n"), (3, 0, 0))

    def test_failure(self):
        """KTAP: a failed result"""
        self.assertEqual(read("1..2\nok 1 a\nnot ok 2 b\n", 1), (1, 1, 0))

    def test_nested(self):
        """KTAP: leaves are counted, not their parents"""
        text = ("KTAP version 1\n1..2\n  KTAP version 1\n  1..2\n  ok 1 a\n  ok 2 b\nok 1 ab\n"
                "  1..1\n    1..1\n    not ok 1 deep\n  not ok 1 middle\nnot ok 2 top\n")
        self.assertEqual(read(text, 1), (2, 1, 0))

    def test_parent_alone_fails(self):
        """KTAP: a parent that fails though its children pass"""
        self.assertEqual(read("1..1\n  1..1\n  ok 1 a\nnot ok 1 p\n", 1), (1, 1, 0))

    def test_plan_too_long(self):
        """KTAP: results that the plan promised are missing"""
        self.assertEqual(read("1..3\nok 1 a\nok 2 b\n"), (2, 1, 0))

    def test_plan_too_short(self):
        """KTAP: more results than planned"""
        self.assertEqual(read("1..1\nok 1 a\nok 2 b\n"), (2, 1, 0))

    def test_plan_missing(self):
        """KTAP: no plan"""
        self.assertEqual(read("ok 1 a\n"), (1, 1, 0))

    def test_nested_plan(self):
        """KTAP: a subtest's plan counts too"""
        self.assertEqual(read("1..1\n  1..2\n  ok 1 a\nok 1 p\n"), (1, 1, 0))

    def test_numbers(self):
        """KTAP: a result that is numbered twice"""
        self.assertEqual(read("1..2\nok 1 a\nok 1 b\n")[1], 1)

    def test_silence(self):
        """KTAP: a test that exits with 0 and says nothing has failed"""
        self.assertEqual(read("hello\n", 0), (0, 1, 0))

    def test_status(self):
        """KTAP: an exit status that no result explains"""
        self.assertEqual(read("1..1\nok 1 a\n", 139), (1, 1, 0))

    def test_skip(self):
        """KTAP: a skip needs a reason"""
        self.assertEqual(read("1..2\nok 1 a # SKIP no such thing\nok 2 b # SKIP\n"), (0, 1, 1))

    def test_skip_all(self):
        """KTAP: all skipped"""
        self.assertEqual(read("1..0 # SKIP no such thing\n", ktap.KSFT_SKIP), (0, 0, 1))
        self.assertEqual(read("", ktap.KSFT_SKIP), (0, 1, 0))

    def test_later(self):
        """KTAP: nothing may be left for later"""
        self.assertEqual(read("1..2\nok 1 a # LATER one day\nnot ok 2 b # LATER\n"), (0, 2, 0))

    def test_bail(self):
        """KTAP: Bail out!"""
        self.assertEqual(read("1..2\nok 1 a\nBail out! no more\n", 1), (1, 2, 0))

    def test_harness(self):
        """KTAP: kselftest_harness.h's output"""
        text = ("TAP version 13\n1..1\n# Starting 1 tests from 1 test cases.\n"
                "#  RUN           global.a ...\n#            OK  global.a\nok 1 global.a\n"
                "# PASSED: 1 / 1 tests passed.\n# Totals: pass:1 fail:0 xfail:0 xpass:0 skip:0 error:0\n")
        self.assertEqual(read(text), (1, 0, 0))

    def test_prose(self):
        """KTAP: words that only begin like a result"""
        self.assertEqual(read("1..1\nokay then\nok 1 a\n"), (1, 0, 0))


REPORTS = (
    "WARNING: CPU: 0 PID: 1 at net/core/dev.c:1 f+0x1/0x2",
    "BUG: KASAN: slab-use-after-free in f+0x1/0x2 [vpnha]",
    "BUG: unable to handle page fault for address: 0",
    "BUG: sleeping function called from invalid context at mm/slab.h:1",
    "Oops: 0000 [#1] PREEMPT SMP",
    "general protection fault, probably for non-canonical address 0x1",
    "WARNING: possible circular locking dependency detected",
    "WARNING: suspicious RCU usage",
    "INFO: trying to register non-static key.",
    "UBSAN: array-index-out-of-bounds in a.c:1:2",
    "ODEBUG: free active (active state 0) object: 0 object type: timer_list",
    "refcount_t: underflow; use-after-free.",
    "unregister_netdevice: waiting for eth0 to become free. Usage count = 2",
    "INFO: task rmmod:1 blocked for more than 120 seconds.",
    "rcu: INFO: rcu_preempt self-detected stall on CPU",
    "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
    "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [x:1]",
    "vpnha-lab: kmemleak: unreferenced object 0xffff (size 32):",
    "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "Kernel panic - not syncing: Fatal exception",
    "ref_tracker: net notrefcnt@0 has 1/1 users at",
    "BUG vpnha_group (Not tainted): Objects remaining in vpnha_group on __kmem_cache_shutdown()",
    "list_add corruption. prev->next should be next",
)

NOISE = (
    "Linux version 6.12.117",
    "kmemleak: Kernel memory leak detector initialized (mem pool available: 38900)",
    "vpnha: loading out-of-tree module taints kernel.",
    "vpnha: module verification failed: signature and/or required key missing - tainting kernel",
    "rcu: RCU event tracing is enabled.",
    "Running RCU-tasks wait API self tests",
    "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
    "NMI watchdog: Perf NMI watchdog permanently disabled",
    "FAULT_INJECTION: forcing a failure.",
    "device eth0 entered promiscuous mode",
)


class Console(unittest.TestCase):
    def test_reports(self):
        """console: every kind of report is seen"""
        for line in REPORTS:
            with self.subTest(line):
                self.assertEqual(len(console.reports("[    1.000000] " + line)), 1)

    def test_noise(self):
        """console: what a sound kernel says is no report"""
        self.assertEqual(console.reports("\n".join(NOISE)), [])

    def test_races(self):
        """console: a data race of a module is a report, the kernel's own is none"""
        def race(title, first, second):
            return "\n".join(("=" * 66, f"BUG: KCSAN: data-race in {title}", "",
                              "write to 0xffff888003450fc8 of 8 bytes by task 42 on cpu 1:",
                              *first, "",
                              "read to 0xffff888003450fc8 of 8 bytes by interrupt on cpu 0:",
                              *second, "", "value changed: 0x1 -> 0x2", "",
                              "Reported by Kernel Concurrency Sanitizer on:",
                              "CPU: 0 UID: 0 PID: 1 Comm: a Tainted: G O [vpnha]", "=" * 66, ""))

        own = race("a [vpnha] / b [vpnha]", [" a+0x1/0x2 [vpnha]"], [" b+0x1/0x2 [vpnha]"])
        copied = race("memcpy / memcmp", [" memcpy+0x1/0x2", " c+0x1/0x2 [vpnha]"],
                      [" memcmp+0x1/0x2", " d+0x1/0x2"])
        foreign = race("e / f", [" e+0x1/0x2", " f+0x1/0x2", " g+0x1/0x2 [vpnha]"], [" h+0x1/0x2"])
        text = "".join((f"{console.MARK}a\n", foreign, own, f"{console.MARK}b\n", foreign, copied,
                        "Oops: 0\n"))
        self.assertEqual(console.reports(text),
                         [("a", "BUG: KCSAN: data-race in a [vpnha] / b [vpnha]"),
                          ("b", "BUG: KCSAN: data-race in memcpy / memcmp"), ("b", "Oops: 0")])

    def test_owner(self):
        """console: a report belongs to what ran"""
        text = f"{console.MARK}a\nfine\n[ 1.0] {console.MARK}b\nOops: 0\n{console.MARK}c\n"
        self.assertEqual(console.reports(text), [("b", "Oops: 0")])

    def test_excerpt(self):
        """console: the excerpt holds the report and what follows"""
        text = "\n".join(["a"] * 50 + ["Oops: 0", "Call Trace:"] + ["b"] * 90)
        lines = console.excerpt(text)
        self.assertIn("Call Trace:", lines)
        self.assertLess(len(lines), 60)

    def test_taints(self):
        """console: a defect's taint counts, an out-of-tree module's does not"""
        self.assertEqual(console.taints(4096 | 8192), [])
        self.assertEqual(console.taints(512), ["warning"])


class Header(unittest.TestCase):
    def describe(self, text):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "x.sh")
            with open(path, "w", encoding="ascii") as source:
                source.write("#!/bin/bash\n" + text)
            return suite.describe("lab", "x.sh", "selftests/lab/x.sh", path)

    def test_none(self):
        """header: a test without one shares a guest"""
        test = self.describe("")
        self.assertEqual((test.where, test.smp), ("shared", 1))

    def test_processors(self):
        """header: more processors are shared too, and races get two"""
        test = self.describe("# lab: smp=2\n")
        self.assertEqual((test.where, test.processors("6.12")), ("shared", 2))
        self.assertEqual(self.describe("").processors("kcsan"), 2)
        self.assertEqual(self.describe("# lab: icount=yes\n").processors("kcsan"), 1)

    def test_words(self):
        """header: its words"""
        test = self.describe("# lab: own-machine smp=4 mem=3G\n# lab: timeout=77 kernels=debug,6.1\n")
        self.assertEqual((test.where, test.smp, test.mem, test.timeout, test.kernels),
                         ("own-machine", 4, "3G", 77, ("debug", "6.1")))

    def test_c(self):
        """header: in C"""
        self.assertEqual(self.describe("/* lab: native */\n").where, "native")
        self.assertEqual(self.describe("// lab: host\n").where, "host")

    def test_other_machine(self):
        """header: another kind of machine than the shared one is its own"""
        self.assertEqual(self.describe("# lab: mem=4G\n").where, "own-machine")
        self.assertEqual(self.describe("# lab: load-module=no\n").where, "own-machine")
        test = self.describe("# lab: icount=yes\n")
        self.assertEqual((test.where, test.smp), ("own-machine", 1))

    def test_on_demand(self):
        """header: kernels that a test runs on when it is asked for"""
        test = self.describe("# lab: kernels=6.12,(6.1),(debug)\n")
        self.assertEqual([test.runs_on(kernel) for kernel in ("6.12", "6.1", "kcsan")],
                         [True, False, False])
        self.assertTrue(test.runs_on("6.1", asked=True) and test.runs_on("kcsan", asked=True))

    def test_unknown(self):
        """header: an unknown word is refused"""
        for text in ("own_machine", "ram=1G", "kernels=5.10", "kernels=(5.10)", "kernels=(6.1",
                     "kernels=6.1)", "kernels="):
            with self.subTest(text), self.assertRaises(suite.SuiteError):
                self.describe(f"# lab: {text}\n")


class Memory(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "below", "seconds.json")

    def test_remembers(self):
        """past: what took how long, and nothing of what never was"""
        past.Past(self.path).remember("guest", 12.34)
        self.assertEqual(past.Past(self.path).expected("guest", 1), 12.3)
        self.assertEqual(past.Past(self.path).expected("other", 1), 1)

    def test_others(self):
        """past: what another run wrote meanwhile is kept"""
        one, other = past.Past(self.path), past.Past(self.path)
        one.remember("one", 1)
        other.remember("other", 2)
        self.assertEqual(past.Past(self.path).seconds, {"one": 1, "other": 2})

    def test_unreadable(self):
        """past: a file that is none costs the order, not the run"""
        past.Past(self.path).remember("guest", 1)
        for text in ("", "[1]", '{"guest": "long"}', '{"guest": null}', "\0"):
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(past.Past(self.path).expected("guest", 5), 5, text)
        past.Past("/dev/null/seconds.json").remember("guest", 1)


if __name__ == "__main__":
    ktap_unittest.main()
