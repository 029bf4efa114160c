"""Packages between a branch without a line and the centre: all of it arrives once, in whatever order the files come."""

import secrets
import uuid
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre
from app.sync.branch.enrolling import EnrolledHere, enrol
from app.sync.branch.epochs import Reopened, open_epoch
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from app.sync.dump import dump, dump_package
from app.sync.enrolling import issue_code, revoke_device
from app.sync.line import Call, Reply
from app.sync.packages import down, taking, up
from app.sync.packages.down import prepare_package
from app.sync.packages.form import look_into, opening_key_of, read_package
from app.sync.packages.receipts import MAGIC, receipt_of, take_receipt
from app.sync.packages.receiving import Received, receive
from app.sync.packages.taking import push_held, take_package
from app.sync.packages.up import export_packages
from db.codes import BranchKind, Role
from db.models.library import Branch, LicensedLibrary
from db.models.sync import FeedCursor, JournalEntry, Peer, SetAside, Site, Stream
from db.trouble import Trouble
from tests.app.sync.centre.sending import Sender, altered, journal
from tests.app.sync.packages.conftest import Pair
from tests.library import act, add_copy, add_member, clock, rows
from tests.sync.lines import InProcessLine


def export(pair: Pair, folder: Path) -> list[bytes]:
    """What stands on the stick."""
    return [read_package(one.path) for one in export_packages(pair.library, pair.key, folder)]


def held(centre: Centre) -> int:
    with centre.store.read() as reader:
        waiting = sa.select(sa.func.count()).select_from(SetAside).where(SetAside.replayed_at.is_(None))
        return int(reader.connection.execute(waiting).scalar_one())


def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch an entry, a file a batch: what a long absence makes of a big journal."""
    monkeypatch.setattr(up, "BATCH_RAW", 1)
    monkeypatch.setattr(up, "MOST_PARCELS", 1)


# Up


def test_what_waits_goes_up_and_the_receipt_says_so(pair: Pair, tmp_path: Path) -> None:
    pair.work()
    waiting = pair.waiting()
    (written,) = export_packages(pair.library, pair.key, tmp_path)
    assert written.path.name.endswith(f"-1-{waiting}.psu")
    assert (written.entries, written.first, written.last) == (waiting, 1, waiting)
    taken = take_package(pair.centre, read_package(written.path))
    assert (taken.branch_id, taken.new, taken.acked, taken.held) == (pair.library.branch.id, waiting, waiting, 0)
    assert pair.acked() == waiting
    assert pair.waiting() == waiting  # the stick is on its way back
    assert receive(pair.library, pair.key, taken.receipt) == Received(acked=waiting)
    assert pair.waiting() == 0
    assert receive(pair.library, pair.key, taken.receipt).already


def test_nothing_waits_nothing_is_written(pair: Pair, tmp_path: Path) -> None:
    take = take_package(pair.centre, export(pair, tmp_path)[0])
    take_receipt(pair.library, take.receipt)
    assert export(pair, tmp_path / "again") == []


def test_the_second_package_begins_after_the_first_receipt(pair: Pair, tmp_path: Path) -> None:
    first = take_package(pair.centre, export(pair, tmp_path)[0])
    take_receipt(pair.library, first.receipt)
    pair.work(2)
    (written,) = export_packages(pair.library, pair.key, tmp_path)
    assert (written.first, written.entries) == (first.acked + 1, 2)
    assert take_package(pair.centre, read_package(written.path)).new == 2


def test_the_same_package_twice_changes_nothing_and_gives_its_receipt_again(pair: Pair, tmp_path: Path) -> None:
    (raw,) = export(pair, tmp_path)
    first, again = take_package(pair.centre, raw), take_package(pair.centre, raw)
    assert not first.already
    assert again.already
    assert again.acked == first.acked
    assert take_receipt(pair.library, again.receipt) == first.acked


def test_files_in_any_order_arrive_once_and_gaps_are_held(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_batches(monkeypatch)
    pair.work()
    files = export(pair, tmp_path)
    assert len(files) == pair.waiting() >= 3
    early = [take_package(pair.centre, raw) for raw in reversed(files[1:])]
    assert [one.acked for one in early] == [0] * len(early)
    assert [one.held for one in early] == list(range(1, len(early) + 1))
    assert take_package(pair.centre, files[-1]).held == len(early)  # the same one is held once
    last = take_package(pair.centre, files[0])
    assert (last.acked, last.new, last.held) == (len(files), len(files), 0)
    assert held(pair.centre) == 0
    assert len(rows(pair.library, Branch)) == 1


def test_what_is_held_goes_on_when_a_line_filled_the_gap(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_batches(monkeypatch)
    files = export(pair, tmp_path)
    pair.work(1)
    late = export(pair, tmp_path)[-1]
    assert take_package(pair.centre, late).held == 1
    assert push_held(pair.centre) == 0
    for raw in files:
        (batch,) = look_into(raw, pair.centre.keys.sealing).parcels
        assert InProcessLine(pair.centre).send(Call.PUSH, batch).status == 200
    assert push_held(pair.centre) == 1
    assert (pair.acked(), held(pair.centre)) == (len(files) + 1, 0)


def test_a_held_batch_that_nobody_believes_any_more_keeps_no_later_package_out(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine got a new key while a batch of the old one waited for what comes before it."""
    in_small_batches(monkeypatch)
    pair.work(1)
    files = export(pair, tmp_path)
    assert take_package(pair.centre, files[-1]).held == 1
    key = Ed25519PrivateKey.generate()
    code = issue_code(pair.centre, pair.library.branch.id, "ali").code
    line = InProcessLine(pair.centre)
    assert isinstance(enrol(pair.library, "https://centre.example", code, line, key, act(pair.library)), EnrolledHere)
    (tmp_path / "anew").mkdir()
    signed_anew = [read_package(one.path) for one in export_packages(pair.library, key, tmp_path / "anew")]
    taken = [take_package(pair.centre, raw) for raw in signed_anew]
    assert taken[-1].acked == len(files)
    assert receive(pair.library, key, taken[-1].receipt).acked == len(files)
    assert push_held(pair.centre) == 0
    assert held(pair.centre) == 0


def test_a_held_batch_of_another_history_keeps_no_later_package_out(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older copy of the database was put back and wrote on before the lost file came."""
    in_small_batches(monkeypatch)
    pair.work(2)
    files = export(pair, tmp_path)
    assert take_package(pair.centre, files[-1]).held == 1
    of_another = Sender(
        pair.centre, pair.library.branch.id, *_stream(pair), key=pair.key
    )  # a history of the same epoch that went elsewhere
    for raw in files[:-2]:
        (batch,) = look_into(raw, pair.centre.keys.sealing).parcels
        assert InProcessLine(pair.centre).send(Call.PUSH, batch).status == 200
    entries = journal(pair.library)
    of_another.went(entries[: len(files) - 2])
    of_another.push([altered(entries[-2], at_ms=1)])
    again = take_package(pair.centre, files[0])
    assert again.already
    assert receive(pair.library, pair.key, again.receipt).acked == 0  # its chain is not ours: the next hello sees to it
    assert push_held(pair.centre) == 0


def _stream(pair: Pair) -> tuple[uuid.UUID, int]:
    identity = pair.library.store.identity
    assert identity is not None
    return identity.device_id, identity.epoch


def test_network_and_stick_may_be_mixed(pair: Pair, tmp_path: Path) -> None:
    take_package(pair.centre, export(pair, tmp_path)[0])
    pair.work(2)
    outcome = sync_round(pair.library, InProcessLine(pair.centre), pair.key)
    assert outcome.state is RoundState.DONE
    assert pair.waiting() == 0
    assert take_package(pair.centre, export_all(pair, tmp_path)).already


def export_all(pair: Pair, folder: Path) -> bytes:
    """The package that was written first: its file is still on the stick."""
    return read_package(next(folder.glob("*.psu")))


def test_another_centre_hears_the_whole_history_whatever_the_one_before_had(pair: Pair) -> None:
    """What was safe there is not here."""
    device, epoch = _stream(pair)
    with pair.library.store.write() as tx:
        tx.connection.execute(sa.update(Peer).values(centre_id=uuid.uuid4()))
        everything = {"acked_seq": Stream.head_seq, "durable_through": Stream.head_seq}
        tx.connection.execute(
            sa.update(Stream).where(Stream.epoch == epoch).values(**everything, acked_chain=Stream.head_chain)
        )
        tx.connection.execute(sa.insert(FeedCursor).values(device_id=device, feed="policy", feed_epoch=5, pos=900))
    open_epoch(pair.library.store, pair.library.clock.read(), Reopened.MOVED, {}, secrets.randbits)
    pair.work(1)
    code, line = issue_code(pair.centre, pair.library.branch.id, "ali").code, InProcessLine(pair.centre)
    assert isinstance(
        enrol(pair.library, "https://centre.example", code, line, pair.key, act(pair.library)), EnrolledHere
    )
    with pair.library.store.read() as reader:
        entries = reader.connection.execute(sa.select(sa.func.count()).select_from(JournalEntry)).scalar_one()
        assert reader.connection.execute(sa.select(FeedCursor)).first() is None
    assert sync_round(pair.library, line, pair.key).state is RoundState.DONE
    assert pair.acked() == entries


def test_a_branch_that_never_enrolled_has_nobody_to_seal_for(pair: Pair, tmp_path: Path) -> None:
    with pair.library.store.write() as tx:
        tx.connection.execute(sa.delete(Peer))
    with pytest.raises(Trouble, match="P-2427"):
        export_packages(pair.library, pair.key, tmp_path)
    with pytest.raises(Trouble, match="P-2427"):
        receive(pair.library, pair.key, MAGIC + b"x")


def test_a_full_stick_is_a_trouble_and_leaves_no_half_file(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Trouble, match="P-120"):
        export_packages(pair.library, pair.key, tmp_path / "no such folder")
    assert list(tmp_path.glob("*.psu")) == []


def test_an_unknown_and_a_revoked_device_are_not_believed(pair: Pair, tmp_path: Path) -> None:
    (raw,) = export(pair, tmp_path)
    identity = pair.library.store.identity
    assert identity is not None
    assert revoke_device(pair.centre, identity.device_id)
    with pytest.raises(Trouble, match="P-2423"):
        take_package(pair.centre, raw)
    assert pair.acked() == 0


def test_a_package_signed_by_somebody_else_is_not_believed(pair: Pair, tmp_path: Path) -> None:
    written = export_packages(pair.library, Ed25519PrivateKey.generate(), tmp_path)
    with pytest.raises(Trouble, match="P-2423"):
        take_package(pair.centre, read_package(written[0].path))


def test_a_busy_centre_says_to_come_again(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (raw,) = export(pair, tmp_path)
    monkeypatch.setattr(taking, "answer", lambda *_: Reply(503, b"P-1112"))
    with pytest.raises(Trouble, match="P-2429"):
        take_package(pair.centre, raw)


# Receipts


def test_a_receipt_is_a_contact_at_the_time_of_the_centre(pair: Pair, tmp_path: Path) -> None:
    taken = take_package(pair.centre, export(pair, tmp_path)[0])
    clock(pair.library).advance(days=5)
    take_receipt(pair.library, taken.receipt)
    with pair.library.store.read() as reader:
        site = reader.connection.execute(sa.select(Site.last_contact_at, Site.skew_ms)).one()
    assert site.last_contact_at == pair.centre.now()
    assert site.skew_ms is None  # a stick says nothing of how the clocks differ


def test_an_older_receipt_takes_nothing_back(pair: Pair, tmp_path: Path) -> None:
    older = take_package(pair.centre, export(pair, tmp_path)[0]).receipt
    pair.centre.clock.advance(days=1)  # type: ignore[attr-defined]
    pair.work(2)
    newer = take_package(pair.centre, export(pair, tmp_path)[0]).receipt
    take_receipt(pair.library, newer)
    with pair.library.store.read() as reader:
        before = reader.connection.execute(sa.select(Site.last_contact_at)).scalar_one()
    assert take_receipt(pair.library, older) == 0
    with pair.library.store.read() as reader:
        assert reader.connection.execute(sa.select(Site.last_contact_at)).scalar_one() == before
    assert pair.waiting() == 0


def test_a_branch_without_a_line_sends_again_what_a_restored_centre_has_lost(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No hello will ever tell it: the receipt has to."""
    in_small_batches(monkeypatch)
    pair.work(2)
    taken = [take_package(pair.centre, raw) for raw in export(pair, tmp_path)]
    for one in taken:
        take_receipt(pair.library, one.receipt)
    assert pair.waiting() == 0
    identity = pair.library.store.identity
    assert identity is not None
    pair.centre.clock.advance(days=1)  # type: ignore[attr-defined]
    whole = receipt_of(pair.centre, identity.device_id)
    before = msgspec.structs.replace(whole.acked[0], seq=1, chain=_chain(pair, 1))
    restored = msgspec.structs.replace(whole, acked=[before], server_epoch=whole.server_epoch + 1)
    take_receipt(pair.library, restored.sealed(pair.centre)[0])
    assert pair.waiting() == whole.acked[0].seq - 1
    take_receipt(pair.library, taken[-1].receipt)  # an older one, which knew nothing of the restore, says nothing new
    assert pair.waiting() == whole.acked[0].seq - 1
    pair.centre.clock.advance(days=1)  # type: ignore[attr-defined]
    nothing = msgspec.structs.replace(receipt_of(pair.centre, identity.device_id), acked=[], server_epoch=7)
    take_receipt(pair.library, nothing.sealed(pair.centre)[0])
    assert pair.waiting() == whole.acked[0].seq


def _chain(pair: Pair, seq: int) -> bytes:
    with pair.library.store.read() as reader:
        return reader.connection.execute(sa.select(JournalEntry.chain).where(JournalEntry.seq == seq)).scalar_one()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda raw: raw[:-3], "P-2423"),
        (lambda raw: raw[:40], "P-2421"),
        (lambda raw: raw[:4] + b"nothing", "P-2421"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "P-2423"),
    ],
)
def test_a_spoilt_receipt_is_not_believed(pair: Pair, tmp_path: Path, spoil: object, code: str) -> None:
    raw = take_package(pair.centre, export(pair, tmp_path)[0]).receipt
    before = pair.waiting()
    with pytest.raises(Trouble, match=code):
        receive(pair.library, pair.key, spoil(raw))  # type: ignore[operator]
    assert pair.waiting() == before


def test_the_receipt_of_another_device_is_none_of_ours(pair: Pair) -> None:
    raw, _ = receipt_of(pair.centre, uuid.uuid4()).sealed(pair.centre)
    with pytest.raises(Trouble, match="P-2422"):
        take_receipt(pair.library, raw)


def test_a_receipt_of_another_history_acknowledges_nothing(pair: Pair, tmp_path: Path) -> None:
    take_package(pair.centre, export(pair, tmp_path)[0])
    identity = pair.library.store.identity
    assert identity is not None
    true = receipt_of(pair.centre, identity.device_id)
    false = msgspec.structs.replace(true, acked=[msgspec.structs.replace(true.acked[0], chain=bytes(16))])
    before = pair.waiting()
    assert take_receipt(pair.library, false.sealed(pair.centre)[0]) == 0
    assert pair.waiting() == before


# Down


def give(pair: Pair) -> bytes:
    return prepare_package(pair.centre, pair.library.branch.id).raw


def put_at_the_centre(pair: Pair, name: str = "کتابخانهٔ نو") -> None:
    """A row of the centre for every branch."""
    stamp = pair.centre.act(uuid.uuid4(), Role.ADMINISTRATOR)
    with pair.centre.write() as tx:
        tx.insert(
            LicensedLibrary,
            name=name,
            licence_no=f"L-{name}",
            county="اراک",
            province="مرکزی",
            kind=BranchKind.INDEPENDENT,
        )
        tx.record("library.licensed", stamp)


def licensed(pair: Pair) -> list[str]:
    return [row.name for row in rows(pair.library, LicensedLibrary)]


def test_what_the_centre_has_for_a_branch_comes_down_with_its_receipt(pair: Pair, tmp_path: Path) -> None:
    add_member(pair.library)
    waiting = pair.waiting()
    take_package(pair.centre, export(pair, tmp_path)[0])
    put_at_the_centre(pair)
    received = receive(pair.library, pair.key, give(pair))
    assert received.acked == waiting
    assert received.rows >= 1
    assert licensed(pair) == ["کتابخانهٔ نو"]
    assert pair.waiting() == 0


def test_the_same_package_again_brings_nothing(pair: Pair) -> None:
    put_at_the_centre(pair)
    raw = give(pair)
    assert not receive(pair.library, pair.key, raw).already
    assert receive(pair.library, pair.key, raw).already


def test_a_package_for_another_branch_is_refused(pair: Pair) -> None:
    with pytest.raises(Trouble, match="P-2422"):
        receive(pair.library, Ed25519PrivateKey.generate(), give(pair))


def test_a_package_of_another_centre_is_not_believed(pair: Pair) -> None:
    raw = give(pair)
    with pair.library.store.write() as tx:
        tx.connection.execute(sa.update(Peer).values(public_key=bytes(32)))
    with pytest.raises(Trouble, match="P-2423"):
        receive(pair.library, pair.key, raw)


def test_our_own_package_is_not_for_us(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="P-2422"):
        receive(pair.library, pair.key, export(pair, tmp_path)[0])
    with pytest.raises(Trouble, match="P-2422"):
        take_package(pair.centre, give(pair))


def test_a_package_that_goes_on_from_a_missing_one_waits(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    put_at_the_centre(pair)
    first = give(pair)
    _knows_cursors(pair, first)
    put_at_the_centre(pair, "دیگری")
    second = give(pair)
    with pytest.raises(Trouble, match="P-2431"):
        receive(pair.library, pair.key, second)
    assert licensed(pair) == []
    receive(pair.library, pair.key, first)
    receive(pair.library, pair.key, second)
    assert sorted(licensed(pair)) == sorted(["کتابخانهٔ نو", "دیگری"])


def _knows_cursors(pair: Pair, raw: bytes) -> None:
    """The centre believes that the branch has taken a package, as a hello would tell it."""
    identity = pair.library.store.identity
    assert identity is not None
    said = dump_package(look_into(raw, opening_key_of(pair.key)))
    with pair.centre.write() as tx:
        for page in said["parcels"][1:]:
            tx.connection.execute(
                sa.insert(FeedCursor).values(
                    device_id=identity.device_id, feed=page["feed"], feed_epoch=page["epoch"], pos=page["pos"],
                    sub_pos=page["sub_pos"],
                )
            )  # fmt: skip


def test_more_than_one_file_holds_is_given_in_two(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    put_at_the_centre(pair)
    monkeypatch.setattr(down, "MOST_PARCELS", 1)
    prepared = prepare_package(pair.centre, pair.library.branch.id)
    assert prepared.more
    assert receive(pair.library, pair.key, prepared.raw).rows == 0


def test_nobody_of_this_branch_is_enrolled(pair: Pair) -> None:
    with pytest.raises(Trouble, match="P-2430"):
        prepare_package(pair.centre, uuid.uuid4())


# For people


def test_a_package_can_be_read_by_people_without_any_reader_in_it(pair: Pair, tmp_path: Path) -> None:
    member = add_member(pair.library, given_name="ماه‌منیر")
    copy = add_copy(pair.library, "بوف کور")
    assert member.card
    assert copy.barcode
    (raw,) = export(pair, tmp_path)
    head = dump(raw)
    assert head["kind"] == "up"
    assert "parcels" not in head
    package = look_into(raw, pair.centre.keys.sealing)
    told = msgspec.json.encode(dump_package(package)).decode()
    assert "بوف کور" in told
    assert "ماه‌منیر" not in told
    assert "ماه‌منیر" in msgspec.json.encode(dump_package(package, personal=True)).decode()


def test_a_receipt_and_a_feed_can_be_read_too(pair: Pair, tmp_path: Path) -> None:
    put_at_the_centre(pair)
    taken = take_package(pair.centre, export(pair, tmp_path)[0])
    receipt = dump(taken.receipt)
    assert (receipt["message"], receipt["acked"][0]["seq"]) == ("Receipt", taken.acked)
    parcels = dump_package(look_into(give(pair), opening_key_of(pair.key)))["parcels"]
    assert any(row["data"].get("name") == "کتابخانهٔ نو" for parcel in parcels[1:] for row in parcel["rows"])


def test_every_call_of_a_round_can_be_read(pair: Pair) -> None:
    sent: list[bytes] = []

    class Listening(InProcessLine):
        def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
            reply = super().send(call, body, bearer)
            sent.extend((body, reply.body) if call is not Call.PULL else (reply.body,))
            return reply

    sync_round(pair.library, Listening(pair.centre), pair.key)
    told = [dump(raw) for raw in sent]
    kinds = {one.get("message", one.get("file")) for one in told}
    assert {"Hello", "Welcome", "batch", "Pushed", "Page"} <= kinds
    (batch,) = [one for one in told if one.get("file") == "batch"]
    assert [entry["seq"] for entry in batch["entries"]] == list(range(batch["first"], batch["last"] + 1))


@pytest.mark.parametrize("raw", [b"", b"PSB1", b"PSA1" + bytes(80), b"PSR1", b"PSU1", b"%PDF-1.7"])
def test_what_is_none_of_ours_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(Trouble, match=r"P-242[15]"):
        dump(raw)


def test_the_name_says_branch_epoch_first_and_last(pair: Pair, tmp_path: Path) -> None:
    (written,) = export_packages(pair.library, pair.key, tmp_path)
    identity = pair.library.store.identity
    assert identity is not None
    branch = identity.branch_id.hex[-8:]
    assert written.path.name == f"{branch}-{identity.epoch:016x}-{written.first}-{written.last}.psu"
