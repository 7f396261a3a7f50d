# SPDX-License-Identifier: GPL-2.0
"""A ping between the machines of a lab, five times a second, and what became of it."""

import re


class Ping:
    """A ping from a namespace of a machine; it has had replies when it is there."""

    def __init__(self, net, namespace, *arguments):
        self.net = net
        self.command = net.begin("ip", "netns", "exec", namespace, "ping", "-n", "-D", "-O",
                                 "-i", "0.2", *arguments)
        self.goes_on()

    def _replies(self):
        return self.command.output.count(" bytes from ")

    def goes_on(self, more=5):
        """Waits for more replies, asking the machine meanwhile whether it lives."""
        wanted = self._replies() + more
        while self._replies() < wanted:
            self.net.check("sleep", "0.5")

    def stop(self):
        """(sent, lost, longest time between two replies in seconds); gap is then the times,
        by the machine's clock, of the two."""
        self.command.signal(2)
        self.command.wait()
        text = self.command.output
        sent, received = map(int, re.search(r"(\d+) packets transmitted, (\d+) received",
                                            text).groups())
        times = [float(t) for t in re.findall(r"^\[([\d.]+)\] \d+ bytes from", text, re.M)]
        self.gap = max(zip(times, times[1:]), key=lambda pair: pair[1] - pair[0])
        return sent, sent - received, self.gap[1] - self.gap[0]


def told(what, result):
    """Says what became of a ping."""
    print("# {}: {} pings sent, {} lost, longest gap {:.3f} s".format(what, *result), flush=True)
