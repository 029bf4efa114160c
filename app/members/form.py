"""What is said of a new member, and what is wrong with it."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.form import invalid, required
from app.members import identity
from app.persian.text import clean
from app.refusal import Refusal, Weight


@dataclass(frozen=True, slots=True)
class MemberForm:
    """The fields of the membership form. `guarantor` and `guardian_member` are cards or member numbers; `documents` the
    papers that were handed in; `expires_on` None: by the policy."""

    given_name: str
    family_name: str
    category: str
    card: str | None = None
    member_no: str | None = None
    national_id: str | None = None
    birth_date: dt.date | None = None
    mobile: str | None = None
    father_name: str | None = None
    guardian: str | None = None
    guardian_mobile: str | None = None
    guarantor: str | None = None
    age_group: str | None = None
    address: str | None = None
    interests: tuple[str, ...] = ()
    note: str | None = None
    joined_on: dt.date | None = None
    expires_on: dt.date | None = None
    phone: str | None = None
    email: str | None = None
    education: str | None = None
    job: str | None = None
    guardian_member: str | None = None
    letter_no: str | None = None
    scheme: str | None = None
    liaison: str | None = None
    documents: tuple[str, ...] = ()
    keep_history: bool = False
    address_unknown: bool = False


def member_problems(
    form: MemberForm, categories: Collection[str], today: dt.date, own_numbers: Collection[str] = ()
) -> Iterator[Refusal]:
    """What keeps a member from being registered. A doubtful national id is asked about, since foreigners have others;
    a telephone of the library itself (`own_numbers`, E.164) is nobody's (001)."""
    yield from required(given_name=clean(form.given_name), family_name=clean(form.family_name))
    if form.category not in categories:
        yield invalid("category", form.category)
    if form.national_id and identity.national_id(form.national_id).value is None:
        yield Refusal("member.national_id", weight=Weight.CONFIRM, facts={"value": form.national_id})
    for name in ("mobile", "guardian_mobile"):
        value = getattr(form, name)
        if value and identity.mobile(value, own_numbers).fault is identity.Fault.OWN_NUMBER:
            yield Refusal("contact.own_number", facts={"field": name})
        elif value and identity.mobile(value).value is None:
            yield Refusal("member.mobile", weight=Weight.CONFIRM, facts={"field": name, "value": value})
    if form.birth_date is not None and not dt.date(1900, 1, 1) <= form.birth_date <= today:
        yield invalid("birth_date", form.birth_date)
    if form.joined_on is not None and form.joined_on > today:
        yield invalid("joined", form.joined_on)
    if form.expires_on is not None and form.expires_on < (form.joined_on or today):
        yield invalid("expires", form.expires_on)


def stored_national_id(text: str | None) -> str | None:
    """As stored: ten digits when it is sound, else as typed."""
    return (identity.national_id(text).value or clean(text)) if text else None


def stored_mobile(text: str | None) -> str | None:
    """As stored: E.164 when it is sound, else as typed."""
    return (identity.mobile(text).value or clean(text)) if text else None
