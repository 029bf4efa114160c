"""Wishes and the titles that answer them, as rules and screens see them."""

import datetime as dt
import uuid
from dataclasses import dataclass

from db.codes import WishState

OPEN = frozenset({WishState.ASKED, WishState.PLANNED})
"""The reader still waits: for an answer, or for the book that was promised."""


@dataclass(frozen=True, slots=True)
class WishForm:
    """A book as a reader describes it at the desk. `year` as printed: Jalali or Gregorian."""

    title: str
    creator: str | None = None
    publisher: str | None = None
    year: int | None = None
    isbn: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A title of the library that may be what a reader wishes for; `copies` are those a reader can have. `same`: as far
    as words can tell it is that very book."""

    id: uuid.UUID
    title: str
    main_creator: str | None
    publisher: str | None
    year: int | None
    isbn: str | None
    copies: int
    available: int
    same: bool = False

    @property
    def named(self) -> str:
        """«سووشون»، سیمین دانشور."""
        return f"«{self.title}»{f'، {self.main_creator}' if self.main_creator else ''}"


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish with whoever asked; nobody is named where the reader did not say who they are. `state` as stored: a newer
    version may know more of them."""

    id: uuid.UUID
    ver: int
    wish: str
    asked_on: dt.date
    state: str
    answer: str | None
    member_id: uuid.UUID | None
    member_no: str | None
    given_name: str | None
    family_name: str | None

    @property
    def name(self) -> str:
        """Who asked; "" for somebody unknown."""
        return f"{self.given_name} {self.family_name}" if self.member_no else ""

    @property
    def is_open(self) -> bool:
        """Whether the reader still waits."""
        return self.state in OPEN
