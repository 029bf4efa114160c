"""The house itself in the demo: opening hours, a closure by snow, the rules of the new year, the nights."""

import datetime as dt

from app.calendar.hours import Interval
from app.closures.days import Closure, close_days
from app.closures.hours import WeeklyHours, set_hours
from app.demo.story import Story
from app.nightly.service import run_due_nights
from app.policy.document import write_document
from app.policy.draft import Key, with_value
from app.policy.service import set_policy
from db.codes import RuleStatus

MORNING, EVENING, HALF_DAY = Interval(450, 720), Interval(900, 1_080), Interval(450, 750)
WHOLE_DAY = Interval(450, 810)
THURSDAY = 5
SHELF_DAYS = 4
LOAN_DAYS = 14


def set_the_hours(story: Story) -> None:
    """Odd days: one long morning; even days: morning and evening; a half Thursday."""
    week = {day: (WHOLE_DAY,) if day % 2 else (MORNING, EVENING) for day in range(THURSDAY)}
    set_hours(story.library, WeeklyHours({**week, THURSDAY: (HALF_DAY,)}), story.act())


def new_rules(story: Story) -> None:
    """A second version of the rules: books that were asked for stand ready a day longer."""
    table = with_value(story.library.policy, Key(), "shelf_days", SHELF_DAYS)
    changed = {"title": "ضوابط امانت، بازنگری شورای کتابخانه", "status": RuleStatus.IN_FORCE.value}
    set_policy(story.library, write_document(table) | changed | {"effective_from": story.day}, story.act())


def borrow_before_the_snow(story: Story) -> None:
    """Three books that are due on the day of the snow."""
    readers = story.adults()
    for copy in story.shelf(child=False)[2::41][:3]:
        back = story.day + dt.timedelta(days=LOAN_DAYS + 2)
        story.lend_to_one_of(readers, copy, back)


def snow(story: Story) -> None:
    """The road is closed: the door stays shut today, and what is due moves."""
    close_days(story.library, Closure((story.day,), "برف سنگین و بسته شدن راه روستا", emergency=True), story.act())


def night(story: Story) -> None:
    """What the night left to do is done when the computer wakes."""
    run_due_nights(story.library, story.act(), after=story.day - dt.timedelta(days=1))
