"""A centre with people and libraries, served over a real socket: two provinces, three branches, one of each role.

Made once a run as a template database and copied for each test.
"""

import contextlib
import datetime as dt
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pyotp
import sqlalchemy as sa
import uvicorn
from starlette.applications import Starlette
from uuid_utils.compat import uuid7

from app.centre import Centre, open_centre
from app.clock import SettableClock
from app.review.accounts import AccountForm, open_account
from app.review.passwords import hash_password
from app.review.second_factor import seal
from db.changes import full_row
from db.codes import BranchKind, Role
from db.models.base import Base
from db.models.centre import Reviewer
from db.models.library import Branch
from server.centre.asgi import make_app
from server.centre.web.app import web_routes
from server.centre.web.security import CSRF_FIELD, Guarded
from server.centre.web.sessions import begin_session, find_session, strengthen
from tests.centres import NOW, centre_url, keys_folder, reopened
from tests.postgres import cluster, copy_of

PASSWORD = "سیب سرخ و انار 42"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TEMPLATE = "web_world"
MARKAZI, YAZD = "مرکزی", "یزد"
LIBRARIES = {"arak": (MARKAZI, "اراک"), "saveh": (MARKAZI, "ساوه"), "yazd": (YAZD, "یزد")}
NAMES = {"arak": "کتابخانهٔ شهید بهشتی اراک", "saveh": "کتابخانهٔ سلمان ساوجی", "yazd": "کتابخانهٔ وزیری یزد"}


@dataclass(frozen=True, slots=True)
class APerson:
    """Somebody who signs in: user name, role and scope."""

    user_name: str
    name: str
    role: Role
    province: str = ""
    county: str = ""
    guarded: bool = True


PEOPLE = (
    APerson("admin", "لیلا صادقی", Role.ADMINISTRATOR),
    APerson("admin.markazi", "کاوه نوری", Role.ADMINISTRATOR, MARKAZI),
    APerson("county", "مینا اکبری", Role.COUNTY_HEAD, MARKAZI, "اراک"),
    APerson("province", "حمید رضایی", Role.PROVINCE_REVIEWER, MARKAZI),
    APerson("office", "پریسا کیانی", Role.RESOURCES_OFFICE),
    APerson("affairs", "نادر شریفی", Role.LIBRARY_AFFAIRS, MARKAZI, guarded=False),
    APerson("senior", "شیرین جعفری", Role.SENIOR_CATALOGUER, guarded=False),
    APerson("cataloguer", "بهرام یوسفی", Role.CATALOGUER, MARKAZI, guarded=False),
    APerson("auditor", "مریم کاظمی", Role.AUDITOR, guarded=False),
    APerson("yazd", "سهراب دشتی", Role.PROVINCE_REVIEWER, YAZD),
)


@dataclass
class World:
    """An open centre, its people and libraries, and where it is served."""

    centre: Centre
    url: str = ""
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    branches: dict[str, uuid.UUID] = field(default_factory=dict)

    @property
    def clock(self) -> SettableClock:
        """The clock of the centre."""
        assert isinstance(self.centre.clock, SettableClock)
        return self.centre.clock

    def put(self, branch: str | uuid.UUID, model: type[Base], /, **values: Any) -> uuid.UUID:
        """A row of a branch as if it had come by the sync; its id."""
        branch_id = self.branches[branch] if isinstance(branch, str) else branch
        row = full_row(model, branch_id, values)
        with self.centre.store.write() as tx:
            tx.connection.execute(sa.insert(model).values(row))
        row_id: uuid.UUID = row["id"]
        return row_id

    def code(self, steps: int = 0) -> str:
        """The code an authenticator app shows now, or some steps later."""
        return pyotp.TOTP(SECRET).at(int(self.centre.now().timestamp()) + 30 * steps)

    def token(self, user_name: str, *, strong: bool = True) -> str:
        """The token of a session of somebody, as after signing in."""
        now, reviewer = self.centre.now(), self.people[user_name]
        guarded = next(person.guarded for person in PEOPLE if person.user_name == user_name)
        with self.centre.store.write() as tx:
            token = begin_session(tx, now, reviewer)
            if not strong or not guarded:
                return token
            session = find_session(tx, token, now)
            assert session is not None
            return strengthen(tx, session, now)[0]

    def client(self, user_name: str | None = None, *, strong: bool = True) -> "Client":
        """A browser of the plainest kind, signed in as somebody."""
        client = Client(self)
        if user_name is not None:
            client.keep(self.token(user_name, strong=strong))
        return client


@dataclass
class Client:
    """Sends requests as a browser would; forms carry the token of the page that shows them."""

    world: World
    http: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx2.Client(base_url=self.world.url, timeout=30, verify=False)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """A page."""
        return self.http.get(path, **options)

    def keep(self, token: str) -> None:
        """Hold the token of a session."""
        self.http.cookies.set("pishkhan-session", token, domain="127.0.0.1")

    @property
    def token(self) -> str | None:
        """The token of the session it holds."""
        return self.http.cookies.get("pishkhan-session")

    def csrf(self, path: str) -> str:
        """The token in the forms of a page."""
        text = self.get(path).text
        _, found, rest = text.partition(f'name="{CSRF_FIELD}" value="')
        assert found, text
        return rest.partition('"')[0]

    def post(self, path: str, fields: dict[str, Any] | None = None, *, of: str | None = None, **headers: str) -> Any:
        """Send the form of page `of` (the path itself by default)."""
        sent = {CSRF_FIELD: self.csrf(of or path)} | (fields or {})
        return self.http.post(path, data=sent, headers={"Origin": self.world.url} | headers)


@cache
def template() -> str:
    """The database of the world, made once a run."""
    with centre_url() as url:
        centre = open_centre(url, keys_folder(), SettableClock(NOW))
        with centre.store:
            _settle(World(centre))
        with cluster().connect() as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE {urlsplit(url).path[1:]}".encode())
    return TEMPLATE


def _settle(world: World) -> None:
    """Libraries and people, journalled as the program does it."""
    for key, (province, county) in LIBRARIES.items():
        branch_id = uuid7()
        world.put(
            branch_id, Branch, id=branch_id, name=NAMES[key], province=province, county=county, city=county,
            kind=BranchKind.INSTITUTIONAL,
        )  # fmt: skip
    centre, password_hash = world.centre, hash_password(PASSWORD)
    for person in PEOPLE:
        form = AccountForm(person.user_name, person.name, person.role, person.province, person.county)
        with centre.write() as tx:
            account_id = open_account(tx, form, password_hash, centre.act(uuid7(), Role.ADMINISTRATOR))
            sealed = seal(centre.keys, account_id, SECRET) if person.guarded else None
            tx.connection.execute(
                sa.update(Reviewer).where(Reviewer.id == account_id).values(must_change=False, totp=sealed)
            )


@contextlib.contextmanager
def opened_world() -> Iterator[World]:
    """A copy of the world that nobody serves."""
    with cluster().database(copy_of(template())) as url:
        centre = reopened(url)
        made = World(centre)
        with centre.store.read() as reader:
            found = reader.connection.execute(sa.select(Reviewer.user_name, Reviewer.id))
            made.people = {row.user_name: row.id for row in found}
            rows = reader.connection.execute(sa.select(Branch.name, Branch.branch_id)).all()
            made.branches = {key: row.branch_id for key, name in NAMES.items() for row in rows if row.name == name}
        with centre.store:
            yield made


@contextlib.contextmanager
def world(guarded: Guarded | None = None) -> Iterator[World]:
    """A copy of the world, served."""
    with opened_world() as made:
        app = Starlette(routes=web_routes(made.centre, guarded)) if guarded else make_app(made.centre)
        with served(app) as made.url:
            yield made


@contextlib.contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application on a port of this computer, in a thread; its address."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.005)
    try:
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True  # the thread takes a fifth of a second to end, and nobody asks it any more


def later(world: World, **passed: float) -> None:
    """Let time pass."""
    world.clock.now += dt.timedelta(**passed)
