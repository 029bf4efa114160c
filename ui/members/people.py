"""The list of all members with the box that narrows it, and the card of the chosen one."""

import uuid

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.circulation.reader_card import reader_card
from app.circulation.reads import find_member
from app.members.queries import MemberRow, list_members, member_details
from ui.members.details import Chosen, DetailsCard
from ui.members.rows import ROW_HEIGHT, member_table
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.empty import EmptyPage
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class PeoplePart(QWidget):
    """`not_listed` carries what was typed and ended with Enter when no member has it.

    `begin` is the button of a library without members, `new` the one in the box: never both at once, since they listen
    to the same key.
    """

    not_listed = Signal(str)

    def __init__(self, session: Session, begin: Button, new: Button) -> None:
        super().__init__()
        self._session, self._new = session, new
        self.box = SearchBox("نام، شماره یا تلفن عضو را بنویسید، یا کارت را اسکن کنید…")
        self.box.add_end(new)
        table = member_table(session.library.categories, session.act().day)
        self.members = RowList(table, title="اعضا", noun="عضو", row_height=ROW_HEIGHT)
        self.members.filter.hide()
        self.details = DetailsCard()
        self.empty = EmptyPage(
            "users",
            "دفتر اعضای کتابخانه",
            "هنوز کسی عضو نشده است. نخستین عضو را ثبت کنید؛ کارت او را هم می‌توانید همان‌جا اسکن کنید.",
            begin,
        )
        self._lists = QWidget()
        beside = row(self.members, self.details, gap=14)
        beside.setStretch(0, 1)
        self._lists.setLayout(beside)
        whole = column(self.box, self._lists, self.empty, gap=14)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)
        self._show_what_there_is()
        self._connect()

    def read_again(self) -> None:
        """Read every member anew; the chosen one stays chosen."""
        library = self._session.library
        with library.store.read() as reader:
            rows = list_members(reader, self._session.act().day)
        self.members.set_rows(rows)
        self._show_what_there_is()
        if not self.members.view.chosen():
            self.details.clear()

    def choose_key(self, key: str) -> bool:
        """Choose the member of a card, a number or a national id; False if there is none."""
        with self._session.library.store.read() as reader:
            member = find_member(reader, key)
        if member is None:
            return False
        self.choose(member.id)
        return True

    def choose(self, member_id: uuid.UUID) -> None:
        """Choose a member, whatever the list shows; nobody, if the member is gone."""
        self.narrow("")
        self.members.view.clearSelection()
        self.members.view.choose(member_id)
        if not self.members.view.chosen():
            self.details.clear()

    def clear(self) -> None:
        """An empty box, the whole list, nobody chosen."""
        self.narrow("")
        self.members.view.clearSelection()
        self.members.view.setCurrentIndex(self.members.table.index(-1, -1))
        self.details.clear()

    @Slot(str)
    def narrow(self, text: str) -> None:
        """Show the members who have every word that is written."""
        if self.box.edit.text() != text:
            self.box.edit.setText(text)
        self.members.table.set_filter(text)
        if not self.members.view.chosen():
            self.details.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows move in the list while the writing goes on in the box.
        if watched is self.box.edit and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            if event.type() == QEvent.Type.KeyPress:
                QApplication.sendEvent(self.members.view, event)
            return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter after typing: a number acts like its scan, words take the first of the list."""
        if self.choose_key(text):
            return
        if self.members.table.rowCount() == 0:
            self.not_listed.emit(text)
            return
        self.box.edit.setText(text)
        self.box.edit.selectAll()
        if not self.members.view.chosen():
            self.members.view.choose_place(0)

    @Slot(object)
    def _show_details(self, member: MemberRow) -> None:
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            card = reader_card(library, reader, member.id, today)
            details = member_details(reader, member.id)
        if card is None or details is None:
            self.details.clear()
        else:
            self.details.show_member(Chosen(card, details))

    def _show_what_there_is(self) -> None:
        nobody = self.members.table.total() == 0
        self._lists.setVisible(not nobody)
        self.empty.setVisible(nobody)
        self._new.setVisible(not nobody)

    def _connect(self) -> None:
        self.box.typed.connect(self.narrow)
        self.box.submitted.connect(self._submitted)
        self.box.edit.installEventFilter(self)
        self.members.view.current_row.connect(self._show_details)
        self.members.view.row_opened.connect(lambda _: self.details.to_desk.click())
