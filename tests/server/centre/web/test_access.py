"""Every page for every role: who may come, and what whoever may not is told."""

import itertools

import pytest

from db.codes import Role
from server.centre.web.app import TABLES
from server.centre.web.pages import Door, Page
from server.centre.web.security import CSRF_FIELD
from tests.server.centre.web.world import PEOPLE, World

PAGES = tuple(itertools.chain.from_iterable(TABLES))
NOWHERE = "00000000-0000-7000-8000-000000000000"
OF_ROLE = {person.role: person.user_name for person in reversed(PEOPLE)}
REFUSED = "این صفحه در اختیار نقش شما نیست."


def name_of(page: Page) -> str:
    """How a test of a page is called."""
    return f"{page.method} {page.path}"


NAMES = [name_of(page) for page in PAGES]


def address(page: Page) -> str:
    """The path of a page, about something that is not there."""
    parts = (NOWHERE if part.startswith("{") else part for part in page.path.split("/"))
    return "/".join(parts)


def test_every_role_of_the_centre_is_tried() -> None:
    assert set(OF_ROLE) == {
        Role.ADMINISTRATOR, Role.COUNTY_HEAD, Role.PROVINCE_REVIEWER, Role.RESOURCES_OFFICE, Role.LIBRARY_AFFAIRS,
        Role.SENIOR_CATALOGUER, Role.CATALOGUER, Role.AUDITOR,
    }  # fmt: skip


def test_no_path_and_method_is_declared_twice() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("page", [page for page in PAGES if page.who is not Door.ANYBODY], ids=name_of)
def test_only_named_roles_may_come(shared_world: World, page: Page) -> None:
    for role, user_name in OF_ROLE.items():
        with shared_world.client(user_name) as client:
            if page.method == "POST":
                answer = client.post(address(page), {}, of="/account")
            else:
                answer = client.get(address(page))
        assert (REFUSED in answer.text) is not page.lets(role), (role, answer.status_code)
        assert (answer.status_code == 403) is not page.lets(role), (role, answer.status_code)
        assert answer.status_code < 500, role


@pytest.mark.parametrize("page", [page for page in PAGES if page.who is not Door.ANYBODY], ids=name_of)
def test_nobody_comes_without_signing_in(shared_world: World, page: Page) -> None:
    with shared_world.client() as client:
        if page.method == "POST":
            answer = client.post(address(page), {}, of="/sign-in")
            assert answer.status_code == 401
            assert "نشست شما پایان یافته است." in answer.text
        else:
            answer = client.get(address(page))
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/my/sign-in" if page.for_members else "/sign-in")


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=name_of)
@pytest.mark.parametrize("token", [None, "", "x" * 43], ids=["missing", "empty", "wrong"])
def test_no_form_is_taken_without_its_token(shared_world: World, page: Page, token: str | None) -> None:
    user = None if page.who is Door.ANYBODY else "admin"
    with shared_world.client(user) as client:
        sent = {} if token is None else {CSRF_FIELD: token}
        answer = client.http.post(address(page), data=sent, headers={"Origin": shared_world.url})
    assert answer.status_code == 403
    assert "این برگه کهنه شده است" in answer.text


@pytest.mark.parametrize("origin", [None, "null", "https://example.org", "http://127.0.0.1:1"])
def test_no_form_of_another_site_is_taken(shared_world: World, origin: str | None) -> None:
    with shared_world.client("admin") as client:
        headers = {} if origin is None else {"Origin": origin}
        sent = {CSRF_FIELD: client.csrf("/account")}
        answer = client.http.post("/account/sign-out-everywhere", data=sent, headers=headers)
    assert answer.status_code == 403
    assert "از صفحهٔ دیگری" in answer.text


@pytest.mark.parametrize("page", [page for page in PAGES if page.strong and page.method == "POST"], ids=name_of)
def test_old_second_factor_is_asked_for_again_before_a_deed(world: World, page: Page) -> None:
    role = next(iter(page.who)) if isinstance(page.who, frozenset) else Role.ADMINISTRATOR
    user = OF_ROLE.get(role, "admin")
    if not next(person.guarded for person in PEOPLE if person.user_name == user):
        user = "admin"
    with world.client(user) as client:
        token = client.csrf("/account")
        world.clock.advance(seconds=16 * 60)
        sent = {CSRF_FIELD: token, "name": "یادداشت من"}
        answer = client.http.post(address(page), data=sent, headers={"Origin": world.url})
    assert 'name="_code"' in answer.text
    assert 'value="یادداشت من"' in answer.text


def test_person_of_a_role_that_never_rules_cannot_reach_a_guarded_deed_without_second_factor(world: World) -> None:
    with world.client("admin", strong=False) as client:
        assert client.get("/accounts").headers["location"].startswith("/sign-in/second")


def test_navigation_shows_what_one_may_open_and_nothing_else(shared_world: World) -> None:
    entries = [page for page in PAGES if page.nav]
    for role, user_name in OF_ROLE.items():
        with shared_world.client(user_name) as client:
            shown = client.get("/account").text
        for page in entries:
            assert (f'<a href="{page.path}"' in shown) is page.lets(role), (role, page.path)
