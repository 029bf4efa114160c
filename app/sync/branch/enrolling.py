"""Enrolment at the branch: the code and the public key go up, the keys and certificates of the centre are pinned
(sync-protocol 17)."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.actions import Action
from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from app.sync.branch.machine import machine_mark
from app.sync.enrolling import CHARACTERS, REFUSED, UNKNOWN_CODE, written
from app.sync.line import BUSY, DENIED, OK, Call, Line, Reply
from app.sync.wire import Enrol, Enrolled, MalformedError, fingerprint, open_message, read_message, seal_message
from app.version import VERSION
from db.act import Act
from db.journal import SCHEMA_VERSION
from db.models.sync import Device, FeedCursor, Peer, Stream
from db.trouble import Trouble
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class EnrolledHere:
    """The centre is known here from now on."""

    url: str
    centre_id: uuid.UUID
    fingerprint: str


def ask_who(library: Library, line: Line, key: Ed25519PrivateKey) -> Enrolled | Refused:
    """Who is at the other end of a line: the keys and certificates it gives itself. Refused after too many wrong codes.

    Raises what `Line.send` raises, and Trouble P-2417 where no centre answers.
    """
    reply = line.send(Call.ENROL, seal_message(_asked(library, "", key), key))
    if reply.status == BUSY:
        return _too_often(reply)
    if reply.status != OK:
        raise Trouble("P-2417", reason=reply.status)
    return _opened(reply)


def enrol(
    library: Library, url: str, code: str, line: Line, key: Ed25519PrivateKey, act: Act, pinned_fingerprint: str = ""
) -> EnrolledHere | Refused:
    """Become known to the centre at `url` and pin its keys, after comparing the fingerprint printed beside the code.

    Raises what `Line.send` raises, and Trouble P-2417 where no centre answers.
    """
    if forbidden := library.forbids(act, Action.SET_LIBRARY):
        return Refused(forbidden)
    if len(written(code)) != CHARACTERS:
        return Refused((UNKNOWN_CODE,))
    reply = line.send(Call.ENROL, seal_message(_asked(library, written(code), key), key))
    if reply.status == BUSY:
        return _too_often(reply)
    if reply.status == DENIED:
        return Refused((_told(reply.body),))
    if reply.status != OK:
        raise Trouble("P-2417", reason=reply.status)
    said = _opened(reply)
    if pinned_fingerprint and not is_fingerprint_of(said.signing_key, pinned_fingerprint):
        return Refused((Refusal("enrol.fingerprint"),))
    with library.store.write() as tx:
        _pin(tx, url, said, key, act)
    return EnrolledHere(url, uuid.UUID(bytes=said.centre), fingerprint(said.signing_key))


def _too_often(reply: Reply) -> Refused:
    minutes = -(-(reply.retry_after or 60) // 60)
    return Refused((Refusal("enrol.too_often", have=minutes),))


def is_fingerprint_of(public_key: bytes, printed: str) -> bool:
    """Whether what somebody typed is the fingerprint of this key."""
    return written(printed) == written(fingerprint(public_key))


def _asked(library: Library, code: str, key: Ed25519PrivateKey) -> Enrol:
    of, identity = library.branch, library.store.identity
    if identity is None:
        raise RuntimeError("the store has not been set up")
    machine = machine_mark(library.store) if code else ""  # only for whoever has been proved
    return Enrol(
        code, of.id.bytes, identity.device_id.bytes, key.public_key().public_bytes_raw(), of.name, machine, VERSION,
        SCHEMA_VERSION, of.province, of.county,
    )  # fmt: skip


def _told(code: bytes) -> Refusal:
    """The reason a centre gave, which a newer one may know more of than we."""
    return next((known for known in REFUSED if known.code.encode() == code), Refusal("enrol.denied"))


def _opened(reply: Reply) -> Enrolled:
    try:
        return open_message(reply.body, Enrolled, read_message(reply.body, Enrolled).signing_key)
    except MalformedError as error:
        raise Trouble("P-2417", reason=error.reason) from error


def _pin(tx: Tx, url: str, said: Enrolled, key: Ed25519PrivateKey, act: Act) -> None:
    """A branch has one centre: the row of an earlier one goes. What that one had, or fed, says nothing of this one."""
    before = tx.connection.execute(sa.select(Peer.centre_id)).scalar_one_or_none()
    if before is not None and before.bytes != said.centre:
        tx.connection.execute(sa.update(Stream).values(acked_seq=0, acked_chain=b"", durable_through=0))
        tx.connection.execute(sa.delete(FeedCursor))
    tx.connection.execute(sa.delete(Peer))
    tx.connection.execute(
        sa.insert(Peer).values(
            url=url, centre_id=uuid.UUID(bytes=said.centre), public_key=said.signing_key,
            sealing_key=said.sealing_key, certificates=said.certificates or None, enrolled_at=act.at,
        )
    )  # fmt: skip
    own = sa.update(Device).where(Device.id == tx.identity.device_id)
    tx.connection.execute(own.values(public_key=key.public_key().public_bytes_raw(), enrolled_at=act.at))
