"""Whose cards, on which paper, from which place on; and making them in the line of long work, whatever their number."""

import uuid
from collections.abc import Callable, Sequence

from app.members.faces import card_faces
from app.persian import jalali
from app.persian.digits import number
from reports.member_cards import ON_A_SHEET, card_sheets, single_cards
from ui.jobs import Token
from ui.money.asking import Answered, Confirmed, Question
from ui.paper.paper import Paper
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, text_of
from ui.widgets.labels import ltr

SHEET, SINGLE = "sheet", "single"
LISTED, PICKED = "listed", "picked"
SEVERAL = f"چند سطر با {ltr('Shift')} و پیکان برگزیده می‌شود."
Printer = Callable[[Sequence[uuid.UUID], int | None], None]
"""Told whose cards are wanted, and the first free place of the A4 sheet; None: one card a page."""


def cards_question(picked: Sequence[uuid.UUID], listed: Sequence[uuid.UUID], make: Printer) -> Question:
    """Cards of the chosen members, or of all in the list as it is narrowed."""
    whom = {PICKED: f"{number(len(picked))} عضو برگزیده", LISTED: f"هر {number(len(listed))} عضو فهرست"}
    whom = {code: words for code, words in whom.items() if (picked if code == PICKED else listed)}

    def run(values: Values, _: Confirmed) -> Answered:
        members = picked if values.get("whom") == PICKED else listed
        start = int(text_of(values, "start") or 1) if values.get("paper") == SHEET else None
        make(members, start)
        return Said(Tone.INFO, f"{number(len(members))} کارت آماده می‌شود", (), Sound.CHECKED_IN)

    places = tuple(range(1, ON_A_SHEET + 1))
    keys = {f"Alt+{place % 10}": str(place) for place in places}
    return Question(
        title="چاپ کارت عضویت",
        yes="آماده شود",
        fields=(
            Field(
                "whom",
                "کارت چه کسانی",
                Kind.CHOICE,
                options=tuple(whom.items()),
                help=SEVERAL,
            ),
            Field(
                "paper",
                "کاغذ",
                Kind.CHOICE,
                options=((SHEET, "برگهٔ A4، ده کارت"), (SINGLE, "اندازهٔ کارت بانکی")),
            ),
            Field(
                "start",
                "از خانهٔ",
                Kind.CHOICE,
                options=tuple((str(place), number(place)) for place in places),
                help=f"نخستین خانهٔ خالی برگه · {ltr('Alt+1 … Alt+0')}",
            ),
        ),
        run=run,
        values={"whom": next(iter(whom), None), "paper": SHEET, "start": "1"},
        quick=tuple((key, "start", place) for key, place in keys.items()),
        columns=3,
    )


def card_maker(session: Session, members: Sequence[uuid.UUID], start: int | None) -> Callable[[Token], Paper]:
    """The work that makes the cards of these members: on A4 sheets from the place `start` on, or, None, one a page."""
    library, day = session.library, session.act().day

    def make(token: Token) -> Paper:
        token.check()
        with library.store.read() as reader:
            faces = card_faces(library, reader, members)
        pdf = single_cards(library.branch, faces) if start is None else card_sheets(library.branch, faces, start)
        on = "اندازهٔ کارت بانکی" if start is None else f"برگهٔ A4 از خانهٔ {number(start)}"
        name = f"member-cards-{jalali.short_latin(day).replace('/', '-')}.pdf"
        return Paper("کارت عضویت", pdf, name, facts=(f"{number(len(faces))} کارت، {on}",), frozen=False)

    return make
