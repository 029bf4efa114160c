"""A picture of every widget and state, for looking: `python -m ui.gallery --out DIR`."""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from db.trouble import Trouble
from ui.gallery_pages import DeskSample, EmptySample, FormSample, WeedingSample, WidgetSample, today
from ui.page import Group, PageSpec
from ui.status import StatusLine
from ui.style import apply_theme
from ui.theme import DARK, LIGHT, Theme, Tone
from ui.widgets.jalali_edit import DatePopup
from ui.window import MainWindow

LIBRARY = "کتابخانه عمومی شهید بهشتی — روستای آبگرم"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    page: str
    size: tuple[int, int] = (1366, 768)
    theme: Theme = LIGHT
    scale: int = 100
    prepare: Callable[[MainWindow], None] = lambda _: None


def _trouble(window: MainWindow) -> None:
    window.show_error(Trouble("P-4103", reason="HP LaserJet"))


def _search(window: MainWindow) -> None:
    window.search_commands()


def _keys(window: MainWindow) -> None:
    window.show_keys()


SHOTS = (
    Shot("desk", "desk"),
    Shot("desk-refused", "refused"),
    Shot("desk-empty", "bare"),
    Shot("desk-dark", "desk", theme=DARK),
    Shot("desk-150", "desk", scale=150),
    Shot("desk-1920", "desk", size=(1920, 1080)),
    Shot("desk-trouble", "desk", prepare=_trouble),
    Shot("weeding", "weeding"),
    Shot("weeding-dark", "weeding", theme=DARK),
    Shot("weeding-150", "weeding", scale=150, size=(1920, 1080)),
    Shot("widgets", "widgets"),
    Shot("widgets-dark", "widgets", theme=DARK),
    Shot("widgets-150", "widgets", scale=150, size=(1920, 1080)),
    Shot("form", "form"),
    Shot("form-dark", "form", theme=DARK),
    Shot("empty", "empty"),
    Shot("commands", "desk", prepare=_search),
    Shot("keys", "desk", prepare=_keys),
)


def page_specs() -> tuple[PageSpec, ...]:
    """The navigation of the mock-ups, with sample pages behind it."""
    return (
        PageSpec("desk", "میز امانت", "arrows-exchange", "F1", Group.DESK, DeskSample),
        PageSpec("bare", "اعضا", "users", "F2", Group.DESK, lambda: DeskSample(empty=True)),
        PageSpec("widgets", "فهرست و جستجو", "books", "F3", Group.DESK, WidgetSample),
        PageSpec("refused", "رزرو و پیک کتاب", "bookmark", "F4", Group.DESK, lambda: DeskSample(refused=True)),
        PageSpec("empty", "رف‌خوانی", "checkup-list", "F5", Group.COLLECTION, EmptySample),
        PageSpec("weeding", "وجین", "recycle", "F6", Group.COLLECTION, WeedingSample),
        PageSpec("form", "صحافی", "needle-thread", "F7", Group.COLLECTION, FormSample),
        PageSpec("reports", "گزارش‌ها", "chart-bar", "F8", Group.COLLECTION, EmptySample),
        PageSpec("sync", "همگام‌سازی", "refresh", "", Group.LAST, EmptySample),
        PageSpec("settings", "تنظیمات", "settings", "", Group.LAST, EmptySample),
    )


def window_for(shot: Shot) -> MainWindow:
    """A window as the shot wants it."""
    status = StatusLine()
    status.set_device("scanner", "اسکنر متصل (COM3)", Tone.OK)
    status.set_device("card", "کارت‌خوان آماده", Tone.OK)
    status.set_sync("آفلاین — ۱۴ رویداد در صف، آخرین همگام‌سازی دیروز ۱۷:۰۵", Tone.WARN)
    status.set_clock("سه‌شنبه ۹ دی ۱۴۰۴ · ۱۰:۲۴")
    status.set_user("کاربر: زهرا کریمی")
    window = MainWindow(page_specs(), status, LIBRARY)
    window.resize(*shot.size)
    window.show()
    window.activateWindow()
    window.open_page(shot.page)
    QApplication.processEvents()
    shot.prepare(window)
    QApplication.processEvents()
    return window


def pictures(app: QApplication, only: str) -> Iterator[tuple[str, QWidget]]:
    """Name and widget of each picture whose name holds `only`."""
    for shot in SHOTS:
        if only in shot.name:
            apply_theme(app, shot.theme, shot.scale)
            window = window_for(shot)
            yield shot.name, window
            window.close()
            window.deleteLater()
    if only in "calendar":
        apply_theme(app)
        owner = QWidget()
        popup = DatePopup(owner)
        popup.open_at(QPoint(400, 10), today())
        QApplication.processEvents()
        yield "calendar", popup


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of every widget and state.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="part of a name")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    given.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for name, widget in pictures(app, given.only):
        widget.grab().save(str(given.out / f"{name}.png"))


if __name__ == "__main__":
    main()
