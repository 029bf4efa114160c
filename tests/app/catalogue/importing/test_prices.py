import pytest

from app.catalogue.importing.findings import Concern
from app.catalogue.importing.prices import Price, names_unit, price_of


@pytest.mark.parametrize(
    ("text", "rials"),
    [
        ("800,000ریال", 800_000),
        ("۴۵۰٬۰۰۰ ریال", 450_000),
        ("20,000 ریال(ناموجود)", 20_000),
        ("۱۲۰ هزار تومان", 1_200_000),
        ("85000 تومان", 850_000),
        ("85000 تومن", 850_000),
        ("250000.0", 250_000),
        ("25000 ريال", 25_000),
        ("جلد اول 250000 ریال", 250_000),
    ],
)
def test_a_price_is_read_in_rials(text: str, rials: int) -> None:
    assert price_of(text) == Price(rials)


def test_a_heading_in_tomans_makes_the_bare_number_tomans() -> None:
    assert price_of("85000", "قیمت (تومان)") == Price(850_000)
    assert price_of("85000 ریال", "قیمت (تومان)") == Price(85_000)
    assert names_unit("قیمت به ریال")
    assert not names_unit("قیمت")


@pytest.mark.parametrize("text", ["ناموجود", "", "رایگان", "0", "0 ریال"])
def test_no_price_is_no_doubt(text: str) -> None:
    assert price_of(text) == Price()


@pytest.mark.parametrize("text", ["120000 - 150000", "9789644170119", "10 تومان 20 تومان"])
def test_two_prices_or_a_barcode_are_unclear(text: str) -> None:
    assert price_of(text) == Price(concern=Concern.PRICE_UNCLEAR)


@pytest.mark.parametrize("text", ["$12", "12 USD", "۱۵ یورو", "20 دلار"])
def test_foreign_money_is_not_turned_into_rials(text: str) -> None:
    assert price_of(text) == Price(concern=Concern.PRICE_FOREIGN)
