"""Pages made of the real widgets and invented rows, for the gallery: a desk, a weeding list, every widget in turn."""

from dataclasses import dataclass
from datetime import date

from ui.keys import ESCAPE, KeyHelp
from ui.page import Action, Page
from ui.style import look
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card, StatTile
from ui.widgets.chart import Bar, BarChart
from ui.widgets.empty import EmptyPage
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.notice import Notice
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.pills import KeyCap, Pill
from ui.widgets.portrait import Portrait
from ui.widgets.progress import ProgressCard
from ui.widgets.row_list import RowList
from ui.widgets.runs import Part
from ui.widgets.search_box import SearchBox
from ui.widgets.steps import Steps
from ui.widgets.table import Column, RowTable, tick_column

PAGE_MARGINS = (22, 18, 22, 18)


@dataclass(frozen=True, slots=True)
class SampleLoan:
    """An open loan as the desk shows it."""

    title: str
    creator: str
    accession: str
    call_number: str
    lent: str
    due: str
    state: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class SampleCandidate:
    """A copy proposed for weeding; `ticked` None stands for an exception of the guideline."""

    ticked: bool | None
    title: str
    creator: str
    accession: str
    year: str
    last_loan: str
    loans: str
    reason: str


LOANS = (
    SampleLoan("سووشون", "دانشور، سیمین", "۱۲٬۴۵۸", "۸فا۳/۶۲ د۲۴۵س", "امروز ۱۰:۲۴", "۲۹ دی ۱۴۰۴", "تازه", Tone.OK),
    SampleLoan("بوف کور", "هدایت، صادق", "۸٬۷۷۱", "۸فا۳/۶۲ ه‍۴۷۳ب", "۲۰ آذر", "۱۰ دی ۱۴۰۴", "۱ روز مانده", Tone.NEUTRAL),
    SampleLoan(
        "کلیدر، جلد ۲",
        "دولت‌آبادی، محمود",
        "۳٬۰۰۲",
        "۸فا۳/۶۲ د۷۸۲ک",
        "۷ آذر",
        "۲۷ آذر ۱۴۰۴",
        "۱۲ روز دیرکرد",
        Tone.REFUSE,
    ),
)
CANDIDATES = (
    SampleCandidate(
        True, "راهنمای ویندوز ۹۸", "فرهادی، علی", "۲٬۱۱۴", "۱۳۷۸", "۱۳۸۹", "۰", "فناوری، ویرایش جدید موجود"
    ),
    SampleCandidate(
        True, "قوانین مالیاتی", "سازمان امور مالیاتی", "۵٬۳۴۰", "۱۳۸۵", "۱۳۹۶", "۱", "۳۳۶ · ویرایش ۱۴۰۲ موجود"
    ),
    SampleCandidate(
        False, "داروهای ژنریک ایران", "گروه مؤلفان", "۶٬۰۷۸", "۱۳۸۱", "۱۳۹۰", "۰", "پزشکی، عمر محتوا گذشته"
    ),
    SampleCandidate(
        None, "تاریخ محلی آبگرم", "رضایی، حسن", "۹۰۳", "۱۳۶۲", "۱۳۷۹", "۰", "مستثنا: منبع محلی (ماده ۵ بند ب)"
    ),
)


def today() -> date:
    """The day the samples play on: 9 Dey 1404."""
    return date(2025, 12, 30)


def loan_table() -> RowTable[SampleLoan]:
    """The loans of a member."""
    return RowTable(
        (
            Column("عنوان", lambda loan: loan.title, sub=lambda loan: loan.creator, stretch=1, strong=True),
            Column("شماره ثبت", lambda loan: loan.accession, width=102, number=True, spare=3),
            Column("رده", lambda loan: loan.call_number, width=150, spare=1),
            Column("امانت", lambda loan: loan.lent, width=112, spare=2),
            Column("بازگشت", lambda loan: loan.due, width=118, tone=_late),
            Column("وضعیت", lambda loan: loan.state, width=128, pill=True, tone=lambda loan: loan.tone),
        ),
        key=lambda loan: loan.accession,
        tint=lambda loan: Tone.OK if loan.tone is Tone.OK else None,
    )


def candidate_table() -> RowTable[SampleCandidate]:
    """The list of a weeding minutes."""
    return RowTable(
        (
            tick_column(lambda copy: copy.ticked),
            Column("عنوان", lambda copy: copy.title, sub=lambda copy: copy.creator, stretch=1, strong=True),
            Column("شماره ثبت", lambda copy: copy.accession, width=86, number=True),
            Column("سال نشر", lambda copy: copy.year, width=74, spare=1),
            Column("آخرین امانت", lambda copy: copy.last_loan, width=92),
            Column("امانت ۵ ساله", lambda copy: copy.loans, width=92, spare=2),
            Column("دلیل پیشنهاد", lambda copy: copy.reason, stretch=3, tone=_excepted),
        ),
        key=lambda copy: copy.accession,
        faded=lambda copy: copy.ticked is None,
    )


def _late(loan: SampleLoan) -> Tone | None:
    return Tone.REFUSE if loan.tone is Tone.REFUSE else None


def _excepted(copy: SampleCandidate) -> Tone | None:
    return Tone.WARN if copy.ticked is None else None


class DeskSample(Page):
    """The desk of the mock-up."""

    def __init__(self, *, refused: bool = False, empty: bool = False) -> None:
        super().__init__()
        self.box = SearchBox("کارت عضو یا برچسب کتاب را اسکن کنید…")
        self.box.add_end(Button("عضو بعدی", ESCAPE))
        self.banner = Banner()
        self.panel = Panel()
        self.loans = RowList(loan_table(), noun="امانت", tools=False)
        self.loans.set_empty(
            "این عضو کتابی در امانت ندارد", "برچسب کتاب را اسکن کنید تا امانت داده شود.", "book-upload"
        )
        work = row(_member_card(), column(self.panel, self.loans, gap=14), gap=14)
        work.setStretch(1, 1)
        whole = column(self.box, self.banner, work, gap=14, margins=PAGE_MARGINS)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.box.show_badge("امانت به: مریم احمدی")
        self.loans.set_rows(() if empty else LOANS)
        self._refuse() if refused else self._lend()

    def on_shown(self) -> None:
        self.box.setFocus()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (KeyHelp("F9", "دریافت وجه"), KeyHelp("F10", "تمدید همه"), KeyHelp("Ctrl+P", "چاپ رسید"))

    def commands(self) -> tuple[Action, ...]:
        return (Action("تمدید همه‌ی امانت‌ها", lambda: None, "F10"), Action("دریافت وجه", lambda: None, "F9"))

    def _lend(self) -> None:
        detail = ("شماره ثبت ۱۲٬۴۵۸ · سیمین دانشور · بازگشت تا ", Part("دوشنبه ۲۹ دی ۱۴۰۴", strong=True))
        self.banner.show_outcome(Tone.OK, "امانت داده شد — «سووشون»", *detail, undo="پس گرفتن امانت «سووشون»")

    def _refuse(self) -> None:
        self.banner.show_outcome(Tone.REFUSE, "امانت داده نشد — «سووشون»", "شماره ثبت ۱۲٬۴۵۸ · سیمین دانشور")
        self.panel.ask(
            Tone.REFUSE,
            "«سووشون» به مریم احمدی امانت داده نمی‌شود",
            (
                Reason(
                    "۴ کتاب در امانت دارد و سقف او ۴ کتاب است.",
                    "آیین‌نامه امانت، ردیف دانشجوی کارشناسی",
                    "یک کتاب را برگردانید.",
                ),
                Reason("۲۴٬۰۰۰ ریال بدهی دارد.", "بدهی مجاز: ۲۰٬۰۰۰ ریال", "بدهی را دریافت کنید (F9)."),
            ),
            (
                Choice("override", "امانت با اجازه مسئول", "Ctrl+Shift+A", "danger"),
                Choice("pay", "دریافت وجه", "F9"),
                Choice("close", "باشد", ESCAPE),
            ),
        )
        self.panel.set_waiting(2)
        self.box.set_waiting(2)


def _member_card() -> Card:
    identity = column(
        Label("مریم احمدی", "heading"),
        Label("عضو ۰۰۴۵۱۲ · دانشجوی کارشناسی", "muted"),
        Label("اعتبار تا ۱۵ مهر ۱۴۰۵", "muted"),
        row(Pill("مجاز به امانت", Tone.OK), None),
        gap=1,
    )
    head = row(Portrait(), identity, gap=12)
    head.setStretch(1, 1)
    loans, debt = StatTile("امانت", "۳", "از ۴"), StatTile("بدهی (ریال)")
    debt.show_number("۲۴٬۰۰۰", tone=Tone.WARN)
    card = Card(
        column(
            head,
            row(loans, debt),
            Notice("یک کتاب ۱۲ روز دیرکرد دارد", ("«کلیدر، جلد ۲» — جریمه ۲۴٬۰۰۰ ریال",), Tone.WARN),
            Notice("رزرو آماده تحویل", ("«چشم‌هایش» روی قفسه رزرو، تا ۵ دی",)),
            None,
            Flow(Button("دریافت وجه", "F9"), Button("تمدید همه", "F10"), Button("رسید", "Ctrl+P", icon="printer")),
            gap=12,
        )
    )
    card.setFixedWidth(look().px(322))
    return card


class WeedingSample(Page):
    """The weeding page of the mock-up."""

    def __init__(self) -> None:
        super().__init__()
        title = row(
            Label("وجین پاییز ۱۴۰۴", "title"),
            Label("مهلت ارسال گزارش فصلی: ابتدای دی‌ماه (۳ روز دیگر)", "muted"),
            None,
            Button("خروجی اکسل", icon="file-spreadsheet"),
            Button("چاپ صورتجلسه", "Ctrl+P", "primary"),
            gap=10,
        )
        tiles = (
            StatTile("صورتجلسه ۱ · وجین محتوایی", "۳۶ نسخه", "از ۵۱ پیشنهاد", clickable=True),
            StatTile("صورتجلسه ۲ · فرسوده", "۱۲ نسخه", "نزد رئیس اداره، ۴ روز", clickable=True),
            StatTile("صورتجلسه ۳ · تکراری", "۸ نسخه", "۲ ردشده", clickable=True),
            StatTile("صورتجلسه ۴ · بدون مخاطب", "۰ نسخه", "۱۹ پیشنهاد", clickable=True),
        )
        tiles[0].set_chosen(True)
        self.steps = Steps()
        self.steps.show_steps(
            (
                "تهیه فهرست",
                "رئیس اداره شهرستان (۷ روز)",
                "کارشناس منابع استان (۱۰ روز)",
                "تغییر وضعیت نسخه‌ها",
                "تحویل به مرکز مبادله",
            ),
            0,
        )
        self.list = RowList(candidate_table(), noun="نسخه", tools=False)
        self.list.set_rows(CANDIDATES)
        self.list.view.choose("۵٬۳۴۰")
        work = row(self.list, _candidate_card(), gap=14)
        work.setStretch(0, 1)
        whole = column(title, row(*tiles, gap=12), self.steps, work, gap=14, margins=PAGE_MARGINS)
        whole.setStretch(3, 1)
        self.setLayout(whole)


def _candidate_card() -> Card:
    chart = BarChart()
    years = zip(range(97, 105), (9, 7, 5, 2, 0, 1, 0, 0), strict=True)
    chart.show_bars([Bar(_fa(1300 + year), value) for year, value in years], "امانت در سال، ۱۳۹۷–۱۴۰۴")
    chart.setFixedHeight(look().px(94))
    why = (
        "ماده ۴ بند الف: ویرایش جدیدتر همین عنوان (۱۴۰۲، ثبت ۱۱٬۲۰۵) در مجموعه است.",
        "ماده ۶ بند د: عناوین اقتصاد و دولت با ویرایش جدید جایگزین می‌شوند.",
    )
    checked = ("نسخه خطی / سنگی / سربی نیست", "بسته فرهنگی نیست", "منبع محلی یا پایه نیست")
    card = Card(
        column(
            Label("قوانین مالیاتی", "heading"),
            Label("نسخه ۱ از ۲ · شماره ثبت ۵٬۳۴۰ · رده ۳۳۶/۲", "muted"),
            Notice("چرا پیشنهاد شد؟", why),
            Notice("بررسی استثناها", checked, Tone.NEUTRAL, sign="check"),
            None,
            chart,
            row(Button("بماند در فهرست", kind="primary"), Button("به صحافی"), Button("به قفسه"), None),
            gap=8,
        )
    )
    card.setFixedWidth(look().px(330))
    return card


def _fa(value: int) -> str:
    return "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in str(value))


class WidgetSample(Page):
    """Every small widget in every tone."""

    def __init__(self) -> None:
        super().__init__()
        banners = column(gap=8)
        for tone, words in (
            (Tone.OK, "برگشت داده شد — «چشم‌هایش»"),
            (Tone.WARN, "برگشت داده شد، رزرو عضو دیگر است — «شازده کوچولو»"),
            (Tone.REFUSE, "این برچسب شناخته نشد"),
            (Tone.INFO, "۱۲ امانت تمدید شد"),
        ):
            banner = Banner()
            banner.show_outcome(tone, words, "شماره ثبت ۸٬۷۷۱ · هدایت، صادق", undo="" if tone is Tone.REFUSE else words)
            banners.addWidget(banner)
        pills = Flow(
            *(Pill(words, tone) for words, tone in zip(("عادی", "آگاهی", "خوب", "هشدار", "رد"), Tone, strict=True))
        )
        buttons = Flow(
            Button("ثبت", "Ctrl+S", "primary", "check"),
            Button("چاپ", "Ctrl+P", icon="printer"),
            Button("حذف عضو", kind="danger", icon="trash"),
            Button("بیشتر", kind="quiet", icon="chevron-down"),
            _disabled(Button("تمدید", "F10")),
            IconButton("copy", "رونوشت"),
            KeyCap("Ctrl+K"),
        )
        progress = ProgressCard("ورود فهرست کتاب‌ها از «kitab.xlsx»")
        progress.show_progress(340, 1200, 42, "خواندن ردیف‌ها")
        steps = Steps()
        steps.show_steps(("تهیه فهرست", "رئیس اداره", "کارشناس استان", "تغییر وضعیت"), 2)
        classes = BarChart(lying=True)
        classes.show_bars(
            [Bar("ادبیات فارسی", 1240), Bar("کودک و نوجوان", 980), Bar("علوم اجتماعی", 310), Bar("تاریخ ایران", 205)],
            "امانت پاییز بر پایه رده",
        )
        months = BarChart()
        months.show_bars(
            [
                Bar(name, value)
                for name, value in zip(("مهر", "آبان", "آذر", "دی", "بهمن"), (320, 410, 380, 0, 45), strict=True)
            ],
            "امانت در ماه",
        )
        latin = Label(f"شابک {ltr('978-600-251-114-0')} · تلفن {ltr('+98 912 000 00 00')} · متن <b>بی‌قالب</b>")
        left = column(banners, pills, buttons, latin, progress, steps, None, gap=14)
        right = column(Card(column(classes)), Card(column(months)), None, gap=14)
        both = row(left, right, gap=20, margins=PAGE_MARGINS)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        self.setLayout(both)


class FormSample(Page):
    """A data-entry form with help, mistakes and all kinds of fields."""

    def __init__(self) -> None:
        super().__init__()
        fields = (
            Field("given_name", "نام", required=True),
            Field("family_name", "نام خانوادگی", required=True),
            Field("national_id", "کد ملی", Kind.LATIN, validator=lambda _: "رقم کنترل کد ملی درست نیست."),
            Field("mobile", "شماره همراه", Kind.LATIN, help="برای پیام یادآوری"),
            Field("birth_date", "تاریخ تولد", Kind.DATE),
            Field("membership_fee", "حق عضویت (ریال)", Kind.MONEY),
            Field(
                "age_group",
                "گروه سنی",
                Kind.CHOICE,
                options=(("a", "الف: آمادگی و سال اول دبستان"), ("b", "ب: سال‌های دوم و سوم")),
            ),
            Field("consent", "رضایت‌نامه ولی گرفته شد", Kind.TICK),
            Field("note", "یادداشت", Kind.LONG, wide=True),
        )
        self.form = Form(fields, today)
        self.form.set_values(
            {
                "given_name": "مریم",
                "national_id": "0012345678",
                "mobile": "0912 000 0000",
                "membership_fee": 250000,
                "birth_date": date(2010, 5, 4),
                "age_group": "b",
                "consent": True,
            }
        )
        self.form.input("birth_date").framed.setProperty("text", "۱۴۰۴/۱۲/۳۰")
        self.form.check()
        card = Card(
            column(
                Label("عضو تازه", "title"),
                self.form,
                row(Button("ثبت عضو", "Ctrl+S", "primary"), Button("انصراف", ESCAPE), None),
                gap=14,
            ),
            padding=22,
        )
        candidates = RowList(candidate_table(), title="کاندیداهای وجین", noun="نسخه")
        candidates.set_rows(CANDIDATES * 3)
        candidates.filter.edit.setText("تاریخ")
        beside = row(card, column(candidates, _empty_list()), gap=16, margins=PAGE_MARGINS)
        beside.setStretch(0, 1)
        beside.setStretch(1, 1)
        self.setLayout(beside)


class EmptySample(Page):
    """A page nobody has used yet."""

    def __init__(self) -> None:
        super().__init__()
        begin = Button("شروع رف‌خوانی", "Ctrl+N", "primary")
        self.setLayout(
            column(
                EmptyPage(
                    "checkup-list",
                    "رف‌خوانی: سنجش قفسه با دفتر ثبت",
                    "یک محدوده قفسه را برگزینید و برچسب‌ها را پشت سر هم اسکن کنید.",
                    begin,
                )
            )
        )


def _empty_list() -> RowList:
    table: RowTable[SampleLoan] = loan_table()
    made = RowList(table, title="رزروها", noun="رزرو")
    made.set_empty("رزروی در نوبت نیست", "از صفحه فهرست، کتاب را برای عضو رزرو کنید.", "bookmark")
    return made


def _disabled(button: Button) -> Button:
    button.setEnabled(False)
    return button
