"""A weeded copy that stands in the stacks is not weeded, whatever its record says: it is put right where it was scanned
(002 م8-4)."""

from app.actions import Action
from app.outcome import Refused
from app.weeding.minutes.corrections import Correction, StatusCorrection, correct_statuses, preview_correction
from app.wording import way_out, why
from db.codes import WEEDED, ItemStatus
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice

RESTORE, KEY = "restore", "Ctrl+Shift+K"
REASON = "در مخزن پیدا شد (م ۸-۴)"


def offered(session: Session, status: ItemStatus) -> tuple[Choice, ...]:
    """The choice to bring a copy back to the shelf, for whoever may do it."""
    may = not session.library.forbids(session.act(), Action.FINALISE_MINUTES)
    return (Choice(RESTORE, "در مخزن است؛ «موجود» شود", KEY),) if may and status in WEEDED else ()


def restore(session: Session, code: str) -> Said:
    """Make a weeded copy available again and tell it, or say what stands against it."""
    request = StatusCorrection(Correction.RESTORE, (code,), reason=REASON)
    seen = preview_correction(session.library, request)
    outcome = correct_statuses(session.library, request, session.act())
    if isinstance(outcome, Refused):
        refusals = tuple(refusal for copy in seen.copies for refusal in copy.refusals) or outcome.refusals
        return Said(Tone.REFUSE, why(refusals[0]), (way_out(refusals[0]),), Sound.REFUSED)
    session.refresh.tell("weeding", "items")
    titles = "، ".join(isolate(copy.title) for copy in outcome.changed)
    return Said(Tone.OK, f"به «موجود» برگشت — {titles}", ("آن را به قفسه برگردانید.",), Sound.CHECKED_IN)
