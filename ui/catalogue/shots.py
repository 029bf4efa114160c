"""The states of the catalogue page, for pictures."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from app.catalogue.form import Creator
from app.demo.centre import know_record
from app.devices.scan import Scan, Source
from db.codes import CreatorRole
from ui.catalogue.page import CataloguePage
from ui.session import Session
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]

LIST = """عنوان,نویسنده,ناشر,سال,شابک,قیمت,موضوع
سفر به دور اتاقم,گزاویه دومستر,نشر ماهی,۱۳۹۵,978-964-363-066-9,"۱۲۰,۰۰۰ ریال",داستان
باغ همسایه,خوسه دونوسو,,۱۳۹۲,978-600-119-999-9,,داستان‌های شیلیایی
,نویسنده ناشناس,,,,,
خودکار آبی,,,,,۱۵۰۰۰,لوازم التحریر
تاریخ مختصر زمان,استیون هاوکینگ,مازیار,چاپ دهم ۱۳۸۸,,,فیزیک
"""

OLD = """عنوان,نویسنده,شماره ثبت,تاریخ ثبت,بارکد,کد صفحه ۷
شازده احتجاب,گلشیری,90012,۱۳۸۹/۰۲/۰۳,N-90012,
همسایه‌ها,احمد محمود,90013,۱۳۸۹/۰۲/۰۳,N-90013,3
مدیر مدرسه,آل احمد,90014,۱۳۸۵/۱۱/۲۰,N-90014,مفقود
داش آکل,هدایت,90015,۱۳۹۰/۰۷/۱۲,N-90015,امانت
تنگسیر,چوبک,90016,۱۳۹۰/۰۷/۱۲,N-90016,7
"""


def _page(window: MainWindow) -> CataloguePage:
    page = window.open_page("catalogue")
    if not isinstance(page, CataloguePage):
        raise TypeError("the window has another page under «catalogue»")
    return page


def _empty(_: Session, window: MainWindow) -> None:
    _page(window)


def _search(window: MainWindow, words: str) -> CataloguePage:
    page = _page(window)
    page.search.search(words)
    return page


def _found(_: Session, window: MainWindow) -> None:
    _search(window, "شعر").search.hits.view.choose_place(0)


def _nothing(_: Session, window: MainWindow) -> None:
    _search(window, "کوانتوم خرگوش")


def _scanned(_: Session, window: MainWindow) -> None:
    _page(window).on_scan(Scan("RAF-000012", Source.KEYBOARD, ""))


def _title_form(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.new_title()
    page.title_form.head.set_values({"title": "آتش بدون دود", "subtitle": "گالان و سولماز"})
    page.title_form.creators.set_creators(
        (Creator("ابراهیمی، نادر"), Creator("مثقالی، فرشید", CreatorRole.ILLUSTRATOR))
    )
    page.title_form.rest.set_values(
        {
            "publisher": "روزبهان",
            "place": "تهران",
            "year": 1371,
            "isbn": "964552913X",
            "material": "book",
            "status": "cip",
            "language": "fa",
            "age_group": "",
            "subjects": "داستان‌های فارسی -- قرن ۱۴؛ ترکمن‌ها -- داستان",
        }
    )
    page.title_form.rest.input("dewey").set_value("8فا3.62")


def _asked(session: Session, window: MainWindow) -> None:
    _title_form(session, window)
    _page(window).title_form.save_title()


def _copy_form(_: Session, window: MainWindow) -> None:
    page = _search(window, "شاهنامه")
    page.search.hits.view.choose_place(0)
    page.new_copy()
    page.copy_form.take_scan("RAF-000012")
    page.copy_form.save.click()


def _union(session: Session, window: MainWindow) -> None:
    page = _search(window, "شاهنامه")
    page.search.hits.view.choose_place(0)
    chosen = page.search.record.chosen()
    if chosen is not None:
        know_record(session.library, chosen.row.id)
    page.open_union()


def _no_union(_: Session, window: MainWindow) -> None:
    page = _search(window, "شعر")
    page.search.hits.view.choose_place(0)
    page.open_union()


def _import(_: Session, window: MainWindow) -> None:
    _page(window).open_import()


def _preview(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.open_import()
    file = Path(tempfile.gettempdir()) / "ketab.csv"
    file.write_text(LIST, encoding="utf-8")
    page.importing.open_file(file)
    _wait(session)


def _report(session: Session, window: MainWindow) -> None:
    _preview(session, window)
    _page(window).importing.start.click()
    _wait(session)


def _conversion(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.open_import()
    file = Path(tempfile.gettempdir()) / "namayeh.csv"
    file.write_text(OLD, encoding="utf-8")
    page.importing.open_file(file)
    _wait(session)


def _converted(session: Session, window: MainWindow) -> None:
    _conversion(session, window)
    panel = _page(window).importing
    panel.view.statuses.options.input("weeded_code").set_value("3")
    panel.view.statuses.options.input("weeded_as").set_value("weeded_content")
    _wait(session)
    panel.start.click()
    _wait(session)


def _damaged(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.open_import()
    file = Path(tempfile.gettempdir()) / "ketab.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook")
    page.importing.open_file(file)
    _wait(session)


def _wait(session: Session) -> None:
    while session.jobs.open_jobs():
        QCoreApplication.processEvents()


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "catalogue-empty": _empty,
        "catalogue": _found,
        "catalogue-nothing": _nothing,
        "catalogue-scanned": _scanned,
        "catalogue-title-form": _title_form,
        "catalogue-title-asked": _asked,
        "catalogue-copy-form": _copy_form,
        "catalogue-union": _union,
        "catalogue-union-none": _no_union,
        "catalogue-import": _import,
        "catalogue-import-preview": _preview,
        "catalogue-import-report": _report,
        "catalogue-import-conversion": _conversion,
        "catalogue-import-converted": _converted,
        "catalogue-import-damaged": _damaged,
    }
)
