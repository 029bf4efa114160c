import pymarc
import pytest

from app.catalogue.importing.findings import Reason, Repair
from app.catalogue.importing.marc_record import RawField, RawRecord, read_record
from app.catalogue.importing.marc_split import Piece
from tests.app.catalogue.importing.samples import ENTRY, LEADER, marc, with_leader

RECORD = marc()
TAGS = ["001", "100", "245", "264", "650"]


def read(data: bytes, *, ended: bool = True) -> RawRecord | Reason:
    return read_record(Piece(1, data, ended))


def mended(data: bytes, *, ended: bool = True) -> tuple[Repair, ...]:
    """What was mended to get all fields of `RECORD`."""
    found = read(data, ended=ended)
    assert isinstance(found, RawRecord)
    assert found.fields == fields_of(RECORD)
    return found.repairs


def fields_of(data: bytes) -> tuple[RawField, ...]:
    found = read(data)
    assert isinstance(found, RawRecord)
    return found.fields


def entry(number: int) -> int:
    """Where a directory entry begins."""
    return LEADER + ENTRY * number


def test_a_sound_record_is_read_as_pymarc_reads_it() -> None:
    theirs = pymarc.Record(data=RECORD, to_unicode=False)
    ours = read(RECORD)
    assert isinstance(ours, RawRecord)
    assert ours.repairs == ()
    assert ours.leader == str(theirs.leader)
    assert [field.tag for field in ours.fields] == [field.tag for field in theirs.fields] == TAGS
    assert [field.data + b"\x1e" for field in ours.fields] == [field.as_marc("utf-8") for field in theirs.fields]


@pytest.mark.parametrize(
    "length", [b"%05d" % (len(RECORD) + 5), b"%05d" % (len(RECORD) - 5), b"00000", b"99999", b"junk!"]
)
def test_a_wrong_length_is_computed_anew(length: bytes) -> None:
    assert mended(with_leader(RECORD, 0, length)) == (Repair.MARC_LENGTH,)


@pytest.mark.parametrize("base", [b"00000", b"99999", b"xxxxx"])
def test_a_wrong_base_address_is_found_anew(base: bytes) -> None:
    assert mended(with_leader(RECORD, 12, base)) == (Repair.MARC_LEADER,)


def test_a_leader_with_strange_bytes_is_blanked_there() -> None:
    found = read(with_leader(RECORD, 17, b"\xff\x00"))
    assert isinstance(found, RawRecord)
    assert found.leader[17:19] == "  "
    assert found.repairs == (Repair.MARC_LEADER,)


@pytest.mark.parametrize("value", [b"000000000", b"999999999", b"12x456789"])
def test_a_directory_entry_with_wrong_numbers_is_put_right(value: bytes) -> None:
    assert mended(with_leader(RECORD, entry(2) + 3, value)) == (Repair.MARC_DIRECTORY,)


def test_lengths_counted_before_the_text_became_utf8_are_put_right() -> None:
    record = pymarc.Record(data=RECORD, to_unicode=True)
    fields = [field.as_marc("utf-8") for field in record.fields]
    lengths = [len(field.decode()) for field in fields]
    directory = b"".join(
        f"{tag}{length:04d}{sum(lengths[:place]):05d}".encode()
        for place, (tag, length) in enumerate(zip(TAGS, lengths, strict=True))
    )
    leader = f"{LEADER + len(directory) + 2 + sum(lengths):05d}".encode() + RECORD[5:12]
    base = f"{LEADER + len(directory) + 1:05d}".encode()
    data = leader + base + RECORD[17:LEADER] + directory + b"\x1e" + b"".join(fields) + b"\x1d"
    assert mended(data) == (Repair.MARC_LENGTH, Repair.MARC_DIRECTORY)


def test_fields_in_another_order_than_the_directory_keep_their_tags() -> None:
    directory, body = RECORD[LEADER : entry(5)], RECORD[entry(5) :]
    turned = b"".join(directory[place * ENTRY : (place + 1) * ENTRY] for place in (4, 2, 0, 1, 3))
    data = RECORD[:LEADER] + turned + body
    assert {(field.tag, field.data) for field in fields_of(data)} == {
        (field.tag, field.data) for field in fields_of(RECORD)
    }
    shorter = with_leader(data.replace("بیهق".encode(), b"x", 1), 0, b"00000")
    found = fields_of(shorter)
    assert [(field.tag, field.data[2:4]) for field in found if field.tag == "650"] == [("650", b"\x1fa")]
    assert [field.data for field in found if field.tag == "001"] == [b"rec00001"]


def test_a_record_cut_in_the_middle_is_refused() -> None:
    body = len(RECORD) - entry(5)
    for cut in range(2, body, 7):
        assert read(RECORD[:-cut], ended=False) is Reason.MARC_CUT


def test_a_record_that_only_lost_its_terminator_is_mended() -> None:
    assert mended(RECORD[:-1], ended=False) == (Repair.MARC_TERMINATOR,)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x1d", Reason.MARC_TOO_SHORT),
        (RECORD[: LEADER - 1], Reason.MARC_TOO_SHORT),
        (RECORD.replace(b"\x1e", b" "), Reason.MARC_NO_DIRECTORY),
        (RECORD[: LEADER + 5] + RECORD[LEADER + 6 :], Reason.MARC_NO_DIRECTORY),
        (with_leader(RECORD, entry(1), b"\x1f\xff?"), Reason.MARC_NO_DIRECTORY),
        (RECORD[: entry(4)] + RECORD[entry(5) :], Reason.MARC_STRUCTURE),
        (RECORD.replace(b"\x1e\x1d", b"\x1d"), Reason.MARC_CUT),
        (with_leader(RECORD, entry(1), b"003000000000"), Reason.MARC_STRUCTURE),
    ],
)
def test_a_record_whose_fields_cannot_be_told_is_refused(data: bytes, reason: Reason) -> None:
    assert read(data) is reason


def test_a_field_end_inside_a_text_is_taken_out_where_the_directory_is_right() -> None:
    data = RECORD.replace("بیهقی 1 /".encode(), "بیهقی\x1e1 /".encode())
    found = read(data)
    assert isinstance(found, RawRecord)
    assert found.repairs == (Repair.MARC_SEPARATOR,)
    assert "تاریخ بیهقی 1 /".encode() in found.fields[2].data


def test_a_record_beyond_what_lengths_can_say_is_read() -> None:
    long = b"1 \x1fa" + b"x" * 120_000
    fields = [b"rec1", b"10\x1fa" + "عنوان".encode(), long]
    directory = b"001000500000" + b"245001300005" + b"500999900018"
    data = b"99999nam a2200061 i 4500" + directory + b"\x1e" + b"\x1e".join(fields) + b"\x1e\x1d"
    found = read(data)
    assert isinstance(found, RawRecord)
    assert [(field.tag, field.data) for field in found.fields] == list(zip(("001", "245", "500"), fields, strict=True))
