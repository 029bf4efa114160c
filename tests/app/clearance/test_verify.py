"""Whether a certificate is genuine, told offline at the branch that gave it and at another."""

import base64
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.clearance.keys import signing_key
from app.clearance.paper import CertificatePaper
from app.clearance.token import PREFIX, read_token, short_code, signed_text
from app.clearance.verify import Verdict, verify
from app.library import Library
from app.members.clearances import revoke_clearances
from db.models.sync import Device
from db.types import new_id
from tests.app.clearance.people import cleared
from tests.library import SET_UP, TODAY, AMember, act, found_as


@pytest.fixture
def paper(library: Library, member: AMember) -> CertificatePaper:
    return cleared(library, member)[1]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    """Another branch, which has never heard of the first."""
    library = found_as(tmp_path / "other", dataclasses.replace(SET_UP, name="کتابخانهٔ دیگر"))
    with library.store:
        yield library


def introduce(to: Library, of: Library) -> None:
    """What sync does: the device of a branch and its public key become known at another."""
    key = signing_key(of.store)
    assert key is not None
    with to.store.write() as tx:
        tx.connection.execute(
            sa.insert(Device).values(
                id=new_id(), branch_id=of.store.branch_id, public_key=key.public_key().public_bytes_raw(),
                state="active", scopes=[],
            )
        )  # fmt: skip


def test_both_codes_are_valid_where_it_was_given(library: Library, paper: CertificatePaper) -> None:
    for code in (paper.code, paper.qr):
        found_ = verify(library, code)
        assert (found_.verdict, found_.number, found_.day, found_.ours) == (Verdict.VALID, 1, TODAY, True)


def test_an_unknown_branch_is_told_from_a_forgery(other: Library, paper: CertificatePaper) -> None:
    told = verify(other, paper.qr)
    assert (told.verdict, told.number, told.ours) == (Verdict.UNKNOWN_BRANCH, 1, False)
    assert verify(other, paper.code).verdict is Verdict.UNKNOWN


def test_another_branch_that_knows_the_device_believes_it(
    library: Library, other: Library, paper: CertificatePaper, member: AMember
) -> None:
    introduce(other, library)
    told = verify(other, paper.qr, member.number)
    assert (told.verdict, told.day, told.of_member) == (Verdict.VALID, TODAY, True)
    assert verify(other, paper.qr, "999999").of_member is False


def test_a_key_of_another_branch_signs_for_itself_only(
    library: Library, other: Library, paper: CertificatePaper
) -> None:
    """The device of one branch cannot write certificates of another, even where both are known."""
    token = read_token(paper.qr)
    assert token is not None
    forged = signed_text(token.statement, signing_key(other.store))
    introduce(library, other)
    assert verify(library, forged).verdict is Verdict.ALTERED


def test_a_number_moved_to_another_day_is_altered(library: Library, paper: CertificatePaper) -> None:
    token = read_token(paper.qr)
    assert token is not None
    moved = dataclasses.replace(token.statement, day=TODAY.replace(year=2020))
    assert verify(library, signed_text(moved, signing_key(library.store))).verdict is Verdict.ALTERED


def test_a_revoked_certificate_says_so(library: Library, member: AMember, paper: CertificatePaper) -> None:
    with library.store.write() as tx:
        revoke_clearances(tx, member.id, TODAY)
        tx.record("member.renewed", act(library))
    assert {verify(library, code).verdict for code in (paper.code, paper.qr)} == {Verdict.REVOKED}


def test_every_flipped_bit_is_found(paper: CertificatePaper) -> None:
    packed = bytearray(_packed(paper.qr))
    for place in range(len(packed)):
        packed[place] ^= 1
        token = read_token(_text(bytes(packed)))
        assert token is None or not token.genuine, place
        packed[place] ^= 1
    whole = read_token(_text(bytes(packed)))
    assert whole is not None
    assert whole.genuine


def test_a_wrong_letter_of_the_short_code_is_no_certificate(library: Library, paper: CertificatePaper) -> None:
    last = "A" if paper.code[-1] != "A" else "B"
    assert verify(library, paper.code[:-1] + last).verdict is Verdict.ALTERED
    assert verify(library, short_code(library.store.branch_id, 77, new_id())).verdict is Verdict.UNKNOWN


def test_a_paper_without_a_key_is_unsigned(library: Library, paper: CertificatePaper) -> None:
    token = read_token(paper.qr)
    assert token is not None
    assert verify(library, signed_text(token.statement, None)).verdict is Verdict.UNSIGNED


def test_persian_digits_spaces_and_small_letters_do_no_harm(library: Library, paper: CertificatePaper) -> None:
    assert verify(library, f" {paper.code.lower().replace('0', '۰').replace('1', '۱')} ").verdict is Verdict.VALID
    wrapped = "\n".join(paper.qr[at : at + 40].lower() for at in range(0, len(paper.qr), 40))
    assert verify(library, wrapped).verdict is Verdict.VALID


@given(
    text=st.text(max_size=300) | st.binary(max_size=160).map(lambda packed: PREFIX + base64.b32encode(packed).decode())
)
def test_nothing_anybody_scans_breaks_the_reader(text: str) -> None:
    token = read_token(text)
    assert token is None or not token.genuine


@pytest.mark.parametrize("text", ["", "RAF-000001", "0012345679", PREFIX, "https://example.ir/", "TS1-AAAA"])
def test_other_codes_are_not_certificates(library: Library, text: str) -> None:
    assert verify(library, text).verdict is Verdict.UNREADABLE


def test_the_text_keeps_to_the_letters_of_a_compact_square(paper: CertificatePaper) -> None:
    assert set(paper.qr) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    assert len(paper.qr) < 221  # version 8, level M


def test_a_key_of_ones_own_signs(library: Library) -> None:
    key = signing_key(library.store)
    assert isinstance(key, Ed25519PrivateKey)


def _packed(text: str) -> bytes:
    code = text.removeprefix(PREFIX)
    return base64.b32decode(code + "=" * (-len(code) % 8))


def _text(packed: bytes) -> str:
    return PREFIX + base64.b32encode(packed).decode().rstrip("=")
