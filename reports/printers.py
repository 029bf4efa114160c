"""Who sets each kind of paper, in one place: for whoever freezes many kinds of them."""

from app.demo.printers import Printers
from reports.clearance import print_certificate
from reports.exchange import print_delivery, print_recycling
from reports.forms.binding import print_request
from reports.forms.minutes import print_minutes
from reports.quarterly import print_report
from reports.stocktake import print_stocktake

PRINTERS = Printers(
    certificate=print_certificate,
    minutes=print_minutes,
    binding=print_request,
    stocktake=print_stocktake,
    delivery=print_delivery,
    recycling=print_recycling,
    report=print_report,
)
