"""Enrolment: a code that works once, for one branch, for 72 hours; keys that are pinned on both sides."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.centre import Centre
from app.clock import SettableClock
from app.library import Library
from app.outcome import Refused
from app.sync.branch.device_key import ensure_device_key, read_device_key
from app.sync.branch.enrolling import EnrolledHere, ask_who, enrol, is_fingerprint_of
from app.sync.branch.machine import machine_mark
from app.sync.enrolling import (
    ALPHABET,
    SCOPES,
    county_mark,
    enrol_at_centre,
    enrol_reply,
    issue_code,
    keep_certificates,
    revoke_device,
    written,
)
from app.sync.expected import LibraryFacts, expect
from app.sync.line import BUSY, DENIED, OK, Call, Reply
from app.sync.wire import Enrol, Enrolled, MalformedError, fingerprint, open_message, seal_message
from db.changes import full_row, insert_statement
from db.codes import BranchKind, Role
from db.models.centre import EnrolmentCode
from db.models.library import Branch
from db.models.sync import Device, JournalEntry, Peer
from db.trouble import Trouble
from tests.centres import fresh_centre
from tests.library import SET_UP, act, found

URL = "https://centre.example"
BRANCH = uuid.uuid4()


@pytest.fixture(scope="module")
def founded() -> Iterator[Centre]:
    with fresh_centre() as centre:
        yield centre


@pytest.fixture
def centre(founded: Centre) -> Iterator[Centre]:
    """A centre that knows nobody."""
    yield founded
    assert isinstance(founded.clock, SettableClock)
    with founded.store.write() as tx:
        tx.connection.execute(sa.delete(EnrolmentCode))
        tx.connection.execute(sa.delete(Device).where(Device.branch_id != founded.id))
        tx.connection.execute(sa.delete(Branch).where(Branch.id != founded.id))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@dataclass
class Straight:
    """A line to the centre in this process; `reply` says something else instead."""

    centre: Centre
    reply: Reply | None = None

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        assert (call, bearer) == (Call.ENROL, "")
        return self.reply or enrol_reply(self.centre, body)


def asked(code: str, branch: uuid.UUID = BRANCH, key: Ed25519PrivateKey | None = None, **fields: Any) -> Enrol:
    public = (key or Ed25519PrivateKey.generate()).public_key().public_bytes_raw()
    given: dict[str, Any] = {
        "device": uuid.uuid4().bytes,
        "name": "شعبه",
        "fingerprint": "",
        "app": "0.1.0",
        "schema": 1,
    } | fields
    return Enrol(code=written(code), branch=branch.bytes, public_key=public, **given)


def code_of(outcome: object) -> str | None:
    return getattr(outcome, "code", None)


def devices(centre: Centre) -> list[Any]:
    with centre.store.read() as reader:
        return list(reader.connection.execute(sa.select(Device.__table__).where(Device.branch_id != centre.id)))


def peers(library: Library) -> list[Any]:
    with library.store.read() as reader:
        return list(reader.connection.execute(sa.select(Peer.__table__)))


# At the centre


def test_a_code_is_twelve_signs_in_groups_without_look_alikes(centre: Centre) -> None:
    issued = issue_code(centre, BRANCH, "ali")
    groups = issued.code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OIL")
    assert issued.expires_at - centre.now() == dt.timedelta(hours=72)
    assert issued.fingerprint == fingerprint(centre.keys.public_key)


def test_the_code_itself_is_not_kept(centre: Centre) -> None:
    issued = issue_code(centre, BRANCH, "ali")
    with centre.store.read() as reader:
        (row,) = reader.connection.execute(sa.select(EnrolmentCode.__table__)).all()
    assert written(issued.code) not in str(row)
    assert (row.branch_id, row.issued_by, row.used_at) == (BRANCH, "ali", None)


@given(st.sampled_from(["{}", " {} ", "{}\u200f"]), st.booleans())
def test_a_code_may_be_typed_in_any_way(frame: str, lower: bool) -> None:
    typed = frame.format("AB۲۳-CD45 EF67")
    assert written(typed.lower() if lower else typed) == "AB23CD45EF67"


def test_a_device_becomes_known(centre: Centre) -> None:
    ask = asked(issue_code(centre, BRANCH, "ali").code)
    said = enrol_at_centre(centre, ask)
    assert isinstance(said, Enrolled)
    assert (said.centre, said.signing_key, said.sealing_key) == (
        centre.id.bytes, centre.keys.public_key, centre.keys.sealing_key,
    )  # fmt: skip
    assert said.scopes == list(SCOPES)
    (device,) = devices(centre)
    assert (device.id.bytes, device.branch_id, bytes(device.public_key)) == (ask.device, BRANCH, ask.public_key)
    assert (device.state, device.scopes) == ("active", list(SCOPES))


def test_a_code_works_once(centre: Centre) -> None:
    code = issue_code(centre, BRANCH, "ali").code
    assert isinstance(enrol_at_centre(centre, asked(code)), Enrolled)
    assert code_of(enrol_at_centre(centre, asked(code))) == "enrol.code_used"
    assert len(devices(centre)) == 1


def test_the_device_that_lost_the_answer_may_ask_again(centre: Centre) -> None:
    ask = asked(issue_code(centre, BRANCH, "ali").code)
    assert isinstance(enrol_at_centre(centre, ask), Enrolled)
    assert isinstance(enrol_at_centre(centre, ask), Enrolled)
    assert len(devices(centre)) == 1


def test_the_same_device_with_another_key_may_not(centre: Centre) -> None:
    ask = asked(issue_code(centre, BRANCH, "ali").code)
    enrol_at_centre(centre, ask)
    other = asked(ask.code, device=ask.device)
    assert code_of(enrol_at_centre(centre, other)) == "enrol.code_used"


def test_a_wrong_code_is_unknown(centre: Centre) -> None:
    issue_code(centre, BRANCH, "ali")
    assert code_of(enrol_at_centre(centre, asked("2222-2222-2222"))) == "enrol.code_unknown"
    assert devices(centre) == []


def test_after_72_hours_a_code_has_run_out(centre: Centre) -> None:
    code = issue_code(centre, BRANCH, "ali").code
    assert isinstance(centre.clock, SettableClock)
    centre.clock.advance(days=3, seconds=1)
    assert code_of(enrol_at_centre(centre, asked(code))) == "enrol.code_expired"


def test_the_code_of_one_branch_is_no_good_for_another(centre: Centre) -> None:
    enrol_at_centre(centre, asked(issue_code(centre, BRANCH, "ali").code))
    code = issue_code(centre, BRANCH, "ali").code
    assert code_of(enrol_at_centre(centre, asked(code, uuid.uuid4()))) == "enrol.other_branch"


def test_a_new_branch_needs_the_code_of_its_county(centre: Centre) -> None:
    code = issue_code(centre, None, "ali", province="مرکزی", county="اراک").code
    elsewhere = asked(code, province="مرکزی", county="ساوه")
    assert code_of(enrol_at_centre(centre, elsewhere)) == "enrol.other_county"
    assert isinstance(enrol_at_centre(centre, asked(code, province="مركزي", county=" اراك ")), Enrolled)
    assert county_mark("الف", "ب") != county_mark("ب", "الف")


def test_a_code_for_a_new_branch_is_no_second_code_for_a_known_one(centre: Centre) -> None:
    enrol_at_centre(centre, asked(issue_code(centre, None, "ali").code))
    assert code_of(enrol_at_centre(centre, asked(issue_code(centre, None, "ali").code))) == "enrol.branch_known"


def test_nobody_becomes_the_centre(centre: Centre) -> None:
    code = issue_code(centre, None, "ali").code
    assert code_of(enrol_at_centre(centre, asked(code, centre.id))) == "enrol.branch_known"
    code = issue_code(centre, centre.id, "ali").code
    assert code_of(enrol_at_centre(centre, asked(code, centre.id))) == "enrol.branch_known"


def test_a_device_stays_with_its_branch(centre: Centre) -> None:
    first = asked(issue_code(centre, BRANCH, "ali").code)
    enrol_at_centre(centre, first)
    other = uuid.uuid4()
    ask = asked(issue_code(centre, other, "ali").code, other, device=first.device)
    assert code_of(enrol_at_centre(centre, ask)) == "enrol.device_taken"
    assert [device.branch_id for device in devices(centre)] == [BRANCH]


def test_new_hardware_takes_the_place_of_the_old_with_a_new_code(centre: Centre) -> None:
    first = asked(issue_code(centre, BRANCH, "ali").code)
    enrol_at_centre(centre, first)
    assert revoke_device(centre, uuid.UUID(bytes=first.device))
    assert not revoke_device(centre, uuid.UUID(bytes=first.device))
    assert [device.state for device in devices(centre)] == ["revoked"]
    assert code_of(enrol_at_centre(centre, first)) == "enrol.code_used"
    again = asked(issue_code(centre, BRANCH, "ali").code, device=first.device)
    assert isinstance(enrol_at_centre(centre, again), Enrolled)
    (device,) = devices(centre)
    assert (device.state, bytes(device.public_key)) == ("active", again.public_key)


def test_the_centre_itself_is_never_revoked(centre: Centre) -> None:
    identity = centre.store.identity
    assert identity is not None
    assert not revoke_device(centre, identity.device_id)


def test_an_enrolment_is_signed_with_the_key_it_names(centre: Centre) -> None:
    key = Ed25519PrivateKey.generate()
    code = issue_code(centre, BRANCH, "ali").code
    with pytest.raises(MalformedError):
        enrol_reply(centre, seal_message(asked(code, key=key), Ed25519PrivateKey.generate()))
    reply = enrol_reply(centre, seal_message(asked(code, key=key), key))
    assert reply.status == OK
    assert open_message(reply.body, Enrolled, centre.keys.public_key).scopes == list(SCOPES)


@pytest.mark.parametrize("field", ["branch", "device"])
def test_ids_that_are_none_are_malformed(centre: Centre, field: str) -> None:
    key = Ed25519PrivateKey.generate()
    values = {"device": uuid.uuid4().bytes} | {field: b"short"}
    branch = values.pop("branch", BRANCH.bytes)
    ask = Enrol("", branch, values["device"], key.public_key().public_bytes_raw(), "", "", "", 1)
    with pytest.raises(MalformedError):
        enrol_reply(centre, seal_message(ask, key))


@pytest.mark.parametrize("schema", [-(2**63), 2**40])
def test_a_version_that_is_none_does_not_stop_anybody(centre: Centre, schema: int) -> None:
    assert isinstance(enrol_at_centre(centre, asked(issue_code(centre, None, "ali").code, schema=schema)), Enrolled)


# Libraries that are expected


def branches(centre: Centre) -> list[Any]:
    with centre.store.read() as reader:
        found = reader.connection.execute(sa.select(Branch.__table__).where(Branch.id != centre.id))
        return sorted(found, key=lambda row: str(row.name))


PLACE: dict[str, Any] = {"province": "مرکزی", "county": "اراک"}
OMID = LibraryFacts("کتابخانهٔ امید", "مرکزی", "اراک", "داودآباد", BranchKind.PARTICIPATORY, "۱۲")


def expect_one(centre: Centre) -> uuid.UUID:
    with centre.write() as tx:
        return expect(tx, OMID)


def test_an_expected_library_takes_its_own_id_when_it_comes(centre: Centre) -> None:
    meanwhile = expect_one(centre)
    first, second = (issue_code(centre, meanwhile, "ali").code for _ in range(2))
    assert isinstance(enrol_at_centre(centre, asked(first, **PLACE)), Enrolled)
    (row,) = branches(centre)
    assert (row.id, row.branch_id, row.ver, row.bpos) == (BRANCH, BRANCH, 0, None)
    assert LibraryFacts(row.name, row.province, row.county, row.city, row.kind, row.code) == OMID
    assert isinstance(enrol_at_centre(centre, asked(second, **PLACE)), Enrolled)
    assert len(branches(centre)) == 1


def test_a_library_that_comes_again_is_not_expected_twice(centre: Centre) -> None:
    ask = asked(issue_code(centre, expect_one(centre), "ali").code, **PLACE)
    for _ in range(2):
        assert isinstance(enrol_at_centre(centre, ask), Enrolled)
    assert [row.id for row in branches(centre)] == [BRANCH]


def test_a_library_that_says_nothing_of_itself_leaves_no_row(centre: Centre) -> None:
    assert isinstance(enrol_at_centre(centre, asked(issue_code(centre, None, "ali").code)), Enrolled)
    assert branches(centre) == []
    other = asked(issue_code(centre, None, "ali").code, uuid.uuid4(), **PLACE)
    assert isinstance(enrol_at_centre(centre, other), Enrolled)
    assert [(row.name, row.county, row.ver) for row in branches(centre)] == [("شعبه", "اراک", 0)]


def test_what_a_library_has_sent_is_not_replaced_by_what_was_entered(centre: Centre) -> None:
    with centre.write() as tx:
        row = full_row(Branch, BRANCH, {"id": BRANCH, "name": "خود کتابخانه", "kind": BranchKind.MOBILE, **PLACE})
        tx.execute(insert_statement(Branch), **row | {"city": "اراک", "ver": 3})
    assert isinstance(
        enrol_at_centre(centre, asked(issue_code(centre, expect_one(centre), "ali").code, **PLACE)), Enrolled
    )
    assert [(row.name, row.ver) for row in branches(centre)] == [("خود کتابخانه", 3)]


def test_every_deed_is_in_the_journal_of_the_centre(centre: Centre) -> None:
    ask = asked(issue_code(centre, None, "ali").code)
    enrol_at_centre(centre, ask)
    enrol_at_centre(centre, ask)
    revoke_device(centre, uuid.UUID(bytes=ask.device))
    with centre.store.read() as reader:
        kinds = reader.connection.execute(sa.select(JournalEntry.kind).order_by(JournalEntry.seq.desc()).limit(3))
        assert list(kinds.scalars()) == [
            "enrolment.device_revoked", "enrolment.device_enrolled", "enrolment.code_issued",
        ]  # fmt: skip


# At the branch


def test_a_branch_pins_the_centre(centre: Centre, library: Library) -> None:
    keep_certificates(centre, "-----BEGIN CERTIFICATE-----")
    key = read_device_key(library)
    issued = issue_code(centre, library.branch.id, "ali")
    outcome = enrol(library, URL, issued.code.lower(), Straight(centre), key, act(library), issued.fingerprint)
    assert outcome == EnrolledHere(URL, centre.id, issued.fingerprint)
    (peer,) = peers(library)
    assert (peer.url, peer.centre_id, peer.certificates) == (URL, centre.id, "-----BEGIN CERTIFICATE-----")
    assert bytes(peer.public_key) == centre.keys.public_key
    assert bytes(peer.sealing_key) == centre.keys.sealing_key
    (device,) = devices(centre)
    with library.store.read() as reader:
        own = reader.connection.execute(sa.select(Device.id, Device.public_key)).one()
    assert (device.id, bytes(device.public_key)) == (own.id, bytes(own.public_key))
    assert device.branch_id == library.branch.id
    assert device.facts == {"name": SET_UP.name}


def test_the_centre_learns_by_a_mark_on_which_machine_a_device_runs(centre: Centre, library: Library) -> None:
    """By it two devices of a branch are known to be one machine (`app.conflicts.machines`)."""
    key = read_device_key(library)
    code = issue_code(centre, library.branch.id, "ali").code
    assert isinstance(enrol(library, URL, code, Straight(centre), key, act(library)), EnrolledHere)
    with centre.store.read() as reader:
        marks = reader.connection.execute(sa.select(Device.fingerprint).where(Device.branch_id == library.branch.id))
        assert marks.scalars().all() == [machine_mark(library.store)]


def test_a_branch_has_one_centre(centre: Centre, library: Library) -> None:
    key = read_device_key(library)
    for url in (URL, "https://new.example"):
        code = issue_code(centre, library.branch.id, "ali").code
        assert isinstance(enrol(library, url, code, Straight(centre), key, act(library)), EnrolledHere)
    assert [peer.url for peer in peers(library)] == ["https://new.example"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(DENIED, b"enrol.code_expired"), "enrol.code_expired"),
        (Reply(DENIED, b"enrol.code_used"), "enrol.code_used"),
        (Reply(DENIED, b"a reason of a newer centre \xff"), "enrol.denied"),
        (Reply(BUSY, retry_after=170), "enrol.too_often"),
    ],
)
def test_what_the_centre_has_against_it_is_told(centre: Centre, library: Library, reply: Reply, code: str) -> None:
    outcome = enrol(library, URL, "2222-2222-2222", Straight(centre, reply), read_device_key(library), act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == [code]
    assert peers(library) == []


@pytest.mark.parametrize("reply", [Reply(503), Reply(200, b"<html>"), Reply(404)])
def test_who_is_no_centre_is_a_trouble(centre: Centre, library: Library, reply: Reply) -> None:
    line = Straight(centre, reply)
    key = read_device_key(library)
    with pytest.raises(Trouble, match="P-2417"):
        enrol(library, URL, "2222-2222-2222", line, key, act(library))
    with pytest.raises(Trouble, match="P-2417"):
        ask_who(library, line, key)
    assert peers(library) == []


def test_a_code_that_is_too_short_is_not_even_sent(centre: Centre, library: Library) -> None:
    outcome = enrol(library, URL, "2222", Straight(centre, Reply(500)), read_device_key(library), act(library))
    assert isinstance(outcome, Refused)


def test_a_centre_with_another_fingerprint_is_not_pinned(centre: Centre, library: Library) -> None:
    code = issue_code(centre, library.branch.id, "ali").code
    other = fingerprint(bytes(32))
    outcome = enrol(library, URL, code, Straight(centre), read_device_key(library), act(library), other)
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["enrol.fingerprint"]
    assert peers(library) == []


def test_a_fingerprint_may_be_typed_in_any_way() -> None:
    printed = fingerprint(bytes(32))
    assert is_fingerprint_of(bytes(32), printed.upper().replace("-", " "))
    assert not is_fingerprint_of(bytes(32), printed[:-1])


def test_who_the_centre_is_can_be_asked_without_a_code(centre: Centre, library: Library) -> None:
    said = ask_who(library, Straight(centre), read_device_key(library))
    assert isinstance(said, Enrolled)
    assert (said.signing_key, said.scopes) == (centre.keys.public_key, [])
    assert devices(centre) == []


def test_only_who_may_set_the_library_enrols_it(centre: Centre, library: Library) -> None:
    code = issue_code(centre, library.branch.id, "ali").code
    outcome = enrol(library, URL, code, Straight(centre), read_device_key(library), act(library, Role.TRAINEE))
    assert isinstance(outcome, Refused)
    assert devices(centre) == []


def test_a_missing_device_key_is_a_trouble_and_made_for_an_enrolment(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    with pytest.raises(Trouble, match="P-2414"):
        read_device_key(library, folder)
    made = ensure_device_key(library, folder)
    assert read_device_key(library, folder).private_bytes_raw() == made.private_bytes_raw()
    assert ensure_device_key(library, folder).private_bytes_raw() == made.private_bytes_raw()
    (folder / "device.key").write_bytes(b"short")
    with pytest.raises(Trouble, match="P-2414"):
        read_device_key(library, folder)
    other = ensure_device_key(library, folder)
    assert other.private_bytes_raw() != made.private_bytes_raw()
    assert [path.read_bytes() for path in folder.glob("old-*-device.key")] == [b"short"]
