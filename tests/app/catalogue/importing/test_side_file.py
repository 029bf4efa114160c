import base64
import json
from pathlib import Path

from app.catalogue.importing.findings import GoodsKind, Reason
from app.catalogue.importing.marc21_reader import marc21_outcomes
from app.catalogue.importing.record import BookRecord, Good, NotABook, Refused
from app.catalogue.importing.side_file import SideFile
from app.catalogue.importing.sniff import FileFormat
from db.files import safe_write
from tests.app.catalogue.importing.samples import marc, with_leader


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_what_was_not_taken_is_kept_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "کنارگذاشته‌ها.jsonl"
    side_file = SideFile(path, safe_write, FileFormat.CSV)
    side_file.add(Good(BookRecord("کلیدر", 2)))
    side_file.add(Refused(3, Reason.NO_TITLE, ',"سخن\n\u2028",'))
    side_file.add(NotABook(4, GoodsKind.GOODS, b"\xff\xfe"))
    assert side_file.save() == (path,)
    refused, goods = lines_of(path)
    assert refused == {"line": 3, "code": "title.missing", "reason": "عنوان ندارد.", "raw": ',"سخن\n\u2028",'}
    assert goods["code"] == "not_a_book.goods"
    assert base64.b64decode(str(goods["raw_base64"])) == b"\xff\xfe"


def test_an_import_that_took_everything_leaves_no_file(tmp_path: Path) -> None:
    side_file = SideFile(tmp_path / "side.jsonl", safe_write, FileFormat.CSV)
    side_file.add(Good(BookRecord("کلیدر", 1)))
    assert side_file.save() == ()
    assert list(tmp_path.iterdir()) == []


def test_refused_marc_records_can_be_imported_again(tmp_path: Path) -> None:
    untitled, cut, authority = marc().replace(b"245", b"246", 1), marc(number=2)[:-9], with_leader(marc(), 6, b"z")
    source = tmp_path / "books.mrc"
    source.write_bytes(marc() + untitled + authority + cut)
    path = tmp_path / "side.jsonl"
    side_file = SideFile(path, safe_write, FileFormat.MARC21)
    for outcome in marc21_outcomes(source, None):
        side_file.add(outcome)
    assert side_file.save() == (path, tmp_path / "side.mrc")
    assert [line["line"] for line in lines_of(path)] == [2, 3, 4]
    assert (tmp_path / "side.mrc").read_bytes() == untitled + authority + cut + b"\x1d"
    again = list(marc21_outcomes(tmp_path / "side.mrc", None))
    assert [type(outcome) for outcome in again] == [Refused, NotABook, Refused]


def test_the_file_is_written_once_and_whole(tmp_path: Path) -> None:
    written: list[tuple[Path, bytes]] = []
    side_file = SideFile(tmp_path / "side.jsonl", lambda path, content: written.append((path, content)), FileFormat.CSV)
    for line in range(3):
        side_file.add(Refused(line, Reason.NO_TITLE, ""))
    assert written == []
    side_file.save()
    ((path, content),) = written
    assert path == tmp_path / "side.jsonl"
    assert content.count(b"\n") == 3
