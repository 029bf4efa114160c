"""The van and the post of the demo (004 الف-2، الف-3)."""

import datetime as dt

from app.circulation.checkout import CheckoutRequest
from app.circulation.outcomes import CheckedOut
from app.demo.story import NEVER, Reader, Story
from app.routes.changing import cancel_visit, finish_visit
from app.routes.dispatches import (
    ParcelStands,
    Posting,
    Wish,
    dispatch_arrived,
    request_dispatch,
    return_posted,
    send_dispatch,
)
from app.routes.lending import lend_at_stop
from app.routes.reads import StopRow, all_stops, visits_of
from app.routes.service import RouteForm, StopForm, add_route, assign_stop
from db.codes import Channel

ROUTE = "روستاهای دهستان آبگرم"
STOPS = (
    StopForm("ده‌بالا", 0, "کنار مدرسهٔ شهید باهنر", "۹ تا ۱۱"),
    StopForm("چشمه‌سفید", 0, "جلوی مسجد جامع", "۱۲ تا ۱۴"),
    StopForm("گل‌دره", 1, "خانهٔ بهداشت", "۹ تا ۱۱"),
    StopForm("قلعه‌نو", 1, "میدان روستا", "۱۲ تا ۱۴"),
)
EVERY = 14
VISITS = 5
"""So many rounds were made or fell out before the last day; the next is two days after it."""
READERS_A_STOP = 3
ADDRESS = "روستای گل‌دره، خیابان اصلی، پلاک ۱۲"


def buy_a_van(story: Story) -> None:
    """A route of four stops every two weeks, and the readers of its villages."""
    first = story.end + dt.timedelta(days=2 - VISITS * EVERY)
    add_route(story.library, RouteForm(ROUTE, first, EVERY, stops=STOPS), story.act())
    readers = _villagers(story)
    for place, stop in enumerate(_stops(story)):
        for reader in readers[place :: len(STOPS)]:
            assign_stop(story.library, reader.card, stop.id, story.act())


def the_van_cannot_go(story: Story) -> None:
    """One round falls out; whoever has a book keeps it till the next."""
    for stop in _stops(story):
        for day in _visits(story, stop, story.day, story.day + dt.timedelta(days=EVERY - 1)):
            cancel_visit(story.library, stop.id, day, story.act())


def travel(story: Story) -> None:
    """The van is at its stops today, if this is its day: old books come back, others are lent."""
    for place, stop in enumerate(_stops(story)):
        if not _visits(story, stop, story.day, story.day):
            continue
        for number, reader in enumerate(_villagers(story)[place :: len(STOPS)]):
            for barcode in [code for code, (whose, back) in story.out.items() if (whose, back) == (reader, NEVER)]:
                story.give_back(barcode)
            for copy in story.shelf(child=False)[number * 13 + place * 5 :: 97][: 1 + number % 2]:
                asked = CheckoutRequest(reader.card, copy.barcode)
                if isinstance(lend_at_stop(story.library, asked, stop.id, story.act()), CheckedOut):
                    story.out[copy.barcode] = (reader, NEVER)
        finish_visit(story.library, stop.id, story.day, story.act())


def post_two(story: Story) -> None:
    """Two books go by post."""
    for part, tracking in (("posted", "۲۱۳۴۵۰۰۷۸۱۰۰۲۳"), ("posted back", "۲۱۳۴۵۰۰۷۸۱۰۰۳۱")):
        _post(story, part, tracking)


def one_arrives(story: Story) -> None:
    """The second parcel has arrived; the first is under way still."""
    if "posted back" in story.parcels:
        dispatch_arrived(story.library, story.parcels["posted back"], None, story.act())


def one_comes_back(story: Story) -> None:
    """It is on its way home already."""
    if "posted back" in story.props:
        return_posted(story.library, story.props["posted back"], None, "۲۱۳۴۵۰۰۷۹۴۴۰۱۲", story.act())


def ask_the_courier(story: Story) -> None:
    """A reader who cannot come asks for the courier today, another for the post."""
    copies = story.shelf(child=False)[17::31]
    for reader, copy, channel in zip(story.adults(), copies, (Channel.COURIER, Channel.POST), strict=False):
        wish = Wish(reader.card, channel, item=copy.barcode, note="پس از ساعت ۱۶")
        request_dispatch(story.library, wish, story.act())


def _post(story: Story, part: str, tracking: str) -> None:
    for reader in story.adults():
        copy = story.shelf(child=False)[23]
        wish = Wish(reader.card, Channel.POST, item=copy.barcode, address=ADDRESS)
        asked = request_dispatch(story.library, wish, story.act())
        if isinstance(asked, ParcelStands):
            sent = send_dispatch(story.library, asked.parcel.id, Posting(copy.barcode, tracking), story.act())
            if isinstance(sent, ParcelStands):
                story.parcels[part] = sent.parcel.id
                story.cast[part], story.props[part] = reader, copy.barcode
                story.out[copy.barcode] = (reader, NEVER)
                return


def _villagers(story: Story) -> list[Reader]:
    """Grown-ups who come seldom to the house; they live in the villages about it."""
    grown = [reader for reader in story.readers if not reader.child and 0 < reader.activity <= 30]
    return sorted(grown, key=lambda one: one.card)[: READERS_A_STOP * len(STOPS)]


def _stops(story: Story) -> list[StopRow]:
    with story.library.store.read() as store:
        return sorted(all_stops(store), key=lambda stop: stop.position)


def _visits(story: Story, stop: StopRow, since: dt.date, until: dt.date) -> list[dt.date]:
    with story.library.store.read() as store:
        found = visits_of(store, stop, story.library.calendar, since, until)
    return [visit.day for visit in found if not visit.cancelled and not visit.done]
