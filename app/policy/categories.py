"""The member categories of the policy profiles: code on the wire and in the store, Persian words on the screen."""

from collections.abc import Mapping
from types import MappingProxyType

UNIVERSITY: Mapping[str, str] = MappingProxyType(
    {  # the eleven rows of 000 §3-1-2, in their order
        "faculty": "اعضای هیئت علمی",
        "phd": "دانشجویان دکتری",
        "masters": "دانشجویان کارشناسی ارشد",
        "bachelor": "دانشجویان کارشناسی",
        "official_staff": "کارکنان رسمی و پیمانی",
        "contract_staff": "کارکنان قراردادی دانشگاه",
        "retired_faculty": "هیئت علمی بازنشسته",
        "retired_staff": "کارکنان بازنشسته",
        "ghadir": "طرح غدیر",
        "company_staff": "کارکنان شرکتی",
        "free_member": "عضو آزاد",
    }
)

KANOON: Mapping[str, str] = MappingProxyType({"member": "عضو کانون"})

PUBLIC: Mapping[str, str] = MappingProxyType(
    {"ordinary": "عضو عادی", "half_price": "عضو نیم‌بها", "free": "عضو رایگان", "child": "عضو کودک"}
)

BY_PROFILE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"university": UNIVERSITY, "kanoon": KANOON, "public": PUBLIC}
)

VISITOR = "visitor"
"""A reader of another branch, registered with the card they carry: no membership here (sync-protocol 11)."""
VISITOR_WORDS = "عضو کتابخانهٔ دیگر"
VISITOR_AS: Mapping[str, str] = MappingProxyType(
    {"university": "free_member", "kanoon": "member", "public": "ordinary"}
)
"""By which category's rows a visitor borrows where the policy has none for visitors."""

ALL_CATEGORIES: Mapping[str, str] = MappingProxyType({**UNIVERSITY, **KANOON, **PUBLIC})
