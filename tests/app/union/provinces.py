"""A centre with libraries of two provinces, whose titles arrive as if they had been pushed."""

import atexit
import itertools
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.catalogue.form import Creator, TitleForm
from app.catalogue.writing import title_columns
from app.centre import Centre, CentreKeys, found_centre, make_keys
from app.clock import SettableClock
from db.act import Act
from db.codes import BranchKind, ItemStatus, Role
from db.models.base import Base
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.centre import Reviewer
from db.models.items import Item
from db.models.library import Branch
from db.opening import open_server_centre
from db.writing import Tx
from tests.library import MORNING, TODAY
from tests.postgres import cluster
from tests.warm import opened_on_server

NUMBERS = itertools.count(1)
LIBRARIES = (("اراک", "مرکزی"), ("ساوه", "مرکزی"), ("یزد", "یزد"))
SENIOR = "نرگس صالحی"


@dataclass(frozen=True, slots=True)
class Province:
    """An open centre, its libraries, and the senior cataloguer."""

    centre: Centre
    libraries: tuple[uuid.UUID, ...]
    senior: uuid.UUID

    def act(self, role: Role = Role.SENIOR_CATALOGUER) -> Act:
        """The senior cataloguer acts."""
        return self.centre.act(self.senior, role)


@cache
def _keys() -> CentreKeys:
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-union-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_keys(folder / "keys")


@cache
def template() -> str:
    """The name of a database with the centre and its libraries in it, made once a run."""
    with cluster().connect() as connection:
        connection.execute(b"CREATE DATABASE union_origin")
    with open_server_centre(cluster().url("union_origin")) as store:
        centre = found_centre(store, "مرکز", SettableClock(MORNING), _keys())
        with centre.write() as tx:
            for place, (city, province) in enumerate(LIBRARIES, 1):
                branch_id = uuid.UUID(int=place)
                tx.insert(
                    Branch, id=branch_id, branch_id=branch_id, name=f"کتابخانهٔ {city}", province=province, county=city,
                    city=city, kind=BranchKind.INSTITUTIONAL,
                )  # fmt: skip
            tx.connection.execute(
                sa.insert(Reviewer).values(
                    id=uuid.UUID(int=99), user_name="salehi", name=SENIOR, role=Role.SENIOR_CATALOGUER,
                    province="مرکزی", password_hash="x", must_change=False, active=True, made_at=centre.now(),
                )
            )  # fmt: skip
            tx.record("test.founded", centre.act(uuid.UUID(int=99), Role.ADMINISTRATOR))
    return "union_origin"


def opened(url: str) -> Province:
    """The centre of a copied database. Close its store."""
    store = opened_on_server(url)
    libraries = tuple(uuid.UUID(int=place) for place, _ in enumerate(LIBRARIES, 1))
    return Province(Centre(store, SettableClock(MORNING), _keys()), libraries, uuid.UUID(int=99))


def arrives(
    province: Province, library: int, form: TitleForm, copies: int = 0, available: int | None = None
) -> uuid.UUID:
    """A title of a library (by place) comes in, with copies; `available` of them stand on the shelf."""
    branch_id = province.libraries[library]
    with province.centre.write() as tx:
        title_id = tx.insert(Title, branch_id=branch_id, **title_columns(form))
        _people(tx, branch_id, title_id, form)
        for place in range(copies):
            at_hand = available is None or place < available
            add_copy(tx, branch_id, title_id, ItemStatus.AVAILABLE if at_hand else ItemStatus.ON_LOAN)
        tx.record("test.pushed", province.act())
    return title_id


def _people(tx: Tx, branch_id: uuid.UUID, title_id: uuid.UUID, form: TitleForm) -> None:
    for place, creator in enumerate(form.creators, 1):
        tx.insert(
            TitleCreator, branch_id=branch_id, title_id=title_id, position=place, name=creator.name, role=creator.role
        )
    for place, heading in enumerate(form.subjects, 1):
        tx.insert(TitleSubject, branch_id=branch_id, title_id=title_id, position=place, heading=heading)


def add_copy(tx: Tx, branch_id: uuid.UUID, title_id: uuid.UUID, status: ItemStatus = ItemStatus.AVAILABLE) -> uuid.UUID:
    """A copy of a title comes in."""
    number = next(NUMBERS)
    return tx.insert(
        Item, branch_id=branch_id, title_id=title_id, accession_no=number, accession_date=TODAY, barcode=f"B{number}",
        copy_no=1, shelf_key="", status=status,
    )  # fmt: skip


def changes(province: Province, title_id: uuid.UUID, form: TitleForm) -> None:
    """The library changed its title."""
    columns = title_columns(form)
    with province.centre.write() as tx:
        row = _row(tx, title_id)
        tx.update(Title, row, **{name: value for name, value in columns.items() if getattr(row, name) != value})
        tx.record("test.pushed", province.act())


def vanishes(province: Province, title_id: uuid.UUID) -> None:
    """The library took its title back."""
    with province.centre.write() as tx:
        tx.remove(Title, _row(tx, title_id), province.act())
        tx.record("test.pushed", province.act())


def _row(tx: Tx, title_id: uuid.UUID) -> Any:
    return tx.connection.execute(sa.select(Title.__table__).where(Title.id == title_id)).one()


def live(province: Province, model: type[Base], **where: Any) -> list[Any]:
    """The rows of a table that are not deleted."""
    table = Base.metadata.tables[model.__tablename__]
    query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
    if "deleted_at" in table.c:
        query = query.where(table.c.deleted_at.is_(None))
    with province.centre.store.read() as reader:
        return list(reader.connection.execute(query))


def book(title: str = "کلیدر", author: str = "محمود دولت‌آبادی", **fields: Any) -> TitleForm:
    """A book; whatever is not said is that of one well-known novel."""
    given: dict[str, Any] = {
        "publisher": "فرهنگ معاصر",
        "year": 1390,
        "isbn": "9789648637007",
        "dewey": "8فا3/62",
    } | fields
    return TitleForm(title=title, creators=(Creator(author),), **given)
