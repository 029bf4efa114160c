"""Files that come with a form: read piece by piece, kept on disk where they are many bytes, never more than allowed."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.persian.text import clean
from server.centre.web.security import RequestRefusedError

MULTIPART = "multipart/form-data"
LONGEST_NAME = 120
AROUND = 64 << 10
"""Bytes of the fields, names and lines between them, beside the file itself."""
MOST_FIELDS = 20
DRAINED = 2
"""How many times the allowed bytes are still taken from the line, and dropped: a browser that is cut off in the middle
shows no page of ours."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: the name it had there, and its bytes, which are gone when the answer is."""

    name: str
    size: int
    file: BinaryIO

    def read(self) -> bytes:
        """All of it."""
        self.file.seek(0)
        return self.file.read()


Sent = tuple[Mapping[str, Sequence[str]], Mapping[str, Upload]]


def is_multipart(request: Request) -> bool:
    """Whether a form with files is on its way."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower() == MULTIPART


@asynccontextmanager
async def received(request: Request, most: int) -> AsyncIterator[Sent]:
    """The fields and files of a form, files of `most` bytes in all. Raises RequestRefusedError size, kind."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:19]) > DRAINED * (most + AROUND):
        raise RequestRefusedError("size")
    parser = MultiPartParser(
        request.headers, _within(request, most + AROUND), max_files=MOST_FIELDS, max_fields=MOST_FIELDS,
        max_part_size=AROUND,
    )  # fmt: skip
    try:
        form = await parser.parse()
    except (MultiPartException, LookupError) as error:
        raise RequestRefusedError("kind") from error
    fields: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields.setdefault(name, []).append(value)
        elif value.filename and value.size:
            files[name] = Upload(clean(value.filename, LONGEST_NAME), value.size, value.file)
    try:
        yield fields, files
    finally:
        await form.close()


async def _within(request: Request, most: int) -> AsyncGenerator[bytes]:
    """The body as it comes. What is more than allowed is taken and dropped, as far as one can be patient with it."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= most:
            yield part
        elif size > DRAINED * most:
            break
    if size > most:
        raise RequestRefusedError("size")
