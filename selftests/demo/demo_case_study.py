#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12,(6.1)
"""Documentation/case-study.md, executed: each command has the output that the
guide shows, each line that it tells of comes."""

import sys

import guide
import hosts


def main():
    steps = [step for step in guide.case_study() if step.kind in ("command", "follow", "expect")]
    print(f"KTAP version 1\n1..{len(steps)}", flush=True)
    with hosts.CaseStudy() as network:
        player = hosts.Player(network)
        for number, step in enumerate(steps, 1):
            name = f"line {step.line}: {step.host}: " + (
                step.command or step.wanted[0]).splitlines()[0].replace("#", "")
            try:
                lines = player.play(step)
            except hosts.Failed as error:
                print("\n".join(f"# {line}" for line in str(error).splitlines()))
                print(f"not ok {number} {name}\nBail out! the rest follows from it", flush=True)
                return 1
            for after, line in lines:
                if after is not None:
                    print(f"# {after:8.3f} s after the last command: {line}")
            pings = step.ends and network.terminals[step.host, step.terminal].pings()
            if pings:
                print("# {} pings sent, {} lost, longest gap {:.3f} s".format(*pings))
            print(f"ok {number} {name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
