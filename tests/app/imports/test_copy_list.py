"""Lists of copies in text files."""

from pathlib import Path

import pytest

from app.imports.copy_list import listed_copies
from db.trouble import Trouble


def test_number_and_the_cell_beside_it_come_from_every_line_that_has_a_number(tmp_path: Path) -> None:
    path = tmp_path / "page7.csv"
    path.write_text('1,3\n"۲"؛ 33 \nRAF-000003\n\n,3\n4\t3\t1399\n', "utf-8")
    assert listed_copies(path) == (("1", "3"), ("۲", "33"), ("RAF-000003", ""), ("4", "3"))


@pytest.mark.parametrize(("content", "code"), [(b"", "P-2104"), (b"%PDF-1.7\n", "P-2102"), (None, "P-2101")])
def test_what_is_no_list_is_trouble(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "list.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Trouble, match=code):
        listed_copies(path)
