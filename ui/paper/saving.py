"""Saving a file where the person wants it: whole or not at all, with another name at hand when the place is taken."""

from itertools import count
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.messages import message_of
from db.files import safe_write
from db.trouble import Trouble
from ui.theme import Tone
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Panel, Reason

YES = "Ctrl+Shift+Y"
_OTHER_NAME, _OTHER_PLACE, _CLOSE = "other_name", "other_place", "close"


def free_name(path: Path) -> Path:
    """«صورتجلسه (۲).pdf» beside a file that cannot be written: the first such name that is free."""
    names = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(name for name in names if not name.exists())


class SavePanel(Panel):
    """Asks where, writes, and says so by `saved`. It comes into sight only when the file could not be written: open in
    another program, folder not writable, disk full."""

    saved = Signal(str)

    def __init__(self, ask: AskWhere = ask_where) -> None:
        super().__init__()
        self.ask_where = ask
        self._content, self._tried = b"", Path()
        self.chosen.connect(self._answer)

    def save(self, parent: QWidget, name: str, content: bytes) -> None:
        """Write `content` to a place the person names, `name` suggested."""
        self.close_question()
        path = self.ask_where(parent, name)
        if path is not None:
            self._content = content
            self._write(path)

    def _write(self, path: Path) -> None:
        try:
            safe_write(path, self._content)
        except Trouble as trouble:
            self._offer_another(path, trouble)
            return
        self._content = b""
        self.close_question()
        self.saved.emit(str(path))

    def _offer_another(self, path: Path, trouble: Trouble) -> None:
        self._tried = path
        said = message_of(trouble)
        other = free_name(path).name
        self.ask(
            Tone.REFUSE,
            f"«{isolate(path.name)}» ذخیره نشد",
            (Reason(said.what, said.lost, said.do),),
            (
                Choice(_OTHER_NAME, f"ذخیره با نام «{isolate(other)}»", YES, "primary"),
                Choice(_OTHER_PLACE, "جای دیگر…", "Ctrl+Shift+S"),
                Choice(_CLOSE, "باشد", "Esc"),
            ),
        )

    @Slot(str)
    def _answer(self, code: str) -> None:
        path, content = self._tried, self._content
        if code == _OTHER_NAME:
            self._write(free_name(path))
        elif code == _OTHER_PLACE:
            self.save(self, path.name, content)
        else:
            self._content = b""
            self.close_question()
