"""What a hostile asker, a careless one or a broken library may send to the pages: answered, and nothing is gained."""

import base64
import re
import threading
import uuid

import pyotp
import pytest
import sqlalchemy as sa
from starlette.requests import Request

from app.review.own_secrets import set_second_factor
from app.review.second_factor import seal
from db.models.centre import MemberLogin, MemberPassword, Reviewer, SignIn
from db.models.library import Branch
from db.models.members import Member, MemberCard
from server.centre.web import accounts, archive, overview, supervision
from server.centre.web.files import download
from server.centre.web.security import RequestRefusedError, check_origin
from tests.app.review.worlds import person
from tests.server.centre.web.world import SECRET, Client, World

ENTRY = "/my/sign-in"


# Guessing at readers


def guess(client: Client, card: str, library: uuid.UUID | None = None) -> int:
    """Try a wrong password at a card."""
    sent = {"card": card, "password": "هر چه باشد"} | ({"library": str(library)} if library else {})
    status: int = client.post(ENTRY, sent).status_code
    return status


def test_a_number_typed_otherwise_is_no_new_number_to_guess_at(world: World) -> None:
    """Three scripts of digits and signs that nobody sees would give thousands of free tries at one card."""
    spellings = ("12345678", "۱۲۳۴۵۶۷۸", "١٢٣٤٥٦٧٨", "1۲3٤5678", " 12\u200b345678 ")
    with world.client() as client:
        told = [guess(client, card) for card in spellings]
    assert told == [422, 422, 422, 422, 429]


def test_guessing_at_a_number_of_one_library_keeps_no_reader_of_another_out(world: World) -> None:
    """Member number 1001 is given in every library of the country."""
    arak, yazd = world.branches["arak"], world.branches["yazd"]
    with world.client() as client:
        told = [guess(client, "1001", arak) for _ in range(5)]
        assert told[-1] == 429
        assert guess(client, "۱۰۰۱", arak) == 429
        assert guess(client, "1001", yazd) == 422


def test_being_asked_which_library_is_no_wrong_try(world: World) -> None:
    """Else everybody with a common number, and everybody who shares their address, would soon have to wait."""
    for number in range(9):
        branch = world.branches["arak"] if number == 0 else _library(world, number)
        _reader(world, branch, "1001")
    with world.client() as client:
        answers = [client.post(ENTRY, {"card": "1001", "password": "هر چه باشد"}) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {422}
    assert all('name="library"' in answer.text for answer in answers)
    with world.centre.store.read() as reader:
        assert reader.connection.execute(sa.select(sa.func.count()).select_from(SignIn)).scalar() == 0


def _library(world: World, number: int) -> uuid.UUID:
    branch_id = uuid.uuid4()
    place = {"province": "یزد", "county": "یزد", "city": "یزد", "kind": "institutional"}
    world.put(branch_id, Branch, id=branch_id, name=f"کتابخانهٔ {number}", **place)
    return branch_id


def _reader(world: World, branch_id: uuid.UUID, number: str) -> None:
    member = world.put(
        branch_id, Member, given_name="مریم", family_name="رضایی", member_no=number, category="adult",
        joined_on=world.clock.read().day, sort_key="", search_key="",
    )  # fmt: skip
    world.put(branch_id, MemberCard, member_id=member, number=number, since=world.clock.read().day)
    login = world.put(branch_id, MemberLogin, member_id=member, code_hash="-", issued_on=world.clock.read().day)
    given = {"branch_id": branch_id, "password_hash": "-", "used_code": login, "chosen_at": world.centre.now()}
    with world.centre.store.write() as tx:
        tx.connection.execute(sa.insert(MemberPassword).values(member_id=member, **given))


# The second factor


def test_of_two_who_set_up_a_second_factor_at_once_the_slower_changes_nothing(world: World) -> None:
    """Whoever knows the first password too must not put their own telephone in the place of the one just set up."""
    cataloguer = person(world, "cataloguer")
    act = world.centre.act(cataloguer.id, cataloguer.role)
    kept = [seal(world.centre.keys, cataloguer.id, secret) for secret in (SECRET, SECRET[::-1])]
    taken = []
    for sealed in kept:
        with world.centre.write() as tx:
            taken.append(set_second_factor(tx, cataloguer, sealed, 7, act))
    with world.centre.store.read() as reader:
        standing = reader.connection.execute(sa.select(Reviewer.totp).where(Reviewer.id == cataloguer.id)).scalar()
    assert taken == [True, False]
    assert standing == kept[0]


def test_the_telephone_there_is_holds_until_the_next_one_is_proven(world: World) -> None:
    """Whoever stops half-way must not be left with a password alone, which would set up anybody's telephone."""
    with world.client("county") as client, world.client("county") as elsewhere:
        client.post("/account/second-factor/renew", of="/account")
        page = client.get("/account/second-factor").text
        assert _kept(world, "county") is not None
        assert elsewhere.get("/account").status_code == 200
        secret = re.findall(r'class="key">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
        code = pyotp.TOTP(secret).at(int(world.centre.now().timestamp()))
        sent = {"sealed": re.findall(r'name="sealed" value="([^"]+)"', page)[0]}
        before = _kept(world, "county")
        assert client.post("/account/second-factor", sent | {"code": "000000"}).status_code == 422
        assert _kept(world, "county") == before
        assert client.post("/account/second-factor", sent | {"code": code}).status_code == 303
        assert _kept(world, "county") not in (before, None)
        assert client.get("/account").status_code == 200
        assert elsewhere.get("/account").headers["location"].startswith("/sign-in")
    with world.client("county", strong=False) as client:
        assert client.post("/sign-in/second", {"code": world.code(3)}).status_code == 422, "the old one is gone"


def test_nobody_replaces_a_second_factor_without_having_given_it(world: World) -> None:
    mine = seal(world.centre.keys, world.people["county"], SECRET[::-1])
    sent = {"sealed": base64.urlsafe_b64encode(mine).decode()}
    sent["code"] = pyotp.TOTP(SECRET[::-1]).at(int(world.centre.now().timestamp()))
    before = _kept(world, "county")
    with world.client("county", strong=False) as weak, world.client("county") as old:
        old.csrf("/account")
        assert weak.post("/sign-in/second", sent).status_code == 422
        token = old.csrf("/account")
        world.clock.advance(seconds=16 * 60)
        answer = old.http.post("/account/second-factor", data=sent | {"_csrf": token}, headers={"Origin": world.url})
        assert answer.status_code == 422
    assert _kept(world, "county") == before


def _kept(world: World, user_name: str) -> bytes | None:
    with world.centre.store.read() as reader:
        found = sa.select(Reviewer.totp).where(Reviewer.user_name == user_name)
        totp: bytes | None = reader.connection.execute(found).scalar()
    return totp


def test_a_code_sent_twice_at_once_is_taken_once(world: World) -> None:
    clients = [world.client("admin", strong=False) for _ in range(2)]
    tokens = [client.csrf("/sign-in/second") for client in clients]
    code, landed = world.code(), []

    def send(client: Client, token: str) -> None:
        answer = client.http.post("/sign-in/second", data={"_csrf": token, "code": code}, headers={"Origin": world.url})
        landed.append(answer.status_code)

    threads = [threading.Thread(target=send, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    for client in clients:
        client.http.close()
    assert sorted(landed) == [303, 422]


# Headers


@pytest.mark.parametrize("origin", ["http://[", "http://[x]/", "null", "", "///", "http:example.org"])
def test_an_origin_that_is_none_is_another_site(shared_world: World, origin: str) -> None:
    with shared_world.client("admin") as client:
        sent = {"_csrf": client.csrf("/account")}
        answer = client.http.post("/account/sign-out-everywhere", data=sent, headers={"Origin": origin})
        files = client.http.post(
            "/publishing/preview", files={"file": ("a.toml", b"a = 1")}, headers={"Origin": origin}
        )
    assert (answer.status_code, files.status_code) == (403, 403)


def test_no_host_is_no_place_that_a_form_comes_from() -> None:
    scope = {"type": "http", "headers": [(b"origin", b"null")]}
    with pytest.raises(RequestRefusedError, match="origin"):
        check_origin(Request(scope))


@pytest.mark.parametrize(
    "kind", ["text/html\r\nSet-Cookie: a=b", "متن", "", "text/html; charset=utf-7", "application/pdf\x00"]
)
def test_the_kind_of_a_file_is_no_header_of_its_library(kind: str) -> None:
    response = download(b"-", "a.pdf", kind, show=True)
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name", ["صورتجلسهٔ ۱۲.pdf", 'a".pdf', "a\r\nSet-Cookie: b=c", "../../etc/passwd", "a/b\\c;d=e", "\u202efdp.exe", ""]
)
def test_the_name_of_a_file_is_a_name(name: str) -> None:
    told = download(b"-", name, "application/pdf").headers["content-disposition"]
    plain = told.partition('filename="')[2].partition('"')[0]
    assert plain
    assert all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in plain)
    assert told.isascii()
    assert not {"\r", "\n"} & set(told)
    assert "/" not in told.partition("filename*=")[2]


# Days and numbers that are none


@pytest.mark.parametrize(
    "path",
    [
        "/audit?since=9999-12-31&until=9999-12-31", "/audit/sign-ins?until=9999-12-31",
        "/archive?since=9999-12-31&until=9999-12-31", "/union/history?before=-999999999999999999",
        "/union/history?before=999999999999999999", "/union/history?before=x", "/overview?year=999999999999&quarter=4",
        "/minutes?page=999999999999999999", "/archive?page=99999999", "/union?page=99999999", "/branches?page=-5",
        "/archive?number=" + "9" * 400, "/archive?book=" + "9" * 290, "/archive?book=%25%5F%5C%27%22%00",
        "/minutes?library=x&county=%00%27&level=nobody&reason=--", "/exchange?level=%27%20OR%201=1--",
        "/union?q=%27%20%26%20!%28%3A%2A%29%20%7C%20%00", "/union?q=" + "%D8%A7%20" * 90,
        "/union/duplicates?by=title&after=%00%27%5C", "/record-requests?page=0&state=%27",
    ],
)  # fmt: skip
def test_what_is_no_day_and_no_number_is_answered(shared_world: World, path: str) -> None:
    with shared_world.client("admin") as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text


# Lists that grow with the country


def test_the_archive_of_the_country_asks_for_a_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """3,700 libraries make no list to choose from, and their titles are not gone through one by one."""
    monkeypatch.setattr(archive, "MOST_LISTED", 2)
    monkeypatch.setattr(archive, "MOST_SEARCHED", 2)
    with world.client("office") as client:
        whole = client.get("/archive?book=بوستان").text
        near = client.get("/archive?book=بوستان&place=مركزي").text
        nowhere = client.get("/archive?place=ناکجا").text
    assert 'name="place"' in whole
    assert 'name="library"' not in whole
    assert "تنها بارکد و شمارهٔ ثبت جسته شده است." in whole
    assert near.count("<option value=") == 1 + 2 + 1 + 4  # libraries of the province, reasons, and none of either
    assert "تنها بارکد" not in near
    assert "چیزی یافت نشد" in nowhere


@pytest.mark.parametrize(
    ("module", "path", "name"),
    [(supervision, "/supervision", "affairs"), (overview, "/overview", "province"), (accounts, "/accounts", "admin")],
)
def test_long_lists_come_in_pages(
    world: World, monkeypatch: pytest.MonkeyPatch, module: object, path: str, name: str
) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    with world.client(name) as client:
        first, second = client.get(path).text, client.get(f"{path}?page=2").text
        seen = [
            set(re.findall(r'<th scope="row" data-label="(?:کتابخانه|نام)">(.*?)</th>', page))
            for page in (first, second)
        ]
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert all(len(rows) == 1 for rows in seen)
    assert seen[0] != seen[1]


def test_a_very_long_list_of_titles_comes_as_csv(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "MOST_XLSX", -1)
    with world.client("province") as client:
        answer = client.get("/overview/titles.xlsx")
    assert answer.headers["content-type"].startswith("text/csv")
    assert ".csv" in answer.headers["content-disposition"]
