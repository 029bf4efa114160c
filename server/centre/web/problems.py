"""What a page says when a request is not answered: three parts, as every trouble (reliability 6), and no more than
those."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.messages import NOTHING_CHANGED, Message, message_of
from db.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Problem:
    """The status of an answer and its words."""

    status: int
    words: Message


PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        "host": Problem(421, Message("این نشانی از آنِ این سامانه نیست.", NOTHING_CHANGED, "نشانی درست را از ادارهٔ خود بپرسید.")),
        "origin": Problem(403, Message("این درخواست از صفحهٔ دیگری فرستاده شده است و پذیرفته نمی‌شود.", NOTHING_CHANGED, "صفحه را در همین سامانه باز کنید و دوباره بفرستید.")),
        "token": Problem(403, Message("این برگه کهنه شده است و پذیرفته نمی‌شود.", NOTHING_CHANGED, "صفحه را از نو باز کنید و دوباره بفرستید.")),
        "over": Problem(401, Message("نشست شما پایان یافته است.", "آنچه فرستادید ثبت نشد.", "دوباره وارد شوید و کار را از سر بگیرید.")),
        "not_allowed": Problem(403, Message("این صفحه در اختیار نقش شما نیست.", NOTHING_CHANGED, "اگر به آن نیاز دارید از مدیر سامانه بخواهید.")),
        "missing": Problem(404, Message("چنین صفحه‌ای نیست یا در محدودهٔ شما نیست.", NOTHING_CHANGED, "از فهرست صفحه‌ها راه دیگری برگزینید.")),
        "method": Problem(405, Message("این نشانی چنین کاری را نمی‌شناسد.", NOTHING_CHANGED, "از صفحهٔ نخست آغاز کنید.")),
        "kind": Problem(415, Message("این قالب پذیرفته نمی‌شود.", NOTHING_CHANGED, "برگهٔ همین سامانه را پر کنید و بفرستید.")),
        "size": Problem(413, Message("آنچه فرستاده شد بزرگ‌تر از اندازهٔ مجاز است.", NOTHING_CHANGED, "کار را در چند بخش انجام دهید.")),
    }
)  # fmt: skip
BUG = Problem(500, message_of(Trouble("P-1701")))
STALE = Problem(409, message_of(Trouble("P-1702")))


def problem_of(trouble: Trouble) -> Problem:
    """A trouble of the world, without where on our disks it happened."""
    return Problem(503, message_of(Trouble(trouble.code)))
