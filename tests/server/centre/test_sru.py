"""The union catalogue answers other systems: searched with yaz-client as libraries do it, and with whatever anybody may
send."""

import contextlib
import io
import re
import shutil
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pymarc
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.union.cql import CqlError, Diagnostic, parse
from app.union.matching import adopt_new
from app.union.merging import Corrected, correct
from app.union.query import Both, ButNot, Either, Everything, How, Query, Term
from db.codes import Material
from db.union_index import ANYWHERE, Field
from server.centre.sru import ALLOWED, sru_routes
from server.centre.sru_xml import DIAGNOSTICS, MESSAGES, SCHEMA, SRW, ZEEREX
from tests.app.union.provinces import Province, arrives, book, opened, template
from tests.postgres import cluster, copy_of

parse_xml: Any = pymarc.parse_xml_to_array
MARC = "{http://www.loc.gov/MARC21/slim}"
HOSTILE = "]]><script>&\x00\x0b\ufffe\ud800 «تاریخ»"


def marc_bytes(title: str) -> bytes:
    """A MARC21 record as a library imported it, with what it noted of its copies."""
    record: Any = pymarc.Record(force_utf8=True)
    record.add_field(pymarc.Field("001", data="12345"))
    for tag, indicators, subfields in (
        ("245", "10", [("a", title), ("c", "ابوالفضل بیهقی")]),
        ("505", "0 ", [("a", "جلد اول: دوران محمود")]),
        ("541", "  ", [("a", "اهدایی خانوادهٔ رضایی")]),
        ("952", "  ", [("p", "BARCODE-1"), ("g", "250000")]),
    ):
        marks = pymarc.Indicators(*indicators)
        record.add_field(pymarc.Field(tag, marks, [pymarc.Subfield(code, text) for code, text in subfields]))
    return bytes(record.as_marc())


def fill(province: Province) -> None:
    """Five records of several libraries."""
    arrives(
        province, 0, book(subtitle="رمان", subjects=("داستان‌های فارسی -- قرن ۱۴",), edition="ویراست ۲", pages="۵۲۰ ص.")
    )
    arrives(
        province,
        1,
        book("تاریخ بیهقی", "ابوالفضل بیهقی", isbn=None, marc=marc_bytes("تاریخ بیهقی"), marc_format="marc21"),
    )
    arrives(province, 2, book("گلستان", "سعدی", isbn=None, year=1371, publisher="هرمس"))
    arrives(province, 0, book(f"کتاب {HOSTILE}", "x", isbn=None))
    arrives(province, 0, book("گفتگو", isbn=None, material=Material.TALKING_BOOK, language="en"))
    adopt_new(province.centre)


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    """A centre with a small catalogue."""
    with cluster().database(copy_of(template())) as url:
        found = opened(url)
        with found.centre.store:
            fill(found)
            yield found


@pytest.fixture(scope="module")
def app(province: Province) -> Starlette:
    return Starlette(routes=sru_routes(province.centre))


@pytest.fixture
def client(province: Province) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=sru_routes(province.centre))) as client:
        yield client


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    """The catalogue over a real socket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}/sru"
    server.should_exit = True
    thread.join()


def asked(client: TestClient, **parameters: Any) -> ET.Element:
    answer = client.get("/sru", params={"operation": "searchRetrieve", "version": "1.2"} | parameters)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    return ET.fromstring(answer.content)


def total(document: ET.Element) -> int:
    return int(document.findtext(f"{{{SRW}}}numberOfRecords") or -1)


def titles(document: ET.Element) -> list[str]:
    path = f".//{MARC}datafield[@tag='245']/{MARC}subfield[@code='a']"
    return [element.text or "" for element in document.findall(path)]


def diagnostics(document: ET.Element) -> list[tuple[int, str]]:
    return [
        (
            int((one.findtext(f"{{{DIAGNOSTICS}}}uri") or "/0").rpartition("/")[2]),
            one.findtext(f"{{{DIAGNOSTICS}}}details") or "",
        )
        for one in document.findall(f".//{{{DIAGNOSTICS}}}diagnostic")
    ]


@pytest.mark.skipif(shutil.which("yaz-client") is None, reason="yaz-client of Debian is not installed")
@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('dc.title = "تاریخ بیهقی"', {"تاریخ بیهقی"}),
        ("دولت‌آبادی", {"کلیدر", "گفتگو"}),
        ("dc.title = گل* and dc.date = 1371", {"گلستان"}),
        ("bath.isbn = 978-964-8637-00-7", {"کلیدر"}),
    ],
)
def test_yaz_client_finds_records_and_they_decode(
    address: str, tmp_path: Path, version: str, query: str, expected: set[str]
) -> None:
    script = f"sru get {version}\nquerytype cql\nopen {address}\nfind {query}\nshow 1+5\nquit\n"
    kept = tmp_path / "out.mrc"
    told = subprocess.run(
        ["yaz-client", "-m", str(kept)], input=script.encode(), capture_output=True, timeout=20, check=True
    ).stdout.decode("utf-8", "replace")
    assert f"Number of hits: {len(expected)}" in told
    found = re.findall(
        r"<(?:marc:)?record .*?</(?:marc:)?record>", kept.read_text("utf-8") if kept.exists() else told, re.DOTALL
    )
    records = [record for text in found for record in parse_xml(io.StringIO(text))]
    assert {record["245"]["a"] for record in records} == expected


def test_a_corrected_record_and_one_as_it_came(client: TestClient) -> None:
    (built,) = asked(client, query="dc.title=کلیدر").iter(f"{MARC}record")
    fields = {
        field.get("tag"): {sub.get("code"): sub.text for sub in field} for field in built.iter(f"{MARC}datafield")
    }
    assert fields["020"] == {"a": "9789648637007"}
    assert fields["245"] == {"a": "کلیدر", "b": "رمان"}
    assert fields["264"] == {"b": "فرهنگ معاصر", "c": "1390"}
    assert fields["650"] == {"a": "داستان‌های فارسی -- قرن ۱۴"}
    (stored,) = asked(client, query="dc.title=بیهقی").iter(f"{MARC}record")
    tags = [field.get("tag") for field in stored.iter(f"{MARC}datafield")]
    assert tags == ["245", "505"]  # neither barcode, price nor donor
    assert b"BARCODE" not in ET.tostring(stored)
    coded = next(field.text for field in built.iter(f"{MARC}controlfield") if field.get("tag") == "008")
    assert (len(coded or ""), (coded or "")[7:11], (coded or "")[35:38]) == (40, "2011", "per")


def test_texts_of_anybody_are_valid_xml(client: TestClient) -> None:
    document = asked(client, query="script")
    assert titles(document) == ["کتاب ]]><script>&  «تاریخ»"]
    packed = asked(client, query="script", recordPacking="string")
    inner = packed.findtext(f".//{{{SRW}}}recordData") or ""
    assert ET.fromstring(inner).tag == f"{MARC}record"


def test_hits_come_in_parts(client: TestClient) -> None:
    document = asked(client, query="cql.allRecords=1", startRecord=2, maximumRecords=2)
    assert (total(document), len(titles(document))) == (5, 2)
    assert document.findtext(f"{{{SRW}}}nextRecordPosition") == "4"
    positions = [element.text for element in document.iter(f"{{{SRW}}}recordPosition")]
    assert positions == ["2", "3"]
    last = asked(client, query="cql.allRecords=1", startRecord=5)
    assert last.find(f"{{{SRW}}}nextRecordPosition") is None
    assert titles(asked(client, query="cql.allRecords=1", maximumRecords=0)) == []
    assert {element.text for element in document.iter(f"{{{SRW}}}recordSchema")} == {SCHEMA}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"query": "x", "version": "2.0"}, (5, "1.2")),
        ({"query": ""}, (7, "query")),
        ({"x-pquery": "@attr 1=4 x"}, (11, "query")),
        ({"query": "x", "startRecord": "0"}, (6, "startRecord")),
        ({"query": "x", "maximumRecords": "many"}, (6, "maximumRecords")),
        ({"query": "x", "recordSchema": "mods"}, (66, "mods")),
        ({"query": "x", "recordPacking": "zip"}, (71, "zip")),
        ({"query": "x", "sortKeys": "title"}, (80, "")),
        ({"query": "x", "colour": "red"}, (8, "colour")),
        ({"query": "گلستان", "startRecord": "9"}, (61, "9")),
        ({"query": "nobody.knows = x"}, (15, "nobody")),
        ({"query": "dc.colour = x"}, (16, "dc.colour")),
        ({"query": "dc.date > 1390"}, (19, ">")),
        ({"query": "a prox b"}, (39, "")),
        ({"query": "dc.title any/fuzzy x"}, (20, "fuzzy")),
        ({"query": "a and/x b"}, (46, "x")),
        ({"query": '""'}, (27, "")),
        ({"query": "gol?stan"}, (28, "gol?stan")),
        ({"query": "*stan"}, (28, "*stan")),
        ({"query": '"^gol"'}, (31, "^gol")),
        ({"query": "(a and b"}, (13, "")),
        ({"query": "a)"}, (13, ")")),
        ({"query": '"a'}, (14, '"a')),
        ({"query": "a and"}, (10, "")),
        ({"query": "and"}, (10, "and")),
        ({"query": "a b"}, (10, "b")),
        ({"query": "> dc = x"}, (48, ">")),
        ({"query": "a sortby title"}, (80, "")),
        ({"query": " and ".join("a" * 26)}, (38, "24")),
        ({"query": "(" * 20 + "a"}, (13, "12")),
        ({"query": "a" * 2001}, (12, "2000")),
    ],
    ids=str,
)
def test_what_is_not_understood_is_said(
    client: TestClient, parameters: dict[str, str], expected: tuple[int, str]
) -> None:
    document = asked(client, **parameters)
    assert diagnostics(document) == [expected]
    assert titles(document) == []


T, C, A = (Field.TITLE,), (Field.CREATOR,), ANYWHERE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("گلستان", Term(A, "گلستان", How.PHRASE)),
        ('dc.title = "گل و بلبل"', Term(T, "گل و بلبل", How.PHRASE)),
        ("DC.Title == گل", Term(T, "گل", How.EXACT)),
        ('dc.creator any "سعدی حافظ"', Term(C, "سعدی حافظ", How.ANY)),
        ("dc.title=گل*", Term(T, "گل", How.PHRASE, begins=True)),
        (r"dc.title=گل\*", Term(T, "گل*", How.PHRASE)),
        ("title", Term(A, "title", How.PHRASE)),
        ("any", Term(A, "any", How.PHRASE)),
        ("cql.allRecords = 1", Everything()),
        ("a or b and c", Both(Either(Term(A, "a", How.PHRASE), Term(A, "b", How.PHRASE)), Term(A, "c", How.PHRASE))),
        (
            "a NOT (b or c)",
            ButNot(Term(A, "a", How.PHRASE), Either(Term(A, "b", How.PHRASE), Term(A, "c", How.PHRASE))),
        ),
        ('"and" and or*', Both(Term(A, "and", How.PHRASE), Term(A, "or", How.PHRASE, begins=True))),
    ],
)
def test_cql_is_read_as_it_is_meant(text: str, expected: Query) -> None:
    assert parse(text) == expected


def test_explain_tells_every_index_that_works(client: TestClient) -> None:
    document = ET.fromstring(client.get("/sru").content)
    sets = {f"{name.get('set')}.{name.text}" for name in document.findall(f".//{{{ZEEREX}}}map/{{{ZEEREX}}}name")}
    assert {
        "dc.title",
        "dc.creator",
        "dc.subject",
        "dc.date",
        "dc.publisher",
        "bath.isbn",
        "cql.anywhere",
        "rec.id",
    } == sets
    for name in sets:
        assert diagnostics(asked(client, query=f"{name} = x")) == []


def test_scan_and_unknown_operations_are_refused(client: TestClient) -> None:
    for operation, name in (("scan", "scanResponse"), ("delete", "searchRetrieveResponse")):
        document = ET.fromstring(client.get("/sru", params={"operation": operation, "version": "1.1"}).content)
        assert document.tag == f"{{{SRW}}}{name}"
        assert diagnostics(document) == [(4, operation)]


def test_a_form_asks_as_well(client: TestClient) -> None:
    answer = client.post("/sru", data={"query": "گلستان", "version": "1.1", "operation": "searchRetrieve"})
    assert titles(ET.fromstring(answer.content)) == ["گلستان"]


def test_a_record_is_found_by_its_id(client: TestClient) -> None:
    document = asked(client, query="گلستان")
    record_id = next(field.text for field in document.iter(f"{MARC}controlfield") if field.get("tag") == "001")
    assert titles(asked(client, query=f"rec.id = {record_id}")) == ["گلستان"]


def test_who_asks_too_often_is_told_to_wait(province: Province) -> None:
    with TestClient(Starlette(routes=sru_routes(province.centre))) as client:
        answers = [client.get("/sru") for _ in range(2 * ALLOWED.burst)]  # a slow machine is let some more through
    assert [answer.status_code for answer in answers[: ALLOWED.burst]] == [200] * ALLOWED.burst
    answer = next(answer for answer in answers if answer.status_code == 429)
    assert int(answer.headers["retry-after"]) >= 1
    assert diagnostics(ET.fromstring(answer.content))[0][0] == Diagnostic.UNAVAILABLE


def test_every_diagnostic_has_its_words() -> None:
    assert set(MESSAGES) == set(Diagnostic)


PARTS = st.one_of(
    st.sampled_from(
        [
            "and",
            "or",
            "not",
            "(",
            ")",
            '"',
            "=",
            "==",
            "any",
            "all",
            "dc.title",
            "bath.isbn",
            "*",
            "\\",
            "/",
            "'",
            "&",
            "!",
            ":*",
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.lists(PARTS, max_size=9).map(" ".join))
def test_no_query_breaks_the_catalogue(province: Province, query: str) -> None:
    """Whatever is asked is answered with records or a diagnostic, never with an error of ours."""
    with TestClient(Starlette(routes=sru_routes(province.centre))) as client:
        answer = client.post(
            "/sru", data={"operation": "searchRetrieve", "query": query.encode("utf-8", "replace").decode()}
        )
    assert answer.status_code == 200
    ET.fromstring(answer.content)
    with contextlib.suppress(CqlError):
        parse(query)


def test_a_correction_shows_in_what_other_systems_get(province: Province, client: TestClient) -> None:
    record_id = next(
        field.text for field in asked(client, query="بیهقی").iter(f"{MARC}controlfield") if field.get("tag") == "001"
    )
    outcome = correct(province.centre, uuid.UUID(record_id), {"subtitle": "تاریخ مسعودی"}, province.act(), "از کتاب")
    assert isinstance(outcome, Corrected)
    (record,) = asked(client, query="مسعودی").iter(f"{MARC}record")
    assert "تاریخ مسعودی" in [sub.text for sub in record.iter(f"{MARC}subfield")]
