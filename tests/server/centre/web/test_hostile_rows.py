"""Every text that a library or an office wrote, in every column the pages show, is text there and nothing else."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from db.models.schema import METADATA
from tests.library import MORNING
from tests.server.centre.reviewed import Reviewed, license_libraries, reviewed
from tests.server.centre.web.world import World
from tests.server.centre.web.world import world as a_world

PAYLOAD = "\"'><svg/onload=alert(1)><script>alert(1)</script></title>{{7*7}}"
SHOWN = {
    "branch": ("name", "city", "grade"),
    "title": ("title", "main_creator", "edition", "publisher", "dewey"),
    "item": ("local_class", "volume_no"),
    "minutes": ("letter_no",),
    "minutes_row": ("remark", "struck_why", "permit_no"),
    "minutes_step": ("letter_no", "remark", "by"),
    "ruling": ("remark", "ruled_by", "letter_no"),
    "licensed_library": ("name", "licence_no"),
    "binding_request": ("outsourced_to",),
    "quarterly_report": ("letter_no", "answer"),
    "document": ("file_name", "media_type"),
    "device": ("app_version",),
    "union_title": ("title", "subtitle", "main_creator", "publisher", "edition"),
    "cataloguing_request": ("description",),
}
PAGES = (
    "/minutes?level=all", "/minutes/{worn}", "/minutes/{at_province}", "/minutes/{closed-اراک}", "/exchange",
    "/exchange/{package-اراک}", "/overview", "/overview/reports/{report}", "/archive", "/supervision", "/branches",
    "/branches/{arak}", "/branches/{arak}/packages", "/cases", "/union", "/union/duplicates?by=title", "/audit",
    "/accounts", "/publishing/libraries", "/minutes?county={payload}&library={arak}",
    "/archive?book={payload}&number={payload}",
    "/union?q={payload}", "/publishing/libraries?q={payload}", "/accounts?q={payload}",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Reviewed]]:
    """A centre whose libraries wrote nothing but markup."""
    with reviewed(tmp_path_factory.mktemp("libraries")) as made, a_world() as world:
        world.clock.now = MORNING
        made.tell(world.centre)
        license_libraries(world.centre)
        with world.centre.store._writer_engine.connect() as connection:
            connection.execute(sa.text("SET session_replication_role = replica"))
            for table, columns in SHOWN.items():
                values = dict.fromkeys(columns, PAYLOAD)
                connection.execute(sa.update(METADATA.tables[table]).values(values))
            connection.execute(sa.text("RESET session_replication_role"))
        yield world, made


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("user", ["admin", "county", "province"])
def test_what_libraries_wrote_is_text(hostile: tuple[World, Reviewed], user: str, path: str) -> None:
    world, made = hostile
    address = path.format(**made.ids, arak=made.arak.branch.id, payload="%22%27%3E%3Csvg/onload=alert(1)%3E")
    with world.client(user) as client:
        page = client.get(address)
    assert page.status_code in (200, 403, 404), page.text
    assert "<script" not in page.text
    assert "<svg/onload" not in page.text
    assert "</title>{{" not in page.text
    assert not re.search(r"""<(?:[^>"']|"[^"]*"|'[^']*')*\son\w+\s*=""", page.text)


def test_a_paper_of_a_hostile_kind_and_name_is_saved_and_no_more(hostile: tuple[World, Reviewed]) -> None:
    world, made = hostile
    with world.client("county") as client:
        page = client.get(f"/minutes/{made.ids['worn']}").text
        papers = set(re.findall(r'href="(/papers/[0-9a-f-]+)', page))
        answers = [client.get(path) for path in sorted(papers)]
    assert answers
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert not {'"><', "<", "\n"} & set(answer.headers["content-disposition"])
