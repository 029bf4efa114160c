"""The ten main classes of Dewey, by which collections are counted (002 م1)."""

from functools import lru_cache

from app.catalogue.call_number import main_class
from db.codes import WEEDED, ItemStatus

CLASS_NAMES = (
    "کلیات",
    "فلسفه و روان‌شناسی",
    "دین",
    "علوم اجتماعی",
    "زبان",
    "علوم خالص",
    "علوم عملی و فناوری",
    "هنر و سرگرمی",
    "ادبیات",
    "تاریخ و جغرافیا",
)
UNCLASSED = "بی‌رده"
MAIN_CLASSES: tuple[int | None, ...] = (*range(10), None)
GONE = WEEDED | {ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.REPLACED}
"""A copy with one of these is not part of what the library offers."""


@lru_cache(maxsize=32_768)
def class_of(written: str | None) -> int | None:
    """The main class 0-9 of a class number as it stands in the catalogue; None where it has none or no sound one."""
    return main_class(written) if written else None


def class_words(main: int | None) -> str:
    """«۸۰۰ ادبیات», «بی‌رده»."""
    return UNCLASSED if main is None else f"{'۰۱۲۳۴۵۶۷۸۹'[main]}۰۰ {CLASS_NAMES[main]}"
