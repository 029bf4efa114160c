"""Whatever is adopted, merged, split and undone in whatever order: every title leads to exactly one standing record,
and undo restores what was before."""

import random
import uuid

import pytest
import sqlalchemy as sa

from app.outcome import NotFound, Refused
from app.union.matching import adopt_new
from app.union.merging import Merged, merge
from app.union.reading import STANDING, TITLE, ids_leading_to, resolve, titles_leading_to
from app.union.splitting import Split, split
from app.union.undoing import TakenBack, undo
from db.models.catalogue import Title
from db.models.centre import UnionTitle
from tests.app.union.provinces import Province, arrives, book, changes, live, vanishes

STEPS = 45
DESCRIPTIONS = tuple(
    book(title, isbn=isbn, publisher=publisher)
    for title in ("کلیدر", "سلوک")
    for isbn in (None, "9789648637007")
    for publisher in ("فرهنگ معاصر", "چشمه", "نگاه")
)


def ways(province: Province) -> dict[uuid.UUID, uuid.UUID | None]:
    """Where every title of every branch leads."""
    with province.centre.store.read() as reader:
        ids = reader.connection.execute(sa.select(Title.id).where(Title.deleted_at.is_(None))).scalars().all()
        return {title_id: resolve(reader, TITLE, title_id) for title_id in ids}


def standing(province: Province) -> set[uuid.UUID]:
    with province.centre.store.read() as reader:
        return set(reader.connection.execute(sa.select(UnionTitle.id).where(STANDING)).scalars())


def check(province: Province) -> dict[uuid.UUID, uuid.UUID | None]:
    """The invariant, seen from both ends; where every title leads."""
    adopt_new(province.centre)
    now, records = ways(province), standing(province)
    assert None not in now.values()
    assert set(now.values()) <= records
    with province.centre.store.read() as reader:
        for record in records:
            leading = titles_leading_to(reader, ids_leading_to(reader, record))
            assert {title for title in leading if now.get(title) == record} == set(leading) & set(now)
    return now


@pytest.mark.parametrize("seed", range(6))
def test_every_title_leads_to_one_standing_record(province: Province, seed: int) -> None:
    rng = random.Random(seed)
    deeds: list[uuid.UUID] = []
    before = ways(province)
    for _ in range(STEPS):
        kind = rng.choice(("arrive", "arrive", "change", "vanish", "merge", "merge", "split", "split", "undo", "undo"))
        titles = sorted(before)
        if kind == "arrive" or not titles:
            arrives(province, rng.randrange(3), rng.choice(DESCRIPTIONS))
        elif kind == "change":
            changes(province, rng.choice(titles), rng.choice(DESCRIPTIONS))
        elif kind == "vanish":
            vanishes(province, rng.choice(titles))
        elif kind == "undo":
            if deeds:
                outcome = undo(province.centre, rng.choice(deeds), province.act(), "")
                assert isinstance(outcome, TakenBack | Refused)
        else:
            deed = _done(province, kind, rng)
            if deed is not None and rng.random() < 0.3:
                assert isinstance(undo(province.centre, deed, province.act(), ""), TakenBack)
                assert ways(province) == before
            elif deed is not None:
                deeds.append(deed)
        before = check(province)
    assert len(live(province, UnionTitle)) > 1


def _done(province: Province, kind: str, rng: random.Random) -> uuid.UUID | None:
    records, titles = sorted(standing(province)), sorted(ways(province))
    if kind == "merge" and len(records) > 1:
        kept, gone = rng.sample(records, 2)
        outcome = merge(province.centre, kept, gone, province.act(), "یکی است")
        assert isinstance(outcome, Merged | Refused | NotFound)
        return outcome.eid if isinstance(outcome, Merged) else None
    apart = split(province.centre, rng.choice(titles), province.act(), "یکی نیست")
    return apart.eid if isinstance(apart, Split) else None
