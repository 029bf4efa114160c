"""Our copies at other libraries, as far as this one knows (sync-protocol 11)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.circulation.copy_editing import CopyEdit, edit_copy, send_copy
from app.circulation.elsewhere import SightingForm, see_return
from app.conflicts.away import SOUGHT, AwayCopy, AwayWhy, copies_away
from app.conflicts.choices import choices_of
from app.conflicts.writing import named
from app.directives.facts import ClaimFacts
from app.library import Library
from db.codes import CaseKind, CaseState, DirectiveKind, ItemStatus
from db.models.centre import SyncCase
from db.models.circulation import Loan
from db.models.items import Item
from tests.app.conflicts.test_wired import ARAK, TAFRESH
from tests.app.conflicts.wired import wired
from tests.app.directives.asking import directive, done, pulled
from tests.library import ACopy, act, add_copy, add_member, change, found, lend, pass_days, row, take_back


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = found(tmp_path)
    with made.store:
        yield made


def away(library: Library) -> list[AwayCopy]:
    with library.store.read() as reader:
        return copies_away(reader, act(library).at)


def told(library: Library) -> list[tuple[AwayWhy, str | None]]:
    return [(copy.why, copy.library) for copy in away(library)]


def claim(library: Library, copy: ACopy, loan: uuid.UUID | None = None, ver: int | None = None) -> None:
    """The centre tells that the copy was brought back at Tafresh just now."""
    now = act(library)
    facts = ClaimFacts(uuid.uuid4(), copy.id, now.at, now.day, TAFRESH, loan, ver)
    directive(library, DirectiveKind.CLAIM_RETURN, facts)
    done(library)


def test_a_copy_that_was_brought_back_there_is_away_until_it_is_taken_back_here(library: Library) -> None:
    copy = add_copy(library)
    loan = lend(library, add_member(library), copy)
    claim(library, copy, loan.loan_id)
    (one,) = away(library)
    assert (one.item_id, one.why, one.library, one.since) == (copy.id, AwayWhy.BROUGHT, TAFRESH, act(library).day)
    assert (one.barcode, one.status) == (copy.barcode, ItemStatus.IN_TRANSIT)
    pass_days(library, 2)
    edit_copy(library, CopyEdit(copy.barcode, {"status": ItemStatus.AVAILABLE}, "رسید"), act(library))
    assert away(library) == []


def test_the_way_over_the_line_ends_in_the_list(tmp_path: Path) -> None:
    with wired(tmp_path, ARAK, TAFRESH) as net:
        arak, tafresh = net.libraries[ARAK], net.libraries[TAFRESH]
        copy = add_copy(arak, barcode="ARK-1")
        lend(arak, add_member(arak), copy)
        net.pass_days(3)
        see_return(tafresh, SightingForm("ARK-1"), act(tafresh))
        net.settle()
        assert told(arak) == [(AwayWhy.BROUGHT, TAFRESH)]
        assert told(tafresh) == []


def test_a_copy_that_was_sent_is_away_and_the_longest_stands_first(library: Library) -> None:
    first, second = add_copy(library), add_copy(library)
    send_copy(library, first.barcode, "نمایشگاه", act(library))
    pass_days(library, 3)
    send_copy(library, second.barcode, TAFRESH, act(library))
    assert [copy.item_id for copy in away(library)] == [first.id, second.id]
    assert told(library) == [(AwayWhy.SENT, "نمایشگاه"), (AwayWhy.SENT, TAFRESH)]


def test_under_way_without_a_word_stands_last_and_says_no_library(library: Library) -> None:
    lost = add_copy(library)
    change(library, Item, lost.id, status=ItemStatus.IN_TRANSIT)
    edited = add_copy(library)
    edit_copy(library, CopyEdit(edited.barcode, {"status": ItemStatus.IN_TRANSIT}, "به خواست رئیس"), act(library))
    assert told(library) == [(AwayWhy.UNDER_WAY, None)] * 2
    assert [copy.since for copy in away(library)] == [act(library).day, None]


def test_a_copy_that_was_not_lent_is_told_until_something_is_heard_of_it_here(library: Library) -> None:
    copy = add_copy(library)
    claim(library, copy)
    assert told(library) == [(AwayWhy.UNLENT, TAFRESH)]
    pass_days(library, 1)
    loan = lend(library, add_member(library), copy)
    assert told(library) == []
    take_back(library, copy)
    assert row(library, Loan, loan.loan_id).in_at is not None
    assert told(library) == []


def test_a_claim_that_cannot_be_read_is_passed_over(library: Library) -> None:
    directive(library, DirectiveKind.CLAIM_RETURN, {"item": "?"})
    copy = add_copy(library)
    claim(library, copy)
    assert told(library) == [(AwayWhy.UNLENT, TAFRESH)]


def test_a_stocktake_that_saw_the_copy_ends_it_too_and_so_do_sixty_days(library: Library) -> None:
    seen, old = add_copy(library), add_copy(library)
    claim(library, seen)
    claim(library, old)
    change(library, Item, seen.id, seen_on=pass_days(library, 1))
    assert [copy.item_id for copy in away(library)] == [old.id]
    pass_days(library, SOUGHT.days)
    assert away(library) == []


def test_a_loan_that_changed_since_waits_for_a_decision(library: Library) -> None:
    copy = add_copy(library)
    loan = lend(library, add_member(library), copy)
    claim(library, copy, loan.loan_id, ver=99)
    assert away(library) == []  # refused; the case comes with the next round
    seen = {"library": TAFRESH, "day": act(library).day.isoformat(), "at": act(library).at.isoformat()}
    case = pulled(
        library, SyncCase, kind=CaseKind.RETURNED_ELSEWHERE, rows=[named(Item, copy.id)], stories={"seen": seen},
        choices=choices_of(CaseKind.RETURNED_ELSEWHERE), opened_at=act(library).at,
    )  # fmt: skip
    assert told(library) == [(AwayWhy.DISPUTED, TAFRESH)]
    assert away(library)[0].since == act(library).day
    change(library, SyncCase, case, state=CaseState.DECIDED)
    assert away(library) == []


def test_copies_that_never_left_are_not_in_the_list(library: Library) -> None:
    add_copy(library)
    lend(library, add_member(library), add_copy(library))
    assert away(library) == []
    assert dt.timedelta() < SOUGHT
