"""Reminders on their way out: those of one reader and kind go together, as one SMS, one letter or one call."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.actions import Action
from app.calendar.rules import days_late
from app.library import Library
from app.notices import cases
from app.notices.cases import NoticeRow
from app.notices.settings import NoticeSettings, notice_settings
from app.notices.texts import Blanks, sms_text
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from db.act import Act
from db.codes import NoticeChannel, NoticeKind, NoticeState
from db.journal import MOST_CHANGES
from db.models.circulation import Notice
from db.reading import Reader

LONGEST_RESULT = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A book in a reminder. `day` is its due date or the end of the hold shelf."""

    title: str
    volume_no: str | None
    accession_no: int | None
    day: dt.date | None
    late: int


@dataclass(frozen=True, slots=True)
class Message:
    """What one reader is told of one kind at once. `text` is the SMS, whatever way it goes."""

    notices: tuple[NoticeRow, ...]
    lines: tuple[Line, ...]
    text: str

    @property
    def first(self) -> NoticeRow:
        """The reader, the kind and the way are those of any of them."""
        return self.notices[0]

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        """The reminders it stands for."""
        return tuple(notice.id for notice in self.notices)

    @property
    def day(self) -> dt.date | None:
        """The earliest date in it."""
        return min((line.day for line in self.lines if line.day), default=self.first.expires_on)


@dataclass(frozen=True, slots=True)
class Marked:
    """How many reminders were marked, and how many stood so already."""

    marked: int
    already: int


def messages_due(
    library: Library,
    reader: Reader,
    today: dt.date,
    *,
    kinds: Collection[NoticeKind] = (),
    channels: Collection[NoticeChannel] = (),
) -> list[Message]:
    """What is to be sent, of these kinds and ways (empty: all), reader by reader."""
    waiting = [
        notice
        for notice in cases.due_notices(reader)
        if (not kinds or notice.kind in kinds) and (not channels or notice.channel in channels)
    ]
    return _together(library, notice_settings(reader), waiting, today)


def mark_notices(
    library: Library, notice_ids: Sequence[uuid.UUID], state: NoticeState, act: Act, result: str = ""
) -> Marked | Refused | NotFound:
    """Say what became of reminders: sent, failed, or not to be sent. What was told is kept with them; a failed one may
    be marked again."""
    forbidden = library.forbids(act, Action.NOTIFY)
    if forbidden:
        return Refused(forbidden)
    ids = list(dict.fromkeys(notice_ids))
    with library.store.read() as reader:
        if not ids or any(cases.notice(reader, notice_id) is None for notice_id in ids):
            return NotFound(Sought.NOTICE, "")
    marked = 0
    for start in range(0, len(ids), MOST_CHANGES):
        marked += _mark(library, ids[start : start + MOST_CHANGES], state, act, result)
        act = replace(act, key=None)
    return Marked(marked, len(ids) - marked)


def _mark(library: Library, ids: Sequence[uuid.UUID], state: NoticeState, act: Act, result: str) -> int:
    with library.store.write() as tx:
        rows = [row for notice_id in ids if (row := cases.notice(tx, notice_id)) is not None]
        waiting = [row for row in rows if row.state in (NoticeState.DUE, NoticeState.FAILED) and row.state is not state]
        texts = {
            notice.id: message.text
            for message in _together(library, notice_settings(tx), waiting, act.day)
            for notice in message.notices
        }
        for row in waiting:
            sent_at = act.at if state is NoticeState.SENT else row.sent_at
            told = clean(result, LONGEST_RESULT) or None
            tx.update(Notice, row, state=state, sent_at=sent_at, body=texts[row.id], result=told)
        if waiting:
            tx.record("notice.marked", act)
        return len(waiting)


def _together(
    library: Library, settings: NoticeSettings, notices: Sequence[NoticeRow], today: dt.date
) -> list[Message]:
    def same(notice: NoticeRow) -> tuple[str, ...]:
        return str(notice.member_id), notice.kind, notice.channel, notice.address or ""

    place = {notice.id: number for number, notice in enumerate(notices)}
    groups = [tuple(group) for _, group in groupby(sorted(notices, key=same), key=same)]
    messages = [_message(library, settings, group, today) for group in groups]
    return sorted(messages, key=lambda message: place[message.first.id])


def _message(library: Library, settings: NoticeSettings, notices: tuple[NoticeRow, ...], today: dt.date) -> Message:
    lines = tuple(_line(library, notice, today) for notice in notices if notice.title is not None)
    late = max((line.late for line in lines), default=0)
    day = min((line.day for line in lines if line.day), default=notices[0].expires_on)
    blanks = Blanks(library.branch.name, library.branch.phone, tuple(line.title for line in lines), day, late)
    return Message(notices, lines, sms_text(notices[0].kind, blanks, settings.sms_parts))


def _line(library: Library, notice: NoticeRow, today: dt.date) -> Line:
    late = 0
    if notice.loan_due_on is not None and notice.category is not None and notice.item_type is not None:
        skip_closed = library.terms(notice.category, notice.item_type).flag("skip_closed")
        late = days_late(notice.loan_due_on, today, library.calendar, skip_closed)
    day = notice.loan_due_on or notice.shelf_until
    return Line(notice.title or "", notice.volume_no, notice.accession_no, day, late)
