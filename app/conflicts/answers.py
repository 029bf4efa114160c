"""What branches answered to directives, as far as somebody has to look at it."""

import uuid

import sqlalchemy as sa

from app.conflicts.writing import Round, named
from app.labels import DIRECTIVE_KIND
from db.codes import CaseKind, DirectiveKind
from db.models.centre import Directive, DirectiveAnswer
from db.models.library import Branch

OF_READERS = frozenset(
    {DirectiveKind.RENEW, DirectiveKind.PLACE_HOLD, DirectiveKind.CANCEL_HOLD, DirectiveKind.INTERESTS,
     DirectiveKind.PURCHASE_WISH}
)  # fmt: skip
"""What readers ask for themselves: the answer stands on their page."""
HAS_ITS_CASE = frozenset({DirectiveKind.CLAIM_RETURN, DirectiveKind.RETURN_CLOSED})
"""`app.conflicts.sightings` sees to it."""


def tell_refusals(round_: Round, branch_id: uuid.UUID, after: int, until: int) -> None:
    """A directive that a branch could not do is a case of the centre, with the branch's own words."""
    query = (
        sa.select(Directive.id, Directive.kind, DirectiveAnswer.codes, DirectiveAnswer.words, Branch.name)
        .join(DirectiveAnswer, DirectiveAnswer.directive_id == Directive.id)
        .join(Branch, Branch.id == Directive.branch_id)
        .where(
            DirectiveAnswer.branch_id == branch_id,
            DirectiveAnswer.bpos > after,
            DirectiveAnswer.bpos <= until,
            ~DirectiveAnswer.done,
            DirectiveAnswer.deleted_at.is_(None),
            Directive.kind.not_in(OF_READERS | HAS_ITS_CASE),
        )
        .order_by(Directive.id)
    )
    for directive_id, kind, codes, words, branch in round_.tx.connection.execute(query).all():
        stories = {"directive": DIRECTIVE_KIND[kind], "library": branch, "codes": list(codes), "words": words or ""}
        about = [named(Directive, directive_id), named(Branch, branch_id)]
        round_.open_case(CaseKind.DIRECTIVE_REFUSED, round_.centre.id, about, stories)
