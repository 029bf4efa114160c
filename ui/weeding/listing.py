"""Putting copies on the draft and taking them off: scans, questions, and the scans that wait for an answer."""

from collections import deque
from dataclasses import dataclass, replace
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from app.outcome import NotFound
from app.refusal import Answer
from app.weeding.bench import use_of
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.rules import permit_of
from app.weeding.service import AlreadyListed, Listed, ListingOutcome, ListingRefused, propose, strike
from db.codes import WeedingReason
from ui.circulation.words import Said
from ui.restoring import RESTORE, offered, restore
from ui.session import Session
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.entry import Dated, Entry
from ui.weeding.replacing import BetterBook
from ui.weeding.rows import WorkLine, fresh_line
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Panel

_BACK_TO_SHELF = "به قفسه برمی‌گردد"


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A copy that goes on the list when the librarian says so, and writes what `text` asks for."""

    code: str
    proposal: Proposal
    confirm: frozenset[str]
    text: words.TextAnswer | None


@dataclass(frozen=True, slots=True)
class _Removal:
    """A copy that is to leave the list."""

    line: WorkLine


class Listing(QObject):
    """Works on the draft of `reason`. `said` goes to the banner; `added` carries the new row, `removed` the copy's id,
    `stands` the id of a copy that was there already. `sought` carries a number that is only to be shown. `settled`: no
    question stands any more."""

    said = Signal(object)
    added = Signal(object)
    removed = Signal(object)
    stands = Signal(object)
    sought = Signal(str)
    settled = Signal()
    waiting_changed = Signal(int)

    def __init__(self, session: Session, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._waiting: deque[str] = deque()
        self._asked: _Doubt | _Removal | None = None
        self._entry: Entry | Dated | BetterBook | None = None
        self._held = False
        self.reason = WeedingReason.CONTENT
        self.criterion = ""
        self.shows_only = False
        self._weeded = ""  # the copy last refused, which may be put right
        panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether the next scan has to wait."""
        return self._asked is not None or self._held

    def is_writing(self) -> bool:
        """Whether the question has a line to write in."""
        return self._entry is not None

    def take(self, code: str) -> None:
        """A scanned or typed number."""
        if isinstance(self._entry, BetterBook) and self._entry.chosen() is None:
            self._entry.take(code)
        elif self.is_asking():
            self._waiting.append(code)
            self.waiting_changed.emit(len(self._waiting))
        elif self.shows_only:
            self.sought.emit(code)
        else:
            self.put(code)

    def put(self, code: str, criterion: str = "") -> None:
        """Put a copy on the draft, whatever scans do: by the article that proposes it, else by the one chosen for all
        scans. Not while a question stands."""
        self._propose(code, Proposal(self.reason, criterion or self.criterion or None))

    def hold(self) -> None:
        """Scans wait until `go_on`: the draft is being finalised."""
        self._held = True

    def go_on(self) -> None:
        """Work off the scans that arrived meanwhile, until the next question."""
        self._held = False
        while self._waiting and not self.is_asking():
            self.take(self._waiting.popleft())
        self.waiting_changed.emit(len(self._waiting))
        self.settled.emit()

    def withdraw(self) -> None:
        """The question is left unanswered: nothing happens to its copy."""
        self._close()
        self.go_on()

    def ask_removal(self, line: WorkLine) -> None:
        """Take a copy off the list, once the librarian has said why."""
        if self.is_asking():
            self._say(words.ANSWER_FIRST)
            return
        self._asked = _Removal(line)
        self._entry = Entry("چرا؟", _BACK_TO_SHELF)
        self._panel.ask(
            Tone.WARN,
            f"«{isolate(line.title)}» از فهرست برداشته شود؟",
            (),
            (Choice(words.YES, "برداشته شود", words.YES_KEY, "danger"), Choice(words.CLOSE, "بماند", "Esc")),
            extra=self._entry,
        )
        self._entry.setFocus()

    def _propose(self, code: str, proposal: Proposal, confirm: frozenset[str] = frozenset()) -> None:
        library, act = self._session.library, self._session.act()
        outcome: ListingOutcome = propose(library, code, proposal, act, Answer(confirm=confirm))
        self._close()
        match outcome:
            case Listed():
                self._say(words.listed(outcome, proposal.reason))
                with library.store.read() as reader:
                    use = use_of(reader, outcome.copy.id, act.day)
                self.added.emit(fresh_line(outcome, proposal.remark or "", use))
                self._session.refresh.tell("weeding", "items")
            case AlreadyListed():
                self._say(words.already_listed(outcome))
                self.stands.emit(outcome.copy.id)
            case ListingRefused():
                self._refuse(code, proposal, confirm, outcome)
            case NotFound():
                self._say(words.unknown(outcome.key))
            case _:
                assert_never(outcome)

    def _refuse(self, code: str, proposal: Proposal, confirmed: frozenset[str], outcome: ListingRefused) -> None:
        question = words.is_answerable(outcome.refusals)
        self._say(words.refused(outcome.copy, question=question))
        if question:
            codes = confirmed | {refusal.code for refusal in outcome.refusals}
            text = words.text_answer(outcome.refusals)
            self._asked = _Doubt(code, proposal, codes, text)
            self._entry = self._to_write(text, outcome.copy, proposal) if text else None
        yes = (Choice(words.YES, "تأیید", words.YES_KEY, "primary"), Choice(words.CLOSE, "انصراف", "Esc"))
        self._weeded = code
        self._panel.ask(
            Tone.WARN if question else Tone.REFUSE,
            words.question_title(outcome.copy, proposal.reason, question=question),
            words.reasons(outcome.refusals),
            yes if question else (*offered(self._session, outcome.copy.status), *words.CLOSE_ONLY),
            extra=self._entry,
        )
        if self._entry is not None:
            self._entry.setFocus()

    def _to_write(self, wanted: words.TextAnswer, copy: CopyFacts, proposal: Proposal) -> Entry | Dated | BetterBook:
        """Where the answer is written or found; of a permit stands there already what is known of it."""
        if wanted.of_catalogue:
            book = BetterBook(self._session, copy.title_id)
            book.said.connect(self.said)
            return book
        if not wanted.day_label:
            return Entry(wanted.label)
        entry = Dated(wanted.label, wanted.day_label, lambda: self._session.act().day)
        number, day = permit_of(copy, proposal)
        entry.words.edit.setText(number or "")
        entry.date.set_day(day)
        return entry

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        asked, text = self._asked, self._entry.text() if self._entry else ""
        book = self._entry.chosen() if isinstance(self._entry, BetterBook) else None
        if choice == RESTORE:
            self._close()
            self._say(restore(self._session, self._weeded))
            self.go_on()
        elif choice != words.YES or asked is None:
            self.withdraw()
        elif self._entry is not None and not text and book is None:
            self._entry.setFocus()
        elif isinstance(self._entry, Dated) and self._entry.day() is None:
            self._entry.date.edit.setFocus()
            self._say(words.DAY_MISSING)
        elif isinstance(asked, _Removal):
            self._remove(asked.line, text)
            self.go_on()
        else:
            day = self._entry.day() if isinstance(self._entry, Dated) else None
            proposal = asked.text.fill(asked.proposal, text, day) if asked.text and text else asked.proposal
            self._propose(asked.code, replace(proposal, replaced_by=book or proposal.replaced_by), asked.confirm)
            self.go_on()

    def _remove(self, line: WorkLine, why: str) -> None:
        outcome = strike(self._session.library, line.barcode, self.reason, why, self._session.act())
        self._close()
        match outcome:
            case Listed():
                self._say(words.struck(outcome))
                self.removed.emit(line.item_id)
                self._session.refresh.tell("weeding", "items")
            case ListingRefused():
                self._say(words.refused(outcome.copy, question=False))
                self._panel.ask(Tone.REFUSE, "از فهرست برداشته نشد", words.reasons(outcome.refusals), words.CLOSE_ONLY)
            case NotFound():
                self._say(words.unknown(outcome.key))
                self.removed.emit(line.item_id)
            case _:
                assert_never(outcome)

    def _close(self) -> None:
        self._asked, self._entry = None, None
        self._panel.close_question()

    def _say(self, said: Said) -> None:
        self.said.emit(said)
