"""What the centre does by itself: woken by pushes, one process at a time, never ended by a mistake."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from starlette.applications import Starlette

from app.centre import Centre
from db.trouble import Trouble
from server.centre import background
from server.centre.asgi import make_app
from server.centre.background import LOCK, Background
from server.centre.serve import RULES
from tests.centres import fresh_centre


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """A centre of its own."""
    with fresh_centre() as made:
        yield made


class Rule:
    """Does so much work a look, then none; says when it was asked."""

    def __init__(self, *work: int | Exception) -> None:
        self.looks = 0
        self._work = list(work)
        self.looked = asyncio.Event()

    def __call__(self, _: Centre) -> int:
        self.looks += 1
        done = self._work.pop(0) if self._work else 0
        if isinstance(done, Exception):
            raise done
        return done


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.005)


def run(work: Background, during: Callable[[], "contextlib.AbstractAsyncContextManager[None]"]) -> None:
    async def whole() -> None:
        async with work.running(Starlette()), during():
            pass

    asyncio.run(whole())


def test_it_looks_at_the_start_and_goes_on_until_nothing_is_left(centre: Centre) -> None:
    rule = Rule(3, 2)
    work = Background(centre, (rule,), quiet=0)

    @contextlib.asynccontextmanager
    async def during() -> AsyncIterator[None]:
        await until(lambda: rule.looks == 3)
        await asyncio.sleep(0.05)
        assert rule.looks == 3, "it rests when there is nothing to do"
        work.wake()
        await until(lambda: rule.looks == 4)
        yield

    run(work, during)


def test_a_burst_of_pushes_is_one_look(centre: Centre) -> None:
    rule = Rule()
    work = Background(centre, (rule,), quiet=0.1)

    @contextlib.asynccontextmanager
    async def during() -> AsyncIterator[None]:
        for _ in range(50):
            work.wake()
            await asyncio.sleep(0)
        await until(lambda: rule.looks == 1)
        await asyncio.sleep(0.2)
        assert rule.looks <= 2
        yield

    run(work, during)


def test_two_processes_do_not_look_at_once_and_the_second_comes_again(centre: Centre) -> None:
    rule = Rule(1)
    work = Background(centre, (rule,))
    with centre.store.read() as other:
        assert other.run(f"SELECT pg_try_advisory_xact_lock({LOCK})").fetchone() == (True,)
        assert work.round(), "to be tried again"
        assert rule.looks == 0
    assert work.round()
    assert not work.round()
    assert rule.looks == 2


@pytest.mark.parametrize("error", [Trouble("P-1112", path="", reason=""), ValueError("a bug")])
def test_trouble_and_mistakes_are_logged_and_tried_again(
    centre: Centre, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "AFTER_TROUBLE", 0)
    monkeypatch.setattr("server.centre.logs.LOG.propagate", True)
    rule = Rule(error)
    work = Background(centre, (rule,), quiet=0)

    @contextlib.asynccontextmanager
    async def during() -> AsyncIterator[None]:
        await until(lambda: rule.looks >= 2)
        yield

    run(work, during)
    assert caplog.records


def test_a_mistake_in_one_rule_keeps_no_other_from_its_work(centre: Centre) -> None:
    wrong, right = Rule(ValueError("a bug")), Rule(1)
    with pytest.raises(ValueError, match="a bug"):
        Background(centre, (wrong, right)).round()
    assert (wrong.looks, right.looks) == (1, 1)


def test_the_application_wakes_it_after_a_push_and_runs_it_as_long_as_it_lives(centre: Centre) -> None:
    rule = Rule()
    app = make_app(centre, work=Background(centre, (rule,), quiet=0))

    async def lives() -> None:
        async with app.router.lifespan_context(app):
            await until(lambda: rule.looks == 1)

    asyncio.run(lives())


def test_the_rules_run_on_an_empty_centre(centre: Centre) -> None:
    assert not Background(centre, RULES).round()
