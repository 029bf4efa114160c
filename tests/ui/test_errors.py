import logging
import sys
import uuid
from collections.abc import Iterator

import pytest

from app.messages import MESSAGES
from db.trouble import StaleRowError, Trouble
from ui.errors import BUG, OVERTAKEN, install_excepthook, told


@pytest.fixture(autouse=True)
def _hook_put_back() -> Iterator[None]:
    before = sys.excepthook
    yield
    sys.excepthook = before


def arrive(error: BaseException) -> None:
    sys.excepthook(type(error), error, None)


def test_trouble_is_told_by_its_catalogue_and_a_bug_as_a_bug() -> None:
    assert told(Trouble("P-1101")) == ("P-1101", MESSAGES["P-1101"])
    assert told(KeyError("x")) == (BUG, MESSAGES[BUG])
    assert told(StaleRowError("loan", uuid.uuid4())) == (OVERTAKEN, MESSAGES[OVERTAKEN])


def test_what_nobody_caught_is_logged_and_shown(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[BaseException] = []
    install_excepthook(logging.getLogger("desk"), shown.append)
    error = RuntimeError("boom")
    arrive(error)

    assert shown == [error]
    assert "boom" in caplog.text


def test_an_error_while_an_error_is_shown_does_not_call_itself(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[str] = []

    def show(error: BaseException) -> None:
        shown.append(str(error))
        arrive(ValueError("inner"))

    install_excepthook(logging.getLogger("desk"), show)
    arrive(RuntimeError("outer"))
    arrive(RuntimeError("next"))

    assert shown == ["outer", "next"]
    assert "inner" in caplog.text


def test_ctrl_c_is_left_to_python(capsys: pytest.CaptureFixture[str]) -> None:
    shown: list[BaseException] = []
    install_excepthook(logging.getLogger("desk"), shown.append)
    arrive(KeyboardInterrupt())

    assert shown == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
