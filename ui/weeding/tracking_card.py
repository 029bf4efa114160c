"""The card of chosen minutes: where they stand, what can be done, their steps with the letters, and their papers."""

import datetime as dt
import uuid
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.minutes.attaching import Attachment
from app.weeding.minutes.deliveries import Delivery
from app.weeding.minutes.tracking import MinutesDetail, Revision
from ui.style import look
from ui.theme import Tone
from ui.weeding.papers import delivery_name, delivery_words
from ui.weeding.rows import REASON_NAME
from ui.weeding.tracking_deeds import DEEDS
from ui.weeding.tracking_rows import due_tone, due_words, state_tone, state_words, step_words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.empty import EmptyPage
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, emptied, row
from ui.widgets.pills import Pill

ATTACH, LETTER, PAPER = "Ctrl+J", "Ctrl+G", "Ctrl+O"


class TrackingCard(Card):
    """`wanted` carries the name of the deed asked for; `paper_wanted` an edition (`Revision`), `attachment_wanted` the
    paper filed with the minutes, `delivery_wanted` a handover with a paper of its own."""

    wanted = Signal(str)
    attach_wanted = Signal()
    letter_wanted = Signal()
    paper_wanted = Signal(object)
    attachment_wanted = Signal(object)
    delivery_wanted = Signal(object)

    def __init__(self) -> None:
        self._detail: MinutesDetail | None = None
        self._buttons: tuple[Button, ...] = ()
        self._title, self._state, self._due = Label("", "heading"), Pill("", Tone.NEUTRAL), Label("", "strong")
        self._nothing = EmptyPage("file-text", "صورتجلسه‌ای برگزیده نشده است", "آن را از فهرست برگزینید.")
        self.buttons = {deed.name: Button(deed.label, deed.key, icon=deed.icon) for deed in DEEDS.values()}
        self.attach = Button("پیوست", ATTACH, icon="upload")
        self.letter = Button("نامهٔ ردشده‌ها", LETTER, icon="file-text")
        self.paper = Button("برگه", PAPER, icon="eye")
        self._steps, self._papers = QVBoxLayout(), QVBoxLayout()
        self._steps.setSpacing(look().px(8))
        self._papers.setSpacing(look().px(4))
        body = QWidget()
        steps, papers = Label("گام‌ها", "muted"), Label("برگه‌ها و پیوست‌ها", "muted")
        body.setLayout(column(steps, self._steps, 4, papers, self._papers, None))
        self._something = QWidget()
        state = row(self._state, self._due, None, gap=10)
        deeds = Flow(*self.buttons.values(), self.paper, self.attach, self.letter, gap=6)
        whole = column(self._title, state, deeds, body, gap=10)
        self._something.setLayout(whole)
        super().__init__(column(self._nothing, self._something, gap=0))
        for name, button in self.buttons.items():
            button.clicked.connect(self._asker(name))
        self.attach.clicked.connect(self.attach_wanted)
        self.letter.clicked.connect(self.letter_wanted)
        self.paper.clicked.connect(self._ask_paper)
        self.show_detail(None, dt.date.min)

    def detail(self) -> MinutesDetail | None:
        """The minutes that are shown."""
        return self._detail

    def show_detail(self, detail: MinutesDetail | None, today: dt.date) -> None:
        """Show these minutes, or that none are chosen."""
        self._detail = detail
        self._nothing.setVisible(detail is None)
        self._something.setVisible(detail is not None)
        for name, button in self.buttons.items():
            button.setVisible(detail is not None and DEEDS[name].fits(detail.minutes))
        emptied(self._steps)
        emptied(self._papers)
        if detail is None:
            return
        minutes = detail.minutes
        self._title.say(f"صورتجلسهٔ {to_persian(minutes.number)} · {REASON_NAME[minutes.reason]}")
        self._state.show_state(state_words(minutes), state_tone(minutes))
        self._due.say(due_words(minutes, today) if minutes.due_on else "")
        self._due.set_tone(due_tone(minutes, today))
        self.letter.setVisible(minutes.refused > 0)
        for step in detail.steps:
            done, told = step_words(step)
            self._steps.addWidget(_Step(done, told))
        attached = (self._attachment(place, one) for place, one in enumerate(detail.attachments, 1))
        papers = [one for one in detail.deliveries if one.document_id is not None]
        self._buttons = (*map(self._edition, detail.revisions), *attached, *map(self._delivery, papers))
        receipts = [Label(delivery_words(one), "small", wrap=True) for one in detail.deliveries]
        for widget in (*self._buttons, *receipts):
            self._papers.addWidget(widget)

    def words(self) -> str:
        """Everything that is told of the minutes."""
        told = (" ".join(step_words(step)) for step in self._detail.steps) if self._detail else ()
        return " ".join((self._title.text(), self._state.text(), self._due.text(), *told))

    def paper_buttons(self) -> tuple[Button, ...]:
        """One for each edition, then one for each attachment, then one for each delivery with a paper."""
        return self._buttons

    def _edition(self, edition: Revision) -> Button:
        day = f" · {jalali.short(edition.finalised_on)}" if edition.finalised_on else ""
        button = Button(f"ویراست {number(edition.revision)}{day}", icon="file-text", kind="quiet")
        button.clicked.connect(lambda: self.paper_wanted.emit(edition))
        return button

    def _attachment(self, place: int, attachment: Attachment) -> Button:
        name = attachment.file_name if len(attachment.file_name) <= _LONGEST else f"{attachment.file_name[:_LONGEST]}…"
        button = Button(f"پیوست {number(place)}: {isolate(name)}", icon="download", kind="quiet")
        button.clicked.connect(lambda: self.attachment_wanted.emit(attachment))
        return button

    def _delivery(self, delivery: Delivery) -> Button:
        button = Button(delivery_name(delivery), icon="file-text", kind="quiet")
        button.clicked.connect(lambda: self.delivery_wanted.emit(delivery))
        return button

    def _ask_paper(self) -> None:
        if self._detail is not None and self._detail.revisions:
            self.paper_wanted.emit(self._edition_shown(self._detail.minutes.id))

    def _edition_shown(self, minutes_id: uuid.UUID) -> Revision | None:
        editions = self._detail.revisions if self._detail else ()
        return next((edition for edition in editions if edition.id == minutes_id), None)

    def _asker(self, name: str) -> Callable[[], None]:
        return lambda: self.wanted.emit(name)


_LONGEST = 30  # letters of a file's name that a button shows


class _Step(QWidget):
    """What was done, and under it the letter and the term."""

    def __init__(self, done: str, told: str) -> None:
        super().__init__()
        small = (Label(told, "small", wrap=True),) if told else ()
        self.setLayout(column(Label(done, "strong", wrap=True), *small, gap=0))
