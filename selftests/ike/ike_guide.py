#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: timeout=3600 kernels=6.12
"""Documentation/ike.md, executed: a pair of gateways with vpnhad and a strongSwan peer,
each command with the output that the guide shows."""

import os
import sys
import tempfile

for _area in ("demo", "hsrp", "lab"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", _area))

import guide  # noqa: E402
import hosts  # noqa: E402

from gateway import Report  # noqa: E402
from pki import Pki  # noqa: E402
from scratch import scratch  # noqa: E402

CABLES = (("host", "eth0", "inside"), ("gw1", "eth1", "inside"), ("gw2", "eth1", "inside"),
          ("gw1", "eth0", "outside"), ("gw2", "eth0", "outside"), ("isp", "eth0", "outside"),
          ("isp", "eth1", "far"), ("peer", "eth0", "far"), ("site", "eth0", "branch"),
          ("peer", "eth1", "branch"))

# host: addresses, and where everything else is
NETWORK = {
    "host": (("10.1.1.100/24 dev eth0",), "10.1.1.1"),
    "gw1": (("192.0.2.2/24 dev eth0", "10.1.1.2/24 dev eth1"), "192.0.2.254"),
    "gw2": (("192.0.2.3/24 dev eth0", "10.1.1.3/24 dev eth1"), "192.0.2.254"),
    "isp": (("192.0.2.254/24 dev eth0", "203.0.113.254/24 dev eth1"), None),
    "peer": (("203.0.113.9/24 dev eth0", "20.1.1.1/24 dev eth1"), "203.0.113.254"),
    "site": (("20.1.1.100/24 dev eth0",), "20.1.1.1"),
}

# Its own files of configuration and programs.
_OWN = scratch("/etc", "/usr/local") + f"""
for name in systemctl journalctl; do
    ln -s {guide.TOP}/selftests/ike/units.py /usr/local/sbin/$name
done
rm -rf /etc/swanctl/conf.d/*
"""
_INSTALLED = f"make -s -C {guide.TOP} -o tools install-tools"


def certificates(network, directory):
    """What an authority has made for the pair and for the peer."""
    pki = Pki(directory)
    for host, name, places in (
            ("gw1", "pair", ("/root/ca.pem", "/root/pair.pem", "/root/pair.key")),
            ("peer", "peer", (f"/etc/swanctl/{kind}/{name}" for kind, name in (
                ("x509ca", "ca.pem"), ("x509", "peer.pem"), ("private", "peer.key"))))):
        one = pki.issue(name, [f"{name}.example.net"], "ecdsa-256")
        for file, place in zip((pki.root.certificate, one.certificate, one.private_key), places):
            network.hosts[host].check(f"install -D -m 600 {file} {place}")
    network.hosts["gw1"].check(f"cp {pki.crl()} /root/crl.pem")


def prepare(network):
    """Addresses, and what is installed."""
    for name, (addresses, gateway) in NETWORK.items():
        host = network.hosts[name]
        host.check("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 "
                   "net.ipv4.conf.default.send_redirects=0")
        for address in addresses:
            host.check(f"ip address add {address}")
        if gateway:
            host.check(f"ip route add default via {gateway}")
    for name in ("gw1", "gw2", "peer"):
        network.hosts[name].check(_OWN)
    for name in ("gw1", "gw2"):
        network.hosts[name].check(_INSTALLED)
    with tempfile.TemporaryDirectory() as directory:
        certificates(network, directory)


def main():
    with open(os.path.join(guide.TOP, "Documentation", "ike.md"), encoding="utf-8") as text:
        steps = [step for step in guide.read(text.read())
                 if step.kind in ("command", "follow", "expect")]
    report = Report(len(steps))
    with hosts.Network(CABLES) as network:
        prepare(network)
        hosts.Player(network).follow(report, steps)
    report.end()


if __name__ == "__main__":
    main()
