"""The key of a database and the slots that open it."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from db.keys import (
    KEYS,
    RECOVERY_GROUPS,
    NewKey,
    create_key,
    create_known_key,
    key_for,
    needs_secret,
    open_key,
    unwrap_secret,
    wrap_secret,
)
from db.trouble import Trouble

PASSPHRASE = "باغ انار ۱۴۰۵"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NewKey]:
    """A folder with keys, and what they open: stretching a passphrase is slow on purpose."""
    folder = tmp_path_factory.mktemp("keys")
    return folder, create_key(folder, PASSPHRASE)


def _code(folder: Path, secret: str | None) -> str:
    with pytest.raises(Trouble) as told:
        open_key(folder, secret)
    assert told.value.context["path"] == folder
    return told.value.code


def test_passphrase_and_recovery_number_open_the_same_key(made: tuple[Path, NewKey]) -> None:
    folder, new = made
    assert len(new.key) == 32
    assert open_key(folder, PASSPHRASE) == new.key
    assert open_key(folder, new.recovery) == new.key
    assert needs_secret(folder)


@pytest.mark.parametrize(
    "typed", ["باغ انار 1405", "  باغ   انار ١٤٠٥ ", "باغ\u200cانار ۱۴۰۵", "باغ\u00a0انار ۱۴۰۵"], ids=ascii
)
def test_a_passphrase_is_the_same_on_every_keyboard(made: tuple[Path, NewKey], typed: str) -> None:
    assert open_key(made[0], typed) == made[1].key


def test_arabic_letters_hamza_and_vowel_signs_make_no_difference(tmp_path: Path) -> None:
    new = create_key(tmp_path, "کلید یکتای خانهٔ مسئول آقا")
    for typed in ("كليد يكتاي خانۀ مسئول آقا", "کلید یکتای خانه مسئول آقا", "کَلید یکتـای خانهٔ مسی\u0654ول ا\u0653قا"):
        assert open_key(tmp_path, typed) == new.key


def test_a_recovery_number_is_its_digits_however_they_are_grouped(made: tuple[Path, NewKey]) -> None:
    folder, new = made
    groups = new.recovery.split(" ")
    assert [len(group) for group in groups] == [5] * RECOVERY_GROUPS
    persian = new.recovery.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in ("".join(groups), "-".join(groups), f" {persian} ", persian.replace(" ", "\u200c")):
        assert open_key(folder, typed) == new.key


@pytest.mark.parametrize(
    "secret", ["", "باغ انار ۱۴۰۶", "00000 " * 12, "باغ", "\ud800", "x" * 100_000], ids=lambda s: ascii(s[:9])
)
def test_a_wrong_secret_is_told(made: tuple[Path, NewKey], secret: str) -> None:
    assert _code(made[0], secret) == "P-1504"


def test_a_secret_that_is_needed_is_asked_for(made: tuple[Path, NewKey]) -> None:
    assert _code(made[0], None) == "P-1503"


def test_a_known_key_needs_no_secret(tmp_path: Path) -> None:
    key = create_known_key(tmp_path)
    assert open_key(tmp_path, None) == open_key(tmp_path, "whatever") == key
    assert not needs_secret(tmp_path)


def test_two_libraries_never_have_the_same_key(made: tuple[Path, NewKey], tmp_path: Path) -> None:
    other = create_key(tmp_path, PASSPHRASE)
    assert (other.key != made[1].key, other.recovery != made[1].recovery) == (True, True)


def test_the_file_holds_neither_key_nor_secret(made: tuple[Path, NewKey]) -> None:
    folder, new = made
    content = (folder / KEYS).read_bytes()
    assert new.key not in content
    assert new.key.hex().encode() not in content
    assert new.recovery.split()[0].encode() not in content
    assert stat.S_IMODE((folder / KEYS).stat().st_mode) == 0o600


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert _code(tmp_path, PASSPHRASE) == "P-1502"
    with pytest.raises(Trouble):
        needs_secret(tmp_path)


def _spoilt(change: Any) -> bytes:
    slots = [
        {"kind": "passphrase", "salt": "A" * 22 + "==", "nonce": "A" * 16, "wrapped": "A" * 64},
        {"kind": "known", "key": "00" * 32},
    ]
    whole: dict[str, Any] = {"version": 1, "slots": slots}
    change(whole)
    return json.dumps(whole).encode()


def _set(slot: int, name: str, value: object) -> Any:
    return lambda whole: whole["slots"][slot].update({name: value})


DAMAGED = {
    "empty": b"",
    "not JSON": b"{",
    "zeros": bytes(300),
    "not UTF-8": b'{"slots": "\xff"}',
    "a list": b"[]",
    "a number": b"7",
    "no slots": _spoilt(lambda whole: whole.pop("slots")),
    "slots of another kind": _spoilt(lambda whole: whole.update(slots="x")),
    "no slot at all": _spoilt(lambda whole: whole.update(slots=[])),
    "a slot that is none": _spoilt(lambda whole: whole["slots"].append(3)),
    "no kind": _spoilt(lambda whole: whole["slots"][0].pop("kind")),
    "salt missing": _spoilt(lambda whole: whole["slots"][0].pop("salt")),
    "salt too short": _spoilt(_set(0, "salt", "AAAA")),
    "salt not base64": _spoilt(_set(0, "salt", "!!!")),
    "nonce empty": _spoilt(_set(0, "nonce", "")),
    "wrapped key cut": _spoilt(_set(0, "wrapped", "A" * 32)),
    "known key not hexadecimal": _spoilt(_set(1, "key", "zz")),
    "known key too short": _spoilt(_set(1, "key", "00" * 16)),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEYS).write_bytes(content)
    assert _code(tmp_path, PASSPHRASE) == "P-1502"
    with pytest.raises(Trouble) as told:
        needs_secret(tmp_path)
    assert told.value.code == "P-1502"


def test_a_slot_of_a_newer_program_is_passed_over(tmp_path: Path) -> None:
    new = create_key(tmp_path, PASSPHRASE)
    whole = json.loads((tmp_path / KEYS).read_bytes())
    whole["slots"].insert(0, {"kind": "windows", "blob": "x", "salt": "AAAA"})
    (tmp_path / KEYS).write_text(json.dumps(whole), encoding="utf-8")
    assert open_key(tmp_path, PASSPHRASE) == new.key


def test_a_changed_bit_in_a_wrapped_key_opens_nothing(tmp_path: Path) -> None:
    """Better no key than a wrong one: a wrong one would call the database damaged."""
    create_key(tmp_path, PASSPHRASE)
    whole = json.loads((tmp_path / KEYS).read_bytes())
    wrapped = whole["slots"][0]["wrapped"]
    whole["slots"][0]["wrapped"] = ("B" if wrapped[0] != "B" else "C") + wrapped[1:]
    (tmp_path / KEYS).write_text(json.dumps(whole), encoding="utf-8")
    assert _code(tmp_path, PASSPHRASE) == "P-1504"


# What lies beside the database


def test_a_wrapped_secret_is_opened_by_its_own_key_alone() -> None:
    secret, under = b"s" * 32, key_for(b"k" * 32, "one")
    file = wrap_secret(secret, under)
    assert secret not in file
    assert unwrap_secret(file, under) == secret
    assert unwrap_secret(file, key_for(b"k" * 32, "other")) is None
    assert unwrap_secret(file, key_for(b"l" * 32, "one")) is None
    assert wrap_secret(secret, under) != file, "each time with salt and nonce of its own"


def test_slots_of_a_passphrase_hold_no_wrapped_secret(made: tuple[Path, NewKey]) -> None:
    folder, new = made
    assert unwrap_secret((folder / KEYS).read_bytes(), new.key) is None
    (folder / KEYS).write_bytes(wrap_secret(b"s" * 32, new.key))
    assert _code(folder, PASSPHRASE) == "P-1504"
