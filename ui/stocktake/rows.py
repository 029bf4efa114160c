"""The lists of shelf-reading: sessions, classes, scans, and what closing would change."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.clock import day_of
from app.labels import CONDITION, ITEM_STATUS, STOCKTAKE_SPARED, STOCKTAKE_STATE
from app.persian import jalali
from app.persian.digits import number, percent, to_persian
from app.statistics.classes import class_words
from app.stocktake.facts import ShelfCopy
from app.stocktake.queries import ClassReading, ScanLine, SessionLine
from app.stocktake.reckoning import ReadCopy, Reckoning, StrangeCode
from app.stocktake.rules import may_be_chosen
from db.codes import ItemStatus, StocktakeState
from reports.stocktake import range_words, recorded_words, stranger_words
from ui.stocktake.words import FINDING, between_places, holder_words, titled
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr
from ui.widgets.table import Align, Column, RowTable

MOST_CODES = 12
STATE_TONE = {
    StocktakeState.OPEN: Tone.INFO,
    StocktakeState.CLOSED: Tone.OK,
    StocktakeState.ABANDONED: Tone.NEUTRAL,
}


def session_table() -> RowTable[SessionLine]:
    """Every session, the newest first."""
    return RowTable(
        (
            Column(
                "رف‌خوانی",
                lambda line: line.session.name,
                sub=lambda line: range_words(line.session),
                stretch=1,
                strong=True,
            ),
            Column(
                "آغاز",
                lambda line: jalali.short(line.session.opened_on),
                width=100,
                number=True,
                sort_key=lambda line: line.session.opened_at,
                spare=1,
            ),
            Column(
                "دیده شد",
                lambda line: f"{number(line.seen)} از {number(line.expected)}",
                sub=lambda line: percent(line.seen, line.expected),
                width=130,
                number=True,
                sort_key=lambda line: line.seen,
            ),
            Column(
                "وضعیت",
                lambda line: STOCKTAKE_STATE[line.session.state],
                sub=_closed,
                width=110,
                pill=True,
                tone=lambda line: STATE_TONE[line.session.state],
            ),
        ),
        key=lambda line: line.session.id,
        faded=lambda line: line.session.state is StocktakeState.ABANDONED,
    )


def _closed(line: SessionLine) -> str:
    return jalali.short(day_of(line.session.closed_at)) if line.session.closed_at else ""


def class_table(today: dt.date) -> RowTable[ClassReading]:
    """When each class of the general stacks was read last (000 §3-1-3)."""
    return RowTable(
        (
            Column("رده", lambda one: class_words(one.main_class), stretch=1, sort_key=lambda one: one.main_class),
            Column(
                "آخرین رف‌خوانی",
                _read_on,
                width=130,
                number=True,
                sort_key=lambda one: one.read_on or dt.date.min,
            ),
            Column(
                "نوبت بعد",
                lambda one: _turn(one, today)[0],
                width=120,
                pill=True,
                tone=lambda one: _turn(one, today)[1],
                sort_key=lambda one: one.due_on or dt.date.min,
            ),
        ),
        key=lambda one: one.main_class,
    )


def _read_on(one: ClassReading) -> str:
    if one.read_on is None:
        return "—"
    return jalali.short(one.read_on) + ("" if one.whole else " (بخشی)")


def _turn(one: ClassReading, today: dt.date) -> tuple[str, Tone]:
    if one.due_on is None:
        return "خوانده نشده", Tone.NEUTRAL
    if one.due_on <= today:
        return "نوبت رسیده", Tone.WARN
    return jalali.short(one.due_on), Tone.OK


def scan_table() -> RowTable[ScanLine]:
    """The scans of a session, the last one on top."""
    return RowTable(
        (
            Column("کتاب", _what, sub=_where, stretch=3, strong=True),
            Column("شمارهٔ راهنما", lambda line: ltr((line.copy and line.copy.call_number) or ""), width=150, spare=2),
            Column("ظاهر", _condition, width=96, spare=1),
            Column("بارکدخوان", lambda line: number(line.scan.scanner), width=90, number=True, spare=3),
            Column(
                "یافته",
                lambda line: FINDING[line.scan.finding][0],
                width=176,
                pill=True,
                tone=lambda line: FINDING[line.scan.finding][1],
            ),
        ),
        key=lambda line: line.scan.id,
        also=lambda line: line.scan.code,
    )


def _what(line: ScanLine) -> str:
    return titled(line.copy) if line.copy else ltr(line.scan.code)


def _where(line: ScanLine) -> str:
    if line.belongs is not None:
        return between_places(line.belongs)
    return (line.copy.main_creator or "") if line.copy else "کد نگه داشته شد"


def _condition(line: ScanLine) -> str:
    return CONDITION[line.scan.condition] if line.scan.condition else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what closing does: a copy, what was found, what becomes of it, what else is known. `ticked` None:
    there is no choice."""

    copy: ShelfCopy
    found: str
    tone: Tone
    becomes: str
    ticked: bool | None = None
    known: str = ""


TICKS = {True: "square-check", False: "square", None: ""}


def _tick_words(change: Change) -> str:
    """As it is copied and exported."""
    return "" if change.ticked is None else "بله" if change.ticked else "خیر"


def change_table() -> RowTable[Change]:
    """Everything that closing would change, and what it leaves alone."""
    return RowTable(
        (
            Column(
                "",
                _tick_words,
                icon=lambda change: TICKS[change.ticked],
                align=Align.MIDDLE,
                width=44,
                sort_key=_tick_words,
            ),
            Column(
                "کتاب",
                lambda change: titled(change.copy),
                sub=lambda change: change.copy.main_creator or "",
                stretch=2,
                strong=True,
            ),
            Column(
                "شماره ثبت",
                lambda change: number(change.copy.accession_no, grouped=False),
                width=92,
                number=True,
                sort_key=lambda change: change.copy.accession_no,
                spare=1,
            ),
            Column(
                "شمارهٔ راهنما",
                lambda change: ltr(change.copy.call_number or ""),
                width=150,
                sort_key=lambda change: change.copy.place,
                spare=2,
            ),
            Column("یافته", lambda change: change.found, width=150, pill=True, tone=lambda change: change.tone),
            Column("چه می‌شود", lambda change: change.becomes, sub=lambda change: change.known, stretch=2),
        ),
        key=lambda change: (change.copy.id, change.found),
        also=lambda change: change.copy.barcode,
        faded=lambda change: change.tone is Tone.NEUTRAL,
    )


def changes_of(reckoning: Reckoning, chosen: Collection[uuid.UUID]) -> Iterator[Change]:
    """The lines, those that ask for a choice first."""
    yield from choices_of(reckoning, chosen)
    for copy in reckoning.missing:
        yield Change(copy, "دیده نشد", Tone.REFUSE, "مفقود می‌شود")
    for read in reckoning.found:
        if not may_be_chosen(read.copy):
            yield Change(read.copy, "پیدا شد", Tone.INFO, f"{ITEM_STATUS[read.copy.status]} بود؛ موجود می‌شود")
    for read in reckoning.noted:
        yield Change(read.copy, CONDITION[read.condition], Tone.WARN, _looks(read))
    for read in (*reckoning.misplaced, *reckoning.elsewhere):
        yield Change(
            read.copy, FINDING[read.scan.finding][0], Tone.WARN, f"{between_places(read.belongs)}؛ به جایش ببرید"
        )
    for read in reckoning.to_label:
        yield Change(read.copy, "با شمارهٔ ثبت خوانده شد", Tone.WARN, "برچسبش خوانده نمی‌شود؛ برچسب تازه بزنید")
    for read in reckoning.changed:
        yield Change(read.copy, "در این میان تغییر کرد", Tone.NEUTRAL, f"{ITEM_STATUS[read.copy.status]} می‌ماند")
    for copy, why in reckoning.spared:
        yield Change(copy, "دیده نشد", Tone.NEUTRAL, f"مفقود نمی‌شود: {STOCKTAKE_SPARED[why]}")


def choices_of(reckoning: Reckoning, chosen: Collection[uuid.UUID]) -> Iterator[Change]:
    """The lines that ask for a choice."""
    return (_choice(read, read.copy.id in chosen) for read in reckoning.by_choice)


def _choice(read: ReadCopy, ticked: bool) -> Change:
    found, tone, _ = FINDING[read.scan.finding]
    was = recorded_words(read.copy)
    becomes = f"{was} است؛ موجود می‌شود" if ticked else f"{was} می‌ماند؛ برای موجود شدن تیک بزنید"
    if read.copy.status is ItemStatus.ON_LOAN:
        becomes = "بازگشتش ثبت می‌شود، بی‌جریمه" if ticked else "برای ثبت بازگشت تیک بزنید"
    return Change(read.copy, found, tone, becomes, ticked, holder_words(read.holder) if read.holder else "")


def _looks(read: ReadCopy) -> str:
    if read.copy.condition is read.condition:
        return "همین ثبت شده است"
    return f"وضعیت ظاهری «{CONDITION[read.condition]}» می‌شود"


def code_words(codes: Collection[StrangeCode]) -> str:
    """Codes that no copy here carries, as one line; of many the first ones and how many more."""
    first = tuple(codes)[:MOST_CODES]
    rest = [f"و {number(len(codes) - len(first))} کد دیگر"] if len(codes) > len(first) else []
    return "، ".join([*(_code(one) for one in first), *rest])


def _code(one: StrangeCode) -> str:
    what = stranger_words(one.stranger)
    return ltr(isolate(to_persian(one.scan.code))) + (f" ({what})" if what else "")
