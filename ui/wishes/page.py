"""The books that readers ask the library to buy: one list, a form for what is asked at the desk, and the answers (000
§1-2-الف)."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.catalogue.isbn import valid_isbn13
from app.circulation.reads import find_member
from app.devices.scan import Scan, Unreadable
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Answer, Refusal, Weight
from app.wishes.asking import Wished
from app.wishes.reads import held_titles, wishes
from db.codes import WishState
from reports.wish_list import TITLE, wishes_pdf, wishes_xlsx
from ui.binding.asking import YES_KEY, Side
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.paper.saving import SavePanel
from ui.said import FLAWS, Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, listen
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.wishes import words
from ui.wishes.answers import Answers
from ui.wishes.card import WishCard
from ui.wishes.deeds import DEEDS
from ui.wishes.new_wish import SAVE, NewWish
from ui.wishes.rows import WishRow, wish_table

MARGINS = (22, 18, 22, 18)
STALE_AFTER = frozenset({"wishes", "items", "titles", "members", "sync", "rules"})
NEW, PRINT, SEEK = "Ctrl+N", "Ctrl+P", "Ctrl+F"
PARTS = (
    ("بی‌پاسخ", "درخواست", frozenset({WishState.ASKED})),
    ("در برنامهٔ خرید", "کتاب", frozenset({WishState.PLANNED})),
    ("پاسخ‌گرفته", "درخواست", frozenset({WishState.BOUGHT, WishState.REFUSED, WishState.HELD})),
)


class WishesPage(Page):
    """A tile narrows the list, the same tile again shows all. A scanned card or ISBN begins a wish; while a book is
    asked for, a scanned label is that book's."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._part: int | None = None
        self._rows: list[WishRow] = []
        self.banner, self.saving, self.preview = Banner(), SavePanel(), PaperPreview(session.jobs)
        self.banner.hide()
        self.tiles = tuple(
            StatTile(name, "۰", clickable=True, key=f"Ctrl+{place}") for place, (name, *_) in enumerate(PARTS, 1)
        )
        self.list = RowList(wish_table(lambda: session.act().day), noun="درخواست")
        self.card, self.new = WishCard(), NewWish(session)
        self.side = Side(session, self._quiet())
        self.answers = Answers(session, self.side)
        self._new = Button("درخواست تازه", NEW, "primary", "plus")
        self._print = Button("چاپ فهرست", PRINT, icon="printer")
        self._lay_out()
        self._connect()
        self._begin_or_end(new=False)

    def on_shown(self) -> None:
        if self._stale:
            self.reload()
        if not self._shows_paper():
            self._to_work()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        if isinstance(scan, Unreadable):
            self._say(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))
            return
        self._close_paper()
        if not self.answers.take(scan.text):
            self._take(scan.text)

    def on_escape(self) -> None:
        if self._shows_paper():
            self.preview.on_escape()
        elif self.side.is_asking():
            self.side.withdraw()
        elif self.saving.is_open():
            self.saving.close_question()
        elif not self.new.isHidden():
            self._begin_or_end(new=False)
        elif self._part is not None or self.list.filter.edit.text():
            self.list.filter.edit.clear()
            self.show_part(self._part)
        else:
            self.banner.hide()
        self._to_work()

    def undo(self) -> None:
        if self.side.is_asking():
            return
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self.reload()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "بی‌پاسخ، در برنامهٔ خرید، پاسخ‌گرفته"),
            KeyHelp(NEW, "درخواست تازه"),
            KeyHelp(SAVE, "ثبت درخواست تازه"),
            *(KeyHelp(deed.key, deed.label) for deed in DEEDS.values()),
            KeyHelp(YES_KEY, "تأیید، در پاسخ پرسش"),
            KeyHelp(SEEK, "صافی فهرست"),
            KeyHelp(PRINT, "چاپ فهرست"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("درخواست خرید تازه", self.begin, NEW),
            Action("چاپ فهرست درخواست‌های خرید", self.show_list, PRINT),
            *(
                Action(f"درخواست‌های خرید: {name}", partial(self.show_part, place), f"Ctrl+{place + 1}")
                for place, (name, *_) in enumerate(PARTS)
            ),
        )

    @Slot()
    def reload(self) -> None:
        """Read the wishes anew; the chosen one stays chosen."""
        self._stale = False
        library = self._session.library
        with library.store.read() as reader:
            self._rows = [
                WishRow(line, held_titles(reader, line.wish, library.store.dialect.name) if line.is_open else ())
                for line in wishes(reader)
            ]
        for tile, (_, noun, states) in zip(self.tiles, PARTS, strict=True):
            tile.show_number(number(sum(row.line.state in states for row in self._rows)), noun)
        self._fill()

    def show_part(self, place: int | None) -> None:
        """Narrow the list to one part; the same again shows all."""
        self._part = None if place == self._part else place
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == self._part)
        self._fill()
        self._to_work()

    @Slot()
    def begin(self) -> None:
        """Ctrl+N: somebody asks for a book."""
        if self.side.is_asking():
            return
        self._begin_or_end(new=True)
        self.new.begin()

    @Slot()
    def show_list(self) -> None:
        """The rows shown as a paper."""
        lines = [row.line for row in self.list.table.shown_rows()]
        today = self._session.act().day
        pdf = wishes_pdf(self._session.library.branch, lines, today)
        facts = (jalali.long(today), f"{number(len(lines))} درخواست")
        paper = Paper(TITLE, pdf, "wishes.pdf", wishes_xlsx(lines), "wishes.xlsx", facts, frozen=False)
        self._stack.setCurrentWidget(self.preview)
        self._stack.invalidate()
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        lines = [row.line for row in self.list.table.shown_rows()]
        self.saving.save(self, f"wishes-{day}.xlsx", wishes_xlsx(lines))

    def _take(self, code: str) -> None:
        """A card is whoever asks, an ISBN what is asked for."""
        if self.side.is_asking():
            return
        isbn = valid_isbn13(code)
        with self._session.library.store.read() as reader:
            known = isbn is None and find_member(reader, code) is not None
        if isbn is None and not known:
            self._say(words.unknown(code))
            return
        if self.new.isHidden():
            self.begin()
        self.new.take(isbn=isbn or "", card="" if isbn else code)
        self._session.sounds.play(Sound.CHECKED_IN)

    def _fill(self) -> None:
        states = PARTS[self._part][2] if self._part is not None else None
        self.list.set_rows([row for row in self._rows if states is None or row.line.state in states])
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        chosen = self.list.view.chosen()
        self.card.show_wish(chosen[0] if chosen else None)

    @Slot(object)
    def _ask(self, state: WishState) -> None:
        chosen = self.list.view.chosen()
        if chosen and not self.side.is_asking():
            self.answers.ask(DEEDS[state], chosen[0])

    @Slot(object)
    def _saved(self, outcome: Wished) -> None:
        self._begin_or_end(new=False)
        self._done(words.wished(outcome))
        self.list.view.choose(outcome.wish_id)
        self._to_work()

    @Slot(object)
    def _refused(self, refusals: tuple[Refusal, ...]) -> None:
        """A book the library has is asked about; anything else is only told."""
        if all(refusal.weight is Weight.CONFIRM for refusal in refusals):
            answer = Answer(confirm=frozenset(refusal.code for refusal in refusals))
            self.side.ask(
                Tone.WARN, "باز هم ثبت شود؟", words.reasons(refusals), "ثبت شود", lambda _: self.new.submit(answer)
            )
            return
        told = tuple(f"{reason.text} {reason.way_out} " for reason in words.reasons(refusals))
        self._say(Said(Tone.REFUSE, "درخواست ثبت نشد", told, Sound.REFUSED))

    @Slot(object)
    def _done(self, said: Said) -> None:
        self._session.refresh.tell("wishes")
        self.reload()
        self._say(said)

    @Slot(object)
    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def _begin_or_end(self, *, new: bool) -> None:
        self.new.setVisible(new)
        self.card.setVisible(not new)

    @Slot()
    def _to_work(self) -> None:
        if self.new.isHidden() and not self.side.is_asking():
            self.list.view.setFocus()

    def _shows_paper(self) -> bool:
        return self._stack.currentWidget() is self.preview

    @Slot()
    def _close_paper(self) -> None:
        if self._shows_paper():
            self._stack.setCurrentWidget(self._work)
            self._stack.invalidate()
            self._to_work()

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _quiet(self) -> QWidget:
        made = QWidget()
        made.setLayout(column(self.card, self.new, gap=0))
        return made

    def _lay_out(self) -> None:
        self.list.set_empty(
            "کسی هنوز خرید کتابی را نخواسته است",
            f"درخواست عضوها از صفحهٔ خودشان اینجا می‌رسد؛ آنچه پشت میز گفته می‌شود را با {NEW} بنویسید.",
            "book-2",
        )
        over, self._work = QWidget(), QWidget()
        self._stack = Front(over)
        lists = column(self.saving, self.list, gap=12)
        lists.setStretch(1, 1)
        beside = row(lists, self.side, gap=14)
        beside.setStretch(0, 1)
        self._print.setFixedWidth(self._new.sizeHint().width())
        deeds = column(None, self._new, self._print, None, gap=6)
        whole = column(row(*self.tiles, deeds, gap=12), self.banner, beside, gap=12)
        whole.setStretch(2, 1)
        self._work.setLayout(whole)
        self._stack.addWidget(self._work)
        self._stack.addWidget(self.preview)
        self.setLayout(column(over, margins=MARGINS))

    def _connect(self) -> None:
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(partial(self.show_part, place))
        self._new.clicked.connect(self.begin)
        self._print.clicked.connect(self.show_list)
        listen(self._work, SEEK, self.list.filter.edit.setFocus)
        self.list.view.current_row.connect(self.card.show_wish)
        self.list.export_wanted.connect(self.export)
        self.card.wanted.connect(self._ask)
        self.new.saved.connect(self._saved)
        self.new.refused.connect(self._refused)
        self.new.closed.connect(self.on_escape)
        self.answers.done.connect(self._done)
        self.side.settled.connect(self._to_work)
        self.preview.closed.connect(self._close_paper)
        self.saving.saved.connect(lambda path: self._say(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN)))
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
