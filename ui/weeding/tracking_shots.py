"""States of minutes on their way, and of the archive, for the pictures."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from app.branch import BranchForm, set_branch
from app.demo.queries import free_copies, worn_copies
from app.exchange.leaving import Recycling, recycle, send_on
from app.exchange.packing import Letter as HandingLetter
from app.exchange.packing import Stands, hand, pack
from app.refusal import Answer
from app.weeding.facts import Proposal
from app.weeding.minutes.attaching import attach
from app.weeding.minutes.closing import close_minutes
from app.weeding.minutes.outcomes import CopyRuling, Letter, Rulings, Scan
from app.weeding.minutes.review import ask_correction, enter_rulings, send
from app.weeding.service import Finalised, finalise, propose
from db.codes import BranchKind, RulingLevel, Verdict, WeedingReason
from reports.exchange import print_recycling
from reports.forms.minutes import print_minutes
from ui.session import Session
from ui.shooting import wait_until
from ui.weeding.page import WeedingPage
from ui.weeding.tracking_deeds import ANSWER, CLOSE, CORRECT, REISSUE, SEND, SEND_LIST
from ui.weeding.tracking_rows import Mark
from ui.widgets.scroll import bring_into_sight
from ui.window import MainWindow

_SURE = Answer(confirm=frozenset({"weeding.not_worn", "weeding.unbindable_needed"}))
_COUNTY, _PROVINCE = RulingLevel.COUNTY, RulingLevel.PROVINCE
_RECEIPT = b"%PDF-1.4\n%%EOF\n"


def _page(window: MainWindow) -> WeedingPage:
    page = window.open_page("weeding")
    if not isinstance(page, WeedingPage):
        raise TypeError(page)
    wait_until(lambda: True)
    return page


def _finalised(session: Session, copies: Sequence[str], reason: WeedingReason = WeedingReason.WORN) -> str:
    for code in copies:
        propose(session.library, code, Proposal(reason), session.act(), _SURE)
    outcome = finalise(session.library, reason, print_minutes, session.act())
    if not isinstance(outcome, Finalised):
        raise TypeError(outcome)
    return outcome.number


def _sent(session: Session, copies: Sequence[str], letter: str) -> str:
    number = _finalised(session, copies)
    send(session.library, number, session.act(), Letter(letter, _today(session)))
    return number


def _answered(session: Session, number: str, level: RulingLevel, letter: str, *refused: CopyRuling) -> None:
    said = Letter(letter, _today(session), "محمدرضا اسماعیلی‌پور")
    enter_rulings(session.library, Rulings(number, level, said, Verdict.APPROVE, refused), session.act(), _SURE)


def _today(session: Session) -> dt.date:
    return session.act().day


def _worn(session: Session) -> list[str]:
    with session.library.store.read() as reader:
        return worn_copies(reader)


def _on_the_way(session: Session) -> tuple[str, ...]:
    """Minutes at the county, at the province, in correction and ruled on, and one to be sent."""
    worn = _worn(session)
    at_county = _sent(session, worn[:9], "۱۲/۴۱")
    at_province = _sent(session, worn[9:16], "۱۲/۳۸")
    refused = CopyRuling(worn[10], Verdict.REJECT, "تنها منبع این موضوع در شهرستان است")
    _answered(session, at_province, _COUNTY, "۴۵/۲۰۲", refused)
    correcting = _sent(session, worn[16:21], "۱۲/۳۳")
    letter = Letter("۴۵/۱۹۷", _today(session), "محمدرضا اسماعیلی‌پور")
    ask_correction(session.library, correcting, _COUNTY, "شمارهٔ نسخه‌ها با دفتر ثبت نمی‌خواند.", session.act(), letter)
    ruled = _sent(session, worn[21:27], "۱۲/۲۹")
    _answered(session, ruled, _COUNTY, "۴۵/۱۸۰")
    mended = CopyRuling(worn[22], Verdict.REDIRECT, "با ترمیم به کار می‌آید")
    _answered(session, ruled, _PROVINCE, "۹۷/۱۱۲۰", mended, CopyRuling(worn[23], Verdict.REJECT, "نیاز مراجعان"))
    attach(session.library, ruled, Scan("رسید-تحویل.pdf", _RECEIPT), session.act())
    with session.library.store.read() as reader:
        sound = free_copies(reader)
    return at_county, at_province, correcting, ruled, _finalised(session, sound[:3], WeedingReason.CONTENT)


def _tracking(session: Session, window: MainWindow, place: int) -> WeedingPage:
    number = _on_the_way(session)[place]
    page = _page(window)
    page.show_tracking()
    page.tracking.choose(number)
    wait_until(lambda: True)
    return page


def nothing(_: Session, window: MainWindow) -> None:
    """Nothing is on its way."""
    _page(window).show_tracking()
    wait_until(lambda: True)


def under_way(session: Session, window: MainWindow) -> None:
    """Minutes in every state; the chosen ones were ruled on."""
    _tracking(session, window, 3)


def sending(session: Session, window: MainWindow) -> None:
    """Letter and date of sending."""
    _asking(session, window, 4, SEND)


def answering(session: Session, window: MainWindow) -> None:
    """The answer of the county with two exceptions."""
    page = _asking(session, window, 0, ANSWER)
    pad = page.tracking.acting.pad
    for place, mark, why in ((1, Mark.REJECT, "هنوز خواننده دارد"), (3, Mark.REDIRECT, "")):
        page.tracking.rows.view.choose_place(place)
        if pad is not None:
            pad.why.edit.setText(why)
            pad.marked.emit(mark)
    wait_until(lambda: True)


def correcting(session: Session, window: MainWindow) -> None:
    """What the province wants corrected."""
    _asking(session, window, 1, CORRECT)


def reissuing(session: Session, window: MainWindow) -> None:
    """A new edition without one of its rows."""
    page = _asking(session, window, 2, REISSUE)
    page.tracking.rows.view.choose_place(2)
    if page.tracking.acting.pad is not None:
        page.tracking.acting.pad.marked.emit(Mark.STRIKE)
    wait_until(lambda: True)


def closing(session: Session, window: MainWindow) -> None:
    """What closing will do, before it is done."""
    _asking(session, window, 3, CLOSE)


def final_list(session: Session, window: MainWindow) -> None:
    """Closed minutes whose final list goes to the county."""
    number = _on_the_way(session)[3]
    close_minutes(session.library, number, print_minutes, session.act())
    page = _page(window)
    page.show_tracking()
    page.tracking.choose(number)
    wait_until(lambda: True)
    page.tracking.card.wanted.emit(SEND_LIST)
    wait_until(lambda: True)


def delivered(session: Session, window: MainWindow) -> None:
    """Closed minutes with the handovers by which their copies left."""
    number = _on_the_way(session)[3]
    library, act = session.library, session.act()
    close_minutes(library, number, print_minutes, act)
    packed = pack(library, WeedingReason.WORN, act)
    if isinstance(packed, Stands):
        package, paper = packed.package.id, Recycling("بازیافت پارس", 4_500, HandingLetter("ر-۹۱"))
        hand(library, package, HandingLetter("ر-۷۷"), act)
        send_on(library, package, HandingLetter("ر-۸۴", "۴۵/۲۳۰"), act)
        recycle(library, package, paper, print_recycling, act)
    page = _page(window)
    page.show_tracking()
    page.tracking.choose(number)
    wait_until(lambda: True)
    bring_into_sight(page.tracking.card.paper_buttons()[-1])


def head_office(session: Session, window: MainWindow) -> None:
    """Minutes of a provincial central library before the head office."""
    branch = session.library.branch
    form = BranchForm(branch.name, branch.province, branch.county, branch.city, BranchKind.PROVINCIAL_CENTRAL)
    set_branch(session.library, form, session.act())
    number = _sent(session, _worn(session)[:6], "۱۲/۲۰")
    _answered(session, number, _COUNTY, "۴۵/۱۷۰")
    _answered(session, number, _PROVINCE, "۹۷/۱۱۰۰")
    page = _page(window)
    page.show_tracking()
    page.tracking.choose(number)
    wait_until(lambda: True)


def letter(session: Session, window: MainWindow) -> None:
    """The letter of refused titles."""
    page = _tracking(session, window, 3)
    page.tracking.card.letter_wanted.emit()
    wait_until(lambda: page.preview.pictures.count() > 0)


def archive(session: Session, window: MainWindow) -> None:
    """Every edition, with the final one of closed minutes in front."""
    number = _on_the_way(session)[3]
    close_minutes(session.library, number, print_minutes, session.act())
    page = _page(window)
    page.show_archive()
    wait_until(lambda: True)


def _asking(session: Session, window: MainWindow, place: int, deed: str) -> WeedingPage:
    page = _tracking(session, window, place)
    page.tracking.card.wanted.emit(deed)
    wait_until(lambda: True)
    return page


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "weeding-tracking-empty": nothing,
    "weeding-tracking": under_way,
    "weeding-tracking-send": sending,
    "weeding-tracking-answer": answering,
    "weeding-tracking-correct": correcting,
    "weeding-tracking-reissue": reissuing,
    "weeding-tracking-close": closing,
    "weeding-tracking-list": final_list,
    "weeding-tracking-delivered": delivered,
    "weeding-tracking-head-office": head_office,
    "weeding-tracking-letter": letter,
    "weeding-archive-found": archive,
}
