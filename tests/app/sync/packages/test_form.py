"""The form of a package: sealed for one, signed by one, whole or refused."""

import uuid
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, PublicKey, SealedBox

from app.sync.packages import form
from app.sync.packages.form import (
    LENGTH,
    MAGIC,
    Head,
    Kind,
    Manifest,
    make_package,
    name_of,
    open_package,
    opening_key_of,
    sealing_key_of,
)
from app.sync.wire import encode, seal_message
from db.trouble import Trouble

SENDER, OWN = Ed25519PrivateKey.generate(), PrivateKey.generate()
BRANCH, DEVICE = uuid.uuid4(), uuid.uuid4()
HEAD = Head(Kind.UP, BRANCH.bytes, DEVICE.bytes, 0xABC, 5, 9, bytes(OWN.public_key))
PARCELS = [b"first", b"x" * 3000, b"third"]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "CHUNK", 1000)


def known(_: Head) -> bytes:
    return SENDER.public_key().public_bytes_raw()


def made(head: Head = HEAD, key: Ed25519PrivateKey = SENDER) -> bytes:
    return make_package(head, 1_000, PARCELS, key)


def trouble(raw: bytes, own: PrivateKey = OWN, sender: Callable[[Head], bytes | None] = known) -> str:
    with pytest.raises(Trouble) as caught:
        open_package(raw, own, sender)
    return caught.value.code


def parts(raw: bytes) -> list[bytes]:
    return list(form._lengths(raw))


def joined(some: list[bytes]) -> bytes:
    return MAGIC + b"".join(LENGTH.pack(len(part)) + part for part in some)


def test_what_goes_in_comes_out() -> None:
    package = open_package(made(), OWN, known)
    assert list(package.parcels) == PARCELS
    assert (package.head, package.made_ms, package.branch_id, package.device_id) == (HEAD, 1_000, BRANCH, DEVICE)
    assert len(parts(made())) == 2 + 4


def test_an_empty_package_is_whole() -> None:
    assert open_package(make_package(HEAD, 0, [], SENDER), OWN, known).parcels == ()


def test_nothing_of_it_can_be_read_on_the_way() -> None:
    assert b"first" not in made()
    assert b"xxxx" not in made()


def test_its_name_says_what_it_is() -> None:
    assert name_of(HEAD) == f"{BRANCH.hex[-8:]}-0000000000000abc-5-9.psu"


def test_only_for_whom_it_is_sealed() -> None:
    assert trouble(made(), PrivateKey.generate()) == "P-2422"


def test_of_nobody_we_know() -> None:
    assert trouble(made(), sender=lambda _: None) == "P-2423"


def test_signed_by_another() -> None:
    assert trouble(made(key=Ed25519PrivateKey.generate())) == "P-2423"


def test_the_head_says_what_the_manifest_says() -> None:
    pieces = parts(made())
    other = encode(Head(Kind.UP, BRANCH.bytes, DEVICE.bytes, 0xABC, 1, 9, bytes(OWN.public_key)))
    assert trouble(joined([other, *pieces[1:]])) == "P-2421"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda some: some[:-1], "P-2425"),  # a chunk is missing at the end
        (lambda some: some[:2] + some[3:], "P-2421"),  # in the middle
        (lambda some: [some[0], some[1], some[3], some[2], *some[4:]], "P-2421"),  # exchanged
        (lambda some: [*some, some[-1]], "P-2421"),  # one more
        (lambda some: some[:1], "P-2425"),  # no manifest
        (lambda some: [b"\x90", *some[1:]], "P-2421"),  # no head
        (lambda some: [some[0], b"x" * 60, *some[2:]], "P-2421"),
    ],
)
def test_chunks_are_whole_and_in_order(change: Callable[[list[bytes]], list[bytes]], code: str) -> None:
    assert trouble(joined(change(parts(made())))) == code


@pytest.mark.parametrize("cut", [4, 5, 9, 100, 400, -1])
def test_a_file_that_was_cut_is_said_to_be_cut(cut: int) -> None:
    assert trouble(made()[:cut]) == "P-2425"


@pytest.mark.parametrize("raw", [b"", b"PSU", b"PSB1" + bytes(100), b"%PDF-1.7"])
def test_what_is_no_package(raw: bytes) -> None:
    assert trouble(raw) == "P-2421"


def test_a_file_that_is_too_big_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "MOST_BYTES", 100)
    assert trouble(made()) == "P-2426"


def test_a_signed_manifest_that_lies_of_its_parcels_is_refused() -> None:
    whole = b"abcdef"
    box = SealedBox(PublicKey(HEAD.sealed_to))
    for sizes in ([3], [3, 4], [7, -1], [0, 6]):
        manifest = Manifest(HEAD, 0, [(len(whole), form._hashed(whole))], sizes)
        raw = joined([encode(HEAD), box.encrypt(seal_message(manifest, SENDER)), box.encrypt(whole)])
        assert trouble(raw) == "P-2421"


def test_the_key_of_a_device_opens_what_was_sealed_for_it() -> None:
    sealed = SealedBox(PublicKey(sealing_key_of(SENDER.public_key().public_bytes_raw()))).encrypt(b"rows")
    assert SealedBox(opening_key_of(SENDER)).decrypt(sealed) == b"rows"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_anywhere_is_found(data: st.DataObject) -> None:
    raw = RAW
    place = data.draw(st.integers(0, len(raw) - 1))
    spoilt = raw[:place] + bytes([raw[place] ^ data.draw(st.integers(1, 255))]) + raw[place + 1 :]
    assert trouble(spoilt) in {"P-2421", "P-2422", "P-2423", "P-2425"}


RAW = make_package(HEAD, 1_000, PARCELS, SENDER)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_trouble_and_no_error(raw: bytes) -> None:
    assert trouble(MAGIC + raw).startswith("P-24")
