# SPDX-License-Identifier: GPL-2.0
"""Which tests there are, and what each needs: selftests/AREA/Makefile names
them as kselftests do, and a comment near the head of a test's source says what
it wants of the lab:

    # lab: own-machine smp=2 mem=2G timeout=1200 kernels=debug

  own-machine   a guest of its own; else it shares one with the other tests
  smp=2         a guest with two processors, which such tests share
  host          it runs on the host and starts machines itself
  native        it runs on the host, once, and needs no kernel
  load-module=no  it loads the module itself
  kernels=A,(B)   it runs on A, and on B when it is asked for by name
"""

import dataclasses
import fnmatch
import os
import re
import subprocess

import machine

SELFTESTS = os.path.join(machine.TOP, "selftests")
BUILD = os.path.join(machine.TOP, "build", "selftests")

_HEADER = re.compile(r"^\s*(?:#|//|/?\*)\s*lab:\s*(.+?)\s*(?:\*/)?$")
_FLAGS = ("own-machine", "host", "native")
_VALUES = ("smp", "mem", "timeout", "kernels", "icount", "load-module")


class SuiteError(Exception):
    """The tests cannot be listed or built."""


@dataclasses.dataclass
class Test:
    """A test program."""
    area: str
    name: str
    path: str                     # relative to the project's top
    where: str = "shared"         # shared, own-machine, host, native
    smp: int = 1
    mem: str = "2G"
    icount: bool = False
    timeout: int = 0
    kernels: tuple = machine.KERNELS
    on_demand: tuple = ()         # kernels, too, for those who ask for this test
    load_module: bool = True

    def runs_on(self, kernel, asked=False):
        """Is it to run on a kernel, when everything is to run or when it is asked for?"""
        kernels = self.kernels + (self.on_demand if asked else ())
        return kernel in kernels or (kernel == machine.KCSAN and "debug" in kernels)

    def processors(self, kernel):
        """How many its guest has on a kernel: races need two."""
        return max(self.smp, 2) if kernel == machine.KCSAN and not self.icount else self.smp


def default_timeout():
    """kselftest's own settings file: seconds after which a test hangs."""
    with open(os.path.join(SELFTESTS, "settings"), encoding="ascii") as settings:
        for line in settings:
            key, _, value = line.strip().partition("=")
            if key == "timeout":
                return int(value)
    raise SuiteError("selftests/settings has no timeout")


def header(source):
    """The words of a source's lab: comments."""
    words = []
    with open(source, encoding="utf-8", errors="replace") as lines:
        for _, line in zip(range(60), lines):
            match = _HEADER.match(line)
            if match:
                words += match[1].split()
    return words


def _kernels(source, names):
    """The kernels of a header: those that it always runs on, those in brackets."""
    brackets = [name for name in names if name.startswith("(") and name.endswith(")")]
    always = tuple(name for name in names if name not in brackets)
    on_demand = tuple(name[1:-1] for name in brackets)
    unknown = {*always, *on_demand} - {*machine.KERNELS, machine.KCSAN}
    if unknown:
        raise SuiteError(f"{source}: no kernel {', '.join(sorted(unknown))}")
    return always, on_demand


def describe(area, name, path, source):
    """A Test from its source's header."""
    test = Test(area, name, path, timeout=default_timeout())
    for word in header(source):
        key, equals, value = word.partition("=")
        if not equals and key in _FLAGS:
            test.where = key
        elif key in _VALUES and value:
            if key in ("smp", "timeout"):
                setattr(test, key, int(value))
            elif key == "kernels":
                test.kernels, test.on_demand = _kernels(source, value.split(","))
            elif key == "icount":
                test.icount = value == "yes"
            elif key == "load-module":
                test.load_module = value != "no"
            else:
                test.mem = value
        else:
            raise SuiteError(f"{source}: unknown word in its lab: comment: {word}")
    if test.icount:
        test.smp = 1
    # what is not like the shared guests needs one of its own
    if test.where == "shared" and (test.icount or not test.load_module or
                                   any(word.startswith("mem=") for word in header(source))):
        test.where = "own-machine"
    return test


def _make(area, *arguments):
    output = os.path.join(BUILD, area)
    os.makedirs(output, exist_ok=True)
    ksrc = os.path.join(machine.path_of("kernel-source.sh"), "tools", "testing", "selftests")
    done = subprocess.run(
        ["make", "-s", f"-j{os.cpu_count()}", "--no-print-directory", "-C",
         os.path.join(SELFTESTS, area),
         f"OUTPUT={output}", f"KSRC_SELFTESTS={ksrc}", f"COLLECTION={area}", *arguments],
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SuiteError(f"make in selftests/{area} failed:\n{done.stdout}")
    return done.stdout


def areas():
    return sorted(entry for entry in os.listdir(SELFTESTS)
                  if os.path.exists(os.path.join(SELFTESTS, entry, "Makefile")))


def _names(area):
    for line in _make(area, "emit_tests").splitlines():
        collection, _, name = line.partition(":")
        if collection == area and name:
            yield name


def tests(pattern="*"):
    """The tests whose file name matches, with or without its suffix; built."""
    found = []
    for area in areas():
        names = [name for name in _names(area)
                 if fnmatch.fnmatch(name, pattern) or
                 fnmatch.fnmatch(os.path.splitext(name)[0], pattern)]
        if names:
            _make(area, "all")
        for name in names:
            script = os.path.join("selftests", area, name)
            if os.path.exists(os.path.join(machine.TOP, script)):
                found.append(describe(area, name, script, os.path.join(machine.TOP, script)))
            else:
                source = os.path.join(SELFTESTS, area, name + ".c")
                found.append(describe(area, name, os.path.join("build", "selftests", area, name),
                                      source))
    return found
