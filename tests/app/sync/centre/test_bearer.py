"""The bearer of pulls: for an hour, for one device, for what it may read; nobody else can make one."""

import base64
import datetime as dt
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.centre import CentreKeys, make_keys
from app.sync.centre.bearer import PUSH, Bearer, make_bearer, open_bearer
from app.sync.enrolling import SCOPES
from app.sync.owners import Feed

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
DEVICE, BRANCH = uuid.uuid4(), uuid.uuid4()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> CentreKeys:
    return make_keys(tmp_path_factory.mktemp("keys"))


def test_it_stands_for_a_device_and_opens_its_feeds(keys: CentreKeys) -> None:
    token = make_bearer(keys, DEVICE, BRANCH, list(SCOPES), NOW)
    bearer = open_bearer(keys, token, NOW + dt.timedelta(minutes=59))
    assert bearer == Bearer(DEVICE, BRANCH, frozenset(SCOPES))
    assert bearer is not None
    assert all(bearer.opens(feed) for feed in Feed)
    assert PUSH in SCOPES


def test_it_opens_nothing_else(keys: CentreKeys) -> None:
    bearer = open_bearer(keys, make_bearer(keys, DEVICE, BRANCH, ["pull:policy"], NOW), NOW)
    assert bearer is not None
    assert [feed for feed in Feed if bearer.opens(feed)] == [Feed.POLICY]


def test_after_an_hour_it_has_run_out(keys: CentreKeys) -> None:
    token = make_bearer(keys, DEVICE, BRANCH, [], NOW)
    assert open_bearer(keys, token, NOW + dt.timedelta(hours=1, seconds=1)) is None


def test_that_of_another_centre_opens_nothing(keys: CentreKeys, tmp_path: Path) -> None:
    assert open_bearer(keys, make_bearer(make_keys(tmp_path), DEVICE, BRANCH, [], NOW), NOW) is None


def test_a_changed_bit_spoils_it(keys: CentreKeys) -> None:
    raw = base64.urlsafe_b64decode(make_bearer(keys, DEVICE, BRANCH, ["pull:bib"], NOW))
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        assert open_bearer(keys, base64.urlsafe_b64encode(bytes(changed)).decode(), NOW) is None


@given(st.text(max_size=600))
def test_any_other_text_opens_nothing(keys: CentreKeys, text: str) -> None:
    assert open_bearer(keys, text, NOW) is None
