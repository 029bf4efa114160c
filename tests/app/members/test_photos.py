"""Photographs of members."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.library import Library
from app.members.photos import LONGEST_FILE, PhotoSet, photo_of, set_photo, small_jpeg
from app.outcome import NotFound, Refused, Sought
from db.codes import Role
from db.models.members import Member
from db.models.sync import JournalEntry
from tests.library import AMember, act, add_member, found, row, rows


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return add_member(library, card="M-1")


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(written, kind)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
def test_a_picture_of_any_kind_is_cut_to_three_by_four_and_kept_small(
    library: Library, member: AMember, kind: str
) -> None:
    outcome = set_photo(library, "M-1", picture(900, 700, kind), act(library))
    with library.store.read() as reader:
        kept = photo_of(reader, member.id)
    assert kept is not None
    assert outcome == PhotoSet(len(kept))
    assert Image.open(io.BytesIO(kept)).size == (360, 480)
    assert len(kept) < 150_000


def test_what_a_camera_writes_beside_the_picture_is_not_kept() -> None:
    image, written = Image.new("RGB", (400, 300)), io.BytesIO()
    exif = image.getexif()
    exif[0x010E], exif[0x0112] = "35.7N 51.4E", 6
    image.save(written, "JPEG", exif=exif)
    kept = small_jpeg(written.getvalue())
    assert kept is not None
    assert b"51.4E" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize(
    "file",
    [b"", b"GIF89a", b"\xff\xd8\xff", picture(200, 200)[:300], b"%PDF-1.7", b"x" * (LONGEST_FILE + 1)],
    ids=["empty", "gif", "jpeg", "cut", "pdf", "long"],
)
def test_what_is_no_picture_is_refused_and_the_old_one_stays(library: Library, member: AMember, file: bytes) -> None:
    set_photo(library, "M-1", picture(300, 400), act(library))
    before = row(library, Member, member.id).photo_id
    outcome = set_photo(library, "M-1", file, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["photo.unreadable"]
    assert row(library, Member, member.id).photo_id == before


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    written = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    assert small_jpeg(written.getvalue()) is None


def test_a_photograph_is_taken_away_and_stands_outside_the_hashed_journal(library: Library, member: AMember) -> None:
    set_photo(library, "M-1", picture(300, 400), act(library))
    with library.store.read() as reader:
        kept = photo_of(reader, member.id)
    entry = rows(library, JournalEntry)[-1]
    assert kept is not None
    assert kept not in bytes(entry.body)
    assert kept in bytes(entry.personal)
    assert set_photo(library, "M-1", None, act(library)) == PhotoSet(0)
    with library.store.read() as reader:
        assert photo_of(reader, member.id) is None


def test_only_who_edits_members_sets_photographs_and_only_of_members(library: Library, member: AMember) -> None:
    assert isinstance(set_photo(library, "M-1", None, act(library, Role.TRAINEE)), Refused)
    assert set_photo(library, "M-404", None, act(library)) == NotFound(Sought.MEMBER, "M-404")
