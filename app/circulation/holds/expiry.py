"""What time does to holds: copies nobody collected, holds nobody wants any longer, suspensions that are over. Nightly
work; a second run of the same day finds nothing."""

import datetime as dt

from app.circulation import reads
from app.circulation.facts import HoldFacts
from app.circulation.holds.outcomes import Expired
from app.circulation.holds.reads import hold_of, overdue_on_shelf, timed_in_line
from app.circulation.holds.rules import HoldEnd, is_over
from app.circulation.holds.shelf import pass_on
from app.library import Library
from app.policy.table import ANY
from db.act import Act
from db.codes import HoldState
from db.models.circulation import Hold
from db.reading import Reader
from db.writing import Tx

CHANGES_OF_ONE = 4
"""Changes that one hold may need: its end, the next reader, the copy going back."""


def expire_holds(library: Library, act: Act, day: dt.date) -> Expired:
    """End what is over on `day`, and give each copy to the next in line in the same transaction.

    `day` may lie before `act.day`, when nights were missed: it decides what is over, while the next reader's deadline
    is counted from `act.day`, so that nobody's days run while nobody could be told. Several transactions, each with
    its entry; nothing is written while the clock is doubtful, or when there is nothing to do.
    """
    done = Expired()
    if act.stamp.doubtful:
        return done
    with library.store.read() as reader:
        library.keep_fresh(reader, act.day)
        waiting = [hold for hold in overdue_on_shelf(reader, day) if _is_over(library, reader, hold, day)]
        waiting = [*timed_in_line(reader, day), *waiting]
    while waiting:
        with library.store.write() as tx:
            library.keep_fresh(tx, act.day)
            step = Expired()
            while waiting and tx.room >= CHANGES_OF_ONE:
                step += _end(library, tx, waiting.pop(0), act, day)
            if step != Expired():
                tx.record("hold.expired", act)
        done += step
    return done


def _is_over(library: Library, reader: Reader, hold: HoldFacts, day: dt.date) -> bool:
    if hold.shelf_until is None:
        return False
    member = reader.one(reads.BY_MEMBER_ID, key=hold.member_id)
    item = reader.one(reads.BY_ITEM_ID, key=hold.item_id)
    terms = library.terms(member.category if member else ANY, item.item_type if item else ANY)
    on_closed_days = terms.flag("expire_on_closed_days")
    return is_over(hold.shelf_until, day, library.calendar, expires_on_closed_days=on_closed_days)


def _end(library: Library, tx: Tx, read: HoldFacts, act: Act, day: dt.date) -> Expired:
    """One hold, if another desk has not changed it since it was read."""
    hold = hold_of(tx, read.id)
    if hold is None or hold.ver != read.ver:
        return Expired()
    if hold.state is HoldState.WAITING:
        return _uncollected(library, tx, hold, act)
    if hold.wanted_until is not None and hold.wanted_until < day:
        tx.update(Hold, hold, state=HoldState.EXPIRED, ended_at=act.at, end_reason=HoldEnd.NOT_WANTED_LONGER.value)
        return Expired(unwanted=1)
    tx.update(Hold, hold, state=HoldState.QUEUED, suspended_until=None)
    return Expired(resumed=1)


def _uncollected(library: Library, tx: Tx, hold: HoldFacts, act: Act) -> Expired:
    tx.update(Hold, hold, state=HoldState.EXPIRED, ended_at=act.at, end_reason=HoldEnd.NOT_COLLECTED.value)
    passed = pass_on(library, tx, hold.item_id, act) is not None
    return Expired(uncollected=1, passed_on=int(passed), reshelve=int(not passed))
