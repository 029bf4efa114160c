"""Joining the centre: the address and the one-time code of the county's paper."""

from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.outcome import Refused
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.enrolling import EnrolledHere
from app.sync.branch.joining import join
from app.wording import way_out, why
from db.trouble import Trouble
from ui.errors import told
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import text_of
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import column, row

JOIN = "Ctrl+S"
ABOUT = (
    "این کتابخانه هنوز به مرکز نپیوسته است و همهٔ داده‌ها روی همین رایانه است. شهرستان برگه‌ای با نشانی مرکز، "
    "رمز یک‌بارمصرف و اثر انگشت کلید می‌دهد؛ رمز سه روز اعتبار دارد و تنها برای یک کتابخانه است."
)
FIELDS = (
    Field("url", "نشانی مرکز", Kind.LATIN, required=True, help="مانند https://markaz.example", longest=200, wide=True),
    Field("code", "رمز ثبت‌نام", Kind.LATIN, required=True, help="دوازده نویسه، با خط تیره یا بی آن", longest=20),
    Field("fingerprint", "اثر انگشت مرکز", Kind.LATIN, help="پنج گروه چهارتایی کنار رمز", longest=40),
)


class EnrolCard(QWidget):
    """The form; `enrolled` carries the fingerprint of the centre that is known from now on."""

    enrolled = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.banner = Banner()
        self.banner.hide()
        self.form = Form(FIELDS, lambda: session.act().day)
        self.button = Button("پیوستن به مرکز", JOIN, "primary", "plug-connected")
        heading = Label("پیوستن به مرکز", "heading")
        body = column(heading, Label(ABOUT, "muted", wrap=True), self.form, row(self.button, None), gap=12)
        self.setLayout(column(self.banner, Card(body), gap=10))
        self.button.clicked.connect(self.join)

    @Slot()
    def join(self) -> None:
        """Send the code, in the background."""
        if not self.form.check():
            self._session.sounds.play(Sound.REFUSED)
            return
        values = self.form.values()
        url, code, fingerprint = (text_of(values, name) or "" for name in ("url", "code", "fingerprint"))
        library, act = self._session.library, self._session.act()

        def work(_: object) -> EnrolledHere | Refused:
            return join(library, url, code, ensure_device_key(library), act, fingerprint)

        job = self._session.jobs.start("پیوستن به مرکز", work)
        job.finished.connect(self._done)
        job.failed.connect(self._failed)
        self.button.setEnabled(False)

    @Slot(object)
    def _done(self, outcome: EnrolledHere | Refused) -> None:
        self.button.setEnabled(True)
        match outcome:
            case EnrolledHere():
                self.banner.hide()
                self.form.set_values({})
                self.enrolled.emit(ltr(outcome.fingerprint))
            case Refused():
                first = outcome.refusals[0]
                self._say(why(first), way_out(first))
            case _:
                assert_never(outcome)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if not isinstance(error, Trouble):
            raise error
        _, message = told(error)
        self._say(message.what, message.lost, message.do)

    def _say(self, title: str, *detail: str) -> None:
        self.banner.show_outcome(Tone.REFUSE, title, *detail)
        self.banner.show()
        self._session.sounds.play(Sound.REFUSED)
