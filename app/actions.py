"""What people may do: actions, and the roles that may by default. A branch changes this in the `permission` table."""

from collections.abc import Mapping
from enum import StrEnum

from db.codes import Role


class Action(StrEnum):
    """Something that needs permission."""

    LEND = "lend"
    OVERRIDE = "override"
    CATALOGUE = "catalogue"
    REGISTER_MEMBER = "register_member"
    WEED = "weed"
    FINALISE_MINUTES = "finalise_minutes"
    ENTER_RULING = "enter_ruling"
    CHANGE_POLICY = "change_policy"
    CHANGE_CALENDAR = "change_calendar"
    MANAGE_STAFF = "manage_staff"
    IMPORT = "import"
    UNDO = "undo"


DESK_WORK = frozenset({Action.LEND, Action.REGISTER_MEMBER, Action.UNDO})
DEFAULTS: Mapping[Role, frozenset[Action]] = {
    Role.HEAD: frozenset(Action),
    Role.LIBRARIAN: DESK_WORK | {Action.OVERRIDE, Action.CATALOGUE, Action.WEED, Action.IMPORT, Action.CHANGE_CALENDAR},
    Role.ASSISTANT: DESK_WORK,
    Role.CATALOGUER: frozenset({Action.CATALOGUE, Action.IMPORT, Action.UNDO}),
    Role.SENIOR_CATALOGUER: frozenset({Action.CATALOGUE, Action.IMPORT, Action.UNDO}),
    Role.COUNTY_HEAD: frozenset(),
    Role.PROVINCE_REVIEWER: frozenset(),
    Role.RESOURCES_OFFICE: frozenset(),
    Role.LIBRARY_AFFAIRS: frozenset(),
    Role.AUDITOR: frozenset(),
}

# Refusals that a person with Action.OVERRIDE may lift, and those that only the head may. A copy on weeding minutes is
# in neither: until the answer has come nothing takes it out of the house (002 م7-4); it is struck off the minutes
# first.
LIBRARIAN_OVERRIDES = frozenset(
    {
        "limit.total",
        "limit.item_type",
        "limit.onsite",
        "limit.national_id",
        "member.overdues",
        "member.debt",
        "member.address_unknown",
        "hold.queued_for_other",
        "renewal.too_many",
        "renewal.overdue",
        "renewal.on_hold",
        "renewal.not_extended",
        "item.missing",
        "item.lost",
    }
)
HEAD_OVERRIDES = LIBRARIAN_OVERRIDES | {
    "member.expired",
    "member.restricted",
    "item.not_for_loan",
    "item.in_binding",
    "hold.waiting_for_other",
}


def overrides_of(role: Role, allowed: frozenset[Action]) -> frozenset[str]:
    """The refusal codes that a person of this role may lift."""
    if Action.OVERRIDE not in allowed:
        return frozenset()
    return HEAD_OVERRIDES if role is Role.HEAD else LIBRARIAN_OVERRIDES
