"""Every refusal has its words: whole Persian sentences that can be filled with what the rule tells."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter

import pytest

from app.actions import HEAD_OVERRIDES
from app.circulation.rules import UNLENDABLE
from app.labels import ENTRY_KIND, FIELD
from app.policy.categories import PUBLIC
from app.policy.table import BY_DEFAULT
from app.refusal import Refusal
from app.wording import REFUSALS, message, rule_words, way_out, why
from tests.persian_words import faults
from tests.source import ROOT, nodes

LAYERS = ("app", "server")
CODE = re.compile(r"(member|limit|item|hold|title|renewal|due|role|reason|undo|field|minutes|weeding|clock)\.[a-z_]+")
ALWAYS_FILLED = {"code", "rule"}
# Blanks that are the words of a fact, and which fact it is.
WORDS_OF = {
    "until_words": "until",
    "field_words": "field",
    "kind_words": "kind",
    "weekday_words": "weekday",
    "aspect_words": "aspect",
}
SAID_IN_WORDS = {"field": "title", "kind": "loan.opened", "weekday": "monday", "aspect": "volume"}
NAMES = ("JPG", "PNG")
POSITIONS = ("code", "rule", "limit", "have", "weight", "overridable", "facts")


@dataclass(frozen=True)
class Call:
    """One place that makes a refusal: its code (None: computed) and what it tells (None: facts passed on)."""

    place: str
    code: str | None
    told: frozenset[str] | None


def calls() -> Iterator[Call]:
    for path, node in nodes("Refusal", layers=LAYERS):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
            yield call_of(node, f"{path.relative_to(ROOT)}:{node.lineno}")


def call_of(node: ast.Call, place: str) -> Call:
    given = dict(zip(POSITIONS, node.args, strict=False)) | {word.arg: word.value for word in node.keywords if word.arg}
    code, facts = given["code"], given.get("facts")
    told = set(given) & {"limit", "have"}
    if isinstance(facts, ast.Dict):
        told |= {str(key.value) for key in facts.keys if isinstance(key, ast.Constant)}
    passed_on = facts is not None and not isinstance(facts, ast.Dict)
    return Call(
        place,
        str(code.value) if isinstance(code, ast.Constant) else None,
        None if passed_on else frozenset(told),
    )


CALLS = list(calls())


@cache
def codes_in_source() -> set[str]:
    """Codes written in modules that make refusals, in calls or in tables."""
    modules = {call.place.split(":")[0] for call in CALLS}
    constants = (
        node.value
        for module in modules
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in constants if CODE.fullmatch(text)} - ENTRY_KIND.keys()


def blanks(sentence: str) -> set[str]:
    """The facts that a sentence needs."""
    return {WORDS_OF.get(name, name) for _, name, _, _ in Formatter().parse(sentence) if name}


def a_refusal(code: str) -> Refusal:
    """A refusal of this code with a fact for every blank."""
    words = REFUSALS[code]
    facts: dict[str, object] = dict.fromkeys(blanks(words.why + words.way_out) - ALWAYS_FILLED, "متن")
    facts |= {name: dt.date(2026, 11, 21) for name in ("due_on", "expired_on", "today", "until") if name in facts}
    facts |= {name: told for name, told in SAID_IN_WORDS.items() if name in facts}
    return Refusal(code, "*/*", 4, 2_500, facts=facts)


def test_the_source_makes_refusals() -> None:
    assert len(CALLS) > 50
    assert {"limit.total", "weeding.core", "item.not_for_loan", "role.not_allowed"} <= codes_in_source()


def test_every_code_of_the_source_has_words() -> None:
    written = codes_in_source() | {call.code for call in CALLS if call.code} | set(UNLENDABLE.values()) | HEAD_OVERRIDES
    assert sorted(written - REFUSALS.keys()) == []


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.place)
def test_every_blank_is_told_where_the_refusal_is_made(call: Call) -> None:
    if call.code is None or call.told is None:
        return
    words = REFUSALS[call.code]
    assert blanks(words.why + words.way_out) - ALWAYS_FILLED - call.told == set()


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_why_and_what_can_be_done_in_persian(code: str) -> None:
    refusal = a_refusal(code)
    for sentence in (why(refusal), way_out(refusal)):
        assert sentence.endswith(".")
        assert len(sentence) > 10
        assert "{" not in sentence
        assert faults(sentence, foreign_names=NAMES) == []
    assert message(refusal) == f"{why(refusal)} {way_out(refusal)}"


def test_a_code_without_words_is_still_told() -> None:
    assert "loan.unheard_of" in message(Refusal("loan.unheard_of"))


def test_numbers_dates_and_yes_are_said_in_persian() -> None:
    assert "۲٬۵۰۰ ریال" in why(Refusal("member.debt", limit=0, have=2_500))
    assert "۱۴۰۵/۰۸/۳۰" in why(Refusal("member.expired", facts={"expired_on": dt.date(2026, 11, 21)}))
    assert "۴-۲-د" in why(Refusal("weeding.criterion", facts={"criterion": "4-2-د"}))
    assert "نه" in why(Refusal("field.invalid", facts={"field": "flags", "value": False}))
    assert "۱۲۳" in why(Refusal("member.mobile", facts={"field": "mobile", "value": "123"}))


def test_codes_with_latin_letters_keep_their_digits() -> None:
    assert "«RAF-000012»" in why(Refusal("item.barcode_taken", facts={"barcode": "RAF-000012"}))


def test_a_ban_tells_its_end_or_that_it_has_none() -> None:
    until = Refusal("member.restricted", facts={"until": dt.date(2026, 11, 21), "reason": "دیرکرد ۳ روزه"})
    assert why(until) == "عضو تا ۱۴۰۵/۰۸/۳۰ محروم است (دیرکرد ۳ روزه)."
    assert "تا اطلاع بعدی" in why(Refusal("member.restricted", facts={"until": None, "reason": "بی‌نظمی"}))


def test_fields_and_kinds_are_named_in_persian() -> None:
    assert FIELD["birth_date"] in why(Refusal("field.required", facts={"field": "birth_date"}))
    assert ENTRY_KIND["minutes.finalised"] in why(Refusal("undo.not_undoable", facts={"kind": "minutes.finalised"}))
    assert "این کار" in why(Refusal("undo.not_undoable", facts={"kind": "unheard.of"}))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("*/*", "همهٔ اعضا · همهٔ منابع"),
        ("ordinary/*", "عضو عادی · همهٔ منابع"),
        ("*/book", "همهٔ اعضا · کتاب"),
        ("آبگرم/child/audiovisual", "عضو کودک · دیداری-شنیداری"),
        ("friends/toys", "friends · toys"),
        ("002 م7-4", "دستورالعمل وجین، مادهٔ ۷-۴"),
        ("4-1 تبصره", "دستورالعمل وجین، مادهٔ ۴-۱ تبصره"),
        (BY_DEFAULT, "پیش‌فرض پیشخان"),
    ],
)
def test_a_rule_is_read_as_its_row_or_article(rule: str, words: str) -> None:
    assert rule_words(rule, PUBLIC) == words


@pytest.mark.parametrize("hostile", ["\u202eدزد", "الف\u0000ب", "x" * 5_000, "{0.__class__}", "%s{limit}", "\ud800"])
def test_what_people_wrote_does_no_harm_in_a_sentence(hostile: str) -> None:
    said = message(Refusal("field.invalid", facts={"field": "title", "value": hostile}))
    assert not re.search("[\u0000-\u001f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", said)
    assert len(said) < 450


def test_every_field_that_a_form_names_has_a_label() -> None:
    named: set[str] = set()
    for path, node in nodes("required", "invalid", layers=LAYERS):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "required":
                named |= {word.arg for word in node.keywords if word.arg}
            elif node.func.id == "invalid" and isinstance(node.args[0], ast.Constant):
                named |= {str(node.args[0].value)} if "app/" in str(path) else set()
    assert "given_name" in named
    assert sorted(named - FIELD.keys()) == []
