"""Slowing down whoever guesses."""

import datetime as dt

import pytest

from app.review.guessing import FREE_BY_ADDRESS, FREE_BY_NAME, Try, Wait, begin_try, good_try, noted_name, waiting_time
from tests.app.review.worlds import world
from tests.server.centre.web.world import World, later

__all__ = ["world"]

HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.mark.parametrize(
    ("wrong", "seconds"),
    [(0, 0), (3, 0), (4, 15), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (1_000, 900)],
)
def test_waiting_doubles_up_to_a_quarter_of_an_hour(wrong: int, seconds: int) -> None:
    assert waiting_time(wrong, FREE_BY_NAME) == seconds


def test_try_is_counted_before_it_is_made(world: World) -> None:
    for _ in range(FREE_BY_NAME):
        assert isinstance(begin_try(world.centre, "admin", HERE), Try)
    assert begin_try(world.centre, "admin", THERE) == Wait(15)
    later(world, seconds=14)
    assert begin_try(world.centre, "admin", THERE) == Wait(1)
    later(world, seconds=1)
    assert isinstance(begin_try(world.centre, "admin", THERE), Try)
    assert begin_try(world.centre, "admin", THERE) == Wait(30)


def test_clock_set_back_shortens_nothing(world: World) -> None:
    for _ in range(FREE_BY_NAME):
        begin_try(world.centre, "admin", HERE)
    later(world, minutes=-30)
    assert begin_try(world.centre, "admin", HERE) == Wait(15)


def test_good_try_begins_anew(world: World) -> None:
    for _ in range(FREE_BY_NAME - 1):
        begin_try(world.centre, "admin", HERE)
    later(world, seconds=1)
    made = begin_try(world.centre, "admin", HERE)
    assert isinstance(made, Try)
    with world.centre.write() as tx:
        good_try(tx, made)
    later(world, seconds=1)
    for _ in range(FREE_BY_NAME):
        assert isinstance(begin_try(world.centre, "admin", HERE), Try)
    assert isinstance(begin_try(world.centre, "admin", HERE), Wait)


def test_many_names_from_one_address_wait_and_another_address_does_not(world: World) -> None:
    for number in range(FREE_BY_ADDRESS):
        assert isinstance(begin_try(world.centre, f"user{number}", HERE), Try)
    assert begin_try(world.centre, "user99", HERE) == Wait(15)
    assert isinstance(begin_try(world.centre, "user99", THERE), Try)


def test_wrong_tries_are_forgotten_after_a_day(world: World) -> None:
    for _ in range(FREE_BY_NAME + 3):
        begin_try(world.centre, "admin", HERE)
        later(world, seconds=901)
    world.clock.now += dt.timedelta(hours=25)
    for _ in range(FREE_BY_NAME):
        assert isinstance(begin_try(world.centre, "admin", HERE), Try)


def test_unknown_name_is_noted_as_a_mark_that_only_this_centre_makes(world: World) -> None:
    mark = noted_name(world.centre, "my-password", known=False)
    assert mark == noted_name(world.centre, "my-password", known=False)
    assert mark.startswith("?")
    assert "password" not in mark
    assert noted_name(world.centre, "admin", known=True) == "admin"
