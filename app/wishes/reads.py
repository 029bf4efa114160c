"""Reading wishes, and the titles of the library that may be what is wished for."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import replace

import sqlalchemy as sa

from app.catalogue.queries import BY_ISBN
from app.library import HERE
from app.persian.text import fold
from app.wishes.facts import OPEN, HeldTitle, WishLine
from app.wishes.rules import NOT_HERE, is_same, isbns_of, title_and_creator
from db.codes import ItemStatus, WishState
from db.frozen import Frozen
from db.models.catalogue import PurchaseRequest, Title
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader
from db.search_index import find
from db.types import Id

MOST_ENDED = 500
MOST_TITLES = 6
"""So many titles are shown beside a wish."""


LINES = (
    sa.select(
        PurchaseRequest.id, PurchaseRequest.ver, PurchaseRequest.wish, PurchaseRequest.asked_on, PurchaseRequest.state,
        PurchaseRequest.answer, PurchaseRequest.member_id, Member.member_no, Member.given_name, Member.family_name,
    )
    .outerjoin(Member, sa.and_(Member.id == PurchaseRequest.member_id, Member.deleted_at.is_(None)))
    .where(PurchaseRequest.branch_id == HERE, PurchaseRequest.deleted_at.is_(None))
)  # fmt: skip
IS_OPEN = sa.or_(*(PurchaseRequest.state == state.value for state in sorted(OPEN)))
OPEN_LINES = Frozen(LINES.where(IS_OPEN).order_by(PurchaseRequest.asked_on, PurchaseRequest.id), WishLine)
ENDED_LINES = Frozen(
    LINES.where(~IS_OPEN).order_by(PurchaseRequest.asked_on.desc(), PurchaseRequest.id.desc()).limit(MOST_ENDED),
    WishLine,
)
ONE_LINE = Frozen(LINES.where(PurchaseRequest.id == sa.bindparam("wish", type_=Id())), WishLine)
# Two desks of one database meet at a wish: the one that comes second waits, and sees what the first wrote.
LOCK = Frozen(
    sa.select(PurchaseRequest.id).where(PurchaseRequest.id == sa.bindparam("wish", type_=Id())).with_for_update(),
    lambda wish_id: wish_id,
)
HERE_STILL = tuple(Item.status != status for status in sorted(NOT_HERE))
OF_TITLE = (Item.title_id == Title.id, Item.deleted_at.is_(None))
HELD_TITLE = Frozen(
    sa.select(
        Title.id, Title.title, Title.main_creator, Title.publisher, Title.year, Title.isbn,
        sa.select(sa.func.count()).where(*OF_TITLE, *HERE_STILL).scalar_subquery(),
        sa.select(sa.func.count()).where(*OF_TITLE, Item.status == ItemStatus.AVAILABLE).scalar_subquery(),
    ).where(Title.id == sa.bindparam("title", type_=Id()), Title.deleted_at.is_(None)),
    HeldTitle,
)  # fmt: skip


def wishes(reader: Reader, states: Collection[str] | None = None, text: str = "") -> list[WishLine]:
    """Those that wait for an answer first, the oldest before; then what is to be bought; then the rest, the latest
    first. Narrowed to states and to lines that hold every word of a text."""
    waiting = sorted(reader.all(OPEN_LINES), key=lambda line: line.state != WishState.ASKED)
    words = fold(text).split()
    return [
        line
        for line in (*waiting, *reader.all(ENDED_LINES))
        if (states is None or line.state in states) and _holds(line, words)
    ]


def wish_line(reader: Reader, wish_id: uuid.UUID) -> WishLine | None:
    """One wish."""
    return reader.one(ONE_LINE, wish=wish_id)


def held_title(reader: Reader, title_id: uuid.UUID) -> HeldTitle | None:
    """One title with the copies a reader can have."""
    return reader.one(HELD_TITLE, title=title_id)


def held_titles(reader: Reader, wish: str, dialect: str) -> tuple[HeldTitle, ...]:
    """The titles with copies in the house that a wish may mean, that very book first."""
    found: dict[uuid.UUID, HeldTitle] = {}
    for one in _candidates(reader, wish, dialect):
        if one.copies and (one.id not in found or one.same):
            found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: not one.same)[:MOST_TITLES])


def _candidates(reader: Reader, wish: str, dialect: str) -> Iterator[HeldTitle]:
    """By ISBN, by title and creator, by title alone: the same title of somebody else is not that book."""
    for isbn in isbns_of(wish):
        for title_id in reader.all(BY_ISBN, isbn=isbn):
            yield from _title(reader, title_id, same=True)
    title, creator = title_and_creator(wish)
    if not title:
        return
    for title_id in find(reader, fold(f"{title} {creator}"), MOST_TITLES, dialect):
        for one in _title(reader, title_id):
            yield replace(one, same=is_same(title, one.title))
    if creator:
        for title_id in find(reader, fold(title), MOST_TITLES, dialect):
            yield from _title(reader, title_id)


def _title(reader: Reader, title_id: uuid.UUID, *, same: bool = False) -> Iterator[HeldTitle]:
    one = held_title(reader, title_id)
    if one is not None:
        yield replace(one, same=same)


def _holds(line: WishLine, words: Collection[str]) -> bool:
    folded = fold(f"{line.wish} {line.name} {line.member_no or ''} {line.answer or ''}") if words else ""
    return all(word in folded for word in words)
