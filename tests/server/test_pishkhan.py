import importlib.util
import tomllib

import pytest

import pishkhan
from tests.server.desk.desks import ROOT


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    assert pishkhan.main(["--version"]) == 0
    assert version in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert pishkhan.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(command in told for command in pishkhan.COMMANDS)


def test_an_unknown_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert pishkhan.main(["dance"]) == 2
    assert "شناخته نیست" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["desk", "check"])
def test_every_command_starts_a_module_that_is_there(command: str) -> None:
    assert importlib.util.find_spec(pishkhan.COMMANDS[command]) is not None
