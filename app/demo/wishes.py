"""Books that readers of the demo ask the library to buy, and what they are answered (000 §1-2-الف)."""

from app.demo.story import Story
from app.refusal import Answer
from app.wishes.answering import Reply, reply
from app.wishes.asking import Wished, ask
from app.wishes.facts import WishForm
from app.wishes.reads import held_titles
from app.wishes.rules import HELD
from db.codes import WishState

ANOTHER_COPY = Answer(confirm=frozenset({HELD}))
FIRST = (
    ("wish atoms", WishForm("عادت‌های اتمی", "جیمز کلیر", "نوین", 1397), 3),
    ("wish adler", WishForm("شناخت طبیعت انسان", "آلفرد آدلر", "تهران", note="چاپ تازه"), 8),
    ("wish test", WishForm("نمونه‌سؤال‌های آزمون استخدامی آموزش و پرورش"), None),
    ("wish souvashun", WishForm("سووشون", "سیمین دانشور"), 14),
)
LATER = (
    ("wish second sex", WishForm("جنس دوم", "سیمون دوبووار", "توس", note="برای پایان‌نامه"), 5),
    ("wish suicide", WishForm("مغازه خودکشی", "ژان تولی", "چشمه", isbn="9786002293657"), 11),
    ("wish sapiens", WishForm("انسان خردمند", "یووال نوح هراری"), 17),
    ("wish almond", WishForm("پرورش بادام و گردو", note="برای باغداران روستا"), None),
)


def ask_first(story: Story) -> None:
    """Four books are asked for; one by somebody who does not say who they are, one that stands on the shelf."""
    _ask(story, FIRST)


def answer_first(story: Story) -> None:
    """One is on the list to be bought, one will not be bought, one is on the shelf."""
    _reply(story, "wish atoms", Reply(WishState.PLANNED, "در فهرست خرید زمستان"))
    _reply(story, "wish test", Reply(WishState.REFUSED, "کتاب آزمون در برنامهٔ خرید ما نیست."))
    with story.library.store.read() as reader:
        held = held_titles(reader, "سووشون، سیمین دانشور", story.library.store.dialect.name)
    if held:
        _reply(story, "wish souvashun", Reply(WishState.HELD, title_id=held[0].id))


def ask_later(story: Story) -> None:
    """Four more, of which the library has one under a longer title."""
    _ask(story, LATER)


def _ask(story: Story, wanted: tuple[tuple[str, WishForm, int | None], ...]) -> None:
    """Nothing is left to chance here: the rest of the story goes on as without it."""
    readers = list(story.adults())
    for name, form, place in wanted:
        card = readers[place % len(readers)].card if place is not None and readers else None
        outcome = ask(story.library, form, story.quickly(), card, ANOTHER_COPY)
        if isinstance(outcome, Wished):
            story.papers[name] = outcome.wish_id


def _reply(story: Story, name: str, said: Reply) -> None:
    if name in story.papers:
        reply(story.library, story.papers[name], said, story.quickly())
