"""What the people of the library were taught, as programs ask for it (002 م13-1)."""

from db.codes import Role
from tests.server.desk.desks import Desk

NOBODYS = "01a2b3c4-0000-7000-8000-000000000000"


def test_a_training_of_all_is_recorded_listed_corrected_and_withdrawn(desk: Desk) -> None:
    desk.as_role(Role.LIBRARIAN, "نرگس صفری")
    told = desk.ask(
        "training.record", everybody=True, subject="صحافی پایه", held_on="1405/08/12", hours=16, organiser="استان"
    )
    assert (told["outcome"], len(told["trainings"])) == ("recorded", 2)
    rows = desk.ask("training.list", jalali=True)["rows"]
    assert {row["name"] for row in rows} == {"زهرا کریمی", "نرگس صفری"}
    assert {(row["subject"], row["held_on_jalali"], row["hours"]) for row in rows} == {("صحافی پایه", "1405/08/12", 16)}
    (row,) = desk.ask("training.list", name="نرگس صفری")["rows"]
    corrected = desk.ask("training.correct", training=row["training"], subject="صحافی", hours=8)
    assert corrected["outcome"] == "corrected"
    (row,) = desk.ask("training.list", name="نرگس صفری")["rows"]
    assert (row["subject"], row["hours"], row["held_on"], row["organiser"]) == ("صحافی", 8, "2026-11-03", None)
    withdrawn = desk.ask("training.withdraw", training=row["training"])
    assert (withdrawn["outcome"], withdrawn["name"]) == ("withdrawn", "نرگس صفری")
    assert desk.ask("training.withdraw", training=row["training"])["what"] == "training"
    assert desk.ask("training.correct", training=NOBODYS, subject="صحافی")["outcome"] == "not_found"
    assert len(desk.ask("training.list")["rows"]) == 1


def test_names_that_nobody_bears_and_wrong_facts_are_refused(desk: Desk) -> None:
    for names in ([], ["هیچ‌کس"], ["زهرا کریمی", "هیچ‌کس"]):
        told = desk.ask("training.record", names=names, subject="صحافی")
        assert [reason["code"] for reason in told["refusals"]] == ["staff.unknown"]
    told = desk.ask("training.record", names=["زهرا کریمی"], subject=" ", held_on="1406/01/01", hours=5_000)
    assert [reason["code"] for reason in told["refusals"]] == ["field.required", "field.invalid", "field.invalid"]
    assert "تاریخ آموزش" in told["refusals"][1]["message"]
    assert desk.ask("training.list")["rows"] == []


def test_a_key_is_used_once_and_the_same_words_change_nothing(desk: Desk) -> None:
    ask = {"names": ["زهرا کریمی"], "subject": "صحافی پایه"}
    first = desk.ask("training.record", **ask, key="t-1")
    again = desk.ask("training.record", **ask, key="t-1")
    assert (again["outcome"], again["training"]) == ("already_done", first["trainings"][0])
    assert desk.ask("training.record", **ask)["outcome"] == "already_done"
    assert desk.ask("undo")["outcome"] == "undone"
    assert desk.ask("training.list")["rows"] == []
