"""Taking a batch of journal entries (sync-protocol 7): proven, in order, each applied once, acknowledged after COMMIT.

A batch is applied as a whole, set by set (`app.sync.centre.fast`). Where anything of it is not plain it is taken back
to its beginning and applied entry by entry (`app.sync.centre.singly`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from app.sync.centre.bearer import PUSH
from app.sync.centre.cases import Findings
from app.sync.centre.devices import DeniedError, KnownDevice, device_with, scope_of
from app.sync.centre.fast import apply_at_once
from app.sync.centre.folding import NotPlainError
from app.sync.centre.incoming import Incoming, clock_ahead, incoming
from app.sync.centre.singly import apply_singly
from app.sync.line import CONFLICT, OK, Reply, Steps
from app.sync.programs import program_of
from app.sync.wire import Batch, Header, Note, Pushed, first_link, open_batch_of, seal_message
from db.applying import applying
from db.frozen import Frozen
from db.models.sync import Device, JournalEntry, Stream
from db.moments import to_ms
from db.refused import errors_of, row_refused
from db.writing import Tx

FORK, GAP = "fork", "gap"
FUTURE = dt.timedelta(minutes=10)
"""How far ahead of the centre's clock an entry may be before it is noted (sync-protocol 12)."""
MOST_AT_ONCE = 4 << 20
"""Bytes of entries that are written as texts in one statement; scanned papers go one by one, as bytes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the centre is in a stream."""

    acked: int
    chain: bytes


STREAM = Frozen(
    sa.select(Stream.acked_seq, Stream.acked_chain)
    .where(Stream.device_id == sa.bindparam("device"), Stream.epoch == sa.bindparam("epoch"))
    .with_for_update(),
    lambda seq, chain: Standing(seq, bytes(chain)),
)
LINK: Frozen[bytes] = Frozen(
    sa.select(JournalEntry.chain).where(
        JournalEntry.device_id == sa.bindparam("device"),
        JournalEntry.epoch == sa.bindparam("epoch"),
        JournalEntry.seq == sa.bindparam("seq"),
    ),
    bytes,
)
ACK = (
    sa.update(Stream)
    .where(Stream.device_id == sa.bindparam("device"), Stream.epoch == sa.bindparam("in_epoch"))
    .values(
        head_seq=sa.bindparam("seq"), head_chain=sa.bindparam("chain"),
        acked_seq=sa.bindparam("seq"), acked_chain=sa.bindparam("chain"),
    )
)  # fmt: skip
SEEN = (
    sa.update(Device)
    .where(Device.id == sa.bindparam("device"))
    .values(
        seen_at=sa.bindparam("now"), app_version=sa.bindparam("app"), schema_version=sa.bindparam("schema"),
    )
)  # fmt: skip


class _RefusedError(Exception):
    """Nothing of the batch is applied: `error` is gap or fork."""

    def __init__(self, error: str, standing: Standing) -> None:
        super().__init__(error)
        self.error = error
        self.standing = standing


def push_reply(centre: Centre, body: bytes, steps: Steps) -> Reply:
    """The answer to a batch. Raises MalformedError and DeniedError; then nothing was applied."""
    devices: list[KnownDevice] = []

    def key_of(header: Header) -> bytes:
        devices.append(device_with(centre, header.device))
        return devices[0].public_key

    batch = open_batch_of(body, key_of)
    device = devices[0]
    if device.revoked:
        raise DeniedError("revoked")
    if device.branch_id != batch.branch_id or PUSH not in device.scopes:
        raise DeniedError("scope")
    status = OK
    try:
        pushed = _Push(centre, batch, steps).done()
    except _RefusedError as refused:
        status, standing = CONFLICT, refused.standing
        pushed = Pushed(standing.acked, standing.chain, error=refused.error, server_epoch=centre.epoch)
    steps.reached("push.after_commit")
    return Reply(status, seal_message(pushed, centre.keys.signing))


class _Push:
    """One batch on its way into the database."""

    def __init__(self, centre: Centre, batch: Batch, steps: Steps) -> None:
        self.centre = centre
        self.batch = batch
        self.steps = steps
        self.now = centre.now()
        self.dialect = centre.store.dialect.name
        self.key = {"device": batch.device_id, "epoch": batch.header.epoch}

    def done(self) -> Pushed:
        """Apply and acknowledge. Raises _RefusedError."""
        entries = incoming(self.batch)
        self.steps.reached("push.opened")
        with self.centre.store.write(scope=scope_of(self.centre, self.batch.branch_id)) as tx:
            standing = self._locked(tx)
            new = entries[self._known(tx, standing) :]
            pushed = Pushed(standing.acked, standing.chain, server_epoch=self.centre.epoch)
            if new:
                pushed = self._taken(tx, new)
            self.steps.reached("push.before_commit")
        return pushed

    def _locked(self, tx: Tx) -> Standing:
        """The stream, held until the end; made by its first batch."""
        standing = tx.one(STREAM, **self.key)
        if standing is not None:
            return standing
        tx.connection.execute(
            sa.insert(Stream).values(
                device_id=self.batch.device_id, epoch=self.batch.header.epoch, branch_id=self.batch.branch_id,
                opened_at=self.now, reason="pushed",
            )
        )  # fmt: skip
        return Standing(0, b"")

    def _known(self, tx: Tx, standing: Standing) -> int:
        """How many entries are here already: an overlap is skipped when its chain is ours. Raises _RefusedError."""
        header, chains = self.batch.header, self.batch.chains
        if header.first > standing.acked + 1:
            raise _RefusedError(GAP, standing)
        common = min(header.last, standing.acked)
        if common < header.first:
            here, theirs = standing.chain if common else first_link(header.epoch), header.before
        else:
            theirs = chains[common - header.first]
            here = standing.chain if common == standing.acked else tx.one(LINK, **self.key, seq=common) or b""
        if here != theirs:
            raise _RefusedError(FORK, standing)
        return common - header.first + 1

    def _taken(self, tx: Tx, new: Sequence[Incoming]) -> Pushed:
        """Rows and journal: at once, or one by one."""
        notes = self._of_clock(new)
        feed = self._at_once(tx, new)
        if feed is None:
            found = Findings(self.batch.branch_id, self.now)
            feed = apply_singly(tx, found, new, self.centre.cipher, self.dialect, self.steps)
            self._acknowledge(tx, new[-1])
            notes += found.notes
        self.steps.reached("push.applied")
        return Pushed(new[-1].seq, new[-1].chain, notes, feed=feed, server_epoch=self.centre.epoch)

    def _at_once(self, tx: Tx, new: Sequence[Incoming]) -> list[int] | None:
        """None where the batch has to be looked at entry by entry; then nothing of it was done."""
        if self.dialect != "postgresql" or sum(entry.size for entry in new) > MOST_AT_ONCE:
            return None
        tx.run("SAVEPOINT batch")
        try:
            with applying(tx, self.dialect):
                return apply_at_once(
                    tx, self.batch, new, self.now, self.centre.cipher, lambda: self._acknowledge(tx, new[-1])
                )
        except NotPlainError:
            pass
        except errors_of(tx) as error:
            if row_refused(error) is None:
                raise
        tx.run("ROLLBACK TO SAVEPOINT batch")
        return None

    def _acknowledge(self, tx: Tx, last: Incoming) -> None:
        header, device = self.batch.header, self.batch.device_id
        tx.execute(ACK, device=device, in_epoch=header.epoch, seq=last.seq, chain=last.chain)
        program = program_of(header.app, header.schema)
        tx.execute(SEEN, device=device, now=self.now, app=program["app_version"], schema=program["schema_version"])

    def _of_clock(self, new: Sequence[Incoming]) -> list[Note]:
        """Time never stops the sync: it is noted (sync-protocol 12)."""
        astray = clock_ahead(new, to_ms(self.now + FUTURE))
        return [] if astray is None else [Note(astray, "clock")]
