"""The one-time code by which a reader opens their own pages at the centre (000 §3-1-2: «در قسمت ورود اعضا»).

Given at the desk to whoever shows the card, kept as a hash, told once on paper. It reaches the centre with the next
sync; a new code ends the old one.
"""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa
from argon2 import PasswordHasher

from app.actions import Action
from app.library import HERE, Library
from app.members.writing import member_with, stored_number
from app.outcome import NotFound, Refused, Sought
from app.policy.categories import VISITOR
from app.refusal import Refusal
from db.act import Act
from db.codes import CardState, MemberState
from db.frozen import Frozen
from db.models.centre import MemberLogin
from db.models.members import Member, MemberCard
from db.models.sync import Peer
from db.reading import Reader

DIGITS, GROUP = 10, 5
"""Ten digits in two groups: typed on any telephone, and with slowed guessing as good as a password."""
GOOD_FOR = dt.timedelta(days=30)
PAGES = "/my"
"""Where the pages of readers begin at the centre."""
# As the passwords at the centre are kept (`app.review.passwords`): it is the centre that has to try it.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """The code, told here and kept nowhere. `number` is the card (or, without one, the member number) to be written
    beside it, `address` where the pages are, `until` the last day on which the code opens them."""

    member_id: uuid.UUID
    given_name: str
    family_name: str
    number: str
    code: str
    address: str
    until: dt.date

    @property
    def name(self) -> str:
        """Given name first."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Whose:
    """The member a code is for."""

    id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    category: str
    state: MemberState


@dataclass(frozen=True, slots=True)
class OldCode:
    """A code that was given before."""

    id: uuid.UUID
    ver: int


CodeOutcome: TypeAlias = "CodeGiven | Refused | NotFound"

WHOSE = Frozen(
    sa.select(Member.id, Member.given_name, Member.family_name, Member.member_no, Member.category, Member.state).where(
        Member.id == sa.bindparam("member"), Member.deleted_at.is_(None)
    ),
    Whose,
)
OLD_CODES = Frozen(
    sa.select(MemberLogin.id, MemberLogin.ver).where(
        MemberLogin.branch_id == HERE,
        MemberLogin.member_id == sa.bindparam("member"),
        MemberLogin.deleted_at.is_(None),
    ),
    OldCode,
)
CARDS = Frozen(
    sa.select(MemberCard.number)
    .where(
        MemberCard.member_id == sa.bindparam("member"),
        MemberCard.state == CardState.ACTIVE,
        MemberCard.deleted_at.is_(None),
    )
    .order_by(MemberCard.since.desc(), MemberCard.id.desc()),
    lambda number: number,
)
CENTRES = Frozen(sa.select(Peer.url).where(Peer.enrolled_at.is_not(None)).order_by(Peer.url), lambda url: url)


def give_web_code(library: Library, member: str, act: Act) -> CodeOutcome:
    """Give a member (card, number or national id) a code for their pages. An earlier code opens nothing any more."""
    code = new_code()
    code_hash = hash_code(code)
    with library.store.write() as tx:
        member_id = member_with(tx, member)
        whose = None if member_id is None else tx.one(WHOSE, member=member_id)
        if whose is None:
            return NotFound(Sought.MEMBER, member)
        address = pages_address(tx)
        refused = (*library.forbids(act, Action.REGISTER_MEMBER), *_refusals(whose, address))
        if refused or address is None:
            return Refused(refused)
        for old in tx.all(OLD_CODES, member=whose.id):
            tx.remove(MemberLogin, old, act)
        tx.insert(MemberLogin, member_id=whose.id, code_hash=code_hash, issued_on=act.day)
        tx.record("member.web_code", act)
        named = stored_number(member)
        cards = tx.all(CARDS, member=whose.id)
        number = named if named in cards else next(iter(cards), whose.member_no)
        return CodeGiven(whose.id, whose.given_name, whose.family_name, number, code, address, act.day + GOOD_FOR)


def pages_address(reader: Reader) -> str | None:
    """Where readers of this library find their pages; None while it is not joined to a centre."""
    url = next(iter(reader.all(CENTRES)), None)
    return None if url is None else url.rstrip("/") + PAGES


def new_code() -> str:
    """A code as it is printed: «48213-90657»."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    return f"{digits[:GROUP]}-{digits[GROUP:]}"


def plain_code(text: str) -> str:
    """A code as it is compared: its digits alone, in whatever script and with whatever between them they were typed."""
    return "".join(sign for sign in stored_number(text) if sign.isascii() and sign.isdigit())


def hash_code(code: str) -> str:
    """What is kept of a code."""
    return HASHER.hash(plain_code(code))


def _refusals(whose: Whose, address: str | None) -> tuple[Refusal, ...]:
    refused = []
    if whose.category == VISITOR:
        refused.append(Refusal("web_code.visitor"))
    if whose.state is not MemberState.ACTIVE:
        refused.append(Refusal("web_code.not_active"))
    if address is None:
        refused.append(Refusal("web_code.no_centre"))
    return tuple(refused)
