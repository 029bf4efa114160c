"""The way of a package, over every stage and step (002 م7-16 … م7-23؛ نمودار ۱، ۲)."""

from collections.abc import Iterator

import pytest

from app.exchange.stages import STAGES, TRANSITIONS, Stage, Step, Transition, Way, next_steps, step
from app.labels import EXCHANGE_STAGE, EXCHANGE_STEP
from app.refusal import Refusal
from db.codes import DisposalState, ExchangeLevel

# Written once more by hand, from the guideline: way, where it stands, what is done, what becomes of it, which article.
ALLOWED = """
exchange  packed             pack     packed             7-1
exchange  packed             unpack   cancelled          7-1
exchange  packed             hand     handed/county      نمودار ۱-۶
exchange  handed/county      announce announced/county   نمودار ۲-۲
exchange  announced/county   request  announced/county   7-17
exchange  announced/county   give     announced/county   7-16
exchange  announced/county   finish   finished/county    7-19
exchange  announced/county   send_on  handed/province    7-18
exchange  handed/province    announce announced/province 7-20
exchange  announced/province request  announced/province 7-20
exchange  announced/province give     announced/province 7-20
exchange  announced/province finish   finished/province  نمودار ۲-۸
exchange  announced/province store    finished/national  7-21
recycling packed             pack     packed             7-1
recycling packed             unpack   cancelled          7-1
recycling packed             hand     handed/county      نمودار ۲-۱
recycling handed/county      send_on  handed/province    7-23
recycling handed/county      redirect handed/county      10-3
recycling handed/province    redirect handed/province    10-3
recycling handed/province    recycle  handed             7-23
recycling handed             proceeds finished           10-2
"""
TABLE = {tuple(line.split(maxsplit=4)[:3]): line.split(maxsplit=4)[3:] for line in ALLOWED.strip().splitlines()}
EVERY_STAGE = [Stage(state, level) for state in DisposalState for level in (None, *ExchangeLevel)]


def every_case() -> Iterator[tuple[Way, Stage, Step]]:
    yield from ((way, stage, wanted) for way in Way for stage in EVERY_STAGE for wanted in Step)


@pytest.mark.parametrize("case", list(every_case()), ids=lambda case: f"{case[0]}-{case[1].key}-{case[2]}")
def test_what_the_guideline_does_not_name_is_refused(case: tuple[Way, Stage, Step]) -> None:
    way, stage, wanted = case
    told = step(way, stage, wanted)
    expected = TABLE.get((way.value, stage.key, wanted.value))
    if expected is None:
        assert isinstance(told, Refusal)
        assert told.rule
    else:
        assert isinstance(told, Transition)
        assert [told.becomes.key, told.article] == expected
    assert (wanted in next_steps(way, stage)) is (expected is not None)


def test_every_stage_is_reached_and_only_what_is_over_has_no_next_step() -> None:
    reached = {way: {Stage(DisposalState.PACKED)} for way in Way}
    for way in Way:
        while (
            more := {
                moved.becomes for (of, stage, _), moved in TRANSITIONS.items() if of is way and stage in reached[way]
            }
            - reached[way]
        ):
            reached[way] |= more
    assert reached[Way.EXCHANGE] | reached[Way.RECYCLING] == set(STAGES)
    ends = {stage for way in Way for stage in reached[way] if not next_steps(way, stage)}
    assert {stage.state for stage in ends} == {DisposalState.FINISHED, DisposalState.CANCELLED}


def test_stages_and_steps_have_words() -> None:
    assert set(EXCHANGE_STAGE) == {stage.key for stage in STAGES}
    assert list(EXCHANGE_STEP) == [str(one) for one in Step]


@pytest.mark.parametrize("wanted", [Step.ANNOUNCE, Step.REQUEST, Step.GIVE, Step.STORE])
def test_worn_copies_are_not_given_to_libraries(wanted: Step) -> None:
    told = step(Way.RECYCLING, Stage(DisposalState.HANDED, ExchangeLevel.COUNTY), wanted)
    assert isinstance(told, Refusal)
    assert (told.code, told.rule) == ("exchange.worn_to_recycling", "7-23")


@pytest.mark.parametrize("stage", STAGES)
def test_only_worn_copies_go_to_recycling(stage: Stage) -> None:
    told = step(Way.EXCHANGE, stage, Step.RECYCLE)
    assert isinstance(told, Refusal)
    assert (told.code, told.rule) == ("exchange.not_worn", "7-23")
