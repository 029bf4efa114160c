"""Prices as lists and shops write them, as whole rials."""

import re
from dataclasses import dataclass

from app.catalogue.importing.findings import Concern
from app.persian.digits import typed
from app.persian.text import unify

_HIGHEST = 10**11
"""No book costs a hundred billion rials: such a number is a barcode in the wrong column."""

_AMOUNT = r"(?P<amount>[0-9]{1,3}(?:[,٬،.' ][0-9]{3})+|[0-9]+)(?:[./][0-9]{1,2}(?![0-9]))?"
_SCALES = {"هزار": 1_000, "میلیون": 1_000_000}
_UNITS = {"ریال": 1, "rial": 1, "rials": 1, "irr": 1, "تومان": 10, "تومن": 10, "toman": 10, "tomans": 10, "irt": 10}
_PRICE = re.compile(rf"{_AMOUNT}\s*(?P<scale>{'|'.join(_SCALES)})?\s*(?P<unit>{'|'.join(_UNITS)})?", re.IGNORECASE)
_FOREIGN = re.compile(r"[$€£]|دلار|یورو|پوند|درهم|دینار|\b(?:usd|eur|gbp|aed|dollars?|euros?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in rials, or why there is none; both are None where the text holds no number («ناموجود»)."""

    rials: int | None = None
    concern: Concern | None = None


def price_of(text: str, heading: str = "") -> Price:
    """The price in a cell: «800,000ریال», «۱۲۰ هزار تومان», «20,000 ریال(ناموجود)».

    Where the cell names no unit the heading may («قیمت (تومان)»); otherwise it is rials.
    """
    plain = typed(text).replace("ي", "ی").replace("\ufdfc", "ریال")
    if _FOREIGN.search(plain):
        return Price(concern=Concern.PRICE_FOREIGN)
    found = list(_PRICE.finditer(plain))
    with_unit = [price for price in found if price["unit"]]
    chosen = with_unit or found
    if not chosen:
        return Price()
    if len(chosen) > 1:
        return Price(concern=Concern.PRICE_UNCLEAR)
    rials = _rials(chosen[0], heading)
    return Price(rials) if 0 < rials < _HIGHEST else Price(concern=Concern.PRICE_UNCLEAR if rials else None)


def names_unit(heading: str) -> bool:
    """Whether a column heading says in what its prices are."""
    return any(word in _UNITS for word in unify(heading).split())


def _rials(price: re.Match[str], heading: str) -> int:
    amount = int(re.sub("[^0-9]", "", price["amount"])[:18])
    unit = (price["unit"] or "").lower() or next((word for word in unify(heading).split() if word in _UNITS), "ریال")
    return amount * _SCALES.get(price["scale"], 1) * _UNITS[unit]
