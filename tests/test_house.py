"""The repository keeps its own house rules."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from app.version import VERSION
from tests.server.desk.desks import CLOCK, SET_UP_FILE

ROOT = Path(__file__).parents[1]
LAYERS = ("app", "db", "reports", "ui", "server")
OURS = (*LAYERS, "tests", "benchmarks", "installer")
LOCK = ROOT / "requirements.lock"
ADDRESS = re.compile(r"[a-z+]+://|\s@\s|--(?:extra-)?index|--find-links|^-", re.MULTILINE)
# Pieces are put together here, so that this file does not name what it looks for.
FORBIDDEN = {
    "an address of a package registry": "|".join(
        ["py" + r"pi\.(?:org|python)", "python" + "hosted", "index" + "-url", "registry" + r"\.npm", "crates" + r"\.io"]
    ),
    "a path of the workplace": r"(?<![\w.-])/" + r"work(?![\w.-])",
}


def repository_files() -> list[Path]:
    """Every file that is or would be committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file; "" of one that is no text."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def locked() -> dict[str, str]:
    """The logical lines of the lock by package: version, marker and hashes."""
    kept = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    lines = "\n".join(kept).replace("\\\n", " ").splitlines()
    return {canonicalize_name(re.split(r"[\[=<>!~; ]", line)[0]): line for line in lines if line.strip()}


def test_the_program_tells_the_version_of_its_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def locked_version(package: str) -> Version:
    found = re.search(r"==(\S+)", locked()[canonicalize_name(package)])
    assert found is not None, package
    return Version(found[1])


def project_requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [Requirement(line) for line in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"])]


def test_packages_are_marked_by_empty_files() -> None:
    marks = [path for path in python_files(*OURS) if path.name == "__init__.py"]
    assert len(marks) > 20
    assert [str(path.relative_to(ROOT)) for path in marks if path.read_bytes()] == []


def test_every_folder_of_the_program_and_its_tests_is_a_package() -> None:
    """One that is none makes its children modules of the first rank: `tests/app/calendar` became Python's own."""
    folders = {path.parent for path in python_files(*LAYERS, "tests")}
    assert len(folders) > 50
    assert sorted(str(path.relative_to(ROOT)) for path in folders if not (path / "__init__.py").exists()) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_tells_where_it_was_made(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    telling = [str(path.relative_to(ROOT)) for path in repository_files() if pattern.search(text_of(path))]
    assert telling == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an address of a package registry", "https://py" + "pi.org/simple"),
        ("an address of a package registry", "--extra-index" + "-url x"),
        ("a path of the workplace", "see /" + "work/shared"),
        ("a path of the workplace", "cd /" + "work"),
    ],
)
def test_the_search_finds_what_it_looks_for(what: str, text: str) -> None:
    assert re.search(FORBIDDEN[what], text)
    assert not re.search(FORBIDDEN[what], "frame/" + "work/, /workers, a/" + "work.py, piped")


def test_every_locked_package_has_its_hashes() -> None:
    packages = locked()
    assert len(packages) > 40
    assert [line for line in packages.values() if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", line)] == []
    bare = [name for name, line in packages.items() if not re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", line)]
    assert bare == []


def test_the_lock_holds_no_address() -> None:
    assert ADDRESS.findall(LOCK.read_text(encoding="utf-8")) == []


def test_every_package_asked_for_is_locked_within_its_range() -> None:
    outside = {
        str(wanted): str(locked_version(wanted.name))
        for wanted in project_requirements()
        if not wanted.specifier.contains(locked_version(wanted.name))
    }
    assert outside == {}


@pytest.mark.parametrize("broken", ["6.8.2", "6.10.1", "6.12.0"])
def test_the_qt_versions_that_fail_are_shut_out(broken: str) -> None:
    """6.12 aborts on Python 3.11; the lock must not wander there."""
    (qt,) = (wanted for wanted in project_requirements() if wanted.name == "PySide6-Essentials")
    assert not qt.specifier.contains(broken)
    assert locked_version("PySide6-Essentials") != Version(broken)
    assert locked_version("shiboken6") == locked_version("PySide6-Essentials")


def test_every_module_says_what_it_is_for() -> None:
    modules = [path for path in python_files(*LAYERS) if path.name != "__init__.py"]
    assert len(modules) > 200
    silent = [path for path in modules if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_money_is_never_told_in_tomans() -> None:
    """Amounts are rials everywhere; tomans are only understood, where another program's prices are read."""
    reading = ROOT / "app" / "catalogue" / "importing"
    texts = [*python_files(*LAYERS), *(path for folder in LAYERS for path in (ROOT / folder).rglob("*.html"))]
    assert not [path for path in texts if "تومان" in text_of(path) and reading not in path.parents]


@pytest.mark.parametrize(
    ("folder", "licence", "words"),
    [("fonts", "OFL.txt", "SIL Open Font License, Version 1.1"), ("icons", "LICENSE", "MIT License")],
)
def test_what_others_made_carries_its_licence(folder: str, licence: str, words: str) -> None:
    shipped = [path for path in (ROOT / "resources" / folder).iterdir() if path.suffix in (".ttf", ".svg")]
    assert shipped
    assert words in (ROOT / "resources" / folder / licence).read_text(encoding="utf-8")


def test_the_layers_hold() -> None:
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter is not None
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


# Runs the command with every way to the network watched; the first step towards it ends the process.
GUARD = """
import os, sys
WAYS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind")
sys.addaudithook(lambda event, _: os._exit(99) if event in WAYS else None)
"""
A_DAY = (
    {"op": "member.add", "given_name": "علی", "family_name": "رضایی", "category": "ordinary", "card": "1"},
    {"op": "item.add", "title": {"title": "بوف کور"}, "barcode": "B1"},
    {"op": "search", "q": "بوف"},
    {"op": "checkout", "member": "1", "item": "B1"},
    {"op": "clock.advance", "days": 3},
    {"op": "renew", "item": "B1"},
    {"op": "checkin", "item": "B1"},
    {"op": "weeding.propose", "reason": "worn", "items": ["B1"], "unbindable": True},
    {"op": "weeding.minutes", "reason": "worn"},
    {"op": "check"},
)


def guarded(script: str, *arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", GUARD + script, *arguments],
        cwd=ROOT, input=lines, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip


def test_a_day_at_the_desk_needs_no_network(tmp_path: Path) -> None:
    """001 ضعف ب: rural places lack the Internet, so everything must work offline."""
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    desk = ("desk", "--data", str(tmp_path / "data"), "--setup", str(setup), "--test-clock", CLOCK)
    lines = "".join(json.dumps(request) + "\n" for request in A_DAY)
    done = guarded("import pishkhan\nsys.exit(pishkhan.main())", *desk, lines=lines)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True] * len(A_DAY)


def test_the_guard_notices_a_way_to_the_network() -> None:
    assert guarded("import socket\nsocket.create_connection(('127.0.0.1', 9))").returncode == 99
