"""Ten thousand operations on imported real books, each answered after its commit."""

from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.server.desk.desks import RunningDesk

BOOKS = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "fa_books_30book.jsonl"
CARDS = [f"10{number:02}" for number in range(20)]
PAIRS = 5_000


@pytest.mark.skipif(not BOOKS.is_file(), reason="../shared/data, the real book files, is not here")
def test_ten_thousand_loans_and_returns_of_real_books_are_answered_and_outlive_a_kill(data: Path) -> None:
    with RunningDesk(data=data) as desk:
        desk.ask("policy.set", rows=[{"loan_days": 14, "days_mode": "ignore_calendar"}])
        for card in CARDS:
            desk.ask("member.add", given_name="علی", family_name="رضایی", category="ordinary", card=card)
        copies = desk.ask("import", file=str(BOOKS), copies=1)["copies"]
        assert copies > 850
        turns = islice(zip(cycle(CARDS), cycle(range(1, copies + 1)), strict=False), PAIRS)
        for card, copy in turns:
            if copy == 1:
                desk.ask("clock.advance", days=1)
            lent = desk.ask("checkout", member=card, item=str(copy))
            returned = desk.ask("checkin", item=str(copy))
            assert (lent["outcome"], returned["outcome"]) == ("checked_out", "checked_in"), (lent, returned)
        last = desk.ask("checkout", member=CARDS[0], item="1")
        desk.process.kill()
    with RunningDesk(data=data, clock=None) as desk:
        found = desk.ask("item.show", item="1")
        assert last["outcome"] == "checked_out"
        assert found["status"] == "on_loan"
        assert desk.ask("check")["broken"] == []
