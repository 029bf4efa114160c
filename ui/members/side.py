"""What stands beside the list in place of the card of the member: one thing at a time, Esc brings the card back."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.refusal import Refusal
from app.wording import way_out, why
from ui.keys import ESCAPE
from ui.members.cards import BIND
from ui.members.details import EDIT, RENEW, TO_DESK, WIDTH, Chosen
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, emptied, row
from ui.widgets.notice import Notice

NOTES, BANS, CONTACTS, HISTORY, PHOTO, PRINT = "Ctrl+T", "Ctrl+M", "Ctrl+U", "Ctrl+H", "Ctrl+I", "Ctrl+P"
WEB_CODE = "Ctrl+G"
WAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "desk": ("برو به میز امانت", TO_DESK),
        "edit": ("ویرایش", EDIT),
        "renew": ("تمدید عضویت", RENEW),
        "cards": ("کارت‌ها", BIND),
        "notes": ("یادداشت‌ها", NOTES),
        "print": ("چاپ کارت", PRINT),
        "bans": ("محرومیت و رویدادها", BANS),
        "contacts": ("راه‌های تماس", CONTACTS),
        "photo": ("عکس", PHOTO),
        "history": ("تاریخچهٔ امانت", HISTORY),
        "web_code": ("کد ورود", WEB_CODE),
    }
)
"""What can be done with the chosen member, with its key, which holds while the card of the member is in sight; in an
order in which the buttons fill their lines on a small screen."""


class Side(Card):
    """Shows something of one member. `said` carries a `Said`, `asked` a `Question`; `changed` that rows have changed;
    `put_away` that the person goes back."""

    said = Signal(object)
    asked = Signal(object)
    changed = Signal()
    put_away = Signal()

    def __init__(
        self, session: Session, what: str, body: Sequence[QWidget | QLayout], buttons: Sequence[Button]
    ) -> None:
        self._session, self._what = session, what
        self._chosen: Chosen | None = None
        self._title, self._notice = Label("", "heading", wrap=True), QVBoxLayout()
        self.back = Button("بازگشت", ESCAPE)
        self._body = column(
            self._title, self._notice, *body, *(row(button, None) for button in buttons), row(None, self.back), gap=10
        )
        super().__init__(self._body)
        self.setFixedWidth(look().px(WIDTH))
        self.back.clicked.connect(self.put_away)

    def member(self) -> Chosen | None:
        """Whom it shows; nobody while it is away."""
        return self._chosen

    def show_member(self, chosen: Chosen) -> None:
        """Show this of a member."""
        self._chosen = chosen
        self._title.say(f"{self._what} {isolate(chosen.name)}")
        self.tell()
        self.read_again()

    def clear(self) -> None:
        """Nobody is shown."""
        self._chosen = None

    def read_again(self) -> None:
        """Read anew what is shown."""

    def tell(self, *notices: Notice) -> None:
        """Say this under the title, in place of what was said before."""
        emptied(self._notice)
        for notice in notices:
            self._notice.addWidget(notice)

    def refuse(self, title: str, refusals: Sequence[Refusal]) -> None:
        """Something was not done."""
        detail = tuple(f"{why(refusal)} {way_out(refusal)}" for refusal in refusals)
        self.said.emit(Said(Tone.REFUSE, title, detail, Sound.REFUSED))


class MenuSide(Side):
    """Everything that can be done with a member, each with its key. `wanted` carries a name of `WAYS`."""

    wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        self.buttons = {name: Button(words, key) for name, (words, key) in WAYS.items()}
        super().__init__(session, "کارهای", (Flow(*self.buttons.values()),), ())
        self._body.insertStretch(self._body.count() - 1, 1)
        for name, button in self.buttons.items():
            button.clicked.connect(self._wanting(name))

    def show_member(self, chosen: Chosen) -> None:
        super().show_member(chosen)
        self.buttons["desk"].setFocus()

    def _wanting(self, name: str) -> Callable[[], None]:
        return lambda: self.wanted.emit(name)
