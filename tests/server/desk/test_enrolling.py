"""Enrolment and packages at the headless desk, against a real server with a certificate of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.centre import Centre
from app.sync.enrolling import issue_code, keep_certificates
from app.sync.packages.down import prepare_package
from app.sync.packages.form import read_package
from app.sync.packages.taking import take_package
from app.sync.wire import fingerprint
from server.centre.asgi import make_app
from tests.centres import fresh_centre
from tests.server.centre.serving import Certificate, make_certificate, served
from tests.server.desk.desks import Desk, messages, says_so_in_persian


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def centre(certificate: Certificate) -> Iterator[Centre]:
    with fresh_centre() as centre:
        keep_certificates(centre, certificate.pem)
        yield centre


@pytest.fixture
def url(centre: Centre, certificate: Certificate) -> Iterator[str]:
    with served(make_app(centre), certificate) as address:
        yield address


def codes(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [refusal["code"] for refusal in answer["refusals"]]


def test_a_library_enrols_and_synchronises_over_the_network(desk: Desk, centre: Centre, url: str) -> None:
    issued = issue_code(centre, desk.library.branch.id, "ali")
    told = desk.ask("enrol", url=url, code=issued.code, fingerprint=issued.fingerprint)
    assert told["outcome"] == "enrolled"
    assert (told["url"], told["centre"], told["fingerprint"]) == (url, str(centre.id), issued.fingerprint)
    synced = desk.ask("sync")
    assert (synced["outcome"], synced["state"]) == ("synced", "done")
    assert synced["sent"] >= 1
    assert desk.ask("sync.show")["waiting"] == 0


def test_a_wrong_code_is_refused_in_persian(desk: Desk, centre: Centre, url: str) -> None:
    key = fingerprint(centre.keys.public_key)
    told = desk.ask("enrol", url=url, code="2222-2222-2222", fingerprint=key)
    assert codes(told) == ["enrol.code_unknown"]
    assert says_so_in_persian(told)


def test_the_fifth_wrong_code_has_to_wait(desk: Desk, centre: Centre, url: str) -> None:
    key = fingerprint(centre.keys.public_key)
    for _ in range(4):
        assert codes(desk.ask("enrol", url=url, code="2222-2222-2222", fingerprint=key)) == ["enrol.code_unknown"]
    told = desk.ask("enrol", url=url, code="3333-3333-3333", fingerprint=key)
    assert codes(told) == ["enrol.too_often"]
    assert says_so_in_persian(told)


def test_without_the_fingerprint_a_certificate_nobody_vouches_for_gets_no_code(
    desk: Desk, centre: Centre, url: str
) -> None:
    issued = issue_code(centre, desk.library.branch.id, "ali")
    told = desk.ask("enrol", url=url, code=issued.code)
    assert codes(told) == ["enrol.unproven"]
    # the code has not been used: with the fingerprint it still works
    assert desk.ask("enrol", url=url, code=issued.code, fingerprint=issued.fingerprint)["ok"]


def test_another_fingerprint_gets_no_code(desk: Desk, centre: Centre, url: str) -> None:
    issued = issue_code(centre, desk.library.branch.id, "ali")
    told = desk.ask("enrol", url=url, code=issued.code, fingerprint=fingerprint(bytes(32)))
    assert codes(told) == ["enrol.fingerprint"]
    assert desk.ask("enrol", url=url, code=issued.code, fingerprint=issued.fingerprint)["ok"]


def test_somebody_in_between_with_another_certificate_gets_no_code(desk: Desk, centre: Centre, tmp_path: Path) -> None:
    """They pass on what the centre says of itself, but cannot show the certificate it vouches for."""
    issued = issue_code(centre, desk.library.branch.id, "ali")
    with served(make_app(centre), make_certificate(tmp_path, "between")) as address:
        told = desk.ask("enrol", url=address, code=issued.code, fingerprint=issued.fingerprint)
    assert told["error"]["code"] == "P-2415"
    assert says_so_in_persian(told["error"])


@pytest.mark.parametrize(("address", "code"), [("http://centre.ir", "P-2412"), ("https://127.0.0.1:9", "P-2416")])
def test_an_address_where_nobody_is(desk: Desk, address: str, code: str) -> None:
    told = desk.ask("enrol", url=address, code="2222-2222-2222", fingerprint=fingerprint(bytes(32)))
    assert told["error"]["code"] == code


def test_a_stick_goes_there_and_back(desk: Desk, centre: Centre, url: str, tmp_path: Path) -> None:
    issued = issue_code(centre, desk.library.branch.id, "ali")
    desk.ask("enrol", url=url, code=issued.code, fingerprint=issued.fingerprint)
    told = desk.ask("package.export", folder=str(tmp_path))
    (file,) = told["files"]
    assert told["entries"] == file["entries"] >= 1
    taken = take_package(centre, read_package(tmp_path / file["file"]))
    receipt, package = tmp_path / taken.receipt_name, tmp_path / "down.psu"
    receipt.write_bytes(taken.receipt)
    package.write_bytes(prepare_package(centre, desk.library.branch.id).raw)
    assert desk.ask("package.import", file=str(receipt))["acked"] == told["entries"]
    again = desk.ask("package.import", file=str(receipt))
    assert again["outcome"] == "already_done"
    assert messages(again)
    assert desk.ask("package.import", file=str(package))["ok"]
    assert desk.ask("package.export", folder=str(tmp_path))["entries"] == 0


@pytest.mark.parametrize("content", [b"", b"PSU1 half a package", b"PSR1 half a receipt", b"%PDF-1.7"])
def test_a_file_that_is_none_of_ours_is_told(
    desk: Desk, centre: Centre, url: str, tmp_path: Path, content: bytes
) -> None:
    issued = issue_code(centre, desk.library.branch.id, "ali")
    desk.ask("enrol", url=url, code=issued.code, fingerprint=issued.fingerprint)
    (tmp_path / "file").write_bytes(content)
    before = desk.entries()
    told = desk.ask("package.import", file=str(tmp_path / "file"))
    assert told["error"]["code"] in ("P-2421", "P-2425")
    assert says_so_in_persian(told["error"])
    assert desk.entries() == before


def test_before_an_enrolment_there_is_nobody_to_write_for(desk: Desk, tmp_path: Path) -> None:
    assert desk.ask("package.export", folder=str(tmp_path))["error"]["code"] == "P-2427"
    assert desk.ask("package.import", file=str(tmp_path / "none"))["error"]["code"] == "P-2101"
