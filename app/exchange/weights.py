"""The weight of worn copies that become paper (002 م10-2): as people write it, and what so many books can weigh."""

from collections.abc import Iterator

from app.persian.digits import to_latin
from app.refusal import Refusal

LIGHTEST_COPY_G, HEAVIEST_COPY_G = 5, 20_000  # a leaflet, an atlas on boards
MOST_KILOGRAMS = 100_000


def grams(text: str) -> int | None:
    """Grams from what a person wrote in kilograms: «۱۲٫۵», «12.5», «12/5»; None if it is no weight."""
    written = to_latin(text).replace("٫", ".").replace("/", ".").replace(",", ".").strip()
    whole, _, fraction = written.partition(".")
    if not whole.isascii() or not whole.isdigit() or len(fraction) > 3 or (fraction and not fraction.isdigit()):
        return None
    weight = int(whole) * 1_000 + int(fraction.ljust(3, "0") or 0)
    return weight if 0 < weight <= MOST_KILOGRAMS * 1_000 else None


def weight_refusals(weight_g: int, copies: int) -> Iterator[Refusal]:
    """A weight in grams that so many books cannot have: a slip of the pen, grams written for kilograms."""
    if weight_g <= 0:
        yield Refusal("field.invalid", facts={"field": "weight", "value": weight_g / 1_000})
    elif not copies * LIGHTEST_COPY_G <= weight_g <= copies * HEAVIEST_COPY_G:
        kilograms = f"{weight_g / 1_000:.3f}".rstrip("0").rstrip(".").replace(".", "٫")
        yield Refusal("exchange.weight_absurd", "10-2", facts={"kilograms": kilograms, "copies": copies})
