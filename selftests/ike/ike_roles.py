#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12,(6.1),(debug)
"""The role of an HSRP group decides who speaks IKE: the standby gateway is silent, the
active one has the tunnel, and when it dies the outage is what dead peer detection
promises, or no more than HSRP takes if traffic comes from behind the gateways."""

import os
import time
import traceback

from rolelab import (IPV4, Dpd, Gateway, Late, Message, Peer, Ping, Report, Switch, Topology,
                     Witness, member, out_of_turn, promise, wait)

#: of the peer, and of the gateways: vpnhad has five retries
PEERS = Dpd(interval=5, retry=1, retries=4)
OURS = Dpd(interval=5, retry=2, retries=5)
PROFILE = f" dpd {OURS.interval} {OURS.retry} on-demand\n"

#: strongSwan counts whole seconds, and a ping comes every fifth of one
GRAIN = 1.2


class Lab:
    def __init__(self, topology, plan):
        self.plan = plan
        self.switch = switch = Switch(topology, "outside", "inside")
        self.gateways = {name: Gateway(topology, plan, switch, name, number, priority)
                         for name, number, priority in (("gw1", 2, 200), ("gw2", 3, 100))}
        self.host, self.far = (member(topology, plan, name) for name in ("host", "peer"))
        switch.join("inside", self.host, "eth0", plan.prefix("inside", 10))
        switch.join("outside", self.far, "eth0", plan.prefix("outside", 9))
        self.host.sh(f"ip route add default via {plan.router} dev eth0")
        self.far.sh(f"ip addr add {plan.far} dev lo; "
                    f"ip route add {plan.inside} via {plan.virtual} src {plan.far}")
        self.ports = {name: switch.port("outside", gateway.namespace)
                      for name, gateway in self.gateways.items()}
        self.inside = {name: switch.port("inside", gateway.namespace)
                       for name, gateway in self.gateways.items()}
        self.at_peer = switch.port("outside", self.far)
        self.witness = Witness(plan, switch, *self.ports.values(), *self.inside.values(), self.at_peer)
        self.late = Late()
        self.peer = Peer(topology, plan, self.far, PEERS)

    def begin(self):
        # modules are loaded now, not while a packet waits
        peer, virtual = self.plan.peer, self.plan.virtual
        for way in (f"src {peer} dst {virtual}", f"src {virtual} dst {peer}"):
            self.far.sh(f"ip xfrm state add {way} proto esp spi 1 mode tunnel "
                        f"aead 'rfc4106(gcm(aes))' 0x{'11' * 36} 128; ip xfrm state flush")
        self.peer.start()
        self.peer.connect()
        for gateway in self.gateways.values():
            gateway.start()
            gateway.load(PROFILE)

    def heal(self, profile=PROFILE):
        """As in the beginning: gw1 is active."""
        for gateway in self.gateways.values():
            gateway.heal()
            gateway.load(profile)
        self.roles("gw1", "gw2")

    def roles(self, active, standby=None):
        wait(lambda: self.gateways[active].state() == "active", f"{active} is active")
        if standby:
            wait(lambda: self.gateways[standby].state() == "standby", f"{standby} is standby")

    def new_exchange(self, mark, port):
        """The frame in which a new IKE SA is asked for."""
        return self.witness.wait_for(
            f"an IKE_SA_INIT from {port}", mark, port=port, sent=False, kind="ike",
            good=lambda frame: frame.detail.is_request(Message.INIT))

    def became_active(self, mark, name):
        """The first hello of the outside group that says so."""
        return self.witness.wait_for(
            f"{name} says that it is active", mark, port=self.ports[name], sent=False,
            kind="hsrp", good=lambda frame: frame.detail[1:] == (True, 1))

    def came(self, mark, name):
        """{number: when} of pings that came to a gateway from inside."""
        return {frame.detail[2]: frame.at for frame in
                self.witness.seen(mark, port=self.inside[name], sent=True, kind="clear")}

    def ping(self, back=False):
        if back:
            return Ping(self.far, self.plan.far, self.plan.host)
        return Ping(self.host, self.plan.host, self.plan.far)

    def one_tunnel(self, name):
        """A gateway and the peer have the same single IKE SA."""
        wait(lambda: {sa.spis for sa in self.gateways[name].ikes()} == self.peer.spis() and
             len(self.peer.spis()) == 1, f"{name} and the peer have the same IKE SA")

    def empty(self, name):
        gateway = self.gateways[name]
        wait(lambda: not gateway.sas() and not gateway.kernel_sas() and not gateway.sockets(),
             f"{name} has no SA and no socket any more")


def within(what, found, least, most):
    print(f"# {what}: {found:.2f} s, promised {least:.1f} to {most:.1f} s", flush=True)
    return [] if least <= found <= most else [f"{what}: {found:.2f} s instead of {least:.1f} "
                                              f"to {most:.1f} s"]


def normal(lab):
    """The active one has the tunnel as soon as a packet wants it; the first packet is not lost."""
    lab.roles("gw1", "gw2")
    ping = lab.ping()
    ping.goes_on()
    _, lost, _ = ping.stop()
    faults = [f"pings {lost} are lost"] if lost else []
    lab.one_tunnel("gw1")
    return faults


def standby_is_silent(lab):
    """No socket, no answer to the peer, no IKE for traffic that is sent to it by mistake."""
    standby = lab.gateways["gw2"]
    faults = [f"it listens at {standby.sockets()}"] if standby.sockets() else []
    if not lab.gateways["gw1"].sockets():
        faults.append("the active one does not listen")
    mark = lab.witness.mark()
    plan = lab.plan
    lab.host.sh(f"ip route replace {plan.far} via {plan.at('inside', 3)}; "
                f"ping -n -q -c 3 -i 0.2 -W 1 -I {plan.host} {plan.far}", check=False)
    lab.host.sh(f"ip route del {plan.far}")
    lab.far.sh("echo -n 0123456789012345678901234567 > "
               f"/dev/udp/{plan.at('outside', 3)}/500", check=False)
    arrived = lab.witness.seen(mark, port=lab.inside["gw2"], sent=True, kind="clear")
    if len(arrived) < 3:
        faults.append(f"the standby gateway was not tried: {arrived}")
    return faults + out_of_turn(lab.witness.frames, lab.ports["gw2"])


def peer_begins(lab):
    """The peer's traffic brings it up, too."""
    lab.gateways["gw1"].clear()
    wait(lambda: not lab.peer.ikes(), "the peer has no IKE SA")
    mark = lab.witness.mark()
    ping = lab.ping(back=True)
    ping.goes_on()
    ping.stop()
    first = lab.witness.wait_for("an IKE_SA_INIT", mark, kind="ike", sent=False,
                                 good=lambda frame: frame.detail.is_request(Message.INIT))
    faults = [] if first.port == lab.at_peer else [f"{first} came first"]
    lab.one_tunnel("gw1")
    return faults


def dies(lab, name, other, back):
    """Power fails: (faults, when, mark, ping)."""
    ping = lab.ping(back)
    ping.goes_on()
    lab.late.reset()
    mark = lab.witness.mark()
    lab.gateways[name].cut()
    lab.roles(other)
    return mark, ping


def new_tunnel(lab, name, ping, after):
    ping.goes_on(after=after)
    result = ping.stop()
    print("# {} pings sent, {} lost, longest gap {:.2f} s".format(
        result[0], len(result[1]), result[2]), flush=True)
    lab.one_tunnel(name)


def death_seen_by_peer(lab):
    """Traffic comes from behind the peer: it asks, gives up, and begins anew."""
    mark, ping = dies(lab, "gw1", "gw2", back=True)
    last = ping.last()
    first = lab.new_exchange(mark, lab.at_peer)
    asked = [frame for frame in lab.witness.seen(mark, port=lab.at_peer, sent=False, kind="ike")
             if frame.at < first.at and frame.detail.is_request(Message.INFORMATIONAL)]
    faults = within("from the last reply to the peer's new IKE_SA_INIT", first.at - last[0],
                    promise(PEERS) - GRAIN, lab.late.most(promise(PEERS) + 2 * GRAIN))
    if len(asked) != PEERS.retries + 1:
        faults.append(f"the peer has asked {len(asked)} times: {asked}")
    new_tunnel(lab, "gw2", ping, last[1])
    return faults


def comes_back(lab):
    """It preempts: the other one is silent from its last hello on, and has nothing any more.
    The peer finds out as before."""
    ping = lab.ping(back=True)
    ping.goes_on()
    lab.late.reset()
    mark = lab.witness.mark()
    lab.gateways["gw1"].heal()
    lab.roles("gw1", "gw2")
    lab.empty("gw2")
    first = lab.new_exchange(mark, lab.at_peer)
    last = [at for at, _ in ping.replies() if at < first.at][-1]
    new_tunnel(lab, "gw1", ping, ping.last()[1])
    return within("from the last reply to the peer's new IKE_SA_INIT", first.at - last,
                  promise(PEERS) - GRAIN, lab.late.most(promise(PEERS) + 2 * GRAIN))


def death_seen_by_host(lab):
    """Traffic comes from behind the gateways: the new active one begins by itself."""
    mark, ping = dies(lab, "gw1", "gw2", back=False)
    new_tunnel(lab, "gw2", ping, ping.last()[1])
    first = lab.new_exchange(mark, lab.ports["gw2"])
    # What came to the new one is held until the tunnel is there; before it is active outside,
    # too, there is none to wait for.
    active = lab.became_active(mark, "gw2")
    came = {number for number, at in lab.came(mark, "gw2").items() if at > active.at}
    lost = sorted(came - {number for _, number in ping.replies()})
    faults = [f"pings {lost} came to gw2 and were lost"] if lost else []
    asked = [frame for frame in lab.witness.seen(mark, port=lab.at_peer, sent=False, kind="ike")
             if frame.detail.is_request(Message.INFORMATIONAL) and frame.at < first.at]
    print(f"# before the new IKE_SA_INIT the peer asked {len(asked)} times", flush=True)
    return faults


def peer_reboots(lab):
    """Nothing comes from it any more, and it knows of nothing: we ask, give up, begin anew."""
    lab.heal()
    ping = lab.ping()
    ping.goes_on()
    lab.late.reset()
    mark = lab.witness.mark()
    lab.peer.kill()
    lab.peer.flush()
    lab.peer.start()
    lab.peer.connect()
    last = ping.last()
    first = lab.new_exchange(mark, lab.ports["gw1"])
    new_tunnel(lab, "gw1", ping, last[1])
    return within("from the last reply to our new IKE_SA_INIT", first.at - last[0],
                  promise(OURS) - GRAIN, lab.late.most(promise(OURS) + GRAIN))


def daemon_killed(lab):
    """Packets pass without vpnhad; the one that comes after it takes the tunnel over."""
    gateway = lab.gateways["gw1"]
    ping = lab.ping()
    ping.goes_on()
    gateway.kill()
    ping.goes_on()
    mark = lab.witness.mark()
    gateway.start()
    begins = lab.new_exchange(mark, lab.ports["gw1"]).at
    wait(gateway.ikes, "there is a new IKE SA")
    ends = time.time()
    wait(lambda: len(gateway.kernel_sas()) == 2, "the old SAs are gone")
    ping.goes_on()
    sent, lost, _ = ping.stop()
    print(f"# {sent} pings sent, lost: {lost}", flush=True)
    lab.one_tunnel("gw1")
    # the peer has replaced its SAs before its answer is here
    came = lab.came(mark, "gw1")
    lost = [number for number in lost if not begins <= came.get(number, 0) <= ends]
    return [f"pings {lost} are lost"] if lost else []


def loses_role_without_daemon(lab):
    """vpnhad is not there when the role goes: the kernel stops, and the next vpnhad removes
    what is left."""
    gateway = lab.gateways["gw1"]
    gateway.kill()
    ping = lab.ping()
    ping.goes_on()
    gateway.load(PROFILE, priority=50)
    lab.roles("gw2", "gw1")
    new_tunnel(lab, "gw2", ping, ping.last()[1])
    gateway.start()
    lab.empty("gw1")


def connect_auto(lab):
    """The one that takes over begins at once, though the traffic is the peer's."""
    lab.heal(PROFILE + " connect auto\n")
    lab.one_tunnel("gw1")
    mark, ping = dies(lab, "gw1", "gw2", back=True)
    first = lab.new_exchange(mark, lab.ports["gw2"])
    new_tunnel(lab, "gw2", ping, ping.last()[1])
    active = lab.became_active(mark, "gw2")
    return within("from the first hello as active to its IKE_SA_INIT", first.at - active.at,
                  0, lab.late.most(GRAIN))


TESTS = (
    ("the active gateway has the tunnel with the first packet", normal),
    ("the standby gateway is silent", standby_is_silent),
    ("the peer's traffic brings it up", peer_begins),
    ("traffic from the peer: silent death, its DPD, the other gateway", death_seen_by_peer),
    ("traffic from the peer: preempted, the loser has nothing left", comes_back),
    ("traffic from the gateways: silent death, the other one begins", death_seen_by_host),
    ("the peer's machine is killed: our DPD, new SAs when it is back", peer_reboots),
    ("vpnhad is killed: packets pass, the next one replaces the SAs", daemon_killed),
    ("vpnhad is killed, the role is lost, the next one is silent", loses_role_without_daemon),
    ("connect auto: the one that takes over begins at once", connect_auto),
)


def main(plan, tests):
    report = Report(len(tests) + 1)
    with Topology() as topology:
        lab = Lab(topology, plan)
        lab.begin()
        daemons = {"gw1": lab.gateways["gw1"], "gw2": lab.gateways["gw2"], "peer": lab.peer}
        for what, test in tests:
            marks = {name: daemon.mark() for name, daemon in daemons.items()}
            try:
                faults = list(test(lab) or ())
            except Exception:
                faults = [traceback.format_exc()]
            if faults:
                for name, daemon in daemons.items():
                    faults += [f"{name}: {line}" for line in
                               daemon.tail(60, marks[name]).splitlines()]
            report.line(what, faults)
        report.line("nothing was sent in clear, or by a gateway that was not active",
                    [fault for port in lab.ports.values()
                     for fault in out_of_turn(lab.witness.frames, port)])
        lab.witness.stop()
        lab.witness.write(os.path.join(os.environ.get("VPNHA_OUT", "/tmp"), "frames"))
        lab.late.stop()
        for daemon in daemons.values():
            daemon.stop()
    report.end()


if __name__ == "__main__":
    main(IPV4, TESTS)
