"""The call list of late books, and contacts that must be asked for again, at the headless desk."""

from app.circulation.reads import find_member
from app.notices.calls import Call, CallNote, CallRecorded, LateReader, call_list, calls_of, record_call
from app.notices.contacts import Contact, ContactSet, contacts_to_check, set_contact
from app.outcome import NotFound, Refused, Sought
from db.codes import CallResult, ContactHealth, ContactKind
from server.desk.answers import Facts, done, missing, not_found, refused, unreadable
from server.desk.keys import member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Text, Word, day

# What a result leads on to; the librarian asks for it, the call itself changes no loan.
OFFERS = {CallResult.SAYS_RETURNED: "item.claimed_returned", CallResult.SAYS_LOST: "item.lost"}


class CallList(Request, kw_only=True):
    """Readers with late books; with `due` only those to be called today."""

    due: bool = False


class CallShow(Request, kw_only=True):
    """The calls to a member."""

    member: str


class CallRecord(Request, kw_only=True):
    """What came of a call."""

    member: str
    result: CallResult
    number: Word | None = None
    next: Day | None = None
    note: Text | None = None


class ContactSetting(Request, kw_only=True):
    """What is known of a contact."""

    member: str
    kind: ContactKind
    value: Line
    health: ContactHealth = ContactHealth.VERIFIED


def late(session: Session, request: CallList) -> Facts:
    """The call list."""
    today = session.act().day
    with session.library.store.read() as reader:
        found = call_list(session.library, reader, today)
    rows = [_late(one) | {"due": one.is_due(today)} for one in found if one.is_due(today) or not request.due]
    return done("found", rows=rows)


def show(session: Session, request: CallShow) -> Facts:
    """The calls to one member, the newest first."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        member = find_member(reader, key)
        if member is None:
            return not_found(Sought.MEMBER)
        calls = calls_of(reader, member.id)
    return done("found", member=member.id, calls=[_call(call) for call in calls])


def record(session: Session, request: CallRecord) -> Facts:
    """Note a call."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    note = CallNote(key, request.result, request.number, day(request.next), request.note)
    outcome = record_call(session.library, note, session.act(request.key))
    match outcome:
        case CallRecorded():
            return done(
                "recorded",
                member=outcome.member_id,
                next=outcome.next_on,
                marked_bad=outcome.marked_bad,
                offers=OFFERS.get(outcome.result),
                loans=list(outcome.loans),
            )
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def doubtful(session: Session, _: Request) -> Facts:
    """The clean-up list (001)."""
    with session.library.store.read() as reader:
        found = contacts_to_check(session.library, reader)
    rows = [
        {
            "member": row.member_id,
            "member_no": row.member_no,
            "name": row.name,
            "kind": row.kind,
            "value": row.value,
            "health": row.health,
            "doubt": row.doubt,
            "others": row.others,
        }
        for row in found
    ]
    return done("found", rows=rows)


def put(session: Session, request: ContactSetting) -> Facts:
    """Write what is known of a contact."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    act = session.act(request.key)
    outcome = set_contact(session.library, key, request.kind, request.value, request.health, act)
    match outcome:
        case ContactSet():
            told = {"member": outcome.member_id, "kind": outcome.kind, "value": outcome.value, "health": outcome.health}
            return done("set" if outcome.changed else "already_done", **told)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def _late(one: LateReader) -> Facts:
    return {
        "member": one.member_id,
        "member_no": one.member_no,
        "name": one.name,
        "days_late": one.late,
        "debt": one.debt,
        "next": one.next_on,
        "last": _call(one.last) if one.last else None,
        "telephones": [_contact(contact) for contact in one.telephones],
        "books": [
            {
                "loan": book.loan_id,
                "title": book.title,
                "accession_no": book.accession_no,
                "barcode": book.barcode,
                "due": book.due_on,
                "days_late": book.late,
            }
            for book in one.books
        ],
    }


def _contact(contact: Contact) -> Facts:
    return {
        "number": contact.value,
        "kind": contact.kind,
        "whose": contact.whose,
        "name": contact.name or None,
        "health": contact.health,
    }


def _call(call: Call) -> Facts:
    return {
        "at": call.at,
        "number": call.number,
        "result": call.result,
        "next": call.next_on,
        "note": call.note,
        "staff": call.staff,
    }
