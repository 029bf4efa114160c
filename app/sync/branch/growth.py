"""How large the next batch may be: small on a bad line, growing while it goes well (sync-protocol 18). Pure."""

from dataclasses import dataclass, replace

FIRST, MOST, LEAST = 2 << 10, 64 << 10, 512
GOOD_ONES = 3
PACKED, BEST_PACKED = 2.0, 8.0
"""By how much entries of the desk shrink: a first guess, and the most that is counted on."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Bytes of a batch as sent: begins at 2 kB, doubles after three successes up to 64 kB, halves on a failure."""

    size: int = FIRST
    good: int = 0
    packed: float = PACKED

    @property
    def unpacked(self) -> int:
        """Bytes of entries that make such a batch, about."""
        return int(self.size * self.packed)

    def learnt(self, raw: int, sent: int) -> "Growth":
        """So many bytes of entries became a batch of so many."""
        return replace(self, packed=min(BEST_PACKED, max(1.0, raw / sent)))

    def succeeded(self, most: int = MOST) -> "Growth":
        """After a batch that was taken; `most` is what the centre allows."""
        if self.good + 1 < GOOD_ONES:
            return replace(self, good=self.good + 1)
        return replace(self, size=max(LEAST, min(self.size * 2, MOST, most)), good=0)

    def failed(self) -> "Growth":
        """After one that was lost or too big."""
        return replace(self, size=max(self.size // 2, LEAST), good=0)
