"""Outcomes that every capability has: not found, refused."""

from dataclasses import dataclass
from enum import StrEnum

from app.refusal import Refusal


class Sought(StrEnum):
    """What was looked for in vain."""

    MEMBER = "member"
    ITEM = "item"
    TITLE = "title"
    HOLD = "hold"
    MINUTES = "minutes"
    ALERT = "alert"
    ROUTE = "route"
    STOP = "stop"
    DISPATCH = "dispatch"
    NOTICE = "notice"
    INCIDENT = "incident"
    RECEIPT = "receipt"
    LEDGER_LINE = "ledger_line"
    AMNESTY = "amnesty"
    STOCKTAKE = "stocktake"
    OFFICE = "office"
    BINDING = "binding"
    PACKAGE = "package"
    EXCHANGE_REQUEST = "exchange_request"
    LIBRARY = "library"
    RECORD = "record"
    REQUEST = "request"
    ACCOUNT = "account"
    SIGHTING = "sighting"
    CASE = "case"
    WISH = "wish"
    TRAINING = "training"
    MENDING = "mending"


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing carries this number or code. Nothing was changed."""

    what: Sought
    key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Rules speak against it; every reason is here. Nothing was changed."""

    refusals: tuple[Refusal, ...]
