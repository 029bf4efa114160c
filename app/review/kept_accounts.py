"""Accounts as they are kept, for whoever changes them (`app.review.accounts`, `app.review.own_secrets`) and whoever
only looks."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.persian.text import clean
from app.review.scopes import REVIEWER, ReviewerFacts, covers
from app.staff.people import BY_ID as STAFF_BY_ID
from db.frozen import Frozen
from db.journal import Intent
from db.models.centre import Reviewer
from db.models.library import Staff
from db.reading import Reader
from db.writing import Tx

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


def write_account(tx: Tx, account_id: uuid.UUID, **values: Any) -> None:
    """Change columns of an account; nothing is checked or told here."""
    tx.connection.execute(sa.update(Reviewer).where(Reviewer.id == account_id).values(**values))


def tell_staff(tx: Tx, account_id: uuid.UUID, **values: Any) -> None:
    """The row of `staff` under the same id: changed, or written as it is so that the journal tells of whom it was."""
    row = tx.one(STAFF_BY_ID, person=account_id)
    if row is None:
        raise RuntimeError("an account without its row of staff")
    tx.update(Staff, row, **(values or {"active": row.active}))


def about(found: ReviewerFacts) -> Intent:
    """Whose account it was, for the journal."""
    return Intent(seen={"user_name": found.user_name})
