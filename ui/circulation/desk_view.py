"""What stands on the desk page: the reader or the day, the badges beside the box, and what waits to be done."""

import datetime as dt
import uuid
from collections.abc import Mapping

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent

from app.circulation.checkout import CheckoutRequest
from app.circulation.queries import day_counts, todays_events
from app.library import Library
from ui.circulation.at_desk import AtDesk, read_at_desk
from ui.circulation.day_card import Waiting
from ui.circulation.desk_parts import DeskParts
from ui.circulation.modes import Told, told
from ui.circulation.rows import Mark, loan_view
from ui.session import Session
from ui.theme import Tone
from ui.widgets.labels import isolate

FIRST_COUNT_MS, NEXT_COUNT_MS = 400, 4_000
"""After so long an idle desk counts what waits: the first paint and the next scans come before it."""


class DeskView(DeskParts):
    """Shows who is at the desk."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.at_desk = AtDesk()
        self._marks: Mapping[object, Mark] = {}
        self._badges: tuple[Told, ...] = ()
        self._unknown: tuple[uuid.UUID, CheckoutRequest] | None = None
        self._uncounted = True
        self._count = QTimer(self, singleShot=True, interval=FIRST_COUNT_MS)
        self._count.timeout.connect(self._count_what_waits)
        session.refresh.changed.connect(self._rows_changed)

    def clear_reader(self) -> None:
        """Nobody is on screen; nothing on it belongs to anybody."""
        self.at_desk.clear()
        self.strip.clear()
        self.banner.show_outcome(Tone.NEUTRAL, "میز آماده است", "کارت عضو یا برچسب کتاب را اسکن کنید.")
        self._forget_the_last()
        self.show_again()

    def show_again(self) -> None:
        """Read anew what is on screen: the reader, or the day."""
        reader = self.at_desk.reader
        if reader is not None:
            again = read_at_desk(self._session.library, reader.id, self._session.act().day)
            if again is None:
                self.clear_reader()
                return
            self.at_desk.reader = again
            self._show_reader()
        else:
            self._show_day()

    def show_badge(self) -> None:
        """Whom the next scan concerns, and what is not as usual."""
        desk = self.at_desk
        if desk.lends and desk.reader is not None:
            card = f" (کارت {isolate(desk.holder.name)})" if desk.holder else ""
            badge = (f"امانت به: {isolate(desk.reader.name)}{card}", Tone.INFO)
        else:
            badge = ("" if desk.reader is None else isolate(desk.reader.name), Tone.NEUTRAL)
        modes = told(desk.modes, desk.returned if desk.modes.returning else None)
        if desk.remembered(self._session.act()):
            modes = (*modes, ("اجازه برای این مراجعه", Tone.WARN))
        if (badge, *modes) != self._badges:  # a scan that changes nothing of it lays nothing out anew
            self._badges = (badge, *modes)
            self.box.show_badge(*badge)
            self.show_modes(modes)

    def _forget_the_last(self) -> None:
        """What was said of one reader's loans is no business of the next."""
        self._marks, self._unknown = {}, None
        self.close_why()

    def _show_reader(self) -> None:
        desk, act = self.at_desk, self._session.act()
        if desk.reader is None:
            return
        self.side.show_reader(desk.reader, desk.holder, seen=desk.has_seen_notes(act))
        rows = [
            loan_view(loan, act.day, fresh=loan.out_on == act.day, mark=self._marks.get(loan.item_id))
            for loan in desk.reader.card.loans
        ]
        self.loans.set_rows(rows)
        self.show_badge()
        self._show_list()

    def _show_day(self) -> None:
        today = self._session.act().day
        with self._session.library.store.read() as reader:
            self.side.show_day(today, day_counts(reader, today))
            self.events.set_rows(todays_events(reader, today))
        self.show_badge()
        self._show_list()
        if self._uncounted and self.isVisible():
            self._count.start()

    def _show_list(self) -> None:
        self.next.setVisible(self.at_desk.reader is not None)
        self._lists.setCurrentWidget(self.loans if self.at_desk.reader is not None else self.events)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._count.stop()

    @Slot()
    def _count_what_waits(self) -> None:
        """Beside the desk: nothing delays a scan."""
        self._uncounted = False
        self._count.setInterval(NEXT_COUNT_MS)
        library, today = self._session.library, self._session.act().day
        job = self._session.jobs.start("شمارش کارهای در انتظار", lambda _: _what_waits(library, today))
        job.finished.connect(self.side.day.show_waiting)
        job.failed.connect(self._count_failed)

    @Slot(object)
    def _count_failed(self, error: BaseException) -> None:
        """Told like anything nobody caught."""
        raise error

    @Slot(frozenset)
    def _rows_changed(self, _: frozenset[str]) -> None:
        self._uncounted = True


def _what_waits(library: Library, today: dt.date) -> Waiting:
    from ui.circulation.waiting import read_waiting  # what only this needs is not loaded at the start

    return read_waiting(library, today)
