"""Letters and receipts filed with minutes, and the letter of refused titles (002 م7-10، م7-15)."""

import uuid
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.outcome import NotFound, Refused
from app.papers import frozen_paper
from app.persian.digits import number, to_persian
from app.weeding.minutes.archive import read_scan
from app.weeding.minutes.attaching import Attached, Attachment, attach
from app.weeding.minutes.refused import refused_titles
from app.weeding.minutes.tracking import TrackedMinutes
from reports.refused_titles import TITLE, print_refused_titles
from ui.paper.paper import Paper
from ui.paper.saving import SavePanel
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.tracking_words import filed
from ui.widgets.ask_path import AskWhich, ask_which

PICTURES_AND_PAPERS = "نامه یا رسید (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.xlsx)"
PDF = "application/pdf"


class Attachments(QObject):
    """`filed` comes after a paper was filed; `paper_wanted` carries a paper to show."""

    said = Signal(object)
    filed = Signal()
    paper_wanted = Signal(object)

    def __init__(self, session: Session, saving: SavePanel, parent: QWidget, ask: AskWhich = ask_which) -> None:
        super().__init__(parent)
        self._session, self._saving, self._parent = session, saving, parent
        self.ask_which = ask

    def choose(self, parent: QWidget, minutes_id: uuid.UUID) -> None:
        """Ask for a file and file it with minutes. Raises Trouble P-2101 where it cannot be read."""
        path = self.ask_which(parent, PICTURES_AND_PAPERS)
        if path is not None:
            self.file(path, minutes_id)

    def file(self, path: Path, minutes_id: uuid.UUID) -> None:
        """File a paper with minutes."""
        outcome = attach(self._session.library, minutes_id, read_scan(path), self._session.act())
        match outcome:
            case Attached():
                self.said.emit(filed(outcome))
                self.filed.emit()
                self._session.refresh.tell("weeding")
            case Refused():
                self._refuse("پیوست نشد", outcome)
            case NotFound():
                self.said.emit(Said(Tone.REFUSE, "این صورتجلسه پیدا نشد", (), Sound.REFUSED))

    def open(self, attachment: Attachment) -> None:
        """A PDF file comes on the screen; anything else is saved where the person wants it. Raises Trouble P-1105 when
        the bytes are not what was filed."""
        with self._session.library.store.read() as reader:
            kept = frozen_paper(reader, attachment.id)
        if attachment.media_type == PDF:
            self.paper_wanted.emit(Paper(attachment.file_name, kept.content, _pdf_name(attachment)))
        else:
            self._saving.save(self._parent, attachment.file_name, kept.content)

    def refused_letter(self, minutes: TrackedMinutes) -> None:
        """The letter of the copies that stay, to the county office."""
        letter = refused_titles(self._session.library, minutes.id, self._session.act().day)
        if isinstance(letter, Refused):
            self._refuse("نامه‌ای لازم نیست", letter)
        elif not isinstance(letter, NotFound):
            name = f"refused-{letter.number.replace('/', '-')}.pdf"
            facts = (f"صورتجلسهٔ {to_persian(letter.number)}", f"{number(len(letter.rows))} نسخه")
            self.paper_wanted.emit(Paper(TITLE, print_refused_titles(letter), name, facts=facts, frozen=False))

    def _refuse(self, title: str, outcome: Refused) -> None:
        lines = tuple(f" · {reason.text} {reason.way_out}" for reason in words.reasons(outcome.refusals))
        self.said.emit(Said(Tone.REFUSE, title, lines, Sound.REFUSED))


def _pdf_name(attachment: Attachment) -> str:
    name = Path(attachment.file_name)
    return name.name if name.suffix.lower() == ".pdf" else f"{name.stem}.pdf"
