"""A desk killed at any moment keeps every operation it acknowledged, and half of none (reliability 2.1, R3).

The real command is killed with SIGKILL while it works through a stream of requests. What it had answered by then must
be found afterwards; what it had done without answering may be found, and asked for again it is `already_done`. In every
other round nobody reads the answers, so that the desk certainly stands between a commit and its answer when it dies.
"""

import fcntl
import json
import random
import secrets
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.server.desk.desks import CLOCK, Desk, RunningDesk

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals and pipe sizes of Linux")

KILLS = 30
FIXED_SEED = 20261121
COPIES = [f"B{number}" for number in range(1, 61)]
CARDS = [f"10{number:02}" for number in range(12)]
STREAM = 120
SMALL_PIPE = 4096
LONGEST_WAIT = 0.06  # seconds
WAIT_UNREAD = 0.1  # long enough to fill the small pipe

Request = dict[str, Any]


@dataclass(frozen=True)
class Copy:
    """What is known of a copy."""

    card: str | None = None
    due: str | None = None
    loans: int = 0
    renewals: int = 0

    def after(self, request: Request, told: dict[str, Any]) -> "Copy":
        """The same copy after an operation that was answered so."""
        match told["outcome"]:
            case "checked_out":
                return Copy(request["member"], told["due"], self.loans + 1)
            case "renewed":
                return replace(self, due=told["due"], renewals=told["count"])
            case "checked_in":
                return Copy(loans=self.loans)
            case "already_done":  # renewed twice a day
                assert (request["op"], told["due"]) == ("renew", self.due)
                return self
            case _:
                assert told["outcome"] == "refused"
                return self


class Ledger:
    """Every acknowledged operation, added up: what must be found in the store."""

    def __init__(self) -> None:
        self.copies = dict.fromkeys(COPIES, Copy())
        self.members: dict[str, str] = {}
        self.acknowledged = 0

    def note(self, request: Request, told: dict[str, Any]) -> None:
        """An answer came."""
        self.acknowledged += 1
        if request["op"] == "member.add":
            assert told["outcome"] == "added", told
            self.members[request["card"]] = told["member"]
        else:
            self.copies[request["item"]] = self.copies[request["item"]].after(request, told)

    def differences(self, desk: RunningDesk, but: str | None = None) -> list[str]:
        """What the store tells otherwise; `but` is the copy of the operation that was not answered."""
        shown = ask_all(desk, ({"op": "item.show", "item": copy} for copy in COPIES))
        found = {copy: seen(told) for copy, told in zip(COPIES, shown, strict=True)}
        people = ask_all(desk, ({"op": "member.show", "member": card} for card in self.members))
        return [
            *(
                f"{copy}: {was} / {found[copy]}"
                for copy, was in self.copies.items()
                if copy != but and found[copy] != was
            ),
            *(
                f"member {told}"
                for told, who in zip(people, self.members.values(), strict=True)
                if told.get("member") != who
            ),
        ]


def seen(told: dict[str, Any]) -> Copy:
    """A copy as the store tells it."""
    return Copy(told["holder"] and told["holder"]["card"], told["due"], told["loan_count"], told["renewals"] or 0)


def ask_all(desk: RunningDesk, requests: Iterable[Request]) -> list[dict[str, Any]]:
    """Send many requests at once and read their answers."""
    lines = [json.dumps(request).encode() for request in requests]
    desk.send_all(lines)
    return [desk.read() for _ in lines]


def stream(ledger: Ledger, chance: random.Random, number: int) -> list[Request]:
    """Requests that make sense one after the other, if each is done."""
    lent = {copy: known.card is not None for copy, known in ledger.copies.items()}
    requests: list[Request] = []
    for place in range(STREAM):
        copy = chance.choice(COPIES)
        if chance.random() < 0.05:
            name = f"{number}-{place}"
            requests.append(
                {"op": "member.add", "given_name": "علی", "family_name": "رضایی", "category": "ordinary",
                 "card": f"N{name}", "key": f"member-{name}"}
            )  # fmt: skip
        elif lent[copy] and chance.random() < 0.4:
            requests.append({"op": "renew", "item": copy})
        elif lent[copy]:
            requests.append({"op": "checkin", "item": copy})
            lent[copy] = False
        else:
            requests.append({"op": "checkout", "member": chance.choice(CARDS), "item": copy})
            lent[copy] = True
    return requests


def kill_while_working(desk: RunningDesk, requests: Sequence[Request], wait: float) -> list[dict[str, Any]]:
    """Send everything, kill the desk after a while, and return what it had answered."""
    desk.send_all(json.dumps(request).encode() for request in requests)
    time.sleep(wait)
    return desk.kill()


@dataclass(frozen=True)
class Unanswered:
    """The first request that was not answered: it may have been done or not, never half."""

    request: Request

    @property
    def copy(self) -> str | None:
        return self.request.get("item")

    def settle(self, desk: RunningDesk, ledger: Ledger) -> bool:
        """Ask for it again. Whether it had been done: then it is `already_done`, and not done twice."""
        if self.copy is None:
            again = desk.send(json.dumps(self.request).encode())
            assert again["outcome"] in ("added", "already_done"), again
            ledger.members[self.request["card"]] = again["member"]
            return bool(again["outcome"] == "already_done")
        was, found = ledger.copies[self.copy], seen(desk.ask("item.show", item=self.copy))
        again = desk.send(json.dumps(self.request).encode())
        if found == was:
            assert again["outcome"] != "already_done" or self.request["op"] == "renew"
            ledger.note(self.request, again)
            return False
        assert again["outcome"] == "already_done", (self.request, was, found, again)
        assert seen(desk.ask("item.show", item=self.copy)) == found
        ledger.copies[self.copy] = found
        return True


@pytest.fixture
def stocked(desk: Desk, data: Path) -> Path:
    """Sixty copies, twelve readers, and rules that refuse next to nothing."""
    desk.ask("policy.set", rows=[{"loan_days": 14, "days_mode": "ignore_calendar", "overdues_block": "no"}])
    for card in CARDS:
        desk.ask("member.add", given_name="علی", family_name="رضایی", category="ordinary", card=card)
    for number, copy in enumerate(COPIES):
        assert desk.ask("item.add", title={"title": f"کتاب {number // 3}"}, barcode=copy)["ok"]
    desk.library.store.close()
    return data


def test_no_acknowledged_operation_is_lost_by_a_kill(stocked: Path) -> None:
    fresh_seed = secrets.randbits(32)
    print("fresh seed:", fresh_seed)
    chances = [random.Random(FIXED_SEED), random.Random(fresh_seed)]
    ledger, unanswered, clock = Ledger(), None, CLOCK
    done_unanswered = 0
    for number in range(KILLS):
        chance = chances[number * len(chances) // KILLS]
        with RunningDesk(data=stocked, clock=clock) as desk:
            assert ledger.differences(desk, but=unanswered.copy if unanswered else None) == [], (number, fresh_seed)
            done_unanswered += unanswered is not None and unanswered.settle(desk, ledger)
            if number % 10 == 0:
                assert desk.ask("check")["broken"] == [], (number, fresh_seed)
            clock = desk.ask("clock.advance", days=1)["now"]
            wait = chance.uniform(0, LONGEST_WAIT)
            if number % 2:
                fcntl.fcntl(desk.output, fcntl.F_SETPIPE_SZ, SMALL_PIPE)
                wait = WAIT_UNREAD
            requests = stream(ledger, chance, number)
            answers = kill_while_working(desk, requests, wait)
        for request, told in zip(requests, answers, strict=False):
            ledger.note(request, told)
        unanswered = Unanswered(requests[len(answers)]) if len(answers) < len(requests) else None
    with RunningDesk(data=stocked, clock=clock) as desk:
        assert ledger.differences(desk, but=unanswered.copy if unanswered else None) == [], fresh_seed
        assert desk.ask("check")["broken"] == [], fresh_seed
    print(f"{KILLS} kills: {ledger.acknowledged} acknowledged, {done_unanswered} done without an answer, lost 0")
    assert ledger.acknowledged > KILLS
    assert done_unanswered > KILLS // 5


def test_the_checker_notices_an_operation_that_was_lost(stocked: Path, tmp_path: Path) -> None:
    """The control: a store put back to before its last answers must not pass."""
    before, ledger = tmp_path / "before", Ledger()
    shutil.copytree(stocked, before)
    requests: list[Request] = [
        {"op": "checkout", "member": CARDS[0], "item": COPIES[0]},
        {"op": "member.add", "given_name": "علی", "family_name": "رضایی", "category": "ordinary", "card": "N1"},
    ]
    with RunningDesk(data=stocked) as desk:
        for request in requests:
            ledger.note(request, desk.send(json.dumps(request).encode()))
        assert ledger.differences(desk) == []
    with RunningDesk(data=before) as desk:
        assert [lost.split(":")[0] for lost in ledger.differences(desk)] == [COPIES[0], ledger_line(desk)]


def ledger_line(desk: RunningDesk) -> str:
    """How the checker tells a member that is gone."""
    return f"member {desk.ask('member.show', member='N1')}".split(":")[0]
