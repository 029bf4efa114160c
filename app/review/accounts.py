"""Accounts of those who sign in at the centre: who may make, change and close them.

An administrator of the country manages all of them, an administrator of a province those of the province; nobody their
own rights. Every account has a row of `staff` of the centre under the same id, so that the journal of the centre tells
what was decided about it and names who decided anything.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import sqlalchemy as sa

from app.centre import AT_THE_CENTRE, Centre
from app.form import invalid, required
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.review.kept_accounts import BY_ID, BY_NAME, about, as_user_name, tell_staff, write_account
from app.review.passwords import first_password, hash_password
from app.review.scopes import ReviewerFacts, as_known, covers
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
LONGEST_NAME = 120


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


ANYBODY = Frozen(sa.select(Reviewer.id).limit(1), lambda found: found)


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
        write_account(
            tx, account_id, name=form.name, role=form.role, level=REACH[form.role].level,
            province=form.province or None, county=form.county or None,
        )  # fmt: skip
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        tell_staff(tx, account_id, name=form.name, role=form.role)
        tx.record("account.changed", act, Intent(seen=_seen(form)))
        return AccountChanged(account_id)


def switch_account(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, active: bool, act: Act) -> Done:
    """Close an account, or open it again. Rows it left keep its name."""
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        write_account(tx, account_id, active=active)
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        tell_staff(tx, account_id, active=active)
        tx.record("account.switched_on" if active else "account.switched_off", act, about(found))
        return AccountChanged(account_id)


def reset_password(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, act: Act) -> Done:
    """Give a new first password, told once."""
    password = first_password()
    password_hash = hash_password(password)
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        write_account(tx, account_id, password_hash=password_hash, must_change=True)
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        tell_staff(tx, account_id)
        tx.record("account.password_reset", act, about(found))
        return AccountChanged(account_id, password)


def reset_second_factor(centre: Centre, by: ReviewerFacts, account_id: uuid.UUID, act: Act) -> Done:
    """Forget the second factor of somebody who lost the telephone: it is set up anew at the next sign-in."""
    with centre.write() as tx:
        found = _reachable(tx, by, account_id)
        if not isinstance(found, ReviewerFacts):
            return found
        write_account(tx, account_id, totp=None)
        tx.connection.execute(sa.delete(WebSession).where(WebSession.reviewer_id == account_id))
        tell_staff(tx, account_id)
        tx.record("account.second_factor_reset", act, about(found))
        return AccountChanged(account_id)


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
    province, county = as_known(reader, form.province, form.county)
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


def _seen(form: AccountForm) -> dict[str, str]:
    told = {"user_name": form.user_name, "role": form.role or "", "province": form.province, "county": form.county}
    return {name: str(value) for name, value in told.items() if value}
