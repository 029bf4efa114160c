import re

import pytest

from app.catalogue.importing.findings import WORDING, Concern, GoodsKind, Notes, Reason, Repair

ALL = [code for codes in (Reason, GoodsKind, Repair, Concern) for code in codes]


@pytest.mark.parametrize("code", ALL)
def test_every_code_has_a_persian_sentence(code: Reason | GoodsKind | Repair | Concern) -> None:
    text = WORDING[code]
    assert re.search("[آ-ی]", text)
    assert text.endswith(".")
    assert not re.search("Traceback|Error|Exception|[يك]", text)


def test_codes_are_told_apart() -> None:
    assert len({str(code) for code in ALL}) == len(WORDING) == len(ALL)


def test_the_same_thing_is_noted_once() -> None:
    notes = Notes()
    for _ in range(2):
        notes.warn(Concern.YEAR_UNCLEAR, "سال", "؟" * 200)
    (warning,) = notes.warnings
    assert (warning.about, len(warning.value), warning.text) == ("سال", 80, "سال نشر روشن نیست.")
