"""The states of the staff page, of changing places and of the lock, for pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtWidgets import QApplication

from app.persian import jalali
from ui.session import Session
from ui.staff.page import TRAININGS, StaffPage
from ui.staff.sign_in import SignInSheet
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> StaffPage:
    page = window.open_page("staff")
    if not isinstance(page, StaffPage):
        raise TypeError("the window has another page under «staff»")
    return page


def _sheet(window: MainWindow) -> SignInSheet:
    sheet = window.findChild(SignInSheet)
    if sheet is None:
        raise RuntimeError("nobody can sign in")
    return sheet


def _typical(_: Session, window: MainWindow) -> None:
    _page(window)


def _refused(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.new_person()
    page.form.set_values({"name": "زهرا کریمی", "role": "trainee", "pin": "1234", "active": True})
    page.permissions.role.choose("trainee")
    page.permissions.show_role()
    page.save_person()


def _offices(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.turn_over()
    for position, name, since in (
        ("branch_head", "سیمین نوری", "1402/02/01"), ("branch_head", "زهرا کریمی", "1404/07/01"),
        ("county_head", "کاوه شریفی", "1403/01/20"), ("province_reviewer", "نرگس بیات", "1401/05/10"),
        ("reference", "رضا احمدی", "1404/01/15"),
    ):  # fmt: skip
        page.offices.form.set_values({"position": position, "name": name, "since": jalali.parse(since)})
        page.offices.save_office()


def _trainings(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.turn_to(TRAININGS)
    for subject, held_on, hours, organiser, everyone in (
        ("صحافی پایه و ترمیم", "1404/11/20", 16, "ادارهٔ کل استان", True),
        ("مراقبت از نسخه‌های خطی", "1404/03/05", 8, "کتابخانهٔ مرکزی استان", False),
        ("وجین و رف‌خوانی", "1405/02/12", 4, "ادارهٔ شهرستان", False),
    ):
        page.trainings.begin()
        page.trainings.form.set_values(
            {"subject": subject, "held_on": jalali.parse(held_on), "hours": hours, "organiser": organiser,
             "everybody": everyone}
        )  # fmt: skip
        page.trainings.save_training()


def _switch(_: Session, window: MainWindow) -> None:
    _sheet(window).switch()


def _locked(_: Session, window: MainWindow) -> None:
    window.set_locked(True)
    sheet = _sheet(window)
    sheet.lock()
    sheet.pin.setText("0000")
    sheet.take_pin()
    QApplication.processEvents()


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "staff": _typical,
        "staff-offices": _offices,
        "staff-trainings": _trainings,
        "staff-refused": _refused,
        "staff-switch": _switch,
        "staff-locked": _locked,
    }
)
