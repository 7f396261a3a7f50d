# SPDX-License-Identifier: GPL-2.0
"""Reads the KTAP that a test prints, line by line."""

import dataclasses
import re

KSFT_SKIP = 4

_RESULT = re.compile(
    r"^(?P<indent> *)(?P<fails>not )?ok\b(?: +(?P<number>\d+))?(?: +-)?"
    r"(?: +(?P<name>.*?))?(?: *# *(?P<directive>[A-Z]{4,})\b:? *(?P<reason>.*))?$")
_PLAN = re.compile(r"^(?P<indent> *)1\.\.(?P<count>\d+)(?: *# *SKIP\b:? *(?P<reason>.*))?$")
_BAIL = re.compile(r"^ *Bail out!(?P<reason>.*)$")


@dataclasses.dataclass
class Point:
    """One result."""
    name: str
    status: str          # passed, failed, skipped
    reason: str = ""


@dataclasses.dataclass
class _Group:
    """The results at one depth that await their parent's line."""
    plan: int = -1
    results: int = 0
    failed: bool = False


class Parser:
    """Counts the leaves of the tree of results; a parent counts only when it
    says that it failed and none of its children does."""

    def __init__(self, on_point=None):
        self.points = []
        self.on_point = on_point
        self.groups = {}
        self.bailed = False

    def count(self, status):
        return sum(point.status == status for point in self.points)

    def _add(self, name, status, reason=""):
        point = Point(name, status, reason)
        self.points.append(point)
        if self.on_point:
            self.on_point(point)

    def _close(self, indent):
        """Ends the groups deeper than indent: (whether there were any, whether any failed)."""
        deeper = sorted((depth for depth in self.groups if depth > indent), reverse=True)
        failed = False
        for depth in deeper:
            group = self.groups.pop(depth)
            failed |= group.failed
            if group.plan != group.results:
                failed = True
                planned = "no plan" if group.plan < 0 else f"a plan of {group.plan}"
                self._add(f"{group.results} results for {planned}", "failed")
        return bool(deeper), failed

    def line(self, text):
        """One line of the test's output."""
        text = text.rstrip().expandtabs()
        match = _PLAN.match(text)
        if match:
            # results at this depth belong to it even where the plan comes last
            group = self.groups.setdefault(len(match["indent"]), _Group())
            group.plan = int(match["count"])
            if group.plan == 0 and match["reason"]:
                self._add("all", "skipped", match["reason"])
            return
        match = _BAIL.match(text)
        if match:
            self.bailed = True
            self._add("Bail out!" + match["reason"], "failed")
            return
        match = _RESULT.match(text)
        if match:
            self._result(match)

    def _result(self, match):
        indent = len(match["indent"])
        name = match["name"] or match["number"] or "unnamed"
        directive, reason = match["directive"], (match["reason"] or "").strip()
        children, failed = self._close(indent)
        group = self.groups.setdefault(indent, _Group())
        group.results += 1
        number = match["number"]
        if number is not None and int(number) != group.results:
            self._add(f"{name}: numbered {number}, but it is result {group.results}", "failed")
            group.failed = True
        if directive not in (None, "SKIP", "XFAIL"):
            # work left for later among them: a result is there or it is not
            self._add(name, "failed", f"{directive} {reason}".rstrip())
            group.failed = True
        elif directive == "SKIP" and not match["fails"]:
            if reason:
                self._add(name, "skipped", reason)
            else:
                self._add(name, "failed", "skipped without a reason")
                group.failed = True
        elif match["fails"] and directive != "XFAIL":
            group.failed = True
            if not failed:
                self._add(name, "failed")
        elif directive == "XFAIL":
            self._add(name, "skipped", "expected to fail: " + reason)
        elif not children:
            self._add(name, "passed")
        elif failed:
            group.failed = True

    def end(self, status):
        """The test exited: what it did not say, but its status or silence does."""
        self._close(-1)
        if not self.points and status == KSFT_SKIP:
            self._add("all", "failed", "skipped without a reason")
        elif not self.points:
            self._add(f"no results, exit status {status}", "failed")
        elif status not in (0, KSFT_SKIP) and not self.count("failed"):
            self._add(f"exit status {status} though no result failed", "failed")
        elif status == KSFT_SKIP and self.count("passed"):
            self._add("exit status says skipped, but results passed", "failed")
