# SPDX-License-Identifier: GPL-2.0
"""What the keying daemons of the tests have in common: a directory and a process each."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import TOP, Hang, wait  # noqa: E402,F401


@dataclasses.dataclass(frozen=True)
class Sa:
    """A child SA pair, or an IKE SA, that is up, as its daemon tells of it."""
    kind: str               # "ike" or "child"
    number: str             # the daemon's own
    connection: str
    spis: tuple = ()        # local and remote, as text without 0x; libreswan tells of none
    details: object = None  # all that the daemon said

    def key(self):
        return self.kind, self.number


class Refused(Exception):
    """A daemon could not do what it was told to; the text is its own."""


class Daemon:
    """A keying daemon in a namespace. Subclasses: argv(), ready(), load(), unload(), sas(),
    initiate(), rekey(), terminate()."""

    NAME = ""

    def __init__(self, topology, namespace):
        self.topology, self.namespace = topology, namespace
        self.directory = tempfile.mkdtemp(prefix=f"{self.NAME}.", dir="/run")
        self.log = self.path("log")
        self.process = None
        self.connections = {}

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def write(self, name, text, mode=0o600):
        with open(os.open(self.path(name), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "w",
                  encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run(self, *argv, check=True, env=None):
        """Output of a command in the namespace."""
        done = self.namespace.inside(
            subprocess.run, argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, env={**os.environ, **(env or {})}, errors="replace")
        if check and done.returncode:
            raise Refused(f"{' '.join(argv)}: exit status {done.returncode}\n{done.stdout}")
        return done.stdout

    # -- its life ----------------------------------------------------------------

    def environment(self):
        return {}

    def start(self):
        """Returns when it answers."""
        with open(self.path("output"), "ab") as output:
            self.process = self.topology.start(
                self.namespace, *self.argv(), stdout=output, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, env={**os.environ, **self.environment()})
        wait(self._answers, f"{self.NAME} answers")
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise Refused(f"{self.NAME} ended with {self.process.returncode}\n{self.tail()}")
        return self.ready()

    def end(self, number):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
        if self.process:
            self.process.wait()
        self.process = None

    def stop(self):
        self.end(signal.SIGTERM)

    def kill(self):
        """As when the machine dies: what the kernel has of it goes, too."""
        self.end(signal.SIGKILL)

    def impatient(self):
        """While it lasts it finds out within a minute that nobody answers."""
        return contextlib.nullcontext(self)

    # -- what it says ------------------------------------------------------------

    def log_text(self):
        text = ""
        for path in (self.path("output"), self.log):
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    text += file.read()
            except FileNotFoundError:
                pass
        return text

    def mark(self):
        """A place in the log, for since()."""
        return len(self.log_text())

    def since(self, mark):
        return self.log_text()[mark:]

    def tail(self, lines=40, mark=0):
        return "\n".join(f"{self.NAME}: {line}" for line in self.since(mark).splitlines()[-lines:])

    def wait_said(self, text, mark=0):
        try:
            return wait(lambda: text in self.since(mark), f"{self.NAME} says {text!r}")
        except Hang as hang:
            raise Hang(f"{hang}\n{self.tail(mark=mark)}") from None

    # -- its SAs -----------------------------------------------------------------

    def sas(self):
        raise NotImplementedError

    def ikes(self):
        return [sa for sa in self.sas() if sa.kind == "ike"]

    def children(self):
        return [sa for sa in self.sas() if sa.kind == "child"]

    def wait_sas(self, ikes=1, children=1):
        """Until there are as many; returns them."""
        found = []

        def there():
            found[:] = self.sas()
            return [sum(sa.kind == kind for sa in found)
                    for kind in ("ike", "child")] == [ikes, children]
        try:
            wait(there, f"{self.NAME} has {ikes} IKE and {children} child SAs")
        except Hang as hang:
            raise Hang(f"{hang}\n{found}\n{self.tail()}") from None
        return found

    def drop_all(self):
        """Begins to end all SAs; the other end learns of it if it listens."""
        raise NotImplementedError

    def clear(self):
        """No SA is left."""
        def empty():
            if not self.sas():
                return True
            self.drop_all()
            return False
        wait(empty, f"{self.NAME} has no SA")

    def flush(self):
        """What a daemon that was killed left in its kernel."""
        self.namespace.ip("xfrm state flush", check=False)
        self.namespace.ip("xfrm policy flush", check=False)
