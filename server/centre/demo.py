"""`make serve`: a centre of one's own with two small libraries that synchronise with it, thrown away at the end.

With a display it tells how to open a window for each library, and serves until Ctrl+C. Without one it works a loan
through both libraries over the real line and leaves pictures.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.centre import Centre, open_centre
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedOut
from app.clock import SystemClock
from app.library import Library
from app.messages import one_line
from app.outcome import Refused
from app.review.accounts import AccountForm, add_account, found_administrator
from app.review.kept_accounts import account
from app.review.own_secrets import choose_password, set_second_factor
from app.review.passwords import first_password
from app.review.second_factor import new_secret, seal
from app.sync.branch.http_line import line_of
from db.codes import Condition, ItemStatus, Role
from db.models.centre import MemberStanding
from db.models.items import Item
from db.models.members import MemberCard
from db.trouble import Trouble
from server.centre.cluster import Cluster, throwaway
from server.centre.command import found
from server.centre.demo_branches import (
    HALVES,
    InOneProcess,
    build_half,
    join,
    opened,
    shared_readers,
    synchronise,
)
from server.centre.serve import RULES, Listening, serve
from server.desk.session import say

ROOT = Path(__file__).resolve().parents[2]
DATA, OUT = ROOT / "demo-centre", ROOT / "out" / "serve"
NAME = "ادارهٔ کل کتابخانه‌های عمومی استان مرکزی"
PORT = 8300
HEAD = "زهرا کریمی"
"""Who sits at the desk of both demo libraries."""
PATIENCE_S = 60
PEOPLE = (
    AccountForm("arak", "محمد کاظمی", Role.COUNTY_HEAD, "مرکزی", "اراک"),
    AccountForm("khondab", "سمیه رضایی", Role.COUNTY_HEAD, "مرکزی", "خنداب"),
    AccountForm("markazi", "فاطمه نوروزی", Role.PROVINCE_REVIEWER, "مرکزی"),
    AccountForm("fehrest", "مریم احمدی", Role.SENIOR_CATALOGUER, "مرکزی"),
)
"""Who reviews and catalogues, beside the administrator."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What somebody needs to sign in."""

    name: str
    user_name: str
    password: str
    secret: str


@dataclass(frozen=True, slots=True)
class Ready:
    """What was made."""

    folder: Path
    database: str
    address: str
    reviewers: tuple[Reviewer, ...]
    card: str
    book: str


def main(argv: list[str] | None = None) -> int:
    """Make everything, tell how to use it, serve; 0 at the end, 1 when the check without a display failed."""
    parser = argparse.ArgumentParser(prog="make serve")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--check", action="store_true", help="as without a display")
    options = parser.parse_args(argv)
    try:
        with throwaway() as cluster:
            ready = prepare(cluster, options.data, options.port)
            print(told(ready), flush=True)
            if options.check or not _has_display():
                return 0 if checked(ready, options.out) else 1
            serve(ready.database, ready.folder / "keys", Listening(port=options.port))
    except Trouble as trouble:
        say(one_line(trouble))
        return 2
    return 0


def prepare(cluster: Cluster, folder: Path, port: int) -> Ready:
    """Found the centre, make both libraries in `folder`, enrol them and let them meet."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    address, database = f"http://127.0.0.1:{port}", cluster.make_database("centre")
    for half in HALVES:
        say(f"making the library «{half.folder}» …")
        build_half(half, folder / half.folder)
    say("enrolling and synchronising …")
    with _centre(database, folder / "keys") as centre, _both(folder) as libraries:
        line = InOneProcess(centre)
        card = shared_readers(libraries)[0]
        for library in libraries:
            join(centre, library, address)
            synchronise(library, line)
        settle(centre)
        for library in libraries:
            synchronise(library, line)
        return Ready(folder, database, address, tuple(_reviewers(centre)), card, _a_book(libraries[0]))


@contextlib.contextmanager
def _centre(database: str, keys: Path) -> Iterator[Centre]:
    centre = found(database, keys, NAME)
    try:
        yield centre
    finally:
        centre.store.close()


@contextlib.contextmanager
def _both(folder: Path) -> Iterator[tuple[Library, ...]]:
    with contextlib.ExitStack() as stack:
        libraries = []
        for half in HALVES:
            library = opened(folder / half.folder)
            stack.callback(library.store.close)
            libraries.append(library)
        yield tuple(libraries)


def settle(centre: Centre) -> None:
    """Let the rules across branches look until they are through."""
    for rule in RULES:
        while rule(centre):
            pass


def _reviewers(centre: Centre) -> Iterator[Reviewer]:
    """The accounts, each with a password that has been chosen and a second factor that is set up."""
    head = found_administrator(centre, "admin", "مدیر سامانه")
    if head is None:
        raise RuntimeError("the new centre has accounts already")
    yield _ready_to_sign_in(centre, "مدیر سامانه", "admin", head.id, head.password)
    with centre.store.read() as reader:
        by = account(reader, head.id)
    for form in PEOPLE:
        if by is None or form.role is None:
            raise RuntimeError("the administrator vanished")
        added = add_account(centre, by, form, centre.act(by.id, by.role))
        if isinstance(added, Refused):
            raise RuntimeError(f"no account for {form.user_name}: {added}")
        yield _ready_to_sign_in(centre, form.name, form.user_name, added.id, added.password)


def _ready_to_sign_in(centre: Centre, name: str, user_name: str, account_id: uuid.UUID, first: str) -> Reviewer:
    password, secret = first_password(), new_secret()
    with centre.store.read() as reader:
        person = account(reader, account_id)
    if person is None:
        raise RuntimeError("an account vanished")
    act = centre.act(person.id, person.role)
    chosen = choose_password(centre, person, first, password, act)
    if isinstance(chosen, Refused):
        raise RuntimeError(f"no password for {user_name}: {chosen}")
    with centre.write() as tx:
        set_second_factor(tx, person, seal(centre.keys, person.id, secret), 0, act)
    return Reviewer(name, user_name, password, secret)


def told(ready: Ready) -> str:
    """In Persian: the addresses, the accounts, and how both windows are opened."""
    first, second = (ready.folder / half.folder for half in HALVES)
    people = "\n".join(f"  {one.user_name:<10}{one.password:<28}{one.secret}   {one.name}" for one in ready.reviewers)
    open_window = f'.venv/bin/python pishkhan.py window --as "{HEAD}" --data'
    return f"""
مرکز آماده است: {ready.address}
  بررسی و گزارش‌ها: {ready.address}/   فهرست مشترک (SRU): {ready.address}/sru   سلامت: {ready.address}/healthz
نام کاربری، گذرواژه، رمز دوم (برای برنامهٔ تلفن):
{people}
کد رمز دوم بی تلفن: .venv/bin/python -c "import pyotp; print(pyotp.TOTP(input()).now())"

دو پنجره، در دو پایانهٔ دیگر:
  ۱. {open_window} {first}
  ۲. {open_window} {second}
  ۳. در پنجرهٔ نخست کارت {ready.card} و سپس کتاب {ready.book} را بنویسید؛ در صفحهٔ همگام‌سازی (Ctrl+F11) کلید Ctrl+R.
  ۴. در پنجرهٔ دوم هم Ctrl+F11 و Ctrl+R، سپس در میز امانت همان کارت: کتابِ کتابخانهٔ دیگر روی آن شمرده شده است.
  ۵. «وضع کتابخانه‌ها» در مرکز آخرین تماس هر دو را نشان می‌دهد. پایان: Ctrl+C
"""


# Without a display.


def checked(ready: Ready, pictures: Path | None = None) -> bool:
    """Lend at one library, let both synchronise over the line, and see it at the other; then take pictures."""
    keys, port = ready.folder / "keys", ready.address.rpartition(":")[2]
    command = [sys.executable, str(ROOT / "pishkhan.py"), "serve", "--database", ready.database, "--keys", str(keys)]
    with (
        (ready.folder / "serve.log").open("w") as log,
        subprocess.Popen([*command, "--port", port], stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        try:
            if server.stdout is None or not server.stdout.readline():
                say(f"the centre did not start: {log.name}")
                return False
            seen = _lent_and_seen(ready)
            if seen and pictures is not None:
                _take_pictures(ready, pictures)
        finally:
            server.terminate()
    say("a loan made at the first library is known at the second" if seen else "the loan did NOT arrive")
    return seen


def _take_pictures(ready: Ready, out: Path) -> None:
    """The windows of both libraries, and the pages of the centre where a browser is installed."""
    for half in HALVES:
        command = [sys.executable, "-m", "ui.reader_shot", "--data", str(ready.folder / half.folder)]
        subprocess.run([*command, "--card", ready.card, "--out", str(out)], cwd=ROOT, check=True)
    if shutil.which("chromium") and shutil.which("chromedriver"):
        from server.centre.web.shots import take_shots

        centre = open_centre(ready.database, ready.folder / "keys", SystemClock())
        with centre.store:
            for path in take_shots(centre, ready.address, out, "branches"):
                say(str(path))


def _lent_and_seen(ready: Ready) -> bool:
    with _both(ready.folder) as (first, second):
        lent = check_out(first, CheckoutRequest(ready.card, ready.book), first.act(first.person(None)))
        if not isinstance(lent, CheckedOut):
            say(f"not lent: {lent}")
            return False
        with line_of(first) as there, line_of(second) as here:
            synchronise(first, there)
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end:
                synchronise(second, here)
                if open_elsewhere(second, ready.card) == 1:
                    return True
                time.sleep(0.5)
    return False


def _a_book(library: Library) -> str:
    """The label of a copy on the shelf that goes out to anybody, and of which another stands there."""
    other = aliased(Item)
    twin = sa.exists().where(other.title_id == Item.title_id, other.id != Item.id, other.status == ItemStatus.AVAILABLE)
    with library.store.read() as reader:
        found = reader.connection.execute(
            sa.select(Item.barcode)
            .where(
                Item.status == ItemStatus.AVAILABLE, Item.item_type == "book", Item.on_minutes_id.is_(None), twin,
                Item.condition == Condition.GOOD, sa.cast(Item.flags, sa.Text()) == "[]",
            )
            .order_by(Item.accession_no)
            .limit(1)
        )  # fmt: skip
        return str(found.scalar_one())


def open_elsewhere(library: Library, card: str) -> int:
    """How many books a reader has from other libraries, as the centre told this one."""
    with library.store.read() as reader:
        found = reader.connection.execute(
            sa.select(MemberStanding.open_elsewhere)
            .join(MemberCard, MemberCard.member_id == MemberStanding.member_id)
            .where(MemberCard.number == card, MemberStanding.deleted_at.is_(None))
        )
        return found.scalar() or 0


def _has_display() -> bool:
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
