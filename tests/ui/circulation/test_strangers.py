"""At the desk with what comes from other libraries: a card nobody knows, a book that was brought to the wrong place."""

import pytest

from app.demo.centre import know_centre
from app.policy.categories import VISITOR
from db.codes import ReturnSeenState
from db.models.centre import ReturnSeen
from db.models.circulation import Loan
from db.models.library import Branch
from db.models.members import Member
from db.types import new_id
from tests import library as lib
from tests.ui.circulation.desks import choose, fill, is_ready, question, said
from tests.ui.sessions import scan
from ui.circulation.desk import DeskPage
from ui.circulation.desk_keys import FOREIGN, GUEST
from ui.circulation.stranger_questions import SAVE
from ui.session import Session
from ui.widgets.buttons import Button

CARD, LABEL = "M-7700012", "KHN-000451"


def offered(desk: DeskPage) -> dict[str, Button]:
    return {button.key(): button for button in desk.strip.findChildren(Button) if button.isVisibleTo(desk)}


def press(desk: DeskPage, key: str) -> None:
    offered(desk)[key].click()


@pytest.fixture
def joined(session: Session) -> Session:
    know_centre(session.library)
    return session


def test_alone_nothing_of_other_libraries_is_asked(session: Session, desk: DeskPage) -> None:
    scan(desk, CARD)
    assert "شناخته نشد" in said(desk)
    assert not {FOREIGN, GUEST} & offered(desk).keys()


def test_a_guest_is_written_down_and_borrows_at_once(joined: Session, desk: DeskPage) -> None:
    scan(desk, CARD)
    press(desk, GUEST)
    choose(desk, SAVE)
    assert desk.panel.is_open(), "a name is needed"
    fill(desk, given_name="سارا", family_name="امینی")
    choose(desk, SAVE)
    (member,) = lib.rows(joined.library, Member)
    assert (member.category, member.family_name) == (VISITOR, "امینی")
    assert "مهمان" in said(desk)
    scan(desk, lib.add_copy(joined.library).barcode)
    assert [loan.member_id for loan in lib.rows(joined.library, Loan)] == [member.id]
    desk.on_escape()
    scan(desk, CARD)
    assert "امینی" in said(desk), "from now on the card is known"


def test_a_wrong_national_id_keeps_the_question_open(joined: Session, desk: DeskPage) -> None:
    scan(desk, CARD)
    press(desk, GUEST)
    fill(desk, given_name="سارا", family_name="امینی", national_id="1234567890")
    choose(desk, SAVE)
    assert desk.panel.is_open()
    assert lib.rows(joined.library, Member) == []
    fill(desk, national_id="")
    choose(desk, SAVE)
    assert len(lib.rows(joined.library, Member)) == 1


def test_a_book_of_others_is_noted_and_sent_home(joined: Session, desk: DeskPage) -> None:
    scan(desk, LABEL)
    press(desk, FOREIGN)
    fill(desk, library="کتابخانه عمومی فردوسی")
    choose(desk, SAVE)
    (seen,) = lib.rows(joined.library, ReturnSeen)
    assert (seen.barcode, seen.library, seen.state) == (LABEL, "کتابخانه عمومی فردوسی", ReturnSeenState.HERE)
    assert "بازگشت ثبت شد" in said(desk)
    assert is_ready(desk)
    scan(desk, LABEL)
    press(desk, FOREIGN)
    choose(desk, SAVE)
    assert "فرستاده شد؟" in question(desk)
    choose(desk, SAVE)
    (seen,) = lib.rows(joined.library, ReturnSeen)
    assert (seen.state, seen.sent_home_on) == (ReturnSeenState.SENT, joined.act().day)
    assert "فرستاده شد" in said(desk)


def test_the_library_a_label_names_is_filled_in(joined: Session, desk: DeskPage) -> None:
    here = joined.library.branch
    with joined.library.store.write() as tx:
        other = new_id()
        tx.insert(
            Branch, id=other, branch_id=other, name="کتابخانه عمومی فردوسی", kind=here.kind, province=here.province,
            county=here.county, city="خنداب", barcode_prefix="KHN-",
        )  # fmt: skip
        tx.record("branch.edited", lib.act(joined.library))
    scan(desk, LABEL)
    assert "از آنِ" in said(desk)
    press(desk, FOREIGN)
    choose(desk, SAVE)
    (seen,) = lib.rows(joined.library, ReturnSeen)
    assert seen.library == "کتابخانه عمومی فردوسی"
