"""One reader, several descriptions (sync-protocol 11): ways to reach them are a set and are joined; name, birth date
and national id stay as the library at home has them, and what another one says is put before it."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.conflicts.people import PersonRow
from app.conflicts.writing import Round, named
from app.directives.facts import Contact, ContactFacts
from app.directives.readers import same_contact
from app.persian.text import compact
from db.codes import CaseKind, ContactHealth, ContactKind, DirectiveKind
from db.models.members import Member, MemberContact
from db.writing import Tx

NAMES = ("given_name", "family_name")
DIFFERING = (*NAMES, "birth_date", "national_id")
HIDDEN = frozenset({"national_id"})
"""Only that it is another one is told: the value is encrypted at the centre, and nobody there needs it."""


def contacts_changed(tx: Tx, branch_id: Any, after: int, until: int) -> set[Any]:
    """Readers of a branch whose contacts came in between two positions."""
    query = sa.select(MemberContact.member_id).where(
        MemberContact.branch_id == branch_id, MemberContact.bpos > after, MemberContact.bpos <= until
    )
    return set(tx.connection.execute(query.distinct()).scalars())


def compare(round_: Round, rows: Sequence[PersonRow]) -> None:
    """Put what visited branches say before the library at home. Where two libraries are at home it is not known whose
    word counts."""
    homes = [row for row in rows if row.home]
    if len({row.branch_id for row in homes}) != 1:
        return
    home = homes[0]
    for other in rows:
        if other.branch_id != home.branch_id:
            _join_contacts(round_, home, other)
            _tell_differences(round_, home, other)


def _join_contacts(round_: Round, home: PersonRow, other: PersonRow) -> None:
    known = {same_contact(contact.value) for contact in _contacts(round_, home)}
    new = {same_contact(contact.value): contact for contact in _contacts(round_, other)}
    wanted = tuple(new[value] for value in sorted(new.keys() - known - {""}))
    if wanted:
        mark = hashlib.blake2b("\n".join(contact.value for contact in wanted).encode(), digest_size=8).hexdigest()
        facts = ContactFacts(home.id, wanted, other.branch)
        round_.ask(other.id, home.branch_id, DirectiveKind.MEMBER_CONTACT, facts, mark)


def _contacts(round_: Round, row: PersonRow) -> Iterator[Contact]:
    if row.mobile:
        yield Contact(row.mobile)
    for contact in round_.rows(MemberContact, MemberContact.member_id == row.id):
        if contact.health is not ContactHealth.BAD:
            yield Contact(contact.value, None if contact.kind is ContactKind.MOBILE else contact.kind)


def _tell_differences(round_: Round, home: PersonRow, other: PersonRow) -> None:
    about = [named(Member, home.id), named(Member, other.id)]
    fields = list(_differing(home, other))
    if not fields:
        round_.close_case(CaseKind.MEMBER_DIFFERS, home.branch_id, about)
        return
    stories = {
        "fields": fields,
        "ours": _told(home, fields),
        "theirs": _told(other, fields),
        "library": other.branch,
    }
    round_.open_case(CaseKind.MEMBER_DIFFERS, home.branch_id, about, stories)


def _differing(home: PersonRow, other: PersonRow) -> Iterator[str]:
    """Fields that both sides have and that say another thing; names as a reader would compare them. At a visited desk
    the name may have been written as one."""
    if compact(home.name) != compact(other.name):
        yield from (name for name in NAMES if compact(getattr(home, name)) != compact(getattr(other, name)))
    for name in ("birth_date", "national_id"):
        ours, theirs = getattr(home, name), getattr(other, name)
        if ours is not None and theirs is not None and ours != theirs:
            yield name


def _told(row: PersonRow, fields: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in fields if name not in HIDDEN}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def tell_twice(round_: Round, rows: Sequence[PersonRow]) -> None:
    """Full members of two libraries with one national id: both stay, the province says which of them is at home."""
    homes = sorted((row for row in rows if row.home), key=lambda row: row.id)
    branches = {row.branch_id for row in homes}
    for first, second in pairwise(homes):
        about = [named(Member, first.id), named(Member, second.id)]
        if len(branches) > 1 and first.branch_id != second.branch_id:
            stories = {"libraries": [first.branch, second.branch], "numbers": [first.member_no, second.member_no]}
            round_.open_case(CaseKind.MEMBER_TWICE, round_.centre.id, about, stories)
