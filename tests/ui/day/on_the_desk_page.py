"""The desk page as a librarian works at it: card, label, and the keys that answer its questions."""

from typing import Any

from tests.ui.day import steps as do
from tests.ui.day.hands import Hands, fill
from tests.ui.day.steps import USUAL_REASONS
from ui.circulation.entries import DayEntry, ReasonEntry
from ui.widgets.form import Form

WAYS = {"onsite": "Alt+2", "overnight": "Alt+3"}
YES, OVERRIDE, TAKE_BACK, REMEMBER = "Ctrl+Shift+Y", "Ctrl+Shift+A", "Ctrl+Shift+R", "Ctrl+Shift+M"


class OnTheDeskPage:
    """Lends, takes back, renews."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def lend(self, step: do.Lend | do.LendInCare | do.LendNew | do.TakeBackInstead) -> None:
        desk = self._hands.page("desk")
        self._hands.scan(step.card)
        match step:
            case do.Lend():
                if self._as_wished(desk, step):
                    self._hands.scan(step.barcode)
                    self._answer(desk, step)
                if step.due or step.way in WAYS:
                    self._hands.free_desk()
            case do.LendInCare():
                self._hands.press("Ctrl+H")
                self._hands.press("Ctrl+1")
                self._hands.scan(step.barcode)
                self._hands.free_desk()
            case do.LendNew():
                self._hands.scan(step.barcode)
                self._hands.press("Ctrl+Shift+N")
                fill(desk.panel.findChild(Form), title=step.title)
                self._hands.press(YES)
            case do.TakeBackInstead():
                self._hands.scan(step.barcode)
                if desk.is_asking():
                    self._hands.press(TAKE_BACK)
        self._hands.escape(desk.is_asking)

    def _as_wished(self, desk: Any, step: do.Lend) -> bool:
        """Set way and date; False where the date is none the desk takes."""
        if step.way in WAYS:
            self._hands.press(WAYS[step.way])
        if step.due is not None:
            self._hands.press("Ctrl+T")
            desk.panel.findChild(DayEntry).edit.set_day(step.due)
            self._hands.press(YES)
        return not desk.is_asking()

    def _answer(self, desk: Any, step: do.Lend | do.Renew) -> None:
        """Yes to a question, a reason against a rule; where neither is offered the key does nothing."""
        if not desk.is_asking():
            return
        if isinstance(step, do.Lend) and step.yes:
            self._hands.press(YES)
        if step.reason:
            self._hands.press(OVERRIDE)
            entry = desk.panel.findChild(ReasonEntry)
            if entry is not None and desk.is_asking():
                self._say_why(entry, step)
        self._hands.escape(desk.is_asking)

    def _say_why(self, entry: ReasonEntry, step: do.Lend | do.Renew) -> None:
        if isinstance(step, do.Lend) and step.remember:
            self._hands.press(REMEMBER)
        if step.reason in USUAL_REASONS:
            self._hands.press(f"Ctrl+{USUAL_REASONS.index(step.reason) + 1}")
        else:
            entry.edit.setText(step.reason)
            self._hands.press(YES)

    def take_back(self, step: do.TakeBack | do.BookDrop | do.Undo) -> None:
        desk = self._hands.free_desk()
        match step:
            case do.TakeBack(barcode):
                self._hands.scan(barcode)
            case do.BookDrop(day, barcodes):
                self._hands.press("Ctrl+Shift+B")
                desk.panel.findChild(DayEntry).edit.set_day(day)
                self._hands.press(YES)
                for barcode in barcodes:
                    self._hands.scan(barcode)
                    self._hands.escape(desk.is_asking)
                self._hands.free_desk()
            case do.Undo():
                self._hands.press("Ctrl+Z")
        self._hands.escape(desk.is_asking)

    def renew(self, step: do.Renew | do.RenewAll) -> None:
        desk = self._hands.page("desk")
        self._hands.scan(step.card)
        if isinstance(step, do.RenewAll):
            self._hands.press("Ctrl+F10" if step.unseen else "F10")
        elif self._hands.walk_to(desk.loans, lambda loan: loan.barcode == step.barcode):
            self._hands.press("Alt+R" if step.unseen else "Ctrl+R")
            self._answer(desk, step)
        self._hands.escape(desk.is_asking)
