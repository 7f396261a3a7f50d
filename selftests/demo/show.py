#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What `make demo` shows: the case study of Documentation/, executed before one's
eyes. Exits with 1 as soon as something is not as the guide has it."""

import sys

import guide
import hosts


_empty = False


def say(*lines, before=""):
    """Lines, and never two empty ones in a row."""
    global _empty
    for line in lines:
        if line or not _empty:
            print(before + line, flush=True)
        _empty = not line


def played(step, lines):
    """What was typed, and what came."""
    if step.kind == "outage":
        say("", *(f"==> {line}" for _, line in lines), "")
        return
    if step.kind in ("command", "follow"):
        terminal = f":{step.terminal}" if step.terminal > 1 else ""
        first, *rest = step.command.split("\n")
        say(f"{step.host}{terminal}# {first}", *(f"> {line}" for line in rest))
    else:
        say(f"[in {step.host}'s terminal {step.terminal}, seconds after the last command]")
    for after, line in lines:
        say(f"    {line}" if after is None else f"  {after:+8.3f}  {line}")


def main():
    with hosts.CaseStudy() as network:
        player = hosts.Player(network)
        for step in guide.case_study():
            if step.kind == "heading":
                say("", step.lines[0], "=" * len(step.lines[0]), "")
            elif step.kind == "prose":
                say("", *step.lines, "")
            elif step.kind == "seed":
                say("", "the document has:")
                say(*step.lines, before="  | ")
                say("")
            else:
                try:
                    played(step, player.play(step))
                except hosts.Failed as error:
                    say("", f"{step.file}, line {step.line}: this is not as it should be:", step.command, str(error))
                    return 1
                pings = step.ends and network.terminals[step.host, step.terminal].pings()
                if pings:
                    say("    {} pings sent, {} lost, longest gap between replies {:.3f} s"
                        .format(*pings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
