"""Where each check of the desk comes from: the lists of mature systems (Koha's names), the seeds, or a need of our own.

`B` block, `C` confirm, `A` alert, `M` message are the classes of Koha's four hashes; ours stand beside them where the
policy may choose.
"""

B, C, A, M = "block", "confirm", "alert", "message"

# Koha's code of CanBookBeIssued and its class; our code and our class.
CHECKOUT: tuple[tuple[str, str, str, str], ...] = (
    ("INVALID_DATE", C, "due.invalid", B),
    ("GNA", B, "member.address_unknown", B),
    ("CARD_LOST", B, "member.card_lost", B),
    ("USERBLOCKEDNOENDDATE", B, "member.restricted", B),
    ("USERBLOCKEDWITHENDDATE", B, "member.restricted", B),
    ("EXPIRED", B, "member.expired", B),
    ("DEBT", B, "member.debt", B),
    ("DEBT, AllFinesNeedOverride", C, "member.debt", C),
    ("DEBT_GUARANTEES", B, "member.guarantor_debt", B),
    ("DEBT_GUARANTORS", B, "member.guarantor_debt", B),
    ("OTHER_CHARGES", A, "member.debt", A),
    ("USERBLOCKEDOVERDUE, block", B, "member.overdues", B),
    ("USERBLOCKEDOVERDUE, confirmation", C, "member.overdues", C),
    ("USERBLOCKEDOVERDUE, noblock", "", "member.overdues", A),
    ("ADDITIONAL_MATERIALS", C, "item.parts", C),
    ("ONSITE_CHECKOUT_WILL_BE_SWITCHED", M, "loan.from_hall", M),
    ("RETURN_IMPOSSIBLE", B, "item.lost", B),
    ("RETURNED_FROM_ANOTHER", A, "loan.returned_first", A),
    ("ISSUED_TO_ANOTHER", C, "item.on_loan", C),
    ("PATRON_CANT", B, "item.not_for_loan", B),
    ("TOO_MANY_CHECKOUTS", B, "limit.total", B),
    ("TOO_MANY, of one type", B, "limit.item_type", B),
    ("TOO_MANY_ONSITE_CHECKOUTS", B, "limit.onsite", B),
    ("NO_RULE_DEFINED", B, "limit.no_rule", B),
    ("PREVISSUE", C, "title.read_before", C),
    ("BIBLIO_ALREADY_ISSUED, CURRENTISSUE", C, "title.second_copy", C),
    ("NOT_FOR_LOAN", B, "item.not_for_loan", B),
    ("NOT_FOR_LOAN_FORCING", C, "item.onsite_only", B),
    ("WTHDRAWN", B, "item.withdrawn", B),
    ("ITEM_LOST, confirm", C, "item.lost", C),
    ("ITEM_LOST, alert", A, "item.lost", A),
    ("RESERVE_WAITING", C, "hold.waiting_for_other", B),
    ("RESERVED", C, "hold.queued_for_other", C),
    ("TRANSFERRED", C, "item.in_transit", B),
    ("PROCESSING", C, "item.uncatalogued", B),
    ("AGE_RESTRICTION", B, "member.age", B),
    ("HIGHHOLDS", C, "loan.cut_by_queue", A),
)
# What other systems and our own seeds add.
ADDED: tuple[tuple[str, str, str], ...] = (
    ("SLiMS: pending membership", "member.pending", B),
    ("000 §3-1-3: those who have settled are members no more", "member.cleared", B),
    ("SAMAN: up to five for each national id", "limit.national_id", B),
    ("Koha ReturnClaims: said to be returned", "item.claimed_returned", C),
    ("Evergreen COPY_ALERT_MESSAGE", "item.alert", C),
    ("Evergreen patron note-dialog", "member.alert", C),
    ("Evergreen NEGATIVE_PATRON_BALANCE", "member.credit", M),
    ("FOLIO: note of a patron", "member.alert", A),
    ("004 ب-1: by age group", "member.age_group", C),
    ("003 م8: the age is not known", "member.age_unknown", M),
    ("SAMAN: membership ends within 14 days", "member.ending", M),
    ("001: wrong telephone lists", "member.contact_doubtful", M),
    ("002 م7-4: on weeding minutes", "item.on_weeding_minutes", B),
    ("002 م13-11: at the bindery", "item.in_binding", B),
    ("002 م8-6: of unknown fate", "item.missing", B),
    ("002 م8-6: missing", "item.missing", C),
    ("000 §3-1-2: replaced in kind", "item.withdrawn", B),
)
# What Koha asks and cannot arise here.
NOT_HERE = {
    "UNKNOWN_BARCODE": "the outcome NotFound, before any rule is asked",
    "STATS": "use in the hall is counted by a scan without a reader",
    "NO_RENEWAL_FOR_ONSITE_CHECKOUTS, NO_MORE_RENEWALS, RENEW_ISSUE": "item.on_loan_same_member with the renewal's own",
    "RESTRICTED": "copies have no restricted state; not_for_loan is the mark",
    "ITEMNOTSAMEBRANCH, BORRNOTSAMEBRANCH": "the outcome OfOtherBranch",
    "RENTALCHARGE": "public libraries take no fee for a loan",
    "RECALLED, BOOKED": "holds are the only way to ask for a copy here",
}

# Koha's code of CanBookBeRenewed and ours.
RENEWAL: tuple[tuple[str, str], ...] = (
    ("onsite_checkout", "renewal.onsite"),
    ("item_denied_renewal", "renewal.not_allowed"),
    ("too_many", "renewal.too_many"),
    ("too_unseen", "renewal.unseen_limit"),
    ("restriction", "renewal.restricted"),
    ("overdue", "renewal.overdue"),
    ("on_reserve", "renewal.on_hold"),
    ("too_soon", "renewal.too_soon"),
    ("auto_account_expired", "member.expired"),
    ("FOLIO: the due date would not move", "renewal.not_extended"),
    ("FOLIO: declared lost", "item.lost"),
    ("FOLIO: claimed returned", "item.claimed_returned"),
    ("000 §3-1-3: settled", "member.cleared"),
    ("SLiMS: pending", "member.pending"),
    ("GNA", "member.address_unknown"),
    ("CARD_LOST", "member.card_lost"),
)

SOURCES = (
    {code: source for source, _, code, _ in CHECKOUT}
    | {code: source for source, code, _ in ADDED}
    | {code: source for source, code in RENEWAL}
)
"""One source for every code that a rule of lending or renewing yields."""
