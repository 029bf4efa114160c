"""What readers ask the library to buy, at the headless desk (000 §1-2-الف)."""

import uuid
from pathlib import Path as FilePath

from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from app.wishes.answering import Replied, Reply, reply
from app.wishes.asking import Wished, ask
from app.wishes.facts import OPEN, HeldTitle, WishForm, WishLine
from app.wishes.reads import held_titles, wishes
from db.codes import WishState
from db.files import safe_write
from reports.wish_list import wishes_pdf, wishes_xlsx
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.files import written, wrong_suffix
from server.desk.keys import item_key, member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Line, Path, Text, Word


class WishList(Request, kw_only=True):
    """Wishes of a state, or with `open` those whose readers still wait; `q`: words of the wish or of who asked."""

    state: WishState | None = None
    open: bool = False
    q: Line = ""
    pdf: Path | None = None
    xlsx: Path | None = None


class WishAdd(Request, kw_only=True):
    """A book that a reader wishes for; without `member` somebody who did not say who they are."""

    title: Text
    creator: Line | None = None
    publisher: Line | None = None
    year: int | None = None
    isbn: Word | None = None
    note: Line | None = None
    member: str | None = None
    confirm: Codes = ()


class WishAnswer(Request, kw_only=True):
    """The answer to a wish. `title_id`, or `item`, a copy of it, names the book that was bought or is here."""

    wish: uuid.UUID
    state: WishState
    note: Line = ""
    title_id: uuid.UUID | None = None
    item: str | None = None
    confirm: Codes = ()


def list_all(session: Session, request: WishList) -> Facts:
    """The wishes, those that wait for an answer first; of open ones whether the library holds such a title."""
    if wrong := wrong_suffix(request.pdf, ".pdf", "pdf") or wrong_suffix(request.xlsx, ".xlsx", "xlsx"):
        return wrong
    library = session.library
    states = {request.state} if request.state else OPEN if request.open else None
    with library.store.read() as reader:
        lines = wishes(reader, states, request.q)
        held = {line.id: held_titles(reader, line.wish, library.store.dialect.name) for line in lines if line.is_open}
    paper = written(request.pdf, wishes_pdf(library.branch, lines, session.act().day)) if request.pdf else {}
    if request.xlsx is not None:
        safe_write(FilePath(request.xlsx), wishes_xlsx(lines))
    return done("found", rows=[_line(line) | {"held": _titles(held.get(line.id, ()))} for line in lines], **paper)


def add(session: Session, request: WishAdd) -> Facts:
    """Write a wish down."""
    member = member_key(session, request.member) if request.member is not None else None
    if request.member is not None and not member:
        return unreadable(Sought.MEMBER)
    form = WishForm(
        request.title, request.creator, request.publisher, request.year, request.isbn, request.note
    )  # fmt: skip
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = ask(session.library, form, session.act(request.key), member, answer)
    match outcome:
        case Wished():
            word = "already_done" if outcome.already else "wished"
            return done(
                word, wish=outcome.wish_id, words=outcome.wish, member=outcome.member_id, held=_titles(outcome.held)
            )
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def answer(session: Session, request: WishAnswer) -> Facts:
    """Answer a wish; the reader reads it on their own page after the next sync."""
    copy = item_key(session, request.item) if request.item is not None else None
    if request.item is not None and not copy:
        return unreadable(Sought.ITEM)
    said = Reply(request.state, request.note, request.title_id, copy)
    confirmed = Answer(confirm=frozenset(request.confirm))
    outcome = reply(session.library, request.wish, said, session.act(request.key), confirmed)
    match outcome:
        case Replied():
            return done("already_done" if outcome.already else "answered", **_line(outcome.line))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def _line(line: WishLine) -> Facts:
    return {
        "wish": line.id,
        "words": line.wish,
        "asked_on": line.asked_on,
        "state": line.state,
        "answer": line.answer,
        "member": line.member_id,
        "member_no": line.member_no,
        "name": line.name or None,
    }


def _titles(titles: tuple[HeldTitle, ...]) -> list[Facts]:
    return [
        {
            "title_id": one.id,
            "title": one.title,
            "creator": one.main_creator,
            "copies": one.copies,
            "available": one.available,
            "same": one.same,
        }
        for one in titles
    ]
