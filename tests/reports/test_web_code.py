"""The slip of a reader's pages: it tells address, card and code, and fits every paper."""

import datetime as dt
import uuid

import pytest

from app.library import BranchFacts
from app.members.web_code import CodeGiven
from db.codes import BranchKind
from reports.web_code import CODE_PAPERS, CodePaper, web_code_slip
from tests.reports.reading import missing, raw_text
from tests.reports.test_slips import places, size

BRANCH = BranchFacts(
    uuid.uuid4(), 1, "کتابخانه عمومی شهید بهشتی", "مرکزی", "اراک", "آبگرم", "۴", BranchKind.INSTITUTIONAL, False,
    "RAF-", phone="086-34567890", address="میدان امام",
)  # fmt: skip
GIVEN = CodeGiven(
    uuid.uuid4(), "مریم", "رضایی", "M-000123", "48213-90657", "https://ketabkhaneh-markazi.example.ir:8443/my",
    dt.date(2026, 12, 21),
)  # fmt: skip


@pytest.mark.parametrize("paper", CodePaper)
def test_address_card_code_and_last_day_stand_on_it(paper: CodePaper) -> None:
    pdf = web_code_slip(BRANCH, GIVEN, CODE_PAPERS[paper])
    text = raw_text(pdf, "-raw")
    wanted = ("کتابخانه عمومی شهید بهشتی", "م. رضایی", "M-000123", "۴۸۲۱۳-۹۰۶۵۷", "۳۰ آذر ۱۴۰۵", "۰۸۶")
    assert missing((*wanted, GIVEN.address), text) == []
    assert "مریم" not in text


@pytest.mark.parametrize("paper", CodePaper)
def test_nothing_stands_outside_the_paper(paper: CodePaper) -> None:
    roll = CODE_PAPERS[paper]
    pdf = web_code_slip(BRANCH, GIVEN, roll)
    width, height = size(pdf)
    assert width == pytest.approx(roll.width, abs=0.1)
    assert not roll.tall or height == pytest.approx(roll.tall, abs=0.1)
    for x1, y1, x2, y2 in places(pdf).values():
        assert (roll.margin - 1) * 72 / 25.4 <= x1
        assert x2 <= (width - roll.margin + 1) * 72 / 25.4
        assert 0 <= y1 <= y2 <= height * 72 / 25.4
