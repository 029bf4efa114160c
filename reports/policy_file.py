"""The rules of a library as a file of its own, TOML or Excel by its suffix: written, and taken in again."""

from dataclasses import replace
from pathlib import Path

from app.persian.digits import number
from app.policy.problems import Problem
from app.policy.service import PolicyFaulty, PolicyOutcome, RuledLibrary, set_policy
from app.policy.table import PolicyTable
from app.policy.toml_file import toml_document, write_toml
from db.act import Act
from db.codes import RuleStatus
from reports.policy_reading import SheetDocument, read_policy_sheet
from reports.policy_sheet import policy_xlsx

TOML, XLSX = ".toml", ".xlsx"
SUFFIXES = (TOML, XLSX)


def is_policy_file(path: Path) -> bool:
    """Whether the suffix is one of those the rules are written in."""
    return path.suffix.lower() in SUFFIXES


def policy_bytes(table: PolicyTable, path: Path) -> bytes:
    """The file for a table, in the format of the path's suffix."""
    return policy_xlsx(table) if path.suffix.lower() == XLSX else write_toml(table).encode()


def as_in_force(table: PolicyTable, deciding: int) -> PolicyTable:
    """The table as it is to be written: the version that decides today is in force, even if its text calls itself a
    draft; taken in again it shall not turn into one."""
    return replace(table, status=RuleStatus.IN_FORCE) if table.version == deciding else table


def read_policy_file(path: Path) -> SheetDocument | tuple[Problem, ...]:
    """The document in a file, not checked yet, or the cells that cannot be read.

    Raises Trouble P-1231 (the file cannot be read), P-1232 (no TOML), P-2102 and P-2103 (no Excel file, or a bad one).
    """
    if path.suffix.lower() == XLSX:
        return read_policy_sheet(path)
    return SheetDocument(toml_document(path), (), {})


def import_policy(library: RuledLibrary, path: Path, act: Act, status: RuleStatus | None = None) -> PolicyOutcome:
    """Store the rules of a file as the next version, with the checks of `set_policy`; problems name the place in the
    file. `status` takes the place of that in the file. Raises Trouble as `read_policy_file` does."""
    read = read_policy_file(path)
    if not isinstance(read, SheetDocument):
        return PolicyFaulty(read)
    document = read.document if status is None else {**read.document, "status": status}
    outcome = set_policy(library, document, act)
    if not isinstance(outcome, PolicyFaulty):
        return outcome
    return PolicyFaulty(tuple(located(read, problem) for problem in outcome.problems))


def located(read: SheetDocument, problem: Problem) -> Problem:
    """The problem with its place in the file in front: the cell of a sheet, or the row of a TOML file."""
    if read.lines or not problem.place:
        return read.located(problem)
    return replace(problem, text=f"ردیف شمارهٔ {number(problem.place)}: {problem.text}")
