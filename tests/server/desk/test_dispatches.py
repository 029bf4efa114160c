from pathlib import Path

import pytest

from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk


@pytest.fixture
def parcel(lending: Desk) -> str:
    """Somebody wants «بوف کور» sent."""
    told = lending.ask("dispatch.request", member="1001", item="B1", address="آبگرم، کوچهٔ یکم، پلاک ۵")
    assert told["outcome"] == "requested"
    return str(told["dispatch"])


def test_a_parcel_goes_out_arrives_and_comes_back_without_a_fine(lending: Desk, parcel: str) -> None:
    sent = lending.ask("dispatch.send", dispatch=parcel, item="B1", tracking="۱۲۳")
    assert (sent["outcome"], sent["state"], sent["due"]) == ("sent", "sent", "2026-12-05")
    assert lending.ask("dispatch.send", dispatch=parcel, item="B1")["outcome"] == "already_done"
    lending.ask("clock.advance", days=3)
    assert lending.ask("dispatch.list")["rows"][0]["days_on_the_way"] == 3
    arrived = lending.ask("dispatch.arrived", dispatch=parcel)
    assert (arrived["outcome"], arrived["due"]) == ("arrived", "2026-12-08")
    lending.ask("clock.advance", days=14)
    back = lending.ask("dispatch.return_sent", item="B1", on="2026-12-07")
    assert (back["outcome"], back["outward"]) == ("on_its_way", False)
    lending.ask("clock.advance", days=5)
    taken = lending.ask("dispatch.return_arrived", item="B1")
    assert (taken["outcome"], taken["days_late"], taken["posted_on"]) == ("checked_in", 0, "2026-12-07")
    assert [row["state"] for row in lending.ask("dispatch.list", all=True)["rows"]] == ["arrived", "arrived"]


def test_a_keyed_parcel_is_sent_once(lending: Desk, parcel: str) -> None:
    request = {"dispatch": parcel, "item": "B1", "key": "send-1"}
    assert lending.ask("dispatch.send", **request)["outcome"] == "sent"
    again = lending.ask("dispatch.send", **request)
    assert (again["outcome"], again["dispatch"]) == ("already_done", parcel)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"item": "B1"}, "dispatch.no_address"),
        ({"item": "B1", "channel": "van", "address": "ده"}, "dispatch.channel"),
    ],
)
def test_a_wish_without_way_or_address_is_refused(lending: Desk, fields: dict[str, str], code: str) -> None:
    told = lending.ask("dispatch.request", member="1001", **fields)
    assert [reason["code"] for reason in told["refusals"]] == [code]


def test_a_wish_is_for_one_thing(lending: Desk) -> None:
    assert lending.ask("dispatch.request", member="1001")["error"]["field"] == "title"
    assert lending.ask("dispatch.request", member="1001", item="B9", address="ده")["what"] == "title"


def test_a_wish_is_cancelled_once(lending: Desk, parcel: str) -> None:
    assert lending.ask("dispatch.cancel", dispatch=parcel)["outcome"] == "cancelled"
    assert lending.ask("dispatch.cancel", dispatch=parcel)["outcome"] == "already_done"
    assert lending.ask("dispatch.list")["rows"] == []


def test_an_address_label_is_written(lending: Desk, parcel: str, tmp_path: Path) -> None:
    paper = tmp_path / "labels.pdf"
    told = lending.ask("dispatch.label", dispatches=[parcel], pdf=str(paper), start=3)
    assert (told["outcome"], told["pages"]) == ("written", 1)
    wanted = ["گیرنده: علی رضایی", "یکم، پلاک ۵", "کتابخانه عمومی شهید بهشتی", "پست"]
    assert missing(wanted, raw_text(paper.read_bytes(), "-raw")) == []
