"""Version 1 of the guideline against the text it is taken from, where that stands beside the checkout."""

import re
from pathlib import Path

import pytest

from app.guideline.document import PROTECTED, problems, read_document, write_rules
from app.guideline.stored import shipped_guideline
from app.guideline.table import CRITERION_REASONS, Ageing
from app.persian.text import clean
from db.codes import RuleStatus, WeedingReason

TEXT = Path(__file__).resolve().parents[4] / "shared" / "seeds" / "002_c5af951417148486.txt"
LETTERS = "الف ب ج د ه و ز ح ط ی ک ل م ن س ع ف ص".split()
MARKS = re.compile("[\u064b-\u0655\u0670\\s\u200c\u200f.؛:;-]")


def plain(text: str) -> str:
    """What is left of a text when spaces, vowel signs and the spelling of the genitive do not count."""
    return MARKS.sub("", re.sub(r"ه[\u200c ]?ی(?=\s)|هٔ|ۀ", "ه", re.sub("[\u064b-\u0652]", "", text)))


@pytest.fixture(scope="module")
def text() -> str:
    if not TEXT.exists():
        pytest.skip("the text of the guideline does not stand beside the checkout")
    return TEXT.read_text(encoding="utf-8")


def test_it_calls_itself_a_draft(text: str) -> None:
    assert "فعلا قابل استناد و اجرا نیست" in text
    assert shipped_guideline().status is RuleStatus.DRAFT
    assert shipped_guideline().version == 1


def test_the_shipped_version_has_no_problems_and_reads_back_as_written() -> None:
    shipped = shipped_guideline()
    head = {
        "version": 1, "title": shipped.title, "source": shipped.source, "status": "draft",
        "effective_from": shipped.effective_from,
    }  # fmt: skip
    document = head | write_rules(shipped)
    assert problems(document) == ()
    assert read_document(document) == shipped


def test_every_sentence_of_article_six_is_a_hint_in_its_words(text: str) -> None:
    found = text[text.index("6-1. ملاحظات") : text.index("ماده 7) فرآیند")].splitlines()[1:]
    sentences: dict[str, str] = dict.fromkeys(LETTERS, "")
    letter = iter(LETTERS)
    heading, following = "", next(letter)
    for line in filter(None, map(str.strip, found)):
        if re.match(rf"{following}\s*-", line):
            heading, following = following, next(letter, "؟")
        else:
            sentences[heading] += line.lstrip("- ") + " "
    for heading, told in sentences.items():
        hints = [hint.wording for hint in shipped_guideline().hints if hint.article == f"6-1-{heading}"]
        assert plain(" ".join(dict.fromkeys(hints)) + " ") == plain(told), heading


def test_the_criteria_and_exemptions_are_in_its_words(text: str) -> None:
    whole = plain(clean(text, 1_000_000))
    words = [(one.article, one.wording) for one in shipped_guideline().criteria]
    words += [(one.article, one.wording) for one in shipped_guideline().exemptions]
    for article, wording in words:
        assert plain(clean(wording, 10_000)) in whole, article


def test_every_criterion_and_everything_protected_is_there() -> None:
    shipped = shipped_guideline()
    assert {one.article: one.reason for one in shipped.criteria} == dict(CRITERION_REASONS)
    assert {code: one.kind for one in shipped.exemptions for code in one.what} == dict(PROTECTED)
    assert {one.reason for one in shipped.criteria} == {*WeedingReason}
    assert shipped.left_out == frozenset()


def test_every_class_has_its_hints_and_what_ages_fast_its_years() -> None:
    hints = shipped_guideline().hints
    assert {hint.article for hint in hints} == {f"6-1-{letter}" for letter in LETTERS}
    assert all((hint.ageing is Ageing.FAST) == (hint.years is not None) for hint in hints)
    assert {hint.article for hint in hints if hint.ageing is Ageing.FAST} == {"6-1-د", "6-1-ز", "6-1-ی"}
    assert {hint.article for hint in hints if hint.ageing is Ageing.LONG} >= {
        "6-1-د",
        "6-1-و",
        "6-1-ز",
        "6-1-ح",
        "6-1-ی",
    }
