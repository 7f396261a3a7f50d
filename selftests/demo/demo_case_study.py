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


def play(player, step):
    """Faults of a step; tells when lines came, and what became of a ping that ends."""
    try:
        lines = player.play(step)
    except hosts.Failed as error:
        return [error]
    for after, line in lines:
        if after is not None:
            print(f"# {after:8.3f} s after the last command: {line}")
        elif step.kind == "outage":
            print(f"# {line}")
    pings = step.ends and player.network.terminals[step.host, step.terminal].pings()
    if pings:
        print("# {} pings sent, {} lost, longest gap {:.3f} s".format(*pings))
    return ()


def main():
    steps = [step for step in guide.case_study()
             if step.kind in ("command", "follow", "expect", "outage")]
    report = Report(len(steps))
    with hosts.CaseStudy() as network:
        player = hosts.Player(network)
        for step in steps:
            what = (step.command or step.wanted[0]).splitlines()[0].replace("#", "")
            report.follow(f"{os.path.basename(step.file)}:{step.line}: {step.host}: {what}", play, player, step)
    report.end()


if __name__ == "__main__":
    main()
