"""Random histories of all operations of the desk: whatever people do, in whatever order, nothing is ever broken.

After every step the ledger adds up, copies and loans agree and the journal is whole (`check`); an undo restores the
exact former state; a request that is sent again changes nothing.
"""

import datetime as dt
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.check import check_library
from app.clock import SettableClock
from app.setup import found_library
from app.undo import UNDOABLE
from db.models.base import Base
from db.models.circulation import Account, LedgerLine
from db.models.schema import synced_tables
from tests.library import reopened
from tests.server.desk.desks import NOW, SET_UP, Desk

MEMBERS, COPIES = 4, 6
# What no undo brings back: the journal itself, and versions, which only grow.
OF_THE_JOURNAL = frozenset({"ver", "rh", "bpos"})
RULES = [
    {
        "category": "*", "item_type": "*", "loan_days": 3, "max_loans_all_types": 4, "max_renewals": 2,
        "fine_per_day": 500, "period_days": 1, "fine_per_day_reserved": 1_000, "grace_days": 1,
        "ban_days_per_late_day": 1, "max_ban_days": 5, "debt_limit": 40_000, "max_holds": 3, "shelf_days": 2,
        "hold_fee": 200, "default_price": 30_000, "processing_fee": 1_500, "long_overdue_days": 40,
        "overdues_block": "confirm",
        "in_kind": True, "charge_replacement": True, "refund_when_found": True, "months": 12, "fee": 2_000,
    }
]  # fmt: skip
EVERY_YES = {
    "confirm": ["item.on_loan", "item.on_loan_same_member", "hold.queued_for_other", "item.lost", "item.missing",
                "member.overdues", "item.claimed_returned", "title.second_copy", "member.debt", "item.parts",
                "item.in_binding"],
    "override": ["limit.total", "member.restricted", "member.debt", "hold.waiting_for_other", "renewal.too_many",
                 "renewal.on_hold", "member.expired", "member.overdues"],
    "reason": "به تشخیص کتابدار",
}  # fmt: skip

members = st.integers(1, MEMBERS).map(lambda number: f"M-{number}")
copies = st.integers(1, COPIES).map(lambda number: f"RAF-{number:06d}")
rials = st.sampled_from([0, 1, 500, 2_000, 30_000, 10**7])
OFTEN = (
    ["lend"] * 9 + ["take_back"] * 4 + ["let_days_pass"] * 4 + ["wait"] * 4 + ["renew"] * 2 + ["change_hold"] * 2
    + ["settle_debts"] * 4 + ["lose"] * 3 + ["find"] * 2
    + ["weed"] * 4 + ["rule_on"] * 5 + ["bind"] * 2 + ["give_away"] * 3 + ["read_shelves"] * 2
    + ["close", "charge", "bar", "clear", "merge", "let_weeks_pass"]
)  # fmt: skip
STEPS = {0: 1, 1: 2, 500: 3, 2_000: 1, 30_000: 4, 10**7: 5}  # steps of minutes at once, by the drawn sum
LETTER = {"letter_no": "۱۲/۵"}
WORN = {"reason": "worn", "unbindable": True, "confirm": ["weeding.not_worn", "weeding.unbindable_needed"]}
# What is done and taken back, but for the reader and the copy.
UNDONE: dict[str, dict[str, Any]] = {
    "checkout": {}, "checkin": {}, "renew": {}, "item.lost": {}, "hold.place": {}, "weeding.propose": WORN,
    "binding.request": {}, "mending.add": {"work": "چسب عطف"},
}  # fmt: skip


@cache
def founded() -> Path:
    """A library with a few readers and copies, made once."""
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-histories-"))
    library, _ = found_library(folder, SET_UP, SettableClock(NOW))
    desk = Desk(library)
    told = desk.ask("policy.set", rows=RULES)
    assert told["ok"], told
    for number in range(1, MEMBERS + 1):
        named = {"given_name": "عضو", "family_name": f"شمارهٔ {number}"}
        desk.ask("member.add", **named, category="ordinary", card=f"M-{number}")
    title = desk.ask("title.add", title="بوستان")["title_id"]
    for number in range(1, COPIES + 1):
        of = {"title_id": title} if number <= 2 else {"title": {"title": f"کتاب {number}"}}
        desk.ask("item.add", **of, barcode=f"RAF-{number:06d}", price=20_000 if number % 2 else None)
    library.store.close()
    return folder


class Histories(RuleBasedStateMachine):
    """A day after another at one desk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="pishkhan-history-"))
        shutil.copytree(founded(), self.folder / "library")
        self.desk = Desk(reopened(self.folder / "library", NOW))
        self.number = 0

    def teardown(self) -> None:
        self.desk.library.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize()
    def begin(self) -> None:
        """The first loan, so that short histories have something to work on."""
        self.do("checkout", member="M-1", item="RAF-000001")

    def do(self, op: str, **fields: Any) -> dict[str, Any]:
        """Ask for something with a key of its own, then ask again: the second time nothing may change."""
        self.number += 1
        key = f"step-{self.number}"
        told = self.desk.ask(op, key=key, **fields)
        assert told.get("error", {}).get("code", "") != "P-1701", (op, fields, told)
        if told["ok"] and self.is_used(key):
            before = self.rows()
            again = self.desk.ask(op, key=key, **fields)
            assert again["outcome"] == "already_done", (op, again)
            assert self.rows() == before
        return told

    @rule(what=st.sampled_from(OFTEN), member=members, copy=copies, bold=st.booleans(), amount=rials)
    def act(self, what: str, member: str, copy: str, bold: bool, amount: int) -> None:
        """Something happens at the desk."""
        getattr(self, what)(member, copy, EVERY_YES if bold else {}, amount)

    def lend(self, member: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        self.do("checkout", member=member, item=copy, channel="desk" if amount else "onsite", **answer)

    def take_back(self, _: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        days_ago = amount % 7 if answer else 0
        day = self.desk.library.clock.read().day - dt.timedelta(days=days_ago)
        self.do("checkin", item=self.lent() or copy, at=day.isoformat())

    def renew(self, member: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        if amount:
            self.do("renew", item=self.lent() or copy, unseen=amount == 1, **answer)
        else:
            self.do("renew", member=member)

    def wait(self, member: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        shown = self.desk.ask("item.show", item=copy)
        self.do("hold.place", member=member, **({"item": copy} if amount else {"title": shown["title_id"]}), **answer)

    def change_hold(self, member: str, _: str, answer: dict[str, Any], amount: int) -> None:
        for hold in self.desk.ask("hold.list", member=member)["rows"][:1]:
            self.do(("hold.cancel", "hold.resume" if answer else "hold.suspend")[amount % 2], hold=hold["hold"])

    def settle_debts(self, member: str, _: str, answer: dict[str, Any], amount: int) -> None:
        owed = self.desk.ask("member.show", member=member)["debt"]
        if owed < 0:
            self.do("refund", member=member, amount=-owed, reason="اضافه دریافت شد")
        part = owed if answer else min(amount, owed) or amount
        how = {"reason": "تنگ‌دستی"} if amount == 1 else {"method": "wallet", "reference": "12"}
        self.do("waive" if amount == 1 else "pay", member=member, amount=part, **how)

    def charge(self, member: str, _: str, __: dict[str, Any], amount: int) -> None:
        self.do("charge", member=member, kind="damage", amount=amount, reason="جلد پاره")

    def lose(self, _: str, copy: str, __: dict[str, Any], amount: int) -> None:
        which = {0: "item.claimed_returned", 1: "item.damaged"}.get(amount, "item.lost")
        note = {"note": "جلد پاره"} if which == "item.damaged" else {}
        self.do(which, item=self.lent() or copy, **note)

    def find(self, _: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        cases = [case["barcode"] for case in self.desk.ask("loss.list")["rows"]]
        self.do("item.found" if amount else "item.replaced", item=cases[0] if cases else copy, **answer)

    def let_days_pass(self, *_: object) -> None:
        assert self.desk.ask("clock.advance", days=2)["ok"]

    def let_weeks_pass(self, *_: object) -> None:
        assert self.desk.ask("clock.advance", days=15)["ok"]

    def close(self, _: str, __: str, answer: dict[str, Any], amount: int) -> None:
        first = self.desk.library.clock.read().day + dt.timedelta(days=amount % 5 - 2)
        days = {"from": first.isoformat(), "to": (first + dt.timedelta(days=2)).isoformat()}
        self.do("calendar.close", **days, name="برف", emergency=bool(answer))

    def bar(self, member: str, *_: object) -> None:
        self.do("restrict", member=member, reason="بی‌نظمی", until="1405/12/01")
        self.do("unrestrict", member=member, reason="رفع شد")

    def clear(self, member: str, *_: object) -> None:
        self.do("clearance", member=member)
        self.do("member.renew", member=member)

    def merge(self, member: str, *_: object) -> None:
        self.do("member.merge", keep="M-1", drop=member)

    def weed(self, _: str, copy: str, __: dict[str, Any], amount: int) -> None:
        """A copy on the list, off it again, or the list closed and sent."""
        if amount == 1:
            self.do("weeding.note", item=copy, reason="worn", decision="later", remark="خواننده دارد")
        self.do("weeding.propose", items=[copy], **WORN)
        if amount > 1:
            self.do("weeding.minutes", reason="worn")

    def rule_on(self, _: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        """The oldest minutes go some steps on their way."""
        for _step in range(STEPS[amount]):
            ways = self.desk.ask("weeding.track")["minutes"]
            on_the_way = [minutes for minutes in ways if minutes["state"] not in ("closed", "superseded")]
            if on_the_way:
                self.step_on(on_the_way[-1]["number"], on_the_way[-1]["state"], copy, bool(answer), amount == 2_000)
        self.do("weeding.execute")

    def step_on(self, number: str, state: str, copy: str, apart: bool, wrong: bool) -> None:
        if state == "finalised":
            self.do("weeding.send", number=number, **LETTER)
        elif state == "correction":
            self.do("weeding.reissue", number=number, strike=[{"item": copy, "why": "به خواست شهرستان"}])
            self.do("weeding.reissue", number=number)
        elif state == "ruled":
            self.do("weeding.close", number=number)
        elif wrong:
            self.do("weeding.correct", number=number, level=state[3:], remark="سال نشر", **LETTER)
        else:
            rulings = {"number": number, "level": state[3:], "verdict": "approve", "confirm": ["ruling.lent_since"]}
            if apart:
                self.do("weeding.rule", **rulings, copies=[{"item": copy, "verdict": "redirect"}], **LETTER)
            self.do("weeding.rule", **rulings, **LETTER)

    def bind(self, _: str, copy: str, answer: dict[str, Any], amount: int) -> None:
        """A copy on the request, the request on its way, or a copy back from the bindery."""
        self.do("binding.request", items=[copy])
        if amount:
            self.do("binding.finalise")
        for request in self.desk.ask("binding.list")["rows"][:2]:
            if request["state"] == "requested":
                named = {"request": request["number"], "confirm": ["binding.stays_behind"]}
                self.do("binding.dispatch", **named, status_now=bool(answer))
            elif request["state"] == "dispatched":
                self.do("binding.receive", request=request["number"], outcome="unbindable" if answer else "bound")

    def give_away(self, _: str, copy: str, __: dict[str, Any], amount: int) -> None:
        """Weeded copies are packed, handed over, sent on and made into paper; or one is found in the stacks."""
        if amount == 0:
            self.do("status.correct", correction="restore", items=[copy], reason="در قفسه بود")
        for group in self.desk.ask("exchange.ready")["groups"]:
            self.do("exchange.pack", reason="worn", redirected=group["way"] == "exchange")
        for one in self.desk.ask("exchange.list")["rows"][:2]:
            package = {"package": one["package"]}
            for step in one["next"]:
                if step in ("hand", "announce", "send_on"):
                    self.do(f"exchange.{step}", **package, **LETTER)
                elif step == "recycle":
                    self.do("exchange.recycle", **package, centre="بازیافت", weight=1.5)
                elif step == "proceeds":
                    self.do("exchange.proceeds", **package, amount=amount, notice_no="۹")

    def read_shelves(self, _: str, copy: str, __: dict[str, Any], amount: int) -> None:
        """A shelf is read copy by copy, and now and then the reading is closed: what nobody read is missing."""
        sessions = [one for one in self.desk.ask("stocktake.list")["rows"] if one["state"] == "open"]
        if not sessions:
            self.do("stocktake.start", name="همه")
            return
        session = {"session": sessions[0]["session"]}
        for barcode in (copy, *(f"RAF-{number:06d}" for number in range(2, COPIES + 1))):
            self.do("stocktake.scan", **session, barcode=barcode)
        if amount == 1:
            self.do("stocktake.note", **session, condition="worn")
        if amount > 1:
            self.do("stocktake.close", **session)

    def lent(self) -> str | None:
        """The copy that has been away longest."""
        with self.desk.library.store.read() as reader:
            found = reader.run(
                "SELECT barcode FROM item JOIN loan ON loan.item_id = item.id "
                "WHERE loan.in_at IS NULL AND loan.deleted_at IS NULL ORDER BY loan.out_at LIMIT 1"
            ).fetchone()
        return None if found is None else str(found[0])

    @precondition(lambda self: self.number % 3 == 0)
    @rule(member=members, copy=copies, what=st.sampled_from(list(UNDONE)))
    def do_and_undo(self, member: str, copy: str, what: str) -> None:
        """The last action taken back: every row is what it was, and the ledger of everybody sums to the same."""
        before, balances = self.rows(), self.balances()
        named = {"items": [copy]} if what in ("weeding.propose", "binding.request") else {"item": copy}
        fields = named | ({"member": member} if what in ("checkout", "hold.place") else {})
        told = self.desk.ask(what, **fields, **UNDONE[what])
        if not told["ok"] or self.rows() == before or self.last_kind() not in UNDOABLE:
            return
        undone = self.desk.ask("undo")
        assert undone["outcome"] == "undone", undone
        assert self.rows() == before
        assert self.balances() == balances

    @invariant()
    def nothing_is_broken(self) -> None:
        assert check_library(self.desk.library).broken == ()

    def rows(self) -> dict[str, dict[Any, tuple[Any, ...]]]:
        """Every live row of every table that travels, but the ledger, which is only ever added to."""
        found = {}
        with self.desk.library.store.read() as reader:
            for table in synced_tables():
                if table.name == LedgerLine.__tablename__:
                    continue
                columns = [column for column in table.columns if column.name not in OF_THE_JOURNAL]
                query = sa.select(*columns).where(table.c.deleted_at.is_(None))
                lines = reader.connection.execute(query).mappings()
                found[table.name] = {line["id"]: tuple(map(_plain, line.values())) for line in lines}
        return found

    def balances(self) -> dict[Any, int]:
        """What everybody owes; nothing is the same as no account."""
        table = Base.metadata.tables[Account.__tablename__]
        with self.desk.library.store.read() as reader:
            rows = reader.connection.execute(sa.select(table.c.member_id, table.c.balance))
            return {member: balance for member, balance in rows if balance}

    def last_kind(self) -> str:
        with self.desk.library.store.read() as reader:
            return str(reader.run("SELECT kind FROM journal ORDER BY epoch DESC, seq DESC LIMIT 1").fetchone()[0])

    def is_used(self, key: str) -> bool:
        with self.desk.library.store.read() as reader:
            return bool(reader.run(f"SELECT count(*) FROM done_request WHERE key = '{key}'").fetchone()[0])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, list | dict) else value


TestRandomHistories = Histories.TestCase
TestRandomHistories.settings = settings(
    max_examples=2,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
