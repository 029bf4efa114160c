"""The codes of those policy parameters that choose one of a few ways, and the words for them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from db.codes import PaymentMethod


class DaysMode(StrEnum):
    """What becomes of a due date when the library is closed that day."""

    IGNORE_CALENDAR = "ignore_calendar"
    PUSH_TO_NEXT_OPEN = "push_to_next_open"
    COUNT_OPEN_DAYS = "count_open_days"
    SAME_WEEKDAY = "same_weekday"
    PREVIOUS_OPEN = "previous_open"


class HardMode(StrEnum):
    """How a hard due date binds the one that was computed."""

    BEFORE = "before"
    EXACT = "exact"
    AFTER = "after"


class Loanable(StrEnum):
    """Whether copies leave the shelf at all."""

    YES = "yes"
    NO = "no"
    ONSITE = "onsite"


class AskFirst(StrEnum):
    """Go on, or ask for a yes."""

    ALLOW = "allow"
    CONFIRM = "confirm"


class Parts(StrEnum):
    """Whether the parts of a copy (disc, booklet) are counted at the desk."""

    CONFIRM = "confirm"
    IGNORE = "ignore"


class OnOtherCard(StrEnum):
    """A copy that is still on somebody else's card."""

    CONFIRM = "confirm"
    RETURN_THEN_LEND = "return_then_lend"


class LostItem(StrEnum):
    """A copy recorded as lost is brought to the desk to be lent."""

    CONFIRM = "confirm"
    ALERT = "alert"
    ALLOW = "allow"


class RenewFrom(StrEnum):
    """The day a renewal counts from."""

    NOW = "now"
    DUE = "due"


class OverdueRenewal(StrEnum):
    """Renewing late loans."""

    ALLOW = "allow"
    BLOCK_ITEM = "block_item"
    BLOCK_ALL = "block_all"


class Gate(StrEnum):
    """Let it happen or not."""

    ALLOW = "allow"
    BLOCK = "block"


class ChargeAt(StrEnum):
    """Whether a period of lateness is charged when it begins or when it is full."""

    START = "start"
    END = "end"


class OverduesBlock(StrEnum):
    """What late books on a card do to the next loan."""

    BLOCK = "block"
    CONFIRM = "confirm"
    NO = "no"


class RuleBranch(StrEnum):
    """Whose rules decide when home and holding branch of a copy differ."""

    HOME = "home"
    HOLDING = "holding"


class HoldFeeWhen(StrEnum):
    """When the fee of a hold falls due."""

    PLACED = "placed"
    COLLECTED = "collected"


_LABELS: Mapping[type[StrEnum], Mapping[str, str]] = MappingProxyType(
    {
        DaysMode: {
            DaysMode.IGNORE_CALENDAR: "تعطیلی در نظر گرفته نشود",
            DaysMode.PUSH_TO_NEXT_OPEN: "به نخستین روز کاری بعد برود",
            DaysMode.COUNT_OPEN_DAYS: "فقط روزهای کاری شمرده شود",
            DaysMode.SAME_WEEKDAY: "به همان روز هفته در هفته‌های بعد برود",
            DaysMode.PREVIOUS_OPEN: "به آخرین روز کاری پیش از آن بیاید",
        },
        HardMode: {
            HardMode.BEFORE: "سررسید از آن دیرتر نباشد",
            HardMode.EXACT: "سررسید درست همان روز باشد",
            HardMode.AFTER: "سررسید از آن زودتر نباشد",
        },
        Loanable: {
            Loanable.YES: "امانت داده می‌شود",
            Loanable.NO: "امانت داده نمی‌شود",
            Loanable.ONSITE: "فقط استفاده در محل",
        },
        AskFirst: {AskFirst.ALLOW: "بدون پرسش امانت داده شود", AskFirst.CONFIRM: "از کتابدار پرسیده شود"},
        Parts: {Parts.CONFIRM: "شمارش پیوست‌ها پرسیده شود", Parts.IGNORE: "پرسیده نشود"},
        OnOtherCard: {
            OnOtherCard.CONFIRM: "از کتابدار پرسیده شود",
            OnOtherCard.RETURN_THEN_LEND: "بازگشت ثبت و سپس امانت داده شود",
        },
        LostItem: {
            LostItem.CONFIRM: "از کتابدار پرسیده شود",
            LostItem.ALERT: "فقط یادآوری شود",
            LostItem.ALLOW: "بدون یادآوری امانت داده شود",
        },
        RenewFrom: {RenewFrom.NOW: "از روز تمدید", RenewFrom.DUE: "از سررسید پیشین"},
        OverdueRenewal: {
            OverdueRenewal.ALLOW: "با ثبت جریمه تمدید شود",
            OverdueRenewal.BLOCK_ITEM: "همان امانت تمدید نشود",
            OverdueRenewal.BLOCK_ALL: "هیچ امانت عضو تمدید نشود",
        },
        Gate: {Gate.ALLOW: "مجاز است", Gate.BLOCK: "مجاز نیست"},
        ChargeAt: {ChargeAt.START: "از آغاز هر دوره", ChargeAt.END: "پس از پایان هر دوره"},
        OverduesBlock: {
            OverduesBlock.BLOCK: "امانت داده نشود",
            OverduesBlock.CONFIRM: "از کتابدار پرسیده شود",
            OverduesBlock.NO: "اثری ندارد",
        },
        RuleBranch: {RuleBranch.HOME: "کتابخانه صاحب نسخه", RuleBranch.HOLDING: "کتابخانه نگه‌دارنده"},
        HoldFeeWhen: {HoldFeeWhen.PLACED: "هنگام ثبت رزرو", HoldFeeWhen.COLLECTED: "هنگام تحویل کتاب"},
        PaymentMethod: {
            PaymentMethod.CASH: "نقد",
            PaymentMethod.CARD_TERMINAL: "کارت‌خوان",
            PaymentMethod.WALLET: "کیف پول الکترونیکی",
            PaymentMethod.GRANT: "برداشت از پژوهانه",
            PaymentMethod.IN_KIND: "تحویل همان کتاب",
        },
    }
)


def labels_of(codes: type[StrEnum]) -> Mapping[str, str]:
    """Each code of one of these choices with its Persian words, in the order to offer them."""
    return MappingProxyType({str(code): label for code, label in _LABELS[codes].items()})
