"""Facts for rules: somebody sound, a copy on the shelf, and whatever a test changes."""

import datetime as dt
import uuid
from typing import Any

from app.circulation.facts import AlertFacts, Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts, Standing
from app.circulation.renewal import RenewalFacts
from app.circulation.rules import CheckoutFacts
from app.policy.table import PolicyRow, PolicyTable, Terms
from db.codes import AlertWeight, Channel, Condition, HoldState, ItemStatus, MemberState, RuleStatus

TODAY = dt.date(2026, 11, 21)
READER, OTHER, COPY, OTHER_COPY, TITLE = (uuid.UUID(int=number) for number in range(1, 6))


def days(number: int) -> dt.date:
    """So many days from today."""
    return TODAY + dt.timedelta(days=number)


def terms(**values: object) -> Terms:
    """The terms of a policy that says this; whatever it leaves out has the program's default."""
    row = PolicyRow("*", "*", "*", {"loan_days": 14} | values)
    return PolicyTable(1, "آزمون", RuleStatus.IN_FORCE, None, (row,)).resolve("", "ordinary", "book")


def member(**fields: Any) -> MemberFacts:
    """A reader against whom nothing speaks."""
    sound: dict[str, Any] = {
        "id": READER, "ver": 1, "given_name": "مریم", "family_name": "رضایی", "member_no": "000001",
        "category": "ordinary", "national_id": None, "birth_date": None, "expires_on": days(100),
        "state": MemberState.ACTIVE, "address_unknown": False,
    }  # fmt: skip
    return MemberFacts(**(sound | fields))


def item(**fields: Any) -> ItemFacts:
    """A copy on the shelf."""
    sound: dict[str, Any] = {
        "id": COPY, "ver": 1, "title_id": TITLE, "title": "بوستان", "main_creator": None, "accession_no": 1,
        "barcode": "RAF-000001", "call_number": None, "volume_no": None, "item_type": "book",
        "status": ItemStatus.AVAILABLE, "condition": Condition.GOOD, "flags": [], "price": None, "min_age": None,
        "renewable": True, "on_minutes_id": None, "loan_count": 0, "uses": 0, "last_loan_on": None,
    }  # fmt: skip
    return ItemFacts(**(sound | fields))


def loan(**fields: Any) -> LoanFacts:
    """An open loan of the copy, made four days ago by the reader."""
    sound: dict[str, Any] = {
        "id": uuid.UUID(int=9), "ver": 1, "item_id": COPY, "member_id": READER,
        "out_at": dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC), "out_on": days(-4), "due_on": days(10),
        "first_due_on": days(10), "channel": Channel.DESK, "renewals": 0, "unseen_renewals": 0, "renewed_on": None,
        "in_at": None, "effective_in_on": None, "policy_version": 1, "policy_row": "*/*",
    }  # fmt: skip
    return LoanFacts(**(sound | fields))


def hold(**fields: Any) -> HoldFacts:
    """Somebody else waits for the title."""
    sound: dict[str, Any] = {
        "id": uuid.uuid4(), "ver": 1, "title_id": TITLE, "item_id": None, "only_this_item": False, "member_id": OTHER,
        "state": HoldState.QUEUED, "priority": 1, "suspended_until": None, "shelf_since": None, "shelf_until": None,
        "ended_at": None,
    }  # fmt: skip
    return HoldFacts(**(sound | fields))


def standing(**counts: int) -> Standing:
    """What the reader has in hand."""
    nothing = dict.fromkeys(("loans", "onsite", "loans_of_type", "overdue", "debt", "loans_of_person"), 0)
    return Standing(**(nothing | counts))


def ban(until: dt.date | None = None, reason: str = "بی‌نظمی") -> Ban:
    """A restriction."""
    return Ban(uuid.UUID(int=8), 1, until, reason)


def alert(*, of_item: bool = False, weight: AlertWeight = AlertWeight.MESSAGE, text: str = "آرام باشید") -> AlertFacts:
    """A note on the reader or the copy."""
    return AlertFacts(uuid.uuid4(), 1, of_item, weight, text)


def checkout(**facts: Any) -> CheckoutFacts:
    """A loan that nothing speaks against."""
    sound: dict[str, Any] = {
        "member": member(), "item": item(), "standing": standing(), "bans": (), "loan": None, "holds": (),
        "terms": terms(), "day": TODAY, "channel": Channel.DESK, "due_on": days(14),
    }  # fmt: skip
    return CheckoutFacts(**(sound | facts))


def renewal(**facts: Any) -> RenewalFacts:
    """A renewal that nothing speaks against."""
    sound: dict[str, Any] = {
        "member": member(), "item": item(status=ItemStatus.ON_LOAN), "loan": loan(), "bans": (), "holds": (),
        "copy_free": False, "others_overdue": False, "terms": terms(), "day": TODAY, "due_on": days(14),
        "unseen": False,
    }  # fmt: skip
    return RenewalFacts(**(sound | facts))
