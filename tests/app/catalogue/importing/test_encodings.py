import codecs
from pathlib import Path

import pytest

from app.catalogue.importing.encodings import Encoding, encoding_of, looks_like_utf16, text_lines
from db.trouble import Trouble

TEXT = "عنوان,نويسنده\nكتاب خوب,«سعدي»\nسووشون,دانشور\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), Encoding.UTF_8),
        (codecs.BOM_UTF8 + TEXT.encode("utf-8"), Encoding.UTF_8),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), Encoding.UTF_16_LE),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), Encoding.UTF_16_BE),
        (TEXT.encode("utf-16-le"), Encoding.UTF_16_LE),
        (TEXT.encode("utf-16-be"), Encoding.UTF_16_BE),
        (TEXT.encode("cp1256"), Encoding.CP1256),
        (b"title,author\nMoby Dick,Melville\nEmma,Austen\n", Encoding.UTF_8),
        (TEXT.encode("utf-8").replace("خ".encode(), b"\xff"), Encoding.UTF_8),
    ],
)
def test_the_encoding_is_found_and_the_lines_are_read(tmp_path: Path, content: bytes, encoding: Encoding) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert encoding_of(path) is encoding
    lines = list(text_lines(path, encoding))
    assert [line.number for line in lines] == [1, 2, 3]
    if encoding is not Encoding.UTF_8:
        assert lines[2].text == "سووشون,دانشور"
    assert lines[0].text.split(",")[0] in ("عنوان", "title")


def test_what_is_neither_utf8_nor_arabic_letters_cannot_be_decided(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("titre,auteur\nL'été à la forêt,Bédié\n".encode("latin-1") + b"\x80\xa7\xab" * 20)
    with pytest.raises(Trouble, match="P-2105"):
        encoding_of(path)


def test_a_damaged_letter_costs_its_line_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("سعدی\n".encode() + b"\xff\xd8\n" + "حافظ".encode())
    first, damaged, last = text_lines(path, Encoding.UTF_8)
    assert (first.raw, last.raw) == ("سعدی", "حافظ")
    assert damaged.raw == b"\xff\xd8"
    assert damaged.text == "\ufffd\ufffd"


def test_lines_end_at_line_ends_only(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("یک\u2028دو\x0b\x1eسه\r\nچهار\rپنج".encode())
    assert [line.text for line in text_lines(path, Encoding.UTF_8)] == ["یک\u2028دو\x0b\x1eسه", "چهار", "پنج"]


def test_utf16_is_told_from_other_bytes() -> None:
    assert looks_like_utf16(TEXT.encode("utf-16"))
    assert not looks_like_utf16(TEXT.encode())
