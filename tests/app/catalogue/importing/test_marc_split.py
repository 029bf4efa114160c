import io

from app.catalogue.importing.marc_split import Piece, pieces
from tests.app.catalogue.importing.samples import marc, marc_file

ONE, TWO, THREE = (marc(number=number) for number in (1, 2, 3))


def split(content: bytes) -> list[Piece]:
    return list(pieces(io.BytesIO(content)))


def test_records_are_parted_at_their_terminators() -> None:
    assert split(ONE + TWO) == [Piece(1, ONE), Piece(2, TWO)]
    assert split(b"") == []


def test_line_ends_between_records_belong_to_none() -> None:
    for between in (b"\n", b"\r\n", b"\r\n\r\n", b"\x00\x00", b"\x1a"):
        assert [piece.data for piece in split(ONE + between + TWO + between)] == [ONE, TWO]


def test_a_byte_order_mark_belongs_to_no_record() -> None:
    assert split(b"\xef\xbb\xbf" + ONE) == [Piece(1, ONE)]


def test_what_follows_the_last_terminator_is_a_piece_of_its_own() -> None:
    assert split(ONE + TWO[:-1]) == [Piece(1, ONE), Piece(2, TWO[:-1], ended=False)]


def test_a_terminator_too_many_is_an_empty_piece() -> None:
    assert [piece.data for piece in split(ONE + b"\x1d" + TWO)] == [ONE, b"\x1d", TWO]


def test_a_record_that_lost_its_end_does_not_take_the_next_with_it() -> None:
    cut = ONE[: len(ONE) // 2]
    assert split(cut + TWO + THREE) == [Piece(1, cut, ended=False), Piece(2, TWO), Piece(3, THREE)]
    assert split(cut + cut + TWO) == [Piece(1, cut, ended=False), Piece(2, cut, ended=False), Piece(3, TWO)]


def test_junk_before_a_record_is_told_from_the_record() -> None:
    assert split(ONE + b"#### junk ####" + TWO) == [Piece(1, ONE), Piece(2, TWO, junk=b"#### junk ####")]


def test_a_wrong_length_parts_nothing() -> None:
    for length in (b"00000", b"99999", b"XXXXX", b"     "):
        spoilt = length + TWO[5:]
        assert split(ONE + spoilt + THREE) == [Piece(1, ONE), Piece(2, spoilt), Piece(3, THREE)]


def test_records_across_the_border_of_two_reads_are_whole() -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 7, 7))

    records = marc_file(5)
    assert [piece.data for piece in pieces(Dripping(b"".join(records)))] == records
