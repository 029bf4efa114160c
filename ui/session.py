"""What every page is handed: the open library, who works at the desk, background jobs, sounds, and the one refresh
signal."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.library import Library, Person
from db.act import Act
from ui.jobs import Jobs
from ui.preferences import Preferences
from ui.sounds import Sounds


class Refresh(QObject):
    """Tells pages that rows have changed. Coarse names only: loans, members, titles, items, weeding, rules.

    A page marks itself stale and reads anew when it is next shown.
    """

    changed = Signal(frozenset)

    def tell(self, *names: str) -> None:
        """Rows of these kinds have changed."""
        self.changed.emit(frozenset(names))


@dataclass
class Session:
    """One sitting at one desk. `folder` is where files of this installation are kept (side files, log)."""

    library: Library
    person: Person
    folder: Path
    jobs: Jobs
    sounds: Sounds
    refresh: Refresh
    preferences: Preferences
    desk: int = 1

    def act(self) -> Act:
        """An act of the person at the desk, now."""
        return self.library.act(self.person, self.desk)
