# SPDX-License-Identifier: GPL-2.0
"""libreswan in a namespace: pluto, configured by addconn, asked by whack."""

import contextlib
import ipaddress
import os
import re

from daemon import Daemon, Refused, Sa

EXEC = "/opt/libreswan/usr/libexec/ipsec"
#: where pluto insists on finding its own programs
BUILT_IN = "/usr/libexec/ipsec"

#: how a certificate of a kind signs
AUTHBY = {("rsa", True): "rsa-sha2", ("ecdsa", True): "ecdsa", ("rsa", False): "rsa-sha1"}


def identity(side):
    """Of a side, in the words of libreswan: a name has an @ before it."""
    if side.identity == "dn":
        return side.certificate.subject
    try:
        return str(ipaddress.ip_address(side.identity))
    except ValueError:
        return f"@{side.identity}"


class LibreSwan(Daemon):
    """pluto, with a database of keys of its own."""

    NAME = "libreswan"

    def __init__(self, topology, namespace, keys=False, **setup):
        super().__init__(topology, namespace)
        self.setup = setup
        self.keys_logged = keys
        self.run_directory = self.path("run")
        self.nss = self.path("nss")
        self.serial = 0
        for directory in (self.run_directory, self.nss):
            os.makedirs(directory)
        if not os.path.exists(BUILT_IN):
            os.makedirs(os.path.dirname(BUILT_IN), exist_ok=True)
            os.symlink(EXEC, BUILT_IN)
        self.run("certutil", "-N", "-d", f"sql:{self.nss}", "--empty-password")
        self.imported = set()

    # -- its life ----------------------------------------------------------------

    def argv(self):
        setup = {"uniqueids": "yes", "dnssec-enable": "no", "logfile": self.log, "logtime": "yes",
                 "plutodebug": "crypt,private" if self.keys_logged else "none",
                 "nssdir": self.nss, "secretsfile": self.path("secrets"), "dumpdir": "/tmp",
                 **self.setup}
        self.write("secrets", "")
        self.write("setup.conf", "config setup\n" +
                   "".join(f"\t{name.replace('_', '-')}={value}\n"
                           for name, value in setup.items()))
        return [f"{EXEC}/pluto", "--nofork", "--config", self.path("setup.conf"),
                "--rundir", self.run_directory, "--nhelpers", "0"]

    def whack(self, *arguments, check=True):
        return self.run(f"{EXEC}/whack", "--rundir", self.run_directory, *arguments, check=check)

    def ready(self):
        if not os.path.exists(os.path.join(self.run_directory, "pluto.ctl")):
            return False
        return "listening for IKE messages" in self.whack("--listen", check=False) or \
            "listening for IKE messages" in self.log_text()

    def end(self, number):
        super().end(number)
        for name in ("pluto.ctl", "pluto.pid"):
            path = os.path.join(self.run_directory, name)
            if os.path.exists(path):
                os.unlink(path)

    # -- configuration -----------------------------------------------------------

    @staticmethod
    def conf(one):
        """A connection as ipsec.conf has it."""
        certificate = one.local.certificate or one.remote.certificate
        values = {
            "left": one.local.address, "right": one.remote.address,
            "leftid": f'"{identity(one.local)}"', "rightid": f'"{identity(one.remote)}"',
            "type": "tunnel", "ikev2": "insist", "auto": "ignore",
            "authby": AUTHBY[certificate.family, one.rfc7427] if certificate else "secret",
            "ike": ",".join(ike.libreswan() for ike in one.ike),
            "esp": ",".join(esp.libreswan() for esp in one.esp),
            "pfs": "yes" if any(esp.group for esp in one.esp) else "no",
            "narrowing": "yes" if one.narrowing else "no", "mobike": "no", "leftupdown": "%disabled",
            "fragmentation": one.fragmentation, "rekeyfuzz": "0%",
            "keyingtries": 1, "retransmit-timeout": "60s", "initial-contact": "yes",
            "encapsulation": "yes" if one.encapsulation else "auto",
            "rekey": "no" if one.responder_only else "yes",
            "ppk": "insist" if one.ppk_required else "propose" if one.ppk else "no"}
        if one.local.certificate:
            values.update(leftcert=one.local.certificate.name, leftsendcert="always", sendca="all")
        if one.remote.certificate:
            values["rightca"] = "%any"
        if one.ike_lifetime or one.lifetime:
            # it rekeys when as much as the margin is left, which is one for both
            margin = one.lifetime or one.ike_lifetime
            values.update({"ikelifetime": f"{(one.ike_lifetime or 3600) + margin}s",
                           "salifetime": f"{(one.lifetime or 3600) + margin}s",
                           "rekeymargin": f"{margin}s"})
        if one.kilobytes:
            values["ipsec-max-bytes"] = f"{one.kilobytes}KiB"
        if one.dpd:
            values.update(dpddelay=f"{one.dpd}s", dpdtimeout=f"{4 * one.dpd}s", dpdaction="clear")
        for end, side in (("left", one.local), ("right", one.remote)):
            if len(side.nets) == 1:
                values[f"{end}subnet"] = side.nets[0]
            else:
                values[f"{end}subnets"] = f'"{" ".join(side.nets)}"'
        return f"conn {one.name}\n" + "".join(f"\t{name}={value}\n"
                                              for name, value in values.items())

    def _import(self, one):
        """Certificates and keys, once each."""
        certificate = one.local.certificate
        database = ["-d", f"sql:{self.nss}"]
        for authority in (*one.authorities, *(certificate.chain if certificate else ())):
            if authority.name not in self.imported:
                self.run("certutil", "-A", *database, "-n", authority.name, "-t", "CT,,",
                         "-a", "-i", authority.certificate)
                self.imported.add(authority.name)
        if certificate and certificate.name not in self.imported:
            self.run("pk12util", *database, "-i", certificate.pkcs12, "-W", "lab", "-K", "")
            self.imported.add(certificate.name)
        for path in one.crls:
            self.run("crlutil", "-I", *database, "-t", "1", "-B", "-i", path)

    def load(self, *connections):
        """These connections and no others; their SAs go."""
        for name in self.connections:
            self.whack("--name", name, "--delete")
        self.connections = {one.name: one for one in connections}
        secrets = []
        for one in connections:
            ends = f"{identity(one.local)} {identity(one.remote)}"
            if not (one.local.certificate and one.remote.certificate):
                secrets.append(f'{ends} : PSK "{one.secret}"\n')
            if one.ppk:
                secrets.append(f'{ends} : PPKS "{one.ppk[0]}" "{one.ppk[1]}"\n')
            self._import(one)
        self.write("secrets", "".join(secrets))
        conf = self.write("ipsec.conf", "".join(self.conf(one) for one in connections))
        self.whack("--rereadall")
        for one in connections:
            said = self.run(f"{EXEC}/addconn", "--config", conf, "--ctlsocket",
                            os.path.join(self.run_directory, "pluto.ctl"), one.name)
            if one.name not in self.whack("--status"):
                raise Refused(f"addconn {one.name}: {said}\n{self.tail()}")

    @contextlib.contextmanager
    def wanting_cookies(self):
        self.whack("--ddos-busy")
        try:
            yield
        finally:
            self.whack("--ddos-auto")

    @staticmethod
    def half_open():
        """Whether there is one that has it want cookies: it always does."""
        return True

    @staticmethod
    def wanted_cookie(_):
        """It does not tell."""
        return True

    @staticmethod
    def signatures(said):
        """(by what, whether RFC 7427 has it) for each with which the peer was authenticated."""
        return [(word, "SHA2" in word) for word in
                re.findall(r"authenticated peer '?(.* with [^ ']+)'? signature", said)]

    # -- SAs ---------------------------------------------------------------------

    def sas(self):
        found = []
        for line in self.whack("--showstates").splitlines():
            state = re.match(r'(?:\d+ )?#(\d+): "([^"]+)"(?:\[\d+\][^:]*)?:\d+ (?:STATE_)?(\S+)',
                             line)
            if state and "ESTABLISHED" in state.group(3):
                kind = "ike" if "IKE_SA" in state.group(3) else "child"
                # what INITIAL_CONTACT has ended stays, without a child
                if kind == "ike" and "newest" not in line:
                    continue
                found.append(Sa(kind, state.group(1), state.group(2), details=line))
        return found

    def initiate(self, name="lab", timeout=0):
        """Until it is up; raises Refused when it is not to be had."""
        said = self.whack("--initiate", "--name", name, check=False)
        if "established Child SA" not in said and not self.one_of(name, "child"):
            raise Refused(f"{said}\n{self.tail()}")
        return said

    def one_of(self, name, kind):
        return [sa for sa in self.sas() if sa.kind == kind and
                (sa.connection == name or sa.connection.startswith(f"{name}/"))]

    def initiate_later(self, name="lab"):
        return self.whack("--initiate", "--asynchronous", "--name", name)

    def rekey(self, kind, name="lab"):
        return self.whack("--rekey-ike" if kind == "ike" else "--rekey-ipsec", "--asynchronous",
                          "--name", name)

    def terminate(self, name="lab"):
        return self.whack("--terminate", "--name", name)

    def drop_all(self):
        # with its connection: else it brings it up again
        for name in list(self.connections):
            self.whack("--name", name, "--delete")
            del self.connections[name]
        for sa in self.sas():
            self.whack("--deletestate", sa.number, check=False)
