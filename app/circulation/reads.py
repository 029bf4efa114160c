"""The desk's reads: statements written once in Core, compiled once, run on the driver connection."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.circulation.facts import Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts, Standing
from app.library import HERE
from app.persian.digits import typed
from db.codes import Channel, ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Account, Hold, Loan
from db.models.items import Item, LocalUse
from db.models.members import Member, MemberCard, Restriction
from db.reading import Reader

MEMBER_COLUMNS = (
    Member.id, Member.ver, Member.given_name, Member.family_name, Member.member_no, Member.category, Member.national_id,
    Member.birth_date, Member.expires_on, Member.state, Member.address_unknown,
)  # fmt: skip
LIVE_MEMBER = Member.deleted_at.is_(None)
OUR_MEMBER = (Member.branch_id == HERE, LIVE_MEMBER)
BY_CARD = Frozen(
    sa.select(*MEMBER_COLUMNS, MemberCard.state)
    .join(MemberCard, MemberCard.member_id == Member.id)
    .where(
        MemberCard.branch_id == HERE,
        MemberCard.number == sa.bindparam("key"),
        MemberCard.deleted_at.is_(None),
        LIVE_MEMBER,
    ),
    MemberFacts,
)
BY_NUMBER = Frozen(sa.select(*MEMBER_COLUMNS).where(Member.member_no == sa.bindparam("key"), *OUR_MEMBER), MemberFacts)
BY_NATIONAL_ID = Frozen(
    sa.select(*MEMBER_COLUMNS).where(Member.national_id == sa.bindparam("key"), *OUR_MEMBER), MemberFacts
)
BY_MEMBER_ID = Frozen(sa.select(*MEMBER_COLUMNS).where(Member.id == sa.bindparam("key"), LIVE_MEMBER), MemberFacts)

ITEM_SELECT = sa.select(
    Item.id, Item.ver, Item.title_id, Title.title, Title.main_creator, Item.accession_no, Item.barcode,
    Item.call_number, Item.volume_no, Item.item_type, Item.status, Item.condition, Item.flags, Item.price,
    Title.min_age, Item.renewable, Item.on_minutes_id, Item.loan_count, Item.uses, Item.last_loan_on,
).join(Title, Title.id == Item.title_id)  # fmt: skip
LIVE_ITEM = Item.deleted_at.is_(None)
OUR_ITEM = (Item.branch_id == HERE, LIVE_ITEM)
BY_BARCODE = Frozen(ITEM_SELECT.where(Item.barcode == sa.bindparam("key"), *OUR_ITEM), ItemFacts)
BY_ACCESSION = Frozen(ITEM_SELECT.where(Item.accession_no == sa.bindparam("key"), *OUR_ITEM), ItemFacts)
BY_ITEM_ID = Frozen(ITEM_SELECT.where(Item.id == sa.bindparam("key"), LIVE_ITEM), ItemFacts)


def open_loan(loan: type[Loan]) -> tuple[sa.ColumnElement[bool], ...]:
    """What makes a loan an open one, written as in the partial indexes."""
    return loan.in_at.is_(None), loan.presumed_in_at.is_(None), loan.deleted_at.is_(None)


OPEN = open_loan(Loan)
LOAN_COLUMNS = (
    Loan.id, Loan.ver, Loan.item_id, Loan.member_id, Loan.out_at, Loan.out_on, Loan.due_on, Loan.first_due_on,
    Loan.channel, Loan.renewals, Loan.unseen_renewals, Loan.renewed_on, Loan.in_at, Loan.effective_in_on,
    Loan.policy_version, Loan.policy_row, Loan.claimed_returned_on, Loan.lost_on, Loan.missing_parts,
    Loan.ended_as,
)  # fmt: skip
OPEN_LOAN_OF_ITEM = Frozen(sa.select(*LOAN_COLUMNS).where(Loan.item_id == sa.bindparam("item"), *OPEN), LoanFacts)
OPEN_LOANS_OF_MEMBER = Frozen(
    sa.select(*LOAN_COLUMNS).where(Loan.member_id == sa.bindparam("member"), *OPEN).order_by(Loan.due_on), LoanFacts
)
LAST_LOAN_OF_ITEM = Frozen(
    sa.select(*LOAN_COLUMNS)
    .where(Loan.item_id == sa.bindparam("item"), Loan.deleted_at.is_(None))
    .order_by(Loan.out_at.desc())
    .limit(1),
    LoanFacts,
)

LAST_USE_OF_ITEM = Frozen(
    sa.select(LocalUse.at)
    .where(LocalUse.item_id == sa.bindparam("item"), LocalUse.deleted_at.is_(None))
    .order_by(LocalUse.day.desc(), LocalUse.at.desc())
    .limit(1),
    lambda at: at,
)

LOANED_ITEM, PERSON, THEIRS = aliased(Item), aliased(Member), aliased(Loan)
OF_MEMBER = (Loan.member_id == sa.bindparam("member"), *OPEN)
LEFT_THE_HOUSE = Loan.channel != Channel.ONSITE


def _number_of(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)


# One pass over an index of the reader's open loans, and a balance the store keeps: flat in history (performance, P2).
STANDING = Frozen(
    sa.select(
        _number_of(LEFT_THE_HOUSE),
        _number_of(Loan.channel == Channel.ONSITE),
        _number_of(LEFT_THE_HOUSE, Loan.item_type == sa.bindparam("item_type", type_=sa.Text())),
        _number_of(Loan.due_on < sa.bindparam("day", type_=sa.Date()), Loan.lost_on.is_(None)),
        sa.select(Account.balance).where(Account.member_id == sa.bindparam("member")).scalar_subquery(),
        sa.select(sa.func.count())
        .select_from(PERSON)
        .join(THEIRS, THEIRS.member_id == PERSON.id)
        .where(
            PERSON.branch_id == HERE,
            PERSON.national_id == sa.bindparam("national_id", type_=sa.Text()),
            PERSON.deleted_at.is_(None),
            THEIRS.channel != Channel.ONSITE,
            *open_loan(THEIRS),
        )
        .scalar_subquery(),
    ).where(*OF_MEMBER),
    lambda loans, onsite, of_type, overdue, debt, person: Standing(
        int(loans), int(onsite), int(of_type), int(overdue), int(debt or 0), person
    ),
)
# Asked only where the policy wants to know.
OF_TITLE = (
    sa.select(Loan.id)
    .join(LOANED_ITEM, LOANED_ITEM.id == Loan.item_id)
    .where(
        Loan.member_id == sa.bindparam("member"),
        LOANED_ITEM.title_id == sa.bindparam("title"),
        Loan.deleted_at.is_(None),
    )
    .limit(1)
)
LOAN_OF_TITLE = Frozen(OF_TITLE, lambda loan: loan)
OPEN_LOAN_OF_TITLE = Frozen(OF_TITLE.where(*OPEN), lambda loan: loan)
FREE_COPY = Frozen(
    sa.select(Item.id)
    .where(
        Item.title_id == sa.bindparam("title"),
        Item.status == ItemStatus.AVAILABLE,
        Item.on_minutes_id.is_(None),
        LIVE_ITEM,
    )
    .limit(1),
    lambda item: item,
)
BANS = Frozen(
    sa.select(Restriction.id, Restriction.ver, Restriction.until, Restriction.reason).where(
        Restriction.member_id == sa.bindparam("member"),
        Restriction.lifted_at.is_(None),
        Restriction.deleted_at.is_(None),
        sa.or_(Restriction.until.is_(None), Restriction.until >= sa.bindparam("day", type_=sa.Date())),
    ),
    Ban,
)
HOLD_COLUMNS = (
    Hold.id, Hold.ver, Hold.title_id, Hold.item_id, Hold.only_this_item, Hold.member_id, Hold.state, Hold.priority,
    Hold.suspended_until, Hold.shelf_since, Hold.shelf_until, Hold.ended_at,
)  # fmt: skip
# Written as in the partial indexes, so that SQLite recognises them.
WAITING_HOLDS = sa.text("hold.state IN ('queued', 'waiting', 'suspended')")
QUEUE = Frozen(
    sa.select(*HOLD_COLUMNS)
    .where(
        Hold.title_id == sa.bindparam("title"),
        WAITING_HOLDS,
        Hold.deleted_at.is_(None),
    )
    .order_by(Hold.priority),
    HoldFacts,
)


def find_member(reader: Reader, key: str) -> MemberFacts | None:
    """A reader by card, member number or national id, in this order, in digits of any script."""
    key = typed(key)
    for statement in (BY_CARD, BY_NUMBER, BY_NATIONAL_ID):
        member = reader.one(statement, key=key)
        if member is not None:
            return member
    return None


def find_item(reader: Reader, key: str) -> ItemFacts | None:
    """A copy by barcode, else by accession number (004 ب-1: the number is typed when a label fails)."""
    key = typed(key)
    item = reader.one(BY_BARCODE, key=key)
    if item is None and key.isascii() and key.isdigit() and len(key) <= 18:
        item = reader.one(BY_ACCESSION, key=int(key))
    return item


def standing_of(reader: Reader, member: MemberFacts, item_type: str, day: dt.date) -> Standing:
    """What a reader has in hand on `day`, in one statement whatever their history (performance, P2)."""
    standing = reader.one(STANDING, member=member.id, item_type=item_type, day=day, national_id=member.national_id)
    if standing is None:
        raise RuntimeError("a select without FROM gave no row")
    return standing


def open_loan_of(reader: Reader, item: ItemFacts) -> LoanFacts | None:
    """The open loan of a copy."""
    return reader.one(OPEN_LOAN_OF_ITEM, item=item.id)
