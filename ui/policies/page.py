"""The page «قواعد امانت»: the rules as a table, changed as a draft, checked, tried, and put in force from a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.devices.scan import Scan, Unreadable
from app.persian import jalali
from app.policy.document import write_document
from app.policy.draft import Key, with_copy, with_line, with_value, without_line
from app.policy.parameters import PARAMETERS
from app.policy.problems import Problem
from app.policy.service import PolicyFaulty, PolicyOutcome, PolicySet, PolicyUnchanged, checked, go_back, set_policy
from app.policy.stored import policy_of_version
from app.policy.table import PolicyTable
from db.codes import RuleStatus
from db.files import safe_write
from reports.lists import list_xlsx
from reports.policy_file import as_in_force, import_policy, is_policy_file, policy_bytes
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.policies import words
from ui.policies.asking import KeyFields, VersionFields
from ui.policies.desk import CHECK, COPY, EXPORT, IMPORT, NEW, PUBLISH, REMOVE, TRY, VERSIONS, RulesDesk
from ui.policies.questions import Questions
from ui.policies.tester import Tester
from ui.policies.versions import Versions
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.ask_path import AskWhere, AskWhich, ask_where, ask_which
from ui.widgets.labels import isolate
from ui.widgets.layouts import column
from ui.widgets.panel import Reason

MARGINS = (22, 18, 22, 18)
FILES = "قواعد (*.toml *.xlsx)"


class PoliciesPage(Page):
    """The table in front; tester and versions lie over it for a while. The draft lives here until it is stored."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._library = session, session.library
        self._stored = self._draft = session.library.policy
        self.ask_where: AskWhere = ask_where
        self.ask_which: AskWhich = ask_which
        self.rules = RulesDesk(lambda: session.act().day)
        self.questions = Questions(self.rules.panel)
        self.tester, self.versions = Tester(session.library), Versions()
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        for part in (self.rules, self.tester, self.versions):
            self._stack.addWidget(part)
        self.setLayout(column(stack, margins=MARGINS))
        self._connect()

    def on_shown(self) -> None:
        current = self._library.policy
        if current.version != self._stored.version and not self.is_changed():
            self._stored = self._draft = current
        self._show_draft()
        if self.rules.board.key() is None:
            self.rules.board.choose_first()
        self._front(self._stack.currentWidget() or self.rules)

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A scan is a question to the tester: for this reader, for this copy."""
        if isinstance(scan, Unreadable):
            self._session.sounds.play(Sound.REFUSED)
            return
        self.show_tester()
        known = self.tester.feed(scan.text)
        self._session.sounds.play(Sound.CHECKED_IN if known else Sound.REFUSED)

    def on_escape(self) -> None:
        if self._stack.currentWidget() is self.tester:
            self.tester.on_escape()
        elif self.questions.is_open():
            self.questions.close()
        else:
            self.rules.banner.hide()
            self._front(self.rules)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Ctrl+1 … 9", "بخش‌های قواعد: امانت، تمدید، …"),
            KeyHelp(NEW, "ردیف تازه"),
            KeyHelp(COPY, "رونوشت از ردیف برگزیده"),
            KeyHelp(REMOVE, "برداشتن ردیف برگزیده"),
            *(KeyHelp(action.key, action.title) for action in self.commands()),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("بررسی پیش‌نویس قواعد", self.show_check, CHECK),
            Action("به اجرا گذاشتن قواعد از تاریخ", self.ask_publish, PUBLISH),
            Action("آزمایش قواعد: برای این عضو و این کتاب", self.show_tester, TRY),
            Action("نسخه‌های قواعد و تفاوت آن‌ها", self.show_versions, VERSIONS),
            Action("آوردن قواعد از فایل", self.take_in, IMPORT),
            Action("خروجی TOML یا اکسل از قواعد", self.export, EXPORT),
        )

    def is_changed(self) -> bool:
        """Whether the draft differs from the version it began with."""
        return self._draft.rows != self._stored.rows

    def draft(self) -> PolicyTable:
        """The table as it stands on the screen."""
        return self._draft

    def show_draft(self, table: PolicyTable) -> None:
        """Make this table the draft."""
        self._draft = table
        self._show_draft()

    @Slot()
    def show_tester(self) -> None:
        """Ctrl+T: what the draft says for somebody and something."""
        self.rules.editor.leave()
        self.tester.show_table(self._draft)
        self._front(self.tester)

    @Slot()
    def show_versions(self) -> None:
        """Ctrl+B: every stored version."""
        self.versions.show_versions(self._library)
        self._front(self.versions)

    @Slot()
    def show_check(self) -> None:
        """Ctrl+J: everything wrong with the draft."""
        self.check()

    def check(self) -> bool:
        """Show everything wrong with the draft in the panel; True when it may be put in force."""
        self.rules.editor.leave()
        self.questions.close()
        if self.rules.editor.is_faulty():
            self._say(Tone.REFUSE, "خانه‌ای خوانده نشد", "آن را درست کنید یا خالی بگذارید.", Sound.REFUSED)
            return False
        if found := checked(self._library, self._draft):
            self._show_problems(found)
            self._go_to(found[0])
            return False
        self._say(Tone.OK, "ایرادی پیدا نشد", "پیش‌نویس را می‌توان به اجرا گذاشت.")
        return True

    @Slot()
    def ask_publish(self) -> None:
        """Ctrl+P: from when the draft holds."""
        if not self.check():
            return
        if not self.is_changed() and self._stored.version == self._library.policy.version:
            self._say(Tone.INFO, "چیزی تغییر نکرده است", "همین قواعد در کار است.")
            return
        self.rules.banner.hide()
        self.questions.ask_version(VersionFields(self._draft.title, lambda: self._session.act().day), self._publish)

    @Slot()
    def take_in(self) -> None:
        """Ctrl+O: the rules of a file become the next version. Raises Trouble P-123x, P-210x."""
        path = self.ask_which(self, FILES)
        if path is None:
            return
        if not is_policy_file(path):
            self._say(Tone.REFUSE, "این فایل قواعد نیست", "فایل TOML یا اکسلِ قواعد را برگزینید.", Sound.REFUSED)
            return
        self._told(import_policy(self._library, path, self._session.act()), isolate(path.name))

    @Slot()
    def export(self) -> None:
        """Ctrl+S: the draft as a file. Raises Trouble P-120x."""
        self.rules.editor.leave()
        self._write(self._draft)

    @Slot()
    def export_list(self) -> None:
        """The rules tried, or the differences shown, as an Excel list. Raises Trouble P-120x."""
        tried = self._stack.currentWidget() is self.tester
        title, shown = ("آزمایش قواعد", self.tester.list) if tried else ("تفاوت نسخه‌ها", self.versions.changes)
        path = self.ask_where(self, "policy-test.xlsx" if tried else "policy-changes.xlsx")
        if path is not None:
            headings, *rows = shown.sheet()
            safe_write(path, list_xlsx(title, headings, rows))

    @Slot()
    def ask_line(self) -> None:
        """Ctrl+N: a new line."""
        self._ask_key("ردیف تازه برای چه کسی و چه منبعی؟", "افزودن", lambda to: with_line(self._draft, to))

    @Slot()
    def ask_copy(self) -> None:
        """Ctrl+D: a second line that says what the chosen one says."""
        key = self.rules.board.key()
        if key is not None:
            self._ask_key("رونوشت برای چه کسی و چه منبعی؟", "رونوشت", lambda to: with_copy(self._draft, key, to))

    @Slot()
    def ask_removal(self) -> None:
        """Delete: the chosen line, but never the fallback."""
        key = self.rules.board.key()
        if key is not None and not key.is_fallback:
            name = words.key_words(key, self._library.categories)
            self.questions.ask(f"ردیف «{name}» برداشته شود؟", "برداشته شود", lambda: self._remove(key))

    def _publish(self, status: RuleStatus, title: str, day: date) -> None:
        wanted = replace(self._draft, title=title or self._draft.title, status=status, effective_from=day)
        self._told(set_policy(self._library, write_document(wanted), self._session.act()), "")

    def _told(self, outcome: PolicyOutcome, about: str) -> None:
        self.questions.close()
        match outcome:
            case PolicySet():
                self._take_stored(outcome, about)
            case PolicyUnchanged():
                self._say(Tone.INFO, "همین قواعد از پیش هست", words.version_words(outcome.version))
            case PolicyFaulty():
                self._show_problems(outcome.problems)
            case _:
                self._session.sounds.play(Sound.REFUSED)
                self.questions.tell_refused(outcome.refusals)

    def _take_stored(self, outcome: PolicySet, about: str) -> None:
        """The version is stored: it is what the screen shows now, also while it waits for its day or is a draft."""
        with self._library.store.read() as reader:
            stored = policy_of_version(reader, outcome.version)
        self._stored = self._draft = stored or self._library.policy
        self._session.refresh.tell("rules")
        self._front(self.rules)
        kept = self._stored.status is RuleStatus.DRAFT
        title = f"{words.version_words(outcome.version)} {'پیش‌نویس نگه داشته شد' if kept else 'به اجرا گذاشته شد'}"
        since = "" if kept else f"از {jalali.day_month_year(outcome.effective_from)}"
        self._say(Tone.OK, title, " · ".join(part for part in (since, about) if part), Sound.CHECKED_OUT)

    def _show_problems(self, found: tuple[Problem, ...]) -> None:
        self._session.sounds.play(Sound.REFUSED)
        self._front(self.rules)
        self.rules.banner.hide()
        self.questions.tell_problems(found, self._library.categories)

    def _go_to(self, problem: Problem) -> None:
        """Show the line and the input a problem is about."""
        if problem.row:
            self.rules.board.choose(words.key_of(problem.row))
        if problem.parameter in PARAMETERS:
            self.rules.board.choose_group(PARAMETERS[problem.parameter].group)
            self.rules.editor.show_problem(problem)

    @Slot(str, object)
    def _changed(self, name: str, plain: object) -> None:
        key = self.rules.board.key()
        if key is not None:
            self.show_draft(with_value(self._draft, key, name, plain, words.own_source(self.rules.source.text())))

    def _remove(self, key: Key) -> None:
        self.show_draft(without_line(self._draft, key))
        self.rules.board.choose_first()

    def _ask_key(self, title: str, verb: str, make: Callable[[Key], PolicyTable]) -> None:
        self.rules.editor.leave()
        fields = KeyFields(self._library.categories, self._library.branch.name)
        fields.show_key(self.rules.board.key() or Key())
        self.questions.ask_key(title, verb, fields, lambda key: self._add(key, make))

    def _add(self, key: Key, make: Callable[[Key], PolicyTable]) -> bool:
        if any(key.holds(row) for row in self._draft.rows):
            self._say(Tone.WARN, "این ردیف هست", words.key_words(key, self._library.categories))
            return False
        self.questions.close()
        self.rules.banner.hide()
        self.show_draft(make(key))
        self.rules.board.choose(key)
        self.rules.editor.begin()
        return True

    @Slot(int)
    def _edit_version(self, version: int) -> None:
        """Another version becomes the draft."""
        table = self._version(version)
        if table is not None:
            self._front(self.rules)
            self.show_draft(table)
            self._say(Tone.INFO, f"{words.version_words(version)} باز شد", "تغییر دهید و به اجرا بگذارید.")

    @Slot(int)
    def _ask_restore(self, version: int) -> None:
        self._front(self.rules)
        told = Reason("ردیف‌های آن، نسخهٔ تازه‌ای می‌شود و از امروز در کار است.", way_out="نسخه‌های دیگر می‌مانند.")
        title = f"{words.version_words(version)} دوباره به اجرا درآید؟"
        self.questions.ask(title, "بازگشت", lambda: self._restore(version), told)

    def _restore(self, version: int) -> None:
        outcome = go_back(self._library, version, self._session.act())
        if outcome is not None:
            self._told(outcome, f"همان {words.version_words(version)}")

    @Slot(int)
    def _export_version(self, version: int) -> None:
        table = self._version(version)
        if table is not None:
            self._write(table)

    def _version(self, version: int) -> PolicyTable | None:
        with self._library.store.read() as reader:
            return policy_of_version(reader, version)

    def _write(self, table: PolicyTable) -> None:
        """To a file of the person's choice, Excel or TOML by its name."""
        path: Path | None = self.ask_where(self, f"policy-{table.version}.xlsx")
        if path is None:
            return
        if not is_policy_file(path):
            path = path.with_suffix(".xlsx")
        safe_write(path, policy_bytes(as_in_force(table, self._library.policy.version), path))
        self._front(self.rules)
        self._say(Tone.OK, "قواعد نوشته شد", isolate(str(path)))

    def _show_draft(self) -> None:
        self.rules.show_draft(self._draft, self._library.categories)
        self.rules.show_state(self._stored, self._library.policy.version, changed=self.is_changed())

    @Slot()
    def _show_line(self) -> None:
        key = self.rules.board.key()
        if key is not None:
            self.rules.show_line(self._draft, key, self._library.categories)

    def _front(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        if part is self.rules:
            self._show_draft()
        part.setFocus()

    @Slot()
    def _back(self) -> None:
        self._front(self.rules)

    def _say(self, tone: Tone, title: str, detail: str, sound: Sound | None = None) -> None:
        self.rules.banner.show_outcome(tone, title, detail)
        self.rules.banner.show()
        if sound is not None:
            self._session.sounds.play(sound)

    def _connect(self) -> None:
        rules = self.rules
        rules.board.line_chosen.connect(self._show_line)
        rules.board.group_chosen.connect(self._show_line)
        rules.editor.changed.connect(self._changed)
        wants = {
            rules.new: self.ask_line, rules.copy: self.ask_copy, rules.remove: self.ask_removal,
            rules.check: self.show_check, rules.publish: self.ask_publish, rules.try_out: self.show_tester,
            rules.history: self.show_versions, rules.take_in: self.take_in, rules.export: self.export,
        }  # fmt: skip
        for button, run in wants.items():
            button.clicked.connect(run)
        self.tester.closed.connect(self._back)
        self.versions.closed.connect(self._back)
        self.tester.list.export_wanted.connect(self.export_list)
        self.versions.changes.export_wanted.connect(self.export_list)
        self.versions.edit_wanted.connect(self._edit_version)
        self.versions.restore_wanted.connect(self._ask_restore)
        self.versions.export_wanted.connect(self._export_version)
