"""What an import has done, in numbers, and where the records lie that were not taken."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.imports.service import AlreadyImported, Cancelled, Imported
from app.imports.state import Counts
from app.messages import Message
from app.persian.digits import number
from ui.style import look
from ui.theme import Tone
from ui.widgets.cards import StatTile
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, emptied
from ui.widgets.notice import Notice, trouble_notice

TILES = (
    ("read", "رکورد خوانده‌شده"),
    ("titles", "عنوان تازه"),
    ("known", "از پیش بود"),
    ("copies", "نسخهٔ ثبت‌شده"),
    ("repaired", "تعمیرشده"),
    ("refused", "ردشده"),
    ("not_books", "کتاب نبود"),
)
_IN_A_ROW = 4


class ReportView(QWidget):
    """Numbers, then what to know about them."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles = {name: StatTile(words) for name, words in TILES}
        self._numbers = QWidget()
        self._numbers.setLayout(_grid(list(self.tiles.values())))
        self._notices = QVBoxLayout()
        self.setLayout(column(self._notices, self._numbers, None, gap=14))

    def show_imported(self, outcome: Imported | AlreadyImported | Cancelled) -> None:
        """The numbers of an import that ended."""
        self._numbers.show()
        self._show_counts(outcome.counts)
        match outcome:
            case Imported():
                lines = (*_standing(outcome.counts), *_left_out(outcome))
                self._tell(Notice("ورود به پایان رسید", lines, _tone(outcome.counts)))
            case AlreadyImported():
                lines = ("چیزی دو بار ثبت نشد. شمارهای زیر از بار پیش است.",)
                self._tell(Notice("همین فایل پیش‌تر وارد شده است", lines, Tone.INFO))
            case Cancelled():
                lines = ("آنچه تا این‌جا ثبت شده می‌ماند. همین فایل را دوباره وارد کنید تا از همان‌جا دنبال شود.",)
                self._tell(Notice("ورود را متوقف کردید", lines, Tone.WARN))

    def show_trouble(self, code: str, message: Message) -> None:
        """The file could not be read, or the disk failed."""
        self._numbers.hide()
        self._tell(trouble_notice(code, message))

    def show_refusal(self, lines: Sequence[str]) -> None:
        """Somebody who may not import."""
        self._numbers.hide()
        self._tell(Notice("ورود انجام نشد", lines, Tone.REFUSE))

    def _show_counts(self, counts: Counts) -> None:
        for name, tile in self.tiles.items():
            value = getattr(counts, name)
            tile.show_number(number(value), tone=Tone.WARN if name == "refused" and value else None)

    def _tell(self, notice: Notice) -> None:
        emptied(self._notices)
        self._notices.addWidget(notice)


def _grid(tiles: Sequence[StatTile]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(look().px(12))
    for place, tile in enumerate(tiles):
        grid.addWidget(tile, place // _IN_A_ROW, place % _IN_A_ROW)
    for column_no in range(_IN_A_ROW):
        grid.setColumnStretch(column_no, 1)
    return grid


def _tone(counts: Counts) -> Tone:
    return Tone.WARN if counts.refused or counts.copies_refused else Tone.OK


def _standing(counts: Counts) -> tuple[str, ...]:
    """How copies stood in the other program, and those that were not registered."""
    came = [f"{number(have)} {words}" for words, have in _stood(counts) if have]
    lines = [f"از نسخه‌ها {'، '.join(came)} است؛ همان می‌ماند."] if came else []
    if counts.lent:
        lines.append(
            f"{number(counts.lent)} نسخه در آن برنامه امانت بود: «نامعلوم» ثبت شد و با نخستین بازگشت «موجود» می‌شود."
        )
    if counts.copies_known:
        lines.append(f"{number(counts.copies_known)} نسخه از پیش ثبت بود و وضعیتش عوض نشد.")
    if counts.copies_refused:
        lines.append(f"{number(counts.copies_refused)} نسخه ثبت نشد؛ دلیل هر کدام در فایل زیر است.")
    return tuple(lines)


def _stood(counts: Counts) -> tuple[tuple[str, int], ...]:
    return ("وجین", counts.weeded), ("مفقود", counts.missing)


def _left_out(outcome: Imported) -> tuple[str, ...]:
    if not outcome.side_files:
        return ("همهٔ رکوردها ثبت شد یا از پیش بود.",)
    return (
        "آنچه گرفته نشد، واژه به واژه در این فایل نگه داشته شده است تا اصلاح و دوباره وارد شود:",
        *(isolate(str(Path(path))) for path in outcome.side_files),
    )
