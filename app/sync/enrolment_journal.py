"""How the centre writes down what is done about enrolments, for the page of audit."""

import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from app.centre import AT_THE_CENTRE, Centre
from db.act import Act
from db.codes import Role
from db.journal import Intent
from db.models.library import Branch
from db.reading import Reader
from db.writing import Tx


def own_act(centre: Centre) -> Act:
    """An act of the centre itself."""
    return Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, centre.clock.read())


def write_down(centre: Centre, tx: Tx, kind: str, act: Act, told: Mapping[str, str]) -> None:
    """The journal entry of something that was done about enrolments: last step of the transaction. Codes and devices do
    not travel and have no versions, so the row of the centre itself is written as it is."""
    own = sa.select(Branch.id, Branch.ver, Branch.name).where(Branch.id == centre.id).with_for_update()
    row = tx.connection.execute(own).one()
    tx.update(Branch, row, name=row.name)
    tx.record(kind, act, Intent(seen={name: value for name, value in told.items() if value}))


def name_of(reader: Reader, branch_id: uuid.UUID) -> str:
    """The library of an id; empty where none is known."""
    return reader.connection.execute(sa.select(Branch.name).where(Branch.id == branch_id)).scalar() or ""
