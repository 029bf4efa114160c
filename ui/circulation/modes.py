"""How the desk works just now: the way a loan leaves, the day it counts from, the day it is due, taking back only."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from app.circulation.checkin import CheckinRequest
from app.circulation.checkout import CheckoutRequest
from app.labels import CHANNEL
from app.persian import jalali
from app.persian.digits import number
from db.codes import Channel
from ui.theme import Tone

Told = tuple[str, Tone]


class Way(StrEnum):
    """How a book leaves the desk. The van has a page of its own."""

    DESK = "desk"
    ONSITE = "onsite"
    OVERNIGHT = "overnight"
    POST = "post"
    COURIER = "courier"


WAYS: Mapping[Way, str] = MappingProxyType(
    {
        Way.DESK: "امانت عادی",
        Way.ONSITE: "امانت در محل",
        Way.OVERNIGHT: "امانت شبانه",
        Way.POST: f"با {CHANNEL[Channel.POST]}",
        Way.COURIER: f"با {CHANNEL[Channel.COURIER]}",
    }
)
CHANNELS: Mapping[Way, Channel] = MappingProxyType(
    {
        Way.DESK: Channel.DESK,
        Way.ONSITE: Channel.ONSITE,
        Way.OVERNIGHT: Channel.DESK,
        Way.POST: Channel.POST,
        Way.COURIER: Channel.COURIER,
    }
)


@dataclass(frozen=True, slots=True)
class Modes:
    """`due_on` is set by hand; `day`: loans and returns count from that day; `returning`: copies are only taken back,
    whoever is on screen. With the next reader all of it is as usual again."""

    way: Way = Way.DESK
    due_on: dt.date | None = None
    day: dt.date | None = None
    returning: bool = False

    def lending(self, request: CheckoutRequest) -> CheckoutRequest:
        """A loan in this way."""
        return replace(
            request,
            channel=CHANNELS[self.way],
            overnight=self.way is Way.OVERNIGHT,
            due_on=self.due_on,
            out_on=self.day,
        )

    def taking_back(self, item: str) -> CheckinRequest:
        """A return on this day."""
        return CheckinRequest(item, in_on=self.day)


USUAL = Modes()


def told(modes: Modes, returned: int | None = None) -> tuple[Told, ...]:
    """What stands beside the scan box while something is not as usual. `returned`: how many came back in this batch."""
    found: list[Told] = []
    if modes.returning:
        what = "فقط بازگشت" if modes.day is None else f"صندوق بازگشت: {jalali.day_month(modes.day)}"
        found.append((what if returned is None else f"{what} · {number(returned)} کتاب", Tone.WARN))
    elif modes.day is not None:
        found.append((f"ثبت با تاریخ {jalali.day_month(modes.day)}", Tone.WARN))
    if modes.way is not Way.DESK and not modes.returning:
        found.append((WAYS[modes.way], Tone.WARN))
    if modes.due_on is not None and not modes.returning:
        found.append((f"بازگشت تا {jalali.day_month(modes.due_on)}", Tone.WARN))
    return tuple(found)
