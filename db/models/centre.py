"""What the centre says, and what is kept at the centre alone.

Who owns a row is told by its `branch_id`: rows of the centre bear the id of the centre. Directives, cases and standings
are addressed: their `branch_id` is the branch they are for, and only the centre writes them (`app.sync.owners`).
"""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import (
    CaseKind,
    CaseState,
    CataloguingStatus,
    DirectiveKind,
    Material,
    ReturnSeenState,
    Role,
    RulingLevel,
)
from db.models.base import (
    PERSONAL,
    Base,
    DerivedKey,
    DerivedText,
    PersonalId,
    PersonalText,
    Synced,
    index_live,
    unique_live,
)
from db.types import Code


class Directive(Synced, Base):
    """Something the centre asks a branch to do by its own use case; `branch_id` is the branch that is asked."""

    __tablename__ = "directive"

    kind: Mapped[DirectiveKind] = mapped_column(Code(DirectiveKind))
    facts: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    issued_at: Mapped[dt.datetime]
    issued_by: Mapped[str]


class DirectiveAnswer(Synced, Base):
    """What a branch did with a directive: done, or refused with the codes and words of its refusals. Owner: branch."""

    __tablename__ = "directive_answer"
    __table_args__ = (unique_live("one_directive_answer", "branch_id", "directive_id"),)

    directive_id: Mapped[uuid.UUID]
    done: Mapped[bool]
    codes: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[str | None]
    at: Mapped[dt.datetime]


class SyncCase(Synced, Base):
    """A conflict that a person decides, with both stories and the choices; `branch_id` is the branch that is told.

    `rows` are «entity:id» of what it is about; `stories` what each side says. A branch may patch what it decided
    (`decision`, `state`); the centre acts upon it.
    """

    __tablename__ = "sync_case"

    kind: Mapped[CaseKind] = mapped_column(Code(CaseKind))
    rows: Mapped[list[str]]
    stories: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    choices: Mapped[list[str]]
    state: Mapped[CaseState] = mapped_column(Code(CaseState), default=CaseState.OPEN)
    opened_at: Mapped[dt.datetime]
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[dt.datetime | None]


class MemberStanding(Synced, Base):
    """What the centre knows of a reader who borrows at several branches; `branch_id` is the branch that is told.

    `member_id` is the row of that branch; `open_elsewhere` counts loans at other branches on `as_of`. Nothing here
    tells where or what.
    """

    __tablename__ = "member_standing"
    __table_args__ = (index_live("standing_of_member", "member_id"),)

    member_id: Mapped[PersonalId]
    home: Mapped[bool]
    open_elsewhere: Mapped[int]
    debt_elsewhere: Mapped[bool] = mapped_column(default=False)
    banned_elsewhere: Mapped[bool] = mapped_column(default=False)
    as_of: Mapped[dt.datetime]


class ReturnSeen(Synced, Base):
    """A copy of another branch brought back here (sync-protocol 11). Owner: the branch that saw it."""

    __tablename__ = "return_seen"
    __table_args__ = (index_live("return_seen_by_state", "state"),)

    barcode: Mapped[str]
    library: Mapped[str | None]
    at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    state: Mapped[ReturnSeenState] = mapped_column(Code(ReturnSeenState))
    sent_home_on: Mapped[dt.date | None]
    remark: Mapped[str | None]


class MemberNumbers(Synced, Base):
    """A block of national member numbers given to a branch by the centre: `first` … `last`, both included."""

    __tablename__ = "member_numbers"

    first: Mapped[int] = mapped_column(sa.BigInteger())
    last: Mapped[int] = mapped_column(sa.BigInteger())
    issued_at: Mapped[dt.datetime]


class UnionTitle(Synced, Base):
    """A record of the union catalogue, under the id of the first title that became it. Owner: centre.

    Other branches' titles lead to it by a redirect; so does a union record that was merged into it.
    """

    __tablename__ = "union_title"
    __table_args__ = (
        index_live("union_by_match_key", "match_key"),
        index_live("union_by_isbn", "isbn"),
        index_live("union_by_sort_key", "sort_key"),
    )

    title: Mapped[str]
    subtitle: Mapped[str | None]
    statement: Mapped[str | None]
    main_creator: Mapped[str | None]
    creators: Mapped[list[str]] = mapped_column(default=list)
    subjects: Mapped[list[str]] = mapped_column(default=list)
    edition: Mapped[str | None]
    place: Mapped[str | None]
    publisher: Mapped[str | None]
    year: Mapped[int | None]
    pages: Mapped[str | None]
    series: Mapped[str | None]
    isbn: Mapped[str | None]
    nbn: Mapped[str | None]
    dewey: Mapped[str | None]
    author_mark: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="fa")
    material: Mapped[Material] = mapped_column(Code(Material))
    status: Mapped[CataloguingStatus] = mapped_column(Code(CataloguingStatus))
    marc: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    born_at: Mapped[uuid.UUID]
    sort_key: Mapped[DerivedKey]
    match_key: Mapped[DerivedText]
    search_key: Mapped[DerivedText]


class Redirect(Synced, Base):
    """One id that stands for another: a branch's title for its union record, a merged record for the one that was kept.
    Followed at reading; taken back by a tombstone. `branch_id` is the owner of `old_id`. Owner: centre."""

    __tablename__ = "redirect"
    __table_args__ = (
        unique_live("one_redirect", "branch_id", "entity", "old_id"),
        index_live("redirect_to", "new_id"),
    )

    entity: Mapped[str]
    old_id: Mapped[uuid.UUID]
    new_id: Mapped[uuid.UUID]
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str]


class MemberLogin(Synced, Base):
    """A one-time code by which a reader opens their pages at the centre: its hash, given out at the desk. Owner:
    branch."""

    __tablename__ = "member_login"
    __table_args__ = (index_live("login_of_member", "member_id"),)

    member_id: Mapped[PersonalId]
    code_hash: Mapped[PersonalText]
    issued_on: Mapped[dt.date]


# The rest is kept at the centre alone and never travels.


class Reviewer(Base):
    """Somebody who signs in at the centre: reviewer, cataloguer, administrator, auditor; for a province, for a county
    of it, or (with neither) for the whole country. `totp` is the sealed secret of the second factor."""

    __tablename__ = "reviewer"
    __table_args__ = (sa.Index("one_reviewer_name", "user_name", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(Code(Role))
    level: Mapped[RulingLevel | None] = mapped_column(Code(RulingLevel))
    province: Mapped[str | None]
    county: Mapped[str | None]
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=True)
    totp: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    totp_step: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[dt.datetime]


class MemberPassword(Base):
    """The password a reader chose for their pages."""

    __tablename__ = "member_password"

    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID]
    password_hash: Mapped[str]
    used_code: Mapped[uuid.UUID]
    chosen_at: Mapped[dt.datetime]


class WebSession(Base):
    """Somebody who is signed in, by the hash of the token their browser holds."""

    __tablename__ = "web_session"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    reviewer_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    branch_id: Mapped[uuid.UUID | None]
    csrf: Mapped[str]
    began_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    strong_at: Mapped[dt.datetime | None]


class SignIn(Base):
    """Attempts to sign in, for the audit page and for slowing down whoever guesses."""

    __tablename__ = "sign_in"
    __table_args__ = (sa.Index("sign_in_by_name", "user_name", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_name: Mapped[str]
    at: Mapped[dt.datetime]
    good: Mapped[bool]
    address: Mapped[str | None]


class EnrolmentCode(Base):
    """A code that enrols one device of one branch, once (sync-protocol 17)."""

    __tablename__ = "enrolment_code"

    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    branch_id: Mapped[uuid.UUID]
    issued_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    issued_by: Mapped[str]
    used_at: Mapped[dt.datetime | None]
    device_id: Mapped[uuid.UUID | None]


class Review(Base):
    """What an office answered to minutes, or has ticked so far (`sent_at` empty): the verdicts of its level on one
    revision, by copy. `directive_id` is the answer on its way to the branch."""

    __tablename__ = "review"
    __table_args__ = (
        sa.Index("one_review", "minutes_id", "level", unique=True),
        sa.Index("review_of_branch", "branch_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID]
    minutes_id: Mapped[uuid.UUID]
    revision: Mapped[int]
    level: Mapped[RulingLevel] = mapped_column(Code(RulingLevel))
    verdicts: Mapped[dict[str, Any]]
    remark: Mapped[str | None]
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    reviewer_id: Mapped[uuid.UUID]
    saved_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    directive_id: Mapped[uuid.UUID | None]


class MemberMatch(Base):
    """Rows of several branches that are one reader: found by the keyed hash of the national id or by the card, decided
    by a person where only one of them speaks for it."""

    __tablename__ = "member_match"

    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    found_by: Mapped[str]


class Projection(Base):
    """How far a rule that looks across branches has read a branch's rows (centre)."""

    __tablename__ = "projection"

    name: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    branch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pos: Mapped[int] = mapped_column(sa.BigInteger())
