"""Readers of two real libraries that synchronise with a served centre: what their pages are tested on.

Maryam is at home in Arak: one loan late, one not, a line she waits in, a debt, a past loan; in Tafresh she has a book
as a visitor. Zahra of Arak waits before her and has loans of her own. Tafresh has a reader with the card number of
Zahra.
"""

import atexit
import datetime as dt
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from app.circulation.holds.outcomes import Held
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.lateness import accrue_fines
from app.library import Library
from app.members.web_code import CodeGiven, give_web_code
from app.union.matching import adopt_new
from server.centre.asgi import make_app
from server.centre.web.sessions import ReaderSeat, begin_session
from tests import centres
from tests.app.conflicts.wired import Wired, wired
from tests.app.members.test_guests import guest
from tests.library import AMember, a_title, act, add_copy, add_member, lend, reopened, take_back
from tests.postgres import cluster, copy_of
from tests.server.centre.web.world import Client, World, served

ARAK, TAFRESH = "کتابخانهٔ اراک", "کتابخانهٔ تفرش"
NATIONAL_ID, OTHER_NATIONAL_ID = "0499370899", "0012345679"
TEMPLATE = "readers_world"
PASSWORD = "سیب سرخ و انار 42"
HOSTILE = "<script>alert(1)</script>"


@dataclass
class ReadersWorld(World):
    """The served centre, its libraries, and whatever the tests have to know by name."""

    net: Wired | None = None
    maryam: AMember | None = None
    zahra: AMember | None = None
    namesake: AMember | None = None
    codes: dict[str, CodeGiven] = field(default_factory=dict)
    ids: dict[str, uuid.UUID] = field(default_factory=dict)

    @property
    def arak(self) -> Library:
        """The library at home."""
        assert self.net is not None
        return self.net.libraries[ARAK]

    @property
    def tafresh(self) -> Library:
        """The other one."""
        assert self.net is not None
        return self.net.libraries[TAFRESH]

    def meet(self) -> None:
        """Everything goes where it belongs."""
        assert self.net is not None
        self.net.settle()
        while adopt_new(self.centre):
            pass

    def reader_token(self, member: AMember, library: Library) -> str:
        """The token of a session of a reader."""
        with self.centre.store.write() as tx:
            return begin_session(tx, self.centre.now(), ReaderSeat(member.id, library.branch.id))

    def as_reader(self, member: AMember | None = None, library: Library | None = None) -> Client:
        """A browser in which a reader is signed in: Maryam."""
        whose = member or self.maryam
        assert whose is not None
        client = Client(self)
        client.keep(self.reader_token(whose, library or self.arak))
        return client

    def give(self, library: Library, member: AMember) -> CodeGiven:
        """A code of the desk."""
        given = give_web_code(library, member.card, act(library))
        assert isinstance(given, CodeGiven), given
        return given


@dataclass(frozen=True, slots=True)
class Origin:
    """What is made once a run and copied for each world: closed libraries, a template database, what it is called."""

    folder: Path
    made: ReadersWorld
    now: dt.datetime


@cache
def origin() -> Origin:
    """Made once a run."""
    kept = Path(tempfile.mkdtemp(prefix="pishkhan-readers-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    with wired(kept / "made", ARAK, TAFRESH) as net:
        made = ReadersWorld(net.centre, net=net)
        _stock(made)
        made.meet()
        for library in net.libraries.values():
            library.store.close()
        net.centre.store.close()
        shutil.copytree(kept / "made", kept / "closed")
        with cluster().connect() as connection:
            source = urlsplit(net.centre.store.name).path[1:]
            connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE {source}".encode())
        return Origin(kept / "closed", made, made.clock.now)


@contextmanager
def readers_world(folder: Path) -> Iterator[ReadersWorld]:
    """Two libraries and a centre that have met, served."""
    known = origin()
    shutil.copytree(known.folder, folder, dirs_exist_ok=True)
    with ExitStack() as stack:
        url = stack.enter_context(cluster().database(copy_of(TEMPLATE)))
        centre = centres.reopened(url, known.now)
        stack.enter_context(centre.store)
        libraries = {name: reopened(folder / str(place), known.now) for place, name in enumerate((ARAK, TAFRESH))}
        for library in libraries.values():
            stack.enter_context(library.store)
        made = replace(known.made, centre=centre, net=Wired(centre, libraries), ids=dict(known.made.ids))
        made.url = stack.enter_context(served(make_app(centre)))
        yield made


def _stock(made: ReadersWorld) -> None:
    arak, tafresh = made.arak, made.tafresh
    books = {
        name: add_copy(arak, a_title(title), barcode=f"ARK-{place}")
        for place, (name, title) in enumerate(
            {
                "late": "کلیدر", "due": f"بوستان {HOSTILE}", "past": "سووشون", "zahras": "گلستان", "queue": "شاهنامه",
                "free": "تاریخ بیهقی",
            }.items()
        )
    }  # fmt: skip
    made.maryam = maryam = add_member(
        arak, given_name="مریم", family_name="رضایی", card="H-1", national_id=NATIONAL_ID, interests=("شعر",),
        keep_history=True,
    )  # fmt: skip
    made.zahra = zahra = add_member(
        arak, given_name="زهرا", family_name="زند", card="SAME-1", national_id=OTHER_NATIONAL_ID
    )
    made.namesake = add_member(tafresh, given_name="نرگس", family_name="کاوه", card="SAME-1")
    holder = add_member(arak, card="H-9")
    lend(arak, maryam, books["past"])
    take_back(arak, books["past"])
    made.ids["late"] = lend(arak, maryam, books["late"]).loan_id
    assert made.net is not None
    made.net.pass_days(10)
    made.ids["due"] = lend(arak, maryam, books["due"]).loan_id
    made.ids["zahras"] = lend(arak, zahra, books["zahras"]).loan_id
    lend(arak, holder, books["queue"])
    for name, member in (("zahras_hold", zahra), ("hold", maryam)):
        placed = place_hold(arak, PlaceRequest(member.number, books["queue"].title_id), act(arak))
        assert isinstance(placed, Held), placed
        made.ids[name] = placed.place.hold_id
    made.ids |= {"zahras_title": books["zahras"].title_id, "free_title": books["free"].title_id}
    made.ids["theirs_title"] = add_copy(tafresh, a_title("منطق‌الطیر"), barcode="TFR-2").title_id
    guest(tafresh, card="H-1", given_name="مریم", family_name="رضایی")
    visiting = lend(tafresh, AMember(uuid.uuid4(), "H-1", "H-1"), add_copy(tafresh, a_title("مثنوی"), barcode="TFR-1"))
    made.ids["there"] = visiting.loan_id
    made.net.pass_days(8)
    accrue_fines(arak, act(arak))
    made.codes = {"maryam": made.give(arak, maryam), "zahra": made.give(arak, zahra)}
    made.codes["namesake"] = made.give(tafresh, made.namesake)
