"""Answers to minutes as they stand at the centre: given and on their way, taken or refused by the library, or still
being written."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.clock import midnight
from app.labels import RULING_LEVEL
from app.weeding.minutes.reads import RulingFacts
from db.codes import RulingLevel, Verdict
from db.models.centre import Directive, DirectiveAnswer, Review
from db.reading import Reader

DEFAULT, REASON, COPIES = "default", "reason", "copies"


@dataclass(frozen=True, slots=True)
class Said:
    """What an office says of one copy. `verdict` None: a remark was written down before the decision."""

    verdict: Verdict | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The answer of one level to one edition: a draft while `sent_at` is empty, refused by the library where `taken` is
    False (None: it has not said). `by` is who sent it, `words` what the library said to it."""

    id: uuid.UUID
    minutes_id: uuid.UUID
    level: RulingLevel
    revision: int
    default: Verdict | None
    default_remark: str
    copies: Mapping[uuid.UUID, Said]
    remark: str
    letter_no: str
    letter_on: dt.date | None
    reviewer_id: uuid.UUID
    saved_at: dt.datetime
    sent_at: dt.datetime | None
    by: str
    taken: bool | None
    words: str

    @property
    def holds(self) -> bool:
        """Whether it counts as given: sent, and not refused by the library."""
        return self.sent_at is not None and self.taken is not False

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """The verdicts it gives, each once."""
        return frozenset(said.verdict for said in self.copies.values() if said.verdict is not None)

    def rulings(self) -> Mapping[uuid.UUID, RulingFacts]:
        """What it rules, copy by copy, as the library will have it once it has taken the answer."""
        if self.sent_at is None:
            return {}
        ruled_at = midnight(self.letter_on) if self.letter_on else self.sent_at
        by = self.by or RULING_LEVEL[self.level]
        return {
            item: RulingFacts(
                item, self.revision, self.level, said.verdict, said.remark or None, ruled_at, by,
                self.letter_no or None, self.letter_on, None,
            )
            for item, said in self.copies.items()
            if said.verdict is not None
        }  # fmt: skip


ANSWERS = (
    sa.select(
        Review.id, Review.minutes_id, Review.level, Review.revision, Review.verdicts, Review.remark, Review.letter_no,
        Review.letter_on, Review.reviewer_id, Review.saved_at, Review.sent_at, Directive.issued_by,
        DirectiveAnswer.done, DirectiveAnswer.words,
    )
    .outerjoin(Directive, Directive.id == Review.directive_id)
    .outerjoin(
        DirectiveAnswer,
        sa.and_(DirectiveAnswer.directive_id == Review.directive_id, DirectiveAnswer.deleted_at.is_(None)),
    )
)  # fmt: skip


def answers_to(
    reader: Reader, minutes: "Sequence[uuid.UUID] | sa.Select[uuid.UUID]"
) -> Mapping[uuid.UUID, Mapping[RulingLevel, GivenAnswer]]:
    """The answers and drafts to these editions (their ids, or what selects them), by level."""
    found: dict[uuid.UUID, dict[RulingLevel, GivenAnswer]] = {}
    for row in reader.connection.execute(ANSWERS.where(Review.minutes_id.in_(minutes))):
        answer = _answer(*row)
        found.setdefault(answer.minutes_id, {})[answer.level] = answer
    return found


def _answer(
    review_id: uuid.UUID, minutes_id: uuid.UUID, level: RulingLevel, revision: int, verdicts: Mapping[str, Any],
    *rest: Any,
) -> GivenAnswer:  # fmt: skip
    remark, letter_no, letter_on, reviewer_id, saved_at, sent_at, by, taken, words = rest
    default = verdicts.get(DEFAULT)
    return GivenAnswer(
        review_id, minutes_id, level, revision, Verdict(default) if default else None, verdicts.get(REASON, ""),
        {uuid.UUID(item): _said(said) for item, said in verdicts.get(COPIES, {}).items()},
        remark or "", letter_no or "", letter_on, reviewer_id, saved_at, sent_at, by or "", taken, words or "",
    )  # fmt: skip


def _said(stored: list[str]) -> Said:
    verdict, remark = stored
    return Said(Verdict(verdict) if verdict else None, remark)


def stored(default: Verdict | None, reason: str, copies: Mapping[uuid.UUID, Said]) -> dict[str, Any]:
    """Verdicts as the row keeps them: those on copies, and the one on all the rest with its reason."""
    return {
        DEFAULT: default.value if default else "",
        REASON: reason,
        COPIES: {str(item): [said.verdict.value if said.verdict else "", said.remark] for item, said in copies.items()},
    }
