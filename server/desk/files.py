"""Papers written by the headless desk to files the request names."""

from pathlib import Path

from db.files import safe_write
from reports.preview import page_count
from server.desk.answers import Facts, invalid


def written(path: str, pdf: bytes) -> Facts:
    """Write a paper; the facts of the file."""
    safe_write(Path(path), pdf)
    return {"pdf": path, "pages": page_count(pdf)}


def wrong_suffix(path: str | None, suffix: str, field: str) -> Facts | None:
    """The answer to a file that is not called what it is."""
    if path is None or Path(path).suffix.lower() == suffix:
        return None
    return invalid(f"نام فایل «{field}» باید به \u200e{suffix}\u200e پایان یابد.", "نام فایل را درست کنید.", field)
