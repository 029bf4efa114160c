"""Settling in kind: the reader brings the same book for one that was lost or damaged (000 §3-1-2).

The new copy is registered under a number of its own; the old one stays in the register as replaced, for ever.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import ItemFacts, LoanFacts
from app.circulation.lost.facts import AlreadySo, LossRefused, Replaced
from app.circulation.lost.reads import REPLACES, Case, case_of
from app.circulation.lost.rules import IN_KIND_FOR, replaced_refusals
from app.circulation.lost.writing import change_copy, charge_loan, debts_of, settle_in_kind, settle_lateness
from app.items.form import ItemForm, item_problems
from app.items.service import taken
from app.items.writing import register_item, shelved_title
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian.digits import number
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, still_refused
from db.act import Act
from db.codes import Condition, ItemStatus, LedgerKind, LoanEnd
from db.journal import Intent
from db.models.circulation import Loan
from db.reading import Reader
from db.writing import Tx

ReplaceOutcome: TypeAlias = "Replaced | AlreadySo | LossRefused | NotFound"


@dataclass(frozen=True, slots=True)
class Replacement:
    """The book that was brought: registered now (`barcode` and `price` in rials where they are known), or `existing`, a
    copy that has been registered already (barcode or accession number)."""

    barcode: str | None = None
    price: int | None = None
    existing: str | None = None


@dataclass(frozen=True, slots=True)
class ReplaceRequest:
    """Which copy is replaced (barcode or accession number), by what."""

    item: str
    replacement: Replacement = field(default_factory=Replacement)
    answer: Answer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class _NewCopy:
    id: uuid.UUID
    accession_no: int
    barcode: str


def replace_in_kind(library: Library, request: ReplaceRequest, act: Act) -> ReplaceOutcome:
    """Take the same book for a lost or damaged one: price and damage are settled, the fine for lateness remains."""
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        case = case_of(library, tx, request.item)
        if case is None:
            return NotFound(Sought.ITEM, request.item)
        if case.item.status is ItemStatus.REPLACED:
            return AlreadySo(case.item, case.last, case.member)
        brought = reads.find_item(tx, request.replacement.existing) if request.replacement.existing else None
        if request.replacement.existing and brought is None:
            return NotFound(Sought.ITEM, request.replacement.existing)
        form = _form(case.item, request.replacement)
        reasons = (
            *library.forbids(act, Action.DECLARE_LOST),
            *_refusals(tx, case),
            *(_brought_refusals(tx, case.item, brought) if brought else (*item_problems(form), *taken(tx, form))),
        )
        refused = still_refused(reasons, request.answer)
        if refused or case.answering is None or case.member is None:
            return LossRefused(case.item, refused)
        new = (
            _NewCopy(brought.id, brought.accession_no, brought.barcode)
            if brought
            else _register(library, tx, case.item, form, act.day)
        )
        replaced = _write(library, tx, case, new, act)
        tx.record("item.replaced", act, Intent(case.answering.policy_version))
        return replaced


def _refusals(reader: Reader, case: Case) -> Iterator[Refusal]:
    debts = debts_of(reader, case.answering, IN_KIND_FOR) if case.answering else ()
    yield from replaced_refusals(case.item, case.answering, debts, case.terms)
    if case.answering is not None and case.member is None:
        yield Refusal("replacement.no_loss")


def _brought_refusals(reader: Reader, old: ItemFacts, new: ItemFacts) -> Iterator[Refusal]:
    """The copy brought must be a sound one of the house that stands in for no other; of another title only if asked."""
    taken_already = reader.one(REPLACES, item=new.id) is not None
    if new.id == old.id or new.status is not ItemStatus.AVAILABLE or taken_already:
        yield Refusal("replacement.not_free", facts={"barcode": new.barcode})
    if new.title_id != old.title_id:
        yield Refusal("replacement.other_title", "000 §3-1-2", weight=Weight.CONFIRM, facts={"title": new.title})


def _form(old: ItemFacts, replacement: Replacement) -> ItemForm:
    """What the new copy takes over from the old one."""
    return ItemForm(
        barcode=replacement.barcode,
        price=old.price if replacement.price is None else replacement.price,
        volume_no=old.volume_no,
        item_type=old.item_type,
        condition=Condition.NEW,
        flags=tuple(old.flags),
        note=f"به جای نسخهٔ شمارهٔ ثبت {number(old.accession_no, grouped=False)}",
    )


def _register(library: Library, tx: Tx, old: ItemFacts, form: ItemForm, today: dt.date) -> _NewCopy:
    title = shelved_title(tx, old.title_id)
    if title is None:
        raise RuntimeError("a copy without its title")
    made = register_item(tx, title, form, today, library.branch.barcode_prefix)
    return _NewCopy(made.item_id, made.accession_no, made.barcode)


def _write(library: Library, tx: Tx, case: Case, new: _NewCopy, act: Act) -> Replaced:
    loan, member = case.answering, case.member
    if loan is None or member is None:
        raise ValueError("nobody answers for this copy")
    penalty = settle_lateness(library, tx, case, act, ban=True)
    if case.loan is not None:
        _close(tx, case, case.loan, act)
    settled, credit = settle_in_kind(tx, loan, act)
    change_copy(tx, case.item.id, "replaced", act, status=ItemStatus.REPLACED, replaced_by=new.id)
    return Replaced(case.item, new.id, new.accession_no, new.barcode, loan, member, settled, credit, penalty.fine)


def _close(tx: Tx, case: Case, loan: LoanFacts, act: Act) -> None:
    """The loan is over. One that had not been declared lost costs the fee for preparing the new copy now."""
    if loan.lost_on is None:
        charge_loan(tx, loan, LedgerKind.PROCESSING_FEE, case.terms.number("processing_fee"), act)
    tx.update(
        Loan, loan, lost_on=loan.lost_on or act.day, in_at=act.at, effective_in_on=loan.lost_on or act.day,
        ended_as=LoanEnd.REPLACED,
    )  # fmt: skip
