import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SettableClock
from app.library import Library
from db.opening import open_library
from tests.server.desk.desks import NOW, Desk, found
from tests.warm import warmed


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library as it is founded; never opened, only copied."""
    folder = tmp_path_factory.mktemp("founded") / "data"
    found(folder)
    return folder


@pytest.fixture
def data(founded: Path, tmp_path: Path) -> Path:
    """The folder of an empty library."""
    return Path(shutil.copytree(founded, tmp_path / "data"))


@pytest.fixture
def desk(data: Path) -> Iterator[Desk]:
    """A desk with an empty library and a clock that stands at ten in the morning of شنبه ۳۰ آبان ۱۴۰۵."""
    with warmed(open_library(data, None)) as store:
        yield Desk(Library(store, SettableClock(NOW)))


@pytest.fixture
def lending(desk: Desk) -> Desk:
    """A desk whose library has a member (card 1001) and three copies (B1, B2, B3)."""
    desk.ask("member.add", given_name="علی", family_name="رضایی", category="ordinary", card="1001")
    for number, title in enumerate(("بوف کور", "سووشون", "کلیدر"), 1):
        assert desk.ask("item.add", title={"title": title}, barcode=f"B{number}")["ok"]
    return desk
