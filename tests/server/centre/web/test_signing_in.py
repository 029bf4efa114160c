"""Coming in: password, second factor, sessions; and keeping out whoever guesses, steals or replays."""

import re

import pytest
import sqlalchemy as sa

from app.centre import open_centre
from app.clock import SettableClock
from app.review.guessing import FREE_BY_NAME
from db.models.centre import Reviewer, SignIn, WebSession
from server.centre.web.sessions import token_hash
from tests.centres import keys_folder
from tests.server.centre.web.world import PASSWORD, Client, World, later

WRONG = "نام کاربری یا گذرواژه درست نیست."
WRONG_CODE = "رمز دوم درست نیست یا پیش‌تر به کار رفته است."
WAIT = "چیزی پذیرفته نمی‌شود."
OVER = "/sign-in?next=%2Faccount"


def give_password(client: Client, user_name: str, password: str = PASSWORD) -> int:
    """Send the first form; its status."""
    status: int = client.post("/sign-in", {"user_name": user_name, "password": password}).status_code
    return status


def is_in(client: Client) -> bool:
    """Whether the own account opens."""
    return client.get("/account").status_code == 200


def enter(client: Client, user_name: str) -> None:
    """The whole way in."""
    assert give_password(client, user_name) == 303
    assert client.post("/sign-in/second", {"code": client.world.code()}).status_code == 303
    assert is_in(client)


def test_password_and_second_factor_let_in_and_lead_where_one_wanted_to_go(world: World) -> None:
    with world.client() as client:
        assert client.get("/audit").headers["location"] == "/sign-in?next=%2Faudit"
        first = client.post(
            "/sign-in", {"user_name": " ADMIN ", "password": PASSWORD, "next": "/audit"}, of="/sign-in?next=/audit"
        )
        assert first.headers["location"] == "/audit"
        assert client.get("/audit").headers["location"] == "/sign-in/second?next=%2Faudit"
        second = client.post("/sign-in/second", {"code": world.code(), "next": "/audit"})
        assert second.headers["location"] == "/audit"
        assert client.get("/audit").status_code == 200


def test_persian_digits_are_those_of_the_code_and_of_the_password(world: World) -> None:
    with world.client() as client:
        assert give_password(client, "county", PASSWORD.replace("42", "۴۲")) == 303
        code = world.code().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        assert client.post("/sign-in/second", {"code": code}).status_code == 303
        assert is_in(client)


def test_who_never_rules_comes_in_with_the_password_alone(world: World) -> None:
    with world.client() as client:
        assert give_password(client, "auditor") == 303
        assert is_in(client)


@pytest.mark.parametrize("path", ["/account", "/accounts", "/audit", "/", "/account/password", "/sign-in/again"])
def test_password_alone_opens_nothing_for_who_may_rule(world: World, path: str) -> None:
    with world.client() as client:
        assert give_password(client, "admin") == 303
        assert client.get(path).headers["location"].startswith("/sign-in/second")


def test_unknown_name_and_wrong_password_are_told_alike(world: World) -> None:
    with world.client() as client:
        known = client.post("/sign-in", {"user_name": "admin", "password": "نه این گذرواژه"})
        unknown = client.post("/sign-in", {"user_name": "nobody", "password": "نه این گذرواژه"})
    assert known.status_code == unknown.status_code == 422
    assert WRONG in known.text
    assert known.text.replace("admin", "nobody") == unknown.text


def test_closed_account_does_not_open(world: World) -> None:
    with world.centre.write() as tx:
        tx.connection.execute(sa.update(Reviewer).where(Reviewer.user_name == "auditor").values(active=False))
    with world.client() as client:
        assert give_password(client, "auditor") == 422
    with world.client("auditor") as client:
        assert not is_in(client)


# Sessions


def test_token_known_before_is_worth_nothing_after_each_step(world: World) -> None:
    """Session fixation: what was in the browser before is never what is signed in."""
    with world.client() as client, world.client() as thief:
        client.keep("fixed-by-a-thief")
        give_password(client, "admin")
        half = client.token
        client.post("/sign-in/second", {"code": world.code()})
        whole = client.token
        assert len({"fixed-by-a-thief", half, whole}) == 3
        for token in ("fixed-by-a-thief", half):
            thief.keep(token or "")
            assert not is_in(thief)


def test_only_the_hash_of_a_token_is_kept(world: World) -> None:
    token = world.token("auditor")
    with world.centre.store.read() as reader:
        kept = list(reader.connection.execute(sa.select(WebSession.token_hash, WebSession.csrf)))
    assert [bytes(row.token_hash) for row in kept] == [token_hash(token)]
    assert token not in str(kept)


def test_session_ends_after_half_an_hour_of_rest(world: World) -> None:
    with world.client("auditor") as client:
        for _ in range(3):
            later(world, minutes=29)
            assert is_in(client)
        later(world, minutes=31)
        assert client.get("/account").headers["location"] == OVER


def test_session_ends_after_twelve_hours_however_busy(world: World) -> None:
    with world.client("auditor") as client:
        for _ in range(29):
            later(world, minutes=25)
            if not is_in(client):
                break
        assert client.get("/account").headers["location"] == OVER
        with world.centre.store.read() as reader:
            assert reader.connection.execute(sa.select(sa.func.count()).select_from(WebSession)).scalar() == 1


def test_signing_out_ends_the_session_itself(world: World) -> None:
    with world.client("auditor") as client, world.client() as thief:
        thief.keep(client.token or "")
        assert is_in(thief)
        client.post("/sign-out", of="/account")
        assert not is_in(client)
        assert not is_in(thief)


def test_signing_out_everywhere_reaches_every_browser(world: World) -> None:
    with world.client("auditor") as here, world.client("auditor") as there, world.client("admin") as other:
        here.post("/account/sign-out-everywhere", of="/account")
        assert (is_in(here), is_in(there), is_in(other)) == (False, False, True)


def test_new_password_ends_the_other_sessions_and_the_old_one_opens_no_more(world: World) -> None:
    new = "دریا کوه جنگل 7"
    with world.client("auditor") as here, world.client("auditor") as there:
        answer = here.post("/account/password", {"old": PASSWORD, "new": new, "repeat": new})
        assert answer.headers["location"] == "/account"
        assert "گذرواژه عوض شد" in here.get("/account").text
        assert (is_in(here), is_in(there)) == (True, False)
    with world.client() as client:
        assert give_password(client, "auditor") == 422
        assert give_password(client, "auditor", new) == 303


@pytest.mark.parametrize(
    ("old", "new", "repeat", "words"),
    [
        ("نه این", "دریا کوه جنگل 7", "دریا کوه جنگل 7", "گذرواژهٔ کنونی درست نیست."),
        (PASSWORD, "دریا کوه جنگل 7", "دریا کوه جنگل 8", "دو بار یک گذرواژه نوشته نشد."),
        (PASSWORD, "کوتاه", "کوتاه", "گذرواژه ۵ حرف دارد"),
        (PASSWORD, "auditor-auditor", "auditor-auditor", "نام شما یا نام کاربری در گذرواژه هست."),
        (PASSWORD, PASSWORD, PASSWORD, "گذرواژهٔ تازه همان گذرواژهٔ کنونی است."),
    ],
)
def test_password_is_not_changed_for_a_reason(world: World, old: str, new: str, repeat: str, words: str) -> None:
    with world.client("auditor") as client:
        answer = client.post("/account/password", {"old": old, "new": new, "repeat": repeat})
    assert answer.status_code == 422
    assert words in answer.text
    assert new not in answer.text


def test_first_password_has_to_be_changed_before_anything_else(world: World) -> None:
    with world.centre.write() as tx:
        tx.connection.execute(sa.update(Reviewer).where(Reviewer.user_name == "auditor").values(must_change=True))
    with world.client() as client:
        give_password(client, "auditor")
        assert client.get("/audit").headers["location"].startswith("/account/password")
        new = "دریا کوه جنگل 7"
        client.post("/account/password", {"old": PASSWORD, "new": new, "repeat": new})
        assert client.get("/audit").status_code == 200


# The second factor


def test_code_is_accepted_once(world: World) -> None:
    """A code that was watched over the shoulder is worth nothing, in the same step or an earlier one."""
    with world.client() as client, world.client() as thief:
        enter(client, "admin")
        used = world.code()
        give_password(thief, "admin")
        answer = thief.post("/sign-in/second", {"code": used})
        assert WRONG_CODE in answer.text
        later(world, seconds=30)
        assert WRONG_CODE in thief.post("/sign-in/second", {"code": used}).text
        assert not is_in(thief)
        assert thief.post("/sign-in/second", {"code": world.code()}).status_code == 303
        assert is_in(thief)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clock_of_a_telephone_may_be_half_a_minute_off(world: World, steps: int, taken: bool) -> None:
    with world.client() as client:
        give_password(client, "county")
        assert (client.post("/sign-in/second", {"code": world.code(steps)}).status_code == 303) is taken


def test_first_sign_in_sets_the_second_factor_up(world: World) -> None:
    import pyotp

    with world.centre.write() as tx:
        tx.connection.execute(sa.update(Reviewer).where(Reviewer.user_name == "county").values(totp=None))
    with world.client() as client:
        give_password(client, "county")
        page = client.get("/sign-in/second").text
        assert "<svg" in page
        secret = re.search(r'class="key">([A-Z2-7 ]+)<', page)
        sealed = re.search(r'name="sealed" value="([^"]+)"', page)
        assert secret
        assert sealed
        machine = pyotp.TOTP(secret[1].replace(" ", ""))
        wrong = client.post("/sign-in/second", {"code": "000000", "sealed": sealed[1]})
        assert WRONG_CODE in wrong.text
        assert secret[1] in wrong.text
        code = machine.at(int(world.centre.now().timestamp()))
        assert client.post("/sign-in/second", {"code": code, "sealed": sealed[1]}).status_code == 303
        assert is_in(client)
    with world.centre.store.read() as reader:
        kept = reader.connection.execute(sa.select(Reviewer.totp).where(Reviewer.user_name == "county")).scalar()
    assert secret[1].replace(" ", "").encode() not in bytes(kept or b"")


def test_secret_of_somebody_else_cannot_be_set_up(world: World) -> None:
    with world.client("senior") as one, world.client("auditor") as other:
        sealed = re.search(r'name="sealed" value="([^"]+)"', one.get("/account/second-factor").text)
        assert sealed
        page = other.post("/account/second-factor", {"code": world.code(), "sealed": sealed[1]}).text
    assert WRONG_CODE in page
    assert sealed[1] not in page


def test_second_factor_is_asked_again_and_the_form_is_kept(world: World) -> None:
    with world.client("admin") as client:
        later(world, minutes=16)
        form = {"user_name": "reza", "name": "رضا امینی", "role": "auditor"}
        asked = client.post("/accounts/new", form)
        assert asked.status_code == 200
        assert 'value="رضا امینی"' in asked.text
        wrong = client.post("/accounts/new", form | {"_code": "123456"})
        assert WRONG_CODE in wrong.text
        assert 'value="رضا امینی"' in wrong.text
        done = client.post("/accounts/new", form | {"_code": world.code()})
        assert "گذرواژهٔ نخست" in done.text
        later(world, minutes=14)
        assert "گذرواژهٔ نخست" in client.post("/accounts/new", form | {"user_name": "reza2"}).text


def test_another_telephone_needs_the_old_code_first(world: World) -> None:
    with world.client("county") as client:
        later(world, minutes=16)
        assert 'name="_code"' in client.post("/account/second-factor/renew", of="/account").text
        answer = client.post("/account/second-factor/renew", {"_code": world.code()}, of="/account")
        assert answer.headers["location"] == "/account/second-factor"
        assert "<svg" in client.get("/account/second-factor").text


# Guessing


def guess(world: World, user_name: str, address: str = "198.51.100.7") -> int:
    """One wrong password from an address; the status of the answer."""
    with world.client() as client:
        token = client.csrf("/sign-in")
        sent = {"_csrf": token, "user_name": user_name, "password": "نه این گذرواژه"}
        headers = {"Origin": world.url, "X-Forwarded-For": address}
        return client.http.post("/sign-in", data=sent, headers=headers).status_code


def test_guessing_at_a_name_is_slowed_down_more_and_more(world: World) -> None:
    for _ in range(FREE_BY_NAME):
        assert guess(world, "admin") == 422
    for seconds in (15, 30, 60):
        later(world, seconds=seconds - 2)
        assert guess(world, "admin") == 429, seconds
        later(world, seconds=3)
        assert guess(world, "admin") == 422, seconds


def test_while_waiting_the_right_password_is_not_taken_and_other_names_are(world: World) -> None:
    for _ in range(FREE_BY_NAME):
        guess(world, "admin")
    with world.client() as client:
        refused = client.post("/sign-in", {"user_name": "admin", "password": PASSWORD})
        assert refused.status_code == 429
        assert WAIT in refused.text
        assert give_password(client, "auditor") == 303
        later(world, seconds=16)
    with world.client() as client:
        assert give_password(client, "admin") == 303


def test_good_sign_in_lets_one_err_anew(world: World) -> None:
    for _ in range(3):
        for _ in range(FREE_BY_NAME - 1):
            assert guess(world, "auditor") == 422
        with world.client() as client:
            later(world, seconds=1)
            assert give_password(client, "auditor") == 303
            later(world, seconds=1)


def test_guessing_outlives_a_restart(world: World) -> None:
    for _ in range(FREE_BY_NAME):
        guess(world, "admin")
    store = world.centre.store
    name = store.name
    assert world.clock.now.tzinfo is not None
    with open_centre(name, keys_folder(), SettableClock(world.centre.now())).store as again, again.read() as reader:
        kept = reader.connection.execute(sa.select(sa.func.count()).where(SignIn.user_name == "admin")).scalar()
    assert kept == FREE_BY_NAME
    assert guess(world, "admin") == 429


def test_guessing_at_the_second_factor_is_slowed_down_and_the_password_does_not_help(world: World) -> None:
    with world.client() as client:
        give_password(client, "admin")
        for _ in range(FREE_BY_NAME):
            assert client.post("/sign-in/second", {"code": "000000"}).status_code == 422
        assert client.post("/sign-in/second", {"code": world.code()}).status_code == 429
    with world.client() as client:
        assert give_password(client, "admin") == 303
        assert client.post("/sign-in/second", {"code": world.code()}).status_code == 429


def test_what_is_written_as_an_unknown_name_is_kept_nowhere(world: World) -> None:
    """People write their password into the field of the name."""
    guess(world, "my-secret-password")
    with world.centre.store.read() as reader:
        names = list(reader.connection.execute(sa.select(SignIn.user_name)).scalars())
    assert len(names) == 1
    assert names[0].startswith("?")
    assert "secret" not in names[0]
