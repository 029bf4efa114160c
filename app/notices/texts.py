"""What a reminder says: templates are data (`resources/notices/texts.toml`), an SMS is kept to the length that is paid.

An SMS in Persian holds 70 letters, in parts of 67 when it is longer (GSM 03.38, UCS-2).
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.members.identity import show, to_e164
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.persian.text import clean
from db.codes import NoticeKind

TEXTS = Path(__file__).resolve().parents[2] / "resources" / "notices" / "texts.toml"
ONE_PART, A_PART = 70, 67
SHORTEST_TITLE, LONGEST_TITLE = 12, 60


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of notice, with blanks: as SMS, and as the paragraph of a letter."""

    sms: str
    letter: str


@dataclass(frozen=True, slots=True)
class Blanks:
    """What fills the blanks. `day`: the due date, the end of the hold shelf or of the membership; `late`: days late."""

    library: str
    phone: str | None
    titles: tuple[str, ...] = ()
    day: dt.date | None = None
    late: int = 0


@cache
def templates() -> Mapping[NoticeKind, Template]:
    """The texts as shipped."""
    with TEXTS.open("rb") as file:
        return {NoticeKind(kind): Template(**words) for kind, words in tomllib.load(file).items()}


def sms_parts(text: str) -> int:
    """How many parts a provider counts (and charges) for a Persian SMS."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE_PART else -(-units // A_PART)


def sms_text(kind: NoticeKind, blanks: Blanks, most_parts: int) -> str:
    """The SMS in at most `most_parts` parts: the titles are told as fully as there is room, then shortened, then only
    counted. Where nothing helps (a very long name of the library) the shortest is taken."""
    text = ""
    for titles in _shorter_and_shorter(blanks.titles):
        text = _filled(templates()[kind].sms, blanks, titles)
        if sms_parts(text) <= most_parts:
            return text
    return text


def letter_text(kind: NoticeKind) -> str:
    """The paragraph of a letter; titles and dates stand in a list below it."""
    return templates()[kind].letter


def titles_words(titles: Sequence[str], longest: int = LONGEST_TITLE, named: int = 3) -> str:
    """««بوف کور» و «سووشون»»; beyond `named` titles the others are counted: «… و ۲ کتاب دیگر»."""
    shown = [f"«{_cut(title, longest)}»" for title in titles[:named]]
    rest = len(titles) - len(shown)
    if not shown:
        return f"{number(rest)} کتاب"
    if rest:
        shown.append(f"{number(rest)} کتاب دیگر")
    return " و ".join(("، ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else shown[0]


def phone_words(phone: str | None) -> str:
    """«تلفن ۰۸۶ ۱۲۳۴ ۵۶۷۸»; nothing for a library without a telephone."""
    return f"تلفن {show(to_e164(phone) or to_persian(phone))}" if phone else ""


def _shorter_and_shorter(titles: Sequence[str]) -> Iterator[str]:
    for named in range(min(3, len(titles)), 0, -1):
        for longest in (LONGEST_TITLE, 30, SHORTEST_TITLE):
            yield titles_words(titles, longest, named)
    yield titles_words(titles, named=0)


def _filled(template: str, blanks: Blanks, titles: str) -> str:
    day = jalali.day_month(blanks.day) if blanks.day else ""
    text = template.format(
        library=blanks.library, phone=phone_words(blanks.phone), titles=titles, days=number(blanks.late), due=day,
        until=day, expires=day,
    )  # fmt: skip
    return clean(text, 1_000)


def _cut(title: str, longest: int) -> str:
    title = clean(title, 300)
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip()}…"
