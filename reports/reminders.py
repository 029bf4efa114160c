"""Reminders on paper (000 §3-1-2): a letter on A4 for each reader, or «برگهٔ یادآوری», three on a page."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from app.labels import NOTICE_KIND
from app.library import BranchFacts
from app.notices.batches import Line, Message
from app.notices.texts import letter_text, phone_words
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import NoticeChannel, NoticeKind
from reports.pdf.paper import A4, CENTRE, LEFT, MM, RIGHT, Paper
from reports.stop_list import titled

SLIPS_ON_A_PAGE: Final = 3
_MARGIN = 20 * MM
_SLIP_MARGIN = 12 * MM
_MOST_ON_A_SLIP = 6
_RIGHT = A4[0] - _MARGIN
_CLOSING = "با سپاس، {library}"


def reminder_letters(branch: BranchFacts, messages: Sequence[Message], today: dt.date) -> bytes:
    """One page a reader and kind: who, what, until when, and where to turn to."""
    paper = Paper("نامه‌های یادآوری")
    for message in messages:
        paper.new_page()
        _letter(paper, branch, message, today)
    return paper.pdf()


def reminder_slips(branch: BranchFacts, messages: Sequence[Message], today: dt.date) -> bytes:
    """Three slips a page with lines to cut along."""
    paper = Paper("برگه‌های یادآوری")
    height = A4[1] / SLIPS_ON_A_PAGE
    for place, message in enumerate(messages):
        if place % SLIPS_ON_A_PAGE == 0:
            paper.new_page()
            for cut in range(1, SLIPS_ON_A_PAGE):
                paper.dots(6 * MM, A4[0] - 6 * MM, cut * height)
        _slip(paper, branch, message, A4[1] - place % SLIPS_ON_A_PAGE * height, today)
    return paper.pdf()


def _letter(paper: Paper, branch: BranchFacts, message: Message, today: dt.date) -> None:
    y = _head(paper, branch, today)
    name = message.first.name
    y = _words(paper, f"{NOTICE_KIND[message.first.kind]}", y - 26, 13, bold=True)
    y = _words(paper, f"{name} گرامی، عضو شمارهٔ {to_persian(message.first.member_no or '')}", y - 10, 11)
    y = _words(paper, letter_text(message.first.kind), y - 4, 11)
    y -= 10
    for line in message.lines:
        y = _words(paper, f"• {_line_words(line, message.first.kind)}", y, 11)
    if not message.lines and message.first.expires_on:
        y = _words(paper, f"• پایان عضویت: {jalali.day_month_year(message.first.expires_on)}", y, 11)
    phone = phone_words(branch.phone)
    if phone:
        y = _words(paper, f"برای تمدید یا پرسش: {phone}", y - 10, 11)
    _words(paper, _CLOSING.format(library=branch.name), y - 24, 11, bold=True)
    address = message.first.address if message.first.channel is NoticeChannel.PRINT else None
    if address:
        paper.frame((_MARGIN, 30 * MM, A4[0] - 2 * _MARGIN, 24 * MM), width=0.4)
        place = 46 * MM
        for set_line in paper.regular.lines(f"گیرنده: {name} — {address}", (A4[0] - 2 * _MARGIN - 16) / 10)[:3]:
            paper.text(set_line, 10, (_RIGHT - 8, place), RIGHT)
            place -= 15


def _head(paper: Paper, branch: BranchFacts, today: dt.date) -> float:
    top = A4[1] - 24 * MM
    paper.text(paper.bold.line(branch.name), 14, (A4[0] / 2, top), CENTRE)
    where = " · ".join(part for part in (branch.city, branch.address or "") if part)
    paper.text(paper.regular.line(where), 9, (A4[0] / 2, top - 16), CENTRE, gray=0.3)
    paper.rules([(_MARGIN, top - 26, _RIGHT, top - 26)], width=0.8)
    paper.text(paper.regular.line(f"تاریخ {jalali.short(today)}"), 10, (_MARGIN, top - 44), LEFT)
    return top - 44


def _words(paper: Paper, text: str, y: float, size: float, *, bold: bool = False) -> float:
    typeface = paper.bold if bold else paper.regular
    for line in typeface.lines(text, (A4[0] - 2 * _MARGIN) / size):
        y -= size * 1.75
        paper.text(line, size, (_RIGHT, y), RIGHT)
    return y


def _slip(paper: Paper, branch: BranchFacts, message: Message, top: float, today: dt.date) -> None:
    right, left = A4[0] - _SLIP_MARGIN, _SLIP_MARGIN
    y = top - 14 * MM
    paper.text(paper.bold.line(f"برگهٔ یادآوری — {branch.name}"), 11.5, (right, y), RIGHT)
    paper.text(paper.regular.line(jalali.short(today)), 9, (left, y), LEFT)
    paper.rules([(left, y - 7, right, y - 7)], width=0.5)
    y -= 24
    who = f"{message.first.name} — عضو {to_persian(message.first.member_no or '')} — {NOTICE_KIND[message.first.kind]}"
    paper.text(paper.bold.line(who), 10, (right, y), RIGHT)
    for line in paper.regular.lines(letter_text(message.first.kind), (right - left) / 9.5)[:3]:
        y -= 16
        paper.text(line, 9.5, (right, y), RIGHT)
    y -= 4
    told = [f"• {_line_words(line, message.first.kind)}" for line in message.lines]
    if len(told) > _MOST_ON_A_SLIP:
        told = [*told[: _MOST_ON_A_SLIP - 1], f"• و {number(len(told) - _MOST_ON_A_SLIP + 1)} کتاب دیگر"]
    if not told and message.first.expires_on:
        told = [f"• پایان عضویت: {jalali.day_month_year(message.first.expires_on)}"]
    for text in told:
        y -= 15
        paper.text(paper.regular.lines(text, (right - left) / 9.5)[0], 9.5, (right, y), RIGHT)
    foot = " · ".join(part for part in (phone_words(branch.phone), branch.address or "") if part)
    paper.text(paper.regular.line(foot), 8.5, (right, top - A4[1] / SLIPS_ON_A_PAGE + 9 * MM), RIGHT, gray=0.3)


def _line_words(line: Line, kind: NoticeKind) -> str:
    number_words = f"شمارهٔ ثبت {number(line.accession_no, grouped=False)}" if line.accession_no else ""
    word = "مهلت" if kind is NoticeKind.HOLD_READY else "بازگشت"
    when = f"{word}: {jalali.day_month_year(line.day)}" if line.day else ""
    late = f"{number(line.late)} روز دیرکرد" if line.late else ""
    return "، ".join(part for part in (f"«{titled(line.title, line.volume_no)}»", number_words, when, late) if part)
