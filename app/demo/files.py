"""The demo library's own data (`resources/demo`): real books, invented people."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.catalogue.form import Creator, TitleForm
from app.members.form import MemberForm
from app.persian import jalali
from db.codes import CardState, Condition, CreatorRole, Material, Role

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "demo"


@dataclass(frozen=True, slots=True)
class DemoTitle:
    """A book of the demo library and the copies of it. `popularity` 1…100 drives the loans."""

    form: TitleForm
    volumes: tuple[str | None, ...]
    copies: int
    acquired_year: int
    flags: tuple[str, ...]
    conditions: tuple[Condition, ...]
    popularity: int
    child: bool

    def condition_of(self, copy: int) -> Condition:
        """The state of the n-th copy, from 0; the worst ones come first."""
        return self.conditions[copy] if copy < len(self.conditions) else Condition.GOOD


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A reader of the demo library. `activity` 0…100 drives the visits."""

    form: MemberForm
    female: bool
    previous_card: str | None
    card_state: CardState
    activity: int
    restriction: tuple[str, dt.date | None, str] | None


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who works there."""

    name: str
    role: Role
    pin: str


def read_titles(folder: Path = FOLDER) -> tuple[DemoTitle, ...]:
    """The books, in the order of the file."""
    return tuple(map(_title, _rows(folder / "titles.csv")))


def read_members(folder: Path = FOLDER) -> tuple[DemoMember, ...]:
    """The readers, in the order of the file."""
    return tuple(map(_member, _rows(folder / "members.csv")))


def read_people(folder: Path = FOLDER) -> tuple[DemoPerson, ...]:
    """The staff, head first."""
    rows = _rows(folder / "staff.csv")
    return tuple(DemoPerson(f"{row['given_name']} {row['family_name']}", Role(row["role"]), row["pin"]) for row in rows)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _title(row: dict[str, str]) -> DemoTitle:
    title, _, subtitle = row["title"].partition(": ")
    return DemoTitle(
        form=TitleForm(
            title=title,
            subtitle=subtitle or None,
            creators=tuple(_creators(row)),
            publisher=row["publisher"] or None,
            place=row["place"] or None,
            year=int(row["year"]) if row["year"] else None,
            edition=row["edition"] or None,
            isbn=row["isbn"] or None,
            dewey=row["dewey"] or None,
            author_mark=row["author_mark"] or None,
            subjects=_many(row["subjects"]),
            language=row["language"] or "fa",
            material=Material(row["material"]),
            audience=row["audience"] or None,
            age_group=row["age_group"].rstrip("ـ") or None,
            pages=row["pages"] or None,
            note=row["note"] or None,
        ),
        volumes=_many(row["volumes"]) or (None,),
        copies=int(row["copies"] or 1),
        acquired_year=int(row["acquired_year"]),
        flags=_many(row["flags"]),
        conditions=tuple(_conditions(row["condition"])),
        popularity=int(row["popularity"] or 1),
        child=row["audience"] == "child",
    )


def _creators(row: dict[str, str]) -> Iterator[Creator]:
    if row["main_creator"]:
        yield Creator(row["main_creator"], CreatorRole(row["main_role"] or CreatorRole.AUTHOR))
    for other in _many(row["other_creators"]):
        role, _, name = other.partition(":")
        yield Creator(name, CreatorRole(role))


def _conditions(text: str) -> Iterator[Condition]:
    for part in _many(text):
        state, _, count = part.partition(":")
        yield from [Condition(state)] * int(count or 1)


def _member(row: dict[str, str]) -> DemoMember:
    restriction = None
    if row["restriction_kind"]:
        until = jalali.parse(row["restriction_until"]) if row["restriction_until"] else None
        restriction = (row["restriction_kind"], until, row["restriction_reason"])
    return DemoMember(
        form=MemberForm(
            given_name=row["given_name"],
            family_name=row["family_name"],
            father_name=row["father_name"] or None,
            category=row["category"],
            card=row["card"],
            national_id=row["national_id"] or None,
            birth_date=jalali.parse(row["birth_date"]),
            mobile=row["mobile"] or None,
            guardian=row["guardian"] or None,
            guardian_mobile=row["guardian_mobile"] or None,
            guardian_member=row["guardian_card"] or None,
            guarantor=row["guarantor_card"] or None,
            age_group=row["age_group"].rstrip("ـ") or None,
            address=row["address"] or None,
            interests=_many(row["interests"]),
            note=row["note"] or None,
            joined_on=jalali.parse(row["joined_on"]),
            expires_on=jalali.parse(row["expires_on"]),
            keep_history=row["keep_history"] == "yes",
        ),
        female=row["gender"] == "female",
        previous_card=row["previous_card"] or None,
        card_state=CardState(row["card_state"] or CardState.ACTIVE),
        activity=int(row["activity"] or 0),
        restriction=restriction,
    )


def _many(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
