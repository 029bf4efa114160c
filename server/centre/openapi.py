"""The OpenAPI document of the routes for programs, written by hand beside them; a test compares the two."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.version import VERSION
from server.centre.logs import told

Facts = dict[str, Any]
BINARY, TEXT, JSON = "application/octet-stream", "text/plain", "application/json"


def document_route() -> Route:
    """Where the document is."""
    return Route("/openapi.json", _shown, name="operating.openapi")


async def _shown(request: Request) -> Response:
    told(request.scope, call="openapi")
    return JSONResponse(document())


def document() -> Facts:
    """The document, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pishkhan centre",
            "version": VERSION,
            "description": "Synchronisation of branch libraries (PSP/1). Bodies are MessagePack arrays, compressed "
            "with zstd and signed with Ed25519; the signature is what authenticates a call.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "paths": {**_calls(), "/v1/pull": {"get": _pull()}, **_files(), **_operating(), "/sru": _sru()},
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _calls() -> Facts:
    said = {
        "enrol": ("A branch becomes known by a one-time code", "Enrol", "Enrolled, signed by the centre"),
        "hello": ("The beginning of a round", "Hello", "Welcome, signed by the centre"),
        "hello/ancestor": ("The newest link of a chain that both sides have", "AncestorAsked", "Ancestor"),
        "push": ("A batch of journal entries", "PSB1 batch", "Pushed"),
        "digest": ("Compare what both sides hold", "Roots", "Roots"),
    }
    return {f"/v1/{name}": {"post": _post(name, summary, body, back)} for name, (summary, body, back) in said.items()}


def _post(name: str, summary: str, body: str, back: str) -> Facts:
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "description": body, "content": _binary()},
        "responses": {"200": {"description": back, "content": _binary()}, **_refusals(name == "push")},
    }


def _refusals(chained: bool) -> Facts:
    told_back = {
        "400": "The body is not what it should be; nothing of it was used",
        "403": "Unknown or revoked device, or a code that is not good; the body names the reason",
        "408": "The body did not come",
        "413": "The body is too big: halve it",
        "426": "The program is too old to be sent rows; pushes are still taken",
    } | ({"409": "A gap, or another history: the body says how far the centre is"} if chained else {})
    asked_to_wait = {"429": "Too often", "503": "Not now; nothing was done"}
    wait = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return {status: {"description": words} for status, words in told_back.items()} | {
        status: {"description": words, "headers": wait} for status, words in asked_to_wait.items()
    }


def _pull() -> Facts:
    numbers = {"epoch": True, "after": True, "sub_after": False, "bytes": False, "have": False}
    texts = {"device": "The id of the device, 32 hexadecimal digits", "feed": "branch, policy or bib"}
    return {
        "operationId": "pull",
        "summary": "Rows of a feed after a position",
        "security": [{"bearer": []}],
        "parameters": [
            *({"name": name, "in": "query", "required": True, "description": words, "schema": {"type": "string"}}
              for name, words in texts.items()),
            *({"name": name, "in": "query", "required": needed, "schema": {"type": "integer", "minimum": 0}}
              for name, needed in numbers.items()),
        ],
        "responses": {"200": {"description": "Page", "content": _binary()}, **_refusals(chained=False)},
    }  # fmt: skip


def _files() -> Facts:
    parts = {
        "206": {"description": "The part that was asked for", "content": _binary()},
        "404": {"description": "There is none: pull"},
        "416": {"description": "The part lies behind the end"},
    }
    asked = {
        "/v1/snap/{feed}/manifest": ("snapshot", "feed", "Snapshot, signed by the centre", "branch, policy or bib"),
        "/v1/seg/{sha256}": ("segment", "sha256", "PSS1 segment, as its hash says", "64 hexadecimal digits"),
    }
    return {
        path: {
            "get": {
                "operationId": name,
                "summary": f"First filling: {back}. What is one branch's needs its bearer; Range is allowed",
                "security": [{}, {"bearer": []}],
                "parameters": [
                    {"name": key, "in": "path", "required": True, "description": words, "schema": {"type": "string"}}
                ],
                "responses": {"200": {"description": back, "content": _binary()}, **parts, **_refusals(chained=False)},
            }
        }
        for path, (name, key, back, words) in asked.items()
    }


def _operating() -> Facts:
    told_back = {
        "/healthz": ("The process lives", TEXT, False),
        "/readyz": ("The database answers and has a schema", JSON, True),
        "/metrics": ("Counts, as Prometheus reads them: for this machine, or with the token", TEXT, False),
        "/openapi.json": ("This document", JSON, False),
    }
    return {
        path: {
            "get": {
                "summary": words,
                "responses": {
                    "200": {"description": words, "content": {media: {}}},
                    **({"503": {"description": "The database does not answer"}} if may_fail else {}),
                },
            }
        }
        for path, (words, media, may_fail) in told_back.items()
    }


def _sru() -> Facts:
    texts = {
        "operation": "explain or searchRetrieve", "version": "1.1 or 1.2", "query": "CQL",
        "startRecord": "From 1", "maximumRecords": "100 at most", "recordSchema": "marcxml",
        "recordPacking": "xml or string",
    }  # fmt: skip
    parameters = [
        {"name": name, "in": "query", "required": False, "description": words, "schema": {"type": "string"}}
        for name, words in texts.items()
    ]
    answers = {
        "200": {"description": "Records in MARCXML, or diagnostics", "content": {"text/xml": {}}},
        "429": {"description": "Too often", "content": {"text/xml": {}}},
    }
    called = {"summary": "The union catalogue (SRU)", "responses": answers}
    form = {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}
    return {"get": called | {"parameters": parameters}, "post": called | {"requestBody": form}}


def _binary() -> Facts:
    return {BINARY: {"schema": {"type": "string", "format": "binary"}}}
