"""Asking for a file: the two functions a page calls, so that a test can hand it others."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

AskWhere = Callable[[QWidget, str], Path | None]
"""(parent, suggested file name) → where to write it; None when the person changed their mind."""

AskWhich = Callable[[QWidget, str], Path | None]
"""(parent, name filter) → which file to read, or None."""


def ask_where(parent: QWidget, name: str) -> Path | None:
    """The system's own dialog where there is one, Qt's in Persian elsewhere."""
    suggested = _documents() / name
    suffix = suggested.suffix
    chosen, _ = QFileDialog.getSaveFileName(parent, "ذخیره در…", str(suggested), f"{suffix[1:].upper()} (*{suffix})")
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == suffix else path.with_name(f"{path.name}{suffix}")


def ask_which(parent: QWidget, name_filter: str) -> Path | None:
    """One file that is there."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "گزینش فایل", str(_documents()), name_filter)
    return Path(chosen) if chosen else None


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
