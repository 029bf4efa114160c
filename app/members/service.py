"""Registering members."""

import datetime as dt
from collections.abc import Iterator

from app.actions import Action
from app.calendar.rules import add_months
from app.library import Library
from app.members.form import MemberForm, member_problems
from app.members.writing import Enrolled, card_owner, enrol, member_with, national_id_taken, number_taken
from app.outcome import Refused
from app.refusal import NO_ANSWER, Answer, Refusal, still_refused
from db.act import Act
from db.reading import Reader


def add_member(library: Library, form: MemberForm, act: Act, answer: Answer = NO_ANSWER) -> Enrolled | Refused:
    """Register a member, or say everything that is wrong with the form."""
    with library.store.write() as tx:
        refused = still_refused(tuple(_problems(library, tx, form, act)), answer)
        if refused:
            return Refused(refused)
        guarantor = member_with(tx, form.guarantor) if form.guarantor else None
        expires = form.expires_on or default_expiry(library, form.category, form.joined_on or act.day)
        enrolled = enrol(tx, form, act.day, expires, guarantor)
        tx.record("member.added", act)
        return enrolled


def _problems(library: Library, tx: Reader, form: MemberForm, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.REGISTER_MEMBER)
    yield from member_problems(form, library.categories, act.day)
    yield from _taken(tx, form)
    yield from _guarantor(tx, form)


def default_expiry(library: Library, category: str, joined: dt.date) -> dt.date | None:
    """The end of a membership that begins on `joined`; None where the policy sets no end (000 §3-1-1)."""
    months = library.terms(category, "*").limit("months")
    return None if months is None else add_months(joined, months)


def _taken(reader: Reader, form: MemberForm) -> Iterator[Refusal]:
    if form.card and card_owner(reader, form.card) is not None:
        yield Refusal("member.card_taken", facts={"card": form.card})
    if form.member_no and number_taken(reader, form.member_no):
        yield Refusal("member.number_taken", facts={"member_no": form.member_no})
    if form.national_id and national_id_taken(reader, form.national_id):
        yield Refusal("member.duplicate", facts={"national_id": form.national_id})


def _guarantor(reader: Reader, form: MemberForm) -> Iterator[Refusal]:
    if form.guarantor and member_with(reader, form.guarantor) is None:
        yield Refusal("member.guarantor_unknown", facts={"guarantor": form.guarantor})
