"""The part of CQL that the catalogue understands: words and phrases in fields, and, or, not, brackets, words that begin
so. What it does not understand it says with the diagnostic of SRU, never with a wrong answer.

CQL 1.1 and 1.2: `dc.title = "تاریخ بیهقی" and (dc.date = 1390 or dc.publisher any "سمت هرمس") not dc.creator = شاملو*`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from app.persian.text import fold
from app.union.query import Both, ButNot, Either, Everything, How, Query, Term
from db.search_index import split_words
from db.union_index import ANYWHERE, Field

LONGEST, MOST_BOOLEANS, DEEPEST = 2_000, 24, 12


class Diagnostic(IntEnum):
    """Numbers of the list info:srw/diagnostic/1."""

    GENERAL = 1
    UNAVAILABLE = 2
    OPERATION = 4
    VERSION = 5
    VALUE = 6
    MISSING = 7
    PARAMETER = 8
    SYNTAX = 10
    QUERY_TYPE = 11
    TOO_LONG = 12
    BRACKETS = 13
    QUOTES = 14
    CONTEXT_SET = 15
    INDEX = 16
    RELATION = 19
    RELATION_MODIFIER = 20
    EMPTY_TERM = 27
    MASKING = 28
    ANCHORING = 31
    BOOLEAN = 37
    TOO_MANY_BOOLEANS = 38
    PROXIMITY = 39
    BOOLEAN_MODIFIER = 46
    FEATURE = 48
    OUT_OF_RANGE = 61
    SCHEMA = 66
    PACKING = 71
    SORTING = 80


@dataclass(frozen=True, slots=True)
class CqlError(Exception):
    """Why a query is not answered; `details` names the part that is meant."""

    code: Diagnostic
    details: str = ""


INDEXES: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "dc.title": (Field.TITLE,), "bath.title": (Field.TITLE,), "title": (Field.TITLE,),
        "dc.creator": (Field.CREATOR,), "dc.contributor": (Field.CREATOR,), "bath.author": (Field.CREATOR,),
        "creator": (Field.CREATOR,), "author": (Field.CREATOR,),
        "dc.subject": (Field.SUBJECT,), "bath.subject": (Field.SUBJECT,), "subject": (Field.SUBJECT,),
        "dc.publisher": (Field.PUBLISHER,), "publisher": (Field.PUBLISHER,),
        "dc.date": (Field.DATE,), "date": (Field.DATE,),
        "bath.isbn": (Field.ISBN,), "isbn": (Field.ISBN,),
        "rec.id": (Field.RECORD,), "rec.identifier": (Field.RECORD,),
        "cql.anywhere": ANYWHERE, "cql.serverchoice": ANYWHERE, "cql.allindexes": ANYWHERE, "cql.keywords": ANYWHERE,
        "anywhere": ANYWHERE, "serverchoice": ANYWHERE,
    }
)  # fmt: skip
ALL_RECORDS = "cql.allrecords"
SETS = frozenset({"dc", "bath", "rec", "cql"})
RELATIONS: Mapping[str, How] = MappingProxyType(
    {
        "=": How.PHRASE, "scr": How.PHRASE, "adj": How.PHRASE, "==": How.EXACT, "exact": How.EXACT, "any": How.ANY,
        "all": How.ALL, "cql.any": How.ANY, "cql.all": How.ALL, "cql.exact": How.EXACT, "cql.adj": How.PHRASE,
    }
)  # fmt: skip
OTHER_RELATIONS = frozenset({"<", ">", "<=", ">=", "<>", "within", "encloses"})
SIGNS = frozenset({"=", "==", "<", ">", "<=", ">=", "<>"})
BOOLEANS = frozenset({"and", "or", "not", "prox"})
JOINED: Mapping[str, type[Both] | type[Either] | type[ButNot]] = MappingProxyType(
    {"and": Both, "or": Either, "not": ButNot}
)
_TOKEN = re.compile(
    r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sign>==|<=|>=|<>|[=<>()/])|(?P<word>[^\s"()=<>/]+))', re.DOTALL
)
_UNESCAPED_MASK = re.compile(r"(?<!\\)((?:\\\\)*)([*?^])")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool = False

    @property
    def word(self) -> str:
        """As a keyword; a quoted one is none."""
        return "" if self.quoted else self.text.lower()


END = _Token("")


def parse(text: str) -> Query:
    """The query that is meant. Raises CqlError."""
    if len(text) > LONGEST:
        raise CqlError(Diagnostic.TOO_LONG, str(LONGEST))
    parser = _Parser(_tokens(text))
    query = parser.clauses(0)
    parser.end()
    return query


def _tokens(text: str) -> list[_Token]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise CqlError(Diagnostic.QUOTES, text[at:])
        quoted = match["quoted"]
        found.append(_Token(quoted[1:-1], quoted=True) if quoted else _Token(match["sign"] or match["word"]))
        at = match.end()
    return found


class _Parser:
    """Reads tokens from left to right; booleans of equal rank bind from the left, as CQL has it."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._booleans = 0

    def _peek(self, ahead: int = 0) -> _Token:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else END

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def end(self) -> None:
        """Nothing may follow."""
        token = self._peek()
        if token.word == "sortby":
            raise CqlError(Diagnostic.SORTING)
        if token is not END:
            raise CqlError(Diagnostic.BRACKETS if token.word == ")" else Diagnostic.SYNTAX, token.text)

    def clauses(self, depth: int) -> Query:
        """Clauses with booleans between them."""
        if depth > DEEPEST:
            raise CqlError(Diagnostic.BRACKETS, str(DEEPEST))
        query = self._clause(depth)
        while self._peek().word in BOOLEANS:
            boolean = self._boolean()
            other = self._clause(depth)
            query = JOINED[boolean](query, other)
        return query

    def _boolean(self) -> str:
        boolean = self._next().word
        if boolean == "prox":
            raise CqlError(Diagnostic.PROXIMITY)
        if self._peek().word == "/":
            raise CqlError(Diagnostic.BOOLEAN_MODIFIER, self._peek(1).text)
        self._booleans += 1
        if self._booleans > MOST_BOOLEANS:
            raise CqlError(Diagnostic.TOO_MANY_BOOLEANS, str(MOST_BOOLEANS))
        return boolean

    def _clause(self, depth: int) -> Query:
        token = self._next()
        if token.word == "(":
            query = self.clauses(depth + 1)
            if self._next().word != ")":
                raise CqlError(Diagnostic.BRACKETS)
            return query
        if token.word == ">":
            raise CqlError(Diagnostic.FEATURE, ">")
        self._refuse_no_term(token)
        if not token.quoted and self._relates():
            how = self._relation()
            term = self._next()
            self._refuse_no_term(term)
            return _asked(token.text, how, term)
        return _asked("cql.serverChoice", How.PHRASE, token)

    def _refuse_no_term(self, token: _Token) -> None:
        if token is END or (
            not token.quoted and (token.text in SIGNS or token.text in "()/" or token.word in BOOLEANS)
        ):
            raise CqlError(Diagnostic.SYNTAX, token.text)

    def _relates(self) -> bool:
        """Whether a relation follows; a word is one only where a term comes after it."""
        token = self._peek()
        known = token.word in SIGNS or token.word in RELATIONS or token.word in OTHER_RELATIONS or "." in token.word
        return known and (token.word in SIGNS or self._peek(1) is not END)

    def _relation(self) -> How:
        token = self._next()
        if token.word not in RELATIONS:
            raise CqlError(Diagnostic.RELATION, token.text)
        if self._peek().word == "/":
            raise CqlError(Diagnostic.RELATION_MODIFIER, self._peek(1).text)
        return RELATIONS[token.word]


def _asked(index: str, how: How, term: _Token) -> Query:
    name = index.lower()
    if name == ALL_RECORDS:
        return Everything()
    if name not in INDEXES:
        context_set, dot, _ = name.rpartition(".")
        unknown_set = bool(dot) and context_set not in SETS
        raise CqlError(
            Diagnostic.CONTEXT_SET if unknown_set else Diagnostic.INDEX, context_set if unknown_set else index
        )
    text, begins = _masks(term.text)
    if not split_words(fold(text)):
        raise CqlError(Diagnostic.EMPTY_TERM, term.text)
    return Term(INDEXES[name], text, how, begins)


def _masks(text: str) -> tuple[str, bool]:
    """The text without its escapes, and whether it ends in «*»; that sign stands nowhere else."""
    begins = False
    last = None
    for last in _UNESCAPED_MASK.finditer(text):
        if last[2] == "^":
            raise CqlError(Diagnostic.ANCHORING, text)
        if last[2] == "?" or last.end() != len(text):
            raise CqlError(Diagnostic.MASKING, text)
        begins = True
    if begins:
        text = text[:-1]
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL), begins
