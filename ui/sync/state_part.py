"""How synchronisation stands: what waits, when the centre was heard of, what keeps it; and how it begins."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.outcome import Refused
from app.persian.digits import number
from app.sync.branch.guarding import confirm_removal
from app.sync.branch.rounds import SyncOutcome
from app.sync.branch.talk import RoundState
from app.sync.queries import SyncState
from app.wording import way_out, why
from db.trouble import Trouble
from ui.errors import told
from ui.said import Said
from ui.session import Session
from ui.settings.lines import card
from ui.sounds import Sound
from ui.sync import words
from ui.sync.enrol_card import EnrolCard
from ui.sync.watch import SyncWatch
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice, trouble_notice
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.scroll import Scroll

NOW, LET = "Ctrl+R", "Ctrl+Shift+Y"
YES, NO = "yes", "no"
WIDTH = 760
DID = ("رویداد فرستاده شد", "ردیف دریافت شد", "خواستهٔ مرکز انجام شد")
HOW = (
    "کار میز به مرکز بسته نیست: هر چه ثبت می‌شود همین‌جا می‌ماند و هر گاه خطی باشد فرستاده می‌شود. "
    "هیچ رویدادی تا مرکز رسیدنش را نگوید از صف بیرون نمی‌رود."
)


class StatePart(QWidget):
    """`shown` carries the state that was read last."""

    said = Signal(object)
    shown = Signal(object)

    def __init__(self, session: Session, watch: SyncWatch) -> None:
        super().__init__()
        self._session, self._watch = session, watch
        self.facts, self.panel = Facts(), Panel()
        self.now = Button("همگام‌سازی اکنون", NOW, "primary", "refresh")
        self.let = Button("برداشتن این ردیف‌ها را بپذیر…", icon="alert-triangle")
        self._notices = QVBoxLayout()
        self._state = card("همگام‌سازی با مرکز", Label(HOW, "muted", wrap=True), self.facts, row(self.now, None))
        self.enrol = EnrolCard(session)
        inside = QWidget()
        inside.setLayout(column(self._notices, row(self.let, None), self.panel, self._state, self.enrol, None, gap=12))
        inside.setMaximumWidth(WIDTH * 2)
        whole = column(Scroll(inside), gap=0)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.now)
        self.now.clicked.connect(watch.ask)
        self.let.clicked.connect(self._ask_removal)
        self.panel.chosen.connect(self._answered)
        self.enrol.enrolled.connect(self._enrolled)
        watch.changed.connect(self.reload)
        watch.ended.connect(self._ended)
        watch.failed.connect(self._failed)

    def reload(self) -> None:
        """Read the state anew."""
        state = self._watch.state()
        now = self._session.library.clock.read().at
        self.facts.show_facts(words.facts(state, now))
        self._state.setVisible(state.enrolled)
        self.enrol.setVisible(not state.enrolled)
        self.now.setEnabled(not self._watch.busy)
        self.let.setVisible(bool(state.guarded) and not self.panel.is_open())
        self._show_notices(state)
        self.shown.emit(state)

    def on_escape(self) -> bool:
        """Close the question."""
        if self.panel.is_open():
            self.panel.close_question()
            self.reload()
            return True
        return False

    def _show_notices(self, state: SyncState) -> None:
        emptied(self._notices)
        now = self._session.library.clock.read().at
        if self._watch.busy:
            self._notices.addWidget(Notice("در حال همگام‌سازی…", ("کار میز در این میان ادامه دارد.",), Tone.INFO))
        elif trouble := words.trouble_of(state, now):
            self._notices.addWidget(trouble_notice(*trouble))
        if (lines := words.guarded_words(state)) and not self.panel.is_open():
            self._notices.addWidget(Notice("این ردیف‌ها برداشته می‌شد", lines, Tone.WARN))
        if sign_in := words.sign_in_words(self._session.library, state):
            self._notices.addWidget(Notice(sign_in, (), Tone.WARN))

    @Slot()
    def _ask_removal(self) -> None:
        lines = words.guarded_words(self._watch.state())
        self.panel.ask(
            Tone.WARN,
            "ردیف‌های بسیاری برداشته شود؟",
            (Reason("، ".join(lines), "", "نخست از شهرستان بپرسید که آیا آن را خواسته‌اند."),),
            (Choice(YES, "بپذیر", LET), Choice(NO, "نه، همان‌طور بماند", "Esc", "primary")),
        )
        self.reload()

    @Slot(str)
    def _answered(self, code: str) -> None:
        self.panel.close_question()
        if code == YES:
            feeds = sorted({one.feed for one in self._watch.state().guarded})
            outcome = confirm_removal(self._session.library, feeds, self._session.act())
            if isinstance(outcome, Refused):
                first = outcome.refusals[0]
                self.said.emit(Said(Tone.REFUSE, why(first), (way_out(first),), Sound.REFUSED))
            else:
                self._watch.ask()
        self.reload()

    @Slot(object)
    def _ended(self, outcome: SyncOutcome) -> None:
        """What a round did, where it did something; troubles stand in the notice above."""
        if outcome.state is RoundState.DONE and self.isVisible():
            counts = (outcome.sent, outcome.received, outcome.directives)
            parts = [f"{number(count)} {what}" for count, what in zip(counts, DID, strict=True) if count]
            detail = "، ".join(parts) or "چیز تازه‌ای در کار نبود."
            self.said.emit(Said(Tone.OK, "همگام شد", (detail,), Sound.CHECKED_IN))

    @Slot(object)
    def _failed(self, trouble: Trouble) -> None:
        _, message = told(trouble)
        self.said.emit(Said(Tone.REFUSE, message.what, (message.lost, message.do), Sound.REFUSED))

    @Slot(str)
    def _enrolled(self, fingerprint: str) -> None:
        self.said.emit(
            Said(Tone.OK, "این کتابخانه به مرکز پیوست", (f"اثر انگشت مرکز: {fingerprint}",), Sound.CHECKED_IN)
        )
        self._watch.ask()
        self.reload()
