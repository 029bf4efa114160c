"""The people and bodies of a MARC21 record, and the parts they had."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.catalogue.form import Creator
from app.catalogue.importing.isbd import bare
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.words import ROLES
from app.persian.text import compact
from db.codes import CreatorRole

MAIN = ("100", "110", "111")
ADDED_PERSON = "700"
ADDED = (ADDED_PERSON, "710", "711")

_BETWEEN_ROLES = re.compile(r"\band\b|[,&;/،؛]| و ")
_NAME = {"00": "abc", "10": "ab", "11": "anc"}  # by the last two digits of the tag


@dataclass(frozen=True, slots=True)
class People:
    """The creators of a book, their names romanised, and who had another part («نام (writer of introduction)»)."""

    creators: tuple[Creator, ...]
    romanised: tuple[str, ...]
    others: tuple[str, ...]


def people_of(fields: Iterable[MarcField]) -> People:
    """The people named in 1XX and 7XX, but for those who made other works the record mentions ($t)."""
    creators: list[Creator] = []
    romanised: list[str] = []
    others: list[str] = []
    for field in fields:
        if field.tag not in MAIN + ADDED or field.first("t") or not (name := _name(field)):
            continue
        role, said = _role(field)
        if role is None:
            others.append(f"{name} ({said})" if said else name)
            continue
        creators.append(Creator(name, role))
        if field.parallel and field.is_persian:
            romanised.append(_name(field.parallel))
    return People(tuple(dict.fromkeys(creators)), tuple(dict.fromkeys(romanised)), tuple(dict.fromkeys(others)))


def _name(field: MarcField) -> str:
    """«جعفری، جعفر بن محمد», «ایران. وزارت فرهنگ»."""
    joint = ". " if field.tag.endswith("10") else "، " if field.is_persian else ", "
    return joint.join(part for value in field.all(_NAME.get(field.tag[1:], "a")) if (part := bare(value)))


def _role(field: MarcField) -> tuple[CreatorRole | None, str]:
    """The part a person had, and the word for it. Who is named without one is an author, but for added bodies."""
    words = [bare(word) for side in (field, field.parallel) if side for word in side.all("e4") if ":" not in word]
    for word in words:
        for part in (word, *_BETWEEN_ROLES.split(word)):
            if role := ROLES.get(compact(part)):
                return role, word
    if field.tag in MAIN or (field.tag == ADDED_PERSON and not words):
        return CreatorRole.AUTHOR, ""
    return None, words[0] if words else ""
