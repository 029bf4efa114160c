import pytest

from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.marc_record import RawField, RawRecord
from app.catalogue.importing.marc_text import LONGEST_MARC8, decoder_of

PERSIAN = "تاریخ بیهقی"
ARABIC = "تاريخ بيهقي"


def read(data: bytes, declared: str = " ", chosen: Encoding | None = None) -> tuple[str, list[Concern]]:
    notes = Notes()
    record = RawRecord(f"00000nam {declared}2200000 i 4500", (RawField("245", data),))
    text = decoder_of(record, chosen, notes)(data)
    return text, [warning.code for warning in notes.warnings]


def test_declared_utf8_is_read_without_a_word() -> None:
    assert read(PERSIAN.encode(), "a") == (PERSIAN, [])


def test_plain_ascii_is_read_without_a_word_whatever_is_declared() -> None:
    for declared in "a ":
        assert read(b"Kelidar", declared) == ("Kelidar", [])


def test_undeclared_utf8_is_told_by_its_content() -> None:
    assert read(PERSIAN.encode(), " ") == (PERSIAN, [Concern.CHARSET_UNDECLARED])


def test_utf8_with_a_damaged_letter_stays_utf8() -> None:
    text, _ = read(PERSIAN.encode() + b"\xff", "a")
    assert text == PERSIAN + "\ufffd"


def test_marc8_is_told_by_its_escapes() -> None:
    assert read(b"\x1b(3JGQjN") == ("تاريخ", [])


def test_marks_of_romanised_words_alone_are_marc8() -> None:
    assert read(b"T\xe5ar\xe5ikh-i Bayhaq\xe5i") == ("Tārīkh-i Bayhaqī", [])


def test_windows_1256_is_told_from_marc8() -> None:
    assert read(ARABIC.encode("cp1256")) == (ARABIC, [])
    assert read(ARABIC.encode("cp1256"), "a") == (ARABIC, [Concern.CHARSET_UNDECLARED])


def test_what_a_person_says_goes_before_what_it_looks_like() -> None:
    assert read(b"\xe1 x", chosen=Encoding.CP1256) == ("ل x", [])


@pytest.mark.parametrize("data", [b"\x1b", b"\x1b(", b"\x1b$1\xff\xff", b"\x1b$1!", b"\x1bz\xff", b"\x1b)", b"\x1b$"])
def test_broken_escapes_are_no_bug(data: bytes) -> None:
    assert isinstance(read(data)[0], str)


def test_a_hundred_thousand_marks_take_no_time() -> None:
    text, _ = read(b"\x1b(B" + b"\xe5\xf2" * 50_000)
    assert len(text) <= LONGEST_MARC8
