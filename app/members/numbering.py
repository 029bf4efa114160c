"""Provisional member numbers get a national one as soon as the centre has sent a block (sync-protocol 1)."""

from typing import Any

import sqlalchemy as sa

from app.library import HERE, Library
from app.members.finding import findable, key_of, other_numbers
from app.members.writing import PROVISIONAL, national_number
from db.act import Act
from db.models.members import Member

NUMBERED = "member.numbered"
AT_ONCE = 100


def number_provisional(library: Library, act: Act) -> int:
    """Give numbers of a block to those who have a provisional one; as many as there are. The card still finds them."""
    with library.store.write() as tx:
        query = (
            sa.select(
                Member.id, Member.ver, Member.member_no, Member.given_name, Member.family_name, Member.national_id,
                Member.mobile, Member.search_key,
            )
            .where(Member.branch_id == HERE, Member.member_no.startswith(PROVISIONAL), Member.deleted_at.is_(None))
            .order_by(Member.id)
            .limit(AT_ONCE)
        )  # fmt: skip
        given = 0
        waiting: list[Any] = list(tx.connection.execute(query))
        others = other_numbers(tx, [member.id for member in waiting])
        for member in waiting:
            number = national_number(tx)
            if number is None:
                break
            key = key_of(findable(member, {"member_no": number}), others)
            tx.update(Member, member, member_no=number, search_key=key)
            given += 1
        if given:
            tx.record(NUMBERED, act)
        return given
