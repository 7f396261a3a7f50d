# SPDX-License-Identifier: GPL-2.0
"""What two ends of a tunnel agree about, in the words of vpnha; each daemon's class
writes its own configuration from it."""

import dataclasses

#: word: (strongSwan's, libreswan's, vpnha's transforms for ESP)
ENCRYPTION = {
    **{f"aes-cbc-{bits}": (f"aes{bits}", f"aes_cbc_{bits}", f"esp-aes {bits}")
       for bits in (128, 192, 256)},
    **{f"aes-gcm-{bits}{suffix}": (f"aes{bits}gcm{octets}", f"aes_gcm_{letter}_{bits}",
                                   f"esp-gcm {bits}")
       for bits in (128, 192, 256)
       for octets, letter, suffix in ((16, "c", ""), (12, "b", "-icv-96"), (8, "a", "-icv-64"))},
    "chacha20-poly1305": ("chacha20poly1305", "chacha20_poly1305", "esp-chacha20-poly1305"),
}
INTEGRITY = {
    "sha256": ("sha256", "hmac_sha2_256", "esp-sha256-hmac"),
    "sha384": ("sha384", "hmac_sha2_384", "esp-sha384-hmac"),
    "sha512": ("sha512", "hmac_sha2_512", "esp-sha512-hmac"),
    "sha1": ("sha1", "hmac_sha1", "esp-sha-hmac"),
}
PRF = {word: (f"prf{strong}", "hmac_sha1" if word == "sha1" else f"hmac_sha2_{word[3:]}")
       for word, (strong, _, _) in INTEGRITY.items()}
GROUP = {
    "14": ("modp2048", "dh14"), "15": ("modp3072", "dh15"), "16": ("modp4096", "dh16"),
    "17": ("modp6144", "dh17"), "18": ("modp8192", "dh18"), "19": ("ecp256", "dh19"),
    "20": ("ecp384", "dh20"), "21": ("ecp521", "dh21"), "31": ("x25519", "dh31"),
}
STRONGSWAN, LIBRESWAN, VPNHA = range(3)


@dataclasses.dataclass(frozen=True)
class Ike:
    """Algorithms of an IKE SA."""
    encryption: str = "aes-gcm-256"
    integrity: str = ""
    prf: str = "sha256"
    group: str = "19"

    def __str__(self):
        return "/".join(word for word in (self.encryption, self.integrity, f"prf-{self.prf}",
                                          f"group{self.group}") if word)

    def strongswan(self):
        return "-".join([ENCRYPTION[self.encryption][STRONGSWAN]] +
                        [INTEGRITY[word][STRONGSWAN] for word in [self.integrity] if word] +
                        [PRF[self.prf][STRONGSWAN], GROUP[self.group][STRONGSWAN]])

    def libreswan(self):
        # it has no word for an integrity that is not the PRF's
        assert self.integrity in ("", self.prf)
        return "-".join([ENCRYPTION[self.encryption][LIBRESWAN], PRF[self.prf][LIBRESWAN],
                         GROUP[self.group][LIBRESWAN]])


@dataclasses.dataclass(frozen=True)
class Esp:
    """Algorithms of a child SA; a group means perfect forward secrecy."""
    encryption: str = "aes-gcm-256"
    integrity: str = ""
    group: str = ""

    def __str__(self):
        return "/".join(word for word in (self.encryption, self.integrity,
                                          f"group{self.group}" if self.group else "") if word)

    def words(self, dialect):
        return [ENCRYPTION[self.encryption][dialect]] + \
            [INTEGRITY[word][dialect] for word in [self.integrity] if word]

    def strongswan(self):
        return "-".join(self.words(STRONGSWAN) +
                        [GROUP[word][STRONGSWAN] for word in [self.group] if word])

    def libreswan(self):
        return "-".join(self.words(LIBRESWAN)) + (f";{GROUP[self.group][LIBRESWAN]}" if self.group else "")

    def vpnha(self):
        return " ".join(self.words(VPNHA))


@dataclasses.dataclass(frozen=True)
class Side:
    """An end: where it is, who it says it is, and what is behind it."""
    address: str
    identity: str
    nets: tuple
    certificate: object = None      # of pki; without it has a preshared key

    def but(self, **changes):
        return dataclasses.replace(self, **changes)


@dataclasses.dataclass(frozen=True)
class Connection:
    """A connection as its local end sees it. Times are seconds."""
    local: Side
    remote: Side
    name: str = "lab"
    secret: str = "a-secret-of-the-lab"
    ike: tuple = (Ike(),)
    esp: tuple = (Esp(),)
    authorities: tuple = ()         # certificates of pki that are trusted
    crls: tuple = ()                # files; with any, what is not known to be good is refused
    rfc7427: bool = True            # signatures as it has them, not those from before
    ocsp: tuple = ()                # likewise answers of OCSP; vpnhad alone has them in files
    # libreswan's: it takes less than it has. Of what vpnhad begins with it takes the least
    # then, the packet's own addresses and ports.
    narrowing: bool = False
    ike_lifetime: int = 0
    lifetime: int = 0
    kilobytes: int = 0
    dpd: int = 0
    fragmentation: str = "yes"      # yes, no, force
    encapsulation: bool = False     # UDP although there is no NAT
    cookies: bool = False           # vpnhad's: who begins must show that it receives
    ppk: tuple = ()                 # its name and its secret
    ppk_required: bool = False
    childless: bool = False
    responder_only: bool = False    # never begins a rekey
    trap: bool = False              # traffic brings it up, as it always does with vpnhad
    cookies: bool = False           # asks for one each time; vpnhad only

    def but(self, **changes):
        return dataclasses.replace(self, **changes)

    def mirrored(self, **changes):
        """The same as the other end sees it."""
        return self.but(local=self.remote, remote=self.local, **changes)
