"""`make serve`: what it makes, what it tells, and a loan that goes from one library to the other over the real line."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.centre import open_centre
from app.clock import SystemClock
from app.review.kept_accounts import account_named, secrets_of
from app.review.passwords import matches
from app.review.second_factor import unseal
from db.models.collection import Minutes
from server.centre.cluster import has_binaries, throwaway
from server.centre.demo import Ready, checked, prepare, told
from server.centre.demo_branches import HALVES, opened
from tests.library import rows

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    """Everything `make serve` makes."""
    if not has_binaries():
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with throwaway("pishkhan-demo-") as cluster:
        yield prepare(cluster, tmp_path_factory.mktemp("serve") / "data", port)


def test_it_tells_addresses_accounts_and_five_lines(ready: Ready) -> None:
    text = told(ready)
    assert ready.address in text
    for one in ready.reviewers:
        assert one.password in text
        assert one.secret in text
    assert [line[2] for line in text.splitlines() if line[2:3] in "۱۲۳۴۵" and line[3:4] == "."] == list("۱۲۳۴۵")
    for half in HALVES:
        assert str(ready.folder / half.folder) in text
        assert f"demo-centre/{half.folder}" in (ROOT / "README.md").read_text()
    assert ready.card in text
    assert ready.book in text


def test_the_accounts_that_were_told_sign_in(ready: Ready) -> None:
    with (centre := open_centre(ready.database, ready.folder / "keys", SystemClock())).store as store:
        for one in ready.reviewers:
            with store.read() as reader:
                person = account_named(reader, one.user_name)
                assert person is not None
                kept, sealed = secrets_of(reader, person.id)
            assert matches(kept, one.password)
            assert sealed is not None
            assert unseal(centre.keys, person.id, sealed) == one.secret


def test_something_waits_at_the_offices(ready: Ready) -> None:
    with (library := opened(ready.folder / HALVES[0].folder)).store:
        assert {row.state.value for row in rows(library, Minutes)} >= {"at_county", "at_province"}


def test_both_libraries_have_readers_and_books_in_common_and_of_their_own(ready: Ready) -> None:
    names = []
    for half in HALVES:
        with (library := opened(ready.folder / half.folder)).store:
            names.append((library.branch.name, library.branch.county, library.branch.barcode_prefix))
    assert len({name for name, _, _ in names}) == len({prefix for _, _, prefix in names}) == 2


def test_a_loan_made_at_one_library_is_known_at_the_other(ready: Ready) -> None:
    assert checked(ready)
