"""How the statuses of copies out of another program are read (002 م8-3 … م8-6): what its words and codes mean here."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.catalogue.importing.findings import Reason
from app.catalogue.importing.statuses import NAMAYEH_CODES, TAKEN, StatusWish, is_marc_field, status_of
from app.catalogue.importing.words import WEEDED_SAID
from app.labels import ITEM_STATUS
from app.persian.digits import number, to_persian
from db.codes import WEEDED, ItemStatus
from ui.style import look
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import text_of
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied

_NOT_SAID = ("", "— گفته نشود —")
_NO_NAMAYEH = ("", "— فایل «نمایه» نیست —")
_REFUSED = "— رد می‌شود —"
_WEEDED = (WEEDED_SAID, "وجین، بی‌علت")


class StatusView(QWidget):
    """Which kind of weeded, which code of «نمایه», and a choice for each word of the file. `changed` asks for another
    look into the file."""

    changed = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._choices: dict[str, Choice] = {}
        self.options = Form(_fields(), today, columns=1)
        self.marc = Form((_marc_field(),), today, columns=1)
        self._words = QWidget()
        self._grid = QGridLayout(self._words)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look().px(10))
        self._grid.setVerticalSpacing(look().px(6))
        self._grid.setColumnStretch(0, 1)
        self.setLayout(column(Label("وضعیت نسخه‌ها", "strong"), self.options, self.marc, self._words, gap=8))
        self.options.changed.connect(self.changed)
        self.marc.input("field").left.connect(self.changed)
        self.clear()

    def clear(self) -> None:
        """Another file: nothing is chosen."""
        self._choices = {}
        for form in (self.options, self.marc):
            form.blockSignals(True)
            form.set_values(dict.fromkeys(form.values(), ""))
            form.blockSignals(False)

    def show_words(self, words: Sequence[str], *, is_marc: bool) -> None:
        """The words and codes of the file, each with what it means here; a choice once made stays."""
        if tuple(self._choices) != tuple(words):
            self._build(words)
        for word, choice in self._choices.items():
            chosen = choice.code()
            choice.blockSignals(True)
            choice.set_options(self._meanings(word))
            choice.choose(chosen)
            choice.blockSignals(False)
        self._words.setVisible(bool(words))
        self.marc.setVisible(is_marc)
        self.setVisible(bool(words) or is_marc)

    def choice(self, word: str) -> Choice:
        """The choice for a word of the file."""
        return self._choices[word]

    def check(self) -> bool:
        """Whether all of it can be meant."""
        return self.marc.check()

    def wish(self) -> StatusWish:
        """What was chosen; a local field that is none is left out, and marked by `check`."""
        values = self.options.values()
        kind, code = text_of(values, "weeded_as"), text_of(values, "weeded_code")
        local = text_of(self.marc.values(), "field") or ""
        return StatusWish(
            weeded_as=ItemStatus(kind) if kind else None,
            weeded_code=int(code) if code else None,
            meanings={word: meaning for word, choice in self._choices.items() if (meaning := choice.code())},
            marc_field=local if is_marc_field(local) else "",
        )

    def _build(self, words: Sequence[str]) -> None:
        emptied(self._grid)
        self._choices = {word: Choice() for word in words}
        for place, (word, choice) in enumerate(self._choices.items()):
            choice.setAccessibleName(f"وضعیت {word}")
            self._grid.addWidget(Label(isolate(to_persian(word))), place, 0)
            self._grid.addWidget(choice, place, 1)
            choice.currentIndexChanged.connect(lambda _: self.changed.emit())

    def _meanings(self, word: str) -> tuple[tuple[str, str], ...]:
        """By itself first: what the word means already, or that it is refused."""
        by_itself = status_of(word, self._without(word))
        said = _REFUSED if isinstance(by_itself, Reason) else f"{ITEM_STATUS[by_itself]} (خودکار)"
        return (("", said), *((status.value, ITEM_STATUS[status]) for status in TAKEN), _WEEDED)

    def _without(self, word: str) -> StatusWish:
        wish = self.wish()
        own = {one: meaning for one, meaning in wish.meanings.items() if one != word}
        return StatusWish(wish.weeded_as, wish.weeded_code, own, wish.marc_field)


def _fields() -> tuple[Field, ...]:
    kinds = (_NOT_SAID, *((kind.value, ITEM_STATUS[kind]) for kind in TAKEN if kind in WEEDED))
    codes = (_NO_NAMAYEH, *((str(code), f"کد {number(code)}") for code in NAMAYEH_CODES))
    return (
        Field(
            "weeded_as", "«وجین» بی‌علت، کدام وجین است؟", Kind.CHOICE, options=kinds, help="وجین را تنها مسئول می‌آورد"
        ),
        Field("weeded_code", "کد وجین در صفحهٔ ۷ «نمایه»", Kind.CHOICE, options=codes),
    )


def _marc_field() -> Field:
    return Field(
        "field", "فیلد محلی وضعیت", Kind.LATIN, help="سه رقم و زیرفیلد، مانند 949s", validator=_local_field, longest=4
    )


def _local_field(text: str) -> str:
    return "" if is_marc_field(text) else "سه رقم فیلد و یک نشانهٔ زیرفیلد بنویسید."
