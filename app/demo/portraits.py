"""Photographs for the demo library: drawn heads on a calm ground, of nobody."""

import io

from app.members.photos import SIZE

FINER = 2
"""Drawn so many times larger and made small again, so that edges are smooth."""
GROUNDS = ("#dfe8ea", "#e9e4da", "#e3e6dc", "#e6dfe4", "#dde4ee", "#ece6dd")
CLOTHES = ("#3f5b6b", "#6a4e57", "#4e6350", "#57527a", "#7a5f45", "#2f4a52", "#5d5d66")
SKINS = ("#e3bd9c", "#d9ae8b", "#cfa07c", "#e8c7a9")
HAIRS = ("#2b2522", "#3d322b", "#1f1d1c", "#77716b")


def portrait(number: int, *, female: bool, child: bool) -> bytes:
    """A PNG of the shape of a membership photograph; the same number draws the same bytes."""
    from PIL import Image, ImageDraw

    width, height = SIZE[0] * FINER, SIZE[1] * FINER
    picture = Image.new("RGB", (width, height), GROUNDS[number % len(GROUNDS)])
    draw = ImageDraw.Draw(picture)
    cloth, skin, hair = CLOTHES[number % len(CLOTHES)], SKINS[number % len(SKINS)], HAIRS[number // 2 % len(HAIRS)]

    def oval(x: float, y: float, across: float, down: float, colour: str) -> None:
        """An ellipse round a point; all four in parts of the width."""
        draw.ellipse([(x - across) * width, (y - down) * width, (x + across) * width, (y + down) * width], fill=colour)

    face = 0.185 if child else 0.17
    oval(0.5, 1.35, 0.40, 0.42, cloth)
    if female:
        oval(0.5, 0.60, face + 0.10, face + 0.17, cloth)
        oval(0.5, 0.86, 0.20, 0.20, cloth)
    else:
        oval(0.5, 0.53, face + 0.025, face + 0.06, hair)
        oval(0.5, 0.85, 0.085, 0.17, skin)
    oval(0.5, 0.60, face, face + 0.05, skin)
    if not female:
        draw.pieslice(
            [(0.5 - face - 0.02) * width, 0.33 * width, (0.5 + face + 0.02) * width, 0.67 * width], 180, 360, fill=hair
        )
    written = io.BytesIO()
    picture.resize(SIZE, Image.Resampling.LANCZOS).save(written, "PNG")
    return written.getvalue()
