"""Records that may be one book, side by side; merging them, and what was done, with the way back."""

import uuid
from collections.abc import Sequence

from starlette.responses import Response

from app.centre import Centre
from app.labels import ENTRY_KIND, RECORD_FIELD
from app.outcome import NotFound, Refused
from app.persian.digits import parse_int
from app.refusal import Refusal
from app.union.deeds import SENIOR
from app.union.duplicates import By, Pair, duplicates, lines, pair_of
from app.union.merging import merge
from app.union.reading import holdings
from app.union.record import FIELDS, record_of
from app.union.undoing import Deed, deeds, undo
from db.moments import from_ms
from server.centre.web.asked import MissingError
from server.centre.web.pages import Door, Page, Shot, Visit
from server.centre.web.union import is_senior, said, scope_of

MERGED = "دو رکورد یکی شد. اگر درست نبود، در «کارهای انجام‌شده» آن را واگردانید."
UNDONE = "کار واگردانده شد و همه چیز مانند پیش از آن است."
ROWS = 30
LATEST_MS = 1 << 43
"""The year 2248: a later moment of an address is none of ours."""


def pairs(visit: Visit) -> Response:
    """Records that share a number or a title."""
    by = By.TITLE if visit.text("by") == By.TITLE else By.ISBN
    with visit.read() as reader:
        page = duplicates(reader, by, visit.text("after", 400))
    rows = [(pair, [RECORD_FIELD[aspect] for aspect in pair.differing]) for pair in page.pairs]
    return visit.render("union_duplicates.html", by=by.value, rows=rows, after=page.after, senior=is_senior(visit))


def beside(visit: Visit) -> Response:
    """Two records side by side."""
    one, other = (_id(visit, name) for name in ("one", "other"))
    return _beside(visit, one, other)


def _id(visit: Visit, name: str) -> uuid.UUID:
    found = visit.uuids(name)
    if len(found) != 1:
        raise MissingError
    return found[0]


def _beside(visit: Visit, one: uuid.UUID, other: uuid.UUID, refused: Sequence[Refusal] = ()) -> Response:
    with visit.read() as reader:
        records = [record_of(reader, record_id) for record_id in (one, other)]
        if records[0] is None or records[1] is None:
            raise MissingError
        pair = pair_of(records[0], records[1])
        held = [holdings(reader, record_id, visit.scope) for record_id in (one, other)]
    return visit.render(
        "union_merge.html", status=422 if refused else 200, refused=refused, pair=pair, rows=_lines(pair), held=held,
        differing=[RECORD_FIELD[aspect] for aspect in pair.differing], reason=visit.text("reason"),
        taken=visit.texts("take"), kept=visit.text("keep"), senior=is_senior(visit),
    )  # fmt: skip


def _lines(pair: Pair) -> list[tuple[str, str, str, str, bool]]:
    return [
        (line.field, RECORD_FIELD[line.field], said(line.field, line.one), said(line.field, line.other), line.same)
        for line in lines(pair)
    ]


def merged(visit: Visit) -> Response:
    """Let one record lead to the other."""
    one, other = (_id(visit, name) for name in ("one", "other"))
    kept, gone = (one, other) if visit.text("keep") != "other" else (other, one)
    take = [name for name in visit.texts("take") if name in FIELDS]
    outcome = merge(visit.centre, kept, gone, visit.act(), visit.text("reason"), take=take, scope=scope_of(visit))
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _beside(visit, one, other, outcome.refusals)
    return visit.redirect(f"/union/{kept}", MERGED)


def history(visit: Visit) -> Response:
    """What was done to the catalogue."""
    return _history(visit)


def _history(visit: Visit, refused: Sequence[Refusal] = ()) -> Response:
    since = parse_int(visit.text("before")) if not refused else None
    before = None if since is None else from_ms(min(max(since, 0), LATEST_MS))
    with visit.centre.store.read() as reader:  # the journal of the centre itself, which names no reader
        rows = deeds(reader, visit.centre.id, ROWS + 1, before)
    shown = rows[:ROWS]
    return visit.render(
        "union_history.html", status=422 if refused else 200, refused=refused, senior=is_senior(visit),
        rows=[(deed, ENTRY_KIND[deed.kind], _fields(deed)) for deed in shown],
        before=int(shown[-1].at.timestamp() * 1000) if len(rows) > ROWS else None,
    )  # fmt: skip


def _fields(deed: Deed) -> list[str]:
    return [RECORD_FIELD[name] for name in deed.seen.get("fields", ())]


def undone(visit: Visit) -> Response:
    """Take a deed back."""
    outcome = undo(visit.centre, visit.id("deed"), visit.act(), visit.text("reason"), scope=scope_of(visit))
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _history(visit, outcome.refusals)
    return visit.redirect("/union/history", UNDONE)


PAGES = (
    Page("/union/duplicates", "GET", pairs, who=Door.REVIEWER),
    Page("/union/merge", "GET", beside, who=Door.REVIEWER),
    Page("/union/merge", "POST", merged, who=SENIOR),
    Page("/union/history", "GET", history, who=Door.REVIEWER),
    Page("/union/history/{deed}/undo", "POST", undone, who=SENIOR),
)


def first_pair(centre: Centre) -> str:
    """Two records to photograph."""
    with centre.store.read() as reader:
        for by in By:
            for pair in duplicates(reader, by).pairs:
                return f"/union/merge?one={pair.one.id}&other={pair.other.id}"
    return "/union/duplicates"


SHOTS = (
    Shot("union-duplicates", "/union/duplicates?by=title", user="senior"),
    Shot("union-merge", first_pair, user="senior"),
    Shot("union-history", "/union/history", user="senior"),
)
