"""Why a copy stands on minutes, and which exemptions were looked at, in words for the person who decides (002 م5-2).

Pure: it asks the rules and words their answer.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.guideline.table import Hint, Thresholds
from app.labels import CONDITION, ITEM_FLAG
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.weeding.facts import CopyFacts, House, Proposal
from app.weeding.rules import KEPT_FLAGS, is_unbindable, kept_by, proposal_refusals, whole_years
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


_ALWAYS = (
    _Question(frozenset({"weeding.never"}), "نسخهٔ خطی، چاپ سنگی یا سربی نیست"),
    _Question(
        frozenset({"weeding.permit_needed", "weeding.permit_ahead"}),
        "بستهٔ فرهنگی نیست",
        frozenset({ItemFlag.CULTURAL_PACKAGE}),
        "بستهٔ فرهنگی است و مجوز معاونت دارد",
    ),
)
_OF_REASON: Mapping[WeedingReason, tuple[_Question, ...]] = {
    WeedingReason.CONTENT: (),
    WeedingReason.WORN: (_Question(frozenset({"weeding.in_binding"}), "در صحافی نیست و درخواست صحافی باز ندارد"),),
    WeedingReason.DUPLICATE: (_Question(frozenset({"weeding.first_two_copies"}), "از {kept} نسخهٔ نخست عنوان نیست"),),
    WeedingReason.NO_AUDIENCE: (
        _Question(frozenset({"weeding.used_lately"}), "دست‌کم {years} سال از آن استفاده نشده است"),
        _Question(frozenset({"weeding.no_space_shortage"}), "کتابخانه کمبود فضای مخزن دارد"),
    ),
}
# What makes a copy one that goes only when worn and unbindable (002 م5-1-ب، ج).
_MARKS = frozenset({"weeding.kept_value", "weeding.core"})
_NO_MARK, _NOT_ONLY, _ONLY = (
    "منبع تاریخی، محلی، ارزشمند یا پایه نیست",
    "تنها نسخهٔ این چاپ نیست",
    "تنها نسخهٔ این چاپ است",
)
# Said of the proposal and not of the copy, or by a check already.
_ELSEWHERE = frozenset(
    {"weeding.replacement_needed", "weeding.remark_needed", "weeding.criterion", "weeding.unbindable_needed"}
)


def checks(copy: CopyFacts, proposal: Proposal, house: House, today: dt.date) -> tuple[Check, ...]:
    """The exemptions that concern minutes of this reason, each with what the rules say of the copy now; and whatever
    else stands against it."""
    against = {refusal.code: refusal for refusal in proposal_refusals(copy, proposal, house, today)}
    asked = (*_ALWAYS, *_OF_REASON[proposal.reason])
    told = _MARKS.union(_ELSEWHERE, {"weeding.only_copy"}, *(question.codes for question in asked))
    return (
        *(_check(question, copy, against, house) for question in _ALWAYS),
        *_kept_checks(copy, proposal, against),
        *(_check(question, copy, against, house) for question in _OF_REASON[proposal.reason]),
        *(Check(in_order(why(refusal)), ok=False) for code, refusal in against.items() if code not in told),
    )


def _check(question: _Question, copy: CopyFacts, against: Mapping[str, Refusal], house: House) -> Check:
    said = [in_order(why(against[code])) for code in sorted(question.codes & against.keys())]
    if said:
        return Check(" ".join(said), ok=False)
    if question.flags & set(copy.flags):
        return Check(question.although, ok=True)
    return Check(question.fine.format(years=number(house.idle_years), kept=number(house.copies_kept)), ok=True)


def _kept_checks(copy: CopyFacts, proposal: Proposal, against: Mapping[str, Refusal]) -> Iterator[Check]:
    """What keeps the copy unless it is worn and unbindable, one line for each; on the minutes of the worn it does not
    keep an unbindable one."""
    kept = dict(kept_by(copy))
    if not _MARKS & kept.keys():
        yield Check(_NO_MARK, ok=True)
    for code, article in kept.items():
        if proposal.reason is not WeedingReason.WORN:
            yield Check(in_order(why(against[code])), ok=False)
        elif is_unbindable(copy, proposal):
            yield Check(f"{_marked(copy, code)}، ولی غیر قابل صحافی", ok=True)
        else:
            only = f"{_marked(copy, code)}: تنها اگر غیر قابل صحافی باشد وجین می‌شود (م {to_persian(article)})"
            yield Check(in_order(only), ok=False)
    if "weeding.only_copy" not in kept:
        yield Check(_NOT_ONLY, ok=True)


def _marked(copy: CopyFacts, code: str) -> str:
    """«منبع محلی و منبع تاریخی است»: what keeps the copy, by its marks."""
    if code not in _MARKS:
        return _ONLY
    meant = KEPT_FLAGS if code == "weeding.kept_value" else {ItemFlag.CORE}
    return f"{' و '.join(ITEM_FLAG[flag] for flag in sorted(meant & set(copy.flags)))} است"


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
        return f"{number(idle)} سال بی‌استفاده"
    published = f"سال نشر {number(copy.year, grouped=False)} · " if copy.year else ""
    return f"{published}{number(copy.loan_count)} بار امانت"


def outdated_words(year: int | None, newer: int | None, aged: Sequence[Hint]) -> str:
    """What makes the content of a work old: a later edition in the library, or its class (002 م4-2-ج، م6-1)."""
    published = f"سال نشر {number(year, grouped=False)}" if year else "بی سال نشر"
    if newer is not None:
        return f"ویراست {number(newer, grouped=False)} موجود است؛ {published}"
    told = "، ".join(in_order(to_persian(hint.article)) for hint in aged)
    return f"زود کهنه می‌شود (م\u00a0{told})؛ {published}"


def ageing_words(copy: CopyFacts, hints: Sequence[Hint], today: dt.date) -> Iterator[str]:
    """By which sentences of article 6 a work is too old for its kind, and from how many years on (002 م6-1)."""
    for hint in hints:
        if hint.years is not None and hint.makes_old(copy.year, today):
            yield f"{in_order(f'مادهٔ {to_persian(hint.article)}')}: این موضوع پس از {number(hint.years)} سال کهنه می‌شود"


def surplus_words(copy: CopyFacts, demand: int, figures: Thresholds) -> str:
    """Which copy of its title it is, and what the loans of the title ask for (002 م4-1 تبصره، م5-4)."""
    return (
        f"نسخهٔ {number(copy.older_copies + 1)}؛ {number(demand)} امانت عنوان در {number(figures.demand_years)} سال: "
        f"{number(figures.copies_needed(demand))} نسخه بس است"
    )
