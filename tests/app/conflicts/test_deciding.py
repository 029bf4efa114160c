"""What the centre decides itself."""

import uuid

import pytest
import sqlalchemy as sa

from app.conflicts.choices import Choice
from app.conflicts.deciding import DecidedHere, decide_at_centre, told_at_centre
from app.outcome import NotFound, Refused
from app.policy.categories import VISITOR
from db.codes import CaseKind, CaseState
from db.models.centre import Redirect, SyncCase
from db.models.sync import Device
from tests.app.conflicts.network import ARAK, SAVEH, TAFRESH, Network
from tests.app.conflicts.test_projecting import CENTRE, NID, enrolled, history, persons


def decide(net: Network, case_id: uuid.UUID, choice: str) -> object:
    return decide_at_centre(net.centre, case_id, choice, "علی محمدی", net.act())


def twice(net: Network) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    members = [net.member(ARAK, "A-1", national_id=NID), net.member(TAFRESH, "T-1", national_id=NID)]
    net.project()
    (case,) = net.cases(CENTRE, CaseKind.MEMBER_TWICE)
    older, younger = sorted(members)
    return older, younger, case.id


class TestMemberTwice:
    def test_one_person_has_one_home_and_nothing_is_rewritten(self, net: Network) -> None:
        older, younger, case_id = twice(net)
        assert net.standing(younger).home
        assert decide(net, case_id, "same_person") == DecidedHere(case_id, Choice.SAME_PERSON)
        (redirect,) = net.rows(Redirect)
        assert (redirect.entity, redirect.old_id, redirect.new_id) == ("member", younger, older)
        assert (net.standing(older).home, net.standing(younger).home) == (True, False)
        decided = net.row(SyncCase, case_id)
        assert (decided.state, decided.decided_by) == (CaseState.DECIDED, "علی محمدی")
        net.project()
        assert net.cases(CENTRE, CaseKind.MEMBER_TWICE) == []

    def test_two_people_are_matched_no_more_and_it_is_not_asked_again(self, net: Network) -> None:
        older, younger, case_id = twice(net)
        decide(net, case_id, "two_people")
        assert persons(net) == []
        assert net.standing(older) is None
        net.change_name(younger)
        net.project()
        assert persons(net) == []
        assert net.cases(CENTRE, CaseKind.MEMBER_TWICE) == []

    def test_a_visitor_of_one_of_them_stays_theirs(self, net: Network) -> None:
        *_, case_id = twice(net)
        guest = net.member(SAVEH, "A-1", VISITOR)
        decide(net, case_id, "two_people")
        net.project()
        assert [guest in person for person in persons(net)] == [True]

    def test_a_decision_is_taken_once(self, net: Network) -> None:
        *_, case_id = twice(net)
        decide(net, case_id, "same_person")
        assert decide(net, case_id, "same_person") == DecidedHere(case_id, Choice.SAME_PERSON, already=True)
        refused = decide(net, case_id, "two_people")
        assert isinstance(refused, Refused)
        assert [refusal.code for refusal in refused.refusals] == ["case.over"]
        assert len(net.rows(Redirect)) == 1

    def test_what_is_no_choice_and_what_is_no_case(self, net: Network) -> None:
        *_, case_id = twice(net)
        refused = decide(net, case_id, "fly")
        assert isinstance(refused, Refused)
        assert [refusal.code for refusal in refused.refusals] == ["case.choice"]
        assert isinstance(decide(net, uuid.uuid4(), "seen"), NotFound)

    def test_the_words_are_those_of_the_branches(self, net: Network) -> None:
        *_, case_id = twice(net)
        with net.centre.store.read() as reader:
            told = told_at_centre(reader, net.row(SyncCase, case_id))
        assert {story.whose for story in told.stories} == {ARAK, TAFRESH}


@pytest.mark.parametrize("same_fingerprint", [True, False])
def test_a_machine_that_is_retired_is_believed_no_longer(net: Network, same_fingerprint: bool) -> None:
    devices = [enrolled(net, ARAK, "fp-1")]
    if same_fingerprint:
        devices.append(enrolled(net, ARAK, "fp-1"))
    else:
        history(net, ARAK, devices[0], 1, 0, 30)
        history(net, ARAK, devices[0], 2, 10, 40)
    net.project()
    (case,) = net.cases(CENTRE, CaseKind.TWO_MACHINES)
    assert isinstance(decide(net, case.id, "retire"), DecidedHere)
    with net.centre.store.read() as reader:
        states = reader.connection.execute(sa.select(Device.state).where(Device.id.in_(devices))).scalars().all()
    assert sorted(states) == (["active", "revoked"] if same_fingerprint else ["revoked"])
