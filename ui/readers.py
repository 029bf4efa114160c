"""The readers that the preferences name: opened and closed as they change, their states told on the status line."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Slot

from app.devices.serial_reader import ReaderState
from app.devices.wedge import Prefix
from ui.preferences import Preferences
from ui.scanner import PCSC, Scanner
from ui.theme import Tone
from ui.widgets.labels import ltr

SCANNER, CARD, CONTACTLESS = "scanner", "card", "contactless"
"""The names of their places on the status line."""
Said = tuple[str, Tone]
NOTHING: Said = ("", Tone.NEUTRAL)
WORDS: Mapping[str, Mapping[ReaderState, Said]] = MappingProxyType(
    {
        SCANNER: {
            ReaderState.CONNECTED: ("اسکنر متصل", Tone.OK),
            ReaderState.LOST: ("اسکنر قطع است؛ صفحه‌کلید کار می‌کند", Tone.WARN),
            ReaderState.CLOSED: ("اسکنر صفحه‌کلیدی آماده", Tone.OK),
        },
        CARD: {
            ReaderState.CONNECTED: ("کارت‌خوان آماده", Tone.OK),
            ReaderState.LOST: ("کارت‌خوان قطع است", Tone.WARN),
            ReaderState.CLOSED: NOTHING,
        },
        CONTACTLESS: {
            ReaderState.CONNECTED: ("کارت‌خوان بدون‌تماس آماده", Tone.OK),
            ReaderState.LOST: ("کارت‌خوان بدون‌تماس قطع است", Tone.WARN),
            ReaderState.CLOSED: NOTHING,
        },
    }
)


class Readers(QObject):
    """`show` puts words in the tone of a state at the named place of the status line."""

    def __init__(self, scanner: Scanner, show: Callable[[str, str, Tone], None]) -> None:
        super().__init__(scanner)
        self._scanner, self._show = scanner, show
        self._ports = dict.fromkeys(WORDS, "")
        self._states = dict.fromkeys(WORDS, ReaderState.CLOSED)
        self._open: Mapping[str, Callable[[str], None]] = {
            SCANNER: scanner.open_port,
            CARD: scanner.open_card_port,
            CONTACTLESS: lambda _: scanner.open_pcsc(),
        }
        scanner.state_changed.connect(self._told)

    def apply(self, preferences: Preferences) -> None:
        """Open what is wanted now and close what no longer is; a reader that stays is left in peace."""
        self._scanner.use_prefix(Prefix(preferences.scanner_prefix))
        wanted = {
            SCANNER: preferences.scanner_port,
            CARD: preferences.card_port,
            CONTACTLESS: PCSC if preferences.card_pcsc else "",
        }
        changed = [name for name in wanted if wanted[name] != self._ports[name]]
        for name in changed:  # all of them first: a port may go from one reader to the other
            self._scanner.close_port(self._ports[name])
            self._states[name] = ReaderState.CLOSED
        self._ports = wanted
        for name in changed:
            if wanted[name]:
                self._open[name](wanted[name])
        self.show_states()

    def show_states(self) -> None:
        """Tell every state again, as a new window needs it."""
        for name, state in self._states.items():
            words, tone = WORDS[name][state]
            where = f" ({ltr(self._ports[name])})" if name == SCANNER and state is ReaderState.CONNECTED else ""
            self._show(name, f"{words}{where}", tone)

    @Slot(str, str)
    def _told(self, port: str, state: str) -> None:
        """A reader has changed its state. What a closed one said last comes late, and is known already."""
        for name, open_port in self._ports.items():
            if open_port == port and state != ReaderState.CLOSED:
                self._states[name] = ReaderState(state)
        self.show_states()
