"""Enrolment: how a branch becomes known to the centre, and the centre to a branch (sync-protocol 17).

The county prints a code that works once, for 72 hours, and beside it the fingerprint of the centre's key
(`app.sync.admitting`). The branch sends the code with the public key of its device, signed with that key; it pins the
keys and certificates it gets back. A question without a code («who are you?») is answered with the same keys, so that a
branch can compare the fingerprint before it gives the code away.
"""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.persian.digits import typed
from app.persian.text import clean, compact
from app.refusal import Refusal
from app.settings import Setting
from app.sync.enrolment_journal import name_of, own_act, write_down
from app.sync.expected import arrive, expected, introduce
from app.sync.line import DENIED, OK, Reply
from app.sync.programs import program_of
from app.sync.wire import (
    Enrol,
    Enrolled,
    MalformedError,
    fingerprint,
    open_message,
    read_message,
    seal_message,
)
from db.act import Act
from db.models.centre import EnrolmentCode
from db.models.sync import Device
from db.reading import Reader
from db.writing import Tx

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L."""
CHARACTERS, GROUP = 12, 4
HOURS = 72
SCOPES = ("push:branch", "pull:branch", "pull:policy", "pull:member", "pull:bib")
"""What a device may do unless it is told otherwise."""
CERTIFICATES: Setting[str] = Setting("centre.certificates", "", "centre")
"""The certificates (PEM) that branches are to pin."""
ACTIVE, REVOKED = "active", "revoked"
_COUNTY = uuid.UUID("5a0d5b0e-4c3e-5d0c-9d57-3f1f0c7b2e11")


UNKNOWN_CODE = Refusal("enrol.code_unknown")
USED_CODE = Refusal("enrol.code_used")
EXPIRED_CODE = Refusal("enrol.code_expired")
OTHER_BRANCH = Refusal("enrol.other_branch")
OTHER_COUNTY = Refusal("enrol.other_county")
BRANCH_KNOWN = Refusal("enrol.branch_known")
DEVICE_TAKEN = Refusal("enrol.device_taken")
REFUSED = (UNKNOWN_CODE, USED_CODE, EXPIRED_CODE, OTHER_BRANCH, OTHER_COUNTY, BRANCH_KNOWN, DEVICE_TAKEN)


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code as it is printed, once; only its hash is kept."""

    code: str
    expires_at: dt.datetime
    fingerprint: str


def issue_code(
    centre: Centre, branch_id: uuid.UUID | None, issued_by: str, *, province: str = "", county: str = ""
) -> IssuedCode:
    """A code for a device of this branch; without a branch for a new one, of this county where it is named. From the
    command line; what people do on the pages is in `app.sync.admitting`."""
    bound_to = branch_id or (county_mark(province, county) if county else centre.id)
    with centre.write() as tx:
        issued = new_code(centre, tx, bound_to, issued_by)
        library = "" if bound_to == centre.id else name_of(tx, bound_to)
        told = {"library": library, "province": province, "county": county, "by": issued_by}
        write_down(centre, tx, "enrolment.code_issued", own_act(centre), told)
    return issued


def new_code(centre: Centre, tx: Tx, bound_to: uuid.UUID, issued_by: str) -> IssuedCode:
    """Make a code and keep its hash. Whoever asks for it writes the journal entry."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS))
    now = centre.now()
    expires = now + dt.timedelta(hours=HOURS)
    tx.connection.execute(
        sa.insert(EnrolmentCode).values(
            code_hash=_hashed(centre, code), branch_id=bound_to, issued_at=now, expires_at=expires, issued_by=issued_by
        )
    )
    printed = "-".join(code[place : place + GROUP] for place in range(0, CHARACTERS, GROUP))
    return IssuedCode(printed, expires, fingerprint(centre.keys.public_key))


def county_mark(province: str, county: str) -> uuid.UUID:
    """What stands for «a new branch of this county» where a branch would be named."""
    return uuid.uuid5(_COUNTY, f"{compact(province)}/{compact(county)}")


def keep_certificates(centre: Centre, pem: str) -> None:
    """Keep what branches are to pin at enrolment: the certificate the centre answers with, and its backup."""
    with centre.write() as tx:
        CERTIFICATES.write(tx, pem)


def enrol_reply(centre: Centre, body: bytes) -> Reply:
    """The answer to the call `enrol`. Raises MalformedError for what is no message signed with the key it names."""
    asked = open_message(body, Enrol, read_message(body, Enrol).public_key)
    if len(asked.branch) != 16 or len(asked.device) != 16:
        raise MalformedError("no such device")
    outcome = enrol_at_centre(centre, asked)
    if isinstance(outcome, Refusal):
        return Reply(DENIED, outcome.code.encode())
    return Reply(OK, seal_message(outcome, centre.keys.signing))


def enrol_at_centre(centre: Centre, asked: Enrol) -> Enrolled | Refusal:
    """Make a device known, once for a code; the same device may ask again when the answer was lost. Without a code:
    who the centre is."""
    if not asked.code:
        with centre.store.read() as reader:
            return _introduction(centre, reader, [])
    with centre.write() as tx:
        code = _good(centre, tx, asked)
        if isinstance(code, Refusal):
            return code
        _know_device(centre, tx, asked)
        if code.used_at is None:
            _use(centre, tx, code, asked)
        return _introduction(centre, tx, list(SCOPES))


def _introduction(centre: Centre, reader: Reader, scopes: list[str]) -> Enrolled:
    identity = centre.store.identity
    if identity is None:
        raise RuntimeError("the centre has not been founded")
    stamp = centre.clock.read()
    return Enrolled(
        centre.id.bytes, centre.keys.public_key, centre.keys.sealing_key, scopes, identity.epoch, stamp.at_ms,
        CERTIFICATES.read(reader),
    )  # fmt: skip


def _good(centre: Centre, tx: Tx, asked: Enrol) -> sa.Row[Any] | Refusal:
    """The code, kept from others to the end, or why it is not good for this branch and device."""
    kept = sa.select(EnrolmentCode.__table__).where(EnrolmentCode.code_hash == _hashed(centre, asked.code))
    code = tx.connection.execute(kept.with_for_update()).first()
    if code is None:
        return UNKNOWN_CODE
    device = _device(tx, asked)
    if code.used_at is not None:
        again = code.device_id == uuid.UUID(bytes=asked.device) and device is not None
        same = again and device is not None and bytes(device.public_key) == asked.public_key and device.state == ACTIVE
        return code if same else USED_CODE
    if code.expires_at <= centre.now():
        return EXPIRED_CODE
    refusal = _not_for(centre, tx, code.branch_id, asked)
    if refusal is None and device is not None and device.branch_id.bytes != asked.branch:
        refusal = DEVICE_TAKEN
    return refusal or code


def _use(centre: Centre, tx: Tx, code: sa.Row[Any], asked: Enrol) -> None:
    """Use a code up; its library has come, whether it was expected or not."""
    used = sa.update(EnrolmentCode).where(EnrolmentCode.code_hash == code.code_hash)
    tx.connection.execute(used.values(used_at=centre.now(), device_id=uuid.UUID(bytes=asked.device)))
    branch_id = uuid.UUID(bytes=asked.branch)
    arrive(tx, code.branch_id, branch_id)
    introduce(tx, asked)
    library = name_of(tx, branch_id) or clean(asked.name, 120)
    write_down(centre, tx, "enrolment.device_enrolled", own_act(centre), {"library": library})


def _not_for(centre: Centre, tx: Tx, bound_to: uuid.UUID, asked: Enrol) -> Refusal | None:
    """A code is good for the branch it names, known or expected; one for a new branch only where that is not known
    yet."""
    branch = uuid.UUID(bytes=asked.branch)
    if bound_to == branch and branch != centre.id:
        return None
    if bound_to not in (centre.id, county_mark(asked.province, asked.county)):
        awaited = expected(tx, bound_to)
        known = tx.connection.execute(sa.select(Device.id).where(Device.branch_id == bound_to)).first()
        if known:
            return OTHER_BRANCH
        if awaited is None or not _is_there(awaited, asked):
            return OTHER_COUNTY
    known = tx.connection.execute(sa.select(Device.id).where(Device.branch_id == branch)).first()
    return BRANCH_KNOWN if known or branch == centre.id else None


def _is_there(awaited: Mapping[str, Any], asked: Enrol) -> bool:
    """Whether a library says it stands where the expected one does."""
    return county_mark(awaited["province"], awaited["county"]) == county_mark(asked.province, asked.county)


def _know_device(centre: Centre, tx: Tx, asked: Enrol) -> None:
    """The row of the device. A new key for a known device retires the machine that had the old one."""
    values = {
        "branch_id": uuid.UUID(bytes=asked.branch), "public_key": asked.public_key,
        "fingerprint": clean(asked.fingerprint, 120) or None, "state": ACTIVE, "scopes": list(SCOPES),
        "enrolled_at": centre.now(), "revoked_at": None, "seen_at": centre.now(),
        "facts": {"name": clean(asked.name, 120)},
    } | program_of(asked.app, asked.schema)  # fmt: skip
    device_id = uuid.UUID(bytes=asked.device)
    if _device(tx, asked) is None:
        tx.connection.execute(sa.insert(Device).values(id=device_id, **values))
    else:
        tx.connection.execute(sa.update(Device).where(Device.id == device_id).values(**values))


def _device(tx: Tx, asked: Enrol) -> sa.Row[uuid.UUID, bytes, str] | None:
    statement = sa.select(Device.branch_id, Device.public_key, Device.state)
    return tx.connection.execute(statement.where(Device.id == uuid.UUID(bytes=asked.device))).first()


def revoke_device(centre: Centre, device_id: uuid.UUID, act: Act | None = None) -> bool:
    """Believe a device no longer; False where it was not known, or revoked before. Its branch needs a new code."""
    revoked = sa.update(Device).where(Device.id == device_id, Device.state == ACTIVE, Device.branch_id != centre.id)
    with centre.write() as tx:
        changed = tx.connection.execute(
            revoked.values(state=REVOKED, revoked_at=centre.now()).returning(Device.branch_id)
        )
        branch_id = changed.scalar()
        if branch_id is not None:
            told = {"library": name_of(tx, branch_id)}
            write_down(centre, tx, "enrolment.device_revoked", act or own_act(centre), told)
        return branch_id is not None


def _hashed(centre: Centre, code: str) -> bytes:
    """Keyed, so that a stolen table of codes cannot be tried out."""
    return hashlib.blake2b(written(code).encode(), key=centre.keys.data, digest_size=32).digest()


def written(code: str) -> str:
    """A code as it was meant, whatever digits, blanks and case it was typed in."""
    return "".join(letter for letter in typed(clean(code, 64)).upper() if letter.isalnum())
