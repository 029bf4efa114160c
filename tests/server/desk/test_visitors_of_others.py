"""Visitors, copies of other libraries and cases at the headless desk."""

import uuid

import pytest

from app.conflicts.choices import choices_of
from app.demo.centre import open_two_machines_case
from app.library import Library
from db.codes import CaseKind, Role
from db.models.centre import SyncCase
from db.models.members import Member
from tests.app.directives.asking import pulled
from tests.library import act, add_copy, add_member, row
from tests.server.desk.desks import Desk


@pytest.fixture
def visitor(desk: Desk) -> str:
    told = desk.ask("visitor.add", card="TAF-0007", given_name="سارا", family_name="احمدی", key="v-1")
    assert told["outcome"] == "added"
    return "TAF-0007"


def test_a_visitor_is_registered_and_borrows_within_the_quota(desk: Desk, visitor: str) -> None:
    first, second = (add_copy(desk.library).barcode for _ in range(2))
    assert desk.ask("checkout", member=visitor, item=first)["outcome"] == "checked_out"
    refused = desk.ask("checkout", member=visitor, item=second)
    (reason,) = refused["refusals"]
    assert (reason["code"], reason["limit"], reason["overridable"]) == ("limit.visitor", 1, True)
    lent = desk.ask("checkout", member=visitor, item=second, override=["limit.visitor"], reason="آشناست")
    assert lent["outcome"] == "checked_out"


def test_the_same_visitor_again_is_told(desk: Desk, visitor: str) -> None:
    again = desk.ask("visitor.add", card="TAF-0007", given_name="سارا", family_name="احمدی", key="v-1")
    assert again["outcome"] == "already_done"
    other = desk.ask("visitor.add", card="TAF-۰۰۰۷", given_name="سارا", family_name="احمدی")
    assert other["outcome"] == "already_done"
    assert other["member"] == again["member"]


def test_a_label_that_is_not_ours_offers_to_note_the_copy(desk: Desk) -> None:
    told = desk.ask("checkin", item="TAF-55")
    assert (told["outcome"], told["offers"]) == ("not_found", ["return.seen"])
    seen = desk.ask("return.seen", item="TAF-55", library="کتابخانهٔ تفرش", key="r-1")
    assert (seen["outcome"], seen["state"]) == ("seen", "here")
    assert desk.ask("return.seen", item="TAF-55", key="r-1")["outcome"] == "already_done"
    assert [row["item"] for row in desk.ask("return.list")["rows"]] == ["TAF-55"]
    sent = desk.ask("return.sent", item="TAF-55")
    assert (sent["outcome"], sent["seen"]) == ("sent_home", seen["seen"])
    assert desk.ask("return.list")["rows"] == []
    assert len(desk.ask("return.list", all=True)["rows"]) == 1
    assert desk.ask("return.sent", item="TAF-99")["outcome"] == "not_found"


def test_our_own_copies_at_other_libraries_are_listed(desk: Desk) -> None:
    copy = add_copy(desk.library, "کلیدر")
    assert desk.ask("return.away")["rows"] == []
    desk.ask("item.send", item=copy.barcode, to="کتابخانهٔ تفرش")
    (row,) = desk.ask("return.away")["rows"]
    assert (row["item"], row["title"], row["library"]) == (copy.barcode, "کلیدر", "کتابخانهٔ تفرش")
    assert (row["why"], row["status"], row["since"]) == ("sent", "in_transit", act(desk.library).day.isoformat())
    desk.ask("checkin", item=copy.barcode)
    assert desk.ask("return.away")["rows"] == []


def test_what_another_machine_wrote_of_a_reader_is_told_and_taken(desk: Desk) -> None:
    library: Library = desk.library
    add_member(library)
    member = open_two_machines_case(library)
    (shown,) = desk.ask("case.list")["rows"]
    assert [story["whose"] for story in shown["stories"]] == ["آنچه هست", "آن یکی"]
    assert "نام خانوادگی: رضایی‌نیا" in shown["stories"][1]["lines"]
    assert [choice["choice"] for choice in shown["choices"]] == ["keep_ours", "take_theirs"]
    assert shown["choices"][1]["fields"] == ["family_name", "national_id", "birth_date"]
    fields = ["family_name", "birth_date"]
    assert desk.ask("case.decide", case=shown["case"], choice="keep_ours", fields=fields)["outcome"] == "refused"
    told = desk.ask("case.decide", case=shown["case"], choice="take_theirs", fields=fields, key="d-1")
    assert told["outcome"] == "decided"
    assert row(library, Member, member).family_name == "رضایی‌نیا"
    assert desk.ask("case.decide", case=shown["case"], choice="take_theirs", key="d-1")["outcome"] == "already_done"


def test_cases_are_listed_with_their_choices_and_decided(desk: Desk) -> None:
    library: Library = desk.library
    case = pulled(
        library, SyncCase, kind=CaseKind.OVER_LIMIT, rows=[], choices=choices_of(CaseKind.OVER_LIMIT),
        stories={"limit": 3, "total": 4, "here": 1, "elsewhere": 3}, opened_at=act(library).at,
    )  # fmt: skip
    (shown,) = desk.ask("case.list")["rows"]
    assert (shown["case"], shown["kind"], shown["choices"][0]["choice"]) == (str(case), "over_limit", "seen")
    assert len(shown["stories"]) == 2
    assert desk.as_role(Role.TRAINEE).ask("case.decide", case=str(case), choice="seen")["outcome"] == "refused"
    assert desk.ask("case.decide", case=str(case), choice="seen", key="c-1")["outcome"] == "decided"
    assert desk.ask("case.decide", case=str(case), choice="seen", key="c-1")["outcome"] == "already_done"
    assert desk.ask("case.decide", case=str(uuid.uuid4()), choice="seen")["outcome"] == "not_found"
    assert desk.ask("case.list")["rows"] == []
    assert desk.ask("case.list", all=True)["rows"][0]["decision"] == "seen"
