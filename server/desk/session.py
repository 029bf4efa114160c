"""Who works at the headless desk: a library, a person, a desk number."""

import sys
from dataclasses import dataclass

from app.actions import Action
from app.circulation.visit import Visit
from app.library import Library, Person
from db.act import Act


@dataclass(slots=True)
class Session:
    """One run of the headless desk. `person` changes when somebody else signs in; `visit` is what was decided for the
    reader who is being served. `rested`: how many transactions were committed when nobody was served last."""

    library: Library
    person: Person
    desk: int = 1
    visit: Visit | None = None
    rested: int = 0

    def act(self, key: str | None = None) -> Act:
        """An act of this person now; with a key it is done at most once for ever."""
        return self.library.act(self.person, self.desk, key)

    def may(self, action: Action) -> bool:
        """Whether the person may do something here."""
        return not self.library.forbids(self.act(), action)


def say(text: str) -> None:
    """A word to the person at the terminal: standard error, never standard output."""
    print(text, file=sys.stderr, flush=True)
