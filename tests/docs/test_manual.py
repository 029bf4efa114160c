"""The keys that docs/manual-fa tells of are keys of the pages it tells of, its addresses those of the centre, its
pictures those of `make shots`."""

import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from server.centre.web.app import TABLES

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "manual-fa"
PAGES = sorted(MANUAL.glob("*.md"))
FOLDER = re.compile(r"^<!-- keys of (ui/\w+) -->")
OF_THE_CENTRE = "<!-- pages of the centre -->"
ADDRESS = re.compile(r"`(/[a-z/-]*)`")
NAMED = r"F\d{1,2}|Insert|Delete|Del|Space|Esc|Enter|Up|Down|PgUp|PgDown|[A-Z0-9]"
KEY = re.compile(rf"`((?:(?:Ctrl|Alt|Shift)\+)*(?:{NAMED}))(?: … \d)?`")
OF_THE_WINDOW = ("ui/keys.py", "ui/app.py", "ui/session.py", "ui/paper/preview.py", "ui/restoring.py")
PICTURES = re.compile(r"^عکس‌ها: (.+?)\n\n", re.MULTILINE | re.DOTALL)
SHOT = re.compile(r'"([a-z0-9-]+)": \w')
WEB_SHOT = re.compile(r'Shot\(\s*"([a-z0-9-]+)"')


@cache
def source(folder: str) -> str:
    files = [*(ROOT / folder).glob("*.py")] if folder else []
    return "\n".join(file.read_text(encoding="utf-8") for file in (*files, *(ROOT / name for name in OF_THE_WINDOW)))


def is_named(key: str, text: str) -> bool:
    """Whether a source names a key: alone, or as one of several that are counted."""
    counted = re.sub(r"\d$", "", key)
    return f'"{key}"' in text or (counted != key and (f'"{counted}{{' in text or f'"{counted}1 … ' in text))


def unknown_keys(page: str) -> list[str]:
    """The keys of a page that no source of its folder, or of the window, names."""
    folder = FOLDER.match(page)
    text = source(folder[1] if folder else "")
    return [key for key in KEY.findall(page) if not is_named(key, text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_key_of_the_manual_is_a_key_of_its_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert KEY.search(text) or text.startswith(OF_THE_CENTRE)
    assert unknown_keys(text) == []


def test_a_key_that_is_none_is_noticed() -> None:
    assert unknown_keys("<!-- keys of ui/money -->\n`Ctrl+D` `Ctrl+Shift+F7` `F12`") == ["Ctrl+Shift+F7"]


def addresses(page: str) -> list[str]:
    """The addresses of the centre that a page names."""
    return ADDRESS.findall(page)


def test_every_address_of_the_manual_is_a_page_of_the_centre() -> None:
    served = {"/sru", *(page.path for page in chain.from_iterable(TABLES) if page.method == "GET")}
    named = [(page.name, path) for page in PAGES for path in addresses(page.read_text(encoding="utf-8"))]
    assert len(named) > 10
    assert [told for told in named if told[1] not in served] == []
    assert addresses("`/minutes` `/nowhere` /minutes") == ["/minutes", "/nowhere"]
    assert "/nowhere" not in served


@cache
def shots() -> frozenset[str]:
    """The names of all pictures."""
    window, web = (ROOT / "ui").glob("*/*shots.py"), (ROOT / "server" / "centre" / "web").glob("*.py")
    of_the_window = (name for file in window for name in SHOT.findall(file.read_text(encoding="utf-8")))
    of_the_centre = (f"web-{name}" for file in web for name in WEB_SHOT.findall(file.read_text(encoding="utf-8")))
    return frozenset((*of_the_window, *of_the_centre))


def pictures(page: str) -> list[str]:
    """The pictures that a page names at its end."""
    return [name for told in PICTURES.findall(page) for name in re.findall(r"`([^`]+)`", told)]


def test_every_picture_of_the_manual_is_made() -> None:
    named = [(page.name, name) for page in PAGES for name in pictures(page.read_text(encoding="utf-8"))]
    assert len(named) > 50
    assert [picture for picture in named if picture[1] not in shots()] == []


def test_a_picture_that_nobody_makes_is_noticed() -> None:
    assert pictures("عکس‌ها: `desk-lent`،\n`desk-of-cards`.\n\n</div>\n") == ["desk-lent", "desk-of-cards"]
    assert "desk-lent" in shots()
    assert "desk-of-cards" not in shots()


def test_every_page_is_reached_from_the_first() -> None:
    first = (MANUAL / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.name != "README.md" and f"]({page.name})" not in first] == []
