"""Cases at the centre: who decides what, what an office is told, and what was set aside tried again."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.conflicts.choices import choices_of
from app.conflicts.projecting import project
from app.sync.branch.device_key import read_device_key
from app.sync.branch.enrolling import enrol
from app.sync.branch.rounds import sync_round
from app.sync.enrolling import issue_code
from db.codes import BranchKind, CaseKind, CaseState, Role
from db.models.centre import Redirect, SyncCase
from db.models.library import Branch
from db.models.members import Member
from db.models.sync import JournalEntry, SetAside
from db.types import new_id
from tests.app.sync.packages.conftest import Pair
from tests.library import TODAY, act, add_member, found, rows
from tests.server.centre.web.browser import PHONE, Browser
from tests.server.centre.web.world import World
from tests.sync.lines import InProcessLine

NID = "siv:equal-ids-give-equal-texts"


READER = {
    "given_name": "گلنار", "family_name": "چهره‌آرا", "joined_on": TODAY, "sort_key": "", "search_key": "",
    "category": "ordinary",
}  # fmt: skip


def twice(world: World, *branches: str) -> uuid.UUID:
    """One reader, a member of two libraries; the case about it."""
    with world.centre.write() as tx:
        for place, branch in enumerate(branches):
            numbers = {"member_no": f"10{place}", "national_id": NID}
            tx.insert(Member, branch_id=world.branches[branch], **READER, **numbers)
        tx.record("test.pushed", world.centre.act(uuid.uuid4(), Role.ADMINISTRATOR))
    project(world.centre)
    case_id: uuid.UUID = cases(world, CaseKind.MEMBER_TWICE)[0].id
    return case_id


def cases(world: World, kind: CaseKind) -> list[Any]:
    with world.centre.store.read() as reader:
        return list(reader.connection.execute(sa.select(SyncCase.__table__).where(SyncCase.kind == kind)))


def open_case(world: World, branch: str, kind: CaseKind, **stories: Any) -> None:
    world.put(
        branch, SyncCase, kind=kind, rows=[], stories=stories, choices=choices_of(kind), state=CaseState.OPEN,
        opened_at=world.centre.now() - dt.timedelta(hours=5),
    )  # fmt: skip


def shown(world: World, user: str, path: str = "/cases") -> str:
    with world.client(user) as client:
        return str(client.get(path).text)


def decide(world: World, user: str, case_id: uuid.UUID, choice: str) -> Any:
    with world.client(user) as client:
        answer = client.post(f"/cases/{case_id}/decide", {"choice": choice}, of="/account")
        return client.get(answer.headers["location"]) if answer.status_code == 303 else answer


def test_two_memberships_are_told_by_library_and_number_and_never_by_name(world: World) -> None:
    twice(world, "arak", "saveh")
    for user in ("admin.markazi", "affairs", "county", "auditor"):
        page = shown(world, user)
        assert "یک نفر دو بار عضو شده است" in page
        assert "شمارهٔ عضویت ۱۰" in page
        assert "گلنار" not in page
        assert "چهره‌آرا" not in page
    assert "یک نفر دو بار عضو شده است" not in shown(world, "yazd")


def test_an_office_learns_no_number_of_a_library_outside_its_scope(world: World) -> None:
    twice(world, "arak", "yazd")
    page = shown(world, "yazd")
    assert page.count("شمارهٔ عضویت") == 1
    assert "این کتابخانه بیرون از محدودهٔ شماست." in page
    assert "تصمیم را از کسی بخواهید که محدوده‌اش همهٔ آن‌ها را در بر می‌گیرد." in page


def test_who_has_both_in_scope_and_the_role_decides_once(world: World) -> None:
    case_id = twice(world, "arak", "saveh")
    assert "تصمیم ثبت شد." in decide(world, "admin.markazi", case_id, "same_person").text
    with world.centre.store.read() as reader:
        assert len(reader.connection.execute(sa.select(Redirect.id)).all()) == 1
    assert cases(world, CaseKind.MEMBER_TWICE)[0].decided_by == "کاوه نوری"
    assert "پیش‌تر گرفته شده بود" in decide(world, "admin.markazi", case_id, "same_person").text
    late = decide(world, "admin.markazi", case_id, "two_people")
    assert (late.status_code, "پیش‌تر تصمیم گرفته شده است" in late.text) == (422, True)
    decided = shown(world, "county", "/cases/decided")
    assert "یک نفر است" in decided
    assert "کاوه نوری" in decided


@pytest.mark.parametrize(
    ("user", "branches", "status", "words"),
    [
        ("province", ("arak", "saveh"), 422, "با نقش شما نیست"),
        ("admin.markazi", ("arak", "yazd"), 422, "بیرون از محدودهٔ شما را هم در بر دارد"),
        ("province", ("arak", "yazd"), 422, "بیرون از محدودهٔ شما را هم در بر دارد"),
        ("admin.markazi", ("yazd", "yazd2"), 404, "چنین صفحه‌ای نیست"),
    ],
)
def test_others_are_told_why_not_and_nothing_is_decided(
    world: World, user: str, branches: tuple[str, str], status: int, words: str
) -> None:
    world.branches["yazd2"] = second_of_yazd(world)
    answer = decide(world, user, twice(world, *branches), "same_person")
    assert (answer.status_code, words in answer.text) == (status, True)
    assert cases(world, CaseKind.MEMBER_TWICE)[0].state is CaseState.OPEN


def second_of_yazd(world: World) -> uuid.UUID:
    branch_id = new_id()
    world.put(
        branch_id, Branch, id=branch_id, name="کتابخانهٔ دوم یزد", province="یزد", county="یزد", city="یزد",
        kind=BranchKind.INSTITUTIONAL,
    )  # fmt: skip
    return branch_id


def test_a_choice_that_is_none_is_refused(world: World) -> None:
    case_id = twice(world, "arak", "saveh")
    assert "برگزیدنی نیست" in decide(world, "admin", case_id, "retire").text
    assert decide(world, "admin", uuid.uuid4(), "seen").status_code == 404


def test_of_cases_at_libraries_an_office_learns_counts_days_and_kinds(world: World) -> None:
    open_case(world, "arak", CaseKind.OVER_LIMIT, total=4, limit=3, here=2, elsewhere=2)
    open_case(world, "arak", CaseKind.MEMBER_DIFFERS, fields=["family_name"], library="کتابخانهٔ سلمان ساوجی",
              ours={"family_name": "رازدار"}, theirs={"family_name": "پنهان"})  # fmt: skip
    open_case(world, "yazd", CaseKind.TITLE_DIFFERS, title="بوستان", differs=["edition"])
    page = shown(world, "county")
    assert "۴ امانت باز، ۲ از کتابخانه‌های دیگر؛ سقف ۳ است" in page
    assert "نام خانوادگی" in page
    assert "رازدار" not in page
    assert "پنهان" not in page
    assert "بوستان" not in page
    assert "بوستان" in shown(world, "yazd")
    only = shown(world, "admin", f"/cases?library={world.branches['yazd']}")
    assert "بوستان" in only
    assert "۴ امانت باز" not in only


# What was set aside.


@dataclass
class Aside:
    """A library whose newest reader bears a number that stands at the centre already."""

    world: World
    pair: Pair
    rival: uuid.UUID

    @property
    def entry(self) -> Any:
        with self.world.centre.store.read() as reader:
            return reader.connection.execute(sa.select(SetAside.__table__)).one()

    def waits(self) -> bool:
        return self.entry.replayed_at is None

    def again(self, user: str = "admin") -> Any:
        with self.world.client(user) as client:
            path = f"/cases/aside/{self.entry.branch_id}/{self.entry.id}/again"
            answer = client.post(path, of="/account")
            return client.get(answer.headers["location"]) if answer.status_code == 303 else answer


@pytest.fixture
def aside(world: World, tmp_path: Path) -> Iterator[Aside]:
    library = found(tmp_path)
    with library.store:
        key, line = read_device_key(library), InProcessLine(world.centre)
        code = issue_code(world.centre, library.branch.id, "ali").code
        enrol(library, "https://centre.example", code, line, key, act(library))
        pair = Pair(library, key, world.centre)
        sync_round(library, line, key)
        add_member(library)
        (here,) = rows(library, Member)
        rival = world.put(library.branch.id, Member, **READER, member_no=here.member_no)
        sync_round(library, line, key)
        yield Aside(world, pair, rival)


def test_what_was_set_aside_is_told_with_its_reason_and_tried_again(aside: Aside) -> None:
    world = aside.world
    page = shown(world, "county")
    assert "شماره‌ای که دارد پیش‌تر به ردیف دیگری داده شده است." in page
    assert "دوباره بیازما" not in page
    assert "دوباره بیازما" in shown(world, "admin")
    assert "هنوز پذیرفتنی نیست و کنار ماند" in aside.again().text
    assert aside.waits()
    with world.centre.write() as tx:
        rival = tx.connection.execute(sa.select(Member.__table__).where(Member.id == aside.rival)).one()
        tx.update(Member, rival, member_no="900")
        tx.record("test.pushed", world.centre.act(uuid.uuid4(), Role.ADMINISTRATOR))
    assert "رویداد پذیرفته و ثبت شد." in aside.again().text
    assert not aside.waits()
    assert [case.state for case in cases(world, CaseKind.NUMBER_TWICE)] == [CaseState.CLOSED]
    with world.centre.store.read() as reader:
        left = sa.select(sa.func.count()).where(~JournalEntry.applied, JournalEntry.branch_id == aside.entry.branch_id)
        assert reader.connection.execute(left).scalar_one() == 0
    sync_round(aside.pair.library, InProcessLine(world.centre), aside.pair.key)
    with aside.pair.library.store.read() as reader:
        states = reader.connection.execute(sa.select(SyncCase.state)).scalars().all()
    assert states == [CaseState.CLOSED]


def test_only_the_administrator_of_that_library_tries_again(aside: Aside) -> None:
    assert aside.again("county").status_code == 403
    with aside.world.client("admin.markazi") as client:
        path = f"/cases/aside/{aside.world.branches['yazd']}/{aside.entry.id}/again"
        assert client.post(path, of="/account").status_code == 404
        other = f"/cases/aside/{aside.world.branches['arak']}/{aside.entry.id}/again"
        client.post(other, of="/account")
    assert aside.entry.replayed_at is None


def test_the_page_is_good_on_a_telephone_and_decided_by_hand(world: World, browser: Browser) -> None:
    twice(world, "arak", "saveh")
    open_case(world, "arak", CaseKind.OVER_LIMIT, total=4, limit=3, here=2, elsewhere=2)
    browser.resize(*PHONE)
    browser.sign_in(world, "admin")
    browser.open(world, "/cases")
    assert browser.faults() == []
    assert not browser.is_wider_than_screen()
    browser.find('input[name=choice][value="two_people"]').click()
    browser.press("ثبت تصمیم")
    assert "تصمیم ثبت شد." in browser.text
    assert "پرونده‌ای نزد مرکز نیست" in browser.text
