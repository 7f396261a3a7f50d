# SPDX-License-Identifier: GPL-2.0
"""What traffic makes the family tell of ESP: two gateways on a cable, each with
a crypto map, and what one sends through its tunnel device."""

import socket
import struct
import time

from netlink_esp import SA_IN, SA_OUT
from netlink_family import Client, wait
from netlink_seen import Watched

ONE, TWO = "172.16.1.1", "172.16.1.2"
NET1, NET2 = "10.1.0.0", "20.1.0.0"
HOST1, HOST2 = "10.1.0.1", "20.1.0.1"
MASK = "255.255.0.0"
PORT1, PORT2 = 1111, 2222
LAST = (1 << 32) - 1


def packed(text):
    return socket.inet_aton(text)


class Ends:
    """Two gateways; what the first sends to HOST2 its map protects."""

    def __init__(self, topology):
        self.one, self.two = topology.add("nl-esp1", "nl-esp2")
        topology.cable(self.one, "eth0", self.two, "eth0")
        for namespace, own, host in ((self.one, ONE, HOST1), (self.two, TWO, HOST2)):
            namespace.sh(f"ip addr add {own}/24 dev eth0; ip addr add {host}/32 dev lo")
        self.client, self.watcher = Watched(self.one), Watched(self.one)
        self.other, self.other_watcher = Watched(self.two), Watched(self.two)
        for watcher in (self.watcher, self.other_watcher):
            watcher.subscribe("events")
        self.spi = 0x1000
        self.events = []
        self.configure(self.client, TWO, (NET1, NET2))
        self.configure(self.other, ONE, (NET2, NET1))
        for namespace, client, host, net in ((self.one, self.client, HOST1, NET2),
                                             (self.two, self.other, HOST2, NET1)):
            device = client.get("binding", ifname="eth0")["device"]
            namespace.ip(f"route add {net}/16 dev {device} src {host}")
        self.sender = self.one.inside(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
        self.sender.bind((HOST1, PORT1))

    @staticmethod
    def configure(client, peer, nets):
        client.batch(
            ("transform-set-new", {"name": "t", "cipher": "aes-gcm"}),
            ("acl-new", {"name": "101", "number": 30, "action": "permit", "src": nets[0],
                         "src_mask": MASK, "dst": nets[1], "dst_mask": MASK}),
            ("map-new", {"name": "vpn", "number": 10, "kind": "isakmp", "peer": [peer],
                         "transform_set": ["t"], "acl": "101"}),
            ("binding-new", {"ifname": "eth0", "map": "vpn"}))

    @staticmethod
    def sa(direction, spi, src, dst, **more):
        return {"ifname": "eth0", "map": "vpn", "number": 10, "direction": direction,
                "spi": spi, "src": src, "dst": dst, "cipher": "aes-gcm", "cipher_key": SA_OUT,
                **more}

    def let_go(self):
        """Number of packets that have waited for an SA, for who listens has them wait."""
        self.spi += 1
        key = {"direction": "out", "spi": self.spi, "dst": TWO}
        self.client.do("sa-new", **self.sa("out", self.spi, ONE, TWO))
        packets = self.client.get("sa", **key)["packets"]
        self.client.do("sa-del", **key)
        return packets

    def outbound(self, **more):
        """A new SA from the first gateway; its key."""
        self.let_go()
        self.spi += 1
        self.client.do("sa-new", **self.sa("out", self.spi, ONE, TWO, **more))
        return {"direction": "out", "spi": self.spi, "dst": TWO}

    def inbound(self, **more):
        """The other end of the last SA; its key."""
        self.other.do("sa-new", **self.sa("in", self.spi, ONE, TWO, **more))
        return {"direction": "in", "spi": self.spi, "dst": TWO}

    def send(self, packets=1, size=100):
        for _ in range(packets):
            self.sender.sendto(bytes(size), (HOST2, PORT2))

    def told(self, watcher=None):
        """Events that came since the last time, without those of objects."""
        return [(name, message) for name, message in (watcher or self.watcher).notifications()
                if name.endswith("-event")]

    def wait_told(self, count, watcher=None):
        """The next events, when so many of SAs have come."""
        self.events = []

        def there():
            self.events += [message for name, message in self.told(watcher)
                            if name == "sa-event"]
            return len(self.events) >= count
        wait(there, f"{count} events are told")
        return self.events


def _brief(events):
    """What is told, without whose it is."""
    return [(event["kind"], event.get("cause"), event.get("seq"), event.get("ceiling"))
            for event in events]


def _unlike(what, got, wanted):
    return [] if got == wanted else [f"{what}: {got}, not {wanted}"]


def acquire(ends):
    """Traffic without SA."""
    ends.told()
    begin = time.monotonic()
    ends.send(20)
    got = [message for name, message in ends.told() if name == "acquire-event"]
    most = 1 + int(time.monotonic() - begin + 1)
    wanted = {"ifname": "eth0", "map": "vpn", "number": 10, "line": 30, "peer": packed(TWO),
              "src": packed(HOST1), "dst": packed(HOST2), "protocol": 17, "src-port": PORT1,
              "dst-port": PORT2}
    faults = _unlike("it is told", got[:1], [wanted])
    if len(got) > most:
        faults.append(f"it is told {len(got)} times, {most} at most")

    # after a second anew; a protocol without ports
    def again():
        ends.one.sh(f"ping -c 1 -W 1 -I {HOST1} {HOST2}", check=False)
        return [message for name, message in ends.told() if name == "acquire-event"]
    wanted = {name: value for name, value in wanted.items() if not name.endswith("-port")}
    faults += _unlike("of ICMP", wait(again, "it is told again")[0], {**wanted, "protocol": 1})
    # who listens has 16 packets wait for the SA
    stats = ends.client.do("esp-stats-get")["drop"]
    if not any(drop["reason"] == "held" and drop["packets"] >= 4 for drop in stats):
        faults.append(f"what was dropped is not counted: {stats}")
    only = ends.client.do("esp-stats-get", reason="held")["drop"]
    faults += _unlike("of one reason", [drop["reason"] for drop in only], ["held"])
    faults += _unlike("let go", ends.let_go(), 16)
    faults += _unlike("of another", ends.client.do("esp-stats-get", reason="bad-icv"), {})
    return faults


def packets_and_bytes(ends):
    """Lifetimes in packets and in bytes: soft, hard, and nothing passes then."""
    faults = []
    for cause, limits in (("packets", {"soft_packets": 3, "hard_packets": 5}),
                          ("bytes", {"soft_bytes": 3 * 128, "hard_bytes": 5 * 128})):
        key = ends.outbound(**limits)
        ends.told()
        ends.send(2)
        faults += _unlike(f"{cause}: before", ends.told(), [])
        ends.send(2)
        event = ends.wait_told(1)
        faults += _unlike(f"{cause}: soft", _brief(event), [("soft-expiry", cause, None, None)])
        got = ends.client.get("sa", **key)
        faults += _unlike(f"{cause}: it is", got["state"], "dying")
        faults += _unlike(f"{cause}: whose", (event[0]["spi"], event[0]["direction"],
                                              event[0]["dst"], event[0]["id"]),
                          (key["spi"], "out", packed(TWO), got["id"]))
        ends.send(1)
        faults += _unlike(f"{cause}: hard", _brief(ends.wait_told(1)),
                          [("hard-expiry", cause, None, None)])
        ends.send(1)
        got = ends.client.get("sa", **key)
        faults += _unlike(f"{cause}: it has passed", (got["state"], got["packets"], got["bytes"]),
                          ("dead", 5, 5 * 128))
        if "last-used-ms" not in got:
            faults.append(f"{cause}: it was never used")
        ends.client.do("sa-del", **key)
    return faults


def seconds(ends):
    """Lifetimes in seconds, of either direction."""
    out = ends.outbound(soft_seconds=1, hard_seconds=2)
    into = ends.inbound(soft_seconds=1)
    wanted = [("soft-expiry", "seconds", None, None), ("hard-expiry", "seconds", None, None)]
    faults = _unlike("outbound", _brief(ends.wait_told(2)), wanted)
    got = ends.client.get("sa", **out)
    if got["state"] != "dead" or got["age-ms"] < 2000:
        faults.append(f"it is {got['state']} at {got['age-ms']} ms")
    faults += _unlike("inbound", _brief(ends.wait_told(1, ends.other_watcher)), wanted[:1])
    faults += _unlike("inbound it is", ends.other.get("sa", **into)["state"], "dying")
    # longer: it lives again no more, but one that is dying goes on
    ends.other.do("sa-set", **into, soft_seconds=0)
    ends.client.do("sa-del", **out)
    ends.other.do("sa-del", **into)
    return faults


def sequence(ends):
    """Sequence numbers: every second one is told, the ceiling, and the end."""
    out = ends.outbound(replay_notify=2, ceiling=8, ceiling_margin=3)
    into = ends.inbound(replay_notify=3)
    ends.told()
    ends.told(ends.other_watcher)
    ends.send(7)
    faults = _unlike("outbound", _brief(ends.wait_told(4)), [
        ("replay", None, 2, None), ("replay", None, 4, None), ("ceiling", None, 5, 8),
        ("replay", None, 6, None)])
    faults += _unlike("inbound", _brief(ends.wait_told(2, ends.other_watcher)),
                      [("replay", None, 3, None), ("replay", None, 6, None)])
    wait(lambda: ends.other.get("sa", **into)["packets"] == 7, "all are received")
    faults += _unlike("the highest received", ends.other.get("sa", **into)["seq"], 7)
    # a higher ceiling is told anew
    ends.client.do("sa-set", **out, ceiling=12, replay_notify=0)
    ends.send(2)
    faults += _unlike("the next ceiling", _brief(ends.wait_told(1)), [("ceiling", None, 9, 12)])
    ends.client.do("sa-del", **out)
    ends.other.do("sa-del", **into)

    out = ends.outbound(seq=LAST - 2)
    ends.told()
    ends.send(5)
    faults += _unlike("used up", _brief(ends.wait_told(1)),
                      [("hard-expiry", "sequence", None, None)])
    got = ends.client.get("sa", **out)
    faults += _unlike("the last one", (got["seq"], got["packets"], got["state"]),
                      (LAST, 2, "dead"))
    faults += _unlike("what it dropped", [drop["reason"] for drop in got["drop"]],
                      ["sequence-exhausted"])
    # what is told of it has all that it met
    ends.client.do("sa-set", **out, hard_bytes=1 << 40)
    ends.client.do("sa-key-get", **out)
    ends.client.do("sa-del", **out)
    return faults


def drops(ends):
    """What an SA does not let in is counted by it and by the namespace, until it
    is cleared."""
    ends.spi += 1
    ends.client.do("sa-new", **ends.sa("in", ends.spi, TWO, ONE))
    key = {"direction": "in", "spi": ends.spi, "dst": ONE}
    before = {drop["reason"]: drop["packets"]
              for drop in ends.client.do("esp-stats-get")["drop"]}
    raw = ends.two.inside(socket.socket, socket.AF_INET, socket.SOCK_RAW, 50)
    for seq in (1, 2, 3):
        raw.sendto(struct.pack(">II", ends.spi, seq) + bytes(40), (ONE, 0))
    raw.close()

    def count():
        return {drop["reason"]: drop["packets"]
                for drop in ends.client.get("sa", **key).get("drop", ())}
    wait(lambda: count() == {"bad-icv": 3}, "the SA counts them")
    stats = {drop["reason"]: drop["packets"]
             for drop in ends.client.do("esp-stats-get")["drop"]}
    faults = _unlike("the namespace counts", stats["bad-icv"] - before.get("bad-icv", 0), 3)
    ends.client.do("esp-clear", spi=ends.spi, counters=1)
    faults += _unlike("cleared", count(), {})
    after = {drop["reason"]: drop["packets"]
             for drop in ends.client.do("esp-stats-get")["drop"]}
    faults += _unlike("the namespace's counters stay", after.get("bad-icv"), stats["bad-icv"])
    ends.client.do("esp-clear", counters=1)
    faults += _unlike("all cleared", ends.client.do("esp-stats-get"), {})
    ends.client.do("sa-del", **key)
    return faults


def clear(ends):
    """Each filter removes the SAs that it means, and those of session keys start
    anew."""
    client, faults = Client(ends.two), []
    ends.other.batch(
        ("acl-new", {"name": "102", "number": 1, "action": "permit", "src": "20.9.0.0",
                     "dst": "10.9.0.0"}),
        ("map-new", {"name": "vpn", "number": 20, "kind": "manual", "peer": ["172.16.1.9"],
                     "transform_set": ["t"], "acl": "102",
                     "session_key_in": {"spi": 0x5001, "cipher_key": SA_IN},
                     "session_key_out": {"spi": 0x5002, "cipher_key": SA_OUT}}),
        ("map-new", {"name": "far", "number": 10, "kind": "isakmp"}),
        ("binding-new", {"ifname": "eth9", "map": "far"}))

    def installed():
        return {(sa["spi"], sa["id"]) for sa in client.dump("sa-get")}
    manual = {spi for spi, _ in installed()}
    faults += _unlike("of session keys", manual, {0x5001, 0x5002})
    far = {"ifname": "eth9", "map": "far"}
    given = {
        0x6001: ends.sa("in", 0x6001, ONE, TWO), 0x6002: ends.sa("out", 0x6002, TWO, ONE),
        0x6003: {**ends.sa("in", 0x6003, "172.16.1.8", TWO), **far},
        0x6004: {**ends.sa("out", 0x6004, TWO, "172.16.1.8"), **far}}
    for wanted, gone in (({"spi": 0x6001}, {0x6001}), ({"peer": ONE}, {0x6001, 0x6002}),
                         ({"ifname": "eth9"}, {0x6003, 0x6004}),
                         ({"map": "vpn", "number": 10}, {0x6001, 0x6002}),
                         ({"number": 10}, set(given)), ({"map": "far"}, {0x6003, 0x6004}),
                         ({"peer": "172.16.1.8", "spi": 0x6004}, {0x6004}),
                         ({"ifname": "none"}, set()), ({"peer": "2001:db8::1"}, set()),
                         ({"counters": 1}, set()), ({"counters": 0, "map": "far"},
                                                    {0x6003, 0x6004}),
                         ({"peer": "172.16.1.9"}, manual), ({}, {*given, *manual})):
        there = {spi for spi, _ in installed()}
        ends.other.batch(*[("sa-new", sa) for spi, sa in given.items() if spi not in there])
        before = installed()
        ends.other.do("esp-clear", **wanted)
        after = installed()
        faults += _unlike(f"{wanted}: gone are", {spi for spi, _ in before - after}, gone)
        faults += _unlike(f"{wanted}: anew are", {spi for spi, _ in after - before},
                          gone & manual)
    ends.other.batch(("binding-del", {"ifname": "eth9"}),
                     ("map-del", {"name": "far", "number": 10}),
                     ("map-del", {"name": "vpn", "number": 20}),
                     ("acl-del", {"name": "102", "number": 1}))
    return faults + _unlike("left are", installed(), set())


def problems(ends):
    """Why a binding does not work, its endpoint, and whose role it has."""
    client, faults = ends.other, []

    def binding(ifname):
        return client.get("binding", ifname=ifname)

    def expect(what, ifname, **wanted):
        def is_so():
            got = binding(ifname)
            return all(got.get(name) == value for name, value in wanted.items())
        wait(is_so, f"{what}: {wanted}")

    expect("it works", "eth0", problem="none", role="active", local=packed(TWO))
    client.do("binding-new", ifname="eth7", map="none")
    expect("no interface", "eth7", problem="interface-absent", ifindex=None, local=None)
    ends.two.ip("link add eth7 type veth peer name eth8")
    index = ends.two.json("link show eth7")[0]["ifindex"]
    expect("no map", "eth7", problem="no-map", ifindex=index)
    client.do("binding-set", ifname="eth7", map="vpn")
    expect("no address", "eth7", problem="no-address")
    ends.two.sh("sysctl -qw net.ipv6.conf.eth7.disable_ipv6=0; "
                "ip link set eth7 up; ip link set eth8 up; ip addr add 10.7.0.1/24 dev eth7; "
                "ip addr add 2001:db8::7/64 dev eth7 nodad")
    local6 = socket.inet_pton(socket.AF_INET6, "2001:db8::7")
    expect("addresses", "eth7", problem="none", local=packed("10.7.0.1"), local6=local6)
    client.do("binding-set", ifname="eth7", redundancy="seven")
    expect("no group", "eth7", problem="no-group", role="standby", local=None)
    group = {"ifname": "eth7", "number": 7, "name": "seven", "enabled": 1, "vip": "10.7.0.100",
             "hello_ms": 100, "hold_ms": 300}
    client.do("group-new", **group)
    expect("the group's", "eth7", problem="none", role="active", local=packed("10.7.0.100"))
    client.do("group-del", ifname="eth7", number=7)
    expect("the group is gone", "eth7", problem="group-gone", role="active",
           local=packed("10.7.0.1"), local6=local6)
    client.do("group-new", **group)
    expect("the group is there again", "eth7", problem="group-gone")
    client.do("binding-set", ifname="eth7")
    expect("applied again", "eth7", problem="none", role="active", local=packed("10.7.0.100"))
    client.do("interface-del", ifname="eth7")
    client.do("binding-del", ifname="eth7")
    ends.two.ip("link del eth7")
    return faults


def objects(ends):
    """What happened to objects meanwhile is told."""
    return [] if ends.watcher.notifications() and ends.other_watcher.notifications() else [
        "nothing is"]


TESTS = (acquire, packets_and_bytes, seconds, sequence, drops, clear, problems, objects)
