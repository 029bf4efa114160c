"""Everything that follows from what some readers have at all branches: looked at whenever something of theirs came in,
or somebody decided who they are."""

import uuid
from collections.abc import Collection

from app.conflicts.differing import compare, tell_twice
from app.conflicts.people import persons_of
from app.conflicts.standings import in_hand, tell_standings, weigh, withdraw
from app.conflicts.writing import Round


def look_at(round_: Round, members: Collection[uuid.UUID], matched: Collection[uuid.UUID] = ()) -> None:
    """Tell branches what follows from what these members have. `matched` may be somebody else than before: who is
    matched with nobody any more has no standing."""
    alone = set(matched)
    for rows in persons_of(round_.tx, members):
        alone -= {row.id for row in rows}
        counts = in_hand(round_, [row.id for row in rows])
        tell_standings(round_, rows, counts)
        weigh(round_, rows, counts)
        compare(round_, rows)
        tell_twice(round_, rows)
    if alone:
        withdraw(round_, alone)
