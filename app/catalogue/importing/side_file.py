"""What an import did not take, kept beside it so that nothing is lost."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from app.catalogue.importing.marc_split import RECORD_END
from app.catalogue.importing.record import NotABook, Outcome, Refused
from app.catalogue.importing.sniff import FileFormat

WriteWhole = Callable[[Path, bytes], None]
"""Writes a file so that it is whole or absent, as `db.files.safe_write` does."""


class SideFile:
    """Collects refused records and copies and those that are no books, and writes them when the import is over.

    One JSON line for each goes to `path`: line, code, Persian reason, and the record word for word (`raw`, or
    `raw_base64` where it is no text). Records of MARC files also go to a file of MARC records beside it, to be mended
    and imported again.
    """

    def __init__(self, path: Path, write: WriteWhole, kind: FileFormat) -> None:
        self._path = path
        self._marc = kind is FileFormat.MARC21
        self._write = write
        self._lines: list[bytes] = []
        self._records: list[bytes] = []

    def add(self, outcome: Outcome) -> None:
        """Keep the outcome, if it was not taken."""
        match outcome:
            case Refused():
                self._keep(outcome, outcome.code, outcome.text)
            case NotABook():
                self._keep(outcome, f"not_a_book.{outcome.kind}", outcome.text)
            case _:
                pass

    def add_copy(self, line: int, code: str, text: str, raw: Mapping[str, object]) -> None:
        """Keep a copy that was not registered though its record was taken."""
        said = {"line": line, "code": code, "reason": text, "raw": json.dumps(raw, ensure_ascii=False, default=str)}
        self._lines.append(json.dumps(said, ensure_ascii=False).encode("utf-8") + b"\n")

    def save(self) -> tuple[Path, ...]:
        """Write what was kept; the files written, none if nothing was kept.

        Raises what `write` raises.
        """
        contents = {self._path: b"".join(self._lines), self._path.with_suffix(".mrc"): b"".join(self._records)}
        written = tuple(path for path, content in contents.items() if content)
        for path in written:
            self._write(path, contents[path])
        return written

    def _keep(self, outcome: Refused | NotABook, code: str, text: str) -> None:
        line = {"line": outcome.line, "code": code, "reason": text, **_raw(outcome.raw)}
        self._lines.append(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
        if self._marc and isinstance(outcome.raw, bytes):
            self._records.append(outcome.raw.removesuffix(RECORD_END) + RECORD_END)


def _raw(raw: bytes | str) -> dict[str, str]:
    if isinstance(raw, bytes):
        return {"raw_base64": base64.b64encode(raw).decode("ascii")}
    return {"raw": raw}
