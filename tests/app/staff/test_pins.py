"""PINs and how often they are tried."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.library import Library
from app.staff.pins import (
    FREE_TRIES,
    LONGEST_WAIT_S,
    PinBlocked,
    PinRight,
    PinWrong,
    forget_tries,
    is_pin,
    verify_pin,
    waiting_time,
)
from app.staff.service import StaffForm, StaffSaved, add_person
from db.act import Stamp
from tests.library import act, found, reopened

PIN, WRONG = "2718", "3141"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def person(library: Library) -> uuid.UUID:
    saved = add_person(library, StaffForm("نرگس صفری", pin=PIN), act(library))
    assert isinstance(saved, StaffSaved)
    return saved.person_id


def stamp(seconds: float = 0, boot: int = 1, day: int = 21) -> Stamp:
    """So many seconds after this program has started; the wall clock says what it likes."""
    at = dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC)
    return Stamp(at, at.date(), boot=boot, mono_ms=int(seconds * 1000))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2718", True), ("۲۷۱۸", True), ("271828182845", True), (" 2718 ", True), ("1357", True),
        ("271", False), ("2718281828459", False), ("27a8", False), ("1111", False), ("1234", False), ("9876", False),
        ("", False), ("٢٧١٨", True), ("27 18", False), ("-2718", False),
    ],
)  # fmt: skip
def test_a_pin_is_four_to_twelve_digits_that_do_not_simply_repeat_or_count(text: str, good: bool) -> None:
    assert is_pin(text) is good


def test_the_right_pin_is_taken_in_digits_of_any_script(library: Library, person: uuid.UUID) -> None:
    assert verify_pin(library.store, person, PIN, stamp()) == PinRight()
    assert verify_pin(library.store, person, "۲۷۱۸", stamp()) == PinRight()


def test_wrong_pins_are_counted_down_and_the_right_one_begins_anew(library: Library, person: uuid.UUID) -> None:
    told = [verify_pin(library.store, person, WRONG, stamp()) for _ in range(3)]
    assert told == [PinWrong(3), PinWrong(2), PinWrong(1)]
    assert verify_pin(library.store, person, PIN, stamp()) == PinRight()
    assert verify_pin(library.store, person, WRONG, stamp()) == PinWrong(3)


def blocked(library: Library, person: uuid.UUID, at: Stamp) -> None:
    """Four wrong PINs in a row."""
    for _ in range(FREE_TRIES):
        outcome = verify_pin(library.store, person, WRONG, at)
    assert outcome == PinBlocked(30)


def test_after_four_wrong_ones_not_even_the_right_one_is_taken_for_half_a_minute(
    library: Library, person: uuid.UUID
) -> None:
    blocked(library, person, stamp(100))
    assert verify_pin(library.store, person, PIN, stamp(101)) == PinBlocked(29)
    assert verify_pin(library.store, person, PIN, stamp(129.5)) == PinBlocked(1)
    assert verify_pin(library.store, person, PIN, stamp(130)) == PinRight()


def test_the_waiting_doubles_with_each_further_wrong_one(library: Library, person: uuid.UUID) -> None:
    blocked(library, person, stamp(0))
    assert verify_pin(library.store, person, WRONG, stamp(30)) == PinBlocked(60)
    assert verify_pin(library.store, person, WRONG, stamp(90)) == PinBlocked(120)
    assert waiting_time(3) == 0
    assert waiting_time(40) == waiting_time(4_000_000) == LONGEST_WAIT_S


def test_setting_the_computers_clock_ahead_does_not_shorten_the_waiting(library: Library, person: uuid.UUID) -> None:
    blocked(library, person, stamp(100))
    assert verify_pin(library.store, person, PIN, stamp(101, day=29)) == PinBlocked(29)


def test_a_restart_begins_the_waiting_anew_and_then_it_ends(library: Library, person: uuid.UUID) -> None:
    blocked(library, person, stamp(100))
    folder = Path(library.store.name).parent
    library.store.close()
    with reopened(folder).store as store:
        assert verify_pin(store, person, PIN, stamp(500, boot=2)) == PinBlocked(30)
        assert verify_pin(store, person, PIN, stamp(520, boot=2)) == PinBlocked(10)
        assert verify_pin(store, person, PIN, stamp(530, boot=2)) == PinRight()


def test_the_clock_of_the_program_tells_two_starts_apart() -> None:
    assert SystemClock().read().boot != SystemClock().read().boot


def test_who_manages_the_staff_lets_somebody_try_again(library: Library, person: uuid.UUID) -> None:
    blocked(library, person, stamp())
    forget_tries(library.store, person)
    assert verify_pin(library.store, person, PIN, stamp()) == PinRight()


def test_the_tries_of_one_do_not_block_another(library: Library, person: uuid.UUID) -> None:
    other = add_person(library, StaffForm("سارا آقایی", pin="9753"), act(library))
    assert isinstance(other, StaffSaved)
    blocked(library, person, stamp())
    assert verify_pin(library.store, other.person_id, "9753", stamp()) == PinRight()


def test_nobody_else_and_nobody_without_a_pin_has_a_right_one(library: Library) -> None:
    assert verify_pin(library.store, uuid.uuid4(), PIN, stamp()) == PinWrong(3)
    assert verify_pin(library.store, library.person(None).id, "", stamp()) == PinWrong(3)


def test_a_try_is_counted_before_it_is_made(
    library: Library, person: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("app.staff.pins._matches", power_cut)
        for _ in range(FREE_TRIES):
            with pytest.raises(KeyboardInterrupt):
                verify_pin(library.store, person, WRONG, stamp())
    assert verify_pin(library.store, person, PIN, stamp()) == PinBlocked(30)
