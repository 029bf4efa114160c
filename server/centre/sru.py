"""The union catalogue for other systems: SRU 1.1 and 1.2 at /sru, open to everybody. Records come as MARC21 in
XML; nothing of readers is anywhere near.

What cannot be answered is answered by a diagnostic of the list info:srw/diagnostic/1 with status 200, as SRU has it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.centre import Centre
from app.persian.digits import parse_int
from app.union.cql import CqlError, Diagnostic, parse
from app.union.marcxml import NAMESPACE as MARC
from app.union.searching import MOST, Found, search
from db.isolation import DbRole, Scope
from db.trouble import Trouble
from server.centre.limits import Allowed, Buckets
from server.centre.logs import told
from server.centre.sru_xml import DEFAULT_RECORDS, SCHEMA, VERSIONS, Asked, explain, failed, refusal, response

SCHEMAS = frozenset({"marcxml", "marc21", SCHEMA, MARC})
ALLOWED = Allowed(120, 10)
"""Questions of one address."""
PUBLIC = Scope(DbRole.MEMBER, ())
"""Of no branch: what the database then shows are the rows of the centre that are for all."""
PARAMETERS = frozenset(
    {
        "operation", "version", "query", "startRecord", "maximumRecords", "recordPacking", "recordSchema",
        "resultSetTTL", "sortKeys", "recordXPath", "stylesheet", "scanClause", "responsePosition", "maximumTerms",
    }
)  # fmt: skip


@dataclass(slots=True)
class Catalogue:
    """What answers: the centre, and how much each address asked."""

    centre: Centre
    buckets: Buckets = field(default_factory=lambda: Buckets(ALLOWED))

    async def answer(self, request: Request) -> Response:
        """One question of anybody."""
        told(request.scope, call="sru")
        address = request.client.host if request.client else ""
        wait = self.buckets.wait(address)
        if wait:
            document = failed(VERSIONS[0], CqlError(Diagnostic.UNAVAILABLE, f"{wait} s"))
            return _xml(document, 429, {"Retry-After": str(wait)})
        self.buckets.take(address)
        given = await _parameters(request)
        operation = given.get("operation") or ("searchRetrieve" if "query" in given else "explain")
        if operation == "explain":
            return _xml(explain(*_own_address(request)))
        if operation == "scan":
            return _xml(refusal("scanResponse", _version(given), [CqlError(Diagnostic.OPERATION, "scan")]))
        if operation != "searchRetrieve":
            return _xml(failed(_version(given), CqlError(Diagnostic.OPERATION, operation)))
        return _xml(await run_in_threadpool(self._found, read_question(given)))

    def _found(self, asked: Asked) -> ET.Element:
        problems = list(asked.problems)
        found = Found(0, ())
        if not problems:
            try:
                query = parse(asked.query)
                with self.centre.store.read(PUBLIC) as reader:
                    found = search(reader, query, asked.first, asked.most)
                if found.total and asked.first > found.total:
                    problems.append(CqlError(Diagnostic.OUT_OF_RANGE, str(asked.first)))
            except CqlError as problem:
                problems.append(problem)
            except Trouble as trouble:
                problems.append(CqlError(Diagnostic.UNAVAILABLE, trouble.code))
        return response(asked, found, problems)


def sru_routes(centre: Centre) -> list[Route]:
    """Where the catalogue answers: GET, or POST of a form."""
    return [Route("/sru", Catalogue(centre).answer, methods=["GET", "POST"], name="catalogue.sru")]


def _own_address(request: Request) -> tuple[str, int]:
    """As the asker knows us; whatever the heading says."""
    try:
        return request.url.hostname or "localhost", request.url.port or 80
    except ValueError:
        return "localhost", 80


async def _parameters(request: Request) -> dict[str, str]:
    """The first value of each parameter. A form is read as far as a question may be long."""
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=len(PARAMETERS), max_part_size=MOST_SENT) as form:
            return {name: value for name, value in reversed(form.multi_items()) if isinstance(value, str)}
    return dict(reversed(request.query_params.multi_items()))


MOST_SENT = 16_384


def read_question(given: Mapping[str, str]) -> Asked:
    """The parameters of searchRetrieve, and every problem with them."""
    problems: list[CqlError] = list(_unsupported(given))
    first = _number(given, "startRecord", 1, 1, problems)
    most = _number(given, "maximumRecords", DEFAULT_RECORDS, 0, problems)
    return Asked(
        query=given.get("query", ""),
        first=first,
        most=min(most, MOST),
        packing="string" if given.get("recordPacking") == "string" else "xml",
        version=_version(given),
        problems=tuple(problems),
    )


def _unsupported(given: Mapping[str, str]) -> Iterator[CqlError]:
    for name in given:
        if name not in PARAMETERS and not name.startswith("x-"):
            yield CqlError(Diagnostic.PARAMETER, name)
    if given.get("version", VERSIONS[0]) not in VERSIONS:
        yield CqlError(Diagnostic.VERSION, VERSIONS[0])
    if not given.get("query", "").strip():
        asked_otherwise = "x-pquery" in given
        yield CqlError(Diagnostic.QUERY_TYPE if asked_otherwise else Diagnostic.MISSING, "query")
    if given.get("recordSchema", SCHEMA) not in SCHEMAS:
        yield CqlError(Diagnostic.SCHEMA, given["recordSchema"])
    if given.get("recordPacking", "xml") not in ("xml", "string"):
        yield CqlError(Diagnostic.PACKING, given["recordPacking"])
    if given.get("sortKeys"):
        yield CqlError(Diagnostic.SORTING)


def _number(given: Mapping[str, str], name: str, default: int, least: int, problems: list[CqlError]) -> int:
    if name not in given:
        return default
    value = parse_int(given[name]) if len(given[name]) < 10 else None
    if value is None or value < least:
        problems.append(CqlError(Diagnostic.VALUE, name))
        return default
    return value


def _version(given: Mapping[str, str]) -> str:
    version = given.get("version", VERSIONS[0])
    return version if version in VERSIONS else VERSIONS[0]


def _xml(document: ET.Element, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(document, encoding="utf-8", xml_declaration=False)
    return Response(body, status, dict(headers or {}), media_type="text/xml")
