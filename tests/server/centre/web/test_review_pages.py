"""Pages of county and provincial reviewers over a real socket: what they show, what they do, and to whom."""

import csv
import datetime as dt
import hashlib
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from db.codes import DirectiveKind
from db.models.centre import Directive, EnrolmentCode, Review
from db.models.collection import Document, Minutes, MinutesRow, QuarterlyReport
from db.models.members import Member
from db.models.schema import METADATA
from db.models.sync import Device
from server.centre.web.auth import CODE_FIELD
from tests.library import MORNING, rows
from tests.server.centre.reviewed import BOOKS, Reviewed, license_libraries, reviewed
from tests.server.centre.web.world import Client, World
from tests.server.centre.web.world import world as a_world


@dataclass
class Desk:
    """The world, with what two libraries sent."""

    world: World
    made: Reviewed
    libraries: dict[str, uuid.UUID]

    @property
    def worn(self) -> str:
        return f"/minutes/{self.made.ids['worn']}"

    def verdicts(self, verdict: str, number: int | None = None) -> dict[str, str]:
        """The same verdict on the first rows of the worn minutes, on all by default."""
        items = [one.item_id for one in rows(self.made.arak, MinutesRow, minutes_id=self.made.ids["worn"])]
        return {f"v-{item}": verdict for item in items[:number]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewed]:
    with reviewed(tmp_path_factory.mktemp("libraries")) as made:
        yield made


@pytest.fixture
def desk(made: Reviewed) -> Iterator[Desk]:
    with a_world() as world:
        world.clock.now = MORNING
        made.tell(world.centre)
        yield Desk(world, made, license_libraries(world.centre))


@pytest.fixture(scope="module")
def seen(made: Reviewed) -> Iterator[Desk]:
    """For tests that only look."""
    with a_world() as world:
        world.clock.now = MORNING
        made.tell(world.centre)
        yield Desk(world, made, license_libraries(world.centre))


def words(text: str) -> str:
    """What is written on a page, tags apart."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_queue_shows_the_first_due_first_with_its_term_in_words(seen: Desk) -> None:
    with seen.world.client("province") as client:
        said = words(client.get("/minutes?level=all").text)
    assert said.index("۲ روز از مهلت گذشته") < said.index("۲ روز مانده") < said.index("۷ روز مانده")
    assert "۲ ساعت پیش" in said
    assert "۶ روز پیش" in said


def test_the_queue_of_an_office_is_what_waits_for_it(seen: Desk) -> None:
    with seen.world.client("county") as county, seen.world.client("province") as province:
        assert "۱۴۰۵/۲۰" not in county.get("/minutes").text
        assert str(seen.made.ids["worn"]) in county.get("/minutes").text
        waiting = province.get("/minutes").text
    assert "۱۴۰۵/۲۰" in waiting
    assert "۱۴۰۵/۲۱" not in waiting


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("reason=worn", {"worn"}), ("reason=content", {"at_province"}), ("late=1", {"at_province"}),
        ("county=ساوه", {"at_county"}), ("reason=no_audience", set()),
        ("reason=nonsense", {"worn", "at_province", "at_county"}),
    ],
)  # fmt: skip
def test_the_queue_is_filtered(seen: Desk, query: str, shown: set[str]) -> None:
    with seen.world.client("province") as client:
        text = client.get(f"/minutes?level=all&{query}").text
    assert {name for name in ("worn", "at_province", "at_county") if f"/minutes/{seen.made.ids[name]}" in text} == shown


def test_minutes_show_what_is_weighed(seen: Desk) -> None:
    """Uses, further copies, space: the considerations of 002 م7-7."""
    with seen.world.client("county") as client:
        page = client.get(seen.worn).text
    said = words(page)
    for title, creator, *_ in BOOKS:
        assert title in said
        assert creator in said
    for wanted in ("در امانت؛ پس از بازگشت کنار گذاشته می‌شود", "اینجا:", "شهرستان:", "فضای مخزن", "فرسودگی"):
        assert wanted in said, wanted
    assert 'aria-label="۱۴۰۰' in page, "uses by year are said, not only drawn"


def test_the_permit_of_a_cultural_package_stands_beside_its_copy(desk: Desk) -> None:
    """002 م4-2 تبصره: number and day."""
    with desk.world.centre.store._writer_engine.connect() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        permit = {"permit_no": "12/345", "permit_on": dt.date(2026, 8, 23)}
        connection.execute(sa.update(METADATA.tables["minutes_row"]).values(permit))
        connection.execute(sa.text("RESET session_replication_role"))
    with desk.world.client("county") as client:
        assert "مجوز ۱۲/۳۴۵ ، ۱۴۰۵/۰۶/۰۱" in words(client.get(desk.worn).text)


@pytest.mark.parametrize("path", ["/minutes?level=all", "worn", "/overview", "/archive", "/branches", "/supervision"])
def test_no_page_of_reviewers_shows_a_reader(seen: Desk, path: str) -> None:
    member = rows(seen.made.arak, Member)[0]
    with seen.world.client("province") as client:
        page = client.get(seen.worn if path == "worn" else path).text
    for secret in (member.family_name, member.member_no, str(member.id)):
        assert secret not in page


@pytest.mark.parametrize("user", ["yazd", "cataloguer"])
def test_minutes_out_of_scope_are_not_there(seen: Desk, user: str) -> None:
    with seen.world.client(user) as client:
        paper = rows(seen.made.arak, Minutes, id=seen.made.ids["worn"])[0].document_id
        for path in (seen.worn, f"/papers/{paper}"):
            assert client.get(path).status_code in (403, 404), path


def test_a_draft_is_kept_and_sent_after_the_letter_was_seen(desk: Desk) -> None:
    with desk.world.client("county") as client:
        fields = {"revision": "1", "default": "approve", "default_remark": "", "letter_no": "۷/۹", "remark": ""}
        refused = desk.verdicts("reject", 2)
        refused |= {name.replace("v-", "r-"): "پرخواننده است" for name in refused}
        saved = client.post(f"{desk.worn}/draft", fields | refused | {"deed": "letter"}, of=desk.worn)
        assert saved.headers["location"] == f"{desk.worn}/letter"
        letter = client.get(f"{desk.worn}/letter").text
        assert "پرخواننده است" in letter
        assert "نزد کارشناس استان" in letter
        assert directives(desk) == []
        sent = client.post(f"{desk.worn}/answer", {"saved": field(letter, "saved")}, of=f"{desk.worn}/letter")
        assert sent.headers["location"] == "/minutes"
        told = words(client.get("/minutes").text)
    assert "تأیید ۵، رد ۲" in told
    assert len(directives(desk)) == 1
    with desk.world.client("province") as client:
        page = client.get(desk.worn).text
    assert "پرخواننده است" in page
    assert "از شما پرسیده نمی‌شود" in page


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1].replace("&#43;", "+")


def directives(desk: Desk) -> list[Any]:
    with desk.world.centre.store.read() as reader:
        query = sa.select(Directive.kind, Directive.branch_id, Directive.facts)
        return list(reader.connection.execute(query))


def test_sending_asks_the_second_factor_when_it_is_old(desk: Desk) -> None:
    with desk.world.client("county") as client:
        fields = {"revision": "1", "default": "approve", "letter_no": "۱", "deed": "letter"}
        client.post(f"{desk.worn}/draft", fields, of=desk.worn)
        letter = client.get(f"{desk.worn}/letter").text
        desk.world.clock.now += dt.timedelta(minutes=16)
        asked = client.post(f"{desk.worn}/answer", {"saved": field(letter, "saved")}, of=f"{desk.worn}/letter")
        assert asked.status_code == 200
        assert directives(desk) == []
        code = {"saved": field(letter, "saved"), CODE_FIELD: desk.world.code()}
        sent = client.post(f"{desk.worn}/answer", code, of=f"{desk.worn}/letter")
        assert sent.status_code == 303, words(sent.text)
    assert len(directives(desk)) == 1


def test_a_draft_that_changed_since_is_looked_at_again(desk: Desk) -> None:
    with desk.world.client("county") as client:
        fields = {"revision": "1", "default": "approve", "letter_no": "۱"}
        client.post(f"{desk.worn}/draft", fields, of=desk.worn)
        letter = client.get(f"{desk.worn}/letter").text
        desk.world.clock.now += dt.timedelta(minutes=1)
        client.post(f"{desk.worn}/draft", fields | {"default": "reject"}, of=desk.worn)
        again = client.post(f"{desk.worn}/answer", {"saved": field(letter, "saved")}, of=f"{desk.worn}/letter")
        assert again.headers["location"] == f"{desk.worn}/letter"
        assert "تغییر کرده است" in client.get(f"{desk.worn}/letter").text
    assert directives(desk) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"default": "approve", "letter_no": ""}, "شمارهٔ نامه"),
        ({"default": "", "letter_no": "۱"}, "نظر"),
        ({"default": "correct", "letter_no": ""}, "اصلاح"),
    ],
)
def test_the_letter_says_what_still_speaks_against_it(desk: Desk, fields: dict[str, str], said: str) -> None:
    with desk.world.client("county") as client:
        client.post(f"{desk.worn}/draft", {"revision": "1"} | fields, of=desk.worn)
        letter = client.get(f"{desk.worn}/letter").text
    assert "هنوز نمی‌شود فرستاد" in letter
    assert said in words(letter)
    assert "فرستادن پاسخ</button>" not in letter


def test_a_day_that_is_none_is_said_at_once(desk: Desk) -> None:
    with desk.world.client("county") as client:
        answer = client.post(
            f"{desk.worn}/draft", {"revision": "1", "default": "approve", "letter_on": "پریروز"}, of=desk.worn
        )
    assert answer.status_code == 422
    assert "پریروز" in answer.text


@pytest.mark.parametrize("user", ["affairs", "auditor", "admin"])
def test_who_only_looks_has_no_form_and_cannot_send(desk: Desk, user: str) -> None:
    with desk.world.client(user) as client:
        page = client.get(desk.worn)
        assert page.status_code == 200
        assert "/draft" not in page.text
        assert client.post(f"{desk.worn}/draft", {"revision": "1"}, of=desk.worn).status_code == 403
    with desk.world.centre.store.read() as reader:
        assert reader.connection.execute(sa.select(sa.func.count()).select_from(Review)).scalar() == 0


def test_frozen_papers_come_as_they_were_frozen(seen: Desk) -> None:
    minutes = next(one for one in rows(seen.made.arak, Minutes) if one.id == seen.made.ids["worn"])
    papers = {one.id: one for one in rows(seen.made.arak, Document)}
    with seen.world.client("county") as client:
        pdf, sheet = client.get(f"/papers/{minutes.document_id}"), client.get(f"/papers/{minutes.sheet_id}?save=1")
    assert hashlib.sha256(pdf.content).hexdigest() == papers[minutes.document_id].sha256
    assert hashlib.sha256(sheet.content).hexdigest() == papers[minutes.sheet_id].sha256
    assert (pdf.headers["content-type"], pdf.headers["content-disposition"][:6]) == ("application/pdf", "inline")
    assert sheet.headers["content-disposition"].startswith("attachment")
    assert "nosniff" in pdf.headers["x-content-type-options"]


def test_the_board_shows_what_is_announced_and_takes_a_request(desk: Desk) -> None:
    package = f"/exchange/{desk.made.ids['package-اراک']}"
    with desk.world.client("county") as client:
        board = client.get("/exchange").text
        assert package in board
        page = client.get(package).text
        assert "بوستان سعدی، دورهٔ پیشین" in page
        assert "کتابخانهٔ عمومی خواجه نصیر" in page
        assert "کتابخانهٔ عمومی نور ساوه" not in page, "another county's"
        fields = {"library": str(desk.libraries["omid"]), "has_space": "1", "remark": "برای قفسهٔ تازه"}
        asked = client.post(f"{package}/request", fields, of=package)
        assert asked.status_code == 303
        assert "در راه کتابخانه" in client.get(package).text
    (directive,) = directives(desk)
    assert directive.kind is DirectiveKind.EXCHANGE_REQUEST
    assert directive.branch_id == desk.made.arak.branch.id
    assert directive.facts["library"] == str(desk.libraries["omid"])


def test_what_the_province_announces_is_seen_by_all_its_counties(desk: Desk) -> None:
    """م7-20: «اعلام به ادارات شهرستان و کتابخانه‌ها»; its six months run."""
    package = f"/exchange/{desk.made.ids['package-ساوه']}"
    with desk.world.client("county") as client:
        page = client.get(package)
        assert page.status_code == 200
        assert "روز مانده" in page.text
        fields = {"library": str(desk.libraries["mahdi"]), "has_space": "1"}
        assert client.post(f"{package}/request", fields, of=package).status_code == 303
    with desk.world.client("yazd") as client:
        assert client.get(package).status_code == 404


def test_a_request_for_somebody_elses_library_is_not_taken(desk: Desk) -> None:
    package = f"/exchange/{desk.made.ids['package-ساوه']}"
    with desk.world.client("county") as client:
        fields = {"library": str(desk.libraries["saveh"]), "has_space": "1"}
        assert client.post(f"{package}/request", fields, of=package).status_code == 404
    assert directives(desk) == []


def test_the_quarter_is_laid_together(seen: Desk) -> None:
    with seen.world.client("province") as client:
        said = words(client.get("/overview?year=1405&quarter=2").text)
    assert "گزارش فصلی تابستان ۱۴۰۵" in said
    assert "۱ از" in said
    assert "۱۰ نسخه در همهٔ کتابخانه‌ها" in said
    assert "وجین با دستورالعمل سازگار است." in said
    assert "۱۵ مهر ۱۴۰۵" in said


def test_the_expert_sends_the_result_of_a_report(desk: Desk) -> None:
    """002 م14-3; the county looks on."""
    report = rows(desk.made.arak, QuarterlyReport)[0].id
    path = f"/overview/reports/{report}"
    with desk.world.client("province") as client:
        assert path in client.get("/overview?year=1405&quarter=2").text
        assert client.post(f"{path}/answer", {"answer": " "}, of=path).status_code == 422
        sent = client.post(f"{path}/answer", {"answer": "فهرست‌ها کامل است."}, of=path)
        assert sent.headers["location"] == path
        assert "در راه کتابخانه" in client.get(path).text
    (directive,) = directives(desk)
    assert (directive.kind, directive.facts["answer"]) == (DirectiveKind.REPORT_ANSWER, "فهرست‌ها کامل است.")
    with desk.world.client("county") as client:
        assert "فرستادن نتیجه" not in client.get(path).text
        assert client.post(f"{path}/answer", {"answer": "خوب"}, of=path).status_code == 403
    with desk.world.client("yazd") as client:
        assert client.get(path).status_code == 404


def test_the_figures_and_the_titles_come_as_files(seen: Desk) -> None:
    with seen.world.client("province") as client:
        figures = client.get("/overview/figures.xlsx?year=1405&quarter=2")
        plain = client.get("/overview/figures.csv?year=1405&quarter=2")
        titles = client.get("/overview/titles.xlsx?year=1405&quarter=2")
    sheet = load_workbook(io.BytesIO(figures.content)).worksheets[0]
    assert "تابستان ۱۴۰۵" in str(sheet["A1"].value)
    table = list(csv.reader(io.StringIO(plain.content.decode("utf-8-sig"))))
    weeded = {row[1]: row[table[0].index("وجین‌شده")] for row in table if row[3] == "جمع"}
    assert weeded[seen.made.arak.branch.name] == weeded[seen.made.saveh.branch.name] == "5"
    listed = list(load_workbook(io.BytesIO(titles.content)).worksheets[0].iter_rows(values_only=True))
    assert len(listed) == 12
    assert {row[2] for row in listed[2:]} == {"تکراری"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("number=1405/1", True), ("number=1404/", False), ("book=راستان مطهري", True),
        ("book=شاهنامه", False), ("since=1405/05/01", False), ("until=1405/05/01&reason=duplicate", True),
        ("reason=worn", False),
    ],
)  # fmt: skip
def test_the_archive_is_found_by_number_day_and_title(seen: Desk, query: str, found: bool) -> None:
    with seen.world.client("province") as client:
        page = client.get(f"/archive?{query}&library={seen.made.arak.branch.id}").text
    assert (f"/minutes/{seen.made.ids['closed-اراک']}" in page) is found


def test_a_library_is_found_by_its_name_and_place_in_any_spelling(seen: Desk) -> None:
    with seen.world.client("admin") as client:
        for sought in ("سلمان ساوجي", "ساوه", "ساوجی ساوه"):
            page = client.get("/branches", params={"q": sought}).text
            assert "سلمان ساوجی" in page, sought
            assert "بهشتی" not in page, sought
        assert "کتابخانه‌ای یافت نشد" in client.get("/branches", params={"q": "نیست", "tone": "ok"}).text


def test_branches_tell_when_they_were_heard_of(seen: Desk) -> None:
    with seen.world.client("province") as client:
        page = client.get("/branches").text
        one = client.get(f"/branches/{seen.made.saveh.branch.id}").text
    assert "نیازمند توجه" in words(page)
    assert "۶ روز" in words(one)
    assert "ساختن رمز ثبت‌نام" in one
    assert "از کار انداختن" not in one, "only the administrator turns a computer away"


def test_the_administrator_gives_a_code_and_revokes_a_computer(desk: Desk) -> None:
    path = f"/branches/{desk.made.arak.branch.id}"
    with desk.world.client("admin") as client:
        shown = client.post(f"{path}/code", of=path)
        assert shown.status_code == 200
        assert "تنها همین یک بار" in shown.text, "tests.server.centre.web.test_enrolling looks at the sheet"
        with desk.world.centre.store.read() as reader:
            device = reader.connection.execute(
                sa.select(Device.id).where(Device.branch_id == desk.made.arak.branch.id)
            ).scalar_one()
            assert reader.connection.execute(sa.select(sa.func.count()).select_from(EnrolmentCode)).scalar() == 1
        assert client.post(f"{path}/devices/{device}/revoke", of=path).status_code == 303
        assert "از کار افتاده" in client.get(path).text
    with desk.world.client("province") as client:
        assert client.post(f"{path}/devices/{device}/revoke", of=path).status_code == 403


def test_the_supervising_expert_sees_binding_and_weeding(seen: Desk) -> None:
    """002 م13-8: looks, and changes nothing."""
    with seen.world.client("affairs") as client:
        page = client.get("/supervision").text
    said = words(page)
    assert "درخواست صحافی در راه" in said
    assert "۱۴۰۵/۱" in said
    assert "<form" not in page.split("<main")[1]


def test_an_answer_shows_in_the_audit(desk: Desk) -> None:
    with desk.world.client("county") as client:
        fields = {"revision": "1", "default": "approve", "letter_no": "۱"}
        client.post(f"{desk.worn}/draft", fields, of=desk.worn)
        letter = client.get(f"{desk.worn}/letter").text
        client.post(f"{desk.worn}/answer", {"saved": field(letter, "saved")}, of=f"{desk.worn}/letter")
    with desk.world.client("admin") as client:
        said = words(client.get("/audit").text)
    assert "پاسخ اداره به صورتجلسه" in said
    assert "مینا اکبری" in said


def test_pages_need_somebody_who_is_signed_in(seen: Desk) -> None:
    with Client(seen.world) as client:
        for path in ("/minutes", seen.worn, "/exchange", "/overview", "/archive", "/branches", "/supervision"):
            assert client.get(path).headers["location"].startswith("/sign-in"), path
