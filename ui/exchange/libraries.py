"""The libraries that may be given books: the list, its form, and lists of the province as files (002 م7-24)."""

import uuid
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.exchange.libraries import LibraryForm, LibrarySet, all_libraries, set_library
from app.exchange.library_file import read_library_list, take_in_libraries
from app.exchange.rules import LibraryFacts, licence_refusals
from app.imports.lines import NOT_DONE, LineEnd, LinesDone
from app.labels import BRANCH_KIND
from app.library import Library
from app.outcome import Refused
from app.persian.digits import number
from db.act import Act
from db.codes import BranchKind
from ui.binding.asking import Side
from ui.exchange import words
from ui.exchange.packages import REQUEST
from ui.exchange.rows import library_table, licence_words
from ui.jobs import Token
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, day_of, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Reason
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

EDIT, FILE = "Ctrl+E", "Ctrl+O"
FILES = "فهرست (*.csv *.xlsx *.txt)"
FIELDS = (
    Field("name", "نام کتابخانه", required=True, longest=120),
    Field(
        "kind", "نوع", Kind.CHOICE, required=True,
        options=tuple((kind.value, BRANCH_KIND[kind]) for kind in BranchKind),
    ),
    Field("licence_no", "شمارهٔ مجوز نهاد", Kind.LATIN, longest=60, help="بی‌مجوز کتاب داده نمی‌شود (م ۷-۲۴)."),
    Field("licensed_until", "اعتبار مجوز تا", Kind.DATE),
    Field("founded_on", "تاریخ تأسیس", Kind.DATE),
    Field("to_be_founded", "در شرف تأسیس (م ۷-۱۷)", Kind.TICK),
    Field("county", "شهرستان", longest=60, help="خالی: شهرستان همین کتابخانه"),
    Field("province", "استان", longest=60, help="خالی: همین استان"),
    Field("address", "نشانی", longest=500),
)  # fmt: skip


class LibrariesPart(QWidget):
    """`counted`: how many libraries there are, and to how many of them no book may be given."""

    said = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session, which: AskWhich = ask_which) -> None:
        super().__init__()
        self._session, self._which = session, which
        self.list = RowList(library_table(lambda: session.act().day), noun="کتابخانه")
        self.list.set_empty(
            "هنوز کتابخانه‌ای ثبت نشده است",
            "با «کتابخانهٔ تازه» یا «ورود فهرست استان» کتابخانه‌های دارای مجوز را بنویسید (م ۷-۲۴).",
            "building",
        )
        self._name, self._state, self._facts = Label("", "heading", wrap=True), Pill(), Facts()
        self._new = Button("کتابخانهٔ تازه", REQUEST, icon="plus")
        self._edit = Button("ویرایش", EDIT, icon="pencil")
        self._file = Button("ورود فهرست استان", FILE, icon="upload")
        card = Card(column(row(self._name, None, self._state), self._facts, 4, Flow(self._edit), None, gap=10))
        self.side = Side(session, card)
        lists = column(row(self._new, self._file, None), self.list, gap=8)
        lists.setStretch(1, 1)
        whole = row(lists, self.side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        self.side.settled.connect(self.list.view.setFocus)
        self.list.view.current_row.connect(self._show)
        self._new.clicked.connect(self.ask_new)
        self._edit.clicked.connect(self.ask_edit)
        self._file.clicked.connect(self.take_in)

    def reload(self) -> None:
        """Read the libraries anew."""
        with self._session.library.store.read() as reader:
            found = all_libraries(reader)
        today = self._session.act().day
        self.list.set_rows(found)
        self.counted.emit(len(found), sum(any(licence_refusals(one, today)) for one in found))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        self._show(self.chosen())

    def chosen(self) -> LibraryFacts | None:
        """The library that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def on_escape(self) -> bool:
        """Put the form away."""
        if self.side.is_asking():
            self.side.withdraw()
            return True
        return False

    def take(self, code: str) -> None:
        """A label means nothing here: it is looked for in the list."""
        self.list.filter.edit.setText(code)

    @Slot()
    def ask_new(self) -> None:
        """Ctrl+N: another library."""
        self._ask("کتابخانهٔ تازه", None, {"kind": BranchKind.INSTITUTIONAL.value})

    @Slot()
    def ask_edit(self) -> None:
        """Ctrl+E: what is written of the chosen one."""
        one = self.chosen()
        if one is not None:
            written: Values = {
                "name": one.name, "kind": one.kind.value, "licence_no": one.licence_no, "county": one.county,
                "licensed_until": one.licensed_until, "founded_on": one.founded_on, "province": one.province,
                "to_be_founded": one.to_be_founded, "address": one.address,
            }  # fmt: skip
            self._ask("ویرایش کتابخانه", one.id, written)

    def _ask(self, title: str, library_id: uuid.UUID | None, values: Values) -> None:
        why = Reason("اهدا تنها به کتابخانه‌هایی است که از نهاد مجوز دارند.", "م ۷-۲۴")
        self.side.ask(Tone.INFO, title, (why,), "ثبت", lambda filled: self._save(library_id, filled), FIELDS)
        if self.side.form is not None:
            self.side.form.set_values(values)

    def _save(self, library_id: uuid.UUID | None, values: Values) -> None:
        form = LibraryForm(
            text_of(values, "name") or "", BranchKind(text_of(values, "kind") or BranchKind.INSTITUTIONAL),
            text_of(values, "province"), text_of(values, "county"), text_of(values, "licence_no"),
            day_of(values, "founded_on"), bool(values.get("to_be_founded")), day_of(values, "licensed_until"),
            text_of(values, "address"),
        )  # fmt: skip
        outcome = set_library(self._session.library, form, self._session.act(), library_id)
        if isinstance(outcome, LibrarySet):
            self.said.emit(words.done(f"{isolate(outcome.facts.name)} ثبت شد"))
            self._changed()
            self.list.view.choose(outcome.facts.id)
        elif isinstance(outcome, Refused):
            self.said.emit(words.refused(outcome.refusals, "ثبت نشد"))
            self.side.ask_again()

    @Slot()
    def take_in(self) -> None:
        """Ctrl+O: a list of the province."""
        path = self._which(self, FILES)
        if path is None:
            return
        work = partial(_taken_in, self._session.library, path, self._session.act(), self._session.folder / "imports")
        job = self._session.jobs.start("ورود فهرست کتابخانه‌ها", work)
        job.finished.connect(self._taken)
        job.failed.connect(_raise)

    @Slot(object)
    def _taken(self, done: LinesDone) -> None:
        failed = sum(done.count(end) for end in NOT_DONE)
        told = f"{number(done.count(LineEnd.DONE))} کتابخانه ثبت یا به‌روز شد، {number(failed)} سطر نشد."
        kept = (isolate(str(done.side_files[0])),) if done.side_files else ()
        tone = Tone.WARN if failed else Tone.OK
        self.said.emit(Said(tone, "فهرست خوانده شد", (told, *kept), Sound.CHECKED_IN))
        self._changed()

    def _changed(self) -> None:
        self._session.refresh.tell("exchange")
        self.reload()

    @Slot(object)
    def _show(self, one: LibraryFacts | None) -> None:
        self._name.say(isolate(one.name) if one else "کتابخانه‌ای برگزیده نیست")
        self._edit.setVisible(one is not None)
        if one is None:
            self._state.hide()
            self._facts.show_facts(())
            return
        self._state.show_state(*licence_words(one, self._session.act().day))
        self._facts.show_facts(
            (
                ("نوع", BRANCH_KIND[one.kind]),
                ("شهرستان", f"{one.county}، {one.province}"),
                ("شمارهٔ مجوز", one.licence_no or "—"),
                ("اعتبار تا", words.day_words(one.licensed_until)),
                ("تأسیس", "در شرف تأسیس" if one.to_be_founded else words.day_words(one.founded_on)),
                ("نشانی", isolate(one.address) if one.address else ""),
            )
        )


def _taken_in(library: Library, path: Path, act: Act, folder: Path, token: Token) -> LinesDone:
    lines = read_library_list(path)
    token.check()
    return take_in_libraries(library, lines, path.stem, act, folder)


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
