"""Every version of the rules, and what the one chosen changed against another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.library import Library
from app.persian import jalali
from app.persian.digits import number
from app.policy.diff import ChangeKind, PolicyDiff, differences
from app.policy.notation import written
from app.policy.parameters import PARAMETERS
from app.policy.stored import PolicyVersion, policy_of_version, versions
from app.policy.table import PolicyTable
from app.policy.values import Fault, read_value
from ui.keys import ESCAPE
from ui.policies import words
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.table import Column, RowTable

RESTORE, EDIT, EXPORT = "Ctrl+R", "Ctrl+E", "Ctrl+S"
_KIND = {
    ChangeKind.ADDED: ("افزوده شد", Tone.OK),
    ChangeKind.REMOVED: ("برداشته شد", Tone.REFUSE),
    ChangeKind.CHANGED: ("تغییر کرد", Tone.WARN),
    ChangeKind.CITED: ("منبع تغییر کرد", Tone.INFO),
}
_HEAD = {"title": "عنوان", "profile": "نمونه", "source": "منبع"}
_ROW_HEIGHT = 46


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One figure that differs, in words."""

    row: str
    what: str
    was: str
    became: str
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A stored version and how it stands today."""

    version: PolicyVersion
    state: str
    tone: Tone


def change_lines(diff: PolicyDiff, categories: Mapping[str, str]) -> tuple[ChangeLine, ...]:
    """The differences as lines; a row that came or went without saying anything is one line of its own."""
    lines = [ChangeLine("", _HEAD[head.name], head.was, head.became, ChangeKind.CHANGED) for head in diff.head]
    for changed in diff.rows:
        name = words.key_words(words.key_of(changed.key), categories)
        lines += [
            ChangeLine(
                name, PARAMETERS[one.name].label, _value(one.name, one.was), _value(one.name, one.became), one.kind
            )
            for one in changed.parameters
        ]
        if not changed.parameters:
            lines.append(ChangeLine(name, "خود ردیف", "", "", changed.kind))
    return tuple(lines)


class Versions(QWidget):
    """`edit_wanted`, `restore_wanted` and `export_wanted` carry the version's number; `closed` leads back."""

    edit_wanted = Signal(int)
    restore_wanted = Signal(int)
    export_wanted = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._library: Library | None = None
        self.list = RowList(_version_table(), noun="نسخه", tools=False)
        self.changes = RowList(_change_table(), title="چه تغییر کرد", noun="تغییر", row_height=_ROW_HEIGHT)
        self.changes.set_empty("تفاوتی نیست", "این دو نسخه یک چیز می‌گویند.", "check")
        self.against = Choice()
        self._edit = Button("ویرایش", EDIT)
        self._restore = Button("بازگشت به این نسخه…", RESTORE)
        self._export = Button("خروجی", EXPORT)
        back = Button("بازگشت به جدول", ESCAPE)
        heading = row(Label("نسخه‌های قواعد", "title"), None, self._edit, self._restore, self._export, back, gap=8)
        compare = row(Label("سنجش نسخهٔ برگزیده با", "muted"), self.against, None, gap=8)
        whole = column(heading, self.list, compare, self.changes, gap=12)
        whole.setStretch(1, 2)
        whole.setStretch(3, 3)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        self.list.view.current_row.connect(self._chosen)
        self.against.activated.connect(self._compare)
        self._edit.clicked.connect(lambda: self._ask(self.edit_wanted.emit))
        self._restore.clicked.connect(lambda: self._ask(self.restore_wanted.emit))
        self._export.clicked.connect(lambda: self._ask(self.export_wanted.emit))
        back.clicked.connect(self.closed)

    def show_versions(self, library: Library) -> None:
        """Read the versions anew, the newest chosen."""
        self._library = library
        today, in_force = library.clock.read().day, library.policy.version
        with library.store.read() as reader:
            found = versions(reader)
        lines = [
            VersionLine(one, *words.status_words(one, in_force, waiting=one.effective_from > today)) for one in found
        ]
        self.list.set_rows(lines)
        self.list.view.choose_place(0)

    def version(self) -> int | None:
        """The number of the version chosen."""
        return next((line.version.version for line in self.list.view.chosen()), None)

    def _ask(self, want: Callable[[int], None]) -> None:
        version = self.version()
        if version is not None:
            want(version)

    @Slot(object)
    def _chosen(self, line: VersionLine) -> None:
        """Another version is compared with the one before it, until the person chooses otherwise."""
        numbers = sorted(other.version.version for other in self.list.table.shown_rows())
        others = [number_ for number_ in numbers if number_ != line.version.version]
        self.against.set_options(tuple((str(other), words.version_words(other)) for other in others))
        before = [other for other in others if other < line.version.version]
        self.against.choose(str(before[-1] if before else others[0] if others else ""))
        self.against.setEnabled(bool(others))
        self._compare()

    @Slot()
    def _compare(self) -> None:
        tables = self._tables()
        if self._library is None or len(tables) < 2:
            self.changes.set_rows(())
            return
        self.changes.set_rows(change_lines(differences(*tables), self._library.categories))

    def _tables(self) -> Sequence[PolicyTable]:
        """The older and the newer of the two versions compared."""
        chosen, other = self.version(), self.against.code()
        if self._library is None or chosen is None or not other:
            return ()
        with self._library.store.read() as reader:
            found = [policy_of_version(reader, version) for version in sorted((chosen, int(other)))]
        return [table for table in found if table is not None]


def _version_table() -> RowTable[VersionLine]:
    return RowTable(
        (
            Column("نسخه", lambda line: number(line.version.version), width=64, strong=True, number=True),
            Column(
                "عنوان", lambda line: line.version.title, sub=lambda line: line.version.source, stretch=1, strong=True
            ),
            Column("از", lambda line: jalali.day_month_year(line.version.effective_from), width=130),
            Column("ردیف‌ها", lambda line: number(line.version.rows), width=76, spare=1),
            Column("وضعیت", lambda line: line.state, width=130, pill=True, tone=lambda line: line.tone),
        ),
        key=lambda line: line.version.version,
    )


def _change_table() -> RowTable[ChangeLine]:
    return RowTable(
        (
            Column("ردیف", lambda line: line.row or "همهٔ جدول", stretch=1, strong=True),
            Column("قاعده", lambda line: line.what, width=170),
            Column("پیش‌تر", lambda line: line.was or "—", width=150, spare=1),
            Column("اکنون", lambda line: line.became or "—", width=150),
            Column(
                "چه شد", lambda line: _KIND[line.kind][0], width=130, pill=True, tone=lambda line: _KIND[line.kind][1]
            ),
        ),
    )


def _value(name: str, plain: object) -> str:
    if plain is None:
        return ""
    value = read_value(PARAMETERS[name], plain)
    return isolate(str(plain)) if isinstance(value, Fault) else written(PARAMETERS[name], value)
