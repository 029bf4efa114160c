"""Every link inside the documentation leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
INLINE = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def targets(page: str) -> list[str]:
    """The addresses a page links to; code is no link."""
    text = INLINE_CODE.sub("", FENCE.sub("", page))
    return INLINE.findall(text) + REFERENCE.findall(text)


def anchors(page: str) -> set[str]:
    """The names by which headings are reached, as code hosts make them."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(FENCE.sub("", page)))
    return {heading.replace(" ", "-") for heading in kept}


def is_dead(page: Path, target: str) -> bool:
    """Whether a relative address leads out of the repository, to no file, or to no heading of it."""
    name, _, anchor = target.partition("#")
    place = (page.parent / name).resolve() if name else page
    if not place.is_relative_to(ROOT) or not place.exists():
        return True
    return bool(anchor) and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = targets(page.read_text(encoding="utf-8"))
    assert [target for target in links if not ELSEWHERE.match(target) and is_dead(page, target)] == []


def test_links_are_found_however_they_are_written() -> None:
    page = '![p](a.png)\n[x](b.md#c "t") `[no](n)` [y][1]\n```\n[no](n)\n```\n\n[1]: <d/e.md>\n'
    assert targets(page) == ["a.png", "b.md#c", "d/e.md"]
    assert len(targets((ROOT / "README.md").read_text(encoding="utf-8"))) > 5


@pytest.mark.parametrize("target", ["docs/nowhere.md", "../outside.md", "README.md#no-such-heading", "/README.md"])
def test_a_dead_link_is_noticed(target: str) -> None:
    assert is_dead(ROOT / "README.md", target)
    assert not is_dead(ROOT / "README.md", "CONTRIBUTING.md#every-day")
