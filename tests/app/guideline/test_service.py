"""Versions of the guideline: stored as data, in force from their day, with everything that is wrong told."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.clock import SettableClock
from app.guideline.document import write_rules
from app.guideline.service import GuidelineFaulty, GuidelineSet, GuidelineUnchanged, set_guideline
from app.guideline.stored import guideline_of_version, guidelines, shipped_guideline
from app.library import Library
from app.outcome import Refused
from db.codes import Role, RuleStatus
from db.models.library import GuidelineVersion
from db.models.sync import JournalEntry
from tests import library as lib
from tests.library import TODAY, act, clock, pass_days, reopened, rows


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


def put(library: Library, **document: Any) -> GuidelineSet:
    outcome = set_guideline(library, document, act(library))
    assert isinstance(outcome, GuidelineSet), outcome
    return outcome


def faults(library: Library, **document: Any) -> list[tuple[str, str]]:
    outcome = set_guideline(library, document, act(library))
    assert isinstance(outcome, GuidelineFaulty), outcome
    assert rows(library, GuidelineVersion) == []
    return [(problem.code, problem.place) for problem in outcome.problems]


def test_without_a_stored_version_that_of_the_program_holds_although_it_is_a_draft(library: Library) -> None:
    assert library.guideline == shipped_guideline()
    assert library.guideline.status is RuleStatus.DRAFT


def test_other_figures_become_the_next_version_and_hold_at_once(library: Library) -> None:
    assert put(library, thresholds={"idle_years": 7}) == GuidelineSet(2, TODAY)
    held = library.guideline
    assert (held.version, held.status, held.thresholds.idle_years) == (2, RuleStatus.IN_FORCE, 7)
    assert replace(held.thresholds, idle_years=5) == shipped_guideline().thresholds
    assert (held.hints, held.criteria, held.terms) == (
        shipped_guideline().hints, shipped_guideline().criteria, shipped_guideline().terms,
    )  # fmt: skip
    (row,) = rows(library, GuidelineVersion)
    assert (row.author_id, row.at) == (act(library).staff_id, lib.MORNING)
    assert rows(library, JournalEntry)[-1].kind == "guideline.set"


def test_versions_follow_one_another_and_stay(library: Library) -> None:
    put(library, thresholds={"idle_years": 7})
    put(library, terms={"county_days": 10}, title="ویراست تازه", source="بخشنامهٔ ۱۴۰۵/۹")
    with library.store.read() as reader:
        found = guidelines(reader)
        assert guideline_of_version(reader, 2) == found[1]
        assert guideline_of_version(reader, 9) is None
    assert [one.version for one in found] == [3, 2, 1]
    assert (found[0].thresholds.idle_years, found[0].terms.county_days) == (7, 10)
    assert (found[0].title, found[0].source) == ("ویراست تازه", "بخشنامهٔ ۱۴۰۵/۹")


def test_a_version_of_tomorrow_holds_from_tomorrow(library: Library) -> None:
    """002 م15."""
    put(library, thresholds={"idle_years": 7}, effective_from=TODAY + dt.timedelta(days=1))
    assert library.guideline.version == 1
    pass_days(library, 1)
    assert library.guideline.version == 2


def test_a_date_gone_by_means_today(library: Library) -> None:
    assert put(library, terms={"county_days": 8}, effective_from=dt.date(2020, 1, 1)).effective_from == TODAY


def test_a_draft_is_kept_and_does_not_hold(library: Library) -> None:
    put(library, status="draft", thresholds={"idle_years": 7})
    assert library.guideline.version == 1
    with library.store.read() as reader:
        assert guidelines(reader)[0].status is RuleStatus.DRAFT


def test_the_same_figures_make_no_version(library: Library) -> None:
    put(library, thresholds={"idle_years": 7})
    again = set_guideline(library, {"thresholds": {"idle_years": 7}}, act(library))
    assert again == GuidelineUnchanged(2)
    assert len(rows(library, GuidelineVersion)) == 1


def test_it_holds_for_whoever_opens_the_library_next(tmp_path: Path) -> None:
    with lib.found(tmp_path).store as store:
        library = Library(store, SettableClock(lib.MORNING))
        put(library, thresholds={"copies_kept": 3})
    again = reopened(tmp_path / "library")
    with again.store:
        assert again.guideline.thresholds.copies_kept == 3


@pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.ASSISTANT, Role.AUDITOR])
def test_who_may_not_change_the_rules_changes_nothing(library: Library, role: Role) -> None:
    outcome = set_guideline(library, {"thresholds": {"idle_years": 7}}, act(library, role))
    assert isinstance(outcome, Refused)
    assert rows(library, GuidelineVersion) == []


HINT = {"article": "6-1-ز", "wording": "…"}
CRITERIA = write_rules(shipped_guideline())["criteria"]
EXEMPTIONS = write_rules(shipped_guideline())["exemptions"]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"thresholds": {"copies_kept": 1}}, [("guideline.figure", "thresholds copies_kept")]),  # م4-1 تبصره
        ({"thresholds": {"idle_years": 0}}, [("guideline.figure", "thresholds idle_years")]),
        ({"thresholds": {"idle_years": "5"}}, [("guideline.figure", "thresholds idle_years")]),
        ({"thresholds": {"idle_years": True}}, [("guideline.figure", "thresholds idle_years")]),
        ({"thresholds": {"years": 5}}, [("guideline.unknown", "thresholds years")]),
        ({"thresholds": 5}, [("guideline.part", "thresholds")]),
        ({"terms": {"county_days": 1001}}, [("guideline.figure", "terms county_days")]),
        ({"terms": {"report_day": 32}}, [("guideline.figure", "terms report_day")]),
        ({"terms": {"county_days": 7.5}}, [("guideline.figure", "terms county_days")]),
        ({"figures": {}}, [("guideline.unknown", "figures")]),
        ({"title": " "}, [("guideline.text", "title")]),
        ({"status": "valid"}, [("guideline.status", "status")]),
        ({"effective_from": "1405/01/01"}, [("guideline.day", "effective_from")]),
        ({"hints": "none"}, [("guideline.part", "hints")]),
        ({"hints": ["x"]}, [("guideline.part", "hints 1")]),
        ({"hints": [{"article": "6-1-ز"}]}, [("guideline.text", "hints 1")]),
        ({"hints": [HINT | {"ageing": "fast"}]}, [("guideline.years", "hints 1")]),
        ({"hints": [HINT | {"ageing": "long", "years": 5}]}, [("guideline.years", "hints 1")]),
        ({"hints": [HINT | {"ageing": "soon"}]}, [("guideline.ageing", "hints 1")]),
        ({"hints": [HINT | {"classes": "6"}]}, [("guideline.list", "hints 1")]),
        ({"hints": [HINT | {"classes": [6]}]}, [("guideline.list", "hints 1")]),
        ({"hints": [HINT | {"materials": ["scroll"]}]}, [("guideline.material", "hints 1")]),
        ({"hints": [HINT, HINT | {"class": ["6"]}]}, [("guideline.unknown", "hints 2")]),
        ({"criteria": CRITERIA[1:]}, [("guideline.missing", "criteria")]),
        ({"criteria": [*CRITERIA, {"article": "4-3", "reason": "worn", "wording": "…"}]},
         [("guideline.criterion", "criteria 13")]),
        ({"criteria": [*CRITERIA[:-1], CRITERIA[-1] | {"reason": "worn"}]}, [("guideline.reason", "criteria 12")]),
        ({"exemptions": EXEMPTIONS[1:]}, [("guideline.missing", "exemptions")] * 3),  # م5-1-الف
        ({"exemptions": [EXEMPTIONS[0] | {"kind": "only_worn"}, *EXEMPTIONS[1:]]},
         [("guideline.kind", "exemptions 1")] * 3),
        ({"exemptions": [*EXEMPTIONS, EXEMPTIONS[0] | {"what": ["comics"]}]}, [("guideline.what", "exemptions 5")]),
        ({"exemptions": [*EXEMPTIONS, EXEMPTIONS[0] | {"what": "local"}]}, [("guideline.what", "exemptions 5")]),
    ],
)  # fmt: skip
def test_everything_wrong_is_told_with_its_place(
    library: Library, document: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    assert faults(library, **document) == told


def test_all_problems_are_told_at_once(library: Library) -> None:
    told = faults(library, thresholds={"copies_kept": 0, "idle_years": -1}, terms={"county_days": 0}, hints=[{}])
    assert [code for code, _ in told] == ["guideline.figure"] * 3 + ["guideline.text"] * 2


def test_a_criterion_left_out_is_left_out(library: Library) -> None:
    put(library, criteria=[row for row in CRITERIA if row["article"] != "4-2-ه"])
    assert library.guideline.left_out == {"4-2-ه"}


def test_the_clock_of_another_desk_reads_the_new_figures(library: Library) -> None:
    other = Library(library.store, clock(library))
    assert other.guideline.version == 1
    put(library, thresholds={"idle_years": 7})
    with library.store.read() as reader:
        other.keep_fresh(reader, TODAY)
    assert other.guideline.version == 2
