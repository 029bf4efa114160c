"""Terms in words: how many days are left, said so that the colour is never the only sign."""

from dataclasses import dataclass

from app.persian.digits import number

NEAR_DAYS = 3


@dataclass(frozen=True, slots=True)
class Term:
    """How a term is shown: words and tone."""

    words: str
    tone: str


NO_TERM = Term("بی‌مهلت", "neutral")


def term(days: int | None) -> Term:
    """«۳ روز مانده», «امروز روز آخر است», «۲ روز از مهلت گذشته»."""
    if days is None:
        return NO_TERM
    if days < 0:
        return Term(f"{number(-days)} روز از مهلت گذشته", "refuse")
    if days == 0:
        return Term("امروز روز آخر است", "refuse")
    return Term(f"{number(days)} روز مانده", "warn" if days <= NEAR_DAYS else "ok")
