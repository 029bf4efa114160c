import gzip
import io
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pymarc
import pytest

from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import Concern, GoodsKind, Reason, Repair
from app.catalogue.importing.marc21_reader import count_records, marc21_outcomes, outcome_of
from app.catalogue.importing.marc_fields import MarcField, field_of
from app.catalogue.importing.marc_record import RawRecord, read_record
from app.catalogue.importing.marc_split import Piece, pieces
from app.catalogue.importing.record import Good, NotABook, Outcome, Refused, Repaired
from tests.app.catalogue.importing.samples import TITLES, data_file, marc, marc_file, with_leader

FOURTH = 3
RECORDS = marc_file(1_000)
SOUND_TITLES = {f"{title} {number}" for title in TITLES for number in range(1, 1_001)}


def read(tmp_path: Path, content: bytes, encoding: Encoding | None = None) -> list[Outcome]:
    path = tmp_path / "books.mrc"
    path.write_bytes(content)
    outcomes = list(marc21_outcomes(path, encoding))
    assert count_records(path) == len(outcomes)
    assert [outcome.line for outcome in outcomes] == list(range(1, len(outcomes) + 1))
    return outcomes


def kinds(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def spoil(change: Callable[[bytes], bytes]) -> bytes:
    """A file of a thousand records whose fourth is damaged."""
    return b"".join(change(record) if place == FOURTH else record for place, record in enumerate(RECORDS))


DAMAGES: dict[str, tuple[bytes, type[Outcome]]] = {
    "length + 5": (spoil(lambda record: b"%05d" % (len(record) + 5) + record[5:]), Repaired),
    "length - 5": (spoil(lambda record: b"%05d" % (len(record) - 5) + record[5:]), Repaired),
    "length of letters": (spoil(lambda record: b"junk!" + record[5:]), Repaired),
    "length 00000": (spoil(lambda record: b"00000" + record[5:]), Repaired),
    "cut": (spoil(lambda record: record[: len(record) // 2]), Refused),
    "cut, ended": (spoil(lambda record: record[: len(record) // 2] + b"\x1d"), Refused),
    "line ends": (b"\r\n".join(RECORDS) + b"\r\n", Good),
    "leader/09 blank": (b"".join(with_leader(record, 9, b" ") for record in RECORDS), Good),
    "directory": (spoil(lambda record: with_leader(record, 27, b"00000000")), Repaired),
    "junk between": (spoil(lambda record: b"\xff\xfe junk " + record), Repaired),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_costs_no_other(tmp_path: Path, damage: str) -> None:
    content, fate = DAMAGES[damage]
    outcomes = read(tmp_path, content)
    assert len(outcomes) == 1_000
    assert type(outcomes[FOURTH]) is fate
    titles = [outcome.record.title for outcome in outcomes if isinstance(outcome, Good | Repaired)]
    assert len(titles) >= 999
    assert set(titles) <= SOUND_TITLES
    others = [outcome for place, outcome in enumerate(outcomes) if place != FOURTH]
    assert kinds(others) == {"Good": 999}


def test_the_reader_that_trusts_lengths_loses_the_rest_of_the_file() -> None:
    content, _ = DAMAGES["length + 5"]
    with_titles = [record for record in list(pymarc.MARCReader(content, permissive=True)) if record and record.title]
    assert len(with_titles) < 10


def test_every_damage_at_once_loses_one_record_at_most_each(tmp_path: Path) -> None:
    spoilt = list(RECORDS)
    changes: list[Callable[[bytes], bytes]] = [
        lambda record: b"%05d" % (len(record) + 5) + record[5:],
        lambda record: b"junk!" + record[5:],
        lambda record: record[: len(record) // 2],
        lambda record: with_leader(record, 12, b"00000"),
        lambda record: with_leader(record, 9, b" ") + b"\r\n",
        lambda record: with_leader(record, 27, b"00000000"),
        lambda record: b"????" + record,
    ]
    for place, change in enumerate(changes):
        spoilt[place * 100] = change(spoilt[place * 100])
    outcomes = read(tmp_path, b"".join(spoilt))
    assert kinds(outcomes) == {"Good": 994, "Repaired": 5, "Refused": 1}


def test_a_file_that_ends_in_a_record_has_one_refused(tmp_path: Path) -> None:
    content = b"".join(RECORDS[:10])
    outcomes = read(tmp_path, content[:-20])
    assert kinds(outcomes) == {"Good": 9, "Refused": 1}
    last = outcomes[-1]
    assert isinstance(last, Refused)
    assert (last.code, last.raw) == (Reason.MARC_CUT, RECORDS[9][:-20])


def test_a_record_without_a_title_is_refused_and_says_why(tmp_path: Path) -> None:
    untitled = marc().replace(b"245", b"246", 1)
    (outcome,) = read(tmp_path, untitled)
    assert outcome == Refused(1, Reason.MARC_NO_TITLE, untitled)
    assert "۲۴۵" in outcome.text


def test_records_that_are_no_books_are_kept_apart(tmp_path: Path) -> None:
    authority = with_leader(marc(), 6, b"z")
    assert read(tmp_path, authority + RECORDS[0])[0] == NotABook(1, GoodsKind.AUTHORITY, authority)


def test_the_record_is_kept_byte_for_byte(tmp_path: Path) -> None:
    content, _ = DAMAGES["length + 5"]
    kept = [outcome.record.marc for outcome in read(tmp_path, content) if isinstance(outcome, Good | Repaired)]
    assert b"".join(record or b"" for record in kept) == content


def test_undeclared_utf8_is_no_mojibake(tmp_path: Path) -> None:
    (outcome,) = read(tmp_path, with_leader(marc(), 9, b" "))
    assert isinstance(outcome, Good)
    assert outcome.record.title == "تاریخ بیهقی 1"
    assert [warning.code for warning in outcome.warnings] == [Concern.CHARSET_UNDECLARED]


def test_a_letter_that_cannot_be_read_is_a_repair(tmp_path: Path) -> None:
    spoilt = marc().replace("بیهقی 1".encode(), b"\xff" + "یهقی 1".encode() + b" ", 1)
    (outcome,) = read(tmp_path, spoilt)
    assert isinstance(outcome, Repaired)
    assert outcome.what == (Repair.UNREADABLE_LETTERS,)
    assert outcome.record.title == "تاریخ \ufffdیهقی 1"


def test_windows_1256_is_read(tmp_path: Path) -> None:
    persian = marc(
        [("100", {"a": "بيهقي"}), ("245", {"a": "تاريخ بيهقي"}), ("264", {"b": "سخن"}), ("650", {"a": "ايران"})]
    )
    fields = [field.as_marc("cp1256") for field in pymarc.Record(data=persian).fields]
    lengths = [len(field) for field in fields]
    directory = "".join(
        f"{tag}{length:04d}{sum(lengths[:place]):05d}"
        for place, (tag, length) in enumerate(zip(("001", "100", "245", "264", "650"), lengths, strict=True))
    )
    base = 24 + len(directory) + 1
    leader = f"{base + sum(lengths) + 1:05d}nam  22{base:05d} i 4500"
    (outcome,) = read(tmp_path, (leader + directory).encode() + b"\x1e" + b"".join(fields) + b"\x1d")
    assert isinstance(outcome, Good)
    assert (outcome.record.title, outcome.record.publisher) == ("تاريخ بيهقي", "سخن")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One of the changes of the fuzzing note: bytes, lengths, base address, a directory entry."""
    place = chance.randrange(len(content))
    match chance.randrange(6):
        case 0:
            return content[:place] + chance.randbytes(1) + content[place + 1 :]
        case 1:
            return content[:place] + chance.randbytes(chance.randrange(30)) + content[place:]
        case 2:
            return content[:place] + content[place + chance.randrange(40) :]
        case 3:
            return chance.choice((b"00000", b"00001", b"00024", b"99999", chance.randbytes(5))) + content[5:]
        case 4:
            return with_leader(content, 12, chance.choice((b"00000", b"99999", chance.randbytes(5))))
        case _:
            return with_leader(content, 27 + 12 * chance.randrange(5), b"%09d" % chance.randrange(10**9))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_a_file_every_byte_has_an_outcome(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(600):
        content = b"".join(chance.sample(RECORDS, 3))
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            content = mutated(content, chance)
        found = list(pieces(io.BytesIO(content)))
        outcomes = [outcome_of(piece) for piece in found]
        assert len(outcomes) >= content.count(b"\x1d")
        assert sum(len(piece.junk + piece.data) for piece in found) + 8 >= len(content)
        for piece, outcome in zip(found, outcomes, strict=True):
            assert outcome.line == piece.number
            if isinstance(outcome, Good | Repaired):
                assert outcome.record.title
                assert outcome.record.marc == piece.data
            else:
                assert outcome.raw == piece.junk + piece.data
                assert outcome.text.endswith(".")


def test_random_bytes_are_refused() -> None:
    chance = random.Random(5)
    for _ in range(300):
        content = chance.randbytes(chance.randrange(400)) + b"\x1e\x1f\x1d"
        for piece in pieces(io.BytesIO(content)):
            assert isinstance(outcome_of(piece), Refused)


def fields_of(piece: Piece) -> list[MarcField]:
    raw = read_record(piece)
    assert isinstance(raw, RawRecord)
    return [field_of(field, lambda data: data.decode("utf-8")) for field in raw.fields]


def test_273_persian_records_are_read_and_agree_with_pymarc() -> None:
    path = data_file("marc21_persian_880_nyu_273.mrc")
    outcomes = list(marc21_outcomes(path, None))
    assert kinds(outcomes) == {"Good": 273}
    with path.open("rb") as file:
        found = list(pieces(file))
    theirs = list(pymarc.MARCReader(path.read_bytes()))
    for piece, record in zip(found, theirs, strict=True):
        assert record is not None
        expected = [(field.tag, field.data or "", [tuple(part) for part in field.subfields]) for field in record.fields]
        assert [(field.tag, field.data, list(field.subfields)) for field in fields_of(piece)] == expected
    records = [outcome.record for outcome in outcomes if isinstance(outcome, Good)]
    assert sum(record.isbn is not None for record in records) == 260  # 261 valid numbers, one of them of printed music
    assert sum("\u0600" < record.title[0] < "\u06ff" for record in records) > 250
    assert sum(bool(record.copies) for record in records) >= 273 - 20
    assert Counter(record.language for record in records)["fa"] == 273


def test_13289_records_are_all_accounted_for(tmp_path: Path) -> None:
    path = tmp_path / "aco.mrc"
    with gzip.open(data_file("marc21_aco_arabic_script_public_domain.mrc.gz")) as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file)
    counts = kinds(list(marc21_outcomes(path, None)))
    assert counts == {"Good": 13_289}


def test_unimarc_is_refused_and_not_taken_for_marc21() -> None:
    outcomes = list(marc21_outcomes(data_file("unimarc_bncf_2.mrc"), None))
    assert [getattr(outcome, "code", None) for outcome in outcomes] == [Reason.MARC_NO_TITLE] * 5
