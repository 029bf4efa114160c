import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.scan import MAX_LENGTH, Flaw, Scan, Source, Unreadable, read_scan


@pytest.mark.parametrize("raw", ["RAF-001234", "raf-001234", "A.B/C$D+E%F_G", "12 345", "9786001000010", "1"])
def test_a_plain_code_is_read_as_it_stands(raw: str) -> None:
    assert read_scan(raw, Source.SERIAL) == Scan(raw, Source.SERIAL, raw)


@pytest.mark.parametrize("raw", ["۹۷۸۶۰۰۱", "٩٧٨٦٠٠١", "۹7٨۶۰٠1"])
def test_persian_and_arabic_digits_become_latin(raw: str) -> None:
    assert read_scan(raw, Source.FILE) == Scan("9786001", Source.FILE, raw)


@pytest.mark.parametrize("raw", ["\x02RAF-7\x03", "RAF-7\r\n", "  RAF-7 ", "\x02 RAF-7\r\x03\n"])
def test_the_framing_of_devices_is_taken_off_and_the_raw_text_kept(raw: str) -> None:
    assert read_scan(raw, Source.CARD) == Scan("RAF-7", Source.CARD, raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", Flaw.EMPTY),
        ("\x02\r\n\x03", Flaw.EMPTY),
        ("9" * (MAX_LENGTH + 1), Flaw.TOO_LONG),
        ("RAF\x1d001", Flaw.CONTROL_CHARACTER),
        ("RAF\t001", Flaw.CONTROL_CHARACTER),
        ("978\n123", Flaw.CONTROL_CHARACTER),
        ("\x00123", Flaw.CONTROL_CHARACTER),
        ("123\x85456", Flaw.CONTROL_CHARACTER),
        ("RAF\u202e001", Flaw.BIDI_CONTROL),
        ("\u200f1234", Flaw.BIDI_CONTROL),
        ("12\u206634", Flaw.BIDI_CONTROL),
        ("=cmd|'/C calc'!A0", Flaw.FOREIGN_CHARACTER),
        ("<img src=/x.png>", Flaw.FOREIGN_CHARACTER),
        ("1234'; --", Flaw.FOREIGN_CHARACTER),
        ("کتاب", Flaw.FOREIGN_CHARACTER),
        ("12\u200c34", Flaw.FOREIGN_CHARACTER),
        ("¹²³⁴", Flaw.FOREIGN_CHARACTER),
        ("RAF\udc80", Flaw.FOREIGN_CHARACTER),
    ],
)
def test_what_no_card_or_copy_number_contains_is_refused(raw: str, reason: Flaw) -> None:
    assert read_scan(raw, Source.KEYBOARD) == Unreadable(raw, reason)


def test_the_longest_code_is_read() -> None:
    raw = "9" * MAX_LENGTH
    assert read_scan(raw, Source.KEYBOARD) == Scan(raw, Source.KEYBOARD, raw)


@given(st.text(max_size=100))
def test_any_text_is_either_a_harmless_code_or_refused(raw: str) -> None:
    match read_scan(raw, Source.SERIAL):
        case Scan(text=text):
            assert 1 <= len(text) <= MAX_LENGTH
            assert text.isascii()
            assert text.isprintable()
            assert not set(text) & set("<>&\"'`=@;,:()[]{}|\\~^*?!#")
        case Unreadable(raw=kept):
            assert kept == raw
