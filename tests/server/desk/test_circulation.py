import datetime as dt

import pytest

from app.circulation.outcomes import ReturnNote
from server.desk.circulation import NOTES
from tests.server.desk.desks import Desk, says_so_in_persian


def test_a_loan_tells_loan_due_date_and_the_row_that_decided(lending: Desk) -> None:
    told = lending.ask("checkout", member="1001", item="B1", id=7)
    assert (told["ok"], told["id"], told["outcome"], told["due"], told["rule"]) == (
        True, 7, "checked_out", "2026-12-05", "*/*",
    )  # fmt: skip
    assert told["barcode"] == "B1"
    assert "due_jalali" not in told


def test_jalali_dates_stand_beside_the_others_when_asked_for(lending: Desk) -> None:
    told = lending.ask("checkout", member="1001", item="B1", jalali=True)
    assert (told["due"], told["due_jalali"]) == ("2026-12-05", "1405/09/14")
    shown = lending.ask("member.show", member="1001", jalali=True)
    assert shown["loans"][0]["due_jalali"] == "1405/09/14"


def test_member_and_copy_are_found_in_persian_digits_and_by_every_number(lending: Desk) -> None:
    shown = lending.ask("member.show", member="۱۰۰۱")
    copy = lending.ask("item.show", item="B2")
    for member, item in (
        ("۱۰۰۱", "۱"),
        (shown["member_no"], "B2"),
        (shown["member"], copy["item"]),
    ):
        told = lending.ask("checkout", member=member, item=item)
        assert told["ok"], told
    assert told["outcome"] == "already_done"


def test_the_same_loan_again_is_already_done_and_changes_nothing(lending: Desk) -> None:
    first = lending.ask("checkout", member="1001", item="B1")
    before = lending.entries()
    again = lending.ask("checkout", member="1001", item="B1")
    assert again["outcome"] == "already_done"
    assert (again["loan"], again["due"]) == (first["loan"], first["due"])
    assert lending.entries() == before


@pytest.mark.parametrize("due", ["1405/09/10", "۱۴۰۵/۰۹/۱۰", "2026-12-01"])
def test_a_due_date_set_by_hand_is_taken_in_both_calendars(lending: Desk, due: str) -> None:
    assert lending.ask("checkout", member="1001", item="B1", due=due)["due"] == "2026-12-01"


def test_a_loan_in_the_hall_is_due_the_same_day(lending: Desk) -> None:
    assert lending.ask("checkout", member="1001", item="B1", channel="onsite")["due"] == "2026-11-21"


def test_a_loan_dated_back_begins_on_that_day(lending: Desk) -> None:
    told = lending.ask("checkout", member="1001", item="B1", at="1405/08/28 09:00")
    assert (told["out_on"], told["due"]) == ("2026-11-19", "2026-12-03")


def test_every_reason_of_a_refusal_is_told_with_what_may_lift_it(lending: Desk) -> None:
    lending.ask("member.add", given_name="مینا", family_name="صبا", category="ordinary", card="7",
                joined="1404/01/01", expires="1405/01/01")  # fmt: skip
    lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("checkout", member="7", item="B1")
    assert (told["ok"], told["outcome"]) == (False, "refused")
    reasons = {reason["code"]: reason for reason in told["refusals"]}
    assert set(reasons) == {"member.expired", "item.on_loan"}
    assert reasons["member.expired"]["overridable"] is True
    assert "kind" not in reasons["member.expired"]
    assert (reasons["item.on_loan"]["overridable"], reasons["item.on_loan"]["kind"]) == (False, "confirm")
    assert says_so_in_persian(told)


def test_a_limit_tells_row_limit_and_count_and_is_lifted_with_a_reason(lending: Desk) -> None:
    lending.ask("policy.set", rows=[{"loan_days": 14, "max_loans_all_types": 1}])
    lending.ask("checkout", member="1001", item="B1")
    refused = lending.ask("checkout", member="1001", item="B2")
    (reason,) = refused["refusals"]
    assert (reason["code"], reason["rule"], reason["limit"], reason["have"]) == ("limit.total", "*/*", 1, 1)

    silent = lending.ask("checkout", member="1001", item="B2", override=["limit.total"])
    assert {reason["code"] for reason in silent["refusals"]} == {"limit.total", "reason.required"}
    lifted = lending.ask("checkout", member="1001", item="B2", override=["limit.total"], reason="پژوهش مدرسه")
    assert lifted["outcome"] == "checked_out"


def test_a_question_is_answered_with_confirm(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=3)
    asked = lending.ask("checkout", member="1001", item="B1")
    (reason,) = asked["refusals"]
    assert (reason["code"], reason["kind"]) == ("item.on_loan_same_member", "confirm")
    told = lending.ask("checkout", member="1001", item="B1", confirm=["item.on_loan_same_member"])
    assert (told["outcome"], told["count"], told["due"]) == ("renewed", 1, "2026-12-08")


@pytest.mark.parametrize(("member", "item", "what"), [("1001", "B9", "item"), ("999", "B1", "member")])
def test_an_unknown_number_is_not_found(lending: Desk, member: str, item: str, what: str) -> None:
    told = lending.ask("checkout", member=member, item=item)
    assert (told["ok"], told["outcome"], told["what"]) == (False, "not_found", what)
    assert says_so_in_persian(told)


@pytest.mark.parametrize("code", ["", "\u202eB1", "B1\u0000", "بوف کور", "=1+1", "<img src=x>", "9" * 65])
def test_a_code_that_no_label_carries_is_not_found_and_said_to_be_unreadable(lending: Desk, code: str) -> None:
    for told in (
        lending.ask("checkout", member="1001", item=code),
        lending.ask("checkout", member=code, item="B1"),
        lending.ask("checkin", item=code),
        lending.ask("renew", item=code),
        lending.ask("renew", member=code),
        lending.ask("item.show", item=code),
        lending.ask("member.show", member=code),
        lending.ask("policy.explain", member="1001", item=code),
    ):
        assert told["outcome"] == "not_found"
        assert "خوانا نیست" in told["message"]


def test_a_return_tells_lateness_fine_and_ban(lending: Desk) -> None:
    lending.ask(
        "policy.set",
        rows=[
            {"loan_days": 7, "fine_per_day": 500, "period_days": 1, "ban_days_per_late_day": 1, "skip_closed": False}
        ],
    )
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=10)
    told = lending.ask("checkin", item="B1", jalali=True)
    assert (told["outcome"], told["days_late"], told["fine"]) == ("checked_in", 3, 1500)
    assert (told["restricted_until"], told["restricted_until_jalali"]) == ("2026-12-04", "1405/09/13")
    assert [message["code"] for message in told["messages"]] == ["late"]
    assert lending.ask("member.show", member="1001")["debt"] == 1500


def test_a_return_dated_back_lowers_the_fine(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=20)
    told = lending.ask("checkin", item="B1", at="2026-12-06")
    assert (told["in_on"], told["days_late"], told["fine"]) == ("2026-12-06", 1, 500)


def test_the_same_return_again_is_already_done(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    first = lending.ask("checkin", item="B1")
    before = lending.entries()
    again = lending.ask("checkin", item="B1")
    assert (again["outcome"], again["loan"]) == ("already_done", first["loan"])
    assert lending.entries() == before


def test_a_copy_that_was_not_lent_is_counted_as_used_in_the_hall(lending: Desk) -> None:
    assert lending.ask("checkin", item="B1")["outcome"] == "local_use"
    assert lending.ask("item.show", item="B1")["uses"] == 1


def test_lost_parts_are_told_noted_and_charged(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("checkin", item="B1", lost_parts=["لوح"], damage=20_000, condition="worn")
    assert (told["outcome"], told["missing_parts"], told["damage"]) == ("checked_in", "لوح", 20_000)
    assert [message["code"] for message in told["messages"]] == ["missing_parts"]
    assert lending.ask("item.show", item="B1")["condition"] == "worn"
    (note,) = lending.ask("alert.list", item="B1")["rows"]
    assert note["text"].endswith("نیست: لوح")
    told = lending.ask("checkout", member="1001", item="B1")
    alerts = [message for message in told["messages"] if message["code"] == "item.alert"]
    assert alerts == [{"code": "item.alert", "kind": "alert", "message": f"یادداشت نسخه: {note['text']}"}]


def test_what_was_counted_after_the_scan_is_added_to_the_return(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("checkin", item="B1")
    told = lending.ask("checkin", item="B1", lost_parts=["لوح"])
    assert (told["outcome"], told["missing_parts"]) == ("already_done", "لوح")


def test_a_copy_on_another_card_is_returned_and_lent_after_one_yes(lending: Desk) -> None:
    lending.ask("member.add", given_name="مینا", family_name="صبا", category="ordinary", card="7")
    first = lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("checkout", member="7", item="B1", confirm=["item.on_loan"], key="k")
    assert (told["outcome"], told["taken_back"]["loan"]) == ("checked_out", first["loan"])
    assert told["taken_back"]["member_name"] == "علی رضایی"
    again = lending.ask("checkout", member="7", item="B1", confirm=["item.on_loan"], key="k")
    assert (again["outcome"], again["loan"]) == ("already_done", told["loan"])


def test_answers_may_hold_for_the_rest_of_the_visit(lending: Desk) -> None:
    lending.ask("policy.set", rows=[{"loan_days": 14, "max_loans_all_types": 0}])
    said = {"override": ["limit.total"], "reason": "برای کلاس", "remember": True}
    assert lending.ask("checkout", member="1001", item="B1", **said)["outcome"] == "checked_out"
    assert lending.ask("checkout", member="1001", item="B2")["outcome"] == "checked_out"
    lending.ask("member.add", given_name="مینا", family_name="صبا", category="ordinary", card="7")
    assert lending.ask("checkout", member="7", item="B3")["outcome"] == "refused"
    assert lending.ask("checkout", member="1001", item="B3")["outcome"] == "refused"  # another reader came between


def test_a_refused_answer_is_not_remembered(lending: Desk) -> None:
    lending.ask("policy.set", rows=[{"loan_days": 14, "max_loans_all_types": 0, "max_loans_branch": 0}])
    lending.ask("checkout", member="1001", item="B1", override=["limit.total"], remember=True)
    assert lending.session.visit is None


def test_a_parent_borrows_for_a_child(lending: Desk) -> None:
    lending.ask("member.add", given_name="سارا", family_name="رضایی", category="ordinary", card="8", guarantor="1001")
    (kin,) = lending.ask("member.household", member="1001")["rows"]
    assert (kin["kinship"], kin["may_borrow"], kin["name"], kin["loans"]) == ("ward", True, "سارا رضایی", [])
    told = lending.ask("checkout", **{"member": "1001", "for": "8", "item": "B1"})
    assert (told["member_name"], told["card_of"]["member_name"]) == ("سارا رضایی", "علی رضایی")
    assert lending.ask("member.household", member="8")["rows"][0]["kinship"] == "guarantor"


def test_a_book_without_a_record_is_lent_and_waits_for_the_cataloguer(lending: Desk) -> None:
    fast = {"title": "شازده کوچولو", "creator": "سنت اگزوپری"}
    told = lending.ask("checkout", member="1001", item="N-1", fast=fast)
    assert (told["outcome"], told["barcode"], told["title"]) == ("checked_out", "N-1", "شازده کوچولو")
    (row,) = lending.ask("title.to_catalogue")["rows"]
    assert (row["title"], row["creator"], row["barcode"], row["status"]) == (
        "شازده کوچولو", "سنت اگزوپری", "N-1", "on_loan",
    )  # fmt: skip


def test_an_isbn_of_several_copies_asks_which(lending: Desk) -> None:
    for barcode in ("S1", "S2"):
        lending.ask("item.add", title={"title": "گلستان", "isbn": "9786001234569"}, barcode=barcode)
    told = lending.ask("checkout", member="1001", item="978-600-123456-9")
    assert (told["ok"], told["outcome"], [copy["barcode"] for copy in told["copies"]]) == (
        False, "several", ["S1", "S2"],
    )  # fmt: skip
    assert says_so_in_persian(told)
    lending.ask("checkout", member="1001", item="S1")
    assert lending.ask("checkin", item="9786001234569")["barcode"] == "S1"


def test_a_card_among_the_returned_books_is_known(lending: Desk) -> None:
    told = lending.ask("checkin", item="1001")
    assert (told["outcome"], told["member_name"]) == ("not_found", "علی رضایی")
    assert "کارت عضو" in told["message"]


def test_an_overnight_loan_is_due_on_the_next_open_day(lending: Desk) -> None:
    assert lending.ask("checkout", member="1001", item="B1", overnight=True)["due"] == "2026-11-22"


def test_a_copy_is_edited_sent_and_arrives(lending: Desk) -> None:
    told = lending.ask("item.edit", item="B1", price=90_000, parts=None, note="جلد نو")
    assert (told["outcome"], told["changed"]) == ("edited", ["note", "price"])
    assert lending.ask("item.edit", item="B1", price=90_000)["outcome"] == "already_done"
    told = lending.ask("item.send", item="B1", to="کتابخانه میبد")
    assert (told["was"], told["status"]) == ("available", "in_transit")
    told = lending.ask("checkin", item="B1")
    assert [message["code"] for message in told["messages"]] == ["arrived"]
    assert lending.ask("item.edit", item="B9", note="x")["outcome"] == "not_found"
    assert lending.ask("item.edit", item="B1", barcode="بوف")["refusals"][0]["code"] == "field.invalid"


def test_a_note_is_left_listed_and_removed(lending: Desk) -> None:
    first = lending.ask("alert.add", member="1001", text="تلفن تازه", until="1405/12/01", jalali=True)
    assert first["outcome"] == "added"
    assert lending.ask("alert.add", member="1001", text="تلفن تازه", until="1405/12/01")["outcome"] == "already_done"
    (row,) = lending.ask("alert.list", member="1001", jalali=True)["rows"]
    assert (row["alert"], row["until_jalali"], row["author"], row["weight"]) == (
        first["alert"], "1405/12/01", "زهرا کریمی", "message",
    )  # fmt: skip
    assert lending.ask("alert.remove", alert=first["alert"])["outcome"] == "removed"
    assert lending.ask("alert.remove", alert=first["alert"])["outcome"] == "already_done"
    assert lending.ask("alert.list", member="1001")["rows"] == []
    both = lending.ask("alert.add", member="1001", item="B1", text="x")
    assert both["error"]["field"] == "item"
    assert lending.ask("alert.add", item="B9", text="x")["what"] == "item"
    assert lending.ask("alert.remove", alert="01a200ac-4dfd-7410-91ac-837835389f46")["what"] == "alert"


def test_every_note_of_a_return_has_its_words() -> None:
    assert set(NOTES) == set(ReturnNote)


def test_a_renewal_moves_the_due_date_and_again_it_is_already_done(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=4)
    told = lending.ask("renew", item="B1")
    assert (told["outcome"], told["due"], told["count"]) == ("renewed", "2026-12-09", 1)
    again = lending.ask("renew", item="B1")
    assert (again["outcome"], again["due"], again["count"]) == ("already_done", "2026-12-09", 1)


def test_a_renewal_that_gains_nothing_is_refused(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("renew", item="B1")
    assert [reason["code"] for reason in told["refusals"]] == ["renewal.not_extended"]


def test_renewing_for_a_member_answers_for_each_loan(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=4)
    lending.ask("checkout", member="1001", item="B2")
    told = lending.ask("renew", member="1001")
    assert told["outcome"] == "renewed"
    assert {line["barcode"]: line["outcome"] for line in told["lines"]} == {"B1": "renewed", "B2": "refused"}
    assert lending.ask("item.show", item="B1")["due"] == "2026-12-09"


def test_when_no_loan_can_be_renewed_every_reason_is_told(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("checkout", member="1001", item="B2")
    told = lending.ask("renew", member="1001")
    assert (told["ok"], told["outcome"], len(told["lines"])) == (False, "refused", 2)
    assert [reason["code"] for reason in told["refusals"]] == ["renewal.not_extended"] * 2


def test_renewing_for_a_member_without_loans_does_nothing(lending: Desk) -> None:
    told = lending.ask("renew", member="1001")
    assert (told["ok"], told["outcome"], told["lines"]) == (True, "renewed", [])


@pytest.mark.parametrize("fields", [{}, {"item": "B1", "member": "1001"}])
def test_a_renewal_names_a_copy_or_a_member(lending: Desk, fields: dict[str, str]) -> None:
    assert lending.ask("renew", **fields)["error"]["code"] == "request.invalid"


def test_rules_are_lifted_for_one_copy_at_a_time(lending: Desk) -> None:
    told = lending.ask("renew", member="1001", override=["renewal.too_many"], reason="x")
    assert told["error"]["field"] == "override"


def test_undo_takes_back_the_last_action_of_this_desk(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("undo")
    assert (told["outcome"], told["kind"]) == ("undone", "loan.opened")
    assert lending.ask("item.show", item="B1")["status"] == "available"
    assert lending.ask("undo")["refusals"][0]["code"] == "undo.nothing"


def test_each_desk_undoes_its_own(lending: Desk) -> None:
    other = Desk(lending.library, number=2)
    lending.ask("checkout", member="1001", item="B1")
    assert other.ask("undo")["refusals"][0]["code"] == "undo.nothing"


def test_answers_carry_dates_that_programs_can_read(lending: Desk) -> None:
    told = lending.ask("checkout", member="1001", item="B1")
    assert dt.date.fromisoformat(told["due"]) - dt.date.fromisoformat(told["out_on"]) == dt.timedelta(days=14)
