"""Where cyclic garbage is collected."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.garbage import Collector


class Loop:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    made = Collector()
    yield made
    made.stop()


def loops(number: int) -> weakref.ref[Loop]:
    """Much garbage; the last of it, watched."""
    for _ in range(number):
        last = Loop()
    return weakref.ref(last)


def test_garbage_of_another_thread_waits_for_this_one(collector: Collector) -> None:
    found: list[weakref.ref[Loop]] = []
    thread = threading.Thread(target=lambda: found.append(loops(5_000)))
    thread.start()
    thread.join()
    assert found[0]() is not None
    collector.collect()
    assert found[0]() is None


def test_it_is_collected_by_itself_while_the_window_lives(collector: Collector, qtbot: QtBot) -> None:
    watched = loops(5_000)
    qtbot.waitUntil(lambda: watched() is None, timeout=5_000)


def test_little_garbage_is_left_alone(collector: Collector) -> None:
    gc.collect()
    watched = loops(3)
    collector.collect()
    assert watched() is not None


def test_python_collects_again_afterwards() -> None:
    assert gc.isenabled()
    made = Collector()
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
