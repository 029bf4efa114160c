"""Damage: noted on the copy, charged to whoever had it, referred if need be; and the repair (000 §3-1-2, §3-4)."""

from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action
from app.circulation.facts import LoanFacts
from app.circulation.lost.facts import AlreadySo, Damaged, LossRefused, Repaired
from app.circulation.lost.reads import Case, case_of
from app.circulation.lost.rules import charge_refusals
from app.circulation.lost.writing import change_copy, charge_loan, debts_of, remark
from app.form import required
from app.library import Library
from app.members.incidents import open_incident
from app.outcome import NotFound, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import WEEDED, Condition, LedgerKind
from db.journal import Intent
from db.reading import Reader
from db.writing import Tx

WHOLE = frozenset({Condition.NEW, Condition.GOOD})
DamageOutcome: TypeAlias = "Damaged | AlreadySo | LossRefused | NotFound"
RepairOutcome: TypeAlias = "Repaired | AlreadySo | LossRefused | NotFound"


@dataclass(frozen=True, slots=True)
class DamageRequest:
    """Which copy, what happened to it (`note`), how bad it is now; `charge` rials to the reader who had it; `incident`
    refers the reader to the committee (000 §3-3-1)."""

    item: str
    note: str
    charge: int | None = None
    condition: Condition = Condition.DAMAGED
    incident: bool = False


def note_damage(library: Library, request: DamageRequest, act: Act) -> DamageOutcome:
    """Write down damage. The debt is that of the reader who has the copy, or who had it last."""
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        case = case_of(library, tx, request.item)
        if case is None:
            return NotFound(Sought.ITEM, request.item)
        if _noted_already(tx, case, request, act):
            return AlreadySo(case.item, case.answering, case.member)
        refused = (*library.forbids(act, Action.DECLARE_LOST), *_refusals(case, request))
        if refused:
            return LossRefused(case.item, refused)
        said = remark(request.note)
        if case.answering is not None:
            charge_loan(tx, case.answering, LedgerKind.DAMAGE, request.charge or 0, act, said)
        incident = None
        if request.incident and case.member is not None:
            incident = open_incident(tx, case.member.id, case.item.id, said or "", act.day)
        change_copy(tx, case.item.id, "damaged", act, said, condition=request.condition)
        loan = case.answering
        tx.record("item.damaged", act, Intent(loan.policy_version if loan else None, reason=said))
        return Damaged(
            case.item, request.condition, case.member, loan.id if loan else None, request.charge or 0, incident
        )


def _refusals(case: Case, request: DamageRequest) -> tuple[Refusal, ...]:
    nobody = bool(request.charge or request.incident) and case.member is None
    return (
        *required(note=request.note),
        *charge_refusals(request.charge),
        *((Refusal("charge.nobody"),) if nobody else ()),
        *((Refusal("item.withdrawn", "002 م8-1"),) if case.item.status in WEEDED else ()),
    )


def _noted_already(reader: Reader, case: Case, request: DamageRequest, act: Act) -> bool:
    """Whether the same damage was written down today: the request came twice."""
    if case.item.condition is not request.condition:
        return False
    if not request.charge:
        return True
    return case.answering is not None and _charged_today(reader, case.answering, request.charge, act)


def _charged_today(reader: Reader, loan: LoanFacts, amount: int, act: Act) -> bool:
    debts = debts_of(reader, loan, frozenset({LedgerKind.DAMAGE}))
    return any(debt.line.amount == amount and debt.line.day == act.day for debt in debts)


def note_repair(
    library: Library, key: str, act: Act, condition: Condition = Condition.GOOD, note: str = ""
) -> RepairOutcome:
    """The copy was mended; what was charged for the damage stays."""
    with library.store.write() as tx:
        case = case_of(library, tx, key)
        if case is None:
            return NotFound(Sought.ITEM, key)
        if case.item.condition in WHOLE:
            return AlreadySo(case.item, case.answering, case.member)
        refused = library.forbids(act, Action.DECLARE_LOST)
        if refused:
            return LossRefused(case.item, refused)
        _write_repair(tx, case, condition, note, act)
        return Repaired(case.item, condition)


def _write_repair(tx: Tx, case: Case, condition: Condition, note: str, act: Act) -> None:
    said = remark(note)
    change_copy(tx, case.item.id, "repaired", act, said, condition=condition)
    tx.record("item.repaired", act, Intent(reason=said))
