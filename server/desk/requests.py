"""The fields of every request, as the protocol names them. A name that does not stand here is refused."""

import uuid
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from db.codes import Channel, Condition, CreatorRole, DocumentKind, Material, RuleStatus, Source, WeedingReason
from server.desk.values import (
    Codes,
    Day,
    Line,
    Moment,
    Name,
    Number,
    Path,
    RequestId,
    RequestKey,
    Rial,
    Scans,
    Text,
    Word,
)

MOST_MEANINGS = 200


class Numbered(Struct, kw_only=True):
    """The id alone: all that can be read of some lines."""

    id: RequestId = None


class Envelope(Numbered, kw_only=True):
    """What every line may carry, whatever it asks for."""

    op: str
    key: RequestKey | None = None
    jalali: bool = False


class Request(Envelope, forbid_unknown_fields=True, kw_only=True):
    """A request without fields of its own."""


class Answered(Request, kw_only=True):
    """A request that can answer what was asked about an earlier one: confirm, and override with a reason."""

    override: Codes = ()
    reason: Line = ""
    confirm: Codes = ()


class FastFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """A book that is not catalogued yet: what its short record says."""

    title: Text
    creator: Line | None = None
    item_type: Word | None = None


class Checkout(Answered, kw_only=True):
    """Lend a copy. `for_member`, named `for`: somebody in the care of `member` borrows on their card. `remember`: the
    answers hold for the rest of this reader's visit."""

    member: str
    item: str
    due: Day | None = None
    channel: Channel = Channel.DESK
    at: Moment | None = None
    for_member: str | None = field(default=None, name="for")
    overnight: bool = False
    stop: uuid.UUID | None = None
    fast: FastFields | None = None
    remember: bool = False


class Checkin(Answered, kw_only=True):
    """Take a copy back. `lost_parts` did not come back with it; `damage` rials are charged for them."""

    item: str
    at: Moment | None = None
    lost_parts: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    damage: Rial = 0
    condition: Condition | None = None


class Renew(Answered, kw_only=True):
    """Renew the loan of one copy, or all loans of a member."""

    item: str | None = None
    member: str | None = None
    unseen: bool = False


class MemberAdd(Request, kw_only=True):
    """Register a member. With `fee` the membership and the card are charged by the policy: lists of people who are
    members already come in without."""

    given_name: Name
    family_name: Name
    category: Word
    card: Word | None = None
    member_no: Word | None = None
    national_id: Word | None = None
    birth_date: Day | None = None
    mobile: Word | None = None
    father_name: Name | None = None
    guardian: Name | None = None
    guardian_mobile: Word | None = None
    guarantor: Word | None = None
    age_group: Word | None = None
    address: Line | None = None
    interests: Codes = ()
    note: Text | None = None
    joined: Day | None = None
    expires: Day | None = None
    phone: Word | None = None
    email: Name | None = None
    education: Name | None = None
    job: Name | None = None
    guardian_member: Word | None = None
    letter_no: Word | None = None
    scheme: Word | None = None
    liaison: Name | None = None
    documents: Codes = ()
    keep_history: bool = False
    address_unknown: bool = False
    fee: bool = False
    confirm: Codes = ()


class MemberEdit(Request, kw_only=True):
    """Correct what is written of a member. What is left out stays, null empties a field."""

    member: str
    given_name: Name | UnsetType = UNSET
    family_name: Name | UnsetType = UNSET
    category: Word | UnsetType = UNSET
    national_id: Word | UnsetType | None = UNSET
    birth_date: Day | UnsetType | None = UNSET
    mobile: Word | UnsetType | None = UNSET
    father_name: Name | UnsetType | None = UNSET
    guardian: Name | UnsetType | None = UNSET
    guardian_mobile: Word | UnsetType | None = UNSET
    guarantor: Word | UnsetType | None = UNSET
    guardian_member: Word | UnsetType | None = UNSET
    age_group: Word | UnsetType | None = UNSET
    address: Line | UnsetType | None = UNSET
    phone: Word | UnsetType | None = UNSET
    email: Name | UnsetType | None = UNSET
    education: Name | UnsetType | None = UNSET
    job: Name | UnsetType | None = UNSET
    letter_no: Word | UnsetType | None = UNSET
    scheme: Word | UnsetType | None = UNSET
    liaison: Name | UnsetType | None = UNSET
    documents: Codes | UnsetType = UNSET
    interests: Codes | UnsetType = UNSET
    note: Text | UnsetType | None = UNSET
    keep_history: bool | UnsetType = UNSET
    address_unknown: bool | UnsetType = UNSET
    confirm: Codes = ()


class MemberRenew(Request, kw_only=True):
    """Prolong a membership by one period, or until a day."""

    member: str
    until: Day | None = None
    fee: bool = True


class MemberMerge(Request, kw_only=True):
    """Make one member of two: `drop` goes into `keep`."""

    keep: str
    drop: str


class MemberPhoto(Request, kw_only=True):
    """Keep the picture in a file as the photograph of a member; null takes it away."""

    member: str
    file: Path | None = None


class MemberCards(Request, kw_only=True):
    """Print membership cards into a PDF file: on A4 sheets from a free place on, or one a page."""

    members: Scans
    pdf: Path
    sheet: bool = True
    start: Annotated[int, Meta(ge=1, le=10)] = 1


class MemberShow(Request, kw_only=True):
    """One member with loans and debt."""

    member: str


class Find(Request, kw_only=True):
    """Words, and how many rows at most."""

    q: Line
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Search(Find, kw_only=True):
    """Words to search the catalogue for."""

    filters: Any = None


class CreatorFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """A name and its part in the work."""

    name: Line
    role: CreatorRole = CreatorRole.AUTHOR


class TitleFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """A title described inside another request."""

    title: Text
    creators: Annotated[tuple[CreatorFields, ...], Meta(max_length=50)] = ()
    subtitle: Text | None = None
    statement: Text | None = None
    publisher: Line | None = None
    place: Line | None = None
    year: int | None = None
    edition: Line | None = None
    isbn: Word | None = None
    dewey: Word | None = None
    author_mark: Word | None = None
    subjects: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    language: Word = "fa"
    material: Material = Material.BOOK
    age_group: Word | None = None
    min_age: Annotated[int, Meta(ge=0, le=99)] | None = None
    pages: Line | None = None
    series: Line | None = None
    abstract: Text | None = None
    note: Text | None = None


class TitleAdd(TitleFields, kw_only=True):
    """Store a record. The envelope is written out, since a struct has one base with fields."""

    op: str
    id: RequestId = None
    key: RequestKey | None = None
    jalali: bool = False


class ItemAdd(Request, kw_only=True):
    """Register a copy of a stored title, or of one described here."""

    title_id: uuid.UUID | None = None
    title: TitleFields | None = None
    barcode: Word | None = None
    accession_no: Number | None = None
    accession_date: Day | None = None
    item_type: Word | None = None
    section: Word | None = None
    volume_no: Word | None = None
    copy_no: Number | None = None
    local_class: Word | None = None
    call_number: Word | None = None
    price: Rial | None = None
    source: Source = Source.UNKNOWN
    donor: Line | None = None
    condition: Condition = Condition.GOOD
    flags: Codes = ()
    parts: Line | None = None
    permit_no: Word | None = None
    permit_on: Day | None = None
    note: Text | None = None


class ItemShow(Request, kw_only=True):
    """One copy."""

    item: str


class PolicySet(Request, kw_only=True):
    """A whole policy table, as in `resources/policy`."""

    rows: Annotated[list[dict[str, Any]], Meta(min_length=1, max_length=400)]
    title: Line = ""
    version: int = 1
    profile: Word = ""
    source: Line = ""
    status: RuleStatus = RuleStatus.IN_FORCE
    effective_from: Day | None = None
    categories: Annotated[dict[Word, Name], Meta(max_length=100)] = {}


class WeedingPropose(Request, kw_only=True):
    """Put copies on the draft minutes of a reason."""

    reason: WeedingReason
    items: Scans
    criterion: Word | None = None
    permit: Word | None = None
    permit_on: Day | None = None
    remark: Line | None = None
    unbindable: bool = False
    replaced_by: uuid.UUID | None = None
    confirm: Codes = ()


class WeedingMinutes(Request, kw_only=True):
    """Finalise the draft minutes of a reason."""

    reason: WeedingReason


class Form(Request, kw_only=True):
    """Write the stored files of a finalised form; of minutes the newest edition, or that of a `revision`."""

    kind: DocumentKind
    number: Word
    revision: Annotated[int, Meta(ge=1, le=1_000)] | None = None
    pdf: Path | None = None
    xlsx: Path | None = None


class Import(Request, kw_only=True):
    """Take in a file of books, or with format «members» a list of members. `map`: which columns hold what; `copies`:
    how many for a record that names none; `category`: of members whose line names none; `fee`: charge new ones.

    Of copies out of another program: `weeded_as` is the kind of those that are weeded there and no more is said,
    `weeded_code` the code of the worksheet of «نمایه» for them, `statuses` says what a word or code of the file means
    here, `status_field` names a local field of MARC records with such words («949s»).
    """

    file: Path
    format: Word | None = None
    map: dict[Word, Line | list[Line]] | None = None
    copies: Annotated[int, Meta(ge=0, le=20)] = 0
    weeded_as: WeedingReason | None = None
    weeded_code: Literal[3, 33] | None = None
    statuses: Annotated[dict[Line, Word], Meta(max_length=MOST_MEANINGS)] = {}
    status_field: Annotated[str, Meta(max_length=4)] = ""
    category: Word | None = None
    fee: bool = True


class ClockSet(Request, kw_only=True):
    """Set the test clock."""

    now: Moment


class ClockAdvance(Request, kw_only=True):
    """Move the test clock forward."""

    days: Annotated[int, Meta(ge=1, le=3_660)]
