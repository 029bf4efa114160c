"""Finding entries of the journal by what stands in their bytes."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from db.models.sync import JournalEntry


class bytes_within(GenericFunction[int]):  # noqa: N801 - named as the function of SQL it is
    """`bytes_within(whole, part)`: from 1 where `part` begins in `whole`, 0 where it does not stand there."""

    type = sa.Integer()
    inherit_cache = True


@compiles(bytes_within, "sqlite")
def _in_sqlite(element: bytes_within, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(bytes_within, "postgresql")
def _in_postgresql(element: bytes_within, compiler: Any, **options: Any) -> str:
    whole, part = (compiler.process(clause, **options) for clause in element.clauses)
    return f"position({part} IN {whole})"


NAMING = (
    sa.select(
        JournalEntry.device_id, JournalEntry.epoch, JournalEntry.seq, JournalEntry.eid, JournalEntry.at_ms,
        JournalEntry.body, JournalEntry.personal,
    )
    .where(
        JournalEntry.branch_id == sa.bindparam("branch"),
        JournalEntry.applied,
        bytes_within(JournalEntry.body, sa.bindparam("part", type_=sa.LargeBinary())) > 0,
    )
    .order_by(JournalEntry.device_id, JournalEntry.epoch, JournalEntry.seq)
)  # fmt: skip
"""The entries of a branch whose bytes hold `part` (the id of a row), in the order of their streams. Reads all entries
of the branch: for what happens rarely."""
