"""What the page of other libraries says of its rows and outcomes."""

from collections.abc import Sequence
from typing import Any

from app.circulation.elsewhere import Sighting
from app.labels import LANGUAGE, MATERIAL
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.union.record import UnionRecord
from app.wording import way_out, why
from reports.strangers import NO_ADDRESS, loan_words
from ui.catalogue.words import class_words, isbn_words, year_words
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr

ANSWER_FIRST = Said(Tone.WARN, "نخست به پرسش پاسخ دهید", ("اسکن شما نگه داشته شد.",), Sound.ATTENTION)


def copy_words(sighting: Sighting) -> str:
    """The label, and whose copy it is where that is known."""
    of = f" از {isolate(sighting.library)}" if sighting.library else ""
    return f"{ltr(sighting.barcode)}{of}"


def stranger_facts(one: Sighting, address: str) -> tuple[tuple[str, str], ...]:
    """What is known of a copy of another library. Who brought it is not: the loan is the other library's."""
    return (
        ("کتابخانه", isolate(one.library) if one.library else "نامعلوم"),
        ("نشانی", isolate(address or NO_ADDRESS) if one.library else ""),
        ("اینجا از", jalali.day_month_year(one.day)),
        ("امانت آنجا", loan_words(one)),
        ("فرستاده شد", jalali.day_month_year(one.sent_home_on) if one.sent_home_on else ""),
        ("یادداشت", isolate(one.remark) if one.remark else ""),
    )


def way_home(one: Sighting) -> str:
    """What is left to do."""
    if one.sent_home_on is not None:
        return "این کتاب به کتابخانه‌اش فرستاده شده است."
    if not one.library:
        return "مهر کتاب را بخوانید و نام کتابخانه را بنویسید؛ سپس در بستهٔ همان کتابخانه بگذارید."
    return "در بستهٔ همان کتابخانه بگذارید؛ هنگام بستن، برچسب را اسکن کنید تا «فرستاده شد» ثبت شود."


def waited(days: int) -> str:
    """«امروز», «۱۲ روز»."""
    return f"{number(days)} روز" if days > 0 else "امروز"


def refused(refusals: Sequence[Refusal]) -> Said:
    """The first reason is told; there is seldom a second."""
    return Said(Tone.REFUSE, why(refusals[0]), (way_out(refusals[0]),), Sound.REFUSED)


def done(title: str, detail: str = "", undo: str = "") -> Said:
    """Something was done."""
    return Said(Tone.OK, title, (detail,) if detail else (), Sound.CHECKED_IN, undo)


def whole_title(record: UnionRecord) -> str:
    """Title and subtitle."""
    return f"{record.title}: {record.subtitle}" if record.subtitle else record.title


def names_of(record: UnionRecord) -> str:
    """Everybody who had a part in the book, the first first."""
    first = () if record.main_creator is None else (record.main_creator,)
    return "؛ ".join(isolate(name) for name in dict.fromkeys((*first, *record.creators)))


def edition_words(record: UnionRecord) -> str:
    """Publisher, place and year, as on the title page."""
    year = year_words(record.year)
    return "، ".join(part for part in (_told(record.publisher), _told(record.place), year) if part)


def facts_of(record: UnionRecord, copies: int) -> tuple[tuple[str, str], ...]:
    """What else the record says, to be compared with the book. `copies`: those that stand here under it."""
    return (
        ("ویراست", _told(record.edition)),
        ("شابک", isbn_words(record.isbn)),
        ("شمار صفحه‌ها", _told(record.pages)),
        ("فروست", _told(record.series)),
        ("رده", class_words(record.dewey, record.author_mark)),
        ("موضوع‌ها", "؛ ".join(isolate(subject) for subject in record.subjects)),
        ("نوع منبع", MATERIAL[record.material]),
        ("زبان", LANGUAGE.get(record.language) or isolate(record.language)),
        ("بازبینی", "فهرست‌نویس ارشد استان بازبینی کرده است" if record.reviewed else "هنوز بازبینی نشده است"),
        ("نزد ما", f"{number(copies)} نسخه" if copies else "نسخه‌ای نداریم"),
    )


def _told(value: Any) -> str:
    return isolate(to_persian(str(value))) if value else ""
