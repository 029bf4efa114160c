"""Books of the demo that do not come back, or not whole."""

import datetime as dt

from app.accounts.payments import Payment, pay
from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.replacing import ReplaceRequest, replace_in_kind
from app.demo.people import STAR
from app.demo.story import Story
from db.codes import Condition


def borrow_for_ever(story: Story) -> None:
    """A book that is half a year late."""
    story.act_out("long overdue")


def borrow_and_lose(story: Story) -> None:
    """Books that will be lost, claimed and replaced."""
    for part in ("replaced", "paid", "lost", "claimed"):
        story.act_out(part)


def lose(story: Story) -> None:
    """Three readers say that theirs is gone."""
    for part, reason in (("replaced", "در سفر گم شد"), ("paid", "خیس شد و از میان رفت"), ("lost", "در اتوبوس جا ماند")):
        if part in story.props:
            declare_lost(story.library, LostRequest(story.props[part], reason=reason), story.act())


def settle_losses(story: Story) -> None:
    """One brings the same book, one pays, one does neither yet."""
    if "replaced" in story.props:
        replace_in_kind(story.library, ReplaceRequest(story.props["replaced"]), story.act())
    if "paid" in story.cast and story.balance(story.cast["paid"]) > 0:
        pay(story.library, Payment(story.cast["paid"].card, story.balance(story.cast["paid"])), story.act())


def claim(story: Story) -> None:
    """A reader says that the book was brought back last week."""
    if "claimed" in story.props:
        request = ClaimRequest(story.props["claimed"], on=story.day - dt.timedelta(days=6))
        claim_returned(story.library, request, story.act())


def damage(story: Story) -> None:
    """A book comes back wet, and its price is shared; another is missing from the shelf."""
    acted = story.act_out("damaged")
    if acted is not None:
        note = "چند برگ خیس شده و چسبیده است"
        note_damage(story.library, DamageRequest(acted[1], note, 40_000, Condition.DAMAGED), story.act())
        story.give_back(acted[1])
    missing = story.shelf(child=False)[60]
    story.props["missing"] = missing.barcode
    declare_lost(story.library, LostRequest(missing.barcode, reason="در قفسه‌خوانی پیدا نشد"), story.act())


def star_is_late(story: Story) -> None:
    """The star takes a book that is not brought back in time."""
    story.act_out(STAR, "star late")


def star_takes_another(story: Story) -> None:
    """While nothing is late yet, the star takes one more."""
    for copy in story.shelf(child=False)[5::11][:5]:
        if STAR in story.cast and story.take(story.cast[STAR], copy, story.end + dt.timedelta(days=4)):
            return
