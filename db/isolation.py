"""Who may see which rows at the centre: row-level security that holds even where a check above it is missing.

A transaction of the centre that works for branches or offices runs as one of these roles, over the branches it names
(`Scope`). The owner of the tables, who migrates and looks across branches, is not bound. Issue: isolation.
"""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class DbRole(StrEnum):
    """The roles of PostgreSQL that a transaction may take on."""

    SYNC = "pishkhan_sync"
    REVIEW = "pishkhan_review"
    MEMBER = "pishkhan_member"


@dataclass(frozen=True, slots=True)
class Scope:
    """As whom a transaction of the centre runs, and over which branches."""

    role: DbRole
    branches: tuple[uuid.UUID, ...]

    def statements(self) -> tuple[str, ...]:
        """What makes it so, for the rest of the transaction only. Ids and roles are ours: nothing is quoted in."""
        listed = ",".join(str(uuid.UUID(str(branch))) for branch in self.branches)
        return (f"SELECT set_config('app.branches', '{{{listed}}}', true)", f"SET LOCAL ROLE {self.role.value}")
