"""Timings of several rounds, and ratios between two sides of one run."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Timings:
    """Single times in seconds, by round."""

    rounds: list[Sequence[float]] = field(default_factory=list)

    def add_round(self, times: Sequence[float]) -> None:
        """One more round."""
        self.rounds.append(times)

    @property
    def pooled(self) -> list[float]:
        """All single times, sorted."""
        return sorted(time for times in self.rounds for time in times)

    def percentile(self, share: float) -> float:
        """The time below which `share` (0…1) of all single times lie, in microseconds."""
        pooled = self.pooled
        return pooled[min(len(pooled) - 1, int(share * len(pooled)))] * 1e6

    @property
    def sums(self) -> list[float]:
        """Seconds of each round."""
        return [sum(times) for times in self.rounds]

    def row(self) -> str:
        """p50, p95, p99 and maximum in milliseconds, for a table."""
        return " | ".join(f"{self.percentile(share) / 1000:.3f}" for share in (0.5, 0.95, 0.99, 1.0))


def ratio(anchor: Timings, candidate: Timings) -> float:
    """How much of the anchor's throughput the candidate reaches: the median over rounds run side by side."""
    return statistics.median(bare / ours for bare, ours in zip(anchor.sums, candidate.sums, strict=True))
