"""Several desks at one PostgreSQL: what a role may is changed at one and holds at once at the other."""

import pytest

from app.actions import Action
from app.clock import SettableClock
from app.library import Library
from app.policy.toml_file import load_profile
from app.setup import found_in
from app.staff.service import PermissionSet, StaffForm, StaffSaved, add_person, set_permission
from db.codes import Role
from db.opening import open_server_library
from server.desk.session import Session
from tests.library import MORNING, SET_UP, act
from tests.postgres import cluster


@pytest.mark.parametrize(("action", "before"), [(Action.HOLD, True), (Action.ALERT, False)])
def test_a_permission_is_given_and_taken_for_every_desk(action: Action, *, before: bool) -> None:
    with cluster().database() as url, open_server_library(url) as store, open_server_library(url) as another:
        one = found_in(store, SET_UP, load_profile("public"), SettableClock(MORNING))
        assert isinstance(add_person(one, StaffForm("نو", Role.TRAINEE), act(one)), StaffSaved)
        two = Library(another, SettableClock(MORNING))
        trainee = two.person("نو")
        assert Session(two, trainee, 2).may(action) is before
        for allowed in (not before, before):
            assert isinstance(set_permission(one, Role.TRAINEE, action, allowed, act(one)), PermissionSet)
            assert Session(two, trainee, 2).may(action) is allowed
            assert (two.forbids(two.act(trainee), action) == ()) is allowed
