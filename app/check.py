"""The invariants of the store, recomputed from its rows: «بررسی سلامت داده‌ها», `pishkhan check`, the op `check`."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.items.status import CAME_BY_IMPORT
from app.ledger.lines import CREDITS, DEBITS, Ledger
from app.ledger.reads import LINES_OF_MEMBER
from app.library import PASSED_OVER, Library
from app.persian.jalali import year
from app.weeding.minutes.corrections import CAME_WEEDED, CORRECTED
from db.codes import (
    WEEDED,
    BindingState,
    DisposalKind,
    DisposalState,
    HoldState,
    ItemStatus,
    LedgerKind,
    LoanEnd,
    MinutesState,
    PaymentMethod,
    Verdict,
)
from db.journal import keeps_commitment, next_chain
from db.models.circulation import Account, Clearance, Hold, LedgerLine, Loan, Receipt
from db.models.collection import (
    BindingRequest,
    BindingRow,
    Disposal,
    DisposalRow,
    Document,
    Minutes,
    MinutesRow,
    RulingRow,
)
from db.models.items import Item, ItemStatusChange, LocalUse
from db.models.library import Counter, LicensedLibrary
from db.models.sync import JournalEntry, Site, Stream
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, and where."""

    invariant: str
    where: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what was found broken."""

    checked: tuple[str, ...]
    broken: tuple[Broken, ...]


OPEN = (Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None))
MOST_TOLD = 20


def check_library(library: Library) -> Report:
    """Recompute every invariant in one consistent view. Tells at most twenty places an invariant.

    Raises Trouble P-1105 where the file itself is so damaged that it cannot be read.
    """
    broken: list[Broken] = []
    with library.store.read() as reader:
        for name, find in INVARIANTS.items():
            for place, where in enumerate(find(reader)):
                if place == MOST_TOLD:
                    break
                broken.append(Broken(name, where))
        if library.store.is_file:
            broken += [Broken("file", where) for where in damaged_pages(reader)]
    return Report((*INVARIANTS, "file"), tuple(broken))


def damaged_pages(reader: Reader) -> Iterator[str]:
    """SQLite's own view of its pages; with SQLCipher every flipped bit is found."""
    for (line,) in reader.run("PRAGMA quick_check").fetchall():
        if line != "ok":
            yield str(line)
    for row in reader.run("PRAGMA foreign_key_check").fetchall():
        yield f"foreign key: {row[0]} {row[1]} -> {row[2]}"


def one_open_loan_a_copy(reader: Reader) -> Iterator[str]:
    """No copy is lent twice."""
    query = sa.select(Loan.item_id).where(*OPEN).group_by(Loan.item_id).having(sa.func.count() > 1)
    yield from map(str, reader.connection.execute(query).scalars())


def status_tells_the_loans(reader: Reader) -> Iterator[str]:
    """A copy is on loan exactly when it has an open loan; one that was lost on a card stays on it."""
    lent = sa.exists(sa.select(Loan.id).where(Loan.item_id == Item.id, *OPEN))
    away = Item.status == ItemStatus.ON_LOAN
    query = sa.select(Item.accession_no).where(
        Item.deleted_at.is_(None),
        sa.or_(sa.and_(away, ~lent), sa.and_(~away, Item.status != ItemStatus.LOST, lent)),
    )
    yield from (f"accession {number}" for number in reader.connection.execute(query).scalars())


def summaries_equal_the_loans(reader: Reader) -> Iterator[str]:
    """`loan_count`, `uses` and `last_loan_on` equal what the rows of loans and uses say."""
    counted = sa.select(sa.func.count()).where(Loan.item_id == Item.id, Loan.deleted_at.is_(None)).scalar_subquery()
    in_hall = (
        sa.select(sa.func.count()).where(LocalUse.item_id == Item.id, LocalUse.deleted_at.is_(None)).scalar_subquery()
    )
    last = (
        sa.select(sa.func.max(Loan.out_on)).where(Loan.item_id == Item.id, Loan.deleted_at.is_(None)).scalar_subquery()
    )
    query = sa.select(Item.accession_no).where(
        Item.deleted_at.is_(None),
        sa.or_(
            Item.loan_count != counted,
            Item.uses != counted + in_hall,
            sa.func.coalesce(Item.last_loan_on, NEVER) != sa.func.coalesce(last, NEVER),
        ),
    )
    yield from (f"accession {number}" for number in reader.connection.execute(query).scalars())


NEVER: sa.ColumnElement[dt.date] = sa.literal_column("'1900-01-01'", sa.Date())


def journal_is_whole(reader: Reader) -> Iterator[str]:
    """Every stream counts 1, 2, 3 … and every link is the hash of the one before and the stored bytes. What stands
    after the head of a closed one was moved to another."""
    for device, epoch, head_seq, head_chain in reader.connection.execute(
        sa.select(Stream.device_id, Stream.epoch, Stream.head_seq, Stream.head_chain)
    ):
        yield from _stream_is_whole(reader, device, epoch, head_seq, bytes(head_chain))


def _stream_is_whole(reader: Reader, device: uuid.UUID, epoch: int, head_seq: int, head_chain: bytes) -> Iterator[str]:
    entries = reader.connection.execute(
        sa.select(JournalEntry.seq, JournalEntry.body, JournalEntry.chain, JournalEntry.personal, JournalEntry.moved)
        .where(JournalEntry.device_id == device, JournalEntry.epoch == epoch)
        .order_by(JournalEntry.seq)
        .execution_options(yield_per=2_000)
    )
    expected, chain = 1, epoch.to_bytes(8, "big")
    last = (0, chain)
    for seq, body, link, personal, moved in entries:
        if seq != expected:
            yield f"entry {expected} is missing"
        chain = next_chain(chain, bytes(body))
        if chain != bytes(link):
            yield f"entry {seq} does not follow from the one before"
            chain = bytes(link)
        elif not keeps_commitment(bytes(body), personal):
            yield f"entry {seq} names others than it was written with"
        expected = seq + 1
        last = last if moved else (seq, chain)
    if (head_seq or last[0]) and (head_seq, head_chain) != last:
        yield f"the head says {head_seq}, the last entry is {last[0]}"


def accession_numbers_rise(reader: Reader) -> Iterator[str]:
    """No number twice, deleted rows included, and the series stands at or above the highest (002 م8-2)."""
    twice = sa.select(Item.accession_no).group_by(Item.branch_id, Item.accession_no).having(sa.func.count() > 1)
    yield from (f"accession {number} twice" for number in reader.connection.execute(twice).scalars())
    highest = reader.connection.execute(sa.select(sa.func.max(Item.accession_no))).scalar() or 0
    counter = reader.connection.execute(sa.select(Counter.value).where(Counter.name == "accession")).scalar() or 0
    if counter < highest:
        yield f"the series stands at {counter}, below {highest}"


def ledger_adds_up(reader: Reader) -> Iterator[str]:
    """A voiding line is the exact opposite of the line it opposes, and no line is opposed twice."""
    other = sa.orm.aliased(LedgerLine)
    query = (
        sa.select(LedgerLine.id)
        .join(other, other.id == LedgerLine.opposes)
        .where(sa.or_(LedgerLine.amount != -other.amount, LedgerLine.member_id != other.member_id))
    )
    yield from (f"line {line} does not oppose its own" for line in reader.connection.execute(query).scalars())
    twice = (
        sa.select(LedgerLine.opposes)
        .where(LedgerLine.opposes.is_not(None))
        .group_by(LedgerLine.opposes)
        .having(sa.func.count() > 1)
    )
    yield from (f"line {line} is opposed twice" for line in reader.connection.execute(twice).scalars())
    yield from _balances_off(reader)


def _balances_off(reader: Reader) -> Iterator[str]:
    """The balance kept for the desk is the sum of the lines."""
    lines = sa.select(LedgerLine.member_id, sa.func.sum(LedgerLine.amount)).where(LedgerLine.member_id.is_not(None))
    summed: dict[uuid.UUID | None, int] = {
        member: int(amount) for member, amount in reader.connection.execute(lines.group_by(LedgerLine.member_id))
    }
    kept: dict[uuid.UUID | None, int] = {
        member: int(balance)
        for member, balance in reader.connection.execute(sa.select(Account.member_id, Account.balance))
    }
    yield from (
        f"balance of {member}" for member in summed.keys() | kept.keys() if summed.get(member) != kept.get(member)
    )


def settling_fits_the_debts(reader: Reader) -> Iterator[str]:
    """What settles a debt is a credit of the same reader, and all that was paid for it and forgiven of it is never more
    than the debt; a copy brought in kind may be, since what was paid before is then held for the reader."""
    debit = sa.orm.aliased(LedgerLine)
    astray = (
        sa.select(LedgerLine.id)
        .outerjoin(debit, debit.id == LedgerLine.settles)
        .where(
            LedgerLine.settles.is_not(None),
            sa.or_(
                debit.id.is_(None),
                debit.amount <= 0,
                debit.kind.not_in(DEBITS | {LedgerKind.TRANSFER}),
                LedgerLine.amount >= 0,
                LedgerLine.kind.not_in(CREDITS | {LedgerKind.TRANSFER}),
                LedgerLine.member_id.is_distinct_from(debit.member_id),
            ),
        )
    )
    yield from (f"line {line} settles no debt of its reader" for line in reader.connection.execute(astray).scalars())
    settled = sa.select(LedgerLine.member_id).where(LedgerLine.settles.is_not(None), LedgerLine.member_id.is_not(None))
    for member in reader.connection.execute(settled.distinct()).scalars().all():
        for debt in Ledger(reader.all(LINES_OF_MEMBER, member=member)).debts:
            in_kind = sum(credit.amount for credit in debt.credits if credit.method is PaymentMethod.IN_KIND)
            if debt.line.amount + sum(credit.amount for credit in debt.credits) - in_kind < 0:
                yield f"line {debt.line.id} is settled beyond its amount"


def weeded_by_minutes_only(reader: Reader) -> Iterator[str]:
    """A weeded status stands on a row of closed minutes that was carried out, for a copy that a level let go and none
    refused (002 م8-1); or on data that came weeded from another program (م8-5)."""
    in_other = sa.orm.aliased(MinutesRow)
    said = (
        sa.select(RulingRow.id)
        .select_from(RulingRow)
        .join(in_other, in_other.id == RulingRow.minutes_row_id)
        .where(in_other.item_id == Item.id, RulingRow.deleted_at.is_(None))
    )
    carried_out = (
        sa.select(MinutesRow.id)
        .join(Minutes, Minutes.id == MinutesRow.minutes_id)
        .where(
            MinutesRow.item_id == Item.id,
            MinutesRow.struck_at.is_(None),
            MinutesRow.executed_on.is_not(None),
            Minutes.state == MinutesState.CLOSED,
        )
    )
    let_go = said.where(RulingRow.verdict.in_((Verdict.APPROVE, Verdict.REDIRECT)))
    converted = sa.select(ItemStatusChange.id).where(
        ItemStatusChange.item_id == Item.id,
        ItemStatusChange.became == Item.status,
        ItemStatusChange.why.in_((f"{CORRECTED}{CAME_WEEDED}", CAME_BY_IMPORT)),
    )
    weeded = sa.or_(*(Item.status == status for status in sorted(WEEDED)))
    rests = sa.or_(sa.and_(sa.exists(carried_out), sa.exists(let_go)), sa.exists(converted))
    query = sa.select(Item.accession_no).where(Item.deleted_at.is_(None), weeded, ~rests)
    yield from (f"accession {number}" for number in reader.connection.execute(query).scalars())


def _expected(reader: Reader, series: str, following: int, found: int) -> int:
    """The number that should come: numbers between that a lost copy of this database gave may be missing."""
    passed = PASSED_OVER.read(reader).get(series, [])
    while following < found and any(first <= following <= last for first, last in passed):
        following += 1
    return following


def minutes_numbers_have_no_gaps(reader: Reader) -> Iterator[str]:
    """Finalised minutes count 1, 2, 3 … in each Jalali year, and each has its frozen paper."""
    query = (
        sa.select(Minutes.year, Minutes.number, Minutes.finalised_on, Document.id)
        .outerjoin(Document, Document.id == Minutes.document_id)
        .where(Minutes.number.is_not(None), Minutes.revision == 1)
        .order_by(Minutes.year, Minutes.number)
    )
    following: dict[int, int] = {}
    for minutes in reader.connection.execute(query):
        in_year, number = minutes.year or 0, minutes.number or 0
        expected = _expected(reader, f"minutes-{in_year}", following.get(in_year, 1), number)
        if number != expected:
            yield f"{in_year}/{expected} is missing"
        following[in_year] = number + 1
        if minutes.id is None:
            yield f"{in_year}/{number} has no paper"
        if minutes.finalised_on is not None and year(minutes.finalised_on) != in_year:
            yield f"{in_year}/{number} is dated {minutes.finalised_on}"


def binding_tells_where_copies_are(reader: Reader) -> Iterator[str]:
    """A copy «در حال صحّافی» is on a request that was sent and from which it is not back, or was put there by hand; no
    copy is on two (002 م13-11). A request with a number has its paper, and the numbers have no gaps."""
    away = (BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None))
    sent = sa.exists(
        sa.select(BindingRow.id)
        .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
        .where(BindingRow.item_id == Item.id, BindingRequest.state == BindingState.DISPATCHED, *away)
    )
    by_hand = sa.exists(
        sa.select(ItemStatusChange.id).where(
            ItemStatusChange.item_id == Item.id, ItemStatusChange.became == ItemStatus.IN_BINDING,
            ItemStatusChange.cause_id.is_(None), ItemStatusChange.deleted_at.is_(None),
        )
    )  # fmt: skip
    query = sa.select(Item.accession_no).where(
        Item.status == ItemStatus.IN_BINDING, Item.deleted_at.is_(None), ~sent, ~by_hand
    )
    yield from (f"accession {number}" for number in reader.connection.execute(query).scalars())
    twice = sa.select(BindingRow.item_id).where(*away).group_by(BindingRow.item_id).having(sa.func.count() > 1)
    yield from (f"item {item} on two requests" for item in reader.connection.execute(twice).scalars())
    yield from _binding_numbers(reader)


def _binding_numbers(reader: Reader) -> Iterator[str]:
    last: dict[int, int] = {}
    for year_of, number, paper in reader.connection.execute(
        sa.select(BindingRequest.year, BindingRequest.number, sa.func.count(Document.id))
        .outerjoin(Document, Document.id == BindingRequest.document_id)
        .where(BindingRequest.number.is_not(None))
        .group_by(BindingRequest.id, BindingRequest.year, BindingRequest.number)
        .order_by(BindingRequest.year, BindingRequest.number)
    ):
        in_year, given = year_of or 0, number or 0
        if given != _expected(reader, f"binding-{in_year}", last.get(in_year, 0) + 1, given):
            yield f"request {in_year}/{given} follows {last.get(in_year, 0)}"
        if not paper:
            yield f"request {in_year}/{given} without its paper"
        last[in_year] = given
    for in_year, given in last.items():
        name = f"binding-{in_year}"
        counter: int = reader.connection.execute(sa.select(Counter.value).where(Counter.name == name)).scalar() or 0
        if counter < given or _expected(reader, name, given + 1, counter + 1) != counter + 1:
            yield f"the counter of {in_year} is not {given}"


def editions_follow_each_other(reader: Reader) -> Iterator[str]:
    """The revisions of a number count 1, 2, 3 …, each names the one before, only the newest goes on, and each has its
    frozen paper (002 م7-9، م7-13)."""
    query = sa.select(
        Minutes.year, Minutes.number, Minutes.revision, Minutes.state, Minutes.id, Minutes.previous_id,
        Minutes.document_id,
    ).where(Minutes.number.is_not(None)).order_by(Minutes.year, Minutes.number, Minutes.revision)  # fmt: skip
    before: Any = None
    for edition in reader.connection.execute(query):
        same = before is not None and (before.year, before.number) == (edition.year, edition.number)
        where = f"{edition.year}/{edition.number} revision {edition.revision}"
        if (edition.revision, edition.previous_id) != ((before.revision + 1, before.id) if same else (1, None)):
            yield f"{where} does not follow"
        if same and before.state is not MinutesState.SUPERSEDED:
            yield f"{where} stands beside the one before"
        if edition.document_id is None:
            yield f"{where} has no paper"
        before = edition


def copies_stand_on_live_minutes(reader: Reader) -> Iterator[str]:
    """A copy that minutes keep in the house stands on a row of theirs, and they are not superseded (002 م7-4)."""
    standing = (
        sa.select(MinutesRow.id)
        .join(Minutes, Minutes.id == MinutesRow.minutes_id)
        .where(
            MinutesRow.minutes_id == Item.on_minutes_id,
            MinutesRow.item_id == Item.id,
            MinutesRow.struck_at.is_(None),
            MinutesRow.executed_on.is_(None),
            MinutesRow.deleted_at.is_(None),
            Minutes.state != MinutesState.SUPERSEDED,
        )
    )
    query = sa.select(Item.accession_no).where(
        Item.deleted_at.is_(None), Item.on_minutes_id.is_not(None), ~sa.exists(standing)
    )
    yield from (f"accession {number}" for number in reader.connection.execute(query).scalars())


def receipt_numbers_have_no_gaps(reader: Reader) -> Iterator[str]:
    """Receipts count 1, 2, 3 …"""
    expected = 1
    for number in reader.connection.execute(sa.select(Receipt.number).order_by(Receipt.number)).scalars():
        expected = _expected(reader, "receipt", expected, number)
        if number != expected:
            yield f"receipt {expected} is missing"
        expected = number + 1


def clearance_numbers_have_no_gaps(reader: Reader) -> Iterator[str]:
    """Certificates of clearance count 1, 2, 3 …, and each has its frozen paper."""
    query = (
        sa.select(Clearance.number, Document.id)
        .outerjoin(Document, Document.id == Clearance.document_id)
        .order_by(Clearance.number)
    )
    found = {one.number: one.id for one in reader.connection.execute(query)}
    lost = (number for number in range(1, max(found, default=0)) if number not in found)
    yield from (
        f"clearance {number} is missing"
        for number in lost
        if _expected(reader, "clearance", number, number + 1) == number
    )
    yield from (f"clearance {number} has no paper" for number, document_id in found.items() if document_id is None)


def losses_are_told_once(reader: Reader) -> Iterator[str]:
    """A loan that is open though its copy was declared lost has a lost copy; a copy that was replaced names the one
    that stands in for it, and no other copy does; what was paid for or replaced was lost (000 §3-1-2)."""
    still_there = (
        sa.select(Item.accession_no)
        .join(Loan, Loan.item_id == Item.id)
        .where(*OPEN, Loan.lost_on.is_not(None), Item.status != ItemStatus.LOST)
    )
    yield from (f"accession {number}" for number in reader.connection.execute(still_there).scalars())
    unpaired = sa.select(Item.accession_no).where(
        Item.deleted_at.is_(None), (Item.status == ItemStatus.REPLACED) != Item.replaced_by.is_not(None)
    )
    yield from (f"accession {number}" for number in reader.connection.execute(unpaired).scalars())
    never_lost = sa.select(Loan.id).where(
        Loan.ended_as.is_not(None), Loan.ended_as != LoanEnd.RETURNED, Loan.lost_on.is_(None)
    )
    yield from (f"loan {loan} ended without a loss" for loan in reader.connection.execute(never_lost).scalars())


def holds_have_their_copies(reader: Reader) -> Iterator[str]:
    """A copy stands on the hold shelf for one reader at most, and is not with another meanwhile."""
    kept = sa.select(Hold.item_id).where(Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None))
    twice = kept.group_by(Hold.item_id).having(sa.func.count() > 1)
    yield from (f"copy {item} waits twice" for item in reader.connection.execute(twice).scalars())
    lent = sa.exists(sa.select(Loan.id).where(Loan.item_id == Hold.item_id, *OPEN))
    yield from (f"copy {item} waits and is lent" for item in reader.connection.execute(kept.where(lent)).scalars())


def exchange_is_sound(reader: Reader) -> Iterator[str]:
    """A copy lies in one package at most, by a row of minutes that were carried out (002 م7-4); it is given to
    registered libraries only (م7-24); what recycling brought was paid with receipt and notice (م10-2); deliveries and
    recycling count 1, 2, 3 … in each Jalali year and have papers."""
    live = (DisposalRow.deleted_at.is_(None), Disposal.deleted_at.is_(None), Disposal.state != DisposalState.CANCELLED)
    packed = (
        sa.select(DisposalRow.minutes_row_id)
        .join(Disposal, Disposal.id == DisposalRow.disposal_id)
        .where(*live)
        .group_by(DisposalRow.minutes_row_id)
        .having(sa.func.count() > 1)
    )
    yield from (f"minutes row {row} is packed twice" for row in reader.connection.execute(packed).scalars())
    unruled = (
        sa.select(DisposalRow.item_id)
        .join(Disposal, Disposal.id == DisposalRow.disposal_id)
        .outerjoin(MinutesRow, MinutesRow.id == DisposalRow.minutes_row_id)
        .where(*live, sa.or_(MinutesRow.executed_on.is_(None), MinutesRow.item_id != DisposalRow.item_id))
    )
    yield from (f"copy {item} left without minutes" for item in reader.connection.execute(unruled).scalars())
    astray = (
        sa.select(Disposal.id)
        .outerjoin(LicensedLibrary, LicensedLibrary.id == Disposal.destination_id)
        .where(Disposal.kind == DisposalKind.EXCHANGE, LicensedLibrary.id.is_(None))
    )
    yield from (f"delivery {delivery} went nowhere" for delivery in reader.connection.execute(astray).scalars())
    unproven = sa.select(Disposal.id).where(
        Disposal.kind == DisposalKind.RECYCLING,
        Disposal.parent_id.is_not(None),
        Disposal.state == DisposalState.FINISHED,
        sa.or_(
            Disposal.proceeds.is_(None),
            Disposal.proceeds_notice_no.is_(None),
            sa.and_(Disposal.proceeds > 0, Disposal.proceeds_receipt_no.is_(None)),
        ),
    )
    yield from (f"recycling {one} was settled without papers" for one in reader.connection.execute(unproven).scalars())
    yield from _disposal_numbers_off(reader)


def _disposal_numbers_off(reader: Reader) -> Iterator[str]:
    numbered = (
        sa.select(Disposal.year, Disposal.number, sa.func.count(Document.id))
        .outerjoin(Document, Document.id == Disposal.document_id)
        .where(Disposal.number.is_not(None))
        .group_by(Disposal.id, Disposal.year, Disposal.number)
        .order_by(Disposal.year, Disposal.number)
    )
    following: dict[int, int] = {}
    for in_year, number, paper in reader.connection.execute(numbered):
        expected = _expected(reader, f"disposal-{in_year}", following.get(in_year or 0, 1), number or 0)
        if number != expected:
            yield f"delivery {in_year}/{expected} is missing"
        if not paper:
            yield f"delivery {in_year}/{number} has no paper"
        following[in_year or 0] = (number or 0) + 1


def sync_knows_where_it_is(reader: Reader) -> Iterator[str]:
    """The centre has acknowledged no more than there is, with our chain, and keeps no more for good; one epoch is open,
    that of the site; no entry goes on its way in two places."""
    streams = list(reader.connection.execute(sa.select(Stream)).mappings())
    site = reader.connection.execute(sa.select(Site.device_id, Site.epoch)).first()
    for stream in streams:
        where = f"epoch {stream['epoch']}"
        if not stream["durable_through"] <= stream["acked_seq"] <= stream["head_seq"]:
            yield f"{where}: {stream['durable_through']} ≤ {stream['acked_seq']} ≤ {stream['head_seq']}"
        link = sa.select(JournalEntry.chain).where(
            JournalEntry.device_id == stream["device_id"],
            JournalEntry.epoch == stream["epoch"],
            JournalEntry.seq == stream["acked_seq"],
        )
        if stream["acked_seq"] and reader.connection.execute(link).scalar() != stream["acked_chain"]:
            yield f"{where}: another chain was acknowledged"
        is_here = site is not None and (stream["device_id"], stream["epoch"]) == (site.device_id, site.epoch)
        if site is not None and stream["device_id"] == site.device_id and is_here == (stream["closed_at"] is not None):
            yield f"{where} is {'closed' if is_here else 'open'}"
    twice = (
        sa.select(JournalEntry.eid)
        .where(JournalEntry.moved.is_(False), JournalEntry.applied)
        .group_by(JournalEntry.eid)
        .having(sa.func.count() > 1)
    )
    yield from (f"entry {eid} twice" for eid in reader.connection.execute(twice).scalars())


def documents_are_as_printed(reader: Reader) -> Iterator[str]:
    """The bytes of every frozen paper give the hash that was written down with them (002 م7-13)."""
    query = sa.select(Document.file_name, Document.content, Document.sha256).execution_options(yield_per=50)
    for file_name, content, digest in reader.connection.execute(query):
        if hashlib.sha256(content).hexdigest() != digest:
            yield file_name


INVARIANTS: Mapping[str, Callable[[Reader], Iterator[str]]] = {
    "one_open_loan": one_open_loan_a_copy,
    "status_equals_loans": status_tells_the_loans,
    "summaries": summaries_equal_the_loans,
    "journal": journal_is_whole,
    "accession_numbers": accession_numbers_rise,
    "ledger": ledger_adds_up,
    "settling": settling_fits_the_debts,
    "weeded_by_minutes": weeded_by_minutes_only,
    "minutes_numbers": minutes_numbers_have_no_gaps,
    "minutes_editions": editions_follow_each_other,
    "copies_on_minutes": copies_stand_on_live_minutes,
    "binding": binding_tells_where_copies_are,
    "receipt_numbers": receipt_numbers_have_no_gaps,
    "clearance_numbers": clearance_numbers_have_no_gaps,
    "losses": losses_are_told_once,
    "holds": holds_have_their_copies,
    "exchange": exchange_is_sound,
    "documents": documents_are_as_printed,
    "sync": sync_knows_where_it_is,
}
