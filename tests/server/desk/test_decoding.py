import json
from typing import Any

import pytest

from server.desk.decoding import read_envelope, read_id, reader_of
from server.desk.requests import Checkout, Envelope, Find, ItemAdd, TitleAdd
from tests.server.desk.desks import says_so_in_persian

READ_CHECKOUT = reader_of(Checkout)
LENT = {"op": "checkout", "member": "1", "item": "2"}


def refused(told: object) -> dict[str, Any]:
    assert isinstance(told, dict)
    assert told["ok"] is False
    assert told["error"]["code"] == "request.invalid"
    assert says_so_in_persian(told)
    assert "چیزی تغییر نکرده است." in told["error"]["message"]
    error: dict[str, Any] = told["error"]
    return error


def read(kind: type, fields: dict[str, Any]) -> object:
    return reader_of(kind)(json.dumps({"op": "x", **fields}).encode())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"", "JSON"),
        (b"checkout", "JSON"),
        (b'{"op":"checkout"', "JSON"),
        (b'{"op":"checkout"} {"op":"checkout"}', "JSON"),
        (b'{"op":"\xff\xfe"}', "JSON"),
        (b'{"op":"\\ud800"}', "JSON"),
        (b'{"op":NaN}', "JSON"),
        (b'{"op":"x","y":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON"),
        (b"[]", "جدول"),
        (b"3", "جدول"),
        (b"null", "جدول"),
        (b'{"id":1}', "op"),
        (b'{"op":null}', "op"),
        (b'{"op":["checkout"]}', "op"),
        (b'{"op":"x","id":[1]}', "id"),
        (b'{"op":"x","id":99999999999999999999999}', "id"),
        (b'{"op":"x","key":""}', "key"),
        (b'{"op":"x","key":"\\u0000"}', "key"),
        (b'{"op":"x","jalali":1}', "jalali"),
    ],
)
def test_a_line_without_a_sound_envelope_says_what_is_wrong(line: bytes, problem: str) -> None:
    assert problem in refused(read_envelope(line))["message"]


def test_the_envelope_looks_at_nothing_else() -> None:
    told = read_envelope(b'{"op":"x","id":7,"key":"k","jalali":true,"member":5}')
    assert told == Envelope(op="x", id=7, key="k", jalali=True)


def test_the_id_is_found_in_a_line_whose_envelope_is_wrong() -> None:
    assert read_id(b'{"op":5,"id":"a-7"}') == "a-7"
    assert read_id(b'{"op":5}') is None
    assert read_id(b'{"id":') is None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"item": None}, "item", "باید متن باشد"),
        ({"member": 12}, "member", "باید متن باشد"),
        ({"member": ["1"]}, "member", "باید متن باشد"),
        ({"due": "1405/13/01"}, "due", "تاریخ نیست"),
        ({"due": 14050920}, "due", "تاریخ نیست"),
        ({"at": "1405/09/20 24:61"}, "at", "تاریخ و ساعت نیست"),
        ({"channel": "رادیو"}, "channel", "یکی از گزینه‌های آن نیست"),
        ({"override": "limit.total"}, "override", "باید فهرست باشد"),
        ({"confirm": [1]}, "confirm[0]", "باید متن باشد"),
        ({"reason": "ب" * 301}, "reason", "از ۳۰۰ بلندتر است"),
        ({"colour": "red"}, "colour", "فیلدی به نام"),
        ({"a`b": 1}, "a`b", "فیلدی به نام"),
    ],
)
def test_a_field_that_is_wrong_is_named(fields: dict[str, Any], field: str, words: str) -> None:
    error = refused(READ_CHECKOUT(json.dumps(LENT | fields).encode()))
    assert error["field"] == field
    assert words in error["message"]


def test_a_field_that_is_missing_is_named() -> None:
    error = refused(READ_CHECKOUT(b'{"op":"checkout","member":"1"}'))
    assert error["field"] == "item"
    assert "نوشته نشده است" in error["message"]


@pytest.mark.parametrize(
    ("kind", "fields", "field", "words"),
    [
        (Find, {"q": "بوف", "limit": 0}, "limit", "بیرون از اندازه"),
        (Find, {"q": "بوف", "limit": 10**30}, "limit", "بیرون از اندازه"),
        (Find, {"q": "بوف", "limit": True}, "limit", "باید عدد درست باشد"),
        (Find, {"q": "بوف", "limit": 1.5}, "limit", "باید عدد درست باشد"),
        (TitleAdd, {"title": "ب" * 200_000}, "title", "بلندتر است"),
        (TitleAdd, {"title": "ب", "creators": [{"name": "ا"}, {"role": "author"}]}, "creators[1].name", "نوشته نشده"),
        (TitleAdd, {"title": "ب", "creators": [{"name": "ا", "role": "رقاص"}]}, "creators[0].role", "گزینه"),
        (ItemAdd, {"title_id": "5"}, "title_id", "شناسه نیست"),
        (ItemAdd, {"title": {"title": "ب", "op": "x"}}, "title.op", "فیلدی به نام"),
        (ItemAdd, {"price": -1}, "price", "بیرون از اندازه"),
    ],
)
def test_bounds_and_nested_fields_are_named(kind: type, fields: dict[str, Any], field: str, words: str) -> None:
    error = refused(read(kind, fields))
    assert error["field"] == field
    assert words in error["message"]


def test_a_hostile_field_name_is_shown_short_and_clean() -> None:
    error = refused(READ_CHECKOUT(json.dumps(LENT | {"\u202e" + "x" * 10_000: 1}).encode()))
    assert len(error["field"]) <= 60
    assert "\u202e" not in error["message"]


def test_a_sound_request_is_read() -> None:
    told = READ_CHECKOUT(json.dumps(LENT | {"due": "۱۴۰۵/۰۹/۲۰", "confirm": ["hold.queued_for_other"]}).encode())
    assert isinstance(told, Checkout)
    assert told.due is not None
    assert told.due.value.isoformat() == "2026-12-11"
    assert told.confirm == ("hold.queued_for_other",)
