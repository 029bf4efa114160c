"""How large a batch may be."""

from app.sync.branch.growth import LEAST, MOST, Growth


def after(*went: bool, most: int = MOST) -> int:
    growth = Growth()
    for good in went:
        growth = growth.succeeded(most) if good else growth.failed()
    return growth.size


def test_the_first_batch_has_two_kilobytes() -> None:
    assert Growth().size == 2048


def test_it_doubles_after_three_successes_and_not_before() -> None:
    assert after(True, True) == 2048
    assert after(True, True, True) == 4096
    assert after(*[True] * 6) == 8192


def test_it_ends_at_64_kilobytes_or_where_the_centre_ends() -> None:
    assert after(*[True] * 60) == 64 << 10
    assert after(*[True] * 60, most=10_000) == 10_000


def test_a_failure_halves_it_and_begins_the_count_anew() -> None:
    assert after(*[True] * 6, False) == 4096
    assert after(True, True, False, True) == 1024
    assert after(*[False] * 9) == LEAST
