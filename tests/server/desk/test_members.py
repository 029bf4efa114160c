import pytest

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
