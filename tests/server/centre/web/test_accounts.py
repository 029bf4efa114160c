"""The pages of accounts: told once, within reach, and never one's own."""

import re

from db.codes import Role
from tests.server.centre.web.world import World

NEW = {"user_name": "reza.amini", "name": "رضا امینی", "role": "county_head", "province": "مرکزی", "county": "ساوه"}


def test_first_password_is_told_once_and_opens(world: World) -> None:
    with world.client("admin") as client:
        told = client.post("/accounts/new", NEW).text
        password = re.findall(r'class="key">([^<]+)<', told)[1]
        assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+-\d{3}", password)
        listed = client.get("/accounts").text
        assert "رضا امینی" in listed
        assert password not in listed
    with world.client() as fresh:
        fresh.post("/sign-in", {"user_name": "reza.amini", "password": password})
        assert fresh.get("/").headers["location"] == "/sign-in/second"


def test_form_comes_back_with_every_reason(world: World) -> None:
    with world.client("admin") as client:
        form = {"user_name": "رضا", "name": "", "role": "county_head", "province": "یزد"}
        answer = client.post("/accounts/new", form)
    assert answer.status_code == 422
    for words in ("نام کاربری با حرف کوچک لاتین", "«نام و نام خانوادگی» خالی است", "«شهرستان» خالی است"):
        assert words in answer.text
    assert 'value="یزد"' in answer.text


def test_administrator_of_a_province_sees_and_reaches_only_it(world: World) -> None:
    with world.client("admin.markazi") as client:
        listed = client.get("/accounts").text
        assert "مینا اکبری" in listed
        assert "سهراب دشتی" not in listed
        assert "لیلا صادقی" not in listed
        for name in ("yazd", "admin", "office"):
            path = f"/accounts/{world.people[name]}"
            assert client.get(path).status_code == 404
            for deed in ("", "/switch-off", "/password", "/second-factor", "/switch-on"):
                assert client.post(path + deed, NEW, of="/accounts/new").status_code == 404
        refused = client.post("/accounts/new", NEW | {"province": "یزد", "county": "یزد"})
        assert "در اختیار شما نیست" in refused.text
        national = client.post("/accounts/new", NEW | {"role": "administrator", "province": "", "county": ""})
        assert "در اختیار شما نیست" in national.text


def test_own_account_shows_no_deeds_and_takes_none(world: World) -> None:
    path = f"/accounts/{world.people['admin.markazi']}"
    with world.client("admin.markazi") as client:
        assert f'action="{path}' not in client.get(path).text
        for deed in ("", "/switch-off", "/password", "/second-factor"):
            answer = client.post(path + deed, NEW | {"role": "administrator", "province": ""}, of="/accounts/new")
            assert answer.status_code == 422
            assert "کسی حساب خودش را تغییر نمی‌دهد." in answer.text


def test_closing_ends_what_is_open(world: World) -> None:
    path = f"/accounts/{world.people['county']}"
    with world.client("admin") as client, world.client("county") as other:
        assert other.get("/account").status_code == 200
        client.post(path + "/switch-off", of=path)
        assert other.get("/account").status_code == 303
        assert "بسته شد و دیگر نمی‌تواند وارد شود" in client.get(path).text
        client.post(path + "/switch-on", of=path)
        assert "دوباره باز شد" in client.get(path).text


def test_change_of_role_is_seen_in_the_list(world: World) -> None:
    path = f"/accounts/{world.people['auditor']}"
    with world.client("admin") as client:
        client.post(path, {"name": "مریم کاظمی", "role": Role.PROVINCE_REVIEWER.value, "province": "يزد"}, of=path)
        page = client.get(path).text
    assert "کارشناس منابع استان" in page
    assert 'value="یزد"' in page


def test_reset_second_factor_is_set_up_anew(world: World) -> None:
    path = f"/accounts/{world.people['county']}"
    with world.client("admin") as client:
        client.post(path + "/second-factor", of=path)
        assert "هنوز راه‌اندازی نشده" in client.get(path).text
