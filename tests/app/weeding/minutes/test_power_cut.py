"""The light goes out at every step of making minutes, or the disk is full: number, paper, rows and statuses are there
whole or not at all, and done again they are what they would have been (002 م7-13).

A forked desk dies by SIGKILL after each single change in turn, with the true printer.
"""

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.check import check_library
from app.library import Library
from app.papers import frozen_paper
from app.weeding.minutes.closing import close_minutes
from app.weeding.minutes.outcomes import Closed, CopyRuling, Reissued, Ruled, Rulings, Scan, Stepped, Strike
from app.weeding.minutes.review import ask_correction, enter_rulings, reissue, withdraw
from app.weeding.service import Finalised, finalise
from db.models.collection import Document, Minutes, MinutesRow, MinutesStep, RulingRow
from db.models.items import Item, ItemStatusChange
from db.models.library import Counter
from db.models.sync import JournalEntry
from db.trouble import Trouble
from db.writing import Tx
from reports.forms.minutes import print_minutes
from tests.app.weeding.minutes.on_the_way import (
    APPROVE,
    COUNTY,
    PROVINCE,
    REJECT,
    WORN,
    letter,
    ruled,
    sent,
    worn_copies,
)
from tests.db.elsewhere import in_small_space
from tests.library import act, found, reopened, rows

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals and mounts of Linux")

Cut = Callable[[str], None]
Deed = Callable[[Library, Cut], object]
NOTHING: Cut = lambda _: None  # noqa: E731 - nobody pulls the plug


def made(library: Library, cut: Cut) -> object:
    return finalise(library, WORN, _printing(cut), act(library))


def issued_anew(library: Library, cut: Cut) -> object:
    return reissue(library, "1405/1", [Strike("1", "خواسته شد")], _printing(cut), act(library))


def answered(library: Library, _: Cut) -> object:
    rulings = Rulings("1405/1", COUNTY, letter(library), APPROVE, (CopyRuling("2", REJECT, "بماند"),))
    return enter_rulings(library, rulings, act(library), scan=Scan("نامه.pdf", b"%PDF-1.7 a letter"))


def taken_back(library: Library, _: Cut) -> object:
    return withdraw(library, "1405/1", "اشتباه بود", act(library))


def ended(library: Library, cut: Cut) -> object:
    return close_minutes(library, "1405/1", _printing(cut), act(library))


def _printing(cut: Cut) -> Callable[[Any], Any]:
    def printed(paper: Any) -> Any:
        files = print_minutes(paper)
        cut("paper")
        return files

    return printed


def listed_only(library: Library) -> None:
    worn_copies(library, 3)


def at_county(library: Library) -> None:
    sent(library)


def in_correction(library: Library) -> None:
    sent(library)
    ask_correction(library, "1405/1", COUNTY, "ردیف ۱", act(library))


def ruled_on(library: Library) -> None:
    copies = sent(library)
    ruled(library, COUNTY)
    ruled(library, PROVINCE, copies=[CopyRuling(copies[1].barcode, REJECT, "بماند")])


EDITION = {"paper", "insert minutes", "insert minutes_row", "update minutes", "insert document", "insert minutes_step"}
DEEDS: dict[str, tuple[Callable[[Library], None], Deed, type, set[str]]] = {
    "finalise": (
        listed_only, made, Finalised,
        {"number", "paper", "insert document", "update minutes", "insert minutes_step", "journal", "done"},
    ),
    "reissue": (in_correction, issued_anew, Reissued, EDITION | {"update item", "journal", "done"}),
    "answer": (
        at_county, answered, Ruled,
        {"insert ruling", "insert document", "update minutes", "insert minutes_step", "journal", "done"},
    ),
    "withdraw": (
        at_county, taken_back, Stepped, {"update item", "update minutes", "insert minutes_step", "journal", "done"},
    ),
    "close": (
        ruled_on, ended, Closed, EDITION | {"insert item_status_change", "update item", "journal", "done"},
    ),
}  # fmt: skip


def state(library: Library) -> list[object]:
    """Everything that the making of minutes touches, without what is drawn by lot."""
    papers = rows(library, Document)
    return [
        sorted((one.number or 0, one.revision, one.state, one.finalised_on) for one in rows(library, Minutes)),
        sorted((one.position, one.struck_why or "", str(one.executed_on)) for one in rows(library, MinutesRow)),
        sorted((one.kind, one.number, one.sha256) for one in papers if one.media_type == "application/pdf"),
        len(papers),
        sorted((one.level, one.verdict, one.remark or "") for one in rows(library, RulingRow)),
        [(one.kind, one.was, one.became) for one in rows(library, MinutesStep)],
        sorted((one.accession_no, one.status, one.on_minutes_id is not None) for one in rows(library, Item)),
        len(rows(library, ItemStatusChange)),
        [(one.name, one.value) for one in rows(library, Counter) if one.name.startswith("minutes-")],
        len(rows(library, JournalEntry)),
    ]


def dies_at(folder: Path, deed: Deed, place: int) -> str | None:
    """Do a deed in a fork that is killed after so many changes; after which one, or None if it came to its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            _die_at(folder, deed, place, writing)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as told:
        label = told.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    return label if code else None


def _die_at(folder: Path, deed: Deed, place: int, writing: int) -> None:
    passed = count()

    def cut(label: str) -> None:
        if next(passed) == place:
            os.write(writing, label.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def after(name: str, label: Callable[..., str]) -> None:
        whole = getattr(Tx, name)

        def cut_short(tx: Tx, *given: Any, **named: Any) -> Any:
            done = whole(tx, *given, **named)
            cut(label(*given))
            return done

        setattr(Tx, name, cut_short)

    library = reopened(folder)
    after("next_number", lambda *_: "number")
    after("insert", lambda model: f"insert {model.__tablename__}")
    after("update", lambda model, _: f"update {model.__tablename__}")
    after("record", lambda *_: "journal")
    deed(library, cut)
    cut("done")
    os._exit(0)


@pytest.mark.parametrize("name", DEEDS)
def test_minutes_are_whole_or_absent_whatever_step_the_light_goes_out_at(name: str, tmp_path: Path) -> None:
    prepare, deed, outcome, labels = DEEDS[name]
    with (library := found(tmp_path)).store:
        prepare(library)
        before = state(library)
    origin = tmp_path / "library"
    shutil.copytree(origin, tmp_path / "whole")
    with (library := reopened(tmp_path / "whole")).store:
        assert isinstance(deed(library, NOTHING), outcome)
        after = state(library)
    assert before != after
    seen: list[str] = []
    for place in count():
        folder = tmp_path / str(place)
        shutil.copytree(origin, folder)
        label = dies_at(folder, deed, place)
        if label is None:
            break
        seen.append(label)
        with (library := reopened(folder)).store:
            assert state(library) == (after if label == "done" else before), label
            assert check_library(library).broken == (), label
            deed(library, NOTHING)
            assert state(library) == after, label
            assert check_library(library).broken == (), label
            with library.store.read() as reader:
                for paper in rows(library, Document):
                    assert frozen_paper(reader, paper.id).content, label
        shutil.rmtree(folder)
    assert set(seen) == labels
    assert seen[-2:] == ["journal", "done"]


def test_on_a_full_disk_minutes_are_absent_and_made_whole_once_there_is_room(tmp_path: Path) -> None:
    with (library := found(tmp_path)).store:
        worn_copies(library, 3)

    def work(small: Path, make_room: Callable[[], None]) -> dict[str, object]:
        shutil.copytree(tmp_path / "library", small / "library")
        told: dict[str, object] = {}
        with (library := reopened(small / "library")).store:
            finalise(library, WORN, print_minutes, act(library, doubtful=True))  # refused: opens the files once
            filler = small / "filler"
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4_096))
            before = state(library)
            try:
                told["full"] = finalise(library, WORN, print_minutes, act(library))
            except Trouble as trouble:
                told["full"] = trouble.code
            told["changed"] = state(library) != before
            make_room()
            done = finalise(library, WORN, print_minutes, act(library))
            told["number"] = done.number if isinstance(done, Finalised) else done
            told["broken"] = check_library(library).broken
        return told

    told = in_small_space(tmp_path, work)
    assert told == {"full": "P-1101", "changed": False, "number": "1405/1", "broken": ()}
