"""The answer of an office to minutes, sent through the centre: taken as a signed file is, by the centre's pinned
key."""

from collections.abc import Mapping

import sqlalchemy as sa

from app.directives.facts import RulingFacts
from app.directives.outcomes import Deed, Refusing
from app.library import Library
from app.outcome import NotFound, Refused
from app.persian.digits import to_persian
from app.refusal import Answer, Refusal
from app.weeding.minutes.reads import every_row, find_minutes, rulings_on, standing_rows, verdicts_of
from app.weeding.minutes.ruling import GOES, listed
from app.weeding.minutes.ruling_file import TrustedKey, open_file, take_ruling_file
from app.weeding.minutes.workflow import outcome_of
from db.act import Act
from db.codes import ItemStatus, RulingLevel
from db.frozen import Frozen
from db.models.sync import Peer
from db.reading import Reader

THE_CENTRE = "مرکز"
LENT = Answer(confirm=frozenset({"ruling.lent_since"}))
"""A copy that was lent since stays with its reader and is set aside at its return (002 م7-4): there is nothing to
ask."""
KEY = Frozen(sa.select(Peer.public_key).where(Peer.public_key.is_not(None)), lambda key: key)


def rule(library: Library, facts: RulingFacts, act: Act) -> Deed | Refusing:
    """Take the ruling. What was refused leaves the minutes as they are. Raises Trouble P-23xx for a text that is
    damaged or not signed with the centre's key."""
    with library.store.read() as reader:
        trusted = believed(reader)
    outcome = take_ruling_file(library, facts.sealed.encode(), act, LENT, trusted)
    if isinstance(outcome, Refused):
        return Refusing(outcome.refusals)
    if isinstance(outcome, NotFound):
        return Refusing((Refusal("directive.no_minutes", facts={"number": outcome.key}),))
    return after(library, facts)


def believed(reader: Reader) -> Mapping[str, TrustedKey]:
    """The centre's key answers for every level: who may rule is looked at there."""
    return {bytes(key).hex(): TrustedKey(THE_CENTRE, frozenset(RulingLevel)) for key in reader.all(KEY)}


def after(library: Library, facts: RulingFacts) -> Deed:
    """What is to be said of a ruling that was taken: which copies that are to go are with readers."""
    with library.store.read() as reader:
        opened = open_file(facts.sealed.encode(), believed(reader), library.branch.id)
        minutes = find_minutes(reader, opened.rulings.number)
        if minutes is None:
            return Deed()
        said = rulings_on(reader, minutes)
        lent = [
            row.accession_no
            for row in standing_rows(every_row(reader, minutes))
            if row.status is ItemStatus.ON_LOAN and outcome_of(verdicts_of(said.get(row.item_id, {}))) in GOES
        ]
    words = f"نزد امانت‌گیرنده است و هنگام بازگشت کنار گذاشته می‌شود: {listed(lent)}"
    return Deed(to_persian(words) if lent else None)
