"""Where on its page a duty is done: the key of the command that leads there. Loaded when a duty is followed."""

from collections.abc import Mapping
from types import MappingProxyType

from app.duties.rules import Duty, DutyKind
from ui.parts_page import KEYS
from ui.weeding.bench_layout import TRACKING
from ui.weeding.tiles import REASONS

FIRST, SECOND, _THIRD, _FOURTH = KEYS
WAYS: Mapping[DutyKind, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                DutyKind.COUNTY_ANSWER, DutyKind.PROVINCE_ANSWER, DutyKind.HEAD_OFFICE_ANSWER, DutyKind.CORRECTION,
                DutyKind.FINAL_LIST, DutyKind.SEND_LIST, DutyKind.SEND_MINUTES, DutyKind.SET_ASIDE,
            ),
            TRACKING,
        ),
        **dict.fromkeys((DutyKind.HAND_OVER, DutyKind.PACKAGE_OUT, DutyKind.TO_STORE, DutyKind.PROCEEDS), FIRST),
        DutyKind.PACK: SECOND,
        DutyKind.BINDING_REQUEST: FIRST,
        DutyKind.BINDING_SEND: SECOND,
        DutyKind.BINDING_BACK: SECOND,
        DutyKind.BINDING_STATUS: SECOND,
    }
)  # fmt: skip
"""Kinds that have no line here are done on the page as it comes to the front."""
OF_A_REASON = frozenset({DutyKind.DRAFT_PILED})


def way_of(duty: Duty) -> str:
    """The key of the command, as `Page.commands` tells it; empty where the page itself is the place."""
    if duty.kind in OF_A_REASON and duty.subject.reason in REASONS:
        return f"Ctrl+{REASONS.index(duty.subject.reason) + 1}"
    return WAYS.get(duty.kind, "")
