"""What an answer at the desk lifts, and what it does not."""

import pytest

from app.actions import DEFAULTS, HEAD_OVERRIDES, LIBRARIAN_OVERRIDES, Action, overrides_of
from app.form import invalid, required
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, for_role, still_refused
from db.codes import Role

LIMIT = Refusal("limit.total", overridable=True)
LOST = Refusal("member.card_lost")
PARTS = Refusal("item.parts", weight=Weight.CONFIRM)
DEBT = Refusal("member.debt", weight=Weight.CONFIRM, overridable=True)


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    return [refusal.code for refusal in refusals]


def override(*lifted: str, reason: str = "اجازه داده شد") -> Answer:
    return Answer(frozenset(lifted), reason)


def confirm(*confirmed: str) -> Answer:
    return Answer(confirm=frozenset(confirmed))


@pytest.mark.parametrize(
    ("answer", "remaining"),
    [
        (NO_ANSWER, ["limit.total", "member.card_lost", "item.parts", "member.debt"]),
        (override("limit.total"), ["member.card_lost", "item.parts", "member.debt"]),
        (confirm("item.parts"), ["limit.total", "member.card_lost", "member.debt"]),
        (confirm("limit.total", "member.card_lost"), ["limit.total", "member.card_lost", "item.parts", "member.debt"]),
        (override("member.debt"), ["limit.total", "member.card_lost", "item.parts"]),
        (confirm("member.debt"), ["limit.total", "member.card_lost", "item.parts"]),
        (override("hold.limit"), ["limit.total", "member.card_lost", "item.parts", "member.debt"]),
    ],
)
def test_an_answer_lifts_what_it_names_and_may_lift(answer: Answer, remaining: list[str]) -> None:
    assert codes(still_refused((LIMIT, LOST, PARTS, DEBT), answer)) == remaining


def test_everything_lifted_is_no_refusal() -> None:
    answer = Answer(frozenset({"limit.total"}), "اجازه", frozenset({"item.parts"}))
    assert still_refused((LIMIT, PARTS), answer) == ()


def test_an_override_that_is_not_permitted_is_told_beside_what_stays() -> None:
    refused = still_refused((LIMIT, LOST, PARTS), override("limit.total", "member.card_lost", "item.parts"))
    assert codes(refused) == ["member.card_lost", "item.parts", "role.not_allowed"]
    assert refused[-1].facts == {"codes": ["item.parts", "member.card_lost"]}


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_an_override_without_a_reason_lifts_nothing(reason: str) -> None:
    refused = still_refused((LIMIT, PARTS), override("limit.total", reason=reason))
    assert codes(refused) == ["limit.total", "item.parts", "reason.required"]


def test_a_yes_needs_no_reason() -> None:
    assert still_refused((PARTS,), confirm("item.parts")) == ()


def test_nothing_refused_stays_nothing_whatever_is_answered() -> None:
    assert still_refused((), override("limit.total", reason="")) == ()


def test_the_refusals_that_this_person_may_lift_are_marked() -> None:
    marked = for_role((LIMIT, LOST), {"member.card_lost"})
    assert [refusal.overridable for refusal in marked] == [False, True]


# Who may


@pytest.mark.parametrize(
    ("role", "lifts"),
    [
        (Role.HEAD, HEAD_OVERRIDES),
        (Role.LIBRARIAN, LIBRARIAN_OVERRIDES),
        (Role.ASSISTANT, frozenset()),
        (Role.CATALOGUER, frozenset()),
        (Role.AUDITOR, frozenset()),
    ],
)
def test_each_role_lifts_its_own(role: Role, lifts: frozenset[str]) -> None:
    assert overrides_of(role, DEFAULTS[role]) == lifts


def test_the_head_lifts_more_than_a_librarian() -> None:
    assert LIBRARIAN_OVERRIDES < HEAD_OVERRIDES


def test_every_role_has_its_actions_and_the_head_all_of_them() -> None:
    assert set(DEFAULTS) == set(Role)
    assert DEFAULTS[Role.HEAD] == set(Action)


def test_nobody_lifts_what_keeps_weeded_books_in_the_house() -> None:
    """002 م7-4."""
    assert not {"item.on_weeding_minutes", "item.withdrawn"} & HEAD_OVERRIDES


# Forms


def test_every_empty_field_is_told() -> None:
    refused = [*required(title=" ", creator="سعدی"), *required(given_name=None), invalid("year", 9)]
    assert [(refusal.code, refusal.facts["field"]) for refusal in refused] == [
        ("field.required", "title"),
        ("field.required", "given_name"),
        ("field.invalid", "year"),
    ]
