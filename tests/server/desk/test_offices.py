"""Signatories, committee and the facts of the library at the headless desk."""

from db.codes import Role
from tests.server.desk.desks import Desk


def test_an_office_is_given_listed_and_ended(desk: Desk) -> None:
    first = desk.ask("office.set", position="branch_head", name="زهرا کریمی", since="1404/01/01", key="o")
    assert first["outcome"] == "set"
    second = desk.ask("office.set", position="branch_head", name="رضا احمدی")
    assert second["ended"] == "زهرا کریمی"
    desk.ask("office.set", position="cataloguer", name="نرگس صفری", committee=True)
    told = desk.ask("office.list")
    assert [(one["words"], one["name"], one["until"]) for one in told["rows"]] == [
        ("مسئول کتابخانه", "رضا احمدی", None),
        ("مسئول کتابخانه", "زهرا کریمی", "2026-11-20"),
        ("فهرست‌نویس", "نرگس صفری", None),
    ]
    assert told["signing"] == {"branch_head": "رضا احمدی"}
    assert told["committee"] == {"cataloguer": "نرگس صفری"}
    assert desk.ask("office.list", on="1404/06/01")["signing"] == {"branch_head": "زهرا کریمی"}
    ended = desk.ask("office.end", office=second["office"])
    assert (ended["outcome"], ended["until"]) == ("ended", "2026-11-21")
    again = desk.ask("office.set", position="branch_head", name="کسی دیگر", since="1404/01/01", key="o")
    assert (again["outcome"], again["office"]) == ("already_done", first["office"])
    assert desk.ask("office.end", office="01a2b3c4-0000-7000-8000-000000000000")["outcome"] == "not_found"
    assert desk.ask("office.set", position="king", name="الف")["refusals"][0]["code"] == "field.invalid"


def test_the_library_is_shown_and_changed_and_what_is_left_out_stays(desk: Desk) -> None:
    assert desk.ask("branch.show")["space_shortage"] is False
    changed = desk.ask("branch.set", space_shortage=True, phone="۰۸۶", founded_on="1380/01/01")
    assert (changed["outcome"], sorted(changed["fields"])) == ("changed", ["founded_on", "phone", "space_shortage"])
    shown = desk.ask("branch.show", jalali=True)
    assert (shown["name"], shown["space_shortage"], shown["founded_on_jalali"]) == (
        "کتابخانه عمومی شهید بهشتی", True, "1380/01/01",
    )  # fmt: skip
    assert desk.ask("branch.set", phone="")["fields"] == ["phone"]
    assert desk.ask("branch.show")["phone"] is None
    assert desk.ask("branch.set", name=" ")["refusals"][0]["code"] == "field.required"
    assert desk.as_role(Role.LIBRARIAN).ask("branch.set", city="ساوه")["refusals"][0]["code"] == "role.not_allowed"
