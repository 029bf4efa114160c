"""States of the rules page for the pictures."""

from collections.abc import Callable, Mapping

from PySide6.QtTest import QTest

from app.circulation.reads import find_member
from app.demo.queries import card_with_loans, free_copies
from app.devices.scan import Scan, Source
from app.members.queries import open_loans
from app.policy.document import write_document
from app.policy.draft import Key, keys_of, with_line, with_value, without_line
from app.policy.service import set_policy
from app.policy.table import PolicyTable
from app.policy.values import Group
from db.codes import RuleStatus
from ui.policies.page import PoliciesPage
from ui.session import Session
from ui.window import MainWindow


def _page(window: MainWindow) -> PoliciesPage:
    page = window.open_page("policies")
    if not isinstance(page, PoliciesPage):
        raise TypeError(page)
    QTest.qWait(20)
    return page


def typical(_: Session, window: MainWindow) -> None:
    """The rules in force, the line of children chosen."""
    _page(window).rules.board.choose(Key(category="child"))


def overdue(_: Session, window: MainWindow) -> None:
    """Another group of parameters."""
    page = _page(window)
    page.rules.board.choose_first()
    page.rules.board.choose_group(Group.OVERDUE)


def empty(_: Session, window: MainWindow) -> None:
    """A draft whose only line says nothing yet."""
    page = _page(window)
    bare = page.draft()
    for key in keys_of(bare):
        bare = without_line(bare, key)
    for name in {name for row in bare.rows for name in row.values}:
        bare = with_value(bare, Key(), name, None)
    page.show_draft(bare)


def problem(_: Session, window: MainWindow) -> None:
    """A draft that may not be put in force."""
    page = _page(window)
    table = with_line(page.draft(), Key(category="half_price", item_type="audiovisual"))
    page.show_draft(with_value(with_value(table, Key(), "period_days", None), Key(), "loan_weeks", 2))
    page.rules.board.choose_first()
    page.check()


def mistake(_: Session, window: MainWindow) -> None:
    """Something written that cannot be read."""
    page = _page(window)
    page.rules.board.choose_first()
    page.rules.editor.input("loan_days").set_value("چهارده")
    page.check()


def publish(_: Session, window: MainWindow) -> None:
    """From when a changed draft is to hold."""
    page = _page(window)
    page.show_draft(with_value(page.draft(), Key(), "loan_days", 21))
    page.rules.board.choose_first()
    page.ask_publish()


def new_line(_: Session, window: MainWindow) -> None:
    """For whom a new line is."""
    page = _page(window)
    page.rules.board.choose_first()
    page.ask_line()


def tester(session: Session, window: MainWindow) -> None:
    """What holds for a reader and a copy on the shelf."""
    page = _page(window)
    with session.library.store.read() as reader:
        card, copy = card_with_loans(reader, 2, session.act().day), free_copies(reader)[0]
    for code in (card or "", copy):
        page.on_scan(Scan(code, Source.KEYBOARD, code))


def loan(session: Session, window: MainWindow) -> None:
    """A copy on loan: which row of which version decided it."""
    page = _page(window)
    with session.library.store.read() as reader:
        member = find_member(reader, card_with_loans(reader, 2, session.act().day) or "")
        barcode = open_loans(reader, member.id)[0].barcode if member else ""
    page.on_scan(Scan(barcode, Source.KEYBOARD, barcode))


def history(session: Session, window: MainWindow) -> None:
    """Versions: in force, gone by, a draft; and what the newest changed."""
    page = _page(window)
    table = page.draft()
    table = _stored(session, with_value(table, Key(), "loan_days", 21), RuleStatus.IN_FORCE)
    table = with_value(with_value(table, Key(), "fine_per_day", 1000), Key(category="child"), "max_loans_all_types", 3)
    _stored(session, without_line(table, Key(item_type="letterpress")), RuleStatus.DRAFT)
    page.show_versions()


def _stored(session: Session, table: PolicyTable, status: RuleStatus) -> PolicyTable:
    document = write_document(table) | {"status": status.value, "title": "ضوابط سال ۱۴۰۶", "effective_from": None}
    set_policy(session.library, document, session.act())
    return table


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "policies": typical,
    "policies-overdue": overdue,
    "policies-empty": empty,
    "policies-problem": problem,
    "policies-mistake": mistake,
    "policies-publish": publish,
    "policies-new-line": new_line,
    "policies-tester": tester,
    "policies-loan": loan,
    "policies-versions": history,
}
