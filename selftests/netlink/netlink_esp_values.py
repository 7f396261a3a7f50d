# SPDX-License-Identifier: GPL-2.0
"""Every attribute that can be set of ESP's objects with every kind of value, and
whether what is read back is what was given."""

from netlink_esp import CBC, HMAC
from netlink_family import ESP_OBJECTS, KEY, KEY_GET
from netlink_seen import limits

V6, V6_MASK = "2001:db8::", "ffff:ffff::"
ANY4 = {"src": "0.0.0.0", "src_mask": "0.0.0.0", "dst": "0.0.0.0", "dst_mask": "0.0.0.0"}
SA = {"ifname": "x0", "map": "m", "number": 1, "src": "10.0.0.9", "dst": "10.0.0.1"}
GCM = {"cipher": "aes-gcm", "cipher_key": b"k" * 20}
SELECTOR = {"protocol": 0, **ANY4}
BIG = (1 << 64) - 1

KEYS = {
    "transform-set": {"name": "t"},
    "acl": {"name": "a", "number": 1},
    "map": {"name": "m", "number": 7},
    "dynamic-map": {"name": "d", "number": 7},
    "binding": {"ifname": "x1"},
    "sa": {"direction": "in", "spi": 0x1000, "dst": "10.0.0.1"},
}

_ALGORITHMS = (
    # cipher, bits of key, further bytes of key, bits of the ICV, auth
    ("null", 0, 0, 128, "sha256"),
    ("des", 64, 0, 96, "md5"),
    ("3des", 192, 0, 96, "sha1"),
    ("aes-cbc", 128, 0, 192, "sha384"),
    ("aes-cbc", 256, 0, 256, "sha512"),
    ("aes-ctr", 192, 4, 128, "sha256"),
    ("aes-gcm", 192, 4, 64, "none"),
    ("aes-gcm", 256, 4, 96, "none"),
    ("aes-ccm", 128, 3, 128, "none"),
    ("aes-gmac", 128, 4, 128, "none"),
    ("chacha20-poly1305", 256, 4, 128, "none"),
)
_AUTH_BYTES = {"none": 0, "md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def _tsets():
    yield {"cipher": "aes-gcm"}, {"key-bits": 128, "icv-bits": 128, "auth": "none",
                                  "mode": "tunnel", "allow-weak": 0}
    for cipher, bits, _, icv, auth in _ALGORITHMS:
        weak = int(cipher in ("des", "3des") or auth == "md5")
        yield {"cipher": cipher, "key_bits": bits, "icv_bits": icv, "auth": auth,
               "mode": "transport" if bits == 256 else "tunnel", "allow_weak": weak}, {}
        yield {"cipher": cipher, "auth": auth, "allow_weak": 1}, {"mode": "tunnel"}


def _rules():
    """(given, read) of rules."""
    host = {"src-mask": b"\xff" * 4, "dst-mask": b"\xff" * 4}
    yield {"src": "10.1.0.1", "dst": "20.1.0.1"}, {**host, "protocol": 0}
    yield {**ANY4, "protocol": 255}, {}
    yield {"src": "10.1.2.3", "src_mask": "255.0.255.0", "dst": "20.1.2.3",
           "dst_mask": "0.0.0.255"}, {"src": bytes((10, 0, 2, 0)), "dst": bytes((0, 0, 0, 3))}
    yield {"src": V6, "src_mask": V6_MASK, "dst": "2001:db8::1", "protocol": 17,
           "src_port_min": 1, "src_port_max": 1023, "dst_port_min": 0,
           "dst_port_max": 53}, {"dst-mask": b"\xff" * 16}
    for protocol in (6, 17, 132, 136):
        yield {**ANY4, "protocol": protocol, "src_port_min": 65535, "src_port_max": 65535,
               "dst_port_min": 65535, "dst_port_max": 65535}, {}
    yield {**ANY4, "protocol": 6, "dst_port_min": 443}, {"dst-port-max": 65535,
                                                         "src-port-min": None}


def _acls():
    for at, (given, read) in enumerate(_rules()):
        yield {"action": ("permit", "deny")[at % 2], **given}, read


def _maps():
    yield {"kind": "isakmp"}, {"peer": None, "transform-set": None, "acl": None,
                               "session-key-in": None, "problem": "no-peer"}
    peers = [f"10.0.0.{number}" for number in range(15)] + ["2001:db8::9"]
    yield {"kind": "isakmp", "peer": peers, "transform_set": ["t" * 31], "acl": "a" * 31}, {
        "problem": "no-acl"}
    yield {"kind": "manual", "peer": ["2001:db8::9"], "acl": "a", "transform_set": ["none"]}, {
        "problem": "no-transform-set"}
    yield {"kind": "manual", "peer": ["10.0.0.9"], "acl": "a", "transform_set": ["t"],
           "session_key_in": {"spi": 256, "cipher_key": CBC, "auth_key": HMAC}}, {
        "problem": "no-session-key"}
    yield {"kind": "manual", "peer": ["10.0.0.9"], "acl": "a", "transform_set": ["t"],
           "session_key_in": {"spi": 0xffffffff, "auth_key": b"a" * 64},
           "session_key_out": {"spi": 256, "cipher_key": b"c" * 64}}, {"problem": "none"}
    yield {"kind": "manual", "acl": "a"}, {"problem": "no-peer"}
    yield {"kind": "isakmp"}, {"reverse-route": "none", "reverse-route-distance": None,
                               "reverse-route-tag": None, "reverse-route-gateway": None}
    yield {"kind": "isakmp", "reverse_route": "static"}, {"reverse-route-distance": 1}
    yield {"kind": "isakmp", "reverse_route": "dynamic", "reverse_route_tag": 0xffffffff,
           "reverse_route_distance": 255, "reverse_route_gateway": "2001:db8::1"}, {}
    yield {"kind": "manual", "peer": ["10.0.0.9"], "reverse_route": "static",
           "reverse_route_tag": 1, "reverse_route_distance": 7,
           "reverse_route_gateway": "10.0.0.1"}, {}
    yield {"kind": "manual", "reverse_route": "none"}, {"reverse-route-tag": None}
    yield {"kind": "isakmp", "transform_set": list("fedcba")}, {"pfs": None, "idle-time": None,
                                                               "ikev2-profile": None}
    for group in (*range(14, 22), 31):
        yield {"kind": "isakmp", "pfs": group}, {"lifetime-seconds": None,
                                                 "lifetime-kilobytes": None}
    yield {"kind": "isakmp", "pfs": 14, "lifetime_seconds": 120, "lifetime_kilobytes": 2560,
           "idle_time": 60, "ikev2_profile": "p"}, {}
    yield {"kind": "isakmp", "pfs": 31, "lifetime_seconds": 2592000,
           "lifetime_kilobytes": 0xffffffff, "idle_time": 86400, "ikev2_profile": "p" * 31}, {}
    yield {"kind": "manual", "pfs": 0, "lifetime_seconds": 0, "lifetime_kilobytes": 0,
           "idle_time": 0, "ikev2_profile": ""}, {
               "pfs": None, "lifetime-seconds": None, "lifetime-kilobytes": None,
               "idle-time": None, "ikev2-profile": None}
    yield {"kind": "isakmp", "dynamic": "d" * 31}, {"problem": "no-dynamic-map"}
    yield {"kind": "isakmp", "dynamic": "d"}, {"problem": "none", "peer": None, "acl": None,
                                               "transform-set": None}
    yield {"kind": "isakmp", "dynamic": ""}, {"problem": "no-peer", "dynamic": None}


def _dynamic_maps():
    """What entries of crypto maps have, and no peer is needed."""
    yield {}, {"kind": None, "problem": "no-transform-set", "reverse-route": "none"}
    yield {"transform_set": ["t"]}, {"problem": "none", "peer": None, "acl": None}
    yield {"transform_set": ["t"], "acl": "a"}, {"problem": "none"}
    yield {"transform_set": ["t"], "acl": "a" * 31}, {"problem": "no-acl"}
    for given, read in _maps():
        if given["kind"] == "manual" or given.get("reverse_route") == "static" or \
                "dynamic" in given:
            continue
        read = {name: value for name, value in read.items() if name != "problem"}
        yield {name: value for name, value in given.items() if name != "kind"}, read
    yield {"reverse_route": "dynamic", "reverse_route_tag": 1, "reverse_route_distance": 1}, {}
    yield {"pfs": 0, "lifetime_seconds": 0, "lifetime_kilobytes": 0, "idle_time": 0,
           "ikev2_profile": "", "reverse_route": "none"}, {
               "pfs": None, "lifetime-seconds": None, "lifetime-kilobytes": None,
               "idle-time": None, "ikev2-profile": None}


def _bindings():
    yield {"map": "m"}, {"df": "copy", "redundancy": None, "role": "active",
                         "problem": "interface-absent"}
    for df in ("clear", "set", "copy"):
        yield {"map": "m" * 31, "df": df, "redundancy": "r" * 25}, {"role": "standby"}


def _sas():
    yield {**SA, **GCM}, {
        "mode": "tunnel", "auth": "none", "icv-bits": 128, "allow-weak": 0, "esn": 0,
        "replay-window": 64, "seq": 0, "state": "mature", "manual": 0, "packets": 0, "bytes": 0,
        "soft-bytes": None, "ceiling": None, "selector": None, "encap-sport": None,
        "iv-base": None, "drop": None, "last-used-ms": None, "mtu": None, "auth-key": None}
    yield {**SA, **GCM, "direction": "out", "seq": 7}, {
        "replay-window": None, "iv-base": 0, "node": 0, "seq": 7}
    for cipher, bits, salt, icv, auth in _ALGORITHMS:
        keys = {"cipher_key": b"k" * (bits // 8 + salt), "auth_key": b"a" * _AUTH_BYTES[auth]}
        yield {**SA, "cipher": cipher, "auth": auth, "icv_bits": icv, "allow_weak": 1,
               "mode": "transport" if bits == 256 else "tunnel",
               **{name: key for name, key in keys.items() if key}}, {}
    yield {**SA, **GCM, "esn": 1, "replay_window": 4096, "seq": 1 << 63, "encap_sport": 4500,
           "encap_dport": 65535, "allow_weak": 0}, {}
    yield {**SA, **GCM, "replay_window": 0, "seq": 0xffffffff, "encap_sport": 1,
           "encap_dport": 1}, {}
    yield {**SA, **GCM, "replay_window": 32, "esn": 1, "seq": 0}, {}
    yield {**SA, **GCM, "direction": "out", "iv_base": (1 << 63) - 1, "node": 1}, {}
    yield {**SA, **GCM, "direction": "out", "iv_base": 1, "node": 0, "esn": 1, "seq": 1}, {}
    yield {**SA, **GCM, "spi": 256, "number": 65535}, {}
    yield {**SA, **GCM, "spi": 0xffffffff, "ifname": "i" * 15, "map": "m" * 31,
           "src": "2001:db8::9", "dst": "2001:db8::1"}, {}
    yield {**SA, **GCM, "direction": "out", "src": "2001:db8::9", "dst": "2001:db8::1"}, {}
    for given, read in _rules():
        yield {**SA, **GCM, "selector": [SELECTOR, given]}, {"selector": [{}, read]}
    yield {**SA, **GCM, "selector": [SELECTOR] * 16}, {}
    for given in _limits():
        yield {**SA, **GCM, **given}, {}
    for number in (1, 65535):
        yield {**SA, **GCM, "dynamic_number": number, "selector": [SELECTOR]}, {
            "dynamic-map": "d"}


def _limits():
    """What can be changed of an SA."""
    names = ("bytes", "packets", "seconds")
    yield {f"{kind}_{name}": BIG for name in names for kind in ("soft", "hard")}
    yield {f"soft_{name}": 1 << 40 for name in names}
    yield {f"hard_{name}": 1 << 40 for name in names}
    yield {"ceiling": BIG, "ceiling_margin": 1, "replay_notify": 0xffffffff}
    yield {"ceiling": 1, "ceiling_margin": BIG, "replay_notify": 1}


# Of each kind: (what is given, what is read beside it; None is absent).
FORMS = {
    "transform-set": list(_tsets()),
    "acl": list(_acls()),
    "map": list(_maps()),
    "dynamic-map": list(_dynamic_maps()),
    "binding": list(_bindings()),
    "sa": list(_sas()),
}


# -- whether all is here ----------------------------------------------------------------

def _values(given):
    """(attribute, value) of all that is given, in nests too."""
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            yield name.replace("_", "-"), one
            if isinstance(one, dict):
                yield from _values(one)


def complete(client):
    """No attribute of the specification is forgotten here, no limit, and no entry
    of an enumeration."""
    faults = []
    for kind in ESP_OBJECTS:
        tried = {}
        for given, _ in FORMS[kind]:
            for name, value in _values({**KEYS[kind], **given}):
                tried.setdefault(name, []).append(value)
        spaces = [f"{kind}-config"]
        for space in spaces:
            for name, spec in client.ynl.attr_sets[space].items():
                if spec["type"] == "nest":
                    spaces.append(spec["nested-attributes"])
                faults += [f"{kind} {name}: {fault}"
                           for fault in _untried(client, space, name, tried.get(name, ()))
                           if (kind, name, fault) not in REFUSED]
    return faults


def _untried(client, space, name, tried):
    base = client.ynl.attr_sets[space].subset_of or space
    spec = client.ynl.attr_sets[base][name]
    if not tried:
        return ["no value is tried"]
    if "enum" in spec:
        return [f"{entry} is not tried" for entry in client.ynl.consts[spec["enum"]].entries
                if entry not in tried]
    lengths = [len(value) if isinstance(value, str) else value for value in tried]
    faults = [f"{what} {limit} is not tried" for what, limit in limits(client, base, name).items()
              if limit not in lengths and name not in NAMES]
    if spec["type"] in ("u16", "u32", "u64") and len(set(tried)) < 2 and name not in NAMES:
        faults.append("only one value is tried")
    return faults


# what is refused of one kind and not of another that has the same attributes
REFUSED = (("dynamic-map", "reverse-route", "static is not tried"),
           ("sa", "peer", "no value is tried"))
# keys, which read_keys() tries
NAMES = ("name", "number", "ifname")


# -- reading back -----------------------------------------------------------------------

def _differs(what, got, wanted):
    faults = []
    for name, value in wanted.items():
        if isinstance(value, dict):
            faults += _differs(f"{what}: {name}", got.get(name) or {}, value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            parts = got.get(name, [])
            if len(parts) != len(value):
                faults.append(f"{what}: {len(parts)} of {name}")
            for one, part in zip(value, parts):
                faults += _differs(f"{what}: {name}", part, one)
        elif got.get(name) != value:
            faults.append(f"{what}: {name} is {got.get(name)}, not {value}")
    return faults


def _merged(wanted, read):
    """What is given, with what is read otherwise."""
    merged = {**wanted}
    for name, value in read.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            merged[name] = [_merged(one, more) for one, more in zip(wanted[name], value)]
        else:
            merged[name] = value
    return merged


def _prepare(client, kind, given):
    """What an object needs beside itself."""
    client.delete_all()
    if kind in ("map", "dynamic-map"):
        client.batch(("transform-set-new", {"name": "t", "cipher": "aes-gcm"}),
                     ("acl-new", {"name": "a", "number": 1, "action": "permit", **ANY4}))
        if kind == "map":
            client.do("dynamic-map-new", name="d", number=1)
    elif kind == "sa":
        dynamic = given.get("dynamic_number")
        if dynamic:
            client.do("dynamic-map-new", name="d", number=dynamic)
        client.batch(("map-new", {"name": given["map"], "number": given["number"],
                                  "kind": "isakmp", "dynamic": "d" if dynamic else ""}),
                     ("binding-new", {"ifname": given["ifname"], "map": given["map"]}))


def read_back(client, kind):
    """Each form of an object: at first, by a change, and through a batch."""
    faults = []
    forms, prepared = FORMS[kind], None
    base = forms[0][0]
    for given, read in forms:
        key = {name: {**KEYS[kind], **given}[name] for name in KEY[kind]}
        wanted = _merged(client.encode(kind, {**key, **given}), read)
        get = KEY_GET.get(kind, f"{kind}-get")
        place = tuple(given.get(name) for name in ("ifname", "map", "number", "dynamic_number"))
        if kind != "sa" or place != prepared:
            _prepare(client, kind, given)
            prepared = place

        def expect(how, given=given, wanted=wanted, get=get, key=key):
            return _differs(f"{how} {given}", client.do(get, **key), wanted)

        client.do(f"{kind}-new", **{**key, **given})
        faults += expect("new with")
        client.do(f"{kind}-set", **key)
        faults += expect("left at")
        if kind != "sa":
            client.batch((f"{kind}-del", key), (f"{kind}-new", {**key, **base}))
            client.do(f"{kind}-set", **{**key, **given})
            faults += expect("set to")
        client.batch((f"{kind}-del", key), (f"{kind}-new", {**key, **given}),
                     (f"{kind}-set", key))
        faults += expect("in a batch")
        client.do(f"{kind}-del", **key)
        if client.dump(f"{kind}-get"):
            faults.append(f"{kind} {key} is still there")
    return faults


def change_sa(client):
    """All that can be changed of an SA, in every order."""
    given = {**KEYS["sa"], **SA, **GCM}
    _prepare(client, "sa", given)
    client.do("sa-new", **given)
    faults, wanted = [], {}
    nothing = {name: 0 for change in _limits() for name in change}
    for change in (*_limits(), nothing, *reversed(list(_limits())), nothing):
        client.do("sa-set", **KEYS["sa"], **change)
        wanted.update({name.replace("_", "-"): value or None for name, value in change.items()})
        faults += _differs(f"set to {change}", client.get("sa", **KEYS["sa"]), wanted)
        client.do("sa-set", **KEYS["sa"])
        faults += _differs(f"left at {change}", client.get("sa", **KEYS["sa"]), wanted)
    return faults


def removed(client):
    """What is taken away by an empty value."""
    faults = []
    client.delete_all()
    given, _ = FORMS["map"][4]
    key = KEYS["map"]
    client.do("map-new", **key, **given)
    for name, value in (("session_key_in", {}), ("session_key_out", {}), ("peer", [b""]),
                        ("transform_set", [""]), ("acl", "")):
        client.do("map-set", **key, **{name: value})
        name = name.replace("_", "-")
        got = client.do("map-key-get", **key)
        faults += [f"{name} is {got[name]}"] if name in got else []
    if sorted(got) != ["kind", "name", "number", "problem", "reverse-route"]:
        faults.append(f"left are {sorted(got)}")
    client.do("map-set", **key, kind="isakmp")
    client.do("binding-new", ifname="x1", map="m", redundancy="r")
    client.do("binding-set", ifname="x1", redundancy="")
    got = client.get("binding", ifname="x1")
    return faults + ([f"redundancy is {got['redundancy']}"] if "redundancy" in got else [])


def read_keys(client):
    """Names and numbers of every length and size."""
    faults = []
    values = {
        "transform-set": [{"name": name} for name in ("t", "T" * 31, "a-b_c.d/e:f")],
        "acl": [{"name": name, "number": number} for name in ("1", "a" * 31)
                for number in (0, 1, 65536, 0xffffffff)],
        "map": [{"name": name, "number": number} for name in ("m", "a" * 31)
                for number in (1, 2, 65535)],
        "dynamic-map": [{"name": name, "number": number} for name in ("m", "a" * 31)
                        for number in (1, 2, 65535)],
        "binding": [{"ifname": name} for name in ("a", "i" * 15, "eth0.100")],
    }
    for kind, keys in values.items():
        client.delete_all()
        given = FORMS[kind][0][0]
        client.batch(*[(f"{kind}-new", {**key, **given}) for key in keys])
        for key in keys:
            got = client.get(kind, **key)
            faults += [f"{kind} {name} is {got[name]}, not {value}"
                       for name, value in key.items() if got[name] != value]
        there = [tuple(message[name] for name in KEY[kind])
                 for message in client.dump(f"{kind}-get")]
        if there != sorted(tuple(key.values()) for key in keys):
            faults.append(f"{kind}: in the dump are {there}")
        for key in keys:
            client.do(f"{kind}-del", **key)
        if client.dump(f"{kind}-get"):
            faults.append(f"not every {kind} is gone")
    return faults
