# SPDX-License-Identifier: GPL-2.0
"""The requests about ESP that must be refused, where netlink_esp.CONFIGURATION is
configured."""

import errno
import os

from netlink_esp import (CBC, HMAC, LINE, MANUAL, MAP_IN, MAP_OUT, SA_IN, inbound, key_in,
                         key_out, outbound, session)
from netlink_family import ESP_OBJECTS, KEY
from netlink_raw import FORMATS, NLA_F_NESTED, Attr, Bytes, Case, Missing

KEYS = {
    "transform-set": {"name": "t"},
    "acl": {"name": "101", "number": 10},
    "map": {"name": "m", "number": 10},
    "dynamic-map": {"name": "d", "number": 10},
    "binding": {"ifname": "e0"},
}
# What is said of a key that is missing, there already, or not there.
WORDS = {
    "transform-set": ("name of the transform set is missing",
                      "the transform set exists already", "no such transform set"),
    "acl": ("name of the access list is missing", "has such a line already",
            "the access list has no such line"),
    "map": ("name of the crypto map is missing", "has such an entry already",
            "the crypto map has no such entry"),
    "dynamic-map": ("name of the dynamic crypto map is missing", "has such an entry already",
                    "the dynamic crypto map has no such entry"),
    "binding": ("interface name is missing", "the interface has a crypto map already",
                "the interface has no crypto map"),
}
BAD_NAMES = (("a b", "printable"), ("a\tb", "printable"), ('a"b', "printable"),
             ("\u00e4", "printable"), ("!a", "comment"), ("#a", "comment"))
SELECTOR = {"src": "10.1.0.0", "dst": "20.2.0.0"}
PORTS = "only TCP, UDP, UDP-Lite and SCTP have ports"


def cases(raw):
    """Every Case."""
    return [*_keys(raw), *_tsets(raw), *_rules(raw), *_acls(raw), *_maps(raw),
            *_dynamic_maps(raw), *_bindings(raw), *_dynamic_sas(raw),
            *_sa_keys(raw), *_sas(raw), *_sa_limits(raw), *_clear(raw), *_forms(raw),
            *_dumps(raw)]


def _case(raw, what, operation, error, fault, says="", /, batch=True, dump=False, **values):
    """fault: name of an attribute, a path to one in a nest, Missing, or None."""
    attributes = raw.attrs(raw.space(operation), **values)
    if isinstance(fault, str):
        here, where, space = None, attributes, raw.space(operation)
        for part in fault.split("/"):
            name, _, at = part.partition(":")
            kind = raw.kind(space, name)
            here = [one for one in where if one.kind & ~NLA_F_NESTED == kind][int(at or 0)]
            where = here.payload
            space = raw.ynl.attr_sets[space][name].yaml.get("nested-attributes")
        fault = here
    return Case(f"{operation}: {what}", operation, attributes, error, fault, says, dump=dump,
                batch=batch)


def _keys(raw):
    """Keys that are missing, there already, unknown, or no names."""
    new = {"transform-set": {"cipher": "aes-gcm"}, "acl": LINE, "map": {"kind": "isakmp"},
           "dynamic-map": {}, "binding": {"map": "m"}}
    for kind, key in KEYS.items():
        no_name, exists, absent = WORDS[kind]
        name = KEY[kind][0]
        for verb in ("get", "new", "set", "del"):
            says = "name is missing" if verb == "get" else no_name
            rest = {one: value for one, value in key.items() if one != name}
            yield _case(raw, "no name", f"{kind}-{verb}", errno.EINVAL, Missing(name), says,
                        **rest)
            if "number" in key:
                yield _case(raw, "no number", f"{kind}-{verb}", errno.EINVAL, Missing("number"),
                            "sequence number is missing", name=key["name"])
            if verb != "get":
                yield _case(raw, "empty name", f"{kind}-{verb}", errno.EINVAL, name, no_name,
                            **{**key, name: ""})
        for verb in ("get", "set", "del"):
            yield _case(raw, "unknown name", f"{kind}-{verb}", errno.ENOENT, name, absent,
                        **{**key, name: "e9"})
            if "number" in key:
                yield _case(raw, "unknown number", f"{kind}-{verb}", errno.ENOENT, name, absent,
                            **{**key, "number": 11})
        yield _case(raw, "there already", f"{kind}-new", errno.EEXIST, name, exists, **key,
                    **new[kind])
        for bad, says in BAD_NAMES:
            yield _case(raw, f"invalid name '{bad}'", f"{kind}-new", errno.EINVAL, name, says,
                        **{**key, name: bad}, **new[kind])
    for bad in (".", "..", "a/b", "a:b"):
        yield _case(raw, f"invalid interface name '{bad}'", "binding-new", errno.EINVAL,
                    "ifname", "not a valid interface name", ifname=bad, map="m")
    for verb in ("new", "set", "del", "get"):
        yield _case(raw, "number 0", f"map-{verb}", errno.ERANGE, "number", name="m", number=0)
    yield _case(raw, "number 65536", "map-new", errno.ERANGE, "number", "too high", name="m",
                number=65536, kind="isakmp")
    yield _case(raw, "unknown name", "map-key-get", errno.ENOENT, "name",
                "the crypto map has no such entry", batch=False, name="e9", number=1)


# transforms that are none: (what, values, message)
_TRANSFORMS = (
    ("AES-GCM with an HMAC", {"cipher": "aes-gcm", "auth": "sha256"}, "by itself"),
    ("AES-CBC without an HMAC", {"cipher": "aes-cbc"}, "an HMAC is needed"),
    ("NULL without an HMAC", {"cipher": "null"}, "an HMAC is needed"),
    ("DES", {"cipher": "des", "auth": "sha1"}, "allow-weak"),
    ("3DES", {"cipher": "3des", "auth": "sha256"}, "allow-weak"),
    ("MD5", {"cipher": "aes-cbc", "auth": "md5"}, "allow-weak"),
    ("AES-GCM with an ICV of 127 bits", {"cipher": "aes-gcm", "icv_bits": 127},
     "no integrity check value of this length"),
    ("AES-GMAC with an ICV of 96 bits", {"cipher": "aes-gmac", "icv_bits": 96},
     "no integrity check value of this length"),
    ("SHA-256 with an ICV of 96 bits", {"cipher": "aes-ctr", "auth": "sha256", "icv_bits": 96},
     "no integrity check value of this length"),
    ("an ICV of 65664 bits", {"cipher": "aes-gcm", "icv_bits": 65536 + 128},
     "no integrity check value of this length"),
)


def _tsets(raw):
    def case(what, verb, error, fault, says="", **values):
        name = "t" if verb == "set" else "x"
        return _case(raw, what, f"transform-set-{verb}", error, fault, says, name=name, **values)

    yield case("no cipher", "new", errno.EINVAL, Missing("cipher"), "cipher is missing",
               key_bits=128)
    for verb in ("new", "set"):
        for name, value in (("cipher", 9), ("auth", 6), ("mode", 2), ("allow_weak", 2)):
            values = {"cipher": "aes-gcm", name: value}
            yield case(f"{name} {value}", verb, errno.ERANGE, name.replace("_", "-"), **values)
        for what, values, says in _TRANSFORMS:
            yield case(what, verb, errno.EINVAL, "cipher", says, **values)
        for bits in (1, 129, 255, 512, 65535, 65536 + 128):
            yield case(f"a key of {bits} bits", verb, errno.EINVAL, "cipher",
                       "no key of this length", cipher="aes-gcm", key_bits=bits)
    yield case("an HMAC beside AES-GCM", "set", errno.EINVAL, "auth", "by itself", auth="sha1")
    yield case("a key of 64 bits", "set", errno.EINVAL, "key-bits", "no key of this length",
               key_bits=64)
    yield case("an ICV of 32 bits", "set", errno.EINVAL, "icv-bits",
               "no integrity check value of this length", icv_bits=32)
    # what session keys are for is found at the end
    yield case("session keys become too short", "set", errno.EINVAL, None,
               "key of the cipher has the wrong length", key_bits=256)
    yield case("session keys lack one for the HMAC", "set", errno.EINVAL, None,
               "has the wrong length", cipher="aes-cbc", auth="sha256")
    yield _case(raw, "cipher, which it does not take", "transform-set-get", errno.EINVAL,
                "cipher", name="t", cipher="aes-gcm")


def _bad_rules():
    """(what, errno, fault, message, values) of what no rule can be."""
    good = dict(SELECTOR)
    for name in ("src", "dst"):
        for size in (0, 3, 5, 17):
            yield (f"{name} of {size} bytes", errno.EINVAL, name, "4 or 16 bytes",
                   {**good, name: b"\1" * size})
        yield (f"{name}_mask of 3 bytes", errno.EINVAL, f"{name}-mask", "4 or 16 bytes",
               {**good, f"{name}_mask": b"\xff" * 3})
        yield (f"{name}_mask of IPv6", errno.EINVAL, f"{name}-mask", "not of one family",
               {**good, f"{name}_mask": "ffff::"})
        yield (f"ports of any protocol ({name})", errno.EINVAL, f"{name}-port-min", PORTS,
               {**good, f"{name}_port_min": 1})
        yield (f"ports of ICMP ({name})", errno.EINVAL, "protocol", PORTS,
               {"protocol": 1, **good, f"{name}_port_max": 1})
        yield (f"{name} ports downwards", errno.EINVAL, f"{name}-port-min",
               "lowest port is above", {"protocol": 6, **good, f"{name}_port_min": 2,
                                        f"{name}_port_max": 1})
    yield ("dst of IPv6", errno.EINVAL, "dst", "not of one family", {**good, "dst": "2001:db8::1"})
    yield ("protocol 256", errno.ERANGE, "protocol", "", {**good, "protocol": 256})


def _rules(raw):
    """Rules in access lists and in selectors."""
    key = {"name": "x", "number": 1, "action": "permit"}
    for what, error, fault, says, values in _bad_rules():
        yield _case(raw, what, "acl-new", error, fault, says, **key, **values)
        yield _case(raw, what, "acl-set", error, fault, says, name="102", number=10, **values)
        if error != errno.ERANGE:
            yield _case(raw, f"selector: {what}", "sa-new", error, f"selector:1/{fault}", says,
                        **inbound(0x3101, selector=[SELECTOR, values]))
    for name, what in (("src", "source"), ("dst", "destination")):
        rest = {one: value for one, value in SELECTOR.items() if one != name}
        yield _case(raw, f"no {name}", "acl-new", errno.EINVAL, Missing(name),
                    f"{what} address is missing", **key, **rest)
        case = _case(raw, f"selector: no {name}", "sa-new", errno.EINVAL, None,
                     f"{what} address is missing", **inbound(0x3101, selector=[SELECTOR, rest]))
        case.fault = Missing(name, "selector", case.attributes[-1])
        yield case


def _acls(raw):
    yield _case(raw, "no action", "acl-new", errno.EINVAL, Missing("action"),
                "permit or deny is missing", name="x", number=1, **SELECTOR)
    for verb, name in (("new", "x"), ("set", "102")):
        yield _case(raw, "action 2", f"acl-{verb}", errno.ERANGE, "action", name=name, number=10,
                    **SELECTOR, action=2)
    key = {"name": "101", "number": 20}
    yield _case(raw, "another protocol, the ports stay", "acl-set", errno.EINVAL, "protocol",
                PORTS, **key, protocol=50)
    yield _case(raw, "highest port below the lowest that stays", "acl-set", errno.EINVAL,
                "dst-port-max", "lowest port is above", **key, dst_port_max=79)
    yield _case(raw, "source of IPv6, the destination stays", "acl-set", errno.EINVAL, "src",
                "not of one family", **key, src="2001:db8::1")
    yield _case(raw, "mask of IPv6 for what stays", "acl-set", errno.EINVAL, "dst-mask",
                "not of one family", **key, dst_mask="ffff::")
    yield _case(raw, "action, which it does not take", "acl-get", errno.EINVAL, "action",
                name="101", number=10, action="permit")


def _maps(raw):
    isakmp = {"kind": "isakmp"}

    def case(what, verb, error, fault, says="", key=None, **values):
        key = key or {"name": "m", "number": 40 if verb == "new" else 10}
        return _case(raw, what, f"map-{verb}", error, fault, says, **key, **values)

    yield case("no kind", "new", errno.EINVAL, Missing("kind"),
               "ipsec-manual or ipsec-isakmp is missing", transform_set="t")
    for verb in ("new", "set"):
        more = isakmp if verb == "new" else {}
        yield case("kind 2", verb, errno.ERANGE, "kind", kind=2)
        for size in (1, 5, 17):
            yield case(f"peer of {size} bytes", verb, errno.EINVAL, "peer:1", "4 or 16 bytes",
                       peer=["10.0.0.9", b"\1" * size], **more)
        yield case("17 peers", verb, errno.E2BIG, "peer:16", "too many peers",
                   peer=[f"10.0.0.{number}" for number in range(1, 18)], **more)
        for name in ("transform_set", "acl"):
            for bad, says in BAD_NAMES:
                yield case(f"{name} '{bad}'", verb, errno.EINVAL, name.replace("_", "-"), says,
                           **more, **{name: bad})
        for nest in ("session_key_in", "session_key_out"):
            path = nest.replace("_", "-")
            manual = {"kind": "manual"}
            for spi in (0, 1, 255):
                yield case(f"{nest} with SPI {spi}", verb, errno.ERANGE, f"{path}/spi",
                           "SPIs below 256", **manual, **{nest: session(spi, MAP_IN)})
            yield case(f"{nest} of a key of 65 bytes", verb, errno.EINVAL,
                       f"{path}/cipher-key", "no key is that long", **manual,
                       **{nest: session(0x3101, b"k" * 65)})
            yield case(f"{nest} of an HMAC key of 65 bytes", verb, errno.EINVAL,
                       f"{path}/auth-key", "no key is that long", **manual,
                       **{nest: {"spi": 0x3101, "auth_key": b"k" * 65}})
            missing = case(f"{nest} without SPI", verb, errno.EINVAL, None, "SPI is missing",
                           **manual, **{nest: {"cipher_key": MAP_IN}})
            missing.fault = Missing("spi", "session-key", missing.attributes[-1])
            yield missing
            yield case(f"{nest} of an entry that has none", verb, errno.EINVAL, path,
                       "only manual entries", kind="isakmp", **{nest: session(0x3101, MAP_IN)})
        yield case("kind of reverse route 3", verb, errno.ERANGE, "reverse-route", **more,
                   reverse_route=3)
        for distance in (0, 256):
            yield case(f"distance {distance}", verb, errno.ERANGE, "reverse-route-distance",
                       "distance is 1 to 255", **more, reverse_route="static",
                       reverse_route_distance=distance)
        for size in (1, 5, 17):
            yield case(f"gateway of {size} bytes", verb, errno.EINVAL, "reverse-route-gateway",
                       "4 or 16 bytes", **more, reverse_route="static",
                       reverse_route_gateway=b"\1" * size)
        yield case("a tag where no routes are injected", verb, errno.EINVAL, "reverse-route-tag",
                   "the entry injects no routes", **more, reverse_route_tag=7)
        for what, (low, high), says in (
                ("pfs", (1, 13), "group is 14 to 21 or 31"),
                ("pfs", (22, 32), "group is 14 to 21 or 31"),
                ("lifetime_seconds", (1, 119), "lifetime is 120 to 2592000 seconds"),
                ("lifetime_seconds", (2592001, 0xffffffff), "lifetime is 120 to 2592000 seconds"),
                ("lifetime_kilobytes", (1, 2559), "lifetime is 2560 kilobytes at least"),
                ("idle_time", (1, 59), "idle time is 60 to 86400 seconds"),
                ("idle_time", (86401, 0xffffffff), "idle time is 60 to 86400 seconds")):
            for value in (low, high):
                yield case(f"{what} of {value}", verb,
                           errno.EINVAL if what == "pfs" else errno.ERANGE,
                           what.replace("_", "-"), says, **isakmp, **{what: value})
        for bad, why in BAD_NAMES:
            yield case(f"ikev2_profile '{bad}'", verb, errno.EINVAL, "ikev2-profile", why,
                       **isakmp, ikev2_profile=bad)
        yield case("7 transform sets", verb, errno.E2BIG, "transform-set:6",
                   "too many transform sets", **isakmp, transform_set=list("abcdefg"))
        yield case("a transform set twice", verb, errno.EEXIST, "transform-set:2",
                   "the transform set is named twice", **isakmp, transform_set=["a", "b", "a"])
        yield case("2 transform sets of a manual entry", verb, errno.EINVAL, "transform-set:1",
                   "a manual entry has one transform set", kind="manual",
                   transform_set=["a", "b"])
        for what, value in (("pfs", 14), ("lifetime_seconds", 300), ("lifetime_kilobytes", 2560),
                            ("idle_time", 60), ("ikev2_profile", "p")):
            yield case(f"{what} of a manual entry", verb, errno.EINVAL, what.replace("_", "-"),
                       "nothing is negotiated for a manual entry", kind="manual",
                       **{what: value})
    yield case("gateway and peer of two families", "set", errno.EINVAL, "reverse-route-gateway",
               "not of one family", reverse_route="dynamic", reverse_route_gateway="2001:db8::1")
    yield case("an entry with session keys becomes another kind", "set", errno.EINVAL, "kind",
               "only manual entries", **isakmp)
    # at the end
    for what, says, values in (
            ("key of 19 bytes", "key of the cipher has the wrong length",
             {"session_key_in": session(0x1001, MAP_IN[1:])}),
            ("no key at all", "key of the cipher has the wrong length",
             {"session_key_out": {"spi": 0x1002}}),
            ("key for an HMAC that is none", "key of the HMAC has the wrong length",
             {"session_key_out": {**session(0x1002, MAP_OUT), "auth_key": HMAC}}),
            ("transform set that the keys are not for", "has the wrong length",
             {"transform_set": "cbc"})):
        yield case(what, "set", errno.EINVAL, None, says, **values)
    keys = {"session_key_in": session(0x1001, MAP_IN), "session_key_out": session(0x3102, MAP_OUT)}
    yield case("SPI of another entry's session key", "new", errno.EEXIST, None,
               "an SA of this SPI already", **MANUAL, **keys)
    yield case("SPI of an SA", "set", errno.EEXIST, None, "an SA of this SPI already",
               session_key_in=session(0x2001, MAP_IN))
    routed = {"name": "102", "number": 30, "action": "permit", "src": "10.1.0.0",
              "src_mask": "255.255.0.0"}
    yield _case(raw, "any where routes are injected", "acl-new", errno.EINVAL, "dst",
                "any is not possible", **routed, dst="0.0.0.0", dst_mask="0.0.0.0")
    yield _case(raw, "no prefix where routes are injected", "acl-new", errno.EINVAL, "dst",
                "destination is not a prefix", **routed, dst="20.3.0.0", dst_mask="255.0.255.0")
    yield _case(raw, "kind, which it does not take", "map-get", errno.EINVAL, "kind", name="m",
                number=10, kind="manual")
    yield _case(raw, "problem, which is read only", "map-set", errno.EINVAL, "problem", name="m",
                number=10, problem=0)


def _dynamic_maps(raw):
    def case(what, verb, error, fault, says="", **values):
        return _case(raw, what, f"dynamic-map-{verb}", error, fault, says, name="d",
                     number=40 if verb == "new" else 10, **values)

    for verb in ("new", "set"):
        yield case("routes without SAs", verb, errno.EINVAL, "reverse-route",
                   "come with its SAs", reverse_route="static")
        yield case("group 22", verb, errno.EINVAL, "pfs", "group is 14 to 21 or 31", pfs=22)
        yield case("a peer of 5 bytes", verb, errno.EINVAL, "peer", "4 or 16 bytes",
                   peer=b"\1" * 5)
        for name, value in (("kind", "isakmp"), ("dynamic", "d"), ("problem", 0),
                            ("session_key_in", session(0x3101, MAP_IN))):
            yield case(f"{name}, which it does not take", verb, errno.EINVAL,
                       name.replace("_", "-"), **{name: value})
    says = "the dynamic crypto map says all"
    for name, value in (("peer", "10.0.0.9"), ("transform_set", "t"), ("acl", "101"),
                        ("reverse_route", "dynamic"), ("pfs", 14), ("lifetime_seconds", 300),
                        ("lifetime_kilobytes", 2560), ("idle_time", 60), ("ikev2_profile", "p")):
        yield _case(raw, f"{name} beside a dynamic map", "map-set", errno.EINVAL,
                    name.replace("_", "-"), says, name="m", number=100, **{name: value})
    yield _case(raw, "a dynamic map beside peers", "map-set", errno.EINVAL, "dynamic", says,
                name="m", number=20, dynamic="d")
    yield _case(raw, "a dynamic map of session keys", "map-new", errno.EINVAL, "dynamic",
                "those of one peer", name="m", number=40, kind="manual", dynamic="d")
    for bad, why in BAD_NAMES:
        yield _case(raw, f"dynamic '{bad}'", "map-set", errno.EINVAL, "dynamic", why, name="m",
                    number=100, dynamic=bad)


def _dynamic_sas(raw):
    def case(what, error, fault, says, make=inbound, **values):
        given = {"number": 100, "dynamic_number": 10, "selector": [SELECTOR], **values}
        return _case(raw, what, "sa-new", error, fault, says, **make(0x3101, **{
            name: value for name, value in given.items() if value is not None}))

    yield case("no number in the dynamic map", errno.EINVAL, Missing("dynamic-number"),
               "sequence number in the dynamic crypto map is missing", dynamic_number=None)
    yield case("number 0 in the dynamic map", errno.EINVAL, Missing("dynamic-number"),
               "sequence number in the dynamic crypto map is missing", dynamic_number=0)
    yield case("unknown number in the dynamic map", errno.ENOENT, "dynamic-number",
               "the dynamic crypto map has no such entry", dynamic_number=11)
    yield case("an entry without a dynamic map", errno.EINVAL, "dynamic-number",
               "the entry has no dynamic crypto map", number=20)
    yield case("no selector", errno.EINVAL, Missing("selector"), "has selectors", selector=None)
    yield case("another peer", errno.EINVAL, "src", "for other peers", src="10.0.0.77")
    yield case("another peer, outbound", errno.EINVAL, "dst", "for other peers", make=outbound,
               dst="10.0.0.77")
    yield case("a selector beyond the access list", errno.EINVAL, "selector:1",
               "access list does not permit that",
               selector=[SELECTOR, {"src": "10.1.0.0", "dst": "20.3.0.0"}])


def _bindings(raw):
    yield _case(raw, "no map", "binding-new", errno.EINVAL, Missing("map"),
                "name of the crypto map is missing", ifname="x8")
    for verb, ifname in (("new", "x8"), ("set", "e0")):
        yield _case(raw, "empty map", f"binding-{verb}", errno.EINVAL, "map",
                    "name of the crypto map is missing", ifname=ifname, map="")
        yield _case(raw, "DF bit 3", f"binding-{verb}", errno.ERANGE, "df", ifname=ifname,
                    map="m", df=3)
        for bad, says in BAD_NAMES:
            yield _case(raw, f"map '{bad}'", f"binding-{verb}", errno.EINVAL, "map", says,
                        ifname=ifname, map=bad)
            yield _case(raw, f"group '{bad}'", f"binding-{verb}", errno.EINVAL, "redundancy",
                        says, ifname=ifname, map="m", redundancy=bad)
    # session keys with a cipher that counts, at two gateways
    yield _case(raw, "session keys with AES-GCM for a standby group", "binding-set",
                errno.EINVAL, None, "random IVs", batch=False, ifname="e1", map="m")
    yield _case(raw, "a standby group for session keys with AES-GCM", "binding-set",
                errno.EINVAL, None, "random IVs", ifname="e0", redundancy="one")
    yield _case(raw, "role, which is read only", "binding-set", errno.EINVAL, "role",
                ifname="e0", role="active")
    yield _case(raw, "map, which it does not take", "binding-get", errno.EINVAL, "map",
                ifname="e0", map="m")


def _sa_keys(raw):
    missing = {"direction": "direction is missing", "spi": "SPI is missing",
               "dst": "destination address is missing"}
    for verb in ("set", "del", "get"):
        batch = verb != "get"
        for name, says in missing.items():
            rest = {one: value for one, value in key_in(0x2001).items() if one != name}
            yield _case(raw, f"no {name}", f"sa-{verb}", errno.EINVAL, Missing(name), says,
                        batch=batch, **rest)
        for what, key in (("unknown SPI", key_in(0x2009)),
                          ("SPI of the other direction", key_in(0x2002)),
                          ("another destination", {**key_in(0x2001), "dst": "10.0.0.8"}),
                          ("a destination of IPv6", {**key_in(0x2001), "dst": "2001:db8::1"})):
            yield _case(raw, what, f"sa-{verb}", errno.ENOENT, "spi", "no such SA", batch=batch,
                        **key)
        yield _case(raw, "dst of 5 bytes", f"sa-{verb}", errno.EINVAL, "dst", "4 or 16 bytes",
                    batch=batch, **{**key_in(0x2001), "dst": b"\1" * 5})
        yield _case(raw, "direction 2", f"sa-{verb}", errno.ERANGE, "direction", batch=batch,
                    **{**key_in(0x2001), "direction": 2})
    yield _case(raw, "an SA of session keys", "sa-del", errno.EPERM, "spi",
                "belongs to session keys", **key_in(0x1001))
    yield _case(raw, "no direction", "sa-key-get", errno.EINVAL, Missing("direction"),
                "direction is missing", batch=False, spi=1)


def _sas(raw):
    def case(what, error, fault, says="", without=None, **values):
        given = {name: value for name, value in {**inbound(0x3101), **values}.items()
                 if name != without}
        return _case(raw, what, "sa-new", error, fault, says, **given)

    for name, says in (
            ("direction", "direction is missing"), ("spi", "SPI is missing"),
            ("src", "source address is missing"), ("dst", "destination address is missing"),
            ("cipher", "cipher is missing"), ("ifname", "interface name is missing"),
            ("map", "name of the crypto map is missing"),
            ("number", "sequence number of the entry is missing")):
        yield case(f"no {name}", errno.EINVAL, Missing(name), says, without=name)
    for name, value in (("direction", 2), ("mode", 2), ("cipher", 9), ("auth", 6), ("esn", 2),
                        ("allow_weak", 2), ("node", 2), ("replay_window", 4097)):
        yield case(f"{name} {value}", errno.ERANGE, name.replace("_", "-"), **{name: value})
    for spi in (0, 1, 255):
        yield case(f"SPI {spi}", errno.ERANGE, "spi", "SPIs below 256", spi=spi)
    for name in ("src", "dst"):
        for size in (0, 5, 15):
            yield case(f"{name} of {size} bytes", errno.EINVAL, name, "4 or 16 bytes",
                       **{name: b"\1" * size})
    yield case("src of IPv6", errno.EINVAL, "dst", "not of one family", src="2001:db8::1")
    for what, values, says in _TRANSFORMS:
        yield case(what, errno.EINVAL, "cipher", says, **values)

    wrong = "key of the cipher has the wrong length"
    yield case("no key", errno.EINVAL, "cipher", wrong, without="cipher_key")
    for size in (0, 1, 3, 16, 19, 21, 64):
        yield case(f"key of {size} bytes", errno.EINVAL, "cipher-key", wrong,
                   cipher_key=b"k" * size)
    yield case("key of 65 bytes", errno.EINVAL, "cipher-key", "no key is that long",
               cipher_key=b"k" * 65)
    yield case("HMAC key of 65 bytes", errno.EINVAL, "auth-key", "no key is that long",
               auth_key=b"k" * 65)
    yield case("key of NULL", errno.EINVAL, "cipher-key", wrong, cipher="null", auth="sha256",
               cipher_key=b"k", auth_key=HMAC)
    for size in (0, 31, 33):
        yield case(f"HMAC key of {size} bytes", errno.EINVAL, "cipher-key",
                   "key of the HMAC has the wrong length", cipher="aes-cbc", auth="sha256",
                   cipher_key=CBC, auth_key=b"k" * size)
    yield case("HMAC key of AES-GCM", errno.EINVAL, "cipher-key",
               "key of the HMAC has the wrong length", auth_key=HMAC)

    yield case("window of 31", errno.ERANGE, "replay-window", "32 packets at least",
               replay_window=31)
    yield case("ESN without a window", errno.EINVAL, "replay-window", "need an anti-replay",
               esn=1, replay_window=0)
    yield case("sequence number of 33 bits", errno.ERANGE, "seq", "more than 32 bits",
               seq=1 << 32)
    yield case("IV of 64 bits", errno.ERANGE, "iv-base", "63 bits", iv_base=1 << 63)
    ports = "needs two ports"
    for values in ({"encap_sport": 4500}, {"encap_dport": 4500},
                   {"encap_sport": 0, "encap_dport": 4500},
                   {"encap_sport": 4500, "encap_dport": 0}):
        yield case(f"{values}", errno.EINVAL, next(iter(values)).replace("_", "-"), ports,
                   **values)
    yield case("17 selectors", errno.E2BIG, "selector:16", "too many selectors",
               selector=[SELECTOR] * 17)
    yield case("unknown interface", errno.ENOENT, "ifname", "the interface has no crypto map",
               ifname="e9")
    yield case("another map", errno.ENOENT, "map", "the interface has another crypto map",
               map="other")
    yield case("unknown entry", errno.ENOENT, "number", "no such entry", number=11)
    for what, values in (("there already", inbound(0x2001)),
                         ("SPI of a session key", inbound(0x1001))):
        yield case(what, errno.EEXIST, "spi", "an SA of this SPI already", **values)
    yield case("outbound, there already", errno.EEXIST, "spi", "an SA of this SPI already",
               **outbound(0x2002))
    for name, value in (("state", 1), ("manual", 1), ("packets", 1), ("id", 1)):
        yield case(f"{name}, which is read only", errno.EINVAL, name, **{name: value})


def _sa_limits(raw):
    for name in ("bytes", "packets", "seconds"):
        limits = {f"soft_{name}": 2, f"hard_{name}": 1}
        says = "a soft lifetime is above the hard one"
        yield _case(raw, f"soft above hard, {name}", "sa-new", errno.EINVAL, None, says,
                    **inbound(0x3101, **limits))
        yield _case(raw, f"soft above hard, {name}", "sa-set", errno.EINVAL, None, says,
                    **key_in(0x2001), **limits)
    yield _case(raw, "soft above the hard one that stays", "sa-set", errno.EINVAL, None,
                "a soft lifetime is above", **key_out(0x2002), soft_packets=1001)
    fixed = {**inbound(0x2001, auth="none", icv_bits=128, allow_weak=0, auth_key=HMAC, esn=0,
                       replay_window=64, seq=1, iv_base=1, node=0,
                       mode="tunnel", selector=[SELECTOR])}
    for name, value in fixed.items():
        if name in key_in(0):
            continue
        yield _case(raw, name, "sa-set", errno.EOPNOTSUPP, name.replace("_", "-"),
                    "cannot be changed", **key_in(0x2001), **{name: value})
    for name in ("encap_sport", "encap_dport"):
        yield _case(raw, f"{name} without encapsulation", "sa-set", errno.EINVAL,
                    name.replace("_", "-"), "has no UDP encapsulation", **key_in(0x2001),
                    **{name: 4500})
    for size in (0, 5, 15):
        yield _case(raw, f"peer of {size} bytes", "sa-set", errno.EINVAL, "peer", "4 or 16 bytes",
                    **key_in(0x2001), peer=b"\1" * size)
    yield _case(raw, "peer of IPv6", "sa-set", errno.EINVAL, "peer", "of the other family",
                **key_in(0x2001), peer="2001:db8::1")
    yield _case(raw, "peer of a new SA", "sa-new", errno.EINVAL, "peer",
                "has a source and a destination", **inbound(0x3101, peer="10.0.0.9"))
    yield _case(raw, "peer of session keys", "sa-set", errno.EPERM, "peer",
                "belongs to session keys", **key_in(0x1001), peer="10.0.0.9")


def _clear(raw):
    yield _case(raw, "peer of 5 bytes", "esp-clear", errno.EINVAL, "peer", "4 or 16 bytes",
                batch=False, peer=b"\1" * 5)
    yield _case(raw, "counters 2", "esp-clear", errno.ERANGE, "counters", batch=False,
                counters=2)
    reasons = raw.ynl.consts["esp-drop-reason"].entries
    for reason in (0, len(reasons) + 1):
        yield _case(raw, f"reason {reason}", "esp-stats-get", errno.ERANGE, "reason",
                    batch=False, reason=reason)


# a request of each kind that would be done, and the attributes that it can be spoilt at
_GOOD = {
    "transform-set-new": {"name": "x", "cipher": "aes-gcm", "key_bits": 128, "icv_bits": 128,
                          "auth": "none", "mode": "tunnel", "allow_weak": 1},
    "transform-set-set": {"name": "spare", "key_bits": 256},
    "transform-set-del": {"name": "spare"},
    "acl-new": {"name": "x", "number": 1, **LINE, "protocol": 6, "src_port_min": 1,
                "src_port_max": 2, "dst_port_min": 3, "dst_port_max": 4},
    "acl-set": {"name": "spare", "number": 10, "action": "deny"},
    "acl-del": {"name": "spare", "number": 10},
    "map-new": {"name": "m", "number": 40, "kind": "manual", "peer": "10.0.0.9",
                "transform_set": "t", "acl": "101", "session_key_in": session(0x3101, MAP_IN),
                "session_key_out": session(0x3102, MAP_OUT), "pfs": 0, "lifetime_seconds": 0,
                "lifetime_kilobytes": 0, "idle_time": 0, "ikev2_profile": "", "dynamic": ""},
    "map-set": {"name": "spare", "number": 10, "peer": "10.0.0.9"},
    "map-del": {"name": "spare", "number": 10},
    "dynamic-map-new": {"name": "d", "number": 40, "peer": "10.0.0.9", "transform_set": "t",
                        "acl": "101", "reverse_route": 0, "pfs": 14, "lifetime_seconds": 300,
                        "lifetime_kilobytes": 2560, "idle_time": 60, "ikev2_profile": "p"},
    "dynamic-map-set": {"name": "spare", "number": 10, "peer": "10.0.0.9"},
    "dynamic-map-del": {"name": "spare", "number": 10},
    "binding-set": {"ifname": "e1", "map": "m", "redundancy": "two", "df": "copy"},
    "binding-del": {"ifname": "e1"},
    "sa-new": inbound(0x3101, mode="tunnel", auth="none", icv_bits=128, allow_weak=0, esn=1,
                      replay_window=64, encap_sport=4500, encap_dport=4500, soft_bytes=1,
                      hard_bytes=2, soft_packets=1, hard_packets=2, soft_seconds=1000,
                      hard_seconds=2000, seq=1, iv_base=1, node=1, ceiling=1, ceiling_margin=1,
                      replay_notify=1, selector=SELECTOR, auth_key=b"", dynamic_number=0, peer="10.0.0.9"),
    "sa-set": {**key_in(0x2001), "soft_bytes": 1},
    "sa-del": key_in(0x2001),
}


def _spoilt(raw, space, spec):
    """(what, attribute, errno) of attributes in the wrong form."""
    name = spec.name
    if spec["type"] == "string":
        most = raw.ynl.attr_sets[space][name].yaml["checks"]["max-len"]
        most = most if isinstance(most, int) else raw.ynl.consts[most]["value"]
        # one of several may come without its end, and the kernel has another errno then
        error = errno.ERANGE if spec.is_multi else errno.EINVAL
        if not spec.is_multi:
            yield f"{name} without its end", Attr(spec.value, b"x" * 5), error
        yield f"{name} of no length", Attr(spec.value), error
        yield f"{name} of {most + 1} characters", raw.attr(space, name, "x" * (most + 1)), error
    elif spec["type"] in FORMATS:
        size = int(spec["type"][1:]) // 8
        for wrong in {0, size - 1, size + 1, 2 * size} - {size}:
            yield f"{name} of {wrong} bytes", Attr(spec.value, b"\1" * wrong), errno.EINVAL
    if spec["type"] == "nest":
        yield f"{name} without the bit of a nest", Attr(spec.value, b""), errno.EINVAL
        yield (f"{name} with an unknown attribute",
               Attr(spec.value | NLA_F_NESTED, [Attr(200, b"\0" * 4)]), errno.EINVAL)
    else:
        yield f"{name} as a nest", Attr(spec.value | NLA_F_NESTED, b"\0" * 4), errno.EINVAL


def _forms(raw):
    """Each attribute of each operation in wrong forms, and what is no attribute."""
    for operation, values in _GOOD.items():
        space = raw.space(operation)
        for at, name in enumerate(values):
            spec = raw.ynl.attr_sets[space][name.replace("_", "-")]
            for what, wrong, error in _spoilt(raw, space, spec):
                attributes = raw.attrs(space, **values)
                attributes[at] = wrong
                fault = wrong.payload[0] if isinstance(wrong.payload, list) else wrong
                yield Case(f"{operation}: {what}", operation, attributes, error, fault)
        for what, wrong in (("an unknown attribute", Attr(200, b"\0" * 4)),
                            ("attribute 0", Attr(0, b"\0" * 4))):
            yield Case(f"{operation}: {what}", operation,
                       [*raw.attrs(space, **values), wrong], errno.EINVAL, wrong)
        for what, wrong in (("trailing bytes", Bytes(b"\1\2\3\0")),
                            ("an attribute that is longer than the message", Attr(3, b"", 200))):
            yield Case(f"{operation}: {what}", operation,
                       [*raw.attrs(space, **values), wrong], errno.EINVAL, None, "leftover")


def _dumps(raw):
    """Filters that are none."""
    for operation, error, name, value in (
            ("transform-set-get", errno.EINVAL, "name", "x" * 32),
            ("transform-set-get", errno.EINVAL, "cipher", "aes-gcm"),
            ("acl-get", errno.EINVAL, "action", "permit"),
            ("map-get", errno.ERANGE, "number", 0),
            ("map-key-get", errno.EINVAL, "kind", "manual"),
            ("dynamic-map-get", errno.EINVAL, "acl", "101"),
            ("binding-get", errno.EINVAL, "map", "m"),
            ("sa-get", errno.EINVAL, "dst", b"\1" * 5),
            ("sa-get", errno.ERANGE, "direction", 2),
            ("sa-key-get", errno.EINVAL, "ifname", "e0"),
            ("sa-key-get", errno.EINVAL, "cipher-key", SA_IN)):
        # 6.1 does not pass on with which attribute a dump itself, and not its
        # policy, finds fault
        fault = None if name == "dst" and os.uname().release.startswith("6.1.") else name
        yield _case(raw, name, operation, error, fault, dump=True, batch=False,
                    **{name.replace("-", "_"): value})


def complete(raw):
    """Operations of ESP's objects that nothing above refuses."""
    refused = {case.operation for case in cases(raw)}
    return [f"{operation} is never refused" for operation in raw.ynl.ops
            if operation.startswith(ESP_OBJECTS) and operation not in refused]
