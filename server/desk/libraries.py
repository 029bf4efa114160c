"""The libraries that may be given weeded copies, at the headless desk (002 م7-24)."""

import uuid
from pathlib import Path as FilePath

from app.actions import Action
from app.exchange.libraries import LibraryForm, LibrarySet, all_libraries, set_library
from app.exchange.library_file import read_library_list, take_in_libraries
from app.outcome import NotFound
from db.codes import BranchKind
from server.desk import scans
from server.desk.answers import Facts, done, missing, refused
from server.desk.exchange_facts import told_library
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Name, Path, Text, Word, day


class LibraryAdd(Request, kw_only=True):
    """Register a library, or change what is written of one (`library`); province and county default to ours."""

    name: Name
    library: uuid.UUID | None = None
    kind: BranchKind = BranchKind.INSTITUTIONAL
    province: Name | None = None
    county: Name | None = None
    licence_no: Word | None = None
    licensed_until: Day | None = None
    founded_on: Day | None = None
    to_be_founded: bool = False
    address: Text | None = None


class LibraryImport(Request, kw_only=True):
    """Take in a list of libraries, text or Excel."""

    file: Path


class LibraryList(Request, kw_only=True):
    """The registered libraries; with `q` those whose name holds it."""

    q: Line = ""


def add(session: Session, request: LibraryAdd) -> Facts:
    """Register a library or change it."""
    form = LibraryForm(
        request.name, request.kind, request.province, request.county, request.licence_no, day(request.founded_on),
        request.to_be_founded, day(request.licensed_until), request.address,
    )  # fmt: skip
    outcome = set_library(session.library, form, session.act(request.key), request.library)
    if isinstance(outcome, LibrarySet):
        word = "added" if outcome.added else "changed"
        return done(word if outcome.changed else "already_done", **told_library(outcome.facts))
    return missing(outcome) if isinstance(outcome, NotFound) else refused(outcome.refusals)


def show_all(session: Session, request: LibraryList) -> Facts:
    """The registered libraries."""
    with session.library.store.read() as reader:
        found = all_libraries(reader)
    return done("found", rows=[told_library(one) for one in found if request.q in one.name])


def take_in(session: Session, request: LibraryImport) -> Facts:
    """Register every library of a list. It is many transactions, so a key cannot stand for it: the same list again
    changes nothing."""
    forbidden = session.library.forbids(session.act(), Action.SET_LIBRARY)
    if forbidden:
        return refused(forbidden)
    path = FilePath(request.file)
    lines = read_library_list(path)
    folder = scans.side_folder(session, path)
    return scans.told("imported", take_in_libraries(session.library, lines, path.stem, session.act(), folder))
