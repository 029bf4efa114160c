"""A centre and a branch that is enrolled there, which never have a line but for the enrolment."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre
from app.library import Library
from app.sync.branch.device_key import read_device_key
from app.sync.branch.enrolling import EnrolledHere, enrol
from app.sync.enrolling import issue_code
from db.models.sync import Stream
from tests.centres import fresh_centre
from tests.library import act, add_copy, found
from tests.sync.lines import InProcessLine


@dataclass(frozen=True, slots=True)
class Pair:
    """A branch and its centre."""

    library: Library
    key: Ed25519PrivateKey
    centre: Centre

    def work(self, entries: int = 3) -> None:
        """The branch registers copies, an entry each."""
        for _ in range(entries):
            add_copy(self.library)

    def waiting(self) -> int:
        """Entries that the branch believes the centre has not."""
        with self.library.store.read() as reader:
            unsent = sa.select(sa.func.sum(Stream.head_seq - Stream.acked_seq))
            return int(reader.connection.execute(unsent).scalar_one())

    def acked(self) -> int:
        """Entries of the branch that the centre has."""
        with self.centre.store.read() as reader:
            of_branch = sa.select(sa.func.coalesce(sa.func.sum(Stream.acked_seq), 0))
            mine = of_branch.where(Stream.branch_id == self.library.branch.id)
            return int(reader.connection.execute(mine).scalar_one())


@pytest.fixture
def centre() -> Iterator[Centre]:
    with fresh_centre() as centre:
        yield centre


@pytest.fixture
def pair(centre: Centre, tmp_path: Path) -> Iterator[Pair]:
    library = found(tmp_path)
    with library.store:
        key = read_device_key(library)
        code = issue_code(centre, library.branch.id, "ali").code
        enrolled = enrol(library, "https://centre.example", code, InProcessLine(centre), key, act(library))
        assert isinstance(enrolled, EnrolledHere)
        yield Pair(library, key, centre)
