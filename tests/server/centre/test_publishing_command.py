"""`pishkhan centre` as it is called: exit codes, what it says, and what stands in the database then."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import open_centre
from app.clock import SystemClock
from db.models.library import CalendarDay, GuidelineVersion, LicensedLibrary, Policy
from server.centre.publishing import main
from tests.centres import centre_url, keys_folder

ROOT = Path(__file__).parents[3]
RULES = (
    'title="کشوری"\nprofile="public"\nsource="مرکز"\n[[rows]]\nname="همه"\nsource="مرکز"\narticle="۱"\nloan_days={}\n'
)


@pytest.fixture
def url() -> Iterator[str]:
    with centre_url() as address:
        yield address


def call(url: str, *words: object) -> int:
    return main(["--database", url, "--keys", str(keys_folder()), *map(str, words)])


def rows(url: str, model: type[Any]) -> list[Any]:
    centre = open_centre(url, keys_folder(), SystemClock())
    with centre.store, centre.store.read() as reader:
        table = model.__table__
        query = sa.select(table).where(table.c.branch_id == centre.id, table.c.deleted_at.is_(None))
        return list(reader.connection.execute(query))


def test_rules_go_into_force_and_faulty_ones_do_not(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES.format(5), encoding="utf-8")
    assert call(url, "policy", file) == 0
    assert "منتشر شد (نسخهٔ ۱۰۰۰۰)" in capsys.readouterr().err
    file.write_text(RULES.format(-5), encoding="utf-8")
    assert call(url, "policy", file) == 1
    assert "پذیرفتنی نیست" in capsys.readouterr().err
    assert len(rows(url, Policy)) == 1


def test_figures_of_the_guideline(url: str, tmp_path: Path) -> None:
    file = tmp_path / "guideline.toml"
    file.write_text("[terms]\ncounty_days = 9\n", encoding="utf-8")
    assert call(url, "guideline", file) == 0
    assert rows(url, GuidelineVersion)[0].rules["terms"]["county_days"] == 9


def test_a_list_with_a_wrong_line_publishes_the_others_and_says_so(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("نام,استان,شهرستان\nامید,مرکزی,اراک\n,مرکزی,اراک\nنور,مرکزی,ساوه\n", encoding="utf-8")
    assert call(url, "libraries", file) == 1
    assert capsys.readouterr().err.count("منتشر شد") == 2
    assert sorted(one.name for one in rows(url, LicensedLibrary)) == ["امید", "نور"]


def test_a_day_is_said_and_taken_back(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(url, "day", "1410/01/20", "holiday", "نوروز دیگر") == 0
    assert [one.name for one in rows(url, CalendarDay)] == ["نوروز دیگر"]
    assert call(url, "day", "1410/01/20", "nothing") == 0
    assert rows(url, CalendarDay) == []
    assert call(url, "day", "1410/01/40", "holiday") == 1
    assert "۱۴۱۰/۰۱/۴۰" in capsys.readouterr().err


def test_what_is_not_there_is_a_trouble(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(url, "policy", tmp_path / "no.toml") == 2
    assert "P-1231" in capsys.readouterr().err
    assert main(["--database", url, "--keys", str(tmp_path), "day", "1410/01/20", "holiday"]) == 2
    assert "P-2401" in capsys.readouterr().err


def test_it_is_a_command_of_the_program(url: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES.format(7), encoding="utf-8")
    command = [sys.executable, "pishkhan.py", "centre", "--database", url, "--keys", str(keys_folder()), "policy"]
    done = subprocess.run([*command, str(file)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "منتشر شد" in done.stderr) == (0, True), done.stderr
