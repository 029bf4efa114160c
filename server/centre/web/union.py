"""The union catalogue on the pages: finding records, what libraries hold of them, setting them right."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from app.catalogue.call_number import display
from app.catalogue.isbn import hyphenate
from app.centre import Centre
from app.labels import LANGUAGE, MATERIAL, RECORD_FIELD
from app.outcome import NotFound, Refused
from app.persian.digits import parse_int, to_persian
from app.refusal import Refusal
from app.union.deeds import SENIOR, Branches
from app.union.duplicates import alike
from app.union.merging import LISTS, Corrected, correct
from app.union.query import typed
from app.union.reading import UNION_TITLE, holdings, ids_leading_to, resolve, titles_leading_to
from app.union.record import FIELDS, UnionRecord, record_of, titles_of
from app.union.searching import COUNTED, search
from app.union.splitting import Split, split
from db.codes import Material
from server.centre.web.asked import MissingError
from server.centre.web.pages import Door, Nav, Page, Shot, Visit

ROWS = 25
WORDS: Mapping[str, Callable[[Any], str]] = {
    "material": lambda value: MATERIAL[value],
    "language": lambda value: LANGUAGE.get(value, value),
    "isbn": hyphenate,
    "dewey": lambda value: display(value, ""),
    "creators": "؛ ".join,
    "subjects": "؛ ".join,
}
"""How fields are told whose stored form is not for people."""
SPLIT = "عنوان رکورد جداگانه گرفت. اگر درست نبود، در «کارهای انجام‌شده» آن را واگردانید."
CORRECTED, UNCHANGED = "رکورد اصلاح شد و به کتابخانه‌های دارنده می‌رسد.", "چیزی تغییر نکرده بود."


def found(visit: Visit) -> Response:
    """Search, or the catalogue from its beginning."""
    sought = visit.text("q")
    with visit.read() as reader:
        hits = search(reader, typed(sought), (visit.page_no - 1) * ROWS + 1, ROWS)
    return visit.render(
        "union.html", classes={row.id: said("dewey", row.dewey) for row in hits.records}, sought=sought,
        rows=hits.records, total=hits.total, many=hits.total >= COUNTED,
        page=visit.page_no, more=hits.total > visit.page_no * ROWS,
    )  # fmt: skip


def one(visit: Visit) -> Response:
    """A record, who holds it, and what may be the same book."""
    return _record_page(visit, visit.id("record"))


def _record_page(visit: Visit, record_id: uuid.UUID, refused: Sequence[Refusal] = ()) -> Response:
    with visit.centre.store.read() as reader:  # to count the libraries out of scope; they are not named
        standing = resolve(reader, UNION_TITLE, record_id)
        leading = {} if standing is None else titles_leading_to(reader, ids_leading_to(reader, standing))
    if standing is None:
        raise MissingError
    if standing != record_id:
        return visit.redirect(f"/union/{standing}", "این رکورد در رکورد زیر ادغام شده است.", "info")
    with visit.read() as reader:
        record = _record(reader, standing)
        held = holdings(reader, standing, visit.scope)
        seen = [title for title, branch in leading.items() if visit.sees(branch)]
        titles = titles_of(reader, seen[:200])
        near = alike(reader, record)
    names = {holding.branch_id: holding.library for holding in held}
    return visit.render(
        "union_record.html", status=422 if refused else 200, refused=refused, record=record,
        rows=card(record), held=held, near=near, senior=is_senior(visit), copies=sum(row.copies for row in held),
        available=sum(row.available for row in held), elsewhere=len(set(leading.values()) - set(visit.scope)),
        titles=[(title.id, names.get(title.branch_id, ""), title.columns) for title in titles],
    )  # fmt: skip


def _record(reader: Any, record_id: uuid.UUID) -> UnionRecord:
    record = record_of(reader, record_id)
    if record is None:
        raise MissingError
    return record


def card(record: UnionRecord) -> list[tuple[str, str]]:
    """The filled fields of a record, each with its words."""
    return [(RECORD_FIELD[name], text) for name in FIELDS if (text := said(name, getattr(record, name)))]


def said(name: str, value: Any) -> str:
    """A field as it is read."""
    if value is None or value == []:
        return ""
    return WORDS.get(name, str)(value)


def is_senior(visit: Visit) -> bool:
    """Whether whoever looks may change the catalogue."""
    return visit.person.role in SENIOR


def scope_of(visit: Visit) -> Branches:
    """The libraries a person works for, as the deeds of the catalogue ask for them."""
    return None if visit.person.national else visit.scope


def correcting(visit: Visit) -> Response:
    """The form of a record."""
    with visit.read() as reader:
        record = _record(reader, visit.id("record"))
    return _form(visit, record, {name: _typed(name, getattr(record, name)) for name in FIELDS})


def _form(visit: Visit, record: UnionRecord, values: Mapping[str, Any], refused: Sequence[Refusal] = ()) -> Response:
    return visit.render(
        "union_correct.html", status=422 if refused else 200, refused=refused, record=record, values=values,
        fields=[(name, RECORD_FIELD[name]) for name in FIELDS if name not in (*LISTS, "material", "language")],
        lists=[(name, RECORD_FIELD[name]) for name in FIELDS if name in LISTS],
        materials=list(MATERIAL.items()), languages=list({record.language: record.language, **LANGUAGE}.items()),
        reason=visit.text("reason"),
    )  # fmt: skip


def _typed(name: str, value: Any) -> str:
    if name in LISTS:
        return "\n".join(value)
    if name in ("year", "dewey"):
        return to_persian(said(name, value))
    return "" if value is None else str(value)


def corrected(visit: Visit) -> Response:
    """Set fields right for everybody."""
    record_id = visit.id("record")
    values = {name: visit.long_text(name) if name in LISTS else visit.text(name) for name in FIELDS}
    fields, wrong = _fields(values)
    if not wrong:
        outcome = correct(visit.centre, record_id, fields, visit.act(), visit.text("reason"), scope=scope_of(visit))
        if isinstance(outcome, Corrected):
            return visit.redirect(f"/union/{record_id}", CORRECTED if outcome.changed else UNCHANGED)
        if isinstance(outcome, NotFound):
            return visit.missing()
        wrong = outcome.refusals
    with visit.read() as reader:
        record = _record(reader, record_id)
    return _form(visit, record, values, wrong)


def _fields(values: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """The fields as typed, and what is no value of theirs."""
    year = parse_int(values["year"])
    wrong: tuple[Refusal, ...] = ()
    if year is None and values["year"]:
        wrong += (_invalid("year", values["year"]),)
    known = {material.value: material for material in Material}
    material = known.get(values["material"])
    if material is None:
        wrong += (_invalid("material", values["material"]),)
    lists = {name: [line for line in values[name].split("\n") if line] for name in LISTS}
    return {**{name: text or None for name, text in values.items()}, **lists, "year": year, "material": material}, wrong


def _invalid(name: str, value: str) -> Refusal:
    return Refusal("field.invalid", facts={"field": name, "value": value})


def split_title(visit: Visit) -> Response:
    """Give a title of a library a record of its own."""
    record_id = visit.id("record")
    titles = visit.uuids("title")
    if len(titles) != 1:
        return visit.missing()
    outcome = split(visit.centre, titles[0], visit.act(), visit.text("reason"), scope=scope_of(visit))
    match outcome:
        case Split():
            return visit.redirect(f"/union/{outcome.record_id}", SPLIT)
        case Refused():
            return _record_page(visit, record_id, outcome.refusals)
        case _:
            return visit.missing()


PAGES = (
    Page("/union", "GET", found, who=Door.REVIEWER, nav=Nav("فهرستگان", "books")),
)  # fmt: skip
OF_A_RECORD = (
    Page("/union/{record}", "GET", one, who=Door.REVIEWER),
    Page("/union/{record}/correct", "GET", correcting, who=SENIOR),
    Page("/union/{record}/correct", "POST", corrected, who=SENIOR),
    Page("/union/{record}/split", "POST", split_title, who=SENIOR),
)
"""They come after the pages with names of their own below /union."""


def first_record(centre: Centre) -> str:
    """A record to photograph: the first one that several libraries hold, else the first."""
    with centre.store.read() as reader:
        hits = search(reader, typed(""), 1, 100).records
        shared = [record for record in hits if len(titles_leading_to(reader, ids_leading_to(reader, record.id))) > 1]
    found = (*shared, *hits)
    return f"/union/{found[0].id}" if found else "/union"


def first_form(centre: Centre) -> str:
    """Its form."""
    record = first_record(centre)
    return record if record == "/union" else f"{record}/correct"


SHOTS = (
    Shot("union", "/union", user="senior"),
    Shot("union-record", first_record, user="senior"),
    Shot("union-correct", first_form, user="senior"),
)
