from pathlib import Path

import pytest
from PIL import Image

from tests.server.desk.desks import Desk, says_so_in_persian

PERSON = {"given_name": "زهرا", "family_name": "موسوی", "category": "ordinary"}


def test_a_member_is_added_and_shown(desk: Desk) -> None:
    told = desk.ask(
        "member.add", **PERSON, card="۲۰۰۱", national_id="۰۰۱۲۳۴۵۶۷۹", mobile="۰۹۱۲۳۴۵۶۷۸۹", birth_date="1370/01/01",
        interests=["شعر"], address="خیابان امام",
    )  # fmt: skip
    assert (told["outcome"], told["member_no"]) == ("added", "000001")
    shown = desk.ask("member.show", member="2001", jalali=True)
    assert (shown["member"], shown["card"], shown["national_id"]) == (told["member"], "2001", "0012345679")
    assert (shown["mobile"], shown["birth_date_jalali"]) == ("+989123456789", "1370/01/01")
    assert (shown["category"], shown["category_name"]) == ("ordinary", "عضو عادی")
    assert shown["expires"] == "2027-11-21"
    assert (shown["loans"], shown["debt"], shown["restrictions"]) == ([], 0, [])


def test_a_member_is_found_by_name_and_number(desk: Desk) -> None:
    desk.ask("member.add", **PERSON, card="2001")
    desk.ask("member.add", given_name="علی", family_name="رضایی", category="child", card="2002")
    assert [row["card"] for row in desk.ask("member.find", q="موسوي")["rows"]] == ["2001"]
    assert [row["card"] for row in desk.ask("member.find", q="۲۰۰۲")["rows"]] == ["2002"]
    assert desk.ask("member.find", q="ناشناس")["rows"] == []


def test_what_is_wrong_with_a_member_is_told_at_once(desk: Desk) -> None:
    desk.ask("member.add", **PERSON, card="2001")
    told = desk.ask(
        "member.add",
        given_name=" ",
        family_name="الف",
        category="شاه",
        card="۲۰۰۱",
        guarantor="9",
        birth_date="1500/01/01",
    )
    assert {reason["code"] for reason in told["refusals"]} == {
        "field.required", "field.invalid", "member.card_taken", "member.guarantor_unknown",
    }  # fmt: skip
    assert says_so_in_persian(told)


def test_a_doubtful_national_id_is_taken_when_confirmed(desk: Desk) -> None:
    asked = desk.ask("member.add", **PERSON, national_id="123")
    assert [(reason["code"], reason["kind"]) for reason in asked["refusals"]] == [("member.national_id", "confirm")]
    assert desk.ask("member.add", **PERSON, national_id="123", confirm=["member.national_id"])["outcome"] == "added"


@pytest.mark.parametrize("field", ["card", "member_no", "guarantor"])
@pytest.mark.parametrize("code", ["12\u202e34", "کارت", "1\u00002"])
def test_a_number_that_could_never_be_read_again_is_refused(desk: Desk, field: str, code: str) -> None:
    before = desk.entries()
    told = desk.ask("member.add", **PERSON, **{field: code})
    assert [reason["code"] for reason in told["refusals"]] == ["field.invalid"]
    assert desk.entries() == before


def test_a_hostile_name_is_stored_as_harmless_text(desk: Desk) -> None:
    desk.ask("member.add", given_name="<img src=x>\u202e\u0000", family_name="=1+1\n2", category="ordinary", card="6")
    shown = desk.ask("member.show", member="6")
    assert (shown["given_name"], shown["family_name"]) == ("<img src=x>", "=1+1 2")


def test_a_member_is_edited_and_what_is_left_out_stays(desk: Desk) -> None:
    desk.ask("member.add", **PERSON, card="M-1", mobile="09121112233", address="آبگرم")
    edited = desk.ask("member.edit", member="M-1", family_name="صفوی", mobile=None, birth_date="1394/02/11")
    assert edited["outcome"] == "changed"
    shown = desk.ask("member.show", member="M-1", jalali=True)
    assert (shown["given_name"], shown["family_name"], shown["mobile"]) == ("زهرا", "صفوی", None)
    assert shown["birth_date_jalali"] == "1394/02/11"
    assert desk.ask("member.edit", member="M-1", category="nobody")["refusals"][0]["code"] == "field.invalid"
    assert desk.ask("member.edit", member="M-404", note="x")["outcome"] == "not_found"


def test_a_membership_is_prolonged_and_the_fee_told(desk: Desk) -> None:
    desk.ask("member.add", **PERSON, card="M-1", expires="2026-12-01")
    renewed = desk.ask("member.renew", member="M-1")
    assert (renewed["outcome"], renewed["expires"]) == ("renewed", "2027-12-01")
    assert desk.ask("member.show", member="M-1")["debt"] == renewed["fee"] > 0
    again = desk.ask("member.renew", member="M-1", until="1405/08/01")
    assert again["refusals"][0]["code"] == "field.invalid"


def test_two_members_become_one(desk: Desk) -> None:
    desk.ask("member.add", **PERSON, card="M-1")
    desk.ask("member.add", **PERSON, card="M-2")
    assert desk.ask("member.merge", keep="M-1", drop="M-2")["outcome"] == "merged"
    shown = [desk.ask("member.show", member=card)["member"] for card in ("M-1", "M-2")]
    assert shown[0] == shown[1]


def test_a_photograph_is_taken_from_a_file_and_stands_on_the_card(desk: Desk, tmp_path: Path) -> None:
    desk.ask("member.add", **PERSON, card="M-1")
    picture, pdf = tmp_path / "m.png", tmp_path / "card.pdf"
    Image.new("RGB", (300, 400), (0, 90, 200)).save(picture)
    assert desk.ask("member.photo", member="M-1", file=str(picture))["outcome"] == "photo_set"
    assert desk.ask("member.photo", member="M-1", file=str(tmp_path / "no"))["error"]["code"] == "P-2101"
    written = desk.ask("member.cards", members=["M-1"], pdf=str(pdf), sheet=False)
    assert (written["outcome"], written["cards"]) == ("written", 1)
    assert b"/DCTDecode" in pdf.read_bytes()
    assert desk.ask("member.cards", members=["M-1", "M-404"], pdf=str(pdf))["outcome"] == "not_found"
    assert desk.ask("member.cards", members=["M-1"], pdf=str(tmp_path / "no" / "x.pdf"))["ok"] is False


def test_joining_is_charged_by_the_policy_where_the_request_says_so(desk: Desk) -> None:
    rows = [{"category": "*", "item_type": "*", "loan_days": 14, "fee": 350_000, "card_fee": 5_000}]
    desk.ask("policy.set", rows=rows)
    desk.ask("member.add", **PERSON, card="M-1", fee=True)
    desk.ask("member.add", **PERSON, card="M-2")
    assert desk.ask("member.show", member="M-1")["debt"] == 355_000
    assert desk.ask("member.show", member="M-2")["debt"] == 0


def test_a_membership_waits_for_its_letter(desk: Desk) -> None:
    desk.ask("policy.set", rows=[{"category": "*", "item_type": "*", "loan_days": 14, "letter": True}])
    assert desk.ask("member.add", **PERSON, card="M-1")["state"] == "pending"
    assert desk.ask("member.edit", member="M-1", letter_no="۱۲")["state"] == "active"
