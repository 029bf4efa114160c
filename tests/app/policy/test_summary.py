"""The terms in one sentence."""

import pytest

from app.policy.summary import summary
from app.policy.toml_file import load_profile
from tests.app.circulation.facts import terms

PUBLIC = "تمدید بدون سقف، جریمهٔ ۵۰۰ ریال در روز، با دیرکرد امانت تازه داده نمی‌شود، تا ۳ رزرو"


@pytest.mark.parametrize(
    ("profile", "category", "item_type", "sentence"),
    [
        ("public", "ordinary", "book", f"امانت ۱۴ روز، تا ۵ نسخه، {PUBLIC}."),
        ("public", "ordinary", "audiovisual", f"امانت ۷ روز، تا ۲ نسخه، {PUBLIC}."),
        ("public", "child", "reference", "فقط استفاده در محل."),
        ("public", "child", "manuscript", "امانت داده نمی‌شود."),
        ("kanoon", "member", "book", "امانت ۷ روز، تا ۲ نسخه، ۱ بار تمدید، بدون جریمهٔ نقدی، تا ۱ رزرو."),
        (
            "university", "faculty", "book",
            "امانت ۹۰ روز، تا ۱۳ نسخه، ۱ بار تمدید، جریمهٔ ۲٬۰۰۰ ریال در روز، تا ۳ رزرو.",
        ),
    ],
)  # fmt: skip
def test_a_profile_in_a_sentence(profile: str, category: str, item_type: str, sentence: str) -> None:
    assert summary(load_profile(profile).resolve("x", category, item_type)) == sentence


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"loan_days": None}, "مدت امانت ندارد و امانت داده نمی‌شود"),
        ({"loan_days": None, "fixed_due": "1405/09/20"}, "امانت تا ۱۴۰۵/۰۹/۲۰"),
        ({"max_renewals": 0}, "بدون تمدید"),
        ({"max_holds": 0}, "بدون رزرو"),
        ({"fine_per_day": 700, "period_days": 7}, "جریمهٔ ۷۰۰ ریال در هر ۷ روز"),
        ({"tiers": [{"from": 1, "amount": 5}]}, "جریمهٔ پلکانی"),
        ({"grace_days": 2, "ban_days_per_late_day": 1}, "۲ روز ارفاق، محرومیت پس از دیرکرد"),
        ({}, "بدون سقف نسخه"),
    ],
)
def test_what_stands_out_is_said(values: dict[str, object], words: str) -> None:
    assert words in summary(terms(**values))
