"""Members at the headless desk."""

import hashlib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, assert_never

from msgspec import UNSET

from app.circulation import reads
from app.circulation.facts import MemberFacts
from app.form import invalid as invalid_field
from app.members import queries
from app.members.faces import card_faces
from app.members.form import MemberForm
from app.members.merging import Merged, merge_members
from app.members.photos import PhotoSet, read_picture, set_photo
from app.members.service import Edited, Prolonged, add_member, edit_member, form_of, renew_member
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Answer
from db.files import safe_write
from db.reading import Reader
from reports.member_cards import card_sheets, single_cards
from server.desk import requests
from server.desk.answers import Facts, done, missing, not_found, refused, unreadable
from server.desk.keys import code, member_key
from server.desk.session import Session
from server.desk.values import Day, day

CODES = ("card", "member_no", "guarantor")


def add(session: Session, request: requests.MemberAdd) -> Facts:
    """Register a member."""
    codes = {name: text for name in CODES if (text := getattr(request, name))}
    garbled = tuple(invalid_field(name, clean(text)) for name, text in codes.items() if code(text) is None)
    if garbled:
        return refused(garbled)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = add_member(session.library, _form(request), session.act(request.key), answer, free=not request.fee)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("added", member=outcome.member_id, member_no=outcome.member_no, state=outcome.state)


def edit(session: Session, request: requests.MemberEdit) -> Facts:
    """Correct what is written of a member."""
    member = _member(session, request.member)
    if not isinstance(member, MemberFacts):
        return member
    with session.library.store.read() as reader:
        form = form_of(reader, member.id)
    if form is None:
        return not_found(Sought.MEMBER)
    answer = Answer(confirm=frozenset(request.confirm))
    act = session.act(request.key)
    outcome = edit_member(session.library, member.id, replace(form, **_said(request)), act, answer)
    match outcome:
        case Edited():
            return done("changed", member=outcome.member_id, state=outcome.state)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _said(request: requests.MemberEdit) -> dict[str, Any]:
    """The fields of the form that a request speaks of."""
    names = {field.name for field in fields(MemberForm)}
    given = {name: getattr(request, name) for name in request.__struct_fields__ if name in names}
    return {
        name: value.value if isinstance(value, Day) else value for name, value in given.items() if value is not UNSET
    }


def renew(session: Session, request: requests.MemberRenew) -> Facts:
    """Prolong a membership."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    outcome = renew_member(
        session.library, key, session.act(request.key), until=day(request.until), free=not request.fee
    )
    match outcome:
        case Prolonged():
            return done("renewed", member=outcome.member_id, expires=outcome.expires_on, fee=outcome.fee)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def merge(session: Session, request: requests.MemberMerge) -> Facts:
    """Make one member of two."""
    keep, drop = member_key(session, request.keep), member_key(session, request.drop)
    if keep is None or drop is None:
        return unreadable(Sought.MEMBER)
    outcome = merge_members(session.library, keep, drop, session.act(request.key))
    match outcome:
        case Merged():
            return done("merged", member=outcome.member_id, loans=outcome.loans, debt=outcome.debt)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def photo(session: Session, request: requests.MemberPhoto) -> Facts:
    """Keep a photograph. Raises Trouble P-2101 where the file cannot be read."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    picture = None if request.file is None else read_picture(Path(request.file))
    outcome = set_photo(session.library, key, picture, session.act(request.key))
    match outcome:
        case PhotoSet():
            return done("photo_set", bytes=outcome.size)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def cards(session: Session, request: requests.MemberCards) -> Facts:
    """Print cards. Somebody unknown among the members, and nothing is printed. Raises Trouble P-120x."""
    found = [_member(session, scanned) for scanned in request.members]
    unknown = [answer for answer in found if not isinstance(answer, MemberFacts)]
    if unknown:
        return unknown[0] | {"member": request.members[found.index(unknown[0])]}
    library = session.library
    with library.store.read() as reader:
        faces = card_faces(library, reader, [member.id for member in found if isinstance(member, MemberFacts)])
    printed = (
        card_sheets(library.branch, faces, request.start) if request.sheet else single_cards(library.branch, faces)
    )
    safe_write(Path(request.pdf), printed)
    return done("written", cards=len(faces), sha256=hashlib.sha256(printed).hexdigest())


def _member(session: Session, scanned: str) -> MemberFacts | Facts:
    key = member_key(session, scanned)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        return reads.find_member(reader, key) or not_found(Sought.MEMBER)


def _form(request: requests.MemberAdd) -> MemberForm:
    return MemberForm(
        given_name=request.given_name,
        family_name=request.family_name,
        category=request.category,
        card=_code(request.card),
        member_no=_code(request.member_no),
        guarantor=_code(request.guarantor),
        national_id=request.national_id or None,
        birth_date=day(request.birth_date),
        mobile=request.mobile or None,
        father_name=request.father_name,
        guardian=request.guardian,
        guardian_mobile=request.guardian_mobile or None,
        age_group=clean(request.age_group) if request.age_group else None,
        address=request.address,
        interests=request.interests,
        note=request.note,
        joined_on=day(request.joined),
        expires_on=day(request.expires),
        guardian_member=_code(request.guardian_member),
        phone=request.phone,
        email=request.email,
        education=request.education,
        job=request.job,
        letter_no=request.letter_no,
        scheme=request.scheme,
        liaison=request.liaison,
        documents=request.documents,
        keep_history=request.keep_history,
        address_unknown=request.address_unknown,
    )


def _code(text: str | None) -> str | None:
    return code(text) if text else None


def show(session: Session, request: requests.MemberShow) -> Facts:
    """One member: who they are, what they have in hand, what they owe, whether they are barred."""
    member = _member(session, request.member)
    if not isinstance(member, MemberFacts):
        return member
    with session.library.store.read() as reader:
        return done("found", **_shown(session, reader, member))


def _shown(session: Session, reader: Reader, member: MemberFacts) -> Facts:
    today = session.act().day
    row = queries.member_row(reader, member.id, today)
    bans = queries.restrictions(reader, member.id, today)
    return {
        **(_row(row) if row else {}),
        "category_name": session.library.categories.get(member.category, member.category),
        "national_id": member.national_id,
        "birth_date": member.birth_date,
        "restrictions": [{"reason": reason, "until": until} for reason, until in bans],
        "loans": [_loan(loan) for loan in queries.open_loans(reader, member.id)],
        "holds": [
            {"title": hold.title, "until": hold.shelf_until} for hold in queries.waiting_holds(reader, member.id)
        ],
    }


def _row(row: queries.MemberRow) -> Facts:
    return {
        "member": row.id,
        "member_no": row.member_no,
        "card": row.card,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "category": row.category,
        "state": row.state,
        "mobile": row.mobile,
        "expires": row.expires_on,
        "open_loans": row.open_loans,
        "overdue": row.overdue,
        "debt": row.debt,
    }


def _loan(loan: queries.LoanRow) -> Facts:
    return {
        "loan": loan.loan_id,
        "item": loan.item_id,
        "barcode": loan.barcode,
        "accession_no": loan.accession_no,
        "title": loan.title,
        "out_on": loan.out_on,
        "due": loan.due_on,
        "count": loan.renewals,
    }


def find(session: Session, request: requests.Find) -> Facts:
    """Members whose names or numbers hold every word."""
    with session.library.store.read() as reader:
        rows = queries.find_members(reader, request.q, session.act().day, request.limit)
    return done("found", rows=[_row(row) for row in rows])
