"""The weeding and binding guideline: which version holds, its status and figures, and the form that makes another
version of them (002, opening note: a draft that cannot be cited yet)."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.guideline.service import GuidelineFaulty, GuidelineSet, GuidelineUnchanged, set_guideline
from app.guideline.table import Guideline
from app.labels import RULE_STATUS
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.explain import in_order
from app.wording import way_out, why
from db.codes import RuleStatus
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
from ui.widgets.form_values import text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.pills import Pill

EDIT, SAVE, CLOSE = "Ctrl+Shift+E", "Ctrl+Shift+S", "Esc"
DRAFT = "این متن خود را پیش‌نویس می‌خواند و فعلاً قابل استناد نیست؛ تا ابلاغ آن، صورتجلسه‌ها با همین نسخه نوشته می‌شود."
IN_FORCE = "ارقام این نسخه از روز اجرای آن در پیشنهادها، صورتجلسه‌ها و یادآوری‌ها به کار می‌رود."
NEW_VERSION = "ثبت، نسخهٔ تازه‌ای می‌سازد که از امروز اجرا می‌شود؛ نسخه‌های پیشین همان می‌ماند."
# What each figure is, in the order of the guideline.
THRESHOLDS: Mapping[str, str] = MappingProxyType(
    {
        "idle_years": "سال بی‌استفاده",  # م4-1-د
        "copies_kept": "نسخهٔ ماندنی",  # م4-1 تبصره
        "loans_per_copy": "امانت هر نسخه",  # م5-4
        "demand_years": "سال شمارش",  # م5-4
    }
)
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "county_days": "شهرستان (روز)",  # م7-5
        "correction_days": "اصلاح (روز)",  # م7-9
        "province_days": "استان (روز)",  # م7-8
        "season_months": "ارسال (ماه)",  # م7-3
        "exchange_months": "مبادله (ماه)",  # م7-21
        "binding_months": "صحافی (ماه)",  # م13-7
        "binding_status_days": "وضعیت صحافی (روز)",  # م13-11
        "binding_every_months": "نوبت صحافی (ماه)",  # م13-10
        "new_library_months": "کتابخانهٔ نو (ماه)",  # 003 م3-7 تبصره
        "report_day": "گزارش فصل (روز ماه)",  # م14-1
        "county_report_day": "گزارش شهرستان (روز ماه)",  # م14-2
        "report_answer_day": "نتیجهٔ گزارش (روز ماه)",  # م14-3
        "volumes_a_month": "ورود اطلاعات (جلد در ماه)",  # 003 م3-7
    }
)


def fields() -> tuple[Field, ...]:
    """Every figure, and where the new ones come from."""
    figures = {**THRESHOLDS, **TERMS}
    return (
        *(Field(name, label, Kind.NUMBER, required=True) for name, label in figures.items()),
        Field("source", "منبع این ارقام", required=True, longest=300, wide=True),
    )


class GuidelineCard(QWidget):
    """The version in force, or while its figures are changed the form in its place. `saved`: other figures hold."""

    saved = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.facts, self.status, self.banner = Facts(), Pill(), Banner()
        self.said = Label("", "small", wrap=True)
        self.banner.hide()
        self.form = Form(fields(), lambda: session.act().day)
        self.edit = Button("ویرایش ارقام", EDIT, icon="pencil")
        self.save = Button("ثبت", SAVE, "primary", "check")
        self.close_form = Button("رها کردن", CLOSE)
        self.shown = card("دستورالعمل وجین و صحافی", self.said, self.facts, row(self.edit, None), beside=self.status)
        deeds = row(self.save, self.close_form, None, gap=8)
        heading = Label("ارقام دستورالعمل وجین و صحافی", "heading")
        self.changing = Card(column(heading, Label(NEW_VERSION, "small", wrap=True), self.form, deeds, gap=12))
        self.changing.hide()
        self.setLayout(column(self.banner, self.shown, self.changing, gap=10))
        self.edit.clicked.connect(self.begin)
        self.save.clicked.connect(self.save_form)
        self.close_form.clicked.connect(self.end)

    def show_guideline(self) -> None:
        """Read it anew."""
        guideline = self._session.library.guideline
        in_force = guideline.status is RuleStatus.IN_FORCE
        self.status.show_state(RULE_STATUS[guideline.status], Tone.OK if in_force else Tone.WARN)
        self.said.say(IN_FORCE if in_force else DRAFT)
        self.facts.show_facts(_facts(guideline))

    @Slot()
    def begin(self) -> None:
        """Bring the form up with the figures that hold now."""
        guideline = self._session.library.guideline
        figures = asdict(guideline.thresholds) | asdict(guideline.terms)
        self.form.set_values(figures | {"source": guideline.source})
        self.banner.hide()
        self._show(changing=True)
        self.form.input("idle_years").setFocus()

    @Slot()
    def end(self) -> None:
        """Back to the facts; what was not saved is gone."""
        self._show(changing=False)
        self.edit.setFocus()

    @Slot()
    def save_form(self) -> None:
        """Store what is written as the next version, or show everything that speaks against it."""
        if not self.form.check():
            self._session.sounds.play(Sound.REFUSED)
            return
        outcome = set_guideline(self._session.library, self._written(), self._session.act())
        match outcome:
            case GuidelineSet():
                self.end()
                self.show_guideline()
                self._say(Tone.OK, f"نسخهٔ {number(outcome.version)} دستورالعمل ثبت شد", IN_FORCE)
                self.saved.emit()
            case GuidelineUnchanged():
                self._say(Tone.WARN, "چیزی تغییر نکرده است", f"همین ارقام در نسخهٔ {number(outcome.version)} هست.")
            case GuidelineFaulty():
                for problem in outcome.problems:
                    self.form.show_mistake(problem.place.rpartition(" ")[2], in_order(problem.text))
                self._session.sounds.play(Sound.REFUSED)
            case Refused():
                first = outcome.refusals[0]
                self._say(Tone.REFUSE, why(first), way_out(first))
            case _:
                assert_never(outcome)

    def is_open(self) -> bool:
        """Whether the form is up."""
        return not self.changing.isHidden()

    def _written(self) -> dict[str, object]:
        values = self.form.values()
        return {
            "thresholds": {name: values[name] for name in THRESHOLDS},
            "terms": {name: values[name] for name in TERMS},
            "source": text_of(values, "source"),
        }

    def _say(self, tone: Tone, title: str, detail: str) -> None:
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()
        self._session.sounds.play(Sound.CHECKED_IN if tone is Tone.OK else Sound.REFUSED)

    def _show(self, *, changing: bool) -> None:
        self.shown.setVisible(not changing)
        self.changing.setVisible(changing)


def _facts(guideline: Guideline) -> tuple[Fact, ...]:
    figures, terms = guideline.thresholds, guideline.terms
    demand = f"هر {number(figures.loans_per_copy)} امانت در {number(figures.demand_years)} سال یک نسخه"
    county, corrected, province = (
        number(days) for days in (terms.county_days, terms.correction_days, terms.province_days)
    )
    return (
        ("نام", isolate(guideline.title)),
        ("نسخه", f"{number(guideline.version)}، از {jalali.day_month_year(guideline.effective_from)}"),
        ("منبع", isolate(to_persian(guideline.source))),
        ("بی‌استفاده", f"پس از {number(figures.idle_years)} سال"),
        ("نسخه‌ها", f"{number(figures.copies_kept)} نسخهٔ نخست می‌ماند؛ {demand}"),
        ("مهلت پاسخ", f"شهرستان {county}، اصلاح {corrected} و استان {province} روز"),
        ("مهلت کار", f"مبادله {number(terms.exchange_months)} ماه، صحافی {number(terms.binding_months)} ماه"),
        ("معیارها", f"{number(len(guideline.criteria))} معیار و {number(len(guideline.hints))} راهنمای مادهٔ ۶"),
    )
