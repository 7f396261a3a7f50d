#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12
"""Documentation/hsrp.md and hsrp-ipv6.md, executed: a pair of gateways and a host, each command with
the output that the guide shows; and whatever the tools can say of a group in Init, or of a packet that
is ignored, is on the page."""

import os
import re
import sys

import guide
import hosts

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "hsrp"))

from gateway import Report  # noqa: E402

CABLES = (("host", "eth0", "inside"), ("gw1", "eth0", "inside"), ("gw2", "eth0", "inside"),
          ("gw1", "eth1", "outside"), ("gw2", "eth1", "outside"))

PAGES = "hsrp.md", "hsrp-ipv6.md"

# The page shows the hardware addresses.
IPV6 = "sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0"
NETWORK = {
    "host": ("ip address add 10.1.1.100/24 dev eth0", IPV6,
             "ip address add 2001:db8:1::100/64 dev eth0 nodad"),
    **{f"gw{n}": (f"ip link set eth0 address 02:00:00:00:00:0{n}",
                  f"ip address add 10.1.1.{n + 1}/24 dev eth0",
                  f"ip address add 192.0.2.{n + 1}/24 dev eth1",
                  "sysctl -qw net.ipv4.ip_forward=1", IPV6) for n in (1, 2)},
}


def prepare(network):
    for name, commands in NETWORK.items():
        network.hosts[name].check("; ".join(commands))


def unexplained(text):
    """Reasons that the tools print and the page does not have."""
    with open(os.path.join(guide.TOP, "tools/lib/text.c"), encoding="utf-8") as source:
        tables = re.findall(r"const (?:init|drop)_reasons\[\] = {(.*?)};", source.read(), re.DOTALL)
    said = re.findall('"(.*)"', "".join(tables))
    return [reason for reason in said if f"`{reason}`" not in text] if said else ["none were found"]


def main():
    pages = {}
    for name in PAGES:
        with open(os.path.join(guide.TOP, "Documentation", name), encoding="utf-8") as page:
            pages[name] = page.read()
    steps = {name: [step for step in guide.read(text)
                    if step.kind in ("command", "follow", "expect")]
             for name, text in pages.items()}
    report = Report(sum(map(len, steps.values())) + 1)
    with hosts.Network(CABLES) as network:
        prepare(network)
        player = hosts.Player(network)
        for name in PAGES:
            player.follow(report, steps[name],
                          lambda step, name=name: f"{name}, line {step.line}")
    report.run("each reason is explained", unexplained, "".join(pages.values()))
    report.end()


if __name__ == "__main__":
    main()
