"""Founding a library: branch, policy, calendar and first administrator from a set-up file (desk-protocol)."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.calendar.holidays import HolidayName, load_holidays, named_days
from app.calendar.rules import Weekday
from app.clock import Clock
from app.library import Library
from app.persian.digits import typed
from app.persian.text import clean
from app.policy.stored import insert_policy
from app.policy.table import PolicyTable
from app.policy.toml_file import load_profile
from app.staff.pins import hash_pin
from db.act import Act
from db.codes import BranchKind, DayKind, Role
from db.keys import KEYS, open_key
from db.models.library import Branch, CalendarDay, OpeningHours, Staff
from db.opening import (
    DEVICE_KEY,
    OF_THE_DEVICE,
    create_store,
    has_library,
    new_identity,
    write_device_key,
    write_identity,
)
from db.store import DATABASE, Store
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
    """Read a set-up file. The names of library and administrator must be there, all else has a default.

    Raises Trouble P-1603 naming the field that is missing or wrong («branch.name»); nothing is made.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Trouble("P-1603", path=path, field=str(error)) from error
    branch, policy, calendar, admin = (
        _section(path, tables, name) for name in ("branch", "policy", "calendar", "admin")
    )
    return SetUp(
        name=branch.required("name"),
        province=branch.text("province") or "",
        county=branch.text("county") or "",
        city=branch.text("city") or "",
        grade=branch.text("grade"),
        kind=BranchKind(branch.one_of("kind", tuple(BranchKind), BranchKind.INSTITUTIONAL)),
        space_shortage=branch.flag("space_shortage"),
        profile=policy.text("profile") or "public",
        weekly_closed=_weekly_closed(calendar),
        official_holidays=calendar.one_of("holidays", ("official", "none"), "official") == "official",
        admin_name=admin.required("name"),
        admin_pin=_pin(admin),
        passphrase=_section(path, tables, "key").required("passphrase") if "key" in tables else None,
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """One table of the set-up file, which tells what is wrong by its name."""

    path: Path
    name: str
    values: Mapping[str, Any]

    def wrong(self, field: str) -> Trouble:
        return Trouble("P-1603", path=self.path, field=f"{self.name}.{field}")

    def text(self, field: str) -> str | None:
        """A text, or a whole number as text; None where it is left out, but never an empty one."""
        value = self.values.get(field)
        if value is None:
            return None
        text = clean(str(value), 200) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text:
            raise self.wrong(field)
        return text

    def required(self, field: str) -> str:
        text = self.text(field)
        if text is None:
            raise self.wrong(field)
        return text

    def flag(self, field: str) -> bool:
        value = self.values.get(field, False)
        if not isinstance(value, bool):
            raise self.wrong(field)
        return value

    def one_of(self, field: str, known: Sequence[str], default: str) -> str:
        value = self.values.get(field, default)
        if value not in known:
            raise self.wrong(field)
        return str(value)


def _section(path: Path, tables: Mapping[str, Any], name: str) -> _Section:
    values = tables.get(name, {})
    if not isinstance(values, dict):
        raise Trouble("P-1603", path=path, field=name)
    return _Section(path, name, values)


def _weekly_closed(calendar: _Section) -> frozenset[Weekday]:
    """The closed weekdays; a library that never opens is a mistake."""
    names = calendar.values.get("weekly_closed", [Weekday.FRIDAY])
    if not isinstance(names, list) or any(name not in tuple(Weekday) for name in names):
        raise calendar.wrong("weekly_closed")
    days = frozenset(Weekday(name) for name in names)
    if len(days) == len(Weekday):
        raise calendar.wrong("weekly_closed")
    return days


def _pin(admin: _Section) -> str | None:
    pin = typed(admin.text("pin") or "") or None
    if pin is not None and not re.fullmatch("[0-9]{4,12}", pin):
        raise admin.wrong("pin")
    return pin


def found_library(folder: Path, setup: SetUp, clock: Clock) -> tuple[Library, str | None]:
    """Make a library in an empty folder; returns it open, with the recovery number of its key.

    Raises Trouble P-1111 when the folder holds one already (nothing changes), P-123x for the policy and calendar files.
    A set-up that fails leaves nothing in the way of the next one, nor does one that a power cut ended.
    """
    policy = load_profile(setup.profile)
    if has_library(folder) and _is_unfinished(folder, setup.passphrase):
        _remove_database(folder)
    store, recovery = create_store(folder, setup.passphrase)
    try:
        under = store.key_for(OF_THE_DEVICE)
        if under is None:
            raise RuntimeError("a folder without the key of its database")
        write_device_key(folder, Ed25519PrivateKey.generate().private_bytes_raw(), under)
        return found_in(store, setup, policy, clock), recovery
    except BaseException:
        store.close()
        _remove_database(folder)
        for name in (KEYS, DEVICE_KEY):
            (folder / name).unlink(missing_ok=True)
        raise


def _is_unfinished(folder: Path, passphrase: str | None) -> bool:
    """Whether the database in `folder` opens with the key of this set-up, but nobody has ever settled in it."""
    try:
        with (
            Store.open_folder(folder, open_key(folder, passphrase), lambda *_: None) as store,
            store.read() as reader,
        ):
            tables = reader.run("SELECT count(*) FROM sqlite_master WHERE name = 'site'").fetchone()[0]
            return not tables or reader.run("SELECT count(*) FROM site").fetchone()[0] == 0
    except Trouble:
        return False


def _remove_database(folder: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{DATABASE}{suffix}").unlink(missing_ok=True)


def found_in(store: Store, setup: SetUp, policy: PolicyTable, clock: Clock) -> Library:
    """Write the first rows of a library into an empty store: who it is, and the founding, in one transaction."""
    stamp = clock.read()
    holidays = list(named_days(load_holidays()).items()) if setup.official_holidays else []
    pin_hash = hash_pin(setup.admin_pin) if setup.admin_pin else None
    identity = new_identity(new_id())
    act = Act(new_id(), Role.HEAD, 1, stamp)
    with store.write(identity) as tx:
        write_identity(tx, stamp)
        _write_branch(tx, setup)
        tx.insert(Staff, id=act.staff_id, name=setup.admin_name, role=Role.HEAD, pin_hash=pin_hash)
        insert_policy(tx, policy, stamp.day)
        _write_week(tx, setup.weekly_closed)
        tx.record("library.founded", act)
    store.identity = identity
    _write_holidays(store, holidays, act)
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


def _write_holidays(store: Store, holidays: list[tuple[dt.date, HolidayName]], act: Act) -> None:
    """One entry a few years, so that no entry grows beyond its limit."""
    for start in range(0, len(holidays), 400):
        with store.write() as tx:
            for day, name in holidays[start : start + 400]:
                tx.insert(CalendarDay, day=day, kind=DayKind.HOLIDAY, name=name.text, certain=name.certain)
            tx.record("calendar.holidays_added", act)
