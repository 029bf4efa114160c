from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.pixels import places_of
from ui.theme import LIGHT, Tone
from ui.widgets.row_list import RowList
from ui.widgets.row_view import ROW_HEIGHT, RowView, as_lines
from ui.widgets.table import Column, RowTable, tick_column


@dataclass(frozen=True, slots=True)
class Loan:
    barcode: str
    title: str
    due: str = "۲۹ دی"


LOANS = (Loan("1", "کلیدر"), Loan("2", "آتش"), Loan("3", "سووشون"))


def table() -> RowTable[Loan]:
    made: RowTable[Loan] = RowTable(
        (
            tick_column(lambda loan: loan.barcode == "1"),
            Column("عنوان", lambda loan: loan.title, stretch=1, strong=True),
            Column("رده", lambda _: "۸فا", width=150, spare=1),
            Column("امانت", lambda _: "دیروز", width=150, spare=2),
            Column("بازگشت", lambda loan: loan.due, width=150, pill=True, tone=lambda _: Tone.REFUSE),
        ),
        key=lambda loan: loan.barcode,
    )
    made.set_rows(LOANS)
    return made


def shown(qtbot: QtBot, width: int = 900) -> RowView:
    view = RowView(table())
    qtbot.addWidget(view)
    view.resize(width, 300)
    view.show()
    return view


def left_of(view: RowView, column: int) -> int:
    return view.columnViewportPosition(column)


def test_columns_run_from_right_to_left_and_fill_the_width(qtbot: QtBot) -> None:
    view = shown(qtbot)

    assert left_of(view, 0) > left_of(view, 1) > left_of(view, 4)
    assert left_of(view, 4) == 0
    assert left_of(view, 0) + view.columnWidth(0) == view.viewport().width()
    assert view.rowHeight(0) == ROW_HEIGHT


def test_spare_columns_give_way_on_a_narrow_screen_and_come_back(qtbot: QtBot) -> None:
    view = shown(qtbot, 520)
    assert [view.isColumnHidden(number) for number in range(5)] == [False, False, False, True, False]
    view.resize(360, 300)
    assert [view.isColumnHidden(number) for number in range(5)] == [False, False, True, True, False]
    view.resize(900, 300)
    assert not any(view.isColumnHidden(number) for number in range(5))


def test_on_a_wide_screen_all_columns_grow_so_that_the_eye_keeps_the_line(qtbot: QtBot) -> None:
    view = shown(qtbot, 1600)

    assert 150 < view.columnWidth(4) <= 150 * 1.6
    assert view.columnWidth(0) == 44
    assert view.columnWidth(1) > 400


def test_selection_stays_with_its_row_through_refresh_and_sort(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.choose("2")
    view.table().set_rows((Loan("9", "تازه"), *LOANS))
    assert [loan.barcode for loan in view.chosen()] == ["2"]
    view.table().sort(1)
    assert [loan.barcode for loan in view.chosen()] == ["2"]


def test_the_row_come_to_is_told(qtbot: QtBot) -> None:
    view = shown(qtbot)
    seen: list[Loan] = []
    view.current_row.connect(seen.append)
    view.choose("3")
    view.choose("nobody")

    assert seen == [LOANS[2]]


def test_enter_opens_and_space_ticks(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.choose("2")
    with qtbot.waitSignal(view.row_opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.row_ticked) as ticked:
        QTest.keyClick(view, Qt.Key.Key_Space)

    assert opened.args == [LOANS[1]]
    assert ticked.args == [LOANS[1]]


def test_a_click_on_the_box_ticks_and_a_click_on_the_title_does_not(qtbot: QtBot) -> None:
    view = shown(qtbot)
    ticked: list[Loan] = []
    view.row_ticked.connect(ticked.append)
    for column in (1, 0):
        spot = QPoint(left_of(view, column) + 20, 30)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    assert ticked == [LOANS[0]]


def test_headings_sort_up_then_down_then_not(qtbot: QtBot) -> None:
    view = shown(qtbot)
    spot = QPoint(left_of(view, 1) + 30, 10)
    orders = []
    for _ in range(3):
        QTest.mouseClick(view.header().viewport(), Qt.MouseButton.LeftButton, pos=spot)
        orders.append([loan.title for loan in view.table().shown_rows()])

    assert orders == [["آتش", "سووشون", "کلیدر"], ["کلیدر", "سووشون", "آتش"], ["کلیدر", "آتش", "سووشون"]]


def test_copies_carry_headings_and_cannot_run_in_a_spreadsheet(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.table().set_rows([Loan("1", "=HYPERLINK(1)\tx\n2", "+98")])
    view.copy()

    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines == ["\tعنوان\tرده\tامانت\tبازگشت", "بله\t'=HYPERLINK(1) x 2\t۸فا\tدیروز\t'+98"]
    assert as_lines(view.table(), []) == lines[0]


def test_the_pill_stands_at_the_right_of_its_column(qtbot: QtBot) -> None:
    view = shown(qtbot)
    painted = places_of(view.viewport(), LIGHT.red_soft)

    right = left_of(view, 4) + view.columnWidth(4)
    assert painted
    assert right - 14 <= max(spot.x() for spot in painted) < right


def test_the_tooltip_of_a_cut_cell_holds_the_whole_text_as_it_is(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.table().set_rows([Loan("1", "<b>کلیدر</b> " * 40)])
    spot = QPoint(left_of(view, 1) + 20, 30)
    event = QHelpEvent(QEvent.Type.ToolTip, spot, view.viewport().mapToGlobal(spot))
    QApplication.sendEvent(view.viewport(), event)
    told = QToolTip.text()
    QToolTip.hideText()

    assert told.startswith("<span>&lt;b&gt;کلیدر&lt;/b&gt;")
    assert "<b>" not in told


def test_an_empty_list_says_how_to_begin(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.table().set_rows(())
    blank = view.grab().toImage()
    view.set_empty("کتابی در امانت نیست", "برچسب را اسکن کنید.", "book-upload")
    told = view.grab().toImage()
    view.table().set_rows(LOANS)

    assert blank != told
    assert view.grab().toImage() != told


def test_the_list_counts_what_it_shows(qtbot: QtBot) -> None:
    made = RowList(table(), title="امانت‌ها", noun="امانت")
    qtbot.addWidget(made)
    assert made._count.text() == "۳ امانت"
    made.filter.edit.setText("کلیدر")
    assert made._count.text() == "۱ از ۳ امانت"
    assert made.sheet() == (("", "عنوان", "رده", "امانت", "بازگشت"), ("بله", "کلیدر", "۸فا", "دیروز", "۲۹ دی"))
