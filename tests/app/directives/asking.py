"""A centre that a branch believes, and directives that have come down from it: rows put as the pull puts them."""

import uuid
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.directives.doing import DoneDirective, do_directives
from app.directives.facts import plain
from app.exchange.paper import DeliveryPrinter, RecyclingPrinter
from app.library import Library
from db.applying import applying
from db.changes import full_row, insert_statement
from db.codes import DirectiveKind
from db.models.base import Base
from db.models.centre import Directive, DirectiveAnswer
from db.models.sync import Peer
from tests.app.exchange.weeded import plain_delivery, plain_recycling
from tests.library import act, rows

CENTRE = uuid.UUID(int=0xCE17E)
KEY, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def enrol(library: Library) -> None:
    """Pin the centre's key."""
    with library.store.write() as tx:
        values = {"url": "https://centre", "centre_id": CENTRE, "public_key": KEY.public_key().public_bytes_raw()}
        tx.connection.execute(sa.insert(Peer).values(values))


def pulled(library: Library, model: type[Base], **values: Any) -> uuid.UUID:
    """A row comes down a feed: no entry of the branch tells it."""
    row = full_row(model, library.branch.id, values)
    with library.store.write() as tx, applying(tx, library.store.dialect.name):
        tx.execute(insert_statement(model), **row)
    library.forget_rules()
    return uuid.UUID(str(row["id"]))


def directive(library: Library, kind: DirectiveKind | str, facts: msgspec.Struct | dict[str, Any]) -> uuid.UUID:
    """A directive comes down."""
    told = facts if isinstance(facts, dict) else plain(facts)
    directive_id = pulled(
        library, Directive, kind=DirectiveKind.RENEW, facts=told, issued_at=act(library).at, issued_by="مرکز"
    )
    with (
        library.store.write() as tx,
        applying(tx, library.store.dialect.name),
    ):  # a kind that this program does not know would not go in
        tx.connection.execute(
            sa.update(Directive)
            .where(Directive.id == directive_id)
            .values(kind=sa.literal(str(kind), sa.Text()), ver=1)
        )
    return directive_id


@dataclass(frozen=True)
class Plain:
    """Printers without typesetting."""

    delivery: DeliveryPrinter = plain_delivery
    recycling: RecyclingPrinter = plain_recycling


PLAIN = Plain()


def done(library: Library) -> tuple[DoneDirective, ...]:
    """Do what waits."""
    return do_directives(library, act(library), PLAIN)


def one_done(library: Library, kind: DirectiveKind | str, facts: msgspec.Struct | dict[str, Any]) -> DoneDirective:
    """A directive comes down and is done; the answer stands as a row of the branch."""
    directive_id = directive(library, kind, facts)
    (told,) = done(library)
    assert told.id == directive_id
    (answer,) = rows(library, DirectiveAnswer, directive_id=directive_id)
    assert (answer.done, tuple(answer.codes), answer.words) == (told.done, told.codes, told.words)
    assert answer.branch_id == library.branch.id
    return told
