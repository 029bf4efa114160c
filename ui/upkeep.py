"""What the window does while nobody is served: committed pages move into the file, and the high-water file is written.

Beside the window, on a worker of its own, since both wait for the disk.
"""

from PySide6.QtCore import QObject, Slot

from app.library import Library
from app.sync.branch.witness import rest_after
from ui.jobs import Jobs, Token

WHAT = "نگه‌داری"


class Upkeep(QObject):
    """Looks every second or two whether something was committed since."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = Jobs(self)
        self._seen = 0

    @Slot()
    def look(self) -> None:
        """Begin when there is something to do and nothing is being done."""
        if self._library.store.commits == self._seen or self._jobs.open_jobs():
            return
        library, seen = self._library, self._seen

        def work(_: Token) -> int:
            return rest_after(library, seen)

        job = self._jobs.start(WHAT, work)
        job.finished.connect(self._finished)
        job.failed.connect(self._failed)

    def close(self) -> None:
        """Wait for what is being done."""
        self._jobs.close()

    @Slot(object)
    def _finished(self, commits: int) -> None:
        self._seen = commits

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """Tell of it like of anything nobody caught."""
        raise error
