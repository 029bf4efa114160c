"""That the centre was heard of: when, and how far its clock is from ours (sync-protocol 12). Never an error."""

import sqlalchemy as sa

from app.library import Library
from db.models.sync import Site
from db.moments import from_ms


def keep_contact(library: Library, server_ms: int, server_epoch: int | None = None) -> None:
    """A word of the centre, proved by its signature, said that it is `server_ms` there: answer, receipt or package.

    Entries written from now on carry the difference of the clocks, so that their times can be corrected. `server_epoch`
    None: it was not said.
    """
    stamp = library.clock.read()
    skew = server_ms - stamp.at_ms
    values = {"last_contact_at": stamp.at, "last_server_at": from_ms(server_ms), "skew_ms": skew}
    if server_epoch is not None:
        values["server_epoch"] = server_epoch
    with library.store.write() as tx:
        tx.connection.execute(sa.update(Site).values(values))
    library.clock.heard(skew, stamp.at)


def recall_contact(library: Library) -> None:
    """Let the clock of a library just opened know the difference that was found last."""
    with library.store.read() as reader:
        known = reader.connection.execute(sa.select(Site.skew_ms, Site.last_contact_at)).first()
    if known is not None and known.skew_ms is not None and known.last_contact_at is not None:
        library.clock.heard(known.skew_ms, known.last_contact_at)
