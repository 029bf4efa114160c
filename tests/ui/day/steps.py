"""What may happen at the desk in a day. A step says what the librarian wants, not how it is done; what becomes of it is
the library's business."""

import datetime as dt
from dataclasses import dataclass

USUAL_REASONS = (
    "به تشخیص کتابدار",
    "نیاز تحصیلی یا پژوهشی",
    "کتاب دیگر همراه عضو است",
    "ثبت پیشین نادرست است",
)
"""The reasons that have a key, Ctrl+1 … Ctrl+4."""


@dataclass(frozen=True, slots=True)
class Lend:
    """A card and a label. `reason` lifts what may be lifted, `yes` answers a mere question; without either whatever
    speaks against it stands. `remember`: the answer holds for the rest of the visit."""

    card: str
    barcode: str
    reason: str = ""
    yes: bool = False
    remember: bool = False
    due: dt.date | None = None
    way: str = "desk"


@dataclass(frozen=True, slots=True)
class LendInCare:
    """A book for the one in the care of whoever shows the card."""

    card: str
    ward: str
    barcode: str


@dataclass(frozen=True, slots=True)
class LendNew:
    """A book nobody has catalogued: its short record, and its loan."""

    card: str
    barcode: str
    title: str


@dataclass(frozen=True, slots=True)
class TakeBackInstead:
    """A book that is on another card: taken back, and not lent."""

    card: str
    barcode: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A label with nobody at the desk: a return, or a use in the hall."""

    barcode: str


@dataclass(frozen=True, slots=True)
class BookDrop:
    """A box of returns of an earlier day."""

    day: dt.date
    barcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renew:
    """One loan of a reader; `reason` lifts what may be lifted."""

    card: str
    barcode: str
    unseen: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RenewAll:
    """Every loan of a reader."""

    card: str
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Ctrl+Z."""


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Wait for the title of a copy, or for this copy only."""

    card: str
    barcode: str
    only_copy: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CancelHold:
    """Wait no longer for the title of a copy."""

    card: str
    barcode: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A copy fetched from the shelf for whoever waits."""

    barcode: str


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """The cash in the drawer in the morning (rial)."""

    amount: int


@dataclass(frozen=True, slots=True)
class Pay:
    """Money for the oldest debts; `amount` None: for all that is open (rial)."""

    card: str
    amount: int | None = None
    method: str = "cash"
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Waive:
    """Forgive; `amount` None: all that is open (rial)."""

    card: str
    reason: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A debt written by hand (rial)."""

    card: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeclareAmnesty:
    """Forgive the fines of books that come back until a day, so many per cent."""

    name: str
    until: dt.date
    percent: int


@dataclass(frozen=True, slots=True)
class Close:
    """Close days; an emergency moves what is due on them."""

    first: dt.date
    last: dt.date
    name: str
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Lose:
    """A copy is lost."""

    barcode: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Find:
    """A lost copy is here again."""

    barcode: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The reader says it was brought back."""

    barcode: str


@dataclass(frozen=True, slots=True)
class Enrol:
    """A new member, who pays."""

    given_name: str
    family_name: str
    card: str


@dataclass(frozen=True, slots=True)
class LeaveNote:
    """A note on a reader; `asks`: no loan before it is confirmed."""

    card: str
    text: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class NextMorning:
    """The night is worked and the same hour of the next day has come."""


Step = (
    Lend | LendInCare | LendNew | TakeBackInstead | TakeBack | BookDrop | Renew | RenewAll | Undo | PlaceHold
    | CancelHold | SetAside | OpenDrawer | Pay | Waive | Charge | DeclareAmnesty | Close | Lose | Find | Claim | Enrol
    | LeaveNote | NextMorning
)  # fmt: skip
