"""The lists of the clearance page: certificates, and the lines of a list."""

from app.clearance.facts import BatchLine
from app.clearance.queries import CertificateRow
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wording import why
from reports.clearance_list import RESULT
from ui.clearance.words import TONE
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 46


def certificate_table() -> RowTable[CertificateRow]:
    """Certificates, the newest first."""
    return RowTable(
        (
            Column(
                "شماره",
                lambda row: number(row.number, grouped=False),
                width=76,
                number=True,
                strong=True,
                sort_key=lambda row: row.number,
            ),
            Column("نام", lambda row: row.name, stretch=1, strong=True),
            Column("شماره عضویت", lambda row: to_persian(row.member_no), width=104, number=True, spare=2),
            Column("تاریخ", lambda row: jalali.short(row.day), width=100, number=True, sort_key=lambda row: row.day),
            Column("علت", lambda row: row.reason or "", width=150, spare=3),
            Column("رمز برگه", lambda row: ltr(row.code), width=140, spare=4),
            Column(
                "وضعیت",
                lambda row: "باطل شد" if row.revoked_on else "معتبر",
                width=92,
                pill=True,
                tone=lambda row: Tone.WARN if row.revoked_on else Tone.OK,
                spare=1,
            ),
        ),
        key=lambda row: row.id,
        faded=lambda row: row.revoked_on is not None,
    )


def batch_table() -> RowTable[BatchLine]:
    """The lines of a list, in its order."""
    return RowTable(
        (
            Column("سطر", lambda line: number(line.line), width=64, number=True, sort_key=lambda line: line.line),
            Column("در فایل", lambda line: to_persian(line.text), width=124, number=True),
            Column("نام", lambda line: line.member.name if line.member else "", width=180, stretch=1, strong=True),
            Column(
                "شماره عضویت",
                lambda line: to_persian(line.member.member_no) if line.member else "",
                width=104,
                number=True,
                spare=2,
            ),
            Column(
                "نتیجه",
                lambda line: RESULT[line.result],
                width=168,
                pill=True,
                tone=lambda line: TONE[line.result],
            ),
            Column(
                "شماره برگه",
                lambda line: number(line.certificate.number, grouped=False) if line.certificate else "",
                width=90,
                number=True,
                spare=1,
            ),
            Column("دلیل", lambda line: " ".join(why(refusal) for refusal in line.refusals), stretch=2),
        ),
        key=lambda line: line.line,
    )
