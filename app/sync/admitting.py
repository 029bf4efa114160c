"""Who lets libraries in: offices enter a library, give it a code, give another one or take it back (sync-protocol 17).

The county does it for its own libraries, the province and an administrator for theirs. A code is told once, in the
outcome; afterwards only that there is one, whose it is and how old.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.centre import Centre
from app.form import invalid, required
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean, compact
from app.refusal import Refusal
from app.review.scopes import ReviewerFacts, as_known, covers, places
from app.sync.enrolling import CERTIFICATES, IssuedCode, county_mark, new_code
from app.sync.enrolment_journal import name_of, write_down
from app.sync.expected import LONGEST, LibraryFacts, expect, expected, forget
from app.sync.wire import fingerprint
from db.act import Act
from db.alone import in_turn
from db.codes import BranchKind, Role
from db.models.centre import EnrolmentCode
from db.models.library import Branch
from db.models.sync import Device
from db.reading import Reader
from db.writing import Tx

ENROLLING = frozenset({Role.COUNTY_HEAD, Role.PROVINCE_REVIEWER, Role.ADMINISTRATOR})
"""Roles that let libraries and computers in."""
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class LibraryForm:
    """What is written of a library that is entered."""

    name: str = ""
    province: str = ""
    county: str = ""
    city: str = ""
    kind: BranchKind | None = BranchKind.INSTITUTIONAL
    code: str = ""


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """A code for a computer of a library."""

    branch_id: uuid.UUID
    code: IssuedCode


@dataclass(frozen=True, slots=True)
class CodeWithdrawn:
    """The code lets nobody in any more. `library` is empty where it was for any new one."""

    library: str


@dataclass(frozen=True, slots=True)
class LibraryForgotten:
    """A library that never came is not expected any more."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that nobody has used yet. `mark` names it, telling nothing of it; `branch_id` is empty where it is for
    any new library of a place."""

    mark: str
    branch_id: uuid.UUID | None
    library: str
    province: str
    county: str
    issued_at: dt.datetime
    expires_at: dt.datetime
    issued_by: str


@dataclass(frozen=True, slots=True)
class Pins:
    """By what a library knows this centre: fingerprints of the keys that sign and seal, and of the certificates."""

    signing: str
    sealing: str
    certificates: tuple[str, ...]


OPEN = (
    sa.select(
        EnrolmentCode.code_hash, EnrolmentCode.branch_id, EnrolmentCode.issued_at, EnrolmentCode.expires_at,
        EnrolmentCode.issued_by, Branch.name, Branch.province, Branch.county,
    )
    .outerjoin(Branch, Branch.id == EnrolmentCode.branch_id)
    .where(EnrolmentCode.used_at.is_(None))
    .order_by(EnrolmentCode.issued_at, EnrolmentCode.code_hash)
)  # fmt: skip


def may_let_in(by: ReviewerFacts, province: str | None, county: str | None) -> bool:
    """Whether this person lets libraries of such a place in."""
    return by.active and by.role in ENROLLING and covers(by, province, county)


def enter_library(centre: Centre, by: ReviewerFacts, form: LibraryForm, act: Act) -> CodeGiven | Refused:
    """Enter a library that the centre does not know yet, with its first code."""
    with centre.write() as tx:
        in_turn(tx, "libraries")  # of two who enter one library at once the slower one sees it
        form = _tidy(tx, by, form)
        refused = tuple(_problems(tx, by, form))
        if refused or form.kind is None:
            return Refused(refused)
        facts = LibraryFacts(form.name, form.province, form.county, form.city, form.kind, form.code or None)
        branch_id = expect(tx, facts)
        given = CodeGiven(branch_id, new_code(centre, tx, branch_id, by.name))
        write_down(centre, tx, "enrolment.library_expected", act, _told(tx, branch_id))
        return given


def forget_library(
    centre: Centre, by: ReviewerFacts, branch_id: uuid.UUID, act: Act
) -> LibraryForgotten | Refused | NotFound:
    """Take back a library that was entered by mistake, with its codes; not one that has come."""
    with centre.write() as tx:
        if not _reaches(tx, by, branch_id):
            return NotFound(Sought.LIBRARY, str(branch_id))
        known = tx.connection.execute(sa.select(Device.id).where(Device.branch_id == branch_id)).first()
        if known is not None or expected(tx, branch_id) is None:
            return Refused((Refusal("library.has_come"),))
        told = _told(tx, branch_id)
        tx.connection.execute(sa.delete(EnrolmentCode).where(EnrolmentCode.branch_id == branch_id))
        forget(tx, branch_id)
        write_down(centre, tx, "enrolment.library_forgotten", act, told)
        return LibraryForgotten(told["library"])


def give_code(centre: Centre, by: ReviewerFacts, branch_id: uuid.UUID, act: Act) -> CodeGiven | NotFound:
    """A code for one more computer of a library, known or expected."""
    with centre.write() as tx:
        if not _reaches(tx, by, branch_id):
            return NotFound(Sought.LIBRARY, str(branch_id))
        given = CodeGiven(branch_id, new_code(centre, tx, branch_id, by.name))
        write_down(centre, tx, "enrolment.code_issued", act, _told(tx, branch_id))
        return given


def replace_code(centre: Centre, by: ReviewerFacts, mark: str, act: Act) -> CodeGiven | NotFound:
    """Another code in place of one that was lost or has become known: from now on the former lets nobody in."""
    with centre.write() as tx:
        found = _open_code(centre, tx, by, mark)
        if found is None or found.branch_id is None or not _withdraw(centre, tx, mark):
            return NotFound(Sought.REQUEST, mark)
        given = CodeGiven(found.branch_id, new_code(centre, tx, found.branch_id, by.name))
        write_down(centre, tx, "enrolment.code_replaced", act, _told(tx, found.branch_id))
        return given


def withdraw_code(centre: Centre, by: ReviewerFacts, mark: str, act: Act) -> CodeWithdrawn | NotFound:
    """Take a code back before it is used."""
    with centre.write() as tx:
        found = _open_code(centre, tx, by, mark)
        if found is None or not _withdraw(centre, tx, mark):
            return NotFound(Sought.REQUEST, mark)
        told = {"library": found.library, "province": found.province, "county": found.county}
        write_down(centre, tx, "enrolment.code_withdrawn", act, told)
        return CodeWithdrawn(found.library)


def open_codes(centre: Centre, reader: Reader, by: ReviewerFacts) -> list[OpenCode]:
    """The codes of a scope that may still be used, the oldest first. One for a new library of a place is seen by who
    covers the place, one for any library by who covers the country."""
    by_mark = {county_mark(*place): place for place in places(reader)}
    rows = reader.connection.execute(OPEN.where(EnrolmentCode.expires_at > centre.now()))
    found = (_code(centre, by_mark, row) for row in rows)
    return [one for one in found if may_let_in(by, one.province or None, one.county or None)]


def pins_of(centre: Centre, reader: Reader) -> Pins:
    """What a library compares before it believes the centre."""
    kept = CERTIFICATES.read(reader).encode()
    try:
        certificates = x509.load_pem_x509_certificates(kept) if kept else []
    except ValueError:
        certificates = []
    ders = (hashlib.sha256(one.public_bytes(Encoding.DER)).hexdigest().upper() for one in certificates)
    return Pins(
        fingerprint(centre.keys.public_key), fingerprint(centre.keys.sealing_key),
        tuple(" ".join(der[place : place + 4] for place in range(0, len(der), 4)) for der in ders),
    )  # fmt: skip


def _code(centre: Centre, by_mark: Mapping[uuid.UUID, tuple[str, str]], row: Any) -> OpenCode:
    when = (row.issued_at, row.expires_at, row.issued_by)
    if row.name is None or row.branch_id == centre.id:
        return OpenCode(_mark(row.code_hash), None, "", *by_mark.get(row.branch_id, ("", "")), *when)
    return OpenCode(_mark(row.code_hash), row.branch_id, row.name, row.province, row.county, *when)


def _mark(code_hash: bytes) -> str:
    return bytes(code_hash).hex()


def _open_code(centre: Centre, tx: Tx, by: ReviewerFacts, mark: str) -> OpenCode | None:
    return next((one for one in open_codes(centre, tx, by) if one.mark == mark), None)


def _withdraw(centre: Centre, tx: Tx, mark: str) -> bool:
    """It has run out, as of now: whoever comes with it is told so. False where somebody used it meanwhile."""
    withdrawn = sa.update(EnrolmentCode).where(
        EnrolmentCode.code_hash == bytes.fromhex(mark), EnrolmentCode.used_at.is_(None)
    )
    return tx.connection.execute(withdrawn.values(expires_at=centre.now())).rowcount == 1


def _reaches(reader: Reader, by: ReviewerFacts, branch_id: uuid.UUID) -> bool:
    place = sa.select(Branch.province, Branch.county).where(
        Branch.id == branch_id, Branch.deleted_at.is_(None), Branch.province != ""
    )
    found = reader.connection.execute(place).first()
    return found is not None and may_let_in(by, found.province, found.county)


def _told(reader: Reader, branch_id: uuid.UUID) -> dict[str, str]:
    return {"library": name_of(reader, branch_id)}


def _tidy(reader: Reader, by: ReviewerFacts, form: LibraryForm) -> LibraryForm:
    """As it is kept: the place of whoever may enter libraries of one place only, others in the spelling known here."""
    province, county = as_known(reader, by.province or form.province, by.county or form.county)
    city = clean(form.city, LONGEST) or county
    name, code = clean(form.name, LONGEST), clean(form.code, LONGEST_CODE)
    return replace(form, name=name, province=province, county=county, city=city, code=code)


def _problems(reader: Reader, by: ReviewerFacts, form: LibraryForm) -> Iterator[Refusal]:
    yield from required(library_name=form.name, province=form.province, county=form.county)
    if form.kind is None:
        yield invalid("library_kind", "")
    if not may_let_in(by, form.province, form.county):
        yield Refusal("library.out_of_reach")
    elif _has_namesake(reader, form):
        yield Refusal("library.known_here", facts={"value": form.name})


def _has_namesake(reader: Reader, form: LibraryForm) -> bool:
    """Whether a library of this name stands in this county already, known or expected."""
    names = sa.select(Branch.name, Branch.province, Branch.county).where(Branch.deleted_at.is_(None))
    wanted = (compact(form.name), county_mark(form.province, form.county))
    return any(
        (compact(row.name), county_mark(row.province, row.county)) == wanted for row in reader.connection.execute(names)
    )
