"""Members who were written twice: why they look alike, what each has, and making one of them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.members.duplicates import Belongings, Likeness, Pair, Twin, belongings_of, duplicate_members
from app.members.merging import merge_members
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from ui.keys import ESCAPE
from ui.members.questions import GONE
from ui.members.rows import telephone
from ui.money.asking import Answered, Confirmed, Question
from ui.money.words import balance
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values
from ui.widgets.labels import isolate
from ui.widgets.layouts import column
from ui.widgets.row_list import RowList
from ui.widgets.table import Column, RowTable

MERGE = "Ctrl+M"
NOTHING = Belongings(0, 0, 0, 0, 0)
ALIKE: Mapping[Likeness, str] = MappingProxyType(
    {
        Likeness.NATIONAL_ID: "کد ملی",
        Likeness.NAME_AND_BIRTH: "نام و تاریخ تولد",
        Likeness.MOBILE: "تلفن همراه",
    }
)


class TwinsPart(QWidget):
    """The pairs, the surest first. `asked` carries the question which of the two stays; `put_away` that the list of
    members is wanted."""

    asked = Signal(object)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(pair_table(), title="عضوهای تکراری", noun="جفت")
        self.list.set_empty(
            "عضو تکراری نیست",
            "دو عضو با کد ملی، تلفن همراه، یا نام و تاریخ تولد یکسان این‌جا می‌آیند تا یکی شوند.",
            "users",
        )
        self.list.filter.hide()
        self.merge = Button("یکی کردن", MERGE, "primary", "users")
        self.back = Button("بازگشت به فهرست", ESCAPE)
        for tool in (self.merge, self.back):
            self.list.add_tool(tool)
        self.setLayout(column(self.list, gap=0))
        self.setFocusProxy(self.list.view)
        self.merge.clicked.connect(self._ask)
        self.back.clicked.connect(self.put_away)

    def read_again(self) -> None:
        """Look for pairs anew."""
        with self._session.library.store.read() as reader:
            pairs = duplicate_members(reader)
        self.list.set_rows(pairs)
        self.merge.setEnabled(bool(pairs))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)

    @Slot()
    def _ask(self) -> None:
        for pair in self.list.view.chosen()[:1]:
            with self._session.library.store.read() as reader:
                moving = [belongings_of(reader, twin.id) or NOTHING for twin in (pair.first, pair.second)]
            self.asked.emit(merge_question(self._session, pair, moving))


def pair_table() -> RowTable[Pair]:
    """Two members a row."""
    return RowTable(
        (
            Column(
                "عضو نخست",
                lambda pair: isolate(pair.first.name),
                sub=lambda pair: _about(pair.first),
                stretch=1,
                strong=True,
            ),
            Column(
                "عضو دیگر",
                lambda pair: isolate(pair.second.name),
                sub=lambda pair: _about(pair.second),
                stretch=1,
                strong=True,
            ),
            Column(
                "یکسان است",
                lambda pair: "، ".join(ALIKE[likeness] for likeness in pair.likeness),
                sub=lambda pair: "شاید یک خانواده باشند" if pair.likeness == (Likeness.MOBILE,) else "",
                width=220,
                tone=lambda pair: Tone.WARN if pair.likeness == (Likeness.MOBILE,) else Tone.REFUSE,
            ),
        ),
        key=lambda pair: pair.key,
        also=lambda pair: f"{pair.first.national_id or ''} {pair.second.national_id or ''}",
    )


def _about(twin: Twin) -> str:
    born = f"تولد {jalali.short(twin.birth_date)}" if twin.birth_date else ""
    parts = (
        f"شمارهٔ {to_persian(twin.member_no)}",
        born,
        telephone(twin.mobile),
        f"عضو از {jalali.short(twin.joined_on)}",
    )
    return " · ".join(part for part in parts if part)


def merge_question(session: Session, pair: Pair, moving: Sequence[Belongings]) -> Question:
    """Which of two records stays. What each would bring along is said before; Enter alone never answers."""
    twins = (pair.first, pair.second)

    def run(values: Values, _: Confirmed) -> Answered:
        keep = next(twin for twin in twins if twin.id.hex == values.get("keep"))
        drop = next(twin for twin in twins if twin is not keep)
        outcome = merge_members(session.library, keep.member_no, drop.member_no, session.act())
        if isinstance(outcome, Refused):
            return outcome.refusals
        if isinstance(outcome, NotFound):
            return GONE
        detail = f"{number(outcome.loans)} امانت و {balance(outcome.debt)[0]} به او رسید"
        title = f"یکی شدند — {isolate(keep.name)}، شمارهٔ {to_persian(keep.member_no)}"
        return Said(Tone.OK, title, (detail,), Sound.CHECKED_OUT)

    told = [
        f"شمارهٔ {to_persian(twin.member_no)}: {belongings_words(brought)}"
        for twin, brought in zip(twins, moving, strict=True)
    ]
    options = tuple((twin.id.hex, f"{to_persian(twin.member_no)} — {isolate(twin.name)}") for twin in twins)
    return Question(
        title="این دو عضو یکی شوند؟",
        yes="یکی شوند",
        fields=(Field("keep", "کدام می‌ماند", Kind.CHOICE, options=options, wide=True),),
        run=run,
        values={"keep": pair.first.id.hex},
        note="  |  ".join((*told, "همهٔ این‌ها به عضوی که می‌ماند می‌رسد و دیگری کنار می‌رود. این کار واگرد ندارد.")),
        kind="danger",
        columns=1,
    )


def belongings_words(brought: Belongings) -> str:
    """«۲ امانت باز، ۱۲ امانت گذشته، ۱ رزرو، بدهی ۵٬۰۰۰ ریال»."""
    counted = (
        (brought.open_loans, "امانت باز"),
        (brought.past_loans, "امانت گذشته"),
        (brought.holds, "رزرو"),
        (brought.bans, "محرومیت"),
    )
    parts = [f"{number(count)} {words}" for count, words in counted if count]
    if brought.debt:
        parts.append(balance(brought.debt)[0])
    return "، ".join(parts) or "چیزی ندارد"
