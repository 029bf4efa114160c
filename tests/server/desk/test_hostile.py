"""Hostile and broken input at the real command: every line is answered, nothing changes, the next line is read."""

import json
from pathlib import Path

import pytest

from tests.server.desk.desks import RunningDesk, says_so_in_persian

HOSTILE_TEXTS = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    "<img src=file:///etc/passwd>",
    "<b>",
    "\u202e1B",
    "\u0000",
    "B1\nB2",
    "'; DROP TABLE loan; --",
    "../../library.db",
    "{0.__class__}",
    "%s%n",
    "ب" * 200_000,
]
BROKEN_LINES = [
    b"",
    b" ",
    b"hello",
    b"\x00",
    b"\xff\xfe\x00",
    b'{"op":"checkout"',
    b"[]",
    b"null",
    b"1e999",
    b'"checkout"',
    b'{"op":null}',
    b'{"op":{"op":"checkout"}}',
    b'{"op":"checkout","op":"checkin"}',
    b'{"op":"\\ud800"}',
    b'{"op":"checkout","member":1,"item":2}',
    b'{"op":"checkout","member":["1001"],"item":{"barcode":"B1"}}',
    b'{"op":"checkout","member":"1001","item":"B1","due":"1405/13/45"}',
    b'{"op":"checkout","member":"1001","item":"B1","due":5}',
    b'{"op":"checkout","member":"1001","item":"B1","at":"yesterday"}',
    b'{"op":"checkout","member":"1001","item":"B1","channel":"radio"}',
    b'{"op":"checkout","member":"1001","item":"B1","override":"*"}',
    b'{"op":"checkout","member":"1001","item":"B1","__class__":"x"}',
    b'{"op":"checkout","member":"1001","item":"B1","key":"\\u0000"}',
    b'{"op":"renew"}',
    b'{"op":"item.add","title":{"title":"x"},"price":99999999999999999999999999}',
    b'{"op":"title.add","title":"x","year":-9223372036854775809}',
    b'{"op":"policy.set","rows":[]}',
    b'{"op":"policy.set","rows":[{"loan_days":{"$gt":""}}]}',
    b'{"op":"weeding.propose","reason":"worn","items":[]}',
    b'{"op":"form","kind":"weeding_worn","number":"1405/1","pdf":"/etc/passwd"}',
    b'{"op":"import","file":"/dev/zero"}',
    b'{"op":"clock.set","now":"0001-01-01"}',
    b'{"op":"__import__"}',
    b'{"op":"' + b"x" * 1_000_000 + b'"}',
    b"x" * 1_000_000,
    b'{"op":"ping","x":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    b"[" * 200_000,
    b'{"a":' * 60_000,
]


@pytest.fixture
def stocked(data: Path) -> Path:
    """A library with a member and a copy."""
    with RunningDesk(data=data) as desk:
        added = [
            desk.ask("member.add", given_name="علی", family_name="رضایی", category="ordinary", card="1001"),
            desk.ask("item.add", title={"title": "بوف کور"}, barcode="B1"),
        ]
        assert all(told["ok"] for told in added)
    return data


def state(desk: RunningDesk) -> list[object]:
    """What a line that changes nothing leaves as it was."""
    return [
        desk.ask("member.show", member="1001"),
        desk.ask("item.show", item="B1"),
        desk.ask("search", q="ب", limit=100),
        desk.ask("member.find", q="ر", limit=100),
        desk.ask("policy.explain", member="1001", item="B1")["version"],
        desk.ask("check")["broken"],
    ]


def test_broken_lines_are_answered_and_change_nothing(stocked: Path) -> None:
    with RunningDesk(data=stocked) as desk:
        before = state(desk)
        for number, line in enumerate(BROKEN_LINES):
            told = desk.send(line)
            assert (told["ok"], says_so_in_persian(told)) == (False, True), (line[:80], told)
            assert desk.ask("ping", id=number)["id"] == number
        assert state(desk) == before
        assert desk.ask("undo")["kind"] == "item.added"  # the last entry of the journal is still the one of before


def test_hostile_codes_and_words_find_nothing_and_change_nothing(stocked: Path) -> None:
    with RunningDesk(data=stocked) as desk:
        before = state(desk)
        for text in HOSTILE_TEXTS:
            for request in (
                {"op": "checkout", "member": text, "item": "B1"},
                {"op": "checkout", "member": "1001", "item": text},
                {"op": "checkin", "item": text},
                {"op": "renew", "item": text},
                {"op": "member.show", "member": text},
                {"op": "weeding.propose", "reason": "worn", "items": [text]},
                {"op": "form", "kind": "weeding_worn", "number": text},
                {"op": text},
            ):
                told = desk.send(json.dumps(request).encode())
                assert (told["ok"], says_so_in_persian(told)) == (False, True), (request, told)
            assert desk.ask("search", q=text[:300])["ok"]
        assert state(desk) == before
        assert desk.ask("undo")["kind"] == "item.added"  # the last entry of the journal is still the one of before


def test_hostile_names_and_titles_are_kept_as_text_or_refused(stocked: Path) -> None:
    with RunningDesk(data=stocked) as desk:
        for text in HOSTILE_TEXTS:
            for told in (
                desk.ask("title.add", title=text, creators=[{"name": text}], subjects=[text]),
                desk.ask("member.add", given_name=text, family_name=text, category="ordinary"),
            ):
                assert told["ok"] or says_so_in_persian(told)
        assert desk.ask("title.add", title="ب" * 200_000)["error"]["field"] == "title"
        assert desk.ask("check")["broken"] == []
        titles = {row["title"] for row in desk.ask("search", q="calc")["rows"]}
    assert titles == {"=cmd|'/C calc'!A0"}
