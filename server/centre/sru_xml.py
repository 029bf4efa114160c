"""The answers of the catalogue to other systems as XML: records, diagnostics, and what can be asked (SRU 1.1, 1.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from app.union.cql import CqlError, Diagnostic
from app.union.marcxml import NAMESPACE as MARC
from app.union.marcxml import legal, marcxml
from app.union.searching import MOST, Found

SRW = "http://www.loc.gov/zing/srw/"
DIAGNOSTICS = "http://www.loc.gov/zing/srw/diagnostic/"
ZEEREX = "http://explain.z3950.org/dtd/2.0/"
SCHEMA = "info:srw/schema/1/marcxml-v1.1"
VERSIONS = ("1.2", "1.1")
DEFAULT_RECORDS = 10
MESSAGES: Mapping[Diagnostic, str] = {
    Diagnostic.GENERAL: "General system error",
    Diagnostic.UNAVAILABLE: "System temporarily unavailable",
    Diagnostic.OPERATION: "Unsupported operation",
    Diagnostic.VERSION: "Unsupported version",
    Diagnostic.VALUE: "Unsupported parameter value",
    Diagnostic.MISSING: "Mandatory parameter not supplied",
    Diagnostic.PARAMETER: "Unsupported parameter",
    Diagnostic.SYNTAX: "Query syntax error",
    Diagnostic.QUERY_TYPE: "Unsupported query type",
    Diagnostic.TOO_LONG: "Too many characters in query",
    Diagnostic.BRACKETS: "Invalid or unsupported use of parentheses",
    Diagnostic.QUOTES: "Invalid or unsupported use of quotes",
    Diagnostic.CONTEXT_SET: "Unsupported context set",
    Diagnostic.INDEX: "Unsupported index",
    Diagnostic.RELATION: "Unsupported relation",
    Diagnostic.RELATION_MODIFIER: "Unsupported relation modifier",
    Diagnostic.EMPTY_TERM: "Empty term unsupported",
    Diagnostic.MASKING: "Masking character not supported",
    Diagnostic.ANCHORING: "Anchoring character not supported",
    Diagnostic.BOOLEAN: "Unsupported boolean operator",
    Diagnostic.TOO_MANY_BOOLEANS: "Too many boolean operators in query",
    Diagnostic.PROXIMITY: "Proximity not supported",
    Diagnostic.BOOLEAN_MODIFIER: "Unsupported boolean modifier",
    Diagnostic.FEATURE: "Query feature unsupported",
    Diagnostic.OUT_OF_RANGE: "First record position out of range",
    Diagnostic.SCHEMA: "Unknown schema for retrieval",
    Diagnostic.PACKING: "Unsupported record packing",
    Diagnostic.SORTING: "Sort not supported",
}
TITLES = {
    "dc.title": "Title", "dc.creator": "Creator", "dc.subject": "Subject", "dc.publisher": "Publisher",
    "dc.date": "Year, as printed", "bath.isbn": "ISBN", "cql.anywhere": "Anywhere", "rec.id": "Record id",
}  # fmt: skip
SETS = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2", "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "bath": "http://zing.z3950.org/cql/bath/2.0/", "rec": "info:srw/cql-context-set/2/rec-1.1",
}  # fmt: skip

for _prefix, _namespace in {"zs": SRW, "diag": DIAGNOSTICS, "zr": ZEEREX, "marc": MARC}.items():
    ET.register_namespace(_prefix, _namespace)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with everything that was wrong with it."""

    query: str = ""
    first: int = 1
    most: int = DEFAULT_RECORDS
    packing: str = "xml"
    version: str = VERSIONS[0]
    problems: tuple[CqlError, ...] = ()


def response(asked: Asked, found: Found, problems: Iterable[CqlError]) -> ET.Element:
    """The answer to searchRetrieve."""
    root = _element("searchRetrieveResponse", ("version", asked.version), ("numberOfRecords", str(found.total)))
    if found.records:
        records = ET.SubElement(root, f"{{{SRW}}}records")
        for place, record in enumerate(found.records, asked.first):
            one = _element("record", ("recordSchema", SCHEMA), ("recordPacking", asked.packing))
            data = ET.SubElement(one, f"{{{SRW}}}recordData")
            if asked.packing == "xml":
                data.append(marcxml(record))
            else:
                data.text = ET.tostring(marcxml(record), encoding="unicode")
            _text(one, "recordPosition", str(place))
            records.append(one)
    after = asked.first + len(found.records)
    if found.records and after <= found.total:
        _text(root, "nextRecordPosition", str(after))
    _add_diagnostics(root, problems)
    return root


def explain(host: str, port: int) -> ET.Element:
    """What is here and how it is asked (ZeeRex)."""
    zeerex = ET.Element(f"{{{ZEEREX}}}explain")
    server = _zeerex(zeerex, "serverInfo", protocol="SRU", version=VERSIONS[0], transport="http", method="GET POST")
    _zeerex(server, "host").text = legal(host)
    _zeerex(server, "port").text = str(port)
    _zeerex(server, "database").text = "sru"
    _zeerex(_zeerex(zeerex, "databaseInfo"), "title", lang="fa", primary="true").text = "فهرستگان کتابخانه‌های عمومی"
    indexes = _zeerex(zeerex, "indexInfo")
    for name, identifier in SETS.items():
        _zeerex(indexes, "set", name=name, identifier=identifier)
    for name, title in TITLES.items():
        index = _zeerex(indexes, "index", search="true", scan="false", sort="false")
        _zeerex(index, "title", lang="en").text = title
        context_set, _, short = name.partition(".")
        _zeerex(_zeerex(index, "map"), "name", set=context_set).text = short
    schemas = _zeerex(zeerex, "schemaInfo")
    schema = _zeerex(schemas, "schema", name="marcxml", identifier=SCHEMA, retrieve="true", sort="false")
    _zeerex(schema, "title", lang="en").text = "MARC21 in XML"
    config = _zeerex(zeerex, "configInfo")
    _zeerex(config, "default", type="numberOfRecords").text = str(DEFAULT_RECORDS)
    _zeerex(config, "setting", type="maximumRecords").text = str(MOST)
    for relation in ("=", "==", "exact", "any", "all"):
        _zeerex(config, "supports", type="relation").text = relation
    _zeerex(config, "supports", type="maskingCharacter").text = "*"
    root = _element("explainResponse", ("version", VERSIONS[0]))
    record = ET.SubElement(root, f"{{{SRW}}}record")
    _text(record, "recordSchema", ZEEREX)
    _text(record, "recordPacking", "xml")
    ET.SubElement(record, f"{{{SRW}}}recordData").append(zeerex)
    return root


def _zeerex(parent: ET.Element, name: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ZEEREX}}}{name}", attributes)


def failed(version: str, problem: CqlError) -> ET.Element:
    """The answer to a search that was not made."""
    return response(Asked(version=version), Found(0, ()), [problem])


def refusal(name: str, version: str, problems: Iterable[CqlError]) -> ET.Element:
    """The answer to another operation that is not done here."""
    root = _element(name, ("version", version))
    _add_diagnostics(root, problems)
    return root


def _element(name: str, *texts: tuple[str, str]) -> ET.Element:
    root = ET.Element(f"{{{SRW}}}{name}")
    for child, text in texts:
        _text(root, child, text)
    return root


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{SRW}}}{name}").text = legal(text)


def _add_diagnostics(root: ET.Element, problems: Iterable[CqlError]) -> None:
    listed = list(problems)
    if not listed:
        return
    parent = ET.SubElement(root, f"{{{SRW}}}diagnostics")
    for problem in listed:
        one = ET.SubElement(parent, f"{{{DIAGNOSTICS}}}diagnostic")
        facts = {
            "uri": f"info:srw/diagnostic/1/{int(problem.code)}",
            "details": legal(problem.details)[:200],
            "message": MESSAGES[problem.code],
        }
        for name, text in facts.items():
            ET.SubElement(one, f"{{{DIAGNOSTICS}}}{name}").text = text
