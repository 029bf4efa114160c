"""What is asked about a member, in the panel above the list; each question runs its use case."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.circulation.alerts import AlertAdded, AlertForm, add_alert
from app.labels import ALERT_MOMENT, ALERT_WEIGHT, CONTACT_KIND, RESTRICTION_KIND
from app.members.restrictions import BanForm, BanRow, restrict, unrestrict
from app.members.service import default_expiry, renew_member
from app.notices.contacts import ContactSet, set_contact
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.policy.table import ANY
from db.codes import AlertMoment, AlertWeight, ContactHealth, ContactKind, MemberState, RestrictionKind
from ui.members.details import Chosen
from ui.money.asking import Answered, Confirmed, Question
from ui.money.words import rials
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, day_of, text_of
from ui.widgets.labels import isolate

GONE = Said(Tone.REFUSE, "این عضو دیگر در دفتر نیست", (), Sound.REFUSED)
LONGEST_NOTE = 300
BACK_AGAIN = "این عضو تسویه کرده بود؛ با تمدید دوباره عضو می‌شود و برگهٔ تسویهٔ او باطل می‌شود."


def until_words(day: dt.date | None) -> str:
    """«تا ۳۰ آبان ۱۴۰۶», or that there is no end."""
    return f"تا {jalali.day_month_year(day)}" if day else "بی‌پایان"


def renewal_question(session: Session, chosen: Chosen) -> Question:
    """Prolong the membership: until when and for how much is said before and after."""
    library, today = session.library, session.act().day
    member = chosen.card.member
    terms = library.terms(member.category, ANY)
    fee = terms.number("fee")
    begins = max(member.expires_on or today, today)
    usual = default_expiry(library, member.category, begins)

    def run(values: Values, _: Confirmed) -> Answered:
        free = not values.get("charge")
        outcome = renew_member(library, member.member_no, session.act(), until=day_of(values, "until"), free=free)
        if isinstance(outcome, Refused):
            return outcome.refusals
        if isinstance(outcome, NotFound):
            return GONE
        paid = f"حق عضویت {rials(outcome.fee)} در حساب نوشته شد" if outcome.fee else "بی حق عضویت"
        detail = (f"اعتبار {until_words(outcome.expires_on)}", paid)
        return Said(Tone.OK, f"عضویت تمدید شد — {isolate(chosen.name)}", (" · ".join(detail),), Sound.CHECKED_IN)

    fields: tuple[Field, ...] = (Field("until", "اعتبار تا", Kind.DATE, help=f"خالی بماند، {until_words(usual)}"),)
    if fee:
        fields += (Field("charge", f"حق عضویت {rials(fee)} نوشته شود", Kind.TICK),)
    costs = f"حق عضویت {rials(fee)}" if fee else "حق عضویت ندارد"
    said = [f"اعتبار کنونی {until_words(member.expires_on)}", f"با تمدید {until_words(usual)}", costs]
    if member.state is MemberState.CLEARED:
        said.append(BACK_AGAIN)
    return Question(
        title=f"تمدید عضویت {isolate(chosen.name)}",
        yes="تمدید شود",
        fields=fields,
        run=run,
        values={"charge": bool(fee)},
        note=" · ".join(said),
        columns=3,
    )


def note_question(session: Session, chosen: Chosen) -> Question:
    """A note that comes up at the desk."""

    def run(values: Values, _: Confirmed) -> Answered:
        form = AlertForm(
            text_of(values, "text") or "",
            member=chosen.card.member.member_no,
            moment=AlertMoment(text_of(values, "moment") or AlertMoment.CHECKOUT),
            weight=AlertWeight(text_of(values, "weight") or AlertWeight.MESSAGE),
            until=day_of(values, "until"),
        )
        outcome = add_alert(session.library, form, session.act())
        match outcome:
            case Refused():
                return outcome.refusals
            case NotFound():
                return GONE
            case AlertAdded():
                title = "همین یادداشت از پیش بود" if outcome.already else "یادداشت گذاشته شد"
                undo = "" if outcome.already else "برداشتن یادداشت"
                return Said(Tone.OK, title, (isolate(form.text),), Sound.CHECKED_IN, undo)

    return Question(
        title=f"یادداشت برای {isolate(chosen.name)}",
        yes="گذاشته شود",
        fields=(
            Field("text", "متن", required=True, wide=True, longest=LONGEST_NOTE),
            Field("moment", "کی پیش بیاید", Kind.CHOICE, options=_options(ALERT_MOMENT)),
            Field("weight", "چگونه", Kind.CHOICE, options=_options(ALERT_WEIGHT)),
            Field("until", "تا تاریخ", Kind.DATE, help="خالی بماند، تا برداشته شود."),
        ),
        run=run,
        values={"moment": AlertMoment.CHECKOUT.value, "weight": AlertWeight.MESSAGE.value},
        columns=3,
    )


def ban_question(session: Session, chosen: Chosen) -> Question:
    """Bar the member from borrowing."""

    def run(values: Values, _: Confirmed) -> Answered:
        kind = RestrictionKind(text_of(values, "kind") or RestrictionKind.MANUAL)
        wish = BanForm(chosen.card.member.member_no, text_of(values, "reason") or "", day_of(values, "until"), kind)
        outcome = restrict(session.library, wish, session.act())
        if isinstance(outcome, Refused):
            return outcome.refusals
        if isinstance(outcome, NotFound):
            return GONE
        title = "همین محرومیت از پیش بود" if outcome.already else f"محروم شد — {isolate(chosen.name)}"
        ends = until_words(outcome.until) if outcome.until else "تا برداشته شود"
        return Said(Tone.WARN, title, (f"{isolate(wish.reason)} · {ends}",), Sound.ATTENTION)

    kinds = {kind: words for kind, words in RESTRICTION_KIND.items() if kind is not RestrictionKind.OVERDUE}
    return Question(
        title=f"محروم کردن {isolate(chosen.name)} از امانت",
        yes="محروم شود",
        fields=(
            Field("reason", "دلیل", required=True, wide=True, longest=500),
            Field("until", "تا تاریخ", Kind.DATE, help="خالی بماند، تا برداشته شود."),
            Field("kind", "نوع", Kind.CHOICE, options=_options(kinds), help="کمیتهٔ انضباطی: تنها مسئول کتابخانه"),
        ),
        run=run,
        values={"kind": RestrictionKind.MANUAL.value},
        kind="danger",
        columns=3,
    )


def lift_question(session: Session, ban: BanRow) -> Question:
    """Lift one ban, with a reason that stays on record."""

    def run(values: Values, _: Confirmed) -> Answered:
        reason = text_of(values, "reason") or ""
        outcome = unrestrict(session.library, ban.member_id, reason, session.act(), restriction=ban.id)
        if isinstance(outcome, Refused):
            return outcome.refusals
        if isinstance(outcome, NotFound):
            return GONE
        return Said(Tone.OK, "محرومیت برداشته شد", (isolate(ban.reason),), Sound.CHECKED_IN)

    return Question(
        title="محرومیت برداشته شود؟",
        yes="برداشته شود",
        fields=(Field("reason", "دلیل برداشتن", required=True, wide=True, longest=500),),
        run=run,
        note=f"{isolate(ban.reason)} · {until_words(ban.until)}",
        columns=3,
    )


def contact_question(session: Session, chosen: Chosen) -> Question:
    """Another way to reach the member, asked for at the desk and so known to be right."""

    def run(values: Values, _: Confirmed) -> Answered:
        kind = ContactKind(text_of(values, "kind") or ContactKind.MOBILE)
        outcome = set_contact(
            session.library, chosen.card.member.member_no, kind, text_of(values, "value") or "",
            ContactHealth.VERIFIED, session.act(),
        )  # fmt: skip
        match outcome:
            case Refused():
                return outcome.refusals
            case NotFound():
                return GONE
            case ContactSet():
                undo = "برداشتن آن" if outcome.changed else ""
                return Said(Tone.OK, f"{CONTACT_KIND[kind]} ثبت شد", (isolate(chosen.name),), Sound.CHECKED_IN, undo)

    return Question(
        title=f"راه تماس تازهٔ {isolate(chosen.name)}",
        yes="ثبت شود",
        fields=(
            Field("value", "شماره یا نشانی", required=True, longest=200),
            Field("kind", "نوع", Kind.CHOICE, options=_options(CONTACT_KIND)),
        ),
        run=run,
        values={"kind": ContactKind.MOBILE.value},
        note="تلفن همراه تازه، تلفن همراه عضویت می‌شود.",
        columns=3,
    )


def _options(labels: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, words) for code, words in labels.items())
