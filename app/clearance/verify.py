"""Is this certificate genuine? Answered offline, from its bars or its square (circulation-anchors 7, no. 18)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.clearance import reads
from app.clearance.facts import Certificate
from app.clearance.keys import known_keys, signing_key
from app.clearance.token import Token, number_of, read_token
from app.library import Library
from app.persian.digits import typed
from db.reading import Reader


class Verdict(StrEnum):
    """What can be said of a certificate.

    `unknown_branch`: it was not altered, but no device known here signed it. `unsigned`: the device that made it had
    no key, so only its own branch can say anything. `unknown`: this branch never gave such a certificate.
    """

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN_BRANCH = "unknown_branch"
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verified:
    """The verdict, with what the certificate states as far as it can be believed. `ours`: this branch gave it.

    `of_member` tells whether the member number that was asked about is the one it was made out to; None if none was.
    """

    verdict: Verdict
    number: int | None = None
    day: dt.date | None = None
    ours: bool = False
    of_member: bool | None = None


def verify(library: Library, text: str, member_no: str | None = None) -> Verified:
    """Judge a scanned text: the signed one of any branch, or the short code of this one."""
    token = read_token(text)
    with library.store.read() as reader:
        if token is not None:
            return _of_token(library, reader, token, typed(member_no) if member_no else None)
        return _of_code(reader, text)


def _of_code(reader: Reader, text: str) -> Verified:
    number = number_of(text)
    if number is None:
        return Verified(Verdict.UNREADABLE)
    found = reads.certificate_numbered(reader, number)
    if found is None:
        return Verified(Verdict.UNKNOWN, number)
    if found.code != typed(text).upper():
        return Verified(Verdict.ALTERED, number)
    return Verified(_in_force(found), number, found.day, ours=True)


def _of_token(library: Library, reader: Reader, token: Token, member_no: str | None) -> Verified:
    said = token.statement
    ours = said.branch_id == library.store.branch_id
    found = reads.certificate_numbered(reader, said.number) if ours else None
    verdict = _judge(library, reader, token, found)
    if verdict is Verdict.ALTERED:
        return Verified(verdict)
    of_member = None if member_no is None else said.is_of(member_no)
    return Verified(verdict, said.number, said.day, ours, of_member)


def _judge(library: Library, reader: Reader, token: Token, found: Certificate | None) -> Verdict:
    if not token.signed:
        return Verdict.UNSIGNED
    if not token.genuine or (found is not None and found.day != token.statement.day):
        return Verdict.ALTERED
    keys = known_keys(reader)
    own = signing_key(library.store)
    if own is not None:
        keys[own.public_key().public_bytes_raw()] = library.store.branch_id
    signer = keys.get(token.public_key)
    if signer is None:
        return Verdict.UNKNOWN_BRANCH
    if signer != token.statement.branch_id:
        return Verdict.ALTERED
    return Verdict.VALID if found is None else _in_force(found)


def _in_force(certificate: Certificate) -> Verdict:
    return Verdict.VALID if certificate.revoked_on is None else Verdict.REVOKED
