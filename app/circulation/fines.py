"""Fines and bans for lateness. Pure; money in rials, lateness in whole days (see `app.calendar.rules.days_late`)."""

import datetime as dt
from dataclasses import dataclass

from app.calendar.rules import Calendar, later
from app.policy.choices import ChargeAt
from app.policy.table import Terms
from app.policy.values import Tier


@dataclass(frozen=True, slots=True)
class Fine:
    """What a late return costs. A fine of 0 makes no ledger line.

    `units`: the periods charged (days, where the fine has steps). `capped_by`: the parameter that lowered the amount
    (`fine_cap`, `cap_to_price`, `tiers_max`), None if none did.
    """

    amount_rial: int
    units: int
    capped_by: str | None


def overdue_fine(days_late: int, terms: Terms, reserved: bool, price: int | None) -> Fine:
    """The fine for `days_late` days. `reserved`: another member waited; `price`: of the copy, None or 0 if unknown.

    Steps (`tiers`) take the place of `fine_per_day`, but not of a rate of its own for reserved copies.
    """
    chargeable = _after_grace(days_late, terms, deducted=terms.flag("grace_deducted"))
    rate = _rate(terms, reserved)
    tiers = terms.tiers()
    if tiers and not (reserved and terms.limit("fine_per_day_reserved") is not None):
        return _capped(sum(_of_tier(tier, chargeable) for tier in tiers), chargeable, terms, price, by_tiers=True)
    units = _units(chargeable, terms)
    return _capped(units * rate, units, terms, price, by_tiers=False)


def ban_days(days_late: int, terms: Terms) -> int:
    """For how many days a member is barred after returning `days_late` days late. Days of grace never count."""
    late = _after_grace(days_late, terms, deducted=True)
    days = late * terms.number("ban_days_per_late_day") // terms.number("ban_period_days")
    cap = terms.limit("max_ban_days")
    return days if cap is None else min(days, cap)


def ban_until(
    returned: dt.date, days: int, terms: Terms, calendar: Calendar, running_until: dt.date | None = None
) -> dt.date | None:
    """The last day of a ban of `days` days that begins after the day of return; None for no ban.

    With `skip_closed` only open days serve it. Of it and one still running (`running_until`) the longer holds; with
    `ban_cumulative` it begins when that one ends.
    """
    if days <= 0:
        return running_until
    start = returned
    if running_until is not None and terms.flag("ban_cumulative"):
        start = max(returned, running_until)
    until = calendar.add_open_days(start, days) if terms.flag("skip_closed") else later(start, days)
    return until if running_until is None else max(until, running_until)


def _after_grace(days_late: int, terms: Terms, deducted: bool) -> int:
    grace = terms.number("grace_days")
    if days_late <= grace:
        return 0
    return days_late - grace if deducted else days_late


def _rate(terms: Terms, reserved: bool) -> int:
    of_reserved = terms.limit("fine_per_day_reserved") if reserved else None
    return terms.number("fine_per_day") if of_reserved is None else of_reserved


def _units(chargeable: int, terms: Terms) -> int:
    period = terms.number("period_days")
    begun = -(-chargeable // period)
    return begun if terms.choice("charge_at") == ChargeAt.START else chargeable // period


def _of_tier(tier: Tier, chargeable: int) -> int:
    last = chargeable if tier.last is None else min(tier.last, chargeable)
    return max(0, last - tier.first + 1) * tier.amount


def _capped(amount: int, units: int, terms: Terms, price: int | None, by_tiers: bool) -> Fine:
    caps = {"fine_cap": terms.limit("fine_cap")}
    if terms.flag("cap_to_price"):
        caps["cap_to_price"] = price if price and price > 0 else terms.limit("default_price") or None
    if by_tiers:
        caps["tiers_max"] = terms.limit("tiers_max")
    known = {name: cap for name, cap in caps.items() if cap is not None}
    lowest = min(known, key=lambda name: known[name], default=None)
    if lowest is None or amount <= known[lowest]:
        return Fine(amount, units, None)
    return Fine(known[lowest], units, lowest)
