"""Why a copy stands on minutes, and which exemptions were looked at, in words for the person who decides (002 م5-2).

Pure: it asks the rules and words their answer.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.guideline.table import Hint, Thresholds
from app.labels import CONDITION
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.weeding.facts import CopyFacts, House, Proposal
from app.weeding.rules import KEPT_FLAGS, proposal_refusals, whole_years
from app.wording import why
from db.codes import ItemFlag, WeedingReason

_BETWEEN_NUMBERS = re.compile("(?<=[۰-۹])-(?=[۰-۹])")


def in_order(text: str) -> str:
    """The text with article numbers («م ۴-۱-ج») that read from right to left like everything around them (between two
    numbers a hyphen alone would turn them over) and that no line break takes from their «م»."""
    return _BETWEEN_NUMBERS.sub("\u200f-", text).replace("(م ", "(م\u00a0")


# The criteria in the words of the guideline (002 م4-1، م4-2), shortened.
CRITERION: Mapping[str, str] = {
    "4-1-الف": "کهنه و منسوخ شدن محتوا",
    "4-1-ب": "نسخه‌های متعدد و مازاد بر نیاز",
    "4-1-ج": "فرسودگی و نقصان",
    "4-1-د": "عدم استفاده",
    "4-2-الف": "فرسوده شده است",
    "4-2-ب": "آسیب‌دیده و مرمت‌ناپذیر است",
    "4-2-ج": "ویرایش جدیدی از همین عنوان جایگزین شده است",
    "4-2-د": "کتاب بهتری در همین موضوع جایگزین شده است",
    "4-2-ه": "شایستگی علمی یا ادبی ندارد",
    "4-2-و": "از آن استفاده نشده است",
    "4-2-ز": "با نیازها یا علایق کاربران مرتبط نیست",
    "4-2-ح": "نسخه‌های اضافی مازاد بر نیاز است",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `text` is true as it stands; `ok` says whether it speaks for weeding."""

    text: str
    ok: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """The codes by which the rules say no, and the sentence that holds when they do not; {years} and
    {kept} are the library's.

    A copy with one of `flags` passes for another reason, which `although` tells.
    """

    codes: frozenset[str]
    fine: str
    flags: frozenset[ItemFlag] = frozenset()
    although: str = ""


_NEVER = _Question(frozenset({"weeding.never"}), "نسخهٔ خطی، چاپ سنگی یا سربی نیست")
_PERMIT = _Question(
    frozenset({"weeding.permit_needed"}),
    "بستهٔ فرهنگی نیست",
    frozenset({ItemFlag.CULTURAL_PACKAGE}),
    "بستهٔ فرهنگی است و مجوز دارد",
)
_KEPT = _Question(
    frozenset({"weeding.kept_value", "weeding.core", "weeding.unbindable_needed"}),
    "منبع محلی، تاریخی یا پایه نیست",
    KEPT_FLAGS | {ItemFlag.CORE},
    "منبع محلی یا پایه است و صحافی نمی‌شود",
)
_ONLY = _Question(frozenset({"weeding.only_copy"}), "تنها نسخهٔ این چاپ نیست")
_ALWAYS = (_NEVER, _PERMIT)
_QUESTIONS: Mapping[WeedingReason, tuple[_Question, ...]] = {
    WeedingReason.CONTENT: (*_ALWAYS, _KEPT, _ONLY),
    WeedingReason.WORN: (
        *_ALWAYS,
        _KEPT,
        _Question(frozenset({"weeding.in_binding"}), "در صحافی نیست و درخواست صحافی باز ندارد"),
    ),
    WeedingReason.DUPLICATE: (
        *_ALWAYS,
        _KEPT,
        _ONLY,
        _Question(frozenset({"weeding.first_two_copies"}), "از {kept} نسخهٔ نخست عنوان نیست"),
    ),
    WeedingReason.NO_AUDIENCE: (
        *_ALWAYS,
        _KEPT,
        _ONLY,
        _Question(frozenset({"weeding.used_lately"}), "دست‌کم {years} سال از آن استفاده نشده است"),
    ),
}


def checks(copy: CopyFacts, proposal: Proposal, house: House, today: dt.date) -> tuple[Check, ...]:
    """The exemptions that concern minutes of this reason, each with what the rules say of the copy now."""
    against = {refusal.code: refusal for refusal in proposal_refusals(copy, proposal, house, today)}
    return tuple(_check(question, copy, against, house) for question in _QUESTIONS[proposal.reason])


def _check(question: _Question, copy: CopyFacts, against: Mapping[str, Refusal], house: House) -> Check:
    said = [in_order(why(against[code])) for code in sorted(question.codes & against.keys())]
    if said:
        return Check(" ".join(said), ok=False)
    if question.flags & set(copy.flags):
        return Check(question.although, ok=True)
    return Check(question.fine.format(years=number(house.idle_years), kept=number(house.copies_kept)), ok=True)


def criterion_words(article: str) -> str:
    """«مادهٔ ۴-۱-ج: فرسودگی و نقصان»; an article that the guideline does not list among the criteria stands alone."""
    words = CRITERION.get(article)
    named = f"مادهٔ {in_order(to_persian(article))}"
    return f"{named}: {words}" if words else named


def grounds(copy: CopyFacts, reason: WeedingReason, today: dt.date) -> str:
    """The fact of the copy that the reason rests on, in one sentence."""
    if reason is WeedingReason.WORN:
        return f"وضعیت ظاهری: {CONDITION[copy.condition]}"
    if reason is WeedingReason.DUPLICATE:
        return f"نسخهٔ {number(copy.older_copies + 1)}؛ {number(copy.other_copies)} نسخهٔ دیگر در کتابخانه می‌ماند"
    idle = whole_years(copy.last_use, today)
    if reason is WeedingReason.NO_AUDIENCE:
        return f"{number(idle)} سال از آخرین استفاده گذشته است"
    published = f"سال نشر {number(copy.year, grouped=False)} · " if copy.year else ""
    return f"{published}{number(copy.loan_count)} بار امانت"


def outdated_words(year: int | None, newer: int | None, aged: Sequence[Hint]) -> str:
    """What makes the content of a work old: a later edition in the library, or its class (002 م4-2-ج، م6-1)."""
    published = f"سال نشر {number(year, grouped=False)}" if year else "بی سال نشر"
    if newer is not None:
        return f"{published}؛ ویراست {number(newer, grouped=False)} همین اثر در کتابخانه هست"
    told = "، ".join(in_order(to_persian(hint.article)) for hint in aged)
    return f"{published}؛ این موضوع زود کهنه می‌شود (م\u00a0{told})"


def surplus_words(copy: CopyFacts, demand: int, figures: Thresholds) -> str:
    """Which copy of its title it is, and what the loans of the title ask for (002 م4-1 تبصره، م5-4)."""
    return (
        f"نسخهٔ {number(copy.older_copies + 1)}؛ {number(demand)} امانت عنوان در {number(figures.demand_years)} سال: "
        f"{number(figures.copies_needed(demand))} نسخه بس است"
    )
