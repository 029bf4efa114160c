"""Which status of a copy may become which by hand, and by whom: a table. Pure.

Lending, returning, losing on a card, rulings and stocktaking have ways of their own; a copy on loan is changed by none
of these rows, and no row makes a copy weeded (002 م8-1).
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.actions import Action
from db.codes import WEEDED, ItemStatus

CAME_BY_IMPORT = "import"
"""Why of a status with which a copy came out of the file of another program: weeded or missing there stays so here
(002 م8-5، م8-6)."""
FROM_SHELF = frozenset({ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.IN_PROCESSING, ItemStatus.IN_BINDING})
BACK_OR_GONE = frozenset({ItemStatus.AVAILABLE, ItemStatus.MISSING})

BY_HAND: Mapping[ItemStatus, Mapping[ItemStatus, Action]] = MappingProxyType(
    {
        ItemStatus.AVAILABLE: {**dict.fromkeys(FROM_SHELF, Action.CATALOGUE), ItemStatus.IN_TRANSIT: Action.LEND},
        ItemStatus.IN_PROCESSING: dict.fromkeys(BACK_OR_GONE, Action.CATALOGUE),
        ItemStatus.IN_BINDING: dict.fromkeys(BACK_OR_GONE, Action.CATALOGUE),
        ItemStatus.IN_TRANSIT: dict.fromkeys(BACK_OR_GONE, Action.CATALOGUE),
        ItemStatus.MISSING: dict.fromkeys((ItemStatus.AVAILABLE, ItemStatus.UNKNOWN), Action.CATALOGUE),
        ItemStatus.UNKNOWN: dict.fromkeys(BACK_OR_GONE, Action.CATALOGUE),
        # A weeded copy that stands in the stacks is a mistake, put right by the head and with a reason (002 م8-4).
        **{weeded: {ItemStatus.AVAILABLE: Action.FINALISE_MINUTES} for weeded in WEEDED},
    }
)
# A copy on weeding minutes stays in the house until the answer has come (002 م7-4).
LEAVES_THE_HOUSE = frozenset({ItemStatus.IN_BINDING, ItemStatus.IN_TRANSIT})


def needed_for(was: ItemStatus, becomes: ItemStatus) -> Action | None:
    """What somebody must be allowed to do to change this status by hand; None: nobody may."""
    return BY_HAND.get(was, {}).get(becomes)
