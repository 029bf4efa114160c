"""What each role of the centre may do, table by table, and which rows it sees. The one place to change either.

`db.isolation` makes PostgreSQL hold to it. A table that is not named here may be touched by the owner alone, so that a
new one is closed until somebody thinks of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from db.models.schema import METADATA, synced_tables


class DbRole(StrEnum):
    """The roles of PostgreSQL that a transaction may take on."""

    SYNC = "pishkhan_sync"
    REVIEW = "pishkhan_review"
    MEMBER = "pishkhan_member"


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be done with a table; `columns` narrows it, None means all of them."""

    privilege: str
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RowRule:
    """Which rows the roles see (`using`) and may leave behind (`check`); None for reading only."""

    name: str
    using: str
    check: str | None
    roles: tuple[DbRole, ...] = tuple(DbRole)


READ, ADD, CHANGE, DELETE = "SELECT", "INSERT", "UPDATE", "DELETE"
SEARCH_INDEX = "title_words"  # made by db.search_index, not by a model

# The brackets and the second cast keep it an array that is read once a statement, not a sub-query asked row by row.
BRANCHES = "(SELECT nullif(current_setting('app.branches', true), '')::uuid[])::uuid[]"
OWN = f"branch_id = ANY ({BRANCHES})"
# Of an office that sees the whole country the array is long, and looked through from its beginning for every row; this
# one is looked up in a table of hashes made once a statement. It finds no index: offices ask for branches by name.
OWN_OF_MANY = f"branch_id IN (SELECT unnest({BRANCHES}))"
CENTRE = "branch_id = (SELECT branch_id FROM site)"
OWN_HEAD = (
    f"feed LIKE 'branch:%' AND replace(substr(feed, 8), '-', '') IN "
    f"(SELECT replace(one::text, '-', '') FROM unnest({BRANCHES}) AS one)"
)

# Rows of the centre that every branch, reviewer and reader may see (the feeds `policy` and `bib`, rules on pages).
SHOWN_TO_ALL = (
    "policy", "policy_row", "calendar_day", "guideline_version", "licensed_library", "union_title", "redirect",
)  # fmt: skip
# Tables without a branch of their own, whose rows belong to whoever owns the row they hang on.
HANGING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "account": ("EXISTS (SELECT FROM member WHERE member.id = account.member_id)",) * 2,
        "feed_cursor": ("EXISTS (SELECT FROM device WHERE device.id = feed_cursor.device_id)",) * 2,
        SEARCH_INDEX: (f"EXISTS (SELECT FROM title WHERE title.id = {SEARCH_INDEX}.title_id)",) * 2,
        "feed_head": (f"feed NOT LIKE 'branch:%' OR {OWN_HEAD}", OWN_HEAD),
    }
)
# What says nothing of anybody: the one row of the site, the histories of the feeds.
OPEN = ("site", "feed_epoch")

# Only the centre writes these; app.sync.owners says the same of the models.
CENTRE_WRITES = ("directive", "member_standing", "member_numbers", "union_title", "redirect")
# Written once; what else may change of the journal is told in db.guards.
APPENDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"journal": ("personal", "moved", "applied"), "ledger_line": ("rh", "bpos"), "document": ("rh", "bpos")}
)
# Papers of the weeding, the bindery and the shelves: nothing that shows or names a reader.
PAPERS_OF_REVIEW = (
    "kind IN ('weeding_content', 'weeding_worn', 'weeding_duplicate', 'weeding_no_audience', 'binding', 'delivery', "
    "'recycling', 'stocktake', 'report') OR (kind = 'attachment' AND entity = 'minutes')"
)
READ_AT_REVIEW = (
    "branch", "title", "title_creator", "title_subject", "authority", "item", "item_status_change", "local_use",
    "candidate_note", "minutes", "minutes_row", "minutes_step", "ruling", "disposal", "disposal_row", "exchange_offer",
    "exchange_request", "binding_request", "binding_row", "mending", "stocktake", "quarterly_report", "office",
    "training", "licensed_library", "calendar_day", "guideline_version", "union_title", "redirect",
    "cataloguing_request", "directive", "directive_answer", "document", "review", "stream", "digest", "loan", "staff",
    "device", "site", "sync_case", "set_aside",
)  # fmt: skip
HIDDEN_AT_REVIEW: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "loan": ("member_id",),
        "staff": ("member_id", "pin_hash", "card"),
        "device": ("public_key",),
        "directive": ("facts",),
        "sync_case": ("rows", "stories", "choices", "decision", "decided_by"),  # counted, not told
        "set_aside": ("raw",),
    }
)
READ_BY_MEMBERS = (
    "branch", "title", "title_creator", "item", "member", "member_card", "member_login", "member_standing", "loan",
    "hold", "ledger_line", "account", "receipt", "restriction", "purchase_request", "directive", "directive_answer",
    "policy", "policy_row", "calendar_day", "opening_hours", "union_title", "redirect", "site",
)  # fmt: skip


def _of_sync() -> Iterator[tuple[str, tuple[Grant, ...]]]:
    """The branch whose push or pull is being answered."""
    writing = (Grant(READ), Grant(ADD), Grant(CHANGE))
    for table in synced_tables():
        if table.name in CENTRE_WRITES:
            yield table.name, (Grant(READ), Grant(CHANGE, ("rh",)))  # the digest is filled where it is asked for
        elif table.name not in APPENDED:
            yield table.name, writing
    for name, free in APPENDED.items():
        yield name, (Grant(READ), Grant(ADD), Grant(CHANGE, free))
    for name in ("stream", "set_aside", "conflict_value", "subscription", "digest", "feed_cursor", "feed_head"):
        yield name, writing
    yield "account", writing  # by the trigger that keeps balances
    yield SEARCH_INDEX, (*writing, Grant(DELETE))
    said = ("app_version", "schema_version", "seen_at", "skew_ms", "waiting", "fingerprint", "facts")
    yield "device", (Grant(READ), Grant(CHANGE, said))
    yield from ((name, (Grant(READ),)) for name in OPEN)


def _of_review() -> Iterator[tuple[str, tuple[Grant, ...]]]:
    """Offices: minutes, papers and copies; nothing that says who reads what (sync-protocol 17)."""
    for name in READ_AT_REVIEW:
        hidden = HIDDEN_AT_REVIEW.get(name)
        yield name, (Grant(READ, None if hidden is None else _without(name, hidden)),)


def _without(table: str, hidden: Iterable[str]) -> tuple[str, ...]:
    return tuple(column.name for column in METADATA.tables[table].columns if column.name not in hidden)


RIGHTS: Mapping[DbRole, Mapping[str, tuple[Grant, ...]]] = MappingProxyType(
    {
        DbRole.SYNC: dict(_of_sync()),
        DbRole.REVIEW: dict(_of_review()),
        DbRole.MEMBER: {name: (Grant(READ),) for name in READ_BY_MEMBERS},
    }
)


def tables() -> list[str]:
    """Every table that is closed to others: all of the models, and the index of words."""
    return [*sorted(METADATA.tables), SEARCH_INDEX]


def row_rules(table: str) -> Iterator[RowRule]:
    """Which rows of a table the roles see. A table without a rule shows them none."""
    if table in OPEN:
        yield RowRule("open", "true", None)
    elif table in HANGING:
        yield RowRule("hanging", *HANGING[table])
    elif table == "document":
        yield RowRule("own", OWN, OWN, (DbRole.SYNC,))
        yield RowRule("papers", f"{OWN_OF_MANY} AND ({PAPERS_OF_REVIEW})", None, (DbRole.REVIEW,))
    elif "branch_id" in METADATA.tables[table].columns:
        yield RowRule("own", OWN, OWN, (DbRole.SYNC, DbRole.MEMBER))
        yield RowRule("of_scope", OWN_OF_MANY, None, (DbRole.REVIEW,))
    if table in SHOWN_TO_ALL:
        yield RowRule("of_centre", CENTRE, None)
