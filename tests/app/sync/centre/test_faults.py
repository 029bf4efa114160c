"""Ends of the world in the middle of a push, trouble of the server, programs of other ages: nothing lost, nothing
twice."""

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.sync.centre import replaying
from app.sync.centre.api import answer
from app.sync.line import AWAY, BUSY, OK, TOO_BIG, Call, Steps
from app.sync.wire import MOST_SENT_ALONE, JournalBytes, first_link
from db import wire
from db.journal import DECODER, next_chain
from db.models.items import Item
from db.models.sync import JournalEntry, SetAside, Stream
from tests.app.sync.centre.sending import Sender, altered, journal, kept, same_rows
from tests.app.sync.centre.test_push import busy, only_this_way
from tests.library import add_copy, add_member, change, rows
from tests.postgres import cluster


class Killed(BaseException):
    """The process ended here."""


class Ends(Steps):
    """Ends the process at a step; `passed` are the ones before."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.passed: list[str] = []

    def reached(self, name: str) -> None:
        """A step."""
        self.passed.append(name)
        if name == self.where:
            raise Killed(name)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    "where", ["push.opened", "push.entry", "push.applied", "push.before_commit", "push.after_commit"]
)
def test_the_centre_may_end_anywhere_and_the_same_batch_comes_again(
    library: Library, centre: Centre, sender: Sender, where: str, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if at_once and where == "push.entry":
        return
    only_this_way(monkeypatch, at_once=at_once)
    busy(library)
    entries = journal(library)
    batch = sender.batch(entries)
    with pytest.raises(Killed):
        sender.call(Call.PUSH, batch, steps=Ends(where))
    committed = where == "push.after_commit"
    assert len(kept(centre, JournalEntry, device_id=sender.device_id)) == (len(entries) if committed else 0)
    assert sender.push(entries).acked == len(entries)
    same_rows(library, centre)


@pytest.mark.parametrize("step", ["push.applied", "push.before_commit"])
def test_postgresql_may_be_killed_in_mid_batch(library: Library, centre: Centre, sender: Sender, step: str) -> None:
    busy(library)
    entries = journal(library)

    class KillsServer(Steps):
        """Takes the connection away, as a server does that goes down."""

        def reached(self, name: str) -> None:
            """A step."""
            if name == step:
                pid = centre.store._writer.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
                with cluster().connect() as connection:
                    connection.execute("SELECT pg_terminate_backend(%s)", (pid,))

    reply = sender.call(Call.PUSH, sender.batch(entries), steps=KillsServer())
    assert (reply.status, reply.body, reply.retry_after) == (AWAY, b"P-1112", 30)
    assert kept(centre, Stream, device_id=sender.device_id) == []
    assert sender.push(entries).acked == len(entries)
    same_rows(library, centre)


def test_a_full_disk_of_the_server_is_told_and_nothing_is_acknowledged(
    library: Library, centre: Centre, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(library)

    def full(*_: object, **__: object) -> Any:
        raise psycopg.errors.DiskFull("could not extend file")

    monkeypatch.setattr("app.sync.centre.push.apply_at_once", full)
    reply = sender.call(Call.PUSH, sender.batch(journal(library)))
    assert (reply.status, reply.body) == (AWAY, b"P-1101")
    monkeypatch.undo()
    assert sender.push(journal(library)).notes == []


def test_who_meets_another_transaction_is_asked_to_come_again(
    library: Library, centre: Centre, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadlock(*_: object, **__: object) -> Any:
        raise psycopg.errors.DeadlockDetected("deadlock detected")

    monkeypatch.setattr("app.sync.centre.push.apply_at_once", deadlock)
    reply = sender.call(Call.PUSH, sender.batch(journal(library)))
    assert (reply.status, reply.retry_after) == (BUSY, 1)


def test_what_is_too_big_is_not_even_opened(sender: Sender) -> None:
    assert sender.call(Call.PUSH, bytes(MOST_SENT_ALONE + 1)).status == TOO_BIG


def test_what_a_newer_program_wrote_is_applied_after_the_upgrade(
    library: Library, centre: Centre, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_member(library)
    add_copy(library)
    entries = journal(library)
    body = DECODER.decode(entries[2].body)
    newer = body[10]
    newer[-1][4] = [*newer[-1][4], "یک ستون تازه"]
    (copy,) = rows(library, Item)
    change(library, Item, copy.id, note="بر آن بنا شده")
    (later,) = journal(library, 3)
    told = sender.push([*entries[:2], altered(entries[2], changes=newer, schema=2), later]).notes
    assert [(note.seq, note.what) for note in told if note.what == "set_aside"] == [(3, "set_aside"), (4, "set_aside")]
    assert kept(centre, Item) == []
    before = sender.pull().pos
    assert replaying.replay(centre) == 0  # this program is as old as before
    known = wire.entity(Item)
    monkeypatch.setattr("app.sync.rows.fields_by_place", lambda model: _with_one_more(model, known.width))
    monkeypatch.setattr(replaying, "WAITING", _newer_too())
    assert replaying.replay(centre) == 2
    assert {(aside.replayed_at, aside.raw) for aside in kept(centre, SetAside)} == {(centre.now(), b"")}
    assert all(entry.applied for entry in kept(centre, JournalEntry, device_id=sender.device_id))
    assert replaying.replay(centre) == 0
    (copy,) = kept(centre, Item)
    assert (copy.note, copy.ver, copy.bpos > before) == ("بر آن بنا شده", 2, True)


def test_an_entry_that_was_set_aside_in_two_histories_is_applied_once(
    library: Library, centre: Centre, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a fork it was sent again, with the id it has (sync-protocol 6): of the two one is tried."""
    copy = add_copy(library)
    change(library, Item, copy.id, note="پس")
    *before, newer = journal(library)
    link = next_chain(_link(before), newer.body)
    number, row_id, base, op, data = DECODER.decode(newer.body)[10][0]
    known = wire.entity(Item)
    told = [[number, row_id, base, op, {**data, known.width: [None, "یک ستون تازه"]}]]
    in_first = altered(newer, changes=told, schema=2, eid=link)
    sender.push([*before, in_first])
    again = Sender(centre, sender.branch_id, sender.device_id, sender.epoch + 1, key=sender.key)
    again.push([altered(in_first, seq=1)])
    assert len(kept(centre, SetAside)) == 2
    monkeypatch.setattr("app.sync.rows.fields_by_place", lambda model: _with_one_more(model, known.width))
    monkeypatch.setattr(replaying, "WAITING", _newer_too())
    assert replaying.replay(centre) == 1
    assert {aside.replayed_at for aside in kept(centre, SetAside)} == {centre.now()}
    (there,) = kept(centre, Item)
    assert there.ver == 2
    assert replaying.replay(centre) == 0


def _link(entries: list[JournalBytes]) -> bytes:
    link = first_link(1)
    for entry in entries:
        link = next_chain(link, entry.body)
    return link


def _newer_too() -> sa.Select[*tuple[Any, ...]]:
    columns = (SetAside.id, SetAside.branch_id, SetAside.source, SetAside.position, SetAside.raw)
    return sa.select(*columns).where(SetAside.replayed_at.is_(None)).order_by(SetAside.position)


def _with_one_more(model: Any, width: int) -> Any:
    fields = {field.number: field for field in wire.entity(model).fields.values()}
    note = wire.entity(Item).fields["note"]
    return fields | ({width: note} if model is Item else {})


def test_what_is_tried_again_late_undoes_nothing_that_was_done_after_it(
    library: Library, centre: Centre, sender: Sender
) -> None:
    """A number was given twice; before anybody put that right the same copy was written to again."""
    one, other = add_copy(library), add_copy(library)
    numbers = {copy.id: copy.accession_no for copy in rows(library, Item)}
    change(library, Item, other.id, note="پیش", volume_no="۱")
    change(library, Item, other.id, note="پس")
    *before, first, second = journal(library)
    number, row_id, base, op, data = DECODER.decode(first.body)[10][0]
    twice = {**data, wire.entity(Item).fields["accession_no"].number: [None, numbers[one.id]]}
    sender.push([*before, altered(first, changes=[[number, row_id, base, op, twice]]), second])
    (aside,) = kept(centre, SetAside)
    assert aside.reason.startswith("number_twice")
    change(library, Item, one.id, accession_no=900)
    sender.push(journal(library, sender.sent))
    assert replaying.replay_one(centre, library.branch.id, aside.id)
    (there,) = kept(centre, Item, id=other.id)
    assert (there.accession_no, there.volume_no) == (numbers[one.id], "۱")
    assert there.note == "پس"


def test_the_first_call_begins_the_centre_once(centre: Centre, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Centre] = []

    def begin(one: Centre) -> None:
        begun.append(one)
        one.begun = True

    monkeypatch.setattr("app.sync.centre.api.begin", begin)
    centre.begun = False
    for _ in range(2):
        assert answer(centre, Call.PUSH, b"").status != OK
    assert begun == [centre]
