import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ui.icons import MIRRORED, pixmap
from ui.resources import resource

SOURCES = Path(__file__).parents[2] / "ui"
NAMED_FIRST = {"IconLabel", "IconButton", "EmptyPage", "pixmap", "icon"}


def shipped() -> set[str]:
    return {path.stem for path in resource("icons").glob("*.svg")}


def named() -> Iterator[str]:
    for path in SOURCES.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in calls:
            given = [word.value for word in call.keywords if word.arg in ("icon", "sign")]
            if isinstance(call.func, ast.Name) and call.func.id in NAMED_FIRST:
                given += call.args[:1]
            yield from (
                value.value for value in given if isinstance(value, ast.Constant) and isinstance(value.value, str)
            )


def coloured(picture: QImage) -> set[tuple[int, int]]:
    return {
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if QColor.fromRgba(picture.pixel(x, y)).alpha() > 200
    }


def test_every_icon_the_code_names_is_shipped() -> None:
    assert {name for name in named() if name} - shipped() == set()
    assert shipped() >= MIRRORED


def test_the_licence_goes_with_the_icons() -> None:
    assert "MIT License" in resource("icons", "LICENSE").read_text("utf-8")


@pytest.mark.usefixtures("dressed")
def test_every_icon_paints_in_the_colour_asked_for() -> None:
    for name in shipped():
        picture = pixmap(name, "#0F6B5C", 24).toImage()
        inked = coloured(picture)
        assert inked, name
        assert all(abs(QColor(picture.pixel(x, y)).red() - 0x0F) < 12 for x, y in inked), name


def test_directed_icons_turn_over_with_the_window(dressed: QApplication) -> None:
    to_the_left = coloured(pixmap("arrow-back-up", "#000000", 25).toImage())
    dressed.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    try:
        to_the_right = coloured(pixmap("arrow-back-up", "#000000", 25).toImage())
    finally:
        dressed.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    assert {(24 - x, y) for x, y in to_the_right} == to_the_left
    assert to_the_left != to_the_right


@pytest.mark.usefixtures("dressed")
def test_an_unknown_icon_is_a_mistake_in_the_code() -> None:
    with pytest.raises(FileNotFoundError):
        pixmap("no-such-icon", "#000000")
