"""Signatories and the weeding committee as data with dates of office (000 §4-1; the five forms of 002)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.labels import OFFICE
from app.library import Library
from app.outcome import NotFound, Refused
from app.staff.offices import (
    OfficeEnded,
    OfficeForm,
    OfficeSet,
    Position,
    Seat,
    committee_on,
    end_office,
    officers_on,
    offices,
    set_office,
)
from app.undo import Undone, undo_last
from db.codes import Role
from reports.forms.spec import Signatory
from tests.library import TODAY, act, found

HEAD = Position.BRANCH_HEAD
DAY = dt.timedelta(days=1)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def put(library: Library, name: str, since: dt.date = TODAY, **fields: object) -> uuid.UUID:
    form = OfficeForm(**{"position": HEAD, "name": name, "since": since} | fields)  # type: ignore[arg-type]
    outcome = set_office(library, form, act(library))
    assert isinstance(outcome, OfficeSet), outcome
    return outcome.office_id


def signs(library: Library, day: dt.date, position: str = HEAD) -> str | None:
    with library.store.read() as reader:
        return officers_on(reader, day).get(position)


def test_every_signatory_of_the_forms_is_an_office_with_words() -> None:
    assert [position.value for position in Position] == [signatory.value for signatory in Signatory]
    assert set(OFFICE) == {*Position, *Seat}


def test_a_new_holder_ends_the_one_before_the_day_before(library: Library) -> None:
    put(library, "زهرا کریمی", TODAY - 100 * DAY)
    outcome = set_office(library, OfficeForm(HEAD, "رضا احمدی"), act(library))
    assert isinstance(outcome, OfficeSet)
    assert outcome.ended == "زهرا کریمی"
    assert signs(library, TODAY - 101 * DAY) is None
    assert signs(library, TODAY - 100 * DAY) == "زهرا کریمی"
    assert signs(library, TODAY - DAY) == "زهرا کریمی"
    assert signs(library, TODAY) == "رضا احمدی"
    with library.store.read() as reader:
        assert [(one.name, one.until) for one in offices(reader)] == [
            ("رضا احمدی", None),
            ("زهرا کریمی", TODAY - DAY),
        ]


def test_who_is_named_for_a_later_day_still_comes(library: Library) -> None:
    put(library, "نرگس صفری", TODAY + 30 * DAY)
    put(library, "زهرا کریمی", TODAY)
    assert signs(library, TODAY + 29 * DAY) == "زهرا کریمی"
    assert signs(library, TODAY + 30 * DAY) == "نرگس صفری"


def test_a_holder_put_between_two_takes_only_the_days_between(library: Library) -> None:
    put(library, "زهرا کریمی", TODAY - 100 * DAY)
    put(library, "نرگس صفری", TODAY)
    put(library, "رضا احمدی", TODAY - 10 * DAY)
    assert [signs(library, TODAY + days * DAY) for days in (-11, -10, -1, 0)] == [
        "زهرا کریمی", "رضا احمدی", "رضا احمدی", "نرگس صفری",
    ]  # fmt: skip


def test_the_same_first_day_once_more_corrects_the_name(library: Library) -> None:
    first = put(library, "زهرا کرمی")
    assert put(library, "زهرا کریمی") == first
    assert signs(library, TODAY) == "زهرا کریمی"
    with library.store.read() as reader:
        assert len(offices(reader)) == 1


def test_positions_do_not_touch_each_other_and_the_committee_does_not_sign(library: Library) -> None:
    put(library, "زهرا کریمی")
    put(library, "کاوه شریفی", position=Position.COUNTY_HEAD)
    put(library, "نرگس صفری", position=Seat.REFERENCE, committee=True)
    put(library, "رضا احمدی", position="نمایندهٔ انجمن", committee=True)
    with library.store.read() as reader:
        assert officers_on(reader, TODAY) == {HEAD: "زهرا کریمی", Position.COUNTY_HEAD: "کاوه شریفی"}
        assert committee_on(reader, TODAY) == {Seat.REFERENCE: "نرگس صفری", "نمایندهٔ انجمن": "رضا احمدی"}


def test_an_office_ends_and_nobody_signs_after_it(library: Library) -> None:
    office = put(library, "زهرا کریمی", TODAY - 10 * DAY)
    assert end_office(library, office, TODAY, act(library)) == OfficeEnded(office, TODAY)
    assert signs(library, TODAY) == "زهرا کریمی"
    assert signs(library, TODAY + DAY) is None
    assert isinstance(end_office(library, uuid.uuid4(), TODAY, act(library)), NotFound)


def test_an_end_written_beyond_the_next_holder_stops_before_them(library: Library) -> None:
    office = put(library, "زهرا کریمی", TODAY - 10 * DAY)
    put(library, "رضا احمدی", TODAY)
    assert end_office(library, office, TODAY + 5 * DAY, act(library)) == OfficeEnded(office, TODAY - DAY)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (OfficeForm(HEAD, "  "), "office_name"),
        (OfficeForm("", "زهرا کریمی"), "position"),
        (OfficeForm("director", "زهرا کریمی"), "position"),
        (OfficeForm(HEAD, "زهرا کریمی", until=TODAY - DAY), "until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(library: Library, form: OfficeForm, field: str) -> None:
    outcome = set_office(library, form, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.facts["field"] for refusal in outcome.refusals] == [field]


def test_an_end_before_the_beginning_and_somebody_who_may_not_are_refused(library: Library) -> None:
    office = put(library, "زهرا کریمی")
    early = end_office(library, office, TODAY - DAY, act(library))
    assert isinstance(early, Refused)
    librarian = act(library, Role.LIBRARIAN)
    outcomes = (
        set_office(library, OfficeForm(HEAD, "رضا احمدی"), librarian),
        end_office(library, office, TODAY, librarian),
    )
    assert [outcome.refusals[0].code for outcome in outcomes if isinstance(outcome, Refused)] == [
        "role.not_allowed"
    ] * 2


def test_a_holder_is_taken_back_and_the_one_before_goes_on(library: Library) -> None:
    put(library, "زهرا کریمی", TODAY - 10 * DAY)
    put(library, "رضا احمدی")
    assert isinstance(undo_last(library, act(library)), Undone)
    assert signs(library, TODAY) == "زهرا کریمی"
    with library.store.read() as reader:
        assert [one.until for one in offices(reader)] == [None]
