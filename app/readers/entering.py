"""How a reader comes in to their own pages: the first time with the number of the card and the code of the desk, which
opens them once and lets the reader choose a password; later with number and password.

The number is looked for at every library: a code or password decides whose it is. A visitor's row is never signed in
to: the library at home speaks for its reader, and only its desk gives a code.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError

from app.centre import Centre
from app.members.web_code import GOOD_FOR, HASHER, plain_code
from app.members.writing import stored_number
from app.outcome import Refused
from app.policy.categories import VISITOR
from app.refusal import Refusal
from app.review.passwords import NOBODYS, hash_password, matches, password_problems
from db.codes import CardState, MemberState
from db.models.centre import MemberLogin, MemberPassword, Redirect, WebSession
from db.models.library import Branch
from db.models.members import Member, MemberCard
from db.reading import Reader
from db.writing import Tx

MOST_TRIED = 8
"""Readers of several libraries with one number whose secret is tried at once; where there are more, the reader names
the library."""
MEMBER = "member"
"""The entity of a redirect that leads from one membership to the one at home."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who has the number, and what is kept of what they may know: password, code."""

    member_id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    given_name: str
    family_name: str
    password_hash: str | None
    used_code: uuid.UUID | None
    code_id: uuid.UUID | None
    code_hash: str | None
    issued_on: dt.date | None

    @property
    def name(self) -> str:
        """Given name first."""
        return f"{self.given_name} {self.family_name}"

    def code_is_good(self, today: dt.date) -> bool:
        """Whether the code may still open the pages: not used, not older than a month."""
        if self.code_id is None or self.issued_on is None or self.code_id == self.used_code:
            return False
        return today <= self.issued_on + GOOD_FOR


@dataclass(frozen=True, slots=True)
class Come:
    """A reader who may come in."""

    member_id: uuid.UUID
    branch_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class WhichLibrary:
    """Readers of several libraries have this number: (id, name) of these."""

    choices: tuple[tuple[uuid.UUID, str], ...]


Coming: TypeAlias = "Come | WhichLibrary | Refused"

WRONG, WRONG_CODE = Refused((Refusal("reader.wrong"),)), Refused((Refusal("reader.wrong_code"),))
AT_HOME = (
    Member.deleted_at.is_(None),
    Member.state != MemberState.MERGED,
    Member.category != VISITOR,
    ~sa.exists(
        sa.select(Redirect.id).where(
            Redirect.branch_id == Member.branch_id,
            Redirect.entity == MEMBER,
            Redirect.old_id == Member.id,
            Redirect.deleted_at.is_(None),
        )
    ),
)
# Asked before anything else is: as a part of KNOWN it would lead through every reader of the country.
WITH_NUMBER = sa.union(
    sa.select(MemberCard.member_id).where(
        MemberCard.number == sa.bindparam("number"), MemberCard.state != CardState.LOST, MemberCard.deleted_at.is_(None)
    ),
    sa.select(Member.id).where(Member.member_no == sa.bindparam("number"), Member.deleted_at.is_(None)),
)
KNOWN = (
    sa.select(
        Member.id, Member.branch_id, Branch.name, Member.given_name, Member.family_name,
        MemberPassword.password_hash, MemberPassword.used_code, MemberLogin.id, MemberLogin.code_hash,
        MemberLogin.issued_on,
    )
    .join(Branch, Branch.id == Member.branch_id)
    .outerjoin(MemberPassword, MemberPassword.member_id == Member.id)
    .outerjoin(
        MemberLogin,
        sa.and_(
            MemberLogin.member_id == Member.id,
            MemberLogin.branch_id == Member.branch_id,
            MemberLogin.deleted_at.is_(None),
        ),
    )
    .where(sa.or_(MemberPassword.member_id.is_not(None), MemberLogin.id.is_not(None)), *AT_HOME)
    .order_by(Branch.name, Member.id)
)  # fmt: skip
ONE = KNOWN.where(Member.id == sa.bindparam("member"))


def come_in(centre: Centre, number: str, password: str, library: uuid.UUID | None = None) -> Coming:
    """Come in with the password. Whoever calls it slows down guessing (`app.review.guessing`)."""
    with centre.store.read() as reader:
        found = [one for one in _candidates(reader, number, library) if one.password_hash is not None]
    return _decide(found, lambda one: matches(one.password_hash, password), WRONG)


def open_pages(centre: Centre, number: str, code: str, password: str, library: uuid.UUID | None = None) -> Coming:
    """Use up the code and keep the password that was chosen. Nothing is used up where the password does not do."""
    today = centre.clock.read().day
    with centre.store.read() as reader:
        found = [one for one in _candidates(reader, number, library) if one.code_is_good(today)]
    come = _decide(found, lambda one: code_matches(one.code_hash, code), WRONG_CODE)
    if not isinstance(come, Come):
        return come
    chosen = next(one for one in found if one.member_id == come.member_id)
    problems = tuple(password_problems(password, stored_number(number), chosen.name))
    if problems:
        return Refused(problems)
    password_hash = hash_password(password)
    with centre.write() as tx:
        # The row of the code is held, so that of two tries at once the slower one finds it used.
        tx.connection.execute(sa.select(MemberLogin.id).where(MemberLogin.id == chosen.code_id).with_for_update())
        now = _one(tx, come.member_id)
        if now is None or now.code_id != chosen.code_id or not now.code_is_good(today):
            return WRONG_CODE
        _keep(tx, now, password_hash, centre.now())
    return come


def choose_password(centre: Centre, member_id: uuid.UUID, old: str, new: str) -> Come | Refused:
    """Change one's own password; everywhere one is signed out."""
    with centre.store.read() as reader:
        kept = _one(reader, member_id)
    if kept is None or not matches(kept.password_hash, old):
        return Refused((Refusal("password.wrong"),))
    problems = tuple(password_problems(new, "", kept.name))
    if old == new:
        problems = (*problems, Refusal("password.same"))
    if problems:
        return Refused(problems)
    password_hash = hash_password(new)
    with centre.write() as tx:
        _keep(tx, kept, password_hash, centre.now())
    return Come(kept.member_id, kept.branch_id)


def sign_out_everywhere(tx: Tx, member_id: uuid.UUID) -> None:
    """No browser is signed in as this reader any more."""
    tx.connection.execute(sa.delete(WebSession).where(WebSession.member_id == member_id))


def code_matches(code_hash: str | None, code: str) -> bool:
    """Whether it is the code, however its digits were typed; as slow where there is none."""
    try:
        right = HASHER.verify(code_hash or NOBODYS, plain_code(code))
    except (VerificationError, InvalidHashError):
        return False
    return right and code_hash is not None


def _decide(found: Sequence[Candidate], knows: Callable[[Candidate], bool], wrong: Refused) -> Coming:
    if len(found) > MOST_TRIED:
        return _which(found)
    right = [one for one in found if knows(one)]
    if not found:
        matches(None, "")  # the answer takes as long where nobody has the number
    if len(right) > 1:
        return _which(right)
    return Come(right[0].member_id, right[0].branch_id) if right else wrong


def _which(found: Sequence[Candidate]) -> WhichLibrary:
    return WhichLibrary(tuple((one.branch_id, one.library) for one in found))


def _candidates(reader: Reader, number: str, library: uuid.UUID | None) -> list[Candidate]:
    wanted = stored_number(number)
    if not wanted:
        return []
    bearers = list(reader.connection.execute(WITH_NUMBER, {"number": wanted}).scalars())
    query = KNOWN.where(Member.id.in_(bearers))
    if library is not None:
        query = query.where(Member.branch_id == library)
    return [Candidate(*tuple(row)) for row in reader.connection.execute(query)]


def _one(reader: Reader, member_id: uuid.UUID) -> Candidate | None:
    row: Any = reader.connection.execute(ONE, {"member": member_id}).first()
    return None if row is None else Candidate(*row)


def _keep(tx: Tx, whose: Candidate, password_hash: str, now: dt.datetime) -> None:
    """Keep a password and the code it was chosen with; whoever was signed in before is so no more."""
    values: dict[str, Any] = {
        "password_hash": password_hash, "used_code": whose.code_id or whose.used_code, "chosen_at": now,
    }  # fmt: skip
    if whose.password_hash is None:
        known = {"member_id": whose.member_id, "branch_id": whose.branch_id}
        tx.connection.execute(sa.insert(MemberPassword).values(**known, **values))
    else:
        own = sa.update(MemberPassword).where(MemberPassword.member_id == whose.member_id)
        tx.connection.execute(own.values(**values))
    sign_out_everywhere(tx, whose.member_id)
