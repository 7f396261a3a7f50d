#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,6.1,(debug)
"""A peer that has the kernel's own IPsec cannot tell the difference: every
algorithm, mode and family, extended sequence numbers and UDP encapsulation, with
datagrams of all lengths and TCP both ways."""

import errno
import itertools
import os
import socket
import struct
import traceback

from esplab import (ALGORITHMS, CBC, CHACHA, DEVICE, GCM, GUARD, IP_HEADER, NATT, PEER, TRANSPORT,
                    TUNNEL, UDP_HEADER, Algorithm, Hang, Report, Site, Topology, added, ksft, sa_drops,
                    wait)

# some segments
STREAM = 10000


class Cell:
    """One combination."""

    def __init__(self, algorithm, mode, outer=4, inner=4, esn=False, natt=False):
        self.algorithm, self.mode, self.outer, self.inner = algorithm, mode, outer, inner
        self.esn, self.natt = esn, natt

    def __str__(self):
        return (f"xfrm: {self.algorithm} {self.mode} v{self.outer}/v{self.inner}" +
                (" esn" if self.esn else "") + (" nat-t" if self.natt else ""))

    def key(self):
        return str(self)


def cells():
    """Every algorithm over IPv4, and every family and encapsulation with one
    algorithm of each kind."""
    wanted = [Cell(algorithm, mode, esn=esn)
              for algorithm in ALGORITHMS for mode in ("tunnel", "transport")
              for esn in (False, True)]
    for algorithm, esn, natt in itertools.product((GCM, CBC, CHACHA), (False, True),
                                                  (False, True)):
        wanted += [Cell(algorithm, "tunnel", outer, inner, esn, natt)
                   for outer in (4, 6) for inner in (4, 6)]
        wanted += [Cell(algorithm, "transport", family, family, esn, natt) for family in (4, 6)]
    return sorted({cell.key(): cell for cell in wanted}.values(), key=lambda cell: cell.mode,
                  reverse=True)


def in_clear(frames, natt):
    """Frames that are neither ESP nor what the link itself needs."""
    faults = []
    for frame in frames:
        kind = frame[12:14]
        if kind == b"\x08\x00":
            protocol, offset = frame[23], struct.unpack_from("!H", frame, 20)[0] & 0x1fff
            payload = frame[14 + (frame[14] & 15) * 4:]
        elif kind == b"\x86\xdd":
            # of a kernel that joins a group, for the link alone
            if frame[38:40] == b"\xff\x02":
                continue
            protocol, offset, payload = frame[20], 0, frame[54:]
            if protocol == socket.IPPROTO_FRAGMENT:
                protocol, offset = payload[0], struct.unpack_from("!H", payload, 2)[0] >> 3
                payload = payload[8:]
            # neighbour discovery
            if protocol == socket.IPPROTO_ICMPV6 and 133 <= payload[0] <= 137:
                continue
        else:
            continue
        if protocol == socket.IPPROTO_ESP and not natt:
            continue
        if protocol == socket.IPPROTO_UDP and natt and (
                offset or struct.unpack_from("!H", payload, 2)[0] == NATT):
            continue
        faults.append(f"not ESP on the wire: {frame[:64].hex()}")
    return faults[:3]


def counted(site, spis):
    """(direction, packets here, our SA's drops, packets at the peer), once both have
    counted what was under way; or as it stays."""
    def both():
        theirs = site.xfrm.states()
        return [(direction, ours["packets"], sa_drops(ours), theirs[spi].packets)
                for direction, spi in zip(("out", "in"), spis)
                for ours in [site.esp.sa(direction, spi)]]
    try:
        wait(lambda: all(ours == theirs for _, ours, _, theirs in both()), "counters agree")
    except Hang:
        pass
    return both()


def run(site, cell, spis):
    """Faults of a cell whose SAs are there."""
    tunnel = cell.mode == "tunnel"
    near, targets = ("host", (DEVICE, GUARD)) if tunnel else ("gateway", (PEER,))
    mtu = site.esp.sa("out", spis[0])["mtu"]
    fits = mtu - IP_HEADER[cell.inner] - UDP_HEADER
    # of IPv6 the first packet that is too long for the path is lost
    sizes = (1, 2, 3, 100, fits, 3000) + ((fits + 1,) if cell.inner == 4 else ())
    before = site.traffic.losses()
    site.wire.drain()
    site.traffic.frame_limit(cell.inner, mtu)
    for target in targets:
        site.traffic.exchange(cell.inner, sizes, target[cell.inner], near)
    site.traffic.stream(cell.inner, targets[-cell.esn][cell.inner], STREAM, near)
    faults = []
    for direction, ours, drops, theirs in counted(site, spis):
        if ours != theirs or ours < len(sizes) * len(targets):
            faults.append(f"{direction}: {ours} packets here, {theirs} at the peer")
        # too big is what path MTU discovery lives on
        drops.pop("too-big", None)
        if drops:
            faults.append(f"{direction}: {drops}")
    lost = added(before, site.traffic.losses())
    lost.pop("too-big", None)
    if lost:
        faults.append(f"dropped: {lost}")
    site.wire.pull()
    return faults + in_clear(site.wire.heard, cell.natt)


def isakmp(site, cell):
    """A cell whose SAs come over netlink. Faults, or why XFRM does not know it."""
    try:
        spis = site.connect(cell.algorithm, cell.outer, cell.mode, cell.esn, cell.natt)
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.ENOENT):
            raise
        return None, f"XFRM of this kernel: {error.strerror}"
    return run(site, cell, spis), None


def manual(site, cell):
    """A cell whose keys are the configuration's."""
    site.disconnect()
    site.serial += 1
    out, into = site.SPI_OUT + site.serial, site.SPI_IN + site.serial
    site.xfrm_sas(cell.algorithm, out, into, mode=cell.mode)
    site.xfrm_policies(mode=cell.mode)
    site.esp.batch(
        ("transform-set-set", {"name": cell.mode, **cell.algorithm.transform_set(cell.mode)}),
        ("map-set", {"name": "vpn", "number": TUNNEL if cell.mode == "tunnel" else TRANSPORT,
                     "kind": "manual",
                     "session-key-in": cell.algorithm.session_key(into),
                     "session-key-out": cell.algorithm.session_key(out)}))
    return run(site, cell, (out, into)), None


def report_cell(report, what, function, *arguments):
    try:
        faults, unknown = function(*arguments)
    except Exception:
        faults, unknown = [traceback.format_exc()], None
    if unknown:
        ksft.test_result_skip(f"{what} # SKIP {unknown}")
    else:
        report.line(what, faults)


def main():
    wanted = os.environ.get("CELLS", "")
    chosen = [cell for cell in cells() if wanted in str(cell)]
    # What differs between kernels shows in any cell: one in five, which falls on
    # all of the algorithms, modes and families in turn.
    if os.environ.get("KERNEL", "6.12") != "6.12" and not wanted:
        chosen = chosen[::5]
    manuals = [Cell(algorithm, mode)
               for algorithm in (GCM, CBC, CHACHA, Algorithm("aes-ccm", 256),
                                 Algorithm("3des", 192, "md5"), Algorithm("null", 0, "sha1"))
               for mode in ("tunnel", "transport")]
    manuals = [cell for cell in manuals if wanted in str(cell)]
    report = Report(len(chosen) + len(manuals))
    with Topology() as topology:
        site = Site(topology)
        site.configure()
        for cell in chosen:
            report_cell(report, str(cell), isakmp, site, cell)
        for cell in manuals:
            report_cell(report, f"{cell}, manual keys", manual, site, cell)
    report.end()


if __name__ == "__main__":
    main()
