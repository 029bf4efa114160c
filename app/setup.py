"""Founding a library: branch, policy, calendar and first administrator from a set-up file (desk-protocol)."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.calendar.holidays import load_holidays
from app.calendar.rules import Weekday
from app.clock import Clock
from app.library import Library
from app.persian.text import clean
from app.policy.stored import insert_policy
from app.policy.table import PolicyTable
from app.policy.toml_file import load_profile
from db.act import Act
from db.codes import BranchKind, DayKind, Role
from db.models.library import Branch, CalendarDay, OpeningHours, Staff
from db.opening import create_store, settle, write_device_key
from db.store import Store
from db.trouble import Trouble
from db.types import new_id
from db.writing import Tx

OPENS, CLOSES = 8 * 60, 20 * 60


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a set-up file says. `passphrase` None makes a library whose key is no secret (demo)."""

    name: str
    province: str
    county: str
    city: str
    grade: str | None
    kind: BranchKind
    space_shortage: bool
    profile: str
    weekly_closed: frozenset[Weekday]
    official_holidays: bool
    admin_name: str
    admin_pin: str | None
    passphrase: str | None


def read_setup(path: Path) -> SetUp:
    """Read a set-up file. Raises Trouble P-1603 naming the field that is missing or wrong; nothing is made."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Trouble("P-1603", path=path, field=str(error)) from error
    try:
        return _setup(tables)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Trouble("P-1603", path=path, field=str(error).strip("'\"")) from error


def _setup(tables: dict[str, Any]) -> SetUp:
    branch, calendar = tables["branch"], tables.get("calendar", {})
    admin, key = tables["admin"], tables.get("key", {})
    holidays = calendar.get("holidays", "official")
    if holidays not in ("official", "none"):
        raise ValueError("calendar.holidays")
    pin = admin.get("pin")
    return SetUp(
        name=_text(branch["name"]),
        province=_text(branch.get("province", "")),
        county=_text(branch.get("county", "")),
        city=_text(branch.get("city", "")),
        grade=_text(str(branch["grade"])) if "grade" in branch else None,
        kind=BranchKind(branch.get("kind", BranchKind.INSTITUTIONAL)),
        space_shortage=bool(branch.get("space_shortage", False)),
        profile=str(tables.get("policy", {}).get("profile", "public")),
        weekly_closed=frozenset(Weekday(day) for day in calendar.get("weekly_closed", [Weekday.FRIDAY])),
        official_holidays=holidays == "official",
        admin_name=_text(admin["name"]),
        admin_pin=None if pin is None else str(pin),
        passphrase=key.get("passphrase"),
    )


def _text(value: str) -> str:
    return clean(value, 200)


def found_library(folder: Path, setup: SetUp, clock: Clock) -> tuple[Library, str | None]:
    """Make a library in an empty folder; returns it open, with the recovery number of its key.

    Raises Trouble P-1111 when the folder holds one already (nothing changes), P-123x for the policy file.
    """
    policy = load_profile(setup.profile)
    store, recovery = create_store(folder, setup.passphrase)
    write_device_key(folder, Ed25519PrivateKey.generate().private_bytes_raw())
    return found_in(store, setup, policy, clock), recovery


def found_in(store: Store, setup: SetUp, policy: PolicyTable, clock: Clock) -> Library:
    """Write the first rows of a library into an empty store."""
    stamp = clock.read()
    branch_id, admin_id = new_id(), new_id()
    settle(store, branch_id, stamp)
    act = Act(admin_id, Role.HEAD, 1, stamp)
    with store.write() as tx:
        _write_branch(tx, setup)
        pin_hash = PasswordHasher().hash(setup.admin_pin) if setup.admin_pin else None
        tx.insert(Staff, id=admin_id, name=setup.admin_name, role=Role.HEAD, pin_hash=pin_hash)
        insert_policy(tx, policy, stamp.day)
        _write_week(tx, setup.weekly_closed)
        tx.record("library.founded", act)
    if setup.official_holidays:
        _write_holidays(store, act)
    return Library(store, clock)


def _write_branch(tx: Tx, setup: SetUp) -> None:
    tx.insert(
        Branch,
        id=tx.identity.branch_id,
        name=setup.name,
        province=setup.province,
        county=setup.county,
        city=setup.city,
        grade=setup.grade,
        kind=setup.kind,
        space_shortage=setup.space_shortage,
    )


def _write_week(tx: Tx, closed: frozenset[Weekday]) -> None:
    for day in Weekday:
        if day not in closed:
            tx.insert(OpeningHours, weekday=day.number, opens=OPENS, closes=CLOSES)


def _write_holidays(store: Store, act: Act) -> None:
    """One entry a few years, so that no entry grows beyond its limit."""
    days: dict[dt.date, tuple[str, bool]] = {}
    for holiday in load_holidays():
        name, certain = days.get(holiday.day, ("", True))
        days[holiday.day] = (f"{name}؛ {holiday.name}" if name else holiday.name, certain and holiday.certain)
    dated = sorted(days.items())
    for start in range(0, len(dated), 400):
        with store.write() as tx:
            for day, (name, certain) in dated[start : start + 400]:
                tx.insert(CalendarDay, day=day, kind=DayKind.HOLIDAY, name=name, certain=certain)
            tx.record("calendar.holidays_added", act)
