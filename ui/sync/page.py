"""The page of synchronisation: how it stands, what waits for a decision, and packages on a stick."""

from PySide6.QtCore import Slot

from app.sync.queries import SyncState
from ui.keys import KeyHelp
from ui.page import Action
from ui.parts_page import KEYS, PartsPage
from ui.session import Session
from ui.sync.cases_part import CasesPart, counted_words
from ui.sync.package_part import EXPORT, IMPORT, PackagePart
from ui.sync.state_part import NOW, StatePart
from ui.sync.status import silence_words, tile_words
from ui.sync.watch import SyncWatch
from ui.theme import Tone

STALE_AFTER = frozenset({"sync", "rules"})
STATE, CASES, PACKAGE = 0, 1, 2


class SyncPage(PartsPage):
    """Three parts; nothing here is needed for lending."""

    def __init__(self, session: Session, watch: SyncWatch) -> None:
        self.state, self.cases = StatePart(session, watch), CasesPart(session)
        self.package = PackagePart(session, watch)
        parts = (("وضعیت", self.state), ("موردهای تصمیم", self.cases), ("بستهٔ حافظه", self.package))
        super().__init__(session, parts, STALE_AFTER)
        for part in self.parts():
            part.said.connect(self.say)
        self.state.shown.connect(self._show_state)
        self.cases.counted.connect(self._show_cases)
        watch.ended.connect(self._ended)
        self.watch = watch
        self.show_part(STATE)

    def parts(self) -> tuple[StatePart, CasesPart, PackagePart]:
        return self.state, self.cases, self.package

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Ctrl+1 … 3", "وضعیت، موردهای تصمیم، بستهٔ حافظه"),
            KeyHelp(NOW, "همگام‌سازی اکنون"),
            KeyHelp("Ctrl+Shift+1 … 3", "تصمیم‌های مورد برگزیده"),
            KeyHelp(EXPORT, "نوشتن بسته روی حافظه"),
            KeyHelp(IMPORT, "آوردن رسید یا بستهٔ مرکز"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("همگام‌سازی اکنون", self.watch.ask, NOW),
            Action("همگام‌سازی: موردهای تصمیم", lambda: self.show_part(CASES), KEYS[CASES]),
            Action("همگام‌سازی: بستهٔ حافظه", lambda: self.show_part(PACKAGE), KEYS[PACKAGE]),
        )

    @Slot(object)
    def _show_state(self, state: SyncState) -> None:
        now = self._session.library.clock.read().at
        waits, silent = tile_words(state, now), silence_words(state, now)
        self.tiles[STATE].show_number(*waits)
        self.tiles[PACKAGE].show_number(*silent)

    @Slot(object)
    def _ended(self, _: object) -> None:
        self.cases.reload()

    @Slot(int)
    def _show_cases(self, cases: int) -> None:
        self.tiles[CASES].show_number(*counted_words(cases), Tone.WARN if cases else None)
