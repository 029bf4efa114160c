"""The members and staff of the demo library: invented, and complete enough for every desk page."""

import re
from collections import Counter

from app.calendar.rules import Weekday
from app.members.identity import Reading, mobile, national_id
from app.persian import jalali
from app.policy.categories import PUBLIC
from app.setup import read_setup
from db.codes import CardState, RestrictionKind, Role
from tests.resources.reading import AGE_GROUPS, DEMO, REFERENCE_DAY, rows, several

MEMBERS = rows("members.csv")
STAFF = rows("staff.csv")

INVENTED_MOBILE = re.compile("09[0-9]{2}000[0-9]{4}")


def test_there_are_at_least_120_members_of_every_public_category() -> None:
    assert len(MEMBERS) >= 120
    assert {member["category"] for member in MEMBERS} == set(PUBLIC)


def test_national_ids_are_sound_of_the_district_and_each_given_once() -> None:
    ids = [member["national_id"] for member in MEMBERS]
    assert all(national_id(number) == Reading(number) for number in ids)
    assert {number[:3] for number in ids} == {"052", "053"}
    assert len(set(ids)) == len(ids)


def test_national_ids_and_mobile_numbers_show_that_they_are_invented() -> None:
    for member in MEMBERS:
        assert member["national_id"][3:9] == member["card"].removeprefix("M-"), member["card"]
        for number in filter(None, (member["mobile"], member["guardian_mobile"])):
            assert INVENTED_MOBILE.fullmatch(number), member["card"]
            assert mobile(number).fault is None, member["card"]


def test_no_card_number_is_used_twice() -> None:
    cards = [card for member in MEMBERS for card in (member["card"], member["previous_card"]) if card]
    assert all(re.fullmatch("M-[0-9]{6}", card) for card in cards)
    assert len(set(cards)) == len(cards)


def test_members_joined_after_their_birth_on_a_working_day_and_before_their_membership_ends() -> None:
    for member in MEMBERS:
        birth, joined, ends = (jalali.parse(member[name]) for name in ("birth_date", "joined_on", "expires_on"))
        assert birth is not None
        assert joined is not None
        assert ends is not None
        assert birth < joined < ends, member["card"]
        assert jalali.weekday_name(joined) != "جمعه", member["card"]
        assert member["joined_on"] <= REFERENCE_DAY, member["card"]


def test_a_few_memberships_have_run_out() -> None:
    assert 4 <= sum(member["expires_on"] < REFERENCE_DAY for member in MEMBERS) <= 12


def test_every_minor_has_a_guardian_who_is_reached_by_the_number_of_the_guardians_own_membership() -> None:
    by_card = {member["card"]: member for member in MEMBERS}
    minors = [member for member in MEMBERS if member["age_group"]]
    assert len(minors) >= 25
    for member in minors:
        guardian = by_card[member["guardian_card"]]
        assert member["guardian"] == f"{guardian['given_name']} {guardian['family_name']}", member["card"]
        assert member["guardian_mobile"] == guardian["mobile"] != "", member["card"]
        assert guardian["birth_date"] < member["birth_date"], member["card"]
        assert guardian["address"] == member["address"], member["card"]


def test_a_few_grown_ups_have_a_guarantor_of_the_same_house() -> None:
    by_card = {member["card"]: member for member in MEMBERS}
    vouched_for = [member for member in MEMBERS if member["guarantor_card"]]
    assert 2 <= len(vouched_for) <= 5
    for member in vouched_for:
        guarantor = by_card[member["guarantor_card"]]
        assert not member["age_group"], member["card"]
        assert guarantor["birth_date"] < member["birth_date"], member["card"]
        assert guarantor["family_name"] == member["family_name"] or guarantor["address"] == member["address"]


def test_age_groups_and_the_child_category_go_by_age() -> None:
    for member in MEMBERS:
        age = 1405 - int(member["birth_date"][:4])
        assert bool(member["age_group"]) == (age < 18), member["card"]
        assert member["age_group"] in AGE_GROUPS | {""}
        assert (member["category"] == "child") == (age <= 14), member["card"]


def test_families_share_a_surname() -> None:
    families = Counter(member["family_name"] for member in MEMBERS)
    assert sum(number >= 2 for number in families.values()) >= 25


def test_one_member_is_restricted_with_a_reason_and_one_has_lost_the_card() -> None:
    restricted = [member for member in MEMBERS if member["restriction_kind"]]
    lost = [member for member in MEMBERS if CardState(member["card_state"]) is CardState.LOST]
    assert (len(restricted), len(lost)) == (1, 1)
    assert RestrictionKind(restricted[0]["restriction_kind"]) is RestrictionKind.MANUAL
    assert restricted[0]["restriction_reason"]
    assert restricted[0]["restriction_until"] > REFERENCE_DAY


def test_activity_lies_between_0_and_100() -> None:
    assert all(0 <= int(member["activity"]) <= 100 for member in MEMBERS)


def test_the_set_up_file_founds_the_library_with_its_head_as_first_administrator() -> None:
    setup = read_setup(DEMO / "library.toml")
    heads = [person for person in STAFF if Role(person["role"]) is Role.HEAD]
    assert (setup.name, setup.city, setup.county) == ("کتابخانه عمومی شهید بهشتی", "آبگرم", "اراک")
    assert [f"{head['given_name']} {head['family_name']}" for head in heads] == [setup.admin_name]
    assert [head["pin"] for head in heads] == [setup.admin_pin]
    assert setup.passphrase is None


def test_the_staff_are_head_librarian_and_a_helper_at_the_end_of_the_week() -> None:
    assert [Role(person["role"]) for person in STAFF] == [Role.HEAD, Role.LIBRARIAN, Role.ASSISTANT]
    assert [Weekday(day) for day in several(STAFF[2]["works_on"])] == [Weekday.THURSDAY]
    assert all(re.fullmatch("[0-9]{6}", person["pin"]) and jalali.parse(person["since"]) for person in STAFF)
