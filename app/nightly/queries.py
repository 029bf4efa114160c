"""What the last nights did, for the screen."""

from dataclasses import dataclass

from app.nightly.state import kept
from app.nightly.steps import WORDS
from app.persian.digits import number
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class NightLine:
    """One thing that the last run did."""

    name: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class LastNights:
    """The last run: how many nights it worked, and what they did; no lines when there was nothing to do."""

    nights: int
    lines: tuple[NightLine, ...]

    @property
    def words(self) -> str:
        """«دیشب: …» in one line, or for several nights together; empty when nothing was done."""
        if not self.lines:
            return ""
        when = "دیشب" if self.nights <= 1 else f"{number(self.nights)} شب گذشته"
        return f"{when}: {'؛ '.join(line.words for line in self.lines)}"


def last_nights(reader: Reader) -> LastNights:
    """What the last run of the nightly work did."""
    state = kept(reader)
    lines = (
        NightLine(name, count, words.format(count=number(count)))
        for name, words in WORDS.items()
        if (count := state.last.get(name, 0))
    )
    return LastNights(state.nights, tuple(lines))
