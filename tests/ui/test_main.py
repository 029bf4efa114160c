"""From the data folder to the window, or to a message that says why not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from app.clock import SystemClock
from app.setup import found_library
from tests import library as lib
from ui.app import DeskApp
from ui.main import Opening
from ui.opening import OpeningWindow

pytestmark = pytest.mark.usefixtures("dressed")
PASSPHRASE = "چهار واژه فارسی ساده"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def opening(folder: Path, qapp: QApplication) -> Iterator[Opening]:
    made = Opening(qapp, folder, None)
    yield made
    if made.app is not None:
        qapp.aboutToQuit.disconnect(made.app.close)
        made.app.close()
    if made._gate is not None:
        made._gate.deleteLater()


def gate(opening: Opening) -> OpeningWindow:
    assert opening._gate is not None
    assert opening._gate.isVisible()
    return opening._gate


def is_open(opening: Opening) -> bool:
    return opening.app is not None


def words(opening: Opening) -> str:
    return "\n".join(label.text() for label in gate(opening).findChildren(QLabel) if label.isVisible())


def answer(opening: Opening, secret: str) -> None:
    (box,) = gate(opening).findChildren(QLineEdit)
    box.setText(secret)
    box.returnPressed.emit()


def test_a_library_opens_on_its_desk(folder: Path, opening: Opening) -> None:
    lib.found(folder.parent).store.close()
    opening.begin(None)
    assert opening.app is not None
    assert opening.app.window.current_key() == "desk"
    assert opening._gate is None


def test_a_second_instance_is_told_that_the_first_is_open(folder: Path, opening: Opening) -> None:
    with lib.found(folder.parent).store:
        opening.begin(None)
    told = words(opening)
    assert not is_open(opening)
    assert all(part in told for part in ("در پنجرهٔ دیگری باز است", "چیزی تغییر نکرده است", "P-1106"))


def test_a_folder_without_a_library_is_told(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    opening.begin(None)
    assert "P-1110" in words(opening)
    assert "در این پوشه نیست" in capsys.readouterr().err


def test_a_file_for_the_passphrase_that_is_not_there_is_told(folder: Path, opening: Opening) -> None:
    lib.found(folder.parent).store.close()
    opening.begin(folder / "secret.txt")
    assert "P-1103" in words(opening)


def test_a_wrong_passphrase_may_be_typed_again(folder: Path, opening: Opening) -> None:
    library, _ = found_library(folder, replace(lib.SET_UP, passphrase=PASSPHRASE), SystemClock())
    library.store.close()
    opening.begin(None)
    assert "گذرواژهٔ کتابخانه" in words(opening)
    answer(opening, "چهار واژهٔ دیگر")
    assert not is_open(opening)
    assert "P-15" in words(opening)
    window = gate(opening)
    answer(opening, PASSPHRASE)
    assert is_open(opening)
    assert not window.isVisible()


def test_a_library_with_pins_opens_locked_unless_somebody_is_named(
    folder: Path, opening: Opening, qapp: QApplication
) -> None:
    library, _ = found_library(folder, replace(lib.SET_UP, admin_pin="271828"), SystemClock())
    library.store.close()
    opening.begin(None)
    assert opening.app is not None
    assert opening.app.sign_in.is_locked
    opening.app.close()
    qapp.aboutToQuit.disconnect(opening.app.close)
    opening.app = None
    opening._user = lib.SET_UP.admin_name
    opening.begin(None)
    reopened: DeskApp | None = opening.app
    assert reopened is not None
    assert not reopened.sign_in.is_locked
