"""Members written twice are shown in pairs and made one; cards are printed; lists are taken in."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.codes import MemberState
from db.models.members import Member
from reports.preview import page_images
from tests import library as lib
from tests.library import AMember
from tests.ui.members.pages import ALT, CTRL, SHIFT, answer, press, shown, stored, told, words
from tests.ui.sessions import scan
from ui.members.page import MembersPage
from ui.session import Session


@pytest.fixture
def again(session: Session) -> AMember:
    """Maryam a second time: the same telephone."""
    return lib.add_member(session.library, given_name="مریم", family_name="رضائی", card="M-9", mobile="0912 345 6789")


class TestTwins:
    @pytest.mark.usefixtures("again")
    def test_pairs_are_listed_with_what_is_alike(self, desk: MembersPage) -> None:
        press(Qt.Key.Key_D, CTRL | SHIFT)
        assert desk.twins.isVisible()
        first, second, alike = desk.twins.list.table.texts(0)
        assert "رضائی، مریم" in first
        assert "رضایی، مریم" in second
        assert alike == "تلفن همراه — شاید یک خانواده باشند"
        desk.on_escape()
        assert desk.people.isVisible()

    def test_what_moves_is_said_and_the_one_chosen_stays(
        self, desk: MembersPage, session: Session, maryam: AMember, again: AMember
    ) -> None:
        lib.lend(session.library, maryam, lib.add_copy(session.library))
        desk.show_twins()
        press(Qt.Key.Key_M, CTRL)
        assert "۱ امانت باز" in words(desk.panel)
        assert "واگرد ندارد" in words(desk.panel)
        press(Qt.Key.Key_Return)
        assert stored(session, maryam.id).state is MemberState.ACTIVE
        answer(desk, keep=again.id.hex)
        assert stored(session, maryam.id).merged_into == again.id
        assert "یکی شدند" in told(desk)
        assert desk.twins.list.table.rowCount() == 0
        desk.on_escape()
        scan(desk, maryam.number)
        found = desk.people.details.chosen()
        assert found is not None
        assert found.card.member.id == again.id

    @pytest.mark.usefixtures("again")
    def test_a_scan_leaves_the_list_for_the_member(self, desk: MembersPage) -> None:
        desk.show_twins()
        scan(desk, "M-2")
        found = desk.people.details.chosen()
        assert found is not None
        assert found.name == "زهرا زند"
        assert desk.people.isVisible()

    def test_nobody_written_twice_is_said(self, desk: MembersPage) -> None:
        desk.show_twins()
        assert desk.twins.list.table.rowCount() == 0
        assert not desk.twins.merge.isEnabled()

    @pytest.mark.usefixtures("again")
    def test_the_pairs_are_written_to_a_file(self, desk: MembersPage, tmp_path: Path) -> None:
        desk.ask_where = lambda _, name: tmp_path / name
        desk.show_twins()
        desk.twins.list.export_wanted.emit()
        [file] = tmp_path.glob("duplicates-*.xlsx")
        assert load_workbook(file).worksheets[0]["A1"].value == "عضوهای تکراری"


class TestCards:
    def papers(self, page: MembersPage, qtbot: QtBot) -> list[tuple[int, int]]:
        """The size of each page in points."""
        qtbot.waitUntil(page.preview.isVisible, timeout=8_000)
        qtbot.waitUntil(lambda: page.preview.pictures.count() > 0, timeout=8_000)
        return [(image.width, image.height) for image in page_images(page.preview._paper.pdf, 72)]

    def test_the_chosen_member_on_a_sheet_from_a_place_on(self, desk: MembersPage, qtbot: QtBot) -> None:
        press(Qt.Key.Key_P, CTRL)
        assert "۱ عضو برگزیده" in _options(desk)
        press(Qt.Key.Key_3, ALT)
        answer(desk)
        [(wide, tall)] = self.papers(desk, qtbot)
        assert (wide, tall) == pytest.approx((595, 842), abs=1)
        assert "خانهٔ ۳" in " ".join(desk.preview._paper.facts)
        desk.on_escape()
        assert desk.people.isVisible()

    def test_everybody_in_the_list_one_card_a_page(self, desk: MembersPage, qtbot: QtBot) -> None:
        desk.print_cards()
        answer(desk, whom="listed", paper="single")
        assert len(self.papers(desk, qtbot)) == 2

    def test_several_rows_are_picked_with_shift(self, desk: MembersPage) -> None:
        desk.people.members.view.choose_place(0)
        press(Qt.Key.Key_Down, SHIFT)
        desk.print_cards()
        assert "۲ عضو برگزیده" in _options(desk)


def _options(page: MembersPage) -> str:
    form = page.asking.form
    assert form is not None
    choice = form.input("whom").framed
    return " ".join(choice.itemText(place) for place in range(choice.count()))  # type: ignore[attr-defined]


class TestTakingIn:
    """000 §3-1-1-ب."""

    def test_a_list_is_taken_in_and_every_line_told(
        self, desk: MembersPage, session: Session, tmp_path: Path, qtbot: QtBot
    ) -> None:
        file = tmp_path / "students.csv"
        file.write_text("نام,نام خانوادگی,کد ملی\nسیمین,دانشور,0012345679\nجلال,,\n", encoding="utf-8")
        desk.taking_in.ask_which = lambda *_: file
        press(Qt.Key.Key_I, CTRL | SHIFT)
        press(Qt.Key.Key_O, CTRL)
        qtbot.waitUntil(lambda: desk.taking_in.results.table.rowCount() == 2, timeout=8_000)
        assert "۱ انجام شد، ۱ رد شد" in words(desk.taking_in)
        assert lib.rows(session.library, Member, family_name="دانشور")
        desk.on_escape()
        assert "دانشور، سیمین" in [member.name for member in desk.people.members.table.shown_rows()]

    def test_a_library_without_members_begins_with_its_list(self, session: Session, qtbot: QtBot) -> None:
        page = shown(session, qtbot)
        press(Qt.Key.Key_I, CTRL | SHIFT)
        assert page.taking_in.isVisible()

    def test_a_file_that_is_no_list_is_told_in_three_parts(
        self, desk: MembersPage, tmp_path: Path, qtbot: QtBot
    ) -> None:
        file = tmp_path / "books.csv"
        file.write_text("عنوان,ناشر\nبوف کور,جاویدان\n", encoding="utf-8")
        desk.show_taking_in()
        desk.taking_in.take_file(file)
        qtbot.waitUntil(lambda: "P-2104" in words(desk.taking_in), timeout=8_000)
        assert desk.taking_in.choose.isEnabled()
