"""How a page of the centre is made. Read this before you write one.

A page is a function that gets a `Visit` and returns a response, and a row of data that says where it lies and who may
come::

    PAGES = (
        Page("/minutes", "GET", queue, who=REVIEWERS, nav=Nav("صورتجلسه‌ها", "list-check")),
        Page("/minutes/{minutes}", "GET", one_minutes, who=REVIEWERS),
        Page("/minutes/{minutes}/answer", "POST", answer, who=RULING, strong=True),
    )

    def queue(visit: Visit) -> Response:
        with visit.read() as reader:                       # bound to the branches of the person's scope
            rows = queue_rows(reader, visit.scope, since=visit.day("since"))
        return visit.render("queue.html", rows=rows)       # templates/queue.html, see below

    def answer(visit: Visit) -> Response:
        outcome = answer_minutes(visit.centre, visit.person, visit.id("minutes"), ..., visit.act())
        if isinstance(outcome, NotFound):
            return visit.missing()
        if isinstance(outcome, Refused):                   # the page again, with every reason at its top
            return visit.render("answer.html", status=422, refused=outcome.refusals, ...)
        return visit.redirect("/minutes", told="پاسخ فرستاده شد.")

The table is named in `server.centre.web.app.TABLES`; nothing else is to be done. Functions are synchronous and run in
the thread pool. `who` is a set of roles, or a `Door`: ANYBODY, REVIEWER (every signed-in office), MEMBER (a reader:
then `visit.reader` says who). Whoever may not come gets a page that says so, whoever is not signed in the sign-in page.
`strong=True` asks for the second factor again when it was given more than a quarter of an hour ago; what was written
into the form is kept meanwhile. POST has been checked for its origin and its token before the function runs.

Reading what was sent: `visit.text(name)` (one clean line), `visit.long_text`, `visit.texts` (ticked boxes),
`visit.number`, `visit.day` (a Jalali date as typed), `visit.uuids`, `visit.id(name)` (of the path; no such page when it
is none), `visit.upload(name)` (a file, where the page takes some: `uploads=…`), `visit.page_no`. On GET they read the
query, on POST the form.

Templates extend `base.html` and fill the blocks `title`, `actions` (buttons beside the title) and `main`. Macros::

    {% from "forms.html" import form, field, choose, tick, submit, csrf with context %}
    {% from "parts.html" import icon, badge, empty, pager, note, stat, facts %}
    {% from "charts.html" import bars, columns %}

    {% call form("/minutes/" ~ minutes.id ~ "/answer") %}      {# POST, with the token in it #}
      {{ field("letter_no", "شمارهٔ نامه", value) }}
      {{ submit("فرستادن پاسخ") }}
    {% endcall %}

Everything is escaped; filters make it Persian: `n|number` (grouped), `n|plain` (ungrouped digits), `text|fa` (digits
in a text), `date|day` («۹ دی ۱۴۰۵»), `date|short`, `at|moment` («۹ دی ۱۴۰۵، ۱۰:۲۴», Tehran), `at|ago(now)`,
`value|label` (words of any coded value of db.codes), `part|percent(whole)`. A text that runs from left to right (a
code, a barcode, the number of a letter) stands in `<bdi dir="ltr">`. Tables stand in `<div class="scroll">`; for phones
give `<table class="cards">` and every `<td data-label="heading">`. No style or script attributes: the policy of the
pages forbids them, and a test looks. Pages of reviewers never show readers.

Pictures: `SHOTS = (Shot("queue", "/minutes", user="province"), …)` beside PAGES, named in `server.centre.web.shots`.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.centre import Centre
from app.persian.text import clean
from app.refusal import Refusal
from app.review.scopes import ReviewerFacts, branches_in_scope
from db.act import Act
from db.codes import Role
from db.isolation import DbRole, Scope
from db.reading import Reader
from server.centre.web.asked import LONGEST_TEXT, Asked, MissingError, Reading
from server.centre.web.layout import Layout, Told
from server.centre.web.security import entry_token
from server.centre.web.sessions import ReaderSeat, Session

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

SEE_OTHER = 303
NOBODY = uuid.UUID(int=0)


class Door(StrEnum):
    """Who may come, where it is not a set of roles."""

    ANYBODY = "anybody"
    ENTERING = "entering"
    """An office whose password was right; the second factor or a new password may still be missing."""
    REVIEWER = "reviewer"
    MEMBER = "member"


RULING = frozenset({Role.COUNTY_HEAD, Role.PROVINCE_REVIEWER, Role.RESOURCES_OFFICE})
"""Who may answer minutes, each at their level."""
REVIEWERS = RULING | {Role.LIBRARY_AFFAIRS, Role.AUDITOR, Role.ADMINISTRATOR}
"""Who may look at what libraries sent."""
CATALOGUERS = frozenset({Role.SENIOR_CATALOGUER, Role.CATALOGUER, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
AUDITORS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})

Who: TypeAlias = frozenset[Role] | Door


@dataclass(frozen=True, slots=True)
class Nav:
    """Where a page stands in the navigation; `icon` is a file of resources/icons."""

    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a deed: where it lies, who may come, what is done."""

    path: str
    method: str
    handler: "Callable[[Visit], Response]"
    who: Who
    strong: bool = False
    nav: Nav | None = None
    costly: bool = False
    """Computes for long (a password, a large file): few of these run at once."""
    uploads: int = 0
    """How many bytes the files of its form may have in all; 0: it takes none. Never together with `strong`: a form with
    a file cannot be kept until the second factor is given."""

    @property
    def for_members(self) -> bool:
        """Whether readers come here, not offices."""
        return self.who is Door.MEMBER

    def lets(self, role: Role) -> bool:
        """Whether an office of this role may come."""
        return role in self.who if isinstance(self.who, frozenset) else not self.for_members


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a page: its name, where it lies (or how to find that out), and which demo account looks; without one
    nobody is signed in. `steps` are done in the browser (selenium's driver) before the picture."""

    name: str
    path: "str | Callable[[Centre], str]"
    user: str | None = None
    steps: "Callable[[Chrome], None] | None" = None


@dataclass
class Visit(Reading):
    """One request of one person, after all checks."""

    centre: Centre
    layout: Layout
    page: Page
    asked: Asked
    session: Session | None = None
    signed: ReviewerFacts | None = None
    reader: ReaderSeat | None = None
    entered: bool = False
    """Whether nothing of the sign-in is missing: neither second factor nor a password of one's own."""
    told: Told | None = None
    """What the page before wanted said."""
    entry: str = ""
    """What the browser is known by before anybody has signed in."""
    cookies: list[Callable[[Response], None]] = field(default_factory=list)

    @property
    def person(self) -> ReviewerFacts:
        """The office that is signed in; only on pages whose `who` is not ANYBODY or MEMBER."""
        if self.signed is None:
            raise MissingError
        return self.signed

    @cached_property
    def scope(self) -> tuple[uuid.UUID, ...]:
        """The branches this person may see; a reader sees their own."""
        if self.reader is not None:
            return (self.reader.branch_id,)
        if self.signed is None:
            return ()
        with self.centre.store.read() as reader:
            return branches_in_scope(reader, self.signed)

    def sees(self, branch_id: uuid.UUID) -> bool:
        """Whether a branch is in scope."""
        return branch_id in self.scope

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A consistent view of the rows in scope; the database itself shows no others."""
        role = DbRole.MEMBER if self.reader is not None else DbRole.REVIEW
        with self.centre.store.read(Scope(role, self.scope)) as reader:
            yield reader

    def act(self, key: str | None = None) -> Act:
        """An act of whoever is signed in, now."""
        return self.centre.act(self.person.id, self.person.role, key)

    @property
    def now(self) -> dt.datetime:
        """The moment it is."""
        return self.centre.now()

    @property
    def csrf(self) -> str:
        """The token that every form of this person carries."""
        return self.session.csrf if self.session else entry_token(self.layout.secret, self.entry)

    def render(self, template: str, status: int = 200, refused: Sequence[Refusal] = (), **facts: object) -> Response:
        """The page of a template. `refused` is said at its top, every reason with its way out."""
        html = self.layout.render(template, self._facts(), refused, facts)
        return HTMLResponse(html, status)

    def redirect(self, path: str, told: str | None = None, tone: str = "ok") -> Response:
        """Go there (a path of ours); `told` is said at the top of the page that comes then."""
        if not path.startswith("/") or path.startswith(("//", "/\\")):
            path = "/"
        if told is not None:
            self.flash(told, tone)
        return RedirectResponse(path, SEE_OTHER)

    def flash(self, words: str, tone: str = "ok") -> None:
        """Say something at the top of the next page: tone ok, info, warn or refuse."""
        told = Told(tone, clean(words, LONGEST_TEXT))
        self.cookies.append(self.layout.keep_told(told, secure=self.asked.secure))

    def missing(self) -> Response:
        """There is no such thing, or not for this person: nobody learns which."""
        raise MissingError

    def _facts(self) -> dict[str, object]:
        nav = self.layout.navigation(self.signed, self.reader) if self.entered else []
        return {
            "visit": self, "person": self.signed, "reader": self.reader, "csrf_token": self.csrf, "told": self.told,
            "nav": nav, "here": self.asked.path, "now": self.now,
        }  # fmt: skip
