"""What tests of the desk page look at."""

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from db.models.items import Item
from tests import library as lib
from ui.circulation.desk import DeskPage
from ui.session import Session
from ui.widgets.form import Form
from ui.widgets.form_inputs import Value
from ui.widgets.pills import Pill


def titles(page: DeskPage) -> list[str]:
    """The loans of the list, from the top."""
    return [loan.title for loan in page.loans.table.shown_rows()]


def states(page: DeskPage) -> list[str]:
    """What stands beside the loans."""
    return [loan.state for loan in page.loans.table.shown_rows()]


def status(session: Session, copy: lib.ACopy) -> str:
    """Where a copy stands in the store."""
    return str(lib.row(session.library, Item, copy.id).status)


def said(page: DeskPage) -> str:
    """The big line of the banner."""
    return page.banner.title()


def words_in(widget: QWidget) -> str:
    """Every text of a part of the page."""
    QApplication.processEvents()  # what was put into a layout is shown a moment later
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def question(page: DeskPage) -> str:
    """Every text of the question."""
    return words_in(page.panel)


def pills(page: DeskPage) -> list[str]:
    """What stands beside the box."""
    return [pill.text() for pill in page.pills if not pill.isHidden()]


def badge(page: DeskPage) -> str:
    """Whom the next scan concerns."""
    return " ".join(pill.text() for pill in page.box.findChildren(Pill) if not pill.isHidden())


def choose(page: DeskPage, code: str) -> None:
    """What a key of the question does."""
    page.panel.chosen.emit(code)


def fill(page: DeskPage, **values: Value) -> Form:
    """Write into the form of the question."""
    (form,) = page.panel.findChildren(Form)
    for name, value in values.items():
        form.input(name).set_value(value)
    return form


def is_ready(page: DeskPage) -> bool:
    """Habit 2: the box is empty and has the focus."""
    return page.box.edit.text() == "" and page.focusWidget() is page.box.edit


def a_copy(session: Session) -> str:
    """The label of a plain copy."""
    return lib.add_copy(session.library).barcode


def with_parts(session: Session) -> str:
    """The label of a copy whose parts are counted."""
    return lib.add_copy(session.library, parts="لوح فشرده", flags=("parts",)).barcode


def not_for_loan(session: Session) -> str:
    """The label of a copy that no rule lets out of the house."""
    lib.put_policy(session.library, {"values": {"loan_days": 14, "loanable": "no"}})
    return a_copy(session)
