"""Files that pages hand out: the right kind, a name, and nothing a browser would run."""

from urllib.parse import quote

from starlette.responses import Response

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""What a browser may show itself; everything else is saved."""


def download(content: bytes, name: str, media_type: str, *, show: bool = False) -> Response:
    """A file under its name; `show` lets the browser open it where it can."""
    how = "inline" if show and media_type in SHOWN else "attachment"
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "._-")) or "file"
    headers = {"Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)
