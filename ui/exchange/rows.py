"""The lists of exchange: packages, their requests and handovers, copies ready to be packed, licensed libraries."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.clock import day_of
from app.exchange.proposing import Share
from app.exchange.queries import Group, Handover, Standing
from app.exchange.reads import KIND_AT, Requested, WeededCopy
from app.exchange.rules import LibraryFacts, licence_refusals
from app.labels import BRANCH_KIND, EXCHANGE_RANK, EXCHANGE_REQUEST_STATE, HANDOVER
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wording import why
from db.codes import DisposalKind, DisposalState, ExchangeLevel, ExchangeRequestState
from ui.circulation.rows import titled
from ui.exchange import words
from ui.theme import Tone
from ui.widgets.table import Column, RowTable

REQUEST_TONE = {
    ExchangeRequestState.WAITING: Tone.WARN,
    ExchangeRequestState.GRANTED: Tone.OK,
    ExchangeRequestState.DECLINED: Tone.NEUTRAL,
    ExchangeRequestState.WITHDRAWN: Tone.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A request at its place in the order, or a handover: what happened to a package and what waits."""

    key: uuid.UUID
    place: str
    who: str
    sub: str
    copies: int
    day: dt.date | None
    state: str
    tone: Tone
    request: Requested | None = None
    handover: Handover | None = None

    @property
    def is_aside(self) -> bool:
        """Whether it is put aside for a library and not yet delivered."""
        return self.handover is not None and self.handover.package.state is DisposalState.PACKED

    @property
    def received_at(self) -> ExchangeLevel | None:
        """The centre whose receipt for this handover has not been noted; None where it has, or none is given."""
        package = self.handover.package if self.handover is not None else None
        if package is None or package.receipt_no:
            return None
        return next((level for level, kind in KIND_AT.items() if kind is package.kind), None)

    @property
    def has_paper(self) -> bool:
        """Whether it has frozen minutes."""
        return self.handover is not None and self.handover.package.document_id is not None


def request_lines(shares: Sequence[Share]) -> list[Line]:
    """Requests that wait, in the order in which they are served, with the reason of their place (002 م7-16، م7-17)."""
    return [_share(share) for share in shares]


def _share(share: Share) -> Line:
    request, library = share.request, share.request.wish.library
    reason = EXCHANGE_RANK[share.rank.name.lower()]
    if share.refusals:
        state, tone = "بی‌مجوز (م ۷-۲۴)", Tone.REFUSE
        reason = " ".join(why(refusal) for refusal in share.refusals)
    elif not request.has_space:
        state, tone = "بی‌فضا (م ۷-۱۷)", Tone.NEUTRAL
    elif share.copies:
        state, tone = f"{number(len(share.copies))} نسخه می‌گیرد", Tone.OK
    else:
        state, tone = "نسخه‌ای نمی‌ماند", Tone.NEUTRAL
    wanted = len(request.wish.items)
    sub = f"{reason} · {f'{number(wanted)} نسخه خواسته' if wanted else 'همهٔ بسته'}"
    asked = day_of(request.wish.asked_at)
    return Line(request.id, number(share.place), library.name, sub, len(share.copies), asked, state, tone, request)


def ended_lines(requests: Sequence[Requested]) -> list[Line]:
    """Requests that got nothing."""
    return [
        Line(
            one.id, "", one.wish.library.name, one.remark or "", 0, day_of(one.wish.asked_at),
            EXCHANGE_REQUEST_STATE[one.state], REQUEST_TONE[one.state], one,
        )
        for one in requests
        if one.state in (ExchangeRequestState.DECLINED, ExchangeRequestState.WITHDRAWN)
    ]  # fmt: skip


def handover_lines(handovers: Sequence[Handover]) -> list[Line]:
    """What was put aside and what has gone, the latest first."""
    return [_handover(one) for one in reversed(handovers)]


def _handover(one: Handover) -> Line:
    package = one.package
    if package.state is DisposalState.PACKED:
        state, tone = "کنار گذاشته شد", Tone.WARN
    elif package.state is DisposalState.CANCELLED:
        state, tone = "پس گرفته شد", Tone.NEUTRAL
    elif package.number:
        state, tone = f"صورتجلسهٔ {words.numbered(package)}", Tone.OK
    else:
        state, tone = "انجام شد", Tone.OK
    to_library = package.kind is DisposalKind.EXCHANGE
    who = one.destination.name if one.destination else HANDOVER[package.kind]
    day = package.handed_on or package.packed_on
    papers = words.papers_words(package)
    told = (HANDOVER[package.kind] if to_library else "", papers, "" if to_library else package.remark)
    sub = " · ".join(one for one in told if one)
    return Line(package.id, "", who, sub, one.copies, day, state, tone, None, one)


def package_table(today: Callable[[], dt.date]) -> RowTable[Standing]:
    """Packages with their stage and clock."""
    return RowTable(
        (
            Column(
                "بسته", lambda one: words.package_words(one.package), stretch=2, strong=True,
                sub=lambda one: f"بسته‌بندی {jalali.day_month_year(one.package.packed_on)}",
            ),
            Column("جا", lambda one: words.stage_words(one.package), stretch=2, spare=2),
            Column(
                "نسخه", lambda one: number(one.copies), width=64, number=True, spare=3, sort_key=lambda one: one.copies
            ),
            Column("مانده", lambda one: number(one.left), width=64, number=True, sort_key=lambda one: one.left),
            Column(
                "مهلت", lambda one: words.clock_words(one, today())[0], width=176, pill=True,
                tone=lambda one: words.clock_words(one, today())[1],
                sort_key=lambda one: one.store_from or one.closes_on or dt.date.max,
            ),
        ),
        key=lambda one: one.package.id,
        faded=lambda one: not one.steps,
    )  # fmt: skip


def line_table() -> RowTable[Line]:
    """Requests in their order, what is put aside, what has gone."""
    return RowTable(
        (
            Column("نوبت", lambda line: line.place, width=52, number=True, sort_key=lambda line: line.place),
            Column("کتابخانه یا مقصد", lambda line: line.who, sub=lambda line: line.sub, stretch=1, strong=True),
            Column(
                "نسخه", lambda line: number(line.copies), width=60, number=True, spare=2,
                sort_key=lambda line: line.copies,
            ),
            Column(
                "روز", lambda line: jalali.day_month(line.day) if line.day else "", width=84, spare=1,
                sort_key=lambda line: line.day or dt.date.max,
            ),
            Column("وضعیت", lambda line: line.state, width=170, pill=True, tone=lambda line: line.tone),
        ),
        key=lambda line: line.key,
    )  # fmt: skip


def group_table() -> RowTable[Group]:
    """The groups that can be packed."""
    return RowTable(
        (
            Column("گروه", words.group_words, stretch=1, strong=True, sub=_goes_to),
            Column(
                "نسخه", lambda one: number(len(one.copies)), width=70, number=True,
                sort_key=lambda one: len(one.copies),
            ),
        ),
        key=lambda one: (one.reason, one.way),
    )  # fmt: skip


def _goes_to(group: Group) -> str:
    return "به بازیافت (م ۷-۲۳)" if group.way.value == "recycling" else "به کتابخانه‌های دیگر (م ۷-۱۶)"


def ready_table() -> RowTable[WeededCopy]:
    """The weeded copies of a group."""
    return RowTable(
        (
            Column(
                "عنوان", lambda copy: titled(copy.title, copy.volume_no), sub=lambda copy: copy.main_creator or "",
                stretch=1, strong=True,
            ),
            Column(
                "شماره ثبت", lambda copy: number(copy.accession_no, grouped=False), width=96, number=True,
                sort_key=lambda copy: copy.accession_no,
            ),
            Column(
                "صورتجلسه", lambda copy: to_persian(f"{copy.minutes_year}/{copy.minutes_number}"), width=96, spare=1,
                number=True, sort_key=lambda copy: (copy.minutes_year, copy.minutes_number),
            ),
            Column(
                "وجین شد", lambda copy: jalali.short(copy.executed_on), width=104, number=True,
                sort_key=lambda copy: copy.executed_on,
            ),
        ),
        key=lambda copy: copy.minutes_row_id,
        also=lambda copy: copy.barcode,
    )  # fmt: skip


def library_table(today: Callable[[], dt.date]) -> RowTable[LibraryFacts]:
    """Licensed libraries; one whose licence is missing or over is shown so."""
    return RowTable(
        (
            Column(
                "کتابخانه", lambda one: one.name, stretch=1, strong=True,
                sub=lambda one: f"{one.province}، {one.county}",
            ),
            Column("نوع", lambda one: BRANCH_KIND[one.kind], width=96, spare=3),
            Column("شمارهٔ مجوز", lambda one: to_persian(one.licence_no or "—"), width=110, spare=2),
            Column(
                "تأسیس", _founded, width=126, spare=1,
                sort_key=lambda one: one.founded_on or dt.date.min,
            ),
            Column(
                "مجوز", lambda one: licence_words(one, today())[0], width=150, pill=True,
                tone=lambda one: licence_words(one, today())[1],
            ),
        ),
        key=lambda one: one.id,
        also=lambda one: one.licence_no or "",
    )  # fmt: skip


def _founded(library: LibraryFacts) -> str:
    if library.to_be_founded:
        return "در شرف تأسیس"
    return jalali.short(library.founded_on) if library.founded_on else "—"


def licence_words(library: LibraryFacts, today: dt.date) -> tuple[str, Tone]:
    """Whether books may be given to a library today (002 م7-24)."""
    codes = {refusal.code for refusal in licence_refusals(library, today)}
    if "exchange.unlicensed" in codes:
        return "مجوز ندارد", Tone.REFUSE
    if codes:
        return "مجوز پایان یافته", Tone.REFUSE
    if library.licensed_until is not None:
        return f"تا {jalali.short(library.licensed_until)}", Tone.OK
    return ("در شرف تأسیس", Tone.INFO) if not library.licence_no else ("معتبر", Tone.OK)
