#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: native
"""The shell of vpnhactl, at a terminal and in a script, as far as it needs no
kernel module: prompts, modes, TAB, "?", history, mistakes."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
import unittest

import ktap_unittest

TOP = os.environ.get("VPNHA_TOP", os.path.join(os.path.dirname(__file__), "..", ".."))
VPNHACTL = os.environ.get("VPNHACTL", os.path.join(TOP, "build/selftests/tools/vpnhactl"))

# A bound on waiting is there to notice a hang.
HANGS = 300

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07|\r")


class Terminal:
    """A person at a terminal of 100 columns."""

    def __init__(self):
        environment = dict(os.environ, TERM="xterm", HOME="/nonexistent", LC_ALL="C.UTF-8")
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execve(VPNHACTL, [VPNHACTL], environment)
        termios.tcsetwinsize(self.fd, (50, 100))
        self.text = ""

    def expect(self, wanted):
        """Waits until this has appeared; returns all that came before its end."""
        end = time.monotonic() + HANGS
        while wanted not in self.text:
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {wanted!r} in {self.text!r}")
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                raise AssertionError(f"ended without {wanted!r}: {self.text!r}")
            self.text = CONTROL.sub("", self.text + data.decode("utf-8", errors="replace"))
        before, _, self.text = self.text.partition(wanted)
        return before + wanted

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def close(self):
        """Leaves whatever has been typed, the mode and the shell; returns the exit status."""
        # libedit prints its prompt before it makes the terminal raw: only keys
        # that mean the same before and after may follow a prompt at once
        try:
            self.type("\x15end\nexit\n")
            while os.read(self.fd, 65536):
                pass
        except OSError:
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Person(unittest.TestCase):
    """At a terminal."""

    def setUp(self):
        self.terminal = Terminal()
        self.expect = self.terminal.expect
        self.type = self.terminal.type
        self.expect("vpnha#")

    def tearDown(self):
        self.assertEqual(self.terminal.close(), 0)

    def test_modes_and_prompts(self):
        self.type("conf t\n")
        self.expect("vpnha(config)#")
        self.type("interface lo\n")
        self.expect("vpnha(config-if)#")
        self.type("exit\n")
        self.expect("vpnha(config)#")
        self.type("int lo\n")
        self.expect("vpnha(config-if)#")
        self.type("end\n")
        self.expect("vpnha#")

    def test_modes_of_crypto(self):
        for heading, prompt in (("ip access-list extended L", "(config-ext-nacl)"),
                                ("ipv6 access-list L", "(config-ipv6-acl)")):
            self.type(f"configure terminal\n{heading}\n")
            self.expect(f"vpnha{prompt}#")
            self.type("permit ?")
            self.expect("  ipv6     Any protocol over IPv6\n")
            self.type("\x15exit\n")
            self.expect("vpnha(config)#")
            self.type("end\n")
            self.expect("vpnha#")

    def test_keys_are_not_remembered(self):
        self.type("show foo\n")
        self.expect("track or version\n")
        self.type("set session-key inbound esp 256 cipher 00112233445566778899\n")
        self.expect("% unknown word 'set'")
        self.expect("vpnha#")
        self.type("\x10")
        self.expect("show foo")

    def test_exit_leaves(self):
        self.type("exit\n")
        with self.assertRaises(AssertionError):
            self.expect("vpnha#")

    def test_mistake_and_caret(self):
        self.type("show foo\n")
        text = self.expect("track or version\n")
        line = [line for line in text.split("\n") if line.endswith("^")][0]
        # below the f, behind the prompt
        self.assertEqual(len(line), len("vpnha#show f"))
        self.assertIn("% unknown word 'foo'; expected access-lists", text)
        self.expect("vpnha#")

    def test_ambiguous(self):
        self.type("co\n")
        self.expect("% ambiguous: 'co' can be configure or copy\n")
        self.expect("vpnha#")

    def test_question_mark(self):
        self.type("show ?")
        text = self.expect("vpnha#show ")
        self.assertIn("  running-config  Current configuration\n", text)
        self.assertIn("  version         Version of the tool", text)

    def test_question_mark_within_a_word(self):
        self.type("show t?")
        text = self.expect("  track  Tracked objects\n")
        self.assertNotIn("standby", text)
        self.expect("vpnha#show t")

    def test_question_mark_after_a_mistake(self):
        self.type("foo bar ?")
        self.expect("% unknown word 'foo'; expected check, clear, configure")

    def test_question_mark_with_values(self):
        self.type("configure terminal\ninterface lo\n")
        self.expect("vpnha(config-if)#")
        self.type("standby 1 priority ?")
        self.expect("  <0-255>  Priority value\n")

    def test_addresses_of_ipv6(self):
        self.type("configure terminal\ninterface lo\n")
        self.expect("vpnha(config-if)#")
        self.type("standby 1 ipv6 ?")
        self.expect("  autoconfig      Make the link-local address of the group's number\n"
                    "  X:X::X          Link-local virtual address\n"
                    "  X:X::X/<1-128>  Global virtual address\n"
                    "  <cr>")
        self.expect("standby 1 ipv6 ")
        self.type("2001:db8::1/?")
        text = self.expect("  X:X::X/<1-128>  Global virtual address\n")
        self.assertNotIn("Link-local", text)
        self.type("\x15standby 1 ipv6 a\t")
        self.expect("standby 1 ipv6 autoconfig")

    def test_tab_completes(self):
        self.type("sh\tst\tbr\t")
        self.expect("show standby brief ")

    def test_tab_lists(self):
        self.type("co\t")
        text = self.expect("copy")
        self.assertIn("configure", text)

    def test_tab_completes_what_is_common(self):
        self.type("configure terminal\ninterface lo\n")
        self.expect("vpnha(config-if)#")
        self.type("standby 1 p\t")
        self.expect("standby 1 pr")

    def test_tab_completes_interfaces(self):
        self.type("configure terminal\n")
        self.expect("vpnha(config)#")
        self.type("interface l\t\n")
        self.expect("interface lo")

    def test_history(self):
        self.type("show foo\n")
        self.expect("track or version\n")
        self.expect("vpnha#")
        self.type("\x10")
        self.expect("show foo")

    def test_do(self):
        self.type("configure terminal\n")
        self.expect("vpnha(config)#")
        self.type("do show version\n")
        self.expect("vpnhactl version ")
        self.expect("vpnha(config)#")

    def test_host_lines_are_skipped(self):
        self.type("configure terminal\nhostname x\n")
        self.expect("% skipped, the host's business: hostname x\n")
        self.expect("vpnha(config)#")


class Script(unittest.TestCase):
    """From a pipe."""

    def script(self, text, status, *options):
        done = subprocess.run([VPNHACTL, *options], input=text.encode(), check=False,
                              capture_output=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def test_ends_at_the_first_mistake(self):
        out, err = self.script("show version\nconfigure terminal\n interface lo\n"
                               "  standby 1 foo\nshow version\n", 1)
        self.assertEqual(out.count("vpnhactl version"), 1)
        self.assertEqual(err, "stdin:4:13: error: unknown word 'foo'; expected authentication, "
                              "follow, ip, ipv6, mac-address, name, preempt, priority, timers or track\n"
                              "    standby 1 foo\n"
                              "              ^\n")

    def test_comments_and_empty_lines(self):
        self.assertEqual(self.script("! a comment\n\n   \n# another\nend\n", 0), ("", ""))

    def test_exit(self):
        self.assertEqual(self.script("exit\nfoo\n", 0), ("", ""))

    def test_bad_value(self):
        _, err = self.script("conf t\nint lo\nstandby 1 ip 224.0.0.2\n", 1)
        self.assertIn("stdin:3:14: error: virtual IP 224.0.0.2 is a multicast address\n", err)

    def test_control_character(self):
        _, err = self.script("show\x01\n", 1)
        self.assertIn("stdin:1:5: error: control character 0x01\n", err)

    def test_json(self):
        out, _ = self.script("show version\n", 0, "-j")
        self.assertIn('"vpnhactl": "', out)


if __name__ == "__main__":
    ktap_unittest.main()
