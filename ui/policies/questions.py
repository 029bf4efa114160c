"""The questions of the rules page, in the panel above the work: for whom, from when, really?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QObject, Slot

from app.persian.digits import number
from app.policy.draft import Key
from app.policy.problems import Problem
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import RuleStatus
from ui.policies import words
from ui.policies.asking import KeyFields, VersionFields
from ui.theme import Tone
from ui.widgets.panel import Choice, Panel, Reason

YES, NO = "yes", "no"
YES_KEY, PUBLISH_KEY, KEEP_KEY = "Ctrl+Shift+Y", "Ctrl+Enter", "Ctrl+Shift+D"
CLOSE_ONLY = (Choice(NO, "بستن", "Esc"),)


class Questions(QObject):
    """Each question is asked with what to do on a yes; Esc and the other buttons leave everything as it is."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._run: Callable[[str], None] | None = None
        panel.chosen.connect(self._answered)

    def is_open(self) -> bool:
        """Whether a question stands."""
        return self._panel.is_open()

    def close(self) -> None:
        """Withdraw the question."""
        self._run = None
        self._panel.close_question()

    def ask(self, title: str, verb: str, run: Callable[[], None], *reasons: Reason) -> None:
        """A yes or no about something that takes away."""
        choices = (Choice(YES, verb, YES_KEY, "danger"), Choice(NO, "انصراف", "Esc"))
        self._panel.ask(Tone.WARN, title, reasons, choices)
        self._run = lambda code: self._close_then(run) if code == YES else self.close()

    def ask_key(self, title: str, verb: str, fields: KeyFields, take: Callable[[Key], bool]) -> None:
        """For whom and what a line is; `take` answers whether the key will do."""
        choices = (Choice(YES, verb, YES_KEY, "primary"), Choice(NO, "انصراف", "Esc"))
        self._panel.ask(Tone.INFO, title, (), choices, extra=fields)

        def run(code: str) -> None:
            if code != YES:
                self.close()
            elif not take(fields.key()):
                fields.setFocus()

        self._run = run
        fields.setFocus()

    def ask_version(self, fields: VersionFields, store: Callable[[RuleStatus, str, date], None]) -> None:
        """From when a new version holds, or that it is kept as a draft."""
        self._panel.ask(
            Tone.INFO,
            "از چه تاریخی به اجرا درآید؟",
            (),
            (
                Choice(RuleStatus.IN_FORCE, "به اجرا گذاشتن", PUBLISH_KEY, "primary"),
                Choice(RuleStatus.DRAFT, "نگه داشتن پیش‌نویس", KEEP_KEY),
                Choice(NO, "انصراف", "Esc"),
            ),
            note="امانت‌های پیشین، نسخه و سررسید خود را نگه می‌دارند.",
            extra=fields,
        )

        def run(code: str) -> None:
            day = fields.day.day()
            if code == NO:
                self.close()
            elif day is None:
                fields.setFocus()
            else:
                store(RuleStatus(code), fields.title.text().strip(), day)

        self._run = run
        fields.setFocus()

    def tell_problems(self, problems: Sequence[Problem], categories: Mapping[str, str]) -> None:
        """Everything that is wrong with a table."""
        title = f"{number(len(problems))} ایراد؛ چیزی ذخیره نشد"
        self._panel.ask(Tone.REFUSE, title, words.problem_reasons(problems, categories), CLOSE_ONLY)
        self._run = lambda _: self.close()

    def tell_refused(self, refusals: Sequence[Refusal]) -> None:
        """Why this person may not."""
        told = tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)
        self._panel.ask(Tone.REFUSE, "قواعد تغییر نکرد", told, CLOSE_ONLY)
        self._run = lambda _: self.close()

    def _close_then(self, run: Callable[[], None]) -> None:
        self.close()
        run()

    @Slot(str)
    def _answered(self, code: str) -> None:
        if self._run is not None:
            self._run(code)
