# SPDX-License-Identifier: GPL-2.0
"""A guide in Markdown that is executed as it is read.

Blocks fenced with ```console hold what a terminal shows. A line with a prompt
is typed, the lines after it are what comes back:

    gw1# vpnhactl show standby brief     in gw1's first terminal
    gw1:2# vpnhactl debug standby        in its second one, where it goes on
    gw1# cat > file << 'EOF'             a line that begins with "> " goes on
    > with another line

A question (show, check, ip route ...) is asked until the answer is the guide's;
everything else is typed once. A block fenced with ```terminal gw1:2 holds lines
that come, in this order, in a terminal in which something goes on; the line ^C
ends that. A block fenced with ```seed is what the document of the case study
shows at that place, to be shown beside; it is not compared. A block fenced with
```outage gw1:2 holds a sum, as 10 s + 6 x 2 s: for how long the ping that was ended in
this terminal is to have had no reply.

What differs from run to run is compared as what it is: a time as a time, a
count of packets as none or some.
"""

import dataclasses
import math
import os
import re

TOP = os.environ.get("VPNHA_TOP") or os.path.realpath(
    os.path.join(os.path.dirname(__file__), "..", ".."))

#: in Documentation/, one going on where the other ends
CASE_STUDY = ("case-study.md", "case-study-failover.md")

PROMPT = re.compile(r"^([A-Za-z0-9-]+)(?::(\d))?# (.*)$")
QUESTION = re.compile(r"(^|\| *)(vpnhactl (show|check)|vtysh .*show |"
                      r"swanctl --l|ss |ip (-\S+ )*route( show)?$)")

_VARIES = (
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\b\d\d:\d\d:\d\d(\.\d+)?\b"), "TIME"),
    (re.compile(r"\b\d+\.\d+ secs?\b"), "SECONDS"),
    (re.compile(r"^(\s*\d+) state changes?"), "CHANGES"),
    (re.compile(r"(#[a-z. -]+:) ([1-9]\d*)"), r"\1 SOME"),
    (re.compile(r"\b(time|icmp_seq)=\d+(\.\d+)?"), r"\1=N"),
    (re.compile(r"^\d+ packets transmitted, .*"), "PACKETS"),
    (re.compile(r"\bnhid \d+"), "nhid N"),
    (re.compile(r"^(\s*)\d+ changes?, last change"), "CHANGES"),
    (re.compile(r"\b0x[1-9A-F][0-9A-F]{0,7}\(\d+\)"), "SPI"),
    (re.compile(r"\b(in|out) [0-9a-f]{8}\b"), r"\1 SPI"),
    (re.compile(r"\b[0-9a-f]{16}_([ir])"), r"SPI_\1"),
    (re.compile(r"^\d+( +[\d.]{7,15} )"), r"N\1"),
    # strongSwan's threads, and its numbers
    (re.compile(r"^\d\d\["), "NN["),
    (re.compile(r"(#|reqid |message ID )\d+"), r"\1N"),
    (re.compile(r" +"), " "),
)


class GuideError(Exception):
    """The guide cannot be understood."""


@dataclasses.dataclass
class Step:
    """One thing that the guide has its reader do, see, or read."""
    kind: str                      # heading, prose, command, follow, expect, outage, seed
    line: int                      # in the file, of its first line
    lines: list
    host: str = ""
    terminal: int = 1
    command: str = ""
    file: str = ""

    @property
    def ends(self):
        """Is what goes on in the terminal ended here?"""
        return self.kind == "expect" and "^C" in self.lines

    @property
    def wanted(self):
        return [line for line in self.lines if line != "^C"]

    @property
    def promise(self):
        """Seconds of an outage."""
        words = self.lines[0].replace(" s", "").split(" + ")
        return sum(math.prod(map(float, word.split(" x "))) for word in words)

    @property
    def asks(self):
        return self.kind == "command" and bool(QUESTION.search(self.command))


def _console(number, lines):
    step = None
    for offset, line in enumerate(lines):
        match = PROMPT.match(line)
        if match:
            if step:
                yield step
            terminal = int(match[2] or 1)
            step = Step("follow" if terminal > 1 else "command", number + offset, [], match[1],
                        terminal, match[3])
        elif step is None:
            raise GuideError(f"line {number + offset}: output without a command")
        elif line.startswith("> ") or line == ">":
            step.command += "\n" + line[2:]
        else:
            step.lines.append(line)
    if step:
        yield step


def _block(info, number, lines):
    words = info.split()
    if info == "console":
        yield from _console(number, lines)
    elif words[:1] in (["terminal"], ["outage"]) and len(words) == 2:
        host, _, terminal = words[1].partition(":")
        yield Step("expect" if words[0] == "terminal" else "outage", number, lines, host,
                   int(terminal))
    elif info == "seed":
        yield Step("seed", number, lines)
    elif info in ("", "text"):
        yield Step("prose", number, lines)
    else:
        raise GuideError(f"line {number}: a block of no known kind: {info}")


def read(text):
    """The steps of a guide."""
    steps, prose, block, info = [], [], None, ""
    start = 0
    for number, line in enumerate(text.splitlines() + [""], 1):
        if block is not None:
            if line.startswith("```"):
                steps += _block(info, start + 1, block)
                block = None
            else:
                block.append(line)
            continue
        if line.startswith(("```", "#")) or not line.strip():
            if prose:
                steps.append(Step("prose", start, prose))
            prose = []
        if line.startswith("```"):
            block, info, start = [], line[3:].strip(), number
        elif line.startswith("#"):
            steps.append(Step("heading", number, [line.lstrip("# ")]))
        elif line.strip() and not line.startswith("<!--"):
            if not prose:
                start = number
            prose.append(line)
    if block is not None:
        raise GuideError(f"line {start}: the block has no end")
    return steps


def case_study():
    """The steps of the case study."""
    steps = []
    for name in CASE_STUDY:
        path = os.path.join("Documentation", name)
        with open(os.path.join(TOP, path), encoding="utf-8") as text:
            steps += [dataclasses.replace(step, file=path) for step in read(text.read())]
    return steps


def even(line):
    """A line without what differs from run to run."""
    line = line.rstrip()
    for pattern, to in _VARIES:
        line = pattern.sub(to, line)
    return line


def same(found, wanted):
    """Is this what the guide shows?"""
    return [even(line) for line in found] == [even(line) for line in wanted]


def comes(found, wanted):
    """Do lines come in this order, whatever comes in between? Returns how many
    of the found ones it took, or None."""
    at = 0
    for line in wanted:
        while at < len(found) and even(found[at]) != even(line):
            at += 1
        if at == len(found):
            return None
        at += 1
    return at
