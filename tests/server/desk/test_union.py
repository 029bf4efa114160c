"""The union catalogue at the headless desk."""

import uuid

from app.library import Library
from tests.app.union.test_taking import comes_down
from tests.server.desk.desks import Desk, says_so_in_persian

TICKS = ["title", "creators", "publisher"]


def library_of(desk: Desk) -> Library:
    return desk.session.library


def test_a_record_is_found_compared_and_catalogued_from(desk: Desk) -> None:
    record = comes_down(library_of(desk))
    (row,) = desk.ask("union.find", q="كليدر")["rows"]
    assert (row["record"], row["publisher"], row["reviewed"]) == (str(record), "فرهنگ معاصر", True)
    told = desk.ask("title.take", record=str(record), ticks=TICKS[:1])
    assert [(reason["code"], reason["kind"]) for reason in told["refusals"]] == [("union.not_ticked", "confirm")] * 2
    assert says_so_in_persian(told)
    taken = desk.ask("title.take", record=str(record), ticks=TICKS, key="t1")
    assert taken["outcome"] == "added"
    assert desk.ask("title.take", record=str(record), ticks=TICKS, key="t1")["title_id"] == taken["title_id"]
    assert desk.ask("item.add", title_id=taken["title_id"])["outcome"] == "added"
    assert desk.ask("title.take", record=str(record), ticks=TICKS)["outcome"] == "already_done"


def test_our_record_beside_the_one_of_the_union(desk: Desk) -> None:
    title = desk.ask("title.add", title="کلیدر", creators=[{"name": "محمود دولت‌آبادی"}])["title_id"]
    assert desk.ask("union.show", title_id=title)["what"] == "record"
    comes_down(library_of(desk), uuid.UUID(title))
    shown = desk.ask("union.show", title_id=title)
    assert {"field": "publisher", "ours": None, "theirs": "فرهنگ معاصر"} in shown["news"]
    edited = desk.ask("title.correct", title_id=title, fields=["publisher", "year"])
    assert (edited["outcome"], edited["changed"]) == ("edited", ["publisher", "year"])
    assert desk.ask("title.correct", title_id=title, fields=["year"])["outcome"] == "already_done"
    assert desk.ask("undo")["kind"] == "title.corrected_from_union"


def test_requests_to_the_province(desk: Desk) -> None:
    title = desk.ask("title.add", title="کتاب محلی")["title_id"]
    asked = desk.ask("title.request", description="شعر محلی، بی ناشر", key="r1")
    assert asked["outcome"] == "requested"
    assert desk.ask("title.request", description="شعر محلی، بی ناشر", key="r1")["request"] == asked["request"]
    assert says_so_in_persian(desk.ask("title.request", description="شعر محلی بی ناشر"))
    assert desk.ask("title.split", title_id=title, reason="چاپ دیگری است")["outcome"] == "requested"
    assert desk.ask("title.split", title_id=str(uuid.uuid4()), reason="x")["what"] == "title"
    rows = desk.ask("title.request.list")["rows"]
    assert {row["state"] for row in rows} == {"asked", "apart"}
    assert desk.ask("title.request.withdraw", request=asked["request"])["outcome"] == "withdrawn"
    assert desk.ask("title.request.withdraw", request=asked["request"])["outcome"] == "already_done"
    assert desk.ask("title.request.withdraw", request=str(uuid.uuid4()))["what"] == "request"
