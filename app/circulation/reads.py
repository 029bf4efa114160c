"""The desk's reads: statements written once in Core, compiled once, run on the driver connection."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.circulation.facts import AlertFacts, Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts, Standing
from app.library import HERE
from app.persian.digits import typed
from db.codes import AlertMoment, BindingState, Channel, ContactHealth, ItemStatus, MemberState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Account, Hold, Loan
from db.models.collection import BindingRequest, BindingRow
from db.models.items import Item, LocalUse
from db.models.members import Alert, Member, MemberCard, MemberContact, Restriction
from db.reading import Reader
from db.types import Code, Id

LONGEST_CHAIN = 20
# What is rarely there is only looked for here, and read by a statement of its own where it is.
DOUBTED = sa.exists(
    sa.select(MemberContact.id).where(
        MemberContact.member_id == Member.id,
        sa.or_(MemberContact.health == ContactHealth.DOUBTFUL, MemberContact.health == ContactHealth.BAD),
        MemberContact.deleted_at.is_(None),
    )
)
MEMBER_COLUMNS = (
    Member.id, Member.ver, Member.given_name, Member.family_name, Member.member_no, Member.category, Member.national_id,
    Member.birth_date, Member.expires_on, Member.state, Member.address_unknown, Member.age_group, Member.guarantor_id,
    Member.guardian_id, Member.stop_id, DOUBTED,
    sa.exists(sa.select(Alert.id).where(Alert.member_id == Member.id, Alert.deleted_at.is_(None))),
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
GONE = aliased(Member)
MERGED_INTO = Frozen(
    sa.select(*MEMBER_COLUMNS)
    .join(GONE, GONE.merged_into == Member.id)
    .where(GONE.id == sa.bindparam("key", type_=Id()), LIVE_MEMBER),
    MemberFacts,
)

SENT_TO_BINDERY = sa.exists(
    sa.select(BindingRow.id)
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(
        BindingRow.item_id == Item.id,
        BindingRow.received_on.is_(None),
        BindingRow.deleted_at.is_(None),
        BindingRequest.state == BindingState.DISPATCHED,
    )
)
ITEM_SELECT = sa.select(
    Item.id, Item.ver, Item.title_id, Title.title, Title.main_creator, Item.accession_no, Item.barcode,
    Item.call_number, Item.volume_no, Item.item_type, Item.status, Item.condition, Item.flags, Item.price,
    Title.min_age, Item.renewable, Item.on_minutes_id, Item.loan_count, Item.uses, Item.last_loan_on, Item.parts,
    Title.age_group, sa.exists(sa.select(Alert.id).where(Alert.item_id == Item.id, Alert.deleted_at.is_(None))),
    SENT_TO_BINDERY,
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
# By the unique index of open loans, which begins with the branch: a copy may have been lent a thousand times.
OPEN_LOAN_OF_ITEM = Frozen(
    sa.select(*LOAN_COLUMNS).where(Loan.branch_id == HERE, Loan.item_id == sa.bindparam("item"), *OPEN), LoanFacts
)
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
WARD, CHILD = aliased(Member), aliased(Member)
OF_MEMBER = (Loan.member_id == sa.bindparam("member"), *OPEN)
LEFT_THE_HOUSE = Loan.channel != Channel.ONSITE


def _number_of(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((sa.and_(*conditions), sa.literal_column("1"))))


# Those who stand for the reader, and those the reader stands for, with what they owe.
FAMILY_DEBT = (
    sa.select(sa.func.sum(Account.balance))
    .where(
        sa.or_(
            Account.member_id == sa.bindparam("guarantor", type_=Id()),
            Account.member_id == sa.bindparam("guardian", type_=Id()),
            Account.member_id.in_(
                sa.union_all(
                    sa.select(WARD.id).where(
                        WARD.guarantor_id == sa.bindparam("member", type_=Id()), WARD.deleted_at.is_(None)
                    ),
                    sa.select(CHILD.id).where(
                        CHILD.guardian_id == sa.bindparam("member", type_=Id()), CHILD.deleted_at.is_(None)
                    ),
                )
            ),
        ),
        Account.balance > 0,
    )
    .scalar_subquery()
)
# One pass over an index of the reader's open loans, and balances the store keeps: flat in history (performance, P2).
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
        FAMILY_DEBT,
    ).where(*OF_MEMBER),
    lambda loans, onsite, of_type, overdue, debt, person, family: Standing(
        loans, onsite, of_type, overdue, int(debt or 0), person, int(family or 0)
    ),
)
# Asked only where one late loan stops the renewal of all.
OTHER_LATE_LOAN = Frozen(
    sa.select(Loan.id)
    .where(
        *OF_MEMBER,
        Loan.due_on < sa.bindparam("day", type_=sa.Date()),
        Loan.lost_on.is_(None),
        Loan.id != sa.bindparam("loan"),
    )
    .limit(1),
    lambda loan: loan,
)
# Asked only where the policy wants to know. What was read before is looked for among the loans of the title's copies,
# not among those of the reader: `coalesce` keeps the index of the reader's whole history out of it.
OPEN_LOAN_OF_TITLE = Frozen(
    sa.select(Loan.id)
    .join(LOANED_ITEM, LOANED_ITEM.id == Loan.item_id)
    .where(*OF_MEMBER, LOANED_ITEM.title_id == sa.bindparam("title"))
    .limit(1),
    lambda loan: loan,
)
LOAN_OF_TITLE = Frozen(
    sa.select(Loan.id)
    .join(LOANED_ITEM, LOANED_ITEM.id == Loan.item_id)
    .where(
        LOANED_ITEM.title_id == sa.bindparam("title"),
        LOANED_ITEM.deleted_at.is_(None),
        sa.func.coalesce(Loan.member_id, Loan.member_id) == sa.bindparam("member", type_=Id()),
        Loan.deleted_at.is_(None),
    )
    .limit(1),
    lambda loan: loan,
)
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
    sa.select(
        Restriction.id, Restriction.ver, Restriction.until, Restriction.reason, Restriction.kind, Restriction.loan_id,
        Restriction.lifted_at, Restriction.lifted_by,
    ).where(
        Restriction.member_id == sa.bindparam("member"),
        Restriction.lifted_at.is_(None),
        Restriction.deleted_at.is_(None),
        sa.or_(Restriction.until.is_(None), Restriction.until >= sa.bindparam("day", type_=sa.Date())),
    ),
    Ban,
)  # fmt: skip
SHOWN_NOW = (
    sa.or_(Alert.moment == AlertMoment.ALWAYS, Alert.moment == sa.bindparam("moment", type_=Code(AlertMoment))),
    sa.or_(Alert.until.is_(None), Alert.until >= sa.bindparam("day", type_=sa.Date())),
    Alert.deleted_at.is_(None),
)
ALERTS_OF_MEMBER = Frozen(
    sa.select(Alert.id, Alert.ver, Alert.weight, Alert.text)
    .where(Alert.member_id == sa.bindparam("of", type_=Id()), *SHOWN_NOW)
    .order_by(Alert.id),
    lambda alert_id, ver, weight, text: AlertFacts(alert_id, ver, False, weight, text),
)
ALERTS_OF_ITEM = Frozen(
    sa.select(Alert.id, Alert.ver, Alert.weight, Alert.text)
    .where(Alert.item_id == sa.bindparam("of", type_=Id()), *SHOWN_NOW)
    .order_by(Alert.id),
    lambda alert_id, ver, weight, text: AlertFacts(alert_id, ver, True, weight, text),
)
HOLD_COLUMNS = (
    Hold.id, Hold.ver, Hold.title_id, Hold.item_id, Hold.only_this_item, Hold.member_id, Hold.state, Hold.priority,
    Hold.suspended_until, Hold.shelf_since, Hold.shelf_until, Hold.ended_at, Hold.wanted_until, Hold.end_reason,
    Hold.placed_at,
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
    .order_by(Hold.priority, Hold.id),
    HoldFacts,
)


def find_member(reader: Reader, key: str) -> MemberFacts | None:
    """A reader by card, member number or national id, in this order, in digits of any script. The number of a record
    that was merged finds the one that stays."""
    key = typed(key)
    for statement in (BY_CARD, BY_NUMBER, BY_NATIONAL_ID):
        member = reader.one(statement, key=key)
        if member is not None:
            return _that_stays(reader, member)
    return None


def _that_stays(reader: Reader, member: MemberFacts) -> MemberFacts:
    """Where a merged record went, which may have been merged in its turn; itself, if it was not or that one is gone."""
    for _ in range(LONGEST_CHAIN):
        if member.state is not MemberState.MERGED:
            break
        kept = reader.one(MERGED_INTO, key=member.id)
        if kept is None:
            break
        member = kept
    return member


def find_item(reader: Reader, key: str) -> ItemFacts | None:
    """A copy by barcode, else by accession number (004 ب-1: the number is typed when a label fails)."""
    key = typed(key)
    item = reader.one(BY_BARCODE, key=key)
    if item is None and key.isascii() and key.isdigit() and len(key) <= 18:
        item = reader.one(BY_ACCESSION, key=int(key))
    return item


def standing_of(reader: Reader, member: MemberFacts, item_type: str, day: dt.date) -> Standing:
    """What a reader has in hand on `day`, in one statement whatever their history (performance, P2)."""
    standing = reader.one(
        STANDING, member=member.id, item_type=item_type, day=day, national_id=member.national_id,
        guarantor=member.guarantor_id, guardian=member.guardian_id,
    )  # fmt: skip
    if standing is None:
        raise RuntimeError("a select without FROM gave no row")
    return standing


def alerts_for(
    reader: Reader, member: MemberFacts | None, item: ItemFacts, moment: AlertMoment, day: dt.date
) -> list[AlertFacts]:
    """The notes on a reader and a copy that are shown at this moment, those on the reader first."""
    found = reader.all(ALERTS_OF_MEMBER, of=member.id, moment=moment, day=day) if member and member.has_alerts else []
    return found + (reader.all(ALERTS_OF_ITEM, of=item.id, moment=moment, day=day) if item.has_alerts else [])


def open_loan_of(reader: Reader, item: ItemFacts) -> LoanFacts | None:
    """The open loan of a copy."""
    return reader.one(OPEN_LOAN_OF_ITEM, item=item.id)
