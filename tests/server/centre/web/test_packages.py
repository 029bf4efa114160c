"""A stick at the centre: a library without a line, an office with its page, and files that go there and back."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.persian.digits import number
from app.sync.branch.device_key import read_device_key
from app.sync.branch.enrolling import enrol
from app.sync.branch.rounds import sync_round
from app.sync.enrolling import issue_code, revoke_device
from app.sync.packages import up
from app.sync.packages.down import prepare_package
from app.sync.packages.form import MOST_BYTES, read_package
from app.sync.packages.receiving import receive
from app.sync.packages.up import export_packages
from server.centre.web.app import TABLES
from server.centre.web.security import CSRF_FIELD
from tests.app.sync.packages.conftest import Pair
from tests.library import act, found
from tests.server.centre.web.world import World
from tests.sync.lines import InProcessLine


@pytest.fixture
def pair(world: World, tmp_path: Path) -> Iterator[Pair]:
    """A library that had a line once and has none now."""
    library = found(tmp_path)
    with library.store:
        key, line = read_device_key(library), InProcessLine(world.centre)
        code = issue_code(world.centre, library.branch.id, "ali").code
        enrol(library, "https://centre.example", code, line, key, act(library))
        sync_round(library, line, key)
        world.branches["here"] = library.branch.id
        made = Pair(library, key, world.centre)
        made.work()
        yield made


def exported(pair: Pair, folder: Path) -> list[Path]:
    return [one.path for one in export_packages(pair.library, pair.key, folder)]


def page(world: World, library: str = "here") -> str:
    return f"/branches/{world.branches[library]}/packages"


def bring(world: World, raw: bytes, user: str = "county", library: str = "here", name: str = "a.psu") -> Any:
    """Give a file to the page, as a browser sends it; the page that comes then."""
    with world.client(user) as client:
        token = client.csrf("/account")
        answer = client.http.post(
            page(world, library), data={CSRF_FIELD: token}, files={"package": (name, io.BytesIO(raw))},
            headers={"Origin": world.url},
        )  # fmt: skip
        return client.get(answer.headers["location"]) if answer.status_code == 303 else answer


def get(world: World, path: str, user: str = "county") -> Any:
    with world.client(user) as client:
        return client.get(path)


def test_a_package_is_taken_and_the_receipt_goes_back(world: World, pair: Pair, tmp_path: Path) -> None:
    waiting = pair.waiting()
    (stick,) = exported(pair, tmp_path)
    told = bring(world, read_package(stick), name=stick.name).text
    assert f"{number(waiting)} رویداد تازه ثبت شد." in told
    answer = get(world, f"{page(world)}/receipts/{pair.library.store.identity.device_id}")  # type: ignore[union-attr]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert ".psr" in answer.headers["content-disposition"]
    assert receive(pair.library, pair.key, answer.content).acked == waiting
    assert pair.waiting() == 0


def test_the_same_package_again_is_said_to_have_been_there(world: World, pair: Pair, tmp_path: Path) -> None:
    (stick,) = exported(pair, tmp_path)
    bring(world, read_package(stick))
    assert "چیزی دو بار ثبت نشد" in bring(world, read_package(stick)).text


def test_what_comes_before_its_turn_is_held_and_said_so(
    world: World, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "BATCH_RAW", 1)
    monkeypatch.setattr(up, "MOST_PARCELS", 1)
    first, *others = exported(pair, tmp_path)
    assert "۱ دسته نگه داشته شد" in bring(world, read_package(others[0])).text
    assert "۲ رویداد تازه ثبت شد." in bring(world, read_package(first)).text


def test_the_package_of_the_centre_is_for_this_library(world: World, pair: Pair) -> None:
    answer = get(world, f"{page(world)}/down")
    assert ".psu" in answer.headers["content-disposition"]
    assert receive(pair.library, pair.key, answer.content).guarded is False
    without = get(world, page(world, "arak") + "/down")
    assert (without.status_code, "ثبت‌نام نکرده است" in without.text) == (422, True)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda raw: b"hello" + raw, "بستهٔ همگام‌سازی نیست یا آسیب دیده است"),
        (lambda raw: raw[:-40], "این بسته ناقص است"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "آسیب دیده است"),
        (lambda _: b"", "فایلی فرستاده نشد یا فایل خالی است."),
    ],
    ids=["none", "cut", "altered", "empty"],
)
def test_a_spoilt_file_is_told_in_words_and_changes_nothing(
    world: World, pair: Pair, tmp_path: Path, spoil: Any, words: str
) -> None:
    (stick,) = exported(pair, tmp_path)
    before = pair.acked()
    answer = bring(world, spoil(read_package(stick)))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert pair.acked() == before


def test_a_package_of_the_centre_itself_is_for_somebody_else(world: World, pair: Pair) -> None:
    answer = bring(world, prepare_package(world.centre, pair.library.branch.id).raw)
    assert (answer.status_code, "برای گیرندهٔ دیگری است" in answer.text) == (422, True)


def test_a_package_of_a_revoked_computer_is_not_believed(world: World, pair: Pair, tmp_path: Path) -> None:
    (stick,) = exported(pair, tmp_path)
    device = pair.library.store.identity.device_id  # type: ignore[union-attr]
    revoke_device(world.centre, device)
    answer = bring(world, read_package(stick))
    assert (answer.status_code, "شناخته نیست" in answer.text) == (422, True)
    assert get(world, f"{page(world)}/receipts/{device}").status_code == 404


def test_a_package_of_another_library_is_sent_to_its_own_page(world: World, pair: Pair, tmp_path: Path) -> None:
    (stick,) = exported(pair, tmp_path)
    before = pair.acked()
    assert f"این بسته از «{pair.library.branch.name}» است" in bring(world, read_package(stick), library="arak").text
    outside = bring(world, read_package(stick), user="yazd", library="yazd")
    assert (outside.status_code, "بیرون از محدودهٔ شماست" in outside.text) == (422, True)
    assert pair.library.branch.name not in outside.text
    assert pair.acked() == before


def test_nobody_brings_or_takes_anything_outside_their_scope(world: World, pair: Pair, tmp_path: Path) -> None:
    (stick,) = exported(pair, tmp_path)
    device = pair.library.store.identity.device_id  # type: ignore[union-attr]
    before = pair.acked()
    assert bring(world, read_package(stick), user="yazd").status_code == 404
    for path in ("", "/down", f"/receipts/{device}"):
        assert get(world, page(world) + path, user="yazd").status_code == 404
    assert bring(world, read_package(stick), user="auditor").status_code == 403
    assert pair.acked() == before


def test_whoever_may_not_come_is_answered_before_anything_is_read(world: World, pair: Pair) -> None:
    much = b"x" * (3 << 20)
    with world.client() as client:
        answer = client.http.post(page(world), files={"package": ("a.psu", much)}, headers={"Origin": world.url})
        assert answer.status_code == 401
    with world.client("county") as client:
        sent = {"package": ("a.psu", much)}
        elsewhere = client.http.post(page(world), files=sent, headers={"Origin": "https://example.org"})
        assert elsewhere.status_code == 403
        tokenless = client.http.post(page(world), files=sent, headers={"Origin": world.url})
        assert (tokenless.status_code, "این برگه کهنه شده است" in tokenless.text) == (403, True)


def test_more_than_a_package_may_be_is_refused_while_it_comes(world: World, pair: Pair) -> None:
    answer = bring(world, b"x" * (MOST_BYTES + (1 << 20)))
    assert (answer.status_code, "بزرگ‌تر از اندازهٔ مجاز" in answer.text) == (413, True)


@pytest.mark.parametrize(
    "body", [b"", b"--b\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", b"\xff" * 64]
)
def test_a_form_that_is_none_is_refused(world: World, pair: Pair, body: bytes) -> None:
    with world.client("county") as client:
        headers = {"Origin": world.url, "Content-Type": "multipart/form-data; boundary=b"}
        assert client.http.post(page(world), content=body, headers=headers).status_code in (403, 415)


def test_the_page_of_the_branch_leads_there_for_those_who_carry(world: World, pair: Pair) -> None:
    branch = page(world).removesuffix("/packages")
    assert page(world) in get(world, branch).text
    assert page(world) not in get(world, branch, user="auditor").text


def test_no_page_with_files_is_one_that_asks_for_the_second_factor() -> None:
    """The form could not be kept meanwhile."""
    taking = [page for page in itertools.chain.from_iterable(TABLES) if page.uploads]
    assert taking
    assert [page for page in taking if page.strong] == []
