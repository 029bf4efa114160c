"""What the centre told of a reader's books at other libraries stands on their card at the desk."""

import uuid

from db.models.centre import MemberStanding
from tests import library as lib
from tests.ui.circulation.desks import words_in
from tests.ui.sessions import scan
from ui.circulation.desk import DeskPage
from ui.session import Session


def tell(session: Session, member_id: uuid.UUID, **told: object) -> None:
    """As a page of the feed would bring it."""
    as_of = session.library.clock.read().at
    with session.library.store.write() as tx:
        values = {"home": True, "open_elsewhere": 0, "as_of": as_of} | told
        tx.insert(MemberStanding, member_id=member_id, **values)
        tx.record("standing.told", session.act())


def test_books_of_other_libraries_are_counted_on_the_card(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    tell(session, member.id, open_elsewhere=2)
    scan(desk, member.card)
    assert "از کتابخانه‌های دیگر: ۲ کتاب" in words_in(desk)
    assert "به گفتهٔ مرکز، " in words_in(desk)


def test_debts_and_bans_elsewhere_are_told_too(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    tell(session, member.id, debt_elsewhere=True, banned_elsewhere=True)
    scan(desk, member.card)
    assert "آنجا بدهی دارد" in words_in(desk)
    assert "آنجا محروم است" in words_in(desk)


def test_nothing_is_said_where_there_is_nothing(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    tell(session, member.id)
    scan(desk, member.card)
    assert "کتابخانه‌های دیگر" not in words_in(desk)
