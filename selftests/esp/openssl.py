# SPDX-License-Identifier: GPL-2.0
"""ESP (RFC 4303) over OpenSSL's libcrypto: an implementation that shares nothing
with the kernel's, for packets to be made and opened."""

import ctypes
import hmac
import os
import struct

_lib = ctypes.CDLL("libcrypto.so.3")
for _name in ("EVP_CIPHER_CTX_new", "EVP_CIPHER_fetch"):
    getattr(_lib, _name).restype = ctypes.c_void_p
_lib.EVP_CIPHER_fetch.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
_lib.EVP_CIPHER_CTX_free.argtypes = [ctypes.c_void_p]
_lib.EVP_CIPHER_CTX_set_padding.argtypes = [ctypes.c_void_p, ctypes.c_int]
_lib.EVP_CIPHER_CTX_ctrl.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int,
                                     ctypes.c_void_p]
_lib.EVP_CipherInit_ex.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
                                   ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
_lib.EVP_CipherUpdate.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
                                  ctypes.c_char_p, ctypes.c_int]
_lib.EVP_CipherFinal_ex.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]

_SET_IVLEN, _GET_TAG, _SET_TAG = 0x9, 0x10, 0x11


class CryptoError(Exception):
    """libcrypto refuses; of a packet: the integrity check failed."""


def _must(result):
    if result <= 0:
        raise CryptoError("libcrypto refuses")


def _run(name, key, iv, data, encrypt, aad=b"", tag=None, tag_len=0):
    """(output, tag) of a cipher."""
    cipher = _lib.EVP_CIPHER_fetch(None, name.encode(), None)
    if not cipher:
        raise CryptoError(f"libcrypto has no {name}")
    context = _lib.EVP_CIPHER_CTX_new()
    try:
        _must(_lib.EVP_CipherInit_ex(context, cipher, None, None, None, encrypt))
        ccm = name.endswith("CCM")
        if tag_len:
            _must(_lib.EVP_CIPHER_CTX_ctrl(context, _SET_IVLEN, len(iv), None))
            if tag or ccm:
                _must(_lib.EVP_CIPHER_CTX_ctrl(context, _SET_TAG, tag_len, tag))
        _must(_lib.EVP_CipherInit_ex(context, None, None, key, iv or None, encrypt))
        _lib.EVP_CIPHER_CTX_set_padding(context, 0)
        length = ctypes.c_int()
        out = ctypes.create_string_buffer(len(data) + 64)
        if ccm:
            _must(_lib.EVP_CipherUpdate(context, None, ctypes.byref(length), None, len(data)))
        if aad:
            _must(_lib.EVP_CipherUpdate(context, None, ctypes.byref(length), aad, len(aad)))
        done = 0
        if data or ccm:
            _must(_lib.EVP_CipherUpdate(context, out, ctypes.byref(length), data, len(data)))
            done = length.value
        if not ccm or encrypt:
            rest = ctypes.create_string_buffer(64)
            _must(_lib.EVP_CipherFinal_ex(context, rest, ctypes.byref(length)))
        got = None
        if encrypt and tag_len:
            got = ctypes.create_string_buffer(tag_len)
            _must(_lib.EVP_CIPHER_CTX_ctrl(context, _GET_TAG, tag_len, got))
            got = got.raw
        return out.raw[:done], got
    finally:
        _lib.EVP_CIPHER_CTX_free(context)


class Opened:
    """A packet that was authentic."""

    def __init__(self, spi, seq, iv, payload, padding, next_header):
        self.spi, self.seq, self.iv = spi, seq, iv
        self.payload, self.padding, self.next_header = payload, padding, next_header


class Esp:
    """An SA; an algorithm is one of esplab's."""

    SALT = {"aes-gcm": 4, "aes-ccm": 3, "aes-gmac": 4, "chacha20-poly1305": 4, "aes-ctr": 4}
    IV = {"aes-cbc": 16, "null": 0}
    BLOCK = {"aes-cbc": 16, "3des": 8, "des": 8}

    def __init__(self, algorithm, esn=False):
        self.cipher, self.auth, self.esn = algorithm.cipher, algorithm.auth, esn
        self.icv_len = algorithm.icv_bits // 8
        salt = self.SALT.get(self.cipher, 0)
        key = algorithm.cipher_key
        self.key, self.salt = (key[:-salt], key[-salt:]) if salt else (key, b"")
        self.auth_key = algorithm.auth_key
        self.iv_len = self.IV.get(self.cipher, 8)
        self.block = max(4, self.BLOCK.get(self.cipher, 1))

    # -- the two kinds ---------------------------------------------------------

    def _name(self):
        bits = len(self.key) * 8
        return {"aes-gcm": f"AES-{bits}-GCM", "aes-gmac": f"AES-{bits}-GCM",
                "aes-ccm": f"AES-{bits}-CCM", "chacha20-poly1305": "ChaCha20-Poly1305",
                "aes-cbc": f"AES-{bits}-CBC", "aes-ctr": f"AES-{bits}-CTR",
                "3des": "DES-EDE3-CBC", "des": "DES-EDE3-CBC"}[self.cipher]

    def _aad(self, spi, seq):
        """RFC 4303 section 2.2.1: both halves count, one is sent."""
        if self.esn:
            return struct.pack("!IQ", spi, seq)
        return struct.pack("!II", spi, seq)

    def _seal(self, spi, seq, iv, clear):
        aad = self._aad(spi, seq)
        if self.cipher == "aes-gmac":
            _, tag = _run(self._name(), self.key, self.salt + iv, b"", 1, aad + iv + clear,
                          tag_len=16)
            return clear + tag[:self.icv_len]
        if self.auth == "none":
            data, tag = _run(self._name(), self.key, self.salt + iv, clear, 1, aad,
                             tag_len=self.icv_len)
            return data + tag
        data = self._plain(iv, clear, 1)
        return data + self._hmac(spi, seq, iv + data)

    def _open(self, spi, seq, iv, data, tag):
        aad = self._aad(spi, seq)
        if self.cipher == "aes-gmac":
            _run(self._name(), self.key, self.salt + iv, b"", 0, aad + iv + data, tag,
                 len(tag))
            return data
        if self.auth == "none":
            return _run(self._name(), self.key, self.salt + iv, data, 0, aad, tag, len(tag))[0]
        if not hmac.compare_digest(tag, self._hmac(spi, seq, iv + data)):
            raise CryptoError("integrity check failed")
        return self._plain(iv, data, 0)

    def _plain(self, iv, data, encrypt):
        if self.cipher == "null":
            return data
        # DES is 3DES with the same key three times
        key = self.key * 3 if self.cipher == "des" else self.key
        if self.cipher == "aes-ctr":
            iv = self.salt + iv + b"\0\0\0\1"
        return _run(self._name(), key, iv, data, encrypt)[0]

    def _hmac(self, spi, seq, data):
        sent = struct.pack("!II", spi, seq & 0xffffffff) + data
        if self.esn:
            sent += struct.pack("!I", seq >> 32)
        return hmac.digest(self.auth_key, sent, self.auth)[:self.icv_len]

    # -- packets ---------------------------------------------------------------

    def make(self, spi, seq, payload, next_header=4, iv=None, padding=None):
        """An ESP packet, from its header to its integrity check value. padding is
        all of the trailer before the next header, the pad length with it."""
        if iv is None:
            iv = (struct.pack("!Q", seq) if self.iv_len == 8 else os.urandom(self.iv_len))
        if padding is None:
            count = -(len(payload) + 2) % self.block
            padding = bytes(range(1, count + 1)) + bytes([count])
        clear = payload + padding + bytes([next_header])
        return (struct.pack("!II", spi, seq & 0xffffffff) + iv +
                self._seal(spi, seq, iv, clear))

    def open(self, packet, high=0):
        """Opens an ESP packet; high is the half of its number that is not sent."""
        spi, low = struct.unpack_from("!II", packet)
        seq = high << 32 | low
        iv = packet[8:8 + self.iv_len]
        data, tag = packet[8 + self.iv_len:-self.icv_len], packet[-self.icv_len:]
        clear = self._open(spi, seq, iv, data, tag)
        count, next_header = clear[-2], clear[-1]
        if (len(clear)) % self.block or count + 2 > len(clear):
            raise CryptoError("wrong padding")
        end = len(clear) - 2 - count
        return Opened(spi, seq, iv, clear[:end], clear[end:-2], next_header)
