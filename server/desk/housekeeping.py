"""The desk itself: is it there, what day is it, are the data sound."""

import datetime as dt

from app.check import check_library
from app.clock import SettableClock
from server.desk import requests
from server.desk.answers import Facts, done, invalid
from server.desk.calendar import nights_told
from server.desk.session import Session
from server.desk.values import YEARS

PROTOCOL = 1


def ping(session: Session, _: requests.Request) -> Facts:
    """Who answers, and what day it is here."""
    library = session.library
    stamp = library.clock.read()
    return done(
        "pong",
        protocol=PROTOCOL,
        branch=library.branch.name,
        user=session.person.name,
        role=session.person.role,
        desk=session.desk,
        now=stamp.at,
        today=stamp.day,
        clock="test" if isinstance(library.clock, SettableClock) else "system",
        doubtful=stamp.doubtful,
    )


def check(session: Session, _: requests.Request) -> Facts:
    """Recompute every invariant of the store."""
    report = check_library(session.library)
    broken = [{"invariant": broken.invariant, "where": broken.where} for broken in report.broken]
    return done("checked", checked=report.checked, broken=broken)


def set_clock(session: Session, request: requests.ClockSet) -> Facts:
    """Set the test clock."""
    return _set(session, request.now.value)


def advance_clock(session: Session, request: requests.ClockAdvance) -> Facts:
    """Let whole days pass on the test clock, and do the nightly work of each."""
    told = _set(session, session.library.clock.read().at + dt.timedelta(days=request.days))
    clock = session.library.clock
    if told["ok"] and isinstance(clock, SettableClock):
        clock.passed += dt.timedelta(days=request.days)
    return told


def _set(session: Session, now: dt.datetime) -> Facts:
    clock = session.library.clock
    if not isinstance(clock, SettableClock):
        return invalid("ساعت این میز تنظیم‌پذیر نیست.", "میز را با ‎--test-clock‎ آغاز کنید.", "op")
    if now.year not in YEARS:
        return invalid("تاریخ از اندازه بیرون است.", "تاریخ نزدیک‌تری بنویسید.", "days")
    before = clock.read().day
    clock.set(now)
    session.library.forget_rules()
    stamp = clock.read()
    nights = nights_told(session, before)
    return done("clock", now=stamp.at, today=stamp.day, nights=nights["nights"])
