"""`pishkhan sync`, at a branch and at the centre, as people type it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.centre import open_centre
from app.clock import SystemClock
from server.centre.asgi import make_app
from server.sync_command import main
from tests.centres import centre_url, keys_folder
from tests.server.centre.serving import Certificate, make_certificate, served
from tests.server.desk.desks import found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of an empty library."""
    found(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def database() -> Iterator[str]:
    with centre_url() as url:
        yield url


@pytest.fixture
def centre(database: str) -> list[str]:
    return ["--database", database, "--keys", str(keys_folder())]


@pytest.fixture
def url(database: str, certificate: Certificate) -> Iterator[str]:
    centre = open_centre(database, keys_folder(), SystemClock())
    with centre.store, served(make_app(centre), certificate) as address:
        yield address


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def a_code(centre: list[str], certificate: Certificate, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The options that stand on the paper."""
    assert main(["code", *centre, "--certificate", str(certificate.certificate)]) == 0
    code, key = re.findall(r": (\S+)", printed(capsys))
    return ["--code", code, "--fingerprint", key]


@pytest.fixture
def branch(
    data: Path, centre: list[str], url: str, certificate: Certificate, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """The options of a library that has enrolled."""
    paper = a_code(centre, certificate, capsys)
    assert main(["enrol", "--data", str(data), "--url", url, *paper]) == 0
    assert paper[3] in printed(capsys)
    return ["--data", str(data)]


def test_enrol_and_synchronise(branch: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["now", *branch]) == 0
    assert "۰ رویداد در صف" in printed(capsys)


def test_a_code_works_once(
    branch: list[str], url: str, centre: list[str], certificate: Certificate, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = a_code(centre, certificate, capsys)
    assert main(["enrol", *branch, "--url", url, *paper]) == 1
    assert "پیش‌تر در مرکز ثبت‌نام کرده است" in capsys.readouterr().err


def test_a_stick_goes_there_and_back(
    branch: list[str], centre: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert main(["export", *branch, "--to", str(stick)]) == 0
    (package,) = stick.glob("*.psu")
    for _ in range(2):
        assert main(["take", *centre, str(package)]) == 0
    assert "پیش‌تر آورده شده" in printed(capsys)
    (receipt,) = stick.glob("*.psr")
    branch_id = re.search(r'"branch": "([-0-9a-f]{36})"', dumped(package, capsys))
    assert branch_id is not None
    assert main(["give", *centre, "--branch", branch_id.group(1), "--to", str(stick)]) == 0
    (down,) = set(stick.glob("*.psu")) - {package}
    assert main(["import", *branch, str(receipt), str(down)]) == 0
    assert "رویداد رسیده است" in printed(capsys)
    assert main(["export", *branch, "--to", str(stick)]) == 0
    assert "چیزی برای فرستادن نیست" in printed(capsys)


def dumped(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    capsys.readouterr()
    assert main(["dump", str(path), *options]) == 0
    return printed(capsys)


def test_people_can_read_what_is_in_a_file(
    branch: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *branch, "--to", str(tmp_path)]) == 0
    (package,) = tmp_path.glob("*.psu")
    head = json.loads(dumped(package, capsys))
    assert (head["file"], head["kind"], head["first"]) == ("package", "up", 1)
    whole = json.loads(dumped(package, capsys, "--keys", str(keys_folder())))
    (batch,) = whole["parcels"]
    assert batch["entries"][0]["kind"] == "library.founded"
    assert batch["entries"][0]["changes"][0]["table"] == "branch"


def test_what_cannot_be_done_says_why(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["now", "--data", str(data)]) == 2
    assert "ثبت‌نام نکرده" in capsys.readouterr().err
    assert main(["dump", str(tmp_path / "none")]) == 2
    assert main(["import", "--data", str(data), str(tmp_path / "none")]) == 2


def test_a_mistyped_command_is_told_in_persian(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dance"])
    assert "فرمان درست نوشته نشده" in capsys.readouterr().err


def test_a_certificate_that_is_none_is_a_trouble(
    centre: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    assert main(["code", *centre, "--certificate", str(tmp_path / "x.pem")]) == 2
    assert "گواهی" in capsys.readouterr().err
