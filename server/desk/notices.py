"""Reminders at the headless desk: making, listing, printing, exporting, marking; their settings."""

import uuid
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated, TypedDict

from msgspec import Meta

from app.notices.batches import Marked, Message, mark_notices, messages_due
from app.notices.cases import NoticeRow, due_notices, latest_notices
from app.notices.making import Made, make_notices
from app.notices.settings import NoticeSettings, change_settings, notice_settings
from app.notices.texts import sms_parts
from app.outcome import NotFound, Refused
from db.codes import NoticeChannel, NoticeKind, NoticeState
from db.files import safe_write
from reports.reminders import reminder_letters, reminder_slips
from reports.sms_list import sms_csv, sms_xlsx
from server.desk.answers import Facts, done, invalid, missing, refused
from server.desk.files import written, wrong_suffix
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Path, day

Days = Annotated[int, Meta(ge=0, le=365)]


class Sheet(StrEnum):
    """How reminders are printed."""

    LETTER = "letter"
    SLIPS = "slips"


class NoticeMake(Request, kw_only=True):
    """Make what is due today, or what was due on a day that was missed."""

    day: Day | None = None


class NoticeList(Request, kw_only=True):
    """Reminders to be sent; those of the past too with `all`."""

    kind: NoticeKind | None = None
    channel: NoticeChannel | None = None
    all: bool = False


class NoticePrint(Request, kw_only=True):
    """Letters (a page each) or slips (three a page) of reminders to be sent; by default of those that go on paper."""

    pdf: Path
    kind: NoticeKind | None = None
    channel: NoticeChannel | None = NoticeChannel.PRINT
    sheet: Sheet = Sheet.LETTER


class NoticeExport(Request, kw_only=True):
    """Numbers and texts for whatever sends SMS: an .xlsx or .csv file. Nothing is sent."""

    file: Path
    kind: NoticeKind | None = None
    channel: NoticeChannel = NoticeChannel.SMS


class NoticeSent(Request, kw_only=True):
    """What became of reminders."""

    notices: Annotated[tuple[uuid.UUID, ...], Meta(min_length=1, max_length=1_000)]
    state: NoticeState = NoticeState.SENT
    result: Line = ""


class NoticeSet(Request, kw_only=True):
    """Change when and how readers are reminded; without fields, tell how it is."""

    due_soon_days: Days | None = None
    overdue_days: tuple[Days, Days, Days] | None = None
    membership_days: Days | None = None
    sms_parts: Annotated[int, Meta(ge=1, le=5)] | None = None
    channels: dict[NoticeKind, NoticeChannel] | None = None


def make(session: Session, request: NoticeMake) -> Facts:
    """Make the reminders of a day."""
    outcome = make_notices(session.library, session.act(request.key), day(request.day))
    match outcome:
        case Made():
            return done("made", made=dict(outcome.made), total=outcome.total, cancelled=outcome.cancelled)
        case Refused():
            return refused(outcome.refusals)


def listed(session: Session, request: NoticeList) -> Facts:
    """The reminders with their texts."""
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        if request.all:
            rows = [_row(row) for row in latest_notices(reader) if _fits(row, request)]
            return done("found", rows=rows, waiting=len(due_notices(reader)))
        found = messages_due(library, reader, today, **_narrowed(request.kind, request.channel))
    return done("found", messages=[_message(message) for message in found])


def on_paper(session: Session, request: NoticePrint) -> Facts:
    """Write the letters or slips; they are marked as sent by `notice.sent`, once they are out of the house."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        found = messages_due(library, reader, today, **_narrowed(request.kind, request.channel))
    if not found:
        return done("nothing", messages=0, notices=[])
    pdf = (reminder_letters if request.sheet is Sheet.LETTER else reminder_slips)(library.branch, found, today)
    told = {"messages": len(found), "notices": [notice for message in found for notice in message.ids]}
    return done("written", **told, **written(request.pdf, pdf))


def export(session: Session, request: NoticeExport) -> Facts:
    """Write numbers and texts to a file."""
    library, today = session.library, session.act().day
    suffix = ".csv" if request.file.lower().endswith(".csv") else ".xlsx"
    wrong = wrong_suffix(request.file, suffix, "file")
    if wrong is not None:
        return wrong
    with library.store.read() as reader:
        found = messages_due(library, reader, today, **_narrowed(request.kind, request.channel))
    made = sms_csv(found) if suffix == ".csv" else sms_xlsx(library.branch, found, today)
    safe_write(FilePath(request.file), made)
    notices = [notice for message in found for notice in message.ids]
    return done("written", file=request.file, messages=len(found), notices=notices)


def mark(session: Session, request: NoticeSent) -> Facts:
    """Say what became of reminders."""
    if request.state is NoticeState.DUE:
        return invalid("«state» باید نتیجه باشد.", "sent، failed یا cancelled بنویسید.", "state")
    act = session.act(request.key)
    outcome = mark_notices(session.library, request.notices, request.state, act, request.result)
    match outcome:
        case Marked():
            return done("marked" if outcome.marked else "already_done", marked=outcome.marked, already=outcome.already)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def settings(session: Session, request: NoticeSet) -> Facts:
    """Change the settings, or tell them."""
    names = ("due_soon_days", "overdue_days", "membership_days", "sms_parts", "channels")
    changes = {name: value for name in names if (value := getattr(request, name)) is not None}
    if not changes:
        with session.library.store.read() as reader:
            return done("found", **_settings(notice_settings(reader)))
    outcome = change_settings(session.library, changes, session.act(request.key))
    return refused(outcome.refusals) if isinstance(outcome, Refused) else done("set", **_settings(outcome))


class _Narrowed(TypedDict):
    kinds: tuple[NoticeKind, ...]
    channels: tuple[NoticeChannel, ...]


def _narrowed(kind: NoticeKind | None, channel: NoticeChannel | None) -> _Narrowed:
    return {"kinds": (kind,) if kind else (), "channels": (channel,) if channel else ()}


def _fits(row: NoticeRow, request: NoticeList) -> bool:
    return request.kind in (None, row.kind) and request.channel in (None, row.channel)


def _row(row: NoticeRow) -> Facts:
    return {
        "notice": row.id,
        "member": row.member_id,
        "name": row.name,
        "kind": row.kind,
        "channel": row.channel,
        "address": row.address,
        "state": row.state,
        "made_for": row.due_on,
        "sent_at": row.sent_at,
        "title": row.title,
        "body": row.body,
        "result": row.result,
    }


def _message(message: Message) -> Facts:
    first = message.first
    return {
        "notices": list(message.ids),
        "member": first.member_id,
        "member_no": first.member_no,
        "name": first.name,
        "kind": first.kind,
        "channel": first.channel,
        "address": first.address,
        "titles": [line.title for line in message.lines],
        "text": message.text,
        "sms_parts": sms_parts(message.text),
    }


def _settings(settings: NoticeSettings) -> Facts:
    return {
        "due_soon_days": settings.due_soon_days,
        "overdue_days": list(settings.overdue_days),
        "membership_days": settings.membership_days,
        "sms_parts": settings.sms_parts,
        "channels": dict(settings.channels),
    }
