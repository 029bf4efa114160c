"""Which copy a code means when no label answers to it: the ISBN on the book's back, another branch's label, a card."""

import re
from collections.abc import Callable

import sqlalchemy as sa

from app.catalogue.isbn import valid_isbn13
from app.circulation import reads
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.outcomes import CardInstead, OfOtherBranch, Several, Unlabelled
from app.library import HERE
from app.outcome import NotFound, Sought
from app.persian.digits import typed
from db.codes import ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.items import Item
from db.models.library import Branch
from db.reading import Reader
from db.types import Id

COPIES_BY_ISBN = Frozen(
    reads.ITEM_SELECT.where(
        Title.branch_id == HERE, Title.isbn == sa.bindparam("isbn"), Title.deleted_at.is_(None), reads.LIVE_ITEM
    ),
    ItemFacts,
)
OTHER_BRANCHES = Frozen(
    sa.select(Branch.id, Branch.name, Branch.barcode_prefix).where(Branch.id != HERE, Branch.deleted_at.is_(None)),
    lambda branch_id, name, prefix: (branch_id, name, prefix),
)
OUR_PREFIX = Frozen(sa.select(Branch.barcode_prefix).where(Branch.id == HERE), str)
FOREIGN_TITLE = Frozen(
    sa.select(Title.title)
    .join(Item, Item.title_id == Title.id)
    .where(
        Item.branch_id == sa.bindparam("branch", type_=Id()),
        Item.barcode == sa.bindparam("key"),
        Item.deleted_at.is_(None),
    ),
    str,
)
NUMBERED = re.compile(r"[0-9]{2,}")


def copy_to_lend(reader: Reader, key: str, member: MemberFacts | None) -> "ItemFacts | Unlabelled":
    """The copy a reader wants: by label or number, else by ISBN. Of several copies the one the reader has already (the
    scan came twice), else the only free one."""

    def has_it(copy: ItemFacts) -> bool:
        loan = reads.open_loan_of(reader, copy)
        return member is not None and loan is not None and loan.member_id == member.id

    return reads.find_item(reader, key) or _by_isbn(reader, key, has_it, _is_free) or unlabelled(reader, key)


def copy_coming_back(reader: Reader, key: str) -> "ItemFacts | Unlabelled":
    """The copy that came back: by label or number, else by ISBN, if one copy of it is lent."""

    def is_lent(copy: ItemFacts) -> bool:
        return reads.open_loan_of(reader, copy) is not None

    return reads.find_item(reader, key) or _by_isbn(reader, key, is_lent) or unlabelled(reader, key)


def unlabelled(reader: Reader, key: str) -> OfOtherBranch | CardInstead | NotFound:
    """What a code is that no copy of this library carries."""
    code = typed(key)
    branches = reader.all(OTHER_BRANCHES)
    for branch_id, name, _ in branches:
        title = reader.one(FOREIGN_TITLE, branch=branch_id, key=code)
        if title is not None:
            return OfOtherBranch(key, name, title)
    member = reads.find_member(reader, code)
    if member is not None:
        return CardInstead(key, member)
    ours = reader.one(OUR_PREFIX)
    prefixed = [(prefix, name) for _, name, prefix in branches if prefix != ours and _begins(code, prefix)]
    return OfOtherBranch(key, max(prefixed)[1]) if prefixed else NotFound(Sought.ITEM, key)


def _begins(code: str, prefix: str) -> bool:
    return bool(prefix) and code.startswith(prefix) and NUMBERED.search(code.removeprefix(prefix)) is not None


def _is_free(copy: ItemFacts) -> bool:
    return copy.status is ItemStatus.AVAILABLE and copy.on_minutes_id is None


def _by_isbn(reader: Reader, key: str, *wanted: Callable[[ItemFacts], bool]) -> ItemFacts | Several | None:
    """The copy of an ISBN that is wanted most; those that are wanted alike have to be told apart by hand."""
    isbn = valid_isbn13(key)
    found = reader.all(COPIES_BY_ISBN, isbn=isbn) if isbn else []
    copies = sorted(found, key=lambda copy: copy.accession_no)
    for wish in wanted:
        chosen = [copy for copy in copies if wish(copy)]
        if chosen:
            return chosen[0] if len(chosen) == 1 else Several(key, tuple(chosen))
    if len(copies) > 1:
        return Several(key, tuple(copies))
    return copies[0] if copies else None
