"""The states of the members page, for pictures."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from app.devices.scan import Scan, Source
from ui.members.page import MembersPage
from ui.session import Session
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> MembersPage:
    page = window.open_page("members")
    if not isinstance(page, MembersPage):
        raise TypeError("the window has another page under «members»")
    return page


def _list(_: Session, window: MainWindow) -> None:
    _page(window)


def _chosen(_: Session, window: MainWindow) -> None:
    page = _page(window)
    busiest = max(page.people.members.table.shown_rows(), key=lambda member: (member.overdue, member.open_loans))
    page.on_scan(Scan(busiest.member_no, Source.KEYBOARD, ""))


def _typed(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.people.box.edit.setText("احمدی")
    page.people.box.typed.emit("احمدی")
    page.people.members.view.choose_place(0)


def _unknown(_: Session, window: MainWindow) -> None:
    _page(window).on_scan(Scan("M-999999", Source.KEYBOARD, ""))


def _form(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.new_member()
    page.form.form.set_values(
        {
            "given_name": "مریم",
            "family_name": "",
            "category": "child",
            "national_id": "0012345678",
            "birth_date": date(2017, 5, 4),
            "mobile": "0861 223 4455",
            "guardian": "زهرا احمدی",
        }
    )
    page.form.save_member()


def _asked(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.new_member()
    page.form.form.set_values(
        {"given_name": "گل‌محمد", "family_name": "حیدری", "category": "ordinary", "national_id": "0012345678"}
    )
    page.form.save_member()
    page.on_scan(Scan("M-000185", Source.KEYBOARD, ""))


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "members": _list,
        "members-chosen": _chosen,
        "members-typed": _typed,
        "members-unknown": _unknown,
        "members-form": _form,
        "members-asked": _asked,
    }
)
