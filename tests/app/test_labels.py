"""Every coded value has one Persian word."""

import ast
import enum
from collections.abc import Mapping

import pytest

from app import labels
from app.policy.choices import labels_of
from db import codes
from db.codes import PaymentMethod, SiteRole
from tests.persian_words import faults
from tests.source import ROOT, nodes

ENUMS = [found for found in vars(codes).values() if isinstance(found, type) and issubclass(found, enum.StrEnum)]
NEVER_SHOWN = {enum.StrEnum, SiteRole}
TABLES: dict[str, Mapping[str, str]] = {
    name: table for name, table in vars(labels).items() if name.isupper() and isinstance(table, Mapping)
}


def table_of(kind: type[enum.StrEnum]) -> Mapping[str, str]:
    """The table whose keys are of this enum."""
    if kind is PaymentMethod:
        return labels_of(PaymentMethod)  # chosen in the policy, so its words stand there
    return next(table for table in TABLES.values() if all(isinstance(key, kind) for key in table))


@pytest.mark.parametrize("kind", [kind for kind in ENUMS if kind not in NEVER_SHOWN], ids=lambda kind: kind.__name__)
def test_every_code_has_a_label_in_its_order(kind: type[enum.StrEnum]) -> None:
    assert list(table_of(kind)) == [str(code) for code in kind]


@pytest.mark.parametrize("name", TABLES)
def test_labels_are_persian_and_no_two_codes_share_one(name: str) -> None:
    table = TABLES[name]
    assert [fault for label in table.values() for fault in faults(label)] == []
    assert all(label.strip() == label and label for label in table.values())
    assert len(set(table.values())) == len(table)


def test_every_kind_of_entry_that_is_recorded_has_a_label() -> None:
    recorded = {}
    for path, node in nodes(".record", layers=("app", "server", "ui")):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr == "record" and node.args and isinstance(node.args[0], ast.Constant):
            recorded[str(node.args[0].value)] = f"{path.relative_to(ROOT)}:{node.lineno}"
    assert "loan.opened" in recorded
    assert {kind: place for kind, place in recorded.items() if kind not in labels.ENTRY_KIND} == {}
