"""The strip of pages on a screen that is too low for all of them."""

import pytest
from pytestqt.qtbot import QtBot

from ui.navigation import Navigation
from ui.page import Group, Page, PageSpec

pytestmark = pytest.mark.usefixtures("dressed")
NAMES = tuple(f"p{number}" for number in range(30))


@pytest.mark.parametrize("name", [NAMES[0], NAMES[14], NAMES[-1]])
def test_the_page_in_front_is_in_sight(qtbot: QtBot, name: str) -> None:
    pages = tuple(PageSpec(key, "صفحه", "users", "", Group.COLLECTION, Page) for key in NAMES)
    navigation = Navigation(pages, "کتابخانه")
    qtbot.addWidget(navigation)
    navigation.resize(navigation.width(), 300)
    navigation.show()
    for shown in (NAMES[-1], NAMES[0], name):
        navigation.show_current(shown)
    button = navigation._buttons[name]
    assert button.isChecked()
    assert button.visibleRegion().boundingRect() == button.rect()
