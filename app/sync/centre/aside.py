"""Entries that were set aside, as offices see them: what was done, when, and why it could not be applied. What stands
in an entry is never shown."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa

from app.centre import Centre
from app.labels import ENTRY_KIND
from app.sync.centre.cases import ENTRY
from app.sync.centre.replaying import may_be_tried
from app.sync.rows import raw_body
from app.sync.wire import MalformedError, SentEntry, decode, received
from db.isolation import DbRole, Scope
from db.models.library import Branch
from db.models.sync import SetAside
from db.moments import from_ms

MOST = 200
UNREADABLE = "رویدادی که خوانده نمی‌شود"
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "newer": "برنامهٔ تازه‌تری آن را نوشته است؛ مرکز باید به همان نسخه برسد.",
        "missing": "به چیزی برمی‌گردد که هنوز به مرکز نرسیده است.",
        "reference": "به چیزی برمی‌گردد که هنوز به مرکز نرسیده است.",
        "number_twice": "شماره‌ای که دارد پیش‌تر به ردیف دیگری داده شده است.",
        "unique": "ردیف دیگری همین نشانه را دارد.",
        "other_branch": "به داده‌های کتابخانهٔ دیگری دست می‌زند و هرگز پذیرفته نمی‌شود.",
        "centre_only": "به آنچه از آنِ مرکز است دست می‌زند و هرگز پذیرفته نمی‌شود.",
        "malformed": "آسیب دیده است و خوانده نمی‌شود.",
        "guard": "با قاعده‌ای که پایگاه داده نگه می‌دارد نمی‌سازد.",
        "value": "مقداری دارد که پذیرفتنی نیست.",
        "gap": "دسته‌ای است که پیش از نوبت آمده؛ با آمدن بستهٔ پیش از آن خودبه‌خود ثبت می‌شود.",
    }
)
"""Why an entry was set aside, in words, by the first word of its reason."""
UNKNOWN = "به دلیلی که این نسخه نمی‌شناسد."


@dataclass(frozen=True, slots=True)
class AsideEntry:
    """An entry that waits. `can_try`: trying it again may help."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    what: str
    done_at: dt.datetime | None
    set_aside_at: dt.datetime
    why: str
    can_try: bool


def waiting_entries(centre: Centre, scope: Collection[uuid.UUID]) -> list[AsideEntry]:
    """What was set aside of the libraries of a scope and waits, by library, in the order it was done."""
    listed = (
        sa.select(SetAside.id, SetAside.branch_id, Branch.name, SetAside.source, SetAside.reason, SetAside.at)
        .join(Branch, Branch.id == SetAside.branch_id)
        .where(SetAside.branch_id.in_(scope), SetAside.replayed_at.is_(None))
        .order_by(Branch.name, SetAside.branch_id, SetAside.source, SetAside.position)
        .limit(MOST)
    )
    with centre.store.read(Scope(DbRole.REVIEW, tuple(scope))) as reader:
        rows = reader.connection.execute(listed).all()
    entries = [row.id for row in rows if row.source.startswith(f"{ENTRY}:")]
    with centre.store.read() as reader:
        raws = sa.select(SetAside.id, SetAside.raw).where(SetAside.id.in_(entries))
        told = {kept: _said(centre.cipher.unseal(bytes(raw))) for kept, raw in reader.connection.execute(raws)}
    return [
        AsideEntry(
            row.id, row.branch_id, row.name, *told.get(row.id, ("دسته‌ای از یک بسته", None)), row.at,
            REASONS.get(row.reason.split(" ")[0], UNKNOWN), row.id in told and may_be_tried(row.reason),
        )
        for row in rows
    ]  # fmt: skip


def _said(raw: bytes) -> tuple[str, dt.datetime | None]:
    """What an entry is, and when it was done."""
    try:
        body = raw_body(received(decode(raw, SentEntry)).body)
        return ENTRY_KIND.get(body.kind, UNREADABLE), from_ms(body.at_ms)
    except (MalformedError, OverflowError, ValueError):
        return UNREADABLE, None
