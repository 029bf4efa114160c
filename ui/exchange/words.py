"""What the page of exchange says: where a package stands, its clocks, what comes next, and refusals."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.exchange.queries import Group, Standing
from app.exchange.reads import Package
from app.exchange.stages import KIND_OF_WAY, Step, Way
from app.labels import EXCHANGE_STAGE, WEEDING_REASON
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import DisposalState, WeedingReason
from reports.exchange import kilograms
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr

SOON_DAYS = 30
WORN_OF_USE = "فرسودهٔ قابل استفاده"
ANSWER_FIRST = Said(Tone.WARN, "نخست به پرسش پاسخ دهید", ("سپس نسخه را اسکن کنید.",), Sound.ATTENTION)
DONE: Mapping[Step, str] = MappingProxyType(
    {
        Step.PACK: "بسته‌بندی شد",
        Step.UNPACK: "بسته باز شد",
        Step.HAND: "به مرکز مبادلهٔ شهرستان تحویل شد",
        Step.ANNOUNCE: "به کتابخانه‌ها اعلام شد",
        Step.REQUEST: "درخواست ثبت شد",
        Step.GIVE: "نسخه‌ها تخصیص یافت",
        Step.SEND_ON: "به مرکز مبادلهٔ استان فرستاده شد",
        Step.STORE: "به انبار نهاد فرستاده شد",
        Step.REDIRECT: "به مبادله برگردانده شد",
        Step.RECYCLE: "به بازیافت تحویل شد",
        Step.PROCEEDS: "عواید بازیافت ثبت شد",
    }
)
NEXT: Mapping[str, str] = MappingProxyType(
    {
        "packed": "بسته را با صورتجلسهٔ نهایی به مرکز مبادلهٔ شهرستان تحویل دهید.",
        "handed/county": "فهرست بسته را به کتابخانه‌های شهرستان اعلام کنید.",
        "announced/county": "درخواست‌ها را ثبت کنید؛ بازمانده به استان می‌رود.",
        "handed/province": "فهرست بسته را به کتابخانه‌های استان اعلام کنید.",
        "announced/province": "درخواست‌ها را ثبت کنید؛ پس از شش ماه بازمانده به انبار نهاد می‌رود.",
        "handed": "واریز عواید و نامهٔ اطلاع را ثبت کنید.",
    }
)
NEXT_WORN: Mapping[str, str] = MappingProxyType(
    {
        "handed/county": "بسته را به مرکز مبادلهٔ استان بفرستید.",
        "handed/province": "پس از بازبینی، تحویل به بازیافت را ثبت کنید.",
    }
)


def group_words(group: Group) -> str:
    """«فرسوده», or of worn copies that others can use «فرسودهٔ قابل استفاده»."""
    return WORN_OF_USE if group.redirected else WEEDING_REASON[group.reason]


def package_words(package: Package) -> str:
    """The group of a package, as `group_words`."""
    of_use = package.reason is WeedingReason.WORN and package.kind is KIND_OF_WAY[Way.EXCHANGE]
    return WORN_OF_USE if of_use else WEEDING_REASON[package.reason]


def stage_words(package: Package) -> str:
    """Where a package stands."""
    return EXCHANGE_STAGE.get(package.stage.key, "")


def clock_words(standing: Standing, today: dt.date) -> tuple[str, Tone]:
    """What runs: the six months, the time for requests, what waits for an answer (002 م7-17، م7-21)."""
    days = standing.days_left(today)
    if standing.aside:
        return f"{number(standing.aside)} تخصیص تحویل‌نشده", Tone.WARN
    if standing.closes_on is not None and today <= standing.closes_on:
        return f"درخواست تا {jalali.day_month(standing.closes_on)}", Tone.INFO
    if standing.waiting:
        return f"{number(standing.waiting)} درخواست در نوبت", Tone.WARN
    if days is not None:
        if days == 0:
            return "شش ماه گذشت", Tone.REFUSE
        return f"{number(days)} روز تا انبار نهاد", Tone.WARN if days <= SOON_DAYS else Tone.NEUTRAL
    return _resting(standing)


def _resting(standing: Standing) -> tuple[str, Tone]:
    package = standing.package
    if package.state is DisposalState.FINISHED:
        return "پایان‌یافته", Tone.OK
    if package.state is DisposalState.CANCELLED:
        return "باز شده", Tone.NEUTRAL
    if package.state is DisposalState.PACKED:
        return "آمادهٔ تحویل", Tone.WARN
    return ("در انتظار عواید", Tone.INFO) if package.level is None else ("در جریان", Tone.INFO)


def next_words(standing: Standing) -> str:
    """What to do now."""
    package, key = standing.package, standing.package.stage.key
    words = NEXT_WORN if package.way is Way.RECYCLING else NEXT
    return words.get(key, NEXT.get(key, "")) if standing.steps else ""


def numbered(package: Package) -> str:
    """«۱۴۰۵/۳»: the number of the minutes of a handover; "" where it has none."""
    return ltr(to_persian(f"{package.year}/{package.number}")) if package.number else ""


def papers_words(package: Package) -> str:
    """«رسید ۱۲ · نامهٔ ۱۲/۳»: what went along with a handover; "" where nothing did."""
    papers = (("رسید", package.receipt_no), ("نامهٔ", package.letter_no))
    return " · ".join(f"{name} {ltr(to_persian(number_))}" for name, number_ in papers if number_)


def recycling_facts(package: Package) -> list[tuple[str, str]]:
    """What became of worn copies: their weight, what they brought, and the papers of the payment (002 م10-2)."""
    weight = f"{kilograms(package.weight_g)} کیلوگرم" if package.weight_g else ""
    if package.proceeds is None:
        return [("وزن", weight)]
    return [
        ("وزن", weight),
        ("عواید", f"{number(package.proceeds)} ریال"),
        ("رسید واریز", _dated(package.proceeds_receipt_no, package.paid_on)),
        ("نامهٔ اطلاع", _dated(package.proceeds_notice_no, package.proceeds_notice_on)),
    ]


def _dated(paper: str | None, day: dt.date | None) -> str:
    told = (ltr(to_persian(paper)) if paper else "", day_words(day))
    return "، ".join(one for one in told if one)


def day_words(day: dt.date | None) -> str:
    """«۳۰ آبان ۱۴۰۵»; "" without a day."""
    return jalali.day_month_year(day) if day else ""


def in_package(title: str, package: Package) -> Said:
    """In which package a scanned copy is."""
    told = (f"بستهٔ {package_words(package)}، {stage_words(package)}",)
    return Said(Tone.INFO, f"«{isolate(title)}»", told, Sound.CHECKED_IN)


def in_no_package(code: str) -> Said:
    """A scanned copy that is in no package, or no copy at all."""
    told = ("این نسخه در بسته‌ای نیست. نسخه‌های آمادهٔ بسته‌بندی در بخش دوم‌اند.",)
    return Said(Tone.REFUSE, isolate(code), told, Sound.REFUSED)


def refused(refusals: Sequence[Refusal], title: str = "انجام نشد") -> Said:
    """Why something was not done."""
    told = tuple(dict.fromkeys(f"{why(refusal)} {way_out(refusal)} " for refusal in refusals))
    return Said(Tone.REFUSE, title, told, Sound.REFUSED)


def done(title: str, *detail: str, undo: str = "") -> Said:
    """Something was done."""
    return Said(Tone.OK, title, detail, Sound.CHECKED_IN, undo)
