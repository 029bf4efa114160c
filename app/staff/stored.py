"""Permissions as stored: the program's defaults, changed by the branch's own rows."""

import sqlalchemy as sa

from app.actions import DEFAULTS, Action
from db.codes import Role
from db.models.library import Permission
from db.reading import Reader


def allowed_actions(reader: Reader) -> dict[Role, frozenset[Action]]:
    """What every role may do here. An action that only another version of the program knows says nothing here."""
    allowed = {role: set(actions) for role, actions in DEFAULTS.items()}
    query = sa.select(Permission.role, Permission.action, Permission.allowed).where(
        Permission.deleted_at.is_(None), Permission.action.in_(list(Action))
    )
    for role, action, yes in reader.connection.execute(query):
        if yes:
            allowed[role].add(Action(action))
        else:
            allowed[role].discard(Action(action))
    return {role: frozenset(actions) for role, actions in allowed.items()}
