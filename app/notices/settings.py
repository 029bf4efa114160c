"""When a reader is reminded, and by which way: settings of the branch. Neither seed gives figures (000 §3-1-2 asks only
for e-mail or SMS), so these are the program's defaults and every library changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from app.actions import Action
from app.form import invalid
from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from app.settings import Setting
from db.act import Act
from db.codes import NoticeChannel, NoticeKind
from db.reading import Reader

OVERDUE_KINDS = (NoticeKind.OVERDUE_1, NoticeKind.OVERDUE_2, NoticeKind.OVERDUE_3)
CHANNELS: Mapping[NoticeKind, NoticeChannel] = MappingProxyType(
    {
        NoticeKind.DUE_SOON: NoticeChannel.SMS,
        NoticeKind.OVERDUE_1: NoticeChannel.SMS,
        NoticeKind.OVERDUE_2: NoticeChannel.PHONE,
        NoticeKind.OVERDUE_3: NoticeChannel.PRINT,
        NoticeKind.HOLD_READY: NoticeChannel.SMS,
        NoticeKind.MEMBERSHIP_ENDING: NoticeChannel.SMS,
    }
)
MOST_DAYS, MOST_PARTS = 365, 5


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """`due_soon_days` before the due date and `membership_days` before the end of the membership (0: no such notice);
    `overdue_days` are the days late of the first, second and third reminder, rising; `sms_parts` is the longest text.
    """

    due_soon_days: int = 2
    overdue_days: tuple[int, int, int] = (3, 10, 21)
    membership_days: int = 14
    sms_parts: int = 2
    channels: Mapping[NoticeKind, NoticeChannel] = field(default_factory=lambda: CHANNELS)


STORED: Setting[dict[str, Any]] = Setting("notices", {})


def notice_settings(reader: Reader) -> NoticeSettings:
    """What holds at this branch."""
    stored = STORED.read(reader)
    channels = {NoticeKind(kind): NoticeChannel(way) for kind, way in stored.get("channels", {}).items()}
    plain = {name: value for name, value in stored.items() if name != "channels"}
    if "overdue_days" in plain:
        first, second, third = plain["overdue_days"]
        plain["overdue_days"] = (first, second, third)
    return replace(NoticeSettings(), **plain, channels={**CHANNELS, **channels})


def change_settings(library: Library, changes: Mapping[str, Any], act: Act) -> NoticeSettings | Refused:
    """Change what is named in `changes` (fields of `NoticeSettings`; `channels` may name some kinds only)."""
    with library.store.write() as tx:
        known = notice_settings(tx)
        channels = {**known.channels, **changes.get("channels", {})}
        wanted = replace(known, **{**changes, "channels": channels})
        refused = (*library.forbids(act, Action.CHANGE_POLICY), *_problems(wanted))
        if refused:
            return Refused(refused)
        if wanted != known:
            told = {each.name: getattr(wanted, each.name) for each in fields(wanted) if each.name != "channels"}
            STORED.write(tx, {**told, "overdue_days": list(wanted.overdue_days), "channels": dict(channels)})
        return wanted


def _problems(wanted: NoticeSettings) -> tuple[Refusal, ...]:
    first, second, third = wanted.overdue_days
    checks = {
        "due_soon_days": 0 <= wanted.due_soon_days <= MOST_DAYS,
        "membership_days": 0 <= wanted.membership_days <= MOST_DAYS,
        "overdue_days": 1 <= first < second < third <= MOST_DAYS,
        "sms_parts": 1 <= wanted.sms_parts <= MOST_PARTS,
    }
    return tuple(invalid(name, getattr(wanted, name)) for name, sound in checks.items() if not sound)
