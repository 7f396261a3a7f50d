# SPDX-License-Identifier: GPL-2.0
"""Two daemons that meet in the lab, one as the gateway and one as the peer."""

import traceback

from connection import Connection
from daemon import Refused
from ikelab import Hang, Stream, wait


class Meeting:
    """The gateway's daemon and the peer's. What a method returns are faults."""

    def __init__(self, lab, gateway, peer):
        self.lab, self.gateway, self.peer = lab, gateway, peer
        self.daemons = {"gateway": gateway, "peer": peer}

    def clear(self):
        """Neither has an SA."""
        # what brings a tunnel up again by itself comes first
        order = sorted(self.daemons.values(), key=lambda daemon: daemon.NAME != "libreswan")

        def empty():
            for daemon in order:
                daemon.clear()
            return not any(daemon.sas() for daemon in order)
        wait(empty, "neither end has an SA")

    def prepare(self, sides, nat=None, mtu=1500, gateway=None, peer=None, **more):
        """Configures both ends of a path, which have no SA then. gateway and peer are
        what is otherwise at one end."""
        self.lab.path()
        self.clear()
        self.lab.path(nat=nat, mtu=mtu)
        near, far = sides
        self.lab.version = 6 if ":" in near.address else 4
        one = Connection(near, far, **more)
        self.gateway.load(one.but(**{"remote": self.lab.seen_as(far, "peer", nat),
                                     **(gateway or {})}))
        self.peer.load(one.mirrored().but(**{"remote": self.lab.seen_as(near, "gateway", nat),
                                             **(peer or {})}))

    def up(self, initiator, children=1):
        self.daemons[initiator].initiate()
        for daemon in self.daemons.values():
            daemon.wait_sas(1, children)

    def passes(self, nets=(0,), udp=False):
        """Both ways, and through the tunnel only."""
        before = self.lab.counted()
        faults = []
        for net in nets:
            faults += self.lab.ping(net) + self.lab.ping(net, back=True, size=1000)
        after = self.lab.counted()
        grown = {name: after[name] - before[name] for name in after}
        if grown["clear"]:
            faults.append(f"in clear on the wire: {grown}")
        if not grown["natt" if udp else "tunnel"]:
            faults.append(f"nothing of the tunnel on the wire: {grown}")
        return faults

    def connect(self, sides, initiator, children=1, nets=(0,), udp=None, **more):
        """A tunnel that an end begins."""
        self.prepare(sides, **more)
        self.up(initiator, children)
        return self.passes(nets, more.get("nat") is not None if udp is None else udp)

    def refused(self, sides, initiator, **more):
        """No tunnel, whoever begins."""
        self.prepare(sides, **more)
        marks = {end: daemon.mark() for end, daemon in self.daemons.items()}
        try:
            self.daemons[initiator].initiate()
        except (Refused, Hang):
            pass
        faults = [f"{daemon.NAME} has {child}" for daemon in self.daemons.values()
                  for child in daemon.children()]
        return faults, marks

    @staticmethod
    def count(daemon, kinds):
        """Waits until a daemon had as many SAs one after the other; {kind: number}."""
        seen = {kind: set() for kind in kinds}

        def enough():
            for sa in daemon.sas():
                if sa.kind in seen:
                    seen[sa.kind].add(sa.key())
            return all(len(seen[kind]) >= number for kind, number in kinds.items())
        wait(enough, f"{daemon.NAME} has had {kinds} SAs")

    def under_traffic(self, function, *arguments, seconds=0.1, size=64, lost_elsewhere=None,
                      window=None):
        """Calls a function while datagrams pass; nothing of them may be lost, but for as
        many as lost_elsewhere() says, and for those sent in the window."""
        stream = Stream(*self.lab.hosts(), seconds=seconds, size=size)
        try:
            wait(lambda: stream.passed() > 3, "datagrams pass")
            faults = function(*arguments) or []
            passed = stream.passed()
            wait(lambda: stream.passed() > passed + 10, "datagrams still pass")
        finally:
            losses = stream.end(window, lost_elsewhere)
        return faults + losses

    def settled(self, children=1):
        """Both ends have one IKE SA again; what was replaced is gone."""
        for daemon in self.daemons.values():
            daemon.wait_sas(1, children)

    def run(self, function, *arguments, **options):
        """Faults, with what both daemons have said."""
        marks = {end: daemon.mark() for end, daemon in self.daemons.items()}
        try:
            faults = list(function(*arguments, **options) or ())
        except Exception:
            faults = [traceback.format_exc()]
        for daemon in self.daemons.values():
            if daemon.process.poll() is not None:
                faults.append(f"{daemon.NAME} has ended with {daemon.process.returncode}")
                daemon.start()
        if faults:
            faults += [daemon.tail(60, marks[end]) for end, daemon in self.daemons.items()]
        return faults
