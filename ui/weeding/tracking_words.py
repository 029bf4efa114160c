"""What is said of a step of minutes, and of the counts before they are closed."""

from typing import TypeAlias, assert_never

from app.labels import MINUTES_STATE
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.minutes.attaching import Attached
from app.weeding.minutes.executing import AT_HAND
from app.weeding.minutes.outcomes import Closed, Executed, Reissued, Ruled, Stepped, Unchanged
from app.weeding.minutes.tracking import MinutesDetail
from db.codes import MinutesState, Verdict
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone

Done: TypeAlias = "Stepped | Unchanged | Reissued | Ruled | Closed | Executed"


def told(outcome: Done) -> Said:
    """What came of a deed."""
    match outcome:
        case Stepped():
            return _ok(_stands(outcome), _due(outcome))
        case Reissued():
            edition = outcome.edition
            rows = f"{number(edition.rows)} نسخه می‌ماند، {number(edition.struck)} نسخه خط خورد"
            title = f"ویراست {number(edition.revision)} صورتجلسهٔ {to_persian(edition.number)} صادر شد"
            return _ok(title, rows, _due(outcome.step))
        case Ruled():
            return _ok(_stands(outcome.step), *_counts(outcome), _due(outcome.step))
        case Closed() | Executed():
            return _carried_out(outcome)
        case Unchanged():
            title = f"این گام صورتجلسهٔ {to_persian(outcome.number)} از پیش ثبت شده است"
            return Said(Tone.INFO, title, (f"وضعیت: {MINUTES_STATE[outcome.state]}",), Sound.CHECKED_IN)
        case _:
            assert_never(outcome)


def filed(outcome: Attached) -> Said:
    """A paper lies with the minutes."""
    title = "این فایل از پیش پیوست شده بود" if outcome.already else "پیوست بایگانی شد"
    return Said(Tone.INFO if outcome.already else Tone.OK, title, (), Sound.CHECKED_IN)


def what_closing_does(detail: MinutesDetail) -> tuple[str, ...]:
    """How many copies are weeded, wait for their return, and go back to the shelf."""
    standing = [one for one in detail.rows if one.row.struck_at is None]
    approved = [one for one in standing if one.verdict in (Verdict.APPROVE, Verdict.REDIRECT)]
    away = sum(one.row.status not in AT_HAND for one in approved)
    redirected = sum(one.verdict is Verdict.REDIRECT for one in approved)
    back = sum(one.verdict is Verdict.REJECT for one in standing)
    lines = [f"{number(len(approved) - away)} نسخه وجین می‌شود."]
    if redirected:
        lines.append(f"{number(redirected)} نسخه از آن‌ها به مرکز مبادله می‌رود (م ۱۰-۳).")
    if away:
        lines.append(f"{number(away)} نسخه اکنون در کتابخانه نیست و پس از بازگشت وجین می‌شود.")
    if back:
        lines.append(f"{number(back)} نسخه به قفسه بازمی‌گردد (م ۷-۱۱).")
    return tuple(lines)


def _stands(step: Stepped) -> str:
    if step.became is MinutesState.SUPERSEDED:
        return f"صورتجلسهٔ {to_persian(step.number)} پس گرفته شد"
    if step.became is MinutesState.CLOSED:
        return f"فهرست نهایی صورتجلسهٔ {to_persian(step.number)} فرستاده شد"
    return f"صورتجلسهٔ {to_persian(step.number)}: {MINUTES_STATE[step.became]}"


def _due(step: Stepped) -> str:
    return f"مهلت تا {jalali.day_month_year(step.due_on)}" if step.due_on else ""


def _counts(ruled: Ruled) -> tuple[str, ...]:
    counted = (
        (ruled.approved, "تأیید"),
        (ruled.redirected, "به مبادله"),
        (ruled.rejected, "رد"),
        (ruled.to_correct, "نیازمند اصلاح"),
    )
    return tuple(f"{number(count)} {words}" for count, words in counted if count)


def _carried_out(outcome: Closed | Executed) -> Said:
    if isinstance(outcome, Executed):
        return _executed(outcome)
    return _ok(f"صورتجلسهٔ {to_persian(outcome.step.number)} اجرا و بسته شد", *_changed(outcome))


def _changed(closed: Closed) -> tuple[str, ...]:
    counted = (
        (closed.executed, "نسخه وجین شد"),
        (closed.released, "نسخه به قفسه بازگشت"),
        (closed.waiting, "نسخه پس از بازگشت وجین می‌شود"),
        (len(closed.holds_ended), "رزرو پایان یافت"),
    )
    return tuple(f"{number(count)} {words}" for count, words in counted if count)


def _executed(outcome: Executed) -> Said:
    waiting = f"{number(outcome.still_waiting)} نسخه هنوز بازنگشته است" if outcome.still_waiting else ""
    if not outcome.accession_numbers:
        return Said(Tone.INFO, "نسخه‌ای بازنگشته است", (waiting,) if waiting else (), Sound.CHECKED_IN)
    return _ok(f"{number(len(outcome.accession_numbers))} نسخهٔ بازگشته وجین شد", waiting)


def _ok(title: str, *detail: str) -> Said:
    return Said(Tone.OK, title, (" · ".join(part for part in detail if part),), Sound.CHECKED_OUT)
