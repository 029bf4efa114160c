"""The pictures of `make shots`: who looks is known, and a picture is one."""

import io
import itertools
from pathlib import Path

from PIL import Image

from server.centre.web.shots import DRESSES, LOOKERS, READER, TABLES, take_shots
from tests.server.centre.web.browser import Browser
from tests.server.centre.web.world import World

SHOTS = tuple(itertools.chain.from_iterable(TABLES))


def test_pictures_have_names_of_their_own_and_known_lookers() -> None:
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)
    assert {shot.user for shot in SHOTS} <= {None, READER, *LOOKERS}


def test_picture_is_taken_in_every_dress(world: World, chromium: Browser, tmp_path: Path) -> None:
    assert chromium.driver
    taken = take_shots(world.centre, world.url, tmp_path, "not-allowed")
    assert [path.name for path in taken] == [
        f"web-not-allowed{'-' if dress.name else ''}{dress.name}.png" for dress in DRESSES
    ]
    for path, dress in zip(taken, DRESSES, strict=True):
        with Image.open(io.BytesIO(path.read_bytes())) as picture:
            assert picture.width == dress.width
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20
