"""Weeding minutes on their way at the headless desk: sent, answered, corrected, closed; and statuses put right as a
batch."""

from pathlib import Path as FilePath
from typing import Annotated, Any, assert_never

from msgspec import Meta, Struct

from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from app.weeding.minutes.archive import read_scan
from app.weeding.minutes.attaching import attachments_of
from app.weeding.minutes.closing import close_minutes, execute_waiting
from app.weeding.minutes.outcomes import (
    Closed,
    CopyRuling,
    Edition,
    HoldEnded,
    Letter,
    Reissued,
    Ruled,
    Rulings,
    Stepped,
    Strike,
    Unchanged,
)
from app.weeding.minutes.reads import find_minutes
from app.weeding.minutes.review import ask_correction, enter_rulings, reissue, send, withdraw
from app.weeding.minutes.ruling_file import MOST_BYTES, take_ruling_file, trust_key
from app.weeding.minutes.tracking import DetailRow, TrackedMinutes, minutes_detail, tracked
from db.codes import RulingLevel, Verdict
from db.trouble import Trouble
from reports.forms.minutes import print_minutes
from server.desk.answers import Facts, done, missing, not_found, refused
from server.desk.keys import item_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Day, Line, Name, Path, Text, Word, day

Revision = Annotated[int, Meta(ge=1, le=1_000)]
MOST_COPIES = 5_000


class OfMinutes(Request, kw_only=True):
    """Minutes by their number; `revision` None is the newest."""

    number: Word
    revision: Revision | None = None


class ByLetter(Request, kw_only=True):
    """A step that a letter carries. `by`: who signed it."""

    number: Word
    letter_no: Line = ""
    letter_on: Day | None = None
    by: Name = ""
    remark: Text = ""


class MinutesCorrect(ByLetter, kw_only=True):
    """A level asks for corrections; `items` are the copies that are meant."""

    level: RulingLevel
    items: Annotated[tuple[str, ...], Meta(max_length=MOST_COPIES)] = ()


class StrikeFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """A copy that is struck, and why."""

    item: str
    why: Line


class MinutesReissue(ByLetter, kw_only=True):
    """Corrected minutes go back to the level that asked."""

    strike: Annotated[tuple[StrikeFields, ...], Meta(max_length=MOST_COPIES)] = ()


class VerdictFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """What was ruled on one copy."""

    item: str
    verdict: Verdict
    remark: Line = ""


class MinutesRule(ByLetter, kw_only=True):
    """What a level answered: `verdict` on every copy that `copies` does not name. `file` is the scanned letter."""

    level: RulingLevel
    revision: Revision | None = None
    verdict: Verdict | None = None
    copies: Annotated[tuple[VerdictFields, ...], Meta(max_length=MOST_COPIES)] = ()
    file: Path | None = None
    confirm: Codes = ()


class RuleFile(Request, kw_only=True):
    """An answer in a signed file."""

    file: Path
    confirm: Codes = ()


class MinutesWithdraw(Request, kw_only=True):
    """The library takes its minutes back."""

    number: Word
    reason: Line


class RulingTrust(Request, kw_only=True):
    """Believe the signatures of a key for these levels; without levels no longer."""

    signer: Line
    name: Name = ""
    levels: tuple[RulingLevel, ...] = ()


def send_minutes(session: Session, request: ByLetter) -> Facts:
    """The minutes went to the county office."""
    outcome = send(session.library, request.number, session.act(request.key), _letter(request), request.remark)
    return _stepped(outcome, "sent")


def correct(session: Session, request: MinutesCorrect) -> Facts:
    """County or province asks for corrections."""
    act = session.act(request.key)
    items = [_item(session, item) for item in request.items]
    letter = _letter(request)
    outcome = ask_correction(session.library, request.number, request.level, request.remark, act, letter, items)
    return _stepped(outcome, "correction_asked")


def issue_anew(session: Session, request: MinutesReissue) -> Facts:
    """A corrected revision, frozen with its files."""
    strikes = [Strike(_item(session, one.item), one.why) for one in request.strike]
    act = session.act(request.key)
    outcome = reissue(session.library, request.number, strikes, print_minutes, act, _letter(request), request.remark)
    if isinstance(outcome, Reissued):
        return done("reissued", **_step(outcome.step), **_edition(outcome.edition))
    return _otherwise(outcome)


def rule(session: Session, request: MinutesRule) -> Facts:
    """Enter an answer from a paper letter. Raises Trouble P-2101 where the scanned letter cannot be read."""
    copies = tuple(CopyRuling(_item(session, one.item), one.verdict, one.remark) for one in request.copies)
    rulings = Rulings(
        number=request.number,
        level=request.level,
        letter=_letter(request),
        default=request.verdict,
        copies=copies,
        revision=request.revision,
        remark=request.remark,
    )
    scan = None if request.file is None else read_scan(FilePath(request.file))
    answer = Answer(confirm=frozenset(request.confirm))
    return _ruled(enter_rulings(session.library, rulings, session.act(request.key), answer, scan))


def rule_by_file(session: Session, request: RuleFile) -> Facts:
    """Enter the answer of a signed file. Raises Trouble P-230x where the file is not to be believed."""
    answer = Answer(confirm=frozenset(request.confirm))
    content = read_limited(FilePath(request.file))
    return _ruled(take_ruling_file(session.library, content, session.act(request.key), answer))


def read_limited(path: FilePath) -> bytes:
    """A file, as far as an answer may be long and a byte more. Raises Trouble P-2101."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Trouble("P-2101", path=path.name) from error


def close(session: Session, request: OfMinutes) -> Facts:
    """The final edition, weeded statuses, and refused copies back on the shelf."""
    outcome = close_minutes(session.library, request.number, print_minutes, session.act(request.key))
    if isinstance(outcome, Closed):
        return done(
            "closed",
            executed=outcome.executed,
            waiting=outcome.waiting,
            released=outcome.released,
            holds_ended=_holds(outcome.holds_ended),
            **_step(outcome.step),
            **_edition(outcome.edition),
        )
    return _otherwise(outcome)


def take_back(session: Session, request: MinutesWithdraw) -> Facts:
    """The library takes its minutes back before anybody ruled."""
    return _stepped(withdraw(session.library, request.number, request.reason, session.act(request.key)), "withdrawn")


def execute(session: Session, request: Request) -> Facts:
    """Weed the approved copies that were away and are back."""
    outcome = execute_waiting(session.library, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done(
        "executed",
        accession_numbers=outcome.accession_numbers,
        waiting=outcome.still_waiting,
        holds_ended=_holds(outcome.holds_ended),
    )


def track(session: Session, _: Request) -> Facts:
    """Where every minutes stands."""
    today = session.act().day
    with session.library.store.read() as reader:
        return done("found", minutes=[_tracked(one) | {"days_left": one.days_left(today)} for one in tracked(reader)])


def show(session: Session, request: OfMinutes) -> Facts:
    """One revision with its rows, verdicts and steps."""
    with session.library.store.read() as reader:
        minutes = find_minutes(reader, request.number, request.revision)
        detail = None if minutes is None else minutes_detail(reader, minutes.id)
        if minutes is None or detail is None:
            return not_found(Sought.MINUTES)
        filed = len(attachments_of(reader, minutes))
    steps: list[Facts] = [
        {
            "step": step.kind, "level": step.level, "revision": step.revision, "was": step.was, "became": step.became,
            "day": step.day, "due": step.due_on, "letter_no": step.letter_no, "letter_on": step.letter_on,
            "remark": step.remark, "by": step.by,
        }
        for step in detail.steps
    ]  # fmt: skip
    return done(
        "found", **_tracked(detail.minutes), rows=[_row(one) for one in detail.rows], steps=steps, attachments=filed
    )


def trust(session: Session, request: RulingTrust) -> Facts:
    """Keep whose signature is believed."""
    outcome = trust_key(
        session.library, request.signer, request.name, frozenset(request.levels), session.act(request.key)
    )
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("removed" if outcome.removed else "trusted", signer=outcome.key, name=outcome.name)


def _item(session: Session, item: str) -> str:
    """What finds a copy; a code nobody can read finds none, and is named so."""
    return item_key(session, item) or item


def _letter(request: ByLetter) -> Letter:
    return Letter(request.letter_no, day(request.letter_on), request.by)


def _stepped(outcome: Stepped | Unchanged | Refused | NotFound, told: str) -> Facts:
    if isinstance(outcome, Stepped):
        return done(told, **_step(outcome))
    return _otherwise(outcome)


def _ruled(outcome: Ruled | Unchanged | Refused | NotFound) -> Facts:
    if not isinstance(outcome, Ruled):
        return _otherwise(outcome)
    counts = {
        "approved": outcome.approved, "redirected": outcome.redirected, "rejected": outcome.rejected,
        "to_correct": outcome.to_correct, "lent": outcome.lent,
    }  # fmt: skip
    return done("ruled", **counts, **_step(outcome.step))


def _otherwise(outcome: Unchanged | Refused | NotFound) -> Facts:
    match outcome:
        case Unchanged():
            return done(
                "already_done", minutes=outcome.minutes_id, number=outcome.number, revision=outcome.revision,
                state=outcome.state,
            )  # fmt: skip
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _step(step: Stepped) -> Facts:
    return {
        "minutes": step.minutes_id, "number": step.number, "revision": step.revision, "state": step.became,
        "due": step.due_on,
    }  # fmt: skip


def _edition(edition: Edition) -> Facts:
    return {"rows": edition.rows, "struck": edition.struck, "pages": edition.pages, "sha256": edition.sha256}


def _holds(ended: tuple[HoldEnded, ...]) -> list[Facts]:
    return [{"hold": one.hold_id, "member": one.member, "title": one.title} for one in ended]


def _tracked(one: TrackedMinutes) -> Facts:
    return {
        "minutes": one.id, "reason": one.reason, "number": one.number, "revision": one.revision, "state": one.state,
        "withdrawn": one.withdrawn, "finalised_on": one.finalised_on, "sent_on": one.sent_on, "due": one.due_on,
        "asked_by": one.asked_by, "copies": one.copies, "struck": one.struck, "refused": one.refused,
        "waiting": one.waiting, "next": [kind for kind, _ in one.next_steps],
    }  # fmt: skip


def _row(one: DetailRow) -> Facts:
    row = one.row
    rulings: list[dict[str, Any]] = [
        {"level": level, "verdict": ruling.verdict, "remark": ruling.remark, "letter_no": ruling.letter_no}
        for level, ruling in one.rulings.items()
    ]
    return {
        "row": row.position, "item": row.item_id, "barcode": row.barcode, "accession_no": row.accession_no,
        "title": row.title, "status": row.status, "struck": row.struck_at is not None, "why": row.struck_why,
        "verdict": one.verdict, "rulings": rulings, "executed_on": row.executed_on,
    }  # fmt: skip
