"""The slip in a book on the hold shelf: for whom and until when, legible from a metre. It stands in the open, so it
tells no more of the reader than the shelf needs."""

import datetime as dt
from typing import Final

from app.circulation.holds.queries import HoldRow
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import Channel
from reports.rolls import Entry, Gap, Roll, Text, slip
from reports.stop_list import titled

ROLLS: Final = {58: Roll(58, 5), 80: Roll(80, 4, scale=1.25)}
"""The rolls by their width in millimetres."""
SHOWN_DIGITS = 3
BY_WAY = {Channel.VAN: "با کتابخانهٔ سیار", Channel.POST: "با پست", Channel.COURIER: "با پیک کتاب"}


def hold_slip(branch: BranchFacts, hold: HoldRow, today: dt.date, width: int = 80) -> bytes:
    """The slip of a copy that was set aside. `width` is one of `ROLLS`. `Trouble` P-4101 without the font files."""
    until = hold.shelf_until or today
    number_ = f"{number(hold.accession_no, grouped=False)}" if hold.accession_no is not None else ""
    entries: list[Entry] = [
        Text("رزرو", 10, bold=True, beside=jalali.short(today)),
        Gap(5, ruled=True),
        Text(short_name(hold), 17, bold=True),
        Text(f"عضو …{shown_number(hold)}", 11),
        Gap(4),
        Text("نگه داشته می‌شود تا", 8),
        Text(jalali.long(until), 13, bold=True),
        Gap(5, ruled=True),
        Text(titled(hold.title, hold.volume_no), 10, bold=True),
        Text(f"شماره ثبت {number_}", 9),
    ]
    if hold.call_number:
        entries.append(Text(f"رده {to_persian(hold.call_number)}", 9))
    if hold.channel in BY_WAY:
        entries += [Gap(2), Text(BY_WAY[hold.channel], 10, bold=True)]
    entries += [Gap(5, ruled=True), Text(branch.name, 7.5)]
    return slip(f"رزرو {number_}", entries, ROLLS[width])


def short_name(hold: HoldRow) -> str:
    """«م. رضایی»: enough to find the book by, too little to know who reads what."""
    initial = hold.given_name[:1]
    return f"{initial}. {hold.family_name}" if initial else hold.family_name or "عضو حذف‌شده"


def shown_number(hold: HoldRow) -> str:
    """The last digits of the member number."""
    return to_persian(hold.member_no[-SHOWN_DIGITS:])
