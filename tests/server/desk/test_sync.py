"""The op `sync`, without a centre and with one on paper."""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.sync.branch import http_line
from app.sync.branch.device_key import ensure_device_key, read_device_key
from app.sync.branch.talk import TROUBLES, RoundState
from app.sync.line import Reply
from db.models.sync import Peer
from db.opening import DEVICE_KEY
from db.trouble import Trouble
from server.desk.opening import opened
from tests.app.sync.branch.paper_centre import PaperCentre
from tests.server.desk.desks import Desk


@pytest.fixture
def centre(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> PaperCentre:
    """The centre of the desk's library."""
    library: Library = desk.session.library
    made = PaperCentre(library, key=read_device_key(library))
    made.enrol()

    @contextmanager
    def line_of(of: Library, server: str | None = None) -> Iterator[PaperCentre]:
        assert of is library
        made.asked_at.append(server)
        yield made

    monkeypatch.setattr(http_line, "line_of", line_of)
    return made


def test_what_waits_goes_up_and_is_counted(desk: Desk, centre: PaperCentre) -> None:
    desk.ask("member.add", given_name="مریم", family_name="رضایی", category="ordinary", card="M-1")
    told = desk.ask("sync")
    assert (told["outcome"], told["state"], told["waiting"]) == ("synced", "done", 0)
    assert told["sent"] >= 2
    assert (told["received"], told["conflicts"]) == (0, 0)
    assert desk.ask("sync")["sent"] == 0
    assert centre.asked_at == [None, None]
    assert desk.ask("check")["broken"] == []


def test_another_address_of_the_centre_is_used_for_this_time(desk: Desk, centre: PaperCentre) -> None:
    desk.ask("sync", server="https://other.example")
    assert centre.asked_at == ["https://other.example"]


def test_a_library_without_a_centre_is_told_what_to_do(desk: Desk) -> None:
    told = desk.ask("sync")
    assert told["error"]["code"] == "P-2427"
    assert "ثبت‌نام" in told["error"]["message"]


def test_a_centre_that_asks_to_wait_is_no_success(desk: Desk, centre: PaperCentre) -> None:
    centre.before = lambda *_: Reply(429, b"", 90)
    told = desk.ask("sync")
    assert told["error"]["code"] == "P-2442"
    assert "90" in told["error"]["message"] or "۹۰" in told["error"]["message"]
    shown = desk.ask("sync.show")
    assert (shown["state"], shown["failures"]) == ("wait", 1)
    assert shown["waiting"] > 0
    assert shown["retry_at"] > shown["tried_at"]


def test_how_it_stands_can_be_asked(desk: Desk, centre: PaperCentre) -> None:
    assert (desk.ask("sync.show")["state"], desk.ask("sync.show")["enrolled"]) == (None, True)
    desk.ask("sync")
    told = desk.ask("sync.show")
    assert (told["state"], told["waiting"], told["cases"], told["days_silent"]) == ("done", 0, 0, 0)


def test_a_removal_is_confirmed_by_whoever_may(desk: Desk, centre: PaperCentre) -> None:
    assert desk.ask("sync.confirm", feeds=["branch"])["outcome"] == "confirmed"
    assert desk.ask("sync.confirm", feeds=[])["ok"] is False
    assert desk.ask("sync.confirm", feeds=["other"])["ok"] is False


def test_every_state_that_is_not_well_has_its_message() -> None:
    assert TROUBLES.keys() == set(RoundState) - {RoundState.DONE}


def test_a_key_that_is_not_there_is_told(desk: Desk, centre: PaperCentre, tmp_path: Path) -> None:
    folder = Path(desk.session.library.store.name).parent
    (folder / DEVICE_KEY).write_bytes(b"short")
    assert desk.ask("sync")["error"]["code"] == "P-2414"
    (folder / DEVICE_KEY).unlink()
    assert desk.ask("sync")["error"]["code"] == "P-2414"
    made = ensure_device_key(desk.session.library)
    assert isinstance(made, Ed25519PrivateKey)
    assert ensure_device_key(desk.session.library).private_bytes_raw() == made.private_bytes_raw()
    with pytest.raises(Trouble, match="P-2414"):
        read_device_key(desk.session.library, tmp_path / "nowhere")
    with desk.session.library.store.read() as reader:
        assert reader.connection.execute(sa.select(sa.func.count(Peer.url))).scalar() == 1


def test_an_older_copy_that_is_opened_goes_on_in_a_new_epoch(data: Path) -> None:
    """As the command opens and closes a library: the high-water file stands outside its folder."""
    options = Namespace(data=data, database=None, passphrase_file=None)
    with opened(options) as library:
        first = library.store.identity
    backup = shutil.copytree(data, data.parent / "backup")
    with opened(options) as library:
        assert library.store.identity == first
        assert Desk(library).ask("item.add", title={"title": "کلیدر"})["accession_no"] == 1
    shutil.rmtree(data)
    shutil.copytree(backup, data)
    with opened(options) as library:
        assert library.store.identity != first
        assert Desk(library).ask("item.add", title={"title": "سووشون"})["accession_no"] == 2
        assert Desk(library).ask("check")["broken"] == []
