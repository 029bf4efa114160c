"""The answers to a wish: key, question, fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.wishes.facts import HeldTitle
from app.wishes.rules import LONGEST_NOTE
from db.codes import WishState
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.labels import isolate


@dataclass(frozen=True, slots=True)
class Deed:
    """An answer: what its button says, what is asked, and whether it names a book of the library."""

    state: WishState
    key: str
    label: str
    icon: str
    question: str
    told: str
    names_book: bool = False
    needs_reason: bool = False
    tone: Tone = Tone.INFO


DEEDS: Mapping[WishState, Deed] = MappingProxyType(
    {
        deed.state: deed
        for deed in (
            Deed(
                WishState.PLANNED, "Alt+1", "خریداری می‌شود", "check", "این کتاب خریداری می‌شود؟",
                "درخواست باز می‌ماند تا کتاب برسد و فهرست شود.",
            ),
            Deed(
                WishState.BOUGHT, "Alt+2", "خریداری شد", "book-2", "کتاب رسید و فهرست شد؟",
                "برچسب نسخهٔ تازه را اسکن کنید، یا عنوان را برگزینید.", names_book=True,
            ),
            Deed(
                WishState.REFUSED, "Alt+3", "خریداری نمی‌شود", "ban", "این کتاب خریداری نمی‌شود؟",
                "عضو دلیل را می‌خواند.", needs_reason=True, tone=Tone.WARN,
            ),
            Deed(
                WishState.HELD, "Alt+4", "در کتابخانه هست", "books", "کتابخانه این کتاب را دارد؟",
                "عنوان را برگزینید، یا برچسب نسخه‌ای از آن را اسکن کنید.", names_book=True,
            ),
        )
    }
)  # fmt: skip


def fields_of(deed: Deed, held: Sequence[HeldTitle]) -> tuple[Field, ...]:
    """The fields of an answer; titles that may be meant are offered, that very book first."""
    note = Field(
        "note", "دلیل" if deed.needs_reason else "توضیح برای عضو", required=deed.needs_reason, longest=LONGEST_NOTE
    )
    if not deed.names_book:
        return (note,)
    copy = Field(
        "copy", "برچسب یا شمارهٔ ثبت نسخه", Kind.LATIN, required=not held, longest=64,
        help="اگر عنوان بالا آن کتاب نیست." if held else "نسخه باید در فهرست ثبت شده باشد.",
    )  # fmt: skip
    offered = tuple((str(one.id), isolate(one.title)) for one in held)
    title = (Field("title", "عنوان در فهرست", Kind.CHOICE, options=offered),) if held else ()
    return (*title, copy, note)
