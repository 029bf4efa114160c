"""The OpenAPI document and the routes are the same thing."""

from collections.abc import Iterator

import pytest
from starlette.routing import Route

from app.centre import Centre
from server.centre.api import Served
from server.centre.asgi import program_routes
from server.centre.metrics import Metrics
from server.centre.openapi import document
from tests.centres import fresh_centre

UNSAID = frozenset({"HEAD"})


@pytest.fixture(scope="module")
def routes() -> Iterator[list[Route]]:
    with fresh_centre() as centre:
        yield list(of(centre))


def of(centre: Centre) -> list[Route]:
    return program_routes(Served(centre), Metrics())


def test_every_route_is_in_the_document_and_back(routes: list[Route]) -> None:
    served = {(route.path, method) for route in routes for method in (route.methods or {"GET"}) - UNSAID}
    told = {(path, method.upper()) for path, methods in document()["paths"].items() for method in methods}
    assert served == told


def test_every_operation_says_what_comes_back() -> None:
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert "200" in operation["responses"], path
            assert all(answer["description"] for answer in operation["responses"].values()), path


def test_calls_name_the_way_to_wait() -> None:
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            if path.startswith("/v1/"):
                assert {"400", "403", "413", "429", "503"} <= set(operation["responses"]), path
                assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_the_document_is_of_version_3_1() -> None:
    assert document()["openapi"] == "3.1.0"
    assert document()["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
