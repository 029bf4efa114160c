"""Deterministic encryption (AES-SIV): equal values give equal texts, nothing else is told."""

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MARK, SEALED = "siv:", b"siv:"
PURPOSE = b"pishkhan-siv"


class SivCipher:
    """Encrypts short texts, and parts of the journal, under a key made from the data key of the centre."""

    def __init__(self, key: bytes) -> None:
        self._siv = AESSIV(hashlib.blake2b(key, digest_size=64, person=PURPOSE).digest())

    def encrypt(self, text: str) -> str:
        """The text as stored."""
        return MARK + base64.urlsafe_b64encode(self._siv.encrypt(text.encode(), None)).decode()

    def decrypt(self, text: str) -> str:
        """The value again; a text that was never encrypted is itself. Raises InvalidTag under another key."""
        if not text.startswith(MARK):
            return text
        return self._siv.decrypt(base64.urlsafe_b64decode(text[len(MARK) :]), None).decode()

    def seal(self, raw: bytes) -> bytes:
        """Bytes as stored."""
        return SEALED + self._siv.encrypt(raw, None)

    def unseal(self, kept: bytes) -> bytes:
        """The bytes again; those that were never sealed are themselves. Raises InvalidTag under another key."""
        return self._siv.decrypt(kept[len(SEALED) :], None) if kept.startswith(SEALED) else kept
