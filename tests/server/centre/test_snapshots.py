"""The command that makes the files of first fillings."""

from pathlib import Path

import pytest

from app.sync.centre import snapshots as made
from server.centre.snapshots import main
from tests.centres import centre_url, keys_folder


def test_the_command_makes_what_is_due_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "WORTH", 0)
    with centre_url() as url:
        for told in ("۲ مجموعه", "۰ مجموعه"):
            assert main(["--database", url, "--keys", str(keys_folder()), "--to", str(tmp_path)]) == 0
            assert capsys.readouterr().out.startswith(told)
    assert {path.name for path in (tmp_path / "shared").glob("*.manifest")} == {"policy.manifest", "bib.manifest"}


def test_what_cannot_be_done_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with centre_url() as url:
        assert main(["--database", url, "--keys", str(tmp_path), "--to", str(tmp_path)]) == 2
    assert "P-2401" in capsys.readouterr().err
