"""What the clearance page says: verdicts, results of a list, reasons."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.clearance.facts import BatchResult
from app.clearance.verify import Verdict, Verified
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Refusal
from app.wording import way_out, why
from reports.clearance_list import RESULT
from ui.theme import Tone
from ui.widgets.panel import Reason

VERDICT: Mapping[Verdict, tuple[Tone, str, str]] = MappingProxyType(
    {
        Verdict.VALID: (Tone.OK, "برگه اصل است", "امضای آن درست است و باطل نشده است."),
        Verdict.REVOKED: (Tone.WARN, "برگه اصل است، ولی باطل شده است", "عضو پس از آن دوباره عضو شده است."),
        Verdict.UNKNOWN_BRANCH: (
            Tone.WARN,
            "برگه دست نخورده است، ولی کتابخانهٔ آن را نمی‌شناسیم",
            "با کتابخانه‌ای که نامش روی برگه است تماس بگیرید.",
        ),
        Verdict.ALTERED: (Tone.REFUSE, "برگه دست‌کاری شده است", "آن را نپذیرید و به مسئول کتابخانه بگویید."),
        Verdict.UNSIGNED: (
            Tone.WARN,
            "برگه امضای رقمی ندارد",
            "تنها کتابخانه‌ای که آن را داده است می‌تواند درستی آن را بگوید.",
        ),
        Verdict.UNKNOWN: (
            Tone.REFUSE,
            "چنین برگه‌ای در این کتابخانه صادر نشده است",
            "شمارهٔ زیر بارکد را دوباره بخوانید.",
        ),
        Verdict.UNREADABLE: (
            Tone.NEUTRAL,
            "این رمز برگهٔ تسویه‌حساب نیست",
            "بارکد یا مربع پایین برگه را اسکن کنید.",
        ),
    }
)
_BELIEVED = frozenset({Verdict.VALID, Verdict.REVOKED, Verdict.UNKNOWN_BRANCH, Verdict.UNSIGNED})
"""What such a certificate states may be repeated."""

TONE: Mapping[BatchResult, Tone] = MappingProxyType(
    {
        BatchResult.CLEARED: Tone.OK,
        BatchResult.ALREADY: Tone.INFO,
        BatchResult.MAY_BE: Tone.OK,
        BatchResult.REFUSED: Tone.REFUSE,
        BatchResult.UNKNOWN: Tone.WARN,
        BatchResult.REPEATED: Tone.NEUTRAL,
    }
)


def reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    """Refusals as the panel tells them."""
    return tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)


def verdict_lines(found: Verified) -> tuple[str, ...]:
    """What is known of the certificate beyond the verdict."""
    _, _, advice = VERDICT[found.verdict]
    lines = [advice]
    if found.number is not None and found.verdict in _BELIEVED:
        where = "همین کتابخانه" if found.ours else "کتابخانهٔ دیگر"
        dated = f" · {jalali.day_month_year(found.day)}" if found.day else ""
        lines.append(f"شمارهٔ برگه {number(found.number, grouped=False)} · {where}{dated}")
    if found.of_member is not None:
        lines.append("به نام همین شمارهٔ عضویت است." if found.of_member else "به نام شمارهٔ عضویت دیگری است.")
    return tuple(lines)


def counted(counts: Mapping[BatchResult, int]) -> str:
    """«تسویه شد: ۳ · تسویه نشد: ۱»."""
    return " · ".join(f"{RESULT[result]}: {number(count)}" for result, count in counts.items() if count)
