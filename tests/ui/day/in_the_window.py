"""The day through the window: scans from the scanner, keys, and what is written into the fields of the pages."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from app.clock import SettableClock
from tests.ui.day import steps as do
from tests.ui.day.hands import Hands, fill, said
from tests.ui.day.morning import A_STEP, MORNING, title_of
from tests.ui.day.on_the_desk_page import OVERRIDE, YES, OnTheDeskPage
from tests.ui.day.steps import Step
from ui.app import DeskApp
from ui.widgets.form_inputs import Value

METHODS = {"cash": "Alt+1", "card_terminal": "Alt+2", "wallet": "Alt+3"}
LOSSES: dict[type, str] = {do.Lose: "Ctrl+G", do.Find: "Ctrl+F", do.Claim: "Ctrl+J"}


class InTheWindow:
    """Plays steps. `settle` lets the window finish what it does beside the desk."""

    def __init__(self, app: DeskApp, settle: Callable[[], None]) -> None:
        self._app, self._settle = app, settle
        self._hands = Hands(app)
        self._desk = OnTheDeskPage(self._hands)
        self._now = MORNING
        clock = app.session.library.clock
        assert isinstance(clock, SettableClock)
        self._clock = clock

    def play(self, steps: Sequence[Step]) -> None:
        """The steps in their order, a minute apart."""
        for step in steps:
            self._now += A_STEP
            self._clock.set(self._now)
            self._do(step)
            assert self._app.window.troubles.isHidden()

    def _do(self, step: Step) -> None:
        match step:
            case do.Lend() | do.LendInCare() | do.LendNew() | do.TakeBackInstead():
                self._desk.lend(step)
            case do.TakeBack() | do.BookDrop() | do.Undo():
                self._desk.take_back(step)
            case do.Renew() | do.RenewAll():
                self._desk.renew(step)
            case do.PlaceHold() | do.CancelHold() | do.SetAside():
                self._waiting(step)
            case do.OpenDrawer() | do.Pay() | do.Waive() | do.Charge() | do.DeclareAmnesty():
                self._money(step)
            case do.Lose() | do.Find() | do.Claim():
                self._loss(step)
            case do.Enrol() | do.LeaveNote():
                self._people(step)
            case do.Close():
                self._close(step)
            case do.NextMorning():
                self._next_morning()

    def _waiting(self, step: do.PlaceHold | do.CancelHold | do.SetAside) -> None:
        page = self._hands.page("holds")
        match step:
            case do.SetAside(barcode):
                self._hands.scan(barcode)
            case do.CancelHold(card, barcode):
                self._hands.scan(card)
                self._cancel_hold(page, barcode)
            case do.PlaceHold():
                self._hands.press("Ctrl+N")
                self._hands.scan(step.card)
                self._hands.scan(step.barcode)
                page.placing.only_copy.setChecked(step.only_copy)
                self._hands.press("Ctrl+Return")
                if page.placing.is_asking() and step.reason and page.placing._entry is not None:
                    page.placing._entry.edit.setText(step.reason)
                    self._hands.press(OVERRIDE)
                self._hands.escape(page.placing.isVisible)

    def _cancel_hold(self, page: Any, barcode: str) -> None:
        if self._hands.walk_to(page.queues.of_reader, lambda hold: hold.title == title_of(barcode)):
            self._hands.press("Ctrl+Delete")
            self._hands.press(YES)

    def _money(self, step: do.OpenDrawer | do.Pay | do.Waive | do.Charge | do.DeclareAmnesty) -> None:
        page = self._hands.page("money")
        match step:
            case do.OpenDrawer(amount):
                self._hands.press("Ctrl+2")
                self._ask(page.drawer.asking, "Ctrl+D", amount=amount)
            case do.Pay(card, amount, method, reference):
                self._hands.scan(card)
                self._ask(page.account.asking, "Ctrl+D", METHODS[method], **said(amount=amount, reference=reference))
            case do.Waive(card, reason, amount):
                self._hands.scan(card)
                self._ask(page.account.asking, "Ctrl+B", **said(amount=amount, reason=reason))
            case do.Charge(card, amount, reason):
                self._hands.scan(card)
                self._ask(page.account.asking, "Ctrl+N", amount=amount, reason=reason)
            case do.DeclareAmnesty(name, until, percent):
                self._hands.press("Ctrl+3")
                self._ask(page.amnesty.asking, "Ctrl+N", name=name, until=until, percent=percent)

    def _ask(self, asking: Any, key: str, choice: str = "", **values: Value) -> None:
        """Begin with a key, fill the fields, say yes; what is refused is given up. Of somebody who owes nothing the
        page takes no money."""
        self._hands.press(key)
        if not asking.is_open():
            return
        if choice:
            self._hands.press(choice)
        fill(asking.form, **values)
        self._hands.press("Ctrl+Return")
        self._hands.escape(asking.is_open)

    def _close(self, step: do.Close) -> None:
        page = self._hands.page("calendar")
        self._hands.press("Ctrl+Shift+E" if step.emergency else "Ctrl+T")
        fill(page.board.closing.form, first=step.first, last=step.last, name=step.name)
        self._hands.press("Ctrl+S")
        if step.emergency:
            assert page.board.closing.panel.is_open()
            self._hands.press("Ctrl+Return")
        assert not page.board.closing.isVisible()

    def _loss(self, step: do.Lose | do.Find | do.Claim) -> None:
        page = self._hands.page("lost")
        self._hands.scan(step.barcode)
        self._hands.press(LOSSES[type(step)])
        if isinstance(step, do.Lose) and page.acting.form is not None:
            fill(page.acting.form, **said(reason=step.reason))
        for _ in range(2):  # the second yes is for what it asks back
            if page.acting.is_asking():
                self._hands.press(YES)
        self._hands.escape(page.acting.is_asking)

    def _people(self, step: do.Enrol | do.LeaveNote) -> None:
        page = self._hands.page("members")
        match step:
            case do.Enrol(given, family, card):
                self._hands.press("Ctrl+N")
                fill(page.form.form, given_name=given, family_name=family, category="ordinary")
                self._hands.scan(card)
                self._hands.press("Ctrl+S")
                assert page.form.isHidden()
            case do.LeaveNote(card, text, asks):
                self._hands.scan(card)
                self._hands.press("Ctrl+T")
                self._hands.press("Ctrl+T")
                fill(page.asking.form, text=text, weight="confirm" if asks else "message")
                self._hands.press("Ctrl+Return")
                assert not page.asking.is_open()
                self._hands.press("Esc")

    def _next_morning(self) -> None:
        self._now += dt.timedelta(days=1)
        self._clock.set(self._now)
        self._app._tick()
        self._settle()
