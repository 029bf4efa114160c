"""Everything the desk shows of one reader, read in one view."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.library import Library
from app.members import queries
from app.members.queries import LoanRow, MemberRow, WaitingHold
from db.reading import Reader

LIMITS = ("max_loans_all_types", "max_items_per_national_id")


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """A reader at the desk. `limit` is the ceiling of loans, None for none; `debt` of the member in rials."""

    member: MemberRow
    category: str
    limit: int | None
    loans: tuple[LoanRow, ...]
    holds: tuple[WaitingHold, ...]
    bans: tuple[tuple[str, dt.date | None], ...]
    today: dt.date

    @property
    def is_expired(self) -> bool:
        """Whether the membership is over."""
        return self.member.expires_on is not None and self.member.expires_on < self.today


def reader_card(library: Library, reader: Reader, member_id: uuid.UUID, today: dt.date) -> ReaderCard | None:
    """The card of a member; None when there is no such member (any more)."""
    member = queries.member_row(reader, member_id, today)
    if member is None:
        return None
    terms = library.terms(member.category, "*")
    limits = [limit for name in LIMITS if (limit := terms.limit(name)) is not None]
    return ReaderCard(
        member=member,
        category=library.categories.get(member.category, member.category),
        limit=min(limits, default=None),
        loans=tuple(queries.open_loans(reader, member_id)),
        holds=tuple(queries.waiting_holds(reader, member_id)),
        bans=tuple(queries.restrictions(reader, member_id, today)),
        today=today,
    )
