"""Members, their cards, contacts and restrictions."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import (
    AlertMoment,
    AlertWeight,
    CardState,
    ContactHealth,
    ContactKind,
    IncidentState,
    MemberState,
    RestrictionKind,
)
from db.models.base import (
    DERIVED,
    PERSONAL,
    Base,
    DerivedKey,
    PersonalDate,
    PersonalId,
    PersonalText,
    Synced,
    index_live,
    unique_live,
)
from db.types import Code


class Member(Synced, Base):
    """A reader. Every field that tells who it is is personal; category and dates of membership are not."""

    __tablename__ = "member"
    __table_args__ = (
        unique_live("one_member_no", "branch_id", "member_no"),
        unique_live("one_national_id", "branch_id", "national_id", where="national_id IS NOT NULL"),
        index_live("member_by_sort_key", "branch_id", "sort_key"),
        index_live("member_by_guarantor", "guarantor_id", where="guarantor_id IS NOT NULL"),
        index_live("member_by_guardian", "guardian_id", where="guardian_id IS NOT NULL"),
    )

    given_name: Mapped[PersonalText]
    family_name: Mapped[PersonalText]
    father_name: Mapped[PersonalText | None]
    national_id: Mapped[PersonalText | None]
    other_id: Mapped[PersonalText | None]
    birth_date: Mapped[PersonalDate | None]
    category: Mapped[str]
    member_no: Mapped[str]
    age_group: Mapped[str | None]
    education: Mapped[PersonalText | None]
    job: Mapped[PersonalText | None]
    mobile: Mapped[PersonalText | None]
    guardian: Mapped[PersonalText | None]
    guardian_mobile: Mapped[PersonalText | None]
    guardian_id: Mapped[PersonalId | None]
    guarantor_id: Mapped[PersonalId | None]
    scheme: Mapped[str | None]
    liaison: Mapped[PersonalText | None]
    letter_no: Mapped[str | None]
    stop_id: Mapped[uuid.UUID | None]
    photo_id: Mapped[PersonalId | None]
    documents: Mapped[dict[str, Any] | None] = mapped_column(info=PERSONAL)
    interests: Mapped[list[str]] = mapped_column(default=list, info=PERSONAL)
    note: Mapped[PersonalText | None]
    joined_on: Mapped[dt.date]
    expires_on: Mapped[dt.date | None]
    state: Mapped[MemberState] = mapped_column(Code(MemberState), default=MemberState.ACTIVE)
    keep_history: Mapped[bool] = mapped_column(default=False)
    address_unknown: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[uuid.UUID | None]
    sort_key: Mapped[DerivedKey]
    search_key: Mapped[str] = mapped_column(info=DERIVED)


class MemberCard(Synced, Base):
    """A card number, old or new: a lost card is refused at the desk and still finds its member."""

    __tablename__ = "member_card"
    __table_args__ = (unique_live("one_card_number", "branch_id", "number"), index_live("card_of_member", "member_id"))

    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"), info=PERSONAL)
    number: Mapped[PersonalText]
    state: Mapped[CardState] = mapped_column(Code(CardState), default=CardState.ACTIVE)
    since: Mapped[dt.date]


class MemberContact(Synced, Base):
    """A way to reach a member and how good it is known to be."""

    __tablename__ = "member_contact"

    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"), index=True, info=PERSONAL)
    kind: Mapped[ContactKind] = mapped_column(Code(ContactKind))
    value: Mapped[PersonalText]
    health: Mapped[ContactHealth] = mapped_column(Code(ContactHealth), default=ContactHealth.UNKNOWN)
    checked_on: Mapped[dt.date | None]


class Restriction(Synced, Base):
    """A ban: a row of its own, so that no merge can lose it. Lifted by date or by a person, never deleted."""

    __tablename__ = "restriction"
    __table_args__ = (index_live("restriction_of_member", "member_id", where="lifted_at IS NULL"),)

    member_id: Mapped[PersonalId]
    kind: Mapped[RestrictionKind] = mapped_column(Code(RestrictionKind))
    until: Mapped[dt.date | None]
    reason: Mapped[PersonalText]
    author_id: Mapped[uuid.UUID]
    laid_at: Mapped[dt.datetime]
    lifted_at: Mapped[dt.datetime | None]
    lifted_by: Mapped[uuid.UUID | None]
    loan_id: Mapped[uuid.UUID | None]


class Incident(Synced, Base):
    """A breach of rules that is referred to a committee (000 §3-1-3)."""

    __tablename__ = "incident"

    member_id: Mapped[PersonalId | None]
    item_id: Mapped[uuid.UUID | None]
    happened_on: Mapped[dt.date]
    account: Mapped[PersonalText]
    state: Mapped[IncidentState] = mapped_column(Code(IncidentState))
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    document_id: Mapped[uuid.UUID | None]


class Alert(Synced, Base):
    """A note that pops up at the desk with a reader or a copy, each with its own rule of acknowledging."""

    __tablename__ = "alert"
    __table_args__ = (
        index_live("alert_of_member", "member_id", where="member_id IS NOT NULL"),
        index_live("alert_of_item", "item_id", where="item_id IS NOT NULL"),
    )

    member_id: Mapped[PersonalId | None]
    item_id: Mapped[uuid.UUID | None]
    moment: Mapped[AlertMoment] = mapped_column(Code(AlertMoment))
    weight: Mapped[AlertWeight] = mapped_column(Code(AlertWeight))
    text: Mapped[PersonalText]
    until: Mapped[dt.date | None]
    author_id: Mapped[uuid.UUID]
    laid_at: Mapped[dt.datetime]
