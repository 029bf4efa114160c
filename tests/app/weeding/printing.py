"""Printers for tests: paper is the one thing these tests do not make."""

from app.papers import Printed
from app.weeding.minutes.paper import MinutesPaper


def plain_printer(paper: MinutesPaper) -> Printed:
    """The facts as text: the same facts give the same bytes."""
    lines = [f"{paper.reason} {paper.number} {paper.day} {paper.revision} {paper.chain_head} {paper.draft}"]
    lines += [f"{place} {row.title} {row.accession_no} {row.copy_no}" for place, row in enumerate(paper.rows, 1)]
    text = "\n".join(lines).encode()
    return Printed(pdf=b"%PDF " + text, xlsx=b"PK " + text, pages=1 + len(paper.rows) // 25)


class PowerCutError(Exception):
    """The light goes out."""


def dying_printer(_: MinutesPaper) -> Printed:
    """A power cut between number and paper."""
    raise PowerCutError
