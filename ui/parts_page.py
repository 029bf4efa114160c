"""A page of several parts with a tile each, one in front; a paper lies over them until it is closed."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from ui.page import Page
from ui.paper.paper import Paper
from ui.paper.preview import PaperPreview
from ui.said import FLAWS, Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4")


class Part(Protocol):
    """What the page asks of a part."""

    def reload(self) -> None:
        """Read everything anew."""
        ...

    def setFocus(self) -> None:
        """Be ready for keys."""
        ...

    def on_escape(self) -> bool:
        """Close what lies open in the part; whether there was anything."""
        ...


class TakingPart(Part, Protocol):
    """A part that has a use for scans."""

    def take(self, code: str) -> None:
        """A scanned or typed code."""
        ...


class PartsPage(Page):
    """The frame that such pages share. A page names its parts and the rows after whose change it reads anew."""

    def __init__(self, session: Session, parts: Sequence[tuple[str, QWidget]], stale_after: frozenset[str]) -> None:
        super().__init__()
        self._session, self._stale_after, self._stale = session, stale_after, True
        self.banner, self.preview = Banner(), PaperPreview(session.jobs)
        self.banner.hide()
        self.tiles = tuple(
            StatTile(name, "۰", clickable=True, key=key) for (name, _), key in zip(parts, KEYS, strict=False)
        )
        lists, over, self._work = QWidget(), QWidget(), QWidget()
        self._lists, self._stack = Front(lists), Front(over)
        for _, part in parts:
            self._lists.addWidget(part)
        whole = column(row(*self.tiles, gap=12), self.banner, lists, gap=12)
        whole.setStretch(2, 1)
        self._work.setLayout(whole)
        self._stack.addWidget(self._work)
        self._stack.addWidget(self.preview)
        self.setLayout(column(over, margins=MARGINS))
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda place=place: self.show_part(place))
        self.preview.closed.connect(self._close_paper)
        self.banner.undo_wanted.connect(self.undo)
        session.refresh.changed.connect(self._changed)

    def parts(self) -> Sequence[Part]:
        """The parts in the order of their tiles."""
        raise NotImplementedError

    def on_shown(self) -> None:
        if self._stale:
            self.reload()
        if not self.shows_paper():
            self.parts()[self._lists.currentIndex()].setFocus()

    def on_escape(self) -> None:
        if self.shows_paper():
            self.preview.on_escape()
        elif not self.parts()[self._lists.currentIndex()].on_escape():
            self.banner.hide()

    def undo(self) -> None:
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self.reload()

    def reload(self) -> None:
        """Read every part anew."""
        self._stale = False
        for part in self.parts():
            part.reload()

    def shows_paper(self) -> bool:
        """Whether a paper lies over the parts."""
        return self._stack.currentWidget() is self.preview

    def show_part(self, place: int) -> None:
        """Bring one of the parts to the front."""
        self._stack.setCurrentWidget(self._work)
        self._lists.setCurrentIndex(place)
        self._lists.invalidate()
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == place)
        self.parts()[place].setFocus()

    @Slot(object)
    def show_paper(self, paper: Paper) -> None:
        """Lay a paper over the parts."""
        self._stack.setCurrentWidget(self.preview)
        self._stack.invalidate()
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot(object)
    def say(self, said: Said) -> None:
        """Tell what became of something."""
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    @Slot()
    def _close_paper(self) -> None:
        self.show_part(self._lists.currentIndex())

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & self._stale_after)


class ScanPartsPage(PartsPage):
    """A page where a scan means what the part in front is for; a paper makes way for it."""

    def parts(self) -> Sequence[TakingPart]:
        raise NotImplementedError

    def on_scan(self, scan: Scan | Unreadable) -> None:
        if isinstance(scan, Unreadable):
            self.say(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))
            return
        if self.shows_paper():
            self.show_part(self._lists.currentIndex())
        self.parts()[self._lists.currentIndex()].take(scan.text)
