"""Is a certificate genuine? Its bars or its square are scanned, and the answer is large enough to be read from afar."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.clearance.verify import Verdict, verify
from ui.clearance.words import VERDICT, verdict_lines
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.widgets import paint
from ui.widgets.banner import Banner
from ui.widgets.cards import Card
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row

LONGEST = 600
_WIDTH = 720
_SOUNDS = {Verdict.VALID: Sound.CHECKED_IN, Verdict.ALTERED: Sound.REFUSED, Verdict.UNKNOWN: Sound.REFUSED}


class Checking(QWidget):
    """Two lines to write or scan into, and the verdict."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.code, self.member = QLineEdit(), QLineEdit()
        for edit, name, longest in (
            (self.code, "بارکد یا مربع برگه", LONGEST),
            (self.member, "شمارهٔ عضویت روی برگه (اگر بخواهید)", 64),
        ):
            edit.setMaxLength(longest)
            edit.setAccessibleName(name)
            edit.setAlignment(paint.START)
            edit.installEventFilter(self)
            edit.returnPressed.connect(self.check)
        self.verdict, self.lines = Banner(), Label("", wrap=True)
        self._forget()
        card = Card(
            column(
                Label("بررسی برگهٔ تسویه‌حساب", "heading"),
                Label(
                    "بارکد یا مربع پایین برگه را اسکن کنید. برگهٔ کتابخانه‌های دیگر هم، بی‌نیاز به شبکه، بررسی می‌شود.",
                    "muted",
                    wrap=True,
                ),
                4,
                Label("بارکد یا مربع برگه", "muted"),
                self.code,
                Label("شمارهٔ عضویت روی برگه (اگر بخواهید)", "muted"),
                self.member,
                gap=6,
            ),
            padding=20,
        )
        body = QWidget()
        body.setLayout(column(card, self.verdict, self.lines, None, gap=14))
        body.setMaximumWidth(look().px(_WIDTH))
        beside = row(None, body, None, gap=0)
        beside.setStretch(1, 4)
        self.setLayout(column(beside, gap=0))
        self.setFocusProxy(self.code)

    def take(self, text: str) -> None:
        """A scanned code."""
        self.code.setText(text)
        self.check()

    @Slot()
    def check(self) -> None:
        """Enter: judge what stands in the line. Nothing is changed, so Enter may."""
        text = self.code.text()
        if not text.strip():
            return
        found = verify(self._session.library, text, self.member.text().strip() or None)
        tone, title, _ = VERDICT[found.verdict]
        self.verdict.show_outcome(tone, title)
        self.lines.say("\n".join(verdict_lines(found)))
        for shown in (self.verdict, self.lines):
            shown.show()
        self._session.sounds.play(_SOUNDS.get(found.verdict, Sound.ATTENTION))
        self.code.selectAll()
        self.code.setFocus()

    def on_escape(self) -> bool:
        """Empty the lines; False where they were."""
        if not self.code.text() and not self.member.text():
            return False
        self.code.clear()
        self.member.clear()
        self._forget()
        self.code.setFocus()
        return True

    def _forget(self) -> None:
        for shown in (self.verdict, self.lines):
            shown.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Enter in the upper line must not go on to a button.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Enter:
            self.check()
            return True
        return super().eventFilter(watched, event)
