"""Wishes at the desk: kept, listed, answered (000 §1-2-الف)."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.form import Creator, TitleForm
from app.library import Library
from app.members.merging import merge_members
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from app.wishes.answering import Replied, Reply, reply
from app.wishes.asking import Wished, ask
from app.wishes.facts import OPEN, HeldTitle, WishForm
from app.wishes.reads import held_titles, wishes
from db.codes import ItemStatus, Role, WishState
from db.models.catalogue import PurchaseRequest
from db.models.items import Item
from tests import library as lib

ISBN = "9789643052454"
SOUVASHUN = TitleForm("سووشون", (Creator("سیمین دانشور"),), isbn=ISBN)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


def asked(library: Library, title: str = "کلیدر", member: str | None = None, creator: str | None = None) -> uuid.UUID:
    anyway = Answer(confirm=frozenset({"wish.held"}))
    outcome = ask(library, WishForm(title, creator), lib.act(library), member, anyway)
    assert isinstance(outcome, Wished), outcome
    return outcome.wish_id


def replied(library: Library, wish: uuid.UUID, said: Reply, *confirm: str) -> Replied:
    outcome = reply(library, wish, said, lib.act(library), Answer(confirm=frozenset(confirm)))
    assert isinstance(outcome, Replied), outcome
    return outcome


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def held(library: Library, wish: str) -> tuple[HeldTitle, ...]:
    with library.store.read() as reader:
        return held_titles(reader, wish, library.store.dialect.name)


def listed(library: Library, *states: WishState, text: str = "") -> list[str]:
    with library.store.read() as reader:
        return [line.wish for line in wishes(reader, states or None, text)]


class TestAsking:
    def test_a_member_or_somebody_unnamed_asks_for_a_book(self, library: Library) -> None:
        member = lib.add_member(library)
        asked(library, "کلیدر", member.card, creator="دولت‌آبادی")
        asked(library, "چشم‌هایش")
        theirs, nobodys = lib.rows(library, PurchaseRequest)
        assert (theirs.member_id, theirs.wish, theirs.state) == (member.id, "کلیدر، دولت‌آبادی", WishState.ASKED)
        assert (theirs.asked_on, theirs.answer) == (lib.TODAY, None)
        assert nobodys.member_id is None

    def test_the_same_wish_of_the_same_reader_is_kept_once_while_it_is_open(self, library: Library) -> None:
        one, other = lib.add_member(library), lib.add_member(library)
        wish = asked(library, "کتاب‌ها", one.card)
        again = ask(library, WishForm("كتاب ها"), lib.act(library), one.number)
        assert isinstance(again, Wished)
        assert (again.already, again.wish_id) == (True, wish)
        assert asked(library, "کتاب‌ها", other.card) != wish
        assert asked(library, "کتاب‌ها") != wish
        replied(library, wish, Reply(WishState.REFUSED, "نایاب"))
        assert asked(library, "کتاب‌ها", one.card) != wish

    def test_an_unknown_card_and_wrong_fields_change_nothing(self, library: Library) -> None:
        unknown = ask(library, WishForm("کلیدر"), lib.act(library), "no such card")
        assert unknown == NotFound(Sought.MEMBER, "no such card")
        assert codes(ask(library, WishForm("", isbn="1"), lib.act(library))) == ["field.required", "field.invalid"]
        trainee = lib.act(library, Role.TRAINEE)
        assert codes(ask(library, WishForm("کلیدر"), trainee)) == ["role.not_allowed"]
        assert lib.rows(library, PurchaseRequest) == []

    def test_a_book_the_library_has_is_asked_about(self, library: Library) -> None:
        lib.add_copy(library, SOUVASHUN)
        form = WishForm("سووشون", "سیمین دانشور")
        assert codes(ask(library, form, lib.act(library))) == ["wish.held"]
        outcome = ask(library, form, lib.act(library), answer=Answer(confirm=frozenset({"wish.held"})))
        assert isinstance(outcome, Wished)
        assert [one.title for one in outcome.held] == ["سووشون"]

    def test_a_merged_member_takes_the_wishes_along(self, library: Library) -> None:
        keep, drop = lib.add_member(library), lib.add_member(library)
        asked(library, member=drop.card)
        merge_members(library, keep.card, drop.card, lib.act(library))
        (wish,) = lib.rows(library, PurchaseRequest)
        assert wish.member_id == keep.id


class TestHeld:
    @pytest.mark.parametrize(
        ("wish", "same"),
        [
            ("سووشون", [True]),
            ("سووشون، سیمین دانشور، خوارزمی", [True]),
            ("سووشون، دانشور", [True]),
            (f"رمانی از دانشور، شابک {ISBN}", [True]),
            ("سووشون، صادق هدایت", [False]),
            ("بوف کور", []),
            ("", []),
        ],
    )
    def test_that_very_book_is_told_from_one_of_the_same_name(
        self, library: Library, wish: str, same: list[bool]
    ) -> None:
        lib.add_copy(library, SOUVASHUN)
        assert [one.same for one in held(library, wish)] == same

    def test_a_longer_title_is_not_that_book_and_stands_after_it(self, library: Library) -> None:
        for title in ("سووشون در آیینهٔ نقد", "سووشون"):
            lib.add_copy(library, title)
        assert [(one.title, one.same) for one in held(library, "سووشون")] == [
            ("سووشون", True),
            ("سووشون در آیینهٔ نقد", False),
        ]

    def test_only_copies_that_a_reader_can_have_count(self, library: Library) -> None:
        copies = [lib.add_copy(library, SOUVASHUN)]
        copies += [lib.add_copy(library, copies[0].title_id) for _ in range(2)]
        lib.change(library, Item, copies[0].id, status=ItemStatus.WEEDED_WORN)
        lib.change(library, Item, copies[1].id, status=ItemStatus.ON_LOAN)
        (found,) = held(library, "سووشون")
        assert (found.copies, found.available) == (2, 1)
        for copy in copies:
            lib.change(library, Item, copy.id, status=ItemStatus.LOST)
        assert held(library, "سووشون") == ()


class TestList:
    def test_what_waits_comes_first_the_oldest_before(self, library: Library) -> None:
        first = asked(library, "یک")
        lib.pass_days(library, 1)
        second, third = asked(library, "دو"), asked(library, "سه")
        lib.pass_days(library, 1)
        asked(library, "چهار")
        replied(library, first, Reply(WishState.PLANNED))
        replied(library, second, Reply(WishState.REFUSED, "نایاب"))
        assert listed(library) == ["سه", "چهار", "یک", "دو"]
        assert listed(library, *OPEN) == ["سه", "چهار", "یک"]
        assert listed(library, WishState.REFUSED) == ["دو"]
        replied(library, third, Reply(WishState.REFUSED, "گران"))
        assert listed(library, WishState.REFUSED) == ["سه", "دو"]

    def test_words_find_the_book_the_reader_and_the_answer(self, library: Library) -> None:
        member = lib.add_member(library, given_name="پروانه", family_name="کاظمی")
        wish = asked(library, "کلیدر", member.card)
        asked(library, "چشم‌هایش")
        assert listed(library, text="كليدر") == listed(library, text="پروانه کاظمی") == ["کلیدر"]
        assert listed(library, text=member.number) == ["کلیدر"]
        replied(library, wish, Reply(WishState.PLANNED, "نوروز"))
        assert listed(library, text="نوروز") == ["کلیدر"]
        assert listed(library, text="هیچ") == []


class TestAnswering:
    def test_the_book_that_was_bought_is_named_by_a_copy(self, library: Library) -> None:
        wish, copy = asked(library, "سووشون"), lib.add_copy(library, SOUVASHUN)
        replied(library, wish, Reply(WishState.PLANNED))
        told = replied(library, wish, Reply(WishState.BOUGHT, copy=copy.barcode))
        assert told.title is not None
        assert told.title.id == copy.title_id
        (row,) = lib.rows(library, PurchaseRequest)
        assert (row.state, row.answer) == (
            WishState.BOUGHT, "خریداری و در کتابخانه ثبت شد: «سووشون»، سیمین دانشور.",
        )  # fmt: skip

    def test_a_book_that_is_here_is_named_by_its_title(self, library: Library) -> None:
        wish, copy = asked(library, "سووشون"), lib.add_copy(library, SOUVASHUN)
        told = replied(library, wish, Reply(WishState.HELD, title_id=copy.title_id))
        assert "کتابخانه این کتاب را دارد: «سووشون»" in (told.line.answer or "")

    def test_what_is_not_there_is_not_found(self, library: Library) -> None:
        wish, nowhere = asked(library), uuid.uuid4()
        now = lib.act(library)
        assert reply(library, nowhere, Reply(WishState.PLANNED), now) == NotFound(Sought.WISH, str(nowhere))
        assert reply(library, wish, Reply(WishState.HELD, copy="X-1"), now) == NotFound(Sought.ITEM, "X-1")
        gone = reply(library, wish, Reply(WishState.HELD, title_id=nowhere), now)
        assert gone == NotFound(Sought.TITLE, str(nowhere))

    def test_the_same_answer_again_changes_nothing_and_another_is_asked_about(self, library: Library) -> None:
        wish = asked(library)
        no = Reply(WishState.REFUSED, "نایاب")
        assert not replied(library, wish, no).already
        ver = lib.row(library, PurchaseRequest, wish).ver
        assert replied(library, wish, no).already
        assert lib.row(library, PurchaseRequest, wish).ver == ver
        assert codes(reply(library, wish, Reply(WishState.PLANNED), lib.act(library))) == ["wish.answered"]
        assert replied(library, wish, Reply(WishState.PLANNED), "wish.answered").line.is_open

    def test_answers_are_the_librarians(self, library: Library) -> None:
        wish, assistant = asked(library), lib.act(library, Role.ASSISTANT)
        assert codes(reply(library, wish, Reply(WishState.PLANNED), assistant)) == ["role.not_allowed"]
        assert isinstance(ask(library, WishForm("دیگری"), assistant), Wished)
