"""The library on the morning of the day: six weeks of lending behind it, made once through the use cases and closed, so
that every player begins from the same rows."""

from pathlib import Path

from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.library import Library
from app.nightly.service import run_due_nights
from tests import library as lib
from tests.ui.day.morning import (
    AGES,
    HALF_PRICE,
    LENT,
    LOST,
    MORNING,
    PARENTS,
    RATHER,
    REFERENCE,
    SECOND_COPIES,
    WITH_PARTS,
    barcode,
    card,
    title_of,
)

MEMBERS, COPIES = 60, 160
BEFORE = (MORNING.date() - lib.TODAY).days
POLICY = (
    {
        "loan_days": 7, "max_loans_all_types": 4, "max_renewals": 2, "max_unseen": 1, "fine_per_day": 1_000,
        "fine_per_day_reserved": 2_000, "period_days": 1, "debt_limit": 60_000, "max_overdue_items": 0,
        "overdues_block": "confirm", "second_copy": "confirm", "max_holds": 2, "max_per_title": 1, "shelf_days": 3,
        "default_price": 80_000, "processing_fee": 5_000, "months": 12, "fee": 20_000, "hold_fee": 500,
        "overdue_renewal": "allow", "long_overdue_days": 60,
    },
    {"category": "half_price", "fine_per_day": 0, "ban_days_per_late_day": 2, "max_ban_days": 20},
    {"item_type": "reference", "loanable": "no"},
)  # fmt: skip


def prepare(folder: Path) -> Path:
    """The folder of the library, closed."""
    library = lib.found(folder)
    with library.store:
        lib.put_policy(library, *POLICY)
        members = {number: _member(library, number) for number in range(1, MEMBERS + 1)}
        copies: dict[int, lib.ACopy] = {}
        for number in range(1, COPIES + 1):
            copies[number] = _copy(library, number, copies)
        _weeks_before(library, members, copies)
        for number, holder in RATHER.items():
            place_hold(library, PlaceRequest(card(holder), copies[number].title_id), lib.act(library))
        declare_lost(library, LostRequest(barcode(LOST), None, "در سفر گم شده است"), lib.act(library))
        run_due_nights(library, lib.act(library))
    return folder / "library"


def _member(library: Library, number: int) -> lib.AMember:
    named = {"given_name": f"عضو {number}", "family_name": "آبگرمی", "card": card(number)}
    if number in PARENTS.values():
        parent = next(parent for parent, child in PARENTS.items() if child == number)
        return lib.add_member(library, "child", guardian="سرپرست", guardian_member=card(parent), **named)
    return lib.add_member(library, "half_price" if number in HALF_PRICE else "ordinary", **named)


def _copy(library: Library, number: int, earlier: dict[int, lib.ACopy]) -> lib.ACopy:
    title = earlier[number - 100].title_id if number in SECOND_COPIES else title_of(barcode(number))
    parts = {"parts": "لوح فشرده", "flags": ("parts",)} if number in WITH_PARTS else {}
    kind = {"item_type": "reference"} if number in REFERENCE else {}
    price = 40_000 + 1_000 * number if number % 3 else None
    return lib.add_copy(library, title, barcode=barcode(number), price=price, **parts, **kind)


def _weeks_before(library: Library, members: dict[int, lib.AMember], copies: dict[int, lib.ACopy]) -> None:
    """Books that came back late, some of them paid for; then those that are still out on the morning of the day."""
    for number in range(61, 91):
        lib.lend(library, members[number - 60], copies[number])
    out_on: dict[int, list[int]] = {}
    for number in LENT:
        out_on.setdefault(BEFORE - AGES[number % len(AGES)], []).append(number)
    for day in range(1, BEFORE + 1):
        lib.pass_days(library, 1)
        if 8 <= day <= 22:
            for number in (day * 2 + 45, day * 2 + 46):
                lib.take_back(library, copies[number])
        for number in out_on.get(day, ()):
            lib.lend(library, members[LENT[number]], copies[number])
        if day % 7 == 0:
            run_due_nights(library, lib.act(library))
