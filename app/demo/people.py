"""The readers of the demo beyond their form: families, photographs, notes, doubtful numbers, missing papers."""

import datetime as dt
from dataclasses import replace

from app.circulation.alerts import AlertForm, add_alert
from app.clearance.facts import Cleared
from app.clearance.paper import CertificatePrinter
from app.clearance.service import ClearRequest, clear
from app.demo.portraits import portrait
from app.demo.story import NEVER, Story
from app.members.form import MemberForm
from app.members.photos import set_photo
from app.members.restrictions import BanForm, restrict
from app.members.service import add_member, edit_member, form_of
from app.members.writing import enrol
from app.notices.contacts import set_contact
from db.codes import AlertMoment, AlertWeight, CardState, ContactHealth, ContactKind, MemberState

PHOTOGRAPHS = 15
ORDINARY_LOANS = (1, 2, 3)
LONG = dt.timedelta(days=60)
STAR = "star"
"""The reader with a photograph, a late book, a debt, holds and a note: everything a reader's card can show."""


def link_families(story: Story) -> None:
    """Whoever was registered before the one who stands for them is linked now."""
    for reader in story.readers:
        wanted = reader.demo.form
        if wanted.guardian_member or wanted.guarantor:
            with story.library.store.read() as store:
                form = form_of(store, reader.member_id)
            if form is not None:
                form = replace(form, guardian_member=wanted.guardian_member, guarantor=wanted.guarantor)
                edit_member(story.library, reader.member_id, form, story.act())


def borrow_so_many(story: Story) -> None:
    """Readers against whom nothing speaks have one, two and three books in hand, until after the last day."""
    for number in ORDINARY_LOANS:
        has = {reader.card for reader, _ in story.out.values()}
        for reader in list(story.adults()):
            form = reader.demo.form
            free = reader.card not in has and form.category == "ordinary" and story.balance(reader) == 0
            if free and (form.expires_on or dt.date.max) > story.end + LONG:
                lent = [
                    copy for copy in story.shelf(child=False)[number::37][:number] if story.take(reader, copy, NEVER)
                ]
                if len(lent) == number:
                    story.cast[f"{number} books"] = reader
                    break


def take_photographs(story: Story) -> None:
    """The busiest grown-ups and children had their picture taken."""
    known = [reader for reader in story.readers if reader.card_state is CardState.ACTIVE]
    busiest = sorted(known, key=lambda one: (-one.activity, one.card))
    star = [story.cast[STAR]] if STAR in story.cast else []
    sitters = [*star, *(reader for reader in busiest if reader not in star)][:PHOTOGRAPHS]
    for number, reader in enumerate(sitters):
        picture = portrait(number, female=reader.demo.female, child=reader.child)
        set_photo(story.library, reader.card, picture, story.act())


def leave_notes(story: Story) -> None:
    """Notes on two readers and two copies."""
    star = story.cast.get(STAR) or next(story.adults())
    other = next(story.adults())
    read_up_to = story.end + dt.timedelta(days=40)
    for form in (
        AlertForm("شمارهٔ تلفن تازه را بپرسید", member=star.card, moment=AlertMoment.ALWAYS),
        AlertForm(
            "کارت دانشجویی همسرش پیش ماست؛ پس داده شود", member=other.card, weight=AlertWeight.CONFIRM, until=read_up_to
        ),
        AlertForm("جلد شل است؛ با دقت امانت داده شود", item=_noted(story, 0)),
        AlertForm("لوح فشرده همراه کتاب است؛ شمرده شود", item=_noted(story, 1), moment=AlertMoment.CHECKIN),
    ):
        add_alert(story.library, form, story.act())


def _noted(story: Story, place: int) -> str:
    copy = story.shelf(child=False)[40 + place]
    story.props[f"noted {place}"] = copy.barcode
    return copy.barcode


def doubt_numbers(story: Story) -> None:
    """A number that nobody answered for long, one that is somebody else's, and one that was checked."""
    reached = [reader for reader in story.adults() if reader.demo.form.mobile]
    healths = (ContactHealth.DOUBTFUL, ContactHealth.BAD, ContactHealth.VERIFIED)
    for reader, health in zip(reached[4:7], healths, strict=False):
        number = reader.demo.form.mobile or ""
        set_contact(story.library, reader.card, ContactKind.MOBILE, number, health, story.act())


def register_twice(story: Story) -> None:
    """Two readers without their national id on the second form: registered again, under another number."""
    for reader in [one for one in story.adults() if one.demo.form.mobile][8:10]:
        form = reader.demo.form
        again = MemberForm(
            form.given_name, form.family_name, form.category, birth_date=form.birth_date, mobile=form.mobile,
            father_name=form.father_name, address=form.address,
        )  # fmt: skip
        add_member(story.library, again, story.act(), free=True)


def wait_for_a_letter(story: Story) -> None:
    """Somebody whose school has not written yet; the policy of public libraries asks nobody for a letter, so it is
    entered as waiting."""
    form = MemberForm(
        "مهسا", "ساروقی", "half_price", birth_date=dt.date(2008, 6, 3), father_name="جواد", mobile="09010000901",
        address="آبگرم، کوچه قالی‌بافان، پلاک ۷", scheme="طرح همکاری با دبیرستان", note="معرفی‌نامهٔ دبیرستان در راه است",
    )  # fmt: skip
    with story.library.store.write() as tx:
        act = story.act()
        enrol(tx, form, act.day, None, MemberState.PENDING)
        tx.record("member.added", act)


def ban(story: Story) -> None:
    """A ban that ends soon, beside the one that came with the register."""
    reader = list(story.adults())[-1]
    until = story.end + dt.timedelta(days=9)
    restrict(story.library, BanForm(reader.card, "خط کشیدن در دو کتاب امانی", until), story.act())


def clear_somebody(story: Story, printer: CertificatePrinter) -> None:
    """Somebody moves to another town with nothing in hand and nothing owed."""
    idle = [reader for reader in story.readers if not reader.activity and reader.card_state is CardState.ACTIVE]
    for reader in sorted(idle, key=lambda one: one.card) or list(story.adults())[-5:]:
        outcome = clear(story.library, ClearRequest(reader.card, "جابه‌جایی به اراک"), printer, story.act())
        if isinstance(outcome, Cleared):
            return
