from pathlib import Path

import pytest

from tests.reports.reading import missing, raw_text
from tests.reports.test_slips import size
from tests.server.desk.desks import Desk


def test_the_due_slip_of_a_member_is_written(lending: Desk, tmp_path: Path) -> None:
    lending.ask("checkout", member="1001", item="B1")
    paper = tmp_path / "slip.pdf"
    told = lending.ask("slip.due", member="1001", pdf=str(paper), width=58)
    assert (told["outcome"], told["loans"], told["pages"]) == ("written", 1, 1)
    assert missing(["بوف کور", "۱۴ آذر ۱۴۰۵"], raw_text(paper.read_bytes(), "-raw")) == []
    assert lending.ask("slip.due", member="1001", pdf=str(paper), width=57)["error"]["field"] == "width"
    assert lending.ask("slip.due", member="9999", pdf=str(paper))["what"] == "member"


def test_the_return_slip_tells_what_came_back(lending: Desk, tmp_path: Path) -> None:
    paper = tmp_path / "slip.pdf"
    assert lending.ask("slip.return", items=["B1"], pdf=str(paper))["what"] == "item"
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("checkin", item="B1")
    assert lending.ask("slip.return", items=["B1"], pdf=str(paper))["returns"] == 1
    assert missing(["ع. رضایی", "بوف کور", "۳۰ آبان ۱۴۰۵"], raw_text(paper.read_bytes(), "-raw")) == []


def test_dates_of_the_card_are_written(lending: Desk, tmp_path: Path) -> None:
    paper = tmp_path / "card.pdf"
    assert lending.ask("card.dates", pdf=str(paper))["pages"] == 1
    assert lending.ask("card.dates", pdf=str(paper), cell=3, due="1405/09/14")["cell"] == 3
    assert raw_text(paper.read_bytes(), "-raw").split() == ["۱۴۰۵/۰۹/۱۴"]
    assert lending.ask("card.dates", pdf=str(paper), cell=3)["error"]["field"] == "due"
    assert lending.ask("card.dates", pdf=str(paper), cell=25, due="1405/09/14")["error"]["field"] == "cell"


def test_the_handover_page_tells_what_is_open(lending: Desk, tmp_path: Path) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=60)
    paper = tmp_path / "handover.pdf"
    told = lending.ask("handover", pdf=str(paper))
    assert (told["late"], told["holds"], told["pages"]) == (1, 0, 1)
    wanted = ["تحویل کار", "دیرکردهای بیش از سی روز", "علی رضایی", "بوف کور"]
    assert missing(wanted, raw_text(paper.read_bytes(), "-raw")) == []


def test_the_width_of_the_roll_is_kept_for_the_branch(lending: Desk, tmp_path: Path) -> None:
    assert lending.ask("slip.width")["width"] == 80
    assert lending.ask("slip.width", width=58)["outcome"] == "set"
    assert lending.ask("slip.width")["width"] == 58
    paper = tmp_path / "slip.pdf"
    lending.ask("slip.due", member="1001", pdf=str(paper))
    assert size(paper.read_bytes())[0] == pytest.approx(58, abs=0.1)
