"""Several desks at one PostgreSQL: what a role may is changed at one and holds at once at the other."""

import pytest

from app.actions import Action
from app.staff.service import PermissionSet, StaffForm, StaffSaved, add_person, set_permission
from db.codes import Role
from server.desk.session import Session
from tests.library import act
from tests.shared import desks


@pytest.mark.parametrize(("action", "before"), [(Action.HOLD, True), (Action.ALERT, False)])
def test_a_permission_is_given_and_taken_for_every_desk(action: Action, *, before: bool) -> None:
    with desks() as (one, two):
        assert isinstance(add_person(one, StaffForm("نو", Role.TRAINEE), act(one)), StaffSaved)
        trainee = two.person("نو")
        assert Session(two, trainee, 2).may(action) is before
        for allowed in (not before, before):
            assert isinstance(set_permission(one, Role.TRAINEE, action, allowed, act(one)), PermissionSet)
            assert Session(two, trainee, 2).may(action) is allowed
            assert (two.forbids(two.act(trainee), action) == ()) is allowed
