import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer import prepare

ROOT = Path(prepare.__file__).resolve().parents[1]


def test_a_prepared_checkout_needs_nothing_and_says_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "installer/prepare.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == done.stderr == ""


def test_nothing_is_missing_where_the_suite_runs() -> None:
    assert prepare.missing_packages(for_tests=True) == []


def test_a_missing_library_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prepare.LIBRARIES, "surely-no-such-library", "libsurely1")
    assert prepare.missing_packages(for_tests=False) == ["libsurely1"]


def test_a_missing_program_counts_for_the_tests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prepare.PROGRAMS, "surely-no-such-program", "surely")
    assert prepare.missing_packages(for_tests=False) == []
    assert prepare.missing_packages(for_tests=True) == ["surely"]


def test_a_centre_of_ones_own_needs_postgresql_and_the_window_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {name: f"/bin/{name}" for name in (*prepare.PROGRAMS, "ldconfig")}
    monkeypatch.setattr("shutil.which", lambda program, **_: here.get(program))
    assert prepare.missing_packages(for_tests=False) == []
    assert prepare.missing_packages(for_tests=False, for_serving=True) == ["postgresql"]
    assert "postgresql" in prepare.missing_packages(for_tests=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="no Python that somebody else may run")
def test_without_root_the_exact_line_is_printed() -> None:
    code = (
        "import os, sys; os.setgid(65534); os.setuid(65534); "
        "sys.path.insert(0, 'installer'); import prepare; prepare.install_packages(['libegl1', 'libgl1'])"
    )
    done = subprocess.run(["/usr/bin/python3", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends libegl1 libgl1" in done.stderr


def test_the_stamp_changes_with_the_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = prepare.stamp()
    changed = tmp_path / "requirements.lock"
    changed.write_bytes(prepare.LOCK.read_bytes() + b"#")
    monkeypatch.setattr(prepare, "LOCK", changed)
    assert prepare.stamp() != before
