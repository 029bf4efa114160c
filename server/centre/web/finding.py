"""Where the pictures of single things lie: the first of a table, else the list it stands in."""

from collections.abc import Callable

import sqlalchemy as sa

from app.centre import Centre
from db.models.base import Base


def first_of(model: type[Base], under: str, *which: sa.ColumnElement[bool]) -> Callable[[Centre], str]:
    """The page below `under` of the first row of a library that is such; `under` itself where there is none."""

    def path(centre: Centre) -> str:
        table = Base.metadata.tables[model.__tablename__]
        query = sa.select(table.c.id).where(table.c.branch_id != centre.id, *which).order_by(table.c.id).limit(1)
        with centre.store.read() as reader:
            found = reader.connection.execute(query).scalar()
        return under if found is None else f"{under}/{found}"

    return path
