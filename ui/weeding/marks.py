"""The marks of a copy that the exemptions ask about, put right from the bench: what keeps it (002 م5-1), the cultural
package with the deputy's permit (م4-2 تبصره), and its condition."""

import uuid
from collections.abc import Sequence
from typing import Any, assert_never

from PySide6.QtCore import QObject, Signal, Slot

from app.circulation.copy_editing import CopyEdit, CopyEdited, edit_copy
from app.labels import CONDITION, ITEM_FLAG
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.weeding.facts import CopyFacts
from app.weeding.queries import copy_facts
from app.wording import way_out, why
from db.codes import Condition, ItemFlag
from ui.circulation.words import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.rows import WorkLine
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, day_of, text_of
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Panel

MARKS = "Ctrl+E"
ASKED = (
    ItemFlag.LOCAL,
    ItemFlag.HISTORICAL,
    ItemFlag.SPECIAL_VALUE,
    ItemFlag.CORE,
    ItemFlag.CULTURAL_PACKAGE,
)
_TEXTS = ("permit_no", "permit_on")


def mark_fields() -> tuple[Field, ...]:
    """The marks, the permit, and the condition."""
    conditions = tuple((code.value, label) for code, label in CONDITION.items())
    return (
        *(Field(flag.value, ITEM_FLAG[flag], Kind.TICK) for flag in ASKED),
        Field("condition", "وضعیت ظاهری", Kind.CHOICE, options=conditions),
        Field("permit_no", "شمارهٔ مجوز معاونت", longest=60),
        Field("permit_on", "تاریخ مجوز معاونت", Kind.DATE),
    )


class CopyMarks(QObject):
    """`changed` carries the id of a copy whose marks are others now; `began` and `ended` frame the question."""

    said = Signal(object)
    changed = Signal(object)
    began = Signal()
    ended = Signal()

    def __init__(self, session: Session, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._asked: tuple[WorkLine, CopyFacts] | None = None
        self.form: Form | None = None
        panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether the marks of a copy are open."""
        return self._asked is not None

    def ask(self, line: WorkLine) -> None:
        """Show the marks of a copy as they are now."""
        copy = self._read(line.item_id)
        if copy is None:
            self.said.emit(words.unknown(line.barcode))
            return
        self._asked = line, copy
        self.began.emit()
        self.form = Form(mark_fields(), lambda: self._session.act().day, columns=2)
        self.form.set_values(_values(copy))
        self._panel.ask(
            Tone.INFO,
            f"نشانه‌های «{isolate(line.title)}»",
            (),
            (Choice(words.YES, "ثبت", words.YES_KEY, "primary"), Choice(words.CLOSE, "انصراف", "Esc")),
            extra=self.form,
        )
        self.form.input(ASKED[0].value).setFocus()

    def withdraw(self) -> None:
        """Nothing is changed."""
        self._asked, self.form = None, None
        self._panel.close_question()
        self.ended.emit()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        asked, form = self._asked, self.form
        if choice != words.YES or asked is None or form is None:
            self.withdraw()
        elif form.check():
            self._save(*asked, form)

    def _save(self, line: WorkLine, copy: CopyFacts, form: Form) -> None:
        session = self._session
        edit = CopyEdit(line.barcode, _edited(copy, form.values()))
        outcome = edit_copy(session.library, edit, session.act())
        match outcome:
            case CopyEdited():
                self.withdraw()
                if outcome.changed:
                    self.said.emit(Said(Tone.OK, f"نشانه‌ها ثبت شد — {_named(line)}", (), Sound.CHECKED_IN, "آخرین کار"))
                    self.changed.emit(line.item_id)
                    session.refresh.tell("items")
            case Refused():
                self._refuse(form, outcome.refusals)
            case NotFound():
                self.withdraw()
                self.said.emit(words.unknown(outcome.key))
            case _:
                assert_never(outcome)

    def _refuse(self, form: Form, refusals: Sequence[Refusal]) -> None:
        """Under its field what belongs to one; the rest on the banner."""
        rest = []
        for refusal in refusals:
            name = str(refusal.facts.get("field", ""))
            if name in _TEXTS:
                form.show_mistake(name, f"{why(refusal)} {way_out(refusal)}")
                form.input(name).setFocus()
            else:
                rest.append(f"{why(refusal)} {way_out(refusal)}")
        self.said.emit(Said(Tone.REFUSE, "نشانه‌ها ثبت نشد", tuple(rest), Sound.REFUSED))

    def _read(self, item_id: uuid.UUID) -> CopyFacts | None:
        with self._session.library.store.read() as reader:
            return copy_facts(reader, item_id)


def _values(copy: CopyFacts) -> dict[str, Any]:
    ticks = {flag.value: flag in copy.flags for flag in ASKED}
    return {
        **ticks, "permit_no": copy.permit_no or "", "permit_on": copy.permit_on, "condition": copy.condition.value,
    }  # fmt: skip


def _edited(copy: CopyFacts, values: Values) -> dict[str, Any]:
    others = [flag for flag in copy.flags if flag not in ASKED]
    return {
        "flags": [*others, *(flag.value for flag in ASKED if values.get(flag.value) is True)],
        "permit_no": text_of(values, "permit_no"),
        "permit_on": day_of(values, "permit_on"),
        "condition": Condition(text_of(values, "condition") or copy.condition),
    }


def _named(line: WorkLine) -> str:
    return f"«{isolate(line.title)}»"
