"""A file with an answer to minutes, signed by the office that gives it (Ed25519), for libraries that no letter and no
sync reaches in time.

The text is canonical JSON: keys in order, no blanks. The signature stands beside it and covers the text byte for byte
with a mark of what it is, so that it can stand for nothing else.
"""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.actions import Action
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal
from app.settings import Setting
from app.weeding.minutes.attaching import keep_scan, same_file
from app.weeding.minutes.outcomes import CopyRuling, Letter, Ruled, Rulings, Scan, Unchanged
from app.weeding.minutes.reads import MinutesOnTheWay, find_minutes
from app.weeding.minutes.review import answered
from app.weeding.minutes.ruling import ANSWERED, CORRECTION_ASKED, Source, apply_rulings
from db.act import Act
from db.codes import RulingLevel, Verdict
from db.reading import Reader
from db.trouble import Trouble
from db.types import new_id
from db.writing import Tx

MARK = b"pishkhan-ruling-1\n"
MOST_BYTES = 1 << 20
MEDIA_TYPE = "application/json"
KEY_HEX = 64
KEYS: Setting[dict[str, Any]] = Setting("ruling.keys", {})
"""Whose signature is believed: {public key in hex: {"name": …, "levels": […]}}."""


class _Copy(msgspec.Struct, forbid_unknown_fields=True):
    item: str
    verdict: Verdict
    remark: str = ""


class _Text(msgspec.Struct, forbid_unknown_fields=True):
    library: uuid.UUID
    number: str
    revision: int
    level: RulingLevel
    letter_no: str
    letter_on: dt.date
    by: str
    default: Verdict | None
    remark: str
    copies: list[_Copy]


class _Sealed(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    key: str
    signature: str


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """Whose key it is, and for which levels it may answer."""

    name: str
    levels: frozenset[RulingLevel]


@dataclass(frozen=True, slots=True)
class KeyTrusted:
    """A key is believed from now on; `removed`: no longer."""

    key: str
    name: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file whose signature fits a key that is believed."""

    library_id: uuid.UUID
    rulings: Rulings
    signed_by: str


def seal(library_id: uuid.UUID, rulings: Rulings, key: Ed25519PrivateKey) -> bytes:
    """The file an office hands out: its answer to minutes of a library, signed. It names revision and letter."""
    letter = rulings.letter
    text = {
        "library": str(library_id),
        "number": rulings.number,
        "revision": rulings.revision,
        "level": rulings.level.value,
        "letter_no": letter.number,
        "letter_on": letter.day.isoformat() if letter.day else None,
        "by": letter.by,
        "default": rulings.default.value if rulings.default else None,
        "remark": rulings.remark,
        "copies": [{"item": one.item, "verdict": one.verdict.value, "remark": one.remark} for one in rulings.copies],
    }
    body = canonical(text)
    sealed = {
        "text": body,
        "key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(MARK + body.encode()).hex(),
    }
    return canonical(sealed).encode()


def canonical(plain: Mapping[str, Any]) -> str:
    """JSON in the one form that is signed."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def open_file(content: bytes, trusted: Mapping[str, TrustedKey], library_id: uuid.UUID) -> OpenedFile:
    """What a file says, once size, form, signature, signer and library have been found right.

    Raises Trouble P-2301 (no such file, or damaged), P-2302 (changed after it was signed), P-2303 (signed by somebody
    whose key is not believed, or not for this level), P-2304 (another library's), P-2305 (too big).
    """
    if len(content) > MOST_BYTES:
        raise Trouble("P-2305", megabytes=MOST_BYTES >> 20)
    try:
        sealed = msgspec.json.decode(content, type=_Sealed)
        text = msgspec.json.decode(sealed.text, type=_Text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Trouble("P-2301") from error
    if not _fits(sealed):
        raise Trouble("P-2302")
    signer = trusted.get(sealed.key.lower())
    if signer is None or text.level not in signer.levels:
        raise Trouble("P-2303", key=sealed.key[:16])
    if text.library != library_id:
        raise Trouble("P-2304")
    return OpenedFile(text.library, _rulings(text, signer), signer.name)


def _fits(sealed: _Sealed) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(sealed.key))
        key.verify(bytes.fromhex(sealed.signature), MARK + sealed.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _rulings(text: _Text, signer: TrustedKey) -> Rulings:
    return Rulings(
        number=text.number,
        level=text.level,
        letter=Letter(text.letter_no, text.letter_on, text.by or signer.name),
        default=text.default,
        copies=tuple(CopyRuling(one.item, one.verdict, one.remark) for one in text.copies),
        revision=text.revision,
        remark=text.remark,
    )


def take_ruling_file(
    library: Library, content: bytes, act: Act, answer: Answer = NO_ANSWER,
    trusted: Mapping[str, TrustedKey] | None = None,
) -> Ruled | Unchanged | Refused | NotFound:  # fmt: skip
    """Enter the answer of a signed file, which is filed with the minutes; the same file twice changes nothing.
    `trusted` are the keys it may be signed with, else those of the settings.

    Raises Trouble as `open_file` does. Whatever comes back, the answer was taken whole or not at all.
    """
    with library.store.write() as tx:
        opened = open_file(content, trusted_keys(tx) if trusted is None else trusted, library.branch.id)
        minutes = find_minutes(tx, opened.rulings.number)
        if minutes is None:
            return NotFound(Sought.MINUTES, opened.rulings.number)
        if same_file(tx, minutes, content) is not None:
            return Unchanged(minutes.id, minutes.number_text, minutes.revision, minutes.state)
        document_id = new_id()
        source = Source(from_paper=False, document_id=document_id)
        outcome = apply_rulings(library, tx, opened.rulings, act, answer, source)
        if isinstance(outcome, tuple):
            return Refused(outcome)
        if isinstance(outcome, Ruled):
            _file(tx, minutes, opened, content, document_id, act)
            tx.record(CORRECTION_ASKED if outcome.to_correct else ANSWERED, act, answered(outcome, answer))
        return outcome


def _file(
    tx: Tx, minutes: MinutesOnTheWay, opened: OpenedFile, content: bytes, document_id: uuid.UUID, act: Act
) -> None:
    name = f"ruling-{minutes.number_text.replace('/', '-')}-{opened.rulings.level}-{minutes.revision}.json"
    keep_scan(tx, minutes, Scan(name, content), act, id=document_id, media_type=MEDIA_TYPE)


def trusted_keys(reader: Reader) -> Mapping[str, TrustedKey]:
    """Whose signatures are believed here."""
    return {
        key: TrustedKey(said["name"], frozenset(map(RulingLevel, said["levels"])))
        for key, said in KEYS.read(reader).items()
    }


def trust_key(library: Library, key: str, name: str, levels: frozenset[RulingLevel], act: Act) -> KeyTrusted | Refused:
    """Believe the signatures of an office from now on, for these levels; without levels no longer. The key may be
    written in groups, as letters print it. It is a setting of this installation and makes no journal entry."""
    wanted = "".join(clean(key).split()).lower()
    named = clean(name, 120)
    refused = library.forbids(act, Action.SET_LIBRARY)
    if not _is_key(wanted):
        refused = (*refused, Refusal("ruling.key_unknown", facts={"value": wanted}))
    if levels and not named:
        refused = (*refused, Refusal("field.required", facts={"field": "name"}))
    if refused:
        return Refused(refused)
    with library.store.write() as tx:
        known = dict(KEYS.read(tx))
        known.pop(wanted, None)
        if levels:
            known[wanted] = {"name": named, "levels": sorted(level.value for level in levels)}
        KEYS.write(tx, known)
    return KeyTrusted(wanted, named, removed=not levels)


def _is_key(text: str) -> bool:
    if len(text) != KEY_HEX:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return False
    return True
