"""Passwords and second factors: what may be one, and what is kept."""

import runpy

import pyotp
import pytest

from app.centre import read_keys
from app.members.web_code import hash_code
from app.review import passwords
from app.review.passwords import SHORTEST, first_password, hash_password, matches, password_problems
from app.review.second_factor import from_sealed_text, new_secret, seal, sealed_text, step_of, unseal
from app.staff.pins import hash_pin
from db.types import new_id
from tests.centres import keys_folder
from tests.hashing import as_asked

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("سیب سرخ انار", []),
        ("correct horse battery", []),
        ("x" * 9, ["password.short"]),
        ("x" * 201, ["password.short"]),
        ("aaaaaaaaaaaa", ["password.plain"]),
        ("121212121212", ["password.plain"]),
        ("reza.amini-2026", ["password.like_name"]),
        ("REZA.AMINI 99", ["password.like_name"]),
        ("امینی و دوستان", ["password.like_name"]),
        ("amini", ["password.short"]),
    ],
)
def test_password_is_long_varied_and_not_the_own_name(password: str, codes: list[str]) -> None:
    assert [one.code for one in password_problems(password, "reza.amini", "رضا امینی")] == codes


def test_password_is_kept_as_argon2id_and_each_time_another() -> None:
    first, second = hash_password("سیب سرخ و انار"), hash_password("سیب سرخ و انار")
    assert first.startswith("$argon2id$")
    assert first != second
    assert matches(first, "سیب سرخ و انار")
    assert not matches(first, "سیب سرخ و انار ")
    assert not matches(None, "سیب سرخ و انار")
    assert not matches("no hash", "سیب سرخ و انار")


def test_guessing_at_what_is_kept_takes_long() -> None:
    """What OWASP asks of Argon2id. Where there is no such name, a try takes as long."""
    with as_asked():
        assert hash_password("سیب سرخ و انار").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert hash_code("12345-67890").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert hash_pin("271828").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert runpy.run_path(passwords.__file__)["NOBODYS"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_first_password_passes_its_own_rules_and_is_never_the_same() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert not [one for word in made for one in password_problems(word, "reza") if one.code != "password.plain"]
    assert min(len(word) for word in made) >= SHORTEST


def test_code_counts_in_its_own_step_and_one_beside() -> None:
    secret = new_secret()
    step = int(NOW // 30)
    machine = pyotp.TOTP(secret)
    found = {away: step_of(secret, machine.at(int(NOW) + 30 * away), NOW) for away in (-2, -1, 0, 1, 2)}
    assert found == {-2: None, -1: step - 1, 0: step, 1: step + 1, 2: None}


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "۱۲۳۴۵", "😀" * 6])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW) is None


def test_sealed_secret_opens_for_its_person_alone() -> None:
    keys, owner, other, secret = read_keys(keys_folder()), new_id(), new_id(), new_secret()
    sealed = seal(keys, owner, secret)
    assert secret.encode() not in sealed
    assert unseal(keys, owner, sealed) == secret
    assert unseal(keys, other, sealed) is None
    assert unseal(keys, owner, sealed[:-1] + bytes([sealed[-1] ^ 1])) is None
    assert from_sealed_text(keys, owner, sealed_text(keys, owner, secret)) == secret
    assert [from_sealed_text(keys, owner, text) for text in ("", "x", "%%%", "ما")] == [None] * 4
