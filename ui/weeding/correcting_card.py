"""Which correction, and which copies: the four tiles, and the card beside the list."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.labels import ITEM_STATUS
from app.weeding.minutes.corrections import Correction
from app.weeding.minutes.executing import WEEDED_AS
from db.codes import WeedingReason
from ui.session import Session
from ui.weeding.correcting_words import TOLD, CorrectingLine, against, article
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, StatTile
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import number_of
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, column, row

RANGE, FILE, REMOVE, CORRECT = "Ctrl+G", "Ctrl+O", "Delete", "Ctrl+S"
CODES = (("3", "کد ۳ یعنی وجین"), ("33", "کد ۳۳ یعنی وجین"), ("", "بی‌کد؛ همهٔ سطرها"))
_LONGEST = 9  # digits of an accession number that anybody could mean
_TOO_LONG, _BACKWARDS = "این شمارهٔ ثبت نیست.", "از شمارهٔ نخست کوچک‌تر است."


class Kinds(QWidget):
    """The four corrections as tiles. `chosen` carries the one that was clicked or whose key was pressed."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tiles = {
            kind: StatTile(told.name, told.becomes, article(kind), clickable=True, key=f"Ctrl+{place}")
            for place, (kind, told) in enumerate(TOLD.items(), start=1)
        }
        self.sentence = Label("", "muted", wrap=True)
        self.setLayout(column(row(*self._tiles.values(), gap=12), self.sentence, gap=8))
        for kind, tile in self._tiles.items():
            tile.clicked.connect(self._teller(kind))

    def choose(self, kind: Correction) -> None:
        """Frame the tile of the correction, and say when it is the right one."""
        for other, tile in self._tiles.items():
            tile.set_chosen(other is kind)
        self.sentence.say(f"{TOLD[kind].out_of}: {TOLD[kind].sentence}")

    def _teller(self, kind: Correction) -> Callable[[], None]:
        return lambda: self.chosen.emit(kind)


class CopiesCard(Card):
    """Copies by range and by file, what weeded copies count as, and the way to the question. `counted_as` comes when
    copies of another program count for another reason."""

    counted_as = Signal()

    def __init__(self, session: Session) -> None:
        self.range = Form(
            (
                Field("first", "از شمارهٔ ثبت", Kind.NUMBER, required=True, validator=_mistake),
                Field("last", "تا شمارهٔ ثبت", Kind.NUMBER, required=True, validator=_mistake),
            ),
            lambda: session.act().day,
        )
        self.add_range, self.file = Button("افزودن محدوده", RANGE), Button("خواندن فایل…", FILE)
        self.remove = Button("برداشتن از فهرست", REMOVE)
        self.correct = Button("اصلاح وضعیت‌ها", CORRECT, "primary")
        self.reason = Choice(tuple((reason.value, ITEM_STATUS[status]) for reason, status in WEEDED_AS.items()))
        self.code = Choice(CODES)
        self.reason.setAccessibleName("می‌شود")
        self.code.setAccessibleName("کد نمایه در فایل")
        self._worksheet = QWidget()
        self._worksheet.setLayout(
            column(Label("می‌شود", "muted"), self.reason, Label("کد نمایه در فایل", "muted"), self.code, gap=4)
        )
        self.told = Label("", "small", wrap=True)
        self.range.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        super().__init__(
            column(
                Label("کدام نسخه‌ها؟", "heading"),
                Label("برچسب را اسکن کنید، یا محدوده یا فایل بدهید.", "muted", wrap=True),
                self._worksheet,
                self.range,
                Flow(self.add_range, self.file, self.remove),
                4,
                Flow(self.correct),
                self.told,
                None,
                gap=10,
            )
        )
        self.reason.activated.connect(self.counted_as)

    def show_kind(self, kind: Correction) -> None:
        """Only the worksheet of «نمایه» has codes (002 م8-5)."""
        self._worksheet.setVisible(kind is Correction.WEEDED)

    def show_line(self, line: CorrectingLine) -> None:
        """Say in full why the chosen copy is left alone."""
        self.told.say(" ".join(against(line)))

    def weeded_as(self) -> WeedingReason:
        """For which reason copies count that were weeded in another program."""
        return WeedingReason(self.reason.code())

    def worksheet_code(self) -> int | None:
        """The code that means weeded, or None where the file has copies only."""
        return int(self.code.code()) if self.code.code() else None

    def wanted(self) -> tuple[int, int] | None:
        """The accession numbers written, first and last; None where they make no range, and says so below them."""
        if not self.range.check():
            return None
        values = self.range.values()
        first, last = number_of(values, "first") or 0, number_of(values, "last") or 0
        if last < first:
            self.range.show_mistake("last", _BACKWARDS)
            self.range.input("last").setFocus()
            return None
        return first, last


def _mistake(text: str) -> str:
    return _TOO_LONG if len(text) > _LONGEST else ""
