"""The list of members: its columns, and the one word that says how a membership stands."""

import datetime as dt
from collections.abc import Mapping

from app.labels import MEMBER_STATE
from app.members.identity import show
from app.members.queries import MemberRow
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import MemberState
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 46
GONE = frozenset({MemberState.CLEARED, MemberState.MERGED})
SOON_DAYS = 14


def standing(member: MemberRow, today: dt.date) -> tuple[str, Tone]:
    """What the list says of a member; the most serious first."""
    if member.state is not MemberState.ACTIVE:
        return MEMBER_STATE[member.state], Tone.WARN if member.state is MemberState.PENDING else Tone.NEUTRAL
    if member.expires_on is not None and member.expires_on < today:
        return "عضویت پایان یافته", Tone.REFUSE
    if member.restricted:
        return "محروم از امانت", Tone.REFUSE
    if member.overdue:
        return "دیرکرد دارد", Tone.WARN
    return "مجاز به امانت", Tone.OK


def telephone(stored: str | None) -> str:
    """«۰۹۱۲ ۳۴۵ ۶۷۸۹», standing from left to right; what is no Iranian number as it was written."""
    return ltr(to_persian(show(stored))) if stored else ""


def expiry_tone(expires_on: dt.date | None, today: dt.date) -> Tone | None:
    """Red for a membership that is over, amber for one that soon will be."""
    if expires_on is None or (expires_on - today).days > SOON_DAYS:
        return None
    return Tone.REFUSE if expires_on < today else Tone.WARN


def _also(member: MemberRow) -> str:
    """What the filter knows beyond the columns: the national id, and the mobile number in one piece."""
    mobile = f"0{member.mobile[3:]}" if member.mobile and member.mobile.startswith("+98") else ""
    return f"{member.given_name} {member.family_name} {member.search_key} {mobile}"


def member_table(categories: Mapping[str, str], today: dt.date) -> RowTable[MemberRow]:
    """All members, filed by family name. `categories` are the words of the library's categories."""
    far = dt.date.max
    return RowTable(
        (
            Column("نام", lambda member: member.name, stretch=1, strong=True, sort_key=lambda member: member.sort_key),
            Column("شماره عضویت", lambda member: to_persian(member.member_no), width=100, number=True, spare=4),
            Column("کارت", lambda member: ltr(member.card) if member.card else "", width=100, spare=7),
            Column("نوع عضویت", lambda member: categories.get(member.category, member.category), width=104, spare=6),
            Column("تلفن همراه", lambda member: telephone(member.mobile), width=128, number=True, spare=5),
            Column(
                "اعتبار تا",
                lambda member: jalali.short(member.expires_on) if member.expires_on else "بی‌پایان",
                width=108,
                number=True,
                tone=lambda member: expiry_tone(member.expires_on, today),
                sort_key=lambda member: member.expires_on or far,
            ),
            Column(
                "امانت",
                lambda member: number(member.open_loans),
                width=62,
                number=True,
                spare=2,
                sort_key=lambda member: member.open_loans,
            ),
            Column(
                "دیرکرد",
                lambda member: number(member.overdue) if member.overdue else "",
                width=66,
                number=True,
                spare=1,
                tone=lambda member: Tone.REFUSE if member.overdue else None,
                sort_key=lambda member: member.overdue,
            ),
            Column(
                "بدهی (ریال)",
                lambda member: number(member.debt) if member.debt else "",
                width=90,
                number=True,
                spare=3,
                tone=lambda member: Tone.WARN if member.debt > 0 else None,
                sort_key=lambda member: member.debt,
            ),
            Column(
                "وضعیت",
                lambda member: standing(member, today)[0],
                width=136,
                pill=True,
                tone=lambda member: standing(member, today)[1],
            ),
        ),
        key=lambda member: member.id,
        faded=lambda member: member.state in GONE,
        also=_also,
    )
