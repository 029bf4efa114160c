"""Deterministic encryption of single values (AES-SIV): equal values give equal texts, nothing else is told."""

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MARK = "siv:"
PURPOSE = b"pishkhan-siv"


class SivCipher:
    """Encrypts short texts under a key made from the data key of the centre."""

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
