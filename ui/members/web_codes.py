"""The code of a reader's pages at the centre: asked for, given, and put on a slip of paper."""

from collections.abc import Callable

from app.members.web_code import CodeGiven, give_web_code
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import to_persian
from reports.web_code import CODE_PAPERS, PAPER_WORDS, CodePaper, web_code_slip
from ui.jobs import Token
from ui.members.details import Chosen
from ui.members.questions import GONE
from ui.money.asking import Answered, Confirmed, Question
from ui.paper.paper import Paper
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, text_of
from ui.widgets.labels import isolate, ltr

Printer = Callable[[CodeGiven, CodePaper], None]
PAPERS = tuple((paper.value, words) for paper, words in PAPER_WORDS.items())
NOTE = "با این کد عضو در خانه امانت‌هایش را می‌بیند، تمدید و رزرو می‌کند. کد پیشین از کار می‌افتد. تنها به خود عضو بدهید."


def web_code_question(session: Session, chosen: Chosen, make: Printer) -> Question:
    """On which paper. Nothing is given before it is answered: a new code ends the old one."""

    def run(values: Values, _: Confirmed) -> Answered:
        outcome = give_web_code(session.library, chosen.card.member.member_no, session.act())
        if isinstance(outcome, Refused):
            return outcome.refusals
        if isinstance(outcome, NotFound):
            return GONE
        make(outcome, CodePaper(text_of(values, "paper") or CodePaper.MM_80))
        until = f"تا {jalali.day_month_year(outcome.until)}، پس از همگام‌سازی"
        return Said(Tone.OK, f"کد صفحهٔ {isolate(chosen.name)} داده شد", (until,), Sound.CHECKED_IN, "پس گرفتن کد")

    return Question(
        title=f"کد صفحهٔ {isolate(chosen.name)}",
        yes="کد داده شود",
        fields=(
            Field(
                "paper", "کاغذ", Kind.CHOICE, options=tuple((code.value, words) for code, words in PAPER_WORDS.items())
            ),
        ),
        run=run,
        values={"paper": CodePaper.MM_80.value},
        note=NOTE,
        columns=2,
    )


def web_code_maker(session: Session, given: CodeGiven, paper: CodePaper) -> Callable[[Token], Paper]:
    """The work that makes the slip. It is made once: nobody knows the code afterwards."""
    branch = session.library.branch

    def make(token: Token) -> Paper:
        token.check()
        pdf = web_code_slip(branch, given, CODE_PAPERS[paper])
        facts = (f"کارت {ltr(given.number)}", f"کد {ltr(to_persian(given.code))}", "پس از بستن این صفحه کد دیده نمی‌شود")
        return Paper("کد صفحهٔ عضو", pdf, "web-code.pdf", facts=facts, frozen=False)

    return make
