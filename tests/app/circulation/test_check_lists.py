"""Koha's lists line by line: every line is provoked by facts and comes in the class that stands beside it."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.circulation.notes import checkout_notes
from app.circulation.renewal import renewal_refusals
from app.circulation.rules import checkout_refusals
from app.wording import NOTES, note_words
from db.codes import AlertWeight, CardState, Channel, HoldState, ItemFlag, ItemStatus, MemberState
from tests.app.circulation import check_lists
from tests.app.circulation.facts import (
    COPY,
    OTHER,
    alert,
    ban,
    checkout,
    days,
    hold,
    item,
    loan,
    member,
    renewal,
    standing,
    terms,
)
from tests.persian_words import faults

OTHERS = loan(member_id=OTHER)
LIMITED = terms(debt_limit=50_000)

PROVOKED: Mapping[str, dict[str, Any]] = {
    "INVALID_DATE": {"due_on": days(-1), "hand_set_due": True},
    "GNA": {"member": member(address_unknown=True)},
    "CARD_LOST": {"member": member(card_state=CardState.LOST)},
    "USERBLOCKEDNOENDDATE": {"bans": (ban(),)},
    "USERBLOCKEDWITHENDDATE": {"bans": (ban(days(3)),)},
    "EXPIRED": {"member": member(expires_on=days(-1))},
    "DEBT": {"standing": standing(debt=50_001), "terms": LIMITED},
    "DEBT, AllFinesNeedOverride": {"standing": standing(debt=1), "terms": terms(ask_on_any_debt=True)},
    "DEBT_GUARANTEES": {"standing": standing(family_debt=50_001), "terms": LIMITED},
    "DEBT_GUARANTORS": {"standing": standing(family_debt=50_001), "terms": LIMITED},
    "OTHER_CHARGES": {"standing": standing(debt=20_000), "terms": LIMITED},
    "USERBLOCKEDOVERDUE, block": {"standing": standing(overdue=1)},
    "USERBLOCKEDOVERDUE, confirmation": {"standing": standing(overdue=1), "terms": terms(overdues_block="confirm")},
    "USERBLOCKEDOVERDUE, noblock": {"standing": standing(overdue=1), "terms": terms(overdues_block="no")},
    "ADDITIONAL_MATERIALS": {"item": item(flags=[ItemFlag.PARTS], parts="لوح")},
    "ONSITE_CHECKOUT_WILL_BE_SWITCHED": {"from_hall": loan(channel=Channel.ONSITE)},
    "RETURN_IMPOSSIBLE": {
        "loan": OTHERS, "item": item(status=ItemStatus.LOST),
        "terms": terms(return_of_lost="block", on_other_card="return_then_lend"),
    },
    "RETURNED_FROM_ANOTHER": {"loan": OTHERS, "terms": terms(on_other_card="return_then_lend")},
    "ISSUED_TO_ANOTHER": {"loan": OTHERS},
    "PATRON_CANT": {"terms": terms(loanable="no")},
    "TOO_MANY_CHECKOUTS": {"standing": standing(loans=1), "terms": terms(max_loans_all_types=1)},
    "TOO_MANY, of one type": {"standing": standing(loans=1, loans_of_type=1), "terms": terms(max_loans=1)},
    "TOO_MANY_ONSITE_CHECKOUTS": {
        "standing": standing(onsite=1), "terms": terms(max_onsite=1), "channel": Channel.ONSITE,
    },
    "NO_RULE_DEFINED": {"due_on": None},
    "PREVISSUE": {"read_before": True, "terms": terms(read_before="confirm")},
    "BIBLIO_ALREADY_ISSUED, CURRENTISSUE": {"has_title": True, "terms": terms(second_copy="confirm")},
    "NOT_FOR_LOAN": {"item": item(flags=[ItemFlag.NOT_FOR_LOAN])},
    "NOT_FOR_LOAN_FORCING": {"terms": terms(loanable="onsite"), "overnight": True},
    "WTHDRAWN": {"item": item(status=ItemStatus.WEEDED_WORN)},
    "ITEM_LOST, confirm": {"item": item(status=ItemStatus.LOST)},
    "ITEM_LOST, alert": {"item": item(status=ItemStatus.LOST), "terms": terms(lost_item="alert")},
    "RESERVE_WAITING": {"holds": (hold(state=HoldState.WAITING, item_id=COPY),)},
    "RESERVED": {"holds": (hold(),)},
    "TRANSFERRED": {"item": item(status=ItemStatus.IN_TRANSIT)},
    "PROCESSING": {"item": item(status=ItemStatus.IN_PROCESSING)},
    "AGE_RESTRICTION": {"member": member(birth_date=days(-3_000)), "item": item(min_age=12)},
    "HIGHHOLDS": {"cut_by_queue": True},
    "SLiMS: pending membership": {"member": member(state=MemberState.PENDING)},
    "000 §3-1-3: those who have settled are members no more": {"member": member(state=MemberState.CLEARED)},
    "SAMAN: up to five for each national id": {
        "standing": standing(loans=5, loans_of_person=5), "terms": terms(max_items_per_national_id=5),
    },
    "Koha ReturnClaims: said to be returned": {"loan": loan(member_id=OTHER, claimed_returned_on=days(-1))},
    "Evergreen COPY_ALERT_MESSAGE": {"alerts": (alert(of_item=True, weight=AlertWeight.CONFIRM),)},
    "Evergreen patron note-dialog": {"alerts": (alert(weight=AlertWeight.CONFIRM),)},
    "Evergreen NEGATIVE_PATRON_BALANCE": {"standing": standing(debt=-5_000)},
    "FOLIO: note of a patron": {"alerts": (alert(),)},
    "004 ب-1: by age group": {"member": member(age_group="ب"), "item": item(age_group="ج")},
    "003 م8: the age is not known": {"item": item(min_age=12)},
    "SAMAN: membership ends within 14 days": {"member": member(expires_on=days(14)), "due_on": days(3)},
    "001: wrong telephone lists": {"member": member(contact_doubtful=True)},
    "002 م7-4: on weeding minutes": {"item": item(on_minutes_id=COPY)},
    "002 م13-11: at the bindery": {"item": item(status=ItemStatus.IN_BINDING)},
    "002 م8-6: of unknown fate": {"item": item(status=ItemStatus.UNKNOWN)},
    "002 م8-6: missing": {"item": item(status=ItemStatus.MISSING)},
    "000 §3-1-2: replaced in kind": {"item": item(status=ItemStatus.REPLACED)},
}  # fmt: skip
LINES = [(koha, code, weight) for koha, _, code, weight in check_lists.CHECKOUT] + list(check_lists.ADDED)


def told(**facts: Any) -> list[tuple[str, str]]:
    """Everything a loan on these facts refuses or asks; where nothing does, what it warns of or mentions."""
    found = checkout(**facts)
    refusals = [(refusal.code, refusal.weight.value) for refusal in checkout_refusals(found)]
    return refusals or [(note.code, note.weight.value) for note in checkout_notes(found)]


@pytest.mark.parametrize(("source", "code", "weight"), LINES, ids=[line[0] for line in LINES])
def test_a_line_of_the_checkout_lists_comes_in_its_class(source: str, code: str, weight: str) -> None:
    assert told(**PROVOKED[source]) == [(code, weight)]


def test_a_sound_loan_is_told_nothing() -> None:
    assert told() == []


def test_the_list_is_whole() -> None:
    """Every line of CanBookBeIssued stands in the table, or among those that cannot arise here with the reason."""
    ours = {line for koha, *_ in check_lists.CHECKOUT for line in koha.split(", ")}
    elsewhere = {line for koha in check_lists.NOT_HERE for line in koha.split(", ")}
    koha = set(
        "UNKNOWN_BARCODE INVALID_DATE STATS GNA CARD_LOST USERBLOCKEDNOENDDATE USERBLOCKEDWITHENDDATE EXPIRED DEBT "
        "DEBT_GUARANTEES DEBT_GUARANTORS OTHER_CHARGES USERBLOCKEDOVERDUE ADDITIONAL_MATERIALS "
        "ONSITE_CHECKOUT_WILL_BE_SWITCHED NO_RENEWAL_FOR_ONSITE_CHECKOUTS NO_MORE_RENEWALS RENEW_ISSUE "
        "RETURN_IMPOSSIBLE RETURNED_FROM_ANOTHER ISSUED_TO_ANOTHER PATRON_CANT TOO_MANY_CHECKOUTS "
        "TOO_MANY_ONSITE_CHECKOUTS NO_RULE_DEFINED CURRENTISSUE PREVISSUE NOT_FOR_LOAN NOT_FOR_LOAN_FORCING WTHDRAWN "
        "RESTRICTED ITEM_LOST ITEMNOTSAMEBRANCH BORRNOTSAMEBRANCH RENTALCHARGE RECALLED RESERVE_WAITING RESERVED "
        "TRANSFERRED PROCESSING BOOKED AGE_RESTRICTION HIGHHOLDS BIBLIO_ALREADY_ISSUED".split()
    )
    assert koha - ours - elsewhere == set()
    assert not ours & elsewhere


RENEWALS: Mapping[str, dict[str, Any]] = {
    "onsite_checkout": {"loan": loan(channel=Channel.ONSITE)},
    "item_denied_renewal": {"item": item(renewable=False)},
    "too_many": {"terms": terms(max_renewals=0)},
    "too_unseen": {"terms": terms(max_unseen=0), "unseen": True},
    "restriction": {"bans": (ban(),)},
    "overdue": {"loan": loan(due_on=days(-1)), "terms": terms(overdue_renewal="block_item")},
    "on_reserve": {"holds": (hold(),)},
    "too_soon": {"terms": terms(renew_not_before_days=3)},
    "auto_account_expired": {"member": member(expires_on=days(-1))},
    "FOLIO: the due date would not move": {"due_on": days(10)},
    "FOLIO: declared lost": {"loan": loan(lost_on=days(-1))},
    "FOLIO: claimed returned": {"loan": loan(claimed_returned_on=days(-1))},
    "000 §3-1-3: settled": {"member": member(state=MemberState.CLEARED)},
    "SLiMS: pending": {"member": member(state=MemberState.PENDING)},
    "GNA": {"member": member(address_unknown=True)},
    "CARD_LOST": {"member": member(card_state=CardState.LOST)},
}  # fmt: skip


@pytest.mark.parametrize(("source", "code"), check_lists.RENEWAL, ids=[line[0] for line in check_lists.RENEWAL])
def test_a_line_of_the_renewal_list_is_its_code(source: str, code: str) -> None:
    assert [refusal.code for refusal in renewal_refusals(renewal(**RENEWALS[source]))] == [code]


@pytest.mark.parametrize("source", PROVOKED)
def test_every_note_is_said_in_persian(source: str) -> None:
    for note in checkout_notes(checkout(**PROVOKED[source])):
        said = note_words(note)
        assert "{" not in said
        assert faults(said) == []


def test_every_note_of_the_table_is_made_somewhere() -> None:
    made = {note.code for facts in PROVOKED.values() for note in checkout_notes(checkout(**facts))}
    missing = {"item.missing", "item.alert"}
    assert NOTES.keys() - made == missing
    found = checkout(
        item=item(status=ItemStatus.MISSING), terms=terms(lost_item="alert"), alerts=(alert(of_item=True),)
    )
    assert missing <= {note.code for note in checkout_notes(found)}
