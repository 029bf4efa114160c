"""The whole union catalogue at a branch, for copy cataloguing: from the install stick, or over a good line
(sync-protocol 10). Without it a branch has the records it holds copies of."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.sync.branch.filling import REFUSED, fill
from app.sync.branch.guarding import Guard
from app.sync.branch.rounds import WORK, known_centre
from app.sync.branch.talk import RoundEndedError, Talk
from app.sync.line import MISSING, OK, Call, Files, Line, LineLostError, Reply, Steps, UntrustedError
from app.sync.owners import Feed
from db.alone import alone_for_long
from db.trouble import Trouble


@dataclass(frozen=True, slots=True)
class FilesIn:
    """Files of snapshots in a folder: a copy of `shared` of the centre's."""

    folder: Path

    def fetch(self, name: str, into: bytearray, most: int, bearer: str = "") -> Reply:  # noqa: ARG002 - as `Files`
        """What is missing of a file."""
        parts = name.split("/")
        path = self.folder / (f"{parts[1]}.manifest" if parts[0] == "snap" else f"seg/{parts[1]}")
        try:
            with path.open("rb") as file:
                file.seek(len(into))
                into += file.read(most + 1 - len(into))
        except FileNotFoundError:
            return Reply(MISSING)
        except OSError as error:
            raise Trouble("P-2101", path=path.name) from error
        return Reply(OK)


class _NoLine:
    """There is none: everything that is asked for is a file."""

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:  # noqa: ARG002 - the names of `Line`
        """No call gets through."""
        raise LineLostError(call.value)


def fill_union(library: Library, key: Ed25519PrivateKey, files: Files, pause: Callable[[], None] = lambda: None) -> int:
    """Take the whole union, as far as it is newer than what is here; how many rows came. To be called again after the
    line was lost: it goes on from there.

    Raises Trouble P-2427 (not enrolled), P-2441 (somebody synchronises just now), P-2416 (the line was lost), P-2415
    (somebody else answers), P-2442 (not now), P-2421 (damaged, or not of this centre), P-2101 (the stick).
    """
    with library.store.read() as reader:
        centre = known_centre(reader)
    if centre is None:
        raise Trouble("P-2427")
    line: Line = _NoLine()
    with alone_for_long(library.store, WORK) as mine:
        if not mine:
            raise Trouble("P-2441")
        talk = Talk(library, line, key, centre, pause, Steps(), secrets.randbits)
        try:
            fill(talk, Feed.BIB, files, Guard(), lifted=True)
        except UntrustedError as error:
            raise Trouble("P-2415") from error
        except LineLostError as error:
            raise Trouble("P-2416") from error
        except RoundEndedError as ended:
            raise Trouble("P-2442", seconds=ended.retry_after or 60) from ended
    if REFUSED in talk.notes:
        raise Trouble("P-2421")
    return talk.received
