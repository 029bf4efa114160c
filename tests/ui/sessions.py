"""A page of the window on a real library, for tests of pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.devices.scan import Scan, Source
from app.library import Library
from ui.jobs import Jobs
from ui.page import Page, PageSpec
from ui.preferences import Preferences
from ui.session import Refresh, Session
from ui.sounds import Sounds
from ui.status import StatusLine
from ui.window import MainWindow


class Heard(Sounds):
    """Sounds that are noted instead of played."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def play(self, name: str) -> None:
        self.names.append(str(name))


@contextmanager
def session_on(library: Library, folder: Path) -> Iterator[Session]:
    """A sitting of the head at desk 1; closes jobs, sounds and the library at the end."""
    sounds = Heard()
    session = Session(library, library.person(None), folder, Jobs(), sounds, Refresh(), Preferences())
    try:
        yield session
    finally:
        session.jobs.close()
        sounds.close()
        library.store.close()


def window_of(spec: PageSpec, qtbot: QtBot) -> MainWindow:
    """A window with one page in it, in front: keys go the way they go at the desk."""
    made = MainWindow((spec,), StatusLine(), "کتابخانه")
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.open_page(spec.key)
    return made


def scan(page: Page, code: str) -> None:
    """What the window hands a page for a code."""
    page.on_scan(Scan(code, Source.KEYBOARD, code))


def heard(session: Session) -> list[str]:
    """The sounds that were played."""
    assert isinstance(session.sounds, Heard)
    return session.sounds.names
