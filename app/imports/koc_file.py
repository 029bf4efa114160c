"""Files of Koha's offline circulation tool (KOC): what each line asks for. Pure.

A heading `Version=1.0⇥Generator=…⇥GeneratorVersion=…`, then lines of a moment, a command and its facts:
`2026-11-21 10-30-00 250⇥issue⇥card⇥barcode`, `…⇥return⇥card⇥barcode` or `…⇥return⇥barcode`, `…⇥payment⇥card⇥amount`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.catalogue.importing.encodings import TextLine
from app.devices.scan import Source, Unreadable, read_scan
from app.persian.digits import typed

HEADING = re.compile(r"Version=1\.\d+(?:\t.*)?")
MOMENT = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2}) (?P<time>\d{2}-\d{2}-\d{2})(?: \d{1,3})?")
AMOUNT = re.compile(r"(?P<rials>\d{1,12})(?:\.0+)?")


class Command(StrEnum):
    """What a line asks for."""

    ISSUE = "issue"
    RETURN = "return"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class KocLine:
    """A line that can be understood. `facts` is the line as told apart, the same in every spelling of it; `amount` in
    rials for payments, 0 else."""

    line: int
    raw: str
    command: Command
    day: dt.date
    facts: tuple[str, ...]
    card: str = ""
    barcode: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that cannot; `why` says which part of it."""

    line: int
    raw: str
    why: str


def is_koc(lines: Sequence[TextLine]) -> bool:
    """Whether a file begins as the tool's files do."""
    return bool(lines) and HEADING.fullmatch(lines[0].text.strip()) is not None


def koc_lines(lines: Sequence[TextLine]) -> Iterator[KocLine | FaultyLine]:
    """The lines after the heading; empty ones are left out."""
    for line in lines[1:]:
        if line.text.strip():
            yield _koc_line(line)


def _koc_line(line: TextLine) -> KocLine | FaultyLine:
    moment, command, *facts = (cell.strip() for cell in (*line.text.split("\t"), "", ""))
    while facts and not facts[-1]:
        facts.pop()
    day = _day_of(moment)
    if day is None:
        return FaultyLine(line.number, line.text, "moment")
    if command not in list(Command):
        return FaultyLine(line.number, line.text, "command")
    known = _known(Command(command), facts)
    if isinstance(known, str):
        return FaultyLine(line.number, line.text, known)
    card, barcode, amount = known
    said = (typed(moment), command, card, barcode, str(amount))
    return KocLine(line.number, line.text, Command(command), day, said, card, barcode, amount)


def _known(command: Command, facts: Sequence[str]) -> tuple[str, str, int] | str:
    """Card, barcode and amount, or what is wrong with them."""
    match command, facts:
        case Command.ISSUE, [card, barcode]:
            found = (_code(card), _code(barcode), 0)
        case Command.RETURN, [*_, barcode] if len(facts) <= 2:
            # Who brought it says nothing: the copy knows its reader.
            found = ("", _code(barcode), 0)
        case Command.PAYMENT, [card, amount]:
            rials = AMOUNT.fullmatch(typed(amount))
            return (number, "", int(rials["rials"])) if rials and (number := _code(card)) else "amount"
        case _:
            return "columns"
    return "code" if None in found else (found[0] or "", found[1] or "", 0)


def _code(text: str) -> str | None:
    read = read_scan(text, Source.FILE)
    return None if isinstance(read, Unreadable) else read.text


def _day_of(moment: str) -> dt.date | None:
    found = MOMENT.fullmatch(typed(moment))
    if found is None:
        return None
    try:
        return dt.datetime.strptime(f"{found['date']} {found['time']} +0000", "%Y-%m-%d %H-%M-%S %z").date()
    except ValueError:
        return None
