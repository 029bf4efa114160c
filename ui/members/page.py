"""The members page: everybody in one list; in its place the form, the twins or a list taken in, and papers over it."""

import uuid
from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from app.items.queries import find_copy
from app.members.service import Edited
from app.members.web_code import CodeGiven
from app.members.writing import Enrolled
from app.persian import jalali
from app.persian.digits import number
from db.files import safe_write
from reports.lists import list_xlsx
from reports.web_code import CodePaper
from ui.keys import KeyHelp
from ui.members.card_papers import card_maker, cards_question
from ui.members.cards import Told
from ui.members.form_card import MemberFormCard
from ui.members.people import PeoplePart
from ui.members.questions import renewal_question
from ui.members.rows import GONE
from ui.members.side import WAYS
from ui.members.taking_in import TakingInPart
from ui.members.twins import TwinsPart
from ui.members.web_codes import web_code_maker, web_code_question
from ui.members.words import KEYS, NEW, TAKE_IN, TWINS, stored, unknown, whereabouts
from ui.money.asking import Asking
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.said import FLAWS, Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, IconButton, listen
from ui.widgets.labels import isolate
from ui.widgets.layouts import column
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList

MARGINS = (22, 18, 22, 18)
STALE_AFTER = frozenset({"members", "loans", "rules", "money"})


class MembersPage(Page):
    """`desk_wanted` carries the card (or number) of the member with whom the desk is to be opened."""

    desk_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[Scan] = deque()
        self.ask_where: AskWhere = ask_where
        self.banner, self.panel = Banner(), Panel()
        self.banner.hide()
        self.asking = Asking(session, self.panel, self)
        self._ways_in = (Button("عضو تازه", NEW, "primary", "user-plus"), Button("عضو تازه", NEW, icon="user-plus"))
        self._take_in = Button("ورود فهرست…", TAKE_IN, icon="upload")
        self.people = PeoplePart(session, *self._ways_in, self._take_in)
        self._tools = (IconButton("users", "عضوهای تکراری"), IconButton("upload", "ورود فهرست اعضا از فایل"))
        self.form = MemberFormCard(session)
        self.twins, self.taking_in = TwinsPart(session), TakingInPart(session)
        self.preview = PaperPreview(session.jobs)
        self._parts = (self.people, self.form, self.twins, self.taking_in, self.preview)
        whole = column(self.banner, self.panel, *self._parts, gap=14, margins=MARGINS)
        for place in range(2, 2 + len(self._parts)):
            whole.setStretch(place, 1)
        self.setLayout(whole)
        self._bring(self.people)
        self._connect()

    def on_shown(self) -> None:
        self._read_if_stale()
        if not self.form.isHidden():
            self.form.begin()
        elif not self.people.isHidden():
            self.people.setFocus()

    def on_escape(self) -> None:
        """One step back: the paper, the question, the part, what stands beside the list, the words in the box."""
        if not self.preview.isHidden():
            self.preview.on_escape()
        elif self.asking.is_open():
            self.asking.withdraw()
        elif self.form.is_asking():
            self.form.close_question()
            self._work_off()
        elif self.people.isHidden():
            self._back_to_people()
        elif self.people.side_in_sight():
            self.people.put_side_away()
            self.people.setFocus()
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
        self.people.cards.read_again()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if not self.preview.isHidden():
            return PAPER_KEYS
        return KEYS

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("عضو تازه", self.new_member, NEW),
            *(Action(f"{words} (عضو برگزیده)", self._doing(name), key) for name, (words, key) in WAYS.items()),
            Action("عضوهای تکراری", self.show_twins, TWINS),
            Action("ورود فهرست اعضا از فایل", self.show_taking_in, TAKE_IN),
            Action("خروجی اکسل از فهرست اعضا", self.export),
        )

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card chooses its member, a copy the one who has it; while the form is open a card is the new member's."""
        if isinstance(scan, Unreadable):
            self._said(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))
        elif self._is_asked():
            self._waiting.append(scan)
            panel = self.panel if self.asking.is_open() else self.form.panel
            panel.set_waiting(len(self._waiting))
        elif not self.form.isHidden():
            self.form.take_card(scan.text)
        elif self.people.cards.waits():
            self.people.cards.take(scan.text)
        else:
            self._choose_scanned(scan.text)

    def _choose_scanned(self, code: str) -> None:
        if self.people.isHidden():
            self._back_to_people()
        if self.people.choose_key(code):
            self.banner.hide()
            self._session.sounds.play(Sound.CHECKED_IN)
        else:
            self._look_for_copy(code)

    @Slot()
    def new_member(self) -> None:
        """Ctrl+N: the membership form, with whatever was left in it."""
        self._leave_question()
        self.banner.hide()
        self._bring(self.form)
        self.form.begin_new()

    @Slot()
    def edit_member(self) -> None:
        """Ctrl+E: the form of the chosen member, filled with what is written of them."""
        chosen = self.people.details.chosen()
        if chosen is not None:
            self._leave_question()
            self.banner.hide()
            self._bring(self.form)
            self.form.edit(chosen.card.member.id, chosen.form)

    @Slot()
    def renew_membership(self) -> None:
        """Ctrl+R: until when, and what it costs."""
        chosen = self.people.details.chosen()
        if chosen is not None:
            self.asking.ask(renewal_question(self._session, chosen))

    @Slot()
    def print_cards(self) -> None:
        """Ctrl+P: cards of the chosen members, or of the list as it is narrowed."""
        picked = [member.id for member in self.people.members.view.chosen()]
        listed = [one.id for one in self.people.members.table.shown_rows() if one.state not in GONE]
        if picked or listed:
            self.asking.ask(cards_question(picked, listed, self._make_cards))

    @Slot()
    def give_web_code(self) -> None:
        """Ctrl+G: a code with which the chosen member opens their pages at the centre, on a slip."""
        chosen = self.people.details.chosen()
        if chosen is not None:
            self.asking.ask(web_code_question(self._session, chosen, self.print_web_code))

    @Slot()
    def show_twins(self) -> None:
        """Ctrl+Shift+D: members who were written twice."""
        self._leave_question()
        self.twins.read_again()
        self._bring(self.twins)
        self.twins.setFocus()

    @Slot()
    def show_taking_in(self) -> None:
        """Ctrl+Shift+I: a list of members from a file."""
        self._leave_question()
        self._bring(self.taking_in)
        self.taking_in.choose.setFocus()

    @Slot(str)
    def do(self, name: str) -> None:
        """Do one of `WAYS` with the chosen member."""
        if self.people.isHidden():
            self._back_to_people()
        done: dict[str, Callable[[], None]] = {
            "desk": self.people.details.to_desk.click,
            "edit": self.edit_member,
            "renew": self.renew_membership,
            "cards": self.people.show_cards,
            "print": self.print_cards,
            "web_code": self.give_web_code,
        }
        if name in done:
            if name not in ("cards", "desk"):
                self.people.put_side_away()
            done[name]()
        else:
            self.people.show_side(name)

    def _doing(self, name: str) -> Callable[[], None]:
        return lambda: self.do(name)

    @Slot()
    def export(self) -> None:
        """Write the members shown to an Excel file. Raises Trouble P-120x."""
        self._write(self.people.members, "members", f"اعضای {self._session.library.branch.name}", "عضو")

    @Slot()
    def _export_twins(self) -> None:
        self._write(self.twins.list, "duplicates", "عضوهای تکراری", "جفت")

    @Slot()
    def _export_results(self) -> None:
        self._write(self.taking_in.results, "members-taken-in", "نتیجهٔ ورود فهرست اعضا", "سطر")

    def _write(self, shown: RowList, name: str, title: str, noun: str) -> None:
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        path = self.ask_where(self, f"{name}-{day}.xlsx")
        if path is None:
            return
        headings, *rows = shown.sheet()
        safe_write(path, list_xlsx(title, headings, rows))
        title = f"فهرست {number(len(rows))} {noun} نوشته شد"
        self._said(Said(Tone.OK, title, (isolate(str(path)),), Sound.CHECKED_IN))

    def _make_cards(self, members: Sequence[uuid.UUID], start: int | None) -> None:
        job = self._session.jobs.start("کارت عضویت", card_maker(self._session, members, start))
        job.finished.connect(self._show_paper)
        job.failed.connect(self._paper_failed)

    def print_web_code(self, given: CodeGiven, paper: CodePaper) -> None:
        """Show the slip of a code that was given."""
        job = self._session.jobs.start("کد صفحهٔ عضو", web_code_maker(self._session, given, paper))
        job.finished.connect(self._show_paper)
        job.failed.connect(self._paper_failed)

    @Slot(str)
    def _look_for_copy(self, code: str) -> None:
        """A label or accession number shows who has the copy. An unknown code may be an unknown card: nobody stays on
        screen (habit 5)."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
        if copy is None or copy.member_id is None:
            self.people.clear()
            self._said(unknown(code) if copy is None else whereabouts(copy))
            return
        self._read_if_stale()
        self.people.choose(copy.member_id)
        self._said(whereabouts(copy))

    @Slot(object, str)
    def _saved(self, outcome: Enrolled | Edited, name: str) -> None:
        self._session.refresh.tell("members", "money")
        self._back_to_people()
        self.people.choose(outcome.member_id)
        self._said(stored(outcome, name))
        self._work_off()

    @Slot(object)
    def _card_told(self, told: Told) -> None:
        self.banner.show_outcome(told.tone, told.title, told.detail, undo=told.undo)
        self.banner.show()
        self._read_if_stale()

    @Slot(object)
    def _said(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    @Slot()
    def _rows_changed(self) -> None:
        """Something was done here: the list, the card and what stands beside it tell it."""
        self._session.refresh.tell("members", "money")
        self._read_if_stale()
        if not self.twins.isHidden():
            self.twins.read_again()

    @Slot(object)
    def _show_paper(self, paper: Paper) -> None:
        self._leave_question()
        self.banner.hide()
        self._bring(self.preview)
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot(object)
    def _paper_failed(self, error: BaseException) -> None:
        raise error  # told by the one handler of the window

    @Slot()
    def _back_to_people(self) -> None:
        self._leave_question()
        self._bring(self.people)
        self._read_if_stale()
        self.people.setFocus()

    def _bring(self, part: QWidget) -> None:
        for other in self._parts:
            if other is not part:
                other.hide()
        part.show()

    def _is_asked(self) -> bool:
        return self.asking.is_open() or self.form.is_asking()

    def _leave_question(self) -> None:
        if self.asking.is_open():
            self.asking.withdraw()

    @Slot()
    def _work_off(self) -> None:
        """Scans that came while the question was open."""
        while self._waiting and not self._is_asked():
            self.on_scan(self._waiting.popleft())

    def _read_if_stale(self) -> None:
        if self._stale:
            self._stale = False
            self.people.read_again()

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _connect(self) -> None:
        for button in self._ways_in:
            button.clicked.connect(self.new_member)
        people = self.people
        people.not_listed.connect(self._look_for_copy)
        people.members.export_wanted.connect(self.export)
        people.details.desk_wanted.connect(self.desk_wanted)
        people.cards.told.connect(self._card_told)
        people.wanted.connect(self.do)
        for side in people.sides.values():
            side.said.connect(self._said)
            side.asked.connect(self.asking.ask)
            side.changed.connect(self._rows_changed)
        self.form.saved.connect(self._saved)
        self.form.put_away.connect(self._back_to_people)
        self.form.panel.chosen.connect(self._work_off)
        self.asking.said.connect(self._said)
        self.asking.done.connect(self._rows_changed)
        self.asking.ended.connect(self._work_off)
        self.twins.asked.connect(self.asking.ask)
        self.taking_in.changed.connect(self._rows_changed)
        for part in (self.twins, self.taking_in):
            part.put_away.connect(self._back_to_people)
        self.preview.closed.connect(self._back_to_people)
        self.twins.list.export_wanted.connect(self._export_twins)
        self.taking_in.results.export_wanted.connect(self._export_results)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
        self._take_in.clicked.connect(self.show_taking_in)
        shows = ((TWINS, self.show_twins), (TAKE_IN, self.show_taking_in))
        for tool, (key, show) in zip(self._tools, shows, strict=True):
            people.members.add_tool(tool)
            tool.clicked.connect(show)
            listen(people.members, key, show)
