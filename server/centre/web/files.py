"""Files that pages hand out: the right kind, a name, and nothing a browser would run."""

import re
from urllib.parse import quote

from starlette.responses import Response

KIND = re.compile(r"[a-z]+/[a-z0-9.+-]+(; charset=utf-8)?")
UNKNOWN = "application/octet-stream"

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""What a browser may show itself; everything else is saved."""


def download(content: bytes, name: str, media_type: str, *, show: bool = False) -> Response:
    """A file under its name; `show` lets the browser open it where it can. Name and kind may be a library's own words:
    neither says anything else to the browser."""
    media_type = media_type if KIND.fullmatch(media_type) else UNKNOWN
    how = "inline" if show and media_type in SHOWN else "attachment"
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "._-")) or "file"
    headers = {"Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=media_type, headers=headers)
