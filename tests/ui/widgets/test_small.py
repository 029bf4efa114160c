from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.messages import Message
from tests.ui.pixels import places_of
from ui.theme import LIGHT, Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import StatTile
from ui.widgets.chart import Bar, BarChart
from ui.widgets.empty import EmptyPage
from ui.widgets.inputs import Choice
from ui.widgets.layouts import Flow
from ui.widgets.pills import Pill
from ui.widgets.portrait import Portrait
from ui.widgets.progress import ProgressCard
from ui.widgets.runs import Part, RunLabel
from ui.widgets.steps import Steps
from ui.widgets.trouble_box import TroubleBox


def test_the_first_bar_stands_at_the_right(qtbot: QtBot) -> None:
    chart = BarChart()
    qtbot.addWidget(chart)
    chart.resize(300, 150)
    chart.show_bars([Bar("مهر", 9), Bar("آبان", 0)], "امانت در ماه")

    assert min(spot.x() for spot in places_of(chart, LIGHT.primary)) > 150
    assert chart.accessibleName() == "امانت در ماه. مهر: ۹، آبان: ۰"


def test_a_bar_is_as_tall_as_its_value(qtbot: QtBot) -> None:
    chart = BarChart()
    qtbot.addWidget(chart)
    chart.resize(300, 150)
    chart.show_bars([Bar("مهر", 10), Bar("آبان", 5)])
    right = [spot.y() for spot in places_of(chart, LIGHT.primary) if spot.x() > 150]
    left = [spot.y() for spot in places_of(chart, LIGHT.primary) if spot.x() < 150]

    tall, half = max(right) - min(right) + 1, max(left) - min(left) + 1
    assert abs(tall / 2 - half) <= 2
    assert max(right) == max(left)


def test_a_chart_of_nothing_says_so(qtbot: QtBot) -> None:
    chart = BarChart(lying=True)
    qtbot.addWidget(chart)
    chart.show_bars([Bar("مهر", 0)])

    assert places_of(chart, LIGHT.primary) == []


def test_a_chart_goes_into_a_png(qtbot: QtBot) -> None:
    chart = BarChart()
    qtbot.addWidget(chart)
    chart.show_bars([Bar("مهر", 3), Bar("آبان", 1)], "امانت")
    picture = QImage.fromData(chart.png(800, 400))

    assert (picture.width(), picture.height()) == (800, 400)
    assert picture.pixelColor(0, 0).name().upper() == LIGHT.card


def test_a_line_of_parts_begins_at_the_right_and_keeps_their_tone(qtbot: QtBot) -> None:
    line = RunLabel(Part("▇▇", tone=Tone.REFUSE), Part("▇▇", strong=True))
    qtbot.addWidget(line)
    line.resize(200, 30)
    red, ink = places_of(line, LIGHT.red), places_of(line, LIGHT.ink)

    assert max(spot.x() for spot in red) > 190
    assert max(spot.x() for spot in ink) < min(spot.x() for spot in red) + 3
    assert line.text() == "▇▇▇▇"


def test_a_line_of_parts_too_long_for_its_room_is_cut_at_its_end(qtbot: QtBot) -> None:
    line = RunLabel(Part("▇▇", tone=Tone.REFUSE), Part("▇" * 80))
    qtbot.addWidget(line)
    line.resize(200, 30)

    assert max(spot.x() for spot in places_of(line, LIGHT.red)) > 190


def test_a_flow_wraps_from_the_right(qtbot: QtBot) -> None:
    host, buttons = QWidget(), [Button(f"دکمه {n}") for n in range(4)]
    flow = Flow(*buttons)
    host.setLayout(flow)
    qtbot.addWidget(host)
    wide = buttons[0].sizeHint().width()
    host.setFixedWidth(2 * wide + 10)
    host.resize(2 * wide + 10, flow.heightForWidth(2 * wide + 10))
    host.show()

    first, second, third, _ = (button.geometry() for button in buttons)
    assert first.right() == host.width() - 1
    assert second.right() < first.left()
    assert third.top() > first.bottom()
    assert third.right() == first.right()
    assert flow.heightForWidth(10 * wide) == first.height()


def test_buttons_answer_to_their_key_but_not_to_enter(qtbot: QtBot) -> None:
    host = QWidget()
    button = Button("دریافت وجه", "F11")
    button.setParent(host)
    qtbot.addWidget(host)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    clicks: list[bool] = []
    button.clicked.connect(lambda: clicks.append(True))
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert clicks == []
    QTest.keyClick(host, Qt.Key.Key_F11)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert len(clicks) == 2
    button.setEnabled(False)
    QTest.keyClick(host, Qt.Key.Key_F11)
    assert len(clicks) == 2


def test_keys_of_the_window_are_shown_but_not_taken(qtbot: QtBot) -> None:
    button = Button("واگرد", "Ctrl+Z")
    qtbot.addWidget(button)

    assert button.key() == "Ctrl+Z"
    assert button.children() == []


def test_a_pill_without_words_is_not_there(qtbot: QtBot) -> None:
    host, pill = QWidget(), Pill("مجاز", Tone.OK)
    pill.setParent(host)
    qtbot.addWidget(host)
    host.show()
    pill.show_state("", Tone.OK)
    assert not pill.isVisible()
    pill.show_state("مسدود", Tone.REFUSE)
    assert pill.isVisible()
    assert pill.accessibleName() == "مسدود"


def test_a_tile_is_chosen_by_click_and_by_space(qtbot: QtBot) -> None:
    tile, fixed = StatTile("فرسوده", "۱۲ نسخه", clickable=True), StatTile("امانت", "۳")
    chosen: list[str] = []
    for made, name in ((tile, "tile"), (fixed, "fixed")):
        qtbot.addWidget(made)
        made.clicked.connect(lambda name=name: chosen.append(name))
        made.show()
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)
        QTest.keyClick(made, Qt.Key.Key_Space)

    assert chosen == ["tile", "tile"]
    assert tile.accessibleName() == "فرسوده: ۱۲ نسخه"


def test_steps_tell_where_the_work_is(qtbot: QtBot) -> None:
    steps = Steps()
    qtbot.addWidget(steps)
    steps.show_steps(("تهیه فهرست", "رئیس اداره"), 1)
    assert steps.accessibleName() == "مرحله: ۲ رئیس اداره"
    steps.resize(steps.sizeHint())
    done, now = places_of(steps, LIGHT.green_soft), places_of(steps, LIGHT.primary)
    assert min(spot.x() for spot in done) > max(spot.x() for spot in now)
    steps.show_steps(("تهیه فهرست", "رئیس اداره"), 2)
    assert steps.accessibleName() == "مرحله: پایان یافته"


def test_progress_tells_how_far_and_how_long(qtbot: QtBot) -> None:
    card = ProgressCard()
    qtbot.addWidget(card)
    card.begin("ورود فهرست")
    card.show_progress(300, 1200, 30, "خواندن ردیف‌ها")
    assert card._far.text() == "۳۰۰ از ۱٬۲۰۰ · ۲۵٪"
    assert card._time.text() == "خواندن ردیف‌ها · ۳۰ ثانیه گذشته · حدود ۲ دقیقه مانده"
    card.show_progress(7, 0, 0.2)
    assert (card._far.text(), card._time.text()) == ("", "")


def test_stopping_is_asked_once_and_shown_until_it_is_done(qtbot: QtBot) -> None:
    card = ProgressCard("پشتیبان‌گیری")
    qtbot.addWidget(card)
    with qtbot.waitSignal(card.cancel_wanted):
        card._cancel.click()
    assert not card._cancel.isEnabled()
    assert card._cancel.text() == "در حال توقف…"
    card.begin("دوباره")
    assert card._cancel.isEnabled()
    card.forbid_stop()
    assert card._cancel.isHidden()
    card.begin("کاری دیگر")
    assert not card._cancel.isHidden()


def test_a_choice_speaks_in_codes_and_ignores_the_wheel(qtbot: QtBot) -> None:
    choice = Choice((("a", "الف"), ("b", "ب")))
    qtbot.addWidget(choice)
    assert choice.code() == "a"
    choice.choose("b")
    assert choice.currentText() == "ب"
    choice.choose("unknown")
    assert choice.code() == ""


def test_trouble_is_shown_copied_and_closed(qtbot: QtBot) -> None:
    box = TroubleBox()
    qtbot.addWidget(box)
    box.show_trouble("P-4102", Message("چاپگر پاسخ نمی‌دهد.", "چیزی از دست نرفت.", "کاغذ را ببینید."))
    assert box.shown_code() == "P-4102"
    box.copy()
    assert QGuiApplication.clipboard().text().split("\n") == [
        "P-4102",
        "چاپگر پاسخ نمی‌دهد.",
        "چیزی از دست نرفت.",
        "کاغذ را ببینید.",
    ]
    box.close_box()
    assert box.shown_code() == ""
    assert not box.isVisible()


def test_a_portrait_fills_its_frame_with_the_middle_of_the_picture(qtbot: QtBot) -> None:
    portrait = Portrait()
    qtbot.addWidget(portrait)
    assert places_of(portrait, LIGHT.selected)
    picture = QPixmap(300, 100)
    picture.fill(Qt.GlobalColor.blue)
    portrait.show_picture(picture)
    portrait.resize(portrait.sizeHint())
    assert len(places_of(portrait, "#0000ff")) > 72 * 92 * 0.95


def test_an_empty_page_offers_its_button(qtbot: QtBot) -> None:
    button = Button("شروع", kind="primary")
    page = EmptyPage("checkup-list", "برای چیست", "چگونه آغاز کنید", button)
    qtbot.addWidget(page)
    page.resize(600, 400)
    page.show()

    assert button.isVisible()
    assert abs(button.geometry().center().x() - 300) < 5
