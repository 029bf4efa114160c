"""Statuses that a conversion of old data spoiled, put right as a batch at the headless desk (002 م8-3 … م8-6)."""

from pathlib import Path as FilePath
from typing import Annotated, Literal

from msgspec import Meta

from app.imports.copy_list import listed_copies
from app.outcome import Refused
from app.weeding.minutes.corrections import (
    CorrectedCopy,
    Correction,
    CorrectionPreview,
    StatusCorrection,
    correct_statuses,
    namayeh_weeded,
    preview_correction,
)
from db.codes import WeedingReason
from server.desk.answers import Facts, done, invalid, reason, refused
from server.desk.keys import item_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Line, Number, Path

MOST_COPIES = 5_000


class StatusCorrect(Request, kw_only=True):
    """Statuses that the conversion of old data spoiled. `preview`: only tell what would change.

    The copies are `items`, the lines of `file`, or the accession numbers `first` to `last`. With `weeded` a line of
    the file is «accession number, code of the worksheet», and `code` (3 or 33) is the one that means weeded.
    """

    correction: Correction
    items: Annotated[tuple[str, ...], Meta(max_length=MOST_COPIES)] = ()
    file: Path | None = None
    first: Number | None = None
    last: Number | None = None
    reason: Line = ""
    weeded_as: WeedingReason = WeedingReason.CONTENT
    code: Literal[3, 33] | None = None
    preview: bool = False


def correct_status(session: Session, request: StatusCorrect) -> Facts:
    """Put statuses right, or tell what would be. Raises Trouble P-21xx where the list cannot be read."""
    if (request.first is None) != (request.last is None):
        return invalid("«first» و «last» با هم نوشته می‌شوند.", "هر دو را بنویسید.", "last")
    wanted = StatusCorrection(
        correction=request.correction,
        items=(*(item_key(session, item) or item for item in request.items), *_listed(request)),
        first=request.first,
        last=request.last,
        reason=request.reason,
        weeded_as=request.weeded_as,
    )
    if request.preview:
        return done("preview", **_preview(preview_correction(session.library, wanted)))
    outcome = correct_statuses(session.library, wanted, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals, **_preview(preview_correction(session.library, wanted)))
    return done("corrected", changed=len(outcome.changed), **_preview(outcome.preview))


def _listed(request: StatusCorrect) -> tuple[str, ...]:
    """The copies that the lines of a file name."""
    if request.file is None:
        return ()
    rows = listed_copies(FilePath(request.file))
    if request.correction is Correction.WEEDED and request.code is not None:
        return namayeh_weeded(rows, request.code)
    return tuple(item for item, _ in rows)


def _preview(preview: CorrectionPreview) -> Facts:
    return {"copies": [_corrected(copy) for copy in preview.copies], "unknown": preview.unknown}


def _corrected(copy: CorrectedCopy) -> Facts:
    return {
        "item": copy.id, "accession_no": copy.accession_no, "barcode": copy.barcode, "title": copy.title,
        "was": copy.was, "becomes": copy.becomes, "refusals": [reason(one) for one in copy.refusals],
    }  # fmt: skip
