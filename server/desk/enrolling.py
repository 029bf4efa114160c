"""Enrolment at the centre, and packages on a stick for a branch without a line.

What the network and the packages need is loaded when it is first asked for: a desk that only lends starts earlier.
"""

from pathlib import Path as FilePath

from app.messages import one_line
from app.outcome import Refused
from app.sync.branch.device_key import ensure_device_key, read_device_key
from db.trouble import Trouble
from reports.on_demand import ON_DEMAND
from server.desk.answers import Facts, done, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Line, Path, Word


class Enrol(Request, kw_only=True):
    """Become known to the centre at `url` by the one-time `code`; `fingerprint` stands beside it on the paper."""

    url: Line
    code: Word
    fingerprint: Word = ""


class PackageExport(Request, kw_only=True):
    """Write what the centre has not acknowledged into a folder."""

    folder: Path


class PackageImport(Request, kw_only=True):
    """Take in a file of the centre: a receipt, or a package of feeds."""

    file: Path


def enrol_here(session: Session, request: Enrol) -> Facts:
    """Send the code, pin the centre. Raises Trouble as `join` does."""
    from app.sync.branch.joining import join

    key = ensure_device_key(session.library)
    outcome = join(session.library, request.url, request.code, key, session.act(), request.fingerprint)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("enrolled", url=outcome.url, centre=outcome.centre_id, fingerprint=outcome.fingerprint)


def package_export(session: Session, request: PackageExport) -> Facts:
    """The files that were written. Raises Trouble P-2414, P-2427, P-120x."""
    from app.sync.packages.up import export_packages

    key = read_device_key(session.library)
    written = export_packages(session.library, key, FilePath(request.folder))
    files = [{"file": one.path.name, "entries": one.entries, "bytes": one.size} for one in written]
    return done("exported", files=files, entries=sum(one.entries for one in written))


def package_import(session: Session, request: PackageImport) -> Facts:
    """What a file of the centre brought. Raises Trouble P-2101, P-2414, P-242x."""
    from app.sync.packages.form import read_package
    from app.sync.packages.receiving import receive

    raw = read_package(FilePath(request.file))
    received = receive(session.library, read_device_key(session.library), raw, printers=ON_DEMAND)
    if received.already:
        return done("already_done", message=one_line(Trouble("P-2424")))
    return done(
        "imported", acked=received.acked, rows=received.rows, directives=received.directives, guarded=received.guarded
    )
