"""What the library says of itself on every form, and the form to change it (002 م4-1-د تبصره: shortage of space)."""

from typing import Any, assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.branch import BranchForm, BranchSaved, set_branch
from app.labels import BRANCH_KIND
from app.library import BranchFacts
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import to_persian
from app.wording import way_out, why
from db.codes import BranchKind
from ui.session import Session
from ui.settings.lines import card
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Fact, Facts
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, text_of
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, row

EDIT, SAVE, CLOSE = "Ctrl+E", "Ctrl+S", "Esc"
SHORTAGE = "تنها با این نشانه، نسخه‌ای که پنج سال امانت نرفته نامزد وجین «بدون مخاطب» می‌شود (مادهٔ ۴-۱-د، تبصره)."
NEEDED, TEXTS = ("name", "province", "county", "city"), ("grade", "code", "licence_no", "phone", "address")
FIELD_OF = {"library_name": "name"}


def fields() -> tuple[Field, ...]:
    """What can be changed; the prefix of the labels stays, since they are on the books."""
    return (
        Field("name", "نام کتابخانه", required=True, longest=120, wide=True),
        Field("province", "استان", longest=120),
        Field("county", "شهرستان", longest=120),
        Field("city", "شهر/ روستا", longest=120),
        Field("grade", "درجه", longest=40),
        Field("kind", "گونه", Kind.CHOICE, options=tuple((kind.value, BRANCH_KIND[kind]) for kind in BranchKind)),
        Field("code", "کد کتابخانه", Kind.LATIN, longest=40),
        Field("licence_no", "شمارهٔ مجوز", longest=40),
        Field("phone", "تلفن", Kind.LATIN, longest=40),
        Field("founded_on", "تاریخ تأسیس", Kind.DATE, wide=True),
        Field("address", "نشانی", longest=300, wide=True),
        Field("space_shortage", "کمبود فضای مخزن", Kind.TICK, help=SHORTAGE, wide=True),
    )


class BranchCard(QWidget):
    """The facts, or while they are changed the form in their place. `saved`: the library is another one."""

    saved = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.facts, self.banner = Facts(), Banner()
        self.banner.hide()
        self.form = Form(fields(), lambda: session.act().day)
        self.edit = Button("ویرایش", EDIT, icon="pencil")
        self.save = Button("ثبت", SAVE, "primary", "check")
        self.close_form = Button("رها کردن", CLOSE)
        self.shown = card("کتابخانه", self.facts, row(self.edit, None))
        deeds = row(self.save, self.close_form, None, gap=8)
        self.changing = Card(column(Label("مشخصات کتابخانه", "heading"), self.form, deeds, gap=12))
        self.changing.hide()
        self.setLayout(column(self.banner, self.shown, self.changing, gap=10))
        self.edit.clicked.connect(self.begin)
        self.save.clicked.connect(self.save_form)
        self.close_form.clicked.connect(self.end)

    def show_branch(self) -> None:
        """Read it anew."""
        self.facts.show_facts(_facts(self._session.library.branch))

    @Slot()
    def begin(self) -> None:
        """Bring the form up with what is written now."""
        branch = self._session.library.branch
        values = {name: getattr(branch, name) for name in (*NEEDED, *TEXTS, "founded_on", "space_shortage")}
        self.form.set_values(values | {"kind": branch.kind.value})
        self.banner.hide()
        self._show(changing=True)
        self.form.input("name").setFocus()

    @Slot()
    def end(self) -> None:
        """Back to the facts; what was not saved is gone."""
        self._show(changing=False)
        self.edit.setFocus()

    @Slot()
    def save_form(self) -> None:
        """Keep what is written, or show everything that speaks against it."""
        if not self.form.check():
            self._session.sounds.play(Sound.REFUSED)
            return
        outcome = set_branch(self._session.library, self._written(), self._session.act())
        match outcome:
            case BranchSaved():
                self.end()
                self.show_branch()
                self._say(Tone.OK, "مشخصات کتابخانه ثبت شد", "برگه‌هایی که پیش‌تر چاپ شده است همان می‌ماند.")
                self.saved.emit()
            case Refused():
                self._refuse(outcome)
            case _:
                assert_never(outcome)

    def is_open(self) -> bool:
        """Whether the form is up."""
        return not self.changing.isHidden()

    def _written(self) -> BranchForm:
        values = self.form.values()
        texts: dict[str, Any] = {name: text_of(values, name) for name in TEXTS}
        needed = {name: text_of(values, name) or "" for name in NEEDED}
        return BranchForm(
            kind=BranchKind(text_of(values, "kind") or BranchKind.INSTITUTIONAL),
            founded_on=day_of(values, "founded_on"),
            space_shortage=bool(values["space_shortage"]),
            **texts | needed,
        )

    def _refuse(self, outcome: Refused) -> None:
        for refusal in outcome.refusals:
            name = str(refusal.facts.get("field", ""))
            if name:
                self.form.show_mistake(FIELD_OF.get(name, name), f"{why(refusal)} {way_out(refusal)}")
        first = outcome.refusals[0]
        self._say(Tone.REFUSE, why(first), way_out(first))

    def _say(self, tone: Tone, title: str, detail: str) -> None:
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()
        self._session.sounds.play(Sound.REFUSED if tone is Tone.REFUSE else Sound.CHECKED_IN)

    def _show(self, *, changing: bool) -> None:
        self.shown.setVisible(not changing)
        self.changing.setVisible(changing)


def _facts(branch: BranchFacts) -> tuple[Fact, ...]:
    place = "، ".join(isolate(part) for part in (branch.province, branch.county, branch.city) if part)
    return (
        ("نام", isolate(branch.name)),
        ("جای", place),
        ("گونه", BRANCH_KIND[branch.kind]),
        ("درجه", to_persian(branch.grade) if branch.grade else ""),
        ("کد", ltr(branch.code) if branch.code else ""),
        ("مجوز", isolate(branch.licence_no) if branch.licence_no else ""),
        ("تأسیس", jalali.day_month_year(branch.founded_on) if branch.founded_on else ""),
        ("تلفن", ltr(to_persian(branch.phone)) if branch.phone else ""),
        ("نشانی", isolate(branch.address) if branch.address else ""),
        ("کمبود فضا", "ثبت شده است" if branch.space_shortage else "ثبت نشده است"),
        ("پیشوند برچسب", ltr(branch.barcode_prefix)),
    )
