"""The people of a cell: «احمد پوری؛ تصویرگر: رها راد» is two names with two roles."""

import re

from app.catalogue.form import Creator
from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.texts import tidy
from app.catalogue.importing.words import ROLES, says_nothing
from app.persian.text import compact
from db.codes import CreatorRole

_BETWEEN_NAMES = re.compile(r"[؛;|/\n\r\u2028]+|\s&\s")
_HYPHEN = re.compile(r"\s*[-–]\s+")
_COMMA = re.compile(r"\s*[،,]\s*")
_IN_BRACKETS = re.compile(r"(?P<name>.+?)\s*[(\[](?P<role>[^()\[\]]{2,30})[)\]]\s*", re.DOTALL)


def creators_of(text: str, role: CreatorRole, column: str, notes: Notes) -> tuple[Creator, ...]:
    """The creators in a cell of the column whose heading says `role`; a role said in the cell itself goes first."""
    text = tidy(text, column, notes, lines=True) or ""
    names = [name for part in _BETWEEN_NAMES.split(text) for name in _split(part.strip(), column, notes)]
    creators = [_creator(name, role) for name in names if not says_nothing(name)]
    return tuple(dict.fromkeys(creators))


def _split(text: str, column: str, notes: Notes) -> list[str]:
    """Hyphens and commas part names only where every part looks like a whole one; «شاملو، احمد» is one name."""
    by_hyphen = _HYPHEN.split(text)
    if len(by_hyphen) > 1 and all(" " in part for part in by_hyphen):
        return by_hyphen
    parts = _COMMA.split(text)
    if len(parts) > 1 and all(" " in part for part in parts):
        if len(parts) > 2:
            return parts
        notes.warn(Concern.NAMES_UNCLEAR, column, text)
    return [text]


def _creator(text: str, role: CreatorRole) -> Creator:
    label, colon, name = text.partition(":")
    if colon and compact(label) in ROLES and name.strip():
        return Creator(name.strip(), ROLES[compact(label)])
    bracketed = _IN_BRACKETS.fullmatch(text)
    if bracketed and compact(bracketed["role"]) in ROLES:
        return Creator(bracketed["name"], ROLES[compact(bracketed["role"])])
    name, comma, word = (text.replace("،", ",")).rpartition(",")
    if comma and compact(word) in ROLES and name.strip():
        return Creator(text[: len(name)].strip(), ROLES[compact(word)])
    return Creator(text, role)
