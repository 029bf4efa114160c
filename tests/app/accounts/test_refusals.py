"""Every reason against a request about money, by a table; nothing is half done."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.accounts.amnesty import AmnestyForm, declare_amnesty
from app.accounts.cash import close_cash, open_cash
from app.accounts.charges import Charge, Refund, charge, refund
from app.accounts.payments import Payment, pay
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.accounts.waivers import Waiver, waive
from app.ledger.amnesty import Scope
from app.library import Library
from db.codes import LedgerKind, PaymentMethod, Role
from db.models.circulation import LedgerLine, Receipt
from tests.app.accounts.money import beside, codes, colleague, owe, paid
from tests.library import ACopy, AMember, act, add_copy, add_member, found, put_policy, rows

S0 = "000 §3-1-2"
S4 = "004 الف-1-4"
PROTOCOL = "desk-protocol: refusals"
ISSUE = "circulation: bad input"
NOTE = "note 3.5"
MOST = 10**12
WALLET, TERMINAL, GRANT = PaymentMethod.WALLET, PaymentMethod.CARD_TERMINAL, PaymentMethod.GRANT


@dataclass(frozen=True)
class Scene:
    """A member of the university who owes a fee of 30,000 and damage of 20,000, and has paid 5,000 of the first."""

    library: Library
    member: AMember
    fee: Any
    damage: Any
    stranger: AMember
    copy: ACopy


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    library = found(Path(tmp_path_factory.mktemp("refusals")))
    with library.store:
        put_policy(library, {"loan_days": 14, "payment_methods": ["cash", "wallet", "card_terminal"]},
                   {"category": "free", "payment_methods": ["wallet"]})  # fmt: skip
        member = add_member(library)
        fee = owe(library, member, 30_000, LedgerKind.MEMBERSHIP_FEE)
        damage = owe(library, member, 20_000)
        paid(library, member, 5_000)
        yield Scene(library, member, fee, damage, add_member(library, "free"), add_copy(library))


def taking(amount: int = 1_000, **more: Any) -> Callable[[Scene, Role], object]:
    return lambda scene, role: pay(scene.library, Payment(scene.member.card, amount, **more), act(scene.library, role))


def waiving(reason: str = "نیازمند", **more: Any) -> Callable[[Scene, Role], object]:
    return lambda scene, role: waive(scene.library, Waiver(scene.member.card, reason, **more), act(scene.library, role))


def giving_back(amount: int = 1, reason: str = "اشتباه", **more: Any) -> Callable[[Scene, Role], object]:
    return lambda scene, role: refund(
        scene.library, Refund(scene.member.card, amount, reason, **more), act(scene.library, role)
    )


def charging(
    amount: int = 1_000, reason: str = "خیس شد", kind: LedgerKind = LedgerKind.DAMAGE, **more: Any
) -> Callable[[Scene, Role], object]:
    return lambda scene, role: charge(
        scene.library, Charge(scene.member.card, kind, amount, reason, **more), act(scene.library, role)
    )


def voiding(line: str, reason: str = "اشتباه") -> Callable[[Scene, Role], object]:
    return lambda scene, role: void_line(
        scene.library, VoidRequest(getattr(scene, line), reason), act(scene.library, role)
    )


def of_the_stranger(scene: Scene, role: Role) -> object:
    """A line of one member is paid on the account of another."""
    wish = Payment(scene.stranger.card, 1_000, WALLET, "7", (scene.damage,))
    return pay(scene.library, wish, act(scene.library, role))


def cash_of_the_stranger(scene: Scene, role: Role) -> object:
    owe(scene.library, scene.stranger, 1_000)
    return pay(scene.library, Payment(scene.stranger.card, 1_000), act(scene.library, role))


def campaign(**scope: Any) -> Callable[[Scene, Role], object]:
    def declare(scene: Scene, role: Role) -> object:
        today = act(scene.library).day
        form = AmnestyForm("طرح", today, today + dt.timedelta(days=5), Scope(**scope))
        return declare_amnesty(scene.library, form, act(scene.library, role))

    return declare


ABOVE = ["payment.above_debt"]
ROLE = ["role.not_allowed"]
ROWS: list[tuple[str, str, Callable[[Scene, Role], object], Role, list[str]]] = [
    # taking money
    ("no amount", ISSUE, taking(0), Role.HEAD, ["money.amount"]),
    ("an amount below zero", ISSUE, taking(-1), Role.HEAD, ["money.amount"]),
    ("far below zero", ISSUE, taking(-MOST), Role.HEAD, ["money.amount"]),
    ("one rial above the debt", ISSUE, taking(45_001), Role.HEAD, ABOVE),
    ("what was paid already", ISSUE, taking(50_000), Role.HEAD, ABOVE),
    ("more than there is", ISSUE, taking(MOST + 1), Role.HEAD, ["money.amount", *ABOVE]),
    ("a wallet without reference", S0, taking(method=WALLET), Role.HEAD, ["payment.reference"]),
    ("a terminal without reference", S0, taking(method=TERMINAL, reference="  "), Role.HEAD, ["payment.reference"]),
    ("an invisible reference", S0, taking(method=WALLET, reference="\u200f\u200e"), Role.HEAD, ["payment.reference"]),
    ("a student's grant", S0, taking(method=GRANT, reference="g"), Role.HEAD, ["payment.method"]),
    ("a grant without reference", S0, taking(method=GRANT), Role.HEAD, ["payment.method", "payment.reference"]),
    ("a book instead of money", S0, taking(method=PaymentMethod.IN_KIND), Role.HEAD, ["payment.method"]),
    ("coins of one who pays by wallet", S0, cash_of_the_stranger, Role.HEAD, ["payment.method"]),
    ("a line of another", PROTOCOL, of_the_stranger, Role.HEAD, ["ledger.line_unknown", *ABOVE]),
    ("a trainee takes money", PROTOCOL, taking(), Role.TRAINEE, ROLE),
    ("a cataloguer takes money", PROTOCOL, taking(), Role.CATALOGUER, ROLE),
    ("an auditor takes money", PROTOCOL, taking(), Role.AUDITOR, ROLE),
    ("everything at once", PROTOCOL, taking(-5, method=GRANT), Role.TRAINEE,
     [*ROLE, "money.amount", "payment.method", "payment.reference"]),
    # waiving
    ("a waiver without reason", ISSUE, waiving(""), Role.HEAD, ["reason.required"]),
    ("a waiver with spaces for a reason", ISSUE, waiving(" \u200c "), Role.HEAD, ["reason.required"]),
    ("a waiver of nothing", ISSUE, waiving(amount=0), Role.HEAD, ["money.amount"]),
    ("a waiver below zero", ISSUE, waiving(amount=-1), Role.HEAD, ["money.amount"]),
    ("a waiver above the debt", ISSUE, waiving(amount=45_001), Role.HEAD, ["waiver.above_debt"]),
    ("a waiver by an assistant", PROTOCOL, waiving(), Role.ASSISTANT, ROLE),
    ("a waiver by the driver", PROTOCOL, waiving(), Role.VAN_DRIVER, ROLE),
    ("a waiver by a trainee, silently", PROTOCOL, waiving(""), Role.TRAINEE, [*ROLE, "reason.required"]),
    # giving back
    ("nothing is held", S0, giving_back(), Role.HEAD, ["refund.above_credit"]),
    ("what a debt was paid with", S0, giving_back(5_000), Role.HEAD, ["refund.above_credit"]),
    ("a refund below zero", ISSUE, giving_back(-1), Role.HEAD, ["money.amount"]),
    ("a refund without reason", ISSUE, giving_back(1, ""), Role.HEAD, ["reason.required", "refund.above_credit"]),
    ("a refund to a grant", S0, giving_back(method=GRANT, reference="g"), Role.HEAD,
     ["payment.method", "refund.above_credit"]),
    ("a refund to a wallet unnamed", S0, giving_back(method=WALLET), Role.HEAD,
     ["payment.reference", "refund.above_credit"]),
    ("a refund by an assistant", PROTOCOL, giving_back(), Role.ASSISTANT, [*ROLE, "refund.above_credit"]),
    # charging
    ("a charge of nothing", NOTE, charging(0), Role.HEAD, ["money.amount"]),
    ("a charge below zero", ISSUE, charging(-7), Role.HEAD, ["money.amount"]),
    ("a charge without end", ISSUE, charging(MOST + 1), Role.HEAD, ["money.amount"]),
    ("a charge without reason", ISSUE, charging(1, ""), Role.HEAD, ["reason.required"]),
    ("a fine written by hand", NOTE, charging(kind=LedgerKind.FINE), Role.HEAD, ["charge.kind"]),
    ("a payment written as a debt", NOTE, charging(kind=LedgerKind.PAYMENT), Role.HEAD, ["charge.kind"]),
    ("a void written as a debt", NOTE, charging(kind=LedgerKind.VOID), Role.HEAD, ["charge.kind"]),
    ("a copy nobody knows", S0, charging(item="RAF-9"), Role.HEAD, ["charge.item_not_theirs"]),
    ("a copy the member never had", S0, charging(item="1"), Role.HEAD, ["charge.item_not_theirs"]),
    ("a charge by an assistant", PROTOCOL, charging(), Role.ASSISTANT, ROLE),
    # taking back
    ("a paid fee is taken back", S4, voiding("fee"), Role.HEAD, ["ledger.settled"]),
    ("taken back without reason", ISSUE, voiding("damage", ""), Role.HEAD, ["reason.required"]),
    ("taken back by an assistant", PROTOCOL, voiding("damage"), Role.ASSISTANT, ROLE),
    ("a receipt without reason", ISSUE,
     lambda scene, role: void_receipt(scene.library, 1, " ", act(scene.library, role)), Role.HEAD, ["reason.required"]),
    ("a receipt by an assistant", PROTOCOL,
     lambda scene, role: void_receipt(scene.library, 1, "اشتباه", act(scene.library, role)), Role.ASSISTANT, ROLE),
    # drawer and campaigns
    ("a drawer opened below zero", ISSUE,
     lambda scene, role: open_cash(scene.library, -1, act(scene.library, role)), Role.HEAD, ["money.amount"]),
    ("a drawer that is not open", PROTOCOL,
     lambda scene, role: close_cash(scene.library, 0, act(scene.library, role)), Role.HEAD, ["cash.not_open"]),
    ("a drawer of a trainee", PROTOCOL,
     lambda scene, role: open_cash(scene.library, 1, act(scene.library, role)), Role.TRAINEE, ROLE),
    ("an amnesty of more than all", ISSUE, campaign(percent=101), Role.HEAD, ["amnesty.percent"]),
    ("an amnesty below zero", ISSUE, campaign(max_amount=-1), Role.HEAD, ["money.amount"]),
    ("an amnesty by a librarian", PROTOCOL, campaign(), Role.LIBRARIAN, ROLE),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "role", "expected"), [row[2:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_not_allowed_is_refused_with_every_reason(
    scene: Scene, ask: Callable[[Scene, Role], object], role: Role, expected: list[str]
) -> None:
    receipts, lines = len(rows(scene.library, Receipt)), rows(scene.library, LedgerLine, member_id=scene.member.id)
    assert codes(ask(scene, role)) == expected
    assert rows(scene.library, LedgerLine, member_id=scene.member.id) == lines
    assert len(rows(scene.library, Receipt)) == receipts


def test_the_table_cites_a_source_for_every_row() -> None:
    assert len(ROWS) >= 50
    assert {row[1] for row in ROWS} == {S0, S4, PROTOCOL, ISSUE, NOTE}
    assert len({row[0] for row in ROWS}) == len(ROWS)


def test_the_pin_of_the_second_person_is_refused_beside_the_other_reasons(scene: Scene) -> None:
    second = colleague(scene.library, Role.TRAINEE)
    wish = Waiver(scene.member.card, "", -1, second=beside(second, "1"))
    assert codes(waive(scene.library, wish, act(scene.library))) == [
        "reason.required", "money.amount", "waiver.second_not_allowed", "staff.pin_wrong",
    ]  # fmt: skip
