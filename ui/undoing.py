"""Ctrl+Z on any page: the desk's last action is taken back and the banner says which it was."""

from typing import assert_never

from app.labels import ENTRY_KIND
from app.outcome import Refused
from app.undo import Undone, undo_last
from app.wording import way_out, why
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.banner import Banner

ALL_ROWS = ("loans", "items", "members", "titles", "weeding")


def undo_and_say(session: Session, banner: Banner) -> bool:
    """Take back the last action of this desk and say so, or say why not; True when rows have changed."""
    outcome = undo_last(session.library, session.act())
    match outcome:
        case Undone():
            banner.show_outcome(Tone.INFO, f"واگرد شد — {ENTRY_KIND.get(outcome.kind, 'آخرین کار')}")
            session.sounds.play(Sound.CHECKED_IN)
            session.refresh.tell(*ALL_ROWS)
            return True
        case Refused():
            refusal = outcome.refusals[0]
            banner.show_outcome(Tone.WARN, why(refusal), way_out(refusal))
            session.sounds.play(Sound.REFUSED)
            return False
        case _:
            assert_never(outcome)
