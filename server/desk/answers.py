"""What goes back: facts, refusals with every reason, errors with a Persian message; one JSON object a line."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

from app.clock import day_of
from app.messages import NOTHING_CHANGED, one_line
from app.outcome import NotFound, Sought
from app.persian.jalali import short_latin
from app.refusal import Refusal, Weight
from app.wording import message
from db.trouble import Trouble

Facts: TypeAlias = dict[str, Any]

INVALID = "request.invalid"
NOT_FOUND: Mapping[Sought, str] = MappingProxyType(
    {
        Sought.MEMBER: "عضوی با این کارت، شمارهٔ عضویت یا کد ملی پیدا نشد. شماره را بررسی کنید یا نام را جستجو کنید.",
        Sought.ITEM: "نسخه‌ای با این بارکد یا شمارهٔ ثبت پیدا نشد. برچسب را دوباره بخوانید یا شمارهٔ ثبت را بنویسید.",
        Sought.HOLD: "این رزرو پیدا نشد. آن را از فهرست رزروها برگزینید.",
        Sought.TITLE: "این عنوان پیدا نشد. آن را جستجو کنید یا نخست ثبت کنید.",
        Sought.ROUTE: "این مسیر پیدا نشد. آن را از فهرست مسیرها برگزینید.",
        Sought.STOP: "این ایستگاه پیدا نشد. آن را از فهرست ایستگاه‌ها برگزینید.",
        Sought.DISPATCH: "این بسته پیدا نشد. آن را از فهرست بسته‌ها برگزینید.",
        Sought.NOTICE: "این یادآوری پیدا نشد. آن را از فهرست یادآوری‌ها برگزینید.",
        Sought.ALERT: "این یادداشت پیدا نشد. فهرست یادداشت‌ها را دوباره بگیرید.",
        Sought.MINUTES: "صورتجلسه‌ای با این شماره پیدا نشد. نوع فرم و شمارهٔ آن را بررسی کنید.",
        Sought.RECEIPT: "رسیدی با این شماره پیدا نشد. شماره را از روی برگه بخوانید.",
        Sought.LEDGER_LINE: "این سطر در حساب هیچ عضوی نیست. سطر را از حساب عضو برگزینید.",
        Sought.INCIDENT: "این رویداد پیدا نشد. آن را از فهرست رویدادها برگزینید.",
        Sought.AMNESTY: "این طرح بخشودگی پیدا نشد. آن را از فهرست طرح‌ها برگزینید.",
        Sought.STOCKTAKE: "این رف‌خوانی پیدا نشد. آن را از فهرست رف‌خوانی‌ها برگزینید.",
        Sought.PACKAGE: "این بسته پیدا نشد. آن را از فهرست بسته‌های مبادله برگزینید.",
        Sought.EXCHANGE_REQUEST: "این درخواست پیدا نشد. آن را از فهرست درخواست‌های بسته برگزینید.",
        Sought.LIBRARY: "این کتابخانه در فهرست کتابخانه‌های دارای مجوز نیست. نخست آن را با شمارهٔ مجوز ثبت کنید.",
        Sought.BINDING: "این درخواست صحافی پیدا نشد. آن را از فهرست درخواست‌ها برگزینید.",
        Sought.SIGHTING: "این کتاب در فهرست کتاب‌های کتابخانه‌های دیگر نیست. آن را از فهرست برگزینید.",
        Sought.CASE: "این مورد پیدا نشد. آن را از فهرست موردهای در انتظار تصمیم برگزینید.",
        Sought.WISH: "این درخواست خرید پیدا نشد. آن را از فهرست درخواست‌های خرید برگزینید.",
        Sought.ACCOUNT: "این حساب پیدا نشد. آن را از فهرست حساب‌ها برگزینید.",
        Sought.RECORD: "این رکورد در فهرستگان پیدا نشد. آن را دوباره جستجو کنید.",
        Sought.REQUEST: "این درخواست رکورد پیدا نشد. آن را از فهرست درخواست‌ها برگزینید.",
        Sought.MENDING: "این ترمیم پیدا نشد. آن را از فهرست ترمیم‌ها برگزینید.",
        Sought.TRAINING: "این آموزش پیدا نشد. آن را از فهرست آموزش‌ها برگزینید.",
        Sought.OFFICE: "این سمت پیدا نشد. آن را از فهرست امضاکنندگان برگزینید.",
    }
)
UNREADABLE = "این کد خوانا نیست. برچسب یا کارت را دوباره بخوانید، یا شماره را دستی بنویسید."


def done(outcome: str, **facts: Any) -> Facts:
    """It is done, or here is what was asked for."""
    return {"ok": True, "outcome": outcome, **facts}


def refused(refusals: Sequence[Refusal], **facts: Any) -> Facts:
    """Rules speak against it; nothing was changed."""
    return {"ok": False, "outcome": "refused", "refusals": [reason(refusal) for refusal in refusals], **facts}


def reason(refusal: Refusal) -> Facts:
    """One reason: code and numbers for programs, a message for people."""
    told: Facts = {
        "code": refusal.code,
        "rule": refusal.rule,
        "limit": refusal.limit,
        "have": refusal.have,
        "overridable": refusal.overridable,
        "message": message(refusal),
    }
    if refusal.weight is Weight.CONFIRM:
        told["kind"] = Weight.CONFIRM.value
    return told


def not_found(what: Sought) -> Facts:
    """Nothing carries this number or code."""
    return {"ok": False, "outcome": "not_found", "what": what, "message": NOT_FOUND[what]}


def unreadable(what: Sought) -> Facts:
    """A code that no card and no copy can carry (control characters, foreign letters, too long)."""
    return not_found(what) | {"message": UNREADABLE}


def missing(found: NotFound) -> Facts:
    """The outcome `NotFound` of a use case."""
    return not_found(found.what)


def invalid(why: str, way_out: str, field: str | None = None) -> Facts:
    """The request itself cannot be understood; nothing was changed."""
    error: Facts = {"code": INVALID, "message": f"{why} {NOTHING_CHANGED} {way_out}"}
    if field is not None:
        error["field"] = field
    return {"ok": False, "error": error}


def not_yet(what: str, field: str | None = None) -> Facts:
    """The protocol names it; this version does not do it."""
    return invalid(f"«{what}» در این نسخهٔ پیشخان نیست.", "با نسخهٔ تازه‌تر دوباره بفرستید.", field)


def troubled(trouble: Trouble) -> Facts:
    """Disk, file or network: the three-part message with its code."""
    return {"ok": False, "error": {"code": trouble.code, "message": one_line(trouble)}}


def encoded(facts: Facts, request_id: object = None, *, jalali: bool = False) -> bytes:
    """The line to send, its end included."""
    told = {"ok": facts["ok"]} | ({} if request_id is None else {"id": request_id}) | facts
    return msgspec.json.encode(with_jalali(told) if jalali else told) + b"\n"


def with_jalali(plain: Any) -> Any:
    """The same with `<field>_jalali` beside every date and moment, at every depth."""
    if isinstance(plain, list | tuple):
        return [with_jalali(value) for value in plain]
    if not isinstance(plain, dict):
        return plain
    told: Facts = {}
    for name, value in plain.items():
        told[name] = with_jalali(value)
        if isinstance(value, list | tuple) and value and all(isinstance(day, dt.date) for day in value):
            told[f"{name}_jalali"] = [short_latin(day) for day in value]
        if isinstance(value, dt.date):
            told[f"{name}_jalali"] = short_latin(day_of(value) if isinstance(value, dt.datetime) else value)
    return told
