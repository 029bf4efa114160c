"""Letting libraries in from the pages: one that is entered gets its code, enrols, and brings its first package."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.library import Library
from app.sync.branch.device_key import read_device_key
from app.sync.branch.enrolling import EnrolledHere, enrol
from app.sync.branch.rounds import sync_round
from app.sync.enrolling import HOURS, issue_code, keep_certificates
from app.sync.packages.form import read_package
from app.sync.packages.receiving import receive
from app.sync.packages.up import export_packages
from app.sync.wire import fingerprint
from db.models.centre import EnrolmentCode
from db.models.library import Branch
from db.models.sync import Device, SetAside
from tests.library import SET_UP, act, add_copy, found_as
from tests.server.centre.serving import make_certificate
from tests.server.centre.web.browser import PHONE, Browser
from tests.server.centre.web.test_packages import bring
from tests.server.centre.web.world import MARKAZI, World, later
from tests.sync.lines import InProcessLine

NAME = "کتابخانهٔ عمومی امید"
CODE = re.compile(r'class="key">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<')
FORM = {"name": NAME, "kind": "institutional", "province": MARKAZI, "county": "اراک", "city": "داودآباد", "code": "۱۲۳"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found_as(tmp_path / "library", replace(SET_UP, name=NAME))
    with library.store:
        add_copy(library)
        yield library


def entered(world: World, user: str = "county", **fields: str) -> tuple[str, uuid.UUID]:
    """Enter a library on the page; its code and the id it has meanwhile."""
    with world.client(user) as client:
        sheet = client.post("/branches/new", FORM | fields)
    assert sheet.status_code == 200, sheet.text
    code = CODE.search(sheet.text)
    branch = re.search(r'href="/branches/([-0-9a-f]{36})"', sheet.text)
    assert code is not None
    assert branch is not None
    return code.group(1), uuid.UUID(branch.group(1))


def join(world: World, library: Library, code: str) -> str:
    """Enrol with a code, as the window does with the sheet; what came of it."""
    key, line = read_device_key(library), InProcessLine(world.centre)
    pinned = fingerprint(world.centre.keys.public_key)
    outcome = enrol(library, "https://centre.example", code, line, key, act(library), pinned)
    return "enrolled" if isinstance(outcome, EnrolledHere) else outcome.refusals[0].code


def rows(world: World, *columns: Any) -> list[Any]:
    with world.centre.store.read() as reader:
        return list(reader.connection.execute(sa.select(*columns)))


def page(world: World, path: str, user: str = "county") -> str:
    with world.client(user) as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def told_at_audit(world: World) -> str:
    return page(world, "/audit", "admin")


# Entering a library


def test_a_new_library_gets_its_sheet_once(world: World, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    keep_certificates(world.centre, certificate.pem)
    with world.client("county") as client:
        sheet = client.post("/branches/new", FORM).text
    code = CODE.search(sheet)
    assert code is not None
    assert fingerprint(world.centre.keys.public_key) in sheet
    assert fingerprint(world.centre.keys.sealing_key) in sheet
    assert re.search(r"([0-9A-F]{4} ){15}[0-9A-F]{4}", sheet), "the certificate as a browser tells it"
    assert world.url in sheet, "the address to type"
    assert "برای مسئول کتابخانه" in sheet
    listed = page(world, "/branches")
    assert NAME in listed
    assert "هنوز ثبت‌نام نکرده" in listed
    for path in ("/branches", "/branches/codes"):
        assert code.group(1) not in page(world, path)
    assert "ثبت کتابخانهٔ تازه در مرکز" in told_at_audit(world)


def test_a_county_enters_libraries_of_its_own_place_alone(world: World) -> None:
    _, branch = entered(world, "county", province="یزد", county="میبد")
    place = [row for row in rows(world, Branch.id, Branch.province, Branch.county) if row.id == branch]
    assert [(row.province, row.county) for row in place] == [(MARKAZI, "اراک")]


@pytest.mark.parametrize(
    ("user", "province", "county", "allowed"),
    [
        ("admin", "یزد", "میبد", True),
        ("admin.markazi", "یزد", "میبد", True),  # their own province, whatever was sent
        ("province", "", "خمین", True),
        ("province", "", "", False),
        ("admin", "", "میبد", False),
    ],
)
def test_province_and_administrator_enter_them_within_theirs(
    world: World, user: str, province: str, county: str, allowed: bool
) -> None:
    with world.client(user) as client:
        answer = client.post("/branches/new", FORM | {"province": province, "county": county})
    assert (answer.status_code == 200) is allowed
    found = [row for row in rows(world, Branch.name, Branch.province, Branch.county) if row.name == NAME]
    expected = "یزد" if user == "admin" else MARKAZI
    assert [(row.province, row.county) for row in found] == ([(expected, county)] if allowed else [])


def test_places_are_kept_in_the_spelling_that_is_known(world: World) -> None:
    _, branch = entered(world, "admin", province="مركزي", county=" اراك ")
    place = [row for row in rows(world, Branch.id, Branch.province, Branch.county) if row.id == branch]
    assert [(row.province, row.county) for row in place] == [(MARKAZI, "اراک")]


@pytest.mark.parametrize("user", ["affairs", "auditor", "office", "cataloguer"])
def test_others_let_nobody_in(world: World, user: str) -> None:
    with world.client(user) as client:
        assert client.post("/branches/new", FORM, of="/account").status_code == 403
        assert client.get("/branches/codes").status_code == 403
    assert "/branches/new" not in page(world, "/branches", "auditor")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "«نام کتابخانه» خالی است."),
        ({"kind": "palace"}, "مقدار «نوع کتابخانه» پذیرفتنی نیست"),
        ({"name": "كتابخانهٔ شهيد بهشتي اراک"}, "در این شهرستان هست"),
    ],
)
def test_what_is_wrong_with_a_library_is_told_and_nothing_is_made(
    world: World, fields: dict[str, str], words: str
) -> None:
    with world.client("county") as client:
        answer = client.post("/branches/new", FORM | fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert len(rows(world, Branch.id)) == 4, "the centre and its three libraries"
    assert rows(world, EnrolmentCode.branch_id) == []


# The library comes


def test_the_library_comes_under_its_own_id(world: World, library: Library) -> None:
    code, expected = entered(world)
    assert join(world, library, code) == "enrolled"
    with world.client("county") as client:
        assert client.get(f"/branches/{expected}").status_code == 404
    shown = page(world, f"/branches/{library.branch.id}")
    assert "ثبت‌نام کرده و هنوز یک بار هم همگام نشده است." in shown
    assert "ثبت‌نام کرده، هنوز همگام نشده" in page(world, "/branches")
    assert "ثبت‌نام رایانهٔ کتابخانه" in told_at_audit(world)


def test_what_the_library_says_of_itself_takes_the_place_of_what_was_entered(world: World, library: Library) -> None:
    code, _ = entered(world, city="شهری دیگر")
    join(world, library, code)
    sync_round(library, InProcessLine(world.centre), read_device_key(library))
    (row,) = [one for one in rows(world, Branch.id, Branch.city, Branch.ver) if one.id == library.branch.id]
    assert (row.city, row.ver) == (library.branch.city, library.branch.ver)
    shown = page(world, "/branches")
    assert "هنوز همگام نشده" not in shown.split('<p class="hint">', maxsplit=1)[0]
    assert rows(world, SetAside.id) == []


def test_its_first_package_comes_by_stick(world: World, library: Library, tmp_path: Path) -> None:
    """Enrolled, and never a line since: the page takes the package and gives the receipt and the centre's own."""
    code, _ = entered(world)
    join(world, library, code)
    world.branches["here"] = library.branch.id
    key = read_device_key(library)
    (stick,) = export_packages(library, key, tmp_path)
    assert "رویداد تازه ثبت شد." in bring(world, read_package(stick.path)).text
    assert "ثبت‌نام کرده، هنوز همگام نشده" not in page(world, "/branches")
    with world.client("county") as client:
        answer = client.get(f"/branches/{library.branch.id}/packages/down")
    assert receive(library, key, answer.content).acked == stick.entries
    assert export_packages(library, key, tmp_path) == ()


def test_a_library_of_another_county_does_not_come_with_this_code(world: World, library: Library) -> None:
    code, _ = entered(world, "province", county="ساوه")
    assert join(world, library, code) == "enrol.other_county"


def test_a_second_library_does_not_come_with_a_code_of_the_first(
    world: World, library: Library, tmp_path: Path
) -> None:
    first, expected = entered(world)
    with world.client("county") as client:
        page_of = client.post(f"/branches/{expected}/code", of=f"/branches/{expected}").text
    second = CODE.search(page_of)
    assert second is not None
    assert join(world, library, first) == "enrolled"
    stranger = found_as(tmp_path / "stranger", replace(SET_UP, name="کتابخانهٔ دیگر"))
    with stranger.store:
        assert join(world, stranger, second.group(1)) == "enrol.other_branch"
    assert join(world, library, second.group(1)) == "enrolled", "its own second code is good for it"


def test_a_library_that_is_known_is_no_new_one(world: World, library: Library) -> None:
    join(world, library, issue_code(world.centre, library.branch.id, "ali").code)
    code, _ = entered(world, name="کتابخانهٔ دیگر")
    assert join(world, library, code) == "enrol.branch_known"


def test_a_library_nobody_entered_stands_under_what_it_said(world: World, library: Library) -> None:
    """A code of the command line, for any new library."""
    assert join(world, library, issue_code(world.centre, None, "root").code) == "enrolled"
    assert NAME in page(world, "/branches")
    assert "هنوز یک بار هم همگام نشده است" in page(world, f"/branches/{library.branch.id}")
    with world.client("yazd") as client:
        assert client.get(f"/branches/{library.branch.id}").status_code == 404


def test_a_library_entered_by_mistake_is_taken_back_with_its_codes(world: World, library: Library) -> None:
    code, branch = entered(world)
    with world.client("county") as client:
        assert client.post(f"/branches/{branch}/forget", of=f"/branches/{branch}").status_code == 303
        assert client.get(f"/branches/{branch}").status_code == 404
    assert join(world, library, code) == "enrol.code_unknown"
    assert "برداشتن کتابخانه‌ای که نیامد" in told_at_audit(world)


def test_a_library_that_has_come_is_never_taken_back(world: World, library: Library) -> None:
    code, _ = entered(world)
    join(world, library, code)
    path = f"/branches/{library.branch.id}"
    with world.client("county") as client:
        assert "/forget" not in client.get(path).text
        assert client.post(f"{path}/forget", of=path).status_code == 303
        assert client.post(f"/branches/{world.branches['arak']}/forget", of=path).status_code == 303
    assert {library.branch.id, world.branches["arak"]} <= {row.id for row in rows(world, Branch.id)}


# Codes


def test_open_codes_are_listed_with_their_age_for_who_covers_the_place(world: World) -> None:
    entered(world)
    issue_code(world.centre, world.branches["yazd"], "root")
    issue_code(world.centre, None, "root", province=MARKAZI, county="ساوه")
    issue_code(world.centre, None, "root")
    later(world, hours=5)
    county, province, all_of_them = (page(world, "/branches/codes", user) for user in ("county", "province", "admin"))
    assert NAME in county
    assert "۵ ساعت پیش" in county
    assert "مینا اکبری" in county, "who gave it"
    counts = [text.count("/withdraw") for text in (county, province, all_of_them)]
    assert counts == [1, 2, 4]
    later(world, hours=HOURS - 5)
    assert "رمز بازی نیست" in page(world, "/branches/codes", "admin")


def mark_of(world: World, user: str = "county") -> str:
    found = re.search(r"/branches/codes/([0-9a-f]{64})/withdraw", page(world, "/branches/codes", user))
    assert found is not None
    return found.group(1)


def test_a_withdrawn_code_lets_nobody_in(world: World, library: Library) -> None:
    code, _ = entered(world)
    mark = mark_of(world)
    with world.client("county") as client:
        assert client.post(f"/branches/codes/{mark}/withdraw", of="/branches/codes").status_code == 303
        assert "پس گرفته شد" in client.get("/branches/codes").text
        assert client.post(f"/branches/codes/{mark}/withdraw", of="/account").status_code == 404
    assert join(world, library, code) == "enrol.code_expired"
    assert "پس گرفتن رمز ثبت‌نام" in told_at_audit(world)


def test_a_lost_code_is_replaced_by_another(world: World, library: Library) -> None:
    code, _ = entered(world)
    with world.client("county") as client:
        sheet = client.post(f"/branches/codes/{mark_of(world)}/replace", of="/branches/codes")
    other = CODE.search(sheet.text)
    assert other is not None
    assert join(world, library, code) == "enrol.code_expired"
    assert join(world, library, other.group(1)) == "enrolled"
    assert "رمز ثبت‌نام دیگر به جای پیشین" in told_at_audit(world)


@pytest.mark.parametrize("deed", ["withdraw", "replace"])
def test_codes_of_others_are_out_of_reach(world: World, library: Library, deed: str) -> None:
    code, branch = entered(world)
    with world.client("yazd") as client:
        assert client.post(f"/branches/codes/{mark_of(world)}/{deed}", of="/account").status_code == 404
        assert client.post(f"/branches/{branch}/{deed}", of="/account").status_code == 404
        assert client.post(f"/branches/{branch}/code", of="/account").status_code == 404
        assert client.post(f"/branches/{branch}/forget", of="/account").status_code == 404
        assert client.post("/branches/codes/nothing/withdraw", of="/account").status_code == 404
    assert join(world, library, code) == "enrolled"


def test_a_used_code_is_not_open(world: World, library: Library) -> None:
    code, _ = entered(world)
    mark = mark_of(world)
    join(world, library, code)
    assert "رمز بازی نیست" in page(world, "/branches/codes")
    with world.client("county") as client:
        assert client.post(f"/branches/codes/{mark}/replace", of="/account").status_code == 404
    (kept,) = rows(world, EnrolmentCode.branch_id, EnrolmentCode.used_at, EnrolmentCode.issued_by)
    assert (kept.branch_id, kept.used_at, kept.issued_by) == (library.branch.id, world.centre.now(), "مینا اکبری")


def test_a_code_for_another_computer_of_a_known_library(world: World) -> None:
    path = f"/branches/{world.branches['arak']}"
    with world.client("county") as client:
        sheet = client.post(f"{path}/code", of=path)
    assert CODE.search(sheet.text)
    shown = page(world, path)
    assert "رمزهای باز" in shown
    assert "ساختن رمز ثبت‌نام" in told_at_audit(world)
    assert "رمزهای باز" not in page(world, path, "auditor")


def test_an_old_second_factor_is_asked_for_and_the_form_is_kept(world: World) -> None:
    with world.client("county") as client:
        token = client.csrf("/branches/new")
        later(world, minutes=20)
        answer = client.http.post("/branches/new", data={"_csrf": token} | FORM, headers={"Origin": world.url})
        assert 'name="_code"' in answer.text
        assert rows(world, EnrolmentCode.branch_id) == []


def test_revoking_a_computer_is_written_down(world: World, library: Library) -> None:
    code, _ = entered(world)
    join(world, library, code)
    path = f"/branches/{library.branch.id}"
    (device,) = [row.id for row in rows(world, Device.id, Device.branch_id) if row.branch_id == library.branch.id]
    with world.client("admin") as client:
        assert client.post(f"{path}/devices/{device}/revoke", of=path).status_code == 303
    assert "از کار انداختن رایانهٔ کتابخانه" in told_at_audit(world)


# As it is seen


def test_the_sheet_is_good_on_every_screen_and_on_paper(world: World, browser: Browser) -> None:
    browser.sign_in(world, "county")
    browser.open(world, "/branches/new")
    browser.write("name", NAME)
    browser.press("ثبت کتابخانه و ساختن رمز")
    assert CODE.search(browser.driver.page_source)
    assert browser.faults() == []
    assert not browser.is_wider_than_screen()
    browser.resize(*PHONE)
    assert not browser.is_wider_than_screen()
    assert browser.faults() == []
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    wanted = {".printed": True, ".sheet ol": True, ".no-print": False, ".side": False, ".actions": False}
    shown = {css: browser.find(css).is_displayed() for css in wanted}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == wanted


def test_lists_with_codes_are_good_on_every_screen(world: World, browser: Browser) -> None:
    _, branch = entered(world)
    browser.sign_in(world, "county")
    for path in ("/branches/codes", f"/branches/{branch}", "/branches"):
        browser.resize(1366, 768)
        browser.open(world, path)
        assert browser.faults() == []
        browser.resize(*PHONE)
        assert not browser.is_wider_than_screen()
        assert browser.faults() == []
