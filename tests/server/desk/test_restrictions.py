"""Bans and incidents through the protocol."""

from pathlib import Path

import pytest

from db.codes import Role
from tests.reports.reading import pdfium_text
from tests.server.desk.desks import Desk, says_so_in_persian


def test_a_ban_is_laid_listed_and_lifted(lending: Desk) -> None:
    told = lending.ask("restrict", member="1001", until="1405/09/20", reason="بی‌نظمی")
    assert (told["outcome"], told["until"]) == ("restricted", "2026-12-11")
    assert lending.ask("restrict", member="1001", until="1405/09/20", reason="بی‌نظمی")["outcome"] == "already_done"
    refused = lending.ask("checkout", member="1001", item="B1")
    assert [reason["code"] for reason in refused["refusals"]] == ["member.restricted"]
    (row,) = lending.ask("restriction.list", member="1001")["rows"]
    assert (row["reason"], row["kind"], row["by"]) == ("بی‌نظمی", "manual", "زهرا کریمی")
    lifted = lending.ask("unrestrict", restriction=row["restriction"], reason="پوزش")
    assert (lifted["outcome"], lifted["restrictions"]) == ("unrestricted", [row["restriction"]])
    assert lending.ask("unrestrict", member="1001", reason="پوزش")["outcome"] == "already_done"
    assert lending.ask("restriction.list")["rows"] == []
    assert lending.ask("checkout", member="1001", item="B1")["ok"]


@pytest.mark.parametrize("op", ["restrict", "unrestrict"])
def test_a_reason_is_required(op: str, lending: Desk) -> None:
    lending.ask("restrict", member="1001", reason="بی‌نظمی")
    told = lending.ask(op, member="1001", reason=" ")
    assert [reason["code"] for reason in told["refusals"]] == ["field.required"]
    assert says_so_in_persian(told)


def test_the_committee_speaks_through_the_head(lending: Desk) -> None:
    librarian = lending.as_role(Role.LIBRARIAN)
    told = librarian.ask("restrict", member="1001", reason="رأی", kind="disciplinary")
    assert [reason["code"] for reason in told["refusals"]] == ["restriction.head_only"]
    assert lending.ask("restrict", member="1001", reason="رأی", kind="disciplinary")["outcome"] == "restricted"


def test_one_of_two_ways_to_say_whom(lending: Desk) -> None:
    assert lending.ask("unrestrict", reason="x")["error"]["field"] == "member"
    assert lending.ask("restrict", member="9", reason="x")["outcome"] == "not_found"
    assert lending.ask("restriction.list", member="9")["outcome"] == "not_found"


def test_an_incident_is_noted_referred_and_closed(lending: Desk, tmp_path: Path) -> None:
    told = lending.ask(
        "incident.add", member="1001", item="B1", account="برگ‌ها را بریده بود.", happened_on="1405/08/29"
    )
    assert told["outcome"] == "added"
    path = tmp_path / "letter.pdf"
    referred = lending.ask("incident.refer", incident=told["incident"], letter_no="۱۲۳/۴", pdf=str(path))
    assert (referred["outcome"], referred["state"]) == ("referred", "referred")
    (page,) = pdfium_text(path.read_bytes())
    assert "بوف کور" in page
    assert lending.ask("incident.refer", incident=told["incident"], letter_no="۱۲۳/۴")["outcome"] == "already_done"
    (row,) = lending.ask("incident.list", member="1001")["rows"]
    assert (row["title"], row["letter_no"], row["happened_on"]) == ("بوف کور", "۱۲۳/۴", "2026-11-20")
    assert lending.ask("incident.close", incident=told["incident"])["outcome"] == "closed"
    assert lending.ask("incident.close", incident=told["incident"])["outcome"] == "already_done"
    assert lending.ask("check")["broken"] == []


def test_an_incident_nobody_noted(lending: Desk) -> None:
    nobody = "01a200ad-b778-72cc-8c41-8e60e27cb55d"
    assert lending.ask("incident.close", incident=nobody)["what"] == "incident"
    assert lending.ask("incident.refer", incident=nobody, letter_no="1")["what"] == "incident"
    assert lending.ask("incident.add", member="1001", account="x", item="Z9")["what"] == "item"
    assert lending.ask("incident.add", member="1001")["refusals"][0]["code"] == "field.required"
    assert lending.as_role(Role.TRAINEE).ask("incident.list")["refusals"][0]["code"] == "role.not_allowed"
