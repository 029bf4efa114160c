"""What every answer wears, what every request is held to, and that errors show nothing of the inside."""

import itertools
import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.responses import Response

from app.wording import REFUSALS
from db.codes import BranchKind, Role
from db.models.library import Branch, Staff
from db.models.members import Member
from db.trouble import Trouble
from server.centre.web.app import TABLES, web_routes
from server.centre.web.layout import HERE
from server.centre.web.pages import Door, Page, Visit
from server.centre.web.problems import PROBLEMS
from server.centre.web.security import CSRF_FIELD, MOST_BODY, Guarded
from tests.server.centre.web.world import World, served
from tests.server.centre.web.world import world as a_world

PAGES = tuple(itertools.chain.from_iterable(TABLES))
PLAIN = [page.path for page in PAGES if page.method == "GET" and "{" not in page.path]
ANSWERS = [*PLAIN, "/static/app.css", "/static/nothing.css", "/nowhere", "/accounts/1", "/static/../app.py"]

# S3: nothing of a member's or librarian's text acts as markup.
PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "'-alert(1)-'",
    "<a href='javascript:alert(1)'>x</a>", "{{7919*7919}}", "{% raw %}", "${7919*7919}",
    "<iframe src=//example.org></iframe>",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "<style>body{display:none}</style>",
    "<!--", "]]>", "&lt;script&gt;", "&#60;script&#62;", "%3Cscript%3E", "<b>x", "<body onload=alert(1)>",
    "<form action=//example.org>", "<input autofocus onfocus=alert(1)>", "<meta http-equiv=refresh content=0>",
    "<base href=//example.org/>", "<link rel=stylesheet href=//example.org>", "<object data=x>",
    "<math><mi//xlink:href>",
    "<details open ontoggle=alert(1)>", "\\\"><script>", "＜script＞", "<svg><script>alert(1)</script></svg>",
)  # fmt: skip
assert len(PAYLOADS) == 30


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("user", [None, "admin"])
def test_every_answer_wears_the_headers(shared_world: World, user: str | None, path: str) -> None:
    with shared_world.client(user) as client:
        headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert ("no-store" in headers["cache-control"]) is not (path == "/static/app.css")
    assert "strict-transport-security" not in headers


def test_over_tls_cookies_are_bound_to_it(shared_world: World) -> None:
    with shared_world.client() as client:
        answer = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-pishkhan-entry=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}


def test_plain_cookies_are_for_this_computer_alone(shared_world: World) -> None:
    with shared_world.client() as client:
        assert "Secure" not in client.get("/sign-in").headers["set-cookie"]
        far = client.get("/sign-in", headers={"Host": "centre.example.ir"})
    assert "Secure" in far.headers["set-cookie"]
    assert far.headers["set-cookie"].startswith("__Host-")


def test_unknown_host_is_refused_where_hosts_are_named() -> None:
    with a_world(Guarded(frozenset({"centre.example.ir"}))) as world, world.client() as client:
        assert client.get("/sign-in").status_code == 421
        assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 421
        assert client.get("/sign-in", headers={"Host": "CENTRE.example.ir:8443"}).status_code == 200


def test_form_that_is_too_large_or_none_is_refused(shared_world: World) -> None:
    with shared_world.client("admin") as client:
        token, origin = client.csrf("/account"), {"Origin": shared_world.url}
        large = client.http.post("/accounts/new", data={CSRF_FIELD: token, "name": "x" * MOST_BODY}, headers=origin)
        many = client.http.post("/accounts/new", content="a=1&" * 20_001, headers=origin | FORM)
        other = client.http.post("/accounts/new", json={"a": 1}, headers=origin)
        long_query = client.get("/accounts?" + "a&" * 20_001)
    assert (large.status_code, many.status_code, other.status_code) == (413, 413, 415)
    assert long_query.status_code in (400, 413)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_wrong_method_is_a_page_too(shared_world: World) -> None:
    with shared_world.client("admin") as client:
        answer = client.http.put("/accounts")
        head = client.http.head("/accounts")
    assert answer.status_code == 405
    assert "این نشانی چنین کاری را نمی‌شناسد." in answer.text
    assert (head.status_code, head.text) == (200, "")


def _fails(_: Visit) -> Response:
    raise RuntimeError("secret of the inside /etc/passwd")


def _loses_the_server(_: Visit) -> Response:
    raise Trouble("P-1112", path="/var/lib/secret")


def test_error_shows_three_sentences_and_nothing_of_the_inside(
    shared_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    own = (
        Page("/bug", "GET", _fails, who=Door.ANYBODY), Page("/trouble", "GET", _loses_the_server, who=Door.ANYBODY),
    )  # fmt: skip
    app = Starlette(routes=web_routes(shared_world.centre, tables=(*TABLES, own)))
    with served(app) as url, World(shared_world.centre, url).client() as client:
        bug, trouble = client.get("/bug"), client.get("/trouble")
    assert (bug.status_code, trouble.status_code) == (500, 503)
    assert "خطای پیش‌بینی‌نشده‌ای در برنامه رخ داد." in bug.text
    assert "پایگاه دادهٔ مشترک پاسخ نداد." in trouble.text
    for text in (bug.text, trouble.text, caplog.text):
        assert "secret" not in text
    assert "RuntimeError" in caplog.text
    assert "Traceback" not in bug.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_wrote_is_text(shared_world: World, payload: str) -> None:
    escaped = re.compile(re.escape(payload))
    with shared_world.client("admin") as client:
        pages = [
            client.get("/accounts", params={"q": payload}).text,
            client.get("/audit", params={"kind": payload, "since": payload, "person": payload}).text,
            client.get("/sign-in/again", params={"next": payload}).text,
            client.post("/accounts/new", dict.fromkeys(("user_name", "name", "province", "role"), payload)).text,
        ]
    harmless = not any(sign in payload for sign in "<>\"'&")
    for text in pages:
        assert harmless or not escaped.search(text)
        assert "62710561" not in text or "7919*7919" not in payload


def test_names_from_libraries_are_text_wherever_they_stand(world: World) -> None:
    for payload in PAYLOADS[:8]:
        branch_id = world.put("arak", Staff, name=payload, role=Role.AUDITOR)
        place = {"province": payload, "county": payload, "city": ""}
        world.put(branch_id, Branch, id=branch_id, name=payload, kind=BranchKind.INSTITUTIONAL, **place)
    with world.client("admin") as client:
        for path in (*PLAIN, f"/accounts/{world.people['county']}"):
            text = client.get(path).text
            assert "<script" not in text
            assert not re.search(r"""<(?:[^>"']|"[^"]*"|'[^']*')*\son\w+\s*=""", text)


def test_no_template_has_inline_style_or_script() -> None:
    templates = sorted((HERE / "templates").glob("*.html"))
    assert len(templates) > 10
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text), path.name
        assert "|safe" not in text, path.name


def test_no_page_of_reviewers_shows_a_reader(world: World) -> None:
    """S13: name, national id and telephone of planted readers are nowhere."""
    world.put("arak", Member, **_reader(world))
    planted = ("گلپونه", "سپهریان‌فر", "0013542419", "09123456789", "77120034")
    for user_name in ("admin", "county", "province", "office", "auditor", "affairs"):
        with world.client(user_name) as client:
            for path in PLAIN:
                text = client.get(path).text
                assert [word for word in planted if word in text] == [], (user_name, path)


def _reader(world: World) -> dict[str, object]:
    return {
        "given_name": "گلپونه", "family_name": "سپهریان‌فر", "national_id": "0013542419", "mobile": "09123456789",
        "member_no": "77120034", "category": "adult", "joined_on": world.clock.read().day, "sort_key": "",
        "search_key": "",
    }  # fmt: skip


def test_every_problem_has_three_sentences() -> None:
    for problem in PROBLEMS.values():
        for sentence in (problem.words.what, problem.words.lost, problem.words.do):
            assert sentence.endswith(".")


def test_refusals_of_the_pages_have_words() -> None:
    assert {"sign_in.wrong", "sign_in.wait", "second_factor.wrong", "password.differ"} <= REFUSALS.keys()


def pages_with_links(world: World) -> Iterator[str]:
    with world.client("admin") as client:
        for path in PLAIN:
            yield from re.findall(r'(?:href|action|src)="([^"]*)"', client.get(path).text)


def test_pages_lead_nowhere_else_and_every_link_is_there(shared_world: World) -> None:
    links = sorted({link.partition("?")[0] for link in pages_with_links(shared_world)} - {"#main"})
    assert all(link.startswith("/") for link in links), links
    known = [re.compile(re.sub(r"\{\w+\}", "[^/]+", page.path) + "$") for page in PAGES]
    for link in links:
        assert link.startswith("/static/") or any(path.match(link) for path in known), link


def test_open_redirects_lead_home(shared_world: World) -> None:
    for elsewhere in ("//example.org", "https://example.org", "/\\example.org", "javascript:alert(1)"):
        with shared_world.client("admin") as client:
            sent = {"next": elsewhere, "_code": shared_world.code()}
            shared_world.clock.advance(seconds=60)
            sent["_code"] = shared_world.code()
            answer = client.post("/sign-in/again", sent)
        assert answer.headers["location"] == "/"
