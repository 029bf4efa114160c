"""One line of input becomes a checked request, or an answer that says in Persian what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from app.persian.digits import number
from app.persian.text import clean
from server.desk.answers import Facts, invalid
from server.desk.requests import Envelope, Numbered
from server.desk.values import NOT_A_DAY, NOT_A_MOMENT, read_value

R = TypeVar("R", bound=msgspec.Struct)
FAULTS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

NOT_JSON = "این سطر JSON درستی نیست."
SEND_AGAIN = "سطر را درست کنید و دوباره بفرستید."
CORRECT_IT = "آن را درست کنید و دوباره بفرستید."

KINDS = {
    "str": "متن", "int": "عدد درست", "float": "عدد", "bool": "true یا false", "array": "فهرست", "object": "جدول",
    "uuid": "شناسه",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One way a request can be wrong: how the decoder says it, and how we do. `{field}` is the field."""

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str]


def _kinds(found: re.Match[str]) -> str:
    names = [KINDS[kind] for kind in found["kind"].split(" | ") if kind in KINDS]
    return f"«{{field}}» باید {' یا '.join(names) or 'متن'} باشد."


# The decoder's own sentences; a test keeps them and this table together.
WORDINGS = tuple(
    Fault(re.compile(pattern, re.DOTALL), say)
    for pattern, say in (
        (r"Object missing required field `(?P<name>.*)`", lambda _: "«{field}» نوشته نشده است."),
        (r"Object contains unknown field `(?P<name>.*)`", lambda _: "این کار فیلدی به نام «{field}» ندارد."),
        (r"Invalid enum value", lambda _: "مقدار «{field}» یکی از گزینه‌های آن نیست."),
        (
            r"Expected `\w+` of length <= (?P<most>\d+)",
            lambda found: f"«{{field}}» از {number(int(found['most']))} بلندتر است.",
        ),
        (r"Expected `\w+` of length >= ", lambda _: "«{field}» خالی است."),
        (r"Expected `\w+` [<>]=? |.* out of range", lambda _: "عدد «{field}» بیرون از اندازهٔ مجاز است."),
        (r"Expected `str` matching regex", lambda _: "«{field}» تنها نویسه‌های لاتین می‌پذیرد."),
        (NOT_A_DAY, lambda _: "«{field}» تاریخ نیست (۱۴۰۵/۰۹/۲۰ یا 2026-12-11)."),
        (NOT_A_MOMENT, lambda _: "«{field}» تاریخ و ساعت نیست (۱۴۰۵/۰۹/۲۰ 10:30)."),
        (r"Invalid UUID", lambda _: "«{field}» شناسه نیست."),
        (r"Expected `(?P<kind>[^`]*)`, got", _kinds),
    )
)
PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
MOST_SHOWN = 60


DECODE_ENVELOPE = msgspec.json.Decoder(Envelope).decode
DECODE_ID = msgspec.json.Decoder(Numbered).decode


def read_envelope(line: bytes) -> Envelope | Facts:
    """Operation, id and key of a line, or what is wrong with it."""
    return _read(line, DECODE_ENVELOPE)


def read_id(line: bytes) -> int | str | None:
    """The id of a line whose envelope is wrong, so that even its answer finds its question."""
    try:
        return DECODE_ID(line).id
    except FAULTS:
        return None


def reader_of(kind: type[R]) -> Callable[[bytes], R | Facts]:
    """A function that reads requests of one kind."""
    decode = msgspec.json.Decoder(kind, dec_hook=read_value).decode
    return lambda line: _read(line, decode)


def _read(line: bytes, decode: Callable[[bytes], R]) -> R | Facts:
    try:
        return decode(line)
    except msgspec.ValidationError as error:
        return wrong_field(str(error))
    except FAULTS:
        return invalid(NOT_JSON, SEND_AGAIN)


def wrong_field(told: str) -> Facts:
    """The Persian answer to one of the decoder's sentences."""
    place = PLACE.search(told)
    path = place["path"] if place else ""
    sentence = told[: place.start()] if place else told
    for fault in WORDINGS:
        found = fault.pattern.match(sentence)
        if found:
            inner = found.groupdict().get("name") or ""
            field = clean(".".join(part for part in (path, inner) if part), MOST_SHOWN)
            return _answer(fault.say(found), field)
    return _answer("مقدار «{field}» پذیرفتنی نیست.", clean(path, MOST_SHOWN))


def _answer(why: str, field: str) -> Facts:
    if not field:
        return invalid("هر سطر باید یک جدول JSON باشد.", SEND_AGAIN)
    return invalid(why.replace("{field}", field), CORRECT_IT, field)
