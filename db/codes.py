"""The coded values that columns hold. Standard library only, so that pure rules may use them.

The words are those of the glossary (column `code`), in lower case as kept in the database and on the wire.
"""

from enum import StrEnum


class BranchKind(StrEnum):
    """Whose library it is: order of priority in exchange (002 م7-16), and mobile and postal centres (004 الف)."""

    INSTITUTIONAL = "institutional"
    PARTICIPATORY = "participatory"
    INDEPENDENT = "independent"
    PROVINCIAL_CENTRAL = "provincial_central"
    MOBILE = "mobile"
    POSTAL = "postal"


class Role(StrEnum):
    """What a person may do; at the desk and at the centre."""

    HEAD = "head"
    LIBRARIAN = "librarian"
    ASSISTANT = "assistant"
    TRAINEE = "trainee"
    VAN_DRIVER = "van_driver"
    ADMINISTRATOR = "administrator"
    CATALOGUER = "cataloguer"
    SENIOR_CATALOGUER = "senior_cataloguer"
    COUNTY_HEAD = "county_head"
    PROVINCE_REVIEWER = "province_reviewer"
    RESOURCES_OFFICE = "resources_office"
    LIBRARY_AFFAIRS = "library_affairs"
    AUDITOR = "auditor"


class RuleStatus(StrEnum):
    """Both guidelines call themselves drafts, so every rule says whether it is in force."""

    DRAFT = "draft"
    IN_FORCE = "in_force"


class Material(StrEnum):
    """What kind of work a title is."""

    BOOK = "book"
    CHILD_BOOK = "child_book"
    YOUNG_ADULT_BOOK = "young_adult_book"
    SCHOOL_AID = "school_aid"
    AUDIOVISUAL = "audiovisual"
    TALKING_BOOK = "talking_book"
    BRAILLE = "braille"
    MANUSCRIPT = "manuscript"
    LITHOGRAPH = "lithograph"
    LETTERPRESS = "letterpress"
    THESIS = "thesis"
    SERIAL = "serial"
    REFERENCE = "reference"


class CreatorRole(StrEnum):
    """What a person or body did for a work."""

    AUTHOR = "author"
    TRANSLATOR = "translator"
    ILLUSTRATOR = "illustrator"
    EDITOR = "editor"
    COMPILER = "compiler"
    NARRATOR = "narrator"
    SCRIBE = "scribe"


class CataloguingStatus(StrEnum):
    """How far a record is catalogued, and where it came from (003 م2، م3)."""

    NONE = "none"
    FAST = "fast"
    CIP = "cip"
    FAPA = "fapa"
    IMPORTED = "imported"
    ORIGINAL = "original"
    REVIEWED = "reviewed"


class ItemStatus(StrEnum):
    """Where a copy stands. The four weeded kinds are set by an approved minutes only (002 م8-1)."""

    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    IN_PROCESSING = "in_processing"
    IN_BINDING = "in_binding"
    IN_TRANSIT = "in_transit"
    MISSING = "missing"
    LOST = "lost"
    REPLACED = "replaced"
    UNKNOWN = "unknown"
    WEEDED_CONTENT = "weeded_content"
    WEEDED_WORN = "weeded_worn"
    WEEDED_DUPLICATE = "weeded_duplicate"
    WEEDED_NO_AUDIENCE = "weeded_no_audience"


WEEDED = frozenset(
    {
        ItemStatus.WEEDED_CONTENT,
        ItemStatus.WEEDED_WORN,
        ItemStatus.WEEDED_DUPLICATE,
        ItemStatus.WEEDED_NO_AUDIENCE,
    }
)


class Condition(StrEnum):
    """The body of a copy, as noted at return or stocktake."""

    NEW = "new"
    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    UNBINDABLE = "unbindable"


class ItemFlag(StrEnum):
    """Marks of a copy that rules ask about (002 م4-2 تبصره، م5-1)."""

    LOCAL = "local"
    CORE = "core"
    HISTORICAL = "historical"
    SPECIAL_VALUE = "special_value"
    CULTURAL_PACKAGE = "cultural_package"
    NOT_FOR_LOAN = "not_for_loan"
    PARTS = "parts"


class Source(StrEnum):
    """How a copy was acquired (000 §1-2)."""

    PURCHASE = "purchase"
    DONATION = "donation"
    EXCHANGE = "exchange"
    FOUNDATION = "foundation"
    UNKNOWN = "unknown"


class MemberState(StrEnum):
    """Whether a membership is usable at all."""

    ACTIVE = "active"
    PENDING = "pending"
    CLEARED = "cleared"
    MERGED = "merged"


class CardState(StrEnum):
    """A card number stays known for ever, so that an old card still finds its member."""

    ACTIVE = "active"
    LOST = "lost"
    RETIRED = "retired"


class ContactKind(StrEnum):
    """Ways to reach a member."""

    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"
    ADDRESS = "address"
    POSTAL_CODE = "postal_code"


class ContactHealth(StrEnum):
    """What is known of a contact (001: wrong telephone lists)."""

    UNKNOWN = "unknown"
    VERIFIED = "verified"
    DOUBTFUL = "doubtful"
    BAD = "bad"


class RestrictionKind(StrEnum):
    """Why a member may not borrow."""

    OVERDUE = "overdue"
    MANUAL = "manual"
    DISCIPLINARY = "disciplinary"


class Channel(StrEnum):
    """By which way a loan left the library."""

    DESK = "desk"
    ONSITE = "onsite"
    VAN = "van"
    POST = "post"
    COURIER = "courier"


class LoanEnd(StrEnum):
    """How a loan ended: the copy came back, was paid for, or the same book came in its place (000 §3-1-2)."""

    RETURNED = "returned"
    PAID = "paid"
    REPLACED = "replaced"


class AlertMoment(StrEnum):
    """When a note about a reader or a copy is shown at the desk."""

    CHECKOUT = "checkout"
    CHECKIN = "checkin"
    ALWAYS = "always"


class AlertWeight(StrEnum):
    """Whether such a note is only read, or must be acknowledged before the loan."""

    MESSAGE = "message"
    CONFIRM = "confirm"


class CallResult(StrEnum):
    """What came of a call about late books."""

    NO_ANSWER = "no_answer"
    PROMISED = "promised"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"
    SAYS_RETURNED = "says_returned"
    SAYS_LOST = "says_lost"


class NoticeKind(StrEnum):
    """What a reminder is about."""

    DUE_SOON = "due_soon"
    OVERDUE_1 = "overdue_1"
    OVERDUE_2 = "overdue_2"
    OVERDUE_3 = "overdue_3"
    HOLD_READY = "hold_ready"
    MEMBERSHIP_ENDING = "membership_ending"


class NoticeChannel(StrEnum):
    """By which way a reminder goes."""

    PRINT = "print"
    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    MESSENGER = "messenger"


class DispatchState(StrEnum):
    """Life of a parcel by post or courier (004 الف-3; 001)."""

    REQUESTED = "requested"
    SENT = "sent"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


class IncidentState(StrEnum):
    """Life of a breach of rules (000 §3-1-3)."""

    OPEN = "open"
    REFERRED = "referred"
    CLOSED = "closed"


class HoldState(StrEnum):
    """Life of a hold."""

    QUEUED = "queued"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class LedgerKind(StrEnum):
    """What a line of the ledger stands for. Debits raise the debt, payments and what is forgiven lower
    it; a refund gives back what is held for the reader, and a void opposes one line."""

    FINE = "fine"
    LOST_ITEM = "lost_item"
    PROCESSING_FEE = "processing_fee"
    DAMAGE = "damage"
    MEMBERSHIP_FEE = "membership_fee"
    CARD_FEE = "card_fee"
    HOLD_FEE = "hold_fee"
    PAYMENT = "payment"
    WAIVER = "waiver"
    AMNESTY = "amnesty"
    REFUND = "refund"
    TRANSFER = "transfer"
    VOID = "void"


class PaymentMethod(StrEnum):
    """How money came in (000 §3-1-2)."""

    CASH = "cash"
    CARD_TERMINAL = "card_terminal"
    WALLET = "wallet"
    GRANT = "grant"
    IN_KIND = "in_kind"


class WeedingReason(StrEnum):
    """The four reasons; a minutes carries exactly one (002 م7-1، م7-2)."""

    CONTENT = "content"
    WORN = "worn"
    DUPLICATE = "duplicate"
    NO_AUDIENCE = "no_audience"


class MinutesState(StrEnum):
    """Where weeding minutes stand (002 م7)."""

    DRAFT = "draft"
    FINALISED = "finalised"
    AT_COUNTY = "at_county"
    CORRECTION = "correction"
    AT_PROVINCE = "at_province"
    AT_HEAD_OFFICE = "at_head_office"
    RULED = "ruled"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


class RulingLevel(StrEnum):
    """Who ruled."""

    COUNTY = "county"
    PROVINCE = "province"
    HEAD_OFFICE = "head_office"


class Verdict(StrEnum):
    """What was ruled on one copy (002 م7-6، م10-3)."""

    APPROVE = "approve"
    REJECT = "reject"
    REDIRECT = "redirect"
    CORRECT = "correct"


class MinutesStepKind(StrEnum):
    """What was done with minutes on their way (002 م7-3 … م8-1): the triggers of `app.weeding.minutes.workflow`."""

    FINALISE = "finalise"
    SEND = "send"
    ASK_CORRECTION = "ask_correction"
    REISSUE = "reissue"
    FORWARD = "forward"
    RULE = "rule"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class CandidateDecision(StrEnum):
    """What the librarian decided about a weeding candidate."""

    LATER = "later"
    TO_BINDING = "to_binding"
    KEEP = "keep"


class BindingState(StrEnum):
    """Life of a binding request (002 م13)."""

    DRAFT = "draft"
    REQUESTED = "requested"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class StocktakeState(StrEnum):
    """Life of a shelf-reading session."""

    OPEN = "open"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class StocktakeFinding(StrEnum):
    """What one scan in the stacks told."""

    IN_PLACE = "in_place"
    MISPLACED = "misplaced"
    FOUND_LOST = "found_lost"
    ON_LOAN = "on_loan"
    WEEDED = "weeded"
    UNKNOWN = "unknown"
    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    AWAY = "away"


class DisposalKind(StrEnum):
    """Where weeded copies go (002 م2، م7-16 … م7-23)."""

    COUNTY_CENTRE = "county_centre"
    EXCHANGE = "exchange"
    PROVINCE_STORE = "province_store"
    NATIONAL_STORE = "national_store"
    RECYCLING = "recycling"


class DisposalState(StrEnum):
    """Life of a package: packed, handed on, announced at a level, then given away, sent on or recycled."""

    PACKED = "packed"
    HANDED = "handed"
    ANNOUNCED = "announced"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ExchangeLevel(StrEnum):
    """Whose exchange centre holds and announces a package (002 م7-16 … م7-21)."""

    COUNTY = "county"
    PROVINCE = "province"
    NATIONAL = "national"


class ExchangeRequestState(StrEnum):
    """What became of a library's request for weeded copies."""

    WAITING = "waiting"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class BindingOutcome(StrEnum):
    """How a copy came back from the bindery."""

    BOUND = "bound"
    MENDED = "mended"
    UNBINDABLE = "unbindable"
    NOT_DONE = "not_done"
    LOST = "lost"


class NoticeState(StrEnum):
    """Life of a reminder."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DocumentKind(StrEnum):
    """Frozen papers. The first five values name the official forms, as on the wire and in `reports.forms`."""

    WEEDING_CONTENT = "weeding_content"
    WEEDING_WORN = "weeding_worn"
    WEEDING_DUPLICATE = "weeding_duplicate"
    WEEDING_NO_AUDIENCE = "weeding_no_audience"
    BINDING = "binding"
    CLEARANCE = "clearance"
    RECEIPT = "receipt"
    LETTER = "letter"
    ATTACHMENT = "attachment"
    PHOTO = "photo"
    REPORT = "report"
    DELIVERY = "delivery"
    RECYCLING = "recycling"
    STOCKTAKE = "stocktake"


class DayKind(StrEnum):
    """Exceptions of the calendar."""

    HOLIDAY = "holiday"
    CLOSED = "closed"
    OPENED = "opened"
    EMERGENCY = "emergency"


class SiteRole(StrEnum):
    """On which side of the sync protocol a database stands."""

    BRANCH = "branch"
    CENTRE = "centre"


class WishState(StrEnum):
    """What became of a reader's wish that a book be bought (000 §1-2-الف)."""

    ASKED = "asked"
    PLANNED = "planned"
    BOUGHT = "bought"
    REFUSED = "refused"
    HELD = "held"


class DirectiveKind(StrEnum):
    """What the centre asks a branch to do by its own use cases."""

    RULING = "ruling"
    CLAIM_RETURN = "claim_return"
    MEMBER_CONTACT = "member_contact"
    RENEW = "renew"
    PLACE_HOLD = "place_hold"
    CANCEL_HOLD = "cancel_hold"
    INTERESTS = "interests"
    PURCHASE_WISH = "purchase_wish"
    EXCHANGE_REQUEST = "exchange_request"
    EXCHANGE_STEP = "exchange_step"
    RETURN_CLOSED = "return_closed"
    RECORD_ANSWER = "record_answer"
    REPORT_ANSWER = "report_answer"


class CaseKind(StrEnum):
    """Conflicts that a person decides (sync-protocol 11)."""

    TWO_OPEN_LOANS = "two_open_loans"
    OVER_LIMIT = "over_limit"
    MEMBER_DIFFERS = "member_differs"
    MEMBER_TWICE = "member_twice"
    RETURNED_ELSEWHERE = "returned_elsewhere"
    TITLE_DIFFERS = "title_differs"
    TWO_MACHINES = "two_machines"
    SET_ASIDE = "set_aside"
    DIRECTIVE_REFUSED = "directive_refused"
    NUMBER_TWICE = "number_twice"


class CaseState(StrEnum):
    """Life of a case."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


class ReturnSeenState(StrEnum):
    """Life of a sighting: kept here, on its way home, or closed by the library it belongs to."""

    HERE = "here"
    SENT = "sent"
    CLOSED = "closed"
