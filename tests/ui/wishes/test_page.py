"""What a person sees on the page of wishes, and does there; by keyboard alone (000 §1-2-الف)."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.catalogue.form import Creator, TitleForm
from app.wishes.answering import Reply, reply
from app.wishes.asking import Wished, ask
from app.wishes.facts import WishForm
from db.codes import WishState
from db.models.catalogue import PurchaseRequest
from tests import library as lib
from tests.reports.reading import missing, raw_text
from tests.ui.sessions import heard, scan, session_on, window_of
from ui.page import Group, PageSpec
from ui.session import Session
from ui.window import MainWindow
from ui.wishes.page import WishesPage

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
ISBN = "9789643052454"
SOUVASHUN = TitleForm("سووشون", (Creator("سیمین دانشور"),), isbn=ISBN)


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    spec = PageSpec("wishes", "درخواست خرید", "book-2", "F11", Group.COLLECTION, lambda: WishesPage(session))
    return window_of(spec, qtbot)


@pytest.fixture
def page(window: MainWindow) -> WishesPage:
    shown = window.current_page()
    assert isinstance(shown, WishesPage)
    return shown


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()


def write(text: str) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    target.setText(text)  # type: ignore[attr-defined]


def yes() -> None:
    press(Qt.Key.Key_Y, CONTROL | SHIFT)


def words(widget: QWidget) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def wished(session: Session, title: str = "کلیدر", card: str | None = None) -> uuid.UUID:
    outcome = ask(session.library, WishForm(title, "محمود دولت‌آبادی"), session.act(), card)
    assert isinstance(outcome, Wished), outcome
    return outcome.wish_id


def wishes(session: Session) -> list[tuple[str, str, str | None]]:
    return [(row.wish, row.state, row.answer) for row in lib.rows(session.library, PurchaseRequest)]


def titles(page: WishesPage) -> list[str]:
    return [row.title for row in page.list.table.shown_rows()]


def shown(session: Session, page: WishesPage) -> None:
    session.refresh.tell("wishes")
    page.on_shown()


def test_the_empty_page_says_what_it_is_for(page: WishesPage) -> None:
    assert page.list.view._empty[0] == "کسی هنوز خرید کتابی را نخواسته است"
    assert "Ctrl+N" in page.list.view._empty[1]
    assert "درخواستی برگزیده نشده است" in words(page.card)


def test_a_reader_asks_at_the_desk_by_keys(session: Session, page: WishesPage) -> None:
    member = lib.add_member(session.library)
    press(Qt.Key.Key_N, CONTROL)
    assert page.new.isVisible()
    assert page.new.form.input("title").edit.hasFocus()  # type: ignore[attr-defined]
    write("کلیدر")
    press(Qt.Key.Key_Return)  # Enter goes on, as a scanner sends it
    write("محمود دولت‌آبادی")
    scan(page, member.card)
    assert "مریم رضایی" in words(page.new)
    assert page.new.form.values()["title"] == "کلیدر"
    assert wishes(session) == []
    press(Qt.Key.Key_S, CONTROL)
    assert wishes(session) == [("کلیدر، محمود دولت‌آبادی", "asked", None)]
    assert lib.rows(session.library, PurchaseRequest)[0].member_id == member.id
    assert "ثبت شد" in page.banner.title()
    assert page.banner.offers_undo()
    assert not page.new.isVisible()
    assert page.list.view.hasFocus()
    assert titles(page) == ["کلیدر"]
    press(Qt.Key.Key_Z, CONTROL)
    assert wishes(session) == []
    assert titles(page) == []


def test_what_is_missing_or_unknown_is_told_and_nothing_written(session: Session, page: WishesPage) -> None:
    press(Qt.Key.Key_N, CONTROL)
    press(Qt.Key.Key_S, CONTROL)
    assert page.new.form.mistakes().keys() == {"title"}
    page.new.form.set_values({"title": "کلیدر", "card": "no such card", "isbn": "123"})
    press(Qt.Key.Key_S, CONTROL)
    assert page.new.form.mistakes().keys() == {"isbn"}
    page.new.form.set_values({"title": "کلیدر", "card": "no such card"})
    press(Qt.Key.Key_S, CONTROL)
    assert page.new.form.mistakes().keys() == {"card"}
    page.new.form.set_values({"title": "کلیدر", "year": 5})
    press(Qt.Key.Key_S, CONTROL)
    assert page.banner.title() == "درخواست ثبت نشد"
    assert wishes(session) == []
    press(Qt.Key.Key_Escape)
    assert not page.new.isVisible()


def test_a_book_the_library_has_is_shown_and_asked_about(session: Session, page: WishesPage) -> None:
    lib.add_copy(session.library, SOUVASHUN)
    scan(page, ISBN)  # the back of a book begins a wish
    assert "همین کتاب: \u2068سووشون\u2069" in words(page.new.held)
    write("سووشون")
    press(Qt.Key.Key_S, CONTROL)
    assert page.side.is_asking()
    press(Qt.Key.Key_Return)
    assert wishes(session) == []
    press(Qt.Key.Key_Escape)
    assert page.new.form.values()["isbn"] == ISBN  # what was written stays
    press(Qt.Key.Key_S, CONTROL)
    yes()
    assert [state for _, state, _ in wishes(session)] == ["asked"]
    (row,) = page.list.table.shown_rows()
    assert page.list.table.cell(0, 3).text == "داریم"
    assert row.held[0].same


def test_the_same_wish_is_told_and_not_doubled(session: Session, page: WishesPage) -> None:
    wished(session)
    shown(session, page)
    press(Qt.Key.Key_N, CONTROL)
    page.new.form.set_values({"title": "کلیدر", "creator": "محمود دولت‌آبادی"})
    press(Qt.Key.Key_S, CONTROL)
    assert "در فهرست هست" in page.banner.title()
    assert len(wishes(session)) == 1


def test_it_will_be_bought_and_then_it_has_come(session: Session, page: WishesPage) -> None:
    member = lib.add_member(session.library)
    wished(session, "سووشون", member.card)
    shown(session, page)
    press(Qt.Key.Key_1, ALT)
    press(Qt.Key.Key_Return)
    assert wishes(session)[0][1] == "asked"
    yes()
    assert wishes(session)[0][1:] == ("planned", "خریداری می‌شود.")
    assert "صفحهٔ خود" in page.banner.accessibleName()
    copy = lib.add_copy(session.library, SOUVASHUN)
    press(Qt.Key.Key_2, ALT)
    yes()
    assert page.side.form is not None
    assert page.side.form.mistakes().keys() == {"copy"}
    scan(page, "X-404")
    yes()
    assert page.side.form.mistakes() == {"copy": "این شماره شناخته نشد."}
    scan(page, copy.barcode)
    assert page.side.form.values()["copy"] == copy.barcode
    yes()
    assert wishes(session)[0][1] == "bought"
    assert "«سووشون»" in (wishes(session)[0][2] or "")
    press(Qt.Key.Key_Z, CONTROL)
    assert wishes(session)[0][1] == "planned"


def test_a_refusal_needs_its_reason_and_is_changed_only_with_a_yes(session: Session, page: WishesPage) -> None:
    wished(session)
    shown(session, page)
    press(Qt.Key.Key_3, ALT)
    yes()
    assert page.side.form is not None
    assert page.side.form.mistakes().keys() == {"note"}
    write("نایاب است")
    yes()
    assert wishes(session)[0][1:] == ("refused", "خریداری نمی‌شود. نایاب است")
    assert "به او بگویید" in page.banner.accessibleName()
    press(Qt.Key.Key_1, ALT)
    yes()
    assert page.side.is_asking()  # the reader has had an answer
    assert "نایاب است" in words(page.side)
    assert wishes(session)[0][1] == "refused"
    yes()
    assert wishes(session)[0][1] == "planned"


def test_a_title_that_is_here_is_offered(session: Session, page: WishesPage) -> None:
    copy = lib.add_copy(session.library, SOUVASHUN)
    outcome = ask(session.library, WishForm("سووشون", "سعدی"), session.act())  # the same title of somebody else
    assert isinstance(outcome, Wished)
    shown(session, page)
    assert page.list.table.cell(0, 3).text == "شاید داریم"
    press(Qt.Key.Key_4, ALT)
    assert page.side.form is not None
    assert page.side.form.values()["title"] == str(copy.title_id)
    yes()
    assert wishes(session)[0][1] == "held"


def test_tiles_and_filter_narrow_the_list(session: Session, page: WishesPage) -> None:
    first, _, third = wished(session, "یک"), wished(session, "دو"), wished(session, "سه")
    reply(session.library, first, Reply(WishState.PLANNED), session.act())
    reply(session.library, third, Reply(WishState.REFUSED, "گران"), session.act())
    shown(session, page)
    assert titles(page) == ["دو", "یک", "سه"]
    for key, found in ((Qt.Key.Key_1, ["دو"]), (Qt.Key.Key_2, ["یک"]), (Qt.Key.Key_3, ["سه"])):
        press(key, CONTROL)
        assert titles(page) == found
    press(Qt.Key.Key_3, CONTROL)
    assert len(titles(page)) == 3
    press(Qt.Key.Key_F, CONTROL)
    write("گران")
    assert titles(page) == ["سه"]
    press(Qt.Key.Key_Escape)
    assert len(titles(page)) == 3


def test_the_rows_shown_are_the_paper(session: Session, page: WishesPage) -> None:
    first = wished(session, "یک")
    wished(session, "دو")
    reply(session.library, first, Reply(WishState.PLANNED), session.act())
    shown(session, page)
    press(Qt.Key.Key_2, CONTROL)
    press(Qt.Key.Key_P, CONTROL)
    paper = page.preview.paper()
    text = raw_text(paper.pdf, "-raw")
    assert missing(["یک", "خریداری می‌شود"], text) == []
    assert missing(["دو،"], text) == ["دو،"]
    assert paper.sheet[:2] == b"PK"
    press(Qt.Key.Key_Escape)
    assert page.list.isVisible()


def test_a_code_that_means_nothing_here_is_told(session: Session, page: WishesPage) -> None:
    scan(page, "RAF-999999")
    assert page.banner.title() == "این شماره شناخته نشد"
    assert heard(session) == ["refused"]
    assert not page.new.isVisible()
