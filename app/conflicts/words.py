"""A conflict in Persian: what it is about, what each side says, and what follows from a decision."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from app.conflicts.choices import OPTIONS, Choice
from app.conflicts.values import day_words, field_words, value_words
from app.conflicts.writing import id_in
from app.conflicts.writings import LOST, both_sides, in_order, parts_of, what_follows
from app.labels import ENTRY_KIND
from app.persian.digits import number, to_persian
from db.codes import CaseKind
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader

TWO_MACHINES: Mapping[Choice, str] = MappingProxyType(
    {Choice.KEEP_OURS: "آنچه هست بماند", Choice.TAKE_THEIRS: "آن یکی درست است"}
)
"""Between two machines of one library there is no «ours»."""


@dataclass(frozen=True, slots=True)
class Story:
    """What one side says: whose it is, and its sentences in Persian."""

    whose: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A decision that can be taken: its code, its words, and what follows from it. `parts`: the columns that can be
    taken one without the other, each in words; none where there is nothing to choose from."""

    choice: Choice
    words: str
    follows: str
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of a case: its rows («entity:id»), what was told of both sides, and whoever can look rows up."""

    reader: Reader
    rows: Sequence[str]
    stories: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a case: what it is about in one line, and both sides."""

    about: str
    stories: tuple[Story, ...]


def options_of(choices: Sequence[str], stories: Mapping[str, Any]) -> tuple[Option, ...]:
    """The decisions that can be taken here. What another side wrote can only be taken where it was told."""
    known = {choice.value for choice in Choice}
    wanted = [Choice(choice) for choice in choices if choice in known]
    if stories.get(LOST):
        follows = {Choice.KEEP_OURS: OPTIONS[Choice.KEEP_OURS][1], Choice.TAKE_THEIRS: what_follows(stories)}
        parts = {Choice.TAKE_THEIRS: parts_of(stories)}
        return tuple(
            Option(choice, TWO_MACHINES[choice], follows[choice], parts.get(choice, ()))
            for choice in wanted
            if choice in follows
        )
    return tuple(
        Option(choice, *OPTIONS[choice])
        for choice in wanted
        if choice is not Choice.TAKE_THEIRS or stories.get("theirs")
    )


def told(reader: Reader, kind: CaseKind, rows: Sequence[str], stories: Mapping[str, Any]) -> Told:
    """The words of a case, as far as its rows are known here."""
    return TELLERS[kind](Subject(reader, rows, stories))


def _over_limit(case: Subject) -> Told:
    total, limit = _n(case.stories, "total"), _n(case.stories, "limit")
    about = f"{_member(case.reader, case.rows)}: {total} امانت باز؛ سقف {limit} است."
    return Told(
        about,
        (
            Story("این کتابخانه", (f"{_n(case.stories, 'here')} کتاب از اینجا نزد عضو است.",)),
            Story(
                "کتابخانه‌های دیگر",
                (
                    f"{_n(case.stories, 'elsewhere')} کتاب از آن‌ها نزد عضو است.",
                    "تا کمتر شدن، امانت تازه داده نمی‌شود؛ سپس این مورد خودبه‌خود بسته می‌شود.",
                ),
            ),
        ),
    )


def _member_differs(case: Subject) -> Told:
    fields = in_order([str(name) for name in case.stories.get("fields", ())])
    about = f"{_member(case.reader, case.rows)}: {'، '.join(map(field_words, fields))}"
    if case.stories.get(LOST):
        sides = both_sides(case.reader, id_in(case.rows, Member), case.stories)
        return Told(about, tuple(Story(whose, lines) for whose, lines in sides))
    if "ours" not in case.stories:
        lines = ("رایانهٔ دیگر همین کتابخانه این‌ها را هم‌زمان جور دیگری نوشته بود؛ نوشتهٔ ماندگار همین است که می‌بینید.",)
        return Told(
            about, (Story("این رایانه", tuple(_ours(case.reader, case.rows, fields))), Story("رایانهٔ دیگر", lines))
        )
    return Told(
        about,
        (
            Story("این کتابخانه", tuple(_values(case.stories["ours"], fields))),
            Story(
                str(case.stories.get("library", "کتابخانهٔ دیگر")),
                tuple(_values(case.stories.get("theirs", {}), fields)),
            ),
        ),
    )


def _values(values: Mapping[str, Any], fields: Sequence[str]) -> Iterator[str]:
    for name in fields:
        value = values.get(name)
        said = "جور دیگری نوشته شده است" if value is None else value_words(value, name)
        yield f"{field_words(name)}: {said}"


def _ours(reader: Reader, rows: Sequence[str], fields: Sequence[str]) -> Iterator[str]:
    member_id = id_in(rows, Member)
    found = reader.connection.execute(sa.select(Member.__table__).where(Member.id == member_id)).one_or_none()
    values = {} if found is None else {name: getattr(found, name, None) for name in fields}
    return (f"{field_words(name)}: {value_words(value, name)}" for name, value in values.items() if value is not None)


def _returned_elsewhere(case: Subject) -> Told:
    if "libraries" in case.stories:
        lines = tuple(f"نسخه‌ای با همین برچسب در «{library}» هست." for library in case.stories["libraries"])
        more = "مهر یا نام کتابخانه را از روی کتاب بخوانید و بازگشت را با نام آن دوباره ثبت کنید."
        about = f"برچسب {to_persian(str(case.stories.get('barcode', '')))}"
        return Told(
            about,
            (Story("اینجا", (f"کتاب در {day_words(case.stories['day'])} اینجا بازگشت.", more)), Story("مرکز", lines)),
        )
    seen = case.stories.get("seen", {})
    return Told(
        _copy(case.reader, case.rows),
        (
            Story(str(seen.get("library", "")), (f"کتاب در {day_words(seen.get('day'))} آنجا بازگشت.",)),
            Story(
                "این کتابخانه", tuple(_loans(case.reader, case.rows)) or ("امانت این نسخه پس از آن تغییر کرده است.",)
            ),
        ),
    )


def _loans(reader: Reader, rows: Sequence[str]) -> Iterator[str]:
    """The open loan of the copy a case is about."""
    query = sa.select(Loan.member_id, Loan.out_on, Loan.due_on).where(
        Loan.item_id == id_in(rows, Item), Loan.in_at.is_(None), Loan.deleted_at.is_(None)
    )
    for member_id, out_on, due_on in reader.connection.execute(query):
        yield f"نزد {_name(reader, member_id)} است؛ امانت {day_words(out_on)}، سررسید {day_words(due_on)}."


def _two_open_loans(case: Subject) -> Told:
    def story(which: str, whose: str) -> Story:
        query = sa.select(Loan.member_id, Loan.out_on, Loan.due_on, Loan.item_id).where(
            Loan.id == uuid.UUID(str(case.stories[which]))
        )
        loan = case.reader.connection.execute(query).one_or_none()
        if loan is None:
            return Story(whose, ("این امانت هنوز نرسیده است.",))
        name = _name(case.reader, loan.member_id)
        return Story(whose, (f"{name}؛ امانت {day_words(loan.out_on)}، سررسید {day_words(loan.due_on)}.",))

    about = _title_of_loan(case.reader, uuid.UUID(str(case.stories["newer"])))
    return Told(about, (story("older", "امانت پیشین"), story("newer", "امانت تازه")))


def _member_twice(case: Subject) -> Told:
    libraries, numbers = case.stories.get("libraries", ()), case.stories.get("numbers", ())
    told_by = tuple(
        Story(str(library), (f"شمارهٔ عضویت {to_persian(str(no))}",))
        for library, no in zip(libraries, numbers, strict=False)
    )
    return Told("کد ملی هر دو یکی است.", told_by)


def _two_machines(case: Subject) -> Told:
    epochs = case.stories.get("why") == "epochs"
    why = (
        "یک شناسه از دو رایانه با دو تاریخچه می‌نویسد؛ شاید نسخه‌ای از داده‌ها روی رایانهٔ دیگری باز شده است."
        if epochs
        else "دو شناسه از یک رایانه نام‌نویسی شده است."
    )
    lines = (f"شمار دستگاه‌ها: {number(len(case.stories.get('devices', ())))}",) if not epochs else (why,)
    advice = ("رایانه‌ای را که کنار گذاشته شده خاموش کنید؛ استان دربارهٔ آن تصمیم می‌گیرد.",)
    return Told(why, (Story(str(case.stories.get("library", "")), lines), Story("مرکز", advice)))


def _set_aside(case: Subject) -> Told:
    kind = ENTRY_KIND.get(str(case.stories.get("kind", "")), "رویدادی")
    at = case.stories.get("at_ms")
    when = "" if at is None else f" در {day_words(dt.datetime.fromtimestamp(int(at) / 1000, dt.UTC).date())}"
    return Told(
        f"{kind}{when}",
        (
            Story("این کتابخانه", (f"«{kind}» اینجا ثبت شد و سر جای خود است.",)),
            Story(
                "مرکز", ("مرکز نتوانست آن را بپذیرد و کنار گذاشت؛ چیزی از دست نرفته است و استان آن را بررسی می‌کند.",)
            ),
        ),
    )


def _number_twice(case: Subject) -> Told:
    before = _set_aside(case)
    lines = ("همین شماره را رایانهٔ دیگر همین کتابخانه نیز داده است؛ یکی از دو ردیف باید شمارهٔ تازه بگیرد.",)
    return Told(before.about, (before.stories[0], Story("مرکز", lines)))


def _directive_refused(case: Subject) -> Told:
    what = str(case.stories.get("directive", ""))
    words = str(case.stories.get("words") or "دلیلی نوشته نشده است.")
    return Told(
        f"{what} — {case.stories.get('library', '')}",
        (Story("مرکز", (f"«{what}» فرستاده شد.",)), Story(str(case.stories.get("library", "")), (words,))),
    )


def _title_differs(case: Subject) -> Told:
    sides = (("ours", "این کتابخانه"), ("theirs", "رکورد ادغام‌شده"))
    found = tuple(Story(whose, (value_words(case.stories[side]),)) for side, whose in sides if case.stories.get(side))
    return Told(str(case.stories.get("title", "")), found)


TELLERS: Mapping[CaseKind, Callable[[Subject], Told]] = MappingProxyType(
    {
        CaseKind.TWO_OPEN_LOANS: _two_open_loans,
        CaseKind.OVER_LIMIT: _over_limit,
        CaseKind.MEMBER_DIFFERS: _member_differs,
        CaseKind.MEMBER_TWICE: _member_twice,
        CaseKind.RETURNED_ELSEWHERE: _returned_elsewhere,
        CaseKind.TITLE_DIFFERS: _title_differs,
        CaseKind.TWO_MACHINES: _two_machines,
        CaseKind.SET_ASIDE: _set_aside,
        CaseKind.DIRECTIVE_REFUSED: _directive_refused,
        CaseKind.NUMBER_TWICE: _number_twice,
    }
)


def _n(stories: Mapping[str, Any], name: str) -> str:
    return number(int(stories.get(name, 0)))


def _member(reader: Reader, rows: Sequence[str]) -> str:
    return _name(reader, id_in(rows, Member))


def _name(reader: Reader, member_id: uuid.UUID | None) -> str:
    query = sa.select(Member.given_name, Member.family_name).where(Member.id == member_id)
    found = reader.connection.execute(query).one_or_none()
    return "عضو" if found is None else f"{found.given_name} {found.family_name}".strip() or "عضو"


def _copy(reader: Reader, rows: Sequence[str]) -> str:
    return _title(reader, Item.id == id_in(rows, Item))


def _title_of_loan(reader: Reader, loan_id: uuid.UUID) -> str:
    return _title(reader, Item.id == sa.select(Loan.item_id).where(Loan.id == loan_id).scalar_subquery())


def _title(reader: Reader, condition: sa.ColumnElement[bool]) -> str:
    query = sa.select(Title.title, Item.accession_no).join(Item, Item.title_id == Title.id).where(condition)
    found = reader.connection.execute(query).one_or_none()
    return "کتاب" if found is None else f"«{found.title}»، شمارهٔ ثبت {number(found.accession_no, grouped=False)}"
