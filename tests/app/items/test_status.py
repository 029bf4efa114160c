"""Which status may become which by hand: the whole table, pair by pair (002 م8-1…8-6، م13-11)."""

import pytest

from app.actions import DEFAULTS, Action
from app.items.status import BY_HAND, needed_for
from db.codes import WEEDED, ItemStatus, Role

PAIRS = [(was, becomes) for was in ItemStatus for becomes in ItemStatus]
ALLOWED = {
    (ItemStatus.AVAILABLE, ItemStatus.MISSING),
    (ItemStatus.AVAILABLE, ItemStatus.UNKNOWN),
    (ItemStatus.AVAILABLE, ItemStatus.IN_PROCESSING),
    (ItemStatus.AVAILABLE, ItemStatus.IN_BINDING),
    (ItemStatus.AVAILABLE, ItemStatus.IN_TRANSIT),
    (ItemStatus.IN_PROCESSING, ItemStatus.AVAILABLE),
    (ItemStatus.IN_PROCESSING, ItemStatus.MISSING),
    (ItemStatus.IN_BINDING, ItemStatus.AVAILABLE),
    (ItemStatus.IN_BINDING, ItemStatus.MISSING),
    (ItemStatus.IN_TRANSIT, ItemStatus.AVAILABLE),
    (ItemStatus.IN_TRANSIT, ItemStatus.MISSING),
    (ItemStatus.MISSING, ItemStatus.AVAILABLE),
    (ItemStatus.MISSING, ItemStatus.UNKNOWN),
    (ItemStatus.UNKNOWN, ItemStatus.AVAILABLE),
    (ItemStatus.UNKNOWN, ItemStatus.MISSING),
} | {(weeded, ItemStatus.AVAILABLE) for weeded in WEEDED}


@pytest.mark.parametrize(("was", "becomes"), PAIRS, ids=[f"{was} to {becomes}" for was, becomes in PAIRS])
def test_a_status_becomes_by_hand_only_what_the_table_says(was: ItemStatus, becomes: ItemStatus) -> None:
    assert (needed_for(was, becomes) is not None) is ((was, becomes) in ALLOWED)


def test_lending_is_no_matter_of_hands_and_no_hand_weeds() -> None:
    """002 م8-1."""
    assert ItemStatus.ON_LOAN not in BY_HAND
    made = {becomes for row in BY_HAND.values() for becomes in row}
    assert not made & (WEEDED | {ItemStatus.ON_LOAN, ItemStatus.LOST, ItemStatus.REPLACED})


@pytest.mark.parametrize("weeded", sorted(WEEDED))
def test_only_the_head_puts_a_weeded_copy_right(weeded: ItemStatus) -> None:
    """002 م8-4: a book in the stacks may not be recorded as weeded."""
    needed = needed_for(weeded, ItemStatus.AVAILABLE)
    assert needed is Action.FINALISE_MINUTES
    assert [role for role in Role if needed in DEFAULTS[role]] == [Role.HEAD]


def test_whoever_lends_may_send_a_copy_on_its_way() -> None:
    assert needed_for(ItemStatus.AVAILABLE, ItemStatus.IN_TRANSIT) is Action.LEND
