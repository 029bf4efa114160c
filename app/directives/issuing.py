"""The centre asks a branch to do something (sync-protocol 1: only the owner edits; others ask)."""

import uuid

import msgspec

from app.centre import Centre
from app.directives.facts import FACTS, plain
from db.codes import DirectiveKind
from db.models.centre import Directive
from db.writing import Tx


def issue(
    tx: Tx, centre: Centre, branch_id: uuid.UUID, kind: DirectiveKind, facts: msgspec.Struct, by: str
) -> uuid.UUID:
    """Address a directive to a branch, inside a transaction of `centre.write()` whose caller records the entry.
    `facts` is the struct of its kind (`app.directives.facts`); `by` names in Persian who asks. Returns its id, by
    which the branch answers (`DirectiveAnswer.directive_id`)."""
    if not isinstance(facts, FACTS[kind]):
        raise TypeError(f"{type(facts).__name__} are not the facts of {kind}")
    return tx.insert(
        Directive, branch_id=branch_id, kind=kind, facts=plain(facts), issued_at=centre.now(), issued_by=by
    )
