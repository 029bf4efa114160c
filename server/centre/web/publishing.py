"""What the centre owns and every library lives by: rules of lending, figures of the guideline, days of the calendar and
the list of licensed libraries. It is looked at here by the administrator, changed by a file, and only after a preview.

Between preview and publishing the file travels in the form itself, packed: nothing is kept of what nobody published.
"""

import base64
import binascii
import tempfile
import tomllib
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from app.directives.previewing import (
    Preview,
    forms_of,
    guideline_of_centre,
    policy_of_centre,
    preview_guideline,
    preview_libraries,
    preview_policy,
)
from app.directives.publishing import (
    OF_CENTRE,
    Faulty,
    Published,
    licensed,
    publish_calendar_day,
    publish_guideline,
    publish_libraries,
    publish_policy,
    withdraw_calendar_day,
)
from app.exchange.library_file import LibraryLine, read_library_list
from app.form import invalid
from app.labels import DAY_KIND
from app.messages import NOTHING_CHANGED, Message, message_of
from app.outcome import Refused
from app.persian.digits import number, to_persian
from app.persian.text import compact
from app.refusal import Refusal
from db.codes import DayKind
from db.models.library import CalendarDay
from db.trouble import Trouble
from server.centre.web.pages import ADMINISTRATORS, Nav, Page, Shot, Visit

MOST_FILE, MOST_PACKED, MOST_UNPACKED = 2 << 20, 900 << 10, 4 << 20
"""Bytes of a file as it is sent, of what a form carries of it, and of what that may unpack to."""
SHOWN, PAGE = 200, 50
NOTHING = "nothing"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "policy": "قواعد امانت (TOML)",
        "guideline": "ارقام دستورالعمل وجین (TOML)",
        "libraries": "کتابخانه‌های دارای مجوز (CSV یا XLSX)",
    }
)
MEND = "فایل را درست کنید و دوباره بدهید."
TAKEN_BACK, NOT_SAID = "سخن مرکز دربارهٔ این روز پس گرفته شد؛ ", "مرکز دربارهٔ این روز چیزی نگفته بود."
GONE_OUT = "هر کتابخانه در همگام‌سازی بعدی آن را می‌گیرد."


def show(visit: Visit) -> Response:
    """What is in force."""
    return _page(visit)


def libraries(visit: Visit) -> Response:
    """The list of licensed libraries, by place and name."""
    wanted = compact(visit.text("q"))
    known = sorted(licensed(visit.centre).values(), key=lambda row: (row.province, row.county, row.name))
    chosen = [row for row in known if wanted in compact(f"{row.name} {row.county} {row.province}")]
    start = (visit.page_no - 1) * PAGE
    return visit.render(
        "publishing_libraries.html", rows=chosen[start : start + PAGE], more=len(chosen) > start + PAGE,
        total=len(known), sought=visit.text("q"), query={"q": visit.text("q")} if wanted else {},
    )  # fmt: skip


def preview(visit: Visit) -> Response:
    """What a file would change; nothing is changed yet."""
    kind, upload = visit.text("kind"), visit.upload("file")
    if kind not in KINDS or upload is None:
        return _page(visit, 422, (Refusal("upload.missing"),))
    raw = upload.read()
    packed = base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode()
    try:
        if len(packed) > MOST_PACKED:
            raise Trouble("P-2103", path=upload.name)
        found = PREVIEWS[kind](visit, raw, upload.name)
    except Trouble as trouble:
        return _page(visit, 422, trouble=_words(trouble, upload.name))
    whole = not found.faults or (kind == "libraries" and bool(found.changes))
    return visit.render(
        "publishing_preview.html", status=200 if whole else 422, kind=kind, kinds=KINDS, name=upload.name, found=found,
        shown=SHOWN, packed=packed, may=whole and bool(found.changes) and visit.person.national, refused=_scope(visit),
    )  # fmt: skip


def publish(visit: Visit) -> Response:
    """Publish what was looked at."""
    kind, name = visit.text("kind"), visit.text("name")
    raw = _unpacked(visit.text("packed", MOST_PACKED))
    if kind not in KINDS or raw is None:
        return _page(visit, 422, (Refusal("upload.missing"),))
    if _scope(visit):
        return _page(visit, 422, _scope(visit))
    try:
        outcomes = tuple(PUBLISHERS[kind](visit, raw, name))
    except Trouble as trouble:
        return _page(visit, 422, trouble=_words(trouble, name))
    faults = [one for outcome in outcomes if isinstance(outcome, Faulty) for one in outcome.problems]
    if faults:
        return _page(visit, 422, trouble=Message(" ".join(faults), NOTHING_CHANGED, MEND))
    changed = sum(isinstance(one, Published) and one.changed for one in outcomes)
    version = next((one.version for one in outcomes if isinstance(one, Published) and one.version), None)
    if not changed:
        return visit.redirect("/publishing", told="از پیش همین بود؛ چیزی تغییر نکرد.", tone="info")
    what = to_persian(f"نسخهٔ {version} منتشر شد؛ ") if version else f"{number(changed)} کتابخانه منتشر شد؛ "
    return visit.redirect("/publishing", told=what + GONE_OUT)


def say_day(visit: Visit) -> Response:
    """Say something of a day, or take it back."""
    day, kind = visit.day("day"), {one.value: one for one in OF_CENTRE}.get(visit.text("day_kind"))
    refused = _scope(visit)
    if day is None:
        refused = (*refused, invalid("days", visit.text("day")))
    if kind is None and visit.text("day_kind") != NOTHING:
        refused = (*refused, invalid("day_kind", visit.text("day_kind")))
    if refused or day is None:
        return _page(visit, 422, refused)
    if kind is None:
        gone = withdraw_calendar_day(visit.centre, day, visit.act())
        return visit.redirect("/publishing", told=TAKEN_BACK + GONE_OUT if gone.changed else NOT_SAID)
    outcome = publish_calendar_day(visit.centre, day, kind, visit.text("name"), visit.act())
    if isinstance(outcome, Refused):
        return _page(visit, 422, outcome.refusals)
    told = "روز منتشر شد؛ " + GONE_OUT if isinstance(outcome, Published) and outcome.changed else "از پیش همین بود."
    return visit.redirect("/publishing", told=told)


def _scope(visit: Visit) -> tuple[Refusal, ...]:
    """What is published goes to every library: only somebody with all of them in scope may."""
    return () if visit.person.national else (Refusal("publish.scope"),)


def _page(
    visit: Visit, status: int = 200, refused: tuple[Refusal, ...] = (), trouble: Message | None = None
) -> Response:
    today = visit.centre.clock.read().day
    listed = sa.select(CalendarDay.day, CalendarDay.kind, CalendarDay.name).where(
        CalendarDay.branch_id == visit.centre.id, CalendarDay.deleted_at.is_(None), CalendarDay.day >= today
    )
    with visit.centre.store.read() as reader:
        days = reader.connection.execute(listed.order_by(CalendarDay.day).limit(SHOWN)).all()
    kinds = [(one.value, DAY_KIND[one]) for one in OF_CENTRE]
    return visit.render(
        "publishing.html", status=status, refused=refused, trouble=trouble, policy=policy_of_centre(visit.centre),
        guideline=guideline_of_centre(visit.centre), days=days, libraries=len(licensed(visit.centre)),
        kinds=list(KINDS.items()), day_kinds=[*kinds, (NOTHING, "پس گرفتن سخن پیشین")], may=visit.person.national,
        day=visit.text("day"), day_name=visit.text("name"), day_kind=visit.text("day_kind") or DayKind.HOLIDAY.value,
    )  # fmt: skip


def _unpacked(packed: str) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), MOST_UNPACKED) or None
    except (zlib.error, binascii.Error, ValueError):
        return None


def _words(trouble: Trouble, name: str) -> Message:
    """The trouble with a file, by the name it had and not by where it lay here."""
    if trouble.code.startswith(("P-21", "P-123")):
        return message_of(Trouble(trouble.code, **{**trouble.context, "path": name}))
    raise trouble


def _document(raw: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Trouble("P-1232", path=name, problems="متن آن TOML درستی نیست") from error


def _guideline(raw: bytes, name: str) -> dict[str, Any]:
    read = _document(raw, name)
    head = read.pop("guideline", {})
    return (head if isinstance(head, dict) else {}) | read


def _lines(raw: bytes, name: str) -> tuple[LibraryLine, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{Path(name).suffix.lower()[:6]}"
        path.write_bytes(raw)
        return read_library_list(path)


Looking = Callable[[Visit, bytes, str], Preview]
Publishing = Callable[[Visit, bytes, str], Iterable[object]]
PREVIEWS: Mapping[str, Looking] = MappingProxyType(
    {
        "policy": lambda visit, raw, name: preview_policy(visit.centre, _document(raw, name)),
        "guideline": lambda visit, raw, name: preview_guideline(
            visit.centre, _guideline(raw, name), visit.centre.clock.read().day
        ),
        "libraries": lambda visit, raw, name: preview_libraries(visit.centre, _lines(raw, name)),
    }
)
PUBLISHERS: Mapping[str, Publishing] = MappingProxyType(
    {
        "policy": lambda visit, raw, name: (publish_policy(visit.centre, _document(raw, name), visit.act()),),
        "guideline": lambda visit, raw, name: (publish_guideline(visit.centre, _guideline(raw, name), visit.act()),),
        "libraries": lambda visit, raw, name: publish_libraries(visit.centre, forms_of(_lines(raw, name)), visit.act()),
    }
)
PAGES = (
    Page("/publishing", "GET", show, who=ADMINISTRATORS, nav=Nav("انتشار", "upload")),
    Page("/publishing/libraries", "GET", libraries, who=ADMINISTRATORS),
    Page("/publishing/preview", "POST", preview, who=ADMINISTRATORS, costly=True, uploads=MOST_FILE),
    Page("/publishing/publish", "POST", publish, who=ADMINISTRATORS, strong=True, costly=True),
    Page("/publishing/day", "POST", say_day, who=ADMINISTRATORS, strong=True),
)
SHOTS = (
    Shot("publishing", "/publishing", user="admin"),
    Shot("publishing-libraries", "/publishing/libraries", user="admin"),
)
