"""A version of the guideline as a document (the layout of resources/guideline/weeding.toml): everything that is wrong
with it, read, and written. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, TypeAlias

from app.guideline.table import (
    CRITERION_REASONS,
    Ageing,
    Criterion,
    Exemption,
    ExemptionKind,
    Guideline,
    Hint,
    Terms,
    Thresholds,
)
from db.codes import Material, RuleStatus, WeedingReason

RowCheck: TypeAlias = "Callable[[Mapping[str, Any], str], Iterator[Problem]]"
MOST = 1_000  # no figure of the guideline comes near
LONGEST, LONGEST_NAME, LONGEST_CODE = 2_000, 300, 60
LAST_DAY = 31
LEAST_COPIES = 2
"""The first and second copy of a title are never surplus (002 م4-1 تبصره): no library can do with fewer."""
MUST = ("4-1-الف", "4-1-ب", "4-1-ج", "4-1-د")
# What article 5 protects, and how; no version can leave any of it out.
PROTECTED: Mapping[str, ExemptionKind] = MappingProxyType(
    dict.fromkeys(("manuscript", "lithograph", "letterpress"), ExemptionKind.NEVER)
    | dict.fromkeys(("historical", "local", "special_value", "core", "only_copy"), ExemptionKind.ONLY_WORN)
    | {"cultural_package": ExemptionKind.PERMIT}
)
FIGURE = "باید عددی از ۱ تا ۱۰۰۰ باشد."
FIGURE_OF_DAY = "باید روزی از ماه باشد: ۱ تا ۳۱."
FIGURE_OF_COPIES = "باید عددی از ۲ تا ۱۰۰۰ باشد؛ نسخهٔ اول و دوم مازاد نیست (م ۴-۱ تبصره)."
PARTS = ("thresholds", "terms", "criteria", "exemptions", "hints")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a document: `code` for programs, `place` where («hints 3»), `text` in Persian."""

    code: str
    text: str
    place: str


def problems(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Everything wrong with a whole document, in its order; empty if it may be stored."""
    return tuple(_problems(document))


def read_document(document: Mapping[str, Any]) -> Guideline:
    """The version that a document without problems says."""
    return Guideline(
        version=document["version"],
        title=document["title"],
        source=document["source"],
        status=RuleStatus(document["status"]),
        effective_from=document["effective_from"],
        thresholds=Thresholds(**document.get("thresholds", {})),
        terms=Terms(**document.get("terms", {})),
        criteria=tuple(
            Criterion(row["article"], WeedingReason(row["reason"]), row["wording"])
            for row in document.get("criteria", ())
        ),
        exemptions=tuple(
            Exemption(row["article"], ExemptionKind(row["kind"]), tuple(row["what"]), row["wording"])
            for row in document.get("exemptions", ())
        ),
        hints=tuple(_hint(row) for row in document.get("hints", ())),
    )


def _hint(row: Mapping[str, Any]) -> Hint:
    return Hint(
        article=row["article"],
        wording=row["wording"],
        classes=tuple(row.get("classes", ())),
        without=tuple(row.get("without", ())),
        materials=frozenset(map(Material, row.get("materials", ()))),
        ageing=Ageing(row["ageing"]) if row.get("ageing") else None,
        years=row.get("years"),
    )


def write_rules(guideline: Guideline) -> dict[str, Any]:
    """The parts of a version but its head, as plain values; what is empty in a hint is left out."""
    return {
        "thresholds": asdict(guideline.thresholds),
        "terms": asdict(guideline.terms),
        "criteria": [asdict(criterion) | {"reason": criterion.reason.value} for criterion in guideline.criteria],
        "exemptions": [asdict(one) | {"kind": one.kind.value, "what": list(one.what)} for one in guideline.exemptions],
        "hints": [_written(hint) for hint in guideline.hints],
    }


def _written(hint: Hint) -> dict[str, Any]:
    row = {
        "article": hint.article,
        "wording": hint.wording,
        "classes": list(hint.classes),
        "without": list(hint.without),
        "materials": sorted(material.value for material in hint.materials),
        "ageing": hint.ageing.value if hint.ageing else None,
        "years": hint.years,
    }
    return {name: value for name, value in row.items() if value}


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("title", "source"):
        if not _is_text(document.get(name), LONGEST_NAME):
            yield Problem("guideline.text", "باید متنی کوتاه باشد.", name)
    if document.get("status") not in {*RuleStatus}:
        yield Problem("guideline.status", "باید «draft» یا «in_force» باشد.", "status")
    if not isinstance(document.get("effective_from"), dt.date):
        yield Problem("guideline.day", "باید تاریخ باشد.", "effective_from")
    for name in document.keys() - {"version", "title", "source", "status", "effective_from", *PARTS}:
        yield Problem("guideline.unknown", "نامی است که دستورالعمل ندارد.", str(name)[:60])
    yield from _figures(document, "thresholds", Thresholds)
    yield from _figures(document, "terms", Terms)
    for name, check in (("criteria", _criterion), ("exemptions", _exemption), ("hints", _of_hint)):
        yield from _rows(document, name, check)
    yield from _missing(document)


def _figures(document: Mapping[str, Any], part: str, table: type[Thresholds] | type[Terms]) -> Iterator[Problem]:
    known = {field.name for field in fields(table)}
    given = document.get(part, {})
    if not isinstance(given, Mapping):
        yield Problem("guideline.part", "باید جدولی از ارقام باشد.", part)
        return
    for name, value in given.items():
        if name not in known:
            yield Problem("guideline.unknown", "نامی است که دستورالعمل ندارد.", f"{part} {str(name)[:60]}")
            continue
        least = LEAST_COPIES if name == "copies_kept" else 1
        most = LAST_DAY if name.endswith("_day") else MOST
        if not _is_number(value, least, most):
            told = FIGURE_OF_COPIES if least > 1 else FIGURE if most == MOST else FIGURE_OF_DAY
            yield Problem("guideline.figure", told, f"{part} {name}")


def _rows(document: Mapping[str, Any], part: str, check: RowCheck) -> Iterator[Problem]:
    given = document.get(part, ())
    if isinstance(given, str) or not isinstance(given, Sequence):
        yield Problem("guideline.part", "باید فهرستی از ردیف‌ها باشد.", part)
        return
    for place, row in enumerate(given, 1):
        where = f"{part} {place}"
        if not isinstance(row, Mapping):
            yield Problem("guideline.part", "باید یک ردیف باشد.", where)
            continue
        for name in ("article", "wording"):
            if not _is_text(row.get(name), LONGEST):
                yield Problem("guideline.text", f"«{name}» باید نوشته شود.", where)
        yield from check(row, where)


def _criterion(row: Mapping[str, Any], where: str) -> Iterator[Problem]:
    reason = CRITERION_REASONS.get(str(row.get("article")))
    if reason is None:
        yield Problem("guideline.criterion", "این ماده از معیارهای مادهٔ ۴ نیست.", where)
    elif row.get("reason") != reason:
        yield Problem("guideline.reason", f"این معیار از آنِ صورتجلسهٔ «{reason.value}» است (م ۷-۲).", where)


def _exemption(row: Mapping[str, Any], where: str) -> Iterator[Problem]:
    what = row.get("what")
    if what is None or not _is_list(what):
        yield Problem("guideline.what", "«what» باید فهرستی از کدها باشد.", where)
        return
    for code in what:
        if code not in PROTECTED:
            yield Problem("guideline.what", f"«{str(code)[:60]}» را برنامه نمی‌شناسد.", where)
        elif row.get("kind") != PROTECTED[code]:
            yield Problem("guideline.kind", f"«{code}» در مادهٔ ۵ از گونهٔ «{PROTECTED[code].value}» است.", where)


def _of_hint(row: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for name in row.keys() - {field.name for field in fields(Hint)}:
        yield Problem("guideline.unknown", f"«{str(name)[:60]}» نامی است که دستورالعمل ندارد.", where)
    for name in ("classes", "without", "materials"):
        if not _is_list(row.get(name, ())):
            yield Problem("guideline.list", f"«{name}» باید فهرستی از متن‌ها باشد.", where)
    materials = row.get("materials", ())
    if _is_list(materials) and not {*materials} <= {*Material}:
        yield Problem("guideline.material", "نوع منبعی است که برنامه نمی‌شناسد.", where)
    ageing, years = row.get("ageing"), row.get("years")
    if ageing is not None and ageing not in {*Ageing}:
        yield Problem("guideline.ageing", "«ageing» باید fast، long، use یا keep باشد.", where)
    if (ageing == Ageing.FAST) != (years is not None) or (years is not None and not _is_number(years, 1)):
        yield Problem("guideline.years", "«years» را هر چه زود کهنه می‌شود، و تنها همان، باید داشته باشد.", where)


def _missing(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What no version can do without: a criterion for each minutes, and all that article 5 protects."""
    criteria = {row.get("article") for row in _mappings(document.get("criteria", ()))}
    for article in MUST:
        if article not in criteria:
            yield Problem("guideline.missing", f"معیار م {article} نیست.", "criteria")
    kept = {
        code for row in _mappings(document.get("exemptions", ())) if _is_list(row.get("what")) for code in row["what"]
    }
    for code in PROTECTED:
        if code not in kept:
            yield Problem("guideline.missing", f"«{code}» را مادهٔ ۵ از وجین بیرون می‌گذارد.", "exemptions")


def _mappings(rows: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(rows, Sequence) and not isinstance(rows, str):
        yield from (row for row in rows if isinstance(row, Mapping))


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= longest


def _is_number(value: Any, least: int, most: int = MOST) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(_is_text(one, LONGEST_CODE) for one in value)
