"""Members at the headless desk."""

from app.circulation import reads
from app.circulation.facts import MemberFacts
from app.form import invalid as invalid_field
from app.members import queries
from app.members.form import MemberForm
from app.members.service import add_member
from app.outcome import Refused, Sought
from app.persian.text import clean
from app.refusal import Answer
from db.reading import Reader
from server.desk import requests
from server.desk.answers import Facts, done, not_found, refused, unreadable
from server.desk.keys import code, member_key
from server.desk.session import Session
from server.desk.values import day

CODES = ("card", "member_no", "guarantor")


def add(session: Session, request: requests.MemberAdd) -> Facts:
    """Register a member."""
    codes = {name: text for name in CODES if (text := getattr(request, name))}
    garbled = tuple(invalid_field(name, clean(text)) for name, text in codes.items() if code(text) is None)
    if garbled:
        return refused(garbled)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = add_member(session.library, _form(request), session.act(request.key), answer)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("added", member=outcome.member_id, member_no=outcome.member_no)


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
    )


def _code(text: str | None) -> str | None:
    return code(text) if text else None


def show(session: Session, request: requests.MemberShow) -> Facts:
    """One member: who they are, what they have in hand, what they owe, whether they are barred."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        member = reads.find_member(reader, key)
        if member is None:
            return not_found(Sought.MEMBER)
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
