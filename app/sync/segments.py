"""Snapshots on the wire: a signed manifest, and segments that are known by their hash (sync-protocol 10)."""

import hashlib

import msgspec

from app.sync.wire import FeedRow, MalformedError, decode, encode, pack, unpack

SEGMENT_MAGIC = b"PSS1"


class SegmentSaid(msgspec.Struct, array_like=True, frozen=True):
    """A segment of a snapshot: the hash it is asked for by, and how many bytes that are."""

    sha256: bytes
    size: int
    rows: int


class Snapshot(msgspec.Struct, array_like=True, frozen=True):
    """The manifest of a snapshot (sync-protocol 10): all rows of a feed, in segments, up to a position. `branch` is
    empty where the feed is the same for all."""

    feed: str
    branch: bytes
    epoch: int
    pos: int
    made_ms: int
    segments: list[SegmentSaid]

    @property
    def rows(self) -> int:
        """All of them."""
        return sum(segment.rows for segment in self.segments)


class Segment(msgspec.Struct, array_like=True, frozen=True):
    """Some rows of a snapshot. It is not signed: its hash stands in the manifest, which is."""

    feed: str
    branch: bytes
    rows: list[FeedRow]


def make_segment(segment: Segment) -> bytes:
    """The bytes of a segment. Equal rows give equal bytes."""
    return SEGMENT_MAGIC + pack(encode(segment))


def open_segment(raw: bytes, said: SegmentSaid) -> Segment:
    """The segment that the manifest speaks of. Raises MalformedError for any other."""
    if len(raw) != said.size or hashlib.sha256(raw).digest() != said.sha256:
        raise MalformedError("another segment")
    if not raw.startswith(SEGMENT_MAGIC):
        raise MalformedError("not a segment")
    return decode(unpack(raw[len(SEGMENT_MAGIC) :]), Segment)
