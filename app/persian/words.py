"""Whole numbers in Persian words, as they stand beside an amount on a receipt."""

_ONES = "صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده".split()
_TENS = "بیست سی چهل پنجاه شصت هفتاد هشتاد نود".split()
_HUNDREDS = "صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد".split()
_STEPS = ("", "هزار", "میلیون", "میلیارد", "هزار میلیارد", "میلیون میلیارد")
_AND = " و "


def in_words(n: int) -> str:
    """350000 is «سیصد و پنجاه هزار». Raises ValueError beyond 18 digits."""
    if n < 0:
        return f"منفی {in_words(-n)}"
    if n == 0:
        return _ONES[0]
    if n >= 1000 ** len(_STEPS):
        raise ValueError(n)
    parts, step = [], 0
    while n:
        n, group = divmod(n, 1000)
        if group:
            parts.append(_step(group, step))
        step += 1
    return _AND.join(reversed(parts))


def _step(group: int, step: int) -> str:
    if group == 1 and _STEPS[step].startswith(_STEPS[1]):
        return _STEPS[step]  # «هزار», never «یک هزار»
    return f"{_below_thousand(group)} {_STEPS[step]}".strip()


def _below_thousand(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    parts = [_HUNDREDS[hundreds - 1]] if hundreds else []
    if 0 < rest < 20:
        parts.append(_ONES[rest])
    elif rest:
        tens, ones = divmod(rest, 10)
        parts += [_TENS[tens - 2], *([_ONES[ones]] if ones else [])]
    return _AND.join(parts)
