"""What a reader asks the library to buy, as it is written down and answered (000 §1-2-الف)."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from app.catalogue.isbn import is_store_code, read_isbns, valid_isbn13
from app.form import invalid, required
from app.persian.digits import to_persian
from app.persian.text import clean, compact
from app.refusal import Refusal, Weight
from app.wishes.facts import HeldTitle, WishForm, WishLine
from db.codes import WEEDED, ItemStatus, WishState

LONGEST_WISH, LONGEST_NOTE = 1_000, 400
NEEDS_TITLE = frozenset({WishState.BOUGHT, WishState.HELD})
NOT_HERE = WEEDED | {ItemStatus.LOST, ItemStatus.REPLACED, ItemStatus.MISSING}
"""Copies of which a reader has nothing."""
HELD = "wish.held"
_BETWEEN = re.compile(r"[،,؛;/\n]")
_TOLD: Mapping[WishState, str] = MappingProxyType(
    {
        WishState.PLANNED: "خریداری می‌شود",
        WishState.BOUGHT: "خریداری و در کتابخانه ثبت شد",
        WishState.REFUSED: "خریداری نمی‌شود",
        WishState.HELD: "کتابخانه این کتاب را دارد",
    }
)


def wish_problems(form: WishForm) -> Iterator[Refusal]:
    """What keeps a wish from being written down."""
    yield from required(title=clean(form.title))
    if form.isbn and valid_isbn13(form.isbn) is None:
        yield invalid("isbn", form.isbn)
    if form.year is not None and not 300 <= form.year <= 2200:
        yield invalid("year", form.year)


def wish_words(form: WishForm) -> str:
    """The wish in one line, title and creator first: «کلیدر، محمود دولت‌آبادی، فرهنگ معاصر، ۱۳۸۶»."""
    isbn = valid_isbn13(form.isbn) if form.isbn else None
    parts = (
        form.title,
        form.creator,
        form.publisher,
        to_persian(str(form.year)) if form.year else None,
        f"شابک {isbn}" if isbn else None,
        form.note,
    )
    return clean("، ".join(clean(part) for part in parts if part and clean(part)), LONGEST_WISH)


def title_and_creator(wish: str) -> tuple[str, str]:
    """The first two parts of a wish, "" for one that is not there. Readers write them so on their own page."""
    parts = [part.strip() for part in _BETWEEN.split(wish) if part.strip() and not read_isbns(part)]
    return (*parts, "", "")[0], (*parts, "", "")[1]


def isbns_of(wish: str) -> list[str]:
    """The ISBNs in a wish that name a book."""
    return [isbn for isbn in read_isbns(wish) if not is_store_code(isbn)]


def is_same(wished: str, title: str) -> bool:
    """Whether a title, or what stands before its colon, is that of a wish, whatever the spelling."""
    return bool(compact(wished)) and compact(wished) in (compact(title), compact(title.partition(":")[0]))


def answer_problems(line: WishLine, answer: WishState, note: str, title: HeldTitle | None) -> Iterator[Refusal]:
    """What speaks against an answer; one that ended the wish before has been read by the reader."""
    if answer is WishState.ASKED:
        yield invalid("answer", answer)
    if answer is WishState.REFUSED and not note:
        yield Refusal("reason.required")
    if answer in NEEDS_TITLE and title is None:
        yield from required(title=None)
    if answer in NEEDS_TITLE and title is not None and not title.copies:
        yield Refusal("wish.no_copy", facts={"title": title.title})
    if not line.is_open:
        yield Refusal("wish.answered", weight=Weight.CONFIRM, facts={"answer": line.answer or ""})


def answer_words(answer: WishState, note: str, title: HeldTitle | None) -> str:
    """What the reader reads."""
    told = _TOLD.get(answer, "")
    if answer in NEEDS_TITLE and title is not None:
        told = f"{told}: {title.named}"
    return f"{told}. {note}".strip() if note else f"{told}."
