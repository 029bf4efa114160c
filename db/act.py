"""Who acts, at which desk, when: handed to every use case and written into every journal entry."""

import datetime as dt
import uuid
from dataclasses import dataclass

from db.codes import Role
from db.moments import to_ms


@dataclass(frozen=True, slots=True)
class Stamp:
    """One reading of the clock service.

    `at` is UTC; `day` is the library's business day (Asia/Tehran), a value of its own that no other side derives again;
    `boot` and `mono_ms` let a wrong wall clock be repaired later (reliability 2.7).
    """

    at: dt.datetime
    day: dt.date
    boot: int = 0
    mono_ms: int = 0
    skew_ms: int | None = None
    server_age_min: int | None = None
    doubtful: bool = False

    @property
    def at_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        return to_ms(self.at)


@dataclass(frozen=True, slots=True)
class Act:
    """A person at a desk at a moment. `key` makes a request of the headless desk happen at most once for ever."""

    staff_id: uuid.UUID | None
    role: Role
    desk: int
    stamp: Stamp
    key: str | None = None

    @property
    def at(self) -> dt.datetime:
        """The moment, UTC."""
        return self.stamp.at

    @property
    def day(self) -> dt.date:
        """The business day."""
        return self.stamp.day
