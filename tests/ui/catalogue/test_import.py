from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.codes import Role, Source
from db.models.catalogue import Title
from db.models.items import Item
from db.trouble import Trouble
from tests import library as lib
from tests.app.catalogue.importing.samples import marc
from tests.ui.catalogue.pages import CTRL, CTRL_SHIFT, press, titles, words
from tests.ui.sessions import heard
from ui.catalogue.import_panel import ImportPanel, Step
from ui.catalogue.page import CataloguePage
from ui.session import Session
from ui.sounds import Sound

LIST = """عنوان,نویسنده,ناشر,سال,شابک,موضوع,بارکد
سفر به دور اتاقم,گزاویه دومستر,ماهی,۱۳۹۵,978-964-363-066-9,داستان,K-1
باغ همسایه,خوسه دونوسو,,۱۳۹۲,978-600-119-999-0,,
,نویسنده ناشناس,,,,,
خودکار آبی,,,,,لوازم التحریر,
<b>=1+1</b>,,,,,,
"""
PLAIN = "آتش بدون دود,ابراهیمی\nبار دیگر شهری,ابراهیمی\n"
WAIT_MS = 20_000


@pytest.fixture
def panel(page: CataloguePage) -> ImportPanel:
    press(Qt.Key.Key_I, CTRL)
    assert page.importing.isVisible()
    return page.importing


def file(folder: Path, text: str, name: str = "ketab.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def look(panel: ImportPanel, path: Path, qtbot: QtBot) -> None:
    panel.ask_which = lambda *_: path
    press(Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: panel.step() is Step.LOOK, timeout=WAIT_MS)


def run(panel: ImportPanel, qtbot: QtBot) -> None:
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: panel.step() is Step.REPORT, timeout=WAIT_MS)


def numbers(panel: ImportPanel) -> dict[str, str]:
    return {name: tile.accessibleName().split(":")[1].strip() for name, tile in panel.report.tiles.items()}


def states(panel: ImportPanel) -> list[str]:
    return [row.state for row in panel.view.rows.table.shown_rows()]


def test_the_panel_says_what_it_takes_and_a_changed_mind_changes_nothing(panel: ImportPanel) -> None:
    assert "اکسل، CSV، مارک ۲۱" in words(panel.begin)
    panel.ask_which = lambda *_: None
    press(Qt.Key.Key_O, CTRL)
    assert panel.step() is Step.CHOOSE


def test_the_preview_shows_what_becomes_of_each_record(panel: ImportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    look(panel, file(tmp_path, LIST), qtbot)
    assert states(panel) == ["خوانده شد", "با هشدار", "رد می‌شود", "کتاب نیست", "خوانده شد"]
    rows = panel.view.rows.table.shown_rows()
    assert (rows[0].title, rows[0].creators, rows[0].year) == ("سفر به دور اتاقم", "\u2068گزاویه دومستر\u2069", "۱۳۹۵")
    assert rows[1].remarks.startswith("شابک درست نیست. (\u2068شابک\u2069")
    assert rows[2].remarks == "عنوان ندارد."
    assert panel.view.columns.choice("نویسنده").currentText() == "نویسنده"
    assert "ketab.csv" in panel.view.facts.text()
    assert "متن جدولی (CSV)" in panel.view.facts.text()


def test_a_small_list_comes_in_and_is_reported_in_numbers(
    panel: ImportPanel, page: CataloguePage, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    look(panel, file(tmp_path, LIST), qtbot)
    panel.view.options.input("copies").set_value(2)
    panel.view.options.input("source").set_value("donation")
    run(panel, qtbot)
    assert numbers(panel) == {
        "read": "۵", "titles": "۳", "known": "۰", "copies": "۵", "repaired": "۰", "refused": "۱", "not_books": "۱"
    }  # fmt: skip
    assert len(lib.rows(session.library, Item, source=Source.DONATION)) == 5
    assert [item.barcode for item in lib.rows(session.library, Item, barcode="K-1")] == ["K-1"]
    press(Qt.Key.Key_Escape)
    page.on_escape()
    page.search.search("اتاقم")
    assert titles(page) == ["سفر به دور اتاقم"]
    page.search.search("1+1")
    assert titles(page) == ["<b>=1+1</b>"]


def test_what_was_not_taken_lies_in_a_folder_that_a_button_opens(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    opened: list[Path] = []
    panel.open_folder = opened.append
    look(panel, file(tmp_path, LIST), qtbot)
    run(panel, qtbot)
    press(Qt.Key.Key_O, CTRL_SHIFT)
    assert opened == [session.folder / "imports"]
    (side,) = opened[0].glob("*.jsonl")
    assert "نویسنده ناشناس" in side.read_text(encoding="utf-8")
    assert side.name in words(panel.report)


def test_the_same_file_is_not_taken_in_twice(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    path = file(tmp_path, LIST)
    look(panel, path, qtbot)
    run(panel, qtbot)
    look(panel, path, qtbot)
    run(panel, qtbot)
    assert "همین فایل پیش‌تر وارد شده است" in words(panel.report)
    assert len(lib.rows(session.library, Title)) == 6
    assert not panel.folder.isVisible()


def test_unknown_headings_are_asked_about_before_anything_is_taken(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    look(panel, file(tmp_path, PLAIN), qtbot)
    press(Qt.Key.Key_S, CTRL)
    assert panel.step() is Step.LOOK
    assert heard(session)[-1] == Sound.REFUSED
    panel.view.columns.choice("ستون ۱").choose("title")
    panel.view.columns.choice("ستون ۲").choose("author")
    qtbot.waitUntil(lambda: states(panel) == ["خوانده شد"] * 2, timeout=WAIT_MS)
    assert [row.creators for row in panel.view.rows.table.shown_rows()] == ["\u2068ابراهیمی\u2069"] * 2
    run(panel, qtbot)
    assert numbers(panel)["titles"] == "۲"


def test_a_field_of_one_value_takes_one_column(panel: ImportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    look(panel, file(tmp_path, PLAIN), qtbot)
    for heading in ("ستون ۱", "ستون ۲"):
        panel.view.columns.choice(heading).choose("title")
    assert "«عنوان» به دو ستون داده شده است" in words(panel.view)
    press(Qt.Key.Key_S, CTRL)
    assert panel.step() is Step.LOOK


def test_another_encoding_reads_the_file_anew(panel: ImportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("عنوان\nسووشون\n".encode("cp1256"))
    look(panel, path, qtbot)
    assert panel.view.rows.table.row_at(0).title == "سووشون"
    panel.view.options.input("encoding").set_value("utf-16-le")
    qtbot.waitUntil(lambda: not panel._session.jobs.open_jobs(), timeout=WAIT_MS)
    assert panel.view.encoding() == "utf-16-le"
    assert "سووشون" not in [row.title for row in panel.view.rows.table.shown_rows()]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ketab.xlsx", b"PK\x03\x04 no workbook", "آنی نیست که نامش می‌گوید"),
        ("ketab.mrc", b"%PDF-1.7", "آنی نیست که نامش می‌گوید"),
        ("ketab.csv", b"", "چیزی برای خواندن نبود"),
    ],
)
def test_a_damaged_file_is_told_in_three_parts_and_changes_nothing(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    panel.ask_which = lambda *_: path
    press(Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(panel.report.isVisible, timeout=WAIT_MS)
    told = words(panel.report)
    assert said in told
    assert "چیزی تغییر نکرده است." in told
    assert "کد خطا: \u2066P-21" in told
    assert len(lib.rows(session.library, Title)) == 3
    assert panel.choose.isVisible()


def test_a_file_that_goes_before_it_is_read_is_trouble_and_not_a_crash(
    panel: ImportPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    path = file(tmp_path, LIST)
    look(panel, path, qtbot)
    path.unlink()
    run(panel, qtbot)
    assert "باز نشد" in words(panel.report)
    assert not panel.is_running()


def test_a_long_import_shows_how_far_it_is_and_stops_when_asked(
    panel: ImportPanel, page: CataloguePage, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = "\n".join(f"کتاب شمارهٔ {number},نویسنده {number}" for number in range(3000))
    path = file(tmp_path, f"عنوان,نویسنده\n{rows}\n")
    look(panel, path, qtbot)
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: len(lib.rows(session.library, Title)) > 3, timeout=WAIT_MS)
    assert panel.progress.isVisible()
    page.on_escape()  # back to the search: the progress stays, the search works
    assert panel.progress.isVisible()
    page.search.search("سووشون")
    assert titles(page) == ["سووشون"]
    panel.progress.cancel_wanted.emit()
    qtbot.waitUntil(lambda: not panel.is_running(), timeout=WAIT_MS)
    assert not panel.progress.isVisible()
    page.open_import()
    assert "ورود را متوقف کردید" in words(panel.report)
    stored = len(lib.rows(session.library, Title)) - 3
    assert 0 < stored < 3000
    assert stored % 40 == 0


def test_a_stopped_import_goes_on_where_it_stopped(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = "\n".join(f"کتاب شمارهٔ {number},نویسنده {number}" for number in range(400))
    path = file(tmp_path, f"عنوان,نویسنده\n{rows}\n")
    look(panel, path, qtbot)
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: len(lib.rows(session.library, Title)) > 3, timeout=WAIT_MS)
    panel.progress.cancel_wanted.emit()
    qtbot.waitUntil(lambda: not panel.is_running(), timeout=WAIT_MS)
    panel._go_to(Step.CHOOSE)
    look(panel, path, qtbot)
    run(panel, qtbot)
    assert len(lib.rows(session.library, Title)) == 403


def test_somebody_who_may_not_import_is_told_why(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.person = type(session.person)(session.person.id, session.person.name, Role.ASSISTANT)
    look(panel, file(tmp_path, LIST), qtbot)
    run(panel, qtbot)
    assert "این کار در اختیار کاربر کنونی نیست." in words(panel.report)
    assert len(lib.rows(session.library, Title)) == 3


def test_a_bug_is_not_told_as_trouble_of_the_file(panel: ImportPanel) -> None:
    with pytest.raises(ZeroDivisionError):
        panel._failed(ZeroDivisionError())
    panel._failed(Trouble("P-1101"))
    assert "فضای دیسک تمام شد." in words(panel.report)


OLD = """عنوان,نویسنده,شماره ثبت,کد صفحه ۷
همسایه‌ها,محمود,12,۳
مدیر مدرسه,آل احمد,13,مفقود
داش آکل,هدایت,14,امانت
تنگسیر,چوبک,15,7
شازده احتجاب,گلشیری,16,
"""


def settled(panel: ImportPanel, qtbot: QtBot, wanted: list[str]) -> None:
    qtbot.waitUntil(lambda: states(panel) == wanted, timeout=WAIT_MS)


def test_statuses_of_another_program_are_given_their_meaning_and_come_in(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    """002 م8-5، م8-6."""
    look(panel, file(tmp_path, OLD), qtbot)
    statuses = panel.view.statuses
    assert statuses.isVisible()
    assert states(panel) == ["رد می‌شود", "خوانده شد", "با هشدار", "رد می‌شود", "خوانده شد"]
    assert statuses.choice("۳").currentText() == "— رد می‌شود —"
    assert statuses.choice("مفقود").currentText() == "مفقود (خودکار)"
    statuses.options.input("weeded_code").set_value("3")
    statuses.options.input("weeded_as").set_value("weeded_duplicate")
    statuses.choice("7").choose("in_binding")
    settled(panel, qtbot, ["خوانده شد", "خوانده شد", "با هشدار", "خوانده شد", "خوانده شد"])
    assert statuses.choice("۳").currentText() == "وجین تکراری (خودکار)"
    assert statuses.choice("7").code() == "in_binding"
    run(panel, qtbot)
    came = {item.accession_no: item.status for item in lib.rows(session.library, Item) if item.accession_no >= 12}
    assert came == {12: "weeded_duplicate", 13: "missing", 14: "unknown", 15: "in_binding", 16: "available"}
    assert "از نسخه‌ها ۱ وجین، ۱ مفقود است؛ همان می‌ماند." in words(panel.report)
    assert "۱ نسخه در آن برنامه امانت بود" in words(panel.report)


def test_another_file_knows_nothing_of_the_meanings_before(panel: ImportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    look(panel, file(tmp_path, OLD), qtbot)
    panel.view.statuses.choice("7").choose("missing")
    settled(panel, qtbot, ["رد می‌شود", "خوانده شد", "با هشدار", "خوانده شد", "خوانده شد"])
    panel.open_file(file(tmp_path, OLD.replace("داش", "داشِ"), "new.csv"))
    settled(panel, qtbot, ["رد می‌شود", "خوانده شد", "با هشدار", "رد می‌شود", "خوانده شد"])
    assert panel.view.statuses.choice("7").code() == ""
    panel.open_file(file(tmp_path, LIST, "plain.csv"))
    qtbot.waitUntil(lambda: not panel.view.statuses.isVisible(), timeout=WAIT_MS)


def test_a_local_field_of_marc_is_asked_for_and_checked(
    panel: ImportPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    """002 م8-5: the code of «نمایه» in a local field of ISO 2709."""
    path = tmp_path / "old.mrc"
    path.write_bytes(marc([("852", {"p": "B1"}), ("949", {"s": "33"})]))
    look(panel, path, qtbot)
    statuses = panel.view.statuses
    assert statuses.isVisible()
    statuses.marc.input("field").set_value("94")
    press(Qt.Key.Key_S, CTRL)
    assert panel.step() is Step.LOOK
    statuses.marc.input("field").set_value("949s")
    statuses.options.input("weeded_code").set_value("33")
    statuses.options.input("weeded_as").set_value("weeded_content")
    settled(panel, qtbot, ["خوانده شد"])
    run(panel, qtbot)
    assert [item.status for item in lib.rows(session.library, Item, barcode="B1")] == ["weeded_content"]
