import datetime as dt

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.clock import SystemClock, day_of
from ui.circulation.clock_question import ClockQuestion

FAR_AHEAD = dt.datetime(
    2099, 1, 1, 8, tzinfo=dt.UTC
)  # the library has seen this day, so the real clock lies far behind


def question(clock: SystemClock, qtbot: QtBot) -> ClockQuestion:
    made = ClockQuestion(clock)
    qtbot.addWidget(made)
    return made


def test_a_believable_clock_is_not_asked_about(dressed: QApplication, qtbot: QtBot) -> None:
    asked = question(SystemClock(), qtbot)
    assert not asked.ask_if_doubtful()
    assert asked.isHidden()


def test_a_clock_behind_the_last_entry_is_asked_about_with_both_days(dressed: QApplication, qtbot: QtBot) -> None:
    asked = question(SystemClock(FAR_AHEAD), qtbot)
    assert asked.ask_if_doubtful()
    words = " ".join(label.text() for label in asked.findChildren(QLabel))
    assert "امروز چه روزی است؟" in words
    assert "۱۴۷۷" in words


def test_the_answer_sets_the_day_and_closes_the_question(dressed: QApplication, qtbot: QtBot) -> None:
    clock = SystemClock(FAR_AHEAD)
    asked = question(clock, qtbot)
    asked.ask_if_doubtful()
    with qtbot.waitSignal(asked.answered):
        asked._panel.chosen.emit((day_of(FAR_AHEAD) + dt.timedelta(days=1)).isoformat())
    assert clock.read().day == dt.date(2099, 1, 2)
    assert not clock.read().doubtful
    assert asked.isHidden()
