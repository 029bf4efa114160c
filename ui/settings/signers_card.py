"""Whose signed answers to minutes are believed, and for which levels: a public key of each office (002 م7-5 … م7-8)."""

from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import QCoreApplication, QEvent, Slot
from PySide6.QtWidgets import QWidget

from app.labels import RULING_LEVEL
from app.outcome import Refused
from app.weeding.minutes.ruling_file import KeyTrusted, TrustedKey, trust_key, trusted_keys
from app.wording import way_out, why
from db.codes import RulingLevel
from ui.session import Session
from ui.settings.lines import card
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import text_of
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import Flow, column
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.row_list import RowList
from ui.widgets.scroll import bring_into_sight
from ui.widgets.table import Column, RowTable

ADD, SAVE, REMOVE, YES, CLOSE = "Ctrl+G", "Ctrl+Shift+G", "Ctrl+Delete", "Ctrl+Shift+Y", "Esc"
ABOUT = "پاسخی که در فایل امضاشده می‌رسد، تنها با کلید یکی از این امضاکنندگان و در سطح خودش پذیرفته می‌شود."
KEY_HELP = "۶۴ نویسه از نامهٔ اداره؛ فاصلهٔ میان نویسه‌ها اهمیتی ندارد."
NO_LEVEL = "دست‌کم یک سطح را برگزینید."
STAYS = "پاسخ‌هایی که پیش‌تر پذیرفته شده است با فایلشان می‌ماند؛ فایل تازه‌ای با این کلید پذیرفته نمی‌شود."
_FIELD_OF = {"ruling.key_unknown": "key", "field.required": "name"}
_SHOWN, _LIST = 8, 190


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that is believed."""

    key: str
    trusted: TrustedKey

    @property
    def levels(self) -> str:
        """The levels it may answer for, the lowest first."""
        return "، ".join(words for level, words in RULING_LEVEL.items() if level in self.trusted.levels)


def grouped(key: str) -> str:
    """A key as letters print it, eight signs together."""
    return " ".join(key[start : start + _SHOWN] for start in range(0, len(key), _SHOWN))


def fields() -> tuple[Field, ...]:
    """What a letter of an office says of its key."""
    return (
        Field("name", "نام امضاکننده", required=True, longest=120, wide=True),
        Field("key", "کلید عمومی", Kind.LATIN, required=True, longest=200, help=KEY_HELP, wide=True),
        *(Field(level.value, words, Kind.TICK) for level, words in RULING_LEVEL.items()),
    )


def signers_table() -> RowTable[Signer]:
    """Who, for which levels, and how the key begins."""
    return RowTable(
        (
            Column("امضاکننده", lambda one: one.trusted.name, sub=lambda one: one.levels, stretch=1, strong=True),
            Column("آغاز کلید", lambda signer: ltr(f"{signer.key[:_SHOWN]}…"), width=120, spare=1),
        ),
        key=lambda signer: signer.key,
        also=lambda signer: signer.key,
    )  # fmt: skip


class SignersCard(QWidget):
    """The signers, or while one is added the form in their place; a question before one is taken away."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._asked: Signer | None = None
        self.banner, self.panel = Banner(), Panel()
        self.banner.hide()
        self.list = RowList(signers_table(), tools=False)
        self.list.setFixedHeight(look().px(_LIST))
        self.list.set_empty("کلیدی ثبت نشده است", "کلید را با نام و سطح از نامهٔ اداره بنویسید.", "file-text")
        self.form = Form(fields(), lambda: session.act().day)
        self.add, self.remove = Button("افزودن کلید", ADD, icon="user-plus"), Button("برداشتن", REMOVE)
        self.save, self.close_form = Button("ثبت", SAVE, "primary", "check"), Button("رها کردن", CLOSE)
        about = Label(ABOUT, "small", wrap=True)
        self.shown = card("امضاکنندگان پاسخ‌ها", about, self.list, Flow(self.add, self.remove))
        deeds = Flow(self.save, self.close_form)
        self.changing = Card(column(Label("کلید تازهٔ امضا", "heading"), self.form, deeds, gap=12))
        self.changing.hide()
        self.setLayout(column(self.banner, self.panel, self.shown, self.changing, gap=10))
        self.add.clicked.connect(self.begin)
        self.remove.clicked.connect(self.ask)
        self.save.clicked.connect(self.save_form)
        self.close_form.clicked.connect(self.end)
        self.panel.chosen.connect(self._chosen)

    def show_signers(self) -> None:
        """Read them anew."""
        with self._session.library.store.read() as reader:
            trusted = trusted_keys(reader)
        self.list.set_rows([Signer(key, one) for key, one in trusted.items()])
        self.remove.setEnabled(bool(trusted))
        if trusted and not self.list.view.chosen():
            self.list.view.choose_place(0)

    def is_open(self) -> bool:
        """Whether the form is up, or a question stands."""
        return not self.changing.isHidden() or self.panel.is_open()

    @Slot()
    def begin(self) -> None:
        """Bring the form up, empty."""
        self._withdraw()
        self.banner.hide()
        self.form.set_values({})
        self._show(changing=True)
        self.form.input("name").setFocus()
        _to_sight(self.changing)

    @Slot()
    def end(self) -> None:
        """Back to the signers; what was not saved is gone."""
        self._withdraw()
        self._show(changing=False)
        self.add.setFocus()

    @Slot()
    def save_form(self) -> None:
        """Believe the key from now on, or show everything that speaks against it."""
        values = self.form.values()
        levels = frozenset(level for level in RulingLevel if values[level.value])
        right = self.form.check()
        if not levels:
            self.form.show_mistake(RulingLevel.COUNTY.value, NO_LEVEL)
        if not right or not levels:
            self._session.sounds.play(Sound.REFUSED)
            return
        key, name = text_of(values, "key") or "", text_of(values, "name") or ""
        self._settle(trust_key(self._session.library, key, name, levels, self._session.act()))

    @Slot()
    def ask(self) -> None:
        """Is the chosen key no longer to be believed? Enter does not answer."""
        for signer in self.list.view.chosen()[:1]:
            self._asked = signer
            self.banner.hide()
            choices = (Choice("yes", "برداشته شود", YES, "danger"), Choice("close", "بماند", CLOSE))
            title = f"کلید «{isolate(signer.trusted.name)}» برداشته شود؟"
            self.panel.ask(Tone.WARN, title, (Reason(signer.levels, ltr(grouped(signer.key))), Reason(STAYS)), choices)
            _to_sight(self.panel)

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        asked = self._asked
        self._withdraw()
        if choice == "yes" and asked is not None:
            library, name = self._session.library, asked.trusted.name
            self._settle(trust_key(library, asked.key, name, frozenset(), self._session.act()))
        self.list.view.setFocus()

    def _settle(self, outcome: KeyTrusted | Refused) -> None:
        match outcome:
            case KeyTrusted():
                self.end()
                self.show_signers()
                title = "برداشته شد" if outcome.removed else "از این پس پذیرفته می‌شود"
                self._say(Tone.OK, f"کلید «{isolate(outcome.name)}» {title}", "")
            case Refused():
                for refusal in outcome.refusals:
                    if self.changing.isVisible() and refusal.code in _FIELD_OF:
                        self.form.show_mistake(_FIELD_OF[refusal.code], why(refusal))
                first = outcome.refusals[0]
                self._say(Tone.REFUSE, why(first), way_out(first))
            case _:
                assert_never(outcome)

    def _say(self, tone: Tone, title: str, detail: str) -> None:
        self.banner.show_outcome(tone, title, *((detail,) if detail else ()))
        self.banner.show()
        _to_sight(self.banner)
        self._session.sounds.play(Sound.REFUSED if tone is Tone.REFUSE else Sound.CHECKED_IN)

    def _withdraw(self) -> None:
        self._asked = None
        self.panel.close_question()

    def _show(self, *, changing: bool) -> None:
        self.shown.setVisible(not changing)
        self.changing.setVisible(changing)


def _to_sight(widget: QWidget) -> None:
    # The keys of this card are pressed anywhere on the page; what they bring must have its place first.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    bring_into_sight(widget)
