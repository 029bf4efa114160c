"""The two codes of a certificate: a short one for this branch, and a signed one that any branch reads offline.

The signed text carries branch, number, day, a hash of the member number, and the public key it was signed with
(Ed25519). Base32 keeps it in the alphanumeric mode of a QR code and safe from keyboard layouts.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
import struct
import uuid
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.persian.digits import typed

PREFIX = "PSHK1"
HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES = 8, 32, 64
UNSIGNED = bytes(SIGNATURE_BYTES)
CODE = re.compile(r"TS([0-9]{6,12})-([A-Z2-7]{4})")

_FIELDS = struct.Struct(f">16sII{HASH_BYTES}s{KEY_BYTES}s")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a certificate states. `member_hash` lets a member number be compared with it, not read from it."""

    branch_id: uuid.UUID
    number: int
    day: dt.date
    member_hash: bytes

    def is_of(self, member_no: str) -> bool:
        """Whether it was made out to this member number of its branch."""
        return self.member_hash == member_hash(self.branch_id, member_no)


@dataclass(frozen=True, slots=True)
class Token:
    """A statement with the key it was signed with. `genuine`: the signature fits every byte of it; `signed` is False
    where the device that made it had no key."""

    statement: Statement
    public_key: bytes
    signed: bool
    genuine: bool


def member_hash(branch_id: uuid.UUID, member_no: str) -> bytes:
    """Eight bytes that stand for a member number of a branch."""
    return hashlib.blake2b(branch_id.bytes + member_no.encode(), digest_size=HASH_BYTES).digest()


def short_code(branch_id: uuid.UUID, number: int, clearance_id: uuid.UUID) -> str:
    """«TS000012-K7QA»: the number, and four letters nobody guesses."""
    digest = hashlib.blake2b(branch_id.bytes + number.to_bytes(8, "big") + clearance_id.bytes, digest_size=5).digest()
    return f"TS{number:06d}-{base64.b32encode(digest).decode()[:4]}"


def number_of(code: str) -> int | None:
    """The number in a short code as somebody scanned or typed it; None for anything else."""
    found = CODE.fullmatch(typed(code).upper())
    return int(found[1]) if found else None


def signed_text(statement: Statement, key: Ed25519PrivateKey | None) -> str:
    """The text of the QR code; without a key it is unsigned, and says so when it is read."""
    public = key.public_key().public_bytes_raw() if key else bytes(KEY_BYTES)
    body = _FIELDS.pack(
        statement.branch_id.bytes, statement.number, statement.day.toordinal(), statement.member_hash, public
    )
    signature = key.sign(PREFIX.encode() + body) if key else UNSIGNED
    return PREFIX + base64.b32encode(body + signature).decode().rstrip("=")


def read_token(text: str) -> Token | None:
    """What a scanned text states, and whether it was signed so; None if it is none of ours."""
    text = "".join(typed(text).split()).upper()
    if not text.startswith(PREFIX):
        return None
    code = text.removeprefix(PREFIX)
    try:
        packed = base64.b32decode(code + "=" * (-len(code) % 8))
    except binascii.Error:
        return None
    if len(packed) != _FIELDS.size + SIGNATURE_BYTES:
        return None
    body, signature = packed[: _FIELDS.size], packed[_FIELDS.size :]
    branch, number, day, hashed, public = _FIELDS.unpack(body)
    if not 0 < day <= dt.date.max.toordinal():
        return None
    statement = Statement(uuid.UUID(bytes=branch), number, dt.date.fromordinal(day), hashed)
    signed = signature != UNSIGNED
    return Token(statement, public, signed, signed and _fits(public, signature, PREFIX.encode() + body))


def _fits(public: bytes, signature: bytes, body: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True
