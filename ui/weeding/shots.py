"""States of the weeding page for the pictures."""

from collections.abc import Callable, Mapping, Sequence

from app.circulation.copy_editing import CopyEdit, edit_copy
from app.demo.queries import spare_copies, worn_copies
from app.devices.scan import Scan, Source
from app.refusal import Answer
from app.to_bindery import send_to_bindery
from app.weeding.facts import Proposal
from app.weeding.minutes.outcomes import Letter
from app.weeding.minutes.review import send
from app.weeding.notes import note_candidate
from app.weeding.rules import BETTER_BOOK
from app.weeding.service import Finalised, finalise, propose
from db.codes import CandidateDecision, ItemFlag, ItemStatus, WeedingReason
from reports.forms.minutes import print_minutes
from ui.session import Session
from ui.shooting import wait_until
from ui.weeding.page import WeedingPage
from ui.weeding.replacing import BetterBook
from ui.window import MainWindow

_SURE = Answer(confirm=frozenset({"weeding.not_worn", "weeding.unbindable_needed", "binding.given_up"}))


def _page(window: MainWindow, reason: WeedingReason = WeedingReason.WORN) -> WeedingPage:
    page = window.open_page("weeding")
    if not isinstance(page, WeedingPage):
        raise TypeError(page)
    page.drafts.choose_reason(reason)
    return page


def _copies(session: Session) -> tuple[list[str], list[str]]:
    """Worn and sound copies on the shelf."""
    with session.library.store.read() as reader:
        return worn_copies(reader), spare_copies(reader)


def _scan(page: WeedingPage, codes: Sequence[str]) -> None:
    for code in codes:
        page.on_scan(Scan(code, Source.KEYBOARD, code))
    wait_until(lambda: True)


def _list(session: Session, copies: Sequence[str], reason: WeedingReason = WeedingReason.WORN) -> None:
    for code in copies:
        propose(session.library, code, Proposal(reason), session.act(), _SURE)


def _found(page: WeedingPage) -> None:
    wait_until(lambda: not page.drafts.proposals.is_reading())


def _send(session: Session, copies: Sequence[str]) -> None:
    _list(session, copies)
    frozen = finalise(session.library, WeedingReason.WORN, print_minutes, session.act())
    if isinstance(frozen, Finalised):
        send(session.library, frozen.number, session.act(), Letter("۱۲۳/۴"))


def _freeze(session: Session, copies: Sequence[str]) -> None:
    _list(session, copies)
    finalise(session.library, WeedingReason.WORN, print_minutes, session.act())


def empty(_: Session, window: MainWindow) -> None:
    """No copy on the draft yet."""
    _found(_page(window))


def listed(session: Session, window: MainWindow) -> None:
    """Worn copies on the draft, the last just scanned; another draft and older minutes beside it."""
    worn, sound = _copies(session)
    _freeze(session, worn[20:24])
    _list(session, worn[:11])
    _list(session, sound[:3], WeedingReason.CONTENT)
    _scan(_page(window), worn[12:13])


def content(session: Session, window: MainWindow) -> None:
    """Much lent copies, with their years as a chart."""
    _, sound = _copies(session)
    _list(session, sound[:7], WeedingReason.CONTENT)
    page = _page(window, WeedingReason.CONTENT)
    page.drafts.list.view.choose_place(3)
    wait_until(lambda: True)


def proposed(session: Session, window: MainWindow) -> None:
    """A copy that the guideline proposes, with why, and minutes that are with the county."""
    worn, sound = _copies(session)
    _send(session, worn[20:24])
    _list(session, sound[:3], WeedingReason.CONTENT)
    page = _page(window, WeedingReason.CONTENT)
    _found(page)
    page.drafts.list.view.choose_place(5)
    wait_until(lambda: True)


def around(session: Session, window: MainWindow) -> None:
    """What stands around a copy on the shelf, and its title's other copies."""
    content(session, window)
    page = _page_in_front(window)
    page.drafts.details.turn()
    wait_until(lambda: True)


def exempt(_: Session, window: MainWindow) -> None:
    """A copy that the guideline keeps, among those it keeps."""
    page = _page(window, WeedingReason.NO_AUDIENCE)
    _found(page)
    table = page.drafts.list.table
    first = next((place for place in range(table.rowCount()) if table.is_faded(place)), 0)
    page.drafts.list.view.choose_place(first + 1)
    wait_until(lambda: True)


def shown(session: Session, window: MainWindow) -> None:
    """Scans only show their copy."""
    worn, _ = _copies(session)
    _list(session, worn[:4])
    page = _page(window)
    page.drafts.mode.toggle()
    _scan(page, worn[8:9])


def marks(session: Session, window: MainWindow) -> None:
    """What keeps a copy, its permit and its condition."""
    worn, _ = _copies(session)
    _list(session, worn[:4])
    page = _page(window)
    page.drafts.list.view.choose_place(1)
    wait_until(lambda: True)
    page.drafts.chosen.mark()
    wait_until(lambda: True)


def permit(session: Session, window: MainWindow) -> None:
    """A copy of a cultural package asks for number and day of the deputy's permit."""
    worn, _ = _copies(session)
    _list(session, worn[:4])
    package = CopyEdit(worn[8], {"flags": (ItemFlag.CULTURAL_PACKAGE.value,)})
    edit_copy(session.library, package, session.act())
    _scan(_page(window), worn[8:9])


def put_off(_: Session, window: MainWindow) -> None:
    """Why not now, and until when?"""
    page = _page(window, WeedingReason.CONTENT)
    _found(page)
    page.drafts.list.view.choose_place(1)
    wait_until(lambda: True)
    page.drafts.chosen.put_off()
    wait_until(lambda: True)


def aside(session: Session, window: MainWindow) -> None:
    """What is put off, kept and at the bindery, with why, until when and by whom."""
    worn, _ = _copies(session)
    library = session.library
    for code, decision, why in (
        (worn[3], CandidateDecision.LATER, "پس از امتحانات"),
        (worn[5], CandidateDecision.KEEP, "تنها کتاب این موضوع در شهرستان است و هر سال برای پایان‌نامه‌ها خواسته می‌شود"),
        (worn[7], CandidateDecision.KEEP, "اهدایی نویسنده"),
    ):
        note_candidate(library, code, WeedingReason.WORN, decision, session.act(), why)
    for code in worn[8:10]:
        send_to_bindery(library, code, WeedingReason.WORN, session.act(), _SURE)
    _page(window).show_aside()
    wait_until(lambda: True)


def better(session: Session, window: MainWindow) -> None:
    """Which book takes the place? Found by its title."""
    _better(session, window)


def better_chosen(session: Session, window: MainWindow) -> None:
    """The book that takes the place, scanned."""
    replacing = _copies(session)[1][-1:]
    page = _better(session, window)
    _scan(page, replacing)


def _better(session: Session, window: MainWindow) -> WeedingPage:
    _, sound = _copies(session)
    _list(session, sound[:5], WeedingReason.CONTENT)
    page = _page(window, WeedingReason.CONTENT)
    _found(page)
    page.drafts.criterion.choose(BETTER_BOOK)
    page.drafts.listing.criterion = BETTER_BOOK
    _scan(page, sound[8:9])
    entry = page.drafts.panel.findChild(BetterBook)
    if entry is not None:
        entry.edit.setText("ایران")
        entry.edit.textEdited.emit("ایران")
    wait_until(lambda: True)
    return page


def better_listed(session: Session, window: MainWindow) -> None:
    """On the list, with the better book that takes its place."""
    replacing = _copies(session)[1][-1:]
    page = _better(session, window)
    _scan(page, replacing)
    page.drafts.panel.chosen.emit("yes")
    wait_until(lambda: True)


def file_done(session: Session, window: MainWindow) -> None:
    """A file of the memory scanner: listed, refused, unknown and unreadable lines."""
    worn, sound = _copies(session)
    path = session.folder / "stacks.txt"
    path.write_text("\n".join((*worn[:5], *sound[:2], worn[0], "RAF-999999", "a b;c d")), "utf-8")
    page = _page(window)
    page.file.ask_which = lambda _parent, _filter: path
    page.read_file()
    wait_until(lambda: not session.jobs.open_jobs())
    page.file.results.view.choose_place(5)
    wait_until(lambda: True)


def file_error(session: Session, window: MainWindow) -> None:
    """A file that is no text."""
    path = session.folder / "stacks.pdf"
    path.write_bytes(b"%PDF-1.7")
    page = _page(window)
    page.file.ask_which = lambda _parent, _filter: path
    page.read_file()
    wait_until(lambda: not session.jobs.open_jobs())


def refused(session: Session, window: MainWindow) -> None:
    """A copy that stands on other minutes and that the guideline keeps."""
    worn, _ = _copies(session)
    _list(session, worn[:4])
    _scan(_page(window, WeedingReason.DUPLICATE), worn[:1])


def asked(session: Session, window: MainWindow) -> None:
    """A copy noted as sound, and two scans that wait for the answer."""
    worn, sound = _copies(session)
    _list(session, worn[:4])
    _scan(_page(window), (*sound[:1], *worn[5:7]))


def removal(session: Session, window: MainWindow) -> None:
    """Why does the chosen copy leave the list?"""
    worn, _ = _copies(session)
    _list(session, worn[:6])
    page = _page(window)
    page.drafts.list.view.choose_place(2)
    wait_until(lambda: True)
    page.drafts.chosen.remove()


def unknown(session: Session, window: MainWindow) -> None:
    """A label that no copy carries."""
    _list(session, _copies(session)[0][:4])
    _scan(_page(window), ("RAF-999999",))


def freezing(session: Session, window: MainWindow) -> None:
    """The question before minutes are frozen."""
    _list(session, _copies(session)[0][:12])
    page = _page(window)
    page.drafts.list.view.choose_place(0)
    page.drafts.ask_freeze()
    wait_until(lambda: True)


def held_back(session: Session, window: MainWindow) -> None:
    """No number: since they were listed one copy was found to be of a cultural package, and another is missing."""
    worn, _ = _copies(session)
    _list(session, worn[10:18])
    act = session.act()
    edit_copy(session.library, CopyEdit(worn[12], {"flags": (ItemFlag.CULTURAL_PACKAGE.value,)}), act)
    edit_copy(session.library, CopyEdit(worn[14], {"status": ItemStatus.MISSING}, "در قفسه نبود"), act)
    page = _page(window)
    page.drafts.ask_freeze()
    page.drafts.freeze_panel.chosen.emit("yes")
    wait_until(lambda: not page.drafts.finishing.is_busy())


def draft(session: Session, window: MainWindow) -> None:
    """The paper as it would be."""
    _list(session, _copies(session)[0][:12])
    page = _page(window)
    page.drafts.show_draft()
    wait_until(lambda: page.preview.pictures.count() > 0)


def frozen(session: Session, window: MainWindow) -> None:
    """Minutes just frozen: their paper, ready to be printed."""
    worn, sound = _copies(session)
    _list(session, (*worn, *sound))
    page = _page(window)
    page.drafts.ask_freeze()
    page.drafts.freeze_panel.chosen.emit("yes")
    wait_until(lambda: page.preview.pictures.count() > 0)


def printing(session: Session, window: MainWindow) -> None:
    """Where, which pages, how often."""
    frozen(session, window)
    page = _page_in_front(window)
    page.preview.form.begin(("HP LaserJet M404", "چاپگر اتاق رئیس"), page.preview.pictures.count())
    page.preview.show_form()


def archive(session: Session, window: MainWindow) -> None:
    """Finalised minutes."""
    worn, _ = _copies(session)
    for start in (0, 5, 9):
        _freeze(session, worn[start : start + 4])
    _page(window).show_archive()


def _page_in_front(window: MainWindow) -> WeedingPage:
    page = window.current_page()
    if not isinstance(page, WeedingPage):
        raise TypeError(page)
    return page


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "weeding-empty": empty,
    "weeding-listed": listed,
    "weeding-content": content,
    "weeding-proposed": proposed,
    "weeding-around": around,
    "weeding-exempt": exempt,
    "weeding-shown": shown,
    "weeding-marks": marks,
    "weeding-permit": permit,
    "weeding-put-off": put_off,
    "weeding-aside": aside,
    "weeding-better": better,
    "weeding-better-chosen": better_chosen,
    "weeding-better-listed": better_listed,
    "weeding-file": file_done,
    "weeding-file-error": file_error,
    "weeding-refused": refused,
    "weeding-asked": asked,
    "weeding-removal": removal,
    "weeding-unknown": unknown,
    "weeding-freezing": freezing,
    "weeding-held-back": held_back,
    "weeding-draft": draft,
    "weeding-frozen": frozen,
    "weeding-printing": printing,
    "weeding-archive": archive,
}
