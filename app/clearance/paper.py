"""What a certificate says, handed to whoever sets it on paper; `reports` does, `app` does not know how."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """Everything printed on a certificate. `code` stands in the bars, `qr` in the square; `category` is in words."""

    library: str
    province: str
    county: str
    city: str
    number: int
    code: str
    qr: str
    name: str
    father_name: str | None
    member_no: str
    national_id: str | None
    category: str
    joined_on: dt.date
    day: dt.date
    reason: str | None
    signer: str


class CertificatePrinter(Protocol):
    """Sets a certificate on paper; the same facts give the same bytes."""

    def __call__(self, paper: CertificatePaper, /) -> bytes:
        """The PDF file."""
        ...
