"""Where an entry came from, and how it stands in time against others."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """One entry of one stream. `corrected_ms` is its moment by the centre's clock, as far as its desk knew it; `desk`
    is 0 where the entry could not be read."""

    branch_id: uuid.UUID
    device_id: uuid.UUID
    epoch: int
    seq: int
    eid: uuid.UUID
    at_ms: int
    corrected_ms: int
    desk: int

    @property
    def stream(self) -> tuple[uuid.UUID, int]:
        """The history it belongs to."""
        return self.device_id, self.epoch

    @property
    def place(self) -> tuple[int, bytes]:
        """Later wins: by corrected time, then by the larger id (sync-protocol 11)."""
        return self.corrected_ms, self.eid.bytes
