"""What is wrong with a policy table. A table with any problem is refused as a whole."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.persian.digits import number
from app.policy.categories import ALL_CATEGORIES, VISITOR
from app.policy.parameters import LOAN_PERIODS, PARAMETERS
from app.policy.table import ANY, PolicyRow, PolicyTable
from app.policy.values import Fault, Kind, Parameter, read_value

PERIOD = "period_days"
ERASES = "جریمه‌ای که دوره ندارد هرگز حساب نمی‌شود و بدهی‌ها را از میان می‌برد."


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a table: `code` for programs, `text` in Persian; `row` its key, "" for the whole table.

    `place` is the position of the row in the table, from 1; 0 for the whole table.
    """

    code: str
    text: str
    row: str = ""
    parameter: str = ""
    place: int = 0


def problems(table: PolicyTable, categories: Collection[str] | None = None) -> tuple[Problem, ...]:
    """Everything wrong with the table, in the order of its rows; empty if it may be put in force.

    `categories` are the member categories the library knows; None: those of the shipped profiles. The table's own
    categories are always known. Item types and branches are open lists.
    """
    known = {ANY, VISITOR, *(ALL_CATEGORIES if categories is None else categories), *table.categories}
    return tuple(
        itertools.chain(
            _head_problems(table),
            itertools.chain.from_iterable(_row_problems(row, known, place) for place, row in enumerate(table.rows, 1)),
            _repeated(table),
            _fines_without_period(table),
        )
    )


def _head_problems(table: PolicyTable) -> Iterator[Problem]:
    if table.version < 1:
        yield Problem("table.version", "شماره نسخه آیین‌نامه باید بزرگ‌تر از صفر باشد.")
    if not any(row.rank == 0 for row in table.rows):
        yield Problem("fallback.missing", "ردیف پایه (همه گروه‌ها و همه منابع) در آیین‌نامه نیست.")


def _row_problems(row: PolicyRow, categories: Collection[str], place: int) -> Iterator[Problem]:
    key = row.key
    if not (row.branch and row.category and row.item_type):
        text = f"در ردیف «{key}» جای کتابخانه، گروه یا نوع منبع خالی است."
        yield Problem("row.empty_key", text, key, place=place)
    if row.category not in categories:
        text = f"گروه عضویت «{row.category}» شناخته‌شده نیست."
        yield Problem("category.unknown", text, key, place=place)
    for name, plain in row.values.items():
        parameter = PARAMETERS.get(name)
        if parameter is None:
            yield Problem("parameter.unknown", f"ردیف «{key}»: «{name}» نام هیچ قاعده‌ای نیست.", key, name, place)
        elif plain is None and name == PERIOD:
            yield Problem("period.blank", f"ردیف «{key}»: دوره جریمه خالی است. {ERASES}", key, name, place)
        elif plain is not None and isinstance(fault := read_value(parameter, plain), Fault):
            text = f"ردیف «{key}»: مقدار «{parameter.label}» {why_not(parameter, fault)}."
            yield Problem(fault.value, text, key, name, place)


_SHAPES = {
    Kind.NUMBER: "باید عدد درست باشد",
    Kind.FLAG: "باید بله یا خیر باشد",
    Kind.CHOICE: "باید یکی از گزینه‌های آن باشد",
    Kind.CHOICES: "باید فهرستی از گزینه‌های آن باشد",
    Kind.DAY: "باید تاریخ باشد",
    Kind.TEXTS: "باید فهرستی از نوشته‌ها باشد",
    Kind.TIERS: "باید فهرستی از پله‌ها باشد؛ هر پله با روز آغاز، روز پایان و مبلغ",
    Kind.HARD_DUES: "باید تاریخ یا فهرستی از تاریخ‌ها باشد",
}


_INSTEAD_OF_ZERO = {"max_loans": "؛ برای امانت ندادن این نوع منبع «امانت‌پذیری» را تغییر دهید"}


def why_not(parameter: Parameter, fault: Fault) -> str:
    """What a value must be, as the end of a sentence."""
    if fault is Fault.NOT_POSITIVE:
        return f"باید بزرگ‌تر از صفر باشد{_INSTEAD_OF_ZERO.get(parameter.name, '')}"
    if fault is Fault.RANGE:
        return f"باید از {number(parameter.minimum)} تا {number(parameter.maximum)} باشد"
    if fault is Fault.CHOICE:
        return f"باید یکی از این‌ها باشد: {'، '.join(parameter.choices)}"
    if fault is Fault.TIERS:
        return "باید پله‌هایی پشت سر هم و بدون هم‌پوشانی، با مبلغ صفر یا بیشتر باشد"
    if fault is Fault.TERMS:
        return "باید آغاز و پایان و سررسید هر نیم‌سال را به ترتیب بگوید"
    return _SHAPES[parameter.kind]


def _repeated(table: PolicyTable) -> Iterator[Problem]:
    """A parameter given twice for one key, or a loan period given in two ways."""
    given: dict[str, set[str]] = {}
    for place, row in enumerate(table.rows, 1):
        names = {name for name, plain in row.values.items() if plain is not None}
        before = given.setdefault(row.key, set())
        for name in sorted(names & before & PARAMETERS.keys()):
            label = PARAMETERS[name].label
            yield Problem("row.duplicate", f"«{label}» برای «{row.key}» دو بار آمده است.", row.key, name, place)
        if len(before & _PERIODS) < 2 <= len((before | names) & _PERIODS):
            text = f"مدت امانت در ردیف «{row.key}» به دو گونه آمده است."
            yield Problem("row.two_periods", text, row.key, place=place)
        before |= names


_PERIODS = frozenset(LOAN_PERIODS)


def _fines_without_period(table: PolicyTable) -> Iterator[Problem]:
    """A fine needs a period, in its own row or in a row that always holds with it."""
    periods = [row for row in table.rows if row.values.get(PERIOD) is not None]
    for place, row in enumerate(table.rows, 1):
        fine = next((name for name in ("fine_per_day", "fine_per_day_reserved") if _is_charged(row, name)), None)
        if fine and not any(other.covers(row.branch, row.category, row.item_type) for other in periods):
            text = f"ردیف «{row.key}» جریمه دارد ولی دوره جریمه ندارد. {ERASES}"
            yield Problem("fine.no_period", text, row.key, fine, place)


def _is_charged(row: PolicyRow, name: str) -> bool:
    amount = row.values.get(name)
    return isinstance(amount, int) and amount > 0
