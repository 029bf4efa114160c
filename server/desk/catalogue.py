"""Titles and copies at the headless desk."""

import uuid

from app.actions import Action
from app.catalogue import queries
from app.catalogue.form import Creator, TitleForm
from app.catalogue.service import add_title
from app.circulation import reads
from app.circulation.facts import ItemFacts
from app.form import invalid as invalid_field
from app.items.form import ItemForm
from app.items.service import add_item
from app.members.queries import member_row
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from db.reading import Reader
from server.desk import requests
from server.desk.answers import Facts, done, invalid, missing, not_found, not_yet, refused, unreadable
from server.desk.circulation import of_copy
from server.desk.keys import code, item_key
from server.desk.session import Session
from server.desk.values import day


def add_record(session: Session, request: requests.TitleAdd) -> Facts:
    """Store a record."""
    outcome = add_title(session.library, title_form(request), session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("added", title_id=outcome.title_id, twin=outcome.twin)


def title_form(fields: requests.TitleFields) -> TitleForm:
    """The form that a record's fields fill."""
    return TitleForm(
        title=fields.title,
        creators=tuple(Creator(creator.name, creator.role) for creator in fields.creators),
        subtitle=fields.subtitle,
        statement=fields.statement,
        publisher=fields.publisher,
        place=fields.place,
        year=fields.year,
        edition=fields.edition,
        isbn=fields.isbn,
        dewey=fields.dewey,
        author_mark=fields.author_mark,
        subjects=fields.subjects,
        language=clean(fields.language) or "fa",
        material=fields.material,
        age_group=fields.age_group,
        min_age=fields.min_age,
        pages=fields.pages,
        series=fields.series,
        abstract=fields.abstract,
        note=fields.note,
    )


def add_copy(session: Session, request: requests.ItemAdd) -> Facts:
    """Register a copy."""
    title = _title_of(request)
    if title is None:
        return invalid("تنها یکی از «title_id» و «title» باید نوشته باشد.", "یکی را بنویسید.", "title_id")
    if request.barcode is not None and code(request.barcode) is None:
        return refused((invalid_field("barcode", clean(request.barcode)),))
    outcome = add_item(session.library, title, _copy_form(request), session.act(request.key))
    match outcome:
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
    copy = outcome.item
    return done(
        "added",
        item=copy.item_id,
        title_id=outcome.title_id,
        accession_no=copy.accession_no,
        barcode=copy.barcode,
        copy_no=copy.copy_no,
        call_number=copy.call_number,
    )


def _title_of(request: requests.ItemAdd) -> uuid.UUID | TitleForm | None:
    if (request.title_id is None) == (request.title is None):
        return None
    return request.title_id or (title_form(request.title) if request.title else None)


def _copy_form(request: requests.ItemAdd) -> ItemForm:
    return ItemForm(
        barcode=None if request.barcode is None else code(request.barcode),
        accession_no=request.accession_no,
        accession_date=day(request.accession_date),
        item_type=_text(request.item_type),
        section=_text(request.section),
        volume_no=_text(request.volume_no),
        copy_no=request.copy_no,
        local_class=_text(request.local_class),
        call_number=_text(request.call_number),
        price=request.price,
        source=request.source,
        donor=_text(request.donor),
        condition=request.condition,
        flags=request.flags,
        parts=_text(request.parts),
        permit_no=_text(request.permit_no),
        permit_on=day(request.permit_on),
        note=_text(request.note),
    )


def _text(text: str | None) -> str | None:
    return (clean(text) or None) if text else None


def show_copy(session: Session, request: requests.ItemShow) -> Facts:
    """One copy: where it is, who holds it, how often it was lent."""
    key = item_key(session, request.item)
    if key is None:
        return unreadable(Sought.ITEM)
    with session.library.store.read() as reader:
        item = reads.find_item(reader, key)
        if item is None:
            return not_found(Sought.ITEM)
        return done("found", **of_copy(item), **_state(session, reader, item))


def _state(session: Session, reader: Reader, item: ItemFacts) -> Facts:
    loan = reads.open_loan_of(reader, item)
    return {
        "title_id": item.title_id,
        "creator": item.main_creator,
        "item_type": item.item_type,
        "volume_no": item.volume_no,
        "status": item.status,
        "condition": item.condition,
        "flags": item.flags,
        "price": item.price,
        "on_minutes": item.on_minutes_id is not None,
        "holder": _holder(session, reader, loan.member_id) if loan and session.may(Action.LEND) else None,
        "loan": loan.id if loan else None,
        "due": loan.due_on if loan else None,
        "renewals": loan.renewals if loan else None,
        "loan_count": item.loan_count,
        "uses": item.uses,
        "last_loan": item.last_loan_on,
    }


def _holder(session: Session, reader: Reader, member_id: uuid.UUID) -> Facts | None:
    row = member_row(reader, member_id, session.act().day)
    if row is None:
        return None
    return {
        "member": row.id,
        "member_no": row.member_no,
        "card": row.card,
        "name": f"{row.given_name} {row.family_name}",
    }


def search(session: Session, request: requests.Search) -> Facts:
    """Titles that match what was typed, with their copies."""
    if request.filters is not None:
        return not_yet("filters", "filters")
    return find_titles(session, request)


def find_titles(session: Session, request: requests.Find) -> Facts:
    """Titles that match what was typed, best first."""
    store = session.library.store
    with store.read() as reader:
        rows = queries.search_titles(reader, request.q, request.limit, store.dialect.name)
    return done("found", rows=[_title_row(row) for row in rows])


def _title_row(row: queries.TitleRow) -> Facts:
    return {
        "title_id": row.id,
        "title": row.title,
        "subtitle": row.subtitle,
        "creator": row.main_creator,
        "publisher": row.publisher,
        "year": row.year,
        "edition": row.edition,
        "dewey": row.dewey,
        "author_mark": row.author_mark,
        "isbn": row.isbn,
        "material": row.material,
        "copies": row.copies,
        "available": row.available,
    }
