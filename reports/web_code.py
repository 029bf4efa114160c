"""The slip with which a reader opens their pages at the centre: address, card number, code. On a till roll or on A6."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.library import BranchFacts
from app.members.web_code import CodeGiven
from app.notices.texts import phone_words
from app.persian import jalali
from app.persian.digits import to_persian
from reports.pdf.paper import CENTRE
from reports.rolls import TILL_ROLLS, Entry, Gap, Roll, Text, slip


class CodePaper(StrEnum):
    """What the slip is printed on."""

    MM_58 = "58"
    MM_80 = "80"
    A6 = "a6"


CODE_PAPERS: Mapping[CodePaper, Roll] = MappingProxyType(
    {
        CodePaper.MM_58: TILL_ROLLS[58],
        CodePaper.MM_80: TILL_ROLLS[80],
        CodePaper.A6: Roll(105, 10, tall=148, scale=1.2),
    }
)
PAPER_WORDS: Mapping[CodePaper, str] = MappingProxyType(
    {CodePaper.MM_58: "رول ۵۸ میلی‌متری", CodePaper.MM_80: "رول ۸۰ میلی‌متری", CodePaper.A6: "برگهٔ A6"}
)
SHORT = 36
"""Signs of an address that stand in one line of large type."""
STEPS = (
    "۱. این نشانی را در مرورگر تلفن یا رایانه باز کنید.",
    "۲. «کد دارم» را بزنید؛ شمارهٔ کارت و کد را بنویسید.",
    "۳. گذرواژه‌ای برگزینید. از آن پس با کارت و گذرواژه وارد می‌شوید.",
)
WARNING = "کد پس از همگام‌سازی کتابخانه کار می‌کند، تنها یک بار. آن را به کسی نشان ندهید."


def web_code_slip(branch: BranchFacts, given: CodeGiven, roll: Roll) -> bytes:
    """The whole file. `Trouble` P-4101 if the font files are not there."""
    entries: list[Entry] = [
        Text(branch.name, 10, bold=True, anchor=CENTRE),
        Gap(4, ruled=True),
        Text("صفحهٔ شما در کتابخانه", 11, bold=True),
        Text(f"{given.given_name[:1]}. {given.family_name}", 9),
        Gap(4),
        Text("نشانی", 8),
        Text(given.address, 9 if len(given.address) <= SHORT else 8, bold=True, anchor=CENTRE),
        Gap(3),
        Text("شمارهٔ کارت", 8),
        Text(given.number, 12, bold=True, anchor=CENTRE),
        Gap(3),
        Text("کد", 8),
        Text(to_persian(given.code), 17, bold=True, anchor=CENTRE),
        Text(f"تا {jalali.day_month_year(given.until)}", 8.5, anchor=CENTRE),
        Gap(5, ruled=True),
        *(Text(step, 8.5) for step in STEPS),
        Gap(3),
        Text(WARNING, 8.5, bold=True),
    ]
    phone = phone_words(branch.phone)
    if phone:
        entries += [Gap(5, ruled=True), Text(f"پرسش: {phone}", 8.5, anchor=CENTRE)]
    return slip("کد صفحهٔ عضو", entries, roll)
