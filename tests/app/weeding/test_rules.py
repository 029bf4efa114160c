"""Which copy may stand on which minutes: a decision table, each row with its article of 002."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.guideline.stored import shipped_guideline
from app.guideline.table import CRITERION_REASONS
from app.refusal import Weight
from app.weeding.facts import CopyFacts, House, Proposal
from app.weeding.rules import (
    ARTICLES,
    CRITERIA,
    NEVER_WEEDED,
    criteria_in_force,
    is_unbindable,
    proposal_refusals,
    whole_years,
)
from app.wording import message, way_out
from db.codes import WEEDED, Condition, ItemFlag, ItemStatus, Material, WeedingReason

TODAY = dt.date(2026, 11, 21)  # ۳۰ آبان ۱۴۰۵
CONTENT, WORN, DUPLICATE, NO_AUDIENCE = (
    WeedingReason.CONTENT,
    WeedingReason.WORN,
    WeedingReason.DUPLICATE,
    WeedingReason.NO_AUDIENCE,
)
ALL = (CONTENT, WORN, DUPLICATE, NO_AUDIENCE)
BUT_WORN = (CONTENT, DUPLICATE, NO_AUDIENCE)
SHORT_OF_SPACE, ROOMY = House(space_shortage=True), House(space_shortage=False)
MINUTES = uuid.UUID(int=7)


def copy(**fields: Any) -> CopyFacts:
    """A copy that any reason could take: worn, the third of four, unused for twenty years, with nothing special."""
    plain: dict[str, Any] = {
        "id": uuid.UUID(int=1), "ver": 1, "title_id": uuid.UUID(int=2), "title": "راهنمای تعمیر", "main_creator": None,
        "year": 1360, "accession_no": 3, "accession_date": dt.date(2000, 1, 1), "barcode": "RAF-000003",
        "volume_no": None, "copy_no": 3, "class_no": "629", "material": Material.BOOK, "status": ItemStatus.AVAILABLE,
        "condition": Condition.WORN, "flags": [], "on_minutes_id": None, "loan_count": 0, "last_loan_on": None,
        "last_use": dt.date(2006, 1, 1), "older_copies": 2, "other_copies": 3, "in_binding": False,
    }  # fmt: skip
    return CopyFacts(**(plain | fields))


def flagged(*flags: ItemFlag, **fields: Any) -> CopyFacts:
    return copy(flags=[flag.value for flag in flags], **fields)


@dataclass(frozen=True)
class Case:
    """A row of the table: the article, what stands on the shelf, for which reasons it is proposed, what is said."""

    article: str
    what: str
    facts: CopyFacts
    reasons: tuple[WeedingReason, ...]
    refused: tuple[str, ...] = ()
    stated: dict[str, Any] = field(default_factory=dict)
    house: House = SHORT_OF_SPACE


UNBINDABLE = {"unbindable": True}
ONLY = copy(other_copies=0, older_copies=0)
# What the minutes of the worn say of each condition (4-1-ج), and of one whose copy is kept unless unbindable (5-1).
SAID_OF_CONDITION: dict[Condition, tuple[str, ...]] = {
    Condition.NEW: ("weeding.not_worn",), Condition.GOOD: ("weeding.not_worn",),
    Condition.WORN: (), Condition.DAMAGED: (), Condition.UNBINDABLE: (),
}  # fmt: skip
KEPT_MARKS = {
    ItemFlag.LOCAL: ("5-1-ب", "weeding.kept_value"), ItemFlag.HISTORICAL: ("5-1-ب", "weeding.kept_value"),
    ItemFlag.SPECIAL_VALUE: ("5-1-ب", "weeding.kept_value"), ItemFlag.CORE: ("5-1-ج", "weeding.core"),
}  # fmt: skip
SEVEN_YEARS = House(space_shortage=True, idle_years=7)
THREE_COPIES = House(space_shortage=True, copies_kept=3)
WITHOUT_MERIT = House(space_shortage=True, left_out=frozenset({"4-2-ه"}))
TABLE = (
    # 4-1, 4-2: the criteria
    Case("4-1", "nothing speaks for keeping it", copy(), ALL),
    Case("4-1-الف", "obsolete, in good shape", copy(condition=Condition.GOOD), (CONTENT,)),
    Case("5-1-ج", "obsolete, the only copy of its printing", ONLY, (CONTENT,), ("weeding.only_copy",)),
    Case("4-1-الف", "obsolete, one of two copies", copy(other_copies=1, older_copies=1), (CONTENT,)),
    Case("4-1-الف", "obsolete though lent every week", copy(loan_count=400, last_use=TODAY), (CONTENT,)),
    Case("4-1-ب", "the third copy", copy(older_copies=2), (DUPLICATE,)),
    Case("4-1-ب", "the ninth copy", copy(older_copies=8), (DUPLICATE,)),
    Case("4-1 تبصره", "the second copy", copy(older_copies=1), (DUPLICATE,), ("weeding.first_two_copies",)),
    Case("4-1 تبصره", "the first copy of five", copy(older_copies=0, other_copies=4), (DUPLICATE,),
         ("weeding.first_two_copies",)),
    Case("4-1-ج", "worn", copy(condition=Condition.WORN), (WORN,)),
    Case("4-2-ب", "damaged", copy(condition=Condition.DAMAGED), (WORN,)),
    Case("4-2-ب", "noted as unbindable", copy(condition=Condition.UNBINDABLE), (WORN,)),
    Case("4-1-ج", "noted as sound", copy(condition=Condition.GOOD), (WORN,), ("weeding.not_worn",)),
    Case("4-1-ج", "noted as new", copy(condition=Condition.NEW), (WORN,), ("weeding.not_worn",)),
    Case("4-1-ج", "noted as sound, ticked as unbindable", copy(condition=Condition.GOOD), (WORN,), (), UNBINDABLE),
    Case("4-1-ج", "waits for the bindery", copy(in_binding=True), (WORN,), ("weeding.in_binding",)),
    Case("4-1-ج", "waits for the bindery, but goes for another reason", copy(in_binding=True), BUT_WORN),
    Case("4-1-ج", "at the bindery", copy(status=ItemStatus.IN_BINDING), (WORN,), ("weeding.in_binding",)),
    Case("4-1-ج", "at the bindery on an open request is one reason",
         copy(status=ItemStatus.IN_BINDING, in_binding=True), (WORN,), ("weeding.in_binding",)),
    Case("4-1-ج", "at the bindery, ticked as unbindable", copy(status=ItemStatus.IN_BINDING), (WORN,),
         ("weeding.in_binding",), UNBINDABLE),
    Case("4-1-ج", "at the bindery, noted as unbindable before",
         copy(status=ItemStatus.IN_BINDING, condition=Condition.UNBINDABLE), (WORN,), ("weeding.in_binding",)),
    Case("4-1-ج", "at the bindery, but goes for another reason", copy(status=ItemStatus.IN_BINDING), BUT_WORN),
    Case("4-1-ج", "waits for the bindery, damaged", copy(in_binding=True, condition=Condition.DAMAGED), (WORN,),
         ("weeding.in_binding",)),
    Case("4-1-ج", "waits for the bindery and is noted as sound",
         copy(in_binding=True, condition=Condition.GOOD), (WORN,), ("weeding.in_binding", "weeding.not_worn")),
    Case("4-1-ج", "new, ticked as unbindable", copy(condition=Condition.NEW), (WORN,), (), UNBINDABLE),
    Case("4-1-ج", "worn though lent today", copy(last_use=TODAY, condition=Condition.WORN), (WORN,)),
    Case("4-1-ج", "worn, the first copy of many", copy(older_copies=0, other_copies=6), (WORN,)),
    Case("4-1-د", "used five years ago to the day", copy(last_use=dt.date(2021, 11, 21)), (NO_AUDIENCE,)),
    Case("4-1-د", "used a day less than five years ago", copy(last_use=dt.date(2021, 11, 22)), (NO_AUDIENCE,),
         ("weeding.used_lately",)),
    Case("4-1-د", "used today", copy(last_use=TODAY), (NO_AUDIENCE,), ("weeding.used_lately",)),
    Case("4-1-د", "used today, but worn, a duplicate or obsolete", copy(last_use=TODAY), (CONTENT, WORN, DUPLICATE)),
    Case("4-1-د", "unused for three years where three are enough", copy(last_use=dt.date(2023, 11, 1)), (NO_AUDIENCE,),
         (), {}, House(space_shortage=True, idle_years=3)),
    Case("4-1-د تبصره", "unused where there is room", copy(), (NO_AUDIENCE,), ("weeding.no_space_shortage",), {},
         ROOMY),
    Case("4-1-د تبصره", "other reasons where there is room", copy(), (CONTENT, WORN, DUPLICATE), (), {}, ROOMY),
    Case("4-2-ج", "replaced by a new edition that is named", copy(), (CONTENT,), (),
         {"criterion": "4-2-ج", "replaced_by": uuid.UUID(int=5)}),
    Case("4-2-ج", "replaced by a new edition told in a remark", copy(), (CONTENT,), (),
         {"criterion": "4-2-ج", "remark": "ویراست سوم در راه است"}),
    Case("4-2-ج", "replaced by a new edition that nobody has seen", copy(), (CONTENT,),
         ("weeding.replacement_needed",), {"criterion": "4-2-ج"}),
    Case("4-2-د", "replaced by a better book that is named", copy(), (CONTENT,), (),
         {"criterion": "4-2-د", "replaced_by": uuid.UUID(int=5)}),
    Case("4-2-د", "replaced by a better book told in a remark", copy(), (CONTENT,), (),
         {"criterion": "4-2-د", "remark": "با «راهنمای نو» جایگزین شد"}),
    Case("4-2-د", "replaced by a better book that nobody names", copy(), (CONTENT,), ("weeding.replacement_needed",),
         {"criterion": "4-2-د"}),
    Case("4-2-ه", "without merit, with its why", copy(), (CONTENT,), (),
         {"criterion": "4-2-ه", "remark": "کتاب‌سازی است"}),
    Case("4-2-ه، 5-2", "without merit, and nobody says why", copy(), (CONTENT,), ("weeding.remark_needed",),
         {"criterion": "4-2-ه"}),
    Case("4-2-ز", "of no interest here", copy(), (CONTENT,), (), {"criterion": "4-2-ز"}),
    Case("4-2-و", "unused", copy(), (NO_AUDIENCE,), (), {"criterion": "4-2-و"}),
    Case("4-2-ح", "surplus", copy(), (DUPLICATE,), (), {"criterion": "4-2-ح"}),
    Case("4-2-الف", "worn", copy(), (WORN,), (), {"criterion": "4-2-الف"}),
    Case("4-2-الف", "worn, but noted as sound", copy(condition=Condition.GOOD), (WORN,), ("weeding.not_worn",),
         {"criterion": "4-2-الف"}),
    Case("4-2-ب", "damaged beyond mending, so noted", copy(condition=Condition.UNBINDABLE), (WORN,), (),
         {"criterion": "4-2-ب"}),
    Case("4-2-ب", "damaged beyond mending, so ticked", copy(condition=Condition.DAMAGED), (WORN,), (),
         {"criterion": "4-2-ب", **UNBINDABLE}),
    Case("4-2-ب", "damaged, and nobody says that it cannot be mended", copy(condition=Condition.DAMAGED), (WORN,),
         ("weeding.mendable",), {"criterion": "4-2-ب"}),
    Case("4-2-ب", "noted as sound, and nobody says that it cannot be mended", copy(condition=Condition.GOOD), (WORN,),
         ("weeding.not_worn", "weeding.mendable"), {"criterion": "4-2-ب"}),
    *(Case(f"{article}، 7-2", "its criterion on minutes of another reason", copy(),
           tuple(reason for reason in ALL if reason is not of), ("weeding.criterion",), {"criterion": article})
      for article, of in CRITERION_REASONS.items()),
    Case("4-2", "a criterion that the guideline does not know", copy(), ALL, ("weeding.criterion",),
         {"criterion": "6-1"}),
    Case("4-2 تبصره", "of a cultural package", flagged(ItemFlag.CULTURAL_PACKAGE), ALL, ("weeding.permit_needed",)),
    Case("4-2 تبصره", "of a cultural package, with the deputy's permit of today", flagged(ItemFlag.CULTURAL_PACKAGE),
         ALL, (), {"permit_no": "۱۲/۳۴۵", "permit_on": TODAY}),
    Case("4-2 تبصره", "of a cultural package, with a permit of tomorrow", flagged(ItemFlag.CULTURAL_PACKAGE), ALL,
         ("weeding.permit_ahead",), {"permit_no": "۱۲/۳۴۵", "permit_on": TODAY + dt.timedelta(days=1)}),
    Case("4-2 تبصره", "of a cultural package, with the number of a permit alone", flagged(ItemFlag.CULTURAL_PACKAGE),
         ALL, ("weeding.permit_needed",), {"permit_no": "۱۲/۳۴۵"}),
    Case("4-2 تبصره", "of a cultural package, with the day of a permit alone", flagged(ItemFlag.CULTURAL_PACKAGE), ALL,
         ("weeding.permit_needed",), {"permit_on": TODAY}),
    Case("4-2 تبصره", "of a cultural package, with an empty permit", flagged(ItemFlag.CULTURAL_PACKAGE), ALL,
         ("weeding.permit_needed",), {"permit_no": "", "permit_on": TODAY}),
    # 5-1: what stays
    Case("5-1-الف", "a manuscript, even worn", copy(material=Material.MANUSCRIPT), ALL, ("weeding.never",)),
    Case("5-1-الف", "a lithograph, whatever the reason", copy(material=Material.LITHOGRAPH), ALL, ("weeding.never",)),
    *(Case("5-1-الف", f"{material} in condition {condition}", copy(material=material, condition=condition), (WORN,),
           ("weeding.never", *also))
      for material in sorted(NEVER_WEEDED) for condition, also in SAID_OF_CONDITION.items()),
    *(Case("5-1-الف", f"{material} marked as {flag}", flagged(flag, material=material, permit_no="۱", permit_on=TODAY),
           (WORN,), ("weeding.never",), UNBINDABLE)
      for material in sorted(NEVER_WEEDED) for flag in ItemFlag),
    Case("5-1-الف", "a lithograph, even unbindable", copy(material=Material.LITHOGRAPH), (WORN,), ("weeding.never",),
         UNBINDABLE),
    Case("5-1-الف", "early letterpress", copy(material=Material.LETTERPRESS), ALL, ("weeding.never",)),
    Case("5-1-ب", "a local source", flagged(ItemFlag.LOCAL), BUT_WORN, ("weeding.kept_value",)),
    Case("5-1-ب", "a historical source", flagged(ItemFlag.HISTORICAL), BUT_WORN, ("weeding.kept_value",)),
    Case("5-1-ب", "of special value", flagged(ItemFlag.SPECIAL_VALUE), BUT_WORN, ("weeding.kept_value",)),
    Case("5-1-ب", "local and historical is one reason", flagged(ItemFlag.LOCAL, ItemFlag.HISTORICAL), (CONTENT,),
         ("weeding.kept_value",)),
    Case("5-1-ب", "local and worn", flagged(ItemFlag.LOCAL), (WORN,), ("weeding.unbindable_needed",)),
    Case("5-1-ب", "local, worn, ticked as unbindable", flagged(ItemFlag.LOCAL), (WORN,), (), UNBINDABLE),
    Case("5-1-ب", "local, noted as unbindable", flagged(ItemFlag.LOCAL, condition=Condition.UNBINDABLE), (WORN,)),
    Case("5-1-ب", "local, unbindable, for another reason", flagged(ItemFlag.LOCAL), BUT_WORN, ("weeding.kept_value",),
         UNBINDABLE),
    Case("5-1-ج", "a core book", flagged(ItemFlag.CORE), BUT_WORN, ("weeding.core",)),
    Case("5-1-ج", "a core book, worn", flagged(ItemFlag.CORE), (WORN,), ("weeding.unbindable_needed",)),
    Case("5-1-ج", "a core book, worn and unbindable", flagged(ItemFlag.CORE), (WORN,), (), UNBINDABLE),
    Case("5-1-ج", "the only copy of a printing", copy(other_copies=0, older_copies=0), (NO_AUDIENCE,),
         ("weeding.only_copy",)),
    Case("5-1-ج", "the only copy of a printing, a duplicate of nothing", ONLY, (DUPLICATE,),
         ("weeding.only_copy", "weeding.first_two_copies")),
    Case("5-1-ج", "the only copy of a printing, worn", ONLY, (WORN,), ("weeding.unbindable_needed",)),
    Case("5-1-ج", "the only copy of a printing, worn, ticked as unbindable", ONLY, (WORN,), (), UNBINDABLE),
    Case("5-1-ج", "the only copy of a printing, noted as unbindable",
         copy(other_copies=0, older_copies=0, condition=Condition.UNBINDABLE), (WORN,)),
    Case("5-1-ج", "the only copy of a printing, noted as unbindable, for another reason",
         copy(other_copies=0, older_copies=0, condition=Condition.UNBINDABLE), (CONTENT, NO_AUDIENCE),
         ("weeding.only_copy",)),
    Case("5-1-ج", "the only copy of a printing, unbindable, for another reason", ONLY, (CONTENT, NO_AUDIENCE),
         ("weeding.only_copy",), UNBINDABLE),
    Case("5-1-ج", "the only copy of a printing, noted as sound",
         copy(other_copies=0, older_copies=0, condition=Condition.GOOD), (WORN,),
         ("weeding.unbindable_needed", "weeding.not_worn")),
    Case("5-1-ج", "the only copy of a printing, at the bindery",
         copy(other_copies=0, older_copies=0, status=ItemStatus.IN_BINDING), (WORN,),
         ("weeding.in_binding", "weeding.unbindable_needed")),
    Case("5-1-ج", "the only copy of a printing that is core is asked about once",
         flagged(ItemFlag.CORE, other_copies=0, older_copies=0), (WORN,), ("weeding.unbindable_needed",)),
    Case("5-1-ج", "the only copy of a printing that is core, both said",
         flagged(ItemFlag.CORE, other_copies=0, older_copies=0), (CONTENT, NO_AUDIENCE),
         ("weeding.core", "weeding.only_copy")),
    Case("5-1", "the only copy of a local printing, both said",
         flagged(ItemFlag.LOCAL, other_copies=0, older_copies=0), (CONTENT, NO_AUDIENCE),
         ("weeding.kept_value", "weeding.only_copy")),
    Case("5-1-ج", "the only copy of a serial", copy(material=Material.SERIAL, other_copies=0, older_copies=0),
         (CONTENT,), ("weeding.only_copy",)),
    Case("5-1-ج", "the only copy of a printing in a cultural package",
         flagged(ItemFlag.CULTURAL_PACKAGE, other_copies=0, older_copies=0), (CONTENT,),
         ("weeding.only_copy", "weeding.permit_needed")),
    Case("5-1-ج", "the only copy of a printing, with a better book", ONLY, (CONTENT,), ("weeding.only_copy",),
         {"criterion": "4-2-د", "replaced_by": uuid.UUID(int=9)}),
    Case("5-1-ج", "one of two copies", copy(other_copies=1, older_copies=0), (CONTENT, WORN, NO_AUDIENCE)),
    Case("5-1-ج", "the younger of two copies", copy(other_copies=1, older_copies=1), (CONTENT, WORN, NO_AUDIENCE)),
    Case("5-1-الف", "a manuscript with a permit", copy(material=Material.MANUSCRIPT), ALL, ("weeding.never",),
         {"permit_no": "۱", "permit_on": TODAY}),
    Case("5-1-الف", "the only copy of a lithograph",
         copy(material=Material.LITHOGRAPH, other_copies=0, older_copies=0), (CONTENT, NO_AUDIENCE),
         ("weeding.never", "weeding.only_copy")),
    Case("5-1-الف", "a local manuscript noted as unbindable",
         flagged(ItemFlag.LOCAL, material=Material.MANUSCRIPT, condition=Condition.UNBINDABLE), (WORN,),
         ("weeding.never",)),
    *(Case("5-1-الف", f"{material} is no exemption", copy(material=material), ALL)
      for material in Material if material not in NEVER_WEEDED),
    *(Case(article, f"{flag} in condition {condition}", flagged(flag, condition=condition), (WORN,),
           (*(() if condition is Condition.UNBINDABLE else ("weeding.unbindable_needed",)), *also))
      for flag, (article, _) in KEPT_MARKS.items() for condition, also in SAID_OF_CONDITION.items()),
    *(Case(article, f"{flag}, unbindable, with a permit, for another reason",
           flagged(flag, condition=Condition.UNBINDABLE, permit_no="۱", permit_on=TODAY), BUT_WORN, (code,))
      for flag, (article, code) in KEPT_MARKS.items()),
    *(Case("4-1-ج", f"in condition {condition}", copy(condition=condition), (WORN,), also)
      for condition, also in SAID_OF_CONDITION.items()),
    *(Case("4-1", f"in condition {condition}, for another reason", copy(condition=condition), BUT_WORN)
      for condition in Condition),
    Case("5-1-ب", "historical and worn", flagged(ItemFlag.HISTORICAL), (WORN,), ("weeding.unbindable_needed",)),
    Case("5-1-ب", "of special value and worn", flagged(ItemFlag.SPECIAL_VALUE), (WORN,),
         ("weeding.unbindable_needed",)),
    Case("5-1-ب", "historical, ticked as unbindable", flagged(ItemFlag.HISTORICAL), (WORN,), (), UNBINDABLE),
    Case("5-1-ب", "of special value, noted as unbindable",
         flagged(ItemFlag.SPECIAL_VALUE, condition=Condition.UNBINDABLE), (WORN,)),
    Case("5-1-ب", "local, damaged but mendable", flagged(ItemFlag.LOCAL, condition=Condition.DAMAGED), (WORN,),
         ("weeding.unbindable_needed",)),
    Case("5-1-ب", "local, the ninth copy", flagged(ItemFlag.LOCAL, older_copies=8, other_copies=9), (DUPLICATE,),
         ("weeding.kept_value",)),
    Case("5-1-ب", "local, at the bindery", flagged(ItemFlag.LOCAL, status=ItemStatus.IN_BINDING), (WORN,),
         ("weeding.in_binding", "weeding.unbindable_needed")),
    Case("5-1-ب، ج", "local and core, worn, is one question", flagged(ItemFlag.LOCAL, ItemFlag.CORE), (WORN,),
         ("weeding.unbindable_needed",)),
    Case("5-1-ب، ج", "local and core, worn and unbindable", flagged(ItemFlag.LOCAL, ItemFlag.CORE), (WORN,), (),
         UNBINDABLE),
    Case("5-1-ج", "a core book, noted as unbindable", flagged(ItemFlag.CORE, condition=Condition.UNBINDABLE), (WORN,)),
    Case("5-1-ج", "a core book, unbindable, for another reason", flagged(ItemFlag.CORE), BUT_WORN, ("weeding.core",),
         UNBINDABLE),
    Case("5-1", "marked as not for loan, with parts", flagged(ItemFlag.NOT_FOR_LOAN, ItemFlag.PARTS), ALL),
    Case("4-2 تبصره", "of a cultural package, the permit noted with the copy",
         flagged(ItemFlag.CULTURAL_PACKAGE, permit_no="۱۲/۳۴۵", permit_on=TODAY), ALL),
    Case("4-2 تبصره", "of a cultural package, the number noted with the copy, the day stated",
         flagged(ItemFlag.CULTURAL_PACKAGE, permit_no="۱۲/۳۴۵"), ALL, (), {"permit_on": TODAY}),
    Case("4-2 تبصره", "of a cultural package, the number alone noted with the copy",
         flagged(ItemFlag.CULTURAL_PACKAGE, permit_no="۱۲/۳۴۵"), ALL, ("weeding.permit_needed",)),
    Case("4-2 تبصره", "of a cultural package, the day alone noted with the copy",
         flagged(ItemFlag.CULTURAL_PACKAGE, permit_on=TODAY), ALL, ("weeding.permit_needed",)),
    Case("4-2 تبصره", "of a cultural package, another number stated without its day",
         flagged(ItemFlag.CULTURAL_PACKAGE, permit_no="۱۲/۳۴۵", permit_on=TODAY), ALL, ("weeding.permit_needed",),
         {"permit_no": "۹۹"}),
    Case("4-2 تبصره، 5-1-ب", "of a cultural package with a permit, local", flagged(
        ItemFlag.CULTURAL_PACKAGE, ItemFlag.LOCAL, permit_no="۱۲", permit_on=TODAY), BUT_WORN, ("weeding.kept_value",)),
    Case("4-2 تبصره", "a permit noted with a local copy lifts nothing",
         flagged(ItemFlag.LOCAL, permit_no="۱۲", permit_on=TODAY),
         BUT_WORN, ("weeding.kept_value",)),
    Case("4-2 تبصره", "of a cultural package, local, without a permit",
         flagged(ItemFlag.CULTURAL_PACKAGE, ItemFlag.LOCAL), BUT_WORN, ("weeding.kept_value", "weeding.permit_needed")),
    Case("4-2 تبصره", "of a cultural package, unbindable, without a permit", flagged(ItemFlag.CULTURAL_PACKAGE),
         (WORN,), ("weeding.permit_needed",), UNBINDABLE),
    # 15: another version of the guideline
    Case("4-1-د", "unused for six years where seven are asked", copy(last_use=dt.date(2020, 11, 1)), (NO_AUDIENCE,),
         ("weeding.used_lately",), {}, SEVEN_YEARS),
    Case("4-1-د", "unused for seven years where seven are asked", copy(last_use=dt.date(2019, 11, 1)), (NO_AUDIENCE,),
         (), {}, SEVEN_YEARS),
    Case("4-1-د", "seven years hold for no other reason", copy(last_use=TODAY), (CONTENT, WORN, DUPLICATE), (), {},
         SEVEN_YEARS),
    Case("4-1 تبصره", "the third copy where three are kept", copy(older_copies=2), (DUPLICATE,),
         ("weeding.first_two_copies",), {}, THREE_COPIES),
    Case("4-1 تبصره", "the fourth copy where three are kept", copy(older_copies=3), (DUPLICATE,), (), {}, THREE_COPIES),
    Case("5-1-ج", "three copies kept make no only copy of two", copy(older_copies=0, other_copies=1),
         (CONTENT,), (), {}, THREE_COPIES),
    Case("4-2-ه", "a criterion that this version leaves out", copy(), (CONTENT,), ("weeding.criterion",),
         {"criterion": "4-2-ه", "remark": "کتاب‌سازی است"}, WITHOUT_MERIT),
    Case("4-1-الف", "the criterion that stays in this version", copy(), (CONTENT,), (), {"criterion": "4-1-الف"},
         WITHOUT_MERIT),
    Case("4-2-ه", "a reason whose criterion is left out goes by another", copy(), (CONTENT,), (), {}, WITHOUT_MERIT),
    # 7, 8: where it stands
    Case("7-2", "on other minutes and the only one left",
         copy(on_minutes_id=MINUTES, other_copies=0, older_copies=0), (NO_AUDIENCE,),
         ("weeding.on_other_minutes", "weeding.only_copy")),
    Case("7-2", "on other minutes and at the bindery",
         copy(on_minutes_id=MINUTES, status=ItemStatus.IN_BINDING), (WORN,),
         ("weeding.on_other_minutes", "weeding.in_binding")),
    Case("7-4", "lent, local and worn", flagged(ItemFlag.LOCAL, status=ItemStatus.ON_LOAN), (WORN,),
         ("weeding.on_loan", "weeding.unbindable_needed")),
    Case("7-4", "lent, a surplus copy", copy(status=ItemStatus.ON_LOAN, older_copies=4), (DUPLICATE,),
         ("weeding.on_loan",)),
    Case("7-7", "kept on the hold shelf for a reader", copy(kept_for_reader=True), ALL, ("weeding.kept_for_reader",)),
    Case("7-7", "kept for a reader, local and worn", flagged(ItemFlag.LOCAL, kept_for_reader=True), (WORN,),
         ("weeding.kept_for_reader", "weeding.unbindable_needed")),
    Case("7-2", "on other minutes", copy(on_minutes_id=MINUTES), ALL, ("weeding.on_other_minutes",)),
    Case("7-4", "lent", copy(status=ItemStatus.ON_LOAN), ALL, ("weeding.on_loan",)),
    Case("8-6", "missing", copy(status=ItemStatus.MISSING), ALL, ("weeding.not_here",)),
    Case("8-6", "lost on a card", copy(status=ItemStatus.LOST), ALL, ("weeding.not_here",)),
    Case("8-3", "of unknown fate", copy(status=ItemStatus.UNKNOWN), ALL, ("weeding.not_here",)),
    Case("8-6", "on its way", copy(status=ItemStatus.IN_TRANSIT), ALL, ("weeding.not_here",)),
    Case("8-6", "replaced", copy(status=ItemStatus.REPLACED), ALL, ("weeding.not_here",)),
    Case("8-1", "being prepared", copy(status=ItemStatus.IN_PROCESSING), ALL),
    *(Case("8-1", f"is {status}", copy(status=status), ALL, ("weeding.already_weeded",)) for status in sorted(WEEDED)),
    Case("4, 5, 7", "all that can be said at once",
         flagged(ItemFlag.LOCAL, ItemFlag.CORE, ItemFlag.CULTURAL_PACKAGE, material=Material.MANUSCRIPT,
                 status=ItemStatus.ON_LOAN, on_minutes_id=MINUTES, other_copies=0, older_copies=0, last_use=TODAY),
         (NO_AUDIENCE,),
         ("weeding.on_loan", "weeding.on_other_minutes", "weeding.never", "weeding.kept_value", "weeding.core",
          "weeding.only_copy", "weeding.permit_needed", "weeding.used_lately", "weeding.no_space_shortage",
          "weeding.criterion"),
         {"criterion": "4-1-ب"}, ROOMY),
)  # fmt: skip
ROWS = [
    pytest.param(case, reason, id=f"{case.article}: {case.what} ({reason})")
    for case in TABLE
    for reason in case.reasons
]


def test_the_table_has_its_size_and_every_row_its_article() -> None:
    assert len(TABLE) >= 120
    assert [case.what for case in TABLE if not re.match(r"[0-9]+(-[0-9]+)?", case.article)] == []
    assert len({(case.article, case.what) for case in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("case", "reason"), ROWS)
def test_the_table_of_decisions(case: Case, reason: WeedingReason) -> None:
    found = proposal_refusals(case.facts, Proposal(reason, **case.stated), case.house, TODAY)
    assert tuple(refusal.code for refusal in found) == case.refused


def test_every_status_condition_material_and_mark_stands_in_the_table() -> None:
    facts = [case.facts for case in TABLE]
    assert {one.status for one in facts} == set(ItemStatus)
    assert {one.condition for one in facts} == set(Condition)
    assert {one.material for one in facts} == set(Material)
    assert {flag for one in facts for flag in one.flags} == {flag.value for flag in ItemFlag}


def test_every_refusal_names_its_article_and_a_way_out() -> None:
    for case in TABLE:
        for reason in case.reasons:
            for refusal in proposal_refusals(case.facts, Proposal(reason, **case.stated), case.house, TODAY):
                assert refusal.rule, refusal
                assert re.search(r"\(م [۰-۹]", message(refusal)), refusal
                assert way_out(refusal)


@pytest.mark.parametrize(
    ("facts", "reason", "code", "article", "weight"),
    [
        (copy(status=ItemStatus.WEEDED_WORN), CONTENT, "weeding.already_weeded", "8-1", Weight.BLOCK),
        (copy(status=ItemStatus.ON_LOAN), CONTENT, "weeding.on_loan", "7-4", Weight.BLOCK),
        (copy(status=ItemStatus.MISSING), CONTENT, "weeding.not_here", "8-6", Weight.BLOCK),
        (copy(on_minutes_id=MINUTES), CONTENT, "weeding.on_other_minutes", "7-2", Weight.BLOCK),
        (copy(in_binding=True), WORN, "weeding.in_binding", "4-1-ج", Weight.BLOCK),
        (copy(material=Material.MANUSCRIPT), WORN, "weeding.never", "5-1-الف", Weight.BLOCK),
        (flagged(ItemFlag.LOCAL), CONTENT, "weeding.kept_value", "5-1-ب", Weight.BLOCK),
        (flagged(ItemFlag.CORE), CONTENT, "weeding.core", "5-1-ج", Weight.BLOCK),
        (flagged(ItemFlag.LOCAL), WORN, "weeding.unbindable_needed", "5-1-ب", Weight.CONFIRM),
        (flagged(ItemFlag.CORE), WORN, "weeding.unbindable_needed", "5-1-ج", Weight.CONFIRM),
        (copy(kept_for_reader=True), CONTENT, "weeding.kept_for_reader", "7-7", Weight.BLOCK),
        (copy(other_copies=0), NO_AUDIENCE, "weeding.only_copy", "5-1-ج", Weight.BLOCK),
        (copy(other_copies=0), CONTENT, "weeding.only_copy", "5-1-ج", Weight.BLOCK),
        (copy(other_copies=0), WORN, "weeding.unbindable_needed", "5-1-ج", Weight.CONFIRM),
        (copy(status=ItemStatus.IN_BINDING), WORN, "weeding.in_binding", "4-1-ج", Weight.BLOCK),
        (flagged(ItemFlag.CULTURAL_PACKAGE), CONTENT, "weeding.permit_needed", "4-2 تبصره", Weight.BLOCK),
        (copy(condition=Condition.GOOD), WORN, "weeding.not_worn", "4-1-ج", Weight.CONFIRM),
        (copy(older_copies=1), DUPLICATE, "weeding.first_two_copies", "4-1 تبصره", Weight.BLOCK),
        (copy(last_use=TODAY), NO_AUDIENCE, "weeding.used_lately", "4-1-د", Weight.BLOCK),
    ],
)
def test_a_refusal_names_its_article_and_how_much_stands_behind_it(
    facts: CopyFacts, reason: WeedingReason, code: str, article: str, weight: Weight
) -> None:
    (refusal,) = proposal_refusals(facts, Proposal(reason), SHORT_OF_SPACE, TODAY)
    assert (refusal.code, refusal.rule, refusal.weight) == (code, article, weight)


def test_the_numbers_are_told() -> None:
    (refusal,) = proposal_refusals(copy(older_copies=1), Proposal(DUPLICATE), ROOMY, TODAY)
    assert (refusal.limit, refusal.have) == (2, 2)
    (refusal,) = proposal_refusals(copy(last_use=dt.date(2023, 1, 1)), Proposal(NO_AUDIENCE), SHORT_OF_SPACE, TODAY)
    assert (refusal.limit, refusal.have) == (5, 3)


def test_the_numbers_are_those_of_the_librarys_guideline() -> None:
    shipped = shipped_guideline()
    figures = replace(shipped.thresholds, idle_years=8, copies_kept=4)
    criteria = tuple(one for one in shipped.criteria if one.article != "4-2-ز")
    house = House.under(replace(shipped, thresholds=figures, criteria=criteria), space_shortage=True)
    assert house == House(space_shortage=True, idle_years=8, copies_kept=4, left_out=frozenset({"4-2-ز"}))
    (refusal,) = proposal_refusals(copy(older_copies=3), Proposal(DUPLICATE), house, TODAY)
    assert (refusal.limit, refusal.have) == (4, 4)
    assert criteria_in_force(CONTENT, house) == ("4-1-الف", "4-2-ج", "4-2-د", "4-2-ه")


def test_room_in_the_stacks_asks_and_does_not_forbid() -> None:
    (refusal,) = proposal_refusals(copy(), Proposal(NO_AUDIENCE), ROOMY, TODAY)
    assert refusal.weight is Weight.CONFIRM


@pytest.mark.parametrize("reason", ALL)
def test_every_criterion_belongs_to_one_reason_and_each_reason_rests_on_one_of_its_own(reason: WeedingReason) -> None:
    assert ARTICLES[reason] in CRITERIA[reason]
    others = {article for other in ALL if other is not reason for article in CRITERIA[other]}
    assert not others & set(CRITERIA[reason])


def test_all_criteria_of_article_four_are_there() -> None:
    first = {f"4-1-{letter}" for letter in ("الف", "ب", "ج", "د")}
    second = {f"4-2-{letter}" for letter in ("الف", "ب", "ج", "د", "ه", "و", "ز", "ح")}
    assert {article for articles in CRITERIA.values() for article in articles} == first | second


@pytest.mark.parametrize(
    ("since", "today", "years"),
    [
        (dt.date(2021, 3, 21), dt.date(2026, 3, 20), 4),  # ۱۴۰۰/۱/۱ … ۱۴۰۴/۱۲/۲۹: a day short, though 1825 days
        (dt.date(2021, 3, 21), dt.date(2026, 3, 21), 5),
        (dt.date(2021, 3, 20), dt.date(2026, 3, 20), 4),  # from the leap day of ۱۳۹۹, ۲۹ اسفند ۱۴۰۴ is a day short
        (dt.date(2021, 3, 20), dt.date(2026, 3, 21), 5),
        (TODAY, TODAY, 0),
        (TODAY + dt.timedelta(days=400), TODAY, 0),
    ],
)
def test_years_without_use_are_full_jalali_years(since: dt.date, today: dt.date, years: int) -> None:
    assert whole_years(since, today) == years


def test_unbindable_is_ticked_or_noted() -> None:
    assert is_unbindable(copy(), Proposal(WORN, unbindable=True))
    assert is_unbindable(copy(condition=Condition.UNBINDABLE), Proposal(WORN))
    assert not is_unbindable(copy(condition=Condition.DAMAGED), Proposal(WORN))
