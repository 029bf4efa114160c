"""Two machines of one library wrote a reader differently: what stands and what lost, as the case tells both
(sync-protocol 11). The centre puts it into the stories of the case, which go to the library of the reader alone.

`stands` and `lost` are lists of writings: a machine and its history, the desk, the moment by the centre's clock, and
values by column: days in ISO form, codes as codes, None where the field was emptied.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from app.clock import TEHRAN
from app.conflicts.values import day_words, field_words, value_words
from app.persian.digits import number, to_persian
from db.codes import MemberState
from db.models.members import Member
from db.models.sync import Site
from db.moments import from_ms
from db.reading import Reader

STANDS, LOST = "stands", "lost"
READ: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "given_name": str, "family_name": str, "national_id": str, "category": str,
        "birth_date": dt.date.fromisoformat, "expires_on": dt.date.fromisoformat, "state": MemberState,
    }
)  # fmt: skip
"""How a told value becomes that of its column."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What one history of one machine wrote: `device` and `epoch` name it; `at_ms`, when, by the centre's clock."""

    device: uuid.UUID
    epoch: int
    desk: int
    at_ms: int
    values: Mapping[str, Any]

    def told(self) -> dict[str, Any]:
        """As the stories of a case have it."""
        return {"device": self.device.hex, "epoch": str(self.epoch), "desk": self.desk, "at_ms": self.at_ms,
                "values": dict(self.values)}  # fmt: skip


def told_more(stories: Mapping[str, Any], stands: Sequence[Writing], lost: Writing) -> dict[str, Any]:
    """Stories that tell of another writing too. Of one history the newest value of a field counts."""
    names = frozenset(lost.values)
    of_lost = (lost.device.hex, str(lost.epoch))
    earlier = [
        kept
        for one in stories.get(LOST, ())
        if (kept := _without(one, names if (one["device"], one["epoch"]) == of_lost else frozenset()))
    ]
    standing = [kept for one in stories.get(STANDS, ()) if (kept := _without(one, names))]
    return {
        **stories,
        "fields": sorted(names.union(stories.get("fields", ()))),
        STANDS: [*standing, *(one.told() for one in stands)],
        LOST: [*earlier, lost.told()],
    }


def _without(told: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any] | None:
    values = {name: value for name, value in told["values"].items() if name not in names}
    return {**told, "values": values} if values else None


def other_values(stories: Mapping[str, Any]) -> dict[str, Any]:
    """What did not stand, of each field the latest, as told."""
    latest: dict[str, Any] = {}
    for one in sorted(stories.get(LOST, ()), key=lambda told: told["at_ms"]):
        latest |= one["values"]
    return latest


def other_columns(stories: Mapping[str, Any]) -> dict[str, Any]:
    """The same as values of columns. Raises ValueError for a code that this program does not know."""
    return {
        name: None if value is None else READ[name](value)
        for name, value in other_values(stories).items()
        if name in READ
    }


def what_follows(stories: Mapping[str, Any]) -> str:
    """What is written when the other side is right; one field stands there itself, of several the chosen ones."""
    values = other_values(stories)
    if len(values) > 1:
        return "آنچه برگزیده‌اید در مشخصات عضو نوشته می‌شود؛ باقی همان‌گونه که هست می‌ماند."
    return f"در مشخصات عضو نوشته می‌شود — {'، '.join(_line(name, values[name]) for name in in_order(values))}"


def parts_of(stories: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fields of the other side, where there are several. It may have written some more than once: then each with
    the value that is meant."""
    values, once = other_values(stories), len(stories.get(LOST, ())) == 1
    words = {name: field_words(name) if once else _line(name, values[name]) for name in in_order(values)}
    return tuple(words.items()) if len(words) > 1 else ()


def in_order(names: Collection[str]) -> list[str]:
    """Columns as a form has them; what this program does not know comes last."""
    return [*(name for name in READ if name in names), *(name for name in names if name not in READ)]


def both_sides(
    reader: Reader, member_id: uuid.UUID | None, stories: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Both sides, each with its name: what stands here now, and what did not; who wrote it and when."""
    here = reader.connection.execute(sa.select(Site.device_id, Site.epoch)).one_or_none()
    own = None if here is None else (here.device_id.hex, str(here.epoch))
    yield "آنچه هست", (*_standing(reader, member_id, stories, own),)
    lost = stories[LOST]
    for place, one in enumerate(lost, 1):
        whose = "آن یکی" if len(lost) == 1 else f"آن یکی ({number(place)})"
        lines = (_line(name, one["values"][name]) for name in in_order(one["values"]))
        yield whose, (*lines, _who(one, own))


def _standing(
    reader: Reader, member_id: uuid.UUID | None, stories: Mapping[str, Any], own: tuple[str, str] | None
) -> Iterator[str]:
    """The values of the row as it is now; who wrote them, as far as they are still what the case was told of."""
    found = reader.connection.execute(sa.select(Member.__table__).where(Member.id == member_id)).mappings().first()
    if found is None:
        return
    yield from (_line(name, found[name]) for name in READ if name in stories["fields"])
    writings = stories.get(STANDS, ())
    for one in writings:
        still = [name for name in READ if name in one["values"] and plain(found[name]) == one["values"][name]]
        if still:
            what = f"{'، '.join(map(field_words, still))} — " if len(writings) > 1 else ""
            yield f"{what}{_who(one, own)}"


def _line(name: str, value: object) -> str:
    return f"{field_words(name)}: {value_words(value, name)}"


def _who(told: Mapping[str, Any], own: tuple[str, str] | None) -> str:
    """«نوشتهٔ رایانهٔ دیگر، میز ۲، ۱۴۰۵/۰۹/۰۱ ساعت ۱۰:۲۴»."""
    if own == (told["device"], told["epoch"]):
        machine = "این رایانه"
    elif own is not None and own[0] == told["device"]:
        machine = "نسخهٔ دیگری از داده‌های همین رایانه"
    else:
        machine = "رایانهٔ دیگر همین کتابخانه"
    desk = f"، میز {number(told['desk'])}" if told["desk"] else ""
    return f"نوشتهٔ {machine}{desk}{_moment_words(told['at_ms'])}"


def _moment_words(at_ms: int) -> str:
    try:
        at = from_ms(at_ms).astimezone(TEHRAN)
        return f"، {day_words(at.date())} ساعت {to_persian(at.strftime('%H:%M'))}"
    except (OverflowError, ValueError):  # a clock beyond every calendar
        return ""


def plain(value: Any) -> Any:
    """A value of a column as stories tell it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.value if isinstance(value, MemberState) else value
