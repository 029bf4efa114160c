"""A program killed at any moment has lost no loan whose light went green, and left none half done (reliability R3)."""

import subprocess
import sys
import uuid
from pathlib import Path

from app.check import check_library
from db.models.circulation import Loan
from tests.library import reopened, rows

ROOT = Path(__file__).parents[2]


def test_thirty_kills_lose_nothing_and_break_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.db.killed_desk", str(tmp_path), "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lights = [line.split() for line in done.stdout.splitlines()]
    library = reopened(tmp_path / "library")
    with library.store:
        loans = {row.id: row.in_at for row in rows(library, Loan)}
        broken = check_library(library).broken
    assert len(lights) > 30, "hardly a light before each kill: nothing was proven"
    assert [loan for kind, loan in lights if kind == "out" and uuid.UUID(loan) not in loans] == []
    assert [loan for kind, loan in lights if kind == "in" and loans.get(uuid.UUID(loan)) is None] == []
    assert broken == ()
