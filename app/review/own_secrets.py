"""One's own password and second factor, by whoever is signed in."""

import sqlalchemy as sa

from app.centre import Centre
from app.outcome import Refused
from app.refusal import Refusal
from app.review.accounts import AccountChanged
from app.review.kept_accounts import about, secrets_of, tell_staff, write_account
from app.review.passwords import hash_password, matches, password_problems
from app.review.scopes import ReviewerFacts
from db.act import Act
from db.models.centre import Reviewer
from db.writing import Tx


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
        write_account(tx, person.id, password_hash=password_hash, must_change=False)
        tell_staff(tx, person.id)
        tx.record("account.password_chosen", act, about(person))
        return AccountChanged(person.id)


def set_second_factor(
    tx: Tx, person: ReviewerFacts, sealed: bytes, step: int, act: Act, *, instead: bool = False
) -> bool:
    """Keep a second factor whose first code was right; `step` is used with it. `instead`: in the place of the one there
    is, which holds until then. False where there is one by now: of two who know the password the slower one does not
    take the place of the faster one's telephone."""
    mine = sa.update(Reviewer).where(Reviewer.id == person.id)
    expected = Reviewer.totp.is_not(None) if instead else Reviewer.totp.is_(None)
    if tx.connection.execute(mine.where(expected).values(totp=sealed, totp_step=step)).rowcount != 1:
        return False
    tell_staff(tx, person.id)
    tx.record("account.second_factor_set", act, about(person))
    return True
