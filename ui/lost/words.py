"""What the page of losses says of outcomes and cases."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from app.circulation.facts import ItemFacts
from app.circulation.lost.facts import (
    AlreadySo,
    Claimed,
    ClaimKept,
    Damaged,
    Declared,
    Found,
    Repaired,
    Replaced,
)
from app.circulation.lost.queries import CaseKind
from app.persian import jalali
from app.persian.digits import number
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate

KIND: Mapping[CaseKind, tuple[str, Tone]] = MappingProxyType(
    {
        CaseKind.LOST: ("گم‌شده نزد عضو", Tone.REFUSE),
        CaseKind.CLAIMED: ("ادعای بازگشت", Tone.INFO),
        CaseKind.LONG_OVERDUE: ("دیرکرد بلند", Tone.WARN),
        CaseKind.DAMAGED: ("آسیب‌دیده", Tone.WARN),
        CaseKind.MISSING: ("مفقود از قفسه", Tone.NEUTRAL),
    }
)
TILE: Mapping[CaseKind, tuple[str, str]] = MappingProxyType(
    {
        CaseKind.LOST: ("گم‌شده", "نزد عضو"),
        CaseKind.CLAIMED: ("ادعا", "در قفسه بگردید"),
        CaseKind.LONG_OVERDUE: ("دیرکرد بلند", "بیش از ۳۰ روز"),
        CaseKind.DAMAGED: ("آسیب‌دیده", "در قفسه"),
        CaseKind.MISSING: ("مفقود", "از قفسه"),
    }
)
Outcome = Declared | AlreadySo | Found | Replaced | Damaged | Repaired | Claimed | ClaimKept
UNDO = "برگرداندن به حالت پیش"


def told(outcome: Outcome) -> Said:
    """The banner of an outcome."""
    match outcome:
        case Declared():
            return _declared(outcome)
        case Found():
            return _found(outcome)
        case Replaced():
            return _replaced(outcome)
        case Damaged() | Repaired():
            return _of_damage(outcome)
        case Claimed() | ClaimKept():
            return _of_claim(outcome)
        case AlreadySo():
            return Said(Tone.INFO, f"از پیش همین بوده است — {_book(outcome.item)}", (), Sound.ATTENTION)
        case _:
            assert_never(outcome)


def _declared(outcome: Declared) -> Said:
    if outcome.loan is None:
        return _said(f"مفقود از قفسه ثبت شد — {_book(outcome.item)}", [], undo=UNDO)
    parts = [f"به نام {isolate(outcome.member.name)}" if outcome.member else ""]
    amounts = (("بها", outcome.charged), ("آماده‌سازی", outcome.fee), ("جریمه", outcome.fine))
    parts += [f"{label} {number(amount)} ریال" for label, amount in amounts if amount]
    return _said(f"گم شده ثبت شد — {_book(outcome.item)}", parts, undo=UNDO)


def _found(outcome: Found) -> Said:
    refund, parts = outcome.refund, []
    if refund.cancelled:
        parts.append(f"{number(refund.cancelled)} ریال بدهی برداشته شد")
    if refund.credit:
        parts.append(f"{number(refund.credit)} ریال بستانکار شد")
    if outcome.fine:
        parts.append(f"جریمهٔ دیرکرد {number(outcome.fine)} ریال ماند")
    aside = f" · برای {isolate(outcome.hold_for.name)} کنار بگذارید" if outcome.hold_for else ""
    return _said(f"پیدا شد — {_book(outcome.item)}{aside}", parts)


def _replaced(outcome: Replaced) -> Said:
    new = number(outcome.new_accession_no, grouped=False)
    parts = [f"نسخهٔ تازه شمارهٔ ثبت {new}", f"{number(outcome.settled)} ریال تسویه شد"]
    if outcome.credit:
        parts.append(f"{number(outcome.credit)} ریال بستانکار شد")
    return _said(f"جایگزین شد — {_book(outcome.item)}", parts)


def _of_damage(outcome: Damaged | Repaired) -> Said:
    if isinstance(outcome, Repaired):
        return _said(f"مرمت شد — {_book(outcome.item)}", [])
    charged = f"{number(outcome.charged)} ریال خسارت" if outcome.charged else "بی هزینه"
    whose = f"به نام {isolate(outcome.member.name)}" if outcome.member and outcome.charged else ""
    return _said(f"آسیب ثبت شد — {_book(outcome.item)}", [charged, whose], undo=UNDO)


def _of_claim(outcome: Claimed | ClaimKept) -> Said:
    who = f"به نام {isolate(outcome.member.name)}" if outcome.member else ""
    if isinstance(outcome, ClaimKept):
        return _said(f"ادعا بسته شد — {_book(outcome.item)}", [who, "دیرکرد از سررسید شمرده می‌شود"])
    parts = [who, f"از {jalali.day_month_year(outcome.on)} دیرکرد شمرده نمی‌شود"]
    if outcome.claims > 1:
        parts.append(f"ادعای {number(outcome.claims)} این عضو")
    return _said(f"در قفسه‌ها بگردید — {_book(outcome.item)}", parts, undo=UNDO)


def _said(title: str, parts: list[str], undo: str = "") -> Said:
    return Said(Tone.OK, title, (" · ".join(part for part in parts if part),), Sound.CHECKED_IN, undo)


def _book(item: ItemFacts) -> str:
    return f"«{isolate(item.title)}»"
