"""The libraries that may be given books: those with a licence of the Foundation (002 م7-24)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.actions import Action
from app.exchange import reads
from app.exchange.packing import short_text
from app.exchange.rules import LibraryFacts
from app.form import invalid, required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import typed
from app.persian.text import clean, compact
from app.refusal import Refusal
from db.act import Act
from db.codes import BranchKind
from db.models.library import LicensedLibrary
from db.reading import Reader
from db.writing import Tx

LONGEST_NAME, LONGEST_ADDRESS = 120, 500


@dataclass(frozen=True, slots=True)
class LibraryForm:
    """What is written of a library; province and county default to those of this one."""

    name: str
    kind: BranchKind = BranchKind.INSTITUTIONAL
    province: str | None = None
    county: str | None = None
    licence_no: str | None = None
    founded_on: dt.date | None = None
    to_be_founded: bool = False
    licensed_until: dt.date | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class LibrarySet:
    """A library stands so in the list. `changed` False: it stood so before."""

    facts: LibraryFacts
    added: bool
    changed: bool = True


LibraryOutcome: TypeAlias = "LibrarySet | Refused | NotFound"


def all_libraries(reader: Reader) -> tuple[LibraryFacts, ...]:
    """Every registered library by county and name."""
    return tuple(reader.all(reads.LIBRARIES))


def set_library(library: Library, form: LibraryForm, act: Act, library_id: uuid.UUID | None = None) -> LibraryOutcome:
    """Register a library, or change what is written of one. The same name in the same county is the same library."""
    with library.store.write() as tx:
        known = tx.one(reads.LIBRARY, library=library_id) if library_id else None
        if library_id is not None and known is None:
            return NotFound(Sought.LIBRARY, str(library_id))
        values = _values(library, form)
        refused = (*library.forbids(act, Action.SET_LIBRARY), *_problems(form, act))
        twin = _same(all_libraries(tx), values)
        if twin is not None and known is not None and twin.id != known.id:
            refused = (*refused, Refusal("library.known", facts={"library": twin.name}))
        stands = known or twin
        if stands is not None and stands.of_centre and _new(stands, values):
            refused = (*refused, Refusal("centre.owns_library", facts={"library": stands.name}))
        if refused:
            return Refused(refused)
        return _write(tx, stands, values, act)


def _write(tx: Tx, known: LibraryFacts | None, values: dict[str, Any], act: Act) -> LibrarySet:
    if known is None:
        library_id = tx.insert(LicensedLibrary, **values)
        tx.record("library.added", act)
        return LibrarySet(_stored(tx, library_id), added=True)
    new = _new(known, values)
    if not new:
        return LibrarySet(known, added=False, changed=False)
    tx.update(LicensedLibrary, known, **new)
    tx.record("library.edited", act)
    return LibrarySet(_stored(tx, known.id), added=False)


def _new(known: LibraryFacts, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(known, name) != value}


def _values(library: Library, form: LibraryForm) -> dict[str, Any]:
    branch = library.branch
    licence = short_text(form.licence_no)
    return {
        "name": clean(form.name, LONGEST_NAME),
        "kind": form.kind,
        "province": short_text(form.province) or branch.province,
        "county": short_text(form.county) or branch.county,
        "licence_no": typed(licence) if licence else None,
        "founded_on": form.founded_on,
        "to_be_founded": form.to_be_founded,
        "licensed_until": form.licensed_until,
        "address": short_text(form.address, LONGEST_ADDRESS),
    }


def _problems(form: LibraryForm, act: Act) -> Iterator[Refusal]:
    yield from required(library_name=form.name)
    if form.founded_on is not None and form.founded_on > act.day and not form.to_be_founded:
        yield invalid("founded_on", form.founded_on)


def _same(libraries: tuple[LibraryFacts, ...], values: dict[str, Any]) -> LibraryFacts | None:
    wanted = tuple(compact(values[name]) for name in ("name", "county", "province"))
    return next(
        (one for one in libraries if (compact(one.name), compact(one.county), compact(one.province)) == wanted), None
    )


def _stored(tx: Tx, library_id: uuid.UUID) -> LibraryFacts:
    found = tx.one(reads.LIBRARY, library=library_id)
    if found is None:
        raise RuntimeError("a library vanished inside its own transaction")
    return found
