"""Taking in files of books at the headless desk."""

from pathlib import Path
from typing import assert_never

from app.catalogue.importing.sniff import FileFormat
from app.catalogue.importing.statuses import MEANINGS, StatusWish, is_marc_field
from app.imports.member_file import read_member_list
from app.imports.members import MembersWish, take_in_members
from app.imports.service import AlreadyImported, Cancelled, Imported, ImportOutcome, ImportRequest, import_file
from app.imports.state import Counts, Progress
from app.outcome import Refused
from app.persian.digits import number
from app.weeding.minutes.executing import WEEDED_AS
from db.trouble import Trouble
from server.desk import requests, scans
from server.desk.answers import Facts, done, invalid, not_yet, refused
from server.desk.session import Session, say

LATER_FORMATS = frozenset({"iranmarc"})
KOC, MEMBERS = "koc", "members"
TOLD_EVERY = 1_000


def take_in(session: Session, request: requests.Import) -> Facts:
    """Store what is new in a file and keep beside it what is refused; do the lines of an offline file.

    It is many transactions, so a key cannot stand for it; the file itself does: the very same bytes are taken in once.
    """
    if request.format in LATER_FORMATS:
        return not_yet(request.format, "format")
    if request.format == KOC:
        return scans.take_in(session, Path(request.file))
    if request.format == MEMBERS:
        return _take_in_members(session, request)
    if request.format is not None and request.format not in list(FileFormat):
        return invalid("مقدار «format» یکی از گزینه‌های آن نیست.", "آن را درست کنید یا ننویسید.", "format")
    wrong = _wrong_status(request)
    if wrong is not None:
        return wrong
    path = Path(request.file)
    if not path.is_file():  # a device or a pipe would be read for ever
        raise Trouble("P-2101", path=path)
    asked = ImportRequest(
        path=path,
        format=FileFormat(request.format) if request.format else None,
        column_map=request.map,
        copies=request.copies,
        statuses=StatusWish(
            weeded_as=WEEDED_AS[request.weeded_as] if request.weeded_as else None,
            weeded_code=request.weeded_code,
            meanings=request.statuses,
            marc_field=request.status_field,
        ),
    )
    return _taken_in(import_file(session.library, asked, session.act(), scans.side_folder(session, path), _tell))


def _wrong_status(request: requests.Import) -> Facts | None:
    """What of the statuses cannot be meant."""
    if any(meaning not in MEANINGS for meaning in request.statuses.values()):
        return invalid(
            "یکی از معناهای «statuses» وضعیتی نیست که از فایل بیاید.",
            f"یکی از این‌ها: {'، '.join(MEANINGS)}",
            "statuses",
        )
    if request.status_field and not is_marc_field(request.status_field):
        return invalid("«status_field» سه رقم فیلد و نشانهٔ زیرفیلد است.", "مانند 949s بنویسید.", "status_field")
    return None


def _take_in_members(session: Session, request: requests.Import) -> Facts:
    """Take in a list of members; each line stands for itself."""
    path = Path(request.file)
    wish = MembersWish(request.category, free=not request.fee)
    people = read_member_list(path)
    done_lines = take_in_members(session.library, people, wish, session.act(), scans.side_folder(session, path), _line)
    return scans.told("imported", done_lines)


def _line(done_lines: int, total: int) -> bool:
    if done_lines % TOLD_EVERY == 0:
        say(f"{number(done_lines)} از {number(total)}")
    return True


def _tell(progress: Progress) -> bool:
    if progress.counts.read % TOLD_EVERY == 0:
        say(f"{number(progress.done)} از {number(progress.total)}")
    return True


def _taken_in(outcome: ImportOutcome) -> Facts:
    match outcome:
        case Imported():
            return done("imported", **_counts(outcome.counts), **_files(outcome.side_files))
        case AlreadyImported():
            return done("already_done", **_counts(outcome.counts))
        case Cancelled():
            return done("cancelled", **_counts(outcome.counts))
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def _counts(counts: Counts) -> Facts:
    return {
        "read": counts.read,
        "added": counts.titles,
        "known": counts.known,
        "repaired": counts.repaired,
        "refused": counts.refused,
        "not_books": counts.not_books,
        "copies": counts.copies,
        "copies_known": counts.copies_known,
        "copies_refused": counts.copies_refused,
        "weeded": counts.weeded,
        "missing": counts.missing,
        "lent": counts.lent,
    }


def _files(files: tuple[Path, ...]) -> Facts:
    return {"side_file": str(files[0]) if files else None, "side_files": [str(file) for file in files]}
