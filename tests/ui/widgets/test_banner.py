from pytestqt.qtbot import QtBot

from tests.ui.pixels import places_of
from ui.theme import LIGHT, Tone
from ui.widgets.banner import Banner
from ui.widgets.runs import Part


def test_the_banner_tells_the_outcome_and_offers_the_way_back(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_outcome(Tone.OK, "امانت داده شد", "تا ", Part("۲۹ دی", strong=True), undo="پس گرفتن امانت")

    assert banner.title() == "امانت داده شد"
    assert banner.accessibleName() == "امانت داده شد تا ۲۹ دی"
    assert banner.offers_undo()
    with qtbot.waitSignal(banner.undo_wanted):
        banner._undo.click()


def test_without_a_way_back_there_is_no_button(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_outcome(Tone.OK, "امانت داده شد", undo="پس گرفتن")
    banner.show_outcome(Tone.REFUSE, "این برچسب شناخته نشد")

    assert not banner.offers_undo()


def test_the_paper_takes_the_tone(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.resize(500, 80)
    for tone, paper in ((Tone.OK, LIGHT.green_soft), (Tone.REFUSE, LIGHT.red_soft), (Tone.WARN, LIGHT.amber_soft)):
        banner.show_outcome(tone, "پیام")
        assert len(places_of(banner, paper)) > 20000


def test_a_cleared_banner_says_nothing(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_outcome(Tone.OK, "امانت به مریم احمدی", "تا ۲۹ دی", undo="پس گرفتن")
    banner.clear()

    assert banner.title() == banner.accessibleName() == ""
    assert not banner.offers_undo()
