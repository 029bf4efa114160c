"""«بررسی سلامت داده‌ها»: every rule of the store recomputed, and the answer in Persian."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.check import Broken, Report, check_library
from app.persian.digits import number, to_persian
from db.trouble import Trouble
from ui.errors import told
from ui.session import Session
from ui.settings.lines import card
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice, trouble_notice

CHECK = "Ctrl+H"
RULES: Mapping[str, str] = MappingProxyType(
    {
        "one_open_loan": "هر نسخه تنها یک امانت باز دارد",
        "status_equals_loans": "وضعیت هر نسخه با امانت‌ها می‌خواند",
        "summaries": "شمار و تاریخ امانت‌ها با دفتر امانت می‌خواند",
        "journal": "دفتر رویدادها پیوسته و دست‌نخورده است",
        "accession_numbers": "شماره‌های ثبت تکراری نیست و بازنمی‌گردد",
        "ledger": "دفتر حساب‌ها تراز است",
        "settling": "دریافت و بخشودگی هر بدهی از خود آن بیشتر نیست",
        "weeded_by_minutes": "وجین تنها با صورتجلسهٔ پاسخ‌داده‌شده است",
        "minutes_numbers": "شماره‌های صورتجلسه بی‌افتادگی است",
        "minutes_editions": "هر ویراست صورتجلسه همان است که چاپ شد",
        "copies_on_minutes": "نسخه‌های در صورتجلسه با صورتجلسه‌ها می‌خواند",
        "binding": "درخواست‌های صحافی با وضعیت نسخه‌ها می‌خواند",
        "receipt_numbers": "شماره‌های رسید بی‌افتادگی است",
        "clearance_numbers": "شماره‌های تسویه‌حساب بی‌افتادگی است",
        "exchange": "هر نسخهٔ وجینی در یک بسته است و با صورتجلسه بیرون رفته است",
        "holds": "هر کتاب قفسهٔ رزرو برای یک عضو است و نزد کسی نیست",
        "losses": "کتاب‌های گم‌شده و جایگزین‌شده درست ثبت شده‌اند",
        "documents": "برگه‌های بایگانی همان است که چاپ شد",
        "sync": "آنچه مرکز رسیدنش را گفته با دفتر رویدادها می‌خواند",
        "file": "فایل داده‌ها سالم است",
    }
)
# What `app.check` says of a place, for programs; here for people.
PLACES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"accession (\d+) twice"), "شماره ثبت {0} دو بار داده شده است"),
    (re.compile(r"accession (\d+)"), "شماره ثبت {0}"),
    (re.compile(r"entry (\d+) is missing"), "رویداد {0} نیست"),
    (re.compile(r"entry (\d+) does not follow.*"), "رویداد {0} دنبالهٔ رویداد پیشین نیست"),
    (re.compile(r"entry (\d+) names others.*"), "نام‌های رویداد {0} همان نیست که نوشته شده بود"),
    (re.compile(r"the head says (\d+), the last entry is (\d+)"), "دفتر تا {0} نوشته شده، ولی {1} رویداد در آن است"),
    (re.compile(r"the series stands at (\d+), below (\d+)"), "شمارنده روی {0} است و از {1} پایین‌تر است"),
    (re.compile(r"receipt (\d+) is missing"), "رسید {0} نیست"),
    (re.compile(r"clearance (\d+) is missing"), "برگهٔ تسویه‌حساب {0} نیست"),
    (re.compile(r"clearance (\d+) has no paper"), "سند تسویه‌حساب {0} نیست"),
    (re.compile(r"loan \S+ ended without a loss"), "امانتی که گم نشده بود با پرداخت یا جایگزینی بسته شده است"),
    (re.compile(r"minutes row \S+ is packed twice"), "نسخه‌ای وجینی در دو بسته است"),
    (re.compile(r"copy \S+ left without minutes"), "نسخه‌ای بی صورتجلسهٔ اجراشده در بسته است"),
    (re.compile(r"delivery \S+ went nowhere"), "گیرندهٔ یک تحویل در فهرست کتابخانه‌ها نیست"),
    (re.compile(r"delivery (\d+)/(\d+) is missing"), "صورتجلسهٔ تحویل {1} سال {0} نیست"),
    (re.compile(r"delivery (\d+)/(\d+) has no paper"), "برگهٔ تحویل {1} سال {0} نیست"),
    (re.compile(r"(\d+)/(\d+) is missing"), "صورتجلسهٔ {1} سال {0} نیست"),
    (re.compile(r"(\d+)/(\d+) has no paper"), "برگهٔ صورتجلسهٔ {1} سال {0} نیست"),
    (re.compile(r"(\d+)/(\d+) is dated .*"), "تاریخ صورتجلسهٔ {1} سال {0} از سال دیگری است"),
    (re.compile(r"line \S+ does not oppose its own"), "یک سطر برگشتی با سطر خود نمی‌خواند"),
    (re.compile(r"line \S+ is opposed twice"), "یک سطر دو بار برگشت خورده است"),
    (re.compile(r"line \S+ settles no debt.*"), "سطری بدهیِ همان عضو را نمی‌پوشاند"),
    (re.compile(r"line \S+ is settled beyond.*"), "برای یک بدهی بیش از خود آن دریافت یا بخشوده شده است"),
    (re.compile(r"entry \S+ twice"), "یک رویداد در دو دفتر آمده است"),
    (re.compile(r"epoch \d+: another chain was acknowledged"), "مرکز رویدادهای دیگری را پذیرفته است"),
    (re.compile(r"epoch \d+.*"), "شمار رویدادهای فرستاده با دفتر نمی‌خواند"),
    (re.compile(r"foreign key: .*"), "ردیفی به ردیفی اشاره می‌کند که نیست"),
)
ADVICE = "از داده‌ها پشتیبان بگیرید و این فهرست را برای پشتیبانی بفرستید."
MOST_SHOWN = 12


def place_words(where: str) -> str:
    """A place in Persian; what is new to this table as it was told."""
    for pattern, words in PLACES:
        if found := pattern.fullmatch(where):
            return words.format(*(to_persian(part) for part in found.groups()))
    return ltr(where)


def broken_words(broken: Broken) -> str:
    """Which rule does not hold, and where."""
    return f"{RULES.get(broken.invariant, broken.invariant)}: {place_words(broken.where)}"


class HealthCard(QWidget):
    """The check runs beside the desk; lending goes on."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.button = Button("بررسی سلامت داده‌ها", CHECK, icon="checkup-list")
        self._told = QVBoxLayout()
        how = "همهٔ شمارها و پیوندها از نو حساب و با آنچه نوشته شده سنجیده می‌شود. کار میز در این میان ادامه دارد."
        self.setLayout(
            column(card("سلامت داده‌ها", Label(how, "muted", wrap=True), row(self.button, None), self._told), gap=0)
        )
        self.button.clicked.connect(self.start)

    @Slot()
    def start(self) -> None:
        """Recompute everything in the background."""
        library = self._session.library
        job = self._session.jobs.start("بررسی سلامت داده‌ها", lambda _: check_library(library))
        job.finished.connect(self.show_report)
        job.failed.connect(self._failed)
        self.button.setEnabled(False)
        self._tell(Notice("در حال بررسی…", (), Tone.NEUTRAL))

    @Slot(object)
    def show_report(self, report: Report) -> None:
        """Say what was found."""
        self.button.setEnabled(True)
        if not report.broken:
            checked = tuple(RULES.get(name, name) for name in report.checked)
            self._tell(Notice(f"هر {number(len(checked))} بررسی درست بود", checked, Tone.OK, sign="check"))
            return
        lines = [broken_words(broken) for broken in report.broken[:MOST_SHOWN]]
        if more := len(report.broken) - MOST_SHOWN:
            lines += [f"و {number(more)} جای دیگر"] * (more > 0)
        title = f"{number(len(report.broken))} ناهمخوانی پیدا شد"
        self._tell(Notice(title, (*lines, ADVICE), Tone.REFUSE))

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if not isinstance(error, Trouble):
            raise error
        self._tell(trouble_notice(*told(error)))

    def _tell(self, notice: Notice) -> None:
        emptied(self._told)
        self._told.addWidget(notice)
