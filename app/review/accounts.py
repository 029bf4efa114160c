"""Accounts of those who sign in at the centre: who may make, change and close them, and their own passwords.

An administrator of the country manages all of them, an administrator of a province those of the province; nobody their
own rights. Every account has a row of `staff` of the centre under the same id, so that the journal of the centre tells
what was decided about it and names who decided anything.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.centre import AT_THE_CENTRE, Centre
from app.form import invalid, required
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean, compact
from app.refusal import Refusal
from app.review.passwords import first_password, hash_password, matches, password_problems
from app.review.scopes import REVIEWER, ReviewerFacts, covers, places
from app.staff.people import BY_ID as STAFF_BY_ID
from db.act import Act
from db.codes import Role, RulingLevel
from db.frozen import Frozen
from db.journal import Intent
from db.models.centre import Reviewer, WebSession
from db.models.library import Staff
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

USER_NAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
LONGEST_NAME, LONGEST_PLACE = 120, 60


@dataclass(frozen=True, slots=True)
class Reach:
    """What a role of the centre is made for: the level it rules at, and whether it has a province and a county (None:
    as one likes)."""

    level: RulingLevel | None
    province: bool | None
    county: bool | None


REACH: Mapping[Role, Reach] = {
    Role.COUNTY_HEAD: Reach(RulingLevel.COUNTY, province=True, county=True),
    Role.PROVINCE_REVIEWER: Reach(RulingLevel.PROVINCE, province=True, county=False),
    Role.RESOURCES_OFFICE: Reach(RulingLevel.HEAD_OFFICE, province=False, county=False),
    Role.LIBRARY_AFFAIRS: Reach(None, province=None, county=None),
    Role.SENIOR_CATALOGUER: Reach(None, province=None, county=False),
    Role.CATALOGUER: Reach(None, province=None, county=False),
    Role.AUDITOR: Reach(None, province=None, county=False),
    Role.ADMINISTRATOR: Reach(None, province=None, county=False),
}
"""The roles that sign in at the centre."""
GUARDED = frozenset({Role.COUNTY_HEAD, Role.PROVINCE_REVIEWER, Role.RESOURCES_OFFICE, Role.ADMINISTRATOR})
"""Roles that sign in with a second factor only."""


@dataclass(frozen=True, slots=True)
class AccountForm:
    """What is written of an account; empty `province` is the whole country."""

    user_name: str
    name: str
    role: Role | None
    province: str = ""
    county: str = ""


@dataclass(frozen=True, slots=True)
class AccountAdded:
    """The account is there; `password` is told once and kept nowhere."""

    id: uuid.UUID
    password: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """It was done. `password`: the new first password, when that was asked for."""

    id: uuid.UUID
    password: str | None = None


Done: TypeAlias = "AccountChanged | Refused | NotFound"


BY_ID = Frozen(sa.select(*REVIEWER).where(Reviewer.id == sa.bindparam("reviewer")), ReviewerFacts)
BY_NAME = Frozen(sa.select(*REVIEWER).where(Reviewer.user_name == sa.bindparam("name")), ReviewerFacts)
ALL = Frozen(
    sa.select(*REVIEWER).order_by(
        Reviewer.active.desc(), Reviewer.province.nulls_first(), Reviewer.county.nulls_first(), Reviewer.user_name
    ),
    ReviewerFacts,
)
SECRETS = Frozen(
    sa.select(Reviewer.password_hash, Reviewer.totp).where(Reviewer.id == sa.bindparam("reviewer")),
    lambda password_hash, totp: (password_hash, totp),
)
ANYBODY = Frozen(sa.select(Reviewer.id).limit(1), lambda found: found)


def account(reader: Reader, reviewer_id: uuid.UUID) -> ReviewerFacts | None:
    """An account."""
    return reader.one(BY_ID, reviewer=reviewer_id)


def account_named(reader: Reader, user_name: str) -> ReviewerFacts | None:
    """The account of a user name, however it was typed."""
    return reader.one(BY_NAME, name=as_user_name(user_name))


def secrets_of(reader: Reader, reviewer_id: uuid.UUID) -> tuple[str | None, bytes | None]:
    """The hash of the password and the sealed second factor."""
    return reader.one(SECRETS, reviewer=reviewer_id) or (None, None)


def accounts_within(reader: Reader, by: ReviewerFacts) -> list[ReviewerFacts]:
    """The accounts within the scope of a person, those switched off last."""
    return [one for one in reader.all(ALL) if covers(by, one.province, one.county)]


def as_user_name(text: str) -> str:
    """A user name as it is kept: small Latin letters, digits, dot, dash."""
    return clean(text, 64).lower()


def may_manage(by: ReviewerFacts, province: str | None, county: str | None) -> bool:
    """Whether this person manages accounts of such a scope."""
    return by.active and by.role is Role.ADMINISTRATOR and by.county is None and covers(by, province, county)


def found_administrator(centre: Centre, user_name: str, name: str, password: str | None = None) -> AccountAdded | None:
    """The first account of a new centre: an administrator of the whole country. None when there is an account already:
    the command line opens no second door."""
    password = password or first_password()
    password_hash = hash_password(password)
    with centre.write() as tx:
        if tx.one(ANYBODY) is not None:
            return None
        form = AccountForm(as_user_name(user_name), clean(name, LONGEST_NAME), Role.ADMINISTRATOR)
        account_id = open_account(
            tx, form, password_hash, Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, centre.clock.read())
        )
        return AccountAdded(account_id, password)


def add_account(centre: Centre, by: ReviewerFacts, form: AccountForm, act: Act) -> AccountAdded | Refused:
    """Make an account. Its first password is in the outcome and nowhere else; it has to be changed at first."""
    password = first_password()
    password_hash = hash_password(password)
    with centre.write() as tx:
        form = _tidy(tx, form)
        refused = (*_problems(by, form), *_name_problems(tx, form.user_name))
        if refused:
            return Refused(refused)
        return AccountAdded(open_account(tx, form, password_hash, act), password)


def open_account(tx: Tx, form: AccountForm, password_hash: str, act: Act) -> uuid.UUID:
    """Write the rows of a new account (a form that was checked) and its journal entry."""
    if form.role is None:
        raise ValueError("an account has a role")
    account_id = new_id()
    tx.connection.execute(
        sa.insert(Reviewer).values(
            id=account_id, user_name=form.user_name, name=form.name, role=form.role, level=REACH[form.role].level,
            province=form.province or None, county=form.county or None, password_hash=password_hash, must_change=True,
            totp=None, totp_step=0, active=True, made_at=act.at,
        )
    )  # fmt: skip
    tx.insert(
        Staff, id=account_id, name=form.name, role=form.role, pin_hash=None, card=None, active=True, member_id=None
    )
    tx.record("account.added", act, Intent(seen=_seen(form)))
    return account_id


def change_account(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, form: AccountForm, act: Act) -> Done:
    """Change name, role and scope; the user name stays. Who is signed in under it is signed out."""
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        form = replace(_tidy(tx, form), user_name=found.user_name)
        refused = tuple(_problems(by, form))
        if refused or form.role is None:
            return Refused(refused)
        _write(
            tx, account_id, name=form.name, role=form.role, level=REACH[form.role].level,
            province=form.province or None, county=form.county or None,
        )  # fmt: skip
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        _tell_staff(tx, account_id, name=form.name, role=form.role)
        tx.record("account.changed", act, Intent(seen=_seen(form)))
        return AccountChanged(account_id)


def switch_account(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, active: bool, act: Act) -> Done:
    """Close an account, or open it again. Rows it left keep its name."""
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        _write(tx, account_id, active=active)
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        _tell_staff(tx, account_id, active=active)
        tx.record("account.switched_on" if active else "account.switched_off", act, _about(found))
        return AccountChanged(account_id)


def reset_password(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, act: Act) -> Done:
    """Give a new first password, told once."""
    password = first_password()
    password_hash = hash_password(password)
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        _write(tx, account_id, password_hash=password_hash, must_change=True)
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        _tell_staff(tx, account_id)
        tx.record("account.password_reset", act, _about(found))
        return AccountChanged(account_id, password)


def reset_second_factor(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, act: Act) -> Done:
    """Forget the second factor of somebody who lost the telephone: it is set up anew at the next sign-in."""
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        _write(tx, account_id, totp=None)
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        _tell_staff(tx, account_id)
        tx.record("account.second_factor_reset", act, _about(found))
        return AccountChanged(account_id)


def choose_password(centre: Centre, person: ReviewerFacts, old: str, new: str, act: Act) -> AccountChanged | Refused:
    """Change one's own password. Whoever calls it slows down guessing at the old one (`app.review.guessing`)."""
    with centre.store.read() as reader:
        kept, _ = secrets_of(reader, person.id)
    refused = list(password_problems(new, person.user_name, person.name))
    if not matches(kept, old):
        refused.append(Refusal("password.wrong"))
    elif old == new:
        refused.append(Refusal("password.same"))
    if refused:
        return Refused(tuple(refused))
    password_hash = hash_password(new)
    with centre.write() as tx:
        _write(tx, person.id, password_hash=password_hash, must_change=False)
        _tell_staff(tx, person.id)
        tx.record("account.password_chosen", act, _about(person))
        return AccountChanged(person.id)


def set_second_factor(tx: Tx, person: ReviewerFacts, sealed: bytes, step: int, act: Act) -> None:
    """Keep a second factor whose first code was right; `step` is used with it."""
    _write(tx, person.id, totp=sealed, totp_step=step)
    _tell_staff(tx, person.id)
    tx.record("account.second_factor_set", act, _about(person))


def forget_second_factor(centre: Centre, person: ReviewerFacts, act: Act) -> None:
    """Forget one's own second factor, to set it up on another telephone."""
    with centre.write() as tx:
        _write(tx, person.id, totp=None)
        _tell_staff(tx, person.id)
        tx.record("account.second_factor_reset", act, _about(person))


def _reachable(reader: Reader, by: ReviewerFacts, account_id: uuid.UUID) -> ReviewerFacts | Refused | NotFound:
    """The account, if this person may do something to it."""
    found = reader.one(BY_ID, reviewer=account_id)
    if found is None or not covers(by, found.province, found.county):
        return NotFound(Sought.ACCOUNT, str(account_id))
    if found.id == by.id:
        return Refused((Refusal("account.own"),))
    if not may_manage(by, found.province, found.county):
        return Refused((Refusal("account.out_of_reach"),))
    return found


def _tidy(reader: Reader, form: AccountForm) -> AccountForm:
    """As it is kept: places in the spelling of the libraries there."""
    province, county = clean(form.province, LONGEST_PLACE), clean(form.county, LONGEST_PLACE)
    known = places(reader)
    province = next((one for one, _ in known if compact(one) == compact(province)), province)
    county = next((two for one, two in known if one == province and compact(two) == compact(county)), county)
    return AccountForm(as_user_name(form.user_name), clean(form.name, LONGEST_NAME), form.role, province, county)


def _problems(by: ReviewerFacts, form: AccountForm) -> Iterator[Refusal]:
    yield from required(office_name=form.name)
    reach = None if form.role is None else REACH.get(form.role)
    if reach is None:
        yield invalid("role", form.role)
        return
    for field, wanted, given in (("province", reach.province, form.province), ("county", reach.county, form.county)):
        if wanted and not given:
            yield from required(**{field: given})
        elif wanted is False and given:
            yield Refusal("account.place", facts={"field": field, "value": given})
    if form.county and not form.province:
        yield from required(province="")
    elif not may_manage(by, form.province or None, form.county or None):
        yield Refusal("account.out_of_reach")


def _name_problems(reader: Reader, user_name: str) -> Iterator[Refusal]:
    if USER_NAME.fullmatch(user_name) is None:
        yield Refusal("account.user_name")
    elif reader.one(BY_NAME, name=user_name) is not None:
        yield Refusal("account.name_taken", facts={"value": user_name})


def _write(tx: Tx, account_id: uuid.UUID, **values: Any) -> None:
    tx.connection.execute(sa.update(Reviewer).where(Reviewer.id == account_id).values(**values))


def _tell_staff(tx: Tx, account_id: uuid.UUID, **values: Any) -> None:
    """The row of `staff` under the same id: changed, or written as it is so that the journal tells of whom it was."""
    row = tx.one(STAFF_BY_ID, person=account_id)
    if row is None:
        raise RuntimeError("an account without its row of staff")
    tx.update(Staff, row, **(values or {"active": row.active}))


def _about(found: ReviewerFacts) -> Intent:
    return Intent(seen={"user_name": found.user_name})


def _seen(form: AccountForm) -> dict[str, str]:
    told = {"user_name": form.user_name, "role": form.role or "", "province": form.province, "county": form.county}
    return {name: str(value) for name, value in told.items() if value}
