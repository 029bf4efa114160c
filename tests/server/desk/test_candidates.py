"""Weeding candidates and the guideline at the headless desk."""

import pytest

from db.codes import Role
from tests.server.desk.desks import Desk


@pytest.fixture
def desk_with_worn(desk: Desk) -> Desk:
    """A worn copy with a sound one beside it (B1, B2), and the only copy of its printing, worn too (B3)."""
    first = desk.ask("item.add", title={"title": "بوف کور"}, barcode="B1", condition="worn")
    desk.ask("item.add", title_id=first["title_id"], barcode="B2")
    assert desk.ask("item.add", title={"title": "کلیدر"}, barcode="B3", condition="damaged")["ok"]
    return desk


def listed(desk: Desk, **fields: object) -> list[dict[str, object]]:
    told = desk.ask("weeding.candidates", reason="worn", **fields)
    assert told["outcome"] == "listed", told
    found: list[dict[str, object]] = told["candidates"]
    return found


def test_the_worklist_tells_article_why_and_what_keeps_a_copy(desk_with_worn: Desk) -> None:
    told = desk_with_worn.ask("weeding.candidates", reason="worn")
    assert told["counts"] == {"content": 0, "worn": 1, "duplicate": 0, "no_audience": 0}
    assert told["guideline"] == 1
    free, kept = told["candidates"]
    assert (free["barcode"], free["article"], free["why"]) == ("B1", "4-2-الف", "وضعیت ظاهری: فرسوده")
    assert (free["exempt"], free["refusals"], free["listed"], free["decision"]) == (False, [], False, None)
    assert (kept["barcode"], kept["exempt"]) == ("B3", True)
    assert [(reason["code"], reason["rule"], reason["kind"]) for reason in kept["refusals"]] == [
        ("weeding.unbindable_needed", "5-1-ج", "confirm")
    ]


def test_a_page_of_it(desk_with_worn: Desk) -> None:
    assert [one["barcode"] for one in listed(desk_with_worn, limit=1)] == ["B1"]
    assert [one["barcode"] for one in listed(desk_with_worn, limit=1, offset=1)] == ["B3"]
    assert listed(desk_with_worn, limit=1, offset=2) == []


@pytest.mark.parametrize("fields", [{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"reason": "old"}])
def test_a_page_that_makes_no_sense(desk: Desk, fields: dict[str, object]) -> None:
    told = desk.ask("weeding.candidates", **({"reason": "worn"} | fields))
    assert told["error"]["field"] == next(iter(fields))


def test_a_decision_hides_a_copy_until_its_day(desk_with_worn: Desk) -> None:
    told = desk_with_worn.ask(
        "weeding.note", item="B1", reason="worn", decision="later", until="1405/10/01", remark="درسی است"
    )
    assert (told["outcome"], told["decision"], told["until"]) == ("noted", "later", "2026-12-22")
    assert [one["barcode"] for one in listed(desk_with_worn)] == ["B3"]
    desk_with_worn.ask("weeding.propose", reason="worn", items=["B1"])
    first, _ = listed(desk_with_worn)
    assert (first["barcode"], first["listed"], first["decision"]) == ("B1", True, "later")


def test_a_decision_with_a_key_is_kept_once(desk_with_worn: Desk) -> None:
    request = {"item": "B1", "reason": "worn", "decision": "keep", "remark": "خواننده دارد", "key": "n-1"}
    assert desk_with_worn.ask("weeding.note", **request)["outcome"] == "noted"
    entries = desk_with_worn.entries()
    again = desk_with_worn.ask("weeding.note", **request)
    assert (again["outcome"], again["decision"]) == ("already_done", "keep")
    assert desk_with_worn.entries() == entries


def test_what_is_put_off_is_told_and_called_back_once(desk_with_worn: Desk) -> None:
    desk_with_worn.ask(
        "weeding.note", item="B1", reason="worn", decision="later", until="1405/10/01", remark="درسی است"
    )
    (row,) = desk_with_worn.ask("weeding.decided", reason="worn")["rows"]
    assert (row["barcode"], row["title"], row["decision"], row["until"]) == ("B1", "بوف کور", "later", "2026-12-22")
    assert (row["remark"], bool(row["by"])) == ("درسی است", True)
    assert desk_with_worn.ask("weeding.decided", reason="content")["rows"] == []
    told = desk_with_worn.ask("weeding.call_back", item="B1", reason="worn", key="c-1")
    assert (told["outcome"], told["decision"]) == ("called_back", "later")
    assert [one["barcode"] for one in listed(desk_with_worn)] == ["B1", "B3"]
    entries = desk_with_worn.entries()
    for key in ("c-1", "c-2"):
        again = desk_with_worn.ask("weeding.call_back", item="B1", reason="worn", key=key)
        assert again["outcome"] == "already_done"
    assert desk_with_worn.entries() == entries


def test_to_the_bindery_is_done_whole_and_once(desk_with_worn: Desk) -> None:
    assert desk_with_worn.ask("weeding.propose", reason="worn", items=["B1"])["outcome"] == "listed"
    request = {"item": "B1", "reason": "worn", "work": "شیرازه", "key": "b-1"}
    told = desk_with_worn.ask("weeding.bind", **request)
    assert (told["outcome"], told["struck"], told["until"]) == ("to_bindery", True, "2026-12-21")
    (row,) = desk_with_worn.ask("binding.show")["rows"]
    assert (row["barcode"], row["work"]) == ("B1", "شیرازه")
    assert [one["barcode"] for one in listed(desk_with_worn)] == ["B3"]
    entries = desk_with_worn.entries()
    again = desk_with_worn.ask("weeding.bind", **request)
    assert (again["outcome"], again["request"], again["until"]) == ("already_done", told["request"], told["until"])
    assert desk_with_worn.ask("weeding.bind", item="B1", reason="worn")["outcome"] == "already_done"
    assert desk_with_worn.entries() == entries


def test_what_the_bindery_refuses_stays_on_its_list(desk_with_worn: Desk) -> None:
    assert desk_with_worn.ask("item.edit", item="B1", condition="unbindable")["ok"]
    assert desk_with_worn.ask("weeding.propose", reason="worn", items=["B1"])["outcome"] == "listed"
    told = desk_with_worn.ask("weeding.bind", item="B1", reason="worn")
    assert [(reason["code"], reason["kind"]) for reason in told["refusals"]] == [("binding.given_up", "confirm")]
    assert [one["barcode"] for one in listed(desk_with_worn) if one["listed"]] == ["B1"]
    assert desk_with_worn.ask("binding.show").get("rows", []) == []
    sure = desk_with_worn.ask("weeding.bind", item="B1", reason="worn", confirm=["binding.given_up"])
    assert sure["outcome"] == "to_bindery"


@pytest.mark.parametrize("op", ["weeding.bind", "weeding.call_back"])
def test_a_copy_nobody_knows(desk_with_worn: Desk, op: str) -> None:
    for item in ("B9", "\u202e"):
        assert desk_with_worn.ask(op, item=item, reason="worn")["outcome"] == "not_found"
    auditor = desk_with_worn.as_role(Role.AUDITOR)
    assert auditor.ask(op, item="B1", reason="worn")["ok"] is False


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"until": "1405/08/30"}, "weeding.note_past"), ({"until": "1400/01/01"}, "weeding.note_past")],
)
def test_a_decision_until_yesterday_is_refused(desk_with_worn: Desk, fields: dict[str, str], code: str) -> None:
    told = desk_with_worn.ask("weeding.note", item="B1", reason="worn", decision="later", remark="درسی است", **fields)
    assert [reason["code"] for reason in told["refusals"]] == [code]


@pytest.mark.parametrize("item", ["B9", "\u202e", ""])
def test_a_decision_about_nothing(desk_with_worn: Desk, item: str) -> None:
    assert desk_with_worn.ask("weeding.note", item=item, reason="worn", decision="keep")["outcome"] == "not_found"


def test_who_does_not_weed_is_told_so(desk_with_worn: Desk) -> None:
    auditor = desk_with_worn.as_role(Role.AUDITOR)
    assert auditor.ask("weeding.candidates", reason="worn")["ok"] is False
    assert auditor.ask("weeding.note", item="B1", reason="worn", decision="keep")["ok"] is False
    assert auditor.ask("guideline.set", thresholds={"idle_years": 7})["ok"] is False
    assert auditor.ask("guideline.show")["outcome"] == "shown"


def test_the_guideline_is_shown_with_its_status_and_every_figure(desk: Desk) -> None:
    told = desk.ask("guideline.show")
    assert (told["version"], told["status"], told["in_force"], told["source"]) == (1, "draft", True, "002")
    assert told["thresholds"]["idle_years"] == 5
    assert told["terms"]["province_days"] == 10
    assert {row["article"] for row in told["hints"]} >= {"6-1-الف", "6-1-ص"}
    assert len(told["criteria"]) == 12
    assert {row["kind"] for row in told["exemptions"]} == {"never", "only_worn", "permit"}


def test_other_figures_hold_at_once_and_the_versions_are_listed(desk: Desk) -> None:
    told = desk.ask("guideline.set", thresholds={"idle_years": 7}, source="بخشنامه")
    assert (told["outcome"], told["version"], told["effective_from"]) == ("set", 2, "2026-11-21")
    assert desk.ask("guideline.set", thresholds={"idle_years": 7})["outcome"] == "already_done"
    versions = desk.ask("guideline.list")["versions"]
    assert [(one["version"], one["status"], one["in_force"]) for one in versions] == [
        (2, "in_force", True), (1, "draft", False),
    ]  # fmt: skip
    assert desk.ask("guideline.show")["thresholds"]["idle_years"] == 7
    assert desk.ask("guideline.show", version=1)["thresholds"]["idle_years"] == 5


def test_what_was_shown_may_be_set_again(desk: Desk) -> None:
    shown = desk.ask("guideline.show")
    document = {part: shown[part] for part in ("thresholds", "terms", "criteria", "exemptions", "hints")}
    document["hints"] = document["hints"][1:]
    assert desk.ask("guideline.set", **document)["version"] == 2
    assert desk.ask("guideline.show")["hints"] == document["hints"]


def test_what_is_wrong_with_a_guideline_is_told_with_its_place(desk: Desk) -> None:
    told = desk.ask("guideline.set", thresholds={"copies_kept": 1}, hints=[{"article": "6-1-ز"}])
    assert [(reason["code"], reason["place"]) for reason in told["refusals"]] == [
        ("guideline.figure", "thresholds copies_kept"),
        ("guideline.text", "hints 1"),
    ]
    assert "م ۴-۱" in told["refusals"][0]["message"]
    assert desk.ask("guideline.list")["versions"][0]["version"] == 1


def test_a_version_nobody_stored(desk: Desk) -> None:
    told = desk.ask("guideline.show", version=7)
    assert (told["outcome"], told["what"], told["field"]) == ("not_found", "guideline", "version")


def test_a_guideline_with_a_key_is_stored_once(desk: Desk) -> None:
    first = desk.ask("guideline.set", terms={"county_days": 9}, key="g")
    again = desk.ask("guideline.set", terms={"county_days": 9}, key="g")
    assert (again["outcome"], again["version"]) == ("already_done", first["version"])


def test_nothing_is_noted_as_gone_to_the_bindery_that_did_not_go_there(desk_with_worn: Desk) -> None:
    """م4-1-ج: `weeding.bind` puts it on the request and notes it, in one."""
    before = desk_with_worn.ask("weeding.decided", reason="worn")
    told = desk_with_worn.ask("weeding.note", item="B1", reason="worn", decision="to_binding")
    assert told["ok"] is False
    assert desk_with_worn.ask("weeding.decided", reason="worn") == before
