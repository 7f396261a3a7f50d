#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12 timeout=3600
"""The lab of the IKE tests shows that it works: strongSwan and libreswan, each of
them in the place of the gateway and of the peer, talk with each other over the paths
over which the project's own daemon will meet them. CELLS= picks test lines."""

import os
import tempfile

from ikelab import GATEWAY, GATEWAY_NAME, PEER, PEER_NAME, Capture, Lab, Report, Topology
from libreswan import LibreSwan
from meeting import Meeting
from pki import Pki
from strongswan import StrongSwan


def kinds(lab, pki):
    """{name: arguments of Meeting.connect()} of tunnels."""
    def sides(kind):
        return lab.sides(pki.issue(f"gateway-{kind}", [GATEWAY_NAME, GATEWAY], kind),
                         pki.issue(f"peer-{kind}", [PEER_NAME, PEER], kind), "name")
    trusted = {"authorities": (pki.root,)}
    return {
        "preshared key": (lab.sides(), {}),
        "RSA certificates": (sides("rsa-2048"), trusted),
        "ECDSA certificates": (sides("ecdsa-256"), trusted),
        "the gateway behind NAT": (lab.sides(identity="name"), {"nat": "gateway"}),
        "the peer behind NAT": (lab.sides(identity="name"), {"nat": "peer"}),
        "RSA certificates at an MTU of 600": (sides("rsa-2048"), {
            "mtu": 600, "fragmentation": "force", **trusted}),
        "postquantum preshared key": (lab.sides(), {
            "ppk": ("lab-ppk", "another-secret-of-the-lab"), "ppk_required": True}),
    }


def decrypted(meeting, directory):
    """tshark reads what charon sent, with keys of charon's log."""
    capture = Capture(meeting.lab, os.path.join(directory, "ike.pcap"))
    faults = meeting.connect(meeting.lab.sides(), "gateway")
    capture.stop()
    tables = os.path.join(directory, "wireshark")
    os.makedirs(tables, exist_ok=True)
    with open(os.path.join(tables, "ikev2_decryption_table"), "w", encoding="ascii") as table:
        table.write(meeting.gateway.keys() + "\n")
    read = capture.tshark("isakmp.exchangetype == 35 && isakmp.ispi == "
                          f"{meeting.gateway.ikes()[0].spis[0]}", "isakmp.typepayload", keys=tables)
    # the proof of who it is and the selectors of both ends, inside of what is encrypted
    if len(read) < 2 or not all({"39", "44", "45"} <= set(line.split(",")) for line in read):
        faults.append(f"payloads of the messages of IKE_AUTH: {read}")
    return faults


def rekeyed(meeting, sides):
    """The gateway rekeys IKE and child SAs every few seconds. What libreswan loses then it
    counts itself: it uses an SA before the other end can, and removes one too early."""
    meeting.prepare(sides, gateway={"lifetime": 4, "ike_lifetime": 9},
                    peer={"responder_only": True})
    meeting.up("gateway")
    lab = meeting.lab

    def lost():
        return sum(lab.xfrm_losses(namespace) for namespace in (lab.gateway, lab.peer))
    before = lost()
    return meeting.under_traffic(meeting.count, meeting.gateway, {"child": 5, "ike": 3},
                                 lost_elsewhere=lambda: lost() - before)


def lines(lab, pki, gateway, peer, directory):
    """(name, function of a Meeting that returns faults)"""
    for name, (sides, options) in kinds(lab, pki).items():
        for end, daemon in (("gateway", gateway), ("peer", peer)):
            yield (f"{name}, {daemon.NAME} initiates",
                   lambda meeting, sides=sides, end=end, options=options:
                   meeting.connect(sides, end, **options))
    yield "rekeys every few seconds", lambda meeting: rekeyed(meeting, lab.sides())
    if gateway is StrongSwan:
        yield "tshark decrypts it", lambda meeting: decrypted(meeting, directory)


def main():
    wanted = os.environ.get("CELLS", "")
    directory = os.environ.get("VPNHA_OUT") or tempfile.mkdtemp()
    with tempfile.TemporaryDirectory(dir="/run") as place, Topology() as topology:
        lab = Lab(topology)
        pki = Pki(os.path.join(place, "pki"))
        groups = []
        for gateway, peer in ((StrongSwan, LibreSwan), (LibreSwan, StrongSwan)):
            head = f"{gateway.NAME} as the gateway, {peer.NAME} as the peer"
            chosen = [(f"{head}: {name}", function)
                      for name, function in lines(lab, pki, gateway, peer, directory)
                      if wanted in f"{head}: {name}"]
            groups.append((gateway, peer, chosen))
        report = Report(sum(len(chosen) for _, _, chosen in groups))
        for gateway, peer, chosen in groups:
            if not chosen:
                continue
            keys = {"keys": True} if gateway is StrongSwan else {}
            meeting = Meeting(lab, gateway(topology, lab.gateway, **keys).start(),
                              peer(topology, lab.peer).start())
            for name, function in chosen:
                report.line(name, meeting.run(function, meeting))
            for daemon in meeting.daemons.values():
                daemon.stop()
        report.end()


if __name__ == "__main__":
    main()
