# SPDX-License-Identifier: GPL-2.0
"""strongSwan in a namespace: charon, configured by swanctl, asked over its own socket."""

import contextlib
import os
import re
import shutil

from daemon import Daemon, Refused, Sa
from vici import Vici, ViciError

PLUGINS = ("random nonce aes sha1 sha2 md5 hmac kdf gcm openssl pem pkcs1 pkcs8 x509 pubkey "
           "revocation constraints kernel-netlink socket-default vici")
# A hard lifetime is none that a rekey on a slow machine could outlast.
HARD, MANY = "1h", 1000
# What is not answered on a slow machine is tried again for an hour, or for half a minute.
PATIENT, IMPATIENT = 30, 4


def render(values, depth=0):
    """A dictionary as strongSwan's files have it; lists are joined by commas."""
    text = ""
    for name, value in values.items():
        indent = "\t" * depth
        if isinstance(value, dict):
            text += f"{indent}{name} {{\n{render(value, depth + 1)}{indent}}}\n"
        elif value is not None:
            if isinstance(value, (list, tuple)):
                value = ",".join(value)
            elif isinstance(value, bool):
                value = "yes" if value else "no"
            text += f'{indent}{name} = "{value}"\n'
    return text


class StrongSwan(Daemon):
    """charon. options are those of strongswan.conf below charon."""

    NAME = "strongSwan"

    def __init__(self, topology, namespace, keys=False, **options):
        super().__init__(topology, namespace)
        self.socket = self.path("vici")
        self.options = options
        # the keys are in the log from level 4 on
        self.levels = {"default": 1, "ike": 4 if keys else 2, "chd": 4 if keys else 2, "cfg": 1,
                       "knl": 1, "enc": 1, "net": 2}
        self.swanctl_directory = self.path("swanctl")
        self.vici = None

    # -- its life ----------------------------------------------------------------

    def settings(self):
        self.write("strongswan.conf", render({
            "charon-systemd": {
                "load": PLUGINS, "install_routes": False, "install_virtual_ip": False,
                "threads": 8, "rsa_pss": True, "retransmit_base": 1.2, "retransmit_tries": PATIENT,
                "fragment_size": 576,
                "journal": {"default": -1},
                "filelog": {"log": {"path": self.log, "flush_line": True, "ike_name": True,
                                    **self.levels}},
                "plugins": {"vici": {"socket": f"unix://{self.socket}"}},
                **self.options},
            "swanctl": {"load": "pem pkcs1 pkcs8 x509 pubkey openssl random"}}))

    def argv(self):
        self.settings()
        return ["/usr/sbin/charon-systemd"]

    def environment(self):
        return {"STRONGSWAN_CONF": self.path("strongswan.conf"),
                "SWANCTL_DIR": self.swanctl_directory}

    def ready(self):
        try:
            vici = Vici(self.socket)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        vici.request("version")
        vici.close()
        return True

    def end(self, number):
        super().end(number)
        if os.path.exists(self.socket):
            os.unlink(self.socket)

    def ask(self, function):
        vici = Vici(self.socket)
        try:
            return function(vici)
        except ViciError as error:
            raise Refused(str(error)) from None
        finally:
            vici.close()

    # -- configuration -----------------------------------------------------------

    @staticmethod
    def _auth(side, name, local):
        if not side.certificate:
            return {"auth": "psk", "id": side.identity}
        certificate = side.certificate
        identity = certificate.subject if side.identity == "dn" else side.identity
        return {"auth": "pubkey", "id": identity,
                **({"certs": f"{name}.pem"} if local else {})}

    @classmethod
    def swanctl(cls, *connections):
        """What swanctl.conf says of connections, as a dictionary."""
        conns, secrets = {}, {}
        for number, one in enumerate(connections):
            remote = cls._auth(one.remote, f"{one.name}-remote", False)
            if one.crls:
                remote["revocation"] = "strict"
            child = {
                "local_ts": one.local.nets, "remote_ts": one.remote.nets,
                "esp_proposals": [esp.strongswan() for esp in one.esp], "mode": "tunnel",
                "rekey_time": f"{one.lifetime}s", "rand_time": "0s",
                "life_time": HARD if one.lifetime else None,
                "dpd_action": "clear", "start_action": "trap" if one.trap else "none", "close_action": "none"}
            if one.kilobytes:
                child.update(rekey_bytes=one.kilobytes * 1024, rand_bytes=0,
                             life_bytes=one.kilobytes * 1024 * MANY)
            if one.responder_only:
                child.update(rekey_time="0s", rekey_bytes="0")
            conns[one.name] = {
                "version": 2, "local_addrs": one.local.address, "remote_addrs": one.remote.address,
                "proposals": [ike.strongswan() for ike in one.ike], "mobike": False,
                "send_cert": "always", "keyingtries": 1, "unique": "no",
                "fragmentation": one.fragmentation,
                "encap": one.encapsulation, "dpd_delay": f"{one.dpd}s",
                "rekey_time": "0s" if one.responder_only else f"{one.ike_lifetime}s",
                "rand_time": "0s", "over_time": HARD if one.ike_lifetime else None,
                "childless": "force" if one.childless else "allow",
                "ppk_id": one.ppk[0] if one.ppk else None,
                "ppk_required": one.ppk_required if one.ppk else None,
                "local": cls._auth(one.local, f"{one.name}-local", True), "remote": remote,
                "children": {one.name: child}}
            if not (one.local.certificate and one.remote.certificate):
                secrets[f"ike-{number}"] = {"id-1": one.local.identity,
                                            "id-2": one.remote.identity, "secret": one.secret}
            if one.ppk:
                secrets[f"ppk-{number}"] = {"id": one.ppk[0], "secret": one.ppk[1]}
        return {"connections": conns, "secrets": secrets}

    def _files(self, connections):
        """Certificates, keys and lists where swanctl looks for them."""
        shutil.rmtree(self.swanctl_directory, ignore_errors=True)
        for kind in ("x509", "x509ca", "x509crl", "private"):
            os.makedirs(os.path.join(self.swanctl_directory, kind))

        def place(path, kind, name):
            shutil.copy(path, os.path.join(self.swanctl_directory, kind, name))
        for one in connections:
            certificate = one.local.certificate
            if certificate:
                place(certificate.certificate, "x509", f"{one.name}-local.pem")
                place(certificate.private_key, "private", f"{one.name}.pem")
                for above in certificate.chain:
                    place(above.certificate, "x509ca", f"{above.name}.pem")
            for authority in one.authorities:
                place(authority.certificate, "x509ca", f"{authority.name}.pem")
            for path in one.crls:
                place(path, "x509crl", os.path.basename(path))

    def load(self, *connections):
        """These connections and no others; SAs that are up stay."""
        self.connections = {one.name: one for one in connections}
        return self.load_text(self.swanctl(*connections))

    def load_text(self, values):
        """What swanctl.conf is to say, as a dictionary."""
        self._files(self.connections.values())
        with open(os.path.join(self.swanctl_directory, "swanctl.conf"), "w",
                  encoding="utf-8") as file:
            file.write(render(values))
        self.ask(lambda vici: [vici.request("flush-certs"), vici.request("clear-creds")])
        new = all(one.rfc7427 for one in self.connections.values())
        if self.options.get("signature_authentication", True) != new:
            self.options["signature_authentication"] = new
            self.settings()
            self.ask(lambda vici: vici.command("reload-settings"))
        return self.run("swanctl", "--load-all", "--clear", "--noprompt", "--uri",
                        f"unix://{self.socket}", env=self.environment())

    @contextlib.contextmanager
    def _otherwise(self, **options):
        """With other options for a while. It loses its connections."""
        usual = dict(self.options)
        try:
            self.restart({**usual, **options})
            yield
        finally:
            self.restart(usual)

    def wanting_cookies(self):
        """When one IKE SA is half open already."""
        return self._otherwise(cookie_threshold=1)

    def impatient(self):
        """Finds out in half a minute that nobody answers."""
        return self._otherwise(retransmit_tries=IMPATIENT)

    def restart(self, options):
        self.stop()
        self.options = options
        self.start()

    def half_open(self):
        return any(ike["state"] == "CONNECTING" for ike in self.listed().values())

    @staticmethod
    def wanted_cookie(said):
        return "sending COOKIE notify" in said

    @staticmethod
    def signatures(said):
        """(by what, whether RFC 7427 has it) for each with which somebody was authenticated."""
        return [(word, "_" in word) for word in
                re.findall(r"authentication of .* with (\S+)(?: signature)? successful", said)]

    # -- SAs ---------------------------------------------------------------------

    def listed(self):
        """What list-sas says: {number: IKE SA}."""
        found = {}
        for event in self.ask(lambda vici: vici.stream("list-sas", "list-sa")):
            for name, ike in event.items():
                found[ike["uniqueid"]] = {"connection": name, **ike}
        return found

    def sas(self):
        """Those that are up: an IKE SA that was rekeyed and is being deleted is none."""
        found = []
        for number, ike in self.listed().items():
            if ike["state"] == "ESTABLISHED":
                found.append(Sa("ike", number, ike["connection"],
                                (ike["initiator-spi"], ike["responder-spi"]), ike))
            for child in ike.get("child-sas", {}).values():
                if child["state"] == "INSTALLED":
                    found.append(Sa("child", child["uniqueid"], child["name"],
                                    (child["spi-in"], child["spi-out"]), child))
        return found

    def initiate(self, name="lab", timeout=0):
        """Until it is up; raises Refused when it is not to be had."""
        return self.ask(lambda vici: vici.command("initiate", ike=name, child=name,
                                                  timeout=timeout * 1000))

    def initiate_later(self, name="lab"):
        """Returns at once."""
        return self.ask(lambda vici: vici.command("initiate", ike=name, child=name, timeout=-1))

    def rekey(self, kind, name="lab"):
        """Begins to; "ike" or "child"."""
        return self.ask(lambda vici: vici.command("rekey", **{kind: name}))

    def terminate(self, name="lab", force=False):
        return self.ask(lambda vici: vici.command("terminate", ike=name,
                                                  force="yes" if force else "no"))

    def drop_all(self):
        for sa in self.listed():
            try:
                self.ask(lambda vici, sa=sa: vici.command("terminate", ike_id=sa, force="yes",
                                                          timeout=-1))
            except Refused:
                pass    # it went by itself

    # -- for captures ------------------------------------------------------------

    def keys(self):
        """Of the IKE SA that came last, if the log has keys: a line of tshark's table."""
        found, current = {}, None
        for line in self.log_text().splitlines():
            begins = re.search(r"(Sk_[ae][ir]) secret => \d+ bytes", line)
            octets = re.search(r"\s+\d+: ((?:[0-9A-F]{2} )+)", line)
            if begins:
                current = begins.group(1)
                found[current] = ""
            elif current and octets:
                found[current] += octets.group(1).replace(" ", "")
            else:
                current = None
        ike = self.ikes()[-1]
        return ",".join((*ike.spis, found["Sk_ei"], found["Sk_er"], f'"{self._cipher(ike)}"',
                         found.get("Sk_ai", ""), found.get("Sk_ar", ""), '"NONE [RFC4306]"'))

    @staticmethod
    def _cipher(ike):
        name = ike.details["encr-alg"].replace("_16", "").replace("_", "-")
        return f"{name}-{ike.details['encr-keysize']} with 16 octet ICV [RFC5282]"
