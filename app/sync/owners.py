"""Whose rows are whose: what a branch may write, and what each feed carries (sync-protocol 1, 9).

The owner of a row is its `branch_id`. Tables named here are written by the centre alone even where the row is addressed
to a branch; everything else belongs to the branch whose id it bears.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from db.feeds import OF_BIB, OF_POLICY
from db.models.base import Base
from db.models.centre import Directive, MemberNumbers, MemberStanding, Redirect, SyncCase, UnionTitle
from db.models.collection import Document

__all__ = ["CENTRE_ONLY", "LARGE", "OF_BIB", "OF_POLICY", "PATCHED", "Feed"]


class Feed(StrEnum):
    """The feeds of a branch, in the order they are pulled."""

    BRANCH = "branch"
    POLICY = "policy"
    BIB = "bib"


CENTRE_ONLY: frozenset[type[Base]] = frozenset({Directive, MemberStanding, MemberNumbers, UnionTitle, Redirect})
"""Never written by a branch, whatever `branch_id` says."""
PATCHED: Mapping[type[Base], frozenset[str]] = MappingProxyType({SyncCase: frozenset({"decision", "state"})})
"""Written by the centre; a branch may patch these columns of what is addressed to it."""
LARGE: frozenset[type[Base]] = frozenset({Document})
"""Whose rows hold files of many megabytes: read, told and taken one by one."""
