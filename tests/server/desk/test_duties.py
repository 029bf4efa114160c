"""The calendar of duties at the headless desk."""

from tests.server.desk.desks import Desk


def test_a_new_library_owes_nothing(desk: Desk) -> None:
    told = desk.ask("duties", jalali=True)
    assert (told["outcome"], told["rows"], told["day_jalali"]) == ("found", [], "1405/08/30")


def test_what_is_owed_is_told_with_its_day_and_words(lending: Desk) -> None:
    lending.ask("clock.advance", days=200)
    binding, season = lending.ask("duties", jalali=True)["rows"]
    assert (season["kind"], season["weight"], season["due"], season["page"]) == ("weed_season", "info", None, "weeding")
    assert (binding["kind"], binding["weight"], binding["page"], binding["article"]) == (
        "binding_request", "late", "binding", "13-10",
    )  # fmt: skip
    assert (binding["due_jalali"], binding["days"], binding["since"]) == ("1406/02/30", -20, None)
    assert (binding["title"], binding["when"]) == ("درخواست صحافی", "۲۰ روز گذشته")
    assert binding["advice"] == "درخواست صحافی دیر شده است: آن را بنویسید و با نامه بفرستید."
    assert binding["deadline"].endswith("مادهٔ ۱۳-۱۰")


def test_a_draft_left_for_a_season_is_told_with_its_copies(lending: Desk) -> None:
    lending.ask("weeding.propose", reason="worn", items=["B1"], unbindable=True)
    lending.ask("clock.advance", days=95)
    rows = {row["kind"]: row for row in lending.ask("duties")["rows"]}
    assert (rows["draft_piled"]["weight"], rows["draft_piled"]["reason"], rows["draft_piled"]["count"]) == (
        "late", "worn", 1,
    )  # fmt: skip


def test_the_handover_page_counts_what_presses(lending: Desk) -> None:
    assert lending.ask("handover")["duties"] == 0
    lending.ask("clock.advance", days=200)
    assert lending.ask("handover")["duties"] == 1
