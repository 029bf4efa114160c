"""Answers in signed files: taken from whom is believed, for this library and these minutes, or not at all."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.messages import message_of
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from app.weeding.minutes.outcomes import CopyRuling, Ruled, Rulings, Unchanged
from app.weeding.minutes.review import ask_correction
from app.weeding.minutes.ruling_file import MOST_BYTES, KeyTrusted, canonical, seal, take_ruling_file, trust_key
from db.codes import DocumentKind, ItemStatus, MinutesState, Role, RulingLevel
from db.models.collection import Document, Minutes, RulingRow
from db.models.items import Item
from db.models.sync import JournalEntry
from db.trouble import Trouble
from tests.app.weeding.minutes.on_the_way import APPROVE, COUNTY, PROVINCE, REJECT, letter, reissued, sent
from tests.library import act, change, found, rows

OFFICE, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        outcome = trust_key(library, public(OFFICE).upper(), " ادارهٔ اراک ", frozenset({COUNTY}), act(library))
        assert outcome == KeyTrusted(public(OFFICE), "ادارهٔ اراک")
        yield library


def rulings(library: Library, **values: Any) -> Rulings:
    answer = Rulings("1405/1", COUNTY, letter(library), APPROVE, revision=1, remark="با تشکر")
    return replace(answer, **values)


def a_file(library: Library, key: Ed25519PrivateKey = OFFICE, **values: Any) -> bytes:
    return seal(library.branch.id, rulings(library, **values), key)


def changed(content: bytes, **values: Any) -> bytes:
    """The file with another text under the same signature."""
    sealed = json.loads(content)
    sealed["text"] = canonical(json.loads(sealed["text"]) | values)
    return canonical(sealed).encode()


def test_a_signed_answer_is_taken_and_filed_with_the_minutes(library: Library) -> None:
    _, second, _ = sent(library)
    content = a_file(library, copies=(CopyRuling(second.barcode, REJECT, "بماند"),))
    outcome = take_ruling_file(library, content, act(library))
    assert isinstance(outcome, Ruled)
    assert (outcome.approved, outcome.rejected, outcome.step.became) == (2, 1, MinutesState.AT_PROVINCE)
    (filed,) = rows(library, Document, kind=DocumentKind.ATTACHMENT)
    assert (filed.content, filed.media_type, filed.file_name) == (
        content, "application/json", "ruling-1405-1-county-1.json",
    )  # fmt: skip
    stored = rows(library, RulingRow)
    assert {(ruling.from_paper, ruling.document_id, ruling.ruled_by) for ruling in stored} == {
        (False, filed.id, "علی محمدی")
    }


def test_the_same_file_twice_changes_nothing(library: Library) -> None:
    sent(library)
    content = a_file(library)
    take_ruling_file(library, content, act(library))
    entries = len(rows(library, JournalEntry))
    assert isinstance(take_ruling_file(library, content, act(library)), Unchanged)
    assert len(rows(library, JournalEntry)) == entries
    ask_correction(library, "1405/1", PROVINCE, "سال", act(library))
    reissued(library)  # the file was taken when the edition it speaks of was the newest
    assert isinstance(take_ruling_file(library, content, act(library)), Unchanged)


def another_key(content: bytes) -> bytes:
    sealed = json.loads(content) | {"key": public(STRANGER)}
    return canonical(sealed).encode()


BAD: dict[str, tuple[Callable[[Library], bytes], str]] = {
    "no file of ours": (lambda _: b"%PDF-1.7", "P-2301"),
    "nothing": (lambda _: b"", "P-2301"),
    "a field too many": (lambda library: canonical({**json.loads(a_file(library)), "x": 1}).encode(), "P-2301"),
    "no verdict of ours": (
        lambda library: canonical(
            json.loads(a_file(library)) | {"text": canonical({"copies": [{"item": "1", "verdict": "burn"}]})}
        ).encode(),
        "P-2301",
    ),
    "a verdict turned": (lambda library: changed(a_file(library), default="reject"), "P-2302"),
    "minutes turned": (lambda library: changed(a_file(library), number="1405/2"), "P-2302"),
    "a signature cut": (
        lambda library: canonical(json.loads(a_file(library)) | {"signature": "00"}).encode(),
        "P-2302",
    ),
    "the key of another": (lambda library: another_key(a_file(library)), "P-2302"),
    "signed by a stranger": (lambda library: a_file(library, STRANGER), "P-2303"),
    "a level that is not theirs": (lambda library: a_file(library, level=PROVINCE), "P-2303"),
    "another library": (lambda library: seal(uuid.uuid4(), rulings(library), OFFICE), "P-2304"),
    "far too big": (lambda _: b" " * (MOST_BYTES + 1), "P-2305"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_believed_is_trouble_in_three_parts(library: Library, name: str) -> None:
    make, code = BAD[name]
    sent(library)
    entries = len(rows(library, JournalEntry))
    with pytest.raises(Trouble) as trouble:
        take_ruling_file(library, make(library), act(library))
    assert trouble.value.code == code
    message = message_of(trouble.value)
    assert message.what
    assert message.lost
    assert message.do
    assert (len(rows(library, JournalEntry)), rows(library, RulingRow)) == (entries, [])
    assert rows(library, Minutes)[0].state is MinutesState.AT_COUNTY


def test_minutes_that_are_not_here_are_not_found(library: Library) -> None:
    sent(library)
    outcome = take_ruling_file(library, a_file(library, number="1405/8"), act(library))
    assert outcome == NotFound(Sought.MINUTES, "1405/8")


def test_a_file_for_an_older_revision_is_refused_whole(library: Library) -> None:
    copies = sent(library)
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    reissued(library, copies[0])
    outcome = take_ruling_file(library, a_file(library), act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["ruling.older_revision"]
    assert (rows(library, RulingRow), rows(library, Document, kind=DocumentKind.ATTACHMENT)) == ([], [])


def test_what_a_file_asks_is_asked(library: Library) -> None:
    """A copy lent since, 002 م7-4."""
    copies = sent(library)
    change(library, Item, copies[0].id, status=ItemStatus.ON_LOAN)
    content = a_file(library)
    outcome = take_ruling_file(library, content, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["ruling.lent_since"]
    confirmed = Answer(confirm=frozenset({"ruling.lent_since"}))
    assert isinstance(take_ruling_file(library, content, act(library), confirmed), Ruled)


def test_only_who_may_enters_a_file(library: Library) -> None:
    sent(library)
    outcome = take_ruling_file(library, a_file(library), act(library, Role.LIBRARIAN))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]


def test_a_key_that_is_no_longer_believed(library: Library) -> None:
    sent(library)
    trust_key(library, public(OFFICE), "", frozenset(), act(library))
    with pytest.raises(Trouble, match="P-2303"):
        take_ruling_file(library, a_file(library), act(library))


def test_a_key_may_be_written_in_groups(library: Library) -> None:
    key = public(STRANGER)
    grouped = f" {key[:32]} {key[32:]}\n"
    assert trust_key(library, grouped, "اداره", frozenset({PROVINCE}), act(library)) == KeyTrusted(key, "اداره")


@pytest.mark.parametrize(
    ("key", "name", "role", "codes"),
    [
        ("xx", "اداره", Role.HEAD, ["ruling.key_unknown"]),
        ("g" * 64, "اداره", Role.HEAD, ["ruling.key_unknown"]),
        (public(STRANGER), " ", Role.HEAD, ["field.required"]),
        (public(STRANGER), "اداره", Role.LIBRARIAN, ["role.not_allowed"]),
    ],
)
def test_a_key_is_believed_only_with_name_and_permission(
    library: Library, key: str, name: str, role: Role, codes: list[str]
) -> None:
    outcome = trust_key(library, key, name, frozenset({RulingLevel.PROVINCE}), act(library, role))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == codes
