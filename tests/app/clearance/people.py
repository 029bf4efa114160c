"""Readers and certificates for tests."""

from pathlib import Path

from app.clearance.facts import Cleared
from app.clearance.paper import CertificatePaper
from app.clearance.service import ClearRequest, clear
from app.library import Library
from tests.library import AMember, act


class PlainPrinter:
    """A printer that keeps what it was handed; the paper is a text."""

    def __init__(self) -> None:
        self.papers: list[CertificatePaper] = []

    def __call__(self, paper: CertificatePaper) -> bytes:
        self.papers.append(paper)
        return f"{paper.number} {paper.code} {paper.name}".encode()


def cleared(library: Library, member: AMember, reason: str = "") -> tuple[Cleared, CertificatePaper]:
    """Clear a reader; nothing may speak against it."""
    printer = PlainPrinter()
    outcome = clear(library, ClearRequest(member.card, reason), printer, act(library))
    assert isinstance(outcome, Cleared), outcome
    return outcome, printer.papers[0]


def a_list(folder: Path, text: str, name: str = "list.csv") -> Path:
    """A file with this in it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
