#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),debug
"""A network that is not friendly: who sent what does not belong there is named and logged,
not often; and no number of packets, right or wrong, changes what a gateway does or gets lost
in its counts. PACKETS= is how many are mutated, SEED= how."""

import json
import os
import random
import re
import subprocess
import time

from gateway import ACTIVE, V1_GROUP, V2_GROUP, Report, Topology, wait
from one_gateway import GROUP, OWN, VIP
from hsrp_packets import DROPS, V2_HELLO, Lab, differs, md5, state_is, v1
from scapy_router import heard, raw_packet

PACKETS = int(os.environ.get("PACKETS", "1000"))
SEED = int(os.environ.get("SEED", "2281"))
FLOOD = 3000
STRANGER = "172.16.172.66"
# what others may send for reasons of their own
BENIGN = {"unknown-group", "not-running", "bad-family"}

# In a namespace whose owner is nobody: a packet with another password, from one end of a
# cable to the other.
UNPRIVILEGED = """
set -e
ip link add e0 type veth peer name e1
for e in e0 e1; do ip link set $e up; done
ip address add 10.9.0.1/24 dev e0
vpnhactl configure 'interface e0' 'standby 1 ip 10.9.0.100'
python3 - <<'EOF'
import sys
sys.path[:0] = ["/vpnha/selftests/hsrp"]
import socket, time
from hsrp_packets import v1
from scapy_router import raw_packet
class Wire:
    mac = "02:00:00:00:00:09"
    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind(("e1", 0))
    def send(self, frame):
        self.socket.send(frame)
raw_packet(Wire(), "10.9.0.66", v1(b8=b"stranger"))
EOF
while ! vpnhactl -j show standby detail | grep -q bad-authentication; do sleep 0.2; done
"""


def offender(lab):
    return lab.family.interface("eth0").get("offender", {})


def forget(lab):
    """A new interface has heard nobody."""
    lab.family.do("interface-del", ifname="eth0")
    lab.fresh(ACTIVE)


def named(lab, reason, arguments):
    """Who sent it is the last offender, unless others may send such."""
    lab.fresh(ACTIVE)
    raw_packet(lab.wire, STRANGER, v1()[:19])
    raw_packet(lab.wire, **{"source": lab.high.address, **arguments})
    lab.settle()
    wanted = ("truncated", STRANGER) if reason in BENIGN else \
        (reason, arguments.get("source", lab.high.address))
    got = offender(lab)
    return differs("offender", (got.get("reason"), got.get("address"), got.get("mac")),
                   (*wanted, lab.wire.mac)) + state_is(lab, ACTIVE)


def logged():
    """Lines of the log that complain."""
    log = subprocess.run(["dmesg"], stdout=subprocess.PIPE, check=True, text=True).stdout
    return re.findall(r"vpnha: (\S+): bad HSRP packet of (\S+) \((\S+)\): (.*) \((\d+) more", log)


def flood(lab):
    """Each is counted, few are logged, and the group stays what it is."""
    forget(lab)
    lines, before = len(logged()), lab.family.drops("eth0").get("bad-authentication", 0)
    for _ in range(FLOOD):
        raw_packet(lab.wire, STRANGER, v1(b8=b"stranger"))

    def counted():
        return lab.family.drops("eth0").get("bad-authentication", 0) - before
    wait(lambda: counted() == FLOOD, "all are counted")
    new = logged()[lines:]
    faults = state_is(lab, ACTIVE)
    if not new or len(new) > 20:
        faults.append(f"{len(new)} lines in the log")
    elif new[0][:4] != ("eth0", STRANGER, lab.wire.mac, "bad authentication"):
        faults.append(f"the log says {new[0]}")
    return faults


def false_active(lab):
    """Gratuitous ARP answers who says to be active, once in its interval, however often
    that is said."""
    lab.fresh(ACTIVE)

    def garps():
        return lab.family.group("eth0", GROUP)["counters"]["garp-tx"]
    before, began = garps(), time.monotonic()
    for _ in range(FLOOD):
        raw_packet(lab.wire, STRANGER, v1(b5=bytes([50])))
    wait(lambda: garps() > before, "gratuitous ARP is sent again")
    sent = garps() - before
    seconds = time.monotonic() - began
    faults = [f"{sent} gratuitous ARPs in {seconds:.1f} s"] if sent > seconds / 2 + 2 else []
    return faults + state_is(lab, ACTIVE)


def reflected(lab):
    """A loop in the network brings our own packets back."""
    lab.fresh(ACTIVE, hello_ms=1000, hold_ms=3000)
    before = lab.family.drops("eth0").get("own-address", 0)

    def ours():
        lab.settle()
        return next((packet.frame for packet in heard(lab.wire.heard)
                     if packet.kind == "hello" and packet.source == OWN), None)
    hello = wait(ours, "a hello is sent")
    for _ in range(5):
        lab.wire.send(hello)
    lab.settle()
    return state_is(lab, ACTIVE) + differs(
        "own packets", lab.family.drops("eth0")["own-address"] - before, 5)


def shown(lab):
    """show standby names who it was, and says nothing where there was nobody."""
    forget(lab)
    silent = lab.gateway.sh("vpnhactl show standby")
    raw_packet(lab.wire, STRANGER, v1(b8=b"stranger"))
    lab.settle()
    text = lab.gateway.sh("vpnhactl show standby")
    detail = lab.gateway.sh("vpnhactl show standby detail")
    one = json.loads(lab.gateway.sh("vpnhactl -j show standby detail"))["interfaces"][0]
    line = f"  Last offender {STRANGER} ("
    mac = lab.wire.mac
    wanted = {"address": STRANGER, "mac": mac, "reason": "bad-authentication"}
    return [what for what, right in (
        ("there was nobody", "offender" not in silent),
        ("show standby", line in text), ("show standby detail", detail.count(line) == 1),
        ("JSON", wanted.items() <= (one["last_offender"] or {}).items())) if not right]


def unprivileged(_):
    """Who may make a namespace may not write to the log of all."""
    lines = len(logged())
    done = subprocess.run(["unshare", "--user", "--map-root-user", "--net", "bash", "-c",
                           UNPRIVILEGED], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, text=True)
    faults = [done.stdout] if done.returncode else []
    return faults + [f"logged: {line}" for line in logged()[lines:]]


def mutated(rng):
    """A packet that was right: (payload, destination)."""
    data, destination = rng.choice(((v1(), V1_GROUP), (md5(), V1_GROUP), (V2_HELLO, V2_GROUP)))
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        kind = rng.random()
        if kind < 0.6 and data:
            data[rng.randrange(len(data))] = rng.choice((0, 1, 2, 4, 8, 16, 127, 255,
                                                         rng.randrange(256)))
        elif kind < 0.8:
            del data[rng.randrange(len(data) + 1):]
        else:
            data += rng.randbytes(rng.randint(1, 40))
    return bytes(data), destination


def totals(lab):
    """Packets that were taken or dropped."""
    one = lab.family.interface("eth0")
    counters = lab.family.group("eth0", GROUP)["counters"]
    return (sum(drop["packets"] for drop in one.get("drop", ())
                if drop["reason"] != "different-vip") + one["advertise-rx"] +
            sum(counters[f"{name}-rx"] for name in ("hello", "coup", "resign")))


def storm(lab, version):
    """Each is counted once, whatever becomes of it, and the group can be used afterwards."""
    rng = random.Random(f"{SEED} {version}")
    forget(lab)
    lab.family.do("interface-set", ifname="eth0", version=version)
    before = totals(lab)
    for _ in range(PACKETS // 2):
        payload, destination = mutated(rng)
        raw_packet(lab.wire, f"172.16.172.{rng.randint(100, 120)}", payload, destination)
    wait(lambda: totals(lab) - before >= PACKETS // 2, "all are counted")
    faults = differs("packets", totals(lab) - before, PACKETS // 2)
    forget(lab)
    return faults + state_is(lab, ACTIVE) + differs("virtual IP", lab.group()["vip-used"], VIP)


def main():
    report = Report(len(DROPS) + 7)
    with Topology() as topology:
        lab = Lab(topology)
        for name, reason, arguments in DROPS:
            report.run(f"who sent it is named: {name}", named, lab, reason, arguments)
        report.run(f"{FLOOD} packets with another password are counted, few are logged", flood, lab)
        report.run(f"{FLOOD} hellos of a false active router do not flood ARP", false_active, lab)
        report.run("own packets that come back change nothing", reflected, lab)
        report.run("show standby names the last offender", shown, lab)
        report.run("nothing is logged of a namespace of nobody's", unprivileged, lab)
        for version in (1, 2):
            report.run(f"{PACKETS // 2} mutated packets, version {version}", storm, lab, version)
    report.end()


if __name__ == "__main__":
    main()
