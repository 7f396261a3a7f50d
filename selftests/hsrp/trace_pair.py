# SPDX-License-Identifier: GPL-2.0
"""The two routers of the document "How to Configure HSRP with IPSec" (Cisco 7204VXR-1
and -2), their configuration as far as it is HSRP's, and the comparison of what
`debug standby events` says with the document."""

import os
import re
import tempfile

from gateway import ACTIVE, HANGS, STANDBY, Family, Switch, Topology, wait

FIRST, SECOND, VIP, PREFIX = "172.16.172.52", "172.16.172.54", "172.16.172.53", 28

# As in the document, but for the names of the interfaces and for what is not HSRP's.
CONFIGURATION = {
    "r1": f"""\
interface eth0
 standby 1 ip {VIP}
 standby 1 priority 200
 standby 1 preempt
 standby 1 name VPNHA
 standby 1 track eth1 150
""",
    "r2": f"""\
interface eth0
 standby 1 ip {VIP}
 standby 1 preempt
 standby 1 name VPNHA
 standby 1 track eth1
""",
}
# Until the document's story begins, the routers may hurry.
HURRY = " standby 1 timers msec 250 msec 750\n"

# Lines of the document that are IOS's platform, not HSRP, and why.
PLATFORM = (
    (r"^HSRP: (Fa0/0 )?API ", "how IOS's parts call each other"),
    (r"^%LINK-", "the interface's driver"),
    (r"^%LINEPROTO-", "the line protocol"),
    (r"^%CRYPTO-", "IPsec sessions"),
    (r"^IPSEC\(", "IPsec"),
    (r"Redundancy enquiry for ", "IPsec asks HSRP for the group's name"),
    (r"Redundancy group VPNHA state Active -> Active$", "IPsec is told once more what it knows"),
    (r"^addr .* name .* state ", "the answer to such an enquiry"),
    (r"^active .* standby ", "the answer to such an enquiry"),
)

# The document's second router had other groups, and counts them; the first prints
# no counts at all. These are the right ones for a router of one group.
_CHANGE = re.compile(r"^(HSRP: \S+ Grp 1 )(\w+) -> (\w+)( \(active .*\))?$")


def counts(old, new):
    def count(what, before, after):
        return f"{what} {before}" if before == after else f"{what} {before}->{after}"

    def active(state):
        return int(state == "Active")

    def passive(state):
        return int(state not in ("Active", "Init"))

    return (f" ({count('active', active(old), active(new))}, "
            f"{count('passive', passive(old), passive(new))})")


def of_document(text):
    """The lines of a trace of the document that ours is to have."""
    lines = []
    for line in text.replace("\u2212", "-").splitlines():
        # the document's pages are narrow: a continuation is indented
        if line.startswith(" "):
            lines[-1] += " " + line.strip()
        elif line.strip():
            lines.append(line.strip())
    kept = []
    for line in lines:
        if any(re.search(pattern, line) for pattern, _ in PLATFORM):
            continue
        line = line.replace("FastEthernet0/0", "eth0").replace("Fa0/0", "eth0")
        change = _CHANGE.match(line)
        if change:
            line = "".join(change.group(1, 2)) + " -> " + change[3] + counts(*change.group(2, 3))
        kept.append(line)
    return kept


def compare(name, got, want):
    """Faults: where two lists of lines part, and both of them."""
    if got == want:
        return []
    faults = [f"{name}: differs from the document in line {number + 1}"
              for number in range(max(len(got), len(want)))
              if got[number:number + 1] != want[number:number + 1]][:1]
    return (faults + [f"{name} document: {line}" for line in want] +
            [f"{name} gateway:  {line}" for line in got])


class Follower:
    """`vpnhactl debug standby events` in a namespace."""

    def __init__(self, topology, namespace):
        self.namespace = namespace
        self.file = tempfile.NamedTemporaryFile("w+", prefix="debug.")
        self.said = tempfile.NamedTemporaryFile("w+", prefix="debug.")
        self.process = topology.start(namespace, "vpnhactl", "debug", "standby", "events",
                                      stdout=self.file, stderr=self.said)
        wait(lambda: "debugging is on" in self.read(self.said), "vpnhactl follows events")

    @staticmethod
    def read(file):
        with open(file.name, encoding="utf-8") as text:
            return text.read()

    def lines(self):
        return self.read(self.file).splitlines()

    def end(self, last):
        """All lines, when the last one has come."""
        wait(lambda: self.lines() and self.lines()[-1] == last or len(self.lines()) > 200,
             f"{self.namespace.name} says: {last}\n" + "\n".join(self.lines()), HANGS)
        self.process.terminate()
        self.process.wait()
        lines = self.lines()
        out = os.environ.get("VPNHA_OUT")
        if out:
            with open(os.path.join(out, f"{self.namespace.name}.debug"), "w",
                      encoding="utf-8") as copy:
                copy.write("\n".join(lines) + "\n")
        return lines


class Pair(Topology):
    """Both routers, on a switch outside and one inside."""

    def __enter__(self):
        super().__enter__()
        self.first, self.second = self.add("r1", "r2")
        self.switch = Switch(self, "outside", "inside")
        self.family = {}
        for number, (router, own) in enumerate(((self.first, FIRST), (self.second, SECOND)), 1):
            self.switch.join("outside", router, "eth0", f"{own}/{PREFIX}")
            self.switch.join("inside", router, "eth1", f"10.1.1.{number}/24")
            self.family[router] = Family(router)
        return self

    def load(self, router, more=""):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write(CONFIGURATION[router.name] + more)
            file.flush()
            router.sh(f"vpnhactl load {file.name}")

    def is_in(self, router, state, **known):
        """Whether a router is in a state, and knows the other one as told."""
        group = self.family[router].group("eth0", 1)
        return group["state"] == state and all(
            group.get(f"{role}-router", {}).get("address") == address
            for role, address in known.items())

    def settle(self):
        """The normal circumstances, and then the document's timers."""
        self.load(self.first, HURRY)
        wait(lambda: self.is_in(self.first, ACTIVE), "the first router is active")
        self.load(self.second, HURRY)
        self.normal()
        for router in (self.first, self.second):
            self.load(router)
        self.normal()

    def normal(self):
        wait(lambda: self.is_in(self.first, ACTIVE, standby=SECOND) and
             self.is_in(self.second, STANDBY, active=FIRST), "active and standby know each other")

    def default_timers(self, router):
        group = self.family[router].group("eth0", 1)
        return (group["hello-used-ms"], group["hold-used-ms"]) == (3000, 10000)
