from pathlib import Path

import pytest

from app.check import INVARIANTS, Broken, Report
from db.opening import open_library
from server.desk import checking
from server.desk.checking import BROKEN, SOUND, WORDS, lines


def test_every_invariant_has_its_words() -> None:
    assert {*INVARIANTS, "file"} <= WORDS.keys()


def test_each_invariant_has_a_line_and_each_broken_place_another() -> None:
    told = lines(Report(("journal", "ledger"), (Broken("ledger", "line 7"),)))
    assert told == [
        f"{WORDS['journal']}: {SOUND}",
        f"{WORDS['ledger']}: {BROKEN}",
        "    line 7",
        "۱ ناسازگاری یافت شد.",
    ]


def test_a_broken_library_is_found_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_library(data, None) as store, store.write() as tx:
        tx.run("UPDATE stream SET head_seq = head_seq + 1")
    assert checking.main(["--data", str(data)]) == 1
    assert f"{WORDS['journal']}: {BROKEN}" in capsys.readouterr().out


def test_a_sound_library_is_sound(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checking.main(["--data", str(data)]) == 0
    assert "داده‌ها سالم است." in capsys.readouterr().out
