"""Several desks at one PostgreSQL: what a role may is changed at one and holds at once at the other, and a training
stands at both."""

import pytest

from app.actions import Action
from app.staff.people import everybody
from app.staff.service import PermissionSet, StaffForm, StaffSaved, add_person, set_permission
from app.staff.training import TrainingForm, TrainingRecorded, record_training, trainings, withdraw_training
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


def test_a_training_of_all_stands_at_every_desk_once() -> None:
    """002 م13-1."""
    with desks() as (one, two):
        assert isinstance(add_person(one, StaffForm("نو", Role.TRAINEE), act(one)), StaffSaved)
        with two.store.read() as reader:
            people = [person.id for person in everybody(reader)]
        form = TrainingForm("صحافی پایه", hours=16, organiser="استان")
        first = record_training(one, people, form, act(one))
        again = record_training(two, people, form, act(two))
        assert isinstance(first, TrainingRecorded)
        assert isinstance(again, TrainingRecorded)
        assert (again.already, again.training_ids) == (True, first.training_ids)
        withdraw_training(two, first.training_ids[0], act(two))
        with one.store.read() as reader:
            assert [training.id for training in trainings(reader)] == [first.training_ids[1]]
