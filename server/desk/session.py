"""Who works at the headless desk: a library, a person, a desk number."""

import sys
from dataclasses import dataclass

from app.actions import Action
from app.library import Library, Person
from db.act import Act


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the headless desk."""

    library: Library
    person: Person
    desk: int = 1

    def act(self, key: str | None = None) -> Act:
        """An act of this person now; with a key it is done at most once for ever."""
        return self.library.act(self.person, self.desk, key)

    def may(self, action: Action) -> bool:
        """Whether the person may do something here."""
        return self.library.may(self.person.role, action)


def say(text: str) -> None:
    """A word to the person at the terminal: standard error, never standard output."""
    print(text, file=sys.stderr, flush=True)
