"""Two desks at one PostgreSQL: one wish, one answer, and the second desk hears that the reader has had it."""

from collections.abc import Iterator

import pytest

from app.catalogue.form import Creator, TitleForm
from app.outcome import Refused
from app.wishes.answering import Replied, Reply, reply
from app.wishes.asking import Wished, ask
from app.wishes.facts import WishForm
from app.wishes.reads import held_titles, wishes
from db.codes import WishState
from tests.library import act, add_copy, add_member
from tests.shared import desk, shared_url


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with shared_url() as address:
        yield address


def test_a_wish_is_asked_at_one_desk_and_answered_at_another(url: str) -> None:
    with desk(url) as one, desk(url) as two:
        member = add_member(one)
        first = ask(one, WishForm("کلیدر"), act(one), member.card)
        again = ask(two, WishForm("کلیدر"), act(two), member.card)
        assert isinstance(first, Wished)
        assert isinstance(again, Wished)
        assert (again.already, again.wish_id) == (True, first.wish_id)
        add_copy(two, TitleForm("کلیدر", (Creator("محمود دولت‌آبادی"),)))
        with one.store.read() as reader:
            (held,) = held_titles(reader, "کلیدر، دولت‌آبادی", one.store.dialect.name)
        assert (held.same, held.copies) == (True, 1)
        said = Reply(WishState.BOUGHT, title_id=held.id)
        assert isinstance(reply(two, first.wish_id, said, act(two)), Replied)
        late = reply(one, first.wish_id, Reply(WishState.REFUSED, "نایاب"), act(one))
        assert isinstance(late, Refused)
        assert [refusal.code for refusal in late.refusals] == ["wish.answered"]
        with one.store.read() as reader:
            assert [line.state for line in wishes(reader)] == [WishState.BOUGHT]
