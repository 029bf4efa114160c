"""What would change if a file were published: looked at by a person before every library of the country gets it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.directives.publishing import library_key, library_values, licensed
from app.exchange.libraries import LibraryForm
from app.exchange.library_file import LibraryLine, form_of
from app.guideline.document import PARTS, write_rules
from app.guideline.document import problems as guideline_problems
from app.guideline.document import read_document as read_guideline
from app.guideline.service import completed
from app.guideline.stored import guideline_at
from app.guideline.table import Guideline
from app.labels import BRANCH_KIND
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.policy.diff import ChangeKind, PolicyDiff, RowChange, differences
from app.policy.document import read_document
from app.policy.parameters import PARAMETERS
from app.policy.problems import problems
from app.policy.stored import stored_policy
from app.policy.table import PolicyTable
from app.refusal import Refusal
from app.wording import message
from db.codes import BranchKind
from db.models.library import Policy

FIGURE = {
    "idle_years": "سال بی‌استفاده", "copies_kept": "نسخهٔ ماندنی", "loans_per_copy": "امانت هر نسخه",
    "demand_years": "سال شمارش", "county_days": "مهلت شهرستان (روز)", "correction_days": "مهلت اصلاح (روز)",
    "province_days": "مهلت استان (روز)", "season_months": "ارسال (ماه)", "exchange_months": "مبادله (ماه)",
    "binding_months": "صحافی (ماه)", "binding_status_days": "وضعیت صحافی (روز)",
    "binding_every_months": "نوبت صحافی (ماه)", "new_library_months": "کتابخانهٔ نو (ماه)",
    "report_day": "گزارش فصل (روز ماه)", "county_report_day": "گزارش شهرستان (روز ماه)",
    "report_answer_day": "نتیجهٔ گزارش (روز ماه)", "volumes_a_month": "ورود اطلاعات (جلد در ماه)",
}  # fmt: skip
HEAD = {"title": "عنوان", "profile": "نمونهٔ پایه", "source": "سند"}
PART = {
    "thresholds": "ارقام وجین", "terms": "مهلت‌ها", "criteria": "معیارها", "exemptions": "استثناها",
    "hints": "راهنمای رده‌ها",
}  # fmt: skip
LIBRARY_FIELDS = {
    "kind": "نوع", "licence_no": "شمارهٔ مجوز", "founded_on": "تأسیس", "to_be_founded": "در شرف تأسیس",
    "licensed_until": "اعتبار مجوز", "address": "نشانی", "name": "نام", "county": "شهرستان", "province": "استان",
}  # fmt: skip
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be otherwise: where, what of it, as it is and as it would be; empty where it is not."""

    where: str
    what: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would change; `faults` are what speaks against a file, a Persian sentence each: a document with
    one is not published at all, of a list the other lines are."""

    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()


def policy_of_centre(centre: Centre) -> PolicyTable | None:
    """The rules of lending that were published last."""
    newest = (
        sa.select(Policy.id)
        .where(Policy.branch_id == centre.id, Policy.deleted_at.is_(None))
        .order_by(Policy.version.desc())
        .limit(1)
    )
    with centre.store.read() as reader:
        found = reader.connection.execute(newest).scalar()
        return None if found is None else stored_policy(reader, found)


def guideline_of_centre(centre: Centre) -> Guideline:
    """The figures of the weeding guideline that were published last, else those of the program."""
    with centre.store.read() as reader:
        return guideline_at(reader, centre.id)


def preview_policy(centre: Centre, document: Mapping[str, object]) -> Preview:
    """What other rules of lending would change."""
    table = read_document(document)
    if isinstance(table, tuple):
        return Preview(faults=tuple(problem.text for problem in table))
    found = problems(table)
    if found:
        return Preview(faults=tuple(problem.text for problem in found))
    known = policy_of_centre(centre) or _none(table)
    names = {row.key: row.name for row in (*known.rows, *table.rows) if row.name}
    return Preview(tuple(_policy_changes(differences(known, table), names)))


def preview_guideline(centre: Centre, document: Mapping[str, Any], today: dt.date) -> Preview:
    """What other figures of the guideline would change."""
    known = guideline_of_centre(centre)
    whole = completed(document, known, today)
    found = guideline_problems(whole)
    if found:
        return Preview(faults=tuple(problem.text for problem in found))
    return Preview(tuple(_guideline_changes(write_rules(known), write_rules(read_guideline(whole)))))


def preview_libraries(centre: Centre, lines: Iterable[LibraryLine]) -> Preview:
    """Which libraries would come onto the list, and which would be written of otherwise."""
    known, changes, faults = licensed(centre), list[Change](), list[str]()
    for line in lines:
        form = form_of(line.cells)
        values = Refused((form,)) if isinstance(form, Refusal) else library_values(form)
        if isinstance(values, Refused):
            faults += [f"سطر {number(line.line)}: {message(reason)}" for reason in values.refusals]
        else:
            changes += _library_changes(known.get(library_key(values)), values)
    return Preview(tuple(changes), tuple(faults))


def forms_of(lines: Iterable[LibraryLine]) -> list[LibraryForm]:
    """The lines that can be published."""
    read = (form_of(line.cells) for line in lines)
    return [form for form in read if isinstance(form, LibraryForm)]


def _none(table: PolicyTable) -> PolicyTable:
    return replace(table, title="", profile="", source="", rows=())


def _policy_changes(diff: PolicyDiff, names: Mapping[str, str]) -> Iterator[Change]:
    for head in diff.head:
        yield Change("کل قواعد", HEAD[head.name], head.was, head.became)
    for row in diff.rows:
        yield from _row_changes(row, names.get(row.key) or row.key)


def _row_changes(row: RowChange, name: str) -> Iterator[Change]:
    where = to_persian(name)
    for one in row.parameters:
        if one.kind is ChangeKind.CITED:
            yield Change(where, PARAMETERS[one.name].label, "سند", "سند دیگری")
        else:
            yield Change(where, PARAMETERS[one.name].label, _plain(one.was), _plain(one.became))


def _guideline_changes(was: Mapping[str, Any], becomes: Mapping[str, Any]) -> Iterator[Change]:
    for part in PARTS:
        old, new = was[part], becomes[part]
        if not isinstance(old, Mapping):
            if old != new:
                yield Change(PART[part], "همهٔ ردیف‌ها", f"{number(len(old))} ردیف", f"{number(len(new))} ردیف")
            continue
        for name in new:
            if old.get(name) != new[name]:
                yield Change(PART[part], FIGURE.get(name, name), _plain(old.get(name)), _plain(new[name]))


def _library_changes(twin: Any, values: Mapping[str, Any]) -> Iterator[Change]:
    where = f"{values['name']}، {values['county']}"
    if twin is None:
        licence = values["licence_no"]
        yield Change(where, "کتابخانهٔ تازه", "", f"مجوز {to_persian(licence)}" if licence else "بی شمارهٔ مجوز")
        return
    for name, value in values.items():
        if getattr(twin, name) != value:
            yield Change(where, LIBRARY_FIELDS[name], _plain(getattr(twin, name)), _plain(value))


def _plain(value: object) -> str:
    """A figure of a document in words."""
    if value is None or value == "":
        return ""
    said = next((say(value) for kind, say in SAYING if isinstance(value, kind)), None)
    return to_persian(str(value))[:LONGEST] if said is None else said[:LONGEST]


SAYING: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (bool, lambda yes: "بله" if yes else "نه"),
    (int, number),
    (BranchKind, lambda kind: BRANCH_KIND[kind]),
    (dt.date, jalali.short),
    (Mapping, lambda of: "، ".join(f"{name}: {_plain(one)}" for name, one in of.items())),
    ((list, tuple), lambda of: "؛ ".join(map(_plain, of))),
)
