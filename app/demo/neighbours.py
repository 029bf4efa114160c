"""What other libraries and the centre tell a library of copies and records, for pictures and demonstrations: rows as a
pull puts them, and what the library does with them."""

import datetime as dt
import uuid
from typing import Any

import msgspec
import sqlalchemy as sa

from app.conflicts.choices import choices_of
from app.conflicts.writing import named
from app.demo.centre import CENTRE
from app.directives.doing import do_directives
from app.directives.facts import ClaimFacts, RecordFacts, plain
from app.library import HERE, Library
from app.union.record import with_keys
from db.codes import CaseKind, CataloguingStatus, DirectiveKind, ItemStatus, Material
from db.models.centre import Directive, SyncCase, UnionTitle
from db.models.circulation import Loan
from db.models.items import Item, LocalUse
from db.types import new_id
from db.writing import Tx

SEEN_BEFORE = dt.timedelta(days=2)
RECORDS: tuple[dict[str, Any], ...] = (
    {"title": "کلیدر", "main_creator": "محمود دولت‌آبادی", "creators": ["محمود دولت‌آبادی"], "publisher": "فرهنگ معاصر",
     "place": "تهران", "year": 1390, "isbn": "9789648637007", "dewey": "8فا3.62", "author_mark": "د716ک",
     "pages": "۱۰ ج. در ۵ مجلد", "subjects": ["داستان‌های فارسی -- قرن ۱۴", "خراسان -- داستان"]},
    {"title": "جای خالی سلوچ", "main_creator": "محمود دولت‌آبادی", "creators": ["محمود دولت‌آبادی"],
     "publisher": "نشر چشمه", "place": "تهران", "year": 1361, "dewey": "8فا3.62", "subjects": ["داستان‌های فارسی"]},
    {"title": "راهنمای گیاهان دشت اراک", "main_creator": "جهاد کشاورزی استان مرکزی",
     "creators": ["جهاد کشاورزی استان مرکزی", "رضا کریمی"], "publisher": "جهاد کشاورزی استان مرکزی", "place": "اراک",
     "year": 1388, "dewey": "581.955", "subjects": ["گیاهان -- ایران -- اراک"]},
    {"title": "شهر کتاب‌ها", "subtitle": "سرگذشت کتابخانه‌های ایران", "main_creator": "ایرج افشار",
     "creators": ["ایرج افشار"], "publisher": "نشر نو", "place": "تهران", "year": 1377, "dewey": "027.055"},
)  # fmt: skip


def know_records(library: Library) -> tuple[uuid.UUID, ...]:
    """Some records of the union have come down, reviewed by the province."""
    rest = {"language": "fa", "material": Material.BOOK, "status": CataloguingStatus.REVIEWED, "subjects": []}
    made = []
    with library.store.write() as tx:
        for told in RECORDS:
            record_id = new_id()
            tx.insert(UnionTitle, id=record_id, branch_id=CENTRE, born_at=CENTRE, **with_keys(record_id, rest | told))
            made.append(record_id)
        tx.record("union.adopted", library.act(library.person(None)))
    return tuple(made)


def answer_request(library: Library, request_id: uuid.UUID, *, found: bool) -> None:
    """The senior cataloguer's answer has come: with a record of `know_records`, or with words alone."""
    title = RECORDS[2]["title"]
    with library.store.write() as tx:
        query = sa.select(UnionTitle.id).where(UnionTitle.title == title)
        record = tx.connection.execute(query).scalar_one() if found else None
        words = "" if found else "این اثر چاپ نشده است؛ با رکورد محلی ثبتش کنید."
        _ask(library, tx, DirectiveKind.RECORD_ANSWER, RecordFacts(request_id, record, words))
    do_directives(library, library.act(library.person(None)))


def claim_copy(library: Library, of: str, *, lent: bool = True, disputed: bool = False) -> uuid.UUID:
    """A copy of ours was brought back at another library two days ago: one that is lent, one that is not, or one whose
    loan has changed since, which somebody decides."""
    at = library.clock.read().at - SEEN_BEFORE
    with library.store.write() as tx:
        item, loan, ver = tx.connection.execute(_lent(at) if lent else UNUSED).first() or _none()
        day = at.date()
        known = None if ver is None else ver - disputed
        _ask(library, tx, DirectiveKind.CLAIM_RETURN, ClaimFacts(new_id(), item, at, day, of, loan, known))
        if disputed:
            seen = {"library": of, "day": day.isoformat(), "at": at.isoformat()}
            tx.connection.execute(
                sa.insert(SyncCase).values(
                    id=new_id(), branch_id=library.store.branch_id, ver=1, kind=CaseKind.RETURNED_ELSEWHERE,
                    rows=[named(Item, item)], stories={"seen": seen, "loan": {}}, opened_at=library.clock.read().at,
                    choices=choices_of(CaseKind.RETURNED_ELSEWHERE),
                )
            )  # fmt: skip
    do_directives(library, library.act(library.person(None)))
    return uuid.UUID(str(item))


def _lent(at: dt.datetime) -> sa.Select[uuid.UUID, uuid.UUID, int]:
    """The oldest open loan of those days."""
    return (
        sa.select(Item.id, Loan.id, Loan.ver)
        .join(Loan, Loan.item_id == Item.id)
        .where(
            Item.branch_id == HERE, Item.status == ItemStatus.ON_LOAN, Loan.in_at.is_(None), Loan.out_at <= at,
            Loan.deleted_at.is_(None),
        )
        .order_by(Loan.out_at, Loan.id)
    )  # fmt: skip


UNUSED = (
    sa.select(Item.id, sa.null(), sa.null())
    .where(
        Item.branch_id == HERE, Item.status == ItemStatus.AVAILABLE, Item.last_loan_on.is_(None),
        ~sa.select(LocalUse.id).where(LocalUse.item_id == Item.id).exists(),
    )
    .order_by(Item.accession_no)
)  # fmt: skip


def _none() -> tuple[Any, Any, Any]:
    raise RuntimeError("the demo library has no copy that could be at another library")


def _ask(library: Library, tx: Tx, kind: DirectiveKind, facts: msgspec.Struct) -> None:
    """A directive has come down."""
    tx.connection.execute(
        sa.insert(Directive).values(
            id=new_id(), branch_id=library.store.branch_id, ver=1, kind=kind, facts=plain(facts),
            issued_at=library.clock.read().at, issued_by="مرکز",
        )
    )  # fmt: skip
