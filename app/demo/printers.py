"""Who sets the papers of the demo: `app` does not know how, `reports.printers` hands them in."""

from dataclasses import dataclass

from app.binding.paper import BindingPrinter
from app.clearance.paper import CertificatePrinter
from app.exchange.paper import DeliveryPrinter, RecyclingPrinter
from app.statistics.quarterly import ReportPrinter
from app.stocktake.paper import StocktakePrinter
from app.weeding.minutes.paper import MinutesPrinter


@dataclass(frozen=True, slots=True)
class Printers:
    """One for each kind of paper that the story freezes."""

    certificate: CertificatePrinter
    minutes: MinutesPrinter
    binding: BindingPrinter
    stocktake: StocktakePrinter
    delivery: DeliveryPrinter
    recycling: RecyclingPrinter
    report: ReportPrinter
