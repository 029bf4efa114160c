"""A route and its stops written on one form; each line of the stops is one village."""

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import Signal

from app.outcome import NotFound, Refused
from app.persian.digits import number, parse_int, to_persian
from app.routes.reads import RouteRow, StopRow
from app.routes.service import RouteForm, RouteStored, StopForm, add_route, add_stop, edit_route, edit_stop
from app.wording import way_out, why
from ui.keys import ESCAPE
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, number_of, text_of
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row

SAVE = "Ctrl+S"
HOW = "هر ایستگاه در یک سطر: نام؛ جا؛ ساعت؛ چند روز پس از آغاز مسیر"
FIELDS = (
    Field("name", "نام مسیر", required=True, longest=120),
    Field("first_visit", "نخستین بازدید", Kind.DATE, required=True),
    Field("every_days", "هر چند روز", Kind.NUMBER, required=True, help="دو هفته یک بار: ۱۴"),
    Field("active", "در کار است", Kind.TICK),
    Field("stops", "ایستگاه‌ها", Kind.LONG, required=True, wide=True, help=HOW, longest=6_000),
)
_FIELD_OF = {"name": "name", "every_days": "every_days", "first_visit": "first_visit"}


def stop_forms(text: str) -> tuple[StopForm, ...]:
    """The stops that the lines tell: «ده‌بالا؛ کنار مدرسه؛ ۹ تا ۱۱؛ ۰». A day that is no number is -1,
    which is refused."""
    return tuple(_stop_form(line) for line in text.splitlines() if line.strip())


def _stop_form(line: str) -> StopForm:
    name, place, hours, offset = (part.strip() for part in f"{line.replace(';', '؛')}؛؛؛".split("؛")[:4])
    days = parse_int(offset) if offset else 0
    return StopForm(name, -1 if days is None else days, place or None, hours or None)


def stop_text(stops: Sequence[StopRow]) -> str:
    """The lines that tell these stops."""
    lines = (
        f"{stop.name}؛ {stop.place or ''}؛ {to_persian(stop.hours or '')}؛ {number(stop.offset_days)}" for stop in stops
    )
    return "\n".join(lines)


class RouteFormCard(Card):
    """`saved` carries the name of the route; `put_away` that nothing is to be changed."""

    saved = Signal(str)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._route: RouteRow | None = None
        self._stops: tuple[StopRow, ...] = ()
        self.form = Form(FIELDS, lambda: session.act().day, columns=4)
        self._title = Label("", "title")
        save, back = Button("ثبت مسیر", SAVE, "primary", "check"), Button("بازگشت", ESCAPE)
        super().__init__(column(row(self._title, None, back, save), self.form, None, gap=14), padding=18)
        save.clicked.connect(self.save)
        back.clicked.connect(self.put_away)

    def begin(self, route: RouteRow | None = None, stops: Sequence[StopRow] = ()) -> None:
        """A new route, or one that is to be changed."""
        self._route, self._stops = route, tuple(stops)
        self._title.say("مسیر تازه" if route is None else f"مسیر {route.name}")
        self.form.set_values(
            {
                "name": route.name if route else "",
                "first_visit": route.first_visit if route else self._session.act().day,
                "every_days": route.every_days if route else 14,
                "active": route.active if route else True,
                "stops": stop_text(stops),
            }
        )
        self.form.input("name").setFocus()

    def save(self) -> None:
        """Ctrl+S: store the route, or say under each field what is wrong."""
        values = self.form.values()
        stops = stop_forms(text_of(values, "stops") or "")
        first = day_of(values, "first_visit")
        if not self.form.check() or first is None:
            return
        name, every = text_of(values, "name") or "", number_of(values, "every_days") or 0
        form = RouteForm(name, first, every, bool(values["active"]), stops if self._route is None else ())
        library, act = self._session.library, self._session.act()
        outcome = (
            add_route(library, form, act) if self._route is None else edit_route(library, self._route.id, form, act)
        )
        match outcome:
            case RouteStored():
                self._save_stops(outcome, stops)
            case Refused():
                self._tell(outcome)
            case NotFound():
                self.put_away.emit()
            case _:
                assert_never(outcome)

    def _save_stops(self, stored: RouteStored, stops: Sequence[StopForm]) -> None:
        """The stops of a known route are changed line by line; further lines are new stops."""
        library = self._session.library
        for place, form in enumerate(stops if self._route is not None else ()):
            act = self._session.act()
            known = place < len(self._stops)
            outcome = (
                edit_stop(library, self._stops[place].id, form, act)
                if known
                else add_stop(library, stored.route.id, form, act)
            )
            if isinstance(outcome, Refused):
                self._tell(outcome)
                return
        self.saved.emit(stored.route.name)

    def _tell(self, refused: Refused) -> None:
        for refusal in refused.refusals:
            field = _FIELD_OF.get(str(refusal.facts.get("field", "")), "stops")
            self.form.show_mistake(field, f"{why(refusal)} {way_out(refusal)}")
