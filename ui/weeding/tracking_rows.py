"""The rows of minutes on their way, and the lines of one of them, as the lists show them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.labels import MINUTES_STATE, RULING_LEVEL
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.minutes.reads import StepFacts
from app.weeding.minutes.tracking import DetailRow, TrackedMinutes
from app.weeding.minutes.workflow import step_done
from db.codes import BranchKind, MinutesState, MinutesStepKind, RulingLevel, Verdict
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.weeding.rows import MINUTES_NAME, REASON_NAME
from ui.widgets.labels import isolate
from ui.widgets.table import Column, RowTable

STATE_TONE = {
    MinutesState.FINALISED: Tone.WARN,
    MinutesState.AT_COUNTY: Tone.INFO,
    MinutesState.CORRECTION: Tone.WARN,
    MinutesState.AT_PROVINCE: Tone.INFO,
    MinutesState.AT_HEAD_OFFICE: Tone.INFO,
    MinutesState.RULED: Tone.OK,
    MinutesState.CLOSED: Tone.NEUTRAL,
}
VERDICT_TONE = {
    Verdict.APPROVE: Tone.OK,
    Verdict.REJECT: Tone.REFUSE,
    Verdict.REDIRECT: Tone.INFO,
    Verdict.CORRECT: Tone.WARN,
}
_SOON = 2  # days before the end of a term that are told in colour
_NEVER = dt.date.max


class Mark(Enum):
    """What is written beside a row before it is entered: a verdict, or that the copy is struck."""

    APPROVE = Verdict.APPROVE
    REJECT = Verdict.REJECT
    REDIRECT = Verdict.REDIRECT
    CORRECT = Verdict.CORRECT
    STRIKE = "strike"


MARK_NAME = {
    Mark.APPROVE: "تأیید",
    Mark.REJECT: "رد",
    Mark.REDIRECT: "به مبادله",
    Mark.CORRECT: "اصلاح شود",
    Mark.STRIKE: "حذف",
}
_MARK_TONE = {
    Mark.APPROVE: Tone.OK,
    Mark.REJECT: Tone.REFUSE,
    Mark.REDIRECT: Tone.INFO,
    Mark.CORRECT: Tone.WARN,
    Mark.STRIKE: Tone.REFUSE,
}


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """A row of minutes, with what is about to be entered for it and why; `presumed` is entered without a mark."""

    detail: DetailRow
    mark: Mark | None = None
    why: str = ""
    presumed: Mark | None = None

    @property
    def stands(self) -> bool:
        """Whether the row is not crossed out."""
        return self.detail.row.struck_at is None


def is_under_way(minutes: TrackedMinutes) -> bool:
    """Whether something is still to be done about minutes."""
    if minutes.state is MinutesState.CLOSED:
        return minutes.list_unsent or minutes.waiting > 0
    return not minutes.withdrawn


def state_words(minutes: TrackedMinutes) -> str:
    """Where minutes stand."""
    if minutes.withdrawn:
        return "پس گرفته‌شده"
    if minutes.list_unsent:
        return "فهرست نهایی فرستاده نشده"
    if minutes.state is MinutesState.CLOSED and minutes.waiting:
        return "در انتظار بازگشت نسخه"
    return MINUTES_STATE[minutes.state]


def state_tone(minutes: TrackedMinutes) -> Tone:
    """Coloured by whose turn it is."""
    return Tone.WARN if minutes.list_unsent else STATE_TONE.get(minutes.state, Tone.NEUTRAL)


def due_words(minutes: TrackedMinutes, today: dt.date) -> str:
    """«۳ روز مانده», «امروز», «۲ روز گذشته»; a passed term approves nothing."""
    left = minutes.days_left(today)
    if left is None:
        return "—"
    if left == 0:
        return "امروز"
    return f"{number(left)} روز مانده" if left > 0 else f"{number(-left)} روز گذشته"


def due_tone(minutes: TrackedMinutes, today: dt.date) -> Tone | None:
    """Coloured when it is near or over."""
    left = minutes.days_left(today)
    if left is None or left > _SOON:
        return None
    return Tone.WARN if left >= 0 else Tone.REFUSE


def tracked_table(today: Callable[[], dt.date]) -> RowTable[TrackedMinutes]:
    """Minutes on their way, the newest first."""
    return RowTable(
        (
            Column(
                "شماره", lambda one: to_persian(one.number), sub=lambda one: REASON_NAME[one.reason],
                width=112, strong=True, sort_key=_number,
            ),
            Column(
                "ویراست", lambda one: number(one.revision), width=70, spare=3, number=True,
                sort_key=lambda one: one.revision,
            ),
            Column(
                "نسخه", lambda one: number(one.copies), width=64, spare=2, number=True, sort_key=lambda one: one.copies,
            ),
            Column(
                "وضعیت", state_words, width=170, stretch=1, pill=True, tone=state_tone,
            ),
            Column(
                "تاریخ", lambda one: _day(one.sent_on or one.finalised_on), width=126, spare=1,
                sort_key=lambda one: one.sent_on or one.finalised_on or _NEVER,
            ),
            Column(
                "مهلت", lambda one: due_words(one, today()), sub=lambda one: _day(one.due_on) if one.due_on else "",
                width=126, tone=lambda one: due_tone(one, today()), sort_key=lambda one: one.due_on or _NEVER,
            ),
        ),
        key=lambda one: one.number,
        also=lambda one: MINUTES_NAME[one.reason],
    )  # fmt: skip


def lines_table(kind: BranchKind) -> RowTable[MinutesLine]:
    """The rows of minutes with what each level ruled; the head office rules for provincial central libraries only (002
    م14-4)."""
    levels = _LEVELS if kind is BranchKind.PROVINCIAL_CENTRAL else _LEVELS[:2]
    return RowTable(
        (
            Column(
                "ردیف", lambda line: number(line.detail.row.position), width=52, number=True, spare=2,
                sort_key=lambda line: line.detail.row.position,
            ),
            Column(
                "عنوان", lambda line: titled(line.detail.row.title, line.detail.row.volume_no),
                sub=lambda line: line.detail.row.main_creator or "", stretch=3, strong=True,
            ),
            Column(
                "شماره ثبت", lambda line: number(line.detail.row.accession_no, grouped=False), width=86, number=True,
                sort_key=lambda line: line.detail.row.accession_no,
            ),
            *(_level_column(level, heading, spare) for level, heading, spare in levels),
            Column(
                "اکنون", _now, sub=_why,
                width=120, stretch=1, tone=_now_tone,
            ),
        ),
        key=lambda line: line.detail.row.id,
        faded=lambda line: not line.stands,
        also=lambda line: line.detail.row.barcode,
    )  # fmt: skip


_LEVELS = (
    (RulingLevel.COUNTY, "شهرستان", 1),
    (RulingLevel.PROVINCE, "استان", 1),
    (RulingLevel.HEAD_OFFICE, "ادارهٔ کل", 3),
)


def _level_column(level: RulingLevel, heading: str, spare: int) -> Column[MinutesLine]:
    def verdict(line: MinutesLine) -> str:
        ruling = line.detail.rulings.get(level)
        return "—" if ruling is None else MARK_NAME[Mark(ruling.verdict)]

    def remark(line: MinutesLine) -> str:
        ruling = line.detail.rulings.get(level)
        return isolate(ruling.remark) if ruling is not None and ruling.remark else ""

    def tone(line: MinutesLine) -> Tone | None:
        ruling = line.detail.rulings.get(level)
        return None if ruling is None else VERDICT_TONE[ruling.verdict]

    return Column(heading, verdict, sub=remark, width=104, spare=spare, tone=tone)


def _now(line: MinutesLine) -> str:
    row = line.detail.row
    if line.mark is not None:
        return MARK_NAME[line.mark]
    if line.presumed is not None:
        return MARK_NAME[line.presumed]
    if not line.stands:
        return "حذف شد"
    if row.executed_on is not None:
        return "وجین شد"
    return MARK_NAME[Mark(line.detail.verdict)] if line.detail.verdict else "—"


def _why(line: MinutesLine) -> str:
    why = line.why or line.detail.row.struck_why
    return isolate(why) if why else ""


def _now_tone(line: MinutesLine) -> Tone | None:
    if line.mark is not None:
        return _MARK_TONE[line.mark]
    if not line.stands or line.presumed is not None or line.detail.verdict is None:
        return None
    return VERDICT_TONE[line.detail.verdict]


def step_words(step: StepFacts) -> tuple[str, str]:
    """What was done and when, and the letter, term and remark that belong to it."""
    level = step.level if step.kind is not MinutesStepKind.FORWARD else None
    whose = f" — {RULING_LEVEL[level]}" if level else ""
    letter = f"نامهٔ {isolate(to_persian(step.letter_no))}" if step.letter_no else ""
    dated = f"مورخ {jalali.short(step.letter_on)}" if step.letter_on else ""
    due = f"مهلت تا {jalali.short(step.due_on)}" if step.due_on else ""
    said = (isolate(text) if text else "" for text in (step.by, step.remark))
    told = (" ".join(part for part in (letter, dated) if part), *said, due)
    done = f"{jalali.short(step.day)} · {step_done(step.kind, step.became)}{whose}"
    return done, " · ".join(part for part in told if part)


def _number(minutes: TrackedMinutes) -> tuple[int, ...]:
    return tuple(map(int, minutes.number.split("/")))


def _day(day: dt.date | None) -> str:
    return jalali.day_month_year(day) if day else "—"
