"""The second factor: a code of six digits that changes every half minute (TOTP, RFC 6238), each accepted once."""

import base64
import hashlib
import hmac
import secrets
import uuid

import pyotp
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.centre import CentreKeys
from app.persian.digits import typed
from db.models.centre import Reviewer
from db.writing import Tx

STEP_S, DIGITS, DRIFT = 30, 6, 1
"""Seconds of a step, digits of a code, and how many steps a telephone's clock may be off."""
NONCE = 12
ISSUER = "Pishkhan"


def new_secret() -> str:
    """A secret for an authenticator app, 160 bits in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, user_name: str) -> str:
    """What the picture says that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=ISSUER)


def seal(keys: CentreKeys, reviewer_id: uuid.UUID, secret: str) -> bytes:
    """The secret as it is kept: of use only with the keys of the centre, for this person."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(keys).encrypt(nonce, secret.encode(), reviewer_id.bytes)


def unseal(keys: CentreKeys, reviewer_id: uuid.UUID, sealed: bytes) -> str | None:
    """The secret; None when it was not sealed here for this person."""
    try:
        return _cipher(keys).decrypt(sealed[:NONCE], sealed[NONCE:], reviewer_id.bytes).decode()
    except (InvalidTag, ValueError):
        return None


def sealed_text(keys: CentreKeys, reviewer_id: uuid.UUID, secret: str) -> str:
    """The sealed secret as a form carries it until the first code has proven that it arrived."""
    return base64.urlsafe_b64encode(seal(keys, reviewer_id, secret)).decode()


def from_sealed_text(keys: CentreKeys, reviewer_id: uuid.UUID, text: str) -> str | None:
    """The secret that a form carried."""
    try:
        return unseal(keys, reviewer_id, base64.urlsafe_b64decode(text))
    except ValueError:
        return None


def step_of(secret: str, code: str, now_s: float) -> int | None:
    """The step whose code this is, now or one step to either side; None when it is none of them."""
    digits = typed(code).replace(" ", "")
    if len(digits) != DIGITS or not digits.isascii():
        return None
    now = int(now_s // STEP_S)
    machine = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    around = range(now - DRIFT, now + DRIFT + 1)
    return next((step for step in around if hmac.compare_digest(machine.at(step * STEP_S), digits)), None)


def use_step(tx: Tx, reviewer_id: uuid.UUID, step: int) -> bool:
    """Take a step for good. False when it, or a later one, has been used: a code that was watched is worth nothing."""
    used = tx.connection.execute(
        sa.update(Reviewer).where(Reviewer.id == reviewer_id, Reviewer.totp_step < step).values(totp_step=step)
    )
    return used.rowcount == 1


def _cipher(keys: CentreKeys) -> AESGCM:
    return AESGCM(hashlib.blake2b(b"second factor", key=keys.data, digest_size=32).digest())
