"""The command as a black box: a process, its pipes, its exit code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loaded import Program
from tests.server.desk.desks import CLOCK, ROOT, SET_UP_FILE, RunningDesk, json_lines, run

PASSPHRASE = "چهار واژه فارسی ساده"


@pytest.fixture
def setup_file(tmp_path: Path) -> Path:
    file = tmp_path / "setup.toml"
    file.write_text(SET_UP_FILE, encoding="utf-8")
    return file


@pytest.fixture
def secret_setup_file(tmp_path: Path) -> Path:
    file = tmp_path / "secret.toml"
    file.write_text(f'{SET_UP_FILE}\n[key]\npassphrase = "{PASSPHRASE}"\n', encoding="utf-8")
    return file


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\r\n", encoding="utf-8-sig")
    return file


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".log"}


def test_a_library_is_founded_used_and_opened_again(tmp_path: Path, setup_file: Path) -> None:
    data = tmp_path / "data"
    lines = json_lines(
        [
            {"op": "member.add", "given_name": "علی", "family_name": "رضایی", "category": "ordinary", "card": "1"},
            {"op": "item.add", "title": {"title": "بوف کور"}, "barcode": "B1"},
            {"op": "checkout", "member": "1", "item": "B1"},
        ]
    )
    done = subprocess.run(  # from nothing, as people start it
        [sys.executable, str(ROOT / "pishkhan.py"), "desk", "--data", str(data), "--setup", str(setup_file),
         "--test-clock", CLOCK],
        input=b"\n".join(lines), capture_output=True, check=False, cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": ""},
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [told["outcome"] for told in answers]) == (0, ["added", "added", "checked_out"])

    again = json_lines([{"op": "item.show", "item": "B1"}, {"op": "check"}])
    code, (shown, checked), _ = run("--data", str(data), "--test-clock", CLOCK, lines=again)
    assert (code, shown["status"], shown["holder"]["card"], checked["broken"]) == (0, "on_loan", "1", [])


def test_every_line_has_one_answer_in_order(data: Path) -> None:
    lines = [b'{"op":"ping","id":%d}' % number for number in range(300)]
    code, answers, _ = run("--data", str(data), "--test-clock", CLOCK, lines=lines)
    assert (code, [told["id"] for told in answers]) == (0, list(range(300)))


def test_an_answer_comes_before_the_next_request(data: Path) -> None:
    with RunningDesk(data=data) as desk:
        assert desk.ask("ping", id=1)["id"] == 1
        assert desk.ask("ping", id=2)["id"] == 2


def test_setting_up_over_a_library_changes_nothing(tmp_path: Path, data: Path, setup_file: Path) -> None:
    before = contents(data)
    code, answers, told = run("--data", str(data), "--setup", str(setup_file), lines=[b'{"op":"ping"}'])
    assert (code, answers) == (2, [])
    assert "از پیش کتابخانه‌ای هست" in told
    assert contents(data) == before


def test_a_wrong_set_up_file_makes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "setup.toml"
    file.write_text("[branch]\nname = 'x'\n", encoding="utf-8")
    code, _, told = run("--data", str(tmp_path / "data"), "--setup", str(file))
    assert (code, "Traceback" in told) == (2, False)
    assert "P-1603" in told
    assert not (tmp_path / "data").exists()


def test_a_folder_without_a_library_is_said_so(tmp_path: Path) -> None:
    code, answers, told = run("--data", str(tmp_path))
    assert (code, answers) == (2, [])
    assert "کتابخانه‌ای در این پوشه نیست" in told


def test_the_passphrase_comes_from_its_file_and_is_found_nowhere_else(
    tmp_path: Path, secret_setup_file: Path, passphrase_file: Path
) -> None:
    data = tmp_path / "data"
    code, _, told = run("--data", str(data), "--setup", str(secret_setup_file), "--test-clock", CLOCK)
    assert code == 0
    assert len("".join(told.split()[-12:])) == 60  # the recovery number, for the sealed sheet

    code, (pong,), _ = run(
        "--data", str(data), "--passphrase-file", str(passphrase_file), "--test-clock", CLOCK, lines=[b'{"op":"ping"}']
    )
    assert (code, pong["outcome"]) == (0, "pong")
    for secret in (PASSPHRASE, told.split()[-1]):
        assert secret not in (data / "desk.log").read_text(encoding="utf-8")


def test_without_its_passphrase_a_library_stays_shut(tmp_path: Path, secret_setup_file: Path) -> None:
    data, wrong = tmp_path / "data", tmp_path / "wrong"
    wrong.write_text("واژه‌ای دیگر", encoding="utf-8")
    run("--data", str(data), "--setup", str(secret_setup_file), "--test-clock", CLOCK)
    for options, words in (
        ((), "با گذرواژه باز می‌شود"),
        (("--passphrase-file", str(wrong)), "گذرواژه درست نیست"),
        (("--passphrase-file", str(tmp_path / "nowhere")), "P-1505"),
    ):
        code, answers, told = run("--data", str(data), *options, lines=[b'{"op":"ping"}'])
        assert (code, answers) == (2, [])
        assert words in told


def test_a_library_is_open_once(data: Path) -> None:
    with RunningDesk(data=data) as desk:
        desk.ask("ping")
        code, answers, told = run("--data", str(data), lines=[b'{"op":"ping"}'])
        assert (code, answers) == (2, [])
        assert "باز است" in told
        assert desk.ask("ping")["ok"]


def test_work_is_recorded_under_the_user_named(data: Path) -> None:
    code, (pong,), _ = run("--data", str(data), "--as", "زهرا کریمی", lines=[b'{"op":"ping"}'])
    assert (code, pong["user"]) == (0, "زهرا کریمی")
    code, answers, told = run("--data", str(data), "--as", "ناشناس", lines=[b'{"op":"ping"}'])
    assert (code, answers) == (2, [])
    assert "کاربری به نام «ناشناس» نیست" in told


@pytest.mark.parametrize(
    "options",
    [(), ("--data", "x", "--colour"), ("--data", "x", "--test-clock", "فردا"), ("--data", "x", "--desk", "یک")],
)
def test_a_mistyped_command_line_is_told_in_persian(options: tuple[str, ...]) -> None:
    code, answers, told = run(*options)
    assert (code, answers) == (2, [])
    assert "فرمان درست نوشته نشده است" in told


def test_when_nobody_reads_the_answers_the_desk_ends_quietly(data: Path) -> None:
    program = Program("desk", "--data", str(data))
    program.stdout.close()
    program.stdin.write(b'{"op":"ping"}\n' * 10)
    program.stdin.flush()
    assert program.wait() == 0
    assert program.stderr.read() == b""
    program.end()


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_an_interrupted_desk_ends_without_a_traceback(data: Path) -> None:
    with RunningDesk(data=data) as desk:
        desk.ask("ping")
        desk.process.send_signal(signal.SIGINT)
        assert desk.process.wait() == 130
        assert desk.process.stderr.read() == b""


def test_nothing_but_answers_is_written_to_standard_output(data: Path) -> None:
    """Whatever a library below prints goes to standard error, even when it writes to the descriptor itself."""
    script = (
        "import os, sys\n"
        "from server.desk import housekeeping\n"
        "before = housekeeping.check_library\n"
        "def noisy(library):\n"
        "    print('printed'); os.write(1, b'written\\n')\n"
        "    return before(library)\n"
        "housekeeping.check_library = noisy\n"
        "import pishkhan\n"
        f"raise SystemExit(pishkhan.main(['desk', '--data', {str(data)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=b'{"op":"check"}\n', capture_output=True, check=True, cwd=ROOT
    )
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["outcome"] == "checked"
    assert b"printed" in done.stderr
    assert b"written" in done.stderr


def test_a_doubtful_clock_is_told_at_the_start_and_work_goes_on(data: Path) -> None:
    run("--data", str(data), "--test-clock", "2199-01-01", lines=json_lines([{"op": "title.add", "title": "ب"}]))
    code, (pong,), told = run("--data", str(data), lines=[b'{"op":"ping"}'])
    assert (code, pong["doubtful"]) == (0, True)
    assert "تاریخ رایانه" in told


def test_the_log_is_kept_beside_the_data_without_what_was_asked(data: Path) -> None:
    run("--data", str(data), lines=json_lines([{"op": "member.find", "q": "رضایی"}]))
    log = (data / "desk.log").read_text(encoding="utf-8")
    assert "desk opened" in log
    assert "desk closed" in log
    assert "رضایی" not in log


def test_the_headless_desk_loads_no_qt(data: Path) -> None:
    script = (
        "import sys, pishkhan\n"
        f"code = pishkhan.main(['desk', '--data', {str(data)!r}])\n"
        "raise SystemExit(code or ('PySide6' in sys.modules) or ('reportlab' in sys.modules))\n"
    )
    subprocess.run([sys.executable, "-c", script], input=b"", check=True, cwd=ROOT)


def test_check_reports_in_persian(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pishkhan", "check", "--data", str(data)], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0
    assert "داده‌ها سالم است." in done.stdout.decode()


def test_check_of_a_folder_without_a_library_says_so(tmp_path: Path) -> None:
    code, _, told = run("--data", str(tmp_path), command="check")
    assert code == 2
    assert "کتابخانه‌ای در این پوشه نیست" in told
