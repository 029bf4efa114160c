"""Two libraries with work for offices: minutes on their way and closed, packages announced, reports, binding requests;
told to a centre as the sync would."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.binding.service import add_to_request
from app.binding.service import finalise as finalise_binding
from app.catalogue.form import Creator, TitleForm
from app.centre import Centre
from app.clock import TEHRAN
from app.exchange.leaving import send_on
from app.exchange.packing import NO_LETTER, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.library import Library
from app.papers import XLSX
from app.statistics.quarterly import Letter as ReportLetter
from app.statistics.quarterly import make_report, record_answer, send_report
from app.weeding.facts import Proposal
from app.weeding.minutes.outcomes import Letter
from app.weeding.minutes.review import send
from app.weeding.service import finalise, propose
from db.codes import (
    BranchKind,
    Condition,
    CreatorRole,
    DocumentKind,
    ItemStatus,
    MinutesState,
    MinutesStepKind,
    Role,
    RulingLevel,
    WeedingReason,
)
from db.models.collection import Document, Minutes, MinutesRow, MinutesStep
from db.models.items import Item
from db.models.library import LicensedLibrary
from reports.printers import PRINTERS
from tests.app.exchange.weeded import CONTENT, DUPLICATE, a_library, weed
from tests.app.review.centres import another_library, told
from tests.app.weeding.minutes.on_the_way import UNBINDABLE
from tests.library import TODAY, ACopy, a_title, act, add_copy, add_member, change, clock, past_loans, rows

SUMMER = dt.datetime(2026, 7, 10, 9, tzinfo=TEHRAN)
BOOKS = (
    ("بوستان سعدی", "سعدی، مصلح بن عبدالله", 1372, "8فا1.31"),
    ("آموزش گام‌به‌گام ویندوز ۹۸", "جعفری، رامین", 1378, "005.43"),
    ("راهنمای دانشگاه‌های ایران", "سازمان سنجش", 1380, "378.55"),
    ("کلیدر (جلد سوم)", "دولت‌آبادی، محمود", 1363, "8فا3.62"),
    ("داستان راستان", "مطهری، مرتضی", 1368, "297.68"),
    ("زیست‌شناسی پیش‌دانشگاهی", "کرام‌الدینی، محمد", 1382, "574"),
    ("قصه‌های خوب برای بچه‌های خوب", "آذریزدی، مهدی", 1365, "8فا3"),
)


@dataclass
class Reviewed:
    """What was made: the libraries, and the ids of their papers by a short name."""

    arak: Library
    saveh: Library
    ids: dict[str, uuid.UUID]

    def tell(self, centre: Centre, heard_at: dt.datetime | None = None) -> None:
        """Let the centre know everything as it is now."""
        told(centre, self.arak, heard_at or centre.now() - dt.timedelta(hours=2))
        told(centre, self.saveh, centre.now() - dt.timedelta(days=6))


@contextmanager
def reviewed(folder: Path) -> Iterator[Reviewed]:
    """The libraries, open."""
    arak = another_library(folder / "arak", "کتابخانهٔ عمومی شهید بهشتی")
    saveh = another_library(folder / "saveh", "کتابخانهٔ عمومی سلمان ساوجی", county="ساوه")
    with arak.store, saveh.store:
        made = Reviewed(arak, saveh, {})
        for library in (arak, saveh):
            _in_summer(made, library)
        _worn(made, arak)
        _on_the_way(made, arak, CONTENT, MinutesState.AT_PROVINCE, number=20, due=TODAY - dt.timedelta(2))
        _on_the_way(made, saveh, DUPLICATE, MinutesState.AT_COUNTY, number=21, due=TODAY + dt.timedelta(2))
        _bound(made, arak)
        _offered(made)
        yield made


def license_libraries(centre: Centre) -> dict[str, uuid.UUID]:
    """The centre's list of licensed libraries."""
    ids = {}
    with centre.write() as tx:
        for key, name, county, kind in (
            ("omid", "کتابخانهٔ عمومی امید", "اراک", BranchKind.INSTITUTIONAL),
            ("mahdi", "کتابخانهٔ مشارکتی مهدیه", "اراک", BranchKind.PARTICIPATORY),
            ("saveh", "کتابخانهٔ عمومی نور ساوه", "ساوه", BranchKind.INSTITUTIONAL),
        ):
            ids[key] = tx.insert(
                LicensedLibrary, name=name, county=county, province="مرکزی", kind=kind, licence_no="۱۲/۳۴",
                founded_on=dt.date(2001, 1, 1),
            )  # fmt: skip
        tx.record("library.added", centre.act(uuid.uuid4(), Role.ADMINISTRATOR))
    return ids


def _book(place: int, suffix: str = "") -> TitleForm:
    title, creator, year, dewey = BOOKS[place]
    return a_title(
        title + suffix, year=year, dewey=dewey, creators=(Creator(creator, CreatorRole.AUTHOR),),
        publisher="نشر آزمون",
    )  # fmt: skip


def _books(library: Library) -> list[ACopy]:
    return [add_copy(library, _book(place), condition=Condition.WORN) for place in range(len(BOOKS))]


def _worn(made: Reviewed, library: Library) -> None:
    """Minutes of worn copies at the county, by the real way and with the real paper."""
    copies = _books(library)
    reader = add_member(library, given_name="گلنار", family_name="چهره‌آرا")
    for place, copy in enumerate(copies):
        if place:
            past_loans(library, reader, copy, (place * 5) % 13)
        propose(library, copy.barcode, Proposal(WeedingReason.WORN, unbindable=True), act(library), UNBINDABLE)
    outcome = finalise(library, WeedingReason.WORN, PRINTERS.minutes, act(library))
    number = getattr(outcome, "number", None)
    assert number is not None, outcome
    change(library, Item, copies[1].id, status=ItemStatus.ON_LOAN)
    made.ids["worn"] = _newest(library)
    send(library, made.ids["worn"], act(library), Letter("۱۲/۴۵", TODAY))


def _newest(library: Library) -> uuid.UUID:
    found: uuid.UUID = max(rows(library, Minutes), key=lambda one: one.id.int).id
    return found


def _on_the_way(
    made: Reviewed, library: Library, reason: WeedingReason, state: MinutesState, *, number: int, due: dt.date
) -> None:
    """Minutes put there directly."""
    copies = [add_copy(library, _book(place)) for place in range(4)]
    staff, now = act(library).staff_id, act(library).at
    with library.store.write() as tx:
        paper = tx.insert(
            Document, kind=DocumentKind.WEEDING_CONTENT, number=f"1405/{number}", media_type="application/pdf",
            file_name=f"minutes-1405-{number}.pdf", content=b"%PDF-1.4 paper",
            sha256=hashlib.sha256(b"%PDF-1.4 paper").hexdigest(), made_at=now,
        )  # fmt: skip
        minutes = tx.insert(
            Minutes, reason=reason, state=state, year=1405, number=number, opened_at=now, finalised_on=TODAY,
            sent_on=TODAY, answer_due_on=due, letter_no=f"۱۲/{number}", letter_on=TODAY, document_id=paper,
        )  # fmt: skip
        for position, copy in enumerate(copies, 1):
            tx.insert(
                MinutesRow, minutes_id=minutes, position=position, item_id=copy.id, criterion="4-2-ج",
                article="4-1-الف", author_id=staff, proposed_at=now, remark="ویرایش تازه‌تر رسیده است",
            )  # fmt: skip
        tx.insert(
            MinutesStep, minutes_id=minutes, kind=MinutesStepKind.SEND, was=MinutesState.FINALISED,
            became=MinutesState.AT_COUNTY, day=TODAY, due_on=due, letter_no=f"۱۲/{number}", letter_on=TODAY,
            staff_id=staff, at=now,
        )  # fmt: skip
        if state is MinutesState.AT_PROVINCE:
            tx.insert(
                MinutesStep, minutes_id=minutes, kind=MinutesStepKind.FORWARD, level=RulingLevel.COUNTY,
                was=MinutesState.AT_COUNTY, became=state, day=TODAY, due_on=due, letter_no="۷/۳", letter_on=TODAY,
                by="رئیس ادارهٔ اراک", staff_id=staff, at=now,
            )  # fmt: skip
        tx.record("minutes.sent", act(library))
    made.ids[str(state)] = minutes


def _in_summer(made: Reviewed, library: Library) -> None:
    """Weeding of last quarter, with the report of one of them."""
    now = clock(library).now
    clock(library).now = SUMMER
    copies = [add_copy(library, _book(place)) for place in range(2, len(BOOKS))]
    made.ids[f"closed-{library.branch.county}"] = closed = weed(library, copies, DUPLICATE)
    with library.store.write() as tx:
        given = {"number": "1405/1", "content": b"sheet", "sha256": hashlib.sha256(b"sheet").hexdigest()}
        sheet = tx.insert(
            Document, kind=DocumentKind.WEEDING_DUPLICATE, media_type=XLSX, file_name="minutes-1405-1.xlsx",
            made_at=act(library).at, **given,
        )  # fmt: skip
        tx.record("minutes.closed", act(library))
    change(library, Minutes, closed, sheet_id=sheet)
    clock(library).now = now
    if library.branch.county == "اراک":
        report: Any = make_report(library, 1405, 2, PRINTERS.report, act(library))
        made.ids["report"] = report.report.id
        send_report(library, 1405, 2, ReportLetter("۲۰/۱", TODAY), act(library))
        record_answer(library, 1405, 2, "وجین با دستورالعمل سازگار است.", TODAY, act(library))


def _bound(made: Reviewed, library: Library) -> None:
    for place in range(3):
        copy = add_copy(library, _book(place, "، چاپ گالینگور"))
        add_to_request(library, copy.barcode, act(library))
    asked: Any = finalise_binding(library, PRINTERS.binding, act(library))
    made.ids["binding"] = asked.request_id


def _offered(made: Reviewed) -> None:
    """A package at the exchange centre of the county, another at that of the province."""
    arak, saveh = made.arak, made.saveh
    for library in (arak, saveh):
        titles = [add_copy(library, _book(place, "، دورهٔ پیشین")) for place in range(5)]
        weed(library, titles, CONTENT)
        package: Any = pack(library, CONTENT, act(library))
        package_id = package.package.id
        hand(library, package_id, NO_LETTER, act(library))
        announce(library, package_id, act(library))
        made.ids[f"package-{library.branch.county}"] = package_id
        if library is saveh:
            send_on(library, package_id, NO_LETTER, act(library))
            announce(library, package_id, act(library))
    asker = a_library(arak, "کتابخانهٔ عمومی خواجه نصیر")
    request_copies(arak, made.ids["package-اراک"], Asking(asker), act(arak))
