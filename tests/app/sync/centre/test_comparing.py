"""Digests between a branch and the centre (sync-protocol 15): equal after a push, and the row that differs is found."""

import uuid

import msgspec
import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.sync.digests import BUCKETS, FETCH, ROOTS, ROWS, Digests, Filled, bucket_of, compared, fill_hashes
from app.sync.line import BAD, OK, Call
from app.sync.wire import FeedRow, Roots, open_message, seal_message
from db.applying import applying
from db.models.members import Member
from db.models.sync import Digest
from db.wire import entity
from tests.app.sync.centre.sending import Sender, journal
from tests.app.sync.centre.test_push import busy
from tests.library import rows


def ask(sender: Sender, question: Roots) -> Roots:
    """One step of a comparison."""
    reply = sender.call(Call.DIGEST, seal_message(question, sender.key))
    assert reply.status == OK, reply
    return open_message(reply.body, Roots, sender.centre.keys.public_key)


def own(library: Library, sender: Sender) -> Digests:
    """What the branch counts."""
    place: Filled | None = Filled()
    with library.store.write() as tx:
        while place is not None:
            place = fill_hashes(tx, library.branch.id, place)
    with library.store.read() as reader:
        return Digests.of(reader, library.branch.id, sender.device_id.bytes)


@pytest.fixture
def even(library: Library, sender: Sender) -> Sender:
    """A busy branch, wholly sent, with an encrypted national id at the centre."""
    busy(library)
    sender.push(journal(library))
    return sender


def test_both_sides_count_the_same_after_a_push(library: Library, even: Sender) -> None:
    assert ask(even, own(library, even).roots()).roots == []


def test_that_rows_were_compared_is_known_at_the_centre(centre: Centre, library: Library, even: Sender) -> None:
    for _ in range(2):
        ask(even, own(library, even).roots())
    with centre.store.read() as reader:
        when = sa.select(sa.func.count(), sa.func.max(Digest.computed_at)).where(Digest.branch_id == library.branch.id)
        assert tuple(reader.connection.execute(when).one()) == (len(compared()), centre.now())


def test_a_row_that_differs_is_found_and_fetched(centre: Centre, library: Library, even: Sender) -> None:
    reader = rows(library, Member)[0]
    with centre.store.write() as tx, applying(tx, "postgresql"):
        spoilt = sa.update(Member).where(Member.id == reader.id).values(job="معلم", rh=None)
        tx.connection.execute(spoilt)
    digests = own(library, even)
    ((number, _, count),) = ask(even, digests.roots()).roots
    assert (number, count) == (entity(Member).number, len(rows(library, Member)))
    assert ask(even, digests.buckets([number])).buckets == [[number, [bucket_of(reader.id)]]]
    ((_, found),) = ask(even, Roots(even.device_id.bytes, ROWS, buckets=[[number, [bucket_of(reader.id)]]])).rows
    assert [reader.id.bytes, reader.ver] in [row[:2] for row in found]
    ((_, fetched),) = ask(even, Roots(even.device_id.bytes, FETCH, rows=[[number, [reader.id.bytes]]])).rows
    row = msgspec.convert(fetched[0], FeedRow)
    assert row.data[entity(Member).fields["job"].number] == "معلم"


def test_nobody_fetches_rows_of_another_branch(library: Library, even: Sender, centre: Centre) -> None:
    stranger = Sender(centre, uuid.uuid4(), uuid.uuid4(), 5).enrol()
    question = Roots(
        stranger.device_id.bytes, FETCH, rows=[[entity(Member).number, [rows(library, Member)[0].id.bytes]]]
    )
    assert ask(stranger, question).rows == [[entity(Member).number, []]]


@pytest.mark.parametrize(
    "question",
    [
        Roots(b"", BUCKETS, buckets=[[entity(Member).number, [[b"", 1]]]]),
        Roots(b"", ROOTS, roots=[["x"]]),
        Roots(b"", ROWS, buckets=[[entity(Member).number, 5]]),
        Roots(b"", FETCH, rows=[[entity(Member).number, [b"short"]]]),
    ],
)
def test_a_question_that_is_none_is_refused(even: Sender, question: Roots) -> None:
    asked = Roots(even.device_id.bytes, question.step, question.roots, question.buckets, question.rows)
    assert even.call(Call.DIGEST, seal_message(asked, even.key)).status == BAD
