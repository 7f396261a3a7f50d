# SPDX-License-Identifier: GPL-2.0
"""How late a machine is: what wants to run every tenth of a second measures it, so that
a time which was promised can be compared on a machine that is busy, too."""

import threading
import time

TICK = 0.1


class Late(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.worst = 0.0        # seconds, since the last reset()
        self.start()

    def run(self):
        due = time.monotonic() + TICK
        while not self.over.wait(max(0, due - time.monotonic())):
            now = time.monotonic()
            self.worst = max(self.worst, now - due)
            due = now + TICK

    def reset(self):
        self.worst = 0.0

    def most(self, seconds):
        """What may at most be measured where so much was promised, of a few steps one after
        the other."""
        return seconds + 4 * self.worst

    def stop(self):
        self.over.set()
        self.join()
