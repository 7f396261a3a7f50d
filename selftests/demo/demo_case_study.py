#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12,(6.1)
"""The case study of Documentation/, executed: each command has the output that the
guide shows, each line that it tells of comes."""

import os
import sys

import guide
import hosts

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Report  # noqa: E402


def main():
    steps = [step for step in guide.case_study()
             if step.kind in ("command", "follow", "expect", "outage")]
    report = Report(len(steps))
    with hosts.CaseStudy() as network:
        hosts.Player(network).follow(
            report, steps, lambda step: f"{os.path.basename(step.file)}:{step.line}")
    report.end()


if __name__ == "__main__":
    main()
