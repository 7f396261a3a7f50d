# SPDX-License-Identifier: GPL-2.0
"""What the kernel's console may not say.

A line that matches REPORTS fails the run, unless it matches EXPECTED. The lab
marks in the console what it runs (MARK), so that a report has an owner.
"""

import itertools
import re

MARK = "vpnha-lab: begin "

REPORTS = re.compile("|".join((
    r"\bcut here\b",
    r"\bWARNING:",
    r"\bBUG:",
    r"kernel BUG at",
    r"\bOops:",
    r"Kernel panic",
    r"general protection fault",
    r"[Uu]nable to handle kernel",
    r"KASAN:",
    r"UBSAN:",
    r"ODEBUG:",
    # the lines of a leak's description are indented
    r"kmemleak: \S",
    r"refcount_t:",
    r"ref_tracker:",
    r"leaked reference",
    r"unregister_netdevice: waiting for",
    r"INFO: task .* blocked for more than",
    r"INFO: .*(lock|RCU|rcu|state|stall)",
    r"possible (recursive|circular) locking",
    r"inconsistent lock state",
    r"suspicious RCU usage",
    r"(soft|hard) (lockup|LOCKUP)",
    r"workqueue lockup",
    r"detected (expedited )?stalls?",
    r"self-detected stall",
    r"sleeping function called from invalid context",
    r"scheduling while atomic",
    r"stack-protector:",
    r"list_(add|del) corruption",
    r"Objects remaining in",
    r"Poison overwritten",
    r"Object (already free|padding overwritten)",
    r"Bad page state",
    r"Dead loop on virtual device",
    r"sysfs: cannot create duplicate",
    r"non-static key",
    r"turning off the locking correctness validator",
    r"vpnha-lab: the agent died",
)))

# (pattern, why it is no report). Each as narrow as it can be.
EXPECTED = (
    (r"kmemleak: Kernel memory leak detector initialized", "says that it is there"),
    (r"kmemleak: Automatic memory scanning thread", "says that it is there"),
    (r"ref_tracker: memory allocation failure, unreliable refcount tracker",
     "said where a test lets allocations fail"),
)

_EXPECTED = re.compile("|".join(pattern for pattern, _ in EXPECTED))

# the taints that only a defect sets, by bit (Documentation/admin-guide/tainted-kernels.rst)
TAINTS = {4: "machine check", 5: "bad page", 7: "oops", 9: "warning", 14: "soft lockup"}


# A report of KCSAN's: a title, and two stacks under a line with what each did.
_RACE = re.compile(r"BUG: KCSAN: ")
_RACE_END = re.compile(r"={50}")
_RACE_STACK = re.compile(r" by (task \d+|interrupt) on cpu \d+:")
_OF_MODULE = re.compile(r" \[\w+\]$")
# frames of a stack that tell whose data it is: the kernel's memcmp() is at the
# top of a race over what its caller, a module, has in memory
_RACE_DEPTH = 2


def _is_foreign_race(lines):
    """Is a race one of the kernel with itself? It has many that it lives with."""
    left = 0
    for line in itertools.takewhile(lambda line: not _RACE_END.search(line), lines):
        if _OF_MODULE.search(line) and (left or _RACE.search(line)):
            return False
        left = _RACE_DEPTH if _RACE_STACK.search(line) else left - 1 if left else 0
    return True


def _numbers(lines):
    """The numbers of the lines that are reports."""
    for number, line in enumerate(lines):
        if REPORTS.search(line) and not _EXPECTED.search(line) and not (
                _RACE.search(line) and _is_foreign_race(lines[number:])):
            yield number


def reports(text):
    """[(what ran, line)] of everything in a console that fails a run."""
    found = []
    lines = text.splitlines()
    owner, seen = "", 0
    for number in _numbers(lines):
        for line in lines[seen:number]:
            if MARK in line:
                owner = line.split(MARK, 1)[1].strip()
        found.append((owner, lines[number].strip()))
        seen = number
    return found


def excerpt(text, before=2, after=40, limit=200):
    """The lines around the reports, for a reader who has no console at hand."""
    lines = text.splitlines()
    wanted = set()
    for number in _numbers(lines):
        wanted.update(range(max(0, number - before), min(len(lines), number + after)))
    return [lines[number] for number in sorted(wanted)][:limit]


def taints(value):
    """The names of a taint value's defects."""
    return [name for bit, name in TAINTS.items() if value & (1 << bit)]
