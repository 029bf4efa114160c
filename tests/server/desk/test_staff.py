"""The people of the library at the headless desk."""

from db.codes import Role
from db.models.sync import JournalEntry
from tests.library import rows
from tests.server.desk.desks import Desk


def test_a_person_is_added_signs_in_and_the_journal_names_them(desk: Desk) -> None:
    added = desk.ask("staff.add", name="نرگس صفری", role="librarian", pin="2718")
    assert added["outcome"] == "added"
    assert desk.ask("sign_in", name="نرگس صفری", pin="2719")["refusals"][0]["code"] == "staff.pin_wrong"
    assert desk.ask("sign_in", name="نرگس صفری", pin="2718")["outcome"] == "signed_in"
    assert desk.ask("ping")["user"] == "نرگس صفری"
    desk.ask("member.add", given_name="مریم", family_name="رضایی", category="ordinary")
    entry = rows(desk.library, JournalEntry)[-1]
    assert (entry.kind, str(entry.staff_id), entry.desk) == ("member.added", added["staff"], 1)


def test_a_staff_card_signs_in(desk: Desk) -> None:
    desk.ask("staff.add", name="نرگس صفری", card="S-1")
    assert desk.ask("sign_in", card="S-1")["name"] == "نرگس صفری"
    assert desk.ask("sign_in", card="S-2")["refusals"][0]["code"] == "staff.unknown"


def test_the_pin_is_blocked_after_four_wrong_ones_until_somebody_lets_them_try_again(desk: Desk) -> None:
    desk.ask("staff.add", name="نرگس صفری", pin="2718")
    told = [desk.ask("sign_in", name="نرگس صفری", pin="0000")["refusals"][0]["code"] for _ in range(5)]
    assert told == ["staff.pin_wrong"] * 3 + ["staff.pin_blocked"] * 2
    assert desk.ask("staff.unblock", name="نرگس صفری")["outcome"] == "unblocked"
    assert desk.ask("sign_in", name="نرگس صفری", pin="2718")["ok"]


def test_a_person_is_edited_and_what_is_left_out_stays(desk: Desk) -> None:
    desk.ask("member.add", given_name="نرگس", family_name="صفری", category="ordinary", card="M-9")
    desk.ask("staff.add", name="نرگس صفری", card="S-1", pin="2718")
    assert desk.ask("staff.edit", name="نرگس صفری", role="trainee", member="M-9")["outcome"] == "changed"
    shown = {person["name"]: person for person in desk.ask("staff.list")["rows"]}["نرگس صفری"]
    assert (shown["role"], shown["card"], shown["has_pin"], shown["active"]) == ("trainee", "S-1", True, True)
    assert shown["member"] is not None
    assert "waive" not in shown["may"]
    assert desk.ask("staff.edit", name="نرگس صفری", member="M-10")["refusals"][0]["code"] == "staff.member_unknown"
    assert desk.ask("staff.edit", name="هیچ‌کس")["refusals"][0]["code"] == "staff.unknown"
    assert desk.ask("staff.edit", name="نرگس صفری", active=False)["outcome"] == "changed"
    assert desk.ask("sign_in", name="نرگس صفری", pin="2718")["refusals"][0]["code"] == "staff.unknown"


def test_permissions_hold_from_the_next_request_on(desk: Desk) -> None:
    trainee = desk.as_role(Role.TRAINEE)
    assert trainee.ask("member.add", given_name="الف", family_name="ب", category="ordinary")["ok"] is False
    assert desk.ask("permission.set", role="trainee", action="register_member", allowed=True)["outcome"] == "set"
    assert trainee.ask("member.add", given_name="الف", family_name="ب", category="ordinary")["outcome"] == "added"
    assert trainee.ask("permission.set", role="trainee", action="waive", allowed=True)["ok"] is False
    assert trainee.ask("staff.list")["refusals"][0]["code"] == "role.not_allowed"


def test_everybody_changes_the_own_pin_and_nobody_elses(desk: Desk) -> None:
    desk.ask("staff.add", name="نرگس صفری", role="trainee", pin="2718")
    desk.ask("sign_in", name="نرگس صفری", pin="2718")
    assert desk.ask("staff.pin", name="نرگس صفری", pin="9753")["outcome"] == "changed"
    assert desk.ask("staff.pin", name="زهرا کریمی", pin="9753")["refusals"][0]["code"] == "role.not_allowed"
    assert desk.ask("staff.pin", name="نرگس صفری", pin="1")["refusals"][0]["code"] == "staff.pin_weak"


def test_the_waiting_ends_with_the_time_that_passes_and_not_with_a_clock_that_is_set(desk: Desk) -> None:
    desk.ask("staff.add", name="نرگس صفری", pin="2718")
    for _ in range(4):
        desk.ask("sign_in", name="نرگس صفری", pin="0000")
    desk.ask("clock.set", now="2026-11-28T10:00:00")
    assert desk.ask("sign_in", name="نرگس صفری", pin="2718")["refusals"][0]["code"] == "staff.pin_blocked"
    desk.ask("clock.advance", days=1)
    assert desk.ask("sign_in", name="نرگس صفری", pin="2718")["outcome"] == "signed_in"
