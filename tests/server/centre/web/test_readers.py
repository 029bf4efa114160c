"""The pages of readers (000 §3-1-2): what a reader sees of themself, and nobody else; what they ask is done by their
library and answered."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.circulation.checkin import CheckinRequest, check_in
from app.persian import jalali
from app.wishes.answering import Replied, Reply, reply
from db.codes import DirectiveKind, HoldState, WishState
from db.models.catalogue import PurchaseRequest
from db.models.centre import Directive, DirectiveAnswer, MemberPassword, SignIn, WebSession
from db.models.circulation import Hold, Loan
from db.models.members import Member
from server.centre.web.pages import Door
from server.centre.web.readers import PAGES
from tests.library import act, change, row, rows
from tests.server.centre.web.browser import DRESSES, PHONE, Browser
from tests.server.centre.web.readers import (
    HOSTILE,
    NATIONAL_ID,
    OTHER_NATIONAL_ID,
    PASSWORD,
    ReadersWorld,
    readers_world,
)
from tests.server.centre.web.world import Client

WRONG, WRONG_CODE, WAIT = "شمارهٔ کارت یا گذرواژه درست نیست.", "شمارهٔ کارت یا کد درست نیست", "چیزی پذیرفته نمی‌شود"
PENDING, NOWHERE = "در انتظار کتابخانه", "00000000-0000-7000-8000-000000000000"
READING = [page.path for page in PAGES if page.method == "GET" and page.who is Door.MEMBER]
HOSTILE_NUMBERS = (
    "", " ", "'; DROP TABLE member;--", "\x00H-1", "\u202eH-1", "%", "_", "H-1\nH-9", "x" * 9_000, HOSTILE,
)  # fmt: skip
HOSTILE_CODES = (
    "", "0" * 10, "۰" * 10, "x" * 9_000, "' OR 1=1 --", "\x00", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA",
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadersWorld]:
    """For tests that change nothing of what others look at."""
    with readers_world(tmp_path_factory.mktemp("readers")) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Iterator[ReadersWorld]:
    """For tests that do."""
    with readers_world(tmp_path) as made:
        yield made


def first(client: Client, card: str, code: str, password: str = PASSWORD, **fields: str) -> tuple[int, str]:
    """The way in with the code; status and page."""
    form = {"card": card, "code": code, "password": password, "repeat": password} | fields
    answer = client.post("/my/first", form)
    return answer.status_code, answer.text


def sign_in(client: Client, card: str, password: str = PASSWORD, **fields: str) -> tuple[int, str]:
    """The way in with the password."""
    answer = client.post("/my/sign-in", {"card": card, "password": password} | fields)
    return answer.status_code, answer.text


def asked(world: ReadersWorld) -> list[Any]:
    """What readers have asked, the first first."""
    with world.centre.store.read() as reader:
        table = Directive.__table__
        return list(reader.connection.execute(sa.select(table).order_by(table.c.issued_at, table.c.id)))


# Coming in


class TestComingIn:
    def test_the_code_opens_once_and_then_the_password(self, own: ReadersWorld) -> None:
        code = own.codes["maryam"].code
        with Client(own) as client:
            assert first(client, "H-1", code)[0] == 303
            assert "مریم رضایی" in client.get("/my/loans").text
            client.post("/my/sign-out", of="/my/loans")
            assert client.get("/my/loans").status_code == 303
        with Client(own) as client:
            status, page = first(client, "H-1", code, "یک گذرواژهٔ دیگر 7")
            assert status == 422
            assert WRONG_CODE in page
            assert sign_in(client, "H-1", "یک گذرواژهٔ دیگر 7")[0] == 422
            assert sign_in(client, "h-1 ".upper())[0] == 303
        with own.centre.store.read() as reader:
            (kept,) = reader.connection.execute(sa.select(MemberPassword.password_hash)).scalars()
        assert kept.startswith("$argon2id$")

    def test_a_code_typed_on_a_persian_keyboard_is_the_code(self, own: ReadersWorld) -> None:
        persian = own.codes["maryam"].code.translate(str.maketrans("0123456789-", "۰۱۲۳۴۵۶۷۸۹ "))
        with Client(own) as client:
            assert first(client, "H-۱", persian)[0] == 303

    def test_the_code_is_not_used_up_by_a_weak_password(self, own: ReadersWorld) -> None:
        with Client(own) as client:
            for bad in ("کوتاه", "1111111111111", "مریم رضایی ۱۲"):
                assert first(client, "H-1", own.codes["maryam"].code, bad)[0] == 422
            assert first(client, "H-1", own.codes["maryam"].code, PASSWORD, repeat="x")[0] == 422
            assert first(client, "H-1", own.codes["maryam"].code)[0] == 303

    def test_a_forgotten_password_is_replaced_by_a_new_code_and_ends_every_session(self, own: ReadersWorld) -> None:
        assert own.maryam is not None
        with Client(own) as stolen, Client(own) as client:
            assert first(stolen, "H-1", own.codes["maryam"].code)[0] == 303
            new = own.give(own.arak, own.maryam)
            assert first(client, "H-1", new.code, "گذرواژهٔ تازهٔ من 9")[0] == 422, "it has not come here yet"
            own.meet()
            assert first(client, "H-1", new.code, "گذرواژهٔ تازهٔ من 9")[0] == 303
            assert stolen.get("/my/loans").status_code == 303
            assert client.get("/my/loans").status_code == 200
        with Client(own) as client:
            assert sign_in(client, "H-1")[0] == 422
            assert sign_in(client, "H-1", "گذرواژهٔ تازهٔ من 9")[0] == 303

    def test_a_code_is_good_for_a_month(self, own: ReadersWorld) -> None:
        own.clock.advance(days=31)
        with Client(own) as client:
            assert first(client, "H-1", own.codes["maryam"].code)[0] == 422

    def test_the_code_of_somebody_else_opens_nothing(self, shared: ReadersWorld) -> None:
        with Client(shared) as client:
            assert first(client, "H-1", shared.codes["zahra"].code)[0] == 422
            assert first(client, "H-9", shared.codes["maryam"].code)[0] == 422

    def test_two_libraries_with_one_number_are_told_apart_by_the_code(self, own: ReadersWorld) -> None:
        with Client(own) as client:
            assert first(client, "SAME-1", own.codes["namesake"].code)[0] == 303
            assert "نرگس کاوه" in client.get("/my/account").text
        with Client(own) as client:
            assert first(client, "SAME-1", own.codes["zahra"].code)[0] == 303
            assert "زهرا زند" in client.get("/my/account").text

    def test_the_same_number_and_password_at_two_libraries_asks_which(self, own: ReadersWorld) -> None:
        for who in ("namesake", "zahra"):
            with Client(own) as client:
                assert first(client, "SAME-1", own.codes[who].code)[0] == 303
        with Client(own) as client:
            status, page = sign_in(client, "SAME-1")
            assert status == 422
            assert "این شماره در چند کتابخانه هست" in page
            assert own.arak.branch.name in page
            assert sign_in(client, "SAME-1", library=str(own.tafresh.branch.id))[0] == 303
            assert "نرگس کاوه" in client.get("/my/account").text

    def test_a_visitor_row_is_never_signed_in_to(self, own: ReadersWorld) -> None:
        """The rogue library: it writes down a visitor with the card of a reader and makes a code of its own."""
        from app.members.web_code import hash_code
        from db.models.centre import MemberLogin

        visitor = next(one for one in rows(own.tafresh, Member) if one.category == "visitor")
        with own.tafresh.store.write() as tx:
            tx.insert(
                MemberLogin, member_id=visitor.id, code_hash=hash_code("12345-67890"), issued_on=act(own.tafresh).day
            )
            tx.record("member.web_code", act(own.tafresh))
        own.meet()
        with Client(own) as client:
            assert first(client, "H-1", "12345-67890")[0] == 422

    def test_a_lost_card_is_no_number(self, own: ReadersWorld) -> None:
        from app.members.cards import report_card_lost

        report_card_lost(own.arak, "H-1", act(own.arak))
        own.meet()
        with Client(own) as client:
            assert first(client, "H-1", own.codes["maryam"].code)[0] == 422
            assert own.maryam is not None
            assert first(client, own.maryam.number, own.codes["maryam"].code)[0] == 303

    @pytest.mark.parametrize("card", HOSTILE_NUMBERS)
    def test_hostile_numbers_find_nobody(self, shared: ReadersWorld, card: str) -> None:
        with Client(shared) as client:
            shared.clock.advance(seconds=1_000)
            status, page = sign_in(client, card)
            assert (status, WRONG in page) == (422, True)
            assert HOSTILE not in page

    @pytest.mark.parametrize("code", HOSTILE_CODES)
    def test_hostile_codes_open_nothing(self, shared: ReadersWorld, code: str) -> None:
        with Client(shared) as client:
            shared.clock.advance(seconds=1_000)
            status, page = first(client, "H-1", code)
            assert (status, WRONG_CODE in page) == (422, True)

    def test_guessing_is_slowed_down_and_no_number_is_kept(self, own: ReadersWorld) -> None:
        with Client(own) as client:
            for _ in range(4):
                assert first(client, "H-1", "00000-00000")[0] == 422
            status, page = first(client, "H-1", own.codes["maryam"].code)
            assert (status, WAIT in page) == (429, True)
            assert sign_in(client, "H-1")[0] == 429
            own.clock.advance(seconds=20)
            assert first(client, "H-1", own.codes["maryam"].code)[0] == 303
        with own.centre.store.read() as reader:
            names = set(reader.connection.execute(sa.select(SignIn.user_name)).scalars())
        assert all(name.startswith("?") and "H-1" not in name for name in names)

    def test_the_next_page_is_one_of_ours(self, own: ReadersWorld) -> None:
        with Client(own) as client:
            form = {"card": "H-1", "code": own.codes["maryam"].code, "password": PASSWORD, "repeat": PASSWORD}
            answer = client.post("/my/first", form | {"next": "//example.org/x"})
            assert answer.headers["location"] == "/"

    def test_password_is_changed_and_other_browsers_are_out(self, own: ReadersWorld) -> None:
        with Client(own) as client, Client(own) as other:
            first(client, "H-1", own.codes["maryam"].code)
            sign_in(other, "H-1")
            form = {"old": PASSWORD, "new": "گذرواژهٔ تازهٔ من 9", "repeat": "گذرواژهٔ تازهٔ من 9"}
            for bad in ({"old": "نه این"}, {"new": "کوتاه", "repeat": "کوتاه"}, {"repeat": "دیگر"}):
                assert client.post("/my/account/password", form | bad, of="/my/account").status_code == 422
            assert client.post("/my/account/password", form, of="/my/account").status_code == 303
            assert client.get("/my/account").status_code == 200
            assert other.get("/my/account").status_code == 303

    def test_whoever_is_no_member_any_more_is_out(self, own: ReadersWorld) -> None:
        assert own.maryam is not None
        with own.as_reader() as client:
            assert client.get("/my/loans").status_code == 200
            with own.arak.store.write() as tx:
                tx.remove(Member, row(own.arak, Member, own.maryam.id), act(own.arak))
                tx.record("test.removed", act(own.arak))
            own.meet()
            assert client.get("/my/loans").status_code == 404
            assert client.get("/my/loans").status_code == 303
        with own.centre.store.read() as reader:
            assert list(reader.connection.execute(sa.select(WebSession.member_id))) == []


# Who sees what


class TestOwnOnly:
    @pytest.mark.parametrize("path", READING)
    def test_no_page_tells_a_national_id_or_another_reader(self, shared: ReadersWorld, path: str) -> None:
        with shared.as_reader() as client:
            answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200
        assert "مریم رضایی" in answer.text
        for secret in (NATIONAL_ID, OTHER_NATIONAL_ID, "siv:", "زهرا", "زند", "گلستان"):
            assert secret not in answer.text, secret
        assert HOSTILE not in answer.text

    @pytest.mark.parametrize("page", [page for page in PAGES if "{" in page.path], ids=lambda page: page.path)
    @pytest.mark.parametrize("which", ["zahras", "zahras_hold", "theirs_title", NOWHERE, "x"])
    def test_what_is_not_theirs_is_not_there(self, shared: ReadersWorld, page: object, which: str) -> None:
        path = re.sub(r"{\w+}", str(shared.ids.get(which, which)), page.path)  # type: ignore[attr-defined]
        before = len(asked(shared))
        with shared.as_reader() as client:
            assert client.post(path, of="/my/account").status_code == 404
        assert len(asked(shared)) == before

    def test_a_reader_opens_no_page_of_the_offices(self, shared: ReadersWorld) -> None:
        with shared.as_reader() as client:
            for path in ("/minutes", "/accounts", "/branches", "/union", "/audit", "/account", "/"):
                answer = client.get(path)
                assert answer.status_code == 403, path
                assert 'action="/my/sign-out"' in answer.text

    def test_without_signing_in_one_is_asked_to(self, shared: ReadersWorld) -> None:
        with Client(shared) as client:
            for path in READING:
                assert client.get(path).headers["location"].startswith("/my/sign-in"), path

    def test_signing_in_leads_back(self, own: ReadersWorld) -> None:
        with Client(own) as client:
            where = client.get("/my/money").headers["location"]
            assert 'name="next" value="/my/money"' in client.get(where).text


# What is shown


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class TestShown:
    def test_loans_with_due_dates_and_lateness_here_and_there(self, shared: ReadersWorld) -> None:
        with shared.as_reader() as client:
            page = text_of(client.get("/my/loans").text)
        late = row(shared.arak, Loan, shared.ids["late"])
        assert "کلیدر" in page
        assert jalali.long(late.due_on) in page
        assert "روز دیرکرد" in page
        assert "از کتابخانهٔ تفرش" in page
        assert "مثنوی" in page
        assert "سووشون" not in page, "it is back"
        assert "در کتابخانه ثبت شده است نشان می‌دهد" in page

    def test_place_in_line_without_who_else_waits(self, shared: ReadersWorld) -> None:
        with shared.as_reader() as client:
            assert "نوبت ۲ از ۲" in text_of(client.get("/my/holds").text)

    def test_money_line_by_line(self, shared: ReadersWorld) -> None:
        with shared.as_reader() as client:
            page = text_of(client.get("/my/money").text)
        assert "بدهی شما" in page
        assert "جریمهٔ دیرکرد" in page

    def test_history_only_for_who_wants_it_kept(self, own: ReadersWorld) -> None:
        assert own.maryam is not None
        with own.as_reader() as client:
            assert "سووشون" in client.get("/my/history").text
            change(own.arak, Member, own.maryam.id, keep_history=False)
            own.meet()
            page = client.get("/my/history").text
            assert "سووشون" not in page
            assert "نشان داده نمی‌شود" in page

    def test_a_second_membership_is_counted_and_not_told(self, own: ReadersWorld) -> None:
        """Where a library says that the reader is its own, only its own code opens what it lends."""
        from tests.library import add_copy, add_member, lend

        twin = add_member(own.tafresh, card="T-5", national_id=NATIONAL_ID, given_name="مریم", family_name="رضایی")
        lend(own.tafresh, twin, add_copy(own.tafresh, "رباعیات"))
        own.meet()
        with own.as_reader() as client:
            page = text_of(client.get("/my/loans").text)
        assert "رباعیات" not in page
        assert "در کتابخانه‌های دیگر ۱ امانت دیگر دارید" in page

    def test_books_are_found_and_what_is_here_can_be_waited_for(self, shared: ReadersWorld) -> None:
        with shared.as_reader() as client:
            here = client.get("/my/search", params={"q": "تاريخ بيهقي"}).text
            assert f"/my/holds/place/{shared.ids['free_title']}" in here
            there = client.get("/my/search", params={"q": "منطق الطیر"}).text
            assert "در کتابخانهٔ شما نیست" in there
            assert "/my/wishes?wish=" in there
            assert "رزرو کرده‌اید" in client.get("/my/search", params={"q": "شاهنامه"}).text
            assert "کتابی با این واژه‌ها نیست" in client.get("/my/search", params={"q": "هیچ‌چنین"}).text
            odd = client.get("/my/search", params={"q": HOSTILE + "' OR \\ %"})
            assert odd.status_code == 200
            assert HOSTILE not in odd.text


# What is asked is done at the library and answered


class TestAsked:
    def test_renewal_waits_is_done_and_shows_the_new_date(self, own: ReadersWorld) -> None:
        loan = own.ids["due"]
        with own.as_reader() as client:
            for _ in range(2):  # a form that was sent twice asks once
                assert client.post(f"/my/loans/{loan}/renew", of="/my/loans").status_code == 303
            assert len(asked(own)) == 1
            assert PENDING in client.get("/my/loans").text
            before = row(own.arak, Loan, loan).due_on
            own.clock.advance(seconds=60)
            own.meet()
            after = row(own.arak, Loan, loan)
            assert (after.renewals, after.due_on > before) == (1, True)
            page = client.get("/my/loans").text
            assert PENDING not in page
            assert "تمدید شد" in page
            assert jalali.long(after.due_on) in page

    def test_what_the_library_refuses_is_told_in_its_words(self, own: ReadersWorld) -> None:
        change(own.arak, Loan, own.ids["due"], unseen_renewals=2, renewals=2)
        own.meet()
        with own.as_reader() as client:
            client.post(f"/my/loans/{own.ids['due']}/renew", of="/my/loans")
            own.meet()
            page = client.get("/my/loans").text
        (answer,) = rows(own.arak, DirectiveAnswer)
        assert not answer.done
        assert "پذیرفته نشد" in page
        assert answer.words.split(";")[0][:30] in page

    def test_all_loans_are_renewed_at_both_libraries(self, own: ReadersWorld) -> None:
        with own.as_reader() as client:
            assert client.post("/my/loans/renew", of="/my/loans").status_code == 303
            assert {one.branch_id for one in asked(own)} == {own.arak.branch.id, own.tafresh.branch.id}
            own.meet()
        assert len(asked(own)) == 3
        assert [row(own.arak, Loan, own.ids["due"]).renewals, row(own.tafresh, Loan, own.ids["there"]).renewals] == [
            1,
            1,
        ]

    def test_a_loan_that_ended_meanwhile_is_not_renewed(self, own: ReadersWorld) -> None:
        with own.as_reader() as client:
            client.post(f"/my/loans/{own.ids['due']}/renew", of="/my/loans")
            check_in(own.arak, CheckinRequest("ARK-1"), act(own.arak))
            own.meet()
            assert client.get("/my/loans").status_code == 200
        (answer,) = rows(own.arak, DirectiveAnswer)
        assert (answer.done, answer.codes) == (False, ["directive.loan_over"])

    def test_a_hold_is_placed_and_cancelled(self, own: ReadersWorld) -> None:
        title = own.ids["zahras_title"]
        with own.as_reader() as client:
            client.post(f"/my/holds/place/{title}", of="/my/search")
            assert PENDING in client.get("/my/holds").text
            own.meet()
            (hold,) = [one for one in rows(own.arak, Hold, title_id=title) if one.state is HoldState.QUEUED]
            page = client.get("/my/holds").text
            assert PENDING not in page
            assert "نوبت ۱ از ۱" in text_of(page)
            client.post(f"/my/holds/{hold.id}/cancel", of="/my/holds")
            assert PENDING in client.get("/my/holds").text
            own.meet()
            assert row(own.arak, Hold, hold.id).state is HoldState.CANCELLED
            assert f"/my/holds/{hold.id}/" not in client.get("/my/holds").text

    def test_a_hold_that_is_refused_tells_why(self, own: ReadersWorld) -> None:
        """A free copy stands on the shelf: the rules of the house decide, not the page."""
        with own.as_reader() as client:
            client.post(f"/my/holds/place/{own.ids['free_title']}", of="/my/search")
            own.meet()
            page = client.get("/my/holds").text
        (answer,) = rows(own.arak, DirectiveAnswer)
        assert (not answer.done) == ("پذیرفته نشد" in page)

    def test_interests_are_written_anew(self, own: ReadersWorld) -> None:
        assert own.maryam is not None
        with own.as_reader() as client:
            typed = f"رمان، تاریخ ایران\n{HOSTILE}\nرمان"
            assert client.post("/my/interests", {"interests": typed}).status_code == 303
            assert PENDING in client.get("/my/interests").text
            own.meet()
            page = client.get("/my/interests").text
        assert row(own.arak, Member, own.maryam.id).interests == ["رمان", "تاریخ ایران", HOSTILE]
        assert "نوشته شد" in page
        assert HOSTILE not in page

    def test_too_many_interests_are_refused_and_stay_in_the_form(self, shared: ReadersWorld) -> None:
        with shared.as_reader() as client:
            answer = client.post("/my/interests", {"interests": "\n".join(f"چیز {n}" for n in range(41))})
        assert answer.status_code == 422
        assert "چیز 40" in answer.text or "چیز ۴۰" in answer.text

    def test_a_wish_reaches_the_library_and_its_answer_comes_back(self, own: ReadersWorld) -> None:
        with own.as_reader() as client:
            assert client.post("/my/wishes", {"wish": " "}).status_code == 422
            assert client.post("/my/wishes", {"wish": "تاریخ جهانگشا، جوینی"}).status_code == 303
            assert PENDING in client.get("/my/wishes").text
            own.meet()
            (wish,) = rows(own.arak, PurchaseRequest)
            assert "در بررسی کتابخانه" in client.get("/my/wishes").text
            said = Reply(WishState.PLANNED, "در خرید بهار می‌آید")
            assert isinstance(reply(own.arak, wish.id, said, act(own.arak)), Replied)
            assert "در بررسی کتابخانه" in client.get("/my/wishes").text
            own.meet()
            page = text_of(client.get("/my/wishes").text)
            assert "خریداری می‌شود. در خرید بهار می‌آید" in page
            assert "در بررسی کتابخانه" not in page

    def test_nobody_floods_a_library(self, own: ReadersWorld) -> None:
        with own.as_reader() as client:
            token = client.csrf("/my/wishes")
            headers = {"Origin": own.url}
            statuses = [
                client.http.post("/my/wishes", data={"_csrf": token, "wish": f"کتاب {n}"}, headers=headers).status_code
                for n in range(31)
            ]
        assert statuses == [303] * 30 + [422]
        assert len(asked(own)) == 30

    def test_what_a_reader_asks_goes_to_their_own_library_alone(self, own: ReadersWorld) -> None:
        with own.as_reader() as client:
            client.post("/my/wishes", {"wish": "دیوان پروین"})
        (directive,) = asked(own)
        assert (directive.branch_id, directive.kind) == (own.arak.branch.id, DirectiveKind.PURCHASE_WISH)
        assert uuid.UUID(directive.facts["member"]) == (own.maryam.id if own.maryam else None)


# In a browser


class TestSeen:
    @pytest.mark.parametrize("path", [*READING, "/my/search?q=کلیدر"])
    def test_axe_finds_nothing_and_it_fits_a_telephone(self, shared: ReadersWorld, browser: Browser, path: str) -> None:
        assert shared.maryam is not None
        token = shared.reader_token(shared.maryam, shared.arak)
        cookie = {"name": "pishkhan-session", "value": token, "url": shared.url, "httpOnly": True}
        browser.driver.execute_cdp_cmd("Network.setCookie", cookie)
        browser.complaints()
        browser.open(shared, path)
        assert browser.all(".problem") == []
        for dress in DRESSES:
            browser.wear(dress)
            assert browser.faults() == [], dress
            assert not browser.is_wider_than_screen(), dress
        assert browser.complaints() == []

    def test_from_the_slip_to_a_renewal_on_a_telephone(self, own: ReadersWorld, browser: Browser) -> None:
        browser.resize(*PHONE)
        browser.open(own, "/my")
        browser.wait_for("/my/sign-in")
        browser.press("کد دارم")
        for name, text in (
            ("card", "H-1"),
            ("code", own.codes["maryam"].code),
            ("password", PASSWORD),
            ("repeat", PASSWORD),
        ):
            browser.write(name, text)
        browser.press("ثبت گذرواژه و ورود")
        browser.wait_for("/my/loans")
        browser.press("تمدید همه")
        assert PENDING in browser.text
        own.meet()
        browser.open(own, "/my/loans")
        assert "تمدید شد" in browser.text
        browser.press("بیرون رفتن")
        browser.wait_for("/my/sign-in")
