"""What can be decided in a case of each kind, and what follows from it (sync-protocol 11). Whoever opens a case puts
the codes of its kind into `SyncCase.choices`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from db.codes import CaseKind


class Choice(StrEnum):
    """A decision."""

    SEEN = "seen"
    CLOSE_LOAN = "close_loan"
    KEEP_LOAN = "keep_loan"
    CLOSE_OLDER = "close_older"
    CLOSE_NEWER = "close_newer"
    KEEP_OURS = "keep_ours"
    TAKE_THEIRS = "take_theirs"
    SAME_PERSON = "same_person"
    TWO_PEOPLE = "two_people"
    RETIRE = "retire"
    BOTH_STAY = "both_stay"
    KEEP_TITLE = "keep_title"
    SPLIT_TITLE = "split_title"


CHOICES: Mapping[CaseKind, tuple[Choice, ...]] = MappingProxyType(
    {
        CaseKind.TWO_OPEN_LOANS: (Choice.CLOSE_OLDER, Choice.CLOSE_NEWER, Choice.KEEP_LOAN),
        CaseKind.OVER_LIMIT: (Choice.SEEN,),
        CaseKind.MEMBER_DIFFERS: (Choice.KEEP_OURS, Choice.TAKE_THEIRS),
        CaseKind.MEMBER_TWICE: (Choice.SAME_PERSON, Choice.TWO_PEOPLE),
        CaseKind.RETURNED_ELSEWHERE: (Choice.CLOSE_LOAN, Choice.KEEP_LOAN),
        CaseKind.TITLE_DIFFERS: (Choice.KEEP_TITLE, Choice.SPLIT_TITLE),
        CaseKind.TWO_MACHINES: (Choice.RETIRE, Choice.BOTH_STAY),
        CaseKind.SET_ASIDE: (Choice.SEEN,),
        CaseKind.DIRECTIVE_REFUSED: (Choice.SEEN,),
        CaseKind.NUMBER_TWICE: (Choice.SEEN,),
    }
)


OPTIONS: Mapping[Choice, tuple[str, str]] = MappingProxyType(
    {
        Choice.SEEN: ("دیدم", "این مورد از فهرست کنار می‌رود؛ چیز دیگری تغییر نمی‌کند."),
        Choice.CLOSE_LOAN: ("بازگشت را ثبت کن", "امانت با تاریخ کتابخانهٔ دیگر بسته می‌شود و کتاب در راه شمرده می‌شود."),
        Choice.KEEP_LOAN: ("امانت بماند", "امانت همان‌گونه که هست می‌ماند."),
        Choice.CLOSE_OLDER: (
            "امانت پیشین برگشته است",
            "امانت پیشین با تاریخ امانت تازه بسته می‌شود و جریمهٔ آن تا همان روز است.",
        ),
        Choice.CLOSE_NEWER: ("امانت تازه نادرست است", "امانت تازه بی‌جریمه بسته و امانت پیشین دوباره باز می‌شود."),
        Choice.KEEP_OURS: ("همین درست است", "مشخصات عضو همان‌گونه که اینجاست می‌ماند."),
        Choice.TAKE_THEIRS: ("آنِ دیگری درست است", "نام و تاریخ تولد عضو به نوشتهٔ کتابخانهٔ دیگر تغییر می‌کند."),
        Choice.SAME_PERSON: (
            "یک نفر است",
            "عضویت کهن‌تر، عضویت خانگی او شمرده می‌شود و دیگری مهمان؛ هیچ سابقه‌ای پاک نمی‌شود.",
        ),
        Choice.TWO_PEOPLE: ("دو نفرند", "هر دو عضویت جدا می‌مانند و کد ملی یکی باید درست شود."),
        Choice.RETIRE: (
            "یکی کنار گذاشته شود",
            "شناسهٔ این دستگاه باطل می‌شود؛ رایانه‌ای که می‌ماند با کد تازه نام‌نویسی می‌شود.",
        ),
        Choice.BOTH_STAY: ("هر دو بمانند", "هر دو رایانه کار می‌کنند؛ هر یک تاریخچهٔ خود را دارد."),
        Choice.KEEP_TITLE: ("رکورد ادغام‌شده درست است", "نسخه‌ها زیر رکورد ادغام‌شده می‌مانند."),
        Choice.SPLIT_TITLE: ("کتاب دیگری است", "از فهرست‌نویس ارشد خواسته می‌شود رکورد را جدا کند."),
    }
)
"""The words of a decision, and what follows from it."""


def choices_of(kind: CaseKind) -> list[str]:
    """As `SyncCase.choices` keeps them."""
    return [choice.value for choice in CHOICES[kind]]
