"""Founding a library from a set-up file."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.calendar.holidays import Holiday, load_holidays
from app.check import check_library
from app.circulation.outcomes import CheckedOut
from app.clock import SettableClock
from app.policy.table import PolicyRow, PolicyTable
from app.policy.toml_file import load_profile
from app.setup import SetUp, found_in, found_library, read_setup
from db.act import Stamp
from db.codes import BranchKind, Role, RuleStatus
from db.keys import needs_secret
from db.models.library import CalendarDay, OpeningHours, Staff
from db.models.sync import JournalEntry
from db.opening import create_store, open_library
from db.trouble import Trouble
from tests.library import MORNING, SET_UP, TODAY, add_copy, add_member, lend, rows

SAMPLE = """
[branch]                      # --setup FILE.toml
name = "کتابخانه عمومی شهید بهشتی"
province = "مرکزی"
county = "اراک"
city = "آبگرم"                 # city or village
grade = "۴"
kind = "institutional"        # institutional | participatory | independent | provincial_central | mobile | postal
space_shortage = false
[policy]
profile = "public"            # a file name in resources/policy without .toml, or a path
[calendar]
weekly_closed = ["friday"]
holidays = "official"         # or "none"
[admin]
name = "زهرا کریمی"
pin = "271828"
[key]
passphrase = "چهار واژه فارسی ساده"
"""
"""The set-up file of the desk protocol, word for word."""

LEAST = '[branch]\nname = "کتابخانه"\n[admin]\nname = "زهرا"\n'


def setup_file(folder: Path, text: str = SAMPLE) -> Path:
    path = folder / "setup.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> SetUp:
    return read_setup(setup_file(folder, text))


def new_clock() -> SettableClock:
    return SettableClock(MORNING)


# The file


def test_the_sample_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, SAMPLE) == dataclasses.replace(
        SET_UP, official_holidays=True, admin_pin="271828", passphrase="چهار واژه فارسی ساده"
    )


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    setup = read(tmp_path, LEAST)
    assert (setup.province, setup.county, setup.city, setup.grade) == ("", "", "", None)
    assert (setup.kind, setup.space_shortage, setup.profile) == (BranchKind.INSTITUTIONAL, False, "public")
    assert (setup.weekly_closed, setup.official_holidays) == (SET_UP.weekly_closed, True)
    assert (setup.admin_pin, setup.passphrase) == (None, None)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('grade = "۴"', "۴"),
        ("grade = 4", "4"),
        ('grade = " ۴\u202e "', "۴"),
    ],
)
def test_a_grade_is_a_text_or_a_number(tmp_path: Path, line: str, told: str) -> None:
    assert read(tmp_path, SAMPLE.replace('grade = "۴"', line)).grade == told


@pytest.mark.parametrize("line", ['pin = "271828"', "pin = 271828", 'pin = "۲۷۱۸۲۸"', 'pin = "٢٧١٨٢٨"'])
def test_a_pin_is_digits_of_any_script(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, SAMPLE.replace('pin = "271828"', line)).admin_pin == "271828"


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_text(SAMPLE, encoding="utf-8-sig")
    assert read_setup(path).admin_name == "زهرا کریمی"


WRONG = [
    ('name = "کتابخانه عمومی شهید بهشتی"', "", "branch.name"),
    ('name = "کتابخانه عمومی شهید بهشتی"', 'name = ""', "branch.name"),
    ('name = "کتابخانه عمومی شهید بهشتی"', 'name = " \u200c\u202e"', "branch.name"),
    ('name = "کتابخانه عمومی شهید بهشتی"', "name = true", "branch.name"),
    ('name = "کتابخانه عمومی شهید بهشتی"', 'name = ["الف"]', "branch.name"),
    ('province = "مرکزی"', "province = 1.5", "branch.province"),
    ('county = "اراک"', "county = []", "branch.county"),
    ('city = "آبگرم"', 'city = ""', "branch.city"),
    ('grade = "۴"', "grade = false", "branch.grade"),
    ('kind = "institutional"', 'kind = "private"', "branch.kind"),
    ('kind = "institutional"', "kind = 1", "branch.kind"),
    ('kind = "institutional"', "kind = []", "branch.kind"),
    ("space_shortage = false", 'space_shortage = "false"', "branch.space_shortage"),
    ("space_shortage = false", "space_shortage = 0", "branch.space_shortage"),
    ('profile = "public"', "profile = false", "policy.profile"),
    ('profile = "public"', 'profile = ""', "policy.profile"),
    ('weekly_closed = ["friday"]', 'weekly_closed = "friday"', "calendar.weekly_closed"),
    ('weekly_closed = ["friday"]', 'weekly_closed = ["fryday"]', "calendar.weekly_closed"),
    ('weekly_closed = ["friday"]', "weekly_closed = [6]", "calendar.weekly_closed"),
    ('weekly_closed = ["friday"]', 'weekly_closed = [["friday"]]', "calendar.weekly_closed"),
    (
        'weekly_closed = ["friday"]',
        'weekly_closed = ["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"]',
        "calendar.weekly_closed",
    ),
    ('holidays = "official"', 'holidays = "iranian"', "calendar.holidays"),
    ('holidays = "official"', "holidays = true", "calendar.holidays"),
    ('name = "زهرا کریمی"', "", "admin.name"),
    ('name = "زهرا کریمی"', 'name = "\t"', "admin.name"),
    ('pin = "271828"', 'pin = "123"', "admin.pin"),
    ('pin = "271828"', 'pin = "secret"', "admin.pin"),
    ('pin = "271828"', "pin = 3.14", "admin.pin"),
    ('pin = "271828"', 'pin = ""', "admin.pin"),
    ('passphrase = "چهار واژه فارسی ساده"', "", "key.passphrase"),
    ('passphrase = "چهار واژه فارسی ساده"', 'passphrase = "  "', "key.passphrase"),
    ('passphrase = "چهار واژه فارسی ساده"', "passphrase = [1]", "key.passphrase"),
    (SAMPLE, "branch = 5\n" + LEAST[LEAST.index("[admin]") :], "branch"),
    (SAMPLE, "", "branch.name"),
    (SAMPLE, '[branch]\nname = "الف"\n', "admin.name"),
]


@pytest.mark.parametrize(("line", "instead", "field"), WRONG)
def test_a_missing_or_wrong_field_is_named(tmp_path: Path, line: str, instead: str, field: str) -> None:
    assert line in SAMPLE
    with pytest.raises(Trouble) as caught:
        read(tmp_path, SAMPLE.replace(line, instead, 1))
    assert (caught.value.code, caught.value.context["field"]) == ("P-1603", field)


@pytest.mark.parametrize("content", [b"[branch", b"\xff\xfe", b"name = ", b"[a]\n[a]\n"])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "setup.toml"
    path.write_bytes(content)
    with pytest.raises(Trouble) as caught:
        read_setup(path)
    assert caught.value.code == "P-1603"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        read_setup(tmp_path / "setup.toml")
    assert caught.value.code == "P-1603"


# The library


def test_a_founded_library_is_what_the_file_says_and_works_at_once(tmp_path: Path) -> None:
    setup = read_setup(setup_file(tmp_path))
    library, recovery = found_library(tmp_path / "data", setup, new_clock())
    with library.store:
        branch = library.branch
        assert (branch.name, branch.province, branch.county, branch.city, branch.grade, branch.kind) == (
            "کتابخانه عمومی شهید بهشتی", "مرکزی", "اراک", "آبگرم", "۴", BranchKind.INSTITUTIONAL,
        )  # fmt: skip
        assert (library.policy.profile, library.policy.version) == ("public", 1)
        (head,) = rows(library, Staff)
        assert (head.name, head.role) == ("زهرا کریمی", Role.HEAD)
        assert PasswordHasher().verify(head.pin_hash, "271828")
        hours = {(interval.weekday, interval.opens, interval.closes) for interval in rows(library, OpeningHours)}
        assert hours == {(weekday, 8 * 60, 20 * 60) for weekday in range(6)}
        assert {day.day for day in rows(library, CalendarDay)} == {holiday.day for holiday in load_holidays()}
        assert library.calendar.is_open(TODAY)
        assert not library.calendar.is_open(dt.date(2026, 3, 21))
        assert rows(library, JournalEntry, seq=1)[0].kind == "library.founded"
        assert isinstance(lend(library, add_member(library), add_copy(library)), CheckedOut)
        assert check_library(library).broken == ()
    assert recovery is not None
    assert needs_secret(tmp_path / "data")
    with open_library(tmp_path / "data", recovery) as again:
        assert again.identity == library.store.identity


def test_two_holidays_on_one_day_are_one_day_with_both_names(tmp_path: Path) -> None:
    setup = dataclasses.replace(SET_UP, official_holidays=True)
    library, _ = found_library(tmp_path / "data", setup, new_clock())
    with library.store:
        stored = {day.day: (day.name, day.certain) for day in rows(library, CalendarDay)}
    known: dict[dt.date, list[Holiday]] = {}
    for holiday in load_holidays():
        known.setdefault(holiday.day, []).append(holiday)
    assert any(len(holidays) > 1 for holidays in known.values())
    assert stored == {
        day: ("؛ ".join(holiday.name for holiday in holidays), all(holiday.certain for holiday in holidays))
        for day, holidays in known.items()
    }


def test_without_a_passphrase_the_key_is_no_secret(tmp_path: Path) -> None:
    library, recovery = found_library(tmp_path / "data", SET_UP, new_clock())
    library.store.close()
    assert recovery is None
    assert not needs_secret(tmp_path / "data")


def test_a_folder_that_holds_a_library_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    library, _ = found_library(tmp_path / "data", SET_UP, new_clock())
    library.store.close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir() if path.is_file()}
    for setup in (SET_UP, dataclasses.replace(SET_UP, passphrase="یک دو سه چهار")):
        with pytest.raises(Trouble) as caught:
            found_library(tmp_path / "data", setup, new_clock())
        assert caught.value.code == "P-1111"
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir() if path.is_file()} == before


def test_a_policy_that_is_not_there_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        found_library(tmp_path / "data", dataclasses.replace(SET_UP, profile="kindergarten"), new_clock())
    assert caught.value.code == "P-1231"
    assert not (tmp_path / "data").exists()


class PowerCutError(Exception):
    """The light goes out."""


class DyingClock:
    """The light goes out when the founding asks what time it is: the store is made, nobody has settled in it."""

    def read(self) -> Stamp:
        """Never answers."""
        raise PowerCutError

    def heard(self, skew_ms: int, at: dt.datetime) -> None:
        """Nobody tells it."""


@pytest.mark.parametrize("passphrase", [None, "چهار واژه فارسی ساده"])
def test_a_failed_set_up_leaves_nothing_in_the_way_of_the_next(tmp_path: Path, passphrase: str | None) -> None:
    setup = dataclasses.replace(SET_UP, passphrase=passphrase)
    with pytest.raises(PowerCutError):
        found_library(tmp_path / "data", setup, DyingClock())
    assert [path.name for path in (tmp_path / "data").iterdir() if path.name != "library.lock"] == []
    library, _ = found_library(tmp_path / "data", setup, new_clock())
    with library.store:
        assert check_library(library).broken == ()


def test_a_set_up_that_a_power_cut_ended_can_be_repeated(tmp_path: Path) -> None:
    store, _ = create_store(tmp_path / "data", None)
    store.close()
    library, _ = found_library(tmp_path / "data", SET_UP, new_clock())
    with library.store:
        assert library.branch.name == SET_UP.name


def test_an_unfinished_library_under_another_passphrase_is_left_alone(tmp_path: Path) -> None:
    store, _ = create_store(tmp_path / "data", "یک دو سه چهار")
    store.close()
    with pytest.raises(Trouble) as caught:
        found_library(tmp_path / "data", SET_UP, new_clock())
    assert caught.value.code == "P-1111"


def test_identity_and_first_rows_are_one_transaction(tmp_path: Path) -> None:
    store, _ = create_store(tmp_path / "data", None)
    policy = PolicyTable(1, "", RuleStatus.DRAFT, None, (PolicyRow("*", "*", "*", {"loan_days": object()}),))
    with store:
        with pytest.raises(TypeError, match="not JSON serializable"):
            found_in(store, SET_UP, policy, new_clock())
        assert store.know_identity() is None
        assert found_in(store, SET_UP, load_profile("public"), new_clock()).branch.name == SET_UP.name
