"""What happens in the demo beside the daily work, and when: so that every page has something to show."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from app.demo import house, losses, money, people, queues, reminders, upkeep, ways, weeding, wishes
from app.demo.story import Story


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens so many days before the last, or on the next open day; 0: on the last morning."""

    days_before: int
    play: Callable[[Story], None]


NIGHTS, LETTERS, DRAWERS = 35, 30, 6
"""For so many days the nightly work is done, reminders are sent, and the drawer is opened and counted."""
BEFORE = dt.timedelta(hours=2)
BUSY = (10, 70)
"""Seconds between two acts of the last morning, so that all of it is over in time."""
SCENES = (
    Scene(260, house.set_the_hours),
    Scene(250, house.new_rules),
    Scene(240, upkeep.set_the_house),
    Scene(150, upkeep.read_shelves),
    Scene(146, weeding.worn_minutes),
    Scene(141, weeding.worn_ruled),
    Scene(133, weeding.worn_closed),
    Scene(120, upkeep.bind_in_summer),
    Scene(110, losses.borrow_for_ever),
    Scene(100, weeding.recycle_worn),
    Scene(98, weeding.quiet_minutes),
    Scene(95, upkeep.summer_comes_back),
    Scene(93, weeding.quiet_forwarded),
    Scene(85, weeding.quiet_leave),
    Scene(69, ways.buy_a_van),
    Scene(68, upkeep.report_the_quarter),
    Scene(60, people.register_twice),
    Scene(50, weeding.libraries_ask),
    Scene(48, losses.borrow_and_lose),
    Scene(41, ways.the_van_cannot_go),
    Scene(40, upkeep.report_is_answered),
    Scene(38, losses.lose),
    Scene(36, weeding.content_minutes),
    Scene(35, house.borrow_before_the_snow),
    Scene(34, wishes.ask_first),
    Scene(31, losses.settle_losses),
    Scene(31, weeding.content_corrected),
    Scene(26, weeding.content_reissued),
    Scene(24, losses.star_is_late),
    Scene(23, wishes.answer_first),
    Scene(21, house.snow),
    Scene(18, upkeep.bind_in_autumn),
    Scene(16, money.book_week),
    Scene(15, ways.post_two),
    Scene(13, people.borrow_so_many),
    Scene(13, queues.borrow_the_wanted),
    Scene(12, queues.wait_in_line),
    Scene(12, weeding.content_at_the_province),
    Scene(11, ways.one_arrives),
    Scene(11, losses.star_takes_another),
    Scene(9, losses.damage),
    Scene(8, reminders.call),
    *(Scene(days, queues.one_comes_in_time) for days in range(8, 1, -1)),
    Scene(6, money.a_cover_is_torn),
    Scene(6, reminders.call),
    Scene(6, people.wait_for_a_letter),
    Scene(5, people.ban),
    Scene(5, weeding.quiet_again),
    Scene(5, money.waive_some),
    Scene(4, people.doubt_numbers),
    Scene(4, losses.claim),
    Scene(3, reminders.call),
    Scene(3, people.link_families),
    Scene(3, upkeep.mend_some),
    Scene(2, wishes.ask_later),
    Scene(2, money.pay_by_wallet),
    Scene(2, people.take_photographs),
    Scene(2, people.leave_notes),
    Scene(2, ways.one_comes_back),
    Scene(1, reminders.call),
    Scene(1, weeding.look_at_the_next),
    Scene(1, upkeep.begin_another_reading),
    Scene(0, money.open_the_drawer),
    Scene(0, money.take_money),
    Scene(0, queues.stand_ready),
    Scene(0, queues.ask_for_what_is_here),
    Scene(0, ways.ask_the_courier),
)


def open_the_day(story: Story, left: list[Scene]) -> None:
    """The night, the messages, the van, and every scene whose day has come; those played leave the list."""
    before = (story.end - story.day).days
    story.wake()
    if before <= NIGHTS:
        house.night(story)
    if 0 < before <= LETTERS:
        reminders.send(story)
    if 0 < before < DRAWERS:
        money.open_the_drawer(story)
    while left and left[0].days_before >= before:
        left.pop(0).play(story)
    ways.travel(story)


def last_morning(story: Story, left: list[Scene], moment: dt.datetime) -> None:
    """The night before, the loans of the last hour, and what is left to happen until the moment the story ends."""
    story.clock.set(moment - BEFORE)
    story.pace = BUSY
    house.night(story)
    story.this_morning(moment)
    while left:
        left.pop(0).play(story)
