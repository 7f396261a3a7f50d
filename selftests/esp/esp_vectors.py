#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: kernels=6.12,(6.1),(debug)
"""Others read what we send and make what we take: OpenSSL's libcrypto with every
algorithm, across the end of 32-bit sequence numbers too; the example packets of
the RFCs, to the bit; and tshark, which decrypts and authenticates a capture."""

import os
import socket
import struct
import subprocess

import openssl
from esplab import (ALGORITHMS, DEVICE, GATEWAY, HOST, PEER, Algorithm, Capture, Report, Site,
                    Topology, batch, wait)
from packets import ESP, ethernet, ip, ip_of, payload_of, protocol_of, udp, without_ttl

INNER = {4: 4, 6: 41}


class Vector(Algorithm):
    """An algorithm with given keys."""

    def __init__(self, cipher, cipher_key, auth="none"):
        super().__init__(cipher, 128 if cipher != "chacha20-poly1305" else 256, auth)
        self.cipher_key = bytes.fromhex(cipher_key)


class Lab(Site):
    """The peer is made of packets."""

    def __init__(self, topology):
        super().__init__(topology)
        self.configure()
        self.host_mac, self.router_mac = self.host.mac("eth0"), self.gateway.mac("eth1")
        self.peer_mac, self.gateway_mac = self.peer.mac("eth0"), self.gateway.mac("eth0")
        self.near, self.far = Capture(self.host, "eth0"), Capture(self.peer, "eth0")
        self.inside = Capture(self.gateway, self.device)
        batch(self.gateway,
              [f"neigh replace {PEER[version]} lladdr {self.peer_mac} dev eth0"
               for version in (4, 6)] +
              [f"neigh replace {HOST[version]} lladdr {self.host_mac} dev eth1"
               for version in (4, 6)])

    def add(self, direction, spi, algorithm, **more):
        self.esp.do("sa-new", **self.sa(direction, spi, algorithm, **more))

    def sends(self, packet):
        """The ESP packet that a packet of the host's becomes."""
        self.wire.drain()
        self.near.send(ethernet(self.host_mac, self.router_mac, packet))
        return self.esp_sent()

    def esp_sent(self):
        def match(frame):
            outer = ip_of(frame)
            return outer if outer and protocol_of(outer) == ESP else None
        return payload_of(self.wire.wait_for(match, "ESP leaves"))

    def takes(self, esp, capture, packet):
        """An ESP packet of the peer's, of which this comes out."""
        before = self.esp.drops()
        capture.drain()
        self.far.send(ethernet(self.peer_mac, self.gateway_mac,
                               ip(PEER[4], GATEWAY[4], ESP, esp)))

        def out():
            capture.pull()
            return any(packet in (without_ttl(got), got) for frame in capture.heard
                       for got in [ip_of(frame) or frame] if got) or (
                           self.esp.drops() != before and self.esp.drops())
        got = wait(out, "the packet comes out", pause=0.01)
        return [] if got is True else [f"dropped: {got}"]


# -- libcrypto -----------------------------------------------------------------

def both_ways(lab, algorithm, esn):
    """Packets of all lengths modulo the block, and across the end of 32 bits."""
    lab.serial += 1
    out, into = lab.SPI_OUT + lab.serial, lab.SPI_IN + lab.serial
    first = 2 ** 32 - 5 if esn else 0
    lab.esp.do("esp-clear")
    lab.add("out", out, algorithm, esn=int(esn), seq=first)
    lab.add("in", into, algorithm, esn=int(esn), seq=first)
    soft = openssl.Esp(algorithm, esn)
    faults = []
    for count in range(1, 18):
        version, seq = (4, 6)[count % 2], first + count
        packet = udp(HOST[version], DEVICE[version], 9, 9, b"o" * count)
        opened = soft.open(lab.sends(packet), seq >> 32)
        if (opened.spi, opened.seq) != (out, seq):
            faults.append(f"number {opened.seq} of SPI {opened.spi:#x}")
        if without_ttl(opened.payload) != without_ttl(packet):
            faults.append(f"{packet.hex()} became {opened.payload.hex()}")
        if opened.next_header != INNER[version]:
            faults.append(f"next header {opened.next_header}")
        if opened.padding != bytes(range(1, len(opened.padding) + 1)):
            faults.append(f"padding {opened.padding.hex()}")
        packet = udp(DEVICE[version], HOST[version], 7, 7008, b"i" * count)
        faults += lab.takes(soft.make(into, seq, packet, INNER[version]), lab.near,
                            without_ttl(packet))
    return faults


# -- the RFCs' own packets ---------------------------------------------------------

PING = bytes(range(8, 0x38)).hex()


def set_up(lab, algorithm, out=None, into=None, mode="tunnel"):
    lab.esp.do("esp-clear")
    for direction, attributes in (("out", out), ("in", into)):
        if attributes:
            lab.add(direction, algorithm=algorithm, mode=mode, **attributes)


def rfc7634(lab):
    """RFC 7634 appendix A, both ways."""
    algorithm = Vector("chacha20-poly1305", bytes(range(0x80, 0xa4)).hex())
    inner = bytes.fromhex("45000054a6f200004001e778c6336405c000020508005b7a3a08000055"
                          "3bec1000073627" + PING)
    esp = bytes.fromhex(
        "0102030400000005101112131415161724039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef"
        "407ae5c614ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b50"
        "2773f6fb94e664da9165b82829f641e076aaa8266b7fb0f7b11b369907e1ad43")
    batch(lab.gateway, [f"route replace 192.0.2.5 dev {lab.device}"])
    set_up(lab, algorithm, {"spi": 0x01020304, "seq": 4, "iv-base": 0x1011121314151617 - 5})
    # one hop more, for the gateway to take
    longer = inner[:8] + b"\x41" + inner[9:10] + b"\xe6\x78" + inner[12:]
    sent = lab.sends(longer)
    faults = [] if sent == esp else [f"sent {sent.hex()}"]
    batch(lab.gateway, [f"route replace 192.0.2.5 via {HOST[4]}"])
    set_up(lab, algorithm, into={"spi": 0x01020304})
    faults += lab.takes(esp, lab.near, without_ttl(inner))
    batch(lab.gateway, ["route del 192.0.2.5"])
    return faults


def rfc3602(lab):
    """RFC 3602 section 4, case 7, with an ICV, which it has not."""
    algorithm = Vector("aes-cbc", "0123456789abcdef0123456789abcdef", "sha256")
    inner = bytes.fromhex("45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d"
                          "02a20400" + PING)
    esp = bytes.fromhex(
        "0000876500000002f4e765244f6407adf13dc1380f673f37773b5241a4c449225e4f3ce5ed611b0c237ca96c"
        "f74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5"
        "c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d")
    icv = openssl.hmac.digest(algorithm.auth_key, esp, "sha256")[:16]
    batch(lab.gateway, [f"route replace 192.168.123.200 via {HOST[4]}"])
    set_up(lab, algorithm, into={"spi": 0x8765})
    faults = lab.takes(esp + icv, lab.near, without_ttl(inner))
    batch(lab.gateway, ["route del 192.168.123.200"])
    return faults


def gcm_test_2(lab):
    """Of the test cases for RFC 4106, one whose trailer says ICMP: so in transport
    mode, where its whole payload is seen at the tunnel device, both ways."""
    algorithm = Vector("aes-gcm", "feffe9928665731c6d6a8f9467308308cafebabe")
    payload = bytes.fromhex("4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d0010000"
                            "01000000000000037369700963796265726369747902646b0000010001")
    esp = bytes.fromhex("0000a5f80000000afacedbaddecaf888deb22cd9b07c72c16e3a65beeb8df304a5a5897d"
                        "33ae530f1ba76d5d114d2a5c3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4"
                        "ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41ad4a")
    set_up(lab, algorithm, {"spi": 0xa5f8, "seq": 9, "iv-base": 0x7acedbaddecaf888 - 10,
                            "node": 1}, {"spi": 0xa5f8}, "transport")
    faults = lab.takes(esp, lab.inside, ip(PEER[4], GATEWAY[4], 1, payload))
    lab.wire.drain()
    raw = lab.gateway.inside(socket.socket, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    raw.sendto(payload, (PEER[4], 0))
    raw.close()
    sent = lab.esp_sent()
    return faults + ([] if sent == esp else [f"sent {sent.hex()}"])


def gcm_test_1(lab):
    """Another, with extended sequence numbers."""
    algorithm = Vector("aes-gcm", "4c80cdefbb5d10da906ac73c3613a6342e443b68")
    payload = bytes.fromhex("45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000"
                            "000000045f736970045f756470037369700963796265726369747902646b000021"
                            "0001")
    esp = bytes.fromhex("00004321000000004956ed7e3b244cfefecf537e729d5b07dc30df528dd22b768d1b9873"
                        "6696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff62"
                        "47aeabb786b93bce61bc17d768fd9732459018148f6cbe722fd04796562dfdb4")
    # the example pads with 1, 2 what ends on the boundary of four already
    set_up(lab, algorithm, into={"spi": 0x4321, "esn": 1, "seq": 0x87654320ffffffff},
           mode="transport")
    return lab.takes(esp, lab.inside, ip(PEER[4], GATEWAY[4], 1, payload))


# -- tshark ------------------------------------------------------------------------

TSHARK = {"aes-gcm": "AES-GCM with 16 octet ICV [RFC4106]", "aes-cbc": "AES-CBC [RFC3602]",
          "aes-ctr": "AES-CTR [RFC3686]", "3des": "TripleDES-CBC [RFC2451]", "null": "NULL",
          "none": "NULL", "sha1": "HMAC-SHA-1-96 [RFC2404]",
          "sha256": "HMAC-SHA-256-128 [RFC4868]", "sha384": "HMAC-SHA-384-192 [RFC4868]",
          "sha512": "HMAC-SHA-512-256 [RFC4868]"}

READ = (Algorithm("aes-gcm", 128), Algorithm("aes-gcm", 256), Algorithm("aes-cbc", 128, "sha256"),
        Algorithm("aes-cbc", 256, "sha512"), Algorithm("aes-ctr", 128, "sha1"),
        Algorithm("3des", 192, "sha1"), Algorithm("null", 0, "sha256"))


def pcap(frames):
    data = struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for number, frame in enumerate(frames):
        data += struct.pack("=IIII", number, 0, len(frame), len(frame)) + frame
    return data


def uat(spi, algorithm):
    """A line of tshark's table of SAs."""
    fields = ("IPv4", GATEWAY[4], PEER[4], f"0x{spi:08x}", TSHARK[algorithm.cipher],
              f"0x{algorithm.cipher_key.hex()}" if algorithm.cipher_key else "",
              TSHARK[algorithm.auth],
              f"0x{algorithm.auth_key.hex()}" if algorithm.auth_key else "", "32-bit", "0")
    return "uat:esp_sa:" + ",".join(f'"{field}"' for field in fields)


def tshark(lab):
    """{number of the frame: (ICV is good, text inside)} of packets of all algorithms."""
    frames, options, wanted = [], [], []
    for number, algorithm in enumerate(READ):
        spi = 0x5000 + number
        set_up(lab, algorithm, {"spi": spi})
        text = f"packet of {algorithm}".encode()
        esp = lab.sends(udp(HOST[4], DEVICE[4], 9, 9, text))
        frames.append(ethernet(lab.gateway_mac, lab.peer_mac, ip(GATEWAY[4], PEER[4], ESP, esp)))
        options += ["-o", uat(spi, algorithm)]
        wanted.append((str(algorithm), text.hex()))
    path = os.path.join(os.environ.get("VPNHA_OUT", "/tmp"), "esp_vectors.pcap")
    with open(path, "wb") as file:
        file.write(pcap(frames))
    done = subprocess.run(
        ["tshark", "-r", path, "-o", "esp.enable_encryption_decode:TRUE",
         "-o", "esp.enable_authentication_check:TRUE", *options, "-T", "fields", "-E",
         "separator=,", "-e", "esp.icv_good", "-e", "data.data", "-e", "udp.dstport"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    read = done.stdout.splitlines()
    if done.returncode or len(read) != len(wanted):
        return {name: [f"tshark: {done.stdout} {done.stderr}"] for name, _ in wanted}
    return {name: [] if line == f"1,{text},9" else [f"tshark reads {line}"]
            for (name, text), line in zip(wanted, read)}


def main():
    rfcs = (("RFC 7634 appendix A, both ways", rfc7634), ("RFC 3602 case 7", rfc3602),
            ("RFC 4106, the test cases' second packet, both ways", gcm_test_2),
            ("RFC 4106, the test cases' first packet, extended numbers", gcm_test_1))
    with Topology() as topology:
        lab = Lab(topology)
        report = Report(2 * len(ALGORITHMS) + len(rfcs) + len(READ))
        for algorithm in ALGORITHMS:
            for esn in (False, True):
                report.run(f"libcrypto: {algorithm}{' esn' if esn else ''}", both_ways, lab,
                           algorithm, esn)
        lab.esp.batch(*[("acl-new", {"name": "tunnel", "number": 900 + number,
                                     "action": "permit", "protocol": 0, "src": src,
                                     "src-mask": b"\xff" * 4, "dst": dst,
                                     "dst-mask": b"\xff" * 4})
                        for number, (src, dst) in enumerate((
                            ("192.0.2.5", "198.51.100.5"), ("198.51.100.5", "192.0.2.5"),
                            ("192.168.123.200", "192.168.123.3")))])
        for what, function in rfcs:
            report.run(f"vector: {what}", function, lab)
        read = tshark(lab)
        for algorithm in READ:
            report.line(f"tshark: {algorithm}, decrypted and authenticated",
                        read[str(algorithm)])
    report.end()


if __name__ == "__main__":
    main()
