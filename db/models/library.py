"""The library itself: branch, people at the desk, rules, calendar, settings."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import BranchKind, DayKind, Role, RuleStatus
from db.models.base import Base, PersonalId, Rial, Synced, index_live, unique_live
from db.types import Code


class Branch(Synced, Base):
    """A library; the header of every official form is read from here."""

    __tablename__ = "branch"

    name: Mapped[str]
    province: Mapped[str]
    county: Mapped[str]
    city: Mapped[str]
    grade: Mapped[str | None]
    kind: Mapped[BranchKind] = mapped_column(Code(BranchKind))
    code: Mapped[str | None]
    founded_on: Mapped[dt.date | None]
    space_shortage: Mapped[bool] = mapped_column(default=False)
    licence_no: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    barcode_prefix: Mapped[str] = mapped_column(default="RAF-")


class LicensedLibrary(Synced, Base):
    """A library that may be given books (002 م7-24). Owner: centre."""

    __tablename__ = "licensed_library"

    name: Mapped[str]
    kind: Mapped[BranchKind] = mapped_column(Code(BranchKind))
    province: Mapped[str]
    county: Mapped[str]
    licence_no: Mapped[str | None]
    founded_on: Mapped[dt.date | None]
    to_be_founded: Mapped[bool] = mapped_column(default=False)
    licensed_until: Mapped[dt.date | None]
    address: Mapped[str | None]


class Staff(Synced, Base):
    """A person who acts. The PIN names the person; it protects nothing (reliability, decision 14). `member_id` is the
    same person as a reader: nobody forgives himself a fine."""

    __tablename__ = "staff"

    name: Mapped[str]
    role: Mapped[Role] = mapped_column(Code(Role))
    pin_hash: Mapped[str | None] = mapped_column(info={"secret": True})
    card: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    member_id: Mapped[PersonalId | None]


class Permission(Synced, Base):
    """What a role may do beyond the defaults of the program, or no longer may."""

    __tablename__ = "permission"

    role: Mapped[Role] = mapped_column(Code(Role))
    action: Mapped[str]
    allowed: Mapped[bool]


class Office(Synced, Base):
    """Who signs or sits on the weeding committee (000 §4-1), from when until when. `position` is that of a signatory of
    the official forms, or a free name for a member of the committee."""

    __tablename__ = "office"

    position: Mapped[str]
    name: Mapped[str]
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]
    committee: Mapped[bool] = mapped_column(default=False)


class Training(Synced, Base):
    """That one of the staff was taught, such as binding (002 م13-1): subject, day, hours, and who held it."""

    __tablename__ = "training"
    __table_args__ = (index_live("trainings_of_staff", "staff_id"),)

    staff_id: Mapped[uuid.UUID]
    subject: Mapped[str]
    held_on: Mapped[dt.date]
    hours: Mapped[int | None]
    organiser: Mapped[str | None]
    remark: Mapped[str | None]


class Policy(Synced, Base):
    """One version of the rule set."""

    __tablename__ = "policy"
    __table_args__ = (unique_live("one_policy_version", "branch_id", "version"),)

    version: Mapped[int]
    title: Mapped[str]
    profile: Mapped[str]
    status: Mapped[RuleStatus] = mapped_column(Code(RuleStatus))
    effective_from: Mapped[dt.date]
    source: Mapped[str]
    categories: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PolicyRow(Synced, Base):
    """The parameters of one matching key of one version, with the article they come from."""

    __tablename__ = "policy_row"

    policy_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("policy.id"), index=True)
    position: Mapped[int]
    branch_key: Mapped[str] = mapped_column(default="*")
    category: Mapped[str] = mapped_column(default="*")
    item_type: Mapped[str] = mapped_column(default="*")
    parameters: Mapped[dict[str, Any]]
    name: Mapped[str]
    source: Mapped[str]
    article: Mapped[str | None]


class CalendarDay(Synced, Base):
    """A day that differs from the weekly rhythm."""

    __tablename__ = "calendar_day"
    __table_args__ = (unique_live("one_calendar_day", "branch_id", "day", "kind"),)

    day: Mapped[dt.date]
    kind: Mapped[DayKind] = mapped_column(Code(DayKind))
    name: Mapped[str]
    certain: Mapped[bool] = mapped_column(default=True)


class OpeningHours(Synced, Base):
    """One opening interval of a weekday (0 = Saturday), in minutes after midnight. A weekday without any is closed."""

    __tablename__ = "opening_hours"

    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]


class MovedDate(Synced, Base):
    """The original of a due date or hold deadline that a closure moved."""

    __tablename__ = "moved_date"

    entity: Mapped[str]
    row_id: Mapped[uuid.UUID]
    was: Mapped[dt.date]
    became: Mapped[dt.date]
    calendar_day_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("calendar_day.id"))


class Counter(Base):
    """Numbers given inside the transaction that uses them: accession, member, receipt, minutes. Never turned back."""

    __tablename__ = "counter"

    branch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger())


class Setting(Base):
    """A setting of this installation; `scope` is the branch or one machine. Not sent."""

    __tablename__ = "setting"

    scope: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON())


class Desk(Base):
    """A desk of this installation, numbered in journal entries."""

    __tablename__ = "desk"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]


class GuidelineVersion(Synced, Base):
    """One version of the weeding and binding guideline as data: thresholds, terms in days, criteria and hints, with
    source and status (002, opening note and م15). `rules` is laid out as resources/guideline/*.toml."""

    __tablename__ = "guideline_version"
    __table_args__ = (unique_live("one_guideline_version", "branch_id", "version"),)

    version: Mapped[int]
    title: Mapped[str]
    source: Mapped[str]
    status: Mapped[RuleStatus] = mapped_column(Code(RuleStatus))
    effective_from: Mapped[dt.date]
    rules: Mapped[dict[str, Any]]
    author_id: Mapped[uuid.UUID]
    at: Mapped[dt.datetime]


class CashSession(Synced, Base):
    """The cash drawer of one desk between opening and day close (rial)."""

    __tablename__ = "cash_session"

    desk: Mapped[int]
    number: Mapped[int] = mapped_column(sa.BigInteger())
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[uuid.UUID]
    opening_amount: Mapped[Rial]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[uuid.UUID | None]
    expected_amount: Mapped[Rial | None]
    counted_amount: Mapped[Rial | None]
    remark: Mapped[str | None]
