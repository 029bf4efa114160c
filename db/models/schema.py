"""All models together, for migrations and for whatever walks the whole schema."""

from sqlalchemy import Table

from db.models import catalogue, centre, circulation, collection, items, library, members, sync
from db.models.base import Base, Synced

MODULES = (catalogue, centre, circulation, collection, items, library, members, sync)
METADATA = Base.metadata


def synced_models() -> dict[str, type[Base]]:
    """Table name to model, for every model whose rows travel."""
    models: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    return {model.__tablename__: model for model in models if issubclass(model, Synced)}


def synced_tables() -> list[Table]:
    """The tables of those models, by name."""
    return [METADATA.tables[name] for name in sorted(synced_models())]
