"""Letters to glyphs: HarfBuzz on one face of Vazirmatn."""

from pathlib import Path
from typing import NamedTuple

from db.trouble import Trouble
from reports.pdf.outline import glyph_path

_UNKNOWN = "\ufffd"


class Glyph(NamedTuple):
    """One glyph of a shaped word. `advance`, `x_offset`, `y_offset` in em; `text` is what it stands for."""

    number: int
    advance: float
    x_offset: float
    y_offset: float
    text: str


class Face:
    """One font file, ready to shape words. Cheap to make (a few milliseconds)."""

    def __init__(self, path: Path) -> None:
        """`Trouble` P-4101 if the file is not there."""
        import uharfbuzz as hb

        try:
            data = path.read_bytes()
        except OSError as error:
            raise Trouble("P-4101", file=path.name) from error
        self.name = path.stem
        self._harfbuzz = hb
        self._clusters = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        self._flags = hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
        self._face = hb.Face(hb.Blob(data))
        self._font = hb.Font(self._face)
        self._em = 1 / self._face.upem
        self._unknown = self._font.get_nominal_glyph(ord(_UNKNOWN)) or 0
        self.blank: int = self._font.get_nominal_glyph(ord(" ")) or 0

    def shape(self, text: str, *, rtl: bool) -> list[Glyph]:
        """The glyphs from left to right. A letter the face lacks becomes �, so that nothing vanishes from paper."""
        buffer = self._harfbuzz.Buffer()
        buffer.cluster_level, buffer.flags = self._clusters, self._flags
        buffer.not_found_glyph = self._unknown
        buffer.add_str(text)
        buffer.direction, buffer.script = ("rtl", "Arab") if rtl else ("ltr", "Latn")
        buffer.language = "fa"
        self._harfbuzz.shape(self._font, buffer)
        infos, positions, em = buffer.glyph_infos, buffer.glyph_positions, self._em
        texts = _cluster_texts([info.cluster for info in infos], text)
        return [
            Glyph(info.codepoint, place.x_advance * em, place.x_offset * em, place.y_offset * em, stands_for)
            for info, place, stands_for in zip(infos, positions, texts, strict=True)
        ]

    def outline(self, number: int) -> str:
        """The shape of a glyph as PDF path operators, in em; empty for a blank."""
        return glyph_path(self._font, number, self._em)

    def extents(self) -> tuple[float, float]:
        """Ascender and descender (negative) in em."""
        extents = self._font.get_font_extents("ltr")
        return extents.ascender * self._em, extents.descender * self._em

    def subset(self, numbers: set[int], dropped_tables: tuple[bytes, ...]) -> bytes:
        """A font file with these glyphs only, under their old numbers."""
        hb = self._harfbuzz
        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
        wanted.glyph_set.update(numbers)
        wanted.drop_table_tag_set.update({int.from_bytes(tag, "big") for tag in dropped_tables})
        return bytes(hb.subset(self._face, wanted).blob.data)


def _cluster_texts(clusters: list[int], text: str) -> list[str]:
    """The characters of each glyph's cluster; where glyphs share one, the first in reading order has them all."""
    if len(set(clusters)) == len(clusters) == len(text):
        return [text[start] for start in clusters]
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    rtl = clusters[0] > clusters[-1]
    texts: list[str] = []
    taken: set[int] = set()
    for start in reversed(clusters) if rtl else clusters:
        texts.append("" if start in taken else text[start : ends[start]])
        taken.add(start)
    return texts[::-1] if rtl else texts
