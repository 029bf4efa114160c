import pytest

from app.devices.keymap import WINDOWS_OFFSET, X11_OFFSET, Key, Role, character, is_f13, is_stx

ALPHABET_CODES = [
    30,
    48,
    46,
    32,
    18,
    33,
    34,
    35,
    23,
    36,
    37,
    38,
    50,
    49,
    24,
    25,
    16,
    19,
    31,
    20,
    22,
    47,
    17,
    45,
    21,
    44,
]
PERSIAN_ALPHABET = "شذزیثبلاهتنمپدخحضقسفعرصطغظ"


@pytest.mark.parametrize("offset", [X11_OFFSET, WINDOWS_OFFSET])
@pytest.mark.parametrize("texts", ["abcdefghijklmnopqrstuvwxyz", PERSIAN_ALPHABET])
def test_the_scan_code_names_the_letter_under_any_layout(offset: int, texts: str) -> None:
    keys = [Key(code + offset, text, 0) for code, text in zip(ALPHABET_CODES, texts, strict=True)]
    assert "".join(character(key, offset) for key in keys) == "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("code", "plain", "shifted"),
    [(11, "0", ")"), (12, "-", "_"), (19, "r", "R"), (53, "/", "?"), (5, "4", "$"), (6, "5", "%"), (13, "=", "+")],
)
def test_shift_gives_the_upper_sign_of_the_us_keyboard(code: int, plain: str, shifted: str) -> None:
    assert character(Key(code, "؟", 0), WINDOWS_OFFSET) == plain
    assert character(Key(code, "؟", 0, shift=True), WINDOWS_OFFSET) == shifted


def test_the_keypad_gives_digits_with_and_without_shift() -> None:
    codes = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]
    for shift in (False, True):
        assert "".join(character(Key(c + 8, "", 0, shift=shift), X11_OFFSET) for c in codes) == "0123456789"


def test_the_arrow_keys_beside_the_keypad_give_nothing() -> None:
    assert character(Key(0x148, "", 0), WINDOWS_OFFSET) == ""
    assert character(Key(111, "", 0), X11_OFFSET) == ""


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ("RAF-001234", "RAF-001234"),
        ("ًؤإ-۰۰۱۲۳۴", "RAF-001234"),
        (PERSIAN_ALPHABET, "abcdefghijklmnopqrstuvwxyz"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("[12]", "[12]"),
        ("é", "é"),
    ],
)
def test_without_scan_codes_the_persian_letters_are_folded_back(texts: str, code: str) -> None:
    assert "".join(character(Key(0, text, 0), X11_OFFSET) for text in texts) == code


@pytest.mark.parametrize("text", ["", "\x02", "\r", "\u202e", "ab"])
def test_without_scan_code_what_is_not_one_visible_character_is_none(text: str) -> None:
    assert character(Key(0, text, 0), X11_OFFSET) == ""


def test_f13_is_known_by_name_and_by_scan_code() -> None:
    assert is_f13(Key(0, "", 0, role=Role.F13), X11_OFFSET)
    assert is_f13(Key(191, "", 0), X11_OFFSET)
    assert is_f13(Key(100, "", 0), WINDOWS_OFFSET)
    assert not is_f13(Key(108, "", 0), X11_OFFSET)  # the right Alt key of Linux has the number F13 has on Windows


def test_stx_is_ctrl_b_under_any_layout_and_b_alone_is_not() -> None:
    assert is_stx(Key(56, "ذ", 0, control=True), X11_OFFSET)
    assert is_stx(Key(0, "\x02", 0, control=True), X11_OFFSET)
    assert not is_stx(Key(56, "b", 0), X11_OFFSET)
    assert not is_stx(Key(56, "b", 0, alt=True), X11_OFFSET)
