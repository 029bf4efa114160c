"""The way of weeded copies in the demo: minutes of the four reasons at every stage, packages, deliveries, recycling."""

from collections.abc import Iterable

from app.demo.story import Story
from app.demo.upkeep import LIBRARIES
from app.exchange.giving import Allocated, allocate_copies, deliver
from app.exchange.leaving import Proceeds, Recycling, note_proceeds, recycle, send_on
from app.exchange.libraries import LibrarySet, set_library
from app.exchange.packing import Letter as Receipt
from app.exchange.packing import Stands, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.to_bindery import send_to_bindery
from app.weeding.candidates import candidates
from app.weeding.facts import Proposal
from app.weeding.minutes.closing import close_minutes
from app.weeding.minutes.outcomes import CopyRuling, Letter, Rulings, Strike
from app.weeding.minutes.review import ask_correction, enter_rulings, reissue, send
from app.weeding.notes import note_candidate
from app.weeding.service import Finalised, Listed, finalise, propose
from db.codes import CandidateDecision, Condition, RulingLevel, Verdict, WeedingReason

COUNTY, PROVINCE = RulingLevel.COUNTY, RulingLevel.PROVINCE
CONTENT, WORN = WeedingReason.CONTENT, WeedingReason.WORN
DUPLICATE, NO_AUDIENCE = WeedingReason.DUPLICATE, WeedingReason.NO_AUDIENCE


def worn_minutes(story: Story) -> None:
    """Minutes two: worn copies that no bindery can help."""
    _list_and_send(story, WORN, 12, unbindable=True)


def worn_ruled(story: Story) -> None:
    """The county forwards, the province refuses one and finds one of use elsewhere."""
    _answer(story, WORN, COUNTY, Verdict.APPROVE)


def worn_closed(story: Story) -> None:
    """The province ruled; the library closes the minutes, packs and hands over."""
    listed = story.listed[WORN]
    apart = (
        CopyRuling(listed[0], Verdict.REJECT, "در شهرستان نسخهٔ دیگری نیست"),
        CopyRuling(listed[1], Verdict.REDIRECT, "قابل ترمیم است"),
    )
    _answer(story, WORN, PROVINCE, Verdict.APPROVE, apart)
    _close(story, WORN)
    package = pack(story.library, WORN, story.act())
    if isinstance(package, Stands):
        story.papers["worn package"] = package.package.id
        hand(story.library, package.package.id, Receipt("۴۵۱", "۱۲/۸۷۰", story.day), story.act())


def recycle_worn(story: Story) -> None:
    """The worn ones become paper again, and the money is paid in."""
    package = story.papers.get("worn package")
    if package is None:
        return
    send_on(story.library, package, Receipt("۴۶۰", "۱۲/۹۰۱", story.day), story.act())
    done = Recycling("بازیافت کاغذ اراک", 6_400, Receipt(letter_no="۱۲/۹۱۵", letter_on=story.day))
    recycle(story.library, package, done, story.printers.recycling, story.act())
    note_proceeds(story.library, package, Proceeds(1_280_000, story.day, "۷۷۱۲", "۱۲/۹۲۰"), story.act())


def quiet_minutes(story: Story) -> None:
    """Minutes four: books that nobody has taken for years."""
    _list_and_send(story, NO_AUDIENCE, 9)


def quiet_forwarded(story: Story) -> None:
    """The county agrees."""
    _answer(story, NO_AUDIENCE, COUNTY, Verdict.APPROVE)


def quiet_leave(story: Story) -> None:
    """Ruled, closed, packed, handed to the county and announced there."""
    _answer(story, NO_AUDIENCE, PROVINCE, Verdict.APPROVE)
    _close(story, NO_AUDIENCE)
    package = pack(story.library, NO_AUDIENCE, story.act())
    if isinstance(package, Stands):
        story.papers["quiet package"] = package.package.id
        hand(story.library, package.package.id, Receipt("۵۰۲", "۱۲/۱۰۰۴", story.day), story.act())
        announce(story.library, package.package.id, story.act(), letter_no="۱۲/۱۰۱۰")


def libraries_ask(story: Story) -> None:
    """Two libraries ask for some; the one about to be founded comes first and gets what both want."""
    package, keys = story.papers.get("quiet package"), story.listed.get(NO_AUDIENCE, [])
    if package is None:
        return
    known = [set_library(story.library, form, story.act()) for form in LIBRARIES[:3]]
    old, new, other = (one.facts.id for one in known if isinstance(one, LibrarySet))
    request_copies(story.library, package, Asking(old, tuple(keys[:3])), story.act())
    request_copies(story.library, package, Asking(new, tuple(keys[1:4])), story.act())
    given = allocate_copies(story.library, package, story.act())
    if isinstance(given, Allocated):
        for delivery in given.deliveries[:1]:
            deliver(story.library, delivery.id, Receipt("۵۱۰"), story.printers.delivery, story.act())
    request_copies(story.library, package, Asking(other, tuple(keys[5:6])), story.act())


def content_minutes(story: Story) -> None:
    """Minutes one: older editions of books that stand there newer."""
    _list_and_send(story, CONTENT, 7)


def content_corrected(story: Story) -> None:
    """The county wants one copy off the list."""
    ask_correction(
        story.library, story.numbers[CONTENT], COUNTY, "یک عنوان هنوز درسی است؛ از فهرست بردارید.", story.act(),
        Letter("۱۸/۲۲۰", story.day),
    )  # fmt: skip


def content_reissued(story: Story) -> None:
    """It is struck, and the second revision goes back."""
    strikes = (Strike(story.listed[CONTENT][0], "به خواست ادارهٔ شهرستان"),)
    letter = Letter("۱۲/۱۱۰۰", story.day)
    reissue(story.library, story.numbers[CONTENT], strikes, story.printers.minutes, story.act(), letter)


def content_at_the_province(story: Story) -> None:
    """Now it waits for the province, longer than the ten days."""
    _answer(story, CONTENT, COUNTY, Verdict.APPROVE)


def quiet_again(story: Story) -> None:
    """The next minutes of the same group, at the county since a few days."""
    _list_and_send(story, NO_AUDIENCE, 10)


def look_at_the_next(story: Story) -> None:
    """New drafts: a few are listed, one is to be bound, one is left for later."""
    with story.library.store.read() as reader:
        worn = [one for one in candidates(story.library, reader, WORN, story.day) if one.condition is Condition.WORN]
        doubled = [one for one in candidates(story.library, reader, DUPLICATE, story.day, 8) if not one.refusals]
    for one in doubled[:5]:
        propose(story.library, one.barcode, Proposal(DUPLICATE), story.act())
    if len(worn) > 3:
        for one in worn[:2]:
            send_to_bindery(story.library, one.barcode, WORN, story.act(), work="شیرازهٔ باز")
        note_candidate(story.library, worn[2].barcode, WORN, CandidateDecision.LATER, story.act(), "پس از امتحانات")


def _list_and_send(story: Story, reason: WeedingReason, most: int, *, unbindable: bool = False) -> None:
    with story.library.store.read() as reader:
        found = [one.barcode for one in candidates(story.library, reader, reason, story.day) if not one.refusals]
    listed: list[str] = []
    for barcode in _apart(found):
        if len(listed) == most:
            break
        proposal = Proposal(reason, unbindable=unbindable)
        if isinstance(propose(story.library, barcode, proposal, story.act()), Listed):
            listed.append(barcode)
    story.listed[reason] = listed
    story.away |= set(listed)
    made = finalise(story.library, reason, story.printers.minutes, story.act())
    if isinstance(made, Finalised):
        story.numbers[reason] = made.number
        send(story.library, made.number, story.act(), Letter(f"۱۲/{made.number.partition('/')[2]}", story.day))


def _apart(barcodes: list[str]) -> Iterable[str]:
    """Every third, so that the list of candidates is not emptied from one end."""
    return (*barcodes[::3], *barcodes[1::3], *barcodes[2::3])


def _answer(
    story: Story, reason: WeedingReason, level: RulingLevel, default: Verdict, apart: tuple[CopyRuling, ...] = ()
) -> None:
    if reason in story.numbers:
        letter = Letter(f"۱۸/{story.day.toordinal() % 1000}", story.day)
        enter_rulings(story.library, Rulings(story.numbers[reason], level, letter, default, apart), story.act())


def _close(story: Story, reason: WeedingReason) -> None:
    if reason in story.numbers:
        number = story.numbers[reason]
        close_minutes(story.library, number, story.printers.minutes, story.act())
        send(story.library, number, story.act(), Letter(f"۱۲/۸۶{number.partition('/')[2]}", story.day))
