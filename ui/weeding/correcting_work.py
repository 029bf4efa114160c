"""The list of copies whose status is to be put right, and the work on it that may take a while."""

from collections.abc import Iterable
from pathlib import Path

from app.imports.copy_list import listed_copies
from app.library import Library
from app.outcome import Refused
from app.weeding.minutes.corrections import (
    CorrectedCopy,
    CorrectionPreview,
    StatusCorrected,
    StatusCorrection,
    correct_statuses,
    namayeh_weeded,
    preview_correction,
)
from db.act import Act
from ui.jobs import Token
from ui.weeding.correcting_words import CorrectingLine


class CorrectingList:
    """The lines, the newest first; each copy stands on it once."""

    def __init__(self) -> None:
        self._lines: dict[object, CorrectingLine] = {}

    def put(self, preview: CorrectionPreview) -> list[CorrectingLine]:
        """Copies and unknown codes come on the list, anew where they stand on it; the lines they became."""
        lines = [CorrectingLine(copy.barcode, copy) for copy in preview.copies]
        lines += [CorrectingLine(code, None) for code in dict.fromkeys(preview.unknown)]
        fresh = {line.key: line for line in lines}
        self._lines = fresh | {key: line for key, line in self._lines.items() if key not in fresh}
        return lines

    def set(self, preview: CorrectionPreview) -> None:
        """Only these."""
        self._lines.clear()
        self.put(preview)

    def settle(self, outcome: StatusCorrected) -> None:
        """What was changed leaves the list; the rest stays, with what spoke against it."""
        self.drop(copy.id for copy in outcome.changed)
        self.put(CorrectionPreview(tuple(_refused(outcome.preview.copies)), ()))

    def drop(self, keys: Iterable[object]) -> None:
        """Take lines away."""
        for key in keys:
            self._lines.pop(key, None)

    def lines(self) -> tuple[CorrectingLine, ...]:
        """All of them."""
        return tuple(self._lines.values())

    def codes(self) -> tuple[str, ...]:
        """What finds the copies again."""
        return tuple(line.code for line in self._lines.values())

    def changing(self) -> tuple[str, ...]:
        """The barcodes of the copies that nothing speaks against."""
        return tuple(line.code for line in self._lines.values() if line.changes)


def look(library: Library, request: StatusCorrection, _: Token) -> CorrectionPreview:
    """What would be changed."""
    return preview_correction(library, request)


def look_at_file(
    library: Library, path: Path, code: int | None, request: StatusCorrection, _: Token
) -> CorrectionPreview:
    """What would be changed of the copies of a file: all of them, or those with this code beside them (002 م8-5).

    Raises Trouble P-2101 to P-2105 where the file cannot be read.
    """
    rows = listed_copies(path)
    items = tuple(item for item, _ in rows) if code is None else namayeh_weeded(rows, code)
    return preview_correction(library, StatusCorrection(request.correction, items, weeded_as=request.weeded_as))


def correct(library: Library, request: StatusCorrection, act: Act, _: Token) -> StatusCorrected | Refused:
    """Change them."""
    return correct_statuses(library, request, act)


def _refused(copies: Iterable[CorrectedCopy]) -> Iterable[CorrectedCopy]:
    return (copy for copy in copies if copy.refusals)
