"""Scanner and card readers: which ports, what the scanner sends before a code, and trying them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.devices import pcsc
from app.devices.scan import Flaw, Scan, Source, Unreadable
from app.devices.serial_reader import Port, check_port, list_ports
from app.devices.wedge import Prefix
from db.trouble import Trouble
from ui.errors import told
from ui.jobs import Jobs
from ui.preferences import Preferences
from ui.settings.lines import card, setting
from ui.theme import Tone
from ui.widgets.buttons import Button, IconButton
from ui.widgets.inputs import Choice, Tick
from ui.widgets.labels import isolate, ltr
from ui.widgets.layouts import column, emptied
from ui.widgets.notice import Notice, trouble_notice

TRY = "Ctrl+T"
NO_PORT = ("", "بدون درگاه")
PREFIXES = (
    (Prefix.NONE.value, "بی‌نشانه: از روی سرعت"),
    (Prefix.F13.value, "کلید F13"),
    (Prefix.STX.value, "نویسهٔ STX"),
)
PREFIX_HELP = "اگر بارکدخوان را چنین تنظیم کرده‌اید، نوشتن با صفحه‌کلید هرگز با اسکن اشتباه نمی‌شود."
CARD_HELP = "کارت‌های ۱۲۵ کیلوهرتز با کابل سریال. کارت‌خوانی که شماره را تایپ می‌کند درگاه نمی‌خواهد."
PCSC_HELP = "کارت‌خوان‌های USB که کارت را روی آنها می‌گذارند (PC/SC)، هر چند تا که وصل باشند."
PCSC_MISSING = "برای آن بستهٔ pyscard باید روی این رایانه نصب شود؛ کارت‌خوان‌های دیگر به آن نیاز ندارند."
SOURCES: Mapping[Source, str] = MappingProxyType(
    {
        Source.KEYBOARD: "بارکدخوان صفحه‌کلیدی",
        Source.SERIAL: "درگاه سریال",
        Source.CARD: "کارت‌خوان",
        Source.FILE: "فایل",
    }
)
FLAWS: Mapping[Flaw, str] = MappingProxyType(
    {
        Flaw.EMPTY: "کد خالی بود.",
        Flaw.TOO_LONG: "کد بلندتر از اندازه بود.",
        Flaw.CONTROL_CHARACTER: "در کد نویسهٔ پنهان بود؛ تنظیم بارکدخوان را بازبینی کنید.",
        Flaw.BIDI_CONTROL: "در کد نویسهٔ پنهان بود؛ تنظیم بارکدخوان را بازبینی کنید.",
        Flaw.FOREIGN_CHARACTER: "در کد حرفی بود که روی هیچ کارت و برچسبی نیست.",
        Flaw.UNFINISHED: "کد ناتمام رسید؛ پایان هر کد باید Enter باشد.",
        Flaw.CHECKSUM: "رقم کنترل کارت نخواند؛ کارت را کمی بیشتر نگه دارید و کابل را ببینید.",
        Flaw.NO_CARD_NUMBER: "دستگاه شمارهٔ کارت نفرستاد؛ شاید بارکدخوان است یا کارت شماره ندارد.",
        Flaw.CHANGING_NUMBER: "شمارهٔ این کارت یا گوشی هر بار عوض می‌شود و به کار عضویت نمی‌آید.",
    }
)


class ScannerCard(QWidget):
    """`changed` carries the preferences as the person wants them now. Ports are listed when the page is shown."""

    changed = Signal(object)

    def __init__(
        self,
        preferences: Preferences,
        jobs: Jobs,
        ports: Callable[[], Sequence[Port]] = list_ports,
        check: Callable[[str], None] = check_port,
        pcsc_installed: Callable[[], bool] = pcsc.is_installed,
    ) -> None:
        super().__init__()
        self._preferences, self._jobs = preferences, jobs
        self._ports, self._check = ports, check
        self.port, self.prefix, self.card_port = Choice((NO_PORT,)), Choice(PREFIXES), Choice((NO_PORT,))
        self.pcsc = Tick("خواندن کارت‌های بدون‌تماس")
        self._pcsc_installed = pcsc_installed()
        self.refresh = IconButton("refresh", "خواندن دوبارهٔ درگاه‌ها")
        self.test = Button("آزمایش", TRY, icon="plug-connected")
        self._told = QVBoxLayout()
        whole = card(
            "بارکدخوان و کارت‌خوان",
            setting("درگاه بارکدخوان", self.port, self.refresh, self.test),
            setting("نشانهٔ پیش از کد", self.prefix, help_text=PREFIX_HELP),
            setting("درگاه کارت‌خوان", self.card_port, help_text=CARD_HELP),
            setting("", self.pcsc, help_text=PCSC_HELP if self._pcsc_installed else PCSC_MISSING),
            self._told,
        )
        self.setLayout(column(whole, gap=0))
        self.show_preferences(preferences)
        self.tell(
            Tone.NEUTRAL,
            "برای آزمایش، بارکدی اسکن کنید یا کارتی بگذارید",
            ("آنچه خوانده شود همین‌جا دیده می‌شود.",),
        )
        self.refresh.clicked.connect(self.list_ports)
        self.test.clicked.connect(self.try_port)
        self.port.activated.connect(self._choose)
        self.prefix.activated.connect(self._choose)
        self.card_port.activated.connect(self._choose)
        self.pcsc.clicked.connect(self._choose)

    @Slot()
    def list_ports(self) -> None:
        """Read the ports of the computer anew; the one in the preferences stays, also when it is unplugged."""
        found = {port.vid_pid or port.name: f"{ltr(port.name)} — {isolate(port.description)}" for port in self._ports()}
        for choice, wanted in (
            (self.port, self._preferences.scanner_port),
            (self.card_port, self._preferences.card_port),
        ):
            gone = {wanted: f"{ltr(wanted)} — وصل نیست"} if wanted and wanted not in found else {}
            choice.set_options((NO_PORT, *(found | gone).items()))
            choice.choose(wanted)

    @Slot()
    def try_port(self) -> None:
        """Open the chosen port once, beside the desk: a Bluetooth device that is off can take seconds."""
        port = self.port.code()
        if not port:
            self.tell(Tone.INFO, "درگاهی برگزیده نشده است", ("یک بارکد را با بارکدخوان صفحه‌کلیدی اسکن کنید.",))
        elif port == self._preferences.scanner_port:
            self.tell(Tone.INFO, "این درگاه هم‌اکنون در کار است", ("یک بارکد اسکن کنید تا همین‌جا دیده شود.",))
        else:
            job = self._jobs.start(f"آزمایش درگاه {port}", lambda _: self._check(port))
            job.finished.connect(self._answers)
            job.failed.connect(self._failed)
            self.tell(Tone.NEUTRAL, "در حال آزمایش درگاه…")

    def show_scan(self, scan: Scan | Unreadable) -> None:
        """What a scanner has just sent."""
        if isinstance(scan, Scan):
            self.tell(Tone.OK, f"خوانده شد: {ltr(scan.text)}", (f"از {SOURCES[scan.source]}",))
        else:
            self.tell(Tone.REFUSE, "این کد خوانده نشد", (FLAWS[scan.reason],))

    def tell(self, tone: Tone, title: str, lines: Sequence[str] = ()) -> None:
        """Say how the scanner stands."""
        self._put(Notice(title, lines, tone))

    def _put(self, notice: Notice) -> None:
        emptied(self._told)
        self._told.addWidget(notice)

    @Slot()
    def _choose(self) -> None:
        before = self._preferences
        wanted = replace(
            before,
            scanner_port=self.port.code(),
            scanner_prefix=self.prefix.code(),
            card_port=self.card_port.code(),
            card_pcsc=self.pcsc.isChecked(),
        )
        if wanted.card_port and wanted.card_port == wanted.scanner_port:
            # One port serves one reader: the one it was chosen for last.
            for_card = wanted.scanner_port == before.scanner_port
            wanted = replace(wanted, scanner_port="") if for_card else replace(wanted, card_port="")
        if wanted != before:
            self.show_preferences(wanted)
            self.changed.emit(wanted)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is in force."""
        self._preferences = preferences
        self.prefix.choose(preferences.scanner_prefix)
        self.port.choose(preferences.scanner_port)
        self.card_port.choose(preferences.card_port)
        self.pcsc.setChecked(preferences.card_pcsc)
        # One that was switched on where the package has gone since can still be switched off.
        self.pcsc.setEnabled(self._pcsc_installed or preferences.card_pcsc)

    @Slot()
    def _answers(self) -> None:
        self.tell(Tone.OK, "درگاه باز شد", ("می‌توانید آن را به کار ببرید.",))

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Trouble):
            raise error
        self._put(trouble_notice(*told(error)))
