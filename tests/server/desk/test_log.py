import logging
from pathlib import Path

import pytest

from server.desk.log import FILE, KEPT, MOST_BYTES, logging_to


def test_the_log_stands_beside_the_data(tmp_path: Path) -> None:
    with logging_to(tmp_path) as log:
        log.info("میز باز شد")
        logging.getLogger("pishkhan.desk").warning("کاغذ نیست")
    told = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "INFO" in told
    assert told.index("میز باز شد") < told.index("کاغذ نیست")


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    with logging_to(tmp_path) as log:
        for _ in range(60):
            log.info("x" * 100_000)
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == KEPT + 1
    assert max(sizes) <= MOST_BYTES


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE).mkdir()
    with logging_to(tmp_path) as log:
        log.info("میز باز شد")
    assert capsys.readouterr().err == ""


def test_without_a_folder_the_log_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(None) as log:
        log.info("میز باز شد")
    assert "میز باز شد" in capsys.readouterr().err


def test_afterwards_nothing_is_left_of_the_log(tmp_path: Path) -> None:
    with logging_to(tmp_path) as log:
        assert len(log.handlers) == 1
    assert log.handlers == []
    assert log.propagate
