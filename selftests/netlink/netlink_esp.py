# SPDX-License-Identifier: GPL-2.0
"""What the netlink tests configure of ESP, beside groups on e0 and e1: objects of
every kind, with keys that are known when they are seen."""

LOCAL, PEER, PEER2, PEER3 = "10.0.0.1", "10.0.0.9", "10.0.0.10", "10.0.0.11"
# An AES-128-GCM key and its salt each.
MAP_IN, MAP_OUT = b"cipher-key-of-map-in", b"cipher-key-map-out!!"
SA_IN, SA_OUT = b"cipher-key-of-sa--in", b"cipher-key-of-sa-out"
# And an AES-128-CBC key with one of HMAC-SHA-256.
CBC, HMAC = b"cbc-cipher-key!!", b"key-of-the-hmac-of-32-bytes-long"
SECRETS = (MAP_IN, MAP_OUT, SA_IN, SA_OUT, CBC, HMAC)

LINE = {"action": "permit", "src": "10.1.0.0", "src_mask": "255.255.0.0", "dst": "20.1.0.0",
        "dst_mask": "255.255.0.0"}
MANUAL = {"kind": "manual", "peer": [PEER], "transform_set": ["t"], "acl": "101"}


def session(spi, key):
    return {"spi": spi, "cipher_key": key}


def inbound(spi, **more):
    return {"ifname": "e0", "map": "m", "number": 20, "direction": "in", "spi": spi,
            "src": PEER2, "dst": LOCAL, "cipher": "aes-gcm", "cipher_key": SA_IN, **more}


def outbound(spi, **more):
    return {"ifname": "e0", "map": "m", "number": 20, "direction": "out", "spi": spi,
            "src": LOCAL, "dst": PEER2, "cipher": "aes-gcm", "cipher_key": SA_OUT, **more}


def key_in(spi):
    return {"direction": "in", "spi": spi, "dst": LOCAL}


def key_out(spi):
    return {"direction": "out", "spi": spi, "dst": PEER2}


# Within what the access list 102 permits.
INSIDE_102 = {"src": "10.1.0.0", "dst": "20.2.0.0"}

# What route the second entry injects.
ROUTE = {"table": 254, "dst": "20.2.0.0", "prefix_len": 16, "distance": 1}

# On e0 a map with a manual entry and one whose SAs are installed; on e1 one that is not
# complete, at the address of group "one"; and what nothing refers to.
CONFIGURATION = (
    ("transform-set-new", {"name": "t", "cipher": "aes-gcm"}),
    ("transform-set-new", {"name": "cbc", "cipher": "aes-cbc", "auth": "sha256",
                           "mode": "transport"}),
    ("transform-set-new", {"name": "spare", "cipher": "aes-gcm"}),
    ("acl-new", {"name": "101", "number": 10, **LINE}),
    ("acl-new", {"name": "101", "number": 20, **LINE, "action": "deny", "protocol": 6,
                 "dst_port_min": 80, "dst_port_max": 90}),
    ("acl-new", {"name": "102", "number": 10, **LINE, "dst": "20.2.0.0"}),
    ("acl-new", {"name": "spare", "number": 10, **LINE}),
    ("map-new", {"name": "m", "number": 10, **MANUAL, "session_key_in": session(0x1001, MAP_IN),
                 "session_key_out": session(0x1002, MAP_OUT)}),
    ("map-new", {"name": "m", "number": 20, "kind": "isakmp", "peer": [PEER2, PEER3],
                 "transform_set": ["t"], "acl": "102", "reverse_route": "static",
                 "reverse_route_tag": 9, "reverse_route_gateway": PEER3, "pfs": 19,
                 "lifetime_seconds": 600, "lifetime_kilobytes": 5120, "idle_time": 60,
                 "ikev2_profile": "p"}),
    ("dynamic-map-new", {"name": "d", "number": 10, "peer": [PEER2], "transform_set": ["t"],
                         "acl": "102", "reverse_route": "dynamic", "reverse_route_tag": 9,
                         "reverse_route_gateway": PEER3, "pfs": 19, "lifetime_seconds": 600,
                         "lifetime_kilobytes": 5120, "idle_time": 60, "ikev2_profile": "p"}),
    ("dynamic-map-new", {"name": "spare", "number": 10}),
    ("map-new", {"name": "m", "number": 100, "kind": "isakmp", "dynamic": "d"}),
    ("map-new", {"name": "other", "number": 10, "kind": "isakmp"}),
    ("map-new", {"name": "spare", "number": 10, "kind": "manual"}),
    ("binding-new", {"ifname": "e0", "map": "m"}),
    ("binding-new", {"ifname": "e1", "map": "other", "redundancy": "one", "df": "set"}),
    ("sa-new", inbound(0x2001)),
    ("sa-new", outbound(0x2002, hard_packets=1000, ceiling=500)),
    ("sa-new", inbound(0x2003, selector=[{"protocol": 17, "src": "10.1.0.0", "dst": "20.2.0.0",
                                          "src_port_min": 53, "src_port_max": 53}])),
    ("sa-new", inbound(0x2004, number=100, dynamic_number=10, selector=[INSIDE_102])),
    ("sa-new", outbound(0x2005, number=100, dynamic_number=10, selector=[INSIDE_102])),
)

# What could be done then, whatever else is to be done with what it does not touch; the
# last makes a tunnel device, which takes its time.
GOOD = (
    ("transform-set-new", {"name": "n", "cipher": "chacha20-poly1305"}),
    ("transform-set-set", {"name": "spare", "key_bits": 256}),
    ("acl-new", {"name": "n", "number": 1, **LINE}),
    ("acl-set", {"name": "101", "number": 10, "protocol": 6, "src_port_min": 1}),
    ("acl-del", {"name": "spare", "number": 10}),
    ("map-new", {"name": "m", "number": 30, "kind": "isakmp", "peer": [PEER3],
                 "transform_set": ["n"], "acl": "n"}),
    ("sa-new", inbound(0x3001, number=30)),
    ("map-set", {"name": "m", "number": 20, "peer": [PEER2]}),
    ("map-del", {"name": "spare", "number": 10}),
    ("dynamic-map-new", {"name": "d", "number": 20, "transform_set": ["n"]}),
    ("dynamic-map-set", {"name": "d", "number": 10, "idle_time": 600}),
    ("dynamic-map-del", {"name": "spare", "number": 10}),
    ("sa-new", outbound(0x3002)),
    ("sa-set", {**key_out(0x2002), "hard_packets": 7, "ceiling": 9}),
    ("sa-del", key_in(0x2003)),
    ("binding-set", {"ifname": "e1", "df": "clear", "redundancy": ""}),
)
GOOD_BINDING = (
    ("map-new", {"name": "n", "number": 1, "kind": "isakmp"}),
    ("binding-new", {"ifname": "n9", "map": "n"}),
    ("sa-new", inbound(0x3003, ifname="n9", map="n", number=1)),
)
