"""Writing somebody into a line: a reader and a title, each scanned or searched for in one box."""

import uuid
from collections import deque

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.catalogue.queries import TitleRow, title_row
from app.circulation import reads
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.holds.outcomes import AlreadyHeld, Held, HoldRefused
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.holds.queries import holds_of, queue_of
from app.outcome import NotFound
from app.persian.digits import number, to_persian
from app.refusal import NO_ANSWER, Answer, Refusal
from ui.circulation.words import reasons
from ui.holds import words
from ui.holds.deeds import LineEntry
from ui.holds.seeking import Seeker
from ui.holds.words import CLOSE, OVERRIDE
from ui.session import Session
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Tick
from ui.widgets.jalali_edit import WRONG_DATE, JalaliDateEdit
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Panel

PLACE, BACK = "Ctrl+Enter", "Esc"
WIDTH = 340
NOBODY, NOTHING = "کارت عضو را اسکن کنید یا نام او را بنویسید", "برچسب کتاب را اسکن کنید یا عنوان آن را بنویسید"


class Placing(QWidget):
    """`said` goes to the banner, `placed` that a line has grown, `closed` that nobody else is to be written."""

    said = Signal(object)
    placed = Signal(object)
    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._waiting: deque[str] = deque()
        self._member: MemberFacts | None = None
        self._key = ""
        self._title: TitleRow | None = None
        self._copy: ItemFacts | None = None
        self._refusals: tuple[Refusal, ...] = ()
        self._entry: LineEntry | None = None
        self.panel = Panel()
        self.seeker = Seeker(session, self.panel)
        self.who, self.who_more = Label(NOBODY, "strong", wrap=True), Label("", "muted", wrap=True)
        self.what, self.what_more = Label(NOTHING, "strong", wrap=True), Label("", "muted", wrap=True)
        self.only_copy = Tick("همین نسخه را می‌خواهد، نه هر نسخه")
        self.until = JalaliDateEdit(lambda: session.act().day)
        self._wrong = Label("", "error", wrap=True)
        self.place = Button("ثبت رزرو", PLACE, "primary", "bookmark")
        back = Button("بازگشت", BACK)
        self._lay_out(back)
        back.clicked.connect(self.on_escape)
        self._connect()
        self._show()

    def begin(self, code: str = "") -> None:
        """Empty, but for the reader or copy of a code."""
        self._member = self._title = self._copy = None
        self.until.set_day(None)
        self.seeker.clear()
        if code:
            self.take(code)
        self._show()
        self.seeker.setFocus()

    def is_asking(self) -> bool:
        """Whether a question stands."""
        return self.panel.is_open()

    @Slot(str)
    def take(self, code: str) -> None:
        """A scanned or chosen code: a reader, or a copy whose title is meant. While a question stands it waits."""
        if self.is_asking():
            self._waiting.append(code)
            self.panel.set_waiting(len(self._waiting))
            return
        with self._session.library.store.read() as reader:
            member = reads.find_member(reader, code)
            copy = None if member else reads.find_item(reader, code)
            title = title_row(reader, copy.title_id) if copy else None
        if member is not None:
            self._member, self._key = member, code
        elif title is not None:
            self._title, self._copy = title, copy
        else:
            self.said.emit(words.unknown(code))
        self._show()

    @Slot()
    def on_escape(self) -> None:
        """Close the question, else the part."""
        if self.is_asking():
            self._close_question()
        else:
            self.closed.emit()

    @Slot()
    def submit(self) -> None:
        """Ctrl+Enter: write the reader into the line."""
        self._submit(NO_ANSWER)

    def _submit(self, answer: Answer) -> None:
        self._wrong.say(WRONG_DATE if self.until.is_wrong() else "")
        self._wrong.setVisible(self.until.is_wrong())
        if self._member is None or self._title is None or self.until.is_wrong():
            (self.until if self.until.is_wrong() else self.seeker).setFocus()
            return
        item = self._copy.barcode if self._copy and self.only_copy.isChecked() else None
        request = PlaceRequest(self._key, self._title.id, item, self.until.day(), answer=answer)
        outcome = place_hold(self._session.library, request, self._session.act())
        match outcome:
            case Held() | AlreadyHeld():
                self.said.emit(words.held(outcome) if isinstance(outcome, Held) else words.already_held(outcome))
                self._session.refresh.tell("holds")
                self.placed.emit(outcome.title.id)
                self._title = self._copy = None
                self._close_question()
            case HoldRefused():
                self._refuse(outcome)
            case NotFound():
                self.said.emit(words.unknown(outcome.key))
        self._show()

    def _refuse(self, outcome: HoldRefused) -> None:
        self._refusals = tuple(one for one in outcome.refusals if one.code != "reason.required")
        choices = words.place_choices(self._refusals)
        overridable = any(choice.code == OVERRIDE for choice in choices)
        self._entry = LineEntry("دلیل اجازه") if overridable else None
        told = reasons(outcome.refusals, self._session.library.categories)
        title = f"{words.book(outcome.title)} برای {isolate(outcome.member.name)} رزرو نشد"
        question = len(choices) > 1
        self.panel.ask(Tone.WARN if question else Tone.REFUSE, title, told, choices, extra=self._entry)
        (self._entry or self.panel).setFocus()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        codes, reason = frozenset(one.code for one in self._refusals), self._entry.text() if self._entry else ""
        if choice == CLOSE:
            self._close_question()
        elif choice == OVERRIDE and not reason:
            if self._entry is not None:
                self._entry.setFocus()
        else:
            self._submit(Answer(codes if choice == OVERRIDE else frozenset(), reason, codes))

    def _close_question(self) -> None:
        self._entry = None
        self.panel.close_question()
        while self._waiting and not self.is_asking():
            self.take(self._waiting.popleft())
        self.seeker.setFocus()

    @Slot(object)
    def _choose_title(self, title_id: uuid.UUID) -> None:
        with self._session.library.store.read() as reader:
            self._title, self._copy = title_row(reader, title_id), None
        self._show()

    # The card beside

    def _show(self) -> None:
        member, title, today = self._member, self._title, self._session.act().day
        with self._session.library.store.read() as reader:
            held = holds_of(reader, member.id, today) if member else []
            line = queue_of(reader, title.id) if title else []
        self.who.say(member.name if member else NOBODY)
        self.who_more.say(f"عضو {to_persian(member.member_no)} · {number(len(held))} رزرو" if member else "")
        self.what.say(title.title if title else NOTHING)
        copies = f"{number(title.available)} از {number(title.copies)} نسخه موجود" if title else ""
        self.what_more.say(
            f"{copies} · {number(sum(one.position is not None for one in line))} نفر در صف" if title else ""
        )
        self.who.set_tone(None if member else Tone.WARN)
        self.what.set_tone(None if title else Tone.WARN)
        self.only_copy.setVisible(self._copy is not None)
        self.only_copy.setChecked(False)
        self.place.setEnabled(member is not None and title is not None)

    def _lay_out(self, back: Button) -> None:
        side = Card(
            column(
                Label("رزرو تازه", "heading"), 4, Label("عضو", "muted"), self.who, self.who_more, 8,
                Label("کتاب", "muted"), self.what, self.what_more, self.only_copy, 8,
                Label("اگر تا این روز نرسید، دیگر نمی‌خواهد", "muted", wrap=True), self.until, self._wrong, None,
                Flow(self.place, back), gap=4,
            )
        )  # fmt: skip
        side.setFixedWidth(look().px(WIDTH))
        beside = row(self.seeker, side, gap=14)
        beside.setStretch(0, 1)
        self.setLayout(beside)
        self.setFocusProxy(self.seeker)
        self._wrong.hide()

    def _connect(self) -> None:
        self.seeker.coded.connect(self.take)
        self.seeker.title.connect(self._choose_title)
        self.seeker.unknown.connect(lambda text: self.said.emit(words.unknown(text)))
        self.panel.chosen.connect(self._chosen)
        self.place.clicked.connect(self.submit)
