"""Weeded copies for tests: closed minutes with their rulings put there directly, and libraries to give them to."""

import datetime as dt
import hashlib
import uuid
from typing import Any

import sqlalchemy as sa

from app.catalogue.form import Creator, TitleForm
from app.exchange.paper import DeliveryPaper, RecyclingPaper
from app.exchange.reads import WEEDED_AS
from app.library import Library
from app.papers import Printed
from db.codes import BranchKind, CreatorRole, DocumentKind, Material, MinutesState, RulingLevel, Verdict, WeedingReason
from db.models.collection import Document, Minutes, MinutesRow, RulingRow
from db.models.items import Item
from db.models.library import LicensedLibrary
from tests.library import ACopy, act, add_copy, row

CONTENT, WORN, DUPLICATE, NO_AUDIENCE = (
    WeedingReason.CONTENT,
    WeedingReason.WORN,
    WeedingReason.DUPLICATE,
    WeedingReason.NO_AUDIENCE,
)
YEAR = 1405


def weed(
    library: Library,
    copies: list[ACopy],
    reason: WeedingReason = CONTENT,
    *,
    state: MinutesState = MinutesState.CLOSED,
    verdict: Verdict = Verdict.APPROVE,
) -> uuid.UUID:
    """Minutes ruled and closed as the weeding would: the ruled edition superseded, the final one with its rows
    executed."""
    with library.store.write() as tx:
        number = tx.next_number(f"minutes-{YEAR}")
        paper = tx.insert(
            Document, kind=DocumentKind.WEEDING_CONTENT, number=f"{YEAR}/{number}", media_type="application/pdf",
            file_name=f"{number}.pdf", content=b"minutes", sha256=hashlib.sha256(b"minutes").hexdigest(),
            made_at=act(library).at,
        )  # fmt: skip
        common: dict[str, Any] = {
            "reason": reason, "year": YEAR, "number": number, "opened_at": act(library).at,
            "finalised_on": act(library).day, "document_id": paper,
        }  # fmt: skip
        ruled = tx.insert(Minutes, state=MinutesState.SUPERSEDED, **common)
        final = tx.insert(Minutes, state=state, revision=2, previous_id=ruled, **common)
        for position, copy in enumerate(copies, 1):
            tx.make_room("minutes.closed", act(library), 4)
            given: dict[str, Any] = {
                "position": position, "item_id": copy.id, "criterion": reason.value, "article": "4-1",
                "author_id": act(library).staff_id, "proposed_at": act(library).at,
            }  # fmt: skip
            ruled_row = tx.insert(MinutesRow, minutes_id=ruled, **given)
            tx.insert(
                RulingRow, minutes_id=ruled, minutes_row_id=ruled_row, minutes_revision=1, level=RulingLevel.PROVINCE,
                verdict=verdict, ruled_at=act(library).at, ruled_by="کارشناس منابع",
            )  # fmt: skip
            done = state is MinutesState.CLOSED
            tx.insert(MinutesRow, minutes_id=final, executed_on=act(library).day if done else None, **given)
            if done:
                item = tx.connection.execute(sa.select(Item.id, Item.ver, Item.status).where(Item.id == copy.id)).one()
                tx.update(Item, item, status=WEEDED_AS[reason])
        tx.record("minutes.closed", act(library))
    return final


def weeded(library: Library, number: int, reason: WeedingReason = CONTENT, **minutes: Any) -> list[ACopy]:
    """So many new copies of one title, weeded."""
    title = TitleForm(
        title="آموزش رایانه", material=Material.BOOK, creators=(Creator("رضایی، علی", CreatorRole.AUTHOR),), year=1385
    )
    copies = [add_copy(library, title)]
    copies += [add_copy(library, copies[0].title_id) for _ in range(number - 1)]
    weed(library, copies, reason, **minutes)
    return copies


def a_library(
    library: Library, name: str = "کتابخانه عمومی امام علی", kind: BranchKind = BranchKind.INSTITUTIONAL, **fields: Any
) -> uuid.UUID:
    """A licensed library of the same county."""
    given = {"province": "مرکزی", "county": "اراک", "licence_no": "۱۲۳", "founded_on": dt.date(2000, 1, 1)} | fields
    with library.store.write() as tx:
        library_id = tx.insert(LicensedLibrary, name=name, kind=kind, **given)
        tx.record("library.added", act(library))
    return library_id


def status(library: Library, copy: ACopy) -> str:
    return str(row(library, Item, copy.id).status)


def plain_delivery(paper: DeliveryPaper) -> Printed:
    """A delivery without typesetting: the same facts, the same bytes."""
    return _plain(paper)


def plain_recycling(paper: RecyclingPaper) -> Printed:
    return _plain(paper)


def _plain(paper: DeliveryPaper | RecyclingPaper) -> Printed:
    said = f"{paper.number} {len(paper.rows)}".encode()
    return Printed(said, said + b" sheet", 1)
