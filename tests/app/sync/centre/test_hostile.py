"""A device that has its key and sends nonsense: each entry is set aside, none stops the stream, nobody else is hurt."""

import random
import uuid
from typing import Any

import pytest

from app.centre import Centre
from app.library import Library
from app.sync.line import BAD, OK, Call
from app.sync.wire import JournalBytes
from db.journal import DECODER, ENCODER
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.models.schema import synced_models
from db.models.sync import JournalEntry, SetAside
from db.wire import entity
from tests.app.sync.centre.sending import Sender, altered, journal, kept
from tests.library import add_copy, add_member, lend

ITEM, LOAN, MEMBER = (entity(model).number for model in (Item, Loan, Member))
AN_ID = uuid.UUID(int=7).bytes


def image(model: Any, **fields: Any) -> list[Any]:
    values: list[Any] = [None] * entity(model).width
    for name, value in fields.items():
        values[entity(model).fields[name].number] = value
    return values


NONSENSE: list[Any] = [
    [],
    [ITEM],
    None,
    "x",
    [ITEM, AN_ID, 0, 0, None],
    [ITEM, AN_ID, 0, 0, []],
    [ITEM, AN_ID, 0, 0, image(Item, barcode="x")],
    [ITEM, AN_ID, 0, 0, [None] * 500],
    [ITEM, AN_ID, 0, 0, ["\0"] * entity(Item).width],
    [ITEM, AN_ID, 0, 0, [1 << 62] * entity(Item).width],
    [ITEM, AN_ID, 0, 0, [{"a": 1}] * entity(Item).width],
    [ITEM, AN_ID, 0, 0, [b"x" * 16] * entity(Item).width],
    [ITEM, AN_ID, 0, 1, {}],
    [ITEM, AN_ID, 5, 1, {"x": [None, 1]}],
    [ITEM, AN_ID, 5, 1, {-1: [None, 1]}],
    [ITEM, AN_ID, 5, 1, {400: [None, 1]}],
    [ITEM, AN_ID, 5, 1, {1: 5}],
    [ITEM, AN_ID, -1, 1, {}],
    [ITEM, AN_ID, 1 << 62, 1, {}],
    [ITEM, AN_ID, 1.5, 1, {}],
    [ITEM, AN_ID, 1, 2, None],
    [ITEM, AN_ID, 1, 3, None],
    [ITEM, AN_ID, 1, "x", None],
    [ITEM, b"short", 0, 0, []],
    [ITEM, None, 0, 0, []],
    [4_000, AN_ID, 0, 0, []],
    ["item", AN_ID, 0, 0, []],
    [LOAN, AN_ID, 0, 0, image(Loan, item_id=AN_ID, item_type="book", channel="desk", out_at=0, out_on=0, due_on=0,
                              first_due_on=0, renewals=0, unseen_renewals=0, policy_version=1, policy_row="*/*",
                              overrides=[])],
    [LOAN, AN_ID, 0, 0, image(Loan, out_at=1 << 62, out_on=1 << 40)],
    [MEMBER, AN_ID, 0, 0, image(Member, category="x" * 5, member_no=5, joined_on=1, state="active")],
]  # fmt: skip


def test_nonsense_is_set_aside_one_by_one(library: Library, centre: Centre, sender: Sender) -> None:
    lend(library, add_member(library), add_copy(library))
    entries = journal(library)
    bad = [altered(entries[0], seq=seq, changes=[change]) for seq, change in enumerate(NONSENSE, 2)]
    seq = len(bad) + 2
    rest = [altered(entry, seq=place) for place, entry in enumerate(entries[1:], seq)]
    pushed = sender.push([entries[0], *(JournalBytes(entry.body, None) for entry in bad), *rest])
    assert pushed.acked == seq + len(rest) - 1
    assert sorted(row.position for row in kept(centre, SetAside)) == list(range(2, seq))
    assert len(kept(centre, Loan)) == 1
    assert {entry.seq for entry in kept(centre, JournalEntry, device_id=sender.device_id) if not entry.applied} == set(
        range(2, seq)
    )


@pytest.mark.parametrize(
    "body", [b"", b"\xc0", b"\x90", b"\x9d" + b"\xc0" * 13, b"\xff" * 40, ENCODER.encode(["x"] * 13)]
)
def test_what_is_no_entry_at_all_is_kept_as_bytes(
    library: Library, centre: Centre, sender: Sender, body: bytes
) -> None:
    (founding,) = journal(library)
    pushed = sender.push([founding, JournalBytes(body, None)])
    assert [(note.seq, note.what) for note in pushed.notes] == [(2, "set_aside"), (2, "case")]
    (aside,) = kept(centre, SetAside)
    assert aside.reason == "malformed"
    (entry,) = kept(centre, JournalEntry, device_id=sender.device_id, seq=2)
    assert (bytes(entry.body), entry.kind, entry.applied) == (body, "", False)


def test_changed_bytes_inside_of_real_entries_never_break_the_centre(
    library: Library, centre: Centre, sender: Sender
) -> None:
    chance = random.Random(3)
    lend(library, add_member(library), add_copy(library))
    founding, *real = journal(library)
    sender.push([founding])
    for seq in range(2, 60):
        entry = chance.choice(real)
        body = bytearray(altered(entry, seq=seq).body)
        for _ in range(chance.randrange(1, 5)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        personal = entry.personal if chance.random() < 0.5 else None
        batch = sender.batch(
            [one := JournalBytes(bytes(body) if personal is None else _sealed(bytes(body), personal), personal)]
        )
        reply = sender.call(Call.PUSH, batch)
        assert reply.status == OK, reply
        sender.went([one])


def _sealed(body: bytes, personal: bytes) -> bytes:
    """A body that ends with the commitment of its personal part: the chain is made over it."""
    from db.journal import COMMITMENT_BYTES, commitment

    return body[:-COMMITMENT_BYTES] + (commitment(personal) or b"")


def test_a_hello_or_question_of_nonsense_is_refused(centre: Centre, sender: Sender) -> None:
    for call in (Call.HELLO, Call.ANCESTOR, Call.DIGEST, Call.PULL, Call.ENROL, Call.PUSH):
        for body in (b"", b"PSA1", b"PSB1" + bytes(80), b"PSA1" + bytes(200), ENCODER.encode([1, 2, 3])):
            assert sender.call(call, body, "x").status == BAD


def test_no_table_lets_a_device_write_for_another_branch(library: Library, centre: Centre, sender: Sender) -> None:
    lend(library, add_member(library), add_copy(library))
    sender.push(journal(library))
    thief = Sender(centre, uuid.uuid4(), uuid.uuid4(), 5).enrol()
    stolen = []
    for model in synced_models().values():
        for row in kept(centre, model):
            if row.branch_id == library.branch.id:
                number = entity(model).number
                stolen += [[number, row.id.bytes, row.ver, 2, None], [number, row.id.bytes, 50, 1, {}]]
    first = journal(library)[0]
    before = {model: kept(centre, model) for model in synced_models().values()}
    assert len(DECODER.decode(first.body)) == 13
    pushed = thief.push(
        [JournalBytes(altered(first, seq=seq, changes=[change]).body, None) for seq, change in enumerate(stolen, 1)]
    )
    assert len([note for note in pushed.notes if note.what == "set_aside"]) == len(stolen)
    for model, rows in before.items():
        mine = [row for row in kept(centre, model) if row.branch_id != thief.branch_id]
        assert mine == rows, model
