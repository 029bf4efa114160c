"""Which way each character of a line runs: embedding levels of the Unicode bidirectional algorithm (UAX #9).

Even levels run left to right, odd ones right to left. The rules are those of python-bidi, with two additions: what the
algorithm drops (the ZWNJ above all) keeps a level, so that the levels fit the text again; and brackets are resolved
in pairs (rule N0), so that «آموزش Excel (Microsoft Office)» keeps its closing bracket.
The text must be free of direction controls (`reports.text.printable`).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import bidirectional

LTR = 0
RTL = 1

_DROPPED = "BN"
_UNKNOWN = "ON"  # what is newer than Python's tables is a picture rather than a letter
_NUMBERS_AND_LATIN = frozenset({"L", "EN", "AN"})
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_BRACKETS.values())
_NUMBER = re.compile("[0-9۰-۹]+(?:[/.,:+-][0-9۰-۹]+)*")  # one number to rule W4
_NUMBER_IN_RTL = 2
_OPEN_BRACKETS_MOST = 63  # rule BD16


def base_of(text: str, default: int = RTL) -> int:
    """Right to left where there is any Persian or Arabic letter: «Windows XP آموزش گام‌به‌گام» is a Persian title.

    Left to right where all letters are others; `default` where there is none.
    """
    kinds = {bidirectional(character) for character in set(text)}
    if kinds & {"R", "AL"}:
        return RTL
    return LTR if "L" in kinds else default


def levels_of(text: str, base: int) -> bytes:
    """One level a character, in the order of the text."""
    kinds = {bidirectional(character) for character in set(text)}
    if base == RTL and not kinds & _NUMBERS_AND_LATIN:
        return bytes([RTL]) * len(text)
    if base == LTR and not kinds & {"R", "AL", "AN"}:
        return bytes(len(text))
    if base == RTL and _NUMBER.fullmatch(text):
        return bytes([_NUMBER_IN_RTL]) * len(text)
    return _resolved(text, base)


def visual_order(levels: Sequence[int]) -> list[int]:
    """Indexes of the pieces with these levels as they stand on paper, from left to right (rule L2)."""
    order = list(range(len(levels)))
    if len(set(levels)) < 2:
        return order[::-1] if levels and levels[0] % 2 else order
    lowest_odd = min((level for level in levels if level % 2), default=None)
    if lowest_odd is None:
        return order
    for level in range(max(levels), lowest_odd - 1, -1):
        for start, end in _stretches(levels, order, level):
            order[start:end] = order[start:end][::-1]
    return order


def _stretches(levels: Sequence[int], order: list[int], lowest: int) -> Iterable[tuple[int, int]]:
    """Where pieces of at least this level stand side by side."""
    start = None
    for place, index in enumerate(order):
        if levels[index] >= lowest:
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(order)


def _resolved(text: str, base: int) -> bytes:
    from bidi import algorithm

    storage: dict[str, Any] = algorithm.get_empty_storage()
    storage["base_level"] = base
    storage["base_dir"] = ("L", "R")[base]
    algorithm.get_embedding_levels(text, storage)
    for character in storage["chars"]:
        character["type"] = character["type"] or _UNKNOWN
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], ("L", "R")[base])
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    return _realigned(text, [character["level"] for character in storage["chars"]], base)


def _realigned(text: str, kept: list[int], base: int) -> bytes:
    """Levels for every character: one that the algorithm dropped goes with the one before it."""
    levels = []
    remaining = iter(kept)
    level = base
    for character in text:
        if bidirectional(character) != _DROPPED:
            level = next(remaining)
        levels.append(level)
    return bytes(levels)


def _resolve_brackets(characters: list[dict[str, Any]], embedding: str) -> None:
    """Rule N0: both brackets of a pair take the direction of what they hold, or of what stands before them."""
    before = embedding
    seen = 0
    for opening, closing in _pairs(characters):
        for character in characters[seen:opening]:
            before = _strong(character["type"]) or before
        seen = opening
        inside = {_strong(character["type"]) for character in characters[opening + 1 : closing]}
        direction = _direction_of_pair(inside, embedding, before)
        if direction:
            characters[opening]["type"] = characters[closing]["type"] = direction


def _direction_of_pair(inside: set[str | None], embedding: str, before: str) -> str | None:
    if embedding in inside:
        return embedding
    opposite = "L" if embedding == "R" else "R"
    if opposite not in inside:
        return None
    return opposite if before == opposite else embedding


def _strong(kind: str) -> str | None:
    if kind in ("R", "EN", "AN"):
        return "R"
    return "L" if kind == "L" else None


def _pairs(characters: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Matching brackets, in the order of the opening ones."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, character in enumerate(characters):
        mark = character["ch"]
        if mark in _BRACKETS:
            if len(opened) == _OPEN_BRACKETS_MOST:
                break
            opened.append((_BRACKETS[mark], place))
        elif mark in _CLOSING:
            match = next((depth for depth in reversed(range(len(opened))) if opened[depth][0] == mark), None)
            if match is not None:
                pairs.append((opened[match][1], place))
                del opened[match:]
    return sorted(pairs)
