# SPDX-License-Identifier: GPL-2.0
"""Processes beside the test, each on a processor of its own."""

import ctypes
import json
import mmap
import os
import signal
import struct
import traceback

from esplab import wait

_libc = ctypes.CDLL(None)
_PDEATHSIG = 1


def _child(function, processor):
    """What a process does, which ends when it has or when its parent does."""
    _libc.prctl(_PDEATHSIG, signal.SIGKILL)
    os.sched_setaffinity(0, {processor})
    status = 1
    try:
        function()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def processors(count):
    """So many, each as often as the others."""
    there = sorted(os.sched_getaffinity(0))
    return [there[number % len(there)] for number in range(count)]


def side_by_side(function, count):
    """What function(number) returns, each in a process; JSON has to know it."""
    pipes = []
    for number, processor in enumerate(processors(count)):
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            def work(number=number, writer=writer):
                with os.fdopen(writer, "w") as out:
                    json.dump(function(number), out)
            _child(work, processor)
        os.close(writer)
        pipes.append((pid, os.fdopen(reader)))
    results = []
    for pid, reader in pipes:
        with reader:
            results.append(reader.read())
        if os.waitpid(pid, 0)[1]:
            raise RuntimeError("a process has failed")
    return [json.loads(result) for result in results]


class Flood:
    """Sends the same again and again: lists of (socket, data, address), one for each
    process. It does not mind what gets there, nor that interfaces go. It begins with
    go()."""

    def __init__(self, *lists):
        self.rounds = [mmap.mmap(-1, mmap.PAGESIZE) for _ in lists]
        self.pids = []
        for sends, rounds, processor in zip(lists, self.rounds, processors(len(lists))):
            pid = os.fork()
            if not pid:
                _child(lambda sends=sends, rounds=rounds: self._send(sends, rounds), processor)
            self.pids.append(pid)

    def go(self):
        for pid in self.pids:
            # each stops by itself first
            os.waitpid(pid, os.WUNTRACED)
            os.kill(pid, signal.SIGCONT)

    @staticmethod
    def _send(sends, rounds):
        os.kill(os.getpid(), signal.SIGSTOP)
        number = 0
        while True:
            for sock, data, address in sends:
                try:
                    sock.sendto(data, address)
                except OSError:
                    # no interface, no route, no memory: as it may be
                    pass
            number += 1
            struct.pack_into("=Q", rounds, 0, number)

    def more(self, rounds=2):
        """Waits until all has been sent so many times more."""
        def now():
            return [struct.unpack_from("=Q", one)[0] for one in self.rounds]
        before = now()
        wait(lambda: all(new >= old + rounds for new, old in zip(now(), before)),
             "traffic goes on", pause=0.02)

    def stop(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.pids = []
