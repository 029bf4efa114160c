"""A list of members, as the education office sends it each term (000 §3-1-1-ب): who is new joins, who is known is
brought up to date, and every line is told."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.actions import Action
from app.form import invalid
from app.imports.lines import LineEnd, LineReport, LinesDone, Once, Result, Tell, refused, unreadable, write_side_file
from app.imports.member_file import MemberLine, MemberList
from app.library import Library
from app.members.form import MemberForm, stored_national_id
from app.members.service import add_member, edit_member, form_of, member_record, renew_member
from app.members.writing import TAKEN_NATIONAL_ID, TAKEN_NUMBER, stored_number
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import to_persian
from app.persian.text import fold, tokens
from app.refusal import Answer, Refusal
from db.act import Act
from db.codes import MemberState
from db.reading import Reader

DATES = ("birth_date", "expires_on")
# A wrong telephone keeps nobody out: it stands on the clean-up list. A wrong national id may be another person's.
SURE = Answer(confirm=frozenset({"member.mobile"}))
OF_ALL = frozenset(map(fold, ("دانشجو", "دانشجوی", "دانشجویان", "عضو", "اعضای", "مقطع", "دوره")))
FORMULA = "به‌جای مقدار، فرمول اکسل نوشته شده است. مقدارها را جای فرمول بگذارید."


@dataclass(frozen=True, slots=True)
class MembersWish:
    """How the people of a list join: `category` for lines that name none, `free` without the fee of the policy."""

    category: str | None = None
    free: bool = False


def take_in_members(
    library: Library,
    people: MemberList,
    wish: MembersWish,
    act: Act,
    side_folder: Path | None,
    tell: Tell = lambda _done, _total: True,
) -> LinesDone | Refused:
    """Do every line, and keep in `side_folder`, if there is one, those that could not be done.

    A line that was done before changes nothing, whatever has become of its member since. Raises Trouble P-120x.
    """
    forbidden = library.forbids(act, Action.IMPORT)
    if forbidden:
        return Refused(forbidden)
    once = Once(library, act, "members")
    reports: list[LineReport] = []
    stopped = False
    for done, person in enumerate(people.lines, 1):
        reports.append(LineReport(person.line, person.raw, _do(library, once, person, wish)))
        if not tell(done, len(people.lines)):
            stopped = True
            break
    once.remember()
    side: tuple[Path, ...] = ()
    if side_folder:
        side = write_side_file(side_folder / f"{people.name}-{_digest(people)[:8]}.jsonl", reports)
    return LinesDone(tuple(reports), side, stopped)


def _digest(people: MemberList) -> str:
    return hashlib.sha256("\n".join(line.raw for line in people.lines).encode("utf-8", "replace")).hexdigest()


def _do(library: Library, once: Once, person: MemberLine, wish: MembersWish) -> Result:
    if person.formula:
        return unreadable("formula", FORMULA)
    read = _read(library, person.cells, wish)
    if isinstance(read, Refusal):
        return refused((read,))
    said = json.dumps(sorted((name, str(value)) for name, value in read.items()), ensure_ascii=False)
    return once.do((said,), lambda act: _take(library, read, wish, act))


def _read(library: Library, cells: Mapping[str, str], wish: MembersWish) -> dict[str, Any] | Refusal:
    """What a line says, by the fields of the form, or the first thing that cannot be read."""
    said: dict[str, Any] = dict(cells)
    for name in DATES:
        if name in said:
            said[name] = jalali.parse(said[name].partition("T")[0])
            if said[name] is None:
                return invalid("expires" if name == "expires_on" else name, cells[name])
    words = said.get("category", wish.category)
    if words is not None:
        category = _category(library, words)
        if category is None:
            return invalid("category", words)
        said["category"] = category
    if "national_id" in said:
        said["national_id"] = stored_national_id(said["national_id"])
    return said


def _category(library: Library, words: str) -> str | None:
    """A category by its code or by its name: «کارشناسی» and «دانشجوی کارشناسی» are «دانشجویان کارشناسی»."""
    wanted = _core(words)
    found = [code for code, name in library.categories.items() if wanted in (_core(code), _core(name))]
    return found[0] if len(found) == 1 else None


def _core(words: str) -> tuple[str, ...]:
    """The words of a category that tell it from others."""
    return tuple(word for word in tokens(words) if word not in OF_ALL)


def _take(library: Library, said: dict[str, Any], wish: MembersWish, act: Act) -> Result:
    with library.store.read() as reader:
        owners = _owners(reader, said)
        if len(set(owners)) > 1:
            return refused((Refusal("import.two_members"),))
        member = member_record(reader, owners[0]) if owners else None
        form = form_of(reader, owners[0]) if owners else None
    if member is None or form is None:
        return _add(library, said, wish, act)
    if member.state is MemberState.MERGED:
        return refused((Refusal("member.merged"),))
    return _update(library, member, form, said, act)


def _owners(reader: Reader, said: Mapping[str, Any]) -> list[uuid.UUID]:
    """Whom the numbers of a line belong to here."""
    by_id = reader.one(TAKEN_NATIONAL_ID, key=said["national_id"]) if said.get("national_id") else None
    by_number = reader.one(TAKEN_NUMBER, key=stored_number(said["member_no"])) if said.get("member_no") else None
    return [found for found in (by_id, by_number) if found is not None]


def _add(library: Library, said: dict[str, Any], wish: MembersWish, act: Act) -> Result:
    names = {"given_name": "", "family_name": "", "category": ""}
    outcome = add_member(library, MemberForm(**(names | said)), act, SURE, free=wish.free)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    waits = "؛ در انتظار تأیید" if outcome.state is MemberState.PENDING else ""
    return Result(LineEnd.DONE, "added", f"عضو شد، شمارهٔ {to_persian(outcome.member_no)}{waits}.")


def _update(library: Library, member: Any, form: MemberForm, said: Mapping[str, Any], act: Act) -> Result:
    """Category and end of the membership as the list says; what is written of the person stays as it is."""
    category, expires = said.get("category", member.category), said.get("expires_on")
    prolongs = (expires is not None and expires != member.expires_on) or member.state is MemberState.CLEARED
    told: list[str] = []
    if category != member.category:
        # The key stands for the line, so it goes with the last thing done for it.
        own = replace(act, key=None) if prolongs else act
        changed = edit_member(library, member.id, replace(form, category=category), own, SURE)
        if isinstance(changed, Refused):
            return refused(changed.refusals)
        told.append(f"نوع عضویت «{library.categories[category]}» شد")
    if prolongs:
        renewed = renew_member(library, member.member_no, act, until=expires, free=True)
        if isinstance(renewed, Refused):
            return refused(renewed.refusals)
        if not isinstance(renewed, NotFound):
            told.append(_until(renewed.expires_on))
    if not told:
        return Result(LineEnd.ALREADY, LineEnd.ALREADY, "این عضو همین‌گونه ثبت بود؛ چیزی عوض نشد.")
    return Result(LineEnd.DONE, "updated", f"{'، '.join(told)}.")


def _until(day: dt.date | None) -> str:
    return f"عضویت تا {jalali.day_month_year(day)} شد" if day else "عضویت بی‌پایان شد"
