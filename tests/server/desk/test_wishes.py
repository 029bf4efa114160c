"""What readers ask the library to buy, as programs ask for it (000 §1-2-الف)."""

import uuid
from pathlib import Path
from typing import Any

from db.codes import Role
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk


def codes(told: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in told["refusals"]]


def test_a_wish_is_written_down_listed_and_answered(lending: Desk) -> None:
    told = lending.ask("wish.add", title="چشم‌هایش", creator="بزرگ علوی", year=1331, member="1001")
    assert (told["outcome"], told["words"], told["held"]) == ("wished", "چشم‌هایش، بزرگ علوی، ۱۳۳۱", [])
    nobodys = lending.ask("wish.add", title="کلیدر", confirm=["wish.held"])
    assert (nobodys["member"], [one["same"] for one in nobodys["held"]]) == (None, [True])
    rows = lending.ask("wish.list", jalali=True)["rows"]
    assert [(row["words"], row["state"], row["name"]) for row in rows] == [
        ("چشم‌هایش، بزرگ علوی، ۱۳۳۱", "asked", "علی رضایی"),
        ("کلیدر", "asked", None),
    ]
    assert rows[0]["asked_on_jalali"] == "1405/08/30"
    assert rows[1]["held"][0]["title"] == "کلیدر"
    answered = lending.ask("wish.answer", wish=told["wish"], state="planned", note="در خرید بهار")
    assert (answered["outcome"], answered["answer"]) == ("answered", "خریداری می‌شود. در خرید بهار")
    here = lending.ask("wish.answer", wish=nobodys["wish"], state="held", item="B3")
    assert "«کلیدر»" in here["answer"]
    assert [row["state"] for row in lending.ask("wish.list", open=True)["rows"]] == ["planned"]
    assert [row["state"] for row in lending.ask("wish.list", state="held")["rows"]] == ["held"]
    assert [row["words"] for row in lending.ask("wish.list", q="رضایی")["rows"]] == ["چشم‌هایش، بزرگ علوی، ۱۳۳۱"]


def test_what_is_done_twice_is_done_once(lending: Desk) -> None:
    first = lending.ask("wish.add", title="چشم‌هایش", member="1001", key="w")
    entries = lending.entries()
    by_key = lending.ask("wish.add", title="چشم‌هایش", member="1001", key="w")
    without = lending.ask("wish.add", title="چشم‌هایش", member="1001")
    assert [told["outcome"] for told in (by_key, without)] == ["already_done"] * 2
    assert by_key["wish"] == without["wish"] == first["wish"]
    assert lending.entries() == entries
    answer = {"wish": first["wish"], "state": "refused", "note": "نایاب"}
    lending.ask("wish.answer", **answer, key="a")
    entries = lending.entries()
    again = lending.ask("wish.answer", **answer, key="a")
    assert (again["outcome"], again["answer"]) == ("already_done", "خریداری نمی‌شود. نایاب")
    assert lending.ask("wish.answer", **answer)["outcome"] == "already_done"
    assert lending.entries() == entries


def test_refusals_and_what_is_not_there(lending: Desk) -> None:
    held = lending.ask("wish.add", title="کلیدر")
    assert (codes(held), held["refusals"][0]["kind"]) == (["wish.held"], "confirm")
    assert codes(lending.ask("wish.add", title="", isbn="12", year=5)) == ["field.required", *["field.invalid"] * 2]
    assert lending.ask("wish.add", title="یک", member="999")["what"] == "member"
    assert lending.ask("wish.add", title="یک", member="\u202e")["what"] == "member"
    wish = lending.ask("wish.add", title="یک")["wish"]
    assert codes(lending.ask("wish.answer", wish=wish, state="refused")) == ["reason.required"]
    assert codes(lending.ask("wish.answer", wish=wish, state="bought")) == ["field.required"]
    assert codes(lending.ask("wish.answer", wish=wish, state="asked")) == ["field.invalid"]
    assert lending.ask("wish.answer", wish=wish, state="held", item="B9")["what"] == "item"
    assert lending.ask("wish.answer", wish=wish, state="held", item="\u202e")["what"] == "item"
    assert lending.ask("wish.answer", wish=str(uuid.uuid4()), state="planned")["what"] == "wish"
    lending.ask("wish.answer", wish=wish, state="planned")
    lending.ask("wish.answer", wish=wish, state="refused", note="نایاب")
    later = lending.ask("wish.answer", wish=wish, state="planned")
    assert codes(later) == ["wish.answered"]
    assert "نایاب" in later["refusals"][0]["message"]
    assert lending.ask("wish.answer", wish=wish, state="planned", confirm=["wish.answered"])["outcome"] == "answered"


def test_the_list_is_written_as_paper_and_sheet(lending: Desk, tmp_path: Path) -> None:
    lending.ask("wish.add", title="چشم‌هایش", member="1001")
    pdf, xlsx = tmp_path / "wishes.pdf", tmp_path / "wishes.xlsx"
    told = lending.ask("wish.list", pdf=str(pdf), xlsx=str(xlsx))
    assert (told["pdf"], told["pages"]) == (str(pdf), 1)
    assert missing(["چشم‌هایش", "علی رضایی", "در انتظار پاسخ"], raw_text(pdf.read_bytes(), "-raw")) == []
    assert xlsx.read_bytes()[:2] == b"PK"
    assert lending.ask("wish.list", pdf=str(xlsx))["error"]["field"] == "pdf"
    assert lending.ask("wish.list", xlsx=str(pdf))["error"]["field"] == "xlsx"


def test_who_may_take_a_wish_and_who_may_answer(lending: Desk) -> None:
    assistant, trainee = lending.as_role(Role.ASSISTANT, "الف"), lending.as_role(Role.TRAINEE, "ب")
    assert codes(trainee.ask("wish.add", title="یک")) == ["role.not_allowed"]
    wish = assistant.ask("wish.add", title="یک")["wish"]
    assert codes(assistant.ask("wish.answer", wish=wish, state="planned")) == ["role.not_allowed"]
    assert codes(trainee.ask("wish.list")) == ["role.not_allowed"]  # it names readers
    assert len(assistant.ask("wish.list")["rows"]) == 1
