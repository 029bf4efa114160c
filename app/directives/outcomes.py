"""What became of a directive at the branch, before it is answered."""

from dataclasses import dataclass

from app.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Deed:
    """Done, or it was so already. `words` tell the centre in Persian what it should know beside that."""

    words: str | None = None


@dataclass(frozen=True, slots=True)
class Refusing:
    """The rules of the house speak against it; nothing was changed."""

    refusals: tuple[Refusal, ...]
