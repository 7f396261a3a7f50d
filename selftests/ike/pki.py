# SPDX-License-Identifier: GPL-2.0
"""Certificates for the tests: an authority, one below it, ends, and who is revoked."""

import base64
import dataclasses
import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
CURVES = {"ecdsa-256": (ec.SECP256R1, hashes.SHA256), "ecdsa-384": (ec.SECP384R1, hashes.SHA384),
          "ecdsa-521": (ec.SECP521R1, hashes.SHA512)}
KINDS = ("rsa-2048", "rsa-3072", *CURVES)

PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER


def _key(kind):
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind][0]())
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.split("-")[1]))


def _hash(kind):
    return CURVES[kind][1]() if kind in CURVES else hashes.SHA256()


def pem(label, octets):
    text = base64.encodebytes(octets).decode()
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n".encode()


def _general_name(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.RFC822Name(text) if "@" in text else x509.DNSName(text)


@dataclasses.dataclass(eq=False)
class Certificate:
    """One that is in files, with its key and those above it."""
    name: str
    kind: str
    key: object
    x509: object
    issuer: object
    directory: str

    @property
    def subject(self):
        """The distinguished name as strongSwan and libreswan write it."""
        return ", ".join(f"{part.rfc4514_attribute_name}={part.value}"
                         for part in self.x509.subject)

    @property
    def family(self):
        return self.kind.split("-", maxsplit=1)[0]

    @property
    def chain(self):
        """Those between this one and the root, the nearest first."""
        above, one = [], self.issuer
        while one and one.issuer:
            above.append(one)
            one = one.issuer
        return above

    @property
    def root(self):
        return self.issuer.root if self.issuer else self

    def path(self, kind):
        return os.path.join(self.directory, f"{self.name}.{kind}")

    @property
    def certificate(self):
        return self.path("crt")

    @property
    def private_key(self):
        return self.path("key")

    @property
    def bundle(self):
        """The certificate and those between it and the root."""
        return self.path("bundle")

    @property
    def pkcs12(self):
        return self.path("p12")

    def save(self):
        def write(path, data, mode=0o644):
            with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as file:
                file.write(data)
        none = serialization.NoEncryption()
        write(self.certificate, self.x509.public_bytes(PEM))
        write(self.bundle, b"".join(one.x509.public_bytes(PEM) for one in (self, *self.chain)))
        write(self.private_key, self.key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, none), 0o600)
        write(self.pkcs12, pkcs12.serialize_key_and_certificates(
            self.name.encode(), self.key, self.x509, [one.x509 for one in self.chain] or None,
            serialization.BestAvailableEncryption(b"lab")), 0o600)


class Pki:
    """Authorities and what they have issued, in a directory. Keys are made once."""

    ORGANISATION = "Lab"

    def __init__(self, directory, kind="ecdsa-256"):
        os.makedirs(directory, exist_ok=True)
        self.directory = directory
        self.now = datetime.datetime.utcnow()
        self.made = {}
        self.revoked = {}
        self.crls = 0
        self.root = self._authority("root", kind, None)

    def _authority(self, name, kind, issuer):
        return self._make(name, kind, issuer, [
            (x509.BasicConstraints(ca=True, path_length=None if issuer is None else 0), True),
            (self._usage(key_cert_sign=True, crl_sign=True), True)])

    def intermediate(self, name="intermediate", kind="ecdsa-256"):
        return self.made.get(name) or self._authority(name, kind, self.root)

    @staticmethod
    def _usage(**which):
        names = ("digital_signature", "content_commitment", "key_encipherment",
                 "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
                 "encipher_only", "decipher_only")
        return x509.KeyUsage(**{name: which.get(name, False) for name in names})

    def issue(self, name, identities, kind="rsa-2048", issuer=None, expired=False):
        """An end's certificate for these identities; expired means since yesterday."""
        if name not in self.made:
            days = (-30, -1) if expired else (-30, 30)
            self._make(name, kind, issuer or self.root, [
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (self._usage(digital_signature=True), True),
                (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH,
                                        ExtendedKeyUsageOID.CLIENT_AUTH]), False),
                (x509.SubjectAlternativeName([_general_name(one) for one in identities]), False)],
                days)
        return self.made[name]

    def _make(self, name, kind, issuer, extensions, days=(-30, 30)):
        key = _key(kind)
        subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.ORGANISATION),
                             x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key()) \
            .issuer_name(issuer.x509.subject if issuer else subject) \
            .serial_number(x509.random_serial_number()) \
            .not_valid_before(self.now + days[0] * DAY).not_valid_after(self.now + days[1] * DAY)
        signer = issuer.key if issuer else key
        extensions = extensions + [
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)]
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        signed = builder.sign(signer, _hash(issuer.kind if issuer else kind))
        self.made[name] = Certificate(name, kind, key, signed, issuer, self.directory)
        self.made[name].save()
        return self.made[name]

    def revoke(self, certificate):
        revoked = self.revoked.setdefault(certificate.issuer.name, [])
        if certificate not in revoked:
            revoked.append(certificate)

    def crl(self, issuer=None, encoding=PEM):
        """File with the certificates of an authority that are revoked."""
        issuer = issuer or self.root
        self.crls += 1
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.x509.subject) \
            .last_update(self.now - DAY).next_update(self.now + DAY) \
            .add_extension(x509.CRLNumber(self.crls), False) \
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
                issuer.key.public_key()), False)
        for one in self.revoked.get(issuer.name, ()):
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(one.x509.serial_number)
                .revocation_date(self.now - DAY).build())
        path = os.path.join(self.directory,
                            f"{issuer.name}.{'crl' if encoding == PEM else 'crl.der'}")
        with open(path, "wb") as file:
            file.write(builder.sign(issuer.key, _hash(issuer.kind)).public_bytes(encoding))
        return path

    def ocsp(self, *certificates):
        """File with what an authority answers about each of its certificates."""
        path = os.path.join(self.directory, "answers.ocsp")
        with open(path, "wb") as file:
            for one in certificates:
                bad = one in self.revoked.get(one.issuer.name, [])
                answer = ocsp.OCSPResponseBuilder().add_response(
                    cert=one.x509, issuer=one.issuer.x509, algorithm=hashes.SHA1(),
                    cert_status=ocsp.OCSPCertStatus.REVOKED if bad else ocsp.OCSPCertStatus.GOOD,
                    this_update=self.now - DAY, next_update=self.now + DAY,
                    revocation_time=self.now - DAY if bad else None, revocation_reason=None,
                ).responder_id(ocsp.OCSPResponderEncoding.HASH, one.issuer.x509)
                file.write(pem("OCSP RESPONSE", answer.sign(
                    one.issuer.key, _hash(one.issuer.kind)).public_bytes(DER)))
        return path
