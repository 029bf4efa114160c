"""Several desks at one PostgreSQL: the same command, another option."""

from pathlib import Path
from typing import Any

from tests.postgres import cluster
from tests.server.desk.desks import CLOCK, SET_UP_FILE, RunningDesk, json_lines, run

COPIES = [f"B{number}" for number in range(12)]


def test_two_desks_never_lend_one_copy_twice(tmp_path: Path) -> None:
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    with cluster().database() as url:
        stock: list[dict[str, Any]] = [
            {"op": "policy.set", "rows": [{"loan_days": 14}]},
            *(
                {"op": "member.add", "given_name": "علی", "family_name": "رضایی", "category": "ordinary", "card": card}
                for card in ("1", "2")
            ),
            *({"op": "item.add", "title": {"title": "بوف کور"}, "barcode": copy} for copy in COPIES),
        ]
        code, answers, told = run(
            "--database", url, "--setup", str(setup), "--test-clock", CLOCK, lines=json_lines(stock)
        )
        assert (code, all(answer["ok"] for answer in answers)) == (0, True), told

        with RunningDesk("--database", url) as one, RunningDesk("--database", url, "--desk", "2") as two:
            assert (one.ask("ping")["desk"], two.ask("ping")["desk"]) == (1, 2)
            for desk, card in ((one, "1"), (two, "2")):
                desk.send_all(
                    json_lines(
                        {"op": "checkout", "member": card, "item": copy, "key": f"{card}-{copy}"} for copy in COPIES
                    )
                )
            outcomes = [(one.read(), two.read()) for _ in COPIES]
            for lent, other in outcomes:
                assert {lent["outcome"], other["outcome"]} == {"checked_out", "refused"}, (lent, other)
            assert one.ask("check")["broken"] == []

        code, answers, told = run("--database", url, "--setup", str(setup))
        assert (code, answers) == (2, [])
        assert "از پیش کتابخانه‌ای هست" in told


def test_an_empty_database_is_no_library() -> None:
    with cluster().database() as url:
        code, answers, told = run("--database", url, lines=[b'{"op":"ping"}'])
        assert (code, answers) == (2, [])
        assert "کتابخانه‌ای در این پوشه نیست" in told


def test_a_server_that_does_not_answer_is_trouble() -> None:
    code, answers, told = run("--database", "postgresql://postgres@/x?host=/nowhere")
    assert (code, answers) == (2, [])
    assert "پایگاه دادهٔ مشترک پاسخ نداد" in told
