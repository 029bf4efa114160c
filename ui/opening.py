"""What stands before the desk opens: the passphrase, or why the library cannot be opened."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.messages import message_of
from db.trouble import Trouble
from ui.style import look
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.trouble_box import TroubleBox


class OpeningWindow(QWidget):
    """A small window of its own. `answered` carries the passphrase or recovery number that was typed."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("پیشخان")
        self._secret = QLineEdit()
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret.setAccessibleName("گذرواژه یا شمارهٔ برگهٔ بازیابی")
        self._secret.returnPressed.connect(self._answer)
        self._open = Button("باز کردن کتابخانه", kind="primary")
        self._open.clicked.connect(self._answer)
        self._question = Card(
            column(
                Label("گذرواژهٔ کتابخانه", "title"),
                Label("گذرواژه یا شمارهٔ برگهٔ بازیابی را بنویسید.", "muted", wrap=True),
                self._secret,
                row(self._open, None),
                gap=12,
            ),
            padding=24,
        )
        self._trouble = TroubleBox()
        self.setLayout(column(None, self._question, self._trouble, None, gap=16, margins=(32, 32, 32, 32)))
        self._question.hide()
        self.resize(look().px(620), look().px(380))

    def ask_passphrase(self) -> None:
        """Show the question with the focus in it."""
        self._question.show()
        self._secret.setFocus()

    def show_trouble(self, trouble: Trouble) -> None:
        """Say why the library is not open, in three parts; a wrong passphrase may be typed again."""
        self._trouble.show_trouble(trouble.code, message_of(trouble))
        self._secret.selectAll()

    def _answer(self) -> None:
        if self._secret.text().strip():
            self.answered.emit(self._secret.text())
