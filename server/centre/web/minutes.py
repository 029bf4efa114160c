"""Minutes before an office: what is weighed of every row, the answer begun, the letter, and the answer sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from app.centre import Centre
from app.form import invalid
from app.guideline.table import CRITERION_REASONS
from app.labels import MINUTES_STATE, VERDICT
from app.outcome import NotFound, Refused
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.review.answering import Answered, answer_minutes, save_draft
from app.review.answers import GivenAnswer, Said
from app.review.dossier import Dossier, dossier
from app.review.judging import OfficeAnswer, Preview, preview
from app.weeding.explain import criterion_words
from app.weeding.minutes.reads import RowOnTheWay
from db.codes import MinutesState, Verdict, WeedingReason
from db.models.collection import Minutes
from server.centre.web.finding import first_of
from server.centre.web.pages import REVIEWERS, RULING, Page, Shot, Visit
from server.centre.web.terms import term

VERDICT_FIELD, REMARK_FIELD = "v-", "r-"
TO_LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict that may be given, and its words on a button."""

    verdict: Verdict
    words: str


def one_minutes(visit: Visit) -> Response:
    """One edition, with the form of the answer where it waits for this office."""
    found = _dossier(visit)
    return visit.missing() if found is None else _page(visit, found, _begun(found))


def keep(visit: Visit) -> Response:
    """Keep what has been ticked, and go on to the letter where that was wanted."""
    minutes_id = visit.id("minutes")
    found = _dossier(visit)
    if found is None:
        return visit.missing()
    said, wrong = _said(visit, found)
    outcome = Refused(wrong) if wrong else save_draft(visit.centre, visit.person, said, visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _page(visit, found, said, outcome.refusals)
    if visit.text("deed") == TO_LETTER:
        return visit.redirect(f"/minutes/{minutes_id}/letter")
    return visit.redirect(f"/minutes/{minutes_id}", told="پیش‌نویس پاسخ نگه داشته شد. هنوز چیزی فرستاده نشده است.")


def letter(visit: Visit) -> Response:
    """The letter as it will go, with whatever still speaks against sending it."""
    found = _dossier(visit)
    begun = None if found is None else found.mine
    if found is None or begun is None or begun.sent_at is not None:
        return visit.missing() if found is None else visit.redirect(f"/minutes/{found.minutes.id}")
    return _letter(visit, found, begun)


def answer(visit: Visit) -> Response:
    """Send the answer that was looked at."""
    found = _dossier(visit)
    begun = None if found is None else found.mine
    if found is None or begun is None:
        return visit.missing()
    if begun.saved_at.isoformat() != visit.text("saved") and begun.sent_at is None:
        visit.flash("پیش‌نویس پس از آن تغییر کرده است. نامه را دوباره ببینید.", "warn")
        return visit.redirect(f"/minutes/{found.minutes.id}/letter")
    outcome = answer_minutes(visit.centre, visit.person, _as_said(found, begun), visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _letter(visit, found, begun, outcome.refusals)
    return visit.redirect("/minutes", told=_told(outcome))


def _dossier(visit: Visit) -> Dossier | None:
    today = visit.centre.clock.read().day
    with visit.read() as reader:
        return dossier(reader, visit.id("minutes"), visit.person.level, today)


def _page(visit: Visit, found: Dossier, said: OfficeAnswer, refused: Sequence[Refusal] = ()) -> Response:
    open_here = found.answerable(visit.person.level) and visit.person.role in RULING
    days = found.standing.days_left(visit.centre.clock.read().day)
    return visit.render(
        "minutes.html", status=422 if refused else 200, refused=refused, found=found, said=said, open_here=open_here,
        term=term(days), choices=_choices(found), verdicts=[(one.verdict.value, one.words) for one in _choices(found)],
        why={one.row.id: _why(one.row) for one in found.rows},
        top=max((year.loans for row in found.rows for year in row.use.years), default=0),
    )  # fmt: skip


def _why(row: RowOnTheWay) -> str:
    """The criterion of article 4 in words; where a row names none, its article."""
    return criterion_words(row.criterion if row.criterion in CRITERION_REASONS else row.article)


def _choices(found: Dossier) -> list[Choice]:
    """Worn copies alone are redirected (002 م10-3)."""
    worn = found.minutes.reason is WeedingReason.WORN
    return [Choice(one, VERDICT[one]) for one in Verdict if worn or one is not Verdict.REDIRECT]


def _letter(visit: Visit, found: Dossier, begun: GivenAnswer, refused: Sequence[Refusal] = ()) -> Response:
    with visit.read() as reader:
        seen = preview(reader, visit.person, _as_said(found, begun), visit.act())
    if seen is None:
        return visit.missing()
    return visit.render(
        "minutes_letter.html", status=422 if refused else 200, refused=refused or seen.refusals, found=found,
        seen=seen, parts=_parts(seen), saved=begun.saved_at.isoformat(), remark=begun.remark,
        level=visit.person.level,
    )  # fmt: skip


def _parts(seen: Preview) -> list[tuple[str, Sequence[object]]]:
    headings = {
        Verdict.APPROVE: "وجین نسخه‌های زیر تأیید می‌شود",
        Verdict.REDIRECT: "نسخه‌های زیر قابل استفاده است و به مرکز مبادله برود (م ۱۰-۳)",
        Verdict.REJECT: "وجین نسخه‌های زیر تأیید نمی‌شود و به قفسه بازگردد (م ۷-۱۱)",
        Verdict.CORRECT: "دربارهٔ نسخه‌های زیر صورتجلسه اصلاح شود (م ۷-۹)",
    }
    return [(heading, rows) for verdict, heading in headings.items() if (rows := seen.with_verdict(verdict))]


def _begun(found: Dossier) -> OfficeAnswer:
    """What the form shows: the draft; after a refusal by the library, what was sent."""
    if found.mine is not None:
        return _as_said(found, found.mine)
    return OfficeAnswer(found.minutes.id, found.minutes.revision)


def _as_said(found: Dossier, mine: GivenAnswer) -> OfficeAnswer:
    return OfficeAnswer(
        found.minutes.id, mine.revision, mine.default, mine.default_remark, mine.copies, mine.remark, mine.letter_no,
        mine.letter_on,
    )  # fmt: skip


def _said(visit: Visit, found: Dossier) -> tuple[OfficeAnswer, tuple[Refusal, ...]]:
    """The form as it was filled in. Copies without a tick get the verdict on all the rest."""
    known = {verdict.value: verdict for verdict in Verdict}
    copies = {}
    for one in found.standing_rows:
        item = one.row.item_id
        said = Said(known.get(visit.text(f"{VERDICT_FIELD}{item}")), visit.text(f"{REMARK_FIELD}{item}", 500))
        if one.asked and (said.verdict is not None or said.remark):
            copies[item] = said
    wrong = () if visit.day("letter_on") or not visit.text("letter_on") else (
        invalid("letter_on", visit.text("letter_on")),
    )  # fmt: skip
    said_of_all = OfficeAnswer(
        found.minutes.id, visit.number("revision") or 0, known.get(visit.text("default")),
        visit.text("default_remark", 500), copies, visit.text("remark", 500), visit.text("letter_no", 60),
        visit.day("letter_on"),
    )  # fmt: skip
    return said_of_all, wrong


def _told(outcome: Answered) -> str:
    if not outcome.changed:
        return f"پاسخ صورتجلسهٔ {to_persian(outcome.number)} پیش‌تر فرستاده شده بود؛ چیزی تغییر نکرد."
    counts = {
        "تأیید": outcome.approved, "به مرکز مبادله": outcome.redirected, "رد": outcome.rejected,
        "نیازمند اصلاح": outcome.to_correct,
    }  # fmt: skip
    said = "، ".join(f"{words} {number(count)}" for words, count in counts.items() if count)
    lent = f" {number(len(outcome.lent))} نسخه در امانت است و پس از بازگشت کنار گذاشته می‌شود." if outcome.lent else ""
    sent = f"پاسخ صورتجلسهٔ {to_persian(outcome.number)} فرستاده شد ({said})."
    return f"{sent} اکنون: {MINUTES_STATE[outcome.becomes]}.{lent}"


PAGES = (
    Page("/minutes/{minutes}", "GET", one_minutes, who=REVIEWERS),
    Page("/minutes/{minutes}/draft", "POST", keep, who=RULING),
    Page("/minutes/{minutes}/letter", "GET", letter, who=RULING),
    Page("/minutes/{minutes}/answer", "POST", answer, who=RULING, strong=True),
)


def _in(state: MinutesState) -> Callable[[Centre], str]:
    return first_of(Minutes, "/minutes", Minutes.state == state)


SHOTS = (
    Shot("minutes", _in(MinutesState.AT_COUNTY), user="county"),
    Shot("minutes-province", _in(MinutesState.AT_PROVINCE), user="province"),
    Shot("minutes-closed", _in(MinutesState.CLOSED), user="province"),
)
