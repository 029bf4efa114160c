"""Forms to print in tests."""

import datetime as dt

from reports.forms.data import FormData, FormRow
from reports.forms.spec import FormKind, Signatory

DAY = dt.date(2025, 12, 11)  # ۱۴۰۴/۰۹/۲۰


def row(number: int, title: str = "تاریخ ادبیات ایران") -> FormRow:
    return FormRow(
        title=title,
        author="دولت‌آبادی، محمود",
        year="1385",
        accession_no=str(5000 + number),
        accession_date=dt.date(2010, 3, 21) + dt.timedelta(days=number),
        volume_no="2",
        copy_no="1",
        class_no="۸فا۱/۲۱",
        ruling="موافقت شد",
    )


def form(kind: FormKind, rows: tuple[FormRow, ...], *, draft: bool = False) -> FormData:
    return FormData(
        kind=kind,
        library="کتابخانه عمومی شهید بهشتی",
        province="قزوین",
        county="آوج",
        city="آبگرم",
        grade="4",
        date=DAY,
        rows=rows,
        number="1404/12",
        signatories={Signatory.BRANCH_HEAD: "زهرا کریمی"},
        chain_head="118-9f86d081884c7d65",
        draft=draft,
    )


def form_of(kind: FormKind, count: int) -> FormData:
    return form(kind, tuple(row(number) for number in range(count)))


HOSTILE_TITLES = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "<img src='http://localhost/x.png'/>",
    "[[[open('/etc/passwd')]]]",
    "راست\u202eچپ",
    "زنگ\x07\tتب\r\n=2+2",
    "نیمه\ud800",
    "_x0041_",
    "&amp; <b>پررنگ</b> ]]>",
    "ایموجی 📚 و \U0001fae8 و خانوادهٔ 👨\u200d👩\u200d👧",
    "כתاب 漢字 ꙮ",
    "اَلفَتحُ المُبینُ فی شَرحِ الأَربَعینَ",
    ")برعکس( [باز {و «تودرتو",
)
