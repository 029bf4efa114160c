"""`member.web_code`: the code stands in one answer and on one slip."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.codes import Role
from db.models.sync import Peer
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import NOW, Desk, says_so_in_persian


@pytest.fixture
def joined(lending: Desk) -> Desk:
    """A desk whose library has joined a centre."""
    with lending.library.store.write() as tx:
        tx.connection.execute(sa.insert(Peer).values(url="https://markaz.example/", enrolled_at=NOW))
    return lending


def test_a_code_is_given_on_a_slip(joined: Desk, tmp_path: Path) -> None:
    pdf = tmp_path / "code.pdf"
    told = joined.ask("member.web_code", member="1001", pdf=str(pdf), paper="a6")
    assert (told["outcome"], told["card"], told["address"]) == ("given", "1001", "https://markaz.example/my")
    assert re.fullmatch(r"\d{5}-\d{5}", told["code"])
    assert (told["until"], told["pages"]) == ("2026-12-21", 1)
    assert missing((told["address"],), raw_text(pdf.read_bytes(), "-raw")) == []


def test_a_repeated_key_does_not_tell_the_code_again(joined: Desk) -> None:
    first = joined.ask("member.web_code", member="1001", key="k")
    entries = joined.entries()
    again = joined.ask("member.web_code", member="1001", key="k")
    assert (again["outcome"], again["member"]) == ("already_done", first["member"])
    assert "code" not in again
    assert joined.entries() == entries


def test_the_library_has_not_joined_a_centre(lending: Desk) -> None:
    told = lending.ask("member.web_code", member="1001")
    assert [reason["code"] for reason in told["refusals"]] == ["web_code.no_centre"]
    assert says_so_in_persian(told)


@pytest.mark.parametrize("fields", [{"member": "9999"}, {"member": "\u202e"}, {"member": "1001", "paper": "a4"}, {}])
def test_what_is_wrong_changes_nothing(joined: Desk, fields: dict[str, str]) -> None:
    before = joined.entries()
    told = joined.ask("member.web_code", **fields)
    assert not told["ok"]
    assert joined.entries() == before


def test_a_trainee_gives_no_code(joined: Desk) -> None:
    told = joined.as_role(Role.TRAINEE).ask("member.web_code", member="1001")
    assert not told["ok"]
    assert "code" not in told
