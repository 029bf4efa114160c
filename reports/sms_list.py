"""Reminders as a list of numbers and texts, for whatever sends SMS: Excel or CSV. Nothing is sent from here."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from app.labels import NOTICE_KIND
from app.library import BranchFacts
from app.notices.batches import Message
from app.notices.texts import sms_parts
from app.persian import jalali
from app.persian.digits import number, to_persian
from reports.lists import list_xlsx
from reports.text import printable

HEADINGS = ("شماره", "متن", "بخش", "نام", "شماره عضویت", "یادآوری")
BOM = "\ufeff"  # without it Excel takes Persian in a CSV for another alphabet
FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def sms_xlsx(branch: BranchFacts, messages: Sequence[Message], today: dt.date) -> bytes:
    """The list as an Excel file."""
    rows = [(_local(message), message.text, number(sms_parts(message.text)), *_about(message)) for message in messages]
    return list_xlsx(f"یادآوری‌های {branch.name} — {jalali.short(today)}", HEADINGS, rows)


def sms_csv(messages: Sequence[Message]) -> bytes:
    """The list as CSV (UTF-8 with its mark): number, text and the rest, with plain digits in the first column."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(HEADINGS)
    for message in messages:
        row = (_local(message), message.text, sms_parts(message.text), *_about(message))
        writer.writerow([_harmless(printable(str(cell))) for cell in row])
    return f"{BOM}{made.getvalue()}".encode()


def _about(message: Message) -> tuple[str, str, str]:
    return message.first.name, to_persian(message.first.member_no or ""), NOTICE_KIND[message.first.kind]


def _local(message: Message) -> str:
    """«09123456789»: as people and providers write it."""
    address = message.first.address or ""
    return f"0{address.removeprefix('+98')}" if address.startswith("+98") else address


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
