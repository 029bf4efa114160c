"""Holds of several desks at one PostgreSQL."""

from pathlib import Path
from typing import Any

from tests.postgres import cluster
from tests.server.desk.desks import CLOCK, SET_UP_FILE, RunningDesk, json_lines, run

SAME = {"given_name": "علی", "category": "ordinary"}
READERS = [str(number) for number in range(1, 9)]


def test_two_desks_write_into_one_line_and_serve_it_in_order(tmp_path: Path) -> None:
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    with cluster().database() as url:
        stock: list[dict[str, Any]] = [
            {"op": "policy.set", "rows": [{"loan_days": 14, "hold_fee": 1_000}]},
            *({"op": "member.add", "family_name": f"{card} رضایی", "card": card, **SAME} for card in READERS),
            {"op": "item.add", "title": {"title": "بوف کور"}, "barcode": "B1"},
        ]  # fmt: skip
        code, answers, told = run(
            "--database", url, "--setup", str(setup), "--test-clock", CLOCK, lines=json_lines(stock)
        )
        assert (code, all(answer["ok"] for answer in answers)) == (0, True), told
        title = answers[-1]["title_id"]
        with RunningDesk("--database", url) as one, RunningDesk("--database", url, "--desk", "2") as two:
            for desk, cards in ((one, READERS[::2]), (two, READERS[1::2])):
                desk.send_all(json_lines({"op": "hold.place", "member": card, "title": title} for card in cards))
            placed = [(one.read(), two.read()) for _ in READERS[::2]]
            assert {told["outcome"] for both in placed for told in both} == {"held"}
            line = sorted(one.ask("hold.list", title=title)["rows"], key=lambda row: row["position"])
            assert [row["position"] for row in line] == list(range(1, len(READERS) + 1))
            assert [row["hold"] for row in one.ask("hold.pull")["rows"]] == [line[0]["hold"]]
            assert two.ask("hold.set_aside", item="B1")["hold"]["member"] == line[0]["member"]
            assert [row["hold"] for row in one.ask("hold.shelf")["rows"]] == [line[0]["hold"]]
            assert one.ask("hold.move", hold=line[3]["hold"], position=1)["position"] == 1
            assert two.ask("hold.cancel", hold=line[0]["hold"])["passed_to"]["member"] == line[3]["member"]
            assert two.ask("undo")["kind"] == "hold.cancelled"
            assert one.ask("hold.suspend", hold=line[1]["hold"], until="1499/01/01")["outcome"] == "suspended"
            assert one.ask("check")["broken"] == []
