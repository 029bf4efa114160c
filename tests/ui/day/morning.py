"""Who and what there is on the morning of the day, and how cards, labels and days are called."""

import datetime as dt

from app.clock import TEHRAN

MORNING = dt.datetime(2027, 1, 4, 8, 30, tzinfo=TEHRAN)  # دوشنبه ۱۴ دی ۱۴۰۵
A_STEP = dt.timedelta(seconds=60)

AGES = (1, 2, 3, 4, 5, 6, 7, 9, 12, 20)
"""How many days ago the books were lent that are out in the morning; a loan is for seven days."""
BARRED_FOR = {18: 47, 38: 48}
"""Late copies of members who pay half: they are barred for them instead of fined."""
LENT = {number: (number - 1) % 40 + 1 for number in range(1, 61)} | BARRED_FOR
"""Copies that are out in the morning, and the members who have them."""
LOST = 60
"""One of them, which was lost in the night."""
FREE = (*range(61, 91), *range(101, 161))
REFERENCE, WITH_PARTS, SECOND_COPIES = range(96, 101), range(91, 96), range(101, 111)
HALF_PRICE = range(47, 51)
PARENTS = {1: 41, 2: 42, 3: 43}
"""Members and the children in their care."""
RATHER = {5: 30, 6: 31, 7: 32, 15: 33, 25: 34}
"""Copies that are out, and members who wait for their titles."""
STRANGERS = {61: "M-9061", 62: "M-9062", 63: "M-9063"}


def card(number: int) -> str:
    """The card of a member."""
    return STRANGERS.get(number, f"M-{number:04d}")


def barcode(number: int) -> str:
    """The label of a copy."""
    return f"RAF-{number:06d}"


def title_of(label: str) -> str:
    """The title of a copy; copies 101 … 110 are second copies of the first ten."""
    number = int(label[-6:])
    return f"کتاب {number - 100 if number in SECOND_COPIES else number}"


def on(days: int) -> dt.date:
    """A day counted from the day of the plan."""
    return MORNING.date() + dt.timedelta(days=days)
