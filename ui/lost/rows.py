"""The list of open cases."""

import datetime as dt
from collections.abc import Callable

from app.circulation.lost.queries import LossCase
from app.persian import jalali
from app.persian.digits import number, to_persian
from ui.lost.words import KIND
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.table import Column, RowTable


def case_table(today: Callable[[], dt.date]) -> RowTable[LossCase]:
    """Lost, claimed, long overdue, damaged and missing copies."""
    return RowTable(
        (
            Column("عنوان", lambda case: case.title, sub=lambda case: case.main_creator or "", stretch=3, strong=True),
            Column(
                "شماره ثبت",
                lambda case: number(case.accession_no, grouped=False),
                width=92,
                number=True,
                sort_key=lambda case: case.accession_no,
                spare=3,
            ),
            Column(
                "عضو",
                lambda case: case.member_name or "—",
                sub=lambda case: to_persian(case.member_no or ""),
                width=140,
                stretch=1,
            ),
            Column(
                "از",
                lambda case: jalali.short(case.since) if case.since else "",
                sub=lambda case: f"{number((today() - case.since).days)} روز" if case.since else "",
                width=104,
                number=True,
                sort_key=lambda case: case.since or dt.date.max,
            ),
            Column(
                "جای قفسه",
                lambda case: ltr(case.call_number or ""),
                width=150,
                spare=4,
                sort_key=lambda case: case.shelf_key,
            ),
            Column(
                "مانده (ریال)",
                lambda case: number(case.owed) if case.owed else "",
                width=100,
                number=True,
                tone=lambda case: Tone.WARN if case.owed else None,
                sort_key=lambda case: case.owed,
                spare=2,
            ),
            Column(
                "وضعیت",
                lambda case: KIND[case.kind][0],
                width=140,
                pill=True,
                tone=lambda case: KIND[case.kind][1],
                spare=1,
            ),
        ),
        key=lambda case: (case.kind, case.item_id),
        also=lambda case: f"{case.barcode} {case.mobile or ''}",
    )
