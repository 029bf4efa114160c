from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.trouble import Trouble
from tests.ui.paper.papers import a_paper, pdf_of
from ui.jobs import Jobs
from ui.paper.paper import Paper
from ui.paper.pictures import MOST_BYTES
from ui.paper.preview import PaperPreview
from ui.paper.printing import PrintOrder
from ui.paper.sheets import Fit

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def preview(jobs: Jobs, dressed: QApplication, qtbot: QtBot) -> PaperPreview:
    made = PaperPreview(jobs)
    qtbot.addWidget(made)
    made.resize(1124, 698)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def show(preview: PaperPreview, qtbot: QtBot, paper: Paper) -> None:
    """Show a paper and wait until its first page is seen as large as it should be."""
    preview.show_paper(paper)
    qtbot.waitUntil(lambda: preview.pictures.count() > 0)
    qtbot.waitUntil(lambda: seen(preview))


def seen(preview: PaperPreview) -> bool:
    QApplication.processEvents()
    return preview.pictures.is_there(max(0, preview.view.current()), preview.view.page_width())


def fit(preview: PaperPreview) -> Fit:
    return preview.view.fit


def words(preview: PaperPreview) -> str:
    return " ".join(label.text() for label in preview.findChildren(QLabel) if label.isVisible())


def test_the_page_is_seen_as_it_is(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper())
    picture = preview.view.viewport().grab().toImage()
    middle, half = preview.view.viewport().width() // 2, preview.view.viewport().height() // 2
    assert picture.pixelColor(middle, half - 40).lightness() > 250
    assert picture.pixelColor(middle, half + 40).lightness() < 5
    assert "صفحهٔ ۱ از ۳" in words(preview)


def test_a_whole_page_fits_and_the_keys_turn_the_pages(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper())
    tall = preview.view.page_width() * preview.pictures.ratio(0)
    assert tall <= preview.view.viewport().height()
    QTest.keyClick(preview.view, Qt.Key.Key_PageDown)
    assert preview.view.current() == 1
    QTest.keyClick(preview.view, Qt.Key.Key_End)
    assert preview.view.current() == 2
    assert "صفحهٔ ۳ از ۳" in words(preview)
    QTest.keyClick(preview.view, Qt.Key.Key_PageUp)
    QTest.keyClick(preview.view, Qt.Key.Key_Home)
    assert preview.view.current() == 0


def test_fit_and_zoom_keep_the_page_in_sight(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper())
    small = preview.view.page_width()
    QTest.keyClick(preview.view, Qt.Key.Key_PageDown)
    QTest.keyClick(preview.view, Qt.Key.Key_0, CONTROL)
    assert fit(preview) is Fit.WIDTH
    wide = preview.view.page_width()
    assert wide > small
    assert preview.view.current() == 1
    QTest.keyClick(preview.view, Qt.Key.Key_Plus, CONTROL)
    assert preview.view.page_width() == pytest.approx(wide * 1.2, abs=2)
    assert preview.view.horizontalScrollBar().maximum() > 0
    QTest.keyClick(preview.view, Qt.Key.Key_Minus, CONTROL)
    QTest.keyClick(preview.view, Qt.Key.Key_0, CONTROL)
    assert fit(preview) is Fit.PAGE
    assert preview.view.page_width() == pytest.approx(small, abs=1)


def test_a_click_on_a_small_page_goes_there(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper())
    assert preview.list.isVisible()
    places = dict(preview.list._in_sight())
    QTest.mouseClick(preview.list.viewport(), Qt.MouseButton.LeftButton, pos=places[2].center())
    assert preview.view.current() == 2


def test_a_single_page_needs_no_list(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper(1))
    assert not preview.list.isVisible()


def test_only_pages_in_sight_are_made(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper(40))
    qtbot.wait(50)
    made = {page for page, _ in preview.pictures._made}
    assert made < set(range(12))
    assert sum(picture.sizeInBytes() for picture in preview.pictures._made.values()) < MOST_BYTES


def test_another_paper_begins_at_its_first_page(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper(5))
    QTest.keyClick(preview.view, Qt.Key.Key_End)
    show(preview, qtbot, Paper("برگهٔ پهن", pdf_of(2, (400, 200)), "wide.pdf"))
    assert preview.view.current() == 0
    assert preview.pictures.ratio(0) == pytest.approx(0.5, abs=0.01)
    assert "صفحهٔ ۱ از ۲" in words(preview)
    assert "ذخیرهٔ اکسل" not in words(preview)


def test_a_file_that_is_no_pdf_is_told_as_trouble(preview: PaperPreview, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as raised:
        preview.show_paper(Paper("خراب", b"no PDF", "x.pdf"))
        qtbot.waitUntil(lambda: bool(raised))
    assert isinstance(raised[0][1], Trouble)
    assert raised[0][1].code == "P-4102"


def test_the_very_bytes_are_saved(preview: PaperPreview, qtbot: QtBot, tmp_path: Path) -> None:
    paper = a_paper()

    def where(_parent: QWidget, name: str) -> Path:
        return tmp_path / name

    preview.saving.ask_where = where
    show(preview, qtbot, paper)
    QTest.keyClick(preview.view, Qt.Key.Key_S, CONTROL)
    QTest.keyClick(preview.view, Qt.Key.Key_E, CONTROL)
    assert (tmp_path / "minutes.pdf").read_bytes() == paper.pdf
    assert (tmp_path / "minutes.xlsx").read_bytes() == paper.sheet
    assert preview.banner.title() == "ذخیره شد"


def test_the_print_question_is_answered_by_its_key_and_not_by_enter(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper(5))
    ordered: list[PrintOrder] = []
    preview.form.ordered.disconnect(preview._start)
    preview.form.ordered.connect(ordered.append)
    preview.form.begin(("HP", "Canon"), 5)
    preview.show_form()
    preview.form.printer.choose("Canon")
    preview.form.pages.setText("۲-۳")
    QTest.keyClick(preview.form.pages, Qt.Key.Key_Return)
    assert ordered == []
    QTest.keyClick(preview.form.pages, Qt.Key.Key_Return, CONTROL)
    assert ordered == [PrintOrder("Canon", (1, 2), 1)]
    preview.form.pages.setText("۷")
    QTest.keyClick(preview.form.pages, Qt.Key.Key_Enter, CONTROL)
    assert len(ordered) == 1
    assert "مانند" in words(preview)


def test_a_computer_without_printers_is_told(
    preview: PaperPreview, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", "/nowhere")
    show(preview, qtbot, a_paper())
    with qtbot.captureExceptions() as raised:
        QTest.keyClick(preview.view, Qt.Key.Key_P, CONTROL)
    assert isinstance(raised[0][1], Trouble)
    assert raised[0][1].code == "P-4104"
    assert not preview.form.isVisible()


def test_escape_closes_what_lies_on_top_first(preview: PaperPreview, qtbot: QtBot) -> None:
    show(preview, qtbot, a_paper())
    closed: list[bool] = []
    preview.closed.connect(lambda: closed.append(True))
    preview.form.begin(("HP",), 3)
    preview.show_form()
    preview.on_escape()
    assert (preview.form.isVisible(), closed) == (False, [])
    preview.on_escape()
    assert closed == [True]


def test_nothing_is_made_while_nobody_looks(preview: PaperPreview, qtbot: QtBot, jobs: Jobs) -> None:
    preview.show_paper(a_paper(30))
    preview.hide()
    qtbot.waitUntil(lambda: jobs.open_jobs() == ())
    assert len(preview.pictures._made) <= 1


def test_titles_of_people_are_never_read_as_markup(preview: PaperPreview, qtbot: QtBot) -> None:
    title = "<img src=x> \u202e<b>"
    show(preview, qtbot, a_paper(1, title))
    (label,) = [label for label in preview.findChildren(QLabel) if label.text() == title]
    assert label.textFormat() is Qt.TextFormat.PlainText
