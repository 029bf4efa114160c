"""The members page: everybody in one list, and in its place the form for a new member."""

from collections import deque

from PySide6.QtCore import Signal, Slot

from app.devices.scan import Scan, Unreadable
from app.items.queries import FoundCopy, find_copy
from app.labels import ITEM_STATUS
from app.members.writing import Enrolled
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.files import safe_write
from reports.lists import list_xlsx
from ui.circulation.rows import titled
from ui.keys import KeyHelp
from ui.members.details import TO_DESK
from ui.members.form_card import SAVE, SAVE_ANYWAY, MemberFormCard
from ui.members.people import PeoplePart
from ui.page import Action, Page
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate
from ui.widgets.layouts import column

MARGINS = (22, 18, 22, 18)
NEW = "Ctrl+N"
STALE_AFTER = frozenset({"members", "loans", "rules"})


class MembersPage(Page):
    """`desk_wanted` carries the card (or number) of the member with whom the desk is to be opened."""

    desk_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[Scan] = deque()
        self.ask_where: AskWhere = ask_where
        self.banner = Banner()
        self.banner.hide()
        self._ways_in = (Button("عضو تازه", NEW, "primary", "user-plus"), Button("عضو تازه", NEW, icon="user-plus"))
        self.people = PeoplePart(session, *self._ways_in)
        self.form = MemberFormCard(session)
        whole = column(self.banner, self.people, self.form, gap=14, margins=MARGINS)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self._bring_form(shown=False)
        self._connect()

    def on_shown(self) -> None:
        self._read_if_stale()
        if self.form.isHidden():
            self.people.setFocus()
        else:
            self.form.begin()

    def on_escape(self) -> None:
        if self.form.is_asking():
            self.form.close_question()
            self._work_off()
        elif not self.form.isHidden():
            self._put_form_away()
        elif self.people.box.edit.text():
            self.people.narrow("")
            self.people.setFocus()
        else:
            self.people.clear()
            self.banner.hide()
            self.people.setFocus()

    def undo(self) -> None:
        undo_and_say(self._session, self.banner)
        self.banner.show()
        self._read_if_stale()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(NEW, "عضو تازه"),
            KeyHelp(TO_DESK, "میز امانت با همین عضو"),
            KeyHelp(SAVE, "ثبت فرم عضویت"),
            KeyHelp(SAVE_ANYWAY, "ثبت با همین شماره‌ها، پس از پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("عضو تازه", self.new_member, NEW),
            Action("میز امانت با همین عضو", self.people.details.to_desk.click, TO_DESK),
            Action("خروجی اکسل از فهرست اعضا", self.export),
        )

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card chooses its member, a copy the one who has it; while the form is open a card is the new member's."""
        if isinstance(scan, Unreadable):
            self._say(Tone.REFUSE, "بارکد ناخوانا", "دوباره اسکن کنید یا شماره را بنویسید.", Sound.REFUSED)
        elif self.form.is_asking():
            self._waiting.append(scan)
            self.form.panel.set_waiting(len(self._waiting))
        elif not self.form.isHidden():
            self.form.take_card(scan.text)
        elif self.people.choose_key(scan.text):
            self.banner.hide()
            self._session.sounds.play(Sound.CHECKED_IN)
        else:
            self._look_for_copy(scan.text)

    @Slot()
    def new_member(self) -> None:
        """Ctrl+N: the membership form, with whatever was left in it."""
        self.banner.hide()
        self._bring_form(shown=True)
        self.form.begin()

    @Slot()
    def export(self) -> None:
        """Write the members shown to an Excel file. Raises Trouble P-120x."""
        path = self.ask_where(self, f"members-{jalali.short_latin(self._session.act().day).replace('/', '-')}.xlsx")
        if path is None:
            return
        headings, *rows = self.people.members.sheet()
        title = f"اعضای {self._session.library.branch.name}"
        safe_write(path, list_xlsx(title, headings, rows))
        self._say(Tone.OK, f"فهرست {number(len(rows))} عضو نوشته شد", isolate(str(path)))

    @Slot(str)
    def _look_for_copy(self, code: str) -> None:
        """A label or accession number shows who has the copy."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
        if copy is None:
            self._unknown(code)
        else:
            self._show_who_has(copy)

    def _show_who_has(self, copy: FoundCopy) -> None:
        book = f"«{isolate(titled(copy.title, copy.volume_no))}»"
        which = f"شماره ثبت {number(copy.accession_no)}"
        if copy.member_id is None or copy.due_on is None:
            self.people.clear()
            words = f"وضعیت: {ITEM_STATUS[copy.status]} · {which}"
            self._say(Tone.WARN, f"{book} نزد کسی نیست", words, Sound.ATTENTION)
            return
        self._read_if_stale()
        self.people.choose(copy.member_id)
        words = f"بازگشت تا {jalali.day_month_year(copy.due_on)} · {which}"
        self._say(Tone.INFO, f"{book} نزد {isolate(copy.reader_name)} است", words, Sound.CHECKED_IN)

    def _unknown(self, code: str) -> None:
        """An unknown code may be an unknown card: nobody stays on screen (habit 5)."""
        self.people.clear()
        detail = f"{isolate(code)} · کارت یا برچسب را دوباره اسکن کنید، یا نام را بنویسید."
        self._say(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED)

    @Slot(object, str)
    def _saved(self, enrolled: Enrolled, name: str) -> None:
        self._session.refresh.tell("members")
        self._put_form_away()
        self.people.choose(enrolled.member_id)
        detail = f"شمارهٔ عضویت {to_persian(enrolled.member_no)}"
        undo = f"برداشتن عضویت {isolate(name)}"
        self.banner.show_outcome(Tone.OK, f"عضو شد — {isolate(name)}", detail, undo=undo)
        self.banner.show()
        self._session.sounds.play(Sound.CHECKED_IN)
        self._work_off()

    @Slot()
    def _put_form_away(self) -> None:
        self._bring_form(shown=False)
        self._read_if_stale()
        self.people.setFocus()

    def _bring_form(self, *, shown: bool) -> None:
        self.form.setVisible(shown)
        self.people.setVisible(not shown)

    @Slot()
    def _work_off(self) -> None:
        """Scans that came while the question was open."""
        while self._waiting and not self.form.is_asking():
            self.on_scan(self._waiting.popleft())

    def _read_if_stale(self) -> None:
        if self._stale:
            self._stale = False
            self.people.read_again()

    def _say(self, tone: Tone, title: str, detail: str, sound: Sound | None = None) -> None:
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()
        if sound is not None:
            self._session.sounds.play(sound)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _connect(self) -> None:
        for button in self._ways_in:
            button.clicked.connect(self.new_member)
        self.people.not_listed.connect(self._look_for_copy)
        self.people.members.export_wanted.connect(self.export)
        self.people.details.desk_wanted.connect(self.desk_wanted)
        self.form.saved.connect(self._saved)
        self.form.put_away.connect(self._put_form_away)
        self.form.panel.chosen.connect(self._work_off)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
