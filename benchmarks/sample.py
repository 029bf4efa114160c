"""A library to measure on: real shape and size, invented content, the same for every run."""

import datetime as dt
import random
from pathlib import Path

from app.catalogue.form import Creator, TitleForm
from app.catalogue.writing import insert_title
from app.clock import SettableClock
from app.items.form import ItemForm
from app.items.writing import register_item, shelved_title
from app.library import Library
from app.members.form import MemberForm
from app.members.writing import enrol
from app.setup import SetUp, found_library
from db.codes import BranchKind, CreatorRole

START = dt.datetime(2026, 12, 1, 6, 54, tzinfo=dt.UTC)
SETUP = SetUp(
    name="کتابخانه عمومی سنجش",
    province="مرکزی",
    county="اراک",
    city="آبگرم",
    grade="۴",
    kind=BranchKind.INSTITUTIONAL,
    space_shortage=False,
    profile="public",
    weekly_closed=frozenset(),
    official_holidays=False,
    admin_name="سنجش",
    admin_pin=None,
    passphrase=None,
)
WORDS = (
    "تاریخ ایران زبان فارسی داستان شهر کوچک باران پاییز مادر دریا سفر کوه آتش ماه خورشید باغ خانه پدر رود شب روز "
    "روان‌شناسی جامعه علم فلسفه هنر موسیقی شعر کودک نوجوان کتاب‌ها مبانی اصول راهنمای جامع مقدمه‌ای بر در و از گزیده"
).split()
FAMILIES = "احمدی رضایی کریمی محمدی حسینی موسوی جعفری صادقی قاسمی نوری کاظمی رحیمی اکبری شریفی".split()


def make_library(folder: Path, *, titles: int, members: int, seed: int = 7) -> Library:
    """A library with one copy a title, on a clock that stands still."""
    library, _ = found_library(folder, SETUP, SettableClock(START))
    random_ = random.Random(seed)
    act = library.act(library.person(None))
    for start in range(0, titles, 100):
        with library.store.write() as tx:
            for _ in range(start, min(start + 100, titles)):
                title_id = insert_title(tx, _title(random_), library.store.dialect.name)
                shelved = shelved_title(tx, title_id)
                if shelved is not None:
                    register_item(tx, shelved, ItemForm(), act.day, "RAF-")
            tx.record("import.stored", act)
    for start in range(0, members, 200):
        with library.store.write() as tx:
            for number in range(start, min(start + 200, members)):
                form = MemberForm("عضو", random_.choice(FAMILIES), "ordinary", card=f"M-{number + 1:06d}")
                enrol(tx, form, act.day, dt.date(2030, 1, 1))
            tx.record("member.added", act)
    return library


def _title(random_: random.Random) -> TitleForm:
    words = " ".join(random_.choice(WORDS) for _ in range(random_.randint(2, 6)))
    author = f"{random_.choice(FAMILIES)}، {random_.choice(WORDS)}"
    return TitleForm(
        title=words,
        creators=(Creator(author, CreatorRole.AUTHOR),),
        publisher=random_.choice(WORDS),
        year=random_.randint(1350, 1405),
        dewey=f"8فا3.{random_.randint(10, 99)}",
        author_mark=f"د{random_.randint(111, 999)}س",
    )
