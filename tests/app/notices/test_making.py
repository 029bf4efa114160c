"""Reminders are made once, by the way that reaches the reader, and cancelled when their cause is gone (000 §3-1-2)."""

import datetime as dt
import uuid

import pytest

from app.library import Library
from app.notices.batches import Marked, mark_notices, messages_due
from app.notices.cases import NoticeRow, due_notices, latest_notices
from app.notices.contacts import Contact
from app.notices.making import Made, make_notices, overdue_kind, way_to
from app.notices.settings import NoticeSettings, change_settings, notice_settings
from app.outcome import NotFound, Refused
from app.routes.dispatches import return_posted
from db.codes import (
    Channel,
    ContactHealth,
    ContactKind,
    HoldState,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    Role,
)
from db.models.circulation import Hold, Loan, Notice
from db.models.members import Member, MemberContact
from tests import library as lib
from tests.library import TODAY, act

MOBILE, OTHER = "+989123456789", "+989351112233"
KIND, WAY = NoticeKind, NoticeChannel


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def made(library: Library, day: dt.date | None = None) -> dict[NoticeKind, int]:
    outcome = make_notices(library, act(library), day)
    assert isinstance(outcome, Made), outcome
    return dict(outcome.made)


def waiting(library: Library) -> list[NoticeRow]:
    with library.store.read() as reader:
        return due_notices(reader)


def contact(kind: ContactKind, value: str, health: ContactHealth = ContactHealth.UNKNOWN) -> Contact:
    return Contact(kind, value, health)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(0, {}, id="lent today for fourteen days"),
        pytest.param(11, {}, id="three days before"),
        pytest.param(12, {KIND.DUE_SOON: 1}, id="two days before"),
        pytest.param(14, {KIND.DUE_SOON: 1}, id="on the due day: soon, not late"),
        pytest.param(15, {}, id="one day late"),
        pytest.param(17, {KIND.OVERDUE_1: 1}, id="three days late"),
        pytest.param(24, {KIND.OVERDUE_1: 1}, id="nine open days late: a Friday is not counted"),
        pytest.param(26, {KIND.OVERDUE_2: 1}, id="ten open days late"),
        pytest.param(80, {KIND.OVERDUE_3: 1}, id="a computer that slept for weeks: only the last"),
    ],
)
def test_a_reminder_is_made_when_it_is_due(library: Library, days: int, expected: dict[NoticeKind, int]) -> None:
    lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, days)
    assert made(library) == expected


@pytest.mark.parametrize(
    ("late", "kind"),
    [(0, None), (2, None), (3, KIND.OVERDUE_1), (9, KIND.OVERDUE_1), (10, KIND.OVERDUE_2), (21, KIND.OVERDUE_3)],
)
def test_days_late_earn_the_first_second_and_third_reminder(late: int, kind: NoticeKind | None) -> None:
    assert overdue_kind(late, (3, 10, 21)) == kind


@pytest.mark.parametrize(
    ("contacts", "wished", "expected"),
    [
        ([contact(ContactKind.MOBILE, MOBILE)], WAY.SMS, (WAY.SMS, MOBILE)),
        ([contact(ContactKind.MOBILE, MOBILE)], WAY.PHONE, (WAY.PHONE, MOBILE)),
        ([contact(ContactKind.MOBILE, MOBILE)], WAY.EMAIL, (WAY.SMS, MOBILE)),
        ([contact(ContactKind.EMAIL, "a@b.ir")], WAY.EMAIL, (WAY.EMAIL, "a@b.ir")),
        ([contact(ContactKind.MESSENGER, "@a")], WAY.MESSENGER, (WAY.MESSENGER, "@a")),
        pytest.param(
            [contact(ContactKind.MOBILE, MOBILE, ContactHealth.BAD), contact(ContactKind.PHONE, "+988612345678")],
            WAY.SMS, (WAY.PHONE, "+988612345678"), id="001: a wrong mobile falls back to the landline",
        ),
        pytest.param(
            [contact(ContactKind.MOBILE, MOBILE, ContactHealth.BAD), contact(ContactKind.MOBILE, OTHER)],
            WAY.SMS, (WAY.SMS, OTHER), id="001: or to another mobile",
        ),
        pytest.param(
            [contact(ContactKind.MOBILE, MOBILE, ContactHealth.BAD), contact(ContactKind.ADDRESS, "کوچهٔ یکم")],
            WAY.SMS, (WAY.PRINT, "کوچهٔ یکم"), id="001: else to paper",
        ),
        pytest.param([contact(ContactKind.MOBILE, "12345")], WAY.SMS, (WAY.PHONE, "12345"), id="no mobile: called"),
        ([contact(ContactKind.ADDRESS, "کوچهٔ یکم", ContactHealth.BAD)], WAY.PRINT, (WAY.PRINT, None)),
        ([], WAY.SMS, (WAY.PRINT, None)),
    ],
)  # fmt: skip
def test_a_reminder_goes_by_a_way_that_reaches_the_reader(
    contacts: list[Contact], wished: NoticeChannel, expected: tuple[NoticeChannel, str | None]
) -> None:
    assert way_to(contacts, wished) == expected


def test_the_same_reminder_is_never_made_twice(library: Library) -> None:
    lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, 13)
    assert (made(library), made(library)) == ({KIND.DUE_SOON: 1}, {})
    (notice,) = waiting(library)
    mark_notices(library, [notice.id], NoticeState.SENT, act(library))
    assert made(library) == {}
    assert len(lib.rows(library, Notice)) == 1


def test_days_on_which_the_computer_slept_are_made_up_for_once(library: Library) -> None:
    lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, 30)
    for night in range(31):
        made(library, after(night))
    assert [notice.kind for notice in waiting(library)] == [KIND.OVERDUE_2]
    assert {row.kind for row in lib.rows(library, Notice, state=NoticeState.CANCELLED)} == {
        KIND.DUE_SOON,
        KIND.OVERDUE_1,
    }


def test_a_book_that_is_back_is_not_asked_for(library: Library) -> None:
    copy = lib.add_copy(library)
    lib.lend(library, lib.add_member(library), copy)
    lib.pass_days(library, 20)
    made(library)
    lib.take_back(library, copy)
    outcome = make_notices(library, act(library))
    assert isinstance(outcome, Made)
    assert (outcome.cancelled, waiting(library)) == (1, [])


def test_a_renewed_book_gets_reminders_of_its_new_date(library: Library) -> None:
    lent = lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, 13)
    made(library)
    lib.change(library, Loan, lent.loan_id, due_on=after(27))
    assert made(library) == {}
    assert waiting(library) == []
    lib.pass_days(library, 13)
    assert made(library) == {KIND.DUE_SOON: 1}


@pytest.mark.parametrize("column", ["lost_on", "claimed_returned_on"])
def test_a_book_lost_or_said_to_be_back_is_not_asked_for(library: Library, column: str) -> None:
    lent = lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, 20)
    lib.change(library, Loan, lent.loan_id, **{column: after(18)})
    assert made(library) == {}


def test_a_book_in_the_post_is_not_asked_for(library: Library) -> None:
    copy = lib.add_copy(library)
    lib.lend(library, lib.add_member(library), copy, channel=Channel.POST)
    lib.pass_days(library, 20)
    return_posted(library, copy.barcode, after(14), None, act(library))
    assert made(library) == {}


def test_the_reader_of_a_kept_book_is_told_once_while_it_is_kept(library: Library) -> None:
    copy = lib.add_copy(library)
    hold = lib.place_hold(
        library, lib.add_member(library), copy, state=HoldState.WAITING, item_id=copy.id, shelf_since=TODAY,
        shelf_until=after(3),
    )  # fmt: skip
    assert made(library) == {KIND.HOLD_READY: 1}
    lib.change(library, Hold, hold, state=HoldState.EXPIRED)
    assert made(library) == {}
    assert waiting(library) == []


@pytest.mark.parametrize(
    ("ends", "expected"), [(14, {KIND.MEMBERSHIP_ENDING: 1}), (15, {}), (0, {KIND.MEMBERSHIP_ENDING: 1})]
)
def test_the_end_of_a_membership_is_told_two_weeks_before(
    library: Library, ends: int, expected: dict[NoticeKind, int]
) -> None:
    lib.add_member(library, expires_on=after(ends))
    assert made(library) == expected


def test_who_may_not_notify_makes_nothing(library: Library) -> None:
    outcome = make_notices(library, act(library, Role.TRAINEE))
    assert isinstance(outcome, Refused)


def test_books_of_one_reader_go_out_in_one_message(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789")
    for title in ("بوف کور", "سووشون"):
        lib.lend(library, member, lib.add_copy(library, title))
    lib.lend(library, lib.add_member(library), lib.add_copy(library, "کلیدر"))
    lib.pass_days(library, 18)
    made(library)
    with library.store.read() as reader:
        found = messages_due(library, reader, after(18))
        sms = messages_due(library, reader, after(18), channels=[WAY.SMS])
    assert [len(message.lines) for message in found] == [2, 1]
    assert [message.first.address for message in sms] == [MOBILE]
    assert "«بوف کور» و «سووشون»" in sms[0].text


def test_what_was_sent_keeps_its_words(library: Library) -> None:
    lib.lend(library, lib.add_member(library, mobile="09123456789"), lib.add_copy(library, "بوف کور"))
    lib.pass_days(library, 18)
    made(library)
    (notice,) = waiting(library)
    outcome = mark_notices(library, [notice.id], NoticeState.SENT, act(library), "پنل پیامک")
    again = mark_notices(library, [notice.id], NoticeState.SENT, act(library))
    assert (outcome, again) == (Marked(1, 0), Marked(0, 1))
    row = lib.row(library, Notice, notice.id)
    assert (row.state, row.result) == (NoticeState.SENT, "پنل پیامک")
    assert "«بوف کور»" in row.body
    with library.store.read() as reader:
        assert [known.state for known in latest_notices(reader)] == [NoticeState.SENT]


def test_a_failed_reminder_may_be_sent_again(library: Library) -> None:
    lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, 18)
    made(library)
    (notice,) = waiting(library)
    mark_notices(library, [notice.id], NoticeState.FAILED, act(library))
    assert mark_notices(library, [notice.id], NoticeState.SENT, act(library)) == Marked(1, 0)
    assert isinstance(mark_notices(library, [uuid.uuid4()], NoticeState.SENT, act(library)), NotFound)


def test_no_reminder_goes_to_a_number_known_to_be_wrong(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789")
    with library.store.write() as tx:
        tx.insert(MemberContact, member_id=member.id, kind=ContactKind.MOBILE, value=MOBILE, health=ContactHealth.BAD)
        tx.record("contact.set", act(library))
    lib.lend(library, member, lib.add_copy(library))
    lib.pass_days(library, 18)
    made(library)
    (notice,) = waiting(library)
    assert (notice.channel, notice.address) == (WAY.PRINT, None)


def test_the_branch_sets_when_and_how_it_reminds(library: Library) -> None:
    changes = {"due_soon_days": 0, "overdue_days": (1, 2, 4), "channels": {KIND.OVERDUE_1: WAY.PRINT}}
    wanted = change_settings(library, changes, act(library))
    assert isinstance(wanted, NoticeSettings)
    with library.store.read() as reader:
        known = notice_settings(reader)
    assert (known.due_soon_days, known.overdue_days, known.membership_days) == (0, (1, 2, 4), 14)
    assert (known.channels[KIND.OVERDUE_1], known.channels[KIND.DUE_SOON]) == (WAY.PRINT, WAY.SMS)
    lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.pass_days(library, 13)
    assert made(library) == {}
    lib.pass_days(library, 2)
    assert made(library) == {KIND.OVERDUE_1: 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"overdue_days": (3, 3, 21)}, {"overdue_days": (0, 1, 2)}, {"due_soon_days": -1}, {"sms_parts": 0},
        {"membership_days": 400},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(library: Library, changes: dict[str, object]) -> None:
    outcome = change_settings(library, changes, act(library))
    assert isinstance(outcome, Refused)
    with library.store.read() as reader:
        assert notice_settings(reader) == NoticeSettings()


def test_more_reminders_than_one_entry_of_the_journal_holds_are_all_made(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.writing.MOST_CHANGES", 2)
    for _ in range(5):
        lib.change(library, Member, lib.add_member(library).id, expires_on=after(3))
    assert made(library) == {KIND.MEMBERSHIP_ENDING: 5}
    assert len(waiting(library)) == 5
