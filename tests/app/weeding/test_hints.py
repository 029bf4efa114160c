"""What article 6 of the guideline says beside a copy: a work of each of its eighteen headings, with its own words."""

import pytest

from app.guideline.stored import shipped_guideline
from app.guideline.table import Ageing
from app.weeding.candidates import hints_for
from db.codes import Material

BOOK, CHILD, YOUNG = Material.BOOK, Material.CHILD_BOOK, Material.YOUNG_ADULT_BOOK
KEEP, LONG, FAST, USE = Ageing.KEEP, Ageing.LONG, Ageing.FAST, Ageing.USE

# Heading, a work it speaks of, what the sentences say of age, and words of one of them.
TABLE = [
    ("6-1-الف", "030", Material.REFERENCE, {None, KEEP}, "ویرایش‌های قدیمی وجین می‌شوند"),
    ("6-1-ب", "155.4", BOOK, {None, USE}, "میزان استفاده"),
    ("6-1-ج", "297.1", BOOK, {None, KEEP}, "منابع روزآمد وجود داشته باشد"),
    ("6-1-د", "332.6", BOOK, {None, FAST, KEEP}, "زودتر قدیمی می‌شوند"),
    ("6-1-د", "336.2", BOOK, {None, FAST, KEEP}, "زودتر قدیمی می‌شوند"),
    ("6-1-د", "398.2", BOOK, {KEEP, LONG}, "عمر طولانی‌تری دارند"),
    ("6-1-ه", "4فا3", BOOK, {USE}, "دستور زبان‌ها و فرهنگ‌هایی"),
    ("6-1-و", "530", BOOK, {None, LONG}, "ارزش ادبی یا تاریخی"),
    ("6-1-ز", "621.38", BOOK, {FAST}, "پیشرفت‌های سریعی"),
    ("6-1-ز", "616.1", BOOK, {FAST}, "پزشکی"),
    ("6-1-ز", "641.5", BOOK, {USE}, "آشپزی"),
    ("6-1-ح", "709", BOOK, {LONG}, "تاریخ هنر"),
    ("6-1-ح", "796.3", BOOK, {USE}, "خواهان نداشته باشد"),
    ("6-1-ط", "8فا1.31", BOOK, {KEEP, USE}, "خواننده ندارد"),
    ("6-1-ی", "955", BOOK, {None, KEEP, LONG}, "همهٔ منابع محلی"),
    ("6-1-ی", "915.5", BOOK, {None, FAST, KEEP, LONG}, "مسافرت زودتر"),
    ("6-1-ک", "922.97", BOOK, {None, LONG, USE}, "کسی باشد که اهمیت زیاد داشته باشد"),
    ("6-1-ل", "8فا3.62", BOOK, {KEEP, LONG, USE}, "سه نسخه یا بیشتر"),
    ("6-1-م", "8فا3.62", CHILD, {None, USE}, "نسخهٔ سوم یا چهارم"),
    ("6-1-م", "823.9", YOUNG, {None, USE}, "نسخهٔ سوم یا چهارم"),  # م6-1-س: as those of children
    ("6-1-ن", "598.2", CHILD, {None}, "مشابه با بزرگسالان"),
    ("6-1-س", "823.9", YOUNG, {None}, "رمان‌های کودکان"),
    ("6-1-ع", "530", YOUNG, {None}, "غیرداستانی برای بزرگسالان"),
    ("6-1-ف", None, Material.SERIAL, {KEEP}, "تاریخ محلی"),
    ("6-1-ص", None, Material.AUDIOVISUAL, {USE}, "کم‌مایگی"),
]


@pytest.mark.parametrize(("article", "class_no", "material", "ageing", "words"), TABLE)
def test_article_six_says_of_a_work_what_is_meant_for_it(
    article: str, class_no: str | None, material: Material, ageing: set[Ageing | None], words: str
) -> None:
    said = [hint for hint in hints_for(shipped_guideline(), class_no, material) if hint.article == article]
    assert {hint.ageing for hint in said} == ageing
    assert any(words in hint.wording for hint in said)


@pytest.mark.parametrize(
    ("article", "class_no", "material"),
    [
        ("6-1-الف", "297.1", BOOK),
        ("6-1-ل", "8فا3.62", CHILD),
        ("6-1-م", "8فا3.62", BOOK),
        ("6-1-م", "530", YOUNG),
        ("6-1-ن", "8فا3.62", CHILD),
        ("6-1-س", "530", YOUNG),
        ("6-1-ع", "823.9", YOUNG),
        ("6-1-ک", "955", BOOK),
        ("6-1-ف", "550", BOOK),
    ],
)
def test_it_says_nothing_of_other_works(article: str, class_no: str, material: Material) -> None:
    assert article not in {hint.article for hint in hints_for(shipped_guideline(), class_no, material)}


def test_no_heading_of_article_six_is_left_out() -> None:
    assert {article for article, *_ in TABLE} == {hint.article for hint in shipped_guideline().hints}
