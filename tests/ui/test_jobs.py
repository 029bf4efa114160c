import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from ui.jobs import Jobs, Progress, Token


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def on_gui_thread() -> bool:
    app = QCoreApplication.instance()
    return app is not None and QThread.currentThread() is app.thread()


def test_a_result_comes_back_on_the_thread_of_the_window(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[tuple[object, bool]] = []
    job = jobs.start("جمع", lambda _: (on_gui_thread(), 2 + 2))
    job.finished.connect(lambda result: seen.append((result, on_gui_thread())))
    qtbot.waitUntil(lambda: bool(seen))

    assert seen == [((False, 4), True)]


def test_an_exception_comes_back_whole(jobs: Jobs, qtbot: QtBot) -> None:
    def fails(_: Token) -> None:
        raise ValueError("صفر")

    job = jobs.start("خطا", fails)
    with qtbot.waitSignal(job.failed) as failed:
        pass

    assert isinstance(failed.args[0], ValueError)
    assert str(failed.args[0]) == "صفر"


def test_progress_arrives_in_order_ends_full_and_does_not_flood(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[Progress] = []

    def counts(token: Token) -> None:
        for done in range(1, 20001):
            token.progress(done, 20000, "ردیف")

    job = jobs.start("شمارش", counts)
    job.progressed.connect(seen.append)
    with qtbot.waitSignal(job.finished):
        pass

    steps = [progress.done for progress in seen]
    assert steps == sorted(steps)
    assert steps[-1] == 20000
    assert len(steps) < 200
    assert seen[-1].note == "ردیف"


def test_cancelled_work_stops_at_its_next_check(jobs: Jobs, qtbot: QtBot) -> None:
    done: list[int] = []

    def endless(token: Token) -> None:
        while True:
            token.check()
            done.append(1)
            time.sleep(0.001)

    job = jobs.start("بی‌پایان", endless)
    qtbot.waitUntil(lambda: bool(done))
    with qtbot.waitSignal(job.cancelled):
        job.cancel()


def test_work_cancelled_while_it_waits_never_begins(jobs: Jobs, qtbot: QtBot) -> None:
    begun: list[str] = []
    jobs.start("نخست", lambda _: time.sleep(0.05))
    second = jobs.start("دوم", lambda _: begun.append("دوم"))
    second.cancel()
    with qtbot.waitSignal(second.cancelled):
        pass

    assert begun == []


def test_one_piece_of_work_runs_at_a_time_in_the_order_given(jobs: Jobs, qtbot: QtBot) -> None:
    order: list[str] = []

    def work(name: str) -> None:
        order.append(f"{name}+")
        time.sleep(0.01)
        order.append(f"{name}-")

    jobs.start("یک", lambda _: work("a"))
    last = jobs.start("دو", lambda _: work("b"))
    assert [job.what for job in jobs.open_jobs()] == ["یک", "دو"]
    with qtbot.waitSignal(last.closed):
        pass

    assert order == ["a+", "a-", "b+", "b-"]
    qtbot.waitUntil(lambda: jobs.open_jobs() == ())


def test_closing_asks_running_work_to_stop_and_waits_for_it(qtbot: QtBot) -> None:
    jobs, ended = Jobs(), []

    def until_asked(token: Token) -> None:
        while not token.cancelled:
            time.sleep(0.001)
        ended.append(True)

    jobs.start("همگام‌سازی", until_asked)
    jobs.close()

    assert ended == [True]
