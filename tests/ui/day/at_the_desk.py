"""The day through the protocol of `pishkhan desk`: one or two requests a step, as a program at the other end sends
them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from tests.ui.day import steps as do
from tests.ui.day.morning import A_STEP, MORNING
from tests.ui.day.steps import Step

Told = dict[str, Any]


class Asked(Protocol):
    """A desk that answers requests: in this process, or behind pipes."""

    def ask(self, op: str, **fields: Any) -> Told:
        """The answer to one request."""
        ...


class AtTheDesk:
    """Plays steps. `outcomes` counts what became of each kind of step; of a refusal every reason."""

    def __init__(self, desk: Asked) -> None:
        self._desk = desk
        self._now = MORNING
        self.outcomes: Counter[str] = Counter()

    def play(self, steps: Sequence[Step]) -> None:
        """The steps in their order, a minute apart."""
        for step in steps:
            self._now += A_STEP
            self._ask("clock.set", now=self._now.isoformat())
            told = self._do(step)
            kind = type(step).__name__
            self.outcomes[f"{kind}: {told['outcome']}"] += 1
            for refusal in told.get("refusals", ()):
                self.outcomes[f"{kind}: {refusal['code']}"] += 1

    def _ask(self, op: str, **fields: Any) -> Told:
        told = self._desk.ask(op, **fields)
        assert "error" not in told, (op, fields, told)
        return told

    def _do(self, step: Step) -> Told:
        match step:
            case do.Lend() | do.LendInCare() | do.LendNew() | do.TakeBackInstead():
                return self._lending(step)
            case do.TakeBack() | do.BookDrop() | do.Undo() | do.Renew() | do.RenewAll():
                return self._counter(step)
            case do.PlaceHold() | do.CancelHold() | do.SetAside():
                return self._waiting(step)
            case do.OpenDrawer() | do.Pay() | do.Waive() | do.Charge() | do.DeclareAmnesty():
                return self._money(step)
            case do.Lose() | do.Find() | do.Claim():
                return self._losses(step)
            case _:
                return self._of_the_house(step)

    def _lending(self, step: do.Lend | do.LendInCare | do.LendNew | do.TakeBackInstead) -> Told:
        match step:
            case do.Lend():
                said = {"due": step.due.isoformat()} if step.due else {}
                way = {"overnight": True} if step.way == "overnight" else {"channel": step.way}
                loan = {"member": step.card, "item": step.barcode, **said, **way}
                return self._answered("checkout", step.reason, yes=step.yes, remember=step.remember, **loan)
            case do.LendInCare(card, ward, barcode):
                return self._ask("checkout", member=card, item=barcode, **{"for": ward})
            case do.LendNew(card, barcode, title):
                asked = self._ask("checkout", member=card, item=barcode)
                assert asked["outcome"] == "not_found", asked
                return self._ask("checkout", member=card, item=barcode, fast={"title": title, "item_type": "book"})
            case do.TakeBackInstead(card, barcode):
                asked = self._ask("checkout", member=card, item=barcode)
                on_a_card = {"item.on_loan", "item.on_loan_same_member", "item.claimed_returned"}
                if on_a_card & {refusal["code"] for refusal in asked.get("refusals", ())}:
                    return self._ask("checkin", item=barcode)
                return asked

    def _answered(self, op: str, reason: str, *, yes: bool = False, remember: bool = False, **fields: Any) -> Told:
        """Ask; then answer what was asked back, where the plan says so and the person at the desk may."""
        told = self._ask(op, **fields)
        refusals = told.get("refusals", [])
        codes = [refusal["code"] for refusal in refusals]
        questions = [refusal.get("kind") == "confirm" for refusal in refusals]
        kept = {"remember": True} if remember else {}
        if not codes or not (yes or reason):
            return told
        if all(questions):
            return self._ask(op, confirm=codes, **fields) if yes else told
        if reason and all(asks or one["overridable"] for asks, one in zip(questions, refusals, strict=True)):
            return self._ask(op, override=codes, confirm=codes, reason=reason, **kept, **fields)
        return told

    def _counter(self, step: do.TakeBack | do.BookDrop | do.Undo | do.Renew | do.RenewAll) -> Told:
        match step:
            case do.TakeBack(barcode):
                return self._ask("checkin", item=barcode)
            case do.BookDrop(day, barcodes):
                return [self._ask("checkin", item=barcode, at=day.isoformat()) for barcode in barcodes][-1]
            case do.Undo():
                return self._ask("undo")
            case do.Renew(_, barcode, unseen, reason):
                return self._answered("renew", reason, item=barcode, unseen=unseen)
            case do.RenewAll(card, unseen):
                return self._ask("renew", member=card, unseen=unseen)

    def _waiting(self, step: do.PlaceHold | do.CancelHold | do.SetAside) -> Told:
        if isinstance(step, do.SetAside):
            return self._ask("hold.set_aside", item=step.barcode)
        title = {"title": self._ask("item.show", item=step.barcode)["title_id"]}
        if isinstance(step, do.CancelHold):
            return self._ask("hold.cancel", member=step.card, **title)
        what = {"item": step.barcode} if step.only_copy else title
        return self._answered("hold.place", step.reason, member=step.card, **what)

    def _money(self, step: do.OpenDrawer | do.Pay | do.Waive | do.Charge | do.DeclareAmnesty) -> Told:
        match step:
            case do.OpenDrawer(amount):
                return self._ask("cash.open", amount=amount)
            case do.Pay(card, amount, method, reference):
                amount = self._open_debt(card) if amount is None else amount
                return self._ask("pay", member=card, amount=amount, method=method, reference=reference)
            case do.Waive(card, reason, amount):
                amount = self._open_debt(card) if amount is None else amount
                return self._ask("waive", member=card, amount=amount, reason=reason)
            case do.Charge(card, amount, reason):
                return self._ask("charge", member=card, kind="damage", amount=amount, reason=reason)
            case do.DeclareAmnesty(name, until, percent):
                days = {"since": self._now.date().isoformat(), "until": until.isoformat()}
                return self._ask("amnesty.declare", name=name, **days, scope={"percent": percent})

    def _open_debt(self, card: str) -> int:
        debt: int = self._ask("ledger.show", member=card)["outstanding"]
        return debt

    def _losses(self, step: do.Lose | do.Find | do.Claim) -> Told:
        match step:
            case do.Lose(barcode, reason):
                return self._ask("item.lost", item=barcode, reason=reason)
            case do.Find(barcode):
                return self._answered("item.found", "", yes=True, item=barcode)
            case do.Claim(barcode):
                return self._ask("item.claimed_returned", item=barcode)

    def _of_the_house(self, step: do.Close | do.Enrol | do.LeaveNote | do.NextMorning) -> Told:
        match step:
            case do.Close(first, last, name, emergency):
                days = {"from": first.isoformat(), "to": last.isoformat()}
                return self._ask("calendar.close", **days, name=name, emergency=emergency)
            case do.Enrol(given, family, card):
                named = {"given_name": given, "family_name": family, "card": card}
                return self._ask("member.add", category="ordinary", fee=True, **named)
            case do.LeaveNote(card, text, asks):
                weight = "confirm" if asks else "message"
                return self._ask("alert.add", member=card, text=text, moment="checkout", weight=weight)
            case do.NextMorning():
                self._now += dt.timedelta(days=1)
                return self._ask("clock.advance", days=1)
