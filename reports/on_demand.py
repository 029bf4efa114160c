"""Printers for whoever synchronises: most rounds print nothing, so that typesetting is loaded by the first paper."""

from app.exchange.paper import DeliveryPrinter, RecyclingPrinter


class OnDemand:
    """The minutes of deliveries and of recycling: `app.directives.exchanges.ExchangePrinters`."""

    @property
    def delivery(self) -> DeliveryPrinter:
        """Minutes of a delivery."""
        from reports.exchange import print_delivery

        return print_delivery

    @property
    def recycling(self) -> RecyclingPrinter:
        """Minutes of recycling."""
        from reports.exchange import print_recycling

        return print_recycling


ON_DEMAND = OnDemand()
