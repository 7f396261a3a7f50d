#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: native
"""vpnhad as far as it needs no kernel module and no peer: its command line, the
control socket, configurations that are wrong, signals, and what survives a crash."""

import contextlib
import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

import ktap_unittest

TOP = os.environ.get("VPNHA_TOP", os.path.join(os.path.dirname(__file__), "..", ".."))
VPNHAD = os.environ.get("VPNHAD", os.path.join(TOP, "build/selftests/ike/build/vpnhad"))

# A bound on waiting is there to notice a hang.
HANGS = 300

# Nobody may look into the daemon's memory, those who search it for leaks included.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}

GOOD = """crypto ikev2 keyring ring
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key a-secret-of-the-test
crypto ikev2 profile prof
 match identity remote any
 authentication remote pre-share
 authentication local pre-share
 keyring local ring
"""


class Control:
    """A connection to the control socket."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)
        self.sock.settimeout(HANGS)
        self.lines = self.sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.sock.close()

    def send(self, line):
        self.sock.sendall(line)

    def line(self):
        """The next answer, or None at the end."""
        line = self.lines.readline()
        return json.loads(line) if line else None

    def ask(self, op, **more):
        self.send(json.dumps({"op": op, **more}).encode() + b"\n")
        return self.line()


class Vpnhad:
    """A daemon with a directory of its own."""

    def __init__(self, text=GOOD):
        self.directory = tempfile.TemporaryDirectory()
        self.file, self.socket = self.path("vpnha.conf"), self.path("run/vpnhad.sock")
        self.process, self.told = None, ""
        if text is not None:
            self.write(text)

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def write(self, text, name="vpnha.conf", mode=0o600):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def start(self, **more):
        self.process = subprocess.Popen([VPNHAD, "-n", "-f", self.file, "-s", self.socket],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        env={**ENVIRONMENT, **more})
        os.set_blocking(self.process.stderr.fileno(), False)
        return self

    def ready(self):
        return self.says(" is ready\n")

    def says(self, wanted):
        """Waits until it has said this; what came before is forgotten."""
        end = time.monotonic() + HANGS
        while wanted not in self.told:
            left, _, _ = select.select([self.process.stderr], [], [],
                                       max(0, end - time.monotonic()))
            data = self.process.stderr.read() if left else None
            if not data:
                raise AssertionError(f"it did not say {wanted!r}: {self.told!r}")
            self.told += data.decode()
        before, _, self.told = self.told.partition(wanted)
        return before + wanted

    def control(self):
        return Control(self.socket)

    def ask(self, op, **more):
        with self.control() as control:
            return control.ask(op, **more)

    def end(self, number=signal.SIGTERM):
        """Its exit status, or the signal that ended it, negative."""
        self.process.send_signal(number)
        status = self.process.wait(HANGS)
        self.told += (self.process.stderr.read() or b"").decode()
        self.process.stderr.close()
        self.process = None
        return status

    def close(self):
        if self.process:
            self.end(signal.SIGKILL)
        self.directory.cleanup()


class DaemonTest(unittest.TestCase):
    """Runs a daemon for each test."""

    def daemon(self, text=GOOD):
        daemon = Vpnhad(text)
        self.addCleanup(daemon.close)
        return daemon


class CommandLine(DaemonTest):
    """What it is started with."""

    def run_it(self, *arguments):
        return subprocess.run([VPNHAD, *arguments], capture_output=True, text=True, check=False,
                              env=ENVIRONMENT)

    def test_version(self):
        done = self.run_it("-V")
        self.assertRegex(done.stdout, r"^vpnhad [0-9.]+\n$")
        self.assertEqual(done.returncode, 0)

    def test_unknown_option_and_word(self):
        for arguments in (["-x"], ["word"]):
            done = self.run_it(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage:", done.stderr)

    def test_no_such_user(self):
        if os.geteuid():
            self.skipTest("only root becomes somebody else")
        done = self.run_it("-u", "nobody-of-this-name", "-s", "/nonexistent/s")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no user nobody-of-this-name", done.stderr)

    def test_socket_that_is_taken(self):
        first = self.daemon().start()
        first.ready()
        done = self.run_it("-n", "-f", first.file, "-s", first.socket)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another vpnhad is running", done.stderr)
        self.assertEqual(first.ask("show", what="ike-sa")["items"], [])

    def test_ready_is_told(self):
        daemon = self.daemon()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(daemon.path("notify"))
            manager.settimeout(HANGS)
            daemon.start(NOTIFY_SOCKET=daemon.path("notify"))
            self.assertEqual(manager.recv(1000).split(b"\n")[0], b"READY=1")
            daemon.ready()
            self.assertEqual(daemon.end(), 0)
            self.assertEqual(manager.recv(1000), b"STOPPING=1")

    def test_reloading_is_told(self):
        daemon = self.daemon()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(daemon.path("notify"))
            manager.settimeout(HANGS)
            daemon.start(NOTIFY_SOCKET=daemon.path("notify"))
            self.assertIn(b"STATUS=1 profiles", manager.recv(1000))
            daemon.write("crypto ikev2 nonsense\n")
            daemon.process.send_signal(signal.SIGHUP)
            self.assertRegex(manager.recv(1000), rb"^RELOADING=1\nMONOTONIC_USEC=\d+$")
            self.assertRegex(manager.recv(1000), rb"^READY=1\nSTATUS=.*/vpnha.conf:1:14: ")

    def test_watchdog_is_fed(self):
        daemon = self.daemon()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(daemon.path("notify"))
            manager.settimeout(HANGS)
            daemon.start(NOTIFY_SOCKET=daemon.path("notify"), WATCHDOG_USEC="20000")
            self.assertEqual([manager.recv(1000).split(b"\n")[0] for _ in range(3)],
                             [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"])


class ControlSocket(DaemonTest):
    """Requests and answers."""

    def test_mode(self):
        daemon = self.daemon().start()
        daemon.ready()
        self.assertEqual(stat.S_IMODE(os.stat(daemon.socket).st_mode), 0o660)

    def test_running(self):
        daemon = self.daemon().start()
        daemon.ready()
        text = daemon.ask("running")["text"]
        self.assertIn("pre-shared-key a-secret-of-the-test", text)
        self.assertEqual(daemon.ask("load", text=text), {"ok": True})
        self.assertEqual(daemon.ask("running")["text"], text)

    def test_check_changes_nothing(self):
        daemon = self.daemon().start()
        daemon.ready()
        before = daemon.ask("running")
        self.assertEqual(daemon.ask("check", text=""), {"ok": True})
        self.assertEqual(daemon.ask("running"), before)

    def test_load_replaces(self):
        daemon = self.daemon().start()
        daemon.ready()
        self.assertEqual(daemon.ask("load", text=""), {"ok": True})
        self.assertEqual(daemon.ask("running"), {"text": ""})

    def test_refusals_name_the_line(self):
        daemon = self.daemon().start()
        daemon.ready()
        before = daemon.ask("running")
        for text, line, words in (
                ("crypto ikev2 policy p\n proposal none-such\n", 2, "none-such"),
                ("crypto ikev2 nonsense\n", 1, ""),
                (GOOD + "crypto ikev2 profile two\n match identity remote any\n"
                 " authentication local rsa-sig\n authentication remote rsa-sig\n"
                 " pki trustpoint none-such\n", 14, "none-such")):
            for op in ("check", "load"):
                error = daemon.ask(op, text=text)["error"]
                self.assertIn(words, error["message"])
                self.assertEqual(error["line"], line)
        self.assertEqual(daemon.ask("running"), before)

    def test_files_of_secrets(self):
        daemon = self.daemon().start()
        daemon.ready()
        text = GOOD.replace("pre-shared-key a-secret-of-the-test",
                            "pre-shared-key file " + daemon.path("key"))
        for mode, words in ((None, "No such file"), (0o644, "0600"), (0o600, None)):
            if mode is not None:
                daemon.write("from-a-file\n", "key", mode)
            answer = daemon.ask("load", text=text)
            if words is None:
                self.assertEqual(answer, {"ok": True})
            else:
                self.assertIn(words, answer["error"]["message"])
                self.assertIn(daemon.path("key"), answer["error"]["message"])
                self.assertNotIn("from-a-file", json.dumps(answer))

    def test_show_without_sas(self):
        daemon = self.daemon().start()
        daemon.ready()
        for what in ("ike-sa", "session"):
            self.assertEqual(daemon.ask("show", what=what), {"ok": True, "items": []})
        counters = daemon.ask("show", what="counters")["items"]
        self.assertEqual(len(counters), 1)
        self.assertEqual(counters[0]["ike_sas"], 0)
        self.assertEqual(daemon.ask("clear", what="session"), {"ok": True, "n": 0})

    def test_nonsense_is_refused(self):
        daemon = self.daemon().start()
        daemon.ready()
        for request in ({"op": "dance"}, {}, {"op": 5}, {"op": "show", "what": "weather"},
                        {"op": "clear"}, {"op": "load"}, {"op": "load", "text": 5},
                        {"op": "show", "what": "ike-sa", "peer": "nowhere"}):
            with daemon.control() as control:
                control.send(json.dumps(request).encode() + b"\n")
                self.assertIn("error", control.line(), request)
        for line in (b"garbage\n", b"[]\n", b"\0\n", b'{"op": "show"\n'):
            with daemon.control() as control:
                control.send(line)
                self.assertIn("error", control.line())
                self.assertIsNone(control.line())
        self.assertEqual(daemon.ask("clear", what="ike-sa"), {"ok": True, "n": 0})

    def test_requests_in_pieces_and_in_bundles(self):
        daemon = self.daemon().start()
        daemon.ready()
        with daemon.control() as control:
            request = b'{"op": "show", "what": "ike-sa"}\n'
            for octet in request:
                control.send(bytes([octet]))
            control.send(request * 100)
            self.assertEqual([control.line()["items"] for _ in range(101)], [[]] * 101)

    def test_a_client_that_goes_away(self):
        daemon = self.daemon().start()
        daemon.ready()
        for _ in range(50):
            with daemon.control() as control:
                control.send(b'{"op": "running"}\n{"op": "de')
        self.assertEqual(daemon.ask("clear", what="ike-sa"), {"ok": True, "n": 0})

    def test_who_does_not_read_is_not_asked_for_more(self):
        daemon = self.daemon().start()
        daemon.ready()
        request = b'{"op": "running"}\n'
        with daemon.control() as control:
            control.sock.setblocking(False)
            sent = 0
            try:
                while sent < 256 << 20:
                    sent += control.sock.send(request * 4096)
            except BlockingIOError:
                pass
            # what it has not taken is in the socket, not in its memory
            self.assertLess(sent, 64 << 20)
            self.assertIn("text", daemon.ask("running"))
            control.sock.setblocking(True)
            for _ in range(sent // len(request)):
                self.assertIn("text", control.line())

    def test_so_many_connections(self):
        daemon = self.daemon().start()
        daemon.ready()
        with contextlib.ExitStack() as stack:
            controls = [stack.enter_context(daemon.control()) for _ in range(64)]
            self.assertIn("too many", daemon.control().line()["error"]["message"])
            self.assertIn("text", controls[-1].ask("running"))
        daemon.says("was turned away")

    def test_debug_follows(self):
        daemon = self.daemon().start()
        daemon.ready()
        with daemon.control() as control:
            self.assertEqual(control.ask("debug", what="ikev2"), {"ok": True})
            daemon.process.send_signal(signal.SIGHUP)
            line = control.line()
            self.assertEqual(set(line), {"time", "level", "text", "peer"})
            self.assertIn("was read", line["text"])
            self.assertEqual(line["level"], "notice")


class Configuration(DaemonTest):
    """What it begins with, and what it goes on with."""

    def test_bad_file(self):
        daemon = self.daemon(GOOD + "crypto ikev2 policy p\n proposal none-such\n").start()
        told = daemon.ready()
        self.assertIn(f"{daemon.file}:11:", told)
        self.assertIn("none-such", told)
        self.assertEqual(daemon.ask("running"), {"text": ""})

    def test_no_file(self):
        daemon = self.daemon(None).start()
        self.assertIn("No such file", daemon.ready())
        self.assertEqual(daemon.ask("load", text=GOOD), {"ok": True})

    def test_reload(self):
        daemon = self.daemon().start()
        daemon.ready()
        daemon.write(GOOD.replace("profile prof", "profile other"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.says("was read: ")
        text = daemon.ask("running")["text"]
        self.assertIn("profile other", text)
        daemon.write("crypto ikev2 nonsense\n")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.says("stays as it was\n")
        self.assertEqual(daemon.ask("running")["text"], text)

    def test_what_was_loaded_survives_a_crash(self):
        daemon = self.daemon().start()
        daemon.ready()
        daemon.ask("load", text=GOOD.replace("profile prof", "profile loaded"))
        text = daemon.ask("running")
        self.assertEqual(daemon.end(signal.SIGKILL), -signal.SIGKILL)
        kept = [name for name in os.listdir(daemon.path("run")) if name.endswith(".conf")]
        self.assertEqual(len(kept), 1)
        mode = stat.S_IMODE(os.stat(daemon.path("run/" + kept[0])).st_mode)
        self.assertEqual(mode, 0o600)
        self.assertIn("from before", daemon.start().ready())
        self.assertEqual(daemon.ask("running"), text)

    def test_what_others_could_write_is_not_gone_on_with(self):
        daemon = self.daemon()
        os.mkdir(daemon.path("run"))
        daemon.write("crypto ikev2 limit max-sa 1\n", "run/vpnhad.sock.conf", 0o602)
        self.assertIn("is not ours alone, and is not read", daemon.start().ready())
        self.assertIn("profile prof", daemon.ask("running")["text"])

    def test_others_can_read_the_file(self):
        daemon = self.daemon()
        os.chmod(daemon.file, 0o644)
        self.assertIn("holds preshared keys and can be read by everybody (mode 0644)",
                      daemon.start().ready())
        os.chmod(daemon.file, 0o602)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.says("can be written by everybody (mode 0602)")

    def test_a_boot_begins_with_the_file(self):
        daemon = self.daemon().start()
        daemon.ready()
        daemon.ask("load", text=GOOD.replace("profile prof", "profile loaded"))
        self.assertEqual(daemon.end(), 0)
        self.assertEqual(os.listdir(daemon.path("run")), [])
        daemon.start().ready()
        self.assertIn("profile prof", daemon.ask("running")["text"])

    def test_no_secret_is_logged(self):
        daemon = self.daemon(GOOD + " nonsense\n").start()
        daemon.ready()
        daemon.ask("load", text=GOOD)
        daemon.ask("load", text=GOOD + " nonsense\n")
        daemon.end()
        self.assertNotIn("a-secret-of-the-test", daemon.told)


class Privileges(DaemonTest):
    """What it keeps for itself."""

    def status(self, daemon):
        with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
            return dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)

    def test_few_privileges(self):
        daemon = self.daemon().start()
        daemon.ready()
        status = self.status(daemon)
        net_admin, net_bind = 1 << 12, 1 << 10
        for which in ("CapPrm", "CapEff", "CapBnd"):
            self.assertEqual(int(status[which], 16) & ~(net_admin | net_bind), 0, which)
        self.assertEqual(int(status["CapInh"], 16) | int(status["CapAmb"], 16), 0)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")

    def test_every_thread_is_confined(self):
        daemon = self.daemon().start()
        daemon.ready()
        tasks = os.listdir(f"/proc/{daemon.process.pid}/task")
        self.assertGreaterEqual(len(tasks), 3)
        for task in tasks:
            with open(f"/proc/{daemon.process.pid}/task/{task}/status",
                      encoding="ascii") as status:
                self.assertIn("Seccomp:\t2\n", status.read())

    def test_no_core_file(self):
        daemon = self.daemon().start()
        daemon.ready()
        with open(f"/proc/{daemon.process.pid}/limits", encoding="ascii") as limits:
            core = [line.split()[4:6] for line in limits if line.startswith("Max core file")]
        self.assertEqual(core, [["0", "0"]])


if __name__ == "__main__":
    ktap_unittest.main()
