"""Files are whole or absent."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from db.files import safe_write
from db.trouble import Trouble
from tests.db.elsewhere import as_nobody, in_small_space

ROOT = Path(__file__).parents[2]


def _only(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


@pytest.mark.parametrize("content", [b"", b"x", "گزارش".encode(), bytes(3_000_000)], ids=len)
def test_what_is_written_stands_there_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    safe_write(tmp_path / "گزارش.pdf", content)
    assert _only(tmp_path).read_bytes() == content


@pytest.mark.parametrize(
    "name",
    ["صورتجلسهٔ وجین ۱۴۰۵-۳.pdf", "نسخهٔ‌پشتیبان (۲).db", "ک" * 127, "a" * 255, " فاصله ", ".hidden", "%d{}'\""],
)
def test_names_as_long_and_as_persian_as_the_disk_allows(tmp_path: Path, name: str) -> None:
    safe_write(tmp_path / name, b"whole")
    assert _only(tmp_path).name == name


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    for content in (b"old and long", b"new"):
        safe_write(tmp_path / "x", content)
    assert _only(tmp_path).read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    safe_write(tmp_path / "device.key", b"secret", private=True)
    assert stat.S_IMODE((tmp_path / "device.key").stat().st_mode) == 0o600
    safe_write(tmp_path / "report.pdf", b"open")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "report.pdf").stat().st_mode) == 0o666 & ~umask


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "x"
    contents = [bytes([number]) * 400_000 for number in range(8)]

    def write(content: bytes) -> None:
        for _ in range(5):
            safe_write(path, content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        if path.exists():
            assert path.read_bytes() in contents
    assert _only(tmp_path).read_bytes() in contents


KILLED_WHILE_WRITING = """
import sys
from pathlib import Path
from db.files import safe_write
print("ready", flush=True)
turn = 0
while True:
    safe_write(Path(sys.argv[1]), bytes([turn % 251]) * (200_000 + turn % 7))
    turn += 1
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    safe_write(path, bytes(200_000))
    for turn in range(12):
        command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.002 * turn)
            writer.send_signal(signal.SIGKILL)
        content = path.read_bytes()
        assert 200_000 <= len(content) < 200_007
        assert len(set(content)) == 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        safe_write(tmp_path / "nowhere" / "x", b"x")
    assert told.value.code == "P-1203"
    assert told.value.context["path"] == tmp_path / "nowhere" / "x"


def test_a_folder_in_the_place_of_the_file_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "kept").touch()
    with pytest.raises(Trouble) as told:
        safe_write(tmp_path / "x", b"x")
    assert told.value.code == "P-1203"
    assert [path.name for path in tmp_path.rglob("*")] == ["x", "kept"]


def _refused(path: Path, content: bytes = b"x") -> str:
    try:
        safe_write(path, content)
    except Trouble as trouble:
        return trouble.code
    return "written"


def test_a_folder_without_permission_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "x"
    safe_write(path, b"old")
    assert as_nobody(tmp_path, lambda: _refused(path)) == "P-1202"
    assert _only(tmp_path).read_bytes() == b"old"


def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    def fill(folder: Path, free: Callable[[], None]) -> list[object]:
        path = folder / "x"
        safe_write(path, b"old")
        codes = [_refused(path, bytes(8 << 20))]
        kept = [(found.name, found.read_bytes()) for found in folder.iterdir() if found.suffix != ".ballast"]
        free()
        return [*codes, kept, _refused(path, bytes(300_000))]

    told = in_small_space(tmp_path, fill)
    assert told == ["P-1201", [("x", b"old")], "written"]
