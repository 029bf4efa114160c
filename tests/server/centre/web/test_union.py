"""The pages of the union catalogue: finding, merging side by side, taking back, answering requests."""

import datetime as dt
import re
import uuid

import pytest

from app.union.asking import RequestState
from app.union.matching import adopt_new
from db.models.catalogue import CataloguingRequest
from db.models.centre import Directive, Redirect, UnionTitle
from server.centre.web import union_merging
from server.centre.web.shots import TABLES
from tests.app.union.provinces import Province, arrives, book, live
from tests.server.centre.web.browser import PHONE, Browser
from tests.server.centre.web.world import World

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def stocked(world: World) -> Province:
    """A catalogue: one book that two libraries describe differently, one hostile title, one of the other province."""
    province = Province(
        world.centre, tuple(world.branches[key] for key in ("arak", "saveh", "yazd")), world.people["senior"]
    )
    stock(province)
    return province


def stock(province: Province) -> None:
    arrives(province, 0, book(isbn=None, subtitle="رمان", subjects=("داستان‌های فارسی",)), copies=3, available=2)
    arrives(province, 1, book(isbn=None, publisher="معاصر"), copies=1)
    arrives(province, 0, book(f"کتاب {HOSTILE}", isbn=None))
    arrives(province, 2, book("گلستان", "سعدی", isbn=None, year=1371), copies=2)
    arrives(province, 2, book("بوستان", "سعدی", isbn="9789643516000"), copies=1)
    arrives(province, 0, book("بوستان", "سعدی", isbn="9789643516000"), copies=1)
    adopt_new(province.centre)
    with province.centre.write() as tx:
        tx.insert(
            CataloguingRequest, branch_id=province.libraries[0], description="مجموعهٔ شعر دست‌نویس محلی، بدون ناشر",
            asked_on=dt.date(2026, 11, 20), state=RequestState.ASKED,
        )  # fmt: skip
        tx.record("test.pushed", province.act())


def ids(province: Province, title: str) -> list[uuid.UUID]:
    return [row.id for row in live(province, UnionTitle) if row.title == title]


def test_a_record_is_found_and_shows_what_libraries_hold(world: World, stocked: Province) -> None:
    with world.client("senior") as client:
        listed = client.get("/union", params={"q": "كليدر"}).text
        assert listed.count('data-label="عنوان"') == 2
        page = client.get(f"/union/{ids(stocked, 'کلیدر')[0]}").text
    assert "کتابخانهٔ شهید بهشتی اراک" in page
    assert "۳ نسخه در ۱ کتابخانه، ۲ نسخه در قفسه" in page
    assert "شاید همین کتاب" in page


def test_holdings_of_other_provinces_are_counted_but_not_named(world: World, stocked: Province) -> None:
    with world.client("province") as client:
        page = client.get(f"/union/{ids(stocked, 'بوستان')[0]}").text
    assert "کتابخانهٔ وزیری" not in page
    assert "۱ کتابخانهٔ دیگر بیرون از محدودهٔ شما" in page
    assert "اصلاح رکورد" not in page


def test_hostile_titles_are_text(world: World, stocked: Province) -> None:
    del stocked
    with world.client("senior") as client:
        page = client.get("/union", params={"q": "کتاب"}).text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_two_records_are_merged_side_by_side_and_taken_apart_again(world: World, stocked: Province) -> None:
    one, other = ids(stocked, "کلیدر")
    path = f"/union/merge?one={one}&other={other}"
    with world.client("senior") as client:
        assert path.replace("&", "&amp;") in client.get("/union/duplicates?by=title").text
        page = client.get(path).text
        assert re.search(r'<tr class="differs"><th scope="row">ناشر', page)
        form = {"one": str(one), "other": str(other), "keep": "other", "take": ["subtitle"], "reason": "یک کتاب است"}
        refused = client.post("/union/merge", form | {"reason": ""}, of=path)
        assert refused.status_code == 422
        answer = client.post("/union/merge", form, of=path)
        assert answer.headers["location"] == f"/union/{other}"
        assert client.get(f"/union/{one}").headers["location"] == f"/union/{other}"
        (kept,) = [row for row in live(stocked, UnionTitle) if row.id == other]
        assert (kept.subtitle, kept.publisher) == ("رمان", "معاصر")
        history = client.get("/union/history").text
        (deed,) = re.findall(r"/union/history/([0-9a-f-]+)/undo", history)
        assert client.post(f"/union/history/{deed}/undo", of="/union/history").status_code == 303
        assert "واگردانده شد" in client.get("/union/history").text
    assert live(stocked, Redirect, entity="union_title") == []


def test_a_record_is_corrected_in_its_form(world: World, stocked: Province) -> None:
    (record,) = ids(stocked, "گلستان")
    path = f"/union/{record}/correct"
    with world.client("senior") as client:
        page = client.get(path).text
        form = dict(re.findall(r'<input id="f-(\w+)" name="\w+" type="text" value="([^"]*)"', page))
        form |= {"material": "book", "creators": "سعدی\nغلامحسین یوسفی", "subjects": "", "reason": "از شناسنامهٔ کتاب"}
        assert client.post(path, form | {"language": ""}).status_code == 422
        form |= {"language": "fa"}
        wrong = client.post(path, form | {"year": "هزار", "isbn": "12"})
        assert wrong.status_code == 422
        assert client.post(path, form | {"year": "۱۳۷۲"}).headers["location"] == f"/union/{record}"
    (row,) = [row for row in live(stocked, UnionTitle) if row.id == record]
    assert (row.year, row.creators, row.title) == (1372, ["سعدی", "غلامحسین یوسفی"], "گلستان")


def test_a_title_is_split_from_its_record(world: World, stocked: Province) -> None:
    (record,) = ids(stocked, "بوستان")
    (redirect,) = live(stocked, Redirect)
    with world.client("senior") as client:
        form = {"title": str(redirect.old_id), "reason": "چاپ دیگری است"}
        answer = client.post(f"/union/{record}/split", form, of=f"/union/{record}")
        assert answer.headers["location"] == f"/union/{redirect.old_id}"
        assert "چاپ دیگری است" in client.get("/union/history").text
    assert len(ids(stocked, "بوستان")) == 2


def test_a_request_is_answered_with_a_record(world: World, stocked: Province) -> None:
    (record,) = ids(stocked, "گلستان")
    with world.client("senior") as client:
        listed = client.get("/record-requests").text
        (request,) = set(re.findall(r"/record-requests/([0-9a-f-]+)", listed))
        path = f"/record-requests/{request}"
        assert str(record) in client.get(path, params={"q": "گلستان"}).text
        assert client.post(path, {"how": "words", "words": ""}).status_code == 422
        form = {"how": "record", "record": str(record), "words": "همین است"}
        assert client.post(path, form).status_code == 303
        assert client.post(path, form, of=f"/union/{record}/correct").status_code == 422
        assert "همین است" in client.get(path).text
        assert "درخواستی نیست" in client.get("/record-requests").text
        assert "مجموعهٔ شعر" in client.get("/record-requests?state=answered").text
    (directive,) = live(stocked, Directive)
    assert directive.branch_id == stocked.libraries[0]
    assert directive.facts == {"request": request, "record": str(record), "words": "همین است"}


@pytest.mark.parametrize("user", ["province", "county", "auditor", "cataloguer"])
def test_only_the_senior_cataloguer_changes_anything(world: World, stocked: Province, user: str) -> None:
    one, other = ids(stocked, "کلیدر")
    with world.client(user) as client:
        assert (
            client.get("/union").status_code == client.get(f"/union/merge?one={one}&other={other}").status_code == 200
        )
        assert client.get(f"/union/{one}/correct").status_code == 403
        form = {"one": str(one), "other": str(other), "reason": "x"}
        assert client.post("/union/merge", form, of="/account").status_code == 403
    assert live(stocked, Redirect, entity="union_title") == []


def test_nobody_unknown_sees_the_pages(world: World, stocked: Province) -> None:
    with world.client() as client:
        for path in ("/union", f"/union/{ids(stocked, 'گلستان')[0]}", "/union/duplicates", "/record-requests"):
            assert client.get(path).status_code in (302, 303, 401)


def test_what_is_no_record_is_no_page(world: World, stocked: Province) -> None:
    with world.client("senior") as client:
        for path in (
            f"/union/{uuid.uuid4()}",
            "/union/x",
            "/union/merge",
            f"/union/merge?one={ids(stocked, 'گلستان')[0]}",
        ):
            assert client.get(path).status_code == 404


@pytest.fixture(scope="module")
def stocked_world(shared_world: World) -> World:
    """The shared world with a catalogue in it."""
    keys = ("arak", "saveh", "yazd")
    stock(
        Province(shared_world.centre, tuple(shared_world.branches[key] for key in keys), shared_world.people["senior"])
    )
    return shared_world


UNION_SHOTS = [shot for table in TABLES for shot in table if shot.name.startswith("union")]


@pytest.mark.parametrize("shot", UNION_SHOTS, ids=lambda shot: shot.name)
def test_every_page_is_clean_for_axe_and_fits_a_telephone(stocked_world: World, browser: Browser, shot: object) -> None:
    browser.sign_in(stocked_world, "senior")
    path = shot.path if isinstance(shot.path, str) else shot.path(stocked_world.centre)  # type: ignore[attr-defined]
    browser.open(stocked_world, path)
    assert browser.all(".problem") == []
    assert browser.faults() == []
    browser.resize(*PHONE)
    assert not browser.is_wider_than_screen()


def test_older_deeds_stand_on_the_next_page(world: World, stocked: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(union_merging, "ROWS", 1)
    (record,) = ids(stocked, "گلستان")
    with world.client("senior") as client:
        for edition in ("ویراست دوم", "ویراست سوم"):
            world.clock.advance(seconds=60)
            page = client.get(f"/union/{record}/correct").text
            form = dict(re.findall(r'<input id="f-(\w+)" name="\w+" type="text" value="([^"]*)"', page))
            form |= {"material": "book", "language": "fa", "edition": edition, "reason": f"دلیل {edition}"}
            assert client.post(f"/union/{record}/correct", form).status_code == 303
        newest = client.get("/union/history").text
        (older,) = re.findall(r'rel="next" href="([^"]+)"', newest)
        shown = client.get(older).text
    assert "دلیل ویراست سوم" in newest
    assert "دلیل ویراست دوم" not in newest
    assert "دلیل ویراست دوم" in shown
    assert "دلیل ویراست سوم" not in shown
