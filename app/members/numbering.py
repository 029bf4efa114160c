"""Provisional member numbers get a national one as soon as the centre has sent a block (sync-protocol 1)."""

from typing import Any

import sqlalchemy as sa

from app.library import HERE, Library
from app.members.queries import CARD
from app.members.writing import PROVISIONAL, national_number, search_key
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
                Member.mobile, Member.search_key, CARD.label("card"),
            )
            .where(Member.branch_id == HERE, Member.member_no.startswith(PROVISIONAL), Member.deleted_at.is_(None))
            .order_by(Member.id)
            .limit(AT_ONCE)
        )  # fmt: skip
        given = 0
        waiting: list[Any] = list(tx.connection.execute(query))
        for member in waiting:
            number = national_number(tx)
            if number is None:
                break
            found_by = search_key(
                member.given_name, member.family_name, number, member.card, member.national_id, member.mobile
            )
            tx.update(Member, member, member_no=number, search_key=found_by)
            given += 1
        if given:
            tx.record(NUMBERED, act)
        return given
