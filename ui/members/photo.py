"""The photograph of a member: from a file, from the clipboard, or none."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Slot
from PySide6.QtGui import QGuiApplication, QImageWriter

from app.members.photos import PhotoSet, read_picture, set_photo
from app.outcome import Refused
from app.wording import way_out, why
from db.trouble import Trouble
from ui.errors import told
from ui.members.details import Chosen, picture
from ui.members.side import PHOTO, Side
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import row
from ui.widgets.notice import Notice, trouble_notice
from ui.widgets.portrait import Portrait

PASTE, REMOVE = "Ctrl+Shift+V", "Ctrl+Delete"
FILTER = "عکس (*.jpg *.jpeg *.png *.bmp *.webp *.gif);;همهٔ فایل‌ها (*)"
HOW = "هر عکسی را می‌توان داد؛ برنامه آن را سه در چهار می‌برد و کوچک می‌کند."


class PhotoSide(Side):
    """The picture as it is kept, and the ways to change it."""

    def __init__(self, session: Session) -> None:
        self.ask_which: AskWhich = ask_which
        self.portrait = Portrait()
        self.choose = Button("گزینش فایل…", PHOTO, "primary", "photo")
        self.paste = Button("چسباندن از حافظه", PASTE, icon="copy")
        self.remove = Button("برداشتن عکس", REMOVE, "danger", "trash")
        body = (row(None, self.portrait, None), Label(HOW, "muted", wrap=True))
        super().__init__(session, "عکس", body, (self.choose, self.paste, self.remove))
        self._body.insertStretch(self._body.count() - 1, 1)
        self.choose.clicked.connect(self.choose_file)
        self.paste.clicked.connect(self.take_paste)
        self.remove.clicked.connect(self._remove)

    def show_member(self, chosen: Chosen) -> None:
        super().show_member(chosen)
        self.choose.setFocus()

    def read_again(self) -> None:
        if self._chosen is not None:
            self.portrait.show_picture(picture(self._chosen.photo))
            self.remove.setEnabled(self._chosen.photo is not None)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a picture file."""
        path = self.ask_which(self, FILTER)
        if path is not None:
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """This file is the photograph."""
        try:
            content = read_picture(path)
        except Trouble as trouble:
            self.tell(trouble_notice(*told(trouble)))
            self._session.sounds.play(Sound.REFUSED)
            return
        self._set(content)

    @Slot()
    def take_paste(self) -> None:
        """The picture on the clipboard, or the file that was copied there."""
        clipboard = QGuiApplication.clipboard()
        image = clipboard.image()
        if not image.isNull():
            kept = QByteArray()
            buffer = QBuffer(kept)
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            QImageWriter(buffer, b"png").write(image)
            self._set(bytes(kept.data()))
            return
        copied = clipboard.mimeData()  # None on an empty clipboard, whatever the signature says
        files = [Path(url.toLocalFile()) for url in copied.urls() if url.isLocalFile()] if copied else []
        if files:
            self.take_file(files[0])
        else:
            self.tell(
                Notice("در حافظه عکسی نیست", ("عکس را در برنامهٔ دیگر رونوشت کنید و دوباره بچسبانید.",), Tone.WARN)
            )
            self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _remove(self) -> None:
        self._set(None)

    def _set(self, content: bytes | None) -> None:
        if self._chosen is None:
            return
        member = self._chosen.card.member
        outcome = set_photo(self._session.library, member.member_no, content, self._session.act())
        if isinstance(outcome, Refused):
            lines = [f"{why(refusal)} {way_out(refusal)}" for refusal in outcome.refusals]
            self.tell(Notice("عکس عوض نشد؛ عکس پیشین سر جای خود است", lines, Tone.REFUSE))
            self._session.sounds.play(Sound.REFUSED)
        elif isinstance(outcome, PhotoSet):
            self.tell()
            title = "عکس برداشته شد" if content is None else "عکس ثبت شد"
            self.said.emit(Said(Tone.OK, title, (isolate(self._chosen.name),), Sound.CHECKED_IN))
            self.changed.emit()
