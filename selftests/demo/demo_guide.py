#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: native
"""How a guide is taken apart and its answers compared."""

import unittest

import ktap_unittest
import guide


class Reading(unittest.TestCase):
    def test_blocks(self):
        """guide: headings, prose, commands, terminals, the seed"""
        steps = guide.read("# A\n\nwords\nmore\n\n```console\ngw1# a | b\none\ntwo\ngw2:2# c\n```\n"
                           "```terminal gw2:2\nthree\n^C\n```\n\n```seed\nfour\n```\n")
        self.assertEqual([(step.kind, step.line) for step in steps],
                         [("heading", 1), ("prose", 3), ("command", 7), ("follow", 10),
                          ("expect", 13), ("seed", 18)])
        self.assertEqual((steps[2].host, steps[2].command, steps[2].lines),
                         ("gw1", "a | b", ["one", "two"]))
        self.assertEqual((steps[4].host, steps[4].terminal, steps[4].wanted, steps[4].ends),
                         ("gw2", 2, ["three"], True))

    def test_goes_on(self):
        """guide: a command of several lines"""
        step, = guide.read("```console\ngw1# cat << 'EOF'\n> a\n>\n> EOF\n```\n")
        self.assertEqual((step.command, step.lines), ("cat << 'EOF'\na\n\nEOF", []))

    def test_faults(self):
        """guide: what cannot be executed is refused"""
        for text in ("```console\nanswer\n```\n", "```sonsole\n```\n", "```console\ngw1# a\n"):
            with self.subTest(text), self.assertRaises(guide.GuideError):
                guide.read(text)

    def test_questions(self):
        """guide: what may be asked again"""
        for command, wanted in (("vpnhactl show standby", True), ("vtysh -c 'show ip route'", True),
                                ("ip route", True), ("ip route add default dev eth0", False),
                                ("vpnhactl load vpnha.conf", False)):
            step, = guide.read(f"```console\ngw1# {command}\n```\n")
            self.assertEqual(step.asks, wanted, command)


class Comparing(unittest.TestCase):
    def test_varies(self):
        """guide: times vary, counts are none or some"""
        self.assertTrue(guide.same(["last state change 00:00:12", "hello sent in 0.2 secs"],
                                   ["last state change 01:22:12", "hello sent in 1.372 secs"]))
        self.assertTrue(guide.same(["#pkts encaps: 7, #pkts digest: 7"],
                                   ["#pkts encaps: 12, #pkts digest: 9"]))
        self.assertFalse(guide.same(["#pkts encaps: 0"], ["#pkts encaps: 12"]))
        # shown without leading zeros, as IOS does
        self.assertTrue(guide.same(["spi: 0x45933ED(72954861)"], ["spi: 0x83827275(2206364277)"]))
        self.assertFalse(guide.same(["spi: 0x0(0)"], ["spi: 0x83827275(2206364277)"]))
        self.assertFalse(guide.same(["a", "b"], ["a"]))
        self.assertFalse(guide.same(["via 10.1.1.1"], ["via 10.1.1.2"]))

    def test_order(self):
        """guide: lines that come, and others in between"""
        self.assertEqual(guide.comes(["a", "x", "b", "c"], ["a", "b"]), 3)
        self.assertIsNone(guide.comes(["b", "a"], ["a", "b"]))
        self.assertIsNone(guide.comes([], ["a"]))


if __name__ == "__main__":
    ktap_unittest.main()
